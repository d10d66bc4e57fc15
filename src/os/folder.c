/* Looking at folders, and at who else may. */
#include "os/error.h"
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

ls_result ls_private_check(const char *path, ls_detail *detail)
{
    struct stat st;
    if (stat(path, &st) != 0) {
        return ls_os_fail(path, "can't be looked at", detail);
    }
    bool owned = st.st_uid == geteuid();
    if (owned && (st.st_mode & 077) == 0) {
        return LS_SUCCESS;
    }
    char quoted[384];
    ls_os_quote(path, quoted, sizeof quoted);
    if (detail != NULL) {
        snprintf(detail->file, sizeof detail->file, "%s", path);
    }
    if (!owned) {
        ls_hint(detail, "sudo chown %u %s", (unsigned)geteuid(), quoted);
        return ls_fail_with(&ls_fault_private, detail, "%s belongs to another user", path);
    }
    ls_hint(detail, "chmod go-rwx %s", quoted);
    return ls_fail_with(&ls_fault_private, detail, "%s has the mode %03o", path, (unsigned)(st.st_mode & 0777));
}

typedef struct listing {
    ls_arena *arena;
    ls_buf names; /* char * */
    bool memory;
} listing;

static void list_name(listing *l, const char *name)
{
    if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || ls_os_is_temporary(name)) {
        return;
    }
    char *copy = ls_arena_str(l->arena, ls_bytes_str(name));
    ls_buf_put(&l->names, &copy, sizeof copy);
    l->memory |= copy == NULL || l->names.failed;
}

static bool list_names(listing *l, DIR *folder)
{
    errno = 0;
    for (const struct dirent *entry; !l->memory && (entry = readdir(folder)) != NULL;) {
        list_name(l, entry->d_name);
        errno = 0;
    }
    return errno == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static ls_result take_names(listing *l, char ***names, size_t *count)
{
    size_t n = l->names.len / sizeof(char *);
    char **sorted = ls_arena_array(l->arena, n + 1, sizeof *sorted);
    if (l->memory || sorted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (n > 0) {
        memcpy(sorted, l->names.ptr, n * sizeof *sorted);
        qsort(sorted, n, sizeof *sorted, compare_names);
    }
    *names = sorted;
    *count = n;
    return LS_SUCCESS;
}

ls_result ls_folder_list(ls_arena *arena, const char *path, char ***names, size_t *count, ls_detail *detail)
{
    listing l = {.arena = arena};
    DIR *folder = opendir(path);
    if (folder == NULL && errno != ENOENT) {
        return ls_os_fail(path, "can't be listed", detail);
    }
    bool listed = folder == NULL || list_names(&l, folder);
    ls_result r = listed ? take_names(&l, names, count) : ls_os_fail(path, "can't be listed", detail);
    if (folder != NULL) {
        closedir(folder);
    }
    ls_buf_free(&l.names);
    return r;
}
