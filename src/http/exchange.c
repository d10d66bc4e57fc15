/*
 * One request and its answer, over the callbacks of libmicrohttpd.
 *
 * It calls the access handler once when the head is there, then for pieces of the body, and once more at the end. An
 * answer that is queued in the first call closes the connection (the body might still come), so everything but refusing
 * a huge body is answered in the last call. If the handler has not answered by then, the connection is suspended, and
 * whoever answers resumes it: then the last call comes again.
 */
#include "http/internal.h"
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

/* HANDLED becomes SUSPENDED by the HTTP thread or ANSWERED by whoever answers; SUSPENDED becomes ANSWERED. Whoever
 * comes second sees what the first has done. */
enum { RECEIVING, HANDLED, SUSPENDED, ANSWERED };

struct ls_http_exchange {
    ls_http_server *server;
    struct MHD_Connection *connection;
    ls_http_connection *c;
    ls_http_request request;
    ls_http_allowance allowance;
    ls_http_body body;
    uint64_t drained;
    unsigned refused; /* the status to answer without asking the handler; 0: none */
    atomic_int stage;
    struct MHD_Response *response; /* NULL though ANSWERED: no memory */
    uint64_t answer_len;
    unsigned status;
};

/* What is refused here has an answer of the same form as everywhere: a code, a sentence, a hint. */
static const struct refusal {
    unsigned status;
    const char *text;
} refusals[] = {
    {MHD_HTTP_BAD_REQUEST,
     "http-malformed\nthe request's path can't be one of this server, or its length is doubtful\n\n"},
    {MHD_HTTP_UNAUTHORIZED, "access\na body as large as this takes an access note\n\n"},
    {MHD_HTTP_CONTENT_TOO_LARGE, "http-too-large\nthe body is larger than this request may have\n\n"},
    {MHD_HTTP_URI_TOO_LONG, "http-path-too-long\nthe path is too long\n\n"},
    {MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "http-head-too-large\nthe headers are too long\n\n"},
    {MHD_HTTP_SERVICE_UNAVAILABLE, "http-busy\nthe server can't take this body now\ntry again later\n"},
};

static ls_bytes refusal_text(unsigned status)
{
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        if (refusals[i].status == status) {
            return ls_bytes_str(refusals[i].text);
        }
    }
    return ls_bytes_str("");
}

/* Beginning. */

static const char *header(struct MHD_Connection *c, const char *name)
{
    return MHD_lookup_connection_value(c, MHD_HEADER_KIND, name);
}

/* Percent signs would be another spelling of the same path, and two dots another place; no path of ours has either. */
static unsigned check_path(const char *path)
{
    size_t len = strlen(path);
    bool plain = path[0] == '/' && strchr(path, '%') == NULL && strstr(path, "..") == NULL;
    for (size_t i = 0; i < len; i++) {
        plain &= path[i] >= 0x21 && path[i] <= 0x7E;
    }
    return len > LS_HTTP_PATH_MAX ? MHD_HTTP_URI_TOO_LONG : plain ? 0 : MHD_HTTP_BAD_REQUEST;
}

static enum MHD_Result count_length(void *context, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    (void)value;
    unsigned *count = context;
    *count += strcasecmp(name, MHD_HTTP_HEADER_CONTENT_LENGTH) == 0;
    return MHD_YES;
}

/* Whether it says in two ways where its body ends: a proxy before us may believe the other one, and take the rest of
 * the body for a request of somebody else's. */
static bool length_ambiguous(struct MHD_Connection *c)
{
    unsigned lengths = 0;
    MHD_get_connection_values(c, MHD_HEADER_KIND, count_length, &lengths);
    return lengths > 1 || (lengths == 1 && header(c, MHD_HTTP_HEADER_TRANSFER_ENCODING) != NULL);
}

static unsigned check_head(struct MHD_Connection *c, const char *path)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_REQUEST_HEADER_SIZE);
    if (info != NULL && info->header_size > LS_HTTP_HEADER_MAX) {
        return MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE;
    }
    return length_ambiguous(c) ? MHD_HTTP_BAD_REQUEST : check_path(path);
}

