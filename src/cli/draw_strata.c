/*
 * draw --strata: rows that were opened, by the value of a column, each value a draw of its own: what is drawn of one
 * kind says nothing of another. Shares are those of lockstep plan, with one row at least.
 */
#include "bundle/opened.h"
#include "cli/draws.h"
#include "sampling/sampling.h"
#include <stdlib.h>

typedef unsigned long long ull;

typedef struct known_row {
    ls_population_row at;
    ls_bytes value; /* in the arena */
} known_row;

/* What is known of the rows, read out of openings. */
typedef struct reading {
    cli *c;
    size_t column, fields;
    uint64_t tranche; /* 0: of all */
    ls_buf rows;      /* of known_row */
} reading;

typedef struct stratum {
    const char *name;
    ls_bytes list; /* its rows as population.csv */
    uint64_t count, rows;
} stratum;

/* Reading. */

static ls_result find_column(cli *c, const ls_declared *d, const char *name, size_t *column)
{
    const char **names = ls_arena_array(&c->arena, d->field_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < d->field_count; i++) {
        names[i] = cli_text(c, d->fields[i]);
        if (ls_bytes_is(d->fields[i], name)) {
            *column = i;
            return LS_SUCCESS;
        }
    }
    const char *near = names == NULL ? NULL : ls_nearest(ls_bytes_str(name), names, d->field_count);
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s?", near);
    } else {
        ls_hint(&c->detail, "lockstep accord show lists its fields; for a tranche: --tranche K");
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "the declaration has no field \"%s\"", name);
}

/* A row that shows nothing may be blank, and belongs to nothing. */
static ls_result take_row(void *context, const ls_population_row *at, const ls_opened_field *fields)
{
    reading *r = context;
    ls_opened_row seen;
    ls_opened_row_judge(fields, r->fields, &seen);
    const ls_opened_field *f = &fields[r->column];
    if (!f->open || seen.blank || seen.unclear || (r->tranche != 0 && at->tranche != r->tranche)) {
        return LS_SUCCESS;
    }
    const char *value = ls_arena_str(&r->c->arena, f->value);
    if (value == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const known_row row = {*at, ls_bytes_of(value, f->value.len)};
    ls_buf_put(&r->rows, &row, sizeof row);
    return ls_buf_check(&r->rows);
}

static int by_value(const void *a, const void *b)
{
    const known_row *x = a, *y = b;
    size_t common = x->value.len < y->value.len ? x->value.len : y->value.len;
    int order = common > 0 ? memcmp(x->value.ptr, y->value.ptr, common) : 0;
    order = order != 0 ? order : (x->value.len > y->value.len) - (x->value.len < y->value.len);
    return order != 0 ? order : ls_population_row_compare(&x->at, &y->at);
}

/* By value and place, each row once. */
static size_t settle(known_row *rows, size_t count)
{
    size_t kept = 0;
    if (count > 0) {
        qsort(rows, count, sizeof *rows, by_value);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || by_value(&rows[kept - 1], &rows[i]) != 0) {
            rows[kept++] = rows[i];
        }
    }
    return kept;
}

/* Strata. */

static size_t end_of(const known_row *rows, size_t count, size_t from)
{
    size_t end = from;
    while (end < count && ls_bytes_equal(rows[end].value, rows[from].value)) {
        end++;
    }
    return end;
}

static ls_result make_stratum(cli *c, const char *column, const known_row *rows, size_t count, stratum *out)
{
    ls_buf list = {0};
    ls_population_row *at = ls_arena_array(&c->arena, count, sizeof *at);
    if (at == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        at[i] = rows[i].at;
    }
    ls_population_format(at, count, &list);
    const char *kept = list.failed ? NULL : ls_arena_str(&c->arena, ls_buf_bytes(&list));
    size_t len = list.len;
    ls_buf_free(&list);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const char *value = rows[0].value.len > 0 ? cli_text(c, rows[0].value) : "(empty)";
    *out = (stratum){
        .name = ls_arena_format(&c->arena, "%s %s", column, value), .list = ls_bytes_of(kept, len), .count = count};
    return LS_SUCCESS;
}

static ls_result make_strata(cli *c, const char *column, const known_row *rows, size_t count, stratum **out,
                             size_t *strata)
{
    *strata = 0;
    for (size_t i = 0; i < count; i = end_of(rows, count, i)) {
        ++*strata;
    }
    if (*strata == 0) {
        ls_hint(&c->detail, "of closed rows nothing is known: draw from all of them, without --strata");
        return ls_fail_with(&ls_fault_usage, &c->detail, "this workspace can read \"%s\" of no opened row", column);
    }
    if (*strata > LS_STRATA_MAX) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" has more than %d values", column, LS_STRATA_MAX);
    }
    *out = ls_arena_array(&c->arena, *strata, sizeof **out);
    if (*out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    size_t k = 0;
    for (size_t i = 0; i < count; i = end_of(rows, count, i)) {
        LS_TRY(make_stratum(c, column, &rows[i], end_of(rows, count, i) - i, &(*out)[k++]));
    }
    return LS_SUCCESS;
}

static ls_result read_strata(cli *c, const cli_draw_plan *p, const char *column, stratum **out, size_t *strata)
{
    reading r = {.c = c, .fields = p->declared->field_count, .tranche = p->tranche};
    ls_note_reading notes;
    ls_drawing_source from;
    LS_TRY(find_column(c, p->declared, column, &r.column));
    LS_TRY(cli_draw_source(c, &notes, NULL, &from));
    ls_result result = ls_opened_each(&from, p->declaration, take_row, &r);
    if (ls_succeeded(result)) {
        known_row *rows = (known_row *)(void *)r.rows.ptr;
        size_t count = settle(rows, r.rows.len / sizeof *rows);
        result = make_strata(c, column, rows, count, out, strata);
    }
    ls_buf_free(&r.rows);
    return result;
}

