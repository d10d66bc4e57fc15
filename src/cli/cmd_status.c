/* status: the scorecard of all sides, from the record and a time. */
#include "cli/scorecard.h"
#include "cli/talking.h"
#include <stdio.h>

static const char *local(cli *c, const cli_card *k, ls_time t)
{
    return ls_why_date(k->charter, t, &c->arena);
}

/* With its author's mark where somebody assessed it. */
static const char *score(cli *c, const ls_measure_state *s)
{
    return ls_arena_format(&c->arena, "%u%s", s->score, s->assessed_by == LS_NO_ENTRY ? "" : "*");
}

static void print_side(cli *c, const cli_card *k, size_t party)
{
    const ls_roadmap *m = k->accord->roadmap;
    cli_table t = {.columns = 7, .heading = {"measure", "state", "deadline", "since", "0-3", "entry", "what"}};
    for (size_t i = 0; i < m->measure_count; i++) {
        if ((m->measures[i].by & LS_PARTY_BIT(party)) == 0) {
            continue;
        }
        const ls_measure_state *s = &k->state.measure[i];
        const char *amount = ls_why_amount(&m->measures[i], s, &c->arena);
        const char *what = cli_text(c, m->measures[i].what);
        const char *cells[] = {cli_text(c, m->measures[i].id),
                               cli_card_state(c, k, i),
                               s->stopped && !s->has_deadline ? "clock stands" : cli_card_deadline(c, k, i),
                               local(c, k, s->since),
                               score(c, s),
                               cli_card_entry(c, ls_account_entry(&k->account, i)),
                               amount == NULL ? what : ls_arena_format(&c->arena, "%s (%s)", what, amount)};
        cli_table_row(c, &t, cells);
    }
    if (t.rows > 0) {
        cli_print("%s\n", cli_text(c, k->charter->party[party].title));
        cli_table_print(&t);
        putchar('\n');
    }
}

static const char *scope(cli *c, const cli_card *k, const ls_suspension *s)
{
    const ls_roadmap *m = k->accord->roadmap;
    return s->measure >= 0 ? cli_text(c, m->measures[s->measure].id)
           : s->track >= 0 ? cli_text(c, m->tracks[s->track].title)
                           : "the accord";
}

/* What the accord says that a suspension does. */
static const char *effect(const ls_suspension_rule *rule)
{
    static const char *const effects[2][2] = {
        {"no deadline moves", "the others' clocks stand"},
        {"its own clocks stand", "all clocks that it covers stand"},
    };
    return effects[rule->stops_own][rule->counterpart_may_withhold];
}

static void print_suspensions(cli *c, const cli_card *k)
{
    for (size_t i = 0; i < k->state.suspension_count; i++) {
        const ls_suspension *s = &k->state.suspension[i];
        const char *party = cli_text(c, k->charter->party[s->by].title);
        if (s->until > k->query.at) {
            const char *until =
                s->until == LS_TIME_OPEN
                    ? ""
                    : ls_arena_format(&c->arena, ", until %s", ls_why_last_day(k->charter, s->until, &c->arena));
            cli_print("%s has suspended %s since %s%s; %s.\n", party, scope(c, k, s), local(c, k, s->since), until,
                      effect(&k->accord->roadmap->suspension));
        } else {
            cli_print("%s suspended %s from %s to %s.\n", party, scope(c, k, s), local(c, k, s->since),
                      ls_why_last_day(k->charter, s->until, &c->arena));
        }
    }
    if (k->state.suspension_count > 0) {
        putchar('\n');
    }
}

static void print_events(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    cli_table t = {.columns = 4, .heading = {"event", "date", "entry", "what"}};
    for (size_t i = 0; i < m->event_count; i++) {
        const ls_event_state *e = &k->state.event[i];
        const char *date = local(c, k, e->time);
        const char *when = m->events[i].to_be_agreed ? "to be agreed"
                           : e->prevented            ? "prevented"
                           : e->time == LS_TIME_OPEN ? "-"
                           : e->time > k->query.at   ? ls_arena_format(&c->arena, "%s (ahead)", date)
                                                     : date;
        const char *cells[] = {cli_text(c, m->events[i].id), when, cli_card_entry(c, e->said_by),
                               cli_text(c, m->events[i].title)};
        cli_table_row(c, &t, cells);
    }
    if (t.rows > 0) {
        cli_print("Events\n");
        cli_table_print(&t);
        putchar('\n');
    }
}

