/* report.json: read and written; and what is wrong within one report. */
#include "bundle/reports.h"
#include "bundle/packet.h"
#include "process/field.h"
#include "process/plain.h"
#include <stdio.h>

const ls_fault ls_fault_report_form = {LS_CLASS_INVALID, "report-form", "it is not a report about a site"};

const char *ls_seal_state_name(ls_seal_state s)
{
    static const char *const names[LS_SEAL_STATES] = {
        [LS_SEAL_APPLIED] = "applied", [LS_SEAL_INTACT] = "found intact", [LS_SEAL_BROKEN] = "found broken"};
    return names[s];
}

/* Values. */

/* Any text that is not too long: declared values are what they are. */
static bool read_text(const ls_value *map, const char *key, ls_diagnostics *d, ls_bytes *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL) {
        return false;
    }
    if (v->type != LS_STRING || v->string.len > LS_REPORT_TEXT_MAX) {
        ls_diagnose(d, v->mark, v->type == LS_STRING ? NULL : "put it in quotes",
                    "%s must be a text of at most %d bytes", key, LS_REPORT_TEXT_MAX);
        return false;
    }
    *out = v->string;
    return true;
}

static bool read_date(const ls_value *map, const char *key, ls_diagnostics *d, ls_date *out)
{
    const ls_value *v = ls_value_get(map, key);
    bool good = v != NULL && v->type == LS_STRING && ls_date_parse(v->string, out);
    if (v != NULL && !good) {
        ls_diagnose(d, v->mark, "write it like: 2018-11-02", "%s must be a date", key);
    }
    return good;
}

/* A list, with room for its items. */
static const ls_value *read_list(const ls_value *map, const char *key, size_t max, size_t item_size, ls_arena *arena,
                                 ls_diagnostics *d, void **room)
{
    const ls_value *list = ls_field_list(map, key, 0, max, d);
    *room = list == NULL ? NULL : ls_arena_array(arena, list->count + 1, item_size);
    if (list != NULL && *room == NULL) {
        ls_field_no_memory(d);
        return NULL;
    }
    return list;
}

static size_t read_lines(const ls_value *map, const char *key, size_t max, ls_arena *arena, ls_diagnostics *d,
                         ls_bytes **out)
{
    void *room;
    size_t count = 0;
    const ls_value *list = read_list(map, key, max, sizeof **out, arena, d, &room);
    *out = room;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        count += ls_field_read_line(list->items[i], key, d, &(*out)[count]);
    }
    return count;
}

static void read_inspectors(const ls_value *map, ls_arena *arena, ls_diagnostics *d, ls_site_report *r)
{
    const ls_value *list = ls_value_get(map, "inspectors");
    r->inspector_count = read_lines(map, "inspectors", LS_REPORT_INSPECTORS_MAX, arena, d, &r->inspector);
    if (list != NULL && list->type == LS_LIST && list->count == 0) {
        ls_diagnose(d, list->mark, "inspectors: [\"A. Name\"]", "no inspector is named");
    }
}

static void read_fields(const ls_value *map, ls_arena *arena, ls_diagnostics *d, ls_site_report *r)
{
    void *room;
    const ls_value *list = read_list(map, "fields", LS_FIELDS_MAX, sizeof *r->field, arena, d, &room);
    r->field = room;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const ls_value *v = list->items[i];
        ls_report_field *f = &r->field[r->field_count];
        *f = (ls_report_field){.mark = v->mark};
        bool good = ls_value_check_map(v, "field", LS_KEYS({"name", true}, {"declared", true}, {"found", false}), d);
        good = read_text(v, "name", d, &f->name) && good;
        good = read_text(v, "declared", d, &f->declared) && good;
        f->established = good && read_text(v, "found", d, &f->found);
        r->field_count += good;
    }
}

#define COUNT_MAX ((INT64_C(1) << 53) - 1)

static void read_counts(const ls_value *map, ls_arena *arena, ls_diagnostics *d, ls_site_report *r)
{
    void *room;
    const ls_value *list = read_list(map, "counts", LS_REPORT_ITEMS_MAX, sizeof *r->count, arena, d, &room);
    r->count = room;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const ls_value *v = list->items[i];
        ls_report_count *c = &r->count[r->count_count];
        *c = (ls_report_count){.mark = v->mark};
        bool good = ls_value_check_map(v, "count", LS_KEYS({"what", true}, {"declared", true}, {"found", true}), d);
        good = ls_field_line(v, "what", d, &c->what) && good;
        good = ls_field_integer(v, "declared", 0, COUNT_MAX, d, &c->declared) && good;
        good = ls_field_integer(v, "found", 0, COUNT_MAX, d, &c->found) && good;
        r->count_count += good;
    }
}

static bool read_seal_state(const ls_value *v, ls_diagnostics *d, ls_seal_state *out)
{
    const ls_value *state = ls_value_get(v, "state");
    if (state == NULL) {
        return false;
    }
    for (ls_seal_state s = LS_SEAL_APPLIED; s < LS_SEAL_STATES; s++) {
        if (state->type == LS_STRING && ls_bytes_is(state->string, ls_seal_state_name(s))) {
            *out = s;
            return true;
        }
    }
    ls_diagnose(d, state->mark, "write: applied, found intact, or found broken", "a seal has no such state");
    return false;
}

