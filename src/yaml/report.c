#include "yaml/report.h"

typedef struct wording {
    const char *part; /* of libfyaml's message */
    const char *text; /* NULL: libfyaml's own words do */
    const char *hint;
} wording;

#define HINT_QUOTES "put the whole value in double quotes"
#define HINT_COLUMN "keys of one map, and items of one list, begin in the same column"
#define HINT_SPACE "is a space missing after the ':'?"

/* The first row whose part occurs in the message counts, so the particular stand before the general. */
static const wording wordings[] = {
    {" tab", "a tab in the indentation", "indent with spaces"},
    {"tabs", "a tab in the indentation", "indent with spaces"},
    {"nested block mapping", "a second ': ' on the line", "put a value that contains ': ' in double quotes"},
    {"multiline plain key", "this line and the next are read as one key", HINT_COLUMN},
    {"mapping in plain multiline", "this line does not belong to the map above", HINT_COLUMN},
    {"closing quote", "a quote that is never closed", "close it with the quote that opened it"},
    {"quoted scalar", "text after the closing quote",
     "inside single quotes write a quote twice ('it''s'), or put the whole value in double quotes"},
    {"indented double-quoted", "a quote that is not closed on its line", "close it, or indent the lines that follow"},
    {"indented single-quoted", "a quote that is not closed on its line", "close it, or indent the lines that follow"},
    {"UTF8 escape", "an escape that is not a character", "write the character itself"},
    {"hex escape", "an escape that is not complete", "write \\ as \\\\ in double quotes, or use single quotes"},
    {"invalid escape", NULL, "write \\ as \\\\ in double quotes, or use single quotes"},
    {"cannot start with", NULL, HINT_QUOTES},
    {"same line as a mapping key", "a list item on the line of its key", "begin the list on the next line"},
    {"mismatched flow", "a closing bracket that does not fit the opening one", "'[' ends with ']', '{' with '}'"},
    {"extra closing", "a closing bracket without an opening one", HINT_QUOTES},
    {"extra comma", "a comma too many", "remove it"},
    {"missing comma", "a comma is missing", "items between brackets are separated by commas"},
    {"value after mapping", "neither a key nor an item of the list above", "is a space missing after the '-'?"},
    {"expected key", "a key is expected here", HINT_COLUMN},
    {"indent", "wrong indentation", HINT_COLUMN},
    {"indendation", "wrong indentation", HINT_COLUMN},
    {"block scalar", "a text block that is not well formed", "indent every line of the block by the same spaces"},
    {"missing document start", "text where the document should have ended", HINT_QUOTES},
};

static const wording *find_wording(const char *message)
{
    for (size_t i = 0; i < sizeof wordings / sizeof *wordings; i++) {
        if (strstr(message, wordings[i].part) != NULL) {
            return &wordings[i];
        }
    }
    static const wording plain = {"", NULL, NULL};
    return &plain;
}

/* True if the line at offset has a ':' that something other than a blank follows, as in "days:60". */
static bool colon_without_space(ls_bytes text, size_t offset)
{
    for (size_t i = offset; i + 1 < text.len && text.ptr[i] != '\n'; i++) {
        if (text.ptr[i] == ':') {
            return strchr(" \t\r\n", text.ptr[i + 1]) == NULL;
        }
    }
    return false;
}

void ls_yaml_report(ls_diagnostics *d, ls_bytes text, size_t offset, ls_mark mark, const char *message)
{
    const wording *w = find_wording(message);
    const char *hint = w->hint;
    if (hint != NULL && strcmp(hint, HINT_COLUMN) == 0 && colon_without_space(text, offset)) {
        hint = HINT_SPACE;
    }
    ls_diagnose(d, mark, hint, "%s", w->text != NULL ? w->text : message);
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

static const wording refusals[] = {
    {"control", "a control character", "remove it; an editor may not show it"},
    {"directive", "a line that begins with '%'", "directives are not accepted; put a text that begins with '%' in quotes"},
    {"encoding", "not UTF-8", "save the file as plain text in UTF-8"},
};

/* A lone carriage return is refused because programs disagree whether it ends a line. Directives are never needed, and
 * a line of many percent signs takes libfyaml minutes. */
static const wording *refusal_of(const walk *w)
{
    uint8_t c = w->text.ptr[w->offset];
    bool crlf = c == '\r' && w->offset + 1 < w->text.len && w->text.ptr[w->offset + 1] == '\n';
    if ((c < 0x20 && c != '\n' && c != '\t' && !crlf) || c == 0x7f) {
        return &refusals[0];
    }
    if (c == '%' && w->mark.column == 1) {
        return &refusals[1];
    }
    return character_length(w) == 0 ? &refusals[2] : NULL;
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
        const wording *refusal = refusal_of(&w);
        if (refusal != NULL) {
            ls_diagnose(d, w.mark, refusal->hint, "%s", refusal->text);
            return false;
        }
        advance(&w);
    }
    return true;
}
