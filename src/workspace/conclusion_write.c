/* Conclusions as report.json and as a text. */
#include "workspace/conclusion.h"
#include <stdio.h>

typedef unsigned long long ull;

#define ENTRY(name, v)                                                                                                 \
    {                                                                                                                  \
        .key = {(const uint8_t *)(name), sizeof(name) - 1}, .value = (v)                                               \
    }
#define MAP(a, ...)                                                                                                    \
    ls_value_map((a), sizeof((ls_entry[]){__VA_ARGS__}) / sizeof(ls_entry), (const ls_entry[]){__VA_ARGS__})

static ls_value *words(ls_arena *a, const char *s)
{
    return s == NULL ? NULL : ls_value_string(a, ls_bytes_str(s));
}

static ls_value *number(ls_arena *a, uint64_t n)
{
    return ls_value_integer(a, (int64_t)n);
}

static ls_value *hex(ls_arena *a, const ls_hash *h)
{
    char digits[LS_HEX_HASH_SIZE];
    ls_hash_format(h, digits);
    return words(a, digits);
}

static ls_value *row(ls_arena *a, const ls_drawn_row *x)
{
    return words(a, ls_arena_format(a, "%u/%llu", (unsigned)x->row.tranche, (ull)x->row.row));
}

/* Four decimals, cut and not rounded, but for the last digits of a double: nothing that was not reached is said to be.
 */
#define PROBABILITY_SIZE 24
static void probability(double p, char out[static PROBABILITY_SIZE])
{
    unsigned parts = p < 0 ? 0 : p >= 1 ? 10000 : (unsigned)(p * 10000 + 1e-9);
    snprintf(out, PROBABILITY_SIZE, "%u.%04u", parts / 10000, parts % 10000);
}

/* JSON. */

static ls_value *site_map(ls_arena *a, const ls_concluded_site *s)
{
    ls_value **reports = ls_arena_array(a, s->report_count + 1, sizeof(ls_value *));
    for (size_t i = 0; reports != NULL && i < s->report_count; i++) {
        reports[i] = hex(a, &s->report[i]->act.id);
    }
    return reports == NULL ? NULL
                           : MAP(a, ENTRY("row", row(a, s->drawn)),
                                 ENTRY("replacement", ls_value_boolean(a, s->drawn->replacement)),
                                 ENTRY("state", words(a, ls_concluded_state(s))),
                                 ENTRY("contradicted", ls_value_boolean(a, s->contradicted)),
                                 ENTRY("reports", ls_value_list(a, s->report_count, reports)));
}

static ls_value *sites(ls_arena *a, const ls_draw_conclusion *c)
{
    ls_value **items = ls_arena_array(a, c->site_count + 1, sizeof(ls_value *));
    for (size_t i = 0; items != NULL && i < c->site_count; i++) {
        items[i] = site_map(a, &c->site[i]);
        if (items[i] == NULL) {
            return NULL;
        }
    }
    return items == NULL ? NULL : ls_value_list(a, c->site_count, items);
}

static ls_value *missing(ls_arena *a, const ls_draw_conclusion *c)
{
    ls_value **items = ls_arena_array(a, c->missing_count + 1, sizeof(ls_value *));
    for (size_t i = 0; items != NULL && i < c->missing_count; i++) {
        items[i] = row(a, c->missing_row[i]);
        if (items[i] == NULL) {
            return NULL;
        }
    }
    return items == NULL ? NULL : ls_value_list(a, c->missing_count, items);
}

static ls_value *detection(ls_arena *a, const ls_draw_conclusion *c)
{
    ls_value *items[sizeof c->detection / sizeof *c->detection];
    for (size_t i = 0; i < c->detection_count; i++) {
        const ls_concluded_detection *x = &c->detection[i];
        char padded[PROBABILITY_SIZE], estimated[PROBABILITY_SIZE];
        probability(x->padded, padded);
        probability(x->estimated, estimated);
        items[i] = x->estimated < 0
                       ? MAP(a, ENTRY("violations", number(a, x->violations)), ENTRY("padded", words(a, padded)))
                       : MAP(a, ENTRY("violations", number(a, x->violations)), ENTRY("padded", words(a, padded)),
                             ENTRY("estimated", words(a, estimated)));
        if (items[i] == NULL) {
            return NULL;
        }
    }
    return ls_value_list(a, c->detection_count, items);
}

static ls_value *conclusion_map(ls_arena *a, const ls_draw_conclusion *c)
{
    char at[LS_TIME_SIZE];
    ls_time_format(c->at, at);
    return MAP(a, ENTRY("lockstep", words(a, LS_CONCLUSION_KIND)), ENTRY("draw", hex(a, &c->draw)),
               ENTRY("at", words(a, at)), ENTRY("finding", words(a, ls_conclusion_name(c->finding))),
               ENTRY("population", number(a, c->population)), ENTRY("opened", number(a, c->opened)),
               ENTRY("blank", number(a, c->blank)), ENTRY("inspected", number(a, c->inspected)),
               ENTRY("real", MAP(a, ENTRY("estimate", number(a, c->real)), ENTRY("high", number(a, c->real_high)),
                                 ENTRY("low", number(a, c->real_low)))),
               ENTRY("sites", sites(a, c)), ENTRY("missing", missing(a, c)), ENTRY("detection", detection(a, c)));
}

