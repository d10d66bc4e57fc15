/* What only a whole roadmap can show: rules that contradict each other, dates, declarations and events without use. */
#include "roadmap/parts.h"

static bool is_date(const ls_moment *m)
{
    return m->count == 1 && m->op[0].kind == LS_MOMENT_DATE;
}

static const ls_measure *due_later(const ls_roadmap *r, const ls_measure *m)
{
    for (size_t a = 0; a < m->after_count; a++) {
        for (size_t i = 0; i < m->after[a].count; i++) {
            const ls_moment_op *op = &m->after[a].op[i];
            const ls_measure *other = op->kind == LS_MOMENT_MEASURE ? &r->measures[op->subject] : m;
            if (is_date(&other->due) && ls_date_to_days(m->due.op[0].date) < ls_date_to_days(other->due.op[0].date)) {
                return other;
            }
        }
    }
    return NULL;
}

/* What others do may take longer than they promised; what the calendar says may not. */
static const ls_moment *may_come_later(const ls_measure *m)
{
    for (size_t a = 0; a < m->after_count; a++) {
        for (size_t i = 0; i < m->after[a].count; i++) {
            const ls_moment_op *op = &m->after[a].op[i];
            if (op->kind == LS_MOMENT_EVENT || op->kind == LS_MOMENT_MEASURE || op->kind == LS_MOMENT_STEP ||
                op->kind == LS_MOMENT_DISPUTE) {
                return &m->after[a];
            }
        }
    }
    return NULL;
}

static void warn_of_dates(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        const ls_measure *m = &r->roadmap->measures[i];
        if (!is_date(&m->due)) {
            continue;
        }
        const ls_measure *other = due_later(r->roadmap, m);
        const ls_moment *later = may_come_later(m);
        ls_mark mark = ls_field_mark(r->source[i], "due");
        /* Not impossible, as the other may come early; but hardly what was meant. */
        if (other != NULL) {
            ls_diagnose_warning(r->d, mark, "let it be due later, or take it out of what it waits for",
                                "'%.*s' is due before '%.*s', for which it waits", (int)m->id.len, m->id.ptr,
                                (int)other->id.len, other->id.ptr);
        } else if (later != NULL) {
            ls_diagnose_warning(
                r->d, mark,
                ls_arena_format(r->arena, "to have a deadline then, too: {latest: [\"%.*s\", 14 days after %.*s]}",
                                (int)m->due.text.len, m->due.text.ptr, (int)later->text.len, later->text.ptr),
                "'%.*s' has no deadline if what it waits for comes after this date", (int)m->id.len, m->id.ptr);
        }
    }
}

/* A deadline that comes when the measure has been done is none. */
static bool waits_for_itself(const ls_moment *deadline, size_t measure, ls_event_kind done)
{
    for (size_t i = 0; i < deadline->count; i++) {
        const ls_moment_op *op = &deadline->op[i];
        if (op->kind == LS_MOMENT_MEASURE && op->subject == measure && op->amount == LS_QUANTITY_NONE &&
            op->what >= done && op->what <= LS_EVENT_CONFIRMED) {
            return true;
        }
    }
    return false;
}

void ls_roadmap_check_deadlines(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        const ls_measure *m = &r->roadmap->measures[i];
        const struct {
            const char *key;
            bool wrong;
        } keys[] = {{"begin", waits_for_itself(&m->begin, i, LS_EVENT_BEGUN)},
                    {"due", waits_for_itself(&m->due, i, LS_EVENT_PERFORMED)}};
        for (size_t k = 0; k < 2; k++) {
            if (keys[k].wrong) {
                ls_diagnose(r->d, ls_field_mark(r->source[i], keys[k].key),
                            "let it hang on a date or on something else",
                            "this deadline would be known only when '%.*s' meets it", (int)m->id.len, m->id.ptr);
            }
        }
    }
}

/* Two measures do the same with one declaration. */
static bool same_content(const ls_measure *a, const ls_measure *b)
{
    bool declares = a->declares.len > 0 && ls_bytes_equal(a->declares, b->declares);
    bool opens = a->opens.len > 0 && ls_bytes_equal(a->opens, b->opens) && a->opens_tranche == b->opens_tranche;
    return declares || opens;
}

static void check_doubles(ls_roadmap_reader *r, size_t index)
{
    const ls_measure *m = &r->roadmap->measures[index];
    const char *key = m->declares.len > 0 ? "declares" : "opens";
    for (size_t i = 0; i < index; i++) {
        const ls_measure *first = &r->roadmap->measures[i];
        if (same_content(first, m)) {
            ls_diagnose(r->d, ls_field_mark(r->source[index], key), "take one of the two out",
                        "'%.*s' in line %u %s the same", (int)first->id.len, first->id.ptr, first->mark.line, key);
            return;
        }
    }
}

static bool is_declared(const ls_roadmap *r, ls_bytes name)
{
    for (size_t m = 0; m < r->measure_count; m++) {
        if (ls_bytes_equal(r->measures[m].declares, name)) {
            return true;
        }
    }
    return false;
}

void ls_roadmap_check_declarations(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        const ls_measure *m = &r->roadmap->measures[i];
        if (m->declares.len > 0 || m->opens_tranche > 0) {
            check_doubles(r, i);
        }
    }
}

static void warn_of_declarations(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->declaration_count; i++) {
        ls_bytes name = r->roadmap->declarations[i].name;
        if (!is_declared(r->roadmap, name)) {
            ls_diagnose_warning(r->d, r->declarations.mark[i], "give a measure the key declares",
                                "no measure makes the declaration '%.*s'", (int)name.len, name.ptr);
        }
    }
}

/* What makes a part of the clause idle: no row can be the answer, or there is nowhere to go. */
static void warn_of_inspections(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->inspection_count; i++) {
        const ls_inspection *x = &r->roadmap->inspections[i];
        const ls_declared *d = x->declared;
        if (x->challenges.there && !x->challenges.without_coordinates && d->latitude.len == 0) {
            ls_diagnose_warning(
                r->d, r->inspections.mark[i],
                "give the declaration latitude and longitude, or write without-coordinates: are covered",
                "no row of '%.*s' has coordinates, so none can answer a challenge", (int)d->name.len, d->name.ptr);
        }
        if (x->visits.there && !x->draws.there && !x->challenges.there) {
            ls_diagnose_warning(r->d, r->inspections.mark[i], "add draws or challenges",
                                "visits go to what was drawn or challenged, and nothing can be");
        }
    }
}

static void warn_of_events(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->event_count; i++) {
        const ls_event *e = &r->roadmap->events[i];
        if (!r->awaited[i]) {
            ls_diagnose_warning(r->d, e->mark, "name it where something waits for it",
                                "nothing waits for the event '%.*s'", (int)e->id.len, e->id.ptr);
        }
    }
}

void ls_roadmap_check_provisional(ls_roadmap_reader *r, const ls_value *v)
{
    if (ls_value_get(v, "provisional-application") != NULL) {
        return;
    }
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        if (r->roadmap->measures[i].provisional) {
            ls_diagnose(r->d, ls_field_mark(r->source[i], "provisional"),
                        "say with provisional-application from when it is", "this accord is not provisionally applied");
        }
    }
}

void ls_roadmap_warn(ls_roadmap_reader *r)
{
    warn_of_dates(r);
    warn_of_declarations(r);
    warn_of_inspections(r);
    warn_of_events(r);
}
