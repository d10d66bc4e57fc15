#include "vault/vault.h"
#include <sodium.h>

const ls_fault ls_fault_vault_form = {LS_CLASS_INVALID, "vault-form", "not a vault, or damaged"};
const ls_fault ls_fault_vault_passphrase = {LS_CLASS_USAGE, "vault-passphrase",
                                            "the passphrase does not open the vault"};
const ls_fault ls_fault_vault_open = {LS_CLASS_USAGE, "vault-open",
                                      "a vault without a passphrase serves in exercises only"};
const ls_fault ls_fault_vault_other = {LS_CLASS_USAGE, "vault-other", "the vault was made for something else"};

const ls_vault_cost ls_vault_cost_default = {crypto_pwhash_OPSLIMIT_MODERATE, crypto_pwhash_MEMLIMIT_MODERATE};
const ls_vault_cost ls_vault_cost_quick = {crypto_pwhash_OPSLIMIT_INTERACTIVE, crypto_pwhash_MEMLIMIT_INTERACTIVE};

#define MAGIC "lockstep vault v1\n"
#define MAGIC_SIZE (sizeof MAGIC - 1)
#define SALT_SIZE crypto_pwhash_SALTBYTES
#define SEALED_SIZE (LS_SEED_SIZE + LS_AEAD_TAG_SIZE)
#define PASSES_MAX 16u
#define MEMORY_MIN (8ull << 20)
#define MEMORY_MAX (1ull << 30)

enum { PROTECTION_NONE = 0, PROTECTION_PASSPHRASE = 1 };

/* A whole file, taken apart. */
typedef struct parts {
    ls_vault_header header;
    uint8_t protection;
    ls_bytes salt, nonce, sealed;
    ls_bytes additional; /* all that stands before sealed */
} parts;

static bool cost_valid(ls_vault_cost cost)
{
    /* Argon2 counts memory in KiB, so that other values would be a second way to write the same cost. */
    return cost.passes >= 1 && cost.passes <= PASSES_MAX && cost.memory >= MEMORY_MIN && cost.memory <= MEMORY_MAX &&
           cost.memory % 1024 == 0;
}

static bool name_valid(ls_bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        if (name.ptr[i] < 0x20 || name.ptr[i] == 0x7f) {
            return false;
        }
    }
    return name.len > 0 && name.len <= LS_VAULT_NAME_MAX && ls_utf8_valid(name);
}

static bool purpose_valid(ls_vault_purpose purpose)
{
    return purpose >= LS_VAULT_DELEGATION && purpose <= LS_VAULT_RECEIPTS;
}

/* Without a passphrase every field that serves one is zero, so that there is one way to write it. */
static bool protection_valid(const parts *p)
{
    if (p->protection == PROTECTION_PASSPHRASE) {
        return cost_valid(p->header.cost);
    }
    return p->protection == PROTECTION_NONE && p->header.cost.passes == 0 && p->header.cost.memory == 0 &&
           sodium_is_zero(p->salt.ptr, SALT_SIZE) == 1 && sodium_is_zero(p->nonce.ptr, LS_AEAD_NONCE_SIZE) == 1 &&
           sodium_is_zero(p->sealed.ptr + LS_SEED_SIZE, LS_AEAD_TAG_SIZE) == 1;
}

static ls_result parse(ls_bytes file, parts *out)
{
    parts p = {0};
    ls_reader r = ls_reader_of(file);
    bool magic = ls_bytes_is(ls_read_bytes(&r, MAGIC_SIZE), MAGIC);
    p.protection = ls_read_u8(&r);
    p.header.protected = p.protection == PROTECTION_PASSPHRASE;
    p.header.purpose = (ls_vault_purpose)ls_read_u8(&r);
    p.header.name = ls_read_bytes(&r, ls_read_u8(&r));
    p.header.cost.passes = ls_read_u32(&r);
    p.header.cost.memory = ls_read_u64(&r);
    p.salt = ls_read_bytes(&r, SALT_SIZE);
    p.nonce = ls_read_bytes(&r, LS_AEAD_NONCE_SIZE);
    p.sealed = ls_read_bytes(&r, SEALED_SIZE);
    if (!magic || !ls_reader_done(&r) || !purpose_valid(p.header.purpose) || !name_valid(p.header.name) ||
        !protection_valid(&p)) {
        return ls_fail(&ls_fault_vault_form);
    }
    p.additional = ls_bytes_of(file.ptr, file.len - SEALED_SIZE);
    *out = p;
    return LS_SUCCESS;
}

static bool derive_key(const char *passphrase, const uint8_t *salt, ls_vault_cost cost, uint8_t key[static 32])
{
    return crypto_pwhash(key, 32, passphrase, strlen(passphrase), salt, cost.passes, (size_t)cost.memory,
                         crypto_pwhash_ALG_ARGON2ID13) == 0;
}

