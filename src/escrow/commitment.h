/*
 * The values that a declaration is made of: secrets derived from the delegation seed, contexts, and the leaf that
 * stands for a tranche (docs/protocol.md, "Declaration"). Pure; nothing allocates but ls_tranche_leaf_format's buffer.
 */
#ifndef LS_ESCROW_COMMITMENT_H
#define LS_ESCROW_COMMITMENT_H

#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include <lockstep/opening.h>

/* Salts come from one keystream of 2^38 bytes: fields times rows of a tranche can't be more. */
#define LS_TRANCHE_VALUES_MAX (UINT64_C(1) << 34)

/* A declaration's secret M. It and all keys derived from it are wiped by the caller. */
void ls_declaration_secret(const uint8_t seed[static LS_SEED_SIZE], const ls_hash *context, uint8_t out[static 32]);
/* K_k, from M. */
void ls_tranche_key(const uint8_t secret[static 32], uint32_t tranche, uint8_t out[static 32]);

/* What K_k opens. */
typedef struct ls_tranche_keys {
    ls_hash context;   /* X_k */
    ls_hash check;     /* check_k, which the leaf carries */
    uint8_t salt[32];  /* of the fields' salts */
    uint8_t seal[32];  /* of the sealed rows */
    uint8_t index[32]; /* of the declarer's own index of ids; nothing published depends on it */
} ls_tranche_keys;

/* X_k. */
void ls_tranche_context(const ls_hash *declaration, uint32_t tranche, ls_hash *out);
void ls_tranche_keys_derive(const ls_hash *declaration, uint32_t tranche, const uint8_t key[static 32],
                            ls_tranche_keys *out);

/* The hash state after B_k, from which every field commitment of a tranche goes on. */
void ls_field_prefix(const ls_hash *tranche_context, ls_sha256 *out);
/* One field commitment. */
void ls_field_commit(const ls_sha256 *prefix, const uint8_t salt[static LS_SALT_SIZE], ls_bytes value, ls_hash *out);

/* Tranche leaf data, taken apart. */
#define LS_TRANCHE_LEAF_SIZE 181
typedef struct ls_tranche_leaf {
    ls_hash context;            /* X */
    uint32_t tranche, tranches; /* k, m */
    uint32_t fields;            /* F */
    uint64_t rows;              /* n */
    ls_hash root;               /* S_k */
    ls_hash check;              /* check_k */
    uint64_t sealed_size;
    ls_hash sealed_hash;
} ls_tranche_leaf;

void ls_tranche_leaf_format(const ls_tranche_leaf *leaf, ls_buf *out);
/* False unless data has the label and the exact length; says nothing about the values. */
bool ls_tranche_leaf_parse(ls_bytes data, ls_tranche_leaf *out);

#endif
