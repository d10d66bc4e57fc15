/* Files, locks and the terminal, with system calls that fail or kill on demand. */
#include "fixture/system.h"
#include "os/os.h"
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
/* cmocka needs some of the headers above. */
#include <cmocka.h>

/*
 * The steps of a durable write go through these stand-ins for the C library's functions: w(rite), s(ync of a file),
 * r(ename), l(ink), f (sync of a folder).
 */
static struct {
    char trace[64];
    size_t steps;
    size_t act_at;       /* the step, from 1, at which something happens; 0: none */
    int error;           /* what happens: it fails so; 0: the process is killed */
    bool after;          /* killed after the step rather than before it */
    bool short_writes;   /* writes take a few bytes at a time, and are interrupted in between */
    bool old_filesystem; /* renames can't refuse to replace */
} hook;

static void reset_hook(void)
{
    memset(&hook, 0, sizeof hook);
}

static bool step_fails(char kind)
{
    if (hook.steps + 1 < sizeof hook.trace) {
        hook.trace[hook.steps] = kind;
    }
    hook.steps++;
    if (hook.steps != hook.act_at) {
        return false;
    }
    if (hook.error == 0 && !hook.after) {
        raise(SIGKILL);
    }
    errno = hook.error;
    return hook.error != 0;
}

static long after_step(long result)
{
    if (hook.steps == hook.act_at && hook.after) {
        raise(SIGKILL);
    }
    return result;
}

int fsync(int fd)
{
    struct stat st;
    bool folder = fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
    return step_fails(folder ? 'f' : 's') ? -1 : (int)after_step(syscall(SYS_fsync, fd));
}

ssize_t pwrite(int fd, const void *bytes, size_t len, off_t offset)
{
    static bool interrupted;
    if (hook.short_writes) {
        interrupted = !interrupted;
        if (interrupted) {
            errno = EINTR;
            return -1;
        }
        len = len < 1000 ? len : 1000;
    }
    return step_fails('w') ? -1 : (ssize_t)after_step(syscall(SYS_pwrite64, fd, bytes, len, offset));
}

int rename(const char *from, const char *to)
{
    return step_fails('r') ? -1 : (int)after_step(syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0));
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags)
{
    if (hook.old_filesystem) {
        errno = EINVAL;
        return -1;
    }
    return step_fails('r') ? -1 : (int)after_step(syscall(SYS_renameat2, from_folder, from, to_folder, to, flags));
}

