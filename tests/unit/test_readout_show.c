/* Readouts as output: what pages, text and JSON hold, and that hostile text is text in all of them. */
#include "readouts.h"
#include <jansson.h>

static size_t count_of(ls_buf *b, const char *what)
{
    size_t count = 0;
    for (const char *at = ls_buf_cstr(b); (at = strstr(at, what)) != NULL; at += strlen(what)) {
        count++;
    }
    return count;
}

static void assert_holds(ls_buf *b, const char *what)
{
    if (count_of(b, what) == 0) {
        fail_msg("\"%s\" is missing", what);
    }
}

/* Everything of a page that begins with '<' is one of ours, and no attribute is that of a script. */
static void assert_own_markup(ls_buf *b)
{
    static const char *const elements[] = {"!DOCTYPE", "html",  "head",  "meta", "title", "style", "body",
                                           "p",        "b",     "h1",    "h2",   "h3",    "time",  "bdi",
                                           "div",      "span",  "code",  "ul",   "li",    "a",     "br",
                                           "table",    "thead", "tbody", "tr",   "th",    "td",    "article"};
    const char *text = ls_buf_cstr(b);
    assert_int_equal(strlen(text), b->len);
    assert_true(ls_utf8_valid(ls_buf_bytes(b)));
    for (const char *at = text; (at = strchr(at, '<')) != NULL; at++) {
        const char *name = at + 1 + (at[1] == '/');
        size_t len = strcspn(name, " >");
        bool known = false;
        for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
            known |= strlen(elements[i]) == len && strncmp(elements[i], name, len) == 0;
        }
        size_t end = strcspn(at, ">");
        if (!known || memmem(at, end, " on", 3) != NULL || memmem(at, end, "javascript", 10) != NULL) {
            fail_msg("markup: %.60s", at);
        }
    }
    assert_int_equal(count_of(b, "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'"), 1);
}

static void make_comparison(ls_arena *arena, ls_comparison *c)
{
    ls_side *side = ls_arena_array(arena, 3, sizeof *side);
    ls_alignment alignment;
    static const ls_prover prover = {example_prove, NULL};
    example_sides(arena, side);
    example_alignment(arena, side, &alignment);
    assert_null(ls_readouts_compare(arena, side, 3, &alignment, &prover, c, NULL).fault);
}

static void a_comparison_as_a_page(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_comparison c;
    ls_buf out = {0};
    ls_comparison_page page = {
        true, ls_bytes_str("Talks & more"), ls_bytes_str("the talks of 7 October"), ls_bytes_str("checkpoint 41"), 0,
        NULL};
    make_comparison(&arena, &c);
    assert_null(ls_comparison_html(&c, &page, &out).fault);
    assert_own_markup(&out);
    static const char *const texts[] = {
        "<title>EXERCISE: What was said of the talks of 7 October</title>",
        "<b>EXERCISE</b> Nothing on this page can pass as real.",
        "Talks &amp; more",
        "The record: checkpoint 41",
        ">Washington</span>",
        ">Pyongyang</span>",
        ">Seoul</span>",
        "spokesman of the President (rok), on the word of Mike Pompeo (usa), on the word of Kim Jong Un (dprk)",
        "usa:summit-soon: the record shows the agreement of dprk, usa",
        "usa:teams: the record shows no agreement of usa",
        "accepted by usa, 2018-10-07T12:00:00Z, act 030400000000",
        "usa:punggye-ri quotes dprk, whose own readout says nothing of it",
        "says nothing of it</div>",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_holds(&out, texts[i]);
    }
    assert_int_equal(count_of(&out, "<tr>"), 1 + c.topic_count);
    assert_int_equal(count_of(&out, "<td"), 4 * c.topic_count);
    out.len = 0;
    page.exercise = false;
    c.proved = false;
    assert_null(ls_comparison_html(&c, &page, &out).fault);
    assert_int_equal(count_of(&out, "EXERCISE"), 0);
    assert_int_equal(count_of(&out, "<td"), 3 * c.topic_count);
    ls_buf_free(&out);
    ls_arena_free(&arena);
}

static void a_comparison_as_text(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_comparison c;
    ls_buf out = {0};
    make_comparison(&arena, &c);
    assert_null(ls_comparison_text(&c, &out).fault);
    static const char *const texts[] = {
        "1  a second summit as soon as possible         agreed         agreed  agreed     said by all  shows\n",
        "2  a working group, or talks at working level  agreed         agreed  agreed     said by all  shows not\n",
        "3  meeting second-summit, its date             characterised  -       discussed  differs      shows, silent\n",
        "4  topic punggye-ri                            agreed         -       -          said by one  nothing\n",
        "\n3   meeting second-summit, its date: said by usa, rok; differing in force\n",
        "\n    !       usa:punggye-ri quotes dprk, whose own readout says nothing of it\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_holds(&out, texts[i]);
    }
    assert_int_equal(count_of(&out, " \n"), 0);
    ls_buf_free(&out);
    ls_arena_free(&arena);
}

