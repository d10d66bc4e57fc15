/*
 * Rehearsals played through: who does what on which day. Expected dates were counted on a calendar, from the rules that
 * docs/rehearsal.md and docs/roadmap.md state: a day's acts are made at noon, a deadline ends with its day, and the
 * grace is 24 hours.
 */
#include "rehearsal/rehearsal.h"
#include "roadmaps.h"
#include "yaml/yaml.h"

/* The DPRK gives, and the United States takes its own step when that is confirmed. */
static const char plain[] = "roadmap: 1\n"
                            "name: trial\n"
                            "title: A trial\n"
                            "parties: [dprk, usa]\n"
                            "suspension: {scope: [accord], clocks: stop, counterpart: may withhold}\n"
                            "withdrawal: {notice: 90 days, then: ends}\n"
                            "tracks: [{id: main, title: Main}]\n"
                            "events:\n"
                            "  - {id: found, title: Found, attested-by: [iaea]}\n"
                            "  - {id: back, title: Back, when: 30 days after found, unless: take confirmed}\n"
                            "disputes:\n"
                            "  - id: talks\n"
                            "    title: Talks\n"
                            "    open-to: [dprk, usa]\n"
                            "    stages: [{id: first, title: First, lasts: 15 days}]\n"
                            "steps:\n"
                            "  - id: one\n"
                            "    title: One\n"
                            "    track: main\n"
                            "    measures:\n"
                            "      - {id: give, by: dprk, what: give, paragraph: p2, due: 10 days after in force,\n"
                            "         verified-by: [usa], on-silence: confirmed after 30 days}\n"
                            "      - {id: take, by: usa, what: take, paragraph: p3, after: [give confirmed],\n"
                            "         due: 20 days after give confirmed, verified-by: [dprk]}\n"
                            "      - {id: free, by: usa, what: no deadline, paragraph: p3}\n";

/* Amounts of all kinds. */
static const char amounts[] =
    "roadmap: 1\n"
    "name: trial\n"
    "title: A trial\n"
    "parties: [dprk, usa, rok]\n"
    "tracks: [{id: main, title: Main}]\n"
    "events:\n"
    "  - {id: found, title: Found, attested-by: [iaea]}\n"
    "steps:\n"
    "  - id: one\n"
    "    title: One\n"
    "    track: main\n"
    "    measures:\n"
    "      - {id: oil, by: [usa, rok], what: oil, paragraph: p2, due: 1 month after in force,\n"
    "         amount: 1000 t, shares: {usa: 60 %, rok: 40 %}, verified-by: [dprk]}\n"
    "      - {id: rice, by: [usa, rok], what: rice, paragraph: p2, amount: 25 t}\n"
    "      - {id: supply, by: usa, what: supply, paragraph: p2, amount: 5 t per month,\n"
    "         until: \"2018-04-10\"}\n"
    "      - {id: third, by: dprk, what: a third, paragraph: p2, amount: 30 % of found,\n"
    "         units: {missile: 1}, methods: [{id: fire, title: Fire, at-most: 20 %},\n"
    "         {id: saw, title: Saw}]}\n"
    "      - {id: level, by: dprk, what: a level, paragraph: p2, at-most: 300 kg}\n"
    "      - {id: daily, by: rok, what: daily, paragraph: p2, amount: 1 t per day,\n"
    "         until: 90 years after found}\n";

typedef struct fixture {
    ls_arena arena;
    ls_charter charter;
    ls_roadmap roadmap;
    ls_diagnostics d;
    ls_rehearsed_accord of;
    ls_rehearsal script;
    ls_rehearsed played;
} fixture;

static const ls_zone_span seoul[] = {{0, 9 * 3600}};

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->d.arena = &f->arena;
    set_roadmap_charter(&f->charter);
    f->charter.zone = (ls_zone){"Asia/Seoul", seoul, 1};
    f->charter.closing = 86400;
    f->charter.grace = 86400;
    f->of = (ls_rehearsed_accord){.roadmap = &f->roadmap, .charter = &f->charter};
    assert_true(ls_time_parse(ls_bytes_str("2018-01-01T09:30:00Z"), &f->of.today));
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

