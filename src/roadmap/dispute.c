/*
 * Disputes, which run through stages, and rights, which are used up.
 *
 *   disputes:
 *     - id: resolution
 *       title: Dispute resolution
 *       open-to: [iran, usa, eu]
 *       [settled-by: [iran, usa, eu]]     left out: all who signed
 *       stages:
 *         - {id: commission, title: Joint Commission, lasts: 15 days, extendable: true}
 *         - {id: ministers, title: Ministers, after: [commission], lasts: 15 days, optional: true}
 *   rights:
 *     - {id: visits, of: usa, what: visit a place, paragraph: p21, quota: 12 per year, from: in force}
 */
#include "roadmap/parts.h"

#define QUOTA_MAX 1000000

/* Stages stand in the order in which they may come, so those before this one are known, and there are no circles. */
static void read_stage_after(ls_roadmap_reader *r, const ls_value *v, const ls_ids *stages, ls_stage *s)
{
    const ls_value *list = ls_field_list(v, "after", 0, LS_STAGES_MAX, r->d);
    s->after = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *s->after);
    for (size_t i = 0; s->after != NULL && i < list->count; i++) {
        const ls_value *item = list->items[i];
        ls_bytes id;
        int found = ls_field_read_name(item, "a stage", r->d, &id) ? ls_ids_find(stages, id) : -1;
        if (found >= 0) {
            s->after[s->after_count++] = (size_t)found;
        } else if (item->type == LS_STRING && ls_name_valid(item->string)) {
            ls_diagnose(r->d, item->mark, "a stage comes after stages that stand before it in the list",
                        "no stage before this one is called '%.*s'", (int)id.len, id.ptr);
        }
    }
}

static void read_stage(ls_roadmap_reader *r, const ls_value *v, ls_ids *stages, ls_stage *s)
{
    ls_value_check_map(v, "stage",
                       LS_KEYS({"id", true}, {"title", true}, {"after", false}, {"lasts", true}, {"optional", false},
                               {"extendable", false}),
                       r->d);
    read_stage_after(r, v, stages, s);
    ls_field_name(v, "id", r->d, &s->id);
    ls_ids_add(stages, s->id, ls_field_mark(v, "id"), r->d);
    ls_field_line(v, "title", r->d, &s->title);
    ls_roadmap_read_duration(r, v, "lasts", &s->lasts);
    ls_field_boolean(v, "optional", r->d, &s->optional);
    ls_field_boolean(v, "extendable", r->d, &s->extendable);
    if (s->optional && s->after_count == 0 && ls_value_get(v, "after") == NULL) {
        ls_diagnose(r->d, ls_field_mark(v, "optional"), "say with after which stages come before it",
                    "a stage that begins with the dispute can't be asked for in time, so it can't be optional");
    }
}

/* A procedure that could end with a stage that nobody asked for would end before anybody could ask. */
static void check_last(ls_roadmap_reader *r, const ls_dispute *x, const ls_value *list)
{
    bool followed[LS_STAGES_MAX] = {false};
    size_t last = 0;
    for (size_t i = 0; i < x->stage_count; i++) {
        for (size_t a = 0; a < x->stages[i].after_count; a++) {
            followed[x->stages[i].after[a]] = true;
        }
    }
    for (size_t i = 0; i < x->stage_count; i++) {
        if (!followed[i] && !x->stages[i].optional) {
            return;
        }
        last = followed[i] ? last : i;
    }
    ls_diagnose(r->d, ls_field_mark(list->items[last], "optional"), "let a stage follow that is not optional",
                "a procedure can't end with an optional stage alone");
}

static void read_stages(ls_roadmap_reader *r, const ls_value *v, ls_dispute *x)
{
    ls_ids stages;
    const ls_value *list = ls_field_list(v, "stages", 1, LS_STAGES_MAX, r->d);
    if (list == NULL || !ls_ids_init(&stages, "stage", list->count, r->arena, r->d)) {
        return;
    }
    x->stages = ls_arena_array(r->arena, list->count, sizeof *x->stages);
    for (size_t i = 0; x->stages != NULL && i < list->count; i++) {
        read_stage(r, list->items[i], &stages, &x->stages[x->stage_count++]);
    }
    check_last(r, x, list);
}

