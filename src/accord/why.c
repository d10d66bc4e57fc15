/* Why a measure stands as it does, in one line. */
#include "accord/why.h"

static bool is_over(ls_time t, const ls_state_query *q)
{
    return t <= q->at;
}

static const char *date(const ls_account *a, ls_time t)
{
    return ls_why_date(a->q->charter, t, a->arena);
}

static const char *deadline(const ls_account *a, ls_time t)
{
    return ls_why_deadline(a->q->charter, t, a->arena);
}

static const char *parties(const ls_account *a, ls_parties set)
{
    return ls_why_parties(a->q->charter, set, a->arena);
}

/* What has not come yet, of the moments that it waits for. */

/* "in-return", which no act brings about before it has been agreed what that is. */
static bool is_open(const ls_roadmap *r, const ls_moment *m)
{
    for (size_t i = 0; i < m->count; i++) {
        if (m->op[i].kind == LS_MOMENT_EVENT && r->events[m->op[i].subject].to_be_agreed) {
            return true;
        }
    }
    return false;
}

static const char *unfulfilled(const ls_account *a, const ls_moment *m, ls_time t)
{
    const char *note = t != LS_TIME_OPEN           ? ls_arena_format(a->arena, " (%s)", date(a, t))
                       : is_open(a->q->roadmap, m) ? " (still to be agreed)"
                                                   : "";
    return ls_arena_format(a->arena, "%.*s%s", (int)m->text.len, m->text.ptr, note);
}

static const char *conditions(const ls_account *a, const ls_measure *m)
{
    const char *list = "";
    if (a->s->in_force > a->q->at && !(m->provisional && a->s->provisional <= a->q->at)) {
        list = a->s->in_force == LS_TIME_OPEN
                   ? "entry into force"
                   : ls_arena_format(a->arena, "entry into force (%s)", date(a, a->s->in_force));
    }
    for (size_t i = 0; i < m->after_count; i++) {
        ls_time t = ls_state_moment(a->q, a->s, &m->after[i], false);
        if (t > a->q->at && !ls_bytes_is(m->after[i].text, "in force")) {
            list =
                ls_arena_format(a->arena, "%s%s%s", list, list[0] == '\0' ? "" : ", ", unfulfilled(a, &m->after[i], t));
        }
    }
    return list;
}

/* Whose act that was. */
static const char *author(const ls_account *a, uint32_t index)
{
    const ls_facts *facts = a->q->facts;
    size_t i = index == LS_NO_ENTRY ? facts->count : ls_facts_from(facts, index);
    bool found = i < facts->count && facts->fact[i].index == index;
    return found ? ls_arena_str(a->arena, a->q->charter->party[facts->fact[i].by].name) : "a verifier";
}

/* Before its conditions hold a performance counts for nobody. */
static const char *early(const ls_account *a, const ls_measure *m, const ls_measure_state *x, const char *text)
{
    return x->holds > a->q->at
               ? ls_arena_format(a->arena, "%s; it counts once what it waits for has come: %s", text, conditions(a, m))
               : text;
}

static const char *held(const ls_account *a, size_t measure)
{
    return ls_arena_format(a->arena, "done, and held until the others of its step are: %s", ls_why_held(a, measure));
}

static const char *why_performed(const ls_account *a, size_t measure)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    const ls_measure_state *x = &a->s->measure[measure];
    ls_parties silent = m->verifiers & ~x->confirmations, absent = m->witnesses & ~a->attended[measure];
    if (absent != 0) {
        return ls_arena_format(a->arena, "%s has to confirm that it was there", parties(a, absent));
    }
    if (m->continuing) {
        return ls_arena_format(a->arena, "said to be cured; not confirmed yet by %s", parties(a, m->verifiers));
    }
    if (x->held) {
        return held(a, measure);
    }
    if (silent == 0) {
        return m->verifiers == 0 ? "nobody verifies it" : "confirmed in parts";
    }
    return ls_arena_format(a->arena, "not confirmed yet by %s", parties(a, silent));
}

