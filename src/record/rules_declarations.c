/* Declarations and their openings. */
#include "crypto/sha256.h"
#include "inventory/notification.h"
#include "record/rules.h"

static ls_result schema_hash(const ls_declared *d, ls_hash *out)
{
    ls_buf json = {0};
    ls_schema s = {
        .field_count = d->field_count, .fields = d->fields, .tranche_count = d->tranche_count, .tranches = d->labels};
    ls_result r = ls_schema_format(&s, &json);
    if (ls_succeeded(r)) {
        ls_sha256_hash(ls_buf_bytes(&json), out);
    }
    ls_buf_free(&json);
    return r;
}

/* Within limits: rows of all tranches together. */
static ls_result check_rows_limit(const ls_record *r, const ls_declared *d, ls_detail *detail)
{
    uint64_t rows = 0;
    for (size_t k = 0; k < d->tranche_count; k++) {
        if (__builtin_add_overflow(rows, d->padded[k], &rows)) {
            rows = UINT64_MAX;
        }
    }
    return rows <= r->charter->rows_limit ? LS_SUCCESS
                                          : ls_refuse(detail, NULL, "more rows than the charter's limit of %llu",
                                                      (unsigned long long)r->charter->rows_limit);
}

/* Another party's nonce is of no concern, or whoever sees one first could use it up. */
static ls_result check_nonce(const ls_record *r, const ls_act *act, size_t by, ls_detail *detail)
{
    uint32_t found;
    for (table_walk w = ls_table_walk(&r->nonces, act->nonce.b); ls_table_next(&w, &found);) {
        const ls_record_declaration *x = &r->declaration[found].shown;
        if (x->by == by && memcmp(x->nonce, act->nonce.b, sizeof x->nonce) == 0) {
            return ls_refuse(detail, "declare again; each attempt takes a fresh nonce",
                             "a nonce is used once: every salt would repeat");
        }
    }
    return LS_SUCCESS;
}

ls_result ls_rule_accept_declare(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_require_accord(r, e, detail));
    const ls_declared *d = ls_roadmap_declaration(r->accord[e->accord_index].shown.roadmap, act->raw[LS_H_DECLARATION]);
    if (d == NULL || d->by != e->by) {
        return ls_refuse(detail, "lockstep accord show lists the declarations",
                         "the accord has no declaration %.*s by %.*s", (int)act->raw[LS_H_DECLARATION].len,
                         act->raw[LS_H_DECLARATION].ptr, (int)act->by.name[0].len, act->by.name[0].ptr);
    }
    ls_hash schema;
    LS_TRY(schema_hash(d, &schema));
    if (!ls_hash_equal(&schema, &act->schema) || act->tranches != d->tranche_count || act->row_bytes != d->row_bytes) {
        return ls_refuse(detail, NULL, "fields, tranches or row-bytes are not those of the accord");
    }
    LS_TRY(check_rows_limit(r, d, detail));
    return check_nonce(r, act, e->by, detail);
}

/* The first of a name stays the first, and those that supplement it follow, the latest before the others: one that has
 * effect is found at once either way. */
static void link_declaration(ls_record *r, uint32_t *first, uint32_t number)
{
    uint32_t *place = *first == NONE ? first : &r->declaration[*first].next;
    r->declaration[number].next = *place;
    *place = number;
}

/* The act is what a measure asked for. */
static void performs(ls_record *r, const ls_act *act, const effect *e, size_t measure)
{
    ls_fact f = ls_fact_of(act, e, LS_FACT_PERFORM);
    f.subject = (uint32_t)measure & 1023;
    ls_fact_add(r, e->accord_index, &f);
    r->entry[r->size - 1].measure = (int16_t)measure;
}

/* A party's later declaration of the same name supplements the first; it performs nothing again. */
void ls_rule_apply_declare(ls_record *r, const ls_act *act, const effect *e)
{
    accord *a = &r->accord[e->accord_index];
    const ls_roadmap *m = a->shown.roadmap;
    const ls_declared *d = ls_roadmap_declaration(m, act->raw[LS_H_DECLARATION]);
    uint32_t number = (uint32_t)r->declaration_count++;
    ls_record_declaration *x = &r->declaration[number].shown;
    *x = (ls_record_declaration){
        .act = act->id, .index = r->size - 1, .accord = e->accord_index, .by = e->by, .name = d->name};
    memcpy(x->nonce, act->nonce.b, sizeof x->nonce);
    ls_table_add(&r->nonces, x->nonce, number);
    link_declaration(r, &a->declared[d - m->declarations], number);
    if (act->attachment_count > 0) {
        x->manifest = act->attachment[0].hash;
    }
    ls_declaration_of_act(act, (uint32_t)d->field_count, &x->declared);
    for (size_t i = 0; i < m->measure_count; i++) {
        if (ls_bytes_equal(m->measures[i].declares, d->name) && a->performed[i] == 0) {
            performs(r, act, e, i);
        }
    }
}