/* What stands before the sealed seed. */
static void put_header(ls_buf *b, ls_vault_purpose purpose, ls_bytes name, bool protected, ls_vault_cost cost)
{
    uint8_t random[SALT_SIZE + LS_AEAD_NONCE_SIZE] = {0};
    if (protected) {
        ls_random(random, sizeof random);
    }
    ls_buf_put_str(b, MAGIC);
    ls_buf_put_u8(b, protected ? PROTECTION_PASSPHRASE : PROTECTION_NONE);
    ls_buf_put_u8(b, (uint8_t)purpose);
    ls_buf_put_u8(b, (uint8_t)name.len);
    ls_buf_put_bytes(b, name);
    ls_buf_put_u32(b, protected ? cost.passes : 0);
    ls_buf_put_u64(b, protected ? cost.memory : 0);
    ls_buf_put(b, random, sizeof random);
}

/* Appends the seed, sealed under the header that b holds and that ends with the salt and the nonce. */
static ls_result put_sealed(ls_buf *b, const ls_secret *secret, const char *passphrase, ls_vault_cost cost)
{
    ls_bytes header = ls_buf_bytes(b);
    const uint8_t *nonce = header.ptr + header.len - LS_AEAD_NONCE_SIZE;
    uint8_t key[32], sealed[SEALED_SIZE];
    if (!derive_key(passphrase, nonce - SALT_SIZE, cost, key)) {
        return ls_fail(&ls_fault_memory);
    }
    ls_aead_seal(key, nonce, ls_bytes_of(ls_secret_bytes(secret), LS_SEED_SIZE), header, sealed);
    ls_wipe(key, sizeof key);
    ls_buf_put(b, sealed, sizeof sealed);
    return LS_SUCCESS;
}

static void put_open(ls_buf *b, const ls_secret *secret)
{
    static const uint8_t no_tag[LS_AEAD_TAG_SIZE];
    ls_buf_put(b, ls_secret_bytes(secret), LS_SEED_SIZE);
    ls_buf_put(b, no_tag, sizeof no_tag);
}

static ls_result put_vault(ls_buf *b, const ls_secret *secret, ls_vault_purpose purpose, ls_bytes name,
                           const char *passphrase, ls_vault_cost cost)
{
    put_header(b, purpose, name, passphrase != NULL, cost);
    LS_TRY(ls_buf_check(b));
    if (passphrase == NULL) {
        put_open(b, secret);
    } else {
        LS_TRY(put_sealed(b, secret, passphrase, cost));
    }
    return ls_buf_check(b);
}

ls_result ls_vault_seal(const ls_secret *secret, ls_vault_purpose purpose, ls_bytes name, const char *passphrase,
                        ls_vault_cost cost, ls_buf *out)
{
    bool passphrase_usable = passphrase == NULL || (passphrase[0] != '\0' && cost_valid(cost));
    if (!purpose_valid(purpose) || !name_valid(name) || !passphrase_usable) {
        return ls_fail(&ls_fault_usage);
    }
    ls_buf vault = {0};
    ls_result r = put_vault(&vault, secret, purpose, name, passphrase, cost);
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&vault));
        r = ls_buf_check(out);
    }
    ls_buf_wipe(&vault);
    return r;
}

ls_result ls_vault_peek(ls_bytes file, ls_vault_header *out)
{
    parts p;
    LS_TRY(parse(file, &p));
    *out = p.header;
    return LS_SUCCESS;
}

static ls_result open_protected(const parts *p, const char *passphrase, uint8_t seed[static LS_SEED_SIZE])
{
    uint8_t key[32];
    if (passphrase == NULL) {
        return ls_fail(&ls_fault_vault_passphrase);
    }
    if (!derive_key(passphrase, p->salt.ptr, p->header.cost, key)) {
        return ls_fail(&ls_fault_memory);
    }
    bool opened = ls_aead_open(key, p->nonce.ptr, p->sealed, p->additional, seed);
    ls_wipe(key, sizeof key);
    return opened ? LS_SUCCESS : ls_fail(&ls_fault_vault_passphrase);
}

ls_result ls_vault_unseal(ls_bytes file, ls_vault_purpose purpose, ls_bytes name, const char *passphrase,
                          ls_secret **out)
{
    parts p;
    uint8_t seed[LS_SEED_SIZE];
    LS_TRY(parse(file, &p));
    if (p.header.purpose != purpose || !ls_bytes_equal(p.header.name, name)) {
        return ls_fail(&ls_fault_vault_other);
    }
    if (p.header.protected) {
        LS_TRY(open_protected(&p, passphrase, seed));
    } else {
        memcpy(seed, p.sealed.ptr, sizeof seed);
    }
    ls_secret *secret = ls_secret_from(seed);
    ls_wipe(seed, sizeof seed);
    if (secret == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = secret;
    return LS_SUCCESS;
}
