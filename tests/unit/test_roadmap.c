/* Tests of roadmaps and texts: every key read, and one refusal, with its place, for each rule. */
#include "accord/roadmap.h"
#include "marks.h"

static const char prose[] = "# Accord\n"
                            "\n"
                            "[p1] The Parties agree\n"
                            "on what follows.\n"
                            "\n"
                            "## Measures\n"
                            "[p2] One.\n"
                            "\n"
                            "[p3] Two.\n";

static const char roadmap[] = "{\n"
                              "\"roadmap\": 1,\n"
                              "\"name\": \"accord\",\n"
                              "\"title\": \"An accord\",\n"
                              "\"parties\": [\"dprk\", \"usa\"],\n"
                              "\"date-limit\": \"5 days\",\n"
                              "\"tracks\": [{\"id\": \"arms\", \"title\": \"Arms\"},\n"
                              "{\"id\": \"peace\", \"title\": \"Peace\"}],\n"
                              "\"declarations\": [{\"name\": \"sites\", \"by\": \"dprk\",\n"
                              "\"fields\": [\"id\", \"name\", \"lat\", \"lon\"],\n"
                              "\"id\": \"id\", \"tranche\": \"part\",\n"
                              "\"latitude\": \"lat\", \"longitude\": \"lon\",\n"
                              "\"row-bytes\": 256,\n"
                              "\"tranches\": [{\"label\": \"1\", \"rows\": 16},\n"
                              "{\"label\": \"2\", \"rows\": 48}]}],\n"
                              "\"pledges\": [{\"id\": \"goodwill\", \"by\": \"usa\",\n"
                              "\"what\": \"show goodwill\", \"paragraph\": \"p1\"}],\n"
                              "\"steps\": [{\"id\": \"one\", \"title\": \"Step one\", \"track\": \"arms\",\n"
                              "\"measures\": [\n"
                              "{\"id\": \"declare-sites\",\n"
                              "\"by\": \"dprk\",\n"
                              "\"what\": \"declare\",\n"
                              "\"paragraph\": \"p2\",\n"
                              "\"after\": [\"in force\"],\n"
                              "\"due\": \"10 days after in force\",\n"
                              "\"verified-by\": [\"usa\", \"rok\"],\n"
                              "\"declares\": \"sites\"},\n"
                              "{\"id\": \"open-one\",\n"
                              "\"by\": \"dprk\",\n"
                              "\"what\": \"open\",\n"
                              "\"paragraph\": \"p2\",\n"
                              "\"after\": [\"declare-sites confirmed\", \"suspend performed\"],\n"
                              "\"due\": \"2 months after declare-sites confirmed\",\n"
                              "\"verified-by\": [\"usa\"],\n"
                              "\"irreversible\": true,\n"
                              "\"opens\": {\"declaration\": \"sites\", \"tranche\": 1}}]},\n"
                              "{\"id\": \"two\", \"title\": \"Step two\", \"track\": \"peace\",\n"
                              "\"measures\": [\n"
                              "{\"id\": \"suspend\",\n"
                              "\"by\": \"usa\",\n"
                              "\"what\": \"suspend exercises\",\n"
                              "\"paragraph\": \"p3\",\n"
                              "\"due\": \"2018-12-31\"}]}]\n"
                              "}\n";

typedef struct fixture {
    ls_arena arena;
    ls_diagnostics d;
    ls_charter charter;
    ls_roadmap roadmap;
} fixture;

