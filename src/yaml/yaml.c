/*
 * The tree is built from libfyaml's events rather than from its documents: events show second documents, aliases and
 * empty values, which documents hide, and every event but an empty value carries its place.
 */
#include "yaml/yaml.h"
#include "yaml/report.h"
#include <libfyaml.h>
#include <stdlib.h>

#define INTEGER_MAX ((1ull << 53) - 1)

typedef struct frame {
    ls_value *node;
    size_t first; /* of the node's entries among all pending ones */
    bool flow;    /* written with brackets */
} frame;

typedef struct builder {
    ls_arena *arena;
    ls_diagnostics *d;
    ls_bytes text;
    ls_value *root;
    ls_buf pending; /* ls_entry: what the open lists and maps have got so far, the innermost's last */
    frame frames[LS_VALUE_DEPTH_MAX];
    size_t depth;
    struct fy_mark last; /* where the last event that has a place ended */
    unsigned documents;
    bool stopped; /* what follows can't be built on */
    bool memory;  /* no memory left */
} builder;

static ls_mark mark_of(const struct fy_mark *m)
{
    return m == NULL ? (ls_mark){0} : (ls_mark){(unsigned)m->line + 1, (unsigned)m->column + 1};
}

/* libfyaml marks a quoted text and an alias after their first character. */
static ls_mark event_mark(struct fy_event *e)
{
    ls_mark mark = mark_of(fy_event_start_mark(e));
    enum fy_node_style style = fy_event_get_node_style(e);
    bool sigil = style == FYNS_SINGLE_QUOTED || style == FYNS_DOUBLE_QUOTED || e->type == FYET_ALIAS;
    mark.column -= sigil && mark.column > 1;
    return mark;
}

/* Where something should stand after the last event: the next character that is neither blank nor comment. */
static ls_mark next_mark(const builder *b)
{
    ls_mark mark = mark_of(&b->last);
    bool comment = false;
    for (size_t i = b->last.input_pos; i < b->text.len; i++) {
        uint8_t c = b->text.ptr[i];
        comment = (comment || c == '#') && c != '\n';
        if (!comment && strchr(" \t\r\n", c) == NULL) {
            return mark;
        }
        mark = c == '\n' ? (ls_mark){mark.line + 1, 1} : (ls_mark){mark.line, mark.column + ((c & 0xc0) != 0x80)};
    }
    return mark_of(&b->last);
}

static ls_entry *entries_of(const builder *b)
{
    return (ls_entry *)(void *)b->pending.ptr;
}

static size_t entry_count(const builder *b)
{
    return b->pending.len / sizeof(ls_entry);
}

static frame *innermost(builder *b)
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
static void refuse_empty(builder *b)
{
    const ls_entry *entry = open_entry(b);
    if (entry == NULL) {
        ls_diagnose(b->d, next_mark(b), "write \"\" for an empty text", "nothing stands here");
        return;
    }
    bool colon = memchr(entry->key.ptr, ':', entry->key.len) != NULL;
    ls_diagnose(b->d, entry->mark, colon ? "is a space missing after the ':'?" : "write \"\" for an empty text",
                "'%.*s' has no value", (int)(entry->key.len < 64 ? entry->key.len : 64), entry->key.ptr);
}

static void take_scalar(builder *b, struct fy_event *e)
{
    struct fy_token *token = fy_event_get_token(e);
    size_t len = 0;
    const char *text = token == NULL ? NULL : fy_token_get_text(token, &len);
    bool plain = token == NULL || fy_token_scalar_style(token) == FYSS_PLAIN;
    if (plain && len == 0) {
        refuse_empty(b);
    }
    ls_bytes content = text == NULL ? ls_bytes_str("") : ls_bytes_of(text, len);
    ls_mark mark = event_mark(e);
    if (expects_key(b)) {
        push_entry(b, (ls_entry){.key = copy_text(b, content, mark), .mark = mark});
        return;
    }
    ls_value *v = place(b, LS_STRING, mark);
    if (v != NULL) {
        set_scalar(b, v, content, plain);
    }
}

static void take_alias(builder *b, struct fy_event *e)
{
    ls_mark mark = event_mark(e);
    ls_diagnose(b->d, mark, "write the value itself; a text that begins with '*' goes in quotes",
                "an alias is not accepted");
    if (expects_key(b)) {
        b->stopped = true;
    } else {
        place(b, LS_STRING, mark);
    }
}

