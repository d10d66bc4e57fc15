/* Finality: each signature of a checkpoint note is looked up among the ledger's key and the policy's witnesses. */
#include "process/finality.h"

const ls_fault ls_fault_checkpoint_signature = {LS_CLASS_INVALID, "checkpoint-signature",
                                                "a checkpoint is not signed as the charter wants it"};

#define LEDGER LS_POLICY_WITNESSES_MAX /* beside the indices of witnesses */
#define UNKNOWN (-1)

/* A checkpoint note with the line of each key that has one. */
typedef struct judged {
    ls_note note;
    ls_finality finality;
    int line[LS_POLICY_WITNESSES_MAX + 1]; /* of a witness, or LEDGER; UNKNOWN: none */
} judged;

static int find_signer(const ls_charter *c, const ls_note_signature *s)
{
    if (ls_note_signed_as(s, &c->ledger)) {
        return LEDGER;
    }
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        if (c->policy.witness[i].until != LS_TIME_ENDED && ls_note_signed_as(s, &c->policy.witness[i].key)) {
            return (int)i;
        }
    }
    return UNKNOWN;
}

ls_result ls_pending_judge(const ls_pending_signature *p, const ls_judging *judging)
{
    switch (judging == NULL ? LS_SIGNATURES_VERIFY : judging->how) {
    case LS_SIGNATURES_VERIFY:
        return ls_pending_verify(p);
    case LS_SIGNATURES_COLLECT:
        return judging->put(judging->context, p);
    case LS_SIGNATURES_TRUST:
        break;
    }
    return LS_SUCCESS;
}

/* One line; a second one of the same key would let a cosigner have two times. */
static ls_result judge_line(const ls_charter *c, size_t i, const ls_judging *judging, judged *j, ls_detail *detail)
{
    int signer = find_signer(c, &j->note.signature[i]);
    if (signer == UNKNOWN) {
        return LS_SUCCESS;
    }
    const ls_vkey *key = signer == LEDGER ? &c->ledger : &c->policy.witness[signer].key;
    ls_pending_signature p;
    if (j->line[signer] != UNKNOWN) {
        return ls_fail_with(&ls_fault_checkpoint_signature, detail, "%s has signed it twice", key->name);
    }
    if (!ls_note_pending(&j->note, i, key, &p)) {
        return ls_fail_with(&ls_fault_checkpoint_signature, detail, "the signature of %s has not its form", key->name);
    }
    ls_result result = ls_pending_judge(&p, judging);
    if (result.fault == &ls_fault_note_signature) {
        return ls_fail_with(&ls_fault_checkpoint_signature, detail, "the signature of %s does not verify", key->name);
    }
    LS_TRY(result);
    j->line[signer] = (int)i;
    if (signer != LEDGER) {
        j->finality.witnesses |= UINT32_C(1) << signer;
        j->finality.time[signer] = (ls_time)p.time;
    }
    return LS_SUCCESS;
}

static ls_result judge(const ls_charter *c, ls_bytes note, const ls_judging *judging, judged *j, ls_detail *detail)
{
    memset(j, 0, sizeof *j);
    for (size_t i = 0; i <= LEDGER; i++) {
        j->line[i] = UNKNOWN;
    }
    if (ls_failed(ls_note_parse(note, &j->note)) ||
        ls_failed(ls_checkpoint_parse(j->note.text, &j->finality.checkpoint))) {
        return ls_fail_with(&ls_fault_checkpoint_form, detail, "not a signed checkpoint");
    }
    if (!ls_bytes_equal(j->finality.checkpoint.origin, c->origin)) {
        return ls_fail_with(&ls_fault_checkpoint_signature, detail, "it is a checkpoint of another ledger");
    }
    for (size_t i = 0; i < j->note.count; i++) {
        LS_TRY(judge_line(c, i, judging, j, detail));
    }
    if (j->line[LEDGER] == UNKNOWN) {
        return ls_fail_with(&ls_fault_checkpoint_signature, detail, "the ledger's key has not signed it");
    }
    ls_finality *f = &j->finality;
    f->final = ls_policy_time(&c->policy, f->witnesses, f->time, &f->final_time);
    f->attested_time = ls_policy_attested(&c->policy, f->witnesses, f->time);
    return LS_SUCCESS;
}

ls_result ls_checkpoint_judge(const ls_charter *c, ls_bytes note, const ls_judging *judging, ls_finality *out,
                              ls_detail *detail)
{
    judged j;
    LS_TRY(judge(c, note, judging, &j, detail));
    *out = j.finality;
    return LS_SUCCESS;
}

/* More witnesses never undo a quorum, so the least time is one of theirs. */
bool ls_policy_time(const ls_policy *p, ls_witnesses who, const ls_time time[static LS_POLICY_WITNESSES_MAX],
                    ls_time *out)
{
    if (p->quorum == LS_QUORUM_NONE || !ls_policy_met(p, who)) {
        *out = 0;
        return p->quorum == LS_QUORUM_NONE;
    }
    ls_time least = INT64_MAX;
    for (size_t i = 0; i < p->witness_count; i++) {
        ls_witnesses by_then = 0;
        for (size_t k = 0; k < p->witness_count; k++) {
            by_then |= time[k] <= time[i] ? who & UINT32_C(1) << k : 0;
        }
        if ((who >> i & 1) != 0 && time[i] < least && ls_policy_met(p, by_then)) {
            least = time[i];
        }
    }
    *out = least;
    return true;
}

ls_time ls_policy_attested(const ls_policy *p, ls_witnesses who, const ls_time time[static LS_POLICY_WITNESSES_MAX])
{
    ls_time greatest = 0;
    for (size_t i = 0; p->quorum != LS_QUORUM_NONE && i < p->witness_count; i++) {
        ls_witnesses since = 0;
        for (size_t k = 0; k < p->witness_count; k++) {
            since |= time[k] >= time[i] ? who & UINT32_C(1) << k : 0;
        }
        if ((who >> i & 1) != 0 && time[i] > greatest && ls_policy_met(p, since)) {
            greatest = time[i];
        }
    }
    return greatest;
}

static void put_line(const judged *j, int signer, ls_buf *out)
{
    ls_buf_put_bytes(out, j->note.signature[j->line[signer]].line);
}

/* Whose line of witness i is taken. */
static const judged *choose(const judged *a, const judged *b, int i, ls_merge which)
{
    bool both = a->line[i] != UNKNOWN && b->line[i] != UNKNOWN;
    ls_time first = a->finality.time[i], second = b->finality.time[i];
    bool better = which == LS_MERGE_YOUNGER ? second > first : second < first;
    return a->line[i] == UNKNOWN || (both && better) ? b : a;
}

ls_result ls_checkpoint_merge(const ls_charter *c, ls_bytes first, ls_bytes second, ls_merge which, ls_buf *out,
                              ls_detail *detail)
{
    judged a, b;
    LS_TRY(judge(c, first, NULL, &a, detail));
    LS_TRY(judge(c, second, NULL, &b, detail));
    if (!ls_bytes_equal(a.note.text, b.note.text)) {
        return ls_fail_with(&ls_fault_checkpoint_signature, detail, "the two are not over the same checkpoint");
    }
    ls_buf_put_bytes(out, a.note.text);
    ls_buf_put_u8(out, '\n');
    put_line(&a, LEDGER, out);
    for (int i = 0; i < (int)c->policy.witness_count; i++) {
        if (a.line[i] != UNKNOWN || b.line[i] != UNKNOWN) {
            put_line(choose(&a, &b, i, which), i, out);
        }
    }
    return ls_buf_check(out);
}
