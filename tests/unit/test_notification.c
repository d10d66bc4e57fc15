/* Notifications: one form, whose every deviation is refused. The texts are written out by hand from docs/protocol.md.
 */
#include "inventory/notification.h"
#include "vectors.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define HEX_LATER "10112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define ROW(row)                                                                                                       \
    "{\"declared\":\"" HEX "\",\"fields\":{\"lat\":[\"40.8\",\"40.9\"]},\"id\":\"a" #row "\",\"row\":" #row            \
    ",\"tranche\":2}"
#define NUMBER(n) "{\"fields\":{\"lat\":[\"\",\"1\"]},\"id\":\"n" #n "\",\"number\":" #n "}"
#define TEXT(change, items)                                                                                            \
    "{\"change\":\"" change "\",\"date\":\"2018-11-02\",\"declaration\":\"sites\",\"items\":[" items                   \
    "],\"lockstep\":\"notification v1\"}"

static ls_result parse(const char *text, ls_notification *out, ls_arena *arena)
{
    ls_detail detail = {0};
    ls_result r = ls_notification_parse(arena, ls_bytes_str(text), out, &detail);
    assert_true(ls_succeeded(r) || detail.text[0] != '\0');
    return r;
}

static void a_notification_is_read(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_notification n;
    assert_null(parse(TEXT("moved", ROW(14) "," NUMBER(3)), &n, &arena).fault);
    assert_true(n.change == LS_CHANGE_MOVED && ls_bytes_is(n.declaration, "sites") && !n.has_ref);
    assert_true(n.date.year == 2018 && n.date.month == 11 && n.date.day == 2);
    assert_int_equal(n.item_count, 2);
    assert_true(n.items[0].place.tranche == 2 && n.items[0].place.row == 14 && n.items[0].place.declared.b[1] == 0x11);
    assert_true(ls_bytes_is(n.items[0].id, "a14") && n.items[0].change_count == 1);
    assert_true(ls_bytes_is(n.items[0].changes[0].field, "lat"));
    assert_true(ls_bytes_is(n.items[0].changes[0].before, "40.8") && ls_bytes_is(n.items[0].changes[0].after, "40.9"));
    assert_true(n.items[1].place.tranche == 0 && n.items[1].place.row == 3);
    ls_arena_free(&arena);
}

static void what_is_read_is_written_again(void **state)
{
    (void)state;
    static const char *const texts[] = {
        TEXT("moved", ROW(3) "," ROW(14) "," NUMBER(1) "," NUMBER(2)),
        TEXT("new", "{\"fields\":{\"lat\":[\"1\"],\"name\":[\"\\u0001 \xC3\x85gesta\"]},\"id\":\"x\",\"number\":1}"),
        TEXT("new", "{\"number\":1}"),
        TEXT("eliminated", "{\"declared\":\"" HEX "\",\"id\":\"a\",\"row\":0,\"tranche\":1}"),
        TEXT("changed", "{\"declared\":\"" HEX "\",\"fields\":{\"name\":[\"a\",\"\"]},\"row\":0,\"tranche\":1},"
                        "{\"declared\":\"" HEX_LATER "\",\"fields\":{\"name\":[\"\",\"b\"]},\"row\":0,\"tranche\":1}"),
        "{\"change\":\"corrected\",\"date\":\"2018-11-02\",\"declaration\":\"sites\",\"items\":[" ROW(
            1) "],\"lockstep\":\"notification v1\",\"ref\":\"" HEX "\"}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ls_arena arena = {0};
        ls_notification n;
        ls_buf again = {0};
        assert_null(parse(texts[i], &n, &arena).fault);
        assert_null(ls_notification_format(&n, &again, NULL).fault);
        assert_string_equal(ls_buf_cstr(&again), texts[i]);
        ls_buf_free(&again);
        ls_arena_free(&arena);
    }
}

