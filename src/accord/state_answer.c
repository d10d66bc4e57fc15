/* Answers about performances: confirming, objecting, taking that back, and what silence decides. Each is about a part.
 */
#include "accord/state_said.h"

static ls_answer *answer_of(const ls_reader_state *x, uint32_t part, unsigned by)
{
    return &x->answer[part * x->answerers + ls_party_rank(x->m->verifiers | x->m->witnesses, by)];
}

static void settle(ls_reader_state *x, ls_part *p, ls_time at)
{
    bool all = x->m->verifiers != 0 && (p->confirmed & x->m->verifiers) == x->m->verifiers && p->objected == 0;
    if (p->settled.time == LS_NEVER && all && p->there.time != LS_NEVER) {
        p->settled = (ls_when){at, x->change++};
        p->agreed = p->counted < p->least ? p->counted : p->least;
    }
}

/* What those whose confirmation stands say of the amount and of the date. */
static void read_confirmations(ls_reader_state *x, uint32_t part)
{
    ls_part *p = &x->part[part];
    p->least = LS_QUANTITY_MAX;
    p->dated = false;
    for (unsigned v = 0; v < LS_PARTIES_MAX; v++) {
        if ((x->m->verifiers & p->confirmed & LS_PARTY_BIT(v)) == 0) {
            continue;
        }
        uint32_t confirm = answer_of(x, part, v)->confirm;
        if (confirm < LS_BY_SILENCE) {
            const ls_fact *f = ls_reader_fact(x, confirm);
            p->least = f->amount != LS_QUANTITY_NONE && f->amount < p->least ? f->amount : p->least;
            p->dated |= f->day != LS_NO_DAY && f->day == x->s->fact[p->fact].day;
        }
    }
}

static void confirm_part(ls_reader_state *x, uint32_t part, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_part *p = &x->part[part];
    ls_parties bit = LS_PARTY_BIT(f->by);
    ls_answer *a = answer_of(x, part, f->by);
    /* What all have confirmed is final: only an objection opens it again. */
    if (p->settled.time == LS_NEVER || (p->objected & bit) != 0 || a->confirm == LS_NO_ANSWER) {
        a->confirm = (uint32_t)i;
    }
    a->objection = LS_NO_ANSWER;
    p->present |= bit & x->m->witnesses;
    if (p->there.time == LS_NEVER && p->present == x->m->witnesses) {
        p->there = (ls_when){ls_reader_time(x, i), x->change++};
    }
    p->confirmed |= bit;
    p->objected &= ~bit;
    read_confirmations(x, part);
    settle(x, p, ls_reader_time(x, i));
}

static const char *answer_missing(ls_reader_state *x, size_t i)
{
    x->missed |= LS_PARTY_BIT(ls_reader_fact(x, i)->by);
    x->out->answer = x->fact[i];
    ls_perform_update(x, ls_reader_time(x, i));
    return "said to be missing";
}

static void answer_part(ls_reader_state *x, uint32_t part, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_part_take_out(x, &x->part[part]);
    if (f->kind == LS_FACT_CONFIRM) {
        confirm_part(x, part, i);
    } else {
        answer_of(x, part, f->by)->objection = (uint32_t)i;
        x->part[part].objected |= LS_PARTY_BIT(f->by);
    }
    ls_part_put_in(x, &x->part[part]);
}

/* An answer that names no part: it is about what each of several performers did last; and a confirmation of an amount
 * about all parts that this verifier has not answered yet. Each part is looked at once. */
static void answer_others(ls_reader_state *x, uint32_t part, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    if (!ls_adds_up(x->m)) {
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
            if (x->part[*to].standing && a->confirm == LS_NO_ANSWER && a->objection == LS_NO_ANSWER) {
                answer_part(x, *to, i);
            }
        }
        *to = part + 1;
    }
}

const char *ls_answer_apply(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_parties bit = LS_PARTY_BIT(f->by), may = x->m->verifiers | (f->kind == LS_FACT_CONFIRM ? x->m->witnesses : 0);
    uint32_t part = ls_part_find(x, f->ref);
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
    ls_perform_update(x, ls_reader_time(x, i));
    return f->kind == LS_FACT_CONFIRM ? "confirmed" : f->kind == LS_FACT_OBJECT ? "objected to" : "said to be missing";
}

