/*
 * What is posted, on the threads of HTTP: taken apart, its signatures verified under the keys in force, and queued for
 * the sequencer. The request lives until it is answered, so that nothing of it is copied.
 */
#include "bundle/bundle.h"
#include "os/os.h"
#include "server/hosted.h"
#include <stdlib.h>

static bool is_type(const char *given, const char *wanted)
{
    size_t len = strlen(wanted);
    return given != NULL && strncmp(given, wanted, len) == 0 && (given[len] == '\0' || given[len] == ';');
}

static ls_pending_item *item_new(ls_http_exchange *x, bool cosignature)
{
    ls_pending_item *p = calloc(1, sizeof *p);
    if (p != NULL) {
        p->x = x;
        p->since = ls_clock_monotonic();
        p->cosignature = cosignature;
    }
    return p;
}

/* Files that came with the act: the sequencer stores those that it names and that are not here. */
static ls_result take_files(ls_pending_item *p, const ls_bundle *b)
{
    struct ls_submitted_file *file = ls_arena_array(&p->arena, b->count + 1, sizeof *file);
    size_t count = 0;
    if (file == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < b->count; i++) {
        if (ls_bundle_attachment_name(&b->members[i], &file[count].hash)) {
            file[count++].content = b->members[i].content;
        }
    }
    p->item.submission.attachment = file;
    p->item.submission.attachment_count = count;
    return LS_SUCCESS;
}

static ls_result take_bundle(ls_pending_item *p, ls_bytes body, ls_detail *detail)
{
    ls_bundle *b = ls_arena_alloc(&p->arena, sizeof *b);
    if (b == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_bundle_parse(&p->arena, body, b, detail));
    const ls_member *act = ls_bundle_member(b, "act.note");
    if (b->kind != LS_BUNDLE_DRAFT || act == NULL || b->count > LS_ACT_ATTACHMENTS_MAX + 1) {
        return ls_fail_with(&ls_fault_bundle_form, detail, "it is no draft bundle");
    }
    p->item.submission.note = act->content;
    return take_files(p, b);
}

static ls_result take_act(ls_pending_item *p, const ls_http_request *q, ls_detail *detail)
{
    if (is_type(q->content_type, "application/x-tar")) {
        LS_TRY(take_bundle(p, q->body, detail));
    } else if (is_type(q->content_type, "text/plain")) {
        p->item.submission.note = q->body;
    } else {
        return ls_fail_with(&ls_fault_server_form, detail, "an act is text/plain, with files application/x-tar");
    }
    p->act = ls_arena_alloc(&p->arena, sizeof *p->act);
    return p->act == NULL ? ls_fail(&ls_fault_memory) : ls_act_parse(p->item.submission.note, false, p->act, detail);
}

/* Nobody else costs the sequencer any work, or learns from its refusals what is on the record. Of an amendment the
 * sequencer looks at the rest, as new parties may sign it; a second charter and stamps it refuses. */
static void verify(ls_hosted *h, ls_pending_item *p)
{
    ls_view *v = ls_hosted_view(h);
    const ls_charter *c = v->keys == NULL ? NULL : v->keys->charter;
    p->item.act = p->act;
    if (c != NULL && !ls_bytes_is(p->act->kind, "charter") && p->act->shape != LS_SHAPE_STAMP) {
        p->verdict = ls_act_check_signatures(p->act, c, v->stamped, &p->why);
        p->item.verified = ls_succeeded(p->verdict);
        p->item.keys_version = v->keys->version;
    }
    if (ls_failed(p->verdict) && ls_bytes_is(p->act->kind, "amend") && ls_act_signed_by_any(p->act, c, v->stamped)) {
        p->verdict = LS_SUCCESS;
    }
    ls_view_release(v);
}

void ls_hosted_post(ls_hosted *h, ls_http_exchange *x, const ls_http_request *request, ls_route_kind kind)
{
    ls_detail detail = {0};
    ls_pending_item *p = item_new(x, kind == LS_ROUTE_COSIGNATURE);
    ls_result r = p == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r) && p->cosignature) {
        ls_buf_put_bytes(&p->cosigned, request->body);
        r = ls_buf_check(&p->cosigned);
    } else if (ls_succeeded(r)) {
        r = take_act(p, request, &detail);
    }
    if (ls_succeeded(r) && !p->cosignature) {
        verify(h, p);
    }
    if (ls_succeeded(r) && !ls_hosted_enqueue(h, p)) {
        r = ls_fail(&ls_fault_server_busy);
    }
    if (ls_failed(r)) {
        if (p != NULL) {
            ls_pending_free(p);
        }
        ls_server_fail(h->server, h, kind, x, r, &detail);
    }
}
