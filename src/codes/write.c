/* A payload cut into codes. */
#include "codes/base45.h"
#include "codes/parts.h"
#include <zlib.h>

#define LEVEL 9 /* paper is dearer than time */

static ls_result too_large(ls_detail *detail, ls_bytes payload)
{
    ls_hint(detail, "print less: fewer acts, or attachments by their hashes only");
    return ls_fail_with(&ls_fault_codes_large, detail, "%zu bytes do not fit into %d codes", payload.len, LS_CODES_MAX);
}

static ls_result compress_into(ls_arena *arena, ls_bytes payload, ls_bytes *out)
{
    static const uint8_t nothing[1];
    uLong len = compressBound((uLong)payload.len);
    uint8_t *room = ls_arena_alloc(arena, len);
    if (room == NULL ||
        compress2(room, &len, payload.len == 0 ? nothing : payload.ptr, (uLong)payload.len, LEVEL) != Z_OK) {
        return ls_fail(&ls_fault_memory);
    }
    *out = ls_bytes_of(room, len);
    return LS_SUCCESS;
}

static const char *text_of(ls_arena *arena, const ls_codes *codes, size_t index, ls_bytes part)
{
    char *data = ls_arena_alloc(arena, LS_BASE45_SIZE(part.len) + 1);
    const char *before = ls_arena_format(arena, LS_PART_PREFIX "%s:%zu:%zu:", codes->sheet, index + 1, codes->count);
    if (data == NULL || before == NULL) {
        return NULL;
    }
    ls_base45_encode(part, data);
    return ls_arena_format(arena, "%s%08X:%s", before, ls_part_check(ls_bytes_str(before), ls_bytes_str(data)), data);
}

/* Parts of about one size, so that the codes look alike and none is denser than it has to be; of an even number of
 * bytes, which base45 takes in pairs. */
static size_t part_size(size_t len, size_t count)
{
    size_t size = (len + count - 1) / count;
    return size + size % 2;
}

static ls_result cut(ls_arena *arena, ls_bytes compressed, ls_codes *out)
{
    size_t size = part_size(compressed.len, out->count);
    out->text = ls_arena_array(arena, out->count, sizeof *out->text);
    ls_reader r = ls_reader_of(compressed);
    for (size_t i = 0; out->text != NULL && i < out->count; i++) {
        size_t left = ls_reader_left(&r);
        out->text[i] = text_of(arena, out, i, ls_read_bytes(&r, left < size ? left : size));
        if (out->text[i] == NULL) {
            return ls_fail(&ls_fault_memory);
        }
    }
    return out->text == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result ls_codes_write(ls_arena *arena, ls_bytes payload, ls_codes *out, ls_detail *detail)
{
    ls_codes made = {0};
    ls_bytes compressed;
    if (payload.len > LS_CODES_PAYLOAD_MAX) {
        return too_large(detail, payload);
    }
    LS_TRY(compress_into(arena, payload, &compressed));
    made.count = (compressed.len + LS_CODES_PART_MAX - 1) / LS_CODES_PART_MAX;
    if (made.count > LS_CODES_MAX) {
        return too_large(detail, payload);
    }
    ls_sheet_name(compressed, made.sheet);
    LS_TRY(cut(arena, compressed, &made));
    *out = made;
    return LS_SUCCESS;
}
