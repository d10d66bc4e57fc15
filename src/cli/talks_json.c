/* Talks for programs. */
#include "cli/scorecard.h"
#include "cli/talking.h"

static json_t *set_json(const cli_talks *t, ls_parties set)
{
    return cli_card_parties_json(t->charter, set);
}

static json_t *entry_json(const ls_talk *t)
{
    return t == NULL ? json_null() : json_integer((json_int_t)t->index);
}

static json_t *day_json(int32_t day)
{
    char text[LS_DATE_SIZE];
    if (day == LS_NO_DAY) {
        return json_null();
    }
    ls_date_format(ls_date_from_days(day), text);
    return json_string(text);
}

static json_t *party_json(cli *c, uint8_t party)
{
    return party < LS_PARTIES_MAX ? json_string(cli_party_name(c, party)) : json_null();
}

/* What all have in common: the act that began it. */
static json_t *began_json(cli *c, const cli_talks *t, const ls_talk *f)
{
    json_t *o = json_pack("{s:o, s:o, s:o, s:o, s:s}", "entry", entry_json(f), "act", cli_card_act_json(c, f->index),
                          "by", f->by == LS_TALK_JOINT ? set_json(t, f->to) : party_json(c, f->by), "to",
                          set_json(t, f->by == LS_TALK_JOINT ? 0 : f->to), "words", cli_talk_words(c, f->index));
    if (f->name.len > 0) {
        json_object_set_new(o, "name", cli_json_bytes(f->name));
    }
    return o;
}

static void put(json_t *o, const char *key, json_t *value)
{
    json_object_set_new(o, key, value);
}

static json_t *letters_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->state.letter_count; i++) {
        const ls_letter_state *x = &t->state.letter[i];
        if (cli_talks_fits(f, x->letter, x->replies == 0)) {
            json_t *o = began_json(c, t, x->letter);
            put(o, "sent", cli_json_time(x->sent));
            put(o, "answers", entry_json(x->answers));
            put(o, "thread", entry_json(x->thread));
            put(o, "replies", json_integer(x->replies));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *proposals_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->state.proposal_count; i++) {
        const ls_proposal_state *x = &t->state.proposal[i];
        if (cli_talks_fits(f, x->proposal, x->deadline != LS_TIME_OPEN)) {
            json_t *o = began_json(c, t, x->proposal);
            put(o, "stage", json_string(ls_proposal_stage_name(x->stage)));
            put(o, "since", cli_json_time(x->since));
            put(o, "until", cli_json_time(x->proposal->until));
            put(o, "accepted", set_json(t, x->accepted));
            put(o, "declined", set_json(t, x->declined));
            put(o, "countered", set_json(t, x->countered));
            put(o, "awaited", set_json(t, x->awaited));
            put(o, "late", set_json(t, x->late));
            put(o, "counter", entry_json(x->counter));
            put(o, "appointment", entry_json(x->appointment));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *agenda_json(cli *c, const ls_agenda *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->count; i++) {
        const ls_agenda_item *x = &a->item[i];
        json_array_append_new(list,
                              json_pack("{s:o, s:s, s:o, s:s, s:o, s:o, s:s}", "item", cli_json_bytes(x->latest->name),
                                        "is", ls_agenda_word_name(x->latest->word), "since", cli_json_time(x->since),
                                        "by", cli_talk_by(c, x->latest), "first", entry_json(x->first), "entry",
                                        entry_json(x->latest), "words", cli_talk_words(c, x->latest->index)));
    }
    return list;
}

static json_t *held_json(cli *c, const ls_meeting_state *m)
{
    json_t *list = json_array();
    for (size_t i = 0; i < m->held_count; i++) {
        json_array_append_new(list, json_pack("{s:s, s:o, s:o, s:s}", "by", cli_talk_by(c, m->held[i]), "date",
                                              day_json(m->held[i]->day), "entry", entry_json(m->held[i]), "words",
                                              cli_talk_words(c, m->held[i]->index)));
    }
    return list;
}

json_t *cli_meeting_json(cli *c, const cli_talks *t, const ls_meeting_state *m)
{
    const char *venue = cli_talk_header(c, m->dated_by->index, LS_H_VENUE);
    json_t *o = began_json(c, t, m->meeting);
    put(o, "of", set_json(t, ls_talk_involved(m->meeting)));
    put(o, "stage", json_string(ls_meeting_stage_name(m->stage)));
    put(o, "since", cli_json_time(m->since));
    put(o, "until", cli_json_time(m->deadline));
    put(o, "date", day_json(m->due));
    put(o, "venue", json_string(venue[0] != '\0' ? venue : cli_talk_header(c, m->meeting->index, LS_H_VENUE)));
    put(o, "accepted", set_json(t, m->accepted));
    put(o, "declined", set_json(t, m->declined));
    put(o, "awaited", set_json(t, m->awaited));
    put(o, "late", set_json(t, m->late));
    put(o, "unaware", set_json(t, m->unaware));
    put(o, "postponed", entry_json(m->postponed));
    put(o, "called_off", entry_json(m->cancelled));
    put(o, "called_off_by", set_json(t, m->cancelled_by));
    put(o, "held_by", set_json(t, m->held_by));
    put(o, "held", held_json(c, m));
    put(o, "minutes", entry_json(m->minutes));
    put(o, "disputed", json_boolean(m->disputed));
    put(o, "replaced_by", entry_json(m->replaced_by));
    put(o, "readouts", json_integer(m->readouts));
    put(o, "group", m->group == LS_NO_GROUP ? json_null() : cli_json_bytes(t->state.group[m->group].group->name));
    put(o, "agenda", agenda_json(c, &m->agenda));
    return o;
}

static bool is_ahead(const ls_meeting_state *m)
{
    return m->stage == LS_MEETING_PLANNED || m->stage == LS_MEETING_CONFIRMED || m->stage == LS_MEETING_DECLINED ||
           m->stage == LS_MEETING_POSTPONED;
}

static json_t *meetings_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->state.meeting_count; i++) {
        const ls_meeting_state *m = &t->state.meeting[i];
        if (cli_talks_fits(f, m->meeting, is_ahead(m))) {
            json_array_append_new(list, cli_meeting_json(c, t, m));
        }
    }
    return list;
}

