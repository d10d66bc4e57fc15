/*
 * Every error of a rehearsal's script. Each case changes one line of a script that is right; '@' in what it puts there
 * marks the place that the error has to name, and is taken out before the script is read.
 */
#include "rehearsal/rehearsal.h"
#include "roadmaps.h"
#include "yaml/yaml.h"

static const char script[] =
    "rehearsal: 1\n"
    "title: A trial\n"
    "signed: \"2018-01-01\"\n"
    "until: \"2030-12-31\"\n"
    "rules:\n"
    "  - {party: usa, performs: at once}\n"
    "  - {party: dprk, measure: destroy, performs: 20 days late}\n"
    "  - {party: iaea, confirms: after 3 days}\n"
    "  - {party: rok, silent-after: 30 days after oil begun}\n"
    "  - {party: iaea, attests: registered, on: \"2018-03-01\"}\n"
    "acts:\n"
    "  - {on: \"2018-02-01\", by: usa, act: ratify}\n"
    "  - {on: \"2018-02-02\", by: dprk, act: declare, declaration: sites}\n"
    "  - {on: \"2018-02-03\", by: usa, act: perform, measure: oil, amount: 1000 t, for: rok, id: first}\n"
    "  - {on: \"2018-02-04\", by: dprk, act: confirm, measure: oil, ref: first, amount: 900, date: \"2018-02-03\"}\n"
    "  - {on: \"2018-02-05\", by: usa, act: dispute, dispute: resolution, measure: oil, id: quarrel}\n"
    "  - {on: \"2018-02-06\", by: dprk, act: refer, ref: quarrel, stage: board}\n"
    "  - {on: \"2018-02-07\", by: usa, act: extend, ref: quarrel, stage: commission, due: \"2018-03-01\"}\n"
    "  - {on: \"2018-02-08\", by: usa, act: settle}\n"
    "  - {on: \"2018-02-09\", by: usa, act: suspend, measure: oil}\n"
    "  - {on: \"2018-02-10\", by: usa, act: resume}\n"
    "  - {on: \"2018-02-11\", by: dprk, act: perform, measure: destroy, amount: \"60 bomber, 4 warhead\", method: "
    "burning}\n"
    "  - {on: \"2018-02-12\", by: chn, act: join, measure: oil}\n"
    "  - {on: \"2018-02-13\", by: usa, act: extend, measure: oil, due: \"2020-01-01\"}\n"
    "  - {on: \"2018-02-14\", by: usa, act: call-off, measure: oil, due: \"2020-02-01\"}\n"
    "  - {on: \"2018-02-15\", by: iaea, act: assess, measure: oil, score: 2}\n"
    "  - {on: \"2018-02-16\", by: usa, act: use, right: visits}\n"
    "  - {on: \"2018-02-17\", by: chn, act: incident, measure: freeze}\n"
    "  - {on: \"2018-02-18\", by: usa, act: denounce}\n"
    "  - {on: \"2018-02-19\", by: usa, act: withdraw, ref: first}\n"
    "  - {on: \"2018-02-20\", by: dprk, act: open, declaration: sites, tranche: 1}\n"
    "  - {on: \"2018-02-21\", by: usa, act: attest, event: freeze-restored}\n"
    "  - {on: \"2018-02-22\", by: usa, act: reverse, measure: match}\n"
    "sweep:\n"
    "  - {set: rules.1.performs, values: [at once, never]}\n"
    "  - {set: rules.4.on, from: \"2018-03-01\", to: \"2018-06-01\", step: 1 month}\n"
    "  - {set: rules.2.confirms, from: after 1 day, to: after 9 days, step: 4 days}\n"
    "report: [adopted, oil performed 20000 t, destroy, overdue]\n";

