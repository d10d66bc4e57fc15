/* explain, of an event: when it happens, by which rule, and who has said so. */
#include "cli/explain.h"
#include <stdio.h>

static json_t *event_json(cli *c, const cli_card *k, size_t index)
{
    const ls_event *e = &k->accord->roadmap->events[index];
    const ls_event_state *s = &k->state.event[index];
    json_t *o = json_pack("{s:o, s:o, s:o, s:b, s:b, s:o, s:o, s:o}", "event", cli_json_bytes(e->id), "title",
                          cli_json_bytes(e->title), "time", cli_json_time(s->time), "happened", s->time <= k->query.at,
                          "prevented", s->prevented, "when", cli_json_bytes(e->when.text), "unless",
                          cli_json_bytes(e->unless.text), "silent_until", cli_json_time(s->silent_until));
    json_object_set_new(o, "accord", cli_json_hash(&k->accord->id));
    json_object_set_new(o, "accord_entry", json_integer((json_int_t)k->accord->index));
    json_object_set_new(o, "to_be_agreed", json_boolean(e->to_be_agreed));
    json_object_set_new(o, "attested_by", cli_card_parties_json(k->charter, e->attested_by));
    json_object_set_new(o, "attested", cli_card_parties_json(k->charter, s->attested));
    json_object_set_new(o, "act", cli_card_act_json(c, s->said_by));
    json_object_set_new(o, "entries", json_string(cli_explain_through(c, k, &e->when, true)));
    json_object_set_new(o, "changes", cli_explain_changes_json(c, k, CLI_EVENT, index));
    return o;
}

static const char *in_entries(cli *c, const cli_card *k, const ls_moment *m, bool partly)
{
    const char *through = cli_explain_through(c, k, m, partly);
    return through[0] == '-'
               ? ""
               : ls_arena_format(&c->arena, ", by %s %s", strchr(through, ',') == NULL ? "entry" : "entries", through);
}

static void print_unless(cli *c, const cli_card *k, const ls_event *e, const ls_event_state *s)
{
    bool known = s->silent_until != LS_TIME_OPEN;
    cli_print("It happens unless this comes by the deadline: %s\n", cli_text(c, e->unless.text));
    cli_print("  so far: %s%s\n", cli_explain_came(c, k, ls_state_moment(&k->query, &k->state, &e->unless, false)),
              in_entries(c, k, &e->unless, false));
    cli_print("  the deadline is %s: ", cli_text(c, e->when.text));
    if (known) {
        cli_print("%s, with the grace until %s%s\n", ls_why_deadline(k->charter, s->silent_until, &c->arena),
                  ls_why_deadline(k->charter, s->silent_until + k->charter->grace, &c->arena),
                  in_entries(c, k, &e->when, true));
    } else {
        cli_print("not known yet\n");
    }
}

static void print_rule(cli *c, const cli_card *k, const ls_event *e, const ls_event_state *s)
{
    if (e->attested_by != 0) {
        cli_print("It happens when all of these have said so: %s\n",
                  ls_why_parties(k->charter, e->attested_by, &c->arena));
        cli_print("  so far: %s%s\n", s->attested == 0 ? "nobody" : ls_why_parties(k->charter, s->attested, &c->arena),
                  s->said_by == LS_NO_ENTRY ? "" : ls_arena_format(&c->arena, ", last in entry %u", s->said_by));
        if (s->amount != LS_QUANTITY_NONE) {
            cli_print("  the amount that was stated: %s\n", ls_why_quantity(s->amount, &c->arena));
        }
    } else if (e->to_be_agreed) {
        cli_print("Its content is still to be agreed: only an amendment of the accord lets it happen.\n");
    } else if (e->unless.count > 0) {
        print_unless(c, k, e, s);
    } else {
        cli_print("It happens: %s\n  so far: %s%s\n", cli_text(c, e->when.text), cli_explain_came(c, k, s->time),
                  in_entries(c, k, &e->when, true));
    }
}

ls_result cli_explain_event(cli *c, ls_time at, ls_time known)
{
    cli_card k;
    size_t index;
    bool any;
    LS_TRY(cli_card_of(c, CLI_EVENT, c->argument[0], at, known, &k, &index));
    const ls_event *e = &k.accord->roadmap->events[index];
    const ls_event_state *s = &k.state.event[index];
    if (c->json) {
        return cli_print_json(c, c->ws.exercise, event_json(c, &k, index));
    }
    cli_mark(c, k.charter->exercise);
    cli_print("%s: %s\n", cli_text(c, e->id), cli_text(c, e->title));
    cli_print("%s; accord in entry %llu\n\n", s->prevented ? "prevented" : cli_explain_came(c, &k, s->time),
              (unsigned long long)k.accord->index);
    print_rule(c, &k, e, s);
    putchar('\n');
    LS_TRY(cli_explain_changes(c, &k, CLI_EVENT, index, &any));
    if (!any) {
        cli_print("Nobody can change it now: it follows from %s.\n",
                  s->time <= k.query.at || s->prevented ? "what has happened" : "what it waits for");
    }
    return LS_SUCCESS;
}