static int set_up(void **state)
{
    static const char *const names[] = {"rok", "dprk", "usa"};
    fixture *f = calloc(1, sizeof *f);
    f->d.arena = &f->arena;
    f->charter.party_count = 3;
    for (size_t i = 0; i < 3; i++) {
        f->charter.party[i].name = ls_bytes_str(names[i]);
    }
    f->charter.rows_limit = 1000;
    f->charter.attachment_limit = 100000;
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

static void read_both(fixture *f, const char *text, const char *words)
{
    memset(&f->d, 0, sizeof f->d);
    f->d.arena = &f->arena;
    f->roadmap = (ls_roadmap){0};
    ls_roadmap_read(&f->arena, marked_json(&f->arena, text), &f->charter, ls_bytes_str(words), &f->d, &f->roadmap);
    assert_int_equal(f->d.errors == 0, f->roadmap.measure_count != 0);
}

static void read_roadmap(fixture *f, const char *text)
{
    read_both(f, text, prose);
}

static const ls_measure *measure(const fixture *f, const char *id)
{
    int i = ls_roadmap_measure(&f->roadmap, ls_bytes_str(id));
    assert_true(i >= 0);
    return &f->roadmap.measures[i];
}

static void reads_every_key(void **state)
{
    fixture *f = *state;
    const ls_roadmap *r = &f->roadmap;
    read_roadmap(f, roadmap);
    assert_int_equal(f->d.count, 0);
    assert_true(ls_bytes_is(r->name, "accord"));
    assert_int_equal(r->party_count, 2);
    assert_int_equal(r->parties[0], 1);
    assert_int_equal(r->parties[1], 2);
    assert_int_equal(r->date_limit, 5);
    assert_int_equal(r->track_count, 2);
    assert_true(ls_bytes_is(r->tracks[1].title, "Peace"));
    assert_int_equal(r->step_count, 2);
    assert_int_equal(r->steps[1].track, 1);
    assert_int_equal(r->pledge_count, 1);
    assert_int_equal(r->pledges[0].by, 2);
    assert_int_equal(r->measure_count, 3);

    const ls_measure *m = measure(f, "declare-sites");
    assert_int_equal(m->by, 1);
    assert_int_equal(m->mark.line, 20);
    assert_int_equal(m->after_count, 1);
    assert_int_equal(m->after[0].kind, LS_EVENT_IN_FORCE);
    assert_int_equal(m->due.kind, LS_DUE_AFTER);
    assert_int_equal(m->due.duration.count, 10);
    assert_int_equal(m->verifier_count, 2);
    assert_int_equal(m->verifiers[1], 0);
    assert_true(ls_bytes_is(m->declares, "sites"));
    m = measure(f, "open-one");
    assert_int_equal(m->after[1].kind, LS_EVENT_PERFORMED);
    assert_int_equal(m->after[1].measure, 2); /* further down */
    assert_int_equal(m->due.trigger.kind, LS_EVENT_CONFIRMED);
    assert_int_equal(m->due.duration.unit, LS_UNIT_MONTHS);
    assert_true(m->irreversible);
    assert_int_equal(m->opens_tranche, 1);
    m = measure(f, "suspend");
    assert_int_equal(m->step, 1);
    assert_int_equal(m->track, 1);
    assert_int_equal(m->due.date.month, 12);
    assert_int_equal(m->verifier_count, 0);
    assert_false(m->irreversible);

    const ls_declared *d = ls_roadmap_declaration(r, ls_bytes_str("sites"));
    assert_int_equal(d->by, 1);
    assert_int_equal(d->field_count, 4);
    assert_true(ls_bytes_is(d->longitude, "lon"));
    assert_int_equal(d->tranche_count, 2);
    assert_int_equal(d->padded[1], 48);
    assert_true(ls_bytes_is(d->labels[1], "2"));
    assert_int_equal(d->row_bytes, 256);
    assert_null(ls_roadmap_declaration(r, ls_bytes_str("site")));
    assert_int_equal(ls_roadmap_measure(r, ls_bytes_str("x")), -1);
}

/* Every measure stands after all that it waits for. */
static void order_follows_conditions(void **state)
{
    fixture *f = *state;
    read_roadmap(f, roadmap);
    size_t position[3];
    for (size_t i = 0; i < 3; i++) {
        position[f->roadmap.order[i]] = i;
    }
    assert_true(position[1] > position[0]);
    assert_true(position[1] > position[2]);
}

static void what_may_be_left_out(void **state)
{
    fixture *f = *state;
    const char *text = edited(&f->arena, roadmap, "\"date-limit\": \"5 days\",\n", "");
    text = edited(&f->arena, text, "\"after\": [\"in force\"],\n", "");
    text = edited(&f->arena, text, "\"due\": \"10 days after in force\",\n", "");
    text = edited(&f->arena, text, "\"latitude\": \"lat\", \"longitude\": \"lon\",\n", "");
    read_roadmap(f, text);
    assert_int_equal(f->d.count, 0);
    assert_int_equal(f->roadmap.date_limit, LS_DATE_LIMIT_DEFAULT);
    assert_int_equal(f->roadmap.declarations[0].latitude.len, 0);
    assert_int_equal(measure(f, "declare-sites")->due.kind, LS_DUE_NONE);
}

static const struct {
    const char *from, *to;
    unsigned line, column;
    const char *says, *hint;
} cases[] = {
    {"\"roadmap\": 1", "\"roadmap\": 2", 2, 12, "knows only roadmap: 1", NULL},
    {"\"steps\"", "\"stesp\"", 18, 1, "roadmap has no key 'stesp'", "did you mean 'steps'?"},
    {"\"steps\"", "\"stesp\"", 1, 1, "roadmap lacks the key 'steps'", NULL},
    {"[\"dprk\", \"usa\"],\n\"d", "[\"dprk\", \"us\"],\n\"d", 5, 21, "there is no party 'us'", "did you mean 'usa'?"},
    {"[\"dprk\", \"usa\"],\n\"d", "[\"dprk\", \"dprk\"],\n\"d", 5, 21, "party 'dprk' stands twice, first in line 5",
     NULL},
    {"[\"dprk\", \"usa\"],\n\"d", "[\"dprk\"],\n\"d", 5, 12, "parties must have from 2", NULL},
    {"[\"dprk\", \"usa\"],\n\"d", "\"dprk usa\",\n\"d", 5, 12, "parties must be a list", NULL},
    {"5 days", "36 hours", 6, 15, "date-limit must be whole days", "7 days"},
    {"5 days", "1 month", 6, 15, "months and years have no fixed length", NULL},
    {"5 days", "367 days", 6, 15, "date-limit must be whole days, at most 366", NULL},
    {"\"id\": \"peace\"", "\"id\": \"arms\"", 8, 8, "track 'arms' stands twice, first in line 7, column 19", NULL},
    {"\"sites\", \"by\": \"dprk\"", "\"sites\", \"by\": \"rok\"", 9, 42, "'rok' does not sign this accord", "add it"},
    {"\"lat\", \"lon\"]", "\"id\", \"lon\"]", 10, 26, "field 'id' stands twice, first in line 10, column 12", NULL},
    {"\"lat\", \"lon\"]", "3, \"lon\"]", 10, 26, "a field must be text", "put it in quotes"},
    {"\"id\": \"id\"", "\"id\": \"ident\"", 11, 7, "there is no field 'ident'", NULL},
    {"\"id\": \"id\"", "\"id\": \"nam\"", 11, 7, "there is no field 'nam'", "did you mean 'name'?"},
    {"\"tranche\": \"part\"", "\"tranche\": \"lat\"", 11, 24, "that says the tranche is no field", "take it out"},
    {", \"longitude\": \"lon\"", "", 12, 13, "latitude and longitude stand together", NULL},
    {"\"longitude\": \"lon\"", "\"longitude\": \"long\"", 12, 33, "there is no field 'long'", "did you mean 'lon'?"},
    {"256", "0", 13, 14, "row-bytes must lie between 1", NULL},
    {"256", "\"256\"", 13, 14, "row-bytes must be a whole number", "without quotes"},
    {"\"label\": \"2\"", "\"label\": \"1\"", 15, 11, "tranche '1' stands twice, first in line 14, column 24", NULL},
    {"\"label\": \"2\"", "\"label\": 2", 15, 11, "label must be text", "put it in quotes"},
    {"\"rows\": 48", "\"rows\": 0", 15, 24, "rows must lie between 1", NULL},
    {"\"rows\": 48", "\"rows\": 985", 14, 13, "1001 rows in all are more than", NULL},
    {"\"rows\": 48", "\"rows\": 391", 15, 24, "the sealed rows would exceed", "row-bytes"},
    {"\"paragraph\": \"p1\"", "\"paragraph\": \"p11\"", 17, 39, "there is no paragraph 'p11'", "did you mean 'p1'?"},
    {"\"id\": \"two\"", "\"id\": \"one\"", 37, 8, "step 'one' stands twice, first in line 18, column 18", NULL},
    {"\"track\": \"peace\"", "\"track\": \"peas\"", 37, 45, "there is no track 'peas'", "did you mean 'peace'?"},
    {"\"id\": \"suspend\"", "\"id\": \"open-one\"", 39, 8,
     "measure 'open-one' stands twice, first in line 28, column 8", NULL},
    {"\"id\": \"suspend\"", "\"id\": \"Suspend it\"", 39, 8, "id must be a name", NULL},
    {"\"by\": \"usa\",\n\"what\": \"suspend", "\"by\": \"rok\",\n\"what\": \"suspend", 40, 7,
     "'rok' does not sign this accord", "add it to the roadmap's parties"},
    {"\"by\": \"usa\",\n\"what\": \"suspend", "\"by\": \"prc\",\n\"what\": \"suspend", 40, 7, "there is no party 'prc'",
     NULL},
    {"\"what\": \"suspend exercises\"", "\"what\": 5", 41, 9, "what must be text", "put it in quotes"},
    {"\"paragraph\": \"p3\"", "\"paragraph\": \"p4\"", 42, 14, "there is no paragraph 'p4'", "did you mean 'p1'?"},
    {"\"due\": \"2018-12-31\"", "\"due\": \"2018-11-31\"", 43, 8, "there is no date 2018-11-31", NULL},
    {"\"due\": \"2018-12-31\"", "\"due\": \"1969-12-31\"", 43, 8, "there is no date 1969-12-31", NULL},
    {"\"due\": \"2018-12-31\"", "\"due\": \"31.12.2018\"", 43, 8, "due must be a date, or a length", "2018-12-31"},
    {"\"due\": \"2018-12-31\"", "\"due\": 20181231", 43, 8, "due must be text", "put it in quotes"},
    {"\"due\": \"2018-12-31\"", "\"due\": \"soon after in force\"", 43, 8, "due must be a date, or a length", NULL},
    {"\"due\": \"2018-12-31\"", "\"due\": \"3 days after now\"", 43, 8, "not an event", "in force"},
    {"\"due\": \"2018-12-31\"", "\"due\": \"101 years after in force\"", 43, 8, "at most 100 years", NULL},
    {"\"due\": \"2018-12-31\"", "\"due\": \"1201 months after in force\"", 43, 8, "at most 100 years", NULL},
    {"\"due\": \"2018-12-31\"", "\"due\": \"3 days after open-two confirmed\"", 43, 8, "there is no measure 'open-two'",
     "did you mean 'open-one'?"},
    {"\"after\": [\"in force\"]", "\"after\": \"in force\"", 24, 10, "after must be a list", NULL},
    {"\"after\": [\"in force\"]", "\"after\": [\"in  force\"]", 24, 11, "not an event that a measure can wait for",
     "in force"},
    {"\"after\": [\"in force\"]", "\"after\": [\"suspend done\"]", 24, 11, "not an event that a measure can wait for",
     NULL},
    {"suspend performed", "suspend confirmed", 32, 38, "nobody verifies 'suspend'", "to be performed"},
    {"suspend performed", "suspnd performed", 32, 38, "there is no measure 'suspnd'", "did you mean 'suspend'?"},
    {"\"verified-by\": [\"usa\", \"rok\"]", "\"verified-by\": [\"usa\", \"usa\"]", 26, 24,
     "verifier 'usa' stands twice, first in line 26, column 17", NULL},
    {"\"verified-by\": [\"usa\", \"rok\"]", "\"verified-by\": [\"dprk\"]", 26, 17,
     "nobody verifies a measure of his own", NULL},
    {"\"verified-by\": [\"usa\", \"rok\"]", "\"verified-by\": [\"iaea\"]", 26, 17, "there is no party 'iaea'", NULL},
    {"\"verified-by\": [\"usa\", \"rok\"]", "\"verified-by\": []", 26, 16, "verified-by must have from 1", NULL},
    {"\"irreversible\": true", "\"irreversible\": \"yes\"", 35, 17, "irreversible must be true or false", NULL},
    {"\"declares\": \"sites\"", "\"declares\": \"site\"", 27, 13, "there is no declaration 'site'",
     "did you mean 'sites'?"},
    {"\"tranche\": 1}", "\"tranche\": 3}", 36, 46, "tranche must lie between 1 and 2", NULL},
    {"\"irreversible\": true", "\"declares\": \"sites\"", 36, 10, "a measure either declares or opens",
     "make two measures"},
    {"\"irreversible\": true", "\"declares\": \"sites\"", 35, 13, "'declare-sites' in line 20 declares the same", NULL},
    {"\"due\": \"2018-12-31\"", "\"opens\": {\"declaration\": \"sites\", \"tranche\": 2}", 43, 26, "is another party's",
     NULL},
    {"\"due\": \"2018-12-31\"", "\"opens\": \"sites\"", 43, 10, "opens must be a map", NULL},
    {"\"after\": [\"in force\"]", "\"after\": [\"declare-sites performed\"]", 20, 8,
     "never begin: declare-sites -> declare-sites", "take out one"},
    {"\"after\": [\"in force\"]", "\"after\": [\"open-one performed\"]", 20, 8,
     "never begin: declare-sites -> open-one -> declare-sites", "take out one"},
    {"\"due\": \"2018-12-31\"", "\"due\": \"1 day after open-one confirmed\"", 28, 8,
     "never begin: open-one -> suspend -> open-one", NULL},
};

static void refusals(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_roadmap(f, edited(&f->arena, roadmap, cases[i].from, cases[i].to));
        assert_diagnosed(&f->d, cases[i].line, cases[i].column, cases[i].says, cases[i].hint);
        assert_true(f->d.errors > 0);
    }
}

