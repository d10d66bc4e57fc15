/* Tests of roadmaps and texts: what is read, in which order, and what amounts mean. Errors: test_roadmap_errors.c. */
#include "marks.h"
#include "roadmaps.h"
#include "yaml/yaml.h"

static const char prose[] = "# Accord\n"
                            "\n"
                            "[p1] The Parties agree\n"
                            "on what follows.\n"
                            "\n"
                            "## Measures\n"
                            "[p2] One.\n"
                            "\n"
                            "[p3] Two.\n";

#define HEAD                                                                                                           \
    "{\"roadmap\":1,\"name\":\"a\",\"title\":\"A\",\"parties\":[\"dprk\",\"usa\"],\"tracks\":[{\"id\":\"t\","          \
    "\"title\":\"T\"}],"                                                                                               \
    "\"steps\":[{\"id\":\"s\",\"title\":\"S\",\"track\":\"t\",\"measures\":["

typedef struct fixture {
    ls_arena arena;
    ls_diagnostics d;
    ls_charter charter;
    ls_roadmap roadmap;
    ls_buf yaml;
} fixture;

static int set_up(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    f->d.arena = &f->arena;
    set_roadmap_charter(&f->charter);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    fixture *f = *state;
    ls_arena_free(&f->arena);
    ls_buf_free(&f->yaml);
    free(f);
    return 0;
}

static void read_both(fixture *f, const ls_value *v, const char *words)
{
    memset(&f->d, 0, sizeof f->d);
    f->d.arena = &f->arena;
    f->roadmap = (ls_roadmap){0};
    ls_roadmap_read(&f->arena, v, &f->charter, ls_bytes_str(words), &f->d, &f->roadmap);
    assert_int_equal(f->d.errors == 0, f->roadmap.measure_count != 0);
}

static void read_json(fixture *f, const char *text)
{
    read_both(f, marked_json(&f->arena, text), prose);
}

/* The document that has every key. */
static const ls_roadmap *read_whole(fixture *f)
{
    ls_value *v = NULL;
    load_roadmap_file("whole.yaml", &f->yaml);
    assert_success(ls_yaml_parse(&f->arena, ls_buf_bytes(&f->yaml), &f->d, &v));
    read_both(f, v, prose);
    assert_int_equal(f->d.count, 0);
    return &f->roadmap;
}

static const ls_measure *measure(const fixture *f, const char *id)
{
    int i = ls_roadmap_measure(&f->roadmap, ls_bytes_str(id));
    assert_true(i >= 0);
    return &f->roadmap.measures[i];
}

static void assert_duration(ls_duration d, unsigned count, ls_unit unit)
{
    assert_int_equal(d.count, count);
    assert_int_equal(d.unit, unit);
}

static void reads_the_frame(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    assert_true(ls_bytes_is(r->name, "whole"));
    assert_true(ls_bytes_is(r->title, "Everything that a roadmap can say"));
    assert_int_equal(r->party_count, 3);
    assert_int_equal(r->parties[2], ROK);
    assert_int_equal(r->signed_by, 7);
    assert_int_equal(r->date_limit, 5);
    assert_int_equal(r->assessors, LS_PARTY_BIT(IAEA));
    assert_true(ls_bytes_is(r->entry.text, "latest of usa ratified, dprk ratified, 2018-11-01"));
    assert_true(ls_bytes_is(r->provisional.text, "signed"));
    assert_int_equal(r->suspension.scope, LS_SUSPEND_ACCORD | LS_SUSPEND_MEASURE);
    assert_true(r->suspension.stops_own && r->suspension.counterpart_may_withhold);
    assert_duration(r->suspension.at_most, 60, LS_UNIT_DAYS);
    assert_int_equal(r->suspension.until.op[0].kind, LS_MOMENT_EVENT);
    assert_int_equal(r->extension.by, LS_PARTY_BIT(USA) | LS_PARTY_BIT(DPRK));
    assert_int_equal(r->extension.days, 14);
    assert_int_equal(r->extension.times, 3);
    assert_duration(r->withdrawal.notice, 90, LS_UNIT_DAYS);
    assert_true(r->withdrawal.continues);
    assert_int_equal(r->track_count, 2);
    assert_true(ls_bytes_is(r->tracks[1].title, "Peace"));
    assert_int_equal(r->step_count, 4);
    assert_int_equal(r->steps[1].track, 1);
    assert_true(r->steps[2].simultaneous && !r->steps[3].simultaneous);
    assert_int_equal(r->pledge_count, 1);
    assert_int_equal(r->pledges[0].by, USA);
    assert_int_equal(r->demand_count, 1);
    assert_int_equal(r->demands[0].by, USA);
    assert_int_equal(r->demands[0].of, DPRK);
    assert_true(ls_bytes_is(r->demands[0].what, "hand over the list"));
}

