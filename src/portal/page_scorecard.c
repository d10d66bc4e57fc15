/* The scorecard: every measure of every side, step by step and side by side; then events, rights and disputes; and
 * apart from all that pledges and demands. */
#include "portal/put.h"

/* Who performs anything under this accord: a column each. */
static ls_parties performers(const ls_roadmap *r)
{
    ls_parties all = 0;
    for (size_t i = 0; i < r->measure_count; i++) {
        all |= r->measures[i].by;
    }
    return all;
}

static const char *names_of(ls_html *w, const ls_card *k, ls_parties set)
{
    ls_buf names = {0};
    for (size_t p = 0; p < k->charter->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            ls_buf_put_str(&names, names.len > 0 ? " " : "");
            ls_buf_put_bytes(&names, k->charter->party[p].name);
        }
    }
    w->out->failed |= names.failed;
    const char *kept = ls_html_cstr(w, ls_buf_bytes(&names));
    ls_buf_free(&names);
    return kept;
}

/* A day that sorts, for filters; NULL: none. */
static const char *machine_date(ls_html *w, const ls_card *k, ls_time t)
{
    return t < 0 || t > LS_TIME_MAX ? NULL : ls_why_date(k->charter, t, w->arena);
}

static void put_line(ls_html *w, const char *key)
{
    ls_html_word_in(w, "dt", key);
}

/* Where its state comes from: deadline, assessment, evidence. */
static void put_facts(ls_html *w, const ls_card *k, size_t measure, const char *id)
{
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    const char *amount = ls_why_amount(m, &k->state.measure[measure], w->arena);
    ls_html_open(w, "dl", NULL);
    put_line(w, "measure.deadline");
    ls_html_statement_open(w, "dd", ls_html_format(w, "%s-deadline", id), NULL);
    ls_portal_put_deadline(w, k, measure);
    ls_html_close(w, "dd");
    if (amount != NULL) {
        put_line(w, "measure.amount");
        ls_html_statement(w, "dd", ls_html_format(w, "%s-amount", id), ls_bytes_str(amount));
    }
    put_line(w, "measure.score");
    ls_html_statement_open(w, "dd", ls_html_format(w, "%s-score", id), NULL);
    ls_portal_put_score(w, k, measure);
    ls_html_close(w, "dd");
    put_line(w, "measure.evidence");
    ls_html_statement_open(w, "dd", ls_html_format(w, "%s-evidence", id), NULL);
    ls_portal_put_evidence(w, k, measure);
    ls_html_close(w, "dd");
    ls_html_close(w, "dl");
}

static void put_measure(ls_html *w, const ls_card *k, size_t measure, size_t party)
{
    const ls_roadmap *r = k->accord->roadmap;
    const ls_measure *m = &r->measures[measure];
    const ls_measure_state *s = &k->state.measure[measure];
    const char *code = ls_html_accord_code(w, (size_t)k->version);
    const char *id = ls_html_format(w, "%s-%.*s-%zu", code, (int)m->id.len, (const char *)m->id.ptr, party);
    ls_html_open(w, "li", "class", "measure", "id", id, "data-party", names_of(w, k, m->by), "data-track",
                 ls_html_cstr(w, r->tracks[m->track].id), "data-state", ls_state_code(s->state), "data-deadline",
                 s->has_deadline ? machine_date(w, k, s->deadline) : NULL, "data-since", machine_date(w, k, s->since),
                 NULL);
    ls_html_statement_open(w, "h3", ls_html_format(w, "%s-what", id), "dir", "auto", NULL);
    ls_html_link(w, ls_html_measure_path(w, (size_t)k->version, measure), m->what);
    ls_html_close(w, "h3");
    ls_portal_put_state(w, k, measure, "p", ls_html_format(w, "%s-state", id));
    ls_html_open(w, "p", "class", "why", NULL);
    ls_html_statement_open(w, "span", ls_html_format(w, "%s-why", id), "lang", "en", NULL);
    ls_html_str(w, ls_why(&k->account, measure));
    ls_html_close(w, "span");
    ls_html_close(w, "p");
    put_facts(w, k, measure, id);
    ls_html_close(w, "li");
    ls_html_newline(w);
}

