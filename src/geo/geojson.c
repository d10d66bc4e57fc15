/* The outermost object is read here, member by member; its values by the reader of raw JSON, each into memory of its
 * own.
 */
#include "geo/geojson.h"

const ls_fault ls_fault_geojson = {LS_CLASS_USAGE, "geojson", "not the GeoJSON that Lockstep accepts"};

/* One reading of one document. */
typedef struct reading {
    ls_raw_cursor cursor;
    ls_arena *arena;
    ls_raw *top;
    const ls_feature_sink *sink;
    ls_diagnostics *d;
    ls_tolerated tolerated;
} reading;

/* What an object of each type must not have, since it would define one of another type (RFC 7946, section 7.1). */
static const char *const not_of_features[] = {"features", "coordinates", "geometries", NULL};
static const char *const not_of_collections[] = {"coordinates", "geometries", "geometry", "properties", NULL};
/* Members of a feature that have a meaning. */
static const char *const known[] = {"type", "id", "bbox", "geometry", "properties", NULL};

static bool is_listed(ls_bytes name, const char *const *list)
{
    for (; *list != NULL; list++) {
        if (ls_bytes_is(name, *list)) {
            return true;
        }
    }
    return false;
}

static ls_mark here(const reading *r)
{
    return (ls_mark){r->cursor.line, r->cursor.column};
}

static ls_result fail_here(reading *r, const char *hint, const char *text)
{
    (void)ls_raw_peek(&r->cursor);
    ls_diagnose(r->d, here(r), hint, "%s", text);
    return ls_fail(&ls_fault_geojson);
}

/* What is wrong with the text as JSON ends the reading. */
static ls_result settle(reading *r, ls_result result, const ls_detail *detail)
{
    if (result.fault == &ls_fault_json) {
        ls_diagnose(r->d, (ls_mark){detail->line, detail->column}, NULL, "%s", detail->text);
        return ls_fail(&ls_fault_geojson);
    }
    return result;
}

static ls_result take_value(reading *r, ls_arena *arena, ls_raw **out)
{
    ls_detail detail = {0};
    return settle(r, ls_raw_value(arena, &r->cursor, out, &detail), &detail);
}

/* Features. */

static void check_semantics(const ls_raw *object, const char *what, const char *const *forbidden, ls_diagnostics *d)
{
    for (const ls_raw *n = object->first; n != NULL; n = n->next) {
        if (is_listed(n->key, forbidden)) {
            ls_diagnose(d, n->mark, NULL, "a %s has no \"%.*s\"", what, (int)n->key.len, (const char *)n->key.ptr);
        }
    }
}

static void check_box(const ls_raw *object, ls_diagnostics *d)
{
    const ls_raw *box = ls_raw_get(object, "bbox");
    if (box != NULL && !ls_geometry_box_valid(box)) {
        ls_diagnose(d, box->mark, "west, south, east, north", "a \"bbox\" is a list of four or six numbers");
    }
}

static bool check_feature_members(const ls_raw *node, const ls_feature *f, ls_tolerated *tolerated, ls_diagnostics *d)
{
    size_t errors = d->errors;
    const ls_raw *geometry = ls_raw_get(node, "geometry"), *properties = ls_raw_get(node, "properties");
    check_semantics(node, "Feature", not_of_features, d);
    check_box(node, d);
    if (f->id != NULL && f->id->type != LS_RAW_STRING && f->id->type != LS_RAW_NUMBER) {
        ls_diagnose(d, f->id->mark, NULL, "an \"id\" is a string or a number, not %s", ls_raw_type_name(f->id->type));
    }
    if (properties == NULL || (properties->type != LS_RAW_MAP && properties->type != LS_RAW_NULL)) {
        ls_diagnose(d, properties == NULL ? node->mark : properties->mark, "\"properties\": null, if it has none",
                    "a Feature has \"properties\", an object or null");
    }
    if (geometry == NULL) {
        ls_diagnose(d, node->mark, "\"geometry\": null, if it has no place",
                    "a Feature has a \"geometry\", an object or null");
    } else if (geometry->type != LS_RAW_NULL) {
        (void)ls_geometry_check(geometry, tolerated, d);
    }
    return d->errors == errors;
}