static void reads_events(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    assert_int_equal(r->event_count, 6);
    assert_int_equal(r->events[0].attested_by, LS_PARTY_BIT(USA) | LS_PARTY_BIT(IAEA));
    assert_int_equal(r->events[0].mark.line, 24);
    assert_int_equal(r->events[0].when.count, 0);
    assert_true(ls_bytes_is(r->events[4].title, "Sanctions return"));
    assert_true(ls_bytes_is(r->events[4].unless.text, "resolution settled"));
    assert_int_equal(r->events[4].unless.op[0].what, LS_DISPUTE_SETTLED);
    assert_true(r->events[5].to_be_agreed);
    assert_int_equal(ls_roadmap_event(r, ls_bytes_str("transition")), 3);
    assert_int_equal(ls_roadmap_event(r, ls_bytes_str("arms")), -1);
}

static void assert_op(const ls_moment_op *op, ls_moment_kind kind, size_t subject, bool inner)
{
    assert_int_equal(op->kind, kind);
    assert_int_equal(op->subject, subject);
    assert_int_equal(op->inner, inner);
}

/* In postfix form, and what a length of time runs from is marked. */
static void reads_moments(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    const ls_moment *m = &r->events[3].when;
    assert_int_equal(m->count, 6);
    assert_op(&m->op[0], LS_MOMENT_EVENT, 2, true);
    assert_op(&m->op[1], LS_MOMENT_DELAY, 0, false);
    assert_duration(m->op[1].duration, 8, LS_UNIT_YEARS);
    assert_op(&m->op[2], LS_MOMENT_EVENT, 1, false);
    assert_op(&m->op[3], LS_MOMENT_DISPUTE, 0, false);
    assert_int_equal(m->op[3].what, LS_DISPUTE_OPENED);
    assert_int_equal(m->op[4].kind, LS_MOMENT_LATEST);
    assert_int_equal(m->op[4].count, 2);
    assert_int_equal(m->op[5].kind, LS_MOMENT_EARLIEST);
    assert_int_equal(m->op[5].count, 2);
    assert_true(ls_bytes_is(m->text, "earliest of 8 years after adopted, (latest of registered, resolution opened)"));

    m = &r->events[4].when; /* 30 days after 2 hours after resolution exhausted */
    assert_int_equal(m->count, 3);
    assert_op(&m->op[0], LS_MOMENT_DISPUTE, 0, true);
    assert_int_equal(m->op[0].what, LS_DISPUTE_EXHAUSTED);
    assert_op(&m->op[1], LS_MOMENT_DELAY, 0, true);
    assert_duration(m->op[1].duration, 2, LS_UNIT_HOURS);
    assert_op(&m->op[2], LS_MOMENT_DELAY, 0, false);
    assert_duration(m->op[2].duration, 30, LS_UNIT_DAYS);

    m = &r->entry;
    assert_op(&m->op[0], LS_MOMENT_RATIFIED, USA, false);
    assert_int_equal(m->op[2].kind, LS_MOMENT_DATE);
    assert_int_equal(m->op[2].date.month, 11);
    assert_int_equal(measure(f, "stock")->due.op[0].kind, LS_MOMENT_STEP);
    assert_int_equal(measure(f, "freeze")->after[0].op[0].kind, LS_MOMENT_IN_FORCE);
    m = measure(f, "open-sites")->after;
    assert_int_equal(m[0].op[0].what, LS_EVENT_CONFIRMED);
    assert_int_equal(m[0].op[0].amount, LS_QUANTITY_NONE);
    assert_int_equal(m[1].op[0].what, LS_EVENT_PERFORMED);
    assert_true(m[1].op[0].percent);
    assert_int_equal(m[1].op[0].amount, 40000);
    assert_int_equal(m[2].op[0].what, LS_EVENT_BEGUN);
    m = measure(f, "supply")->after;
    assert_false(m[0].op[0].percent);
    assert_int_equal(m[0].op[0].amount, 20000000);
    assert_int_equal(m[1].op[0].what, LS_EVENT_BREACHED);
    assert_int_equal(m[2].op[0].what, LS_EVENT_OVERDUE);
    assert_int_equal(measure(f, "oil")->after[0].op[0].what, LS_EVENT_PROMISED);
}

