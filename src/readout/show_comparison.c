/* A comparison as a page: the capitals side by side, and the record beside them. */
#include "process/shown.h"
#include "readout/show_parts.h"

typedef struct page {
    const ls_comparison *c;
    ls_buf *out;
    ls_buf words; /* of the element that is being written */
} page;

static const char *verdict_class(ls_proof_verdict v)
{
    static const char *const classes[LS_VERDICTS] = {
        [LS_VERDICT_SHOWS] = "p class=\"small good\"",
        [LS_VERDICT_SHOWS_NOT] = "p class=\"small warn\"",
        [LS_VERDICT_AGAINST] = "p class=\"small bad\"",
    };
    return classes[v] == NULL ? "p class=small" : classes[v];
}

static void put_claim(page *p, const ls_topic_claim *k)
{
    const ls_claim *c = k->claim;
    ls_buf_put_str(p->out, "<div>");
    ls_put_force(c, &p->words);
    ls_put_words(c->denies ? "span class=\"force denies\"" : "span class=force", &p->words, p->out);
    if (c->value.len > 0) {
        ls_buf_put_str(p->out, " ");
        ls_shown_element(p->out, "span class=\"force value\" dir=auto", c->value, false);
    }
    ls_shown_element(p->out, "p dir=auto", c->text, false);
    if (!ls_side_speaks(&p->c->side[k->at.side], c)) {
        ls_put_voices(c, &p->words);
        ls_put_words("p class=small dir=auto", &p->words, p->out);
    }
    ls_put_claim_name(p->c, k, &p->words);
    ls_put_words("code", &p->words, p->out);
    ls_buf_put_str(p->out, "</div>");
}

static void put_side(page *p, const ls_topic *t, size_t side)
{
    ls_buf_put_str(p->out, "<td>");
    ls_shown_element(p->out, "span class=side dir=auto", ls_side_title(&p->c->side[side]), false);
    if (!t->says[side]) {
        ls_buf_put_str(p->out, "<div class=small>says nothing of it</div>");
    }
    for (size_t i = 0; i < t->claim_count; i++) {
        if (t->claim[i].at.side == side) {
            put_claim(p, &t->claim[i]);
        }
    }
    ls_buf_put_str(p->out, "</td>\n");
}

static void put_about(page *p, const ls_topic_about *a)
{
    ls_buf_put_str(p->out, "<div>");
    ls_shown_element(p->out, "h3 dir=auto", ls_bytes_str(a->words), false);
    ls_put_state(a, &p->words);
    ls_put_words("p", &p->words, p->out);
    for (size_t i = 0; i < a->proof.value_count; i++) {
        ls_buf_put_bytes(&p->words, a->proof.value[i].aspect);
        ls_buf_put_str(&p->words, ": ");
        ls_buf_put_bytes(&p->words, a->proof.value[i].value);
        ls_put_words("p dir=auto", &p->words, p->out);
    }
    for (size_t i = 0; i < a->proof.deed_count; i++) {
        ls_put_deed(&a->proof.deed[i], &p->words);
        ls_put_words("p class=small", &p->words, p->out);
    }
    ls_buf_put_str(p->out, "</div>");
}

/* Of the claims that point at something. */
static void put_verdicts(page *p, const ls_topic *t)
{
    bool any = false;
    for (size_t i = 0; i < t->claim_count; i++) {
        const ls_topic_claim *k = &t->claim[i];
        if (k->claim->about.kind == LS_ABOUT_TOPIC) {
            continue;
        }
        ls_buf_put_str(p->out, any ? "" : "<div>");
        any = true;
        ls_put_claim_name(p->c, k, &p->words);
        ls_buf_format(&p->words, ": %s", k->words);
        ls_put_words(verdict_class(k->verdict), &p->words, p->out);
    }
    ls_buf_put_str(p->out, any ? "</div>" : "");
}

static void put_record(page *p, const ls_topic *t)
{
    ls_buf_put_str(p->out, "<td class=record><span class=side>The record</span>");
    for (size_t i = 0; i < t->about_count; i++) {
        if (ls_topic_shows(t, &t->about[i])) {
            put_about(p, &t->about[i]);
        }
    }
    put_verdicts(p, t);
    ls_buf_put_str(p->out, "</td>\n");
}

