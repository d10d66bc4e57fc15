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
 *     [host: rok]                 the party that runs it
 *   policy: |                     a tlog-policy (policy.c); its witnesses are among the cosigners
 *     quorum none
 *   time:
 *     zone: Asia/Seoul            for display; what counts is the table
 *     offsets: [{from: 1970-01-01T00:00:00Z, offset: "+09:00"}]
 *     closing: "24:00"            the hour at which a day's deadline falls
 *     [counting: from the next day]   or from the same day, which is then the first of "10 days after" it
 *   stamp-interval: 1 day
 *   grace: 24 hours
 *   expires-limit: 30 days
 *   limits: {rows: 2000000, attachment-bytes: 1073741824, [open-until: 90 days]}
 *   [access: process]             or public: reading over the network takes no access note
 *   [audiences: {inspectors: [usa, iaea]}]
 *   [cosigners:]                  (charter_cosign.c)
 *     - name: usa
 *       [party: usa]              an outsider has none
 *       [title: Washington]
 *       key: <vkey of type 04>
 *       receipts: <vkey of type 01>
 *   [proofs: [{key: <vkey>, proof: <base64>}]]    in an amended charter, of each new key
 *   parties:                      (charter_party.c)
 *     - name: usa
 *       title: United States of America
 *       role: party               or mediator, inspectorate, observer
 *       domain: usa.example
 *       signers: [{name: usa-1, title: Secretary of State, key: <vkey named usa.example/usa-1>, [until: <time>]}]
 *       threshold: 1
 *       [thresholds: {open: 2}]
 *       [recovery: <vkey named usa.example/…>]
 *       [access: [<vkey named usa.example/…>]]    of delegates, who may read
 *       sealing: <base64 of an X25519 key>
 */
#include "process/charter_parts.h"
#include <stdio.h>

#define OFFSETS_MAX 256
#define OFFSET_LIMIT (18 * 3600)
#define INTERVAL_LIMIT ((int64_t)366 * 86400)
#define LIMIT_MAX ((int64_t)1 << 50)

/* A copy of formatted text in the arena, or an empty view. */
static ls_bytes kept(ls_charter_reader *r, const char *text)
{
    const char *copy = ls_arena_str(r->arena, ls_bytes_str(text));
    if (copy == NULL) {
        ls_field_no_memory(r->d);
        return (ls_bytes){0};
    }
    return ls_bytes_str(copy);
}

void ls_charter_add_key(ls_charter_reader *r, const ls_vkey *key, ls_mark mark)
{
    char hex[2 * 32 + 1], name[LS_KEY_NAME_MAX + 8];
    ls_hex_encode(ls_bytes_of(key->key, sizeof key->key), hex);
    snprintf(name, sizeof name, "%s (%02x)", key->name, key->type);
    ls_ids_add(&r->keys, kept(r, hex), mark, r->d);
    ls_ids_add(&r->key_names, kept(r, name), mark, r->d);
}

bool ls_charter_read_key(ls_charter_reader *r, const ls_value *v, const char *what, uint8_t type, ls_vkey *out)
{
    ls_bytes text;
    ls_vkey vkey;
    if (!ls_field_read_line(v, what, r->d, &text)) {
        return false;
    }
    if (ls_failed(ls_vkey_parse(text, &vkey))) {
        ls_diagnose(r->d, v->mark, "it looks like name+8 hex digits+base64; was all of it copied?",
                    "%s is not a valid verifier key", what);
        return false;
    }
    if (vkey.type != type) {
        ls_diagnose(r->d, v->mark, NULL,
                    type == LS_KEY_ED25519 ? "%s must be an Ed25519 key (type 01), not a cosigner's"
                                           : "%s must be a cosigner's key (type 04)",
                    what);
        return false;
    }
    ls_charter_add_key(r, &vkey, v->mark);
    *out = vkey;
    return true;
}

bool ls_charter_read_vkey(ls_charter_reader *r, const ls_value *map, const char *key, uint8_t type, ls_vkey *out)
{
    const ls_value *v = ls_value_get(map, key);
    return v != NULL && ls_charter_read_key(r, v, key, type, out);
}

bool ls_charter_key_named(const ls_vkey *key, ls_bytes domain, ls_bytes name)
{
    ls_reader r = ls_reader_of(ls_bytes_str(key->name));
    ls_bytes first;
    if (!ls_read_until(&r, '/', &first) || !ls_bytes_equal(first, domain)) {
        return false;
    }
    ls_bytes last = ls_read_bytes(&r, ls_reader_left(&r));
    return name.len == 0 ? ls_name_valid(last) : ls_bytes_equal(last, name);
}

