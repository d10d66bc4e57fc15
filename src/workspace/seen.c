#include "workspace/seen.h"
#include "process/sealed.h"
#include "workspace/reading.h"
#include <stdlib.h>

ls_result ls_workspace_read_attachment(ls_workspace *ws, ls_arena *arena, const ls_attachment *a, ls_bytes *content,
                                       ls_bytes *name)
{
    ls_bytes file;
    ls_sealed_file inner;
    LS_TRY(ls_workspace_fetch(ws, &a->hash, a->size, arena, &file));
    if (!ls_audience_restricted(a->audience)) {
        *content = file;
        *name = a->file_name;
        return LS_SUCCESS;
    }
    LS_TRY(ls_sealed_read(file, &inner));
    *content = inner.content;
    *name = inner.name;
    return LS_SUCCESS;
}

/* Rows. */

/* The openings about one draw or challenge. */
typedef struct collection {
    ls_workspace *ws;
    ls_arena *arena;
    int accord;
    const ls_record_declaration *only; /* or NULL */
    uint64_t act;                      /* that is looked at */
    ls_bytes audience;
    const ls_opening_part *part;
    const ls_record_declaration *declaration;
    const ls_declared *declared;
    ls_buf rows; /* of ls_seen_row */
    size_t absent;
} collection;

static ls_result take_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    collection *c = context;
    size_t count = c->declared->field_count;
    ls_opened_field *kept = ls_arena_array(c->arena, count, sizeof *kept);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        /* Of a whole tranche values are decrypted on the way, and gone with the next row. */
        const char *value = ls_arena_str(c->arena, fields[i].value);
        if (value == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        kept[i] = (ls_opened_field){fields[i].open, ls_bytes_of(value, fields[i].value.len)};
    }
    ls_seen_row seen = {.opened = {.row = {tranche, row}, .act = c->act},
                        .declaration = c->declaration,
                        .declared = c->declared,
                        .part = c->part,
                        .audience = c->audience,
                        .fields = kept};
    ls_opened_row_judge(kept, count, &seen.opened);
    ls_buf_put(&c->rows, &seen, sizeof seen);
    return ls_buf_check(&c->rows);
}

/* Of the same accord, and with this context. */
static bool find_declaration(collection *c, const ls_hash *context)
{
    const ls_record *r = c->ws->record;
    for (size_t i = 0; i < ls_record_declaration_count(r); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(r, i);
        if ((c->only == NULL || d == c->only) && ls_record_accord_same(r, d->accord, c->accord) &&
            ls_hash_equal(&d->declared.context, context)) {
            c->declaration = d;
            c->declared = ls_roadmap_declaration(ls_record_accord(r, (size_t)d->accord)->roadmap, d->name);
            return c->declared != NULL;
        }
    }
    return false;
}

static ls_result take_file(collection *c, const ls_act *open, ls_bytes content)
{
    ls_opening_part *parts;
    size_t count;
    const ls_roadmap *m = ls_record_accord(c->ws->record, (size_t)c->accord)->roadmap;
    const ls_declared *d = ls_roadmap_declaration(m, open->raw[LS_H_DECLARATION]);
    ls_result r = d == NULL ? ls_fail(&ls_fault_opening_form)
                            : ls_opening_parse(c->arena, content, (uint32_t)d->field_count, &parts, &count);
    if (r.fault == &ls_fault_opening_form) {
        return LS_SUCCESS;
    }
    LS_TRY(r);
    for (size_t i = 0; i < count; i++) {
        ls_opening_report report;
        c->part = &parts[i];
        if (!find_declaration(c, &parts[i].context)) {
            continue;
        }
        size_t before = c->rows.len;
        LS_TRY(ls_opening_verify(&parts[i], &c->declaration->declared, take_row, c, &report));
        c->rows.len = report.verdict == LS_OPENED ? c->rows.len : before;
    }
    return LS_SUCCESS;
}

static bool is_opening(ls_bytes name)
{
    static const char ending[] = ".opening";
    size_t len = sizeof ending - 1;
    return name.len > len && memcmp(name.ptr + name.len - len, ending, len) == 0;
}

