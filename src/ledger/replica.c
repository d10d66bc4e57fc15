/*
 * A replica: entries come in pieces, each verified and then committed; when they lead to the root of a checkpoint that
 * the ledger signed, the copy stands under that. What does not fit is told apart: a source whose answers are wrong, and
 * a ledger that has signed two histories.
 */
#include "ledger/replica.h"
#include "crypto/sha256.h"
#include "ledger/piece.h"
#include "ledger/verifying.h"
#include "os/os.h"
#include "process/finality.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

const ls_fault ls_fault_rewritten = {LS_CLASS_INVALID, "ledger-rewritten",
                                     "the ledger shows another history than before"};
const ls_fault ls_fault_process = {LS_CLASS_USAGE, "wrong-process", "the workspace does not belong to this process"};

#define LEASE_SECONDS 3600 /* nobody else asks for it: the owner's lock keeps others out */
#define PATH_SIZE 4096
#define STORE "record.sqlite"
#define FRESH "fresh"
#define EVIDENCE "evidence"

/* A file that acts name and that is not here. */
typedef struct wanted {
    ls_hash hash;
    uint64_t size;
} wanted;

struct ls_replica {
    ls_ledger base; /* the copy as a ledger */
    char *folder;
    bool has_process;
    ls_hash process;
    ls_ledger *source;
    uint64_t copied; /* larger attachments are left where they are */
    ls_store *store;
    uint64_t epoch;     /* 0: nothing was written yet */
    ls_record *record;  /* NULL: to be replayed */
    ls_store_head head; /* latest: what this copy stands under */
    uint64_t size, final_size, shown;
    wanted *wanted;
    size_t wanted_count, wanted_capacity;
};

static ls_result path_in(const ls_replica *r, const char *name, char out[static PATH_SIZE], ls_detail *detail)
{
    int len = snprintf(out, PATH_SIZE, "%s/%s", r->folder, name);
    return len > 0 && len < PATH_SIZE ? LS_SUCCESS
                                      : ls_fail_with(&ls_fault_usage, detail, "the path of the copy is too long");
}

/* Size and root of a checkpoint note; all zero for none. */
static ls_result read_checkpoint(ls_bytes note, ls_note *parsed, ls_checkpoint *out)
{
    *out = (ls_checkpoint){0};
    if (note.len == 0) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_note_parse(note, parsed));
    return ls_checkpoint_parse(parsed->text, out);
}

static ls_result damaged(const ls_replica *r, ls_detail *detail, const char *what)
{
    ls_hint(detail, "keep %s for whoever looks into it, under another name: the copy is then made again", r->folder);
    return ls_fail_with(&ls_fault_store_damaged, detail, "the copy in %s is damaged: %s", r->folder, what);
}

/* Attachments. */

/* Files for an audience travel sealed, beside the ledger. */
static bool open_to_readers(const ls_attachment *a)
{
    return ls_bytes_is(a->audience, "public") || ls_bytes_is(a->audience, "process");
}

static ls_result want(ls_replica *r, const ls_attachment *a)
{
    if (r->wanted_count == r->wanted_capacity) {
        size_t larger = r->wanted_capacity == 0 ? 32 : 2 * r->wanted_capacity;
        wanted *moved = reallocarray(r->wanted, larger, sizeof *moved);
        if (moved == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        r->wanted = moved;
        r->wanted_capacity = larger;
    }
    r->wanted[r->wanted_count++] = (wanted){a->hash, a->size};
    return LS_SUCCESS;
}

/* Notes which of an entry's files are not here. */
static ls_result want_attachments(ls_replica *r, ls_bytes note)
{
    static const char header[] = "\nattachment: ";
    ls_act act;
    uint64_t size;
    /* Most acts have none, and need not be parsed again. */
    if (memmem(note.ptr, note.len, header, sizeof header - 1) == NULL ||
        ls_failed(ls_act_parse(note, false, &act, NULL))) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < act.attachment_count; i++) {
        const ls_attachment *a = &act.attachment[i];
        if (open_to_readers(a) && ls_failed(r->store->methods->attached(r->store, &a->hash, &size, NULL))) {
            LS_TRY(want(r, a));
        }
    }
    return LS_SUCCESS;
}

static ls_result next_bytes(void *context, size_t cap, ls_buf *out, ls_detail *detail)
{
    (void)detail;
    ls_reader *left = context;
    size_t len = ls_reader_left(left);
    ls_buf_put_bytes(out, ls_read_bytes(left, len < cap ? len : cap));
    return ls_buf_check(out);
}