/* Whether a declaration of this name with effect stands before this size. */
static bool declared_before(const ls_record *r, const accord *a, size_t which, uint64_t size)
{
    for (uint32_t i = a->declared[which]; i != NONE; i = r->declaration[i].next) {
        uint64_t index = r->declaration[i].shown.index;
        if (index < size && ls_entry_effective(r, index)) {
            return true;
        }
    }
    return false;
}

static ls_result check_declared(const ls_record *r, const ls_act *act, const effect *e, ls_detail *detail)
{
    const accord *a = &r->accord[e->accord_index];
    const ls_declared *d = ls_roadmap_declaration(a->shown.roadmap, act->raw[LS_H_DECLARATION]);
    bool declared = d != NULL && d->by == e->by &&
                    declared_before(r, a, (size_t)(d - a->shown.roadmap->declarations), act->head_size);
    if (!declared) {
        return ls_refuse(detail, "declare it first: lockstep declare",
                         "%.*s has not declared %.*s before this act's head", (int)act->by.name[0].len,
                         act->by.name[0].ptr, (int)act->raw[LS_H_DECLARATION].len, act->raw[LS_H_DECLARATION].ptr);
    }
    return LS_SUCCESS;
}

ls_result ls_rule_accept_open(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    LS_TRY(ls_rule_require_accord(r, e, detail));
    LS_TRY(check_declared(r, act, e, detail));
    const ls_declared *d = ls_roadmap_declaration(ls_rule_roadmap(r, e), act->raw[LS_H_DECLARATION]);
    if (act->has[LS_H_TRANCHE] == act->has[LS_H_ROWS]) {
        return ls_refuse(detail, NULL, "an opening names a tranche, or how many rows it opens");
    }
    if (act->has[LS_H_TRANCHE] && act->tranche > d->tranche_count) {
        return ls_refuse(detail, NULL, "the declaration has %zu tranches", d->tranche_count);
    }
    if (act->has[LS_H_REF] || act->has[LS_H_BLANK]) {
        return ls_rule_check_answering(r, act, e, detail);
    }
    return LS_SUCCESS;
}

/* What has become of declared rows, by who declared them. */
ls_result ls_rule_check_notify(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    ls_change known;
    if (!ls_change_parse(act->raw[LS_H_CHANGE], &known)) {
        return ls_refuse(detail, "moved, converted, eliminated, changed, new or corrected", "there is no change %.*s",
                         (int)act->raw[LS_H_CHANGE].len, act->raw[LS_H_CHANGE].ptr);
    }
    return check_declared(r, act, e, detail);
}

/* A declaration, an opening or a notification under this accord is not accepted by this party. */
ls_result ls_rule_check_contest(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
{
    static const char *const kinds[] = {"declare", "open", "notify"};
    bool fits = false;
    for (size_t i = 0; e->referred != NONE && i < sizeof kinds / sizeof *kinds; i++) {
        fits = fits || ls_entry_is(r, e->referred, kinds[i]);
    }
    (void)act;
    fits = fits && ls_record_accord_same(r, r->entry[e->referred].accord, e->accord_index) &&
           r->entry[e->referred].by != e->by;
    return fits ? LS_SUCCESS
                : ls_refuse(detail, "lockstep log lists the acts",
                            "ref does not name another party's declaration, opening or notification");
}

/* A tranche's opening counts as performed; what its bytes say is said by confirm, object or missing. */
void ls_rule_apply_open(ls_record *r, const ls_act *act, const effect *e)
{
    const ls_roadmap *m = r->accord[e->accord_index].shown.roadmap;
    for (size_t i = 0; act->has[LS_H_TRANCHE] && i < m->measure_count; i++) {
        if (ls_bytes_equal(m->measures[i].opens, act->raw[LS_H_DECLARATION]) &&
            m->measures[i].opens_tranche == act->tranche) {
            performs(r, act, e, i);
        }
    }
    if (act->has[LS_H_REF]) {
        ls_inspected_add(r, e->accord_index, &e->inspected);
    }
}
