/* A ledger over HTTP: requests, their repetition, and the server's errors as faults of our own. */
#include "ledger/remote.h"
#include "bundle/entries.h"
#include "crypto/sha256.h"
#include "http/http.h"
#include "ledger/answers.h"
#include "ledger/packing.h"
#include "process/access.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

const ls_fault ls_fault_unreachable = {LS_CLASS_ENVIRONMENT, "server-unreachable", "the server could not be reached"};
const ls_fault ls_fault_denied = {LS_CLASS_ENVIRONMENT, "server-denied", "the server does not let this reader in"};

#define TIMEOUT 15    /* seconds */
#define TRIES_FIRST 2 /* while it has never answered: it may well be down */
#define TRIES 5
#define PAUSE_MILLISECONDS 200 /* before the second try; doubled before each further one */
#define ACKNOWLEDGEMENT_MAX (LS_NOTE_MAX + 64)
#define ENTRIES_MAX (LS_TILE_WIDTH * (2 + 65535))
#define SUBMISSION "submission"

typedef struct remote {
    ls_ledger base;
    char *url, *scratch;
    ls_remote_access access;
    ls_http_client *client;
    ls_buf authorization; /* the header's value; empty: none yet */
    bool answered;        /* it has, at least once */
    bool empty;           /* its last refusal said that there is a ledger, and not yet what was asked for */
    double until;         /* by the monotonic clock: how long it may take, but for files; 0: as long as it does */
} remote;

bool ls_remote_is_url(const char *ledger)
{
    static const char *const schemes[] = {"http://", "https://", "http+unix:"};
    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++) {
        if (strncmp(ledger, schemes[i], strlen(schemes[i])) == 0) {
            return true;
        }
    }
    return false;
}

/* Answers that are no success. */

/* What a server may say in our own terms: what it says of an act, of a file, or of the reader. */
static const ls_fault *const said[] = {
    &ls_fault_refused,   &ls_fault_known,         &ls_fault_absent,
    &ls_fault_note_form, &ls_fault_note_unsigned, &ls_fault_note_signature,
    &ls_fault_act_form,  &ls_fault_bundle_form,   &ls_fault_bundle_attachment,
};

/* What a status means where the body does not say it. */
static const struct {
    unsigned status;
    const ls_fault *fault;
} meanings[] = {
    {400, &ls_fault_refused}, {401, &ls_fault_denied},  {403, &ls_fault_refused},
    {404, &ls_fault_absent},  {409, &ls_fault_refused}, {410, &ls_fault_refused},
    {413, &ls_fault_refused}, {422, &ls_fault_refused}, {429, &ls_fault_unreachable},
};

static const ls_fault *fault_of(unsigned status, ls_bytes code)
{
    /* Whatever is wrong with the server itself may be right again later. */
    if (status >= 500) {
        return &ls_fault_unreachable;
    }
    for (size_t i = 0; status != 401 && i < sizeof said / sizeof *said; i++) {
        if (ls_bytes_is(code, said[i]->code)) {
            return said[i];
        }
    }
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
        if (meanings[i].status == status) {
            return meanings[i].fault;
        }
    }
    return &ls_fault_http_refused;
}

static ls_result refused(remote *l, unsigned status, ls_bytes body, ls_detail *detail)
{
    ls_rejection words = {0};
    bool ours = ls_rejection_parse(body, &words);
    const ls_fault *fault = fault_of(status, words.code);
    l->empty = ours && status == 404 && ls_bytes_is(words.code, ls_fault_absent.code);
    if (words.hint.len > 0) {
        ls_hint(detail, "%.*s", (int)words.hint.len, (const char *)words.hint.ptr);
    }
    if (!ours) {
        return ls_fail_with(fault, detail, "%s answers with status %u", l->url, status);
    }
    return ls_fail_with(fault, detail, "%.*s", (int)words.sentence.len, (const char *)words.sentence.ptr);
}

/* Requests. */

static void pause_before(unsigned attempt)
{
    long milliseconds = (long)PAUSE_MILLISECONDS << attempt;
    struct timespec t = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&t, NULL);
}