/* libmicrohttpd has checked that a Content-Length is a number; without one the body may still come in chunks. */
static uint64_t declared_length(struct MHD_Connection *c)
{
    const char *text = header(c, MHD_HTTP_HEADER_CONTENT_LENGTH);
    return text == NULL ? 0 : strtoull(text, NULL, 10);
}

static unsigned too_large(const ls_http_exchange *x)
{
    return x->allowance.status != 0 ? x->allowance.status : MHD_HTTP_CONTENT_TOO_LARGE;
}

static ls_http_exchange *begin(ls_http_server *s, struct MHD_Connection *c, const char *url, const char *method)
{
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    ls_http_exchange *x = info == NULL || info->socket_context == NULL ? NULL : calloc(1, sizeof *x);
    if (x == NULL) {
        return NULL;
    }
    *x = (ls_http_exchange){
        .server = s,
        .connection = c,
        .c = info->socket_context,
        .body.file = -1,
        .request = {.method = strcmp(method, MHD_HTTP_METHOD_HEAD) == 0 ? MHD_HTTP_METHOD_GET : method,
                    .path = url,
                    .authorization = header(c, MHD_HTTP_HEADER_AUTHORIZATION),
                    .content_type = header(c, MHD_HTTP_HEADER_CONTENT_TYPE)}};
    x->request.local = x->c->local;
    atomic_fetch_add(&s->requests, 1);
    atomic_fetch_add(&s->busy, 1);
    ls_http_connection_phase(x->c, LS_HTTP_BODY, 0);
    x->refused = check_head(c, url);
    if (x->refused == 0 && s->o.allow != NULL) {
        x->allowance = s->o.allow(s->o.context, &x->request);
    }
    if (x->refused == 0 && declared_length(c) > x->allowance.body) {
        x->refused = too_large(x);
    }
    return x;
}

/* Answering. */

static enum MHD_Result queue(ls_http_exchange *x)
{
    if (x->response == NULL) {
        return MHD_NO;
    }
    ls_http_connection_phase(x->c, LS_HTTP_SENDING, x->answer_len);
    enum MHD_Result result = MHD_queue_response(x->connection, x->status, x->response);
    MHD_destroy_response(x->response);
    x->response = NULL;
    return result;
}

static void dress(struct MHD_Response *response, const ls_http_answer_options *o)
{
    if (o->content_type != NULL) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, o->content_type);
    }
    if (o->cache != NULL) {
        MHD_add_response_header(response, MHD_HTTP_HEADER_CACHE_CONTROL, o->cache);
    }
    for (size_t i = 0; i < LS_HTTP_HEADERS && o->header[i].name != NULL; i++) {
        MHD_add_response_header(response, o->header[i].name, o->header[i].value);
    }
}

static enum MHD_Result refuse(ls_http_exchange *x)
{
    ls_bytes text = refusal_text(x->refused);
    x->answer_len = text.len;
    atomic_fetch_add(&x->server->refused, 1);
    x->status = x->refused;
    x->response = MHD_create_response_from_buffer(text.len, (void *)(uintptr_t)text.ptr, MHD_RESPMEM_PERSISTENT);
    if (x->response != NULL) {
        ls_http_answer_options o = {.content_type = "text/plain; charset=utf-8"};
        if (x->refused == MHD_HTTP_BAD_REQUEST) {
            o.header[0] =
                (ls_http_header){MHD_HTTP_HEADER_CONNECTION, "close"}; /* who knows where the next one begins */
        }
        dress(x->response, &o);
    }
    return queue(x);
}

/* The answer is complete: hands it over to the HTTP thread. The exchange may be gone as soon as that knows. */
static void answer(ls_http_exchange *x, const ls_http_answer_options *o, uint64_t len, struct MHD_Response *response)
{
    ls_http_server *s = x->server;
    struct MHD_Connection *c = x->connection;
    if (response != NULL) {
        dress(response, o);
    }
    x->response = response;
    x->answer_len = len;
    x->status = o->status;
    if (atomic_exchange(&x->stage, ANSWERED) == SUSPENDED) {
        MHD_resume_connection(c);
    }
    atomic_fetch_sub(&s->waiting, 1);
}

void ls_http_answer(ls_http_exchange *x, const ls_http_answer_options *o, ls_bytes body)
{
    enum MHD_ResponseMemoryMode mode = o->keep ? MHD_RESPMEM_PERSISTENT : MHD_RESPMEM_MUST_COPY;
    answer(x, o, body.len, MHD_create_response_from_buffer(body.len, (void *)(uintptr_t)body.ptr, mode));
}

