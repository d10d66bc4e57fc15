/* What the record proves of that which claims are about: acts, accords, measures; talks are in files of their own. */
#include "accord/why.h"
#include "proving/parts.h"

/* What a proof is put together from. */

void ls_prove_found(ls_proving *x, const char *state)
{
    x->out->found = true;
    x->out->state = state;
}

void ls_prove_parties(ls_proving *x, ls_parties set)
{
    const ls_charter *charter = ls_record_charter(x->p->reading->record);
    for (size_t i = 0; i < charter->party_count; i++) {
        if ((set & LS_PARTY_BIT(i)) != 0) {
            ls_buf_put(&x->parties, &charter->party[i].name, sizeof charter->party[i].name);
        }
    }
}

void ls_prove_deed(ls_proving *x, ls_deed deed, ls_parties who, uint32_t index)
{
    const ls_charter *charter = ls_record_charter(x->p->reading->record);
    ls_record_entry e = ls_record_at(x->p->reading->record, index);
    ls_time at = e.time == LS_TIME_OPEN || e.time == LS_TIME_NONE ? LS_PROOF_UNSTAMPED : e.time;
    for (size_t i = 0; i < charter->party_count; i++) {
        if ((who & LS_PARTY_BIT(i)) != 0) {
            const ls_proof_deed d = {deed, charter->party[i].name, at, e.id};
            ls_buf_put(&x->deeds, &d, sizeof d);
        }
    }
}

void ls_prove_value(ls_proving *x, const char *aspect, const char *value)
{
    const char *kept = value == NULL ? NULL : ls_arena_str(x->arena, ls_bytes_str(value));
    if (kept == NULL) {
        x->values.failed = true;
        return;
    }
    const ls_proof_value v = {ls_bytes_str(aspect), ls_bytes_str(kept)};
    ls_buf_put(&x->values, &v, sizeof v);
}

void ls_prove_state(ls_proving *x, const char *state)
{
    ls_prove_found(x, state);
    if (ls_bytes_is(x->about->aspect, "state")) {
        ls_prove_value(x, "state", state);
    }
}

void ls_prove_date(ls_proving *x, const char *aspect, ls_date date)
{
    char text[LS_DATE_SIZE];
    ls_date_format(date, text);
    ls_prove_value(x, aspect, text);
}

/* A copy in the arena of what was put; NULL if nothing was, or there is no memory. */
static void *keep(ls_proving *x, ls_buf *from, size_t size, size_t *count, bool *lost)
{
    void *kept = from->len == 0 ? NULL : ls_arena_alloc(x->arena, from->len);
    if (kept != NULL) {
        memcpy(kept, from->ptr, from->len);
    }
    *lost |= from->failed || (from->len > 0 && kept == NULL);
    *count = kept == NULL ? 0 : from->len / size;
    ls_buf_free(from);
    return kept;
}

static ls_result finish(ls_proving *x, ls_result r)
{
    bool lost = false;
    ls_proof *p = x->out;
    p->party = keep(x, &x->parties, sizeof *p->party, &p->party_count, &lost);
    p->deed = keep(x, &x->deeds, sizeof *p->deed, &p->deed_count, &lost);
    p->value = keep(x, &x->values, sizeof *p->value, &p->value_count, &lost);
    return ls_succeeded(r) && (lost || p->state == NULL) ? ls_fail(&ls_fault_memory) : r;
}

bool ls_prover_stands(const ls_record_prover *p, const ls_talk *t)
{
    return p->standing[t - p->facts.fact];
}

/* Measures. */

/* By then, on the record. */
static bool is_known(const ls_reading *r, uint64_t index)
{
    ls_time t = ls_record_at(r->record, index).time;
    t = t == LS_TIME_OPEN || t == LS_TIME_NONE ? r->known : t;
    return t <= r->at && t <= r->known;
}

static int accord_then(const ls_reading *r, int accord)
{
    return ls_record_accord_at(r->record, accord, r->at, r->known);
}

