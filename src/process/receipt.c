/* Receipts: notes of a fixed form, alone or one after the other in the text of an act. */
#include "process/receipt.h"
#include <inttypes.h>

const ls_fault ls_fault_receipt = {LS_CLASS_INVALID, "receipt", "not a valid receipt"};

#define FIRST_LINE "lockstep receipt v1"
#define LINES 6 /* of a note: four of text, an empty one, one of signature */

void ls_receipt_make(const ls_receipt_note *r, const ls_vkey *key, const uint8_t secret_key[static 64], ls_buf *out)
{
    char process[LS_HEX_HASH_SIZE], act[LS_HEX_HASH_SIZE];
    ls_buf text = {0};
    ls_hash_format(&r->process, process);
    ls_hash_format(&r->act, act);
    ls_buf_format(&text, FIRST_LINE "\n%s\n%s\n%" PRId64 "\n", process, act, r->time);
    ls_buf_put_bytes(out, ls_buf_bytes(&text));
    ls_buf_put_u8(out, '\n');
    ls_note_sign(out, ls_buf_bytes(&text), key, secret_key);
    out->failed |= text.failed;
    ls_buf_free(&text);
}

static bool parse_text(ls_bytes text, ls_receipt_note *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes first, process, act, time;
    uint64_t seconds;
    if (!ls_read_line(&r, &first) || !ls_bytes_is(first, FIRST_LINE) || !ls_read_line(&r, &process) ||
        !ls_hash_parse(process, &out->process) || !ls_read_line(&r, &act) || !ls_hash_parse(act, &out->act) ||
        !ls_read_line(&r, &time) || !ls_decimal_parse(time, INT64_MAX, &seconds) || !ls_reader_done(&r)) {
        return false;
    }
    out->time = (ls_time)seconds;
    return true;
}

ls_result ls_receipt_parse(ls_bytes note, ls_receipt_note *out, ls_note *parsed, ls_detail *detail)
{
    ls_receipt_note r;
    ls_note n;
    if (note.len > LS_RECEIPT_NOTE_MAX || ls_failed(ls_note_parse(note, &n)) || n.count != 1 ||
        !parse_text(n.text, &r)) {
        return ls_fail_with(&ls_fault_receipt, detail, "it has not the form of a receipt");
    }
    *out = r;
    *parsed = n;
    return LS_SUCCESS;
}

static const ls_cosigner *find_cosigner(const ls_charter *c, const ls_note *note)
{
    for (size_t i = 0; i < c->cosigner_count; i++) {
        const ls_cosigner *k = &c->cosigner[i];
        if (k->receipts_until != LS_TIME_ENDED && ls_note_signed_as(&note->signature[0], &k->receipts)) {
            return k;
        }
    }
    return NULL;
}

static ls_result judge_signature(const ls_note *note, const ls_cosigner *k, const ls_judging *judging,
                                 ls_detail *detail)
{
    ls_pending_signature p;
    if (!ls_note_pending(note, 0, &k->receipts, &p)) {
        return ls_fail_with(&ls_fault_receipt, detail, "the signature of %s has not its form", k->receipts.name);
    }
    ls_result result = ls_pending_judge(&p, judging);
    if (result.fault == &ls_fault_note_signature) {
        return ls_fail_with(&ls_fault_receipt, detail, "the signature of %s does not verify", k->receipts.name);
    }
    return result;
}

ls_result ls_receipt_judge(const ls_charter *c, const ls_hash *process, const ls_hash *act, ls_bytes note,
                           const ls_judging *judging, const ls_cosigner **cosigner, ls_time *time, ls_detail *detail)
{
    ls_receipt_note r;
    ls_note parsed;
    LS_TRY(ls_receipt_parse(note, &r, &parsed, detail));
    if (!ls_hash_equal(&r.process, process) || !ls_hash_equal(&r.act, act)) {
        return ls_fail_with(&ls_fault_receipt, detail, "it is a receipt for another act");
    }
    const ls_cosigner *k = find_cosigner(c, &parsed);
    if (k == NULL) {
        return ls_fail_with(&ls_fault_receipt, detail, "it is not signed by one of the charter's cosigners");
    }
    LS_TRY(judge_signature(&parsed, k, judging, detail));
    *cosigner = k;
    *time = r.time;
    return LS_SUCCESS;
}

/* The next note of an act's text; false at its end or if no whole note is left. */
static bool next_note(ls_reader *r, ls_bytes *note)
{
    const uint8_t *start = r->ptr;
    ls_bytes line;
    for (size_t i = 0; i < LINES; i++) {
        if (!ls_read_line(r, &line)) {
            return false;
        }
    }
    *note = ls_bytes_of(start, (size_t)(r->ptr - start));
    return true;
}

static bool at_end(const ls_reader *r)
{
    return ls_bytes_is(ls_bytes_of(r->ptr, ls_reader_left(r)), LS_RECEIPTS_END);
}

/* Takes one receipt of the text up; cosigners that the policy does not name count for nothing. */
static void take_up(const ls_charter *c, const ls_cosigner *k, ls_time time, ls_receipts *out)
{
    for (size_t i = 0; i < c->policy.witness_count; i++) {
        if (ls_bytes_equal(c->policy.witness[i].name, k->name)) {
            out->witnesses |= UINT32_C(1) << i;
            out->time[i] = time;
        }
    }
}

ls_result ls_receipts_judge(const ls_charter *c, const ls_hash *process, const ls_hash *act, ls_bytes text,
                            const ls_judging *judging, ls_receipts *out, ls_detail *detail)
{
    ls_receipts receipts = {0};
    ls_reader r = ls_reader_of(text);
    uint32_t seen = 0;
    while (!at_end(&r)) {
        const ls_cosigner *k;
        ls_time time;
        ls_bytes note;
        if (!next_note(&r, &note)) {
            return ls_fail_with(&ls_fault_receipt, detail, "receipts follow one another, and then a line `end`");
        }
        LS_TRY(ls_receipt_judge(c, process, act, note, judging, &k, &time, detail));
        uint32_t bit = UINT32_C(1) << (k - c->cosigner);
        if ((seen & bit) != 0) {
            return ls_fail_with(&ls_fault_receipt, detail, "two receipts by %s", k->receipts.name);
        }
        seen |= bit;
        take_up(c, k, time, &receipts);
    }
    if (seen == 0) {
        return ls_fail_with(&ls_fault_receipt, detail, "no receipt is there");
    }
    receipts.met = c->policy.quorum != LS_QUORUM_NONE &&
                   ls_policy_time(&c->policy, receipts.witnesses, receipts.time, &receipts.receipt_time);
    *out = receipts;
    return LS_SUCCESS;
}

void ls_receipts_put(const ls_bytes *notes, size_t count, ls_buf *out)
{
    for (size_t i = 0; i < count; i++) {
        ls_buf_put_bytes(out, notes[i]);
    }
    ls_buf_put_str(out, LS_RECEIPTS_END);
}
