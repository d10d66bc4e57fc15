/*
 * Sums of many multiples of public points. Weights are cut into digits; for each place of a digit, points are added up
 * in one bucket for each value that the digit has, and the buckets give the place's sum with two additions each: some
 * ten additions for a point instead of the two hundred of a multiplication. Formulas: for extended coordinates of the
 * twisted Edwards curve with a = −1, and reading and writing as RFC 9496 has it.
 */
#include "crypto/field.h"
#include <stdlib.h>

#define WEIGHT_BITS 128
#define DIGIT_MAX 10 /* bits: buckets of one part are then 80 kilobytes */
#define LANES 4      /* points read side by side, so that one's multiplications do not wait for each other */

static const ls_field field_zero = {{0}};
static const ls_field field_one = {{1}};
static const ls_field field_d = {{0x34dca135978a3, 0x1a8283b156ebd, 0x5e7a26001c029, 0x739c663a03cbb, 0x52036cee2b6ff}};
static const ls_field field_2d = {
    {0x69b9426b2f159, 0x35050762add7a, 0x3cf44c0038052, 0x6738cc7407977, 0x2406d9dc56dff}};
static const ls_field field_root_of_minus_1 = {
    {0x61b274a0ea0b0, 0x0d5a5fc8f189d, 0x7ef5e9cbd0c60, 0x78595a6804c9e, 0x2b8324804fc1d}};
/* One over the root of a − d. */
static const ls_field field_inverse_root = {
    {0x0fdaa805d40ea, 0x2eb482e57d339, 0x007610274bc58, 0x6510b613dc8ff, 0x786c8905cfaff}};

static const uint8_t minus_one[32] = {0xec, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                      0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f};

/* Numbers. */

static uint64_t read_word(const uint8_t *bytes)
{
    uint64_t word = 0;
    for (int i = 7; i >= 0; i--) {
        word = word << 8 | bytes[i];
    }
    return word;
}

static void write_word(uint64_t word, uint8_t *bytes)
{
    for (int i = 0; i < 8; i++) {
        bytes[i] = (uint8_t)(word >> 8 * i);
    }
}

/* The lower 255 bits. */
static ls_field field_read(const uint8_t bytes[static 32])
{
    uint64_t a = read_word(bytes), b = read_word(bytes + 8), c = read_word(bytes + 16), d = read_word(bytes + 24);
    return (ls_field){{a & LS_FIELD_MASK, (a >> 51 | b << 13) & LS_FIELD_MASK, (b >> 38 | c << 26) & LS_FIELD_MASK,
                       (c >> 25 | d << 39) & LS_FIELD_MASK, d >> 12 & LS_FIELD_MASK}};
}

/* The least number that it stands for. */
static void field_write(ls_field a, uint8_t out[static 32])
{
    a = ls_field_carry(a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]);
    a = ls_field_carry(a.limb[0], a.limb[1], a.limb[2], a.limb[3], a.limb[4]);
    /* Now below 2²⁵⁵ + 2⁵¹; adding 19 carries out of 255 bits just when p is to be taken away. */
    uint64_t over = (a.limb[0] + 19) >> 51;
    for (int i = 1; i < 5; i++) {
        over = (a.limb[i] + over) >> 51;
    }
    a.limb[0] += 19 * over;
    for (int i = 0; i < 4; i++) {
        a.limb[i + 1] += a.limb[i] >> 51;
        a.limb[i] &= LS_FIELD_MASK;
    }
    a.limb[4] &= LS_FIELD_MASK;
    write_word(a.limb[0] | a.limb[1] << 51, out);
    write_word(a.limb[1] >> 13 | a.limb[2] << 38, out + 8);
    write_word(a.limb[2] >> 26 | a.limb[3] << 25, out + 16);
    write_word(a.limb[3] >> 39 | a.limb[4] << 12, out + 24);
}

static bool field_is_zero(ls_field a)
{
    static const uint8_t zero[32];
    uint8_t bytes[32];
    field_write(a, bytes);
    return memcmp(bytes, zero, sizeof zero) == 0;
}

/* Odd: what RFC 9496 calls negative. */
static bool field_odd(ls_field a)
{
    uint8_t bytes[32];
    field_write(a, bytes);
    return (bytes[0] & 1) != 0;
}

static ls_field field_negate(ls_field a)
{
    return ls_field_subtract(field_zero, a);
}

