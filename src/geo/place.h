/*
 * Places: the text that is signed, what people type, and the distance between two.
 *
 * A place is the text "LATITUDE LONGITUDE": decimal degrees on the WGS84 ellipsoid (EPSG:4326), north and east
 * positive, one space between. In the canonical form, the only one in acts, a number is [-]digits[.digits] with at most
 * nine decimals, no leading zeros and no sign on a zero: "39.7956 125.755". Zeros at the end may stand; the text is
 * kept.
 *
 * All functions are pure and allocate nothing.
 */
#ifndef LS_GEO_PLACE_H
#define LS_GEO_PLACE_H

#include <lockstep/bytes.h>

/* In 10^-9 degrees, which is at most a ninth of a millimetre. */
typedef struct ls_place {
    int64_t latitude, longitude;
} ls_place;

#define LS_DEGREE INT64_C(1000000000) /* units in a degree */
#define LS_LATITUDE_MAX 90
#define LS_LONGITUDE_MAX 180
#define LS_PLACE_TEXT_MAX 28 /* bytes: "-89.123456789 -179.123456789" */

extern const ls_fault ls_fault_place; /* usage: not a place that can be understood */

/* The canonical text, and nothing else; false if it is not. */
bool ls_place_parse(ls_bytes text, ls_place *out);

/* A number of degrees as tables have it: an optional sign, up to three digits, optionally a point and digits. Rounded
 * to 10^-9 degrees, halves away from zero. False if it is no such number or lies outside ±limit. */
bool ls_degrees_read(ls_bytes text, unsigned limit, int64_t *out);
/* The same of a number in JSON (RFC 8259, section 6), which may have an exponent. */
bool ls_degrees_read_json(ls_bytes text, unsigned limit, int64_t *out);

/* What people type: "39.7956, 125.755", "39 47 44 N 125 45 18 E", "39°47'44\"N 125°45'18\"E", "54 53 N 20 34.5 E".
 * Degrees, or degrees and minutes, or those and seconds; letters before or behind; with letters longitude may come
 * first. */
typedef struct ls_place_reading {
    ls_place place;
    char text[LS_PLACE_TEXT_MAX + 1]; /* canonical, NUL-terminated */
    char understood[80];              /* for people: "39.7956° north, 125.755° east" */
    bool turned;                      /* longitude stood first */
    bool rounded;                     /* there were more than nine decimals, or minutes that are no decimal number */
} ls_place_reading;

/* ls_fault_place, with the likely mistake as the hint. */
ls_result ls_place_read(ls_bytes text, ls_place_reading *out, ls_detail *detail);

/* One of the two, as treaties tabulate them: "54 53 N" with limit 90, "007 25 40 E" with limit 180. The canonical
 * number goes to text, NUL-terminated. */
#define LS_DEGREES_TEXT_MAX 14 /* bytes: "-179.123456789" */
ls_result ls_degrees_read_typed(ls_bytes text, unsigned limit, char out[static LS_DEGREES_TEXT_MAX + 1],
                                ls_detail *detail);

#endif
