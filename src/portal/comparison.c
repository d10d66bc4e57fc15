#include "portal/comparison.h"
#include "portal/facts.h"
#include "proving/prover.h"
#include "proving/published.h"

/* Claims. */

static void put_voice(ls_html *w, const ls_voice *v)
{
    if (v->person.len > 0) {
        ls_html_element(w, "bdi", v->person, NULL);
        ls_html_str(w, " (");
    }
    ls_html_text(w, v->of);
    ls_html_str(w, v->person.len > 0 ? ")" : "");
}

static void put_voices(ls_html *w, const ls_claim *c)
{
    ls_html_open(w, "p", "class", "voices", NULL);
    put_voice(w, &c->speaker);
    for (size_t i = 0; i < c->word_count; i++) {
        ls_html_str(w, " ");
        ls_html_word_in(w, "span", "claim.on-the-word-of");
        ls_html_str(w, " ");
        put_voice(w, &c->word[i]);
    }
    ls_html_close(w, "p");
}

void ls_html_claim(ls_html *w, const ls_claim *c, bool speaks)
{
    ls_html_element(w, "span", ls_bytes_str(ls_html_named(w, c->denies ? "denies" : "force", ls_force_name(c->force))),
                    "class", c->denies ? "force denies" : "force", NULL);
    if (c->value.len > 0) {
        ls_html_str(w, " ");
        ls_html_element(w, "span", c->value, "class", "value", "dir", "auto", NULL);
    }
    ls_html_open(w, "p", "dir", "auto", NULL);
    ls_html_lines(w, c->text);
    ls_html_close(w, "p");
    if (!speaks) {
        put_voices(w, c);
    }
}

void ls_html_verdict(ls_html *w, ls_proof_verdict v, const char *words)
{
    static const char *const classes[LS_VERDICTS] = {
        [LS_VERDICT_SHOWS] = "verdict good",
        [LS_VERDICT_SHOWS_NOT] = "verdict warn",
        [LS_VERDICT_AGAINST] = "verdict bad",
    };
    ls_html_element(w, "p", ls_bytes_str(ls_html_named(w, "verdict", ls_proof_verdict_name(v))), "class",
                    classes[v] == NULL ? "verdict" : classes[v], NULL);
    if (words != NULL) {
        ls_html_english(w, "p", words);
    }
}

/* The table: a row for each topic, a column for each side, and one for the record. */

static void put_claim_name(ls_html *w, const ls_comparison *c, const ls_topic_claim *k)
{
    ls_html_element(w, "code",
                    ls_bytes_str(ls_html_format(w, "%.*s:%.*s", (int)c->side[k->at.side].name.len,
                                                (const char *)c->side[k->at.side].name.ptr, (int)k->claim->id.len,
                                                (const char *)k->claim->id.ptr)),
                    NULL);
}

static void put_side(ls_html *w, const ls_comparison *c, const ls_topic *t, size_t topic, size_t side)
{
    ls_html_statement_open(w, "td", ls_html_format(w, "topic-%zu-%zu", topic, side), "data-side",
                           ls_html_cstr(w, c->side[side].name), NULL);
    if (!t->says[side]) {
        ls_html_word_in(w, "p", "topic.silent");
    }
    for (size_t i = 0; i < t->claim_count; i++) {
        const ls_topic_claim *k = &t->claim[i];
        if (k->at.side == side) {
            ls_html_open(w, "div", "class", "claim", NULL);
            ls_html_claim(w, k->claim, ls_side_speaks(&c->side[side], k->claim));
            put_claim_name(w, c, k);
            ls_html_close(w, "div");
        }
    }
    ls_html_close(w, "td");
}

static void put_deed(ls_html *w, const ls_proof_deed *d)
{
    uint64_t entry;
    ls_html_open(w, "p", "class", "deed", NULL);
    ls_html_str(w, ls_html_named(w, "deed", ls_deed_name(d->deed)));
    ls_html_str(w, " ");
    ls_html_text(w, d->party);
    ls_html_str(w, ", ");
    ls_html_time(w, d->at);
    if (ls_record_find(w->portal->record, &d->act, &entry)) {
        ls_html_str(w, ", ");
        ls_html_entry(w, entry);
    }
    ls_html_close(w, "p");
}

