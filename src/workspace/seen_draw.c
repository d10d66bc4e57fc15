/* A draw as a workspace sees it: computed again, and what was opened for it. */
#include "workspace/reading.h"
#include "workspace/seen.h"

static const ls_draw_state *find_state(const ls_inspection_state *s, uint32_t index)
{
    for (size_t i = 0; i < s->draw_count; i++) {
        if (s->draw[i].draw->index == index) {
            return &s->draw[i];
        }
    }
    return NULL;
}

ls_result ls_workspace_seen_draw(ls_workspace *ws, ls_arena *arena, const ls_inspection_state *state, int accord,
                                 uint32_t index, ls_seen_draw *out, ls_detail *detail)
{
    ls_seen_draw d = {.state = find_state(state, index)};
    ls_note_reading *reading = ls_arena_alloc(arena, sizeof *reading);
    if (reading == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (d.state == NULL) {
        ls_hint(detail, "wait for the stamp over it");
        return ls_fail_with(&ls_fault_usage, detail, "no draw that has effect began with act %u", (unsigned)index);
    }
    *reading = (ls_note_reading){ws, arena, NULL};
    const ls_drawing_source source = {
        .record = ws->record, .read = ls_workspace_read_note, .context = reading, .fetch = {ls_workspace_fetch, ws}};
    d.findings.arena = arena;
    LS_TRY(ls_drawing_read(arena, &source, d.state, &d.findings, &d.drawing));
    LS_TRY(ls_workspace_seen_rows(ws, arena, accord, index, d.drawing.declaration, &d.seen, detail));
    *out = d;
    return LS_SUCCESS;
}

const ls_seen_row *ls_seen_find(const ls_seen_rows *rows, const ls_population_row *row)
{
    for (size_t i = 0; i < rows->count; i++) {
        if (ls_population_row_compare(&rows->row[i].opened.row, row) == 0) {
            return &rows->row[i];
        }
    }
    return NULL;
}