static json_t *seats_json(cli *c, const ls_group_state *g)
{
    json_t *list = json_array();
    for (size_t i = 0; i < g->seat_count; i++) {
        const ls_seat *s = &g->seat[i];
        json_array_append_new(list, json_pack("{s:o, s:b, s:o, s:s}", "party", party_json(c, s->party), "left", s->left,
                                              "since", cli_json_time(s->since), "members",
                                              cli_talk_header(c, s->named_by->index, LS_H_MEMBERS)));
    }
    return list;
}

static json_t *reports_json(cli *c, const cli_talks *t, const ls_group_state *g)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->state.group_report_count; i++) {
        const ls_group_report_state *x = &t->state.group_report[i];
        if (&t->state.group[x->group] == g) {
            json_t *o = began_json(c, t, x->report);
            put(o, "withdrawn", json_boolean(x->withdrawn));
            json_array_append_new(list, o);
        }
    }
    return list;
}

/* Without what is listed elsewhere: there may be very many of each. */
static json_t *group_json(cli *c, const cli_talks *t, const ls_group_state *g)
{
    json_t *o = began_json(c, t, g->group);
    put(o, "since", cli_json_time(g->since));
    put(o, "track", json_string(cli_talk_header(c, g->group->index, LS_H_TRACK)));
    put(o, "members", set_json(t, g->members));
    put(o, "left", set_json(t, g->left));
    put(o, "invited", set_json(t, g->invited));
    put(o, "refused", set_json(t, ls_group_refused(g)));
    put(o, "seats", seats_json(c, g));
    put(o, "agenda", agenda_json(c, &g->agenda));
    put(o, "meeting_count", json_integer(g->meetings));
    put(o, "report_count", json_integer(g->reports));
    return o;
}

json_t *cli_group_json(cli *c, const cli_talks *t, const ls_group_state *g)
{
    const cli_talks_filter its = {.group = g->group->index};
    json_t *o = group_json(c, t, g);
    put(o, "meetings", meetings_json(c, t, &its));
    put(o, "reports", reports_json(c, t, g));
    return o;
}

