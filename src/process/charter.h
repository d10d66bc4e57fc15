/*
 * The charter: who the parties are, which keys speak for them, where the record lives and which rules hold.
 *
 * People write YAML; what is signed is its canonical JSON. Both are read by the same function into the same struct.
 * The example examples/pyongyang-2018/charter.yaml shows every key; docs/protocol.md describes them.
 */
#ifndef LS_PROCESS_CHARTER_H
#define LS_PROCESS_CHARTER_H

#include "process/policy.h"
#include <lockstep/act.h>

#define LS_PARTIES_MAX 32
#define LS_SIGNERS_MAX 32
#define LS_DELEGATES_MAX 16 /* of one party */
#define LS_RULES_MAX 32
#define LS_AUDIENCES_MAX 32
#define LS_COSIGNERS_MAX LS_POLICY_WITNESSES_MAX
#define LS_PROOFS_MAX 256

#define LS_NO_PARTY SIZE_MAX      /* instead of an index: nobody of the charter's parties */
#define LS_TIME_OPEN INT64_MAX    /* instead of a time: no end is set */
#define LS_TIME_ENDED INT64_C(-1) /* of a key that was revoked: before every stamp */

typedef enum ls_role { LS_ROLE_PARTY, LS_ROLE_MEDIATOR, LS_ROLE_INSPECTORATE, LS_ROLE_OBSERVER } ls_role;

typedef struct ls_signer {
    ls_bytes name;  /* "usa-1"; its key is named <domain>/usa-1 */
    ls_bytes title; /* who it is, for display; may be empty */
    ls_vkey key;
    ls_time until; /* after a stamp later than this the key signs nothing more; or LS_TIME_OPEN */
} ls_signer;

/* A key for reading over the network, and for nothing else. */
typedef struct ls_delegate {
    ls_vkey key;   /* its name's last part is the delegate's */
    ls_time until; /* as of a signer */
} ls_delegate;

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
    ls_time recovery_until;
    uint8_t sealing[32]; /* X25519 */
    size_t delegate_count;
    ls_delegate delegate[LS_DELEGATES_MAX];
} ls_party;

/* Who replays the record and then cosigns its checkpoints: a party's machine, or an outsider's. */
typedef struct ls_cosigner {
    ls_bytes name;
    ls_bytes title;    /* its own, or its party's, or its name */
    size_t party;      /* index; LS_NO_PARTY: an outsider */
    ls_vkey key;       /* type 04 */
    ls_time key_until; /* LS_TIME_OPEN or LS_TIME_ENDED, as of the next */
    ls_vkey receipts;  /* type 01: signs receipts, and lets it read over the network */
    ls_time receipts_until;
} ls_cosigner;

/* Who belongs to a named audience. Everybody belongs to `public` and `process`, which need no entry. */
typedef struct ls_audience {
    ls_bytes name;
    uint32_t parties; /* bit i: the i-th party */
} ls_audience;

/* That whoever brings a key holds it: a signature by it over ls_charter_put_claim. */
typedef struct ls_key_proof {
    ls_vkey key;
    uint8_t proof[LS_ACT_PROOF_SIZE];
} ls_key_proof;

typedef struct ls_charter {
    ls_bytes name, title;
    bool exercise;
    ls_bytes origin;      /* of the ledger; begins "exercise." in an exercise */
    ls_vkey ledger;       /* its key; the name is the origin */
    size_t host;          /* index of the party that runs it, whose cosigner never counts; LS_NO_PARTY: not said */
    bool public_access;   /* reading over the network takes no access note */
    ls_bytes policy_text; /* a tlog-policy; "quorum none\n" for an embedded ledger */
    ls_policy policy;
    bool quorum_none;
    size_t cosigner_count;
    ls_cosigner cosigner[LS_COSIGNERS_MAX];
    size_t audience_count;
    ls_audience audience[LS_AUDIENCES_MAX];
    ls_zone zone;
    int32_t closing;           /* seconds after local midnight at which a day's deadline falls; 86400: at its end */
    bool counts_first_day;     /* "10 days after" a day counts that day as the first */
    int64_t stamp_interval;    /* seconds */
    int64_t grace;             /* seconds */
    int64_t expires_limit;     /* seconds */
    int64_t open_until_limit;  /* seconds that a joint act may stay open; 0: no limit */
    uint64_t rows_limit;       /* rows of one declaration, padding included */
    uint64_t attachment_limit; /* bytes of one attachment */
    size_t party_count;
    ls_party party[LS_PARTIES_MAX];
    size_t proof_count; /* in an amended charter: of the keys that are new in it */
    const ls_key_proof *proof;
} ls_charter;