static ls_result keep(ls_replica *r, const ls_hash *hash, ls_bytes content, ls_detail *detail)
{
    ls_reader left = ls_reader_of(content);
    return r->store->methods->attach(r->store, hash, content.len, (ls_store_source){next_bytes, &left}, detail);
}

/* Appends a file that is here or can be had. */
static ls_result fetch(ls_replica *r, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    size_t before = out->len;
    ls_result result = r->store->methods->fetch(r->store, hash, limit, out, detail);
    if (result.fault != &ls_fault_absent || r->source == NULL) {
        return result;
    }
    LS_TRY(r->source->methods->fetch(r->source, hash, limit, out, detail));
    if (out->len - before <= r->copied) {
        /* Where it can't be kept, on a full disk say, it is still what was asked for. */
        (void)ls_failed(keep(r, hash, ls_bytes_of(out->ptr + before, out->len - before), NULL));
    }
    return LS_SUCCESS;
}

ls_result ls_replica_fetch(void *replica, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    ls_buf content = {0};
    ls_result r = fetch(replica, hash, limit, &content, NULL);
    if (ls_succeeded(r)) {
        uint8_t *copy = ls_arena_alloc(arena, content.len + 1);
        if (copy != NULL && content.len > 0) {
            memcpy(copy, content.ptr, content.len);
        }
        r = copy == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
        *out = copy == NULL ? *out : ls_bytes_of(copy, content.len);
    }
    ls_buf_free(&content);
    return r;
}

/* Gets what is wanted, as far as it can be had: entries never wait for files. */
static void collect(ls_replica *r)
{
    size_t left = 0;
    bool reachable = true;
    for (size_t i = 0; i < r->wanted_count; i++) {
        wanted w = r->wanted[i];
        uint64_t size;
        ls_buf content = {0};
        bool here = ls_succeeded(r->store->methods->attached(r->store, &w.hash, &size, NULL));
        if (!here && reachable && w.size <= r->copied) {
            ls_result result = r->source->methods->fetch(r->source, &w.hash, w.size, &content, NULL);
            here = ls_succeeded(result) && ls_succeeded(keep(r, &w.hash, ls_buf_bytes(&content), NULL));
            reachable = here || result.fault == &ls_fault_absent;
        }
        ls_buf_free(&content);
        if (!here) {
            r->wanted[left++] = w;
        }
    }
    r->wanted_count = left;
}

/* Replaying what is here. */

static void forget(ls_replica *r)
{
    ls_record_free(r->record);
    r->record = NULL;
    r->wanted_count = 0;
}

typedef struct replay {
    ls_replica *replica;
    ls_detail *detail;
} replay;

static ls_result replay_entry(void *context, uint64_t index, ls_bytes note)
{
    const replay *p = context;
    ls_detail why = {0};
    ls_result r = ls_record_append(p->replica->record, note, LS_CHECK_TRUSTED, &why);
    if (ls_failed(r) && (r.fault->class != LS_CLASS_ENVIRONMENT || r.fault == &ls_fault_absent)) {
        char what[sizeof why.text];
        snprintf(what, sizeof what, "entry %" PRIu64 ": %.400s", index, why.text);
        return damaged(p->replica, p->detail, what);
    }
    LS_TRY(r);
    return want_attachments(p->replica, note);
}

/* That the entries here lead to the root that they are under, and to the one at which the last run stood. */
static ls_result check_roots(const ls_replica *r, const ls_checkpoint *latest, ls_detail *detail)
{
    ls_hash root, noted;
    uint64_t all = ls_record_size(r->record);
    ls_record_root(r->record, latest->size, &root);
    if (latest->size > 0 && !ls_hash_equal(&root, &latest->root)) {
        return damaged(r, detail, "its entries do not lead to the root of its checkpoint");
    }
    if (all > latest->size) {
        LS_TRY(r->store->methods->root(r->store, all, &noted, detail));
        ls_record_root(r->record, all, &root);
        if (!ls_hash_equal(&root, &noted)) {
            return damaged(r, detail, "its entries were changed");
        }
    }
    return LS_SUCCESS;
}

