/* Counting, and the counts as Prometheus reads them. */
#include "server/metrics.h"
#include "os/os.h"
#include "server/hosted.h"
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

const unsigned ls_metrics_status[LS_METRICS_STATUSES] = {200, 201, 400, 401, 403, 404, 405, 409, 410,
                                                         413, 415, 422, 429, 500, 503, 414, 431, 0};

void ls_metrics_request(ls_server_metrics *m, ls_route_kind kind, unsigned status)
{
    size_t i = 0;
    while (ls_metrics_status[i] != 0 && ls_metrics_status[i] != status) {
        i++;
    }
    atomic_fetch_add_explicit(&m->requests[kind][i], 1, memory_order_relaxed);
}

void ls_metrics_refused(ls_server_metrics *m, const char *code)
{
    pthread_mutex_lock(&m->lock);
    size_t i = 0;
    while (i < LS_METRICS_CODES - 1 && m->refused[i].code != NULL && strcmp(m->refused[i].code, code) != 0) {
        i++;
    }
    m->refused[i].code = i == LS_METRICS_CODES - 1 ? "other" : code;
    m->refused[i].count++;
    pthread_mutex_unlock(&m->lock);
}

void ls_metrics_observe(ls_histogram *h, double value)
{
    size_t i = 0;
    while (i < LS_METRICS_BUCKETS - 1 && value > (double)(1u << i)) {
        i++;
    }
    atomic_fetch_add_explicit(&h->bucket[i], 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&h->sum, (uint64_t)(value * 1000), memory_order_relaxed);
}

/* Writing. */

static void put_head(ls_buf *out, const char *name, const char *type, const char *help)
{
    ls_buf_format(out, "# HELP lockstep_%s %s\n# TYPE lockstep_%s %s\n", name, help, name, type);
}

static void put_requests(ls_buf *out, const char *process, ls_server_metrics *m)
{
    for (ls_route_kind k = 0; k < LS_ROUTE_COUNT; k++) {
        for (size_t i = 0; i < LS_METRICS_STATUSES; i++) {
            uint64_t n = atomic_load(&m->requests[k][i]);
            if (n > 0) {
                ls_buf_format(out, "lockstep_requests_total{process=\"%s\",route=\"%s\",status=\"%u\"} %" PRIu64 "\n",
                              process, ls_route_name(k), ls_metrics_status[i], n);
            }
        }
    }
}

static void put_acts(ls_buf *out, ls_hosted *h)
{
    ls_server_metrics *m = &h->metrics;
    ls_buf_format(out, "lockstep_acts_total{process=\"%s\",result=\"accepted\"} %" PRIu64 "\n", h->name,
                  (uint64_t)atomic_load(&m->accepted));
    ls_buf_format(out, "lockstep_acts_total{process=\"%s\",result=\"known\"} %" PRIu64 "\n", h->name,
                  (uint64_t)atomic_load(&m->known));
    pthread_mutex_lock(&m->lock);
    for (size_t i = 0; i < LS_METRICS_CODES && m->refused[i].code != NULL; i++) {
        ls_buf_format(out, "lockstep_acts_total{process=\"%s\",result=\"%s\"} %" PRIu64 "\n", h->name,
                      m->refused[i].code, m->refused[i].count);
    }
    pthread_mutex_unlock(&m->lock);
}

/* divisor: from the unit of the buckets to that which is told. */
static void put_histogram(ls_buf *out, const char *name, const char *process, ls_histogram *h, double divisor)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < LS_METRICS_BUCKETS; i++) {
        sum += atomic_load(&h->bucket[i]);
        char bound[32] = "+Inf";
        if (i + 1 < LS_METRICS_BUCKETS) {
            snprintf(bound, sizeof bound, "%g", (double)(1u << i) / divisor);
        }
        ls_buf_format(out, "lockstep_%s_bucket{process=\"%s\",le=\"%s\"} %" PRIu64 "\n", name, process, bound, sum);
    }
    ls_buf_format(out, "lockstep_%s_sum{process=\"%s\"} %.15g\n", name, process,
                  (double)atomic_load(&h->sum) / 1000 / divisor);
    ls_buf_format(out, "lockstep_%s_count{process=\"%s\"} %" PRIu64 "\n", name, process, sum);
}

