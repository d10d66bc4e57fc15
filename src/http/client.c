/* The client, over libcurl's easy interface: one handle, which keeps its connection. */
#include "http/http.h"
#include <curl/curl.h>
#include <errno.h>
#include <lockstep/limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define TIMEOUT 30
#define UNIX_SCHEME "http+unix:"
#define CALL_HEADERS 3

struct ls_http_client {
    CURL *curl;
    char *base;        /* as it is put before paths, without a '/' at its end */
    char *shown;       /* as people know it */
    char *unix_socket; /* or NULL */
    char *authority_file, *user_agent;
    long timeout;
    char error[CURL_ERROR_SIZE];
};

static bool curl_ready;

static void init_curl(void)
{
    curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

static char *copy(const char *from, size_t len)
{
    char *to = malloc(len + 1);
    if (to != NULL) {
        memcpy(to, from, len);
        to[len] = '\0';
    }
    return to;
}

/* Without the slashes at its end. */
static char *copy_base(const char *from)
{
    size_t len = strlen(from);
    while (len > 0 && from[len - 1] == '/') {
        len--;
    }
    return copy(from, len);
}

/* "http+unix:SOCKET" or "http+unix:SOCKET:/PREFIX". */
static void take_unix(ls_http_client *c, const char *rest)
{
    const char *prefix = strstr(rest, ":/");
    size_t len = prefix == NULL ? strlen(rest) : (size_t)(prefix - rest);
    char base[1024];
    snprintf(base, sizeof base, "http://localhost%s", prefix == NULL ? "" : prefix + 1);
    c->unix_socket = copy(rest, len);
    c->base = copy_base(base);
}

static bool base_valid(const char *base)
{
    size_t len = strlen(base);
    bool known = strncmp(base, "http://", 7) == 0 || strncmp(base, "https://", 8) == 0 ||
                 strncmp(base, UNIX_SCHEME, strlen(UNIX_SCHEME)) == 0;
    for (size_t i = 0; i < len; i++) {
        known &= base[i] >= 0x21 && base[i] <= 0x7E;
    }
    return known && len <= LS_REMOTE_URL_MAX && strpbrk(base, "?#") == NULL;
}

static bool fill(ls_http_client *c, const ls_http_client_options *o)
{
    c->curl = curl_easy_init();
    c->shown = copy(o->base, strlen(o->base));
    c->timeout = o->timeout == 0 ? TIMEOUT : (long)o->timeout;
    if (strncmp(o->base, UNIX_SCHEME, strlen(UNIX_SCHEME)) == 0) {
        take_unix(c, o->base + strlen(UNIX_SCHEME));
    } else {
        c->base = copy_base(o->base);
    }
    bool unix_there = strncmp(o->base, UNIX_SCHEME, strlen(UNIX_SCHEME)) != 0 || c->unix_socket != NULL;
    c->authority_file = o->authority_file == NULL ? NULL : copy(o->authority_file, strlen(o->authority_file));
    c->user_agent = copy(o->user_agent == NULL ? "lockstep" : o->user_agent,
                         o->user_agent == NULL ? strlen("lockstep") : strlen(o->user_agent));
    return c->curl != NULL && c->shown != NULL && c->base != NULL && unix_there && c->user_agent != NULL &&
           (o->authority_file == NULL || c->authority_file != NULL);
}

ls_result ls_http_client_new(const ls_http_client_options *o, ls_http_client **out, ls_detail *detail)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, init_curl);
    if (!base_valid(o->base)) {
        ls_hint(detail, "it begins with https:// or http://");
        return ls_fail_with(&ls_fault_usage, detail, "%s is no address of a server", o->base);
    }
    ls_http_client *c = curl_ready ? calloc(1, sizeof *c) : NULL;
    if (c == NULL || !fill(c, o)) {
        ls_http_client_free(c);
        return ls_fail(&ls_fault_memory);
    }
    *out = c;
    return LS_SUCCESS;
}

void ls_http_client_free(ls_http_client *c)
{
    if (c == NULL) {
        return;
    }
    curl_easy_cleanup(c->curl);
    free(c->base);
    free(c->shown);
    free(c->unix_socket);
    free(c->authority_file);
    free(c->user_agent);
    free(c);
}

/* What comes in: up to the limit. */
typedef struct sink {
    ls_buf *out;
    size_t start;
    uint64_t limit;
    bool too_large;
} sink;

