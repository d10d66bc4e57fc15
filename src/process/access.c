/* Access notes. */
#include "process/access.h"

const ls_fault ls_fault_access = {LS_CLASS_INVALID, "access", "no valid access note"};

#define FIRST_LINE "lockstep access v1"

void ls_access_make(const ls_hash *process, ls_bytes name, ls_time expires, const ls_vkey *key,
                    const uint8_t secret_key[static 64], ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE], time[LS_TIME_SIZE];
    ls_buf text = {0};
    ls_hash_format(process, hex);
    ls_time_format(expires, time);
    ls_buf_format(&text, FIRST_LINE "\n%s\n%.*s\n%s\n", hex, (int)name.len, name.ptr, time);
    ls_buf_put_bytes(out, ls_buf_bytes(&text));
    ls_buf_put_u8(out, '\n');
    ls_note_sign(out, ls_buf_bytes(&text), key, secret_key);
    out->failed |= text.failed;
    ls_buf_free(&text);
}

void ls_access_put_header(ls_bytes note, ls_buf *out)
{
    ls_buf_put_str(out, LS_ACCESS_SCHEME);
    ls_buf_put_base64(out, note);
}

bool ls_access_read_header(ls_bytes value, uint8_t note[static LS_ACCESS_MAX], size_t *len)
{
    size_t scheme = strlen(LS_ACCESS_SCHEME);
    return ls_bytes_starts(value, LS_ACCESS_SCHEME) &&
           ls_base64_decode(ls_bytes_of(value.ptr + scheme, value.len - scheme), note, LS_ACCESS_MAX, len);
}

/* The text's four lines, each in its one form. */
static bool parse_text(ls_bytes text, ls_hash *process, ls_access *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes first, hex, time;
    return ls_read_line(&r, &first) && ls_bytes_is(first, FIRST_LINE) && ls_read_line(&r, &hex) &&
           ls_hash_parse(hex, process) && ls_read_line(&r, &out->name) && ls_name_valid(out->name) &&
           ls_read_line(&r, &time) && ls_time_parse(time, &out->expires) && ls_reader_done(&r);
}

static bool key_signed(const ls_note *note, const ls_vkey *key)
{
    ls_pending_signature p;
    return ls_note_signed_as(&note->signature[0], key) && ls_note_pending(note, 0, key, &p) &&
           ls_succeeded(ls_pending_verify(&p));
}

/* What may open the door: a signer's or delegate's key of the party so named, or the receipts key of the cosigner. */
static bool opens(const ls_charter *c, const ls_key_entry *e, size_t cosigner, const ls_access *a, ls_time stamped)
{
    bool partys = e->purpose == LS_KEY_OF_SIGNER || e->purpose == LS_KEY_OF_DELEGATE;
    bool named = e->purpose == LS_KEY_OF_RECEIPTS ? ls_bytes_equal(c->cosigner[cosigner].name, a->name)
                                                  : partys && ls_bytes_equal(e->owner, a->name);
    return named && e->until >= stamped;
}

static bool find_reader(const ls_charter *c, const ls_note *note, ls_time stamped, ls_access *a)
{
    ls_key_entry e;
    size_t cosigner = 0;
    for (size_t i = 0; ls_charter_key(c, i, &e); i++) {
        if (opens(c, &e, cosigner, a, stamped) && key_signed(note, e.key)) {
            a->party = e.party;
            a->cosigner = e.purpose == LS_KEY_OF_RECEIPTS ? cosigner : LS_NO_PARTY;
            a->boxes = e.purpose == LS_KEY_OF_SIGNER ||
                       (e.purpose == LS_KEY_OF_DELEGATE && ls_bytes_is(ls_vkey_last(e.key), LS_ACCESS_OWN));
            return true;
        }
        cosigner += e.purpose == LS_KEY_OF_RECEIPTS ? 1 : 0;
    }
    return false;
}

ls_result ls_access_check(const ls_charter *c, const ls_hash *process, ls_bytes note, ls_time now, ls_time stamped,
                          ls_access *out, ls_detail *detail)
{
    ls_note parsed;
    ls_hash named;
    ls_access a;
    if (note.len > LS_ACCESS_MAX || ls_failed(ls_note_parse(note, &parsed)) || parsed.count != 1 ||
        !parse_text(parsed.text, &named, &a)) {
        return ls_fail_with(&ls_fault_access, detail, "it has not the form of an access note");
    }
    if (!ls_hash_equal(&named, process)) {
        return ls_fail_with(&ls_fault_access, detail, "it is for another process");
    }
    if (a.expires < now - LS_ACCESS_TOLERANCE) {
        ls_hint(detail, "is this machine's clock right? a new note is made for each run");
        return ls_fail_with(&ls_fault_access, detail, "it has expired");
    }
    if (a.expires > now + LS_ACCESS_AHEAD + LS_ACCESS_TOLERANCE) {
        return ls_fail_with(&ls_fault_access, detail, "it runs longer than 24 hours");
    }
    if (!find_reader(c, &parsed, stamped, &a)) {
        ls_hint(detail, "a signer's or delegate's key of the party, or a cosigner's receipts key, signs it");
        return ls_fail_with(&ls_fault_access, detail, "it is not signed by a key that may read for %.*s",
                            (int)a.name.len, a.name.ptr);
    }
    *out = a;
    return LS_SUCCESS;
}
