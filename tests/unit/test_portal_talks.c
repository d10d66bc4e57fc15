/* Pages of meetings, readouts, texts and the timeline, with words that would be more than words. */
#include "portal_pages.h"
#include "talk_acts.h"
#include "text/forms.h"

/* Without what headers and readouts refuse. */
#define EVIL_PLAIN "<script>alert(1)</script>'><img src=x onerror=alert(2)>&lt;"
#define EVIL_PLAIN_SHOWN "&lt;script&gt;alert(1)&lt;/script&gt;&#39;&gt;&lt;img src=x onerror=alert(2)&gt;&amp;lt;"

/* The same act with one more file, which is there. */
static ls_bytes with_content(fixture *f, ls_bytes note, const char *audience, const char *name, ls_bytes content)
{
    ls_act act = parsed(note);
    ls_act_draft d;
    ls_bytes text;
    ls_attachment a = fixture_attach(f, name, "application/json", content);
    a.audience = ls_bytes_str(audience);
    draft_of(&act, &d);
    ls_act_draft_attach(&d, &a);
    assert_true(finish_text(f, &d, &text));
    return sign_text(f, text, NULL);
}

static const char *canonical(fixture *f, const char *json)
{
    ls_value *v;
    ls_buf out = {0};
    ls_detail detail = {0};
    if (ls_failed(ls_json_parse(&f->arena, ls_bytes_str(json), &v, &detail))) {
        fail_msg("%s", detail.text);
    }
    ls_json_canonical(v, &out);
    const char *kept = ls_arena_str(&f->arena, ls_buf_bytes(&out));
    ls_buf_free(&out);
    return kept;
}

static ls_bytes readout_of(fixture *f, size_t party, uint64_t meeting, const char *speaker, const char *claim)
{
    const char *json =
        canonical(f, ls_arena_format(&f->arena,
                                     "{\"readout\":1,\"headline\":\"Of %s: " EVIL_PLAIN "\",\"date\":\"2018-11-05\","
                                     "\"language\":\"en\",\"body\":\"First.\\n\\n" EVIL_PLAIN "\",\"claims\":[%s]}",
                                     speaker, claim));
    ls_bytes note = say(f, party, "readout", LS_H_REF, entry_id(f, meeting), END);
    return with_content(f, note, "public", "readout.json", ls_bytes_str(json));
}

/* What usa inserts into the text. */
static ls_bytes edit_of(fixture *f, uint64_t text)
{
    ls_text_op op[] = {{.kind = LS_OP_INSERT, .insert = LS_TEXT_PROSE, .at_start = true},
                       {.kind = LS_OP_PROPOSE,
                        .paragraph = {.number = 1},
                        .language = ls_bytes_str("en"),
                        .text = ls_bytes_str("Within 30 days " EVIL_PLAIN)}};
    const ls_text_edit edit = {2, op};
    ls_buf file = {0};
    assert_null(ls_text_edit_format(&edit, &file).fault);
    ls_bytes note = say(f, USA, "edit", LS_H_REF, entry_id(f, text), END);
    note = with_content(f, note, "process", "edit.json", ls_buf_bytes(&file));
    ls_buf_free(&file);
    return note;
}

typedef struct story {
    uint64_t meeting, cancelled, readout_usa, readout_dprk, text, edit;
    ls_time before; /* the meeting */
} story;

