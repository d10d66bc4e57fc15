/* GeoJSON: the published files, JSON's own test suite, and everything that can be wrong, with its place. */
#include "cover/cover.h"
#include "geo/geojson.h"
#include "vectors.h"
#include <dirent.h>

#define COUNT(a) (sizeof(a) / sizeof *(a))

static ls_bytes bytes(const char *s)
{
    return ls_bytes_str(s);
}

/* ---- JSON ---- */

/* Scalars alone are JSON here, too; what the reader of documents refuses besides (duplicate keys, NUL) is refused. */
static bool check_suite_file(const char *name, ls_bytes text)
{
    ls_arena a = {0};
    ls_raw *node;
    ls_detail detail = {0};
    bool accepted = ls_succeeded(ls_raw_parse(&a, text, &node, &detail));
    const size_t flags = JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_DECODE_INT_AS_REAL;
    json_t *strict = json_loadb((const char *)text.ptr, text.len, flags, NULL);
    if (name[0] == 'n' && accepted) {
        fail_msg("accepted: %s", name);
    }
    if (name[0] == 'y' && !accepted) {
        assert_true(strstr(name, "duplicated_key") != NULL || strstr(name, "null") != NULL);
    }
    if (accepted && node->type == LS_RAW_STRING) {
        assert_bytes(node->text, ls_bytes_of(json_string_value(strict), json_string_length(strict)));
    }
    json_decref(strict);
    ls_arena_free(&a);
    return accepted;
}

static void json_test_suite(void **state)
{
    (void)state;
    char folder[1024];
    snprintf(folder, sizeof folder, "%s", shared_vector("json/test_parsing"));
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    size_t seen[256] = {0}, accepted[256] = {0};
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char path[1400];
        ls_buf text = {0};
        if (e->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        read_whole_file(path, &text);
        seen[(unsigned char)e->d_name[0]]++;
        accepted[(unsigned char)e->d_name[0]] += check_suite_file(e->d_name, ls_buf_bytes(&text));
        ls_buf_free(&text);
    }
    closedir(dir);
    assert_int_equal(seen['n'], 188);
    assert_int_equal(seen['y'], 95);
    assert_int_equal(seen['i'], 35);
    /* Three with duplicate keys or with NUL are refused. */
    assert_true(accepted['y'] >= 90);
}

/* Against jansson's own reading of escapes. */
static void json_strings(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "\"\"",
        "\"a\"",
        "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
        "\"\\u0041\\u00e9\\u20AC\\uD83D\\uDE00x\"",
        "\"\\u005c\\\\u0041\"",
        "\"\\uDBFF\\uDFFF\\uFFFF\"",
        "\"\xf0\x9f\x98\x80\\n\xc3\xa9\"",
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ls_arena a = {0};
        ls_raw *node;
        json_t *expected = json_loads(cases[i], JSON_DECODE_ANY, NULL);
        assert_non_null(expected);
        assert_success(ls_raw_parse(&a, bytes(cases[i]), &node, NULL));
        assert_int_equal(node->type, LS_RAW_STRING);
        assert_bytes(node->text, ls_bytes_of(json_string_value(expected), json_string_length(expected)));
        json_decref(expected);
        ls_arena_free(&a);
    }
}

static void json_kept_as_it_stands(void **state)
{
    (void)state;
    static const char text[] = "{\"a\": [1.50, -0, 1E+2 ,12345678901234567890123], \"\": {}, \"b\\n\":\n  true}";
    ls_arena a = {0};
    ls_raw *node;
    assert_success(ls_raw_parse(&a, bytes(text), &node, NULL));
    const ls_raw *list = ls_raw_get(node, "a"), *empty = ls_raw_get(node, ""), *b = ls_raw_get(node, "b\n");
    assert_int_equal(list->count, 4);
    assert_bytes(list->first->text, bytes("1.50"));
    assert_bytes(list->first->next->text, bytes("-0"));
    assert_bytes(list->first->next->next->text, bytes("1E+2"));
    assert_bytes(list->last->text, bytes("12345678901234567890123"));
    assert_bytes(list->text, bytes("[1.50, -0, 1E+2 ,12345678901234567890123]"));
    assert_true(empty->type == LS_RAW_MAP && empty->count == 0);
    assert_true(b->type == LS_RAW_BOOLEAN && b->mark.line == 2 && b->mark.column == 3);
    assert_null(ls_raw_get(node, "c"));
    ls_arena_free(&a);
}