void ls_charter_read_until(ls_charter_reader *r, const ls_value *map, ls_time *out)
{
    ls_bytes text;
    *out = LS_TIME_OPEN;
    if (ls_field_line(map, "until", r->d, &text) && !ls_time_parse(text, out)) {
        ls_diagnose(r->d, ls_field_mark(map, "until"), "write it like: 2019-12-31T00:00:00Z",
                    "until must be a real time in UTC");
    }
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
    ls_value_check_map(ledger, "ledger", LS_KEYS({"origin", true}, {"key", true}, {"host", false}), r->d);
    bool has_origin = ls_field_line(ledger, "origin", r->d, &r->charter->origin);
    if (has_origin) {
        check_origin(r, ls_field_mark(ledger, "origin"));
    }
    if (ls_charter_read_vkey(r, ledger, "key", LS_KEY_ED25519, &r->charter->ledger) && has_origin &&
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

static void read_counting(ls_charter_reader *r, const ls_value *time)
{
    ls_bytes text;
    if (!ls_field_line(time, "counting", r->d, &text)) {
        return;
    }
    r->charter->counts_first_day = ls_bytes_is(text, "from the same day");
    if (!r->charter->counts_first_day && !ls_bytes_is(text, "from the next day")) {
        ls_diagnose(r->d, ls_field_mark(time, "counting"), "left out, it is: from the next day",
                    "counting must be: from the next day, or: from the same day");
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
    ls_value_check_map(time, "time", LS_KEYS({"zone", true}, {"offsets", true}, {"closing", true}, {"counting", false}),
                       r->d);
    if (ls_field_line(time, "zone", r->d, &zone)) {
        r->charter->zone.name = (const char *)zone.ptr;
    }
    read_closing(r, time);
    read_counting(r, time);
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
    ls_value_check_map(limits, "limits", LS_KEYS({"rows", true}, {"attachment-bytes", true}, {"open-until", false}),
                       r->d);
    if (ls_field_integer(limits, "rows", 1, LIMIT_MAX, r->d, &rows)) {
        r->charter->rows_limit = (uint64_t)rows;
    }
    if (ls_field_integer(limits, "attachment-bytes", 1, LIMIT_MAX, r->d, &bytes)) {
        r->charter->attachment_limit = (uint64_t)bytes;
    }
    read_interval(r, limits, "open-until", &r->charter->open_until_limit);
}

static void read_charter(ls_charter_reader *r, const ls_value *v)
{
    ls_charter *c = r->charter;
    c->host = LS_NO_PARTY;
    ls_value_check_map(v, "charter",
                       LS_KEYS({"charter", true}, {"name", true}, {"title", true}, {"exercise", true},
                               {"semantics", true}, {"suite", true}, {"ledger", true}, {"policy", true}, {"time", true},
                               {"stamp-interval", true}, {"grace", true}, {"expires-limit", true}, {"limits", true},
                               {"parties", true}, {"access", false}, {"audiences", false}, {"cosigners", false},
                               {"proofs", false}),
                       r->d);
    read_version(r, v, "charter");
    read_version(r, v, "semantics");
    read_version(r, v, "suite");
    ls_field_name(v, "name", r->d, &c->name);
    ls_field_line(v, "title", r->d, &c->title);
    ls_field_boolean(v, "exercise", r->d, &c->exercise);
    read_ledger(r, v);
    read_time(r, v);
    read_interval(r, v, "stamp-interval", &c->stamp_interval);
    read_interval(r, v, "grace", &c->grace);
    read_interval(r, v, "expires-limit", &c->expires_limit);
    read_limits(r, v);
    ls_charter_read_parties(r, v);
    ls_charter_read_host(r, ls_value_get(v, "ledger"));
    ls_charter_read_cosigners(r, v);
    ls_charter_read_policy(r, v);
    ls_charter_read_audiences(r, v);
    ls_charter_read_access(r, v);
    ls_charter_read_proofs(r, v);
}

static bool init_ids(ls_charter_reader *r)
{
    /* A policy with quorum none may name witnesses that are no cosigners. */
    size_t keys = LS_CHARTER_KEYS_MAX + LS_POLICY_WITNESSES_MAX;
    return ls_ids_init(&r->keys, "public key", keys, r->arena, r->d) &&
           ls_ids_init(&r->key_names, "key name", keys, r->arena, r->d) &&
           ls_ids_init(&r->parties, "party", LS_PARTIES_MAX, r->arena, r->d) &&
           ls_ids_init(&r->domains, "domain", LS_PARTIES_MAX, r->arena, r->d) &&
           ls_ids_init(&r->signers, "signer", LS_PARTIES_MAX * LS_SIGNERS_MAX, r->arena, r->d) &&
           ls_ids_init(&r->sealing, "sealing key", LS_PARTIES_MAX, r->arena, r->d) &&
           ls_ids_init(&r->cosigners, "cosigner", LS_COSIGNERS_MAX, r->arena, r->d);
}

void ls_charter_read(ls_arena *arena, const ls_value *v, ls_diagnostics *d, ls_charter *out)
{
    size_t before = d->errors;
    ls_charter_reader r = {.arena = arena, .d = d, .charter = ls_arena_alloc(arena, sizeof *r.charter)};
    if (r.charter == NULL) {
        ls_field_no_memory(d);
        return;
    }
    if (!init_ids(&r)) {
        return;
    }
    read_charter(&r, v);
    if (d->errors == before) {
        *out = *r.charter;
    }
}
