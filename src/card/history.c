/* What was said about measures, as the state took it. */
#include "card/card.h"
#include <stdlib.h>

/* In the order in which it comes; of each, a measure. */
typedef struct gathering {
    ls_buf said; /* ls_card_said */
    size_t count;
} gathering;

static void take(void *context, size_t measure, const ls_fact *fact, const char *outcome)
{
    gathering *x = context;
    const ls_card_said said = {fact, outcome, measure};
    ls_buf_put(&x->said, &said, sizeof said);
    x->count++;
}

static int in_order(const void *a, const void *b)
{
    const ls_card_said *x = a, *y = b;
    if (x->measure != y->measure) {
        return x->measure < y->measure ? -1 : 1;
    }
    /* Facts lie in one array, in the order of the record. */
    return x->fact < y->fact ? -1 : x->fact > y->fact;
}

static bool was_taken(const ls_card_said *said, size_t count, const ls_fact *f, size_t measure)
{
    const ls_card_said wanted = {f, NULL, measure};
    return count > 0 && bsearch(&wanted, said, count, sizeof *said, in_order) != NULL;
}

/* What moves only a measure's deadline, and what moves nothing. */
static void take_others(const ls_card *k, ls_arena *arena, gathering *x)
{
    ls_buf taken = x->said;
    const ls_card_said *said = (const ls_card_said *)(const void *)taken.ptr;
    size_t count = x->count;
    x->said = (ls_buf){0};
    ls_buf_put_bytes(&x->said, ls_buf_bytes(&taken));
    for (size_t i = 0; i < k->facts.count; i++) {
        const ls_fact *f = &k->facts.fact[i];
        bool extends = f->kind == LS_FACT_EXTEND && f->ref == LS_NO_ENTRY;
        bool about = f->kind <= LS_FACT_ASSESS || extends;
        if (!about || f->subject >= k->accord->roadmap->measure_count || !ls_account_counts(&k->account, f) ||
            was_taken(said, count, f, f->subject)) {
            continue;
        }
        char day[LS_DATE_SIZE] = "";
        if (f->day != LS_NO_DAY) {
            ls_date_format(ls_date_from_days(f->day), day);
        }
        take(x, f->subject, f, extends ? ls_arena_format(arena, "agreed to the deadline %s", day) : "changed nothing");
    }
    ls_buf_free(&taken);
}

static void sort(gathering *x)
{
    if (x->count > 1) {
        qsort(x->said.ptr, x->count, sizeof(ls_card_said), in_order);
    }
}

static ls_result keep(const ls_card *k, ls_arena *arena, const gathering *x, ls_card_history *out)
{
    size_t measures = k->accord->roadmap->measure_count;
    size_t *first = ls_arena_array(arena, measures + 2, sizeof *first);
    ls_card_said *said = ls_arena_array(arena, x->count + 1, sizeof *said);
    if (first == NULL || said == NULL || arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    if (x->count > 0) {
        memcpy(said, x->said.ptr, x->count * sizeof *said);
    }
    for (size_t i = 0, m = 0; m <= measures; m++) {
        while (i < x->count && said[i].measure < m) {
            i++;
        }
        first[m] = i;
    }
    *out = (ls_card_history){first, said};
    return LS_SUCCESS;
}

ls_result ls_card_history_read(const ls_card *k, ls_arena *arena, ls_card_history *out)
{
    gathering x = {0};
    const ls_trace trace = {take, &x};
    ls_state_query q = k->query;
    ls_accord_state again;
    q.trace = &trace;
    ls_result r = ls_state_eval(&q, arena, &again);
    r = ls_succeeded(r) ? ls_buf_check(&x.said) : r;
    if (ls_succeeded(r)) {
        sort(&x);
        take_others(k, arena, &x);
        r = ls_buf_check(&x.said);
    }
    if (ls_succeeded(r)) {
        sort(&x);
        r = keep(k, arena, &x, out);
    }
    ls_buf_free(&x.said);
    return r;
}