static void json_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line, column;
    } cases[] = {
        {"", 1, 1},         {"{\"a\":1,\"a\":2}", 1, 0},
        {"[1,]", 1, 4},     {"[1]\n x", 2, 2},
        {"1x", 1, 2},       {"1-2", 1, 2},
        {"[\n\n01]", 3, 0}, {"\"\\ud800\"", 1, 0},
        {"[1e999]", 1, 0},  {"\"\\u0000\"", 1, 0},
        {"nul", 1, 0},      {"'a'", 1, 1},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ls_arena a = {0};
        ls_raw *node = NULL;
        ls_detail detail = {0};
        assert_fault(ls_raw_parse(&a, bytes(cases[i].text), &node, &detail), ls_fault_json);
        assert_null(node);
        assert_int_equal(detail.line, cases[i].line);
        if (cases[i].column > 0) {
            assert_int_equal(detail.column, cases[i].column);
        }
        ls_arena_free(&a);
    }
    /* jansson passes over it. */
    ls_arena b = {0};
    ls_raw *with_nul;
    ls_detail detail = {0};
    assert_fault(ls_raw_parse(&b, ls_bytes_of("[1\0]", 4), &with_nul, &detail), ls_fault_json);
    assert_int_equal(detail.column, 3);
    char deep[2 * LS_RAW_DEPTH_MAX + 3] = {0};
    ls_arena a = {0};
    ls_raw *node;
    memset(deep, '[', LS_RAW_DEPTH_MAX);
    memset(deep + LS_RAW_DEPTH_MAX, ']', LS_RAW_DEPTH_MAX);
    assert_success(ls_raw_parse(&a, bytes(deep), &node, NULL));
    memset(deep, '[', LS_RAW_DEPTH_MAX + 1);
    memset(deep + LS_RAW_DEPTH_MAX + 1, ']', LS_RAW_DEPTH_MAX + 1);
    assert_fault(ls_raw_parse(&a, bytes(deep), &node, NULL), ls_fault_json);
    ls_arena_free(&a);
}

/* ---- documents ---- */

typedef struct document {
    ls_arena arena;
    ls_diagnostics d;
    size_t features;
    const ls_raw *top;
    ls_result result;
} document;

static ls_result count_feature(void *context, const ls_feature *feature, ls_diagnostics *d)
{
    (void)d;
    assert_true(feature->mark.line > 0);
    ((document *)context)->features++;
    return LS_SUCCESS;
}

static document *read_document(ls_bytes text)
{
    document *doc = calloc(1, sizeof *doc);
    doc->d.arena = &doc->arena;
    doc->result = ls_geojson_read(&doc->arena, text, false, &(ls_feature_sink){count_feature, doc}, &doc->d, &doc->top);
    return doc;
}

static void free_document(document *doc)
{
    ls_arena_free(&doc->arena);
    free(doc);
}

static bool is_tolerated(const char *name)
{
    static const char *const names[] = {"polygon_winding_order.geojson", "bad-polygon-interiorring-rhr.geojson",
                                        "excessive_precision_truncated.geojson", "geometrycollection_single.geojson",
                                        "geometrycollection_nested.geojson"};
    for (size_t i = 0; i < COUNT(names); i++) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

static size_t check_folder(const char *name, bool good)
{
    char folder[1024];
    snprintf(folder, sizeof folder, "%s", shared_vector(name));
    DIR *dir = opendir(folder);
    size_t count = 0;
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char path[1400];
        ls_buf text = {0};
        if (e->d_name[0] == '.') {
            continue;
        }
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        read_whole_file(path, &text);
        document *doc = read_document(ls_buf_bytes(&text));
        bool tolerated = is_tolerated(e->d_name);
        if (ls_succeeded(doc->result) != (good || tolerated) || (tolerated && doc->d.count == 0)) {
            fail_msg("%s: %zu errors, %zu diagnostics", e->d_name, doc->d.errors, doc->d.count);
        }
        if (!good && !tolerated) {
            assert_ptr_equal(doc->result.fault, &ls_fault_geojson);
            assert_true(doc->d.errors > 0 && doc->d.item[0].mark.line > 0 && doc->d.item[0].mark.column > 0);
        }
        free_document(doc);
        ls_buf_free(&text);
        count++;
    }
    closedir(dir);
    return count;
}

