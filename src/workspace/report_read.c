/* Forms: from YAML or CSV into what they say. */
#include "bundle/packet.h"
#include "escrow/inventory.h"
#include "process/field.h"
#include "workspace/report.h"
#include "workspace/report_csv.h"
#include "yaml/yaml.h"

#define AS_DECLARED "="
#define NOT_ESTABLISHED "?"

/* YAML takes digits and true for what they are; here they are text. */
static void make_text(ls_arena *arena, ls_value *v)
{
    const char *text = NULL;
    if (v->type == LS_INTEGER) {
        text = ls_arena_format(arena, "%lld", (long long)v->integer);
    } else if (v->type == LS_BOOLEAN) {
        text = v->boolean ? "true" : "false";
    }
    if (text != NULL) {
        v->type = LS_STRING;
        v->string = ls_bytes_str(text);
    }
}

static ls_value *find(ls_value *map, const char *key)
{
    return (ls_value *)(uintptr_t)ls_value_get(map, key);
}

static void make_items_text(ls_arena *arena, ls_value *form, const char *list, const char *const *keys, size_t count)
{
    ls_value *items = find(form, list);
    for (size_t i = 0; items != NULL && items->type == LS_LIST && i < items->count; i++) {
        for (size_t k = 0; items->items[i]->type == LS_MAP && k < count; k++) {
            ls_value *v = find(items->items[i], keys[k]);
            if (v != NULL) {
                make_text(arena, v);
            }
        }
    }
}

static void make_texts(ls_arena *arena, ls_value *form)
{
    static const char *const field_keys[] = {"name", "declared", "found"}, *const seal_keys[] = {"number"};
    static const char *const own[] = {"visit", "row", "remarks"};
    make_items_text(arena, form, "fields", field_keys, 3);
    make_items_text(arena, form, "seals", seal_keys, 1);
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        ls_value *v = find(form, own[i]);
        if (v != NULL) {
            make_text(arena, v);
        }
    }
}

static void read_visit(const ls_value *form, ls_diagnostics *d, ls_report_paper *p)
{
    const ls_value *v = ls_value_get(form, "visit");
    p->visit_mark = ls_field_mark(form, "visit");
    if (v == NULL) {
        return;
    }
    if (v->type != LS_STRING || v->string.len == 0 || ls_bytes_is(v->string, NOT_ESTABLISHED)) {
        ls_diagnose(d, v->mark, "lockstep inspections lists visits: visit: 35", "which visit is this about?");
        return;
    }
    p->visit = v->string;
}

static void read_row(const ls_value *form, ls_diagnostics *d, ls_report_paper *p)
{
    const ls_value *v = ls_value_get(form, "row");
    p->row_mark = ls_field_mark(form, "row");
    p->report.has_row = v != NULL;
    if (v != NULL && (v->type != LS_STRING || !ls_packet_row_parse(v->string, &p->report.row))) {
        ls_diagnose(d, v->mark, "row 14 of tranche 2 is: row: 2/14", "row must be TRANCHE/ROW");
    }
}

/* Files. */

static const char *path_beside(ls_arena *arena, const char *form, ls_bytes file)
{
    const char *slash = strrchr(form, '/');
    int folder = slash == NULL || (file.len > 0 && file.ptr[0] == '/') ? 0 : (int)(slash - form) + 1;
    return ls_arena_format(arena, "%.*s%.*s", folder, form, (int)file.len, (const char *)file.ptr);
}

static ls_bytes name_in(ls_bytes path)
{
    size_t start = path.len;
    while (start > 0 && path.ptr[start - 1] != '/') {
        start--;
    }
    return ls_bytes_of(path.ptr + start, path.len - start);
}

static void read_hash(const ls_value *item, ls_diagnostics *d, ls_report_paper *p, size_t i)
{
    const ls_value *v = ls_value_get(item, "hash");
    p->hashed[i] = v != NULL && v->type == LS_STRING && ls_hash_parse(v->string, &p->report.file[i].hash);
    if (v != NULL && !p->hashed[i]) {
        ls_diagnose(d, v->mark, "leave it out: lockstep report --prepare puts it in", "hash must be 64 hex digits");
    }
}

static void read_file(const ls_value *item, ls_arena *arena, const char *form, ls_diagnostics *d, ls_report_paper *p)
{
    size_t i = p->report.file_count++;
    ls_report_evidence *f = &p->report.file[i];
    ls_bytes path = {0};
    f->mark = p->item_mark[i] = item->mark;
    ls_value_check_map(item, "file", LS_KEYS({"file", true}, {"what", true}, {"hash", false}), d);
    ls_field_line(item, "what", d, &f->what);
    read_hash(item, d, p, i);
    if (!ls_field_line(item, "file", d, &path)) {
        return;
    }
    f->name = name_in(path);
    p->path[i] = path_beside(arena, form, path);
    if (!ls_file_name_valid(f->name) || ls_bytes_is(f->name, LS_REPORT_FILE)) {
        ls_diagnose(d, ls_field_mark(item, "file"), "letters, digits, '.', '_' and '-': site-2-gate.jpg",
                    "an attachment can't have the name \"%.*s\"", (int)f->name.len, f->name.ptr);
    }
    for (size_t k = 0; k < i; k++) {
        if (ls_bytes_equal(p->report.file[k].name, f->name)) {
            ls_diagnose(d, ls_field_mark(item, "file"), NULL, "two files have the name %.*s", (int)f->name.len,
                        f->name.ptr);
        }
    }
}

