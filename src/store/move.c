/*
 * A ledger moves from its folder into a database. Entries go in batches, each behind the last that is there, so that
 * whoever was interrupted goes on where he was. The mark comes last: up to then the folder is the record.
 *
 * A database that holds the ledger already (another machine has moved it) must begin with what the folder holds.
 * Otherwise the two are different histories under one key, and whoever went on with either would contradict the other.
 */
#include "os/os.h"
#include "store/files.h"
#include <inttypes.h>
#include <lockstep/note.h>
#include <stdio.h>
#include <stdlib.h>

#define BATCH_ENTRIES 1000
#define BATCH_BYTES (8u << 20)
#define LEASE 60 /* seconds, from each batch on */
#define PATH_SIZE 4096

typedef struct mover {
    const char *folder;
    ls_bytes holder; /* empty: the caller leads */
    ls_store *from, *to;
    uint64_t epoch, size; /* of what is there */
    size_t count;
    ls_buf notes; /* of the batch, one after the other */
    size_t length[BATCH_ENTRIES];
    ls_hash root[BATCH_ENTRIES];
    ls_detail *detail;
} mover;

static ls_result path_in(const mover *m, const char *name, const char *rest, char out[static PATH_SIZE])
{
    int len = snprintf(out, PATH_SIZE, "%s/%s%s%s", m->folder, name, rest[0] == 0 ? "" : "/", rest);
    return len > 0 && len < PATH_SIZE ? LS_SUCCESS
                                      : ls_fail_with(&ls_fault_store, m->detail, "the folder's path is too long");
}

bool ls_store_moved(const char *folder)
{
    char path[PATH_SIZE];
    const mover m = {.folder = folder};
    return ls_succeeded(path_in(&m, LS_STORE_MOVED, "", path)) && ls_file_exists(path);
}

/* Entries. */

static ls_result send_batch(mover *m)
{
    ls_bytes notes[BATCH_ENTRIES];
    size_t offset = 0;
    LS_TRY(ls_buf_check(&m->notes));
    for (size_t i = 0; i < m->count; i++) {
        notes[i] = ls_bytes_of(m->notes.ptr + offset, m->length[i]);
        offset += m->length[i];
    }
    if (m->holder.len > 0) {
        LS_TRY(m->to->methods->lead(m->to, m->holder, LEASE, &m->epoch, m->detail));
    }
    LS_TRY(m->to->methods->append(m->to, m->epoch, m->size, notes, m->root, m->count, m->detail));
    m->size += m->count;
    m->count = m->notes.len = 0;
    return LS_SUCCESS;
}

static ls_result take_entry(void *context, uint64_t index, ls_bytes note)
{
    mover *m = context;
    (void)index;
    m->length[m->count++] = note.len;
    ls_buf_put_bytes(&m->notes, note);
    return LS_SUCCESS;
}

/* By turns reading a batch and writing it: a root can't be asked for in the middle of reading. */
static ls_result move_entries(mover *m, uint64_t size)
{
    while (m->size < size) {
        for (uint64_t i = m->size; i < size && m->count < BATCH_ENTRIES && m->notes.len < BATCH_BYTES; i++) {
            LS_TRY(m->from->methods->root(m->from, i + 1, &m->root[m->count], m->detail));
            LS_TRY(m->from->methods->read(m->from, i, i + 1, take_entry, m, m->detail));
        }
        LS_TRY(send_batch(m));
    }
    return LS_SUCCESS;
}

/* What both hold must be the same. */
static ls_result compare(mover *m, uint64_t size)
{
    uint64_t common = size < m->size ? size : m->size;
    ls_hash here, there;
    LS_TRY(m->from->methods->root(m->from, common, &here, m->detail));
    LS_TRY(m->to->methods->root(m->to, common, &there, m->detail));
    if (!ls_hash_equal(&here, &there)) {
        ls_hint(m->detail, "find out which of the two the cosigners know; nothing was changed");
        return ls_fail_with(&ls_fault_store_damaged, m->detail,
                            "%s and the database hold two histories, which differ before entry %" PRIu64, m->folder,
                            common);
    }
    return LS_SUCCESS;
}

/* Checkpoints. */

static uint64_t size_of(const ls_buf *checkpoint)
{
    ls_note note;
    ls_checkpoint c;
    bool read = ls_succeeded(ls_note_parse(ls_buf_bytes(checkpoint), &note)) &&
                ls_succeeded(ls_checkpoint_parse(note.text, &c));
    return read ? c.size : 0;
}

static ls_result move_checkpoints(mover *m, const ls_store_head *here, const ls_store_head *there)
{
    uint64_t latest = size_of(&here->latest), final = size_of(&here->final);
    if (latest > size_of(&there->latest)) {
        LS_TRY(m->to->methods->publish(m->to, m->epoch, latest, ls_buf_bytes(&here->latest), m->detail));
    }
    if (final > size_of(&there->final)) {
        LS_TRY(m->to->methods->finalize(m->to, m->epoch, final, ls_buf_bytes(&here->final), m->detail));
    }
    return LS_SUCCESS;
}

/* Files and boxes. */

static ls_result give(void *context, size_t cap, ls_buf *out, ls_detail *detail)
{
    ls_bytes *left = context;
    size_t len = left->len < cap ? left->len : cap;
    (void)detail;
    ls_buf_put(out, left->ptr, len);
    *left = ls_bytes_of(left->ptr + len, left->len - len);
    return ls_buf_check(out);
}

