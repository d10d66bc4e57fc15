/* Inclusion proofs to take away (C2SP tlog-proof). */
#include <inttypes.h>
#include <lockstep/note.h>

const ls_fault ls_fault_tlog_proof_form = {LS_CLASS_INVALID, "tlog-proof-form", "not a tlog-proof file"};

#define FIRST_LINE "c2sp.org/tlog-proof@v1"
#define EXTRA "extra "
#define INDEX "index "

/* What a line says after its keyword; empty if it does not begin with it. */
static ls_bytes after(ls_bytes line, const char *keyword)
{
    size_t len = strlen(keyword);
    return ls_bytes_starts(line, keyword) ? ls_bytes_of(line.ptr + len, line.len - len) : ls_bytes_of(NULL, 0);
}

/* The lines up to the index. */
static bool parse_head(ls_reader *r, ls_tlog_proof *p)
{
    ls_bytes line;
    if (!ls_read_line(r, &line) || !ls_bytes_is(line, FIRST_LINE) || !ls_read_line(r, &line)) {
        return false;
    }
    if (ls_bytes_starts(line, EXTRA)) {
        p->extra = after(line, EXTRA);
        if (p->extra.len == 0 || !ls_base64_valid(p->extra) || !ls_read_line(r, &line)) {
            return false;
        }
    }
    return ls_decimal_parse(after(line, INDEX), INT64_MAX, &p->index);
}

/* The hashes, and the empty line after them. */
static bool parse_hashes(ls_reader *r, ls_tlog_proof *p)
{
    ls_bytes line;
    while (ls_read_line(r, &line)) {
        if (line.len == 0) {
            return true;
        }
        size_t len;
        if (p->count == LS_MERKLE_PROOF_MAX || !ls_base64_decode(line, p->proof[p->count++].b, LS_HASH_SIZE, &len) ||
            len != LS_HASH_SIZE) {
            return false;
        }
    }
    return false;
}

/* The checkpoint is checked as deeply as it can be without a key, so that a broken file is refused here and not later.
 */
static bool parse_checkpoint(ls_reader *r, ls_tlog_proof *p)
{
    ls_note note;
    ls_checkpoint checkpoint;
    p->checkpoint = ls_read_bytes(r, ls_reader_left(r));
    return ls_succeeded(ls_note_parse(p->checkpoint, &note)) &&
           ls_succeeded(ls_checkpoint_parse(note.text, &checkpoint)) && p->index < checkpoint.size;
}

ls_result ls_tlog_proof_parse(ls_bytes text, ls_tlog_proof *out)
{
    ls_reader r = ls_reader_of(text);
    ls_tlog_proof parsed = {0};
    if (!parse_head(&r, &parsed) || !parse_hashes(&r, &parsed) || !parse_checkpoint(&r, &parsed)) {
        return ls_fail(&ls_fault_tlog_proof_form);
    }
    *out = parsed;
    return LS_SUCCESS;
}

void ls_tlog_proof_format(const ls_tlog_proof *p, ls_buf *out)
{
    ls_buf_put_str(out, FIRST_LINE "\n");
    if (p->extra.len > 0) {
        ls_buf_put_str(out, EXTRA);
        ls_buf_put_bytes(out, p->extra);
        ls_buf_put_u8(out, '\n');
    }
    ls_buf_format(out, INDEX "%" PRIu64 "\n", p->index);
    for (size_t i = 0; i < p->count; i++) {
        ls_buf_put_base64(out, ls_bytes_of(p->proof[i].b, LS_HASH_SIZE));
        ls_buf_put_u8(out, '\n');
    }
    ls_buf_put_u8(out, '\n');
    ls_buf_put_bytes(out, p->checkpoint);
}
