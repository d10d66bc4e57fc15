/* Acts about inspections: what particular kinds ask for beyond their row. */
#include "draw/draw.h"
#include "geo/place.h"
#include "process/sealed.h"
#include "record/rules.h"

/* It uses a right of its party: which use is one too many, the state says. */
static void use_right(const ls_act *act, effect *e, size_t right)
{
    e->fact = ls_fact_of(act, e, LS_FACT_USE);
    e->fact.ref = LS_NO_ENTRY;
    e->fact.subject = (uint32_t)right & 1023;
}

static ls_result require(bool there, const effect *e, const char *what, ls_detail *detail)
{
    const ls_inspection *i = e->inspected.rule;
    return there ? LS_SUCCESS
                 : ls_refuse(detail, "lockstep accord show says what it has", "the inspection %.*s has no %s",
                             (int)i->id.len, i->id.ptr, what);
}

/* Under a stamp: whoever acts on it can't be shown another history. */
static bool is_stamped(const ls_record *r, uint32_t index)
{
    return index < r->stamped && ls_entry_effective(r, index);
}

/* Draws. */

/* What the declaration by this act is: of the inspection, with effect. Declarations stand in the record's order. */
static const ls_declared *declared_by(const ls_record *r, const effect *e)
{
    const ls_inspection *i = e->inspected.rule;
    size_t low = 0, high = r->declaration_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->declaration[middle].shown.index < e->referred) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    const ls_record_declaration *d = low < r->declaration_count ? &r->declaration[low].shown : NULL;
    bool fits = d != NULL && d->index == e->referred && d->by == i->of &&
                ls_record_accord_same(r, d->accord, e->accord_index) && ls_bytes_equal(d->name, i->declared->name);
    return fits ? ls_roadmap_declaration(r->accord[d->accord].shown.roadmap, d->name) : NULL;
}

/* All of its rows, or those of one tranche; 0 if it has no such tranche. */
static uint64_t rows_of(const ls_declared *d, uint64_t tranche)
{
    uint64_t rows = 0;
    for (size_t k = 0; k < d->tranche_count; k++) {
        rows += tranche == 0 || tranche == k + 1 ? d->padded[k] : 0;
    }
    return rows;
}

/* Who is inspected must be able to read from which rows is drawn: it has to open what was. */
static ls_result check_list(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    uint32_t members =
        act->attachment_count == 0 ? UINT32_MAX : ls_audience_members(r->charter, act->attachment[0].audience);
    return (members >> e->inspected.rule->of & 1) != 0
               ? LS_SUCCESS
               : ls_refuse(detail, "choose an audience to which the inspected side belongs",
                           "the inspected side could not read which rows are drawn from");
}

/* The written population: of a declaration, or of one tranche of it; with a list of rows, at most as many. */
static ls_result check_population(const ls_act *act, const ls_declared *d, ls_detail *detail)
{
    uint64_t rows = rows_of(d, act->tranche);
    bool listed = act->attachment_count > 0;
    if (act->has[LS_H_TRANCHE] && act->tranche > d->tranche_count) {
        return ls_refuse(detail, NULL, "the declaration has %zu tranches", d->tranche_count);
    }
    if (listed ? act->population > rows : act->population != rows) {
        return ls_refuse(detail, NULL, "the population is stated as %llu rows, and there are %llu",
                         (unsigned long long)act->population, (unsigned long long)rows);
    }
    return LS_SUCCESS;
}

