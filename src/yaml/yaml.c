/*
 * The tree is built from libyaml's events rather than from its documents: events show second documents, anchors and
 * empty values, and each carries its place.
 */
#include "yaml/yaml.h"
#include "yaml/report.h"
#include <stdlib.h>
#include <yaml.h>

#define INTEGER_MAX ((1ull << 53) - 1)

typedef struct frame {
    ls_value *node;
    size_t first; /* of the node's entries among all pending ones */
} frame;

typedef struct builder {
    ls_arena *arena;
    ls_diagnostics *d;
    ls_bytes text;
    ls_value *root;
    ls_buf pending; /* ls_entry: what the open lists and maps have got so far, the innermost's last */
    frame frames[LS_VALUE_DEPTH_MAX];
    size_t depth;
    unsigned documents;
    bool stopped; /* what follows can't be built on */
    bool memory;  /* no memory left */
} builder;

static ls_mark mark_of(yaml_mark_t m)
{
    return (ls_mark){(unsigned)m.line + 1, (unsigned)m.column + 1};
}

static ls_entry *entries_of(const builder *b)
{
    return (ls_entry *)(void *)b->pending.ptr;
}

static size_t entry_count(const builder *b)
{
    return b->pending.len / sizeof(ls_entry);
}

static const frame *innermost(const builder *b)
{
    return b->depth == 0 ? NULL : &b->frames[b->depth - 1];
}

/* The entry of the innermost map that has a key and no value yet, or NULL. */
static ls_entry *open_entry(builder *b)
{
    const frame *f = innermost(b);
    size_t count = entry_count(b);
    if (f == NULL || f->node->type != LS_MAP || count == f->first) {
        return NULL;
    }
    ls_entry *last = &entries_of(b)[count - 1];
    return last->value == NULL ? last : NULL;
}

static bool expects_key(builder *b)
{
    const frame *f = innermost(b);
    return f != NULL && f->node->type == LS_MAP && open_entry(b) == NULL;
}

static void push_entry(builder *b, ls_entry entry)
{
    ls_buf_put(&b->pending, &entry, sizeof entry);
    b->memory |= b->pending.failed;
}

static ls_value *place(builder *b, ls_value_type type, ls_mark mark)
{
    ls_value *v = ls_arena_alloc(b->arena, sizeof *v);
    if (v == NULL) {
        b->memory = true;
        return NULL;
    }
    v->type = type;
    v->mark = mark;
    ls_entry *entry = open_entry(b);
    if (b->depth == 0) {
        b->root = v;
    } else if (entry != NULL) {
        entry->value = v;
    } else {
        push_entry(b, (ls_entry){.value = v});
    }
    return v;
}

static void refuse(builder *b, ls_mark mark, const char *hint, const char *text)
{
    ls_diagnose(b->d, mark, hint, "%s", text);
    b->stopped = true;
}

/* An integer in the only form that is one: "-"? and digits without leading zeros. */
static bool looks_integer(ls_bytes s)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    ls_bytes digits = {s.ptr + negative, s.len - negative};
    if (digits.len == 0 || (digits.ptr[0] == '0' && digits.len > 1)) {
        return false;
    }
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] < '0' || digits.ptr[i] > '9') {
            return false;
        }
    }
    return true;
}

static void set_integer(builder *b, ls_value *v, ls_bytes text)
{
    bool negative = text.ptr[0] == '-';
    uint64_t n;
    if (!ls_decimal_parse(ls_bytes_of(text.ptr + negative, text.len - negative), INTEGER_MAX, &n)) {
        ls_diagnose(b->d, v->mark, "put it in quotes if it is a name and not a number", "the number is too large");
        return;
    }
    v->type = LS_INTEGER;
    v->integer = negative ? -(int64_t)n : (int64_t)n;
}

/* How much of a key is shown. */
static int shown_length(ls_bytes key)
{
    size_t len = key.len < 64 ? key.len : 64;
    while (len > 0 && len < key.len && (key.ptr[len] & 0xc0) == 0x80) {
        len--; /* not through the middle of a character */
    }
    return (int)len;
}

static ls_bytes copy_text(builder *b, ls_bytes text, ls_mark mark)
{
    if (memchr(text.ptr, 0, text.len) != NULL || !ls_utf8_valid(text)) {
        ls_diagnose(b->d, mark, NULL, "an escape that is not a character");
        return ls_bytes_str("");
    }
    const char *copy = ls_arena_str(b->arena, text);
    b->memory |= copy == NULL;
    return ls_bytes_of(copy, copy == NULL ? 0 : text.len);
}

