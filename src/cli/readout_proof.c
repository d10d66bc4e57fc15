/* What the record proves of that which claims are about: acts, accords, measures; talks are in files of their own. */
#include "cli/readout_proof.h"
#include "accord/why.h"
#include "cli/scorecard.h"
#include "cli/talking.h"
#include "workspace/reading.h"

/* What a proof is put together from. */

void cli_prove_found(cli_proving *x, const char *state)
{
    x->out->found = true;
    x->out->state = state;
}

void cli_prove_parties(cli_proving *x, ls_parties set)
{
    const ls_charter *charter = ls_record_charter(x->p->c->ws.record);
    for (size_t i = 0; i < charter->party_count; i++) {
        if ((set & LS_PARTY_BIT(i)) != 0) {
            ls_buf_put(&x->parties, &charter->party[i].name, sizeof charter->party[i].name);
        }
    }
}

void cli_prove_deed(cli_proving *x, ls_deed deed, ls_parties who, uint32_t index)
{
    const ls_charter *charter = ls_record_charter(x->p->c->ws.record);
    ls_record_entry e = ls_record_at(x->p->c->ws.record, index);
    ls_time at = e.time == LS_TIME_OPEN || e.time == LS_TIME_NONE ? LS_PROOF_UNSTAMPED : e.time;
    for (size_t i = 0; i < charter->party_count; i++) {
        if ((who & LS_PARTY_BIT(i)) != 0) {
            const ls_proof_deed d = {deed, charter->party[i].name, at, e.id};
            ls_buf_put(&x->deeds, &d, sizeof d);
        }
    }
}

void cli_prove_value(cli_proving *x, const char *aspect, const char *value)
{
    const char *kept = value == NULL ? NULL : ls_arena_str(x->arena, ls_bytes_str(value));
    if (kept == NULL) {
        x->values.failed = true;
        return;
    }
    const ls_proof_value v = {ls_bytes_str(aspect), ls_bytes_str(kept)};
    ls_buf_put(&x->values, &v, sizeof v);
}

void cli_prove_state(cli_proving *x, const char *state)
{
    cli_prove_found(x, state);
    if (ls_bytes_is(x->about->aspect, "state")) {
        cli_prove_value(x, "state", state);
    }
}

void cli_prove_date(cli_proving *x, const char *aspect, ls_date date)
{
    char text[LS_DATE_SIZE];
    ls_date_format(date, text);
    cli_prove_value(x, aspect, text);
}

/* A copy in the arena of what was put; NULL if nothing was, or there is no memory. */
static void *keep(cli_proving *x, ls_buf *from, size_t size, size_t *count, bool *lost)
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

static ls_result finish(cli_proving *x, ls_result r)
{
    bool lost = false;
    ls_proof *p = x->out;
    p->party = keep(x, &x->parties, sizeof *p->party, &p->party_count, &lost);
    p->deed = keep(x, &x->deeds, sizeof *p->deed, &p->deed_count, &lost);
    p->value = keep(x, &x->values, sizeof *p->value, &p->value_count, &lost);
    return ls_succeeded(r) && (lost || p->state == NULL) ? ls_fail(&ls_fault_memory) : r;
}

bool cli_prover_stands(const cli_prover *p, const ls_talk *t)
{
    return p->standing[t - p->judged.facts.fact];
}

/* Measures. */

const cli_proved_accord *cli_proved_accord_at(cli_prover *p, size_t accord)
{
    if (p->accord[accord] == NULL) {
        cli_proved_accord *a = ls_arena_alloc(&p->c->arena, sizeof *a);
        if (a == NULL) {
            return NULL;
        }
        ls_record_query(p->c->ws.record, accord, p->now, p->now, &a->facts, &a->query);
        if (ls_failed(ls_state_eval(&a->query, &p->c->arena, &a->state))) {
            return NULL;
        }
        p->accord[accord] = a;
    }
    return p->accord[accord];
}

static ls_parties parties_of(const cli *c, const ls_names *names)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    ls_parties set = 0;
    for (size_t i = 0; i < names->count; i++) {
        const ls_party *party = ls_charter_party(charter, names->name[i]);
        set |= party == NULL ? 0 : LS_PARTY_BIT(party - charter->party);
    }
    return set;
}

/* All that signed this version. */
static void prove_signed(cli_proving *x, const ls_accord *a)
{
    cli_prove_parties(x, a->roadmap->signed_by);
    cli_prove_deed(x, LS_DEED_SIGNED, a->roadmap->signed_by, (uint32_t)a->index);
}

