/* An accord on the record, judged at a time: what status, next, explain and calendar share with the portal. */
#ifndef LS_CARD_CARD_H
#define LS_CARD_CARD_H

#include "accord/why.h"
#include "inspection/duties.h"
#include "record/record.h"

typedef struct ls_card {
    int version;             /* the one that held at that time, */
    const ls_accord *accord; /* and what it says */
    const ls_charter *charter;
    ls_facts facts;
    ls_state_query query;
    ls_accord_state state;
    ls_account account;
    ls_inspecteds inspected;
    ls_inspection_state inspection;
} ls_card;

/* It was on the record by then; or came too late ever to be in force, which is shown, too. */
bool ls_card_signed(const ls_record *r, size_t accord, ls_time at, ls_time known);
/* The accords that were, each as its version of that time: indices, in the arena. chosen: one of them, or -1 for all.
 */
ls_result ls_card_accords(const ls_record *r, int chosen, ls_time at, ls_time known, ls_arena *arena, size_t **indices,
                          size_t *count);
/* All of it in the arena. out stays where it is: its parts point at each other. */
ls_result ls_card_judge(const ls_record *r, size_t accord, ls_time at, ls_time known, ls_arena *arena, ls_card *out);
/* The state of the draw that this act began, or NULL: no stamp covers it, or it has no effect. */
const ls_draw_state *ls_card_draw(const ls_card *k, uint32_t draw);
/* What was said about a measure, and what it did, in words without period. */
typedef struct ls_card_said {
    const ls_fact *fact;
    const char *outcome;
    size_t measure;
} ls_card_said;

/* Of measure m: said[first[m]] to said[first[m + 1]], in the order of the record; what changed nothing, too. */
typedef struct ls_card_history {
    const size_t *first;
    const ls_card_said *said;
} ls_card_history;
ls_result ls_card_history_read(const ls_card *k, ls_arena *arena, ls_card_history *out);

/* The entries through which a moment came, also those of the events and steps that it names, in ascending order; none:
 * it follows from dates, or has not come. partly: also of what has not come as a whole. */
ls_result ls_card_through(const ls_card *k, const ls_moment *m, bool partly, ls_arena *arena, const uint32_t **entries,
                          size_t *count);
/* Whether a duty is about a measure, or an event, or about what that waits for. */
bool ls_card_duty_of_measure(const ls_card *k, const ls_duty *d, size_t measure);
bool ls_card_duty_of_event(const ls_card *k, const ls_duty *d, size_t event);

/* What parties may and must do, inspections included, in the order of their deadlines. */
ls_result ls_card_duties(const ls_card *k, ls_arena *arena, ls_duty **out, size_t *count);

#endif