static void double_openings(void **state)
{
    fixture *f = *state;
    const char *second = ", \"tranche\": 1}},\n"
                         "{\"id\": \"open-again\", \"by\": \"dprk\", \"what\": \"open\", \"paragraph\": \"p2\",\n"
                         "\"opens\": {\"declaration\": \"sites\", \"tranche\": 1}}]},";
    read_roadmap(f, edited(&f->arena, roadmap, ", \"tranche\": 1}}]},", second));
    assert_int_equal(f->d.errors, 1);
    assert_diagnosed(&f->d, 38, 10, "'open-one' in line 28 opens the same", NULL);
}

static void warnings(void **state)
{
    fixture *f = *state;
    const char *text = edited(&f->arena, roadmap, "\"declares\": \"sites\"", "\"irreversible\": false");
    read_roadmap(f, text);
    assert_int_equal(f->d.errors, 0);
    assert_diagnosed(&f->d, 9, 27, "no measure makes the declaration 'sites'", "declares");
    text = edited(&f->arena, roadmap, "2 months after declare-sites confirmed", "2018-12-30");
    read_roadmap(f, text);
    assert_int_equal(f->d.errors, 0);
    assert_diagnosed(&f->d, 33, 8, "'open-one' is due before 'suspend', for which it waits", NULL);
}