static void published_good(void **state)
{
    (void)state;
    assert_int_equal(check_folder("geojson/good", true), 18);
}

static void published_bad(void **state)
{
    (void)state;
    assert_int_equal(check_folder("geojson/bad", false), 44);
}

#define FEATURE(geometry) "{\"type\":\"Feature\",\"properties\":null,\"geometry\":" geometry "}"
#define POINT "{\"type\":\"Point\",\"coordinates\":[1,2]}"

/* Members in any order; the type may come last. */
static void documents_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t features;
    } cases[] = {
        {"{\"features\":[],\"type\":\"FeatureCollection\"}", 0},
        {"{\"features\":[" FEATURE(POINT) "," FEATURE("null") "],\"x\":[{}],\"type\":\"FeatureCollection\"}", 2},
        {" {\"type\" : \"FeatureCollection\" , \"features\" : [ ] } \n", 0},
        {FEATURE(POINT), 1},
        {"{\"geometry\":null,\"type\":\"Feature\",\"properties\":{}}", 1},
        {POINT, 0},
        {"{\"type\":\"FeatureCollection\",\"features\":[],\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:"
         "ogc:def:crs:OGC:1.3:CRS84\"}}}",
         0},
        {"{\"type\":\"FeatureCollection\",\"features\":[],\"crs\":null}", 0},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        document *doc = read_document(bytes(cases[i].text));
        if (ls_failed(doc->result)) {
            fail_msg("%s: %s", cases[i].text, doc->d.item[0].text);
        }
        assert_int_equal(doc->features, cases[i].features);
        assert_non_null(ls_raw_get(doc->top, "type"));
        free_document(doc);
    }
}

