/* The record, replayed up to its final checkpoint. */
#include "ledger/replaying.h"
#include "process/finality.h"
#include "site/parts.h"

typedef unsigned long long ull;

static ls_result replay_trusted(site *x)
{
    for (uint64_t i = 0; i < x->head.size; i++) {
        ls_arena scratch = {0};
        ls_bytes note;
        ls_result r = ls_site_note(x, i, &scratch, &note);
        r = ls_succeeded(r) ? ls_record_append(x->record, note, LS_CHECK_TRUSTED, x->detail) : r;
        ls_arena_free(&scratch);
        LS_TRY(r);
        LS_TRY(ls_site_tell(x, "replayed", i + 1, x->head.size));
    }
    return LS_SUCCESS;
}

static ls_result replay_entries(site *x, ls_replaying *replaying, ls_act *act)
{
    for (uint64_t i = 0; i < x->head.size; i++) {
        ls_arena scratch = {0};
        ls_bytes note;
        ls_result r = ls_site_note(x, i, &scratch, &note);
        r = ls_succeeded(r) ? ls_replaying_append(replaying, note, act, x->detail) : r;
        ls_arena_free(&scratch);
        LS_TRY(r);
        LS_TRY(ls_site_tell(x, "verified", i + 1, x->head.size));
    }
    return ls_replaying_finish(replaying, x->detail);
}

static ls_result replay_verified(site *x)
{
    ls_replaying *replaying = NULL;
    ls_act *act = ls_arena_alloc(&x->arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_replaying_new(x->record, &replaying));
    ls_result r = replay_entries(x, replaying, act);
    ls_replaying_free(replaying);
    return r;
}

/* The final checkpoint is one, by the charter that judges checkpoints, and over these very entries. */
static ls_result check_head(site *x)
{
    static const ls_judging trust = {.how = LS_SIGNATURES_TRUST};
    ls_finality f;
    ls_hash root;
    LS_TRY(ls_checkpoint_judge(ls_record_watched(x->record), ls_buf_bytes(&x->s->final), x->o->trusted ? &trust : NULL,
                               &f, x->detail));
    ls_record_root(x->record, x->head.size, &root);
    if (!f.final || !ls_hash_equal(&root, &x->head.root)) {
        return ls_fail_with(&ls_fault_site, x->detail, "the final checkpoint of %s is not one over its %llu entries",
                            x->s->name, (ull)x->head.size);
    }
    return LS_SUCCESS;
}

ls_result ls_site_replay(site *x)
{
    LS_TRY(ls_record_new(x->s->fetch, &x->record));
    LS_TRY(x->o->trusted ? replay_trusted(x) : replay_verified(x));
    x->charter = ls_record_charter(x->record);
    if (x->charter == NULL) {
        ls_hint(x->detail, "the charter comes first: lockstep charter new");
        return ls_fail_with(&ls_fault_site, x->detail, "there is no process on this ledger yet");
    }
    x->done.process = *ls_record_process(x->record);
    x->done.exercise = x->charter->exercise;
    if (x->o->charter != NULL && !ls_hash_equal(x->o->charter, &x->done.process)) {
        return ls_fail_with(&ls_fault_site, x->detail, "the record's charter has another fingerprint");
    }
    return check_head(x);
}
