/* Places as they are signed and as they are typed; distances against published values and against Vincenty's formulas.
 */
#include "cover/distance.h"
#include "vectors.h"
#include "vincenty.h"

static ls_bytes bytes(const char *s)
{
    return ls_bytes_str(s);
}

/* ---- the canonical text ---- */

static void canonical_accepted(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t latitude, longitude;
    } cases[] = {
        {"0 0", 0, 0},
        {"39.7956 125.755", 39795600000, 125755000000},
        {"-90 180", -90000000000, 180000000000},
        {"90.000 -180.000000000", 90000000000, -180000000000},
        {"-0.000000001 0.000000001", -1, 1},
        {"0.0 -0.5", 0, -500000000},
        {"40.8499966 129.666664000", 40849996600, 129666664000},
        {"-89.123456789 -179.123456789", -89123456789, -179123456789},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_place p;
        if (!ls_place_parse(bytes(cases[i].text), &p)) {
            fail_msg("refused: %s", cases[i].text);
        }
        assert_int_equal(p.latitude, cases[i].latitude);
        assert_int_equal(p.longitude, cases[i].longitude);
        assert_true(strlen(cases[i].text) <= LS_PLACE_TEXT_MAX);
    }
}

static void canonical_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        " ",
        "0",
        "0 ",
        " 0",
        "0  0",
        "0\t0",
        "0,0",
        "0 0 ",
        "0 0\n",
        "+1 0",
        "0 +1",
        "00 0",
        "01 0",
        "0 -00",
        "-0 0",
        "0 -0.0",
        "-0.000 1",
        "1. 0",
        ".5 0",
        "1e1 0",
        "0 1E0",
        "1.0e0 0",
        "0x1 0",
        "nan 0",
        "90.1 0",
        "0 180.1",
        "91 0",
        "0 -181",
        "0 1000",
        "90.000000001 0",
        "0.0000000001 0",
        "0 1.1234567890",
        "1 2 3",
        "--1 0",
        "1- 0",
        "1..2 0",
        "1.2.3 0",
        "٣ 0",
        "0 0x",
        "0\xc2\xa0\x30",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_place p = {7, 8};
        if (ls_place_parse(bytes(cases[i]), &p)) {
            fail_msg("accepted: '%s'", cases[i]);
        }
        assert_true(p.latitude == 7 && p.longitude == 8);
    }
    ls_place p;
    assert_false(ls_place_parse(ls_bytes_of("0 0\0", 4), &p));
}

/* ---- numbers of degrees ---- */

/* Rounded by Python's decimal (ROUND_HALF_UP), in 10^-9 degrees. */
static void degrees_rounded(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned limit;
        bool plain, json; /* read as a table has it, and as JSON has it */
        int64_t units;
    } cases[] = {
        {"0.0000000005", 90, true, true, 1},
        {"0.00000000049999999999999999999", 90, true, true, 0},
        {"-0.0000000005", 90, true, true, -1},
        {"39.79555555555555", 90, true, true, 39795555556},
        {"89.9999999999", 90, true, true, 90000000000},
        {"90.0000000001", 90, false, false, 0},
        {"90.0000000000000000000000000", 90, true, true, 90000000000},
        {"-180", 180, true, true, -180000000000},
        {"+1.5", 90, true, false, 1500000000},
        {"007", 90, true, false, 7000000000},
        {"0007", 90, false, false, 0},
        {"1.25e1", 90, false, true, 12500000000},
        {"1.25E+1", 90, false, true, 12500000000},
        {"125e-1", 90, false, true, 12500000000},
        {"1e-7", 90, false, true, 100},
        {"5e-10", 90, false, true, 1},
        {"4e-10", 90, false, true, 0},
        {"0e99999999999999999999", 90, false, true, 0},
        {"1e99999999999999999999", 90, false, false, 0},
        {"1e-99999999999999999999", 90, false, true, 0},
        {"100000000000000000000e-19", 90, false, true, 10000000000},
        {"0.00000000000000000001e20", 90, false, true, 1000000000},
        {"9.00000000000000000001e1", 90, false, false, 0},
        {"1e2", 90, false, false, 0},
        {"1e2", 180, false, true, 100000000000},
        {"", 90, false, false, 0},
        {"-", 90, false, false, 0},
        {"1e", 90, false, false, 0},
        {"1e+", 90, false, false, 0},
        {"1e1.0", 90, false, false, 0},
        {".5", 90, false, false, 0},
        {"5.", 90, false, false, 0},
        {"5.e1", 90, false, false, 0},
        {"1 ", 90, false, false, 0},
        {"1,5", 90, false, false, 0},
        {"inf", 90, false, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        int64_t plain = cases[i].units, json = cases[i].units;
        if (ls_degrees_read(bytes(cases[i].text), cases[i].limit, &plain) != cases[i].plain ||
            ls_degrees_read_json(bytes(cases[i].text), cases[i].limit, &json) != cases[i].json ||
            plain != cases[i].units || json != cases[i].units) {
            fail_msg("%s: %lld, %lld", cases[i].text, (long long)plain, (long long)json);
        }
    }
}

