/* The request of C2SP tlog-witness, read and written. */
#include "cosign/add_checkpoint.h"
#include <inttypes.h>

const ls_fault ls_fault_add_checkpoint_form = {LS_CLASS_INVALID, "add-checkpoint-form",
                                               "not an add-checkpoint request"};

static bool parse_old(ls_bytes line, uint64_t *out)
{
    return ls_bytes_starts(line, "old ") && ls_decimal_parse(ls_bytes_of(line.ptr + 4, line.len - 4), INT64_MAX, out);
}

static bool parse_hash(ls_bytes line, ls_hash *out)
{
    size_t len;
    return ls_base64_decode(line, out->b, LS_HASH_SIZE, &len) && len == LS_HASH_SIZE;
}

/* The proof's lines, and the empty line that ends them. */
static bool parse_proof(ls_reader *r, ls_add_checkpoint *out)
{
    for (ls_bytes line; ls_read_line(r, &line); out->proof_count++) {
        if (line.len == 0) {
            return true;
        }
        if (out->proof_count == LS_ADD_CHECKPOINT_PROOF_MAX || !parse_hash(line, &out->proof[out->proof_count])) {
            return false;
        }
    }
    return false;
}

ls_result ls_add_checkpoint_parse(ls_bytes body, ls_add_checkpoint *out)
{
    ls_reader r = ls_reader_of(body);
    ls_add_checkpoint parsed = {0};
    ls_bytes line;
    if (body.len > LS_ADD_CHECKPOINT_MAX || !ls_read_line(&r, &line) || !parse_old(line, &parsed.old) ||
        !parse_proof(&r, &parsed)) {
        return ls_fail(&ls_fault_add_checkpoint_form);
    }
    parsed.checkpoint = ls_read_bytes(&r, ls_reader_left(&r));
    if (ls_failed(ls_note_parse(parsed.checkpoint, &parsed.note)) ||
        ls_failed(ls_checkpoint_read(parsed.note.text, &parsed.head))) {
        return ls_fail(&ls_fault_add_checkpoint_form);
    }
    *out = parsed;
    return LS_SUCCESS;
}

void ls_add_checkpoint_format(uint64_t old, const ls_hash *proof, size_t count, ls_bytes checkpoint, ls_buf *out)
{
    ls_buf_format(out, "old %" PRIu64 "\n", old);
    for (size_t i = 0; i < count; i++) {
        ls_buf_put_base64(out, ls_bytes_of(proof[i].b, LS_HASH_SIZE));
        ls_buf_put_u8(out, '\n');
    }
    ls_buf_put_u8(out, '\n');
    ls_buf_put_bytes(out, checkpoint);
}
