/* Attachments: files beside the record, each under the hash of its bytes. */
#include "crypto/sha256.h"
#include "ledger/embedded.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER "attachments"
#define PIECE (64u << 10)

static ls_result path_of(const ls_embedded *l, const ls_hash *hash, char out[static LS_LEDGER_PATH_SIZE],
                         ls_detail *detail)
{
    char name[sizeof FOLDER "/" + 2 * LS_HASH_SIZE] = FOLDER "/";
    ls_hash_format(hash, name + sizeof FOLDER);
    return ls_embedded_path(l->folder, name, out, detail);
}

static ls_result damaged(const char *path, ls_detail *detail)
{
    ls_hint(detail, "attach the file again: a workspace that has it mends this one");
    return ls_fail_with(&ls_fault_store_damaged, detail, "%s does not hold the bytes that its name says", path);
}

/* Whether the file is there with the right bytes; its size. */
static ls_result inspect(const char *path, const ls_hash *hash, uint64_t *size, ls_detail *detail)
{
    ls_map map;
    ls_hash actual;
    LS_TRY(ls_file_map(path, &map, detail));
    ls_sha256_hash(map.bytes, &actual);
    *size = map.bytes.len;
    ls_file_unmap(&map);
    return ls_hash_equal(&actual, hash) ? LS_SUCCESS : damaged(path, detail);
}

ls_result ls_embedded_fetch(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE], hex[LS_HEX_HASH_SIZE];
    LS_TRY(path_of((const ls_embedded *)l, hash, path, detail));
    size_t before = out->len;
    ls_result r = ls_file_read(path, limit, out, detail);
    if (r.fault == &ls_fault_missing) {
        ls_hash_format(hash, hex);
        return ls_fail_with(&ls_fault_absent, detail, "the ledger has no attachment %s", hex);
    }
    LS_TRY(r);
    ls_hash actual;
    ls_sha256_hash(ls_bytes_of(out->ptr + before, out->len - before), &actual);
    if (!ls_hash_equal(&actual, hash)) {
        out->len = before;
        return damaged(path, detail);
    }
    return LS_SUCCESS;
}

ls_result ls_ledger_fetch_arena(void *ledger, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    ls_ledger *l = ledger;
    ls_buf content = {0};
    ls_result r = l->methods->fetch(l, hash, limit, &content, NULL);
    if (ls_succeeded(r)) {
        uint8_t *copy = ls_arena_alloc(arena, content.len);
        if (copy != NULL && content.len > 0) {
            memcpy(copy, content.ptr, content.len);
        }
        r = copy == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
        *out = copy == NULL ? *out : ls_bytes_of(copy, content.len);
    }
    ls_buf_free(&content);
    return r;
}

/* Where the bytes to attach come from: given once to be hashed, and once more to be stored. */
typedef struct source {
    ls_result (*give)(const struct source *s, ls_sha256 *hash, ls_file_writer *w, ls_detail *detail);
    ls_bytes content;
    const char *path;
} source;

/* Passes on one piece: to the hash, and to the file if there is one. */
static ls_result pass(ls_bytes piece, ls_sha256 *hash, ls_file_writer *w, ls_detail *detail)
{
    ls_sha256_update(hash, piece);
    return w == NULL ? LS_SUCCESS : ls_file_append(w, piece, detail);
}

static ls_result give_bytes(const source *s, ls_sha256 *hash, ls_file_writer *w, ls_detail *detail)
{
    return pass(s->content, hash, w, detail);
}

static ls_result give_pieces(int fd, const char *path, ls_sha256 *hash, ls_file_writer *w, ls_detail *detail)
{
    uint8_t piece[PIECE];
    for (;;) {
        ssize_t len = read(fd, piece, sizeof piece);
        if (len == 0) {
            return LS_SUCCESS;
        }
        if (len < 0 && errno != EINTR) {
            return ls_fail_with(&ls_fault_file, detail, "%s can't be read: %s", path, strerror(errno));
        }
        if (len > 0) {
            LS_TRY(pass(ls_bytes_of(piece, (size_t)len), hash, w, detail));
        }
    }
}

