/* Dated acts, as they are made: what acceptance would refuse then is noted, and not done. */
#include "rehearsal/script.h"

/* The act that it is about: the one that it names, or the latest that fits, which may be on the record. */
static const ls_fact *referred(const ls_rehearsing *x, const ls_scripted *s)
{
    uint32_t index = s->ref >= 0 ? x->act_index[s->ref] : LS_NO_ENTRY;
    bool own = s->fact.kind == LS_FACT_RESUME;
    for (size_t i = x->fact_count; i-- > 0;) {
        const ls_fact *f = &x->fact[i];
        bool fits = (s->refs >> f->kind & 1) != 0 && (!own || f->by == s->fact.by);
        if (s->ref >= 0 ? f->index == index : fits) {
            return f;
        }
    }
    return NULL;
}

static bool was_performed(const ls_rehearsing *x, uint32_t measure)
{
    for (size_t i = 0; i < x->fact_count; i++) {
        if (x->fact[i].kind == LS_FACT_PERFORM && x->fact[i].subject == measure) {
            return true;
        }
    }
    return false;
}

static bool is_resumed(const ls_rehearsing *x, uint32_t suspension)
{
    for (size_t i = 0; i < x->fact_count; i++) {
        if (x->fact[i].kind == LS_FACT_RESUME && x->fact[i].ref == suspension) {
            return true;
        }
    }
    return false;
}

static bool was_declared(const ls_rehearsing *x, const ls_scripted *s)
{
    for (size_t i = 0; i < x->m->measure_count; i++) {
        bool declares = ls_bytes_equal(x->m->measures[i].declares, s->declaration);
        if (declares && was_performed(x, (uint32_t)i)) {
            return true;
        }
    }
    return false;
}

/* Why acceptance would refuse it now, or NULL. */
static const char *refusal(const ls_rehearsing *x, const ls_scripted *s, const ls_fact *about)
{
    bool performed = s->fact.subject != LS_NO_SUBJECT && was_performed(x, s->fact.subject);
    bool needs = s->ref >= 0 || s->fact.kind == LS_FACT_RESUME || s->fact.kind == LS_FACT_REFER ||
                 s->fact.kind == LS_FACT_SETTLE;
    if (ls_rehearsing_silent(x, s->fact.by)) {
        return "not done: the party is silent";
    }
    if (needs && about == NULL) {
        return "refused: what it is about was not done";
    }
    if (s->fact.kind == LS_FACT_CONFIRM && s->ref < 0 && !performed) {
        return "refused: nothing to confirm";
    }
    if (s->fact.kind == LS_FACT_REVERSE && !performed) {
        return "refused: nothing to reverse";
    }
    if (s->fact.kind == LS_FACT_RESUME && is_resumed(x, about->index)) {
        return "refused: the suspension was resumed already";
    }
    if (s->tranche > 0 && !was_declared(x, s)) {
        return "refused: nothing was declared before";
    }
    return NULL;
}

/* As people name what it is about. */
static ls_bytes about_name(const ls_rehearsing *x, const ls_scripted *s)
{
    const ls_roadmap *m = x->m;
    size_t i = s->fact.subject;
    unsigned kind = s->fact.kind;
    if (s->declaration.len > 0 || i == LS_NO_SUBJECT) {
        return s->declaration.len > 0                                      ? s->declaration
               : kind == LS_FACT_SUSPEND && s->fact.detail != LS_NO_DETAIL ? m->tracks[s->fact.detail].id
                                                                           : (ls_bytes){0};
    }
    bool dispute = kind == LS_FACT_DISPUTE || kind == LS_FACT_REFER || kind == LS_FACT_SETTLE ||
                   (kind == LS_FACT_EXTEND && s->fact.detail != LS_NO_DETAIL);
    return kind == LS_FACT_ATTEST ? m->events[i].id
           : kind == LS_FACT_USE  ? m->rights[i].id
           : dispute              ? m->disputes[i].id
                                  : m->measures[i].id;
}

static const char *day_text(int32_t day, char out[static LS_QUANTITY_SIZE])
{
    ls_date_format(ls_date_from_days(day), out);
    return out;
}

/* What else it says. */
static const char *more(const ls_rehearsing *x, const ls_scripted *s)
{
    char text[LS_QUANTITY_SIZE];
    ls_arena *a = x->arena;
    if (s->tranche > 0) {
        return ls_arena_format(a, "tranche %u", s->tranche);
    }
    if (s->fact.kind == LS_FACT_DISPUTE && s->fact.amount != LS_QUANTITY_NONE) {
        ls_bytes id = x->m->measures[s->fact.amount].id;
        return ls_arena_format(a, "about %.*s", (int)id.len, id.ptr);
    }
    if (s->fact.kind == LS_FACT_CALL_OFF && s->fact.day != LS_NO_DAY) {
        return ls_arena_format(a, "to %s", day_text(s->fact.day, text));
    }
    if (s->fact.kind == LS_FACT_ASSESS) {
        return ls_arena_format(a, "%d", (int)s->fact.amount);
    }
    bool stage = s->fact.detail != LS_NO_DETAIL && (s->fact.kind == LS_FACT_REFER || s->fact.kind == LS_FACT_EXTEND);
    ls_bytes id = stage ? x->m->disputes[s->fact.subject].stages[s->fact.detail].id : (ls_bytes){0};
    if (s->fact.kind == LS_FACT_EXTEND) {
        return ls_arena_format(a, "%.*s%sto %s", (int)id.len, id.ptr, stage ? " " : "", day_text(s->fact.day, text));
    }
    if (stage) {
        return ls_arena_format(a, "to %.*s", (int)id.len, id.ptr);
    }
    if (s->fact.amount != LS_QUANTITY_NONE) {
        ls_quantity_format(s->fact.amount, text);
        return ls_arena_str(a, ls_bytes_str(text));
    }
    return "";
}

static void make(ls_rehearsing *x, size_t act, const ls_fact *about)
{
    const ls_scripted *s = &x->r->acts[act];
    ls_fact facts[LS_MEASURES_MAX];
    size_t count = 0;
    for (size_t i = 0; s->declaration.len > 0 && i < x->m->measure_count; i++) {
        if (ls_scripted_declares(s, &x->m->measures[i])) {
            facts[count] = s->fact;
            facts[count++].subject = (uint32_t)i & 1023;
        }
    }
    if (s->declaration.len == 0) {
        facts[count++] = s->fact;
        facts[0].ref = about != NULL ? about->index : LS_NO_ENTRY;
    }
    x->act_index[act] = ls_rehearsing_act(x, facts, count);
}

void ls_rehearsing_said(ls_rehearsing *x, size_t act)
{
    const ls_scripted *s = &x->r->acts[act];
    bool open = s->fact.kind == LS_FACT_RESUME || s->fact.kind == LS_FACT_REFER || s->fact.kind == LS_FACT_SETTLE;
    bool stage = s->fact.kind == LS_FACT_EXTEND && s->fact.detail != LS_NO_DETAIL;
    const ls_fact *about = s->ref >= 0 || open || stage ? referred(x, s) : NULL;
    const char *why = refusal(x, s, about);
    ls_log_act(x, s->fact.by, false, s->kind, about_name(x, s), why != NULL ? why : more(x, s));
    if (why == NULL) {
        make(x, act, about);
    }
}
