/*
 * Challenges against what was opened: every row that this workspace can read, of declarations that stood on the record
 * before the challenge. A row that covers a place where there was said to be nothing proves that the denial was false.
 */
#include "bundle/opened.h"
#include "cli/draws.h"
#include "cli/scorecard.h"
#include "cover/cover.h"

/* Rows of one declaration against all challenges. */
typedef struct reading {
    cli *c;
    cli_challenged *challenged; /* as many as the state has challenges */
    size_t count;
    const ls_declared *declared;
    uint32_t index; /* of the declaration */
} reading;

/* Empty if there is no such field, or it is closed. */
static ls_bytes value_of(const reading *r, const ls_opened_field *fields, ls_bytes name)
{
    size_t i = ls_bytes_find(r->declared->fields, r->declared->field_count, name);
    return i == r->declared->field_count || !fields[i].open ? (ls_bytes){0} : fields[i].value;
}

static bool is_blank(const reading *r, const ls_opened_field *fields)
{
    ls_opened_row row;
    ls_opened_row_judge(fields, r->declared->field_count, &row);
    return row.blank || row.unclear;
}

static ls_result take_row(void *context, const ls_population_row *at, const ls_opened_field *fields)
{
    const reading *r = context;
    const ls_cover_row row = {value_of(r, fields, r->declared->latitude), value_of(r, fields, r->declared->longitude),
                              value_of(r, fields, ls_bytes_str("geometry"))};
    for (size_t i = 0; i < r->count && !is_blank(r, fields); i++) {
        cli_challenged *x = &r->challenged[i];
        const ls_challenge_rule *rule = &x->state->challenge->rule->challenges;
        const ls_cover_rule how = {rule->areas_within ? LS_AREAS_CONTAINED : LS_AREAS_TOUCH,
                                   rule->without_coordinates ? LS_PLACELESS_ALWAYS : LS_PLACELESS_NEVER};
        bool covered = false;
        if (!x->readable || x->covered || r->index >= x->state->challenge->index) {
            continue;
        }
        LS_TRY(ls_cover_row_decide(&x->circle, &how, &row, &covered));
        if (covered) {
            ls_bytes id = value_of(r, fields, r->declared->id_column);
            x->covered = true;
            x->row = *at;
            x->id = cli_text(r->c, id);
            x->declaration = r->index;
        }
    }
    return LS_SUCCESS;
}

/* The place stands in the act alone. */
static ls_result read_places(cli *c, const cli_card *k, cli_challenged *out)
{
    for (size_t i = 0; i < k->inspection.challenge_count; i++) {
        ls_act act;
        ls_place place;
        out[i].state = &k->inspection.challenge[i];
        LS_TRY(ls_workspace_read_act(&c->ws, out[i].state->challenge->index, &c->arena, &act, &c->detail));
        out[i].readable = ls_place_parse(act.raw[LS_H_PLACE], &place) && act.radius <= LS_CIRCLE_MAX;
        out[i].circle = (ls_circle){place, (uint32_t)act.radius};
    }
    return LS_SUCCESS;
}

static ls_result read_declaration(const ls_drawing_source *from, const ls_record_declaration *d, reading *r)
{
    r->declared = ls_roadmap_declaration(ls_record_accord(from->record, (size_t)d->accord)->roadmap, d->name);
    r->index = (uint32_t)d->index;
    return ls_opened_each(from, d, take_row, r);
}

/* Whether some challenged inspection is about this declaration. */
static bool is_challenged(cli *c, const cli_card *k, const ls_record_declaration *d)
{
    const ls_roadmap *m = k->accord->roadmap;
    bool same = ls_record_accord_same(c->ws.record, d->accord, ls_record_find_accord(c->ws.record, &k->accord->id));
    for (size_t i = 0; same && i < m->inspection_count; i++) {
        if (ls_bytes_equal(m->inspections[i].declared->name, d->name)) {
            return true;
        }
    }
    return false;
}

ls_result cli_card_challenged(cli *c, const cli_card *k, cli_challenged **out)
{
    ls_note_reading notes;
    ls_drawing_source from;
    reading r = {.c = c, .count = k->inspection.challenge_count};
    r.challenged = ls_arena_array(&c->arena, r.count + 1, sizeof *r.challenged);
    if (r.challenged == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(read_places(c, k, r.challenged));
    *out = r.challenged;
    if (r.count == 0) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_draw_source(c, &notes, NULL, &from));
    for (size_t i = 0; i < ls_record_declaration_count(c->ws.record); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(c->ws.record, i);
        if (is_challenged(c, k, d)) {
            LS_TRY(read_declaration(&from, d, &r));
        }
    }
    return LS_SUCCESS;
}
