/* explain: the acts and rules that led to the state of a measure or an event, each with its place in the record, and
 * what would change it. */
#include "cli/scorecard.h"
#include <stdio.h>

/* What was said about the measure, as the state took it. */
typedef struct chain {
    size_t measure, count, capacity;
    const ls_fact **fact;
    const char **outcome;
} chain;

static void take(void *context, size_t measure, const ls_fact *fact, const char *outcome)
{
    chain *x = context;
    if (measure == x->measure && x->count < x->capacity) {
        x->fact[x->count] = fact;
        x->outcome[x->count++] = outcome;
    }
}

static ls_result read_chain(cli *c, cli_card *k, size_t measure, chain *out)
{
    *out = (chain){.measure = measure, .capacity = k->facts.count};
    out->fact = ls_arena_array(&c->arena, k->facts.count + 1, sizeof *out->fact);
    out->outcome = ls_arena_array(&c->arena, k->facts.count + 1, sizeof *out->outcome);
    if (out->fact == NULL || out->outcome == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_trace trace = {take, out};
    k->query.trace = &trace;
    ls_result r = ls_state_eval(&k->query, &c->arena, &k->state);
    k->query.trace = NULL;
    return r;
}

/* The entry through which a part of a moment came, or LS_NO_ENTRY: it follows from dates or from the whole. */
static uint32_t entry_of(const cli_card *k, const ls_moment_op *op)
{
    const ls_measure_state *m = op->kind == LS_MOMENT_MEASURE ? &k->state.measure[op->subject] : NULL;
    switch (op->kind) {
    case LS_MOMENT_SIGNED:
    case LS_MOMENT_IN_FORCE:
        return (uint32_t)k->accord->signed_index;
    case LS_MOMENT_EVENT:
        return k->state.event[op->subject].said_by;
    case LS_MOMENT_MEASURE:
        return op->what == LS_EVENT_CONFIRMED ? m->answered_by : m->performed_by;
    default:
        return LS_NO_ENTRY;
    }
}

static const char *through(cli *c, const cli_card *k, const ls_moment *m)
{
    const char *text = "-";
    for (size_t i = 0; i < m->count; i++) {
        uint32_t entry = entry_of(k, &m->op[i]);
        if (entry != LS_NO_ENTRY) {
            text = text[0] == '-' ? ls_arena_format(&c->arena, "%u", entry)
                                  : ls_arena_format(&c->arena, "%s, %u", text, entry);
        }
    }
    return text;
}

/* Conditions. */

static const char *came(cli *c, const cli_card *k, ls_time t)
{
    const char *day = ls_why_date(k->charter, t, &c->arena);
    return t == LS_TIME_OPEN ? "not yet" : t > k->query.at ? ls_arena_format(&c->arena, "%s (ahead)", day) : day;
}

static void print_conditions(cli *c, const cli_card *k, const ls_measure *m)
{
    static const ls_moment_op in_force = {.kind = LS_MOMENT_IN_FORCE};
    const ls_moment whole = {1, &in_force, ls_bytes_str("in force")};
    cli_table t = {.columns = 3, .heading = {"it waits for", "came", "entry"}};
    for (size_t i = 0; i <= m->after_count; i++) {
        const ls_moment *x = i == 0 ? &whole : &m->after[i - 1];
        bool twice = i > 0 && x->count == 1 && x->op[0].kind == LS_MOMENT_IN_FORCE;
        const char *cells[] = {cli_text(c, x->text), came(c, k, ls_state_moment(&k->query, &k->state, x, false)),
                               through(c, k, x)};
        if (!twice) {
            cli_table_row(c, &t, cells);
        }
    }
    cli_table_print(&t);
    putchar('\n');
}

/* Deadlines. */

static void print_deadline(cli *c, const cli_card *k, const char *word, const ls_moment *m, bool known, ls_time now)
{
    if (m->count == 0) {
        return;
    }
    ls_time first = ls_state_moment(&k->query, &k->state, m, true);
    const char *day = ls_why_deadline(k->charter, first, &c->arena);
    cli_print("%s %s", word, cli_text(c, m->text));
    if (first == LS_TIME_OPEN) {
        cli_print(": not known yet\n");
    } else if (!known) {
        cli_print(": %s; its clock stands while it is suspended\n", day);
    } else {
        const char *moved =
            now == first ? ""
                         : ls_arena_format(&c->arena, ", moved to %s", ls_why_deadline(k->charter, now, &c->arena));
        char grace[LS_TIME_SIZE];
        ls_time_format(now + k->charter->grace, grace);
        cli_print(": %s%s; with the grace until %s\n", day, moved, grace);
    }
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
    cli_table t = {.columns = 6, .heading = {"entry", "ledger time", "by", "act", "date claimed", "what it did"}};
    for (size_t i = 0; i < x->count; i++) {
        const ls_fact *f = x->fact[i];
        char day[LS_DATE_SIZE] = "-";
        if (f->day != LS_NO_DAY) {
            ls_date_format(ls_date_from_days(f->day), day);
        }
        const char *cells[] = {cli_card_entry(c, f->index),
                               fact_time(c, k, f),
                               cli_text(c, k->charter->party[f->by].name),
                               cli_text(c, ls_record_at(c->ws.record, f->index).kind),
                               cli_text(c, ls_bytes_str(day)),
                               x->outcome[i]};
        cli_table_row(c, &t, cells);
    }
    if (t.rows == 0) {
        cli_print("Nothing has been said about it.\n");
    } else {
        cli_table_print(&t);
    }
    putchar('\n');
}

/* What would change it. */

static bool concerns(const ls_duty *d, cli_subject kind, size_t index)
{
    bool event = d->kind == LS_DUTY_ATTEST;
    bool measure = d->kind <= LS_DUTY_PROMISE;
    return d->subject == index && (kind == CLI_EVENT ? event : measure);
}

static ls_result print_changes(cli *c, const cli_card *k, cli_subject kind, size_t index)
{
    ls_duty *duty;
    size_t count;
    cli_table t = {.columns = 4, .heading = {"what would change it", "by", "until", "if not"}};
    LS_TRY(ls_duties(&k->query, &k->state, &c->arena, &duty, &count));
    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {duty[i].command, cli_text(c, k->charter->party[duty[i].party].name),
                               ls_why_deadline(k->charter, duty[i].until, &c->arena), duty[i].otherwise};
        if (concerns(&duty[i], kind, index)) {
            cli_table_row(c, &t, cells);
        }
    }
    if (t.rows > 0) {
        cli_table_print(&t);
    } else {
        cli_print("Nobody can change it now: it follows from what it waits for.\n");
    }
    return LS_SUCCESS;
}

