/* Units: what acts may state an amount in, and measures that must be counted in the same. */
#include "roadmap/parts.h"

static int unit_of(const ls_amount *a, ls_bytes unit)
{
    for (size_t i = 0; i < a->unit_count; i++) {
        if (ls_bytes_equal(a->units[i].unit, unit)) {
            return (int)i;
        }
    }
    return -1;
}

static bool same_units(const ls_amount *a, const ls_amount *b)
{
    bool same = a->unit_count == b->unit_count;
    for (size_t i = 0; same && i < a->unit_count; i++) {
        int other = unit_of(b, a->units[i].unit);
        same = other >= 0 && b->units[other].weight == a->units[i].weight;
    }
    return same;
}

/* The measure at the end of a chain of parities; NULL if it has none, which is a cycle and reported as such. */
static const ls_measure *parity_end(const ls_roadmap *r, const ls_measure *m)
{
    for (size_t i = 0; i < r->measure_count; i++) {
        if (m->amount.kind != LS_AMOUNT_PARITY) {
            return m;
        }
        m = &r->measures[m->amount.subject];
    }
    return NULL;
}

static void settle(ls_roadmap_reader *r, ls_measure *m, const ls_measure *end, ls_mark mark)
{
    ls_amount *a = &m->amount;
    if (end->amount.kind == LS_AMOUNT_NONE || end->amount.kind == LS_AMOUNT_CEILING) {
        ls_diagnose(r->d, mark, "give that measure an amount", "'%.*s' has no amount to be as much as",
                    (int)end->id.len, end->id.ptr);
    } else if (a->unit_count > 0 && !same_units(a, &end->amount)) {
        ls_diagnose(r->d, mark, "leave out units: they are those of the other measure",
                    "the units are not those of '%.*s'", (int)end->id.len, end->id.ptr);
    } else {
        a->unit = end->amount.unit;
        a->units = end->amount.units;
        a->unit_count = end->amount.unit_count;
    }
}

void ls_roadmap_settle_parity(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        ls_measure *m = &r->roadmap->measures[i];
        const ls_measure *end = m->amount.kind == LS_AMOUNT_PARITY ? parity_end(r->roadmap, m) : NULL;
        if (end != NULL && end != m) {
            settle(r, m, end, ls_field_mark(r->source[i], "amount"));
        }
    }
}

/* "60 bomber", or "60" where there is only one unit; by weight. */
static bool parse_part(const ls_amount *a, ls_bytes text, unsigned *seen, ls_quantity *out)
{
    ls_bytes number;
    ls_quantity count, product;
    ls_reader words = ls_reader_of(text);
    bool bare = text.len == 0 || memchr(text.ptr, ' ', text.len) == NULL;
    ls_read_until(&words, ' ', &number);
    int unit = bare ? (a->unit_count == 1 ? 0 : -1) : unit_of(a, ls_read_bytes(&words, ls_reader_left(&words)));
    if (unit < 0 || (*seen & 1u << unit) != 0 || !ls_quantity_parse(number, &count) ||
        __builtin_mul_overflow(count, a->units[unit].weight, &product) || product % LS_QUANTITY_ONE != 0) {
        return false;
    }
    *seen |= 1u << unit;
    *out = product / LS_QUANTITY_ONE;
    return *out <= LS_QUANTITY_MAX;
}

bool ls_amount_parse(const ls_amount *a, ls_bytes text, ls_quantity *out)
{
    ls_quantity total = 0, part;
    unsigned seen = 0;
    for (ls_bytes rest = text, one; rest.ptr != NULL; total += part) {
        const uint8_t *comma = rest.len == 0 ? NULL : memmem(rest.ptr, rest.len, ", ", 2);
        one = comma == NULL ? rest : ls_bytes_of(rest.ptr, (size_t)(comma - rest.ptr));
        rest = comma == NULL ? (ls_bytes){0} : ls_bytes_of(comma + 2, rest.len - one.len - 2);
        if (!parse_part(a, one, &seen, &part)) {
            return false;
        }
    }
    if (seen == 0 || total > LS_QUANTITY_MAX) {
        return false;
    }
    *out = total;
    return true;
}

/* The product may not fit into 64 bits, its two parts do. */
ls_quantity ls_quantity_percent(ls_quantity q, ls_quantity percent, bool up)
{
    ls_quantity rest = q % LS_PERCENT_ALL * percent;
    return q / LS_PERCENT_ALL * percent + (rest + (up ? LS_PERCENT_ALL - 1 : 0)) / LS_PERCENT_ALL;
}
