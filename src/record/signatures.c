/* Who must have signed an act, and whether they did. */
#include "record/internal.h"

/* The note's keys in the order of its signers, each looked up in the parties that act. */
static ls_result collect_keys(const ls_act *act, const ls_charter *c, ls_vkey *keys, unsigned *signed_by,
                              ls_detail *detail)
{
    for (size_t i = 0; i < act->signers.count; i++) {
        const ls_signer *signer = NULL;
        for (size_t p = 0; p < act->by.count && signer == NULL; p++) {
            signer = ls_party_signer(ls_charter_party(c, act->by.name[p]), act->signers.name[i]);
            signed_by[p] += signer != NULL;
        }
        if (signer == NULL) {
            return ls_refuse(detail, "the charter lists each party's signers: lockstep charter show",
                             "%.*s is not a signer of %.*s", (int)act->signers.name[i].len, act->signers.name[i].ptr,
                             (int)act->raw[LS_H_BY].len, act->raw[LS_H_BY].ptr);
        }
        for (size_t j = 0; j < i; j++) {
            if (ls_bytes_equal(act->signers.name[i], act->signers.name[j])) {
                return ls_refuse(detail, NULL, "signer %.*s is listed twice", (int)act->signers.name[i].len,
                                 act->signers.name[i].ptr);
            }
        }
        keys[i] = signer->key;
    }
    return LS_SUCCESS;
}

static ls_result check_thresholds(const ls_act *act, const ls_charter *c, const unsigned *signed_by, ls_detail *detail)
{
    for (size_t p = 0; p < act->by.count; p++) {
        const ls_party *party = ls_charter_party(c, act->by.name[p]);
        /* A charter takes every signer that it lists, so that each is seen to hold its key. */
        unsigned wanted =
            ls_bytes_is(act->kind, "charter") ? (unsigned)party->signer_count : ls_party_threshold(party, act->kind);
        if (signed_by[p] < wanted) {
            return ls_refuse(detail, "add further signatures with: lockstep sign FILE",
                             "%.*s needs %u signers for %.*s, and %u are listed", (int)party->name.len, party->name.ptr,
                             wanted, (int)act->kind.len, act->kind.ptr, signed_by[p]);
        }
    }
    return LS_SUCCESS;
}

static ls_result check_parties(const ls_act *act, const ls_charter *c, ls_detail *detail)
{
    for (size_t p = 0; p < act->by.count; p++) {
        if (ls_charter_party(c, act->by.name[p]) == NULL) {
            return ls_refuse(detail, NULL, "%.*s is not a party of the charter", (int)act->by.name[p].len,
                             act->by.name[p].ptr);
        }
        for (size_t q = 0; q < p; q++) {
            if (ls_bytes_equal(act->by.name[p], act->by.name[q])) {
                return ls_refuse(detail, NULL, "a party is listed twice in by");
            }
        }
    }
    return LS_SUCCESS;
}

static ls_result check_signers(const ls_act *act, const ls_charter *c, ls_vkey *keys, ls_detail *detail)
{
    unsigned signed_by[LS_ACT_NAMES_MAX] = {0};
    LS_TRY(check_parties(act, c, detail));
    LS_TRY(collect_keys(act, c, keys, signed_by, detail));
    return check_thresholds(act, c, signed_by, detail);
}

/* Line i is by key i, as the act's form puts the lines in the order of its signers. */
static ls_result judge_lines(const ls_note *note, const ls_vkey *keys, size_t count, const ls_judging *judging,
                             ls_detail *detail)
{
    size_t good = 0;
    for (size_t i = 0; i < note->count && i < count; i++) {
        ls_pending_signature p;
        if (!ls_note_signed_as(&note->signature[i], &keys[i])) {
            continue;
        }
        ls_result r =
            ls_note_pending(note, i, &keys[i], &p) ? ls_pending_judge(&p, judging) : ls_fail(&ls_fault_note_signature);
        if (r.fault == &ls_fault_note_signature) {
            return ls_fail_with(r.fault, detail, "a signature of this act does not verify under the charter's keys");
        }
        LS_TRY(r);
        good++;
    }
    if (good == 0) {
        return ls_fail_with(&ls_fault_note_unsigned, detail,
                            "a signature of this act does not verify under the charter's keys");
    }
    return good == count && note->count == count
               ? LS_SUCCESS
               : ls_refuse(detail, "the key named in a signature line is not the one that the charter lists",
                           "%zu of %zu signatures verify", good, count);
}

ls_result ls_act_judge_signatures(const ls_act *act, const ls_charter *c, const ls_judging *judging, ls_detail *detail)
{
    ls_vkey keys[LS_ACT_NAMES_MAX];
    size_t count = act->signers.count;
    if (act->shape == LS_SHAPE_STAMP) {
        keys[0] = c->ledger;
        count = 1;
    } else {
        LS_TRY(check_signers(act, c, keys, detail));
    }
    return judge_lines(&act->note, keys, count, judging, detail);
}

ls_result ls_act_check_signatures(const ls_act *act, const ls_charter *c, ls_detail *detail)
{
    return ls_act_judge_signatures(act, c, NULL, detail);
}
