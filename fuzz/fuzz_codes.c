/* Codes as scanners give them: any lines may be read, and checks are beyond a fuzzer's guesses, so the target also
 * makes lines whose checks fit. What was read can be written, and read again. */
#include "codes/base45.h"
#include "codes/parts.h"
#include "crypto/crypto.h"
#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void write_again(ls_bytes payload)
{
    ls_arena arena = {0};
    ls_buf text = {0};
    ls_codes codes;
    ls_bytes again;
    ls_codes_found found;
    if (ls_succeeded(ls_codes_write(&arena, payload, &codes, NULL))) {
        for (size_t i = 0; i < codes.count; i++) {
            ls_buf_format(&text, "%s\n", codes.text[i]);
        }
        require(ls_succeeded(ls_codes_read(&arena, ls_buf_bytes(&text), &again, &found, NULL)));
        require(ls_bytes_equal(again, payload) && found.count == codes.count && strcmp(found.sheet, codes.sheet) == 0);
    }
    ls_buf_free(&text);
    ls_arena_free(&arena);
}

static void read_text(ls_bytes text)
{
    ls_arena arena = {0};
    ls_bytes payload;
    ls_codes_found found;
    ls_detail detail = {0};
    if (ls_succeeded(ls_codes_read(&arena, text, &payload, &found, &detail))) {
        require(payload.len <= LS_CODES_PAYLOAD_MAX && found.count >= 1 && found.count <= LS_CODES_MAX);
        write_again(payload);
    } else {
        require(detail.text[0] != '\0');
    }
    ls_arena_free(&arena);
}

static void put_line(ls_buf *text, const char *before, ls_bytes data)
{
    ls_buf_format(text, "%s%08X:", before, ls_part_check(ls_bytes_str(before), data));
    ls_buf_put_bytes(text, data);
    ls_buf_put_u8(text, '\n');
}

/* Parts as u8 number and count, u16 length and bytes: one sheet, with the name that fits if all are used in order. */
static void make(ls_bytes input, ls_buf *text)
{
    char sheet[LS_CODES_SHEET_SIZE], before[64], data[LS_BASE45_SIZE(1000) + 1];
    ls_buf compressed = {0};
    for (int pass = 0; pass < 2; pass++) {
        ls_reader r = ls_reader_of(input);
        while (ls_reader_left(&r) > 0 && !r.failed) {
            unsigned number = ls_read_u8(&r) % LS_CODES_MAX + 1, count = ls_read_u8(&r) % LS_CODES_MAX + 1;
            ls_bytes part = ls_read_bytes(&r, ls_read_u16(&r) % 1000);
            if (pass == 0) {
                ls_buf_put_bytes(&compressed, part);
                continue;
            }
            snprintf(before, sizeof before, LS_PART_PREFIX "%s:%u:%u:", sheet, number, count);
            ls_base45_encode(part, data);
            put_line(text, before, ls_bytes_str(data));
        }
        ls_sheet_name(ls_buf_bytes(&compressed), sheet);
    }
    ls_buf_free(&compressed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_buf text = {0};
    if (ls_failed(ls_crypto_init())) {
        return 0;
    }
    read_text(ls_bytes_of(data, size));
    make(ls_bytes_of(data, size), &text);
    read_text(ls_buf_bytes(&text));
    write_again(ls_bytes_of(data, size));
    ls_buf_free(&text);
    return 0;
}
