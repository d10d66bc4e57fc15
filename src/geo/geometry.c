/* Geometry objects: checked by a table of their forms; collections are walked, not entered. */
#include "geo/geometry.h"
#include "geo/place.h"

#define DECIMALS_MAX 9
#define ANY_DEGREES 999 /* whether it is a latitude is asked elsewhere */

const ls_geometry_form ls_geometry_forms[LS_GEOMETRIES] = {
    [LS_GEOMETRY_POINT] = {"Point", 0, 0, false},
    [LS_GEOMETRY_MULTI_POINT] = {"MultiPoint", 1, 0, false},
    [LS_GEOMETRY_LINE_STRING] = {"LineString", 1, 2, false},
    [LS_GEOMETRY_MULTI_LINE_STRING] = {"MultiLineString", 2, 2, false},
    [LS_GEOMETRY_POLYGON] = {"Polygon", 2, 4, true},
    [LS_GEOMETRY_MULTI_POLYGON] = {"MultiPolygon", 3, 4, true},
    [LS_GEOMETRY_COLLECTION] = {"GeometryCollection", 0, 0, false},
};

/* Members that define objects of other kinds (RFC 7946, section 7.1). */
static const char *const foreign[] = {"geometry", "properties", "features"};

/* One check of one geometry object. */
typedef struct check {
    const ls_geometry_form *form;
    ls_tolerated *tolerated;
    ls_diagnostics *d;
} check;

static void tolerate(ls_tolerated *t, ls_tolerated_kind kind, ls_mark mark)
{
    if (t->count[kind]++ == 0) {
        t->first[kind] = mark;
    }
}

static size_t decimals_of(ls_bytes number)
{
    const uint8_t *point = memchr(number.ptr, '.', number.len);
    size_t count = 0;
    for (const uint8_t *p = point; p != NULL && p + 1 < number.ptr + number.len && p[1] >= '0' && p[1] <= '9'; p++) {
        count++;
    }
    return count;
}

static void check_position(const ls_raw *position, check *c)
{
    for (const ls_raw *n = position->first; n != NULL; n = n->next) {
        if (n->type != LS_RAW_NUMBER) {
            ls_diagnose(c->d, n->mark, n->type == LS_RAW_STRING ? "write it without quotes" : NULL,
                        "a coordinate is a number, not %s", ls_raw_type_name(n->type));
            return;
        }
    }
    if (position->count < 2 || position->count > 3) {
        ls_diagnose(c->d, position->mark, NULL,
                    "a position has a longitude, a latitude and perhaps an altitude, not %zu number%s", position->count,
                    position->count == 1 ? "" : "s");
    } else if (decimals_of(position->first->text) > DECIMALS_MAX ||
               decimals_of(position->first->next->text) > DECIMALS_MAX) {
        tolerate(c->tolerated, LS_TOLERATED_PRECISION, position->mark);
    }
}

static bool is_same_number(const ls_raw *a, const ls_raw *b)
{
    int64_t x, y;
    return ls_bytes_equal(a->text, b->text) ||
           (ls_degrees_read_json(a->text, ANY_DEGREES, &x) && ls_degrees_read_json(b->text, ANY_DEGREES, &y) && x == y);
}

static bool is_closed(const ls_raw *ring)
{
    const ls_raw *a = ring->first->first, *b = ring->last->first;
    while (a != NULL && b != NULL && is_same_number(a, b)) {
        a = a->next;
        b = b->next;
    }
    return a == NULL && b == NULL;
}

/* By the sign of twice the area; only a warning hangs on it, so floating point will do. */
static bool is_clockwise(const ls_raw *ring)
{
    double area = 0;
    for (const ls_raw *p = ring->first; p->next != NULL; p = p->next) {
        int64_t x0, y0, x1, y1;
        const ls_raw *a = p->first, *b = p->next->first;
        if (!ls_degrees_read_json(a->text, ANY_DEGREES, &x0) ||
            !ls_degrees_read_json(a->next->text, ANY_DEGREES, &y0) ||
            !ls_degrees_read_json(b->text, ANY_DEGREES, &x1) ||
            !ls_degrees_read_json(b->next->text, ANY_DEGREES, &y1)) {
            return false;
        }
        area += (double)x0 * (double)y1 - (double)x1 * (double)y0;
    }
    return area < 0;
}

