/*
 * The outbox: acts are written there before they are filed, and leave it when they stand on the record. Those made
 * while the ledger can't be reached wait, each chained on the one before; what can't be filed any more stays until its
 * author gives it up.
 */
#include "workspace/outbox.h"
#include "ledger/remote.h"
#include "process/sealed.h"
#include "workspace/mail.h"
#include <stdio.h>
#include <stdlib.h>

#define ENDING ".lockstep"
#define REFUSED ".refused"
#define REFUSED_MAX 2048

void ls_workspace_forget_outbox(ls_workspace *ws)
{
    if (ws->outbox != NULL) {
        ls_record_free(ws->outbox->ahead);
        ls_arena_free(&ws->outbox->arena);
        free(ws->outbox);
        ws->outbox = NULL;
    }
}

bool ls_outbox_is_verdict(ls_result r)
{
    return r.fault == &ls_fault_refused || r.fault == &ls_fault_act_form || r.fault == &ls_fault_note_form ||
           r.fault == &ls_fault_note_signature || r.fault == &ls_fault_note_unsigned;
}

/* Looking at what is there. */

static bool ends(const char *name, const char *ending)
{
    size_t len = strlen(name), end = strlen(ending);
    return len > end && strcmp(name + len - end, ending) == 0;
}

static ls_result path_of(const ls_workspace *ws, const char *file, const char *more, char out[static 4096])
{
    return ls_workspace_path(ws, out, "outbox/%s%s", file, more);
}

ls_result ls_outbox_read(const ls_workspace *ws, ls_arena *arena, const char *file, ls_draft *out, ls_detail *detail)
{
    char path[4096];
    LS_TRY(path_of(ws, file, "", path));
    ls_result r = ls_draft_read(arena, path, out, detail);
    if (ls_failed(r) && r.fault->class == LS_CLASS_INVALID) {
        ls_hint(detail, "move it out of the outbox");
        r = ls_fail_with(r.fault, detail, "%s is no draft, or a damaged one", path);
    }
    return r;
}

/* Takes an act away, with what was said against it. */
static ls_result take_away(const ls_workspace *ws, const char *file, ls_detail *detail)
{
    char path[4096];
    LS_TRY(path_of(ws, file, REFUSED, path));
    if (ls_file_exists(path)) {
        LS_TRY(ls_file_remove(path, detail));
    }
    LS_TRY(path_of(ws, file, "", path));
    return ls_file_remove(path, detail);
}

static ls_result describe(ls_outbox *o, const char *file, const ls_draft *draft, ls_waiting *w, ls_detail *detail)
{
    ls_act act;
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, detail));
    char *note = ls_arena_str(&o->arena, ls_buf_bytes(&draft->note));
    if (note == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *w = (ls_waiting){.id = act.id,
                      .note = ls_bytes_of(note, draft->note.len),
                      .seq = act.seq,
                      .since = act.at,
                      .until = act.shape == LS_SHAPE_JOINT ? act.open_until : act.expires};
    snprintf(w->file, sizeof w->file, "%s", file);
    snprintf(w->kind, sizeof w->kind, "%.*s", (int)act.kind.len, (const char *)act.kind.ptr);
    ls_act_missing_signers(&act, w->missing, sizeof w->missing);
    return LS_SUCCESS;
}

/* One bundle of the outbox. If its act is on the record, a run before or another signer filed it, and it goes. */
static ls_result look_at(ls_workspace *ws, ls_outbox *o, const char *file, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_draft draft;
    ls_waiting *w = &o->waiting[o->count];
    uint64_t index;
    ls_result r = ls_outbox_read(ws, &arena, file, &draft, detail);
    if (ls_succeeded(r)) {
        r = describe(o, file, &draft, w, detail);
        ls_draft_free(&draft);
    }
    ls_arena_free(&arena);
    LS_TRY(r);
    if (ls_record_find(ws->record, &w->id, &index)) {
        return take_away(ws, file, detail);
    }
    o->count++;
    return LS_SUCCESS;
}

static int by_place(const void *a, const void *b)
{
    const ls_waiting *x = a, *y = b;
    return x->seq != y->seq ? (x->seq > y->seq) - (x->seq < y->seq) : strcmp(x->file, y->file);
}

