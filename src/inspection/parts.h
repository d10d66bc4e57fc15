/* What the files that work out what became of inspections share. */
#ifndef LS_INSPECTION_PARTS_H
#define LS_INSPECTION_PARTS_H

#include "accord/happening.h"
#include "accord/time.h"
#include "inspection/inspection.h"

/* What became of a fact within the visit that it is about. */
typedef struct ls_standing {
    size_t before;   /* the one of its kind that stands if this one does not, or LS_NO_POSITION */
    bool had_effect; /* a postponement */
    bool withdrawn;
} ls_standing;

/* One evaluation: the query, and the facts by what they are about. Facts are named by their positions. */
typedef struct ls_inspecting {
    const ls_inspection_query *q;
    const ls_charter *c;
    const ls_inspected *fact;
    size_t count;
    ls_inspection_state *out;
    ls_time *time;         /* of each fact: its ledger time; LS_TIME_NONE: it does not count */
    size_t *root;          /* of each: the act that began what it is about, itself included; or LS_NO_POSITION */
    size_t *number;        /* of each that begins something: its place in the state's array */
    size_t *first, *about; /* facts about what fact b began: about[first[b] … first[b + 1] - 1], in ledger order */
    ls_happening *happening;
    ls_standing *standing;
} ls_inspecting;

/* The fact counts, as the query asks for it. */
static inline bool ls_inspecting_counts(const ls_inspecting *s, size_t fact)
{
    return s->time[fact] <= s->q->accord->known && s->time[fact] <= s->q->accord->at;
}

/* The side that said it, or LS_SIDES: neither. */
static inline unsigned ls_inspecting_side(const ls_inspection *rule, const ls_inspected *f)
{
    return f->by == rule->of ? LS_SIDE_OF : f->by == rule->by ? LS_SIDE_BY : LS_SIDES;
}

/* When silence has its consequence. */
static inline ls_time ls_inspecting_default(const ls_inspecting *s, ls_time deadline)
{
    return deadline == LS_TIME_OPEN ? LS_TIME_OPEN : deadline + s->c->grace;
}

/* inspection.c */

/* The position of the fact that this one's ref names, if it is an earlier one; else LS_NO_POSITION. */
size_t ls_inspecting_referred(const ls_inspecting *s, size_t fact);
/* Its use of a right had no effect. */
bool ls_inspecting_is_beyond(const ls_inspecting *s, size_t root);
/* What happened about a thing by `until`, its beginning left out, in the order of the ledger; gives the number. Valid
 * until the next call. */
size_t ls_inspecting_list(ls_inspecting *s, size_t root, ls_time until);
/* Leaves out what is later than `at`, and sorts the rest by time; gives the number. */
size_t ls_inspecting_sort(ls_inspecting *s, size_t count);

/* Each works out one thing; things of a kind come in ledger order. */
void ls_inspecting_draw(ls_inspecting *s, size_t root, ls_draw_state *out);                   /* draws.c */
void ls_inspecting_visit(ls_inspecting *s, size_t root, ls_visit_state *out);                 /* visits.c */
void ls_inspecting_challenge(ls_inspecting *s, size_t root, ls_challenge_state *out);         /* challenges.c */
void ls_inspecting_clarification(ls_inspecting *s, size_t root, ls_clarification_state *out); /* challenges.c */
/* reports.c: all of them; first: zeroed, twice the number of facts. */
void ls_inspecting_reports(ls_inspecting *s, const ls_inspected **first);
/* dates.c: the days on which both sides agree become the times of `enter` and `leave`. */
void ls_inspecting_dates(ls_inspecting *s, const ls_inspected *visit, ls_time noticed, size_t count);

#endif
