/* Claims: what each kind takes to be proven, whom it accuses, and what it does not show. */
#include "bundle/claims.h"
#include <stdio.h>

typedef unsigned long long ull;

/* Findings. */

__attribute__((format(printf, 2, 3))) static void not_proven(ls_claimed *c, const char *format, ...)
{
    char text[800];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ls_report_add(c->v->report, LS_FINDING_FAILED, c->subject, "NOT PROVEN: %s", text);
}

__attribute__((format(printf, 2, 3))) static void proven(ls_claimed *c, const char *format, ...)
{
    char text[1000];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ls_report_add(c->v->report, LS_FINDING_OK, c->subject, "PROVEN: %s", text);
    c->v->report->proven++;
}

static void not_shown(ls_claimed *c, const char *text)
{
    ls_report_add(c->v->report, LS_FINDING_NOTE, c->subject, "This does not show %s", text);
}

static const char *reason(ls_result r, const ls_detail *detail)
{
    return detail->text[0] != 0 ? detail->text : r.fault->sentence;
}

/* "act 4 (perform by usa)", whatever the bytes are. */
static const char *describe(ls_claimed *c, uint64_t index, ls_bytes note)
{
    ls_act act;
    if (ls_succeeded(ls_act_parse(note, false, &act, NULL))) {
        return ls_verify_subject(c->v, index, &act);
    }
    const char *text = ls_arena_format(c->v->arena, "entry %llu (no act)", (ull)index);
    return text == NULL ? "an entry" : text;
}

static const char *time_text(ls_claimed *c, ls_time t)
{
    char text[LS_TIME_SIZE];
    ls_time_format(t, text);
    const char *kept = ls_arena_str(c->v->arena, ls_bytes_str(text));
    return kept == NULL ? "" : kept;
}

/* Names of these witnesses of a charter's policy, with commas; "nobody". */
static const char *witness_names(ls_claimed *c, const ls_charter *charter, ls_witnesses who)
{
    ls_buf names = {0};
    for (size_t i = 0; i < charter->policy.witness_count; i++) {
        if ((who >> i & 1) != 0) {
            ls_buf_put_str(&names, names.len == 0 ? "" : ", ");
            ls_buf_put_bytes(&names, charter->policy.witness[i].name);
        }
    }
    const char *kept = names.len == 0 ? "nobody" : ls_arena_str(c->v->arena, ls_buf_bytes(&names));
    ls_buf_free(&names);
    return kept == NULL ? "" : kept;
}

/* Members. */

static const ls_member *part(ls_claimed *c, const char *name)
{
    char member[LS_BUNDLE_NAME_MAX + 1];
    ls_claim_member(c->number, name, member);
    return ls_verify_take(c->v, member);
}

/* A checkpoint signed by a ledger of this process; the charter under which it is in *by. False, with a finding, if it
 * is none. */
static bool take_checkpoint(ls_claimed *c, const char *name, ls_finality *out, const ls_charter **by)
{
    const ls_member *m = part(c, name);
    if (m == NULL) {
        not_proven(c, "%s is missing", name);
        return false;
    }
    for (size_t i = 0; i < c->ledger_count; i++) {
        ls_detail detail = {0};
        if (ls_succeeded(ls_checkpoint_judge(c->ledger[i], m->content, NULL, out, &detail))) {
            *by = c->ledger[i];
            return true;
        }
    }
    not_proven(c, "%s is not a checkpoint that the ledger of this process signed", name);
    return false;
}

/* Under the charter that is in force where the claim's history ends. */
static bool take_current(ls_claimed *c, ls_finality *out)
{
    const ls_member *m = part(c, "checkpoint");
    ls_detail detail = {0};
    ls_result r = m == NULL ? ls_fail(&ls_fault_checkpoint_form)
                            : ls_checkpoint_judge(ls_record_watched(c->record), m->content, NULL, out, &detail);
    if (ls_failed(r)) {
        not_proven(c, "the checkpoint is %s", m == NULL ? "missing" : "not signed by the ledger of this process");
    }
    return ls_succeeded(r);
}

/* The act of a claim, in *act; what is wrong with it, or NULL. */
static const char *take_act(ls_claimed *c, ls_act *act)
{
    const ls_member *m = part(c, "act");
    if (m == NULL || ls_failed(ls_act_parse(m->content, false, act, NULL))) {
        return m == NULL ? "the act is missing" : "the act is none in canonical form";
    }
    return NULL;
}

