/* Exports: acts as CSV and as JSON Lines, measures as CSV. */
#include "base/value.h"
#include "portal/state.h"
#include "site/parts.h"
#include <stdlib.h>

typedef unsigned long long ull;

/* CSV (RFC 4180). What a spreadsheet would take for a formula is marked as text: acts say what they want. */
static void put_cell(ls_buf *out, bool first, ls_bytes text)
{
    bool formula = text.len > 0 && strchr("=+-@\t\r", text.ptr[0]) != NULL;
    ls_buf_put_str(out, first ? "\"" : ",\"");
    ls_buf_put_str(out, formula ? "'" : "");
    for (size_t i = 0; i < text.len; i++) {
        ls_buf_put_u8(out, text.ptr[i]);
        if (text.ptr[i] == '"') {
            ls_buf_put_u8(out, '"');
        }
    }
    ls_buf_put_str(out, "\"");
}

static void put_row(ls_buf *out, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_cell(out, i == 0, ls_bytes_str(cells[i]));
    }
    ls_buf_put_str(out, "\r\n");
}

static const char *time_text(ls_arena *arena, ls_time t)
{
    char text[LS_TIME_SIZE];
    if (t < 0 || t > LS_TIME_MAX) {
        return "";
    }
    ls_time_format(t, text);
    const char *kept = ls_arena_str(arena, ls_bytes_str(text));
    return kept == NULL ? "" : kept;
}

static const char *text_of(ls_arena *arena, ls_bytes text)
{
    const char *kept = ls_arena_str(arena, text);
    return kept == NULL ? "" : kept;
}

static const char *mark_of(const ls_record_entry *e)
{
    return e->lapsed ? "lapsed" : e->annulled ? "annulled" : e->repudiated ? "repudiated" : "";
}

/* Free text, but where it is a checkpoint, or receipts. */
static ls_bytes words_of(const ls_act *act)
{
    bool words = act->shape != LS_SHAPE_STAMP && !ls_bytes_is(act->kind, "receipts");
    return words ? act->text : (ls_bytes){0};
}

static void put_act_csv(site *x, uint64_t index, const ls_act *act, ls_arena *arena, ls_buf *out)
{
    ls_record_entry e = ls_record_at(x->record, index);
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&e.id, hex);
    const char *cells[] = {ls_arena_format(arena, "%llu", (ull)index),
                           time_text(arena, e.time),
                           ls_site_author(x, index, act, arena),
                           text_of(arena, e.kind),
                           ls_site_subject(x, index, arena),
                           act->has[LS_H_DATE] ? text_of(arena, act->raw[LS_H_DATE]) : "",
                           act->has[LS_H_REF] ? text_of(arena, act->raw[LS_H_REF]) : "",
                           mark_of(&e),
                           text_of(arena, words_of(act)),
                           hex};
    if (!arena->failed) {
        put_row(out, cells, sizeof cells / sizeof *cells);
    }
    out->failed |= arena->failed;
}

static void put_act_json(site *x, uint64_t index, ls_bytes note, const ls_act *act, ls_arena *arena, ls_buf *out)
{
    ls_record_entry e = ls_record_at(x->record, index);
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&e.id, hex);
#define TEXT(text) ls_value_string(arena, ls_bytes_str(text))
    const ls_entry entries[] = {
        {.key = ls_bytes_str("entry"), .value = ls_value_integer(arena, (int64_t)index)},
        {.key = ls_bytes_str("time"), .value = TEXT(time_text(arena, e.time))},
        {.key = ls_bytes_str("by"), .value = TEXT(ls_site_author(x, index, act, arena))},
        {.key = ls_bytes_str("kind"), .value = ls_value_string(arena, e.kind)},
        {.key = ls_bytes_str("about"), .value = TEXT(ls_site_subject(x, index, arena))},
        {.key = ls_bytes_str("mark"), .value = TEXT(mark_of(&e))},
        {.key = ls_bytes_str("exercise"), .value = ls_value_boolean(arena, act->exercise)},
        {.key = ls_bytes_str("id"), .value = TEXT(hex)},
        {.key = ls_bytes_str("note"), .value = ls_value_string(arena, note)},
    };
#undef TEXT
    const ls_value *v = ls_value_map(arena, sizeof entries / sizeof *entries, entries);
    out->failed |= v == NULL || arena->failed;
    if (!out->failed) {
        ls_json_canonical(v, out);
        ls_buf_put_str(out, "\n");
    }
}

/* Two files that may be larger than memory should be. */
typedef struct acts_files {
    ls_file_writer csv, jsonl;
    ls_buf line;
} acts_files;

