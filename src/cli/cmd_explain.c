/* explain: the acts and rules that led to the state of a measure or an event, each with its place in the record, and
 * what would change it. */
#include "cli/explain.h"
#include <stdio.h>

/* What was said about the measure, as the state took it. */
typedef struct chain {
    size_t count;
    const ls_card_said *said;
} chain;

static ls_result read_chain(cli *c, const cli_card *k, size_t measure, chain *out)
{
    ls_card_history all;
    LS_TRY(ls_card_history_read(k, &c->arena, &all));
    *out = (chain){all.first[measure + 1] - all.first[measure], all.said + all.first[measure]};
    return LS_SUCCESS;
}

/* Conditions. */

static void print_conditions(cli *c, const cli_card *k, const ls_measure *m)
{
    static const ls_moment_op in_force = {.kind = LS_MOMENT_IN_FORCE};
    bool provisional = m->provisional && k->state.provisional < k->state.in_force;
    const ls_moment whole = {1, &in_force, ls_bytes_str("in force")};
    cli_table t = {.columns = 3, .heading = {"it waits for", "came", "entry"}};
    for (size_t i = 0; i <= m->after_count; i++) {
        const ls_moment *first = provisional ? &k->accord->roadmap->provisional : &whole;
        const ls_moment *x = i == 0 ? first : &m->after[i - 1];
        const char *text = i == 0 && provisional ? "provisional application" : cli_text(c, x->text);
        bool twice = i > 0 && x->count == 1 && x->op[0].kind == LS_MOMENT_IN_FORCE;
        const char *cells[] = {text, cli_explain_came(c, k, ls_state_moment(&k->query, &k->state, x, false)),
                               cli_explain_through(c, k, x, false)};
        if (!twice) {
            cli_table_row(c, &t, cells);
        }
    }
    cli_table_print(&t);
    putchar('\n');
}

/* Deadlines. */

/* "due 30 days after in force (by entries 2, 4)" */
static void print_origin(cli *c, const cli_card *k, const char *word, const ls_moment *m)
{
    const char *through = cli_explain_through(c, k, m, true);
    cli_print("%s %s", word, cli_text(c, m->text));
    if (through[0] != '-') {
        cli_print(" (by %s %s)", strchr(through, ',') == NULL ? "entry" : "entries", through);
    }
}

static void print_deadline(cli *c, const cli_card *k, ls_time first, bool known, ls_time now)
{
    const char *day = ls_why_deadline(k->charter, first, &c->arena);
    if (first == LS_TIME_OPEN) {
        cli_print(": not known yet\n");
    } else if (!known) {
        cli_print(": %s; its clock stands while it is suspended\n", day);
    } else {
        const char *moved =
            now == first ? ""
                         : ls_arena_format(&c->arena, ", moved to %s", ls_why_deadline(k->charter, now, &c->arena));
        cli_print(": %s%s; with the grace until %s\n", day, moved,
                  ls_why_deadline(k->charter, now + k->charter->grace, &c->arena));
    }
}

static void print_deadlines(cli *c, const cli_card *k, size_t measure)
{
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    const ls_measure_state *s = &k->state.measure[measure];
    if (m->begin.count > 0) {
        print_origin(c, k, "to begin", &m->begin);
        print_deadline(c, k, ls_state_moment(&k->query, &k->state, &m->begin, true), s->has_begin, s->begin_by);
    }
    if (m->due.count > 0) {
        print_origin(c, k, "due", &m->due);
        print_deadline(c, k, ls_state_moment(&k->query, &k->state, &m->due, true), s->has_deadline, s->deadline);
    } else if (s->has_deadline) {
        cli_print("due at the end of this period");
        print_deadline(c, k, s->deadline, true, s->deadline);
    }
    cli_print("%s", m->begin.count + m->due.count > 0 || s->has_deadline ? "\n" : "");
}

/* Rules. */

static ls_result print_grounds(cli *c, const cli_card *k, size_t measure)
{
    ls_ground *ground;
    size_t count;
    cli_table t = {.columns = 3, .heading = {"the accord says", "entry", "as it stands"}};
    LS_TRY(ls_grounds(&k->account, measure, &ground, &count));
    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {cli_text(c, ls_bytes_str(ground[i].rule)), cli_card_entry(c, ground[i].entry),
                               cli_text(c, ls_bytes_str(ground[i].stands))};
        cli_table_row(c, &t, cells);
    }
    if (t.rows > 0) {
        cli_table_print(&t);
        putchar('\n');
    }
    return LS_SUCCESS;
}

