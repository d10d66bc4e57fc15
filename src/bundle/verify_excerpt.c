/* Excerpts: single acts of a ledger, each with the proof that it stands under one checkpoint. */
#include "bundle/verifier.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct excerpt_act {
    uint64_t index;
    ls_bytes note;
} excerpt_act;

/* What all acts of the excerpt stand under. */
typedef struct excerpt {
    excerpt_act *acts; /* by index, the charter first */
    size_t count;
    ls_bytes checkpoint;
    ls_checkpoint parsed;
    ls_hash process;
    ls_charter *running; /* as it was at the act that is looked at */
} excerpt;

/* The index in "act/<index>.note"; false for any other name. */
static bool note_index(ls_bytes name, uint64_t *index)
{
    const size_t before = strlen("act/"), after = strlen(".note");
    if (name.len <= before + after || !ls_bytes_starts(name, "act/") ||
        !ls_bytes_is(ls_bytes_of(name.ptr + name.len - after, after), ".note")) {
        return false;
    }
    return ls_decimal_parse(ls_bytes_of(name.ptr + before, name.len - before - after), INT64_MAX, index);
}

static int compare_acts(const void *a, const void *b)
{
    const excerpt_act *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

static ls_result collect(ls_verifier *v, excerpt *e)
{
    e->acts = ls_arena_array(v->arena, v->bundle->count, sizeof *e->acts);
    if (e->acts == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < v->bundle->count; i++) {
        const ls_member *m = &v->bundle->members[i];
        uint64_t index;
        if (note_index(m->name, &index)) {
            v->used[i] = true;
            e->acts[e->count++] = (excerpt_act){index, m->content};
        }
    }
    qsort(e->acts, e->count, sizeof *e->acts, compare_acts);
    return LS_SUCCESS;
}

/* The charter is accepted as the first act of a record that has no other. */
static ls_result take_charter(ls_verifier *v, excerpt *e, bool *taken)
{
    ls_detail detail = {0};
    *taken = false;
    if (e->count == 0 || e->acts[0].index != 0) {
        ls_report_add(v->report, LS_FINDING_FAILED, "charter", "act/0.note is missing: an excerpt begins with it");
        return LS_SUCCESS;
    }
    LS_TRY(ls_record_new(v->fetch, &v->owned));
    ls_result r = ls_record_append(v->owned, e->acts[0].note, LS_CHECK_SIGNATURES, &detail);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        ls_report_add(v->report, LS_FINDING_FAILED, "act 0", "%s",
                      detail.text[0] != 0 ? detail.text : r.fault->sentence);
        return LS_SUCCESS;
    }
    e->process = *ls_record_process(v->owned);
    *taken = true;
    return ls_verify_charter(v, ls_record_process(v->owned), ls_record_charter_json(v->owned));
}

/* Why an act does not stand where the excerpt says, or NULL. The first proof's checkpoint is everyone's. */
static const char *proof_wrong(ls_verifier *v, excerpt *e, const excerpt_act *a)
{
    char name[LS_BUNDLE_NAME_MAX + 1];
    snprintf(name, sizeof name, "act/%llu.tlog-proof", (unsigned long long)a->index);
    const ls_member *m = ls_verify_take(v, name);
    ls_tlog_proof proof;
    ls_hash leaf;
    if (m == NULL) {
        return "its proof of inclusion is missing";
    }
    if (ls_failed(ls_tlog_proof_parse(m->content, &proof))) {
        return "its proof of inclusion is not a tlog-proof";
    }
    if (proof.index != a->index) {
        return "its proof of inclusion is for another index";
    }
    if (e->checkpoint.ptr == NULL) {
        if (!ls_verify_checkpoint(v, proof.checkpoint, &e->parsed)) {
            return "the checkpoint in its proof does not hold";
        }
        e->checkpoint = proof.checkpoint;
    }
    if (!ls_bytes_equal(proof.checkpoint, e->checkpoint)) {
        return "its proof is under another checkpoint than the charter's";
    }
    ls_merkle_leaf(a->note, &leaf);
    return ls_failed(
               ls_merkle_verify_inclusion(&leaf, a->index, e->parsed.size, proof.proof, proof.count, &e->parsed.root))
               ? "its proof does not lead to the checkpoint's root"
               : NULL;
}

static const char *foreign(const ls_verifier *v, const excerpt *e, const ls_act *act)
{
    if (act->exercise != v->charter->exercise) {
        return act->exercise ? "it is an exercise's act in a real process" : "it is a real act in an exercise";
    }
    return act->has[LS_H_PROCESS] && !ls_hash_equal(&act->process, &e->process) ? "it belongs to another process"
                                                                                : NULL;
}

/* The attachment of this name, if it is here and the one that was signed. */
static bool fetch_named(ls_verifier *v, const ls_act *act, const char *name, ls_bytes *content)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        if (ls_bytes_is(a->file_name, name)) {
            return ls_succeeded(v->fetch.fetch(v->fetch.context, &a->hash, a->size, v->arena, content));
        }
    }
    return false;
}

/* An accord whose roadmap is here fixes what declarations may be; it was accepted with its text, which may be missing.
 */
