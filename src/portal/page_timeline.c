/*
 * The timeline: a lane for each party, with its acts, performances, deadlines and suspensions, and the meetings that
 * join lanes. Everything in the picture but the bars of acts stands in the table below it.
 */
#include "portal/facts.h"
#include "portal/picture.h"
#include <stdlib.h>

#define WIDTH 1150
#define LEFT 110
#define RIGHT (WIDTH - 14)
#define TOP 24
#define LANE 72
#define BAR 4 /* the width of a bar of acts */
#define BAR_MAX 24
#define BARS ((RIGHT - LEFT) / BAR + 1)

/* Those that last stand last. */
typedef enum happening { MEETING, PERFORMED, BEGIN_BY, DEADLINE, SUSPENSION, IN_FORCE, VISIT, HAPPENINGS } happening;

static const char *const names[HAPPENINGS] = {"meeting",    "performed", "begin-by", "deadline",
                                              "suspension", "in-force",  "visit"};

static const char *const paints[HAPPENINGS] = {"open", "good", "open", "warn", "bad", "good", "open"};

/* A row of the table, and a mark of the picture. */
typedef struct item {
    happening what;
    ls_time from, to;
    bool whole_day, open; /* open: no end is known */
    bool missed;          /* of a deadline */
    ls_parties who;
    const char *id, *path; /* path: of a page, or NULL */
    ls_bytes words;
    const char *stands; /* in words */
} item;

typedef struct timeline {
    ls_html *w;
    ls_buf items; /* of item */
} timeline;

static void add(timeline *t, const item *i)
{
    ls_buf_put(&t->items, i, sizeof *i);
}

/* Meetings: on the day on which they are to be, or were. */

static int32_t day_of(const ls_meeting_state *m)
{
    return m->stage == LS_MEETING_HELD && m->held_count > 0 && m->held[0]->day != LS_NO_DAY ? m->held[0]->day : m->due;
}

static void add_meetings(timeline *t)
{
    const ls_portal_state *s = t->w->portal->state;
    const ls_charter *c = ls_record_charter(t->w->portal->record);
    for (size_t i = 0; i < s->talk.meeting_count; i++) {
        const ls_meeting_state *m = &s->talk.meeting[i];
        int32_t day = day_of(m);
        if (day == LS_NO_DAY) {
            continue;
        }
        ls_bytes name = m->meeting->name;
        ls_time at = ls_zone_instant(&c->zone, ls_date_from_days(day), 43200);
        add(t, &(item){.what = MEETING,
                       .from = at,
                       .to = at,
                       .whole_day = true,
                       .who = ls_talk_involved(m->meeting),
                       .id = ls_html_format(t->w, "meeting-%u", m->meeting->index),
                       .path = ls_html_format(t->w, "meeting/%.*s.html", (int)name.len, (const char *)name.ptr),
                       .words = name,
                       .stands = ls_html_named(t->w, "meeting", ls_meeting_stage_name(m->stage))});
    }
}

/* Measures. */

static void add_moment(timeline *t, const ls_card *k, size_t measure, happening what, ls_time at)
{
    const ls_measure *m = &k->accord->roadmap->measures[measure];
    const ls_measure_state *s = &k->state.measure[measure];
    const char *path = ls_html_measure_path(t->w, (size_t)k->version, measure);
    add(t, &(item){.what = what,
                   .from = at,
                   .to = at,
                   .who = what == PERFORMED ? s->performers : m->by,
                   .id = ls_html_format(t->w, "%s-%.*s", names[what], (int)(strlen(path) - strlen("measure/.html")),
                                        path + strlen("measure/")),
                   .missed = what == DEADLINE && s->state == LS_OVERDUE,
                   .path = path,
                   .words = m->id,
                   .stands = ls_html_named(t->w, "state", ls_state_name(s->state))});
}