static story tell(fixture *f)
{
    story s = {.before = f->now};
    fixture_append(f, fixture_accord(f));
    pass(f, 60);
    s.meeting = fixture_append(f, with_text(f,
                                            say(f, USA, "meet", LS_H_MEETING, "summit", LS_H_TO, "dprk", LS_H_DUE,
                                                SOME_DAY, LS_H_VENUE, "Hall " EVIL_PLAIN, END),
                                            EVIL "\n"));
    pass(f, 60);
    fixture_append(f, say(f, DPRK, "accept", LS_H_REF, entry_id(f, s.meeting), END));
    fixture_append(
        f, with_text(f, say(f, DPRK, "agenda", LS_H_REF, entry_id(f, s.meeting), LS_H_ITEM, "mines", END), EVIL "\n"));
    fixture_append(f, say(f, USA, "group", LS_H_GROUP, "arms", LS_H_TO, "dprk", END));
    s.text = fixture_append(f, say(f, USA, "text", LS_H_TEXT, "draft", LS_H_TO, "dprk", LS_H_LANGUAGES, "en", END));
    pass(f, 60);
    s.edit = fixture_append(f, edit_of(f, s.text));
    s.cancelled = fixture_append(
        f, with_text(f, say(f, USA, "cancel", LS_H_REF, entry_id(f, s.meeting), END), "No progress. " EVIL "\n"));
    pass(f, 60);
    s.readout_usa = fixture_append(
        f, readout_of(f, USA, s.meeting, "usa",
                      "{\"id\":\"a\",\"speaker\":\"usa\",\"force\":\"agreed\",\"about\":{\"meeting\":\"summit\"},"
                      "\"text\":\"It takes place. " EVIL_PLAIN "\",\"value\":\"<b>soon</b>\"}"));
    s.readout_dprk =
        fixture_append(f, readout_of(f, DPRK, s.meeting, "dprk",
                                     "{\"id\":\"b\",\"speaker\":\"dprk\",\"force\":\"agreed\",\"stance\":\"denies\","
                                     "\"about\":{\"meeting\":\"summit\"},\"text\":\"It does not.\"}"));
    pass(f, 60);
    return s;
}

static void test_every_page_takes_hostile_words_as_words(void **state)
{
    fixture *f = *state;
    tell(f);
    all_pages(f, pages_of(f, 0));
}

static void test_without_memory(void **state)
{
    tell(*state);
    all_pages_lack_memory(*state);
}

static void test_a_meeting(void **state)
{
    fixture *f = *state;
    story s = tell(f);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "meeting/summit.html");
    says_that(f, html, "meeting.stands", "Stands called off, since 2018-10-09 17:04");
    says_that(f, html, "meeting.between", "Between dprk , usa");
    says_that(f, html, "meeting.date", "Date 2018-11-05");
    says_that(f, html, "meeting.venue", "Place Hall " EVIL_PLAIN_SHOWN);
    says_that(f, html, "meeting.cancelled-by", "Called off by usa");
    contains(statement(f, html, ls_arena_format(&f->arena, "act-%llu", (unsigned long long)s.cancelled)),
             "No progress.");
    assert_false(there_is(&p, "meeting/other.html"));
    assert_false(there_is(&p, "meeting/summit"));
    assert_false(there_is(&p, "meeting/../summit.html"));
}

static void test_readouts_side_by_side(void **state)
{
    fixture *f = *state;
    story s = tell(f);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "meeting/summit.html");
    contains(statement(f, html, "topic-0"), "contradicted");
    contains(statement(f, html, "topic-0-record"), "called off by usa");
    contains(statement(f, html, "topic-0-0"), "denies: agreed");
    contains(statement(f, html, "topic-0-1"), "agreed &lt;b&gt;soon&lt;/b&gt; It takes place. " EVIL_PLAIN_SHOWN);
    html = page(f, &p, "readouts.html");
    contains(html, "Of usa: " EVIL_PLAIN_SHOWN);
    html = page(f, &p, ls_arena_format(&f->arena, "readout/%llu.html", (unsigned long long)s.readout_usa));
    says_that(f, html, "headline", "Of usa: " EVIL_PLAIN_SHOWN);
    says_that(f, html, "body", "First. " EVIL_PLAIN_SHOWN);
    says_that(f, html, "readout.length", "Reading time 1 min");
    contains(statement(f, html, "claim-0"), "the record speaks against it");
    assert_false(there_is(&p, "readout/0.html"));
    assert_false(there_is(&p, "readout/99999999999999999999.html"));
}

