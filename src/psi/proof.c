/*
 * The proof that a list was multiplied by one secret. Both lists are added up with the same weights, which a hash of
 * the lists gives: if one point is wrong, the sums do not fit but with a chance of 2⁻¹²⁸. For the two sums it is the
 * proof of Chaum and Pedersen that one secret leads from G to the public key and from sum to sum.
 */
#include "psi/parallel.h"
#include "psi/parts.h"

static const char label_transcript[] = "lockstep psi transcript v1";
static const char label_weight[] = "lockstep psi weight v1";
static const char label_nonce[] = "lockstep psi nonce v1";
static const char label_challenge[] = "lockstep psi challenge v1";

#define WEIGHTS_AT_ONCE (LS_SHA512_SIZE / LS_WEIGHT_SIZE)

static void absorb(ls_sha512 *s, const void *ptr, size_t len)
{
    ls_sha512_update(s, ls_bytes_of(ptr, len));
}

static void absorb_u32(ls_sha512 *s, uint32_t n)
{
    uint8_t bytes[4] = {(uint8_t)(n >> 24), (uint8_t)(n >> 16), (uint8_t)(n >> 8), (uint8_t)n};
    absorb(s, bytes, sizeof bytes);
}

static void hash_transcript(const ls_psi_statement *s, uint8_t out[static LS_SHA512_SIZE])
{
    ls_bytes prover = s->run->party[s->prover];
    uint8_t len = (uint8_t)prover.len;
    ls_sha512 hash;
    ls_sha512_init(&hash);
    absorb(&hash, label_transcript, sizeof label_transcript);
    absorb(&hash, s->run->sid.b, LS_HASH_SIZE);
    absorb(&hash, &len, 1);
    ls_sha512_update(&hash, prover);
    absorb(&hash, s->prover_key, LS_POINT_SIZE);
    absorb(&hash, s->other_key, LS_POINT_SIZE);
    absorb_u32(&hash, s->count);
    absorb(&hash, s->input, (size_t)LS_POINT_SIZE * s->count);
    absorb(&hash, s->output, (size_t)LS_POINT_SIZE * s->count);
    ls_sha512_final(&hash, out);
}

/* NULL if there is no memory. */
static uint8_t *make_weights(ls_arena *arena, const uint8_t transcript[static LS_SHA512_SIZE], uint32_t count)
{
    uint32_t blocks = (count + WEIGHTS_AT_ONCE - 1) / WEIGHTS_AT_ONCE;
    uint8_t *weights = ls_arena_array(arena, blocks, LS_SHA512_SIZE);
    ls_sha512 prefix, hash;
    ls_sha512_init(&prefix);
    absorb(&prefix, label_weight, sizeof label_weight);
    absorb(&prefix, transcript, LS_SHA512_SIZE);
    for (uint32_t i = 0; weights != NULL && i < blocks; i++) {
        hash = prefix;
        absorb_u32(&hash, i);
        ls_sha512_final(&hash, weights + (size_t)LS_SHA512_SIZE * i);
    }
    return weights;
}

typedef struct summing {
    const ls_addend *points;
    const uint8_t *weights;
    uint32_t count;
    ls_extended part[LS_SUM_PARTS_MAX];
} summing;

static void sum_some(void *context, size_t first, size_t end)
{
    summing *s = context;
    for (size_t i = first; i < end; i++) {
        ls_sum_part(s->points, s->weights, s->count, i, &s->part[i]);
    }
}

static void add_up(const ls_addend *points, const uint8_t *weights, uint32_t count, uint8_t out[static LS_POINT_SIZE])
{
    summing s = {.points = points, .weights = weights, .count = count};
    ls_psi_parallel(ls_sum_parts(count), 1, sum_some, &s);
    ls_sum_join(s.part, count, out);
}

/* What is proved of a list, once it is added up: key = secret · G and output = secret · input. */
typedef struct sums {
    uint8_t transcript[LS_SHA512_SIZE];
    uint8_t input[LS_POINT_SIZE], output[LS_POINT_SIZE];
} sums;

static void make_challenge(const sums *of, const uint8_t base[static LS_POINT_SIZE],
                           const uint8_t input[static LS_POINT_SIZE], uint8_t out[static LS_SCALAR_SIZE])
{
    uint8_t wide[LS_SHA512_SIZE];
    ls_sha512 hash;
    ls_sha512_init(&hash);
    absorb(&hash, label_challenge, sizeof label_challenge);
    absorb(&hash, of->transcript, LS_SHA512_SIZE);
    absorb(&hash, of->input, LS_POINT_SIZE);
    absorb(&hash, of->output, LS_POINT_SIZE);
    absorb(&hash, base, LS_POINT_SIZE);
    absorb(&hash, input, LS_POINT_SIZE);
    ls_sha512_final(&hash, wide);
    ls_scalar_reduce(wide, out);
}

