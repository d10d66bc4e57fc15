/* The parts of a sheet put together: decoded, held against the sheet's name, inflated within its limit. */
#include "codes/base45.h"
#include "codes/parts.h"
#include <zlib.h>

#define STEP 16384 /* bytes that are inflated at once */

/* Stops at the limit, before there is memory for more: a few bytes can be made to stand for very many. */
static bool inflate_within(z_stream *z, ls_buf *out)
{
    uint8_t step[STEP];
    int status = Z_OK;
    while (status == Z_OK) {
        z->next_out = step;
        z->avail_out = STEP;
        status = inflate(z, Z_NO_FLUSH);
        size_t made = STEP - z->avail_out;
        if (made > LS_CODES_PAYLOAD_MAX - out->len) {
            return false;
        }
        ls_buf_put(out, step, made);
    }
    return status == Z_STREAM_END && z->avail_in == 0;
}

static ls_result inflate_into(ls_bytes compressed, ls_buf *out, ls_detail *detail)
{
    z_stream z = {.next_in = (Bytef *)(uintptr_t)compressed.ptr, .avail_in = (uInt)compressed.len};
    if (inflateInit(&z) != Z_OK) {
        return ls_fail(&ls_fault_memory);
    }
    bool whole = inflate_within(&z, out);
    inflateEnd(&z);
    LS_TRY(ls_buf_check(out));
    return whole
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_codes_content, detail,
                              "what the codes hold can't be decompressed into at most %u bytes", LS_CODES_PAYLOAD_MAX);
}

static ls_result decode_all(const ls_part *const *part, size_t count, ls_buf *compressed)
{
    for (size_t i = 0; i < count; i++) {
        size_t room = part[i]->data.len, len = 0, before = compressed->len;
        uint8_t *to = ls_buf_extend(compressed, room);
        if (to == NULL || !ls_base45_decode(part[i]->data, to, room, &len)) {
            return ls_fail(to == NULL ? &ls_fault_memory : &ls_fault_bug);
        }
        compressed->len = before + len;
    }
    return LS_SUCCESS;
}

static ls_result check_name(ls_bytes compressed, ls_bytes name, ls_detail *detail)
{
    char made[LS_CODES_SHEET_SIZE];
    ls_sheet_name(compressed, made);
    if (ls_bytes_is(name, made)) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "no scanner does this: somebody altered a code; ask for a new sheet");
    return ls_fail_with(&ls_fault_codes_content, detail,
                        "all codes of sheet %.*s are there, but together they do not make what it was printed from",
                        (int)name.len, (const char *)name.ptr);
}

static ls_result keep(ls_arena *arena, const ls_buf *content, ls_bytes *payload)
{
    uint8_t *copy = ls_arena_alloc(arena, content->len + 1);
    if (copy == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (content->len > 0) {
        memcpy(copy, content->ptr, content->len);
    }
    *payload = ls_bytes_of(copy, content->len);
    return LS_SUCCESS;
}

ls_result ls_parts_join(ls_arena *arena, const ls_part *const *part, size_t count, ls_bytes *payload, ls_detail *detail)
{
    ls_buf compressed = {0}, content = {0};
    ls_result r = decode_all(part, count, &compressed);
    if (ls_succeeded(r)) {
        r = check_name(ls_buf_bytes(&compressed), part[0]->sheet, detail);
    }
    if (ls_succeeded(r)) {
        r = inflate_into(ls_buf_bytes(&compressed), &content, detail);
    }
    if (ls_succeeded(r)) {
        r = keep(arena, &content, payload);
    }
    ls_buf_free(&compressed);
    ls_buf_free(&content);
    return r;
}
