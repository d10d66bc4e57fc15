/* The living inventory, held against cases worked out by hand and a calendar that is painted day by day. */
#include "inventory/history.h"
#include "vectors.h"
#include <stdio.h>
#include <stdlib.h>

/* A declaration of three fields and a place; acts are numbered, and act i is known from time i on. */
enum { ID, NAME, LAT, LON, FIELDS };
static ls_bytes names[FIELDS];
static const bool places[FIELDS] = {[LAT] = true, [LON] = true};
static ls_history_form form = {FIELDS, names, ID, places};

#define PIECES 64
typedef struct story {
    ls_arena arena;
    ls_known_row row[PIECES];
    ls_known_change change[PIECES];
    size_t rows, changes;
    ls_history history;
} story;

static story *begin(void)
{
    static const char *const text[FIELDS] = {"id", "name", "lat", "lon"};
    for (size_t i = 0; i < FIELDS; i++) {
        names[i] = ls_bytes_str(text[i]);
    }
    return calloc(1, sizeof(story));
}

static void end(story *s)
{
    ls_arena_free(&s->arena);
    free(s);
}

static ls_hash act_id(uint64_t index)
{
    ls_hash h = {{0}};
    h.b[0] = (uint8_t)index;
    return h;
}

/* A row that act `opened` shows, declared by act `declared` on that day; "-" is a value that is not shown. */
static void row(story *s, uint64_t declared, int32_t day, uint64_t opened, uint32_t tranche, uint64_t number,
                const char *id, const char *name, const char *lat)
{
    const char *const text[FIELDS] = {id, name, lat, "125"};
    ls_bytes *values = ls_arena_array(&s->arena, FIELDS, sizeof *values);
    for (size_t i = 0; i < FIELDS; i++) {
        values[i] = strcmp(text[i], "-") == 0 ? (ls_bytes){0} : ls_bytes_str(text[i]);
    }
    s->row[s->rows++] = (ls_known_row){.place = {act_id(declared), tranche, number},
                                       .values = values,
                                       .declared = declared,
                                       .day = day,
                                       .opened = opened,
                                       .known = (ls_time)(opened == LS_NO_SOURCE ? declared : opened)};
}

static ls_item_place in_row(uint64_t declared, uint32_t tranche, uint64_t number)
{
    return (ls_item_place){act_id(declared), tranche, number};
}

static ls_item_place numbered(uint64_t number)
{
    return (ls_item_place){.row = number};
}

/* What act `index` says of one item: one field's old and new value, or none. */
static ls_known_change *notify(story *s, uint64_t index, ls_change change, int32_t day, ls_item_place place,
                               const char *id, const char *field, const char *before, const char *after)
{
    ls_notification *n = ls_arena_alloc(&s->arena, sizeof *n);
    ls_notified_item *item = ls_arena_alloc(&s->arena, sizeof *item);
    ls_field_change *c = ls_arena_alloc(&s->arena, sizeof *c);
    assert_true(n != NULL && item != NULL && c != NULL);
    if (field != NULL) {
        *c = (ls_field_change){ls_bytes_str(field), ls_bytes_str(before), ls_bytes_str(after)};
    }
    *item = (ls_notified_item){place, ls_bytes_str(id), field != NULL, c};
    *n = (ls_notification){.change = change, .date = ls_date_from_days(day), .item_count = 1, .items = item};
    s->change[s->changes] = (ls_known_change){.said = n, .index = index, .known = (ls_time)index, .ref = LS_NO_SOURCE};
    return &s->change[s->changes++];
}

static void correct(story *s, uint64_t index, uint64_t ref, ls_item_place place, const char *id, const char *field,
                    const char *before, const char *after)
{
    ls_known_change *c = notify(s, index, LS_CHANGE_CORRECTED, 1000, place, id, field, before, after);
    ls_notification *n = ls_arena_alloc(&s->arena, sizeof *n);
    *n = *c->said;
    n->has_ref = ref != LS_NO_SOURCE;
    c->ref = ref;
    c->said = n;
}

