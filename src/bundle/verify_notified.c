/* Notifications in a file that is verified: whether they are what their acts say, and what they contradict. */
#include "bundle/known.h"
#include "bundle/verifier.h"

typedef unsigned long long ull;

/* One notification. */

/* The declaration that it is about, of which the names are known here; or NULL. */
static const ls_known_declaration *find_declaration(const ls_verifier *v, const ls_act *act)
{
    for (const ls_known_declaration *d = v->declarations; d != NULL; d = d->next) {
        if (d->schema.field_count > 0 && ls_bytes_equal(d->by, act->by.name[0]) &&
            ls_bytes_equal(d->name, act->raw[LS_H_DECLARATION]) && ls_verify_same_accord(v, &d->accord, &act->accord)) {
            return d;
        }
    }
    return NULL;
}

static size_t id_of(const ls_known_declaration *d)
{
    const ls_schema *s = &d->schema;
    return d->agreed == NULL ? SIZE_MAX : ls_bytes_find(s->fields, s->field_count, d->agreed->id_column);
}

ls_result ls_verify_notification(ls_verifier *v, const char *subject, const ls_act *act, ls_bytes audience,
                                 ls_bytes content)
{
    ls_arena scratch = {0};
    ls_notification n;
    ls_detail detail = {0};
    const ls_known_declaration *d = find_declaration(v, act);
    if (content.ptr == NULL) {
        return LS_SUCCESS; /* a finding says already that it is not here */
    }
    ls_result r = ls_notification_parse(&scratch, content, &n, &detail);
    const char *wrong = ls_failed(r) ? detail.text : NULL;
    if (ls_succeeded(r) && d != NULL) {
        wrong = ls_notification_wrong(&n, act, d->schema.field_count, d->schema.fields, id_of(d));
    }
    if (r.fault != &ls_fault_memory && wrong != NULL) {
        ls_report_add(v->report, LS_FINDING_FAILED, subject, "its notification does not hold: %s", wrong);
    } else if (ls_succeeded(r)) {
        ls_report_add(v->report, d == NULL ? LS_FINDING_NOTE : LS_FINDING_OK, subject,
                      "it notifies %.*s of %zu item%s, as %s%s", (int)audience.len, audience.ptr, n.item_count,
                      n.item_count == 1 ? "" : "s", ls_change_name(n.change),
                      d == NULL ? "; the declaration is not in this file" : "");
    }
    ls_arena_free(&scratch);
    return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
}

/* All that a record has of a declaration. */

static void tell_conflicts(ls_verifier *v, const ls_known *known, const ls_item *item)
{
    for (size_t i = 0; i < item->conflict_count; i++) {
        const ls_conflict *x = &item->conflicts[i];
        ls_buf text = {0};
        const char *subject = ls_arena_format(v->arena, "act %llu (notify)", (ull)item->events[x->event].index);
        ls_conflict_format(&known->form, x, &text);
        ls_report_add(v->report, LS_FINDING_NOTE, subject == NULL ? "act" : subject, "CONTRADICTS: of %.*s it %s",
                      (int)item->id.len, item->id.ptr, ls_buf_cstr(&text));
        ls_buf_free(&text);
    }
}

static ls_result tell(ls_verifier *v, const ls_known *known)
{
    ls_history h;
    const ls_history_query q = {.form = &known->form,
                                .row_count = known->row_count,
                                .rows = known->rows,
                                .change_count = known->change_count,
                                .changes = known->changes,
                                .at = INT32_MAX,
                                .known = LS_TIME_MAX};
    LS_TRY(ls_history_make(v->arena, &q, &h));
    for (size_t i = 0; i < h.count; i++) {
        tell_conflicts(v, known, &h.items[i]);
    }
    return LS_SUCCESS;
}

static ls_result check_declared(ls_verifier *v, const ls_known_source *from, int accord, const ls_declared *d)
{
    ls_report seen = {.arena = v->arena}; /* what is wrong with the files was found already */
    ls_knower k;
    ls_known known;
    LS_TRY(ls_knower_begin(&k, v->arena, from, accord, d, &seen));
    ls_result r = ls_knower_acts(&k);
    r = ls_succeeded(r) ? ls_knower_end(&k, &known) : r;
    ls_knower_free(&k);
    LS_TRY(r);
    return known.change_count > 0 ? tell(v, &known) : LS_SUCCESS;
}

/* Whether anything was notified at all: most accords need no second look at their openings. */
static bool is_notified(const ls_record *r, size_t accord, size_t by)
{
    ls_facts facts = ls_record_facts(r, accord);
    for (size_t i = 0; i < facts.count; i++) {
        if (facts.fact[i].kind == LS_FACT_NOTIFY && facts.fact[i].by == by) {
            return true;
        }
    }
    return false;
}

ls_result ls_verify_histories(ls_verifier *v, const ls_record *record, ls_entry_reader read, void *context)
{
    const ls_known_source from = {
        .record = record, .read = read, .context = context, .fetch = v->fetch, .now = ls_record_time(record)};
    /* Contradictions show values, which nothing shows of a file that does not hold. */
    for (size_t i = 0; i < ls_record_accord_count(record) && !v->report->failed; i++) {
        const ls_roadmap *m = ls_record_accord(record, i)->roadmap;
        bool in_force = ls_record_accord_in_force(record, (int)i) == (int)i;
        for (size_t k = 0; in_force && k < m->declaration_count; k++) {
            if (is_notified(record, i, m->declarations[k].by)) {
                LS_TRY(check_declared(v, &from, (int)i, &m->declarations[k]));
            }
        }
    }
    return LS_SUCCESS;
}