static const struct {
    const char *from, *to, *says, *hint;
} cases[] = {
    /* The frame. */
    {"rehearsal: 1\n", "@titel: x\nrehearsal: 1\n", "rehearsal has no key 'titel'", "title"},
    {"rehearsal: 1\n", "@", "rehearsal lacks the key 'rehearsal'", ""},
    {"rehearsal: 1", "rehearsal: @2", "this program knows only rehearsal: 1", "write 1"},
    {"\"2018-01-01\"", "@2018", "signed must be text", "quotes"},
    {"\"2018-01-01\"", "@\"2018-02-30\"", "signed must be a date", "write it like"},
    {"\"2030-12-31\"", "@\"2017-12-31\"", "until lies before the rehearsal begins", ""},
    {"\"2030-12-31\"", "@soon", "until must be a date", "write it like"},
    {"title: A trial", "title: @[A trial]", "title must be text", ""},
    {"acts:\n", "acts: @none\nunread:\n", "acts must be a list", "write [one, two]"},
    /* Rules. */
    {"performs: at once", "preforms: at once", "rule has no key 'preforms'", "performs"},
    {"{party: usa, performs: at once}", "@{performs: at once}", "rule lacks the key 'party'", ""},
    {"party: usa, performs", "party: @usaa, performs", "there is no party 'usaa'", "usa"},
    {"performs: at once", "performs: @at twice", "'at twice' does not say when a party performs", "20 days late"},
    {"performs: at once", "performs: @objects", "'objects' does not say when a party performs", "on time"},
    {"performs: at once", "performs: @after 200 years", "does not say when a party performs", "after 5 days"},
    {"confirms: after 3 days", "confirms: @on the last day", "'on the last day' does not say when a party confirms",
     "objects"},
    {"confirms: after 3 days", "confirms: @3 days late", "does not say when a party confirms", "at once"},
    {"measure: destroy, performs", "measure: @destory, performs", "there is no measure 'destory'", "destroy"},
    {"{party: usa, performs: at once}", "@{party: usa}", "the rule does not say what the party does", "add one of"},
    {"{party: rok, silent-after:", "{party: rok, measure: @oil, silent-after:", "silent-after is not about a measure",
     "leave it out"},
    {"{party: iaea, attests: registered,", "{party: iaea, measure: @oil, attests: registered,",
     "attests is not about a measure", "leave it out"},
    {"- {party: iaea, attests: registered, on: \"2018-03-01\"}", "- @{party: iaea, attests: registered}",
     "attests and on belong together", "write it like"},
    {"party: dprk, measure: destroy, performs: 20", "party: usa, measure: destroy, performs: @20",
     "usa does not perform destroy", ""},
    {"measure: destroy, performs: 20", "measure: freeze, performs: @20", "freeze is kept without an act", "object"},
    {"{party: iaea, confirms: after", "{party: iaea, measure: oil, confirms: @after", "iaea does not verify oil", ""},
    {"{party: iaea, confirms: after 3 days}", "{party: usa, performs: @never}",
     "an earlier rule says already when this party performs", "keep one"},
    {"{party: iaea, confirms: after 3 days}", "{party: rok, silent-after: in force}",
     "an earlier rule says already when this party silent-after", "keep one"},
    {"silent-after: 30 days after oil begun", "silent-after: @30 days after oil bgun", "this is not a moment", "begun"},
    {"silent-after: 30 days after oil begun", "silent-after: @match confirmed",
     "nobody verifies 'match', so it is never confirmed", ""},
    {"silent-after: 30 days after oil begun", "silent-after: @destroy breached", "so it is never breached", ""},
    {"silent-after: 30 days after oil begun", "silent-after: @match overdue", "has no deadline", ""},
    {"attests: registered", "attests: @registred", "there is no event 'registred'", "registered"},
    {"attests: registered", "attests: @in-return", "what in-return is has still to be agreed", ""},
    {"attests: registered", "attests: @adopted", "adopted follows from what happens: nobody attests it", ""},
    {"- {party: iaea, attests", "- @{party: rok, attests", "rok does not attest registered", "iaea"},
    {"on: \"2018-03-01\"", "on: @\"2017-03-01\"", "2017-03-01 lies before the rehearsal begins", ""},
    /* Acts: what all have. */
    {"act: ratify", "act: @ratfy", "there is no act 'ratfy' to rehearse", "ratify"},
    {"act: ratify", "act: @stamp-and-sign", "there is no act 'stamp-and-sign' to rehearse", "docs/rehearsal.md"},
    {"{on: \"2018-02-01\", by: usa, act: ratify}", "@{by: usa, act: ratify}", "ratify lacks the key 'on'", ""},
    {"{on: \"2018-02-01\", by: usa, act: ratify}", "@{on: \"2018-02-01\", act: ratify}", "ratify lacks the key 'by'",
     ""},
    {"{on: \"2018-02-01\", by: usa, act: ratify}", "@{on: \"2018-02-01\", by: usa}", "an act lacks the key 'act'",
     "write it like"},
    {"- {on: \"2018-02-01\", by: usa, act: ratify}", "- @ratify", "an act lacks the key 'act'", "write it like"},
    {"- {party: usa, performs: at once}", "- @promptly", "rule must be a map", ""},
    {"- {set: rules.1.performs, values: [at once, never]}", "- @all", "sweep must be a map", ""},
    {"act: ratify", "act: ratify, @measure: oil", "ratify has no key 'measure'", ""},
    {"on: \"2018-02-01\"", "on: @\"1 February\"", "on must be a date", "write it like"},
    {"on: \"2018-02-01\"", "on: @\"2017-02-01\"", "2017-02-01 lies before the rehearsal begins", ""},
    {"by: usa, act: ratify", "by: @us, act: ratify", "there is no party 'us'", "usa"},
    {"by: usa, act: ratify", "by: @chn, act: ratify", "chn has not signed whole", "dprk, usa, rok"},
    {"id: quarrel}", "id: @first}", "act 'first' stands twice, first in line 14", "another name"},
    {"ref: quarrel, stage: board", "ref: @quarel, stage: board", "there is no act 'quarel'", "quarrel"},
    {"ref: quarrel, stage: board", "ref: @first, stage: board", "'first' is nothing that this act can be about",
     "comes before"},
    /* Performing. */
    {"measure: oil, amount: 1000 t", "measure: @oils, amount: 1000 t", "there is no measure 'oils'", "oil"},
    {"amount: 1000 t", "amount: @a lot", "'a lot' is not an amount of oil", "6200 t"},
    {"amount: 1000 t, for", "for", "oil is about an amount, and none is stated", "add amount"},
    {"by: usa, act: perform, measure: oil, amount: 1000 t, for: rok",
     "by: @dprk, act: perform, measure: oil, amount: 1000 t", "dprk does not perform oil", "usa, rok, chn, jpn"},
    {"by: usa, act: perform", "by: chn, act: perform", "only a party to the accord performs for another", ""},
    {"method: burning", "method: @fire", "destroy has no method 'fire'", ""},
    {", method: burning", "", "destroy can be performed by several methods, and none is named", "add method"},
    {"warhead\", method: burning", "warhead\", method: burning, for: @usa",
     "nobody performs destroy for another: it allows no substitutes", ""},
    {"act: declare, declaration: sites", "act: perform, measure: @declare-sites",
     "declare-sites is performed by the declaration itself", "use: declare"},
    {"act: open, declaration: sites, tranche: 1", "act: perform, measure: @open-sites",
     "open-sites is performed by the opening itself", "use: open"},
    {"by: dprk, act: declare", "by: @usa, act: declare", "usa does not make the declaration sites", "dprk"},
    {"declaration: sites}", "declaration: @site}", "there is no declaration 'site'", "sites"},
    {"tranche: 1", "tranche: @3", "tranche must lie between 1 and 2", ""},
    /* Answers, and the rest about measures. */
    {"by: dprk, act: confirm", "by: @usa, act: confirm", "usa does not verify oil", "dprk"},
    {"amount: 900", "amount: @900 kg", "'900 kg' is not an amount of oil", "6200 t"},
    {"date: \"2018-02-03\"", "date: @yesterday", "date must be a date", "write it like"},
    {"measure: match}", "measure: match, @ref: first}", "reverse has no key 'ref'", ""},
    {"by: usa, act: reverse, measure: match", "by: dprk, act: reverse, measure: @destroy", "destroy is irreversible",
     ""},
    {"by: chn, act: join", "by: @dprk, act: join", "dprk may not join oil", "chn, jpn"},
    {"by: usa, act: call-off", "by: @rok, act: call-off", "rok may not call off oil", "dprk, usa"},
    {"score: 2", "score: @4", "score must lie between 0 and 3", ""},
    {"by: iaea, act: assess", "by: @usa, act: assess", "usa does not assess oil", "iaea"},
    {"measure: freeze}", "measure: @match}", "match is not a continuing obligation", "missing"},
    {"measure: oil, due: \"2020-01-01\"", "due: \"2020-01-01\"", "extend names a measure, or a stage of a dispute", ""},
    {"by: usa, act: extend, measure: oil", "by: @rok, act: extend, measure: oil", "rok may not extend oil",
     "dprk, usa"},
    {"act: extend, measure: oil", "act: extend, measure: @match", "match has no deadline that could be extended", ""},
    {"due: \"2020-01-01\"", "due: @\"2020-13-01\"", "due must be a date", "write it like"},
    /* Events, rights, disputes, the accord. */
    {"event: freeze-restored", "event: @freeze-restore", "there is no event 'freeze-restore'", "freeze-restored"},
    {"event: freeze-restored", "event: @in-return", "what in-return is has still to be agreed", ""},
    {"event: freeze-restored", "event: freeze-restored, amount: @much", "'much' is not an amount of freeze-restored",
     "6200"},
    {"by: usa, act: attest", "by: @rok, act: attest", "rok does not attest freeze-restored", "usa, iaea"},
    {"by: usa, act: use", "by: @rok, act: use", "rok does not have the right visits", "usa"},
    {"right: visits", "right: @visit", "there is no right 'visit'", "visits"},
    {"by: usa, act: dispute", "by: @rok, act: dispute", "rok may not open a dispute under resolution", "dprk, usa"},
    {"dispute: resolution,", "dispute: @revolution,", "there is no dispute procedure 'revolution'", "resolution"},
    {"resolution, measure: oil", "resolution, measure: @oul", "there is no measure 'oul'", "oil"},
    {"by: dprk, act: refer", "by: @rok, act: refer", "rok has no part in resolution", "dprk, usa"},
    {"stage: board", "stage: @bord", "resolution has no stage 'bord'", ""},
    {"stage: board", "stage: @opinion", "every dispute comes to opinion: it is not asked for", ""},
    {"stage: commission", "stage: @board", "the stage board can't be extended", ""},
    {"by: usa, act: settle", "by: @rok, act: settle", "rok does not settle disputes under resolution", "dprk, usa"},
    {"by: usa, act: resume", "by: dprk, act: resume", "no suspension by this party comes before it", "id"},
    {"act: suspend, measure: oil", "act: suspend, track: arms", "the accord can't be suspended by track", ""},
    {"act: suspend, measure: oil", "act: suspend, measure: oil, track: arms",
     "a suspension is of a track or of a measure", "one, then the other"},
    {"act: suspend, measure: oil", "act: suspend, measure: @oli", "there is no measure 'oli'", ""},
    {"act: denounce", "act: withdraw", "withdraw lacks the key 'ref'", ""},
    {"by: usa, act: withdraw", "by: dprk, act: withdraw", "'first' is nothing that this act can be about", ""},
    /* Sweeps and the report. */
    {"set: rules.1.performs", "set: @rules.1.preforms", "the script has no setting 'rules.1.preforms'",
     "counted from 0"},
    {"set: rules.1.performs", "set: @rules.9.performs", "the script has no setting 'rules.9.performs'", "counted"},
    {"set: rules.1.performs", "set: @report.0", "the script has no setting 'report.0'", ""},
    {"set: rules.1.performs", "set: @report", "the script has no setting 'report'", ""},
    {"set: rules.2.confirms", "set: @rules.4.on", "'rules.4.on' is varied twice", "keep one"},
    {"values: [at once, never]", "values: [at once, @sometimes]", "'sometimes' does not say when a party performs",
     "on time"},
    {"values: [at once, never]", "values: [at once, @[never]]", "a value of a sweep is a single one", ""},
    {"values: [at once, never]", "values: @[]", "values must have from 1 to 1000 items, not 0", ""},
    {"- {set: rules.1.performs, values: [at once, never]}", "- @{set: rules.1.performs}",
     "a sweep has values, or a range", "from, to and step"},
    {"- {set: rules.4.on, from: \"2018-03-01\", to: \"2018-06-01\", step: 1 month}",
     "- @{set: rules.4.on, from: \"2018-03-01\", to: \"2018-06-01\"}", "a sweep has values, or a range",
     "from, to and step"},
    {"from: \"2018-03-01\"", "from: @\"2016-03-01\"", "2016-03-01 lies before the rehearsal begins", ""},
    {"to: \"2018-06-01\"", "to: @\"2018-02-01\"", "to lies before from", ""},
    {"step: 1 month", "step: @1 hour", "dates go by days at least", "30 days"},
    {"step: 1 month", "step: @some", "step must be a length of time", "1 day"},
    {"to: \"2018-06-01\", step: 1 month", "to: \"2038-06-01\", step: @1 day", "a sweep has at most 1000 values",
     "larger steps"},
    {"from: after 1 day", "from: @never", "from and to are neither dates nor lengths of time", "5 days late"},
    {"to: after 9 days", "to: @9 days late", "from, to and step are counted in different ways", "write it like"},
    {"to: after 9 days, step: 4 days", "to: after 900 days, step: 1 day", "7200 combinations are more than the 5000",
     "fewer values"},
    {"report: [adopted,", "report: [@adoptd,", "there is no event 'adoptd'", "adopted"},
    {"report: [adopted,", "report: [@oil performed 2000000 t,", "the amount of 'oil' is less than that", ""},
    {"overdue]", "@5]", "report must be text", "quotes"},
};

