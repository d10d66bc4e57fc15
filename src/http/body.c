/* A request's body: in memory while it is small, in a file without a name when it is large. */
#include "http/internal.h"
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

/* Takes `len` of what all requests share; false if it would be more than max. */
static bool charge(atomic_ullong *total, uint64_t len, uint64_t max)
{
    if (atomic_fetch_add(total, len) + len <= max) {
        return true;
    }
    atomic_fetch_sub(total, len);
    return false;
}

static unsigned write_all(int fd, ls_bytes piece)
{
    while (piece.len > 0) {
        ssize_t n = write(fd, piece.ptr, piece.len);
        if (n < 0 && errno != EINTR) {
            return MHD_HTTP_SERVICE_UNAVAILABLE; /* the disk is full, most likely; it may have room again */
        }
        size_t done = n < 0 ? 0 : (size_t)n;
        piece = ls_bytes_of(piece.ptr + done, piece.len - done);
    }
    return 0;
}

static unsigned append_file(ls_http_server *s, ls_http_body *b, ls_bytes piece)
{
    if (!charge(&s->spooled, piece.len, LS_HTTP_SPOOL_MAX)) {
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    b->charged_file += piece.len;
    return write_all(b->file, piece);
}

/* From now on in a file, with what is in memory first. */
static unsigned spool(ls_http_server *s, ls_http_body *b)
{
    b->file = open(s->spool, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (b->file < 0) {
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    unsigned status = append_file(s, b, ls_buf_bytes(&b->memory));
    ls_buf_free(&b->memory);
    b->memory = (ls_buf){0};
    atomic_fetch_sub(&s->memory, b->charged_memory);
    b->charged_memory = 0;
    return status;
}

unsigned ls_http_body_append(ls_http_server *s, ls_http_body *b, uint64_t in_memory, ls_bytes piece)
{
    if (b->file < 0) {
        if (b->len + piece.len <= in_memory && charge(&s->memory, piece.len, LS_HTTP_MEMORY_MAX)) {
            b->charged_memory += piece.len;
            b->len += piece.len;
            ls_buf_put_bytes(&b->memory, piece);
            return b->memory.failed ? MHD_HTTP_SERVICE_UNAVAILABLE : 0;
        }
        unsigned status = spool(s, b);
        if (status != 0) {
            return status;
        }
    }
    b->len += piece.len;
    return append_file(s, b, piece);
}

unsigned ls_http_body_finish(ls_http_body *b, ls_bytes *out)
{
    if (b->file < 0) {
        *out = ls_buf_bytes(&b->memory);
        return 0;
    }
    void *map = mmap(NULL, b->len, PROT_READ, MAP_PRIVATE, b->file, 0);
    if (map == MAP_FAILED) {
        return MHD_HTTP_SERVICE_UNAVAILABLE;
    }
    b->map = map;
    *out = ls_bytes_of(map, b->len);
    return 0;
}

void ls_http_body_free(ls_http_server *s, ls_http_body *b)
{
    if (b->map != NULL) {
        munmap(b->map, b->len);
    }
    if (b->file >= 0) {
        close(b->file);
    }
    atomic_fetch_sub(&s->memory, b->charged_memory);
    atomic_fetch_sub(&s->spooled, b->charged_file);
    ls_buf_free(&b->memory);
}