ls_result ls_rule_check_draw(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_draw_rule *rule = &e->inspected.rule->draws;
    uint64_t drawn;
    LS_TRY(require(rule->there, e, "draws", detail));
    const ls_declared *d = e->referred == NONE ? NULL : declared_by(r, e);
    if (d == NULL || !is_stamped(r, e->referred)) {
        return ls_refuse(detail, "wait for the declaration, and for the stamp over it",
                         "ref does not name a declaration of what is inspected, under a stamp");
    }
    LS_TRY(check_population(act, d, detail));
    LS_TRY(check_list(r, act, e, detail));
    if (act->rows > rule->rows || act->spare > rule->replacements) {
        return ls_refuse(detail, NULL, "the accord lets %llu rows be drawn at once, and %llu replacements",
                         (unsigned long long)rule->rows, (unsigned long long)rule->replacements);
    }
    const ls_draw_size size = {act->population, act->rows, act->spare};
    ls_detail why = {0};
    if (ls_failed(ls_draw_size_check(&size, &drawn, &why))) {
        return ls_refuse(detail, why.hint, "%s", why.text);
    }
    e->inspected.population = act->population;
    e->inspected.rows = act->rows;
    e->inspected.spare = act->spare;
    e->inspected.tranche = (uint32_t)act->tranche;
    use_right(act, e, rule->right);
    return LS_SUCCESS;
}

static unsigned side_of(const effect *e)
{
    return e->by == e->inspected.rule->of ? LS_SIDE_OF : LS_SIDE_BY;
}

/* What stands at this position counts and is under a stamp. */
static bool is_settled(const ls_record *r, const effect *e, uint32_t position)
{
    const accord *a = &r->accord[r->accord[e->accord_index].first];
    return position != NONE && is_stamped(r, a->inspected[position].index);
}

static bool has_effect(const ls_record *r, const effect *e, uint32_t position)
{
    const accord *a = &r->accord[r->accord[e->accord_index].first];
    return position != NONE && ls_entry_effective(r, a->inspected[position].index);
}

ls_result ls_rule_check_commit(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const draw_sides *s = ls_inspected_sides(r, e->accord_index, e->referred);
    if (!is_stamped(r, e->referred)) {
        return ls_refuse(detail, "wait for the stamp over the draw",
                         "nobody commits before population and rule are final");
    }
    if (has_effect(r, e, s->commit[side_of(e)])) {
        return ls_refuse(detail, NULL, "this side has committed to its nonce already");
    }
    /* Whatever became of that act, or of a commitment that was annulled: who knows a nonce could choose the rows. */
    if (s->reveal[LS_SIDE_OF] != NONE || s->reveal[LS_SIDE_BY] != NONE) {
        return ls_refuse(detail, "draw anew: lockstep draw", "nobody commits once a nonce was revealed");
    }
    e->inspected.value = act->commitment;
    return LS_SUCCESS;
}

/* The inspected side reveals first: who learns the sites last can't clean them. */
ls_result ls_rule_check_reveal(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const draw_sides *s = ls_inspected_sides(r, e->accord_index, e->referred);
    const accord *a = &r->accord[r->accord[e->accord_index].first];
    unsigned side = side_of(e);
    if (!is_settled(r, e, s->commit[LS_SIDE_OF]) || !is_settled(r, e, s->commit[LS_SIDE_BY])) {
        return ls_refuse(detail, "wait for the stamp over both commitments",
                         "nobody reveals before both commitments are final");
    }
    if (side == LS_SIDE_BY && !is_settled(r, e, s->reveal[LS_SIDE_OF])) {
        return ls_refuse(detail, "wait for its nonce, and for the stamp over it", "the inspected side reveals first");
    }
    if (has_effect(r, e, s->reveal[side])) {
        return ls_refuse(detail, NULL, "this side has revealed its nonce already");
    }
    const ls_hash *draw = &r->entry[e->referred].id, *commitment = &a->inspected[s->commit[side]].value;
    if (!ls_draw_reveal_fits(commitment, draw, act->by.name[0], act->nonce.b)) {
        return ls_refuse(detail, NULL, "it is not the nonce that this side committed to");
    }
    e->inspected.value = act->nonce;
    return LS_SUCCESS;
}

/* Positions of the population, one a line, in order. */
static bool read_choice(ls_bytes text, uint64_t population, uint64_t *count)
{
    ls_reader lines = ls_reader_of(text);
    uint64_t last = 0;
    *count = 0;
    for (ls_bytes line; ls_reader_left(&lines) > 0;) {
        uint64_t position;
        if (!ls_read_until(&lines, '\n', &line) || !ls_decimal_parse(line, INT64_MAX, &position) ||
            position >= population || (*count > 0 && position <= last)) {
            return false;
        }
        last = position;
        ++*count;
    }
    return true;
}

