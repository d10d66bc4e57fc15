/* The headers of acts: the form of each value, one table of them, and what their parts may be. */
#include "process/act_parts.h"
#include <string.h>

#define MEDIA_TYPE_PART_MAX 127 /* RFC 6838, 4.2 */
#define FILE_NAME_MAX 100
#define LINE_MAX 200
#define SCORE_MAX 3
#define PLACE_MIN 3
#define PLACE_MAX 40

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

static bool parse_number(ls_bytes value, void *out)
{
    return ls_decimal_parse(value, INT64_MAX, out);
}

/* In words: of an amount, in which unit, and whether it is one, is the accord's to say. */
static bool parse_line(ls_bytes value, void *out)
{
    *(ls_bytes *)out = value;
    return value.len > 0 && value.len <= LINE_MAX;
}

/* Which numbers are a place on the earth is judged where it is used. */
static bool parse_place(ls_bytes value, void *out)
{
    *(ls_bytes *)out = value;
    return value.len >= PLACE_MIN && value.len <= PLACE_MAX && memchr(value.ptr, ' ', value.len) != NULL;
}

static bool parse_score(ls_bytes value, void *out)
{
    return ls_decimal_parse(value, SCORE_MAX, out);
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

const act_header ls_act_headers[LS_HEADER_COUNT] = {
#define CHARTER HEADER_CHARTER
#define JOINT HEADER_JOINT
#define CHAINED HEADER_CHAINED
#define STAMP HEADER_STAMP
#define SIGNED (CHARTER | JOINT | CHAINED)
#define INSIDE (JOINT | CHAINED)
#define FIELD(f) offsetof(ls_act, f)
#define NAME "must be a name: a-z, 0-9 and '-', at most 63", parse_name
#define NAMES "must be names separated by single spaces, none twice", parse_names
#define HASH "must be 64 lower-case hex digits", parse_hash
#define TIME "must be a real time like 2018-10-09T08:00:00Z", parse_time
#define DATE "must be a real date like 2018-10-09", parse_date
#define COUNT "must be a decimal number from 1", parse_count
#define NUMBER "must be a decimal number", parse_number
#define LINE "must be 1 to 200 bytes", parse_line
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
    [LS_H_DATE] = {"date", DATE, FIELD(date), 0, INSIDE},
    [LS_H_TIME] = {"time", TIME, FIELD(time), 0, STAMP},
    [LS_H_REF] = {"ref", HASH, FIELD(ref), 0, INSIDE},
    [LS_H_TO] = {"to", NAMES, FIELD(to), 0, INSIDE},
    [LS_H_OF] = {"of", NAME, FIELD(raw[LS_H_OF]), 0, INSIDE},
    [LS_H_PASS_TO] = {"pass-to", NAMES, FIELD(pass_to), 0, INSIDE},
    [LS_H_TRACK] = {"track", NAME, FIELD(raw[LS_H_TRACK]), 0, INSIDE},
    [LS_H_MEASURE] = {"measure", NAME, FIELD(raw[LS_H_MEASURE]), 0, INSIDE},
    [LS_H_EVENT] = {"event", NAME, FIELD(raw[LS_H_EVENT]), 0, INSIDE},
    [LS_H_RIGHT] = {"right", NAME, FIELD(raw[LS_H_RIGHT]), 0, INSIDE},
    [LS_H_DISPUTE] = {"dispute", NAME, FIELD(raw[LS_H_DISPUTE]), 0, INSIDE},
    [LS_H_STAGE] = {"stage", NAME, FIELD(raw[LS_H_STAGE]), 0, INSIDE},
    [LS_H_INSPECTION] = {"inspection", NAME, FIELD(raw[LS_H_INSPECTION]), 0, INSIDE},
    [LS_H_MEETING] = {"meeting", NAME, FIELD(raw[LS_H_MEETING]), 0, INSIDE},
    [LS_H_GROUP] = {"group", NAME, FIELD(raw[LS_H_GROUP]), 0, INSIDE},
    [LS_H_TEXT] = {"text", NAME, FIELD(raw[LS_H_TEXT]), 0, INSIDE},
    [LS_H_ITEM] = {"item", NAME, FIELD(raw[LS_H_ITEM]), 0, INSIDE},
    [LS_H_MEMBERS] = {"members", NAMES, FIELD(members), 0, INSIDE},
    [LS_H_LANGUAGES] = {"languages", NAMES, FIELD(languages), 0, INSIDE},
    [LS_H_VENUE] = {"venue", LINE, FIELD(raw[LS_H_VENUE]), 0, INSIDE},
    [LS_H_FINDING] = {"finding", NAME, FIELD(raw[LS_H_FINDING]), 0, INSIDE},
    [LS_H_CHANGE] = {"change", NAME, FIELD(raw[LS_H_CHANGE]), 0, INSIDE},
    [LS_H_LIMITS] = {"limits", NAMES, FIELD(limits), 0, INSIDE},
    [LS_H_PLACE] = {"place", "must be a latitude, a space and a longitude", parse_place, FIELD(raw[LS_H_PLACE]), 0,
                    INSIDE},
    [LS_H_RADIUS] = {"radius", COUNT, FIELD(radius), 0, INSIDE},
    [LS_H_AMOUNT] = {"amount", LINE, FIELD(raw[LS_H_AMOUNT]), 0, INSIDE},
    [LS_H_METHOD] = {"method", NAME, FIELD(raw[LS_H_METHOD]), 0, INSIDE},
    [LS_H_FOR] = {"for", NAME, FIELD(raw[LS_H_FOR]), 0, INSIDE},
    [LS_H_SCORE] = {"score", "must be 0, 1, 2 or 3", parse_score, FIELD(score), 0, INSIDE},
    [LS_H_DUE] = {"due", DATE, FIELD(due), 0, INSIDE},
    [LS_H_DECLARATION] = {"declaration", NAME, FIELD(raw[LS_H_DECLARATION]), 0, INSIDE},
    [LS_H_SCHEMA] = {"schema", HASH, FIELD(schema), 0, INSIDE},
    [LS_H_TRANCHES] = {"tranches", COUNT, FIELD(tranches), 0, INSIDE},
    [LS_H_ROW_BYTES] = {"row-bytes", COUNT, FIELD(row_bytes), 0, INSIDE},
    [LS_H_ROOT] = {"root", HASH, FIELD(root), 0, INSIDE},
    [LS_H_TRANCHE] = {"tranche", COUNT, FIELD(tranche), 0, INSIDE},
    [LS_H_ROW] = {"row", NUMBER, FIELD(row), 0, INSIDE},
    [LS_H_POPULATION] = {"population", COUNT, FIELD(population), 0, INSIDE},
    [LS_H_ROWS] = {"rows", COUNT, FIELD(rows), 0, INSIDE},
    [LS_H_SPARE] = {"spare", NUMBER, FIELD(spare), 0, INSIDE},
    [LS_H_BLANK] = {"blank", NUMBER, FIELD(blank), 0, INSIDE},
    [LS_H_CAP] = {"cap", COUNT, FIELD(cap), 0, INSIDE},
    [LS_H_COMMITMENT] = {"commitment", HASH, FIELD(commitment), 0, INSIDE},
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

const char *ls_header_name(ls_header h)
{
    return ls_act_headers[h].name;
}
