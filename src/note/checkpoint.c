/* Checkpoints (C2SP tlog-checkpoint). */
#include <inttypes.h>
#include <lockstep/note.h>

const ls_fault ls_fault_checkpoint_form = {LS_CLASS_INVALID, "checkpoint-form", "not a checkpoint"};

/* Decoded into a local first: out stays untouched if the length is wrong. */
static bool parse_root(ls_bytes line, ls_hash *out)
{
    ls_hash root;
    size_t len;
    if (!ls_base64_decode(line, root.b, LS_HASH_SIZE, &len) || len != LS_HASH_SIZE) {
        return false;
    }
    *out = root;
    return true;
}

/* A tree without leaves has one root only. */
static bool root_possible(const ls_checkpoint *c)
{
    ls_hash empty;
    ls_merkle_empty(&empty);
    return c->size > 0 || ls_hash_equal(&c->root, &empty);
}

/* Sizes end below 2^63, as SQLite's integers and many other readers' do. */
ls_result ls_checkpoint_read(ls_bytes text, ls_checkpoint *out)
{
    ls_reader r = ls_reader_of(text);
    ls_checkpoint parsed;
    ls_bytes size, root;
    if (!ls_note_text_valid(text) || !ls_read_line(&r, &parsed.origin) || parsed.origin.len == 0 ||
        !ls_read_line(&r, &size) || !ls_decimal_parse(size, INT64_MAX, &parsed.size) || !ls_read_line(&r, &root) ||
        !parse_root(root, &parsed.root)) {
        return ls_fail(&ls_fault_checkpoint_form);
    }
    for (ls_bytes extension; ls_read_line(&r, &extension);) {
        if (extension.len == 0) {
            return ls_fail(&ls_fault_checkpoint_form);
        }
    }
    *out = parsed;
    return LS_SUCCESS;
}

ls_result ls_checkpoint_parse(ls_bytes text, ls_checkpoint *out)
{
    ls_checkpoint parsed;
    LS_TRY(ls_checkpoint_read(text, &parsed));
    if (!root_possible(&parsed)) {
        return ls_fail(&ls_fault_checkpoint_form);
    }
    *out = parsed;
    return LS_SUCCESS;
}

void ls_checkpoint_format(const ls_checkpoint *c, ls_buf *out)
{
    ls_buf_put_bytes(out, c->origin);
    ls_buf_format(out, "\n%" PRIu64 "\n", c->size);
    ls_buf_put_base64(out, ls_bytes_of(c->root.b, LS_HASH_SIZE));
    ls_buf_put_u8(out, '\n');
}
