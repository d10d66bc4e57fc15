/* Tests of the analysis's parts: how many positions there are, where that can be counted by hand; weights; dates. The
 * answers are held against a brute-force check in tests/cli/analysis.py. */
#include "analysis/analysis.h"
#include "analysis/search.h"
#include "marks.h"

typedef struct fixture {
    ls_arena arena;
    ls_diagnostics d;
    ls_charter charter;
    ls_roadmap roadmap;
    uint64_t positions;
    bool cut;
} fixture;

static const ls_zone_span utc[] = {{0, 0}};

static int set_up(void **state)
{
    static const char *const names[] = {"dprk", "usa", "iaea"};
    fixture *f = calloc(1, sizeof *f);
    f->charter.party_count = 3;
    for (size_t i = 0; i < 3; i++) {
        f->charter.party[i].name = ls_bytes_str(names[i]);
    }
    f->charter.zone = (ls_zone){"UTC", utc, 1};
    f->charter.closing = 86400;
    f->charter.grace = 3600;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ls_arena_free(&f->arena);
    free(f);
    return 0;
}

/* A roadmap with these events and measures. */
static void read_roadmap(fixture *f, const char *events, const char *measures)
{
    const char *text = ls_arena_format(&f->arena,
                                       "{\"roadmap\": 1, \"name\": \"a\", \"title\": \"A\", \"parties\": [\"dprk\", "
                                       "\"usa\"], \"tracks\": [{\"id\": \"t\", \"title\": \"T\"}], %s\"steps\": "
                                       "[{\"id\": \"s\", \"title\": \"S\", \"track\": \"t\", \"measures\": [%s]}]}",
                                       events, measures);
    f->d = (ls_diagnostics){.arena = &f->arena};
    ls_roadmap_read(&f->arena, marked_json(&f->arena, text), &f->charter, ls_bytes_str("[p1] Words.\n"), &f->d,
                    &f->roadmap);
    if (f->d.errors > 0) {
        fail_msg("%s in %s", f->d.item[0].text, text);
    }
}

#define MEASURES_MAX 3
/* What one measure has beyond its common keys, as JSON; and the party that performs it. */
typedef struct line {
    const char *by, *more;
} line;

/* The measures a, b, c. */
static void read_lines(fixture *f, const char *events, const line *lines, size_t count)
{
    ls_buf measures = {0};
    for (size_t i = 0; i < count && lines[i].by != NULL; i++) {
        ls_buf_format(&measures, "%s{\"id\": \"%c\", \"by\": \"%s\", \"what\": \"w\", \"paragraph\": \"p1\"%s%s}",
                      i == 0 ? "" : ", ", (int)('a' + i), lines[i].by, lines[i].more == NULL ? "" : ", ",
                      lines[i].more == NULL ? "" : lines[i].more);
    }
    read_roadmap(f, events, ls_buf_cstr(&measures));
    ls_buf_free(&measures);
}

static void look(void *context, const uint8_t *bits)
{
    (void)context;
    (void)bits;
}

/* Every order, without shortcuts. */
static void count(fixture *f, uint64_t limit)
{
    ls_net net = {0};
    assert_true(ls_succeeded(ls_net_build(&f->roadmap, NULL, &net)));
    uint8_t *choice = ls_arena_alloc(&f->arena, net.move_count);
    ls_bit *at_once = ls_arena_array(&f->arena, net.move_count, sizeof *at_once);
    for (size_t i = 0; i < net.move_count; i++) {
        choice[i] = 1;
        at_once[i] = LS_BIT_FALSE;
    }
    ls_search s = {&net, choice, at_once, limit, look, NULL, NULL};
    f->positions = 0;
    f->cut = false;
    assert_true(ls_succeeded(ls_search_run(&s, &f->positions, &f->cut)));
    ls_net_free(&net);
}

