/* Every derivation of docs/protocol.md, "Declaration", in its order. */
#include "escrow/commitment.h"

/* Every label is hashed with its final NUL, which separates it from what follows. */
static const char label_declaration[] = "lockstep declaration v1";
static const char label_secret[] = "lockstep declaration secret v1";
static const char label_tranche[] = "lockstep tranche v1";
static const char label_key[] = "lockstep tranche key v1";
static const char label_leaf[] = "lockstep tranche leaf v1";
static const char label_field[32] = "lockstep field v1"; /* zero-padded: with X_k it fills one SHA-256 block */

static void absorb(ls_sha256 *s, const void *ptr, size_t len)
{
    ls_sha256_update(s, ls_bytes_of(ptr, len));
}

static void absorb_u32(ls_sha256 *s, uint32_t v)
{
    uint8_t bytes[4] = {(uint8_t)(v >> 24), (uint8_t)(v >> 16), (uint8_t)(v >> 8), (uint8_t)v};
    absorb(s, bytes, sizeof bytes);
}

static void absorb_short(ls_sha256 *s, ls_bytes text)
{
    uint8_t len = (uint8_t)text.len;
    absorb(s, &len, 1);
    ls_sha256_update(s, text);
}

void ls_declaration_context(const ls_hash *process, const ls_hash *accord, ls_bytes party, ls_bytes name,
                            const ls_hash *schema, const uint8_t nonce[static 32], ls_hash *out)
{
    ls_sha256 s;
    ls_sha256_init(&s);
    absorb(&s, label_declaration, sizeof label_declaration);
    absorb(&s, process->b, LS_HASH_SIZE);
    absorb(&s, accord->b, LS_HASH_SIZE);
    absorb_short(&s, party);
    absorb_short(&s, name);
    absorb(&s, schema->b, LS_HASH_SIZE);
    absorb(&s, nonce, 32);
    ls_sha256_final(&s, out);
}

void ls_declaration_secret(const uint8_t seed[static LS_SEED_SIZE], const ls_hash *context, uint8_t out[static 32])
{
    uint8_t message[sizeof label_secret + LS_HASH_SIZE];
    memcpy(message, label_secret, sizeof label_secret);
    memcpy(message + sizeof label_secret, context->b, LS_HASH_SIZE);
    ls_blake2b_keyed(seed, ls_bytes_of(message, sizeof message), out);
}

void ls_tranche_key(const uint8_t secret[static 32], uint32_t tranche, uint8_t out[static 32])
{
    ls_subkey(secret, tranche, "LStranch", out);
}

void ls_tranche_context(const ls_hash *declaration, uint32_t tranche, ls_hash *out)
{
    ls_sha256 s;
    ls_sha256_init(&s);
    absorb(&s, label_tranche, sizeof label_tranche);
    absorb(&s, declaration->b, LS_HASH_SIZE);
    absorb_u32(&s, tranche);
    ls_sha256_final(&s, out);
}

void ls_tranche_keys_derive(const ls_hash *declaration, uint32_t tranche, const uint8_t key[static 32],
                            ls_tranche_keys *out)
{
    ls_sha256 s;
    ls_tranche_context(declaration, tranche, &out->context);
    ls_sha256_init(&s);
    absorb(&s, label_key, sizeof label_key);
    absorb(&s, out->context.b, LS_HASH_SIZE);
    absorb(&s, key, 32);
    ls_sha256_final(&s, &out->check);
    ls_wipe(&s, sizeof s);
    ls_subkey(key, 1, "LSsalt__", out->salt);
    ls_subkey(key, 2, "LSseal__", out->seal);
    ls_subkey(key, 3, "LSindex_", out->index);
}

void ls_field_prefix(const ls_hash *tranche_context, ls_sha256 *out)
{
    ls_sha256_init(out);
    absorb(out, label_field, sizeof label_field);
    absorb(out, tranche_context->b, LS_HASH_SIZE);
}

void ls_field_commit(const ls_sha256 *prefix, const uint8_t salt[static LS_SALT_SIZE], ls_bytes value, ls_hash *out)
{
    ls_sha256 s = *prefix;
    absorb(&s, salt, LS_SALT_SIZE);
    ls_sha256_update(&s, value);
    ls_sha256_final(&s, out);
    ls_wipe(&s, sizeof s);
}

void ls_tranche_leaf_format(const ls_tranche_leaf *leaf, ls_buf *out)
{
    ls_buf_put(out, label_leaf, sizeof label_leaf);
    ls_buf_put(out, leaf->context.b, LS_HASH_SIZE);
    ls_buf_put_u32(out, leaf->tranche);
    ls_buf_put_u32(out, leaf->tranches);
    ls_buf_put_u32(out, leaf->fields);
    ls_buf_put_u64(out, leaf->rows);
    ls_buf_put(out, leaf->root.b, LS_HASH_SIZE);
    ls_buf_put(out, leaf->check.b, LS_HASH_SIZE);
    ls_buf_put_u64(out, leaf->sealed_size);
    ls_buf_put(out, leaf->sealed_hash.b, LS_HASH_SIZE);
}

bool ls_tranche_leaf_parse(ls_bytes data, ls_tranche_leaf *out)
{
    ls_reader r = ls_reader_of(data);
    ls_bytes label = ls_read_bytes(&r, sizeof label_leaf);
    ls_tranche_leaf leaf;
    ls_read_hash(&r, &leaf.context);
    leaf.tranche = ls_read_u32(&r);
    leaf.tranches = ls_read_u32(&r);
    leaf.fields = ls_read_u32(&r);
    leaf.rows = ls_read_u64(&r);
    ls_read_hash(&r, &leaf.root);
    ls_read_hash(&r, &leaf.check);
    leaf.sealed_size = ls_read_u64(&r);
    ls_read_hash(&r, &leaf.sealed_hash);
    if (!ls_reader_done(&r) || !ls_bytes_equal(label, ls_bytes_of(label_leaf, sizeof label_leaf))) {
        return false;
    }
    *out = leaf;
    return true;
}
