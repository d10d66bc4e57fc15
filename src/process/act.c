/* Acts: one table of headers, the canonical form checked line by line, and the signature lines. */
#include "crypto/sha256.h"
#include "process/plain.h"
#include <lockstep/act.h>

const ls_fault ls_fault_act_form = {LS_CLASS_INVALID, "act-form", "not an act in canonical form"};

#define FIRST_LINE "lockstep act v1"
#define FIRST_LINE_EXERCISE "lockstep exercise act v1"
#define MEDIA_TYPE_PART_MAX 127 /* RFC 6838, 4.2 */
#define FILE_NAME_MAX 100

/* The forms of single values. Each writes a field of ls_act; what it writes is used only if all of the act is right. */

static bool parse_name(ls_bytes value, void *out)
{
    *(ls_bytes *)out = value;
    return ls_name_valid(value);
}

static bool parse_hash(ls_bytes value, void *out)
{
    return ls_hash_parse(value, out);
}

static bool parse_time(ls_bytes value, void *out)
{
    return ls_time_parse(value, out);
}

static bool parse_date(ls_bytes value, void *out)
{
    return ls_date_parse(value, out);
}

/* A number from 1. */
static bool parse_count(ls_bytes value, void *out)
{
    return ls_decimal_parse(value, INT64_MAX, out) && *(uint64_t *)out > 0;
}

static bool parse_key(ls_bytes value, void *out)
{
    return ls_succeeded(ls_vkey_parse(value, out));
}

static bool parse_proof(ls_bytes value, void *out)
{
    size_t len;
    return ls_base64_decode(value, out, LS_ACT_PROOF_SIZE, &len) && len == LS_ACT_PROOF_SIZE;
}

static bool has_name(const ls_names *names, ls_bytes name)
{
    for (size_t i = 0; i < names->count; i++) {
        if (ls_bytes_equal(names->name[i], name)) {
            return true;
        }
    }
    return false;
}

/* Names separated by single spaces, none twice. */
static bool parse_names(ls_bytes value, void *out)
{
    ls_names *names = out;
    ls_reader r = ls_reader_of(value);
    if (value.len == 0 || value.ptr[value.len - 1] == ' ') {
        return false;
    }
    for (ls_bytes name; ls_read_until(&r, ' ', &name);) {
        if (names->count == LS_ACT_NAMES_MAX || !ls_name_valid(name) || has_name(names, name)) {
            return false;
        }
        names->name[names->count++] = name;
    }
    return true;
}

typedef struct head {
    uint64_t size;
    ls_hash root;
} head;

static bool parse_head(ls_bytes value, void *out)
{
    head *h = out;
    ls_reader r = ls_reader_of(value);
    ls_bytes size;
    size_t len;
    return ls_read_until(&r, ' ', &size) && ls_decimal_parse(size, INT64_MAX, &h->size) &&
           ls_base64_decode(ls_read_bytes(&r, ls_reader_left(&r)), h->root.b, sizeof h->root.b, &len) &&
           len == sizeof h->root.b;
}

static bool all_of(ls_bytes text, const char *others)
{
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];
        bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
        if (!plain && (c == 0 || strchr(others, c) == NULL)) {
            return false;
        }
    }
    return true;
}

static bool media_type_part(ls_bytes part)
{
    return part.len > 0 && part.len <= MEDIA_TYPE_PART_MAX && all_of(ls_bytes_of(part.ptr, 1), "") &&
           all_of(part, "!#$&^_.+-");
}

/* RFC 6838's restricted names, in lower case: media types are compared as bytes here. */
bool ls_media_type_valid(ls_bytes type)
{
    ls_reader r = ls_reader_of(type);
    ls_bytes top;
    return ls_read_until(&r, '/', &top) && media_type_part(top) &&
           media_type_part(ls_read_bytes(&r, ls_reader_left(&r)));
}

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool ls_file_name_valid(ls_bytes name)
{
    return name.len > 0 && name.len <= FILE_NAME_MAX && name.ptr[0] != '.' && all_of(name, UPPER "._-");
}