static ls_result check_process(const ls_replica *r, ls_detail *detail)
{
    const ls_hash *process = ls_record_process(r->record);
    if (process == NULL || (r->has_process && ls_hash_equal(process, &r->process))) {
        return LS_SUCCESS;
    }
    return ls_fail_with(&ls_fault_process, detail, "the copy in %s is of another process", r->folder);
}

static ls_result read_head(ls_replica *r, ls_checkpoint *latest, ls_detail *detail)
{
    ls_note note;
    ls_checkpoint final;
    LS_TRY(r->store->methods->head(r->store, &r->head, detail));
    if (ls_failed(read_checkpoint(ls_buf_bytes(&r->head.latest), &note, latest)) ||
        ls_failed(read_checkpoint(ls_buf_bytes(&r->head.final), &note, &final)) || latest->size > r->head.size ||
        final.size > latest->size) {
        return damaged(r, detail, "it stands under no checkpoint that can be read");
    }
    r->size = latest->size;
    r->final_size = final.size;
    return LS_SUCCESS;
}

/* Replays what the record in memory does not have yet. */
static ls_result replay_rest(ls_replica *r, const ls_checkpoint *latest, ls_detail *detail)
{
    replay p = {r, detail};
    ls_result result =
        r->store->methods->read(r->store, ls_record_size(r->record), r->head.size, replay_entry, &p, detail);
    if (ls_succeeded(result)) {
        result = check_process(r, detail);
    }
    if (ls_succeeded(result)) {
        result = check_roots(r, latest, detail);
    }
    if (ls_failed(result)) {
        forget(r);
    }
    return result;
}

/* Makes the record in memory, if there is none. */
static ls_result load(ls_replica *r, ls_detail *detail)
{
    ls_checkpoint latest;
    if (r->record != NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(read_head(r, &latest, detail));
    LS_TRY(ls_record_new((ls_fetch){ls_replica_fetch, r}, &r->record));
    return replay_rest(r, &latest, detail);
}

/* Whether the entries in memory are the first ones of the store's. */
static bool goes_on(const ls_replica *r)
{
    ls_hash ours, stored;
    uint64_t size = r->record == NULL ? 0 : ls_record_size(r->record);
    if (size == 0 || size > r->head.size || ls_failed(r->store->methods->root(r->store, size, &stored, NULL))) {
        return false;
    }
    ls_record_root(r->record, size, &ours);
    return ls_hash_equal(&ours, &stored);
}

ls_result ls_replica_reread(ls_replica *r, ls_detail *detail)
{
    ls_checkpoint latest;
    ls_store *fresh;
    /* The file may be another one: see drop_tail. */
    LS_TRY(ls_store_sqlite(r->folder, true, &fresh, detail));
    if (r->store != NULL) {
        r->store->methods->close(r->store);
    }
    r->store = fresh;
    r->epoch = 0;
    LS_TRY(read_head(r, &latest, detail));
    if (goes_on(r)) {
        return replay_rest(r, &latest, detail);
    }
    forget(r);
    return load(r, detail);
}

/* Taking in entries. */

static ls_result lead(ls_store *store, uint64_t *epoch, ls_detail *detail)
{
    return *epoch != 0 ? LS_SUCCESS
                       : store->methods->lead(store, ls_bytes_str("replica"), LEASE_SECONDS, epoch, detail);
}

/* Two pieces: while entries are accepted into the one, the signatures of the other are verified, on all processors. */
typedef struct intake {
    ls_replica *replica;
    uint64_t total;
    const ls_replica_progress *progress;
    ls_detail *detail;
    ls_verifying *verifying;
    ls_piece *filling, *verified; /* the latter is on its way to be */
    ls_piece piece[2];
} intake;

static void tell(const intake *t)
{
    if (t->progress != NULL && t->progress->entries != NULL) {
        t->progress->entries(t->progress->context, t->replica->head.size, t->total);
    }
}

/* The first entry decides which process it is. */
static ls_result check_first(const ls_replica *r, ls_bytes note, ls_detail *detail)
{
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, detail));
    if (!ls_hash_equal(&act.id, &r->process)) {
        return ls_fail_with(&ls_fault_process, detail, "the ledger is that of another process");
    }
    return LS_SUCCESS;
}

/* Waits for the piece whose signatures are being verified. */
static ls_result await(intake *t, ls_detail *detail)
{
    const ls_piece *p = t->verified;
    size_t bad = ls_verifying_finish(t->verifying);
    return p->count == 0 || bad == p->pending_count
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_refused, detail,
                              "entry %" PRIu64 " of the ledger: a signature of it does not verify",
                              t->replica->head.size + p->owner[bad]);
}

