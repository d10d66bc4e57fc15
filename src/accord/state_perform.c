/*
 * Performances and their answers. A performance consists of parts: one for each performer, which a new one replaces;
 * or, of an amount, as many as there are deliveries. An answer is about one part.
 */
#include "accord/state_said.h"
#include <stdlib.h>

#define SILENT (UINT32_MAX - 1) /* in place of an answer's position: it follows from silence */
#define NONE UINT32_MAX

struct ls_part {
    size_t fact;         /* position */
    ls_time there;       /* it counts since: when it was said, and all witnesses were there; or LS_NEVER */
    ls_time settled;     /* every verifier confirmed it, for the first time; or LS_NEVER */
    uint32_t before;     /* the part that was the latest when this one came */
    ls_quantity counted; /* of the amount */
    ls_quantity least;   /* that a verifier confirmed */
    ls_parties confirmed, objected, present;
    bool standing, dated;
};

/* Positions among the measure's facts. An objection hides a confirmation. */
struct ls_answer {
    uint32_t confirm, objection;
};

static bool adds_up(const ls_measure *m)
{
    return m->amount.kind != LS_AMOUNT_NONE && m->amount.kind != LS_AMOUNT_CEILING;
}

bool ls_perform_begin(ls_reader_state *x)
{
    size_t parts = 0;
    for (size_t i = 0; i < x->fact_count; i++) {
        parts += ls_reader_fact(x, i)->kind == LS_FACT_PERFORM ? 1 : 0;
    }
    x->answerers = (size_t)__builtin_popcount(x->m->verifiers | x->m->witnesses);
    x->part = calloc(parts + 1, sizeof *x->part);
    x->answer = calloc(parts * x->answerers + 1, sizeof *x->answer);
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        x->current[p] = LS_NO_PART;
    }
    x->latest = LS_NO_PART;
    return x->part != NULL && x->answer != NULL;
}

/* What a part contributes to the two running totals. */

/* As its party claims; an objection does not take away what others rely on. */
static ls_quantity claimed_weight(const ls_part *p)
{
    return p->standing && p->there != LS_NEVER ? p->counted : 0;
}

static ls_quantity weight(const ls_part *p)
{
    return p->objected == 0 ? claimed_weight(p) : 0;
}

static ls_quantity confirmed_weight(const ls_part *p)
{
    ls_quantity w = p->settled != LS_NEVER ? weight(p) : 0;
    return p->least != LS_QUANTITY_NONE && p->least < w ? p->least : w;
}

/* Takes it out of the totals before it changes, and puts it in again after. */

static void take_out(ls_reader_state *x, const ls_part *p)
{
    x->claimed -= claimed_weight(p);
    x->out->total -= weight(p);
    x->out->confirmed_total -= confirmed_weight(p);
    x->standing -= p->standing ? 1 : 0;
    x->objected -= p->standing && p->objected != 0 ? 1 : 0;
}

static void put_in(ls_reader_state *x, const ls_part *p)
{
    x->claimed += claimed_weight(p);
    x->out->total += weight(p);
    x->out->confirmed_total += confirmed_weight(p);
    x->standing += p->standing ? 1 : 0;
    x->objected += p->standing && p->objected != 0 ? 1 : 0;
}

/* Whether the goal is reached: of all that stands, of what counts, of what is confirmed. */

typedef enum reach { STANDS, COUNTS, IS_CONFIRMED } reach;

static bool part_reaches(const ls_reader_state *x, uint32_t part, reach how)
{
    if (part == LS_NO_PART || !x->part[part].standing) {
        return false;
    }
    const ls_part *p = &x->part[part];
    bool level = x->m->amount.kind != LS_AMOUNT_CEILING || p->counted <= x->required;
    bool counts = level && (how == STANDS || p->there != LS_NEVER);
    return counts &&
           (how != IS_CONFIRMED || (p->settled != LS_NEVER && (p->confirmed & x->m->verifiers) == x->m->verifiers));
}