static json_t *changes_json(cli *c, const cli_card *k, cli_subject kind, size_t index)
{
    ls_duty *duty;
    size_t count;
    json_t *list = json_array();
    if (ls_failed(ls_duties(&k->query, &k->state, &c->arena, &duty, &count))) {
        json_decref(list);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (concerns(&duty[i], kind, index)) {
            json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:s}", "command", duty[i].command, "by",
                                                  cli_text(c, k->charter->party[duty[i].party].name), "until",
                                                  cli_json_time(duty[i].until), "otherwise", duty[i].otherwise));
        }
    }
    return list;
}

/* Measures. */

static json_t *conditions_json(cli *c, const cli_card *k, const ls_measure *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->after_count; i++) {
        ls_time t = ls_state_moment(&k->query, &k->state, &m->after[i], false);
        json_array_append_new(list, json_pack("{s:o, s:o, s:b, s:s}", "moment", cli_json_bytes(m->after[i].text),
                                              "time", cli_json_time(t), "came", t <= k->query.at, "entries",
                                              through(c, k, &m->after[i])));
    }
    return list;
}

static json_t *chain_json(cli *c, const cli_card *k, const chain *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->count; i++) {
        const ls_fact *f = x->fact[i];
        json_array_append_new(list, json_pack("{s:i, s:o, s:o, s:s, s:o, s:s}", "entry", (int)f->index, "act",
                                              cli_card_act_json(c, f->index), "time",
                                              cli_json_time(k->facts.time(k->facts.context, f->index)), "by",
                                              cli_text(c, k->charter->party[f->by].name), "kind",
                                              cli_json_bytes(ls_record_at(c->ws.record, f->index).kind), "outcome",
                                              x->outcome[i]));
    }
    return list;
}