static void all_errors_at_once(void **state)
{
    fixture *f = *state;
    const char *text = edited(&f->arena, roadmap, "\"2018-12-31\"", "\"2018-02-30\"");
    text = edited(&f->arena, text, "suspend performed", "suspnd performed");
    text = edited(&f->arena, text, "\"paragraph\": \"p1\"", "\"paragraph\": \"q1\"");
    text = edited(&f->arena, text, "\"id\": \"id\", \"tranche\"", "\"ids\": \"id\", \"tranche\"");
    read_roadmap(f, text);
    assert_int_equal(f->d.errors, 5);
    assert_diagnosed(&f->d, 9, 18, "lacks the key 'id'", NULL);
    assert_diagnosed(&f->d, 11, 1, "no key 'ids'", "did you mean 'id'?");
    assert_diagnosed(&f->d, 17, 39, "paragraph 'q1'", NULL);
    assert_diagnosed(&f->d, 32, 38, "suspnd", NULL);
    assert_diagnosed(&f->d, 43, 8, "2018-02-30", NULL);
}

static void not_a_roadmap_at_all(void **state)
{
    static const char *const texts[] = {"[]", "{}", "{\"steps\": [1, {}]}", "{\"steps\": [{\"measures\": [1, {}]}]}",
                                        "{\"declarations\": [1, {\"fields\": 1}], \"pledges\": [2], \"tracks\": [3]}"};
    fixture *f = *state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        read_roadmap(f, texts[i]);
        assert_true(f->d.errors > 0);
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
    bool seen[NODES] = {false};
    for (size_t i = 0; i < NODES; i++) {
        for (size_t j = 0; j < NODES; j++) {
            assert_true(!edge[r->order[i]][j] || seen[j]);
        }
        seen[r->order[i]] = true;
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
        ls_buf_put_str(
            &text, "{\"roadmap\":1,\"name\":\"a\",\"title\":\"A\",\"parties\":[\"dprk\",\"usa\"],\"tracks\":[{\"id\":"
                   "\"t\",\"title\":\"T\"}],\"steps\":[{\"id\":\"s\",\"title\":\"S\",\"track\":\"t\",\"measures\":[");
        put_measures(&text, edge);
        ls_buf_put_str(&text, "]}]}");
        read_roadmap(f, ls_buf_cstr(&text));
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

/* A roadmap is not accepted over a text that is not in order. */
static void roadmap_needs_its_text(void **state)
{
    fixture *f = *state;
    read_both(f, roadmap, "[p1] One.\n\n[p1] Two.\n");
    assert_int_equal(f->d.errors, 1);
    assert_diagnosed(&f->d, 1, 1, "the text has errors, the first in line 3: paragraph 'p1' stands twice", NULL);
    read_both(f, roadmap, "");
    assert_int_equal(f->d.errors, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_every_key, set_up, tear_down),
        cmocka_unit_test_setup_teardown(order_follows_conditions, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_may_be_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(refusals, set_up, tear_down),
        cmocka_unit_test_setup_teardown(double_openings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(warnings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(all_errors_at_once, set_up, tear_down),
        cmocka_unit_test_setup_teardown(not_a_roadmap_at_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cycles_by_brute_force, set_up, tear_down),
        cmocka_unit_test_setup_teardown(paragraphs, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(roadmap_needs_its_text, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("roadmap", tests, NULL, NULL);
}
