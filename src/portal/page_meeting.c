/* A meeting: where it stands, its agenda, what was said about it, its working group, and its readouts side by side. */
#include "portal/comparison.h"
#include "portal/facts.h"

void ls_page_meeting_paths(const ls_portal *p, ls_page_paths *list)
{
    for (size_t i = 0; i < p->state->talk.meeting_count; i++) {
        ls_bytes name = p->state->talk.meeting[i].meeting->name;
        ls_page_paths_add(list, "meeting/%.*s.html", (int)name.len, (const char *)name.ptr);
    }
}

static const ls_meeting_state *find(const ls_portal_state *s, ls_bytes name)
{
    for (size_t i = 0; i < s->talk.meeting_count; i++) {
        if (ls_bytes_equal(s->talk.meeting[i].meeting->name, name)) {
            return &s->talk.meeting[i];
        }
    }
    return NULL;
}

static void put_who(ls_html *w, const char *key, ls_parties who)
{
    if (who != 0) {
        ls_html_fact(w, key, "plain", LS_WITH(ls_say_parties(who)));
    }
}

static void put_act_of(ls_html *w, const char *key, const ls_talk *t)
{
    if (t != NULL) {
        ls_html_fact(w, key, "in-act", LS_WITH(ls_say_entry(t->index)));
    }
}

/* Where it is to be: a postponement that names no place leaves it as it was. */
static ls_result put_venue(ls_html *w, const ls_meeting_state *m)
{
    ls_result r;
    const ls_act *act = ls_html_act(w, (m->dated_by != NULL ? m->dated_by : m->meeting)->index, &r);
    LS_TRY(r);
    if (!act->has[LS_H_VENUE]) {
        act = ls_html_act(w, m->meeting->index, &r);
        LS_TRY(r);
    }
    if (act->has[LS_H_VENUE]) {
        ls_html_fact_text(w, "meeting.venue", act->raw[LS_H_VENUE]);
    }
    return LS_SUCCESS;
}

static ls_result put_stand(ls_html *w, const ls_meeting_state *m)
{
    const char *stage = ls_html_named(w, "meeting", ls_meeting_stage_name(m->stage));
    ls_html_facts_open(w);
    ls_html_fact(w, "meeting.stands", "since", LS_WITH(ls_say_str(stage), ls_say_time(m->since)));
    ls_html_fact(w, "meeting.between", "plain", LS_WITH(ls_say_parties(ls_talk_involved(m->meeting))));
    if (m->due != LS_NO_DAY) {
        ls_html_fact(w, "meeting.date", "plain", LS_WITH(ls_say_day(m->due)));
    }
    LS_TRY(put_venue(w, m));
    put_who(w, "meeting.accepted-by", m->accepted);
    put_who(w, "meeting.declined-by", m->declined);
    if (m->awaited != 0 && m->deadline != LS_TIME_OPEN) {
        ls_html_fact(w, "meeting.awaited", "until", LS_WITH(ls_say_parties(m->awaited), ls_say_deadline(m->deadline)));
    } else {
        put_who(w, "meeting.awaited", m->awaited);
    }
    put_who(w, "meeting.held-by", m->held_by);
    put_who(w, "meeting.cancelled-by", m->cancelled_by);
    if (m->disputed) {
        ls_html_fact(w, "meeting.disputed", "meeting.disputed-why", NULL, 0);
    }
    put_act_of(w, "meeting.minutes", m->minutes);
    put_act_of(w, "meeting.replaced-by", m->replaced_by);
    ls_html_facts_close(w);
    return LS_SUCCESS;
}

/* Agendas, of meetings and groups. */

static ls_result put_item(ls_html *w, const ls_agenda_item *item)
{
    ls_result r;
    const ls_act *act = ls_html_act(w, item->latest->index, &r);
    LS_TRY(r);
    ls_html_statement_open(w, "tr", ls_html_format(w, "item-%u", item->first->index), NULL);
    ls_html_element(w, "th", item->first->name, "scope", "row", NULL);
    ls_html_element(w, "td", ls_bytes_str(ls_html_named(w, "agenda", ls_agenda_word_name(item->latest->word))), NULL);
    ls_html_open(w, "td", NULL);
    ls_html_date(w, item->since);
    ls_html_close(w, "td");
    ls_html_open(w, "td", "class", "lines", "dir", "auto", NULL);
    ls_html_lines(w, act->text);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_entry(w, item->latest->index);
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}

static ls_result put_agenda(ls_html *w, const char *anchor, const ls_agenda *a)
{
    static const char *const columns[] = {"agenda.item",  "agenda.stands", "agenda.since",
                                          "agenda.words", "record.entry",  NULL};
    if (a->count == 0) {
        return LS_SUCCESS;
    }
    ls_html_heading(w, 2, anchor, "meeting.agenda");
    ls_html_table_open(w, "agenda", "meeting.agenda", columns);
    for (size_t i = 0; i < a->count; i++) {
        LS_TRY(put_item(w, &a->item[i]));
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

/* Everything that was said about it, what began it first. */
static ls_result put_acts(ls_html *w, const ls_talk *about, const char *anchor, const char *caption)
{
    ls_reading reading;
    ls_talks all = w->portal->state->talks;
    ls_html_reading(w, &reading);
    ls_html_heading(w, 2, anchor, caption);
    ls_html_table_open(w, "acts", caption, ls_portal_put_act_columns);
    for (size_t i = 0; i < all.count; i++) {
        const ls_talk *t = &all.fact[i];
        if ((t == about || t->ref == about->index) && ls_reading_counts(&reading, t)) {
            LS_TRY(ls_portal_put_act_row(w, t->index));
        }
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

/* Its working group. */

static ls_result put_group(ls_html *w, const ls_group_state *g)
{
    ls_html_heading(w, 2, "group", "meeting.group");
    ls_html_facts_open(w);
    ls_html_fact_text(w, "group.name", g->group->name);
    ls_html_fact(w, "group.members", "plain", LS_WITH(ls_say_parties(g->members)));
    put_who(w, "group.invited", g->invited);
    put_who(w, "group.left", g->left);
    ls_html_facts_close(w);
    LS_TRY(put_agenda(w, "group-agenda", &g->agenda));
    return put_acts(w, g->group, "group-acts", "group.acts");
}

ls_result ls_page_meeting(ls_html *w, ls_bytes name, const char **title)
{
    const ls_portal_state *s = w->portal->state;
    const ls_meeting_state *m = find(s, name);
    if (m == NULL) {
        return ls_fail(&ls_fault_absent);
    }
    ls_page_title(w, ls_html_cstr(w, name), title);
    LS_TRY(put_stand(w, m));
    LS_TRY(put_agenda(w, "agenda", &m->agenda));
    LS_TRY(put_acts(w, m->meeting, "acts", "meeting.acts"));
    LS_TRY(ls_html_comparison(w, m->meeting));
    return m->group == LS_NO_GROUP ? LS_SUCCESS : put_group(w, &s->talk.group[m->group]);
}
