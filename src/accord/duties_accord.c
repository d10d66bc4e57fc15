/* What parties may and must do about events, disputes, and the accord as a whole. */
#include "accord/duties_parts.h"

/* Events. */

static bool is_event(const ls_roadmap *r, const ls_moment_op *op, size_t event)
{
    (void)r;
    return op->kind == LS_MOMENT_EVENT && op->subject == event;
}

/* What comes without it: the event that it would prevent, while that is still possible. */
static const char *if_not_prevented(ls_duty_list *l, size_t event, ls_time *until)
{
    const ls_roadmap *r = l->q->roadmap;
    const char *text = NULL;
    *until = LS_TIME_OPEN;
    for (size_t e = 0; e < r->event_count; e++) {
        const ls_event_state *x = &l->s->event[e];
        bool ahead = x->time > l->q->at && x->silent_until != LS_TIME_OPEN && !x->prevented;
        if (ahead && ls_duty_mentions(r, &r->events[e].unless, is_event, event)) {
            *until = x->silent_until < *until ? x->silent_until : *until;
            text = ls_duty_both(l, text,
                                ls_arena_format(l->arena, "%.*s happens on %s", (int)r->events[e].id.len,
                                                r->events[e].id.ptr, ls_why_date(l->q->charter, x->time, l->arena)));
        }
    }
    return text;
}

void ls_duties_of_event(ls_duty_list *l, size_t event)
{
    const ls_event *e = &l->q->roadmap->events[event];
    const ls_event_state *x = &l->s->event[event];
    const char *held_up = ls_duty_held_up(l, is_event, event);
    if (e->to_be_agreed && held_up != NULL) {
        ls_duty_add(
            l, l->q->roadmap->signed_by,
            (ls_duty){.kind = LS_DUTY_AGREE,
                      .subject = event,
                      .until = LS_TIME_OPEN,
                      .what = ls_arena_format(l->arena, "agree on what this is: %.*s", (int)e->title.len, e->title.ptr),
                      .command = "accord propose ROADMAP TEXT --amends",
                      .otherwise = held_up});
    }
    if (e->attested_by == 0 || x->time <= l->q->at) {
        return;
    }
    ls_time until;
    const char *prevented = if_not_prevented(l, event, &until), *follows = ls_duty_both(l, prevented, held_up);
    ls_duty_add(
        l, e->attested_by & ~x->attested,
        (ls_duty){.kind = LS_DUTY_ATTEST,
                  .subject = event,
                  .until = until,
                  .what = ls_arena_format(l->arena, "say so if it has happened: %.*s", (int)e->title.len, e->title.ptr),
                  .command = ls_duty_command(l, "attest", e->id),
                  .otherwise = follows[0] == '\0' ? "nothing waits for it now" : follows});
}

/* Disputes. */

static ls_time last_stage_ends(const ls_duty_list *l, const ls_dispute_state *d)
{
    const ls_dispute *p = &l->q->roadmap->disputes[d->procedure];
    ls_time last = d->opened;
    for (size_t k = 0; k < p->stage_count; k++) {
        last = d->stage[k].ends > last ? d->stage[k].ends : last;
    }
    return last;
}

/* An optional stage that nobody has asked for yet, while that is possible. */
static void add_stages(ls_duty_list *l, size_t i)
{
    const ls_dispute_state *d = &l->s->dispute[i];
    const ls_dispute *p = &l->q->roadmap->disputes[d->procedure];
    for (size_t k = 0; k < p->stage_count; k++) {
        const ls_stage_state *x = &d->stage[k];
        bool passed_over = p->stages[k].optional && x->begins == x->ends && x->begins > l->q->at;
        if (passed_over) {
            ls_duty_add(l, p->open_to | p->settled_by,
                        (ls_duty){.kind = LS_DUTY_REFER,
                                  .subject = i,
                                  .until = x->begins,
                                  .what = ls_arena_format(l->arena, "ask for: %.*s", (int)p->stages[k].title.len,
                                                          p->stages[k].title.ptr),
                                  .command = ls_arena_format(l->arena, "refer %.*s --stage %.*s --act %u",
                                                             (int)p->id.len, p->id.ptr, (int)p->stages[k].id.len,
                                                             p->stages[k].id.ptr, d->index),
                                  .otherwise = "it is passed over"});
        }
    }
}