/* The last of the answers that still stand. */
void ls_answer_find(ls_reader_state *x)
{
    size_t last = LS_NO_FACT;
    for (size_t j = 0; x->latest != LS_NO_PART && j < x->answerers; j++) {
        const ls_answer *a = &x->answer[x->latest * x->answerers + j];
        uint32_t standing = a->objection != LS_NO_ANSWER ? a->objection : a->confirm;
        if (standing < LS_BY_SILENCE && (last == LS_NO_FACT || x->fact[standing] > last)) {
            last = x->fact[standing];
        }
    }
    x->out->answer = last;
}

/* What silence about a part has decided. */
static void decide_silence(ls_reader_state *x, uint32_t number, ls_time at)
{
    ls_part *p = &x->part[number];
    ls_parties silent = x->m->verifiers & ~p->confirmed & ~p->objected;
    if (!p->standing || silent == 0) {
        return;
    }
    ls_said_passed(x, at);
    ls_part_take_out(x, p);
    if (x->m->silence == LS_SILENCE_CONFIRMED) {
        p->confirmed |= silent;
        settle(x, p, at);
    } else {
        p->objected |= silent;
        for (unsigned v = 0; v < LS_PARTIES_MAX; v++) {
            if ((silent & LS_PARTY_BIT(v)) != 0) {
                answer_of(x, number, v)->objection = LS_BY_SILENCE;
            }
        }
    }
    ls_part_put_in(x, p);
    x->out->by_silence = true;
    ls_perform_update(x, at);
}

/* An answer that still stands, and on which nobody can rely yet. */
static bool withdraw_from_part(ls_reader_state *x, uint32_t part, size_t said, ls_time at)
{
    unsigned by = ls_reader_fact(x, said)->by;
    ls_part *p = &x->part[part];
    ls_answer *a = answer_of(x, part, by);
    bool objection = a->objection == said;
    if (!objection && (a->confirm != said || p->settled.time != LS_NEVER)) {
        return false;
    }
    ls_part_take_out(x, p);
    if (objection) {
        a->objection = LS_NO_ANSWER;
        p->objected &= ~LS_PARTY_BIT(by);
        settle(x, p, at);
    } else {
        a->confirm = LS_NO_ANSWER;
        p->confirmed &= ~LS_PARTY_BIT(by);
        read_confirmations(x, part);
    }
    ls_part_put_in(x, p);
    if (part < x->silent) {
        decide_silence(x, part, at); /* its time is over, and this verifier says nothing after all */
    }
    return true;
}

static bool withdraw_from_parts(ls_reader_state *x, uint32_t part, size_t said, ls_time at)
{
    bool any = false;
    for (uint32_t one = x->about_from[said]; one <= part; one++) {
        any |= withdraw_from_part(x, one, said, at);
    }
    x->about_from[said] = part; /* so that a second withdrawal has less to look at */
    for (unsigned p = 0; !ls_adds_up(x->m) && p < LS_PARTIES_MAX; p++) {
        bool other = x->current[p] != LS_NO_PART && x->current[p] != part;
        any |= other && withdraw_from_part(x, x->current[p], said, at);
    }
    return any;
}

const char *ls_answer_withdraw(ls_reader_state *x, size_t said, ls_time at)
{
    const ls_fact *f = ls_reader_fact(x, said);
    ls_parties bit = LS_PARTY_BIT(f->by);
    uint32_t part = x->about[said];
    if (part == LS_NO_PART && (f->kind != LS_FACT_MISSING || (x->missed & bit) == 0)) {
        return NULL;
    }
    if (part == LS_NO_PART) {
        x->missed &= ~bit;
    } else if (!withdraw_from_parts(x, part, said, at)) {
        return "takes nothing back: others may rely on what was confirmed";
    }
    ls_answer_find(x);
    ls_perform_update(x, at);
    return "an answer was taken back";
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
