/* What is known of a declaration: its rows, from openings. */
#include "bundle/known_parts.h"

ls_time ls_known_time(const ls_knower *k, uint64_t index)
{
    ls_time t = ls_record_at(k->from->record, index).time;
    return t == LS_TIME_OPEN ? k->from->now : t;
}

int32_t ls_known_day(const ls_charter *c, ls_time t)
{
    return (int32_t)ls_date_to_days(ls_zone_date(&c->zone, t));
}

/* Latitude, longitude, and a field that is called geometry, as for challenges. */
static ls_result find_places(ls_arena *arena, const ls_declared *d, const bool **out)
{
    bool *places = ls_arena_array(arena, d->field_count, sizeof *places);
    bool any = false;
    if (places == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < d->field_count; i++) {
        places[i] = ls_bytes_equal(d->fields[i], d->latitude) || ls_bytes_equal(d->fields[i], d->longitude) ||
                    ls_bytes_is(d->fields[i], "geometry");
        any = any || places[i];
    }
    *out = any ? places : NULL;
    return LS_SUCCESS;
}

ls_result ls_knower_begin(ls_knower *k, ls_arena *arena, const ls_known_source *from, int accord,
                          const ls_declared *declared, ls_report *report)
{
    *k = (ls_knower){.arena = arena, .from = from, .report = report};
    k->known = (ls_known){.accord = accord,
                          .declared = declared,
                          .form = {.field_count = declared->field_count,
                                   .fields = declared->fields,
                                   .id = ls_bytes_find(declared->fields, declared->field_count, declared->id_column)}};
    return find_places(arena, declared, &k->known.form.places);
}

/* Rows. */

typedef struct part_pass {
    ls_knower *k;
    const ls_record_declaration *declaration;
    uint64_t opened;
    ls_bytes audience;
} part_pass;

/* Of a whole tranche values are decrypted on the way, and gone with the next row. */
static ls_result keep_values(ls_knower *k, const ls_opened_field *fields, ls_bytes **out)
{
    size_t count = k->known.form.field_count;
    ls_bytes *values = ls_arena_array(k->arena, count, sizeof *values);
    if (values == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        const char *value = fields[i].open ? ls_arena_str(k->arena, fields[i].value) : NULL;
        if (fields[i].open && value == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        values[i] = fields[i].open ? ls_bytes_of(value, fields[i].value.len) : (ls_bytes){0};
    }
    *out = values;
    return LS_SUCCESS;
}

static ls_result take_row(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    const part_pass *p = context;
    const ls_record_declaration *d = p->declaration;
    ls_time declared = ls_known_time(p->k, d->index);
    ls_bytes *values;
    ls_opened_row opened;
    ls_opened_row_judge(fields, p->k->known.form.field_count, &opened);
    if (opened.blank) {
        return LS_SUCCESS;
    }
    LS_TRY(keep_values(p->k, fields, &values));
    const ls_known_row known = {.place = {d->act, tranche, row},
                                .values = values,
                                .declared = d->index,
                                .day = ls_known_day(ls_record_charter(p->k->from->record), declared),
                                .opened = p->opened,
                                .known = p->opened == LS_NO_SOURCE ? declared : ls_known_time(p->k, p->opened),
                                .audience = p->audience};
    ls_buf_put(&p->k->rows, &known, sizeof known);
    return ls_buf_check(&p->k->rows);
}

ls_result ls_knower_part(ls_knower *k, const ls_opening_part *part, const ls_record_declaration *declaration,
                         uint64_t opened, ls_bytes audience, bool *holds)
{
    part_pass pass = {k, declaration, opened, audience};
    ls_opening_report report;
    size_t before = k->rows.len;
    LS_TRY(ls_opening_verify(part, &declaration->declared, take_row, &pass, &report));
    *holds = report.verdict == LS_OPENED;
    k->rows.len = *holds ? k->rows.len : before;
    return LS_SUCCESS;
}

/* The end. */

static ls_result settle(ls_arena *arena, const ls_buf *list, void **out)
{
    void *kept = ls_arena_alloc(arena, list->len + 1);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (list->len > 0) {
        memcpy(kept, list->ptr, list->len);
    }
    *out = kept;
    return LS_SUCCESS;
}

ls_result ls_knower_end(ls_knower *k, ls_known *out)
{
    void *rows, *changes;
    LS_TRY(settle(k->arena, &k->rows, &rows));
    LS_TRY(settle(k->arena, &k->changes, &changes));
    *out = k->known;
    out->rows = rows;
    out->row_count = k->rows.len / sizeof(ls_known_row);
    out->changes = changes;
    out->change_count = k->changes.len / sizeof(ls_known_change);
    return LS_SUCCESS;
}

void ls_knower_free(ls_knower *k)
{
    ls_buf_free(&k->rows);
    ls_buf_free(&k->changes);
}
