/* One line: the text of a code, read strictly, and what is known of one that is damaged. */
#include "codes/base45.h"
#include "codes/parts.h"
#include "crypto/sha256.h"
#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

#define SCANNER_PREFIX "QR-Code:" /* as zbarimg prints it */
#define CHECK_DIGITS 8

void ls_sheet_name(ls_bytes compressed, char out[static LS_CODES_SHEET_SIZE])
{
    ls_hash hash;
    ls_sha256_hash(compressed, &hash);
    for (size_t i = 0; 2 * i < LS_CODES_SHEET_SIZE - 1; i++) {
        snprintf(out + 2 * i, 3, "%02X", hash.b[i]);
    }
}

uint32_t ls_part_check(ls_bytes before, ls_bytes data)
{
    uLong crc = crc32(0, before.ptr, (uInt)before.len);
    return (uint32_t)crc32(crc, data.ptr, (uInt)data.len);
}

static bool upper_hex(ls_bytes text, size_t len)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == 0 || strchr("0123456789ABCDEF", text.ptr[i]) == NULL) {
            return false;
        }
    }
    return text.len == len;
}

static bool check_fits(ls_bytes before, ls_bytes digits, ls_bytes data)
{
    char text[CHECK_DIGITS + 1] = {0};
    uint8_t decoded[LS_CODES_TEXT_MAX];
    size_t len;
    if (!upper_hex(digits, CHECK_DIGITS) || data.len == 0 || !ls_base45_decode(data, decoded, sizeof decoded, &len)) {
        return false;
    }
    memcpy(text, digits.ptr, CHECK_DIGITS);
    return strtoul(text, NULL, 16) == ls_part_check(before, data);
}

/* What comes before the check; false if it is not all there. */
static bool read_head(ls_reader *r, ls_part *out)
{
    ls_bytes prefix, number, count;
    bool whole =
        ls_read_until(r, ':', &prefix) && ls_read_until(r, ':', &out->sheet) && ls_read_until(r, ':', &number) &&
        ls_read_until(r, ':', &count) && upper_hex(out->sheet, LS_CODES_SHEET_SIZE - 1) &&
        ls_decimal_parse(number, LS_CODES_MAX, &out->number) && ls_decimal_parse(count, LS_CODES_MAX, &out->count);
    return whole && out->number >= 1 && out->number <= out->count;
}

bool ls_part_read(ls_bytes line, ls_part *out)
{
    if (ls_bytes_starts(line, SCANNER_PREFIX)) {
        line = ls_bytes_of(line.ptr + strlen(SCANNER_PREFIX), line.len - strlen(SCANNER_PREFIX));
    }
    if (!ls_bytes_starts(line, LS_PART_PREFIX)) {
        return false;
    }
    *out = (ls_part){0};
    ls_reader r = ls_reader_of(line);
    if (line.len > LS_CODES_TEXT_MAX || !read_head(&r, out)) {
        *out = (ls_part){0};
        return true;
    }
    ls_bytes before = ls_bytes_of(line.ptr, (size_t)(r.ptr - line.ptr)), digits;
    if (ls_read_until(&r, ':', &digits)) {
        out->data = ls_bytes_of(r.ptr, ls_reader_left(&r));
        out->intact = check_fits(before, digits, out->data);
    }
    return true;
}
