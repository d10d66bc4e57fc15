/* readout.json, and the YAML that it comes from: frame, text and media. */
#include "readout/readout.h"
#include "process/plain.h"
#include "readout/parts.h"

const ls_fault ls_fault_readout_form = {LS_CLASS_INVALID, "readout-form", "it is not a readout"};

bool ls_readout_read_text(ls_readout_reader *r, const ls_value *map, const char *key, size_t max, bool lines,
                          ls_bytes *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL) {
        return false;
    }
    if (v->type == LS_LIST || v->type == LS_MAP) {
        ls_diagnose(r->d, v->mark, NULL, "%s must be text", key);
    } else if (v->type != LS_STRING) {
        ls_diagnose(r->d, v->mark, "put it in quotes", "%s must be text", key);
    } else if (v->string.len == 0) {
        ls_diagnose(r->d, v->mark, NULL, "%s must not be empty", key);
    } else if (v->string.len > max) {
        ls_diagnose(r->d, v->mark, NULL, "%s must have at most %zu bytes, not %zu", key, max, v->string.len);
    } else if (!ls_plain_valid(v->string)) {
        ls_diagnose(r->d, v->mark, "tabs, and marks that turn the direction of writing, are such characters",
                    "%s holds a character that does not show", key);
    } else if (!lines && memchr(v->string.ptr, '\n', v->string.len) != NULL) {
        ls_diagnose(r->d, v->mark, NULL, "%s must be one line", key);
    } else {
        *out = v->string;
        return true;
    }
    return false;
}

static void read_version(ls_readout_reader *r, const ls_value *map)
{
    const ls_value *v = ls_value_get(map, "readout");
    if (v != NULL && (v->type != LS_INTEGER || v->integer != 1)) {
        ls_diagnose(r->d, v->mark, "write 1; a newer program may know others", "this program knows only readout: 1");
    }
}

static void read_date(ls_readout_reader *r, const ls_value *map, ls_date *out)
{
    const ls_value *v = ls_value_get(map, "date");
    if (v != NULL && (v->type != LS_STRING || !ls_date_parse(v->string, out))) {
        ls_diagnose(r->d, v->mark, "write it like: 2018-10-07", "date must be a date");
    }
}

#define TAG_PART_MAX 8 /* letters or digits */

/* As in BCP 47, in lower case: letters first, then parts of letters and digits. */
static bool is_language(ls_bytes tag)
{
    ls_reader parts = ls_reader_of(tag);
    size_t count = 0;
    if (tag.len == 0 || tag.len > LS_NAME_MAX || tag.ptr[tag.len - 1] == '-') {
        return false;
    }
    for (ls_bytes part; ls_read_until(&parts, '-', &part); count++) {
        for (size_t i = 0; i < part.len; i++) {
            bool letter = part.ptr[i] >= 'a' && part.ptr[i] <= 'z';
            bool digit = part.ptr[i] >= '0' && part.ptr[i] <= '9';
            if (!letter && !(digit && count > 0)) {
                return false;
            }
        }
        if (part.len == 0 || part.len > (count == 0 ? 3 : TAG_PART_MAX) || (count == 0 && part.len < 2)) {
            return false;
        }
    }
    return true;
}

static void read_language(ls_readout_reader *r, const ls_value *map, ls_bytes *out)
{
    const ls_value *v = ls_value_get(map, "language");
    if (v == NULL) {
        return;
    }
    if (v->type != LS_STRING || !is_language(v->string)) {
        ls_diagnose(r->d, v->mark, "write it like: en, ko, zh-hant", "language must be the tag of a language");
        return;
    }
    *out = v->string;
}

/* Media. */

static void read_file_name(ls_readout_reader *r, const ls_value *v, ls_ids *files, ls_medium *m)
{
    if (!ls_field_line(v, "file", r->d, &m->file)) {
        return;
    }
    if (!ls_file_name_valid(m->file) || ls_bytes_is(m->file, LS_READOUT_FILE) ||
        ls_bytes_is(m->file, LS_READOUT_SOURCE)) {
        ls_diagnose(r->d, ls_field_mark(v, "file"), "letters, digits, '.', '_' and '-': handshake.jpg",
                    "an attachment can't have this name");
        m->file = (ls_bytes){0};
        return;
    }
    ls_ids_add(files, m->file, ls_field_mark(v, "file"), r->d);
}

static void read_media(ls_readout_reader *r, const ls_value *map, ls_readout *out)
{
    const ls_value *list = ls_field_list(map, "media", 0, LS_READOUT_MEDIA_MAX, r->d);
    ls_ids files;
    if (list == NULL || !ls_ids_init(&files, "file", list->count, r->arena, r->d)) {
        return;
    }
    out->medium = ls_arena_array(r->arena, list->count, sizeof *out->medium);
    if (out->medium == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        const ls_value *v = list->items[i];
        ls_medium *m = &out->medium[out->medium_count++];
        m->mark = v->mark;
        ls_value_check_map(v, "medium", LS_KEYS({"file", true}, {"caption", true}), r->d);
        read_file_name(r, v, &files, m);
        ls_readout_read_text(r, v, "caption", LS_READOUT_CAPTION_MAX, false, &m->caption);
    }
}

/* The whole. */

void ls_readout_read(ls_arena *arena, const ls_value *v, const ls_charter *charter, ls_diagnostics *d, ls_readout *out)
{
    ls_readout_reader r = {.arena = arena, .charter = charter, .d = d};
    *out = (ls_readout){0};
    ls_value_check_map(v, "readout",
                       LS_KEYS({"readout", true}, {"headline", true}, {"date", true}, {"language", true},
                               {"body", true}, {"media", false}, {"claims", true}),
                       d);
    if (v->type != LS_MAP) {
        return;
    }
    read_version(&r, v);
    ls_readout_read_text(&r, v, "headline", LS_READOUT_HEADLINE_MAX, false, &out->headline);
    read_date(&r, v, &out->date);
    read_language(&r, v, &out->language);
    ls_readout_read_text(&r, v, "body", LS_READOUT_BODY_MAX, true, &out->body);
    read_media(&r, v, out);
    ls_readout_read_claims(&r, v, out);
}

static ls_result refuse(ls_diagnostics *d, ls_detail *detail)
{
    ls_diagnostics_sort(d);
    if (d->arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    if (d->count > 0 && d->item[0].hint[0] != '\0') {
        ls_hint(detail, "%s", d->item[0].hint);
    }
    return ls_fail_with(&ls_fault_readout_form, detail, "%s", d->count == 0 ? "" : d->item[0].text);
}

ls_result ls_readout_parse(ls_arena *arena, ls_bytes json, ls_readout *out, ls_detail *detail)
{
    ls_value *v;
    ls_readout r;
    ls_diagnostics *d = ls_arena_alloc(arena, sizeof *d);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = arena;
    ls_result parsed = ls_json_parse(arena, json, &v, detail);
    if (ls_failed(parsed)) {
        return parsed.fault == &ls_fault_memory ? parsed : ls_fail(&ls_fault_readout_form);
    }
    ls_result canonical = ls_json_check_canonical(v, json);
    if (ls_failed(canonical)) {
        return canonical.fault == &ls_fault_memory
                   ? canonical
                   : ls_fail_with(&ls_fault_readout_form, detail, "it is not canonical JSON");
    }
    ls_readout_read(arena, v, NULL, d, &r);
    if (d->errors > 0 || arena->failed) {
        return refuse(d, detail);
    }
    *out = r;
    return LS_SUCCESS;
}
