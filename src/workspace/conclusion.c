#include "workspace/conclusion.h"
#include "sampling/sampling.h"
#include "workspace/packet.h"

typedef struct concluding {
    ls_workspace *ws;
    ls_arena *arena;
    int accord;
    const ls_inspected *draw;
    const ls_inspection_state *state;
    const ls_seen_draw *seen;
    ls_draw_conclusion *out;
    ls_detail *detail;
} concluding;

/* Sites. */

static bool is_of(const ls_visit_state *v, const concluding *c, const ls_population_row *row)
{
    return v->visit->tranche == row->tranche && v->visit->spare == row->row &&
           ls_bytes_equal(v->visit->rule->id, c->draw->rule->id) && v->visit->index > c->draw->index &&
           v->stage != LS_VISIT_BEYOND && v->stage != LS_VISIT_WITHDRAWN;
}

/* Discrepancies weigh most; what is inconclusive weighs least. */
static ls_conclusion graver(ls_conclusion a, ls_conclusion b)
{
    if (a == LS_CONCLUSION_DISCREPANCY || b == LS_CONCLUSION_DISCREPANCY) {
        return LS_CONCLUSION_DISCREPANCY;
    }
    return a == LS_CONCLUSION_CONSISTENT || b == LS_CONCLUSION_CONSISTENT ? LS_CONCLUSION_CONSISTENT
                                                                          : LS_CONCLUSION_INCONCLUSIVE;
}

/* A report on one of the site's visits. */
static ls_result take_report(concluding *c, ls_concluded_site *site, const ls_report_state *r)
{
    ls_seen_report *seen = ls_arena_alloc(c->arena, sizeof *seen);
    if (seen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_seen_report(c->ws, c->arena, r->report->index, seen, c->detail));
    site->report[site->report_count++] = seen;
    site->contradicted = site->contradicted || r->contradicts != NULL;
    if (r->report->by == c->draw->rule->by) {
        ls_conclusion finding = (ls_conclusion)r->report->finding;
        site->finding = site->found ? graver(site->finding, finding) : finding;
        site->found = true;
    }
    return LS_SUCCESS;
}

/* Values may contradict each other where findings do not. */
static ls_result compare_values(const concluding *c, ls_concluded_site *site)
{
    for (size_t i = 0; i < site->report_count; i++) {
        for (size_t k = 0; k < i && !site->contradicted; k++) {
            ls_report_difference *differences;
            size_t count = 0;
            if (site->report[i]->here && site->report[k]->here) {
                LS_TRY(ls_reports_compare(c->arena, &site->report[i]->report, &site->report[k]->report, &differences,
                                          &count));
            }
            site->contradicted = count > 0;
        }
    }
    return LS_SUCCESS;
}

static ls_result add_site(concluding *c, const ls_drawn_row *row)
{
    const ls_inspection_state *s = c->state;
    ls_concluded_site *site = &c->out->site[c->out->site_count++];
    *site = (ls_concluded_site){.drawn = row};
    site->report = ls_arena_array(c->arena, s->report_count + 1, sizeof *site->report);
    if (site->report == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < s->visit_count; i++) {
        if (!is_of(&s->visit[i], c, &row->row)) {
            continue;
        }
        site->visit = &s->visit[i];
        for (size_t k = 0; k < s->report_count; k++) {
            if (s->report[k].report->ref == s->visit[i].visit->index) {
                LS_TRY(take_report(c, site, &s->report[k]));
            }
        }
    }
    return compare_values(c, site);
}

static ls_result take_rows(concluding *c)
{
    const ls_drawing *d = &c->seen->drawing;
    ls_draw_conclusion *out = c->out;
    out->site = ls_arena_array(c->arena, d->count + 1, sizeof *out->site);
    out->missing_row = ls_arena_array(c->arena, d->count + 1, sizeof *out->missing_row);
    if (out->site == NULL || out->missing_row == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < d->count; i++) {
        ls_drawn_state state = d->row[i].state;
        out->blank += state == LS_DRAWN_BLANK;
        out->opened += state == LS_DRAWN_BLANK || state == LS_DRAWN_OPENED;
        if (state == LS_DRAWN_MISSING) {
            out->missing_row[out->missing_count++] = &d->row[i];
        } else if (state == LS_DRAWN_OPENED) {
            LS_TRY(add_site(c, &d->row[i]));
        }
    }
    return LS_SUCCESS;
}

