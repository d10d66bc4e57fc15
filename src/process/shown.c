/* Text of others as it is shown, and in HTML. */
#include "process/shown.h"
#include "process/plain.h"
#include <inttypes.h>
#include <stdio.h>

/* Code points that Unicode keeps free for ever, and cairo and HTML refuse. */
static bool is_no_character(uint32_t c)
{
    return (c & 0xfffe) == 0xfffe || (c >= 0xfdd0 && c <= 0xfdef);
}

/* What has no shape of its own, by Unicode 15's Default_Ignorable_Code_Point (DerivedCoreProperties.txt), but for the
 * joiners U+200C and U+200D, which some scripts can't be written without. First and last, ascending. */
static const uint32_t shapeless[][2] = {
    {0x00ad, 0x00ad}, {0x034f, 0x034f}, {0x061c, 0x061c}, {0x115f, 0x1160},   {0x17b4, 0x17b5},   {0x180b, 0x180f},
    {0x200b, 0x200b}, {0x200e, 0x200f}, {0x202a, 0x202e}, {0x2060, 0x206f},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},
    {0xfeff, 0xfeff}, {0xffa0, 0xffa0}, {0xfff0, 0xfff8}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
};

static bool is_shapeless(uint32_t c)
{
    for (size_t i = 0; i < sizeof shapeless / sizeof *shapeless && c >= shapeless[i][0]; i++) {
        if (c <= shapeless[i][1]) {
            return true;
        }
    }
    return false;
}

bool ls_shown_next(ls_bytes text, bool lines, size_t *offset, char out[static LS_SHOWN_SIZE])
{
    if (*offset >= text.len) {
        return false;
    }
    size_t begin = *offset;
    uint32_t c = ls_utf8_next(text, offset);
    size_t len = *offset - begin;
    if (c == '\n') {
        snprintf(out, LS_SHOWN_SIZE, lines ? "\n" : " ");
    } else if (c == 0xfffd && len == 1) { /* no UTF-8 */
        snprintf(out, LS_SHOWN_SIZE, "\xef\xbf\xbd");
    } else if (!ls_plain_char(c) || is_no_character(c) || is_shapeless(c)) {
        snprintf(out, LS_SHOWN_SIZE, "[U+%04" PRIX32 "]", c);
    } else {
        memcpy(out, text.ptr + begin, len);
        out[len] = '\0';
    }
    return true;
}

/* How many bytes from here on are printable ASCII that needs no escape, as most text is. */
static size_t plain_run(ls_bytes text, size_t offset)
{
    size_t end = offset;
    while (end < text.len && text.ptr[end] >= 0x20 && text.ptr[end] < 0x7f && text.ptr[end] != '&' &&
           text.ptr[end] != '<' && text.ptr[end] != '>' && text.ptr[end] != '"' && text.ptr[end] != '\'') {
        end++;
    }
    return end - offset;
}

void ls_shown_html(ls_buf *out, ls_bytes text, bool lines)
{
    static const struct {
        char c;
        const char *escaped;
    } special[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&#39;"}};
    char shown[LS_SHOWN_SIZE];
    for (size_t offset = 0; offset < text.len;) {
        size_t run = plain_run(text, offset);
        ls_buf_put(out, text.ptr + offset, run);
        offset += run;
        if (ls_shown_next(text, lines, &offset, shown)) {
            const char *put = shown;
            for (size_t i = 0; i < sizeof special / sizeof *special; i++) {
                put = shown[0] == special[i].c ? special[i].escaped : put;
            }
            ls_buf_put_str(out, put);
        }
    }
}

void ls_shown_element(ls_buf *out, const char *tag, ls_bytes text, bool lines)
{
    ls_buf_format(out, "<%s>", tag);
    ls_shown_html(out, text, lines);
    ls_buf_format(out, "</%.*s>", (int)strcspn(tag, " "), tag);
}
