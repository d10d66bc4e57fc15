/* Pages of texts: what stands on them, what hostile Markdown becomes, and that the same input gives the same bytes.
 * With LOCKSTEP_PAGES set, writes a page of each kind into that folder, to be looked at. */
#include "pages/pages.h"
#include "text/copy.h"
#include "texts.h"
#include <time.h>

enum { USA, DPRK, ROK };

static bool holds(const ls_buf *b, const char *text)
{
    return memmem(b->ptr, b->len, text, strlen(text)) != NULL;
}

static void assert_holds(const ls_buf *b, const char *text)
{
    if (!holds(b, text)) {
        fail_msg("no %s in:\n%.*s", text, (int)b->len, (const char *)b->ptr);
    }
}

static void assert_lacks(const ls_buf *b, const char *text)
{
    if (holds(b, text)) {
        fail_msg("%s in:\n%.*s", text, (int)b->len, (const char *)b->ptr);
    }
}

static ls_pages make_pages(texts *t, ls_text_view *views)
{
    for (size_t i = 0; i < t->opening.language_count; i++) {
        const ls_view_options options = {.language = i};
        assert_success(ls_text_view_make(&t->arena, texts_eval(t), &options, &views[i]));
    }
    return (ls_pages){.exercise = true,
                      .title = str("Accord on a Complete Declaration"),
                      .process = str("Pyongyang 2018"),
                      .status = str("As of entry 57."),
                      .foot = str("Record of 57 entries"),
                      .view_count = t->opening.language_count,
                      .view = views};
}

static void make_html(texts *t, ls_buf *out)
{
    ls_text_view views[LS_TEXT_LANGUAGES_MAX];
    const ls_pages pages = make_pages(t, views);
    assert_success(ls_pages_html(&pages, out));
}

static void make_pdf(texts *t, ls_buf *out)
{
    ls_text_view views[LS_TEXT_LANGUAGES_MAX];
    ls_detail detail = {0};
    const ls_pages pages = make_pages(t, views);
    assert_success(ls_pages_pdf(&pages, out, &detail));
}

static void keep(const char *name, const ls_buf *content)
{
    char path[1024];
    const char *folder = getenv("LOCKSTEP_PAGES");
    if (folder == NULL) {
        return;
    }
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(content->ptr, 1, content->len, f), content->len);
    assert_int_equal(fclose(f), 0);
}

static void test_what_stands_on_them(void **state)
{
    (void)state;
    texts t;
    ls_buf html = {0};
    texts_open(&t, "usa dprk", "en ko", false);
    texts_insert(&t, USA, "start", "en", "## Measures & more");
    texts_insert(&t, USA, "usa-1-1", "en", "[p1] Within *30 days* of entry into `force`.");
    texts_propose(&t, DPRK, "usa-2-1", "en", "[p1] Within *60 days* of entry into `force`.");
    texts_propose(&t, DPRK, "usa-2-1", "ko", "발효 후 60일 이내에.");
    texts_op(&t, DPRK, op_of(LS_OP_NOTE, "usa-2-1", "en", "See <1994>."));
    texts_insert(&t, USA, "usa-2-1", "", "roadmap: 1\nname: x");
    make_html(&t, &html);
    assert_holds(&html, "<p class=mark><b>EXERCISE</b>");
    assert_holds(&html, "<title>EXERCISE: Accord on a Complete Declaration</title>");
    assert_holds(&html,
                 "<h4 class=\"leaf h2\">\n<span class=l><span class=n>1</span><span class=t dir=auto>"
                 "<b class=k>[USA:\u00a0</b><strong>Measures &amp; more</strong><b class=k>]</b></span></span>\n</h4>");
    assert_holds(&html, "<span class=n>2</span><span class=t dir=auto>[p1] Within <b class=k>[USA:\u00a0</b>");
    assert_holds(&html, "<b class=k>[DPRK:\u00a0</b>");
    assert_holds(&html, "of entry into <code>force</code>.<sup><a href=\"#n-en-1\" id=\"r-en-1\">1</a></sup>");
    assert_holds(&html,
                 "<p class=note id=\"n-en-1\"><a href=\"#r-en-1\">1</a> <b>DPRK:</b> <bdi>See &lt;1994&gt;.</bdi>");
    assert_holds(&html, "<section lang=\"ko\">");
    assert_holds(&html, "<b class=k>[DPRK:\u00a0</b>발효 후 60일 이내에.<b class=k>]</b>");
    assert_holds(&html, "<p class=\"leaf code\">\n<span class=l><span class=n>3</span><span class=t dir=auto>"
                        "<b class=k>[USA:\u00a0</b></span></span>\n<span class=l><span class=n>4</span>");
    assert_holds(&html, "<b>usa-2-1</b> open");
    ls_buf_free(&html);
    texts_free(&t);
}

