/* What parties may and must do about a measure. */
#include "accord/duties_parts.h"

/* Parts of moments that are about a measure. */

static bool about(const ls_moment_op *op, size_t measure, ls_event_kind first, ls_event_kind last)
{
    return op->kind == LS_MOMENT_MEASURE && op->subject == measure && op->what >= first && op->what <= last;
}

static bool is_promised(const ls_roadmap *r, const ls_moment_op *op, size_t measure)
{
    (void)r;
    return about(op, measure, LS_EVENT_PROMISED, LS_EVENT_PROMISED);
}

static bool is_done(const ls_roadmap *r, const ls_moment_op *op, size_t measure)
{
    return about(op, measure, LS_EVENT_BEGUN, LS_EVENT_CONFIRMED) ||
           (op->kind == LS_MOMENT_STEP && op->subject == r->measures[measure].step);
}

static bool is_confirmed(const ls_roadmap *r, const ls_moment_op *op, size_t measure)
{
    return about(op, measure, LS_EVENT_CONFIRMED, LS_EVENT_CONFIRMED) ||
           (op->kind == LS_MOMENT_STEP && op->subject == r->measures[measure].step);
}

static bool is_overdue(const ls_roadmap *r, const ls_moment_op *op, size_t measure)
{
    (void)r;
    return about(op, measure, LS_EVENT_OVERDUE, LS_EVENT_OVERDUE);
}

/* Performing. */

static ls_time next_deadline(const ls_duty_list *l, const ls_measure_state *x)
{
    if (x->state == LS_OVERDUE) {
        return x->since - l->q->charter->grace;
    }
    bool begin = x->has_begin && x->event[LS_EVENT_BEGUN] == LS_TIME_OPEN;
    if (begin && (!x->has_deadline || x->begin_by < x->deadline)) {
        return x->begin_by;
    }
    return x->has_deadline && x->deadline >= x->holds ? x->deadline : LS_TIME_OPEN;
}

/* What nobody has to wait for as long as its clock runs: that it is overdue. */
static bool is_awaited_overdue(const ls_duty_list *l, size_t measure)
{
    const ls_roadmap *r = l->q->roadmap;
    bool waits = false;
    for (size_t i = 0; i < r->measure_count; i++) {
        for (size_t k = 0; k < r->measures[i].after_count; k++) {
            waits |= ls_duty_mentions(r, &r->measures[i].after[k], is_overdue, measure);
        }
    }
    for (size_t e = 0; e < r->event_count; e++) {
        waits |= ls_duty_mentions(r, &r->events[e].when, is_overdue, measure);
    }
    return waits;
}

static const char *if_overdue(ls_duty_list *l, size_t measure, ls_time until)
{
    ls_time from = until + l->q->charter->grace;
    return ls_arena_format(l->arena, "overdue %s %s%s", from < l->q->at ? "since" : "from",
                           ls_why_date(l->q->charter, from, l->arena),
                           is_awaited_overdue(l, measure) ? ", which is what others wait for" : "");
}

static const char *if_not_performed(ls_duty_list *l, size_t measure, ls_time until)
{
    const ls_measure_state *x = &l->s->measure[measure];
    size_t step = l->q->roadmap->measures[measure].step;
    bool together = l->q->roadmap->steps[step].simultaneous && l->s->step[step].complete > l->q->at;
    const char *first = x->state == LS_REVERSED     ? "it stays reversed"
                        : x->state == LS_CALLED_OFF ? "it stays called off"
                        : x->stopped                ? "its clock stands while it is suspended"
                        : until != LS_TIME_OPEN     ? if_overdue(l, measure, until)
                                                    : NULL;
    return ls_duty_both(
        l, first,
        ls_duty_both(l, together ? "nothing of its step takes effect" : NULL, ls_duty_held_up(l, is_done, measure)));
}

/* "perform fuel-oil --amount AMOUNT --method METHOD" */
static const char *performing(ls_duty_list *l, const ls_measure *m)
{
    if (m->declares.len > 0) {
        return "declare --inventory FILE --backup FOLDER";
    }
    if (m->opens.len > 0) {
        return ls_arena_format(l->arena, "open --tranche %u", m->opens_tranche);
    }
    return ls_arena_format(l->arena, "%s%s%s", ls_duty_command(l, "perform", m->id),
                           m->amount.kind == LS_AMOUNT_NONE      ? ""
                           : m->amount.kind == LS_AMOUNT_CEILING ? " --amount LEVEL"
                                                                 : " --amount AMOUNT",
                           m->amount.method_count > 0 ? " --method METHOD" : "");
}

/* The measure's words, and how far its amount has come. */
static const char *words(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const char *amount = ls_why_amount(m, &l->s->measure[measure], l->arena);
    return amount == NULL ? ls_arena_str(l->arena, m->what)
                          : ls_arena_format(l->arena, "%.*s (%s)", (int)m->what.len, m->what.ptr, amount);
}

