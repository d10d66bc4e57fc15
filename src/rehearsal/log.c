/* What happens in a rehearsal, line by line: acts as they are made, and what the state shows that it did not before. */
#include "accord/state_parts.h"
#include "rehearsal/parts.h"

static void add(ls_rehearsing *x, const ls_happening *h)
{
    ls_rehearsed *out = x->out;
    ls_happening *list = ls_rehearsing_grow(x, out->happenings, sizeof *list, out->count, &x->happening_cap);
    if (list == NULL) {
        return;
    }
    out->happenings = list;
    out->happenings[out->count++] = *h;
}

static const char *text_of(ls_rehearsing *x, ls_bytes text)
{
    const char *copy = ls_arena_str(x->arena, text);
    x->no_memory |= copy == NULL;
    return copy;
}

void ls_log_act(ls_rehearsing *x, size_t party, bool by_rule, const char *what, ls_bytes about, const char *more)
{
    ls_happening h = {.time = x->now,
                      .kind = LS_HAPPENED_ACT,
                      .party = (int)party,
                      .by_rule = by_rule,
                      .what = what,
                      .about = text_of(x, about),
                      .more = more == NULL ? NULL : text_of(x, ls_bytes_str(more))};
    x->no_memory |= more == NULL;
    add(x, &h);
}

/* A change came between the state before and that of now. */
static bool came(const ls_rehearsing *x, ls_time before, ls_time now)
{
    return now <= x->now && before > x->before_at;
}

static void note(ls_rehearsing *x, ls_happening_kind kind, ls_time at, int party, const char *what, ls_bytes about)
{
    ls_happening h = {.time = at, .kind = kind, .party = party, .what = what, .about = text_of(x, about), .more = ""};
    add(x, &h);
}

static void note_other(ls_rehearsing *x, ls_time before, ls_time now, int party, const char *what, ls_bytes about)
{
    if (came(x, before, now)) {
        note(x, LS_HAPPENED_OTHER, now, party, what, about);
    }
}

/* Measures. */

static const char *qualified(ls_rehearsing *x, const ls_measure_state *s)
{
    bool done = s->state == LS_PERFORMED || s->state == LS_CONFIRMED;
    const char *text = ls_arena_format(x->arena, "%s%s%s%s", ls_state_name(s->state),
                                       done && s->early  ? ", early"
                                       : done && s->late ? ", late"
                                                         : "",
                                       s->by_silence && (done || s->state == LS_DISPUTED) ? ", by silence" : "",
                                       s->held ? ", held" : "");
    x->no_memory |= text == NULL;
    return text;
}

/* What parties brought about comes before what follows from it: events, and what becomes due or is undone by them. */
static bool is_brought_about(ls_state s)
{
    return s == LS_BEGUN || s == LS_PERFORMED || s == LS_CONFIRMED || s == LS_DISPUTED || s == LS_CALLED_OFF;
}

static void compare_measure(ls_rehearsing *x, size_t i, bool brought_about)
{
    const ls_measure_state *before = &x->before.measure[i], *now = &x->state.measure[i];
    if (is_brought_about(now->state) != brought_about) {
        return;
    }
    bool since = now->since <= x->now && now->since > x->before_at;
    if (before->state != now->state) {
        note(x, LS_HAPPENED_STATE, since ? now->since : x->now, -1, qualified(x, now), x->m->measures[i].id);
    } else if (before->held && !now->held) {
        note(x, LS_HAPPENED_OTHER, x->now, -1, "takes effect", x->m->measures[i].id);
    }
}

/* Disputes. Those before stand at the same places. */

static void compare_dispute(ls_rehearsing *x, size_t i)
{
    const ls_dispute_state *now = &x->state.dispute[i];
    const ls_dispute_state *before = i < x->before.dispute_count ? &x->before.dispute[i] : NULL;
    const ls_dispute *d = &x->m->disputes[now->procedure];
    for (size_t k = 0; k < d->stage_count; k++) {
        const ls_stage_state *stage = &now->stage[k];
        bool runs = stage->begins < stage->ends && now->settled > stage->begins;
        if (runs) {
            note_other(x, before == NULL ? LS_NEVER : before->stage[k].begins, stage->begins, -1, "stage begins",
                       d->stages[k].id);
        }
    }
    note_other(x, before == NULL ? LS_NEVER : before->settled, now->settled, -1, "settled", d->id);
    note_other(x, before == NULL ? LS_NEVER : before->exhausted, now->exhausted, -1, "exhausted", d->id);
}