static void test_a_readout_without_its_file(void **state)
{
    fixture *f = *state;
    story s = tell(f);
    uint64_t index =
        fixture_append(f, with_file(f, say(f, ROK, "readout", LS_H_REF, entry_id(f, s.meeting), END), "public"));
    pass(f, 60);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, ls_arena_format(&f->arena, "readout/%llu.html", (unsigned long long)index));
    contains(html, "A readout that can&#39;t be read here");
    html = page(f, &p, "meeting/summit.html");
    contains(statement(f, html, ls_arena_format(&f->arena, "left-%llu", (unsigned long long)index)), "Left out");
}

static void test_a_text(void **state)
{
    fixture *f = *state;
    story s = tell(f);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "texts.html");
    says_that(f, html, ls_arena_format(&f->arena, "text-%llu", (unsigned long long)s.text),
              "draft dprk , usa under negotiation; open paragraphs: 1 2018-10-09");
    html = page(f, &p, "text/draft.html");
    ls_act edit = parsed(f->entry[s.edit]);
    const char *paragraph = ls_arena_format(&f->arena, "usa-%llu-1-en", (unsigned long long)edit.seq);
    contains(statement(f, html, paragraph), "[ USA: Within 30 days " EVIL_PLAIN_SHOWN " ]");
    contains(statement(f, html, ls_arena_format(&f->arena, "act-%llu", (unsigned long long)s.edit)),
             "would have: Within 30 days " EVIL_PLAIN_SHOWN);
}

/* A file that the site does not have: that there is something is said, and nothing of it. */
static void test_a_text_whose_words_are_not_public(void **state)
{
    fixture *f = *state;
    tell(f);
    f->attachment_count = 0;
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "text/draft.html");
    says_that(f, html, "text.stands", "Stands its words are not public");
    lacks(html, "Within 30 days");
}

static void test_the_timeline(void **state)
{
    fixture *f = *state;
    story s = tell(f);
    ls_portal p = pages_of(f, 0);
    const char *html = page(f, &p, "timeline.html");
    says_that(f, html, ls_arena_format(&f->arena, "meeting-%llu", (unsigned long long)s.meeting),
              "2018-11-05 meeting dprk , usa summit called off");
    /* Due ten days, and seven, after entry into force on the 9th. */
    contains(html, "declare-sites");
    const char *deadline = strstr(html, "data-s=\"deadline-");
    assert_non_null(deadline);
    contains(deadline, "2018-10-16");
    contains(deadline, "2018-10-19");
    contains(html, ">EXERCISE<");
}

/* Nothing of a meeting before the record had it. */
static void test_as_known_before(void **state)
{
    fixture *f = *state;
    story s = tell(f);
    ls_portal p = pages_of(f, s.before + 90);
    assert_false(there_is(&p, "meeting/summit.html"));
    assert_false(there_is(&p, "text/draft.html"));
    assert_false(there_is(&p, ls_arena_format(&f->arena, "readout/%llu.html", (unsigned long long)s.readout_usa)));
    lacks(page(f, &p, "timeline.html"), "summit");
    lacks(page(f, &p, "readouts.html"), "Of usa");
    p = pages_of(f, s.before + 150);
    says_that(f, page(f, &p, "meeting/summit.html"), "meeting.stands", "Stands planned, since 2018-10-09 17:02");
}

int main(void)
{
#define ON_CHARTER(test) cmocka_unit_test_setup_teardown(test, open_charter, close_all)
    const struct CMUnitTest tests[] = {
        ON_CHARTER(test_every_page_takes_hostile_words_as_words),
        ON_CHARTER(test_without_memory),
        ON_CHARTER(test_a_meeting),
        ON_CHARTER(test_readouts_side_by_side),
        ON_CHARTER(test_a_readout_without_its_file),
        ON_CHARTER(test_a_text),
        ON_CHARTER(test_a_text_whose_words_are_not_public),
        ON_CHARTER(test_the_timeline),
        ON_CHARTER(test_as_known_before),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
