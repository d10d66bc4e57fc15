/* The public portal's pages: what is written is text, whoever wrote it; statements have names of their own; words exist
 * in each language; proofs prove. */
#include "portal_world.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static bool contains(const char *text, const char *part)
{
    return strstr(text, part) != NULL;
}

/* A page's fragment; in the arena of the world. */
static const char *page(portal_world *w, const char *path)
{
    const char *title;
    ls_buf html = {0};
    ls_result r = ls_portal_page(&w->portal, path, &w->arena, &title, &html);
    assert_true(ls_succeeded(r));
    assert_true(title[0] != '\0');
    const char *kept = ls_arena_str(&w->arena, ls_buf_bytes(&html));
    ls_buf_free(&html);
    return kept;
}

static void begin(portal_world *w)
{
    world_open(w);
    assert_true(ls_succeeded(ls_portal_begin(&w->portal, &w->arena)));
}

/* The writer. */

static ls_html writer(portal_world *w, const char *path, ls_buf *out)
{
    return (ls_html){.portal = &w->portal, .path = path, .arena = &w->arena, .out = out};
}

static void text_is_text(void **state)
{
    (void)state;
    portal_world w;
    begin(&w);
    ls_buf out = {0};
    ls_html h = writer(&w, "index.html", &out);
    ls_html_element(&h, "p", ls_bytes_str(HOSTILE), "title", HOSTILE, "class", NULL, NULL);
    ls_html_statement(&h, "td", HOSTILE, ls_bytes_str("\xff\xfe"));
    const char *text = ls_buf_cstr(&out);
    assert_false(contains(text, "<script"));
    assert_false(contains(text, "<img"));
    assert_false(contains(text, "\xe2\x80\xae"));
    assert_true(contains(text, "[U+202E]"));
    assert_true(contains(text, "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;"));
    assert_true(contains(text, "&amp;amp;"));
    assert_true(contains(text, "<td data-s=\"&lt;script"));
    assert_true(contains(text, "\xef\xbf\xbd"));
    assert_false(contains(text, "class"));
    /* Four quotation marks: two attributes. */
    size_t quotes = 0;
    for (const char *c = strstr(text, "<p"); *c != '>'; c++) {
        quotes += *c == '"';
    }
    assert_int_equal(quotes, 2);
    ls_buf_free(&out);
    world_close(&w);
}

static void links_are_relative(void **state)
{
    (void)state;
    portal_world w;
    begin(&w);
    ls_buf out = {0};
    ls_html h = writer(&w, "act/3.html", &out);
    assert_string_equal(ls_html_href(&h, "index.html"), "../index.html");
    assert_string_equal(ls_html_site_href(&h, "tlog/checkpoint"), "../tlog/checkpoint");
    w.portal.language = ls_portal_language_of(ls_bytes_str("ko"));
    assert_string_equal(ls_html_href(&h, "index.html"), "../index.html");
    assert_string_equal(ls_html_site_href(&h, "tlog/checkpoint"), "../../tlog/checkpoint");
    h.path = "index.html";
    assert_string_equal(ls_html_site_href(&h, "tlog/checkpoint"), "../tlog/checkpoint");
    ls_html_entry(&h, LS_NO_ENTRY);
    ls_html_entry(&h, 1000000);
    ls_html_time(&h, LS_TIME_OPEN);
    ls_html_day(&h, LS_NO_DAY);
    assert_string_equal(ls_buf_cstr(&out), "----");
    ls_buf_free(&out);
    world_close(&w);
}

static void sentences_are_filled(void **state)
{
    (void)state;
    portal_world w;
    begin(&w);
    ls_buf out = {0};
    ls_html h = writer(&w, "index.html", &out);
    ls_html_say(&h, "about.entry", LS_WITH(ls_say_entry(2)));
    assert_string_equal(ls_buf_cstr(&out), "entry <a class=\"entry\" href=\"act/2.html\">2</a>");
    out.len = 0;
    ls_html_say(&h, "about.group", LS_WITH(ls_say_str("<b>{0}")));
    assert_string_equal(ls_buf_cstr(&out), "group &lt;b&gt;{0}");
    out.len = 0;
    ls_html_say(&h, "about.group", NULL, 0); /* it is seen that something is missing */
    assert_string_equal(ls_buf_cstr(&out), "group {0}");
    out.len = 0;
    ls_html_say(&h, "no.such.key", NULL, 0);
    assert_string_equal(ls_buf_cstr(&out), "no.such.key");
    ls_buf_free(&out);
    world_close(&w);
}

/* Words. */

static unsigned placeholders(const char *text)
{
    unsigned set = 0;
    for (const char *open = strchr(text, '{'); open != NULL; open = strchr(open + 1, '{')) {
        assert_true(open[1] >= '0' && open[1] <= '9' && open[2] == '}');
        set |= 1u << (open[1] - '0');
    }
    return set;
}