static bool is_busy(unsigned status)
{
    return status == 429 || status == 502 || status == 503 || status == 504;
}

/* False if time is up. */
static bool take_time(const remote *l, ls_http_call *call)
{
    double left = l->until - ls_clock_monotonic();
    call->seconds = l->until > 0 && left > 0 ? (unsigned)left + 1 : 0;
    return l->until <= 0 || left > 0;
}

/* Repeats what got no answer, or one of a busy server. */
static ls_result call_patiently(remote *l, ls_http_call *call, unsigned *status, ls_buf *out, ls_detail *detail)
{
    size_t before = out->len;
    for (unsigned attempt = 0;; attempt++) {
        out->len = before;
        if (!take_time(l, call)) {
            return ls_fail_with(&ls_fault_unreachable, detail, "%s takes too long", l->url);
        }
        ls_result r = ls_http_client_call(l->client, call, status, out, detail);
        l->answered = l->answered || ls_succeeded(r);
        bool last = attempt + 1 >= (l->answered ? TRIES : TRIES_FIRST);
        if (r.fault == &ls_fault_http && last) {
            return ls_fail(&ls_fault_unreachable);
        }
        if ((ls_failed(r) && r.fault != &ls_fault_http) || (ls_succeeded(r) && (last || !is_busy(*status)))) {
            return r;
        }
        if (detail != NULL) {
            *detail = (ls_detail){0}; /* what was wrong may be gone */
        }
        pause_before(attempt);
    }
}

ls_result ls_remote_authorize(const ls_remote_access *access, ls_buf *header, ls_detail *detail)
{
    ls_buf note = {0};
    LS_TRY(access->note(access->context, header->len > 0, &note, detail));
    header->len = 0;
    ls_access_put_header(ls_buf_bytes(&note), header);
    ls_buf_wipe(&note);
    return ls_buf_check(header);
}

/* A request, with an access note once the server has asked for one. Fails on every status that is not listed. */
static ls_result request(remote *l, ls_http_call *call, unsigned *status, ls_buf *out, ls_detail *detail)
{
    size_t before = out->len;
    for (unsigned attempt = 0; attempt < 3; attempt++) {
        call->authorization = l->authorization.len > 0 ? ls_buf_cstr(&l->authorization) : NULL;
        LS_TRY(call_patiently(l, call, status, out, detail));
        if (*status != 401 || l->access.note == NULL || attempt == 2) {
            break;
        }
        out->len = before;
        LS_TRY(ls_remote_authorize(&l->access, &l->authorization, detail));
    }
    if (*status == 200 || *status == 201) {
        return LS_SUCCESS;
    }
    ls_result r = refused(l, *status, ls_bytes_of(out->ptr + before, out->len - before), detail);
    out->len = before;
    return r;
}

static ls_result get(remote *l, const char *path, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    unsigned status;
    ls_http_call call = {
        .method = "GET", .path = path, .limit = limit > LS_REMOTE_ERROR_MAX ? limit : LS_REMOTE_ERROR_MAX};
    return request(l, &call, &status, out, detail);
}

/* Reading. */

/* Any web server may hand out a ledger's files: then there is one checkpoint only. A server that has no such ledger
 * must not pass for a ledger that is still empty, which says so. */
static ls_result remote_checkpoint(ls_ledger *ledger, ls_which_checkpoint which, ls_buf *note, ls_detail *detail)
{
    remote *l = (remote *)ledger;
    ls_detail why = {0};
    ls_result r = ls_fail(&ls_fault_absent);
    l->empty = false;
    if (which == LS_CHECKPOINT_LATEST) {
        r = get(l, "checkpoint/latest", LS_NOTE_MAX, note, &why);
    }
    if (r.fault == &ls_fault_absent && !l->empty) {
        r = get(l, "checkpoint", LS_NOTE_MAX, note, &why);
    }
    if (r.fault == &ls_fault_absent && l->empty) {
        return LS_SUCCESS;
    }
    if (r.fault == &ls_fault_absent) {
        return ls_fail_with(&ls_fault_unreachable, detail, "there is no ledger at %s", l->url);
    }
    if (ls_failed(r) && detail != NULL) {
        *detail = why;
    }
    return r;
}

