/* Who must have signed an act, and whether they did. */
#include "record/internal.h"

static const ls_party *find_party(const signing *s, ls_bytes name)
{
    const ls_party *p = ls_charter_party(s->charter, name);
    return p == NULL && s->amended != NULL ? ls_charter_party(s->amended, name) : p;
}

static ls_result refuse_signer(const ls_act *act, ls_bytes name, ls_detail *detail)
{
    return ls_refuse(detail, "the charter lists each party's signers: lockstep charter show",
                     "%.*s is not a signer of %.*s", (int)name.len, name.ptr, (int)act->raw[LS_H_BY].len,
                     act->raw[LS_H_BY].ptr);
}

/* The note's keys in the order of its signers, each looked up in the parties that act. */
static ls_result collect_keys(const ls_act *act, const signing *s, ls_vkey *keys, unsigned *signed_by,
                              ls_detail *detail)
{
    for (size_t i = 0; i < act->signers.count; i++) {
        ls_bytes name = act->signers.name[i];
        const ls_signer *signer = NULL;
        for (size_t p = 0; p < act->by.count && signer == NULL; p++) {
            signer = ls_party_signer(find_party(s, act->by.name[p]), name);
            signed_by[p] += signer != NULL;
        }
        if (signer == NULL) {
            return refuse_signer(act, name, detail);
        }
        if (signer->until < s->stamped) {
            return ls_refuse(detail, "another signer of the party may sign; or replace the key: lockstep rekey",
                             signer->until == LS_TIME_ENDED ? "the key of %.*s was revoked"
                                                            : "the key of %.*s has ended",
                             (int)name.len, name.ptr);
        }
        for (size_t j = 0; j < i; j++) {
            if (ls_bytes_equal(name, act->signers.name[j])) {
                return ls_refuse(detail, NULL, "signer %.*s is listed twice", (int)name.len, name.ptr);
            }
        }
        keys[i] = signer->key;
    }
    return LS_SUCCESS;
}

unsigned ls_act_threshold(const ls_party *p, ls_bytes kind)
{
    const act_rule *rule = ls_rule_of(kind);
    switch (rule == NULL ? SIGN_KIND : rule->signing) {
    case SIGN_ALL:
        return (unsigned)p->signer_count;
    case SIGN_MOST:
    case SIGN_KEYS:
        return ls_party_threshold_max(p);
    case SIGN_KIND:
        break;
    }
    return ls_party_threshold(p, kind);
}

/* Of a party that comes with an amendment, all sign, so that each is seen to hold its key. */
static unsigned wanted(const ls_act *act, const signing *s, const ls_party *p)
{
    bool new_party = ls_charter_party(s->charter, p->name) == NULL;
    return new_party ? (unsigned)p->signer_count : ls_act_threshold(p, act->kind);
}

static ls_result check_thresholds(const ls_act *act, const signing *s, const unsigned *signed_by, ls_detail *detail)
{
    for (size_t i = 0; i < act->by.count; i++) {
        const ls_party *p = find_party(s, act->by.name[i]);
        unsigned count = wanted(act, s, p);
        if (signed_by[i] < count) {
            return ls_refuse(detail, "add further signatures with: lockstep sign FILE",
                             "%.*s needs %u signers for %.*s, and %u are listed", (int)p->name.len, p->name.ptr, count,
                             (int)act->kind.len, act->kind.ptr, signed_by[i]);
        }
    }
    return LS_SUCCESS;
}

static ls_result check_parties(const ls_act *act, const signing *s, ls_detail *detail)
{
    for (size_t p = 0; p < act->by.count; p++) {
        if (find_party(s, act->by.name[p]) == NULL) {
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

static bool is_partys(const ls_charter *c, const ls_party *p, const ls_vkey *key)
{
    ls_key_entry k;
    for (size_t i = 0; ls_charter_key(c, i, &k); i++) {
        if (k.party != LS_NO_PARTY && &c->party[k.party] == p && strcmp(k.key->name, key->name) == 0 &&
            memcmp(k.key->key, key->key, sizeof key->key) == 0) {
            return true;
        }
    }
    return false;
}

/*
 * The key that may sign alone, whatever the thresholds, or NULL: the recovery key for changes of keys, and the key that
 * an act ends, which says so itself.
 */
static const ls_vkey *lone_key(const ls_act *act, const signing *s)
{
    const act_rule *rule = ls_rule_of(act->kind);
    const ls_party *p = act->by.count == 1 ? find_party(s, act->by.name[0]) : NULL;
    if (rule == NULL || rule->signing != SIGN_KEYS || p == NULL || act->signers.count != 1) {
        return NULL;
    }
    ls_bytes name = act->signers.name[0];
    if (p->has_recovery && p->recovery_until >= s->stamped && ls_bytes_equal(name, ls_vkey_last(&p->recovery))) {
        return &p->recovery;
    }
    /* That it is in force the kind's own rule says. */
    bool itself = ls_bytes_is(act->kind, "revoke") && act->has[LS_H_KEY] && act->key.type == LS_KEY_ED25519 &&
                  ls_bytes_equal(name, ls_vkey_last(&act->key)) && is_partys(s->charter, p, &act->key);
    return itself ? &act->key : NULL;
}

static ls_result check_signers(const ls_act *act, const signing *s, ls_vkey *keys, ls_detail *detail)
{
    unsigned signed_by[LS_ACT_NAMES_MAX] = {0};
    const ls_vkey *alone = lone_key(act, s);
    LS_TRY(check_parties(act, s, detail));
    if (alone != NULL) {
        keys[0] = *alone;
        return LS_SUCCESS;
    }
    LS_TRY(collect_keys(act, s, keys, signed_by, detail));
    return check_thresholds(act, s, signed_by, detail);
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

ls_result ls_act_judge_signatures(const ls_act *act, const signing *s, const ls_judging *judging, ls_detail *detail)
{
    ls_vkey keys[LS_ACT_NAMES_MAX];
    size_t count = act->signers.count;
    if (act->shape == LS_SHAPE_STAMP) {
        keys[0] = s->charter->ledger;
        count = 1;
    } else {
        LS_TRY(check_signers(act, s, keys, detail));
    }
    return judge_lines(&act->note, keys, count, judging, detail);
}

bool ls_act_signed_by_any(const ls_act *act, const ls_charter *c, ls_time stamped)
{
    for (size_t i = 0; i < act->by.count; i++) {
        const ls_party *p = ls_charter_party(c, act->by.name[i]);
        for (size_t k = 0; p != NULL && k < act->signers.count && k < act->note.count; k++) {
            const ls_signer *s = ls_party_signer(p, act->signers.name[k]);
            ls_pending_signature line;
            if (s != NULL && s->until >= stamped && ls_note_signed_as(&act->note.signature[k], &s->key) &&
                ls_note_pending(&act->note, k, &s->key, &line) && ls_succeeded(ls_pending_verify(&line))) {
                return true;
            }
        }
    }
    return false;
}

ls_result ls_act_check_signatures(const ls_act *act, const ls_charter *c, ls_time stamped, ls_detail *detail)
{
    const signing s = {.charter = c, .stamped = stamped};
    return ls_act_judge_signatures(act, &s, NULL, detail);
}