static void add_measures(timeline *t, const ls_card *k)
{
    for (size_t i = 0; i < k->accord->roadmap->measure_count; i++) {
        const ls_measure_state *s = &k->state.measure[i];
        if (s->performed_by != LS_NO_ENTRY && s->performed_at != LS_TIME_OPEN) {
            add_moment(t, k, i, PERFORMED, s->performed_at);
        }
        if (s->has_begin && s->begin_by != LS_TIME_OPEN) {
            add_moment(t, k, i, BEGIN_BY, s->begin_by - 1);
        }
        if (s->has_deadline && s->deadline != LS_TIME_OPEN) {
            add_moment(t, k, i, DEADLINE, s->deadline - 1);
        }
    }
}

/* Accords: in force, and what was suspended of them. */

static const char *scope(timeline *t, const ls_card *k, const ls_suspension *s)
{
    const ls_roadmap *m = k->accord->roadmap;
    ls_bytes what = s->measure >= 0 ? m->measures[s->measure].id : s->track >= 0 ? m->tracks[s->track].title : m->title;
    return ls_html_cstr(t->w, what);
}

static void add_accord(timeline *t, const ls_card *k)
{
    ls_time at = t->w->portal->at;
    const char *act = ls_html_format(t->w, "act/%llu.html", (unsigned long long)k->accord->index);
    if (k->state.in_force <= at) {
        bool over = k->state.ended != LS_TIME_OPEN && k->state.ended <= at;
        add(t, &(item){.what = IN_FORCE,
                       .from = k->state.in_force,
                       .to = over ? k->state.ended : at,
                       .open = !over,
                       .who = k->accord->roadmap->signed_by,
                       .id = ls_html_format(t->w, "in-force-%d", k->version),
                       .path = act,
                       .words = k->accord->roadmap->title,
                       .stands = ls_html_word(t->w, over ? "timeline.over" : "timeline.lasts")});
    }
    for (size_t i = 0; i < k->state.suspension_count; i++) {
        const ls_suspension *s = &k->state.suspension[i];
        bool over = s->until != LS_TIME_OPEN && s->until <= at;
        add(t, &(item){.what = SUSPENSION,
                       .from = s->since,
                       .to = over ? s->until : at,
                       .open = !over,
                       .who = LS_PARTY_BIT(s->by),
                       .id = ls_html_format(t->w, "suspension-%u", s->index),
                       .path = ls_html_format(t->w, "act/%u.html", s->index),
                       .words = ls_bytes_str(scope(t, k, s)),
                       .stands = ls_html_word(t->w, over ? "timeline.over" : "timeline.lasts")});
    }
}

/* Inspections: what is awaited of whom, and when inspectors were there. */

static void add_awaited(timeline *t, const ls_inspected *about, const char *what, ls_parties who, ls_time deadline,
                        const char *stands)
{
    if (who != 0 && deadline != LS_TIME_OPEN) {
        const char *words = ls_html_format(t->w, "%s %u", ls_html_named(t->w, "act", what), about->index);
        add(t, &(item){.what = DEADLINE,
                       .from = deadline - 1,
                       .to = deadline - 1,
                       .who = who,
                       .id = ls_html_format(t->w, "awaited-%u", about->index),
                       .path = ls_html_format(t->w, "act/%u.html", about->index),
                       .words = ls_bytes_str(words),
                       .stands = stands});
    }
}

static void add_visit(timeline *t, const ls_visit_state *v)
{
    ls_time at = t->w->portal->at;
    const char *stands = ls_html_named(t->w, "visit-stage", ls_visit_stage_name(v->stage));
    add_awaited(t, v->visit, "visit", v->awaited, v->deadline, stands);
    if (v->entered <= at) {
        bool over = v->left <= at;
        const char *words = ls_html_format(t->w, "%s %u", ls_html_named(t->w, "act", "visit"), v->visit->index);
        add(t, &(item){.what = VISIT,
                       .from = v->entered,
                       .to = over ? v->left : at,
                       .open = !over,
                       .who = LS_PARTY_BIT(v->visit->by) | LS_PARTY_BIT(v->visit->rule->of),
                       .id = ls_html_format(t->w, "visit-%u", v->visit->index),
                       .path = ls_html_format(t->w, "act/%u.html", v->visit->index),
                       .words = ls_bytes_str(words),
                       .stands = stands});
    }
}

