/* Answers of a server, read. */
#include "ledger/answers.h"
#include "process/plain.h"
#include <lockstep/limits.h>
#include <lockstep/note.h>

bool ls_acknowledgement_parse(ls_bytes body, uint64_t *index)
{
    ls_reader r = ls_reader_of(body);
    ls_bytes number, empty;
    ls_note note;
    ls_checkpoint c;
    uint64_t parsed;
    bool ok = ls_read_line(&r, &number) && ls_read_line(&r, &empty) && empty.len == 0 &&
              ls_decimal_parse(number, INT64_MAX, &parsed) &&
              ls_succeeded(ls_note_parse(ls_bytes_of(r.ptr, ls_reader_left(&r)), &note)) &&
              ls_succeeded(ls_checkpoint_parse(note.text, &c)) && c.size > parsed;
    *index = ok ? parsed : *index;
    return ok;
}

bool ls_rejection_parse(ls_bytes body, ls_rejection *out)
{
    ls_rejection parsed = {0};
    ls_reader r = ls_reader_of(body);
    bool ok = body.len <= LS_REMOTE_ERROR_MAX && ls_plain_valid(body) && ls_read_line(&r, &parsed.code) &&
              ls_name_valid(parsed.code) && ls_read_line(&r, &parsed.sentence);
    if (ok) {
        (void)ls_read_line(&r, &parsed.hint);
        *out = parsed;
    }
    return ok;
}

bool ls_box_list_next(ls_reader *r, ls_hash *out)
{
    ls_bytes line;
    return ls_read_line(r, &line) && ls_hash_parse(line, out);
}

bool ls_box_list_valid(ls_bytes list)
{
    ls_reader r = ls_reader_of(list);
    ls_hash hash;
    while (ls_reader_left(&r) > 0) {
        if (!ls_box_list_next(&r, &hash)) {
            return false;
        }
    }
    return true;
}
