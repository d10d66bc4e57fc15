/* Working copies: the example's accord in and out again, edits read back, and what a copy may not say. */
#include "roadmap/roadmap.h"
#include "text/copy.h"
#include "texts.h"

enum { USA, DPRK };

static void read_example(const char *name, ls_buf *out)
{
    char path[1024];
    const char *root = getenv("LOCKSTEP_EXAMPLES");
    snprintf(path, sizeof path, "%s/pyongyang-2018/%s", root == NULL ? "examples" : root, name);
    read_whole_file(path, out);
}

static ls_bytes copy_of(texts *t, const char *language, size_t party)
{
    ls_buf out = {0};
    const ls_copy_head head = {str("draft"), str(language), t->count == 0 ? 0 : t->act[t->count - 1].entry};
    assert_success(ls_copy_put(texts_eval(t), &head, party, &out));
    ls_bytes copy = ls_bytes_of(ls_arena_str(&t->arena, ls_buf_bytes(&out)), out.len);
    ls_buf_free(&out);
    return copy;
}

static ls_copy_edit read_copy(texts *t, const char *language, size_t party, ls_bytes copy, bool delete_missing)
{
    ls_copy_edit out = {0};
    ls_diagnostics *d = ls_arena_alloc(&t->arena, sizeof *d);
    d->arena = &t->arena;
    const ls_copy_options options = {str("draft"), ls_text_language(&t->opening, str(language)), party, delete_missing,
                                     false};
    if (ls_failed(ls_copy_read(&t->arena, texts_eval(t), &options, copy, d, &out))) {
        fail_msg("line %u: %s", d->item[0].mark.line, d->item[0].text);
    }
    return out;
}

/* Reads an edited copy and makes its act, if there is anything to say. */
static ls_copy_edit take_copy(texts *t, const char *language, size_t party, ls_bytes copy)
{
    ls_copy_edit out = read_copy(t, language, party, copy, false);
    if (out.edit.count > 0) {
        texts_edit(t, party, out.edit.count, out.edit.op);
    }
    return out;
}

static void assert_not_read(texts *t, const char *copy, unsigned line, const char *says)
{
    ls_copy_edit out = {.missing = 77};
    ls_diagnostics *d = ls_arena_alloc(&t->arena, sizeof *d);
    d->arena = &t->arena;
    const ls_copy_options options = {.text = str("draft")};
    assert_fault(ls_copy_read(&t->arena, texts_eval(t), &options, str(copy), d, &out), ls_fault_text_form);
    assert_int_equal(out.missing, 77);
    assert_int_equal(d->item[0].mark.line, line);
    if (strstr(d->item[0].text, says) == NULL) {
        fail_msg("'%s' instead of '%s'", d->item[0].text, says);
    }
}

static ls_bytes replaced(texts *t, ls_bytes s, const char *old, const char *new)
{
    const uint8_t *at = memmem(s.ptr, s.len, old, strlen(old));
    ls_buf out = {0};
    assert_non_null(at);
    size_t before = (size_t)(at - s.ptr);
    ls_buf_put(&out, s.ptr, before);
    ls_buf_put_str(&out, new);
    ls_buf_put(&out, at + strlen(old), s.len - before - strlen(old));
    ls_bytes made = ls_bytes_of(ls_arena_str(&t->arena, ls_buf_bytes(&out)), out.len);
    ls_buf_free(&out);
    return made;
}

static void accept_everything(texts *t, size_t party)
{
    static ls_text_acceptance item[1024];
    const ls_text_state *s = texts_eval(t);
    ls_text_agree *agree = ls_arena_alloc(&t->arena, sizeof *agree);
    agree->item = item;
    for (size_t i = 0; i < s->paragraph_count; i++) {
        const ls_text_paragraph *p = &s->paragraph[i];
        for (size_t k = 0; k < p->cell_count; k++) {
            item[agree->count++] = (ls_text_acceptance){p->id, ls_text_cell_language(&t->opening, p, k), false,
                                                        p->cell[k].variant[0].hash};
        }
    }
    texts_act(t, LS_TEXT_AGREE, party)->agree = agree;
}

