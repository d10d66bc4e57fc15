/* The prose of an accord: paragraphs, each with an identifier in brackets at its start. */
#include "process/field.h"
#include "process/plain.h"
#include "roadmap/roadmap.h"

typedef struct text_reader {
    ls_arena *arena;
    ls_diagnostics *d;
    ls_ids ids;
    ls_paragraph *paragraphs; /* room for LS_PARAGRAPHS_MAX */
    size_t count;
    bool inside; /* of a paragraph; its body goes on */
} text_reader;

static bool is_blank(ls_bytes line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] != ' ') {
            return false;
        }
    }
    return true;
}

/* Diagnoses the first character of a line that does not show. */
static void check_line(text_reader *r, ls_bytes line, unsigned number)
{
    ls_mark mark = {number, 1};
    if (!ls_utf8_valid(line)) {
        ls_diagnose(r->d, mark, "save the file as UTF-8", "this line is not UTF-8");
        return;
    }
    for (size_t i = 0; i < line.len; mark.column++) {
        uint32_t c = ls_utf8_next(line, &i);
        if (!ls_plain_char(c)) {
            const char *hint = c == '\t'   ? "use spaces instead of tabs"
                               : c == '\r' ? "save the file with LF at the ends of lines"
                                           : NULL;
            ls_diagnose(r->d, mark, hint, "the character U+%04X does not show", (unsigned)c);
            return;
        }
    }
}

/* "[id] words": what stands in the brackets, and the words. */
static bool split_identifier(ls_bytes line, ls_bytes *id, ls_bytes *body)
{
    ls_reader r = ls_reader_of(line);
    if (ls_read_u8(&r) != '[' || !ls_read_until(&r, ']', id) || !ls_name_valid(*id) || ls_read_u8(&r) != ' ') {
        return false;
    }
    *body = ls_read_bytes(&r, ls_reader_left(&r));
    return body->len > 0;
}

static void begin_paragraph(text_reader *r, ls_bytes line, unsigned number)
{
    ls_bytes id, body;
    r->inside = true;
    if (!split_identifier(line, &id, &body)) {
        ls_diagnose(r->d, (ls_mark){number, 1}, "begin it with a name in brackets and a space: [p1] …",
                    "this paragraph has no identifier");
        return;
    }
    const char *kept = ls_arena_str(r->arena, id);
    if (kept == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    if (r->count == LS_PARAGRAPHS_MAX) {
        ls_diagnose(r->d, (ls_mark){number, 1}, NULL, "more than %d paragraphs", LS_PARAGRAPHS_MAX);
        return;
    }
    id.ptr = (const uint8_t *)kept;
    ls_ids_add(&r->ids, id, (ls_mark){number, 2}, r->d);
    r->paragraphs[r->count++] = (ls_paragraph){id, body, number};
}

static void read_line(text_reader *r, ls_bytes line, unsigned number)
{
    check_line(r, line, number);
    if (is_blank(line) || line.ptr[0] == '#') {
        r->inside = false;
    } else if (!r->inside) {
        begin_paragraph(r, line, number);
    } else if (r->count > 0) {
        /* The lines of a paragraph follow each other in the text, so its body only grows. */
        ls_paragraph *p = &r->paragraphs[r->count - 1];
        p->body.len = (size_t)(line.ptr + line.len - p->body.ptr);
    }
}

void ls_text_read(ls_arena *arena, ls_bytes text, ls_diagnostics *d, ls_paragraph **paragraphs, size_t *count)
{
    size_t before = d->errors;
    text_reader r = {.arena = arena, .d = d};
    if (text.len > LS_TEXT_MAX) {
        ls_diagnose(d, (ls_mark){1, 1}, NULL, "the text is longer than %u bytes", LS_TEXT_MAX);
        return;
    }
    r.paragraphs = ls_arena_array(arena, LS_PARAGRAPHS_MAX, sizeof *r.paragraphs);
    if (r.paragraphs == NULL || !ls_ids_init(&r.ids, "paragraph", LS_PARAGRAPHS_MAX, arena, d)) {
        ls_field_no_memory(d);
        return;
    }
    unsigned number = 0;
    ls_reader lines = ls_reader_of(text);
    for (ls_bytes line; ls_read_until(&lines, '\n', &line);) {
        read_line(&r, line, ++number);
    }
    if (d->errors == before) {
        *paragraphs = r.paragraphs;
        *count = r.count;
    }
}
