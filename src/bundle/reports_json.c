/* report.json: its own keys, and the canonical form. */
#include "bundle/packet.h"
#include "bundle/reports.h"
#include "process/field.h"
#include <stdio.h>

/* Reading. */

static bool read_hash(const ls_value *map, const char *key, ls_diagnostics *d, ls_hash *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v != NULL && (v->type != LS_STRING || !ls_hash_parse(v->string, out))) {
        ls_diagnose(d, v->mark, NULL, "%s must be 64 hex digits", key);
        return false;
    }
    return v != NULL;
}

static void read_file(const ls_value *v, ls_diagnostics *d, ls_site_report *r)
{
    ls_report_evidence *f = &r->file[r->file_count++];
    int64_t bytes = 0;
    ls_value_check_map(v, "file", LS_KEYS({"name", true}, {"what", true}, {"bytes", true}, {"hash", true}), d);
    ls_field_line(v, "what", d, &f->what);
    ls_field_integer(v, "bytes", 0, (INT64_C(1) << 53) - 1, d, &bytes);
    f->bytes = (uint64_t)bytes;
    read_hash(v, "hash", d, &f->hash);
    if (ls_field_line(v, "name", d, &f->name) && !ls_file_name_valid(f->name)) {
        ls_diagnose(d, ls_field_mark(v, "name"), NULL, "an attachment can't have this name");
    }
}

static void read_files(const ls_value *map, ls_arena *arena, ls_diagnostics *d, ls_site_report *r)
{
    const ls_value *list = ls_field_list(map, "files", 0, LS_REPORT_FILES_MAX, d);
    r->file = list == NULL ? NULL : ls_arena_array(arena, list->count + 1, sizeof *r->file);
    for (size_t i = 0; r->file != NULL && i < list->count; i++) {
        read_file(list->items[i], d, r);
    }
}

static void read_row(const ls_value *map, ls_diagnostics *d, ls_site_report *r)
{
    const ls_value *v = ls_value_get(map, "row");
    r->has_row = v != NULL;
    if (v != NULL && (v->type != LS_STRING || !ls_packet_row_parse(v->string, &r->row))) {
        ls_diagnose(d, v->mark, NULL, "row must be TRANCHE/ROW");
    }
}

static void read_all(const ls_value *v, ls_arena *arena, ls_diagnostics *d, ls_site_report *r)
{
    const ls_value *kind = ls_value_get(v, "lockstep");
    bool keys = ls_value_check_map(v, "report",
                                   LS_KEYS({"lockstep", true}, {"about", true}, {"row", false}, {"inspectors", true},
                                           {"from", true}, {"to", true}, {"fields", true}, {"counts", true},
                                           {"anomalies", true}, {"seals", true}, {"files", true}, {"finding", true},
                                           {"remarks", true}),
                                   d);
    if (!keys) {
        return;
    }
    if (kind->type != LS_STRING || !ls_bytes_is(kind->string, LS_REPORT_KIND)) {
        ls_diagnose(d, kind->mark, NULL, "it is not of the form " LS_REPORT_KIND);
    }
    read_hash(v, "about", d, &r->about);
    read_row(v, d, r);
    read_files(v, arena, d, r);
    ls_site_report_read(v, arena, d, r);
}

ls_result ls_site_report_parse(ls_arena *arena, ls_bytes text, ls_site_report *out, ls_detail *detail)
{
    ls_value *v;
    ls_site_report r = {0};
    ls_diagnostics *d = ls_arena_alloc(arena, sizeof *d);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result parsed = ls_json_parse(arena, text, &v, detail);
    if (ls_failed(parsed)) {
        return parsed.fault == &ls_fault_memory ? parsed : ls_fail(&ls_fault_report_form);
    }
    ls_result canonical = ls_json_check_canonical(v, text);
    if (ls_failed(canonical)) {
        return canonical.fault == &ls_fault_memory
                   ? canonical
                   : ls_fail_with(&ls_fault_report_form, detail, "it is not canonical JSON");
    }
    d->arena = arena;
    read_all(v, arena, d, &r);
    if (d->errors > 0) {
        ls_diagnostics_sort(d);
        return ls_fail_with(&ls_fault_report_form, detail, "%s", d->count == 0 ? "" : d->item[0].text);
    }
    *out = r;
    return LS_SUCCESS;
}

/* Writing: a tree of values, whose canonical form is taken. */

typedef struct writer {
    ls_arena *arena;
} writer;

static ls_value *text(const writer *w, ls_bytes s)
{
    return ls_value_string(w->arena, s);
}

static ls_value *words(const writer *w, const char *s)
{
    return ls_value_string(w->arena, ls_bytes_str(s));
}