static void read_seals(const ls_value *map, ls_arena *arena, ls_diagnostics *d, ls_site_report *r)
{
    void *room;
    const ls_value *list = read_list(map, "seals", LS_REPORT_ITEMS_MAX, sizeof *r->seal, arena, d, &room);
    r->seal = room;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const ls_value *v = list->items[i];
        ls_report_seal *s = &r->seal[r->seal_count];
        *s = (ls_report_seal){.mark = v->mark};
        bool good = ls_value_check_map(v, "seal", LS_KEYS({"number", true}, {"state", true}), d);
        good = ls_field_line(v, "number", d, &s->number) && good;
        good = read_seal_state(v, d, &s->state) && good;
        r->seal_count += good;
    }
}

static void read_finding(const ls_value *map, ls_diagnostics *d, ls_conclusion *out)
{
    const ls_value *v = ls_value_get(map, "finding");
    for (ls_conclusion f = LS_CONCLUSION_CONSISTENT; v != NULL && f <= LS_CONCLUSION_INCONCLUSIVE; f++) {
        if (v->type == LS_STRING && ls_bytes_is(v->string, ls_conclusion_name(f))) {
            *out = f;
            return;
        }
    }
    if (v != NULL) {
        ls_diagnose(d, v->mark, "write: consistent, discrepancy, or inconclusive", "there is no such finding");
    }
}

static void read_remarks(const ls_value *map, ls_diagnostics *d, ls_bytes *out)
{
    if (read_text(map, "remarks", d, out) && !ls_plain_valid(*out)) {
        ls_diagnose(d, ls_field_mark(map, "remarks"), NULL, "remarks hold characters that do not show");
    }
}

/* Names that must differ, so that two reports can be compared by them. */
static void check_differ(const char *what, const ls_bytes *name, ls_mark mark, const ls_bytes *before, size_t stride,
                         size_t count, ls_diagnostics *d)
{
    for (size_t i = 0; i < count; i++) {
        const ls_bytes *other = (const ls_bytes *)(const void *)((const char *)before + i * stride);
        if (ls_bytes_equal(*other, *name)) {
            ls_diagnose(d, mark, NULL, "the %s %.*s stands here twice", what, (int)name->len, name->ptr);
            return;
        }
    }
}

static void check_names(const ls_site_report *r, ls_diagnostics *d)
{
    for (size_t i = 0; i < r->field_count; i++) {
        check_differ("field", &r->field[i].name, r->field[i].mark, &r->field[0].name, sizeof *r->field, i, d);
    }
    for (size_t i = 0; i < r->count_count; i++) {
        check_differ("count of", &r->count[i].what, r->count[i].mark, &r->count[0].what, sizeof *r->count, i, d);
    }
    for (size_t i = 0; i < r->seal_count; i++) {
        check_differ("seal", &r->seal[i].number, r->seal[i].mark, &r->seal[0].number, sizeof *r->seal, i, d);
    }
}

void ls_site_report_read(const ls_value *map, ls_arena *arena, ls_diagnostics *d, ls_site_report *out)
{
    read_inspectors(map, arena, d, out);
    bool dates = read_date(map, "from", d, &out->from);
    dates = read_date(map, "to", d, &out->to) && dates;
    if (dates && ls_date_to_days(out->to) < ls_date_to_days(out->from)) {
        ls_diagnose(d, ls_field_mark(map, "to"), NULL, "they left before they came");
    }
    read_fields(map, arena, d, out);
    read_counts(map, arena, d, out);
    out->anomaly_count = read_lines(map, "anomalies", LS_REPORT_ITEMS_MAX, arena, d, &out->anomaly);
    read_seals(map, arena, d, out);
    read_finding(map, d, &out->finding);
    read_remarks(map, d, &out->remarks);
    check_names(out, d);
}

/* What speaks against it. */

const char *ls_site_report_inconsistent(ls_arena *arena, const ls_site_report *r)
{
    size_t established = r->count_count;
    for (size_t i = 0; i < r->field_count; i++) {
        const ls_report_field *f = &r->field[i];
        established += f->established;
        if (f->established && !ls_bytes_equal(f->declared, f->found)) {
            return ls_arena_format(arena, "the field %.*s was found to be another than declared", (int)f->name.len,
                                   f->name.ptr);
        }
    }
    for (size_t i = 0; i < r->count_count; i++) {
        const ls_report_count *c = &r->count[i];
        if (c->declared != c->found) {
            return ls_arena_format(arena, "of %.*s %lld were declared, and %lld found", (int)c->what.len, c->what.ptr,
                                   (long long)c->declared, (long long)c->found);
        }
    }
    for (size_t i = 0; i < r->seal_count; i++) {
        if (r->seal[i].state == LS_SEAL_BROKEN) {
            return ls_arena_format(arena, "the seal %.*s was found broken", (int)r->seal[i].number.len,
                                   r->seal[i].number.ptr);
        }
    }
    return established > 0 || !r->has_row ? NULL : "nothing that was declared has been established";
}
