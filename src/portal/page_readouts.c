/* Readouts: all of them; and one, as it was published, with what the record says to each of its claims. */
#include "portal/comparison.h"
#include "portal/facts.h"
#include "proving/prover.h"
#include "proving/published.h"

void ls_page_readout_paths(const ls_portal *p, ls_page_paths *list)
{
    for (size_t i = 0; i < p->state->talk.readout_count; i++) {
        ls_page_paths_add(list, "readout/%u.html", p->state->talk.readout[i].said->index);
    }
}

static const ls_listed *find(const ls_portal_state *s, uint64_t index)
{
    for (size_t i = 0; i < s->talk.readout_count; i++) {
        if (s->talk.readout[i].said->index == index) {
            return &s->talk.readout[i];
        }
    }
    return NULL;
}

static ls_result read_one(ls_html *w, uint64_t index, bool files, ls_published **out)
{
    ls_reading reading;
    *out = ls_arena_alloc(w->arena, sizeof **out);
    if (*out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_html_reading(w, &reading);
    return ls_published_read(&reading, index, files, w->arena, *out);
}

static const char *language_of(ls_html *w, const ls_readout *r)
{
    return ls_html_cstr(w, r->language);
}

static void put_minutes(ls_html *w, const ls_readout *r)
{
    ls_html_say(w, "readout.minutes", LS_WITH(ls_say_number(ls_reading_minutes(r->body))));
}

static void put_meeting(ls_html *w, const ls_talk *meeting)
{
    if (meeting == NULL) {
        ls_html_str(w, "-");
        return;
    }
    const char *path = ls_html_format(w, "meeting/%.*s.html", (int)meeting->name.len, (const char *)meeting->name.ptr);
    ls_html_link(w, path, meeting->name);
}

/* The list. */

static ls_result put_row(ls_html *w, const ls_listed *l)
{
    ls_published *p;
    uint32_t index = l->said->index;
    LS_TRY(read_one(w, index, false, &p));
    ls_html_statement_open(w, "tr", ls_html_format(w, "readout-%u", index), NULL);
    ls_html_open(w, "td", NULL);
    put_meeting(w, p->meeting);
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    ls_html_parties(w, LS_PARTY_BIT(l->said->by));
    ls_html_close(w, "td");
    ls_html_open(w, "th", "scope", "row", NULL);
    ls_bytes headline = p->unread == NULL ? p->readout.headline : ls_bytes_str(ls_html_word(w, "readout.unread"));
    ls_html_element(w, "a", headline, "dir", "auto", "lang", p->unread == NULL ? language_of(w, &p->readout) : NULL,
                    "href", ls_html_href(w, ls_html_format(w, "readout/%u.html", index)), NULL);
    ls_html_close(w, "th");
    ls_html_open(w, "td", NULL);
    if (p->unread == NULL) {
        ls_html_day(w, (int32_t)ls_date_to_days(p->readout.date));
    }
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    if (p->unread == NULL) {
        put_minutes(w, &p->readout);
    }
    ls_html_close(w, "td");
    ls_html_word_in(w, "td", l->withdrawn ? "readout.withdrawn" : "readout.stands");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}

ls_result ls_page_readouts(ls_html *w, ls_bytes name, const char **title)
{
    static const char *const columns[] = {"readout.meeting",
                                          "readout.party",
                                          "readout.headline",
                                          "readout.date",
                                          "readout.length",
                                          "readout.standing",
                                          NULL};
    const ls_portal_state *s = w->portal->state;
    (void)name;
    ls_page_title_word(w, "nav.readouts", title);
    ls_html_word_in(w, "p", "readouts.what");
    if (s->talk.readout_count == 0) {
        ls_html_state(w, "p", "none", "readouts.none", NULL, 0);
        return LS_SUCCESS;
    }
    ls_html_table_open(w, "readouts", "readouts.caption", columns);
    for (size_t i = s->talk.readout_count; i-- > 0;) {
        LS_TRY(put_row(w, &s->talk.readout[i]));
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

/* One of them. */

/* Paragraphs end at empty lines. */
static void put_body(ls_html *w, const ls_readout *r)
{
    ls_bytes rest = r->body;
    ls_html_statement_open(w, "div", "body", "class", "prose", "lang", language_of(w, r), NULL);
    while (rest.len > 0) {
        const uint8_t *end = memmem(rest.ptr, rest.len, "\n\n", 2);
        size_t len = end == NULL ? rest.len : (size_t)(end - rest.ptr);
        if (len > 0) {
            ls_html_open(w, "p", "dir", "auto", NULL);
            ls_html_lines(w, ls_bytes_of(rest.ptr, len));
            ls_html_close(w, "p");
            ls_html_newline(w);
        }
        size_t skip = end == NULL ? len : len + 2;
        rest = ls_bytes_of(rest.ptr + skip, rest.len - skip);
    }
    ls_html_close(w, "div");
    ls_html_newline(w);
}

static const ls_readout_file *file_of(const ls_published *p, ls_bytes name)
{
    for (size_t i = 0; i < p->file_count; i++) {
        if (ls_bytes_equal(p->file[i].name, name)) {
            return &p->file[i];
        }
    }
    return NULL;
}

static void put_medium(ls_html *w, const ls_published *p, size_t i)
{
    const ls_medium *m = &p->readout.medium[i];
    const ls_readout_file *f = file_of(p, m->file);
    ls_html_statement_open(w, "tr", ls_html_format(w, "medium-%zu", i), NULL);
    ls_html_open(w, "th", "scope", "row", NULL);
    if (f == NULL || !ls_portal_serves(&w->portal->source, &f->hash, w->arena)) {
        ls_html_text(w, m->file);
    } else {
        ls_html_site_link(w, ls_html_file_path(w, &f->hash), m->file);
    }
    ls_html_close(w, "th");
    ls_html_element(w, "td", m->caption, "dir", "auto", NULL);
    ls_html_open(w, "td", NULL);
    if (f != NULL) {
        ls_html_say(w, "file.what", LS_WITH(ls_say_text(f->media_type), ls_say_number(f->bytes)));
    }
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    if (f != NULL) {
        ls_html_hash(w, &f->hash);
    }
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
}

static void put_media(ls_html *w, const ls_published *p)
{
    static const char *const columns[] = {"medium.file", "medium.caption", "medium.what", "medium.hash", NULL};
    if (p->readout.medium_count == 0) {
        return;
    }
    ls_html_heading(w, 2, "media", "readout.media");
    ls_html_table_open(w, "media", "readout.media", columns);
    for (size_t i = 0; i < p->readout.medium_count; i++) {
        put_medium(w, p, i);
    }
    ls_html_table_close(w);
}

static ls_result put_claim(ls_html *w, const ls_published *p, size_t i, const ls_prover *prover)
{
    const ls_claim *c = &p->readout.claim[i];
    const ls_side side = {.party = p->act.by.name[0]};
    ls_proof proof = {.state = ""};
    ls_proof_verdict verdict = LS_VERDICT_NONE;
    const char *words = NULL;
    if (c->about.kind != LS_ABOUT_TOPIC) {
        LS_TRY(prover->prove(prover->context, w->arena, &c->about, &proof));
        LS_TRY(ls_proof_judge(w->arena, &proof, c, &verdict, &words));
    }
    ls_html_statement_open(w, "tr", ls_html_format(w, "claim-%zu", i), NULL);
    ls_html_open(w, "td", NULL);
    ls_html_claim(w, c, ls_side_speaks(&side, c));
    ls_html_close(w, "td");
    ls_html_open(w, "td", NULL);
    const char *about = ls_about_words(w->arena, &c->about);
    ls_html_english(w, "span", about == NULL ? "" : about);
    ls_html_close(w, "td");
    ls_html_open(w, "td", "class", "record", NULL);
    if (c->about.kind == LS_ABOUT_TOPIC) {
        ls_html_word_in(w, "p", "about.nothing");
    } else {
        ls_html_verdict(w, verdict, words);
    }
    ls_html_close(w, "td");
    ls_html_close(w, "tr");
    ls_html_newline(w);
    return LS_SUCCESS;
}

static ls_result put_claims(ls_html *w, const ls_published *p)
{
    static const char *const columns[] = {"claim.claim", "claim.about", "topic.record", NULL};
    ls_reading reading;
    ls_prover prover;
    if (p->readout.claim_count == 0) {
        return LS_SUCCESS;
    }
    ls_html_reading(w, &reading);
    LS_TRY(ls_prover_make(&reading, w->arena, &prover));
    ls_html_heading(w, 2, "claims", "readout.claims");
    ls_html_word_in(w, "p", "readout.claims-what");
    ls_html_table_open(w, "claims", "readout.claims", columns);
    for (size_t i = 0; i < p->readout.claim_count; i++) {
        LS_TRY(put_claim(w, p, i, &prover));
    }
    ls_html_table_close(w);
    return LS_SUCCESS;
}

static void put_around(ls_html *w, const ls_listed *l, const ls_published *p)
{
    ls_record_entry e = ls_record_at(w->portal->record, p->index);
    ls_html_facts_open(w);
    ls_html_fact(w, "readout.party", "plain", LS_WITH(ls_say_parties(LS_PARTY_BIT(l->said->by))));
    ls_html_fact_open(w, "readout.meeting");
    put_meeting(w, p->meeting);
    ls_html_fact_close(w);
    if (p->unread == NULL) {
        int32_t day = (int32_t)ls_date_to_days(p->readout.date);
        ls_html_fact(w, "readout.date", "plain", LS_WITH(ls_say_day(day)));
        ls_html_fact_open(w, "readout.length");
        put_minutes(w, &p->readout);
        ls_html_fact_close(w);
    } else {
        ls_html_fact(w, "readout.unread", "plain", LS_WITH(ls_say_english(p->unread)));
    }
    ls_html_fact(w, "readout.published", "at-in-act", LS_WITH(ls_say_time(e.time), ls_say_entry(p->index)));
    ls_html_fact(w, "readout.standing", l->withdrawn ? "readout.withdrawn" : "readout.stands", NULL, 0);
    ls_html_facts_close(w);
}

ls_result ls_page_readout(ls_html *w, ls_bytes name, const char **title)
{
    uint64_t index;
    ls_published *p;
    const ls_listed *l =
        ls_page_number(name, ls_record_size(w->portal->record), &index) ? find(w->portal->state, index) : NULL;
    if (l == NULL) {
        return ls_fail(&ls_fault_absent);
    }
    LS_TRY(read_one(w, index, true, &p));
    if (p->unread != NULL) {
        ls_page_title_word(w, "readout.unread", title);
        put_around(w, l, p);
        return LS_SUCCESS;
    }
    *title = ls_html_cstr(w, p->readout.headline);
    ls_html_statement_open(w, "h1", "headline", "dir", "auto", "lang", language_of(w, &p->readout), NULL);
    ls_html_text(w, p->readout.headline);
    ls_html_close(w, "h1");
    ls_html_newline(w);
    put_around(w, l, p);
    put_body(w, &p->readout);
    put_media(w, p);
    LS_TRY(put_claims(w, p));
    if (p->meeting != NULL) {
        ls_html_open(w, "p", NULL);
        ls_html_link(w,
                     ls_html_format(w, "meeting/%.*s.html#readouts", (int)p->meeting->name.len,
                                    (const char *)p->meeting->name.ptr),
                     ls_bytes_str(ls_html_word(w, "readout.compare")));
        ls_html_close(w, "p");
    }
    return LS_SUCCESS;
}
