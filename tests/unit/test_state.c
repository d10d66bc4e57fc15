/* Tests of the state of measures: each rule by a short history, deadlines against the C library's calendar. */
#include "accord/state.h"
#include "vectors.h"
#include <sys/stat.h>
#include <time.h>

enum { DPRK, USA, ROK };
/* dprk declares, usa suspends exercises, usa opens an office in return; dprk invites, and nobody verifies that. */
enum { DECLARE, SUSPEND, OFFICE, INVITE, MEASURES };

#define FACTS_MAX 32
#define IN_FORCE "2018-10-10T00:00:00Z" /* 09:00 in Seoul */

typedef struct fixture {
    ls_charter charter;
    ls_roadmap roadmap;
    ls_measure measures[MEASURES];
    size_t order[MEASURES];
    ls_fact facts[FACTS_MAX];
    ls_time times[FACTS_MAX + 1]; /* by number of the fact, which is its act's index */
    size_t count;
    ls_measure_state states[MEASURES];
} fixture;

static const ls_zone_span seoul[] = {{0, 9 * 3600}};
static const ls_zone_span pyongyang[] = {{0, 32400}, {1439564400, 30600}, {1525446000, 32400}};
static size_t by_usa[] = {USA}, by_dprk_and_rok[] = {DPRK, ROK}, by_dprk[] = {DPRK};
static ls_trigger office_after[] = {{LS_EVENT_CONFIRMED, DECLARE}, {LS_EVENT_PERFORMED, SUSPEND}};
static ls_trigger invite_after[] = {{LS_EVENT_CONFIRMED, OFFICE}};

static ls_time at(const char *text)
{
    ls_time t;
    assert_true(ls_time_parse(ls_bytes_str(text), &t));
    return t;
}

static ls_date on(const char *text)
{
    ls_date d;
    assert_true(ls_date_parse(ls_bytes_str(text), &d));
    return d;
}

static ls_due after_event(const char *duration, ls_event_kind kind, size_t measure)
{
    ls_due due = {.kind = LS_DUE_AFTER, .trigger = {kind, measure}};
    assert_true(ls_duration_parse(ls_bytes_str(duration), &due.duration));
    return due;
}

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->charter.zone = (ls_zone){"Asia/Seoul", seoul, 1};
    f->charter.closing = 86400;
    f->charter.grace = 86400;
    f->charter.party_count = 3;
    f->measures[DECLARE] = (ls_measure){.by = DPRK, .verifier_count = 1, .verifiers = by_usa};
    f->measures[SUSPEND] = (ls_measure){.by = USA, .track = 1, .verifier_count = 1, .verifiers = by_dprk};
    f->measures[OFFICE] = (ls_measure){.by = USA,
                                       .track = 1,
                                       .after_count = 2,
                                       .after = office_after,
                                       .verifier_count = 2,
                                       .verifiers = by_dprk_and_rok};
    f->measures[INVITE] = (ls_measure){.by = DPRK, .after_count = 1, .after = invite_after};
    f->measures[DECLARE].due = after_event("10 days", LS_EVENT_IN_FORCE, 0);
    f->measures[SUSPEND].due = after_event("36 hours", LS_EVENT_IN_FORCE, 0);
    f->measures[OFFICE].due = after_event("1 month", LS_EVENT_CONFIRMED, DECLARE);
    f->measures[INVITE].due = (ls_due){.kind = LS_DUE_DATE, .date = on("2018-12-31")};
    for (size_t i = 0; i < MEASURES; i++) {
        f->order[i] = i;
    }
    f->roadmap = (ls_roadmap){
        .date_limit = 7, .track_count = 2, .measure_count = MEASURES, .measures = f->measures, .order = f->order};
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    free(*state);
    return 0;
}

/* Adds a fact; ref is the number of the fact it is about, from 1, or 0. Returns its number. */
static size_t say(fixture *f, ls_fact_kind kind, size_t by, int measure, size_t ref, const char *time)
{
    assert_true(f->count < FACTS_MAX);
    size_t number = f->count + 1;
    f->facts[f->count++] = (ls_fact){.kind = kind & 7,
                                     .index = (uint32_t)number,
                                     .by = by & 31,
                                     .measure = (int16_t)measure,
                                     .track = -1,
                                     .ref = ref == 0 ? LS_NO_ENTRY : (uint32_t)ref,
                                     .day = LS_NO_DAY};
    f->times[number] = time == NULL ? LS_TIME_OPEN : at(time);
    return number;
}

static void claim(fixture *f, size_t number, const char *date)
{
    f->facts[number - 1].day = (int32_t)ls_date_to_days(on(date));
}