/* Shares. */

/* The stratum that has most for its rows and more than one. */
static size_t richest(const stratum *s, size_t count)
{
    size_t best = count;
    for (size_t i = 0; i < count; i++) {
        bool more = best == count || (2 * s[i].rows - 1) * s[best].count > (2 * s[best].rows - 1) * s[i].count;
        best = s[i].rows > 1 && more ? i : best;
    }
    return best;
}

static ls_result share(cli *c, stratum *s, size_t count, uint64_t n)
{
    ls_stratum *sizes = ls_arena_array(&c->arena, count, sizeof *sizes);
    uint64_t *shares = ls_arena_array(&c->arena, count, sizeof *shares);
    if (sizes == NULL || shares == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        sizes[i].rows = s[i].count;
    }
    ls_strata_share(sizes, count, n, shares);
    for (size_t i = 0; i < count; i++) {
        s[i].rows = shares[i];
    }
    for (size_t i = 0; i < count; i++) {
        if (s[i].rows == 0) {
            s[i].rows = 1;
            s[richest(s, count)].rows--;
        }
    }
    return LS_SUCCESS;
}

/* N lies between one for each and all of them, and no stratum gets more than a draw may have. */
static ls_result choose_shares(cli *c, const cli_draw_plan *p, stratum *s, size_t count)
{
    uint64_t n = 0, all = 0;
    LS_TRY(cli_number(c, "rows", UINT64_MAX, &n));
    for (size_t i = 0; i < count; i++) {
        all += s[i].count;
    }
    if (n < count || n > all) {
        ls_hint(&c->detail, "--rows N is shared among the strata, one at least for each");
        return ls_fail_with(&ls_fault_usage, &c->detail, "of %zu strata with %llu rows %zu to %llu can be drawn", count,
                            (ull)all, count, (ull)all);
    }
    LS_TRY(share(c, s, count, n));
    for (size_t i = 0; i < count; i++) {
        if (s[i].rows > p->rule->draws.rows) {
            ls_hint(&c->detail, "take fewer in all, or draw from a part of them: --population FILE");
            return ls_fail_with(&ls_fault_usage, &c->detail,
                                "%s would have %llu rows, and the accord lets %llu be drawn", s[i].name, (ull)s[i].rows,
                                (ull)p->rule->draws.rows);
        }
    }
    return LS_SUCCESS;
}

/* Each draw uses the right once: none is signed that would have no effect. */
static ls_result check_right(cli *c, const cli_draw_plan *p, size_t count)
{
    cli_card j;
    LS_TRY(cli_card_now(c, p->accord, &j));
    uint32_t left = j.state.right[p->rule->draws.right].left;
    if (count > left) {
        ls_hint(&c->detail, "draw from all rows, or from those of one stratum: --population FILE");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%zu strata are %zu draws, and %u %s left in this period",
                            count, count, left, left == 1 ? "is" : "are");
    }
    if (!c->json) {
        cli_print("%zu draws, each an act of its own; each uses the right once, of which %u %s left. Whoever may read"
                  " a list\nlearns which rows have one value in common.\n",
                  count, left, left == 1 ? "is" : "are");
    }
    return LS_SUCCESS;
}

static void print_strata(cli *c, const stratum *s, size_t count)
{
    cli_table t = {.columns = 3, .heading = {"stratum", "opened rows", "drawn"}};
    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {s[i].name, ls_arena_format(&c->arena, "%llu", (ull)s[i].count),
                               ls_arena_format(&c->arena, "%llu", (ull)s[i].rows)};
        cli_table_row(c, &t, cells);
    }
    cli_mark(c, c->ws.exercise);
    cli_table_print(&t);
}

/* One after the other, each on the record as the one before left it. No row is blank, so no replacements stand by. */
static ls_result sign_all(cli *c, uint64_t declaration, const stratum *s, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cli_draw_plan p;
        LS_TRY(i > 0 ? cli_synchronise(c) : LS_SUCCESS);
        LS_TRY(cli_draw_prepare(c, declaration, &p));
        LS_TRY(ls_population_parse(&c->arena, p.declared, p.tranche, s[i].list, &p.population, &c->detail));
        p.stratum = s[i].name;
        p.list = s[i].list;
        p.rows = s[i].rows;
        LS_TRY(cli_draw_sign(c, &p));
    }
    return LS_SUCCESS;
}

ls_result cli_draw_strata(cli *c, const char *column)
{
    cli_draw_plan p;
    stratum *s = NULL;
    size_t count = 0;
    if (cli_flag(c, "population") || cli_flag(c, "replacements")) {
        ls_hint(&c->detail, "strata are made of opened rows, of which none is blank: leave the other option out");
        return ls_fail_with(&ls_fault_usage, &c->detail, "--strata goes with neither --population nor --replacements");
    }
    LS_TRY(cli_draw_prepare(c, LS_NO_ENTRY, &p));
    LS_TRY(read_strata(c, &p, column, &s, &count));
    LS_TRY(choose_shares(c, &p, s, count));
    if (!c->json) {
        print_strata(c, s, count);
    }
    LS_TRY(check_right(c, &p, count));
    return sign_all(c, p.declaration->index, s, count);
}