static json_t *grounds_json(cli *c, const cli_card *k, size_t measure)
{
    ls_ground *ground;
    size_t count;
    json_t *list = json_array();
    if (ls_failed(ls_grounds(&k->account, measure, &ground, &count))) {
        json_decref(list);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        json_t *entry = ground[i].entry == LS_NO_ENTRY ? json_null() : json_integer(ground[i].entry);
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:s, s:s}", "entry", entry, "act",
                                              cli_card_act_json(c, ground[i].entry), "paragraph",
                                              cli_json_bytes(k->accord->roadmap->measures[measure].paragraph), "rule",
                                              ground[i].rule, "stands", ground[i].stands));
    }
    return list;
}

/* What was said. */

static const char *fact_time(cli *c, const cli_card *k, const ls_fact *f)
{
    char text[LS_TIME_SIZE];
    ls_time t = k->facts.time(k->facts.context, f->index);
    if (t == LS_TIME_OPEN) {
        return "not stamped yet";
    }
    ls_time_format(t, text);
    return ls_arena_str(&c->arena, ls_bytes_str(text));
}

static void print_chain(cli *c, const cli_card *k, const chain *x)
{
    cli_table t = {.columns = 6, .heading = {"entry", "ledger time", "by", "act", "date", "what it did"}};
    for (size_t i = 0; i < x->count; i++) {
        const ls_fact *f = x->said[i].fact;
        char day[LS_DATE_SIZE] = "-";
        if (f->day != LS_NO_DAY) {
            ls_date_format(ls_date_from_days(f->day), day);
        }
        const char *cells[] = {cli_card_entry(c, f->index),
                               fact_time(c, k, f),
                               cli_text(c, k->charter->party[f->by].name),
                               cli_text(c, ls_record_at(c->ws.record, f->index).kind),
                               cli_text(c, ls_bytes_str(day)),
                               x->said[i].outcome};
        cli_table_row(c, &t, cells);
    }
    if (t.rows == 0) {
        cli_print("Nothing has been said about it.\n");
    } else {
        cli_table_print(&t);
    }
    putchar('\n');
}

/* Measures. */

static json_t *conditions_json(cli *c, const cli_card *k, const ls_measure *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->after_count; i++) {
        ls_time t = ls_state_moment(&k->query, &k->state, &m->after[i], false);
        json_array_append_new(list, json_pack("{s:o, s:o, s:b, s:s}", "moment", cli_json_bytes(m->after[i].text),
                                              "time", cli_json_time(t), "came", t <= k->query.at, "entries",
                                              cli_explain_through(c, k, &m->after[i], false)));
    }
    return list;
}

static json_t *chain_json(cli *c, const cli_card *k, const chain *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->count; i++) {
        const ls_fact *f = x->said[i].fact;
        json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:s, s:o, s:s}", "entry", (int)f->index, "act",
                                              cli_card_act_json(c, f->index), "time",
                                              cli_json_time(k->facts.time(k->facts.context, f->index)), "by",
                                              cli_text(c, k->charter->party[f->by].name), "kind",
                                              cli_json_bytes(ls_record_at(c->ws.record, f->index).kind), "outcome",
                                              x->said[i].outcome));
    }
    return list;
}

static json_t *measure_json(cli *c, const cli_card *k, size_t measure, const chain *x)
{
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    json_t *o = cli_card_measure_json(c, k, measure);
    json_object_set_new(o, "accord", cli_json_hash(&k->accord->id));
    json_object_set_new(o, "accord_entry", json_integer((json_int_t)k->accord->index));
    json_object_set_new(o, "paragraph", cli_json_bytes(m->paragraph));
    json_object_set_new(o, "waits_for", conditions_json(c, k, m));
    json_object_set_new(o, "begin_rule", cli_json_bytes(m->begin.text));
    json_object_set_new(o, "due_rule", cli_json_bytes(m->due.text));
    json_object_set_new(o, "rules", grounds_json(c, k, measure));
    json_object_set_new(o, "said", chain_json(c, k, x));
    json_object_set_new(o, "changes", cli_explain_changes_json(c, k, CLI_MEASURE, measure));
    return o;
}

