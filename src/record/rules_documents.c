/* Charters and accords: the documents that acceptance reads. */
#include "crypto/sha256.h"
#include "record/rules.h"

/* Attachments that acceptance reads: charters and accords only. */

#define DOCUMENT_MAX (16u << 20) /* bytes of one of them: whoever replays a record has to hold it in memory */

/* What could not be read just now may be there all the same, and says nothing about the record. */
static ls_result fetch_failed(ls_result r, const char *file_name, ls_detail *detail)
{
    if (r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_absent) {
        return ls_fail_with(r.fault, detail, "the attachment %s can't be read: %s", file_name, r.fault->sentence);
    }
    return ls_fail_with(&ls_fault_absent, detail, "the attachment %s is not %s", file_name,
                        r.fault == &ls_fault_absent ? "there" : "whole");
}

static ls_result fetch_attachment(const ls_fetch *from, const ls_act *act, const char *file_name, ls_arena *arena,
                                  ls_bytes *out, ls_detail *detail)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        if (!ls_bytes_is(a->file_name, file_name)) {
            continue;
        }
        ls_bytes content;
        if (a->size > DOCUMENT_MAX) {
            return ls_refuse(detail, NULL, "the attachment %s is larger than %u bytes", file_name, DOCUMENT_MAX);
        }
        ls_result fetched = from->fetch(from->context, &a->hash, a->size, arena, &content);
        if (ls_failed(fetched)) {
            return fetch_failed(fetched, file_name, detail);
        }
        ls_hash hash;
        ls_sha256_hash(content, &hash);
        if (content.len != a->size || !ls_hash_equal(&hash, &a->hash)) {
            return ls_refuse(detail, NULL, "the attachment %s is not the one that was signed", file_name);
        }
        *out = content;
        return LS_SUCCESS;
    }
    return ls_refuse(detail, NULL, "an act of this kind needs an attachment named %s", file_name);
}

static ls_result read_canonical(ls_arena *arena, ls_bytes json, const char *what, ls_value **out, ls_detail *detail)
{
    ls_detail where = {0};
    ls_buf canonical = {0};
    ls_result parsed = ls_json_parse(arena, json, out, &where), written = LS_SUCCESS;
    if (ls_succeeded(parsed)) {
        ls_json_canonical(*out, &canonical);
        written = ls_buf_check(&canonical);
    }
    bool same = ls_succeeded(parsed) && ls_bytes_equal(ls_buf_bytes(&canonical), json);
    ls_buf_free(&canonical);
    if (parsed.fault == &ls_fault_memory || ls_failed(written)) {
        return ls_fail(&ls_fault_memory);
    }
    return same ? LS_SUCCESS : ls_refuse(detail, NULL, "%s is not canonical JSON (RFC 8785)", what);
}

static ls_result refuse_diagnosed(const ls_diagnostics *d, const char *what, ls_detail *detail)
{
    for (size_t i = 0; i < d->count && i < LS_DIAGNOSTICS_MAX; i++) {
        if (!d->item[i].warning) {
            return ls_refuse(detail, d->item[i].hint, "%s: %s", what, d->item[i].text);
        }
    }
    return ls_refuse(detail, NULL, "%s does not read", what);
}

/* Whether it reads. Where memory ran out meanwhile, nothing can be said about it: parts may be missing, with a
 * diagnostic or without. */