static ls_result list(ls_workspace *ws, ls_outbox *o, ls_detail *detail)
{
    char path[4096];
    char **names;
    size_t n;
    LS_TRY(ls_workspace_path(ws, path, "outbox"));
    LS_TRY(ls_folder_list(&o->arena, path, &names, &n, detail));
    o->waiting = ls_arena_array(&o->arena, n + 1, sizeof *o->waiting);
    if (o->waiting == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < n; i++) {
        if (ends(names[i], ENDING)) {
            LS_TRY(look_at(ws, o, names[i], detail));
        }
    }
    if (o->count > 1) {
        qsort(o->waiting, o->count, sizeof *o->waiting, by_place);
    }
    return LS_SUCCESS;
}

/* The record as it will be. */

typedef struct replaying {
    ls_record *into;
    ls_detail *detail;
} replaying;

static ls_result replay_entry(void *context, uint64_t index, ls_bytes note)
{
    const replaying *p = context;
    (void)index;
    return ls_record_append(p->into, note, LS_CHECK_TRUSTED, p->detail);
}

/* A second record, for acts that are to come: made only where something waits. */
static ls_result make_ahead(ls_workspace *ws, ls_outbox *o, ls_detail *detail)
{
    if (o->ahead != NULL) {
        return LS_SUCCESS;
    }
    ls_store *store = ls_replica_store(ws->replica);
    LS_TRY(ls_record_new((ls_fetch){ls_replica_fetch, ws->replica}, &o->ahead));
    replaying p = {o->ahead, detail};
    return store->methods->read(store, 0, ls_record_size(ws->record), replay_entry, &p, detail);
}

/* What the ledger said against it when it was filed last, if it did. */
static bool was_refused(const ls_workspace *ws, const ls_waiting *w, ls_detail *why)
{
    char path[4096];
    ls_buf text = {0};
    ls_bytes reason, hint;
    if (ls_failed(path_of(ws, w->file, REFUSED, path)) || !ls_file_exists(path) ||
        ls_failed(ls_file_read(path, REFUSED_MAX, &text, NULL))) {
        return false;
    }
    ls_reader r = ls_reader_of(ls_buf_bytes(&text));
    bool read = ls_read_line(&r, &reason) && ls_read_line(&r, &hint);
    if (read) {
        *why = (ls_detail){0};
        snprintf(why->text, sizeof why->text, "%.*s", (int)reason.len, (const char *)reason.ptr);
        snprintf(why->hint, sizeof why->hint, "%.*s", (int)hint.len, (const char *)hint.ptr);
    }
    ls_buf_free(&text);
    return read;
}

static ls_result lapsed(ls_detail *why)
{
    ls_hint(why, "make it again");
    return ls_fail_with(&ls_fault_refused, why, "it has lapsed");
}

/* Can it be filed, as far as can be told here? An act that can is part of what later ones build on. */
static ls_result judge(ls_workspace *ws, ls_outbox *o, ls_waiting *w, ls_time now, ls_detail *detail)
{
    ls_act act;
    if (w->missing[0] != '\0') {
        w->waits = LS_WAITS_SIGNATURES;
        return LS_SUCCESS;
    }
    w->waits = LS_WAITS_REFUSED;
    LS_TRY(ls_act_parse(w->note, false, &act, detail));
    ls_result r = now > w->until && !ls_record_received(ws->record, &act) ? lapsed(&w->why) : LS_SUCCESS;
    if (ls_succeeded(r) && w->seq > 0) {
        r = ls_record_accept(o->ahead != NULL ? o->ahead : ws->record, &act, LS_CHECK_SIGNATURES, &w->why);
    }
    w->acceptable = ls_succeeded(r);
    if (ls_failed(r) || was_refused(ws, w, &w->why)) {
        return ls_succeeded(r) || ls_outbox_is_verdict(r) ? LS_SUCCESS : r;
    }
    w->waits = LS_WAITS_LEDGER;
    if (w->seq > 0) {
        LS_TRY(make_ahead(ws, o, detail));
        return ls_record_append(o->ahead, w->note, LS_CHECK_TRUSTED, detail);
    }
    return LS_SUCCESS;
}

