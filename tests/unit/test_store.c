/* The SQLite store: what it promises, and what can happen to a file. */
#include "fixture/system.h"
#include "os/os.h"
#include "store/store.h"
#include <lockstep/merkle.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define B(s) ls_bytes_of(s, sizeof(s) - 1)

typedef struct place {
    char folder[256], path[300];
} place;

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    system_folder(p->folder, sizeof p->folder);
    snprintf(p->path, sizeof p->path, "%s/record.sqlite", p->folder);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    system_remove(p->folder);
    free(p);
    return 0;
}

static ls_store *open_store(const char *folder, bool create)
{
    ls_store *s;
    ls_detail detail = {0};
    ls_result r = ls_store_sqlite(folder, create, &s, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    return s;
}

static uint64_t size_of(ls_store *s, ls_buf *checkpoint)
{
    ls_store_head head = {0};
    assert_null(s->methods->head(s, &head, NULL).fault);
    if (checkpoint != NULL) {
        ls_buf_put_bytes(checkpoint, ls_buf_bytes(&head.latest));
    }
    uint64_t size = head.size;
    ls_store_head_free(&head);
    return size;
}

/* The tests' writers share one name, and so one epoch. */
static uint64_t lead(ls_store *s)
{
    uint64_t epoch = 0;
    ls_result r = s->methods->lead(s, B("test"), 0, &epoch, NULL);
    return ls_succeeded(r) ? epoch : 0;
}

static ls_result append_one(ls_store *s, uint64_t size, ls_bytes note)
{
    ls_hash root = {{(uint8_t)size}};
    return s->methods->append(s, lead(s), size, &note, &root, 1, NULL);
}

static ls_result publish(ls_store *s, uint64_t size, const char *note)
{
    return s->methods->publish(s, lead(s), size, ls_bytes_str(note), NULL);
}

/* Entry i of the tests: its number in words that take some room. */
static ls_bytes numbered(uint64_t i, char room[static 64])
{
    return ls_bytes_of(room, (size_t)snprintf(room, 64, "entry %llu of the test\n", (unsigned long long)i));
}

static ls_result expect_numbered(void *context, uint64_t index, ls_bytes note)
{
    uint64_t *seen = context;
    char room[64];
    ls_bytes wanted = numbered(index, room);
    ++*seen;
    return ls_bytes_equal(note, wanted) ? LS_SUCCESS : ls_fail(&ls_fault_bug);
}

static void check_all(ls_store *s, uint64_t size)
{
    uint64_t seen = 0;
    assert_null(s->methods->read(s, 0, size, expect_numbered, &seen, NULL).fault);
    assert_int_equal(seen, size);
}

static void keeps_what_it_is_given(void **state)
{
    const place *p = *state;
    char a[64], b[64], c[64];
    ls_buf checkpoint = {0};
    ls_store *s = open_store(p->folder, true);
    assert_int_equal(size_of(s, &checkpoint), 0);
    assert_int_equal(checkpoint.len, 0);
    const ls_bytes notes[] = {numbered(0, a), numbered(1, b), numbered(2, c)};
    const ls_hash roots[] = {{{1}}, {{2}}, {{3}}};
    uint64_t epoch = lead(s);
    assert_null(s->methods->append(s, epoch, 0, notes, roots, 2, NULL).fault);
    assert_null(s->methods->append(s, epoch, 2, notes + 2, roots + 2, 1, NULL).fault);
    assert_null(s->methods->append(s, epoch, 3, NULL, NULL, 0, NULL).fault);
    assert_null(publish(s, 2, "two").fault);
    assert_null(publish(s, 3, "three").fault);
    check_all(s, 3);
    s->methods->close(s);
    s = open_store(p->folder, false);
    assert_int_equal(size_of(s, &checkpoint), 3);
    assert_true(ls_bytes_is(ls_buf_bytes(&checkpoint), "three"));
    check_all(s, 3);
    uint64_t seen = 0;
    assert_null(s->methods->read(s, 1, 2, expect_numbered, &seen, NULL).fault);
    assert_null(s->methods->read(s, 3, 3, expect_numbered, &seen, NULL).fault);
    assert_int_equal(seen, 1);
    s->methods->close(s);
    ls_buf_free(&checkpoint);
}

static void refuses_what_does_not_follow(void **state)
{
    const place *p = *state;
    char room[64];
    uint64_t seen = 0;
    ls_store *s = open_store(p->folder, true);
    assert_ptr_equal(append_one(s, 1, numbered(1, room)).fault, &ls_fault_store_conflict);
    assert_null(append_one(s, 0, numbered(0, room)).fault);
    assert_ptr_equal(append_one(s, 0, numbered(0, room)).fault, &ls_fault_store_conflict);
    assert_null(append_one(s, 1, numbered(1, room)).fault);
    assert_ptr_equal(publish(s, 3, "x").fault, &ls_fault_store_conflict);
    assert_null(publish(s, 2, "x").fault);
    assert_ptr_equal(publish(s, 1, "x").fault, &ls_fault_store_conflict);
    assert_ptr_equal(s->methods->read(s, 1, 3, expect_numbered, &seen, NULL).fault, &ls_fault_store_damaged);
    assert_ptr_equal(s->methods->read(s, 2, 1, expect_numbered, &seen, NULL).fault, &ls_fault_usage);
    assert_int_equal(size_of(s, NULL), 2);
    check_all(s, 2);
    s->methods->close(s);
}

static ls_result stop_at_once(void *context, uint64_t index, ls_bytes note)
{
    (void)context;
    (void)index;
    (void)note;
    return ls_fail(&ls_fault_memory);
}

/* A reader that stops in the middle leaves no transaction open. */
static void a_stopped_read_blocks_nothing(void **state)
{
    const place *p = *state;
    char room[64];
    ls_store *s = open_store(p->folder, true), *other = open_store(p->folder, true);
    assert_null(append_one(s, 0, numbered(0, room)).fault);
    assert_ptr_equal(s->methods->read(s, 0, 1, stop_at_once, NULL, NULL).fault, &ls_fault_memory);
    assert_null(append_one(other, 1, numbered(1, room)).fault);
    assert_int_equal(size_of(s, NULL), 2);
    check_all(s, 2);
    s->methods->close(s);
    other->methods->close(other);
}

static void files_are_private(void **state)
{
    const place *p = *state;
    static const char *const endings[] = {"", "-wal", "-shm"};
    char room[64];
    ls_store *s = open_store(p->folder, true);
    assert_null(append_one(s, 0, numbered(0, room)).fault);
    for (size_t i = 0; i < 3; i++) {
        char path[320];
        struct stat st;
        snprintf(path, sizeof path, "%s%s", p->path, endings[i]);
        assert_int_equal(stat(path, &st), 0);
        assert_int_equal(st.st_mode & 0777, 0600);
    }
    s->methods->close(s);
}

#define PROCESSES 4
#define EACH 25

/* Appends EACH entries, whatever the others do: a conflict is no failure, but a reason to read again. */
static int append_each(void *context)
{
    const place *p = context;
    ls_store *s;
    if (ls_failed(ls_store_sqlite(p->folder, false, &s, NULL))) {
        return 1;
    }
    for (int done = 0; done < EACH;) {
        char room[64];
        uint64_t size = size_of(s, NULL);
        ls_result r = append_one(s, size, numbered(size, room));
        if (ls_failed(r) && r.fault != &ls_fault_store_conflict) {
            return 2;
        }
        done += ls_succeeded(r);
    }
    s->methods->close(s);
    return 0;
}

static void processes_append_at_once(void **state)
{
    place *p = *state;
    ls_store *s = open_store(p->folder, true);
    pid_t child[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            _exit(append_each(p));
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(size_of(s, NULL), PROCESSES * EACH);
    check_all(s, PROCESSES * EACH);
    s->methods->close(s);
}

/* Appends for ever, and writes one byte to the pipe for each entry that is acknowledged. */
static void append_until_killed(const place *p, int acknowledge)
{
    ls_store *s;
    if (ls_failed(ls_store_sqlite(p->folder, true, &s, NULL))) {
        _exit(1);
    }
    for (;;) {
        char room[64];
        uint64_t size = size_of(s, NULL);
        if (ls_failed(append_one(s, size, numbered(size, room))) || write(acknowledge, "", 1) != 1) {
            _exit(1);
        }
    }
}

static void nothing_acknowledged_is_lost_when_killed(void **state)
{
    const place *p = *state;
    uint64_t before = 0;
    for (int round = 0; round < 20; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            append_until_killed(p, ends[1]);
        }
        close(ends[1]);
        usleep((useconds_t)(rand() % 20000)); /* at any moment, the making of the file included */
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        uint64_t acknowledged = before;
        char byte;
        while (read(ends[0], &byte, 1) == 1) {
            acknowledged++;
        }
        close(ends[0]);
        ls_store *s = open_store(p->folder, true);
        uint64_t size = size_of(s, NULL);
        assert_true(size == acknowledged || size == acknowledged + 1);
        check_all(s, size);
        s->methods->close(s);
        before = size;
    }
}

static void expect_refused(const char *folder, const ls_fault *fault)
{
    ls_store *s = NULL;
    ls_detail detail = {0};
    assert_ptr_equal(ls_store_sqlite(folder, false, &s, &detail).fault, fault);
    assert_null(s);
    assert_true(detail.text[0] != 0);
}

static void put_file(const char *path, ls_bytes content)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(content.ptr, 1, content.len, f), content.len);
    assert_int_equal(fclose(f), 0);
}

