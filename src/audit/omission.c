/* Acts that were left out although cosigners had them. */
#include "audit/internal.h"
#include "bundle/claims.h"
#include <stdlib.h>

/* An act with the receipts that were given for it. */
typedef struct candidate {
    ls_bytes note;
    const ls_act *act;
    ls_bytes receipts; /* as in a receipts act */
} candidate;

/* A checkpoint that came too late for an act to be missing from it. */
typedef struct late {
    uint64_t size;
    ls_bytes note;
} late;

static int compare_late(const void *a, const void *b)
{
    const late *x = a, *y = b;
    return (x->size > y->size) - (x->size < y->size);
}

/* Keeps a checkpoint if its cosignatures came an hour after the receipts. */
static ls_result take_late(const view *v, const ls_receipts *receipts, uint64_t size, ls_bytes note, ls_buf *found)
{
    ls_finality f;
    ls_witnesses broke;
    if (size == 0 || ls_failed(ls_checkpoint_judge(v->charter, note, NULL, &f, NULL))) {
        return LS_SUCCESS;
    }
    bool passed = ls_omission_shown(receipts, &f, v->charter->policy.witness_count, &broke);
    if (passed || broke != 0) {
        const late l = {size, note};
        ls_buf_put(found, &l, sizeof l);
    }
    return ls_buf_check(found);
}

static ls_result find_late(const audit *a, const view *v, const candidate *c, ls_buf *found)
{
    ls_receipts receipts;
    if (ls_failed(ls_receipts_judge(v->charter, &a->process, &c->act->id, c->receipts, NULL, &receipts, NULL))) {
        return LS_SUCCESS;
    }
    for (size_t at = 0; at < v->stamps.len; at += sizeof(stamped)) {
        stamped x;
        memcpy(&x, v->stamps.ptr + at, sizeof x);
        LS_TRY(take_late(v, &receipts, x.size, x.note, found));
    }
    for (size_t i = 0; i < a->head_count; i++) {
        const head *h = &a->head[i];
        if (h->home == v && h->ledger >= 0 && h->checkpoint.size <= v->accepted) {
            LS_TRY(take_late(v, &receipts, h->checkpoint.size, h->note, found));
        }
    }
    return LS_SUCCESS;
}

/* Replaying a history up to one after the other of these checkpoints, until the act is acceptable there. */
typedef struct search {
    audit *a;
    const candidate *c;
    ls_record *record;
    late *late;
    size_t count, at;
    const late *found;
} search;

static ls_result try_entry(void *context, uint64_t index, ls_bytes note)
{
    search *s = context;
    uint64_t there;
    LS_TRY(ls_record_append(s->record, note, LS_CHECK_TRUSTED, s->a->detail));
    for (; s->at < s->count && s->late[s->at].size == index + 1; s->at++) {
        if (s->found == NULL && !ls_record_find(s->record, &s->c->act->id, &there) &&
            ls_succeeded(ls_record_accept(s->record, s->c->act, LS_CHECK_SIGNATURES, NULL))) {
            s->found = &s->late[s->at];
        }
    }
    return LS_SUCCESS;
}

static ls_result claim_omission(audit *a, const view *v, const candidate *c, const late *l)
{
    const ls_claim claim = {.kind = LS_CLAIM_OMISSION, .size = l->size};
    LS_TRY(ls_audit_begin_claim(a, &claim, v));
    LS_TRY(ls_audit_put(a, "act", c->note));
    LS_TRY(ls_audit_put(a, "receipts", c->receipts));
    return ls_audit_put(a, "checkpoint", l->note);
}

static ls_result look_in(audit *a, const view *v, const candidate *c)
{
    ls_buf found = {0};
    search s = {.a = a, .c = c};
    ls_result r = find_late(a, v, c, &found);
    s.count = found.len / sizeof *s.late;
    if (ls_succeeded(r) && s.count > 0) {
        s.late = (late *)(void *)found.ptr;
        qsort(s.late, s.count, sizeof *s.late, compare_late);
        r = ls_record_new((ls_fetch){ls_audit_fetch, a}, &s.record);
    }
    if (ls_succeeded(r) && s.record != NULL) {
        r = v->source->read(v->source, 0, s.late[s.count - 1].size, try_entry, &s, a->detail);
    }
    if (ls_succeeded(r) && s.found != NULL) {
        r = claim_omission(a, v, c, s.found);
    }
    ls_record_free(s.record);
    ls_buf_free(&found);
    return r;
}

static ls_result look_everywhere(audit *a, const candidate *c)
{
    for (size_t i = 0; i < a->view_count; i++) {
        const view *v = &a->view[i];
        if (!v->foreign && v->same == NULL && v->charter != NULL) {
            LS_TRY(look_in(a, v, c));
        }
    }
    return LS_SUCCESS;
}

/* Receipts that lie about as single notes, put together for the act that is at hand. */
static ls_result look_at_loose(audit *a, const loose_act *x)
{
    ls_bytes note[LS_POLICY_WITNESSES_MAX];
    size_t count = 0;
    ls_buf text = {0};
    for (size_t i = 0; i < a->receipt_count && count < LS_POLICY_WITNESSES_MAX; i++) {
        if (ls_hash_equal(&a->receipt[i].receipt.act, &x->act->id)) {
            note[count++] = a->receipt[i].note;
        }
    }
    if (count == 0) {
        return LS_SUCCESS;
    }
    ls_receipts_put(note, count, &text);
    char *kept = ls_arena_str(a->arena, ls_buf_bytes(&text));
    const candidate c = {x->note, x->act, ls_bytes_of(kept, text.len)};
    ls_buf_free(&text);
    return kept == NULL ? ls_fail(&ls_fault_memory) : look_everywhere(a, &c);
}

/* Receipts that are on the record, for an act that is there, too: it may have been left out until then. */
static ls_result look_at_filed(audit *a, const view *v, const filed_receipts *f)
{
    for (size_t at = 0; at < v->acts.len; at += sizeof(chained)) {
        chained x;
        ls_buf note = {0};
        memcpy(&x, v->acts.ptr + at, sizeof x);
        if (!ls_hash_equal(&x.id, &f->act)) {
            continue;
        }
        ls_act *act = ls_arena_alloc(a->arena, sizeof *act);
        ls_result r = act == NULL ? ls_fail(&ls_fault_memory) : ls_source_entry(v->source, x.index, &note, a->detail);
        char *kept = ls_succeeded(r) ? ls_arena_str(a->arena, ls_buf_bytes(&note)) : NULL;
        candidate c = {ls_bytes_of(kept, note.len), act, f->text};
        ls_buf_free(&note);
        LS_TRY(r);
        LS_TRY(kept == NULL ? ls_fail(&ls_fault_memory) : ls_act_parse(c.note, false, act, a->detail));
        LS_TRY(look_in(a, v, &c));
    }
    return LS_SUCCESS;
}

ls_result ls_audit_omissions(audit *a)
{
    for (size_t i = 0; i < a->act_count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++) {
            again = again || ls_hash_equal(&a->act[j].act->id, &a->act[i].act->id);
        }
        if (!again) {
            LS_TRY(look_at_loose(a, &a->act[i]));
        }
    }
    for (size_t i = 0; i < a->view_count; i++) {
        const view *v = &a->view[i];
        for (size_t at = 0; !v->foreign && v->same == NULL && at < v->receipts.len; at += sizeof(filed_receipts)) {
            filed_receipts f;
            memcpy(&f, v->receipts.ptr + at, sizeof f);
            LS_TRY(look_at_filed(a, v, &f));
        }
    }
    return LS_SUCCESS;
}
