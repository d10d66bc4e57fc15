/* Hex, base64, decimals and names: each text has one form only, so each decoder refuses every other. */
#include <lockstep/bytes.h>
#include <sodium.h>

static bool is_digit(uint8_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower_hex(ls_bytes hex)
{
    for (size_t i = 0; i < hex.len; i++) {
        if (!is_digit(hex.ptr[i]) && !(hex.ptr[i] >= 'a' && hex.ptr[i] <= 'f')) {
            return false;
        }
    }
    return true;
}

bool ls_hex_decode(ls_bytes hex, uint8_t *out, size_t out_len)
{
    /* sodium_hex2bin takes upper case, too; what it is given here it can't refuse. */
    return hex.len % 2 == 0 && hex.len / 2 == out_len && is_lower_hex(hex) &&
           sodium_hex2bin(out, out_len, (const char *)hex.ptr, hex.len, NULL, NULL, NULL) == 0;
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

/* Characters and bytes of one block of base64 that is checked at a time. */
#define BLOCK_TEXT ((size_t)4096)
#define BLOCK_BYTES (BLOCK_TEXT / 4 * 3)

/* libsodium refuses wrong or missing padding and spare bits that are not zero. */
static bool decode_block(ls_bytes text, uint8_t *out, size_t cap, size_t *len)
{
    return sodium_base642bin(out, cap, (const char *)text.ptr, text.len, NULL, len, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0;
}

/* libsodium 1.0.18 takes some bytes above 0x7f for letters of the alphabet: its table look-up is arithmetic on a signed
 * char. So the alphabet is checked here. */
static bool has_base64_alphabet(ls_bytes text)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i], letter = c | 0x20;
        if (!is_digit(c) && !(letter >= 'a' && letter <= 'z') && c != '+' && c != '/' && c != '=') {
            return false;
        }
    }
    return true;
}

bool ls_base64_valid(ls_bytes text)
{
    if (!has_base64_alphabet(text)) {
        return false;
    }
    uint8_t scratch[BLOCK_BYTES];
    size_t len = BLOCK_BYTES;
    while (text.len > 0) {
        /* A block before this one that was not full held padding, which only the last may. */
        ls_bytes block = ls_bytes_of(text.ptr, text.len < BLOCK_TEXT ? text.len : BLOCK_TEXT);
        if (len != BLOCK_BYTES || !decode_block(block, scratch, sizeof scratch, &len)) {
            return false;
        }
        text = ls_bytes_of(text.ptr + block.len, text.len - block.len);
    }
    return true;
}

bool ls_base64_decode(ls_bytes text, uint8_t *out, size_t cap, size_t *len)
{
    /* Checked as a whole first, so that out is untouched if anything is wrong. */
    if (text.len % 4 != 0 || !ls_base64_valid(text)) {
        return false;
    }
    size_t size = text.len / 4 * 3;
    for (size_t i = text.len; i > 0 && text.ptr[i - 1] == '='; i--) {
        size--;
    }
    if (size > cap) {
        return false;
    }
    if (size > 0 && !decode_block(text, out, cap, &size)) {
        return false;
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