static void documents_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line, column;
        const char *says;
    } cases[] = {
        {"", 1, 1, "unexpected token near end"},
        {"[]", 1, 1, "GeoJSON is an object, not a list"},
        {"{", 1, 2, "the name of a member"},
        {"{\"a\"", 1, 5, "a ':' is missing"},
        {"{\"a\":1 \"b\":2}", 1, 8, "the last '}' is missing"},
        {"{\"a\":1,}", 1, 8, "the name of a member"},
        {"{\"a\":1}{", 1, 8, "something follows the end"},
        {"{\"type\":\"FeatureCollection\",\n\"features\":[" FEATURE(POINT) " 2]}", 2, 0, "the ']' of \"features\""},
        {"{\"type\":\"FeatureCollection\",\n\"features\":[" FEATURE(POINT) ",\n]}", 3, 1, "unexpected token"},
        {"{\"type\":\"FeatureCollection\",\n\"features\":[{\"a\":\n 1,\n\"b\":tru}]}", 4, 0, "invalid token"},
        {"{\"type\":\"FeatureCollection\",\"features\":[],\"features\":[]}", 1, 43, "two members \"features\""},
        {"{\"type\":\"FeatureCollection\",\"features\":{}}", 1, 40, "\"features\" is a list, not an object"},
        {"{\"type\":\"FeatureCollection\"}", 1, 1, "has a list of \"features\""},
        {"{\"type\":\"FeatureCollection\",\"features\":[],\"geometry\":null}", 1, 54,
         "a FeatureCollection has no \"geometry\""},
        {"{\"type\":\"FeatureCollection\",\"features\":[" POINT "]}", 1, 49, "objects of the type \"Feature\""},
        {"{\"type\":\"FeatureCollection\",\"features\":[],\"bbox\":[1,2,3,4,5]}", 1, 50, "four or six numbers"},
        {"{\"type\":\"FeatureCollection\",\"features\":[],\"crs\":{\"properties\":{\"name\":\"EPSG:3857\"}}}", 1, 49,
         "no other \"crs\""},
        {"{\"type\":\"Feature\",\"geometry\":null}", 1, 1, "a Feature has \"properties\""},
        {"{\"type\":\"Feature\",\"properties\":{}}", 1, 1, "a Feature has a \"geometry\""},
        {"{\"type\":\"Feature\",\"properties\":{},\"geometry\":null,\"features\":[]}", 1, 62,
         "a Feature has no \"features\""},
        {"{\"type\":\"Feature\",\"properties\":{},\"geometry\":null,\"id\":true}", 1, 56,
         "a string or a number, not a boolean"},
        {FEATURE("[1,2]"), 1, 48, "a geometry is an object, not a list"},
        {FEATURE("{\"type\":\"point\",\"coordinates\":[1,2]}"), 1, 56, "no geometry of the type \"point\""},
        {FEATURE("{\"coordinates\":[1,2]}"), 1, 48, "a geometry has a \"type\""},
        {"{\"type\":\"Polygon\",\"coordinates\":[[[0,0],[1,0],[1,1],[0,0.5]]]}", 1, 53, "does not end where it begins"},
        {"{\"type\":\"GeometryCollection\",\"geometries\":{}}", 1, 43, "a list of \"geometries\""},
        {"{\"type\":\"GeometryCollection\",\"geometries\":[" POINT
         ",{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"Point\",\"coordinates\":[1]}]}]}",
         1, 0, "not 1 number"},
        {"{\"type\":\"Point\",\"coordinates\":[\"1\",2]}", 1, 32, "a coordinate is a number, not a string"},
        {"{\"type\":\"Point\",\"coordinates\":[[1,2]]}", 1, 32, "a coordinate is a number, not a list"},
        {"{\"type\":\"LineString\",\"coordinates\":[1,2]}", 1, 37, "a list here, not a number"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        document *doc = read_document(bytes(cases[i].text));
        assert_fault(doc->result, ls_fault_geojson);
        ls_detail first = {0};
        assert_fault(ls_geojson_fail(&doc->d, &first), ls_fault_geojson);
        if (strstr(first.text, cases[i].says) == NULL || first.line != cases[i].line ||
            (cases[i].column > 0 && first.column != cases[i].column)) {
            fail_msg("%s: %u:%u: %s", cases[i].text, first.line, first.column, first.text);
        }
        free_document(doc);
    }
}

static void errors_all_at_once(void **state)
{
    (void)state;
    document *doc = read_document(bytes(
        "{\"type\":\"FeatureCollection\",\"features\":[\n" FEATURE("7") ",\n" FEATURE(POINT) ",\n" FEATURE("{}") "]}"));
    assert_fault(doc->result, ls_fault_geojson);
    assert_int_equal(doc->d.errors, 2);
    assert_int_equal(doc->features, 1);
    assert_int_equal(doc->d.item[0].mark.line, 2);
    assert_int_equal(doc->d.item[1].mark.line, 4);
    free_document(doc);
}

static void many_members(void **state)
{
    (void)state;
    ls_buf text = {0};
    ls_buf_put_str(&text, "{\"type\":\"FeatureCollection\",\"features\":[]");
    for (int i = 0; i < LS_GEOJSON_MEMBERS_MAX - 1; i++) {
        ls_buf_format(&text, ",\"m%d\":0", i);
    }
    ls_buf_put_u8(&text, '}');
    document *doc = read_document(ls_buf_bytes(&text));
    assert_fault(doc->result, ls_fault_geojson);
    assert_non_null(strstr(doc->d.item[0].text, "more than 64 members"));
    free_document(doc);
    ls_buf_free(&text);
}

/* ---- geometries ---- */