static ls_result take_accord(ls_verifier *v, const ls_act *act)
{
    ls_bytes json, text;
    ls_value *value;
    if (!fetch_named(v, act, "roadmap.json", &json) || ls_failed(ls_json_parse(v->arena, json, &value, NULL))) {
        return LS_SUCCESS;
    }
    ls_diagnostics *d = ls_arena_alloc(v->arena, sizeof *d);
    ls_roadmap *roadmap = ls_arena_alloc(v->arena, sizeof *roadmap);
    ls_known_accord *known = ls_arena_alloc(v->arena, sizeof *known);
    if (d == NULL || roadmap == NULL || known == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = v->arena;
    if (fetch_named(v, act, "text.md", &text)) {
        ls_roadmap_read(v->arena, value, v->charter, text, d, roadmap);
    } else {
        ls_roadmap_read_alone(v->arena, value, v->charter, d, roadmap);
    }
    if (d->errors == 0) {
        *known = (ls_known_accord){v->accords, act->id, act->accord, roadmap};
        v->accords = known;
    }
    return LS_SUCCESS;
}

/* The excerpt brings the acts that changed keys along. Those at its end have signed the checkpoint. */
static ls_result follow_keys(ls_verifier *v, excerpt *e)
{
    ls_charter *end = ls_charter_copy(v->arena, v->charter);
    e->running = ls_charter_copy(v->arena, v->charter);
    if (end == NULL || e->running == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < e->count; i++) {
        ls_act act;
        if (ls_succeeded(ls_act_parse(e->acts[i].note, false, &act, NULL))) {
            ls_result r = ls_charter_follow(&end, &act, &v->fetch, v->arena, NULL);
            if (r.fault == &ls_fault_memory) {
                return r;
            }
        }
    }
    v->charter = end;
    return LS_SUCCESS;
}

static ls_result remember(ls_verifier *v, const excerpt_act *a, const ls_act *act)
{
    ls_known_act *known = ls_arena_alloc(v->arena, sizeof *known);
    if (known == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *known = (ls_known_act){.index = a->index, .note = a->note, .id = act->id};
    *v->last_act = known;
    v->last_act = &known->next;
    return LS_SUCCESS;
}

static ls_result check_act(ls_verifier *v, excerpt *e, const excerpt_act *a)
{
    ls_act act;
    ls_detail detail = {0};
    char number[32];
    snprintf(number, sizeof number, "act %llu", (unsigned long long)a->index);
    const char *wrong = proof_wrong(v, e, a);
    if (ls_failed(ls_act_parse(a->note, false, &act, &detail))) {
        ls_report_add(v->report, LS_FINDING_FAILED, number, "it is not an act: %s", detail.text);
        return LS_SUCCESS;
    }
    const char *subject = ls_verify_subject(v, a->index, &act);
    wrong = wrong != NULL ? wrong : foreign(v, e, &act);
    if (wrong == NULL && ls_failed(ls_act_check_signatures(&act, e->running, 0, &detail))) {
        wrong = detail.text;
    }
    if (wrong != NULL) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "%s", wrong);
        return LS_SUCCESS;
    }
    ls_bytes signers = act.raw[LS_H_SIGNERS];
    ls_report_add(v->report, LS_FINDING_OK, subject, "on the record; signed by %.*s",
                  signers.len == 0 ? 10 : (int)signers.len,
                  signers.len == 0 ? "the ledger" : (const char *)signers.ptr);
    LS_TRY(remember(v, a, &act));
    if (ls_bytes_is(act.kind, "accord")) {
        LS_TRY(take_accord(v, &act));
    }
    ls_result followed = ls_charter_follow(&e->running, &act, &v->fetch, v->arena, &detail);
    if (ls_failed(followed)) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "%s",
                      detail.text[0] != '\0' ? detail.text : followed.fault->sentence);
    }
    return ls_verify_act_content(v, a->index, &act);
}

ls_result ls_verify_excerpt_acts(ls_verifier *v, bool *whole)
{
    excerpt e = {0};
    LS_TRY(collect(v, &e));
    LS_TRY(take_charter(v, &e, whole));
    if (!*whole) {
        return LS_SUCCESS;
    }
    LS_TRY(follow_keys(v, &e));
    for (size_t i = 0; i < e.count; i++) {
        LS_TRY(check_act(v, &e, &e.acts[i]));
    }
    if (e.checkpoint.ptr != NULL) {
        ls_report_add(v->report, LS_FINDING_OK, "checkpoint",
                      "signed by %s; it covers %llu acts, of which %zu are here", v->charter->ledger.name,
                      (unsigned long long)e.parsed.size, e.count);
    }
    ls_verify_attachments_summary(v);
    return ls_verify_contradictions(v);
}

ls_result ls_verify_excerpt(ls_verifier *v)
{
    bool whole;
    LS_TRY(ls_verify_excerpt_acts(v, &whole));
    if (whole) {
        ls_report_add(
            v->report, LS_FINDING_NOTE, "excerpt",
            "these acts are on the record; what else is there, and whether they came in time to have effect, only "
            "the whole record shows");
    }
    return LS_SUCCESS;
}
