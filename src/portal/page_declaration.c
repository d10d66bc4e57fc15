/* Declarations: what was committed to, which tranches are open, and which rows everybody can read. */
#include "portal/openings.h"
#include "portal/page.h"

#define ROWS_MAX 400 /* that are shown of one declaration */

void ls_page_declaration_paths(const ls_portal *p, ls_page_paths *list)
{
    for (size_t i = 0; i < ls_record_declaration_count(p->record); i++) {
        ls_page_paths_add(list, "declaration/%llu.html",
                          (unsigned long long)ls_record_declaration_at(p->record, i)->index);
    }
}

static const char *path_of(ls_html *w, const ls_record_declaration *d)
{
    return ls_html_format(w, "declaration/%llu.html", (unsigned long long)d->index);
}

/* How many tranches are open, for whomever. */
static size_t open_tranches(const ls_openings_seen *s, size_t count)
{
    size_t open = 0;
    for (uint32_t k = 1; k <= count; k++) {
        bool is = false;
        for (size_t i = 0; i < s->count; i++) {
            is = is || s->opening[i].tranche == k;
        }
        open += is;
    }
    return open;
}

static uint64_t rows_of(const ls_openings_seen *s, uint64_t *blank)
{
    uint64_t rows = 0;
    *blank = 0;
    for (size_t i = 0; i < s->count; i++) {
        rows += s->opening[i].rows;
        *blank += s->opening[i].blank;
    }
    return rows;
}

/* The list. */

static ls_result put_row(ls_html *w, const ls_record_declaration *d)
{
    ls_openings_seen s;
    uint64_t blank;
    LS_TRY(ls_openings_see(w, d, ROWS_MAX, &s));
    uint64_t rows = rows_of(&s, &blank);
    ls_html_statement_open(w, "tr", ls_html_format(w, "declaration-%llu", (unsigned long long)d->index), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_link(w, path_of(w, d), d->name);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, LS_PARTY_BIT(d->by));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_time(w, ls_record_at(w->portal->record, d->index).time);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_say(w, "declaration.of",
                LS_WITH(ls_say_number(open_tranches(&s, d->declared.tranches)), ls_say_number(d->declared.tranches)));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_say(w, "declaration.rows-blank", LS_WITH(ls_say_number(rows), ls_say_number(blank)));
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}

ls_result ls_page_declarations(ls_html *w, ls_bytes name, const char **title)
{
    static const char *const columns[] = {"declaration.name",     "declaration.by",   "declaration.declared",
                                          "declaration.tranches", "declaration.rows", NULL};
    const ls_record *record = w->portal->record;
    size_t shown = 0;
    (void)name;
    ls_page_title_word(w, "nav.declarations", title);
    ls_html_word_in(w, "p", "declarations.what");
    for (size_t i = 0; i < ls_record_declaration_count(record); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(record, i);
        if (ls_html_knows(w, d->index)) {
            if (shown++ == 0) {
                ls_html_table_open(w, "declarations", "declarations.caption", columns);
            }
            LS_TRY(put_row(w, d));
        }
    }
    if (shown > 0) {
        ls_html_table_close(w);
    } else {
        ls_html_state(w, "p", "none", "declarations.none", NULL, 0);
    }
    return LS_SUCCESS;
}

/* One of them: its tranches. */

static void put_audiences(ls_html *w, const ls_opening_seen *o)
{
    for (size_t i = 0; i < o->audiences.count; i++) {
        ls_html_str(w, i > 0 ? ", " : " ");
        ls_html_text(w, o->audiences.name[i]);
    }
}

static void put_opening(ls_html *w, const ls_opening_seen *o)
{
    ls_html_open(w, "div", NULL);
    if (o->is_public && o->holds) {
        ls_html_say(w, "opening.public",
                    LS_WITH(ls_say_number(o->rows), ls_say_number(o->blank), ls_say_entry(o->entry)));
    } else if (o->is_public) {
        ls_html_say(w, "opening.false", LS_WITH(ls_say_entry(o->entry)));
    } else {
        ls_html_say(w, "opening.closed", LS_WITH(ls_say_entry(o->entry)));
    }
    put_audiences(w, o);
    ls_html_close(w, "div");
}

/* False if there is none. */
static bool put_openings(ls_html *w, const ls_openings_seen *s, uint32_t tranche)
{
    bool any = false;
    for (size_t i = 0; i < s->count; i++) {
        if (s->opening[i].tranche == tranche) {
            put_opening(w, &s->opening[i]);
            any = true;
        }
    }
    return any;
}