static void every_other_form_is_refused(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",
        "{}",
        "[]",
        " " TEXT("moved", ROW(1)),                                    /* not canonical */
        TEXT("moved", ROW(1)) "\n",                                   /* something behind it */
        TEXT("moved", ""),                                            /* no items */
        TEXT("Moved", ROW(1)),                                        /* no such word */
        TEXT("lost", ROW(1)),                                         /* nor this */
        TEXT("moved", ROW(14) "," ROW(3)),                            /* out of order */
        TEXT("moved", ROW(3) "," ROW(3)),                             /* twice */
        TEXT("moved", NUMBER(1) "," ROW(3)),                          /* rows come first */
        TEXT("moved", NUMBER(2) "," NUMBER(1)),                       /* out of order */
        TEXT("moved", NUMBER(0)),                                     /* numbers count from 1 */
        TEXT("moved", NUMBER(-1)),                                    /* nor below */
        TEXT("new", ROW(1)),                                          /* what is new has no row */
        TEXT("new", NUMBER(1)),                                       /* nor an old value */
        TEXT("new", "{\"fields\":{\"lat\":[\"\"]},\"number\":1}"),    /* an empty value is left out */
        TEXT("new", "{\"fields\":{},\"number\":1}"),                  /* and so are no fields */
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\"]},\"number\":1}"), /* the old value is missing */
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",\"2\",\"3\"]},\"number\":1}"),
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",\"1\"]},\"number\":1}"), /* nothing changes */
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",2]},\"number\":1}"),     /* values are strings */
        TEXT("moved", "{\"fields\":{\"\":[\"1\",\"2\"]},\"number\":1}"),    /* fields have names */
        TEXT("moved", "{\"fields\":{},\"number\":1}"),                      /* nothing changes */
        TEXT("moved", "{\"number\":1}"),                                    /* likewise */
        TEXT("eliminated", ROW(1)),                                         /* what has ended does not change */
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",\"2\"]}}"),              /* no place */
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",\"2\"]},\"row\":1,\"tranche\":2}"), /* of which declaration? */
        TEXT("moved",
             "{\"declared\":\"" HEX "\",\"fields\":{\"lat\":[\"1\",\"2\"]},\"row\":1}"), /* of which tranche? */
        TEXT("moved", "{\"declared\":\"" HEX "\",\"fields\":{\"lat\":[\"1\",\"2\"]},\"tranche\":1}"), /* which row? */
        TEXT("moved", "{\"declared\":\"" HEX "\",\"fields\":{\"lat\":[\"1\",\"2\"]},\"row\":1,\"tranche\":0}"),
        TEXT("moved", "{\"declared\":\"" HEX "\",\"fields\":{\"lat\":[\"1\",\"2\"]},\"row\":1,\"tranche\":4097}"),
        TEXT("moved", "{\"declared\":\"" HEX "\",\"fields\":{\"lat\":[\"1\",\"2\"]},\"row\":-1,\"tranche\":1}"),
        TEXT("moved", "{\"declared\":\"0011\",\"fields\":{\"lat\":[\"1\",\"2\"]},\"row\":1,\"tranche\":1}"),
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",\"2\"]},\"number\":1,\"row\":1}"),     /* row and number */
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",\"2\"]},\"id\":\"\",\"number\":1}"),   /* an empty identifier */
        TEXT("moved", "{\"fields\":{\"lat\":[\"1\",\"2\"]},\"number\":1,\"why\":\"x\"}"), /* an unknown key */
        TEXT("moved", NUMBER(1) ",{\"fields\":{\"lat\":[\"1\",\"2\"]},\"number\":2}"), /* only one has an identifier */
        TEXT("moved", NUMBER(1) ",{\"fields\":{\"lat\":[\"1\",\"2\"]},\"id\":\"n1\",\"number\":2}"), /* the same one */
        TEXT("moved", "7"),
        "{\"change\":\"moved\",\"date\":\"2018-11-02\",\"declaration\":\"sites\",\"items\":[" ROW(
            1) "],\"lockstep\":\"notification v1\",\"ref\":\"" HEX "\"}", /* a movement corrects nothing */
        "{\"change\":\"corrected\",\"date\":\"2018-11-02\",\"declaration\":\"sites\",\"items\":[" ROW(
            1) "],\"lockstep\":\"notification v1\",\"ref\":\"00\"}",
        "{\"change\":\"moved\",\"date\":\"2018-11-31\",\"declaration\":\"sites\",\"items\":[" ROW(
            1) "],\"lockstep\":\"notification v1\"}", /* no such day */
        "{\"change\":\"moved\",\"date\":\"2018-11-02\",\"declaration\":\"Sites\",\"items\":[" ROW(
            1) "],\"lockstep\":\"notification v1\"}", /* no name */
        "{\"change\":\"moved\",\"date\":\"2018-11-02\",\"declaration\":\"sites\",\"items\":[" ROW(
            1) "],\"lockstep\":\"notification v2\"}",
        "{\"change\":\"moved\",\"date\":\"2018-11-02\",\"declaration\":\"sites\",\"items\":[" ROW(1) "]}",
        "{\"change\":\"moved\",\"date\":\"2018-11-02\",\"declaration\":\"sites\",\"items\":[" ROW(
            1) "],\"lockstep\":\"notification v1\",\"more\":1}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ls_arena arena = {0};
        ls_notification n = {.item_count = 77};
        ls_result r = parse(texts[i], &n, &arena);
        if (r.fault != &ls_fault_notification || n.item_count != 77) {
            fail_msg("accepted: %s", texts[i]);
        }
        ls_arena_free(&arena);
    }
}

