/* Brackets: what is common to several variants; that each is got back; what hostile words look like; how long it takes.
 */
#include "text/view.h"
#include "texts.h"
#include <time.h>

enum { USA, DPRK, ROK };

static void assert_shown(texts *t, const char *language, const char *expected)
{
    ls_text_view view;
    ls_buf out = {0};
    const ls_view_options options = {.language = ls_text_language(&t->opening, str(language)), .markless = true};
    assert_success(ls_text_view_make(&t->arena, texts_eval(t), &options, &view));
    assert_success(ls_text_view_put(&view, &out));
    assert_string_equal(ls_buf_cstr(&out), expected);
    ls_buf_free(&out);
}

static void test_as_in_treaties(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk jpn", "en", false);
    texts_insert(&t, USA, "start", "en", "Within 30 days of entry into force");
    assert_shown(&t, "en", "[USA: Within 30 days of entry into force]\n");
    texts_propose(&t, DPRK, "usa-1-1", "en", "Within 60 days of entry into force");
    assert_shown(&t, "en", "[USA, DPRK: Within [USA: 30] [DPRK: 60] days of entry into force]\n");
    texts_agree(&t, 2, "usa-1-1", "en", "Within 30 days of entry into force");
    assert_shown(&t, "en", "Within [USA, JPN: 30] [DPRK: 60] days of entry into force\n");
    texts_propose(&t, 2, "usa-1-1", "en", "Within 45 working days of entry into force, if possible");
    assert_shown(&t, "en",
                 "Within [USA: 30] [DPRK: 60] [JPN: 45 working] days of entry into force[JPN: , if possible]\n");
    texts_op(&t, DPRK, op_of(LS_OP_DELETE, "usa-1-1", "en", ""));
    assert_shown(&t, "en",
                 "[USA, JPN: Within [USA: 30] [JPN: 45 working] days of entry into force[JPN: , if possible]]\n"
                 "[DPRK: delete]\n");
    texts_free(&t);
}

static void test_words_that_only_one_wants(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "The Parties shall complete and irreversible disarm.");
    texts_propose(&t, DPRK, "usa-1-1", "en", "The Parties shall disarm.");
    assert_shown(&t, "en", "The Parties shall [USA: complete and irreversible] disarm.\n");
    texts_propose(&t, DPRK, "usa-1-1", "en", "Nothing of that kind is here.");
    assert_shown(&t, "en",
                 "[USA: The Parties shall complete and irreversible disarm.]\n[DPRK: Nothing of that kind is here.]\n");
    texts_free(&t);
}

static void test_roadmap(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    texts_insert(&t, USA, "start", "", "  - id: stop\n    due: 30 days after in force");
    texts_propose(&t, DPRK, "usa-1-1", "", "  - id: stop\n    due: 60 days after in force");
    assert_shown(&t, "ko", "```roadmap\n  - id: stop\n    due: [USA: 30] [DPRK: 60] days after in force\n```\n");
    texts_propose(&t, DPRK, "usa-1-1", "", "  - id: stop\n    due:  30 days after in force");
    assert_shown(&t, "ko",
                 "```roadmap\n  - id: stop\n    due:[USA: \u2423] [DPRK: \u2423\u2423]30 days after in force\n```\n");
    texts_free(&t);
}

static void test_lines_may_break_elsewhere(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "Within 30 days\nof entry into\nforce");
    texts_propose(&t, DPRK, "usa-1-1", "en", "Within 60 days of\nentry into force");
    assert_shown(&t, "en", "Within [USA: 30] [DPRK: 60] days\nof entry into\nforce\n");
    texts_propose(&t, DPRK, "usa-1-1", "en", "Within 30 days of\nentry into force"); /* it must not look agreed */
    assert_shown(&t, "en",
                 "[USA: Within 30 days\nof entry into\nforce]\n[DPRK: Within 30 days of\nentry into force]\n");
    texts_propose(&t, USA, "usa-1-1", "en", "List: these\n- that one");
    texts_propose(&t, DPRK, "usa-1-1", "en", "List: these - that one"); /* here it means something else */
    assert_shown(&t, "en", "List: these[USA: \u23ce] [DPRK: \u2423]- that one\n");
    texts_free(&t);
}

