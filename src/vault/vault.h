/*
 * Vaults: one 32-byte seed at rest, under a passphrase (Argon2id, XChaCha20-Poly1305, the header as additional data),
 * or, in exercises only, under none.
 *
 * File, all lengths fixed by the header (docs/protocol.md, "Vaults"):
 *   "lockstep vault v1\n" ‖ u8 protection (0 none, 1 passphrase) ‖ u8 purpose ‖ len‖name ‖ u32 passes ‖ u64 bytes of
 *   memory ‖ salt[16] ‖ nonce[24] ‖ sealed seed[32 + 16]; with protection 0 passes, memory, salt and nonce are zero and
 *   the seed stands there followed by 16 zeros.
 */
#ifndef LS_VAULT_VAULT_H
#define LS_VAULT_VAULT_H

#include "crypto/crypto.h"
#include <lockstep/bytes.h>

extern const ls_fault ls_fault_vault_form;       /* invalid: not a vault, or damaged */
extern const ls_fault ls_fault_vault_passphrase; /* usage: the passphrase does not open it */
extern const ls_fault ls_fault_vault_open;       /* usage: a vault without passphrase where one is required */
extern const ls_fault ls_fault_vault_other;      /* usage: a vault with another purpose or name than was asked for */

typedef enum ls_vault_purpose {
    LS_VAULT_DELEGATION = 1,
    LS_VAULT_SIGNER = 2,
    LS_VAULT_RECOVERY = 3,
    LS_VAULT_SEALING = 4,
    LS_VAULT_LEDGER = 5,
    LS_VAULT_COSIGNER = 6, /* the two that work unattended: cosignatures, */
    LS_VAULT_RECEIPTS = 7  /* and receipts */
} ls_vault_purpose;

#define LS_VAULT_NAME_MAX 255 /* bytes of a name: UTF-8, not empty, no control characters */

/* Argon2id's costs. Bounded on reading: passes 1..16, memory 8 MiB..1 GiB in whole KiB. */
typedef struct ls_vault_cost {
    uint32_t passes;
    uint64_t memory;
} ls_vault_cost;
extern const ls_vault_cost ls_vault_cost_default; /* libsodium's MODERATE */
extern const ls_vault_cost ls_vault_cost_quick;   /* libsodium's INTERACTIVE: tests and exercises */

/* A seed in guarded memory (sodium_malloc). */
typedef struct ls_secret ls_secret;
ls_secret *ls_secret_random(void); /* NULL: no memory */
ls_secret *ls_secret_from(const uint8_t seed[static LS_SEED_SIZE]);
const uint8_t *ls_secret_bytes(const ls_secret *s); /* LS_SEED_SIZE bytes */
void ls_secret_free(ls_secret *s);                  /* wipes; NULL is fine */

/* Appends the vault file's content. passphrase NULL: protection none, and cost is not used. An empty passphrase, a name
 * or costs that reading would refuse: ls_fault_usage. */
ls_result ls_vault_seal(const ls_secret *secret, ls_vault_purpose purpose, ls_bytes name, const char *passphrase,
                        ls_vault_cost cost, ls_buf *out);
/* What the header says, without opening. name is a view into file. */
typedef struct ls_vault_header {
    bool protected;
    ls_vault_purpose purpose;
    ls_bytes name;
    ls_vault_cost cost;
} ls_vault_header;
ls_result ls_vault_peek(ls_bytes file, ls_vault_header *out);
/* passphrase is ignored if the vault has none. The purpose and the name must be those in the header, else
 * ls_fault_vault_other. Takes the memory that the header's cost says. */
ls_result ls_vault_unseal(ls_bytes file, ls_vault_purpose purpose, ls_bytes name, const char *passphrase,
                          ls_secret **out);

#endif