static bool read_files(const ls_value *form, ls_arena *arena, const char *path, ls_diagnostics *d, ls_report_paper *p)
{
    const ls_value *list = ls_field_list(form, "files", 0, LS_REPORT_FILES_MAX, d);
    size_t count = list == NULL ? 0 : list->count;
    p->report.file = ls_arena_array(arena, count + 1, sizeof *p->report.file);
    p->path = ls_arena_array(arena, count + 1, sizeof *p->path);
    p->hashed = ls_arena_array(arena, count + 1, sizeof *p->hashed);
    p->item_mark = ls_arena_array(arena, count + 1, sizeof *p->item_mark);
    if (p->report.file == NULL || p->path == NULL || p->hashed == NULL || p->item_mark == NULL) {
        return ls_field_no_memory(d);
    }
    for (size_t i = 0; i < count; i++) {
        read_file(list->items[i], arena, path, d, p);
    }
    return true;
}

/* The whole. */

static void settle_found(ls_site_report *r)
{
    for (size_t i = 0; i < r->field_count; i++) {
        ls_report_field *f = &r->field[i];
        if (ls_bytes_is(f->found, NOT_ESTABLISHED)) {
            f->established = false;
            f->found = (ls_bytes){0};
        } else if (f->established && ls_bytes_is(f->found, AS_DECLARED)) {
            f->found = f->declared;
        }
    }
}

static void read_form(ls_value *form, ls_arena *arena, const char *path, ls_diagnostics *d, ls_report_paper *p)
{
    const ls_value *version = ls_value_get(form, "report");
    ls_value_check_map(form, "report",
                       LS_KEYS({"report", true}, {"visit", true}, {"row", false}, {"inspectors", true}, {"from", true},
                               {"to", true}, {"fields", false}, {"counts", false}, {"anomalies", false},
                               {"seals", false}, {"files", false}, {"finding", true}, {"remarks", false}),
                       d);
    if (form->type != LS_MAP) {
        return;
    }
    if (version != NULL && (version->type != LS_INTEGER || version->integer != 1)) {
        ls_diagnose(d, version->mark, "write 1; a newer program may know others", "this program knows only report: 1");
    }
    make_texts(arena, form);
    read_visit(form, d, p);
    read_row(form, d, p);
    p->from_mark = ls_field_mark(form, "from");
    p->to_mark = ls_field_mark(form, "to");
    p->inspectors_mark = ls_field_mark(form, "inspectors");
    p->finding_mark = ls_field_mark(form, "finding");
    ls_site_report_read(form, arena, d, &p->report);
    settle_found(&p->report);
    read_files(form, arena, path, d, p);
}

static ls_result parse(ls_arena *arena, const char *path, ls_bytes text, ls_diagnostics *d, ls_value **out)
{
    size_t len = strlen(path);
    bool csv = len > 4 && strcmp(path + len - 4, ".csv") == 0;
    return csv ? ls_report_csv_parse(arena, text, d, out) : ls_yaml_parse(arena, text, d, out);
}

ls_result ls_report_load(ls_arena *arena, const char *path, ls_bytes text, ls_diagnostics *d, ls_report_paper *out)
{
    ls_report_paper p = {0};
    ls_value *form = NULL;
    LS_TRY(parse(arena, path, text, d, &form));
    if (form != NULL) {
        read_form(form, arena, path, d, &p);
    }
    *out = p;
    return LS_SUCCESS;
}

/* Hashes put into a form. */

/* Where a place in the text stands; columns count characters, and what stands before an item is ASCII. */
static size_t offset_of(ls_bytes text, ls_mark mark)
{
    size_t at = 0;
    for (unsigned line = 1; line < mark.line && at < text.len; at++) {
        line += text.ptr[at] == '\n';
    }
    at += mark.column - 1;
    return at < text.len ? at : text.len;
}

static void put_hash(ls_bytes text, size_t at, unsigned column, const ls_hash *hash, ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    if (at < text.len && text.ptr[at] == '{') {
        ls_buf_format(out, "{hash: %s, ", hex);
        return;
    }
    ls_buf_format(out, "hash: %s\n", hex);
    for (unsigned i = 1; i < column; i++) {
        ls_buf_put_str(out, " ");
    }
}

ls_result ls_report_prepare(ls_arena *arena, const char *path, ls_bytes text, ls_diagnostics *d, ls_buf *out)
{
    ls_report_paper p = {0};
    ls_value *form = NULL;
    size_t done = 0;
    LS_TRY(ls_yaml_parse(arena, text, d, &form));
    if (form != NULL && form->type == LS_MAP && read_files(form, arena, path, d, &p)) {
        LS_TRY(ls_report_read_files(&p, d));
    }
    for (size_t i = 0; d->errors == 0 && i < p.report.file_count; i++) {
        if (!p.hashed[i]) {
            size_t at = offset_of(text, p.item_mark[i]);
            ls_buf_put_bytes(out, ls_bytes_of(text.ptr + done, at - done));
            put_hash(text, at, p.item_mark[i].column, &p.report.file[i].hash, out);
            done = at + (at < text.len && text.ptr[at] == '{');
        }
    }
    ls_buf_put_bytes(out, ls_bytes_of(text.ptr + done, text.len - done));
    return ls_buf_check(out);
}
