/*
 * The dated acts of a script, with the headers of the real acts.
 *
 *   acts:
 *     - {on: "2016-06-01", by: usa, act: dispute, dispute: resolution, measure: m-15-1, id: arak}
 *     - {on: "2016-06-20", by: iran, act: settle, ref: arak}
 *
 * One table says for each kind of act which keys it has, what it is about and who may. What acceptance would refuse for
 * what it says is an error here; what it would refuse for how things stand then, is refused when it is played.
 */
#include "rehearsal/script.h"

#define BIT(k) (1u << (k))
#define FACT(kind) (1u << LS_FACT_##kind)

static const ls_act_row rows[] = {
    {"perform", LS_FACT_PERFORM, BIT(KEY_MEASURE), BIT(KEY_AMOUNT) | BIT(KEY_METHOD) | BIT(KEY_FOR) | BIT(KEY_DATE),
     KEY_MEASURE, LS_WHO_PERFORMS, 0},
    {"declare", LS_FACT_PERFORM, BIT(KEY_DECLARATION), 0, KEY_DECLARATION, LS_WHO_DECLARES, 0},
    {"open", LS_FACT_PERFORM, BIT(KEY_DECLARATION) | BIT(KEY_TRANCHE), 0, KEY_DECLARATION, LS_WHO_DECLARES, 0},
    {"confirm", LS_FACT_CONFIRM, BIT(KEY_MEASURE), BIT(KEY_AMOUNT) | BIT(KEY_REF) | BIT(KEY_DATE), KEY_MEASURE,
     LS_WHO_WITNESSES, FACT(PERFORM) | FACT(INCIDENT)},
    {"object", LS_FACT_OBJECT, BIT(KEY_MEASURE), BIT(KEY_REF), KEY_MEASURE, LS_WHO_VERIFIES,
     FACT(PERFORM) | FACT(INCIDENT)},
    {"missing", LS_FACT_MISSING, BIT(KEY_MEASURE), BIT(KEY_REF), KEY_MEASURE, LS_WHO_VERIFIES, FACT(PERFORM)},
    {"promise", LS_FACT_PROMISE, BIT(KEY_MEASURE), 0, KEY_MEASURE, LS_WHO_PERFORMS, 0},
    {"begin", LS_FACT_BEGIN, BIT(KEY_MEASURE), 0, KEY_MEASURE, LS_WHO_PERFORMS, 0},
    {"reverse", LS_FACT_REVERSE, BIT(KEY_MEASURE), 0, KEY_MEASURE, LS_WHO_PERFORMS, 0},
    {"call-off", LS_FACT_CALL_OFF, BIT(KEY_MEASURE), BIT(KEY_DUE), KEY_MEASURE, LS_WHO_CALLS_OFF, 0},
    {"join", LS_FACT_JOIN, BIT(KEY_MEASURE), 0, KEY_MEASURE, LS_WHO_JOINS, 0},
    {"incident", LS_FACT_INCIDENT, BIT(KEY_MEASURE), 0, KEY_MEASURE, LS_WHO_ANYBODY, 0},
    {"assess", LS_FACT_ASSESS, BIT(KEY_MEASURE) | BIT(KEY_SCORE), 0, KEY_MEASURE, LS_WHO_ASSESSES, 0},
    {"extend", LS_FACT_EXTEND, BIT(KEY_DUE), BIT(KEY_MEASURE) | BIT(KEY_STAGE) | BIT(KEY_REF), KEY_MEASURE,
     LS_WHO_EXTENDS, FACT(DISPUTE)},
    {"attest", LS_FACT_ATTEST, BIT(KEY_EVENT), BIT(KEY_AMOUNT), KEY_EVENT, LS_WHO_ATTESTS, 0},
    {"use", LS_FACT_USE, BIT(KEY_RIGHT), 0, KEY_RIGHT, LS_WHO_HOLDS, 0},
    {"dispute", LS_FACT_DISPUTE, BIT(KEY_DISPUTE), BIT(KEY_MEASURE), KEY_DISPUTE, LS_WHO_COMPLAINS, 0},
    {"refer", LS_FACT_REFER, BIT(KEY_STAGE), BIT(KEY_REF), KEY_REF, LS_WHO_DISPUTES, FACT(DISPUTE)},
    {"settle", LS_FACT_SETTLE, 0, BIT(KEY_REF), KEY_REF, LS_WHO_SETTLES, FACT(DISPUTE)},
    {"ratify", LS_FACT_RATIFY, 0, 0, KEY_NOTHING, LS_WHO_SIGNED, 0},
    {"denounce", LS_FACT_DENOUNCE, 0, 0, KEY_NOTHING, LS_WHO_SIGNED, 0},
    {"suspend", LS_FACT_SUSPEND, 0, BIT(KEY_TRACK) | BIT(KEY_MEASURE), KEY_NOTHING, LS_WHO_SIGNED, 0},
    {"resume", LS_FACT_RESUME, 0, BIT(KEY_REF), KEY_REF, LS_WHO_ANYBODY, FACT(SUSPEND)},
    {"withdraw", LS_FACT_WITHDRAW, BIT(KEY_REF), 0, KEY_REF, LS_WHO_ANYBODY, ~0u & ~FACT(WITHDRAW)},
};
enum { ROWS = sizeof rows / sizeof *rows };

