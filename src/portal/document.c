#include "portal/document.h"
#include "portal/write.h"
#include "process/words.h"

/* No script or style in a page itself, whatever an act may say; nothing from elsewhere. */
#define POLICY                                                                                                         \
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; connect-src "   \
    "'self'; base-uri 'none'; form-action 'none'"

/* In one file the script and the style that it holds, known by their hashes, and nothing else; nothing is fetched. */
#define POLICY_WITHIN                                                                                                  \
    "default-src 'none'; script-src '%s' 'wasm-unsafe-eval'; style-src '%s'; img-src data:; base-uri 'none'; "         \
    "form-action 'none'"

typedef struct document {
    ls_html w;
    const ls_portal_site *site;
    const ls_charter *charter;
    const char *title;
} document;

static void put_meta(ls_html *w, const char *name, const char *content)
{
    ls_html_empty(w, "meta", "name", name, "content", content, NULL);
    ls_html_newline(w);
}

static void put_property(ls_html *w, const char *property, const char *content)
{
    ls_html_empty(w, "meta", "property", property, "content", content, NULL);
    ls_html_newline(w);
}

/* Of the same page in another language, from this one. */
static const char *translated(document *d, const ls_portal_language *language)
{
    return ls_html_site_href(&d->w, ls_html_format(&d->w, "%s%s", language->prefix, d->w.path));
}

/* What others show of a link: with an address only where one was given, as these may not be relative. */
static void put_preview(document *d)
{
    ls_html *w = &d->w;
    put_property(w, "og:type", "website");
    put_property(w, "og:title", d->title);
    put_property(w, "og:site_name", ls_html_cstr(w, d->charter->title));
    if (d->site->url != NULL) {
        put_property(w, "og:url", ls_html_format(w, "%s%s%s", d->site->url, w->portal->language->prefix, w->path));
        if (d->site->preview != NULL) {
            put_property(w, "og:image", ls_html_format(w, "%s%s", d->site->url, d->site->preview));
            put_meta(w, "twitter:card", "summary_large_image");
        }
    }
}

/* As they are: what stands in them was escaped when they were made. */
static void put_raw(ls_html *w, const char *tag, const char *type, ls_bytes text)
{
    ls_html_open(w, tag, "type", type, NULL);
    ls_buf_put_bytes(w->out, text);
    ls_html_close(w, tag);
    ls_html_newline(w);
}

/* At the end: of a long record there are megabytes, and the page can be read before they have come. */
static void put_within(document *d)
{
    if (d->site->within != NULL) {
        ls_buf_put_bytes(d->w.out, d->site->within->blocks);
        put_raw(&d->w, "script", "module", d->site->within->script);
    }
}

static const char *policy_of(document *d)
{
    return d->site->within == NULL ? POLICY
                                   : ls_html_format(&d->w, POLICY_WITHIN, d->site->script_hash, d->site->style_hash);
}

static void put_links(document *d)
{
    ls_html *w = &d->w;
    for (size_t i = 0; i < ls_portal_language_count; i++) {
        const ls_portal_language *l = &ls_portal_languages[i];
        ls_html_empty(w, "link", "rel", "alternate", "hreflang", l->code, "href", translated(d, l), NULL);
        ls_html_newline(w);
    }
    ls_html_empty(w, "link", "rel", "alternate", "type", "application/atom+xml", "title",
                  ls_html_word(w, "document.feed"), "href", ls_html_site_href(w, "feed.xml"), NULL);
    ls_html_newline(w);
    if (d->site->within != NULL) {
        put_raw(&d->w, "style", NULL, d->site->within->style);
        return;
    }
    if (d->site->style != NULL) {
        ls_html_empty(w, "link", "rel", "stylesheet", "href", ls_html_site_href(w, d->site->style), "integrity",
                      d->site->style_hash, NULL);
        ls_html_newline(w);
    }
    if (d->site->script != NULL) {
        ls_html_open(w, "script", "type", "module", "src", ls_html_site_href(w, d->site->script), "integrity",
                     d->site->script_hash, NULL);
        ls_html_close(w, "script");
        ls_html_newline(w);
    }
}