/* The last answer of each verifier that stands, in the order of the record. */
static void prove_answers(cli_proving *x, const cli_proved_accord *a, size_t measure, bool objections)
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
        if ((stand & LS_PARTY_BIT(f->by)) != 0 && f->subject == measure) {
            last[f->by] = f->index;
        }
    }
    for (size_t i = 0; i < a->facts.count; i++) {
        const ls_fact *f = &a->facts.fact[i];
        bool confirms = f->kind == LS_FACT_CONFIRM;
        if (last[f->by] == f->index && (confirms || objections)) {
            cli_prove_deed(x, confirms ? LS_DEED_CONFIRMED : LS_DEED_OBJECTED, LS_PARTY_BIT(f->by), f->index);
        }
    }
}

static const char *state_words(cli_proving *x, const cli_proved_accord *a, size_t measure)
{
    const ls_measure_state *s = &a->state.measure[measure];
    const char *by = s->objections == 0 ? "" : ls_why_parties(a->query.charter, s->objections, x->arena);
    return by == NULL || by[0] == '\0'
               ? ls_state_name(s->state)
               : ls_arena_format(x->arena, "%s, objected to by %s", ls_state_name(s->state), by);
}

static void prove_values(cli_proving *x, const cli_proved_accord *a, size_t measure)
{
    const ls_measure_state *s = &a->state.measure[measure];
    const ls_zone *zone = &a->query.charter->zone;
    if (ls_bytes_is(x->about->aspect, "state")) {
        cli_prove_value(x, "state", ls_state_name(s->state));
    }
    if (s->has_deadline && s->deadline != LS_TIME_OPEN) {
        cli_prove_value(x, "due", ls_why_deadline(a->query.charter, s->deadline, x->arena));
    }
    if (s->performed_by != LS_NO_ENTRY && s->performed_at != LS_TIME_OPEN) {
        cli_prove_date(x, "performed", ls_zone_date(zone, s->performed_at));
    }
}

ls_result cli_prove_measure(cli_proving *x, int accord, ls_bytes name, bool performance)
{
    const ls_record *record = x->p->c->ws.record;
    const ls_accord *named = ls_record_accord(record, (size_t)accord);
    int now = ls_record_accord_in_force(record, accord);
    const ls_accord *current = ls_record_accord(record, (size_t)now);
    int index = ls_roadmap_measure(current->roadmap, name);
    if (ls_roadmap_measure(named->roadmap, name) < 0) {
        return LS_SUCCESS;
    }
    if (index < 0) {
        cli_prove_found(x, "taken out by an amendment");
        prove_signed(x, named);
        return LS_SUCCESS;
    }
    const cli_proved_accord *a = cli_proved_accord_at(x->p, (size_t)now);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const ls_measure_state *s = &a->state.measure[index];
    cli_prove_found(x, state_words(x, a, (size_t)index));
    if (performance) {
        cli_prove_parties(x, current->roadmap->measures[index].verifiers);
    } else {
        prove_signed(x, named);
    }
    if (s->performed_by != LS_NO_ENTRY) {
        cli_prove_deed(x, LS_DEED_PERFORMED, s->performers, s->performed_by);
    }
    prove_answers(x, a, (size_t)index, performance);
    prove_values(x, a, (size_t)index);
    return LS_SUCCESS;
}

static ls_result prove_measure(cli_proving *x)
{
    int accord = ls_record_find_accord(x->p->c->ws.record, &x->about->id);
    if (accord < 0) {
        return LS_SUCCESS;
    }
    return cli_prove_measure(x, accord, x->about->name, ls_bytes_is(x->about->aspect, "performance"));
}

/* Acts. */

static ls_result prove_accord(cli_proving *x, int accord)
{
    const ls_record *record = x->p->c->ws.record;
    const ls_accord *named = ls_record_accord(record, (size_t)accord);
    const cli_proved_accord *a = cli_proved_accord_at(x->p, (size_t)accord);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const char *state = ls_record_accord_in_force(record, accord) != accord ? "amended"
                        : a->state.ended <= x->p->now                       ? "ended"
                        : a->state.in_force <= x->p->now                    ? "in force"
                                                                            : "signed, and not in force yet";
    cli_prove_found(x, state);
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

static ls_result prove_single(cli_proving *x, uint64_t index, const ls_record_entry *e)
{
    ls_deed deed = LS_DEED_STATED;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++) {
        deed = ls_bytes_is(e->kind, deeds[i].kind) ? deeds[i].deed : deed;
    }
    const ls_talk *t = cli_talk_at(x->p->c, index);
    bool back = t != NULL && !cli_prover_stands(x->p, t);
    cli_prove_found(x, back ? "withdrawn" : "on the record");
    cli_prove_deed(x, deed, LS_PARTY_BIT(e->by), (uint32_t)index);
    return LS_SUCCESS;
}