/* What would run, load, link, hide or pass as another's, were it not text. */
static const char *const hostile[] = {
    "<script>alert(1)</script>",
    "<img src=https://example.org/a.png onerror=alert(1)>",
    "a <b onclick=\"alert(1)\">b</b> <!-- hidden --> c",
    "<!-- all of it is hidden -->",
    "<style>* { display: none }</style>",
    "[click](javascript:alert(1)) ![picture](https://example.org/a.png \"title\")",
    "<https://example.org/?a=b&c=d> <javascript:alert(1)>",
    "[p1]: https://example.org \"a definition, which would not be shown\"",
    "- [p1]: https://example.org\n- > [p2]: https://example.org",
    "[a]\n\\[DPRK: all]\n&#91;DPRK: all&#93; &lbrack;DPRK&#58; all]",
    "&#1;0&#2;&#x1;1&#x2; &#x202e;abc &#8238; &lt;script&gt; &nbsp;",
    "```html \" onload=alert(1)\n<script>alert(1)</script>\n```",
    "</p></div></section></main><script>alert(1)</script>",
    "<a href=\"javascript:alert(1)\">a</a>",
    "<iframe src=\"data:text/html,<script>alert(1)</script>\"></iframe>",
    "# <svg/onload=alert(1)>\n===\n> ' \" ` $ {{ }} ${x}",
};

static void test_hostile_markdown(void **state)
{
    (void)state;
    texts t;
    ls_buf html = {0}, pdf = {0};
    texts_open(&t, "usa dprk", "en", false);
    for (size_t i = 0; i < sizeof hostile / sizeof *hostile; i++) {
        texts_insert(&t, USA, "start", "en", hostile[i]);
    }
    ls_text_op note = op_of(LS_OP_NOTE, "usa-1-1", "en", "<script>alert(1)</script>");
    texts_op(&t, DPRK, note);
    make_html(&t, &html);
    /* Every '<' belongs to an element of ours. */
    static const char *const ours[] = {"!DOCTYPE html>",
                                       "html lang=en>",
                                       "/",
                                       "head>",
                                       "meta ",
                                       "title>",
                                       "style>\n@page",
                                       "body>",
                                       "table role=presentation>",
                                       "thead>",
                                       "tfoot>",
                                       "tbody>",
                                       "tr>",
                                       "td>",
                                       "p>",
                                       "p class=",
                                       "p dir=auto>",
                                       "b>",
                                       "b class=k>",
                                       "bdi>",
                                       "main>",
                                       "h1 dir=auto>",
                                       "section lang=\"en\">",
                                       "h2 lang=en>",
                                       "div class=",
                                       "h3 class=",
                                       "h4 class=",
                                       "h5 class=",
                                       "h6 class=",
                                       "span class=",
                                       "strong>",
                                       "em>",
                                       "code>",
                                       "sup>",
                                       "a href=\"#"};
    for (size_t i = 0; i < html.len; i++) {
        bool known = html.ptr[i] != '<';
        for (size_t k = 0; !known && k < sizeof ours / sizeof *ours; k++) {
            known = ls_bytes_starts(ls_bytes_of(html.ptr + i + 1, html.len - i - 1), ours[k]);
        }
        if (!known) {
            fail_msg("an element that is not ours: %.60s", (const char *)html.ptr + i);
        }
    }
    assert_holds(&html, "&lt;script&gt;alert(1)&lt;/script&gt;");
    assert_holds(&html, "&lt;!-- all of it is hidden --&gt;");
    assert_holds(&html, "click &lt;javascript:alert(1)&gt;");
    assert_holds(&html, "picture &lt;https://example.org/a.png&gt;");
    assert_holds(&html, "[p1]: https://example.org &quot;a definition, which would not be shown&quot;");
    assert_holds(&html, "[p2]: https://example.org");
    assert_holds(&html, "&amp;#1;0&amp;#2;");
    assert_holds(&html, "&amp;#x202e;abc");
    assert_holds(&html, "&amp;#91;DPRK: all&amp;#93;");
    assert_lacks(&html, "\u202e");
    assert_lacks(&html, "\x01");
    assert_lacks(&html, "\x04");
    assert_lacks(&html, "<b class=k>[DPRK:");
    make_pdf(&t, &pdf);
    assert_lacks(&pdf, "/URI");
    assert_lacks(&pdf, "/JavaScript");
    ls_buf_free(&html);
    ls_buf_free(&pdf);
    texts_free(&t);
}