/* Commits a piece whose signatures are good. */
static ls_result settle(intake *t, ls_piece *p, ls_detail *detail)
{
    ls_replica *r = t->replica;
    LS_TRY(ls_piece_commit(p, r->store, r->epoch, r->head.size, detail));
    r->head.size += p->count;
    for (size_t i = 0; i < p->count; i++) {
        LS_TRY(want_attachments(r, p->note[i]));
    }
    ls_piece_empty(p);
    tell(t);
    return LS_SUCCESS;
}

/* The piece that was filled is given to be verified, in place of the one before, which is committed meanwhile. */
static ls_result turn(intake *t, ls_detail *detail)
{
    LS_TRY(await(t, detail));
    ls_piece *good = t->verified;
    t->verified = t->filling;
    t->filling = good;
    ls_verifying_start(t->verifying, t->verified->pending, t->verified->pending_count);
    LS_TRY(settle(t, good, detail));
    ls_record_defer(t->replica->record, (ls_deferred){ls_piece_defer, t->filling});
    return LS_SUCCESS;
}

/* What is left in both pieces. */
static ls_result finish(intake *t, ls_detail *detail)
{
    LS_TRY(turn(t, detail));
    LS_TRY(await(t, detail));
    return settle(t, t->verified, detail);
}

static ls_result accept(intake *t, uint64_t index, ls_bytes note)
{
    ls_record *record = t->replica->record;
    size_t pending = t->filling->pending_count;
    ls_detail why = {0};
    ls_hash root;
    ls_result result = ls_record_append(record, note, LS_CHECK_DEFERRED, &why);
    if (ls_failed(result)) {
        t->filling->pending_count = pending; /* of an entry that is none */
        ls_hint(t->detail, "%s", why.hint);
        return ls_fail_with(result.fault->class == LS_CLASS_ENVIRONMENT ? result.fault : &ls_fault_refused, t->detail,
                            "entry %" PRIu64 " of the ledger: %s", index,
                            why.text[0] != '\0' ? why.text : result.fault->sentence);
    }
    ls_record_root(record, index + 1, &root);
    ls_piece_add(t->filling, note, &root);
    return LS_SUCCESS;
}

static ls_result take_entry(void *context, uint64_t index, ls_bytes note)
{
    intake *t = context;
    if (index == 0) {
        LS_TRY(check_first(t->replica, note, t->detail));
    }
    const uint8_t *kept = ls_piece_keep(t->filling, note);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(accept(t, index, ls_bytes_of(kept, note.len)));
    return ls_piece_full(t->filling) ? turn(t, t->detail) : LS_SUCCESS;
}