static void print_rights(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    cli_table t = {.columns = 6, .heading = {"right", "of", "used", "left", "forfeited", "what"}};
    for (size_t i = 0; i < m->right_count; i++) {
        const ls_right_state *r = &k->state.right[i];
        const char *left = r->from == LS_TIME_OPEN ? "not yet"
                                                   : ls_arena_format(&c->arena, "%u until %s", r->left,
                                                                     ls_why_deadline(k->charter, r->until, &c->arena));
        const char *cells[] = {cli_text(c, m->rights[i].id),
                               cli_text(c, k->charter->party[m->rights[i].of].name),
                               ls_arena_format(&c->arena, "%u", r->used),
                               left,
                               ls_arena_format(&c->arena, "%u", r->forfeited),
                               cli_text(c, m->rights[i].what)};
        cli_table_row(c, &t, cells);
    }
    if (t.rows > 0) {
        cli_print("Rights\n");
        cli_table_print(&t);
        putchar('\n');
    }
}

static const char *dispute_stands(cli *c, const cli_card *k, const ls_dispute_state *d)
{
    const ls_dispute *p = &k->accord->roadmap->disputes[d->procedure];
    const char *text = "";
    if (d->settled != LS_TIME_OPEN || d->exhausted != LS_TIME_OPEN) {
        bool settled = d->settled != LS_TIME_OPEN;
        return ls_arena_format(&c->arena, "%s on %s", settled ? "settled" : "exhausted",
                               local(c, k, settled ? d->settled : d->exhausted));
    }
    for (size_t i = 0; i < p->stage_count; i++) {
        const ls_stage_state *s = &d->stage[i];
        if (s->begins <= k->query.at && s->ends > k->query.at) {
            text = ls_arena_format(&c->arena, "%s%s%s until %s", text, text[0] == '\0' ? "" : "; ",
                                   cli_text(c, p->stages[i].title), ls_why_deadline(k->charter, s->ends, &c->arena));
        }
    }
    return text[0] == '\0' ? "its last stage has ended" : text;
}

static void print_disputes(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    cli_table t = {.columns = 6, .heading = {"dispute", "entry", "by", "about", "since", "stands"}};
    for (size_t i = 0; i < k->state.dispute_count; i++) {
        const ls_dispute_state *d = &k->state.dispute[i];
        const char *cells[] = {cli_text(c, m->disputes[d->procedure].id),
                               cli_card_entry(c, d->index),
                               cli_text(c, k->charter->party[d->by].name),
                               d->measure < 0 ? "-" : cli_text(c, m->measures[d->measure].id),
                               local(c, k, d->opened),
                               dispute_stands(c, k, d)};
        cli_table_row(c, &t, cells);
    }
    if (t.rows > 0) {
        cli_print("Disputes\n");
        cli_table_print(&t);
        putchar('\n');
    }
}

static void print_pledges(cli *c, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    cli_table pledges = {.columns = 3, .heading = {"pledge", "by", "what"}};
    cli_table demands = {.columns = 4, .heading = {"demand", "by", "of", "what"}};
    for (size_t i = 0; i < m->pledge_count; i++) {
        const char *cells[] = {cli_text(c, m->pledges[i].id), cli_text(c, k->charter->party[m->pledges[i].by].name),
                               cli_text(c, m->pledges[i].what)};
        cli_table_row(c, &pledges, cells);
    }
    for (size_t i = 0; i < m->demand_count; i++) {
        const char *cells[] = {cli_text(c, m->demands[i].id), cli_text(c, k->charter->party[m->demands[i].by].name),
                               cli_text(c, k->charter->party[m->demands[i].of].name), cli_text(c, m->demands[i].what)};
        cli_table_row(c, &demands, cells);
    }
    if (pledges.rows > 0) {
        cli_print("Pledges (no date, no test; never overdue)\n");
        cli_table_print(&pledges);
        putchar('\n');
    }
    if (demands.rows > 0) {
        cli_print("Demands (not accepted; never overdue)\n");
        cli_table_print(&demands);
        putchar('\n');
    }
}

