/* Notifications: any bytes may be parsed, and what parses has one form; any history can be made of it. */
#include "inventory/history.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* A declaration with the fields that the seeds name, of which one row is known. */
static void tell(ls_arena *arena, const ls_notification *n)
{
    static const ls_bytes fields[] = {
        {(const uint8_t *)"id", 2}, {(const uint8_t *)"lat", 3}, {(const uint8_t *)"lon", 3}};
    static const ls_bytes values[] = {{(const uint8_t *)"a", 1}, {(const uint8_t *)"1", 1}, {(const uint8_t *)"2", 1}};
    static const bool places[] = {false, true, true};
    const ls_history_form form = {3, fields, 0, places};
    const ls_known_row row = {.place = n->items[0].place, .values = values, .declared = 1, .opened = 2, .known = 2};
    const ls_known_change changes[] = {{.said = n, .index = 3, .known = 3, .ref = LS_NO_SOURCE},
                                       {.said = n, .index = 4, .known = 4, .ref = 3}};
    const ls_history_query q = {&form, 1, &row, 2, changes, (int32_t)ls_date_to_days(n->date), 9};
    ls_history h;
    require(ls_succeeded(ls_history_make(arena, &q, &h)));
    require(h.count >= 1 && h.count <= 2 * n->item_count + 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_notification n;
    ls_buf again = {0};
    if (ls_succeeded(ls_notification_parse(&arena, ls_bytes_of(data, size), &n, NULL))) {
        require(ls_succeeded(ls_notification_format(&n, &again, NULL)));
        require(ls_bytes_equal(ls_buf_bytes(&again), ls_bytes_of(data, size)));
        tell(&arena, &n);
    }
    ls_buf_free(&again);
    ls_arena_free(&arena);
    return 0;
}