static void put_label(ls_html *w, const ls_declared *d, uint32_t tranche)
{
    ls_bytes label = d == NULL || tranche > d->tranche_count ? (ls_bytes){0} : d->labels[tranche - 1];
    const char *number = ls_html_format(w, "%u", tranche);
    ls_html_str(w, number);
    if (label.len > 0 && !ls_bytes_is(label, number)) {
        ls_html_str(w, " ");
        ls_html_element(w, "bdi", label, NULL);
    }
}

/* The measures whose content is that this tranche is opened. */
static void put_measures(ls_html *w, const ls_record_declaration *d, uint32_t tranche)
{
    const ls_portal_state *s = w->portal->state;
    for (size_t c = 0; c < s->card_count; c++) {
        const ls_card *k = &s->card[c];
        bool same = ls_record_accord_same(w->portal->record, k->version, d->accord);
        for (size_t i = 0; same && i < k->accord->roadmap->measure_count; i++) {
            const ls_measure *m = &k->accord->roadmap->measures[i];
            if (ls_bytes_equal(m->opens, d->name) && m->opens_tranche == tranche) {
                ls_html_open(w, "div", NULL);
                ls_html_link(w, ls_html_measure_path(w, (size_t)k->version, i), m->id);
                ls_html_str(w, ": ");
                ls_html_str(w, ls_html_named(w, "state", ls_state_name(k->state.measure[i].state)));
                ls_html_close(w, "div");
            }
        }
    }
}

static void put_tranche(ls_html *w, const ls_record_declaration *d, const ls_openings_seen *s, uint32_t tranche)
{
    ls_html_statement_open(w, "tr", ls_html_format(w, "tranche-%u", tranche), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    put_label(w, s->declared, tranche);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    if (s->declared != NULL && tranche <= s->declared->tranche_count) {
        ls_html_str(w, ls_html_format(w, "%llu", (unsigned long long)s->declared->padded[tranche - 1]));
    }
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    if (!put_openings(w, s, tranche)) {
        ls_html_word_in(w, "span", "tranche.closed");
    }
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    put_measures(w, d, tranche);
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_tranches(ls_html *w, const ls_record_declaration *d, const ls_openings_seen *s)
{
    static const char *const columns[] = {"tranche.tranche", "tranche.padded", "tranche.stands", "tranche.measure",
                                          NULL};
    ls_html_heading(w, 2, "tranches", "declaration.tranches");
    ls_html_table_open(w, "tranches", "declaration.tranches", columns);
    for (uint32_t k = 1; k <= d->declared.tranches; k++) {
        put_tranche(w, d, s, k);
    }
    ls_html_table_close(w);
}

/* Rows that everybody can read. */

static void put_values(ls_html *w, const ls_openings_seen *s, size_t i)
{
    const ls_row_seen *row = &s->row[i];
    ls_html_statement_open(w, "tr", ls_html_format(w, "row-%u-%llu", row->at.tranche, (unsigned long long)row->at.row),
                           "class", row->blank ? "blank" : NULL, NULL);
    ls_html_element(w, "th",
                    ls_bytes_str(ls_html_format(w, "%u/%llu", row->at.tranche, (unsigned long long)row->at.row)),
                    "scope", "row", NULL);
    ls_html_open(w, "td", NULL);
    ls_html_entry(w, row->entry);
    ls_html_close(w, "td");
    if (row->blank) {
        ls_html_open(w, "td", "colspan", ls_html_format(w, "%zu", s->declared->field_count), NULL);
        ls_html_str(w, ls_html_word(w, "row.blank"));
        ls_html_close(w, "td");
    }
    for (size_t f = 0; !row->blank && f < s->declared->field_count; f++) {
        if (row->values[f].ptr == NULL) {
            ls_html_element(w, "td", ls_bytes_str("\xe2\x80\x94"), "title", ls_html_word(w, "row.closed"), NULL);
        } else {
            ls_html_element(w, "td", row->values[f], "dir", "auto", NULL);
        }
    }
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_rows(ls_html *w, const ls_openings_seen *s)
{
    if (s->row_count == 0) {
        return;
    }
    ls_html_heading(w, 2, "rows", "declaration.rows");
    ls_html_open(w, "div", "class", "scroll", "role", "region", "aria-label", ls_html_word(w, "declaration.rows"),
                 "tabindex", "0", NULL);
    ls_html_open(w, "table", "class", "rows", NULL);
    ls_html_word_in(w, "caption", "declaration.rows");
    ls_html_open(w, "thead", NULL);
    ls_html_open(w, "tr", NULL);
    ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, "row.row")), "scope", "col", NULL);
    ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, "record.entry")), "scope", "col", NULL);
    for (size_t f = 0; f < s->declared->field_count; f++) {
        ls_html_element(w, "th", s->declared->fields[f], "scope", "col", "dir", "auto", NULL);
    }
    ls_html_close(w, "tr");
    ls_html_close(w, "thead");
    ls_html_open(w, "tbody", NULL);
    ls_html_newline(w);
    for (size_t i = 0; i < s->row_count; i++) {
        put_values(w, s, i);
    }
    ls_html_table_close(w);
    if (s->beyond > 0) {
        ls_html_state(w, "p", "beyond", "declaration.beyond", LS_WITH(ls_say_number(s->beyond)));
    }
}