static const char *text_of(const json_t *map, const char *key)
{
    const json_t *v = json_object_get(map, key);
    assert_true(json_is_string(v));
    return json_string_value(v);
}

static void a_comparison_for_programs(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_comparison c;
    ls_buf out = {0};
    make_comparison(&arena, &c);
    assert_null(ls_comparison_json(&c, &out).fault);
    json_t *all = json_loadb((const char *)out.ptr, out.len, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(all);
    const json_t *topics = json_object_get(all, "topics"), *sides = json_object_get(all, "readouts");
    assert_int_equal(json_array_size(sides), 3);
    assert_int_equal(json_array_size(topics), c.topic_count);
    assert_string_equal(text_of(json_array_get(sides, 2), "title"), "Seoul");
    const json_t *summit = json_array_get(topics, 0);
    assert_string_equal(text_of(summit, "verdict"), "said by all");
    const json_t *rok = json_array_get(json_object_get(summit, "claims"), 2);
    assert_string_equal(text_of(rok, "claim"), "rok:summit");
    assert_string_equal(text_of(json_array_get(json_object_get(rok, "on_word_of"), 1), "person"), "Kim Jong Un");
    assert_string_equal(text_of(json_object_get(rok, "record"), "verdict"), "shows");
    const json_t *record = json_array_get(json_object_get(summit, "record"), 0);
    assert_string_equal(text_of(record, "state"), "confirmed");
    assert_int_equal(json_array_size(json_object_get(record, "deeds")), 2);
    json_decref(all);
    ls_buf_free(&out);
    ls_arena_free(&arena);
}

static void a_readout_as_a_page(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_buf out = {0};
    ls_side side[3];
    example_sides(&arena, side);
    ls_readout r = *side[0].readout;
    ls_medium media[] = {{{0}, ls_bytes_str("hands.jpg"), ls_bytes_str("They shake hands")},
                         {{0}, ls_bytes_str("table.jpg"), ls_bytes_str("At the table")}};
    ls_hash hash = {{0xab, 0xcd}};
    ls_readout_file file = {ls_bytes_str("hands.jpg"), ls_bytes_str("image/jpeg"), 183022, hash};
    ls_readout_page page = {.party = ls_bytes_str("Washington"), .act = &hash, .file_count = 1, .file = &file};
    r.medium = media;
    r.medium_count = 2;
    assert_null(ls_readout_html(&r, &page, &out).fault);
    assert_own_markup(&out);
    static const char *const texts[] = {
        "<article lang=\"en\">",
        "<h1 dir=auto>Secretary of State meets the Chairman in Pyongyang</h1>",
        "<bdi>Washington</bdi> · <time>2018-10-07</time> · 1 min read",
        "<a href=\"./hands.jpg\">hands.jpg</a>, image/jpeg, 183022 bytes",
        "SHA-256 <code>abcd0000",
        "<code>table.jpg</code> is not attached",
        "usa, on the word of Kim Jong Un (dprk) · topic punggye-ri",
        "Published by act <code>abcd0000",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        assert_holds(&out, texts[i]);
    }
    assert_int_equal(count_of(&out, "<p dir=auto>"), 3 + r.claim_count);
    assert_int_equal(count_of(&out, "DRAFT") + count_of(&out, "EXERCISE"), 0);
    out.len = 0;
    page.act = NULL;
    assert_null(ls_readout_html(&r, &page, &out).fault);
    assert_holds(&out, "<b>DRAFT</b> Nobody has signed this.");
    ls_buf_free(&out);
    ls_arena_free(&arena);
}

/* What no reader lets through, put into the structs all the same: pages are safe by themselves. */
static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "</td></table><img src=x onerror=alert(1)>",
    "\" onmouseover=\"alert(1)",
    "' onclick='x",
    "<!-- ",
    "]]><svg/onload=alert(1)>",
    "&lt;script&gt;",
    "javascript:alert(1)",
    "\xe2\x80\xaereversed",
    "\xe2\x81\xa6isolated",
    "\xff\xfe\x80 no UTF-8",
    "\xed\xa0\x80",
    "a\x01\x1b[31m",
    "\xef\xbf\xbe",
};

