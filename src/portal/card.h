/* An accord on the record, judged at a time: what status, next, explain and calendar share with the portal. */
#ifndef LS_PORTAL_CARD_H
#define LS_PORTAL_CARD_H

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
/* What parties may and must do, inspections included, in the order of their deadlines. */
ls_result ls_card_duties(const ls_card *k, ls_arena *arena, ls_duty **out, size_t *count);

#endif
