/* Cutting a roadmap into pieces that are negotiated one by one. */
#include "text/copy.h"

static ls_bytes line_at(ls_bytes text, size_t from)
{
    const uint8_t *end = memchr(text.ptr + from, '\n', text.len - from);
    return ls_bytes_of(text.ptr + from, end == NULL ? text.len - from : (size_t)(end - (text.ptr + from)));
}

static ls_bytes unindented(ls_bytes line)
{
    while (line.len > 0 && line.ptr[0] == ' ') {
        line = ls_bytes_of(line.ptr + 1, line.len - 1);
    }
    return line;
}

static bool is_comment(ls_bytes line)
{
    return ls_bytes_starts(unindented(line), "#");
}

/* A key of the frame, or an item of a list that has a name. */
static bool begins_piece(ls_bytes line)
{
    ls_bytes words = unindented(line);
    if (words.len == 0 || is_comment(line)) {
        return false;
    }
    return words.len == line.len ? words.ptr[0] != '-' || ls_bytes_starts(words, "- id:")
                                 : ls_bytes_starts(words, "- id:") || ls_bytes_starts(words, "- name:");
}

static void put_piece(ls_bytes text, size_t from, size_t to, ls_buf *out)
{
    ls_buf_put_str(out, out->len == 0 ? "" : "\n");
    ls_buf_put_str(out, "```roadmap\n");
    ls_buf_put(out, text.ptr + from, to - from);
    ls_buf_put_str(out, to > from && text.ptr[to - 1] == '\n' ? "```\n" : "\n```\n");
}

static void put_pieces(ls_bytes text, ls_buf *out)
{
    size_t begin = 0, comment = 0; /* where a piece begins, and the comments above a line */
    bool has_words = false, comments = false;
    for (size_t at = 0; at < text.len;) {
        ls_bytes line = line_at(text, at);
        if (begins_piece(line)) {
            size_t cut = comments ? comment : at;
            if (has_words) {
                put_piece(text, begin, cut, out);
                begin = cut;
            }
            has_words = true;
        }
        comment = is_comment(line) && !comments ? at : comment;
        comments = is_comment(line);
        has_words = has_words || (!comments && unindented(line).len > 0);
        at += line.len + 1;
    }
    if (begin < text.len) {
        put_piece(text, begin, text.len, out);
    }
}

ls_result ls_copy_join(ls_bytes prose, ls_bytes roadmap, ls_buf *out)
{
    ls_buf_put_bytes(out, prose);
    ls_buf_put_str(out, prose.len > 0 && prose.ptr[prose.len - 1] != '\n' ? "\n" : "");
    put_pieces(roadmap, out);
    return ls_buf_check(out);
}