static bool reached(const ls_reader_state *x, reach how)
{
    if (how == IS_CONFIRMED && x->m->verifiers == 0) {
        return false;
    }
    if (adds_up(x->m)) {
        ls_quantity total = how == IS_CONFIRMED ? x->out->confirmed_total : how == COUNTS ? x->claimed : x->out->total;
        return x->m->amount.kind != LS_AMOUNT_RATE && x->required != LS_QUANTITY_NONE && total >= x->required;
    }
    bool all = x->out->performers != 0;
    for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
        all = all && ((x->out->performers & LS_PARTY_BIT(p)) == 0 || part_reaches(x, x->current[p], how));
    }
    return all;
}

static ls_state phase_of(const ls_reader_state *x)
{
    if (x->objected > 0 || x->missed != 0) {
        return LS_DISPUTED;
    }
    if (x->standing == 0) {
        return x->out->begun != LS_NEVER ? LS_BEGUN : LS_PENDING;
    }
    if (!reached(x, STANDS)) {
        return LS_BEGUN;
    }
    return reached(x, IS_CONFIRMED) ? LS_CONFIRMED : LS_PERFORMED;
}

/* After something was said at `at`: the new phase, and what others wait for. */
static void update(ls_reader_state *x, ls_time at, bool anew)
{
    ls_said *out = x->out;
    ls_state phase = phase_of(x);
    if (phase != out->phase || anew) {
        out->since = at;
    }
    out->phase = phase;
    bool done = reached(x, COUNTS);
    if (done && out->performed == LS_NEVER) {
        out->performed = at;
    }
    if (done && out->confirmed == LS_NEVER && reached(x, IS_CONFIRMED)) {
        out->confirmed = at;
    }
}

/* Performing. */

/* Of the amount that is stated, what counts: by the method's cap and window. */
static ls_quantity counted(ls_reader_state *x, const ls_fact *f, ls_time at)
{
    const ls_amount *a = &x->m->amount;
    if (f->amount == LS_QUANTITY_NONE || f->detail >= a->method_count || a->kind == LS_AMOUNT_CEILING) {
        return f->amount == LS_QUANTITY_NONE ? 0 : f->amount;
    }
    const ls_method *method = &a->methods[f->detail];
    if (method->until.count > 0 && at > ls_moment_deadline(x->s->c, x->s->out, &method->until).time) {
        return 0;
    }
    ls_quantity count = f->amount;
    if (method->at_most != LS_QUANTITY_NONE && x->required != LS_QUANTITY_NONE) {
        ls_quantity cap = ls_quantity_percent(x->required, method->at_most, false);
        ls_quantity left = cap > x->method_used[f->detail] ? cap - x->method_used[f->detail] : 0;
        count = count < left ? count : left;
    }
    x->method_used[f->detail] += count;
    return count;
}

static void drop(ls_reader_state *x, uint32_t part)
{
    if (part != LS_NO_PART && x->part[part].standing) {
        take_out(x, &x->part[part]);
        x->part[part].standing = false;
    }
}

static const char *apply_perform(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_said *out = x->out;
    ls_time at = ls_reader_time(x, i);
    if ((out->performers & LS_PARTY_BIT(f->party)) == 0) {
        return "counts for nothing: another party performs this";
    }
    bool replaces = !adds_up(x->m);
    bool again = out->phase == LS_DISPUTED || out->reversed != LS_NEVER || x->m->amount.kind == LS_AMOUNT_CEILING;
    if (replaces && out->confirmed != LS_NEVER && !again) {
        return "counts for nothing: the performance before it was confirmed";
    }
    if (replaces) {
        drop(x, x->current[f->party]);
    }
    uint32_t number = x->part_count++;
    for (size_t j = 0; j < x->answerers; j++) {
        x->answer[number * x->answerers + j] = (ls_answer){NONE, NONE};
    }
    x->part[number] = (ls_part){.fact = x->fact[i],
                                .there = x->m->witnesses == 0 ? at : LS_NEVER,
                                .settled = LS_NEVER,
                                .counted = counted(x, f, at),
                                .before = x->latest,
                                .least = LS_QUANTITY_NONE,
                                .standing = true};
    put_in(x, &x->part[number]);
    x->current[f->party] = x->latest = number;
    x->missed = 0;
    out->begun = ls_earlier(out->begun, at);
    out->reversed = LS_NEVER;
    out->called_off = LS_NO_FACT;
    out->answer = LS_NO_FACT;
    update(x, at, replaces);
    return adds_up(x->m) ? "a part was performed" : "performed";
}