static bool parse_attachment(ls_bytes value, void *out)
{
    ls_attachment *a = out;
    ls_reader r = ls_reader_of(value);
    ls_bytes hash, size;
    if (!ls_read_until(&r, ' ', &hash) || !ls_read_until(&r, ' ', &a->audience) || !ls_read_until(&r, ' ', &size) ||
        !ls_read_until(&r, ' ', &a->media_type)) {
        return false;
    }
    a->file_name = ls_read_bytes(&r, ls_reader_left(&r));
    return ls_hash_parse(hash, &a->hash) && ls_name_valid(a->audience) && ls_decimal_parse(size, INT64_MAX, &a->size) &&
           ls_media_type_valid(a->media_type) && ls_file_name_valid(a->file_name);
}

/* Which acts have a header. A charter is the one joint act that names no process: it begins one. */
enum { CHARTER = 1, JOINT = 2, CHAINED = 4, STAMP = 8, SIGNED = CHARTER | JOINT | CHAINED, INSIDE = JOINT | CHAINED };

static const struct header {
    const char *name;
    const char *form; /* what a value must be, for people */
    bool (*parse)(ls_bytes value, void *field);
    size_t field; /* offset in ls_act */
    uint8_t required, allowed;
} headers[LS_HEADER_COUNT] = {
#define FIELD(f) offsetof(ls_act, f)
#define NAME "must be a name: a-z, 0-9 and '-', at most 63", parse_name
#define NAMES "must be names separated by single spaces, none twice", parse_names
#define HASH "must be 64 lower-case hex digits", parse_hash
#define TIME "must be a real time like 2018-10-09T08:00:00Z", parse_time
#define COUNT "must be a decimal number from 1", parse_count
    [LS_H_ACT] = {"act", NAME, FIELD(kind), SIGNED | STAMP, SIGNED | STAMP},
    [LS_H_PROCESS] = {"process", HASH, FIELD(process), INSIDE | STAMP, INSIDE | STAMP},
    [LS_H_ACCORD] = {"accord", HASH, FIELD(accord), 0, INSIDE},
    [LS_H_BY] = {"by", NAMES, FIELD(by), SIGNED, SIGNED},
    [LS_H_SIGNERS] = {"signers", NAMES, FIELD(signers), SIGNED, SIGNED},
    [LS_H_SEQ] = {"seq", COUNT, FIELD(seq), CHAINED, CHAINED},
    [LS_H_PREV] = {"prev", HASH, FIELD(prev), CHAINED, CHAINED},
    [LS_H_HEAD] = {"head", "must be a size, a space and a root in base64", parse_head, FIELD(head_size), CHAINED,
                   CHAINED},
    [LS_H_NONCE] = {"nonce", HASH, FIELD(nonce), CHARTER | JOINT, SIGNED},
    [LS_H_OPEN_UNTIL] = {"open-until", TIME, FIELD(open_until), CHARTER | JOINT, CHARTER | JOINT},
    [LS_H_AT] = {"at", TIME, FIELD(at), SIGNED, SIGNED},
    [LS_H_EXPIRES] = {"expires", TIME, FIELD(expires), CHAINED, CHAINED},
    [LS_H_UNLESS_ACTED] = {"unless-acted", NAMES, FIELD(unless_acted), 0, CHAINED},
    [LS_H_DATE] = {"date", "must be a real date like 2018-10-09", parse_date, FIELD(date), 0, INSIDE},
    [LS_H_TIME] = {"time", TIME, FIELD(time), 0, STAMP},
    [LS_H_REF] = {"ref", HASH, FIELD(ref), 0, INSIDE},
    [LS_H_TRACK] = {"track", NAME, FIELD(raw[LS_H_TRACK]), 0, INSIDE},
    [LS_H_MEASURE] = {"measure", NAME, FIELD(raw[LS_H_MEASURE]), 0, INSIDE},
    [LS_H_DECLARATION] = {"declaration", NAME, FIELD(raw[LS_H_DECLARATION]), 0, INSIDE},
    [LS_H_SCHEMA] = {"schema", HASH, FIELD(schema), 0, INSIDE},
    [LS_H_TRANCHES] = {"tranches", COUNT, FIELD(tranches), 0, INSIDE},
    [LS_H_ROW_BYTES] = {"row-bytes", COUNT, FIELD(row_bytes), 0, INSIDE},
    [LS_H_ROOT] = {"root", HASH, FIELD(root), 0, INSIDE},
    [LS_H_TRANCHE] = {"tranche", COUNT, FIELD(tranche), 0, INSIDE},
    [LS_H_ROWS] = {"rows", COUNT, FIELD(rows), 0, INSIDE},
    [LS_H_KEY] = {"key", "must be a verifier key (name+key id+key)", parse_key, FIELD(key), 0, INSIDE},
    [LS_H_PROOF] = {"proof", "must be the base64 of a signature", parse_proof, FIELD(proof), 0, INSIDE},
    [LS_H_SINCE] = {"since", COUNT, FIELD(since), 0, INSIDE},
    [LS_H_UNTIL] = {"until", TIME, FIELD(until), 0, INSIDE},
    [LS_H_ATTACHMENT] = {"attachment", "must be hash, audience, bytes, media type and file name", parse_attachment,
                         FIELD(attachment), 0, SIGNED},
};

