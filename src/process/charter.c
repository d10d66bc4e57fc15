/*
 * The charter's keys. All are required but those in brackets.
 *
 *   charter: 1                    this form
 *   name: pyongyang               a name, as everywhere in acts
 *   title: The process of 2018
 *   exercise: true                nothing signed in an exercise passes as real
 *   semantics: 1                  the rules of replay
 *   suite: 1                      the cryptography
 *   ledger:
 *     origin: exercise.rok.example/pyongyang    begins "exercise." in exercises, and only there
 *     key: <vkey named like the origin>
 *   policy: |                     a tlog-policy (policy.c)
 *     quorum none
 *   time:
 *     zone: Asia/Seoul            for display; what counts is the table
 *     offsets: [{from: 1970-01-01T00:00:00Z, offset: "+09:00"}]
 *     closing: "24:00"            the hour at which a day's deadline falls
 *   stamp-interval: 1 day
 *   grace: 24 hours
 *   expires-limit: 30 days
 *   limits: {rows: 2000000, attachment-bytes: 1073741824}
 *   parties:                      (charter_party.c)
 *     - name: usa
 *       title: United States of America
 *       role: party               or mediator, inspectorate, observer
 *       domain: usa.example
 *       signers: [{name: usa-1, title: Secretary of State, key: <vkey named usa.example/usa-1>}]
 *       threshold: 1
 *       [thresholds: {open: 2}]
 *       [recovery: <vkey named usa.example/…>]
 *       sealing: <base64 of an X25519 key>
 */
#include "process/charter_parts.h"

#define OFFSETS_MAX 256
#define OFFSET_LIMIT (18 * 3600)
#define INTERVAL_LIMIT ((int64_t)366 * 86400)
#define LIMIT_MAX ((int64_t)1 << 50)