void ls_http_answer_shared(ls_http_exchange *x, const ls_http_answer_options *o, ls_bytes body,
                           void (*release)(void *owner), void *owner)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer_with_free_callback_cls(body.len, (void *)(uintptr_t)body.ptr, release, owner);
    if (response == NULL) {
        release(owner);
    }
    answer(x, o, body.len, response);
}

bool ls_http_has(const ls_http_exchange *x, const char *tag)
{
    const char *list = header(x->connection, MHD_HTTP_HEADER_IF_NONE_MATCH);
    size_t len = strlen(tag);
    for (const char *at = list; at != NULL && *at != '\0'; at += strcspn(at, ",") + (strchr(at, ',') != NULL)) {
        at += strspn(at, " \t");
        at += strncmp(at, "W/", 2) == 0 ? 2 : 0; /* the weak comparison is meant */
        size_t end = strncmp(at, tag, len) == 0 ? len : *at == '*' ? 1 : 0;
        if (end > 0 && (at[end + strspn(at + end, " \t")] == '\0' || at[end + strspn(at + end, " \t")] == ',')) {
            return true;
        }
    }
    return false;
}

/* The callbacks. */

static enum MHD_Result receive(ls_http_exchange *x, ls_bytes piece)
{
    atomic_fetch_add(&x->c->amount, piece.len);
    if (x->refused == 0 && x->body.len + piece.len > x->allowance.body) {
        x->refused = too_large(x);
    }
    if (x->refused == 0) {
        x->refused = ls_http_body_append(x->server, &x->body, x->allowance.memory, piece);
        return MHD_YES;
    }
    x->drained += piece.len;
    return x->drained > LS_HTTP_DRAIN_MAX ? MHD_NO : MHD_YES;
}

static enum MHD_Result handle(ls_http_exchange *x)
{
    ls_http_server *s = x->server;
    x->refused = x->refused != 0 ? x->refused : ls_http_body_finish(&x->body, &x->request.body);
    if (x->refused != 0) {
        return refuse(x);
    }
    int stage = HANDLED;
    atomic_store(&x->stage, HANDLED);
    atomic_fetch_add(&s->waiting, 1);
    ls_http_connection_phase(x->c, LS_HTTP_HANDLED, 0);
    s->o.handle(s->o.context, x, &x->request);
    if (atomic_load(&x->stage) == ANSWERED) {
        return queue(x);
    }
    MHD_suspend_connection(x->connection);
    if (!atomic_compare_exchange_strong(&x->stage, &stage, SUSPENDED)) {
        MHD_resume_connection(x->connection); /* answered between the two lines above */
    }
    return MHD_YES;
}

enum MHD_Result ls_http_access(void *server, struct MHD_Connection *c, const char *url, const char *method,
                               const char *version, const char *upload, size_t *upload_len, void **context)
{
    (void)version;
    ls_http_exchange *x = *context;
    if (x == NULL) {
        x = begin(server, c, url, method);
        *context = x;
        /* A body that is too large by far is not waited for. */
        bool hopeless = x != NULL && x->refused != 0 && declared_length(c) > x->allowance.body + LS_HTTP_DRAIN_MAX;
        return x == NULL ? MHD_NO : hopeless ? refuse(x) : MHD_YES;
    }
    if (*upload_len > 0) {
        ls_bytes piece = ls_bytes_of(upload, *upload_len);
        *upload_len = 0;
        return receive(x, piece);
    }
    return atomic_load(&x->stage) == ANSWERED ? queue(x) : handle(x);
}

void ls_http_completed(void *server, struct MHD_Connection *c, void **context, enum MHD_RequestTerminationCode code)
{
    (void)c;
    (void)code;
    ls_http_server *s = server;
    ls_http_exchange *x = *context;
    if (x == NULL) {
        return;
    }
    if (x->response != NULL) {
        MHD_destroy_response(x->response);
    }
    ls_http_body_free(s, &x->body);
    ls_http_connection_phase(x->c, LS_HTTP_HEAD, 0);
    free(x);
    *context = NULL;
    atomic_fetch_sub(&s->busy, 1);
}