static void reads_measures(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    assert_int_equal(r->measure_count, 8);
    const ls_measure *m = measure(f, "declare-sites");
    assert_int_equal(m->by, LS_PARTY_BIT(DPRK));
    assert_int_equal(m->mark.line, 77);
    assert_int_equal(m->after_count, 0);
    assert_true(ls_bytes_is(m->begin.text, "3 days after in force"));
    assert_true(ls_bytes_is(m->due.text, "10 days after in force"));
    assert_int_equal(m->verifiers, LS_PARTY_BIT(USA) | LS_PARTY_BIT(ROK));
    assert_int_equal(m->silence, LS_SILENCE_CONFIRMED);
    assert_duration(m->silence_after, 30, LS_UNIT_DAYS);
    assert_true(ls_bytes_is(m->declares, "sites"));
    assert_true(m->provisional && !m->irreversible && !m->continuing);
    m = measure(f, "open-sites");
    assert_int_equal(m->witnesses, LS_PARTY_BIT(IAEA));
    assert_true(ls_bytes_is(m->opens, "sites"));
    assert_int_equal(m->opens_tranche, 1);
    m = measure(f, "oil");
    assert_int_equal(m->step, 1);
    assert_int_equal(m->track, 1);
    assert_int_equal(m->by, LS_PARTY_BIT(USA) | LS_PARTY_BIT(ROK));
    assert_int_equal(m->may_join, LS_PARTY_BIT(CHN) | LS_PARTY_BIT(JPN));
    assert_int_equal(m->may_call_off, LS_PARTY_BIT(USA) | LS_PARTY_BIT(DPRK));
    assert_true(m->substitutes);
    m = measure(f, "destroy");
    assert_int_equal(m->silence, LS_SILENCE_DISPUTED);
    assert_duration(m->silence_after, 2, LS_UNIT_MONTHS);
    assert_true(m->irreversible);
    assert_true(ls_bytes_is(measure(f, "match")->undone_by.text, "sanctions-return"));
    assert_true(ls_bytes_is(measure(f, "freeze")->until.text, "transition"));
    assert_true(measure(f, "freeze")->continuing);
}

static void reads_amounts(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    const ls_amount *a = &measure(f, "oil")->amount;
    assert_int_equal(a->kind, LS_AMOUNT_TOTAL);
    assert_int_equal(a->number, INT64_C(950000) * LS_QUANTITY_ONE);
    assert_true(ls_bytes_is(a->unit, "t"));
    assert_int_equal(a->shares[USA], 50000);
    assert_int_equal(a->shares[ROK], 25500);
    assert_int_equal(a->shares[CHN], 10000);
    assert_int_equal(a->shares[JPN], 0);
    a = &measure(f, "supply")->amount;
    assert_int_equal(a->kind, LS_AMOUNT_RATE);
    assert_int_equal(a->number, INT64_C(500000) * LS_QUANTITY_ONE);
    assert_true(ls_bytes_is(a->unit, "t"));
    assert_duration(a->per, 1, LS_UNIT_YEARS);
    assert_null(a->shares);
    a = &measure(f, "destroy")->amount;
    assert_int_equal(a->kind, LS_AMOUNT_PERCENT);
    assert_int_equal(a->number, 30000);
    assert_int_equal(a->subject, 1);
    assert_int_equal(a->unit.len, 0);
    assert_int_equal(a->unit_count, 3);
    assert_int_equal(a->units[2].weight, 500);
    assert_int_equal(a->method_count, 2);
    assert_int_equal(a->methods[0].at_most, LS_QUANTITY_NONE);
    assert_int_equal(a->methods[1].at_most, 20000);
    assert_true(ls_bytes_is(a->methods[1].until.text, "2 years after in force"));
    assert_int_equal(ls_amount_method(a, ls_bytes_str("burning")), 1);
    a = &measure(f, "match")->amount; /* in the units of the other */
    assert_int_equal(a->kind, LS_AMOUNT_PARITY);
    assert_int_equal(a->subject, ls_roadmap_measure(r, ls_bytes_str("destroy")));
    assert_int_equal(a->unit_count, 3);
    a = &measure(f, "stock")->amount;
    assert_int_equal(a->kind, LS_AMOUNT_CEILING);
    assert_int_equal(a->number, 300000);
    assert_int_equal(measure(f, "freeze")->amount.kind, LS_AMOUNT_NONE);
}

static void reads_rights_and_disputes(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    int right = ls_roadmap_right(r, ls_bytes_str("visits"));
    assert_int_equal(right, 0);
    assert_int_equal(r->rights[0].of, USA);
    assert_int_equal(r->rights[0].quota, 12);
    assert_duration(r->rights[0].per, 1, LS_UNIT_YEARS);
    assert_true(ls_bytes_is(r->rights[0].from.text, "in force"));
    const ls_dispute *d = &r->disputes[ls_roadmap_dispute(r, ls_bytes_str("resolution"))];
    assert_int_equal(d->open_to, LS_PARTY_BIT(DPRK) | LS_PARTY_BIT(USA));
    assert_int_equal(d->settled_by, LS_PARTY_BIT(DPRK) | LS_PARTY_BIT(USA));
    assert_int_equal(d->stage_count, 4);
    assert_true(d->stages[0].extendable && !d->stages[0].optional && d->stages[2].optional);
    assert_duration(d->stages[2].lasts, 2, LS_UNIT_WEEKS);
    assert_int_equal(d->stages[3].after_count, 2);
    assert_int_equal(d->stages[3].after[1], 2);
    assert_int_equal(ls_dispute_stage(d, ls_bytes_str("opinion")), 3);
    assert_int_equal(ls_dispute_stage(d, ls_bytes_str("x")), -1);
}