/* That the claim's history is exactly what this head names. */
static bool history_is(const ls_claimed *c, uint64_t size, const ls_hash *root)
{
    ls_hash actual;
    ls_record_root(c->record, ls_record_size(c->record), &actual);
    return size == ls_record_size(c->record) && ls_hash_equal(&actual, root);
}

/* Split views. */

typedef struct view {
    ls_finality first, second;
    const ls_charter *ledger;
} view;

/* Why the two don't contradict each other, or NULL. */
static const char *agree(ls_claimed *c, const view *w, ls_hash *other)
{
    const ls_checkpoint *a = &w->first.checkpoint, *b = &w->second.checkpoint;
    const ls_member *m = part(c, "nodes");
    ls_hash nodes[LS_MERKLE_PROOF_MAX], root;
    size_t count;
    if (a->size == 0 || a->size > b->size) {
        return "the first checkpoint has to be the smaller one, and not of nothing";
    }
    if (a->size == b->size) {
        *other = b->root;
        return m != NULL                           ? "checkpoints of one size need no nodes"
               : ls_hash_equal(&a->root, &b->root) ? "the two checkpoints have one size and one root"
                                                   : NULL;
    }
    if (m == NULL || ls_failed(ls_nodes_parse(m->content, nodes, &count)) ||
        ls_failed(ls_merkle_consistency_roots(a->size, b->size, nodes, count, other, &root))) {
        return "the nodes are missing, or are no list for these sizes";
    }
    if (!ls_hash_equal(&root, &b->root)) {
        return "the nodes don't lead to the second checkpoint's root";
    }
    return ls_hash_equal(other, &a->root) ? "the second checkpoint continues the first" : NULL;
}

/* An entry under one of the two checkpoints, whose very note is in its proof. */
static bool take_entry(ls_claimed *c, const char *name, const char *checkpoint, const ls_checkpoint *under,
                       uint64_t *index, ls_bytes *note)
{
    const ls_member *m = part(c, name), *stated = part(c, checkpoint);
    ls_tlog_proof proof;
    ls_hash leaf;
    if (m == NULL || ls_failed(ls_tlog_proof_parse(m->content, &proof)) ||
        !ls_bytes_equal(proof.checkpoint, stated->content)) {
        return false;
    }
    uint8_t *bytes = ls_arena_alloc(c->v->arena, LS_ACT_MAX);
    size_t len;
    if (bytes == NULL || !ls_base64_decode(proof.extra, bytes, LS_ACT_MAX, &len)) {
        return false;
    }
    *note = ls_bytes_of(bytes, len);
    *index = proof.index;
    ls_merkle_leaf(*note, &leaf);
    return ls_succeeded(
        ls_merkle_verify_inclusion(&leaf, proof.index, under->size, proof.proof, proof.count, &under->root));
}

/* What stands at one place under the first checkpoint, and what under the second: not needed for the proof, but plain
 * to everybody. */
static void tell_difference(ls_claimed *c, const view *w)
{
    uint64_t i, j;
    ls_bytes a, b;
    if (!take_entry(c, "first.tlog-proof", "first", &w->first.checkpoint, &i, &a) ||
        !take_entry(c, "second.tlog-proof", "second", &w->second.checkpoint, &j, &b) || i != j ||
        ls_bytes_equal(a, b)) {
        not_proven(c, "the entries that should show a difference don't");
        return;
    }
    ls_report_add(c->v->report, LS_FINDING_OK, c->subject, "entry %llu is %s under the first, and %s under the second",
                  (ull)i, describe(c, i, a), describe(c, j, b));
}

static void tell_cosigners(ls_claimed *c, const view *w)
{
    ls_witnesses both = w->first.witnesses & w->second.witnesses;
    if ((w->first.witnesses | w->second.witnesses) != 0) {
        ls_report_add(c->v->report, LS_FINDING_NOTE, c->subject, "the first was cosigned by %s, the second by %s",
                      witness_names(c, w->ledger, w->first.witnesses),
                      witness_names(c, w->ledger, w->second.witnesses));
    }
    if (both != 0) {
        proven(c, "%s cosigned both, which no honest cosigner does", witness_names(c, w->ledger, both));
    }
}