/* The accord as it was signed in 2018 becomes a text, is agreed, and is the same accord: byte for byte. */
static void test_accord_survives(void **state)
{
    (void)state;
    static texts t;
    ls_buf prose = {0}, roadmap = {0}, copy = {0}, out = {0};
    texts_open(&t, "dprk usa rok", "en", false);
    read_example("accord.md", &prose);
    read_example("roadmap.yaml", &roadmap);
    assert_success(ls_copy_join(ls_buf_bytes(&prose), ls_buf_bytes(&roadmap), &copy));
    ls_copy_edit first = take_copy(&t, "en", 0, ls_buf_bytes(&copy));
    print_message("%zu paragraphs\n", first.inserted);
    assert_true(first.inserted > 50);
    accept_everything(&t, 1);
    assert_false(texts_eval(&t)->clean);
    accept_everything(&t, 2);
    assert_true(texts_eval(&t)->clean);
    assert_success(ls_text_put_prose(&t.state, 0, &out));
    assert_bytes(ls_buf_bytes(&out), ls_buf_bytes(&prose));
    ls_diagnostics *d = ls_arena_alloc(&t.arena, sizeof *d);
    d->arena = &t.arena;
    ls_paragraph *paragraphs;
    size_t count = 0;
    ls_text_read(&t.arena, ls_buf_bytes(&out), d, &paragraphs, &count);
    assert_int_equal(d->errors, 0);
    assert_int_equal(count, 23); /* p1 to p23, as the accord has them */
    ls_buf_free(&out);
    out = (ls_buf){0};
    assert_success(ls_text_put_roadmap(&t.state, &out));
    assert_bytes(ls_buf_bytes(&out), ls_buf_bytes(&roadmap));
    ls_copy_edit nothing = take_copy(&t, "en", 1, copy_of(&t, "en", 1));
    assert_int_equal(nothing.edit.count, 0);
    ls_buf_free(&prose);
    ls_buf_free(&roadmap);
    ls_buf_free(&copy);
    ls_buf_free(&out);
    texts_free(&t);
}

static void test_pieces_of_a_roadmap(void **state)
{
    (void)state;
    static const char *const roadmap =
        "# What this is.\n\nroadmap: 1\nparties: [a]\ntracks:\n  - {id: x}\n\n# Steps.\nsteps:\n"
        "  # The first.\n  - id: one\n    measures:\n      - id: m\n        by: a\n";
    ls_buf copy = {0};
    assert_success(ls_copy_join((ls_bytes){0}, str(roadmap), &copy));
    assert_string_equal(ls_buf_cstr(&copy),
                        "```roadmap\n# What this is.\n\nroadmap: 1\n```\n\n```roadmap\nparties: [a]\n```\n\n"
                        "```roadmap\ntracks:\n  - {id: x}\n\n```\n\n```roadmap\n# Steps.\nsteps:\n```\n\n"
                        "```roadmap\n  # The first.\n  - id: one\n    measures:\n```\n\n"
                        "```roadmap\n      - id: m\n        by: a\n```\n");
    ls_buf_free(&copy);
}

static void test_changes_are_found(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    take_copy(&t, "en", USA, str("# Title\n\n[p1] One.\n\n[p2] Two.\n\n```roadmap\nroadmap: 1\n```\n"));
    assert_string_equal(order_of(&t), "usa-1-1 usa-1-2 usa-1-3 usa-1-4");
    ls_bytes copy = copy_of(&t, "en", DPRK);
    assert_non_null(memmem(copy.ptr, copy.len, " proposed by USA -->", 20));
    assert_int_equal(read_copy(&t, "en", DPRK, copy, true).edit.count, 0); /* reading is not accepting */
    ls_bytes edited = replaced(&t, copy, "[p1] One.", "[p1] One and a half.\n\n[p1a] New.\n\n[p1b] Newer.");
    ls_copy_edit e = take_copy(&t, "en", DPRK, edited);
    assert_int_equal(e.proposed, 1);
    assert_int_equal(e.inserted, 2);
    assert_string_equal(order_of(&t), "usa-1-1 usa-1-2 dprk-1-1 dprk-1-2 usa-1-3 usa-1-4");
    const ls_text_cell *c = cell_of(&t, "usa-1-2", "en");
    assert_bytes(ls_text_words(c, &c->position[DPRK]), str("[p1] One and a half."));
    /* The same copy again, when the text has moved on: what it changed is changed already. */
    assert_int_equal(read_copy(&t, "en", DPRK, replaced(&t, copy, "One.", "One and a half."), false).edit.count, 0);
    /* An old copy in which nothing was touched takes nothing back. */
    assert_int_equal(read_copy(&t, "en", DPRK, copy, false).edit.count, 0);
    /* What came after it was written was never in it, and is not missing. */
    assert_int_equal(read_copy(&t, "en", DPRK, copy, false).missing, 0);
    assert_int_equal(read_copy(&t, "en", DPRK, copy, true).edit.count, 0);
    ls_bytes shorter = replaced(&t, copy, "[p2] Two.\n", "");
    assert_int_equal(read_copy(&t, "en", DPRK, shorter, true).edit.count, 0); /* its mark is there */
    const uint8_t *mark = memmem(copy.ptr, copy.len, "<!-- #usa-1-3", 13);
    assert_non_null(mark);
    shorter = replaced(&t, copy, ls_arena_str(&t.arena, ls_bytes_of(mark, (size_t)(copy.ptr + copy.len - mark))), "");
    assert_int_equal(read_copy(&t, "en", DPRK, shorter, false).missing, 2);
    e = read_copy(&t, "en", DPRK, shorter, true);
    assert_int_equal(e.deleted, 2);
    assert_int_equal(e.edit.count, 2);
    texts_free(&t);
}

