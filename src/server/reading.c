/*
 * The reading thread: whatever has to come from the store. Full tiles never change and stay in the cache, partial ones
 * are made for whoever asks. Proofs for witnesses have a store and a tree of their own.
 */
#include "os/os.h"
#include "server/hosted.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define PLAIN "text/plain; charset=utf-8"
#define BYTES "application/octet-stream"
#define TILES_AT_ONCE 64 /* that the tree takes in before the next request is looked at */

bool ls_hosted_enqueue_read(ls_hosted *h, ls_waiting_read *w)
{
    pthread_mutex_lock(&h->lock_reads);
    bool room = h->reads < LS_SERVER_READS_MAX && !h->stopping;
    if (room) {
        w->next = NULL;
        *h->last_read = w;
        h->last_read = &w->next;
        h->reads++;
        pthread_cond_signal(&h->wake_reads);
    }
    pthread_mutex_unlock(&h->lock_reads);
    return room;
}

void ls_hosted_answer_tile(ls_hosted *h, ls_http_exchange *x, ls_route_kind kind, ls_blob *b)
{
    ls_http_answer_options o = {.status = 200, .content_type = BYTES, .cache = "public, max-age=31536000, immutable"};
    ls_view *v = ls_hosted_view(h);
    if (v->keys == NULL || !v->keys->charter->public_access) {
        o.cache = "private, max-age=31536000, immutable";
    }
    ls_view_release(v);
    ls_server_answer_blob(h->server, h, kind, x, &o, b);
}

static void fail(ls_hosted *h, const ls_waiting_read *w, ls_result r, const ls_detail *detail)
{
    ls_server_fail(h->server, h, w->route.kind, w->x, r, detail);
}

/* Tiles. */

/* So that the tree holds what a tile of this width at this level takes. */
static ls_result extend_for(ls_hosted *h, const ls_route *r, ls_detail *detail)
{
    uint64_t leaves = r->index * LS_TILE_WIDTH + r->width;
    for (unsigned level = 0; level < r->level; level++) {
        leaves *= LS_TILE_WIDTH;
    }
    while (ls_tree_size(&h->tree) < leaves) {
        LS_TRY(ls_tree_extend(&h->tree, h->reader, leaves, TILES_AT_ONCE, detail));
    }
    return LS_SUCCESS;
}

static ls_result make_tile(ls_hosted *h, const ls_route *r, ls_buf *out, ls_detail *detail)
{
    if (r->kind == LS_ROUTE_ENTRIES) {
        return ls_tree_entries(h->reader, r->index, r->width, out, detail);
    }
    if (r->level == 0) {
        return ls_tree_leaves(h->reader, r->index, r->width, out, detail);
    }
    LS_TRY(extend_for(h, r, detail));
    return ls_tree_tile(&h->tree, r->level, r->index, r->width, out);
}

static void serve_tile(ls_hosted *h, const ls_waiting_read *w)
{
    ls_buf bytes = {0};
    ls_detail detail = {0};
    ls_result r = make_tile(h, &w->route, &bytes, &detail);
    ls_blob *b = ls_failed(r) ? NULL : ls_server_blob(h->server, &bytes);
    if (b == NULL) {
        ls_buf_free(&bytes);
        fail(h, w, ls_failed(r) ? r : ls_fail(&ls_fault_server_busy), &detail);
        return;
    }
    if (w->route.width == LS_TILE_WIDTH && b->bytes.len <= LS_SERVER_CACHED_MAX) {
        ls_cache_put(h->server->cache, h, &w->route, b);
    }
    ls_hosted_answer_tile(h, w->x, w->route.kind, b);
}

/* Attachments. */

