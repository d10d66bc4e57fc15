/* Features become rows in two readings: the first finds the columns (columns.c), the second fills them in. */
#include "tabular/features.h"
#include "geo/shape.h"
#include "tabular/columns.h"
#include <stdlib.h>

#define ALTITUDE_MAX 999 /* metres, as far as one asks whether it is zero */

/* One making of one table. */
typedef struct making {
    const ls_features_form *form;
    ls_tabular *t;
    ls_features_columns column;
    bool taken[LS_COLUMNS_MAX]; /* of the row */
} making;

static ls_result put(making *m, size_t column, ls_bytes value)
{
    m->taken[column] = true;
    return ls_tabular_set(m->t, m->t->row_count - 1, column, value);
}

static ls_result put_id(making *m, const ls_feature *f, ls_diagnostics *d)
{
    if (f->id == NULL) {
        return LS_SUCCESS;
    }
    if (m->column.id == LS_NO_COLUMN) {
        ls_diagnose(d, f->id->mark, NULL, "this feature has an \"id\", and the table has no column for it");
        return LS_SUCCESS;
    }
    return put(m, m->column.id, f->id->text);
}

/* An altitude of zero is what programs write who have none. */
static bool is_flat(const ls_raw *position)
{
    const ls_raw *altitude = position->first->next->next;
    int64_t units;
    return altitude == NULL || (ls_degrees_read_json(altitude->text, ALTITUDE_MAX, &units) && units == 0);
}

static ls_result put_point(making *m, const ls_raw *position, ls_diagnostics *d)
{
    const ls_raw *longitude = position->first, *latitude = longitude->next;
    int64_t units;
    if (!is_flat(position)) {
        ls_diagnose(d, latitude->next->mark, "make a property of it", "the table has no column for an altitude");
        return LS_SUCCESS;
    }
    if (!ls_degrees_read(latitude->text, LS_LATITUDE_MAX, &units) ||
        !ls_degrees_read(longitude->text, LS_LONGITUDE_MAX, &units)) {
        ls_diagnose(d, position->mark, "0.0000001, not 1e-7", "coordinates of an inventory have no exponent");
        return LS_SUCCESS;
    }
    LS_TRY(put(m, m->column.latitude, latitude->text));
    return put(m, m->column.longitude, longitude->text);
}

static ls_result put_shape(making *m, const ls_raw *geometry, ls_diagnostics *d)
{
    if (m->column.geometry == LS_NO_COLUMN) {
        ls_diagnose(d, geometry->mark, "a field \"geometry\" holds what is no point; or give the site as a point",
                    "the table has no column for a %s", ls_geometry_forms[ls_geometry_kind_of(geometry)].name);
        return LS_SUCCESS;
    }
    ls_buf text = {0};
    ls_geometry_write(geometry, &text);
    ls_result r = ls_buf_check(&text);
    r = ls_succeeded(r) ? put(m, m->column.geometry, ls_buf_bytes(&text)) : r;
    ls_buf_wipe(&text);
    return r;
}

static bool has_foreign_member(const ls_raw *geometry, ls_diagnostics *d)
{
    static const char *const known[] = {"type", "coordinates", "geometries", "bbox"};
    for (const ls_raw *g = geometry; g != NULL; g = ls_geometry_next(geometry, g)) {
        for (const ls_raw *n = g->first; n != NULL; n = n->next) {
            bool is_known = false;
            for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
                is_known = is_known || ls_bytes_is(n->key, known[i]);
            }
            if (!is_known) {
                ls_diagnose(d, n->mark, "make a property of it", "the table has no column for \"%.*s\" of a geometry",
                            (int)(n->key.len < 60 ? n->key.len : 60), (const char *)n->key.ptr);
                return true;
            }
        }
    }
    return false;
}

