/* Rows become features, one a line. */
#include "geo/shape.h"
#include "tabular/features.h"

#define NO_COLUMN SIZE_MAX

/* One writing of one table. */
typedef struct writing {
    const ls_tabular *t;
    size_t id, latitude, longitude, geometry; /* columns */
    ls_buf *out;
    ls_features_remarks remarks;
    ls_detail *detail;
} writing;

static size_t column_of(const ls_tabular *t, ls_bytes name)
{
    size_t column;
    return name.len > 0 && ls_tabular_column(t, name, &column) ? column : NO_COLUMN;
}

static ls_bytes value_of(const writing *w, size_t row, size_t column)
{
    return column == NO_COLUMN ? (ls_bytes){0} : ls_tabular_at(w->t, row, column);
}

static void put_string(ls_buf *out, ls_bytes text)
{
    ls_json_canonical(&(ls_value){.type = LS_STRING, .string = text}, out);
}

static void put_role(ls_buf *out, const char *role, ls_bytes column)
{
    if (column.len > 0) {
        ls_buf_format(out, ",\"%s\":", role);
        put_string(out, column);
    }
}

static void write_head(const ls_tabular *t, const ls_tabular_roles *roles, ls_buf *out)
{
    ls_buf_put_str(out, "{\"type\":\"FeatureCollection\",\n\"lockstep\":{\"columns\":[");
    for (size_t i = 0; i < t->column_count; i++) {
        ls_buf_put_str(out, i == 0 ? "" : ",");
        put_string(out, t->columns[i]);
    }
    ls_buf_put_str(out, "]");
    put_role(out, "id", roles->id);
    put_role(out, "latitude", roles->latitude);
    put_role(out, "longitude", roles->longitude);
    put_role(out, "geometry", roles->geometry);
    ls_buf_put_str(out, "},\n\"features\":[");
}

/* A number as JSON has it: without '+', and without zeros in front. */
static ls_bytes spelt(ls_bytes degrees, ls_buf *scratch, bool *respelt)
{
    size_t sign = degrees.ptr[0] == '-' || degrees.ptr[0] == '+' ? 1 : 0, start = sign;
    while (start + 1 < degrees.len && degrees.ptr[start] == '0' && degrees.ptr[start + 1] != '.') {
        start++;
    }
    if (start == sign && degrees.ptr[0] != '+') {
        return degrees;
    }
    *respelt = true;
    scratch->len = 0;
    ls_buf_put_str(scratch, degrees.ptr[0] == '-' ? "-" : "");
    ls_buf_put(scratch, degrees.ptr + start, degrees.len - start);
    return ls_buf_bytes(scratch);
}

static void write_point(writing *w, ls_bytes latitude, ls_bytes longitude)
{
    ls_buf scratch = {0};
    bool respelt = false;
    ls_buf_put_str(w->out, "{\"type\":\"Point\",\"coordinates\":[");
    ls_buf_put_bytes(w->out, spelt(longitude, &scratch, &respelt));
    ls_buf_put_u8(w->out, ',');
    ls_buf_put_bytes(w->out, spelt(latitude, &scratch, &respelt));
    ls_buf_put_str(w->out, "]}");
    w->remarks.respelt += respelt ? 1 : 0;
    w->out->failed = w->out->failed || scratch.failed;
    ls_buf_wipe(&scratch);
}

static ls_result fail_row(writing *w, size_t row, const char *hint, const char *why)
{
    if (w->detail != NULL) {
        w->detail->line = w->t->lines[row];
        w->detail->column = 1;
    }
    ls_hint(w->detail, "%s", hint);
    return ls_fail_with(&ls_fault_geojson, w->detail, "the geometry of this row: %s", why);
}

/* A point with columns of its own would come back in those. */
static ls_result write_shape(writing *w, size_t row, ls_bytes text)
{
    ls_arena arena = {0};
    ls_shape shape;
    ls_raw *geometry = NULL;
    ls_detail why = {0};
    ls_result r = ls_shape_parse(&arena, text, &shape, &why);
    r = ls_succeeded(r) ? ls_raw_parse(&arena, text, &geometry, &why) : r;
    if (r.fault == &ls_fault_json || r.fault == &ls_fault_geojson) {
        r = fail_row(w, row, why.hint, why.text);
    } else if (ls_succeeded(r) && ls_geometry_kind_of(geometry) == LS_GEOMETRY_POINT && w->latitude != NO_COLUMN) {
        r = fail_row(w, row, "write its numbers into those columns",
                     "a Point, which the columns for latitude and longitude are there for");
    } else if (ls_succeeded(r)) {
        ls_geometry_write(geometry, w->out);
    }
    ls_arena_free(&arena);
    return r;
}

/* The geometry, and which columns have become it. */
static ls_result write_geometry(writing *w, size_t row, bool *as_point)
{
    ls_bytes latitude = value_of(w, row, w->latitude), longitude = value_of(w, row, w->longitude);
    ls_bytes shape = value_of(w, row, w->geometry);
    int64_t units;
    *as_point = false;
    if (shape.len > 0) {
        return write_shape(w, row, shape);
    }
    *as_point =
        ls_degrees_read(latitude, LS_LATITUDE_MAX, &units) && ls_degrees_read(longitude, LS_LONGITUDE_MAX, &units);
    if (*as_point) {
        write_point(w, latitude, longitude);
        return LS_SUCCESS;
    }
    *(latitude.len + longitude.len == 0 ? &w->remarks.no_place : &w->remarks.bad_place) += 1;
    ls_buf_put_str(w->out, "null");
    return LS_SUCCESS;
}

/* What the feature itself does not say. */
static void write_properties(writing *w, size_t row, bool as_point)
{
    bool any = false;
    ls_buf_put_str(w->out, ",\"properties\":{");
    for (size_t i = 0; i < w->t->column_count; i++) {
        ls_bytes value = ls_tabular_at(w->t, row, i);
        bool is_place = i == w->latitude || i == w->longitude;
        if (i == w->id || i == w->geometry || (is_place && (as_point || value.len == 0))) {
            continue;
        }
        ls_buf_put_str(w->out, any ? "," : "");
        put_string(w->out, w->t->columns[i]);
        ls_buf_put_u8(w->out, ':');
        put_string(w->out, value);
        any = true;
    }
    ls_buf_put_str(w->out, "}}");
}

static ls_result write_row(writing *w, size_t row)
{
    ls_bytes id = value_of(w, row, w->id);
    bool as_point;
    ls_buf_put_str(w->out, row == 0 ? "\n{\"type\":\"Feature\"" : ",\n{\"type\":\"Feature\"");
    put_role(w->out, "id", id);
    ls_buf_put_str(w->out, ",\"geometry\":");
    LS_TRY(write_geometry(w, row, &as_point));
    write_properties(w, row, as_point);
    return LS_SUCCESS;
}

ls_result ls_tabular_write_geojson(const ls_tabular *t, const ls_tabular_roles *roles, ls_buf *out,
                                   ls_features_remarks *remarks, ls_detail *detail)
{
    writing w = {.t = t,
                 .id = column_of(t, roles->id),
                 .latitude = column_of(t, roles->latitude),
                 .longitude = column_of(t, roles->longitude),
                 .geometry = column_of(t, roles->geometry),
                 .out = out,
                 .detail = detail};
    write_head(t, roles, out);
    for (size_t row = 0; row < t->row_count; row++) {
        LS_TRY(write_row(&w, row));
    }
    ls_buf_put_str(out, "\n]}\n");
    LS_TRY(ls_buf_check(out));
    *remarks = w.remarks;
    return LS_SUCCESS;
}
