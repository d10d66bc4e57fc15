/* Opened rows as CSV. */
#include "show/report.h"
#include <inttypes.h>
#include <unistd.h>

const ls_fault ls_fault_show = {LS_CLASS_ENVIRONMENT, "output", "the rows can't be written"};

/* C0, U+007F and C1: those of C1 are two bytes, of which the first stays. */
static bool acts_on_terminal(ls_bytes text, size_t i)
{
    uint8_t c = text.ptr[i];
    bool c1 = i > 0 && text.ptr[i - 1] == 0xc2 && c < 0xa0;
    return (c < 0x20 && c != '\n') || c == 0x7f || c1;
}

/* A value in quotes where CSV needs them. It comes from others: in a file it stays as it is, on a terminal it must not
 * act. */
static void put_value(const ls_show_rows *s, ls_bytes value)
{
    FILE *out = s->out;
    bool quote = false;
    for (size_t i = 0; i < value.len; i++) {
        quote = quote || memchr(",\"\r\n", value.ptr[i], 4) != NULL;
    }
    fputs(quote ? "\"" : "", out);
    for (size_t i = 0; i < value.len; i++) {
        fputs(value.ptr[i] == '"' ? "\"" : "", out);
        putc(s->terminal && acts_on_terminal(value, i) ? '?' : value.ptr[i], out);
    }
    fputs(quote ? "\"" : "", out);
}

static void put_header(const ls_show_rows *s, const ls_bytes *names, size_t fields)
{
    FILE *out = s->out;
    fputs("declaration,tranche,row,closed", out);
    for (size_t i = 0; i < fields; i++) {
        putc(',', out);
        put_value(s, names[i]);
    }
    fputs("\r\n", out);
}

static ls_result put_closed(const ls_show_rows *s, const ls_bytes *names, const ls_opened_field *values, size_t fields)
{
    ls_buf closed = {0};
    for (size_t i = 0; i < fields; i++) {
        if (!values[i].open) {
            ls_buf_put_str(&closed, closed.len == 0 ? "" : "; ");
            ls_buf_put_bytes(&closed, names[i]);
        }
    }
    put_value(s, ls_buf_bytes(&closed));
    ls_result r = ls_buf_check(&closed);
    ls_buf_free(&closed);
    return r;
}

static bool is_blank(const ls_opened_field *values, size_t fields)
{
    for (size_t i = 0; i < fields; i++) {
        if (!values[i].open || values[i].value.len > 0) {
            return false;
        }
    }
    return true;
}

ls_result ls_show_row(void *rows, ls_bytes declaration, uint32_t tranche, uint64_t row, const ls_bytes *names,
                      const ls_opened_field *values, size_t fields)
{
    ls_show_rows *s = rows;
    if (is_blank(values, fields)) {
        return LS_SUCCESS;
    }
    if (s->names != names) {
        s->terminal = isatty(fileno(s->out)) == 1;
        put_header(s, names, fields);
        s->names = names;
    }
    put_value(s, declaration);
    fprintf(s->out, ",%" PRIu32 ",%" PRIu64 ",", tranche, row);
    LS_TRY(put_closed(s, names, values, fields));
    for (size_t i = 0; i < fields; i++) {
        putc(',', s->out);
        put_value(s, values[i].value);
    }
    fputs("\r\n", s->out);
    return ferror(s->out) == 0 ? LS_SUCCESS : ls_fail(&ls_fault_show);
}
