/*
 * Measures the embedded ledger's main paths and prints one JSON object a line: {"name", "value", "unit"}.
 *
 *   bench_record [ACTS [ENTRIES]]
 *
 * Appending: ACTS acts, one at a time, each acknowledged durably before the next is made, in a ledger in a temporary
 * folder; beside it, in turns, as many bare writes of 1 KiB with an fdatasync each: what one sync an act would cost.
 * Replaying: a record of ENTRIES entries in memory, as a ledger writes it (each act is followed by its stamp), beside
 * as many bare Ed25519 verifications of notes as long as it holds signatures. All on one processor; bench_replay has
 * all of them.
 */
#include "bench.h"
#include "crypto/crypto.h"
#include "fixture/system.h"
#include "history.h"
#include "ledger/ledger.h"
#include "os/os.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define ORIGIN "exercise.rok.example/fixture"
#define TURN 10 /* acts, then syncs, then acts again, so that both see the same disk */
#define ROUNDS 3

/* Appending. */

typedef struct bench {
    char parent[256];
    fixture f;
    ls_ledger *ledger;
    int file; /* of the bare syncs */
} bench;

static ls_result follow_entry(void *context, uint64_t index, ls_bytes note)
{
    fixture *f = context;
    (void)index;
    fixture_append(f, note);
    f->entry_count = 0; /* the fixture keeps only a few; here nobody asks for them again */
    return LS_SUCCESS;
}

/* Brings the fixture's record up to the ledger's, as the author of the next act must. */
static void follow(bench *b)
{
    ls_buf bytes = {0};
    ls_note note;
    ls_checkpoint c;
    ls_detail detail = {0};
    bench_must(b->ledger->methods->checkpoint(b->ledger, LS_CHECKPOINT_LATEST, &bytes, &detail), &detail);
    bench_must(ls_note_parse(ls_buf_bytes(&bytes), &note), &detail);
    bench_must(ls_checkpoint_parse(note.text, &c), &detail);
    uint64_t size = ls_record_size(b->f.record);
    bench_must(b->ledger->methods->read(b->ledger, size, c.size, follow_entry, &b->f, &detail), &detail);
    ls_buf_free(&bytes);
}

/* Files an act, with all that the fixture has attached so far; how long the ledger took to acknowledge it. */
static double submit(bench *b, ls_bytes note)
{
    struct ls_submitted_file file[sizeof b->f.attachment / sizeof b->f.attachment[0]];
    for (size_t i = 0; i < b->f.attachment_count; i++) {
        file[i] = (struct ls_submitted_file){.hash = b->f.attachment[i].hash, .content = b->f.attachment[i].content};
    }
    ls_submission submission = {note, b->f.attachment_count, file};
    ls_receipt receipt;
    ls_detail detail = {0};
    double start = ls_clock_monotonic();
    bench_must(b->ledger->methods->submit(b->ledger, &submission, &receipt, &detail), &detail);
    double seconds = ls_clock_monotonic() - start;
    follow(b);
    return seconds;
}