/* parse_head writes both fields at once. */
_Static_assert(offsetof(ls_act, head_root) - offsetof(ls_act, head_size) == offsetof(head, root),
               "the head's fields lie side by side");

/* Kinds whose headers are not those of a chained act. */
static const struct special {
    const char *kind;
    ls_act_shape shape;
    uint8_t who;
} specials[] = {
    {"charter", LS_SHAPE_JOINT, CHARTER}, {"accord", LS_SHAPE_JOINT, JOINT}, {"amend", LS_SHAPE_JOINT, JOINT},
    {"annul", LS_SHAPE_JOINT, JOINT},     {"stamp", LS_SHAPE_STAMP, STAMP},  {"succeed", LS_SHAPE_JOINT, JOINT},
};

const char *ls_header_name(ls_header h)
{
    return headers[h].name;
}

static ls_detail *at_line(ls_detail *detail, unsigned line)
{
    if (detail != NULL) {
        detail->line = line;
        detail->column = line == 0 ? 0 : 1;
    }
    return detail;
}

static ls_header find_header(ls_bytes name)
{
    ls_header h = 0;
    while (h < LS_HEADER_COUNT && !ls_bytes_is(name, headers[h].name)) {
        h++;
    }
    return h;
}

static bool printable(ls_bytes line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] < 0x20 || line.ptr[i] > 0x7e) {
            return false;
        }
    }
    return true;
}

/* "name: value" */
static bool split_header(ls_bytes line, ls_bytes *name, ls_bytes *value)
{
    ls_reader r = ls_reader_of(line);
    if (!printable(line) || !ls_read_until(&r, ':', name) || ls_read_u8(&r) != ' ' || r.failed) {
        return false;
    }
    *value = ls_read_bytes(&r, ls_reader_left(&r));
    return true;
}

static bool parse_value(ls_act *act, ls_header h, ls_bytes value)
{
    uint8_t *field = (uint8_t *)act + headers[h].field;
    if (h == LS_H_ATTACHMENT) {
        if (act->attachment_count == LS_ACT_ATTACHMENTS_MAX) {
            return false;
        }
        field += act->attachment_count++ * sizeof *act->attachment;
    }
    return headers[h].parse(value, field);
}