static void test_korean_and_chinese(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "ko zh", false);
    texts_insert(&t, USA, "start", "ko", "발효 후 30일 이내에 훈련을 중단한다.");
    texts_propose(&t, DPRK, "usa-1-1", "ko", "발효 후 60일 이내에 훈련을 중단한다.");
    assert_shown(&t, "ko", "발효 후 [USA: 30일] [DPRK: 60일] 이내에 훈련을 중단한다.\n");
    texts_propose(&t, USA, "usa-1-1", "zh", "生效后三十天内停止演习");
    texts_propose(&t, DPRK, "usa-1-1", "zh", "生效后六十天内停止演习");
    assert_shown(&t, "zh", "生效后[USA: 三] [DPRK: 六]十天内停止演习\n");
    texts_free(&t);
}

static void test_reopening_ad_referendum_and_notes(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    texts_insert(&t, USA, "start", "en", "A b c d.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A b c d.")->ad_referendum = true;
    assert_shown(&t, "en", "[USA, DPRK ad ref.: A b c d.]\n");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A b c d.");
    assert_shown(&t, "en", "A b c d.\n");
    assert_shown(&t, "ko", "[not yet in this language]\n");
    texts_propose(&t, DPRK, "usa-1-1", "en", "A b c e.");
    assert_shown(&t, "en", "A b c d.\n[DPRK to reopen: A b c e.]\n");
    texts_op(&t, DPRK, op_of(LS_OP_DELETE, "usa-1-1", "en", ""));
    assert_shown(&t, "en", "A b c d.\n[DPRK to reopen: delete]\n");
    texts_op(&t, DPRK, op_of(LS_OP_REOPEN, "usa-1-1", "en", ""));
    assert_shown(&t, "en", "A b c d.\n[DPRK to reopen]\n");
    texts_op(&t, DPRK, op_of(LS_OP_RETRACT, "usa-1-1", "en", ""));
    texts_op(&t, USA, op_of(LS_OP_NOTE, "usa-1-1", "en", "as in\n[2] of 1994"));
    assert_shown(&t, "en", "A b c d.[^1]\n\n[^1]: USA: as in \\[2\\] of 1994\n");
    ls_text_act *a = texts_act(&t, LS_TEXT_DIVERGE, DPRK);
    a->paragraph = str("usa-1-1");
    a->language[0] = t.language[0];
    a->language[1] = t.language[1];
    a->text = str("not the same");
    assert_shown(&t, "ko",
                 "[not yet in this language][^1]\n\n[^1]: DPRK objects that en and ko differ: not the same\n");
    texts_free(&t);
}

/* Words can't pass for what another party wants. */
static void test_forged_attributions(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "[p1] See [the annex](https://example.org/a). [DPRK: all of it]");
    assert_shown(&t, "en", "[USA: [p1] See [the annex](https://example.org/a). \\[DPRK: all of it\\]]\n");
    texts_propose(&t, USA, "usa-1-1", "en", "nothing] [DPRK: all of it");
    assert_shown(&t, "en", "[USA: nothing\\] \\[DPRK: all of it]\n");
    texts_propose(&t, USA, "usa-1-1", "en", "a [b [DPRK: c]] [^1] [] d");
    assert_shown(&t, "en", "[USA: a \\[b \\[DPRK: c\\]\\] \\[^1\\] \\[\\] d]\n");
    texts_free(&t);
}

/* Random variants. */

static uint64_t next_number(uint64_t *state)
{
    uint64_t z = (*state += UINT64_C(0x9e3779b97f4a7c15));
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    return (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb) >> 7;
}

static const char *const words[] = {"the", "Parties", "30",   "60", "days", ",", ".", " ",
                                    "  ",  "\n",      "훈련", "三", "[",    "]", "-"};