/* A new ledger with charter and accord on it. */
static void open_ledger(bench *b)
{
    char path[300];
    ls_vkey key;
    ls_detail detail = {0};
    system_folder(b->parent, sizeof b->parent);
    snprintf(path, sizeof path, "%s/ledger", b->parent);
    bench_must(ls_ledger_create(path, ORIGIN, &detail), &detail);
    bench_must(ls_ledger_key(path, &key, &detail), &detail);
    fixture_open(&b->f, &key);
    bench_must(ls_ledger_set_clock(path, b->f.now, &detail), &detail);
    bench_must(ls_ledger_open(path, &b->ledger, &detail), &detail);
    submit(b, fixture_charter(&b->f));
    submit(b, fixture_accord(&b->f));
    snprintf(path, sizeof path, "%s/syncs", b->parent);
    b->file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static double bare_syncs(const bench *b, size_t count)
{
    static const uint8_t block[1024];
    double start = ls_clock_monotonic();
    for (size_t i = 0; i < count; i++) {
        if (write(b->file, block, sizeof block) != (ssize_t)sizeof block || fdatasync(b->file) != 0) {
            perror("bench_record: fdatasync");
            exit(LS_CLASS_ENVIRONMENT);
        }
    }
    return ls_clock_monotonic() - start;
}

/*
 * An act costs four syncs, all of SQLite's write-ahead log: the act is committed before a checkpoint over it is signed,
 * the checkpoint is committed before the act is acknowledged, and its stamp is an entry with a checkpoint of its own.
 * So the share is about a quarter on a slow disk; on a fast one, signing and verifying count, too.
 */
static void bench_append(size_t acts)
{
    static bench b;
    double appending = 0, syncing = 0;
    open_ledger(&b);
    for (size_t done = 0; done < acts; done += TURN) {
        for (size_t i = done; i < done + TURN; i++) {
            appending += submit(&b, history_act(&b.f, i));
        }
        syncing += bare_syncs(&b, TURN);
    }
    bench_figure("append_acts_per_s", (double)acts / appending, "acts/s");
    bench_figure("append_share_of_sync_limit", syncing / appending, "ratio");
    b.ledger->methods->close(b.ledger);
    close(b.file);
    fixture_close(&b.f);
    system_remove(b.parent);
}

/* Replaying. */

typedef struct timing {
    double all, first, last; /* first and last: quarters */
} timing;

static double lesser(double a, double b)
{
    return a < b ? a : b;
}

static timing replay_once(history *h, ls_record_check check)
{
    ls_record *r;
    ls_detail detail = {0};
    double mark[5];
    bench_must(ls_record_new((ls_fetch){fixture_fetch, &h->f}, &r), &detail);
    mark[0] = bench_busy();
    for (size_t quarter = 0; quarter < 4; quarter++) {
        for (size_t i = quarter * h->count / 4; i < (quarter + 1) * h->count / 4; i++) {
            bench_must(ls_record_append(r, h->entry[i], check, &detail), &detail);
        }
        mark[quarter + 1] = bench_busy();
    }
    ls_record_free(r);
    return (timing){mark[4] - mark[0], mark[1] - mark[0], mark[4] - mark[3]};
}

/* The best of some rounds, each figure by itself: a neighbour's noise only ever adds. */
static timing replay(history *h, ls_record_check check)
{
    timing best = replay_once(h, check);
    for (int round = 1; round < ROUNDS; round++) {
        timing t = replay_once(h, check);
        best = (timing){lesser(best.all, t.all), lesser(best.first, t.first), lesser(best.last, t.last)};
    }
    return best;
}

/* How long as many signatures over a text of the mean length take to verify, and nothing else. */
static double ed25519_limit(const history *h)
{
    static const uint8_t zeros[LS_ACT_MAX];
    fixture_key key;
    uint8_t signature[LS_SIGNATURE_SIZE];
    size_t bytes = 0;
    for (size_t i = 0; i < h->count; i++) {
        bytes += h->entry[i].len;
    }
    ls_bytes text = ls_bytes_of(zeros, bytes / h->signatures);
    fixture_key_make("bench", &key);
    ls_ed25519_sign(text, key.secret, signature);
    double best = 1e9;
    for (int round = 0; round < ROUNDS; round++) {
        double start = bench_busy();
        for (size_t i = 0; i < h->signatures; i++) {
            if (!ls_ed25519_verify(text, key.vkey.key, signature)) {
                bench_must(ls_fail(&ls_fault_bug), NULL);
            }
        }
        best = lesser(best, bench_busy() - start);
    }
    return best;
}

static void bench_replay(size_t entries)
{
    static history h;
    history_make(&h, entries, false, 1);
    timing checked = replay(&h, LS_CHECK_SIGNATURES), trusted = replay(&h, LS_CHECK_TRUSTED);
    bench_figure("replay_entries_per_s", (double)h.count / checked.all, "entries/s");
    bench_figure("replay_share_of_ed25519_limit", ed25519_limit(&h) / checked.all, "ratio");
    bench_figure("replay_trusted_entries_per_s", (double)h.count / trusted.all, "entries/s");
    /* What an entry costs in the last quarter over what it costs in the first, where no signature hides it. */
    bench_figure("replay_growth", trusted.last / trusted.first, "ratio");
    history_free(&h);
}

int main(int argc, char **argv)
{
    size_t acts = argc > 1 ? strtoul(argv[1], NULL, 10) : 1000, entries = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;
    if (argc > 3 || acts == 0 || acts % TURN != 0 || entries < 100) {
        fprintf(stderr, "usage: bench_record [ACTS [ENTRIES]]   ACTS a multiple of %d, ENTRIES at least 100\n", TURN);
        return LS_CLASS_USAGE;
    }
    bench_must(ls_crypto_init(), NULL);
    bench_append(acts);
    bench_replay(entries);
    return 0;
}
