/* JSON: jansson reads, the narrower rules of signed documents are checked on top, and RFC 8785 is written here. */
#include "base/value.h"
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

const ls_fault ls_fault_json = {LS_CLASS_INVALID, "json", "not the JSON that Lockstep accepts"};

/* Whole numbers below this are the same in every JSON reader, also in those that hold them as doubles (RFC 8785). */
#define INTEGER_LIMIT ((uint64_t)1 << 53)

/*
 * The tree that jansson gives back has no places. So what is valid JSON but not ours is looked for in the text, which
 * is known to be valid by then and needs hardly any grammar: strings are skipped, brackets counted, numbers looked at.
 */
typedef struct scan {
    ls_bytes text;
    size_t at;
    unsigned line, column, depth;
} scan;

/* Columns count characters, as jansson does: bytes that continue one don't. */
static void step(scan *s)
{
    uint8_t c = s->text.ptr[s->at++];
    if (c == '\n') {
        s->line++;
        s->column = 1;
    } else if ((c & 0xc0) != 0x80) {
        s->column++;
    }
}

/* An escape is skipped as a pair, so that an escaped quotation mark does not end the string. */
static void skip_string(scan *s)
{
    step(s);
    while (s->text.ptr[s->at] != '"') {
        if (s->text.ptr[s->at] == '\\') {
            step(s);
        }
        step(s);
    }
    step(s);
}

/* A minus sign apart, what is left of a number without fraction and exponent is a decimal as everywhere else here. */
static const char *check_number(scan *s)
{
    const uint8_t *start = s->text.ptr + s->at;
    while (s->at < s->text.len && strchr("+-.0123456789Ee", s->text.ptr[s->at]) != NULL) {
        step(s);
    }
    ls_bytes number = ls_bytes_of(start, (size_t)(s->text.ptr + s->at - start));
    size_t sign = number.ptr[0] == '-' ? 1 : 0;
    uint64_t value;
    if (!ls_decimal_parse(ls_bytes_of(number.ptr + sign, number.len - sign), UINT64_MAX, &value)) {
        return "numbers must be whole, without fraction or exponent";
    }
    return value < INTEGER_LIMIT ? NULL : "whole numbers must lie between -2^53 and 2^53";
}

/* Passes over one token, or says what is wrong with it. Outside strings, an 'n' can only begin a null. */
static const char *check_token(scan *s)
{
    uint8_t c = s->text.ptr[s->at];
    if (c == '"') {
        skip_string(s);
        return NULL;
    }
    if (c == '-' || (c >= '0' && c <= '9')) {
        return check_number(s);
    }
    if (c == 'n') {
        return "there is no null here";
    }
    s->depth += c == '[' || c == '{' ? 1 : 0;
    s->depth -= c == ']' || c == '}' ? 1 : 0;
    if (s->depth > LS_VALUE_DEPTH_MAX) {
        return "nested too deeply";
    }
    step(s);
    return NULL;
}

static ls_result fail_at(ls_detail *detail, unsigned line, unsigned column, const char *text)
{
    if (detail != NULL) {
        detail->line = line;
        detail->column = column;
    }
    return ls_fail_with(&ls_fault_json, detail, "%s", text);
}

static ls_result check_subset(ls_bytes text, ls_detail *detail)
{
    scan s = {.text = text, .line = 1, .column = 1};
    while (s.at < text.len) {
        unsigned line = s.line, column = s.column;
        const char *wrong = check_token(&s);
        if (wrong != NULL) {
            return fail_at(detail, line, column, wrong);
        }
    }
    return LS_SUCCESS;
}

/* jansson passes over a NUL behind a number, which it looks at twice. */
ls_result ls_json_refuse_nul(ls_bytes text, ls_detail *detail)
{
    const uint8_t *nul = text.len == 0 ? NULL : memchr(text.ptr, 0, text.len);
    scan s = {.text = text, .line = 1, .column = 1};
    while (nul != NULL && text.ptr + s.at < nul) {
        step(&s);
    }
    return nul == NULL ? LS_SUCCESS : fail_at(detail, s.line, s.column, "a NUL byte");
}

static ls_value *convert(ls_arena *arena, json_t *json);

/* Recursion is bounded: check_subset has counted the depth. */
static ls_value *convert_list(ls_arena *arena, json_t *json)
{
    size_t count = json_array_size(json);
    ls_value **items = ls_arena_array(arena, count, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++) {
        items[i] = convert(arena, json_array_get(json, i));
    }
    return items == NULL ? NULL : ls_value_list(arena, count, items);
}

/* Copies a key; a NULL value tells ls_value_map that there was no memory for it. */
static ls_entry convert_entry(ls_arena *arena, void *iterator)
{
    size_t len = json_object_iter_key_len(iterator);
    const char *key = ls_arena_str(arena, ls_bytes_of(json_object_iter_key(iterator), len));
    ls_value *value = key == NULL ? NULL : convert(arena, json_object_iter_value(iterator));
    return (ls_entry){.key = ls_bytes_of(key, len), .value = value};
}

static ls_value *convert_map(ls_arena *arena, json_t *json)
{
    size_t count = json_object_size(json), i = 0;
    ls_entry *entries = ls_arena_array(arena, count, sizeof *entries);
    if (entries == NULL) {
        return NULL;
    }
    for (void *it = json_object_iter(json); it != NULL; it = json_object_iter_next(json, it)) {
        entries[i++] = convert_entry(arena, it);
    }
    return ls_value_map(arena, count, entries);
}