/* The title that a browser shows: of an exercise that it is one, and whose page it is. */
static const char *shown_title(document *d)
{
    ls_html *w = &d->w;
    const char *exercise = d->charter->exercise ? ls_html_word(w, "document.exercise") : NULL;
    bool same = ls_bytes_is(d->charter->title, d->title); /* of the overview */
    return ls_html_format(w, "%s%s%s%s%s", exercise == NULL ? "" : exercise, exercise == NULL ? "" : ": ", d->title,
                          same ? "" : " – ", same ? "" : ls_html_cstr(w, d->charter->title));
}

static void put_head(document *d)
{
    ls_html *w = &d->w;
    ls_html_open(w, "head", NULL);
    ls_html_newline(w);
    ls_html_empty(w, "meta", "charset", "utf-8", NULL);
    ls_html_newline(w);
    ls_html_empty(w, "meta", "http-equiv", "Content-Security-Policy", "content", policy_of(d), NULL);
    ls_html_newline(w);
    put_meta(w, "referrer", "no-referrer");
    put_meta(w, "viewport", "width=device-width, initial-scale=1");
    put_meta(w, "color-scheme", "light dark");
    /* The page, and what moment it shows: 0 0 is the record's last, so that a page changes only with what it says. */
    put_meta(w, "lockstep", ls_html_format(w, "%s 0 0", w->path));
    ls_html_element(w, "title", ls_bytes_str(shown_title(d)), NULL);
    ls_html_newline(w);
    put_preview(d);
    put_links(d);
    ls_html_close(w, "head");
    ls_html_newline(w);
}

static void put_nav(document *d)
{
    ls_html *w = &d->w;
    const char *path, *key;
    ls_html_open(w, "nav", "id", "pages", "aria-label", ls_html_word(w, "document.nav"), NULL);
    ls_html_open(w, "ul", NULL);
    for (size_t i = 0; ls_portal_nav(i, &path, &key); i++) {
        ls_html_open(w, "li", NULL);
        ls_html_element(w, "a", ls_bytes_str(ls_html_word(w, key)), "href", ls_html_href(w, path), "aria-current",
                        strcmp(path, w->path) == 0 ? "page" : NULL, NULL);
        ls_html_close(w, "li");
    }
    ls_html_close(w, "ul");
    ls_html_close(w, "nav");
    ls_html_newline(w);
}

static void put_languages(document *d)
{
    ls_html *w = &d->w;
    ls_html_open(w, "nav", "id", "languages", "aria-label", ls_html_word(w, "document.languages"), NULL);
    ls_html_open(w, "ul", NULL);
    for (size_t i = 0; i < ls_portal_language_count; i++) {
        const ls_portal_language *l = &ls_portal_languages[i];
        ls_html_open(w, "li", NULL);
        ls_html_element(w, "a", ls_bytes_str(ls_portal_say(l, "language.name")), "lang", l->code, "hreflang", l->code,
                        "href", translated(d, l), "aria-current", l == w->portal->language ? "true" : NULL, NULL);
        ls_html_close(w, "li");
    }
    ls_html_close(w, "ul");
    ls_html_close(w, "nav");
    ls_html_newline(w);
}

static void put_exercise(document *d)
{
    ls_html *w = &d->w;
    if (d->charter->exercise) {
        ls_html_open(w, "p", "id", "exercise-mark", "class", "exercise", NULL);
        ls_html_word_in(w, "b", "document.exercise");
        ls_html_str(w, " ");
        ls_html_word_in(w, "span", "document.exercise-meaning");
        ls_html_close(w, "p");
        ls_html_newline(w);
    }
}

static void put_top(document *d)
{
    ls_html *w = &d->w;
    ls_html_element(w, "a", ls_bytes_str(ls_html_word(w, "document.skip")), "class", "skip", "href", "#main", NULL);
    ls_html_newline(w);
    put_exercise(d);
    ls_html_open(w, "header", NULL);
    ls_html_open(w, "p", "class", "site-title", NULL);
    ls_html_link(w, "index.html", d->charter->title);
    ls_html_close(w, "p");
    put_nav(d);
    put_languages(d);
    ls_html_close(w, "header");
    ls_html_newline(w);
}

static void put_verdict(document *d)
{
    ls_html *w = &d->w;
    ls_html_open(w, "div", "id", "verdict", "role", "status", "class", "unchecked", NULL);
    ls_html_word_in(w, "p", d->site->verifier == NULL ? "document.no-verifier" : "document.unchecked");
    ls_html_close(w, "div");
    ls_html_newline(w);
}

/* Foot. */

