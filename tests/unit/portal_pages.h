/*
 * What tests of the portal's pages share: a portal over a record in memory, and a reader of HTML that takes nothing but
 * what pages may be made of, so that whatever others wrote can only be text.
 */
#ifndef LS_TESTS_PORTAL_PAGES_H
#define LS_TESTS_PORTAL_PAGES_H

#include "crypto/sha256.h"
#include "failing_memory.h"
#include "portal/portal.h"
#include "record_acts.h"

/* Text that would be more than text if anything of it were forgotten; and a letter that has no shape. */
#define EVIL "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&lt;\xe2\x80\x8b"
#define EVIL_SHOWN                                                                                                     \
    "&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&gt;&lt;img src=x onerror=alert(2)&gt;&amp;lt;[U+200B]"

static inline ls_result pages_note(void *context, uint64_t index, ls_arena *arena, ls_bytes *out)
{
    const fixture *f = context;
    (void)arena;
    *out = f->entry[index];
    return LS_SUCCESS;
}

static inline ls_result pages_file(void *context, const ls_hash *hash, ls_arena *arena, ls_bytes *out)
{
    return fixture_fetch(context, hash, UINT64_MAX, arena, out);
}

/* As of now, or, unless it is 0, as known at a time. */
static inline ls_portal pages_of(fixture *f, ls_time known)
{
    ls_portal p = {.record = f->record,
                   .source = {.note = pages_note, .file = pages_file, .context = f},
                   .checkpoint = fixture_checkpoint(f),
                   .at = known,
                   .known = known,
                   .language = &ls_portal_languages[0]};
    assert_null(ls_portal_begin(&p, &f->arena).fault);
    return p;
}

/* The reader. */

typedef struct page_reader {
    const char *at;
    const char *path;
    size_t depth, statements, ids;
    char tag[64][80];
    char statement[4096][80], id[512][80];
} page_reader;

/* A word of a list with spaces around each. */
static inline bool is_one_of(const char *word, const char *list)
{
    char wanted[82];
    snprintf(wanted, sizeof wanted, " %s ", word);
    return strstr(list, wanted) != NULL;
}

static inline void take_word(page_reader *r, const char *letters, char out[static 80])
{
    size_t len = strspn(r->at, letters);
    if (len == 0 || len >= 80) {
        fail_msg("%s: no word at %.60s", r->path, r->at);
    }
    memcpy(out, r->at, len);
    out[len] = '\0';
    r->at += len;
}

static inline void keep_once(page_reader *r, char (*list)[80], size_t *count, size_t room, const char *value)
{
    for (size_t i = 0; i < *count; i++) {
        if (strcmp(list[i], value) == 0) {
            fail_msg("%s: %s stands twice", r->path, value);
        }
    }
    assert_true(*count < room);
    snprintf(list[(*count)++], 80, "%s", value);
}

#define SMALL_LETTERS "abcdefghijklmnopqrstuvwxyz-"

static inline void take_attribute(page_reader *r)
{
    static const char known[] =
        " aria-hidden aria-label aria-labelledby class colspan cx cy d datetime dir fill height href id "
        "lang points r role rx ry scope stroke tabindex title transform viewBox width x y x1 x2 y1 y2 "
        "font-size text-anchor stroke-width stroke-dasharray ";
    char name[80], value[80];
    take_word(r, SMALL_LETTERS "B12", name);
    if (strncmp(name, "data-", 5) != 0 && !is_one_of(name, known)) {
        fail_msg("%s: attribute %s", r->path, name);
    }
    assert_true(strncmp(r->at, "=\"", 2) == 0);
    r->at += 2;
    size_t len = strcspn(r->at, "\"<>");
    assert_int_equal(r->at[len], '"');
    snprintf(value, sizeof value, "%.*s", (int)len, r->at);
    if (strcmp(name, "data-s") == 0) {
        keep_once(r, r->statement, &r->statements, 4096, value);
    } else if (strcmp(name, "id") == 0) {
        keep_once(r, r->id, &r->ids, 512, value);
    } else if (strcmp(name, "href") == 0 && strcspn(value, ":") < strcspn(value, "/#")) {
        fail_msg("%s: a link to %s", r->path, value);
    }
    r->at += len + 1;
}

static inline void take_tag(page_reader *r)
{
    static const char known[] =
        " a abbr b bdi circle code dd desc details div dl dt ellipse figure g h1 h2 h3 h4 i image li line ol p "
        "path pre polyline rect section span strong summary svg table tbody td text th thead time title "
        "tr ul caption nav blockquote small ";
    char name[80];
    bool closes = *r->at == '/';
    r->at += closes;
    take_word(r, SMALL_LETTERS "123456", name);
    if (!is_one_of(name, known)) {
        fail_msg("%s: element %s", r->path, name);
    }
    while (!closes && *r->at == ' ') {
        r->at++;
        take_attribute(r);
    }
    bool empty = *r->at == '/';
    r->at += empty;
    assert_int_equal(*r->at++, '>');
    if (closes) {
        assert_true(r->depth > 0);
        assert_string_equal(r->tag[--r->depth], name);
    } else if (!empty) {
        assert_true(r->depth < 64);
        snprintf(r->tag[r->depth++], sizeof r->tag[0], "%s", name);
    }
}