static const ls_value *parse(fixture *f, const char *text)
{
    ls_value *v = NULL;
    assert_success(ls_yaml_parse(&f->arena, ls_bytes_str(text), &f->d, &v));
    assert_non_null(v);
    return v;
}

static void check(const fixture *f)
{
    for (size_t i = 0; i < f->d.count && f->d.errors > 0; i++) {
        print_error("%u:%u: %s (%s)\n", f->d.item[i].mark.line, f->d.item[i].mark.column, f->d.item[i].text,
                    f->d.item[i].hint);
    }
    assert_int_equal(f->d.errors, 0);
}

static void roadmap(fixture *f, const char *text)
{
    const char *prose = "[p1] One.\n\n[p2] Two.\n\n[p3] Three.\n";
    ls_roadmap_read(&f->arena, parse(f, text), &f->charter, ls_bytes_str(prose), &f->d, &f->roadmap);
    check(f);
}

static void read_script(fixture *f, const char *rest)
{
    const char *text = ls_arena_format(&f->arena, "rehearsal: 1\n%s", rest);
    ls_rehearsal_read(&f->arena, parse(f, text), &f->of, &f->d, &f->script);
    check(f);
}

/* Plays a script; what stands behind its first line is given. */
static void play(fixture *f, const char *rest)
{
    read_script(f, rest);
    assert_success(ls_rehearsal_run(&f->script, &f->arena, &f->played));
}

static void print_all(const fixture *f)
{
    for (size_t i = 0; i < f->played.count; i++) {
        const ls_happening *h = &f->played.happenings[i];
        char time[LS_TIME_SIZE];
        ls_time_format(h->time, time);
        print_error("%s %d %s: %s (%s)\n", time, h->party, h->what, h->about, h->more);
    }
}

/* The number of lines of that local day that say this; party: -1 for none. */
static unsigned count(const fixture *f, const char *day, int party, const char *what, const char *about)
{
    unsigned found = 0;
    for (size_t i = 0; i < f->played.count; i++) {
        const ls_happening *h = &f->played.happenings[i];
        char date[LS_DATE_SIZE];
        ls_date_format(ls_zone_date(&f->charter.zone, h->time), date);
        bool same = h->party == party && strcmp(h->what, what) == 0 && strcmp(h->about, about) == 0;
        found += same && (day == NULL || strcmp(date, day) == 0) ? 1 : 0;
    }
    return found;
}

static void assert_happens(const fixture *f, const char *day, int party, const char *what, const char *about)
{
    if (count(f, day, party, what, about) != 1) {
        print_all(f);
        fail_msg("%s: %d %s: %s did not happen once", day, party, what, about);
    }
}

static void assert_never(const fixture *f, int party, const char *what, const char *about)
{
    if (count(f, NULL, party, what, about) != 0) {
        print_all(f);
        fail_msg("%d %s: %s happened", party, what, about);
    }
}

static ls_state state_of(const fixture *f, const char *measure)
{
    return f->played.state.measure[ls_roadmap_measure(&f->roadmap, ls_bytes_str(measure))].state;
}

/* Without a rule all do everything as soon as they may. */
static void test_default(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n");
    assert_happens(f, "2018-01-01", -1, "signed", "trial");
    assert_happens(f, "2018-01-01", DPRK, "perform", "give");
    assert_happens(f, "2018-01-01", USA, "confirm", "give");
    assert_happens(f, "2018-01-01", USA, "perform", "take");
    assert_happens(f, "2018-01-01", -1, "confirmed", "take");
    assert_int_equal(f->played.why, LS_ENDED_STILL);
    assert_int_equal(f->played.overdue, 0);
    char time[LS_TIME_SIZE];
    ls_time_format(f->script.signed_at, time);
    assert_string_equal(time, "2018-01-01T03:00:00Z"); /* noon in Seoul */
}

/* Left out, it is signed today. */
static void test_signed_today(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "title: today\n");
    assert_happens(f, "2018-01-01", -1, "signed", "trial");
}

