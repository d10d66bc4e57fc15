/* Readouts: the one form, everything that is wrong with one, and how long it takes to read. */
#include "readouts.h"

#define HEX "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static const char *const whole[] = {
    /*  1 */ "readout: 1",
    /*  2 */ "headline: The Secretary meets the Chairman",
    /*  3 */ "date: 2018-10-07",
    /*  4 */ "language: en",
    /*  5 */ "body: \"They met.\\n\\nThey spoke.\"",
    /*  6 */ "media:",
    /*  7 */ "  - file: hands.jpg",
    /*  8 */ "    caption: They shake hands.",
    /*  9 */ "claims:",
    /* 10 */ "  - id: summit",
    /* 11 */ "    speaker: {person: A. Spokesman, of: rok}",
    /* 12 */ "    on-word-of: [{person: B. Secretary, of: usa}, usa, dprk]",
    /* 13 */ "    force: agreed",
    /* 14 */ "    about: {meeting: second-summit, aspect: date}",
    /* 15 */ "    stance: denies",
    /* 16 */ "    text: There is a second summit.",
    /* 17 */ "    value: \"2019-02-27\"",
    /* 18 */ "  - {id: group, speaker: usa, force: hoped, about: {topic: group}, text: A group.}",
};
#define LINES (sizeof whole / sizeof *whole)

/* The whole with one line in another's place; NULL: left out. */
static ls_bytes with_line(ls_arena *arena, size_t line, const char *text)
{
    const char *all = "";
    for (size_t i = 1; i <= LINES; i++) {
        const char *put = i == line ? text : whole[i - 1];
        all = put == NULL ? all : ls_arena_format(arena, "%s%s\n", all, put);
    }
    return ls_bytes_str(all);
}

static ls_charter *small_charter(ls_arena *arena)
{
    static const char *const names[] = {"usa", "dprk", "rok"};
    ls_charter *c = ls_arena_alloc(arena, sizeof *c);
    for (; c->party_count < 3; c->party_count++) {
        c->party[c->party_count].name = ls_bytes_str(names[c->party_count]);
    }
    return c;
}

static void what_is_read(void **state)
{
    (void)state;
    ls_arena arena = {0};
    const ls_readout *r = read_readout(&arena, with_line(&arena, 0, NULL));
    assert_true(ls_bytes_is(r->headline, "The Secretary meets the Chairman"));
    assert_int_equal(r->date.day, 7);
    assert_int_equal(r->medium_count, 1);
    assert_int_equal(r->claim_count, 2);
    const ls_claim *c = &r->claim[0];
    assert_true(ls_bytes_is(c->speaker.person, "A. Spokesman") && ls_bytes_is(c->speaker.of, "rok"));
    assert_int_equal(c->word_count, 3);
    assert_true(ls_bytes_is(c->word[0].person, "B. Secretary") && c->word[1].person.len == 0);
    assert_true(ls_bytes_is(c->word[2].of, "dprk"));
    assert_true(c->denies && c->force == LS_FORCE_AGREED && c->about.kind == LS_ABOUT_MEETING);
    assert_true(ls_bytes_is(c->about.aspect, "date") && ls_bytes_is(c->value, "2019-02-27"));
    assert_true(!r->claim[1].denies && r->claim[1].value.len == 0 && r->claim[1].word_count == 0);
    ls_arena_free(&arena);
}

/* The canonical JSON of what was read says the same, and no other bytes do. */
static void one_form(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_buf json = {0};
    ls_readout r, before = {.claim_count = 99};
    ls_detail detail = {0};
    ls_json_canonical(parse_yaml(&arena, with_line(&arena, 0, NULL)), &json);
    assert_null(ls_readout_parse(&arena, ls_buf_bytes(&json), &r, &detail).fault);
    assert_int_equal(r.claim_count, 2);
    r = before;
    for (size_t len = 0; len < json.len; len++) {
        assert_ptr_equal(ls_readout_parse(&arena, ls_bytes_of(json.ptr, len), &r, &detail).fault,
                         &ls_fault_readout_form);
    }
    const char *text = ls_buf_cstr(&json);
    const char *const others[] = {ls_arena_format(&arena, "%s\n", text),
                                  ls_arena_format(&arena, " %s", text),
                                  "{}",
                                  "[]",
                                  "1",
                                  "{\"readout\":1}"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_ptr_equal(ls_readout_parse(&arena, ls_bytes_str(others[i]), &r, &detail).fault, &ls_fault_readout_form);
    }
    assert_memory_equal(&r, &before, sizeof r);
    ls_buf_free(&json);
    ls_arena_free(&arena);
}

typedef struct mistake {
    size_t line;
    const char *text;
    size_t at; /* the line that is named */
    const char *words, *hint;
} mistake;