/* Answers. */

/* The part that an act with this ref is about. */
static uint32_t part_of(const ls_reader_state *x, uint32_t ref)
{
    if (ref == LS_NO_ENTRY) {
        return x->latest;
    }
    /* Parts stand in the order of their facts. */
    size_t low = 0, high = x->part_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (x->s->fact[x->part[middle].fact].index < ref) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < x->part_count && x->s->fact[x->part[low].fact].index == ref;
    return found ? (uint32_t)low : LS_NO_PART;
}

static void settle(ls_reader_state *x, ls_part *p, ls_time at)
{
    bool all = x->m->verifiers != 0 && (p->confirmed & x->m->verifiers) == x->m->verifiers && p->objected == 0;
    if (p->settled == LS_NEVER && all && p->there != LS_NEVER) {
        p->settled = at;
    }
}

static void confirm_part(ls_reader_state *x, ls_part *p, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_parties bit = LS_PARTY_BIT(f->by);
    p->present |= bit & x->m->witnesses;
    if (p->there == LS_NEVER && p->present == x->m->witnesses) {
        p->there = ls_reader_time(x, i);
    }
    p->confirmed |= bit;
    p->objected &= ~bit;
    if (f->amount != LS_QUANTITY_NONE && (p->least == LS_QUANTITY_NONE || f->amount < p->least)) {
        p->least = f->amount;
    }
    const ls_fact *performance = &x->s->fact[p->fact];
    p->dated |= f->day != LS_NO_DAY && f->day == performance->day && (bit & x->m->verifiers) != 0;
    settle(x, p, ls_reader_time(x, i));
}

static const char *answer_missing(ls_reader_state *x, size_t i)
{
    x->missed |= LS_PARTY_BIT(ls_reader_fact(x, i)->by);
    x->out->answer = x->fact[i];
    update(x, ls_reader_time(x, i), false);
    return "said to be missing";
}

static ls_answer *answer_of(const ls_reader_state *x, uint32_t part, unsigned by)
{
    return &x->answer[part * x->answerers + ls_party_rank(x->m->verifiers | x->m->witnesses, by)];
}

static void answer_part(ls_reader_state *x, uint32_t part, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_part *p = &x->part[part];
    ls_answer *a = answer_of(x, part, f->by);
    take_out(x, p);
    if (f->kind == LS_FACT_CONFIRM) {
        *a = (ls_answer){(uint32_t)i, NONE};
        confirm_part(x, p, i);
    } else {
        a->objection = (uint32_t)i;
        p->objected |= LS_PARTY_BIT(f->by);
    }
    put_in(x, p);
}

/* An answer that names no part: it is about what each of several performers did last; and a confirmation of an amount
 * about all parts that this verifier has not answered yet. Each part is looked at once. */
static void answer_others(ls_reader_state *x, uint32_t part, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    if (!adds_up(x->m)) {
        for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
            if (x->current[p] != LS_NO_PART && x->current[p] != part) {
                answer_part(x, x->current[p], i);
            }
        }
    } else if (f->kind == LS_FACT_CONFIRM && f->amount == LS_QUANTITY_NONE) {
        uint32_t *to = &x->answered_to[f->by];
        x->about_from[i] = *to < part ? *to : part;
        for (; *to < part; ++*to) {
            const ls_answer *a = answer_of(x, *to, f->by);
            if (x->part[*to].standing && a->confirm == NONE && a->objection == NONE) {
                answer_part(x, *to, i);
            }
        }
        *to = part + 1;
    }
}