void ls_charter_add_key(ls_charter_reader *r, const uint8_t key[static 32], ls_mark mark)
{
    char hex[2 * 32 + 1];
    ls_hex_encode(ls_bytes_of(key, 32), hex);
    const char *kept = ls_arena_str(r->arena, ls_bytes_str(hex));
    if (kept == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    ls_ids_add(&r->keys, ls_bytes_str(kept), mark, r->d);
}

bool ls_charter_read_vkey(ls_charter_reader *r, const ls_value *map, const char *key, ls_vkey *out)
{
    ls_bytes text;
    ls_vkey vkey;
    if (!ls_field_line(map, key, r->d, &text)) {
        return false;
    }
    ls_mark mark = ls_field_mark(map, key);
    if (ls_failed(ls_vkey_parse(text, &vkey))) {
        ls_diagnose(r->d, mark, "it looks like name+8 hex digits+base64; was all of it copied?",
                    "%s is not a valid verifier key", key);
        return false;
    }
    if (vkey.type != LS_KEY_ED25519) {
        ls_diagnose(r->d, mark, NULL, "%s must be an Ed25519 key (type 01), not a cosigner's", key);
        return false;
    }
    ls_charter_add_key(r, vkey.key, mark);
    *out = vkey;
    return true;
}

/* A version: this program knows one of each. */
static void read_version(ls_charter_reader *r, const ls_value *v, const char *key)
{
    const ls_value *version = ls_value_get(v, key);
    if (version != NULL && (version->type != LS_INTEGER || version->integer != 1)) {
        ls_diagnose(r->d, version->mark, "write 1; a newer program may know others", "this program knows only %s: 1",
                    key);
    }
}

static bool origin_valid(ls_bytes origin)
{
    for (size_t i = 0; i < origin.len; i++) {
        if (origin.ptr[i] <= 0x20 || origin.ptr[i] > 0x7e) {
            return false;
        }
    }
    return ls_key_name_valid(origin);
}

static void check_origin(ls_charter_reader *r, ls_mark mark)
{
    const ls_charter *c = r->charter;
    if (!origin_valid(c->origin)) {
        ls_diagnose(r->d, mark, "write it like: rok.example/pyongyang", "origin must be ASCII without spaces and '+'");
    }
    if (c->exercise && !ls_bytes_starts(c->origin, "exercise.")) {
        ls_diagnose(r->d, mark, "put exercise. before it", "the origin of an exercise begins with exercise.");
    }
    if (!c->exercise && ls_bytes_starts(c->origin, "exercise.")) {
        ls_diagnose(r->d, mark, "if this is one, write exercise: true",
                    "only the origin of an exercise begins with exercise.");
    }
}

static void read_ledger(ls_charter_reader *r, const ls_value *v)
{
    const ls_value *ledger = ls_value_get(v, "ledger");
    if (ledger == NULL) {
        return;
    }
    ls_value_check_map(ledger, "ledger", LS_KEYS({"origin", true}, {"key", true}), r->d);
    bool has_origin = ls_field_line(ledger, "origin", r->d, &r->charter->origin);
    if (has_origin) {
        check_origin(r, ls_field_mark(ledger, "origin"));
    }
    if (ls_charter_read_vkey(r, ledger, "key", &r->charter->ledger) && has_origin &&
        !ls_bytes_is(r->charter->origin, r->charter->ledger.name)) {
        ls_diagnose(r->d, ls_field_mark(ledger, "key"), NULL, "the ledger's key must be named like the origin, not %s",
                    r->charter->ledger.name);
    }
}

static bool two_digits(ls_bytes text, size_t at, int *out)
{
    uint8_t a = text.ptr[at], b = text.ptr[at + 1];
    *out = (a - '0') * 10 + (b - '0');
    return a >= '0' && a <= '9' && b >= '0' && b <= '9';
}

/* "hh:mm" in seconds; minutes below 60. */
static bool parse_clock(ls_bytes text, int32_t *out)
{
    int hours, minutes;
    if (text.len != 5 || text.ptr[2] != ':' || !two_digits(text, 0, &hours) || !two_digits(text, 3, &minutes) ||
        minutes > 59) {
        return false;
    }
    *out = hours * 3600 + minutes * 60;
    return true;
}

static void read_closing(ls_charter_reader *r, const ls_value *time)
{
    ls_bytes text;
    if (!ls_field_line(time, "closing", r->d, &text)) {
        return;
    }
    if (!parse_clock(text, &r->charter->closing) || r->charter->closing < 60 || r->charter->closing > 86400) {
        ls_diagnose(r->d, ls_field_mark(time, "closing"), "\"24:00\" is the end of the day",
                    "closing must be an hour from \"00:01\" to \"24:00\"");
    }
}

static void read_offset(ls_charter_reader *r, const ls_value *v, const ls_zone_span *before, ls_zone_span *span)
{
    ls_bytes from, offset;
    if (!ls_value_check_map(v, "offset", LS_KEYS({"from", true}, {"offset", true}), r->d) ||
        !ls_field_line(v, "from", r->d, &from) || !ls_field_line(v, "offset", r->d, &offset)) {
        return;
    }
    if (!ls_time_parse(from, &span->from)) {
        ls_diagnose(r->d, ls_field_mark(v, "from"), "write it like: 1970-01-01T00:00:00Z",
                    "from must be a real time in UTC");
    } else if (before != NULL && span->from <= before->from) {
        ls_diagnose(r->d, ls_field_mark(v, "from"), NULL, "offsets must stand in order of time");
    }
    bool sign = offset.ptr[0] == '+' || offset.ptr[0] == '-';
    if (!sign || !parse_clock(ls_bytes_of(offset.ptr + 1, offset.len - 1), &span->offset) ||
        span->offset > OFFSET_LIMIT) {
        ls_diagnose(r->d, ls_field_mark(v, "offset"), "write it like: \"+09:00\"",
                    "offset must be a difference from UTC of at most 18 hours");
    }
    span->offset = offset.ptr[0] == '-' ? -span->offset : span->offset;
}

static void read_time(ls_charter_reader *r, const ls_value *v)
{
    const ls_value *time = ls_value_get(v, "time");
    if (time == NULL) {
        return;
    }
    ls_bytes zone;
    ls_value_check_map(time, "time", LS_KEYS({"zone", true}, {"offsets", true}, {"closing", true}), r->d);
    if (ls_field_line(time, "zone", r->d, &zone)) {
        r->charter->zone.name = (const char *)zone.ptr;
    }
    read_closing(r, time);
    const ls_value *offsets = ls_field_list(time, "offsets", 1, OFFSETS_MAX, r->d);
    if (offsets == NULL) {
        return;
    }
    ls_zone_span *spans = ls_arena_array(r->arena, offsets->count, sizeof *spans);
    if (spans == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    for (size_t i = 0; i < offsets->count; i++) {
        read_offset(r, offsets->items[i], i == 0 ? NULL : &spans[i - 1], &spans[i]);
    }
    r->charter->zone.spans = spans;
    r->charter->zone.count = offsets->count;
}

static void read_interval(ls_charter_reader *r, const ls_value *v, const char *key, int64_t *out)
{
    if (ls_field_seconds(v, key, r->d, out) && *out > INTERVAL_LIMIT) {
        ls_diagnose(r->d, ls_field_mark(v, key), NULL, "%s must be at most 366 days", key);
    }
}

static void read_limits(ls_charter_reader *r, const ls_value *v)
{
    const ls_value *limits = ls_value_get(v, "limits");
    if (limits == NULL) {
        return;
    }
    int64_t rows, bytes;
    ls_value_check_map(limits, "limits", LS_KEYS({"rows", true}, {"attachment-bytes", true}), r->d);
    if (ls_field_integer(limits, "rows", 1, LIMIT_MAX, r->d, &rows)) {
        r->charter->rows_limit = (uint64_t)rows;
    }
    if (ls_field_integer(limits, "attachment-bytes", 1, LIMIT_MAX, r->d, &bytes)) {
        r->charter->attachment_limit = (uint64_t)bytes;
    }
}

static void read_charter(ls_charter_reader *r, const ls_value *v)
{
    ls_charter *c = r->charter;
    c->host = LS_NO_PARTY;
    ls_value_check_map(v, "charter",
                       LS_KEYS({"charter", true}, {"name", true}, {"title", true}, {"exercise", true},
                               {"semantics", true}, {"suite", true}, {"ledger", true}, {"policy", true}, {"time", true},
                               {"stamp-interval", true}, {"grace", true}, {"expires-limit", true}, {"limits", true},
                               {"parties", true}),
                       r->d);
    read_version(r, v, "charter");
    read_version(r, v, "semantics");
    read_version(r, v, "suite");
    ls_field_name(v, "name", r->d, &c->name);
    ls_field_line(v, "title", r->d, &c->title);
    ls_field_boolean(v, "exercise", r->d, &c->exercise);
    read_ledger(r, v);
    ls_charter_read_policy(r, v);
    read_time(r, v);
    read_interval(r, v, "stamp-interval", &c->stamp_interval);
    read_interval(r, v, "grace", &c->grace);
    read_interval(r, v, "expires-limit", &c->expires_limit);
    read_limits(r, v);
    ls_charter_read_parties(r, v);
}

void ls_charter_read(ls_arena *arena, const ls_value *v, ls_diagnostics *d, ls_charter *out)
{
    size_t before = d->errors;
    ls_charter_reader r = {.arena = arena, .d = d, .charter = ls_arena_alloc(arena, sizeof *r.charter)};
    if (r.charter == NULL) {
        ls_field_no_memory(d);
        return;
    }
    if (!ls_ids_init(&r.keys, "public key", LS_CHARTER_KEYS_MAX, arena, d)) {
        return;
    }
    read_charter(&r, v);
    if (d->errors == before) {
        *out = *r.charter;
    }
}

const ls_party *ls_charter_party(const ls_charter *c, ls_bytes name)
{
    for (size_t i = 0; i < c->party_count; i++) {
        if (ls_bytes_equal(c->party[i].name, name)) {
            return &c->party[i];
        }
    }
    return NULL;
}

const ls_signer *ls_party_signer(const ls_party *p, ls_bytes name)
{
    for (size_t i = 0; p != NULL && i < p->signer_count; i++) {
        if (ls_bytes_equal(p->signer[i].name, name)) {
            return &p->signer[i];
        }
    }
    return NULL;
}

unsigned ls_party_threshold(const ls_party *p, ls_bytes kind)
{
    for (size_t i = 0; i < p->threshold_count; i++) {
        if (ls_bytes_equal(p->special[i].kind, kind)) {
            return p->special[i].count;
        }
    }
    return p->threshold;
}