/* Of several, whose part is still missing. */
static ls_parties those_to_perform(const ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    ls_parties all = x->performers != 0 ? x->performers : m->by;
    bool each = m->amount.kind == LS_AMOUNT_NONE && (x->state == LS_BEGUN || x->state == LS_OVERDUE);
    return each ? all & ~l->a->performed[measure] : all;
}

static void add_perform(ls_duty_list *l, size_t measure, bool must)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    ls_time until = next_deadline(l, x);
    bool to_begin = x->has_begin && until == x->begin_by && x->event[LS_EVENT_BEGUN] == LS_TIME_OPEN;
    ls_duty_add(l, those_to_perform(l, measure),
                (ls_duty){.kind = LS_DUTY_PERFORM,
                          .subject = measure,
                          .must = must,
                          .until = x->state == LS_REVERSED ? LS_TIME_OPEN : until,
                          .what = words(l, measure),
                          .command = to_begin ? ls_duty_command(l, "begin", m->id) : performing(l, m),
                          .otherwise = if_not_performed(l, measure, until)});
}

/* An objection, a breach: to be answered by doing it again, or right. */
static void add_cure(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    const char *stays = ls_arena_format(l->arena, "it stays %s", ls_state_name(x->state));
    ls_duty_add(l, those_to_perform(l, measure),
                (ls_duty){.kind = LS_DUTY_CURE,
                          .subject = measure,
                          .must = true,
                          .until = x->state == LS_BREACHED ? LS_TIME_OPEN : next_deadline(l, x),
                          .what = ls_arena_format(l->arena, "put it right: %s", words(l, measure)),
                          .command = performing(l, m),
                          .otherwise = ls_duty_both(l, stays, ls_duty_held_up(l, is_done, measure))});
}

/* Answering. */

static void add_answers(ls_duty_list *l, size_t measure, ls_parties who, ls_duty_kind kind)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    ls_time until = kind == LS_DUTY_ANSWER ? x->silent_until : LS_TIME_OPEN;
    const char *silence = NULL;
    if (until != LS_TIME_OPEN) {
        silence = ls_arena_format(l->arena, "silence counts as %s from %s",
                                  m->silence == LS_SILENCE_CONFIRMED ? "confirmed" : "disputed",
                                  ls_why_date(l->q->charter, until + l->q->charter->grace, l->arena));
    } else {
        bool parts = x->state == LS_BEGUN || x->state == LS_OVERDUE || x->state == LS_KEPT;
        silence = kind == LS_DUTY_ATTEND ? "it counts for nobody"
                  : parts                ? "its parts stay unconfirmed"
                                         : ls_arena_format(l->arena, "it stays %s", ls_state_name(x->state));
    }
    ls_duty_add(l, who,
                (ls_duty){.kind = kind,
                          .subject = measure,
                          .until = until,
                          .what = ls_arena_format(l->arena,
                                                  kind == LS_DUTY_ATTEND ? "confirm that it was there: %s"
                                                                         : "confirm or object: %s",
                                                  words(l, measure)),
                          .command = ls_duty_command(l, "confirm", m->id),
                          .otherwise = ls_duty_both(l, silence, ls_duty_held_up(l, is_confirmed, measure))});
}

/* Incidents that were reported and that no verifier has answered. */
static void add_incidents(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_facts *facts = l->q->facts;
    for (size_t i = 0; i < facts->count && l->s->measure[measure].open_incidents > 0; i++) {
        const ls_fact *f = &facts->fact[i];
        bool open = f->kind == LS_FACT_INCIDENT && f->subject == measure && ls_account_counts(l->a, f) &&
                    !l->a->answered[f->index] && !l->a->taken_back[f->index];
        if (open) {
            ls_duty_add(l, m->verifiers,
                        (ls_duty){.kind = LS_DUTY_ANSWER,
                                  .subject = measure,
                                  .until = LS_TIME_OPEN,
                                  .what = "say whether what was reported was a breach (object), or none (confirm)",
                                  .command = ls_arena_format(l->arena, "object %.*s --act %u", (int)m->id.len,
                                                             m->id.ptr, f->index),
                                  .otherwise = "it stays unsubstantiated"});
        }
    }
}

/* What parties may say beside that. */

/* Somebody waits for the promise, and it has not been given. */
static void add_promise(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    const char *held_up = ls_duty_held_up(l, is_promised, measure);
    if (held_up != NULL && x->event[LS_EVENT_PROMISED] == LS_TIME_OPEN && x->state != LS_ENDED) {
        ls_duty_add(l, x->performers != 0 ? x->performers : m->by,
                    (ls_duty){.kind = LS_DUTY_PROMISE,
                              .subject = measure,
                              .until = LS_TIME_OPEN,
                              .what = ls_arena_format(l->arena, "promise to %.*s", (int)m->what.len, m->what.ptr),
                              .command = ls_duty_command(l, "promise", m->id),
                              .otherwise = held_up});
    }
}