static void compare_suspension(ls_rehearsing *x, size_t i)
{
    const ls_suspension *s = &x->state.suspension[i];
    ls_time before = i < x->before.suspension_count ? x->before.suspension[i].until : LS_NEVER;
    ls_bytes about = s->measure >= 0 ? x->m->measures[s->measure].id
                     : s->track >= 0 ? x->m->tracks[s->track].id
                                     : x->m->name;
    note_other(x, before, s->until, (int)s->by, "suspension ends", about);
}

/* The accord. */

static void compare_parts(ls_rehearsing *x)
{
    for (size_t i = 0; i < x->state.dispute_count; i++) {
        compare_dispute(x, i);
    }
    for (size_t i = 0; i < x->state.suspension_count; i++) {
        compare_suspension(x, i);
    }
}

static void compare_events(ls_rehearsing *x)
{
    for (size_t i = 0; i < x->m->event_count; i++) {
        ls_time now = x->state.event[i].time;
        if (came(x, x->before.event[i].time, now)) {
            note(x, LS_HAPPENED_EVENT, now, -1, "happens", x->m->events[i].id);
        }
    }
}

static void compare_accord(ls_rehearsing *x)
{
    const ls_accord_state *before = &x->before, *now = &x->state;
    note_other(x, before->signed_at, now->signed_at, -1, "signed", x->m->name);
    if (x->m->provisional.count > 0) {
        note_other(x, before->provisional, now->provisional, -1, "provisionally applied", x->m->name);
    }
    compare_parts(x);
    compare_events(x);
    note_other(x, before->in_force, now->in_force, -1, "in force", x->m->name);
    for (size_t p = 0; p < x->c->party_count; p++) {
        note_other(x, before->left[p], now->left[p], (int)p, "leaves", x->m->name);
    }
    note_other(x, before->ended, now->ended, -1, "ends", x->m->name);
}

void ls_log_changes(ls_rehearsing *x)
{
    for (size_t i = 0; i < x->m->measure_count; i++) {
        compare_measure(x, i, true);
    }
    compare_accord(x);
    for (size_t i = 0; i < x->m->measure_count; i++) {
        compare_measure(x, i, false);
    }
}

/* The end. */

/* What became known later than it happened comes to its place. */
static void sort(ls_rehearsed *out)
{
    for (size_t i = 1; i < out->count; i++) {
        ls_happening moving = out->happenings[i];
        size_t j = i;
        for (; j > 0 && out->happenings[j - 1].time > moving.time; j--) {
            out->happenings[j] = out->happenings[j - 1];
        }
        out->happenings[j] = moving;
    }
}

static const char *column_text(ls_rehearsing *x, const ls_column *c)
{
    char date[LS_DATE_SIZE];
    if (c->kind == LS_COLUMN_OVERDUE) {
        return ls_arena_format(x->arena, "%zu", x->out->overdue);
    }
    if (c->kind == LS_COLUMN_STATE) {
        return ls_state_name(x->out->state.measure[c->measure].state);
    }
    ls_time at = ls_moment_time(x->c, &x->out->state, &c->moment);
    if (at > x->now) {
        return "";
    }
    ls_date_format(ls_zone_date(&x->c->zone, at), date);
    return text_of(x, ls_bytes_str(date));
}

void ls_log_finish(ls_rehearsing *x)
{
    ls_rehearsed *out = x->out;
    sort(out);
    for (size_t i = 0; i < x->m->measure_count; i++) {
        out->overdue += out->state.measure[i].state == LS_OVERDUE ? 1 : 0;
    }
    out->columns = ls_arena_array(x->arena, x->r->column_count + 1, sizeof *out->columns);
    for (size_t i = 0; out->columns != NULL && i < x->r->column_count; i++) {
        out->columns[i] = column_text(x, &x->r->columns[i]);
        x->no_memory |= out->columns[i] == NULL;
    }
    x->no_memory |= out->columns == NULL;
}
