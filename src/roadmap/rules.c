/*
 * What parties may do to an accord.
 *
 *   suspension: {scope: [accord, track], clocks: stop, counterpart: may withhold, at-most: 60 days, until:
 * freeze-restored} extension: {by: [usa, dprk], at-most: 15 days, times: 2} withdrawal: {notice: 90 days, then: ends}
 */
#include "roadmap/parts.h"

#define EXTENSIONS_MAX 1000

static void read_scope(ls_roadmap_reader *r, const ls_value *v, uint8_t *scope)
{
    static const char *const words[] = {"accord", "track", "measure"};
    const ls_value *list = ls_field_list(v, "scope", 1, 3, r->d);
    uint8_t read = 0;
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const ls_value *item = list->items[i];
        int found = -1;
        for (int w = 0; item->type == LS_STRING && w < 3; w++) {
            found = ls_bytes_is(item->string, words[w]) ? w : found;
        }
        if (found < 0 || (read & 1 << found) != 0) {
            ls_diagnose(r->d, item->mark, "write what may be suspended: [accord, track, measure], or fewer of them",
                        "scope holds accord, track and measure, each once");
            return;
        }
        read |= (uint8_t)(1 << found);
    }
    *scope = list != NULL ? read : *scope;
}

static void read_suspension(ls_roadmap_reader *r, const ls_value *map)
{
    const ls_value *v = ls_value_get(map, "suspension");
    ls_suspension_rule *s = &r->roadmap->suspension;
    s->scope = LS_SUSPEND_ACCORD | LS_SUSPEND_TRACK;
    if (v == NULL) {
        return;
    }
    ls_value_check_map(
        v, "suspension",
        LS_KEYS({"scope", false}, {"clocks", false}, {"counterpart", false}, {"at-most", false}, {"until", false}),
        r->d);
    read_scope(r, v, &s->scope);
    ls_roadmap_read_choice(r, v, "clocks", (const char *const[]){"run", "stop"}, &s->stops_own);
    ls_roadmap_read_choice(r, v, "counterpart", (const char *const[]){"goes on", "may withhold"},
                           &s->counterpart_may_withhold);
    ls_roadmap_read_duration(r, v, "at-most", &s->at_most);
}

static void read_extension(ls_roadmap_reader *r, const ls_value *map)
{
    const ls_value *v = ls_value_get(map, "extension");
    ls_extension_rule *x = &r->roadmap->extension;
    ls_duration at_most;
    int64_t times = 0;
    if (v == NULL) {
        return;
    }
    ls_value_check_map(v, "extension", LS_KEYS({"by", false}, {"at-most", true}, {"times", true}), r->d);
    x->by = r->roadmap->signed_by;
    ls_roadmap_read_party_list(r, v, "by", LS_OF_ACCORD, &x->by);
    if (ls_roadmap_read_duration(r, v, "at-most", &at_most)) {
        if (at_most.unit == LS_UNIT_DAYS || at_most.unit == LS_UNIT_WEEKS) {
            x->days = at_most.count * (at_most.unit == LS_UNIT_WEEKS ? 7 : 1);
        } else {
            ls_diagnose(r->d, ls_field_mark(v, "at-most"), "write it like: 15 days",
                        "an extension is counted in days or weeks");
        }
    }
    if (ls_field_integer(v, "times", 1, EXTENSIONS_MAX, r->d, &times)) {
        x->times = (unsigned)times;
    }
}

static void read_withdrawal(ls_roadmap_reader *r, const ls_value *map)
{
    const ls_value *v = ls_value_get(map, "withdrawal");
    if (v == NULL) {
        return;
    }
    ls_value_check_map(v, "withdrawal", LS_KEYS({"notice", true}, {"then", true}), r->d);
    ls_roadmap_read_duration(r, v, "notice", &r->roadmap->withdrawal.notice);
    ls_roadmap_read_choice(r, v, "then", (const char *const[]){"ends", "continues"}, &r->roadmap->withdrawal.continues);
}

void ls_roadmap_read_rules(ls_roadmap_reader *r, const ls_value *v)
{
    read_suspension(r, v);
    read_extension(r, v);
    read_withdrawal(r, v);
}

void ls_roadmap_read_rule_moments(ls_roadmap_reader *r, const ls_value *v)
{
    const ls_value *suspension = ls_value_get(v, "suspension");
    if (suspension != NULL) {
        ls_roadmap_read_moment(r, suspension, "until", &r->roadmap->suspension.until);
    }
}
