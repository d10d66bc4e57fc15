/*
 * Places as people type them. The text becomes a list of numbers, hemispheres and commas; the list is cut into two
 * coordinates, and each is read as degrees, minutes and seconds.
 */
#include "geo/place.h"
#include <stdio.h>

#define TOKENS_MAX 16
#define PARTS_MAX 3 /* degrees, minutes, seconds */
#define DECIMALS 9
#define MINUTE 60
#define DEGREE_SECONDS 3600

typedef enum token_kind { TOKEN_NUMBER, TOKEN_LETTER, TOKEN_COMMA } token_kind;

typedef struct token {
    token_kind kind;
    uint8_t letter; /* N, S, E or W */
    ls_bytes text;  /* of a number */
} token;

typedef struct token_list {
    size_t count;
    token token[TOKENS_MAX];
} token_list;

/* What separates the parts of a coordinate and says which is which. Their order says it, too, so they are passed over.
 */
static const char *const marks[] = {" ", "\t", "°", "º", "˚", "'", "′", "’", "\"", "″", "”"};

static size_t mark_length(ls_bytes rest)
{
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (ls_bytes_starts(rest, marks[i])) {
            return strlen(marks[i]);
        }
    }
    return 0;
}

static size_t number_length(ls_bytes rest)
{
    size_t i = rest.ptr[0] == '-' || rest.ptr[0] == '+' ? 1 : 0;
    while (i < rest.len && ((rest.ptr[i] >= '0' && rest.ptr[i] <= '9') || rest.ptr[i] == '.')) {
        i++;
    }
    return i;
}

/* The next token, or the length of a mark alone. 0: there is neither. */
static size_t take_token(ls_bytes rest, token *out, bool *is_token)
{
    static const char letters[] = "NSEWnsew";
    const char *letter = memchr(letters, rest.ptr[0], sizeof letters - 1);
    size_t length = number_length(rest);
    *is_token = true;
    if (rest.ptr[0] == ',' || rest.ptr[0] == ';') {
        *out = (token){.kind = TOKEN_COMMA};
        return 1;
    }
    if (letter != NULL) {
        *out = (token){.kind = TOKEN_LETTER, .letter = (uint8_t)letters[(letter - letters) % 4]};
        return 1;
    }
    if (length > 0) {
        *out = (token){.kind = TOKEN_NUMBER, .text = ls_bytes_of(rest.ptr, length)};
        return length;
    }
    *is_token = false;
    return mark_length(rest);
}

static ls_result tokens_of(ls_bytes text, token_list *out, ls_detail *detail)
{
    out->count = 0;
    for (size_t at = 0; at < text.len;) {
        ls_bytes rest = ls_bytes_of(text.ptr + at, text.len - at);
        token t;
        bool is_token;
        size_t length = take_token(rest, &t, &is_token);
        if (length == 0 || (is_token && out->count == TOKENS_MAX)) {
            ls_hint(detail, "39.7956, 125.755 and 39 47 44 N 125 45 18 E are places");
            return ls_fail_with(&ls_fault_place, detail, "a place does not have \"%.*s\"",
                                (int)(rest.len < 20 ? rest.len : 20), (const char *)rest.ptr);
        }
        if (is_token) {
            out->token[out->count++] = t;
        }
        at += length;
    }
    return LS_SUCCESS;
}

/* One coordinate, as it was cut out. */
typedef struct coordinate {
    size_t count; /* numbers */
    ls_bytes part[PARTS_MAX];
    uint8_t letter; /* 0: none */
    int64_t units;  /* 10^-9 degrees */
    unsigned decimals;
    bool rounded;
} coordinate;

static bool is_east_west(const coordinate *c)
{
    return c->letter == 'E' || c->letter == 'W';
}

static bool take_into(coordinate *c, const token *t)
{
    if (t->kind == TOKEN_LETTER && c->letter == 0) {
        c->letter = t->letter;
        return true;
    }
    if (t->kind == TOKEN_NUMBER && c->count < PARTS_MAX) {
        c->part[c->count++] = t->text;
        return true;
    }
    return false;
}

/* Where a coordinate ends: at a comma, behind its letter if letters stand behind, before the next if they stand before;
 * and of two numbers and nothing else, behind the first. */