static ls_result explain_measure(cli *c, ls_time at, ls_time known)
{
    cli_card k;
    chain x;
    size_t index;
    LS_TRY(cli_card_of(c, CLI_MEASURE, c->argument[0], at, known, &k, &index));
    LS_TRY(read_chain(c, &k, index, &x));
    const ls_measure *m = &k.accord->roadmap->measures[index];
    const ls_measure_state *s = &k.state.measure[index];
    if (c->json) {
        json_t *o = cli_card_measure_json(c, &k, index);
        json_object_set_new(o, "accord", cli_json_hash(&k.accord->id));
        json_object_set_new(o, "paragraph", cli_json_bytes(m->paragraph));
        json_object_set_new(o, "waits_for", conditions_json(c, &k, m));
        json_object_set_new(o, "said", chain_json(c, &k, &x));
        json_object_set_new(o, "changes", changes_json(c, &k, CLI_MEASURE, index));
        return cli_print_json(c, c->ws.exercise, o);
    }
    cli_mark(c, k.charter->exercise);
    cli_print("%s: %s\n", cli_text(c, m->id), cli_text(c, m->what));
    cli_print("by %s%s%s; accord in entry %llu, paragraph %s\n\n", ls_why_parties(k.charter, m->by, &c->arena),
              m->verifiers == 0 ? "" : ", verified by ", ls_why_parties(k.charter, m->verifiers, &c->arena),
              (unsigned long long)k.accord->index, cli_text(c, m->paragraph));
    cli_print("%s since %s (%s): %s\n\n", cli_card_state(c, &k, index), ls_why_date(k.charter, s->since, &c->arena),
              k.charter->zone.name, ls_why(&k.query, &k.state, index, &c->arena));
    print_conditions(c, &k, m);
    print_deadline(c, &k, "to begin", &m->begin, s->has_begin, s->begin_by);
    print_deadline(c, &k, "due", &m->due, s->has_deadline, s->deadline);
    cli_print("%s", m->begin.count + m->due.count > 0 ? "\n" : "");
    print_chain(c, &k, &x);
    return print_changes(c, &k, CLI_MEASURE, index);
}

/* Events. */

static ls_result explain_event(cli *c, ls_time at, ls_time known)
{
    cli_card k;
    size_t index;
    LS_TRY(cli_card_of(c, CLI_EVENT, c->argument[0], at, known, &k, &index));
    const ls_event *e = &k.accord->roadmap->events[index];
    const ls_event_state *s = &k.state.event[index];
    if (c->json) {
        return cli_print_json(
            c, c->ws.exercise,
            json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o}", "event", cli_json_bytes(e->id), "title",
                      cli_json_bytes(e->title), "time", cli_json_time(s->time), "prevented", s->prevented, "when",
                      cli_json_bytes(e->when.text), "unless", cli_json_bytes(e->unless.text), "attested",
                      cli_card_parties_json(k.charter, s->attested), "changes", changes_json(c, &k, CLI_EVENT, index)));
    }
    cli_mark(c, k.charter->exercise);
    cli_print("%s: %s\n", cli_text(c, e->id), cli_text(c, e->title));
    cli_print("%s; accord in entry %llu\n\n", s->prevented ? "prevented" : came(c, &k, s->time),
              (unsigned long long)k.accord->index);
    if (e->attested_by != 0) {
        cli_print("It happens when attested by %s; so far by %s (entry %s).\n",
                  ls_why_parties(k.charter, e->attested_by, &c->arena),
                  s->attested == 0 ? "nobody" : ls_why_parties(k.charter, s->attested, &c->arena),
                  cli_card_entry(c, s->said_by));
    } else if (e->to_be_agreed) {
        cli_print("Its content is still to be agreed: only an amendment of the accord lets it happen.\n");
    } else if (e->unless.count > 0) {
        cli_print("It happens %s (%s) and the grace after it, unless %s (%s; entries %s) comes by then.\n",
                  cli_text(c, e->when.text), ls_why_deadline(k.charter, s->silent_until, &c->arena),
                  cli_text(c, e->unless.text), came(c, &k, ls_state_moment(&k.query, &k.state, &e->unless, false)),
                  through(c, &k, &e->unless));
    } else {
        cli_print("It happens %s (entries %s).\n", cli_text(c, e->when.text), through(c, &k, &e->when));
    }
    putchar('\n');
    return print_changes(c, &k, CLI_EVENT, index);
}

/* A name is a measure's, or else an event's. */
static bool is_event(const cli *c, const char *name)
{
    bool event = false;
    for (size_t i = 0; i < ls_record_accord_count(c->ws.record); i++) {
        const ls_roadmap *m = ls_record_accord(c->ws.record, i)->roadmap;
        if (ls_roadmap_measure(m, ls_bytes_str(name)) >= 0) {
            return false;
        }
        event |= ls_roadmap_event(m, ls_bytes_str(name)) >= 0;
    }
    return event;
}

static ls_result run_explain(cli *c)
{
    ls_time at, known;
    LS_TRY(cli_card_begin(c, &at, &known));
    return is_event(c, c->argument[0]) ? explain_event(c, at, known) : explain_measure(c, at, known);
}

const cli_verb cli_verb_explain = {
    "explain",
    "MEASURE",
    "why a measure stands as it does, and what would change it",
    "Shows what a measure (or an event) waits for and when that came, where its deadlines come from, every act about\n"
    "it with its place in the record and what it did, and who can change its state, until when.",
    "  lockstep -C usa explain open-test-sites\n  lockstep -C usa explain open-test-sites --at 2018-11-30",
    1,
    1,
    {CLI_OPTIONS_TIMES, {0}},
    run_explain};
