/*
 * Files beside the entries. A name is the hash of the bytes, so that a file is either right or damaged, and one that
 * is there already need not be written again.
 */
#include "store/files.h"
#include "crypto/sha256.h"
#include "os/os.h"
#include "record/record.h"
#include <inttypes.h>
#include <stdio.h>
#include <sys/stat.h>

#define PIECE (64u << 10) /* bytes asked of a source at once */
#define PATH_SIZE 4096

static ls_result path_of(const char *folder, const ls_hash *hash, char out[static PATH_SIZE], ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    int len = snprintf(out, PATH_SIZE, "%s/%s", folder, hex);
    return len > 0 && len < PATH_SIZE
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_store, detail, "the path of the attachments is too long");
}

static ls_result damaged(const char *path, ls_detail *detail)
{
    ls_hint(detail, "file its act again: a workspace that has the attachment mends this one");
    return ls_fail_with(&ls_fault_store_damaged, detail, "%s does not hold the bytes that its name says", path);
}

static ls_result absent(const ls_hash *hash, ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    return ls_fail_with(&ls_fault_absent, detail, "the ledger has no attachment %s", hex);
}

/* Whether the file is there with the right bytes. */
static bool is_sound(const char *path, const ls_hash *hash)
{
    ls_map map;
    ls_hash actual;
    if (ls_failed(ls_file_map(path, &map, NULL))) {
        return false;
    }
    ls_sha256_hash(map.bytes, &actual);
    ls_file_unmap(&map);
    return ls_hash_equal(&actual, hash);
}

ls_result ls_files_attached(const char *folder, const ls_hash *hash, uint64_t *size, ls_detail *detail)
{
    char path[PATH_SIZE];
    struct stat st;
    LS_TRY(path_of(folder, hash, path, detail));
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) {
        return absent(hash, detail);
    }
    *size = (uint64_t)st.st_size;
    return LS_SUCCESS;
}

ls_result ls_files_fetch(const char *folder, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    char path[PATH_SIZE];
    LS_TRY(path_of(folder, hash, path, detail));
    size_t before = out->len;
    ls_result r = ls_file_read(path, limit, out, detail);
    if (r.fault == &ls_fault_missing) {
        return absent(hash, detail);
    }
    LS_TRY(r);
    ls_hash actual;
    ls_sha256_hash(before == 0 ? ls_buf_bytes(out) : ls_bytes_of(out->ptr + before, out->len - before), &actual);
    if (!ls_hash_equal(&actual, hash)) {
        out->len = before;
        return damaged(path, detail);
    }
    return LS_SUCCESS;
}

/* Passes the source's bytes on to the file, and hashes them on the way. */
static ls_result copy(ls_store_source source, uint64_t size, ls_file_writer *w, ls_hash *hash, ls_detail *detail)
{
    ls_sha256 state;
    ls_buf piece = {0};
    ls_result r;
    uint64_t copied = 0;
    ls_sha256_init(&state);
    for (;;) {
        piece.len = 0;
        r = source.next(source.context, PIECE, &piece, detail);
        r = ls_succeeded(r) ? ls_buf_check(&piece) : r;
        copied += piece.len;
        if (ls_failed(r) || piece.len == 0 || copied > size) {
            break;
        }
        ls_sha256_update(&state, ls_buf_bytes(&piece));
        r = ls_file_append(w, ls_buf_bytes(&piece), detail);
        if (ls_failed(r)) {
            break;
        }
    }
    ls_buf_free(&piece);
    ls_sha256_final(&state, hash);
    return ls_succeeded(r) && copied != size
               ? ls_fail_with(&ls_fault_store, detail, "an attachment has other than its %" PRIu64 " bytes", size)
               : r;
}

static ls_result write_file(const char *path, const ls_hash *hash, uint64_t size, ls_store_source source,
                            ls_detail *detail)
{
    ls_file_writer w = {0};
    ls_hash written;
    LS_TRY(ls_file_begin(path, &w, detail));
    ls_result r = copy(source, size, &w, &written, detail);
    if (ls_succeeded(r) && !ls_hash_equal(&written, hash)) {
        r = ls_fail_with(&ls_fault_store, detail, "an attachment does not have the bytes that its hash says");
    }
    if (ls_succeeded(r)) {
        r = ls_file_commit(&w, detail);
    }
    ls_file_abort(&w);
    return r;
}

ls_result ls_files_attach(const char *folder, const ls_hash *hash, uint64_t size, ls_store_source source,
                          ls_detail *detail)
{
    char path[PATH_SIZE];
    LS_TRY(path_of(folder, hash, path, detail));
    return is_sound(path, hash) ? ls_file_settle(path, detail) : write_file(path, hash, size, source, detail);
}

ls_result ls_files_list(const char *folder, ls_result (*sink)(void *context, const ls_hash *hash), void *context,
                        ls_detail *detail)
{
    ls_arena arena = {0};
    char **names;
    size_t count;
    ls_result r = ls_folder_list(&arena, folder, &names, &count, detail);
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        ls_hash hash;
        /* Whatever else somebody has put there is none of ours. */
        if (ls_hash_parse(ls_bytes_str(names[i]), &hash)) {
            r = sink(context, &hash);
        }
    }
    ls_arena_free(&arena);
    return r;
}
