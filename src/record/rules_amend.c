/*
 * What all parties change together: the charter (amend) and the ledger (succeed).
 *
 * An amendment takes all parties. Where one has lost every key, all others can give it new ones, and change nothing
 * else; so that this takes nobody's place away who still has a key, it must have been silent for the charter's
 * expires-limit, and there must be two others. (docs/decisions/0024)
 */
#include "record/rules.h"

static bool same_key(const ls_key_entry *a, const ls_key_entry *b)
{
    return a->purpose == b->purpose && ls_bytes_equal(a->owner, b->owner) && a->key->type == b->key->type &&
           strcmp(a->key->name, b->key->name) == 0 && memcmp(a->key->key, b->key->key, sizeof a->key->key) == 0;
}

static bool in_force(const ls_charter *c, const ls_key_entry *key, ls_time *until)
{
    ls_key_entry k;
    for (size_t i = 0; ls_charter_key(c, i, &k); i++) {
        if (same_key(&k, key)) {
            *until = k.until;
            return true;
        }
    }
    return false;
}

static bool proved(const ls_record *r, const ls_charter *c, const ls_key_entry *key)
{
    for (size_t i = 0; i < c->proof_count; i++) {
        const ls_key_proof *p = &c->proof[i];
        if (p->key.type == key->key->type && strcmp(p->key.name, key->key->name) == 0 &&
            memcmp(p->key.key, key->key->key, sizeof p->key.key) == 0) {
            return ls_charter_claim_proved(&r->process, key->owner, key->key, p->proof);
        }
    }
    return false;
}

/* The ends of keys go on: what was revoked stays so, and a delegate's end stands in its act alone. */
static void carry_end(ls_charter *c, const ls_key_entry *key, ls_time until)
{
    if (until == LS_TIME_ENDED || key->purpose == LS_KEY_OF_DELEGATE) {
        ls_vkey copy = *key->key;
        ls_charter_put_key(c, key->party, &copy, until);
    }
}

/* Each key is in force already, or new and proved. */
static ls_result check_keys(const ls_record *r, effect *e, ls_detail *detail)
{
    ls_key_entry k;
    for (size_t i = 0; ls_charter_key(e->charter, i, &k); i++) {
        ls_time until;
        if (k.purpose == LS_KEY_OF_LEDGER) {
            continue;
        }
        if (in_force(r->charter, &k, &until)) {
            if (k.party != LS_NO_PARTY) {
                carry_end(e->charter, &k, until);
            }
            continue;
        }
        if (ls_raw_key_used(r, k.key)) {
            return ls_refuse(detail, "make a new key", "the key %s stood elsewhere in this process before",
                             k.key->name);
        }
        if (e->check != LS_CHECK_TRUSTED && !proved(r, e->charter, &k)) {
            return ls_refuse(detail, "lockstep keys --prove makes one, where the key is",
                             "the charter has no proof that somebody holds the new key %s", k.key->name);
        }
    }
    return LS_SUCCESS;
}

/* The one party that is not in `by`, or LS_NO_PARTY. */
static size_t absent_party(const ls_record *r, const ls_act *act)
{
    for (size_t i = 0; i < r->charter->party_count; i++) {
        if (ls_rule_names_are_but(&act->by, r->charter, i)) {
            return i;
        }
    }
    return LS_NO_PARTY;
}

/* Since its last act, a joint one included, whose stamp's time says when it was. */
static bool silent(const ls_record *r, size_t party)
{
    ls_time last = ls_entry_time(r, r->acted[party] - 1);
    return last != LS_TIME_OPEN && r->time - last > r->charter->expires_limit;
}

static ls_result check_absent(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    size_t party = absent_party(r, act);
    if (party == LS_NO_PARTY) {
        return ls_refuse(detail, NULL, "it takes all parties, in the charter's order");
    }
    ls_bytes name = r->charter->party[party].name;
    if (!ls_charter_same_but_keys(r->charter, e->charter, party)) {
        return ls_refuse(detail, "without it, its keys may change, and nothing else", "%.*s has to sign, too",
                         (int)name.len, name.ptr);
    }
    if (act->by.count < 2) {
        return ls_refuse(detail, NULL, "one party alone gives another no keys");
    }
    if (!silent(r, party)) {
        return ls_refuse(detail, "a party that was silent for the charter's expires-limit can be given new keys",
                         "%.*s has acted not long ago, and has to sign, too", (int)name.len, name.ptr);
    }
    return LS_SUCCESS;
}

ls_result ls_rule_accept_amend(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_read_charter(&r->fetch, act, e, detail));
    const char *wrong = ls_charter_amended_wrongly(r->charter, e->charter, r->time);
    if (wrong != NULL) {
        return ls_refuse(detail, NULL, "%s", wrong);
    }
    LS_TRY(check_keys(r, e, detail));
    if (!ls_rule_names_are(&act->by, e->charter, NULL, e->charter->party_count)) {
        LS_TRY(check_absent(r, act, e, detail));
    }
    e->watched = ls_charter_copy(&e->arena, e->charter);
    e->change = ls_change_of(act, LS_NO_PARTY);
    e->change.amended = e->watched;
    return e->watched == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* succeed */

static bool quorum_without(const ls_charter *c, size_t host)
{
    ls_witnesses who = 0;
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        const ls_cosigner *k = ls_charter_cosigner(c, c->policy.witness[i].name);
        bool counts = c->policy.witness[i].until != LS_TIME_ENDED && (k == NULL || k->party != host);
        who |= counts ? UINT32_C(1) << i : 0;
    }
    return ls_policy_met(&c->policy, who);
}

static ls_result check_origin(const ls_record *r, const ls_act *act, ls_detail *detail)
{
    ls_bytes origin = ls_bytes_str(act->key.name);
    if (act->key.type != LS_KEY_ED25519 || ls_bytes_equal(origin, r->charter->origin)) {
        return ls_refuse(detail, NULL, "a new ledger has an Ed25519 key and an origin of its own, the key's name");
    }
    if (ls_bytes_starts(origin, "exercise.") != r->charter->exercise) {
        return ls_refuse(detail, NULL, "the origin of an exercise begins with exercise., and only there");
    }
    return LS_SUCCESS;
}

ls_result ls_rule_accept_succeed(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(check_origin(r, act, detail));
    if (act->since != r->size && !e->ahead) {
        return ls_refuse(detail, "it is the first entry of the new ledger, after all that the old one is known to hold",
                         "it succeeds at %llu entries, and there are %llu", (unsigned long long)act->since,
                         (unsigned long long)r->size);
    }
    if (!ls_rule_names_are_but(&act->by, r->charter, r->charter->host)) {
        return ls_refuse(detail, NULL, "it takes all parties but the host, in the charter's order");
    }
    if (ls_raw_key_used(r, &act->key)) {
        return ls_refuse(detail, "make a new key", "the key stands or stood in this process before");
    }
    if (e->check != LS_CHECK_TRUSTED &&
        !ls_charter_claim_proved(&r->process, ls_bytes_str("ledger"), &act->key, act->proof)) {
        return ls_refuse(detail, NULL, "the proof is not a signature by the new ledger's key");
    }
    size_t host = ls_host_of(r->charter, ls_bytes_str(act->key.name));
    if (!quorum_without(r->charter, host)) {
        return ls_refuse(detail, "choose another host, or amend the policy first",
                         "no quorum is left without the new host's cosigner, which does not count");
    }
    e->change = ls_change_of(act, host);
    return LS_SUCCESS;
}