/* A performance is confirmed, or objected to, as long as none came after it. */
static ls_result prove_performance(cli_proving *x, uint64_t index, const ls_record_entry *e)
{
    const ls_record *record = x->p->c->ws.record;
    int now = ls_record_accord_in_force(record, e->accord);
    ls_bytes name = ls_record_accord(record, (size_t)e->accord)->roadmap->measures[e->measure].id;
    int measure = ls_roadmap_measure(ls_record_accord(record, (size_t)now)->roadmap, name);
    const cli_proved_accord *a = cli_proved_accord_at(x->p, (size_t)now);
    if (a == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (measure >= 0 && a->state.measure[measure].performed_by == index) {
        return cli_prove_measure(x, now, name, true);
    }
    x->out->unread = "it is no longer the performance that counts";
    return prove_single(x, index, e);
}

static ls_result prove_joint(cli_proving *x, uint64_t index)
{
    ls_act *act = ls_arena_alloc(x->arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_read_act(&x->p->c->ws, index, x->arena, act, &x->p->c->detail));
    ls_parties by = parties_of(x->p->c, &act->by);
    cli_prove_found(x, act->shape == LS_SHAPE_STAMP ? "a stamp of the ledger" : "signed by all");
    cli_prove_parties(x, by);
    cli_prove_deed(x, LS_DEED_SIGNED, by, (uint32_t)index);
    return LS_SUCCESS;
}

static ls_result prove_talk(cli_proving *x, const ls_talk *t)
{
    switch (t->kind) {
    case LS_TALK_PROPOSE:
        return cli_prove_proposal(x, t);
    case LS_TALK_MEET:
    case LS_TALK_APPOINT:
        return cli_prove_meeting(x, t);
    case LS_TALK_GROUP:
        return cli_prove_group(x, t);
    case LS_TALK_PLEDGE:
    case LS_TALK_DEMAND:
    case LS_TALK_CLAIM:
        return cli_prove_item(x, t);
    case LS_TALK_TEXT:
        return cli_prove_text(x, t);
    default:
        break;
    }
    ls_record_entry e = ls_record_at(x->p->c->ws.record, t->index);
    return t->by == LS_TALK_JOINT ? prove_joint(x, t->index) : prove_single(x, t->index, &e);
}

static ls_result prove_act(cli_proving *x)
{
    const ls_record *record = x->p->c->ws.record;
    uint64_t index;
    if (!ls_record_find(record, &x->about->id, &index)) {
        return LS_SUCCESS;
    }
    ls_record_entry e = ls_record_at(record, index);
    const ls_talk *t = cli_talk_at(x->p->c, index);
    int accord = ls_record_find_accord(record, &e.id);
    if (e.lapsed || e.annulled) {
        cli_prove_found(x, e.lapsed ? "without effect: it came too late" : "without effect: it was annulled");
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
static ls_result prove_named(cli_proving *x, ls_header space, ls_result (*prove)(cli_proving *x, const ls_talk *t))
{
    const ls_talk *t = ls_record_talk_named(x->p->c->ws.record, space, x->about->name);
    return t == NULL ? LS_SUCCESS : prove(x, t);
}

static ls_result prove_about(cli_proving *x)
{
    switch (x->about->kind) {
    case LS_ABOUT_ACT:
        return prove_act(x);
    case LS_ABOUT_MEASURE:
        return prove_measure(x);
    case LS_ABOUT_MEETING:
        return prove_named(x, LS_H_MEETING, cli_prove_meeting);
    case LS_ABOUT_TEXT:
        return prove_named(x, LS_H_TEXT, cli_prove_text);
    case LS_ABOUT_GROUP:
        return prove_named(x, LS_H_GROUP, cli_prove_group);
    case LS_ABOUT_ITEM:
        return prove_named(x, LS_H_ITEM, cli_prove_item);
    case LS_ABOUT_TOPIC:
    case LS_ABOUT_KINDS:
        break;
    }
    return LS_SUCCESS;
}

static ls_result prove(void *context, ls_arena *arena, const ls_about *about, ls_proof *out)
{
    cli_proving x = {.p = context, .arena = arena, .about = about, .out = out};
    *out = (ls_proof){.state = ""};
    return finish(&x, prove_about(&x));
}

ls_result cli_prover_make(cli *c, ls_prover *out)
{
    cli_prover *p = ls_arena_alloc(&c->arena, sizeof *p);
    if (p == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    p->c = c;
    p->accord = ls_arena_array(&c->arena, ls_record_accord_count(c->ws.record) + 1, sizeof(cli_proved_accord *));
    if (p->accord == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_talks_standing(c, &p->standing));
    LS_TRY(cli_judging_time(c, &p->now));
    LS_TRY(cli_talks_judge(c, p->now, p->now, &p->judged));
    *out = (ls_prover){prove, p};
    return LS_SUCCESS;
}