/* Reads a charter and diagnoses everything wrong with it at once. Slices live as long as v's arena. */
void ls_charter_read(ls_arena *arena, const ls_value *v, ls_diagnostics *d, ls_charter *out);

/* A copy with all that it points to, for whoever needs it longer than the original lives; NULL if there is no memory.
 */
ls_charter *ls_charter_copy(ls_arena *arena, const ls_charter *from);

const ls_party *ls_charter_party(const ls_charter *c, ls_bytes name);
const ls_signer *ls_party_signer(const ls_party *p, ls_bytes name);
/* How many signatures of this party an act of this kind needs. */
unsigned ls_party_threshold(const ls_party *p, ls_bytes kind);
/* The highest of its thresholds over all kinds: what changing its keys takes. */
unsigned ls_party_threshold_max(const ls_party *p);
const ls_cosigner *ls_charter_cosigner(const ls_charter *c, ls_bytes name);
/* NULL for `public` and `process`, and for names that the charter does not know. */
const ls_audience *ls_charter_audience(const ls_charter *c, ls_bytes name);
/* The part of a key's name after its last '/'. */
ls_bytes ls_vkey_last(const ls_vkey *key);

/* True if the key is named <domain>/<name>; an empty name stands for any. */
bool ls_charter_key_named(const ls_vkey *key, ls_bytes domain, ls_bytes name);

/* Every key of a charter but the sealing keys, with whose it is and what for. */
typedef enum ls_key_purpose {
    LS_KEY_OF_LEDGER,
    LS_KEY_OF_SIGNER,
    LS_KEY_OF_RECOVERY,
    LS_KEY_OF_DELEGATE,
    LS_KEY_OF_COSIGNER,
    LS_KEY_OF_RECEIPTS
} ls_key_purpose;

typedef struct ls_key_entry {
    ls_key_purpose purpose;
    size_t party;   /* index, or LS_NO_PARTY */
    ls_bytes owner; /* the party's name, an outsider's, or empty for the ledger */
    const ls_vkey *key;
    ls_time until;
} ls_key_entry;

#define LS_CHARTER_KEYS_MAX (LS_PARTIES_MAX * (LS_SIGNERS_MAX + LS_DELEGATES_MAX + 1) + 2 * LS_COSIGNERS_MAX + 1)
/* The i-th, in the charter's order; false past the last. */
bool ls_charter_key(const ls_charter *c, size_t i, ls_key_entry *out);

/* One key where it stands in a charter, so that it can be replaced or ended. */
typedef struct ls_key_slot {
    ls_key_purpose purpose;
    ls_vkey *key;
    ls_time *until;
    ls_cosigner *cosigner; /* whose it is, or NULL */
} ls_key_slot;

/* The party's key of this name and type: a signer's, its recovery key, a delegate's, or of one of its cosigners. */
bool ls_charter_slot(ls_charter *c, size_t party, const char *name, uint8_t type, ls_key_slot *out);
/* Puts a key in the place of that with its name and type; where it is a cosigner's, in the policy, too. To end a key is
 * to put it there again with LS_TIME_ENDED. There is such a slot. */
void ls_charter_put_key(ls_charter *c, size_t party, const ls_vkey *key, ls_time until);
/* One more delegate, in the place of one that ended before `now` if there is one. False if there is no place. */
bool ls_charter_add_delegate(ls_charter *c, size_t party, const ls_vkey *key, ls_time until, ls_time now);

/* What may not be otherwise in an amended charter, which speaks of the same process; its parties stay, in their places.
 * NULL, or which of it is. stamped: the latest stamp; what is past keeps its offsets. */
const char *ls_charter_amended_wrongly(const ls_charter *from, const ls_charter *to, ls_time stamped);
/* Whether the two are the same but for the keys and the thresholds of this party, and how many there are of them. */
bool ls_charter_same_but_keys(const ls_charter *a, const ls_charter *b, size_t party);

/* What the holder of a new key signs with it to prove that it is his: "lockstep rekey
 * v1\n<process>\n<owner>\n<vkey>\n".
 */
void ls_charter_put_claim(const ls_hash *process, ls_bytes owner, const ls_vkey *key, ls_buf *out);
/* The proof, made with the new key. */
ls_result ls_charter_prove_claim(const ls_hash *process, ls_bytes owner, const ls_vkey *key,
                                 const uint8_t secret_key[static 64], uint8_t proof[static LS_ACT_PROOF_SIZE]);
/* Whether that is proved by this signature. */
bool ls_charter_claim_proved(const ls_hash *process, ls_bytes owner, const ls_vkey *key,
                             const uint8_t proof[static LS_ACT_PROOF_SIZE]);

#endif
