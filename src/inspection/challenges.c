/* Questions and challenges: asked, answered or not, and what was found; read in the order of time. */
#include "inspection/parts.h"

typedef struct challenging {
    ls_inspecting *s;
    const ls_inspection *rule;
    size_t root;
    ls_challenge_state *out;
    ls_time deadline;
    const ls_inspected *found; /* the first report of a discrepancy, or NULL */
} challenging;

static ls_time add(const ls_inspecting *s, ls_time t, ls_duration d)
{
    return d.count == 0 ? LS_TIME_OPEN : ls_time_add(s->c, t, d, 1, true);
}

/* Challenges. */

static void enter(challenging *x, ls_challenge_stage stage, ls_time t)
{
    x->out->stage = stage;
    x->out->since = t;
}

/* A denial, its author's or its silence's, and a finding against it. Where silence let somebody visit, it said nothing;
 * who then denies in spite of that has denied. */
static void compare(challenging *x, ls_time t)
{
    const ls_challenge_state *out = x->out;
    bool denied = out->stage == LS_CHALLENGE_DENIED || (out->stage == LS_CHALLENGE_VISIT_DUE && out->denial != NULL);
    if (denied && x->found != NULL) {
        x->out->refuted_by = x->found;
        enter(x, LS_CHALLENGE_REFUTED, t);
    }
}

/* What silence has decided by this time. */
static void pass(challenging *x, ls_time t)
{
    ls_time since = ls_inspecting_default(x->s, x->deadline);
    if (x->out->stage != LS_CHALLENGE_OPEN || since >= t) {
        return;
    }
    x->out->by_silence = true;
    enter(x, x->rule->challenges.silence_lets_visit ? LS_CHALLENGE_VISIT_DUE : LS_CHALLENGE_DENIED, since);
    compare(x, since);
}

/* The first answer counts; each is kept, and one that comes when silence has decided is late. */
static void take_answer(challenging *x, const ls_inspected *f, ls_time t)
{
    ls_challenge_state *out = x->out;
    bool denies = f->kind == LS_INSPECTED_DENY;
    const ls_inspected **kept = denies ? &out->denial : &out->opening;
    *kept = *kept == NULL ? f : *kept;
    out->late |= out->by_silence;
    if (out->stage == LS_CHALLENGE_OPEN) {
        enter(x, denies ? LS_CHALLENGE_DENIED : LS_CHALLENGE_OPENED, t);
    }
    compare(x, t);
}

static void take_finding(challenging *x, const ls_inspected *f, ls_time t)
{
    if (f->finding == LS_CONCLUSION_DISCREPANCY && x->found == NULL) {
        x->found = f;
        compare(x, t);
    }
}

static void take(challenging *x, const ls_happening *h)
{
    const ls_inspected *f = &x->s->fact[h->fact];
    unsigned side = ls_inspecting_side(x->rule, f);
    pass(x, h->time);
    if (x->out->stage == LS_CHALLENGE_WITHDRAWN) {
        return;
    }
    switch ((ls_inspected_kind)f->kind) {
    case LS_INSPECTED_OPEN:
    case LS_INSPECTED_DENY:
        if (side == LS_SIDE_OF) {
            take_answer(x, f, h->time);
        }
        break;
    case LS_INSPECTED_REPORT:
        take_finding(x, f, h->time);
        break;
    case LS_INSPECTED_WITHDRAW:
        if (side == LS_SIDE_BY && x->out->stage == LS_CHALLENGE_OPEN && f->ref == x->out->challenge->index) {
            enter(x, LS_CHALLENGE_WITHDRAWN, h->time);
        }
        break;
    default:
        break;
    }
}

/* A question by the same party came so long before as the accord says, and still stood. */
static bool was_asked(const challenging *x)
{
    const ls_inspecting *s = x->s;
    size_t asked = ls_inspecting_referred(s, x->root);
    const ls_inspected *f = asked == LS_NO_POSITION ? NULL : &s->fact[asked];
    bool question = f != NULL && f->kind == LS_INSPECTED_CLARIFY && ls_inspecting_counts(s, asked);
    if (!question || f->by != s->fact[x->root].by || !ls_bytes_equal(f->rule->id, x->rule->id)) {
        return false;
    }
    const ls_clarification_state *q = &s->out->clarification[s->number[asked]];
    ls_time challenged = s->time[x->root];
    return add(s, s->time[asked], x->rule->challenges.clarify) <= challenged && q->withdrawn > challenged;
}

void ls_inspecting_challenge(ls_inspecting *s, size_t root, ls_challenge_state *out)
{
    const ls_inspected *f = &s->fact[root];
    challenging x = {.s = s, .rule = f->rule, .root = root, .out = out};
    *out = (ls_challenge_state){.challenge = f, .since = s->time[root], .deadline = LS_TIME_OPEN};
    if (ls_inspecting_is_beyond(s, root)) {
        out->stage = LS_CHALLENGE_BEYOND;
        return;
    }
    out->unasked = x.rule->challenges.clarify.count > 0 && !was_asked(&x);
    x.deadline = add(s, s->time[root], x.rule->challenges.answer);
    size_t count = ls_inspecting_sort(s, ls_inspecting_list(s, root, s->q->accord->at));
    for (size_t i = 0; i < count; i++) {
        take(&x, &s->happening[i]);
    }
    pass(&x, s->q->accord->at);
    if (out->stage == LS_CHALLENGE_OPEN) {
        out->deadline = x.deadline;
        out->awaited = LS_PARTY_BIT(x.rule->of);
    }
}

/* Questions. */

void ls_inspecting_clarification(ls_inspecting *s, size_t root, ls_clarification_state *out)
{
    const ls_inspected *f = &s->fact[root];
    *out = (ls_clarification_state){
        .question = f, .deadline = add(s, s->time[root], f->rule->challenges.clarify), .withdrawn = LS_TIME_OPEN};
    size_t count = ls_inspecting_sort(s, ls_inspecting_list(s, root, s->q->accord->at));
    for (size_t i = 0; i < count && out->answer == NULL && out->withdrawn == LS_TIME_OPEN; i++) {
        const ls_inspected *said = &s->fact[s->happening[i].fact];
        unsigned side = ls_inspecting_side(f->rule, said);
        if (said->kind == LS_INSPECTED_ANSWER && side == LS_SIDE_OF) {
            out->answer = said;
        } else if (said->kind == LS_INSPECTED_WITHDRAW && side == LS_SIDE_BY && said->ref == f->index) {
            out->withdrawn = s->happening[i].time;
        }
    }
}