static const ls_item *look(story *s, int32_t at, ls_time known, const char *id)
{
    const ls_history_query q = {&form, s->rows, s->row, s->changes, s->change, at, known};
    const ls_item *found = NULL;
    assert_null(ls_history_make(&s->arena, &q, &s->history).fault);
    for (size_t i = 0; i < s->history.count; i++) {
        if (ls_bytes_is(s->history.items[i].id, id)) {
            assert_null(found);
            found = &s->history.items[i];
        }
    }
    return found;
}

#define LATER 1000
static void check_value(story *s, int32_t at, ls_time known, const char *id, size_t field, const char *wanted)
{
    const ls_item *item = look(s, at, known, id);
    assert_non_null(item);
    if (!ls_bytes_is(item->values[field], wanted)) {
        fail_msg("%s at %d, known %lld: %.*s, not %s", id, at, (long long)known, (int)item->values[field].len,
                 (const char *)item->values[field].ptr, wanted);
    }
}

static void check_conflict(const ls_item *item, size_t i, ls_conflict_kind kind, uint64_t by, uint64_t source)
{
    assert_true(i < item->conflict_count);
    const ls_conflict *c = &item->conflicts[i];
    if (c->kind != kind || item->events[c->event].index != by || c->source != source) {
        fail_msg("%s by act %d against %d", ls_conflict_name(c->kind), (int)item->events[c->event].index,
                 (int)c->source);
    }
}

/* Changes and corrections. */

static void a_change_counts_from_its_date(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "40.9");
    check_value(s, 19, LATER, "a", LAT, "40.8");
    check_value(s, 20, LATER, "a", LAT, "40.9");
    check_value(s, 30, 7, "a", LAT, "40.8"); /* as known before the act */
    const ls_item *item = look(s, 30, LATER, "a");
    assert_true(item->conflict_count == 0 && item->since == 8 && item->opened && item->event_count == 3);
    assert_int_equal(look(s, 9, LATER, "a")->stage, LS_ITEM_AHEAD);
    assert_null(look(s, 30, 5, "a")); /* it was not opened yet */
    end(s);
}

static void a_correction_counts_from_the_declaration(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "40.9");
    correct(s, 9, LS_NO_SOURCE, in_row(5, 1, 3), "a", "lat", "40.8", "40.7");
    check_value(s, 10, LATER, "a", LAT, "40.7"); /* it was always so */
    check_value(s, 20, LATER, "a", LAT, "40.9"); /* and moved all the same */
    check_value(s, 10, 8, "a", LAT, "40.8");     /* which was not known yet */
    assert_int_equal(look(s, 30, LATER, "a")->conflict_count, 0);
    correct(s, 11, LS_NO_SOURCE, in_row(5, 1, 3), "a", "lat", "40.7", "40.75");
    check_value(s, 10, LATER, "a", LAT, "40.75");
    assert_int_equal(look(s, 30, LATER, "a")->conflict_count, 0);
    end(s);
}

static void a_notification_is_corrected(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "40.9");
    correct(s, 9, 8, in_row(5, 1, 3), "a", "lat", "40.9", "41");
    check_value(s, 15, LATER, "a", LAT, "40.8");
    check_value(s, 20, LATER, "a", LAT, "41");
    check_value(s, 20, 8, "a", LAT, "40.9");
    assert_int_equal(look(s, 30, LATER, "a")->conflict_count, 0);
    correct(s, 10, 8, in_row(5, 1, 3), "a", "name", "First", "x"); /* it said nothing of the name */
    correct(s, 12, 4, in_row(5, 1, 3), "a", "lat", "41", "42");    /* there is no such notification */
    const ls_item *item = look(s, 30, LATER, "a");
    assert_int_equal(item->conflict_count, 2);
    check_conflict(item, 0, LS_CONFLICT_REF, 10, 8);
    check_conflict(item, 1, LS_CONFLICT_REF, 12, 4);
    check_value(s, 30, LATER, "a", LAT, "41");
    end(s);
}

static void what_is_new_has_a_number(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_NEW, 20, numbered(4), "n", "lat", "", "41");
    notify(s, 9, LS_CHANGE_MOVED, 25, numbered(4), "n", "lat", "41", "42");
    correct(s, 10, LS_NO_SOURCE, numbered(4), "n", "lat", "41", "41.5");
    assert_int_equal(look(s, 19, LATER, "n")->stage, LS_ITEM_AHEAD);
    check_value(s, 20, LATER, "n", LAT, "41.5");
    check_value(s, 20, LATER, "n", NAME, "");
    check_value(s, 25, LATER, "n", LAT, "42");
    assert_int_equal(look(s, 30, LATER, "n")->conflict_count, 0);
    assert_int_equal(s->history.numbered, 4);
    end(s);
}

