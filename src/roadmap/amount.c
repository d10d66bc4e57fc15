/*
 * How much a measure is about.
 *
 *   amount: 50000 t                      in parts, with a running total
 *   amount: 500000 t per year            a rate
 *   amount: 30 % of weapons-registered   of what is attested with that event
 *   amount: as much as uvf-storage       parity with another measure
 *   at-most: 300 kg                      a ceiling
 *   units: {bomber: 1, warhead: 0.5}     then numbers stand without a unit, and count by weight
 *   shares: {usa: 25 %, chn: 25 %}
 *   methods: [{id: burning, title: burning, at-most: 20 %, until: 2 years after in force}]
 */
#include "roadmap/parts.h"

#define AMOUNT_HINT "write it like: 50000 t, 500 t per year, 30 % of an-event, as much as a-measure"

static bool starts(ls_bytes text, const char *with, ls_bytes *rest)
{
    size_t len = strlen(with);
    if (!ls_bytes_starts(text, with)) {
        return false;
    }
    *rest = ls_bytes_of(text.ptr + len, text.len - len);
    return true;
}

/* Cuts text at the first occurrence of a word; false if there is none. */
static bool cut(ls_bytes text, const char *at, ls_bytes *before, ls_bytes *behind)
{
    const uint8_t *found = text.len == 0 ? NULL : memmem(text.ptr, text.len, at, strlen(at));
    if (found == NULL) {
        return false;
    }
    *before = ls_bytes_of(text.ptr, (size_t)(found - text.ptr));
    *behind = ls_bytes_of(found + strlen(at), text.len - before->len - strlen(at));
    return true;
}

/* A number as YAML has it, without quotes if it is whole. */
static bool number_of(const ls_value *v, ls_quantity *out)
{
    if (v->type == LS_INTEGER) {
        bool fits = v->integer >= 0 && v->integer <= LS_QUANTITY_MAX / LS_QUANTITY_ONE;
        *out = fits ? v->integer * LS_QUANTITY_ONE : *out;
        return fits;
    }
    return v->type == LS_STRING && ls_quantity_parse(v->string, out);
}

static void read_units(ls_roadmap_reader *r, const ls_value *v, ls_amount *a)
{
    if (v->type != LS_MAP || v->count == 0 || v->count > LS_UNITS_MAX) {
        ls_diagnose(r->d, v->mark, "write it like: {bomber: 1, warhead: 0.5}",
                    "units must be a map of 1 to %d units and their weights", LS_UNITS_MAX);
        return;
    }
    a->units = ls_arena_array(r->arena, v->count, sizeof *a->units);
    for (size_t i = 0; a->units != NULL && i < v->count; i++) {
        const ls_entry *e = &v->entries[i];
        ls_weight *w = &a->units[a->unit_count];
        w->unit = e->key;
        if (!ls_name_valid(e->key)) {
            ls_diagnose(r->d, e->mark, "use a-z, 0-9 and '-'", "a unit must be a name");
        } else if (!number_of(e->value, &w->weight) || w->weight == 0) {
            ls_diagnose(r->d, e->value->mark, "write it like: 0.5; at most three decimals",
                        "the weight of a unit must be a number above 0");
        } else {
            a->unit_count++;
        }
    }
}