/* Tight, and even. */
static ls_field field_absolute(ls_field a)
{
    return field_odd(a) ? ls_field_multiply(field_negate(a), field_one) : a;
}

typedef struct lanes {
    ls_field of[LANES];
} lanes;

static void lanes_multiply(const lanes *a, const lanes *b, lanes *out)
{
    for (int i = 0; i < LANES; i++) {
        out->of[i] = ls_field_multiply(a->of[i], b->of[i]);
    }
}

/* a to the power of 2ⁿ, times b. */
static void lanes_raise(const lanes *a, int n, const lanes *b, lanes *out)
{
    lanes power = *a;
    for (; n > 0; n--) {
        for (int i = 0; i < LANES; i++) {
            power.of[i] = ls_field_square(power.of[i]);
        }
    }
    lanes_multiply(&power, b, out);
}

/* a to the power of 2²⁵² − 3 = (p − 5) / 8; names tell how many ones the exponent has so far. */
static void lanes_power(const lanes *a, lanes *out)
{
    lanes ones2, ones4, ones5, ones10, ones20, ones40, ones50, ones100, ones200;
    lanes_raise(a, 1, a, &ones2);
    lanes_raise(&ones2, 2, &ones2, &ones4);
    lanes_raise(&ones4, 1, a, &ones5);
    lanes_raise(&ones5, 5, &ones5, &ones10);
    lanes_raise(&ones10, 10, &ones10, &ones20);
    lanes_raise(&ones20, 20, &ones20, &ones40);
    lanes_raise(&ones40, 10, &ones10, &ones50);
    lanes_raise(&ones50, 50, &ones50, &ones100);
    lanes_raise(&ones100, 100, &ones100, &ones200);
    lanes_raise(&ones200, 50, &ones50, out);
    lanes_raise(out, 2, a, out);
}

/* From v³(v⁷)^((p−5)/8) the root of 1/v, which is even. False if v has none. */
static bool pick_root(ls_field v, ls_field candidate, ls_field *root)
{
    static const uint8_t one[32] = {1};
    uint8_t check[32];
    field_write(ls_field_multiply(v, ls_field_square(candidate)), check);
    bool square = memcmp(check, one, sizeof one) == 0;
    if (!square) {
        square = memcmp(check, minus_one, sizeof minus_one) == 0;
        candidate = ls_field_multiply(candidate, field_root_of_minus_1);
    }
    *root = field_absolute(candidate);
    return square;
}

/* For each v the root of 1/v; has says which have one. */
static void inverse_roots(const lanes *v, lanes *root, bool has[static LANES])
{
    lanes cube, seventh;
    for (int i = 0; i < LANES; i++) {
        cube.of[i] = ls_field_multiply(ls_field_square(v->of[i]), v->of[i]);
        seventh.of[i] = ls_field_multiply(ls_field_square(cube.of[i]), v->of[i]);
    }
    lanes_power(&seventh, root);
    lanes_multiply(root, &cube, root);
    for (int i = 0; i < LANES; i++) {
        has[i] = pick_root(v->of[i], root->of[i], &root->of[i]);
    }
}

/* Points. */

/* Reading one point, before its root is known and after. */
typedef struct reading {
    ls_field s, u1, u2, v;
} reading;

/* False unless the bytes are the least form of an even number. */
static bool begin_reading(const uint8_t point[static LS_POINT_SIZE], reading *r, ls_field *to_root)
{
    uint8_t again[LS_POINT_SIZE];
    r->s = field_read(point);
    ls_field ss = ls_field_square(r->s);
    r->u1 = ls_field_subtract(field_one, ss);
    r->u2 = ls_field_add(field_one, ss);
    ls_field u2_squared = ls_field_square(r->u2);
    ls_field du1 = ls_field_multiply(field_d, ls_field_square(r->u1));
    r->v = ls_field_multiply(field_negate(ls_field_add(du1, u2_squared)), field_one);
    *to_root = ls_field_multiply(r->v, u2_squared);
    field_write(r->s, again);
    return memcmp(again, point, sizeof again) == 0 && (point[0] & 1) == 0;
}