static const ls_raw *unless_null(const ls_raw *node)
{
    return node == NULL || node->type == LS_RAW_NULL ? NULL : node;
}

static ls_result take_feature(reading *r, const ls_raw *node)
{
    const ls_raw *type = ls_raw_get(node, "type");
    if (node->type != LS_RAW_MAP || type == NULL || type->type != LS_RAW_STRING ||
        !ls_bytes_is(type->text, "Feature")) {
        ls_diagnose(r->d, type == NULL ? node->mark : type->mark, "\"type\": \"Feature\"",
                    "what \"features\" lists are objects of the type \"Feature\"");
        return LS_SUCCESS;
    }
    ls_feature f = {.mark = node->mark,
                    .id = ls_raw_get(node, "id"),
                    .geometry = unless_null(ls_raw_get(node, "geometry")),
                    .properties = unless_null(ls_raw_get(node, "properties"))};
    for (const ls_raw *n = node->first; n != NULL && f.foreign == NULL; n = n->next) {
        f.foreign = is_listed(n->key, known) ? NULL : n;
    }
    return check_feature_members(node, &f, &r->tolerated, r->d) ? r->sink->feature(r->sink->context, &f, r->d)
                                                                : LS_SUCCESS;
}

static ls_result take_features(reading *r)
{
    if (!ls_raw_take(&r->cursor, '[')) {
        ls_raw *other;
        LS_TRY(take_value(r, r->arena, &other));
        ls_diagnose(r->d, other->mark, NULL, "\"features\" is a list, not %s", ls_raw_type_name(other->type));
        return LS_SUCCESS;
    }
    if (ls_raw_take(&r->cursor, ']')) {
        return LS_SUCCESS;
    }
    do {
        ls_arena arena = {0};
        ls_raw *node;
        ls_result result = take_value(r, &arena, &node);
        result = ls_succeeded(result) ? take_feature(r, node) : result;
        ls_arena_free(&arena);
        LS_TRY(result);
    } while (ls_raw_take(&r->cursor, ','));
    return ls_raw_take(&r->cursor, ']') ? LS_SUCCESS
                                        : fail_here(r, NULL, "a ',' or the ']' of \"features\" is missing here");
}

/* The outermost object. */

static ls_result add_member(reading *r, ls_raw *key, ls_raw *value)
{
    for (const ls_raw *n = r->top->first; n != NULL; n = n->next) {
        if (ls_bytes_equal(n->key, key->text)) {
            ls_diagnose(r->d, key->mark, NULL, "this object has two members \"%.*s\"",
                        (int)(key->text.len < 60 ? key->text.len : 60), (const char *)key->text.ptr);
            return ls_fail(&ls_fault_geojson);
        }
    }
    if (r->top->count == LS_GEOJSON_MEMBERS_MAX) {
        return fail_here(r, NULL, "the outermost object has more than 64 members");
    }
    value->key = key->text;
    ls_raw_attach(r->top, value);
    return LS_SUCCESS;
}