static void put_words(ls_html *w, const ls_hash *hash)
{
    ls_html_open(w, "span", "class", "fingerprint-words", "translate", "no", NULL);
    for (size_t i = 0; i < LS_HASH_WORDS; i++) {
        char word[LS_WORD_SIZE];
        ls_hash_word(hash, i, word);
        ls_html_str(w, i == 0 ? "" : " ");
        ls_html_str(w, word);
    }
    ls_html_close(w, "span");
}

static void put_exports(ls_html *w)
{
    static const struct {
        const char *path, *key;
    } exports[] = {{"feed.xml", "document.feed"},
                   {"data/acts.csv", "document.acts-csv"},
                   {"data/acts.jsonl", "document.acts-jsonl"},
                   {"data/measures.csv", "document.measures-csv"},
                   {"CITATION.cff", "document.citation"},
                   {"tlog/checkpoint", "document.tlog"}};
    ls_html_open(w, "p", "class", "exports", NULL);
    ls_html_str(w, ls_html_word(w, "document.exports"));
    for (size_t i = 0; i < sizeof exports / sizeof *exports; i++) {
        ls_html_str(w, i == 0 ? " " : ", ");
        ls_html_site_link(w, exports[i].path, ls_bytes_str(ls_html_word(w, exports[i].key)));
    }
    ls_html_close(w, "p");
    ls_html_newline(w);
}

static void put_foot(document *d)
{
    ls_html *w = &d->w;
    const ls_hash *process = ls_record_process(w->portal->record);
    ls_html_open(w, "footer", NULL);
    ls_html_newline(w);
    ls_html_say_in(w, "p", "document.zone", LS_WITH(ls_say_str(d->charter->zone.name)));
    ls_html_newline(w);
    ls_html_open(w, "p", "id", "fingerprint", NULL);
    ls_html_str(w, ls_html_word(w, "document.charter"));
    ls_html_str(w, " ");
    ls_html_hash(w, process);
    ls_html_str(w, " ");
    ls_html_str(w, ls_html_word(w, "document.words"));
    ls_html_str(w, " ");
    put_words(w, process);
    ls_html_close(w, "p");
    ls_html_newline(w);
    if (d->site->verifier != NULL) {
        ls_html_open(w, "p", "id", "verifier", NULL);
        ls_html_str(w, ls_html_word(w, "document.verifier"));
        ls_html_str(w, " ");
        ls_html_hash(w, d->site->verifier);
        ls_html_close(w, "p");
        ls_html_newline(w);
    }
    put_exports(w);
    ls_html_say_in(w, "p", "document.made-by", LS_WITH(ls_say_str(d->site->version)));
    ls_html_newline(w);
    ls_html_close(w, "footer");
    ls_html_newline(w);
}

ls_result ls_portal_document(const ls_portal *p, const ls_portal_site *site, const char *path, const char *title,
                             ls_bytes fragment, ls_arena *arena, ls_buf *out)
{
    document d = {.w = {p, path, arena, out}, .site = site, .charter = ls_record_charter(p->record), .title = title};
    ls_html *w = &d.w;
    ls_buf_put_str(out, "<!DOCTYPE html>\n");
    ls_html_open(w, "html", "lang", p->language->code, "dir", ls_portal_say(p->language, "language.dir"), NULL);
    ls_html_newline(w);
    put_head(&d);
    ls_html_open(w, "body", NULL);
    ls_html_newline(w);
    put_top(&d);
    put_verdict(&d);
    ls_html_open(w, "main", "id", "main", "tabindex", "-1", NULL);
    ls_buf_put_bytes(out, fragment);
    ls_html_close(w, "main");
    ls_html_newline(w);
    put_foot(&d);
    put_within(&d);
    ls_html_close(w, "body");
    ls_html_newline(w);
    ls_html_close(w, "html");
    ls_html_newline(w);
    return ls_buf_check(out);
}

ls_result ls_portal_around(const ls_portal *p, const ls_portal_site *site, const char *path, const char *title,
                           ls_arena *arena, const char **shown, ls_buf *top, ls_buf *foot)
{
    document d = {.w = {p, path, arena, top}, .site = site, .charter = ls_record_charter(p->record), .title = title};
    *shown = shown_title(&d);
    put_top(&d);
    LS_TRY(ls_buf_check(top));
    d.w.out = foot;
    put_foot(&d);
    return ls_buf_check(foot);
}