/* Brackets that cut through Markdown leave it text. */
static void test_brackets_across_markup(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"One two **three four** five six", "One two **three** four five six"},
        {"One two three [four](http://a.example) five", "One two three [four](http://b.example) five"},
        {"## One two three four", "One two three four"},
        {"- one two\n- three four", "- one two\n- three four\n- five"},
        {"1. one two three", "7. one two three"},
        {"One `two three` four five six", "One `two four` four five six"},
        {"> one two three four", "> one two three five"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        texts t;
        ls_buf html = {0}, pdf = {0};
        texts_open(&t, "usa dprk", "en", false);
        texts_insert(&t, USA, "start", "en", pairs[i][0]);
        texts_propose(&t, DPRK, "usa-1-1", "en", pairs[i][1]);
        make_html(&t, &html);
        make_pdf(&t, &pdf);
        bool both = holds(&html, "[DPRK:\u00a0") || holds(&html, "[USA:\u00a0");
        assert_true(both);
        assert_lacks(&html, "\x01");
        ls_buf_free(&html);
        ls_buf_free(&pdf);
        texts_free(&t);
    }
}

static void test_same_bytes_twice(void **state)
{
    (void)state;
    texts t;
    texts_open(&t, "usa dprk", "en", false);
    texts_insert(&t, USA, "start", "en", "A paragraph.");
    for (size_t k = 0; k < 2; k++) {
        ls_buf first = {0}, second = {0};
        (k == 0 ? make_html : make_pdf)(&t, &first);
        (k == 0 ? make_html : make_pdf)(&t, &second);
        assert_bytes(ls_buf_bytes(&first), ls_buf_bytes(&second));
        ls_buf_free(&first);
        ls_buf_free(&second);
    }
    texts_free(&t);
}

/* Long lines, long words, wide characters: numbers count what is shown. */
static void test_lines(void **state)
{
    (void)state;
    static char text[400];
    texts t;
    ls_buf html = {0};
    memset(text, 'a', 200);
    texts_open(&t, "usa", "en", false);
    texts_insert(&t, USA, "start", "en", text);                  /* 76 + 76 + 48 */
    texts_insert(&t, USA, "usa-1-1", "en", "one\ntwo  \nthree"); /* a line of its own only after two spaces */
    texts_insert(&t, USA, "usa-2-1", "en",
                 "三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三三"); /* 38 + 2 */
    texts_insert(&t, USA, "usa-3-1", "en", "end");
    make_html(&t, &html);
    assert_holds(
        &html, "<span class=n>3</span><span class=t dir=auto>aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</span>");
    assert_holds(&html, "<span class=n>4</span><span class=t dir=auto>one two</span>");
    assert_holds(&html, "<span class=n>5</span><span class=t dir=auto>three</span>");
    assert_holds(&html, "<span class=n>7</span><span class=t dir=auto>三三</span>");
    assert_holds(&html, "<span class=n>8</span><span class=t dir=auto>end</span>");
    ls_buf_free(&html);
    texts_free(&t);
}

/* What was made to take long. */
static void test_costly_markdown(void **state)
{
    (void)state;
    static const char *const units[] = {"[",  "![",   "*a_ ",    "> ",  "`",   "<!--",
                                        "- ", "[a](", "**a *a ", "&#1", "<a ", "\\["};
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
        texts t;
        ls_buf html = {0}, text = {0};
        while (text.len + strlen(units[i]) < LS_TEXT_CONTENT_MAX) {
            ls_buf_put_str(&text, units[i]);
        }
        ls_buf_put_str(&text, "x");
        texts_open(&t, "usa dprk", "en", false);
        texts_insert(&t, USA, "start", "en", ls_buf_cstr(&text));
        make_html(&t, &html);
        ls_buf_free(&html);
        ls_buf_free(&text);
        texts_free(&t);
    }
    clock_gettime(CLOCK_MONOTONIC, &end);
    double seconds = (double)(end.tv_sec - begin.tv_sec) + (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
    print_message("%zu paragraphs of 16 KiB: %.2f s\n", sizeof units / sizeof *units, seconds);
    assert_true(seconds < 60);
}

