/*
 * A side's secret, and its list under that secret.
 *
 * Which options a side chose is nowhere an address or a branch: all options of the list are hashed, and a sorting
 * network, whose comparisons do not depend on what is sorted, puts the chosen ones first, in an order that secret keys
 * give.
 */
#include "crypto/sha256.h"
#include "psi/parallel.h"
#include "psi/parts.h"
#include <endian.h>
#include <stdatomic.h>
#include <stdlib.h>

static const char label_option[] = "lockstep psi v1";
static const char label_secret[] = "lockstep psi secret v1";

void ls_psi_secret_derive(const uint8_t seed[static LS_SEED_SIZE], const ls_psi_run *run, unsigned side,
                          const uint8_t *chosen, uint32_t count, ls_psi_secret *out)
{
    ls_hash choice;
    uint8_t message[sizeof label_secret + LS_HASH_SIZE + 1 + UINT8_MAX + LS_HASH_SIZE], root[32];
    uint8_t stream[LS_SHA512_SIZE + 64];
    ls_bytes party = run->party[side];
    uint8_t *end = message;
    ls_sha256 s;
    ls_sha256_init(&s);
    ls_sha256_update(&s, ls_bytes_of(chosen, count));
    ls_sha256_final(&s, &choice);
    end = (uint8_t *)mempcpy(end, label_secret, sizeof label_secret);
    end = (uint8_t *)mempcpy(end, run->sid.b, LS_HASH_SIZE);
    *end++ = (uint8_t)party.len;
    end = (uint8_t *)mempcpy(end, party.ptr, party.len);
    end = (uint8_t *)mempcpy(end, choice.b, LS_HASH_SIZE);
    ls_blake2b_keyed(seed, ls_bytes_of(message, (size_t)(end - message)), root);
    ls_keystream(root, 0, stream, sizeof stream);
    ls_scalar_reduce(stream, out->scalar);
    memcpy(out->nonce_key, stream + LS_SHA512_SIZE, 32);
    memcpy(out->stream_key, stream + LS_SHA512_SIZE + 32, 32);
    ls_wipe(&s, sizeof s);
    ls_wipe(&choice, sizeof choice);
    ls_wipe(message, sizeof message);
    ls_wipe(root, sizeof root);
    ls_wipe(stream, sizeof stream);
}

void ls_psi_hash_option(const ls_hash *sid, ls_bytes option, uint8_t out[static LS_SHA512_SIZE])
{
    ls_sha512 s;
    ls_sha512_init(&s);
    ls_sha512_update(&s, ls_bytes_of(label_option, sizeof label_option));
    ls_sha512_update(&s, ls_bytes_of(sid->b, LS_HASH_SIZE));
    ls_sha512_update(&s, option);
    ls_sha512_final(&s, out);
}

/* An option on its way to its place. */
typedef struct place {
    uint64_t key; /* the highest bit: not chosen; the rest is random */
    uint64_t option;
    uint64_t hash[LS_SHA512_SIZE / 8];
} place;

/* All ones if a < b, else 0. */
static uint64_t mask_below(uint64_t a, uint64_t b)
{
    return 0 - ((a ^ ((a ^ b) | ((a - b) ^ b))) >> 63);
}

/* Exchanges the two unless a's key is the smaller one, or they are equal. */
static void order_two(place *a, place *b)
{
    uint64_t mask = mask_below(b->key, a->key), *x = &a->key, *y = &b->key;
    for (size_t i = 0; i < sizeof *a / sizeof *x; i++) {
        uint64_t difference = (x[i] ^ y[i]) & mask;
        x[i] ^= difference;
        y[i] ^= difference;
    }
}

/* Batcher's odd-even merge sort: the comparisons depend on count alone. */
static void sort_network(place *places, size_t count)
{
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t apart = run; apart > 0; apart /= 2) {
            for (size_t first = apart % run; first + apart < count; first += 2 * apart) {
                for (size_t i = first; i < first + apart && i + apart < count; i++) {
                    if (i / (2 * run) == (i + apart) / (2 * run)) {
                        order_two(&places[i], &places[i + apart]);
                    }
                }
            }
        }
    }
}

