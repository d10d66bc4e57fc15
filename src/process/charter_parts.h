/* What the files that read a charter share. */
#ifndef LS_PROCESS_CHARTER_PARTS_H
#define LS_PROCESS_CHARTER_PARTS_H

#include "process/charter.h"
#include "process/field.h"

typedef struct ls_charter_reader {
    ls_arena *arena;
    ls_diagnostics *d;
    ls_charter *charter;
    ls_ids keys; /* every raw public key of the charter, as hex: none serves two purposes */
} ls_charter_reader;

/* Notes a raw public key; a second use is diagnosed. */
void ls_charter_add_key(ls_charter_reader *r, const uint8_t key[static 32], ls_mark mark);
/* A verifier key of a signer, the ledger or a recovery key: Ed25519, a valid point, used once. */
bool ls_charter_read_vkey(ls_charter_reader *r, const ls_value *map, const char *key, ls_vkey *out);
void ls_charter_read_parties(ls_charter_reader *r, const ls_value *charter);
/* The charter's policy, whose ledger key was read before if it could be. */
void ls_charter_read_policy(ls_charter_reader *r, const ls_value *charter);

#endif
