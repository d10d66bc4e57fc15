/*
 * Measures how long it takes whoever trusts nobody to read a whole ledger, and prints one JSON object a line: {"name",
 * "value", "unit"}.
 *
 *   bench_replay LOCKSTEP LEDGER
 *
 * LOCKSTEP: the program. LEDGER: a ledger's folder, with many entries. A fresh replica of it is made: every entry
 * parsed, accepted, verified and committed durably. `lockstep audit` and `lockstep ledger check` read it, too: whole
 * processes. Beside each, in turns, the rate at which all processors verify as many signatures and do nothing else: as
 * the machine has other work now and then, what is measured just before and just after stands for what it could do.
 */
#include "bench.h"
#include "crypto/crypto.h"
#include "fixture/system.h"
#include "ledger/replica.h"
#include "os/os.h"
#include "verifying.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#define PROBE 100000 /* signatures: a few seconds */

typedef struct ledger {
    const char *program, *folder;
    ls_ledger *source;
    ls_hash process;
    uint64_t size, signatures, bytes;
} ledger;

/* A stamp holds a signed checkpoint, so it has two signatures. */
static ls_result count_entry(void *context, uint64_t index, ls_bytes note)
{
    ledger *l = context;
    ls_act act;
    ls_reader r = ls_reader_of(note);
    for (ls_bytes line; ls_read_line(&r, &line);) {
        l->signatures += ls_bytes_starts(line, "\xe2\x80\x94 ");
    }
    if (index == 0) {
        LS_TRY(ls_act_parse(note, false, &act, NULL));
        l->process = act.id;
    }
    l->bytes += note.len;
    return LS_SUCCESS;
}

static void open_ledger(const char *program, const char *folder, ledger *l)
{
    ls_buf bytes = {0};
    ls_note note;
    ls_checkpoint c;
    ls_detail detail = {0};
    *l = (ledger){.program = program, .folder = folder};
    bench_must(ls_ledger_open(folder, &l->source, &detail), &detail);
    bench_must(l->source->methods->checkpoint(l->source, LS_CHECKPOINT_LATEST, &bytes, &detail), &detail);
    bench_must(ls_note_parse(ls_buf_bytes(&bytes), &note), NULL);
    bench_must(ls_checkpoint_parse(note.text, &c), NULL);
    l->size = c.size;
    ls_buf_free(&bytes);
    bench_must(l->source->methods->read(l->source, 0, l->size, count_entry, l, &detail), &detail);
}

/* Each returns seconds by the wall's clock. */

static double copy(const ledger *l)
{
    char parent[256], folder[300];
    ls_replica *r;
    ls_detail detail = {0};
    system_folder(parent, sizeof parent);
    snprintf(folder, sizeof folder, "%s/replica", parent);
    bench_must(ls_replica_open(folder, &l->process, l->source, &r, &detail), &detail);
    double start = ls_clock_monotonic();
    bench_must(ls_replica_sync(r, LS_CHECKPOINT_LATEST, NULL, &detail), &detail);
    double seconds = ls_clock_monotonic() - start;
    ls_replica_close(r);
    system_remove(parent);
    return seconds;
}

static double run(const ledger *l, const char *verb, const char *second)
{
    int status;
    double start = ls_clock_monotonic();
    pid_t pid = fork();
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
        execl(l->program, l->program, verb, second, l->folder, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "bench_replay: lockstep %s failed\n", verb);
        exit(LS_CLASS_ENVIRONMENT);
    }
    return ls_clock_monotonic() - start;
}

static double audit(const ledger *l)
{
    return run(l, "audit", "--");
}

static double check(const ledger *l)
{
    return run(l, "ledger", "check");
}

int main(int argc, char **argv)
{
    static const struct {
        double (*run)(const ledger *l);
        const char *rate, *share;
    } rows[] = {{copy, "cold_copy_entries_per_s", "replay_share_of_ed25519"},
                {audit, "audit_entries_per_s", "audit_share_of_ed25519"},
                {check, "check_entries_per_s", "check_share_of_ed25519"}};
    ledger l;
    if (argc != 3) {
        fprintf(stderr, "usage: bench_replay LOCKSTEP LEDGER\n");
        return LS_CLASS_USAGE;
    }
    bench_must(ls_crypto_init(), NULL);
    open_ledger(argv[1], argv[2], &l);
    double before = bench_verifying_rate(PROBE, l.bytes / l.signatures);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        double seconds = rows[i].run(&l), after = bench_verifying_rate(PROBE, l.bytes / l.signatures);
        bench_figure(rows[i].rate, (double)l.size / seconds, "entries/s");
        bench_figure(rows[i].share, (double)l.signatures / seconds / ((before + after) / 2), "ratio");
        before = after;
    }
    l.source->methods->close(l.source);
    return 0;
}
