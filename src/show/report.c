#include "show/report.h"
#include <inttypes.h>
#include <unistd.h>

const ls_fault ls_fault_show = {LS_CLASS_ENVIRONMENT, "output", "the rows can't be written"};

static const struct {
    const char *text, *json;
} levels[] = {[LS_FINDING_OK] = {"OK    ", "ok"},
              [LS_FINDING_NOTE] = {"note  ", "note"},
              [LS_FINDING_FAILED] = {"FAILED", "failed"}};

static size_t count_failed(const ls_report *r)
{
    size_t failed = 0;
    for (size_t i = 0; i < r->count; i++) {
        failed += r->finding[i].level == LS_FINDING_FAILED;
    }
    return failed;
}

void ls_show_findings(FILE *out, const ls_report *r)
{
    for (size_t i = 0; i < r->count; i++) {
        const ls_finding *f = &r->finding[i];
        fprintf(out, "  %s  %s: %s\n", levels[f->level].text, f->subject, f->text);
    }
}

void ls_show_report(FILE *out, const char *file, const ls_report *r)
{
    fprintf(out, "%s\n", file);
    if (r->exercise) {
        fprintf(out, "EXERCISE. Nothing signed here can pass as real.\n");
    }
    ls_show_findings(out, r);
    if (!r->anchored && !ls_hash_is_zero(&r->charter)) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&r->charter, hex);
        fprintf(out,
                "WARNING: whoever made this file may have made up the whole process. Ask a delegation, by another way\n"
                "than the one by which this file came, for the charter's fingerprint, and give theirs with --charter.\n"
                "This file says that it is %s\n",
                hex);
    }
    if (r->failed) {
        fprintf(out, "NOT VALID: %zu of %zu findings failed\n", count_failed(r), r->count);
    } else {
        const char *holds = r->holds != NULL ? r->holds : "valid";
        fprintf(out, "%s\n", r->anchored ? holds : "consistent with itself, and no more than that");
    }
}

json_t *ls_show_text_json(const char *s)
{
    if (ls_utf8_valid(ls_bytes_str(s))) {
        return json_string(s);
    }
    char *copy = strdup(s);
    for (char *p = copy; p != NULL && *p != '\0'; p++) {
        *p = (unsigned char)*p < 0x80 ? *p : '?';
    }
    json_t *json = copy == NULL ? NULL : json_string(copy);
    free(copy);
    return json;
}

json_t *ls_show_findings_json(const ls_report *r)
{
    json_t *list = json_array();
    for (size_t i = 0; i < r->count; i++) {
        const ls_finding *f = &r->finding[i];
        json_array_append_new(list, json_pack("{s:s, s:o, s:o}", "level", levels[f->level].json, "subject",
                                              ls_show_text_json(f->subject), "text", ls_show_text_json(f->text)));
    }
    return list;
}

static json_t *drawn_json(const ls_packet_report *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->count; i++) {
        const ls_drawn_row *x = &p->rows[i];
        json_array_append_new(list, json_pack("{s:I, s:I, s:I, s:b, s:s}", "position", (json_int_t)x->position,
                                              "tranche", (json_int_t)x->row.tranche, "row", (json_int_t)x->row.row,
                                              "replacement", x->replacement, "state", ls_drawn_state_name(x->state)));
    }
    return list;
}

/* What it is about; the row, if it is about one; and of a draw all that were drawn, in the order of their tickets. */
static json_t *packet_json(const ls_packet_report *p)
{
    char hex[LS_HEX_HASH_SIZE];
    if (p == NULL) {
        return json_null();
    }
    ls_hash_format(&p->packet.about, hex);
    json_t *row = p->packet.single ? json_pack("{s:I, s:I}", "tranche", (json_int_t)p->packet.row.tranche, "row",
                                               (json_int_t)p->packet.row.row)
                                   : json_null();
    return json_pack("{s:s, s:o, s:o}", p->packet.challenge ? "challenge" : "draw", hex, "row", row, "drawn",
                     drawn_json(p));
}

json_t *ls_show_report_json(const char *file, const ls_report *r)
{
    char hex[LS_HEX_HASH_SIZE] = "";
    if (!ls_hash_is_zero(&r->charter)) {
        ls_hash_format(&r->charter, hex);
    }
    return json_pack("{s:o, s:b, s:b, s:b, s:s, s:b, s:I, s:o, s:o}", "file", ls_show_text_json(file), "valid",
                     !r->failed, "anchored", r->anchored, "exercise", r->exercise, "charter", hex, "false_declaration",
                     r->false_declaration, "proven", (json_int_t)r->proven, "packet", packet_json(r->packet),
                     "findings", ls_show_findings_json(r));
}

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
