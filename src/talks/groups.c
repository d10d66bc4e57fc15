/* Working groups: who sits in them; and agendas, of groups and of meetings. */
#include "talks/parts.h"
#include <stdlib.h>

#define NO_SEAT SIZE_MAX

typedef struct seating {
    ls_talking *s;
    ls_group_state *out;
    size_t seat[LS_PARTIES_MAX]; /* of each party its place, or NO_SEAT */
} seating;

static void sit(seating *x, size_t party, const ls_talk *named_by, ls_time t)
{
    ls_group_state *out = x->out;
    if (x->seat[party] == NO_SEAT) {
        x->seat[party] = out->seat_count++;
        out->seat[x->seat[party]] = (ls_seat){.party = (uint8_t)party, .left = true};
    }
    ls_seat *seat = &out->seat[x->seat[party]];
    seat->since = seat->left ? t : seat->since; /* further members are no joining */
    seat->left = false;
    seat->named_by = named_by;
    out->members |= LS_PARTY_BIT(party);
    out->left &= ~LS_PARTY_BIT(party);
}

/* Whoever was invited and leaves without having joined does not take part. */
static void leave(seating *x, size_t party, ls_time t)
{
    ls_group_state *out = x->out;
    if ((out->members & LS_PARTY_BIT(party)) != 0) {
        out->seat[x->seat[party]].left = true;
        out->seat[x->seat[party]].since = t;
    }
    out->members &= ~LS_PARTY_BIT(party);
    out->left |= LS_PARTY_BIT(party);
}

static void take(seating *x, const ls_happening *e)
{
    const ls_talk *f = &x->s->fact[e->fact];
    if ((ls_talking_bit(f) & ls_talk_involved(x->out->group)) == 0) {
        return;
    }
    if (f->kind == LS_TALK_ENLIST) {
        sit(x, f->by, f, e->time);
    } else if (f->kind == LS_TALK_QUIT) {
        leave(x, f->by, e->time);
    }
}

/* Reports stand, whether or not they were taken back; those that were are not counted. */
static void count_reports(seating *x, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        size_t fact = x->s->event[i].fact;
        const ls_talk *f = &x->s->fact[fact];
        size_t said = f->kind == LS_TALK_WITHDRAW ? ls_talking_referred(x->s, fact) : LS_NO_POSITION;
        if (f->kind == LS_TALK_GROUP_REPORT) {
            x->s->standing[fact].counts = true;
            x->out->reports++;
        } else if (said != LS_NO_POSITION && x->s->fact[said].by == f->by && x->s->standing[said].counts) {
            x->s->standing[said].counts = false;
            x->out->reports--;
        }
    }
}

bool ls_talking_group(ls_talking *s, size_t root, ls_group_state *out)
{
    const ls_talk *f = &s->fact[root];
    seating x = {.s = s, .out = out};
    size_t count = ls_talking_events(s, root);
    *out = (ls_group_state){.group = f, .since = s->time[root]};
    out->seat = ls_arena_array(s->arena, (count < LS_PARTIES_MAX ? count : LS_PARTIES_MAX) + 1, sizeof *out->seat);
    if (out->seat == NULL) {
        return false;
    }
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        x.seat[p] = NO_SEAT;
    }
    if (f->by < LS_PARTIES_MAX) {
        sit(&x, f->by, f, s->time[root]);
    }
    for (size_t i = 0; i < count; i++) {
        take(&x, &s->event[i]);
    }
    out->invited = f->to & ~(out->members | out->left);
    count_reports(&x, count);
    return ls_talking_agenda(s, count, &out->agenda);
}

/* Agendas. */

static int by_name(const void *a, const void *b)
{
    const ls_agenda_item *x = a, *y = b;
    size_t least = x->first->name.len < y->first->name.len ? x->first->name.len : y->first->name.len;
    int order = least == 0 ? 0 : memcmp(x->first->name.ptr, y->first->name.ptr, least);
    if (order != 0) {
        return order;
    }
    return x->first->name.len < y->first->name.len ? -1 : x->first->name.len > y->first->name.len;
}

/* Of one name the order in which they came: their places in `mentioned` grow with it. */
typedef struct mention {
    ls_agenda_item item;
    size_t turn;
} mention;

static int by_name_and_turn(const void *a, const void *b)
{
    const mention *x = a, *y = b;
    int order = by_name(&x->item, &y->item);
    return order != 0 ? order : x->turn < y->turn ? -1 : x->turn > y->turn;
}

static int by_turn(const void *a, const void *b)
{
    const mention *x = a, *y = b;
    return x->turn < y->turn ? -1 : x->turn > y->turn;
}

/* Mentions of one name become one, which keeps the first one's turn; gives how many names there are. */
static size_t merge(mention *m, size_t count)
{
    size_t names = 0;
    for (size_t i = 0; i < count; i++) {
        if (names > 0 && by_name(&m[names - 1].item, &m[i].item) == 0) {
            m[names - 1].item.latest = m[i].item.latest;
            m[names - 1].item.since = m[i].item.since;
        } else {
            m[names++] = m[i];
        }
    }
    return names;
}

bool ls_talking_agenda(ls_talking *s, size_t count, ls_agenda *out)
{
    size_t mentions = 0;
    ls_arena scratch = {0};
    *out = (ls_agenda){0};
    for (size_t i = 0; i < count; i++) {
        mentions += s->fact[s->event[i].fact].kind == LS_TALK_AGENDA;
    }
    if (mentions == 0) {
        return true;
    }
    mention *m = ls_arena_array(&scratch, mentions, sizeof *m);
    for (size_t i = 0, k = 0; m != NULL && i < count; i++) {
        const ls_talk *f = &s->fact[s->event[i].fact];
        if (f->kind == LS_TALK_AGENDA) {
            m[k] = (mention){{f, f, s->event[i].time}, k};
            k++;
        }
    }
    if (m != NULL) {
        qsort(m, mentions, sizeof *m, by_name_and_turn);
        mentions = merge(m, mentions);
        qsort(m, mentions, sizeof *m, by_turn);
        out->item = ls_arena_array(s->arena, mentions, sizeof *out->item);
    }
    for (size_t i = 0; out->item != NULL && i < mentions; i++) {
        out->item[out->count++] = m[i].item;
    }
    ls_arena_free(&scratch);
    return out->item != NULL;
}

ls_parties ls_group_refused(const ls_group_state *g)
{
    ls_parties refused = g->left;
    for (size_t i = 0; i < g->seat_count; i++) {
        refused &= ~LS_PARTY_BIT(g->seat[i].party);
    }
    return refused;
}
