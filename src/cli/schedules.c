/* Private searches: found, judged, and read as far as this workspace has them. */
#include "cli/schedules.h"
#include "workspace/mail.h"

const ls_fault ls_fault_search = {LS_CLASS_INVALID, "search", "the other side did not do what it had to"};

ls_result cli_search_judge(cli *c, ls_time at, ls_time known, cli_search *out)
{
    *out = (cli_search){.report = {.arena = &c->arena}};
    out->facts = ls_record_talks(c->ws.record);
    out->query = (ls_talks_query){at, known, ls_record_charter(c->ws.record), &out->facts};
    return ls_schedules_eval(&out->query, &c->arena, &out->all, &out->count);
}

/* The only one that awaits this party; or the last. */
static const ls_schedule_state *find_own(cli *c, const cli_search *x)
{
    const ls_schedule_state *found = NULL;
    size_t me = cli_own_party(c), waiting = 0;
    for (size_t i = 0; i < x->count; i++) {
        if ((x->all[i].awaited & LS_PARTY_BIT(me)) != 0) {
            found = &x->all[i];
            waiting++;
        }
    }
    return waiting == 1 ? found : x->count > 0 ? &x->all[x->count - 1] : NULL;
}

ls_result cli_search_find(cli *c, cli_search *out)
{
    const ls_talk *search;
    if (c->argument_count == 0) {
        out->state = find_own(c, out);
    } else {
        LS_TRY(cli_find_talk(c, CLI_TALK(SCHEDULE), c->argument[0], "a private search", &search));
        out->state = ls_schedule_of(out->all, out->count, search->index);
    }
    if (out->state != NULL) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "lockstep schedule open opens one");
    return ls_fail_with(&ls_fault_usage, &c->detail,
                        c->argument_count == 0 ? "there is no private search on the record"
                                               : "this search has no effect, or had none by then");
}

/* A list that is none is its author's doing. */
static ls_result read_search(cli *c, cli_search *x)
{
    ls_result r = ls_search_read(&c->ws, x->state, &c->arena, &x->search, &c->detail);
    if (r.fault == &ls_fault_psi_options || r.fault == &ls_fault_json) {
        const char *why = ls_arena_format(&c->arena, "%s", c->detail.text);
        ls_hint(&c->detail, "open another search");
        return ls_fail_with(r.fault, &c->detail, "%s gave no list of options: %s",
                            cli_party_name(c, x->state->search->by), why == NULL ? "" : why);
    }
    return r;
}

ls_result cli_search_begin(cli *c, cli_search *out)
{
    ls_time now;
    *out = (cli_search){0};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_judging_time(c, &now));
    LS_TRY(cli_search_judge(c, now, now, out));
    LS_TRY(cli_search_find(c, out));
    return read_search(c, out);
}

/* There is something to be told of it. */
static bool has_points(const ls_schedule_state *s)
{
    return s->step[0][LS_SEARCH_POINTS] != NULL || s->step[1][LS_SEARCH_POINTS] != NULL;
}

static ls_result open_own(cli *c, cli_search *x, bool needed)
{
    const ls_search *s = &x->search;
    const ls_talk *committed = s->side < LS_SEARCH_SIDES ? x->state->step[s->side][LS_SEARCH_LIST] : NULL;
    bool kept = committed != NULL && ls_search_kept(&c->ws, &committed->value);
    return needed || (kept && has_points(x->state)) ? ls_search_own_open(&c->ws, s, &x->own, &c->detail) : LS_SUCCESS;
}

ls_result cli_search_examine(cli *c, cli_search *x, bool needed)
{
    unsigned opened;
    LS_TRY(ls_mail_open(&c->ws, &opened, &x->closed, &c->detail));
    LS_TRY(open_own(c, x, needed));
    return ls_search_examine(&c->ws, &x->search, x->own, &x->files, &x->secret, &x->report, &x->seen);
}

void cli_search_end(cli_search *x)
{
    ls_search_own_free(x->own);
    ls_arena_wipe(&x->secret);
    x->own = NULL;
}

/* Words. */

const char *cli_side_name(cli *c, const cli_search *x, unsigned side)
{
    return cli_party_name(c, ls_schedule_party(x->state->search, side));
}

const char *cli_option_words(cli *c, const ls_psi_option *o)
{
    return o->until.len > 0 ? ls_arena_format(&c->arena, "%s to %s, %s", cli_text(c, o->date), cli_text(c, o->until),
                                              cli_text(c, o->place))
                            : ls_arena_format(&c->arena, "%s, %s", cli_text(c, o->date), cli_text(c, o->place));
}

const char *cli_search_blame(cli *c, const ls_schedule_state *s)
{
    static const char *const undone[LS_SCHEDULE_STAGES] = {
        [LS_SCHEDULE_COMMITTING] = "did not commit to a choice in time",
        [LS_SCHEDULE_SENDING] = "did not send its points in time",
        [LS_SCHEDULE_RETURNING] = "did not return the other's points in time",
        [LS_SCHEDULE_RANKING] = "did not commit to a ranking in time",
        [LS_SCHEDULE_REVEALING] = "did not reveal its ranking in time",
        [LS_SCHEDULE_SIGNING] = "did not confirm the meeting that the other side planned in time",
    };
    if (s->silent == 0 || undone[s->during] == NULL) {
        return NULL;
    }
    const char *who = ls_why_parties(ls_record_charter(c->ws.record), s->silent, &c->arena);
    bool learned = s->during == LS_SCHEDULE_RETURNING && (s->silent & s->learned) != 0;
    return ls_arena_format(&c->arena, "%s %s%s", who, undone[s->during],
                           learned ? ", after it had been sent its own" : "");
}

const char *cli_search_command(cli *c, const ls_schedule_duty *d)
{
    static const char *const more[LS_SCHEDULE_TASKS] = {
        [LS_SCHEDULE_CHOOSE] = " --mine FILE", [LS_SCHEDULE_SIGN] = " --meeting NAME"};
    return ls_arena_format(&c->arena, "%s %u%s", ls_schedule_task_verb(d->task), d->about->index,
                           more[d->task] == NULL ? "" : more[d->task]);
}

const char *cli_search_what(cli *c, const ls_schedule_duty *d)
{
    return ls_arena_format(&c->arena, "%s (search %u, opened by %s)", ls_schedule_task_words(d->task), d->about->index,
                           cli_party_name(c, d->about->by));
}

const char *cli_search_awaited(cli *c, const ls_schedule_state *s)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    if (s->awaited == 0) {
        return "";
    }
    return ls_arena_format(&c->arena, "%s until %s", ls_why_parties(charter, s->awaited, &c->arena),
                           ls_why_deadline(charter, s->deadline, &c->arena));
}
