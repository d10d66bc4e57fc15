/* Signed notes (C2SP signed-note) and cosignatures (C2SP tlog-cosignature). */
#include "crypto/crypto.h"
#include <inttypes.h>
#include <lockstep/note.h>

const ls_fault ls_fault_note_form = {LS_CLASS_INVALID, "note-form", "not a signed note"};
const ls_fault ls_fault_note_signature = {LS_CLASS_INVALID, "note-signature",
                                          "the signature of a known key does not verify"};
const ls_fault ls_fault_note_unsigned = {LS_CLASS_INVALID, "note-unsigned", "no known key has signed"};

#define DASH "\xe2\x80\x94 " /* U+2014 and a space */
#define TIME_SIZE 8
#define BLOB_MAX (LS_KEY_ID_SIZE + TIME_SIZE + LS_SIGNATURE_SIZE)

/* Also in the signature lines: the rule of signed-note is for the whole note. */
static bool has_control(ls_bytes text)
{
    bool found = false;
    for (size_t i = 0; i < text.len; i++) {
        found |= text.ptr[i] < 0x20 && text.ptr[i] != '\n';
    }
    return found;
}

bool ls_note_text_valid(ls_bytes text)
{
    return text.len > 0 && text.ptr[text.len - 1] == '\n' && !has_control(text) && ls_utf8_valid(text);
}

/* The key id is in the first bytes of what the base64 says; the blob's length depends on a type we may not know. */
static bool parse_signature(ls_bytes line, ls_note_signature *out)
{
    ls_reader r = ls_reader_of(line);
    if (!ls_bytes_starts(line, DASH)) {
        return false;
    }
    ls_read_bytes(&r, strlen(DASH));
    if (!ls_read_until(&r, ' ', &out->name) || !ls_key_name_valid(out->name)) {
        return false;
    }
    out->base64 = ls_read_bytes(&r, ls_reader_left(&r));
    uint8_t start[6];
    size_t len;
    /* Eight characters hold more than a key id, so at least one byte of a signature is there. */
    if (out->base64.len < 8 || !ls_base64_valid(out->base64) ||
        !ls_base64_decode(ls_bytes_of(out->base64.ptr, 8), start, sizeof start, &len) || len <= LS_KEY_ID_SIZE) {
        return false;
    }
    memcpy(out->id, start, LS_KEY_ID_SIZE);
    return true;
}

/* Where the signatures begin: behind the last empty line. 0 if there is none. */
static size_t find_signatures(ls_bytes note)
{
    for (size_t i = note.len; i >= 2; i--) {
        if (note.ptr[i - 1] == '\n' && note.ptr[i - 2] == '\n') {
            return i;
        }
    }
    return 0;
}

ls_result ls_note_parse(ls_bytes note, ls_note *out)
{
    if (note.len > LS_NOTE_MAX || !ls_note_text_valid(note)) {
        return ls_fail(&ls_fault_note_form);
    }
    size_t start = find_signatures(note);
    if (start == 0) {
        return ls_fail(&ls_fault_note_form);
    }
    ls_note parsed = {.text = ls_bytes_of(note.ptr, start - 1)};
    ls_reader r = ls_reader_of(ls_bytes_of(note.ptr + start, note.len - start));
    for (ls_bytes line; ls_read_line(&r, &line);) {
        if (parsed.count == LS_NOTE_SIGNATURES_MAX) {
            return ls_fail(&ls_fault_note_form);
        }
        ls_note_signature *signature = &parsed.signature[parsed.count++];
        signature->line = ls_bytes_of(line.ptr, line.len + 1);
        if (!parse_signature(line, signature)) {
            return ls_fail(&ls_fault_note_form);
        }
    }
    if (parsed.count == 0) {
        return ls_fail(&ls_fault_note_form);
    }
    *out = parsed;
    return LS_SUCCESS;
}

/* Ids are four bytes, and anyone can make a key that collides with another's. */
bool ls_note_signed_as(const ls_note_signature *s, const ls_vkey *key)
{
    return memcmp(key->id, s->id, LS_KEY_ID_SIZE) == 0 && ls_bytes_is(s->name, key->name);
}

static int find_key(const ls_note_signature *s, const ls_vkey *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (ls_note_signed_as(s, &keys[i])) {
            return (int)i;
        }
    }
    return LS_NOTE_UNKNOWN;
}

/* What a cosigner signs. */
static void put_cosigned(ls_buf *out, ls_bytes text, uint64_t time)
{
    ls_buf_format(out, "cosignature/v1\ntime %" PRIu64 "\n", time);
    ls_buf_put_bytes(out, text);
}

