/*
 * Declarations of a roadmap: what the accord fixes of them before anyone declares.
 *
 *   declarations:
 *     - name: sites
 *       by: dprk
 *       fields: [id, name, lat, lon]    the columns that are committed to, in this order
 *       id: id                          the one that identifies a row
 *       tranche: tranche                the column that says a row's tranche: none of the fields
 *       [latitude: lat]                 both or neither
 *       [longitude: lon]
 *       row-bytes: 256                  room for a row in the sealed rows
 *       tranches: [{label: "1", rows: 16}]    rows with the blank ones
 *       [audiences: [{name: process, fields: [id, name]}, {name: inspectors, fields: all}]]
 *                                       whom the opening of a tranche shows what; without it all to the process
 */
#include "process/sealed.h"
#include "roadmap/parts.h"

#define ROW_BYTES_MAX (1 << 20)
#define SALTS_MAX (1ll << 34) /* rows × fields of one tranche: as far as the salts' keystream goes */

static void read_fields(ls_roadmap_reader *r, const ls_value *v, ls_declared *out, ls_ids *ids)
{
    const ls_value *list = ls_field_list(v, "fields", 1, LS_FIELDS_MAX, r->d);
    ls_bytes *fields = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *fields);
    for (size_t i = 0; fields != NULL && i < list->count; i++) {
        if (ls_field_read_line(list->items[i], "a field", r->d, &fields[i])) {
            ls_ids_add(ids, fields[i], list->items[i]->mark, r->d);
        }
    }
    out->fields = fields;
    out->field_count = fields == NULL ? 0 : list->count;
}

/* A key that names one of the fields. */
static bool read_column(ls_roadmap_reader *r, const ls_value *v, const char *key, const ls_ids *fields, ls_bytes *out)
{
    return ls_field_line(v, key, r->d, out) &&
           (fields->count == 0 || ls_ids_require(fields, *out, ls_field_mark(v, key), r->d) >= 0);
}

static void read_columns(ls_roadmap_reader *r, const ls_value *v, ls_declared *out, const ls_ids *fields)
{
    read_column(r, v, "id", fields, &out->id_column);
    if (ls_field_line(v, "tranche", r->d, &out->tranche_column) && ls_ids_find(fields, out->tranche_column) >= 0) {
        ls_diagnose(r->d, ls_field_mark(v, "tranche"), "take it out of the fields",
                    "the column that says the tranche is no field");
    }
    bool has_latitude = ls_value_get(v, "latitude") != NULL, has_longitude = ls_value_get(v, "longitude") != NULL;
    if (has_latitude != has_longitude) {
        ls_diagnose(r->d, ls_field_mark(v, has_latitude ? "latitude" : "longitude"), NULL,
                    "latitude and longitude stand together or not at all");
    }
    read_column(r, v, "latitude", fields, &out->latitude);
    read_column(r, v, "longitude", fields, &out->longitude);
}

/* What a tranche's padded rows come to must fit the formats and the charter. */
static void check_size(ls_roadmap_reader *r, const ls_declared *x, uint64_t rows, ls_mark mark)
{
    if (x->field_count > 0 && rows > SALTS_MAX / x->field_count) {
        ls_diagnose(r->d, mark, NULL, "rows × fields must be at most %lld", SALTS_MAX);
    }
    if (x->row_bytes > 0 && rows > r->charter->attachment_limit / x->row_bytes) {
        ls_diagnose(r->d, mark, "split the tranche, or lower row-bytes",
                    "the sealed rows would exceed the charter's limit for attachments, %llu bytes",
                    (unsigned long long)r->charter->attachment_limit);
    }
}

static uint64_t read_tranche(ls_roadmap_reader *r, const ls_value *v, ls_declared *out, ls_ids *labels)
{
    size_t k = out->tranche_count++;
    int64_t rows = 0;
    ls_value_check_map(v, "tranche", LS_KEYS({"label", true}, {"rows", true}), r->d);
    ls_field_line(v, "label", r->d, &out->labels[k]);
    ls_ids_add(labels, out->labels[k], ls_field_mark(v, "label"), r->d);
    if (ls_field_integer(v, "rows", 1, INT32_MAX, r->d, &rows)) {
        check_size(r, out, (uint64_t)rows, ls_field_mark(v, "rows"));
    }
    out->padded[k] = (uint64_t)rows;
    return (uint64_t)rows;
}