/* A value that is not there has no bytes to look at. */
static void nothing(void **state)
{
    (void)state;
    const ls_bytes none = {0};
    ls_place p;
    int64_t units;
    ls_place_reading r;
    assert_false(ls_degrees_read(none, LS_LATITUDE_MAX, &units));
    assert_false(ls_degrees_read_json(none, LS_LATITUDE_MAX, &units));
    assert_false(ls_place_parse(none, &p));
    assert_fault(ls_place_read(none, &r, NULL), ls_fault_place);
}

/* ---- what people type ---- */

static void typed_understood(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *canonical;
        bool turned, rounded;
    } cases[] = {
        {"39.7956,125.7550", "39.7956 125.7550", false, false},
        {"39.7956 125.7550", "39.7956 125.7550", false, false},
        {"  39.7956 ;\t125.7550 ", "39.7956 125.7550", false, false},
        {"39.7956° N, 125.7550° E", "39.7956 125.7550", false, false},
        {"+39.5, -0.0", "39.5 0.0", false, false},
        {"-1.5 -125", "-1.5 -125", false, false},
        {"1.5S 125W", "-1.5 -125", false, false},
        {"1.5s,125w", "-1.5 -125", false, false},
        {"039.5 025.0", "39.5 25.0", false, false},
        {"125.755 E 39.7956 N", "39.7956 125.755", true, false},
        {"E125.755 N39.7956", "39.7956 125.755", true, false},
        /* 44/3600 = 0.01222…, 18/3600 = 0.005 exactly */
        {"39 47 44 N 125 45 18 E", "39.795555556 125.755", false, true},
        {"39°47'44\"N 125°45'18\"E", "39.795555556 125.755", false, true},
        {"39°47′44″N, 125°45′18″E", "39.795555556 125.755", false, true},
        {"N 39 47 44, E 125 45 18", "39.795555556 125.755", false, true},
        {"N 39 47 44 E 125 45 18", "39.795555556 125.755", false, true},
        {"39 47 44, 125 45 18", "39.795555556 125.755", false, true},
        {"54 53 N 20 34.5 E", "54.883333333 20.575", false, true},
        {"38 17 N 104 20 W", "38.283333333 -104.333333333", false, true},
        {"48 46' 50\" N 44 35' 44\" E", "48.780555556 44.595555556", false, true},
        {"007 25 40 E 49 30 00 N", "49.5 7.427777778", true, true},
        {"89 59 59.999999 S 179 59 59.9999 W", "-90 -179.999999972", false, true},
        {"90 00 00 N 180 00 00 E", "90 180", false, false},
        {"39.79571234567890 125.75501234567890", "39.795712346 125.755012346", false, true},
        {"0 00 36 N 0 00 01.8 W", "0.01 -0.0005", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_place_reading r;
        ls_place p;
        ls_detail detail = {0};
        if (ls_failed(ls_place_read(bytes(cases[i].typed), &r, &detail))) {
            fail_msg("%s: %s", cases[i].typed, detail.text);
        }
        assert_string_equal(r.text, cases[i].canonical);
        assert_int_equal(r.turned, cases[i].turned);
        assert_int_equal(r.rounded, cases[i].rounded);
        assert_true(ls_place_parse(bytes(r.text), &p));
        assert_true(p.latitude == r.place.latitude && p.longitude == r.place.longitude);
        assert_true(strstr(r.understood, "° ") != NULL);
    }
}

