/* Writing acts: values in any order, then one canonical text, which the parser has the last word on. */
#include <lockstep/act.h>
#include <stdio.h>

void ls_act_draft_set(ls_act_draft *d, ls_header h, const char *format, ...)
{
    ls_buf *value = &d->value[h];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int len = vsnprintf(NULL, 0, format, args);
    value->len = 0;
    uint8_t *room = len < 0 ? NULL : ls_buf_extend(value, (size_t)len + 1);
    if (room == NULL) {
        value->failed = true;
    } else {
        vsnprintf((char *)room, (size_t)len + 1, format, again);
        value->len = (size_t)len;
    }
    va_end(again);
    va_end(args);
}

void ls_act_draft_attach(ls_act_draft *d, const ls_attachment *a)
{
    ls_buf *value = &d->value[LS_H_ATTACHMENT];
    ls_buf_put_hex(value, ls_bytes_of(a->hash.b, sizeof a->hash.b));
    ls_buf_format(value, " %.*s %llu %.*s %.*s\n", (int)a->audience.len, a->audience.ptr, (unsigned long long)a->size,
                  (int)a->media_type.len, a->media_type.ptr, (int)a->file_name.len, a->file_name.ptr);
}

static void put_header(ls_buf *out, ls_header h, ls_bytes value)
{
    ls_buf_format(out, "%s: ", ls_header_name(h));
    ls_buf_put_bytes(out, value);
    ls_buf_put_u8(out, '\n');
}

static void put_headers(const ls_act_draft *d, ls_buf *out)
{
    for (ls_header h = 0; h < LS_H_ATTACHMENT; h++) {
        if (d->value[h].len > 0) {
            put_header(out, h, ls_buf_bytes(&d->value[h]));
        }
        out->failed |= d->value[h].failed;
    }
    ls_reader r = ls_reader_of(ls_buf_bytes(&d->value[LS_H_ATTACHMENT]));
    for (ls_bytes line; ls_read_line(&r, &line);) {
        put_header(out, LS_H_ATTACHMENT, line);
    }
    out->failed |= d->value[LS_H_ATTACHMENT].failed || d->text.failed;
}

/* A line of its own in a value would be a header, or free text, that nobody meant to sign. */
static ls_result check_values(const ls_act_draft *d, ls_detail *detail)
{
    for (ls_header h = 0; h < LS_H_ATTACHMENT; h++) {
        if (d->value[h].len > 0 && memchr(d->value[h].ptr, '\n', d->value[h].len) != NULL) {
            return ls_fail_with(&ls_fault_act_form, detail, "%s: must be one line", ls_header_name(h));
        }
    }
    return LS_SUCCESS;
}

static void put_free_text(const ls_act_draft *d, ls_buf *out)
{
    if (d->text.len == 0) {
        return;
    }
    ls_buf_put_u8(out, '\n');
    ls_buf_put_bytes(out, ls_buf_bytes(&d->text));
    if (d->text.ptr[d->text.len - 1] != '\n') {
        ls_buf_put_u8(out, '\n');
    }
}

ls_result ls_act_draft_finish(const ls_act_draft *d, ls_buf *out, ls_detail *detail)
{
    ls_buf text = {0};
    ls_act act;
    LS_TRY(check_values(d, detail));
    ls_buf_put_str(&text, d->exercise ? "lockstep exercise act v1\n" : "lockstep act v1\n");
    put_headers(d, &text);
    put_free_text(d, &text);
    ls_result result = ls_buf_check(&text);
    if (ls_succeeded(result)) {
        result = ls_act_parse_text(ls_buf_bytes(&text), &act, detail);
    }
    if (ls_succeeded(result)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&text));
        result = ls_buf_check(out);
    }
    ls_buf_free(&text);
    return result;
}

void ls_act_draft_free(ls_act_draft *d)
{
    for (ls_header h = 0; h < LS_HEADER_COUNT; h++) {
        ls_buf_free(&d->value[h]);
    }
    ls_buf_free(&d->text);
}