static ls_result move_file(void *context, const ls_hash *hash)
{
    mover *m = context;
    char path[PATH_SIZE], hex[LS_HEX_HASH_SIZE];
    ls_map map;
    ls_hash_format(hash, hex);
    LS_TRY(path_in(m, LS_STORE_FILES, hex, path));
    LS_TRY(ls_file_map(path, &map, m->detail));
    ls_bytes left = map.bytes;
    ls_result r = m->to->methods->attach(m->to, hash, left.len, (ls_store_source){give, &left}, m->detail);
    ls_file_unmap(&map);
    return r;
}

/* The boxes of one addressee. */
typedef struct addressee {
    mover *m;
    ls_bytes name;
} addressee;

static ls_result move_box(void *context, const ls_hash *hash)
{
    const addressee *a = context;
    const mover *m = a->m;
    ls_buf box = {0};
    ls_result r = m->from->methods->box(m->from, a->name, hash, UINT64_MAX, &box, m->detail);
    if (ls_succeeded(r)) {
        r = m->to->methods->post(m->to, a->name, hash, ls_buf_bytes(&box), m->detail);
    }
    ls_buf_free(&box);
    return r;
}

static ls_result move_boxes(mover *m)
{
    char path[PATH_SIZE];
    char **names;
    size_t count;
    ls_arena arena = {0};
    LS_TRY(path_in(m, LS_STORE_BOXES, "", path));
    ls_result r = ls_folder_list(&arena, path, &names, &count, m->detail);
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        addressee a = {m, ls_bytes_str(names[i])};
        r = m->from->methods->boxes(m->from, a.name, move_box, &a, m->detail);
    }
    ls_arena_free(&arena);
    return r;
}

/* All of it. */

/* Entries come last but for the checkpoints: whoever finds one finds the files that it names. */
static ls_result move_parts(mover *m, const ls_store_head *here, const ls_store_head *there)
{
    m->size = there->size;
    LS_TRY(compare(m, here->size));
    if (here->size <= m->size && size_of(&here->latest) <= size_of(&there->latest)) {
        return LS_SUCCESS; /* another machine has moved it, and gone on */
    }
    LS_TRY(m->to->methods->lead(m->to, m->holder, LEASE, &m->epoch, m->detail));
    LS_TRY(m->from->methods->attachments(m->from, move_file, m, m->detail));
    LS_TRY(move_boxes(m));
    LS_TRY(move_entries(m, here->size));
    LS_TRY(move_checkpoints(m, here, there));
    return m->to->methods->lead(m->to, m->holder, 0, &m->epoch, m->detail); /* gives it up */
}

static ls_result move_open(mover *m)
{
    ls_store_head here = {0}, there = {0};
    ls_result r = m->from->methods->head(m->from, &here, m->detail);
    if (ls_succeeded(r)) {
        r = m->to->methods->head(m->to, &there, m->detail);
    }
    if (ls_succeeded(r)) {
        r = move_parts(m, &here, &there);
    }
    ls_store_head_free(&here);
    ls_store_head_free(&there);
    return r;
}

/* Without a record there is nothing to move: a folder for a second machine may be a copy of key and origin alone. */
static ls_result move_record(mover *m)
{
    char path[PATH_SIZE];
    LS_TRY(path_in(m, LS_STORE_RECORD, "", path));
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_store_sqlite(m->folder, false, &m->from, m->detail));
    ls_result r = move_open(m);
    m->from->methods->close(m->from);
    return r;
}

static ls_result mark(const mover *m)
{
    char path[PATH_SIZE];
    LS_TRY(path_in(m, LS_STORE_MOVED, "", path));
    return ls_file_create(path, ls_bytes_str("The record of this ledger is in a database: lockstep serve --store\n"),
                          m->detail);
}

ls_result ls_store_move(const char *folder, ls_bytes holder, ls_store *to, ls_detail *detail)
{
    if (ls_store_moved(folder)) {
        return LS_SUCCESS;
    }
    mover *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    m->folder = folder;
    m->holder = holder;
    m->to = to;
    m->detail = detail;
    ls_result r = move_record(m);
    if (ls_succeeded(r)) {
        r = mark(m);
    }
    ls_buf_free(&m->notes);
    free(m);
    return r;
}

/* Copying. */

static ls_result copy_file(void *context, const ls_hash *hash)
{
    const mover *m = context;
    ls_buf content = {0};
    ls_result r = m->from->methods->fetch(m->from, hash, UINT64_MAX, &content, m->detail);
    ls_bytes left = ls_buf_bytes(&content);
    if (ls_succeeded(r)) {
        r = m->to->methods->attach(m->to, hash, left.len, (ls_store_source){give, &left}, m->detail);
    }
    ls_buf_free(&content);
    return r;
}

static ls_result copy_parts(mover *m, uint64_t size)
{
    ls_store_head there = {0};
    ls_result r = m->to->methods->head(m->to, &there, m->detail);
    m->size = there.size;
    ls_store_head_free(&there);
    LS_TRY(r);
    LS_TRY(compare(m, size));
    LS_TRY(m->from->methods->attachments(m->from, copy_file, m, m->detail));
    return move_entries(m, size);
}

ls_result ls_store_copy(ls_store *from, uint64_t size, ls_store *to, uint64_t epoch, ls_detail *detail)
{
    mover *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *m = (mover){.folder = "the folder", .from = from, .to = to, .epoch = epoch, .detail = detail};
    ls_result r = copy_parts(m, size);
    ls_buf_free(&m->notes);
    free(m);
    return r;
}