/* In a folder the file itself, mapped; in a database the bytes. */
static ls_result fetch(ls_hosted *h, const ls_hash *hash, ls_blob **out, ls_detail *detail)
{
    uint64_t size;
    char path[LS_LEDGER_PATH_SIZE], name[sizeof "attachments/" + LS_HEX_HASH_SIZE] = "attachments/";
    LS_TRY(h->reader->methods->attached(h->reader, hash, &size, detail));
    if (h->postgres || size == 0) {
        ls_buf bytes = {0};
        ls_result r = h->reader->methods->fetch(h->reader, hash, size, &bytes, detail);
        *out = ls_failed(r) ? NULL : ls_server_blob(h->server, &bytes);
        ls_buf_free(&bytes);
        return ls_failed(r) || *out != NULL ? r : ls_fail(&ls_fault_server_busy);
    }
    ls_map map;
    ls_hash_format(hash, name + strlen(name));
    LS_TRY(ls_embedded_path(h->folder, name, path, detail));
    LS_TRY(ls_file_map(path, &map, detail));
    *out = ls_blob_map(map.bytes);
    if (*out == NULL) {
        ls_file_unmap(&map);
    }
    return *out == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static void serve_attachment(ls_hosted *h, const ls_waiting_read *w)
{
    ls_blob *b = NULL;
    ls_detail detail = {0};
    ls_result r = fetch(h, &w->route.hash, &b, &detail);
    if (ls_failed(r)) {
        fail(h, w, r, &detail);
        return;
    }
    ls_hosted_answer_tile(h, w->x, LS_ROUTE_ATTACHMENT, b);
}

/* Files of the public site. Its pages say themselves what may run in them; that they may stand in no frame only a
 * header can. */

static const char *type_of(ls_bytes file)
{
    static const char *const types[][2] = {{".html", "text/html; charset=utf-8"},
                                           {".css", "text/css; charset=utf-8"},
                                           {".js", "text/javascript; charset=utf-8"},
                                           {".wasm", "application/wasm"},
                                           {".json", "application/json"},
                                           {".jsonl", "application/jsonl"},
                                           {".csv", "text/csv; charset=utf-8"},
                                           {".xml", "application/atom+xml; charset=utf-8"},
                                           {".png", "image/png"},
                                           {".svg", "image/svg+xml"},
                                           {".cff", PLAIN}};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        size_t len = strlen(types[i][0]);
        if (file.len > len && memcmp(file.ptr + file.len - len, types[i][0], len) == 0) {
            return types[i][1];
        }
    }
    return BYTES;
}

#define TAG_SIZE 64

/* A file's version, as an ETag: files of a site are replaced whole, never written to. */
static bool tag_of(const char *path, char tag[static TAG_SIZE])
{
    struct stat s;
    if (stat(path, &s) != 0) {
        return false;
    }
    snprintf(tag, TAG_SIZE, "\"%llx-%llx.%09ld\"", (unsigned long long)s.st_size, (unsigned long long)s.st_mtim.tv_sec,
             s.st_mtim.tv_nsec);
    return true;
}

static void serve_file(ls_hosted *h, const ls_waiting_read *w)
{
    char path[LS_LEDGER_PATH_SIZE], tag[TAG_SIZE];
    ls_map map = {0};
    ls_bytes file = w->route.file.len > 0 ? w->route.file : ls_bytes_str("index.html");
    int n =
        snprintf(path, sizeof path, "%s/%s/%.*s", h->server->o.site, h->name, (int)file.len, (const char *)file.ptr);
    /* First the version: what is replaced in between is sent under that of the one before, and asked for again. */
    if (n < 0 || (size_t)n >= sizeof path || !tag_of(path, tag) || ls_failed(ls_file_map(path, &map, NULL))) {
        fail(h, w, ls_fail(&ls_fault_absent), NULL);
        return;
    }
    ls_blob *b = ls_blob_map(map.bytes);
    if (b == NULL) {
        ls_file_unmap(&map);
        fail(h, w, ls_fail(&ls_fault_memory), NULL);
        return;
    }
    ls_http_answer_options o = {.status = ls_http_has(w->x, tag) ? 304 : 200,
                                .content_type = type_of(file),
                                .cache = "no-cache", /* asked for each time, and sent if it is another */
                                .header = {{"ETag", tag},
                                           {"Content-Security-Policy", "frame-ancestors 'none'"},
                                           {"X-Content-Type-Options", "nosniff"},
                                           {"Referrer-Policy", "no-referrer"}}};
    if (o.status == 304) {
        ls_blob_release(b);
        ls_server_answer(h->server, h, LS_ROUTE_SITE, w->x, &o, (ls_bytes){0});
        return;
    }
    ls_server_answer_blob(h->server, h, LS_ROUTE_SITE, w->x, &o, b);
}

/* Checkpoints of a folder: what others have appended there is shown as soon as somebody asks. */

#define CURRENT_MILLISECONDS 20
#define LOOK_TRIES 200 /* of five milliseconds */

bool ls_hosted_current(ls_hosted *h, const ls_view *v)
{
    double compared = (double)atomic_load(&h->compared) / 1000;
    double since = v->fresh > compared ? v->fresh : compared;
    return h->postgres || ls_clock_monotonic() - since < CURRENT_MILLISECONDS / 1000.0;
}

