/*
 * A replica: entries come in pieces, each verified and then committed; when they lead to the root of a checkpoint that
 * the ledger signed, the copy stands under that. What does not fit is told apart: a source whose answers are wrong, and
 * a ledger that has signed two histories.
 */
#include "ledger/replica_parts.h"
#include "os/os.h"
#include "process/finality.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

const ls_fault ls_fault_rewritten = {LS_CLASS_INVALID, "ledger-rewritten",
                                     "the ledger shows another history than before"};
const ls_fault ls_fault_process = {LS_CLASS_USAGE, "wrong-process", "the workspace does not belong to this process"};

ls_result ls_replica_path(const ls_replica *r, const char *name, char out[static LS_REPLICA_PATH_SIZE],
                          ls_detail *detail)
{
    int len = snprintf(out, LS_REPLICA_PATH_SIZE, "%s/%s", r->folder, name);
    return len > 0 && len < LS_REPLICA_PATH_SIZE
               ? LS_SUCCESS
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

/* Replaying what is here. */

void ls_replica_forget(ls_replica *r)
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
    return ls_replica_want(p->replica, note);
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
        ls_replica_forget(r);
    }
    return result;
}

ls_result ls_replica_load(ls_replica *r, ls_detail *detail)
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
    ls_replica_forget(r);
    return ls_replica_load(r, detail);
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
    const ls_charter *c = r->record == NULL ? NULL : ls_record_watched(r->record);
    return c != NULL && c->quorum_none;
}

/* Of one size, whether this note says more than the one which is kept: cosignatures that it lacks or, where it is final
 * already, younger ones, and none that is older. By these a silent ledger's time moves on, and one sees who still
 * cosigns. */
static bool has_more(const ls_replica *r, ls_bytes note, const ls_finality *judged)
{
    const ls_judging trust = {.how = LS_SIGNATURES_TRUST};
    ls_finality kept;
    if (ls_bytes_equal(note, ls_buf_bytes(&r->head.latest)) ||
        ls_failed(
            ls_checkpoint_judge(ls_record_watched(r->record), ls_buf_bytes(&r->head.latest), &trust, &kept, NULL))) {
        return false;
    }
    bool younger = false, older = false;
    for (size_t i = 0; i < LS_POLICY_WITNESSES_MAX; i++) {
        younger = younger || judged->time[i] > kept.time[i];
        older = older || judged->time[i] < kept.time[i];
    }
    return (judged->witnesses & ~kept.witnesses) != 0 || (r->size == r->final_size && younger && !older);
}

static ls_result stand_under(ls_replica *r, ls_bytes note, const ls_finality *judged, ls_detail *detail)
{
    uint64_t size = judged->checkpoint.size;
    if (size > r->size || (size == r->size && has_more(r, note, judged))) {
        LS_TRY(ls_replica_lead(r->store, &r->epoch, detail));
        LS_TRY(r->store->methods->publish(r->store, r->epoch, size, note, detail));
        LS_TRY(replace(&r->head.latest, &r->size, note, size));
    }
    if (judged->final && size > r->final_size && !without_quorum(r)) {
        LS_TRY(ls_replica_lead(r->store, &r->epoch, detail));
        LS_TRY(r->store->methods->finalize(r->store, r->epoch, size, note, detail));
        LS_TRY(replace(&r->head.final, &r->final_size, note, size));
    }
    return LS_SUCCESS;
}

static ls_result judge(const ls_replica *r, ls_bytes note, ls_finality *out, ls_detail *detail)
{
    ls_result result = ls_checkpoint_judge(ls_record_watched(r->record), note, NULL, out, detail);
    if (result.fault == &ls_fault_checkpoint_signature) {
        return ls_fail_with(&ls_fault_refused, detail,
                            "it shows a checkpoint that the ledger of this process did not "
                            "sign, or that carries a wrong cosignature");
    }
    return result;
}

/* Before anything is fetched for it. One of another origin may be that of a successor, whom an entry names. */
static ls_result judge_early(const ls_replica *r, ls_bytes note, const ls_checkpoint *c, bool *known, ls_detail *detail)
{
    const ls_charter *charter = ls_record_charter(r->record);
    ls_finality judged;
    *known = charter != NULL && ls_bytes_equal(c->origin, charter->origin);
    return *known ? judge(r, note, &judged, detail) : LS_SUCCESS;
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
    bool known, tail = r->head.size > r->size;
    LS_TRY(judge_early(r, text, &c, &known, detail));
    ls_result result = ls_replica_take(r, c.size, progress, detail);
    if (result.fault == &ls_fault_refused && r->head.size > 0) {
        return ls_replica_contradiction(r, text, &c, result, tail, again, detail);
    }
    if (ls_failed(result) && known && c.size > r->size) {
        ls_replica_remember_shown(r, text);
    }
    LS_TRY(result);
    LS_TRY(judge(r, text, &judged, detail));
    ls_record_root(r->record, c.size, &root);
    if (!ls_hash_equal(&root, &c.root)) {
        return ls_replica_contradiction(r, text, &c, LS_SUCCESS, tail, again, detail);
    }
    LS_TRY(ls_replica_check_shown(r, c.size, detail));
    r->shown = c.size;
    return stand_under(r, text, &judged, detail);
}

static ls_result sync_once(ls_replica *r, ls_which_checkpoint which, const ls_replica_progress *progress, bool *again,
                           ls_detail *detail)
{
    ls_buf note = {0};
    *again = false;
    LS_TRY(ls_replica_load(r, detail));
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
    ls_result loaded = ls_replica_load(r, ls_succeeded(result) ? detail : NULL);
    result = ls_failed(result) ? result : loaded;
    if (ls_succeeded(result)) {
        ls_replica_collect(r);
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
    return ls_replica_get(replica_of(l), hash, limit, out, detail);
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
        result = ls_replica_load(r, detail);
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
    ls_replica_forget(r);
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