static const char *apply_answer(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_parties bit = LS_PARTY_BIT(f->by), may = x->m->verifiers | (f->kind == LS_FACT_CONFIRM ? x->m->witnesses : 0);
    uint32_t part = part_of(x, f->ref);
    x->about[i] = LS_NO_PART;
    if ((bit & may) == 0) {
        return "counts for nothing: this party does not verify it";
    }
    if (f->kind == LS_FACT_MISSING && x->standing == 0 && f->ref == LS_NO_ENTRY) {
        return answer_missing(x, i);
    }
    if (part == LS_NO_PART || !x->part[part].standing) {
        return "counts for nothing: it is about a performance that no longer stands";
    }
    x->about[i] = x->about_from[i] = part;
    answer_part(x, part, i);
    if (f->ref == LS_NO_ENTRY) {
        answer_others(x, part, i);
    }
    x->out->answer = x->fact[i];
    update(x, ls_reader_time(x, i), false);
    return f->kind == LS_FACT_CONFIRM ? "confirmed" : f->kind == LS_FACT_OBJECT ? "objected to" : "said to be missing";
}

/* The last of the answers that still stand. */
static void find_answer(ls_reader_state *x)
{
    size_t last = LS_NO_FACT;
    for (size_t j = 0; x->latest != LS_NO_PART && j < x->answerers; j++) {
        const ls_answer *a = &x->answer[x->latest * x->answerers + j];
        uint32_t standing = a->objection != NONE ? a->objection : a->confirm;
        if (standing < SILENT && (last == LS_NO_FACT || x->fact[standing] > last)) {
            last = x->fact[standing];
        }
    }
    x->out->answer = last;
}

/* Taking back. */

/* An answer that still stands, and on which nobody can rely yet. */
static bool withdraw_from_part(ls_reader_state *x, uint32_t part, size_t said, ls_time at)
{
    unsigned by = ls_reader_fact(x, said)->by;
    ls_part *p = &x->part[part];
    ls_answer *a = answer_of(x, part, by);
    bool objection = a->objection == said;
    if (!objection && (a->confirm != said || p->settled != LS_NEVER)) {
        return false;
    }
    take_out(x, p);
    if (objection) {
        a->objection = NONE;
        p->objected &= ~LS_PARTY_BIT(by);
        settle(x, p, at);
    } else {
        a->confirm = NONE;
        p->confirmed &= ~LS_PARTY_BIT(by);
    }
    put_in(x, p);
    return true;
}

static const char *withdraw_answer(ls_reader_state *x, size_t said, ls_time at)
{
    const ls_fact *f = ls_reader_fact(x, said);
    ls_parties bit = LS_PARTY_BIT(f->by);
    uint32_t part = x->about[said];
    if (part == LS_NO_PART) {
        if (f->kind != LS_FACT_MISSING || (x->missed & bit) == 0) {
            return NULL;
        }
        x->missed &= ~bit;
    } else {
        bool any = false;
        for (uint32_t one = x->about_from[said]; one <= part; one++) {
            any |= withdraw_from_part(x, one, said, at);
        }
        x->about_from[said] = part; /* so that a second withdrawal has less to look at */
        for (unsigned p = 0; !adds_up(x->m) && p < LS_PARTIES_MAX; p++) {
            bool other = x->current[p] != LS_NO_PART && x->current[p] != part;
            any |= other && withdraw_from_part(x, x->current[p], said, at);
        }
        if (!any) {
            return "takes nothing back: others may rely on what was confirmed";
        }
    }
    find_answer(x);
    update(x, at, false);
    return "an answer was taken back";
}