void ls_duties_of_dispute(ls_duty_list *l, size_t i)
{
    const ls_dispute_state *d = &l->s->dispute[i];
    const ls_dispute *p = &l->q->roadmap->disputes[d->procedure];
    if (d->settled != LS_TIME_OPEN || d->exhausted != LS_TIME_OPEN) {
        return;
    }
    ls_duty_add(
        l, p->settled_by & ~d->settled_by,
        (ls_duty){.kind = LS_DUTY_SETTLE,
                  .subject = i,
                  .until = last_stage_ends(l, d),
                  .what = ls_arena_format(l->arena, "say that it is settled: %.*s", (int)p->title.len, p->title.ptr),
                  .command = ls_arena_format(l->arena, "settle %.*s --act %u", (int)p->id.len, p->id.ptr, d->index),
                  .otherwise = "it is exhausted when its last stage has ended"});
    add_stages(l, i);
}

/* The accord. */

static bool asks_for_ratification(const ls_roadmap *r, size_t party)
{
    const ls_moment *const moments[] = {&r->entry, &r->provisional};
    for (size_t k = 0; k < sizeof moments / sizeof *moments; k++) {
        for (size_t i = 0; i < moments[k]->count; i++) {
            if (moments[k]->op[i].kind == LS_MOMENT_RATIFIED && moments[k]->op[i].subject == party) {
                return true;
            }
        }
    }
    return false;
}

static void of_parties(ls_duty_list *l)
{
    for (size_t p = 0; p < l->q->charter->party_count; p++) {
        if (asks_for_ratification(l->q->roadmap, p) && l->s->ratified[p] > l->q->at) {
            ls_duty_add(l, LS_PARTY_BIT(p),
                        (ls_duty){.kind = LS_DUTY_RATIFY,
                                  .until = LS_TIME_OPEN,
                                  .what = "ratify the accord",
                                  .command = "ratify",
                                  .otherwise = l->s->in_force > l->q->at ? "entry into force waits for it"
                                                                         : "the accord is in force without it"});
        }
        if (l->s->left[p] != LS_TIME_OPEN && l->a->notice[p] != LS_NO_ENTRY) {
            ls_duty_add(l, LS_PARTY_BIT(p),
                        (ls_duty){.kind = LS_DUTY_STAY,
                                  .until = l->s->left[p],
                                  .what = "take the notice of withdrawal back",
                                  .command = ls_arena_format(l->arena, "withdraw %u", l->a->notice[p]),
                                  .otherwise = l->q->roadmap->withdrawal.continues ? "it leaves the accord"
                                                                                   : "the accord ends"});
        }
    }
}

static void of_suspensions(ls_duty_list *l)
{
    for (size_t i = 0; i < l->s->suspension_count; i++) {
        const ls_suspension *x = &l->s->suspension[i];
        if (x->until > l->q->at) {
            ls_duty_add(l, LS_PARTY_BIT(x->by),
                        (ls_duty){.kind = LS_DUTY_RESUME,
                                  .subject = i,
                                  .until = x->until,
                                  .what = "end its suspension",
                                  .command = ls_arena_format(l->arena, "resume %u", x->index),
                                  .otherwise = x->until == LS_TIME_OPEN ? "it goes on" : "it ends by itself"});
        }
    }
}

/* A visit is to what was drawn or challenged, so that its command names no inspection. */
static const char *command_of_right(ls_duty_list *l, size_t right)
{
    const char *kind;
    const ls_inspection *x = ls_roadmap_right_of(l->q->roadmap, right, &kind);
    if (x == NULL) {
        return ls_duty_command(l, "use", l->q->roadmap->rights[right].id);
    }
    return strcmp(kind, "visit") == 0 ? kind : ls_duty_command(l, kind, x->id);
}

static void of_rights(ls_duty_list *l)
{
    for (size_t i = 0; i < l->q->roadmap->right_count; i++) {
        const ls_right *r = &l->q->roadmap->rights[i];
        const ls_right_state *x = &l->s->right[i];
        if (x->left > 0 && x->from != LS_TIME_OPEN) {
            ls_duty_add(
                l, LS_PARTY_BIT(r->of),
                (ls_duty){.kind = LS_DUTY_USE,
                          .subject = i,
                          .until = x->until,
                          .what = ls_arena_format(l->arena, "%.*s (%u left)", (int)r->what.len, r->what.ptr, x->left),
                          .command = command_of_right(l, i),
                          .otherwise = "what is not used is forfeited"});
        }
    }
}

void ls_duties_of_accord(ls_duty_list *l)
{
    of_parties(l);
    of_suspensions(l);
    of_rights(l);
}