static const char *standing(cli *c, const cli_card *k)
{
    const ls_accord_state *s = &k->state;
    if (s->signed_at == LS_TIME_OPEN) {
        return "never in force: it came too late";
    }
    const char *since = s->in_force <= k->query.at
                            ? ls_arena_format(&c->arena, "in force since %s", local(c, k, s->in_force))
                        : s->provisional <= k->query.at
                            ? ls_arena_format(&c->arena, "provisionally applied since %s", local(c, k, s->provisional))
                            : ls_arena_format(&c->arena, "signed on %s, not in force yet", local(c, k, s->signed_at));
    if (s->ended == LS_TIME_OPEN) {
        return since;
    }
    return ls_arena_format(&c->arena, "%s, %s on %s", since, s->ended <= k->query.at ? "ended" : "ends",
                           ls_why_deadline(k->charter, s->ended, &c->arena));
}

static ls_result print_card(cli *c, const cli_card *k)
{
    bool final = k->accord->index < ls_replica_final(c->ws.replica);
    cli_print("%s\nas of %s (%s), %s%s%s\n", cli_text(c, k->accord->roadmap->title), local(c, k, k->query.at),
              k->charter->zone.name, standing(c, k), k->accord->amends >= 0 ? ", as amended" : "",
              final ? "" : ", not final");
    if (k->query.known != k->query.at) {
        cli_print("as the record had it on %s\n", local(c, k, k->query.known));
    }
    for (size_t p = 0; p < k->charter->party_count; p++) {
        if (k->state.left[p] != LS_TIME_OPEN) {
            cli_print(k->state.left[p] > k->query.at ? "%s has given notice of withdrawal, which runs out on %s.\n"
                                                     : "%s has left the accord: its notice ran out on %s.\n",
                      cli_text(c, k->charter->party[p].title),
                      ls_why_deadline(k->charter, k->state.left[p], &c->arena));
        }
    }
    putchar('\n');
    print_suspensions(c, k);
    for (size_t p = 0; p < k->charter->party_count; p++) {
        print_side(c, k, p);
    }
    print_events(c, k);
    print_rights(c, k);
    print_disputes(c, k);
    LS_TRY(cli_card_print_inspections(c, k));
    print_pledges(c, k);
    return LS_SUCCESS;
}

/* Of the process, beside its accords: what is open in talks, and pledges and demands. */
static ls_result print_talks(cli *c, ls_time at, ls_time known)
{
    const cli_talks_filter open = {.open = true, .group = LS_NO_ENTRY}, all = {.group = LS_NO_ENTRY};
    cli_talks_filter f = open;
    cli_talks t;
    LS_TRY(cli_talks_judge(c, at, known, &t));
    f.only = "proposals";
    cli_print_talks(c, &t, &f);
    f.only = "meetings";
    cli_print_talks(c, &t, &f);
    cli_print_statements(c, &t, &all);
    return LS_SUCCESS;
}

static ls_result run_status(cli *c)
{
    ls_time at, known;
    size_t *accords, count;
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(cli_card_accords(c, at, known, &accords, &count));
    if (c->json) {
        return cli_print_status_json(c, at, known, accords, count);
    }
    cli_mark(c, ls_record_charter(c->ws.record)->exercise);
    for (size_t i = 0; i < count; i++) {
        cli_card k;
        LS_TRY(cli_card_judge(c, accords[i], at, known, &k));
        LS_TRY(print_card(c, &k));
    }
    if (count == 0) {
        cli_print(ls_record_accord_count(c->ws.record) == 0 ? "No accord is on the record yet.\n"
                                                            : "No accord was signed by then.\n");
    }
    LS_TRY(print_talks(c, at, known));
    cli_quorum_state q;
    cli_quorum(c, &q);
    cli_print_quorum(&q);
    return LS_SUCCESS;
}

const cli_verb cli_verb_status = {
    "status",
    "",
    "the scorecard: every measure of every side",
    "Replays the record and shows for each measure its state (pending, due, begun, performed, confirmed, disputed,\n"
    "overdue, kept, breached, reversed, called off, ended), its deadline, since when, the 0-3 scale of the Kroc\n"
    "matrix (* an assessment), and the entry that made it so; then events, rights, disputes, and apart from all that\n"
    "pledges and demands, those of the accord and those of talks; and what is open in talks. Days are those of the "
    "charter's zone. --at and --as-known ask both questions: what was so\n"
    "then, and what did the record say of it at that time.",
    "  lockstep -C usa status\n  lockstep -C usa status --at 2018-11-30 --as-known 2018-12-31",
    0,
    0,
    {CLI_OPTIONS_TIMES, {0}},
    run_status};