static ls_result survey(ls_workspace *ws, ls_outbox *o, ls_detail *detail)
{
    ls_time now;
    LS_TRY(ls_workspace_now(ws, &now, detail));
    if (ws->exercise && !ls_workspace_embedded(ws) && ls_record_time(ws->record) == 0) {
        now = 0; /* an exercise whose clock nobody has seen from here: nothing lapses yet */
    }
    LS_TRY(list(ws, o, detail));
    for (size_t i = 0; i < o->count; i++) {
        LS_TRY(judge(ws, o, &o->waiting[i], now, detail));
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_outbox(ls_workspace *ws, const ls_outbox **out, ls_detail *detail)
{
    if (ws->outbox == NULL) {
        ws->outbox = calloc(1, sizeof *ws->outbox);
        if (ws->outbox == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        ls_result r = survey(ws, ws->outbox, detail);
        if (ls_failed(r)) {
            ls_workspace_forget_outbox(ws);
            return r;
        }
    }
    *out = ws->outbox;
    return LS_SUCCESS;
}

ls_result ls_workspace_drop(ls_workspace *ws, const char *id, ls_waiting *dropped, ls_detail *detail)
{
    const ls_outbox *o;
    const ls_waiting *found = NULL;
    LS_TRY(ls_workspace_outbox(ws, &o, detail));
    for (size_t i = 0; i < o->count; i++) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&o->waiting[i].id, hex);
        if (strncmp(hex, id, strlen(id)) == 0 && found != NULL) {
            return ls_fail_with(&ls_fault_usage, detail, "several acts in the outbox begin with %.64s", id);
        }
        found = strncmp(hex, id, strlen(id)) == 0 ? &o->waiting[i] : found;
    }
    if (found == NULL || id[0] == '\0') {
        ls_hint(detail, "lockstep outbox lists what waits");
        return ls_fail_with(&ls_fault_usage, detail, "no act in the outbox begins with %.64s", id);
    }
    LS_TRY(take_away(ws, found->file, detail));
    *dropped = *found;
    dropped->note = (ls_bytes){0};
    ls_workspace_forget_outbox(ws);
    return LS_SUCCESS;
}

/* Filing. */

/* Hands the act and its files, which stand in a draft in the order of the act's headers, to the ledger. Files for an
 * audience stay here: the ledger never sees more of them than boxes. */
static ls_result submit(ls_workspace *ws, const ls_draft *draft, const ls_act *act, ls_receipt *out, ls_detail *detail)
{
    struct ls_submitted_file file[LS_ACT_ATTACHMENTS_MAX] = {0};
    ls_submission s = {.note = ls_buf_bytes(&draft->note), .attachment = file};
    LS_TRY(ls_mail_keep(ws, draft, act, detail));
    for (size_t i = 0; i < draft->count && i < act->attachment_count; i++) {
        const char *path = draft->attachment[i].path;
        if (!ls_audience_restricted(act->attachment[i].audience)) {
            file[s.attachment_count++] =
                (struct ls_submitted_file){.hash = act->attachment[i].hash,
                                           .path = path[0] != '\0' ? path : NULL,
                                           .content = ls_buf_bytes(&draft->attachment[i].content)};
        }
    }
    return ws->ledger->methods->submit(ws->ledger, &s, out, detail);
}

static ls_result outbox_name(const ls_act *act, char out[static 256])
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&act->id, hex);
    int len = snprintf(out, 256, "%.*s-%.16s" ENDING, (int)act->kind.len, (const char *)act->kind.ptr, hex);
    return len > 0 && len < 256 ? LS_SUCCESS : ls_fail(&ls_fault_usage);
}

/* Is the act acceptable as far as can be known here? So that nothing refused stays in the outbox. */
static ls_result precheck(ls_workspace *ws, const ls_act *act, bool complete, ls_detail *detail)
{
    const ls_outbox *o;
    uint64_t index;
    if (act->shape == LS_SHAPE_JOINT) {
        return LS_SUCCESS; /* its attachments are not in the ledger yet: it is asked itself */
    }
    LS_TRY(ls_workspace_outbox(ws, &o, detail));
    if (o->ahead != NULL && ls_record_find(o->ahead, &act->id, &index) &&
        !ls_record_find(ws->record, &act->id, &index)) {
        return LS_SUCCESS; /* it waits there itself: the last signature was added to that file */
    }
    return ls_record_accept(o->ahead != NULL ? o->ahead : ws->record, act,
                            complete ? LS_CHECK_SIGNATURES : LS_CHECK_TRUSTED, detail);
}