int link(const char *from, const char *to)
{
    return step_fails('l') ? -1 : (int)after_step(syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}

/* A folder for each test; *state is its path. */
static char folder[4096];

static int make_folder(void **state)
{
    system_folder(folder, sizeof folder);
    reset_hook();
    umask(022);
    *state = folder;
    return 0;
}

static int remove_folder(void **state)
{
    system_remove(*state);
    return 0;
}

/* A path in the folder; valid until the fourth next call. */
static const char *at(const char *name)
{
    static char paths[4][4608];
    static size_t next;
    char *path = paths[next++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static void put(const char *path, const char *content)
{
    ls_detail detail = {0};
    if (ls_failed(ls_file_write(path, ls_bytes_str(content), &detail))) {
        fail_msg("%s", detail.text);
    }
}

static void assert_content(const char *path, const char *content)
{
    ls_buf b = {0};
    assert_true(ls_succeeded(ls_file_read(path, 1u << 24, &b, NULL)));
    assert_string_equal(ls_buf_cstr(&b), content);
    ls_buf_free(&b);
}

/* All names in the folder, temporary files included. */
static size_t raw_count(const char *path)
{
    char command[4300];
    unsigned count = 0;
    snprintf(command, sizeof command, "ls -A '%s' | wc -l", path);
    FILE *f = popen(command, "r");
    assert_int_equal(fscanf(f, "%u", &count), 1);
    pclose(f);
    return count;
}

static void assert_says(const ls_detail *d, const char *path, const char *cause)
{
    assert_non_null(strstr(d->text, path));
    assert_non_null(strstr(d->text, cause));
    assert_true(strlen(d->hint) > 0);
}

static void reads_whole_files(void **state)
{
    (void)state;
    ls_buf b = {0};
    put(at("a"), "content");
    ls_buf_put_str(&b, "before ");
    assert_true(ls_succeeded(ls_file_read(at("a"), 7, &b, NULL)));
    assert_string_equal(ls_buf_cstr(&b), "before content");
    put(at("empty"), "");
    assert_true(ls_succeeded(ls_file_read(at("empty"), 0, &b, NULL)));
    assert_int_equal(b.len, 14);
    ls_buf_free(&b);
}

static void reading_refuses_and_leaves_out_as_it_was(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        const ls_fault *fault;
        const char *cause;
    } cases[] = {
        {"missing", &ls_fault_missing, "No such file"}, {"nothing/here", &ls_fault_missing, "No such file"},
        {"a/b", &ls_fault_file, "Not a directory"},     {"folder", &ls_fault_file, "Is a directory"},
        {"pipe", &ls_fault_file, "can't be read"},
    };
    put(at("a"), "content");
    assert_int_equal(mkdir(at("folder"), 0700), 0);
    assert_int_equal(mkfifo(at("pipe"), 0600), 0);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_buf b = {0};
        ls_detail d = {0};
        const char *path = at(cases[i].name);
        assert_ptr_equal(ls_file_read(path, 100, &b, &d).fault, cases[i].fault);
        assert_non_null(strstr(d.text, path));
        assert_non_null(strstr(d.text, cases[i].cause));
        assert_int_equal(b.len, 0);
        ls_buf_free(&b);
    }
}

static void reading_is_bounded_and_wipes_what_it_refuses(void **state)
{
    (void)state;
    ls_buf b = {0};
    ls_detail d = {0};
    put(at("a"), "a secret that is longer");
    ls_buf_put_str(&b, "x");
    assert_ptr_equal(ls_file_read(at("a"), 22, &b, &d).fault, &ls_fault_large);
    assert_non_null(strstr(d.text, "larger than 22 bytes"));
    assert_int_equal(b.len, 1);
    assert_true(ls_succeeded(ls_file_read(at("a"), UINT64_MAX, &b, NULL)));
    /* A file whose size says 0 and that goes on nevertheless. */
    assert_ptr_equal(ls_file_read("/proc/self/maps", 10, &b, NULL).fault, &ls_fault_large);
    assert_int_equal(b.len, 24);
    assert_null(memmem(b.ptr + b.len, b.cap - b.len, "-", 1));
    ls_buf_free(&b);
}

static int read_standard_input(void *context)
{
    int ends[2];
    const char *text = context;
    if (pipe(ends) != 0 || write(ends[1], text, strlen(text)) < 0 || dup2(ends[0], STDIN_FILENO) < 0) {
        return 1;
    }
    close(ends[1]);
    ls_buf b = {0};
    bool right = ls_succeeded(ls_file_read("-", 100, &b, NULL)) && strcmp(ls_buf_cstr(&b), text) == 0;
    ls_buf_free(&b);
    return right ? 0 : 1;
}

static void a_dash_is_standard_input(void **state)
{
    (void)state;
    char text[] = "from a pipe\n";
    assert_int_equal(system_fork(read_standard_input, text), 0);
}

static void writes_new_files_and_new_versions(void **state)
{
    (void)state;
    struct stat st;
    umask(0);
    put(at("a"), "old");
    assert_content(at("a"), "old");
    put(at("a"), "new and longer");
    assert_content(at("a"), "new and longer");
    put(at("a"), "");
    assert_content(at("a"), "");
    assert_int_equal(stat(at("a"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(raw_count(folder), 1);
}

static void relative_paths_work(void **state)
{
    (void)state;
    int before = open(".", O_RDONLY | O_DIRECTORY);
    assert_int_equal(chdir(folder), 0);
    put("plain", "x");
    assert_content(at("plain"), "x");
    assert_int_equal(fchdir(before), 0);
    close(before);
}

static void writing_replaces_a_link_and_not_what_it_leads_to(void **state)
{
    (void)state;
    put(at("target"), "target");
    assert_int_equal(symlink("target", at("link")), 0);
    put(at("link"), "new");
    assert_content(at("target"), "target");
    assert_content(at("link"), "new");
}

static void creating_refuses_what_exists(void **state)
{
    (void)state;
    ls_detail d = {0};
    for (int old_filesystem = 0; old_filesystem < 2; old_filesystem++) {
        hook.old_filesystem = old_filesystem;
        const char *path = at(old_filesystem ? "a" : "b");
        assert_true(ls_succeeded(ls_file_create(path, ls_bytes_str("first"), &d)));
        assert_ptr_equal(ls_file_create(path, ls_bytes_str("second"), &d).fault, &ls_fault_exists);
        assert_says(&d, path, "File exists");
        assert_content(path, "first");
    }
    assert_int_equal(symlink("nowhere", at("dangling")), 0);
    assert_ptr_equal(ls_file_create(at("dangling"), ls_bytes_str("x"), &d).fault, &ls_fault_exists);
    assert_int_equal(raw_count(folder), 3);
}

static int create_numbered(void *context)
{
    char content[32];
    snprintf(content, sizeof content, "%d", *(int *)context);
    return ls_succeeded(ls_file_create(at("contested"), ls_bytes_str(content), NULL)) ? 0 : 1;
}

static void of_many_creators_one_wins(void **state)
{
    (void)state;
    enum { CREATORS = 12 };
    pid_t children[CREATORS];
    int winner = -1, winners = 0;
    fflush(NULL);
    for (int i = 0; i < CREATORS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            _exit(create_numbered(&i));
        }
    }
    for (int i = 0; i < CREATORS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_true(WIFEXITED(status));
        winner = WEXITSTATUS(status) == 0 ? i : winner;
        winners += WEXITSTATUS(status) == 0;
    }
    char content[32];
    snprintf(content, sizeof content, "%d", winner);
    assert_int_equal(winners, 1);
    assert_content(at("contested"), content);
    assert_int_equal(raw_count(folder), 1);
}

static void syncs_in_the_order_that_keeps_the_promise(void **state)
{
    (void)state;
    put(at("a"), "x");
    assert_string_equal(hook.trace, "wsrf");
    reset_hook();
    assert_true(ls_succeeded(ls_file_create(at("b"), ls_bytes_str("x"), NULL)));
    assert_string_equal(hook.trace, "wsrf");
    reset_hook();
    hook.old_filesystem = true;
    assert_true(ls_succeeded(ls_file_create(at("c"), ls_bytes_str("x"), NULL)));
    assert_string_equal(hook.trace, "wslf");
    reset_hook();
    assert_true(ls_succeeded(ls_folder_make(at("folder"), NULL)));
    assert_true(ls_succeeded(ls_folder_make(at("folder"), NULL))); /* its first maker may have died before the sync */
    assert_true(ls_succeeded(ls_file_remove(at("a"), NULL)));
    assert_string_equal(hook.trace, "fff");
}

static void survives_short_and_interrupted_writes(void **state)
{
    (void)state;
    static char content[100001];
    for (size_t i = 0; i + 1 < sizeof content; i++) {
        content[i] = (char)('a' + i % 26);
    }
    hook.short_writes = true;
    put(at("a"), content);
    assert_content(at("a"), content);
}

static void a_failure_at_any_step_leaves_old_or_new(void **state)
{
    (void)state;
    static const int errors[] = {ENOSPC, EIO, EDQUOT, EROFS};
    static const char steps[] = "wsrf";
    for (size_t e = 0; e < sizeof errors / sizeof *errors; e++) {
        for (size_t step = 1; step <= 4; step++) {
            reset_hook();
            put(at("a"), "old");
            reset_hook();
            hook.act_at = step;
            hook.error = errors[e];
            ls_detail d = {0};
            assert_ptr_equal(ls_file_write(at("a"), ls_bytes_str("new"), &d).fault, &ls_fault_file);
            assert_says(&d, at("a"), strerror(errors[e]));
            assert_content(at("a"), steps[step - 1] == 'f' ? "new" : "old");
            assert_int_equal(raw_count(folder), 1);
        }
    }
}

typedef struct killing {
    size_t step;
    bool after, create;
} killing;

static int write_and_be_killed(void *context)
{
    const killing *k = context;
    hook.act_at = k->step;
    hook.after = k->after;
    ls_result r = k->create ? ls_file_create(at("b"), ls_bytes_str("new"), NULL)
                            : ls_file_write(at("a"), ls_bytes_str("new"), NULL);
    return ls_succeeded(r) ? 0 : 1;
}

static void a_kill_at_any_step_leaves_old_or_new(void **state)
{
    (void)state;
    for (killing k = {1, false, false}; k.step <= 4; k.step += k.after, k.after = !k.after) {
        bool renamed = k.step > 3 || (k.step == 3 && k.after);
        reset_hook();
        put(at("a"), "old");
        reset_hook();
        assert_int_equal(system_fork(write_and_be_killed, &k), -1);
        assert_content(at("a"), renamed ? "new" : "old");
        assert_int_equal(raw_count(folder), renamed ? 1 : 2);
        assert_true(ls_succeeded(ls_folder_sweep(folder, NULL)));
        assert_int_equal(raw_count(folder), 1);
    }
}

static void a_kill_while_creating_leaves_nothing_or_all(void **state)
{
    (void)state;
    for (killing k = {1, false, true}; k.step <= 4; k.step += k.after, k.after = !k.after) {
        bool renamed = k.step > 3 || (k.step == 3 && k.after);
        assert_int_equal(system_fork(write_and_be_killed, &k), -1);
        assert_int_equal(ls_file_exists(at("b")), renamed);
        if (renamed) {
            assert_content(at("b"), "new");
            assert_int_equal(unlink(at("b")), 0);
        }
    }
}

#define VERSION_SIZE 60000

static void fill_version(char content[static VERSION_SIZE + 1], int version)
{
    memset(content, 'A' + version % 26, VERSION_SIZE);
    content[VERSION_SIZE] = '\0';
}

static void write_versions_for_ever(void)
{
    static char content[VERSION_SIZE + 1];
    for (int version = 0;; version++) {
        fill_version(content, version);
        if (ls_failed(ls_file_write(at("versions"), ls_bytes_str(content), NULL))) {
            _exit(1);
        }
    }
}

static void assert_one_whole_version(const char *path)
{
    ls_buf b = {0};
    assert_true(ls_succeeded(ls_file_read(path, VERSION_SIZE, &b, NULL)));
    assert_int_equal(b.len, VERSION_SIZE);
    for (size_t i = 1; i < b.len; i++) {
        assert_int_equal(b.ptr[i], b.ptr[0]);
    }
    ls_buf_free(&b);
}

static void a_kill_at_any_time_leaves_one_whole_version(void **state)
{
    (void)state;
    static char content[VERSION_SIZE + 1];
    fill_version(content, 0);
    put(at("versions"), content);
    fflush(NULL);
    for (int i = 0; i < 40; i++) {
        pid_t child = fork();
        if (child == 0) {
            write_versions_for_ever();
        }
        usleep((useconds_t)(500 + random() % 6000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        assert_one_whole_version(at("versions"));
    }
    assert_true(ls_succeeded(ls_folder_sweep(folder, NULL)));
    assert_int_equal(raw_count(folder), 1);
}

static void sweeping_takes_nothing_but_leftovers(void **state)
{
    (void)state;
    static const char *const kept[] = {"a", ".hidden", "a.tmp-abcdef", ".a.tmp-abcde", ".a.tmp-ab.def", ".tmp-abcdef"};
    for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
        put(at(kept[i]), "kept");
    }
    put(at(".a.tmp-aB3dE9"), "left over");
    assert_true(ls_succeeded(ls_folder_sweep(folder, NULL)));
    assert_int_equal(raw_count(folder), sizeof kept / sizeof *kept);
    assert_false(ls_file_exists(at(".a.tmp-aB3dE9")));
    assert_ptr_equal(ls_folder_sweep(at("missing"), NULL).fault, &ls_fault_missing);
}

static void trees_are_swept(void **state)
{
    (void)state;
    assert_true(ls_succeeded(ls_folder_make(at("a"), NULL)));
    assert_true(ls_succeeded(ls_folder_make(at("a/b"), NULL)));
    put(at("a/b/kept"), "kept");
    put(at("a/b/.x.tmp-aB3dE9"), "left over");
    put(at("a/.x.tmp-aB3dE9"), "left over");
    assert_true(ls_succeeded(ls_tree_sweep(folder, NULL)));
    assert_false(ls_file_exists(at("a/b/.x.tmp-aB3dE9")));
    assert_false(ls_file_exists(at("a/.x.tmp-aB3dE9")));
    assert_true(ls_file_exists(at("a/b/kept")));
    assert_ptr_equal(ls_tree_sweep(at("missing"), NULL).fault, &ls_fault_missing);
}

/* Whole and readable for all, and on disk once it is settled. */
static void files_for_everybody(void **state)
{
    (void)state;
    struct stat st;
    ls_buf got = {0};
    put(at("page"), "an older and longer version");
    assert_true(ls_succeeded(ls_file_put(at("page"), ls_bytes_str("new"), NULL)));
    assert_true(ls_succeeded(ls_file_read(at("page"), 100, &got, NULL)));
    assert_string_equal(ls_buf_cstr(&got), "new");
    assert_int_equal(stat(at("page"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0644);
    assert_int_equal(raw_count(folder), 1);
    assert_true(ls_succeeded(ls_folder_settle(folder, NULL)));
    assert_ptr_equal(ls_folder_settle(at("missing"), NULL).fault, &ls_fault_missing);
    assert_ptr_equal(ls_file_put(at("no/folder"), ls_bytes_str("x"), NULL).fault, &ls_fault_missing);
    assert_ptr_equal(ls_file_put(at(""), ls_bytes_str("x"), NULL).fault, &ls_fault_file);
    ls_buf_free(&got);
}

static void names_that_cannot_be_written_are_refused(void **state)
{
    (void)state;
    static char long_name[300], long_path[5000];
    memset(long_name, 'n', sizeof long_name - 1);
    memset(long_path, 'p', sizeof long_path - 1);
    const char *paths[] = {at(long_name), long_path, at(""), "", "/", at(".")};
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        ls_detail d = {0};
        assert_ptr_equal(ls_file_write(paths[i], ls_bytes_str("x"), &d).fault, &ls_fault_file);
        assert_non_null(strstr(d.text, "can't be written"));
    }
    ls_detail d = {0};
    assert_ptr_equal(ls_file_write(at("no/folder"), ls_bytes_str("x"), &d).fault, &ls_fault_missing);
    assert_says(&d, at("no/folder"), "No such file");
    assert_ptr_equal(ls_file_write(at("no/folder"), ls_bytes_str("x"), NULL).fault, &ls_fault_missing);
    assert_int_equal(raw_count(folder), 0);
}

static void writes_piece_by_piece(void **state)
{
    (void)state;
    ls_file_writer w = {0};
    ls_buf expected = {0}, got = {0};
    assert_true(ls_succeeded(ls_file_begin(at("big"), &w, NULL)));
    for (size_t size = 1; size < 600000; size = size * 3 + 1) {
        uint8_t *piece = ls_buf_extend(&expected, size);
        memset(piece, (int)size, size);
        assert_true(ls_succeeded(ls_file_append(&w, ls_bytes_of(piece, size), NULL)));
    }
    assert_true(ls_succeeded(ls_file_append(&w, (ls_bytes){0}, NULL)));
    memcpy(expected.ptr, "HEAD", 4);
    assert_true(ls_succeeded(ls_file_rewrite(&w, 0, ls_bytes_str("HEAD"), NULL)));
    assert_false(ls_file_exists(at("big")));
    assert_true(ls_succeeded(ls_file_commit(&w, NULL)));
    ls_file_abort(&w);
    assert_true(ls_succeeded(ls_file_read(at("big"), 1u << 24, &got, NULL)));
    assert_true(ls_bytes_equal(ls_buf_bytes(&got), ls_buf_bytes(&expected)));
    assert_int_equal(raw_count(folder), 1);
    ls_buf_free(&expected);
    ls_buf_free(&got);
}

static void aborting_leaves_the_old_file(void **state)
{
    (void)state;
    ls_file_writer w = {0};
    ls_file_abort(&w); /* never begun */
    put(at("a"), "old");
    assert_true(ls_succeeded(ls_file_begin(at("a"), &w, NULL)));
    assert_true(ls_succeeded(ls_file_append(&w, ls_bytes_str("new"), NULL)));
    assert_ptr_equal(ls_file_rewrite(&w, 1, ls_bytes_str("new"), NULL).fault, &ls_fault_bug);
    assert_ptr_equal(ls_file_rewrite(&w, UINT64_MAX, ls_bytes_str("n"), NULL).fault, &ls_fault_bug);
    assert_int_equal(raw_count(folder), 2);
    ls_file_abort(&w);
    ls_file_abort(&w);
    assert_content(at("a"), "old");
    assert_int_equal(raw_count(folder), 1);
    assert_true(ls_failed(ls_file_begin(at("no/folder"), &w, NULL)));
    ls_file_abort(&w);
}

static void what_is_no_file_is_not_replaced(void **state)
{
    (void)state;
    ls_detail d = {0};
    struct stat st;
    assert_int_equal(mkfifo(at("pipe"), 0600), 0);
    assert_ptr_equal(ls_file_write(at("pipe"), ls_bytes_str("new"), &d).fault, &ls_fault_exists);
    assert_says(&d, at("pipe"), "can't be written");
    assert_int_equal(stat(at("pipe"), &st), 0);
    assert_true(S_ISFIFO(st.st_mode));
    assert_int_equal(raw_count(folder), 1);
}

static int on_a_full_disk(void *context)
{
    (void)context;
    static char big[1u << 20];
    ls_detail d = {0};
    if (!system_own_mounts() || !system_mount_small(folder, "128k")) {
        return SYSTEM_SKIP;
    }
    memset(big, 'x', sizeof big - 1);
    put(at("a"), "old");
    assert_ptr_equal(ls_file_write(at("a"), ls_bytes_str(big), &d).fault, &ls_fault_file);
    assert_says(&d, at("a"), "No space left on device");
    assert_non_null(strstr(d.hint, "df -h "));
    assert_content(at("a"), "old");
    assert_int_equal(raw_count(folder), 1);
    put(at("a"), "small enough");
    return 0;
}

static int on_a_read_only_mount(void *context)
{
    (void)context;
    ls_detail d = {0};
    put(at("a"), "old");
    if (!system_own_mounts() || !system_mount_read_only(folder)) {
        return SYSTEM_SKIP;
    }
    assert_ptr_equal(ls_file_write(at("a"), ls_bytes_str("new"), &d).fault, &ls_fault_file);
    assert_says(&d, at("a"), "Read-only file system");
    assert_true(ls_failed(ls_file_create(at("b"), ls_bytes_str("new"), &d)));
    assert_true(ls_failed(ls_folder_make(at("c"), &d)));
    assert_true(ls_failed(ls_file_remove(at("a"), &d)));
    ls_lock lock;
    assert_true(ls_failed(ls_lock_take(at("lock"), &lock, &d)));
    assert_content(at("a"), "old");
    return 0;
}

/* As another user than root, who may do everything. */
static int in_a_folder_of_others(void *context)
{
    (void)context;
    ls_detail d = {0};
    put(at("a"), "old");
    if (chmod(at("a"), 0644) != 0 || chmod(folder, 0555) != 0 ||
        (geteuid() == 0 && setresuid(65534, 65534, 65534) != 0)) {
        return SYSTEM_SKIP;
    }
    assert_ptr_equal(ls_file_write(at("a"), ls_bytes_str("new"), &d).fault, &ls_fault_file);
    assert_says(&d, at("a"), "Permission denied");
    assert_non_null(strstr(d.hint, "ls -ld "));
    assert_content(at("a"), "old");
    return 0;
}

typedef struct apart {
    int (*body)(void *);
} apart;

static int run_body(void *context)
{
    setenv("CMOCKA_TEST_ABORT", "1", 1); /* else a child that fails would run the tests that follow */
    return ((apart *)context)->body(NULL);
}

static void run_apart(int (*body)(void *), const char *why)
{
    apart a = {body};
    int status = system_fork(run_body, &a);
    chmod(folder, 0700);
    if (status == SYSTEM_SKIP) {
        print_message("skipped: %s\n", why);
        skip();
    }
    assert_int_equal(status, 0);
}

static void a_full_disk_changes_nothing(void **state)
{
    (void)state;
    run_apart(on_a_full_disk, "mounting a small disk is not allowed here");
}

static void a_read_only_mount_changes_nothing(void **state)
{
    (void)state;
    run_apart(on_a_read_only_mount, "mounting read-only is not allowed here");
}

static void a_folder_of_others_changes_nothing(void **state)
{
    (void)state;
    run_apart(in_a_folder_of_others, "becoming another user is not allowed here");
}

static void what_others_can_read_is_refused_with_the_command_that_mends_it(void **state)
{
    (void)state;
    static const char *const names[] = {"plain", "with space", "it's; $(odd)", "-dash", "h\xc3\xa9", "new\nline"};
    static const mode_t modes[] = {0640, 0604, 0620, 0602, 0755, 0610};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ls_detail d = {0};
        put(at(names[i]), "x");
        assert_true(ls_succeeded(ls_private_check(at(names[i]), &d)));
        assert_int_equal(chmod(at(names[i]), modes[i]), 0);
        assert_ptr_equal(ls_private_check(at(names[i]), &d).fault, &ls_fault_private);
        assert_memory_equal(d.hint, "chmod go-rwx ", 13);
        assert_int_equal(system(d.hint), 0);
        assert_true(ls_succeeded(ls_private_check(at(names[i]), &d)));
    }
    ls_detail d = {0};
    assert_int_equal(chmod(folder, 0750), 0);
    assert_ptr_equal(ls_private_check(folder, &d).fault, &ls_fault_private);
    assert_non_null(strstr(d.text, "750"));
    assert_ptr_equal(ls_private_check(at("missing"), &d).fault, &ls_fault_missing);
}

static void what_others_own_is_refused(void **state)
{
    (void)state;
    put(at("a"), "x");
    if (chown(at("a"), 65534, 65534) != 0) {
        print_message("skipped: only root can give a file away\n");
        skip();
    }
    ls_detail d = {0};
    char expected[4300];
    snprintf(expected, sizeof expected, "sudo chown %u %s", (unsigned)geteuid(), at("a"));
    assert_ptr_equal(ls_private_check(at("a"), &d).fault, &ls_fault_private);
    assert_string_equal(d.hint, expected);
}

static void lists_folders_sorted_and_without_leftovers(void **state)
{
    (void)state;
    static const char *const sorted[] = {".hidden", "B", "a", "a-b", "ab"};
    ls_arena arena = {0};
    char **names;
    size_t count;
    for (size_t i = 0; i < 5; i++) {
        put(at(sorted[(i * 2 + 1) % 5]), "");
    }
    put(at(".a.tmp-a1b2c3"), "");
    assert_true(ls_succeeded(ls_folder_list(&arena, folder, &names, &count, NULL)));
    assert_int_equal(count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_string_equal(names[i], sorted[i]);
    }
    assert_true(ls_succeeded(ls_folder_list(&arena, at("missing"), &names, &count, NULL)));
    assert_int_equal(count, 0);
    assert_ptr_equal(ls_folder_list(&arena, at("a"), &names, &count, NULL).fault, &ls_fault_file);
    ls_arena_free(&arena);
}

static void makes_folders(void **state)
{
    (void)state;
    struct stat st;
    umask(0);
    assert_true(ls_succeeded(ls_folder_make(at("new"), NULL)));
    assert_int_equal(stat(at("new"), &st), 0);
    assert_int_equal(st.st_mode & 07777, 0700);
    assert_true(ls_succeeded(ls_folder_make(at("new"), NULL)));
    assert_ptr_equal(ls_folder_make(at("no/parent"), NULL).fault, &ls_fault_missing);
    put(at("file"), "");
    assert_ptr_equal(ls_folder_make(at("file"), NULL).fault, &ls_fault_exists);
}

static void removes_files(void **state)
{
    (void)state;
    put(at("a"), "x");
    assert_true(ls_file_exists(at("a")));
    assert_true(ls_succeeded(ls_file_remove(at("a"), NULL)));
    assert_false(ls_file_exists(at("a")));
    assert_ptr_equal(ls_file_remove(at("a"), NULL).fault, &ls_fault_missing);
    assert_ptr_equal(ls_file_remove(folder, NULL).fault, &ls_fault_file);
}

static void maps_files(void **state)
{
    (void)state;
    ls_map map = {0};
    put(at("a"), "mapped");
    assert_true(ls_succeeded(ls_file_map(at("a"), &map, NULL)));
    assert_true(ls_bytes_is(map.bytes, "mapped"));
    put(at("a"), "a new version leaves the mapping of the old one alone");
    assert_true(ls_bytes_is(map.bytes, "mapped"));
    ls_file_unmap(&map);
    ls_file_unmap(&map);
    put(at("empty"), "");
    assert_true(ls_succeeded(ls_file_map(at("empty"), &map, NULL)));
    assert_int_equal(map.bytes.len, 0);
    ls_file_unmap(&map);
    assert_ptr_equal(ls_file_map(at("missing"), &map, NULL).fault, &ls_fault_missing);
    assert_ptr_equal(ls_file_map(folder, &map, NULL).fault, &ls_fault_file);
}

enum { COUNTERS = 6, COUNTS = 40 };

/* Reads, waits, writes: without a lock, counts would get lost. */
static int count_up(void *context)
{
    (void)context;
    for (int i = 0; i < COUNTS; i++) {
        ls_lock lock;
        ls_buf b = {0};
        char next[32];
        if (ls_failed(ls_lock_take(at("lock"), &lock, NULL)) || ls_failed(ls_file_read(at("count"), 32, &b, NULL))) {
            return 1;
        }
        snprintf(next, sizeof next, "%d", atoi(ls_buf_cstr(&b)) + 1);
        ls_buf_free(&b);
        if (ls_failed(ls_file_write(at("count"), ls_bytes_str(next), NULL))) {
            return 1;
        }
        ls_unlock(&lock);
    }
    return 0;
}

static void a_lock_excludes(void **state)
{
    (void)state;
    char total[32];
    pid_t children[COUNTERS];
    put(at("count"), "0");
    fflush(NULL);
    for (int i = 0; i < COUNTERS; i++) {
        children[i] = fork();
        if (children[i] == 0) {
            _exit(count_up(NULL));
        }
    }
    for (int i = 0; i < COUNTERS; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    snprintf(total, sizeof total, "%d", COUNTERS * COUNTS);
    assert_content(at("count"), total);
}

static int lock_and_die(void *context)
{
    (void)context;
    ls_lock lock;
    if (ls_succeeded(ls_lock_take(at("lock"), &lock, NULL))) {
        raise(SIGKILL);
    }
    return 1;
}

static void a_lock_ends_with_its_holder(void **state)
{
    (void)state;
    ls_lock lock;
    assert_int_equal(system_fork(lock_and_die, NULL), -1);
    assert_true(ls_succeeded(ls_lock_take(at("lock"), &lock, NULL)));
    int other = open(at("lock"), O_RDWR);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), -1);
    ls_unlock(&lock);
    assert_int_equal(flock(other, LOCK_EX | LOCK_NB), 0);
    close(other);
}

static void a_lock_is_not_taken_through_a_link(void **state)
{
    (void)state;
    ls_lock lock;
    put(at("elsewhere"), "");
    assert_int_equal(symlink("elsewhere", at("lock")), 0);
    assert_ptr_equal(ls_lock_take(at("lock"), &lock, NULL).fault, &ls_fault_file);
    assert_ptr_equal(ls_lock_take(at("no/lock"), &lock, NULL).fault, &ls_fault_missing);
}

static void the_clocks_run(void **state)
{
    (void)state;
    time_t before = time(NULL);
    ls_time now = ls_clock_now();
    assert_true(now >= before && now <= time(NULL) + 1);
    double first = ls_clock_monotonic();
    usleep(2000);
    assert_true(ls_clock_monotonic() > first);
}

/* North Korea's clocks: UTC+9 until 14 August 2015, then UTC+8:30, and UTC+9 again from 5 May 2018 on. */
static void zones_come_from_the_system(void **state)
{
    (void)state;
    static const ls_zone_span expected[] = {{1420070400, 32400}, {1439564400, 30600}, {1525446000, 32400}};
    ls_zone_span spans[8];
    size_t count = 0;
    ls_detail d = {0};
    if (access("/usr/share/zoneinfo/Asia/Pyongyang", R_OK) != 0) {
        print_message("skipped: the package tzdata is not here\n");
        skip();
    }
    assert_true(ls_succeeded(ls_zone_system("Asia/Pyongyang", 1420070400, 1577836800, spans, 8, &count, &d)));
    assert_int_equal(count, 3);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(spans[i].from, expected[i].from);
        assert_int_equal(spans[i].offset, expected[i].offset);
    }
    static const char *const bad[] = {"Asia/Nowhere", "", "../zoneinfo/UTC", "/etc/passwd"};
    for (size_t i = 0; i < 4; i++) {
        assert_ptr_equal(ls_zone_system(bad[i], 0, 1, spans, 8, &count, &d).fault, &ls_fault_missing);
    }
}

/* What a person at a terminal types, and what the child that asked must make of it. */
typedef struct dialogue {
    const char *typed;
    bool confirm; /* asks a yes/no question instead of a secret */
    int status;   /* the child's exit status; -1: killed by SIGINT */
} dialogue;

enum { ASKED_WELL = 0, ASKED_MISSING = 1, ASKED_LARGE = 2, ASKED_OTHER = 3, ANSWERED_YES = 4, ANSWERED_NO = 5 };

static int ask(bool confirm)
{
    char secret[16];
    if (confirm) {
        return ls_terminal_confirm("Sure? ") ? ANSWERED_YES : ANSWERED_NO;
    }
    memset(secret, '#', sizeof secret);
    ls_result r = ls_terminal_secret("Passphrase: ", secret, sizeof secret, NULL);
    if (r.fault == &ls_fault_large || r.fault == &ls_fault_missing) {
        bool wiped = true;
        for (size_t i = 0; i < sizeof secret; i++) {
            wiped = wiped && secret[i] == '\0';
        }
        return !wiped ? ASKED_OTHER : r.fault == &ls_fault_large ? ASKED_LARGE : ASKED_MISSING;
    }
    return ls_succeeded(r) && strcmp(secret, "open sesame") == 0 ? ASKED_WELL : ASKED_OTHER;
}

/* The child: a session of its own, with the terminal as its own, where the question is asked. */
static void ask_on(const char *terminal, bool confirm)
{
    signal(SIGINT, SIG_DFL); /* whoever runs the tests may ignore it */
    setsid();
    int fd = open(terminal, O_RDWR);
    if (fd < 0 || ioctl(fd, TIOCSCTTY, 0) != 0) {
        _exit(SYSTEM_SKIP);
    }
    _exit(ask(confirm));
}

static bool echoes(int fd)
{
    struct termios t;
    return tcgetattr(fd, &t) == 0 && (t.c_lflag & ECHO) != 0;
}

/* Reads what the terminal shows until a text comes. */
static void expect(int fd, const char *text, char *shown, size_t cap)
{
    size_t used = 0;
    shown[0] = '\0';
    while (strstr(shown, text) == NULL) {
        ssize_t n = read(fd, shown + used, cap - 1 - used);
        assert_true(n > 0);
        used += (size_t)n;
        shown[used] = '\0';
    }
}

static void hold(const dialogue *c)
{
    char shown[512];
    int terminal = posix_openpt(O_RDWR | O_NOCTTY), status;
    assert_true(terminal >= 0 && grantpt(terminal) == 0 && unlockpt(terminal) == 0);
    int keeper = open(ptsname(terminal), O_RDWR | O_NOCTTY); /* the terminal outlives the child */
    fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        ask_on(ptsname(terminal), c->confirm);
    }
    expect(terminal, c->confirm ? "Sure? " : "Passphrase: ", shown, sizeof shown);
    assert_int_equal(echoes(keeper), c->confirm);
    assert_int_equal(write(terminal, c->typed, strlen(c->typed)), strlen(c->typed));
    expect(terminal, "\n", shown, sizeof shown);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(WIFSIGNALED(status) ? -1 : WEXITSTATUS(status), c->status);
    assert_true(c->confirm || strstr(shown, "sesame") == NULL);
    assert_true(echoes(keeper));
    close(keeper);
    close(terminal);
}

static void asks_for_a_secret_without_echo(void **state)
{
    (void)state;
    static const dialogue cases[] = {
        {"open sesame\n", false, ASKED_WELL},
        {"open sesame, and more than fits\n", false, ASKED_LARGE},
        {"other\n", false, ASKED_OTHER},
        {"\004", false, ASKED_MISSING},            /* the end of input */
        {"open ses\003", false, -1},               /* an interrupt, which still ends the process */
        {"open\032 sesame\n", false, ASKED_OTHER}, /* no stopping half-way */
        {"open x\177sesame\n", false, ASKED_WELL}, /* rubbing out works */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hold(&cases[i]);
    }
}

static void asks_for_a_confirmation(void **state)
{
    (void)state;
    static const dialogue cases[] = {
        {"y\n", true, ANSWERED_YES},
        {"yes\n", true, ANSWERED_YES},
        {"YES\n", true, ANSWERED_YES},
        {"\n", true, ANSWERED_NO},
        {"n\n", true, ANSWERED_NO},
        {"yes, but\n", true, ANSWERED_NO},
        {"yesssssssssssssssssss\n", true, ANSWERED_NO},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        hold(&cases[i]);
    }
}

static int ask_without_terminal(void *context)
{
    setsid();
    return ask(*(bool *)context);
}

static void without_a_terminal_nothing_is_asked(void **state)
{
    (void)state;
    bool confirm = false;
    int status = system_fork(ask_without_terminal, &confirm);
    assert_int_equal(status, ASKED_OTHER); /* missing, and out untouched */
    confirm = true;
    assert_int_equal(system_fork(ask_without_terminal, &confirm), ANSWERED_NO);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(reads_whole_files),
        TEST(reading_refuses_and_leaves_out_as_it_was),
        TEST(reading_is_bounded_and_wipes_what_it_refuses),
        TEST(a_dash_is_standard_input),
        TEST(writes_new_files_and_new_versions),
        TEST(relative_paths_work),
        TEST(writing_replaces_a_link_and_not_what_it_leads_to),
        TEST(creating_refuses_what_exists),
        TEST(of_many_creators_one_wins),
        TEST(syncs_in_the_order_that_keeps_the_promise),
        TEST(survives_short_and_interrupted_writes),
        TEST(a_failure_at_any_step_leaves_old_or_new),
        TEST(a_kill_at_any_step_leaves_old_or_new),
        TEST(a_kill_while_creating_leaves_nothing_or_all),
        TEST(a_kill_at_any_time_leaves_one_whole_version),
        TEST(sweeping_takes_nothing_but_leftovers),
        TEST(trees_are_swept),
        TEST(files_for_everybody),
        TEST(names_that_cannot_be_written_are_refused),
        TEST(writes_piece_by_piece),
        TEST(what_is_no_file_is_not_replaced),
        TEST(aborting_leaves_the_old_file),
        TEST(a_full_disk_changes_nothing),
        TEST(a_read_only_mount_changes_nothing),
        TEST(a_folder_of_others_changes_nothing),
        TEST(what_others_can_read_is_refused_with_the_command_that_mends_it),
        TEST(what_others_own_is_refused),
        TEST(lists_folders_sorted_and_without_leftovers),
        TEST(makes_folders),
        TEST(removes_files),
        TEST(maps_files),
        TEST(a_lock_excludes),
        TEST(a_lock_ends_with_its_holder),
        TEST(a_lock_is_not_taken_through_a_link),
        cmocka_unit_test(the_clocks_run),
        cmocka_unit_test(zones_come_from_the_system),
        cmocka_unit_test(asks_for_a_secret_without_echo),
        cmocka_unit_test(asks_for_a_confirmation),
        cmocka_unit_test(without_a_terminal_nothing_is_asked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