static bool end_reading(const reading *r, ls_field root, ls_addend *out)
{
    ls_field dx = ls_field_multiply(root, r->u2);
    ls_field dy = ls_field_multiply(ls_field_multiply(root, dx), r->v);
    ls_field x = field_absolute(ls_field_multiply(ls_field_add(r->s, r->s), dx));
    ls_field y = ls_field_multiply(r->u1, dy);
    ls_field xy = ls_field_multiply(x, y);
    if (field_odd(xy) || field_is_zero(y)) {
        return false;
    }
    out->sum = ls_field_add(y, x);
    out->difference = ls_field_subtract(y, x);
    out->product = ls_field_multiply(xy, field_2d);
    return true;
}

/* As ls_addends_decode, of at most LANES. */
static size_t decode_lanes(const uint8_t *points, size_t count, ls_addend *out)
{
    reading r[LANES];
    lanes to_root, root;
    bool good[LANES], has[LANES];
    for (size_t i = 0; i < LANES; i++) {
        size_t from = i < count ? i : 0;
        good[i] = begin_reading(points + LS_POINT_SIZE * from, &r[i], &to_root.of[i]);
    }
    inverse_roots(&to_root, &root, has);
    for (size_t i = 0; i < count; i++) {
        if (!good[i] || !has[i] || !end_reading(&r[i], root.of[i], &out[i])) {
            return i;
        }
    }
    return count;
}

size_t ls_addends_decode(const uint8_t *points, size_t count, ls_addend *out)
{
    for (size_t at = 0; at < count; at += LANES) {
        size_t some = count - at < LANES ? count - at : LANES;
        size_t read = decode_lanes(points + LS_POINT_SIZE * at, some, out + at);
        if (read < some) {
            return at + read;
        }
    }
    return count;
}

static const ls_extended identity = {.y = {{1}}, .z = {{1}}};

/* a + b, or a − b. */
static void add_addend(ls_extended *a, const ls_addend *b, bool negative)
{
    ls_field low = ls_field_multiply(ls_field_subtract(a->y, a->x), negative ? b->sum : b->difference);
    ls_field high = ls_field_multiply(ls_field_add(a->y, a->x), negative ? b->difference : b->sum);
    ls_field c = ls_field_multiply(a->t, b->product), d = ls_field_add(a->z, a->z);
    ls_field e = ls_field_subtract(high, low), h = ls_field_add(high, low);
    ls_field f = negative ? ls_field_add(d, c) : ls_field_subtract(d, c);
    ls_field g = negative ? ls_field_subtract(d, c) : ls_field_add(d, c);
    a->x = ls_field_multiply(e, f);
    a->y = ls_field_multiply(g, h);
    a->z = ls_field_multiply(f, g);
    a->t = ls_field_multiply(e, h);
}

static void add(ls_extended *a, const ls_extended *b)
{
    ls_field low = ls_field_multiply(ls_field_subtract(a->y, a->x), ls_field_subtract(b->y, b->x));
    ls_field high = ls_field_multiply(ls_field_add(a->y, a->x), ls_field_add(b->y, b->x));
    ls_field c = ls_field_multiply(ls_field_multiply(a->t, b->t), field_2d);
    ls_field z = ls_field_multiply(a->z, b->z), d = ls_field_add(z, z);
    ls_field e = ls_field_subtract(high, low), h = ls_field_add(high, low);
    ls_field f = ls_field_subtract(d, c), g = ls_field_add(d, c);
    a->x = ls_field_multiply(e, f);
    a->y = ls_field_multiply(g, h);
    a->z = ls_field_multiply(f, g);
    a->t = ls_field_multiply(e, h);
}

/* All four with the other sign, which is the same point: so nothing is taken from what is not tight. */
static void twice(ls_extended *a)
{
    ls_field xx = ls_field_square(a->x), yy = ls_field_square(a->y), zz = ls_field_square(a->z);
    ls_field h = ls_field_add(xx, yy), g = ls_field_subtract(yy, xx);
    ls_field e = ls_field_subtract(ls_field_square(ls_field_add(a->x, a->y)), h);
    ls_field f = ls_field_subtract(ls_field_add(ls_field_add(zz, zz), xx), yy);
    a->x = ls_field_multiply(e, f);
    a->y = ls_field_multiply(g, h);
    a->z = ls_field_multiply(f, g);
    a->t = ls_field_multiply(e, h);
}