static void test_last_day(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "rules:\n"
            "  - {party: dprk, performs: on the last day}\n"
            "  - {party: usa, performs: on the last day}\n");
    assert_happens(f, "2018-01-11", DPRK, "perform", "give");
    assert_happens(f, "2018-01-31", USA, "perform", "take");
    assert_happens(f, "2018-01-01", USA, "perform", "free"); /* it has none */
    assert_int_equal(state_of(f, "take"), LS_CONFIRMED);
}

static void test_late(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "rules:\n"
            "  - {party: dprk, performs: 20 days late}\n"
            "  - {party: usa, measure: free, performs: 2 weeks late}\n");
    assert_happens(f, "2018-01-13", -1, "overdue", "give"); /* the eleventh, and the grace */
    assert_happens(f, "2018-01-31", DPRK, "perform", "give");
    assert_happens(f, "2018-01-31", -1, "confirmed, late", "give");
    assert_happens(f, "2018-01-15", USA, "perform", "free"); /* after its conditions came */
}

/* Within the grace nobody is overdue, and the performance is late all the same. */
static void test_late_within_grace(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nrules: [{party: dprk, performs: 1 day late}]\n");
    assert_happens(f, "2018-01-12", DPRK, "perform", "give");
    assert_happens(f, "2018-01-12", -1, "confirmed, late", "give");
    assert_never(f, -1, "overdue", "give");
}

/* However the charter counts deadlines, a day late is a day late. */
static void test_late_by_another_count(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    f->charter.counts_first_day = true;
    play(
        f,
        "signed: \"2018-01-01\"\nrules: [{party: dprk, performs: 1 day late}, {party: usa, performs: after 3 days}]\n");
    assert_happens(f, "2018-01-11", DPRK, "perform", "give"); /* the tenth day is the tenth of January */
    assert_happens(f, "2018-01-14", USA, "perform", "take");
}

static void test_after(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "rules:\n"
            "  - {party: dprk, performs: after 5 days}\n"
            "  - {party: usa, performs: after 36 hours, confirms: after 3 days}\n");
    assert_happens(f, "2018-01-06", DPRK, "perform", "give");
    assert_happens(f, "2018-01-09", USA, "confirm", "give");
    assert_happens(f, "2018-01-11", USA, "perform", "take"); /* noon of the ninth, and a day and a half */
}

static void test_never(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nrules: [{party: dprk, performs: never}]\n"
            "report: [give, take, give overdue, overdue]\n");
    assert_happens(f, "2018-01-13", -1, "overdue", "give");
    assert_int_equal(state_of(f, "take"), LS_PENDING);
    assert_int_equal(f->played.overdue, 1);
    assert_string_equal(f->played.columns[0], "overdue");
    assert_string_equal(f->played.columns[1], "pending");
    assert_string_equal(f->played.columns[2], "2018-01-13");
    assert_string_equal(f->played.columns[3], "1");
}

/* A rule about a measure is stronger than one about all, wherever it stands. */
static void test_rule_of_measure(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "rules:\n"
            "  - {party: usa, measure: take, performs: after 2 days}\n"
            "  - {party: usa, performs: never}\n");
    assert_happens(f, "2018-01-03", USA, "perform", "take");
    assert_never(f, USA, "perform", "free");
}

static void test_objects(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nrules: [{party: usa, confirms: objects}]\n");
    assert_happens(f, "2018-01-01", USA, "object", "give");
    assert_int_equal(state_of(f, "give"), LS_DISPUTED);
    assert_never(f, USA, "perform", "take");
}

/* Thirty days after the first of January are over with the thirty-first, and the grace with the first of February. */
static void test_silence_of_verifier(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nrules: [{party: usa, confirms: never}]\n");
    assert_happens(f, "2018-02-02", -1, "confirmed, by silence", "give");
    assert_happens(f, "2018-02-02", USA, "perform", "take");
}

