/* What is known of a declaration: the acts that say it, and their files. */
#include "bundle/known_parts.h"
#include "process/sealed.h"

typedef unsigned long long ull;

/* An act that is being read. */
typedef struct reading {
    ls_knower *k;
    uint64_t index;
    ls_act act;
    const char *subject;
} reading;

static void fail(const reading *r, const char *text)
{
    ls_report_add(r->k->report, LS_FINDING_FAILED, r->subject, "%s", text);
}

/* Files. */

static bool ends_with(ls_bytes name, const char *ending)
{
    size_t len = strlen(ending);
    return name.len > len && memcmp(name.ptr + name.len - len, ending, len) == 0;
}

bool ls_notification_named(ls_bytes name)
{
    return ls_bytes_is(name, "change.json") || (ls_bytes_starts(name, "change-") && ends_with(name, ".json"));
}

/* The content of a file and the name that its author gave it; no pointer if it can't be had here. */
static ls_result read_file(reading *r, const ls_attachment *a, ls_bytes *content, ls_bytes *name)
{
    ls_bytes file;
    ls_sealed_file inner = {.name = a->file_name};
    ls_fetch fetch = r->k->from->fetch;
    ls_result got = fetch.fetch(fetch.context, &a->hash, a->size, r->k->arena, &file);
    *content = *name = (ls_bytes){0};
    if (got.fault == &ls_fault_memory) {
        return got;
    }
    if (ls_failed(got) && got.fault->class == LS_CLASS_ENVIRONMENT) {
        r->k->known.absent++;
        return LS_SUCCESS;
    }
    bool sealed = ls_audience_restricted(a->audience);
    if (ls_failed(got) || file.len != a->size || (sealed && ls_failed(ls_sealed_read(file, &inner)))) {
        fail(r, "a file of it is not the one that was signed, or has not its form");
        return LS_SUCCESS;
    }
    *content = sealed ? inner.content : file;
    *name = inner.name;
    return LS_SUCCESS;
}

/* Openings. */

static const ls_record_declaration *find_declaration(const reading *r, const ls_hash *context)
{
    const ls_record *record = r->k->from->record;
    for (size_t i = 0; i < ls_record_declaration_count(record); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(record, i);
        bool fits = d->by == r->k->known.declared->by && ls_bytes_equal(d->name, r->k->known.declared->name) &&
                    ls_record_accord_same(record, d->accord, r->k->known.accord);
        if (fits && !ls_record_at(record, d->index).lapsed && ls_hash_equal(&d->declared.context, context)) {
            return d;
        }
    }
    return NULL;
}

static ls_result take_opening(reading *r, ls_bytes audience, ls_bytes content)
{
    ls_opening_part *parts;
    size_t count;
    ls_result read = ls_opening_parse(r->k->arena, content, (uint32_t)r->k->known.form.field_count, &parts, &count);
    if (read.fault == &ls_fault_opening_form) {
        fail(r, "a file of it is no opening");
        return LS_SUCCESS;
    }
    LS_TRY(read);
    for (size_t i = 0; i < count; i++) {
        const ls_record_declaration *d = find_declaration(r, &parts[i].context);
        bool holds = false;
        if (d != NULL) {
            LS_TRY(ls_knower_part(r->k, &parts[i], d, r->index, audience, &holds));
        }
        if (!holds) {
            ls_report_add(r->k->report, LS_FINDING_FAILED, r->subject, "part %zu of it opens nothing that was declared",
                          i + 1);
        }
    }
    return LS_SUCCESS;
}

static ls_result take_open_file(reading *r, const ls_attachment *a, ls_bytes content, ls_bytes name)
{
    bool opening = a == r->act.attachment || ends_with(name, ".opening");
    return opening ? take_opening(r, a->audience, content) : LS_SUCCESS;
}

/* Notifications. */

const char *ls_notification_wrong(const ls_notification *n, const ls_act *act, size_t field_count,
                                  const ls_bytes *fields, size_t id)
{
    if (!ls_bytes_equal(n->declaration, act->raw[LS_H_DECLARATION])) {
        return "it is about another declaration than its act";
    }
    if (!ls_bytes_is(act->raw[LS_H_CHANGE], ls_change_name(n->change))) {
        return "it says another kind of change than its act";
    }
    if (act->has[LS_H_DATE] && ls_date_to_days(act->date) != ls_date_to_days(n->date)) {
        return "it has another date than its act";
    }
    for (size_t i = 0; i < n->item_count; i++) {
        for (size_t k = 0; k < n->items[i].change_count; k++) {
            size_t field = ls_bytes_find(fields, field_count, n->items[i].changes[k].field);
            if (field == field_count || field == id) {
                return field == id ? "it changes an identifier" : "it names a field that the declaration does not have";
            }
        }
    }
    return NULL;
}