/* NULL if there is no memory. */
static const ls_proved_accord *judged(ls_record_prover *p, size_t accord)
{
    if (p->accord[accord] == NULL) {
        ls_proved_accord *a = ls_arena_alloc(p->arena, sizeof *a);
        if (a == NULL) {
            return NULL;
        }
        ls_record_query(p->reading->record, accord, p->reading->at, p->reading->known, &a->facts, &a->query);
        if (ls_failed(ls_state_eval(&a->query, p->arena, &a->state))) {
            return NULL;
        }
        p->accord[accord] = a;
    }
    return p->accord[accord];
}

static ls_parties parties_of(const ls_reading *r, const ls_names *names)
{
    const ls_charter *charter = ls_record_charter(r->record);
    ls_parties set = 0;
    for (size_t i = 0; i < names->count; i++) {
        const ls_party *party = ls_charter_party(charter, names->name[i]);
        set |= party == NULL ? 0 : LS_PARTY_BIT(party - charter->party);
    }
    return set;
}

/* All that signed this version. */
static void prove_signed(ls_proving *x, const ls_accord *a)
{
    ls_prove_parties(x, a->roadmap->signed_by);
    ls_prove_deed(x, LS_DEED_SIGNED, a->roadmap->signed_by, (uint32_t)a->index);
}

/* The last answer of each verifier that stands, in the order of the record. */
static void prove_answers(ls_proving *x, const ls_proved_accord *a, size_t measure, bool objections)
{
    const ls_measure_state *s = &a->state.measure[measure];
    uint32_t last[LS_PARTIES_MAX];
    for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
        last[p] = LS_NO_ENTRY;
    }
    for (size_t i = 0; i < a->facts.count; i++) {
        const ls_fact *f = &a->facts.fact[i];
        bool confirms = f->kind == LS_FACT_CONFIRM, objects = f->kind == LS_FACT_OBJECT || f->kind == LS_FACT_MISSING;
        ls_parties stand = confirms ? s->confirmations : objects ? s->objections : 0;
        if ((stand & LS_PARTY_BIT(f->by)) != 0 && f->subject == measure && is_known(x->p->reading, f->index)) {
            last[f->by] = f->index;
        }
    }
    for (size_t i = 0; i < a->facts.count; i++) {
        const ls_fact *f = &a->facts.fact[i];
        bool confirms = f->kind == LS_FACT_CONFIRM;
        if (last[f->by] == f->index && (confirms || objections)) {
            ls_prove_deed(x, confirms ? LS_DEED_CONFIRMED : LS_DEED_OBJECTED, LS_PARTY_BIT(f->by), f->index);
        }
    }
}

static const char *state_words(ls_proving *x, const ls_proved_accord *a, size_t measure)
{
    const ls_measure_state *s = &a->state.measure[measure];
    const char *by = s->objections == 0 ? "" : ls_why_parties(a->query.charter, s->objections, x->arena);
    return by == NULL || by[0] == '\0'
               ? ls_state_name(s->state)
               : ls_arena_format(x->arena, "%s, objected to by %s", ls_state_name(s->state), by);
}

static void prove_values(ls_proving *x, const ls_proved_accord *a, size_t measure)
{
    const ls_measure_state *s = &a->state.measure[measure];
    const ls_zone *zone = &a->query.charter->zone;
    if (ls_bytes_is(x->about->aspect, "state")) {
        ls_prove_value(x, "state", ls_state_name(s->state));
    }
    if (s->has_deadline && s->deadline != LS_TIME_OPEN) {
        ls_prove_value(x, "due", ls_why_deadline(a->query.charter, s->deadline, x->arena));
    }
    if (s->performed_by != LS_NO_ENTRY && s->performed_at != LS_TIME_OPEN) {
        ls_prove_date(x, "performed", ls_zone_date(zone, s->performed_at));
    }
}