ls_result ls_rule_check_choose(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_inspected *draw = ls_inspected_find(r, e->accord_index, e->referred);
    uint64_t count;
    if (!read_choice(act->text, draw->population, &count) || count != act->rows || count > draw->rows) {
        return ls_refuse(
            detail, NULL,
            "a choice lists at most %llu positions below %llu, one a line, in order, as many as `rows` says",
            (unsigned long long)draw->rows, (unsigned long long)draw->population);
    }
    e->inspected.rows = count;
    return LS_SUCCESS;
}

/* The version whose rules it goes by: that of a draw, a visit or a challenge itself. */
static const ls_roadmap *begun_under(const ls_record *r, const ls_inspected *x)
{
    return r->accord[r->entry[x->index].accord].shown.roadmap;
}

ls_result ls_rule_check_answering(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_inspected *x = e->referred == NONE ? NULL : ls_inspected_find(r, e->accord_index, e->referred);
    bool draw = x != NULL && x->kind == LS_INSPECTED_DRAW;
    bool fits = (draw && act->has[LS_H_ROWS]) || (x != NULL && x->kind == LS_INSPECTED_CHALLENGE);
    if (!fits || !ls_entry_effective(r, e->referred) ||
        !ls_bytes_equal(x->rule->declared->name, act->raw[LS_H_DECLARATION])) {
        return ls_refuse(detail, "lockstep inspections lists draws and challenges",
                         "ref names neither a draw from this declaration, whose rows are opened, nor a challenge");
    }
    if (act->has[LS_H_BLANK] && (!draw || act->blank > act->rows)) {
        return ls_refuse(detail, NULL, "`blank` says how many of the rows of a draw that are opened are blank");
    }
    e->inspected = (ls_inspected){.rule = x->rule,
                                  .ref = e->referred,
                                  .kind = LS_INSPECTED_OPEN,
                                  .by = (uint8_t)e->by,
                                  .day = LS_NO_DAY,
                                  .tranche = (uint32_t)act->tranche,
                                  .rows = act->rows,
                                  .spare = act->blank};
    return LS_SUCCESS;
}

/* Visits. */

ls_result ls_rule_check_visit(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_inspection *i = e->inspected.rule;
    const ls_inspected *about = ls_inspected_find(r, e->accord_index, e->referred);
    const ls_declared *d = i->declared;
    LS_TRY(require(i->visits.there, e, "visits", detail));
    bool row = act->has[LS_H_TRANCHE] && act->has[LS_H_ROW];
    bool neither = !act->has[LS_H_TRANCHE] && !act->has[LS_H_ROW];
    if (!ls_bytes_equal(d->name, about->rule->declared->name)) {
        return ls_refuse(detail, NULL, "ref is of %.*s when that was an inspection of %.*s", (int)i->id.len, i->id.ptr,
                         (int)about->rule->declared->name.len, about->rule->declared->name.ptr);
    }
    if (!row && !(neither && about->kind == LS_INSPECTED_CHALLENGE)) {
        return ls_refuse(detail, "name it: --row TRANCHE/ROW", "a notice names the row whose site is visited");
    }
    if (row && (act->tranche > d->tranche_count || act->row >= d->padded[act->tranche - 1])) {
        return ls_refuse(detail, "rows count from 0, tranches from 1", "the declaration has no such row");
    }
    e->inspected.tranche = (uint32_t)act->tranche;
    e->inspected.spare = act->row;
    if (i->visits.right >= 0) {
        use_right(act, e, (size_t)i->visits.right);
    }
    return LS_SUCCESS;
}