/* What the accord shows an audience; NULL: all, or nothing that it has a word for. */
static const bool *fields_for(const ls_declared *d, ls_bytes audience)
{
    for (size_t i = 0; i < d->audience_count; i++) {
        if (ls_bytes_equal(d->audiences[i].name, audience)) {
            return d->audiences[i].fields;
        }
    }
    return NULL;
}

static ls_result keep_notification(reading *r, const ls_attachment *a, const ls_notification *n)
{
    ls_notification *kept = ls_arena_alloc(r->k->arena, sizeof *kept);
    ls_known_change change = {.said = kept,
                              .index = r->index,
                              .known = ls_known_time(r->k, r->index),
                              .ref = LS_NO_SOURCE,
                              .audience = a->audience,
                              .fields = fields_for(r->k->known.declared, a->audience)};
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *kept = *n;
    if (n->has_ref && !ls_record_find(r->k->from->record, &n->ref, &change.ref)) {
        change.ref = LS_NO_SOURCE;
    }
    ls_buf_put(&r->k->changes, &change, sizeof change);
    return ls_buf_check(&r->k->changes);
}

static ls_result take_notify_file(reading *r, const ls_attachment *a, ls_bytes content, ls_bytes name)
{
    ls_notification n;
    ls_detail detail = {0};
    const ls_history_form *form = &r->k->known.form;
    if (!ls_notification_named(name)) {
        return LS_SUCCESS;
    }
    ls_result read = ls_notification_parse(r->k->arena, content, &n, &detail);
    if (read.fault == &ls_fault_memory) {
        return read;
    }
    const char *wrong =
        ls_failed(read) ? detail.text : ls_notification_wrong(&n, &r->act, form->field_count, form->fields, form->id);
    if (wrong != NULL) {
        ls_report_add(r->k->report, LS_FINDING_FAILED, r->subject, "its notification is not to be read: %s", wrong);
        return LS_SUCCESS;
    }
    return keep_notification(r, a, &n);
}

/* Acts. */

typedef ls_result (*take_file)(reading *r, const ls_attachment *a, ls_bytes content, ls_bytes name);

/* By the declaration's party, under the same accord, and with effect. */
static take_file wanted(const ls_knower *k, uint64_t index)
{
    const ls_record *record = k->from->record;
    ls_record_entry e = ls_record_at(record, index);
    take_file take = ls_bytes_is(e.kind, "open")     ? take_open_file
                     : ls_bytes_is(e.kind, "notify") ? take_notify_file
                                                     : NULL;
    bool counts = take != NULL && e.by == k->known.declared->by && !e.lapsed && !e.annulled &&
                  ls_record_accord_same(record, e.accord, k->known.accord);
    return counts ? take : NULL;
}

static ls_result take_files(reading *r, take_file take)
{
    for (size_t i = 0; i < r->act.attachment_count; i++) {
        ls_bytes content, name;
        LS_TRY(read_file(r, &r->act.attachment[i], &content, &name));
        if (name.ptr != NULL) {
            LS_TRY(take(r, &r->act.attachment[i], content, name));
        }
    }
    return LS_SUCCESS;
}

static ls_result take_act(ls_knower *k, uint64_t index, take_file take)
{
    reading r = {.k = k, .index = index};
    ls_bytes note;
    LS_TRY(k->from->read(k->from->context, index, &note));
    LS_TRY(ls_act_parse(note, false, &r.act, NULL));
    if (!ls_bytes_equal(r.act.raw[LS_H_DECLARATION], k->known.declared->name)) {
        return LS_SUCCESS;
    }
    r.subject = ls_arena_format(k->arena, "act %llu (%.*s by %.*s)", (ull)index, (int)r.act.kind.len, r.act.kind.ptr,
                                (int)r.act.by.name[0].len, r.act.by.name[0].ptr);
    return r.subject == NULL ? ls_fail(&ls_fault_memory) : take_files(&r, take);
}

ls_result ls_knower_acts(ls_knower *k)
{
    for (uint64_t i = 0; i < ls_record_size(k->from->record); i++) {
        take_file take = wanted(k, i);
        if (take != NULL) {
            LS_TRY(take_act(k, i, take));
        }
    }
    return LS_SUCCESS;
}