static void what_is_no_store_is_refused(void **state)
{
    const place *p = *state;
    char command[700];
    expect_refused(p->folder, &ls_fault_missing);
    put_file(p->path, B(""));
    expect_refused(p->folder, &ls_fault_store_damaged);
    put_file(p->path, B("not a database, but long enough to be looked at: SQLite reads a hundred bytes of header, "
                        "and this text has more than a hundred bytes"));
    expect_refused(p->folder, &ls_fault_store_damaged);
    if (system("sqlite3 --version >/dev/null 2>&1") == 0) {
        assert_int_equal(unlink(p->path), 0);
        snprintf(command, sizeof command, "sqlite3 '%s' 'CREATE TABLE entries(idx INTEGER PRIMARY KEY, note BLOB)'",
                 p->path);
        assert_int_equal(system(command), 0);
        expect_refused(p->folder, &ls_fault_store_damaged);
    }
}

/* A table more, or another version, is not ours. */
static void other_tables_are_refused(void **state)
{
    const place *p = *state;
    static const char *const changes[] = {"CREATE TABLE more(x)", "PRAGMA user_version=3", "PRAGMA application_id=1",
                                          "CREATE TRIGGER t AFTER INSERT ON entries BEGIN DELETE FROM entries; END"};
    if (system("sqlite3 --version >/dev/null 2>&1") != 0) {
        print_message("the sqlite3 shell is not installed\n");
        skip();
    }
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        char command[700];
        ls_store *s = open_store(p->folder, true);
        s->methods->close(s);
        snprintf(command, sizeof command, "sqlite3 '%s' '%s'", p->path, changes[i]);
        assert_int_equal(system(command), 0);
        expect_refused(p->folder, &ls_fault_store_damaged);
        assert_int_equal(unlink(p->path), 0);
    }
}

