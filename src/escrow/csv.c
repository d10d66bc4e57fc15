/* The CSV scanner: one row at a time, no copy unless quotes have to be undone. */
#include "escrow/inventory.h"
#include "escrow/text.h"

const ls_fault ls_fault_csv = {LS_CLASS_USAGE, "csv", "the inventory can't be read"};

static const char byte_order_mark[] = "\xef\xbb\xbf";

/* Everything that can be wrong with a row as such. */
typedef struct flaw {
    const char *text, *hint;
} flaw;

static const flaw flaw_nul = {"a NUL byte", "save the file as \"CSV UTF-8\"; this may be UTF-16 or no text at all"};
static const flaw flaw_utf8 = {"bytes that are not UTF-8", "save the file as \"CSV UTF-8\""};
static const flaw flaw_open = {"this quote is never closed", "close it; a quote inside a value is written twice: \"\""};
static const flaw flaw_stray = {"a quote inside a value that does not begin with one",
                                "put the whole value in quotes and write quotes inside it twice: \"\""};
static const flaw flaw_after = {"text after a closing quote", "a quote inside a value is written twice: \"\""};
static const flaw flaw_return = {"a carriage return that ends no line", "end lines with LF or CR LF"};
static const flaw flaw_long = {"a value of more than 16 MiB", "look for a missing quote before this place"};
static const flaw flaw_columns = {"more than 1024 values in one row", "look for a missing line end"};

/* Columns count characters, as editors do. */
static void place(const ls_csv *c, size_t offset, size_t row_offset, unsigned row_line, ls_detail *detail)
{
    if (!detail) {
        return;
    }
    detail->line = row_line;
    detail->column = 1;
    for (size_t i = row_offset; i < offset; i++) {
        if (c->text.ptr[i] == '\n') {
            detail->line++;
            detail->column = 1;
        } else if ((c->text.ptr[i] & 0xc0) != 0x80) {
            detail->column++;
        }
    }
}

static ls_result fail_at(const ls_csv *c, size_t offset, const flaw *f, ls_detail *detail)
{
    place(c, offset, c->offset, c->line, detail);
    ls_hint(detail, "%s", f->hint);
    return ls_fail_with(&ls_fault_csv, detail, "%s", f->text);
}

void ls_csv_place(const ls_csv *c, ls_bytes value, ls_detail *detail)
{
    bool in_text = value.ptr >= c->text.ptr && value.ptr <= c->text.ptr + c->text.len;
    place(c, in_text ? (size_t)(value.ptr - c->text.ptr) : c->row_offset, c->row_offset, c->row_line, detail);
}

static ls_bytes without_mark(ls_bytes text)
{
    return ls_bytes_starts(text, byte_order_mark) ? ls_bytes_of(text.ptr + 3, text.len - 3) : text;
}

void ls_csv_open(ls_csv *c, ls_bytes text, char separator)
{
    c->text = without_mark(text);
    c->offset = c->row_offset = 0;
    c->line = c->row_line = 1;
    c->separator = separator;
    c->scratch = (ls_buf){0};
}

void ls_csv_close(ls_csv *c)
{
    ls_buf_wipe(&c->scratch);
}

char ls_csv_guess_separator(ls_bytes text)
{
    bool quoted = false;
    char other = ',';
    for (size_t i = 0; i < text.len && (quoted || text.ptr[i] != '\n'); i++) {
        char ch = (char)text.ptr[i];
        if (ch == '"') {
            quoted = !quoted;
        } else if (!quoted && ch == ',') {
            return ',';
        } else if (!quoted && (ch == ';' || ch == '\t') && other == ',') {
            other = ch;
        }
    }
    return other;
}

/* A value without quotes: up to a separator, a line's end, or a byte that must not stand there. */
static size_t plain_end(const ls_csv *c, size_t at)
{
    const uint8_t *p = c->text.ptr + at, *end = c->text.ptr + c->text.len;
    uint8_t separator = (uint8_t)c->separator;
    while (p < end && *p != separator && (*p > '"' || (*p != '"' && *p != '\n' && *p != '\r' && *p != 0))) {
        p++;
    }
    return (size_t)(p - c->text.ptr);
}

/* What stands between the quote at `at` and its partner; doubled quotes are left as they are. */
static ls_result scan_quoted(const ls_csv *c, size_t *at, ls_bytes *field, bool *doubled, ls_detail *detail)
{
    size_t start = *at + 1, from = start;
    for (;;) {
        const uint8_t *quote = from < c->text.len ? memchr(c->text.ptr + from, '"', c->text.len - from) : NULL;
        if (!quote) {
            return fail_at(c, *at, &flaw_open, detail);
        }
        size_t end = (size_t)(quote - c->text.ptr);
        if (end + 1 < c->text.len && c->text.ptr[end + 1] == '"') {
            *doubled = true;
            from = end + 2;
            continue;
        }
        *field = ls_bytes_of(c->text.ptr + start, end - start);
        *at = end + 1;
        return LS_SUCCESS;
    }
}

