/* Answers of witnesses, read. */
#include "server/witness_answer.h"

/* The checkpoint with its lines but this key's: it may have cosigned this one before. */
static bool put_others(ls_bytes checkpoint, const ls_vkey *key, ls_note *parsed, ls_buf *note)
{
    if (ls_failed(ls_note_parse(checkpoint, parsed))) {
        return false;
    }
    ls_buf_put_bytes(note, parsed->text);
    ls_buf_put_u8(note, '\n');
    for (size_t i = 0; i < parsed->count; i++) {
        if (!ls_note_signed_as(&parsed->signature[i], key)) {
            ls_buf_put_bytes(note, parsed->signature[i].line);
        }
    }
    return true;
}

bool ls_witness_answer_join(ls_bytes checkpoint, const ls_vkey *key, ls_bytes answer, ls_buf *note)
{
    ls_note asked_for, parsed;
    ls_note_verdict verdict;
    if (!put_others(checkpoint, key, &asked_for, note)) {
        return false;
    }
    ls_buf_put_bytes(note, answer);
    return !note->failed && ls_succeeded(ls_note_parse(ls_buf_bytes(note), &parsed)) &&
           ls_bytes_equal(parsed.text, asked_for.text) && ls_succeeded(ls_note_verify(&parsed, key, 1, &verdict));
}

bool ls_witness_answer_size(ls_bytes answer, uint64_t *size)
{
    ls_reader r = ls_reader_of(answer);
    ls_bytes line;
    return ls_read_line(&r, &line) && ls_reader_done(&r) && ls_decimal_parse(line, INT64_MAX, size);
}

void ls_witness_answer_text(ls_bytes answer, char *out, size_t size)
{
    size_t n = answer.len < size - 1 ? answer.len : size - 1;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = answer.ptr[i];
        out[i] = c >= 0x20 && c < 0x7f ? (char)c : ' ';
    }
    out[n] = '\0';
}
