/* Acts: the canonical form checked line by line, and the signature lines. */
#include "crypto/sha256.h"
#include "process/act_parts.h"
#include "process/plain.h"

const ls_fault ls_fault_act_form = {LS_CLASS_INVALID, "act-form", "not an act in canonical form"};

#define FIRST_LINE "lockstep act v1"
#define FIRST_LINE_EXERCISE "lockstep exercise act v1"

/* Kinds whose headers are not those of a chained act. */
static const struct special {
    const char *kind;
    ls_act_shape shape;
    uint8_t who;
} specials[] = {
    {"charter", LS_SHAPE_JOINT, HEADER_CHARTER}, {"accord", LS_SHAPE_JOINT, HEADER_JOINT},
    {"amend", LS_SHAPE_JOINT, HEADER_JOINT},     {"annul", LS_SHAPE_JOINT, HEADER_JOINT},
    {"appoint", LS_SHAPE_JOINT, HEADER_JOINT},   {"minutes", LS_SHAPE_JOINT, HEADER_JOINT},
    {"stamp", LS_SHAPE_STAMP, HEADER_STAMP},     {"succeed", LS_SHAPE_JOINT, HEADER_JOINT},
};

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
    while (h < LS_HEADER_COUNT && !ls_bytes_is(name, ls_act_headers[h].name)) {
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
    uint8_t *field = (uint8_t *)act + ls_act_headers[h].field;
    if (h == LS_H_ATTACHMENT) {
        if (act->attachment_count == LS_ACT_ATTACHMENTS_MAX) {
            return false;
        }
        field += act->attachment_count++ * sizeof *act->attachment;
    }
    return ls_act_headers[h].parse(value, field);
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
    const act_header *rule = &ls_act_headers[h];
    if (act->has[h] && h != LS_H_ATTACHMENT) {
        return ls_fail_with(&ls_fault_act_form, detail, "%s: stands twice", rule->name);
    }
    if (*last != LS_HEADER_COUNT && h < *last) {
        return ls_fail_with(&ls_fault_act_form, detail, "%s: out of order, it belongs before %s", rule->name,
                            ls_act_headers[*last].name);
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
    uint8_t who = HEADER_CHAINED;
    act->shape = LS_SHAPE_CHAINED;
    for (size_t i = 0; i < sizeof specials / sizeof *specials; i++) {
        if (ls_bytes_is(act->kind, specials[i].kind)) {
            act->shape = specials[i].shape;
            who = specials[i].who;
        }
    }
    for (ls_header h = 0; h < LS_HEADER_COUNT; h++) {
        if ((ls_act_headers[h].required & who) != 0 && !act->has[h]) {
            return ls_fail_with(&ls_fault_act_form, detail, "%s: missing", ls_act_headers[h].name);
        }
        if ((ls_act_headers[h].allowed & who) == 0 && act->has[h]) {
            return ls_fail_with(&ls_fault_act_form, detail, "%s: not in an act of kind %.*s", ls_act_headers[h].name,
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