static ls_result take_member(reading *r)
{
    ls_raw *key, *value;
    if (ls_raw_peek(&r->cursor) != '"') {
        return fail_here(r, NULL, "the name of a member, in quotes, is missing here");
    }
    LS_TRY(take_value(r, r->arena, &key));
    if (!ls_raw_take(&r->cursor, ':')) {
        return fail_here(r, NULL, "a ':' is missing here");
    }
    (void)ls_raw_peek(&r->cursor);
    if (!ls_bytes_is(key->text, "features")) {
        LS_TRY(take_value(r, r->arena, &value));
        return add_member(r, key, value);
    }
    /* An empty list stands for them. */
    value = ls_arena_alloc(r->arena, sizeof *value);
    if (value == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *value = (ls_raw){.type = LS_RAW_LIST, .mark = here(r)};
    LS_TRY(add_member(r, key, value));
    return take_features(r);
}

static ls_result take_document(reading *r)
{
    ls_detail detail = {0};
    LS_TRY(settle(r, ls_json_refuse_nul(r->cursor.text, &detail), &detail));
    (void)ls_raw_peek(&r->cursor);
    r->top->mark = here(r);
    if (!ls_raw_take(&r->cursor, '{')) {
        ls_raw *other;
        LS_TRY(take_value(r, r->arena, &other));
        ls_diagnose(r->d, other->mark, "is this a GeoJSON file?", "GeoJSON is an object, not %s",
                    ls_raw_type_name(other->type));
        return ls_fail(&ls_fault_geojson);
    }
    if (!ls_raw_take(&r->cursor, '}')) {
        do {
            LS_TRY(take_member(r));
        } while (ls_raw_take(&r->cursor, ','));
        if (!ls_raw_take(&r->cursor, '}')) {
            return fail_here(r, NULL, "a ',' or the last '}' is missing here");
        }
    }
    return ls_raw_peek(&r->cursor) == 0 && r->cursor.at == r->cursor.text.len
               ? LS_SUCCESS
               : fail_here(r, NULL, "something follows the end");
}

/* Other reference systems would make other places of the same numbers. */
static void check_system(const reading *r)
{
    static const char *const names[] = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84",
                                        "urn:ogc:def:crs:EPSG::4326", "EPSG:4326", NULL};
    const ls_raw *system = unless_null(ls_raw_get(r->top, "crs"));
    const ls_raw *name = ls_raw_get(ls_raw_get(system, "properties"), "name");
    if (system != NULL && (name == NULL || name->type != LS_RAW_STRING || !is_listed(name->text, names))) {
        ls_diagnose(r->d, system->mark, "export it again as WGS84 (EPSG:4326)",
                    "GeoJSON has longitudes and latitudes on WGS84 and no other \"crs\"");
    }
}

static void check_collection(const reading *r)
{
    check_semantics(r->top, "FeatureCollection", not_of_collections, r->d);
    check_box(r->top, r->d);
    if (ls_raw_get(r->top, "features") == NULL) {
        ls_diagnose(r->d, r->top->mark, NULL, "a FeatureCollection has a list of \"features\"");
    }
}

/* What kind of object it was shows at its end: members have no order. */
static ls_result check_document(reading *r)
{
    const ls_raw *type = ls_raw_get(r->top, "type");
    check_system(r);
    if (type == NULL || type->type != LS_RAW_STRING) {
        ls_diagnose(r->d, type == NULL ? r->top->mark : type->mark, "\"type\": \"FeatureCollection\"",
                    "GeoJSON has a \"type\", which is a string");
    } else if (ls_bytes_is(type->text, "FeatureCollection")) {
        check_collection(r);
    } else if (ls_bytes_is(type->text, "Feature")) {
        return take_feature(r, r->top);
    } else {
        (void)ls_geometry_check(r->top, &r->tolerated, r->d);
    }
    return LS_SUCCESS;
}

ls_result ls_geojson_read(ls_arena *arena, ls_bytes text, bool again, const ls_feature_sink *sink, ls_diagnostics *d,
                          const ls_raw **top)
{
    reading r = {.cursor = ls_raw_begin(text), .arena = arena, .sink = sink, .d = d};
    r.cursor.again = again;
    r.top = ls_arena_alloc(arena, sizeof *r.top);
    if (r.top == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    r.top->type = LS_RAW_MAP;
    if (text.len > LS_GEOJSON_MAX) {
        return fail_here(&r, NULL, "a GeoJSON file of more than 1 GiB");
    }
    LS_TRY(take_document(&r));
    LS_TRY(check_document(&r));
    ls_tolerated_warn(&r.tolerated, d);
    ls_diagnostics_sort(d);
    if (d->errors > 0) {
        return ls_fail(&ls_fault_geojson);
    }
    *top = r.top;
    return LS_SUCCESS;
}

ls_result ls_geojson_fail(const ls_diagnostics *d, ls_detail *detail)
{
    for (size_t i = 0; i < d->count; i++) {
        if (!d->item[i].warning) {
            if (detail != NULL) {
                detail->line = d->item[i].mark.line;
                detail->column = d->item[i].mark.column;
            }
            ls_hint(detail, "%s", d->item[i].hint);
            return ls_fail_with(&ls_fault_geojson, detail, "%s", d->item[i].text);
        }
    }
    return ls_fail_with(&ls_fault_geojson, detail, "%s", ls_fault_geojson.sentence);
}
