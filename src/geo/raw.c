/* JSON as it stands: jansson says whether a value is JSON; the text, known to be valid by then, is read again. */
#include "geo/raw.h"
#include <jansson.h>

ls_raw_cursor ls_raw_begin(ls_bytes text)
{
    return (ls_raw_cursor){.text = text, .line = 1, .column = 1};
}

static void step(ls_raw_cursor *c)
{
    uint8_t byte = c->text.ptr[c->at++];
    if (byte == '\n') {
        c->line++;
        c->column = 1;
    } else if ((byte & 0xc0) != 0x80) {
        c->column++;
    }
}

uint8_t ls_raw_peek(ls_raw_cursor *c)
{
    while (c->at < c->text.len && c->text.ptr[c->at] != 0 && strchr(" \t\r\n", c->text.ptr[c->at]) != NULL) {
        step(c);
    }
    return c->at < c->text.len ? c->text.ptr[c->at] : 0;
}

bool ls_raw_take(ls_raw_cursor *c, uint8_t byte)
{
    bool is_there = ls_raw_peek(c) == byte && c->at < c->text.len;
    if (is_there) {
        step(c);
    }
    return is_there;
}

/* Fails at a place that is counted from the cursor. */
static ls_result fail_at(const ls_raw_cursor *c, unsigned line, unsigned column, ls_detail *detail, const char *text)
{
    if (detail != NULL) {
        detail->line = c->line + line - 1;
        detail->column = line == 1 ? c->column + column - 1 : column;
    }
    return ls_fail_with(&ls_fault_json, detail, "%s", text);
}

/* Whether one value of JSON begins here, and where it ends; what follows it is not looked at. */
static ls_result check_value(const ls_raw_cursor *c, size_t *end, ls_detail *detail)
{
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DISABLE_EOF_CHECK | JSON_DECODE_INT_AS_REAL;
    json_error_t error = {0};
    size_t left = c->text.len - c->at;
    json_t *json = json_loadb(left == 0 ? "" : (const char *)c->text.ptr + c->at, left, flags, &error);
    if (json != NULL) {
        json_decref(json);
        *end = c->at + (size_t)error.position;
        return LS_SUCCESS;
    }
    if (json_error_code(&error) == json_error_out_of_memory) {
        return ls_fail(&ls_fault_memory);
    }
    return fail_at(c, error.line < 1 ? 1 : (unsigned)error.line, error.column < 1 ? 1 : (unsigned)error.column, detail,
                   error.text);
}

/* Strings. */

static uint32_t hex4(const uint8_t *s)
{
    uint32_t code = 0;
    for (size_t i = 0; i < 4; i++) {
        code = code << 4 | (uint32_t)(s[i] <= '9' ? s[i] - '0' : (s[i] | 0x20) - 'a' + 10);
    }
    return code;
}

static size_t put_utf8(uint8_t *out, uint32_t code)
{
    static const uint8_t lead[] = {0, 0, 0xc0, 0xe0, 0xf0};
    size_t len = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    for (size_t i = len; i-- > 1; code >>= 6) {
        out[i] = (uint8_t)(0x80 | (code & 0x3f));
    }
    out[0] = (uint8_t)(len == 1 ? code : lead[len] | code);
    return len;
}

/* The escape at s, behind its backslash; how many bytes it has. Both halves of a pair are one. */
static size_t undo_escape(const uint8_t *s, uint8_t *out, size_t *written)
{
    static const char letters[] = "bfnrt", controls[] = "\b\f\n\r\t";
    const char *letter = memchr(letters, s[0], sizeof letters - 1);
    if (s[0] != 'u') {
        out[0] = letter == NULL ? s[0] : (uint8_t)controls[letter - letters];
        *written = 1;
        return 1;
    }
    uint32_t code = hex4(s + 1);
    bool pair = code >= 0xd800 && code < 0xdc00;
    if (pair) {
        code = 0x10000 + ((code - 0xd800) << 10) + (hex4(s + 7) - 0xdc00);
    }
    *written = put_utf8(out, code);
    return pair ? 11 : 5;
}

