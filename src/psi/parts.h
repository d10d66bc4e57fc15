/* What the files of this layer share. */
#ifndef LS_PSI_PARTS_H
#define LS_PSI_PARTS_H

#include "psi/psi.h"
#include "psi/public.h"

/* Every label is hashed and written with its final NUL, which separates it from what follows. */
#define LS_PSI_LABEL_SET "lockstep psi set v1"
#define LS_PSI_LABEL_RETURN "lockstep psi return v1"
#define LS_PSI_LABEL_RANKING "lockstep psi ranking v1"

/* Multiplications that one thread takes at a time: half a millisecond. */
#define LS_PSI_PORTION 8

/* What every message begins with: label, sid, party. */
void ls_psi_write_head(const ls_psi_run *run, unsigned side, const char *label, ls_buf *out);
/* Reads it; ls_fault_psi_form, ls_fault_psi_run or ls_fault_psi_party. */
ls_result ls_psi_read_head(const ls_psi_run *run, unsigned side, const char *label, ls_reader *r, ls_detail *detail);

/* ls_fault_psi_commitment if the message is not the one that side committed to; NULL: not asked. */
ls_result ls_psi_check_commitment(const ls_psi_run *run, unsigned side, ls_bytes message, const ls_hash *commitment,
                                  ls_detail *detail);

/* A party's name as details show it, NUL-terminated. */
typedef struct ls_psi_name {
    char text[64];
} ls_psi_name;
ls_psi_name ls_psi_name_of(const ls_psi_run *run, unsigned side);

/* Points as they were sent or returned by side: none the identity, none twice, each a point. Memory is the arena's. */
ls_result ls_psi_read_points(ls_arena *arena, const ls_psi_run *run, unsigned side, const uint8_t *points,
                             uint32_t count, const ls_addend **out, ls_detail *detail);
ls_result ls_psi_check_reflection(const ls_psi_run *run, const ls_psi_set *own, const ls_psi_set *theirs,
                                  ls_detail *detail);

/* A point and its first eight bytes, which tell most points apart. */
typedef struct ls_psi_entry {
    uint64_t first;
    const uint8_t *point;
} ls_psi_entry;

/* Points in an order, to look them up; NULL if there is no memory. */
const ls_psi_entry *ls_psi_sorted(ls_arena *arena, const uint8_t *points, uint32_t count);
/* The one that is this point, or NULL. */
const ls_psi_entry *ls_psi_find(const ls_psi_entry *sorted, uint32_t count, const uint8_t *point);

/* What an option is hashed to, before that is mapped to a point. */
void ls_psi_hash_option(const ls_hash *sid, ls_bytes option, uint8_t out[static LS_SHA512_SIZE]);

/* As ls_point_multiply and ls_point_multiply_base, for secrets. That it succeeds is none: no secret makes it fail. */
static inline bool ls_psi_multiply(const uint8_t scalar[static LS_SCALAR_SIZE],
                                   const uint8_t point[static LS_POINT_SIZE], uint8_t out[static LS_POINT_SIZE])
{
    bool good = ls_point_multiply(scalar, point, out);
    LS_PSI_PUBLIC(&good, sizeof good);
    return good;
}

static inline bool ls_psi_multiply_base(const uint8_t scalar[static LS_SCALAR_SIZE], uint8_t out[static LS_POINT_SIZE])
{
    bool good = ls_point_multiply_base(scalar, out);
    LS_PSI_PUBLIC(&good, sizeof good);
    return good;
}

/* Every point multiplied by one scalar, on all processors. False if one can't be. */
bool ls_psi_multiply_all(const uint8_t scalar[static LS_SCALAR_SIZE], const uint8_t *points, uint32_t count,
                         uint8_t *out);

/* What a proof is about: prover's side multiplied the input by the secret behind its key. */
typedef struct ls_psi_statement {
    const ls_psi_run *run;
    unsigned prover;
    const uint8_t *prover_key, *other_key;
    uint32_t count;
    const uint8_t *input, *output;
    const ls_addend *input_addends, *output_addends; /* output's: only to verify */
} ls_psi_statement;

#define LS_PSI_PROOF_SIZE (2 * LS_SCALAR_SIZE) /* challenge ‖ response */

ls_result ls_psi_prove(ls_arena *arena, const ls_psi_statement *s, const ls_psi_secret *secret,
                       uint8_t proof[static LS_PSI_PROOF_SIZE]);
ls_result ls_psi_verify(ls_arena *arena, const ls_psi_statement *s, const uint8_t proof[static LS_PSI_PROOF_SIZE],
                        bool *holds);

#endif