static ls_bytes random_variant(ls_arena *arena, uint64_t *random, ls_bytes like)
{
    ls_buf b = {0};
    ls_reader r = ls_reader_of(like);
    ls_bytes word;
    while (ls_read_until(&r, ' ', &word)) {
        if (next_number(random) % 6 > 0) {
            ls_buf_put_bytes(&b, word);
            ls_buf_put_str(&b, " ");
        }
        if (next_number(random) % 6 == 0) {
            ls_buf_put_str(&b, words[next_number(random) % 15]);
        }
    }
    for (size_t n = next_number(random) % 8; like.len == 0 && n < 30; n++) {
        ls_buf_put_str(&b, words[next_number(random) % 15]);
        ls_buf_put_str(&b, n % 2 == 0 ? " " : "");
    }
    ls_buf_put_str(&b, "x");
    ls_bytes out = ls_bytes_of(ls_arena_str(arena, ls_buf_bytes(&b)), b.len);
    ls_buf_free(&b);
    return out;
}

static void assert_got_back(const ls_brackets *b)
{
    for (size_t v = 0; v < b->variant_count; v++) {
        ls_buf chosen = {0};
        for (size_t i = 0; i < b->piece_count; i++) {
            ls_buf_put_bytes(&chosen, b->piece[i].slice[v]);
        }
        assert_bytes(ls_buf_bytes(&chosen), b->variant[v]);
        ls_buf_free(&chosen);
    }
}

/* Without spaces, as they are shown beside brackets. */
static void put_dense(ls_bytes s, ls_buf *out)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] != ' ' && s.ptr[i] != '\n') {
            ls_buf_put_u8(out, s.ptr[i]);
        }
    }
}

/* Also from what is shown: a party's brackets and what stands outside of all of them are its variant. */
static void assert_party_got_back(const ls_text_view *view, size_t party, ls_bytes variant)
{
    ls_buf chosen = {0}, expected = {0};
    put_dense(variant, &expected);
    for (size_t i = 0; i < view->item[0].block_count; i++) {
        const ls_block *b = &view->item[0].block[i];
        bool mine = b->parties == 0 || (b->parties >> party & 1) != 0;
        for (size_t k = 0; k < b->span_count; k++) {
            const ls_span *s = &b->span[k];
            if (s->kind == LS_SPAN_OPEN) {
                mine = (s->parties >> party & 1) != 0;
            } else if (s->kind == LS_SPAN_CLOSE) {
                mine = b->parties == 0 || (b->parties >> party & 1) != 0;
            } else if (mine && memmem(s->text.ptr, s->text.len, "\u2423", 3) == NULL &&
                       memmem(s->text.ptr, s->text.len, "\u23ce", 3) == NULL) {
                put_dense(s->text, &chosen);
            }
        }
    }
    assert_bytes(ls_buf_bytes(&chosen), ls_buf_bytes(&expected));
    ls_buf_free(&chosen);
    ls_buf_free(&expected);
}

static void try_variants(uint64_t *random, size_t count, unsigned long *inline_ones)
{
    texts t;
    ls_bytes variant[6];
    ls_brackets b;
    uint64_t budget = LS_BRACKETS_BUDGET;
    texts_open(&t, "a b c d e f", "en", true);
    for (size_t v = 0; v < count; v++) {
        variant[v] = random_variant(&t.arena, random, v == 0 ? (ls_bytes){0} : variant[0]);
    }
    assert_success(ls_brackets_align(&t.arena, LS_TEXT_ROADMAP, count, variant, &budget, &b));
    assert_got_back(&b);
    assert_success(ls_brackets_align(&t.arena, LS_TEXT_PROSE, count, variant, &budget, &b));
    assert_got_back(&b);
    *inline_ones += !b.whole;
    ls_text_cell cell = {0};
    texts_op(&t, 0, op_insert(LS_TEXT_ROADMAP, "start"));
    const ls_text_state *s = texts_eval(&t);
    cell.position = ls_arena_array(&t.arena, 12, sizeof *cell.position);
    cell.reopening = cell.position + 6;
    cell.variant = ls_arena_array(&t.arena, count, sizeof *cell.variant);
    for (size_t i = 0; i < 6; i++) {
        cell.position[i] = (ls_text_position){.stance = LS_STANCE_VARIANT, .variant = i % count};
        cell.variant[i % count].content = variant[i % count];
    }
    cell.variant_count = count;
    cell.status = LS_CELL_OPEN;
    s->paragraph[0].cell[0] = cell;
    ls_text_view view;
    const ls_view_options options = {0};
    assert_success(ls_text_view_make(&t.arena, s, &options, &view));
    for (size_t i = 0; i < 6; i++) {
        assert_party_got_back(&view, i, variant[i % count]);
    }
    texts_free(&t);
}