static void add_inspections(timeline *t, const ls_inspection_state *x)
{
    for (size_t i = 0; i < x->draw_count; i++) {
        const ls_draw_state *d = &x->draw[i];
        add_awaited(t, d->draw, "draw", d->awaited, d->deadline,
                    ls_html_named(t->w, "draw-stage", ls_draw_stage_name(d->stage)));
    }
    for (size_t i = 0; i < x->visit_count; i++) {
        add_visit(t, &x->visit[i]);
    }
    for (size_t i = 0; i < x->challenge_count; i++) {
        const ls_challenge_state *c = &x->challenge[i];
        add_awaited(t, c->challenge, "challenge", c->awaited, c->deadline,
                    ls_html_named(t->w, "challenge-stage", ls_challenge_stage_name(c->stage)));
    }
}

/* In the order of time; what is the same there, as it came. */
static int by_time(const void *a, const void *b)
{
    const item *x = a, *y = b;
    return x->from != y->from ? (x->from > y->from) - (x->from < y->from) : strcmp(x->id, y->id);
}

/* The table. */

static void put_when(ls_html *w, const item *i)
{
    if (i->whole_day || i->what == DEADLINE || i->what == BEGIN_BY) {
        ls_html_date(w, i->from);
    } else {
        ls_html_time(w, i->from);
    }
    if (i->what >= SUSPENSION) {
        ls_html_str(w, " \xe2\x80\x93 ");
        if (!i->open) {
            ls_html_time(w, i->to);
        }
    }
}

static void put_row(ls_html *w, const item *i)
{
    ls_html_statement_open(w, "tr", i->id, "data-kind", names[i->what], NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    put_when(w, i);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_element(w, "b", ls_bytes_str(ls_html_named(w, "timeline", names[i->what])), NULL);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, i->who);
    ls_html_close(w, "td");
    ls_html_open(w, "td", "dir", "auto", NULL);
    ls_html_link(w, i->path, i->words);
    ls_html_close(w, "td");
    ls_html_element(w, "td", ls_bytes_str(i->stands), NULL);
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_table(ls_html *w, const item *items, size_t count)
{
    static const char *const columns[] = {"timeline.when",  "timeline.what",   "timeline.who",
                                          "timeline.which", "timeline.stands", NULL};
    ls_html_heading(w, 2, "table", "timeline.table");
    ls_html_table_open(w, "timeline", "timeline.table", columns);
    for (size_t i = 0; i < count; i++) {
        put_row(w, &items[i]);
    }
    ls_html_table_close(w);
}

/* The picture. */

static ls_svg_axis axis_of(ls_html *w, const item *items, size_t count)
{
    ls_time from = ls_record_at(w->portal->record, 0).time, to = w->portal->at;
    from = from == LS_TIME_OPEN || from > to ? to : from;
    for (size_t i = 0; i < count; i++) {
        from = items[i].from < from ? items[i].from : from;
        to = items[i].to > to ? items[i].to : to;
    }
    ls_time room = (to - from) / 50 + 86400;
    return (ls_svg_axis){from - room, to + room, LEFT, RIGHT, &ls_record_charter(w->portal->record)->zone};
}

/* Bars: how many acts a party has filed in a stretch of time; the highest is BAR_MAX high. */
static ls_result draw_acts(ls_html *w, const ls_svg_axis *a)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    unsigned(*acts)[BARS] = ls_arena_array(w->arena, c->party_count, sizeof *acts);
    unsigned most = 1;
    if (acts == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint64_t i = 0; i < ls_record_size(w->portal->record); i++) {
        ls_record_entry e = ls_record_at(w->portal->record, i);
        if (e.by < c->party_count && e.time < LS_TIME_NONE && ls_html_knows(w, i)) {
            unsigned *bar = &acts[e.by][(ls_svg_at(a, e.time) - LEFT) / BAR];
            most = ++*bar > most ? *bar : most;
        }
    }
    for (size_t p = 0; p < c->party_count; p++) {
        int base = TOP + (int)(p + 1) * LANE - 6;
        for (int b = 0; b < BARS; b++) {
            int height = acts[p][b] == 0 ? 0 : 1 + (int)((BAR_MAX - 1) * (uint64_t)acts[p][b] / most);
            if (height > 0) {
                ls_svg_rect(w->out, LEFT + b * BAR, base - height, BAR - 1, height, "idle");
            }
        }
    }
    return LS_SUCCESS;
}