static void reads_declarations(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    const ls_declared *d = ls_roadmap_declaration(r, ls_bytes_str("sites"));
    assert_int_equal(d->by, DPRK);
    assert_int_equal(d->field_count, 4);
    assert_true(ls_bytes_is(d->longitude, "lon"));
    assert_int_equal(d->tranche_count, 2);
    assert_int_equal(d->padded[1], 48);
    assert_true(ls_bytes_is(d->labels[1], "2"));
    assert_int_equal(d->row_bytes, 256);
    assert_true(ls_declared_for(d, ls_bytes_str("process"))->fields[1]);
    assert_false(ls_declared_for(d, ls_bytes_str("process"))->fields[2]);
    assert_null(ls_declared_for(d, ls_bytes_str("inspectors"))->fields);
    assert_null(ls_declared_for(d, ls_bytes_str("public")));
    assert_null(ls_roadmap_declaration(r, ls_bytes_str("site")));
}

static void reads_inspections(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    assert_int_equal(r->inspection_count, 1);
    assert_int_equal(ls_roadmap_inspection(r, ls_bytes_str("baseline")), 0);
    assert_int_equal(ls_roadmap_inspection(r, ls_bytes_str("base")), -1);
    const ls_inspection *x = &r->inspections[0];
    assert_true(ls_bytes_is(x->title, "Baseline inspections"));
    assert_true(ls_bytes_is(x->paragraph, "p2"));
    assert_int_equal(x->of, DPRK);
    assert_int_equal(x->by, IAEA);
    assert_ptr_equal(x->declared, ls_roadmap_declaration(r, ls_bytes_str("sites")));
    assert_int_equal(x->verify_count, 2);
    assert_true(ls_bytes_is(r->measures[x->verifies[0]].id, "destroy"));
    assert_true(ls_bytes_is(r->measures[x->verifies[1]].id, "stock"));
    const ls_draw_rule *d = &x->draws;
    assert_true(d->there);
    assert_true(ls_bytes_is(r->rights[d->right].id, "rounds"));
    assert_int_equal(d->rows, 8);
    assert_int_equal(d->replacements, 4);
    assert_duration(d->commit, 2, LS_UNIT_DAYS);
    assert_duration(d->reveal, 36, LS_UNIT_HOURS);
    assert_duration(d->open, 1, LS_UNIT_WEEKS);
}

static void reads_visits_and_challenges(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    const ls_visit_rule *v = &r->inspections[0].visits;
    assert_true(v->there);
    assert_true(ls_bytes_is(r->rights[v->right].id, "calls"));
    assert_duration(v->notice, 24, LS_UNIT_HOURS);
    assert_duration(v->repeat, 2, LS_UNIT_HOURS);
    assert_duration(v->postpone, 3, LS_UNIT_DAYS);
    assert_duration(v->lasts, 10, LS_UNIT_DAYS);
    assert_duration(v->report, 1, LS_UNIT_MONTHS);
    assert_int_equal(v->limit_count, 2);
    assert_true(ls_bytes_is(v->limits[0], "shrouding"));
    assert_true(ls_bytes_is(v->limits[1], "no-photographs"));
    const ls_challenge_rule *c = &r->inspections[0].challenges;
    assert_true(c->there && c->areas_within && c->without_coordinates && c->silence_lets_visit);
    assert_true(ls_bytes_is(r->rights[c->right].id, "challenges"));
    assert_int_equal(c->radius, 2500);
    assert_duration(c->clarify, 48, LS_UNIT_HOURS);
    assert_duration(c->answer, 5, LS_UNIT_DAYS);
}

#define INSPECTED                                                                                                      \
    HEAD "{\"id\":\"m\",\"by\":\"usa\",\"what\":\"x\",\"paragraph\":\"p1\",\"declares\":\"d\"}]}],"                    \
         "\"declarations\":[{\"name\":\"d\",\"by\":\"usa\",\"fields\":[\"n\"],\"id\":\"n\",\"tranche\":\"t\","         \
         "\"row-bytes\":10,\"tranches\":[{\"label\":\"1\",\"rows\":5},{\"label\":\"2\",\"rows\":4}]}],"                \
         "\"rights\":[{\"id\":\"a\",\"of\":\"chn\",\"what\":\"x\",\"paragraph\":\"p1\",\"quota\":\"1 per day\","       \
         "\"from\":\"signed\"},{\"id\":\"b\",\"of\":\"jpn\",\"what\":\"x\",\"paragraph\":\"p1\",\"quota\":\"1 per "    \
         "day\","                                                                                                      \
         "\"from\":\"signed\"}],\"inspections\":["