static ls_result take_act(collection *c, uint64_t index, ls_detail *detail)
{
    ls_act act;
    c->act = index;
    LS_TRY(ls_workspace_read_act(c->ws, index, c->arena, &act, detail));
    for (size_t i = 0; i < act.attachment_count; i++) {
        ls_bytes content, name;
        const ls_attachment *a = &act.attachment[i];
        ls_result r = ls_workspace_read_attachment(c->ws, c->arena, a, &content, &name);
        c->absent += r.fault == &ls_fault_absent;
        if (r.fault == &ls_fault_memory) {
            return r;
        }
        c->audience = a->audience;
        if (ls_succeeded(r) && (i == 0 || is_opening(name))) {
            LS_TRY(take_file(c, &act, content));
        }
    }
    return LS_SUCCESS;
}

static size_t open_fields(const ls_seen_row *r)
{
    size_t count = 0;
    for (size_t i = 0; i < r->declared->field_count; i++) {
        count += r->fields[i].open;
    }
    return count;
}

/* Of one row's openings first the one that shows most of it: the others are for audiences that are shown less. */
static int compare_seen(const void *a, const void *b)
{
    const ls_seen_row *x = a, *y = b;
    int order = ls_population_row_compare(&x->opened.row, &y->opened.row);
    order = order != 0
                ? order
                : (x->declaration->index > y->declaration->index) - (x->declaration->index < y->declaration->index);
    order = order != 0 ? order : (open_fields(x) < open_fields(y)) - (open_fields(x) > open_fields(y));
    return order != 0 ? order : ls_opened_row_compare(&x->opened, &y->opened);
}

static ls_result settle(collection *c, ls_seen_rows *out)
{
    size_t count = c->rows.len / sizeof(ls_seen_row), kept = 0;
    ls_seen_row *row = ls_arena_array(c->arena, count + 1, sizeof *row);
    if (row == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (count > 0) {
        memcpy(row, c->rows.ptr, c->rows.len);
        qsort(row, count, sizeof *row, compare_seen);
    }
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || row[kept - 1].declaration != row[i].declaration ||
            ls_population_row_compare(&row[kept - 1].opened.row, &row[i].opened.row) != 0) {
            row[kept++] = row[i];
        }
    }
    *out = (ls_seen_rows){kept, row, c->absent};
    return LS_SUCCESS;
}

ls_result ls_workspace_seen_rows(ls_workspace *ws, ls_arena *arena, int accord, uint32_t about,
                                 const ls_record_declaration *only, ls_seen_rows *out, ls_detail *detail)
{
    collection c = {.ws = ws, .arena = arena, .accord = accord, .only = only};
    ls_inspecteds all = ls_record_inspecteds(ws->record, (size_t)accord);
    ls_result r = LS_SUCCESS;
    for (size_t i = 0; i < all.count && ls_succeeded(r); i++) {
        const ls_inspected *x = &all.fact[i];
        if (x->kind == LS_INSPECTED_OPEN && x->ref == about && all.time(all.context, x->index) != LS_TIME_NONE) {
            r = take_act(&c, x->index, detail);
        }
    }
    if (ls_succeeded(r)) {
        r = settle(&c, out);
    }
    ls_buf_free(&c.rows);
    return r;
}

/* States. */

ls_result ls_workspace_inspections(ls_workspace *ws, ls_arena *arena, int accord, ls_inspection_state *out,
                                   ls_detail *detail)
{
    ls_state_query query;
    ls_facts facts;
    ls_time now;
    ls_accord_state *state = ls_arena_alloc(arena, sizeof *state);
    if (state == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_now(ws, &now, detail));
    ls_record_query(ws->record, (size_t)accord, now, now, &facts, &query);
    LS_TRY(ls_state_eval(&query, arena, state));
    ls_inspecteds inspecteds = ls_record_inspecteds(ws->record, (size_t)accord);
    const ls_inspection_query q = {&query, state, &inspecteds};
    return ls_inspection_eval(&q, arena, out);
}