static void add_join(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    ls_duty_add(l, m->may_join & ~l->s->measure[measure].performers,
                (ls_duty){.kind = LS_DUTY_JOIN,
                          .subject = measure,
                          .until = LS_TIME_OPEN,
                          .what = words(l, measure),
                          .command = ls_duty_command(l, "join", m->id),
                          .otherwise = "the others perform it alone"});
}

static void add_call_off(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    ls_duty_add(l, m->may_call_off,
                (ls_duty){.kind = LS_DUTY_CALL_OFF,
                          .subject = measure,
                          .until = LS_TIME_OPEN,
                          .what = ls_arena_format(l->arena, "call it off, or postpone it with --due DATE: %.*s",
                                                  (int)m->what.len, m->what.ptr),
                          .command = ls_arena_format(l->arena, "call-off %.*s --text CAUSE", (int)m->id.len, m->id.ptr),
                          .otherwise = "it stands as agreed"});
}

static void add_disputes(ls_duty_list *l, size_t measure)
{
    const ls_roadmap *r = l->q->roadmap;
    const ls_measure *m = &r->measures[measure];
    for (size_t i = 0; i < r->dispute_count && !l->s->measure[measure].in_dispute; i++) {
        ls_duty_add(
            l, r->disputes[i].open_to,
            (ls_duty){.kind = LS_DUTY_DISPUTE,
                      .subject = measure,
                      .until = LS_TIME_OPEN,
                      .what = ls_arena_format(l->arena, "open a dispute: %.*s", (int)r->disputes[i].title.len,
                                              r->disputes[i].title.ptr),
                      .command = ls_arena_format(l->arena, "dispute %.*s --measure %.*s", (int)r->disputes[i].id.len,
                                                 r->disputes[i].id.ptr, (int)m->id.len, m->id.ptr),
                      .otherwise =
                          ls_arena_format(l->arena, "it stays %s", ls_state_name(l->s->measure[measure].state))});
    }
}

/* What the state asks for. */

static void in_trouble(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    add_cure(l, measure);
    /* Who objects may change its mind; the level of a ceiling is not a matter of opinion. */
    if (m->amount.kind != LS_AMOUNT_CEILING && l->s->measure[measure].performed_by != LS_NO_ENTRY && !m->continuing) {
        add_answers(l, measure, m->verifiers & ~l->s->measure[measure].confirmations, LS_DUTY_ANSWER);
    }
}

static void await_answers(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    ls_parties silent = m->continuing ? m->verifiers : m->verifiers & ~x->confirmations;
    add_answers(l, measure, silent, LS_DUTY_ANSWER);
    add_answers(l, measure, m->witnesses & ~m->verifiers & ~l->a->attended[measure], LS_DUTY_ATTEND);
}

static void by_state(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    bool rate = m->amount.kind == LS_AMOUNT_RATE;
    /* Parts wait for their answers one by one. */
    bool parts = m->amount.kind != LS_AMOUNT_NONE && m->amount.kind != LS_AMOUNT_CEILING && x->confirmed < x->total;
    switch (x->state) {
    case LS_DUE:
    case LS_BEGUN:
    case LS_OVERDUE:
    case LS_REVERSED:
    case LS_CALLED_OFF:
        if (x->holds <= l->q->at) {
            add_perform(l, measure, x->state != LS_CALLED_OFF && !(x->state == LS_REVERSED && m->undone_by.count > 0));
        }
        break;
    case LS_DISPUTED:
    case LS_BREACHED:
        in_trouble(l, measure);
        break;
    case LS_PERFORMED:
        await_answers(l, measure);
        break;
    case LS_KEPT:
        if (rate) {
            add_perform(l, measure, true);
        }
        break;
    default:
        break;
    }
    if (parts && x->state != LS_PERFORMED && x->state != LS_DISPUTED) {
        add_answers(l, measure, m->verifiers, LS_DUTY_ANSWER);
    }
}

void ls_duties_of_measure(ls_duty_list *l, size_t measure)
{
    const ls_measure *m = &l->q->roadmap->measures[measure];
    const ls_measure_state *x = &l->s->measure[measure];
    bool over = x->state == LS_ENDED || ls_measure_complete(m, x);
    add_promise(l, measure);
    by_state(l, measure);
    add_incidents(l, measure);
    if (!over) {
        add_join(l, measure);
    }
    if (!over && x->state != LS_CALLED_OFF) {
        add_call_off(l, measure);
    }
    if (x->state == LS_DISPUTED || x->state == LS_BREACHED || x->state == LS_OVERDUE) {
        add_disputes(l, measure);
    }
}