/* Two inspections of one declaration, by parties that don't sign, with nothing that can be left out. */
static void the_least_of_inspections(void **state)
{
    fixture *f = *state;
    read_json(f, INSPECTED "{\"id\":\"i\",\"title\":\"I\",\"paragraph\":\"p1\",\"of\":\"usa\",\"by\":\"chn\","
                           "\"declaration\":\"d\",\"draws\":{\"right\":\"a\",\"rows\":9,\"replacements\":0,"
                           "\"commit\":\"1 day\",\"reveal\":\"1 day\",\"open\":\"1 day\"},"
                           "\"visits\":{\"notice\":\"1 day\",\"repeat\":\"24 hours\",\"lasts\":\"1 day\","
                           "\"report\":\"1 day\"}},"
                           "{\"id\":\"j\",\"title\":\"J\",\"paragraph\":\"p1\",\"of\":\"usa\",\"by\":\"jpn\","
                           "\"declaration\":\"d\",\"challenges\":{\"right\":\"b\",\"radius\":\"1000 km\","
                           "\"areas\":\"touch\",\"without-coordinates\":\"are covered\",\"answer\":\"1 day\","
                           "\"on-silence\":\"denied\"}}]}");
    assert_int_equal(f->d.count, 0);
    assert_int_equal(f->roadmap.inspection_count, 2);
    const ls_inspection *i = &f->roadmap.inspections[0], *j = &f->roadmap.inspections[1];
    assert_int_equal(i->by, CHN);
    assert_int_equal(i->verify_count, 0);
    assert_int_equal(i->draws.rows, 9); /* all that there are */
    assert_int_equal(i->visits.right, -1);
    assert_int_equal(i->visits.postpone.count, 0);
    assert_int_equal(i->visits.limit_count, 0);
    assert_false(i->challenges.there);
    assert_true(!j->draws.there && !j->visits.there && j->visits.right == -1);
    assert_int_equal(j->challenges.right, 1);
    assert_int_equal(j->challenges.radius, 1000000);
    assert_int_equal(j->challenges.clarify.count, 0);
    assert_false(j->challenges.areas_within || j->challenges.silence_lets_visit);
}

static void radii(void **state)
{
    static const struct {
        const char *text;
        uint64_t metres; /* 0: not a radius */
        const char *written;
    } cases[] = {{"50 km", 50000, "50 km"},
                 {"500 m", 500, "500 m"},
                 {"2.5 km", 2500, "2500 m"},
                 {"1 m", 1, "1 m"},
                 {"0.001 km", 1, "1 m"},
                 {"2000 m", 2000, "2 km"},
                 {"7.0 m", 7, "7 m"},
                 {"1000 km", 1000000, "1000 km"},
                 {"0 m", 0, NULL},
                 {"0.5 m", 0, NULL},
                 {"0.0005 km", 0, NULL},
                 {"5", 0, NULL},
                 {"5 ", 0, NULL},
                 {"5 KM", 0, NULL},
                 {"5km", 0, NULL},
                 {"05 km", 0, NULL},
                 {"-5 km", 0, NULL},
                 {"5 km ", 0, NULL},
                 {" 5 km", 0, NULL},
                 {"", 0, NULL},
                 {"km", 0, NULL},
                 {"1e3 m", 0, NULL},
                 {"99999999999999999999 km", 0, NULL}};
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint64_t metres = 12345;
        char text[LS_RADIUS_SIZE];
        bool read = ls_radius_parse(ls_bytes_str(cases[i].text), &metres);
        assert_int_equal(read, cases[i].metres != 0);
        assert_int_equal(metres, read ? cases[i].metres : 12345);
        if (read) {
            ls_radius_format(metres, text);
            assert_string_equal(text, cases[i].written);
        }
    }
}

static size_t position(const ls_roadmap *r, ls_node_kind kind, size_t index)
{
    for (size_t i = 0; i < r->node_count; i++) {
        if (r->order[i].kind == kind && r->order[i].index == index) {
            return i;
        }
    }
    fail_msg("node %d %zu is missing", kind, index);
    return 0;
}

/* 1 entry, 6 events, 8 measures, 4 steps, 8 clocks, 1 procedure; and each after what it depends on, listed by hand. */
static void order_of_the_whole(void **state)
{
    static const ls_node after[][2] = {
        {{LS_NODE_ENTRY, 0}, {LS_NODE_MEASURE, 0}},   {{LS_NODE_MEASURE, 0}, {LS_NODE_MEASURE, 1}},
        {{LS_NODE_MEASURE, 2}, {LS_NODE_MEASURE, 1}}, {{LS_NODE_EVENT, 5}, {LS_NODE_MEASURE, 1}},
        {{LS_NODE_MEASURE, 2}, {LS_NODE_MEASURE, 3}}, {{LS_NODE_CLOCK, 7}, {LS_NODE_MEASURE, 3}},
        {{LS_NODE_CLOCK, 0}, {LS_NODE_MEASURE, 3}},   {{LS_NODE_EVENT, 1}, {LS_NODE_MEASURE, 4}},
        {{LS_NODE_MEASURE, 4}, {LS_NODE_MEASURE, 5}}, {{LS_NODE_MEASURE, 4}, {LS_NODE_STEP, 2}},
        {{LS_NODE_MEASURE, 6}, {LS_NODE_STEP, 2}},    {{LS_NODE_STEP, 2}, {LS_NODE_CLOCK, 4}},
        {{LS_NODE_EVENT, 2}, {LS_NODE_CLOCK, 4}},     {{LS_NODE_STEP, 0}, {LS_NODE_CLOCK, 6}},
        {{LS_NODE_EVENT, 0}, {LS_NODE_CLOCK, 0}},     {{LS_NODE_EVENT, 4}, {LS_NODE_CLOCK, 5}},
        {{LS_NODE_EVENT, 3}, {LS_NODE_CLOCK, 3}},     {{LS_NODE_DISPUTE, 0}, {LS_NODE_EVENT, 4}},
        {{LS_NODE_EVENT, 2}, {LS_NODE_EVENT, 3}},     {{LS_NODE_EVENT, 1}, {LS_NODE_EVENT, 3}},
        {{LS_NODE_MEASURE, 7}, {LS_NODE_STEP, 3}},    {{LS_NODE_MEASURE, 7}, {LS_NODE_CLOCK, 7}}};
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    assert_int_equal(r->node_count, 28);
    for (size_t i = 0; i < sizeof after / sizeof *after; i++) {
        assert_true(position(r, after[i][0].kind, after[i][0].index) <
                    position(r, after[i][1].kind, after[i][1].index));
    }
}