static const mistake mistakes[] = {
    {1, NULL, 1, "readout lacks the key 'readout'", ""},
    {1, "readout: 2", 1, "this program knows only readout: 1", "write 1"},
    {1, "readout: \"1\"", 1, "this program knows only readout: 1", "write 1"},
    {2, NULL, 1, "readout lacks the key 'headline'", ""},
    {2, "headline: 1", 2, "headline must be text", "put it in quotes"},
    {2, "headline: [a]", 2, "headline must be text", ""},
    {2, "headline: \"\"", 2, "headline must not be empty", ""},
    {2, "headline: \"a\\nb\"", 2, "headline must be one line", ""},
    {2, "headline: \"a\\u202eb\"", 2, "headline holds a character that does not show", "direction of writing"},
    {2, "headline: \"a\\u2066b\"", 2, "headline holds a character that does not show", "direction of writing"},
    {2, "headlime: x", 2, "readout has no key 'headlime'", "did you mean 'headline'?"},
    {3, NULL, 1, "readout lacks the key 'date'", ""},
    {3, "date: 2018-02-30", 3, "date must be a date", "2018-10-07"},
    {3, "date: 20181007", 3, "date must be a date", "2018-10-07"},
    {4, NULL, 1, "readout lacks the key 'language'", ""},
    {4, "language: English", 4, "language must be the tag of a language", "en, ko, zh-hant"},
    {4, "language: e", 4, "language must be the tag of a language", "en, ko"},
    {4, "language: en-", 4, "language must be the tag of a language", "en, ko"},
    {4, "language: en--gb", 4, "language must be the tag of a language", "en, ko"},
    {4, "language: e1", 4, "language must be the tag of a language", "en, ko"},
    {4, "language: en-abcdefghi", 4, "language must be the tag of a language", "en, ko"},
    {4, "language: \"en' onclick=x\"", 4, "language must be the tag of a language", "en, ko"},
    {5, NULL, 1, "readout lacks the key 'body'", ""},
    {5, "body: \"a\\tb\"", 5, "body holds a character that does not show", "tabs"},
    {7, "  - file: ../x", 7, "an attachment can't have this name", "handshake.jpg"},
    {7, "  - file: readout.json", 7, "an attachment can't have this name", ""},
    {7, "  - fill: x", 7, "medium has no key 'fill'", "did you mean 'file'?"},
    {8, "    caption: They shake hands.\n  - {file: hands.jpg, caption: x}", 9, "file 'hands.jpg' stands twice",
     "name"},
    {8, "    caption: true", 8, "caption must be text", "put it in quotes"},
    {10, "  - id: Summit", 10, "id must be a name", "use a-z"},
    {10, "  - id: group", 18, "claim 'group' stands twice, first in line 10", "another name"},
    {11, "    speaker: {person: A. Spokesman}", 11, "speaker lacks the key 'of'", ""},
    {11, "    speaker: {of: rok}", 11, "speaker lacks the key 'person'", ""},
    {11, "    speaker: [usa]", 11, "speaker must be a party or a person", "{person:"},
    {11, "    speaker: rook", 11, "there is no party 'rook'", "did you mean 'rok'?"},
    {11, "    speaker: {person: A, of: Japan}", 11, "of must be a name", "use a-z"},
    {12, "    on-word-of: []", 12, "on-word-of must have from 1 to 8 items", ""},
    {12, "    on-word-of: usa", 12, "on-word-of must be a list", "[one, two]"},
    {12, "    on-word-of: [usa, rok, usa, rok, usa, rok, usa, rok, usa]", 12, "from 1 to 8 items, not 9", ""},
    {12, "    on-word-of: [{person: A. Spokesman, of: rok}]", 12, "on the word of who says it", "leave it out"},
    {12, "    on-word-of: [usa, dprk, dprk]", 12, "on the word of who says it", "leave it out"},
    {13, "    force: agred", 13, "force must be agreed, discussed", "did you mean 'agreed'?"},
    {13, "    force: 1", 13, "force must be text", "put it in quotes"},
    {13, NULL, 10, "claim lacks the key 'force'", ""},
    {14, "    about: {}", 14, "what is this about?", "one of act"},
    {14, "    about: second-summit", 14, "about must", ""},
    {14, "    about: {meeting: a, topic: b}", 14, "not both meeting and topic", "two claims"},
    {14, "    about: {act: 0123}", 14, "act must be the 64 hex digits of an act", "lockstep log"},
    {14, "    about: {measure: close}", 14, "a measure is one of an accord", "accord: 64"},
    {14, "    about: {accord: " HEX "}", 14, "what is this about?", "one of act"},
    {14, "    about: {accord: " HEX ", meeting: x}", 14, "accord goes with measure only", ""},
    {14, "    about: {meeting: x, paragraph: p1}", 14, "paragraph goes with text only", ""},
    {14, "    about: {meeting: Second}", 14, "meeting must be a name", "use a-z"},
    {14, "    about: {text: x, paragraph: P 1}", 14, "paragraph must be a name", "use a-z"},
    {14, "    about: {topic: x, aspect: \"\"}", 14, "aspect must be a name", "use a-z"},
    {14, "    about: {meating: x}", 14, "about has no key 'meating'", "did you mean 'meeting'?"},
    {15, "    stance: denie", 15, "stance must be affirms or denies", "did you mean 'denies'?"},
    {16, "    text: \"\"", 16, "text must not be empty", ""},
    {17, "    value: 2019", 17, "value must be text", "put it in quotes"},
    {17, "    value: \"a\\nb\"", 17, "value must be one line", ""},
    {18, "  - 7", 18, "claim must", ""},
};