/* Where the time stands in a cosignature, a plain signature has its signature. */
bool ls_note_pending(const ls_note *note, size_t i, const ls_vkey *key, ls_pending_signature *out)
{
    bool cosignature = key->type == LS_KEY_COSIGNATURE;
    ls_pending_signature p = {.text = note->text, .type = key->type};
    uint8_t blob[BLOB_MAX];
    size_t len;
    if (!ls_base64_decode(note->signature[i].base64, blob, sizeof blob, &len) ||
        len != (cosignature ? BLOB_MAX : BLOB_MAX - TIME_SIZE)) {
        return false;
    }
    ls_reader r = ls_reader_of(ls_bytes_of(blob, len));
    ls_read_bytes(&r, LS_KEY_ID_SIZE);
    p.time = cosignature ? ls_read_u64(&r) : 0;
    if (p.time > INT64_MAX) {
        return false;
    }
    memcpy(p.key, key->key, sizeof p.key);
    memcpy(p.signature, r.ptr, sizeof p.signature);
    *out = p;
    return true;
}

ls_result ls_pending_verify(const ls_pending_signature *p)
{
    ls_buf message = {0};
    ls_bytes covered = p->text;
    if (p->type == LS_KEY_COSIGNATURE) {
        put_cosigned(&message, p->text, p->time);
        covered = ls_buf_bytes(&message);
    }
    ls_result result = ls_buf_check(&message);
    if (ls_succeeded(result) && !ls_ed25519_verify(covered, p->key, p->signature)) {
        result = ls_fail(&ls_fault_note_signature);
    }
    ls_buf_free(&message);
    return result;
}

/* A blob of the wrong length is a bad signature, not a malformed note: only a known key tells what its length must be.
 */
static ls_result check_signature(const ls_note *note, size_t i, const ls_vkey *key, uint64_t *time)
{
    ls_pending_signature p;
    if (!ls_note_pending(note, i, key, &p)) {
        return ls_fail(&ls_fault_note_signature);
    }
    LS_TRY(ls_pending_verify(&p));
    *time = p.time;
    return LS_SUCCESS;
}

/* One key signs once: otherwise a threshold could be met by repeating a line. */
static bool key_seen(const ls_note_verdict *v, size_t signatures, int key)
{
    for (size_t i = 0; i < signatures; i++) {
        if (v->key[i] == key) {
            return true;
        }
    }
    return false;
}

/* One bad signature of a known key spoils the note, whatever the others say: someone has tampered. */
ls_result ls_note_verify(const ls_note *note, const ls_vkey *keys, size_t count, ls_note_verdict *out)
{
    ls_note_verdict verdict = {0};
    for (size_t i = 0; i < note->count; i++) {
        const ls_note_signature *s = &note->signature[i];
        int key = find_key(s, keys, count);
        if (key != LS_NOTE_UNKNOWN) {
            if (key_seen(&verdict, i, key)) {
                return ls_fail(&ls_fault_note_signature);
            }
            LS_TRY(check_signature(note, i, &keys[key], &verdict.time[i]));
            verdict.verified++;
        }
        verdict.key[i] = key;
    }
    if (verdict.verified == 0) {
        return ls_fail(&ls_fault_note_unsigned);
    }
    *out = verdict;
    return LS_SUCCESS;
}

static void put_line(ls_buf *out, const ls_vkey *key, ls_bytes blob)
{
    ls_buf_put_str(out, DASH);
    ls_buf_put_str(out, key->name);
    ls_buf_put_u8(out, ' ');
    ls_buf_put_base64(out, blob);
    ls_buf_put_u8(out, '\n');
}

/* The text may lie in out itself, which the first put may move: so both sign before they write. */
void ls_note_sign(ls_buf *out, ls_bytes text, const ls_vkey *key, const uint8_t secret_key[static 64])
{
    uint8_t blob[LS_KEY_ID_SIZE + LS_SIGNATURE_SIZE];
    memcpy(blob, key->id, LS_KEY_ID_SIZE);
    ls_ed25519_sign(text, secret_key, blob + LS_KEY_ID_SIZE);
    put_line(out, key, ls_bytes_of(blob, sizeof blob));
}

void ls_note_cosign(ls_buf *out, ls_bytes text, const ls_vkey *key, uint64_t time, const uint8_t secret_key[static 64])
{
    ls_buf message = {0}, blob = {0};
    uint8_t signature[LS_SIGNATURE_SIZE];
    put_cosigned(&message, text, time);
    ls_ed25519_sign(ls_buf_bytes(&message), secret_key, signature);
    ls_buf_put(&blob, key->id, LS_KEY_ID_SIZE);
    ls_buf_put_u64(&blob, time);
    ls_buf_put(&blob, signature, sizeof signature);
    if (message.failed || blob.failed) {
        out->failed = true;
    }
    put_line(out, key, ls_buf_bytes(&blob));
    ls_buf_free(&message);
    ls_buf_free(&blob);
}