/* What is waited for of a measure of a simultaneous step is the step, and a promise hangs on nothing. */
static void nodes_of_moments(void **state)
{
    static const struct {
        ls_moment_op op;
        bool any;
        ls_node node;
    } all[] = {
        {{.kind = LS_MOMENT_SIGNED}, false, {0}},
        {{.kind = LS_MOMENT_RATIFIED}, false, {0}},
        {{.kind = LS_MOMENT_DATE}, false, {0}},
        {{.kind = LS_MOMENT_DELAY}, false, {0}},
        {{.kind = LS_MOMENT_LATEST}, false, {0}},
        {{.kind = LS_MOMENT_IN_FORCE}, true, {LS_NODE_ENTRY, 0}},
        {{.kind = LS_MOMENT_EVENT, .subject = 3}, true, {LS_NODE_EVENT, 3}},
        {{.kind = LS_MOMENT_STEP, .subject = 1}, true, {LS_NODE_STEP, 1}},
        {{.kind = LS_MOMENT_DISPUTE, .subject = 0}, true, {LS_NODE_DISPUTE, 0}},
        {{.kind = LS_MOMENT_MEASURE, .subject = 4, .what = LS_EVENT_PROMISED}, false, {0}},
        {{.kind = LS_MOMENT_MEASURE, .subject = 2, .what = LS_EVENT_PERFORMED}, true, {LS_NODE_MEASURE, 2}},
        {{.kind = LS_MOMENT_MEASURE, .subject = 4, .what = LS_EVENT_BEGUN}, true, {LS_NODE_STEP, 2}},
        {{.kind = LS_MOMENT_MEASURE, .subject = 4, .what = LS_EVENT_CONFIRMED}, true, {LS_NODE_STEP, 2}},
        {{.kind = LS_MOMENT_MEASURE, .subject = 4, .what = LS_EVENT_OVERDUE}, true, {LS_NODE_CLOCK, 4}},
        {{.kind = LS_MOMENT_MEASURE, .subject = 7, .what = LS_EVENT_BREACHED}, true, {LS_NODE_CLOCK, 7}},
    };
    fixture *f = *state;
    const ls_roadmap *r = read_whole(f);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ls_node node;
        assert_int_equal(ls_moment_op_node(r, &all[i].op, &node), all[i].any);
        if (all[i].any) {
            assert_int_equal(node.kind, all[i].node.kind);
            assert_int_equal(node.index, all[i].node.index);
        }
    }
}

static void what_may_be_left_out(void **state)
{
    fixture *f = *state;
    read_json(f, HEAD "{\"id\":\"m\",\"by\":\"usa\",\"what\":\"x\",\"paragraph\":\"p1\"}]}]}");
    const ls_roadmap *r = &f->roadmap;
    const ls_measure *m = measure(f, "m");
    assert_int_equal(f->d.count, 0);
    assert_int_equal(r->date_limit, LS_DATE_LIMIT_DEFAULT);
    assert_int_equal(r->entry.count + r->provisional.count + r->suspension.until.count, 0);
    assert_int_equal(r->suspension.scope, LS_SUSPEND_ACCORD | LS_SUSPEND_TRACK);
    assert_false(r->suspension.stops_own || r->suspension.counterpart_may_withhold);
    assert_int_equal(r->suspension.at_most.count, 0);
    assert_int_equal(r->extension.by, 0);
    assert_int_equal(r->withdrawal.notice.count, 0);
    assert_int_equal(m->after_count + m->begin.count + m->due.count + m->until.count + m->undone_by.count, 0);
    assert_int_equal(m->verifiers | m->witnesses | m->may_join | m->may_call_off, 0);
    assert_int_equal(m->silence, LS_SILENCE_NONE);
    assert_int_equal(m->amount.kind, LS_AMOUNT_NONE);
}

