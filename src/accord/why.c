/* Why a measure stands as it does, in one line. */
#include "accord/why.h"

const char *ls_why_date(const ls_charter *c, ls_time t, ls_arena *arena)
{
    char text[LS_DATE_SIZE] = "-";
    if (t != LS_TIME_OPEN) {
        ls_date_format(ls_zone_date(&c->zone, t), text);
    }
    return ls_arena_str(arena, ls_bytes_str(text));
}

/* A deadline at the end of a day is that day's, not the next one's first moment. */
const char *ls_why_deadline(const ls_charter *c, ls_time t, ls_arena *arena)
{
    return ls_why_date(c, t == LS_TIME_OPEN ? t : t - 1, arena);
}

static const char *join(ls_arena *arena, const char *list, const char *more)
{
    return list == NULL || list[0] == '\0' ? more : ls_arena_format(arena, "%s, %s", list, more);
}

const char *ls_why_parties(const ls_charter *c, ls_parties set, ls_arena *arena)
{
    const char *list = "";
    for (size_t p = 0; p < c->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            list = join(arena, list, ls_arena_str(arena, c->party[p].name));
        }
    }
    return list;
}

static const char *quantity(ls_quantity q, ls_arena *arena)
{
    char text[LS_QUANTITY_SIZE];
    ls_quantity_format(q, text);
    return ls_arena_str(arena, ls_bytes_str(text));
}

const char *ls_why_amount(const ls_measure *m, const ls_measure_state *s, ls_arena *arena)
{
    const ls_amount *a = &m->amount;
    if (a->kind == LS_AMOUNT_NONE) {
        return NULL;
    }
    const char *unit = a->unit.len > 0 ? ls_arena_format(arena, " %.*s", (int)a->unit.len, a->unit.ptr) : "";
    if (a->kind == LS_AMOUNT_CEILING) {
        const char *level = s->total == LS_QUANTITY_NONE ? "no level stated" : quantity(s->total, arena);
        return ls_arena_format(arena, "%s, at most %s%s", level, quantity(a->number, arena), unit);
    }
    const char *goal = s->required == LS_QUANTITY_NONE
                           ? "an amount not known yet"
                           : ls_arena_format(arena, "%s%s", quantity(s->required, arena), unit);
    const char *confirmed =
        m->verifiers == 0 ? "" : ls_arena_format(arena, ", %s confirmed", quantity(s->confirmed, arena));
    return ls_arena_format(arena, "%s of %s%s", quantity(s->total, arena), goal, confirmed);
}

/* What has not come yet, of the moments that it waits for. */
static const char *waits_for(const ls_state_query *q, const ls_accord_state *s, const ls_measure *m, ls_arena *arena)
{
    const char *list = "";
    if (s->in_force > q->at && !(m->provisional && s->provisional <= q->at)) {
        list = s->in_force == LS_TIME_OPEN
                   ? "entry into force"
                   : ls_arena_format(arena, "entry into force on %s", ls_why_date(q->charter, s->in_force, arena));
    }
    for (size_t i = 0; i < m->after_count; i++) {
        ls_time t = ls_state_moment(q, s, &m->after[i], false);
        if (t > q->at) {
            const char *when =
                t == LS_TIME_OPEN ? "" : ls_arena_format(arena, " (%s)", ls_why_date(q->charter, t, arena));
            list = join(arena, list,
                        ls_arena_format(arena, "%.*s%s", (int)m->after[i].text.len, m->after[i].text.ptr, when));
        }
    }
    return ls_arena_format(arena, "waits for %s", list);
}

/* Whose act that was. */
static const char *author(const ls_state_query *q, uint32_t index, ls_arena *arena)
{
    size_t i = index == LS_NO_ENTRY ? q->facts->count : ls_facts_from(q->facts, index);
    bool found = i < q->facts->count && q->facts->fact[i].index == index;
    return found ? ls_arena_str(arena, q->charter->party[q->facts->fact[i].by].name) : "a verifier";
}

