/* What acts carry: attachments, declarations, openings. */
#include "bundle/known.h"
#include "bundle/manifest.h"
#include "bundle/verifier.h"
#include "crypto/sha256.h"
#include "process/sealed.h"

typedef unsigned long long ull;

/* Attachments. */

/* One attachment of an act; content has no pointer if it is not here, or is not what the act says. */
static ls_result check_attachment(ls_verifier *v, const char *subject, const ls_attachment *a, ls_arena *arena,
                                  ls_bytes *content)
{
    ls_bytes found;
    /* Its size is compared afterwards, so that a finding can name both. */
    uint64_t limit = v->charter->attachment_limit > a->size ? v->charter->attachment_limit : a->size;
    ls_result r = v->fetch.fetch(v->fetch.context, &a->hash, limit, arena, &found);
    v->attachments++;
    *content = (ls_bytes){0};
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (r.fault == &ls_fault_absent) {
        ls_report_add(v->report, LS_FINDING_NOTE, subject, "the attachment %.*s (%llu bytes, for %.*s) is not here",
                      (int)a->file_name.len, a->file_name.ptr, (ull)a->size, (int)a->audience.len, a->audience.ptr);
    } else if (ls_failed(r) && r.fault->class == LS_CLASS_ENVIRONMENT) {
        /* A server that is away has shown nothing, so that nothing is wrong with what it would have shown. */
        ls_report_add(v->report, LS_FINDING_NOTE, subject,
                      "the attachment %.*s (%llu bytes, for %.*s) is not here, and can't be had now: %s",
                      (int)a->file_name.len, a->file_name.ptr, (ull)a->size, (int)a->audience.len, a->audience.ptr,
                      r.fault->sentence);
    } else if (ls_failed(r)) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject,
                      "the attachment %.*s that is here is not the one that was signed", (int)a->file_name.len,
                      a->file_name.ptr);
    } else if (found.len != a->size) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "the attachment %.*s has %zu bytes, and the act says %llu",
                      (int)a->file_name.len, a->file_name.ptr, found.len, (ull)a->size);
    } else {
        v->present++;
        *content = ls_bytes_of(found.ptr == NULL ? (const uint8_t *)"" : found.ptr, found.len);
    }
    return LS_SUCCESS;
}

void ls_verify_attachments_summary(ls_verifier *v)
{
    if (v->attachments > 0) {
        ls_report_add(v->report, LS_FINDING_OK, "attachments", "%llu of the %llu that the acts name are here and whole",
                      (ull)v->present, (ull)v->attachments);
    }
}

/* Declarations. */

static const ls_declared *accord_declares(const ls_verifier *v, const ls_act *act)
{
    for (const ls_known_accord *a = v->accords; a != NULL; a = a->next) {
        if (ls_hash_equal(&a->id, &act->accord)) {
            return ls_roadmap_declaration(a->roadmap, act->raw[LS_H_DECLARATION]);
        }
    }
    return NULL;
}

static ls_result schema_is(const ls_schema *schema, const ls_hash *wanted, bool *same)
{
    const ls_manifest named = {.schema = *schema};
    ls_hash hash;
    *same = false;
    ls_result r = ls_manifest_schema(&named, &hash);
    if (ls_succeeded(r)) {
        *same = ls_hash_equal(&hash, wanted);
    }
    return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
}

/* Judges the manifest; its schema in *schema, if it has the hash that the act states. */
static ls_result check_manifest(ls_verifier *v, const char *subject, const ls_act *act, ls_bytes content,
                                const ls_declared *accord, ls_schema *schema)
{
    ls_manifest m;
    ls_detail detail = {0};
    bool same;
    ls_result r = ls_manifest_parse(v->arena, content, &m, &detail);
    if (ls_succeeded(r)) {
        LS_TRY(schema_is(&m.schema, &act->schema, &same));
        *schema = same ? m.schema : *schema;
        r = ls_manifest_check(&m, act, v->charter->rows_limit, accord, &detail);
    }
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "its manifest does not hold: %s", detail.text);
    } else {
        ls_report_add(v->report, LS_FINDING_OK, subject, "its manifest leads to the root: %llu tranches, %zu fields",
                      (ull)act->tranches, m.schema.field_count);
    }
    return LS_SUCCESS;
}

static ls_result take_declaration(ls_verifier *v, uint64_t index, const char *subject, const ls_act *act,
                                  ls_bytes manifest)
{
    ls_known_declaration *d = ls_arena_alloc(v->arena, sizeof *d);
    const ls_declared *accord = accord_declares(v, act);
    bool same = false;
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *d = (ls_known_declaration){.index = index,
                                .accord = act->accord,
                                .by = act->by.name[0],
                                .name = act->raw[LS_H_DECLARATION],
                                .agreed = accord,
                                .effective = v->record == NULL || !ls_record_at(v->record, index).lapsed};
    if (accord != NULL) {
        d->schema = (ls_schema){accord->field_count, accord->fields, accord->tranche_count, accord->labels};
        LS_TRY(schema_is(&d->schema, &act->schema, &same));
    }
    if (accord != NULL && !same) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "fields and tranches are not those of the accord");
        d->schema = (ls_schema){0};
    }
    if (manifest.ptr != NULL) {
        LS_TRY(check_manifest(v, subject, act, manifest, accord, &d->schema));
    }
    ls_declaration_of_act(act, (uint32_t)d->schema.field_count, &d->declared);
    *v->last_declaration = d;
    v->last_declaration = &d->next;
    return LS_SUCCESS;
}

