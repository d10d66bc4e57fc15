/* open --draw: the rows that a draw chose, and a replacement for each blank one. */
#include "cli/draws.h"
#include "cli/open.h"
#include <stdlib.h>

#define ROWS_SHOWN 100

typedef unsigned long long ull;

/* What this party has to open: nothing while nothing is drawn, or if it is not the one inspected. */
static ls_result check_duty(cli *c, const ls_draw_state *s, const ls_drawing *d)
{
    if (s->draw->rule->of != cli_own_party(c)) {
        ls_hint(&c->detail, "lockstep draw verify %u shows what was opened", s->draw->index);
        return ls_fail_with(&ls_fault_usage, &c->detail, "the rows of this draw are %s's to open",
                            cli_party_name(c, s->draw->rule->of));
    }
    if (d->count > 0) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "lockstep draw verify %u says why", s->draw->index);
    return ls_fail_with(&ls_fault_usage, &c->detail, "no rows are drawn%s: it is %s", s->awaited != 0 ? " yet" : "",
                        ls_draw_stage_name(s->stage));
}

static int by_row(const void *a, const void *b)
{
    return ls_population_row_compare(a, b);
}

/* Every row of the draw, in order. */
static ls_result all_rows(cli *c, const ls_drawing *d, ls_population_row **out)
{
    ls_population_row *rows = ls_arena_array(&c->arena, d->count, sizeof *rows);
    if (rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < d->count; i++) {
        rows[i] = d->row[i].row;
    }
    qsort(rows, d->count, sizeof *rows, by_row);
    *out = rows;
    return LS_SUCCESS;
}

/* What becomes of the draw's rows if all that are due are opened: which replacements are, follows from which rows are
 * blank. Looked at here, and shown to nobody. */
static ls_result look_ahead(cli *c, const ls_drawing *d, ls_open_request *q, ls_drawn_row **out)
{
    ls_population_row *rows;
    LS_TRY(all_rows(c, d, &rows));
    bool *blank = ls_arena_array(&c->arena, d->count, sizeof *blank);
    ls_opened_row *opened = ls_arena_array(&c->arena, d->count, sizeof *opened);
    *out = ls_arena_array(&c->arena, d->count, sizeof **out);
    if (blank == NULL || opened == NULL || *out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    q->at = rows;
    q->at_count = d->count;
    LS_TRY(ls_workspace_look(&c->ws, q, blank, &c->detail));
    for (size_t i = 0; i < d->count; i++) {
        opened[i] = (ls_opened_row){.row = rows[i], .blank = blank[i]};
    }
    ls_drawing_judge(d, opened, d->count, *out);
    return LS_SUCCESS;
}

static bool is_due(const ls_drawing *d, const ls_drawn_row *ahead, size_t i)
{
    bool wanted = ahead[i].state == LS_DRAWN_OPENED || ahead[i].state == LS_DRAWN_BLANK;
    return wanted && d->row[i].opened == NULL;
}

static ls_result take_due(cli *c, const ls_drawing *d, const ls_drawn_row *ahead, ls_open_request *q)
{
    ls_population_row *due = ls_arena_array(&c->arena, d->count, sizeof *due);
    if (due == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    q->at = due;
    q->at_count = 0;
    for (size_t i = 0; i < d->count; i++) {
        if (is_due(d, ahead, i)) {
            due[q->at_count++] = ahead[i].row;
            q->blank += ahead[i].state == LS_DRAWN_BLANK;
        }
    }
    if (q->at_count == 0) {
        ls_hint(&c->detail, "lockstep draw verify %u shows it", d->state->draw->index);
        return ls_fail_with(&ls_fault_usage, &c->detail, "every row that is due is opened already");
    }
    qsort(due, q->at_count, sizeof *due, by_row);
    return LS_SUCCESS;
}

/* Before it is signed. */

static void print_rows(cli *c, const cli_opened_draw *o)
{
    cli_table t = {.columns = 4, .heading = {"row", "position", "", "is"}};
    size_t more = 0;
    for (size_t i = 0; i < o->drawing.count; i++) {
        const ls_drawn_row *x = &o->ahead[i];
        if (!is_due(&o->drawing, o->ahead, i)) {
            continue;
        }
        if (t.rows == ROWS_SHOWN) {
            more++;
            continue;
        }
        const char *cells[] = {ls_arena_format(&c->arena, "%u/%llu", x->row.tranche, (ull)x->row.row),
                               ls_arena_format(&c->arena, "%llu", (ull)x->position),
                               cli_drawn_role(c, o->ahead, x, o->drawing.state->choice != NULL),
                               x->state == LS_DRAWN_BLANK ? "blank" : "a real row"};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
    if (more > 0) {
        cli_print("and %zu more\n", more);
    }
}

void cli_print_drawn_preview(cli *c, const ls_declared *d, const cli_opened_draw *o, const ls_open_request *q,
                             const ls_opening_files *files)
{
    print_rows(c, o);
    cli_paragraph("%zu rows of %s that draw %u chose are opened, %llu of them as blank.", q->at_count,
                  cli_text(c, d->name), o->drawing.state->draw->index, (ull)q->blank);
    for (size_t i = 0; i < files->count; i++) {
        const ls_opening_file *f = &files->file[i];
        const char *readers = cli_readers(c, f->audience);
        if (f->fields == NULL) {
            cli_paragraph("What becomes known to %s: every value of these rows, and which of them are blank; the"
                          " tranche of each, and its number there. By the share of blank ones the number of real rows"
                          " can be estimated. Nothing about rows that were not drawn.",
                          readers);
        } else {
            cli_paragraph("What becomes known to %s: of each of these rows %s; the tranche of each, and its number"
                          " there. A blank row shows as one that has none of these. Nothing of the other fields, and"
                          " nothing about rows that were not drawn.",
                          readers, cli_field_list(c, d, f->fields));
        }
    }
}

ls_result cli_open_draw(cli *c, const char *name, cli_opened_draw *out, ls_open_request *q)
{
    const ls_draw_state *s;
    ls_report report = {.arena = &c->arena};
    LS_TRY(cli_draw_find(c, name, &out->judged, &s));
    LS_TRY(cli_draw_read(c, s, &report, &out->drawing));
    const ls_drawing *d = &out->drawing;
    LS_TRY(check_duty(c, s, d));
    out->id = ls_record_at(c->ws.record, s->draw->index).id;
    *q = (ls_open_request){.accord = out->judged.version,
                           .declaration = d->declared->name,
                           .from = d->declaration->index,
                           .before = d->declaration->index + 1,
                           .ref = &out->id};
    LS_TRY(look_ahead(c, d, q, &out->ahead));
    return take_due(c, d, out->ahead, q);
}