static const char *why_performed(const ls_state_query *q, const ls_measure *m, const ls_measure_state *x,
                                 ls_arena *arena)
{
    ls_parties silent = m->verifiers & ~x->confirmations;
    if (m->witnesses != 0 && x->event[LS_EVENT_PERFORMED] == LS_TIME_OPEN && x->holds <= q->at) {
        return ls_arena_format(arena, "performed; %s has to confirm that it was there",
                               ls_why_parties(q->charter, m->witnesses, arena));
    }
    if (x->held) {
        return "done, and held until the other measures of its step are";
    }
    if (silent == 0) {
        return m->verifiers == 0 ? "performed; nobody verifies it" : "performed, and confirmed in parts";
    }
    return ls_arena_format(arena, "performed; not confirmed yet by %s", ls_why_parties(q->charter, silent, arena));
}

static const char *why_overdue(const ls_state_query *q, const ls_measure_state *x, ls_arena *arena)
{
    bool begin =
        x->has_begin && x->event[LS_EVENT_BEGUN] == LS_TIME_OPEN && x->begin_by + q->charter->grace == x->since;
    return ls_arena_format(arena, "%s by %s, and the grace has passed", begin ? "not begun" : "not done",
                           ls_why_deadline(q->charter, x->since - q->charter->grace, arena));
}

static const char *why_due(const ls_state_query *q, const ls_measure_state *x, ls_arena *arena)
{
    if (!x->has_deadline && !x->has_begin) {
        return x->stopped ? "it may be done; its clock stands while it is suspended"
                          : "it may be done, and no deadline runs";
    }
    if (x->has_deadline && x->deadline < x->holds) {
        return "what it waited for came only after its deadline, which therefore counts no more";
    }
    bool begin = x->has_begin && (!x->has_deadline || x->begin_by < x->deadline);
    return ls_arena_format(arena, "all that it waited for has come; %s by %s", begin ? "to begin" : "due",
                           ls_why_deadline(q->charter, begin ? x->begin_by : x->deadline, arena));
}

static const char *why_ended(const ls_state_query *q, const ls_accord_state *s, const ls_measure *m, ls_arena *arena)
{
    bool own = m->until.count > 0 && ls_state_moment(q, s, &m->until, false) <= q->at;
    if (own) {
        return ls_arena_format(arena, "%.*s has come", (int)m->until.text.len, m->until.text.ptr);
    }
    return s->ended <= q->at ? "the accord has ended" : "a party has left the accord";
}

const char *ls_why(const ls_state_query *q, const ls_accord_state *s, size_t measure, ls_arena *arena)
{
    const ls_measure *m = &q->roadmap->measures[measure];
    const ls_measure_state *x = &s->measure[measure];
    const char *amount = ls_why_amount(m, x, arena);
    switch (x->state) {
    case LS_PENDING:
        return waits_for(q, s, m, arena);
    case LS_DUE:
        return why_due(q, x, arena);
    case LS_BEGUN:
        return amount != NULL ? amount : "begun, and not done yet";
    case LS_PERFORMED:
        return m->continuing ? "said to be cured; not confirmed yet" : why_performed(q, m, x, arena);
    case LS_CONFIRMED:
        return x->held ? "confirmed, and held until the other measures of its step are"
               : x->by_silence
                   ? "confirmed; the silence of a verifier counts so"
                   : ls_arena_format(arena, "confirmed by %s", ls_why_parties(q->charter, m->verifiers, arena));
    case LS_DISPUTED:
        return ls_arena_format(arena, "disputed by %s%s", ls_why_parties(q->charter, x->objections, arena),
                               x->by_silence ? "; silence counts so" : "");
    case LS_OVERDUE:
        return why_overdue(q, x, arena);
    case LS_KEPT:
        return amount != NULL ? amount : "nothing is established against it";
    case LS_BREACHED:
        return amount != NULL ? amount
                              : ls_arena_format(arena, "a breach was established by %s",
                                                ls_why_parties(q->charter, x->objections, arena));
    case LS_REVERSED:
        return "it was done, and undone";
    case LS_CALLED_OFF:
        return ls_arena_format(arena, "called off by %s", author(q, x->said_by, arena));
    default:
        return why_ended(q, s, m, arena);
    }
}