static ls_time time_of(const void *context, uint32_t index)
{
    return ((const fixture *)context)->times[index];
}

static ls_facts first(const fixture *f, size_t count)
{
    return (ls_facts){f->facts, count, time_of, f};
}

static void eval_facts(const fixture *f, size_t count, ls_time now, ls_measure_state *states)
{
    ls_facts facts = first(f, count);
    assert_success(ls_state_eval(&f->roadmap, &f->charter, at(IN_FORCE), &facts, now, states));
}

static const ls_measure_state *eval(fixture *f, size_t measure, const char *now)
{
    memset(f->states, 0xaa, sizeof f->states);
    eval_facts(f, f->count, at(now), f->states);
    return &f->states[measure];
}

static void assert_state(fixture *f, size_t measure, const char *now, ls_state state, const char *since)
{
    const ls_measure_state *s = eval(f, measure, now);
    if (s->state != state || s->since != (since == NULL ? LS_TIME_OPEN : at(since))) {
        char text[LS_TIME_SIZE];
        ls_time_format(s->since == LS_TIME_OPEN ? 0 : s->since, text);
        fail_msg("at %s: wanted %s since %s, got %s since %s", now, ls_state_name(state), since == NULL ? "?" : since,
                 ls_state_name(s->state), text);
    }
}

static void nothing_before_it_is_in_force(void **state)
{
    fixture *f = *state;
    assert_state(f, DECLARE, "2018-10-09T23:59:59Z", LS_PENDING, IN_FORCE);
    assert_false(f->states[DECLARE].has_deadline);
    assert_true(f->states[INVITE].has_deadline); /* a date is a date */
    assert_state(f, DECLARE, IN_FORCE, LS_DUE, IN_FORCE);
}

static void deadline_and_grace(void **state)
{
    fixture *f = *state;
    /* The tenth day after 10 October ends in Seoul at 15:00Z on the 20th; a day of grace follows. */
    assert_state(f, DECLARE, "2018-10-20T15:00:01Z", LS_DUE, IN_FORCE);
    assert_int_equal(f->states[DECLARE].deadline, at("2018-10-20T15:00:00Z"));
    assert_state(f, DECLARE, "2018-10-21T15:00:00Z", LS_DUE, IN_FORCE);
    assert_state(f, DECLARE, "2018-10-21T15:00:01Z", LS_OVERDUE, "2018-10-21T15:00:00Z");
    /* Hours are exact. */
    assert_state(f, SUSPEND, "2018-10-12T12:00:00Z", LS_DUE, IN_FORCE);
    assert_int_equal(f->states[SUSPEND].deadline, at("2018-10-11T12:00:00Z"));
    assert_state(f, SUSPEND, "2018-10-12T12:00:01Z", LS_OVERDUE, "2018-10-12T12:00:00Z");
    /* Another closing hour. */
    f->charter.closing = 18 * 3600;
    eval(f, DECLARE, IN_FORCE);
    assert_int_equal(f->states[DECLARE].deadline, at("2018-10-20T09:00:00Z"));
}

static void performed_and_confirmed(void **state)
{
    fixture *f = *state;
    size_t p = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-15T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-14T23:59:59Z", LS_DUE, IN_FORCE);
    assert_state(f, DECLARE, "2018-10-15T00:00:00Z", LS_PERFORMED, "2018-10-15T00:00:00Z");
    assert_int_equal(f->states[DECLARE].performed_by, p);
    assert_int_equal(f->states[DECLARE].performed_at, at("2018-10-15T00:00:00Z"));
    assert_false(f->states[DECLARE].early || f->states[DECLARE].late);
    assert_state(f, DECLARE, "2019-01-01T00:00:00Z", LS_PERFORMED, "2018-10-15T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-16T00:00:00Z", LS_PENDING, IN_FORCE);

    size_t c = say(f, LS_FACT_CONFIRM, USA, DECLARE, p, "2018-10-17T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-17T00:00:00Z", LS_CONFIRMED, "2018-10-17T00:00:00Z");
    assert_int_equal(f->states[DECLARE].answered_by, c);
    assert_int_equal(f->states[DECLARE].confirmations, 1u << USA);
    /* Still waiting for the other condition, but its deadline is known. */
    assert_state(f, OFFICE, "2018-10-17T00:00:00Z", LS_PENDING, IN_FORCE);
    assert_int_equal(f->states[OFFICE].deadline, at("2018-11-17T15:00:00Z"));
    say(f, LS_FACT_PERFORM, USA, SUSPEND, 0, "2018-10-18T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-18T00:00:00Z", LS_DUE, "2018-10-18T00:00:00Z");
    assert_true(f->states[SUSPEND].late);
}

