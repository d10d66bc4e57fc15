/* Lists of options as people write them: each by itself, or dates and places, of which all combinations are meant. */
#include "cli/schedules.h"
#include "escrow/inventory.h"
#include "yaml/yaml.h"
#include <stdlib.h>

typedef struct reading {
    cli *c;
    ls_arena *arena;
    ls_diagnostics *d;
    ls_psi_option *option;
    size_t count;
} reading;

static ls_result make_room(reading *r)
{
    r->option = ls_arena_array(r->arena, LS_PSI_OPTIONS_MAX, sizeof *r->option);
    return r->option == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static void put(reading *r, ls_mark mark, ls_psi_option o)
{
    if (r->count == LS_PSI_OPTIONS_MAX) {
        ls_diagnose(r->d, mark, NULL, "more than %d options", LS_PSI_OPTIONS_MAX);
        return;
    }
    r->option[r->count++] = o;
}

/* A day as text; empty if there is no memory. */
static ls_bytes day_text(reading *r, int64_t day)
{
    char text[LS_DATE_SIZE];
    ls_date_format(ls_date_from_days(day), text);
    const char *kept = ls_arena_str(r->arena, ls_bytes_str(text));
    return kept == NULL ? (ls_bytes){0} : ls_bytes_str(kept);
}

static bool read_date(reading *r, const ls_value *v, int64_t *out)
{
    ls_date date;
    if (v->type != LS_STRING || !ls_date_parse(v->string, &date)) {
        ls_diagnose(r->d, v->mark, "as in 2019-02-27", "not a date");
        return false;
    }
    *out = ls_date_to_days(date);
    return true;
}

/* Options, one by one. */

static void read_option(reading *r, const ls_value *v)
{
    static const ls_key keys[] = {{"date", true}, {"until", false}, {"place", true}};
    if (!ls_value_check_map(v, "an option", keys, 3, r->d)) {
        return;
    }
    const ls_value *place = ls_value_get(v, "place"), *until = ls_value_get(v, "until");
    int64_t day, last;
    if (!read_date(r, ls_value_get(v, "date"), &day) || (until != NULL && !read_date(r, until, &last))) {
        return;
    }
    if (place->type != LS_STRING) {
        ls_diagnose(r->d, place->mark, "put it in quotes", "a place is a text");
        return;
    }
    put(r, v->mark,
        (ls_psi_option){.date = ls_value_get(v, "date")->string,
                        .until = until == NULL ? (ls_bytes){0} : until->string,
                        .place = place->string});
}

/* Dates and places. */

typedef struct combining {
    const ls_value *places;
    int64_t days; /* that each option takes */
} combining;

static void put_day(reading *r, const combining *x, ls_mark mark, int64_t day)
{
    ls_bytes date = day_text(r, day), until = x->days > 1 ? day_text(r, day + x->days - 1) : (ls_bytes){0};
    for (size_t i = 0; i < x->places->count; i++) {
        put(r, mark, (ls_psi_option){.date = date, .until = until, .place = x->places->items[i]->string});
    }
}

/* One day, or all from one to another. */
static void read_days(reading *r, const combining *x, const ls_value *v)
{
    static const ls_key keys[] = {{"from", true}, {"to", true}};
    int64_t first, last;
    if (v->type != LS_MAP) {
        if (read_date(r, v, &first)) {
            put_day(r, x, v->mark, first);
        }
        return;
    }
    if (!ls_value_check_map(v, "days", keys, 2, r->d) || !read_date(r, ls_value_get(v, "from"), &first) ||
        !read_date(r, ls_value_get(v, "to"), &last)) {
        return;
    }
    if (last < first || last - first >= LS_PSI_OPTIONS_MAX) {
        ls_diagnose(r->d, v->mark, NULL, last < first ? "they end before they begin" : "too many days");
        return;
    }
    for (int64_t day = first; day <= last && r->d->errors == 0; day++) {
        put_day(r, x, v->mark, day);
    }
}

static bool check_places(reading *r, const ls_value *places)
{
    bool good = places->type == LS_LIST && places->count > 0;
    if (!good) {
        ls_diagnose(r->d, places->mark, "places: [Hanoi, Da Nang]", "places are a list of texts");
    }
    for (size_t i = 0; good && i < places->count; i++) {
        if (places->items[i]->type != LS_STRING) {
            ls_diagnose(r->d, places->items[i]->mark, "put it in quotes", "a place is a text");
            good = false;
        }
    }
    return good;
}

static void combine(reading *r, const ls_value *v)
{
    const ls_value *dates = ls_value_get(v, "dates"), *places = ls_value_get(v, "places"),
                   *days = ls_value_get(v, "days");
    combining x = {places, days == NULL ? 1 : days->type == LS_INTEGER ? days->integer : 0};
    if (dates == NULL || places == NULL) {
        ls_diagnose(r->d, v->mark,
                    "options: [{date: 2019-02-27, place: Hanoi}], or dates: [2019-02-27] and places: [Hanoi]",
                    "neither options, nor dates and places");
        return;
    }
    if (x.days < 1 || x.days > 366) {
        ls_diagnose(r->d, days->mark, "days: 2", "how many days each takes is a number from 1 to 366");
        return;
    }
    if (!check_places(r, places)) {
        return;
    }
    if (dates->type != LS_LIST) {
        read_days(r, &x, dates);
        return;
    }
    for (size_t i = 0; i < dates->count; i++) {
        read_days(r, &x, dates->items[i]);
    }
}

static void read_map(reading *r, const ls_value *v)
{
    static const ls_key keys[] = {{"options", false}, {"dates", false}, {"places", false}, {"days", false}};
    if (!ls_value_check_map(v, "the list", keys, 4, r->d)) {
        return;
    }
    const ls_value *options = ls_value_get(v, "options");
    if (options == NULL) {
        combine(r, v);
    } else if (options->type != LS_LIST || v->count != 1) {
        ls_diagnose(r->d, options->mark, "- {date: 2019-02-27, place: Hanoi}", "options are a list, and stand alone");
    } else {
        for (size_t i = 0; i < options->count; i++) {
            read_option(r, options->items[i]);
        }
    }
}

static ls_result read_yaml(reading *r, const char *path, bool secret, ls_bytes text)
{
    const char *quoted = secret ? "" : ls_arena_str(&r->c->arena, text);
    ls_value *v;
    if (quoted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    r->d = cli_diagnostics(r->c, path, ls_bytes_of(quoted, secret ? 0 : text.len));
    if (r->d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_yaml_parse(r->arena, text, r->d, &v));
    if (v != NULL) {
        read_map(r, v);
    }
    ls_diagnostics_sort(r->d);
    return r->d->errors > 0 ? ls_fail(&ls_fault_document) : LS_SUCCESS;
}

/* CSV. */

enum { DATE, PLACE, UNTIL, COLUMNS };

static ls_result find_columns(cli *c, const ls_csv_row *header, size_t column[COLUMNS])
{
    static const char *const names[COLUMNS] = {"date", "place", "until"};
    for (int k = 0; k < COLUMNS; k++) {
        column[k] = ls_bytes_find(header->fields, header->count, ls_bytes_str(names[k]));
    }
    if (column[DATE] == header->count || column[PLACE] == header->count) {
        ls_hint(&c->detail, "the first line: date,place or date,until,place");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the file has no columns date and place");
    }
    return LS_SUCCESS;
}

static ls_bytes value_of(reading *r, const ls_csv_row *row, size_t column)
{
    if (column >= row->count) {
        return (ls_bytes){0};
    }
    const char *kept = ls_arena_str(r->arena, row->fields[column]);
    return kept == NULL ? (ls_bytes){0} : ls_bytes_of(kept, row->fields[column].len);
}

static ls_result read_rows(reading *r, ls_csv *csv)
{
    ls_detail *detail = &r->c->detail;
    ls_csv_row row;
    size_t column[COLUMNS], columns;
    bool more;
    LS_TRY(ls_csv_next(csv, &row, &more, detail));
    if (!more) {
        return ls_fail_with(&ls_fault_usage, detail, "the file is empty");
    }
    LS_TRY(find_columns(r->c, &row, column));
    columns = row.count;
    for (;;) {
        LS_TRY(ls_csv_next(csv, &row, &more, detail));
        if (!more) {
            return LS_SUCCESS;
        }
        detail->line = csv->row_line;
        if (row.count != columns) {
            return ls_fail_with(&ls_fault_usage, detail, "this row has %zu values, the first line has %zu", row.count,
                                columns);
        }
        if (r->count == LS_PSI_OPTIONS_MAX) {
            return ls_fail_with(&ls_fault_usage, detail, "more than %d options", LS_PSI_OPTIONS_MAX);
        }
        r->option[r->count++] = (ls_psi_option){.date = value_of(r, &row, column[DATE]),
                                                .until = value_of(r, &row, column[UNTIL]),
                                                .place = value_of(r, &row, column[PLACE])};
        detail->line = 0;
    }
}

static ls_result read_csv(reading *r, ls_bytes text)
{
    ls_csv csv;
    ls_csv_open(&csv, text, ls_csv_guess_separator(text));
    ls_result got = read_rows(r, &csv);
    ls_csv_close(&csv);
    return got.fault == &ls_fault_csv ? ls_fail(&ls_fault_usage) : got;
}

static bool is_csv(const char *path)
{
    size_t len = strlen(path);
    return len > 4 && strcmp(path + len - 4, ".csv") == 0;
}

ls_result cli_options_read(cli *c, const char *path, bool secret, ls_arena *arena, ls_psi_option **out, size_t *count)
{
    reading r = {.c = c, .arena = arena};
    ls_buf file = {0};
    LS_TRY(make_room(&r));
    ls_result got = ls_file_read(path, LS_VALUE_DOCUMENT_MAX, &file, &c->detail);
    if (ls_succeeded(got)) {
        got = is_csv(path) ? read_csv(&r, ls_buf_bytes(&file)) : read_yaml(&r, path, secret, ls_buf_bytes(&file));
    }
    ls_buf_wipe(&file);
    if (got.fault == &ls_fault_usage) {
        snprintf(c->detail.file, sizeof c->detail.file, "%s", path);
    }
    LS_TRY(got);
    if (arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    *out = r.option;
    *count = r.count;
    return LS_SUCCESS;
}

/* Places in a list. */

static int compare(ls_bytes a, ls_bytes b)
{
    size_t len = a.len < b.len ? a.len : b.len;
    int order = len == 0 ? 0 : memcmp(a.ptr, b.ptr, len);
    return order != 0 ? order : (a.len > b.len) - (a.len < b.len);
}

static int by_option(const void *a, const void *b)
{
    const ls_psi_option *const *x = a, *const *y = b;
    int order = compare((*x)->date, (*y)->date);
    order = order != 0 ? order : compare((*x)->until, (*y)->until);
    return order != 0 ? order : compare((*x)->place, (*y)->place);
}

ls_result cli_options_find(cli *c, const char *path, const ls_psi_options *list, const ls_psi_option *mine,
                           size_t count, ls_arena *arena, uint32_t **out)
{
    const ls_psi_option **sorted = ls_arena_array(arena, list->count, sizeof *sorted);
    bool *taken = ls_arena_array(arena, list->count, sizeof *taken);
    *out = ls_arena_array(arena, count + 1, sizeof **out);
    if (sorted == NULL || taken == NULL || *out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint32_t i = 0; i < list->count; i++) {
        sorted[i] = &list->option[i];
    }
    qsort(sorted, list->count, sizeof *sorted, by_option);
    for (size_t i = 0; i < count; i++) {
        const ls_psi_option *wanted = &mine[i],
                            **found = bsearch(&wanted, sorted, list->count, sizeof *sorted, by_option);
        size_t place = found == NULL ? 0 : (size_t)(*found - list->option);
        if (found == NULL || taken[place]) {
            ls_hint(&c->detail, "lockstep schedule show --options lists them");
            return ls_fail_with(&ls_fault_usage, &c->detail, "option %zu of %s %s", i + 1, path,
                                found == NULL ? "is not on the list of this search" : "stands there twice");
        }
        taken[place] = true;
        (*out)[i] = (uint32_t)place;
    }
    return LS_SUCCESS;
}