/* Left out, the rules are for all who signed. */
static void all_who_signed(void **state)
{
    fixture *f = *state;
    read_json(f, HEAD "{\"id\":\"m\",\"by\":\"usa\",\"what\":\"x\",\"paragraph\":\"p1\"}]}],"
                      "\"extension\":{\"at-most\":\"1 day\",\"times\":1},"
                      "\"withdrawal\":{\"notice\":\"1 month\",\"then\":\"ends\"},"
                      "\"disputes\":[{\"id\":\"d\",\"title\":\"D\",\"open-to\":[\"usa\"],\"stages\":["
                      "{\"id\":\"s\",\"title\":\"S\",\"lasts\":\"1 day\"}]}]}");
    assert_int_equal(f->d.count, 0);
    assert_int_equal(f->roadmap.extension.by, LS_PARTY_BIT(DPRK) | LS_PARTY_BIT(USA));
    assert_int_equal(f->roadmap.disputes[0].settled_by, LS_PARTY_BIT(DPRK) | LS_PARTY_BIT(USA));
    assert_false(f->roadmap.withdrawal.continues);
}

static void not_a_roadmap_at_all(void **state)
{
    static const char *const texts[] = {
        "[]",
        "{}",
        "{\"steps\": [1, {}]}",
        "{\"steps\": [{\"measures\": [1, {}]}]}",
        "{\"declarations\": [1, {\"fields\": 1}], \"pledges\": [2], \"tracks\": [3], \"demands\": [[]]}",
        "{\"events\": [1, {\"when\": {}}], \"rights\": [2, {}], \"disputes\": [3, {\"stages\": [1, {}]}]}",
        "{\"suspension\": 1, \"extension\": [], \"withdrawal\": \"x\", \"entry-into-force\": [[]]}",
        "{\"suspension\": {\"scope\": [1], \"until\": 1}, \"extension\": {\"by\": [1]}, \"assessors\": [1]}",
        (HEAD "{\"amount\": [], \"at-most\": {}, \"units\": 1, \"shares\": 1, \"methods\": [1, {}]}]}]}"),
        (HEAD "{\"amount\": -1, \"units\": {\"t\": []}, \"shares\": {\"usa\": 1}, \"on-silence\": 1}]}]}")};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_json(f, texts[i]);
        assert_true(f->d.errors > 0);
    }
}

/* Amounts */

static void quantities(void **state)
{
    static const struct {
        const char *text;
        ls_quantity q;
        const char *again;
    } good[] = {{"0", 0, "0"},         {"6200", 6200000, "6200"},
                {"0.5", 500, "0.5"},   {"1.250", 1250, "1.25"},
                {"0.001", 1, "0.001"}, {"1000000000000", LS_QUANTITY_MAX, "1000000000000"}};
    static const char *const bad[] = {"",    "-1",    "+1",     "01",  "1.",    ".5",
                                      "1e3", "1 000", "1.2345", "1,5", "1.2.3", "1000000000000.001"};
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ls_quantity q = -1;
        char text[LS_QUANTITY_SIZE];
        assert_true(ls_quantity_parse(ls_bytes_str(good[i].text), &q));
        assert_int_equal(q, good[i].q);
        ls_quantity_format(q, text);
        assert_string_equal(text, good[i].again);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ls_quantity q = -1;
        assert_false(ls_quantity_parse(ls_bytes_str(bad[i]), &q));
        assert_int_equal(q, -1);
    }
}

static void stated_amounts(void **state)
{
    static const struct {
        const char *measure, *text;
        ls_quantity q; /* -1: refused */
    } all[] = {{"oil", "6200 t", 6200000},
               {"oil", "6200", 6200000},
               {"oil", "6200 kg", -1},
               {"oil", "6200t", -1},
               {"oil", "6200 t ", -1},
               {"oil", " 6200 t", -1},
               {"oil", "", -1},
               {"oil", "t", -1},
               {"oil", "1 t, 1 t", -1},
               {"oil", "-1 t", -1},
               {"oil", "1000000000001 t", -1},
               {"destroy", "60 bomber, 400 missile", 460000},
               {"destroy", "3 warhead", 1500},
               {"destroy", "400 missile, 1 warhead, 60 bomber", 460500},
               {"destroy", "60 bomber,400 missile", -1},
               {"destroy", "60 bomber, ", -1},
               {"destroy", "60 bomber, 400", -1},
               {"destroy", "60", -1},            /* of what? */
               {"destroy", "0.001 warhead", -1}, /* half a thousandth */
               {"match", "2 warhead", 1000},
               {"freeze", "1", -1}};
    fixture *f = *state;
    read_whole(f);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        ls_quantity q = -1;
        bool read = ls_amount_parse(&measure(f, all[i].measure)->amount, ls_bytes_str(all[i].text), &q);
        assert_int_equal(read, all[i].q >= 0);
        assert_int_equal(q, all[i].q);
    }
}

/* Cycles against an independent check: reachability by repeated relaxation over random graphs. */
enum { NODES = 7 };

static bool has_cycle(bool edge[NODES][NODES])
{
    bool reach[NODES][NODES];
    memcpy(reach, edge, sizeof reach);
    for (size_t k = 0; k < NODES; k++) {
        for (size_t i = 0; i < NODES; i++) {
            for (size_t j = 0; j < NODES; j++) {
                reach[i][j] |= reach[i][k] && reach[k][j];
            }
        }
    }
    bool found = false;
    for (size_t i = 0; i < NODES; i++) {
        found |= reach[i][i];
    }
    return found;
}