/* The accord of 2018 as it may have been argued about. */
static void argue(texts *t)
{
    ls_buf prose = {0}, roadmap = {0}, copy = {0};
    const char *root = getenv("LOCKSTEP_EXAMPLES");
    char path[1024];
    ls_copy_edit edit;
    ls_diagnostics *d = ls_arena_alloc(&t->arena, sizeof *d);
    d->arena = &t->arena;
    snprintf(path, sizeof path, "%s/pyongyang-2018/accord.md", root == NULL ? "examples" : root);
    read_whole_file(path, &prose);
    snprintf(path, sizeof path, "%s/pyongyang-2018/roadmap.yaml", root == NULL ? "examples" : root);
    read_whole_file(path, &roadmap);
    assert_success(ls_copy_join(ls_buf_bytes(&prose), ls_buf_bytes(&roadmap), &copy));
    const ls_copy_options options = {0};
    assert_success(ls_copy_read(&t->arena, texts_eval(t), &options, ls_buf_bytes(&copy), d, &edit));
    texts_edit(t, USA, edit.edit.count, edit.edit.op);
    const ls_text_state *s = texts_eval(t);
    for (size_t i = 0; i < s->paragraph_count && i < 12; i++) {
        const ls_text_cell *c = &s->paragraph[i].cell[0];
        if (i % 3 != 2) {
            texts_agree(t, DPRK, s->paragraph[i].name, "en", ls_arena_str(&t->arena, c->variant[0].content));
        }
        if (i % 4 != 3) {
            texts_agree(t, ROK, s->paragraph[i].name, "en", ls_arena_str(&t->arena, c->variant[0].content));
        }
    }
    for (size_t i = 0; i < s->paragraph_count; i++) {
        const ls_text_variant *v = &s->paragraph[i].cell[0].variant[0];
        ls_text_op op = {.kind = LS_OP_PROPOSE, .paragraph = s->paragraph[i].id};
        op.language = s->paragraph[i].kind == LS_TEXT_PROSE ? t->language[0] : (ls_bytes){0};
        const uint8_t *days = memmem(v->content.ptr, v->content.len, "days", 4);
        if (days != NULL && i % 2 == 0) {
            ls_buf b = {0};
            ls_buf_put(&b, v->content.ptr, (size_t)(days - v->content.ptr));
            ls_buf_put_str(&b, "working ");
            ls_buf_put(&b, days, v->content.len - (size_t)(days - v->content.ptr));
            op.text = ls_bytes_of(ls_arena_str(&t->arena, ls_buf_bytes(&b)), b.len);
            op.note = str("working days as the Parties' capitals keep them");
            texts_edit(t, DPRK, 1, &op);
            texts_edit(t, ROK, 1, &op);
            t->act[t->count - 1].edit->op[0].note = (ls_bytes){0};
            ls_buf_free(&b);
        } else if (i % 7 == 3) {
            op.kind = LS_OP_DELETE;
            op.ad_referendum = i % 2 == 1;
            texts_edit(t, DPRK, 1, &op);
        }
    }
    texts_propose(t, DPRK, s->paragraph[1].name, "ko", "제1조 **일반** 규정");
    ls_text_act *a = texts_act(t, LS_TEXT_DIVERGE, ROK);
    a->paragraph = str(s->paragraph[1].name);
    a->language[0] = t->language[0];
    a->language[1] = t->language[1];
    a->text = str("the Korean text speaks of rules, the English one does not");
    ls_buf_free(&prose);
    ls_buf_free(&roadmap);
    ls_buf_free(&copy);
}

static void test_an_accord(void **state)
{
    (void)state;
    static texts t;
    ls_buf html = {0}, pdf = {0}, text = {0};
    texts_open(&t, "usa dprk rok", "en ko", false);
    argue(&t);
    make_html(&t, &html);
    make_pdf(&t, &pdf);
    ls_text_view view;
    const ls_view_options options = {0};
    assert_success(ls_text_view_make(&t.arena, texts_eval(&t), &options, &view));
    assert_success(ls_text_view_put(&view, &text));
    keep("text.html", &html);
    keep("text.pdf", &pdf);
    keep("text.md", &text);
    assert_true(ls_bytes_starts(ls_buf_bytes(&pdf), "%PDF-"));
    assert_holds(&html, "ROK objects that en and ko differ:");
    ls_buf_free(&html);
    ls_buf_free(&pdf);
    ls_buf_free(&text);
    texts_free(&t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_stands_on_them),
        cmocka_unit_test(test_hostile_markdown),
        cmocka_unit_test(test_brackets_across_markup),
        cmocka_unit_test(test_same_bytes_twice),
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_costly_markdown),
        cmocka_unit_test(test_an_accord),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