static ls_result flush(site *x, acts_files *f, ls_file_writer *to)
{
    LS_TRY(ls_buf_check(&f->line));
    LS_TRY(ls_file_append(to, ls_buf_bytes(&f->line), x->detail));
    f->line.len = 0;
    return LS_SUCCESS;
}

static ls_result put_act(site *x, uint64_t index, ls_arena *arena, acts_files *f)
{
    ls_bytes note;
    ls_act *act;
    LS_TRY(ls_site_act(x, index, arena, &note, &act));
    put_act_csv(x, index, act, arena, &f->line);
    LS_TRY(flush(x, f, &f->csv));
    put_act_json(x, index, note, act, arena, &f->line);
    return flush(x, f, &f->jsonl);
}

static ls_result put_acts(site *x, acts_files *f)
{
    static const char *const heading[] = {"entry", "time", "by", "kind", "about", "date", "ref", "mark", "text", "id"};
    LS_TRY(ls_publish_stream(&x->out, "data/acts.csv", &f->csv));
    LS_TRY(ls_publish_stream(&x->out, "data/acts.jsonl", &f->jsonl));
    put_row(&f->line, heading, sizeof heading / sizeof *heading);
    LS_TRY(flush(x, f, &f->csv));
    for (uint64_t i = 0; i < x->head.size; i++) {
        ls_arena arena = {0};
        ls_result r = put_act(x, i, &arena, f);
        ls_arena_free(&arena);
        LS_TRY(r);
    }
    LS_TRY(ls_publish_commit(&x->out, &f->csv));
    return ls_publish_commit(&x->out, &f->jsonl);
}

static ls_result write_acts(site *x)
{
    acts_files *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    f->csv.fd = f->jsonl.fd = -1;
    ls_result r = put_acts(x, f);
    ls_file_abort(&f->csv);
    ls_file_abort(&f->jsonl);
    ls_buf_free(&f->line);
    free(f);
    return r;
}

/* Measures. */

static const char *entry_text(ls_arena *arena, uint32_t index)
{
    return index == LS_NO_ENTRY ? "" : ls_arena_format(arena, "%u", index);
}

static void put_measure(const site *x, const ls_card *k, size_t measure, ls_arena *arena, ls_buf *out)
{
    const ls_roadmap *r = k->accord->roadmap;
    const ls_measure *m = &r->measures[measure];
    const ls_measure_state *s = &k->state.measure[measure];
    const char *amount = ls_why_amount(m, s, arena);
    const char *cells[] = {text_of(arena, r->name),
                           text_of(arena, m->id),
                           ls_why_parties(k->charter, m->by, arena),
                           text_of(arena, r->tracks[m->track].id),
                           text_of(arena, r->steps[m->step].id),
                           text_of(arena, m->what),
                           ls_state_name(s->state),
                           time_text(arena, s->since),
                           s->has_deadline ? time_text(arena, s->deadline) : "",
                           ls_arena_format(arena, "%u", s->score),
                           s->assessed_by == LS_NO_ENTRY ? "derived" : "assessed",
                           amount == NULL ? "" : amount,
                           entry_text(arena, s->performed_by),
                           entry_text(arena, s->answered_by),
                           ls_why(&k->account, measure),
                           time_text(arena, x->portal.at)};
    if (!arena->failed) {
        put_row(out, cells, sizeof cells / sizeof *cells);
    }
    out->failed |= arena->failed;
}

static void put_measures(const site *x, ls_buf *out)
{
    static const char *const heading[] = {"accord",          "measure",        "by",       "track", "step",   "what",
                                          "state",           "since",          "deadline", "score", "scored", "amount",
                                          "performed-entry", "answered-entry", "why",      "as-of"};
    const ls_portal_state *s = x->portal.state;
    put_row(out, heading, sizeof heading / sizeof *heading);
    for (size_t i = 0; i < s->card_count; i++) {
        for (size_t m = 0; m < s->card[i].accord->roadmap->measure_count; m++) {
            ls_arena arena = {0};
            put_measure(x, &s->card[i], m, &arena, out);
            ls_arena_free(&arena);
        }
    }
}

ls_result ls_site_data(site *x)
{
    ls_buf measures = {0};
    bool there = ls_publish_has(&x->out, "data/acts.csv") && ls_publish_has(&x->out, "data/acts.jsonl");
    LS_TRY(x->nothing_new && there ? LS_SUCCESS : write_acts(x));
    put_measures(x, &measures);
    ls_result r = ls_buf_check(&measures);
    r = ls_succeeded(r) ? ls_publish_changed(&x->out, "data/measures.csv", ls_buf_bytes(&measures)) : r;
    ls_buf_free(&measures);
    return r;
}