static ls_buf whole, words;

typedef struct trial {
    ls_arena arena;
    ls_charter charter;
    ls_roadmap roadmap;
    ls_diagnostics d;
} trial;

static const ls_zone_span utc[] = {{0, 0}};

static void read_roadmap(trial *t)
{
    ls_value *v;
    set_roadmap_charter(&t->charter);
    t->charter.zone = (ls_zone){"UTC", utc, 1};
    t->charter.closing = 86400;
    t->d.arena = &t->arena;
    assert_success(ls_yaml_parse(&t->arena, ls_buf_bytes(&whole), &t->d, &v));
    ls_roadmap_read(&t->arena, v, &t->charter, ls_buf_bytes(&words), &t->d, &t->roadmap);
    assert_int_equal(t->d.errors, 0);
    t->d = (ls_diagnostics){.arena = &t->arena};
}

static void read_script(trial *t, const char *text, ls_rehearsal *out)
{
    ls_value *v = NULL;
    ls_rehearsed_accord of = {.roadmap = &t->roadmap, .charter = &t->charter, .today = 1514808000};
    assert_success(ls_yaml_parse(&t->arena, ls_bytes_str(text), &t->d, &v));
    if (v != NULL) {
        ls_rehearsal_read(&t->arena, v, &of, &t->d, out);
    }
}

