/*
 * Measures the sequencer over a store in a temporary folder and prints one JSON object a line: {"name", "value",
 * "unit"}.
 *
 *   bench_sequencer [ACTS [FOLDER]]
 *
 * ACTS acts by three parties, in batches of several sizes, each batch acknowledged durably before the next is handed
 * over; their signatures count as verified, as a server's threads have done it before. Beside it two bare syncs for
 * each batch: what the disk alone would cost. FOLDER: where the store lies, to measure another disk.
 */
#include "bench.h"
#include "crypto/crypto.h"
#include "fixture/fixture.h"
#include "fixture/system.h"
#include "ledger/sequencer.h"
#include "os/os.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ORIGIN "exercise.rok.example/fixture"
#define BATCH_MAX 1000

typedef struct bench {
    char folder[300];
    fixture f;
    ls_secret *seed;
    ls_vkey key;
    ls_store *store;
    ls_sequencer *sequencer;
    struct {
        uint64_t seq;
        ls_hash last;
    } chain[FIXTURE_PARTIES];
    char head[128];
} bench;

static ls_result clock_now(void *context, ls_time *out, ls_detail *detail)
{
    (void)detail;
    *out = ((fixture *)context)->now;
    return LS_SUCCESS;
}

static void submit(bench *b, ls_sequencer_item **items, size_t count)
{
    ls_detail detail = {0};
    bench_must(ls_sequencer_submit(b->sequencer, items, count, &detail), &detail);
    for (size_t i = 0; i < count; i++) {
        bench_must(items[i]->outcome.result, &items[i]->outcome.detail);
    }
}

/* Files one act with all that the fixture has attached, and lets the fixture follow. */
static void submit_one(bench *b, ls_bytes note)
{
    struct ls_submitted_file file[sizeof b->f.attachment / sizeof b->f.attachment[0]];
    for (size_t i = 0; i < b->f.attachment_count; i++) {
        file[i] = (struct ls_submitted_file){.hash = b->f.attachment[i].hash, .content = b->f.attachment[i].content};
    }
    ls_sequencer_item item = {.submission = {note, b->f.attachment_count, file}}, *items[] = {&item};
    submit(b, items, 1);
    fixture_append(&b->f, note);
}

static void open_sequencer(bench *b, const char *parent)
{
    static const uint8_t seed[LS_SEED_SIZE] = {7};
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    uint64_t epoch = 0;
    ls_detail detail = {0};
    snprintf(b->folder, sizeof b->folder, "%s", parent);
    b->seed = ls_secret_from(seed);
    ls_ed25519_keypair(seed, public_key, secret_key);
    ls_vkey_make(ls_bytes_str(ORIGIN), LS_KEY_ED25519, public_key, &b->key);
    fixture_open(&b->f, &b->key);
    bench_must(ls_store_sqlite(b->folder, true, &b->store, &detail), &detail);
    bench_must(ls_sequencer_new(b->store, &b->key, b->seed, (ls_ledger_clock){clock_now, &b->f}, &b->sequencer), NULL);
    bench_must(b->store->methods->lead(b->store, ls_bytes_str("bench"), 10, &epoch, &detail), &detail);
    bench_must(ls_sequencer_bring_up(b->sequencer, epoch, &detail), &detail);
}

/* Charter and accord; then every act names this head, as an author may who has not looked since. */
static void begin(bench *b)
{
    ls_hash root;
    ls_buf head = {0};
    submit_one(b, fixture_charter(&b->f));
    submit_one(b, fixture_accord(&b->f));
    const ls_record *r = ls_sequencer_record(b->sequencer);
    ls_record_root(r, 1, &root);
    ls_buf_put_str(&head, "1 ");
    ls_buf_put_base64(&head, ls_bytes_of(root.b, sizeof root.b));
    snprintf(b->head, sizeof b->head, "%s", ls_buf_cstr(&head));
    ls_buf_free(&head);
}