/* The first version's tables, with three entries of which two are under a checkpoint. */
static bool make_old_store(const place *p, const char *more)
{
    char command[1500];
    if (system("sqlite3 --version >/dev/null 2>&1") != 0) {
        print_message("the sqlite3 shell is not installed\n");
        return false;
    }
    snprintf(
        command, sizeof command,
        "sqlite3 '%s' \"PRAGMA journal_mode=WAL;BEGIN;CREATE TABLE checkpoint(one INTEGER PRIMARY KEY CHECK(one=1),"
        "size INTEGER NOT NULL,note BLOB NOT NULL)STRICT;CREATE TABLE entries(idx INTEGER PRIMARY KEY CHECK(idx>=0),"
        "note BLOB NOT NULL)STRICT;PRAGMA application_id=1280529490;PRAGMA user_version=1;"
        "INSERT INTO checkpoint VALUES(1,2,CAST('two' AS BLOB));INSERT INTO entries VALUES"
        "(0,CAST('a' AS BLOB)),(1,CAST('b' AS BLOB)),(2,CAST('c' AS BLOB));%s;COMMIT\" >/dev/null",
        p->path, more);
    return system(command) == 0;
}

static void a_store_of_the_first_version_is_brought_up_to_date(void **state)
{
    const place *p = *state;
    ls_buf checkpoint = {0};
    ls_hash leaf, root, wanted;
    ls_merkle_frontier frontier = {0};
    if (!make_old_store(p, "")) {
        skip();
    }
    ls_store *s = open_store(p->folder, false);
    assert_int_equal(size_of(s, &checkpoint), 3);
    assert_true(ls_bytes_is(ls_buf_bytes(&checkpoint), "two"));
    for (uint64_t i = 0; i < 3; i++) {
        ls_merkle_leaf(ls_bytes_of(&"abc"[i], 1), &leaf);
        ls_merkle_append(&frontier, &leaf);
        ls_merkle_frontier_root(&frontier, &wanted);
        assert_null(s->methods->root(s, i + 1, &root, NULL).fault);
        assert_memory_equal(root.b, wanted.b, sizeof root.b);
    }
    assert_null(append_one(s, 3, B("more")).fault);
    s->methods->close(s);
    s = open_store(p->folder, false); /* not once more */
    assert_int_equal(size_of(s, NULL), 4);
    s->methods->close(s);
    ls_buf_free(&checkpoint);
}