static void test_silent_party(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nuntil: \"2018-01-20\"\n"
            "rules:\n"
            "  - {party: dprk, performs: after 2 days}\n"
            "  - {party: usa, silent-after: give performed}\n"
            "acts: [{on: \"2018-01-10\", by: usa, act: ratify}]\n");
    assert_happens(f, "2018-01-01", USA, "perform", "free");
    assert_happens(f, "2018-01-03", DPRK, "perform", "give");
    assert_never(f, USA, "confirm", "give");
    assert_int_equal(f->played.why, LS_ENDED_UNTIL);
    assert_int_equal(state_of(f, "give"), LS_PERFORMED);
    for (size_t i = 0; i < f->played.count; i++) {
        if (strcmp(f->played.happenings[i].what, "ratify") == 0) {
            assert_string_equal(f->played.happenings[i].more, "not done: the party is silent");
        }
    }
    assert_int_equal(f->played.state.ratified[USA], LS_TIME_OPEN);
}

static void test_silent_from_date(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "rules: [{party: dprk, performs: after 2 days}, {party: usa, silent-after: \"2018-01-03\"}]\n");
    assert_never(f, USA, "confirm", "give");
}

/* What a dated act says takes the place of its author's rule, about that measure. */
static void test_dated_act(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "acts:\n"
            "  - {on: \"2018-01-05\", by: dprk, act: perform, measure: give}\n"
            "  - {on: \"2018-01-08\", by: usa, act: confirm, measure: give}\n");
    assert_happens(f, "2018-01-05", DPRK, "perform", "give");
    assert_happens(f, "2018-01-08", USA, "confirm", "give");
    assert_happens(f, "2018-01-08", USA, "perform", "take");
}

static const char *more_of(const fixture *f, const char *what)
{
    for (size_t i = 0; i < f->played.count; i++) {
        if (strcmp(f->played.happenings[i].what, what) == 0) {
            return f->played.happenings[i].more;
        }
    }
    return "";
}

/* What acceptance would refuse then has no effect. */
static void test_refused(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nuntil: \"2018-03-01\"\n"
            "rules: [{party: dprk, performs: never}, {party: usa, performs: never}]\n"
            "acts:\n"
            "  - {on: \"2018-01-05\", by: usa, act: confirm, measure: give}\n"
            "  - {on: \"2018-01-06\", by: usa, act: reverse, measure: take}\n");
    assert_string_equal(more_of(f, "confirm"), "refused: nothing to confirm");
    assert_string_equal(more_of(f, "reverse"), "refused: nothing to reverse");
}

/* While a suspension stops the clock of a measure, a party that acts on time waits; one that acts at once does not. */
static void test_suspension(void **state)
{
    fixture *f = *state;
    static const char *const script = "signed: \"2018-01-01\"\n"
                                      "rules:\n"
                                      "  - {party: dprk, performs: after 1 day}\n"
                                      "  - {party: usa, performs: %s}\n"
                                      "acts:\n"
                                      "  - {on: \"2018-01-02\", by: dprk, act: suspend}\n"
                                      "  - {on: \"2018-01-12\", by: dprk, act: resume}\n";
    roadmap(f, plain);
    char text[512];
    snprintf(text, sizeof text, script, "on time");
    play(f, text);
    assert_happens(f, "2018-01-02", USA, "confirm", "give");
    assert_happens(f, "2018-01-12", DPRK, "suspension ends", "trial");
    assert_happens(f, "2018-01-12", USA, "perform", "take");
    snprintf(text, sizeof text, script, "at once");
    play(f, text);
    assert_happens(f, "2018-01-02", USA, "perform", "take");
}

/* Resuming twice is refused. */
static void test_resumed(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nacts:\n"
            "  - {on: \"2018-01-02\", by: dprk, act: suspend}\n"
            "  - {on: \"2018-01-12\", by: dprk, act: resume}\n"
            "  - {on: \"2018-01-14\", by: dprk, act: resume}\n");
    unsigned refused = 0;
    for (size_t i = 0; i < f->played.count; i++) {
        refused += strcmp(f->played.happenings[i].more, "refused: the suspension was resumed already") == 0;
    }
    assert_int_equal(refused, 1);
}

