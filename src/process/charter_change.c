/* How a charter changes after it was signed: single keys of a party, and whole amended charters. */
#include "process/charter.h"

/* Keys. */

static bool same_slot(const ls_vkey *key, const char *name, uint8_t type)
{
    return key->type == type && strcmp(key->name, name) == 0;
}

static bool slot_of_party(ls_party *p, const char *name, uint8_t type, ls_key_slot *out)
{
    for (size_t i = 0; i < p->signer_count; i++) {
        if (same_slot(&p->signer[i].key, name, type)) {
            *out = (ls_key_slot){LS_KEY_OF_SIGNER, &p->signer[i].key, &p->signer[i].until, NULL};
            return true;
        }
    }
    if (p->has_recovery && same_slot(&p->recovery, name, type)) {
        *out = (ls_key_slot){LS_KEY_OF_RECOVERY, &p->recovery, &p->recovery_until, NULL};
        return true;
    }
    for (size_t i = 0; i < p->delegate_count; i++) {
        if (same_slot(&p->delegate[i].key, name, type)) {
            *out = (ls_key_slot){LS_KEY_OF_DELEGATE, &p->delegate[i].key, &p->delegate[i].until, NULL};
            return true;
        }
    }
    return false;
}

static bool slot_of_cosigner(ls_cosigner *k, const char *name, uint8_t type, ls_key_slot *out)
{
    if (same_slot(&k->key, name, type)) {
        *out = (ls_key_slot){LS_KEY_OF_COSIGNER, &k->key, &k->key_until, k};
        return true;
    }
    if (same_slot(&k->receipts, name, type)) {
        *out = (ls_key_slot){LS_KEY_OF_RECEIPTS, &k->receipts, &k->receipts_until, k};
        return true;
    }
    return false;
}

bool ls_charter_slot(ls_charter *c, size_t party, const char *name, uint8_t type, ls_key_slot *out)
{
    if (slot_of_party(&c->party[party], name, type, out)) {
        return true;
    }
    for (size_t i = 0; i < c->cosigner_count; i++) {
        if (c->cosigner[i].party == party && slot_of_cosigner(&c->cosigner[i], name, type, out)) {
            return true;
        }
    }
    return false;
}

static void put_witness(ls_charter *c, ls_bytes cosigner, const ls_vkey *key, ls_time until)
{
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        if (ls_bytes_equal(c->policy.witness[i].name, cosigner)) {
            c->policy.witness[i].key = *key;
            c->policy.witness[i].until = until;
        }
    }
}

void ls_charter_put_key(ls_charter *c, size_t party, const ls_vkey *key, ls_time until)
{
    ls_key_slot slot;
    if (!ls_charter_slot(c, party, key->name, key->type, &slot)) {
        return;
    }
    *slot.key = *key;
    *slot.until = until;
    if (slot.purpose == LS_KEY_OF_COSIGNER) {
        put_witness(c, slot.cosigner->name, key, until);
    }
}

bool ls_charter_add_delegate(ls_charter *c, size_t party, const ls_vkey *key, ls_time until, ls_time now)
{
    ls_party *p = &c->party[party];
    size_t i = 0;
    while (i < p->delegate_count && p->delegate[i].until >= now) {
        i++;
    }
    if (i == LS_DELEGATES_MAX) {
        return false;
    }
    p->delegate_count += i == p->delegate_count;
    p->delegate[i] = (ls_delegate){*key, until};
    return true;
}

/* Comparing. */

#define SAME(field) (a->field == b->field)
#define EQUAL(field) ls_bytes_equal(a->field, b->field)

static bool same_key(const ls_vkey *a, const ls_vkey *b)
{
    return SAME(type) && strcmp(a->name, b->name) == 0 && memcmp(a->key, b->key, sizeof a->key) == 0;
}

/* The first `count` spans are the same, and it has no fewer. */
static bool begins_like(const ls_zone *from, const ls_zone *to)
{
    for (size_t i = 0; i < from->count && i < to->count; i++) {
        if (from->spans[i].from != to->spans[i].from || from->spans[i].offset != to->spans[i].offset) {
            return false;
        }
    }
    return to->count >= from->count;
}

static bool parties_stay(const ls_charter *from, const ls_charter *to)
{
    for (size_t i = 0; i < from->party_count && i < to->party_count; i++) {
        const ls_party *a = &from->party[i], *b = &to->party[i];
        if (!EQUAL(name) || !EQUAL(domain)) {
            return false;
        }
    }
    return to->party_count >= from->party_count;
}

