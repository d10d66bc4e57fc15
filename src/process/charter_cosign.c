/* What a charter says about who watches over the record: host, cosigners and policy; and about who may read it. */
#include "process/charter_parts.h"

void ls_charter_read_host(ls_charter_reader *r, const ls_value *ledger)
{
    ls_bytes name;
    r->charter->host = LS_NO_PARTY;
    if (ledger == NULL || !ls_field_name(ledger, "host", r->d, &name)) {
        return;
    }
    int party = ls_ids_require(&r->parties, name, ls_field_mark(ledger, "host"), r->d);
    r->charter->host = party < 0 ? LS_NO_PARTY : (size_t)party;
}

/* A cosigner's party, if it has one. Its name is no other party's: both stand in access notes. */
static void read_party_of(ls_charter_reader *r, const ls_value *v, ls_cosigner *k)
{
    ls_bytes name;
    k->party = LS_NO_PARTY;
    if (ls_field_name(v, "party", r->d, &name)) {
        int party = ls_ids_require(&r->parties, name, ls_field_mark(v, "party"), r->d);
        k->party = party < 0 ? LS_NO_PARTY : (size_t)party;
    }
    int named_like = k->name.len == 0 ? -1 : ls_ids_find(&r->parties, k->name);
    if (named_like >= 0 && (size_t)named_like != k->party) {
        ls_diagnose(r->d, ls_field_mark(v, "name"), "if it is that party's, say so with: party",
                    "a cosigner is not named like a party whose it is not");
    }
}

static void check_key_name(ls_charter_reader *r, const ls_value *v, const char *what, const ls_cosigner *k,
                           const ls_vkey *key)
{
    ls_bytes domain = k->party == LS_NO_PARTY ? (ls_bytes){0} : r->charter->party[k->party].domain;
    if (domain.len > 0 && !ls_charter_key_named(key, domain, (ls_bytes){0})) {
        ls_diagnose(r->d, ls_field_mark(v, what), NULL, "the key of a party's cosigner must be named %.*s/…, not %s",
                    (int)domain.len, domain.ptr, key->name);
    }
}

static void read_cosigner(ls_charter_reader *r, const ls_value *v, ls_cosigner *k)
{
    ls_value_check_map(v, "cosigner",
                       LS_KEYS({"name", true}, {"party", false}, {"title", false}, {"key", true}, {"receipts", true}),
                       r->d);
    if (ls_field_name(v, "name", r->d, &k->name)) {
        ls_ids_add(&r->cosigners, k->name, ls_field_mark(v, "name"), r->d);
    }
    read_party_of(r, v, k);
    k->key_until = k->receipts_until = LS_TIME_OPEN;
    k->title = k->party == LS_NO_PARTY ? k->name : r->charter->party[k->party].title;
    ls_field_line(v, "title", r->d, &k->title);
    if (ls_charter_read_vkey(r, v, "key", LS_KEY_COSIGNATURE, &k->key)) {
        check_key_name(r, v, "key", k, &k->key);
    }
    if (ls_charter_read_vkey(r, v, "receipts", LS_KEY_ED25519, &k->receipts)) {
        check_key_name(r, v, "receipts", k, &k->receipts);
    }
}

void ls_charter_read_cosigners(ls_charter_reader *r, const ls_value *charter)
{
    const ls_value *list = ls_field_list(charter, "cosigners", 1, LS_COSIGNERS_MAX, r->d);
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        read_cosigner(r, list->items[i], &r->charter->cosigner[r->charter->cosigner_count++]);
    }
}

/* The host decides what it shows to whom; that it has seen it itself says nothing. */
static void check_witness(ls_charter_reader *r, const ls_witness *w, ls_mark mark)
{
    const ls_charter *c = r->charter;
    const ls_cosigner *k = ls_charter_cosigner(c, w->name);
    int len = (int)(w->name.len < LS_NAME_MAX ? w->name.len : LS_NAME_MAX);
    if (k == NULL && c->policy.quorum == LS_QUORUM_NONE) {
        ls_charter_add_key(r, &w->key, mark);
    } else if (k == NULL) {
        ls_diagnose(r->d, mark, "list it under cosigners, with its two keys",
                    "policy: witness '%.*s' is not one of the cosigners", len, w->name.ptr);
    } else if (memcmp(&k->key, &w->key, sizeof k->key) != 0) {
        ls_diagnose(r->d, mark, "copy the key from the one place to the other",
                    "policy: witness '%.*s' has another key under cosigners", len, w->name.ptr);
    } else if (k->party != LS_NO_PARTY && k->party == c->host) {
        ls_diagnose(r->d, mark, "take it out of the policy; it may stay among the cosigners",
                    "policy: witness '%.*s' is the host's, whose cosigner never counts", len, w->name.ptr);
    }
}