/* Thirty days after the first of March end with the thirty-first; with the grace that is the second of April. */
static void test_event_by_silence(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "rules: [{party: usa, performs: never}, {party: iaea, attests: found, on: \"2018-03-01\"}]\n"
            "report: [found, back]\n");
    assert_happens(f, "2018-03-01", IAEA, "attest", "found");
    assert_happens(f, "2018-03-01", -1, "happens", "found");
    assert_happens(f, "2018-04-02", -1, "happens", "back");
    assert_string_equal(f->played.columns[0], "2018-03-01");
    assert_string_equal(f->played.columns[1], "2018-04-02");
    play(f, "signed: \"2018-01-01\"\nrules: [{party: iaea, attests: found, on: \"2018-03-01\"}]\n"
            "report: [found, back]\n");
    assert_never(f, -1, "happens", "back");
    assert_string_equal(f->played.columns[1], "");
}

static void test_dispute(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\nacts:\n"
            "  - {on: \"2018-01-02\", by: usa, act: dispute, dispute: talks, measure: give, id: a}\n"
            "  - {on: \"2018-01-03\", by: dprk, act: dispute, dispute: talks, id: b}\n"
            "  - {on: \"2018-01-04\", by: usa, act: settle, ref: b}\n"
            "  - {on: \"2018-01-05\", by: dprk, act: settle}\n");
    assert_happens(f, "2018-01-05", -1, "settled", "talks");
    /* The first one: fifteen days end with the seventeenth, and the grace with the eighteenth. */
    assert_happens(f, "2018-01-19", -1, "exhausted", "talks");
    assert_string_equal(more_of(f, "dispute"), "about give");
}

static void test_withdrawal(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    play(f, "signed: \"2018-01-01\"\n"
            "rules: [{party: dprk, performs: never}]\n"
            "acts: [{on: \"2018-01-02\", by: usa, act: denounce}]\n");
    /* Ninety days after the second of January end with the second of April. */
    assert_happens(f, "2018-04-03", USA, "leaves", "trial");
    assert_happens(f, "2018-04-03", -1, "ends", "trial");
    assert_int_equal(state_of(f, "take"), LS_ENDED);
}

/* Amounts. */

static const char *amount_of(const fixture *f, int party, const char *about)
{
    for (size_t i = 0; i < f->played.count; i++) {
        const ls_happening *h = &f->played.happenings[i];
        if (h->party == party && strcmp(h->what, "perform") == 0 && strcmp(h->about, about) == 0) {
            return h->more;
        }
    }
    return "";
}

static void test_shares(void **state)
{
    fixture *f = *state;
    roadmap(f, amounts);
    play(f, "signed: \"2018-01-01\"\nuntil: \"2018-12-31\"\n"
            "rules: [{party: rok, performs: 10 days late}]\n");
    assert_string_equal(amount_of(f, USA, "oil"), "600");
    assert_string_equal(amount_of(f, ROK, "oil"), "400");
    assert_happens(f, "2018-01-01", USA, "perform", "oil");
    assert_happens(f, "2018-02-11", ROK, "perform", "oil"); /* due on the first */
    assert_happens(f, "2018-02-11", -1, "confirmed, late", "oil");
    assert_string_equal(amount_of(f, USA, "rice"), "12.5"); /* no shares: equal parts */
    assert_string_equal(amount_of(f, ROK, "rice"), "12.5");
    assert_string_equal(amount_of(f, DPRK, "level"), "300");
}

