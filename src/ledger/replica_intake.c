/*
 * Taking in entries, in two pieces: while entries are accepted into the one, the signatures of the other are verified,
 * on all processors, and the one before is committed.
 */
#include "ledger/piece.h"
#include "ledger/replica_parts.h"
#include "ledger/verifying.h"
#include <inttypes.h>
#include <stdlib.h>

#define LEASE_SECONDS 3600 /* nobody else asks for it: the owner's lock keeps others out */

ls_result ls_replica_lead(ls_store *store, uint64_t *epoch, ls_detail *detail)
{
    return *epoch != 0 ? LS_SUCCESS
                       : store->methods->lead(store, ls_bytes_str("replica"), LEASE_SECONDS, epoch, detail);
}

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
        t->progress->entries(t->progress->context, ls_record_size(t->replica->record), t->total);
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
        LS_TRY(ls_replica_want(r, p->note[i]));
    }
    ls_piece_empty(p);
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
    tell(t);
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

ls_result ls_replica_take(ls_replica *r, uint64_t size, const ls_replica_progress *progress, ls_detail *detail)
{
    intake *t;
    if (size <= ls_record_size(r->record)) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_replica_lead(r->store, &r->epoch, detail));
    LS_TRY(begin_intake(r, &t));
    t->total = size;
    t->progress = progress;
    t->detail = detail;
    ls_result result = r->source->methods->read(r->source, r->head.size, size, take_entry, t, detail);
    ls_detail why = {0};
    ls_result committed = finish(t, &why);
    end_intake(t);
    if (ls_failed(committed)) {
        ls_replica_forget(r); /* it holds what was not verified, or not committed */
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
