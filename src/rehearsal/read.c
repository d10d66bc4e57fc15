/*
 * A rehearsal's script: its frame, how parties behave, what is told of each run.
 *
 *   rehearsal: 1
 *   signed: "2015-07-14"
 *   until: "2017-12-31"
 *   rules:  [{party: iran, measure: m-15-11, performs: 20 days late}, …]
 *   acts:   rehearsal_act.c
 *   sweep:  rehearsal_sweep.c
 *   report: [implementation-day, m-16, overdue]
 */
#include "rehearsal/parts.h"

#define NOON 43200
#define LATE " late"
#define AFTER "after "
#define PERFORMS_HINT "write: on time, at once, on the last day, 20 days late, after 5 days, or never"
#define CONFIRMS_HINT "write: at once, after 3 days, never, or objects"

ls_time ls_acting_hour(const ls_charter *c, ls_date day)
{
    return ls_zone_instant(&c->zone, day, c->closing < NOON ? c->closing : NOON);
}

ls_date ls_date_later(ls_date from, ls_duration d, unsigned times)
{
    int64_t count = (int64_t)d.count * times;
    switch (d.unit) {
    case LS_UNIT_YEARS:
        return ls_date_add_months(from, (int)(12 * count));
    case LS_UNIT_MONTHS:
        return ls_date_add_months(from, (int)count);
    default:
        return ls_date_from_days(ls_date_to_days(from) + count * (d.unit == LS_UNIT_WEEKS ? 7 : 1));
    }
}

/* Manners. */

static bool parse_duration(ls_bytes text, ls_duration *out)
{
    return ls_duration_parse(text, out) && ls_roadmap_duration_fits(*out);
}

bool ls_manner_parse(ls_bytes text, ls_manner *out)
{
    static const struct {
        const char *word;
        ls_manner_kind kind;
    } words[] = {{"on time", LS_MANNER_ON_TIME},
                 {"at once", LS_MANNER_AT_ONCE},
                 {"on the last day", LS_MANNER_LAST_DAY},
                 {"never", LS_MANNER_NEVER},
                 {"objects", LS_MANNER_OBJECTS}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        if (ls_bytes_is(text, words[i].word)) {
            *out = (ls_manner){words[i].kind, {0}};
            return true;
        }
    }
    ls_manner manner = {LS_MANNER_AFTER, {0}};
    size_t after = strlen(AFTER), late = strlen(LATE);
    bool read = ls_bytes_starts(text, AFTER) &&
                parse_duration(ls_bytes_of(text.ptr + after, text.len - after), &manner.duration);
    if (!read && text.len > late && memcmp(text.ptr + text.len - late, LATE, late) == 0) {
        manner.kind = LS_MANNER_LATE;
        read = parse_duration(ls_bytes_of(text.ptr, text.len - late), &manner.duration);
    }
    if (read) {
        *out = manner;
    }
    return read;
}

/* Which of them make sense under a key. */
static bool read_manner(ls_script_reader *r, const ls_value *v, const char *key, unsigned allowed, const char *hint,
                        ls_manner *out)
{
    ls_bytes text;
    ls_manner manner;
    if (!ls_field_line(v, key, r->known.d, &text)) {
        return false;
    }
    if (!ls_manner_parse(text, &manner) || (allowed >> manner.kind & 1) == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, key), hint, "'%.*s' does not say when a party %s", ls_shown(text),
                    text.ptr, key);
        return false;
    }
    *out = manner;
    return true;
}

/* Rules. */

#define BIT(manner) (1u << LS_MANNER_##manner)
#define PERFORMS (BIT(ON_TIME) | BIT(AT_ONCE) | BIT(LAST_DAY) | BIT(LATE) | BIT(AFTER) | BIT(NEVER))
#define CONFIRMS (BIT(AT_ONCE) | BIT(AFTER) | BIT(NEVER) | BIT(OBJECTS))

static bool has(const ls_value *v, const char *key)
{
    return ls_value_get(v, key) != NULL;
}

/* Rules that say something about the same must not contradict each other. */
static void check_twice(ls_script_reader *r, const ls_value *v, const ls_behaviour *b)
{
    const ls_rehearsal *out = r->out;
    for (size_t i = 0; i < out->behaviour_count; i++) {
        const ls_behaviour *other = &out->behaviours[i];
        const char *key = b->has_performs && other->has_performs                       ? "performs"
                          : b->has_confirms && other->has_confirms                     ? "confirms"
                          : b->silent_after.count > 0 && other->silent_after.count > 0 ? "silent-after"
                                                                                       : NULL;
        if (other->party == b->party && other->measure == b->measure && key != NULL) {
            ls_diagnose(r->known.d, ls_field_mark(v, key), "keep one of the two",
                        "an earlier rule says already when this party %s", key);
        }
    }
}