void ls_charter_read_policy(ls_charter_reader *r, const ls_value *charter)
{
    const ls_value *v = ls_value_get(charter, "policy");
    ls_charter *c = r->charter;
    size_t before = r->d->errors;
    if (v == NULL) {
        return;
    }
    if (v->type != LS_STRING) {
        ls_diagnose(r->d, v->mark, "write |, and the policy indented on the lines below it",
                    "policy must be plain text of at most %d bytes", LS_POLICY_MAX);
        return;
    }
    ls_policy_read(r->arena, v->string, v->mark, r->d, &c->policy);
    if (r->d->errors > before) {
        return;
    }
    c->policy_text = v->string;
    c->quorum_none = c->policy.quorum == LS_QUORUM_NONE;
    if (c->policy.has_log && memcmp(c->policy.log.key, c->ledger.key, sizeof c->ledger.key) != 0) {
        ls_diagnose(r->d, v->mark, NULL, "policy: the log's key must be the ledger's");
    }
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        check_witness(r, &c->policy.witness[i], v->mark);
    }
}

static void read_audience(ls_charter_reader *r, const ls_entry *e, ls_audience *a)
{
    if (!ls_name_valid(e->key) || ls_bytes_is(e->key, "public") || ls_bytes_is(e->key, "process")) {
        ls_diagnose(r->d, e->mark, NULL,
                    "an audience has a name of a-z, 0-9 and '-'; public and process are there already");
    }
    if (ls_charter_party(r->charter, e->key) != NULL) {
        ls_diagnose(r->d, e->mark, "choose another name", "a party is an audience of its own name already");
    }
    a->name = e->key;
    if (e->value->type != LS_LIST || e->value->count == 0) {
        ls_diagnose(r->d, e->value->mark, "write it like: {inspectors: [usa, iaea]}",
                    "an audience must be a list of parties");
        return;
    }
    for (size_t i = 0; i < e->value->count; i++) {
        const ls_value *v = e->value->items[i];
        ls_bytes name;
        int party = ls_field_read_name(v, "party", r->d, &name) ? ls_ids_require(&r->parties, name, v->mark, r->d) : -1;
        if (party >= 0 && (a->parties >> party & 1) != 0) {
            ls_diagnose(r->d, v->mark, NULL, "a party stands twice in an audience");
        }
        a->parties |= party < 0 ? 0 : UINT32_C(1) << party;
    }
}

void ls_charter_read_audiences(ls_charter_reader *r, const ls_value *charter)
{
    const ls_value *v = ls_value_get(charter, "audiences");
    if (v == NULL) {
        return;
    }
    if (v->type != LS_MAP || v->count > LS_AUDIENCES_MAX) {
        ls_diagnose(r->d, v->mark, "write it like: {inspectors: [usa, iaea]}",
                    "audiences must be a map of at most %d names", LS_AUDIENCES_MAX);
        return;
    }
    for (size_t i = 0; i < v->count; i++) {
        read_audience(r, &v->entries[i], &r->charter->audience[r->charter->audience_count++]);
    }
}

void ls_charter_read_access(ls_charter_reader *r, const ls_value *charter)
{
    ls_bytes word;
    if (!ls_field_line(charter, "access", r->d, &word)) {
        return;
    }
    r->charter->public_access = ls_bytes_is(word, "public");
    if (!r->charter->public_access && !ls_bytes_is(word, "process")) {
        ls_diagnose(r->d, ls_field_mark(charter, "access"), NULL, "access must be public or process");
    }
}

static void read_proof(ls_charter_reader *r, const ls_value *v, ls_key_proof *out)
{
    ls_bytes key, proof;
    size_t len;
    ls_value_check_map(v, "proof", LS_KEYS({"key", true}, {"proof", true}), r->d);
    if (ls_field_line(v, "key", r->d, &key) && ls_failed(ls_vkey_parse(key, &out->key))) {
        ls_diagnose(r->d, ls_field_mark(v, "key"), NULL, "key is not a valid verifier key");
    }
    if (ls_field_line(v, "proof", r->d, &proof) &&
        (!ls_base64_decode(proof, out->proof, sizeof out->proof, &len) || len != sizeof out->proof)) {
        ls_diagnose(r->d, ls_field_mark(v, "proof"), NULL, "proof must be the base64 of a signature");
    }
}

void ls_charter_read_proofs(ls_charter_reader *r, const ls_value *charter)
{
    const ls_value *list = ls_field_list(charter, "proofs", 1, LS_PROOFS_MAX, r->d);
    if (list == NULL) {
        return;
    }
    ls_key_proof *proofs = ls_arena_array(r->arena, list->count, sizeof *proofs);
    if (proofs == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        read_proof(r, list->items[i], &proofs[i]);
    }
    r->charter->proof_count = list->count;
    r->charter->proof = proofs;
}