/* A copy that is read a second time says nothing new, whether it has a head or not. */
static void test_what_was_proposed_is_recognised(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    ls_bytes plain = str("One.\n\nTwo.\n\nOne.\n\n```roadmap\nroadmap: 1\n```\n");
    assert_int_equal(take_copy(&t, "en", USA, plain).inserted, 4);
    assert_int_equal(read_copy(&t, "en", USA, plain, false).edit.count, 0);
    assert_int_equal(read_copy(&t, "en", DPRK, plain, false).inserted, 4); /* another's are another's */
    ls_bytes longer = str("One.\n\nTwo.\n\nBetween.\n\nOne.\n\nOne.\n");
    assert_int_equal(take_copy(&t, "en", USA, longer).inserted, 2);
    assert_string_equal(order_of(&t), "usa-1-1 usa-1-2 usa-2-1 usa-1-3 usa-2-2 usa-1-4");
    ls_bytes copy = replaced(&t, copy_of(&t, "en", USA), "Two.\n", "Two.\n\nNew.\n");
    assert_int_equal(take_copy(&t, "en", USA, copy).inserted, 1);
    assert_int_equal(read_copy(&t, "en", USA, copy, true).edit.count, 0);
    /* What was there when it was written and is written anew without its mark is moved. */
    copy = copy_of(&t, "en", USA);
    const uint8_t *mark = memmem(copy.ptr, copy.len, "<!-- #usa-1-4", 13);
    assert_non_null(mark);
    ls_bytes moved = replaced(&t, copy, ls_arena_str(&t.arena, ls_bytes_of(mark, 35)), "");
    ls_copy_edit e = read_copy(&t, "en", USA, moved, true);
    assert_int_equal(e.inserted, 1);
    assert_int_equal(e.deleted, 1);
    texts_free(&t);
}

static void test_a_copy_says_what_it_is(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    take_copy(&t, "en", USA, str("A.\n"));
    ls_copy_head head;
    assert_true(ls_copy_head_read(copy_of(&t, "ko", DPRK), &head));
    assert_bytes(head.text, str("draft"));
    assert_bytes(head.language, str("ko"));
    assert_int_equal(head.upto, 100);
    static const char *const none[] = {"",
                                       "A.",
                                       "<!-- lockstep text -->",
                                       "<!-- lockstep text draft en -->",
                                       "<!-- lockstep text draft en x -->",
                                       "<!-- lockstep text draft en 1 2 -->",
                                       "<!-- lockstep text draft en 1",
                                       "A.\n<!-- lockstep text draft en 1 -->"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        assert_false(ls_copy_head_read(str(none[i]), &head));
    }
    assert_not_read(&t, "<!-- lockstep text draft ko 100 -->\n\nA.\n", 1, "in ko, not in en");
    assert_not_read(&t, "<!-- lockstep text other en 100 -->\n\nA.\n", 1, "of the text other");
    texts_free(&t);
}

