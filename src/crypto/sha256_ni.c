/*
 * The chain of rounds of one message leaves the SHA unit idle half the time, because each step waits for the one
 * before. Two messages side by side fill the gaps (docs/decisions/0009-two-lane-sha256.md).
 */
#include "crypto/sha256_ni.h"
#include "crypto/crypto.h"

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>
#include <stdatomic.h>

#define WITH_SHA __attribute__((target("sha,sse4.1,ssse3")))
#define INLINE static inline __attribute__((always_inline)) WITH_SHA

/* Fractional parts of the cube roots of the first 64 primes (FIPS 180-4, 4.2.2). */
static const uint32_t round_constant[64] __attribute__((aligned(16))) = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

bool ls_sha256_ni_available(void)
{
    static atomic_int known; /* 0: not asked yet, 1: no, 2: yes */
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        unsigned a, b = 0, c = 0, d;
        bool sha = __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & bit_SHA);
        bool sse = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) && (c & bit_SSSE3);
        answer = sha && sse ? 2 : 1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 2;
}

/* The eight words of the state in the two registers and the order in which the instructions want them. */
typedef struct lane {
    __m128i abef, cdgh;
} lane;

/* Sixteen words of the message schedule, four to a register. */
typedef struct schedule {
    __m128i w[4];
} schedule;

INLINE lane load_state(const uint32_t state[static 8])
{
    __m128i dcba = _mm_loadu_si128((const __m128i_u *)state);
    __m128i hgfe = _mm_loadu_si128((const __m128i_u *)(state + 4));
    __m128i cdab = _mm_shuffle_epi32(dcba, 0xb1), efgh = _mm_shuffle_epi32(hgfe, 0x1b);
    return (lane){_mm_alignr_epi8(cdab, efgh, 8), _mm_blend_epi16(efgh, cdab, 0xf0)};
}

INLINE __m128i big_endian(__m128i words)
{
    return _mm_shuffle_epi8(words, _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203));
}

INLINE void store_hash(lane l, ls_hash *out)
{
    __m128i feba = _mm_shuffle_epi32(l.abef, 0x1b), dchg = _mm_shuffle_epi32(l.cdgh, 0xb1);
    __m128i dcba = _mm_blend_epi16(feba, dchg, 0xf0), hgfe = _mm_alignr_epi8(dchg, feba, 8);
    _mm_storeu_si128((__m128i_u *)out->b, big_endian(dcba));
    _mm_storeu_si128((__m128i_u *)(out->b + 16), big_endian(hgfe));
}

INLINE schedule load_block(const uint8_t *block)
{
    schedule s;
    for (int i = 0; i < 4; i++) {
        s.w[i] = big_endian(_mm_loadu_si128((const __m128i_u *)(block + 16 * i)));
    }
    return s;
}

/* Four rounds with the words w. */
INLINE void rounds(lane *l, __m128i w, const uint32_t *constants)
{
    __m128i sum = _mm_add_epi32(w, _mm_load_si128((const __m128i *)constants));
    l->cdgh = _mm_sha256rnds2_epu32(l->cdgh, l->abef, sum);
    l->abef = _mm_sha256rnds2_epu32(l->abef, l->cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

/* The four words that come sixteen after w0. */
INLINE __m128i extend(__m128i w0, __m128i w1, __m128i w2, __m128i w3)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(w0, w1), _mm_alignr_epi8(w3, w2, 4));
    return _mm_sha256msg2_epu32(sum, w3);
}

/* Sixteen rounds, after which s holds the next sixteen words. */
INLINE void rounds_16(lane *l, schedule *s, const uint32_t *constants)
{
    rounds(l, s->w[0], constants);
    s->w[0] = extend(s->w[0], s->w[1], s->w[2], s->w[3]);
    rounds(l, s->w[1], constants + 4);
    s->w[1] = extend(s->w[1], s->w[2], s->w[3], s->w[0]);
    rounds(l, s->w[2], constants + 8);
    s->w[2] = extend(s->w[2], s->w[3], s->w[0], s->w[1]);
    rounds(l, s->w[3], constants + 12);
    s->w[3] = extend(s->w[3], s->w[0], s->w[1], s->w[2]);
}

INLINE void add_state(lane *l, lane before)
{
    l->abef = _mm_add_epi32(l->abef, before.abef);
    l->cdgh = _mm_add_epi32(l->cdgh, before.cdgh);
}

WITH_SHA static void compress(lane *l, const uint8_t *block)
{
    lane a = *l;
    schedule s = load_block(block);
    for (int i = 0; i < 48; i += 16) {
        rounds_16(&a, &s, round_constant + i);
    }
    for (int i = 0; i < 4; i++) {
        rounds(&a, s.w[i], round_constant + 48 + 4 * i);
    }
    add_state(&a, *l);
    *l = a;
}