static uint64_t resident_bytes(void)
{
    char text[128] = "";
    ls_bytes size, resident;
    uint64_t pages = 0;
    FILE *f = fopen("/proc/self/statm", "re");
    if (f != NULL) {
        size_t len = fread(text, 1, sizeof text, f);
        ls_reader r = ls_reader_of(ls_bytes_of(text, len));
        if (!ls_read_until(&r, ' ', &size) || !ls_read_until(&r, ' ', &resident) ||
            !ls_decimal_parse(resident, UINT32_MAX, &pages)) {
            pages = 0;
        }
        fclose(f);
    }
    return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* Gauges of one process, each a row: what it is called, and how it is read from the view. */
typedef struct gauge {
    const char *name, *help;
    double (*read)(ls_hosted *h, const ls_view *v);
} gauge;

static double read_size(ls_hosted *h, const ls_view *v)
{
    (void)h;
    return (double)v->size[LS_CHECKPOINT_LATEST];
}

static double read_final(ls_hosted *h, const ls_view *v)
{
    (void)h;
    return (double)v->size[LS_CHECKPOINT_FINAL];
}

static double read_since_final(ls_hosted *h, const ls_view *v)
{
    (void)h;
    return ls_clock_monotonic() - v->final_since;
}

static double read_leading(ls_hosted *h, const ls_view *v)
{
    (void)h;
    return v->leading ? 1 : 0;
}

static double read_queue(ls_hosted *h, const ls_view *v)
{
    (void)v;
    return (double)atomic_load(&h->metrics.queued);
}

static double read_fresh(ls_hosted *h, const ls_view *v)
{
    (void)h;
    return ls_clock_monotonic() - v->fresh;
}

static const gauge gauges[] = {
    {"ledger_size", "Entries under the latest signed checkpoint.", read_size},
    {"final_size", "Entries under the latest final checkpoint.", read_final},
    {"final_age_seconds", "Seconds since the latest final checkpoint became so.", read_since_final},
    {"queue_length", "Acts and cosignatures that wait.", read_queue},
    {"leading", "1 if this server sequences the process, 0 if it follows.", read_leading},
    {"store_age_seconds", "Seconds since the store was last seen.", read_fresh},
};

static void put_gauges(ls_server *s, ls_buf *out)
{
    for (size_t g = 0; g < sizeof gauges / sizeof *gauges; g++) {
        put_head(out, gauges[g].name, "gauge", gauges[g].help);
        for (size_t i = 0; i < s->count; i++) {
            ls_view *v = ls_hosted_view(&s->hosted[i]);
            ls_buf_format(out, "lockstep_%s{process=\"%s\"} %.15g\n", gauges[g].name, s->hosted[i].name,
                          gauges[g].read(&s->hosted[i], v));
            ls_view_release(v);
        }
    }
}

static void put_http(ls_server *s, ls_buf *out)
{
    ls_http_counts c = ls_http_counted(s->http);
    put_head(out, "connections", "gauge", "Connections that are open.");
    ls_buf_format(out, "lockstep_connections %" PRIu64 "\n", c.connections);
    put_head(out, "http_refused_total", "counter", "Requests and connections refused for their form or size.");
    ls_buf_format(out, "lockstep_http_refused_total %" PRIu64 "\n", c.refused);
    put_head(out, "http_timeouts_total", "counter", "Connections that were cut for being slow.");
    ls_buf_format(out, "lockstep_http_timeouts_total %" PRIu64 "\n", c.timeouts);
    put_head(out, "resident_memory_bytes", "gauge", "Resident memory of the server.");
    ls_buf_format(out, "lockstep_resident_memory_bytes %" PRIu64 "\n", resident_bytes());
}

void ls_server_put_metrics(ls_server *s, ls_buf *out)
{
    put_head(out, "requests_total", "counter", "Requests by process, route and status.");
    put_requests(out, "", &s->metrics);
    for (size_t i = 0; i < s->count; i++) {
        put_requests(out, s->hosted[i].name, &s->hosted[i].metrics);
    }
    put_head(out, "acts_total", "counter", "Acts that were submitted, by what became of them.");
    for (size_t i = 0; i < s->count; i++) {
        put_acts(out, &s->hosted[i]);
    }
    put_head(out, "batch_acts", "histogram", "Acts in one commit.");
    for (size_t i = 0; i < s->count; i++) {
        put_histogram(out, "batch_acts", s->hosted[i].name, &s->hosted[i].metrics.batch, 1);
    }
    put_head(out, "append_seconds", "histogram", "From an act's receipt to its acknowledgement.");
    for (size_t i = 0; i < s->count; i++) {
        put_histogram(out, "append_seconds", s->hosted[i].name, &s->hosted[i].metrics.latency, 1000);
    }
    put_gauges(s, out);
    put_http(s, out);
}

#define FRESH_SECONDS 10

unsigned ls_server_put_health(ls_server *s, bool whole, ls_buf *out)
{
    bool well = true;
    ls_buf list = {0};
    for (size_t i = 0; i < s->count; i++) {
        ls_view *v = ls_hosted_view(&s->hosted[i]);
        double age = ls_clock_monotonic() - v->fresh;
        bool fresh = v->fresh > 0 && age < FRESH_SECONDS;
        well = well && fresh;
        /* Names in paths need no escapes in JSON: they are checked when the server starts. */
        ls_buf_format(&list,
                      "%s{\"process\":\"%s\",\"leading\":%s,\"fresh\":%s,\"size\":%" PRIu64 ",\"final\":%" PRIu64 "}",
                      i == 0 ? "" : ",", s->hosted[i].name, v->leading ? "true" : "false", fresh ? "true" : "false",
                      v->size[LS_CHECKPOINT_LATEST], v->size[LS_CHECKPOINT_FINAL]);
        ls_view_release(v);
    }
    well = well && !atomic_load(&s->stopping);
    ls_buf_format(out, "{\"status\":\"%s\"", well ? "ok" : "failing");
    if (whole) {
        ls_buf_put_str(out, ",\"processes\":[");
        ls_buf_put_bytes(out, ls_buf_bytes(&list));
        ls_buf_put_u8(out, ']');
    }
    ls_buf_put_str(out, "}\n");
    ls_buf_free(&list);
    return well ? 200 : 503;
}