/* The bundle that holds `width` entries; where a partial one is gone, the full one is there. */
static ls_result get_entries(remote *l, uint64_t tile, unsigned width, ls_buf *out, ls_detail *detail)
{
    char path[LS_TILE_PATH_SIZE];
    ls_detail why = {0};
    ls_tile_path(LS_TILE_ENTRIES, tile, width, path);
    ls_result r = get(l, path, ENTRIES_MAX, out, &why);
    if (r.fault == &ls_fault_absent && width < LS_TILE_WIDTH) {
        ls_tile_path(LS_TILE_ENTRIES, tile, LS_TILE_WIDTH, path);
        return get(l, path, ENTRIES_MAX, out, detail);
    }
    if (ls_failed(r) && detail != NULL) {
        *detail = why;
    }
    return r;
}

static ls_result read_tile(remote *l, uint64_t tile, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                           ls_detail *detail)
{
    uint64_t first = tile * LS_TILE_WIDTH, end = to - first < LS_TILE_WIDTH ? to : first + LS_TILE_WIDTH;
    ls_buf bytes = {0};
    ls_entries *b = malloc(sizeof *b);
    ls_result r = b == NULL ? ls_fail(&ls_fault_memory) : get_entries(l, tile, (unsigned)(end - first), &bytes, detail);
    if (ls_succeeded(r) && (!ls_entries_parse(ls_buf_bytes(&bytes), b) || b->count < end - first)) {
        r = ls_fail_with(&ls_fault_refused, detail, "%s does not give the entries from %" PRIu64 " on", l->url, first);
    }
    for (uint64_t i = from > first ? from : first; ls_succeeded(r) && i < end; i++) {
        r = sink(context, i, b->entry[i - first]);
    }
    free(b);
    ls_buf_free(&bytes);
    return r;
}

static ls_result remote_read(ls_ledger *ledger, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                             ls_detail *detail)
{
    for (uint64_t tile = from / LS_TILE_WIDTH; tile * LS_TILE_WIDTH < to; tile++) {
        LS_TRY(read_tile((remote *)ledger, tile, from, to, sink, context, detail));
    }
    return LS_SUCCESS;
}

static ls_result remote_fetch(ls_ledger *ledger, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    char path[sizeof "attachment/" + LS_HEX_HASH_SIZE] = "attachment/";
    ls_hash actual;
    size_t before = out->len;
    remote *l = (remote *)ledger;
    double until = l->until;
    ls_hash_format(hash, path + strlen(path));
    l->until = 0; /* half a file is of no use: it has the time that its size gives it */
    ls_result r = get(l, path, limit, out, detail);
    l->until = until;
    LS_TRY(r);
    ls_sha256_hash(ls_bytes_of(out->ptr + before, out->len - before), &actual);
    if (!ls_hash_equal(&actual, hash)) {
        out->len = before;
        return ls_fail_with(&ls_fault_absent, detail, "the server gives other bytes than those of this attachment");
    }
    return LS_SUCCESS;
}

/* Submitting. */

static ls_result post(remote *l, ls_http_call *call, ls_receipt *out, ls_detail *detail)
{
    unsigned status;
    uint64_t index;
    ls_buf answer = {0};
    call->method = "POST";
    call->path = "act";
    call->limit = ACKNOWLEDGEMENT_MAX;
    ls_result r = request(l, call, &status, &answer, detail);
    if (ls_succeeded(r) && !ls_acknowledgement_parse(ls_buf_bytes(&answer), &index)) {
        r = ls_fail_with(&ls_fault_http_refused, detail, "%s acknowledges nothing that can be read", l->url);
    }
    if (ls_succeeded(r)) {
        *out = (ls_receipt){index, status == 200};
    }
    ls_buf_free(&answer);
    return r;
}

static bool repeated(const ls_submission *s, size_t i)
{
    for (size_t j = 0; j < i; j++) {
        if (ls_hash_equal(&s->attachment[i].hash, &s->attachment[j].hash)) {
            return true;
        }
    }
    return false;
}