static void test_new_lines_are_no_change(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    take_copy(&t, "en", USA, str("[p1] One and\ntwo and three.\n"));
    ls_bytes copy = copy_of(&t, "en", DPRK);
    ls_bytes reflowed = replaced(&t, copy, "One and\ntwo", "One and two");
    assert_int_equal(read_copy(&t, "en", DPRK, reflowed, false).edit.count, 0);
    ls_copy_edit e = take_copy(&t, "en", DPRK, replaced(&t, copy, "two and", "two\nor"));
    assert_int_equal(e.proposed, 1);
    /* Whoever writes the other's words anew, broken elsewhere, holds the other's variant. */
    e = take_copy(&t, "en", USA, replaced(&t, copy_of(&t, "en", USA), "and\ntwo and", "and two or"));
    assert_int_equal(e.proposed, 1);
    assert_int_equal(cell_of(&t, "usa-1-1", "en")->status, LS_CELL_AGREED);
    texts_free(&t);
}

static void test_translation(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en ko", false);
    take_copy(&t, "en", USA, str("[p1] One.\n\n```roadmap\nroadmap: 1\n```\n"));
    ls_bytes copy = copy_of(&t, "ko", DPRK);
    assert_true(ls_bytes_starts(copy, "<!-- lockstep text draft ko 100 -->\n\n<!-- #usa-1-1 -->\n\n<!-- #usa-1-2 "));
    assert_int_equal(read_copy(&t, "ko", DPRK, copy, true).edit.count, 0);
    ls_copy_edit e = take_copy(&t, "ko", DPRK, replaced(&t, copy, "usa-1-1 -->\n", "usa-1-1 -->\n[p1] 하나.\n"));
    assert_int_equal(e.proposed, 1);
    assert_int_equal(e.inserted, 0);
    assert_int_equal(cell_of(&t, "usa-1-1", "ko")->variant_count, 1);
    texts_free(&t);
}

static void test_what_is_agreed_is_reopened_knowingly(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    take_copy(&t, "en", USA, str("[p1] One.\n"));
    texts_agree(&t, DPRK, "usa-1-1", "en", "[p1] One.");
    ls_bytes copy = copy_of(&t, "en", DPRK);
    assert_non_null(memmem(copy.ptr, copy.len, " agreed -->", 11));
    ls_copy_edit e = take_copy(&t, "en", DPRK, replaced(&t, copy, "One", "Uno"));
    assert_int_equal(e.reopening, 1);
    copy = copy_of(&t, "en", DPRK); /* its own wish is what it sees */
    assert_non_null(memmem(copy.ptr, copy.len, "Uno", 3));
    assert_int_equal(read_copy(&t, "en", DPRK, copy, false).edit.count, 0);
    texts_free(&t);
}

static void test_deleted_paragraphs_stay_out(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    take_copy(&t, "en", USA, str("[p1] One.\n\n[p2] Two.\n"));
    ls_copy_edit e =
        read_copy(&t, "en", DPRK, str("<!-- lockstep text draft en 100 -->\n<!-- #usa-1-1 -->\n[p1] One.\n"), true);
    assert_int_equal(e.deleted, 1);
    assert_int_equal(e.proposed, 1); /* without the digits it is said anew: accepted */
    texts_edit(&t, DPRK, e.edit.count, e.edit.op);
    ls_bytes copy = copy_of(&t, "en", DPRK);
    assert_null(memmem(copy.ptr, copy.len, "Two", 3));
    assert_int_equal(read_copy(&t, "en", DPRK, copy, true).edit.count, 0);
    texts_free(&t);
}

