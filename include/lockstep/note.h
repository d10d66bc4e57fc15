/*
 * Signed notes (C2SP signed-note), verifier keys, checkpoints (tlog-checkpoint), cosignatures (tlog-cosignature) and
 * inclusion proofs to take away (tlog-proof). Parsed forms are views into the caller's bytes.
 */
#ifndef LOCKSTEP_NOTE_H
#define LOCKSTEP_NOTE_H

#include <lockstep/bytes.h>
#include <lockstep/merkle.h>
#include <lockstep/time.h>

#define LS_KEY_ID_SIZE 4
#define LS_KEY_NAME_MAX 255
#define LS_NOTE_SIGNATURES_MAX 100
#define LS_NOTE_MAX (1u << 20) /* bytes of one note; acts have a smaller limit of their own */

#define LS_KEY_ED25519 0x01
#define LS_KEY_COSIGNATURE 0x04

extern const ls_fault ls_fault_note_form;       /* invalid: not a signed note */
extern const ls_fault ls_fault_note_signature;  /* invalid: a known key's signature does not verify */
extern const ls_fault ls_fault_note_unsigned;   /* invalid: no signature of a known key */
extern const ls_fault ls_fault_vkey_form;       /* invalid: not a verifier key */
extern const ls_fault ls_fault_checkpoint_form; /* invalid: not a checkpoint */
extern const ls_fault ls_fault_tlog_proof_form; /* invalid: not a tlog-proof file */

/* A verifier key: name, type and public key; the key id follows from them. */
typedef struct ls_vkey {
    char name[LS_KEY_NAME_MAX + 1];
    uint8_t type; /* LS_KEY_ED25519 or LS_KEY_COSIGNATURE */
    uint8_t id[LS_KEY_ID_SIZE];
    uint8_t key[32];
} ls_vkey;

#define LS_VKEY_SIZE (LS_KEY_NAME_MAX + 1 + 8 + 1 + LS_BASE64_SIZE(33) + 1)

/* Non-empty, valid UTF-8, no Unicode white space, no '+', at most LS_KEY_NAME_MAX bytes. */
bool ls_key_name_valid(ls_bytes name);
/* Fills in the id. The name must be valid. */
void ls_vkey_make(ls_bytes name, uint8_t type, const uint8_t key[static 32], ls_vkey *out);
/* Any C2SP key of type 01 or 04; the point must be a valid one of prime order. */
ls_result ls_vkey_parse(ls_bytes text, ls_vkey *out);
void ls_vkey_format(const ls_vkey *k, char out[static LS_VKEY_SIZE]);

typedef struct ls_note_signature {
    ls_bytes line; /* the whole line with its '\n' */
    ls_bytes name;
    ls_bytes base64;
    uint8_t id[LS_KEY_ID_SIZE];
} ls_note_signature;

typedef struct ls_note {
    ls_bytes text; /* what is signed, with its final '\n' */
    size_t count;
    ls_note_signature signature[LS_NOTE_SIGNATURES_MAX];
} ls_note;

/* What may be signed: UTF-8 that ends in '\n', without control characters below U+0020 but '\n'. */
bool ls_note_text_valid(ls_bytes text);

ls_result ls_note_parse(ls_bytes note, ls_note *out);

#define LS_NOTE_UNKNOWN (-1)

/* What is known of each signature of a note, in the order of its lines. */
typedef struct ls_note_verdict {
    size_t verified;                       /* how many */
    int key[LS_NOTE_SIGNATURES_MAX];       /* index into keys, or LS_NOTE_UNKNOWN: the line is ignored */
    uint64_t time[LS_NOTE_SIGNATURES_MAX]; /* of a cosignature, in seconds since 1970; else 0 */
} ls_note_verdict;

/* Unknown (name, id) pairs are ignored; of two keys with one pair the first counts. ls_fault_note_signature if a known
 * pair's signature is bad, a second signature of one key included; ls_fault_note_unsigned if none verified. */
ls_result ls_note_verify(const ls_note *note, const ls_vkey *keys, size_t count, ls_note_verdict *out);

/* One signature, taken out of its note so that it can be verified later, on another thread. */
typedef struct ls_pending_signature {
    ls_bytes text; /* the note's; a view */
    uint64_t time; /* of a cosignature */
    uint8_t type;  /* of the key */
    uint8_t key[32];
    uint8_t signature[64];
} ls_pending_signature;
/* Whether a line bears this key's name and id. */
bool ls_note_signed_as(const ls_note_signature *s, const ls_vkey *key);
/* False if what the line says can't be a signature of this key, whose name and id it bears. */
bool ls_note_pending(const ls_note *note, size_t i, const ls_vkey *key, ls_pending_signature *out);
/* ls_fault_note_signature if it is not one. */
ls_result ls_pending_verify(const ls_pending_signature *p);

/* Appends a signature line of type 01 over text, which may be a view into out. */
void ls_note_sign(ls_buf *out, ls_bytes text, const ls_vkey *key, const uint8_t secret_key[static 64]);
/* Appends a cosignature line (type 04) over a checkpoint's text at a time below 2^63. */
void ls_note_cosign(ls_buf *out, ls_bytes text, const ls_vkey *key, uint64_t time, const uint8_t secret_key[static 64]);

typedef struct ls_checkpoint {
    ls_bytes origin;
    uint64_t size;
    ls_hash root;
} ls_checkpoint;

/* The text of a checkpoint note, without signatures; extension lines are accepted if not empty, sizes below 2^63. */
ls_result ls_checkpoint_parse(ls_bytes text, ls_checkpoint *out);
/* The same, but a checkpoint of no entries may have any root: for whoever answers such a one in a way of its own. */
ls_result ls_checkpoint_read(ls_bytes text, ls_checkpoint *out);
void ls_checkpoint_format(const ls_checkpoint *c, ls_buf *out);

/* A tlog-proof file: that a leaf stands at index under the checkpoint that follows verbatim. */
typedef struct ls_tlog_proof {
    ls_bytes extra; /* base64 of data that the format leaves to applications, or empty */
    uint64_t index;
    size_t count;
    ls_hash proof[LS_MERKLE_PROOF_MAX];
    ls_bytes checkpoint; /* a signed note */
} ls_tlog_proof;

/* Checks the form only: the checkpoint's too, and that index lies below its size. No signature, no hash. */
ls_result ls_tlog_proof_parse(ls_bytes text, ls_tlog_proof *out);
void ls_tlog_proof_format(const ls_tlog_proof *p, ls_buf *out);

#endif