static const char silent[] = "\"events\": [{\"id\": \"e\", \"title\": \"E\", \"when\": \"10 days after in force\", "
                             "\"unless\": \"a performed\"}], ";
static const char to_agree[] = "\"events\": [{\"id\": \"e\", \"title\": \"E\", \"to-be-agreed\": true}], ";

static const struct {
    uint64_t positions;
    const char *events;
    line lines[MEASURES_MAX];
} counted[] = {
    /* Each of three open or performed: 2^3. One of them verified: 3 * 2 * 2. */
    {8, "", {{"dprk", NULL}, {"usa", NULL}, {"usa", NULL}}},
    {12, "", {{"dprk", "\"verified-by\": [\"iaea\"]"}, {"usa", NULL}, {"usa", NULL}}},
    /* One after the other; with a length of time in between. */
    {3, "", {{"dprk", NULL}, {"usa", "\"after\": [\"a performed\"]"}}},
    {4, "", {{"dprk", NULL}, {"usa", "\"after\": [\"30 days after a performed\"]"}}},
    /* Dates come in order, none, one or two of them; a needs the first and b the second: 1 + 2 + 4. */
    {7, "", {{"dprk", "\"after\": [\"2019-01-01\"]"}, {"usa", "\"after\": [\"2019-02-01\"]"}}},
    /* a is open, performed, overdue, or both; b may follow in the last two: 4 + 2. */
    {6, "", {{"dprk", "\"due\": \"2019-01-01\""}, {"usa", "\"after\": [\"a overdue\"]"}}},
    /* Nothing; half; all. b may follow after half: 1 + 2 + 2. */
    {5, "", {{"dprk", "\"amount\": \"100 t\""}, {"usa", "\"after\": [\"a performed 50 %\"]"}}},
    /* Nothing; a; silence; silence and then a. b may follow in the last two. */
    {6, silent, {{"dprk", NULL}, {"usa", "\"after\": [\"e\"]"}}},
    /* What is to be agreed never comes. */
    {2, to_agree, {{"dprk", NULL}, {"usa", "\"after\": [\"e\"]"}}},
};

static void counts_positions(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof counted / sizeof *counted; i++) {
        read_lines(f, counted[i].events, counted[i].lines, MEASURES_MAX);
        count(f, 1000);
        assert_false(f->cut);
        assert_int_equal(f->positions, counted[i].positions);
    }
}

static void grows_beyond_the_first_table(void **state)
{
    fixture *f = *state;
    ls_buf measures = {0};
    for (int i = 0; i < 14; i++) {
        ls_buf_format(&measures, "%s{\"id\": \"m%d\", \"by\": \"dprk\", \"what\": \"w\", \"paragraph\": \"p1\"}",
                      i == 0 ? "" : ", ", i);
    }
    read_roadmap(f, "", ls_buf_cstr(&measures));
    ls_buf_free(&measures);
    count(f, 1000000);
    assert_int_equal(f->positions, 1 << 14);
    assert_false(f->cut);
    count(f, 1 << 14);
    assert_false(f->cut);
    count(f, (1 << 14) - 1);
    assert_int_equal(f->positions, (1 << 14) - 1);
    assert_true(f->cut);
}

/* More atoms than one word holds. */
static void packs_many_words(void **state)
{
    fixture *f = *state;
    ls_buf measures = {0};
    for (int i = 0; i < 150; i++) {
        ls_buf_format(&measures, "%s{\"id\": \"m%d\", \"by\": \"dprk\", \"what\": \"w\", \"paragraph\": \"p1\"",
                      i == 0 ? "" : ", ", i);
        ls_buf_format(&measures, i == 0 ? "}" : ", \"after\": [\"m%d performed\"]}", i - 1);
    }
    read_roadmap(f, "", ls_buf_cstr(&measures));
    ls_buf_free(&measures);
    count(f, 1000);
    assert_int_equal(f->positions, 151);
}

