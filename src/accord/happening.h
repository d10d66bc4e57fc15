/* Facts sorted by what they are about, and what happened about one thing in the order of time: for states of things
 * that acts began, as those of inspections and of talks. */
#ifndef LS_ACCORD_HAPPENING_H
#define LS_ACCORD_HAPPENING_H

#include "accord/state.h"

#define LS_NO_POSITION SIZE_MAX

/* One act about a thing, at the time at which it counts. */
typedef struct ls_happening {
    ls_time time;
    size_t fact; /* its position */
} ls_happening;

/* By time; those of one time in the order of the ledger. */
void ls_happenings_sort(ls_happening *h, size_t count);

/* What a fact is about: k = 0 and 1 ask for two things. A position, or LS_NO_POSITION. */
typedef size_t ls_about(const void *context, size_t fact, unsigned k);

/* Fills in about[first[b] … first[b + 1] - 1], for each b below count: the facts about fact b, in the order of the
 * ledger. first has count + 3 elements, all 0; about has 2 · count. */
void ls_facts_group(size_t count, ls_about *of, const void *context, size_t *first, size_t *about);

#endif
