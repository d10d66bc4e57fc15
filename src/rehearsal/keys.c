/* What the keys of dated acts say, checked as acceptance would check the act's headers. */
#include "rehearsal/script.h"

#define SCORE_MAX 3

/* The values. */

static const char *amount_hint(ls_script_reader *r, ls_bytes unit)
{
    return ls_arena_format(r->known.arena, "write it like: 6200%s%.*s", unit.len > 0 ? " " : "", (int)unit.len,
                           unit.ptr);
}

/* Numbers without a unit may stand without quotes. */
static bool amount_text(ls_script_reader *r, const ls_value *v, ls_bytes *out)
{
    const ls_value *amount = ls_value_get(v, "amount");
    if (amount != NULL && amount->type == LS_INTEGER && amount->integer >= 0) {
        const char *text = ls_arena_format(r->known.arena, "%lld", (long long)amount->integer);
        *out = text == NULL ? (ls_bytes){0} : ls_bytes_str(text);
        return text != NULL;
    }
    return ls_field_line(v, "amount", r->known.d, out);
}

static void take_amount(ls_script_reader *r, const ls_value *v, const ls_measure *m, ls_scripted *s)
{
    ls_bytes text;
    ls_mark mark = ls_field_mark(v, "amount");
    bool stated = amount_text(r, v, &text), has = m->amount.kind != LS_AMOUNT_NONE;
    if (stated && !has) {
        ls_diagnose(r->known.d, mark, "leave the amount out", "%.*s is not about an amount", (int)m->id.len, m->id.ptr);
    } else if (!stated && has && s->fact.kind == LS_FACT_PERFORM && ls_value_get(v, "amount") == NULL) {
        ls_diagnose(r->known.d, v->mark, "add amount", "%.*s is about an amount, and none is stated", (int)m->id.len,
                    m->id.ptr);
    } else if (stated && !ls_amount_parse(&m->amount, text, &s->fact.amount)) {
        ls_diagnose(r->known.d, mark, amount_hint(r, m->amount.units[0].unit), "'%.*s' is not an amount of %.*s",
                    ls_shown(text), text.ptr, (int)m->id.len, m->id.ptr);
    }
}

static void take_method(ls_script_reader *r, const ls_value *v, const ls_measure *m, ls_scripted *s)
{
    ls_bytes id;
    if (!ls_field_name(v, "method", r->known.d, &id)) {
        if (m->amount.method_count > 0 && ls_value_get(v, "method") == NULL) {
            ls_diagnose(r->known.d, v->mark, "add method",
                        "%.*s can be performed by several methods, and none is named", (int)m->id.len, m->id.ptr);
        }
        return;
    }
    int found = ls_amount_method(&m->amount, id);
    if (found < 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "method"), NULL, "%.*s has no method '%.*s'", (int)m->id.len,
                    m->id.ptr, (int)id.len, id.ptr);
        return;
    }
    s->fact.detail = (uint32_t)found & 127;
}

/* One delivers in the stead of another. */
static void take_principal(ls_script_reader *r, const ls_value *v, const ls_measure *m, ls_scripted *s)
{
    const ls_value *name = ls_value_get(v, "for");
    size_t party;
    if (name == NULL || !ls_roadmap_read_party(&r->known, name, LS_OF_CHARTER, &party)) {
        return;
    }
    if (!m->substitutes) {
        ls_diagnose(r->known.d, name->mark, NULL, "nobody performs %.*s for another: it allows no substitutes",
                    (int)m->id.len, m->id.ptr);
    } else if ((r->known.roadmap->signed_by & LS_PARTY_BIT(s->fact.by)) == 0) {
        ls_diagnose(r->known.d, name->mark, NULL, "only a party to the accord performs for another");
    } else {
        s->fact.party = (uint32_t)party & 31;
    }
}