static void wrong_parties_have_no_effect(void **state)
{
    fixture *f = *state;
    say(f, LS_FACT_PERFORM, USA, DECLARE, 0, "2018-10-15T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-16T00:00:00Z", LS_DUE, IN_FORCE);
    size_t p = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-16T00:00:00Z");
    say(f, LS_FACT_CONFIRM, DPRK, DECLARE, p, "2018-10-16T01:00:00Z");
    say(f, LS_FACT_CONFIRM, ROK, DECLARE, p, "2018-10-16T01:00:00Z");
    say(f, LS_FACT_OBJECT, ROK, DECLARE, p, "2018-10-16T01:00:00Z");
    say(f, LS_FACT_MISSING, ROK, DECLARE, 0, "2018-10-16T01:00:00Z");
    say(f, LS_FACT_WITHDRAW, USA, DECLARE, p, "2018-10-16T01:00:00Z");
    say(f, LS_FACT_OBJECT, ROK, INVITE, 0, "2018-10-16T01:00:00Z");
    say(f, LS_FACT_PERFORM, DPRK, MEASURES, 0, "2018-10-16T01:00:00Z"); /* no such measure */
    say(f, LS_FACT_PERFORM, DPRK, -1, 0, "2018-10-16T01:00:00Z");
    assert_state(f, DECLARE, "2018-10-17T00:00:00Z", LS_PERFORMED, "2018-10-16T00:00:00Z");
    assert_int_equal(f->states[DECLARE].answered_by, LS_NO_ENTRY);
    assert_state(f, INVITE, "2018-10-17T00:00:00Z", LS_PENDING, IN_FORCE);
}

static void every_verifier_must_confirm(void **state)
{
    fixture *f = *state;
    size_t p = say(f, LS_FACT_PERFORM, USA, OFFICE, 0, "2018-10-15T00:00:00Z");
    say(f, LS_FACT_CONFIRM, ROK, OFFICE, 0, "2018-10-16T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-17T00:00:00Z", LS_PERFORMED, "2018-10-15T00:00:00Z");
    assert_int_equal(f->states[OFFICE].confirmations, 1u << ROK);
    say(f, LS_FACT_CONFIRM, DPRK, OFFICE, p, "2018-10-18T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-18T00:00:00Z", LS_CONFIRMED, "2018-10-18T00:00:00Z");
    assert_int_equal(f->states[OFFICE].confirmations, 1u << ROK | 1u << DPRK);
}

static void confirmations_need_their_performance(void **state)
{
    fixture *f = *state;
    say(f, LS_FACT_CONFIRM, USA, DECLARE, 0, "2018-10-11T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-12T00:00:00Z", LS_DUE, IN_FORCE);
    size_t first = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-12T00:00:00Z");
    size_t second = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-13T00:00:00Z");
    say(f, LS_FACT_CONFIRM, USA, DECLARE, first, "2018-10-14T00:00:00Z");
    say(f, LS_FACT_OBJECT, USA, DECLARE, first, "2018-10-14T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-15T00:00:00Z", LS_PERFORMED, "2018-10-13T00:00:00Z");
    say(f, LS_FACT_CONFIRM, USA, DECLARE, second, "2018-10-15T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-15T00:00:00Z", LS_CONFIRMED, "2018-10-15T00:00:00Z");
}

static void early_performance_waits(void **state)
{
    fixture *f = *state;
    say(f, LS_FACT_PERFORM, USA, OFFICE, 0, "2018-10-11T00:00:00Z");
    say(f, LS_FACT_CONFIRM, DPRK, OFFICE, 0, "2018-10-12T00:00:00Z");
    say(f, LS_FACT_CONFIRM, ROK, OFFICE, 0, "2018-10-12T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-13T00:00:00Z", LS_CONFIRMED, "2018-10-12T00:00:00Z");
    assert_true(f->states[OFFICE].early);
    /* It triggers nothing until its own conditions hold. */
    assert_state(f, INVITE, "2018-10-13T00:00:00Z", LS_PENDING, IN_FORCE);
    say(f, LS_FACT_PERFORM, USA, SUSPEND, 0, "2018-10-14T00:00:00Z");
    say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-15T00:00:00Z");
    say(f, LS_FACT_CONFIRM, USA, DECLARE, 0, "2018-10-16T00:00:00Z");
    assert_state(f, INVITE, "2018-10-17T00:00:00Z", LS_DUE, "2018-10-16T00:00:00Z");
    assert_true(f->states[OFFICE].early);
    assert_false(f->states[OFFICE].late);
}

