/* Which amendment of an accord is acceptable: what others rely on already stays as it is. */
#include "record/rules.h"

static bool same_units(const ls_amount *a, const ls_amount *b)
{
    bool same = a->unit_count == b->unit_count && ls_bytes_equal(a->unit, b->unit);
    for (size_t i = 0; same && i < a->unit_count; i++) {
        same = ls_bytes_equal(a->units[i].unit, b->units[i].unit) && a->units[i].weight == b->units[i].weight;
    }
    return same;
}

/* Acts named these methods. */
static bool keeps_methods(const ls_amount *before, const ls_amount *after)
{
    for (size_t i = 0; i < before->method_count; i++) {
        if (ls_amount_method(after, before->methods[i].id) < 0) {
            return false;
        }
    }
    return true;
}

/* Levels are no parts, and an amount is not nothing. */
static int amount_class(ls_amount_kind kind)
{
    return kind == LS_AMOUNT_NONE ? 0 : kind == LS_AMOUNT_CEILING ? 1 : 2;
}

static const char *changed_measure(const ls_measure *before, const ls_measure *after)
{
    const struct {
        bool same;
        const char *what;
    } parts[] = {
        {before->by == after->by, "who performs it"},
        {ls_bytes_equal(before->declares, after->declares) && ls_bytes_equal(before->opens, after->opens) &&
             before->opens_tranche == after->opens_tranche,
         "what it declares or opens"},
        {before->irreversible == after->irreversible, "whether it is irreversible"},
        {amount_class(before->amount.kind) == amount_class(after->amount.kind) &&
             same_units(&before->amount, &after->amount),
         "the unit of its amount"},
        {keeps_methods(&before->amount, &after->amount), "its methods"},
    };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i].same) {
            return parts[i].what;
        }
    }
    return NULL;
}

static ls_result check_measure(const ls_measure *before, const ls_roadmap *after, ls_detail *detail)
{
    int i = ls_roadmap_measure(after, before->id);
    if (i < 0) {
        return ls_refuse(detail, "leave it in", "%.*s was performed, confirmed or breached, and can't be taken out",
                         (int)before->id.len, before->id.ptr);
    }
    const char *what = changed_measure(before, &after->measures[i]);
    return what == NULL ? LS_SUCCESS
                        : ls_refuse(detail, NULL, "%.*s was performed, confirmed or breached: %s can't be changed",
                                    (int)before->id.len, before->id.ptr, what);
}

/* Each measure about which something was said that others rely on. */
static ls_result check_measures(const ls_record *r, const accord *before, const ls_roadmap *after, ls_detail *detail)
{
    const uint32_t binding = 1u << LS_FACT_PERFORM | 1u << LS_FACT_CONFIRM | 1u << LS_FACT_OBJECT;
    bool bound[LS_MEASURES_MAX] = {false};
    for (size_t i = 0; i < before->fact_count; i++) {
        const ls_fact *f = &before->fact[i];
        if ((binding >> f->kind & 1) != 0 && ls_entry_effective(r, f->index)) {
            bound[f->subject] = true;
        }
    }
    for (size_t i = 0; i < before->shown.roadmap->measure_count; i++) {
        if (bound[i]) {
            LS_TRY(check_measure(&before->shown.roadmap->measures[i], after, detail));
        }
    }
    return LS_SUCCESS;
}

static bool same_list(const ls_bytes *a, size_t a_count, const ls_bytes *b, size_t b_count)
{
    bool same = a_count == b_count;
    for (size_t i = 0; same && i < a_count; i++) {
        same = ls_bytes_equal(a[i], b[i]);
    }
    return same;
}

static bool same_audiences(const ls_declared *a, const ls_declared *b)
{
    bool same = a->audience_count == b->audience_count;
    for (size_t i = 0; same && i < a->audience_count; i++) {
        const ls_declared_audience *x = &a->audiences[i], *y = &b->audiences[i];
        same = ls_bytes_equal(x->name, y->name) && (x->fields == NULL) == (y->fields == NULL) &&
               (x->fields == NULL || memcmp(x->fields, y->fields, a->field_count * sizeof *x->fields) == 0);
    }
    return same;
}

static bool same_declaration(const ls_declared *a, const ls_declared *b)
{
    return a->by == b->by && same_list(a->fields, a->field_count, b->fields, b->field_count) &&
           same_list(a->labels, a->tranche_count, b->labels, b->tranche_count) &&
           memcmp(a->padded, b->padded, a->tranche_count * sizeof *a->padded) == 0 && a->row_bytes == b->row_bytes &&
           ls_bytes_equal(a->id_column, b->id_column) && ls_bytes_equal(a->tranche_column, b->tranche_column) &&
           ls_bytes_equal(a->latitude, b->latitude) && ls_bytes_equal(a->longitude, b->longitude) &&
           same_audiences(a, b);
}

static ls_result check_declarations(const accord *before, const ls_roadmap *after, ls_detail *detail)
{
    const ls_roadmap *m = before->shown.roadmap;
    for (size_t i = 0; i < m->declaration_count; i++) {
        const ls_declared *d = &m->declarations[i], *now = ls_roadmap_declaration(after, d->name);
        if (before->declared[i] != NONE && (now == NULL || !same_declaration(d, now))) {
            return ls_refuse(detail, "leave it as it is", "%.*s was declared, and stays as it is", (int)d->name.len,
                             d->name.ptr);
        }
    }
    return LS_SUCCESS;
}

ls_result ls_record_check_amendment(const ls_record *r, int version, const ls_roadmap *after, ls_detail *detail)
{
    const accord *before = &r->accord[version];
    const ls_roadmap *m = before->shown.roadmap;
    if (!ls_entry_effective(r, before->shown.index)) {
        return ls_refuse(detail, "propose it without --amends", "the accord that it amends came too late");
    }
    if (!ls_bytes_equal(m->name, after->name)) {
        return ls_refuse(detail, NULL, "an amendment keeps the accord's name, %.*s", (int)m->name.len, m->name.ptr);
    }
    if (m->party_count != after->party_count ||
        memcmp(m->parties, after->parties, m->party_count * sizeof *m->parties) != 0) {
        return ls_refuse(detail, "others sign an accord of their own", "an amendment keeps the accord's parties");
    }
    LS_TRY(check_measures(r, before, after, detail));
    return check_declarations(before, after, detail);
}