static ls_result begin_intake(ls_replica *r, intake **out)
{
    intake *t = calloc(1, sizeof *t);
    if (t == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    t->replica = r;
    t->filling = &t->piece[0];
    t->verified = &t->piece[1];
    ls_result result = ls_verifying_new(&t->verifying);
    if (ls_failed(result)) {
        free(t);
        return result;
    }
    ls_record_defer(r->record, (ls_deferred){ls_piece_defer, t->filling});
    *out = t;
    return LS_SUCCESS;
}

static void end_intake(intake *t)
{
    (void)ls_verifying_finish(t->verifying); /* its list goes now */
    ls_verifying_free(t->verifying);
    ls_piece_free(&t->piece[0]);
    ls_piece_free(&t->piece[1]);
    free(t);
}

/* Entries up to `size`, verified and committed. Those before one that is refused stay: they are right. */
static ls_result take_entries(ls_replica *r, uint64_t size, const ls_replica_progress *progress, ls_detail *detail)
{
    intake *t;
    if (size <= ls_record_size(r->record)) {
        return LS_SUCCESS;
    }
    LS_TRY(lead(r->store, &r->epoch, detail));
    LS_TRY(begin_intake(r, &t));
    t->total = size;
    t->progress = progress;
    t->detail = detail;
    tell(t);
    ls_result result = r->source->methods->read(r->source, r->head.size, size, take_entry, t, detail);
    ls_detail why = {0};
    ls_result committed = finish(t, &why);
    end_intake(t);
    if (ls_failed(committed)) {
        forget(r); /* it holds what was not verified, or not committed */
        if (detail != NULL) {
            *detail = why;
        }
        return committed;
    }
    if (ls_succeeded(result) && ls_record_size(r->record) < size) {
        result = ls_fail_with(&ls_fault_refused, detail, "the ledger lacks entries that its checkpoint covers");
    }
    return result;
}

/* What contradicts. */

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
    char name[sizeof EVIDENCE + LS_HEX_HASH_SIZE + 16], hex[LS_HEX_HASH_SIZE], path[PATH_SIZE];
    LS_TRY(path_in(r, EVIDENCE, path, detail));
    LS_TRY(ls_folder_make(path, detail));
    ls_hash_format(hash, hex);
    snprintf(name, sizeof name, EVIDENCE "/%s.%s", hex, ending);
    LS_TRY(path_in(r, name, path, detail));
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

/* Keeps a checkpoint that contradicts this copy; history: the entries it covers, if it covers more than are here. */
static ls_result rewritten(const ls_replica *r, ls_bytes note, other_history *history, ls_detail *detail)
{
    ls_hash hash;
    char hex[LS_HEX_HASH_SIZE];
    ls_sha256_hash(note, &hash);
    ls_hash_format(&hash, hex);
    LS_TRY(write_evidence(r, &hash, "checkpoint", note, detail));
    if (history != NULL && r->size > 0) {
        LS_TRY(write_nodes(r, &hash, history, detail));
    }
    ls_hint(detail, "keep this workspace and the ledger as they are: %s/" EVIDENCE "/%.16s….checkpoint is evidence",
            r->folder, hex);
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
    LS_TRY(lead(to, &epoch, detail));
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
    char from[PATH_SIZE], to[PATH_SIZE];
    int len = snprintf(from, sizeof from, "%s/" STORE, fresh);
    if (len < 0 || len >= PATH_SIZE) {
        return ls_fail(&ls_fault_usage);
    }
    LS_TRY(path_in(r, STORE, to, detail));
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
    char fresh[PATH_SIZE];
    ls_store *to = NULL;
    if (r->head.size == r->size) {
        return LS_SUCCESS;
    }
    LS_TRY(path_in(r, FRESH, fresh, detail));
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
    forget(r);
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

/* The ledger's signature is good, and yet the root at this size is another than that of the entries here; or one of the
 * entries was refused. tail: some were here before that are under no checkpoint. */
static ls_result contradiction(ls_replica *r, ls_bytes note, const ls_checkpoint *c, ls_result refused, bool tail,
                               bool *again, ls_detail *detail)
{
    other_history other = {0};
    if (c->size <= r->size) {
        return rewritten(r, note, NULL, detail);
    }
    ls_result result = read_history(r, c->size, &other, ls_failed(refused) ? NULL : detail);
    blame b = ls_succeeded(result) ? judge_history(r, &other, c) : WRONG_SOURCE;
    if (b == REWRITTEN) {
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

/* Standing under a checkpoint. */

static ls_result replace(ls_buf *note, uint64_t *size, ls_bytes with, uint64_t now)
{
    ls_buf copy = {0};
    ls_buf_put_bytes(&copy, with);
    LS_TRY(ls_buf_check(&copy));
    ls_buf_free(note);
    *note = copy;
    *size = now;
    return LS_SUCCESS;
}

/* A policy without a quorum makes every checkpoint final: then there is one to keep, not two. */
static bool without_quorum(const ls_replica *r)
{
    const ls_charter *c = r->record == NULL ? NULL : ls_record_charter(r->record);
    return c != NULL && c->quorum_none;
}

/* Of one size, whether this note has cosignatures that the one which is kept lacks. */
static bool has_more(const ls_replica *r, ls_bytes note, const ls_finality *judged)
{
    const ls_judging trust = {.how = LS_SIGNATURES_TRUST};
    ls_finality kept;
    return !ls_bytes_equal(note, ls_buf_bytes(&r->head.latest)) &&
           ls_succeeded(
               ls_checkpoint_judge(ls_record_charter(r->record), ls_buf_bytes(&r->head.latest), &trust, &kept, NULL)) &&
           (judged->witnesses & ~kept.witnesses) != 0;
}

static ls_result stand_under(ls_replica *r, ls_bytes note, const ls_finality *judged, ls_detail *detail)
{
    uint64_t size = judged->checkpoint.size;
    if (size > r->size || (size == r->size && has_more(r, note, judged))) {
        LS_TRY(lead(r->store, &r->epoch, detail));
        LS_TRY(r->store->methods->publish(r->store, r->epoch, size, note, detail));
        LS_TRY(replace(&r->head.latest, &r->size, note, size));
    }
    if (judged->final && size > r->final_size && !without_quorum(r)) {
        LS_TRY(lead(r->store, &r->epoch, detail));
        LS_TRY(r->store->methods->finalize(r->store, r->epoch, size, note, detail));
        LS_TRY(replace(&r->head.final, &r->final_size, note, size));
    }
    return LS_SUCCESS;
}

static ls_result judge(const ls_replica *r, ls_bytes note, ls_finality *out, ls_detail *detail)
{
    ls_result result = ls_checkpoint_judge(ls_record_charter(r->record), note, NULL, out, detail);
    if (result.fault == &ls_fault_checkpoint_signature) {
        return ls_fail_with(&ls_fault_refused, detail,
                            "it shows a checkpoint that the ledger of this process did not "
                            "sign, or that carries a wrong cosignature");
    }
    return result;
}

/* Before anything is fetched for it. One of another origin may be that of a successor, whom an entry names. */
static ls_result judge_early(const ls_replica *r, ls_bytes note, const ls_checkpoint *c, ls_detail *detail)
{
    const ls_charter *charter = ls_record_charter(r->record);
    ls_finality judged;
    return charter == NULL || !ls_bytes_equal(c->origin, charter->origin) ? LS_SUCCESS
                                                                          : judge(r, note, &judged, detail);
}

static ls_result follow(ls_replica *r, ls_bytes text, const ls_replica_progress *progress, bool *again,
                        ls_detail *detail)
{
    ls_note note;
    ls_checkpoint c;
    ls_hash root;
    ls_finality judged;
    if (ls_failed(read_checkpoint(text, &note, &c)) || c.size == 0) {
        return ls_fail_with(&ls_fault_refused, detail, "the ledger's checkpoint is damaged");
    }
    LS_TRY(judge_early(r, text, &c, detail));
    bool tail = r->head.size > r->size;
    ls_result result = take_entries(r, c.size, progress, detail);
    if (result.fault == &ls_fault_refused && r->head.size > 0) {
        return contradiction(r, text, &c, result, tail, again, detail);
    }
    LS_TRY(result);
    LS_TRY(judge(r, text, &judged, detail));
    ls_record_root(r->record, c.size, &root);
    if (!ls_hash_equal(&root, &c.root)) {
        return contradiction(r, text, &c, LS_SUCCESS, tail, again, detail);
    }
    r->shown = c.size;
    return stand_under(r, text, &judged, detail);
}

static ls_result sync_once(ls_replica *r, ls_which_checkpoint which, const ls_replica_progress *progress, bool *again,
                           ls_detail *detail)
{
    ls_buf note = {0};
    *again = false;
    LS_TRY(load(r, detail));
    ls_result result = r->source->methods->checkpoint(r->source, which, &note, detail);
    if (ls_succeeded(result) && note.len == 0) {
        r->shown = 0;
    } else if (ls_succeeded(result) && !r->has_process) {
        ls_hint(detail, "sign its charter first, or look at the record with: lockstep verify LEDGER");
        result = ls_fail_with(&ls_fault_process, detail, "this workspace has signed no charter");
    } else if (ls_succeeded(result)) {
        result = follow(r, ls_buf_bytes(&note), progress, again, detail);
    }
    ls_buf_free(&note);
    return result;
}

ls_result ls_replica_sync(ls_replica *r, ls_which_checkpoint which, const ls_replica_progress *progress,
                          ls_detail *detail)
{
    bool again;
    if (r->source == NULL) {
        return ls_fail_with(&ls_fault_ledger, detail, "there is no ledger to follow");
    }
    ls_result result = sync_once(r, which, progress, &again, detail);
    if (ls_succeeded(result) && again) {
        if (detail != NULL) {
            *detail = (ls_detail){0}; /* what was wrong is gone */
        }
        result = sync_once(r, which, progress, &again, detail);
        if (ls_succeeded(result) && again) {
            result = ls_fail_with(&ls_fault_refused, detail, "the ledger's answers differ from one time to the next");
        }
    }
    /* What is here is still good, and is shown even where the rest is not. */
    ls_result loaded = load(r, ls_succeeded(result) ? detail : NULL);
    result = ls_failed(result) ? result : loaded;
    if (ls_succeeded(result)) {
        collect(r);
    }
    return result;
}

/* The copy as a ledger. */

static ls_replica *replica_of(ls_ledger *l)
{
    return (ls_replica *)l;
}

static ls_result copy_checkpoint(ls_ledger *l, ls_which_checkpoint which, ls_buf *note, ls_detail *detail)
{
    (void)detail;
    ls_buf_put_bytes(note, ls_replica_checkpoint(replica_of(l), which));
    return ls_buf_check(note);
}

static ls_result copy_read(ls_ledger *l, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                           ls_detail *detail)
{
    ls_store *s = replica_of(l)->store;
    return s->methods->read(s, from, to, sink, context, detail);
}

static ls_result copy_fetch(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    return fetch(replica_of(l), hash, limit, out, detail);
}

static ls_result copy_submit(ls_ledger *l, const ls_submission *s, ls_receipt *out, ls_detail *detail)
{
    (void)l;
    (void)s;
    (void)out;
    return ls_fail_with(&ls_fault_ledger, detail, "nothing can be filed in a copy");
}

static ls_result copy_tick(ls_ledger *l, ls_detail *detail)
{
    (void)l;
    (void)detail;
    return LS_SUCCESS;
}

static ls_result copy_now(ls_ledger *l, ls_time *out, ls_detail *detail)
{
    (void)detail;
    const ls_record *record = replica_of(l)->record;
    *out = record == NULL ? 0 : ls_record_time(record);
    return LS_SUCCESS;
}

static void copy_close(ls_ledger *l)
{
    (void)l; /* whoever holds the replica closes it */
}

static const ls_ledger_methods methods = {.checkpoint = copy_checkpoint,
                                          .read = copy_read,
                                          .fetch = copy_fetch,
                                          .submit = copy_submit,
                                          .tick = copy_tick,
                                          .now = copy_now,
                                          .close = copy_close};

/* Opening. */

ls_result ls_replica_open(const char *folder, const ls_hash *process, ls_ledger *source, ls_replica **out,
                          ls_detail *detail)
{
    LS_TRY(ls_folder_make(folder, detail));
    LS_TRY(ls_private_check(folder, detail));
    ls_replica *r = calloc(1, sizeof *r);
    char *copy = strdup(folder);
    if (r == NULL || copy == NULL) {
        free(r);
        free(copy);
        return ls_fail(&ls_fault_memory);
    }
    *r = (ls_replica){.base.methods = &methods, .folder = copy, .source = source, .copied = UINT64_MAX};
    if (process != NULL) {
        r->has_process = true;
        r->process = *process;
    }
    ls_result result = ls_store_sqlite(folder, true, &r->store, detail);
    if (ls_succeeded(result)) {
        result = load(r, detail);
    }
    if (ls_failed(result)) {
        ls_replica_close(r);
        return result;
    }
    *out = r;
    return LS_SUCCESS;
}

void ls_replica_close(ls_replica *r)
{
    if (r == NULL) {
        return;
    }
    if (r->store != NULL) {
        r->store->methods->close(r->store);
    }
    forget(r);
    ls_store_head_free(&r->head);
    free(r->wanted);
    free(r->folder);
    free(r);
}

void ls_replica_set_source(ls_replica *r, ls_ledger *source)
{
    r->source = source;
}

void ls_replica_set_copied(ls_replica *r, uint64_t bytes)
{
    r->copied = bytes;
}

const ls_record *ls_replica_record(const ls_replica *r)
{
    return r->record;
}

uint64_t ls_replica_size(const ls_replica *r)
{
    return r->size;
}

uint64_t ls_replica_final(const ls_replica *r)
{
    return without_quorum(r) ? r->size : r->final_size;
}

uint64_t ls_replica_shown(const ls_replica *r)
{
    return r->shown;
}

uint64_t ls_replica_missing(const ls_replica *r)
{
    return r->wanted_count;
}

ls_bytes ls_replica_checkpoint(const ls_replica *r, ls_which_checkpoint which)
{
    return ls_buf_bytes(which == LS_CHECKPOINT_FINAL && !without_quorum(r) ? &r->head.final : &r->head.latest);
}

ls_store *ls_replica_store(ls_replica *r)
{
    return r->store;
}

ls_ledger *ls_replica_ledger(ls_replica *r)
{
    return &r->base;
}