static void claimed_dates(void **state)
{
    fixture *f = *state;
    /* Filed a day late, but done on the last day. */
    size_t p = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-21T01:00:00Z");
    claim(f, p, "2018-10-20");
    assert_true(eval(f, DECLARE, "2018-10-21T02:00:00Z")->late);
    size_t c = say(f, LS_FACT_CONFIRM, USA, DECLARE, p, "2018-10-22T00:00:00Z");
    assert_true(eval(f, DECLARE, "2018-10-22T02:00:00Z")->late); /* confirmed without the date */
    claim(f, c, "2018-10-19");
    assert_true(eval(f, DECLARE, "2018-10-22T02:00:00Z")->late); /* another date */
    claim(f, c, "2018-10-20");
    assert_false(eval(f, DECLARE, "2018-10-22T02:00:00Z")->late);
    assert_int_equal(f->states[DECLARE].performed_at, at("2018-10-20T15:00:00Z"));
    /* It protects the performer; what follows counts from when others could know. */
    assert_int_equal(f->states[OFFICE].deadline, at("2018-11-22T15:00:00Z"));
    f->roadmap.date_limit = 0;
    assert_true(eval(f, DECLARE, "2018-10-22T02:00:00Z")->late); /* beyond the limit */
    f->roadmap.date_limit = 1;
    assert_false(eval(f, DECLARE, "2018-10-22T02:00:00Z")->late);
    claim(f, p, "2018-10-22"); /* a date to come counts for nothing */
    claim(f, c, "2018-10-22");
    assert_int_equal(eval(f, DECLARE, "2018-10-22T02:00:00Z")->performed_at, at("2018-10-21T01:00:00Z"));
    /* On the day of the act itself, the act's time is earlier than the closing hour. */
    claim(f, p, "2018-10-21");
    claim(f, c, "2018-10-21");
    assert_int_equal(eval(f, DECLARE, "2018-10-22T02:00:00Z")->performed_at, at("2018-10-21T01:00:00Z"));
}

static void disputes(void **state)
{
    fixture *f = *state;
    size_t p = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-12T00:00:00Z");
    size_t o = say(f, LS_FACT_OBJECT, USA, DECLARE, p, "2018-10-13T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-13T00:00:00Z", LS_DISPUTED, "2018-10-13T00:00:00Z");
    assert_int_equal(f->states[DECLARE].answered_by, o);
    assert_state(f, DECLARE, "2019-10-13T00:00:00Z", LS_DISPUTED, "2018-10-13T00:00:00Z"); /* never overdue */
    /* The same verifier withdraws it … */
    say(f, LS_FACT_WITHDRAW, USA, DECLARE, o, "2018-10-14T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-14T00:00:00Z", LS_PERFORMED, "2018-10-14T00:00:00Z");
    assert_int_equal(f->states[DECLARE].answered_by, LS_NO_ENTRY);
    /* … objects again, and confirms … */
    say(f, LS_FACT_OBJECT, USA, DECLARE, 0, "2018-10-15T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-15T00:00:00Z", LS_DISPUTED, "2018-10-15T00:00:00Z");
    say(f, LS_FACT_CONFIRM, USA, DECLARE, 0, "2018-10-16T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-16T00:00:00Z", LS_CONFIRMED, "2018-10-16T00:00:00Z");
    /* … and finds that it was wrong to: what waited for the confirmation stays triggered. */
    size_t late = say(f, LS_FACT_OBJECT, USA, DECLARE, 0, "2018-10-17T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-17T00:00:00Z", LS_DISPUTED, "2018-10-17T00:00:00Z");
    assert_int_equal(f->states[OFFICE].deadline, at("2018-11-16T15:00:00Z"));
    assert_int_equal(f->states[DECLARE].confirmations, 0);
    say(f, LS_FACT_WITHDRAW, USA, DECLARE, late, "2018-10-18T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-18T00:00:00Z", LS_CONFIRMED, "2018-10-18T00:00:00Z");
}

static void performing_again_answers_an_objection(void **state)
{
    fixture *f = *state;
    size_t p = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-12T00:00:00Z");
    say(f, LS_FACT_OBJECT, USA, DECLARE, p, "2018-10-13T00:00:00Z");
    size_t again = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-14T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-14T00:00:00Z", LS_PERFORMED, "2018-10-14T00:00:00Z");
    assert_int_equal(f->states[DECLARE].performed_by, again);
    say(f, LS_FACT_CONFIRM, USA, DECLARE, again, "2018-10-15T00:00:00Z");
    /* Once confirmed, doing it again moves nothing. */
    say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-16T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-16T00:00:00Z", LS_CONFIRMED, "2018-10-15T00:00:00Z");
    assert_int_equal(f->states[DECLARE].performed_by, again);
}

