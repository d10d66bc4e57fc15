/* Draws computed again: population, nonces, rows. */
#include "bundle/drawing_parts.h"
#include "process/sealed.h"

typedef unsigned long long ull;

/* Entries and files. */

ls_result ls_drawer_act(const ls_drawer *w, uint32_t index, ls_act *out)
{
    ls_bytes note;
    LS_TRY(w->from->read(w->from->context, index, &note));
    return ls_act_parse(note, false, out, NULL);
}

static ls_result unseal(const ls_drawer *w, const ls_attachment *a, ls_bytes *content)
{
    ls_sealed_file file;
    if (!ls_audience_restricted(a->audience)) {
        return LS_SUCCESS;
    }
    if (ls_failed(ls_sealed_read(*content, &file))) {
        ls_report_add(w->report, LS_FINDING_FAILED, w->subject, "a file for %.*s is not in the form of such files",
                      (int)a->audience.len, a->audience.ptr);
        *content = (ls_bytes){0};
        return LS_SUCCESS;
    }
    *content = ls_bytes_of(file.content.ptr == NULL ? (const uint8_t *)"" : file.content.ptr, file.content.len);
    return LS_SUCCESS;
}

ls_result ls_drawer_file(const ls_drawer *w, const ls_act *act, size_t i, ls_bytes *content, bool *absent)
{
    const ls_attachment *a = &act->attachment[i];
    ls_bytes found = {0};
    ls_result r = w->from->fetch.fetch(w->from->fetch.context, &a->hash, a->size, w->arena, &found);
    *content = (ls_bytes){0};
    *absent = ls_failed(r) && r.fault->class == LS_CLASS_ENVIRONMENT;
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (*absent) {
        ls_report_add(w->report, LS_FINDING_NOTE, w->subject, "a file of the %.*s is not here; it is for %.*s",
                      (int)act->kind.len, act->kind.ptr, (int)a->audience.len, a->audience.ptr);
        return LS_SUCCESS;
    }
    if (ls_failed(r) || found.len != a->size) {
        ls_report_add(w->report, LS_FINDING_FAILED, w->subject, "a file of the %.*s is not the one that was signed",
                      (int)act->kind.len, act->kind.ptr);
        return LS_SUCCESS;
    }
    *content = ls_bytes_of(found.ptr == NULL ? (const uint8_t *)"" : found.ptr, found.len);
    return unseal(w, a, content);
}

/* The population. */

static const ls_record_declaration *declaration_of(const ls_record *r, uint32_t index)
{
    for (size_t i = 0; i < ls_record_declaration_count(r); i++) {
        if (ls_record_declaration_at(r, i)->index == index) {
            return ls_record_declaration_at(r, i);
        }
    }
    return NULL;
}

static ls_result take_population(ls_drawer *w)
{
    ls_drawing *d = w->out;
    const ls_record *r = w->from->record;
    ls_act draw;
    ls_bytes list = {0};
    ls_detail why = {0};
    bool absent;
    LS_TRY(ls_drawer_act(w, d->state->draw->index, &draw));
    d->declaration = declaration_of(r, d->state->draw->ref);
    if (d->declaration == NULL) {
        return ls_fail(&ls_fault_bug); /* acceptance has seen to it */
    }
    const ls_roadmap *m = ls_record_accord(r, (size_t)d->declaration->accord)->roadmap;
    d->declared = ls_roadmap_declaration(m, d->declaration->name);
    if (draw.attachment_count > 0) {
        LS_TRY(ls_drawer_file(w, &draw, 0, &list, &absent));
        if (list.ptr == NULL) {
            return LS_SUCCESS;
        }
    }
    ls_result read = ls_population_of_draw(w->arena, &draw, d->declared, list, &d->population, &why);
    if (read.fault == &ls_fault_population) {
        ls_report_add(w->report, LS_FINDING_FAILED, w->subject, "its population is not what it states: line %u: %s",
                      why.line, why.text);
        return LS_SUCCESS;
    }
    return read;
}

/* The rows. */

static bool check_nonces(const ls_drawer *w, const ls_hash *id)
{
    const ls_draw_state *s = w->out->state;
    const ls_charter *c = ls_record_charter(w->from->record);
    bool fit = true;
    for (unsigned side = 0; side < LS_SIDES; side++) {
        ls_bytes party = c->party[s->reveal[side]->by].name;
        if (!ls_draw_reveal_fits(&s->commit[side]->value, id, party, s->reveal[side]->value.b)) {
            ls_report_add(w->report, LS_FINDING_FAILED, w->subject, "%.*s revealed another nonce than it committed to",
                          (int)party.len, party.ptr);
            fit = false;
        }
    }
    return fit;
}