static const char *const key_names[KEY_COUNT] = {
    [KEY_MEASURE] = "measure", [KEY_EVENT] = "event",     [KEY_RIGHT] = "right",
    [KEY_DISPUTE] = "dispute", [KEY_TRACK] = "track",     [KEY_DECLARATION] = "declaration",
    [KEY_STAGE] = "stage",     [KEY_TRANCHE] = "tranche", [KEY_AMOUNT] = "amount",
    [KEY_METHOD] = "method",   [KEY_FOR] = "for",         [KEY_SCORE] = "score",
    [KEY_DUE] = "due",         [KEY_DATE] = "date",       [KEY_REF] = "ref"};

static const ls_act_row *find_row(ls_script_reader *r, const ls_value *v)
{
    const char *names[ROWS];
    ls_bytes kind;
    if (v->type != LS_MAP || ls_value_get(v, "act") == NULL) {
        ls_diagnose(r->known.d, v->mark,
                    "write it like: {on: \"2018-12-31\", by: PARTY, act: perform, measure: MEASURE}",
                    "an act lacks the key 'act'");
        return NULL;
    }
    if (!ls_field_line(v, "act", r->known.d, &kind)) {
        return NULL;
    }
    for (size_t i = 0; i < ROWS; i++) {
        names[i] = rows[i].name;
        if (ls_bytes_is(kind, names[i])) {
            return &rows[i];
        }
    }
    const char *near = ls_near_hint(kind, names, ROWS, r->known.d);
    ls_diagnose(r->known.d, ls_field_mark(v, "act"), near != NULL ? near : "docs/rehearsal.md lists them",
                "there is no act '%.*s' to rehearse", ls_shown(kind), kind.ptr);
    return NULL;
}

static bool check_keys(ls_script_reader *r, const ls_value *v, const ls_act_row *row)
{
    ls_key keys[KEY_COUNT + 4] = {{"on", true}, {"by", true}, {"act", true}, {"id", false}};
    size_t count = 4;
    for (unsigned k = 0; k < KEY_COUNT; k++) {
        if (((row->required | row->allowed) & BIT(k)) != 0) {
            keys[count++] = (ls_key){key_names[k], (row->required & BIT(k)) != 0};
        }
    }
    return ls_value_check_map(v, row->name, keys, count, r->known.d);
}

/* What an act is about. */

static int find_subject(ls_script_reader *r, const ls_value *v, ls_act_key key)
{
    const ls_ids *ids[KEY_COUNT] = {
        [KEY_MEASURE] = &r->known.measures, [KEY_EVENT] = &r->known.events, [KEY_RIGHT] = &r->known.rights,
        [KEY_DISPUTE] = &r->known.disputes, [KEY_TRACK] = &r->known.tracks, [KEY_DECLARATION] = &r->known.declarations};
    ls_bytes id;
    if (!ls_field_name(v, key_names[key], r->known.d, &id)) {
        return -1;
    }
    return ls_ids_require(ids[key], id, ls_field_mark(v, key_names[key]), r->known.d);
}

/* Days before the script begins are over. */
static bool read_day(ls_script_reader *r, const ls_value *v, ls_scripted *s)
{
    ls_date day;
    ls_bytes text;
    ls_diagnostics *d = r->known.d;
    if (!ls_field_line(v, "on", d, &text)) {
        return false;
    }
    if (!ls_date_parse(text, &day)) {
        ls_diagnose(d, ls_field_mark(v, "on"), "write it like: \"2018-12-31\"", "on must be a date");
        return false;
    }
    s->at = ls_acting_hour(r->known.charter, day);
    if (s->at < r->out->start) {
        ls_diagnose(d, ls_field_mark(v, "on"), NULL, "%.*s lies before the rehearsal begins", (int)text.len, text.ptr);
        return false;
    }
    if (s->at > r->out->until) {
        ls_diagnose_warning(d, ls_field_mark(v, "on"), "move until", "%.*s is not reached", (int)text.len, text.ptr);
    }
    return true;
}

