/* Two reports about the same, beside each other. */
#include "bundle/reports.h"

typedef struct comparing {
    ls_arena *arena;
    ls_report_difference *out;
    size_t count;
    bool lost; /* no memory */
} comparing;

static void differ(comparing *c, const char *what, const char *a, const char *b)
{
    c->lost = c->lost || what == NULL || a == NULL || b == NULL;
    if (!c->lost) {
        c->out[c->count++] = (ls_report_difference){what, a, b};
    }
}

static const char *named(const comparing *c, const char *what, ls_bytes name)
{
    return ls_arena_format(c->arena, "%s %.*s", what, (int)name.len, (const char *)name.ptr);
}

static void compare_field(comparing *c, const ls_report_field *a, const ls_site_report *b)
{
    for (size_t i = 0; i < b->field_count; i++) {
        const ls_report_field *other = &b->field[i];
        if (ls_bytes_equal(a->name, other->name) && a->established && other->established &&
            !ls_bytes_equal(a->found, other->found)) {
            differ(c, named(c, "field", a->name), ls_arena_str(c->arena, a->found),
                   ls_arena_str(c->arena, other->found));
        }
    }
}

static void compare_count(comparing *c, const ls_report_count *a, const ls_site_report *b)
{
    for (size_t i = 0; i < b->count_count; i++) {
        const ls_report_count *other = &b->count[i];
        if (ls_bytes_equal(a->what, other->what) && a->found != other->found) {
            differ(c, named(c, "count of", a->what), ls_arena_format(c->arena, "%lld", (long long)a->found),
                   ls_arena_format(c->arena, "%lld", (long long)other->found));
        }
    }
}

static void compare_seal(comparing *c, const ls_report_seal *a, const ls_site_report *b)
{
    for (size_t i = 0; i < b->seal_count; i++) {
        const ls_report_seal *other = &b->seal[i];
        if (ls_bytes_equal(a->number, other->number) && a->state != other->state) {
            differ(c, named(c, "seal", a->number), ls_seal_state_name(a->state), ls_seal_state_name(other->state));
        }
    }
}

static void compare_date(comparing *c, const char *what, ls_date a, ls_date b)
{
    char first[LS_DATE_SIZE], second[LS_DATE_SIZE];
    if (ls_date_to_days(a) != ls_date_to_days(b)) {
        ls_date_format(a, first);
        ls_date_format(b, second);
        differ(c, what, ls_arena_str(c->arena, ls_bytes_str(first)), ls_arena_str(c->arena, ls_bytes_str(second)));
    }
}

ls_result ls_reports_compare(ls_arena *arena, const ls_site_report *a, const ls_site_report *b,
                             ls_report_difference **out, size_t *count)
{
    /* Names within one report differ, so each item of a has at most one difference. */
    comparing c = {.arena = arena,
                   .out = ls_arena_array(arena, a->field_count + a->count_count + a->seal_count + 3, sizeof *c.out)};
    if (c.out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (a->finding != b->finding && a->finding != LS_CONCLUSION_INCONCLUSIVE &&
        b->finding != LS_CONCLUSION_INCONCLUSIVE) {
        differ(&c, "finding", ls_conclusion_name(a->finding), ls_conclusion_name(b->finding));
    }
    compare_date(&c, "from", a->from, b->from);
    compare_date(&c, "to", a->to, b->to);
    for (size_t i = 0; i < a->field_count; i++) {
        compare_field(&c, &a->field[i], b);
    }
    for (size_t i = 0; i < a->count_count; i++) {
        compare_count(&c, &a->count[i], b);
    }
    for (size_t i = 0; i < a->seal_count; i++) {
        compare_seal(&c, &a->seal[i], b);
    }
    if (c.lost) {
        return ls_fail(&ls_fault_memory);
    }
    *out = c.out;
    *count = c.count;
    return LS_SUCCESS;
}
