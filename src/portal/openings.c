#include "portal/openings.h"
#include "bundle/drawn.h"
#include "process/sealed.h"

typedef struct seeing {
    ls_html *w;
    const ls_record_declaration *declaration;
    ls_openings_seen *out;
    size_t most;
    ls_buf openings, rows; /* of ls_opening_seen, ls_row_seen */
    ls_opening_seen *now;
    uint64_t blank; /* of the part that is read */
} seeing;

/* Rows. */

static ls_result keep_row(seeing *s, const ls_population_row *at, const ls_opened_field *fields, bool blank)
{
    size_t count = s->out->declared->field_count;
    ls_bytes *values = ls_arena_array(s->w->arena, count, sizeof *values);
    for (size_t i = 0; values != NULL && i < count; i++) {
        const char *value = fields[i].open ? ls_arena_str(s->w->arena, fields[i].value) : NULL;
        values[i] = value == NULL ? (ls_bytes){0} : ls_bytes_of(value, fields[i].value.len);
    }
    if (values == NULL || s->w->arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    const ls_row_seen row = {*at, s->now->entry, blank, values};
    ls_buf_put(&s->rows, &row, sizeof row);
    return ls_buf_check(&s->rows);
}

static bool is_kept(const seeing *s, const ls_population_row *at)
{
    const ls_row_seen *row = (const ls_row_seen *)(const void *)s->rows.ptr;
    for (size_t i = 0; i < s->rows.len / sizeof *row; i++) {
        if (ls_population_row_compare(&row[i].at, at) == 0) {
            return true;
        }
    }
    return false;
}

static ls_result take_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    seeing *s = context;
    const ls_population_row at = {tranche, row};
    ls_opened_row opened;
    ls_opened_row_judge(fields, s->out->declared->field_count, &opened);
    s->blank += opened.blank;
    if (is_kept(s, &at)) {
        return LS_SUCCESS;
    }
    if (s->rows.len / sizeof(ls_row_seen) >= s->most) {
        s->out->beyond++;
        return LS_SUCCESS;
    }
    return keep_row(s, &at, fields, opened.blank);
}

/* Files. */

/* A tranche's rows are to be believed after its last one. */
static ls_result take_part(seeing *s, const ls_opening_part *part)
{
    const ls_declaration *d = &s->declaration->declared;
    ls_opening_report report;
    size_t before = s->rows.len;
    uint64_t beyond = s->out->beyond;
    if (!ls_hash_equal(&part->context, &d->context)) {
        return LS_SUCCESS;
    }
    s->blank = 0;
    LS_TRY(ls_opening_verify(part, d, take_row, s, &report));
    if (report.verdict != LS_OPENED) {
        s->rows.len = before;
        s->out->beyond = beyond;
        s->now->holds = false;
        return LS_SUCCESS;
    }
    s->now->rows += report.rows;
    s->now->blank += s->blank;
    return LS_SUCCESS;
}

static ls_result take_file(seeing *s, const ls_attachment *a)
{
    ls_opening_part *parts;
    ls_bytes file;
    size_t count;
    const ls_portal_source *source = &s->w->portal->source;
    ls_result r = source->file(source->context, &a->hash, s->w->arena, &file);
    if (ls_failed(r)) {
        return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
    }
    s->now->is_public = true;
    r = ls_opening_parse(s->w->arena, file, s->declaration->declared.fields, &parts, &count);
    if (ls_failed(r)) {
        s->now->holds = false;
        return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
    }
    for (size_t i = 0; i < count; i++) {
        LS_TRY(take_part(s, &parts[i]));
    }
    return LS_SUCCESS;
}

/* Acts. */

static bool is_of(const seeing *s, const ls_record_entry *e, const ls_act *act)
{
    return ls_bytes_equal(act->raw[LS_H_DECLARATION], s->declaration->name) && e->accord >= 0 &&
           ls_record_accord_same(s->w->portal->record, e->accord, s->declaration->accord);
}

static ls_result take_attachments(seeing *s, const ls_act *act)
{
    ls_names *audiences = &s->now->audiences;
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        if (!ls_audience_restricted(a->audience)) {
            LS_TRY(take_file(s, a));
        } else if (ls_bytes_find(audiences->name, audiences->count, a->audience) == audiences->count) {
            audiences->name[audiences->count++] = a->audience;
        }
    }
    return LS_SUCCESS;
}

static ls_result take_act(seeing *s, uint64_t index, const ls_record_entry *e)
{
    ls_result r;
    const ls_act *act = ls_html_act(s->w, index, &r);
    LS_TRY(r);
    if (!is_of(s, e, act)) {
        return LS_SUCCESS;
    }
    ls_opening_seen seen = {.entry = index, .tranche = (uint32_t)act->tranche, .holds = true};
    s->now = &seen;
    r = take_attachments(s, act);
    s->now = NULL;
    LS_TRY(r);
    ls_buf_put(&s->openings, &seen, sizeof seen);
    return ls_buf_check(&s->openings);
}

static ls_result take_acts(seeing *s)
{
    const ls_record *record = s->w->portal->record;
    for (uint64_t i = s->declaration->index + 1; i < ls_record_size(record); i++) {
        ls_record_entry e = ls_record_at(record, i);
        if (ls_bytes_is(e.kind, "open") && e.by == s->declaration->by && !e.lapsed && !e.annulled &&
            ls_html_knows(s->w, i)) {
            LS_TRY(take_act(s, i, &e));
        }
    }
    return LS_SUCCESS;
}

static void *settle(ls_arena *arena, const ls_buf *list)
{
    void *kept = ls_arena_alloc(arena, list->len + 1);
    if (kept != NULL && list->len > 0) {
        memcpy(kept, list->ptr, list->len);
    }
    return kept;
}

ls_result ls_openings_see(ls_html *w, const ls_record_declaration *d, size_t most, ls_openings_seen *out)
{
    const ls_roadmap *m = ls_record_accord(w->portal->record, (size_t)d->accord)->roadmap;
    seeing s = {.w = w, .declaration = d, .out = out, .most = most};
    *out = (ls_openings_seen){.declared = ls_roadmap_declaration(m, d->name)};
    ls_result r = out->declared == NULL ? LS_SUCCESS : take_acts(&s);
    out->count = s.openings.len / sizeof *out->opening;
    out->opening = settle(w->arena, &s.openings);
    out->row_count = s.rows.len / sizeof *out->row;
    out->row = settle(w->arena, &s.rows);
    ls_buf_free(&s.openings);
    ls_buf_free(&s.rows);
    return ls_succeeded(r) && w->arena->failed ? ls_fail(&ls_fault_memory) : r;
}

const ls_record_declaration *ls_declaration_seen(const ls_html *w, uint64_t entry)
{
    for (size_t i = 0; i < ls_record_declaration_count(w->portal->record); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(w->portal->record, i);
        if (d->index == entry) {
            return ls_html_knows(w, entry) ? d : NULL;
        }
    }
    return NULL;
}