static bool read_names(ls_script_reader *r, const ls_value *v, size_t *by)
{
    ls_bytes id = {0};
    const ls_value *party = ls_value_get(v, "by");
    ls_field_name(v, "id", r->known.d, &id);
    ls_ids_add(&r->acts, id, ls_field_mark(v, "id"), r->known.d);
    return party != NULL && ls_roadmap_read_party(&r->known, party, LS_OF_CHARTER, by);
}

static void add_act(ls_script_reader *r, const ls_scripted *s)
{
    r->out->acts[r->out->act_count++] = *s;
}

static ls_scripted empty_act(ls_mark mark)
{
    return (ls_scripted){.mark = mark,
                         .ref = -1,
                         .fact = {.amount = LS_QUANTITY_NONE,
                                  .ref = LS_NO_ENTRY,
                                  .day = LS_NO_DAY,
                                  .subject = LS_NO_SUBJECT,
                                  .detail = LS_NO_DETAIL}};
}

/* An act that has errors keeps its place, so that refs to those behind it are found. */
static void read_act(ls_script_reader *r, const ls_value *v)
{
    size_t by = 0;
    ls_scripted s = empty_act(v->mark);
    const ls_act_row *row = find_row(r, v);
    bool keys = row != NULL && check_keys(r, v, row);
    bool named = read_names(r, v, &by);
    bool day = read_day(r, v, &s);
    s.fact.by = s.fact.party = (uint32_t)by & 31;
    if (row != NULL) {
        s.kind = row->name;
        s.fact.kind = row->fact & 31;
        s.refs = row->refs;
    }
    if (keys && named && day) {
        int subject = row->about < KEY_STAGE ? find_subject(r, v, row->about) : -1;
        ls_script_take_keys(r, v, row, subject, &s);
    }
    add_act(r, &s);
}

static size_t listed(const ls_value *v, const char *key)
{
    const ls_value *list = ls_value_get(v, key);
    return list == NULL ? 0 : list->count;
}

void ls_script_read_acts(ls_script_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "acts", 0, LS_REHEARSAL_ACTS_MAX, r->known.d);
    size_t count = list == NULL ? 0 : list->count, room = count + listed(v, "rules") + 1;
    r->out->acts = ls_arena_array(r->known.arena, room, sizeof *r->out->acts);
    r->out->order = ls_arena_array(r->known.arena, room, sizeof *r->out->order);
    if (r->out->acts == NULL || r->out->order == NULL ||
        !ls_ids_init(&r->acts, "act", room, r->known.arena, r->known.d)) {
        ls_field_no_memory(r->known.d);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        read_act(r, list->items[i]);
    }
}

/* A rule that says when something is attested is an act of that day. */
void ls_script_read_attestation(ls_script_reader *r, const ls_value *v, size_t party)
{
    ls_bytes event;
    ls_scripted s = empty_act(v->mark);
    const ls_act_row *row = &rows[0];
    for (size_t i = 0; row->fact != LS_FACT_ATTEST && i < ROWS; i++) {
        row = &rows[i];
    }
    s.kind = row->name;
    s.fact.kind = row->fact & 31;
    s.fact.by = s.fact.party = (uint32_t)party & 31;
    int subject = ls_field_name(v, "attests", r->known.d, &event)
                      ? ls_ids_require(&r->known.events, event, ls_field_mark(v, "attests"), r->known.d)
                      : -1;
    if (read_day(r, v, &s)) {
        ls_script_take_keys(r, v, row, subject, &s);
    }
    add_act(r, &s);
}

/* Refs. */

static bool fits(const ls_scripted *s, const ls_scripted *other)
{
    bool kind = (s->refs >> other->fact.kind & 1) != 0;
    bool own = s->fact.kind == LS_FACT_RESUME || s->fact.kind == LS_FACT_WITHDRAW;
    bool subject = other->fact.subject == s->fact.subject || own || s->refs == FACT(DISPUTE);
    return kind && subject && (!own || other->fact.by == s->fact.by);
}