/* Keys of eight options at a time, which are a block of the stream. */
static void give_keys(const ls_psi_secret *secret, const uint8_t *chosen, uint32_t count, place *places)
{
    uint64_t block[8];
    for (uint32_t i = 0; i < count; i++) {
        if (i % 8 == 0) {
            ls_keystream(secret->stream_key, (uint64_t)sizeof *block * i, (uint8_t *)block, sizeof block);
        }
        places[i].key = le64toh(block[i % 8]) >> 1 | (uint64_t)(1 ^ (chosen[i] & 1)) << 63;
    }
    ls_wipe(block, sizeof block);
}

/* Places of all options, the chosen ones first; NULL if there is no memory. The caller wipes them. */
static place *arrange(const ls_psi_run *run, const ls_bytes *options, const uint8_t *chosen, uint32_t count,
                      const ls_psi_secret *secret)
{
    place *places = calloc(count, sizeof *places);
    if (places == NULL) {
        return NULL;
    }
    give_keys(secret, chosen, count, places);
    for (uint32_t i = 0; i < count; i++) {
        places[i].option = i;
        ls_psi_hash_option(&run->sid, options[i], (uint8_t *)places[i].hash);
    }
    sort_network(places, count);
    return places;
}

/* How many were chosen: it shows in what is sent. */
static ls_result count_chosen(const ls_psi_run *run, unsigned side, const uint8_t *chosen, uint32_t count,
                              uint32_t *out, ls_detail *detail)
{
    uint32_t sum = 0;
    for (uint32_t i = 0; i < count; i++) {
        sum += chosen[i] & 1;
    }
    LS_PSI_PUBLIC(&sum, sizeof sum);
    if (sum == 0) {
        return ls_fail_with(&ls_fault_psi_none, detail, "%s chose no option", ls_psi_name_of(run, side).text);
    }
    if (sum > run->cap) {
        return ls_fail_with(&ls_fault_psi_cap, detail, "%s chose %u options, and %u are allowed",
                            ls_psi_name_of(run, side).text, sum, run->cap);
    }
    *out = sum;
    return LS_SUCCESS;
}

typedef struct blinding {
    const place *places;
    const uint8_t *scalar;
    uint8_t *out;
    atomic_bool failed;
} blinding;

static void blind_some(void *context, size_t first, size_t end)
{
    blinding *b = context;
    for (size_t i = first; i < end; i++) {
        uint8_t point[LS_POINT_SIZE], *out = b->out + LS_POINT_SIZE * i;
        ls_point_from_hash((const uint8_t *)b->places[i].hash, point);
        /* Multiplying asks whether these bytes are a point, which they always are, and branches on nothing else. */
        LS_PSI_PUBLIC(point, sizeof point);
        if (!ls_psi_multiply(b->scalar, point, out)) {
            atomic_store(&b->failed, true);
        }
        LS_PSI_PUBLIC(out, LS_POINT_SIZE);
        ls_wipe(point, sizeof point);
    }
}

static ls_result write_offer(const ls_psi_run *run, unsigned side, const place *places, uint32_t count,
                             const ls_psi_secret *secret, ls_buf *message)
{
    uint8_t key[LS_POINT_SIZE];
    if (!ls_psi_multiply_base(secret->scalar, key)) {
        return ls_fail(&ls_fault_bug);
    }
    LS_PSI_PUBLIC(key, sizeof key);
    ls_psi_write_head(run, side, LS_PSI_LABEL_SET, message);
    ls_buf_put(message, key, sizeof key);
    ls_buf_put_u32(message, count);
    blinding b = {.places = places, .scalar = secret->scalar};
    b.out = ls_buf_extend(message, (size_t)LS_POINT_SIZE * count);
    if (b.out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_psi_parallel(count, LS_PSI_PORTION, blind_some, &b);
    return atomic_load(&b.failed) ? ls_fail(&ls_fault_bug) : LS_SUCCESS;
}

ls_result ls_psi_offer(const ls_psi_run *run, unsigned side, const ls_bytes *options, const uint8_t *chosen,
                       uint32_t count, const ls_psi_secret *secret, ls_buf *message, uint32_t *order, ls_detail *detail)
{
    uint32_t sent = 0;
    LS_TRY(count_chosen(run, side, chosen, count, &sent, detail));
    place *places = arrange(run, options, chosen, count, secret);
    if (places == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    size_t before = message->len;
    ls_result r = write_offer(run, side, places, sent, secret, message);
    if (ls_failed(r)) {
        message->len = before;
    } else {
        for (uint32_t i = 0; i < sent; i++) {
            order[i] = (uint32_t)places[i].option;
        }
    }
    ls_wipe(places, count * sizeof *places);
    free(places);
    return r;
}
