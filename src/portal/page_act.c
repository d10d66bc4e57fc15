/* One act: what it says in words, the signed note as it is, the proof that it stands in the record. */
#include "portal/acts.h"
#include "portal/put.h"
#include "process/sealed.h"

typedef unsigned long long ull;

void ls_page_act_paths(const ls_portal *p, ls_page_paths *list)
{
    for (uint64_t i = 0; i < ls_record_size(p->record); i++) {
        ls_page_paths_add(list, "act/%llu.html", (ull)i);
    }
}

typedef struct page {
    ls_html *w;
    uint64_t index;
    ls_bytes note;
    ls_act *act;
    ls_record_entry entry;
} page;

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

/* The signers by name, with who they are. */
static void put_signers(const page *x)
{
    const ls_charter *c = ls_record_charter(x->w->portal->record);
    if (x->act->signers.count == 0) {
        return;
    }
    open_term(x->w, "act-page.signers", "signers");
    for (size_t i = 0; i < x->act->signers.count; i++) {
        const ls_signer *found = NULL;
        for (size_t p = 0; p < c->party_count && found == NULL; p++) {
            found = ls_party_signer(&c->party[p], x->act->signers.name[i]);
        }
        ls_html_str(x->w, i == 0 ? "" : ", ");
        ls_html_text(x->w, x->act->signers.name[i]);
        if (found != NULL && found->title.len > 0) {
            ls_html_str(x->w, " (");
            ls_html_text(x->w, found->title);
            ls_html_str(x->w, ")");
        }
    }
    close_term(x->w);
}

static void put_times(const page *x)
{
    uint32_t stamp = x->w->portal->acts->stamp[x->index];
    open_term(x->w, "act-page.time", "time");
    if (x->entry.time == LS_TIME_OPEN) {
        ls_html_str(x->w, ls_html_word(x->w, "act-page.unstamped"));
    } else {
        ls_html_time(x->w, x->entry.time);
    }
    if (stamp != LS_NO_ENTRY) {
        ls_html_str(x->w, " ");
        ls_html_say(x->w, x->entry.receipted ? "act-page.receipted" : "act-page.stamp", LS_WITH(ls_say_entry(stamp)));
    }
    close_term(x->w);
    if (x->act->has[LS_H_DATE]) {
        open_term(x->w, "act-page.date", "date");
        ls_html_day(x->w, (int32_t)ls_date_to_days(x->act->date));
        close_term(x->w);
    }
}

static void put_summary(const page *x)
{
    ls_html *w = x->w;
    ls_html_open(w, "dl", "class", "facts", NULL);
    open_term(w, "act-page.kind", "kind");
    ls_html_word_in(w, "b", ls_act_key(w, x->entry.kind));
    ls_html_str(w, " (");
    ls_html_element(w, "code", x->entry.kind, NULL);
    ls_html_str(w, ")");
    ls_portal_put_marks(w, x->index);
    close_term(w);
    open_term(w, "act-page.by", "by");
    ls_portal_put_author(w, x->index, x->act);
    close_term(w);
    put_signers(x);
    put_times(x);
    open_term(w, "act-page.about", "about");
    ls_portal_put_about(w, x->index, x->act);
    close_term(w);
    open_term(w, "act-page.place", "place");
    ls_html_say(
        w, "act-page.place-of",
        LS_WITH(ls_say_number(x->index), ls_say_link("record.html", ls_bytes_str(ls_html_word(w, "nav.record")))));
    close_term(w);
    open_term(w, "act-page.id", "id");
    ls_html_hash(w, &x->entry.id);
    close_term(w);
    ls_html_close(w, "dl");
    ls_html_newline(w);
}

static void put_words(const page *x)
{
    bool own = x->act->shape != LS_SHAPE_STAMP && !ls_bytes_is(x->act->kind, "receipts");
    if (own && x->act->text.len > 0) {
        ls_html_heading(x->w, 2, "words", "act-page.words");
        ls_html_statement_open(x->w, "blockquote", "words", "class", "words lines", "dir", "auto", NULL);
        ls_html_lines(x->w, x->act->text);
        ls_html_close(x->w, "blockquote");
        ls_html_newline(x->w);
    }
}

/* Files. */