static void one_objection_is_enough(void **state)
{
    fixture *f = *state;
    say(f, LS_FACT_PERFORM, USA, OFFICE, 0, "2018-10-12T00:00:00Z");
    size_t o = say(f, LS_FACT_OBJECT, ROK, OFFICE, 0, "2018-10-13T00:00:00Z");
    size_t c = say(f, LS_FACT_CONFIRM, DPRK, OFFICE, 0, "2018-10-14T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-15T00:00:00Z", LS_DISPUTED, "2018-10-13T00:00:00Z");
    assert_int_equal(f->states[OFFICE].confirmations, 1u << DPRK);
    say(f, LS_FACT_WITHDRAW, ROK, OFFICE, o, "2018-10-16T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-16T00:00:00Z", LS_PERFORMED, "2018-10-16T00:00:00Z");
    assert_int_equal(f->states[OFFICE].answered_by, c);
}

static void missing(void **state)
{
    fixture *f = *state;
    /* Not before it is due … */
    size_t early = say(f, LS_FACT_MISSING, DPRK, OFFICE, 0, "2018-10-12T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-12T00:00:00Z", LS_PENDING, IN_FORCE);
    (void)early;
    /* … and then instead of silence. */
    size_t m = say(f, LS_FACT_MISSING, USA, DECLARE, 0, "2018-10-25T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-24T00:00:00Z", LS_OVERDUE, "2018-10-21T15:00:00Z");
    assert_state(f, DECLARE, "2018-10-25T00:00:00Z", LS_DISPUTED, "2018-10-25T00:00:00Z");
    say(f, LS_FACT_WITHDRAW, USA, DECLARE, m, "2018-10-26T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-26T00:00:00Z", LS_OVERDUE, "2018-10-21T15:00:00Z");
    say(f, LS_FACT_MISSING, USA, DECLARE, 0, "2018-10-27T00:00:00Z");
    say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-28T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-28T00:00:00Z", LS_PERFORMED, "2018-10-28T00:00:00Z");
    assert_true(f->states[DECLARE].late);
}

static void withdrawals(void **state)
{
    fixture *f = *state;
    size_t p = say(f, LS_FACT_PERFORM, USA, OFFICE, 0, "2018-10-12T00:00:00Z");
    size_t c = say(f, LS_FACT_CONFIRM, DPRK, OFFICE, p, "2018-10-13T00:00:00Z");
    say(f, LS_FACT_WITHDRAW, DPRK, OFFICE, c, "2018-10-14T00:00:00Z"); /* not yet all: it can be taken back */
    say(f, LS_FACT_CONFIRM, ROK, OFFICE, p, "2018-10-15T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-15T00:00:00Z", LS_PERFORMED, "2018-10-12T00:00:00Z");
    c = say(f, LS_FACT_CONFIRM, DPRK, OFFICE, p, "2018-10-16T00:00:00Z");
    /* All have relied on it: neither can be taken back. */
    say(f, LS_FACT_WITHDRAW, DPRK, OFFICE, c, "2018-10-17T00:00:00Z");
    say(f, LS_FACT_WITHDRAW, USA, OFFICE, p, "2018-10-17T00:00:00Z");
    assert_state(f, OFFICE, "2018-10-18T00:00:00Z", LS_CONFIRMED, "2018-10-16T00:00:00Z");

    size_t d = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-12T00:00:00Z");
    say(f, LS_FACT_WITHDRAW, DPRK, DECLARE, d, "2018-10-13T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-12T00:00:00Z", LS_PERFORMED, "2018-10-12T00:00:00Z"); /* as it was then */
    assert_state(f, DECLARE, "2018-10-13T00:00:00Z", LS_DUE, IN_FORCE);
    assert_int_equal(f->states[DECLARE].performed_by, LS_NO_ENTRY);
    say(f, LS_FACT_WITHDRAW, DPRK, DECLARE, 99, "2018-10-14T00:00:00Z"); /* of nothing */
    assert_state(f, DECLARE, "2018-10-14T00:00:00Z", LS_DUE, IN_FORCE);
}

