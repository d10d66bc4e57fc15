/* Following the ledger: everything is replayed, and what was verified once is remembered by its root. */
#include "base/value.h"
#include "workspace/workspace.h"
#include <stdio.h>

typedef struct replay {
    ls_workspace *ws;
    uint64_t trusted; /* entries that were verified before */
    ls_hash root;     /* over them */
    ls_detail *detail;
} replay;

static ls_result load_verified(const ls_workspace *ws, uint64_t *size, ls_hash *root, ls_detail *detail)
{
    char path[4096];
    ls_buf text = {0};
    *size = 0;
    LS_TRY(ls_workspace_path(ws, path, "verified"));
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_file_read(path, 256, &text, detail));
    ls_reader r = ls_reader_of(ls_buf_bytes(&text));
    ls_bytes a, b;
    bool ok = ls_read_line(&r, &a) && ls_read_line(&r, &b) && ls_reader_done(&r) &&
              ls_decimal_parse(a, UINT64_MAX / 2, size) && ls_hash_parse(b, root);
    ls_buf_free(&text);
    if (!ok) {
        ls_hint(detail, "if you know why, remove the file: everything is then verified again");
        return ls_fail_with(&ls_fault_workspace, detail, "%s is damaged", path);
    }
    return LS_SUCCESS;
}

static ls_result save_verified(const ls_workspace *ws, ls_detail *detail)
{
    char path[4096], hex[LS_HEX_HASH_SIZE];
    ls_hash root;
    ls_buf text = {0};
    LS_TRY(ls_workspace_path(ws, path, "verified"));
    ls_record_root(ws->record, ls_record_size(ws->record), &root);
    ls_hash_format(&root, hex);
    ls_buf_format(&text, "%llu\n%s\n", (unsigned long long)ls_record_size(ws->record), hex);
    ls_result r = ls_buf_check(&text);
    if (ls_succeeded(r)) {
        r = ls_file_write(path, ls_buf_bytes(&text), detail);
    }
    ls_buf_free(&text);
    return r;
}

static ls_result rewritten(const ls_workspace *ws, uint64_t size, ls_detail *detail)
{
    ls_hint(detail, "keep this workspace and the ledger as they are: they are evidence");
    return ls_fail_with(&ls_fault_rewritten, detail,
                        "%s no longer shows the %llu entries that were verified here before", ws->ledger_path,
                        (unsigned long long)size);
}

static ls_result replay_entry(void *context, uint64_t index, ls_bytes note)
{
    replay *p = context;
    ls_record *r = p->ws->record;
    ls_detail why = {0};
    ls_result result = ls_record_append(r, note, index < p->trusted ? LS_CHECK_TRUSTED : LS_CHECK_SIGNATURES, &why);
    if (ls_failed(result)) {
        ls_hint(p->detail, "%s", why.hint);
        return ls_fail_with(result.fault->class == LS_CLASS_ENVIRONMENT ? result.fault : &ls_fault_refused, p->detail,
                            "entry %llu of the ledger: %s", (unsigned long long)index, why.text);
    }
    if (index + 1 == p->trusted) {
        ls_hash root;
        ls_record_root(r, p->trusted, &root);
        return ls_hash_equal(&root, &p->root) ? LS_SUCCESS : rewritten(p->ws, p->trusted, p->detail);
    }
    return LS_SUCCESS;
}

/* The charter must be the one that this delegation signed, and the checkpoint must be signed by its ledger. */
static ls_result check_anchor(ls_workspace *ws, ls_bytes checkpoint, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(ws->record);
    if (c == NULL) {
        return LS_SUCCESS;
    }
    if (!ws->has_process) {
        ls_hint(detail, "sign its charter first, or look at the record with: lockstep verify LEDGER");
        return ls_fail_with(&ls_fault_process, detail, "this workspace has signed no charter");
    }
    if (!ls_hash_equal(&ws->process, ls_record_process(ws->record))) {
        return ls_fail_with(&ls_fault_process, detail, "the ledger at %s is that of another process", ws->ledger_path);
    }
    ls_note note;
    ls_note_verdict verdict;
    ls_checkpoint head;
    ls_hash root;
    bool ok = ls_succeeded(ls_note_parse(checkpoint, &note)) &&
              ls_succeeded(ls_note_verify(&note, &c->ledger, 1, &verdict)) &&
              ls_succeeded(ls_checkpoint_parse(note.text, &head)) && ls_bytes_equal(head.origin, c->origin) &&
              head.size == ls_record_size(ws->record);
    if (ok) {
        ls_record_root(ws->record, head.size, &root);
        ok = ls_hash_equal(&root, &head.root);
    }
    if (!ok) {
        return ls_fail_with(&ls_fault_refused, detail, "the ledger's checkpoint does not fit its entries");
    }
    return LS_SUCCESS;
}

/* Replays what is not in the record yet. */
static ls_result replay_ledger(ls_workspace *ws, ls_detail *detail)
{
    replay p = {.ws = ws, .detail = detail};
    ls_buf checkpoint = {0};
    ls_note note;
    ls_checkpoint head = {0};
    LS_TRY(load_verified(ws, &p.trusted, &p.root, detail));
    ls_result r = ws->ledger->methods->checkpoint(ws->ledger, LS_CHECKPOINT_LATEST, &checkpoint, detail);
    if (ls_succeeded(r) && checkpoint.len > 0) {
        r = ls_note_parse(ls_buf_bytes(&checkpoint), &note);
        r = ls_succeeded(r) ? ls_checkpoint_parse(note.text, &head) : r;
        if (ls_failed(r)) {
            r = ls_fail_with(r.fault, detail, "the ledger's checkpoint is damaged");
        }
    }
    if (ls_succeeded(r) && head.size < p.trusted) {
        r = rewritten(ws, p.trusted, detail);
    }
    if (ls_succeeded(r)) {
        r = ws->ledger->methods->read(ws->ledger, ls_record_size(ws->record), head.size, replay_entry, &p, detail);
    }
    if (ls_succeeded(r)) {
        r = check_anchor(ws, ls_buf_bytes(&checkpoint), detail);
    }
    if (ls_succeeded(r)) {
        ws->verified = p.trusted;
        r = head.size == p.trusted ? LS_SUCCESS : save_verified(ws, detail);
    }
    ls_buf_free(&checkpoint);
    return r;
}

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

ls_result ls_workspace_sync(ls_workspace *ws, ls_detail *detail)
{
    if (ws->ledger_path[0] == '\0') {
        ls_hint(detail, "lockstep charter new --ledger FOLDER, or lockstep init … --ledger FOLDER");
        return ls_fail_with(&ls_fault_process, detail, "this workspace knows no ledger");
    }
    if (ws->ledger == NULL) {
        LS_TRY(ls_ledger_open(ws->ledger_path, &ws->ledger, detail));
    }
    ls_record *fresh;
    LS_TRY(ls_record_new((ls_fetch){ls_ledger_fetch_arena, ws->ledger}, &fresh));
    ls_record_free(ws->record);
    ws->record = fresh;
    /* Looked at before anything is written: a ledger that was rewritten gets no further stamp from here. */
    LS_TRY(replay_ledger(ws, detail));
    LS_TRY(tick(ws, detail));
    return replay_ledger(ws, detail);
}

ls_result ls_workspace_now(ls_workspace *ws, ls_time *out, ls_detail *detail)
{
    ls_time now;
    LS_TRY(ws->ledger->methods->now(ws->ledger, &now, detail));
    ls_time stamped = ls_record_time(ws->record);
    *out = now > stamped ? now : stamped;
    return LS_SUCCESS;
}