static const char *why_confirmed(const ls_account *a, size_t measure)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    const ls_measure_state *x = &a->s->measure[measure];
    if (x->held) {
        return held(a, measure);
    }
    ls_parties silent = m->verifiers & ~a->spoken[measure];
    return x->by_silence ? ls_arena_format(a->arena, "confirmed; the silence of %s counts so",
                                           silent == 0 ? "a verifier" : parties(a, silent))
                         : ls_arena_format(a->arena, "confirmed by %s", parties(a, m->verifiers));
}

static const char *why_disputed(const ls_account *a, const ls_measure_state *x)
{
    if (x->answered_by == LS_NO_ENTRY) {
        return "disputed; the silence of a verifier counts so";
    }
    return ls_arena_format(a->arena, "%s by %s%s",
                           x->performed_by == LS_NO_ENTRY ? "said to be missing" : "objected to",
                           parties(a, x->objections), x->by_silence ? "; silence counts so" : "");
}

static const char *why_overdue(const ls_account *a, size_t measure)
{
    const ls_measure_state *x = &a->s->measure[measure];
    bool begin =
        x->has_begin && x->event[LS_EVENT_BEGUN] == LS_TIME_OPEN && x->begin_by + a->q->charter->grace == x->since;
    const char *behind = begin ? "" : ls_why_behind(a, measure);
    return ls_arena_format(a->arena, "%s by %s, and the grace has passed%s%s", begin ? "not begun" : "not done",
                           deadline(a, x->since - a->q->charter->grace),
                           behind[0] == '\0' ? "" : "; still to come from: ", behind);
}

/* What its clock says: "due by 2018-11-08". */
static const char *clock(const ls_account *a, size_t measure)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    const ls_measure_state *x = &a->s->measure[measure];
    bool to_begin = x->has_begin && x->event[LS_EVENT_BEGUN] == LS_TIME_OPEN;
    if (x->stopped) {
        return "its clock stands while it is suspended";
    }
    if (x->has_deadline && x->deadline < x->holds) {
        return "what it waited for came only after its deadline, which therefore counts no more";
    }
    if (!x->has_deadline && !to_begin) {
        return m->due.count == 0 ? "no deadline runs"
                                 : ls_arena_format(a->arena, "its deadline is not known yet: %.*s",
                                                   (int)m->due.text.len, m->due.text.ptr);
    }
    bool begin = to_begin && (!x->has_deadline || x->begin_by < x->deadline);
    ls_time until = begin ? x->begin_by : x->deadline;
    const char *grace = until < a->q->at ? ls_arena_format(a->arena, ", and with the grace by %s",
                                                           deadline(a, until + a->q->charter->grace))
                                         : "";
    return ls_arena_format(a->arena, "%s by %s%s", begin ? "to begin" : "due", deadline(a, until), grace);
}

static const char *why_begun(const ls_account *a, size_t measure)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    const ls_measure_state *x = &a->s->measure[measure];
    const char *amount = ls_why_amount(m, x, a->arena);
    ls_parties performed = a->performed[measure] & x->performers;
    const char *so_far = amount != NULL ? amount
                         : performed == 0
                             ? "not done yet"
                             : ls_arena_format(a->arena, "performed by %s, and not yet by %s", parties(a, performed),
                                               parties(a, x->performers & ~performed));
    return early(a, m, x, ls_arena_format(a->arena, "%s; %s", so_far, clock(a, measure)));
}

static const char *why_reversed(const ls_account *a, size_t measure)
{
    const ls_moment *m = &a->q->roadmap->measures[measure].undone_by;
    uint32_t entry = ls_account_entry(a, measure);
    return entry != LS_NO_ENTRY
               ? ls_arena_format(a->arena, "it was done, and %s reversed it", author(a, entry))
               : ls_arena_format(a->arena, "it was done, and undone by %.*s", (int)m->text.len, m->text.ptr);
}

/* Parties that have left, of those who perform it. */
static ls_parties gone(const ls_account *a, const ls_measure *m)
{
    ls_parties set = 0;
    for (size_t p = 0; p < a->q->charter->party_count; p++) {
        set |= is_over(a->s->left[p], a->q) ? m->by & LS_PARTY_BIT(p) : 0;
    }
    return set;
}