static void set_scalar(builder *b, ls_value *v, ls_bytes text, bool plain)
{
    if (plain && looks_integer(text)) {
        set_integer(b, v, text);
    } else if (plain && (ls_bytes_is(text, "true") || ls_bytes_is(text, "false"))) {
        v->type = LS_BOOLEAN;
        v->boolean = ls_bytes_is(text, "true");
    } else {
        v->string = copy_text(b, text, v->mark);
    }
}

/* Nothing where a key or a value should be. A value is put in its place, so that building can go on. */
static void refuse_empty(builder *b, ls_mark mark)
{
    const ls_entry *entry = open_entry(b);
    if (entry == NULL) {
        ls_diagnose(b->d, mark, "write \"\" for an empty text", "nothing stands here");
        return;
    }
    bool colon = memchr(entry->key.ptr, ':', entry->key.len) != NULL;
    ls_diagnose(b->d, entry->mark, colon ? "is a space missing after the ':'?" : "write \"\" for an empty text",
                "'%.*s' has no value", shown_length(entry->key), entry->key.ptr);
}

static void take_scalar(builder *b, const yaml_event_t *e)
{
    ls_bytes text = ls_bytes_of(e->data.scalar.value, e->data.scalar.length);
    bool plain = e->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    ls_mark mark = mark_of(e->start_mark);
    if (plain && text.len == 0) {
        refuse_empty(b, mark);
    }
    if (expects_key(b)) {
        push_entry(b, (ls_entry){.key = copy_text(b, text, mark), .mark = mark});
        return;
    }
    ls_value *v = place(b, LS_STRING, mark);
    if (v != NULL) {
        set_scalar(b, v, text, plain);
    }
}

static void take_alias(builder *b, const yaml_event_t *e)
{
    ls_mark mark = mark_of(e->start_mark);
    ls_diagnose(b->d, mark, "write the value itself; a text that begins with '*' goes in quotes",
                "an alias is not accepted");
    if (expects_key(b)) {
        b->stopped = true;
    } else {
        place(b, LS_STRING, mark);
    }
}

static void take_start(builder *b, const yaml_event_t *e)
{
    ls_mark mark = mark_of(e->start_mark);
    if (expects_key(b)) {
        refuse(b, mark, "put a text that begins with '[' or '{' in quotes", "a key has to be one text");
        return;
    }
    if (b->depth == LS_VALUE_DEPTH_MAX) {
        ls_diagnose(b->d, mark, NULL, "nested deeper than %d levels", LS_VALUE_DEPTH_MAX);
        b->stopped = true;
        return;
    }
    ls_value *v = place(b, e->type == YAML_MAPPING_START_EVENT ? LS_MAP : LS_LIST, mark);
    if (v != NULL) {
        b->frames[b->depth++] = (frame){.node = v, .first = entry_count(b)};
    }
}

static int compare_keys(const void *left, const void *right)
{
    const ls_entry *a = *(const ls_entry *const *)left, *b = *(const ls_entry *const *)right;
    size_t shorter = a->key.len < b->key.len ? a->key.len : b->key.len;
    int order = shorter == 0 ? 0 : memcmp(a->key.ptr, b->key.ptr, shorter);
    if (order == 0 && a->key.len != b->key.len) {
        order = a->key.len < b->key.len ? -1 : 1;
    }
    return order != 0 ? order : (a > b) - (a < b); /* of equal keys, the first in the source first */
}

static void check_duplicates(builder *b, const ls_value *map)
{
    const ls_entry **sorted = malloc((map->count + 1) * sizeof *sorted);
    if (sorted == NULL) {
        b->memory = true;
        return;
    }
    for (size_t i = 0; i < map->count; i++) {
        sorted[i] = &map->entries[i];
    }
    qsort(sorted, map->count, sizeof *sorted, compare_keys);
    for (size_t i = 1; i < map->count; i++) {
        const ls_entry *before = sorted[i - 1], *entry = sorted[i];
        if (ls_bytes_equal(before->key, entry->key)) {
            ls_diagnose(b->d, entry->mark, NULL, "the key '%.*s' stands on line %u already", shown_length(entry->key),
                        entry->key.ptr, before->mark.line);
        }
    }
    free(sorted);
}

static void close_list(builder *b, ls_value *v, const ls_entry *from)
{
    v->items = ls_arena_array(b->arena, v->count, sizeof *v->items);
    b->memory |= v->items == NULL;
    for (size_t i = 0; v->items != NULL && i < v->count; i++) {
        v->items[i] = from[i].value;
    }
}

