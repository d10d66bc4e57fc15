/* Words: how a text is cut, so that what is compared is what a reader sees as one. */
#include "text/tokens.h"

/* Ideographs, kana and the like are written without spaces: each is compared by itself. First and last code points. */
static const uint32_t signs[][2] = {
    {0x0e00, 0x0eff}, {0x1000, 0x109f}, {0x1780, 0x17ff}, {0x2e80, 0x2fdf},   {0x3005, 0x3007},
    {0x3021, 0x30ff}, {0x3400, 0x9fff}, {0xf900, 0xfaff}, {0x20000, 0x3ffff},
};
/* What separates words beyond ASCII: punctuation. */
static const uint32_t marks[][2] = {
    {0x00a0, 0x00bf}, {0x00d7, 0x00d7}, {0x00f7, 0x00f7}, {0x2000, 0x206f},
    {0x3000, 0x3004}, {0x3008, 0x3020}, {0xfe10, 0xfe6f}, {0xff00, 0xff0f},
};

static bool within(uint32_t c, const uint32_t ranges[][2], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1]) {
            return true;
        }
    }
    return false;
}

static ls_token_class class_of(uint32_t c)
{
    if (c == ' ' || c == '\n') {
        return LS_TOKEN_SPACE;
    }
    if (c < 0x80) {
        bool word = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        return word ? LS_TOKEN_WORD : LS_TOKEN_MARK;
    }
    return within(c, signs, sizeof signs / sizeof *signs)   ? LS_TOKEN_SIGN
           : within(c, marks, sizeof marks / sizeof *marks) ? LS_TOKEN_MARK
                                                            : LS_TOKEN_WORD;
}

/* Words and spaces go on, everything else is one character. */
static ls_token next_token(ls_bytes text, size_t *offset)
{
    size_t begin = *offset, end = begin;
    ls_token_class class = class_of(ls_utf8_next(text, &end));
    while (end < text.len && (class == LS_TOKEN_WORD || class == LS_TOKEN_SPACE)) {
        size_t next = end;
        if (class_of(ls_utf8_next(text, &next)) != class) {
            break;
        }
        end = next;
    }
    *offset = end;
    return (ls_token){ls_bytes_of(text.ptr + begin, end - begin), class};
}

/* The end of a line could begin something in Markdown: a list, a heading. Before a word it doesn't, unless that is a
 * number with a full stop or a bracket, which begins a list. */
static bool is_break(const ls_tokens *t, size_t i)
{
    if (t->token[i].class != LS_TOKEN_SPACE || t->token[i].text.len != 1 || i == 0 || i + 1 == t->count ||
        t->token[i + 1].class == LS_TOKEN_MARK || ls_bytes_is(t->token[i - 1].text, "\\")) {
        return false;
    }
    uint8_t first = t->token[i + 1].text.ptr[0];
    bool number = first >= '0' && first <= '9';
    uint8_t after = i + 2 < t->count ? t->token[i + 2].text.ptr[0] : ' ';
    return !number || (after != '.' && after != ')');
}

/* In code every space counts. */
static bool has_code(ls_bytes text)
{
    return ls_bytes_starts(text, "    ") || memmem(text.ptr, text.len, "\n    ", 5) != NULL ||
           memmem(text.ptr, text.len, "```", 3) != NULL || memmem(text.ptr, text.len, "~~~", 3) != NULL;
}

bool ls_tokens_make(ls_arena *arena, ls_text_kind kind, ls_bytes text, ls_tokens *out)
{
    ls_tokens t = {0};
    for (size_t offset = 0; offset < text.len; t.count++) {
        next_token(text, &offset);
    }
    t.token = ls_arena_array(arena, t.count, sizeof *t.token);
    if (t.token == NULL) {
        return false;
    }
    for (size_t offset = 0, i = 0; offset < text.len;) {
        t.token[i++] = next_token(text, &offset);
    }
    bool breaks = kind == LS_TEXT_PROSE && !has_code(text);
    for (size_t i = 0; i < t.count && breaks; i++) {
        t.token[i].class = is_break(&t, i) ? LS_TOKEN_BREAK : t.token[i].class;
    }
    *out = t;
    return true;
}

bool ls_token_equal(const ls_token *a, const ls_token *b)
{
    return a->class == b->class && (a->class == LS_TOKEN_BREAK || ls_bytes_equal(a->text, b->text));
}

unsigned ls_token_weight(const ls_token *t)
{
    return t->class == LS_TOKEN_WORD ? 2 : t->class == LS_TOKEN_SIGN ? 1 : 0;
}