/* Numbers. */

static void judge(ls_draw_conclusion *out)
{
    bool discrepancy = false, open = out->missing_count > 0;
    for (size_t i = 0; i < out->site_count; i++) {
        const ls_concluded_site *s = &out->site[i];
        bool established = s->found && s->finding != LS_CONCLUSION_INCONCLUSIVE;
        out->inspected += established;
        discrepancy = discrepancy || (s->found && s->finding == LS_CONCLUSION_DISCREPANCY);
        open = open || !established;
    }
    out->finding = discrepancy ? LS_CONCLUSION_DISCREPANCY
                   : open      ? LS_CONCLUSION_INCONCLUSIVE
                               : LS_CONCLUSION_CONSISTENT;
}

static void estimate(ls_draw_conclusion *out)
{
    ls_estimate e = {out->population, 0, out->population};
    if (out->opened > 0 && out->population <= LS_POPULATION_MAX) {
        ls_estimate_real(out->population, out->opened, out->blank, &e);
    }
    out->real = e.real;
    out->real_low = e.low;
    out->real_high = e.high;
}

static void add_detection(ls_draw_conclusion *out, uint64_t violations)
{
    const ls_fraction sure = {1, 1};
    ls_concluded_detection *x = &out->detection[out->detection_count];
    const ls_sampling padded = {out->population, violations, sure}, estimated = {out->real, violations, sure};
    if (violations == 0 || violations > out->population || out->population > LS_POPULATION_MAX) {
        return;
    }
    *x = (ls_concluded_detection){.violations = violations, .estimated = -1};
    x->padded = ls_sampling_detection(&padded, out->inspected);
    if (violations <= out->real && out->inspected <= out->real) {
        x->estimated = ls_sampling_detection(&estimated, out->inspected);
    }
    out->detection_count++;
}

ls_result ls_workspace_conclude(ls_workspace *ws, ls_arena *arena, int accord, const ls_inspected *draw,
                                uint64_t violations, ls_draw_conclusion *out, ls_detail *detail)
{
    ls_draw_conclusion conclusion = {.draw = ls_record_at(ws->record, draw->index).id};
    ls_inspection_state *state = ls_arena_alloc(arena, sizeof *state);
    ls_seen_draw *seen = ls_arena_alloc(arena, sizeof *seen);
    concluding c = {ws, arena, accord, draw, state, seen, &conclusion, detail};
    if (state == NULL || seen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_now(ws, &conclusion.at, detail));
    LS_TRY(ls_workspace_inspections(ws, arena, accord, state, detail));
    LS_TRY(ls_workspace_seen_draw(ws, arena, state, accord, draw->index, seen, detail));
    if (seen->drawing.count == 0) {
        ls_hint(detail, "lockstep draw verify says what it waits for");
        return ls_fail_with(&ls_fault_packet, detail, "no rows are known to be drawn: the draw is %s",
                            ls_draw_stage_name(seen->state->stage));
    }
    conclusion.population = seen->drawing.population.count;
    LS_TRY(take_rows(&c));
    judge(&conclusion);
    estimate(&conclusion);
    add_detection(&conclusion, 1);
    add_detection(&conclusion, 5);
    if (violations != 1 && violations != 5) {
        add_detection(&conclusion, violations);
    }
    *out = conclusion;
    return LS_SUCCESS;
}

const char *ls_concluded_state(const ls_concluded_site *s)
{
    if (s->found) {
        return ls_conclusion_name(s->finding);
    }
    return s->visit == NULL ? "not visited" : ls_visit_stage_name(s->visit->stage);
}