static void languages_say_the_same(void **state)
{
    (void)state;
    assert_true(ls_portal_language_count >= 2);
    assert_string_equal(ls_portal_languages[0].code, "en");
    assert_string_equal(ls_portal_languages[0].prefix, "");
    for (size_t l = 1; l < ls_portal_language_count; l++) {
        const ls_portal_language *language = &ls_portal_languages[l];
        for (size_t i = 0; i < ls_portal_key_total(); i++) {
            const char *english = ls_portal_languages[0].text[i], *other = language->text[i];
            if (other == NULL || placeholders(english) != placeholders(other)) {
                fail_msg("%s.json: \"%s\" is missing, or has other placeholders", language->code, english);
            }
        }
    }
}

/* Each kind of act has a word, and each language says how it is called and read. */
static void everything_has_a_word(void **state)
{
    (void)state;
    size_t count;
    const char *const *kinds = ls_record_kinds(&count);
    for (size_t i = 0; i < count; i++) {
        char key[80];
        snprintf(key, sizeof key, "act.%s", kinds[i]);
        if (!ls_portal_knows(key)) {
            fail_msg("web/strings: no %s", key);
        }
    }
    for (size_t l = 0; l < ls_portal_language_count; l++) {
        const char *direction = ls_portal_say(&ls_portal_languages[l], "language.dir");
        assert_true(strcmp(direction, "ltr") == 0 || strcmp(direction, "rtl") == 0);
    }
    const char *path, *key;
    for (size_t i = 0; ls_portal_nav(i, &path, &key); i++) {
        assert_true(ls_portal_knows(key));
        assert_true(ls_page_fits(path));
    }
    assert_null(ls_portal_language_of(ls_bytes_str("xx")));
    assert_false(ls_portal_knows("no.such.key"));
}

/* Pages. */