static void a_late_condition_gives_time(void **state)
{
    fixture *f = *state;
    /* The office is due on 17 November, but its other condition comes on the 20th. */
    say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-15T00:00:00Z");
    say(f, LS_FACT_CONFIRM, USA, DECLARE, 0, "2018-10-17T00:00:00Z");
    assert_state(f, OFFICE, "2018-11-19T00:00:00Z", LS_PENDING, IN_FORCE);
    say(f, LS_FACT_PERFORM, USA, SUSPEND, 0, "2018-11-20T00:00:00Z");
    assert_state(f, OFFICE, "2018-11-21T00:00:00Z", LS_DUE, "2018-11-20T00:00:00Z");
    assert_state(f, OFFICE, "2018-11-21T00:00:01Z", LS_OVERDUE, "2018-11-21T00:00:00Z");
    say(f, LS_FACT_PERFORM, USA, OFFICE, 0, "2018-11-20T12:00:00Z");
    assert_true(eval(f, OFFICE, "2018-11-22T00:00:00Z")->late);
}

static void unstamped_facts_count_as_of_now(void **state)
{
    fixture *f = *state;
    say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, NULL);
    assert_state(f, DECLARE, "2018-10-15T00:00:00Z", LS_PERFORMED, NULL);
    assert_int_equal(f->states[DECLARE].performed_at, at("2018-10-15T00:00:00Z"));
    say(f, LS_FACT_CONFIRM, USA, DECLARE, 0, NULL);
    assert_state(f, DECLARE, "2018-10-15T00:00:00Z", LS_CONFIRMED, NULL);
    assert_int_equal(f->states[OFFICE].deadline, at("2018-11-15T15:00:00Z"));
}

static bool suspended(fixture *f, size_t measure, const char *now)
{
    return eval(f, measure, now)->suspended;
}

static void suspensions(void **state)
{
    fixture *f = *state;
    size_t all = say(f, LS_FACT_SUSPEND, USA, -1, 0, "2018-10-12T00:00:00Z");
    size_t track = say(f, LS_FACT_SUSPEND, DPRK, -1, 0, "2018-10-13T00:00:00Z");
    f->facts[track - 1].track = 1;
    say(f, LS_FACT_RESUME, DPRK, -1, all, "2018-10-14T00:00:00Z"); /* not theirs */
    say(f, LS_FACT_RESUME, USA, -1, all, "2018-10-15T00:00:00Z");
    say(f, LS_FACT_RESUME, DPRK, -1, track, "2018-10-17T00:00:00Z");
    assert_false(suspended(f, DECLARE, "2018-10-11T23:59:59Z"));
    assert_true(suspended(f, DECLARE, "2018-10-12T00:00:00Z"));
    assert_true(suspended(f, DECLARE, "2018-10-14T00:00:00Z"));
    assert_false(suspended(f, DECLARE, "2018-10-15T00:00:00Z"));
    assert_true(suspended(f, OFFICE, "2018-10-16T00:00:00Z"));
    assert_false(suspended(f, OFFICE, "2018-10-17T00:00:00Z"));
    /* No deadline moves. */
    assert_int_equal(eval(f, DECLARE, "2018-10-12T00:00:00Z")->deadline, at("2018-10-20T15:00:00Z"));
    assert_state(f, DECLARE, "2018-10-22T00:00:00Z", LS_OVERDUE, "2018-10-21T15:00:00Z");

    ls_suspension list[2];
    ls_facts facts = first(f, f->count);
    assert_int_equal(ls_state_suspensions(&facts, at("2018-10-16T00:00:00Z"), list, 2), 2);
    assert_int_equal(list[0].index, all);
    assert_int_equal(list[0].until, at("2018-10-15T00:00:00Z"));
    assert_int_equal(list[1].track, 1);
    assert_int_equal(list[1].since, at("2018-10-13T00:00:00Z"));
    assert_int_equal(list[1].until, LS_TIME_OPEN);
    assert_int_equal(ls_state_suspensions(&facts, at("2018-10-16T00:00:00Z"), list, 1), 2);
    assert_int_equal(ls_state_suspensions(&facts, at("2018-10-11T00:00:00Z"), list, 2), 0);
}

static void one_measure_suspended(void **state)
{
    fixture *f = *state;
    size_t s = say(f, LS_FACT_SUSPEND, USA, SUSPEND, 0, "2018-10-12T00:00:00Z");
    assert_true(suspended(f, SUSPEND, "2018-10-13T00:00:00Z"));
    assert_false(suspended(f, OFFICE, "2018-10-13T00:00:00Z"));
    say(f, LS_FACT_WITHDRAW, USA, -1, s, "2018-10-14T00:00:00Z");
    assert_false(suspended(f, SUSPEND, "2018-10-14T00:00:00Z"));
}

/* Deadlines: the same question to the C library, which knows calendars and zones on its own. */