static void reads_weights(void **state)
{
    fixture *f = *state;
    read_lines(f, "", (line[]){{"dprk", NULL}, {"usa", NULL}}, 2);
    const ls_value *v = marked_json(&f->arena, "{\"a\": 5, \"b\": {\"usa\": 0}}");
    const uint32_t *w = ls_weights_read(&f->arena, v, &f->roadmap, &f->charter, &f->d);
    assert_int_equal(f->d.count, 0);
    assert_int_equal(w[0], 5);
    assert_int_equal(w[1], 5);
    assert_int_equal(w[LS_PARTIES_MAX], 1);
    assert_int_equal(w[LS_PARTIES_MAX + 1], 0);
}

static void refuses_weights(void **state)
{
    fixture *f = *state;
    read_lines(f, "", (line[]){{"dprk", NULL}}, 1);
    const ls_value *v = marked_json(&f->arena, "{\"b\": 5,\n\"a\": {\"chn\": 1, \"usa\": -1, \"dprk\": 1000001}}");
    (void)ls_weights_read(&f->arena, v, &f->roadmap, &f->charter, &f->d);
    assert_int_equal(f->d.errors, 4);
    assert_diagnosed(&f->d, 1, 2, "no measure \"b\"", NULL);
    assert_diagnosed(&f->d, 2, 7, "no party \"chn\"", NULL);
    assert_diagnosed(&f->d, 2, 24, "whole number", NULL);
}

static void assert_time(ls_time t, const char *expected)
{
    char text[LS_TIME_SIZE];
    if (t == LS_TIME_OPEN) {
        assert_string_equal("open", expected);
        return;
    }
    ls_time_format(t, text);
    assert_string_equal(text, expected);
}

/* What each schedule says of one measure: performed and complete. */
static void assert_dates(fixture *f, ls_pace pace, size_t measure, const char *performed, const char *complete)
{
    ls_schedule s;
    ls_date signature = {2018, 1, 31};
    assert_true(ls_succeeded(ls_schedule_make(&f->roadmap, &f->charter, signature, pace, &f->arena, &s)));
    assert_time(s.measure[measure].performed, performed);
    assert_time(s.measure[measure].complete, complete);
}

static void dates_follow_the_calendar(void **state)
{
    static const line lines[] = {
        {"dprk", "\"due\": \"1 month after in force\", \"verified-by\": [\"iaea\"], "
                 "\"on-silence\": \"confirmed after 10 days\""},
        {"usa", "\"after\": [\"a confirmed\"], \"due\": \"48 hours after a confirmed\""},
        {"usa", "\"after\": [\"b performed\"]"},
    };
    fixture *f = *state;
    read_lines(f, "", lines, 3);
    assert_dates(f, LS_PACE_EARLIEST, 0, "2018-01-31T00:00:00Z", "2018-01-31T00:00:00Z");
    assert_dates(f, LS_PACE_EARLIEST, 2, "2018-01-31T00:00:00Z", "2018-01-31T00:00:00Z");
    /* To the end of 28 February, which is 1 March at midnight; then two days. */
    assert_dates(f, LS_PACE_PLANNED, 0, "2018-03-01T00:00:00Z", "2018-03-01T00:00:00Z");
    assert_dates(f, LS_PACE_PLANNED, 1, "2018-03-03T00:00:00Z", "2018-03-03T00:00:00Z");
    /* Ten days of silence, to the day's end, and the hour of grace. */
    assert_dates(f, LS_PACE_LATEST, 0, "2018-03-01T00:00:00Z", "2018-03-12T01:00:00Z");
    assert_dates(f, LS_PACE_LATEST, 1, "2018-03-14T01:00:00Z", "2018-03-14T01:00:00Z");
    assert_dates(f, LS_PACE_LATEST, 2, "open", "open");
}