/* The transcript is hashed in: proofs of different things have different nonces. */
static void make_nonce(const ls_psi_secret *secret, const uint8_t transcript[static LS_SHA512_SIZE],
                       uint8_t out[static LS_SCALAR_SIZE])
{
    uint8_t wide[LS_SHA512_SIZE];
    ls_sha512 hash;
    ls_sha512_init(&hash);
    absorb(&hash, label_nonce, sizeof label_nonce);
    absorb(&hash, secret->nonce_key, sizeof secret->nonce_key);
    absorb(&hash, transcript, LS_SHA512_SIZE);
    ls_sha512_final(&hash, wide);
    ls_scalar_reduce(wide, out);
    ls_wipe(wide, sizeof wide);
    ls_wipe(&hash, sizeof hash);
}

/* False if a product is the identity, for which nobody can find a list. */
static bool prove_sums(sums *of, const ls_psi_secret *secret, uint8_t proof[static LS_PSI_PROOF_SIZE])
{
    uint8_t nonce[LS_SCALAR_SIZE], base[LS_POINT_SIZE], input[LS_POINT_SIZE];
    make_nonce(secret, of->transcript, nonce);
    bool good = ls_psi_multiply(secret->scalar, of->input, of->output) && ls_psi_multiply_base(nonce, base) &&
                ls_psi_multiply(nonce, of->input, input);
    make_challenge(of, base, input, proof);
    ls_scalar_multiply_add(proof, secret->scalar, nonce, proof + LS_SCALAR_SIZE);
    ls_wipe(nonce, sizeof nonce);
    LS_PSI_PUBLIC(proof, LS_PSI_PROOF_SIZE);
    return good;
}

ls_result ls_psi_prove(ls_arena *arena, const ls_psi_statement *s, const ls_psi_secret *secret,
                       uint8_t proof[static LS_PSI_PROOF_SIZE])
{
    sums of;
    hash_transcript(s, of.transcript);
    const uint8_t *weights = make_weights(arena, of.transcript, s->count);
    if (weights == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    add_up(s->input_addends, weights, s->count, of.input);
    return prove_sums(&of, secret, proof) ? LS_SUCCESS : ls_fail(&ls_fault_bug);
}

/* response · from − challenge · to: what the prover committed to, if it knows the secret that leads from one to the
 * other. from NULL: G. */
static bool commitment_of(const uint8_t proof[static LS_PSI_PROOF_SIZE], const uint8_t *from, const uint8_t *to,
                          uint8_t out[static LS_POINT_SIZE])
{
    const uint8_t *challenge = proof, *response = proof + LS_SCALAR_SIZE;
    uint8_t a[LS_POINT_SIZE], b[LS_POINT_SIZE];
    bool first = from == NULL ? ls_point_multiply_base(response, a) : ls_point_multiply(response, from, a);
    return first && ls_point_multiply(challenge, to, b) && ls_point_subtract(a, b, out);
}

static bool verify_sums(const sums *of, const uint8_t *key, const uint8_t proof[static LS_PSI_PROOF_SIZE])
{
    uint8_t base[LS_POINT_SIZE], input[LS_POINT_SIZE], challenge[LS_SCALAR_SIZE];
    if (!ls_scalar_valid(proof) || !ls_scalar_valid(proof + LS_SCALAR_SIZE) || !commitment_of(proof, NULL, key, base) ||
        !commitment_of(proof, of->input, of->output, input)) {
        return false;
    }
    make_challenge(of, base, input, challenge);
    return memcmp(challenge, proof, LS_SCALAR_SIZE) == 0;
}

ls_result ls_psi_verify(ls_arena *arena, const ls_psi_statement *s, const uint8_t proof[static LS_PSI_PROOF_SIZE],
                        bool *holds)
{
    sums of;
    hash_transcript(s, of.transcript);
    const uint8_t *weights = make_weights(arena, of.transcript, s->count);
    if (weights == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    add_up(s->input_addends, weights, s->count, of.input);
    add_up(s->output_addends, weights, s->count, of.output);
    *holds = verify_sums(&of, s->prover_key, proof);
    return LS_SUCCESS;
}
