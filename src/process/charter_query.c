/* Questions to a charter. */
#include "crypto/crypto.h"
#include "process/charter.h"

const ls_party *ls_charter_party(const ls_charter *c, ls_bytes name)
{
    for (size_t i = 0; i < c->party_count; i++) {
        if (ls_bytes_equal(c->party[i].name, name)) {
            return &c->party[i];
        }
    }
    return NULL;
}

const ls_signer *ls_party_signer(const ls_party *p, ls_bytes name)
{
    for (size_t i = 0; p != NULL && i < p->signer_count; i++) {
        if (ls_bytes_equal(p->signer[i].name, name)) {
            return &p->signer[i];
        }
    }
    return NULL;
}

unsigned ls_party_threshold(const ls_party *p, ls_bytes kind)
{
    for (size_t i = 0; i < p->threshold_count; i++) {
        if (ls_bytes_equal(p->special[i].kind, kind)) {
            return p->special[i].count;
        }
    }
    return p->threshold;
}

unsigned ls_party_threshold_max(const ls_party *p)
{
    unsigned max = p->threshold;
    for (size_t i = 0; i < p->threshold_count; i++) {
        max = p->special[i].count > max ? p->special[i].count : max;
    }
    return max;
}

const ls_cosigner *ls_charter_cosigner(const ls_charter *c, ls_bytes name)
{
    for (size_t i = 0; i < c->cosigner_count; i++) {
        if (ls_bytes_equal(c->cosigner[i].name, name)) {
            return &c->cosigner[i];
        }
    }
    return NULL;
}

const ls_audience *ls_charter_audience(const ls_charter *c, ls_bytes name)
{
    for (size_t i = 0; i < c->audience_count; i++) {
        if (ls_bytes_equal(c->audience[i].name, name)) {
            return &c->audience[i];
        }
    }
    return NULL;
}

ls_bytes ls_vkey_last(const ls_vkey *key)
{
    const char *slash = strrchr(key->name, '/');
    return ls_bytes_str(slash == NULL ? key->name : slash + 1);
}

static ls_key_entry entry(ls_key_purpose purpose, size_t party, ls_bytes owner, const ls_vkey *key, ls_time until)
{
    return (ls_key_entry){.purpose = purpose, .party = party, .owner = owner, .key = key, .until = until};
}

/* The i-th key of one party; false, and i lessened by their number, if it has not so many. */
static bool party_key(const ls_charter *c, size_t party, size_t *i, ls_key_entry *out)
{
    const ls_party *p = &c->party[party];
    if (*i < p->signer_count) {
        *out = entry(LS_KEY_OF_SIGNER, party, p->name, &p->signer[*i].key, p->signer[*i].until);
        return true;
    }
    *i -= p->signer_count;
    if (p->has_recovery && *i == 0) {
        *out = entry(LS_KEY_OF_RECOVERY, party, p->name, &p->recovery, p->recovery_until);
        return true;
    }
    *i -= p->has_recovery ? 1 : 0;
    if (*i < p->delegate_count) {
        *out = entry(LS_KEY_OF_DELEGATE, party, p->name, &p->delegate[*i].key, p->delegate[*i].until);
        return true;
    }
    *i -= p->delegate_count;
    return false;
}

bool ls_charter_key(const ls_charter *c, size_t i, ls_key_entry *out)
{
    if (i == 0) {
        *out = entry(LS_KEY_OF_LEDGER, LS_NO_PARTY, (ls_bytes){0}, &c->ledger, LS_TIME_OPEN);
        return true;
    }
    i--;
    for (size_t p = 0; p < c->party_count; p++) {
        if (party_key(c, p, &i, out)) {
            return true;
        }
    }
    if (i >= 2 * c->cosigner_count) {
        return false;
    }
    const ls_cosigner *k = &c->cosigner[i / 2];
    ls_bytes owner = k->party == LS_NO_PARTY ? k->name : c->party[k->party].name;
    *out = i % 2 == 0 ? entry(LS_KEY_OF_COSIGNER, k->party, owner, &k->key, k->key_until)
                      : entry(LS_KEY_OF_RECEIPTS, k->party, owner, &k->receipts, k->receipts_until);
    return true;
}

void ls_charter_put_claim(const ls_hash *process, ls_bytes owner, const ls_vkey *key, ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE], vkey[LS_VKEY_SIZE];
    ls_hash_format(process, hex);
    ls_vkey_format(key, vkey);
    ls_buf_format(out, "lockstep rekey v1\n%s\n%.*s\n%s\n", hex, (int)owner.len, owner.ptr, vkey);
}

ls_result ls_charter_prove_claim(const ls_hash *process, ls_bytes owner, const ls_vkey *key,
                                 const uint8_t secret_key[static 64], uint8_t proof[static LS_ACT_PROOF_SIZE])
{
    ls_buf claim = {0};
    ls_charter_put_claim(process, owner, key, &claim);
    ls_result r = ls_buf_check(&claim);
    if (ls_succeeded(r)) {
        ls_ed25519_sign(ls_buf_bytes(&claim), secret_key, proof);
    }
    ls_buf_free(&claim);
    return r;
}

bool ls_charter_claim_proved(const ls_hash *process, ls_bytes owner, const ls_vkey *key,
                             const uint8_t proof[static LS_ACT_PROOF_SIZE])
{
    ls_buf claim = {0};
    ls_charter_put_claim(process, owner, key, &claim);
    bool proved = !claim.failed && ls_ed25519_verify(ls_buf_bytes(&claim), key->key, proof);
    ls_buf_free(&claim);
    return proved;
}
