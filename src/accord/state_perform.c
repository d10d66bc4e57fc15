/*
 * Performances. Each consists of parts: one for each performer, which a new one replaces; or, of an amount, as many as
 * there are deliveries. state_answer.c has what is said about them.
 */
#include "accord/state_said.h"
#include <stdlib.h>

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
    x->begin_said = LS_NEVER;
    return x->part != NULL && x->answer != NULL;
}

/* What a part contributes to the two running totals. */

/* As its party claims; an objection does not take away what others rely on. */
static ls_quantity claimed_weight(const ls_part *p)
{
    return p->standing && p->there.time != LS_NEVER ? p->counted : 0;
}

static ls_quantity weight(const ls_part *p)
{
    return p->objected == 0 ? claimed_weight(p) : 0;
}

static ls_quantity confirmed_weight(const ls_part *p)
{
    return p->settled.time != LS_NEVER ? (weight(p) < p->least ? weight(p) : p->least) : 0;
}

/* Takes it out of the totals before it changes, and puts it in again after. */

void ls_part_take_out(ls_reader_state *x, const ls_part *p)
{
    x->claimed -= claimed_weight(p);
    x->out->total -= weight(p);
    x->out->confirmed_total -= confirmed_weight(p);
    x->standing -= p->standing ? 1 : 0;
    x->objected -= p->standing && p->objected != 0 ? 1 : 0;
}

void ls_part_put_in(ls_reader_state *x, const ls_part *p)
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
    bool counts = level && (how == STANDS || p->there.time != LS_NEVER);
    return counts && (how != IS_CONFIRMED ||
                      (p->settled.time != LS_NEVER && (p->confirmed & x->m->verifiers) == x->m->verifiers));
}

