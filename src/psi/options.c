/* options.json: read, checked and written. */
#include "psi/options.h"
#include "base/value.h"
#include "psi/psi.h"
#include <lockstep/time.h>
#include <stdlib.h>

const ls_fault ls_fault_psi_options = {LS_CLASS_INVALID, "psi-options", "not a list of options"};

static bool one_line(ls_bytes text)
{
    if (!ls_utf8_valid(text)) {
        return false;
    }
    for (size_t at = 0; at < text.len;) {
        uint32_t c = ls_utf8_next(text, &at);
        if (c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x2028 || c == 0x2029 || c == 0x061c || c == 0x200e ||
            c == 0x200f || (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069)) {
            return false;
        }
    }
    return true;
}

/* What is wrong with an option, or NULL. */
static const char *wrong_with(const ls_psi_option *o)
{
    ls_date date, until;
    if (!ls_date_parse(o->date, &date)) {
        return "has no date of the form YYYY-MM-DD";
    }
    if (o->until.len > 0 && !ls_date_parse(o->until, &until)) {
        return "lasts until what is no date of the form YYYY-MM-DD";
    }
    if (o->until.len > 0 && ls_date_to_days(until) <= ls_date_to_days(date)) {
        return "ends no later than on its first day; one day has no \"until\"";
    }
    if (o->place.len == 0 || o->place.len > LS_PSI_PLACE_MAX) {
        return "has no place of 1 to 200 bytes";
    }
    if (!one_line(o->place) || o->place.ptr[0] == ' ' || o->place.ptr[o->place.len - 1] == ' ') {
        return "has a place with control characters, or with space around it";
    }
    return NULL;
}

static ls_result check_option(const ls_psi_option *o, size_t number, ls_detail *detail)
{
    const char *wrong = wrong_with(o);
    return wrong == NULL ? LS_SUCCESS : ls_fail_with(&ls_fault_psi_options, detail, "option %zu %s", number + 1, wrong);
}

/* Entries in the order of their keys, as the canonical form has them. NULL if there is no memory. */
static ls_value *value_of(ls_arena *arena, const ls_psi_option *o)
{
    ls_entry entries[] = {
        {.key = ls_bytes_str("date"), .value = ls_value_string(arena, o->date)},
        {.key = ls_bytes_str("place"), .value = ls_value_string(arena, o->place)},
        {.key = ls_bytes_str("until"), .value = ls_value_string(arena, o->until)},
    };
    for (size_t i = 0; i < 3; i++) {
        if (entries[i].value == NULL) {
            return NULL;
        }
    }
    return ls_value_map(arena, o->until.len > 0 ? 3 : 2, entries);
}

static ls_result check_count(size_t count, ls_detail *detail)
{
    if (count == 0 || count > LS_PSI_OPTIONS_MAX) {
        return ls_fail_with(&ls_fault_psi_options, detail, "%zu options; a list has 1 to %d", count,
                            LS_PSI_OPTIONS_MAX);
    }
    return LS_SUCCESS;
}

/* Texts of options, in one piece of memory that the arena keeps. */
static ls_result make_texts(ls_arena *arena, const ls_value *list, ls_bytes *text)
{
    ls_buf all = {0};
    for (size_t i = 0; i < list->count; i++) {
        size_t before = all.len;
        ls_json_canonical(list->items[i], &all);
        text[i].len = all.len - before;
    }
    uint8_t *kept = all.failed ? NULL : ls_arena_alloc(arena, all.len);
    if (kept != NULL) {
        memcpy(kept, all.ptr, all.len);
    }
    ls_buf_free(&all);
    for (size_t i = 0; kept != NULL && i < list->count; i++) {
        text[i].ptr = kept;
        kept += text[i].len;
    }
    return kept == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static int by_text(const void *a, const void *b)
{
    const ls_bytes *const *x = a, *const *y = b;
    size_t len = (*x)->len < (*y)->len ? (*x)->len : (*y)->len;
    int order = memcmp((*x)->ptr, (*y)->ptr, len);
    return order != 0 ? order : ((*x)->len > (*y)->len) - ((*x)->len < (*y)->len);
}

static ls_result check_distinct(ls_arena *arena, const ls_bytes *text, size_t count, ls_detail *detail)
{
    const ls_bytes **sorted = ls_arena_array(arena, count, sizeof *sorted);
    if (sorted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = &text[i];
    }
    qsort(sorted, count, sizeof *sorted, by_text);
    for (size_t i = 1; i < count; i++) {
        if (ls_bytes_equal(*sorted[i - 1], *sorted[i])) {
            size_t a = (size_t)(sorted[i - 1] - text) + 1, b = (size_t)(sorted[i] - text) + 1;
            return ls_fail_with(&ls_fault_psi_options, detail, "option %zu is the same as option %zu", a > b ? a : b,
                                a > b ? b : a);
        }
    }
    return LS_SUCCESS;
}

/* An option's string; empty if it has none of that name. */
static ls_bytes string_of(const ls_value *map, const char *key, size_t *known)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL || v->type != LS_STRING) {
        return (ls_bytes){0};
    }
    ++*known;
    return v->string;
}