/* The party has to have something to do with the measure. */
static void check_part(ls_script_reader *r, const ls_value *v, const ls_behaviour *b)
{
    const ls_measure *m = &r->known.roadmap->measures[b->measure];
    ls_bytes id = m->id, name = r->known.charter->party[b->party].name;
    ls_parties bit = LS_PARTY_BIT(b->party);
    if (has(v, "performs") && ((m->by | m->may_join) & bit) == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "performs"), NULL, "%.*s does not perform %.*s", (int)name.len,
                    name.ptr, (int)id.len, id.ptr);
    }
    if (has(v, "performs") && m->continuing) {
        ls_diagnose(r->known.d, ls_field_mark(v, "performs"), "a breach of it is an act: object",
                    "%.*s is kept without an act", (int)id.len, id.ptr);
    }
    if (has(v, "confirms") && ((m->verifiers | m->witnesses) & bit) == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "confirms"), NULL, "%.*s does not verify %.*s", (int)name.len,
                    name.ptr, (int)id.len, id.ptr);
    }
}

static void read_measure(ls_script_reader *r, const ls_value *v, int *measure)
{
    ls_bytes id;
    if (ls_field_name(v, "measure", r->known.d, &id)) {
        *measure = ls_ids_require(&r->known.measures, id, ls_field_mark(v, "measure"), r->known.d);
    }
}

static void check_keys(ls_script_reader *r, const ls_value *v)
{
    ls_diagnostics *d = r->known.d;
    if (!has(v, "performs") && !has(v, "confirms") && !has(v, "silent-after") && !has(v, "attests")) {
        ls_diagnose(d, v->mark, "add one of: performs, confirms, silent-after, attests",
                    "the rule does not say what the party does");
    }
    if (has(v, "measure") && (has(v, "silent-after") || has(v, "attests"))) {
        ls_diagnose(d, ls_field_mark(v, "measure"), "leave it out, or write another rule", "%s is not about a measure",
                    has(v, "attests") ? "attests" : "silent-after");
    }
    if (has(v, "attests") != has(v, "on")) {
        ls_diagnose(d, v->mark, "write it like: {party: iaea, attests: EVENT, on: \"2022-10-18\"}",
                    "attests and on belong together");
    }
}

static void read_rule(ls_script_reader *r, const ls_value *v)
{
    ls_behaviour b = {.measure = -1};
    const ls_value *party = ls_value_get(v, "party");
    size_t errors = r->known.d->errors;
    if (!ls_value_check_map(v, "rule",
                            LS_KEYS({"party", true}, {"measure", false}, {"performs", false}, {"confirms", false},
                                    {"silent-after", false}, {"attests", false}, {"on", false}),
                            r->known.d)) {
        return;
    }
    check_keys(r, v);
    if (!ls_roadmap_read_party(&r->known, party, LS_OF_CHARTER, &b.party)) {
        return;
    }
    read_measure(r, v, &b.measure);
    b.has_performs = read_manner(r, v, "performs", PERFORMS, PERFORMS_HINT, &b.performs);
    b.has_confirms = read_manner(r, v, "confirms", CONFIRMS, CONFIRMS_HINT, &b.confirms);
    ls_roadmap_read_moment(&r->known, v, "silent-after", &b.silent_after);
    if (r->known.d->errors != errors) {
        return;
    }
    if (b.measure >= 0) {
        check_part(r, v, &b);
    }
    check_twice(r, v, &b);
    if (has(v, "attests")) {
        ls_script_read_attestation(r, v, b.party);
    }
    r->out->behaviours[r->out->behaviour_count++] = b;
}

static void read_rules(ls_script_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "rules", 0, LS_REHEARSAL_RULES_MAX, r->known.d);
    size_t count = list == NULL ? 0 : list->count;
    r->out->behaviours = ls_arena_array(r->known.arena, count + 1, sizeof *r->out->behaviours);
    if (r->out->behaviours == NULL) {
        ls_field_no_memory(r->known.d);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        read_rule(r, list->items[i]);
    }
}

/* The report. */