static json_t *groups_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->state.group_count; i++) {
        if (cli_talks_fits(f, t->state.group[i].group, t->state.group[i].members != 0)) {
            json_array_append_new(list, group_json(c, t, &t->state.group[i]));
        }
    }
    return list;
}

json_t *cli_statements_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->state.statement_count; i++) {
        const ls_statement_state *x = &t->state.statement[i];
        if (cli_talks_fits(f, x->said, x->stage == LS_STATEMENT_STANDING)) {
            json_t *o = began_json(c, t, x->said);
            put(o, "kind", json_string(cli_talk_kind(x->said)));
            put(o, "of", party_json(c, x->said->of));
            put(o, "stage", json_string(ls_statement_stage_name(x->stage)));
            put(o, "since", cli_json_time(x->since));
            put(o, "until", cli_json_time(x->said->until));
            put(o, "source", x->said->ref == LS_NO_ENTRY ? json_null() : json_integer((json_int_t)x->said->ref));
            put(o, "measure", x->redeemed_by == NULL ? json_null() : cli_json_bytes(x->redeemed_by->measure));
            put(o, "redeemed_by", entry_json(x->redeemed_by));
            put(o, "late", json_boolean(x->late));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *debriefings_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->state.debriefing_count; i++) {
        const ls_debriefing_state *x = &t->state.debriefing[i];
        if (cli_talks_fits(f, x->debriefing, !x->withdrawn)) {
            json_t *o = began_json(c, t, x->debriefing);
            put(o, "told", cli_json_time(x->told));
            put(o, "of", party_json(c, x->debriefing->of));
            put(o, "about", entry_json(x->subject));
            put(o, "pass_to", set_json(t, x->debriefing->pass_to));
            put(o, "pass_public", json_boolean(x->debriefing->pass_public));
            put(o, "withdrawn", json_boolean(x->withdrawn));
            put(o, "untold", json_boolean(x->untold));
            put(o, "told_beyond", set_json(t, x->beyond));
            put(o, "pass_beyond", set_json(t, x->pass_beyond));
            put(o, "public_beyond", json_boolean(x->public_beyond));
            put(o, "against", entry_json(x->against));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *listed_json(cli *c, const cli_talks *t, const cli_talks_filter *f, const ls_listed *all, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        if (cli_talks_fits(f, all[i].said, !all[i].withdrawn)) {
            json_t *o = began_json(c, t, all[i].said);
            put(o, "about", all[i].said->ref == LS_NO_ENTRY ? json_null() : json_integer((json_int_t)all[i].said->ref));
            put(o, "withdrawn", json_boolean(all[i].withdrawn));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *texts_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    return listed_json(c, t, f, t->state.text, t->state.text_count);
}

static json_t *searches_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    json_t *list = json_array();
    for (size_t i = 0; i < t->search_count; i++) {
        const ls_schedule_state *x = &t->search[i];
        if (cli_talks_fits(f, x->search, x->deadline != LS_TIME_OPEN)) {
            json_t *o = began_json(c, t, x->search);
            const char *blame = cli_search_blame(c, x);
            put(o, "about", x->search->ref == LS_NO_ENTRY ? json_null() : json_integer((json_int_t)x->search->ref));
            put(o, "stage", json_string(ls_schedule_stage_name(x->stage)));
            put(o, "since", cli_json_time(x->since));
            put(o, "until", cli_json_time(x->deadline));
            put(o, "awaited", set_json(t, x->awaited));
            put(o, "silent", set_json(t, x->silent));
            put(o, "default", blame == NULL ? json_null() : json_string(blame));
            put(o, "meeting", entry_json(x->meeting));
            json_array_append_new(list, o);
        }
    }
    return list;
}

static json_t *readouts_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    return listed_json(c, t, f, t->state.readout, t->state.readout_count);
}

json_t *cli_talks_json(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    static json_t *(*const lists[])(cli *, const cli_talks *, const cli_talks_filter *) = {
        letters_json,     proposals_json, meetings_json, groups_json,  cli_statements_json,
        debriefings_json, texts_json,     searches_json, readouts_json};
    json_t *o = json_object();
    for (size_t i = 0; cli_talks_sections[i] != NULL; i++) {
        if (cli_talks_shows(f, cli_talks_sections[i])) {
            put(o, cli_talks_sections[i], lists[i](c, t, f));
        }
    }
    return o;
}