ls_result ls_rule_check_admit(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_visit_rule *rule = &e->inspected.rule->visits;
    (void)r;
    for (size_t i = 0; i < act->limits.count; i++) {
        size_t k = 0;
        while (k < rule->limit_count && !ls_bytes_equal(rule->limits[k], act->limits.name[i])) {
            k++;
        }
        if (k == rule->limit_count) {
            return ls_refuse(detail, "lockstep accord show lists them", "the accord has no limit %.*s",
                             (int)act->limits.name[i].len, act->limits.name[i].ptr);
        }
        e->inspected.limits |= (uint16_t)(1u << k);
    }
    return LS_SUCCESS;
}

ls_result ls_rule_check_postpone(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    (void)r;
    e->inspected.until = act->until;
    return require(e->inspected.rule->visits.postpone.count > 0, e, "postponement of visits", detail);
}

/* Challenges, and the questions before them. */

ls_result ls_rule_check_place(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_challenge_rule *rule = &e->inspected.rule->challenges;
    ls_place place;
    (void)r;
    LS_TRY(require(rule->there, e, "challenges", detail));
    if (!ls_place_parse(act->raw[LS_H_PLACE], &place)) {
        return ls_refuse(detail, "decimal degrees, latitude first, like: 39.7956 125.755", "the place is none");
    }
    if (act->radius > rule->radius) {
        return ls_refuse(detail, "a wider one would map what is still closed",
                         "a radius of %llu metres is more than the accord's largest, %llu",
                         (unsigned long long)act->radius, (unsigned long long)rule->radius);
    }
    e->inspected.spare = act->radius;
    if (e->inspected.kind == LS_INSPECTED_CHALLENGE) {
        use_right(act, e, rule->right);
    }
    return LS_SUCCESS;
}

/* Reports. */

/* The rules by which it began list the measure. */
static bool is_listed(const ls_roadmap *begun, const ls_inspection *i, ls_bytes measure)
{
    for (size_t k = 0; k < i->verify_count; k++) {
        if (ls_bytes_equal(begun->measures[i->verifies[k]].id, measure)) {
            return true;
        }
    }
    return false;
}

/* It answers a measure that its author verifies by the version that holds, as confirm or object would. */
static ls_result take_answer(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    const ls_inspection *i = e->inspected.rule;
    const ls_roadmap *begun = begun_under(r, ls_inspected_find(r, e->accord_index, e->referred));
    int measure = e->named[NAMED_MEASURE];
    const ls_measure *m = &ls_rule_roadmap(r, e)->measures[measure];
    if (e->by != i->by || (m->verifiers & LS_PARTY_BIT(e->by)) == 0 || !is_listed(begun, i, m->id)) {
        return ls_refuse(detail, "leave --measure out", "reports by %.*s under %.*s do not answer for %.*s",
                         (int)act->by.name[0].len, act->by.name[0].ptr, (int)i->id.len, i->id.ptr, (int)m->id.len,
                         m->id.ptr);
    }
    if (e->inspected.finding == LS_CONCLUSION_INCONCLUSIVE) {
        return LS_SUCCESS;
    }
    bool good = e->inspected.finding == LS_CONCLUSION_CONSISTENT;
    e->fact = ls_fact_of(act, e, good ? LS_FACT_CONFIRM : LS_FACT_OBJECT);
    e->fact.ref = LS_NO_ENTRY;
    e->fact.subject = (uint32_t)measure & 1023;
    return good ? ls_rule_check_confirm(r, act, e, detail) : LS_SUCCESS;
}

ls_result ls_rule_check_report(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    for (ls_conclusion f = LS_CONCLUSION_CONSISTENT; f <= LS_CONCLUSION_INCONCLUSIVE; f++) {
        if (ls_bytes_is(act->raw[LS_H_FINDING], ls_conclusion_name(f))) {
            e->inspected.finding = (uint8_t)f;
            return act->has[LS_H_MEASURE] ? take_answer(r, act, e, detail) : LS_SUCCESS;
        }
    }
    return ls_refuse(detail, "consistent, discrepancy or inconclusive", "there is no finding %.*s",
                     (int)act->raw[LS_H_FINDING].len, act->raw[LS_H_FINDING].ptr);
}