static void test_copies_that_can_not_be(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    take_copy(&t, "en", USA, str("A.\n\nB.\n\n```roadmap\nx: 1\n```\n"));
    ls_copy_edit nothing;
    ls_diagnostics *d = ls_arena_alloc(&t.arena, sizeof *d);
    d->arena = &t.arena;
    const ls_copy_options deleting = {.text = str("draft"), .delete_missing = true};
    assert_fault(ls_copy_read(&t.arena, texts_eval(&t), &deleting, str("A.\n"), d, &nothing), ls_fault_text_form);
    assert_not_read(&t, "<!-- #usa-1-9 -->\nA.\n", 1, "no such paragraph");
    assert_not_read(&t, "<!-- #usa -->\nA.\n", 1, "can't be read");
    assert_not_read(&t, "<!-- #usa-1-1\nA.\n", 1, "can't be read");
    assert_not_read(&t, "<!-- #usa-1-1 -->\nA.\n\n<!-- #usa-1-1 -->\nB.\n", 4, "stands in line 1");
    assert_not_read(&t, "<!-- #usa-1-2 -->\nB.\n\n<!-- #usa-1-1 -->\nA.\n", 4, "stood before");
    assert_not_read(&t, "<!-- #usa-1-1 -->\n```roadmap\nx: 1\n```\n", 1, "stays prose");
    assert_not_read(&t, "A.\n\n```roadmap\nx: 1\n", 3, "has no end");
    assert_not_read(&t, "A.\n\nB\tC.\n", 3, "does not show");
    assert_not_read(&t, "A.\n\nB.\r\n", 3, "does not show");
    assert_not_read(&t, "A\u202e.\n", 1, "reorders a line");
    assert_not_read(&t, "A\xff.\n", 1, "not UTF-8");
    assert_not_read(&t, "```roadmap\n```\n", 1, "not empty");
    ls_buf large = {0};
    memset(ls_buf_extend(&large, LS_TEXT_CONTENT_MAX + 1), 'a', LS_TEXT_CONTENT_MAX + 1);
    assert_not_read(&t, ls_buf_cstr(&large), 1, "longer than");
    ls_buf_free(&large);
    texts_free(&t);
}

/* Random edits of random copies give what they say. */
static void test_what_was_written_is_what_stands(void **state)
{
    (void)state;
    static texts t;
    uint64_t random = 9;
    texts_open(&t, "usa dprk", "en", false);
    take_copy(&t, "en", USA, str("0 a.\n\n0 b.\n\n0 c.\n"));
    for (unsigned n = 1; n < 120; n++) {
        size_t party = n % 2;
        ls_bytes copy = copy_of(&t, "en", party);
        ls_buf edited = {0};
        ls_reader r = ls_reader_of(copy);
        for (ls_bytes line; ls_read_until(&r, '\n', &line);) {
            random = random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
            unsigned what = (unsigned)(random >> 33) % (t.state.paragraph_count / 3 + 8); /* about as many each time */
            bool words = line.len > 0 && line.ptr[0] != '<';
            if (words && what == 0) {
                ls_buf_format(&edited, "%u changed.\n", n);
            } else {
                ls_buf_put_bytes(&edited, line);
                ls_buf_put_str(&edited, "\n");
            }
            if (words && what == 1) {
                ls_buf_format(&edited, "\n%u new.\n\n%u newer.\n", n, n);
            }
        }
        ls_bytes kept = ls_bytes_of(ls_arena_str(&t.arena, ls_buf_bytes(&edited)), edited.len);
        take_copy(&t, "en", party, kept);
        ls_bytes after = copy_of(&t, "en", party);
        ls_reader a = ls_reader_of(kept), b = ls_reader_of(after);
        ls_bytes x = {0}, y = {0};
        for (bool more = true; more;) { /* but for marks, the copy that is made now is the one that was written */
            do {
                more = ls_read_until(&a, '\n', &x);
            } while (more && (x.len == 0 || x.ptr[0] == '<'));
            bool other;
            do {
                other = ls_read_until(&b, '\n', &y);
            } while (other && (y.len == 0 || y.ptr[0] == '<'));
            assert_int_equal(more, other);
            if (more) {
                assert_bytes(x, y);
            }
        }
        ls_buf_free(&edited);
    }
    assert_true(texts_eval(&t)->paragraph_count > 30);
    texts_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_accord_survives),
        cmocka_unit_test(test_pieces_of_a_roadmap),
        cmocka_unit_test(test_changes_are_found),
        cmocka_unit_test(test_what_was_proposed_is_recognised),
        cmocka_unit_test(test_a_copy_says_what_it_is),
        cmocka_unit_test(test_new_lines_are_no_change),
        cmocka_unit_test(test_translation),
        cmocka_unit_test(test_what_is_agreed_is_reopened_knowingly),
        cmocka_unit_test(test_deleted_paragraphs_stay_out),
        cmocka_unit_test(test_copies_that_can_not_be),
        cmocka_unit_test(test_what_was_written_is_what_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