static ls_result pack_file(ls_file_writer *w, const struct ls_submitted_file *f, ls_detail *detail)
{
    ls_map map;
    if (f->path == NULL) {
        return ls_pack_attachment(w, &f->hash, f->content, detail);
    }
    LS_TRY(ls_file_map(f->path, &map, detail));
    ls_result r = ls_pack_attachment(w, &f->hash, map.bytes, detail);
    ls_file_unmap(&map);
    return r;
}

static ls_result pack(ls_file_writer *w, const ls_submission *s, ls_detail *detail)
{
    LS_TRY(ls_pack_begin(w, LS_BUNDLE_DRAFT, detail));
    LS_TRY(ls_pack_member(w, "act.note", s->note, detail));
    for (size_t i = 0; i < s->attachment_count; i++) {
        if (!repeated(s, i)) {
            LS_TRY(pack_file(w, &s->attachment[i], detail));
        }
    }
    LS_TRY(ls_pack_end(w, detail));
    return ls_file_commit(w, detail);
}

/* Files can be large: they go through a file. */
static ls_result submit_bundle(remote *l, const ls_submission *s, ls_receipt *out, ls_detail *detail)
{
    char path[4096];
    ls_file_writer w = {0};
    int len = snprintf(path, sizeof path, "%s/" SUBMISSION, l->scratch);
    if (len < 0 || (size_t)len >= sizeof path) {
        return ls_fail(&ls_fault_usage);
    }
    LS_TRY(ls_file_begin(path, &w, detail));
    ls_result r = pack(&w, s, detail);
    ls_file_abort(&w);
    if (ls_succeeded(r)) {
        ls_http_call call = {.content_type = "application/x-tar", .body_path = path};
        r = post(l, &call, out, detail);
    }
    (void)ls_failed(ls_file_remove(path, NULL));
    return r;
}

static ls_result remote_submit(ls_ledger *ledger, const ls_submission *s, ls_receipt *out, ls_detail *detail)
{
    remote *l = (remote *)ledger;
    if (s->attachment_count > 0) {
        return submit_bundle(l, s, out, detail);
    }
    ls_http_call call = {.content_type = "text/plain; charset=utf-8", .body = s->note};
    return post(l, &call, out, detail);
}

/* Boxes: sealed/<party> lists the hashes, one a line; sealed/<party>/<hash> is a box. */

#define BOX_PATH_SIZE (sizeof "sealed//" + LS_NAME_MAX + LS_HEX_HASH_SIZE)

static void box_path(ls_bytes to, const ls_hash *hash, char out[static BOX_PATH_SIZE])
{
    char hex[LS_HEX_HASH_SIZE] = "";
    if (hash != NULL) {
        ls_hash_format(hash, hex);
    }
    snprintf(out, BOX_PATH_SIZE, "sealed/%.*s%s%s", (int)to.len, (const char *)to.ptr, hash == NULL ? "" : "/", hex);
}

/* A request about a box whose answer says nothing. */
static ls_result box_request(remote *l, const char *method, ls_bytes to, const ls_hash *hash, ls_bytes box,
                             ls_detail *detail)
{
    char path[BOX_PATH_SIZE];
    unsigned status;
    ls_buf answer = {0};
    box_path(to, hash, path);
    ls_http_call call = {.method = method,
                         .path = path,
                         .content_type = box.len > 0 ? "application/octet-stream" : NULL,
                         .body = box,
                         .limit = LS_REMOTE_ERROR_MAX};
    ls_result r = request(l, &call, &status, &answer, detail);
    ls_buf_free(&answer);
    return r;
}

static ls_result remote_post(ls_ledger *ledger, ls_bytes to, const ls_hash *hash, ls_bytes box, ls_detail *detail)
{
    return box_request((remote *)ledger, "PUT", to, hash, box, detail);
}

static ls_result remote_drop(ls_ledger *ledger, ls_bytes to, const ls_hash *hash, ls_detail *detail)
{
    return box_request((remote *)ledger, "DELETE", to, hash, (ls_bytes){0}, detail);
}

