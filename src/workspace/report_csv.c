#include "workspace/report_csv.h"
#include "bundle/reports.h"
#include "escrow/inventory.h"
#include "process/field.h"

enum { KIND, NAME, DECLARED, FOUND, COLUMNS };
static const char *const header[COLUMNS] = {"kind", "name", "declared", "found"};

/* What a kind of row becomes: under this key of the form a value, an item of a list, or a map in a list, which has the
 * columns under these keys (NULL: the column is not used). */
typedef enum shape { SHAPE_VALUE, SHAPE_ITEM, SHAPE_MAP } shape;
static const struct {
    const char *kind, *key;
    shape shape;
    const char *keys[COLUMNS];
    bool numbers, optional; /* declared and found are whole numbers; declared may be empty */
} kinds[] = {
    {"visit", "visit", SHAPE_VALUE, {0}, false, false},
    {"row", "row", SHAPE_VALUE, {0}, false, false},
    {"from", "from", SHAPE_VALUE, {0}, false, false},
    {"to", "to", SHAPE_VALUE, {0}, false, false},
    {"finding", "finding", SHAPE_VALUE, {0}, false, false},
    {"remarks", "remarks", SHAPE_VALUE, {0}, false, false},
    {"inspector", "inspectors", SHAPE_ITEM, {0}, false, false},
    {"anomaly", "anomalies", SHAPE_ITEM, {0}, false, false},
    {"field", "fields", SHAPE_MAP, {NULL, "name", "declared", "found"}, false, false},
    {"count", "counts", SHAPE_MAP, {NULL, "what", "declared", "found"}, true, false},
    {"seal", "seals", SHAPE_MAP, {NULL, "number", NULL, "state"}, false, false},
    {"file", "files", SHAPE_MAP, {NULL, "file", "hash", "what"}, false, true},
};
#define KINDS (sizeof kinds / sizeof *kinds)

typedef struct converting {
    ls_arena *arena;
    ls_diagnostics *d;
    ls_csv csv;
    ls_buf items[KINDS]; /* of ls_value *: what each kind has so far */
    bool lost;           /* no memory */
} converting;

static ls_value *value_of(converting *c, ls_bytes text, bool number)
{
    ls_detail place = {0};
    uint64_t n;
    ls_csv_place(&c->csv, text, &place);
    ls_value *v = number && ls_decimal_parse(text, INT64_MAX, &n) ? ls_value_integer(c->arena, (int64_t)n)
                                                                  : ls_value_string(c->arena, text);
    c->lost = c->lost || v == NULL;
    if (v != NULL) {
        v->mark = (ls_mark){place.line == 0 ? c->csv.row_line : place.line, place.column == 0 ? 1 : place.column};
    }
    return v;
}

static ls_value *map_of(converting *c, const ls_csv_row *row, size_t kind)
{
    ls_entry entries[COLUMNS] = {0};
    size_t count = 0;
    for (size_t i = NAME; i < COLUMNS; i++) {
        const char *key = kinds[kind].keys[i];
        bool left_out = i == DECLARED && kinds[kind].optional && row->fields[i].len == 0;
        if (key != NULL && !left_out) {
            ls_value *v = value_of(c, row->fields[i], kinds[kind].numbers && i != NAME);
            entries[count++] = (ls_entry){ls_bytes_str(key), v == NULL ? (ls_mark){0} : v->mark, v};
        }
    }
    ls_value *map = c->lost ? NULL : ls_value_map(c->arena, count, entries);
    c->lost = map == NULL;
    if (map != NULL) {
        map->mark = (ls_mark){c->csv.row_line, 1};
    }
    return map;
}

static size_t kind_of(ls_bytes name)
{
    size_t i = 0;
    while (i < KINDS && !ls_bytes_is(name, kinds[i].kind)) {
        i++;
    }
    return i;
}

