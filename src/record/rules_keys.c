/* Keys in real life: replaced, ended, delegated; and what becomes of acts that a lost key signed. */
#include "record/rules.h"

static ls_result check_new_key(const ls_record *r, const ls_act *act, ls_bytes owner, const effect *e,
                               ls_detail *detail)
{
    if (ls_raw_key_used(r, &act->key)) {
        return ls_refuse(detail, "make a new key", "the key stands or stood in this process before");
    }
    if (e->check != LS_CHECK_TRUSTED && !ls_charter_claim_proved(&r->process, owner, &act->key, act->proof)) {
        return ls_refuse(detail, "whoever holds the new key makes the proof with it",
                         "the proof is not a signature by the new key");
    }
    return LS_SUCCESS;
}

static ls_result check_until(const ls_act *act, ls_detail *detail)
{
    if (act->has[LS_H_UNTIL] && act->until <= act->at) {
        return ls_refuse(detail, NULL, "until lies before at");
    }
    return LS_SUCCESS;
}

/* The first entry after the key in this slot came. */
static uint64_t key_came(const ls_record *r, size_t party, const ls_vkey *key)
{
    for (size_t i = r->change_count; i-- > 0;) {
        const change *x = &r->change[i];
        bool same = x->party == party && memcmp(x->key.key, key->key, sizeof key->key) == 0;
        if (x->kind == CHANGE_AMEND || (x->kind == CHANGE_KEY && same)) {
            return x->index + 1;
        }
    }
    return 1;
}

/* A claim about acts that the old key signed. */
static ls_result check_since(const ls_record *r, const ls_act *act, const ls_key_slot *slot, effect *e,
                             ls_detail *detail)
{
    const ls_party *p = &r->charter->party[e->by];
    if (!act->has[LS_H_SINCE]) {
        return LS_SUCCESS;
    }
    if (slot->purpose != LS_KEY_OF_SIGNER) {
        return ls_refuse(detail, NULL, "only a signer's acts can be repudiated");
    }
    if (act->since > r->size || act->since < key_came(r, e->by, slot->key)) {
        return ls_refuse(detail, "lockstep log shows the entries",
                         "since lies outside the time of the old key, which goes from entry %llu to here",
                         (unsigned long long)key_came(r, e->by, slot->key));
    }
    e->since = (uint32_t)act->since;
    e->lost = UINT32_C(1) << (ls_party_signer(p, ls_vkey_last(slot->key)) - p->signer);
    return LS_SUCCESS;
}

ls_result ls_rule_accept_rekey(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_key_slot slot;
    if (!ls_charter_slot(r->charter, e->by, act->key.name, act->key.type, &slot)) {
        return ls_refuse(detail, "a new key has the name and the type of the one that it replaces",
                         "%.*s has no key named %s", (int)act->by.name[0].len, act->by.name[0].ptr, act->key.name);
    }
    if (act->has[LS_H_UNTIL] && slot.purpose != LS_KEY_OF_SIGNER && slot.purpose != LS_KEY_OF_DELEGATE) {
        return ls_refuse(detail, NULL, "only the keys of signers and delegates end at a time");
    }
    LS_TRY(check_until(act, detail));
    LS_TRY(check_new_key(r, act, r->charter->party[e->by].name, e, detail));
    LS_TRY(check_since(r, act, &slot, e, detail));
    e->change = ls_change_of(act, e->by);
    return LS_SUCCESS;
}

ls_result ls_rule_accept_revoke(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_key_slot slot;
    if (!ls_charter_slot(r->charter, e->by, act->key.name, act->key.type, &slot) ||
        memcmp(slot.key->key, act->key.key, sizeof act->key.key) != 0 || *slot.until == LS_TIME_ENDED) {
        return ls_refuse(detail, "lockstep keys lists those in force", "%.*s has no such key in force",
                         (int)act->by.name[0].len, act->by.name[0].ptr);
    }
    e->change = ls_change_of(act, e->by);
    return LS_SUCCESS;
}

