#include "portal/portal.h"
#include "portal/acts.h"
#include "portal/state.h"

ls_result ls_portal_begin(ls_portal *p, ls_arena *arena)
{
    if (ls_record_charter(p->record) == NULL) {
        return ls_fail(&ls_fault_usage); /* there is no process yet, and nothing to show */
    }
    LS_TRY(ls_portal_acts_read(p, arena, &p->acts));
    return ls_portal_judge(p, arena);
}

ls_result ls_portal_judge(ls_portal *p, ls_arena *arena)
{
    p->known = p->known == 0 ? ls_record_time(p->record) : p->known;
    p->at = p->at == 0 ? ls_record_time(p->record) : p->at;
    return ls_portal_state_judge(p, arena, &p->state);
}

bool ls_portal_serves(const ls_portal_source *s, const ls_hash *hash, ls_arena *arena)
{
    ls_bytes content;
    return s->has != NULL ? s->has(s->context, hash) : ls_succeeded(s->file(s->context, hash, arena, &content));
}
