/* Answers: counted, logged where something is wrong, and of one form where something failed. */
#include "bundle/bundle.h"
#include "os/os.h"
#include "process/finality.h"
#include "server/hosted.h"

const ls_fault ls_fault_server_busy = {LS_CLASS_ENVIRONMENT, "server-busy", "the server is busy"};
const ls_fault ls_fault_server_route = {LS_CLASS_USAGE, "no-such-path", "there is nothing at this path"};
const ls_fault ls_fault_server_method = {LS_CLASS_USAGE, "no-such-method", "this path does not take this method"};
const ls_fault ls_fault_server_form = {LS_CLASS_USAGE, "request-malformed", "the request can't be read"};
const ls_fault ls_fault_server_local = {LS_CLASS_USAGE, "local-only", "this is shown on the server's own machine only"};

#define PLAIN "text/plain; charset=utf-8"

static const struct meaning {
    const ls_fault *fault;
    unsigned status;
} meanings[] = {
    {&ls_fault_server_form, 400},     {&ls_fault_note_form, 400},
    {&ls_fault_act_form, 400},        {&ls_fault_bundle_form, 400},
    {&ls_fault_checkpoint_form, 400}, {&ls_fault_bundle_attachment, 400},
    {&ls_fault_access, 401},          {&ls_fault_note_signature, 403},
    {&ls_fault_note_unsigned, 403},   {&ls_fault_checkpoint_signature, 403},
    {&ls_fault_absent, 404},          {&ls_fault_server_route, 404},
    {&ls_fault_server_method, 405},   {&ls_fault_refused, 422},
    {&ls_fault_store_damaged, 500},   {&ls_fault_server_local, 403},
};

static unsigned status_of(const ls_fault *fault)
{
    static const unsigned of_class[] = {
        [LS_CLASS_INVALID] = 422, [LS_CLASS_USAGE] = 400, [LS_CLASS_ENVIRONMENT] = 503, [LS_CLASS_BUG] = 500};
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (meanings[i].fault == fault) {
            return meanings[i].status;
        }
    }
    return of_class[fault->class];
}

/* Says who was refused and why; in a flood, how many more there were. */
static void log_refused(ls_server *s, const ls_server_event *e)
{
    double now = ls_clock_monotonic();
    unsigned suppressed = 0;
    pthread_mutex_lock(&s->lock_log);
    if (now - s->log_second >= 1) {
        suppressed = s->suppressed;
        s->log_second = now;
        s->logged = s->suppressed = 0;
    }
    bool loud = s->logged < LS_SERVER_LOG_MAX;
    s->logged += loud;
    s->suppressed += !loud;
    pthread_mutex_unlock(&s->lock_log);
    if (suppressed > 0) {
        ls_server_log(s, &(ls_server_event){.level = LS_EVENT_WARNING,
                                            .event = "suppressed",
                                            .text = "further refusals in one second are not listed",
                                            .count = suppressed,
                                            .milliseconds = -1});
    }
    if (loud) {
        ls_server_log(s, e);
    }
}

void ls_server_log(ls_server *s, const ls_server_event *e)
{
    pthread_mutex_lock(&s->lock_log);
    s->o.log(s->o.context, e);
    pthread_mutex_unlock(&s->lock_log);
}

static void count(ls_server *s, ls_hosted *h, ls_route_kind kind, unsigned status)
{
    ls_metrics_request(h != NULL ? &h->metrics : &s->metrics, kind, status);
}

void ls_server_answer(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x,
                      const ls_http_answer_options *o, ls_bytes body)
{
    count(s, h, kind, o->status);
    ls_http_answer(x, o, body);
}

void ls_server_answer_blob(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x,
                           const ls_http_answer_options *o, ls_blob *b)
{
    count(s, h, kind, o->status);
    ls_http_answer_shared(x, o, b->bytes, ls_blob_release, b);
}

ls_blob *ls_server_blob(ls_server *s, ls_buf *b)
{
    if (b->len > LS_SERVER_ANSWER_MAX) {
        return ls_blob_spool(b, s->o.folders[0]);
    }
    /* Whoever is a little late goes a little beyond it: one answer for each thread that makes them. */
    if (atomic_load(&s->answers) + b->len > LS_SERVER_ANSWERS_MAX) {
        ls_buf_free(b);
        *b = (ls_buf){0};
        return NULL;
    }
    return ls_blob_take(b, &s->answers);
}

/* One line, whatever it says. */
static void put_line(ls_buf *out, const char *text)
{
    for (const char *p = text; *p != '\0'; p++) {
        ls_buf_put_u8(out, *p == '\n' ? ' ' : (uint8_t)*p);
    }
    ls_buf_put_u8(out, '\n');
}

void ls_server_fail_as(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x, unsigned status,
                       ls_result r, const ls_detail *detail)
{
    static const ls_detail nothing = {0};
    const ls_detail *said = detail == NULL ? &nothing : detail;
    /* What is wrong with the server is for its log; strangers are not told of its folders. */
    const ls_detail *told = status < 500 ? said : &nothing;
    ls_buf body = {0};
    put_line(&body, r.fault->code);
    put_line(&body, told->text[0] != '\0' ? told->text : r.fault->sentence);
    put_line(&body, told->hint);
    ls_http_answer_options o = {.status = status, .content_type = PLAIN, .cache = "no-store"};
    if (status == 401) {
        o.header[0] = (ls_http_header){"WWW-Authenticate", "Lockstep"};
    } else if (status == 405) {
        o.header[0] = (ls_http_header){"Allow", ls_route_methods(kind)};
    } else if (status == 503) {
        o.header[0] = (ls_http_header){"Retry-After", "1"};
    }
    log_refused(s, &(ls_server_event){.level = status >= 500 ? LS_EVENT_ERROR : LS_EVENT_INFO,
                                      .event = status >= 500 ? "failed" : "refused",
                                      .process = h == NULL ? NULL : h->name,
                                      .text = said->text[0] != '\0' ? said->text : r.fault->code,
                                      .status = status,
                                      .count = -1,
                                      .milliseconds = -1});
    ls_server_answer(s, h, kind, x, &o, ls_buf_bytes(&body));
    ls_buf_free(&body);
}

void ls_server_fail(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x, ls_result r,
                    const ls_detail *detail)
{
    ls_server_fail_as(s, h, kind, x, status_of(r.fault), r, detail);
}

void ls_server_answer_buffer(ls_server *s, ls_hosted *h, ls_route_kind kind, ls_http_exchange *x,
                             const ls_http_answer_options *o, ls_buf *body)
{
    ls_blob *b = ls_server_blob(s, body);
    if (b == NULL) {
        ls_server_fail(s, h, kind, x, ls_fail(&ls_fault_server_busy), NULL);
    } else {
        ls_server_answer_blob(s, h, kind, x, o, b);
    }
}