static void put_about(ls_html *w, const ls_topic_about *a)
{
    ls_html_element(w, "h3", ls_bytes_str(a->words), "dir", "auto", "lang", "en", NULL);
    if (a->about->kind == LS_ABOUT_TOPIC || !a->proof.found) {
        ls_html_word_in(w, "p", a->about->kind == LS_ABOUT_TOPIC ? "about.nothing" : "about.not-found");
    } else {
        ls_html_element(w, "p", ls_bytes_str(a->proof.state), "lang", "en", NULL);
    }
    for (size_t i = 0; i < a->proof.value_count; i++) {
        ls_html_open(w, "p", "dir", "auto", NULL);
        ls_html_text(w, a->proof.value[i].aspect);
        ls_html_str(w, ": ");
        ls_html_text(w, a->proof.value[i].value);
        ls_html_close(w, "p");
    }
    for (size_t i = 0; i < a->proof.deed_count; i++) {
        put_deed(w, &a->proof.deed[i]);
    }
}

static void put_record(ls_html *w, const ls_comparison *c, const ls_topic *t, size_t topic)
{
    ls_html_statement_open(w, "td", ls_html_format(w, "topic-%zu-record", topic), "class", "record", NULL);
    for (size_t i = 0; i < t->about_count; i++) {
        if (ls_topic_shows(t, &t->about[i])) {
            put_about(w, &t->about[i]);
        }
    }
    for (size_t i = 0; i < t->claim_count; i++) {
        if (t->claim[i].claim->about.kind != LS_ABOUT_TOPIC) {
            put_claim_name(w, c, &t->claim[i]);
            ls_html_verdict(w, t->claim[i].verdict, t->claim[i].words);
        }
    }
    ls_html_close(w, "td");
}

static void put_two(ls_html *w, const ls_comparison *c, const ls_topic *t, const ls_contradiction *x)
{
    ls_html_open(w, "p", "class", "bad", NULL);
    put_claim_name(w, c, &t->claim[x->a]);
    ls_html_str(w, " ");
    ls_html_word_in(w, "span", x->of_values ? "topic.contradicts-value" : "topic.contradicts");
    ls_html_str(w, " ");
    put_claim_name(w, c, &t->claim[x->b]);
    ls_html_close(w, "p");
}

static void put_unsaid(ls_html *w, const ls_comparison *c, const ls_topic *t, const ls_unsaid *u)
{
    ls_html_open(w, "p", "class", "warn", NULL);
    put_claim_name(w, c, &t->claim[u->claim]);
    ls_html_str(w, " ");
    ls_html_say(w, "topic.unsaid", LS_WITH(ls_say_text(u->party)));
    ls_html_close(w, "p");
}

static void put_topic_head(ls_html *w, const ls_comparison *c, const ls_topic *t, size_t topic)
{
    const struct {
        bool is;
        const char *key;
    } marks[] = {{t->said_by == c->side_count && c->side_count > 1, "topic.said-by-all"},
                 {t->said_by == 1 && c->side_count > 1, "topic.said-by-one"},
                 {t->forces_differ, "topic.forces-differ"},
                 {t->values_differ, "topic.values-differ"},
                 {t->contradiction_count > 0, "topic.contradicted"}};
    ls_html_statement_open(w, "th", ls_html_format(w, "topic-%zu", topic), "scope", "row", NULL);
    ls_html_element(w, "span", ls_bytes_str(t->title), "dir", "auto", NULL);
    for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
        if (marks[i].is) {
            ls_html_word_in(w, "p", marks[i].key);
        }
    }
    for (size_t i = 0; i < t->contradiction_count; i++) {
        put_two(w, c, t, &t->contradiction[i]);
    }
    for (size_t i = 0; i < t->unsaid_count; i++) {
        put_unsaid(w, c, t, &t->unsaid[i]);
    }
    ls_html_close(w, "th");
}