static const char *withdraw_performance(ls_reader_state *x, size_t said, ls_time at)
{
    uint32_t part = part_of(x, ls_reader_fact(x, said)->index);
    if (part == LS_NO_PART || !x->part[part].standing || x->part[part].settled != LS_NEVER) {
        return "takes nothing back: the performance was confirmed, or replaced";
    }
    drop(x, part);
    for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
        x->current[p] = x->current[p] == part ? LS_NO_PART : x->current[p];
    }
    /* Each part is passed at most once: later ones never lead to it again. */
    while (x->latest != LS_NO_PART && !x->part[x->latest].standing) {
        x->latest = x->part[x->latest].before;
    }
    find_answer(x);
    update(x, at, false);
    if (x->out->confirmed == LS_NEVER && !reached(x, COUNTS)) {
        x->out->performed = LS_NEVER;
    }
    return "the performance was taken back";
}

static const char *apply_withdraw(ls_reader_state *x, size_t i)
{
    size_t said = ls_reader_find(x, ls_reader_fact(x, i)->ref, i);
    ls_time at = ls_reader_time(x, i);
    if (said == LS_NO_FACT || ls_reader_fact(x, said)->by != ls_reader_fact(x, i)->by) {
        return NULL;
    }
    switch ((ls_fact_kind)ls_reader_fact(x, said)->kind) {
    case LS_FACT_PERFORM:
        return withdraw_performance(x, said, at);
    case LS_FACT_CONFIRM:
    case LS_FACT_OBJECT:
    case LS_FACT_MISSING:
        return withdraw_answer(x, said, at);
    default:
        return NULL;
    }
}

void ls_perform_reverse(ls_reader_state *x, ls_time at)
{
    for (uint32_t part = 0; part < x->part_count; part++) {
        drop(x, part);
    }
    x->missed = 0;
    x->latest = LS_NO_PART;
    x->out->answer = LS_NO_FACT;
    x->out->reversed = at;
    update(x, at, true);
}

const char *ls_perform_apply(ls_reader_state *x, size_t i)
{
    switch ((ls_fact_kind)ls_reader_fact(x, i)->kind) {
    case LS_FACT_PERFORM:
        return apply_perform(x, i);
    case LS_FACT_CONFIRM:
    case LS_FACT_OBJECT:
    case LS_FACT_MISSING:
        return apply_answer(x, i);
    case LS_FACT_WITHDRAW:
        return apply_withdraw(x, i);
    case LS_FACT_REVERSE:
        if (x->m->irreversible || x->standing == 0) {
            return "reverses nothing";
        }
        ls_perform_reverse(x, ls_reader_time(x, i));
        return "reversed";
    default:
        return NULL;
    }
}

/* Silence. */

static void decide_silence(ls_reader_state *x, uint32_t number, ls_time at)
{
    ls_part *p = &x->part[number];
    ls_parties silent = x->m->verifiers & ~p->confirmed & ~p->objected;
    if (!p->standing || silent == 0) {
        return;
    }
    take_out(x, p);
    if (x->m->silence == LS_SILENCE_CONFIRMED) {
        p->confirmed |= silent;
        settle(x, p, at);
    } else {
        p->objected |= silent;
        for (unsigned v = 0; v < LS_PARTIES_MAX; v++) {
            if ((silent & LS_PARTY_BIT(v)) != 0) {
                size_t j = ls_party_rank(x->m->verifiers | x->m->witnesses, v);
                x->answer[number * x->answerers + j].objection = SILENT;
            }
        }
    }
    put_in(x, p);
    x->out->by_silence = true;
    update(x, at, false);
}

void ls_perform_silence(ls_reader_state *x, ls_time at)
{
    for (; x->silent < x->part_count; x->silent++) {
        ls_time decides = ls_silence_decides(x, ls_later(x->s->time[x->part[x->silent].fact], x->how->holds));
        if (decides == LS_NEVER || decides >= at) {
            return;
        }
        decide_silence(x, x->silent, decides);
    }
}

/* The end: dates, and running totals. */