/* Of the whole page; how many statements it has. */
static inline size_t read_page(const char *path, const char *html)
{
    page_reader *r = calloc(1, sizeof *r);
    *r = (page_reader){.at = html, .path = path};
    while (*r->at != '\0') {
        if (*r->at == '<') {
            r->at++;
            take_tag(r);
        } else {
            assert_int_not_equal(*r->at, '>');
            r->at++;
        }
    }
    size_t statements = r->statements;
    assert_int_equal(r->depth, 0);
    free(r);
    return statements;
}

/* A page, which is there and reads well. It lives as long as the fixture. */
static inline const char *page(fixture *f, const ls_portal *p, const char *path)
{
    ls_arena arena = {0};
    ls_buf html = {0};
    const char *title = NULL;
    ls_result r = ls_portal_page(p, path, &arena, &title, &html);
    if (ls_failed(r)) {
        fail_msg("%s: %s", path, r.fault->sentence);
    }
    assert_non_null(title);
    const char *kept = ls_arena_str(&f->arena, ls_buf_bytes(&html));
    read_page(path, kept);
    ls_arena_free(&arena);
    ls_buf_free(&html);
    return kept;
}

static inline bool there_is(const ls_portal *p, const char *path)
{
    ls_arena arena = {0};
    ls_buf html = {0};
    const char *title = NULL;
    ls_result r = ls_portal_page(p, path, &arena, &title, &html);
    assert_true(ls_succeeded(r) || r.fault == &ls_fault_absent);
    assert_true(ls_succeeded(r) || html.len == 0);
    ls_arena_free(&arena);
    ls_buf_free(&html);
    return ls_succeeded(r);
}

/* Every page in every language. */
static inline void all_pages(fixture *f, ls_portal p)
{
    for (size_t l = 0; l < ls_portal_language_count; l++) {
        const char *const *paths;
        size_t count;
        p.language = &ls_portal_languages[l];
        assert_null(ls_portal_paths(&p, &f->arena, &paths, &count).fault);
        for (size_t i = 0; i < count; i++) {
            page(f, &p, paths[i]);
        }
    }
}

/* The n-th allocation fails: false if there are not so many. */
static inline bool page_lacks_memory(fixture *f, const ls_portal *p, const char *path, size_t n)
{
    ls_arena arena = {0};
    ls_buf html = {0};
    const char *title = NULL;
    failed = false;
    next_fails = n;
    ls_result r = ls_portal_page(p, path, &arena, &title, &html);
    next_fails = SIZE_MAX;
    f->arena.failed = false; /* where the portal was judged */
    if (failed && r.fault != &ls_fault_memory) {
        fail_msg("%s: allocation %zu failed, and that was: %s", path, n,
                 ls_failed(r) ? r.fault->sentence : "a success");
    }
    assert_true(ls_failed(r) == failed);
    ls_arena_free(&arena);
    ls_buf_free(&html);
    return failed;
}

/* Of every page each allocation fails once: it is a lack of memory, and nothing else. */
static inline void all_pages_lack_memory(fixture *f)
{
    ls_portal p = pages_of(f, 0);
    const char *const *paths;
    size_t count, n;
    assert_null(ls_portal_paths(&p, &f->arena, &paths, &count).fault);
    for (size_t i = 0; i < count; i++) {
        for (n = 0; page_lacks_memory(f, &p, paths[i], n); n++) {
        }
        assert_true(n > 0);
    }
}

/* The text of a statement, without its elements; each element counts as a space. */
static inline const char *statement(fixture *f, const char *html, const char *id)
{
    const char *from = strstr(html, ls_arena_format(&f->arena, "data-s=\"%s\"", id));
    ls_buf text = {0};
    int depth = 1;
    if (from == NULL) {
        fail_msg("there is no statement %s", id);
        return "";
    }
    for (from = strchr(from, '>') + 1; depth > 0; from++) {
        if (*from == '<') {
            const char *end = strchr(from, '>');
            depth += from[1] == '/' ? -1 : end[-1] == '/' ? 0 : 1;
            from = end;
        }
        ls_buf_put_u8(&text, *from == '>' || *from == '\n' ? ' ' : (uint8_t)*from);
    }
    ls_buf words = {0};
    for (size_t i = 0; i < text.len; i++) {
        bool space = text.ptr[i] == ' ';
        if (!space || (words.len > 0 && words.ptr[words.len - 1] != ' ')) {
            ls_buf_put_u8(&words, text.ptr[i]);
        }
    }
    words.len -= words.len > 0 && words.ptr[words.len - 1] == ' ';
    const char *kept = ls_arena_str(&f->arena, ls_buf_bytes(&words));
    ls_buf_free(&text);
    ls_buf_free(&words);
    return kept;
}

static inline void says_that(fixture *f, const char *html, const char *id, const char *words)
{
    assert_string_equal(statement(f, html, id), words);
}

static inline void contains(const char *html, const char *part)
{
    if (strstr(html, part) == NULL) {
        fail_msg("%s is not in\n%s", part, html);
    }
}

static inline void lacks(const char *html, const char *part)
{
    if (strstr(html, part) != NULL) {
        fail_msg("%s stands in\n%s", part, html);
    }
}

#endif
