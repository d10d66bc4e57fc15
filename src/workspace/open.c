/* Opening: an opening file made from the workspace's own declarations, checked as a stranger would, then filed. */
#include "workspace/own.h"
#include <stdio.h>
#include <stdlib.h>

typedef struct opening {
    ls_workspace *ws;
    const ls_open_request *q;
    ls_arena arena;
    ls_own *own;
    size_t count;
    /* Of the file that is being made: */
    const bool *fields; /* NULL: all */
    ls_buf parts;       /* row parts, collected before the file begins with their number */
    uint32_t part_count;
} opening;

/* Parts. */

static ls_result tranche_parts(opening *o, ls_output out, ls_detail *detail)
{
    LS_TRY(ls_open_begin((uint32_t)o->count, out, detail));
    for (size_t i = 0; i < o->count; i++) {
        ls_own_files f;
        LS_TRY(ls_own_files_open(&o->own[i], o->q->tranche, &f, detail));
        ls_result r = ls_open_tranche(&f.tranche, out, detail);
        ls_own_files_close(&f);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

/* Of every row of the tranche the fields that this audience is shown. */
static ls_result field_part(const opening *o, const ls_own_files *f, uint64_t rows, ls_output out, ls_detail *detail)
{
    uint64_t *all = reallocarray(NULL, rows, sizeof *all);
    if (all == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint64_t i = 0; i < rows; i++) {
        all[i] = i;
    }
    ls_result r = ls_open_rows(&f->tranche, all, rows, o->fields, out, detail);
    free(all);
    return r;
}

static ls_result field_parts(opening *o, ls_output out, ls_detail *detail)
{
    LS_TRY(ls_open_begin((uint32_t)o->count, out, detail));
    for (size_t i = 0; i < o->count; i++) {
        ls_own_files f;
        ls_tranche_leaf leaf;
        LS_TRY(ls_own_files_open(&o->own[i], o->q->tranche, &f, detail));
        ls_result r = ls_tranche_leaf_parse(f.tranche.leaf, &leaf)
                          ? field_part(o, &f, leaf.rows, out, detail)
                          : ls_fail_with(&ls_fault_declaration_files, detail, "the manifest is damaged");
        ls_own_files_close(&f);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

static int by_row(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Every row of this tranche with one of the ids; an id that stands twice opens twice. */
static ls_result find_rows(const opening *o, const ls_own_files *f, uint64_t *rows, size_t cap, size_t *count,
                           bool *seen, ls_detail *detail)
{
    *count = 0;
    for (size_t i = 0; i < o->q->id_count; i++) {
        bool found = true;
        for (uint32_t j = 0; found; j++) {
            uint64_t row;
            LS_TRY(ls_open_find(&f->tranche, ls_bytes_str(o->q->ids[i]), j, &found, &row, detail));
            if (found && *count == cap) {
                return ls_fail_with(&ls_fault_usage, detail, "more than %zu rows have these ids", cap);
            }
            if (found) {
                rows[(*count)++] = row;
                seen[i] = true;
            }
        }
    }
    qsort(rows, *count, sizeof *rows, by_row);
    size_t kept = 0;
    for (size_t i = 0; i < *count; i++) {
        if (kept == 0 || rows[i] != rows[kept - 1]) {
            rows[kept++] = rows[i];
        }
    }
    *count = kept;
    return LS_SUCCESS;
}

#define ROWS_MAX 65536

static ls_result row_part(opening *o, const ls_own_files *f, uint64_t *rows, bool *seen, ls_detail *detail)
{
    size_t count;
    LS_TRY(find_rows(o, f, rows, ROWS_MAX, &count, seen, detail));
    if (count == 0) {
        return LS_SUCCESS;
    }
    o->part_count++;
    return ls_open_rows(&f->tranche, rows, count, o->fields, ls_output_buf(&o->parts), detail);
}

static ls_result collect_row_parts(opening *o, uint64_t *rows, bool *seen, ls_detail *detail)
{
    for (size_t i = 0; i < o->count; i++) {
        for (uint32_t k = 1; k <= o->own[i].manifest.leaf_count; k++) {
            ls_own_files f;
            LS_TRY(ls_own_files_open(&o->own[i], k, &f, detail));
            ls_result r = row_part(o, &f, rows, seen, detail);
            ls_own_files_close(&f);
            LS_TRY(r);
        }
    }
    for (size_t i = 0; i < o->q->id_count; i++) {
        if (!seen[i]) {
            ls_hint(detail, "ids are compared byte for byte, as they stand in the inventory");
            return ls_fail_with(&ls_fault_usage, detail, "no declared row has the id \"%s\"", o->q->ids[i]);
        }
    }
    return LS_SUCCESS;
}

static ls_result row_parts(opening *o, ls_output out, ls_detail *detail)
{
    uint64_t *rows = ls_arena_array(&o->arena, ROWS_MAX, sizeof *rows);
    bool *seen = ls_arena_array(&o->arena, o->q->id_count + 1, sizeof *seen);
    if (rows == NULL || seen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(collect_row_parts(o, rows, seen, detail));
    LS_TRY(ls_open_begin(o->part_count, out, detail));
    return ls_output_write(out, ls_buf_bytes(&o->parts), detail);
}

/* Rows by number, of the one declaration that is opened. */

/* Where the rows of the tranche that begins at `from` end. */
static size_t tranche_end(const ls_open_request *q, size_t from)
{
    size_t end = from;
    while (end < q->at_count && q->at[end].tranche == q->at[from].tranche) {
        end++;
    }
    return end;
}

static ls_result numbered_part(const opening *o, size_t from, size_t end, ls_output out, ls_detail *detail)
{
    ls_own_files f;
    uint64_t *rows = calloc(end - from, sizeof *rows);
    if (rows == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = from; i < end; i++) {
        rows[i - from] = o->q->at[i].row;
    }
    ls_result r = ls_own_files_open(&o->own[0], o->q->at[from].tranche, &f, detail);
    if (ls_succeeded(r)) {
        r = ls_open_rows(&f.tranche, rows, end - from, o->fields, out, detail);
        ls_own_files_close(&f);
    }
    free(rows);
    return r;
}

static ls_result numbered_parts(const opening *o, ls_output out, ls_detail *detail)
{
    uint32_t parts = 0;
    for (size_t i = 0; i < o->q->at_count; i = tranche_end(o->q, i)) {
        parts++;
    }
    LS_TRY(ls_open_begin(parts, out, detail));
    for (size_t i = 0; i < o->q->at_count; i = tranche_end(o->q, i)) {
        LS_TRY(numbered_part(o, i, tranche_end(o->q, i), out, detail));
    }
    return LS_SUCCESS;
}

/* Which of them are blank, in their order. */
typedef struct looking {
    bool *blank;
    size_t fields, count;
} looking;

static ls_result look_at(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    looking *l = context;
    ls_opened_row x;
    (void)tranche;
    (void)row;
    ls_opened_row_judge(fields, l->fields, &x);
    l->blank[l->count++] = x.blank;
    return LS_SUCCESS;
}

static ls_result look(const opening *o, ls_bytes file, looking *l, ls_arena *arena)
{
    const ls_declaration *d = &o->own[0].declared->declared;
    l->fields = d->fields;
    ls_opening_part *parts;
    size_t count;
    LS_TRY(ls_opening_parse(arena, file, d->fields, &parts, &count));
    for (size_t i = 0; i < count; i++) {
        ls_opening_report report;
        LS_TRY(ls_opening_verify(&parts[i], d, look_at, l, &report));
    }
    return l->count == o->q->at_count ? LS_SUCCESS : ls_fail(&ls_fault_declaration_files);
}

ls_result ls_workspace_look(ls_workspace *ws, const ls_open_request *q, bool *blank, ls_detail *detail)
{
    opening o = {.ws = ws, .q = q};
    looking l = {0};
    ls_buf file = {0};
    l.blank = blank;
    ls_result r = ls_own_load(ws, q, &o.arena, &o.own, &o.count, detail);
    r = ls_succeeded(r) ? numbered_parts(&o, ls_output_buf(&file), detail) : r;
    r = ls_succeeded(r) ? look(&o, ls_buf_bytes(&file), &l, &o.arena) : r;
    ls_own_close(o.own, o.count);
    ls_buf_wipe(&file);
    ls_arena_free(&o.arena);
    return r;
}

/* Files. */

/* Checked as a stranger would: what does not verify is never filed. */
static ls_result verify_file(const opening *o, ls_opening_file *file, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_map map;
    ls_opening_part *part;
    LS_TRY(ls_file_map(file->path, &map, detail));
    ls_result r = ls_opening_parse(&arena, map.bytes, o->own[0].declared->declared.fields, &part, &file->parts);
    for (size_t i = 0; ls_succeeded(r) && i < file->parts; i++) {
        ls_opening_report report;
        const ls_declaration *d = &o->own[0].declared->declared;
        for (size_t j = 0; j < o->count; j++) {
            if (ls_hash_equal(&part[i].context, &o->own[j].declared->declared.context)) {
                d = &o->own[j].declared->declared;
            }
        }
        r = ls_opening_verify(&part[i], d, NULL, NULL, &report);
        if (ls_succeeded(r) && report.verdict != LS_OPENED) {
            r = ls_fail_with(&ls_fault_declaration_files, detail, "the declaration's files are damaged: %s",
                             report.reason);
        }
        file->rows += report.rows;
        file->blank += report.blank;
    }
    ls_file_unmap(&map);
    ls_arena_free(&arena);
    return r;
}

static ls_result put_parts(opening *o, ls_output out, ls_detail *detail)
{
    if (o->q->tranche == 0) {
        return o->q->at_count > 0 ? numbered_parts(o, out, detail) : row_parts(o, out, detail);
    }
    return o->fields == NULL ? tranche_parts(o, out, detail) : field_parts(o, out, detail);
}

static ls_result make_file(opening *o, ls_opening_file *file, ls_detail *detail)
{
    uint8_t random[8];
    char name[2 * sizeof random + 1];
    ls_file_writer w = {0};
    o->fields = file->fields;
    ls_random(random, sizeof random);
    ls_hex_encode(ls_bytes_of(random, sizeof random), name);
    LS_TRY(ls_workspace_path(o->ws, file->path, "outbox/%s.opening", name));
    LS_TRY(ls_file_begin(file->path, &w, detail));
    ls_result r = put_parts(o, (ls_output){ls_file_sink, &w}, detail);
    if (ls_succeeded(r)) {
        r = ls_file_commit(&w, detail);
    }
    ls_file_abort(&w);
    return ls_failed(r) ? r : verify_file(o, file, detail);
}

/* One file for each audience that the accord names; rows by their ids go to one audience. */
static ls_result make_files(opening *o, ls_opening_files *out, ls_detail *detail)
{
    const ls_declared *d =
        ls_roadmap_declaration(ls_record_accord(o->ws->record, (size_t)o->q->accord)->roadmap, o->q->declaration);
    bool whole = o->q->tranche > 0 || o->q->at_count > 0;
    LS_TRY(ls_own_load(o->ws, o->q, &o->arena, &o->own, &o->count, detail));
    for (size_t i = 0; i < (whole ? d->audience_count : 1); i++) {
        ls_opening_file *file = &out->file[out->count++];
        *file = (ls_opening_file){.audience = whole ? d->audiences[i].name : o->q->audience,
                                  .fields = whole ? d->audiences[i].fields : o->q->fields};
        LS_TRY(make_file(o, file, detail));
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_make_openings(ls_workspace *ws, const ls_open_request *q, ls_opening_files *out,
                                     ls_detail *detail)
{
    opening o = {.ws = ws, .q = q};
    *out = (ls_opening_files){0};
    ls_result r = make_files(&o, out, detail);
    ls_own_close(o.own, o.count);
    ls_buf_wipe(&o.parts);
    ls_arena_free(&o.arena);
    if (ls_failed(r)) {
        ls_opening_files_discard(out);
    }
    return r;
}

void ls_opening_files_discard(ls_opening_files *f)
{
    for (size_t i = 0; i < f->count; i++) {
        if (f->file[i].path[0] != '\0' && ls_file_exists(f->file[i].path)) {
            (void)ls_failed(ls_file_remove(f->file[i].path, NULL));
        }
    }
    *f = (ls_opening_files){0};
}

/* "sites-tranche-1.opening", "sites-rows.opening"; a second file that all can read bears its audience's name. */
static void name_file(const ls_open_request *q, const ls_opening_file *f, bool first, char *out, size_t cap)
{
    char what[32] = "rows";
    if (q->tranche > 0) {
        snprintf(what, sizeof what, "tranche-%u", q->tranche);
    }
    snprintf(out, cap, "%.*s-%s%s%.*s.opening", (int)q->declaration.len, (const char *)q->declaration.ptr, what,
             first ? "" : "-", first ? 0 : (int)f->audience.len, (const char *)f->audience.ptr);
}

static ls_result attach_openings(const ls_open_request *q, const ls_opening_files *f, ls_draft *draft,
                                 ls_act_draft *act, ls_detail *detail)
{
    for (size_t i = 0; i < f->count; i++) {
        char name[2 * LS_NAME_MAX + 48], audience[LS_NAME_MAX + 1];
        snprintf(audience, sizeof audience, "%.*s", (int)f->file[i].audience.len,
                 (const char *)f->file[i].audience.ptr);
        name_file(q, &f->file[i], i == 0, name, sizeof name);
        LS_TRY(ls_draft_attach(draft, act, audience, "application/octet-stream", name, (ls_bytes){0}, f->file[i].path,
                               detail));
    }
    return LS_SUCCESS;
}

static void put_hash(ls_act_draft *act, ls_header h, const ls_hash *value)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(value, hex);
    ls_act_draft_set(act, h, "%s", hex);
}

static void put_subject(const ls_open_request *q, const ls_opening_files *f, ls_act_draft *act)
{
    ls_act_draft_set(act, LS_H_DECLARATION, "%.*s", (int)q->declaration.len, (const char *)q->declaration.ptr);
    if (q->tranche > 0) {
        ls_act_draft_set(act, LS_H_TRANCHE, "%u", q->tranche);
    } else {
        ls_act_draft_set(act, LS_H_ROWS, "%llu", (unsigned long long)f->file[0].rows);
    }
    if (q->ref != NULL) {
        put_hash(act, LS_H_REF, q->ref);
    }
    if (q->at_count > 0) {
        ls_act_draft_set(act, LS_H_BLANK, "%llu", (unsigned long long)q->blank);
    }
}

ls_result ls_workspace_open_act(ls_workspace *ws, const ls_open_request *q, const ls_opening_files *f, ls_signers as,
                                ls_filed *out, ls_detail *detail)
{
    ls_act_draft act = {0};
    ls_draft draft = {0};
    put_hash(&act, LS_H_ACCORD, &ls_record_accord(ws->record, (size_t)q->accord)->id);
    put_subject(q, f, &act);
    ls_result r = attach_openings(q, f, &draft, &act, detail);
    if (ls_succeeded(r)) {
        r = ls_workspace_act(ws, "open", &act, as, &draft, out, detail);
    }
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}
