/* One measure: the paragraph that it comes from, what it waits for, what was said about it, and why it stands so. */
#include "portal/put.h"

typedef struct page {
    ls_html *w;
    const ls_card *k;
    const ls_card_history *history;
    size_t measure;
    const ls_measure *m;
    const ls_measure_state *s;
    uint32_t ended_by; /* the amendment that left it out, or LS_NO_ENTRY */
} page;

/* Which measures there are: those of all versions of an accord, each once, where it stood last. */

static bool has_later(const ls_record *r, const ls_accord *a, ls_bytes id)
{
    while (a->amended_by >= 0) {
        a = ls_record_accord(r, (size_t)a->amended_by);
        if (ls_roadmap_measure(a->roadmap, id) >= 0) {
            return true;
        }
    }
    return false;
}

static bool has_effect(const ls_record *r, size_t accord)
{
    const ls_accord *a = ls_record_accord(r, accord);
    ls_record_entry e = ls_record_at(r, a->index);
    return !(a->amends >= 0 && (e.lapsed || e.annulled));
}

void ls_page_measure_paths(const ls_portal *p, ls_page_paths *list)
{
    ls_html w = {.portal = p, .path = "", .arena = list->arena, .out = &(ls_buf){0}};
    for (size_t i = 0; i < ls_record_accord_count(p->record); i++) {
        const ls_accord *a = ls_record_accord(p->record, i);
        for (size_t m = 0; has_effect(p->record, i) && m < a->roadmap->measure_count; m++) {
            if (!has_later(p->record, a, a->roadmap->measures[m].id)) {
                ls_page_paths_add(list, "%s", ls_html_measure_path(&w, i, m));
            }
        }
    }
}

/* The accord that a name's first eight digits mean, and its measure. */
static bool find(ls_html *w, ls_bytes name, size_t *accord, size_t *measure)
{
    const ls_record *r = w->portal->record;
    ls_bytes id = name.len > 9 ? ls_bytes_of(name.ptr + 9, name.len - 9) : (ls_bytes){0};
    for (size_t i = ls_record_accord_count(r); id.len > 0 && i > 0; i--) {
        const ls_accord *a = ls_record_accord(r, i - 1);
        int found = has_effect(r, i - 1) ? ls_roadmap_measure(a->roadmap, id) : -1;
        if (found >= 0 && !has_later(r, a, id) &&
            ls_bytes_equal(name, ls_bytes_str(ls_html_format(w, "%s-%.*s", ls_html_accord_code(w, i - 1), (int)id.len,
                                                             (const char *)id.ptr)))) {
            *accord = i - 1;
            *measure = (size_t)found;
            return true;
        }
    }
    return false;
}

/* The card that is looked at has the measure, in whatever version; else it was left out of a later one, and is judged
 * as it stood then. */
static ls_result open_page(page *x, size_t accord, size_t measure)
{
    const ls_portal *p = x->w->portal;
    const ls_accord *a = ls_record_accord(p->record, accord);
    ls_bytes id = a->roadmap->measures[measure].id;
    x->ended_by = LS_NO_ENTRY;
    for (size_t i = 0; i < p->state->card_count; i++) {
        const ls_card *k = &p->state->card[i];
        int found =
            ls_record_accord_same(p->record, k->version, (int)accord) ? ls_roadmap_measure(k->accord->roadmap, id) : -1;
        if (found >= 0) {
            x->k = k;
            x->history = &p->state->history[i];
            x->measure = (size_t)found;
            return LS_SUCCESS;
        }
    }
    ls_card *k = ls_arena_alloc(x->w->arena, sizeof *k);
    ls_card_history *history = ls_arena_alloc(x->w->arena, sizeof *history);
    if (k == NULL || history == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (a->amended_by < 0) {
        return ls_fail(&ls_fault_absent); /* the accord was not signed by then */
    }
    x->ended_by = (uint32_t)ls_record_accord(p->record, (size_t)a->amended_by)->index;
    ls_time then = ls_record_at(p->record, x->ended_by).time;
    then = then == LS_TIME_OPEN || then > p->at ? p->at : then - 1;
    LS_TRY(ls_card_judge(p->record, accord, then, then, x->w->arena, k));
    LS_TRY(ls_card_history_read(k, x->w->arena, history));
    x->k = k;
    x->history = history;
    x->measure = measure;
    return LS_SUCCESS;
}

/* Terms and what they are. */

static void open_term(ls_html *w, const char *key, const char *id)
{
    ls_html_word_in(w, "dt", key);
    ls_html_statement_open(w, "dd", id, NULL);
}

static void close_term(ls_html *w)
{
    ls_html_close(w, "dd");
    ls_html_newline(w);
}

static void put_parties_term(ls_html *w, const char *key, const char *id, ls_parties set)
{
    if (set != 0) {
        open_term(w, key, id);
        ls_html_parties(w, set);
        close_term(w);
    }
}

/* What kind of measure it is, where that is not as usual. */
static void put_kinds(const page *x)
{
    const struct {
        bool is;
        const char *key;
    } kinds[] = {{x->m->irreversible, "measure.irreversible"},
                 {x->m->continuing, "measure.continuing"},
                 {x->m->provisional, "measure.provisional"},
                 {x->k->accord->roadmap->steps[x->m->step].simultaneous, "measure.simultaneous"}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].is) {
            ls_html_state(x->w, "p", kinds[i].key + sizeof "measure." - 1, kinds[i].key, NULL, 0);
        }
    }
}