/* What a server acknowledged leaves the outbox when it is seen on the record; a folder's word is its record. */
static void settle(ls_workspace *ws, const char *file, const ls_hash *id)
{
    uint64_t index;
    ls_workspace_forget_outbox(ws);
    if (!ls_workspace_embedded(ws) &&
        (ls_failed(ls_workspace_sync(ws, NULL)) || !ls_record_find(ws->record, id, &index))) {
        return;
    }
    /* What can't be removed now is removed by the next run. */
    (void)ls_failed(take_away(ws, file, NULL));
}

/* Notes what the ledger said, for whoever asks why the act still waits. */
static ls_result note_refusal(const ls_workspace *ws, const char *file, const ls_detail *why, ls_detail *detail)
{
    char path[4096];
    ls_buf text = {0};
    LS_TRY(path_of(ws, file, REFUSED, path));
    ls_buf_format(&text, "%s\n%s\n", why->text, why->hint);
    ls_result r = ls_buf_check(&text);
    if (ls_succeeded(r)) {
        r = ls_file_write(path, ls_buf_bytes(&text), detail);
    }
    ls_buf_free(&text);
    return r;
}

/* A refusal that one's own replaying does not bear out may be a host's pretext: then the act stays, for cosigners to
 * give receipts. A joint act's files are not here, so that nothing can be said. */
static bool is_pretext(ls_workspace *ws, const ls_act *act)
{
    ls_workspace_forget_outbox(ws);
    return !ls_workspace_embedded(ws) && act->shape != LS_SHAPE_JOINT && ls_succeeded(ls_workspace_sync(ws, NULL)) &&
           !ws->offline && ls_succeeded(ls_record_accept(ws->record, act, LS_CHECK_SIGNATURES, NULL));
}

static ls_result keep_refused(ls_workspace *ws, const char *file, ls_detail *why)
{
    ls_hint(why, "by the record that is here it is acceptable: lockstep receipts hands it to the cosigners");
    return note_refusal(ws, file, why, NULL);
}

/* Files for audiences follow their act at once. What can't be sent now is sent by the next run. */
static void send_files(ls_workspace *ws, const ls_act *act)
{
    unsigned sent;
    bool any = false;
    for (size_t i = 0; i < act->attachment_count; i++) {
        any = any || ls_audience_restricted(act->attachment[i].audience);
    }
    if (any && ls_succeeded(ls_workspace_sync(ws, NULL))) {
        (void)ls_failed(ls_mail_send(ws, &sent, NULL));
    }
}

/* A fresh act, which stands in the outbox now. One that is refused at once is gone; one that finds nobody waits. */
static ls_result file_fresh(ls_workspace *ws, const ls_draft *draft, const ls_act *act, const char *file, ls_filed *out,
                            ls_detail *detail)
{
    ls_detail why = {0};
    out->filing = LS_WAITING;
    if (ws->ledger == NULL || ws->offline) {
        return LS_SUCCESS;
    }
    ls_result r = submit(ws, draft, act, &out->receipt, &why);
    if (ls_workspace_went_offline(ws, r, &why)) {
        return LS_SUCCESS;
    }
    if (ls_succeeded(r)) {
        out->filing = LS_FILED;
        settle(ws, file, &act->id);
        send_files(ws, act);
    } else if (ls_outbox_is_verdict(r)) {
        (void)ls_failed(is_pretext(ws, act) ? keep_refused(ws, file, &why) : take_away(ws, file, NULL));
    }
    if (ls_failed(r) && detail != NULL) {
        *detail = why;
    }
    return r;
}