/* NULL only for lack of memory: check_subset has refused the other types and what is nested too deeply. */
static ls_value *convert(ls_arena *arena, json_t *json)
{
    switch (json_typeof(json)) {
    case JSON_OBJECT:
        return convert_map(arena, json);
    case JSON_ARRAY:
        return convert_list(arena, json);
    case JSON_STRING:
        return ls_value_string(arena, ls_bytes_of(json_string_value(json), json_string_length(json)));
    case JSON_INTEGER:
        return ls_value_integer(arena, json_integer_value(json));
    case JSON_TRUE:
    case JSON_FALSE:
        return ls_value_boolean(arena, json_is_true(json));
    default:
        return NULL;
    }
}

ls_result ls_json_parse(ls_arena *arena, ls_bytes text, ls_value **out, ls_detail *detail)
{
    if (text.len > LS_VALUE_DOCUMENT_MAX) {
        return ls_fail_with(&ls_fault_json, detail, "longer than %u bytes", LS_VALUE_DOCUMENT_MAX);
    }
    LS_TRY(ls_json_refuse_nul(text, detail));
    json_error_t error = {0};
    json_t *json = json_loadb(text.len == 0 ? "" : (const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, &error);
    if (json == NULL) {
        bool memory = json_error_code(&error) == json_error_out_of_memory;
        return memory
                   ? ls_fail(&ls_fault_memory)
                   : fail_at(detail, (unsigned)error.line, error.column < 1 ? 1 : (unsigned)error.column, error.text);
    }
    /* Checked before anything is copied: convert trusts what it is given. */
    ls_result result = check_subset(text, detail);
    ls_value *value = ls_failed(result) ? NULL : convert(arena, json);
    json_decref(json);
    LS_TRY(result);
    if (value == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = value;
    return LS_SUCCESS;
}

/* The first UTF-16 code unit of a code point. */
static uint32_t first_unit(uint32_t code_point)
{
    return code_point < 0x10000 ? code_point : 0xd800 + ((code_point - 0x10000) >> 10);
}

/* RFC 8785 sorts by UTF-16 code units. That differs from the order of the bytes only where a character beyond U+FFFF
 * meets one from U+E000 on. */
static int compare_keys(const void *a, const void *b)
{
    ls_bytes x = (*(const ls_entry *const *)a)->key, y = (*(const ls_entry *const *)b)->key;
    for (size_t i = 0, j = 0; i < x.len && j < y.len;) {
        uint32_t p = ls_utf8_next(x, &i), q = ls_utf8_next(y, &j);
        if (p != q) {
            /* With one first unit both are pairs, whose second units are in the order of the code points. */
            uint32_t u = first_unit(p), v = first_unit(q);
            return u != v ? (u < v ? -1 : 1) : (p < q ? -1 : 1);
        }
    }
    return x.len == y.len ? 0 : (x.len < y.len ? -1 : 1);
}

/* What needs no escape is written in stretches, not byte by byte: most strings are one stretch. */
static void write_string(ls_bytes s, ls_buf *out)
{
    static const char *const escapes[256] = {['"'] = "\\\"", ['\\'] = "\\\\", ['\b'] = "\\b", ['\t'] = "\\t",
                                             ['\n'] = "\\n", ['\f'] = "\\f",  ['\r'] = "\\r"};
    ls_buf_put_u8(out, '"');
    size_t plain = 0;
    for (size_t i = 0; i < s.len; i++) {
        uint8_t c = s.ptr[i];
        if (c >= 0x20 && escapes[c] == NULL) {
            continue;
        }
        ls_buf_put(out, s.ptr + plain, i - plain);
        plain = i + 1;
        if (escapes[c] != NULL) {
            ls_buf_put_str(out, escapes[c]);
        } else {
            ls_buf_format(out, "\\u%04x", (unsigned)c);
        }
    }
    ls_buf_put(out, s.ptr + plain, s.len - plain);
    ls_buf_put_u8(out, '"');
}

static void write_list(const ls_value *v, ls_buf *out)
{
    ls_buf_put_u8(out, '[');
    for (size_t i = 0; i < v->count; i++) {
        ls_buf_put_str(out, i == 0 ? "" : ",");
        ls_json_canonical(v->items[i], out);
    }
    ls_buf_put_u8(out, ']');
}

/* Sorts pointers, not the map itself, which keeps the order of its source for messages. */
static void write_map(const ls_value *v, ls_buf *out)
{
    const ls_entry **sorted = calloc(v->count + 1, sizeof(const ls_entry *));
    if (sorted == NULL) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < v->count; i++) {
        sorted[i] = &v->entries[i];
    }
    qsort(sorted, v->count, sizeof *sorted, compare_keys);
    ls_buf_put_u8(out, '{');
    for (size_t i = 0; i < v->count; i++) {
        ls_buf_put_str(out, i == 0 ? "" : ",");
        write_string(sorted[i]->key, out);
        ls_buf_put_u8(out, ':');
        ls_json_canonical(sorted[i]->value, out);
    }
    ls_buf_put_u8(out, '}');
    free(sorted);
}

void ls_json_canonical(const ls_value *v, ls_buf *out)
{
    switch (v->type) {
    case LS_STRING:
        write_string(v->string, out);
        return;
    case LS_INTEGER:
        ls_buf_format(out, "%" PRId64, v->integer);
        return;
    case LS_BOOLEAN:
        ls_buf_put_str(out, v->boolean ? "true" : "false");
        return;
    case LS_LIST:
        write_list(v, out);
        return;
    case LS_MAP:
        write_map(v, out);
        return;
    }
}

ls_result ls_json_check_canonical(const ls_value *v, ls_bytes text)
{
    ls_buf canonical = {0};
    ls_json_canonical(v, &canonical);
    ls_result r = ls_buf_check(&canonical);
    if (ls_succeeded(r) && !ls_bytes_equal(ls_buf_bytes(&canonical), text)) {
        r = ls_fail(&ls_fault_json);
    }
    ls_buf_free(&canonical);
    return r;
}