static void put_summary(const page *x)
{
    ls_html *w = x->w;
    const ls_roadmap *r = x->k->accord->roadmap;
    const char *amount = ls_why_amount(x->m, x->s, w->arena);
    ls_html_open(w, "dl", "class", "facts", NULL);
    put_parties_term(w, "measure.by", "by", x->m->by);
    put_parties_term(w, "measure.verifiers", "verifiers", x->m->verifiers);
    put_parties_term(w, "measure.witnesses", "witnesses", x->m->witnesses);
    open_term(w, "measure.accord", "accord");
    ls_html_link(w, ls_html_format(w, "act/%llu.html", (unsigned long long)x->k->accord->index), r->title);
    close_term(w);
    open_term(w, "measure.step", "step");
    ls_html_text(w, r->steps[x->m->step].title);
    ls_html_str(w, " · ");
    ls_html_text(w, r->tracks[x->m->track].title);
    close_term(w);
    ls_html_word_in(w, "dt", "measure.state");
    ls_portal_put_state(w, x->k, x->measure, "dd", "state");
    open_term(w, "measure.since", "since");
    ls_html_date(w, x->s->since);
    close_term(w);
    open_term(w, "measure.deadline", "deadline");
    ls_portal_put_deadline(w, x->k, x->measure);
    close_term(w);
    if (amount != NULL) {
        open_term(w, "measure.amount", "amount");
        ls_html_str(w, amount);
        close_term(w);
    }
    open_term(w, "measure.score", "score");
    ls_portal_put_score(w, x->k, x->measure);
    close_term(w);
    open_term(w, "measure.evidence", "evidence");
    ls_portal_put_evidence(w, x->k, x->measure);
    close_term(w);
    ls_html_close(w, "dl");
    ls_html_newline(w);
}

/* The paragraph, as it was signed. */
static void put_paragraph(const page *x)
{
    ls_html *w = x->w;
    ls_paragraph *paragraph;
    size_t count;
    ls_diagnostics *d = ls_arena_alloc(w->arena, sizeof *d);
    if (x->m->paragraph.len == 0 || d == NULL) {
        return;
    }
    *d = (ls_diagnostics){.arena = w->arena};
    paragraph = NULL;
    count = 0;
    ls_text_read(w->arena, x->k->accord->text, d, &paragraph, &count);
    for (size_t i = 0; i < count; i++) {
        if (ls_bytes_equal(paragraph[i].id, x->m->paragraph)) {
            ls_html_heading(w, 2, "paragraph", "measure.paragraph");
            ls_html_statement_open(w, "blockquote", "paragraph", "class", "lines", "dir", "auto", NULL);
            ls_html_say(w, "measure.paragraph-id", LS_WITH(ls_say_text(x->m->paragraph)));
            ls_html_str(w, " ");
            ls_html_lines(w, paragraph[i].body);
            ls_html_close(w, "blockquote");
            ls_html_newline(w);
        }
    }
}

/* Conditions. */

static ls_result put_through(const page *x, const ls_moment *m, bool partly)
{
    const uint32_t *entry;
    size_t count;
    LS_TRY(ls_card_through(x->k, m, partly, x->w->arena, &entry, &count));
    for (size_t i = 0; i < count; i++) {
        ls_html_str(x->w, i == 0 ? "" : ", ");
        ls_html_entry(x->w, entry[i]);
    }
    if (count == 0) {
        ls_html_str(x->w, "-");
    }
    return LS_SUCCESS;
}

static void put_came(const page *x, ls_time t)
{
    if (t == LS_TIME_OPEN) {
        ls_html_str(x->w, ls_html_word(x->w, "event.not-yet"));
    } else {
        ls_html_say(x->w, t > x->k->query.at ? "event.ahead" : "event.on", LS_WITH(ls_say_date(t)));
    }
}