static ls_result judge_split_view(ls_claimed *c)
{
    view w;
    const ls_charter *other_ledger;
    ls_hash other;
    if (!take_checkpoint(c, "first", &w.first, &w.ledger) || !take_checkpoint(c, "second", &w.second, &other_ledger)) {
        return LS_SUCCESS;
    }
    const char *wrong =
        w.ledger != other_ledger ? "the two checkpoints are of two ledgers of this process" : agree(c, &w, &other);
    if (wrong != NULL) {
        not_proven(c, "%s", wrong);
        return LS_SUCCESS;
    }
    proven(c,
           "whoever holds the key of the ledger %s signed two histories: one of %llu entries, and one of %llu entries "
           "that does not begin with them",
           w.ledger->ledger.name, (ull)w.first.checkpoint.size, (ull)w.second.checkpoint.size);
    if (part(c, "first.tlog-proof") != NULL || part(c, "second.tlog-proof") != NULL) {
        tell_difference(c, &w);
    }
    tell_cosigners(c, &w);
    not_shown(c, "which of the two is the true one, nor who had the key: the host is who the charter says");
    return LS_SUCCESS;
}

/* Forks. */

/* Why the act is no second one with the number of the entry at the claim's index, or NULL. */
static const char *not_forked(ls_claimed *c, const ls_act *act, ls_act *earlier)
{
    const ls_charter *charter = ls_record_charter(c->record);
    if (act->shape != LS_SHAPE_CHAINED || !ls_hash_equal(&act->process, ls_record_process(c->record)) ||
        act->exercise != charter->exercise) {
        return "the act is not one of a single party in this process";
    }
    if (!history_is(c, act->head_size, &act->head_root)) {
        return "the history is not the one that the act's head names";
    }
    if (c->claim.index >= c->claim.size || ls_failed(ls_act_parse(c->entry[c->claim.index], false, earlier, NULL)) ||
        earlier->shape != LS_SHAPE_CHAINED || !ls_bytes_equal(earlier->by.name[0], act->by.name[0]) ||
        earlier->seq != act->seq) {
        return "the entry at this index is not an act of the same party with the same number";
    }
    return ls_hash_equal(&earlier->id, &act->id) ? "the two are one and the same act" : NULL;
}

/* A change of keys may be signed by one key alone: that of a delegate or of a cosigner, which ends itself, or the
 * recovery key. It is not the party's word as an act by its signers is. */
static bool signed_alone(const ls_charter *charter, const ls_act *act)
{
    const ls_party *p = ls_charter_party(charter, act->by.name[0]);
    bool about_keys = ls_bytes_is(act->kind, "rekey") || ls_bytes_is(act->kind, "revoke");
    bool enough = p != NULL && act->signers.count >= ls_party_threshold_max(p);
    for (size_t i = 0; enough && i < act->signers.count; i++) {
        enough = ls_party_signer(p, act->signers.name[i]) != NULL;
    }
    return about_keys && !enough;
}

static ls_result judge_fork(ls_claimed *c)
{
    ls_act act, earlier;
    ls_detail detail = {0};
    const char *wrong = take_act(c, &act);
    wrong = wrong == NULL ? not_forked(c, &act, &earlier) : wrong;
    if (wrong == NULL && signed_alone(ls_record_charter(c->record), &act)) {
        wrong = "the act is signed by a key that may sign alone, and not by as many of the party's signers as it wants";
    }
    if (wrong != NULL) {
        not_proven(c, "%s", wrong);
        return LS_SUCCESS;
    }
    ls_result r = ls_act_check_signatures(&act, ls_record_charter(c->record), ls_record_time(c->record), &detail);
    if (ls_failed(r)) {
        not_proven(c, "the act is not signed by its party: %s", reason(r, &detail));
        return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
    }
    ls_bytes by = act.by.name[0], signers = act.raw[LS_H_SIGNERS];
    proven(c,
           "%.*s signed two acts with the number %llu: the one that is entry %llu, and another one (by %.*s) whose "
           "head says that its author had seen the first",
           (int)by.len, by.ptr, (ull)act.seq, (ull)c->claim.index, (int)signers.len, signers.ptr);
    not_shown(c, "which of the two the party meant, nor whose hand held the keys");
    return LS_SUCCESS;
}

/* Omissions. */

