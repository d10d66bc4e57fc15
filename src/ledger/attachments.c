#include "ledger/attachments.h"
#include "crypto/sha256.h"
#include "os/os.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

const struct ls_submitted_file *ls_submission_file(const ls_submission *s, const ls_hash *hash)
{
    for (size_t i = 0; i < s->attachment_count; i++) {
        if (ls_hash_equal(&s->attachment[i].hash, hash)) {
            return &s->attachment[i];
        }
    }
    return NULL;
}

ls_result ls_submitted_read(const struct ls_submitted_file *f, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    ls_buf file = {0};
    ls_bytes content = f->content;
    if (f->path != NULL) {
        LS_TRY(ls_file_read(f->path, limit, &file, NULL));
        content = ls_buf_bytes(&file);
    }
    uint8_t *copy = content.len > limit ? NULL : ls_arena_alloc(arena, content.len);
    if (copy != NULL && content.len > 0) {
        memcpy(copy, content.ptr, content.len);
    }
    ls_buf_free(&file);
    if (copy == NULL) {
        return ls_fail(content.len > limit ? &ls_fault_large : &ls_fault_memory);
    }
    *out = ls_bytes_of(copy, content.len);
    return LS_SUCCESS;
}

/* A submitted file as a source: its bytes, or its path opened. */
typedef struct source {
    ls_bytes left;
    const char *path; /* NULL: the bytes */
    int fd;
} source;

static ls_result open_source(const struct ls_submitted_file *f, source *s, ls_detail *detail)
{
    struct stat st;
    *s = (source){.left = f->content, .path = f->path, .fd = -1};
    if (f->path == NULL) {
        return LS_SUCCESS;
    }
    /* A pipe can't be read twice, and opening one could wait for ever. */
    s->fd = open(f->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (s->fd < 0) {
        return ls_fail_with(errno == ENOENT ? &ls_fault_missing : &ls_fault_file, detail, "%s can't be read: %s",
                            f->path, strerror(errno));
    }
    if (fstat(s->fd, &st) != 0 || !S_ISREG(st.st_mode)) {
        close(s->fd);
        return ls_fail_with(&ls_fault_file, detail, "%s is not a regular file", f->path);
    }
    return LS_SUCCESS;
}

static void close_source(source *s)
{
    if (s->fd >= 0) {
        close(s->fd);
    }
}

static ls_result read_piece(source *s, size_t cap, ls_buf *out, ls_detail *detail)
{
    uint8_t *to = ls_buf_extend(out, cap);
    if (to == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ssize_t len;
    do {
        len = read(s->fd, to, cap);
    } while (len < 0 && errno == EINTR);
    out->len -= cap - (len < 0 ? 0 : (size_t)len);
    return len < 0 ? ls_fail_with(&ls_fault_file, detail, "%s can't be read: %s", s->path, strerror(errno))
                   : LS_SUCCESS;
}

static ls_result next_piece(void *context, size_t cap, ls_buf *out, ls_detail *detail)
{
    source *s = context;
    if (s->fd >= 0) {
        return read_piece(s, cap, out, detail);
    }
    size_t len = s->left.len < cap ? s->left.len : cap;
    ls_buf_put(out, s->left.ptr, len);
    s->left = ls_bytes_of(s->left.ptr + len, s->left.len - len);
    return ls_buf_check(out);
}

#define PIECE (64u << 10)

static ls_result measure_source(source *s, uint64_t *size, ls_hash *hash, ls_detail *detail)
{
    ls_sha256 state;
    ls_buf piece = {0};
    ls_result r;
    *size = 0;
    ls_sha256_init(&state);
    do {
        piece.len = 0;
        r = next_piece(s, PIECE, &piece, detail);
        ls_sha256_update(&state, ls_buf_bytes(&piece));
        *size += piece.len;
    } while (ls_succeeded(r) && piece.len > 0);
    ls_buf_free(&piece);
    ls_sha256_final(&state, hash);
    return r;
}

static ls_result measure(const struct ls_submitted_file *f, uint64_t *size, ls_hash *hash, ls_detail *detail)
{
    source s;
    LS_TRY(open_source(f, &s, detail));
    ls_result r = measure_source(&s, size, hash, detail);
    close_source(&s);
    return r;
}

/* Size and hash of the file that the act names: of what came along, or of what the store has. */
static ls_result find(ls_store *store, const ls_submission *s, const ls_attachment *a, uint64_t *size, ls_hash *hash,
                      ls_detail *detail)
{
    const struct ls_submitted_file *f = ls_submission_file(s, &a->hash);
    if (f != NULL) {
        return measure(f, size, hash, detail);
    }
    *hash = a->hash;
    ls_result r = store->methods->attached(store, &a->hash, size, detail);
    if (r.fault == &ls_fault_absent) {
        ls_hint(detail, "send it along: an act is filed with the files that it names");
        return ls_fail_with(&ls_fault_refused, detail, "the ledger does not have the attachment %.*s",
                            (int)a->file_name.len, a->file_name.ptr);
    }
    return r;
}

/* Files for others than all who read the ledger never lie beside it. */
static bool lies_in_ledger(const ls_attachment *a)
{
    return ls_bytes_is(a->audience, "public") || ls_bytes_is(a->audience, "process");
}

ls_result ls_attachments_check(ls_store *store, const ls_submission *s, const ls_act *act, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        uint64_t size;
        ls_hash hash;
        if (!lies_in_ledger(a)) {
            continue;
        }
        LS_TRY(find(store, s, a, &size, &hash, detail));
        if (!ls_hash_equal(&hash, &a->hash)) {
            return ls_fail_with(&ls_fault_refused, detail, "the attachment %.*s is not the one that was signed",
                                (int)a->file_name.len, a->file_name.ptr);
        }
        if (size != a->size) {
            return ls_fail_with(&ls_fault_refused, detail,
                                "the attachment %.*s has %" PRIu64 " bytes, and the act says %" PRIu64,
                                (int)a->file_name.len, a->file_name.ptr, size, a->size);
        }
    }
    return LS_SUCCESS;
}

static ls_result store_one(ls_store *store, const struct ls_submitted_file *f, const ls_attachment *a,
                           ls_detail *detail)
{
    source s;
    LS_TRY(open_source(f, &s, detail));
    ls_result r = store->methods->attach(store, &a->hash, a->size, (ls_store_source){next_piece, &s}, detail);
    close_source(&s);
    return r;
}

ls_result ls_attachments_store(ls_store *store, const ls_submission *s, const ls_act *act, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        const struct ls_submitted_file *f = ls_submission_file(s, &a->hash);
        if (f != NULL && lies_in_ledger(a)) {
            LS_TRY(store_one(store, f, a, detail));
        }
    }
    return LS_SUCCESS;
}