void ls_hosted_answer_checkpoint(ls_hosted *h, ls_http_exchange *x, ls_route_kind kind, const ls_view *v)
{
    ls_blob *b = v->checkpoint[kind == LS_ROUTE_CHECKPOINT ? LS_CHECKPOINT_FINAL : LS_CHECKPOINT_LATEST];
    if (b == NULL) {
        ls_server_fail(h->server, h, kind, x, ls_fail(&ls_fault_absent), NULL);
        return;
    }
    ls_http_answer_options o = {.status = 200, .content_type = PLAIN, .cache = "no-cache"};
    ls_server_answer_blob(h->server, h, kind, x, &o, ls_blob_keep(b));
}

/* Whether the view shows the latest checkpoint of the store. */
static bool shows(ls_hosted *h, const ls_store_head *head)
{
    ls_view *v = ls_hosted_view(h);
    const ls_blob *b = v->checkpoint[LS_CHECKPOINT_LATEST];
    bool same = ls_bytes_equal(ls_buf_bytes(&head->latest), b == NULL ? (ls_bytes){0} : b->bytes);
    ls_view_release(v);
    return same;
}

/* Waits a moment for the sequencer's thread, which may be in the middle of a batch that makes the view newer. */
static void serve_checkpoint(ls_hosted *h, const ls_waiting_read *w)
{
    ls_store_head head = {0};
    ls_result r = h->reader->methods->head(h->reader, &head, NULL);
    for (unsigned i = 0; ls_succeeded(r) && i < LOOK_TRIES && !shows(h, &head); i++) {
        atomic_store(&h->look, true);
        pthread_cond_signal(&h->wake_queue);
        usleep(5000);
        r = h->reader->methods->head(h->reader, &head, NULL);
    }
    atomic_store(&h->compared, (unsigned long long)(ls_clock_monotonic() * 1000));
    ls_store_head_free(&head);
    ls_view *v = ls_hosted_view(h);
    ls_hosted_answer_checkpoint(h, w->x, w->route.kind, v);
    ls_view_release(v);
}

/* The thread. */

static void serve(ls_hosted *h, ls_waiting_read *w)
{
    switch (w->route.kind) {
    case LS_ROUTE_TILE:
    case LS_ROUTE_ENTRIES:
        serve_tile(h, w);
        break;
    case LS_ROUTE_ATTACHMENT:
        serve_attachment(h, w);
        break;
    case LS_ROUTE_CHECKPOINT:
    case LS_ROUTE_CHECKPOINT_LATEST:
        serve_checkpoint(h, w);
        break;
    case LS_ROUTE_SITE:
        serve_file(h, w);
        break;
    default:
        ls_hosted_serve_box(h, w);
    }
    ls_view_release(w->view);
    free(w);
}

static ls_waiting_read *take(ls_hosted *h)
{
    pthread_mutex_lock(&h->lock_reads);
    while (h->first_read == NULL && !h->stopping) {
        pthread_cond_wait(&h->wake_reads, &h->lock_reads);
    }
    ls_waiting_read *w = h->first_read;
    if (w != NULL) {
        h->first_read = w->next;
        h->last_read = h->first_read == NULL ? &h->first_read : h->last_read;
        h->reads--;
    }
    pthread_mutex_unlock(&h->lock_reads);
    return w;
}

void *ls_hosted_read(void *hosted)
{
    ls_hosted *h = hosted;
    for (ls_waiting_read *w; (w = take(h)) != NULL;) {
        serve(h, w);
    }
    return NULL;
}

/* Proofs. */

static ls_result read_hashes(void *context, unsigned level, uint64_t index, size_t count, ls_hash *out)
{
    ls_hosted *h = context;
    ls_buf bytes = {0};
    /* Never beyond one tile. */
    uint64_t tile = index / LS_TILE_WIDTH, first = index % LS_TILE_WIDTH;
    unsigned width = (unsigned)(first + count);
    ls_result r = level == 0 ? ls_tree_leaves(h->prover, tile, width, &bytes, NULL)
                             : ls_tree_tile(&h->proofs, level, tile, width, &bytes);
    if (ls_succeeded(r)) {
        memcpy(out, bytes.ptr + first * LS_HASH_SIZE, count * LS_HASH_SIZE);
    }
    ls_buf_free(&bytes);
    return r;
}

ls_result ls_hosted_prove(void *hosted, uint64_t old, uint64_t size, ls_hash proof[static LS_MERKLE_PROOF_MAX],
                          size_t *count, ls_detail *detail)
{
    ls_hosted *h = hosted;
    ls_tile_source source = {read_hashes, h};
    pthread_mutex_lock(&h->lock_proofs);
    ls_result r = ls_tree_extend(&h->proofs, h->prover, size, UINT64_MAX, detail);
    if (ls_succeeded(r)) {
        r = ls_merkle_prove_consistency(old, size, ls_tile_node, &source, proof, count);
    }
    pthread_mutex_unlock(&h->lock_proofs);
    return r;
}