/* What somebody attests is left out of a plan where a date brings the same. */
static void a_plan_needs_no_luck(void **state)
{
    static const char events[] =
        "\"events\": [{\"id\": \"needed\", \"title\": \"N\", \"attested-by\": [\"iaea\"]}, "
        "{\"id\": \"luck\", \"title\": \"L\", \"attested-by\": [\"iaea\"]}, "
        "{\"id\": \"day\", \"title\": \"D\", \"when\": {\"earliest\": [\"1 year after needed\", \"luck\"]}}], ";
    fixture *f = *state;
    read_lines(f, events, (line[]){{"dprk", "\"after\": [\"day\", \"needed\"]"}}, 1);
    assert_dates(f, LS_PACE_EARLIEST, 0, "2018-01-31T00:00:00Z", "2018-01-31T00:00:00Z");
    assert_dates(f, LS_PACE_PLANNED, 0, "2019-01-31T00:00:00Z", "2019-01-31T00:00:00Z");
    assert_dates(f, LS_PACE_LATEST, 0, "open", "open");
}

static void silence_brings_an_event(void **state)
{
    fixture *f = *state;
    read_lines(f, silent, (line[]){{"dprk", NULL}, {"usa", "\"after\": [\"e\"]"}}, 2);
    assert_dates(f, LS_PACE_EARLIEST, 1, "open", "open");
    ls_schedule s;
    ls_date signature = {2018, 1, 31};
    assert_true(ls_succeeded(ls_schedule_make(&f->roadmap, &f->charter, signature, LS_PACE_LATEST, &f->arena, &s)));
    assert_time(s.event[0], "2018-02-11T01:00:00Z");
}

/* dprk gives a, usa answers with b, which is the last word. */
static void curves_follow_the_schedule(void **state)
{
    static const line lines[] = {
        {"dprk", "\"due\": \"10 days after in force\", \"irreversible\": true"},
        {"usa", "\"after\": [\"a performed\"], \"due\": \"10 days after a performed\""},
    };
    fixture *f = *state;
    ls_schedule s;
    ls_curve *curves;
    size_t count;
    read_lines(f, "", lines, 2);
    ls_analysis_query q = {.roadmap = &f->roadmap, .limit = 100};
    assert_true(ls_succeeded(
        ls_schedule_make(&f->roadmap, &f->charter, (ls_date){2018, 1, 1}, LS_PACE_PLANNED, &f->arena, &s)));
    assert_true(ls_succeeded(ls_schedule_curves(&q, &s, &f->arena, &curves, &count)));
    assert_int_equal(count, 2);
    assert_int_equal(curves[0].count, 3);
    assert_int_equal(curves[0].point[0].exposure, 0);
    assert_int_equal(curves[0].point[1].exposure, 1000);
    assert_int_equal(curves[0].point[1].irreversible, 1000);
    assert_time(curves[0].point[1].from, "2018-01-12T00:00:00Z");
    assert_int_equal(curves[0].point[2].exposure, 0);
    assert_time(curves[0].point[2].from, "2018-01-23T00:00:00Z");
    assert_int_equal(curves[1].count, 1);
}

static ls_analysis analysed(fixture *f)
{
    ls_analysis_query q = {.roadmap = &f->roadmap, .limit = 1000};
    ls_analysis a = {0};
    assert_true(ls_succeeded(ls_analysis_run(&q, &f->arena, &a)));
    assert_false(a.cut);
    return a;
}

/* There is one rightful silence: of a, which dprk performs, by usa, which withholds this. */
static void assert_withheld(fixture *f, ls_move_kind kind, size_t subject)
{
    ls_analysis a = analysed(f);
    assert_int_equal(a.silence_count, 1);
    const ls_rightful_silence *x = a.silence;
    assert_int_equal(x->measure, 0);
    assert_int_equal(x->party, 0);
    assert_int_equal(x->silent, 1);
    assert_int_equal(x->count, 1);
    assert_int_equal(x->withheld[0].kind, kind);
    assert_int_equal(x->withheld[0].subject, subject);
}