static void take_row(converting *c, const ls_csv_row *row)
{
    ls_mark mark = {c->csv.row_line, 1};
    if (row->count != COLUMNS) {
        ls_diagnose(c->d, mark, "kind,name,declared,found: leave empty what a row does not use",
                    "this row has %zu columns, not %d", row->count, COLUMNS);
        return;
    }
    size_t kind = kind_of(row->fields[KIND]);
    if (kind == KINDS) {
        const char *names[KINDS];
        for (size_t i = 0; i < KINDS; i++) {
            names[i] = kinds[i].kind;
        }
        ls_diagnose(c->d, mark, ls_near_hint(row->fields[KIND], names, KINDS, c->d),
                    "a form has no rows of kind \"%.*s\"", (int)row->fields[KIND].len, row->fields[KIND].ptr);
        return;
    }
    if (kinds[kind].shape == SHAPE_VALUE && c->items[kind].len > 0) {
        ls_diagnose(c->d, mark, NULL, "%s stands here twice", kinds[kind].kind);
        return;
    }
    ls_value *v = kinds[kind].shape == SHAPE_MAP ? map_of(c, row, kind) : value_of(c, row->fields[FOUND], false);
    ls_buf_put(&c->items[kind], &v, sizeof v);
}

static bool check_header(converting *c, const ls_csv_row *row)
{
    bool good = row->count == COLUMNS;
    for (size_t i = 0; good && i < COLUMNS; i++) {
        good = ls_bytes_is(row->fields[i], header[i]);
    }
    if (!good) {
        ls_diagnose(c->d, (ls_mark){1, 1}, "kind,name,declared,found", "the first line is not the header of a form");
    }
    return good;
}

static ls_result take_rows(converting *c, bool *good)
{
    ls_csv_row row;
    ls_detail detail = {0};
    bool more = true, first = true;
    *good = true;
    while (*good && more) {
        ls_result r = ls_csv_next(&c->csv, &row, &more, &detail);
        if (r.fault == &ls_fault_memory) {
            return r;
        }
        if (ls_failed(r)) {
            ls_diagnose(c->d, (ls_mark){detail.line, detail.column}, NULL, "%s", detail.text);
            *good = false;
        } else if (more && first) {
            *good = check_header(c, &row);
        } else if (more) {
            take_row(c, &row);
        }
        first = false;
    }
    return LS_SUCCESS;
}

/* The form, as YAML would have given it. */
static ls_value *form_of(converting *c)
{
    static const uint8_t version[] = "report";
    ls_entry entries[KINDS + 1];
    size_t count = 0;
    entries[count++] = (ls_entry){ls_bytes_of(version, sizeof version - 1), {1, 1}, ls_value_integer(c->arena, 1)};
    for (size_t i = 0; i < KINDS; i++) {
        size_t items = c->items[i].len / sizeof(ls_value *);
        ls_value **list = (ls_value **)(void *)c->items[i].ptr;
        c->lost = c->lost || c->items[i].failed;
        if (items > 0 && !c->lost) {
            ls_value *v = kinds[i].shape == SHAPE_VALUE ? list[0] : ls_value_list(c->arena, items, list);
            entries[count++] = (ls_entry){ls_bytes_str(kinds[i].key), list[0]->mark, v};
        }
    }
    ls_value *form = c->lost ? NULL : ls_value_map(c->arena, count, entries);
    if (form != NULL) {
        form->mark = (ls_mark){1, 1};
    }
    return form;
}

ls_result ls_report_csv_parse(ls_arena *arena, ls_bytes text, ls_diagnostics *d, ls_value **out)
{
    converting c = {.arena = arena, .d = d};
    bool good;
    *out = NULL;
    ls_csv_open(&c.csv, text, ls_csv_guess_separator(text));
    ls_result r = take_rows(&c, &good);
    if (ls_succeeded(r) && good) {
        ls_value *form = form_of(&c);
        r = form == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
        *out = form;
    }
    ls_csv_close(&c.csv);
    for (size_t i = 0; i < KINDS; i++) {
        ls_buf_free(&c.items[i]);
    }
    return r;
}
