/*
 * Boxes: files for an audience, sealed to each addressee, that wait here beside the ledger. The author of an act on the
 * record that names such a file posts it; only the addressee lists, gets and drops.
 */
#include "process/sealed.h"
#include "server/hosted.h"
#include <stdlib.h>

#define PLAIN "text/plain; charset=utf-8"

static void fail(ls_hosted *h, const ls_waiting_read *w, const ls_fault *fault, const char *text)
{
    ls_detail detail = {0};
    ls_result r = ls_fail_with(fault, &detail, "%s", text);
    ls_server_fail(h->server, h, w->route.kind, w->x, r, &detail);
}

/* The party that asks: neither its cosigner, which has a key online, nor its delegates, who only read, are the party.
 */
static size_t party_of(const ls_access *reader)
{
    return reader->boxes ? reader->party : LS_NO_PARTY;
}

/* What acts on the record let one expect. */

static ls_result expect(ls_hosted *h, const ls_charter *c, const ls_act *act, const ls_attachment *a)
{
    const ls_party *author = act->by.count == 1 ? ls_charter_party(c, act->by.name[0]) : NULL;
    if (h->expected_count == h->expected_capacity) {
        size_t larger = h->expected_capacity == 0 ? 64 : 2 * h->expected_capacity;
        ls_expected_box *moved = reallocarray(h->expected, larger, sizeof *moved);
        if (moved == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        h->expected = moved;
        h->expected_capacity = larger;
    }
    h->expected[h->expected_count++] = (ls_expected_box){
        a->hash, author == NULL ? LS_NO_PARTY : (size_t)(author - c->party), ls_audience_members(c, a->audience)};
    return LS_SUCCESS;
}

typedef struct looking {
    ls_hosted *h;
    const ls_charter *charter;
} looking;

static ls_result look_through(void *context, uint64_t index, ls_bytes note)
{
    static const char header[] = "\nattachment: ";
    const looking *l = context;
    ls_act act;
    (void)index;
    if (memmem(note.ptr, note.len, header, sizeof header - 1) == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_act_parse(note, false, &act, NULL));
    for (size_t i = 0; i < act.attachment_count; i++) {
        if (ls_audience_restricted(act.attachment[i].audience)) {
            LS_TRY(expect(l->h, l->charter, &act, &act.attachment[i]));
        }
    }
    return LS_SUCCESS;
}

static ls_result look_at_record(ls_hosted *h, const ls_view *v, ls_detail *detail)
{
    uint64_t size = v->size[LS_CHECKPOINT_LATEST];
    looking l = {h, v->keys->charter};
    if (h->searched < size) {
        LS_TRY(h->reader->methods->read(h->reader, h->searched, size, look_through, &l, detail));
        h->searched = size;
    }
    return LS_SUCCESS;
}

static bool may_post(const ls_hosted *h, const ls_hash *hash, size_t author, size_t to)
{
    for (size_t i = 0; i < h->expected_count; i++) {
        const ls_expected_box *e = &h->expected[i];
        if (ls_hash_equal(&e->hash, hash) && author != LS_NO_PARTY && e->author == author && to < 32 &&
            (e->members >> to & 1) != 0) {
            return true;
        }
    }
    return false;
}

/* Requests. */

static ls_result put_hash(void *context, const ls_hash *hash)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    ls_buf_put_str(context, hex);
    ls_buf_put_u8(context, '\n');
    return LS_SUCCESS;
}

static ls_result post_box(ls_hosted *h, const ls_waiting_read *w, size_t to, ls_detail *detail)
{
    LS_TRY(look_at_record(h, w->view, detail));
    if (!may_post(h, &w->route.hash, party_of(&w->reader), to)) {
        return ls_fail_with(&ls_fault_refused, detail, "no act of yours on the record names this file for this party");
    }
    return h->reader->methods->post(h->reader, w->route.to, &w->route.hash, w->request->body, detail);
}

static ls_result do_request(ls_hosted *h, const ls_waiting_read *w, size_t to, ls_buf *out, ls_detail *detail)
{
    const ls_store_methods *m = h->reader->methods;
    if (strcmp(w->request->method, "PUT") == 0) {
        return post_box(h, w, to, detail);
    }
    if (party_of(&w->reader) != to) {
        return ls_fail_with(&ls_fault_access, detail, "boxes are for their addressee");
    }
    if (strcmp(w->request->method, "DELETE") == 0) {
        return m->drop(h->reader, w->route.to, &w->route.hash, detail);
    }
    return w->route.kind == LS_ROUTE_BOXES
               ? m->boxes(h->reader, w->route.to, put_hash, out, detail)
               : m->box(h->reader, w->route.to, &w->route.hash, LS_SERVER_SUBMISSION_MAX, out, detail);
}

void ls_hosted_serve_box(ls_hosted *h, const ls_waiting_read *w)
{
    ls_buf body = {0};
    ls_detail detail = {0};
    const ls_party *p = w->view->keys == NULL ? NULL : ls_charter_party(w->view->keys->charter, w->route.to);
    if (p == NULL) {
        fail(h, w, &ls_fault_absent, "the charter has no such party");
        return;
    }
    ls_result r = do_request(h, w, (size_t)(p - w->view->keys->charter->party), &body, &detail);
    if (ls_failed(r)) {
        ls_server_fail(h->server, h, w->route.kind, w->x, r, &detail);
    } else {
        ls_http_answer_options o = {.status = 200,
                                    .content_type =
                                        w->route.kind == LS_ROUTE_BOXES ? PLAIN : "application/octet-stream",
                                    .cache = "no-store"};
        ls_server_answer_buffer(h->server, h, w->route.kind, w->x, &o, &body);
    }
    ls_buf_free(&body);
}