static void everywhere(ls_bytes text, ls_side side[static 2], ls_readout r[static 2], ls_claim claim[static 2])
{
    static ls_voice word;
    word = (ls_voice){text, text};
    claim[0] = (ls_claim){.id = text,
                          .speaker = {text, text},
                          .word_count = 1,
                          .word = &word,
                          .about = {.kind = LS_ABOUT_TEXT, .name = text, .paragraph = text, .aspect = text},
                          .text = text,
                          .value = text};
    claim[1] = claim[0];
    claim[1].denies = true;
    for (int i = 0; i < 2; i++) {
        r[i] = (ls_readout){.headline = text,
                            .date = {2018, 10, 7},
                            .language = ls_bytes_str("en"),
                            .body = text,
                            .claim_count = 1,
                            .claim = &claim[i]};
        side[i] = (ls_side){ls_bytes_str(i == 0 ? "a" : "b"), text, text, &r[i]};
    }
}

static ls_result prove_hostile(void *context, ls_arena *arena, const ls_about *about, ls_proof *out)
{
    const ls_bytes *text = context;
    ls_proof_value *value = ls_arena_alloc(arena, sizeof *value);
    ls_proof_deed *deed = ls_arena_alloc(arena, sizeof *deed);
    (void)about;
    *value = (ls_proof_value){*text, *text};
    *deed = (ls_proof_deed){.deed = LS_DEED_SIGNED, .party = *text};
    *out = (ls_proof){true, "in force", 1, text, 1, deed, 1, value, NULL};
    return LS_SUCCESS;
}

static void hostile_text_is_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        ls_arena arena = {0};
        ls_buf out = {0};
        ls_bytes text = ls_bytes_str(hostile[i]);
        ls_side side[2];
        ls_readout r[2];
        ls_claim claim[2];
        ls_comparison c;
        const ls_prover prover = {prove_hostile, &text};
        const ls_comparison_page page = {true, text, text, text, 1, &hostile[i]};
        const ls_readout_page own = {.exercise = true, .process = text, .party = text, .meeting = text};
        everywhere(text, side, r, claim);
        assert_null(ls_readouts_compare(&arena, side, 2, NULL, &prover, &c, NULL).fault);
        assert_int_equal(c.topic[0].contradiction_count, 1);
        assert_null(ls_comparison_html(&c, &page, &out).fault);
        assert_own_markup(&out);
        assert_int_equal(count_of(&out, "\xe2\x80\xae") + count_of(&out, "\xe2\x81\xa6"), 0);
        out.len = 0;
        assert_null(ls_readout_html(&r[0], &own, &out).fault);
        assert_own_markup(&out);
        ls_buf_free(&out);
        ls_arena_free(&arena);
    }
}

/* A text far beyond what is read comes out whole, in time that grows with its size only. */
static void megabytes(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_buf out = {0}, text = {0};
    ls_side side[2];
    ls_readout r[2];
    ls_claim claim[2];
    ls_comparison c;
    for (size_t i = 0; i < 400000; i++) {
        ls_buf_put_str(&text, i % 100 == 99 ? "<b>&\n\n" : "<b>& ");
    }
    everywhere(ls_buf_bytes(&text), side, r, claim);
    assert_null(ls_readouts_compare(&arena, side, 2, NULL, NULL, &c, NULL).fault);
    const ls_comparison_page page = {0};
    const ls_readout_page own = {0};
    assert_null(ls_comparison_html(&c, &page, &out).fault);
    assert_int_equal(count_of(&out, "<b>&"), 0);
    out.len = 0;
    assert_null(ls_readout_html(&r[0], &own, &out).fault);
    out.len = 0;
    assert_null(ls_comparison_text(&c, &out).fault);
    ls_buf_free(&out);
    ls_buf_free(&text);
    ls_arena_free(&arena);
}

/* Columns of a table stand under each other, also where characters are twice as wide. */
static void wide_characters(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_buf out = {0};
    ls_side side[2];
    ls_readout r[2];
    ls_claim claim[2];
    ls_comparison c;
    ls_claim_at both[] = {{0, 0}, {1, 0}};
    ls_aligned topic = {ls_bytes_str("\xed\x9a\x8c\xeb\x8b\xb4"), 2, both};
    const ls_alignment alignment = {1, &topic};
    everywhere(ls_bytes_str("x"), side, r, claim);
    assert_null(ls_readouts_compare(&arena, side, 2, &alignment, NULL, &c, NULL).fault);
    assert_null(ls_comparison_text(&c, &out).fault);
    assert_holds(&out, "   topic  a       b              together\n");
    assert_holds(&out, "1  \xed\x9a\x8c\xeb\x8b\xb4   agreed  denies agreed  contradicted\n");
    ls_buf_free(&out);
    ls_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_comparison_as_a_page),    cmocka_unit_test(a_comparison_as_text),
        cmocka_unit_test(a_comparison_for_programs), cmocka_unit_test(a_readout_as_a_page),
        cmocka_unit_test(hostile_text_is_text),      cmocka_unit_test(megabytes),
        cmocka_unit_test(wide_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
