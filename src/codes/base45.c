/* Base45: two bytes are a number of three digits to the base 45, the least significant first; a last one is of two. */
#include "codes/base45.h"

#define BASE 45

static const char alphabet[BASE + 1] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

void ls_base45_encode(ls_bytes bytes, char *out)
{
    for (size_t i = 0; i < bytes.len; i += 2) {
        bool pair = i + 1 < bytes.len;
        unsigned value = pair ? bytes.ptr[i] << 8 | bytes.ptr[i + 1] : bytes.ptr[i];
        for (int digits = pair ? 3 : 2; digits > 0; digits--, value /= BASE) {
            *out++ = alphabet[value % BASE];
        }
    }
    *out = '\0';
}

/* What digits stand for; -1 if one of them is none. */
static int32_t value_of(ls_bytes digits)
{
    int32_t value = 0;
    for (size_t i = digits.len; i-- > 0;) {
        const char *at = digits.ptr[i] == 0 ? NULL : strchr(alphabet, digits.ptr[i]);
        if (at == NULL) {
            return -1;
        }
        value = BASE * value + (int32_t)(at - alphabet);
    }
    return value;
}

/* The group of digits that begins at offset: three, at the end two. */
static ls_bytes group_at(ls_bytes text, size_t offset)
{
    size_t left = text.len - offset;
    return ls_bytes_of(text.ptr + offset, left < 3 ? left : 3);
}

static bool valid(ls_bytes text)
{
    for (size_t i = 0; i < text.len; i += 3) {
        ls_bytes digits = group_at(text, i);
        int32_t value = value_of(digits);
        if (digits.len == 1 || value < 0 || value > (digits.len == 3 ? UINT16_MAX : UINT8_MAX)) {
            return false;
        }
    }
    return true;
}

bool ls_base45_decode(ls_bytes text, uint8_t *out, size_t cap, size_t *len)
{
    size_t size = text.len / 3 * 2 + text.len % 3 / 2;
    if (size > cap || !valid(text)) {
        return false;
    }
    for (size_t i = 0; i < text.len; i += 3) {
        ls_bytes digits = group_at(text, i);
        unsigned value = (unsigned)value_of(digits);
        if (digits.len == 3) {
            *out++ = (uint8_t)(value >> 8);
        }
        *out++ = (uint8_t)value;
    }
    *len = size;
    return true;
}