static size_t coordinate_end(const token_list *list, size_t at)
{
    bool before = list->token[0].kind == TOKEN_LETTER;
    bool plain = list->count == 2 && list->token[0].kind == TOKEN_NUMBER && list->token[1].kind == TOKEN_NUMBER;
    size_t i = at;
    while (i < list->count && list->token[i].kind != TOKEN_COMMA) {
        bool letter = list->token[i].kind == TOKEN_LETTER;
        if (before && letter && i > at) {
            return i;
        }
        i++;
        if (plain || (!before && letter)) {
            return i;
        }
    }
    return i;
}

/* False if they are not `wanted` coordinates, each with at least one number. */
static bool cut(const token_list *list, coordinate *out, size_t wanted)
{
    size_t at = 0;
    for (size_t k = 0; k < wanted; k++) {
        out[k] = (coordinate){0};
        if (k > 0 && at < list->count && list->token[at].kind == TOKEN_COMMA) {
            at++;
        }
        for (size_t end = coordinate_end(list, at); at < end; at++) {
            if (!take_into(&out[k], &list->token[at])) {
                return false;
            }
        }
        if (out[k].count == 0) {
            return false;
        }
    }
    return at == list->count;
}

static size_t decimals_of(ls_bytes number)
{
    const uint8_t *point = memchr(number.ptr, '.', number.len);
    return point == NULL ? 0 : (size_t)(number.ptr + number.len - point - 1);
}

/* The digits that units need, with at least so many decimals. */
static unsigned decimals_needed(int64_t units, unsigned least)
{
    unsigned decimals = DECIMALS;
    for (; decimals > least && units % 10 == 0; units /= 10) {
        decimals--;
    }
    return decimals;
}

static ls_result fail_number(ls_bytes number, unsigned limit, ls_detail *detail)
{
    ls_hint(detail, "%s",
            limit == LS_LATITUDE_MAX ? "latitude comes first, north positive: 39.7956, 125.755"
                                     : "39.7956, 125.755 and 39 47 44 N 125 45 18 E are places");
    return ls_fail_with(&ls_fault_place, detail, "\"%.*s\" is no number up to %u",
                        (int)(number.len < 20 ? number.len : 20), (const char *)number.ptr, limit);
}

/* Minutes and seconds: no sign, less than sixty, and only the last number has a fraction. */
static ls_result read_sexagesimal(coordinate *c, unsigned limit, ls_detail *detail)
{
    int64_t sum = 0, value; /* in 10^-9 seconds */
    for (size_t i = 0, counts = DEGREE_SECONDS; i < c->count; i++, counts /= MINUTE) {
        unsigned most = i == 0 ? limit : MINUTE;
        bool whole = memchr(c->part[i].ptr, '.', c->part[i].len) == NULL;
        if (!ls_degrees_read(c->part[i], most, &value) || c->part[i].ptr[0] == '+' || c->part[i].ptr[0] == '-' ||
            (i > 0 && value == MINUTE * LS_DEGREE) || (!whole && i + 1 < c->count)) {
            ls_hint(detail, "degrees, minutes and seconds: 39 47 44.5 N 125 45 18 E");
            return ls_fail_with(&ls_fault_place, detail, "\"%.*s\" is no number of %s here",
                                (int)(c->part[i].len < 20 ? c->part[i].len : 20), (const char *)c->part[i].ptr,
                                (const char *const[]){"degrees", "minutes", "seconds"}[i]);
        }
        sum += value * (int64_t)counts;
    }
    if (sum > (int64_t)limit * DEGREE_SECONDS * LS_DEGREE) {
        return fail_number(c->part[0], limit, detail);
    }
    c->units = (sum + DEGREE_SECONDS / 2) / DEGREE_SECONDS;
    c->rounded = sum % DEGREE_SECONDS != 0;
    c->decimals = decimals_needed(c->units, 0);
    return LS_SUCCESS;
}

static ls_result read_degrees(coordinate *c, unsigned limit, ls_detail *detail)
{
    size_t decimals = decimals_of(c->part[0]);
    bool sign = c->part[0].ptr[0] == '-' || c->part[0].ptr[0] == '+';
    if (!ls_degrees_read(c->part[0], limit, &c->units) || (sign && c->letter != 0)) {
        return fail_number(c->part[0], limit, detail);
    }
    c->rounded = decimals > DECIMALS;
    c->decimals = c->rounded ? decimals_needed(c->units, 0) : (unsigned)decimals;
    return LS_SUCCESS;
}