static int last_day(int year, int month)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month + 1, .tm_mday = 0};
    timegm(&tm);
    return tm.tm_mday;
}

static ls_time deadline_of_libc(ls_time trigger, ls_duration d, int closing)
{
    time_t t = (time_t)trigger;
    struct tm tm;
    if (d.unit == LS_UNIT_HOURS) {
        return trigger + 3600 * (ls_time)d.count;
    }
    localtime_r(&t, &tm);
    int year = tm.tm_year + 1900, month = tm.tm_mon, day = tm.tm_mday;
    if (d.unit == LS_UNIT_DAYS || d.unit == LS_UNIT_WEEKS) {
        day += (int)d.count * (d.unit == LS_UNIT_WEEKS ? 7 : 1);
    } else {
        month += (int)d.count * (d.unit == LS_UNIT_YEARS ? 12 : 1);
        year += month / 12;
        month %= 12;
        day = day < last_day(year, month) ? day : last_day(year, month);
    }
    /* Hours and minutes, not seconds: those mktime adds as time that passes, whatever the clocks do. */
    struct tm due = {.tm_year = year - 1900,
                     .tm_mon = month,
                     .tm_mday = day,
                     .tm_hour = closing / 3600,
                     .tm_min = closing / 60 % 60,
                     .tm_isdst = -1};
    return mktime(&due);
}

static void compare_with_libc(fixture *f, const char *zone, uint64_t first, uint64_t last)
{
    static const uint32_t most[] = {2000, 400, 60, 30, 3};
    uint64_t random = 1;
    setenv("TZ", zone, 1);
    tzset();
    for (int i = 0; i < 50000; i++) {
        ls_time trigger = (ls_time)(first + next_random(&random) % (last - first));
        ls_unit unit = (ls_unit)(next_random(&random) % 5);
        ls_duration d = {1 + (uint32_t)(next_random(&random) % most[unit]), unit};
        f->measures[DECLARE].due = (ls_due){.kind = LS_DUE_AFTER, .duration = d};
        f->charter.closing = i % 2 == 0 ? 86400 : (int32_t)(60 + 60 * (next_random(&random) % 1320));
        assert_success(ls_state_eval(&f->roadmap, &f->charter, trigger, &(ls_facts){0}, trigger, f->states));
        if (f->states[DECLARE].deadline != deadline_of_libc(trigger, d, f->charter.closing)) {
            char text[LS_DURATION_SIZE];
            ls_duration_format(d, text);
            fail_msg("%s after %lld, closing %d: %lld, not %lld", text, (long long)trigger, f->charter.closing,
                     (long long)f->states[DECLARE].deadline,
                     (long long)deadline_of_libc(trigger, d, f->charter.closing));
        }
    }
}

static void deadlines_in_seoul(void **state)
{
    compare_with_libc(*state, "KST-9", 0, 4102444800u); /* 1970 to 2100 */
}

/* With the two changes of Pyongyang's offset between them. */
static void deadlines_in_pyongyang(void **state)
{
    fixture *f = *state;
    struct stat found;
    if (stat("/usr/share/zoneinfo/Asia/Pyongyang", &found) != 0) {
        print_message("the system has no table of time zones: test skipped\n");
        skip();
    }
    f->charter.zone = (ls_zone){"Asia/Pyongyang", pyongyang, 3};
    compare_with_libc(f, "Asia/Pyongyang", 1420070400, 1577836800); /* 2015 to 2020 */
}