static void test_each_variant_is_got_back(void **state)
{
    (void)state;
    uint64_t random = 11;
    unsigned long inline_ones = 0;
    for (size_t i = 0; i < 3000; i++) {
        try_variants(&random, 1 + i % 6, &inline_ones);
    }
    assert_true(inline_ones > 1000);
}

/* The longest common subsequence by the textbook's table. */
static size_t longest_common(const char *a, const char *b)
{
    static size_t table[64][64];
    size_t n = strlen(a), m = strlen(b);
    for (size_t i = 0; i <= n; i++) {
        for (size_t j = 0; j <= m; j++) {
            size_t up = i == 0 ? 0 : table[i - 1][j], left = j == 0 ? 0 : table[i][j - 1];
            table[i][j] = up > left ? up : left;
            if (i > 0 && j > 0 && a[i - 1] == b[j - 1]) {
                table[i][j] = table[i - 1][j - 1] + 1;
            }
        }
    }
    return table[n][m];
}

#include "text/tokens.h"

static void test_as_much_is_common_as_can_be(void **state)
{
    (void)state;
    uint64_t random = 5;
    for (size_t i = 0; i < 5000; i++) {
        ls_arena arena = {0};
        char text[2][64];
        ls_tokens tokens[2];
        ls_match match[64];
        size_t count;
        bool memory;
        uint64_t budget = 1u << 20;
        for (size_t v = 0; v < 2; v++) {
            size_t n = next_number(&random) % 40;
            for (size_t k = 0; k < n; k++) {
                text[v][k] = "!?;:"[next_number(&random) % 4];
            }
            text[v][n] = '\0';
            assert_true(ls_tokens_make(&arena, LS_TEXT_ROADMAP, str(text[v]), &tokens[v]));
        }
        assert_true(ls_tokens_align(&tokens[0], &tokens[1], &budget, match, &count, &memory));
        assert_int_equal(count, longest_common(text[0], text[1]));
        for (size_t k = 0; k < count; k++) {
            assert_int_equal(text[0][match[k].a], text[1][match[k].b]);
            assert_true(k == 0 || (match[k].a > match[k - 1].a && match[k].b > match[k - 1].b));
        }
        ls_arena_free(&arena);
    }
}