static const char *why_ended(const ls_account *a, const ls_measure *m)
{
    if (m->until.count > 0 && is_over(ls_state_moment(a->q, a->s, &m->until, false), a->q)) {
        return ls_arena_format(a->arena, "%.*s has come", (int)m->until.text.len, m->until.text.ptr);
    }
    if (is_over(a->s->ended, a->q)) {
        return "the accord has ended";
    }
    ls_parties left = gone(a, m);
    return left != 0 ? ls_arena_format(a->arena, "%s has left the accord", parties(a, left))
                     : ls_arena_format(a->arena, "it waited for what has ended: %s", conditions(a, m));
}

static const char *why_kept(const ls_account *a, size_t measure)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    const ls_measure_state *x = &a->s->measure[measure];
    const char *amount = ls_why_amount(m, x, a->arena);
    if (amount != NULL) {
        return m->amount.kind == LS_AMOUNT_RATE ? ls_arena_format(a->arena, "%s; %s", amount, clock(a, measure))
                                                : amount;
    }
    return x->open_incidents > 0 ? ls_arena_format(a->arena,
                                                   "nothing is established against it; %u reported and not "
                                                   "answered",
                                                   x->open_incidents)
           : x->breaches > 0     ? "the breach was cured"
                                 : "nothing is established against it";
}

static const char *why_breached(const ls_account *a, size_t measure)
{
    const ls_measure_state *x = &a->s->measure[measure];
    const char *amount = ls_why_amount(&a->q->roadmap->measures[measure], x, a->arena);
    return amount != NULL ? amount
                          : ls_arena_format(a->arena, "a breach was established by %s", parties(a, x->objections));
}

const char *ls_why(const ls_account *a, size_t measure)
{
    const ls_measure *m = &a->q->roadmap->measures[measure];
    const ls_measure_state *x = &a->s->measure[measure];
    switch (x->state) {
    case LS_PENDING:
        return ls_arena_format(a->arena, "waits for %s", conditions(a, m));
    case LS_DUE:
        return ls_arena_format(a->arena, "all that it waited for has come; %s", clock(a, measure));
    case LS_BEGUN:
        return why_begun(a, measure);
    case LS_PERFORMED:
        return early(a, m, x, why_performed(a, measure));
    case LS_CONFIRMED:
        return early(a, m, x, why_confirmed(a, measure));
    case LS_DISPUTED:
        return why_disputed(a, x);
    case LS_OVERDUE:
        return why_overdue(a, measure);
    case LS_KEPT:
        return why_kept(a, measure);
    case LS_BREACHED:
        return why_breached(a, measure);
    case LS_REVERSED:
        return why_reversed(a, measure);
    case LS_CALLED_OFF:
        return ls_arena_format(a->arena, "called off by %s", author(a, a->called_off[measure]));
    default:
        return why_ended(a, m);
    }
}

/* Of what is performed in parts, the last answer; else what the state is about. */
uint32_t ls_account_entry(const ls_account *a, size_t measure)
{
    const ls_measure_state *x = &a->s->measure[measure];
    uint32_t reversed = a->reversed[measure];
    bool by_act = reversed != LS_NO_ENTRY && a->q->facts->time(a->q->facts->context, reversed) == x->since;
    uint32_t answer = x->answered_by != LS_NO_ENTRY ? x->answered_by : x->performed_by;
    switch (x->state) {
    case LS_BEGUN:
        return answer != LS_NO_ENTRY ? answer : x->said_by;
    case LS_PERFORMED:
        return x->performed_by;
    case LS_CONFIRMED:
    case LS_DISPUTED:
    case LS_KEPT:
    case LS_BREACHED:
        return answer;
    case LS_REVERSED:
        return by_act ? reversed : LS_NO_ENTRY;
    case LS_CALLED_OFF:
        return a->called_off[measure];
    default:
        return LS_NO_ENTRY;
    }
}
