/* Draws computed again, from what this workspace has. */
#include "cli/draws.h"
#include "workspace/mail.h"

ls_result cli_draw_find(cli *c, const char *name, cli_card *j, const ls_draw_state **out)
{
    const ls_inspected *draw;
    int accord;
    LS_TRY(cli_find_inspected(c, CLI_ABOUT(DRAW), name, &accord, &draw));
    LS_TRY(cli_card_now(c, accord, j));
    *out = ls_card_draw(j, draw->index);
    if (*out == NULL) {
        ls_hint(&c->detail, "lockstep log says what became of it");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the draw in act %u has no effect", draw->index);
    }
    return LS_SUCCESS;
}

ls_result cli_draw_source(cli *c, ls_note_reading *reading, cli_progress *line, ls_drawing_source *out)
{
    unsigned opened, bad;
    LS_TRY(ls_mail_open(&c->ws, &opened, &bad, &c->detail));
    *reading = (ls_note_reading){&c->ws, &c->arena, NULL};
    *out = (ls_drawing_source){.record = c->ws.record,
                               .read = ls_workspace_read_note,
                               .context = reading,
                               .fetch = {ls_workspace_fetch, &c->ws},
                               .progress = {line == NULL ? NULL : cli_progress_show, line}};
    return LS_SUCCESS;
}

ls_result cli_draw_read(cli *c, const ls_draw_state *state, ls_report *report, ls_drawing *out)
{
    cli_progress line = cli_progress_begin("drawing");
    ls_note_reading reading;
    ls_drawing_source from;
    LS_TRY(cli_draw_source(c, &reading, &line, &from));
    ls_result r = ls_drawing_read(&c->arena, &from, state, report, out);
    cli_progress_end(&line);
    return r;
}

const char *cli_drawn_role(cli *c, const ls_drawn_row *rows, const ls_drawn_row *x, bool chosen)
{
    if (!x->replacement) {
        return chosen ? "chosen" : "drawn";
    }
    if (x->in_place_of == LS_NO_ROW) {
        return "replacement";
    }
    const ls_population_row *at = &rows[x->in_place_of].row;
    return ls_arena_format(&c->arena, "in place of %u/%llu", at->tranche, (unsigned long long)at->row);
}