/* Texts made to take long: beyond the limits they are shown whole, and soon. */
static void test_bounded(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_bytes variant[32];
    uint64_t random = 3, budget = LS_BRACKETS_BUDGET;
    for (size_t v = 0; v < 32; v++) {
        char *made = ls_arena_alloc(&arena, LS_TEXT_CONTENT_MAX + 1);
        for (size_t i = 0; i < LS_TEXT_CONTENT_MAX; i++) {
            made[i] = (char)(i % 2 == 0 ? 'a' + (char)(next_number(&random) % 3) : ' ');
        }
        variant[v] = ls_bytes_of(made, LS_TEXT_CONTENT_MAX);
    }
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    size_t whole = 0;
    for (size_t i = 0; i < 200; i++) {
        ls_arena each = {0};
        ls_brackets b;
        assert_success(ls_brackets_align(&each, LS_TEXT_PROSE, 32, variant, &budget, &b));
        assert_got_back(&b);
        whole += b.whole;
        ls_arena_free(&each);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    print_message("200 paragraphs of 32 variants of 16 KiB: %.2f s\n", seconds);
    assert_true(whole > 0 && seconds < 60);
    ls_arena_free(&arena);
}

/* History and differences. */

static void test_history_and_diff(void **state)
{
    (void)state;
    texts t;
    ls_buf out = {0};
    ls_text_state before;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "Within 30 days\nof [x].");
    texts_propose(&t, DPRK, "usa-1-1", "en", "Within 60 days\nof [x].");
    before = *texts_eval(&t);
    texts_propose(&t, DPRK, "usa-1-1", "en", "Within 45 days\nof [x].");
    texts_agree(&t, USA, "usa-1-1", "en", "Within 45 days\nof [x].");
    texts_op(&t, USA, op_of(LS_OP_DELETE, "dprk-9-9", "en", ""));
    assert_success(ls_text_history_put(texts_eval(&t), 0, LS_TEXT_NOWHERE, &out));
    assert_string_equal(ls_buf_cstr(&out),
                        "entry 100  usa 1  edit\n"
                        "    usa-1-1: new paragraph, after the start\n"
                        "    usa-1-1 en: would have: Within 30 days\n        of \\[x\\].\n"
                        "entry 101  dprk 1  edit\n"
                        "    usa-1-1 en: would have: Within 60 days\n        of \\[x\\].\n"
                        "entry 102  dprk 2  edit\n"
                        "    usa-1-1 en: would have: Within [-60-]{+45+} days\n        of \\[x\\].\n"
                        "entry 103  usa 2  agree\n"
                        "    usa-1-1 en: would have: Within [-30-]{+45+} days\n        of \\[x\\]. -> agreed\n"
                        "entry 104  usa 3  edit\n"
                        "    void: there is no such paragraph\n");
    ls_buf_free(&out);
    out = (ls_buf){0};
    assert_success(ls_text_history_put(texts_eval(&t), 103, 0, &out));
    assert_true(ls_bytes_starts(ls_buf_bytes(&out), "entry 103"));
    ls_buf_free(&out);
    out = (ls_buf){0};
    assert_success(ls_text_diff_put(&before, texts_eval(&t), &out));
    assert_string_equal(ls_buf_cstr(&out),
                        "usa-1-1 en: USA would have: Within [-30-]{+45+} days\n        of \\[x\\].\n"
                        "usa-1-1 en: DPRK would have: Within [-60-]{+45+} days\n        of \\[x\\].\n"
                        "usa-1-1 en: agreed\n");
    ls_buf_free(&out);
    out = (ls_buf){0};
    assert_success(ls_text_diff_put(&t.state, &t.state, &out));
    assert_int_equal(out.len, 0);
    ls_buf_free(&out);
    texts_free(&t);
}

static void test_clean(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A.");
    texts_insert(&t, USA, "usa-1-1", "en", "B 1.");
    texts_agree(&t, DPRK, "usa-1-1", "en", "A.");
    texts_propose(&t, DPRK, "usa-2-1", "en", "B 2.");
    static const char *const expected[] = {"A.\n\nB 1.\n", "A.\n\nB 2.\n", "A.\n\n[not agreed]\n"};
    for (size_t i = 0; i < 3; i++) {
        ls_text_view view;
        ls_buf out = {0};
        const ls_view_options options = {.clean = true, .party = i == 2 ? LS_TEXT_NOWHERE : i, .markless = true};
        assert_success(ls_text_view_make(&t.arena, texts_eval(&t), &options, &view));
        assert_success(ls_text_view_put(&view, &out));
        assert_string_equal(ls_buf_cstr(&out), expected[i]);
        ls_buf_free(&out);
    }
    texts_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_as_in_treaties),
        cmocka_unit_test(test_words_that_only_one_wants),
        cmocka_unit_test(test_roadmap),
        cmocka_unit_test(test_lines_may_break_elsewhere),
        cmocka_unit_test(test_korean_and_chinese),
        cmocka_unit_test(test_reopening_ad_referendum_and_notes),
        cmocka_unit_test(test_forged_attributions),
        cmocka_unit_test(test_each_variant_is_got_back),
        cmocka_unit_test(test_as_much_is_common_as_can_be),
        cmocka_unit_test(test_bounded),
        cmocka_unit_test(test_history_and_diff),
        cmocka_unit_test(test_clean),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
