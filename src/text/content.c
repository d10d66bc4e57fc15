/* What a paragraph may hold. */
#include "process/plain.h"
#include "text/forms.h"

static bool is_blank(ls_bytes line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] != ' ') {
            return false;
        }
    }
    return true;
}

static ls_bytes unindented(ls_bytes line)
{
    while (line.len > 0 && line.ptr[0] == ' ') {
        line = ls_bytes_of(line.ptr + 1, line.len - 1);
    }
    return line;
}

static const char *wrong_line_of_prose(ls_bytes line)
{
    if (is_blank(line)) {
        return "a paragraph of prose has no empty line";
    }
    if (ls_bytes_starts(line, "<!-- #")) {
        return "a line that begins with '<!-- #' would be read as the mark of a paragraph";
    }
    return ls_bytes_starts(unindented(line), "```roadmap") ? "'```roadmap' begins a piece of the roadmap" : NULL;
}

/* Line by line, the empty one at an end included. */
static const char *wrong_line(ls_text_kind kind, ls_bytes content)
{
    bool blank = true;
    for (size_t from = 0, to; from <= content.len; from = to + 1) {
        for (to = from; to < content.len && content.ptr[to] != '\n'; to++) {
        }
        ls_bytes line = ls_bytes_of(content.ptr + from, to - from);
        const char *wrong = kind == LS_TEXT_PROSE                      ? wrong_line_of_prose(line)
                            : ls_bytes_starts(unindented(line), "```") ? "a piece of the roadmap has no line with '```'"
                                                                       : NULL;
        if (wrong != NULL) {
            return wrong;
        }
        blank = blank && is_blank(line);
    }
    return blank ? "a piece of the roadmap is not blank" : NULL;
}

const char *ls_text_content_wrong(ls_text_kind kind, ls_bytes content)
{
    if (content.len == 0) {
        return "a paragraph is not empty";
    }
    if (content.len > LS_TEXT_CONTENT_MAX) {
        return "a paragraph is longer than 16384 bytes";
    }
    if (!ls_utf8_valid(content)) {
        return "it is not UTF-8";
    }
    if (!ls_plain_valid(content)) {
        return "it holds a character that does not show, or one that reorders a line";
    }
    return wrong_line(kind, content);
}