typedef struct omission {
    ls_act act;
    ls_receipts receipts;
    ls_finality checkpoint;
} omission;

/* Why the act was not left out, or NULL. */
static const char *not_left_out(ls_claimed *c, omission *o, ls_detail *detail)
{
    uint64_t index;
    const ls_member *receipts = part(c, "receipts");
    const char *wrong = take_act(c, &o->act);
    if (wrong != NULL || receipts == NULL) {
        return wrong != NULL ? wrong : "the receipts are missing";
    }
    if (!history_is(c, o->checkpoint.checkpoint.size, &o->checkpoint.checkpoint.root)) {
        return "the history is not the one under the checkpoint";
    }
    if (ls_record_find(c->record, &o->act.id, &index)) {
        return "the act is in the history";
    }
    ls_result r = ls_record_accept(c->record, &o->act, LS_CHECK_SIGNATURES, detail);
    if (ls_failed(r)) {
        return ls_arena_format(c->v->arena, "the act could not have been in it: %s", reason(r, detail));
    }
    r = ls_receipts_judge(ls_record_watched(c->record), ls_record_process(c->record), &o->act.id, receipts->content,
                          NULL, &o->receipts, detail);
    return ls_failed(r) ? "the receipts are not all good ones of cosigners of this process" : NULL;
}

bool ls_omission_shown(const ls_receipts *receipts, const ls_finality *checkpoint, size_t witnesses,
                       ls_witnesses *broke)
{
    ls_witnesses both = receipts->witnesses & checkpoint->witnesses;
    *broke = 0;
    for (size_t i = 0; i < witnesses; i++) {
        bool late = checkpoint->time[i] - receipts->time[i] >= LS_RECEIPT_PATIENCE + LS_EVIDENCE_MARGIN;
        *broke |= (both >> i & 1) != 0 && late ? (ls_witnesses)1 << i : 0;
    }
    return receipts->met && checkpoint->final &&
           checkpoint->final_time - receipts->receipt_time >= LS_RECEIPT_PATIENCE + LS_EVIDENCE_MARGIN;
}