static void geometries_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *compact;
    } cases[] = {
        {"{ \"coordinates\" : [ 1.50 ,\n -2e0 ], \"type\":\"Point\", \"bbox\":[1,2,1,2], \"extra\":1 }",
         "{\"type\":\"Point\",\"coordinates\":[1.50,-2e0]}"},
        {"{\"type\":\"GeometryCollection\",\"geometries\":[]}", "{\"type\":\"GeometryCollection\",\"geometries\":[]}"},
        {"{\"type\":\"GeometryCollection\",\"geometries\":[" POINT
         ", {\"type\":\"GeometryCollection\",\"geometries\":[ " POINT
         " , {\"type\":\"GeometryCollection\",\"geometries\":[ ]}]} ,\t" POINT "]}",
         "{\"type\":\"GeometryCollection\",\"geometries\":[" POINT
         ",{\"type\":\"GeometryCollection\",\"geometries\":[" POINT
         ",{\"type\":\"GeometryCollection\",\"geometries\":[]}]}," POINT "]}"},
        {"{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"GeometryCollection\",\"geometries\":[" POINT
         "]}]}",
         "{\"type\":\"GeometryCollection\",\"geometries\":[{\"type\":\"GeometryCollection\",\"geometries\":[" POINT
         "]}]}"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ls_arena a = {0};
        ls_raw *node;
        ls_buf out = {0};
        assert_success(ls_raw_parse(&a, bytes(cases[i].text), &node, NULL));
        ls_geometry_write(node, &out);
        assert_bytes(ls_buf_bytes(&out), bytes(cases[i].compact));
        ls_buf_free(&out);
        ls_arena_free(&a);
    }
}

static void shapes_made(void **state)
{
    (void)state;
    static const char text[] =
        "{\"type\":\"GeometryCollection\",\"geometries\":["
        "{\"type\":\"Point\",\"coordinates\":[125.755,39.7956,12]},{\"type\":\"MultiPoint\",\"coordinates\":[]},"
        "{\"type\":\"MultiLineString\",\"coordinates\":[[[0,0],[1,1]],[[2,2],[3,3],[4,4]]]},"
        "{\"type\":\"MultiPolygon\",\"coordinates\":[[[[0,0],[3,0],[0,3],[0,0]],[[1,1],[1,2],[2,1],[1,1]]],[],[[[5,5],["
        "6,5],[5,6],[5,5]]]]},"
        "{\"type\":\"Polygon\",\"coordinates\":[[[7,7],[8,7],[7,8],[7,7]]]}]}";
    static const struct {
        ls_path_kind kind;
        size_t count;
    } expected[] = {{LS_PATH_POINTS, 1}, {LS_PATH_LINE, 2}, {LS_PATH_LINE, 3}, {LS_PATH_RING, 4},
                    {LS_PATH_RING, 4},   {LS_PATH_RING, 4}, {LS_PATH_RING, 4}};
    ls_arena a = {0};
    ls_shape s;
    assert_success(ls_shape_parse(&a, bytes(text), &s, NULL));
    assert_int_equal(s.count, COUNT(expected));
    for (size_t i = 0; i < s.count; i++) {
        assert_int_equal(s.paths[i].kind, expected[i].kind);
        assert_int_equal(s.paths[i].count, expected[i].count);
    }
    assert_true(s.paths[0].places[0].latitude == 39795600000 && s.paths[0].places[0].longitude == 125755000000);
    assert_true(s.paths[3].polygon == s.paths[4].polygon && s.paths[4].polygon != s.paths[5].polygon &&
                s.paths[5].polygon != s.paths[6].polygon);
    ls_arena_free(&a);
}

static void shapes_refused(void **state)
{
    (void)state;
    static const struct {
        const char *text, *says, *hint;
        unsigned column;
    } cases[] = {
        {"{\"type\":\"Point\",\"coordinates\":[39.7956,125.755]}", "a latitude beyond 90", "longitude first", 40},
        {"{\"type\":\"Point\",\"coordinates\":[181,1]}", "a longitude beyond 180", "metres", 32},
        {"{\"type\":\"Point\",\"coordinates\":[500000,4400000]}", "a latitude beyond 90", "", 39},
        {"{\"type\":\"LineString\",\"coordinates\":[[170,0],[-170,0]]}", "more than 180 degrees", "3.1.9", 45},
        {"{\"type\":\"Point\",\"coordinates\":[1]}", "not 1 number", "", 31},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        ls_arena a = {0};
        ls_shape s = {.count = 77};
        ls_detail detail = {0};
        assert_fault(ls_shape_parse(&a, bytes(cases[i].text), &s, &detail), ls_fault_geojson);
        assert_non_null(strstr(detail.text, cases[i].says));
        assert_non_null(strstr(detail.hint, cases[i].hint));
        assert_int_equal(detail.column, cases[i].column);
        assert_int_equal(s.count, 77);
        ls_arena_free(&a);
    }
    ls_arena a = {0};
    ls_shape s;
    assert_fault(ls_shape_parse(&a, bytes("{"), &s, NULL), ls_fault_json);
    /* The cap of a pole, and all the way around. */
    assert_success(ls_shape_parse(&a,
                                  bytes("{\"type\":\"Polygon\",\"coordinates\":[[[-180,-90],[170,-90],[180,-90],[180,-"
                                        "80],[-180,-80],[-180,-90]]]}"),
                                  &s, NULL));
    ls_arena_free(&a);
}