static ls_value *hex(const writer *w, const ls_hash *h)
{
    char digits[LS_HEX_HASH_SIZE];
    ls_hash_format(h, digits);
    return words(w, digits);
}

static ls_value *date(const writer *w, ls_date d)
{
    char digits[LS_DATE_SIZE];
    ls_date_format(d, digits);
    return words(w, digits);
}

#define ENTRY(name, v)                                                                                                 \
    {                                                                                                                  \
        .key = {(const uint8_t *)(name), sizeof(name) - 1}, .value = (v)                                               \
    }
#define MAP(w, ...)                                                                                                    \
    ls_value_map((w)->arena, sizeof((ls_entry[]){__VA_ARGS__}) / sizeof(ls_entry), (const ls_entry[]){__VA_ARGS__})

static ls_value *field_map(const writer *w, const ls_site_report *r, size_t i)
{
    const ls_report_field *f = &r->field[i];
    return f->established ? MAP(w, ENTRY("declared", text(w, f->declared)), ENTRY("found", text(w, f->found)),
                                ENTRY("name", text(w, f->name)))
                          : MAP(w, ENTRY("declared", text(w, f->declared)), ENTRY("name", text(w, f->name)));
}

static ls_value *count_map(const writer *w, const ls_site_report *r, size_t i)
{
    const ls_report_count *c = &r->count[i];
    return MAP(w, ENTRY("declared", ls_value_integer(w->arena, c->declared)),
               ENTRY("found", ls_value_integer(w->arena, c->found)), ENTRY("what", text(w, c->what)));
}

static ls_value *seal_map(const writer *w, const ls_site_report *r, size_t i)
{
    const ls_report_seal *s = &r->seal[i];
    return MAP(w, ENTRY("number", text(w, s->number)), ENTRY("state", words(w, ls_seal_state_name(s->state))));
}

static ls_value *file_map(const writer *w, const ls_site_report *r, size_t i)
{
    const ls_report_evidence *f = &r->file[i];
    return MAP(w, ENTRY("bytes", ls_value_integer(w->arena, (int64_t)f->bytes)), ENTRY("hash", hex(w, &f->hash)),
               ENTRY("name", text(w, f->name)), ENTRY("what", text(w, f->what)));
}

static ls_value *inspector(const writer *w, const ls_site_report *r, size_t i)
{
    return text(w, r->inspector[i]);
}

static ls_value *anomaly(const writer *w, const ls_site_report *r, size_t i)
{
    return text(w, r->anomaly[i]);
}

static ls_value *list(const writer *w, const ls_site_report *r, size_t count,
                      ls_value *(*item)(const writer *, const ls_site_report *, size_t))
{
    ls_value **items = ls_arena_array(w->arena, count + 1, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++) {
        items[i] = item(w, r, i);
        if (items[i] == NULL) {
            return NULL;
        }
    }
    return items == NULL ? NULL : ls_value_list(w->arena, count, items);
}

/* "row" stands last, so that it can be left out: the canonical form sorts. */
static ls_value *report_map(const writer *w, const ls_site_report *r)
{
    char row[48];
    snprintf(row, sizeof row, "%u/%llu", (unsigned)r->row.tranche, (unsigned long long)r->row.row);
    const ls_entry entries[] = {ENTRY("lockstep", words(w, LS_REPORT_KIND)),
                                ENTRY("about", hex(w, &r->about)),
                                ENTRY("inspectors", list(w, r, r->inspector_count, inspector)),
                                ENTRY("from", date(w, r->from)),
                                ENTRY("to", date(w, r->to)),
                                ENTRY("fields", list(w, r, r->field_count, field_map)),
                                ENTRY("counts", list(w, r, r->count_count, count_map)),
                                ENTRY("anomalies", list(w, r, r->anomaly_count, anomaly)),
                                ENTRY("seals", list(w, r, r->seal_count, seal_map)),
                                ENTRY("files", list(w, r, r->file_count, file_map)),
                                ENTRY("finding", words(w, ls_conclusion_name(r->finding))),
                                ENTRY("remarks", text(w, r->remarks)),
                                ENTRY("row", words(w, row))};
    return ls_value_map(w->arena, sizeof entries / sizeof *entries - !r->has_row, entries);
}

ls_result ls_site_report_format(const ls_site_report *r, ls_buf *out)
{
    ls_arena arena = {0};
    const writer w = {&arena};
    ls_value *v = report_map(&w, r);
    if (v != NULL) {
        ls_json_canonical(v, out);
    }
    ls_arena_free(&arena);
    return v == NULL ? ls_fail(&ls_fault_memory) : ls_buf_check(out);
}