static void what_was_eliminated_never_comes_back(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_ELIMINATED, 20, in_row(5, 1, 3), "a", NULL, NULL, NULL);
    assert_int_equal(look(s, 19, LATER, "a")->stage, LS_ITEM_THERE);
    assert_int_equal(look(s, 20, LATER, "a")->stage, LS_ITEM_ELIMINATED);
    assert_int_equal(look(s, 20, 7, "a")->stage, LS_ITEM_THERE);
    notify(s, 9, LS_CHANGE_NEW, 25, numbered(1), "a", "name", "", "Again");
    notify(s, 10, LS_CHANGE_MOVED, 26, in_row(5, 1, 3), "a", "lat", "40.8", "41");
    notify(s, 11, LS_CHANGE_ELIMINATED, 27, in_row(5, 1, 3), "a", NULL, NULL, NULL);
    row(s, 12, 28, 13, 1, 0, "a", "By a supplement", "40.8");
    const ls_item *item = look(s, 30, LATER, "a");
    assert_int_equal(item->stage, LS_ITEM_ELIMINATED);
    assert_int_equal(item->conflict_count, 4);
    check_conflict(item, 0, LS_CONFLICT_REUSED, 9, 5);
    check_conflict(item, 1, LS_CONFLICT_ENDED, 10, 8);
    check_conflict(item, 2, LS_CONFLICT_ENDED, 11, 8);
    check_conflict(item, 3, LS_CONFLICT_ENDED, 12, 8);
    check_value(s, 30, LATER, "a", LAT, "40.8");
    check_value(s, 30, LATER, "a", NAME, "First");
    end(s);
}

/* Contradictions. */

static void an_old_value_that_was_not_known(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.85", "40.9");
    notify(s, 9, LS_CHANGE_MOVED, 15, in_row(5, 1, 3), "a", "lat", "40.8", "41");
    const ls_item *item = look(s, 30, LATER, "a");
    assert_int_equal(item->conflict_count, 2);
    check_conflict(item, 0, LS_CONFLICT_BEFORE, 8, 5);
    assert_true(ls_bytes_is(item->conflicts[0].said, "40.85") && ls_bytes_is(item->conflicts[0].known, "40.8"));
    assert_int_equal(item->conflicts[0].field, LAT);
    check_conflict(item, 1, LS_CONFLICT_AFTER, 9, 8); /* 41 on the 15th, and 40.85 before the 20th */
    check_value(s, 15, LATER, "a", LAT, "41");
    check_value(s, 20, LATER, "a", LAT, "40.9"); /* its author's word is followed all the same */
    end(s);
}

static void a_value_that_was_not_shown_contradicts_nothing(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "-", "40.8");
    notify(s, 8, LS_CHANGE_CHANGED, 20, in_row(5, 1, 3), "a", "name", "First", "Second");
    assert_null(look(s, 19, LATER, "a")->values[NAME].ptr);
    check_value(s, 20, LATER, "a", NAME, "Second");
    assert_int_equal(look(s, 20, LATER, "a")->conflict_count, 0);
    end(s);
}

static void two_openings_show_one_row(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "-", "40.8");
    row(s, 5, 10, 9, 1, 3, "-", "First", "-");
    check_value(s, 20, LATER, "a", NAME, "First");
    check_value(s, 20, LATER, "a", LAT, "40.8");
    assert_int_equal(look(s, 20, LATER, "a")->event_count, 3);
    assert_null(look(s, 20, 8, "a")->values[NAME].ptr);
    end(s);
}

static void one_act_says_one_thing(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "40.9");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "40.9");
    assert_int_equal(look(s, 30, LATER, "a")->conflict_count, 0);
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "47");
    const ls_item *item = look(s, 30, LATER, "a");
    assert_int_equal(item->conflict_count, 2); /* against each of the other two */
    check_conflict(item, 0, LS_CONFLICT_AUDIENCES, 8, 8);
    end(s);
}

