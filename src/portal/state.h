/*
 * Inside of the portal: accords and talks as they stand at the moment that is looked at.
 */
#ifndef LS_PORTAL_STATE_H
#define LS_PORTAL_STATE_H

#include "card/card.h"
#include "portal/portal.h"
#include "talks/schedule.h"
#include "talks/state.h"

struct ls_portal_state {
    const ls_arena *arena; /* words about it are made there, too */
    size_t card_count;
    ls_card *card;            /* of each accord that was signed by then: its version of that time */
    ls_card_history *history; /* of each card */
    ls_talks talks;
    ls_talks_query talks_query;
    ls_talks_state talk;
    ls_schedule_state *search; /* private searches */
    size_t search_count;
};

ls_result ls_portal_state_judge(const ls_portal *p, ls_arena *arena, const ls_portal_state **out);

#endif
