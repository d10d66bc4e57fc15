/* The overview: in plain words what the process is, where it stands, what is due next, and what was done last. */
#include "portal/acts.h"
#include "portal/put.h"

static ls_parties in_role(const ls_charter *c, ls_role role)
{
    ls_parties set = 0;
    for (size_t p = 0; p < c->party_count; p++) {
        set |= c->party[p].role == role ? LS_PARTY_BIT(p) : 0;
    }
    return set;
}

/* Each by its full name, and the short one that stands everywhere else. */
static void put_by_title(ls_html *w, ls_parties set)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    bool first = true;
    for (size_t p = 0; p < c->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            ls_html_str(w, first ? "" : ", ");
            ls_html_text(w, c->party[p].title);
            ls_html_str(w, " ");
            ls_html_party(w, p);
            first = false;
        }
    }
}

/* "A process between: …. Mediating: …." */
static void put_lead(ls_html *w)
{
    static const char *const roles[] = {"overview.between", "overview.mediates", "overview.inspects",
                                        "overview.observes"};
    const ls_charter *c = ls_record_charter(w->portal->record);
    ls_html_statement_open(w, "p", "lead", "class", "lead", NULL);
    for (ls_role role = LS_ROLE_PARTY; role <= LS_ROLE_OBSERVER; role++) {
        ls_parties set = in_role(c, role);
        if (set != 0) {
            ls_html_word_in(w, "span", roles[role]);
            ls_html_str(w, " ");
            put_by_title(w, set);
            ls_html_str(w, ". ");
        }
    }
    ls_html_say(w, "overview.record",
                LS_WITH(ls_say_number(w->portal->acts->listed_count), ls_say_time(ls_record_time(w->portal->record)),
                        ls_say_link("record.html", ls_bytes_str(ls_html_word(w, "nav.record")))));
    ls_html_close(w, "p");
    ls_html_newline(w);
    if (c->exercise) {
        ls_html_state(w, "p", "exercise", "overview.exercise", NULL, 0);
        ls_html_newline(w);
    }
    if (w->portal->at != w->portal->known || w->portal->at != ls_record_time(w->portal->record)) {
        ls_html_state(w, "p", "as-of", "scorecard.as-known",
                      LS_WITH(ls_say_time(w->portal->at), ls_say_time(w->portal->known)));
        ls_html_newline(w);
    }
}

/* Where accords stand: a row for each party, a column for each state that there is. */

static size_t count_in(const ls_card *k, size_t party, ls_state state)
{
    const ls_roadmap *r = k->accord->roadmap;
    size_t count = 0;
    for (size_t i = 0; i < r->measure_count; i++) {
        count += (r->measures[i].by & LS_PARTY_BIT(party)) != 0 && k->state.measure[i].state == state;
    }
    return count;
}

static size_t count_all(const ls_card *k, size_t party)
{
    size_t count = 0;
    for (ls_state s = 0; s < LS_STATES; s++) {
        count += count_in(k, party, s);
    }
    return count;
}

static bool occurs(const ls_card *k, ls_state state)
{
    for (size_t i = 0; i < k->accord->roadmap->measure_count; i++) {
        if (k->state.measure[i].state == state) {
            return true;
        }
    }
    return false;
}

