/*
 * Everything that changes files or folders, and so the order of syncs:
 *
 *   1. the content is written to a temporary file beside the target,
 *   2. the temporary file is synced, so that the name never leads to bytes that are not on disk,
 *   3. it is renamed, which is atomic: whoever looks sees the old content or the new,
 *   4. the folder is synced, so that the new name outlives a power loss. Only then may success be told.
 *
 * Killed before 3, a temporary file is left, which ls_folder_sweep knows by its name.
 *
 * Where thousands of files are written that can be made again, ls_file_put leaves out 2 and 4, and ls_folder_settle
 * does both for all of them at once, before the one file is written that says that the others are there.
 */
#include "os/error.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define BUFFER_SIZE (256u << 10)

static int open_folder_of(const char *path)
{
    char folder[4096];
    if (!ls_os_folder_of(path, folder, sizeof folder)) {
        errno = ENAMETOOLONG;
        return -1;
    }
    return open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/* Syncs and closes. Some file systems can't sync a folder by itself and say EINVAL; no program can do more there. */
static bool sync_folder(int folder)
{
    bool synced = fsync(folder) == 0 || errno == EINVAL;
    int error = errno;
    close(folder);
    errno = error;
    return synced;
}

/* Continues after interruptions and short writes. */
static bool write_all(int fd, ls_bytes content, uint64_t offset)
{
    while (content.len > 0) {
        ssize_t n = pwrite(fd, content.ptr, content.len, (off_t)offset);
        if (n < 0 && errno != EINTR) {
            return false;
        }
        if (n > 0) {
            content = ls_bytes_of(content.ptr + n, content.len - (size_t)n);
            offset += (uint64_t)n;
        }
    }
    return true;
}

static void free_buffer(ls_file_writer *w)
{
    if (w->buffer != NULL) {
        sodium_memzero(w->buffer, BUFFER_SIZE); /* it may have held rows that nobody else may see */
        free(w->buffer);
    }
    w->buffer = NULL;
    w->used = 0;
}

/* Fills in both names; mkostemp puts six random characters in place of the X. */
static bool set_names(ls_file_writer *w, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    if (name[0] == '\0' || strcmp(name, ".") == 0 || strcmp(name, "..") == 0) {
        errno = EISDIR;
        return false;
    }
    int n = snprintf(w->path, sizeof w->path, "%s", path);
    int m = snprintf(w->temporary, sizeof w->temporary, "%.*s.%s.tmp-XXXXXX", (int)(name - path), path, name);
    errno = ENAMETOOLONG;
    return (size_t)n < sizeof w->path && (size_t)m < sizeof w->temporary;
}

ls_result ls_file_begin(const char *path, ls_file_writer *w, ls_detail *detail)
{
    ls_file_writer made = {.fd = -1};
    if (!set_names(&made, path)) {
        return ls_os_fail(path, "can't be written", detail);
    }
    made.buffer = malloc(BUFFER_SIZE);
    if (made.buffer == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    made.fd = mkostemp(made.temporary, O_CLOEXEC); /* new, never through a link, 0600 */
    if (made.fd < 0) {
        free_buffer(&made);
        return ls_os_fail(path, "can't be written", detail);
    }
    *w = made;
    return LS_SUCCESS;
}

static ls_result write_at_end(ls_file_writer *w, ls_bytes content, ls_detail *detail)
{
    if (!write_all(w->fd, content, w->written)) {
        return ls_os_fail(w->path, "can't be written", detail);
    }
    w->written += content.len;
    return LS_SUCCESS;
}

static ls_result flush(ls_file_writer *w, ls_detail *detail)
{
    LS_TRY(write_at_end(w, ls_bytes_of(w->buffer, w->used), detail));
    w->used = 0;
    return LS_SUCCESS;
}

ls_result ls_file_append(ls_file_writer *w, ls_bytes content, ls_detail *detail)
{
    if (content.len > BUFFER_SIZE - w->used) {
        LS_TRY(flush(w, detail));
    }
    if (content.len > BUFFER_SIZE) {
        return write_at_end(w, content, detail);
    }
    if (content.len > 0) {
        memcpy(w->buffer + w->used, content.ptr, content.len);
        w->used += content.len;
    }
    return LS_SUCCESS;
}

ls_result ls_file_sink(void *writer, ls_bytes content, ls_detail *detail)
{
    return ls_file_append(writer, content, detail);
}

ls_result ls_file_rewrite(ls_file_writer *w, uint64_t offset, ls_bytes content, ls_detail *detail)
{
    LS_TRY(flush(w, detail));
    if (offset > w->written || content.len > w->written - offset) {
        return ls_fail(&ls_fault_bug);
    }
    return write_all(w->fd, content, offset) ? LS_SUCCESS : ls_os_fail(w->path, "can't be written", detail);
}

static bool sync_and_close(ls_file_writer *w)
{
    if (fsync(w->fd) != 0) {
        return false;
    }
    int fd = w->fd;
    w->fd = -1;
    return close(fd) == 0 || errno == EINTR;
}

/* A device, a pipe, a socket: whoever names one by mistake (--html /dev/null) would lose it. */
static bool is_special(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode) && !S_ISLNK(st.st_mode);
}

/* Gives the temporary file its name. Without replace, a file that has the name already stays, and that is EEXIST; so is
 * what is no file. */
static bool put_in_place(ls_file_writer *w, bool replace)
{
    if (replace && is_special(w->path)) {
        errno = EEXIST;
        return false;
    }
    if (replace) {
        return rename(w->temporary, w->path) == 0;
    }
    if (renameat2(AT_FDCWD, w->temporary, AT_FDCWD, w->path, RENAME_NOREPLACE) == 0) {
        return true;
    }
    /* Not every file system knows that flag; a hard link refuses to replace, too. */
    return errno == EINVAL && link(w->temporary, w->path) == 0 && unlink(w->temporary) == 0;
}

static ls_result commit(ls_file_writer *w, bool replace, ls_detail *detail)
{
    LS_TRY(flush(w, detail));
    free_buffer(w);
    if (!sync_and_close(w)) {
        return ls_os_fail(w->path, "can't be written", detail);
    }
    /* Opened before the rename: if that is not possible, nothing has changed yet. */
    int folder = open_folder_of(w->path);
    if (folder < 0) {
        return ls_os_fail(w->path, "can't be written, as its folder can't be opened", detail);
    }
    if (!put_in_place(w, replace)) {
        int error = errno;
        close(folder);
        errno = error;
        return ls_os_fail(w->path, replace ? "can't be written" : "can't be made", detail);
    }
    w->temporary[0] = '\0';
    return sync_folder(folder) ? LS_SUCCESS : ls_os_fail(w->path, "may not be on disk", detail);
}

ls_result ls_file_commit(ls_file_writer *w, ls_detail *detail)
{
    return commit(w, true, detail);
}

void ls_file_abort(ls_file_writer *w)
{
    free_buffer(w);
    if (w->temporary[0] != '\0') {
        if (w->fd >= 0) {
            close(w->fd);
        }
        unlink(w->temporary);
        w->temporary[0] = '\0';
    }
    w->fd = -1;
}

static ls_result write_whole(const char *path, ls_bytes content, bool replace, ls_detail *detail)
{
    ls_file_writer w = {0};
    LS_TRY(ls_file_begin(path, &w, detail));
    ls_result r = ls_file_append(&w, content, detail);
    if (ls_succeeded(r)) {
        r = commit(&w, replace, detail);
    }
    ls_file_abort(&w);
    return r;
}

ls_result ls_file_write(const char *path, ls_bytes content, ls_detail *detail)
{
    return write_whole(path, content, true, detail);
}

static ls_result put_or_remove(ls_file_writer *w, ls_bytes content, ls_detail *detail)
{
    bool written = write_all(w->fd, content, 0) && fchmod(w->fd, 0644) == 0;
    bool closed = close(w->fd) == 0 || errno == EINTR;
    w->fd = -1;
    if (!written || !closed || !put_in_place(w, true)) {
        ls_result r = ls_os_fail(w->path, "can't be written", detail);
        unlink(w->temporary);
        return r;
    }
    return LS_SUCCESS;
}

ls_result ls_file_put(const char *path, ls_bytes content, ls_detail *detail)
{
    ls_file_writer w = {.fd = -1};
    if (!set_names(&w, path)) {
        return ls_os_fail(path, "can't be written", detail);
    }
    w.fd = mkostemp(w.temporary, O_CLOEXEC);
    return w.fd < 0 ? ls_os_fail(path, "can't be written", detail) : put_or_remove(&w, content, detail);
}

ls_result ls_folder_settle(const char *path, ls_detail *detail)
{
    int folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool synced = folder >= 0 && syncfs(folder) == 0;
    ls_result r = synced ? LS_SUCCESS : ls_os_fail(path, "may not be on disk", detail);
    if (folder >= 0) {
        close(folder);
    }
    return r;
}

ls_result ls_file_create(const char *path, ls_bytes content, ls_detail *detail)
{
    return write_whole(path, content, false, detail);
}

static bool is_folder(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

ls_result ls_folder_make(const char *path, ls_detail *detail)
{
    bool made = mkdir(path, 0700) == 0;
    if (!made && (errno != EEXIST || !is_folder(path))) {
        return ls_os_fail(path, "can't be made", detail);
    }
    /* One that was there is synced, too: its maker may have been killed before doing it. Whoever may not read the
     * parent did not make it. */
    int parent = open_folder_of(path);
    if (parent < 0 && !made && errno == EACCES) {
        return LS_SUCCESS;
    }
    return parent >= 0 && sync_folder(parent) ? LS_SUCCESS : ls_os_fail(path, "may not be on disk", detail);
}

ls_result ls_file_settle(const char *path, ls_detail *detail)
{
    int folder = open_folder_of(path);
    return folder >= 0 && sync_folder(folder) ? LS_SUCCESS : ls_os_fail(path, "may not be on disk", detail);
}

ls_result ls_file_remove(const char *path, ls_detail *detail)
{
    if (unlink(path) != 0) {
        return ls_os_fail(path, "can't be removed", detail);
    }
    int folder = open_folder_of(path);
    return folder >= 0 && sync_folder(folder) ? LS_SUCCESS : ls_os_fail(path, "may come back", detail);
}

static int discard_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
    (void)st;
    (void)kind;
    (void)place;
    remove(path); /* what can't be removed stays */
    return 0;
}

void ls_folder_discard(const char *path)
{
    nftw(path, discard_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
}

/* Needs no sync: a leftover that comes back after a power loss is swept again. */
static bool sweep(DIR *folder)
{
    errno = 0;
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        if (ls_os_is_temporary(entry->d_name) && unlinkat(dirfd(folder), entry->d_name, 0) != 0) {
            return false;
        }
        errno = 0;
    }
    return errno == 0;
}

ls_result ls_folder_sweep(const char *path, ls_detail *detail)
{
    DIR *folder = opendir(path);
    bool swept = folder != NULL && sweep(folder);
    ls_result r = swept ? LS_SUCCESS : ls_os_fail(path, "can't be cleared of leftovers", detail);
    if (folder != NULL) {
        closedir(folder);
    }
    return r;
}

static int sweep_one(const char *path, const struct stat *st, int kind, struct FTW *place)
{
    (void)st;
    bool left = kind == FTW_F && ls_os_is_temporary(path + place->base);
    return left && unlink(path) != 0 && errno != ENOENT ? -1 : 0;
}

ls_result ls_tree_sweep(const char *path, ls_detail *detail)
{
    return nftw(path, sweep_one, 16, FTW_PHYS | FTW_MOUNT) == 0
               ? LS_SUCCESS
               : ls_os_fail(path, "can't be cleared of leftovers", detail);
}
