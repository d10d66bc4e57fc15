/* status: the scorecard of all sides, from the record and a time. */
#include "cli/cli.h"
#include <stdio.h>
#include <stdlib.h>

#define SUSPENSIONS_MAX 64

/* One accord, judged. */
typedef struct card {
    const ls_accord *accord;
    const ls_charter *charter;
    ls_time now, in_force;
    ls_measure_state *state; /* of each measure */
    size_t suspension_count;
    ls_suspension suspension[SUSPENSIONS_MAX];
} card;

static ls_result judge(cli *c, size_t index, ls_time now, card *out)
{
    const ls_accord *a = ls_record_accord(c->ws.record, index);
    ls_record_entry entry = ls_record_at(c->ws.record, a->index);
    ls_time in_force = entry.time == LS_TIME_OPEN ? now : entry.time;
    /* One that came too late never is, nor is any under a charter that came too late. */
    in_force = entry.lapsed || ls_record_at(c->ws.record, 0).lapsed ? LS_TIME_OPEN : in_force;
    *out = (card){.accord = a, .charter = ls_record_charter(c->ws.record), .now = now, .in_force = in_force};
    out->state = ls_arena_array(&c->arena, a->roadmap->measure_count + 1, sizeof *out->state);
    if (out->state == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_facts facts = ls_record_facts(c->ws.record, index);
    LS_TRY(ls_state_eval(a->roadmap, out->charter, out->in_force, &facts, now, out->state));
    size_t all = ls_state_suspensions(&facts, now, out->suspension, SUSPENSIONS_MAX);
    out->suspension_count = all < SUSPENSIONS_MAX ? all : SUSPENSIONS_MAX;
    return LS_SUCCESS;
}

/* Times as the process's zone shows them. */
static const char *local(cli *c, const ls_charter *charter, ls_time t)
{
    char date[LS_DATE_SIZE];
    if (t == LS_TIME_OPEN) {
        return "-";
    }
    /* A deadline at the end of a day is that day's, not the next one's first moment. */
    ls_date_format(ls_zone_date(&charter->zone, t), date);
    return cli_text(c, ls_bytes_str(date));
}

static const char *deadline(cli *c, const card *k, const ls_measure_state *s)
{
    return s->has_deadline ? local(c, k->charter, s->deadline - 1) : "-";
}

/* Whether the entries that made the state are under a final checkpoint. */
static bool is_final(const cli *c, const ls_measure_state *s)
{
    uint64_t final = ls_replica_final(c->ws.replica);
    return (s->performed_by == LS_NO_ENTRY || s->performed_by < final) &&
           (s->answered_by == LS_NO_ENTRY || s->answered_by < final);
}

static const char *state_text(cli *c, const ls_measure_state *s)
{
    return ls_arena_format(&c->arena, "%s%s%s%s%s", ls_state_name(s->state), s->early ? ", early" : "",
                           s->late ? ", late" : "", s->suspended ? ", suspended" : "",
                           is_final(c, s) ? "" : ", not final");
}

/* The entry that made the state, as its number. */
static const char *entry_of(cli *c, const ls_measure_state *s)
{
    uint32_t index = s->answered_by != LS_NO_ENTRY ? s->answered_by : s->performed_by;
    return index == LS_NO_ENTRY ? "-" : ls_arena_format(&c->arena, "%u", index);
}

static void print_side(cli *c, const card *k, size_t party)
{
    const ls_roadmap *m = k->accord->roadmap;
    cli_table t = {.columns = 6, .heading = {"measure", "state", "deadline", "since", "entry", "what"}};
    for (size_t i = 0; i < m->measure_count; i++) {
        if (m->measures[i].by != party) {
            continue;
        }
        const ls_measure_state *s = &k->state[i];
        const char *cells[] = {cli_text(c, m->measures[i].id), state_text(c, s), deadline(c, k, s),
                               local(c, k->charter, s->since), entry_of(c, s),   cli_text(c, m->measures[i].what)};
        cli_table_row(c, &t, cells);
    }
    if (t.rows > 0) {
        cli_print("%s\n", cli_text(c, k->charter->party[party].title));
        cli_table_print(&t);
        putchar('\n');
    }
}

static void print_suspensions(cli *c, const card *k)
{
    for (size_t i = 0; i < k->suspension_count; i++) {
        const ls_suspension *s = &k->suspension[i];
        const char *party = cli_text(c, k->charter->party[s->by].title);
        const char *scope = s->track < 0 ? "the accord" : cli_text(c, k->accord->roadmap->tracks[s->track].title);
        if (s->until == LS_TIME_OPEN) {
            cli_print("%s has suspended %s since %s; no deadline moves.\n", party, scope,
                      local(c, k->charter, s->since));
        } else {
            cli_print("%s suspended %s from %s to %s.\n", party, scope, local(c, k->charter, s->since),
                      local(c, k->charter, s->until));
        }
    }
    if (k->suspension_count > 0) {
        putchar('\n');
    }
}

static void print_pledges(cli *c, const card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    if (m->pledge_count == 0) {
        return;
    }
    cli_print("Pledges (no date, no test; never overdue)\n");
    cli_table t = {.columns = 3, .heading = {"pledge", "by", "what"}};
    for (size_t i = 0; i < m->pledge_count; i++) {
        const char *cells[] = {cli_text(c, m->pledges[i].id), cli_text(c, k->charter->party[m->pledges[i].by].name),
                               cli_text(c, m->pledges[i].what)};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
    putchar('\n');
}

static void print_card(cli *c, const card *k)
{
    bool late = k->in_force == LS_TIME_OPEN;
    bool final = k->accord->index < ls_replica_final(c->ws.replica);
    cli_print("%s\nas of %s (%s), %s%s%s\n\n", cli_text(c, k->accord->roadmap->title), local(c, k->charter, k->now),
              k->charter->zone.name, late ? "never in force: it came too late" : "in force since ",
              late ? "" : local(c, k->charter, k->in_force), final ? "" : ", not final");
    print_suspensions(c, k);
    for (size_t p = 0; p < k->charter->party_count; p++) {
        print_side(c, k, p);
    }
    print_pledges(c, k);
}

static json_t *act_json(cli *c, uint32_t index)
{
    if (index == LS_NO_ENTRY) {
        return json_null();
    }
    ls_record_entry e = ls_record_at(c->ws.record, index);
    return cli_json_hash(&e.id);
}

static json_t *measure_json(cli *c, const card *k, size_t i)
{
    const ls_measure *m = &k->accord->roadmap->measures[i];
    const ls_measure_state *s = &k->state[i];
    json_t *o = json_pack("{s:s, s:s, s:s, s:s, s:b, s:b, s:b}", "measure", cli_text(c, m->id), "by",
                          cli_text(c, k->charter->party[m->by].name), "what", cli_text(c, m->what), "state",
                          ls_state_name(s->state), "early", s->early, "late", s->late, "suspended", s->suspended);
    json_object_set_new(o, "since", cli_json_time(s->since));
    json_object_set_new(o, "deadline", s->has_deadline ? cli_json_time(s->deadline) : json_null());
    json_object_set_new(o, "performed_by", act_json(c, s->performed_by));
    json_object_set_new(o, "answered_by", act_json(c, s->answered_by));
    json_object_set_new(o, "final", json_boolean(is_final(c, s)));
    return o;
}

static json_t *card_json(cli *c, const card *k)
{
    json_t *measures = json_array(), *suspensions = json_array();
    for (size_t i = 0; i < k->accord->roadmap->measure_count; i++) {
        json_array_append_new(measures, measure_json(c, k, i));
    }
    for (size_t i = 0; i < k->suspension_count; i++) {
        const ls_suspension *s = &k->suspension[i];
        json_array_append_new(suspensions, json_pack("{s:o, s:s, s:o, s:o}", "act", act_json(c, s->index), "by",
                                                     cli_text(c, k->charter->party[s->by].name), "since",
                                                     cli_json_time(s->since), "until", cli_json_time(s->until)));
    }
    return json_pack("{s:o, s:s, s:o, s:o, s:o}", "accord", cli_json_hash(&k->accord->id), "title",
                     cli_text(c, k->accord->roadmap->title), "in_force", cli_json_time(k->in_force), "measures",
                     measures, "suspensions", suspensions);
}

static ls_result print_json(cli *c, ls_time now, size_t first, size_t end)
{
    json_t *accords = json_array();
    for (size_t i = first; i < end; i++) {
        card k;
        LS_TRY(judge(c, i, now, &k));
        json_array_append_new(accords, card_json(c, &k));
    }
    cli_quorum_state q;
    cli_quorum(c, &q);
    return cli_print_json(c, c->ws.exercise,
                          json_pack("{s:o, s:o, s:b, s:I, s:I, s:b, s:s, s:o}", "process",
                                    cli_json_hash(&c->ws.process), "as_of", cli_json_time(now), "reached",
                                    c->ws.ledger != NULL && !c->ws.offline, "entries",
                                    (json_int_t)ls_record_size(c->ws.record), "final_entries", (json_int_t)q.final,
                                    "stalled", q.stalled, "lacks", q.missing, "accords", accords));
}

/* With a quorum only the record's own clock counts, which stands still while the quorum does. */
static ls_result judging_time(cli *c, ls_time *out)
{
    ls_time stamped = ls_record_time(c->ws.record);
    if (!ls_record_charter(c->ws.record)->quorum_none && stamped > 0) {
        *out = stamped;
        return LS_SUCCESS;
    }
    return ls_workspace_now(&c->ws, out, &c->detail);
}

static ls_result run_status(cli *c)
{
    ls_time now;
    LS_TRY(cli_sync(c));
    if (ls_record_charter(c->ws.record) == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    LS_TRY(judging_time(c, &now));
    size_t first = 0, end = ls_record_accord_count(c->ws.record);
    if (cli_value(c, "accord") != NULL) {
        int chosen;
        LS_TRY(cli_find_accord(c, &chosen));
        first = (size_t)chosen;
        end = first + 1;
    }
    if (c->json) {
        return print_json(c, now, first, end);
    }
    cli_mark(c, ls_record_charter(c->ws.record)->exercise);
    for (size_t i = first; i < end; i++) {
        card k;
        LS_TRY(judge(c, i, now, &k));
        print_card(c, &k);
    }
    if (ls_record_accord_count(c->ws.record) == 0) {
        cli_print("No accord is on the record yet.\n");
    }
    cli_quorum_state q;
    cli_quorum(c, &q);
    cli_print_quorum(&q);
    return LS_SUCCESS;
}

const cli_verb cli_verb_status = {
    "status",
    "",
    "the scorecard: every measure of every side",
    "Replays the record and shows for each measure its state (pending, due, performed, confirmed, disputed, overdue),\n"
    "its deadline, since when, and the entry that made it so. Days are those of the charter's zone.",
    "  lockstep -C usa status",
    0,
    0,
    {{0}},
    run_status};
