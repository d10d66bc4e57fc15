#include "os/error.h"
#include <errno.h>
#include <stdio.h>

const ls_fault ls_fault_file = {LS_CLASS_ENVIRONMENT, "file", "a file can't be read or written"};
const ls_fault ls_fault_missing = {LS_CLASS_ENVIRONMENT, "file-missing", "there is no such file"};
const ls_fault ls_fault_exists = {LS_CLASS_USAGE, "file-exists", "the file exists already and is not overwritten"};
const ls_fault ls_fault_private = {LS_CLASS_ENVIRONMENT, "file-not-private", "others can read what must be private"};
const ls_fault ls_fault_large = {LS_CLASS_USAGE, "file-large", "larger than the limit"};

typedef enum hint_end { NOTHING, PATH, FOLDER } hint_end;

/* What mends an error: a sentence, with the path or its folder at its end where it is a command. */
static const struct {
    int error;
    const char *hint;
    hint_end end;
} hints[] = {
    {ENOSPC, "the disk is full; free some space and run the command again: df -h ", FOLDER},
    {EDQUOT, "your share of the disk is used up; free some space and run the command again", NOTHING},
    {EROFS, "the disk is mounted read-only; use a folder on another one", NOTHING},
    {EACCES, "see who may use it: ls -ld ", FOLDER},
    {EPERM, "see who may use it: ls -ld ", PATH},
    {ENOENT, "look what is there: ls -la ", FOLDER},
    {ENOTDIR, "a part of the path is a file and not a folder", NOTHING},
    {EISDIR, "that is a folder; name a file in it", NOTHING},
    {EEXIST, "name another file, or move that one away", NOTHING},
    {ENAMETOOLONG, "use a shorter name", NOTHING},
    {EMFILE, "too many files are open; raise the limit: ulimit -n 4096", NOTHING},
    {EIO, "the disk may be failing; keep a backup elsewhere", NOTHING},
};

static void hint_for(int error, const char *path, ls_detail *detail)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (hints[i].error == error) {
            char folder[4096] = "", end[512] = "";
            if (hints[i].end != NOTHING) {
                bool fits = hints[i].end == FOLDER && ls_os_folder_of(path, folder, sizeof folder);
                ls_os_quote(fits ? folder : path, end, sizeof end);
            }
            ls_hint(detail, "%s%s", hints[i].hint, end);
        }
    }
}

ls_result ls_os_fail(const char *path, const char *what, ls_detail *detail)
{
    int error = errno;
    const ls_fault *fault = error == ENOENT ? &ls_fault_missing : error == EEXIST ? &ls_fault_exists : &ls_fault_file;
    if (detail == NULL) {
        return ls_fail(fault);
    }
    char buffer[128];
    snprintf(detail->file, sizeof detail->file, "%s", path);
    hint_for(error, path, detail);
    return ls_fail_with(fault, detail, "%.256s %s: %s", path, what, strerror_r(error, buffer, sizeof buffer));
}

static bool is_plain(const char *path)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+,@%:=";
    return path[0] != '\0' && path[0] != '-' && path[strspn(path, plain)] == '\0';
}

void ls_os_quote(const char *path, char *out, size_t cap)
{
    if (is_plain(path)) {
        snprintf(out, cap, "%s", path);
        return;
    }
    const size_t longest = sizeof "'\\'''"; /* what one character may need, with the closing quote and the NUL */
    size_t used = (size_t)snprintf(out, cap, "%s'", path[0] == '-' ? "./" : "");
    for (const char *p = path; *p != '\0' && used + longest < cap; p++) {
        used += (size_t)snprintf(out + used, cap - used, *p == '\'' ? "'\\''" : "%c", *p);
    }
    snprintf(out + used, cap - used, "'");
}

bool ls_os_folder_of(const char *path, char *out, size_t cap)
{
    const char *slash = strrchr(path, '/');
    int len = slash == NULL ? 1 : slash == path ? 1 : (int)(slash - path);
    return (size_t)snprintf(out, cap, "%.*s", len, slash == NULL ? "." : path) < cap;
}

#define SUFFIX_SIZE (sizeof ".tmp-XXXXXX" - 1)

bool ls_os_is_temporary(const char *name)
{
    size_t len = strlen(name);
    return name[0] == '.' && len > SUFFIX_SIZE + 1 && memcmp(name + len - SUFFIX_SIZE, ".tmp-", 5) == 0 &&
           strchr(name + len - SUFFIX_SIZE + 5, '.') == NULL;
}