/* The place of the mark, which is taken out. 0, 0 without one. */
static ls_mark take_mark(char *text)
{
    char *at = strchr(text, '@');
    ls_mark mark = {0, 0};
    if (at != NULL) {
        mark = (ls_mark){1, 1};
        for (const char *c = text; c < at; c++) {
            mark.column = *c == '\n' ? 1 : mark.column + 1;
            mark.line += *c == '\n' ? 1 : 0;
        }
        memmove(at, at + 1, strlen(at));
    }
    return mark;
}

static bool said(const trial *t, ls_mark mark, const char *says, const char *hint)
{
    for (size_t i = 0; i < t->d.count; i++) {
        const ls_diagnostic *x = &t->d.item[i];
        bool there = mark.line == 0 || (x->mark.line == mark.line && x->mark.column == mark.column);
        if (there && strstr(x->text, says) != NULL && strstr(x->hint, hint) != NULL && !x->warning) {
            return true;
        }
    }
    return false;
}

static bool try_case(size_t i)
{
    trial *t = calloc(1, sizeof *t);
    ls_rehearsal untouched = {.run_count = 12345};
    read_roadmap(t);
    const char *at = strstr(script, cases[i].from);
    assert_non_null(at);
    char *text =
        ls_arena_format(&t->arena, "%.*s%s%s", (int)(at - script), script, cases[i].to, at + strlen(cases[i].from));
    ls_mark mark = take_mark(text);
    read_script(t, text, &untouched);
    bool right = said(t, mark, cases[i].says, cases[i].hint);
    if (!right) {
        for (size_t k = 0; k < t->d.count; k++) {
            print_error("%u:%u: %s (%s)\n", t->d.item[k].mark.line, t->d.item[k].mark.column, t->d.item[k].text,
                        t->d.item[k].hint);
        }
        print_error("nothing says at %u:%u: %s (%s)\nwhere %s became %s\n\n", mark.line, mark.column, cases[i].says,
                    cases[i].hint, cases[i].from, cases[i].to);
    }
    assert_int_equal(untouched.run_count, 12345);
    ls_arena_free(&t->arena);
    free(t);
    return right;
}