static int compare_ids(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Names of statements, each once. */
static void check_statements(const char *path, const char *html)
{
    static char *ids[4096];
    size_t count = 0;
    for (const char *at = strstr(html, "data-s=\""); at != NULL; at = strstr(at + 1, "data-s=\"")) {
        const char *end = strchr(at + 8, '"');
        assert_true(count < sizeof ids / sizeof *ids);
        ids[count] = calloc(1, (size_t)(end - at) + 1);
        memcpy(ids[count++], at + 8, (size_t)(end - at - 8));
    }
    qsort(ids, count, sizeof *ids, compare_ids);
    for (size_t i = 1; i < count; i++) {
        if (strcmp(ids[i - 1], ids[i]) == 0) {
            fail_msg("%s: %s stands for two statements", path, ids[i]);
        }
    }
    for (size_t i = 0; i < count; i++) {
        free(ids[i]);
    }
}

static void pages_are_inert_and_named(void **state)
{
    (void)state;
    portal_world w;
    const char *const *paths;
    size_t count;
    begin(&w);
    assert_true(ls_succeeded(ls_portal_paths(&w.portal, &w.arena, &paths, &count)));
    for (size_t l = 0; l < ls_portal_language_count; l++) {
        w.portal.language = &ls_portal_languages[l];
        for (size_t i = 0; i < count; i++) {
            const char *html = page(&w, paths[i]);
            check_statements(paths[i], html);
            assert_false(contains(html, "<script"));
            assert_false(contains(html, "<img src=x"));
            assert_false(contains(html, "\xe2\x80\xae"));
            assert_false(contains(html, " style="));
        }
    }
    world_close(&w);
}

static void pages_say_what_the_record_says(void **state)
{
    (void)state;
    portal_world w;
    begin(&w);
    assert_true(contains(page(&w, "index.html"), "class=\"state s-disputed\""));
    const char *card = page(&w, "scorecard.html");
    assert_true(contains(card, "data-state=\"disputed\""));
    assert_true(contains(card, "data-party=\"usa\""));
    const char *act = page(&w, "act/4.html");
    assert_true(contains(act, "href=\"../act/5.html\"")); /* its stamp */
    assert_true(contains(act, "&lt;script&gt;"));
    assert_true(contains(act, "c2sp.org/tlog-proof@v1"));
    const char *record = page(&w, "record.html");
    assert_true(contains(record, "data-kind=\"object\""));
    assert_false(contains(record, "data-kind=\"stamp\""));
    world_close(&w);
}

static void no_such_page(void **state)
{
    (void)state;
    static const char *const absent[] = {"",
                                         "nothing.html",
                                         "act/.html",
                                         "act/999.html",
                                         "act/01.html",
                                         "act/-1.html",
                                         "act/1/2.html",
                                         "act/x.html",
                                         "act/1.htm",
                                         "../index.html",
                                         "measure/0000-x.html",
                                         "measure/.html",
                                         "record-0.html",
                                         "record-1.html",
                                         "act/18446744073709551616.html"};
    portal_world w;
    begin(&w);
    for (size_t i = 0; i < sizeof absent / sizeof *absent; i++) {
        const char *title = "untouched";
        ls_buf html = {0};
        ls_buf_put_str(&html, "before");
        ls_result r = ls_portal_page(&w.portal, absent[i], &w.arena, &title, &html);
        assert_ptr_equal(r.fault, &ls_fault_absent);
        assert_string_equal(ls_buf_cstr(&html), "before");
        assert_string_equal(title, "untouched");
        ls_buf_free(&html);
    }
    world_close(&w);
}

/* As of a time before the performance, and as the record had it before the objection. */
static void other_moments(void **state)
{
    (void)state;
    portal_world w;
    begin(&w);
    ls_portal now = w.portal;
    w.portal.at = w.portal.known = ls_record_at(w.f.record, 2).time;
    assert_true(ls_succeeded(ls_portal_judge(&w.portal, &w.arena)));
    assert_false(contains(page(&w, "scorecard.html"), "data-state=\"disputed\""));
    assert_true(contains(page(&w, "scorecard.html"), "data-state=\"due\""));
    w.portal.at = w.portal.known = 1; /* before there was anything */
    assert_true(ls_succeeded(ls_portal_judge(&w.portal, &w.arena)));
    assert_true(contains(page(&w, "scorecard.html"), "data-s=\"no-accord\""));
    w.portal = now;
    assert_true(contains(page(&w, "scorecard.html"), "data-state=\"disputed\""));
    world_close(&w);
}

/* Proofs lead to the root of the checkpoint that they name, which never changes for an act under a stamp. */
static void proofs_prove(void **state)
{
    (void)state;
    portal_world w;
    begin(&w);
    for (uint64_t i = 0; i < ls_record_size(w.f.record); i++) {
        ls_buf text = {0};
        ls_tlog_proof proof;
        ls_note note;
        ls_checkpoint c;
        ls_hash leaf, root;
        assert_true(ls_succeeded(ls_portal_acts_prove(&w.portal, i, i % 2 == 0, &w.arena, &text)));
        assert_true(ls_succeeded(ls_tlog_proof_parse(ls_buf_bytes(&text), &proof)));
        assert_true(ls_succeeded(ls_note_parse(proof.checkpoint, &note)));
        assert_true(ls_succeeded(ls_checkpoint_parse(note.text, &c)));
        ls_merkle_leaf(w.f.entry[i], &leaf);
        ls_record_root(w.f.record, c.size, &root);
        assert_true(ls_hash_equal(&root, &c.root));
        assert_true(
            ls_succeeded(ls_merkle_verify_inclusion(&leaf, proof.index, c.size, proof.proof, proof.count, &c.root)));
        assert_int_equal(proof.index, i);
        assert_int_equal(proof.extra.len > 0, i % 2 == 0);
        assert_true(c.size <= ls_record_size(w.f.record));
        ls_buf_free(&text);
    }
    world_close(&w);
}

static void documents_are_whole(void **state)
{
    (void)state;
    portal_world w;
    ls_hash verifier = {{7}};
    const ls_portal_site site = {.version = "1",
                                 .url = "https://p.example/",
                                 .script = "assets/app.js",
                                 .style = "assets/style.css",
                                 .preview = "social.png",
                                 .verifier = &verifier};
    ls_buf out = {0};
    begin(&w);
    w.portal.language = ls_portal_language_of(ls_bytes_str("ko"));
    assert_true(ls_succeeded(
        ls_portal_document(&w.portal, &site, "act/1.html", HOSTILE, ls_bytes_str("<p>x</p>"), &w.arena, &out)));
    const char *text = ls_buf_cstr(&out);
    assert_true(contains(text, "<html lang=\"ko\" dir=\"ltr\">"));
    assert_true(contains(text, "<meta name=\"lockstep\" content=\"act/1.html 0 0\">"));
    assert_true(contains(text, "src=\"../../assets/app.js\""));
    assert_true(contains(text, "hreflang=\"en\" href=\"../../act/1.html\""));
    assert_true(contains(text, "content=\"https://p.example/social.png\""));
    assert_true(contains(text, "<main id=\"main\" tabindex=\"-1\"><p>x</p></main>"));
    assert_true(contains(text, "id=\"exercise-mark\""));
    assert_true(contains(text, "script-src &#39;self&#39; &#39;wasm-unsafe-eval&#39;"));
    assert_false(contains(text, "<script>"));
    assert_false(contains(text, "unsafe-inline"));
    ls_buf_free(&out);
    world_close(&w);
}

static void nothing_yet(void **state)
{
    (void)state;
    portal_world w = {0};
    fixture_open(&w.f, NULL);
    w.portal = (ls_portal){
        .record = w.f.record, .source = {world_note, world_file, NULL, &w}, .language = &ls_portal_languages[0]};
    assert_ptr_equal(ls_portal_begin(&w.portal, &w.arena).fault, &ls_fault_usage);
    world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_text),
        cmocka_unit_test(links_are_relative),
        cmocka_unit_test(sentences_are_filled),
        cmocka_unit_test(languages_say_the_same),
        cmocka_unit_test(everything_has_a_word),
        cmocka_unit_test(pages_are_inert_and_named),
        cmocka_unit_test(pages_say_what_the_record_says),
        cmocka_unit_test(no_such_page),
        cmocka_unit_test(other_moments),
        cmocka_unit_test(proofs_prove),
        cmocka_unit_test(documents_are_whole),
        cmocka_unit_test(nothing_yet),
    };
    return ls_failed(ls_crypto_init()) ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