static ls_result make_room(ls_drawer *w, uint64_t rows)
{
    ls_drawing *d = w->out;
    size_t count = rows < SIZE_MAX ? (size_t)rows : SIZE_MAX - 1; /* of which there are not so many bytes */
    d->drawn = ls_arena_array(w->arena, count + 1, sizeof *d->drawn);
    d->row = ls_arena_array(w->arena, count + 1, sizeof *d->row);
    return d->drawn == NULL || d->row == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result draw_by_lot(ls_drawer *w)
{
    ls_drawing *d = w->out;
    const ls_draw_state *s = d->state;
    const ls_draw_size size = {d->population.count, s->draw->rows, s->draw->spare};
    const ls_hash id = ls_record_at(w->from->record, s->draw->index).id;
    uint64_t rows;
    if (!check_nonces(w, &id)) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_draw_size_check(&size, &rows, NULL));
    LS_TRY(make_room(w, rows));
    ls_draw_seed(&id, s->reveal[LS_SIDE_OF]->value.b, s->reveal[LS_SIDE_BY]->value.b, &d->seed);
    LS_TRY(ls_draw_select(&d->seed, &size, w->from->progress, d->drawn, NULL));
    d->count = (size_t)rows;
    d->chosen = (size_t)s->draw->rows;
    return LS_SUCCESS;
}

/* Acceptance has seen to it that the positions are some of the population, in order. */
static ls_result take_choice(ls_drawer *w)
{
    ls_drawing *d = w->out;
    ls_act choice;
    LS_TRY(ls_drawer_act(w, d->state->choice->index, &choice));
    LS_TRY(make_room(w, choice.rows));
    ls_reader lines = ls_reader_of(choice.text);
    for (ls_bytes line; d->count < choice.rows && ls_read_line(&lines, &line);) {
        d->count += ls_decimal_parse(line, d->population.count - 1, &d->drawn[d->count].position);
    }
    d->chosen = d->count;
    return LS_SUCCESS;
}

void ls_drawing_judge(const ls_drawing *d, const ls_opened_row *opened, size_t opened_count, ls_drawn_row *out)
{
    ls_drawn_judge(d->drawn, d->chosen, d->count, &d->population, opened, opened_count, out);
}

/* What is still to come, or never came. */

static void tell_missing(const ls_drawer *w, size_t missing, size_t due, const ls_population_row *first)
{
    bool waits = w->out->state->stage == LS_DRAW_DRAWN;
    if (w->out->unread) {
        ls_report_add(w->report, LS_FINDING_NOTE, w->subject,
                      "whether %zu of the %zu rows are opened can't be told here", missing, due);
        return;
    }
    ls_report_add(w->report, waits ? LS_FINDING_NOTE : LS_FINDING_FAILED, w->subject,
                  "%zu of the %zu rows that are due are not opened%s, the first of them row %llu of tranche %u",
                  missing, due, waits ? " yet" : "", (ull)first->row, (unsigned)first->tranche);
}

static void check_due(const ls_drawer *w)
{
    const ls_drawing *d = w->out;
    const ls_population_row *first = NULL;
    size_t due = 0, missing = 0;
    for (size_t i = 0; i < d->count; i++) {
        bool absent = d->row[i].state == LS_DRAWN_MISSING;
        due += d->row[i].state == LS_DRAWN_OPENED || d->row[i].state == LS_DRAWN_BLANK || absent;
        missing += absent;
        first = absent && first == NULL ? &d->row[i].row : first;
    }
    if (missing > 0) {
        tell_missing(w, missing, due, first);
    } else {
        ls_report_add(w->report, LS_FINDING_OK, w->subject, "all %zu rows that are due are opened", due);
    }
}

static void tell_late(const ls_drawer *w)
{
    const ls_charter *c = ls_record_charter(w->from->record);
    for (size_t p = 0; p < c->party_count; p++) {
        if ((w->out->state->late >> p & 1) != 0) {
            ls_report_add(w->report, LS_FINDING_NOTE, w->subject, "%.*s was late", (int)c->party[p].name.len,
                          c->party[p].name.ptr);
        }
    }
}

static ls_result read_rows(ls_drawer *w)
{
    ls_drawing *d = w->out;
    const ls_draw_state *s = d->state;
    bool revealed = s->reveal[LS_SIDE_OF] != NULL && s->reveal[LS_SIDE_BY] != NULL;
    if (s->choice == NULL && !revealed) {
        ls_report_add(w->report, LS_FINDING_NOTE, w->subject, "no rows are drawn: it is %s",
                      ls_draw_stage_name(s->stage));
        return LS_SUCCESS;
    }
    if (d->population.count == 0) {
        return LS_SUCCESS; /* a finding says why */
    }
    LS_TRY(s->choice != NULL ? take_choice(w) : draw_by_lot(w));
    if (d->count == 0) {
        return LS_SUCCESS;
    }
    ls_report_add(w->report, LS_FINDING_OK, w->subject, "%zu of %llu rows were %s, and %zu replacements", d->chosen,
                  (ull)d->population.count, s->choice != NULL ? "chosen" : "drawn", d->count - d->chosen);
    LS_TRY(ls_drawer_openings(w));
    ls_drawing_judge(d, d->opened, d->opened_count, d->row);
    LS_TRY(ls_drawer_compare(w));
    check_due(w);
    return LS_SUCCESS;
}

ls_result ls_drawing_read(ls_arena *arena, const ls_drawing_source *from, const ls_draw_state *state, ls_report *report,
                          ls_drawing *out)
{
    ls_drawing d = {.state = state};
    ls_drawer w = {.arena = arena, .from = from, .report = report, .out = &d};
    w.subject = ls_arena_format(arena, "draw in act %u", state->draw->index);
    if (w.subject == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(take_population(&w));
    LS_TRY(read_rows(&w));
    tell_late(&w);
    *out = d;
    return report->lost ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}
