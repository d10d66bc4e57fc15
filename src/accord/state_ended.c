/* What waits for what will never come, as that has ended: it has ended, too. */
#include "accord/state_parts.h"

/* Since when events and steps will never come, as far as that follows from measures that ended; or LS_NEVER. */
typedef struct vain {
    ls_time *event, *step;
} vain;

static ls_time leaf_in_vain(const ls_states *s, const vain *v, const ls_moment_op *op)
{
    switch (op->kind) {
    case LS_MOMENT_EVENT:
        return v->event[op->subject];
    case LS_MOMENT_STEP:
        return v->step[op->subject];
    case LS_MOMENT_MEASURE: {
        const ls_measure_state *m = &s->out->measure[op->subject];
        return m->state == LS_ENDED && m->event[op->what] == LS_NEVER ? m->since : LS_NEVER;
    }
    default:
        return LS_NEVER;
    }
}

static ls_time moment_in_vain(const ls_states *s, const vain *v, const ls_moment *m)
{
    ls_time since = LS_NEVER;
    if (ls_moment_time(s->c, s->out, m) != LS_NEVER) {
        return LS_NEVER;
    }
    for (size_t i = 0; i < m->count; i++) {
        if (m->op[i].kind == LS_MOMENT_EARLIEST) {
            return LS_NEVER; /* something else may still come */
        }
        since = ls_earlier(since, leaf_in_vain(s, v, &m->op[i]));
    }
    return since;
}

static ls_time step_in_vain(const ls_states *s, size_t step)
{
    ls_time since = LS_NEVER;
    for (size_t i = 0; i < s->r->measure_count; i++) {
        const ls_measure *m = &s->r->measures[i];
        const ls_measure_state *x = &s->out->measure[i];
        bool counts = m->step == step && !m->continuing && m->amount.kind != LS_AMOUNT_RATE;
        if (counts && x->state == LS_ENDED &&
            x->event[m->verifiers != 0 ? LS_EVENT_CONFIRMED : LS_EVENT_PERFORMED] == LS_NEVER) {
            since = ls_earlier(since, x->since);
        }
    }
    return since;
}

static void end_measure(const ls_states *s, const vain *v, size_t measure)
{
    const ls_measure *m = &s->r->measures[measure];
    ls_measure_state *out = &s->out->measure[measure];
    for (size_t a = 0; a < m->after_count && out->state == LS_PENDING; a++) {
        ls_time since = moment_in_vain(s, v, &m->after[a]);
        if (since != LS_NEVER) {
            out->state = LS_ENDED;
            out->since = since;
        }
    }
}

void ls_states_ended(ls_states *s)
{
    vain v = {ls_states_array(s, s->r->event_count, sizeof *v.event),
              ls_states_array(s, s->r->step_count, sizeof *v.step)};
    for (size_t n = 0; n < s->r->node_count && !s->no_memory; n++) {
        size_t i = s->r->order[n].index;
        switch (s->r->order[n].kind) {
        case LS_NODE_EVENT:
            v.event[i] = moment_in_vain(s, &v, &s->r->events[i].when);
            break;
        case LS_NODE_STEP:
            v.step[i] = step_in_vain(s, i);
            break;
        case LS_NODE_MEASURE:
            end_measure(s, &v, i);
            break;
        default:
            break;
        }
    }
}