static void put_measures(ls_buf *out, bool edge[NODES][NODES])
{
    for (size_t i = 0; i < NODES; i++) {
        ls_buf_format(out, "%s{\"id\":\"m%zu\",\"by\":\"usa\",\"what\":\"x\",\"paragraph\":\"p1\",\"after\":[",
                      i ? "," : "", i);
        const char *comma = "";
        for (size_t j = 0; j < NODES; j++) {
            if (edge[i][j]) {
                ls_buf_format(out, "%s\"m%zu performed\"", comma, j);
                comma = ",";
            }
        }
        ls_buf_put_str(out, "]}");
    }
}

static void assert_ordered(const ls_roadmap *r, bool edge[NODES][NODES])
{
    for (size_t i = 0; i < NODES; i++) {
        for (size_t j = 0; j < NODES; j++) {
            assert_true(!edge[i][j] || position(r, LS_NODE_MEASURE, j) < position(r, LS_NODE_MEASURE, i));
        }
    }
}

static void cycles_by_brute_force(void **state)
{
    fixture *f = *state;
    uint64_t random = 7;
    unsigned cyclic = 0;
    for (unsigned round = 0; round < 2000; round++) {
        bool edge[NODES][NODES] = {{false}};
        for (unsigned n = 0; n < 1 + round % 12; n++) {
            edge[next_random(&random) % NODES][next_random(&random) % NODES] = true;
        }
        ls_buf text = {0};
        ls_buf_put_str(&text, HEAD);
        put_measures(&text, edge);
        ls_buf_put_str(&text, "]}]}");
        read_json(f, ls_buf_cstr(&text));
        assert_int_equal(f->d.errors > 0, has_cycle(edge));
        if (f->d.errors == 0) {
            assert_ordered(&f->roadmap, edge);
        } else {
            cyclic++;
        }
        ls_buf_free(&text);
        ls_arena_free(&f->arena);
    }
    assert_true(cyclic > 300 && cyclic < 1700);
}

/* Texts */

static void paragraphs(void **state)
{
    fixture *f = *state;
    ls_paragraph *p = NULL;
    size_t count = 0;
    ls_text_read(&f->arena, ls_bytes_str(prose), &f->d, &p, &count);
    assert_int_equal(f->d.count, 0);
    assert_int_equal(count, 3);
    assert_true(ls_bytes_is(p[0].id, "p1"));
    assert_true(ls_bytes_is(p[0].body, "The Parties agree\non what follows."));
    assert_int_equal(p[0].line, 3);
    assert_true(ls_bytes_is(p[1].body, "One."));
    assert_int_equal(p[1].line, 7);
    assert_true(ls_bytes_is(p[2].body, "Two."));
}

static void texts_refused(void **state)
{
    static const struct {
        const char *text;
        unsigned line, column;
        const char *says, *hint;
    } texts[] = {
        {"One.\n", 1, 1, "no identifier", "[p1]"},
        {"# A\n\n[p1] One.\n\n[p2]Two.\n", 5, 1, "no identifier", NULL},
        {"[P1] One.\n", 1, 1, "no identifier", NULL},
        {"[p1] \n", 1, 1, "no identifier", NULL},
        {"[p1 One.\n", 1, 1, "no identifier", NULL},
        {"[] One.\n", 1, 1, "no identifier", NULL},
        {"[p1] One.\n\n[p2] Two.\n\n[p1] Three.\n", 5, 2, "paragraph 'p1' stands twice, first in line 1, column 2",
         NULL},
        {"[p1] One.\r\n", 1, 10, "U+000D does not show", "LF"},
        {"[p1] One\n\ttwo.\n", 2, 1, "U+0009 does not show", "spaces"},
        {"[p1] \xed\x8f\x89\xe2\x80\xae.\n", 1, 7, "U+202E does not show", NULL},
        {"[p1] One.\n\xff\n", 2, 1, "not UTF-8", "UTF-8"},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        ls_paragraph *p = NULL;
        size_t count = 99;
        f->d = (ls_diagnostics){.arena = &f->arena};
        ls_text_read(&f->arena, ls_bytes_str(texts[i].text), &f->d, &p, &count);
        assert_diagnosed(&f->d, texts[i].line, texts[i].column, texts[i].says, texts[i].hint);
        assert_int_equal(count, 99);
        assert_null(p);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_the_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_events, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_moments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_measures, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_amounts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_rights_and_disputes, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_declarations, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_inspections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(reads_visits_and_challenges, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_least_of_inspections, set_up, tear_down),
        cmocka_unit_test_setup_teardown(radii, set_up, tear_down),
        cmocka_unit_test_setup_teardown(order_of_the_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nodes_of_moments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_be_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_who_signed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(not_a_roadmap_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(quantities, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stated_amounts, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cycles_by_brute_force, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paragraphs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_refused, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("roadmap", tests, NULL, NULL);
}
