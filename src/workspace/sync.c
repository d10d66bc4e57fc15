/*
 * Following the ledger, wherever it is. The workspace's own copy is brought up to date, and everything is read from
 * there: so every verb works without a connection, too, on what was verified last.
 */
#include "base/value.h"
#include "ledger/remote.h"
#include "workspace/access.h"
#include "workspace/keys.h"
#include "workspace/workspace.h"
#include <stdio.h>

#define COPIED_OF_A_FOLDER (4u << 20) /* bytes: larger files of an embedded ledger are read where they are */
#define ASK_AGAIN 30                  /* seconds after which a server that was not reached is asked again */

/* Reaching the ledger. */

bool ls_workspace_embedded(const ls_workspace *ws)
{
    return ws->ledger_path[0] != '\0' && strcmp(ws->ledger_path, LS_LEDGER_COURIER) != 0 &&
           !ls_remote_is_url(ws->ledger_path);
}

ls_result ls_workspace_connect(ls_workspace *ws, ls_detail *detail)
{
    if (ws->ledger != NULL || strcmp(ws->ledger_path, LS_LEDGER_COURIER) == 0) {
        return LS_SUCCESS;
    }
    if (ws->ledger_path[0] == '\0') {
        ls_hint(detail, "lockstep charter new --ledger FOLDER, or lockstep ledger set PLACE");
        return ls_fail_with(&ls_fault_process, detail, "this workspace knows no ledger");
    }
    if (ls_workspace_embedded(ws)) {
        return ls_ledger_open(ws->ledger_path, &ws->ledger, detail);
    }
    ls_remote_options o = {.url = ws->ledger_path,
                           .authority_file = ws->authority,
                           .scratch = ws->path,
                           .access = {ls_workspace_access_note, ws}};
    return ls_remote_open(&o, &ws->ledger, detail);
}

/* The copy. */

/* A copy that was opened before a charter was signed trusts none yet. */
static bool must_reopen(const ls_workspace *ws)
{
    return ws->replica != NULL && ws->has_process && (ws->record == NULL || ls_record_charter(ws->record) == NULL);
}

static ls_result open_replica(ls_workspace *ws, ls_detail *detail)
{
    char path[4096];
    if (must_reopen(ws)) {
        ls_replica_close(ws->replica);
        ws->replica = NULL;
        ws->record = NULL;
    }
    if (ws->replica == NULL) {
        LS_TRY(ls_workspace_path(ws, path, "replica"));
        LS_TRY(ls_replica_open(path, ws->has_process ? &ws->process : NULL, NULL, &ws->replica, detail));
        ls_replica_set_copied(ws->replica, ls_workspace_embedded(ws) ? COPIED_OF_A_FOLDER : UINT64_MAX);
    }
    ls_replica_set_source(ws->replica, ws->ledger);
    return LS_SUCCESS;
}

static void take_record(ls_workspace *ws)
{
    ls_workspace_forget_outbox(ws);
    ws->record = ls_replica_record(ws->replica);
}

/* What was verified before a restore, or by a version that kept no copy: a size and a root. */

static ls_result read_verified(const char *path, uint64_t *size, ls_hash *root, ls_detail *detail)
{
    ls_buf text = {0};
    LS_TRY(ls_file_read(path, 256, &text, detail));
    ls_reader r = ls_reader_of(ls_buf_bytes(&text));
    ls_bytes a, b;
    bool ok = ls_read_line(&r, &a) && ls_read_line(&r, &b) && ls_reader_done(&r) &&
              ls_decimal_parse(a, UINT64_MAX / 2, size) && ls_hash_parse(b, root);
    ls_buf_free(&text);
    if (!ok) {
        ls_hint(detail, "if you know why, remove the file");
        return ls_fail_with(&ls_fault_workspace, detail, "%s is damaged", path);
    }
    return LS_SUCCESS;
}

static ls_result rewritten(uint64_t size, ls_detail *detail)
{
    ls_hint(detail, "keep this workspace and the ledger as they are: they are evidence");
    return ls_fail_with(&ls_fault_rewritten, detail,
                        "the ledger no longer shows the %llu entries that were verified here before",
                        (unsigned long long)size);
}

/* The copy takes the place of the file, once it goes as far. latest: as far as it goes is all that the ledger has. */
static ls_result check_verified(ls_workspace *ws, bool latest, ls_detail *detail)
{
    char path[4096];
    uint64_t size;
    ls_hash root, now;
    LS_TRY(ls_workspace_path(ws, path, "verified"));
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    LS_TRY(read_verified(path, &size, &root, detail));
    if (size > ls_replica_size(ws->replica)) {
        return latest ? rewritten(size, detail) : LS_SUCCESS;
    }
    ls_record_root(ls_replica_record(ws->replica), size, &now);
    return ls_hash_equal(&root, &now) ? ls_file_remove(path, detail) : rewritten(size, detail);
}

ls_result ls_workspace_see_restored(ls_workspace *ws, ls_detail *detail)
{
    return check_verified(ws, false, detail);
}

ls_result ls_workspace_check_restored(const ls_workspace *ws, ls_detail *detail)
{
    char path[4096];
    LS_TRY(ls_workspace_path(ws, path, "verified"));
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "lockstep sync, or a courier's file that goes as far");
    return ls_fail_with(&ls_fault_workspace, detail,
                        "this workspace was restored, and has not seen again what it had verified");
}