static ls_result read_coordinate(coordinate *c, bool longitude, ls_detail *detail)
{
    unsigned limit = longitude ? LS_LONGITUDE_MAX : LS_LATITUDE_MAX;
    if (c->letter != 0 && is_east_west(c) != longitude) {
        return ls_fail_with(&ls_fault_place, detail, "'%c' does not stand with a %s", c->letter,
                            longitude ? "longitude" : "latitude");
    }
    LS_TRY(c->count == 1 ? read_degrees(c, limit, detail) : read_sexagesimal(c, limit, detail));
    c->units = c->letter == 'S' || c->letter == 'W' ? -c->units : c->units;
    return LS_SUCCESS;
}

/* False if it does not fit, which can't happen within the limits. */
static bool format(const coordinate *c, char out[static LS_DEGREES_TEXT_MAX + 1])
{
    uint64_t units = (uint64_t)(c->units < 0 ? -c->units : c->units);
    char digits[DECIMALS + 2];
    snprintf(digits, sizeof digits, ".%09u", (unsigned)(units % LS_DEGREE));
    int length = snprintf(out, LS_DEGREES_TEXT_MAX + 1, "%s%u%.*s", c->units < 0 ? "-" : "",
                          (unsigned)(units / LS_DEGREE), c->decimals == 0 ? 0 : (int)c->decimals + 1, digits);
    return length > 0 && length <= LS_DEGREES_TEXT_MAX;
}

/* The canonical text, and the same for people. */
static bool write_reading(const coordinate *latitude, const coordinate *longitude, ls_place_reading *out)
{
    char north[LS_DEGREES_TEXT_MAX + 1], east[LS_DEGREES_TEXT_MAX + 1];
    if (!format(latitude, north) || !format(longitude, east)) {
        return false;
    }
    int text = snprintf(out->text, sizeof out->text, "%s %s", north, east);
    int understood = snprintf(out->understood, sizeof out->understood, "%s° %s, %s° %s",
                              north + (north[0] == '-' ? 1 : 0), latitude->units < 0 ? "south" : "north",
                              east + (east[0] == '-' ? 1 : 0), longitude->units < 0 ? "west" : "east");
    return text <= LS_PLACE_TEXT_MAX && understood < (int)sizeof out->understood;
}

ls_result ls_place_read(ls_bytes text, ls_place_reading *out, ls_detail *detail)
{
    token_list list;
    coordinate c[2];
    LS_TRY(tokens_of(text, &list, detail));
    if (!cut(&list, c, 2) || ((c[0].letter == 0) != (c[1].letter == 0))) {
        ls_hint(detail, "two numbers of degrees, 39.7956, 125.755, or with letters, 39 47 44 N 125 45 18 E");
        return ls_fail_with(&ls_fault_place, detail, "a place has a latitude and a longitude");
    }
    bool turned = is_east_west(&c[0]);
    coordinate *latitude = &c[turned ? 1 : 0], *longitude = &c[turned ? 0 : 1];
    LS_TRY(read_coordinate(latitude, false, detail));
    LS_TRY(read_coordinate(longitude, true, detail));
    ls_place_reading reading = {.place = {latitude->units, longitude->units},
                                .turned = turned,
                                .rounded = latitude->rounded || longitude->rounded};
    if (!write_reading(latitude, longitude, &reading)) {
        return ls_fail(&ls_fault_bug);
    }
    *out = reading;
    return LS_SUCCESS;
}

ls_result ls_degrees_read_typed(ls_bytes text, unsigned limit, char out[static LS_DEGREES_TEXT_MAX + 1],
                                ls_detail *detail)
{
    token_list list;
    coordinate c;
    LS_TRY(tokens_of(text, &list, detail));
    if (!cut(&list, &c, 1)) {
        ls_hint(detail, "degrees, or degrees, minutes and seconds: 54 53 N");
        return ls_fail_with(&ls_fault_place, detail, "not one coordinate");
    }
    LS_TRY(read_coordinate(&c, limit == LS_LONGITUDE_MAX, detail));
    return format(&c, out) ? LS_SUCCESS : ls_fail(&ls_fault_bug);
}