static void check_path(const ls_raw *path, check *c)
{
    if (path->count < c->form->least) {
        ls_diagnose(c->d, path->mark, NULL, "%s of a %s has at least %u positions, not %zu",
                    c->form->ring ? "a ring" : "a line", c->form->name, c->form->least, path->count);
    } else if (c->form->ring && !is_closed(path)) {
        ls_diagnose(c->d, path->last->mark, "repeat the first position at the end",
                    "this ring does not end where it begins");
    } else if (c->form->ring && is_clockwise(path) != (path != path->parent->first)) {
        tolerate(c->tolerated, LS_TOLERATED_WINDING, path->mark);
    }
}

/* Goes as deep as the form has levels, which is three at most. */
static void check_level(const ls_raw *n, unsigned levels, check *c)
{
    size_t errors = c->d->errors;
    if (n->type != LS_RAW_LIST) {
        ls_diagnose(c->d, n->mark, "[longitude, latitude] is a position; is the type right?",
                    "the coordinates of a %s have a list here, not %s", c->form->name, ls_raw_type_name(n->type));
        return;
    }
    if (levels == 0) {
        check_position(n, c);
        return;
    }
    for (const ls_raw *child = n->first; child != NULL && c->d->errors == errors; child = child->next) {
        check_level(child, levels - 1, c);
    }
    if (levels == 1 && c->d->errors == errors) {
        check_path(n, c);
    }
}

static const ls_geometry_form *form_named(const ls_raw *type)
{
    for (size_t i = 0; i < LS_GEOMETRIES; i++) {
        if (type != NULL && type->type == LS_RAW_STRING && ls_bytes_is(type->text, ls_geometry_forms[i].name)) {
            return &ls_geometry_forms[i];
        }
    }
    return NULL;
}

static void diagnose_type(const ls_raw *geometry, const ls_raw *type, ls_diagnostics *d)
{
    static const char hint[] =
        "Point, MultiPoint, LineString, MultiLineString, Polygon, MultiPolygon or GeometryCollection";
    if (type == NULL || type->type != LS_RAW_STRING) {
        ls_diagnose(d, geometry->mark, hint, "a geometry has a \"type\", which is a string");
    } else {
        ls_diagnose(d, type->mark, hint, "there is no geometry of the type \"%.*s\"",
                    (int)(type->text.len < 60 ? type->text.len : 60), (const char *)type->text.ptr);
    }
}

static bool is_collection(const ls_raw *geometry)
{
    return form_named(ls_raw_get(geometry, "type")) == &ls_geometry_forms[LS_GEOMETRY_COLLECTION];
}

bool ls_geometry_box_valid(const ls_raw *box)
{
    bool valid = box->type == LS_RAW_LIST && (box->count == 4 || box->count == 6);
    for (const ls_raw *n = valid ? box->first : NULL; n != NULL; n = n->next) {
        valid = valid && n->type == LS_RAW_NUMBER;
    }
    return valid;
}

/* What a collection holds is walked by the caller. */
static void check_collection(const ls_raw *geometry, ls_tolerated *tolerated, ls_diagnostics *d)
{
    const ls_raw *list = ls_raw_get(geometry, "geometries");
    if (list == NULL || list->type != LS_RAW_LIST) {
        ls_diagnose(d, list == NULL ? geometry->mark : list->mark, NULL,
                    "a GeometryCollection has a list of \"geometries\"");
    } else if (list->count == 1) {
        tolerate(tolerated, LS_TOLERATED_SINGLE, geometry->mark);
    }
    if (geometry->parent != NULL && ls_bytes_is(geometry->parent->key, "geometries")) {
        tolerate(tolerated, LS_TOLERATED_NESTED, geometry->mark);
    }
}

