/*
 * Drives a sequencer over a SQLite store from a script, for the tests that take its power away.
 *
 *   sequencer_driver FOLDER BATCHES WORD
 *
 * Brings the ledger in FOLDER up, or makes it, and files so many batches of acts; WORD stands in their texts, so that a
 * run after a crash makes others. For each batch that is acknowledged it prints one line: `ack SIZE ROOT ID…`, size and
 * root being those of the checkpoint that covers it.
 */
#include "fixture/fixture.h"
#include "ledger/sequencer.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ORIGIN "exercise.rok.example/fixture"
#define BATCH_MAX 40

typedef struct driver {
    fixture f;
    ls_secret *seed;
    ls_vkey key;
    ls_store *store;
    ls_sequencer *sequencer;
    const char *word;
    unsigned long count;
} driver;

static void must(ls_result r, const ls_detail *detail)
{
    if (ls_failed(r)) {
        fprintf(stderr, "sequencer_driver: %s: %s\n", r.fault->sentence, detail == NULL ? "" : detail->text);
        exit(r.fault->class);
    }
}

static ls_result fixture_clock(void *context, ls_time *out, ls_detail *detail)
{
    (void)detail;
    *out = ((const fixture *)context)->now;
    return LS_SUCCESS;
}

static void acknowledge(const driver *d, const ls_hash *id, size_t count)
{
    ls_note note;
    ls_checkpoint c;
    ls_buf line = {0};
    must(ls_note_parse(ls_sequencer_checkpoint(d->sequencer, LS_CHECKPOINT_LATEST), &note), NULL);
    must(ls_checkpoint_parse(note.text, &c), NULL);
    ls_buf_format(&line, "ack %llu ", (unsigned long long)c.size);
    ls_buf_put_hex(&line, ls_bytes_of(c.root.b, sizeof c.root.b));
    for (size_t i = 0; i < count; i++) {
        ls_buf_put_u8(&line, ' ');
        ls_buf_put_hex(&line, ls_bytes_of(id[i].b, sizeof id[i].b));
    }
    ls_buf_put_u8(&line, '\n');
    must(ls_buf_check(&line), NULL);
    if (write(STDOUT_FILENO, line.ptr, line.len) != (ssize_t)line.len) {
        exit(LS_CLASS_ENVIRONMENT);
    }
    ls_buf_free(&line);
}

static void submit(driver *d, const ls_bytes *note, size_t count)
{
    static ls_sequencer_item item[BATCH_MAX], *items[BATCH_MAX];
    struct ls_submitted_file file[sizeof d->f.attachment / sizeof d->f.attachment[0]];
    ls_hash id[BATCH_MAX];
    ls_detail detail = {0};
    for (size_t i = 0; i < d->f.attachment_count; i++) {
        file[i] = (struct ls_submitted_file){.hash = d->f.attachment[i].hash, .content = d->f.attachment[i].content};
    }
    for (size_t i = 0; i < count; i++) {
        ls_act act;
        must(ls_act_parse(note[i], false, &act, NULL), NULL);
        id[i] = act.id;
        item[i] = (ls_sequencer_item){.submission = {note[i], d->f.attachment_count, file}};
        items[i] = &item[i];
    }
    must(ls_sequencer_submit(d->sequencer, items, count, &detail), &detail);
    for (size_t i = 0; i < count; i++) {
        must(item[i].outcome.result, &item[i].outcome.detail);
    }
    acknowledge(d, id, count);
}

/* The next act of rok, after `before` ones that are not on the record yet, of which the last is `last`. */
static ls_bytes make_act(driver *d, uint64_t before, ls_hash *last, bool file)
{
    const ls_record *r = ls_sequencer_record(d->sequencer);
    char text[LS_HEX_HASH_SIZE];
    uint64_t seq;
    ls_hash prev, root;
    ls_buf head = {0};
    ls_act_draft a;
    ls_act act;
    fixture_draft(&d->f, FIXTURE_ROK, "suspend", &a);
    ls_hash_format(&d->f.accord, text);
    ls_act_draft_set(&a, LS_H_ACCORD, "%s", text);
    ls_record_next(r, FIXTURE_ROK, &seq, &prev);
    ls_act_draft_set(&a, LS_H_SEQ, "%llu", (unsigned long long)(seq + before));
    ls_hash_format(before == 0 ? &prev : last, text);
    ls_act_draft_set(&a, LS_H_PREV, "%s", text);
    ls_record_root(r, ls_record_size(r), &root);
    ls_buf_format(&head, "%llu ", (unsigned long long)ls_record_size(r));
    ls_buf_put_base64(&head, ls_bytes_of(root.b, sizeof root.b));
    ls_act_draft_set(&a, LS_H_HEAD, "%s", ls_buf_cstr(&head));
    ls_buf_free(&head);
    ls_buf_format(&a.text, "Number %lu of %s.\n", ++d->count, d->word);
    if (file) {
        ls_attachment attachment = fixture_attach(&d->f, "cause.txt", "text/plain", ls_buf_bytes(&a.text));
        ls_act_draft_attach(&a, &attachment);
    }
    ls_bytes note = fixture_finish(&d->f, &a);
    must(ls_act_parse(note, false, &act, NULL), NULL);
    *last = act.id;
    return note;
}

static void open_driver(driver *d, const char *folder)
{
    static const uint8_t seed[LS_SEED_SIZE] = {11};
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    uint64_t epoch = 0;
    ls_detail detail = {0};
    d->seed = ls_secret_from(seed);
    ls_ed25519_keypair(seed, public_key, secret_key);
    ls_vkey_make(ls_bytes_str(ORIGIN), LS_KEY_ED25519, public_key, &d->key);
    fixture_open(&d->f, &d->key);
    must(ls_store_sqlite(folder, true, &d->store, &detail), &detail);
    must(ls_sequencer_new(d->store, &d->key, d->seed, (ls_ledger_clock){fixture_clock, &d->f}, &d->sequencer), NULL);
    must(d->store->methods->lead(d->store, ls_bytes_str(d->word), 10, &epoch, &detail), &detail);
    must(ls_sequencer_bring_up(d->sequencer, epoch, &detail), &detail);
    /* The fixture makes the same charter and accord each time; both are answered with their place if they are there. */
    ls_bytes note = fixture_charter(&d->f);
    submit(d, &note, 1);
    fixture_append(&d->f, note);
    note = fixture_accord(&d->f);
    submit(d, &note, 1);
    fixture_append(&d->f, note);
}

int main(int argc, char **argv)
{
    static driver d;
    if (argc != 4) {
        fprintf(stderr, "usage: sequencer_driver FOLDER BATCHES WORD\n");
        return LS_CLASS_USAGE;
    }
    must(ls_crypto_init(), NULL);
    d.word = argv[3];
    open_driver(&d, argv[1]);
    for (unsigned long batch = 0; batch < strtoul(argv[2], NULL, 10); batch++) {
        ls_bytes note[BATCH_MAX];
        ls_hash last;
        size_t count = 1 + batch * 13 % BATCH_MAX;
        for (size_t i = 0; i < count; i++) {
            note[i] = make_act(&d, i, &last, i == 0);
        }
        submit(&d, note, count);
    }
    ls_sequencer_free(d.sequencer);
    d.store->methods->close(d.store);
    ls_secret_free(d.seed);
    fixture_close(&d.f);
    return 0;
}