static void read_dispute(ls_roadmap_reader *r, const ls_value *v, ls_dispute *x)
{
    ls_value_check_map(
        v, "dispute procedure",
        LS_KEYS({"id", true}, {"title", true}, {"open-to", true}, {"settled-by", false}, {"stages", true}), r->d);
    x->mark = ls_field_mark(v, "id");
    ls_field_name(v, "id", r->d, &x->id);
    ls_ids_add(&r->disputes, x->id, x->mark, r->d);
    ls_field_line(v, "title", r->d, &x->title);
    ls_roadmap_read_party_list(r, v, "open-to", LS_OF_ACCORD, &x->open_to);
    x->settled_by = r->roadmap->signed_by;
    ls_roadmap_read_party_list(r, v, "settled-by", LS_OF_ACCORD, &x->settled_by);
    read_stages(r, v, x);
}

void ls_roadmap_read_disputes(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "disputes", 0, LS_DISPUTES_MAX, r->d);
    ls_dispute *disputes = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *disputes);
    for (size_t i = 0; disputes != NULL && i < list->count; i++) {
        read_dispute(r, list->items[i], &disputes[r->roadmap->dispute_count++]);
    }
    r->roadmap->disputes = disputes;
}

/* "12 per year" */
static bool parse_quota(ls_bytes text, uint32_t *quota, ls_duration *per)
{
    ls_reader words = ls_reader_of(text);
    ls_bytes number, word;
    uint64_t n;
    if (!ls_read_until(&words, ' ', &number) || !ls_decimal_parse(number, QUOTA_MAX, &n) || n == 0 ||
        !ls_read_until(&words, ' ', &word) || !ls_bytes_is(word, "per") ||
        !ls_roadmap_period(ls_read_bytes(&words, ls_reader_left(&words)), per)) {
        return false;
    }
    *quota = (uint32_t)n;
    return true;
}

static void read_right(ls_roadmap_reader *r, const ls_value *v, ls_right *x)
{
    ls_bytes quota;
    const ls_value *of = ls_value_get(v, "of");
    ls_value_check_map(
        v, "right",
        LS_KEYS({"id", true}, {"of", true}, {"what", true}, {"paragraph", true}, {"quota", true}, {"from", true}),
        r->d);
    ls_field_name(v, "id", r->d, &x->id);
    ls_ids_add(&r->rights, x->id, ls_field_mark(v, "id"), r->d);
    if (of != NULL) {
        ls_roadmap_read_party(r, of, LS_OF_CHARTER, &x->of);
    }
    ls_roadmap_read_words(r, v, &x->what, &x->paragraph);
    if (ls_field_line(v, "quota", r->d, &quota) && !parse_quota(quota, &x->quota, &x->per)) {
        ls_diagnose(r->d, ls_field_mark(v, "quota"),
                    "write it like: 12 per year; a period is a day, week, month or year",
                    "quota must be a number of uses, from 1 to %d, in a period", QUOTA_MAX);
    }
}

void ls_roadmap_read_rights(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_field_list(v, "rights", 0, LS_RIGHTS_MAX, r->d);
    ls_right *rights = list == NULL ? NULL : ls_arena_array(r->arena, list->count, sizeof *rights);
    for (size_t i = 0; rights != NULL && i < list->count; i++) {
        read_right(r, list->items[i], &rights[r->roadmap->right_count++]);
    }
    r->roadmap->rights = rights;
}

void ls_roadmap_read_right_moments(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *list = ls_value_get(v, "rights");
    for (size_t i = 0; i < r->roadmap->right_count; i++) {
        ls_roadmap_read_moment(r, list->items[i], "from", &r->roadmap->rights[i].from);
    }
}