/* On 4 May 2018 Pyongyang went from 23:30 to midnight. */
static void the_day_that_was_half_an_hour_short(void **state)
{
    fixture *f = *state;
    f->charter.zone = (ls_zone){"Asia/Pyongyang", pyongyang, 3};
    static const struct {
        const char *date;
        int32_t closing;
        const char *deadline;
    } cases[] = {
        {"2018-05-03", 86400, "2018-05-03T15:30:00Z"},
        {"2018-05-04", 84600, "2018-05-04T15:00:00Z"}, /* 23:30, the first that was skipped */
        {"2018-05-04", 85500, "2018-05-04T15:15:00Z"}, /* 23:45, by the offset before */
        {"2018-05-04", 86400, "2018-05-04T15:00:00Z"},
        {"2018-05-05", 86400, "2018-05-05T15:00:00Z"},
        {"2015-08-14", 85500, "2015-08-14T14:45:00Z"}, /* came twice: the first */
        {"2015-08-14", 86400, "2015-08-14T15:30:00Z"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        f->measures[INVITE].due.date = on(cases[i].date);
        f->charter.closing = cases[i].closing;
        assert_int_equal(eval(f, INVITE, IN_FORCE)->deadline, at(cases[i].deadline));
    }
    /* Ten days from 24 April, 23:59 by the clock of then. */
    f->charter.closing = 86400;
    f->measures[DECLARE].due = after_event("10 days", LS_EVENT_IN_FORCE, 0);
    ls_facts none = {0};
    assert_success(ls_state_eval(&f->roadmap, &f->charter, at("2018-04-24T15:29:00Z"), &none,
                                 at("2018-05-10T00:00:00Z"), f->states));
    assert_int_equal(f->states[DECLARE].deadline, at("2018-05-04T15:00:00Z"));
}

/* Of an act that lapsed or was annulled nothing stands, and what it did can be done again. */
static void without_effect(void **state)
{
    fixture *f = *state;
    size_t first_try = say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-12T00:00:00Z");
    size_t pause = say(f, LS_FACT_SUSPEND, USA, -1, 0, "2018-10-12T00:00:00Z");
    say(f, LS_FACT_CONFIRM, USA, DECLARE, first_try, "2018-10-13T00:00:00Z");
    f->times[first_try] = f->times[pause] = LS_TIME_NONE;
    assert_state(f, DECLARE, "2018-10-14T00:00:00Z", LS_DUE, IN_FORCE);
    assert_false(suspended(f, DECLARE, "2018-10-14T00:00:00Z"));
    ls_facts facts = first(f, f->count);
    assert_int_equal(ls_state_suspensions(&facts, at("2018-10-16T00:00:00Z"), NULL, 0), 0);
    say(f, LS_FACT_PERFORM, DPRK, DECLARE, 0, "2018-10-15T00:00:00Z");
    assert_state(f, DECLARE, "2018-10-16T00:00:00Z", LS_PERFORMED, "2018-10-15T00:00:00Z");
}

/* What comes later changes nothing: facts beyond now may as well not be there, in random histories. */
static void later_facts_change_nothing(void **state)
{
    fixture *f = *state;
    uint64_t random = 3;
    for (int round = 0; round < 3000; round++) {
        f->count = 0;
        ls_time t = at(IN_FORCE);
        for (size_t i = 0; i < 16; i++) {
            size_t ref = next_random(&random) % 3 == 0 ? 1 + next_random(&random) % (i + 1) : 0;
            say(f, (ls_fact_kind)(next_random(&random) % 7), next_random(&random) % 3,
                (int)(next_random(&random) % 5) - 1, ref, IN_FORCE);
            t += (ls_time)(next_random(&random) % 200000);
            f->times[i + 1] = t;
        }
        size_t kept = next_random(&random) % 16;
        ls_measure_state before[MEASURES];
        ls_time now = f->times[kept + 1];
        while (kept < 16 && f->times[kept + 1] <= now) {
            kept++;
        }
        eval_facts(f, kept, now, before);
        eval_facts(f, 16, now, f->states);
        for (size_t i = 0; i < MEASURES; i++) {
            assert_int_equal(before[i].state, f->states[i].state);
            assert_int_equal(before[i].since, f->states[i].since);
            assert_int_equal(before[i].suspended, f->states[i].suspended);
            assert_int_equal(before[i].confirmations, f->states[i].confirmations);
            assert_true(before[i].since <= now);
        }
    }
}

static void names(void **state)
{
    (void)state;
    assert_string_equal(ls_state_name(LS_PENDING), "pending");
    assert_string_equal(ls_state_name(LS_OVERDUE), "overdue");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_before_it_is_in_force, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deadline_and_grace, set_up, tear_down),
        cmocka_unit_test_setup_teardown(performed_and_confirmed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(wrong_parties_have_no_effect, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_verifier_must_confirm, set_up, tear_down),
        cmocka_unit_test_setup_teardown(confirmations_need_their_performance, set_up, tear_down),
        cmocka_unit_test_setup_teardown(early_performance_waits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(claimed_dates, set_up, tear_down),
        cmocka_unit_test_setup_teardown(disputes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(performing_again_answers_an_objection, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_objection_is_enough, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(withdrawals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_late_condition_gives_time, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unstamped_facts_count_as_of_now, set_up, tear_down),
        cmocka_unit_test_setup_teardown(suspensions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_measure_suspended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deadlines_in_seoul, set_up, tear_down),
        cmocka_unit_test_setup_teardown(deadlines_in_pyongyang, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_day_that_was_half_an_hour_short, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_effect, set_up, tear_down),
        cmocka_unit_test_setup_teardown(later_facts_change_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(names, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("state", tests, NULL, NULL);
}