/* key: a word for the moment, where the accord's own is none; or NULL. */
static ls_result put_condition(const page *x, const ls_moment *m, const char *key, size_t number)
{
    ls_html *w = x->w;
    ls_html_statement_open(w, "tr", ls_html_format(w, "condition-%zu", number), NULL);
    if (key != NULL) {
        ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, key)), "scope", "row", NULL);
    } else {
        ls_html_element(w, "th", m->text, "scope", "row", "lang", "en", NULL);
    }
    ls_html_open(w, "td", NULL);
    put_came(x, ls_state_moment(&x->k->query, &x->k->state, m, false));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    LS_TRY(put_through(x, m, false));
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}

static ls_result put_conditions(const page *x)
{
    static const char *const columns[] = {"condition.what", "condition.came", "condition.through", NULL};
    static const ls_moment_op in_force = {.kind = LS_MOMENT_IN_FORCE};
    const ls_moment whole = {1, &in_force, {0}};
    bool provisional = x->m->provisional && x->k->state.provisional < x->k->state.in_force;
    ls_html_heading(x->w, 2, "conditions", "measure.conditions");
    ls_html_table_open(x->w, "conditions", "measure.conditions", columns);
    LS_TRY(put_condition(x, provisional ? &x->k->accord->roadmap->provisional : &whole,
                         provisional ? "condition.provisional" : "condition.in-force", 0));
    for (size_t i = 0; i < x->m->after_count; i++) {
        const ls_moment *m = &x->m->after[i];
        if (m->count != 1 || m->op[0].kind != LS_MOMENT_IN_FORCE) {
            LS_TRY(put_condition(x, m, NULL, i + 1));
        }
    }
    ls_html_table_close(x->w);
    return LS_SUCCESS;
}

/* Deadlines: the rule, and what came of it. */

static ls_result put_deadline(const page *x, const char *key, const char *id, const ls_moment *m, bool known,
                              ls_time now)
{
    ls_html *w = x->w;
    ls_time first = m->count > 0 ? ls_state_moment(&x->k->query, &x->k->state, m, true) : now;
    ls_html_statement_open(w, "tr", id, NULL);
    ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, key)), "scope", "row", NULL);
    ls_html_element(w, "td", m->text, "lang", "en", NULL);
    ls_html_open(w, "td", NULL);
    LS_TRY(put_through(x, m, true));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    if (first == LS_TIME_OPEN) {
        ls_html_str(w, ls_html_word(w, "deadline.unknown"));
    } else if (!known) {
        ls_html_str(w, ls_html_word(w, "deadline.stands"));
    } else {
        ls_html_say(w, now == first ? "deadline.is" : "deadline.moved",
                    LS_WITH(ls_say_deadline(first), ls_say_deadline(now), ls_say_deadline(now + x->k->charter->grace)));
    }
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}

static ls_result put_deadlines(const page *x)
{
    static const char *const columns[] = {"deadline.what", "deadline.rule", "condition.through", "deadline.date", NULL};
    if (x->m->begin.count == 0 && x->m->due.count == 0 && !x->s->has_deadline) {
        return LS_SUCCESS;
    }
    ls_html_heading(x->w, 2, "deadlines", "measure.deadlines");
    ls_html_table_open(x->w, "deadlines", "measure.deadlines", columns);
    if (x->m->begin.count > 0) {
        LS_TRY(put_deadline(x, "deadline.begin", "deadline-begin", &x->m->begin, x->s->has_begin, x->s->begin_by));
    }
    if (x->m->due.count > 0 || x->s->has_deadline) {
        LS_TRY(put_deadline(x, x->m->due.count > 0 ? "deadline.due" : "deadline.period", "deadline-due", &x->m->due,
                            x->s->has_deadline, x->s->deadline));
    }
    ls_html_table_close(x->w);
    return LS_SUCCESS;
}

/* Why, and by which rules. */