/* Whatever is put down can be found on the earth. */
static ls_result put_geometry(making *m, const ls_raw *geometry, ls_diagnostics *d)
{
    ls_arena arena = {0};
    ls_shape shape;
    ls_detail detail = {0};
    if (geometry == NULL || has_foreign_member(geometry, d)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_shape_of(&arena, geometry, &shape, &detail);
    ls_arena_free(&arena);
    if (r.fault == &ls_fault_geojson) {
        ls_diagnose(d, (ls_mark){detail.line, detail.column}, detail.hint, "%s", detail.text);
        return LS_SUCCESS;
    }
    LS_TRY(r);
    if (shape.count == 0) {
        ls_diagnose(d, geometry->mark, "\"geometry\": null, if it has no place", "a geometry without any position");
        return LS_SUCCESS;
    }
    bool as_point = ls_geometry_kind_of(geometry) == LS_GEOMETRY_POINT && m->column.latitude != LS_NO_COLUMN &&
                    m->column.longitude != LS_NO_COLUMN;
    return as_point ? put_point(m, ls_raw_get(geometry, "coordinates"), d) : put_shape(m, geometry, d);
}

/* An id may stand in both places if both say the same. */
static ls_result put_again(making *m, size_t column, const ls_raw *p, ls_diagnostics *d)
{
    if (!ls_bytes_equal(ls_tabular_at(m->t, m->t->row_count - 1, column), p->text)) {
        ls_diagnose(d, p->mark, "rename the property", "\"%.*s\" is what the feature itself says, and not the same",
                    (int)(p->key.len < 60 ? p->key.len : 60), (const char *)p->key.ptr);
    }
    return LS_SUCCESS;
}

static ls_result put_property(making *m, const ls_raw *p, ls_diagnostics *d)
{
    size_t column;
    ls_detail detail = {0};
    if (p->type == LS_RAW_LIST || p->type == LS_RAW_MAP) {
        ls_diagnose(d, p->mark, "inventories are flat: give each value a property of its own",
                    "the property \"%.*s\" is %s", (int)(p->key.len < 60 ? p->key.len : 60), (const char *)p->key.ptr,
                    ls_raw_type_name(p->type));
        return LS_SUCCESS;
    }
    if (p->key.len == 0) {
        ls_diagnose(d, p->mark, "give it a name", "a property without a name");
        return LS_SUCCESS;
    }
    if (ls_failed(ls_tabular_find(m->t, p->key, &column, &detail))) {
        ls_diagnose(d, p->mark, detail.hint[0] != '\0' ? detail.hint : "remove it, or agree on it as a field", "%s",
                    detail.text);
        return LS_SUCCESS;
    }
    if (m->taken[column]) {
        return put_again(m, column, p, d);
    }
    return put(m, column, p->type == LS_RAW_NULL ? (ls_bytes){0} : p->text);
}

static ls_result take_feature(void *context, const ls_feature *f, ls_diagnostics *d)
{
    making *m = context;
    LS_TRY(ls_tabular_add_row(m->t, f->mark.line));
    memset(m->taken, 0, m->t->column_count * sizeof *m->taken);
    if (f->foreign != NULL) {
        ls_diagnose(d, f->foreign->mark, "make a property of it", "the table has no column for \"%.*s\" of a feature",
                    (int)(f->foreign->key.len < 60 ? f->foreign->key.len : 60), (const char *)f->foreign->key.ptr);
    }
    LS_TRY(put_id(m, f, d));
    LS_TRY(put_geometry(m, f->geometry, d));
    for (const ls_raw *p = f->properties == NULL ? NULL : f->properties->first; p != NULL; p = p->next) {
        LS_TRY(put_property(m, p, d));
    }
    return LS_SUCCESS;
}

/* Both readings. */

/* A declared field that no feature has would be empty in all rows; that is more likely a slip. */
static void check_columns(const making *m, ls_diagnostics *d)
{
    for (size_t i = 0; i < m->form->column_count; i++) {
        ls_bytes name = m->form->columns[i];
        bool is_place = i == m->column.latitude || i == m->column.longitude || i == m->column.geometry;
        bool is_there = is_place || m->t->row_count == 0;
        for (size_t row = 0; row < m->t->row_count && !is_there; row++) {
            is_there = ls_tabular_at(m->t, row, i).len > 0;
        }
        for (size_t k = 0; k < m->column.name_count && !is_there; k++) {
            is_there = ls_bytes_equal(m->column.names[k], name);
        }
        if (!is_there) {
            ls_diagnose(d, (ls_mark){1, 1}, "\"properties\": {\"…\": null}, if it is always empty",
                        "no feature has the property \"%.*s\"", (int)(name.len < 60 ? name.len : 60),
                        (const char *)name.ptr);
        }
    }
}

static ls_result read_twice(making *m, ls_diagnostics *d)
{
    const ls_raw *top;
    LS_TRY(ls_features_find_columns(m->form, m->t, &m->column));
    if (m->column.too_many) {
        ls_diagnose(d, (ls_mark){1, 1}, NULL, "more than %d columns", LS_COLUMNS_MAX);
        return ls_fail(&ls_fault_geojson);
    }
    LS_TRY(ls_geojson_read(&m->t->arena, m->t->text, m->column.is_json, &(ls_feature_sink){take_feature, m}, d, &top));
    check_columns(m, d);
    return d->errors > 0 ? ls_fail(&ls_fault_geojson) : LS_SUCCESS;
}

ls_result ls_tabular_read_geojson(ls_bytes text, const ls_features_form *form, ls_tabular *out, ls_diagnostics *d)
{
    making *m = calloc(1, sizeof *m);
    if (m == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    m->form = form;
    m->t = out;
    out->text = text;
    ls_result r = read_twice(m, d);
    free(m);
    return r;
}

static ls_result declared_columns(const ls_inventory_form *form, ls_arena *arena, ls_features_form *out)
{
    ls_bytes *columns = ls_arena_array(arena, form->field_count + 1, sizeof *columns);
    if (columns == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    memcpy(columns, form->fields, form->field_count * sizeof *columns);
    columns[form->field_count] = form->tranche_column;
    *out = (ls_features_form){
        {form->id_column, form->latitude, form->longitude, ls_bytes_str("geometry")}, form->field_count + 1, columns};
    return LS_SUCCESS;
}

ls_result ls_features_declared(ls_bytes text, const ls_inventory_form *form, ls_buf *csv, ls_diagnostics *d)
{
    ls_arena arena = {0};
    ls_tabular t = {0};
    ls_features_form columns;
    ls_result r = declared_columns(form, &arena, &columns);
    r = ls_succeeded(r) ? ls_tabular_read_geojson(text, &columns, &t, d) : r;
    if (ls_succeeded(r)) {
        ls_tabular_write_csv(&t, csv);
        r = ls_buf_check(csv);
    }
    ls_tabular_free(&t);
    ls_arena_free(&arena);
    return r;
}
