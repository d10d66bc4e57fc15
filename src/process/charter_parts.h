/* What the files that read a charter share. */
#ifndef LS_PROCESS_CHARTER_PARTS_H
#define LS_PROCESS_CHARTER_PARTS_H

#include "process/charter.h"
#include "process/field.h"

typedef struct ls_charter_reader {
    ls_arena *arena;
    ls_diagnostics *d;
    ls_charter *charter;
    ls_ids keys;      /* every raw public key of the charter, as hex: none serves two purposes */
    ls_ids key_names; /* type and name of each: a key is replaced by one of the same name */
    ls_ids parties, domains, signers, sealing, cosigners;
} ls_charter_reader;

/* Notes a key; a second use of it, or of its name, is diagnosed. */
void ls_charter_add_key(ls_charter_reader *r, const ls_vkey *key, ls_mark mark);
/* A verifier key of this type, read from a value that `what` names: a valid point, used once. */
bool ls_charter_read_key(ls_charter_reader *r, const ls_value *v, const char *what, uint8_t type, ls_vkey *out);
/* The same of a map's key; false if it is absent. */
bool ls_charter_read_vkey(ls_charter_reader *r, const ls_value *map, const char *key, uint8_t type, ls_vkey *out);
/* An optional time after which a key ends; LS_TIME_OPEN if it is absent. */
void ls_charter_read_until(ls_charter_reader *r, const ls_value *map, ls_time *out);
void ls_charter_read_parties(ls_charter_reader *r, const ls_value *charter);
/* These speak of parties, which were read before if they could be; the policy speaks of cosigners, too. */
void ls_charter_read_host(ls_charter_reader *r, const ls_value *ledger);
void ls_charter_read_cosigners(ls_charter_reader *r, const ls_value *charter);
void ls_charter_read_audiences(ls_charter_reader *r, const ls_value *charter);
void ls_charter_read_access(ls_charter_reader *r, const ls_value *charter);
void ls_charter_read_proofs(ls_charter_reader *r, const ls_value *charter);
void ls_charter_read_policy(ls_charter_reader *r, const ls_value *charter);

#endif