static void draw_lanes(ls_html *w)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    for (size_t p = 0; p < c->party_count; p++) {
        int y = TOP + (int)p * LANE;
        ls_svg_rect(w->out, 0, y, WIDTH, LANE - 4, "lane");
        ls_svg_text(w->out, 8, y + 20, LS_SVG_START, 14, "name",
                    ls_svg_fit(w->arena, ls_html_cstr(w, c->party[p].name), 12));
    }
}

/* Where a mark of a party's stands: bars of time above, moments below. */
static void draw_in_lane(ls_html *w, const ls_svg_axis *a, const item *i, size_t party)
{
    int y = TOP + (int)party * LANE, x = ls_svg_at(a, i->from), to = ls_svg_at(a, i->to);
    switch (i->what) {
    case MEETING:
        ls_svg_circle(w->out, x, y + 30, 6, paints[MEETING]);
        break;
    case PERFORMED:
        ls_svg_circle(w->out, x, y + 46, 4, paints[PERFORMED]);
        break;
    case DEADLINE:
        ls_svg_diamond(w->out, x, y + 46, 5, i->missed ? "bad" : paints[DEADLINE]);
        break;
    case BEGIN_BY:
        ls_svg_diamond(w->out, x, y + 46, 4, paints[BEGIN_BY]);
        break;
    case SUSPENSION:
        ls_svg_rect(w->out, x, y + 12, to - x > 2 ? to - x : 2, 8, paints[SUSPENSION]);
        break;
    case IN_FORCE:
        ls_svg_rect(w->out, x, y + 4, to - x > 2 ? to - x : 2, 4, paints[IN_FORCE]);
        break;
    case VISIT:
        ls_svg_rect(w->out, x, y + 27, to - x > 6 ? to - x : 6, 6, paints[VISIT]);
        break;
    case HAPPENINGS:
        break;
    }
}

static void put_title(ls_html *w, const item *i)
{
    char date[LS_DATE_SIZE];
    ls_date_format(ls_zone_date(&ls_record_charter(w->portal->record)->zone, i->from), date);
    ls_html_open(w, "title", NULL);
    ls_html_str(w, date);
    ls_html_str(w, " ");
    ls_html_str(w, ls_html_named(w, "timeline", names[i->what]));
    ls_html_str(w, ": ");
    ls_html_text(w, i->words);
    ls_html_str(w, ", ");
    ls_html_str(w, i->stands);
    ls_html_close(w, "title");
}

static void draw_item(ls_html *w, const ls_svg_axis *a, const item *i)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    size_t first = LS_PARTIES_MAX, last = 0;
    ls_html_mark_open(w, names[i->what], i->id, i->from, i->to);
    put_title(w, i);
    for (size_t p = 0; p < c->party_count; p++) {
        if ((i->who & LS_PARTY_BIT(p)) != 0) {
            first = first == LS_PARTIES_MAX ? p : first;
            last = p;
        }
    }
    if (i->what == MEETING && first < last) {
        int x = ls_svg_at(a, i->from);
        ls_svg_line(w->out, x, TOP + (int)first * LANE + 30, x, TOP + (int)last * LANE + 30, "line", NULL);
    }
    for (size_t p = 0; p < c->party_count; p++) {
        if ((i->who & LS_PARTY_BIT(p)) != 0) {
            draw_in_lane(w, a, i, p);
        }
    }
    ls_html_mark_close(w);
}

