/* Files read whole or mapped. */
#include "os/error.h"
#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define CHUNK_SIZE (64u << 10)

/* Opens a regular file only: a pipe could block, and a device has no end. */
static int open_regular(const char *path, struct stat *st)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    bool known = fd >= 0 && fstat(fd, st) == 0;
    if (fd < 0 || (known && S_ISREG(st->st_mode))) {
        return fd;
    }
    int error = !known ? errno : S_ISDIR(st->st_mode) ? EISDIR : EINVAL;
    close(fd);
    errno = error;
    return -1;
}

static ssize_t read_some(int fd, uint8_t *to, size_t len)
{
    ssize_t n;
    do {
        n = read(fd, to, len);
    } while (n < 0 && errno == EINTR);
    return n;
}

static ls_result fail_large(const char *path, uint64_t limit, ls_detail *detail)
{
    if (detail != NULL) {
        snprintf(detail->file, sizeof detail->file, "%s", path);
    }
    return ls_fail_with(&ls_fault_large, detail, "%s is larger than %llu bytes", path, (unsigned long long)limit);
}

/* Reads to the end; room is how much the first read should take at most. */
static ls_result read_to_end(int fd, const char *path, size_t room, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    size_t start = out->len;
    for (;;) {
        uint8_t *to = ls_buf_extend(out, room);
        if (to == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        ssize_t n = read_some(fd, to, room);
        out->len -= room - (n < 0 ? 0 : (size_t)n);
        if (n < 0) {
            return ls_os_fail(path, "can't be read", detail);
        }
        if (out->len - start > limit) {
            return fail_large(path, limit, detail);
        }
        if (n == 0) {
            return LS_SUCCESS;
        }
        room = CHUNK_SIZE;
    }
}

static ls_result read_open(int fd, const char *path, uint64_t size, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    if (size > limit || size > SIZE_MAX / 8) {
        return fail_large(path, limit, detail);
    }
    size_t start = out->len;
    ls_result r = read_to_end(fd, path, (size_t)size + CHUNK_SIZE, limit, out, detail);
    if (ls_failed(r) && out->len > start) {
        sodium_memzero(out->ptr + start, out->len - start);
        out->len = start;
    }
    return r;
}

ls_result ls_file_read(const char *path, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    if (strcmp(path, "-") == 0) {
        return read_open(STDIN_FILENO, "standard input", 0, limit, out, detail);
    }
    struct stat st;
    int fd = open_regular(path, &st);
    if (fd < 0) {
        return ls_os_fail(path, "can't be read", detail);
    }
    ls_result r = read_open(fd, path, (uint64_t)st.st_size, limit, out, detail);
    close(fd);
    return r;
}

bool ls_file_exists(const char *path)
{
    struct stat st;
    return lstat(path, &st) == 0;
}

ls_result ls_file_map(const char *path, ls_map *map, ls_detail *detail)
{
    struct stat st;
    int fd = open_regular(path, &st);
    if (fd < 0) {
        return ls_os_fail(path, "can't be read", detail);
    }
    /* An empty file can't be mapped. */
    void *ptr = st.st_size == 0 ? NULL : mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    ls_result r = ptr == MAP_FAILED ? ls_os_fail(path, "can't be mapped into memory", detail) : LS_SUCCESS;
    close(fd);
    if (ls_succeeded(r)) {
        map->bytes = ls_bytes_of(ptr, (size_t)st.st_size);
    }
    return r;
}

void ls_file_unmap(ls_map *map)
{
    if (map->bytes.len > 0) {
        munmap((void *)(uintptr_t)map->bytes.ptr, map->bytes.len);
    }
    map->bytes = (ls_bytes){0};
}