/* What nobody has to do, and everybody should know. */
static const char *beside(const cli_card *k, size_t measure)
{
    static const char *const texts[LS_STATES] = {
        [LS_PENDING] = "It may be performed early, which counts once all that it waits for has come.",
        [LS_PERFORMED] = "Its performer may take it back until all who verify it have confirmed (lockstep withdraw).",
        [LS_CONFIRMED] = "Confirmed is final. Its performer may reverse it, openly (lockstep reverse).",
        [LS_DISPUTED] = "Whoever objected may take that back (lockstep withdraw).",
        [LS_OVERDUE] = "Performed late, it counts as late.",
        [LS_KEPT] = "A verifier can establish a breach (lockstep object), any party report an incident.",
        [LS_BREACHED] = "Whoever objected may take that back (lockstep withdraw).",
        [LS_CALLED_OFF] = "Whoever called it off may take that back (lockstep withdraw).",
        [LS_ENDED] = "It has ended: nothing changes it any more."};
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    ls_state state = k->state.measure[measure].state;
    if (m->amount.kind == LS_AMOUNT_CEILING && (state == LS_KEPT || state == LS_BREACHED)) {
        return "The level that was stated last counts.";
    }
    if (m->amount.kind == LS_AMOUNT_RATE && state == LS_KEPT) {
        return NULL;
    }
    if (m->irreversible && state == LS_CONFIRMED) {
        return "It is irreversible, and confirmed: nothing changes it any more.";
    }
    if (m->verifiers == 0 && state == LS_PERFORMED) {
        return "Its performer may take it back (lockstep withdraw).";
    }
    return texts[state];
}

static void print_heading(cli *c, const cli_card *k, size_t measure)
{
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    const ls_measure_state *s = &k->state.measure[measure];
    const char *amount = ls_why_amount(m, s, &c->arena);
    cli_print("%s: %s%s%s%s\n", cli_text(c, m->id), cli_text(c, m->what), amount == NULL ? "" : " (",
              amount == NULL ? "" : amount, amount == NULL ? "" : ")");
    cli_print("by %s%s%s; accord in entry %llu, paragraph %s\n\n", ls_why_parties(k->charter, m->by, &c->arena),
              m->verifiers == 0 ? "" : ", verified by ", ls_why_parties(k->charter, m->verifiers, &c->arena),
              (unsigned long long)k->accord->index, cli_text(c, m->paragraph));
    cli_print("%s since %s (%s)%s: %s\n\n", ls_state_name(s->state), ls_why_date(k->charter, s->since, &c->arena),
              k->charter->zone.name, cli_card_marks(c, k, measure), ls_why(&k->account, measure));
}

static ls_result explain_measure(cli *c, ls_time at, ls_time known)
{
    cli_card k;
    chain x;
    size_t index;
    bool any;
    LS_TRY(cli_card_of(c, CLI_MEASURE, c->argument[0], at, known, &k, &index));
    LS_TRY(read_chain(c, &k, index, &x));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, measure_json(c, &k, index, &x));
    }
    cli_mark(c, k.charter->exercise);
    print_heading(c, &k, index);
    print_conditions(c, &k, &k.accord->roadmap->measures[index]);
    print_deadlines(c, &k, index);
    LS_TRY(print_grounds(c, &k, index));
    print_chain(c, &k, &x);
    LS_TRY(cli_explain_changes(c, &k, CLI_MEASURE, index, &any));
    const char *more = beside(&k, index);
    if (more != NULL) {
        cli_print("%s%s\n", any ? "\n" : "", more);
    } else if (!any) {
        cli_print("Nobody can change it now: it follows from what it waits for.\n");
    }
    return LS_SUCCESS;
}

/* A name is a measure's, or else an event's; or resembles an event's more than any measure's. */
static bool is_event(cli *c, const char *name)
{
    bool event = false;
    for (size_t i = 0; i < ls_record_accord_count(c->ws.record); i++) {
        const ls_roadmap *m = ls_record_accord(c->ws.record, i)->roadmap;
        if (ls_roadmap_measure(m, ls_bytes_str(name)) >= 0) {
            return false;
        }
        event |= ls_roadmap_event(m, ls_bytes_str(name)) >= 0;
    }
    return event || (!cli_subject_resembles(c, CLI_MEASURE, name) && cli_subject_resembles(c, CLI_EVENT, name));
}

static ls_result run_explain(cli *c)
{
    ls_time at, known;
    LS_TRY(cli_card_begin(c, &at, &known));
    return is_event(c, c->argument[0]) ? cli_explain_event(c, at, known) : explain_measure(c, at, known);
}

const cli_verb cli_verb_explain = {
    "explain",
    "MEASURE|EVENT",
    "why a measure or an event stands as it does, and what would change it",
    "Shows what it waits for and through which entries that came, where its deadlines come from, what the accord says\n"
    "of it and how that stands, every act about it with its place in the record and what it did, and who can bring\n"
    "about a change, until when.",
    "  lockstep -C usa explain open-test-sites\n  lockstep -C usa explain open-test-sites --at 2018-11-30",
    1,
    1,
    {CLI_OPTIONS_TIMES, {0}},
    run_explain};
