/* Files for an audience: their one form. Who may hold them is the charter's business, and how they travel the ledger's.
 */
#include "process/sealed.h"
#include "crypto/crypto.h"

const ls_fault ls_fault_sealed_form = {LS_CLASS_INVALID, "sealed-form", "this is not a file for an audience"};

static uint64_t padded_size(uint64_t needed)
{
    uint64_t size = LS_SEALED_MIN;
    while (size < needed) {
        size *= 2;
    }
    return size;
}

static void put_short(ls_buf *out, ls_bytes text)
{
    ls_buf_put_u8(out, (uint8_t)text.len);
    ls_buf_put_bytes(out, text);
}

ls_result ls_sealed_put(const ls_sealed_file *f, ls_buf *out)
{
    uint8_t salt[LS_SEALED_SALT];
    if (!ls_file_name_valid(f->name) || !ls_media_type_valid(f->media_type) || f->media_type.len > UINT8_MAX) {
        return ls_fail(&ls_fault_usage);
    }
    size_t start = out->len;
    ls_random(salt, sizeof salt);
    ls_buf_put(out, salt, sizeof salt);
    put_short(out, f->name);
    put_short(out, f->media_type);
    ls_buf_put_u64(out, f->content.len);
    ls_buf_put_bytes(out, f->content);
    size_t zeros = (size_t)(padded_size(out->len - start) - (out->len - start));
    uint8_t *end = ls_buf_extend(out, zeros);
    if (end != NULL && zeros > 0) {
        memset(end, 0, zeros);
    }
    return ls_buf_check(out);
}

static bool all_zero(ls_bytes bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] != 0) {
            return false;
        }
    }
    return true;
}

ls_result ls_sealed_read(ls_bytes file, ls_sealed_file *out)
{
    ls_sealed_file f;
    ls_reader r = ls_reader_of(file);
    (void)ls_read_bytes(&r, LS_SEALED_SALT);
    f.name = ls_read_bytes(&r, ls_read_u8(&r));
    f.media_type = ls_read_bytes(&r, ls_read_u8(&r));
    f.content = ls_read_bytes(&r, ls_read_u64(&r));
    if (r.failed || !ls_file_name_valid(f.name) || !ls_media_type_valid(f.media_type) ||
        file.len != padded_size(file.len - ls_reader_left(&r)) || !all_zero(ls_read_bytes(&r, ls_reader_left(&r)))) {
        return ls_fail(&ls_fault_sealed_form);
    }
    *out = f;
    return LS_SUCCESS;
}

bool ls_sealed_name(ls_bytes file_name)
{
    uint64_t number;
    size_t prefix = sizeof LS_SEALED_NAME; /* with the '-' in the place of the NUL */
    if (ls_bytes_is(file_name, LS_SEALED_NAME)) {
        return true;
    }
    return ls_bytes_starts(file_name, LS_SEALED_NAME "-") &&
           ls_decimal_parse(ls_bytes_of(file_name.ptr + prefix, file_name.len - prefix), LS_ACT_ATTACHMENTS_MAX,
                            &number) &&
           number >= 2;
}

bool ls_audience_restricted(ls_bytes audience)
{
    return !ls_bytes_is(audience, "public") && !ls_bytes_is(audience, "process");
}

uint32_t ls_audience_members(const ls_charter *c, ls_bytes audience)
{
    if (!ls_audience_restricted(audience)) {
        return c->party_count == 32 ? UINT32_MAX : (1u << c->party_count) - 1;
    }
    const ls_audience *a = ls_charter_audience(c, audience);
    const ls_party *p = ls_charter_party(c, audience);
    return a != NULL ? a->parties : p != NULL ? UINT32_C(1) << (p - c->party) : 0;
}