ls_result ls_conclusion_format(const ls_draw_conclusion *c, ls_buf *out)
{
    ls_arena arena = {0};
    ls_value *v = conclusion_map(&arena, c);
    if (v != NULL) {
        ls_json_canonical(v, out);
    }
    ls_arena_free(&arena);
    return v == NULL ? ls_fail(&ls_fault_memory) : ls_buf_check(out);
}

/* Text. */

static void put_site(const ls_concluded_site *s, ls_buf *out)
{
    ls_buf_format(out, "  row %u/%llu%s: %s%s\n", (unsigned)s->drawn->row.tranche, (ull)s->drawn->row.row,
                  s->drawn->replacement ? " (replacement)" : "", ls_concluded_state(s),
                  s->contradicted ? "; reports about it CONTRADICT each other" : "");
    for (size_t i = 0; i < s->report_count; i++) {
        const ls_seen_report *r = s->report[i];
        ls_buf_format(out, "    act %llu by %.*s: %.*s%s\n", (ull)r->index, (int)r->act.by.name[0].len,
                      r->act.by.name[0].ptr, (int)r->act.raw[LS_H_FINDING].len, r->act.raw[LS_H_FINDING].ptr,
                      r->here ? "" : " (its file is not here)");
        for (size_t k = 0; r->here && k < r->report.field_count; k++) {
            const ls_report_field *f = &r->report.field[k];
            if (f->established && !ls_bytes_equal(f->declared, f->found)) {
                ls_buf_format(out, "      %.*s: declared \"%.*s\", found \"%.*s\"\n", (int)f->name.len, f->name.ptr,
                              (int)f->declared.len, f->declared.ptr, (int)f->found.len, f->found.ptr);
            }
        }
        for (size_t k = 0; r->here && k < r->report.count_count; k++) {
            const ls_report_count *n = &r->report.count[k];
            if (n->declared != n->found) {
                ls_buf_format(out, "      %.*s: declared %lld, found %lld\n", (int)n->what.len, n->what.ptr,
                              (long long)n->declared, (long long)n->found);
            }
        }
    }
}

static void put_detection(const ls_draw_conclusion *c, ls_buf *out)
{
    for (size_t i = 0; i < c->detection_count; i++) {
        const ls_concluded_detection *x = &c->detection[i];
        char padded[PROBABILITY_SIZE], estimated[PROBABILITY_SIZE];
        probability(x->padded, padded);
        probability(x->estimated, estimated);
        ls_buf_format(out, "  %llu violation%s: %s among all %llu rows, blank ones included", (ull)x->violations,
                      x->violations == 1 ? "" : "s", padded, (ull)c->population);
        if (x->estimated >= 0) {
            ls_buf_format(out, "; %s among %llu real ones", estimated, (ull)c->real);
        }
        ls_buf_put_str(out, "\n");
    }
}

static void put_open(const ls_draw_conclusion *c, ls_buf *out)
{
    bool any = c->missing_count > 0;
    for (size_t i = 0; i < c->missing_count; i++) {
        ls_buf_format(out, "  row %u/%llu was drawn, and is not opened\n", (unsigned)c->missing_row[i]->row.tranche,
                      (ull)c->missing_row[i]->row.row);
    }
    for (size_t i = 0; i < c->site_count; i++) {
        const ls_concluded_site *s = &c->site[i];
        if (!s->found || s->finding == LS_CONCLUSION_INCONCLUSIVE) {
            any = true;
            ls_buf_format(out, "  row %u/%llu: %s\n", (unsigned)s->drawn->row.tranche, (ull)s->drawn->row.row,
                          ls_concluded_state(s));
        }
    }
    ls_buf_put_str(out, any ? "" : "  nothing\n");
}

ls_result ls_conclusion_text(const ls_draw_conclusion *c, ls_buf *out)
{
    char draw[LS_HEX_HASH_SIZE], at[LS_TIME_SIZE];
    ls_hash_format(&c->draw, draw);
    ls_time_format(c->at, at);
    ls_buf_format(out, "Conclusion of the draw %s, as the record stood at %s: %s.\n\n", draw, at,
                  ls_conclusion_name(c->finding));
    ls_buf_format(
        out,
        "Of %llu rows, blank ones included, %zu were drawn and opened; %zu of them are blank. So about %llu are "
        "real (%llu to %llu).\nSites inspected with a result: %zu.\n\nSites:\n",
        (ull)c->population, c->opened, c->blank, (ull)c->real, (ull)c->real_low, (ull)c->real_high, c->inspected);
    for (size_t i = 0; i < c->site_count; i++) {
        put_site(&c->site[i], out);
    }
    ls_buf_put_str(out, "\nProbability that at least one violation would have been found, if there are\n");
    put_detection(c, out);
    ls_buf_put_str(out, "\nStill open:\n");
    put_open(c, out);
    return ls_buf_check(out);
}