static void put_counts_of(ls_html *w, const ls_card *k, size_t party, const char *code)
{
    ls_html_statement_open(w, "tr", ls_html_format(w, "%s-counts-%zu", code, party), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_party(w, party);
    ls_html_close(w, "th");
    ls_html_element(w, "td", ls_bytes_str(ls_html_format(w, "%zu", count_all(k, party))), "class", "number", NULL);
    for (ls_state s = 0; s < LS_STATES; s++) {
        if (occurs(k, s)) {
            size_t count = count_in(k, party, s);
            ls_html_element(w, "td", ls_bytes_str(count == 0 ? "–" : ls_html_format(w, "%zu", count)), "class",
                            count == 0 ? "number nothing" : ls_html_format(w, "number s-%s", ls_state_code(s)), NULL);
        }
    }
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_counts(ls_html *w, const ls_card *k, const char *code)
{
    const char *columns[LS_STATES + 3] = {"party.party", "#overview.measures"};
    size_t count = 2;
    for (ls_state s = 0; s < LS_STATES; s++) {
        if (occurs(k, s)) {
            columns[count++] = ls_html_format(w, "#%s", ls_state_key(s));
        }
    }
    columns[count] = NULL;
    ls_html_table_open(w, "counts", "overview.counts", columns);
    for (size_t p = 0; p < k->charter->party_count; p++) {
        if (count_all(k, p) > 0) {
            put_counts_of(w, k, p, code);
        }
    }
    ls_html_table_close(w);
}

static void put_accord(ls_html *w, const ls_card *k)
{
    const char *code = ls_html_accord_code(w, (size_t)k->version);
    ls_html_statement_open(w, "h3", ls_html_format(w, "%s-title", code), "dir", "auto", NULL);
    ls_html_link(w, ls_html_format(w, "scorecard.html#accord-%s", code), k->accord->roadmap->title);
    ls_html_close(w, "h3");
    ls_html_newline(w);
    ls_portal_put_standing(w, k, "p", ls_html_format(w, "%s-standing", code));
    ls_portal_put_suspensions(w, k, code);
    if (k->accord->roadmap->measure_count > 0) {
        put_counts(w, k, code);
    }
}

static void put_standing(ls_html *w)
{
    const ls_portal_state *s = w->portal->state;
    ls_html_heading(w, 2, "standing", "overview.standing");
    for (size_t i = 0; i < s->card_count; i++) {
        put_accord(w, &s->card[i]);
    }
    if (s->card_count == 0) {
        ls_html_state(w, "p", "no-accord", "scorecard.no-accord", NULL, 0);
    }
}

/* What is wrong, or in doubt. */

static bool is_wrong(const ls_measure_state *s)
{
    return s->state == LS_OVERDUE || s->state == LS_DISPUTED || s->state == LS_BREACHED || s->state == LS_REVERSED ||
           s->in_dispute;
}

static void put_wrong(ls_html *w, const ls_card *k, size_t measure)
{
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    const char *code = ls_html_accord_code(w, (size_t)k->version);
    ls_html_statement_open(w, "tr", ls_html_format(w, "wrong-%s-%.*s", code, (int)m->id.len, (const char *)m->id.ptr),
                           NULL);
    ls_html_open(w, "th", "scope", "row", "dir", "auto", NULL);
    ls_html_link(w, ls_html_measure_path(w, (size_t)k->version, measure), m->what);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, m->by);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_open(w, "span", "class", ls_html_format(w, "state s-%s", ls_state_code(k->state.measure[measure].state)),
                 NULL);
    ls_html_word_in(w, "b", ls_state_key(k->state.measure[measure].state));
    ls_html_close(w, "span");
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_date(w, k->state.measure[measure].since);
    ls_html_close(w, "td");
    ls_html_element(w, "td", ls_bytes_str(ls_why(&k->account, measure)), "lang", "en", NULL);
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_attention(ls_html *w)
{
    static const char *const columns[] = {"overview.measure", "measure.by",  "measure.state",
                                          "measure.since",    "measure.why", NULL};
    const ls_portal_state *s = w->portal->state;
    bool any = false;
    for (size_t i = 0; i < s->card_count; i++) {
        for (size_t m = 0; m < s->card[i].accord->roadmap->measure_count; m++) {
            if (is_wrong(&s->card[i].state.measure[m])) {
                if (!any) {
                    ls_html_heading(w, 2, "attention", "overview.attention");
                    ls_html_table_open(w, "attention", "overview.attention", columns);
                }
                any = true;
                put_wrong(w, &s->card[i], m);
            }
        }
    }
    if (any) {
        ls_html_table_close(w);
    }
}

/* What is due next: what parties owe, the nearest deadline first; what has passed already stands above. */

#define NEXT_MAX 12

typedef struct next {
    const ls_card *k;
    ls_duty duty;
} next;

static void take_duty(next *list, size_t *count, const ls_card *k, const ls_duty *d)
{
    size_t at = *count;
    while (at > 0 && list[at - 1].duty.until > d->until) {
        at--;
    }
    if (at < NEXT_MAX) {
        *count += *count < NEXT_MAX;
        memmove(&list[at + 1], &list[at], (*count - at - 1) * sizeof *list);
        list[at] = (next){k, *d};
    }
}

static ls_result gather(ls_html *w, next *list, size_t *count)
{
    const ls_portal_state *s = w->portal->state;
    *count = 0;
    for (size_t i = 0; i < s->card_count; i++) {
        ls_duty *duty;
        size_t duties;
        LS_TRY(ls_card_duties(&s->card[i], w->arena, &duty, &duties));
        for (size_t d = 0; d < duties; d++) {
            if (duty[d].must && duty[d].until != LS_TIME_OPEN && duty[d].until >= w->portal->at) {
                take_duty(list, count, &s->card[i], &duty[d]);
            }
        }
    }
    return LS_SUCCESS;
}

static void put_task(ls_html *w, const next *x)
{
    if (x->duty.kind == LS_DUTY_PERFORM) {
        ls_html_link(w, ls_html_measure_path(w, (size_t)x->k->version, x->duty.subject), ls_bytes_str(x->duty.what));
    } else if (x->duty.kind <= LS_DUTY_LAST_ABOUT_MEASURE) {
        ls_html_open(w, "a", "lang", "en", "href",
                     ls_html_href(w, ls_html_measure_path(w, (size_t)x->k->version, x->duty.subject)), NULL);
        ls_html_str(w, x->duty.what);
        ls_html_close(w, "a");
    } else {
        ls_html_english(w, "span", x->duty.what);
    }
}

static ls_result put_next(ls_html *w)
{
    static const char *const columns[] = {"duty.until", "duty.who", "duty.what", "duty.otherwise", NULL};
    next list[NEXT_MAX + 1];
    size_t count;
    LS_TRY(gather(w, list, &count));
    ls_html_heading(w, 2, "next", "overview.next");
    if (count == 0) {
        ls_html_state(w, "p", "nothing-due", "overview.nothing-due", NULL, 0);
        return LS_SUCCESS;
    }
    ls_html_table_open(w, "duties", "overview.next", columns);
    for (size_t i = 0; i < count; i++) {
        ls_html_statement_open(w, "tr", ls_html_format(w, "next-%zu", i), NULL);
        ls_html_open(w, "th", "scope", "row", NULL);
        ls_html_deadline(w, list[i].duty.until);
        ls_html_close(w, "th");
        ls_html_open(w, "td", NULL);
        ls_html_party(w, list[i].duty.party);
        ls_html_close(w, "td");
        ls_html_open(w, "td", "dir", "auto", NULL);
        put_task(w, &list[i]);
        ls_html_close(w, "td");
        ls_html_element(w, "td", ls_bytes_str(list[i].duty.otherwise), "lang", "en", NULL);
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

/* Meetings that are ahead. */

static bool is_ahead(const ls_meeting_state *m)
{
    return m->stage == LS_MEETING_PLANNED || m->stage == LS_MEETING_CONFIRMED || m->stage == LS_MEETING_POSTPONED;
}

const char *ls_meeting_key(ls_meeting_stage stage)
{
    static const char *const keys[LS_MEETING_STAGES] = {
        [LS_MEETING_PLANNED] = "meeting.planned",       [LS_MEETING_CONFIRMED] = "meeting.confirmed",
        [LS_MEETING_DECLINED] = "meeting.declined",     [LS_MEETING_POSTPONED] = "meeting.postponed",
        [LS_MEETING_CALLED_OFF] = "meeting.called-off", [LS_MEETING_HELD] = "meeting.held",
        [LS_MEETING_WITHDRAWN] = "meeting.withdrawn",   [LS_MEETING_LAPSED] = "meeting.lapsed",
        [LS_MEETING_REPLACED] = "meeting.replaced"};
    return keys[stage];
}

static void put_meeting(ls_html *w, const ls_meeting_state *m)
{
    ls_bytes name = m->meeting->name;
    ls_html_statement_open(w, "tr", ls_html_format(w, "meeting-%u", m->meeting->index), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_page_link(w, ls_html_format(w, "meeting/%.*s.html", (int)name.len, (const char *)name.ptr), name);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, ls_talk_involved(m->meeting));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_day(w, m->due);
    ls_html_close(w, "td");
    ls_html_word_in(w, "td", ls_meeting_key(m->stage));
    ls_html_open(w, "td", NULL);
    ls_html_entry(w, m->dated_by->index);
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_meetings(ls_html *w)
{
    static const char *const columns[] = {"meeting.meeting", "meeting.between", "meeting.date",
                                          "meeting.stands",  "record.entry",    NULL};
    const ls_talks_state *t = &w->portal->state->talk;
    bool any = false;
    for (size_t i = 0; i < t->meeting_count; i++) {
        if (is_ahead(&t->meeting[i])) {
            if (!any) {
                ls_html_heading(w, 2, "meetings", "overview.meetings");
                ls_html_table_open(w, "meetings", "overview.meetings", columns);
            }
            any = true;
            put_meeting(w, &t->meeting[i]);
        }
    }
    if (any) {
        ls_html_table_close(w);
    }
}

/* The last acts that were known by then. */

#define LAST_MAX 10

static ls_result put_last(ls_html *w)
{
    const ls_portal_acts *a = w->portal->acts;
    size_t shown = 0;
    ls_html_heading(w, 2, "last", "overview.last");
    ls_html_table_open(w, "acts", "overview.last", ls_portal_put_act_columns);
    for (size_t i = a->listed_count; i > 0 && shown < LAST_MAX; i--) {
        ls_time t = ls_record_at(w->portal->record, a->listed[i - 1]).time;
        if (t == LS_TIME_OPEN || t <= w->portal->known) {
            LS_TRY(ls_portal_put_act_row(w, a->listed[i - 1]));
            shown++;
        }
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

static void put_parties(ls_html *w)
{
    static const char *const columns[] = {"party.party", "party.title", "party.role", "party.signers", NULL};
    static const char *const roles[] = {"role.party", "role.mediator", "role.inspectorate", "role.observer"};
    const ls_charter *c = ls_record_charter(w->portal->record);
    ls_html_heading(w, 2, "parties", "overview.parties");
    ls_html_table_open(w, "parties", "overview.parties", columns);
    for (size_t p = 0; p < c->party_count; p++) {
        ls_html_statement_open(w, "tr", ls_html_format(w, "party-%zu", p), NULL);
        ls_html_open(w, "th", "scope", "row", NULL);
        ls_html_party(w, p);
        ls_html_close(w, "th");
        ls_html_element(w, "td", c->party[p].title, "dir", "auto", NULL);
        ls_html_word_in(w, "td", roles[c->party[p].role]);
        ls_html_open(w, "td", NULL);
        for (size_t i = 0; i < c->party[p].signer_count; i++) {
            ls_html_str(w, i == 0 ? "" : ", ");
            ls_html_text(w, c->party[p].signer[i].name);
        }
        ls_html_close(w, "td");
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
}

ls_result ls_page_overview(ls_html *w, ls_bytes name, const char **title)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    (void)name;
    *title = ls_html_cstr(w, c->title);
    ls_html_statement(w, "h1", "title", c->title);
    ls_html_newline(w);
    put_lead(w);
    put_standing(w);
    put_attention(w);
    LS_TRY(put_next(w));
    put_meetings(w);
    LS_TRY(put_last(w));
    put_parties(w);
    return LS_SUCCESS;
}