static void too_many_places(void **state)
{
    (void)state;
    for (int more = 0; more <= 1; more++) {
        ls_arena a = {0};
        ls_buf text = {0};
        ls_shape s;
        ls_buf_put_str(&text, "{\"type\":\"MultiPoint\",\"coordinates\":[[0,0]");
        for (int i = 1; i < LS_SHAPE_PLACES_MAX + more; i++) {
            ls_buf_put_str(&text, ",[0,0]");
        }
        ls_buf_put_str(&text, "]}");
        assert_int_equal(ls_succeeded(ls_shape_parse(&a, ls_buf_bytes(&text), &s, NULL)), more == 0);
        ls_buf_free(&text);
        ls_arena_free(&a);
    }
}

/* ---- rows ---- */

static void rows_covered(void **state)
{
    (void)state;
    static const char line[] = "{\"type\":\"LineString\",\"coordinates\":[[0,0],[1,0]]}";
    static const char uncut[] = "{\"type\":\"LineString\",\"coordinates\":[[179,0],[-179,0]]}";
    static const struct {
        const char *latitude, *longitude, *geometry;
        bool never, always; /* by the rule for rows without a place */
    } cases[] = {
        {"0", "0.5", "", true, true},
        {"0", "40", "", false, false},
        {"", "", "", false, true},
        {"0", "", "", false, true},
        {"", "0.5", "", false, true},
        {"zero", "0.5", "", false, true},
        {"0", "40", line, true, true},
        {"", "", line, true, true},
        {"0", "40", "{}", false, false},
        {"0", "0.5", "not JSON", true, true},
        {"", "", "{\"type\":\"GeometryCollection\",\"geometries\":[]}", false, true},
        {"", "", uncut, false, true},
        {"91", "0", "", false, true},
    };
    const ls_circle c = {{0, 500000000}, 1000};
    for (size_t i = 0; i < COUNT(cases); i++) {
        ls_cover_row row = {bytes(cases[i].latitude), bytes(cases[i].longitude), bytes(cases[i].geometry)};
        bool never, always, contained;
        assert_success(ls_cover_row_decide(&c, &(ls_cover_rule){LS_AREAS_TOUCH, LS_PLACELESS_NEVER}, &row, &never));
        assert_success(ls_cover_row_decide(&c, &(ls_cover_rule){LS_AREAS_TOUCH, LS_PLACELESS_ALWAYS}, &row, &always));
        if (never != cases[i].never || always != cases[i].always) {
            fail_msg("%s, %s, %s: %d %d", cases[i].latitude, cases[i].longitude, cases[i].geometry, never, always);
        }
        assert_success(
            ls_cover_row_decide(&c, &(ls_cover_rule){LS_AREAS_CONTAINED, LS_PLACELESS_NEVER}, &row, &contained));
        assert_int_equal(contained, never && cases[i].geometry[0] != '{');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_test_suite),        cmocka_unit_test(json_strings),
        cmocka_unit_test(json_kept_as_it_stands), cmocka_unit_test(json_refused),
        cmocka_unit_test(published_good),         cmocka_unit_test(published_bad),
        cmocka_unit_test(documents_read),         cmocka_unit_test(documents_refused),
        cmocka_unit_test(errors_all_at_once),     cmocka_unit_test(many_members),
        cmocka_unit_test(geometries_written),     cmocka_unit_test(shapes_made),
        cmocka_unit_test(shapes_refused),         cmocka_unit_test(too_many_places),
        cmocka_unit_test(rows_covered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
