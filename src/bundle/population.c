/* Populations: positions into rows and back, and the one form of a list. */
#include "bundle/population.h"

const ls_fault ls_fault_population = {LS_CLASS_INVALID, "population", "not the population that the draw states"};

#define HEADER "tranche,row"

int ls_population_row_compare(const ls_population_row *a, const ls_population_row *b)
{
    return a->tranche != b->tranche ? (a->tranche > b->tranche) - (a->tranche < b->tranche)
                                    : (a->row > b->row) - (a->row < b->row);
}

static ls_result check_tranche(const ls_declared *d, uint64_t tranche, ls_detail *detail)
{
    if (tranche > d->tranche_count) {
        return ls_fail_with(&ls_fault_population, detail, "the declaration has tranches 1 to %zu", d->tranche_count);
    }
    return LS_SUCCESS;
}

ls_result ls_population_whole(ls_arena *arena, const ls_declared *d, uint64_t tranche, ls_population *out,
                              ls_detail *detail)
{
    LS_TRY(check_tranche(d, tranche, detail));
    uint64_t *first = ls_arena_array(arena, d->tranche_count + 1, sizeof *first);
    if (first == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t k = 0; k < d->tranche_count; k++) {
        first[k + 1] = first[k] + (tranche == 0 || tranche == k + 1 ? d->padded[k] : 0);
    }
    *out =
        (ls_population){.count = first[d->tranche_count], .tranche_count = (uint32_t)d->tranche_count, .first = first};
    return LS_SUCCESS;
}

/* Lists. */

/* What a list is read against. */
typedef struct frame {
    const ls_declared *declared;
    uint64_t tranche; /* 0: any */
} frame;

/* Why a line is no row of the population, or NULL. */
static const char *read_row(const frame *f, ls_bytes line, ls_population_row *out)
{
    ls_reader r = ls_reader_of(line);
    ls_bytes tranche;
    uint64_t k, row;
    bool two = line.len > 0 && ls_read_until(&r, ',', &tranche) && tranche.len < line.len;
    if (!two || !ls_decimal_parse(tranche, UINT32_MAX, &k) ||
        !ls_decimal_parse(ls_bytes_of(r.ptr, ls_reader_left(&r)), UINT64_MAX, &row)) {
        return "it is not two whole numbers with a comma between them";
    }
    if (k == 0 || k > f->declared->tranche_count || row >= f->declared->padded[k - 1]) {
        return "the declaration has no such row";
    }
    *out = (ls_population_row){(uint32_t)k, row};
    return f->tranche == 0 || f->tranche == k ? NULL : "it is not of the tranche that is drawn from";
}

static size_t count_lines(ls_bytes text)
{
    size_t lines = 0;
    for (size_t i = 0; i < text.len; i++) {
        lines += text.ptr[i] == '\n';
    }
    return lines;
}

static ls_result refuse_line(unsigned line, const char *why, ls_detail *detail)
{
    if (detail != NULL) {
        detail->line = line;
    }
    ls_hint(detail, "the first line is " HEADER ", then one row a line, in order: 1,0");
    return ls_fail_with(&ls_fault_population, detail, "%s", why);
}

static ls_result read_rows(const frame *f, ls_reader *r, ls_population_row *rows, ls_detail *detail)
{
    unsigned number = 1;
    size_t count = 0;
    for (ls_bytes line; ls_reader_left(r) > 0; count++) {
        number++;
        const char *why =
            ls_read_line(r, &line) ? read_row(f, line, &rows[count]) : "its last line does not end with a newline";
        if (why == NULL && count > 0 && ls_population_row_compare(&rows[count - 1], &rows[count]) >= 0) {
            why = "rows stand in order of tranche and row, none twice";
        }
        if (why != NULL) {
            return refuse_line(number, why, detail);
        }
    }
    return LS_SUCCESS;
}

ls_result ls_population_parse(ls_arena *arena, const ls_declared *d, uint64_t tranche, ls_bytes list,
                              ls_population *out, ls_detail *detail)
{
    const frame f = {d, tranche};
    ls_reader r = ls_reader_of(list);
    ls_bytes header;
    LS_TRY(check_tranche(d, tranche, detail));
    if (!ls_read_line(&r, &header) || !ls_bytes_is(header, HEADER)) {
        return refuse_line(1, "its first line is not " HEADER, detail);
    }
    size_t count = count_lines(list) - 1;
    if (ls_reader_left(&r) == 0) {
        return refuse_line(2, "it lists no rows", detail);
    }
    ls_population_row *rows = ls_arena_array(arena, count + 1, sizeof *rows);
    if (rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(read_rows(&f, &r, rows, detail));
    *out = (ls_population){.count = count, .tranche_count = (uint32_t)d->tranche_count, .listed = rows};
    return LS_SUCCESS;
}

void ls_population_format(const ls_population_row *rows, size_t count, ls_buf *out)
{
    ls_buf_put_str(out, HEADER "\n");
    for (size_t i = 0; i < count; i++) {
        ls_buf_format(out, "%u,%llu\n", rows[i].tranche, (unsigned long long)rows[i].row);
    }
}

ls_result ls_population_of_draw(ls_arena *arena, const ls_act *draw, const ls_declared *d, ls_bytes list,
                                ls_population *out, ls_detail *detail)
{
    ls_population p;
    LS_TRY(draw->attachment_count == 0 ? ls_population_whole(arena, d, draw->tranche, &p, detail)
                                       : ls_population_parse(arena, d, draw->tranche, list, &p, detail));
    if (p.count != draw->population) {
        return ls_fail_with(&ls_fault_population, detail, "it has %llu rows, and the draw says %llu",
                            (unsigned long long)p.count, (unsigned long long)draw->population);
    }
    *out = p;
    return LS_SUCCESS;
}

/* Positions. */

/* The last of `count` numbers in order that is at most x; the first one is. */
static size_t last_at_most(const uint64_t *numbers, size_t count, uint64_t x)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (numbers[middle] <= x) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

ls_population_row ls_population_at(const ls_population *p, uint64_t position)
{
    if (p->listed != NULL) {
        return p->listed[position];
    }
    size_t k = last_at_most(p->first, p->tranche_count, position);
    return (ls_population_row){(uint32_t)k + 1, position - p->first[k]};
}

static bool find_listed(const ls_population *p, const ls_population_row *row, uint64_t *position)
{
    uint64_t low = 0, high = p->count;
    while (low < high) {
        uint64_t middle = low + (high - low) / 2;
        if (ls_population_row_compare(&p->listed[middle], row) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    if (low == p->count || ls_population_row_compare(&p->listed[low], row) != 0) {
        return false;
    }
    *position = low;
    return true;
}

bool ls_population_find(const ls_population *p, const ls_population_row *row, uint64_t *position)
{
    if (p->listed != NULL) {
        return find_listed(p, row, position);
    }
    if (row->tranche < 1 || row->tranche > p->tranche_count ||
        row->row >= p->first[row->tranche] - p->first[row->tranche - 1]) {
        return false;
    }
    *position = p->first[row->tranche - 1] + row->row;
    return true;
}