/* One that only says so is refused, and left as it is. */
static void a_false_first_version_is_refused(void **state)
{
    const place *p = *state;
    if (!make_old_store(p, "DROP TABLE checkpoint")) {
        skip();
    }
    expect_refused(p->folder, &ls_fault_store_damaged);
    expect_refused(p->folder, &ls_fault_store_damaged);
}

static ls_result ignore_entry(void *context, uint64_t index, ls_bytes note)
{
    (void)index;
    size_t *bytes = context;
    *bytes += note.len;
    return LS_SUCCESS;
}

/* No damage crashes the program; what is still readable is then compared with the signed checkpoint by the ledger. */
static void damaged_files_are_refused_or_readable(void **state)
{
    const place *p = *state;
    char room[64];
    ls_buf file = {0};
    ls_store *s = open_store(p->folder, true);
    for (uint64_t i = 0; i < 50; i++) {
        assert_null(append_one(s, i, numbered(i, room)).fault);
    }
    assert_null(publish(s, 50, "fifty").fault);
    s->methods->close(s);
    assert_null(ls_file_read(p->path, 1 << 20, &file, NULL).fault);
    size_t refused = 0, tried = 0;
    for (size_t at = 0; at < file.len; at += at < 120 ? 1 : 13) {
        file.ptr[at] ^= 0x55;
        put_file(p->path, ls_buf_bytes(&file));
        file.ptr[at] ^= 0x55;
        tried++;
        ls_result r = ls_store_sqlite(p->folder, false, &s, NULL);
        if (ls_succeeded(r)) {
            size_t bytes = 0;
            ls_store_head head = {0};
            r = s->methods->head(s, &head, NULL);
            if (ls_succeeded(r)) {
                r = s->methods->read(s, 0, head.size, ignore_entry, &bytes, NULL);
            }
            ls_store_head_free(&head);
            s->methods->close(s);
        }
        refused += ls_failed(r);
        assert_true(ls_succeeded(r) || r.fault == &ls_fault_store_damaged || r.fault == &ls_fault_store);
    }
    assert_true(refused > 0 && refused < tried);
    for (size_t len = 0; len < file.len; len += 509) {
        put_file(p->path, ls_bytes_of(file.ptr, len));
        assert_true(ls_failed(ls_store_sqlite(p->folder, false, &s, NULL)));
    }
    ls_buf_free(&file);
}

static int read_on_read_only_mount(void *context)
{
    const place *p = context;
    ls_store *s;
    char room[64];
    if (!system_own_mounts() || !system_mount_read_only(p->folder)) {
        return SYSTEM_SKIP;
    }
    if (ls_failed(ls_store_sqlite(p->folder, false, &s, NULL))) {
        return 1;
    }
    uint64_t seen = 0;
    ls_store_head head = {0};
    bool read = ls_succeeded(s->methods->head(s, &head, NULL)) && head.size == 2 &&
                ls_succeeded(s->methods->read(s, 0, 2, expect_numbered, &seen, NULL));
    ls_result written = append_one(s, 2, numbered(2, room));
    s->methods->close(s);
    ls_store_head_free(&head);
    return !read ? 2 : written.fault != &ls_fault_store ? 3 : 0;
}