static bool holds(const ls_diagnostics *d, const mistake *m)
{
    for (size_t i = 0; i < d->count; i++) {
        if (!d->item[i].warning && d->item[i].mark.line == m->at && strstr(d->item[i].text, m->words) != NULL &&
            strstr(d->item[i].hint, m->hint) != NULL) {
            return true;
        }
    }
    return false;
}

static void check_mistake(const mistake *m)
{
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_readout r;
    ls_readout_read(&arena, parse_yaml(&arena, with_line(&arena, m->line, m->text)), small_charter(&arena), &d, &r);
    if (!holds(&d, m)) {
        fail_msg("%s: %s: %u: %s (%s)", m->words, m->text == NULL ? "-" : m->text,
                 d.count == 0 ? 0 : d.item[0].mark.line, d.count == 0 ? "nothing" : d.item[0].text,
                 d.count == 0 ? "" : d.item[0].hint);
    }
    ls_arena_free(&arena);
}

static void what_is_wrong(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
        check_mistake(&mistakes[i]);
    }
}

static void all_at_once(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_readout r;
    const char *text = "readout: 3\nheadline: 1\ndate: x\nlanguage: X\nbody: []\nmedia: {}\nclaims:\n"
                       "  - {id: A, speaker: 1, force: x, about: x, stance: x, text: 1, value: 1}\n";
    ls_readout_read(&arena, parse_yaml(&arena, ls_bytes_str(text)), NULL, &d, &r);
    assert_int_equal(d.errors, 13);
    ls_arena_free(&arena);
}

/* Somebody of a country outside is quoted: pointed out, and accepted. */
static void who_is_outside(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_readout r;
    ls_bytes text = with_line(&arena, 12, "    on-word-of: [{person: A. Minister, of: china}]");
    ls_readout_read(&arena, parse_yaml(&arena, text), small_charter(&arena), &d, &r);
    assert_int_equal(d.errors, 0);
    assert_int_equal(d.count, 1);
    assert_true(d.item[0].warning && d.item[0].mark.line == 12);
    assert_non_null(strstr(d.item[0].text, "'china' is no party of this process"));
    ls_arena_free(&arena);
}

/* One more byte, or one more item, than each limit. */
static void limits(void **state)
{
    (void)state;
    static const struct {
        size_t line, max;
        const char *key;
    } of[] = {{2, LS_READOUT_HEADLINE_MAX, "headline"},
              {5, LS_READOUT_BODY_MAX, "body"},
              {8, LS_READOUT_CAPTION_MAX, "    caption"},
              {16, LS_READOUT_CLAIM_MAX, "    text"},
              {17, LS_READOUT_VALUE_MAX, "    value"}};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        for (size_t more = 0; more < 2; more++) {
            ls_arena arena = {0};
            ls_diagnostics d = {.arena = &arena};
            ls_readout r;
            char *x = ls_arena_alloc(&arena, of[i].max + more + 1);
            memset(x, 'x', of[i].max + more);
            ls_bytes text = with_line(&arena, of[i].line, ls_arena_format(&arena, "%s: \"%s\"", of[i].key, x));
            ls_readout_read(&arena, parse_yaml(&arena, text), NULL, &d, &r);
            assert_int_equal(d.errors, more);
            ls_arena_free(&arena);
        }
    }
}

static void too_many_claims(void **state)
{
    (void)state;
    for (size_t n = LS_READOUT_CLAIMS_MAX; n <= LS_READOUT_CLAIMS_MAX + 1; n++) {
        ls_arena arena = {0};
        ls_buf text = {0};
        ls_diagnostics d = {.arena = &arena};
        ls_readout r;
        ls_buf_put_str(&text, "{readout: 1, headline: x, date: 2018-10-07, language: en, body: x, claims: [");
        for (size_t i = 0; i < n; i++) {
            ls_buf_format(&text, "{id: c%zu, speaker: usa, force: hoped, about: {topic: x}, text: x},", i);
        }
        ls_buf_put_str(&text, "]}");
        ls_readout_read(&arena, parse_yaml(&arena, ls_buf_bytes(&text)), NULL, &d, &r);
        assert_int_equal(d.errors, n > LS_READOUT_CLAIMS_MAX);
        ls_buf_free(&text);
        ls_arena_free(&arena);
    }
}