/* usa's answer comes only when dprk has broken what it gave; then usa owes it by no day. */
static void an_answer_can_wait_for_a_breach(void **state)
{
    static const line lines[] = {
        {"dprk", "\"continuing\": true"},
        {"usa", "\"after\": [\"a performed\", \"a breached\"]"},
    };
    fixture *f = *state;
    read_lines(f, "", lines, 2);
    assert_withheld(f, LS_MOVE_PERFORM, 1);
}

/* That the rest of what the answer waits for is still to be agreed does not make usa's silence about a disappear. */
static void an_answer_can_wait_for_what_is_to_be_agreed(void **state)
{
    static const line lines[] = {
        {"dprk", "\"verified-by\": [\"usa\"]"},
        {"usa", "\"after\": [{\"latest\": [\"a confirmed\", \"e\"]}]"},
    };
    fixture *f = *state;
    read_lines(f, to_agree, lines, 2);
    assert_withheld(f, LS_MOVE_CONFIRM, 0);
}

/* dprk stops half way: it has given 500, and usa a whole measure that c was to answer. Nothing but a is blocked. */
static void a_breach_may_come_half_way(void **state)
{
    static const line lines[] = {
        {"dprk", "\"amount\": \"100 t\""},
        {"usa", "\"after\": [\"a performed 50 %\"]"},
        {"dprk", "\"after\": [\"b performed\"]"},
    };
    fixture *f = *state;
    read_lines(f, "", lines, 3);
    ls_analysis a = analysed(f);
    assert_int_equal(a.breach[0].blocked, 0);
    assert_int_equal(a.breach[0].reach[0], LS_REACH_NEVER);
    assert_int_equal(a.breach[0].most[0], 500);
    assert_int_equal(a.breach[0].most[1], 1000);
}

/* b answers what was given up to half, and the rest as well, as nobody waits for that. */
static void the_rest_is_answered_like_the_part_before_it(void **state)
{
    static const line lines[] = {
        {"dprk", "\"amount\": \"100 t\""},
        {"usa", "\"after\": [\"a performed 50 %\"]"},
    };
    fixture *f = *state;
    read_lines(f, "", lines, 2);
    ls_analysis a = analysed(f);
    assert_int_equal(a.exposure[0].most, 1000);
    assert_int_equal(a.exposure[0].gifts, 0);
}

/* usa acts upon dprk's word, which dprk need never keep; upon dprk's deed it would not be exposed. */
static void the_last_word_can_come_too_early(void **state)
{
    static const struct {
        const char *after;
        int64_t most;
        size_t silences; /* dprk's, and while usa has not acted, usa's */
    } cases[] = {{"a promised", 1000, 2}, {"a performed", 0, 1}};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *after = ls_arena_format(&f->arena, "\"after\": [\"%s\"]", cases[i].after);
        read_lines(f, "", (line[]){{"dprk", NULL}, {"usa", after}}, 2);
        ls_analysis a = analysed(f);
        assert_int_equal(a.exposure[1].most, cases[i].most);
        assert_int_equal(a.exposure[1].gifts, 0);
        assert_int_equal(a.silence_count, cases[i].silences);
    }
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(counts_positions),
        TEST(grows_beyond_the_first_table),
        TEST(packs_many_words),
        TEST(reads_weights),
        TEST(refuses_weights),
        TEST(dates_follow_the_calendar),
        TEST(a_plan_needs_no_luck),
        TEST(silence_brings_an_event),
        TEST(curves_follow_the_schedule),
        TEST(an_answer_can_wait_for_a_breach),
        TEST(an_answer_can_wait_for_what_is_to_be_agreed),
        TEST(a_breach_may_come_half_way),
        TEST(the_rest_is_answered_like_the_part_before_it),
        TEST(the_last_word_can_come_too_early),
    };
    return cmocka_run_group_tests_name("analysis", tests, NULL, NULL);
}