static void expect_child(int (*body)(void *), void *context)
{
    int status = system_fork(body, context);
    if (status == SYSTEM_SKIP) {
        print_message("mounts of one's own are not allowed here\n");
        skip();
    }
    assert_int_equal(status, 0);
}

static void a_read_only_mount_can_be_read(void **state)
{
    place *p = *state;
    char room[64];
    ls_store *s = open_store(p->folder, true);
    assert_null(append_one(s, 0, numbered(0, room)).fault);
    assert_null(append_one(s, 1, numbered(1, room)).fault);
    s->methods->close(s);
    expect_child(read_on_read_only_mount, p);
}

/* The log of a writer that was killed is part of the store, on a read-only mount, too. */
static void a_read_only_mount_with_a_log_can_be_read(void **state)
{
    place *p = *state;
    pid_t child = fork();
    if (child == 0) {
        char room[64];
        ls_store *s = open_store(p->folder, true);
        for (uint64_t i = 0; i < 2; i++) {
            if (ls_failed(append_one(s, i, numbered(i, room)))) {
                _exit(1);
            }
        }
        kill(getpid(), SIGKILL);
    }
    assert_int_equal(waitpid(child, NULL, 0), child);
    expect_child(read_on_read_only_mount, p);
}

/* A path that means something else in an SQLite URI. */
static void any_path_will_do(void **state)
{
    const place *p = *state;
    char folder[400], path[420];
    snprintf(folder, sizeof folder, "%s/a%%20?b#c é&mode=ro", p->folder);
    snprintf(path, sizeof path, "%s/record.sqlite", folder);
    assert_int_equal(mkdir(folder, 0700), 0);
    ls_store *s = open_store(folder, true);
    char room[64];
    assert_null(append_one(s, 0, numbered(0, room)).fault);
    s->methods->close(s);
    assert_int_equal(access(path, F_OK), 0);
}

static int fill_small_disk(void *context)
{
    place *p = context;
    if (!system_own_mounts() || !system_mount_small(p->folder, "512k")) {
        return SYSTEM_SKIP;
    }
    char filler[400], room[64];
    snprintf(filler, sizeof filler, "%s/filler", p->folder);
    ls_store *s = open_store(p->folder, true);
    FILE *f = fopen(filler, "wb");
    for (int i = 0; i < 300 * 1024; i++) {
        putc('x', f);
    }
    fclose(f);
    uint64_t size = 0;
    ls_result r = LS_SUCCESS;
    while (ls_succeeded(r) && size < 10000) {
        r = append_one(s, size, numbered(size, room));
        size += ls_succeeded(r);
    }
    if (r.fault != &ls_fault_store || size_of(s, NULL) != size) {
        return 1;
    }
    check_all(s, size);
    unlink(filler);
    if (ls_failed(append_one(s, size, numbered(size, room)))) {
        return 2;
    }
    s->methods->close(s);
    s = open_store(p->folder, false);
    check_all(s, size + 1);
    s->methods->close(s);
    return 0;
}

static void a_full_disk_loses_nothing(void **state)
{
    expect_child(fill_small_disk, *state);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(keeps_what_it_is_given),
        TEST(refuses_what_does_not_follow),
        TEST(a_stopped_read_blocks_nothing),
        TEST(files_are_private),
        TEST(processes_append_at_once),
        TEST(nothing_acknowledged_is_lost_when_killed),
        TEST(what_is_no_store_is_refused),
        TEST(other_tables_are_refused),
        TEST(a_store_of_the_first_version_is_brought_up_to_date),
        TEST(a_false_first_version_is_refused),
        TEST(damaged_files_are_refused_or_readable),
        TEST(a_read_only_mount_can_be_read),
        TEST(a_read_only_mount_with_a_log_can_be_read),
        TEST(any_path_will_do),
        TEST(a_full_disk_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