static void put_cell(ls_html *w, const ls_card *k, size_t step, size_t party)
{
    const ls_roadmap *r = k->accord->roadmap;
    bool any = false;
    ls_html_open(w, "td", NULL);
    ls_html_open(w, "div", "class", "side", NULL);
    ls_html_party(w, party);
    ls_html_close(w, "div");
    for (size_t i = 0; i < r->measure_count; i++) {
        if (r->measures[i].step == step && (r->measures[i].by & LS_PARTY_BIT(party)) != 0) {
            if (!any) {
                ls_html_open(w, "ul", "class", "measures", NULL);
            }
            any = true;
            put_measure(w, k, i, party);
        }
    }
    if (any) {
        ls_html_close(w, "ul");
    } else {
        ls_html_element(w, "span", ls_bytes_str(ls_html_word(w, "scorecard.nothing")), "class", "nothing", NULL);
    }
    ls_html_close(w, "td");
}

static void put_step(ls_html *w, const ls_card *k, size_t step)
{
    const ls_roadmap *r = k->accord->roadmap;
    const ls_step *s = &r->steps[step];
    ls_html_open(w, "tr", "class", "step", "data-track", ls_html_cstr(w, r->tracks[s->track].id), NULL);
    ls_html_statement_open(w, "th", ls_html_format(w, "%s-step-%zu", ls_html_accord_code(w, (size_t)k->version), step),
                           "scope", "row", NULL);
    ls_html_element(w, "span", s->title, "class", "title", "dir", "auto", NULL);
    ls_html_str(w, " ");
    ls_html_element(w, "span", r->tracks[s->track].title, "class", "track", "dir", "auto", NULL);
    if (s->simultaneous) {
        ls_html_str(w, " ");
        ls_html_word_in(w, "span", "scorecard.simultaneous");
    }
    ls_html_close(w, "th");
    for (size_t p = 0; p < k->charter->party_count; p++) {
        if ((performers(r) & LS_PARTY_BIT(p)) != 0) {
            put_cell(w, k, step, p);
        }
    }
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_measures(ls_html *w, const ls_card *k)
{
    const ls_roadmap *r = k->accord->roadmap;
    ls_html_open(w, "div", "class", "scroll", "role", "region", "aria-label", ls_html_word(w, "scorecard.measures"),
                 "tabindex", "0", NULL);
    ls_html_open(w, "table", "class", "sides", NULL);
    ls_html_word_in(w, "caption", "scorecard.measures");
    ls_html_open(w, "thead", NULL);
    ls_html_open(w, "tr", NULL);
    ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, "scorecard.step")), "scope", "col", NULL);
    for (size_t p = 0; p < k->charter->party_count; p++) {
        if ((performers(r) & LS_PARTY_BIT(p)) != 0) {
            ls_html_open(w, "th", "scope", "col", NULL);
            ls_html_party(w, p);
            ls_html_str(w, " ");
            ls_html_element(w, "span", k->charter->party[p].title, "class", "title", NULL);
            ls_html_close(w, "th");
        }
    }
    ls_html_close(w, "tr");
    ls_html_close(w, "thead");
    ls_html_open(w, "tbody", NULL);
    ls_html_newline(w);
    for (size_t i = 0; i < r->step_count; i++) {
        put_step(w, k, i);
    }
    ls_html_close(w, "tbody");
    ls_html_close(w, "table");
    ls_html_close(w, "div");
    ls_html_newline(w);
}

/* Events, rights, disputes. */

static void put_when(ls_html *w, const ls_card *k, size_t event)
{
    const ls_event *e = &k->accord->roadmap->events[event];
    const ls_event_state *s = &k->state.event[event];
    if (e->to_be_agreed) {
        ls_html_str(w, ls_html_word(w, "event.to-be-agreed"));
    } else if (s->prevented) {
        ls_html_str(w, ls_html_word(w, "event.prevented"));
    } else if (s->time == LS_TIME_OPEN) {
        ls_html_str(w, ls_html_word(w, "event.not-yet"));
    } else {
        ls_html_say(w, s->time > k->query.at ? "event.ahead" : "event.on", LS_WITH(ls_say_date(s->time)));
    }
}