/* The claimed date lies within the accord's limit before the act that claims it. */
static bool date_in_time(const ls_reader_state *x, const ls_fact *f, ls_time at)
{
    int64_t days = ls_date_to_days(ls_zone_date(&x->s->c->zone, at)) - f->day;
    return days >= 0 && days <= (int64_t)x->s->r->date_limit;
}

/* When a part happened: its ledger time, or what a verifier confirmed. */
static ls_time happened(const ls_reader_state *x, const ls_part *p)
{
    const ls_fact *f = &x->s->fact[p->fact];
    ls_time at = x->s->time[p->fact];
    return p->dated && date_in_time(x, f, at) ? ls_earlier(ls_time_of_day(x->s->c, f->day, true), at) : at;
}

static int by_time(const void *a, const void *b)
{
    ls_time x = ((const ls_tally *)a)->time, y = ((const ls_tally *)b)->time;
    return x < y ? -1 : x > y;
}

typedef enum progress_of { CLAIMED, CONFIRMED, HAPPENED } progress_of;

/* Running totals of what was claimed, by ledger time or as it happened, or of what was confirmed, for those who wait
 * for a milestone: an objection takes nothing back. */
static size_t list_progress(ls_reader_state *x, progress_of of, ls_tally **out)
{
    ls_tally *list = ls_states_array(x->s, x->part_count, sizeof *list);
    size_t count = 0;
    for (uint32_t i = 0; list != NULL && i < x->part_count; i++) {
        ls_part p = x->part[i];
        p.objected = 0;
        ls_quantity w = of == CONFIRMED ? confirmed_weight(&p) : weight(&p);
        ls_time at = of == CONFIRMED ? p.settled : of == CLAIMED ? p.there : happened(x, &p);
        if (w > 0) {
            list[count++] = (ls_tally){at, w};
        }
    }
    if (count > 1) {
        qsort(list, count, sizeof *list, by_time);
    }
    for (size_t i = 1; i < count; i++) {
        list[i].total += list[i - 1].total;
    }
    *out = list;
    return count;
}

static void list_delivered(ls_reader_state *x, ls_measure_state *state)
{
    if ((x->out->performers & (x->out->performers - 1)) == 0) {
        return;
    }
    state->delivered = ls_states_array(x->s, x->s->c->party_count, sizeof *state->delivered);
    for (uint32_t i = 0; state->delivered != NULL && i < x->part_count; i++) {
        state->delivered[x->s->fact[x->part[i].fact].party] += weight(&x->part[i]);
    }
}

void ls_perform_end(ls_reader_state *x)
{
    ls_said *out = x->out;
    ls_measure_state *state = &x->s->out->measure[x->measure];
    for (uint32_t i = 0; i < x->part_count; i++) {
        ls_part *p = &x->part[i];
        if (x->how->dates) {
            x->s->valid[p->fact] = happened(x, p);
        }
        if (p->standing) {
            out->performance = p->fact;
            out->confirmations |= p->confirmed & ~p->objected & x->m->verifiers;
        }
    }
    if (x->latest != LS_NO_PART) {
        const ls_part *p = &x->part[x->latest];
        out->performance = p->fact;
        out->performed_at = happened(x, p);
        out->confirmations = p->confirmed & ~p->objected & x->m->verifiers;
    }
    if (x->m->amount.kind == LS_AMOUNT_CEILING) {
        out->total = x->latest == LS_NO_PART ? LS_QUANTITY_NONE : x->part[x->latest].counted;
    } else if (adds_up(x->m) && x->how->first) {
        ls_tally *happening;
        size_t count = list_progress(x, HAPPENED, &happening);
        state->performed_count = list_progress(x, CLAIMED, &state->performed_progress);
        state->confirmed_count = list_progress(x, CONFIRMED, &state->confirmed_progress);
        list_delivered(x, state);
        ls_time done = x->required == LS_QUANTITY_NONE ? LS_NEVER : ls_tally_reached(happening, count, x->required);
        out->performed_at = done == LS_NEVER ? out->performed_at : done;
    }
    free(x->part);
    free(x->answer);
}
