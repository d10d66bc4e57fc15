#include "yaml/report.h"

/* The rest of a document from a place on; empty if there is no such place. */
static ls_bytes text_at(ls_bytes text, ls_mark mark)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes line;
    for (unsigned i = 1; i < mark.line; i++) {
        if (!ls_read_line(&r, &line)) {
            return (ls_bytes){0};
        }
    }
    ls_bytes rest = {r.ptr, ls_reader_left(&r)};
    size_t offset = 0;
    for (unsigned i = 1; i < mark.column && offset < rest.len; i++) {
        ls_utf8_next(rest, &offset);
    }
    return ls_bytes_of(rest.ptr + offset, rest.len - offset);
}

static bool begins_with(const ls_yaml_problem *p, ls_mark mark, const char *any)
{
    ls_bytes at = text_at(p->text, mark);
    return at.len > 0 && strchr(any, at.ptr[0]) != NULL;
}

static bool at_tab(const ls_yaml_problem *p)
{
    return begins_with(p, p->mark, "\t");
}

static bool at_end(const ls_yaml_problem *p)
{
    return text_at(p->text, p->mark).len == 0;
}

static bool at_closing_bracket(const ls_yaml_problem *p)
{
    return begins_with(p, p->mark, "]}");
}

/* True if the last character before the place, blanks left out, is a quote. */
static bool after_quote(const ls_yaml_problem *p)
{
    ls_bytes line = text_at(p->text, (ls_mark){p->mark.line, 1});
    size_t end = line.len - text_at(p->text, p->mark).len;
    while (end > 0 && line.ptr[end - 1] == ' ') {
        end--;
    }
    return end > 0 && (line.ptr[end - 1] == '"' || line.ptr[end - 1] == '\'');
}

/* True if what follows mark, up to its line's end or to before, has a ':' that is followed by a blank (or is not). */
static bool colon_follows(const ls_yaml_problem *p, ls_mark mark, unsigned before, bool blank)
{
    ls_bytes at = text_at(p->text, mark);
    for (size_t i = 0; i + 1 < at.len && at.ptr[i] != '\n' && mark.column + i < before; i++) {
        if (at.ptr[i] == ':' && (strchr(" \t\r\n", at.ptr[i + 1]) != NULL) == blank) {
            return true;
        }
    }
    return false;
}

static bool second_colon(const ls_yaml_problem *p)
{
    return colon_follows(p, (ls_mark){p->mark.line, 1}, p->mark.column, true);
}

static bool line_lacks_space(const ls_yaml_problem *p)
{
    return colon_follows(p, p->context, UINT32_MAX, false);
}

static bool line_above_lacks_space(const ls_yaml_problem *p)
{
    return p->mark.line > 1 && colon_follows(p, (ls_mark){p->mark.line - 1, 1}, UINT32_MAX, false);
}

static bool at_dash(const ls_yaml_problem *p)
{
    return begins_with(p, p->context, "-");
}

typedef struct wording {
    const char *part;                          /* of libyaml's message */
    bool (*applies)(const ls_yaml_problem *p); /* NULL: always */
    const char *text;                          /* NULL: libyaml's own words do */
    const char *hint;
    bool at_context; /* the place is where the thing began */
} wording;

#define HINT_COLUMN "keys of one map, and items of one list, begin in the same column"
#define HINT_QUOTES "put the whole value in double quotes"
#define HINT_INNER "inside single quotes write a quote twice ('it''s'), or put the whole value in double quotes"
#define HINT_BRACKET "put a text that has brackets in it in quotes"
#define HINT_ESCAPE "in double quotes write \\ as \\\\, or use single quotes"

