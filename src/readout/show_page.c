/* What pages share: head, style, foot. Attributes hold nothing but our own. */
#include "process/shown.h"
#include "readout/show_parts.h"

const char ls_page_style[] =
    ":root { --paper: #fff; --ink: #16181b; --faint: #5c6370; --line: #cfd4da; --band: #f2f4f6; --link: #0b57a4;\n"
    "--good: #17693a; --warn: #8a5a00; --bad: #a3201d; }\n"
    "@media (prefers-color-scheme: dark) { :root { --paper: #16181b; --ink: #e6e6e6; --faint: #a0a8b4;\n"
    "--line: #3b4048; --band: #20242a; --link: #8ab8f0; --good: #6fcf97; --warn: #e0b050; --bad: #ff8a80; } }\n"
    "* { box-sizing: border-box; }\n"
    "body { margin: 0 auto; padding: 1rem; background: var(--paper); color: var(--ink); font: 1rem/1.5 "
    "'Liberation Sans', Arial, 'Noto Sans', 'Noto Sans CJK KR', NanumGothic, sans-serif; }\n"
    "body.text { max-width: 46rem; }\n"
    "body.wide { max-width: 90rem; }\n"
    "h1 { font-size: 1.8rem; line-height: 1.25; margin: .6rem 0; }\n"
    "h2 { font-size: 1.2rem; margin: 2rem 0 .6rem; }\n"
    "h3 { font-size: 1rem; margin: 0 0 .2rem; }\n"
    "p, ul { margin: .5rem 0; }\n"
    "a { color: var(--link); }\n"
    /* Long words break; marks piled upon a letter stay in their own line. */
    "h1, h2, h3, p, td, th, li, dd { overflow-wrap: anywhere; overflow: clip; }\n"
    ".mark { border: 3px solid; text-align: center; padding: .2rem; margin: 0 0 1rem; }\n"
    ".mark b { font-size: 1.5rem; margin-right: .3em; }\n"
    ".meta, .small { color: var(--faint); font-size: .9rem; }\n"
    ".body p { margin: .8rem 0; }\n"
    "code { font: .85em/1.4 'Liberation Mono', 'DejaVu Sans Mono', monospace; overflow-wrap: anywhere; }\n"
    ".force { display: inline-block; border: 1px solid; border-radius: .2rem; padding: 0 .4em; font-size: .85rem;\n"
    "white-space: nowrap; }\n"
    ".denies { border-style: dashed; color: var(--bad); }\n"
    ".good { color: var(--good); } .warn { color: var(--warn); } .bad { color: var(--bad); }\n"
    ".claims, .media { list-style: none; padding: 0; }\n"
    ".claims > li, .media > li { border-top: 1px solid var(--line); padding: .6rem 0; }\n"
    ".value { border-style: dotted; white-space: normal; }\n"
    "table { border-collapse: collapse; width: 100%; table-layout: fixed; }\n"
    "th, td { border: 1px solid var(--line); padding: .5rem .6rem; vertical-align: top; text-align: start; }\n"
    "thead th { background: var(--band); }\n"
    "th .small, td .small { font-weight: normal; }\n"
    "th.record { width: 26%; }\n"
    "td.record { background: var(--band); }\n"
    "td > div + div { border-top: 1px dotted var(--line); margin-top: .5rem; padding-top: .5rem; }\n"
    "td .side { display: none; }\n"
    ".scroll { overflow-x: auto; }\n"
    "@media (max-width: 48rem) {\n"
    "thead { display: none; }\n"
    "table, tbody, tr, th, td { display: block; width: auto; }\n"
    "tbody tr { border: 1px solid var(--line); margin: 0 0 1.5rem; }\n"
    "tbody th { background: var(--band); }\n"
    "th, td { border: 0; border-top: 1px solid var(--line); }\n"
    "td .side { display: block; font-weight: bold; font-size: .85rem; color: var(--faint); border: 0; margin: 0;\n"
    "padding: 0; }\n"
    "td .side + div { border: 0; margin: 0; padding: 0; }\n"
    "}\n"
    "@media print { body { font-size: 10pt; } td, th, .claims > li { break-inside: avoid; } }\n";

static void put_exercise(bool exercise, ls_buf *out)
{
    if (exercise) {
        ls_buf_put_str(out, "<p class=mark><b>EXERCISE</b> Nothing on this page can pass as real.</p>\n");
    }
}

void ls_put_page_head(const char *kind, ls_bytes title, bool exercise, ls_buf *out)
{
    ls_buf_put_str(out, "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
                        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src "
                        "'unsafe-inline'; base-uri 'none'; form-action 'none'\">\n"
                        "<meta name=referrer content=no-referrer>\n"
                        "<meta name=viewport content=\"width=device-width, initial-scale=1\">\n"
                        "<meta name=color-scheme content=\"light dark\">\n<title>");
    ls_buf_put_str(out, exercise ? "EXERCISE: " : "");
    ls_shown_html(out, title, false);
    ls_buf_format(out, "</title>\n<style>\n%s</style>\n</head>\n<body class=%s>\n", ls_page_style, kind);
    put_exercise(exercise, out);
}

void ls_put_page_foot(ls_buf *out)
{
    ls_buf_put_str(out, "</body>\n</html>\n");
}

void ls_put_words(const char *tag, ls_buf *words, ls_buf *out)
{
    ls_shown_element(out, tag, ls_buf_bytes(words), false);
    out->failed |= words->failed;
    words->len = 0;
}

ls_result ls_page_finish(ls_result r, ls_buf *page, ls_buf *out)
{
    if (ls_succeeded(r)) {
        r = ls_buf_check(page);
    }
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(out, ls_buf_bytes(page));
        r = ls_buf_check(out);
    }
    ls_buf_free(page);
    return r;
}