ls_result ls_workspace_file(ls_workspace *ws, ls_draft *draft, ls_filed *out, ls_detail *detail)
{
    ls_act act;
    char file[256];
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, detail));
    *out = (ls_filed){.id = act.id, .filing = LS_INCOMPLETE};
    ls_act_missing_signers(&act, out->missing, sizeof out->missing);
    bool complete = out->missing[0] == '\0';
    LS_TRY(precheck(ws, &act, complete, detail));
    LS_TRY(outbox_name(&act, file));
    LS_TRY(path_of(ws, file, "", out->path));
    LS_TRY(ls_draft_write(draft, out->path, detail));
    ls_workspace_forget_outbox(ws);
    return complete ? file_fresh(ws, draft, &act, file, out, detail) : LS_SUCCESS;
}

ls_result ls_outbox_refused(ls_workspace *ws, const ls_hash *id, const ls_detail *why, ls_detail *detail)
{
    const ls_outbox *o;
    LS_TRY(ls_workspace_outbox(ws, &o, detail));
    for (size_t i = 0; i < o->count; i++) {
        if (ls_hash_equal(&o->waiting[i].id, id)) {
            return note_refusal(ws, o->waiting[i].file, why, detail);
        }
    }
    return LS_SUCCESS;
}

/* An act that waited. One that is refused stays for its author to look at, and stops nothing. */
static ls_result file_waiting(ls_workspace *ws, const ls_waiting *w, bool *filed, ls_detail *detail)
{
    ls_arena arena = {0};
    ls_draft draft;
    ls_act act;
    ls_receipt receipt;
    ls_detail why = {0};
    *filed = false;
    LS_TRY(ls_outbox_read(ws, &arena, w->file, &draft, detail));
    ls_result r = ls_act_parse(ls_buf_bytes(&draft.note), false, &act, &why);
    r = ls_succeeded(r) ? submit(ws, &draft, &act, &receipt, &why) : r;
    ls_draft_free(&draft);
    ls_arena_free(&arena);
    if (ls_succeeded(r)) {
        *filed = true;
        return ls_workspace_embedded(ws) ? take_away(ws, w->file, detail) : LS_SUCCESS;
    }
    if (ls_outbox_is_verdict(r)) {
        return note_refusal(ws, w->file, &why, detail);
    }
    if (ls_workspace_went_offline(ws, r, &why)) {
        return LS_SUCCESS;
    }
    if (detail != NULL) {
        *detail = why;
    }
    return r;
}

/* What a killed run left behind: openings nobody agreed to, and files that were never finished. */
static ls_result sweep(ls_workspace *ws, ls_detail *detail)
{
    char path[4096];
    char **names;
    size_t n;
    ls_arena arena = {0};
    LS_TRY(ls_folder_sweep(ws->path, detail));
    LS_TRY(ls_workspace_path(ws, path, "outbox"));
    LS_TRY(ls_folder_sweep(path, detail));
    ls_result r = ls_folder_list(&arena, path, &names, &n, detail);
    for (size_t i = 0; ls_succeeded(r) && i < n; i++) {
        if (ends(names[i], ".opening")) {
            r = path_of(ws, names[i], "", path);
            r = ls_succeeded(r) ? ls_file_remove(path, detail) : r;
        }
    }
    ls_arena_free(&arena);
    return r;
}

ls_result ls_workspace_flush(ls_workspace *ws, unsigned *filed, unsigned *stuck, ls_detail *detail)
{
    const ls_outbox *o;
    ls_detail why;
    *filed = *stuck = 0;
    LS_TRY(sweep(ws, detail));
    LS_TRY(ls_workspace_outbox(ws, &o, detail));
    for (size_t i = 0; i < o->count; i++) {
        const ls_waiting *w = &o->waiting[i];
        bool done = false, again = w->waits == LS_WAITS_REFUSED && was_refused(ws, w, &why);
        if (ws->ledger != NULL && !ws->offline && (w->waits == LS_WAITS_LEDGER || again)) {
            LS_TRY(file_waiting(ws, w, &done, detail));
        }
        *filed += done;
        *stuck += !done && (w->waits == LS_WAITS_REFUSED || was_refused(ws, w, &why));
    }
    if (*filed > 0) {
        ls_workspace_forget_outbox(ws);
    }
    return LS_SUCCESS;
}