/* Periods of a month from the first of January: three have ended before the tenth of April. */
static void test_rate(void **state)
{
    fixture *f = *state;
    roadmap(f, amounts);
    play(f, "signed: \"2018-01-01\"\nuntil: \"2018-12-31\"\nrules: [{party: usa, performs: on the last day}]\n");
    assert_happens(f, "2018-02-01", USA, "perform", "supply");
    assert_happens(f, "2018-03-01", USA, "perform", "supply");
    assert_happens(f, "2018-04-01", USA, "perform", "supply");
    assert_int_equal(count(f, NULL, USA, "perform", "supply"), 3);
    assert_never(f, -1, "overdue", "supply");
    play(f, "signed: \"2018-01-01\"\nuntil: \"2018-12-31\"\n");
    assert_happens(f, "2018-01-01", USA, "perform", "supply");
    assert_happens(f, "2018-02-02", USA, "perform", "supply"); /* the first month ended with the first of February */
    assert_int_equal(count(f, NULL, USA, "perform", "supply"), 3);
    play(f, "signed: \"2018-01-01\"\nuntil: \"2018-12-31\"\nrules: [{party: usa, performs: 5 days late}]\n");
    assert_happens(f, "2018-02-03", -1, "overdue", "supply");
    assert_int_equal(count(f, "2018-02-06", USA, "perform", "supply"), 1);
}

/* A percentage waits until the total is attested; what one method may not do is done by the next. */
static void test_percentage(void **state)
{
    fixture *f = *state;
    roadmap(f, amounts);
    play(f, "signed: \"2018-01-01\"\nuntil: \"2018-02-20\"\n"
            "acts: [{on: \"2018-02-15\", by: iaea, act: attest, event: found, amount: 1000 missile}]\n");
    assert_int_equal(count(f, "2018-02-15", DPRK, "perform", "third"), 2);
    assert_string_equal(amount_of(f, DPRK, "third"), "60"); /* 20 % of 300 */
    assert_int_equal(state_of(f, "third"), LS_PERFORMED);
}

/* Ninety years of days are more than one run is willing to look at. */
static void test_bound(void **state)
{
    fixture *f = *state;
    roadmap(f, amounts);
    play(f, "signed: \"2018-01-01\"\n"
            "acts: [{on: \"2018-02-15\", by: iaea, act: attest, event: found, amount: 1000 missile}]\n");
    assert_int_equal(f->played.why, LS_ENDED_BOUND);
}

/* An accord on the record goes on from what was said, today. */

static ls_time recorded(const void *context, uint32_t index)
{
    return ((const ls_time *)context)[index];
}

static void test_on_record(void **state)
{
    fixture *f = *state;
    ls_time times[] = {0, 0, LS_TIME_OPEN};
    const ls_fact facts[] = {{.amount = LS_QUANTITY_NONE,
                              .index = 1,
                              .ref = LS_NO_ENTRY,
                              .day = LS_NO_DAY,
                              .kind = LS_FACT_PERFORM,
                              .by = DPRK,
                              .party = DPRK,
                              .subject = 0,
                              .detail = LS_NO_DETAIL},
                             {.amount = LS_QUANTITY_NONE,
                              .index = 2,
                              .ref = LS_NO_ENTRY,
                              .day = LS_NO_DAY,
                              .kind = LS_FACT_SUSPEND,
                              .by = USA,
                              .party = USA,
                              .subject = LS_NO_SUBJECT,
                              .detail = LS_NO_DETAIL}};
    const ls_facts said = {facts, 2, recorded, times};
    roadmap(f, plain);
    assert_true(ls_time_parse(ls_bytes_str("2017-12-20T03:00:00Z"), &times[0]));
    assert_true(ls_time_parse(ls_bytes_str("2017-12-22T03:00:00Z"), &times[1]));
    f->of.facts = &said;
    f->of.signed_at = times[0];
    f->of.next = 3;
    play(f, "rules: [{party: usa, confirms: after 3 days}]\n"
            "acts: [{on: \"2018-01-06\", by: usa, act: resume}]\n");
    assert_never(f, -1, "signed", "trial");
    assert_never(f, DPRK, "perform", "give"); /* it was */
    assert_happens(f, "2018-01-04", USA, "confirm", "give");
    assert_happens(f, "2018-01-06", USA, "resume", "");
    assert_happens(f, "2018-01-06", USA, "perform", "take");
    /* With another day of signature nothing was said yet. */
    play(f, "signed: \"2018-02-01\"\n");
    assert_happens(f, "2018-02-01", DPRK, "perform", "give");
}

/* Sweeps. */