static ls_result check_read(const ls_arena *arena, const ls_diagnostics *d, const char *what, ls_detail *detail)
{
    if (arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    return d->errors == 0 ? LS_SUCCESS : refuse_diagnosed(d, what, detail);
}

bool ls_rule_names_are(const ls_names *names, const ls_charter *c, const size_t *parties, size_t count)
{
    for (size_t i = 0; i < count && i < names->count; i++) {
        if (!ls_bytes_equal(names->name[i], c->party[parties == NULL ? i : parties[i]].name)) {
            return false;
        }
    }
    return names->count == count;
}

bool ls_rule_names_are_but(const ls_names *names, const ls_charter *c, size_t without)
{
    size_t parties[LS_PARTIES_MAX], count = 0;
    for (size_t i = 0; i < c->party_count; i++) {
        parties[count] = i;
        count += i != without;
    }
    return ls_rule_names_are(names, c, parties, count);
}

/* charter */

ls_result ls_rule_read_charter(const ls_fetch *from, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_bytes json;
    ls_value *v;
    LS_TRY(fetch_attachment(from, act, "charter.json", &e->arena, &json, detail));
    LS_TRY(read_canonical(&e->arena, json, "charter.json", &v, detail));
    ls_diagnostics *d = ls_arena_alloc(&e->arena, sizeof *d);
    e->charter = ls_arena_alloc(&e->arena, sizeof *e->charter);
    if (d == NULL || e->charter == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = &e->arena;
    ls_charter_read(&e->arena, v, d, e->charter);
    LS_TRY(check_read(&e->arena, d, "charter.json", detail));
    if (e->charter->exercise != act->exercise) {
        return ls_refuse(detail, NULL, "the act and the charter disagree on whether this is an exercise");
    }
    e->charter_json = json;
    return LS_SUCCESS;
}

ls_result ls_rule_accept_charter(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_read_charter(&r->fetch, act, e, detail));
    if (!ls_rule_names_are(&act->by, e->charter, NULL, e->charter->party_count)) {
        return ls_refuse(detail, NULL, "a charter is an act of all its parties, in its order");
    }
    e->watched = ls_charter_copy(&e->arena, e->charter);
    return e->watched == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

void ls_rule_apply_charter(ls_record *r, const ls_act *act, const effect *e)
{
    r->charter = e->charter;
    r->watched = e->watched;
    r->charter_json = e->charter_json;
    r->process = act->id;
    ls_change_apply(r, e);
}

/* accord */

ls_result ls_rule_accept_accord(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_bytes json, text;
    ls_value *v;
    LS_TRY(fetch_attachment(&r->fetch, act, "roadmap.json", &e->arena, &json, detail));
    LS_TRY(fetch_attachment(&r->fetch, act, "text.md", &e->arena, &text, detail));
    LS_TRY(read_canonical(&e->arena, json, "roadmap.json", &v, detail));
    ls_diagnostics *d = ls_arena_alloc(&e->arena, sizeof *d);
    ls_roadmap *roadmap = ls_arena_alloc(&e->arena, sizeof *roadmap);
    if (d == NULL || roadmap == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = &e->arena;
    ls_roadmap_read(&e->arena, v, r->charter, text, d, roadmap);
    LS_TRY(check_read(&e->arena, d, "roadmap.json", detail));
    if (!ls_rule_names_are(&act->by, r->charter, roadmap->parties, roadmap->party_count)) {
        return ls_refuse(detail, NULL, "an accord is an act of the parties that its roadmap names, in its order");
    }
    if (r->accord_count >= ACCORDS_MAX) {
        return ls_refuse(detail, NULL, "a record has at most %d accords", ACCORDS_MAX);
    }
    e->accord.shown = (ls_accord){.id = act->id,
                                  .index = r->size,
                                  .signed_index = r->size,
                                  .amends = e->accord_index,
                                  .amended_by = -1,
                                  .roadmap = roadmap,
                                  .text = text,
                                  .roadmap_json = json};
    e->accord.next = -1;
    e->accord.performed = ls_arena_array(&e->arena, roadmap->measure_count + 1, sizeof *e->accord.performed);
    e->accord.declared = ls_arena_array(&e->arena, roadmap->declaration_count + 1, sizeof *e->accord.declared);
    if (e->accord.performed == NULL || e->accord.declared == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    memset(e->accord.declared, 0xff, (roadmap->declaration_count + 1) * sizeof *e->accord.declared);
    return e->accord_index < 0 ? LS_SUCCESS : ls_record_check_amendment(r, e->accord_index, roadmap, detail);
}

void ls_rule_apply_accord(ls_record *r, const ls_act *act, const effect *e)
{
    (void)act;
    int number = (int)r->accord_count++;
    r->accord[number] = e->accord;
    r->accord[number].first = number;
    r->entry[r->size - 1].accord = (int16_t)number;
    if (e->accord.shown.amends >= 0) {
        ls_version_inherit(r, number);
    }
}