static ls_result give_file(const source *s, ls_sha256 *hash, ls_file_writer *w, ls_detail *detail)
{
    struct stat st;
    /* A pipe can't be read twice, and opening one could wait for ever. */
    int fd = open(s->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd >= 0 && fstat(fd, &st) == 0 && !S_ISREG(st.st_mode)) {
        close(fd);
        return ls_fail_with(&ls_fault_file, detail, "%s is not a regular file", s->path);
    }
    if (fd < 0) {
        return ls_fail_with(errno == ENOENT ? &ls_fault_missing : &ls_fault_file, detail, "%s can't be read: %s",
                            s->path, strerror(errno));
    }
    ls_result r = give_pieces(fd, s->path, hash, w, detail);
    close(fd);
    return r;
}

static ls_result hash_source(const source *s, ls_file_writer *w, ls_hash *out, ls_detail *detail)
{
    ls_sha256 hash;
    ls_sha256_init(&hash);
    LS_TRY(s->give(s, &hash, w, detail));
    ls_sha256_final(&hash, out);
    return LS_SUCCESS;
}

static ls_result write_file(const source *s, const ls_hash *hash, const char *path, ls_detail *detail)
{
    ls_file_writer w = {0};
    ls_hash written;
    LS_TRY(ls_file_begin(path, &w, detail));
    ls_result r = hash_source(s, &w, &written, detail);
    if (ls_succeeded(r) && !ls_hash_equal(&written, hash)) {
        r = ls_fail_with(&ls_fault_file, detail, "the file was changed while it was read");
    }
    if (ls_succeeded(r)) {
        r = ls_file_commit(&w, detail);
    }
    ls_file_abort(&w);
    return r;
}

/* Under the lock, so that what a killed process has left can be swept. */
static ls_result store_locked(const ls_embedded *l, const source *s, const ls_hash *hash, ls_detail *detail)
{
    char folder[LS_LEDGER_PATH_SIZE], path[LS_LEDGER_PATH_SIZE];
    uint64_t size;
    LS_TRY(ls_embedded_path(l->folder, FOLDER, folder, detail));
    LS_TRY(path_of(l, hash, path, detail));
    if (ls_succeeded(inspect(path, hash, &size, NULL))) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_folder_sweep(folder, detail));
    return write_file(s, hash, path, detail);
}

static ls_result attach(const ls_embedded *l, const source *s, ls_hash *out, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    ls_lock lock;
    ls_hash hash;
    LS_TRY(hash_source(s, NULL, &hash, detail));
    LS_TRY(ls_embedded_path(l->folder, LS_LEDGER_LOCK, path, detail));
    LS_TRY(ls_lock_take(path, &lock, detail));
    ls_result r = store_locked(l, s, &hash, detail);
    ls_unlock(&lock);
    if (ls_succeeded(r)) {
        *out = hash;
    }
    return r;
}

ls_result ls_embedded_attach(ls_ledger *l, const char *path, ls_hash *hash, ls_detail *detail)
{
    return attach((const ls_embedded *)l, &(source){.give = give_file, .path = path}, hash, detail);
}

ls_result ls_embedded_attach_bytes(ls_ledger *l, ls_bytes content, ls_hash *hash, ls_detail *detail)
{
    return attach((const ls_embedded *)l, &(source){.give = give_bytes, .content = content}, hash, detail);
}

ls_result ls_embedded_check_attachments(const ls_embedded *l, const ls_act *act, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        char path[LS_LEDGER_PATH_SIZE];
        uint64_t size = 0;
        LS_TRY(path_of(l, &a->hash, path, detail));
        ls_result r = inspect(path, &a->hash, &size, detail);
        if (r.fault == &ls_fault_missing) {
            ls_hint(detail, "attach it first: an act is filed after the files that it names");
            return ls_fail_with(&ls_fault_refused, detail, "the ledger does not have the attachment %.*s",
                                (int)a->file_name.len, a->file_name.ptr);
        }
        LS_TRY(r);
        if (size != a->size) {
            return ls_fail_with(&ls_fault_refused, detail,
                                "the attachment %.*s has %" PRIu64 " bytes, and the act says %" PRIu64,
                                (int)a->file_name.len, a->file_name.ptr, size, a->size);
        }
    }
    return LS_SUCCESS;
}