/* One header line; last is the header before it, or LS_HEADER_COUNT. */
static ls_result parse_header(ls_act *act, ls_bytes line, ls_header *last, ls_detail *detail)
{
    ls_bytes name, value;
    if (!split_header(line, &name, &value)) {
        return ls_fail_with(&ls_fault_act_form, detail, "a header is a name, a colon, a space and a value in ASCII");
    }
    ls_header h = find_header(name);
    if (h == LS_HEADER_COUNT) {
        int len = (int)(name.len < LS_NAME_MAX ? name.len : LS_NAME_MAX);
        return ls_fail_with(&ls_fault_act_form, detail, "unknown header '%.*s'", len, name.ptr);
    }
    const struct header *rule = &headers[h];
    if (act->has[h] && h != LS_H_ATTACHMENT) {
        return ls_fail_with(&ls_fault_act_form, detail, "%s: stands twice", rule->name);
    }
    if (*last != LS_HEADER_COUNT && h < *last) {
        return ls_fail_with(&ls_fault_act_form, detail, "%s: out of order, it belongs before %s", rule->name,
                            headers[*last].name);
    }
    if (!parse_value(act, h, value)) {
        return ls_fail_with(&ls_fault_act_form, detail, "%s: %s", rule->name, rule->form);
    }
    if (!act->has[h]) {
        act->raw[h] = value;
    }
    act->has[h] = true;
    *last = h;
    return LS_SUCCESS;
}

/* All header lines; r then stands behind the empty line, or at the end. */
static ls_result parse_headers(ls_act *act, ls_reader *r, bool *has_text, ls_detail *detail)
{
    ls_header last = LS_HEADER_COUNT;
    unsigned number = 2;
    *has_text = false;
    for (ls_bytes line; !*has_text && ls_read_line(r, &line); number++) {
        if (line.len == 0) {
            *has_text = true;
        } else {
            LS_TRY(parse_header(act, line, &last, at_line(detail, number)));
        }
    }
    at_line(detail, 0);
    return LS_SUCCESS;
}

static ls_result check_shape(ls_act *act, ls_detail *detail)
{
    uint8_t who = CHAINED;
    act->shape = LS_SHAPE_CHAINED;
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (ls_bytes_is(act->kind, specials[i].kind)) {
            act->shape = specials[i].shape;
            who = specials[i].who;
        }
    }
    for (ls_header h = 0; h < LS_HEADER_COUNT; h++) {
        if ((headers[h].required & who) != 0 && !act->has[h]) {
            return ls_fail_with(&ls_fault_act_form, detail, "%s: missing", headers[h].name);
        }
        if ((headers[h].allowed & who) == 0 && act->has[h]) {
            return ls_fail_with(&ls_fault_act_form, detail, "%s: not in an act of kind %.*s", headers[h].name,
                                (int)act->kind.len, act->kind.ptr);
        }
    }
    return LS_SUCCESS;
}

/* What no single header can say. */
static ls_result check_chained(const ls_act *act, ls_detail *detail)
{
    if (act->shape != LS_SHAPE_CHAINED) {
        return LS_SUCCESS;
    }
    if (act->by.count != 1) {
        return ls_fail_with(&ls_fault_act_form, detail, "by: an act of kind %.*s is one party's", (int)act->kind.len,
                            act->kind.ptr);
    }
    if (ls_hash_is_zero(&act->prev) != (act->seq == 1)) {
        return ls_fail_with(&ls_fault_act_form, detail, "prev: 64 zeros exactly for seq 1");
    }
    if (act->expires <= act->at) {
        return ls_fail_with(&ls_fault_act_form, detail, "expires: must be later than at");
    }
    return LS_SUCCESS;
}

static bool looks_signed(ls_bytes text)
{
    ls_note note;
    return memmem(text.ptr, text.len, "\n\xe2\x80\x94 ", 5) != NULL && ls_succeeded(ls_note_parse(text, &note));
}

static ls_result check_free_text(ls_bytes text, ls_detail *detail)
{
    if (text.len == 0) {
        return ls_fail_with(&ls_fault_act_form, detail, "an empty line stands only before free text");
    }
    if (text.ptr[0] == '\n' || (text.len > 1 && text.ptr[text.len - 2] == '\n')) {
        return ls_fail_with(&ls_fault_act_form, detail, "free text neither begins nor ends with an empty line");
    }
    if (!ls_plain_valid(text)) {
        return ls_fail_with(&ls_fault_act_form, detail, "free text holds a character that does not show");
    }
    return LS_SUCCESS;
}

