/* Entries and files of the record, as the workspace has them. */
#include "workspace/reading.h"
#include "workspace/mail.h"

typedef struct taking {
    ls_arena *arena;
    ls_bytes note;
} taking;

static ls_result take(void *context, uint64_t index, ls_bytes note)
{
    taking *t = context;
    (void)index;
    char *kept = ls_arena_str(t->arena, note);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    t->note = ls_bytes_of(kept, note.len);
    return LS_SUCCESS;
}

static ls_result read_note(ls_workspace *ws, uint64_t index, ls_arena *arena, ls_bytes *note, ls_detail *detail)
{
    taking t = {.arena = arena};
    ls_store *store = ls_replica_store(ws->replica);
    LS_TRY(store->methods->read(store, index, index + 1, take, &t, detail));
    *note = t.note;
    return LS_SUCCESS;
}

ls_result ls_workspace_read_note(void *reading, uint64_t index, ls_bytes *note)
{
    const ls_note_reading *r = reading;
    return read_note(r->ws, index, r->arena, note, r->detail);
}

ls_result ls_workspace_read_act(ls_workspace *ws, uint64_t index, ls_arena *arena, ls_act *out, ls_detail *detail)
{
    ls_bytes note;
    LS_TRY(read_note(ws, index, arena, &note, detail));
    return ls_act_parse(note, false, out, detail);
}

ls_result ls_workspace_fetch(void *workspace, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    const ls_workspace *ws = workspace;
    ls_buf file = {0};
    ls_result r = ls_mail_fetch(ws, hash, limit, &file, NULL);
    if (r.fault == &ls_fault_absent) {
        return ls_replica_fetch(ws->replica, hash, limit, arena, out);
    }
    uint8_t *copy = ls_succeeded(r) ? ls_arena_alloc(arena, file.len) : NULL;
    if (copy != NULL) {
        memcpy(copy, file.ptr, file.len);
        *out = ls_bytes_of(copy, file.len);
    }
    r = ls_succeeded(r) && copy == NULL ? ls_fail(&ls_fault_memory) : r;
    ls_buf_wipe(&file);
    return r;
}
