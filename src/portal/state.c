#include "portal/state.h"

ls_result ls_portal_state_judge(const ls_portal *p, ls_arena *arena, const ls_portal_state **out)
{
    size_t *accords;
    ls_portal_state *s = ls_arena_alloc(arena, sizeof *s);
    if (s == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    s->arena = arena;
    LS_TRY(ls_card_accords(p->record, -1, p->at, p->known, arena, &accords, &s->card_count));
    s->card = ls_arena_array(arena, s->card_count + 1, sizeof *s->card);
    s->history = ls_arena_array(arena, s->card_count + 1, sizeof *s->history);
    if (s->card == NULL || s->history == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < s->card_count; i++) {
        LS_TRY(ls_card_judge(p->record, accords[i], p->at, p->known, arena, &s->card[i]));
        LS_TRY(ls_card_history_read(&s->card[i], arena, &s->history[i]));
    }
    s->talks = ls_record_talks(p->record);
    s->talks_query = (ls_talks_query){p->at, p->known, ls_record_charter(p->record), &s->talks};
    LS_TRY(ls_schedules_eval(&s->talks_query, arena, &s->search, &s->search_count));
    LS_TRY(ls_talks_eval(&s->talks_query, arena, &s->talk));
    if (arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    *out = s;
    return LS_SUCCESS;
}
