/*
 * Where a checkpoint and a replica do not fit: whose fault it is. What proves that the ledger has signed two histories
 * is kept; what was wrongly taken in is dropped.
 */
#include "crypto/sha256.h"
#include "ledger/piece.h"
#include "ledger/replica_parts.h"
#include "os/os.h"
#include "process/finality.h"
#include <inttypes.h>
#include <lockstep/limits.h>
#include <stdio.h>
#include <stdlib.h>

#define FRESH "fresh"
#define EVIDENCE "evidence"

typedef struct other_history {
    ls_hash *leaf;
    uint64_t count;
} other_history;

static ls_result take_leaf(void *context, uint64_t index, ls_bytes note)
{
    other_history *o = context;
    ls_merkle_leaf(note, &o->leaf[index]);
    o->count = index + 1;
    return LS_SUCCESS;
}

static void root_of(const other_history *o, uint64_t size, ls_hash *out)
{
    ls_merkle_frontier f = {0};
    for (uint64_t i = 0; i < size && i < o->count; i++) {
        ls_merkle_append(&f, &o->leaf[i]);
    }
    ls_merkle_frontier_root(&f, out);
}

static ls_result write_evidence(const ls_replica *r, const ls_hash *hash, const char *ending, ls_bytes content,
                                ls_detail *detail)
{
    char name[sizeof EVIDENCE + LS_HEX_HASH_SIZE + 16], hex[LS_HEX_HASH_SIZE], path[LS_REPLICA_PATH_SIZE];
    LS_TRY(ls_replica_path(r, EVIDENCE, path, detail));
    LS_TRY(ls_folder_make(path, detail));
    ls_hash_format(hash, hex);
    snprintf(name, sizeof name, EVIDENCE "/%s.%s", hex, ending);
    LS_TRY(ls_replica_path(r, name, path, detail));
    return ls_file_exists(path) ? LS_SUCCESS : ls_file_write(path, content, detail);
}

/* Nodes that lead to the other history's root and to what it had at the size that is held here: with both checkpoints,
 * anyone sees that the ledger has signed two histories. */
static ls_result write_nodes(const ls_replica *r, const ls_hash *hash, other_history *o, ls_detail *detail)
{
    ls_hash node[LS_MERKLE_PROOF_MAX];
    size_t count;
    ls_buf text = {0};
    LS_TRY(ls_merkle_consistency_nodes(r->size, o->count, ls_merkle_read_leaves, o->leaf, node, &count));
    ls_buf_format(&text, "old %" PRIu64 "\n", r->size);
    for (size_t i = 0; i < count; i++) {
        ls_buf_put_base64(&text, ls_bytes_of(node[i].b, LS_HASH_SIZE));
        ls_buf_put_u8(&text, '\n');
    }
    ls_result result = ls_buf_check(&text);
    if (ls_succeeded(result)) {
        result = write_evidence(r, hash, "nodes", ls_buf_bytes(&text), detail);
    }
    ls_buf_free(&text);
    return result;
}

/* Lines that nobody knows make ever other notes of one checkpoint: they must not fill the disk. */
static ls_result has_room(const ls_replica *r, bool *room, ls_detail *detail)
{
    char path[LS_REPLICA_PATH_SIZE];
    ls_arena arena = {0};
    char **names;
    size_t count = 0, kept = 0;
    LS_TRY(ls_replica_path(r, EVIDENCE, path, detail));
    ls_result result = ls_folder_list(&arena, path, &names, &count, detail);
    for (size_t i = 0; ls_succeeded(result) && i < count; i++) {
        kept += strstr(names[i], ".checkpoint") != NULL;
    }
    ls_arena_free(&arena);
    *room = kept < LS_REPLICA_EVIDENCE_MAX;
    return result;
}

/* history: the entries that it covers, if it covers more than are here. */
static ls_result keep(const ls_replica *r, ls_bytes note, other_history *history, ls_detail *detail)
{
    ls_hash hash;
    bool room = false;
    LS_TRY(has_room(r, &room, detail));
    if (!room) {
        return LS_SUCCESS;
    }
    ls_sha256_hash(note, &hash);
    LS_TRY(write_evidence(r, &hash, "checkpoint", note, detail));
    return history != NULL && r->size > 0 ? write_nodes(r, &hash, history, detail) : LS_SUCCESS;
}

ls_result ls_replica_keep(const ls_replica *r, ls_bytes note, ls_detail *detail)
{
    return keep(r, note, NULL, detail);
}

static ls_result rewritten(const ls_replica *r, ls_bytes note, other_history *history, ls_detail *detail)
{
    LS_TRY(keep(r, note, history, detail));
    ls_hint(detail, "keep this workspace and the ledger as they are: what lies in %s/" EVIDENCE " is evidence",
            r->folder);
    return ls_fail_with(&ls_fault_rewritten, detail,
                        "the ledger no longer shows the %" PRIu64 " entries that were verified here before", r->size);
}

/* Dropping the entries beyond the copy's own checkpoint: a store only grows, so it is made again without them. */

typedef struct copying {
    const ls_record *record; /* which knows the roots */
    ls_store *to;
    uint64_t epoch, size;
    ls_piece piece;
    ls_detail *detail;
} copying;

static ls_result copy_piece(copying *c)
{
    LS_TRY(ls_piece_commit(&c->piece, c->to, c->epoch, c->size, c->detail));
    c->size += c->piece.count;
    ls_piece_empty(&c->piece);
    return LS_SUCCESS;
}

static ls_result copy_entry(void *context, uint64_t index, ls_bytes note)
{
    copying *c = context;
    ls_hash root;
    const uint8_t *kept = ls_piece_keep(&c->piece, note);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_record_root(c->record, index + 1, &root);
    ls_piece_add(&c->piece, ls_bytes_of(kept, note.len), &root);
    return ls_piece_full(&c->piece) ? copy_piece(c) : LS_SUCCESS;
}