static void take_start(builder *b, struct fy_event *e)
{
    ls_mark mark = event_mark(e);
    if (expects_key(b)) {
        refuse(b, mark, "put a text that begins with '[' or '{' in quotes", "a key has to be one text");
        return;
    }
    if (b->depth == LS_VALUE_DEPTH_MAX) {
        ls_diagnose(b->d, mark, NULL, "nested deeper than %d levels", LS_VALUE_DEPTH_MAX);
        b->stopped = true;
        return;
    }
    ls_value *v = place(b, e->type == FYET_MAPPING_START ? LS_MAP : LS_LIST, mark);
    if (v != NULL) {
        bool flow = fy_event_get_node_style(e) == FYNS_FLOW;
        b->frames[b->depth++] = (frame){.node = v, .first = entry_count(b), .flow = flow};
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
            ls_diagnose(b->d, entry->mark, NULL, "the key '%.*s' stands on line %u already",
                        (int)(entry->key.len < 64 ? entry->key.len : 64), entry->key.ptr, before->mark.line);
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

static void take_document(builder *b, struct fy_event *e)
{
    if (b->documents++ > 0) {
        ls_mark mark = event_mark(e);
        refuse(b, mark.line > 0 ? mark : next_mark(b), "keep one document in each file", "a second document begins");
    }
}

static void refuse_properties(builder *b, struct fy_event *e)
{
    struct fy_token *anchor = e->type == FYET_ALIAS ? NULL : fy_event_get_anchor_token(e);
    struct fy_token *tag = e->type == FYET_ALIAS ? NULL : fy_event_get_tag_token(e);
    if (anchor != NULL) {
        ls_diagnose(b->d, mark_of(fy_token_start_mark(anchor)), "put a text that begins with '&' in quotes",
                    "an anchor is not accepted");
    }
    if (tag != NULL) {
        ls_diagnose(b->d, mark_of(fy_token_start_mark(tag)), "put a text that begins with '!' in quotes",
                    "a tag is not accepted");
    }
}

static void take_event(builder *b, struct fy_event *e)
{
    refuse_properties(b, e);
    switch (e->type) {
    case FYET_DOCUMENT_START:
        take_document(b, e);
        break;
    case FYET_SCALAR:
        take_scalar(b, e);
        break;
    case FYET_ALIAS:
        take_alias(b, e);
        break;
    case FYET_MAPPING_START:
    case FYET_SEQUENCE_START:
        take_start(b, e);
        break;
    case FYET_MAPPING_END:
    case FYET_SEQUENCE_END:
        take_end(b);
        break;
    default:
        break;
    }
    if (fy_event_end_mark(e) != NULL) {
        b->last = *fy_event_end_mark(e);
    }
}

/* At the end of the text, what is wrong is rather the bracket that nothing closes. */
static bool report_unclosed(builder *b, const struct fy_mark *at)
{
    const frame *f = innermost(b);
    if (f == NULL || !f->flow || at == NULL || at->input_pos < b->text.len) {
        return false;
    }
    ls_diagnose(b->d, f->node->mark, "put a text that begins with a bracket in quotes",
                "a bracket that is never closed");
    return true;
}

static void report_errors(builder *b, struct fy_diag *diag)
{
    void *state = NULL;
    for (struct fy_diag_error *e; (e = fy_diag_errors_iterate(diag, &state)) != NULL;) {
        const struct fy_mark *at = e->fyt == NULL ? NULL : fy_token_start_mark(e->fyt);
        if (e->type == FYET_ERROR && !report_unclosed(b, at)) {
            ls_mark mark = e->line > 0 ? (ls_mark){(unsigned)e->line, (unsigned)e->column} : mark_of(&b->last);
            ls_yaml_report(b->d, b->text, at == NULL ? 0 : at->input_pos, mark, e->msg);
        }
    }
}

static void take_events(builder *b, struct fy_parser *parser)
{
    bool end = false;
    while (!end && !b->stopped && !b->memory) {
        struct fy_event *e = fy_parser_parse(parser);
        if (e == NULL) {
            break;
        }
        end = e->type == FYET_STREAM_END;
        take_event(b, e);
        fy_parser_event_free(parser, e);
    }
}

static ls_result parse_with(builder *b, struct fy_diag *diag)
{
    struct fy_parse_cfg config = {.flags = FYPCF_QUIET | FYPCF_DEFAULT_VERSION_1_2 | FYPCF_JSON_NONE, .diag = diag};
    struct fy_parser *parser = fy_parser_create(&config);
    if (parser == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    size_t errors = b->d->errors;
    if (fy_parser_set_string(parser, (const char *)b->text.ptr, b->text.len) != 0) {
        b->memory = true;
    }
    take_events(b, parser);
    bool failed = fy_parser_get_stream_error(parser);
    report_errors(b, diag);
    fy_parser_destroy(parser);
    /* An error of libfyaml's that comes without a report is one of memory. */
    return b->memory || (failed && b->d->errors == errors) ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result parse(builder *b)
{
    struct fy_diag_cfg config;
    fy_diag_cfg_default(&config);
    config.fp = NULL; /* else it prints */
    struct fy_diag *diag = fy_diag_create(&config);
    if (diag == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    fy_diag_set_collect_errors(diag, true);
    ls_result r = parse_with(b, diag);
    fy_diag_destroy(diag);
    ls_buf_free(&b->pending);
    return r;
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
    builder b = {.arena = arena, .d = d, .text = text};
    size_t errors = d->errors;
    if (ls_yaml_check_bytes(d, text) && text.len > 0) {
        LS_TRY(parse(&b));
    }
    if (d->errors == errors) {
        check_root(&b);
    }
    ls_diagnostics_sort(d);
    *out = d->errors == errors ? b.root : NULL;
    return LS_SUCCESS;
}
