/* Rows out of all openings of a declaration. */
#include "bundle/opened.h"
#include "process/sealed.h"

typedef struct each {
    const ls_drawing_source *from;
    const ls_record_declaration *declaration;
    ls_opened_sink sink;
    void *context;
} each;

static ls_result give(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    const each *e = context;
    const ls_population_row at = {tranche, row};
    return e->sink(e->context, &at, fields);
}

/* A tranche's rows are to be believed only after its last one, so it is read twice. */
static ls_result give_part(each *e, const ls_opening_part *part)
{
    const ls_declaration *d = &e->declaration->declared;
    ls_opening_report report;
    if (!ls_hash_equal(&part->context, &d->context)) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_opening_verify(part, d, NULL, NULL, &report));
    return report.verdict == LS_OPENED ? ls_opening_verify(part, d, give, e, &report) : LS_SUCCESS;
}

static ls_result give_file(each *e, const ls_attachment *a, ls_arena *scratch)
{
    ls_bytes content = {0};
    ls_sealed_file file;
    ls_opening_part *parts;
    size_t count = 0;
    ls_result r = e->from->fetch.fetch(e->from->fetch.context, &a->hash, a->size, scratch, &content);
    if (ls_succeeded(r) && ls_audience_restricted(a->audience)) {
        r = ls_sealed_read(content, &file);
        content = ls_succeeded(r) ? file.content : content;
    }
    if (ls_succeeded(r)) {
        r = ls_opening_parse(scratch, content, e->declaration->declared.fields, &parts, &count);
    }
    if (ls_failed(r)) {
        return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
    }
    for (size_t i = 0; i < count; i++) {
        LS_TRY(give_part(e, &parts[i]));
    }
    return LS_SUCCESS;
}

static ls_result give_act(each *e, uint64_t index)
{
    ls_bytes note;
    ls_act act;
    LS_TRY(e->from->read(e->from->context, index, &note));
    LS_TRY(ls_act_parse(note, false, &act, NULL));
    if (!ls_bytes_equal(act.raw[LS_H_DECLARATION], e->declaration->name)) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < act.attachment_count; i++) {
        ls_arena scratch = {0};
        ls_result r = give_file(e, &act.attachment[i], &scratch);
        ls_arena_free(&scratch);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

ls_result ls_opened_each(const ls_drawing_source *from, const ls_record_declaration *d, ls_opened_sink sink,
                         void *context)
{
    each e = {from, d, sink, context};
    for (uint64_t i = d->index + 1; i < ls_record_size(from->record); i++) {
        ls_record_entry entry = ls_record_at(from->record, i);
        if (ls_bytes_is(entry.kind, "open") && entry.by == d->by && !entry.lapsed && !entry.annulled) {
            LS_TRY(give_act(&e, i));
        }
    }
    return LS_SUCCESS;
}
