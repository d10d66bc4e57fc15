#include "history.h"
#include "bench.h"
#include <stdlib.h>

ls_bytes history_act(fixture *f, size_t i)
{
    static const char *const kinds[] = {"perform", "confirm", "perform", "object"};
    const char *kind = kinds[i % 4];
    bool answer = i % 2 == 1;
    char text[LS_HEX_HASH_SIZE];
    uint64_t seq;
    ls_hash reported;
    ls_act_draft d;
    fixture_draft(f, answer ? FIXTURE_DPRK : FIXTURE_USA, kind, &d);
    ls_hash_format(&f->accord, text);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", text);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    if (answer) {
        ls_record_next(f->record, FIXTURE_USA, &seq, &reported);
        ls_hash_format(&reported, text);
        ls_act_draft_set(&d, LS_H_REF, "%s", text);
        ls_buf_put_str(&d.text, "As seen by our inspectors.\n");
    }
    return fixture_finish(f, &d);
}

/* Takes what the fixture has appended since. */
static void collect(history *h)
{
    for (size_t i = 0; i < h->f.entry_count; i++) {
        h->entry[h->count++] = h->f.entry[i];
    }
    h->f.entry_count = 0;
}

/* A minute later; with a stamp after it, as the ledger would write it. */
static void add(history *h, ls_bytes note, bool stamped)
{
    fixture_append(&h->f, note);
    h->f.now += 60;
    if (stamped) {
        fixture_stamp(&h->f);
    }
    collect(h);
}

/* A stamp holds a signed checkpoint, so it has two signatures, or more. */
static size_t count_signatures(ls_bytes note)
{
    size_t count = 0;
    ls_reader r = ls_reader_of(note);
    for (ls_bytes line; ls_read_line(&r, &line);) {
        count += ls_bytes_starts(line, "\xe2\x80\x94 ");
    }
    return count;
}

static void reserve(history *h, size_t more)
{
    if (h->count + more > h->capacity) {
        h->capacity = h->count + more;
        ls_bytes *grown = realloc(h->entry, h->capacity * sizeof *grown);
        if (grown == NULL) {
            bench_must(ls_fail(&ls_fault_memory), NULL);
        }
        h->entry = grown;
    }
}

static void count_all_signatures(history *h)
{
    h->signatures = 0;
    for (size_t i = 0; i < h->count; i++) {
        h->signatures += count_signatures(h->entry[i]);
    }
}

static void add_act(history *h)
{
    ls_bytes note = history_act(&h->f, h->acts++);
    add(h, note, h->acts % h->every == 0);
}

void history_make(history *h, size_t entries, bool watched, size_t every)
{
    reserve(h, entries + 8);
    h->every = every;
    if (watched) {
        fixture_open_watched(&h->f, false);
    } else {
        fixture_open(&h->f, NULL);
    }
    add(h, fixture_charter(&h->f), true);
    add(h, fixture_accord(&h->f), true);
    while (h->count < entries) {
        add_act(h);
    }
    count_all_signatures(h);
}

void history_grow(history *h, size_t acts)
{
    reserve(h, 2 * acts);
    for (size_t i = 0; i < acts; i++) {
        add_act(h);
    }
    count_all_signatures(h);
}

void history_free(history *h)
{
    fixture_close(&h->f);
    free(h->entry);
}
