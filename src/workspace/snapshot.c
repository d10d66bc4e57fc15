#include "workspace/snapshot.h"
#include <stdlib.h>

static ls_result take_entry(void *context, uint64_t index, ls_bytes note)
{
    ls_snapshot *s = context;
    ls_merkle_leaf(note, &s->leaf[index]);
    ls_buf_put_bytes(&s->note[index], note);
    return ls_buf_check(&s->note[index]);
}

void ls_snapshot_free(ls_snapshot *s)
{
    for (uint64_t i = 0; s->note != NULL && i < s->size; i++) {
        ls_buf_free(&s->note[i]);
    }
    free(s->note);
    free(s->leaf);
    ls_buf_free(&s->checkpoint);
}

/* The final checkpoint, if it covers so many entries, or all acts that are not stamps: what leaves the workspace should
 * convince others. */
static ls_which_checkpoint which_checkpoint(const ls_workspace *ws, uint64_t needed)
{
    uint64_t final = ls_replica_final(ws->replica), acts = ls_record_size(ws->record);
    while (acts > final && ls_bytes_is(ls_record_at(ws->record, acts - 1).kind, "stamp")) {
        acts--;
    }
    needed = needed == LS_SNAPSHOT_ALL ? acts : needed;
    return final > 0 && needed <= final ? LS_CHECKPOINT_FINAL : LS_CHECKPOINT_LATEST;
}

ls_result ls_snapshot_take(ls_workspace *ws, uint64_t needed, ls_snapshot *s, ls_detail *detail)
{
    ls_note note;
    ls_checkpoint head = {0};
    *s = (ls_snapshot){.ws = ws};
    LS_TRY(ls_workspace_sync(ws, detail));
    ls_ledger *copy = ls_replica_ledger(ws->replica);
    LS_TRY(copy->methods->checkpoint(copy, which_checkpoint(ws, needed), &s->checkpoint, detail));
    ls_result r = LS_SUCCESS;
    if (s->checkpoint.len > 0) {
        r = ls_note_parse(ls_buf_bytes(&s->checkpoint), &note);
        r = ls_succeeded(r) ? ls_checkpoint_parse(note.text, &head) : r;
    }
    if (ls_succeeded(r)) {
        s->size = head.size;
        s->leaf = calloc(s->size + 1, sizeof *s->leaf);
        s->note = calloc(s->size + 1, sizeof *s->note);
        r = s->leaf == NULL || s->note == NULL ? ls_fail(&ls_fault_memory)
                                               : copy->methods->read(copy, 0, s->size, take_entry, s, detail);
    }
    if (ls_failed(r)) {
        ls_snapshot_free(s);
        *s = (ls_snapshot){0};
    }
    return r;
}

ls_result ls_snapshot_proof(const ls_snapshot *s, uint64_t index, ls_buf *out)
{
    ls_tlog_proof p = {.index = index, .checkpoint = ls_buf_bytes(&s->checkpoint)};
    LS_TRY(ls_merkle_prove_inclusion(index, s->size, ls_merkle_read_leaves, s->leaf, p.proof, &p.count));
    ls_tlog_proof_format(&p, out);
    return ls_buf_check(out);
}

static int compare_indices(const void *a, const void *b)
{
    const uint64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

ls_result ls_snapshot_with_keys(const ls_record *r, const uint64_t *indices, size_t count, uint64_t **out,
                                size_t *total)
{
    size_t changes = ls_record_change_count(r), all = 0, kept = 0;
    uint64_t *list = calloc(count + changes + 1, sizeof *list);
    if (list == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    list[all++] = 0;
    for (size_t i = 0; i < changes; i++) {
        list[all++] = ls_record_change_at(r, i);
    }
    for (size_t i = 0; i < count; i++) {
        list[all++] = indices[i];
    }
    qsort(list, all, sizeof *list, compare_indices);
    for (size_t i = 0; i < all; i++) {
        if (kept == 0 || list[kept - 1] != list[i]) {
            list[kept++] = list[i];
        }
    }
    *out = list;
    *total = kept;
    return LS_SUCCESS;
}