static void check_one(const ls_raw *geometry, ls_tolerated *tolerated, ls_diagnostics *d)
{
    if (geometry->type != LS_RAW_MAP) {
        ls_diagnose(d, geometry->mark, NULL, "a geometry is an object, not %s", ls_raw_type_name(geometry->type));
        return;
    }
    const ls_raw *type = ls_raw_get(geometry, "type"), *coordinates = ls_raw_get(geometry, "coordinates");
    const ls_raw *box = ls_raw_get(geometry, "bbox");
    check c = {.form = form_named(type), .tolerated = tolerated, .d = d};
    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++) {
        const ls_raw *member = ls_raw_get(geometry, foreign[i]);
        if (member != NULL) {
            ls_diagnose(d, member->mark, NULL, "a geometry has no \"%s\"", foreign[i]);
        }
    }
    if (box != NULL && !ls_geometry_box_valid(box)) {
        ls_diagnose(d, box->mark, "west, south, east, north", "a \"bbox\" is a list of four or six numbers");
    }
    if (c.form == NULL) {
        diagnose_type(geometry, type, d);
    } else if (c.form == &ls_geometry_forms[LS_GEOMETRY_COLLECTION]) {
        check_collection(geometry, tolerated, d);
    } else if (coordinates == NULL) {
        ls_diagnose(d, geometry->mark, NULL, "a %s has \"coordinates\"", c.form->name);
    } else {
        check_level(coordinates, c.form->levels, &c);
    }
}

bool ls_geometry_check(const ls_raw *geometry, ls_tolerated *tolerated, ls_diagnostics *d)
{
    size_t errors = d->errors;
    for (const ls_raw *n = geometry; n != NULL; n = ls_geometry_next(geometry, n)) {
        check_one(n, tolerated, d);
    }
    return d->errors == errors;
}

void ls_tolerated_warn(const ls_tolerated *tolerated, ls_diagnostics *d)
{
    static const struct {
        const char *text, *hint;
    } words[LS_TOLERATED_KINDS] = {
        [LS_TOLERATED_WINDING] = {"rings that do not follow the right-hand rule",
                                  "outer rings go counterclockwise, holes clockwise (RFC 7946, 3.1.6)"},
        [LS_TOLERATED_SINGLE] = {"collections of a single geometry",
                                 "the geometry alone says the same (RFC 7946, 3.1.8)"},
        [LS_TOLERATED_NESTED] = {"collections within collections", "one collection can hold all (RFC 7946, 3.1.8)"},
        [LS_TOLERATED_PRECISION] = {"positions with more than nine decimals",
                                    "nine are a tenth of a millimetre; distances do not heed the rest"},
    };
    for (int kind = 0; kind < LS_TOLERATED_KINDS; kind++) {
        if (tolerated->count[kind] > 0) {
            ls_diagnose_warning(d, tolerated->first[kind], words[kind].hint, "%s: %zu", words[kind].text,
                                tolerated->count[kind]);
        }
    }
}

ls_geometry_kind ls_geometry_kind_of(const ls_raw *geometry)
{
    return (ls_geometry_kind)(form_named(ls_raw_get(geometry, "type")) - ls_geometry_forms);
}

const ls_raw *ls_geometry_next(const ls_raw *top, const ls_raw *geometry)
{
    const ls_raw *list = is_collection(geometry) ? ls_raw_get(geometry, "geometries") : NULL;
    if (list != NULL && list->type == LS_RAW_LIST && list->first != NULL) {
        return list->first;
    }
    /* Up from the last of a list: to the list, and to the collection that has it. */
    while (geometry != top && geometry->next == NULL) {
        geometry = geometry->parent->parent;
    }
    return geometry == top ? NULL : geometry->next;
}

/* Lists of numbers have no white space that means anything. */
static void write_compact(ls_bytes text, ls_buf *out)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr(" \t\r\n", text.ptr[i]) == NULL) {
            ls_buf_put_u8(out, text.ptr[i]);
        }
    }
}

void ls_geometry_write(const ls_raw *geometry, ls_buf *out)
{
    for (const ls_raw *n = geometry; n != NULL;) {
        ls_buf_format(out, "{\"type\":\"%s\",", ls_geometry_forms[ls_geometry_kind_of(n)].name);
        const ls_raw *next = ls_geometry_next(geometry, n), *up = n;
        if (is_collection(n)) {
            ls_buf_put_str(out, "\"geometries\":[");
        } else {
            ls_buf_put_str(out, "\"coordinates\":");
            write_compact(ls_raw_get(n, "coordinates")->text, out);
            ls_buf_put_u8(out, '}');
        }
        if (next == NULL || next->parent->parent != n) {
            /* Closes the collections that end here, this one too if it is empty. */
            ls_buf_put_str(out, is_collection(n) ? "]}" : "");
            for (; up != geometry && up->next == NULL; up = up->parent->parent) {
                ls_buf_put_str(out, "]}");
            }
            ls_buf_put_str(out, next == NULL ? "" : ",");
        }
        n = next;
    }
}