static void close_map(builder *b, ls_value *v, const ls_entry *from)
{
    v->entries = ls_arena_array(b->arena, v->count, sizeof *v->entries);
    if (v->entries == NULL) {
        b->memory = true;
        return;
    }
    memcpy(v->entries, from, v->count * sizeof *v->entries);
    check_duplicates(b, v);
}

static void take_end(builder *b)
{
    frame f = b->frames[--b->depth];
    f.node->count = entry_count(b) - f.first;
    if (f.node->count > 0) {
        (f.node->type == LS_MAP ? close_map : close_list)(b, f.node, entries_of(b) + f.first);
    }
    b->pending.len = f.first * sizeof(ls_entry);
}

static void take_document(builder *b, const yaml_event_t *e)
{
    if (b->documents++ > 0) {
        refuse(b, mark_of(e->start_mark), "keep one document in each file", "a second document begins");
    }
}

static void refuse_properties(builder *b, const yaml_event_t *e, const yaml_char_t *anchor, const yaml_char_t *tag)
{
    ls_mark mark = mark_of(e->start_mark);
    if (anchor != NULL) {
        ls_diagnose(b->d, mark, "put a text that begins with '&' in quotes", "an anchor is not accepted");
    }
    if (tag != NULL) {
        ls_diagnose(b->d, mark, "put a text that begins with '!' in quotes", "a tag is not accepted");
    }
}

static void take_event(builder *b, const yaml_event_t *e)
{
    switch (e->type) {
    case YAML_DOCUMENT_START_EVENT:
        take_document(b, e);
        break;
    case YAML_SCALAR_EVENT:
        refuse_properties(b, e, e->data.scalar.anchor, e->data.scalar.tag);
        take_scalar(b, e);
        break;
    case YAML_ALIAS_EVENT:
        take_alias(b, e);
        break;
    case YAML_MAPPING_START_EVENT:
        refuse_properties(b, e, e->data.mapping_start.anchor, e->data.mapping_start.tag);
        take_start(b, e);
        break;
    case YAML_SEQUENCE_START_EVENT:
        refuse_properties(b, e, e->data.sequence_start.anchor, e->data.sequence_start.tag);
        take_start(b, e);
        break;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        take_end(b);
        break;
    default:
        break;
    }
}

static void report_error(builder *b, const yaml_parser_t *parser)
{
    if (parser->error == YAML_MEMORY_ERROR || parser->problem == NULL) {
        b->memory = true;
        return;
    }
    ls_yaml_problem problem = {.text = b->text, .message = parser->problem, .mark = mark_of(parser->problem_mark)};
    if (parser->context != NULL) {
        problem.context = mark_of(parser->context_mark);
    }
    ls_yaml_report(b->d, &problem);
}

static void take_events(builder *b, yaml_parser_t *parser)
{
    bool end = false;
    while (!end && !b->stopped && !b->memory) {
        yaml_event_t e;
        if (yaml_parser_parse(parser, &e) == 0) {
            report_error(b, parser);
            return;
        }
        end = e.type == YAML_STREAM_END_EVENT;
        take_event(b, &e);
        yaml_event_delete(&e);
    }
}

static ls_result parse(builder *b)
{
    yaml_parser_t parser;
    if (yaml_parser_initialize(&parser) == 0) {
        return ls_fail(&ls_fault_memory);
    }
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, b->text.ptr, b->text.len);
    take_events(b, &parser);
    yaml_parser_delete(&parser);
    ls_buf_free(&b->pending);
    return b->memory ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static void check_root(builder *b)
{
    if (b->root == NULL) {
        ls_diagnose(b->d, (ls_mark){1, 1}, NULL, "the document is empty");
    } else if (b->root->type != LS_MAP && b->root->type != LS_LIST) {
        ls_diagnose(b->d, b->root->mark, "is a space missing after a ':'?",
                    "the document is one text; it should be lines of 'key: value'");
    }
}

ls_result ls_yaml_parse(ls_arena *arena, ls_bytes text, ls_diagnostics *d, ls_value **out)
{
    static const char byte_order_mark[] = "\xef\xbb\xbf";
    size_t skipped = ls_bytes_starts(text, byte_order_mark) ? sizeof byte_order_mark - 1 : 0;
    builder b = {.arena = arena, .d = d, .text = ls_bytes_of(text.ptr + skipped, text.len - skipped)};
    size_t errors = d->errors;
    if (ls_yaml_check_bytes(d, b.text) && b.text.len > 0) {
        LS_TRY(parse(&b));
    }
    if (d->errors == errors) {
        check_root(&b);
    }
    ls_diagnostics_sort(d);
    *out = d->errors == errors ? b.root : NULL;
    return LS_SUCCESS;
}