static void encode(const ls_extended *p, uint8_t out[static LS_POINT_SIZE])
{
    ls_field u1 = ls_field_multiply(ls_field_add(p->z, p->y), ls_field_subtract(p->z, p->y));
    ls_field u2 = ls_field_multiply(p->x, p->y);
    lanes v, root;
    bool has[LANES];
    for (int i = 0; i < LANES; i++) {
        v.of[i] = ls_field_multiply(u1, ls_field_square(u2));
    }
    inverse_roots(&v, &root, has); /* of the identity there is none, and root is 0: so is what is written */
    ls_field den1 = ls_field_multiply(root.of[0], u1), den2 = ls_field_multiply(root.of[0], u2);
    ls_field z_inverse = ls_field_multiply(ls_field_multiply(den1, den2), p->t);
    ls_field x = p->x, y = p->y, den = den2;
    if (field_odd(ls_field_multiply(p->t, z_inverse))) {
        x = ls_field_multiply(p->y, field_root_of_minus_1);
        y = ls_field_multiply(p->x, field_root_of_minus_1);
        den = ls_field_multiply(den1, field_inverse_root);
    }
    ls_field z_less_y = field_odd(ls_field_multiply(x, z_inverse)) ? ls_field_add(p->z, y) : ls_field_subtract(p->z, y);
    field_write(field_absolute(ls_field_multiply(den, z_less_y)), out);
}

/* Sums. */

/* Bits of a digit: what makes the fewest additions for so many points. */
static size_t digit_bits(size_t count)
{
    size_t best = 4, least = SIZE_MAX;
    for (size_t bits = 4; bits <= DIGIT_MAX; bits++) {
        size_t places = (WEIGHT_BITS + bits) / bits, additions = places * (count + ((size_t)1 << bits));
        if (additions < least) {
            least = additions;
            best = bits;
        }
    }
    return best;
}

size_t ls_sum_parts(size_t count)
{
    size_t bits = digit_bits(count);
    return (WEIGHT_BITS + bits) / bits; /* one bit more than a weight has: digits carry */
}

/* Bits from..from + bits of a weight; beyond its end there are zeros. */
static unsigned weight_bits(const uint8_t weight[static LS_WEIGHT_SIZE], size_t from, size_t bits)
{
    uint32_t word = 0;
    for (size_t i = 0; i < 3 && from / 8 + i < LS_WEIGHT_SIZE; i++) {
        word |= (uint32_t)weight[from / 8 + i] << 8 * i;
    }
    return word >> from % 8 & ((1u << bits) - 1);
}

/* Digits have a sign, which halves the buckets: half of what a place can hold and more becomes what lacks to the whole,
 * less, and carries one into the next place. */
static int digit(const uint8_t weight[static LS_WEIGHT_SIZE], size_t place, size_t bits)
{
    unsigned half = 1u << (bits - 1), carry = 0;
    for (size_t below = place; below > 0; below--) {
        unsigned bits_below = weight_bits(weight, (below - 1) * bits, bits);
        if (bits_below != half - 1) {
            carry = bits_below >= half;
            break;
        }
        /* One below half: it carries if it takes a carry itself. */
    }
    unsigned value = weight_bits(weight, place * bits, bits) + carry;
    return value >= half ? (int)value - (int)(2 * half) : (int)value;
}

void ls_sum_part(const ls_addend *points, const uint8_t *weights, size_t count, size_t part, ls_extended *out)
{
    size_t bits = digit_bits(count), half = (size_t)1 << (bits - 1);
    ls_extended bucket[1 << (DIGIT_MAX - 1)];
    for (size_t i = 0; i < half; i++) {
        bucket[i] = identity;
    }
    for (size_t i = 0; i < count; i++) {
        int value = digit(weights + LS_WEIGHT_SIZE * i, part, bits);
        if (value != 0) {
            add_addend(&bucket[abs(value) - 1], &points[i], value < 0);
        }
    }
    /* The last bucket counts as often as half is, the first once: running sums from the last. */
    ls_extended running = identity, sum = identity;
    for (size_t i = half; i > 0; i--) {
        add(&running, &bucket[i - 1]);
        add(&sum, &running);
    }
    *out = sum;
}

void ls_sum_join(const ls_extended *parts, size_t count, uint8_t out[static LS_POINT_SIZE])
{
    size_t bits = digit_bits(count);
    ls_extended sum = identity;
    for (size_t part = ls_sum_parts(count); part > 0; part--) {
        for (size_t i = 0; i < bits; i++) {
            twice(&sum);
        }
        add(&sum, &parts[part - 1]);
    }
    encode(&sum, out);
}