static ls_result parse_text(ls_bytes text, ls_act *act, ls_detail *detail)
{
    if (text.len > LS_ACT_MAX) {
        return ls_fail_with(&ls_fault_act_form, detail, "longer than %d bytes", LS_ACT_MAX);
    }
    ls_reader r = ls_reader_of(text);
    ls_bytes first = {0};
    bool has_text;
    ls_read_line(&r, &first);
    act->exercise = ls_bytes_is(first, FIRST_LINE_EXERCISE);
    if (!act->exercise && !ls_bytes_is(first, FIRST_LINE)) {
        return ls_fail_with(&ls_fault_act_form, at_line(detail, 1), "the first line must be '%s'", FIRST_LINE);
    }
    if (text.ptr[text.len - 1] != '\n') {
        return ls_fail_with(&ls_fault_act_form, detail, "the last line does not end");
    }
    LS_TRY(parse_headers(act, &r, &has_text, detail));
    LS_TRY(check_shape(act, detail));
    LS_TRY(check_chained(act, detail));
    if (has_text) {
        act->text = ls_read_bytes(&r, ls_reader_left(&r));
        LS_TRY(check_free_text(act->text, detail));
    }
    if (act->shape != LS_SHAPE_STAMP && looks_signed(text)) {
        return ls_fail_with(&ls_fault_act_form, detail, "free text ends like a note's signatures");
    }
    ls_sha256_hash(text, &act->id);
    act->note.text = text;
    return LS_SUCCESS;
}

ls_result ls_act_parse_text(ls_bytes text, ls_act *out, ls_detail *detail)
{
    ls_act act = {0};
    at_line(detail, 0);
    LS_TRY(parse_text(text, &act, detail));
    *out = act;
    return LS_SUCCESS;
}

/* The part of a key's name behind the last '/'. */
static ls_bytes signer_of(const ls_note_signature *s)
{
    size_t start = s->name.len;
    while (start > 0 && s->name.ptr[start - 1] != '/') {
        start--;
    }
    return ls_bytes_of(s->name.ptr + start, s->name.len - start);
}

/* The signatures are those of the signers in that order; partial: those of some of them. */
static ls_result check_signers(const ls_act *act, bool partial, ls_detail *detail)
{
    size_t next = 0;
    for (size_t i = 0; i < act->note.count; i++) {
        ls_bytes signer = signer_of(&act->note.signature[i]);
        while (partial && next < act->signers.count && !ls_bytes_equal(act->signers.name[next], signer)) {
            next++;
        }
        if (next == act->signers.count || !ls_bytes_equal(act->signers.name[next], signer)) {
            return ls_fail_with(&ls_fault_act_form, detail,
                                "signature %zu, by %.*s, is not the one that signers calls for", i + 1,
                                (int)act->note.signature[i].name.len, act->note.signature[i].name.ptr);
        }
        next++;
    }
    if (!partial && next < act->signers.count) {
        return ls_fail_with(&ls_fault_act_form, detail, "the signature of %.*s is missing",
                            (int)act->signers.name[next].len, act->signers.name[next].ptr);
    }
    return LS_SUCCESS;
}

static ls_result check_signatures(const ls_act *act, bool partial, ls_detail *detail)
{
    if (act->shape != LS_SHAPE_STAMP) {
        return check_signers(act, partial, detail);
    }
    return act->note.count == 1 ? LS_SUCCESS
                                : ls_fail_with(&ls_fault_act_form, detail, "a stamp has one signature, the ledger's");
}

ls_result ls_act_parse(ls_bytes note, bool partial, ls_act *out, ls_detail *detail)
{
    ls_act act = {0};
    ls_note parsed = {.text = note};
    at_line(detail, 0);
    if (note.len > LS_ACT_MAX) {
        return ls_fail_with(&ls_fault_act_form, detail, "longer than %d bytes", LS_ACT_MAX);
    }
    ls_result form = ls_note_parse(note, &parsed);
    if (ls_failed(form) && !partial) {
        return ls_fail_with(form.fault, detail, "no signature lines follow the text, or they are malformed");
    }
    LS_TRY(parse_text(parsed.text, &act, detail));
    act.note = parsed;
    LS_TRY(check_signatures(&act, partial, detail));
    *out = act;
    return LS_SUCCESS;
}
