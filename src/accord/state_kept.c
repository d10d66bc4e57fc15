/* Continuing obligations: kept, until a verifier establishes a breach; cured, when all verifiers say so. */
#include "accord/state_said.h"

void ls_kept_begin(ls_reader_state *x)
{
    x->out->phase = LS_KEPT;
    x->out->since = x->how->holds;
    x->cure = LS_NO_FACT;
    for (size_t v = 0; v < LS_PARTIES_MAX; v++) {
        x->objection[v] = LS_NO_FACT;
    }
}

static void enter(ls_reader_state *x, ls_state phase, ls_time at)
{
    if (x->out->phase != phase) {
        x->out->phase = phase;
        x->out->since = at;
    }
}

static const char *establish(ls_reader_state *x, size_t i)
{
    ls_time at = ls_reader_time(x, i);
    x->objection[ls_reader_fact(x, i)->by] = i;
    x->cure = LS_NO_FACT;
    x->out->breaches += x->out->phase == LS_KEPT ? 1 : 0;
    x->out->breached = ls_earlier(x->out->breached, at);
    x->out->answer = x->fact[i];
    enter(x, LS_BREACHED, at);
    return "a breach was established";
}

static void end_breach(ls_reader_state *x, ls_time at)
{
    for (size_t v = 0; v < LS_PARTIES_MAX; v++) {
        x->objection[v] = LS_NO_FACT;
    }
    x->cure = LS_NO_FACT;
    enter(x, LS_KEPT, at);
}

static const char *apply_cure(ls_reader_state *x, size_t i)
{
    if (x->out->phase == LS_KEPT || (x->out->performers & LS_PARTY_BIT(ls_reader_fact(x, i)->by)) == 0) {
        return "counts for nothing: nothing is to be cured";
    }
    x->cure = i;
    x->cured = 0;
    x->out->performance = x->fact[i];
    x->out->performed_at = ls_reader_time(x, i);
    enter(x, LS_PERFORMED, ls_reader_time(x, i));
    return "said to be cured";
}

static const char *apply_confirm(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    bool about = x->cure != LS_NO_FACT && (f->ref == LS_NO_ENTRY || f->ref == ls_reader_fact(x, x->cure)->index);
    if (!about) {
        return f->ref == LS_NO_ENTRY ? "counts for nothing: nothing was said to be cured" : "an incident was dismissed";
    }
    x->cured |= LS_PARTY_BIT(f->by);
    x->out->answer = x->fact[i];
    if ((x->cured & x->m->verifiers) == x->m->verifiers) {
        end_breach(x, ls_reader_time(x, i));
    }
    return "the cure was confirmed";
}

static const char *apply_withdraw(ls_reader_state *x, size_t i)
{
    size_t said = ls_reader_find(x, ls_reader_fact(x, i)->ref, i);
    unsigned by = ls_reader_fact(x, i)->by;
    if (said == LS_NO_FACT || x->objection[by] != said) {
        return NULL;
    }
    x->objection[by] = LS_NO_FACT;
    for (size_t v = 0; v < LS_PARTIES_MAX; v++) {
        if (x->objection[v] != LS_NO_FACT) {
            return "an objection was taken back";
        }
    }
    x->out->breaches--;
    end_breach(x, ls_reader_time(x, i));
    return "an objection was taken back";
}

const char *ls_kept_apply(ls_reader_state *x, size_t i)
{
    const ls_fact *f = ls_reader_fact(x, i);
    ls_time at = ls_reader_time(x, i);
    if (x->how->holds == LS_NEVER || at < x->how->holds || at > x->how->ends) {
        return "counts for nothing: the obligation was not in force then";
    }
    bool verifies = (x->m->verifiers & LS_PARTY_BIT(f->by)) != 0;
    switch ((ls_fact_kind)f->kind) {
    case LS_FACT_PERFORM:
        return apply_cure(x, i);
    case LS_FACT_CONFIRM:
        return verifies ? apply_confirm(x, i) : NULL;
    case LS_FACT_OBJECT:
    case LS_FACT_MISSING:
        return verifies ? establish(x, i) : NULL;
    case LS_FACT_WITHDRAW:
        return apply_withdraw(x, i);
    default:
        return NULL;
    }
}

void ls_kept_end(ls_reader_state *x)
{
    for (unsigned v = 0; v < LS_PARTIES_MAX; v++) {
        x->out->objections |= x->objection[v] != LS_NO_FACT ? LS_PARTY_BIT(v) : 0;
    }
}

void ls_kept_silence(ls_reader_state *x, ls_time at)
{
    if (x->cure == LS_NO_FACT || x->m->silence == LS_SILENCE_NONE) {
        return;
    }
    ls_time decides = ls_silence_decides(x, ls_reader_time(x, x->cure));
    if (decides == LS_NEVER || decides >= at) {
        return;
    }
    x->out->by_silence = true;
    if (x->m->silence == LS_SILENCE_CONFIRMED) {
        end_breach(x, decides);
    } else {
        x->cure = LS_NO_FACT;
        enter(x, LS_BREACHED, decides);
    }
}