static void put_together(page *p, const ls_topic *t)
{
    bool differs = t->forces_differ || t->values_differ;
    ls_buf_put_str(p->out, "<th scope=row>");
    ls_shown_element(p->out, "span dir=auto", ls_bytes_str(t->title), false);
    ls_put_together(p->c, t, &p->words);
    ls_put_words(t->contradiction_count > 0 ? "p class=\"small bad\""
                 : differs                  ? "p class=\"small warn\""
                                            : "p class=small",
                 &p->words, p->out);
    for (size_t i = 0; i < t->contradiction_count; i++) {
        ls_put_contradiction(p->c, t, &t->contradiction[i], &p->words);
        ls_put_words("p class=\"small bad\"", &p->words, p->out);
    }
    for (size_t i = 0; i < t->unsaid_count; i++) {
        ls_put_unsaid(p->c, t, &t->unsaid[i], &p->words);
        ls_put_words("p class=\"small warn\"", &p->words, p->out);
    }
    ls_buf_put_str(p->out, "</th>\n");
}

static void put_columns(page *p)
{
    ls_buf_put_str(p->out, "<thead><tr><th scope=col>Topic</th>\n");
    for (size_t s = 0; s < p->c->side_count; s++) {
        const ls_side *side = &p->c->side[s];
        char date[LS_DATE_SIZE];
        ls_date_format(side->readout->date, date);
        ls_buf_put_str(p->out, "<th scope=col>");
        ls_shown_element(p->out, "span dir=auto", ls_side_title(side), false);
        ls_buf_format(p->out, "<p class=small><time>%s</time> · %u min read</p></th>\n", date,
                      ls_reading_minutes(side->readout->body));
    }
    ls_buf_put_str(p->out, p->c->proved ? "<th scope=col class=record>The record</th>" : "");
    ls_buf_put_str(p->out, "</tr></thead>\n");
}

static void put_table(page *p)
{
    ls_buf_put_str(p->out, "<div class=scroll><table>\n");
    put_columns(p);
    ls_buf_put_str(p->out, "<tbody>\n");
    for (size_t i = 0; i < p->c->topic_count; i++) {
        const ls_topic *t = &p->c->topic[i];
        ls_buf_put_str(p->out, "<tr>");
        put_together(p, t);
        for (size_t s = 0; s < p->c->side_count; s++) {
            put_side(p, t, s);
        }
        if (p->c->proved) {
            put_record(p, t);
        }
        ls_buf_put_str(p->out, "</tr>\n");
    }
    ls_buf_put_str(p->out, "</tbody></table></div>\n");
}

static void put_title(page *p, const ls_comparison_page *about)
{
    ls_buf_put_str(&p->words, "What was said");
    if (about->meeting.len > 0) {
        ls_buf_put_str(&p->words, " of ");
        ls_buf_put_bytes(&p->words, about->meeting);
    }
    ls_put_page_head("wide", ls_buf_bytes(&p->words), about->exercise, p->out);
    ls_put_words("h1 dir=auto", &p->words, p->out);
    if (about->process.len > 0) {
        ls_shown_element(p->out, "p class=meta dir=auto", about->process, false);
    }
    ls_buf_put_str(p->out, "<p>Readouts side by side. Which of them is true this page does not say: only who says "
                           "what, on whose word, and what was signed by whom.</p>\n");
    if (p->c->proved && about->record.len > 0) {
        ls_buf_put_str(&p->words, "The record: ");
        ls_buf_put_bytes(&p->words, about->record);
        ls_put_words("p class=meta", &p->words, p->out);
    }
    for (size_t i = 0; i < about->note_count; i++) {
        ls_shown_element(p->out, "p class=\"small warn\" dir=auto", ls_bytes_str(about->note[i]), false);
    }
}

ls_result ls_comparison_html(const ls_comparison *c, const ls_comparison_page *about, ls_buf *out)
{
    ls_buf html = {0};
    page p = {.c = c, .out = &html};
    put_title(&p, about);
    put_table(&p);
    ls_put_page_foot(&html);
    ls_buf_free(&p.words);
    return ls_page_finish(LS_SUCCESS, &html, out);
}