/* Acts. */

ls_result ls_verify_unseal(ls_verifier *v, const char *subject, const ls_attachment *a, ls_bytes *content,
                           ls_bytes *name)
{
    ls_sealed_file file;
    *name = a->file_name;
    if (content->ptr == NULL || !ls_audience_restricted(a->audience)) {
        return LS_SUCCESS;
    }
    if (ls_failed(ls_sealed_read(*content, &file))) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "the file %.*s for %.*s is not in the form of such files",
                      (int)a->file_name.len, a->file_name.ptr, (int)a->audience.len, a->audience.ptr);
        *content = (ls_bytes){0};
        return LS_SUCCESS;
    }
    ls_report_add(v->report, LS_FINDING_NOTE, subject, "holds a file for %.*s only: %.*s (%zu bytes)",
                  (int)a->audience.len, a->audience.ptr, (int)file.name.len, file.name.ptr, file.content.len);
    *content = ls_bytes_of(file.content.ptr == NULL ? (const uint8_t *)"" : file.content.ptr, file.content.len);
    *name = file.name;
    return LS_SUCCESS;
}

static bool named_opening(ls_bytes name)
{
    static const char ending[] = ".opening";
    size_t len = sizeof ending - 1;
    return name.len > len && memcmp(name.ptr + name.len - len, ending, len) == 0;
}

/* What a report has of files: each is only hashed, but its own text. */
static ls_result carry(ls_verifier *v, ls_bytes name, ls_bytes content, ls_carried *carried)
{
    if (content.ptr == NULL) {
        carried->absent++;
        return LS_SUCCESS;
    }
    ls_sha256_hash(content, &carried->hash[carried->count++]);
    if (ls_bytes_is(name, LS_REPORT_FILE) && carried->report.ptr == NULL) {
        carried->report = ls_bytes_of(ls_arena_str(v->arena, content), content.len);
        return carried->report.ptr == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    }
    return LS_SUCCESS;
}

/* The i-th attachment, judged by the kind of act and its name. */
static ls_result take_attachment(ls_verifier *v, uint64_t index, const char *subject, const ls_act *act, size_t i,
                                 ls_carried *carried)
{
    /* Manifests and openings are needed to the end; what is only compared with its hash is let go at once. */
    ls_arena scratch = {0};
    ls_bytes content, name;
    const ls_attachment *a = &act->attachment[i];
    bool declares = i == 0 && ls_bytes_is(act->kind, "declare"), opens = ls_bytes_is(act->kind, "open");
    LS_TRY(check_attachment(v, subject, a, declares || opens ? v->arena : &scratch, &content));
    ls_result r = ls_verify_unseal(v, subject, a, &content, &name);
    if (ls_succeeded(r) && declares) {
        r = take_declaration(v, index, subject, act, content);
    } else if (ls_succeeded(r) && opens && (i == 0 || named_opening(name))) {
        r = ls_verify_opening(v, index, act, a->audience, content);
    } else if (ls_succeeded(r) && ls_bytes_is(act->kind, "notify") && ls_notification_named(name)) {
        r = ls_verify_notification(v, subject, act, a->audience, content);
    } else if (ls_succeeded(r) && ls_bytes_is(act->kind, "report")) {
        r = carry(v, name, content, carried);
    }
    ls_arena_free(&scratch);
    return r;
}

ls_result ls_verify_act_content(ls_verifier *v, uint64_t index, const ls_act *act)
{
    const char *subject = ls_verify_subject(v, index, act);
    if (v->record != NULL && ls_record_at(v->record, index).lapsed) {
        ls_report_add(v->report, LS_FINDING_NOTE, subject, "it came too late: on the record, but without effect");
    }
    ls_carried carried = {0};
    for (size_t i = 0; i < act->attachment_count; i++) {
        LS_TRY(take_attachment(v, index, subject, act, i, &carried));
    }
    if (carried.report.ptr != NULL) {
        LS_TRY(ls_verify_report(v, index, act, &carried));
    }
    if (ls_bytes_is(act->kind, "open")) {
        ls_verify_opening_audiences(v, act, subject);
    }
    if (ls_bytes_is(act->kind, "declare") && act->attachment_count == 0) {
        return take_declaration(v, index, subject, act, (ls_bytes){0});
    }
    return LS_SUCCESS;
}