/* Each way to point at something, and that no two of them are the same. */
static void what_claims_are_about(void **state)
{
    (void)state;
    static const struct {
        const char *about, *words;
    } cases[] = {
        {"{act: " HEX "}", "act 001122334455"},
        {"{accord: " HEX ", measure: m}", "measure m"},
        {"{meeting: m}", "meeting m"},
        {"{meeting: m, aspect: date}", "meeting m, its date"},
        {"{text: m}", "text m"},
        {"{text: m, paragraph: p1}", "text m, paragraph p1"},
        {"{text: m, paragraph: p1, aspect: length}", "text m, paragraph p1, its length"},
        {"{group: m}", "group m"},
        {"{item: m}", "item m"},
        {"{topic: m}", "topic m"},
        {"{topic: mm}", "topic mm"},
    };
    enum { COUNT = sizeof cases / sizeof *cases };
    ls_arena arena = {0};
    ls_about about[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        const char *line = ls_arena_format(&arena, "    about: %s", cases[i].about);
        about[i] = read_readout(&arena, with_line(&arena, 14, line))->claim[0].about;
        assert_string_equal(ls_about_words(&arena, &about[i]), cases[i].words);
        for (size_t k = 0; k < i; k++) {
            assert_true(ls_about_order(&about[k], &about[i]) == -ls_about_order(&about[i], &about[k]) ||
                        ls_about_order(&about[k], &about[i]) * ls_about_order(&about[i], &about[k]) < 0);
            assert_int_not_equal(ls_about_order(&about[k], &about[i]), 0);
        }
        assert_int_equal(ls_about_order(&about[i], &about[i]), 0);
    }
    ls_arena_free(&arena);
}

/* Reading time. */

static unsigned minutes_of(const char *piece, size_t times)
{
    ls_buf b = {0};
    for (size_t i = 0; i < times; i++) {
        ls_buf_put_str(&b, piece);
    }
    unsigned minutes = ls_reading_minutes(ls_buf_bytes(&b));
    ls_buf_free(&b);
    return minutes;
}

static void reading_time(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t times;
        unsigned minutes;
    } cases[] = {
        {"", 1, 1},
        {"word ", 230, 1},
        {"word ", 231, 2},
        {"don't, ", 230, 1},          /* a sign divides no word */
        {"\xe2\x80\x94 - ", 9999, 1}, /* and is none */
        {"a\n", 460, 2},
        {"2018 ", 461, 3},
        {"\xed\x95\x9c", 350, 1}, /* Hangul */
        {"\xed\x95\x9c", 351, 2},
        {"\xe6\xa0\xb8\xe3\x80\x82", 350, 1}, /* a Chinese character and a full stop */
        {"\xe6\xa0\xb8", 700, 2},
        {"\xe3\x81\xae\xe3\x82\xab", 176, 2}, /* kana, of both kinds */
        {"\xe0\xb8\x81", 1150, 1},            /* five letters of Thai are a word */
        {"\xe0\xb8\x81", 1151, 2},
        {"word \xed\x95\x9c ", 138, 1}, /* 0.6 and 0.394 of a minute */
        {"word \xed\x95\x9c ", 139, 2},
        {"\xd0\xbc\xd0\xb8\xd1\x80 ", 230, 1}, /* Cyrillic */
        {"\xd9\x81\xd9\x8a ", 231, 2},         /* Arabic */
        {"\xff\xfe ", 5, 1},                   /* no UTF-8 */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned minutes = minutes_of(cases[i].piece, cases[i].times);
        if (minutes != cases[i].minutes) {
            fail_msg("%s, %zu times: %u", cases[i].piece, cases[i].times, minutes);
        }
    }
}

static void the_example(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_side side[3];
    example_sides(&arena, side);
    assert_int_equal(side[2].readout->claim[0].word_count, 2);
    assert_int_equal(ls_reading_minutes(side[2].readout->body), 1);
    ls_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_read),    cmocka_unit_test(one_form),
        cmocka_unit_test(what_is_wrong),   cmocka_unit_test(all_at_once),
        cmocka_unit_test(who_is_outside),  cmocka_unit_test(limits),
        cmocka_unit_test(too_many_claims), cmocka_unit_test(what_claims_are_about),
        cmocka_unit_test(reading_time),    cmocka_unit_test(the_example),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
