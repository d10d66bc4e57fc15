/* Places: what is typed becomes canonical text, which says the same place. */
#include "cover/distance.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool is_same(const ls_place *a, const ls_place *b)
{
    return a->latitude == b->latitude && a->longitude == b->longitude;
}

static void check_typed(ls_bytes text)
{
    ls_place_reading reading;
    ls_detail detail = {0};
    ls_place parsed;
    char alone[LS_DEGREES_TEXT_MAX + 1];
    int64_t units;
    if (ls_failed(ls_place_read(text, &reading, &detail))) {
        require(detail.text[0] != '\0');
    } else {
        require(ls_place_parse(ls_bytes_str(reading.text), &parsed) && is_same(&parsed, &reading.place));
    }
    if (ls_succeeded(ls_degrees_read_typed(text, LS_LONGITUDE_MAX, alone, NULL))) {
        require(ls_degrees_read(ls_bytes_str(alone), LS_LONGITUDE_MAX, &units));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes text = ls_bytes_of(data, size);
    ls_place place;
    ls_place_reading reading;
    int64_t plain, json;
    if (ls_place_parse(text, &place)) {
        require(size <= LS_PLACE_TEXT_MAX && ls_succeeded(ls_place_read(text, &reading, NULL)));
        require(is_same(&place, &reading.place) && ls_bytes_is(text, reading.text));
        require(ls_place_distance(&place, &place) == 0);
    }
    if (ls_degrees_read(text, LS_LATITUDE_MAX, &plain) && ls_degrees_read_json(text, LS_LATITUDE_MAX, &json)) {
        require(plain == json);
    }
    check_typed(text);
    return 0;
}
