/* The outer form of an opening file. What its parts prove is verify.c's business. */
#include "escrow/commitment.h"

const ls_fault ls_fault_opening_form = {LS_CLASS_INVALID, "opening-form", "this is not an opening file"};

static const char magic[] = "lockstep opening v1\n";

/* No part is shorter: kind, context, tranche, two lengths. Keeps a false count from claiming memory. */
#define PART_MIN (1 + LS_HASH_SIZE + 4 + 2 + 1)

/* Goes over one row of a part without looking at the values. */
static void skip_row(ls_reader *r, uint32_t fields)
{
    (void)ls_read_u64(r);
    for (uint32_t f = 0; f < fields && !r->failed; f++) {
        uint8_t form = ls_read_u8(r);
        if (form == 1) {
            (void)ls_read_bytes(r, LS_SALT_SIZE);
            (void)ls_read_bytes(r, ls_read_u32(r));
        } else if (form == 0) {
            (void)ls_read_bytes(r, LS_HASH_SIZE);
        } else {
            r->failed = true;
        }
    }
}

static void parse_rows(ls_reader *r, uint32_t fields, ls_opening_part *p)
{
    p->rows = ls_read_u64(r);
    const uint8_t *start = r->ptr;
    for (uint64_t i = 0; i < p->rows && !r->failed; i++) {
        skip_row(r, fields);
    }
    (void)ls_read_bytes(r, (uint64_t)ls_read_u32(r) * LS_HASH_SIZE);
    p->body = ls_bytes_of(start, (size_t)(r->ptr - start));
}

static void parse_tranche(ls_reader *r, ls_opening_part *p)
{
    p->key = ls_read_bytes(r, 32).ptr;
    p->sealed = ls_read_bytes(r, ls_read_u64(r));
}

static void parse_part(ls_reader *r, uint32_t fields, ls_opening_part *p)
{
    p->kind = ls_read_u8(r);
    ls_read_hash(r, &p->context);
    p->tranche = ls_read_u32(r);
    p->leaf = ls_read_bytes(r, ls_read_u16(r));
    p->path_count = ls_read_u8(r);
    if (p->leaf.len > LS_TRANCHE_LEAF_MAX || p->path_count > LS_MERKLE_PROOF_MAX) {
        r->failed = true;
        return;
    }
    for (size_t i = 0; i < p->path_count; i++) {
        ls_read_hash(r, &p->path[i]);
    }
    if (p->kind == LS_OPENING_TRANCHE) {
        parse_tranche(r, p);
    } else if (p->kind == LS_OPENING_ROWS) {
        parse_rows(r, fields, p);
    } else {
        r->failed = true;
    }
}

ls_result ls_opening_parse(ls_arena *arena, ls_bytes file, uint32_t fields, ls_opening_part **parts, size_t *count)
{
    ls_reader r = ls_reader_of(file);
    ls_bytes start = ls_read_bytes(&r, sizeof magic - 1);
    uint32_t n = ls_read_u32(&r);
    if (r.failed || !ls_bytes_is(start, magic) || n == 0 || n > LS_OPENING_PARTS_MAX ||
        n > ls_reader_left(&r) / PART_MIN || fields == 0) {
        return ls_fail(&ls_fault_opening_form);
    }
    ls_opening_part *list = ls_arena_array(arena, n, sizeof *list);
    if (!list) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint32_t i = 0; i < n && !r.failed; i++) {
        parse_part(&r, fields, &list[i]);
    }
    if (!ls_reader_done(&r)) {
        return ls_fail(&ls_fault_opening_form);
    }
    *parts = list;
    *count = n;
    return LS_SUCCESS;
}
