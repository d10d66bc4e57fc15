/*
 * Whether an act would change anything. Acceptance takes an answer to a proposal that has lapsed, since acts signed in
 * time may arrive late; whoever is about to sign one wants to know that it is too late.
 */
#ifndef LS_TALKS_EFFECT_H
#define LS_TALKS_EFFECT_H

#include "talks/state.h"

/* The act that began what this one answers or takes back, and of which the state says what that changes; NULL: another
 * kind of act, or about something else. */
const ls_talk *ls_talks_answered(const ls_talks *all, const ls_talk *said);

/* said: not on the record yet; by, kind, ref, due, day and seen are read. *changes is false if what it is about would
 * be as it is without it; of kinds for which that is not known it is true. ls_fault_memory. */
ls_result ls_talks_would_change(const ls_talks_query *q, const ls_talk *said, ls_arena *arena, bool *changes);

#endif
