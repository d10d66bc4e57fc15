#include "escrow/single.h"
#include "escrow/open.h"
#include "escrow/row.h"
#include <stdlib.h>

/* All rows of a part, and which of them is wanted. */
typedef struct rows {
    ls_row_pass pass;
    uint64_t *numbers;
    ls_hash *leaves;
    size_t which;
    ls_bytes bytes; /* of the wanted row, as they stand in the part */
} rows;

static void rows_free(rows *s)
{
    free(s->pass.fields);
    free(s->pass.commitments);
    free(s->numbers);
    free(s->leaves);
}

static ls_result rows_begin(const ls_opening_part *part, const ls_tranche_leaf *leaf, rows *s)
{
    ls_hash tranche;
    ls_tranche_context(&leaf->context, leaf->tranche, &tranche);
    *s = (rows){.pass.field_count = leaf->fields, .which = SIZE_MAX};
    ls_field_prefix(&tranche, &s->pass.prefix);
    s->pass.fields = calloc(leaf->fields, sizeof *s->pass.fields);
    s->pass.commitments = calloc(leaf->fields, sizeof *s->pass.commitments);
    s->numbers = calloc((size_t)part->rows, sizeof *s->numbers);
    s->leaves = calloc((size_t)part->rows, sizeof *s->leaves);
    bool room = s->pass.fields != NULL && s->pass.commitments != NULL && s->numbers != NULL && s->leaves != NULL;
    return room ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

static ls_result rows_read(ls_reader *r, uint64_t count, uint64_t wanted, rows *s)
{
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *start = r->ptr;
        ls_row_read(r, &s->pass);
        if (r->failed) {
            return ls_fail(&ls_fault_opening_form);
        }
        s->numbers[i] = s->pass.row;
        ls_row_leaf(&s->pass, &s->leaves[i]);
        if (s->pass.row == wanted) {
            s->which = (size_t)i;
            s->bytes = ls_bytes_of(start, (size_t)(r->ptr - start));
        }
    }
    return s->which == SIZE_MAX ? ls_fail(&ls_fault_usage) : LS_SUCCESS;
}

/* The multiproof of the wanted row, with the number of its hashes before it. */
static ls_result put_proof(ls_reader *r, const ls_tranche_leaf *leaf, uint64_t count, const rows *s, ls_buf *out)
{
    ls_buf single = {0};
    uint32_t hashes = ls_read_u32(r);
    ls_bytes proof = ls_read_bytes(r, (uint64_t)hashes * LS_HASH_SIZE);
    ls_result result = !ls_reader_done(r)
                           ? ls_fail(&ls_fault_opening_form)
                           : ls_merkle_narrow_multi(s->numbers, s->leaves, (size_t)count, leaf->rows,
                                                    (const ls_hash *)proof.ptr, hashes, s->which, &single);
    if (ls_succeeded(result)) {
        ls_buf_put_u32(out, (uint32_t)(single.len / LS_HASH_SIZE));
        ls_buf_put_bytes(out, ls_buf_bytes(&single));
    }
    ls_buf_free(&single);
    return result.fault == &ls_fault_merkle_form ? ls_fail(&ls_fault_opening_form) : result;
}

static void put_head(const ls_opening_part *part, ls_buf *out)
{
    ls_buf_put_u8(out, LS_OPENING_ROWS);
    ls_buf_put(out, part->context.b, LS_HASH_SIZE);
    ls_buf_put_u32(out, part->tranche);
    ls_buf_put_u16(out, (uint16_t)part->leaf.len);
    ls_buf_put_bytes(out, part->leaf);
    ls_buf_put_u8(out, (uint8_t)part->path_count);
    ls_buf_put(out, part->path, part->path_count * sizeof *part->path);
    ls_buf_put_u64(out, 1);
}

static ls_result put_single(const ls_opening_part *part, const ls_tranche_leaf *leaf, uint64_t row, rows *s,
                            ls_buf *out)
{
    ls_reader r = ls_reader_of(part->body);
    LS_TRY(rows_read(&r, part->rows, row, s));
    LS_TRY(ls_open_begin(1, ls_output_buf(out), NULL));
    put_head(part, out);
    ls_buf_put_bytes(out, s->bytes);
    LS_TRY(put_proof(&r, leaf, part->rows, s, out));
    return ls_buf_check(out);
}

ls_result ls_opening_single(const ls_opening_part *part, uint64_t row, ls_buf *out)
{
    ls_tranche_leaf leaf;
    rows s;
    size_t before = out->len;
    if (part->kind != LS_OPENING_ROWS) {
        return ls_fail(&ls_fault_usage);
    }
    /* As in verification: each row takes at least the eight bytes of its number. */
    if (!ls_tranche_leaf_parse(part->leaf, &leaf) || leaf.fields == 0 || leaf.fields > LS_FIELDS_MAX ||
        part->rows > part->body.len / sizeof(uint64_t)) {
        return ls_fail(&ls_fault_opening_form);
    }
    ls_result r = rows_begin(part, &leaf, &s);
    if (ls_succeeded(r)) {
        r = put_single(part, &leaf, row, &s, out);
    }
    rows_free(&s);
    if (ls_failed(r)) {
        out->len = before;
    }
    return r;
}