static void put_file(const page *x, size_t i)
{
    const ls_attachment *a = &x->act->attachment[i];
    ls_html *w = x->w;
    char hex[LS_HEX_HASH_SIZE];
    bool here = ls_portal_serves(&w->portal->source, &a->hash, w->arena);
    ls_hash_format(&a->hash, hex);
    ls_html_statement_open(w, "tr", ls_html_format(w, "file-%zu", i), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    if (here) {
        ls_html_site_link(w, ls_html_format(w, "tlog/attachment/%s", hex), a->file_name);
    } else {
        ls_html_text(w, a->file_name);
    }
    ls_html_close(w, "th");
    ls_html_element(w, "td", a->media_type, NULL);
    ls_html_element(w, "td", ls_bytes_str(ls_html_format(w, "%llu", (ull)a->size)), "class", "number", NULL);
    ls_html_open(w, "td", NULL);
    ls_html_text(w, a->audience);
    if (!here) {
        ls_html_str(w, " ");
        ls_html_element(w, "span", ls_bytes_str(ls_html_word(w, "act-page.not-public")), "class", "mark", NULL);
    }
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_hash(w, &a->hash);
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_files(const page *x)
{
    static const char *const columns[] = {"file.name", "file.type", "#file.bytes", "file.audience", "file.hash", NULL};
    if (x->act->attachment_count == 0) {
        return;
    }
    ls_html_heading(x->w, 2, "files", "act-page.files");
    ls_html_table_open(x->w, "files", "act-page.files", columns);
    for (size_t i = 0; i < x->act->attachment_count; i++) {
        put_file(x, i);
    }
    ls_html_table_close(x->w);
}

/* Acts about this one. */
static ls_result put_answers(const page *x)
{
    const ls_portal_acts *a = x->w->portal->acts;
    if (a->first[x->index] == LS_NO_ENTRY) {
        return LS_SUCCESS;
    }
    ls_html_heading(x->w, 2, "answers", "act-page.answers");
    ls_html_table_open(x->w, "acts", "act-page.answers", ls_portal_put_act_columns);
    for (uint32_t i = a->first[x->index]; i != LS_NO_ENTRY; i = a->next[i]) {
        LS_TRY(ls_portal_put_act_row(x->w, i));
    }
    ls_html_table_close(x->w);
    return LS_SUCCESS;
}

static void put_block(ls_html *w, const char *class, const char *id, ls_bytes text)
{
    ls_html_statement_open(w, "pre", id, "class", class, "tabindex", "0", NULL);
    ls_html_lines(w, text);
    ls_html_close(w, "pre");
    ls_html_newline(w);
}

static ls_result put_evidence(const page *x)
{
    ls_buf proof = {0};
    ls_html *w = x->w;
    ls_html_heading(w, 2, "note", "act-page.note");
    ls_html_word_in(w, "p", "act-page.note-lead");
    put_block(w, "note", "note", x->note);
    ls_html_heading(w, 2, "proof", "act-page.proof");
    ls_html_open(w, "p", NULL);
    ls_html_say(w, "act-page.proof-lead", NULL, 0);
    ls_html_str(w, " ");
    const char *file = ls_html_format(w, "act/%llu.tlog-proof", (ull)x->index);
    ls_html_site_link(w, file, ls_bytes_str(ls_html_word(w, "act-page.download")));
    ls_html_close(w, "p");
    ls_result r = ls_portal_acts_prove(w->portal, x->index, false, w->arena, &proof);
    if (ls_succeeded(r)) {
        put_block(w, "proof", "proof", ls_buf_bytes(&proof));
    }
    ls_buf_free(&proof);
    return r;
}

/* Entries before and after, stamps included. */
static void put_neighbours(const page *x)
{
    ls_html *w = x->w;
    ls_html_open(w, "nav", "class", "neighbours", "aria-label", ls_html_word(w, "act-page.neighbours"), NULL);
    if (x->index > 0) {
        ls_html_say(w, "act-page.before", LS_WITH(ls_say_entry(x->index - 1)));
        ls_html_str(w, " ");
    }
    if (x->index + 1 < ls_record_size(w->portal->record)) {
        ls_html_say(w, "act-page.after", LS_WITH(ls_say_entry(x->index + 1)));
    }
    ls_html_close(w, "nav");
    ls_html_newline(w);
}

ls_result ls_page_act(ls_html *w, ls_bytes name, const char **title)
{
    page x = {.w = w};
    if (!ls_page_number(name, ls_record_size(w->portal->record), &x.index)) {
        return ls_fail(&ls_fault_absent);
    }
    LS_TRY(ls_portal_put_read(w, x.index, &x.note, &x.act));
    x.entry = ls_record_at(w->portal->record, x.index);
    ls_page_title(w,
                  ls_html_format(w, "%s %llu: %s", ls_html_word(w, "act-page.act"), (ull)x.index,
                                 ls_html_word(w, ls_act_key(w, x.entry.kind))),
                  title);
    put_summary(&x);
    put_words(&x);
    put_files(&x);
    LS_TRY(put_answers(&x));
    LS_TRY(put_evidence(&x));
    put_neighbours(&x);
    return LS_SUCCESS;
}
