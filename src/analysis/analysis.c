/* The questions of an analysis, each a search over the model. */
#include "analysis/analysis.h"
#include "analysis/roles.h"

typedef struct analysing {
    const ls_analysis_query *q;
    const ls_roadmap *r;
    ls_arena *arena;
    ls_net net;
    ls_roles roles;
    uint8_t *closure, *most; /* bits: all that can ever happen; of the position with the most */
    ls_analysis *out;
    /* Of the search that runs: */
    uint64_t limit;
    size_t party;
    ls_quantity exposure, irreversible;
    ls_reach *reach;
    uint8_t *leads; /* of each bit: that the answer at hand still depends on it */
    uint8_t *found; /* of each stake, by the silence at hand */
    size_t silence_cap;
    bool failed;
} analysing;

static void tick(void *context, uint64_t positions)
{
    const analysing *a = context;
    if (a->q->progress != NULL) {
        a->q->progress(a->q->context, "positions", a->out->positions + positions);
    }
}

static ls_result run(analysing *a, void (*visit)(void *context, const uint8_t *bits), bool *cut)
{
    ls_search s = {&a->net, a->roles.choice, a->roles.at_once, a->limit, visit, tick, a};
    LS_TRY(ls_search_run(&s, &a->out->positions, cut));
    a->out->cut = a->out->cut || *cut;
    return a->failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_stand *stands(analysing *a, const uint8_t *bits)
{
    ls_stand *stand = ls_arena_array(a->arena, a->r->measure_count + 1, sizeof *stand);
    for (size_t i = 0; stand != NULL && i < a->r->measure_count; i++) {
        const ls_net_measure *m = &a->net.measure[i];
        stand[i] = bits[m->complete]                            ? LS_STAND_COMPLETE
                   : bits[m->performed]                         ? LS_STAND_PERFORMED
                   : bits[a->net.part[m->first_part].performed] ? LS_STAND_IN_PART
                                                                : LS_STAND_OPEN;
    }
    return stand;
}

/* Reach. */

static ls_bit reach_bit(const ls_net_measure *m, bool due)
{
    return due ? m->due : m->concluded;
}

static void visit_due(void *context, const uint8_t *bits)
{
    analysing *a = context;
    for (size_t i = 0; i < a->r->measure_count; i++) {
        a->reach[i] = bits[reach_bit(&a->net.measure[i], true)] ? LS_REACH_YES : a->reach[i];
    }
}

static void visit_done(void *context, const uint8_t *bits)
{
    analysing *a = context;
    for (size_t i = 0; i < a->r->measure_count; i++) {
        a->reach[i] = bits[reach_bit(&a->net.measure[i], false)] ? LS_REACH_YES : a->reach[i];
    }
}

/* What the moves that are not left out can reach. A cut search leaves open what the closure does not rule out. */
static ls_result reach(analysing *a, bool due, ls_reach **out)
{
    bool cut = false;
    a->reach = ls_arena_array(a->arena, a->r->measure_count + 1, sizeof *a->reach);
    uint8_t *all = ls_arena_alloc(a->arena, a->net.bit_count);
    if (a->reach == NULL || all == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_roles_for_reach(&a->roles);
    LS_TRY(run(a, due ? visit_due : visit_done, &cut));
    ls_roles_for_closure(&a->roles);
    ls_net_closure(&a->net, a->roles.at_once, all);
    for (size_t i = 0; cut && i < a->r->measure_count; i++) {
        if (a->reach[i] == LS_REACH_NEVER && all[reach_bit(&a->net.measure[i], due)]) {
            a->reach[i] = LS_REACH_UNKNOWN;
        }
    }
    *out = a->reach;
    return LS_SUCCESS;
}

/* A measure that can't be completed even if everything that is ruled out on the way had happened is stuck. */
static ls_result find_deadlock(analysing *a)
{
    a->out->stuck = ls_arena_array(a->arena, a->r->measure_count + 1, sizeof *a->out->stuck);
    if (a->out->stuck == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < a->r->measure_count; i++) {
        a->out->stuck[i] = !a->closure[a->net.measure[i].complete];
        a->out->deadlock = a->out->deadlock || a->out->stuck[i];
    }
    return LS_SUCCESS;
}

/* Exposure. */

static void sum_exposure(const analysing *a, const uint8_t *bits, ls_quantity *exposure, ls_quantity *irreversible)
{
    for (size_t i = 0; i < a->net.stake_count; i++) {
        const ls_stake *s = &a->net.stake[i];
        if (s->party == a->party && bits[s->given] && !bits[s->gone]) {
            *exposure += s->weight;
            *irreversible += s->irreversible ? s->weight : 0;
        }
    }
}

static void visit_exposure(void *context, const uint8_t *bits)
{
    analysing *a = context;
    ls_quantity exposure = 0, irreversible = 0;
    sum_exposure(a, bits, &exposure, &irreversible);
    if (exposure > a->exposure || (exposure == a->exposure && irreversible > a->irreversible)) {
        a->exposure = exposure;
        a->irreversible = irreversible;
        memcpy(a->most, bits, a->net.bit_count);
    }
}

static ls_result most_exposed(analysing *a, size_t party, bool *cut)
{
    a->party = party;
    a->exposure = a->irreversible = 0;
    memset(a->most, 0, a->net.bit_count);
    ls_roles_for_exposure(&a->roles, party);
    return run(a, visit_exposure, cut);
}

static ls_result describe_exposure(analysing *a, bool cut, ls_exposure *x)
{
    *x = (ls_exposure){.party = a->party, .most = a->exposure, .irreversible = a->irreversible, .bound = a->exposure};
    x->stand = stands(a, a->most);
    x->open = ls_arena_array(a->arena, a->r->measure_count + 1, sizeof *x->open);
    if (x->stand == NULL || x->open == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    x->bound = cut ? 0 : a->exposure;
    for (size_t i = 0; i < a->net.stake_count; i++) {
        const ls_stake *s = &a->net.stake[i];
        bool open = s->party == a->party && a->most[s->given] && !a->most[s->gone];
        x->open[s->measure] += open ? s->weight : 0;
        x->gifts += open && s->gift ? s->weight : 0;
        x->bound += cut && s->party == a->party && a->closure[s->given] ? s->weight : 0;
    }
    return LS_SUCCESS;
}

static ls_parties performers(const ls_roadmap *r)
{
    ls_parties all = 0;
    for (size_t i = 0; i < r->measure_count; i++) {
        all |= r->measures[i].by;
    }
    return all;
}

static ls_result find_exposures(analysing *a)
{
    ls_parties all = performers(a->r);
    a->out->exposure = ls_arena_array(a->arena, LS_PARTIES_MAX, sizeof *a->out->exposure);
    if (a->out->exposure == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        bool cut = false;
        if (all & LS_PARTY_BIT(p)) {
            LS_TRY(most_exposed(a, p, &cut));
            LS_TRY(describe_exposure(a, cut, &a->out->exposure[a->out->exposure_count]));
            a->out->exposure_count++;
            tick(a, 0);
        }
    }
    return LS_SUCCESS;
}

/* Rightful silence. */

/* Only the silent party can move, and is late with nothing. */
static bool waits_for_silent(const analysing *a, const uint8_t *bits)
{
    ls_parties silent = LS_PARTY_BIT(a->party);
    for (size_t i = 0; i < a->net.move_count; i++) {
        const ls_net_move *m = &a->net.move[i];
        if (m->kind == LS_MOVE_BREACH || !ls_net_may(m, bits)) {
            continue;
        }
        if (!(m->actors & silent) || ((m->owes & silent) && bits[m->deadline])) {
            return false;
        }
    }
    return true;
}

/* What the answer to a stake waits for in this position. */
static void find_leads(const analysing *a, const ls_stake *s, const uint8_t *bits)
{
    memset(a->leads, 0, a->net.bit_count);
    a->leads[s->answered] = 1;
    ls_net_add_open_causes(&a->net, bits, a->leads);
}

static bool withholds(const analysing *a, const ls_net_move *m, const uint8_t *bits)
{
    return m->kind != LS_MOVE_BREACH && ls_net_may(m, bits) && a->leads[m->atom];
}

static bool same_silence(const ls_rightful_silence *x, const ls_stake *s, size_t silent)
{
    return x->measure == s->measure && x->party == s->party && x->silent == silent;
}

static ls_rightful_silence *new_silence(analysing *a, const ls_stake *s)
{
    ls_analysis *out = a->out;
    for (size_t i = out->silence_count; i-- > 0;) {
        if (same_silence(&out->silence[i], s, a->party)) {
            return NULL;
        }
    }
    if (out->silence_count == a->silence_cap) {
        size_t larger = 2 * a->silence_cap + 16;
        ls_rightful_silence *more = ls_arena_array(a->arena, larger, sizeof *more);
        if (more == NULL) {
            a->failed = true;
            return NULL;
        }
        if (out->silence_count > 0) {
            memcpy(more, out->silence, out->silence_count * sizeof *more);
        }
        out->silence = more;
        a->silence_cap = larger;
    }
    ls_rightful_silence *x = &out->silence[out->silence_count++];
    *x = (ls_rightful_silence){.measure = s->measure, .party = s->party, .silent = a->party};
    return x;
}

static void describe_silence(analysing *a, size_t stake, size_t count, const uint8_t *bits)
{
    ls_rightful_silence *x = new_silence(a, &a->net.stake[stake]);
    if (x == NULL) {
        return;
    }
    x->stand = stands(a, bits);
    x->withheld = ls_arena_array(a->arena, count, sizeof *x->withheld);
    a->failed = a->failed || x->stand == NULL || x->withheld == NULL;
    for (size_t i = 0; i < a->net.move_count && !a->failed; i++) {
        const ls_net_move *m = &a->net.move[i];
        if (withholds(a, m, bits)) {
            x->withheld[x->count++] = (ls_withheld){(uint32_t)m->kind, m->subject};
        }
    }
}

static void visit_silence(void *context, const uint8_t *bits)
{
    analysing *a = context;
    if (a->failed || !waits_for_silent(a, bits)) {
        return;
    }
    for (size_t k = 0; k < a->net.stake_count; k++) {
        const ls_stake *s = &a->net.stake[k];
        size_t count = 0;
        if (a->found[k] || s->party == a->party || s->gift || !bits[s->given] || bits[s->gone]) {
            continue;
        }
        find_leads(a, s, bits);
        for (size_t i = 0; i < a->net.move_count; i++) {
            count += withholds(a, &a->net.move[i], bits);
        }
        if (count > 0) {
            a->found[k] = 1;
            describe_silence(a, k, count, bits);
        }
    }
}

static ls_result find_silences(analysing *a)
{
    a->leads = ls_arena_alloc(a->arena, a->net.bit_count);
    a->found = ls_arena_alloc(a->arena, a->net.stake_count + 1);
    if (a->leads == NULL || a->found == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (!(a->out->actors & LS_PARTY_BIT(p))) {
            continue;
        }
        a->party = p;
        memset(a->found, 0, a->net.stake_count);
        ls_roles_for_silence(&a->roles, p);
        LS_TRY(run(a, visit_silence, &a->out->silence_cut));
        tick(a, 0);
    }
    return LS_SUCCESS;
}

/* Absence and breach. */

static ls_result find_absences(analysing *a)
{
    a->out->absence = ls_arena_array(a->arena, LS_PARTIES_MAX, sizeof *a->out->absence);
    if (a->out->absence == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (!(a->out->actors & LS_PARTY_BIT(p))) {
            continue;
        }
        ls_absence *x = &a->out->absence[a->out->absence_count++];
        x->party = p;
        for (size_t i = 0; i < a->net.move_count; i++) {
            a->roles.left_out[i] = (a->net.move[i].actors & LS_PARTY_BIT(p)) != 0;
        }
        LS_TRY(reach(a, false, &x->reach));
        for (size_t i = 0; i < a->r->measure_count; i++) {
            x->lost += x->reach[i] == LS_REACH_NEVER;
        }
        tick(a, 0);
    }
    return LS_SUCCESS;
}

static ls_result breach_of(analysing *a, size_t measure, const ls_reach *otherwise)
{
    ls_breach *x = &a->out->breach[measure];
    ls_parties all = performers(a->r);
    bool cut = false;
    for (size_t i = 0; i < a->net.move_count; i++) {
        a->roles.left_out[i] = a->net.move[i].atom == a->net.measure[measure].performed;
    }
    LS_TRY(reach(a, false, &x->reach));
    for (size_t i = 0; i < a->r->measure_count; i++) {
        x->blocked += i != measure && x->reach[i] == LS_REACH_NEVER && otherwise[i] != LS_REACH_NEVER;
    }
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        if (all & LS_PARTY_BIT(p)) {
            LS_TRY(most_exposed(a, p, &cut));
            x->most[p] = a->exposure;
        }
    }
    x->exact = !cut;
    return LS_SUCCESS;
}

/* All of these searches together may see about as many positions as one of the others; fewer of a large roadmap, whose
 * positions take longer. */
static ls_result find_breaches(analysing *a)
{
    ls_reach *otherwise;
    a->out->breach = ls_arena_array(a->arena, a->r->measure_count + 1, sizeof *a->out->breach);
    if (a->out->breach == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    memset(a->roles.left_out, 0, a->net.move_count);
    LS_TRY(reach(a, false, &otherwise));
    a->limit = a->q->limit / (a->r->measure_count + 1) / (1 + a->r->measure_count / 64) + 1;
    for (size_t i = 0; i < a->r->measure_count; i++) {
        LS_TRY(breach_of(a, i, otherwise));
        tick(a, 0);
    }
    return LS_SUCCESS;
}

static ls_result answer(analysing *a)
{
    LS_TRY(ls_net_build(a->r, a->q->weights, &a->net));
    LS_TRY(ls_roles_make(&a->net, a->arena, &a->roles));
    a->closure = ls_arena_alloc(a->arena, a->net.bit_count);
    a->most = ls_arena_alloc(a->arena, a->net.bit_count);
    if (a->closure == NULL || a->most == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < a->net.move_count; i++) {
        a->out->actors |= a->net.move[i].actors;
    }
    ls_roles_for_closure(&a->roles);
    ls_net_closure(&a->net, a->roles.at_once, a->closure);
    LS_TRY(find_deadlock(a));
    LS_TRY(reach(a, true, &a->out->due));
    LS_TRY(find_exposures(a));
    LS_TRY(find_silences(a));
    if (a->q->brief) {
        return LS_SUCCESS;
    }
    LS_TRY(find_absences(a));
    return find_breaches(a);
}

ls_result ls_analysis_run(const ls_analysis_query *q, ls_arena *arena, ls_analysis *out)
{
    ls_analysis result = {0};
    analysing a = {.q = q, .r = q->roadmap, .arena = arena, .out = &result, .limit = q->limit};
    ls_result r = answer(&a);
    ls_net_free(&a.net);
    LS_TRY(r);
    *out = result;
    return LS_SUCCESS;
}