static ls_result judge_omission(ls_claimed *c)
{
    omission *o = ls_arena_alloc(c->v->arena, sizeof *o);
    ls_detail detail = {0};
    if (o == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (!take_current(c, &o->checkpoint)) {
        return LS_SUCCESS;
    }
    const char *wrong = not_left_out(c, o, &detail);
    if (wrong != NULL) {
        not_proven(c, "%s", wrong);
        return LS_SUCCESS;
    }
    const ls_charter *charter = ls_record_watched(c->record);
    ls_witnesses broke;
    bool passed = ls_omission_shown(&o->receipts, &o->checkpoint, charter->policy.witness_count, &broke);
    ull size = (ull)o->checkpoint.checkpoint.size;
    if (broke != 0) {
        proven(c,
               "%s gave receipts for the act and, an hour later or more, cosigned a checkpoint of %llu entries that "
               "lacks it, though it was acceptable there",
               witness_names(c, charter, broke), size);
    }
    if (passed) {
        proven(c,
               "the ledger's final checkpoint of %llu entries, of %s, lacks the act, which a quorum (%s) had received "
               "by %s and says to have passed on to the host",
               size, time_text(c, o->checkpoint.final_time), witness_names(c, charter, o->receipts.witnesses),
               time_text(c, o->receipts.receipt_time));
    }
    if (broke == 0 && !passed) {
        not_proven(c, "no cosigner cosigned clearly more than an hour after its receipt, and the receipts of a quorum "
                      "were not that old "
                      "when the checkpoint became final");
    }
    not_shown(c, "that the host had the act: that rests on the word of those who gave receipts");
    return LS_SUCCESS;
}

/* Entries that acceptance refuses. */

/* Whether a refusal is the act's fault and would be everyone's; what is not here proves nothing. */
static bool refused_for_good(ls_result r)
{
    return ls_failed(r) && (r.fault->class == LS_CLASS_INVALID || r.fault == &ls_fault_known);
}

/* That the entries up to and with the one at the index are those under the checkpoint. */
static bool entries_under(ls_claimed *c, const ls_checkpoint *checkpoint)
{
    ls_merkle_frontier tree = {0};
    ls_hash root, nodes[LS_MERKLE_PROOF_MAX], old, new;
    size_t count;
    uint64_t size = c->claim.index + 1;
    for (uint64_t i = 0; i < size; i++) {
        ls_hash leaf;
        ls_merkle_leaf(c->entry[i], &leaf);
        ls_merkle_append(&tree, &leaf);
    }
    ls_merkle_frontier_root(&tree, &root);
    if (size == checkpoint->size) {
        return ls_hash_equal(&root, &checkpoint->root);
    }
    const ls_member *m = part(c, "nodes");
    return m != NULL && ls_succeeded(ls_nodes_parse(m->content, nodes, &count)) &&
           ls_succeeded(ls_merkle_consistency_roots(size, checkpoint->size, nodes, count, &old, &new)) &&
           ls_hash_equal(&old, &root) && ls_hash_equal(&new, &checkpoint->root);
}

static ls_result judge_entry(ls_claimed *c)
{
    ls_finality checkpoint;
    ls_detail detail = {0};
    const ls_charter *ledger;
    uint64_t index = c->claim.index;
    if (!take_checkpoint(c, "checkpoint", &checkpoint, &ledger)) {
        return LS_SUCCESS;
    }
    if (index != c->claim.size || index >= c->entry_count || !entries_under(c, &checkpoint.checkpoint)) {
        not_proven(c, "the history up to this entry is not the one under the checkpoint");
        return LS_SUCCESS;
    }
    const char *what = describe(c, index, c->entry[index]);
    ls_result r = ls_record_append(c->record, c->entry[index], LS_CHECK_SIGNATURES, &detail);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (!refused_for_good(r)) {
        not_proven(c, "%s %s%s", what, ls_succeeded(r) ? "is acceptable where it stands" : "can't be judged here: ",
                   ls_succeeded(r) ? "" : reason(r, &detail));
        return LS_SUCCESS;
    }
    proven(c, "the ledger %s signed for %s, which may not be in the record where it stands: %s", ledger->ledger.name,
           what, reason(r, &detail));
    ls_report_add(c->v->report, LS_FINDING_NOTE, c->subject, "it was cosigned by %s, who are to replay before they do",
                  witness_names(c, ledger, checkpoint.witnesses));
    not_shown(c, "who wrote the entry, only who let it in");
    return LS_SUCCESS;
}

/* Cosigners who sign for times that lie ahead of their clocks. */

static ls_result judge_ahead(ls_claimed *c)
{
    ls_finality checkpoint;
    if (!take_current(c, &checkpoint)) {
        return LS_SUCCESS;
    }
    const ls_charter *charter = ls_record_watched(c->record);
    ls_bytes name = c->claim.cosigner;
    size_t i = 0;
    while (i < charter->policy.witness_count && !ls_bytes_equal(charter->policy.witness[i].name, name)) {
        i++;
    }
    ls_time stamped = ls_record_time(c->record);
    if (!history_is(c, checkpoint.checkpoint.size, &checkpoint.checkpoint.root)) {
        not_proven(c, "the history is not the one under the checkpoint");
    } else if (charter->exercise) {
        not_proven(c, "in an exercise the clock is set, and cosigners follow it");
    } else if (i == charter->policy.witness_count || (checkpoint.witnesses >> i & 1) == 0) {
        not_proven(c, "%.*s has not cosigned this checkpoint", (int)name.len, name.ptr);
    } else if (stamped - checkpoint.time[i] <= LS_STAMP_AHEAD + LS_EVIDENCE_MARGIN) {
        not_proven(c, "the record's time was not more than ten minutes ahead of the cosignature's");
    } else {
        proven(c, "%.*s cosigned at %s, by its own clock, a record whose latest stamp says %s", (int)name.len, name.ptr,
               time_text(c, checkpoint.time[i]), time_text(c, stamped));
        not_shown(c, "whose clock was wrong");
    }
    return LS_SUCCESS;
}

ls_result ls_claim_judge(ls_claimed *c)
{
    static ls_result (*const judge[LS_CLAIM_KINDS])(ls_claimed *) = {
        [LS_CLAIM_SPLIT_VIEW] = judge_split_view, [LS_CLAIM_FORK] = judge_fork,   [LS_CLAIM_OMISSION] = judge_omission,
        [LS_CLAIM_ENTRY] = judge_entry,           [LS_CLAIM_AHEAD] = judge_ahead,
    };
    return judge[c->claim.kind](c);
}
