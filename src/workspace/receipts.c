/* Receipts: asked for, kept, and put on the record. */
#include "workspace/receipts.h"
#include "bundle/bundle.h"
#include "http/http.h"
#include "process/sealed.h"
#include "workspace/outbox.h"
#include <stdio.h>

#define TIMEOUT 15 /* seconds */
#define FOLDER "receipts"

static const ls_charter *charter_of(const ls_workspace *ws)
{
    return ls_record_watched(ws->record);
}

static ls_result folder_of(const ls_workspace *ws, const ls_hash *act, char out[static 4096])
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(act, hex);
    return ls_workspace_path(ws, out, FOLDER "/%s", hex);
}

/* Asking. */

/* A cosigner gets the act with the files that all readers may read; what is for an audience goes past it. */
static ls_result put_files(const ls_draft *draft, const ls_act *act, ls_buf *bundle, size_t *files, ls_detail *detail)
{
    for (size_t i = 0; i < draft->count && i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
        ls_buf content = {0};
        if (ls_audience_restricted(a->audience)) {
            continue;
        }
        const char *path = draft->attachment[i].path;
        ls_result r = path[0] != '\0' ? ls_file_read(path, a->size, &content, detail) : LS_SUCCESS;
        if (ls_succeeded(r)) {
            ls_bundle_attachment_format(&a->hash, name);
            r = ls_bundle_put(bundle, name,
                              path[0] != '\0' ? ls_buf_bytes(&content) : ls_buf_bytes(&draft->attachment[i].content));
            ++*files;
        }
        ls_buf_free(&content);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

/* The body of a request: the note alone, or a draft bundle. */
static ls_result make_body(ls_workspace *ws, const ls_waiting *w, ls_buf *body, bool *bundled, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_draft draft;
    ls_act act;
    size_t files = 0;
    LS_TRY(ls_outbox_read(ws, &arena, w->file, &draft, detail));
    ls_result r = ls_act_parse(ls_buf_bytes(&draft.note), false, &act, detail);
    if (ls_succeeded(r)) {
        ls_bundle_begin(body, LS_BUNDLE_DRAFT);
        r = ls_bundle_put(body, "act.note", ls_buf_bytes(&draft.note));
    }
    if (ls_succeeded(r)) {
        r = put_files(&draft, &act, body, &files, detail);
        ls_bundle_end(body);
    }
    if (files == 0) {
        body->len = 0;
        ls_buf_put_bytes(body, ls_buf_bytes(&draft.note));
    }
    *bundled = files > 0;
    ls_draft_free(&draft);
    ls_arena_free(&arena);
    return ls_failed(r) ? r : ls_buf_check(body);
}

typedef struct request {
    ls_workspace *ws;
    const ls_witness *witness;
    ls_bytes body;
    bool bundled;
    ls_hash act;
} request;

static ls_result post(const char *url, const char *authority, ls_bytes body, bool bundle, unsigned *status,
                      ls_buf *answer, ls_detail *detail)
{
    ls_http_client *client;
    ls_http_client_options o = {.base = url, .authority_file = authority, .timeout = TIMEOUT, .user_agent = "lockstep"};
    LS_TRY(ls_http_client_new(&o, &client, detail));
    ls_http_call call = {.method = "POST",
                         .path = "receipt",
                         .content_type = bundle ? "application/x-tar" : "text/plain; charset=utf-8",
                         .body = body,
                         .limit = LS_REMOTE_RECEIPT_MAX};
    ls_result r = ls_http_client_call(client, &call, status, answer, detail);
    ls_http_client_free(client);
    return r;
}

/* What is not status 200 says in its second line why. */
ls_result ls_receipt_refused(unsigned status, ls_bytes answer, ls_detail *detail)
{
    ls_reader r = ls_reader_of(answer);
    ls_bytes code, sentence = {0};
    if (!ls_read_line(&r, &code) || !ls_read_line(&r, &sentence) || !ls_utf8_valid(sentence)) {
        return ls_fail_with(&ls_fault_refused, detail, "it answers with status %u", status);
    }
    return ls_fail_with(&ls_fault_refused, detail, "%.*s", (int)sentence.len, (const char *)sentence.ptr);
}

ls_result ls_receipt_ask(const char *url, const char *authority, ls_bytes body, bool bundle, ls_buf *receipt,
                         ls_detail *detail)
{
    ls_buf answer = {0};
    unsigned status = 0;
    ls_result r = post(url, authority, body, bundle, &status, &answer, detail);
    if (ls_succeeded(r) && status != 200) {
        r = ls_receipt_refused(status, ls_buf_bytes(&answer), detail);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(receipt, ls_buf_bytes(&answer));
        r = ls_buf_check(receipt);
    }
    ls_buf_free(&answer);
    return r;
}

/* A good receipt by this witness's cosigner, and by no other. */
static ls_result check_receipt(const request *q, ls_bytes note, ls_detail *detail)
{
    const ls_cosigner *k;
    ls_time time;
    LS_TRY(ls_receipt_judge(charter_of(q->ws), &q->ws->process, &q->act, note, NULL, &k, &time, detail));
    return ls_bytes_equal(k->name, q->witness->name)
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_receipt, detail, "it gives a receipt of another cosigner");
}

static ls_result ask(const request *q, const char *path, ls_detail *detail)
{
    char url[LS_HTTP_PATH_MAX];
    ls_buf answer = {0};
    int len = snprintf(url, sizeof url, "%.*s", (int)q->witness->url.len, (const char *)q->witness->url.ptr);
    if (len < 0 || (size_t)len >= sizeof url) {
        return ls_fail_with(&ls_fault_usage, detail, "its URL is too long");
    }
    ls_result r = ls_receipt_ask(url, q->ws->authority, q->body, q->bundled, &answer, detail);
    if (ls_succeeded(r)) {
        r = check_receipt(q, ls_buf_bytes(&answer), detail);
    }
    if (ls_succeeded(r)) {
        r = ls_file_write(path, ls_buf_bytes(&answer), detail);
    }
    ls_buf_free(&answer);
    return r;
}

static ls_result ask_all(request *q, ls_asked *out)
{
    const ls_policy *policy = &charter_of(q->ws)->policy;
    for (size_t i = 0; i < policy->witness_count; i++) {
        char folder[4096], path[4096 + LS_NAME_MAX + 2];
        ls_detail why = {0};
        q->witness = &policy->witness[i];
        if (q->witness->url.len == 0) {
            continue;
        }
        LS_TRY(folder_of(q->ws, &q->act, folder));
        snprintf(path, sizeof path, "%s/%.*s", folder, (int)q->witness->name.len, (const char *)q->witness->name.ptr);
        ls_result r = ls_file_exists(path) ? LS_SUCCESS : ask(q, path, &why);
        if (r.fault != NULL && (r.fault->class == LS_CLASS_BUG || r.fault == &ls_fault_memory)) {
            return r;
        }
        snprintf(out->witness[out->count].name, sizeof out->witness[0].name, "%.*s", (int)q->witness->name.len,
                 (const char *)q->witness->name.ptr);
        out->witness[out->count].given = ls_succeeded(r);
        snprintf(out->witness[out->count].why, sizeof out->witness[0].why, "%s",
                 ls_succeeded(r)       ? ""
                 : why.text[0] != '\0' ? why.text
                                       : r.fault->sentence);
        out->count++;
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_can_ask(const ls_workspace *ws, ls_detail *detail)
{
    const ls_charter *c = charter_of(ws);
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        if (c->policy.witness[i].url.len > 0) {
            return LS_SUCCESS;
        }
    }
    ls_hint(detail, "carry it to the host: lockstep sync --to FILE; or lockstep outbox drop gives it up");
    return ls_fail_with(&ls_fault_usage, detail, "nobody can be asked for receipts: %s",
                        c->quorum_none ? "this process has no cosigners"
                                       : "no witness line of the policy has a cosigner's URL");
}

ls_result ls_workspace_ask_receipts(ls_workspace *ws, const ls_waiting *w, ls_asked *out, ls_detail *detail)
{
    char path[4096];
    ls_buf body = {0};
    request q = {.ws = ws, .act = w->id};
    *out = (ls_asked){0};
    LS_TRY(ls_workspace_path(ws, path, FOLDER));
    LS_TRY(ls_folder_make(path, detail));
    LS_TRY(folder_of(ws, &w->id, path));
    LS_TRY(ls_folder_make(path, detail));
    ls_result r = make_body(ws, w, &body, &q.bundled, detail);
    if (ls_succeeded(r)) {
        q.body = ls_buf_bytes(&body);
        r = ask_all(&q, out);
    }
    ls_buf_free(&body);
    return r;
}

/* What is here. */

/* A receipt under its cosigner's name: so none counts twice, however the files came here. */
static ls_result take_note(ls_workspace *ws, ls_arena *arena, const char *folder, const char *name, const ls_hash *act,
                           ls_held_receipts *out, ls_detail *detail)
{
    char path[4096 + 258];
    ls_buf file = {0};
    const ls_cosigner *k;
    ls_time time;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    ls_result r = ls_file_read(path, LS_RECEIPT_NOTE_MAX, &file, detail);
    /* What is no receipt any more, since keys have changed, counts for nothing. */
    if (ls_succeeded(r) &&
        ls_succeeded(ls_receipt_judge(charter_of(ws), &ws->process, act, ls_buf_bytes(&file), NULL, &k, &time, NULL)) &&
        ls_bytes_is(k->name, name)) {
        char *kept = ls_arena_str(arena, ls_buf_bytes(&file));
        r = kept == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
        if (ls_succeeded(r) && out->count < LS_COSIGNERS_MAX) {
            out->note[out->count++] = ls_bytes_of(kept, file.len);
        }
    }
    ls_buf_free(&file);
    return r;
}

ls_result ls_workspace_receipts(ls_workspace *ws, ls_arena *arena, const ls_hash *act, ls_held_receipts *out,
                                ls_detail *detail)
{
    char folder[4096];
    char **names;
    size_t count = 0;
    ls_buf text = {0};
    ls_receipts judged;
    *out = (ls_held_receipts){0};
    LS_TRY(folder_of(ws, act, folder));
    LS_TRY(ls_folder_list(arena, folder, &names, &count, detail));
    for (size_t i = 0; i < count; i++) {
        LS_TRY(take_note(ws, arena, folder, names[i], act, out, detail));
    }
    ls_receipts_put(out->note, out->count, &text);
    if (out->count > 0 &&
        ls_succeeded(ls_receipts_judge(charter_of(ws), &ws->process, act, ls_buf_bytes(&text), NULL, &judged, NULL))) {
        out->met = judged.met;
        out->time = judged.receipt_time;
    }
    ls_buf_free(&text);
    return LS_SUCCESS;
}

ls_result ls_workspace_receipted(ls_workspace *ws, ls_arena *arena, ls_hash **acts, size_t *count, ls_detail *detail)
{
    char path[4096];
    char **names;
    size_t listed = 0, found = 0;
    LS_TRY(ls_workspace_path(ws, path, FOLDER));
    LS_TRY(ls_folder_list(arena, path, &names, &listed, detail));
    ls_hash *list = ls_arena_array(arena, listed + 1, sizeof *list);
    if (list == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < listed; i++) {
        found += ls_hash_parse(ls_bytes_str(names[i]), &list[found]);
    }
    *acts = list;
    *count = found;
    return LS_SUCCESS;
}

/* Filing. */

static ls_result file(ls_workspace *ws, const ls_hash *act, const ls_held_receipts *held, ls_signers as, ls_filed *out,
                      ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_act_draft headers = {0};
    ls_draft draft = {0};
    ls_hash_format(act, hex);
    ls_act_draft_set(&headers, LS_H_REF, "%s", hex);
    ls_receipts_put(held->note, held->count, &headers.text);
    ls_result r = ls_workspace_act(ws, "receipts", &headers, as, &draft, out, detail);
    ls_act_draft_free(&headers);
    ls_draft_free(&draft);
    return r;
}

ls_result ls_workspace_file_receipts(ls_workspace *ws, const ls_hash *act, ls_signers as, ls_filed *out,
                                     ls_detail *detail)
{
    char folder[4096];
    ls_arena arena = {0};
    ls_held_receipts held;
    ls_result r = ls_workspace_receipts(ws, &arena, act, &held, detail);
    if (ls_succeeded(r) && held.count == 0) {
        r = ls_fail_with(&ls_fault_usage, detail, "there are no receipts for this act");
    }
    if (ls_succeeded(r)) {
        r = file(ws, act, &held, as, out, detail);
    }
    ls_arena_free(&arena);
    /* Signed in full they stand in an act, on the record or in the outbox. */
    if (ls_succeeded(r) && out->filing != LS_INCOMPLETE && ls_succeeded(folder_of(ws, act, folder))) {
        ls_folder_discard(folder);
    }
    return r;
}
