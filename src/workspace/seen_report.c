#include "workspace/reading.h"
#include "workspace/seen.h"

ls_result ls_workspace_seen_report(ls_workspace *ws, ls_arena *arena, uint64_t index, ls_seen_report *out,
                                   ls_detail *detail)
{
    *out = (ls_seen_report){.index = index};
    LS_TRY(ls_workspace_read_act(ws, index, arena, &out->act, detail));
    for (size_t i = 0; i < out->act.attachment_count && !out->here; i++) {
        ls_bytes content, name;
        ls_result r = ls_workspace_read_attachment(ws, arena, &out->act.attachment[i], &content, &name);
        if (r.fault == &ls_fault_memory) {
            return r;
        }
        if (ls_succeeded(r) && ls_bytes_is(name, LS_REPORT_FILE)) {
            out->here = ls_succeeded(ls_site_report_parse(arena, content, &out->report, NULL));
        }
    }
    return LS_SUCCESS;
}