static size_t take(char *data, size_t one, size_t len, void *context)
{
    (void)one;
    sink *s = context;
    s->too_large = s->out->len - s->start + len > s->limit;
    if (!s->too_large) {
        ls_buf_put(s->out, data, len);
    }
    return s->too_large || s->out->failed ? 0 : len;
}

/* What goes out: bytes or a file. */
typedef struct outgoing {
    ls_bytes body;
    size_t sent;
    FILE *file;
    curl_off_t len;
} outgoing;

static size_t give(char *to, size_t one, size_t cap, void *context)
{
    outgoing *o = context;
    cap *= one;
    if (o->file != NULL) {
        size_t len = fread(to, 1, cap, o->file);
        return ferror(o->file) ? CURL_READFUNC_ABORT : len;
    }
    size_t len = o->body.len - o->sent < cap ? o->body.len - o->sent : cap;
    if (len > 0) {
        memcpy(to, o->body.ptr + o->sent, len);
    }
    o->sent += len;
    return len;
}

/* When a connection that was kept turns out to be closed, curl sends again from the beginning. */
static int rewind_body(void *context, curl_off_t offset, int origin)
{
    outgoing *o = context;
    if (origin != SEEK_SET || offset < 0) {
        return CURL_SEEKFUNC_FAIL;
    }
    if (o->file != NULL) {
        return fseeko(o->file, offset, SEEK_SET) == 0 ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
    }
    o->sent = (size_t)offset;
    return o->sent <= o->body.len ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_FAIL;
}

static ls_result open_body(const ls_http_call *call, outgoing *o, ls_detail *detail)
{
    *o = (outgoing){.body = call->body, .len = (curl_off_t)call->body.len};
    if (call->body_path == NULL) {
        return LS_SUCCESS;
    }
    o->file = fopen(call->body_path, "rbe");
    if (o->file == NULL || fseeko(o->file, 0, SEEK_END) != 0 || (o->len = ftello(o->file)) < 0 ||
        fseeko(o->file, 0, SEEK_SET) != 0) {
        ls_result r = ls_fail_with(&ls_fault_http, detail, "%s can't be read: %s", call->body_path, strerror(errno));
        if (o->file != NULL) {
            fclose(o->file);
        }
        return r;
    }
    return LS_SUCCESS;
}

/* Header lines of one call. False if there is no memory. */
static bool make_headers(const ls_http_call *call, struct curl_slist **out)
{
    const char *const lines[CALL_HEADERS][2] = {
        {"Authorization: ", call->authorization},
        {"Content-Type: ", call->content_type != NULL ? call->content_type : ""},
        {"Expect: ", call->body_path != NULL ? "100-continue" : ""}};
    for (size_t i = 0; i < CALL_HEADERS; i++) {
        char line[8192];
        if (lines[i][1] == NULL) {
            continue;
        }
        /* An empty value tells curl to send no such header. */
        int len = snprintf(line, sizeof line, "%s%s", lines[i][0], lines[i][1]);
        struct curl_slist *longer = len < (int)sizeof line ? curl_slist_append(*out, line) : NULL;
        if (longer == NULL) {
            return false;
        }
        *out = longer;
    }
    return true;
}

