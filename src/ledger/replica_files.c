/* The files beside a replica's entries. */
#include "ledger/replica_parts.h"
#include <stdlib.h>

/* Files for an audience travel sealed, beside the ledger. */
static bool open_to_readers(const ls_attachment *a)
{
    return ls_bytes_is(a->audience, "public") || ls_bytes_is(a->audience, "process");
}

static ls_result want(ls_replica *r, const ls_attachment *a)
{
    if (r->wanted_count == r->wanted_capacity) {
        size_t larger = r->wanted_capacity == 0 ? 32 : 2 * r->wanted_capacity;
        ls_wanted *moved = reallocarray(r->wanted, larger, sizeof *moved);
        if (moved == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        r->wanted = moved;
        r->wanted_capacity = larger;
    }
    r->wanted[r->wanted_count++] = (ls_wanted){a->hash, a->size};
    return LS_SUCCESS;
}

ls_result ls_replica_want(ls_replica *r, ls_bytes note)
{
    static const char header[] = "\nattachment: ";
    ls_act act;
    uint64_t size;
    /* Most acts have none, and need not be parsed again. */
    if (memmem(note.ptr, note.len, header, sizeof header - 1) == NULL ||
        ls_failed(ls_act_parse(note, false, &act, NULL))) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < act.attachment_count; i++) {
        const ls_attachment *a = &act.attachment[i];
        if (open_to_readers(a) && ls_failed(r->store->methods->attached(r->store, &a->hash, &size, NULL))) {
            LS_TRY(want(r, a));
        }
    }
    return LS_SUCCESS;
}

static ls_result next_bytes(void *context, size_t cap, ls_buf *out, ls_detail *detail)
{
    (void)detail;
    ls_reader *left = context;
    size_t len = ls_reader_left(left);
    ls_buf_put_bytes(out, ls_read_bytes(left, len < cap ? len : cap));
    return ls_buf_check(out);
}

static ls_result keep(ls_replica *r, const ls_hash *hash, ls_bytes content, ls_detail *detail)
{
    ls_reader left = ls_reader_of(content);
    return r->store->methods->attach(r->store, hash, content.len, (ls_store_source){next_bytes, &left}, detail);
}

ls_result ls_replica_get(ls_replica *r, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    size_t before = out->len;
    ls_result result = r->store->methods->fetch(r->store, hash, limit, out, detail);
    if (result.fault != &ls_fault_absent || r->source == NULL) {
        return result;
    }
    LS_TRY(r->source->methods->fetch(r->source, hash, limit, out, detail));
    if (out->len - before <= r->copied) {
        /* Where it can't be kept, on a full disk say, it is still what was asked for. */
        (void)ls_failed(keep(r, hash, ls_bytes_of(out->ptr + before, out->len - before), NULL));
    }
    return LS_SUCCESS;
}

ls_result ls_replica_fetch(void *replica, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    ls_buf content = {0};
    ls_result r = ls_replica_get(replica, hash, limit, &content, NULL);
    if (ls_succeeded(r)) {
        uint8_t *copy = ls_arena_alloc(arena, content.len + 1);
        if (copy != NULL && content.len > 0) {
            memcpy(copy, content.ptr, content.len);
        }
        r = copy == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
        *out = copy == NULL ? *out : ls_bytes_of(copy, content.len);
    }
    ls_buf_free(&content);
    return r;
}

void ls_replica_collect(ls_replica *r)
{
    size_t left = 0;
    bool reachable = true;
    for (size_t i = 0; i < r->wanted_count; i++) {
        ls_wanted w = r->wanted[i];
        uint64_t size;
        ls_buf content = {0};
        bool here = ls_succeeded(r->store->methods->attached(r->store, &w.hash, &size, NULL));
        if (!here && reachable && w.size <= r->copied) {
            ls_result result = r->source->methods->fetch(r->source, &w.hash, w.size, &content, NULL);
            here = ls_succeeded(result) && ls_succeeded(keep(r, &w.hash, ls_buf_bytes(&content), NULL));
            reachable = here || result.fault == &ls_fault_absent;
        }
        ls_buf_free(&content);
        if (!here) {
            r->wanted[left++] = w;
        }
    }
    r->wanted_count = left;
}