static ls_result read_option(const ls_value *v, size_t number, ls_psi_option *out, ls_detail *detail)
{
    size_t known = 0;
    if (v->type != LS_MAP) {
        return ls_fail_with(&ls_fault_psi_options, detail, "option %zu is no object", number + 1);
    }
    *out = (ls_psi_option){.date = string_of(v, "date", &known),
                           .until = string_of(v, "until", &known),
                           .place = string_of(v, "place", &known)};
    if (known != v->count || (ls_value_get(v, "until") != NULL && out->until.len == 0)) {
        return ls_fail_with(&ls_fault_psi_options, detail,
                            "option %zu has something else than \"date\", \"place\" and \"until\", each a text",
                            number + 1);
    }
    return check_option(out, number, detail);
}

static ls_result read_list(ls_arena *arena, const ls_value *list, ls_psi_options *out, ls_detail *detail)
{
    ls_psi_option *option = ls_arena_array(arena, list->count, sizeof *option);
    ls_bytes *text = ls_arena_array(arena, list->count, sizeof *text);
    if (option == NULL || text == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < list->count; i++) {
        LS_TRY(read_option(list->items[i], i, &option[i], detail));
    }
    LS_TRY(make_texts(arena, list, text));
    LS_TRY(check_distinct(arena, text, list->count, detail));
    *out = (ls_psi_options){(uint32_t)list->count, option, text};
    return LS_SUCCESS;
}

/* Told apart here: without memory, what is canonical would not look so. */
static ls_result check_canonical(const ls_value *v, ls_bytes document, ls_detail *detail)
{
    ls_buf canonical = {0};
    ls_json_canonical(v, &canonical);
    ls_result r = ls_buf_check(&canonical);
    if (ls_succeeded(r) && !ls_bytes_equal(ls_buf_bytes(&canonical), document)) {
        r = ls_fail_with(&ls_fault_psi_options, detail, "not in the canonical form of JSON (RFC 8785)");
    }
    ls_buf_free(&canonical);
    return r;
}

ls_result ls_psi_options_parse(ls_arena *arena, ls_bytes document, ls_psi_options *out, ls_detail *detail)
{
    ls_value *v;
    LS_TRY(ls_json_parse(arena, document, &v, detail));
    const ls_value *list = ls_value_get(v, "options");
    if (list == NULL || list->type != LS_LIST || v->count != 1) {
        return ls_fail_with(&ls_fault_psi_options, detail, "not an object with \"options\" alone, which is a list");
    }
    LS_TRY(check_canonical(v, document, detail));
    LS_TRY(check_count(list->count, detail));
    return read_list(arena, list, out, detail);
}

/* The document as a value; NULL if there is no memory. */
static ls_value *document_of(ls_arena *arena, const ls_psi_option *option, size_t count)
{
    ls_value **items = ls_arena_array(arena, count, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++) {
        items[i] = value_of(arena, &option[i]);
        if (items[i] == NULL) {
            return NULL;
        }
    }
    ls_value *list = items == NULL ? NULL : ls_value_list(arena, count, items);
    ls_entry entry = {.key = ls_bytes_str("options"), .value = list};
    return list == NULL ? NULL : ls_value_map(arena, 1, &entry);
}

/* What is written is read again: one place decides what a list may be. */
static ls_result write_checked(ls_arena *arena, const ls_psi_option *option, size_t count, ls_buf *out,
                               ls_detail *detail)
{
    ls_psi_options again;
    ls_buf document = {0};
    const ls_value *v = document_of(arena, option, count);
    if (v == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_json_canonical(v, &document);
    ls_result r = ls_buf_check(&document);
    if (ls_succeeded(r)) {
        r = ls_psi_options_parse(arena, ls_buf_bytes(&document), &again, detail);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(&document));
        r = ls_buf_check(out);
    }
    ls_buf_free(&document);
    return r;
}

ls_result ls_psi_options_write(const ls_psi_option *option, size_t count, ls_buf *out, ls_detail *detail)
{
    LS_TRY(check_count(count, detail));
    for (size_t i = 0; i < count; i++) {
        LS_TRY(check_option(&option[i], i, detail)); /* before it becomes JSON, which takes UTF-8 only */
    }
    ls_arena arena = {0};
    ls_result r = write_checked(&arena, option, count, out, detail);
    ls_arena_free(&arena);
    return r;
}