static void put_events(ls_html *w, const ls_card *k, const char *code)
{
    static const char *const columns[] = {"event.event", "event.when", "event.attested", "record.entry", NULL};
    const ls_roadmap *r = k->accord->roadmap;
    if (r->event_count == 0) {
        return;
    }
    ls_html_heading(w, 3, NULL, "scorecard.events");
    ls_html_table_open(w, "events", "scorecard.events", columns);
    for (size_t i = 0; i < r->event_count; i++) {
        ls_html_statement_open(w, "tr", ls_html_format(w, "%s-event-%zu", code, i), NULL);
        ls_html_element(w, "th", r->events[i].title, "scope", "row", "dir", "auto", NULL);
        ls_html_open(w, "td", NULL);
        put_when(w, k, i);
        ls_html_close(w, "td");
        ls_html_open(w, "td", NULL);
        ls_html_parties(w, k->state.event[i].attested);
        ls_html_close(w, "td");
        ls_html_open(w, "td", NULL);
        ls_html_entry(w, k->state.event[i].said_by);
        ls_html_close(w, "td");
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
}

static void put_number(ls_html *w, unsigned number)
{
    ls_html_element(w, "td", ls_bytes_str(ls_html_format(w, "%u", number)), "class", "number", NULL);
}

static void put_rights(ls_html *w, const ls_card *k, const char *code)
{
    static const char *const columns[] = {"right.right", "right.of",         "#right.used", "#right.left",
                                          "right.until", "#right.forfeited", NULL};
    const ls_roadmap *r = k->accord->roadmap;
    if (r->right_count == 0) {
        return;
    }
    ls_html_heading(w, 3, NULL, "scorecard.rights");
    ls_html_table_open(w, "rights", "scorecard.rights", columns);
    for (size_t i = 0; i < r->right_count; i++) {
        const ls_right_state *s = &k->state.right[i];
        ls_html_statement_open(w, "tr", ls_html_format(w, "%s-right-%zu", code, i), NULL);
        ls_html_element(w, "th", r->rights[i].what, "scope", "row", "dir", "auto", NULL);
        ls_html_open(w, "td", NULL);
        ls_html_party(w, r->rights[i].of);
        ls_html_close(w, "td");
        put_number(w, s->used);
        if (s->from == LS_TIME_OPEN) {
            ls_html_word_in(w, "td", "event.not-yet");
        } else {
            put_number(w, s->left);
        }
        ls_html_open(w, "td", NULL);
        ls_html_deadline(w, s->from == LS_TIME_OPEN ? LS_TIME_OPEN : s->until);
        ls_html_close(w, "td");
        put_number(w, s->forfeited);
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
}

static void put_dispute_stands(ls_html *w, const ls_card *k, const ls_dispute_state *d)
{
    const ls_dispute *p = &k->accord->roadmap->disputes[d->procedure];
    bool any = false;
    if (d->settled != LS_TIME_OPEN || d->exhausted != LS_TIME_OPEN) {
        bool settled = d->settled != LS_TIME_OPEN;
        ls_html_say(w, settled ? "dispute.settled" : "dispute.exhausted",
                    LS_WITH(ls_say_date(settled ? d->settled : d->exhausted)));
        return;
    }
    for (size_t i = 0; i < p->stage_count; i++) {
        const ls_stage_state *s = &d->stage[i];
        if (s->begins <= k->query.at && s->ends > k->query.at) {
            ls_html_str(w, any ? "; " : "");
            ls_html_say(w, "dispute.stage", LS_WITH(ls_say_text(p->stages[i].title), ls_say_deadline(s->ends)));
            any = true;
        }
    }
    if (!any) {
        ls_html_str(w, ls_html_word(w, "dispute.over"));
    }
}

static void put_disputes(ls_html *w, const ls_card *k, const char *code)
{
    static const char *const columns[] = {"record.entry",  "dispute.procedure", "record.by", "record.about",
                                          "dispute.since", "dispute.stands",    NULL};
    const ls_roadmap *r = k->accord->roadmap;
    if (k->state.dispute_count == 0) {
        return;
    }
    ls_html_heading(w, 3, NULL, "scorecard.disputes");
    ls_html_table_open(w, "disputes", "scorecard.disputes", columns);
    for (size_t i = 0; i < k->state.dispute_count; i++) {
        const ls_dispute_state *d = &k->state.dispute[i];
        ls_html_statement_open(w, "tr", ls_html_format(w, "%s-dispute-%zu", code, i), NULL);
        ls_html_open(w, "th", "scope", "row", NULL);
        ls_html_entry(w, d->index);
        ls_html_close(w, "th");
        ls_html_element(w, "td", r->disputes[d->procedure].title, "dir", "auto", NULL);
        ls_html_open(w, "td", NULL);
        ls_html_party(w, d->by);
        ls_html_close(w, "td");
        ls_html_open(w, "td", NULL);
        if (d->measure >= 0) {
            ls_html_link(w, ls_html_measure_path(w, (size_t)k->version, (size_t)d->measure),
                         r->measures[d->measure].id);
        }
        ls_html_close(w, "td");
        ls_html_open(w, "td", NULL);
        ls_html_date(w, d->opened);
        ls_html_close(w, "td");
        ls_html_open(w, "td", NULL);
        put_dispute_stands(w, k, d);
        ls_html_close(w, "td");
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
}

static void put_accord(ls_html *w, const ls_card *k)
{
    const char *code = ls_html_accord_code(w, (size_t)k->version);
    ls_html_open(w, "section", "id", ls_html_format(w, "accord-%s", code), NULL);
    ls_html_statement_open(w, "h2", ls_html_format(w, "%s-title", code), "dir", "auto", NULL);
    ls_html_link(w, ls_html_format(w, "act/%llu.html", (unsigned long long)k->accord->index),
                 k->accord->roadmap->title);
    ls_html_close(w, "h2");
    ls_portal_put_standing(w, k, "p", ls_html_format(w, "%s-standing", code));
    ls_portal_put_suspensions(w, k, code);
    put_measures(w, k);
    put_events(w, k, code);
    put_rights(w, k, code);
    put_disputes(w, k, code);
    ls_html_close(w, "section");
    ls_html_newline(w);
}

/* Pledges and demands: those of accords, and those of talks. */

typedef struct promise {
    const char *id;
    ls_parties by, of;
    ls_bytes what;
    uint32_t entry;
} promise;

static void open_promise(ls_html *w, const promise *x, bool demand)
{
    ls_html_statement_open(w, "tr", x->id, NULL);
    ls_html_element(w, "th", x->what, "scope", "row", "dir", "auto", NULL);
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, x->by);
    ls_html_close(w, "td");
    if (demand) {
        ls_html_open(w, "td", NULL);
        ls_html_parties(w, x->of);
        ls_html_close(w, "td");
    }
    ls_html_open(w, "td", NULL);
    ls_html_entry(w, x->entry);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
}

static void close_promise(ls_html *w)
{
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_of_accord(ls_html *w, const ls_card *k, bool demand)
{
    const ls_roadmap *r = k->accord->roadmap;
    const char *code = ls_html_accord_code(w, (size_t)k->version);
    size_t count = demand ? r->demand_count : r->pledge_count;
    for (size_t i = 0; i < count; i++) {
        promise x = {.id = ls_html_format(w, "%s-%s-%zu", code, demand ? "demand" : "pledge", i),
                     .by = LS_PARTY_BIT(demand ? r->demands[i].by : r->pledges[i].by),
                     .of = demand ? LS_PARTY_BIT(r->demands[i].of) : 0,
                     .what = demand ? r->demands[i].what : r->pledges[i].what,
                     .entry = (uint32_t)k->accord->index};
        open_promise(w, &x, demand);
        ls_html_str(w, ls_html_word(w, "statement.of-accord"));
        close_promise(w);
    }
}

static const char *const stages[] = {[LS_STATEMENT_STANDING] = "statement.stands",
                                     [LS_STATEMENT_REDEEMED] = "statement.redeemed",
                                     [LS_STATEMENT_WITHDRAWN] = "statement.withdrawn",
                                     [LS_STATEMENT_LAPSED] = "statement.lapsed"};

static void put_statement_stands(ls_html *w, const ls_statement_state *x)
{
    ls_html_say(w, stages[x->stage],
                LS_WITH(ls_say_date(x->since),
                        ls_say_entry(x->redeemed_by == NULL ? LS_NO_ENTRY : x->redeemed_by->index),
                        ls_say_text(x->redeemed_by == NULL ? (ls_bytes){0} : x->redeemed_by->measure)));
    if (x->deadline != LS_TIME_OPEN) {
        ls_html_str(w, " ");
        ls_html_say(w, "statement.until", LS_WITH(ls_say_deadline(x->deadline)));
    }
}

/* Words of an act, or that they are sealed. */
static ls_result put_of_talks(ls_html *w, ls_talk_kind kind)
{
    const ls_talks_state *t = &w->portal->state->talk;
    for (size_t i = 0; i < t->statement_count; i++) {
        const ls_statement_state *x = &t->statement[i];
        ls_bytes note;
        ls_act *act;
        if (x->said->kind != kind) {
            continue;
        }
        LS_TRY(ls_portal_put_read(w, x->said->index, &note, &act));
        const char *words = ls_portal_put_excerpt(w, act);
        promise p = {.id = ls_html_format(w, "talks-%u", x->said->index),
                     .by = x->said->by == LS_TALK_JOINT ? x->said->to : LS_PARTY_BIT(x->said->by),
                     .of = x->said->of < LS_PARTIES_MAX ? LS_PARTY_BIT(x->said->of) : 0,
                     .what = words[0] == '\0' ? x->said->name : ls_bytes_str(words),
                     .entry = x->said->index};
        open_promise(w, &p, kind == LS_TALK_DEMAND);
        put_statement_stands(w, x);
        close_promise(w);
    }
    return LS_SUCCESS;
}

static size_t count_said(const ls_portal *p, ls_talk_kind kind)
{
    size_t count = 0;
    for (size_t i = 0; i < p->state->talk.statement_count; i++) {
        count += p->state->talk.statement[i].said->kind == kind;
    }
    for (size_t i = 0; i < p->state->card_count; i++) {
        const ls_roadmap *r = p->state->card[i].accord->roadmap;
        count += kind == LS_TALK_PLEDGE ? r->pledge_count : r->demand_count;
    }
    return count;
}

static ls_result put_statements(ls_html *w, ls_talk_kind kind, const char *anchor, const char *key, const char *lead)
{
    static const char *const pledges[] = {"statement.what", "record.by", "record.entry", "statement.stands-now", NULL};
    static const char *const demands[] = {"statement.what",       "record.by", "statement.of", "record.entry",
                                          "statement.stands-now", NULL};
    bool demand = kind == LS_TALK_DEMAND;
    if (count_said(w->portal, kind) == 0) {
        return LS_SUCCESS;
    }
    ls_html_heading(w, 2, anchor, key);
    ls_html_word_in(w, "p", lead);
    ls_html_table_open(w, "statements", key, demand ? demands : pledges);
    for (size_t i = 0; i < w->portal->state->card_count; i++) {
        put_of_accord(w, &w->portal->state->card[i], demand);
    }
    LS_TRY(put_of_talks(w, kind));
    ls_html_table_close(w);
    return LS_SUCCESS;
}

static void put_moment(ls_html *w)
{
    const ls_portal *p = w->portal;
    if (p->known != p->at) {
        ls_html_state(w, "p", "as-of", "scorecard.as-known", LS_WITH(ls_say_time(p->at), ls_say_time(p->known)));
    } else {
        ls_html_state(w, "p", "as-of", "scorecard.as-of", LS_WITH(ls_say_time(p->at)));
    }
    ls_html_newline(w);
}

ls_result ls_page_scorecard(ls_html *w, ls_bytes name, const char **title)
{
    (void)name;
    ls_page_title_word(w, "nav.scorecard", title);
    ls_html_word_in(w, "p", "scorecard.lead");
    put_moment(w);
    for (size_t i = 0; i < w->portal->state->card_count; i++) {
        put_accord(w, &w->portal->state->card[i]);
    }
    if (w->portal->state->card_count == 0) {
        ls_html_state(w, "p", "no-accord", "scorecard.no-accord", NULL, 0);
    }
    LS_TRY(put_statements(w, LS_TALK_PLEDGE, "pledges", "scorecard.pledges", "scorecard.pledges-lead"));
    return put_statements(w, LS_TALK_DEMAND, "demands", "scorecard.demands", "scorecard.demands-lead");
}