static void of_an_unknown_item_only_the_change_is_known(void **state)
{
    (void)state;
    story *s = begin();
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "40.9");
    const ls_item *item = look(s, 30, LATER, "a");
    assert_true(item->stage == LS_ITEM_THERE && item->conflict_count == 1);
    check_conflict(item, 0, LS_CONFLICT_UNKNOWN, 8, LS_NO_SOURCE);
    assert_null(item->values[NAME].ptr);
    assert_true(ls_bytes_is(item->values[LAT], "40.9"));
    end(s);
}

static void identifiers_dates_and_kinds_must_fit(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "b", "lat", "40.8", "40.9");
    notify(s, 9, LS_CHANGE_MOVED, 9, in_row(5, 1, 3), "a", "lat", "40.8", "40.8x");
    notify(s, 10, LS_CHANGE_MOVED, 21, in_row(5, 1, 3), "a", "name", "First", "Moved");
    notify(s, 11, LS_CHANGE_CHANGED, 22, in_row(5, 1, 3), "a", "lon", "125", "126");
    const ls_item *item = look(s, 30, LATER, "a");
    check_conflict(item, 0, LS_CONFLICT_IDENTIFIER, 8, 5);
    check_conflict(item, 1, LS_CONFLICT_EARLY, 9, 5);
    check_conflict(item, 2, LS_CONFLICT_AFTER, 9, 8);
    check_conflict(item, 3, LS_CONFLICT_KIND, 10, LS_NO_SOURCE);
    check_conflict(item, 4, LS_CONFLICT_KIND, 11, LS_NO_SOURCE);
    assert_int_equal(item->conflict_count, 5);
    assert_true(ls_bytes_is(item->values[ID], "a"));
    end(s);
}

static void nothing_happens_to_what_had_ended(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    notify(s, 8, LS_CHANGE_MOVED, 20, in_row(5, 1, 3), "a", "lat", "40.8", "40.9");
    notify(s, 9, LS_CHANGE_ELIMINATED, 15, in_row(5, 1, 3), "a", NULL, NULL, NULL);
    notify(s, 10, LS_CHANGE_MOVED, 12, in_row(5, 1, 3), "a", "lat", "40.8", "40.8x"); /* before its end */
    const ls_item *item = look(s, 30, LATER, "a");
    assert_int_equal(item->stage, LS_ITEM_ELIMINATED);
    assert_int_equal(item->conflict_count, 2);
    check_conflict(item, 0, LS_CONFLICT_OUTLIVED, 9, 8);
    check_conflict(item, 1, LS_CONFLICT_AFTER, 10, 8);
    end(s);
}

static void a_supplement_has_the_row_anew(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, LS_NO_SOURCE, 1, 3, "a", "First", "40.8");
    row(s, 9, 20, LS_NO_SOURCE, 1, 0, "a", "First", "41");
    check_value(s, 19, LATER, "a", LAT, "40.8");
    check_value(s, 20, LATER, "a", LAT, "41");
    const ls_item *item = look(s, 30, LATER, "a");
    assert_true(!item->opened && item->conflict_count == 0 && item->place.declared.b[0] == 9);
    end(s);
}

static void two_rows_with_one_identifier_stay_two(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "a", "First", "40.8");
    row(s, 5, 10, 6, 2, 3, "a", "Other", "40.8");
    const ls_history_query q = {&form, s->rows, s->row, 0, NULL, 30, LATER};
    assert_null(ls_history_make(&s->arena, &q, &s->history).fault);
    assert_int_equal(s->history.count, 2);
    assert_true(s->history.items[0].ambiguous && s->history.items[1].ambiguous);
    end(s);
}

static void rows_that_may_be_blank_are_no_items(void **state)
{
    (void)state;
    story *s = begin();
    row(s, 5, 10, 6, 1, 3, "", "-", "-");
    s->row[0].values = (const ls_bytes[FIELDS]){{(const uint8_t *)"", 0}};
    const ls_history_query q = {&form, s->rows, s->row, 0, NULL, 30, LATER};
    assert_null(ls_history_make(&s->arena, &q, &s->history).fault);
    assert_int_equal(s->history.count, 0);
    end(s);
}

/* Random stories of one item, held against a calendar: every day's value is painted by each act in turn. */

#define DAYS 12
#define ACTS 7