static ls_bytes make_act(bench *b, size_t i)
{
    static const char *const kinds[FIXTURE_PARTIES] = {"confirm", "perform", "suspend"};
    size_t party = (i + 1) % FIXTURE_PARTIES;
    char text[LS_HEX_HASH_SIZE];
    ls_act_draft d;
    ls_act act;
    fixture_draft(&b->f, party, kinds[party], &d);
    ls_hash_format(&b->f.accord, text);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", text);
    ls_act_draft_set(&d, LS_H_SEQ, "%llu", (unsigned long long)++b->chain[party].seq);
    ls_hash_format(&b->chain[party].last, text);
    ls_act_draft_set(&d, LS_H_PREV, "%s", text);
    ls_act_draft_set(&d, LS_H_HEAD, "%s", b->head);
    if (party != FIXTURE_ROK) {
        ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    }
    ls_buf_put_str(&d.text, "As reported by the responsible authority.\n");
    ls_bytes note = fixture_finish(&b->f, &d);
    bench_must(ls_act_parse(note, false, &act, NULL), NULL);
    b->chain[party].last = act.id;
    return note;
}

static double two_syncs_each(const bench *b, size_t batches)
{
    static const uint8_t block[4096];
    char path[320];
    snprintf(path, sizeof path, "%s/syncs", b->folder);
    int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    double start = ls_clock_monotonic();
    for (size_t i = 0; i < 2 * batches; i++) {
        if (fd < 0 || write(fd, block, sizeof block) != (ssize_t)sizeof block || fdatasync(fd) != 0) {
            perror("bench_sequencer: fdatasync");
            exit(LS_CLASS_ENVIRONMENT);
        }
    }
    double seconds = ls_clock_monotonic() - start;
    close(fd);
    unlink(path);
    return seconds;
}

static void bench_batches(bench *b, size_t acts, size_t size)
{
    static ls_sequencer_item item[BATCH_MAX], *items[BATCH_MAX];
    ls_bytes *note = calloc(acts, sizeof *note);
    char name[64];
    if (note == NULL) {
        bench_must(ls_fail(&ls_fault_memory), NULL);
    }
    for (size_t i = 0; i < acts; i++) {
        note[i] = make_act(b, i);
    }
    double start = ls_clock_monotonic(), busy = bench_busy();
    uint64_t version = ls_record_keys_version(ls_sequencer_record(b->sequencer));
    for (size_t done = 0; done < acts; done += size) {
        for (size_t i = 0; i < size; i++) {
            item[i] =
                (ls_sequencer_item){.submission = {.note = note[done + i]}, .verified = true, .keys_version = version};
            items[i] = &item[i];
        }
        submit(b, items, size);
    }
    busy = bench_busy() - busy;
    double all = ls_clock_monotonic() - start;
    snprintf(name, sizeof name, "sequencer_acts_per_s_%zu", size);
    bench_figure(name, (double)acts / all, "acts/s");
    snprintf(name, sizeof name, "sequencer_acts_per_busy_s_%zu", size);
    bench_figure(name, (double)acts / busy, "acts/s");
    snprintf(name, sizeof name, "sequencer_share_of_sync_%zu", size);
    bench_figure(name, two_syncs_each(b, acts / size) / all, "ratio");
    free(note);
}

int main(int argc, char **argv)
{
    static bench b;
    static const size_t sizes[] = {64, 250, BATCH_MAX};
    size_t acts = argc > 1 ? strtoul(argv[1], NULL, 10) : 64000;
    char parent[256];
    if (argc > 3 || acts == 0 || acts % 16000 != 0) {
        fprintf(stderr, "usage: bench_sequencer [ACTS [FOLDER]]   ACTS a multiple of 16000\n");
        return LS_CLASS_USAGE;
    }
    bench_must(ls_crypto_init(), NULL);
    if (argc <= 2) {
        system_folder(parent, sizeof parent);
    }
    open_sequencer(&b, argc > 2 ? argv[2] : parent);
    begin(&b);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        bench_batches(&b, acts, sizes[i]);
    }
    ls_sequencer_free(b.sequencer);
    b.store->methods->close(b.store);
    ls_secret_free(b.seed);
    fixture_close(&b.f);
    if (argc <= 2) {
        system_remove(parent);
    }
    return 0;
}