static void take_day(ls_script_reader *r, const ls_value *v, const char *key, ls_scripted *s)
{
    ls_bytes text;
    ls_date day;
    if (!ls_field_line(v, key, r->known.d, &text)) {
        return;
    }
    if (!ls_date_parse(text, &day)) {
        ls_diagnose(r->known.d, ls_field_mark(v, key), "write it like: \"2018-12-31\"", "%s must be a date", key);
        return;
    }
    s->fact.day = (int32_t)ls_date_to_days(day);
}

static void take_score(ls_script_reader *r, const ls_value *v, ls_scripted *s)
{
    int64_t score;
    if (ls_field_integer(v, "score", 0, SCORE_MAX, r->known.d, &score)) {
        s->fact.amount = score;
    }
}

/* Kinds of acts with rules of their own. */

static void take_performance(ls_script_reader *r, const ls_value *v, const ls_measure *m, ls_scripted *s)
{
    if (m->declares.len > 0 || m->opens.len > 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "measure"), m->declares.len > 0 ? "use: declare" : "use: open",
                    "%.*s is performed by the %s itself", (int)m->id.len, m->id.ptr,
                    m->declares.len > 0 ? "declaration" : "opening");
        return;
    }
    take_principal(r, v, m, s);
    take_method(r, v, m, s);
    take_amount(r, v, m, s);
}

static void take_declared(ls_script_reader *r, const ls_value *v, size_t declaration, ls_scripted *s)
{
    const ls_declared *d = &r->known.roadmap->declarations[declaration];
    int64_t tranche;
    s->declaration = d->name;
    s->fact.subject = LS_NO_SUBJECT;
    if (ls_field_integer(v, "tranche", 1, (int64_t)d->tranche_count, r->known.d, &tranche)) {
        s->tranche = (uint32_t)tranche;
    }
}

static void take_attestation(ls_script_reader *r, const ls_value *v, size_t event, ls_scripted *s)
{
    const ls_roadmap *m = r->known.roadmap;
    const ls_event *x = &m->events[event];
    const ls_amount *of = NULL;
    ls_bytes text;
    if (x->attested_by == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, ls_value_get(v, "event") != NULL ? "event" : "attests"), NULL,
                    x->to_be_agreed ? "what %.*s is has still to be agreed"
                                    : "%.*s follows from what happens: nobody attests it",
                    (int)x->id.len, x->id.ptr);
        return;
    }
    for (size_t i = 0; i < m->measure_count; i++) {
        bool part = m->measures[i].amount.kind == LS_AMOUNT_PERCENT && m->measures[i].amount.subject == event;
        of = part ? &m->measures[i].amount : of;
    }
    bool read = !amount_text(r, v, &text) ||
                (of != NULL ? ls_amount_parse(of, text, &s->fact.amount) : ls_quantity_parse(text, &s->fact.amount));
    if (!read) {
        ls_diagnose(r->known.d, ls_field_mark(v, "amount"),
                    amount_hint(r, of != NULL ? of->units[0].unit : (ls_bytes){0}), "'%.*s' is not an amount of %.*s",
                    ls_shown(text), text.ptr, (int)x->id.len, x->id.ptr);
    }
}

static void take_suspended(ls_script_reader *r, const ls_value *v, ls_scripted *s)
{
    ls_bytes id;
    bool track = ls_value_get(v, "track") != NULL, measure = ls_value_get(v, "measure") != NULL;
    unsigned scope = track ? LS_SUSPEND_TRACK : measure ? LS_SUSPEND_MEASURE : LS_SUSPEND_ACCORD;
    if (track && measure) {
        ls_diagnose(r->known.d, v->mark, "suspend one, then the other", "a suspension is of a track or of a measure");
        return;
    }
    if ((r->known.roadmap->suspension.scope & scope) == 0) {
        ls_diagnose(r->known.d, v->mark, NULL, "the accord can't be suspended %s",
                    track     ? "by track"
                    : measure ? "by measure"
                              : "as a whole");
        return;
    }
    if (track && ls_field_name(v, "track", r->known.d, &id)) {
        int found = ls_ids_require(&r->known.tracks, id, ls_field_mark(v, "track"), r->known.d);
        s->fact.detail = (uint32_t)found & 127;
    }
    if (measure && ls_field_name(v, "measure", r->known.d, &id)) {
        int found = ls_ids_require(&r->known.measures, id, ls_field_mark(v, "measure"), r->known.d);
        s->fact.subject = (uint32_t)found & 1023;
    }
}