ls_result ls_prove_measure(ls_proving *x, int accord, ls_bytes name, bool performance)
{
    const ls_record *record = x->p->reading->record;
    const ls_accord *named = ls_record_accord(record, (size_t)accord);
    int now = accord_then(x->p->reading, accord);
    const ls_accord *current = ls_record_accord(record, (size_t)now);
    int index = ls_roadmap_measure(current->roadmap, name);
    if (ls_roadmap_measure(named->roadmap, name) < 0) {
        return LS_SUCCESS;
    }
    if (index < 0) {
        ls_prove_found(x, "taken out by an amendment");
        prove_signed(x, named);
        return LS_SUCCESS;
    }
    const ls_proved_accord *a = judged(x->p, (size_t)now);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const ls_measure_state *s = &a->state.measure[index];
    ls_prove_found(x, state_words(x, a, (size_t)index));
    if (performance) {
        ls_prove_parties(x, current->roadmap->measures[index].verifiers);
    } else {
        prove_signed(x, named);
    }
    if (s->performed_by != LS_NO_ENTRY) {
        ls_prove_deed(x, LS_DEED_PERFORMED, s->performers, s->performed_by);
    }
    prove_answers(x, a, (size_t)index, performance);
    prove_values(x, a, (size_t)index);
    return LS_SUCCESS;
}

static ls_result prove_measure(ls_proving *x)
{
    int accord = ls_record_find_accord(x->p->reading->record, &x->about->id);
    if (accord < 0 || !is_known(x->p->reading, ls_record_accord(x->p->reading->record, (size_t)accord)->index)) {
        return LS_SUCCESS;
    }
    return ls_prove_measure(x, accord, x->about->name, ls_bytes_is(x->about->aspect, "performance"));
}

/* Acts. */

static ls_result prove_accord(ls_proving *x, int accord)
{
    const ls_record *record = x->p->reading->record;
    const ls_accord *named = ls_record_accord(record, (size_t)accord);
    const ls_proved_accord *a = judged(x->p, (size_t)accord);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const char *state = accord_then(x->p->reading, accord) != accord ? "amended"
                        : a->state.ended <= x->p->reading->at        ? "ended"
                        : a->state.in_force <= x->p->reading->at     ? "in force"
                                                                     : "signed, and not in force yet";
    ls_prove_found(x, state);
    prove_signed(x, named);
    return LS_SUCCESS;
}

/* Nothing in such an act is anybody else's to agree to. */
static const struct {
    const char *kind;
    ls_deed deed;
} deeds[] = {
    {"perform", LS_DEED_PERFORMED}, {"confirm", LS_DEED_CONFIRMED}, {"object", LS_DEED_OBJECTED},
    {"missing", LS_DEED_OBJECTED},  {"accept", LS_DEED_ACCEPTED},   {"decline", LS_DEED_DECLINED},
    {"withdraw", LS_DEED_WITHDREW}, {"cancel", LS_DEED_CALLED_OFF},
};

static ls_result prove_single(ls_proving *x, uint64_t index, const ls_record_entry *e)
{
    ls_deed deed = LS_DEED_STATED;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        deed = ls_bytes_is(e->kind, deeds[i].kind) ? deeds[i].deed : deed;
    }
    const ls_talk *t = ls_reading_talk(x->p->reading, index);
    bool back = t != NULL && !ls_prover_stands(x->p, t);
    ls_prove_found(x, back ? "withdrawn" : "on the record");
    ls_prove_deed(x, deed, LS_PARTY_BIT(e->by), (uint32_t)index);
    return LS_SUCCESS;
}

/* A performance is confirmed, or objected to, as long as none came after it. */
static ls_result prove_performance(ls_proving *x, uint64_t index, const ls_record_entry *e)
{
    const ls_record *record = x->p->reading->record;
    int now = accord_then(x->p->reading, e->accord);
    ls_bytes name = ls_record_accord(record, (size_t)e->accord)->roadmap->measures[e->measure].id;
    int measure = ls_roadmap_measure(ls_record_accord(record, (size_t)now)->roadmap, name);
    const ls_proved_accord *a = judged(x->p, (size_t)now);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (measure >= 0 && a->state.measure[measure].performed_by == index) {
        return ls_prove_measure(x, now, name, true);
    }
    x->out->unread = "it is no longer the performance that counts";
    return prove_single(x, index, e);
}

static ls_result prove_joint(ls_proving *x, uint64_t index)
{
    ls_act *act = ls_arena_alloc(x->arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_reading_act(x->p->reading, index, x->arena, act));
    ls_parties by = parties_of(x->p->reading, &act->by);
    ls_prove_found(x, act->shape == LS_SHAPE_STAMP ? "a stamp of the ledger" : "signed by all");
    ls_prove_parties(x, by);
    ls_prove_deed(x, LS_DEED_SIGNED, by, (uint32_t)index);
    return LS_SUCCESS;
}