/* The latest before it that it can be about, where it names none. */
static int latest(const ls_rehearsal *out, size_t place)
{
    const ls_scripted *s = &out->acts[out->order[place]];
    for (size_t i = place; i-- > 0;) {
        if (fits(s, &out->acts[out->order[i]])) {
            return (int)out->order[i];
        }
    }
    return -1;
}

static bool stands_before(const ls_rehearsal *out, size_t place, int act)
{
    for (size_t i = 0; i < place; i++) {
        if (out->order[i] == (size_t)act) {
            return true;
        }
    }
    return false;
}

/* Whose disputes, and with which stages, is known only by what ref names. */
static bool needs_ref(const ls_scripted *s)
{
    bool dispute = s->refs == FACT(DISPUTE) && (s->fact.kind != LS_FACT_EXTEND || s->fact.subject == LS_NO_SUBJECT);
    return dispute || s->fact.kind == LS_FACT_RESUME;
}

static void settle_ref(ls_script_reader *r, const ls_value *v, size_t place)
{
    ls_rehearsal *out = r->out;
    ls_scripted *s = &out->acts[out->order[place]];
    ls_bytes id;
    if (ls_field_name(v, "ref", r->known.d, &id)) {
        ls_mark mark = ls_field_mark(v, "ref");
        s->ref = ls_ids_require(&r->acts, id, mark, r->known.d);
        if (s->ref >= 0 && (!fits(s, &out->acts[s->ref]) || !stands_before(out, place, s->ref))) {
            ls_diagnose(r->known.d, mark, "ref names an act of this script that comes before",
                        "'%.*s' is nothing that this act can be about", (int)id.len, id.ptr);
            return;
        }
    } else if (needs_ref(s)) {
        s->ref = latest(out, place);
        if (s->ref < 0 && out->of.facts == NULL) {
            ls_diagnose(r->known.d, s->mark, "give that act an id, and name it under ref", "no %s comes before it",
                        s->fact.kind == LS_FACT_RESUME ? "suspension by this party" : "dispute");
            return;
        }
    }
    if (s->ref >= 0) {
        ls_script_settle_stage(r, v, s);
    }
}

/* By time; acts of one day in the script's order. */
static void sort(ls_rehearsal *out)
{
    for (size_t i = 0; i < out->act_count; i++) {
        size_t j = i;
        for (; j > 0 && out->acts[out->order[j - 1]].at > out->acts[i].at; j--) {
            out->order[j] = out->order[j - 1];
        }
        out->order[j] = i;
    }
}

/* What a dated act says about a measure takes the place of its author's rule there. */
static void displace_rules(ls_rehearsal *out)
{
    for (size_t i = 0; i < out->act_count; i++) {
        const ls_scripted *s = &out->acts[i];
        unsigned kind = s->fact.kind;
        if (s->fact.subject == LS_NO_SUBJECT || kind > LS_FACT_MISSING) {
            continue;
        }
        ls_parties *of = kind == LS_FACT_PERFORM ? out->performs : out->answers;
        of[s->fact.subject] |= LS_PARTY_BIT(kind == LS_FACT_PERFORM ? s->fact.party : s->fact.by);
    }
}

/* Declarations and openings perform what asks for them. */
static void displace_declared(ls_rehearsal *out, const ls_roadmap *m)
{
    for (size_t i = 0; i < out->act_count; i++) {
        for (size_t k = 0; k < m->measure_count; k++) {
            if (ls_scripted_declares(&out->acts[i], &m->measures[k])) {
                out->performs[k] |= LS_PARTY_BIT(out->acts[i].fact.by);
            }
        }
    }
}

void ls_script_settle_acts(ls_script_reader *r, const ls_value *v)
{
    ls_rehearsal *out = r->out;
    const ls_value *list = ls_value_get(v, "acts");
    size_t measures = r->known.roadmap->measure_count;
    out->performs = ls_arena_array(r->known.arena, measures + 1, sizeof *out->performs);
    out->answers = ls_arena_array(r->known.arena, measures + 1, sizeof *out->answers);
    if (out->performs == NULL || out->answers == NULL || out->order == NULL || out->acts == NULL) {
        ls_field_no_memory(r->known.d);
        return;
    }
    sort(out);
    for (size_t i = 0; i < out->act_count && r->known.d->errors == 0; i++) {
        size_t act = out->order[i];
        if (list != NULL && act < list->count) {
            settle_ref(r, list->items[act], i);
        }
    }
    displace_rules(out);
    displace_declared(out, r->known.roadmap);
}