static void test_errors(void **state)
{
    (void)state;
    size_t wrong = 0;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wrong += try_case(i) ? 0 : 1;
    }
    assert_int_equal(wrong, 0);
}

/* The script that the cases change is right. */
static void test_whole(void **state)
{
    (void)state;
    trial *t = calloc(1, sizeof *t);
    ls_rehearsal r = {0};
    read_roadmap(t);
    read_script(t, script, &r);
    assert_int_equal(t->d.count, 0);
    assert_int_equal(r.behaviour_count, 5);
    assert_int_equal(r.act_count, 23); /* the attestation of a rule is one, too */
    assert_int_equal(r.run_count, 2 * 4 * 3);
    assert_int_equal(r.column_count, 4);
    ls_arena_free(&t->arena);
    free(t);
}

/* What is not reached is worth a warning, and no error. */
static void test_not_reached(void **state)
{
    (void)state;
    trial *t = calloc(1, sizeof *t);
    ls_rehearsal r = {0};
    read_roadmap(t);
    read_script(t,
                "rehearsal: 1\n"
                "signed: \"2018-01-01\"\n"
                "until: \"2018-06-30\"\n"
                "acts:\n"
                "  - {on: \"2018-07-01\", by: usa, act: ratify}\n",
                &r);
    assert_int_equal(t->d.errors, 0);
    assert_int_equal(t->d.count, 1);
    assert_true(t->d.item[0].warning);
    assert_string_equal(t->d.item[0].text, "2018-07-01 is not reached");
    assert_int_equal(t->d.item[0].mark.line, 5);
    assert_int_equal(t->d.item[0].mark.column, 10);
    ls_arena_free(&t->arena);
    free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_whole), cmocka_unit_test(test_errors),
                                       cmocka_unit_test(test_not_reached)};
    load_roadmap_file("whole.yaml", &whole);
    load_roadmap_file("text.md", &words);
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    ls_buf_free(&whole);
    ls_buf_free(&words);
    return failed;
}