/* The one unit that an amount names; an empty one where there is none to name. */
static void set_unit(ls_roadmap_reader *r, ls_amount *a, ls_bytes unit)
{
    a->units = ls_arena_array(r->arena, 1, sizeof *a->units);
    if (a->units == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    a->unit = unit;
    a->units[0] = (ls_weight){unit, LS_QUANTITY_ONE};
    a->unit_count = 1;
}

/* "50000 t", or, where the key units says in what, "50000". */
static bool read_number(ls_roadmap_reader *r, const ls_value *v, const char *key, ls_bytes text, bool has_units,
                        ls_amount *a)
{
    ls_bytes number, unit = {0};
    ls_reader words = ls_reader_of(text);
    ls_read_until(&words, ' ', &number);
    unit = ls_read_bytes(&words, ls_reader_left(&words));
    if (!ls_quantity_parse(number, &a->number)) {
        ls_diagnose(r->d, v->mark, a->kind == LS_AMOUNT_CEILING ? "write it like: 300 kg" : AMOUNT_HINT,
                    "%s must begin with a number of at most three decimals", key);
        return false;
    }
    if (has_units && unit.len > 0) {
        ls_diagnose(r->d, v->mark, "write the number alone: it is counted in the weights under units",
                    "%s has a unit, and units as well", key);
        return false;
    }
    if (!has_units && !ls_name_valid(unit)) {
        ls_diagnose(r->d, v->mark, "write it like: 50000 t; a unit is of a-z, 0-9 and '-'",
                    "%s must end with the name of a unit", key);
        return false;
    }
    if (!has_units) {
        set_unit(r, a, unit);
    }
    return true;
}

/* A percentage names no unit; without the key units it is counted in numbers alone. */
static void read_percent(ls_roadmap_reader *r, const ls_value *v, ls_bytes number, ls_bytes event, ls_amount *a)
{
    const char *percent = ls_arena_format(r->arena, "%.*s %%", (int)number.len, number.ptr);
    a->kind = LS_AMOUNT_PERCENT;
    if (a->unit_count == 0) {
        set_unit(r, a, (ls_bytes){0});
    }
    if (percent == NULL || !ls_roadmap_percent(ls_bytes_str(percent), &a->number)) {
        ls_diagnose(r->d, v->mark, "write it like: 30 % of weapons-registered",
                    "a percentage must be above 0 and at most 100");
    }
    int found = ls_ids_require(&r->events, event, v->mark, r->d);
    if (found < 0) {
        return;
    }
    a->subject = (size_t)found;
    r->awaited[found] = true;
    if (r->roadmap->events[found].attested_by == 0) {
        ls_diagnose(r->d, v->mark, "give the event the key attested-by",
                    "nobody attests '%.*s', so it comes with no amount", (int)event.len, event.ptr);
    }
}

static void read_parity(ls_roadmap_reader *r, const ls_value *v, ls_bytes id, ls_measure *m)
{
    int found = ls_ids_require(&r->measures, id, v->mark, r->d);
    if (found >= 0 && &r->roadmap->measures[found] == m) {
        ls_diagnose(r->d, v->mark, "name the measure that it keeps up with", "a measure can't be as much as itself");
    } else if (found >= 0) {
        m->amount.kind = LS_AMOUNT_PARITY;
        m->amount.subject = (size_t)found;
    }
}

/* What stands behind "per", if anything does. */
static bool read_rate(ls_roadmap_reader *r, const ls_value *v, ls_bytes period, ls_amount *a)
{
    a->kind = LS_AMOUNT_RATE;
    if (!ls_roadmap_period(period, &a->per)) {
        ls_diagnose(r->d, v->mark, "write: per day, per week, per month or per year",
                    "a rate counts days, weeks, months or years");
        return false;
    }
    return true;
}

static void read_amount(ls_roadmap_reader *r, const ls_value *v, bool has_units, ls_measure *m)
{
    ls_amount *a = &m->amount;
    ls_bytes text, before, behind;
    char digits[LS_QUANTITY_SIZE];
    if (v->type == LS_INTEGER && number_of(v, &a->number)) {
        ls_quantity_format(a->number, digits);
        text = ls_bytes_str(digits);
    } else if (!ls_field_read_line(v, "amount", r->d, &text)) {
        return;
    }
    if (starts(text, "as much as ", &behind)) {
        read_parity(r, v, behind, m);
        return;
    }
    if (cut(text, " % of ", &before, &behind)) {
        read_percent(r, v, before, behind, a);
    } else {
        a->kind = LS_AMOUNT_TOTAL;
        bool rate = cut(text, " per ", &before, &behind);
        if ((!rate || read_rate(r, v, behind, a)) && read_number(r, v, "amount", rate ? before : text, has_units, a) &&
            a->number == 0) {
            ls_diagnose(r->d, v->mark, AMOUNT_HINT, "an amount must be above 0");
        }
    }
}

static void read_ceiling(ls_roadmap_reader *r, const ls_value *v, bool has_units, ls_amount *a)
{
    ls_bytes text;
    char digits[LS_QUANTITY_SIZE];
    a->kind = LS_AMOUNT_CEILING;
    if (v->type == LS_INTEGER && number_of(v, &a->number)) {
        ls_quantity_format(a->number, digits);
        text = ls_bytes_str(digits);
    } else if (!ls_field_read_line(v, "at-most", r->d, &text)) {
        return;
    }
    read_number(r, v, "at-most", text, has_units, a);
}

static void read_share(ls_roadmap_reader *r, const ls_entry *e, const ls_measure *m, ls_quantity *total)
{
    int party = ls_ids_require(&r->parties, e->key, e->mark, r->d);
    ls_quantity share;
    if (party < 0) {
        return;
    }
    if (((m->by | m->may_join) & LS_PARTY_BIT(party)) == 0) {
        ls_diagnose(r->d, e->mark, "add it to by, or to may-join", "'%.*s' does not perform this measure",
                    (int)e->key.len, e->key.ptr);
    } else if (e->value->type != LS_STRING || !ls_roadmap_percent(e->value->string, &share)) {
        ls_diagnose(r->d, e->value->mark, "write it like: 25 %",
                    "a share must be a percentage above 0 and at most 100");
    } else {
        m->amount.shares[party] = share;
        *total += share;
    }
}

static void read_shares(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    ls_quantity total = 0;
    if (v->type != LS_MAP) {
        ls_diagnose(r->d, v->mark, "write it like: {usa: 25 %, chn: 25 %}", "shares must be a map of parties");
        return;
    }
    m->amount.shares = ls_arena_array(r->arena, LS_PARTIES_MAX, sizeof *m->amount.shares);
    for (size_t i = 0; m->amount.shares != NULL && i < v->count; i++) {
        read_share(r, &v->entries[i], m, &total);
    }
    if (total > LS_PERCENT_ALL) {
        ls_diagnose(r->d, v->mark, NULL, "the shares are more than the whole together");
    }
}

/* A cap is a part of a whole, which a rate and a ceiling don't have. */
static bool has_whole(const ls_amount *a)
{
    return a->kind == LS_AMOUNT_TOTAL || a->kind == LS_AMOUNT_PERCENT || a->kind == LS_AMOUNT_PARITY;
}

static void read_method(ls_roadmap_reader *r, const ls_value *v, ls_ids *ids, ls_amount *a)
{
    ls_method *x = &a->methods[a->method_count++];
    const ls_value *cap = ls_value_get(v, "at-most");
    ls_value_check_map(v, "method", LS_KEYS({"id", true}, {"title", true}, {"at-most", false}, {"until", false}), r->d);
    ls_field_name(v, "id", r->d, &x->id);
    ls_ids_add(ids, x->id, ls_field_mark(v, "id"), r->d);
    ls_field_line(v, "title", r->d, &x->title);
    x->at_most = LS_QUANTITY_NONE;
    if (cap != NULL && (cap->type != LS_STRING || !ls_roadmap_percent(cap->string, &x->at_most))) {
        ls_diagnose(r->d, cap->mark, "write it like: 20 %",
                    "a method's cap must be a percentage of the amount, above 0 and at most 100");
    } else if (cap != NULL && !has_whole(a)) {
        ls_diagnose(r->d, cap->mark, "give the measure an amount",
                    "there is no whole of which a method's cap could be a part");
    }
}

/* If all methods have caps, these must leave a way to reach the amount. */
static void check_caps(ls_roadmap_reader *r, const ls_value *list, const ls_amount *a)
{
    ls_quantity total = 0;
    for (size_t i = 0; i < a->method_count; i++) {
        if (a->methods[i].at_most == LS_QUANTITY_NONE) {
            return;
        }
        total += a->methods[i].at_most;
    }
    if (total < LS_PERCENT_ALL) {
        ls_diagnose(r->d, list->mark, "leave one method without a cap",
                    "the methods' caps are less than the whole together, so it is never reached");
    }
}

static void read_methods(ls_roadmap_reader *r, const ls_value *v, ls_amount *a)
{
    ls_ids ids;
    const ls_value *list = ls_field_list(v, "methods", 1, LS_METHODS_MAX, r->d);
    if (list == NULL || !ls_ids_init(&ids, "method", list->count, r->arena, r->d)) {
        return;
    }
    a->methods = ls_arena_array(r->arena, list->count, sizeof *a->methods);
    size_t before = r->d->errors;
    for (size_t i = 0; a->methods != NULL && i < list->count; i++) {
        read_method(r, list->items[i], &ids, a);
    }
    if (r->d->errors == before) {
        check_caps(r, list, a);
    }
}

void ls_roadmap_read_amount(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    const ls_value *amount = ls_value_get(v, "amount"), *ceiling = ls_value_get(v, "at-most");
    const ls_value *units = ls_value_get(v, "units"), *shares = ls_value_get(v, "shares");
    m->amount = (ls_amount){.number = LS_QUANTITY_NONE};
    if (units != NULL) {
        read_units(r, units, &m->amount);
    }
    if (amount != NULL) {
        read_amount(r, amount, units != NULL, m);
    } else if (ceiling != NULL) {
        read_ceiling(r, ceiling, units != NULL, &m->amount);
    }
    if (shares != NULL) {
        read_shares(r, shares, m);
    }
    read_methods(r, v, &m->amount);
}

void ls_roadmap_read_method_moments(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    const ls_value *list = ls_value_get(v, "methods");
    for (size_t i = 0; i < m->amount.method_count; i++) {
        ls_roadmap_read_moment(r, list->items[i], "until", &m->amount.methods[i].until);
    }
}