static void take_dispute(ls_script_reader *r, const ls_value *v, ls_scripted *s)
{
    ls_bytes id;
    if (ls_field_name(v, "measure", r->known.d, &id)) {
        s->fact.amount = ls_ids_require(&r->known.measures, id, ls_field_mark(v, "measure"), r->known.d);
    }
}

static void take_extension(ls_script_reader *r, const ls_value *v, int measure)
{
    bool stage = ls_value_get(v, "stage") != NULL && measure < 0;
    bool alone = measure >= 0 && ls_value_get(v, "stage") == NULL && ls_value_get(v, "ref") == NULL;
    if (ls_value_get(v, "measure") != NULL && measure < 0) {
        return; /* it is unknown */
    }
    if (!stage && !alone) {
        ls_diagnose(r->known.d, v->mark, NULL, "extend names a measure, or a stage of a dispute");
    } else if (alone && r->known.roadmap->measures[measure].due.count == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "measure"), NULL, "%.*s has no deadline that could be extended",
                    (int)r->known.roadmap->measures[measure].id.len, r->known.roadmap->measures[measure].id.ptr);
    }
}

static void take_incident(ls_script_reader *r, const ls_value *v, const ls_measure *m)
{
    bool goes_on = m->continuing || m->amount.kind == LS_AMOUNT_CEILING || m->amount.kind == LS_AMOUNT_RATE;
    if (!goes_on) {
        ls_diagnose(r->known.d, ls_field_mark(v, "measure"), "its verifiers answer with: object, missing",
                    "%.*s is not a continuing obligation", (int)m->id.len, m->id.ptr);
    }
}

static void take_reversal(ls_script_reader *r, const ls_value *v, const ls_measure *m)
{
    if (m->irreversible) {
        ls_diagnose(r->known.d, ls_field_mark(v, "measure"), NULL, "%.*s is irreversible", (int)m->id.len, m->id.ptr);
    }
}

static void take_denunciation(ls_script_reader *r, const ls_value *v)
{
    if (r->known.roadmap->withdrawal.notice.count == 0) {
        ls_diagnose(r->known.d, ls_field_mark(v, "act"), "suspend it", "the accord has no rule for withdrawal");
    }
}

static void take_by_kind(ls_script_reader *r, const ls_value *v, int subject, ls_scripted *s)
{
    const ls_measure *m = subject < 0 ? NULL : &r->known.roadmap->measures[subject];
    switch ((ls_fact_kind)s->fact.kind) {
    case LS_FACT_CONFIRM:
        take_amount(r, v, m, s);
        break;
    case LS_FACT_REVERSE:
        take_reversal(r, v, m);
        break;
    case LS_FACT_INCIDENT:
        take_incident(r, v, m);
        break;
    case LS_FACT_ASSESS:
        take_score(r, v, s);
        break;
    case LS_FACT_ATTEST:
        take_attestation(r, v, (size_t)subject, s);
        break;
    case LS_FACT_DISPUTE:
        take_dispute(r, v, s);
        break;
    default:
        break;
    }
}

static void take_of_accord(ls_script_reader *r, const ls_value *v, int subject, ls_scripted *s)
{
    if (s->fact.kind == LS_FACT_SUSPEND) {
        take_suspended(r, v, s);
    } else if (s->fact.kind == LS_FACT_DENOUNCE) {
        take_denunciation(r, v);
    } else if (s->fact.kind == LS_FACT_EXTEND) {
        take_extension(r, v, subject);
    }
}

