/* Hex, base64, decimals and names: each text has one form only, so each decoder refuses every other. */
#include <lockstep/bytes.h>
#include <sodium.h>

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

/* Tables of our own: all of this is public, so that libsodium's care to take the same time for any input, which costs
 * several times as much, protects nothing. What each character stands for, plus one; 0: it is no digit. */
static const uint8_t hex_digit[256] = {
    ['0'] = 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, ['a'] = 11, 12, 13, 14, 15, 16,
};
static const uint8_t base64_digit[256] = {
    ['A'] = 1, 2,  3,  4,  5,          6,  7,  8,  9,  10, 11,         12, 13, 14, 15,         16,
    17,        18, 19, 20, 21,         22, 23, 24, 25, 26, ['a'] = 27, 28, 29, 30, 31,         32,
    33,        34, 35, 36, 37,         38, 39, 40, 41, 42, 43,         44, 45, 46, 47,         48,
    49,        50, 51, 52, ['0'] = 53, 54, 55, 56, 57, 58, 59,         60, 61, 62, ['+'] = 63, ['/'] = 64,
};

bool ls_hex_decode(ls_bytes hex, uint8_t *out, size_t out_len)
{
    bool valid = hex.len % 2 == 0 && hex.len / 2 == out_len;
    for (size_t i = 0; i < hex.len; i++) {
        valid &= hex_digit[hex.ptr[i]] != 0;
    }
    for (size_t i = 0; valid && i < out_len; i++) {
        out[i] = (uint8_t)((hex_digit[hex.ptr[2 * i]] - 1) << 4 | (hex_digit[hex.ptr[2 * i + 1]] - 1));
    }
    return valid;
}

void ls_hex_encode(ls_bytes bytes, char *out)
{
    sodium_bin2hex(out, 2 * bytes.len + 1, bytes.ptr, bytes.len);
}

bool ls_hash_parse(ls_bytes hex, ls_hash *out)
{
    return ls_hex_decode(hex, out->b, LS_HASH_SIZE);
}

void ls_hash_format(const ls_hash *h, char out[static LS_HEX_HASH_SIZE])
{
    ls_hex_encode(ls_bytes_of(h->b, LS_HASH_SIZE), out);
}

/* How many '=' there are at the end, at most two: all others are no digits. */
static size_t padding_of(ls_bytes text)
{
    size_t n = 0;
    while (n < 2 && n < text.len && text.ptr[text.len - 1 - n] == '=') {
        n++;
    }
    return n;
}

/* Whole blocks of four characters; of the last digit, the bits that padding leaves over are zero. */
bool ls_base64_valid(ls_bytes text)
{
    size_t padding = padding_of(text);
    bool valid = text.len % 4 == 0;
    for (size_t i = 0; i < text.len - padding; i++) {
        valid &= base64_digit[text.ptr[i]] != 0;
    }
    if (!valid || padding == 0) {
        return valid;
    }
    unsigned last = base64_digit[text.ptr[text.len - padding - 1]] - 1u;
    return (last & (padding == 2 ? 15 : 3)) == 0;
}

bool ls_base64_decode(ls_bytes text, uint8_t *out, size_t cap, size_t *len)
{
    /* Checked as a whole first, so that out is untouched if anything is wrong. */
    size_t padding = padding_of(text), size = text.len / 4 * 3 - padding, done = 0;
    if (!ls_base64_valid(text) || size > cap) {
        return false;
    }
    for (size_t i = 0; i < text.len; i += 4) {
        uint32_t bits = 0;
        for (size_t k = i; k < i + 4; k++) {
            bits = bits << 6 | (text.ptr[k] == '=' ? 0 : base64_digit[text.ptr[k]] - 1u);
        }
        for (int shift = 16; shift >= 0 && done < size; shift -= 8) {
            out[done++] = (uint8_t)(bits >> shift);
        }
    }
    *len = size;
    return true;
}

/* Overflow is caught at each step, so any number of digits is safe, and max is compared with the true value. */
bool ls_decimal_parse(ls_bytes text, uint64_t max, uint64_t *out)
{
    if (text.len == 0 || (text.ptr[0] == '0' && text.len > 1)) {
        return false;
    }
    uint64_t value = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i]) || __builtin_mul_overflow(value, 10, &value) ||
            __builtin_add_overflow(value, (uint64_t)(text.ptr[i] - '0'), &value)) {
            return false;
        }
    }
    if (value > max) {
        return false;
    }
    *out = value;
    return true;
}

/* ASCII only, on purpose: names must look different when they are. */
bool ls_name_valid(ls_bytes name)
{
    for (size_t i = 0; i < name.len; i++) {
        uint8_t c = name.ptr[i];
        bool inner = c == '-' && i > 0;
        if (!inner && !is_digit(c) && !(c >= 'a' && c <= 'z')) {
            return false;
        }
    }
    return name.len >= 1 && name.len <= LS_NAME_MAX;
}