static void typed_words(void **state)
{
    (void)state;
    ls_place_reading r;
    assert_success(ls_place_read(bytes("1.50 S 125 W"), &r, NULL));
    assert_string_equal(r.understood, "1.50° south, 125° west");
    assert_success(ls_place_read(bytes("89.999999999,-179.999999999"), &r, NULL));
    assert_string_equal(r.understood, "89.999999999° north, 179.999999999° west");
}

static void typed_refused(void **state)
{
    (void)state;
    static const struct {
        const char *typed, *says;
    } cases[] = {
        {"", "a latitude and a longitude"},
        {"39.7956", "a latitude and a longitude"},
        {"39.7956,", "a latitude and a longitude"},
        {",", "a latitude and a longitude"},
        {"39 47 44 125 45 18", "a latitude and a longitude"}, /* which is which would be a guess */
        {"39,7956 125,7550", "a latitude and a longitude"},
        {"39.7956 125.755 7", "a latitude and a longitude"},
        {"39 N 125", "a latitude and a longitude"},
        {"1 2 3 4 N 5 E", "a latitude and a longitude"},
        {"39 N 40 N", "'N' does not stand with a longitude"},
        {"125 E 40 E", "'E' does not stand with a latitude"},
        {"125.755, 39.7956", "\"125.755\" is no number up to 90"},
        {"91 N 0 E", "\"91\" is no number up to 90"},
        {"0, 180.0000001", "up to 180"},
        {"-39 N 125 E", "\"-39\" is no number"},
        {"39 60 N 125 E", "\"60\" is no number of minutes"},
        {"39 59 60 N 125 E", "\"60\" is no number of seconds"},
        {"39.5 30 N 125 E", "\"39.5\" is no number of degrees"},
        {"39 30.5 10 N 125 E", "\"30.5\" is no number of minutes"},
        {"39 -30 N 125 E", "\"-30\" is no number of minutes"},
        {"90 00 01 N 125 E", "up to 90"},
        {"3a9 125", "does not have \"a9 125\""},
        {"Pyongyang", "does not have \"Pyongyang\""},
        {"1e1 0", "a latitude and a longitude"}, /* 1 east, and 1 minute 0 */
        {"1.2.3 5", "\"1.2.3\" is no number"},
        {"- 5", "\"-\" is no number"},
        {"1 N 2 E 3 N 4 E", "a latitude and a longitude"},
        {"1,2,3,4,5,6,7,8,9,0", "does not have"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_place_reading r = {.turned = true};
        ls_detail detail = {0};
        ls_result result = ls_place_read(bytes(cases[i].typed), &r, &detail);
        assert_fault(result, ls_fault_place);
        if (strstr(detail.text, cases[i].says) == NULL) {
            fail_msg("%s: %s", cases[i].typed, detail.text);
        }
        assert_true(r.turned);
    }
    ls_detail detail = {0};
    ls_place_reading r;
    assert_true(ls_failed(ls_place_read(bytes("125.755, 39.7956"), &r, &detail)));
    assert_non_null(strstr(detail.hint, "latitude comes first"));
}

/* The INF notes give one coordinate in a cell. */
static void typed_alone(void **state)
{
    (void)state;
    char out[LS_DEGREES_TEXT_MAX + 1] = "kept";
    assert_success(ls_degrees_read_typed(bytes("54 53 N"), LS_LATITUDE_MAX, out, NULL));
    assert_string_equal(out, "54.883333333");
    assert_success(ls_degrees_read_typed(bytes("007 25 40 E"), LS_LONGITUDE_MAX, out, NULL));
    assert_string_equal(out, "7.427777778");
    assert_success(ls_degrees_read_typed(bytes("-104.30"), LS_LONGITUDE_MAX, out, NULL));
    assert_string_equal(out, "-104.30");
    assert_fault(ls_degrees_read_typed(bytes("54 53 N"), LS_LONGITUDE_MAX, out, NULL), ls_fault_place);
    assert_fault(ls_degrees_read_typed(bytes("54 53 N 20 30 E"), LS_LATITUDE_MAX, out, NULL), ls_fault_place);
    assert_fault(ls_degrees_read_typed(bytes("N"), LS_LATITUDE_MAX, out, NULL), ls_fault_place);
    assert_string_equal(out, "-104.30");
}

/* ---- distances ---- */

static uint32_t distance(double lat1, double lon1, double lat2, double lon2)
{
    ls_place a = {llround(lat1 * 1e9), llround(lon1 * 1e9)}, b = {llround(lat2 * 1e9), llround(lon2 * 1e9)};
    uint32_t metres = ls_place_distance(&a, &b);
    assert_int_equal(metres, ls_place_distance(&b, &a));
    return metres;
}

/* From the tests and the documentation of GeographicLib. Longitudes beyond 180 degrees are turned back. */
static void published_distances(void **state)
{
    (void)state;
    static const double cases[][5] = {
        {35.60777, -139.44815, -11.17491, -69.95921, 8935244.5604818305},
        {55.52454, 106.05087, 77.03196, 197.18234 - 360, 4105086.1713924406},
        {-21.97856, 142.59065, 41.84138, 98.56635, 8394328.894657671},
        {-66.99028, 112.2363, -12.70631, 285.90344 - 360, 11150344.2312080241},
        {-17.42761, 173.34268, -15.84784, 5.93557, 16076603.1631180673},
        {32.84994, 48.28919, -56.28556, 202.29132 - 360, 16727068.9438164461},
        {6.96833, 52.74123, -7.39675, 206.17291 - 360, 17102477.2496958388},
        {-50.56724, -16.30485, -33.56571, -94.97412, 6455670.5118668696},
        {-58.93002, -8.90775, -8.91104, 133.13503, 11756066.0219864627},
        {-68.82867, -74.28391, -50.63005, -8.36685, 3956936.926063544},
        {-10.62672, -32.0898, 5.883, -134.31681, 11470869.3864563009},
        {-21.76221, 166.90563, 48.72884, 213.97627 - 360, 9098627.3986554915},
        {-19.79938, -174.47484, -11.99349, -154.35109, 2319004.8601169389},
        {-11.95887, -116.94513, 4.57352, 7.16501, 13834722.5801401374},
        {-87.85331, 85.66836, 66.48646, 16.09921, 17286615.3147144645},
        {1.74708, 128.32011, -11.16617, 11.87109, 12942901.1241347408},
        {-25.72959, -144.90758, -57.70581, -269.17879 + 360, 9413446.7452453107},
        {-41.22777, 122.32875, -7.57291, 130.37946, 3812686.035106021},
        {11.01307, 138.25278, 6.62726, 247.05981 - 360, 11911190.819018408},
        {-29.47124, 95.14681, -27.46601, -69.15955, 13487015.8381145492},
        {40.6, -73.8, 51.6, -0.5, 5551759.400},                              /* New York to London */
        {40.639722222, -73.778888889, 1.359166667, 103.989444444, 15347628}, /* New York to Singapore */
        {-41.32, 174.81, 40.96, -5.50, 19959679.267}, /* Wellington to Salamanca, nearly opposite */
        {0, 0, 0, 180, 20003931.4586},                /* half a meridian */
        {90, 0, -90, 77, 20003931.4586},
        {0, 0, 90, 0, 10001965.7293},
        {0, -180, 0, 180, 0},
        {51, 20, 51, 20, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const double *c = cases[i];
        assert_int_equal(distance(c[0], c[1], c[2], c[3]), llround(c[4]));
    }
}

static double between(double low, double high)
{
    return low + (high - low) * (double)rand() / RAND_MAX;
}

/* Whole metres agree with Vincenty's unless he comes within a millimetre of where they change. */
static void distances_like_vincenty(void **state)
{
    (void)state;
    srand(1975);
    int compared = 0;
    for (int i = 0; i < 20000; i++) {
        double scale = pow(10, between(-5, 2)), metres;
        double lat1 = between(-90, 90), lon1 = between(-180, 180);
        double lat2 = fmax(-90, fmin(90, lat1 + between(-scale, scale)));
        double lon2 = remainder(lon1 + between(-scale, scale), 360);
        if (!vincenty(lat1, lon1, lat2, lon2, &metres) || fabs(metres - floor(metres) - 0.5) < 0.001) {
            continue;
        }
        compared++;
        assert_int_equal(distance(lat1, lon1, lat2, lon2), llround(metres));
    }
    assert_true(compared > 19500);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(canonical_accepted),  cmocka_unit_test(canonical_refused),
        cmocka_unit_test(degrees_rounded),     cmocka_unit_test(typed_understood),
        cmocka_unit_test(typed_words),         cmocka_unit_test(nothing),
        cmocka_unit_test(typed_refused),       cmocka_unit_test(typed_alone),
        cmocka_unit_test(published_distances), cmocka_unit_test(distances_like_vincenty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