static void assert_setting(const fixture *f, size_t run, size_t sweep, const char *text)
{
    const ls_value *v = ls_rehearsal_setting(&f->script, run, sweep);
    assert_int_equal(v->type, LS_STRING);
    assert_true(ls_bytes_is(v->string, text));
}

static void test_sweep(void **state)
{
    fixture *f = *state;
    roadmap(f, plain);
    read_script(f, "signed: \"2018-01-31\"\n"
                   "rules:\n"
                   "  - {party: dprk, performs: at once}\n"
                   "  - {party: usa, performs: at once}\n"
                   "sweep:\n"
                   "  - {set: rules.0.performs, values: [at once, on the last day, never]}\n"
                   "  - {set: rules.1.performs, from: 1 day late, to: 12 days late, step: 5 days}\n"
                   "report: [give confirmed, take]\n");
    assert_int_equal(f->script.run_count, 9);
    assert_setting(f, 0, 0, "at once");
    assert_setting(f, 0, 1, "1 day late");
    assert_setting(f, 2, 1, "11 days late");
    assert_setting(f, 3, 0, "on the last day");
    assert_setting(f, 8, 0, "never");
    ls_rehearsal one = {0};
    ls_rehearsal_read(&f->arena, ls_rehearsal_variant(&f->arena, &f->script, 4), &f->of, &f->d, &one);
    check(f);
    assert_int_equal(one.run_count, 1);
    assert_success(ls_rehearsal_run(&one, &f->arena, &f->played));
    assert_string_equal(f->played.columns[0], "2018-02-10");
    assert_happens(f, "2018-03-08", USA, "perform", "take"); /* due on the second of March, six days late */
    assert_happens(f, "2018-03-08", -1, "confirmed, late", "take");
}

static void test_sweep_of_dates(void **state)
{
    fixture *f = *state;
    static const char *const months[] = {"2018-01-31", "2018-02-28", "2018-03-31", "2018-04-30"};
    roadmap(f, plain);
    read_script(f, "signed: \"2018-01-31\"\n"
                   "sweep:\n"
                   "  - {set: signed, from: \"2018-01-31\", to: \"2018-04-30\", step: 1 month}\n");
    for (size_t i = 0; i < 4; i++) {
        assert_setting(f, i, 0, months[i]);
    }
}

/* Values that are right one by one may be wrong together: then the run says so. */
static void test_wrong_together(void **state)
{
    fixture *f = *state;
    ls_rehearsal one = {0};
    roadmap(f, plain);
    read_script(f, "signed: \"2018-01-01\"\n"
                   "acts: [{on: \"2018-03-01\", by: iaea, act: attest, event: found}]\n"
                   "sweep:\n"
                   "  - {set: signed, values: [\"2018-01-01\", \"2018-02-15\"]}\n"
                   "  - {set: acts.0.on, values: [\"2018-02-01\", \"2018-03-01\"]}\n");
    for (size_t run = 0; run < 4; run++) {
        f->d.errors = f->d.count = 0;
        ls_rehearsal_read(&f->arena, ls_rehearsal_variant(&f->arena, &f->script, run), &f->of, &f->d, &one);
        assert_int_equal(f->d.errors, run == 2 ? 1 : 0);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_default),
        TEST(test_signed_today),
        TEST(test_last_day),
        TEST(test_late),
        TEST(test_late_within_grace),
        TEST(test_late_by_another_count),
        TEST(test_after),
        TEST(test_never),
        TEST(test_rule_of_measure),
        TEST(test_objects),
        TEST(test_silence_of_verifier),
        TEST(test_silent_party),
        TEST(test_silent_from_date),
        TEST(test_dated_act),
        TEST(test_refused),
        TEST(test_suspension),
        TEST(test_resumed),
        TEST(test_event_by_silence),
        TEST(test_dispute),
        TEST(test_withdrawal),
        TEST(test_shares),
        TEST(test_rate),
        TEST(test_percentage),
        TEST(test_bound),
        TEST(test_on_record),
        TEST(test_sweep),
        TEST(test_sweep_of_dates),
        TEST(test_wrong_together),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
