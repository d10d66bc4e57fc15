/* What a cosigner counts, as Prometheus reads it. */
#include "cosign/worker.h"
#include <inttypes.h>

static void put_head(ls_buf *out, const char *name, const char *type, const char *help)
{
    ls_buf_format(out, "# HELP lockstep_cosigner_%s %s\n# TYPE lockstep_cosigner_%s %s\n", name, help, name, type);
}

static void put_total(ls_buf *out, const char *name, const char *help, uint64_t value)
{
    put_head(out, name, "counter", help);
    ls_buf_format(out, "lockstep_cosigner_%s %" PRIu64 "\n", name, value);
}

/* A URL and an origin may hold what would end the value. */
static void put_label(ls_buf *out, const char *name, const char *value)
{
    ls_buf_format(out, "%s=\"", name);
    for (const char *p = value; *p != '\0'; p++) {
        if (*p == '"' || *p == '\\' || *p == '\n') {
            ls_buf_put_u8(out, '\\');
        }
        ls_buf_put_u8(out, *p == '\n' ? 'n' : (uint8_t)*p);
    }
    ls_buf_put_u8(out, '"');
}

/* Of what is followed, each a row: under the worker's lock. */
typedef struct series {
    const char *name, *type, *help;
    uint64_t (*read)(ls_worker *w);
} series;

static uint64_t read_entries(ls_worker *w)
{
    return w->size;
}

static uint64_t read_waiting(ls_worker *w)
{
    return w->waiting;
}

static uint64_t read_looks(ls_worker *w)
{
    return atomic_load(&w->looks);
}

static uint64_t read_failures(ls_worker *w)
{
    return atomic_load(&w->failures);
}

static const series followed[] = {
    {"entries", "gauge", "Entries that were replayed.", read_entries},
    {"waiting_acts", "gauge", "Acts with receipts that are not on the record.", read_waiting},
    {"looks_total", "counter", "Looks at a host that succeeded.", read_looks},
    {"look_failures_total", "counter", "Looks at a host that failed.", read_failures},
};

/* Process and URL tell sources apart, as their folders do; the origin, which may be the same or not known yet, is for
 * people. */
static void put_source(ls_buf *out, const series *what, ls_worker *w)
{
    char process[LS_HEX_HASH_SIZE];
    ls_hash_format(&w->source.process, process);
    pthread_mutex_lock(&w->lock);
    ls_buf_format(out, "lockstep_cosigner_%s{", what->name);
    put_label(out, "origin", w->origin);
    ls_buf_put_u8(out, ',');
    put_label(out, "process", process);
    ls_buf_put_u8(out, ',');
    put_label(out, "url", w->source.url);
    ls_buf_format(out, "} %" PRIu64 "\n", what->read(w));
    pthread_mutex_unlock(&w->lock);
}

void ls_cosign_put_metrics(ls_cosign_service *s, ls_buf *out)
{
    put_total(out, "cosigned_total", "Checkpoints that were cosigned.", atomic_load(&s->counts.cosigned));
    put_total(out, "refused_total", "Checkpoints that a rule held back.", atomic_load(&s->counts.refused));
    put_total(out, "receipts_total", "Receipts that were given.", atomic_load(&s->counts.receipts));
    for (size_t k = 0; k < sizeof followed / sizeof *followed; k++) {
        put_head(out, followed[k].name, followed[k].type, followed[k].help);
        for (size_t i = 1; i < s->count; i++) {
            put_source(out, &followed[k], &s->worker[i]);
        }
    }
}
