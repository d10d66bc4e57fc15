/* How many rows a CSV file has, of which strata, and what they cost to inspect. */
#include "cli/plan.h"
#include "escrow/inventory.h"
#include "escrow/text.h"
#include <stdio.h>

#define FILE_MAX (4ull << 30)
#define NO_COLUMN SIZE_MAX

/* Strata in the order in which they come, and their places in the order of their names, to find them by halves. */
typedef struct tally {
    cli_plan *p;
    ls_csv csv;
    ls_csv_row row;
    size_t columns, strata, cost; /* the file's; indices, or NO_COLUMN */
    size_t count;
    const char *name[LS_STRATA_MAX];
    ls_bytes text[LS_STRATA_MAX];
    ls_stratum stratum[LS_STRATA_MAX];
    uint16_t sorted[LS_STRATA_MAX];
} tally;

/* Where the value stands among the sorted names, or would. */
static size_t place_of(const tally *t, ls_bytes value)
{
    size_t low = 0, high = t->count;
    while (low < high) {
        size_t at = low + (high - low) / 2;
        if (ls_text_compare(&t->text[t->sorted[at]], &value) < 0) {
            low = at + 1;
        } else {
            high = at;
        }
    }
    return low;
}

static ls_result add_stratum(tally *t, ls_bytes value, size_t place)
{
    cli *c = t->p->c;
    const char *copy = ls_arena_str(&c->arena, value);
    if (copy == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (t->count == LS_STRATA_MAX) {
        ls_csv_place(&t->csv, value, &c->detail);
        ls_hint(&c->detail, "take a column with few different values, as a province, a kind or a tranche");
        return ls_fail_with(&ls_fault_csv, &c->detail, "more than %d strata", LS_STRATA_MAX);
    }
    memmove(t->sorted + place + 1, t->sorted + place, (t->count - place) * sizeof *t->sorted);
    t->sorted[place] = (uint16_t)t->count;
    t->text[t->count] = ls_bytes_of(copy, value.len);
    t->name[t->count] = value.len == 0 ? "(empty)" : cli_text(c, value);
    t->count++;
    return LS_SUCCESS;
}

static ls_result find_stratum(tally *t, ls_stratum **out)
{
    ls_bytes value = t->strata == NO_COLUMN ? ls_bytes_str("all") : t->row.fields[t->strata];
    size_t place = place_of(t, value);
    if (place == t->count || ls_text_compare(&t->text[t->sorted[place]], &value) != 0) {
        LS_TRY(add_stratum(t, value, place));
    }
    *out = &t->stratum[t->sorted[place]];
    return LS_SUCCESS;
}

static ls_result check_row(tally *t)
{
    ls_detail *detail = &t->p->c->detail;
    if (t->row.count == t->columns) {
        return LS_SUCCESS;
    }
    bool empty = t->row.count == 1 && t->row.fields[0].len == 0;
    ls_csv_place(&t->csv, t->row.fields[0], detail);
    ls_hint(detail, "%s", empty ? "delete the line" : "a value that holds a separator must stand in quotes");
    return empty ? ls_fail_with(&ls_fault_csv, detail, "an empty line")
                 : ls_fail_with(&ls_fault_csv, detail, "this row has %zu values, the header has %zu", t->row.count,
                                t->columns);
}

static ls_result take_row(tally *t)
{
    ls_stratum *s;
    uint64_t cost = 0;
    LS_TRY(check_row(t));
    LS_TRY(find_stratum(t, &s));
    if (t->cost != NO_COLUMN && !ls_fixed_parse(t->row.fields[t->cost], LS_COST_DECIMALS, LS_COST_MAX, &cost)) {
        ls_csv_place(&t->csv, t->row.fields[t->cost], &t->p->c->detail);
        ls_hint(&t->p->c->detail, "write it as in 3.5, with a point and at most %d decimals", LS_COST_DECIMALS);
        return ls_fail_with(&ls_fault_csv, &t->p->c->detail, "a row costs 0 to %d, not \"%s\"", LS_COST_MAX,
                            cli_text(t->p->c, t->row.fields[t->cost]));
    }
    s->rows++;
    s->cost += cost;
    return LS_SUCCESS;
}

static ls_result find_column(tally *t, const char *name, size_t *out)
{
    cli *c = t->p->c;
    const char *names[LS_COLUMNS_MAX];
    *out = NO_COLUMN;
    for (size_t i = 0; name != NULL && i < t->row.count; i++) {
        names[i] = cli_text(c, t->row.fields[i]);
        *out = ls_bytes_is(t->row.fields[i], name) ? i : *out;
    }
    if (name == NULL || *out != NO_COLUMN) {
        return LS_SUCCESS;
    }
    const char *near = ls_nearest(ls_bytes_str(name), names, t->row.count);
    c->detail.line = c->detail.column = 1;
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s?", near);
    } else {
        ls_hint(&c->detail, "the first line names the columns");
    }
    return ls_fail_with(&ls_fault_csv, &c->detail, "there is no column \"%s\"", name);
}

static ls_result read_rows(tally *t, const char *strata, const char *cost)
{
    ls_detail *detail = &t->p->c->detail;
    bool more;
    LS_TRY(ls_csv_next(&t->csv, &t->row, &more, detail));
    t->columns = more ? t->row.count : 0;
    LS_TRY(more ? find_column(t, strata, &t->strata) : LS_SUCCESS);
    LS_TRY(more ? find_column(t, cost, &t->cost) : LS_SUCCESS);
    while (more) {
        LS_TRY(ls_csv_next(&t->csv, &t->row, &more, detail));
        LS_TRY(more ? take_row(t) : LS_SUCCESS);
    }
    if (t->count == 0) {
        detail->line = detail->column = 1;
        ls_hint(detail, "the first line names the columns, each further line is a row");
        return ls_fail_with(&ls_fault_csv, detail, "the file has no rows");
    }
    LS_TRY(cli_plan_make_strata(t->p, t->count));
    memcpy(t->p->name, t->name, t->count * sizeof *t->name);
    memcpy(t->p->stratum, t->stratum, t->count * sizeof *t->stratum);
    return LS_SUCCESS;
}

ls_result cli_plan_read_csv(cli_plan *p, const char *path, const char *strata, const char *cost)
{
    static tally t;
    ls_buf file = {0};
    LS_TRY(ls_file_read(path, FILE_MAX, &file, &p->c->detail));
    t.p = p;
    ls_csv_open(&t.csv, ls_buf_bytes(&file), ls_csv_guess_separator(ls_buf_bytes(&file)));
    snprintf(p->c->detail.file, sizeof p->c->detail.file, "%s", path);
    ls_result r = read_rows(&t, strata, cost);
    ls_csv_close(&t.csv);
    ls_buf_wipe(&file); /* an inventory is nobody else's business */
    LS_TRY(r);
    p->named = strata != NULL;
    p->origin = ls_arena_format(&p->c->arena, "real: the rows of %s", path);
    return LS_SUCCESS;
}