/* The first row that fits counts, so the particular stand before the general. */
static const wording wordings[] = {
    {"cannot start any token", at_tab, "a tab in the indentation", "indent with spaces", false},
    {"cannot start any token", NULL, "a value can't begin with this character", HINT_QUOTES, false},
    {"tab character", NULL, "a tab in the indentation", "indent with spaces", false},
    {"mapping values", second_colon, "a second ': ' on the line", "put a value that contains ': ' in double quotes",
     false},
    {"mapping values", line_above_lacks_space, "this line continues the one above",
     "is a space missing after the ':' there?", false},
    {"mapping values", NULL, "this line continues the one above", HINT_COLUMN, false},
    {"expected ':'", line_lacks_space, "this line is not 'key: value'", "is a space missing after the ':'?", true},
    {"expected ':'", at_dash, "this line is neither a key nor an item", "is a space missing after the '-'?", true},
    {"expected ':'", NULL, "this line is not 'key: value'", HINT_COLUMN, true},
    {"expected key", after_quote, "text after the closing quote", HINT_INNER, false},
    {"expected key", NULL, "a key is expected here", HINT_COLUMN, false},
    {"document start", after_quote, "text after the closing quote", HINT_INNER, false},
    {"document start", NULL, "this does not belong to what stands above", HINT_COLUMN, false},
    {"expected '-'", NULL, "an item that begins with '-' is expected here", HINT_COLUMN, false},
    {"sequence entries", NULL, "a list item on the line of its key", "begin the list on the next line", false},
    {"end of stream", NULL, "a quote that is never closed", "close it with the quote that opened it", true},
    {"expected ','", at_end, "a bracket that is never closed", HINT_BRACKET, true},
    {"expected ','", at_closing_bracket, "this bracket does not fit the opening one", "'[' ends with ']', '{' with '}'",
     false},
    {"expected ','", NULL, "a comma or a closing bracket is expected here", HINT_BRACKET, false},
    {"node content", at_end, "a bracket that is never closed", HINT_BRACKET, true},
    {"node content", NULL, "a value is expected here", "remove a comma too many; " HINT_BRACKET, false},
    {"unknown escape", NULL, "an escape that does not exist", HINT_ESCAPE, false},
    {"hexdecimal", NULL, "an escape that is not complete", HINT_ESCAPE, false},
    {"escape code", NULL, "an escape that is not a character", HINT_ESCAPE, false},
    {"comment or line break", NULL, "text on the line of the '|' or '>'", "begin the text on the next line", false},
    {"alphabetic or numeric", NULL, "a name is expected here", "put a text that begins with '&' or '*' in quotes",
     false},
};

static const wording *find_wording(const ls_yaml_problem *p)
{
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        const wording *w = &wordings[i];
        if (strstr(p->message, w->part) != NULL && (w->applies == NULL || w->applies(p))) {
            return w;
        }
    }
    static const wording own_words = {0};
    return &own_words;
}

void ls_yaml_report(ls_diagnostics *d, const ls_yaml_problem *problem)
{
    const wording *w = find_wording(problem);
    bool at_context = w->at_context && problem->context.line > 0;
    ls_diagnose(d, at_context ? problem->context : problem->mark, w->hint, "%s",
                w->text != NULL ? w->text : problem->message);
}

typedef struct walk {
    ls_bytes text;
    size_t offset;
    ls_mark mark;
} walk;

/* The length of the character at the walk's place, or 0 if it is not UTF-8. */
static size_t character_length(const walk *w)
{
    uint8_t lead = w->text.ptr[w->offset];
    size_t len = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    bool whole = w->text.len - w->offset >= len;
    return whole && ls_utf8_valid(ls_bytes_of(w->text.ptr + w->offset, len)) ? len : 0;
}

static bool is_control(uint32_t c)
{
    return (c < 0x20 && c != '\n' && c != '\r' && c != '\t') || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff;
}

/* What only some programs take for the end of a line would give the same bytes two meanings. */
static bool is_doubtful_line_end(const walk *w, uint32_t c)
{
    bool newline_follows = w->offset + 1 < w->text.len && w->text.ptr[w->offset + 1] == '\n';
    return c == 0x85 || c == 0x2028 || c == 0x2029 || (c == '\r' && !newline_follows);
}

typedef struct refusal {
    const char *text, *hint;
} refusal;

static const refusal refusals[] = {
    {"not UTF-8", "save the file as plain text in UTF-8"},
    {"a line end other than that of Unix or Windows", "save the file as plain text in UTF-8"},
    {"a control character", "remove it; an editor may not show it"},
    {"a byte order mark inside the text", "remove it; an editor may not show it"},
    {"a line that begins with '%'", "directives are not accepted; put a text that begins with '%' in quotes"},
};

static const refusal *refusal_of(const walk *w)
{
    if (character_length(w) == 0) {
        return &refusals[0];
    }
    size_t offset = w->offset;
    uint32_t c = ls_utf8_next(w->text, &offset);
    if (is_doubtful_line_end(w, c)) {
        return &refusals[1];
    }
    if (is_control(c)) {
        return &refusals[2];
    }
    if (c == 0xfeff) {
        return &refusals[3];
    }
    return c == '%' && w->mark.column == 1 ? &refusals[4] : NULL;
}

static void advance(walk *w)
{
    bool newline = w->text.ptr[w->offset] == '\n';
    w->offset += character_length(w);
    w->mark = newline ? (ls_mark){w->mark.line + 1, 1} : (ls_mark){w->mark.line, w->mark.column + 1};
}

bool ls_yaml_check_bytes(ls_diagnostics *d, ls_bytes text)
{
    if (text.len > LS_VALUE_DOCUMENT_MAX) {
        ls_diagnose(d, (ls_mark){1, 1}, NULL, "larger than %u bytes", LS_VALUE_DOCUMENT_MAX);
        return false;
    }
    walk w = {.text = text, .mark = {1, 1}};
    while (w.offset < text.len) {
        const refusal *r = refusal_of(&w);
        if (r != NULL) {
            ls_diagnose(d, w.mark, r->hint, "%s", r->text);
            return false;
        }
        advance(&w);
    }
    return true;
}