static void what_no_notification_can_say_is_not_written(void **state)
{
    (void)state;
    static const ls_field_change same = {
        {(const uint8_t *)"lat", 3}, {(const uint8_t *)"1", 1}, {(const uint8_t *)"1", 1}};
    static const ls_notified_item nothing = {.place = {.row = 1}, .change_count = 1, .changes = &same};
    const ls_notification n = {.declaration = ls_bytes_str("sites"),
                               .change = LS_CHANGE_MOVED,
                               .date = {2018, 11, 2},
                               .item_count = 1,
                               .items = &nothing};
    ls_buf out = {0};
    ls_detail detail = {0};
    assert_ptr_equal(ls_notification_format(&n, &out, &detail).fault, &ls_fault_usage);
    assert_string_equal(detail.text, "item 1 has a field that says nothing");
    assert_int_equal(out.len, 0);
    ls_buf_free(&out);
}

static void items_are_written_in_order(void **state)
{
    (void)state;
    static const ls_notified_item items[] = {
        {.place = {.row = 2}, .id = {(const uint8_t *)"n2", 2}},
        {.place = {.row = 1}, .id = {(const uint8_t *)"n1", 2}},
        {.place = {.tranche = 2, .row = 0}, .id = {(const uint8_t *)"b", 1}},
        {.place = {.tranche = 1, .row = 9}, .id = {(const uint8_t *)"c", 1}},
    };
    const ls_notification n = {.declaration = ls_bytes_str("sites"),
                               .change = LS_CHANGE_ELIMINATED,
                               .date = {2018, 11, 2},
                               .item_count = 4,
                               .items = items};
    ls_buf out = {0};
    ls_arena arena = {0};
    ls_notification again;
    assert_null(ls_notification_format(&n, &out, NULL).fault);
    assert_null(ls_notification_parse(&arena, ls_buf_bytes(&out), &again, NULL).fault);
    static const char *const order[] = {"c", "b", "n1", "n2"};
    for (size_t i = 0; i < 4; i++) {
        assert_true(ls_bytes_is(again.items[i].id, order[i]));
    }
    ls_buf_free(&out);
    ls_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_notification_is_read),      cmocka_unit_test(what_is_read_is_written_again),
        cmocka_unit_test(every_other_form_is_refused), cmocka_unit_test(what_no_notification_can_say_is_not_written),
        cmocka_unit_test(items_are_written_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