static ls_result prove_talk(ls_proving *x, const ls_talk *t)
{
    switch (t->kind) {
    case LS_TALK_PROPOSE:
        return ls_prove_proposal(x, t);
    case LS_TALK_MEET:
    case LS_TALK_APPOINT:
        return ls_prove_meeting(x, t);
    case LS_TALK_GROUP:
        return ls_prove_group(x, t);
    case LS_TALK_PLEDGE:
    case LS_TALK_DEMAND:
    case LS_TALK_CLAIM:
        return ls_prove_item(x, t);
    case LS_TALK_TEXT:
        return ls_prove_text(x, t);
    default:
        break;
    }
    ls_record_entry e = ls_record_at(x->p->reading->record, t->index);
    return t->by == LS_TALK_JOINT ? prove_joint(x, t->index) : prove_single(x, t->index, &e);
}

static ls_result prove_act(ls_proving *x)
{
    const ls_record *record = x->p->reading->record;
    uint64_t index;
    if (!ls_record_find(record, &x->about->id, &index) || !is_known(x->p->reading, index)) {
        return LS_SUCCESS;
    }
    ls_record_entry e = ls_record_at(record, index);
    const ls_talk *t = ls_reading_talk(x->p->reading, index);
    int accord = ls_record_find_accord(record, &e.id);
    if (e.lapsed || e.annulled) {
        ls_prove_found(x, e.lapsed ? "without effect: it came too late" : "without effect: it was annulled");
        return LS_SUCCESS;
    }
    if (accord >= 0) {
        return prove_accord(x, accord);
    }
    if (t != NULL) {
        return prove_talk(x, t);
    }
    if (e.by == LS_NOBODY) {
        return prove_joint(x, index);
    }
    return ls_bytes_is(e.kind, "perform") && e.accord >= 0 && e.measure >= 0 ? prove_performance(x, index, &e)
                                                                             : prove_single(x, index, &e);
}

/* What bears a name. */
static ls_result prove_named(ls_proving *x, ls_header space, ls_result (*prove)(ls_proving *x, const ls_talk *t))
{
    const ls_talk *t = ls_record_talk_named(x->p->reading->record, space, x->about->name);
    return t == NULL || !is_known(x->p->reading, t->index) ? LS_SUCCESS : prove(x, t);
}

static ls_result prove_about(ls_proving *x)
{
    switch (x->about->kind) {
    case LS_ABOUT_ACT:
        return prove_act(x);
    case LS_ABOUT_MEASURE:
        return prove_measure(x);
    case LS_ABOUT_MEETING:
        return prove_named(x, LS_H_MEETING, ls_prove_meeting);
    case LS_ABOUT_TEXT:
        return prove_named(x, LS_H_TEXT, ls_prove_text);
    case LS_ABOUT_GROUP:
        return prove_named(x, LS_H_GROUP, ls_prove_group);
    case LS_ABOUT_ITEM:
        return prove_named(x, LS_H_ITEM, ls_prove_item);
    case LS_ABOUT_TOPIC:
    case LS_ABOUT_KINDS:
        break;
    }
    return LS_SUCCESS;
}

static ls_result prove(void *context, ls_arena *arena, const ls_about *about, ls_proof *out)
{
    ls_proving x = {.p = context, .arena = arena, .about = about, .out = out};
    *out = (ls_proof){.state = ""};
    return finish(&x, prove_about(&x));
}

ls_result ls_prover_make(const ls_reading *r, ls_arena *arena, ls_prover *out)
{
    ls_record_prover *p = ls_arena_alloc(arena, sizeof *p);
    if (p == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *p = (ls_record_prover){.reading = r, .arena = arena, .facts = ls_record_talks(r->record)};
    p->query = (ls_talks_query){r->at, r->known, ls_record_charter(r->record), &p->facts};
    p->accord = ls_arena_array(arena, ls_record_accord_count(r->record) + 1, sizeof(ls_proved_accord *));
    if (p->accord == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_reading_standing(r, arena, &p->standing));
    LS_TRY(ls_talks_eval(&p->query, arena, &p->state));
    *out = (ls_prover){prove, p};
    return LS_SUCCESS;
}