static ls_result put_why(const page *x)
{
    static const char *const columns[] = {"ground.rule", "record.entry", "ground.stands", NULL};
    ls_html *w = x->w;
    ls_ground *ground;
    size_t count;
    ls_html_heading(w, 2, "why", "measure.why");
    ls_html_open(w, "p", "class", "why", NULL);
    ls_html_statement_open(w, "span", "why", "lang", "en", NULL);
    ls_html_str(w, ls_why(&x->k->account, x->measure));
    ls_html_close(w, "span");
    ls_html_close(w, "p");
    ls_html_newline(w);
    LS_TRY(ls_grounds(&x->k->account, x->measure, &ground, &count));
    if (count == 0) {
        return LS_SUCCESS;
    }
    ls_html_table_open(w, "grounds", "measure.grounds", columns);
    for (size_t i = 0; i < count; i++) {
        ls_html_statement_open(w, "tr", ls_html_format(w, "ground-%zu", i), NULL);
        ls_html_element(w, "th", ls_bytes_str(ground[i].rule), "scope", "row", "lang", "en", NULL);
        ls_html_open(w, "td", NULL);
        ls_html_entry(w, ground[i].entry);
        ls_html_close(w, "td");
        ls_html_element(w, "td", ls_bytes_str(ground[i].stands), "lang", "en", NULL);
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

/* What was said, and what it did. */

static void put_said(const page *x, const ls_card_said *said)
{
    ls_html *w = x->w;
    const ls_fact *f = said->fact;
    ls_html_statement_open(w, "tr", ls_html_format(w, "said-%u", f->index), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_entry(w, f->index);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_time(w, x->k->facts.time(x->k->facts.context, f->index));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_party(w, f->by);
    ls_html_close(w, "td");
    ls_html_word_in(w, "td", ls_act_key(w, ls_record_at(w->portal->record, f->index).kind));
    ls_html_open(w, "td", NULL);
    ls_html_day(w, f->day);
    ls_html_close(w, "td");
    ls_html_element(w, "td", ls_bytes_str(said->outcome), "lang", "en", NULL);
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

/* A page stays one that can be read: of a measure about which thousands of things were said, the last. */
static void put_history(const page *x)
{
    static const char *const columns[] = {"record.entry",    "record.time",     "record.by", "record.act",
                                          "history.claimed", "history.outcome", NULL};
    const ls_card_history *h = x->history;
    ls_html_heading(x->w, 2, "history", "measure.history");
    if (h->first[x->measure] == h->first[x->measure + 1]) {
        ls_html_state(x->w, "p", "silence", "measure.silence", NULL, 0);
        return;
    }
    size_t first = h->first[x->measure], end = h->first[x->measure + 1];
    size_t from = end - first > LS_PAGE_ACTS ? end - LS_PAGE_ACTS : first;
    if (from > first) {
        ls_html_state(x->w, "p", "earlier", "measure.earlier", LS_WITH(ls_say_number(from - first)));
        ls_html_newline(x->w);
    }
    ls_html_table_open(x->w, "history", "measure.history", columns);
    for (size_t i = from; i < end; i++) {
        put_said(x, &h->said[i]);
    }
    ls_html_table_close(x->w);
}

/* What would change it, and who can. */

static void put_change(const page *x, const ls_duty *d, size_t number)
{
    ls_html *w = x->w;
    ls_html_statement_open(w, "tr", ls_html_format(w, "change-%zu", number), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_party(w, d->party);
    ls_html_close(w, "th");
    ls_html_word_in(w, "td", d->must ? "duty.must" : "duty.may");
    ls_html_element(w, "td", ls_bytes_str(d->what), "lang", "en", NULL);
    ls_html_open(w, "td", NULL);
    ls_html_deadline(w, d->until);
    ls_html_close(w, "td");
    ls_html_element(w, "td", ls_bytes_str(d->otherwise), "lang", "en", NULL);
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static ls_result put_changes(const page *x)
{
    static const char *const columns[] = {"duty.who", "duty.force", "duty.what", "duty.until", "duty.otherwise", NULL};
    ls_duty *duty;
    size_t count, shown = 0;
    if (x->ended_by != LS_NO_ENTRY) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_card_duties(x->k, x->w->arena, &duty, &count));
    for (size_t i = 0; i < count; i++) {
        if (ls_card_duty_of_measure(x->k, &duty[i], x->measure)) {
            if (shown == 0) {
                ls_html_heading(x->w, 2, "changes", "measure.changes");
                ls_html_table_open(x->w, "duties", "measure.changes", columns);
            }
            put_change(x, &duty[i], shown++);
        }
    }
    if (shown > 0) {
        ls_html_table_close(x->w);
    }
    return LS_SUCCESS;
}

ls_result ls_page_measure(ls_html *w, ls_bytes name, const char **title)
{
    page x = {.w = w};
    size_t accord, measure;
    if (!find(w, name, &accord, &measure)) {
        return ls_fail(&ls_fault_absent);
    }
    LS_TRY(open_page(&x, accord, measure));
    x.m = &x.k->accord->roadmap->measures[x.measure];
    x.s = &x.k->state.measure[x.measure];
    *title = ls_html_cstr(w, x.m->what);
    ls_html_element(w, "p", x.m->id, "class", "kicker", NULL);
    ls_html_statement_open(w, "h1", "what", "dir", "auto", NULL);
    ls_html_text(w, x.m->what);
    ls_html_close(w, "h1");
    ls_html_newline(w);
    if (x.ended_by != LS_NO_ENTRY) {
        ls_html_statement_open(w, "p", "left-out", "class", "notice warn", NULL);
        ls_html_say(w, "measure.left-out", LS_WITH(ls_say_entry(x.ended_by)));
        ls_html_close(w, "p");
        ls_html_newline(w);
    }
    put_summary(&x);
    put_kinds(&x);
    LS_TRY(put_why(&x));
    put_paragraph(&x);
    LS_TRY(put_conditions(&x));
    LS_TRY(put_deadlines(&x));
    put_history(&x);
    return put_changes(&x);
}
