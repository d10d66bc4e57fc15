/* Values that many parts of a roadmap hold: parties, words, lengths of time, numbers. */
#include "roadmap/parts.h"
#include <stdio.h>

bool ls_roadmap_read_party(ls_roadmap_reader *r, const ls_value *v, ls_party_of of, size_t *out)
{
    ls_bytes name;
    if (!ls_field_read_name(v, "a party", r->d, &name)) {
        return false;
    }
    int party = ls_ids_require(&r->parties, name, v->mark, r->d);
    if (party < 0) {
        return false;
    }
    bool known = r->roadmap->party_count > 0;
    if (of == LS_OF_ACCORD && known && (r->roadmap->signed_by & LS_PARTY_BIT(party)) == 0) {
        ls_diagnose(r->d, v->mark, "add it to the roadmap's parties", "'%.*s' does not sign this accord", (int)name.len,
                    name.ptr);
        return false;
    }
    *out = (size_t)party;
    return true;
}

bool ls_roadmap_read_party_list(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_party_of of,
                                ls_parties *out)
{
    const ls_value *list = ls_field_list(map, key, 1, LS_PARTIES_MAX, r->d);
    ls_ids seen;
    if (list == NULL || !ls_ids_init(&seen, "party", list->count, r->arena, r->d)) {
        return false;
    }
    ls_parties set = 0;
    size_t before = r->d->errors;
    for (size_t i = 0; i < list->count; i++) {
        size_t party;
        if (ls_roadmap_read_party(r, list->items[i], of, &party)) {
            ls_ids_add(&seen, list->items[i]->string, list->items[i]->mark, r->d);
            set |= LS_PARTY_BIT(party);
        }
    }
    if (r->d->errors != before) {
        return false;
    }
    *out = set;
    return true;
}

void ls_roadmap_read_words(ls_roadmap_reader *r, const ls_value *v, ls_bytes *what, ls_bytes *paragraph)
{
    ls_field_line(v, "what", r->d, what);
    ls_roadmap_read_paragraph(r, v, paragraph);
}

void ls_roadmap_read_paragraph(ls_roadmap_reader *r, const ls_value *v, ls_bytes *out)
{
    if (ls_field_name(v, "paragraph", r->d, out) && r->has_paragraphs) {
        ls_ids_require(&r->paragraphs, *out, ls_field_mark(v, "paragraph"), r->d);
    }
}

void ls_roadmap_read_choice(ls_roadmap_reader *r, const ls_value *map, const char *key,
                            const char *const words[static 2], bool *second)
{
    ls_bytes word;
    if (!ls_field_line(map, key, r->d, &word)) {
        return;
    }
    if (!ls_bytes_is(word, words[0]) && !ls_bytes_is(word, words[1])) {
        ls_diagnose(r->d, ls_field_mark(map, key), ls_near_hint(word, words, 2, r->d), "%s must be: %s, or: %s", key,
                    words[0], words[1]);
        return;
    }
    *second = ls_bytes_is(word, words[1]);
}

bool ls_roadmap_duration_fits(ls_duration d)
{
    static const uint32_t longest[] = {[LS_UNIT_HOURS] = 100000,
                                       [LS_UNIT_DAYS] = 36525,
                                       [LS_UNIT_WEEKS] = 5217,
                                       [LS_UNIT_MONTHS] = 1200,
                                       [LS_UNIT_YEARS] = 100};
    return d.count <= longest[d.unit];
}

bool ls_roadmap_read_duration(ls_roadmap_reader *r, const ls_value *map, const char *key, ls_duration *out)
{
    const ls_value *v = ls_value_get(map, key);
    ls_duration duration;
    if (v == NULL) {
        return false;
    }
    if (v->type != LS_STRING || !ls_duration_parse(v->string, &duration)) {
        ls_diagnose(r->d, v->mark, "write it like: 24 hours, 1 day, 2 weeks, 3 months", "%s must be a length of time",
                    key);
        return false;
    }
    if (!ls_roadmap_duration_fits(duration)) {
        ls_diagnose(r->d, v->mark, NULL, "%s must be at most 100 years", key);
        return false;
    }
    *out = duration;
    return true;
}

bool ls_roadmap_period(ls_bytes name, ls_duration *out)
{
    static const struct {
        const char *name;
        ls_unit unit;
    } periods[] = {{"day", LS_UNIT_DAYS}, {"week", LS_UNIT_WEEKS}, {"month", LS_UNIT_MONTHS}, {"year", LS_UNIT_YEARS}};
    for (size_t i = 0; i < sizeof periods / sizeof *periods; i++) {
        if (ls_bytes_is(name, periods[i].name)) {
            *out = (ls_duration){1, periods[i].unit};
            return true;
        }
    }
    return false;
}

bool ls_quantity_parse(ls_bytes text, ls_quantity *out)
{
    const uint8_t *point = text.len == 0 ? NULL : memchr(text.ptr, '.', text.len);
    size_t whole_len = point == NULL ? text.len : (size_t)(point - text.ptr);
    uint64_t whole, fraction = 0;
    if (!ls_decimal_parse(ls_bytes_of(text.ptr, whole_len), LS_QUANTITY_MAX / LS_QUANTITY_ONE, &whole)) {
        return false;
    }
    size_t decimals = point == NULL ? 0 : text.len - whole_len - 1;
    if (point != NULL && (decimals == 0 || decimals > 3)) {
        return false;
    }
    for (size_t i = 0; point != NULL && i < 3; i++) {
        uint8_t digit = i < decimals ? point[1 + i] : '0';
        if (digit < '0' || digit > '9') {
            return false;
        }
        fraction = fraction * 10 + (uint64_t)(digit - '0');
    }
    ls_quantity q = (ls_quantity)(whole * LS_QUANTITY_ONE + fraction);
    if (q > LS_QUANTITY_MAX) {
        return false;
    }
    *out = q;
    return true;
}

void ls_quantity_format(ls_quantity q, char out[static LS_QUANTITY_SIZE])
{
    int len = snprintf(out, LS_QUANTITY_SIZE, "%lld.%03lld", (long long)(q / LS_QUANTITY_ONE),
                       (long long)(q % LS_QUANTITY_ONE));
    while (out[len - 1] == '0') {
        out[--len] = '\0';
    }
    if (out[len - 1] == '.') {
        out[--len] = '\0';
    }
}

bool ls_roadmap_percent(ls_bytes text, ls_quantity *out)
{
    ls_quantity q;
    bool marked = text.len > 2 && memcmp(text.ptr + text.len - 2, " %", 2) == 0;
    if (!marked || !ls_quantity_parse(ls_bytes_of(text.ptr, text.len - 2), &q) || q == 0 || q > LS_PERCENT_ALL) {
        return false;
    }
    *out = q;
    return true;
}
