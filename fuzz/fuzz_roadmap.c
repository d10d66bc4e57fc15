/* Roadmaps, as JSON or YAML, and their state: what was read without errors can be evaluated, whatever was said. */
#include "accord/why.h"
#include "yaml/yaml.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ls_zone_span spans[] = {{0, 30600}, {1525446000, 32400}};
static const char *const names[] = {"dprk", "usa", "rok", "iaea", "chn", "jpn"};
static ls_charter charter = {.zone = {"Asia/Pyongyang", spans, 2},
                             .closing = 86400,
                             .grace = 86400,
                             .rows_limit = 1000000,
                             .attachment_limit = 1 << 30,
                             .party_count = 6};

/* The prose: what stands behind the input's first NUL, or a text with the paragraphs that examples refer to. */
static ls_bytes split_text(ls_arena *arena, ls_bytes *document)
{
    const uint8_t *nul = document->len == 0 ? NULL : memchr(document->ptr, 0, document->len);
    if (nul != NULL) {
        ls_bytes text = ls_bytes_of(nul + 1, (size_t)(document->ptr + document->len - nul) - 1);
        document->len = (size_t)(nul - document->ptr);
        return text;
    }
    static char text[512];
    int len = 0;
    for (int i = 1; i <= 21; i++) {
        len += snprintf(text + len, sizeof text - (size_t)len, "[p%d] Words.\n\n", i);
    }
    const char *kept = ls_arena_str(arena, ls_bytes_str(text));
    return kept == NULL ? (ls_bytes){0} : ls_bytes_str(kept);
}

static ls_value *parse(ls_arena *arena, ls_bytes document)
{
    ls_value *v = NULL;
    ls_diagnostics d = {.arena = arena};
    if (ls_succeeded(ls_json_parse(arena, document, &v, NULL))) {
        return v;
    }
    v = NULL;
    return ls_succeeded(ls_yaml_parse(arena, document, &d, &v)) ? v : NULL;
}

#define FACTS_MAX 64

static ls_time time_of(const void *context, uint32_t index)
{
    return ((const ls_time *)context)[index];
}

/* How many things there are that a fact of this kind can be about. */
static size_t subjects(const ls_roadmap *r, ls_fact_kind kind)
{
    switch (kind) {
    case LS_FACT_ATTEST:
        return r->event_count;
    case LS_FACT_USE:
        return r->right_count;
    case LS_FACT_DISPUTE:
    case LS_FACT_REFER:
    case LS_FACT_SETTLE:
        return r->dispute_count;
    default:
        return r->measure_count;
    }
}

/* Of acts that may be about nothing in particular. */
static bool may_lack_subject(ls_fact_kind kind)
{
    return kind == LS_FACT_RATIFY || kind == LS_FACT_DENOUNCE || kind == LS_FACT_SUSPEND || kind == LS_FACT_RESUME ||
           kind == LS_FACT_WITHDRAW;
}

/* A track, stage or method that there is. */
static unsigned detail_of(const ls_roadmap *r, const ls_fact *f, uint8_t byte)
{
    size_t count = 0;
    if (f->kind == LS_FACT_SUSPEND) {
        count = r->track_count;
    } else if (f->kind == LS_FACT_PERFORM) {
        count = r->measures[f->subject].amount.method_count;
    } else if (f->kind == LS_FACT_REFER) {
        count = r->disputes[f->subject].stage_count;
    }
    return count == 0 || byte % 2 == 0 ? LS_NO_DETAIL : (unsigned)(byte / 2 % count);
}

#define FACT_BYTES 6

/* A fact that an accepted act could be; false if the roadmap has nothing for it. */
static bool make_fact(const ls_roadmap *r, const uint8_t *b, uint32_t index, ls_fact *out)
{
    ls_fact_kind kind = (ls_fact_kind)(b[0] % LS_FACT_KINDS);
    size_t count = subjects(r, kind);
    bool none = may_lack_subject(kind) && (kind != LS_FACT_SUSPEND || b[1] % 2 == 0);
    if (!none && count == 0) {
        return false;
    }
    ls_fact f = {.amount = b[4] == 255   ? LS_QUANTITY_NONE
                           : b[4] == 254 ? LS_QUANTITY_MAX
                                         : (ls_quantity)b[4] * b[4] * 50,
                 .index = index,
                 .ref = b[2] == 255 || index == 0 ? LS_NO_ENTRY : b[2] % index,
                 .day = b[3] % 2 == 0 ? LS_NO_DAY : 17000 + b[3] * 10,
                 .kind = (unsigned)kind & 31};
    f.by = b[5] % charter.party_count & 31;
    f.party = (b[5] < 240 ? f.by : b[2] % charter.party_count) & 31;
    f.subject = (none ? LS_NO_SUBJECT : (unsigned)(b[1] % count)) & 1023;
    if (kind == LS_FACT_DISPUTE) { /* about which measure */
        f.amount = b[4] % 2 == 0 ? LS_QUANTITY_NONE : (ls_quantity)(b[4] % r->measure_count);
    }
    f.detail = detail_of(r, &f, b[3]) & 127;
    *out = f;
    return true;
}

static ls_facts facts_of(ls_arena *arena, const ls_roadmap *r, ls_bytes bytes)
{
    ls_fact *fact = ls_arena_array(arena, FACTS_MAX, sizeof *fact);
    ls_time *time = ls_arena_array(arena, FACTS_MAX, sizeof *time);
    size_t made = 0;
    for (size_t i = 0; fact != NULL && time != NULL && i < FACTS_MAX && (i + 1) * FACT_BYTES <= bytes.len; i++) {
        const uint8_t *b = bytes.ptr + i * FACT_BYTES;
        if (make_fact(r, b, (uint32_t)made, &fact[made])) {
            time[made] = b[3] == 254 ? LS_TIME_NONE : 1525000000 + (ls_time)(i + b[3] % 8) * 1000000;
            made++;
        }
    }
    return (ls_facts){fact, made, time_of, time};
}

static void evaluate(ls_arena *arena, const ls_roadmap *r, ls_bytes bytes, ls_time at)
{
    ls_facts facts = facts_of(arena, r, bytes);
    const ls_state_query q = {
        .roadmap = r, .charter = &charter, .signed_at = 1525000000, .facts = &facts, .at = at, .known = at + 10000000};
    ls_accord_state s;
    ls_account account;
    ls_duty *duties;
    ls_ground *grounds;
    size_t count;
    if (ls_failed(ls_state_eval(&q, arena, &s)) || ls_failed(ls_account_read(&q, &s, arena, &account))) {
        return;
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        ls_why(&account, i);
        ls_account_entry(&account, i);
        (void)ls_grounds(&account, i, &grounds, &count);
        ls_state_moment(&q, &s, &r->measures[i].due, true);
    }
    (void)ls_duties(&account, &duties, &count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_roadmap roadmap = {0};
    ls_bytes document = ls_bytes_of(data, size), text = split_text(&arena, &document);
    for (size_t i = 0; i < charter.party_count; i++) {
        charter.party[i].name = ls_bytes_str(names[i]);
    }
    const ls_value *v = parse(&arena, document);
    if (v != NULL) {
        ls_roadmap_read(&arena, v, &charter, text, &d, &roadmap);
        ls_diagnostics_sort(&d);
        if (d.errors == 0) {
            evaluate(&arena, &roadmap, ls_bytes_of(data, size), 1560000000);
            evaluate(&arena, &roadmap, ls_bytes_of(data, size), LS_TIME_MAX - 10000000);
        }
    }
    ls_arena_free(&arena);
    return 0;
}