static ls_result remote_box(ls_ledger *ledger, ls_bytes to, const ls_hash *hash, uint64_t limit, ls_buf *out,
                            ls_detail *detail)
{
    char path[BOX_PATH_SIZE];
    box_path(to, hash, path);
    return get((remote *)ledger, path, limit, out, detail);
}

static ls_result remote_boxes(ls_ledger *ledger, ls_bytes to, ls_result (*sink)(void *context, const ls_hash *hash),
                              void *context, ls_detail *detail)
{
    remote *l = (remote *)ledger;
    char path[BOX_PATH_SIZE];
    ls_buf list = {0};
    ls_hash hash;
    box_path(to, NULL, path);
    ls_detail why = {0};
    ls_result r = get(l, path, LS_REMOTE_BOXES_MAX, &list, &why);
    if (r.fault == &ls_fault_absent) {
        r = LS_SUCCESS; /* where files are only handed out, none wait */
    } else if (ls_failed(r) && detail != NULL) {
        *detail = why;
    }
    if (ls_succeeded(r) && !ls_box_list_valid(ls_buf_bytes(&list))) {
        r = ls_fail_with(&ls_fault_http_refused, detail, "%s lists no boxes", l->url);
    }
    ls_reader reader = ls_reader_of(ls_buf_bytes(&list));
    while (ls_succeeded(r) && ls_box_list_next(&reader, &hash)) {
        r = sink(context, &hash);
    }
    ls_buf_free(&list);
    return r;
}

/* The server says nothing of what became of it: the next checkpoint does. */
static ls_result remote_cosigned(ls_ledger *ledger, ls_bytes note, bool *final, ls_detail *detail)
{
    unsigned status;
    ls_buf answer = {0};
    ls_http_call call = {.method = "POST",
                         .path = "cosignature",
                         .content_type = "text/plain; charset=utf-8",
                         .body = note,
                         .limit = ACKNOWLEDGEMENT_MAX};
    ls_result r = request((remote *)ledger, &call, &status, &answer, detail);
    ls_buf_free(&answer);
    *final = ls_succeeded(r) ? false : *final;
    return r;
}

/* The server writes its stamps itself. */
static ls_result remote_tick(ls_ledger *ledger, ls_detail *detail)
{
    (void)ledger;
    (void)detail;
    return LS_SUCCESS;
}

/* One's own clock: the record's stamps say what the server's is. */
static ls_result remote_now(ls_ledger *ledger, ls_time *out, ls_detail *detail)
{
    (void)ledger;
    (void)detail;
    *out = ls_clock_now();
    return LS_SUCCESS;
}

static void remote_close(ls_ledger *ledger)
{
    remote *l = (remote *)ledger;
    ls_http_client_free(l->client);
    ls_buf_wipe(&l->authorization);
    free(l->url);
    free(l->scratch);
    free(l);
}

static const ls_ledger_methods methods = {.checkpoint = remote_checkpoint,
                                          .read = remote_read,
                                          .fetch = remote_fetch,
                                          .submit = remote_submit,
                                          .cosigned = remote_cosigned,
                                          .tick = remote_tick,
                                          .now = remote_now,
                                          .post = remote_post,
                                          .boxes = remote_boxes,
                                          .box = remote_box,
                                          .drop = remote_drop,
                                          .close = remote_close};

void ls_remote_allow(ls_ledger *ledger, unsigned seconds)
{
    ((remote *)ledger)->until = seconds == 0 ? 0 : ls_clock_monotonic() + seconds;
}

ls_result ls_remote_open(const ls_remote_options *o, ls_ledger **out, ls_detail *detail)
{
    remote *l = calloc(1, sizeof *l);
    if (l == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *l = (remote){.base.methods = &methods, .url = strdup(o->url), .scratch = strdup(o->scratch), .access = o->access};
    ls_http_client_options client = {
        .base = o->url, .authority_file = o->authority_file, .timeout = TIMEOUT, .user_agent = "lockstep"};
    ls_result r = l->url == NULL || l->scratch == NULL ? ls_fail(&ls_fault_memory)
                                                       : ls_http_client_new(&client, &l->client, detail);
    if (ls_failed(r)) {
        remote_close(&l->base);
        return r;
    }
    *out = &l->base;
    return LS_SUCCESS;
}
