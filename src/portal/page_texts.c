/* Texts under negotiation: all of them; and one, with brackets, and with its history. */
#include "portal/facts.h"
#include "proving/negotiation.h"
#include "text/view.h"

void ls_page_text_paths(const ls_portal *p, ls_page_paths *list)
{
    for (size_t i = 0; i < p->state->talk.text_count; i++) {
        ls_bytes name = p->state->talk.text[i].said->name;
        ls_page_paths_add(list, "text/%.*s.html", (int)name.len, (const char *)name.ptr);
    }
}

/* *out NULL: nothing can be negotiated under its opening. */
static ls_result read_one(ls_html *w, const ls_talk *opened, ls_negotiation **out)
{
    ls_reading reading;
    ls_negotiation *n = ls_arena_alloc(w->arena, sizeof *n);
    if (n == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_html_reading(w, &reading);
    ls_result r = ls_negotiation_eval(&reading, opened, UINT64_MAX, w->arena, n);
    *out = ls_succeeded(r) ? n : NULL;
    return r.fault == &ls_fault_text_opening ? LS_SUCCESS : r;
}

/* How it stands, as a key. */
static const char *stand(const ls_negotiation *n)
{
    return n == NULL               ? "text.void"
           : n->state.missing > 0  ? "text.unread"
           : n->state.clean        ? "text.agreed"
           : n->state.present == 0 ? "text.empty"
                                   : "text.open";
}

static size_t unsettled(const ls_negotiation *n)
{
    return n == NULL ? 0 : n->state.unsettled;
}

/* The list. */

static ls_result put_row(ls_html *w, const ls_listed *l)
{
    ls_negotiation *n;
    const ls_talk *t = l->said;
    LS_TRY(read_one(w, t, &n));
    ls_html_statement_open(w, "tr", ls_html_format(w, "text-%u", t->index), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_html_link(w, ls_html_format(w, "text/%.*s.html", (int)t->name.len, (const char *)t->name.ptr), t->name);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, ls_talk_involved(t));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_say(w, stand(n), LS_WITH(ls_say_number(unsettled(n))));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_date(w, ls_record_at(w->portal->record, t->index).time);
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}

ls_result ls_page_texts(ls_html *w, ls_bytes name, const char **title)
{
    static const char *const columns[] = {"text.name", "text.between", "text.stands", "text.opened", NULL};
    const ls_portal_state *s = w->portal->state;
    (void)name;
    ls_page_title_word(w, "nav.texts", title);
    ls_html_word_in(w, "p", "texts.what");
    if (s->talk.text_count == 0) {
        ls_html_state(w, "p", "none", "texts.none", NULL, 0);
        return LS_SUCCESS;
    }
    ls_html_table_open(w, "texts", "texts.caption", columns);
    for (size_t i = s->talk.text_count; i-- > 0;) {
        LS_TRY(put_row(w, &s->talk.text[i]));
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

/* One of them: its words. */

static const char *said(ls_html *w, const ls_text_opening *o, const ls_span *s)
{
    ls_buf words = {0};
    ls_text_put_parties(o, s->parties, s->ad_referendum, &words);
    const char *made = ls_html_cstr(w, ls_buf_bytes(&words));
    w->out->failed |= words.failed;
    ls_buf_free(&words);
    return made;
}

static void put_span(ls_html *w, const ls_text_opening *o, const ls_span *s)
{
    switch (s->kind) {
    case LS_SPAN_TEXT:
        ls_html_lines(w, s->text);
        break;
    case LS_SPAN_OPEN:
        ls_html_open(w, "span", "class", "bracket", NULL);
        ls_html_element(w, "b", ls_bytes_str("["), NULL);
        ls_html_element(w, "b", ls_bytes_str(ls_html_format(w, "%s: ", said(w, o, s))), "class", "who", NULL);
        break;
    case LS_SPAN_CLOSE:
        ls_html_element(w, "b", ls_bytes_str("]"), NULL);
        ls_html_close(w, "span");
        break;
    }
}

static void put_block(ls_html *w, const ls_text_opening *o, const ls_block *b, const char *language)
{
    bool bracket = b->parties != 0 || b->ad_referendum != 0;
    ls_buf label = {0};
    ls_text_put_label(o, b, &label);
    ls_html_open(w, "div", "class", b->reopening ? "block reopening" : "block", NULL);
    if (bracket) {
        ls_html_element(w, "b", ls_bytes_str("["), NULL);
        ls_html_element(w, "b", ls_buf_bytes(&label), "class", "who", "lang", "en", NULL);
    }
    w->out->failed |= label.failed;
    ls_buf_free(&label);
    ls_html_english(w, "i", ls_text_block_says(b));
    ls_html_open(w, "span", "lang", language[0] == '\0' ? NULL : language, "dir", "auto", NULL);
    for (size_t i = 0; i < b->span_count; i++) {
        put_span(w, o, &b->span[i]);
    }
    ls_html_close(w, "span");
    if (bracket) {
        ls_html_element(w, "b", ls_bytes_str("]"), NULL);
    }
    ls_html_close(w, "div");
}

static void put_item(ls_html *w, const ls_text_view *v, const ls_view_item *item, const char *language)
{
    const char *name = item->paragraph->name;
    bool roadmap = item->paragraph->kind != LS_TEXT_PROSE;
    ls_html_statement_open(w, "div", ls_html_format(w, "%s-%s", name, language), "class",
                           roadmap ? "item roadmap" : "item", NULL);
    ls_html_open(w, "p", "class", "state", NULL);
    ls_html_element(w, "code", ls_bytes_str(name), NULL);
    ls_html_str(w, " ");
    ls_html_str(w, ls_html_named(w, "paragraph", ls_text_item_status(v, item)));
    ls_html_close(w, "p");
    for (size_t i = 0; i < item->block_count; i++) {
        put_block(w, v->state->opening, &item->block[i], roadmap ? "" : language);
    }
    for (size_t i = item->first_note; i < item->first_note + item->note_count; i++) {
        const ls_view_note *n = &v->note[i];
        ls_html_open(w, "p", "class", n->objection ? "note objection" : "note", NULL);
        ls_html_say(w, n->objection ? "text.objection" : "text.note",
                    LS_WITH(ls_say_text(v->state->opening->party[n->party]), ls_say_text(n->text),
                            ls_say_text(n->language[0]), ls_say_text(n->language[1])));
        ls_html_close(w, "p");
    }
    ls_html_close(w, "div");
    ls_html_newline(w);
}

static ls_result put_language(ls_html *w, const ls_negotiation *n, size_t language)
{
    const char *code = ls_html_cstr(w, n->opening.language[language]);
    const ls_view_options options = {.language = language, .party = LS_TEXT_NOWHERE};
    ls_text_view v;
    LS_TRY(ls_text_view_make(w->arena, &n->state, &options, &v));
    ls_html_open(w, "section", "class", "text", "aria-label", code, NULL);
    ls_html_element(w, "h2", ls_bytes_str(code), "id", ls_html_format(w, "in-%s", code), NULL);
    ls_html_newline(w);
    for (size_t i = 0; i < v.item_count; i++) {
        put_item(w, &v, &v.item[i], code);
    }
    ls_html_close(w, "section");
    ls_html_newline(w);
    return LS_SUCCESS;
}

/* Its history: act by act, as the program tells it. Lines of what one act did begin with spaces. */

static void put_history_act(ls_html *w, const ls_text_act *a, ls_bytes changes)
{
    ls_html_statement_open(w, "li", ls_html_format(w, "act-%llu", (unsigned long long)a->entry), NULL);
    ls_html_open(w, "p", NULL);
    ls_html_say(w, a->ad_referendum ? "text.act-ad-referendum" : "text.act",
                LS_WITH(ls_say_entry(a->entry), ls_say_time(ls_record_at(w->portal->record, a->entry).time),
                        ls_say_text(a->party)));
    ls_html_close(w, "p");
    ls_html_open(w, "pre", "lang", "en", "dir", "auto", NULL);
    ls_html_lines(w, changes);
    ls_html_close(w, "pre");
    ls_html_close(w, "li");
    ls_html_newline(w);
}

static const ls_text_act *act_at(const ls_negotiation *n, uint64_t entry)
{
    for (size_t i = 0; i < n->count; i++) {
        if (n->act[i].entry == entry) {
            return &n->act[i];
        }
    }
    return NULL;
}

/* "entry 41  usa 7  edit" */
static const ls_text_act *head_of(const ls_negotiation *n, ls_bytes line)
{
    ls_reader r = ls_reader_of(line);
    ls_bytes word;
    uint64_t entry;
    bool is = ls_read_until(&r, ' ', &word) && ls_bytes_is(word, "entry") && ls_read_until(&r, ' ', &word) &&
              ls_decimal_parse(word, UINT32_MAX, &entry);
    return is ? act_at(n, entry) : NULL;
}

static void put_changes(ls_html *w, const ls_negotiation *n, ls_bytes text)
{
    ls_reader r = ls_reader_of(text);
    const ls_text_act *act = NULL;
    const uint8_t *from = text.ptr;
    for (ls_bytes line; ls_read_line(&r, &line);) {
        const ls_text_act *next = head_of(n, line);
        if (next == NULL) {
            continue;
        }
        if (act != NULL) {
            put_history_act(w, act, ls_bytes_of(from, (size_t)(line.ptr - from)));
        }
        act = next;
        from = r.ptr;
    }
    if (act != NULL) {
        put_history_act(w, act, ls_bytes_of(from, (size_t)(text.ptr + text.len - from)));
    }
}

static ls_result put_history(ls_html *w, const ls_negotiation *n)
{
    ls_buf text = {0};
    ls_result r = ls_text_history_put(&n->state, 0, LS_TEXT_NOWHERE, &text);
    if (ls_succeeded(r) && text.len > 0) {
        ls_html_heading(w, 2, "history", "text.history");
        ls_html_open(w, "ol", "class", "history", NULL);
        put_changes(w, n, ls_buf_bytes(&text));
        ls_html_close(w, "ol");
    }
    ls_buf_free(&text);
    return r;
}

static void put_stand(ls_html *w, const ls_talk *t, const ls_negotiation *n)
{
    ls_html_facts_open(w);
    ls_html_fact(w, "text.stands", stand(n), LS_WITH(ls_say_number(unsettled(n))));
    ls_html_fact(w, "text.between", "plain", LS_WITH(ls_say_parties(ls_talk_involved(t))));
    ls_html_fact(w, "text.opened", "at-in-act",
                 LS_WITH(ls_say_time(ls_record_at(w->portal->record, t->index).time), ls_say_entry(t->index)));
    if (t->word == LS_TEXT_WHOLE) {
        ls_html_fact(w, "text.rule", "text.whole", NULL, 0);
    }
    if (n != NULL && n->state.missing > 0) {
        ls_html_fact(w, "text.missing", "text.missing-what", LS_WITH(ls_say_number(n->state.missing)));
    }
    ls_html_facts_close(w);
}

ls_result ls_page_text(ls_html *w, ls_bytes name, const char **title)
{
    const ls_talk *t = NULL;
    ls_negotiation *n;
    for (size_t i = 0; i < w->portal->state->talk.text_count; i++) {
        const ls_talk *said = w->portal->state->talk.text[i].said;
        t = ls_bytes_equal(said->name, name) ? said : t;
    }
    if (t == NULL) {
        return ls_fail(&ls_fault_absent);
    }
    LS_TRY(read_one(w, t, &n));
    ls_page_title(w, ls_html_cstr(w, name), title);
    put_stand(w, t, n);
    if (n == NULL) {
        return LS_SUCCESS;
    }
    for (size_t i = 0; n->state.present > 0 && i < n->opening.language_count; i++) {
        LS_TRY(put_language(w, n, i));
    }
    return put_history(w, n);
}