static bool has_place(const ls_record *r, const ls_party *p)
{
    for (size_t i = 0; i < p->delegate_count; i++) {
        if (p->delegate[i].until < r->time) {
            return true;
        }
    }
    return p->delegate_count < LS_DELEGATES_MAX;
}

ls_result ls_rule_accept_delegate(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_party *p = &r->charter->party[e->by];
    ls_key_slot slot;
    if (act->key.type != LS_KEY_ED25519 || !ls_charter_key_named(&act->key, p->domain, (ls_bytes){0})) {
        return ls_refuse(detail, NULL, "a delegate's key is an Ed25519 key named %.*s/…", (int)p->domain.len,
                         p->domain.ptr);
    }
    if (ls_charter_slot(r->charter, e->by, act->key.name, act->key.type, &slot)) {
        return ls_refuse(detail, "give the delegate another name, or replace its key by rekey",
                         "there is a key named %s already", act->key.name);
    }
    if (!has_place(r, p)) {
        return ls_refuse(detail, "end one with: lockstep revoke", "a party has at most %d delegates", LS_DELEGATES_MAX);
    }
    LS_TRY(check_until(act, detail));
    LS_TRY(check_new_key(r, act, p->name, e, detail));
    e->change = ls_change_of(act, e->by);
    return LS_SUCCESS;
}

void ls_rule_apply_change(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    ls_change_apply(r, e);
}

static bool disowns(const repudiation *x, const entry *y)
{
    return y->by == x->party && (y->signers & x->signer) != 0;
}

void ls_rule_apply_rekey(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    ls_change_apply(r, e);
    if (e->since == 0) {
        return;
    }
    repudiation x = {
        .index = (uint32_t)(r->size - 1), .since = e->since, .signer = e->lost, .annul = NONE, .party = (uint8_t)e->by};
    for (uint32_t i = x.since; i < x.index; i++) {
        r->entry[i].flags |= disowns(&x, &r->entry[i]) ? ENTRY_REPUDIATED : 0;
    }
    r->repudiation[r->repudiation_count++] = x;
}

/* annul: all other parties consent to a repudiation. */

static repudiation *find_repudiation(const ls_record *r, uint32_t index)
{
    for (size_t i = 0; i < r->repudiation_count; i++) {
        if (r->repudiation[i].index == index) {
            return &r->repudiation[i];
        }
    }
    return NULL;
}

ls_result ls_rule_accept_annul(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const repudiation *x = e->referred == NONE ? NULL : find_repudiation(r, e->referred);
    bool annulled = x != NULL && x->annul != NONE && ls_entry_effective(r, x->annul);
    if (x == NULL || annulled || !ls_entry_effective(r, x->index)) {
        return ls_refuse(detail, "lockstep log marks them", "ref names no rekey that repudiates acts");
    }
    if (!ls_rule_names_are_but(&act->by, r->charter, x->party)) {
        return ls_refuse(detail, NULL, "it takes all parties but the one that repudiates, in the charter's order");
    }
    return LS_SUCCESS;
}

void ls_rule_apply_annul(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    uint32_t index = (uint32_t)(r->size - 1);
    find_repudiation(r, e->referred)->annul = index;
    ls_annul_mark(r, index);
}

/* By an annulment that has effect: of the repudiation of any of those who signed it. */
static bool is_annulled(const ls_record *r, uint32_t index)
{
    for (const repudiation *x = r->repudiation; x < r->repudiation + r->repudiation_count; x++) {
        bool of_it = x->since <= index && index < x->index && disowns(x, &r->entry[index]);
        if (of_it && x->annul != NONE && ls_entry_effective(r, x->annul)) {
            return true;
        }
    }
    return false;
}

void ls_annul_mark(ls_record *r, uint32_t index)
{
    for (const repudiation *x = r->repudiation; x < r->repudiation + r->repudiation_count; x++) {
        for (uint32_t i = x->since; x->annul == index && i < x->index; i++) {
            if (disowns(x, &r->entry[i])) {
                ls_entry_mark(r, i, ENTRY_ANNULLED, is_annulled(r, i));
            }
        }
    }
}
