/*
 * Private intersection: two parties find which options of one list both would accept, and neither learns more of the
 * other's than how many they are (docs/protocol.md, "Private intersection").
 *
 * Of a run, each side makes a secret (ls_psi_secret_derive) and an offer, whose hash it publishes before either is
 * shown; takes in the other's (ls_psi_set_parse); returns the other's points multiplied by its secret, with a proof
 * (ls_psi_return); takes in what was returned for its own (ls_psi_returned_parse); and then both know the common
 * options (ls_psi_match). What somebody sent and can't be used is refused by a fault that says what is wrong with it;
 * the detail names the party and, where there is one, the point.
 *
 * There are two sides and no more: of three parties, two that run it would learn what the third is not to know, unless
 * all three share it.
 *
 * Pure: no clock, no files, no random numbers. Long lists are worked on by all processors. Scalars, one's own choice
 * and the order in which it was sent are handled in constant time; how many one chose is sent, and so no secret here.
 * ls_crypto_init must have succeeded before.
 */
#ifndef LS_PSI_PSI_H
#define LS_PSI_PSI_H

#include "crypto/crypto.h"
#include "crypto/ristretto.h"

/* Options of one list, and so points of one message. */
#define LS_PSI_OPTIONS_MAX 20000

/* All invalid, but where it says otherwise. */
extern const ls_fault ls_fault_psi_form;       /* not such a message: another label, cut short, bytes left over */
extern const ls_fault ls_fault_psi_run;        /* of another run */
extern const ls_fault ls_fault_psi_party;      /* it does not speak for the party that it should come from */
extern const ls_fault ls_fault_psi_none;       /* not one option */
extern const ls_fault ls_fault_psi_cap;        /* more options than one side may submit */
extern const ls_fault ls_fault_psi_commitment; /* not what its party committed to */
extern const ls_fault ls_fault_psi_key;        /* the public key is no point, or the identity */
extern const ls_fault ls_fault_psi_reflection; /* the public key is the other side's */
extern const ls_fault ls_fault_psi_identity;   /* a point is the identity */
extern const ls_fault ls_fault_psi_point;      /* bytes that are no point */
extern const ls_fault ls_fault_psi_duplicate;  /* two points are the same */
extern const ls_fault ls_fault_psi_length;     /* not as many points returned as were sent */
extern const ls_fault ls_fault_psi_proof;      /* what was returned is not what was sent, multiplied by one secret */
extern const ls_fault ls_fault_psi_disclosure; /* a scalar that is not the one behind the public key */

/* A run: what both sides agree on beforehand. Slices are the caller's. */
typedef struct ls_psi_run {
    ls_hash sid;       /* the id of the act that opened it */
    ls_bytes party[2]; /* names, 1 to 255 bytes: who opened it, and the other. A side is an index of these. */
    uint32_t cap;      /* options that one side may submit */
} ls_psi_run;

/* What a side must keep to itself. The caller wipes it. */
typedef struct ls_psi_secret {
    uint8_t scalar[LS_SCALAR_SIZE];
    uint8_t nonce_key[32];
    uint8_t stream_key[32]; /* of the order in which options are sent */
} ls_psi_secret;

/*
 * A side's secret, from its delegation seed and what it chooses: chosen has, for each of the list's count options, 1 or
 * 0. The same seed, run and choice give the same secret, and so the same messages, byte for byte: nothing is lost with
 * a workspace but the choice itself, which is to be kept or made again.
 *
 * The choice goes in on purpose. The record takes one commitment of a side for a run. But should a host show two
 * histories, or a workspace be restored from before its commitment, then another choice would go out under the same
 * sid; with one secret for both, whoever saw the two lists could tell which points stayed and which were exchanged. As
 * it is, the two have nothing in common, and the second does not fit the commitment to the first.
 */
void ls_psi_secret_derive(const uint8_t seed[static LS_SEED_SIZE], const ls_psi_run *run, unsigned side,
                          const uint8_t *chosen, uint32_t count, ls_psi_secret *out);

/* Appends to message what the side sends: its public key and, for each option that it chose, one point, in a secret
 * order. options are the list's texts, count of them. order has room for as many as are chosen, and gets the option
 * that each point stands for: a secret, which the caller wipes. ls_fault_psi_none, ls_fault_psi_cap, ls_fault_memory.
 */
ls_result ls_psi_offer(const ls_psi_run *run, unsigned side, const ls_bytes *options, const uint8_t *chosen,
                       uint32_t count, const ls_psi_secret *secret, ls_buf *message, uint32_t *order,
                       ls_detail *detail);

/* What a side publishes before it shows a message that is committed to: its hash. */
void ls_psi_commitment(ls_bytes message, ls_hash *out);

/* A side's list, read. Views of the message, and memory of the arena. */
typedef struct ls_psi_set {
    unsigned side;
    uint32_t count;
    const uint8_t *key;       /* the public key */
    const uint8_t *points;    /* count of them */
    const ls_addend *addends; /* the same */
} ls_psi_set;

/* Reads what side sent, against its commitment if that is not NULL. Refuses all that the faults above say. */
ls_result ls_psi_set_parse(ls_arena *arena, const ls_psi_run *run, unsigned side, ls_bytes message,
                           const ls_hash *commitment, ls_psi_set *out, ls_detail *detail);

/* Appends what own's side returns to the other: theirs, multiplied by its secret, with a proof that they are.
 * ls_fault_psi_reflection if both have one public key. The proof's nonce is derived from the secret and everything that
 * the proof is about, so that no two proofs of different things share one. */
ls_result ls_psi_return(ls_arena *arena, const ls_psi_run *run, const ls_psi_secret *secret, const ls_psi_set *own,
                        const ls_psi_set *theirs, ls_buf *message, ls_detail *detail);

/* Points as they came back, in the order in which they were sent. A view of the message. */
typedef struct ls_psi_returned {
    uint32_t count;
    const uint8_t *points;
} ls_psi_returned;

/* Reads what prover's side returned for the points of sent, and verifies the proof. */
ls_result ls_psi_returned_parse(ls_arena *arena, const ls_psi_run *run, const ls_psi_set *prover,
                                const ls_psi_set *sent, ls_bytes message, ls_psi_returned *out, ls_detail *detail);

/* The common options, from what came back for one's own points and what one returned for the other's; order is that of
 * ls_psi_offer. common has room for as many as came back, and gets their numbers, ascending. */
ls_result ls_psi_match(ls_arena *arena, const ls_psi_returned *own, const ls_psi_returned *theirs,
                       const uint32_t *order, uint32_t *common, uint32_t *count);

/*
 * For a mediator in a dispute, whom a side gives its scalar: what it had submitted. chosen has room for a byte for each
 * option, and gets 1 or 0; strange is how many of its points stand for no option of the list. order, if not NULL, has
 * room for as many as the set has, and gets the option that each point stands for, or UINT32_MAX.
 * ls_fault_psi_disclosure if the scalar is not that of the public key.
 */
ls_result ls_psi_disclosed(ls_arena *arena, const ls_psi_run *run, const ls_psi_set *set,
                           const uint8_t scalar[static LS_SCALAR_SIZE], const ls_bytes *options, uint32_t count,
                           uint8_t *chosen, uint32_t *order, uint32_t *strange, ls_detail *detail);

#endif