ls_result ls_workspace_write_verified(ls_workspace *ws, const char *path, ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash root;
    ls_buf text = {0};
    LS_TRY(ls_workspace_load(ws, detail));
    uint64_t size = ls_replica_size(ws->replica);
    if (size == 0) {
        return LS_SUCCESS;
    }
    ls_record_root(ws->record, size, &root);
    ls_hash_format(&root, hex);
    ls_buf_format(&text, "%llu\n%s\n", (unsigned long long)size, hex);
    ls_result r = ls_buf_check(&text);
    if (ls_succeeded(r)) {
        r = ls_file_create(path, ls_buf_bytes(&text), detail);
    }
    ls_buf_free(&text);
    return r;
}

/* Synchronising. */

/* Whoever comes next writes the stamps that are due. Where that can't be, on a read-only disk say, reading goes on. */
static ls_result tick(ls_workspace *ws, ls_detail *detail)
{
    ls_detail why = {0};
    ls_result r = ws->ledger->methods->tick(ws->ledger, &why);
    if (ls_succeeded(r) || r.fault->class == LS_CLASS_ENVIRONMENT) {
        return LS_SUCCESS;
    }
    if (detail != NULL) {
        *detail = why;
    }
    return r;
}

/* Up to the latest checkpoint. A folder that shows less than before has lost what it had acknowledged; a server may
 * answer from an older copy for a while, which is worth a warning and changes nothing here. */
static ls_result follow(ls_workspace *ws, ls_detail *detail)
{
    LS_TRY(ls_replica_sync(ws->replica, LS_CHECKPOINT_LATEST, ws->progress, detail));
    uint64_t size = ls_replica_size(ws->replica), shown = ls_replica_shown(ws->replica);
    if (shown < size && ls_workspace_embedded(ws)) {
        return rewritten(size, detail);
    }
    ws->behind = shown < size ? shown : 0;
    return check_verified(ws, ls_workspace_embedded(ws), detail);
}

static ls_result follow_all(ls_workspace *ws, ls_detail *detail)
{
    LS_TRY(follow(ws, detail));
    const ls_charter *c = ls_record_charter(ls_replica_record(ws->replica));
    if (ls_workspace_embedded(ws)) {
        /* Looked at before anything is written: a ledger that was rewritten gets no further stamp from here. */
        LS_TRY(tick(ws, detail));
        LS_TRY(follow(ws, detail));
    }
    return c == NULL || c->quorum_none ? LS_SUCCESS
                                       : ls_replica_sync(ws->replica, LS_CHECKPOINT_FINAL, ws->progress, detail);
}

bool ls_workspace_went_offline(ls_workspace *ws, ls_result r, const ls_detail *why)
{
    ws->denied = r.fault == &ls_fault_denied;
    ws->offline = ws->denied || r.fault == &ls_fault_unreachable;
    ws->tried = ls_clock_monotonic();
    if (ws->offline) {
        ws->why = *why;
    }
    return ws->offline;
}

static ls_result follow_if_reachable(ls_workspace *ws, ls_detail *detail)
{
    ls_detail why = {0};
    if (ws->ledger == NULL) {
        ws->offline = true;
        return LS_SUCCESS;
    }
    if (ws->offline && ls_clock_monotonic() - ws->tried < ASK_AGAIN) {
        return LS_SUCCESS;
    }
    ls_result r = follow_all(ws, &why);
    if (ls_workspace_went_offline(ws, r, &why)) {
        return LS_SUCCESS;
    }
    if (ls_failed(r) && detail != NULL) {
        *detail = why;
    }
    return r;
}

ls_result ls_workspace_sync(ls_workspace *ws, ls_detail *detail)
{
    LS_TRY(ls_workspace_connect(ws, detail));
    LS_TRY(open_replica(ws, detail));
    ls_result r = follow_if_reachable(ws, detail);
    take_record(ws);
    return ls_failed(r) ? r : ls_workspace_settle_keys(ws, detail);
}

ls_result ls_workspace_load(ls_workspace *ws, ls_detail *detail)
{
    LS_TRY(open_replica(ws, detail));
    take_record(ws);
    return LS_SUCCESS;
}

void ls_workspace_pause(ls_workspace *ws)
{
    ls_workspace_forget_outbox(ws);
    ls_unlock(&ws->lock);
    ws->lock.fd = -1;
}

ls_result ls_workspace_resume(ls_workspace *ws, ls_detail *detail)
{
    char path[4096];
    LS_TRY(ls_workspace_path(ws, path, "lock"));
    LS_TRY(ls_lock_take(path, &ws->lock, detail));
    if (ws->replica != NULL) {
        LS_TRY(ls_replica_reread(ws->replica, detail));
        take_record(ws);
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_now(ls_workspace *ws, ls_time *out, ls_detail *detail)
{
    ls_time now = ls_clock_now(), stamped = ws->record == NULL ? 0 : ls_record_time(ws->record);
    if (ws->ledger != NULL && ls_workspace_embedded(ws)) {
        LS_TRY(ws->ledger->methods->now(ws->ledger, &now, detail));
    } else if (ws->exercise && stamped > 0) {
        now = stamped;
    }
    *out = now > stamped ? now : stamped;
    return LS_SUCCESS;
}

ls_result ls_workspace_is_new(ls_workspace *ws, bool *out, ls_detail *detail)
{
    ls_buf checkpoint = {0};
    char verified[4096];
    LS_TRY(ls_workspace_connect(ws, detail));
    LS_TRY(ls_workspace_load(ws, detail));
    LS_TRY(ls_workspace_path(ws, verified, "verified"));
    bool seen = ls_record_size(ws->record) > 0 || ls_file_exists(verified);
    if (!seen && ws->ledger != NULL) {
        LS_TRY(ws->ledger->methods->checkpoint(ws->ledger, LS_CHECKPOINT_LATEST, &checkpoint, detail));
    }
    *out = !seen && checkpoint.len == 0;
    ls_buf_free(&checkpoint);
    return LS_SUCCESS;
}