/* Sixteen rounds of two messages, step by step in turn. */
INLINE void rounds_16_twice(lane *a, schedule *s, lane *b, schedule *t, const uint32_t *constants)
{
    rounds(a, s->w[0], constants);
    rounds(b, t->w[0], constants);
    s->w[0] = extend(s->w[0], s->w[1], s->w[2], s->w[3]);
    t->w[0] = extend(t->w[0], t->w[1], t->w[2], t->w[3]);
    rounds(a, s->w[1], constants + 4);
    rounds(b, t->w[1], constants + 4);
    s->w[1] = extend(s->w[1], s->w[2], s->w[3], s->w[0]);
    t->w[1] = extend(t->w[1], t->w[2], t->w[3], t->w[0]);
    rounds(a, s->w[2], constants + 8);
    rounds(b, t->w[2], constants + 8);
    s->w[2] = extend(s->w[2], s->w[3], s->w[0], s->w[1]);
    t->w[2] = extend(t->w[2], t->w[3], t->w[0], t->w[1]);
    rounds(a, s->w[3], constants + 12);
    rounds(b, t->w[3], constants + 12);
    s->w[3] = extend(s->w[3], s->w[0], s->w[1], s->w[2]);
    t->w[3] = extend(t->w[3], t->w[0], t->w[1], t->w[2]);
}

WITH_SHA static void compress_two(lane *l, lane *m, const uint8_t *block, const uint8_t *other)
{
    lane a = *l, b = *m;
    schedule s = load_block(block), t = load_block(other);
    for (int i = 0; i < 48; i += 16) {
        rounds_16_twice(&a, &s, &b, &t, round_constant + i);
    }
    for (int i = 0; i < 4; i++) {
        rounds(&a, s.w[i], round_constant + 48 + 4 * i);
        rounds(&b, t.w[i], round_constant + 48 + 4 * i);
    }
    add_state(&a, *l);
    add_state(&b, *m);
    *l = a;
    *m = b;
}

/* A message in blocks: at most one that begins with pending bytes, then those that lie in the message as they are,
 * then one or two with the end and the padding. */
typedef struct blocks {
    const uint8_t *inner; /* where block 0 would begin if it lay in the message */
    size_t first;         /* 1 if block 0 is in head */
    size_t last;          /* the first block in tail */
    size_t count;
    uint8_t head[64], tail[128];
} blocks;

static void put_length(uint8_t *out, uint64_t bits)
{
    bits = __builtin_bswap64(bits);
    memcpy(out, &bits, sizeof bits);
}

/* Copies bytes [from, to) of pending ‖ message. */
static void copy_part(const ls_sha256_start *start, ls_bytes message, size_t from, size_t to, uint8_t *out)
{
    if (from < start->pending_len) {
        size_t some = to < start->pending_len ? to - from : start->pending_len - from;
        memcpy(out, start->pending + from, some);
        out += some;
        from += some;
    }
    if (from < to) {
        memcpy(out, message.ptr + (from - start->pending_len), to - from);
    }
}

static void lay_out(const ls_sha256_start *start, ls_bytes message, blocks *b)
{
    size_t total = start->pending_len + message.len;
    b->last = total / 64;
    b->count = (total + 8) / 64 + 1;
    b->first = start->pending_len > 0 && b->last > 0 ? 1 : 0;
    b->inner = b->last > b->first ? message.ptr - start->pending_len : NULL;
    if (b->first) {
        copy_part(start, message, 0, 64, b->head);
    }
    size_t size = (b->count - b->last) * 64, rest = total % 64;
    memset(b->tail, 0, size);
    copy_part(start, message, total - rest, total, b->tail);
    b->tail[rest] = 0x80;
    put_length(b->tail + size - 8, 8 * (start->len + message.len));
}

static const uint8_t *block_at(const blocks *b, size_t i)
{
    if (i < b->first) {
        return b->head;
    }
    return i < b->last ? b->inner + 64 * i : b->tail + 64 * (i - b->last);
}

/* Both messages as far as they go together, then what is left of the longer one. */
WITH_SHA static void hash_two(lane l, lane m, const blocks b[static 2], ls_hash out[static 2])
{
    size_t i = 0;
    for (; i < b[0].count && i < b[1].count; i++) {
        compress_two(&l, &m, block_at(&b[0], i), block_at(&b[1], i));
    }
    for (size_t j = i; j < b[0].count; j++) {
        compress(&l, block_at(&b[0], j));
    }
    for (size_t j = i; j < b[1].count; j++) {
        compress(&m, block_at(&b[1], j));
    }
    store_hash(l, &out[0]);
    store_hash(m, &out[1]);
}

WITH_SHA static void hash_one(lane l, const blocks *b, ls_hash *out)
{
    for (size_t i = 0; i < b->count; i++) {
        compress(&l, block_at(b, i));
    }
    store_hash(l, out);
}

/* So many messages are laid out before the first of them is hashed: bytes just stored in small pieces can't be loaded
 * in large ones for a while. */
#define AHEAD 8

WITH_SHA void ls_sha256_ni_many(const ls_sha256_start *start, const ls_bytes *messages, size_t count, ls_hash *out)
{
    lane state = load_state(start->state);
    blocks b[AHEAD];
    for (size_t done = 0; done < count;) {
        size_t some = count - done < AHEAD ? count - done : AHEAD;
        for (size_t i = 0; i < some; i++) {
            lay_out(start, messages[done + i], &b[i]);
        }
        for (size_t i = 0; i + 1 < some; i += 2) {
            hash_two(state, state, &b[i], out + done + i);
        }
        if (some % 2 == 1) {
            hash_one(state, &b[some - 1], out + done + some - 1);
        }
        done += some;
    }
    /* Messages may be secret, and their ends were copied. */
    ls_wipe(b, sizeof b);
}

#else

bool ls_sha256_ni_available(void)
{
    return false;
}

void ls_sha256_ni_many(const ls_sha256_start *start, const ls_bytes *messages, size_t count, ls_hash *out)
{
    (void)start;
    (void)messages;
    (void)count;
    (void)out;
}

#endif