static bool reached(const ls_reader_state *x, reach how)
{
    if (how == IS_CONFIRMED && x->m->verifiers == 0) {
        return false;
    }
    if (ls_adds_up(x->m)) {
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
    bool enough = ls_adds_up(x->m) && reached(x, IS_CONFIRMED); /* without those that are objected to */
    if ((x->objected > 0 && !enough) || x->missed != 0) {
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

/* After something was said at `at`: the new phase, and what others wait for, which stays. */
static void update(ls_reader_state *x, ls_time at, bool anew)
{
    ls_said *out = x->out;
    ls_state phase = phase_of(x);
    if (phase != out->phase || anew) {
        out->since = at;
    }
    out->phase = phase;
    bool done = reached(x, COUNTS);
    if (out->performed == LS_NEVER && done) {
        out->performed = at;
        x->performed_parts = x->part_count;
    }
    if (out->confirmed == LS_NEVER && done && reached(x, IS_CONFIRMED)) {
        out->confirmed = at;
    }
}

void ls_perform_update(ls_reader_state *x, ls_time at)
{
    update(x, at, false);
}

/* Performing. */

/* The amount that is stated. What nobody could deliver counts no further, so that the total stays a number. */
static ls_quantity stated(ls_reader_state *x, const ls_fact *f)
{
    ls_quantity amount = f->amount == LS_QUANTITY_NONE ? 0 : f->amount, left = LS_STATED_MAX - x->stated[f->by];
    if (ls_adds_up(x->m)) {
        amount = amount < left ? amount : left;
        x->stated[f->by] += amount;
    }
    return amount;
}

/* Of that, what counts: by the method's cap and window. */
static ls_quantity counted(ls_reader_state *x, const ls_fact *f, ls_time at)
{
    const ls_amount *a = &x->m->amount;
    ls_quantity count = stated(x, f);
    if (f->detail >= a->method_count || a->kind == LS_AMOUNT_CEILING) {
        return count;
    }
    const ls_method *method = &a->methods[f->detail];
    if (method->until.count > 0 && at > ls_moment_deadline(x->s->c, x->s->out, &method->until).time) {
        return 0;
    }
    if (method->at_most != LS_QUANTITY_NONE && x->required != LS_QUANTITY_NONE) {
        ls_quantity cap = ls_quantity_percent(x->required, method->at_most, false);
        ls_quantity left = cap > x->method_used[f->detail] ? cap - x->method_used[f->detail] : 0;
        count = count < left ? count : left;
    }
    x->method_used[f->detail] += count;
    return count;
}

static void drop(ls_reader_state *x, uint32_t part, ls_time at)
{
    if (part == LS_NO_PART || !x->part[part].standing) {
        return;
    }
    ls_part *p = &x->part[part];
    uint32_t method = x->s->fact[p->fact].detail;
    ls_part_take_out(x, p);
    p->standing = false;
    p->over = (ls_when){at, x->change++};
    if (method < x->m->amount.method_count) {
        x->method_used[method] -= p->counted; /* its cap is free again */
    }
}

/* Nobody can perform for another who is not let. */
static bool may_perform(const ls_reader_state *x, const ls_fact *f)
{
    bool itself = f->by == f->party;
    bool substitute = x->m->substitutes && (x->s->r->signed_by & LS_PARTY_BIT(f->by)) != 0;
    return (itself || substitute) && (x->out->performers & LS_PARTY_BIT(f->party)) != 0;
}

static const char *apply_perform(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_said *out = x->out;
    ls_time at = ls_reader_time(x, i);
    if (!may_perform(x, f)) {
        return "counts for nothing: another party performs this";
    }
    bool replaces = !ls_adds_up(x->m);
    bool again = out->phase == LS_DISPUTED || out->reversed != LS_NEVER || x->m->amount.kind == LS_AMOUNT_CEILING;
    if (replaces && out->confirmed != LS_NEVER && !again) {
        return "counts for nothing: the performance before it was confirmed";
    }
    if (replaces) {
        drop(x, x->current[f->party], at);
    }
    uint32_t number = x->part_count++;
    for (size_t j = 0; j < x->answerers; j++) {
        x->answer[number * x->answerers + j] = (ls_answer){LS_NO_ANSWER, LS_NO_ANSWER};
    }
    x->part[number] = (ls_part){.fact = x->fact[i],
                                .there = {x->m->witnesses == 0 ? at : LS_NEVER, x->change++},
                                .settled = {LS_NEVER, 0},
                                .over = {LS_NEVER, 0},
                                .counted = counted(x, f, at),
                                .before = x->latest,
                                .least = LS_QUANTITY_MAX,
                                .standing = true};
    ls_part_put_in(x, &x->part[number]);
    x->current[f->party] = x->latest = number;
    x->missed = 0;
    out->begun = ls_earlier(out->begun, at);
    out->reversed = LS_NEVER;
    ls_reader_bring_back(x);
    out->answer = LS_NO_FACT;
    update(x, at, replaces);
    return ls_adds_up(x->m) ? "a part was performed" : "performed";
}

/* The part that an act with this ref is about. */
uint32_t ls_part_find(const ls_reader_state *x, uint32_t ref)
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

/* Taking back. */

/* It was not performed, and not begun, by what was taken back before anybody had confirmed it. */
static void unsay(ls_reader_state *x, uint32_t part)
{
    ls_said *out = x->out;
    x->part[part].taken_back = true;
    if (out->confirmed == LS_NEVER && part < x->performed_parts && !reached(x, COUNTS)) {
        out->performed = LS_NEVER;
    }
    while (x->first_part < x->part_count && x->part[x->first_part].taken_back) {
        x->first_part++;
    }
    ls_time first = x->first_part < x->part_count ? x->s->time[x->part[x->first_part].fact] : LS_NEVER;
    out->begun = ls_earlier(x->begin_said, first);
}

static const char *withdraw_performance(ls_reader_state *x, size_t said, ls_time at)
{
    uint32_t part = ls_part_find(x, ls_reader_fact(x, said)->index);
    if (part == LS_NO_PART || !x->part[part].standing || x->part[part].settled.time != LS_NEVER) {
        return "takes nothing back: the performance was confirmed, or replaced";
    }
    if (x->m->verifiers == 0 && at > x->s->time[x->part[part].fact] + x->s->c->grace) {
        return "takes nothing back: where nobody verifies, a performance stands when the grace has passed";
    }
    drop(x, part, at);
    if (x->part[part].confirmed == 0) {
        unsay(x, part);
    }
    for (unsigned p = 0; p < LS_PARTIES_MAX; p++) {
        x->current[p] = x->current[p] == part ? LS_NO_PART : x->current[p];
    }
    /* Each part is passed at most once: later ones never lead to it again. */
    while (x->latest != LS_NO_PART && !x->part[x->latest].standing) {
        x->latest = x->part[x->latest].before;
    }
    ls_answer_find(x);
    update(x, at, false);
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
        return ls_answer_withdraw(x, said, at);
    default:
        return NULL;
    }
}

static void reverse(ls_reader_state *x, ls_time at)
{
    for (; x->reversed_parts < x->part_count; x->reversed_parts++) {
        drop(x, x->reversed_parts, at);
    }
    x->missed = 0;
    x->latest = LS_NO_PART;
    x->out->answer = LS_NO_FACT;
    x->out->reversed = at;
    update(x, at, true);
}

void ls_perform_undo(ls_reader_state *x, ls_time at)
{
    x->undone = true;
    if (x->standing > 0) {
        reverse(x, at);
    }
}

const char *ls_perform_apply(ls_reader_state *x, size_t i)
{
    switch ((ls_fact_kind)ls_reader_fact(x, i)->kind) {
    case LS_FACT_PERFORM:
        return apply_perform(x, i);
    case LS_FACT_CONFIRM:
    case LS_FACT_OBJECT:
    case LS_FACT_MISSING:
        return ls_answer_apply(x, i);
    case LS_FACT_WITHDRAW:
        return apply_withdraw(x, i);
    case LS_FACT_REVERSE:
        if (x->m->irreversible || x->standing == 0 ||
            (x->out->performers & LS_PARTY_BIT(ls_reader_fact(x, i)->by)) == 0) {
            return "reverses nothing";
        }
        reverse(x, ls_reader_time(x, i));
        return "reversed";
    default:
        return NULL;
    }
}
