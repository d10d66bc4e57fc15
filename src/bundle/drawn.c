#include "bundle/drawn.h"
#include <stdlib.h>

const char *ls_drawn_state_name(ls_drawn_state s)
{
    static const char *const names[LS_DRAWN_STATES] = {[LS_DRAWN_OPENED] = "opened",
                                                       [LS_DRAWN_BLANK] = "blank",
                                                       [LS_DRAWN_MISSING] = "missing",
                                                       [LS_DRAWN_SPARE] = "spare",
                                                       [LS_DRAWN_EARLY] = "early"};
    return names[s];
}

void ls_opened_row_judge(const ls_opened_field *fields, size_t count, ls_opened_row *out)
{
    bool value = false, closed = false;
    for (size_t i = 0; i < count; i++) {
        value = value || (fields[i].open && fields[i].value.len > 0);
        closed = closed || !fields[i].open;
    }
    out->blank = !value && !closed;
    out->unclear = !value && closed;
}

/* Of one row's openings an unclear one comes last, and what an act opened first. */
int ls_opened_row_compare(const void *a, const void *b)
{
    const ls_opened_row *x = a, *y = b;
    int order = ls_population_row_compare(&x->row, &y->row);
    order = order != 0 ? order : x->unclear - y->unclear;
    return order != 0 ? order : (x->act > y->act) - (x->act < y->act);
}

size_t ls_opened_rows_settle(ls_opened_row *rows, size_t count)
{
    size_t kept = 0;
    if (count > 0) {
        qsort(rows, count, sizeof *rows, ls_opened_row_compare);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || ls_population_row_compare(&rows[kept - 1].row, &rows[i].row) != 0) {
            rows[kept++] = rows[i];
        }
    }
    return kept;
}

static int compare_row(const void *key, const void *opened)
{
    return ls_population_row_compare(key, &((const ls_opened_row *)opened)->row);
}

static ls_drawn_state state_of(const ls_opened_row *opened, bool needed)
{
    if (opened == NULL) {
        return needed ? LS_DRAWN_MISSING : LS_DRAWN_SPARE;
    }
    if (!needed) {
        return LS_DRAWN_EARLY;
    }
    return opened->blank ? LS_DRAWN_BLANK : LS_DRAWN_OPENED;
}

void ls_drawn_judge(const ls_drawn *drawn, size_t chosen, size_t count, const ls_population *p,
                    const ls_opened_row *opened, size_t opened_count, ls_drawn_row *out)
{
    size_t needed = chosen; /* from the first ticket on: one more for each blank row among them */
    size_t blank = 0;       /* the next blank row whose place is free */
    for (size_t i = 0; i < count; i++) {
        ls_drawn_row *x = &out[i];
        *x = (ls_drawn_row){.position = drawn[i].position,
                            .row = ls_population_at(p, drawn[i].position),
                            .replacement = i >= chosen,
                            .in_place_of = LS_NO_ROW};
        if (i >= chosen && i < needed) {
            while (out[blank].state != LS_DRAWN_BLANK) {
                blank++;
            }
            x->in_place_of = blank++;
        }
        x->opened = opened_count == 0 ? NULL : bsearch(&x->row, opened, opened_count, sizeof *opened, compare_row);
        x->state = state_of(x->opened, i < needed);
        needed += x->state == LS_DRAWN_BLANK;
    }
}