typedef struct told {
    uint64_t index, ref; /* ref: LS_NO_SOURCE: the declaration */
    bool corrects;
    int32_t day;
    char after[8];
} told;

static int by_day(const void *a, const void *b)
{
    const told *x = a, *y = b;
    return x->day != y->day ? x->day - y->day : (int)x->index - (int)y->index;
}

/* Corrections first replace what they correct; then changes are painted in the order of their days. */
static void paint(const told *all, size_t count, ls_time known, char calendar[DAYS][8])
{
    told changes[ACTS];
    char declared[8] = "d";
    size_t n = 0;
    for (size_t i = 0; i < count && (ls_time)all[i].index <= known; i++) {
        if (!all[i].corrects) {
            changes[n++] = all[i];
        } else if (all[i].ref == LS_NO_SOURCE) {
            memcpy(declared, all[i].after, sizeof declared);
        }
        for (size_t k = 0; all[i].corrects && k < n; k++) {
            if (changes[k].index == all[i].ref) {
                memcpy(changes[k].after, all[i].after, sizeof changes[k].after);
            }
        }
    }
    qsort(changes, n, sizeof *changes, by_day);
    for (int d = 0; d < DAYS; d++) {
        memcpy(calendar[d], declared, sizeof declared);
    }
    for (size_t i = 0; i < n; i++) {
        for (int d = changes[i].day; d < DAYS; d++) {
            memcpy(calendar[d], changes[i].after, sizeof changes[i].after);
        }
    }
}

static size_t random_story(story *s, told *all, unsigned *seed)
{
    size_t count = 1 + (unsigned)rand_r(seed) % ACTS, changes = 0;
    row(s, 1, 0, 2, 1, 0, "a", "d", "1");
    for (size_t i = 0; i < count; i++) {
        told *t = &all[i];
        *t = (told){.index = 3 + i, .ref = LS_NO_SOURCE, .day = rand_r(seed) % DAYS};
        t->corrects = rand_r(seed) % 3 == 0;
        snprintf(t->after, sizeof t->after, "v%u", (unsigned)i % ACTS);
        if (t->corrects && changes > 0 && rand_r(seed) % 2 == 0) {
            size_t k = (unsigned)rand_r(seed) % i;
            t->ref = all[k].corrects ? LS_NO_SOURCE : all[k].index;
        }
        changes += !t->corrects;
        if (t->corrects) {
            correct(s, t->index, t->ref, in_row(1, 1, 0), "a", "name", "?", t->after);
        } else {
            notify(s, t->index, LS_CHANGE_CHANGED, t->day, in_row(1, 1, 0), "a", "name", "?", t->after);
        }
    }
    return count;
}

static void every_day_is_as_painted(void **state)
{
    (void)state;
    unsigned seed = 7;
    for (int round = 0; round < 300; round++) {
        story *s = begin();
        told all[ACTS];
        char calendar[DAYS][8];
        size_t count = random_story(s, all, &seed);
        for (ls_time known = 2; known < (ls_time)(3 + count); known++) {
            paint(all, count, known, calendar);
            for (int d = 0; d < DAYS; d++) {
                check_value(s, d, known, "a", NAME, calendar[d]);
            }
        }
        end(s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_counts_from_its_date),
        cmocka_unit_test(a_correction_counts_from_the_declaration),
        cmocka_unit_test(a_notification_is_corrected),
        cmocka_unit_test(what_is_new_has_a_number),
        cmocka_unit_test(what_was_eliminated_never_comes_back),
        cmocka_unit_test(an_old_value_that_was_not_known),
        cmocka_unit_test(a_value_that_was_not_shown_contradicts_nothing),
        cmocka_unit_test(two_openings_show_one_row),
        cmocka_unit_test(one_act_says_one_thing),
        cmocka_unit_test(of_an_unknown_item_only_the_change_is_known),
        cmocka_unit_test(identifiers_dates_and_kinds_must_fit),
        cmocka_unit_test(nothing_happens_to_what_had_ended),
        cmocka_unit_test(a_supplement_has_the_row_anew),
        cmocka_unit_test(two_rows_with_one_identifier_stay_two),
        cmocka_unit_test(rows_that_may_be_blank_are_no_items),
        cmocka_unit_test(every_day_is_as_painted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