static ls_result copy_checkpoints(const ls_replica *r, ls_store *to, uint64_t epoch, ls_detail *detail)
{
    if (r->size > 0) {
        LS_TRY(to->methods->publish(to, epoch, r->size, ls_buf_bytes(&r->head.latest), detail));
    }
    return r->final_size == 0 ? LS_SUCCESS
                              : to->methods->finalize(to, epoch, r->final_size, ls_buf_bytes(&r->head.final), detail);
}

static ls_result copy_head(const ls_replica *r, ls_store *to, ls_detail *detail)
{
    uint64_t epoch = 0;
    LS_TRY(ls_replica_lead(to, &epoch, detail));
    copying *c = calloc(1, sizeof *c);
    if (c == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *c = (copying){.record = r->record, .to = to, .epoch = epoch, .detail = detail};
    ls_result result = r->store->methods->read(r->store, 0, r->size, copy_entry, c, detail);
    if (ls_succeeded(result)) {
        result = copy_piece(c);
    }
    ls_piece_free(&c->piece);
    free(c);
    return ls_failed(result) ? result : copy_checkpoints(r, to, epoch, detail);
}

/* Closing folds a store's log into its file; so the file can be exchanged. */
static ls_result exchange(ls_replica *r, const char *fresh, ls_detail *detail)
{
    char from[LS_REPLICA_PATH_SIZE], to[LS_REPLICA_PATH_SIZE];
    int len = snprintf(from, sizeof from, "%s/" LS_REPLICA_STORE, fresh);
    if (len < 0 || len >= LS_REPLICA_PATH_SIZE) {
        return ls_fail(&ls_fault_usage);
    }
    LS_TRY(ls_replica_path(r, LS_REPLICA_STORE, to, detail));
    r->store->methods->close(r->store);
    r->store = NULL;
    r->epoch = 0;
    ls_result result = LS_SUCCESS;
    if (rename(from, to) != 0) {
        result = ls_fail_with(&ls_fault_file, detail, "%s can't be replaced", to);
    }
    ls_result opened = ls_store_sqlite(r->folder, true, &r->store, ls_succeeded(result) ? detail : NULL);
    return ls_failed(result) ? result : opened;
}

static ls_result drop_tail(ls_replica *r, ls_detail *detail)
{
    char fresh[LS_REPLICA_PATH_SIZE];
    ls_store *to = NULL;
    if (r->head.size == r->size) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_replica_path(r, FRESH, fresh, detail));
    ls_folder_discard(fresh);
    LS_TRY(ls_folder_make(fresh, detail));
    ls_result result = ls_store_sqlite(fresh, true, &to, detail);
    if (ls_succeeded(result)) {
        result = copy_head(r, to, detail);
        to->methods->close(to);
    }
    if (ls_succeeded(result)) {
        result = exchange(r, fresh, detail);
    }
    ls_folder_discard(fresh);
    ls_replica_forget(r);
    return result;
}

/* Where a checkpoint and this copy do not fit: whose fault is it? */

static ls_result read_history(ls_replica *r, uint64_t size, other_history *out, ls_detail *detail)
{
    *out = (other_history){.leaf = calloc(size, sizeof *out->leaf)};
    if (out->leaf == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    return r->source->methods->read(r->source, 0, size, take_leaf, out, detail);
}

typedef enum blame { WRONG_SOURCE, WRONG_TAIL, REWRITTEN } blame;

static blame judge_history(const ls_replica *r, const other_history *o, const ls_checkpoint *c)
{
    ls_hash whole, part, ours;
    root_of(o, c->size, &whole);
    root_of(o, r->size, &part);
    ls_record_root(r->record, r->size, &ours);
    if (o->count != c->size || !ls_hash_equal(&whole, &c->root)) {
        return WRONG_SOURCE;
    }
    return ls_hash_equal(&part, &ours) ? WRONG_TAIL : REWRITTEN;
}

static bool is_signed(const ls_replica *r, ls_bytes note)
{
    ls_finality judged;
    return ls_succeeded(ls_checkpoint_judge(ls_record_watched(r->record), note, NULL, &judged, NULL));
}

ls_result ls_replica_contradiction(ls_replica *r, ls_bytes note, const ls_checkpoint *c, ls_result refused, bool tail,
                                   bool *again, ls_detail *detail)
{
    other_history other = {0};
    if (c->size <= r->size) {
        return rewritten(r, note, NULL, detail);
    }
    LS_TRY(ls_replica_load(r, NULL)); /* a bad signature lets it be forgotten */
    ls_result result = read_history(r, c->size, &other, ls_failed(refused) ? NULL : detail);
    blame b = ls_succeeded(result) ? judge_history(r, &other, c) : WRONG_SOURCE;
    if (b == REWRITTEN && !is_signed(r, note)) {
        /* Of another origin, in the name of a successor whom no entry names: anybody can make such a thing. */
        result =
            ls_fail_with(&ls_fault_refused, detail,
                         "it shows other entries, under a checkpoint that the ledger of this process did not sign");
    } else if (b == REWRITTEN) {
        result = rewritten(r, note, &other, detail);
    } else if (b == WRONG_TAIL && (tail || ls_succeeded(refused))) {
        *again = true;
        result = drop_tail(r, detail);
    } else if (ls_failed(refused)) {
        result = refused;
    } else if (ls_succeeded(result)) {
        result = drop_tail(r, detail);
        result = ls_failed(result)
                     ? result
                     : ls_fail_with(&ls_fault_refused, detail, "the ledger's checkpoint does not fit its entries");
    }
    free(other.leaf);
    return result;
}