static void read_tranches(ls_roadmap_reader *r, const ls_value *v, ls_declared *out)
{
    ls_ids labels;
    const ls_value *list = ls_field_list(v, "tranches", 1, LS_ROADMAP_TRANCHES_MAX, r->d);
    if (list == NULL || !ls_ids_init(&labels, "tranche", list->count, r->arena, r->d)) {
        return;
    }
    out->labels = ls_arena_array(r->arena, list->count, sizeof *out->labels);
    out->padded = ls_arena_array(r->arena, list->count, sizeof *out->padded);
    if (out->labels == NULL || out->padded == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    uint64_t total = 0;
    for (size_t i = 0; i < list->count; i++) {
        total += read_tranche(r, list->items[i], out, &labels);
    }
    if (total > r->charter->rows_limit) {
        ls_diagnose(r->d, list->mark, NULL, "%llu rows in all are more than the charter's limit of %llu",
                    (unsigned long long)total, (unsigned long long)r->charter->rows_limit);
    }
}

/* The fields that an audience is shown, as flags; NULL for all of them. */
static bool *read_shown(ls_roadmap_reader *r, const ls_value *v, const ls_declared *d, const ls_ids *fields)
{
    const ls_value *list = ls_value_get(v, "fields");
    if (list != NULL && list->type == LS_STRING && ls_bytes_is(list->string, "all")) {
        return NULL;
    }
    list = ls_field_list(v, "fields", 1, LS_FIELDS_MAX, r->d);
    bool *shown = list == NULL ? NULL : ls_arena_array(r->arena, d->field_count + 1, sizeof *shown);
    for (size_t i = 0; shown != NULL && i < list->count; i++) {
        ls_bytes name;
        int field = ls_field_read_line(list->items[i], "a field", r->d, &name)
                        ? ls_ids_require(fields, name, list->items[i]->mark, r->d)
                        : -1;
        if (field >= 0) {
            shown[field] = true;
        }
    }
    return shown;
}

static void read_audience(ls_roadmap_reader *r, const ls_value *v, ls_declared *d, const ls_ids *fields, ls_ids *names)
{
    ls_declared_audience *a = &d->audiences[d->audience_count++];
    ls_value_check_map(v, "audience", LS_KEYS({"name", true}, {"fields", true}), r->d);
    if (ls_field_name(v, "name", r->d, &a->name)) {
        ls_mark mark = ls_field_mark(v, "name");
        ls_ids_add(names, a->name, mark, r->d);
        if (ls_audience_members(r->charter, a->name) == 0) {
            ls_diagnose(r->d, mark, "public, process, or one that the charter lists under audiences",
                        "the charter has no audience with this name");
        }
    }
    a->fields = read_shown(r, v, d, fields);
}

static void read_audiences(ls_roadmap_reader *r, const ls_value *v, ls_declared *d, const ls_ids *fields)
{
    ls_ids names;
    bool stated = ls_value_get(v, "audiences") != NULL;
    const ls_value *list = stated ? ls_field_list(v, "audiences", 1, LS_AUDIENCES_MAX, r->d) : NULL;
    size_t count = list == NULL ? 1 : list->count;
    d->audiences = ls_arena_array(r->arena, count, sizeof *d->audiences);
    if (d->audiences == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    if (!stated) {
        d->audiences[d->audience_count++].name = ls_bytes_str("process");
        return;
    }
    if (list == NULL || !ls_ids_init(&names, "audience", count, r->arena, r->d)) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        read_audience(r, list->items[i], d, fields, &names);
    }
}

static void read_declaration(ls_roadmap_reader *r, const ls_value *v, ls_declared *out)
{
    ls_ids fields;
    int64_t row_bytes = 0;
    ls_value_check_map(v, "declaration",
                       LS_KEYS({"name", true}, {"by", true}, {"fields", true}, {"id", true}, {"tranche", true},
                               {"latitude", false}, {"longitude", false}, {"row-bytes", true}, {"tranches", true},
                               {"audiences", false}),
                       r->d);
    ls_field_name(v, "name", r->d, &out->name);
    ls_ids_add(&r->declarations, out->name, ls_field_mark(v, "name"), r->d);
    const ls_value *by = ls_value_get(v, "by");
    if (by != NULL) {
        ls_roadmap_read_party(r, by, LS_OF_ACCORD, &out->by);
    }
    const ls_value *list = ls_value_get(v, "fields");
    if (!ls_ids_init(&fields, "field", list == NULL ? 0 : list->count, r->arena, r->d)) {
        return;
    }
    read_fields(r, v, out, &fields);
    read_columns(r, v, out, &fields);
    ls_field_integer(v, "row-bytes", 1, ROW_BYTES_MAX, r->d, &row_bytes);
    out->row_bytes = (uint64_t)row_bytes;
    read_tranches(r, v, out);
    read_audiences(r, v, out, &fields);
}

void ls_roadmap_read_declarations(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "declarations", 0, LS_DECLARATIONS_MAX, r->d);
    ls_declared *declared = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *declared);
    for (size_t i = 0; declared != NULL && i < list->count; i++) {
        read_declaration(r, list->items[i], &declared[i]);
        r->roadmap->declaration_count++;
    }
    r->roadmap->declarations = declared;
}