/* Each side's heading leads to its readout. */
static void put_columns(ls_html *w, const ls_comparison *c, const ls_published_all *all)
{
    ls_html_open(w, "thead", NULL);
    ls_html_open(w, "tr", NULL);
    ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, "topic.topic")), "scope", "col", NULL);
    for (size_t i = 0; i < c->side_count; i++) {
        ls_html_statement_open(w, "th", ls_html_format(w, "side-%zu", i), "scope", "col", NULL);
        ls_html_link(w, ls_html_format(w, "readout/%llu.html", (unsigned long long)all->readout[i]->index),
                     ls_side_title(&c->side[i]));
        ls_html_close(w, "th");
    }
    ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, "topic.record")), "scope", "col", NULL);
    ls_html_close(w, "tr");
    ls_html_close(w, "thead");
    ls_html_newline(w);
}

static void put_table(ls_html *w, const ls_comparison *c, const ls_published_all *all)
{
    ls_html_open(w, "div", "class", "scroll", "role", "region", "aria-label", ls_html_word(w, "comparison.caption"),
                 "tabindex", "0", NULL);
    ls_html_open(w, "table", "class", "comparison", NULL);
    ls_html_word_in(w, "caption", "comparison.caption");
    put_columns(w, c, all);
    ls_html_open(w, "tbody", NULL);
    for (size_t i = 0; i < c->topic_count; i++) {
        ls_html_open(w, "tr", NULL);
        put_topic_head(w, c, &c->topic[i], i);
        for (size_t s = 0; s < c->side_count; s++) {
            put_side(w, c, &c->topic[i], i, s);
        }
        put_record(w, c, &c->topic[i], i);
        ls_html_close(w, "tr");
        ls_html_newline(w);
    }
    ls_html_table_close(w);
}

static ls_result compare(ls_html *w, const ls_reading *reading, const ls_published_all *all, ls_comparison *out)
{
    const ls_charter *charter = ls_record_charter(w->portal->record);
    ls_side *side = ls_arena_array(w->arena, all->count, sizeof *side);
    ls_prover prover;
    ls_detail detail;
    if (side == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < all->count; i++) {
        ls_bytes name = all->readout[i]->act.by.name[0];
        side[i] = (ls_side){name, ls_charter_party(charter, name)->title, name, &all->readout[i]->readout};
    }
    LS_TRY(ls_prover_make(reading, w->arena, &prover));
    return ls_readouts_compare(w->arena, side, all->count, NULL, &prover, out, &detail);
}

static void put_left(ls_html *w, const ls_left_out *l)
{
    ls_html_statement_open(w, "p", ls_html_format(w, "left-%llu", (unsigned long long)l->index), "class", "left", NULL);
    ls_html_say(w, "comparison.left",
                LS_WITH(ls_say_parties(LS_PARTY_BIT(l->by)), ls_say_entry(l->index), ls_say_english(l->why)));
    ls_html_close(w, "p");
    ls_html_newline(w);
}

ls_result ls_html_comparison(ls_html *w, const ls_talk *meeting)
{
    ls_reading reading;
    ls_published_all all;
    ls_comparison c;
    bool *standing;
    ls_html_reading(w, &reading);
    LS_TRY(ls_reading_standing(&reading, w->arena, &standing));
    LS_TRY(ls_published_of(&reading, meeting, standing, w->arena, &all));
    if (all.count + all.left_count == 0) {
        return LS_SUCCESS;
    }
    ls_html_heading(w, 2, "readouts", "comparison.heading");
    ls_html_word_in(w, "p", "comparison.what");
    if (all.count > 0) {
        LS_TRY(compare(w, &reading, &all, &c));
        put_table(w, &c, &all);
    }
    for (size_t i = 0; i < all.left_count; i++) {
        put_left(w, &all.left[i]);
    }
    return LS_SUCCESS;
}