const char *ls_charter_amended_wrongly(const ls_charter *from, const ls_charter *to, ls_time stamped)
{
    const ls_charter *a = from, *b = to;
    if (!EQUAL(name) || !SAME(exercise)) {
        return "its name, and whether it is an exercise, stay";
    }
    if (!EQUAL(origin) || !same_key(&a->ledger, &b->ledger)) {
        return "the ledger's origin and key stay: another ledger succeeds by an act of its own";
    }
    if (!parties_stay(from, to)) {
        return "the parties stay in their places, with their names and domains; new ones follow them";
    }
    if (!SAME(closing) || !SAME(counts_first_day) || !SAME(grace) || strcmp(a->zone.name, b->zone.name) != 0) {
        return "the zone, the closing hour, the counting of days and the grace stay: deadlines were counted by them";
    }
    if (!begins_like(&a->zone, &b->zone) ||
        (b->zone.count > a->zone.count && b->zone.spans[a->zone.count].from <= stamped)) {
        return "the offsets of the zone stay; new ones begin later than the latest stamp";
    }
    return NULL;
}

static bool same_policy(const ls_charter *x, const ls_charter *y, size_t party)
{
    const ls_policy *a = &x->policy, *b = &y->policy;
    if (!SAME(witness_count) || !SAME(group_count) || !SAME(quorum) || !SAME(quorum_index) || !EQUAL(log_url)) {
        return false;
    }
    for (size_t i = 0; i < x->policy.witness_count; i++) {
        const ls_witness *v = &x->policy.witness[i], *w = &y->policy.witness[i];
        const ls_cosigner *k = ls_charter_cosigner(x, v->name);
        bool partys = k != NULL && k->party == party;
        if (!ls_bytes_equal(v->name, w->name) || !ls_bytes_equal(v->url, w->url) ||
            (!partys && !same_key(&v->key, &w->key))) {
            return false;
        }
    }
    for (size_t i = 0; i < x->policy.group_count; i++) {
        const ls_group *g = &x->policy.group[i], *h = &y->policy.group[i];
        if (!ls_bytes_equal(g->name, h->name) || g->needed != h->needed || g->witnesses != h->witnesses ||
            g->groups != h->groups) {
            return false;
        }
    }
    return true;
}

static bool same_cosigners(const ls_charter *x, const ls_charter *y, size_t party)
{
    for (size_t i = 0; i < x->cosigner_count && i < y->cosigner_count; i++) {
        const ls_cosigner *a = &x->cosigner[i], *b = &y->cosigner[i];
        bool keys = same_key(&a->key, &b->key) && same_key(&a->receipts, &b->receipts);
        if (!EQUAL(name) || !EQUAL(title) || !SAME(party) || (a->party != party && !keys)) {
            return false;
        }
    }
    return x->cosigner_count == y->cosigner_count;
}

static bool same_keys(const ls_party *a, const ls_party *b)
{
    if (!SAME(signer_count) || !SAME(threshold) || !SAME(threshold_count) || !SAME(has_recovery) ||
        !SAME(delegate_count) || memcmp(a->sealing, b->sealing, sizeof a->sealing) != 0 ||
        (a->has_recovery && !same_key(&a->recovery, &b->recovery))) {
        return false;
    }
    for (size_t i = 0; i < a->signer_count; i++) {
        if (!same_key(&a->signer[i].key, &b->signer[i].key) || !EQUAL(signer[i].title) || !SAME(signer[i].until)) {
            return false;
        }
    }
    for (size_t i = 0; i < a->delegate_count; i++) {
        if (!same_key(&a->delegate[i].key, &b->delegate[i].key)) {
            return false;
        }
    }
    for (size_t i = 0; i < a->threshold_count; i++) {
        if (!EQUAL(special[i].kind) || !SAME(special[i].count)) {
            return false;
        }
    }
    return true;
}

static bool same_parties(const ls_charter *x, const ls_charter *y, size_t party)
{
    for (size_t i = 0; i < x->party_count && i < y->party_count; i++) {
        const ls_party *a = &x->party[i], *b = &y->party[i];
        if (!EQUAL(name) || !EQUAL(title) || !EQUAL(domain) || !SAME(role) || (i != party && !same_keys(a, b))) {
            return false;
        }
    }
    return x->party_count == y->party_count;
}

static bool same_audiences(const ls_charter *a, const ls_charter *b)
{
    for (size_t i = 0; i < a->audience_count && i < b->audience_count; i++) {
        if (!EQUAL(audience[i].name) || !SAME(audience[i].parties)) {
            return false;
        }
    }
    return SAME(audience_count);
}

bool ls_charter_same_but_keys(const ls_charter *a, const ls_charter *b, size_t party)
{
    return EQUAL(title) && SAME(host) && SAME(public_access) && SAME(zone.count) && SAME(stamp_interval) &&
           SAME(expires_limit) && SAME(open_until_limit) && SAME(rows_limit) && SAME(attachment_limit) &&
           same_policy(a, b, party) && same_cosigners(a, b, party) && same_audiences(a, b) && same_parties(a, b, party);
}