static void read_column(ls_script_reader *r, const ls_value *v)
{
    ls_column *c = &r->out->columns[r->out->column_count];
    if (!ls_field_read_line(v, "report", r->known.d, &c->name)) {
        return;
    }
    int measure = ls_ids_find(&r->known.measures, c->name);
    if (ls_bytes_is(c->name, "overdue")) {
        c->kind = LS_COLUMN_OVERDUE;
    } else if (measure >= 0 && ls_ids_find(&r->known.events, c->name) < 0) {
        c->kind = LS_COLUMN_STATE;
        c->measure = (size_t)measure;
    } else if (!ls_roadmap_moment_of(&r->known, v, "report", &c->moment)) {
        return;
    }
    r->out->column_count++;
}

/* Left out: when each event happened, and how many measures are overdue. */
static void default_columns(ls_script_reader *r)
{
    const ls_roadmap *m = r->known.roadmap;
    for (size_t i = 0; i < m->event_count && i + 1 < LS_REHEARSAL_COLUMNS_MAX; i++) {
        ls_value name = {.type = LS_STRING, .string = m->events[i].id};
        read_column(r, &name);
    }
    r->out->columns[r->out->column_count++] = (ls_column){.name = ls_bytes_str("overdue"), .kind = LS_COLUMN_OVERDUE};
}

static void read_report(ls_script_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "report", 1, LS_REHEARSAL_COLUMNS_MAX, r->known.d);
    r->out->columns = ls_arena_array(r->known.arena, LS_REHEARSAL_COLUMNS_MAX, sizeof *r->out->columns);
    if (r->out->columns == NULL) {
        ls_field_no_memory(r->known.d);
        return;
    }
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        read_column(r, list->items[i]);
    }
    if (!has(v, "report")) {
        default_columns(r);
    }
}

/* The frame. */

static bool read_date(ls_script_reader *r, const ls_value *v, const char *key, ls_date *out)
{
    ls_bytes text;
    if (!ls_field_line(v, key, r->known.d, &text)) {
        return false;
    }
    if (!ls_date_parse(text, out)) {
        ls_diagnose(r->known.d, ls_field_mark(v, key), "write it like: \"2018-12-31\"", "%s must be a date", key);
        return false;
    }
    return true;
}

static void read_times(ls_script_reader *r, const ls_value *v)
{
    ls_rehearsal *out = r->out;
    const ls_charter *c = r->known.charter;
    ls_date day;
    if (read_date(r, v, "signed", &day)) {
        out->signed_at = out->start = ls_acting_hour(c, day);
        out->of.facts = NULL;
    } else if (out->of.facts != NULL) {
        out->signed_at = out->of.signed_at;
        out->start = out->of.today;
    } else {
        out->signed_at = out->start = ls_acting_hour(c, ls_zone_date(&c->zone, out->of.today));
    }
    out->until = LS_TIME_OPEN;
    if (read_date(r, v, "until", &day)) {
        out->until = ls_zone_instant(&c->zone, day, 86400) - 1;
    }
    if (out->until < out->start) {
        ls_diagnose(r->known.d, ls_field_mark(v, "until"), NULL, "until lies before the rehearsal begins");
    }
}

static void read_head(ls_script_reader *r, const ls_value *v)
{
    const ls_value *version = ls_value_get(v, "rehearsal");
    ls_value_check_map(v, "rehearsal",
                       LS_KEYS({"rehearsal", true}, {"title", false}, {"signed", false}, {"until", false},
                               {"rules", false}, {"acts", false}, {"sweep", false}, {"report", false}),
                       r->known.d);
    if (version != NULL && (version->type != LS_INTEGER || version->integer != 1)) {
        ls_diagnose(r->known.d, version->mark, "write 1; a newer program may know others",
                    "this program knows only rehearsal: 1");
    }
    ls_field_line(v, "title", r->known.d, &r->out->title);
    read_times(r, v);
}

void ls_script_read(ls_script_reader *r, const ls_value *v)
{
    read_head(r, v);
    if (v->type != LS_MAP) {
        return;
    }
    ls_script_read_acts(r, v);
    read_rules(r, v);
    ls_script_settle_acts(r, v);
    read_report(r, v);
}

void ls_rehearsal_read(ls_arena *arena, const ls_value *v, const ls_rehearsed_accord *of, ls_diagnostics *d,
                       ls_rehearsal *out)
{
    size_t before = d->errors;
    ls_rehearsal rehearsal = {.source = v, .of = *of, .run_count = 1};
    ls_script_reader r = {.out = &rehearsal};
    if (!ls_roadmap_reader_about(arena, of->roadmap, of->charter, d, &r.known)) {
        return;
    }
    ls_script_read(&r, v);
    if (d->errors == before) {
        ls_script_read_sweeps(&r, v);
    }
    if (d->errors == before) {
        *out = rehearsal;
    }
}