static ls_result scan_field(const ls_csv *c, size_t *at, ls_bytes *field, bool *doubled, ls_detail *detail)
{
    size_t start = *at;
    if (start < c->text.len && c->text.ptr[start] == '"') {
        LS_TRY(scan_quoted(c, at, field, doubled, detail));
        const uint8_t *nul = memchr(field->ptr, 0, field->len);
        if (nul) {
            return fail_at(c, (size_t)(nul - c->text.ptr), &flaw_nul, detail);
        }
    } else {
        *at = plain_end(c, start);
        *field = ls_bytes_of(c->text.ptr + start, *at - start);
    }
    return field->len > LS_CSV_FIELD_MAX ? fail_at(c, start, &flaw_long, detail) : LS_SUCCESS;
}

/* Takes what follows a value: a separator (the row goes on) or the row's end. */
static ls_result scan_end(const ls_csv *c, size_t *at, bool *ended, ls_detail *detail)
{
    if (*at == c->text.len) {
        *ended = true;
        return LS_SUCCESS;
    }
    uint8_t ch = c->text.ptr[*at];
    bool crlf = ch == '\r' && *at + 1 < c->text.len && c->text.ptr[*at + 1] == '\n';
    if (ch == (uint8_t)c->separator || ch == '\n' || crlf) {
        *ended = ch != (uint8_t)c->separator;
        *at += crlf ? 2 : 1;
        return LS_SUCCESS;
    }
    const flaw *f = ch == 0 ? &flaw_nul : ch == '\r' ? &flaw_return : ch == '"' ? &flaw_stray : &flaw_after;
    return fail_at(c, *at, f, detail);
}

static size_t first_invalid(ls_bytes text)
{
    size_t i = 0;
    while (i < text.len) {
        size_t len = 1;
        while (len <= 4 && len <= text.len - i && !ls_utf8_valid(ls_bytes_of(text.ptr + i, len))) {
            len++;
        }
        if (len > 4 || len > text.len - i) {
            break;
        }
        i += len;
    }
    return i;
}

static void undo_doubled(ls_bytes *field, uint8_t *out)
{
    size_t len = 0;
    for (size_t i = 0; i < field->len; i++) {
        out[len++] = field->ptr[i];
        i += field->ptr[i] == '"';
    }
    *field = ls_bytes_of(out, len);
}

/* Only a value in quotes can still hold a quote, and then it is a doubled one. */
static ls_result undo_quotes(ls_csv *c, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        size += c->fields[i].len;
    }
    c->scratch.len = 0;
    uint8_t *out = ls_buf_extend(&c->scratch, size);
    if (!out) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        if (c->fields[i].len && memchr(c->fields[i].ptr, '"', c->fields[i].len)) {
            undo_doubled(&c->fields[i], out);
            out += c->fields[i].len;
        }
    }
    return LS_SUCCESS;
}

static unsigned count_lines(ls_bytes text)
{
    unsigned lines = 0;
    const uint8_t *p = text.ptr, *end = text.ptr + text.len;
    while (p < end && (p = memchr(p, '\n', (size_t)(end - p)))) {
        lines++;
        p++;
    }
    return lines;
}

static ls_result scan_row(ls_csv *c, size_t *at, size_t *count, bool *doubled, ls_detail *detail)
{
    bool ended = false;
    for (*count = 0; !ended; ++*count) {
        if (*count == LS_COLUMNS_MAX) {
            return fail_at(c, *at, &flaw_columns, detail);
        }
        LS_TRY(scan_field(c, at, &c->fields[*count], doubled, detail));
        LS_TRY(scan_end(c, at, &ended, detail));
    }
    return LS_SUCCESS;
}

ls_result ls_csv_next(ls_csv *c, ls_csv_row *row, bool *more, ls_detail *detail)
{
    size_t at = c->offset, count = 0;
    bool doubled = false;
    if (at == c->text.len) {
        *more = false;
        return LS_SUCCESS;
    }
    LS_TRY(scan_row(c, &at, &count, &doubled, detail));
    ls_bytes raw = ls_bytes_of(c->text.ptr + c->offset, at - c->offset);
    if (!ls_text_valid(raw)) {
        return fail_at(c, c->offset + first_invalid(raw), &flaw_utf8, detail);
    }
    if (doubled) {
        LS_TRY(undo_quotes(c, count));
    }
    c->row_offset = c->offset;
    c->row_line = c->line;
    c->line += count_lines(raw);
    c->offset = at;
    *row = (ls_csv_row){count, c->fields};
    *more = true;
    return LS_SUCCESS;
}
