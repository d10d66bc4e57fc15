#include "ledger/piece.h"
#include <stdlib.h>

bool ls_piece_full(const ls_piece *p)
{
    return p->count == LS_PIECE_ENTRIES || p->bytes >= LS_PIECE_BYTES;
}

const uint8_t *ls_piece_keep(ls_piece *p, ls_bytes note)
{
    uint8_t *copy = ls_arena_alloc(&p->arena, note.len + 1);
    if (copy != NULL && note.len > 0) {
        memcpy(copy, note.ptr, note.len);
    }
    return copy;
}

void ls_piece_add(ls_piece *p, ls_bytes kept, const ls_hash *root)
{
    p->note[p->count] = kept;
    p->root[p->count++] = *root;
    p->bytes += kept.len;
}

static bool grow(ls_piece *p)
{
    size_t larger = p->pending_capacity == 0 ? 2 * LS_PIECE_ENTRIES : 2 * p->pending_capacity;
    ls_pending_signature *pending = reallocarray(p->pending, larger, sizeof *pending);
    if (pending == NULL) {
        return false;
    }
    p->pending = pending;
    uint16_t *owner = reallocarray(p->owner, larger, sizeof *owner);
    if (owner == NULL) {
        return false;
    }
    p->owner = owner;
    p->pending_capacity = larger;
    return true;
}

ls_result ls_piece_defer(void *piece, const ls_pending_signature *signature)
{
    ls_piece *p = piece;
    if (p->pending_count == p->pending_capacity && !grow(p)) {
        return ls_fail(&ls_fault_memory);
    }
    p->owner[p->pending_count] = (uint16_t)p->count;
    p->pending[p->pending_count++] = *signature;
    return LS_SUCCESS;
}

ls_result ls_piece_commit(const ls_piece *p, ls_store *store, uint64_t epoch, uint64_t size, ls_detail *detail)
{
    return p->count == 0 ? LS_SUCCESS : store->methods->append(store, epoch, size, p->note, p->root, p->count, detail);
}

void ls_piece_empty(ls_piece *p)
{
    ls_arena_free(&p->arena);
    p->count = p->bytes = p->pending_count = 0;
}

void ls_piece_free(ls_piece *p)
{
    ls_piece_empty(p);
    free(p->pending);
    free(p->owner);
    p->pending = NULL;
    p->owner = NULL;
    p->pending_capacity = 0;
}
