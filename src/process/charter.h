/*
 * The charter: who the parties are, which keys speak for them, where the record lives and which rules hold.
 *
 * People write YAML; what is signed is its canonical JSON. Both are read by the same function into the same struct.
 * The example examples/pyongyang-2018/charter.yaml shows every key; docs/protocol.md describes them.
 */
#ifndef LS_PROCESS_CHARTER_H
#define LS_PROCESS_CHARTER_H

#include "base/value.h"
#include <lockstep/act.h>

#define LS_PARTIES_MAX 32
#define LS_SIGNERS_MAX 32
#define LS_RULES_MAX 32

typedef enum ls_role { LS_ROLE_PARTY, LS_ROLE_MEDIATOR, LS_ROLE_INSPECTORATE, LS_ROLE_OBSERVER } ls_role;

typedef struct ls_signer {
    ls_bytes name;  /* "usa-1"; its key is named <domain>/usa-1 */
    ls_bytes title; /* who it is, for display; may be empty */
    ls_vkey key;
} ls_signer;

/* How many signers an act of this kind needs. */
typedef struct ls_threshold {
    ls_bytes kind;
    unsigned count;
} ls_threshold;

typedef struct ls_party {
    ls_bytes name;   /* "usa" */
    ls_bytes title;  /* "United States of America" */
    ls_bytes domain; /* "usa.example" */
    ls_role role;
    size_t signer_count;
    ls_signer signer[LS_SIGNERS_MAX];
    unsigned threshold; /* for kinds without one of their own */
    size_t threshold_count;
    ls_threshold special[LS_RULES_MAX];
    bool has_recovery;
    ls_vkey recovery;
    uint8_t sealing[32]; /* X25519 */
} ls_party;

typedef struct ls_charter {
    ls_bytes name, title;
    bool exercise;
    ls_bytes origin; /* of the ledger; begins "exercise." in an exercise */
    ls_vkey ledger;  /* its key; the name is the origin */
    ls_bytes policy; /* a tlog-policy; "quorum none\n" for an embedded ledger */
    bool quorum_none;
    ls_zone zone;
    int32_t closing;           /* seconds after local midnight at which a day's deadline falls; 86400: at its end */
    int64_t stamp_interval;    /* seconds */
    int64_t grace;             /* seconds */
    int64_t expires_limit;     /* seconds */
    uint64_t rows_limit;       /* rows of one declaration, padding included */
    uint64_t attachment_limit; /* bytes of one attachment */
    size_t party_count;
    ls_party party[LS_PARTIES_MAX];
} ls_charter;

/* Reads a charter and diagnoses everything wrong with it at once. Slices live as long as v's arena. */
void ls_charter_read(ls_arena *arena, const ls_value *v, ls_diagnostics *d, ls_charter *out);

const ls_party *ls_charter_party(const ls_charter *c, ls_bytes name);
const ls_signer *ls_party_signer(const ls_party *p, ls_bytes name);
/* How many signatures of this party an act of this kind needs. */
unsigned ls_party_threshold(const ls_party *p, ls_bytes kind);

#endif