/* What "does not verify" and the like are said of. */
static ls_bytes name_of(const ls_roadmap *m, ls_act_key about, int subject)
{
    switch (subject < 0 ? KEY_NOTHING : about) {
    case KEY_MEASURE:
        return m->measures[subject].id;
    case KEY_EVENT:
        return m->events[subject].id;
    case KEY_RIGHT:
        return m->rights[subject].id;
    case KEY_DISPUTE:
        return m->disputes[subject].id;
    case KEY_DECLARATION:
        return m->declarations[subject].name;
    default:
        return m->name;
    }
}

void ls_script_take_keys(ls_script_reader *r, const ls_value *v, const ls_act_row *row, int subject, ls_scripted *s)
{
    const ls_roadmap *m = r->known.roadmap;
    size_t errors = r->known.d->errors;
    bool optional = row->fact == LS_FACT_EXTEND;
    take_day(r, v, "due", s);
    take_day(r, v, "date", s);
    if (row->about < KEY_STAGE && subject < 0 && !optional) {
        return;
    }
    s->fact.subject = subject < 0 ? LS_NO_SUBJECT : (uint32_t)subject & 1023;
    if (row->about == KEY_DECLARATION) {
        take_declared(r, v, (size_t)subject, s);
    } else if (row->fact == LS_FACT_PERFORM) {
        take_performance(r, v, &m->measures[subject], s);
    } else if (row->about < KEY_STAGE && !optional) {
        take_by_kind(r, v, subject, s);
    } else {
        take_of_accord(r, v, subject, s);
    }
    bool known = row->about != KEY_REF && r->known.d->errors == errors;
    if (known) {
        ls_script_check_may(r, v, row->who, subject < 0 ? 0 : (size_t)subject, name_of(m, row->about, subject), s);
    }
}

/* Stages. */

static void take_stage(ls_script_reader *r, const ls_value *v, const ls_dispute *d, ls_scripted *s)
{
    ls_bytes id;
    ls_mark mark = ls_field_mark(v, "stage");
    if (!ls_field_name(v, "stage", r->known.d, &id)) {
        return;
    }
    int found = ls_dispute_stage(d, id);
    if (found < 0) {
        ls_diagnose(r->known.d, mark, NULL, "%.*s has no stage '%.*s'", (int)d->id.len, d->id.ptr, (int)id.len, id.ptr);
    } else if (s->fact.kind == LS_FACT_REFER && !d->stages[found].optional) {
        ls_diagnose(r->known.d, mark, NULL, "every dispute comes to %.*s: it is not asked for", (int)id.len, id.ptr);
    } else if (s->fact.kind == LS_FACT_EXTEND && !d->stages[found].extendable) {
        ls_diagnose(r->known.d, mark, NULL, "the stage %.*s can't be extended", (int)id.len, id.ptr);
    } else {
        s->fact.detail = (uint32_t)found & 127;
    }
}

void ls_script_settle_stage(ls_script_reader *r, const ls_value *v, ls_scripted *s)
{
    const ls_scripted *other = &r->out->acts[s->ref];
    if (s->fact.kind == LS_FACT_RESUME) {
        s->fact.subject = other->fact.subject;
        s->fact.detail = other->fact.detail;
    }
    if (other->fact.kind != LS_FACT_DISPUTE || s->fact.kind == LS_FACT_WITHDRAW) {
        return;
    }
    const ls_dispute *d = &r->known.roadmap->disputes[other->fact.subject];
    s->fact.subject = other->fact.subject;
    take_stage(r, v, d, s);
    if (s->fact.kind != LS_FACT_EXTEND) {
        ls_script_check_may(r, v, s->fact.kind == LS_FACT_REFER ? LS_WHO_DISPUTES : LS_WHO_SETTLES, other->fact.subject,
                            d->id, s);
    }
}

bool ls_scripted_declares(const ls_scripted *s, const ls_measure *m)
{
    if (s->declaration.len == 0) {
        return false;
    }
    return s->tranche == 0 ? ls_bytes_equal(m->declares, s->declaration)
                           : ls_bytes_equal(m->opens, s->declaration) && m->opens_tranche == s->tranche;
}