/* Draws. */

static void put_draw(ls_html *w, const ls_draw_state *d)
{
    ls_html_statement_open(w, "tr", ls_html_format(w, "draw-%u", d->draw->index), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_entry(w, d->draw->index);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, LS_PARTY_BIT(d->draw->by));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_say(w, "draw.rows", LS_WITH(ls_say_number(d->draw->rows), ls_say_number(d->draw->population)));
    ls_html_close(w, "td");
    ls_html_element(w, "td", ls_bytes_str(ls_html_named(w, "draw-stage", ls_draw_stage_name(d->stage))), NULL);
    ls_html_open(w, "td", NULL);
    ls_html_say(w, "declaration.rows-blank", LS_WITH(ls_say_number(d->opened), ls_say_number(d->blank)));
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_draws(ls_html *w, const ls_record_declaration *d)
{
    static const char *const columns[] = {"record.entry", "record.by", "draw.drawn", "draw.stage", "draw.opened", NULL};
    const ls_portal_state *s = w->portal->state;
    size_t shown = 0;
    for (size_t c = 0; c < s->card_count; c++) {
        const ls_inspection_state *x = &s->card[c].inspection;
        for (size_t i = 0; i < x->draw_count; i++) {
            if (x->draw[i].draw->ref != d->index) {
                continue;
            }
            if (shown++ == 0) {
                ls_html_heading(w, 2, "draws", "declaration.draws");
                ls_html_table_open(w, "draws", "declaration.draws", columns);
            }
            put_draw(w, &x->draw[i]);
        }
    }
    if (shown > 0) {
        ls_html_table_close(w);
    }
}

static void put_stand(ls_html *w, const ls_record_declaration *d, const ls_openings_seen *s)
{
    uint64_t blank, rows = rows_of(s, &blank);
    ls_html_facts_open(w);
    ls_html_fact(w, "declaration.by", "plain", LS_WITH(ls_say_parties(LS_PARTY_BIT(d->by))));
    ls_html_fact(w, "declaration.declared", "at-in-act",
                 LS_WITH(ls_say_time(ls_record_at(w->portal->record, d->index).time), ls_say_entry(d->index)));
    ls_html_fact(w, "declaration.tranches", "declaration.of",
                 LS_WITH(ls_say_number(open_tranches(s, d->declared.tranches)), ls_say_number(d->declared.tranches)));
    ls_html_fact(w, "declaration.rows", "declaration.rows-blank", LS_WITH(ls_say_number(rows), ls_say_number(blank)));
    ls_html_fact_open(w, "declaration.root");
    ls_html_hash(w, &d->declared.root);
    ls_html_fact_close(w);
    ls_html_facts_close(w);
}

ls_result ls_page_declaration(ls_html *w, ls_bytes name, const char **title)
{
    uint64_t entry;
    ls_openings_seen s;
    const ls_record_declaration *d =
        ls_page_number(name, ls_record_size(w->portal->record), &entry) ? ls_declaration_seen(w, entry) : NULL;
    if (d == NULL) {
        return ls_fail(&ls_fault_absent);
    }
    LS_TRY(ls_openings_see(w, d, ROWS_MAX, &s));
    ls_page_title(w, ls_html_cstr(w, d->name), title);
    put_stand(w, d, &s);
    put_tranches(w, d, &s);
    if (s.count > 0) {
        ls_html_heading(w, 2, "singles", "declaration.singles");
        ls_html_statement_open(w, "div", "singles", NULL);
        if (!put_openings(w, &s, 0)) {
            ls_html_word_in(w, "p", "declaration.no-singles");
        }
        ls_html_close(w, "div");
    }
    put_rows(w, &s);
    put_draws(w, d);
    return LS_SUCCESS;
}