/* What is the same for every call of this client; the handle keeps its connection through the reset. */
static void set_common(ls_http_client *c)
{
    CURL *h = c->curl;
    curl_easy_reset(h);
    c->error[0] = '\0';
    curl_easy_setopt(h, CURLOPT_ERRORBUFFER, c->error);
    curl_easy_setopt(h, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(h, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(h, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(h, CURLOPT_CONNECTTIMEOUT, c->timeout);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(h, CURLOPT_LOW_SPEED_TIME, c->timeout);
    curl_easy_setopt(h, CURLOPT_USERAGENT, c->user_agent);
    curl_easy_setopt(h, CURLOPT_UNIX_SOCKET_PATH, c->unix_socket);
    if (c->authority_file != NULL) {
        curl_easy_setopt(h, CURLOPT_CAINFO, c->authority_file);
        curl_easy_setopt(h, CURLOPT_CAPATH, NULL);
    }
}

/* As long as a server of ours would bear with it: an answer that trickles in holds nobody for days. */
static long seconds_of(const ls_http_call *call, const outgoing *body)
{
    uint64_t seconds = 2 * LS_HTTP_BODY_SECONDS + (call->limit + (uint64_t)body->len) / LS_HTTP_RATE;
    seconds = call->seconds > 0 && call->seconds < seconds ? call->seconds : seconds;
    return seconds < INT32_MAX ? (long)seconds : INT32_MAX;
}

static void set_call(CURL *h, const ls_http_call *call, outgoing *body, sink *in)
{
    curl_easy_setopt(h, CURLOPT_TIMEOUT, seconds_of(call, body));
    bool reads = strcmp(call->method, "GET") == 0;
    curl_easy_setopt(h, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(h, CURLOPT_WRITEDATA, in);
    if (!reads) {
        curl_easy_setopt(h, CURLOPT_POST, 1L);
        curl_easy_setopt(h, CURLOPT_CUSTOMREQUEST, call->method);
        curl_easy_setopt(h, CURLOPT_POSTFIELDSIZE_LARGE, body->len);
        curl_easy_setopt(h, CURLOPT_READFUNCTION, give);
        curl_easy_setopt(h, CURLOPT_READDATA, body);
        curl_easy_setopt(h, CURLOPT_SEEKFUNCTION, rewind_body);
        curl_easy_setopt(h, CURLOPT_SEEKDATA, body);
    }
}

/* What would mend the failures that people can mend. */
static const struct {
    CURLcode code;
    const char *hint;
} hints[] = {
    {CURLE_COULDNT_RESOLVE_HOST, "is the name right, and is there a network?"},
    {CURLE_COULDNT_CONNECT, "is the server running, and is this its address and port?"},
    {CURLE_OPERATION_TIMEDOUT, "the server, or what lies between, is down or very slow: try again later"},
    {CURLE_GOT_NOTHING, "perhaps it speaks TLS: https://"},
    {CURLE_SSL_CONNECT_ERROR, "perhaps it speaks no TLS: http://"},
    {CURLE_PEER_FAILED_VERIFICATION,
     "if a private authority has signed its certificate, name that: --authority FILE (PEM), or LOCKSTEP_AUTHORITY"},
    {CURLE_SSL_CACERT_BADFILE, "--authority, or LOCKSTEP_AUTHORITY, names a file of certificates (PEM)"},
};

static ls_result transport_failed(const ls_http_client *c, CURLcode code, ls_detail *detail)
{
    for (size_t i = 0; i < sizeof hints / sizeof *hints; i++) {
        if (hints[i].code == code) {
            ls_hint(detail, "%s", hints[i].hint);
        }
    }
    return ls_fail_with(&ls_fault_http, detail, "%s: %s", c->shown,
                        c->error[0] != '\0' ? c->error : curl_easy_strerror(code));
}

static ls_result perform(ls_http_client *c, const ls_http_call *call, unsigned *status, sink *in, ls_detail *detail)
{
    long code = 0;
    CURLcode result = curl_easy_perform(c->curl);
    if (in->too_large) {
        return ls_fail_with(&ls_fault_http, detail, "%s/%s: the answer is larger than the %llu bytes that it may have",
                            c->shown, call->path, (unsigned long long)call->limit);
    }
    if (in->out->failed) {
        return ls_fail(&ls_fault_memory);
    }
    if (result != CURLE_OK) {
        return transport_failed(c, result, detail);
    }
    curl_easy_getinfo(c->curl, CURLINFO_RESPONSE_CODE, &code);
    *status = (unsigned)code;
    return LS_SUCCESS;
}

ls_result ls_http_client_call(ls_http_client *c, const ls_http_call *call, unsigned *status, ls_buf *out,
                              ls_detail *detail)
{
    char url[2048];
    outgoing body;
    struct curl_slist *headers = NULL;
    sink in = {.out = out, .start = out->len, .limit = call->limit};
    if (snprintf(url, sizeof url, "%s/%s", c->base, call->path) >= (int)sizeof url) {
        return ls_fail_with(&ls_fault_usage, detail, "the path is too long");
    }
    LS_TRY(open_body(call, &body, detail));
    set_common(c);
    set_call(c->curl, call, &body, &in);
    curl_easy_setopt(c->curl, CURLOPT_URL, url);
    ls_result r = ls_fail(&ls_fault_memory);
    if (make_headers(call, &headers)) {
        curl_easy_setopt(c->curl, CURLOPT_HTTPHEADER, headers);
        r = perform(c, call, status, &in, detail);
    }
    curl_slist_free_all(headers);
    if (body.file != NULL) {
        fclose(body.file);
    }
    if (ls_failed(r)) {
        out->len = in.start;
    }
    return r;
}