/* What a string means is never longer than it stands. */
static ls_result undo_escapes(ls_arena *arena, ls_bytes *text)
{
    uint8_t *out = (uint8_t *)ls_arena_str(arena, *text);
    if (out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    size_t len = 0;
    for (size_t i = 0; i < text->len;) {
        size_t written = 1;
        if (text->ptr[i] == '\\') {
            i += 1 + undo_escape(text->ptr + i + 1, out + len, &written);
        } else {
            out[len] = text->ptr[i++];
        }
        len += written;
    }
    *text = ls_bytes_of(out, len);
    return LS_SUCCESS;
}

static ls_result take_string(ls_arena *arena, ls_raw_cursor *c, ls_bytes *out)
{
    step(c);
    size_t start = c->at;
    bool escaped = false;
    while (c->text.ptr[c->at] != '"') {
        if (c->text.ptr[c->at] == '\\') {
            escaped = true;
            step(c);
        }
        step(c);
    }
    *out = ls_bytes_of(c->text.ptr + start, c->at - start);
    step(c);
    return escaped ? undo_escapes(arena, out) : LS_SUCCESS;
}

/* Values. */

static ls_raw_type type_of(uint8_t first)
{
    switch (first) {
    case '{':
        return LS_RAW_MAP;
    case '[':
        return LS_RAW_LIST;
    case '"':
        return LS_RAW_STRING;
    case 't':
    case 'f':
        return LS_RAW_BOOLEAN;
    case 'n':
        return LS_RAW_NULL;
    default:
        return LS_RAW_NUMBER;
    }
}

/* A number, true, false or null: up to what may follow it in a container, or to the value's end. */
static ls_bytes take_plain(ls_raw_cursor *c, size_t end)
{
    size_t start = c->at;
    while (c->at < end && strchr(" \t\r\n,]}", c->text.ptr[c->at]) == NULL) {
        step(c);
    }
    return ls_bytes_of(c->text.ptr + start, c->at - start);
}

void ls_raw_attach(ls_raw *parent, ls_raw *node)
{
    node->parent = parent;
    *(parent->last == NULL ? &parent->first : &parent->last->next) = node;
    parent->last = node;
    parent->count++;
}

/* One reading of a value that is valid. */
typedef struct reading {
    ls_arena *arena;
    ls_raw_cursor *cursor;
    size_t end;          /* of the value, in the cursor's text */
    ls_raw *root, *open; /* the innermost container that is not closed */
    unsigned depth;
    ls_bytes key;
} reading;

static ls_result open_value(reading *r, ls_detail *detail)
{
    ls_raw_cursor *c = r->cursor;
    ls_raw *node = ls_arena_alloc(r->arena, sizeof *node);
    if (node == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *node = (ls_raw){.type = type_of(c->text.ptr[c->at]), .mark = {c->line, c->column}, .key = r->key};
    r->key = (ls_bytes){0};
    if (r->open != NULL) {
        ls_raw_attach(r->open, node);
    }
    r->root = r->root == NULL ? node : r->root;
    if (node->type == LS_RAW_LIST || node->type == LS_RAW_MAP) {
        if (++r->depth > LS_RAW_DEPTH_MAX) {
            return fail_at(c, 1, 1, detail, "nested too deeply");
        }
        node->text = ls_bytes_of(c->text.ptr + c->at, 1);
        r->open = node;
        step(c);
        return LS_SUCCESS;
    }
    if (node->type == LS_RAW_STRING) {
        return take_string(r->arena, c, &node->text);
    }
    node->text = take_plain(c, r->end);
    return LS_SUCCESS;
}

static void close_value(reading *r)
{
    step(r->cursor);
    r->open->text.len = (size_t)(r->cursor->text.ptr + r->cursor->at - r->open->text.ptr);
    r->open = r->open->parent;
    r->depth--;
}

/* Commas and colons say nothing that the rest does not. */
static ls_result read_token(reading *r, ls_detail *detail)
{
    uint8_t byte = ls_raw_peek(r->cursor);
    if (byte == ',' || byte == ':') {
        step(r->cursor);
        return LS_SUCCESS;
    }
    if (byte == ']' || byte == '}') {
        close_value(r);
        return LS_SUCCESS;
    }
    if (r->open != NULL && r->open->type == LS_RAW_MAP && r->key.ptr == NULL) {
        return take_string(r->arena, r->cursor, &r->key);
    }
    return open_value(r, detail);
}

ls_result ls_raw_value(ls_arena *arena, ls_raw_cursor *c, ls_raw **out, ls_detail *detail)
{
    (void)ls_raw_peek(c);
    reading r = {.arena = arena, .cursor = c, .end = c->text.len};
    if (!c->again) {
        LS_TRY(check_value(c, &r.end, detail));
    }
    do {
        LS_TRY(read_token(&r, detail));
    } while (r.open != NULL);
    *out = r.root;
    return LS_SUCCESS;
}

ls_result ls_raw_parse(ls_arena *arena, ls_bytes text, ls_raw **out, ls_detail *detail)
{
    ls_raw_cursor c = ls_raw_begin(text);
    ls_raw *node;
    LS_TRY(ls_json_refuse_nul(text, detail));
    LS_TRY(ls_raw_value(arena, &c, &node, detail));
    if (ls_raw_peek(&c) != 0 || c.at < c.text.len) {
        return fail_at(&c, 1, 1, detail, "something follows the end");
    }
    *out = node;
    return LS_SUCCESS;
}

const ls_raw *ls_raw_get(const ls_raw *map, const char *key)
{
    if (map == NULL || map->type != LS_RAW_MAP) {
        return NULL;
    }
    for (const ls_raw *n = map->first; n != NULL; n = n->next) {
        if (ls_bytes_is(n->key, key)) {
            return n;
        }
    }
    return NULL;
}

const char *ls_raw_type_name(ls_raw_type type)
{
    static const char *const names[LS_RAW_TYPES] = {"null", "a boolean", "a number", "a string", "a list", "an object"};
    return names[type];
}