static ls_result draw(ls_html *w, const item *items, size_t count)
{
    static const ls_legend legend[] = {
        {LS_CIRCLE, "open", "timeline.meeting"},   {LS_CIRCLE, "good", "timeline.performed"},
        {LS_DIAMOND, "warn", "timeline.deadline"}, {LS_DIAMOND, "bad", "timeline.missed"},
        {LS_DIAMOND, "open", "timeline.begin-by"}, {LS_BAR, "bad", "timeline.suspension"},
        {LS_BAR, "good", "timeline.in-force"},     {LS_BAR, "open", "timeline.visit"},
        {LS_BAR, "idle", "timeline.acts"},
    };
    const ls_svg_axis a = axis_of(w, items, count);
    int bottom = TOP + (int)ls_record_charter(w->portal->record)->party_count * LANE;
    ls_html_picture_open(w,
                         &(ls_picture){"timeline", "nav.timeline", "timeline.picture", WIDTH, bottom + 24, NULL, &a});
    ls_html_picture_exercise(w, RIGHT);
    draw_lanes(w);
    ls_html_picture_dates(w, &a, TOP, bottom);
    LS_TRY(draw_acts(w, &a));
    for (size_t i = 0; i < count; i++) {
        draw_item(w, &a, &items[i]);
    }
    ls_html_picture_close(w, legend, sizeof legend / sizeof *legend);
    return LS_SUCCESS;
}

/* Working groups, which have no day. */

static void put_groups(ls_html *w)
{
    static const char *const columns[] = {"group.name", "group.members", "group.since", "record.entry", NULL};
    const ls_talks_state *s = &w->portal->state->talk;
    if (s->group_count == 0) {
        return;
    }
    ls_html_heading(w, 2, "groups", "timeline.groups");
    ls_html_table_open(w, "groups", "timeline.groups", columns);
    for (size_t i = 0; i < s->group_count; i++) {
        const ls_group_state *g = &s->group[i];
        ls_html_statement_open(w, "tr", ls_html_format(w, "group-%u", g->group->index), NULL);
        ls_html_element(w, "th", g->group->name, "scope", "row", NULL);
        ls_html_open(w, "td", NULL);
        ls_html_parties(w, g->members);
        ls_html_close(w, "td");
        ls_html_open(w, "td", NULL);
        ls_html_date(w, g->since);
        ls_html_close(w, "td");
        ls_html_open(w, "td", NULL);
        ls_html_entry(w, g->group->index);
        ls_html_close(w, "td");
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
}

ls_result ls_page_timeline(ls_html *w, ls_bytes name, const char **title)
{
    timeline t = {.w = w};
    (void)name;
    ls_page_title_word(w, "nav.timeline", title);
    ls_html_word_in(w, "p", "timeline.intro");
    ls_html_state(w, "p", "as-of", "scorecard.as-of", LS_WITH(ls_say_time(w->portal->at)));
    add_meetings(&t);
    for (size_t i = 0; i < w->portal->state->card_count; i++) {
        add_measures(&t, &w->portal->state->card[i]);
        add_accord(&t, &w->portal->state->card[i]);
        add_inspections(&t, &w->portal->state->card[i].inspection);
    }
    item *items = (item *)(void *)t.items.ptr;
    size_t count = t.items.len / sizeof *items;
    ls_result r = ls_buf_check(&t.items);
    if (ls_succeeded(r)) {
        if (count > 0) {
            qsort(items, count, sizeof *items, by_time);
        }
        r = draw(w, items, count);
    }
    if (ls_succeeded(r)) {
        put_table(w, items, count);
        put_groups(w);
    }
    ls_buf_free(&t.items);
    return r;
}
