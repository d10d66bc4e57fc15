#include "portal/page.h"
#include "portal/state.h"
#include <stdio.h>

/* Those that readers go to from everywhere first, in that order. */
static const ls_page pages[] = {
    {"index.html", "nav.overview", NULL, ls_page_overview},
    {"scorecard.html", "nav.scorecard", NULL, ls_page_scorecard},
    {"timeline.html", "nav.timeline", NULL, ls_page_timeline},
    {"map.html", "nav.map", NULL, ls_page_map},
    {"declarations.html", "nav.declarations", NULL, ls_page_declarations},
    {"roadmap.html", "nav.roadmap", NULL, ls_page_roadmap},
    {"texts.html", "nav.texts", NULL, ls_page_texts},
    {"readouts.html", "nav.readouts", NULL, ls_page_readouts},
    {"record.html", "nav.record", NULL, ls_page_record},
    {"verify.html", "nav.verify", NULL, ls_page_verify},
    {"about.html", "nav.about", NULL, ls_page_about},
    {"record-*.html", NULL, ls_page_record_paths, ls_page_record_part},
    {"measure/*.html", NULL, ls_page_measure_paths, ls_page_measure},
    {"act/*.html", NULL, ls_page_act_paths, ls_page_act},
    {"declaration/*.html", NULL, ls_page_declaration_paths, ls_page_declaration},
    {"meeting/*.html", NULL, ls_page_meeting_paths, ls_page_meeting},
    {"text/*.html", NULL, ls_page_text_paths, ls_page_text},
    {"readout/*.html", NULL, ls_page_readout_paths, ls_page_readout},
};
#define PAGES (sizeof pages / sizeof *pages)

/* Paths. */

static bool reserve(ls_page_paths *list)
{
    if (list->count < list->capacity) {
        return true;
    }
    size_t capacity = list->capacity == 0 ? 64 : 2 * list->capacity;
    const char **grown = ls_arena_array(list->arena, capacity, sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    if (list->count > 0) {
        memcpy(grown, list->path, list->count * sizeof *grown);
    }
    list->path = grown;
    list->capacity = capacity;
    return true;
}

void ls_page_paths_add(ls_page_paths *list, const char *format, ...)
{
    char path[256];
    va_list arguments;
    va_start(arguments, format);
    int len = vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    const char *kept = len < 0 || (size_t)len >= sizeof path || !reserve(list)
                           ? NULL
                           : ls_arena_str(list->arena, ls_bytes_of(path, (size_t)len));
    if (kept == NULL) {
        list->failed = true;
        return;
    }
    list->path[list->count++] = kept;
}

ls_result ls_portal_paths(const ls_portal *p, ls_arena *arena, const char *const **paths, size_t *count)
{
    ls_page_paths list = {.arena = arena};
    for (size_t i = 0; i < PAGES; i++) {
        if (pages[i].paths != NULL) {
            pages[i].paths(p, &list);
        } else {
            ls_page_paths_add(&list, "%s", pages[i].pattern);
        }
    }
    if (list.failed || arena->failed) {
        return ls_fail(&ls_fault_memory);
    }
    *paths = list.path;
    *count = list.count;
    return LS_SUCCESS;
}

/* Whether a path fits a pattern; and what stands for its star. */
static bool fits(const char *pattern, const char *path, ls_bytes *name)
{
    const char *star = strchr(pattern, '*');
    *name = (ls_bytes){0};
    if (star == NULL) {
        return strcmp(pattern, path) == 0;
    }
    size_t before = (size_t)(star - pattern), after = strlen(star + 1), len = strlen(path);
    if (len <= before + after || memcmp(path, pattern, before) != 0 || strcmp(path + len - after, star + 1) != 0) {
        return false;
    }
    *name = ls_bytes_of(path + before, len - before - after);
    return memchr(name->ptr, '/', name->len) == NULL;
}

ls_result ls_portal_page(const ls_portal *p, const char *path, ls_arena *arena, const char **title, ls_buf *html)
{
    ls_html w = {.portal = p, .path = path, .arena = arena, .out = html};
    size_t before = html->len;
    const char *made = "";
    ls_result r = ls_fail(&ls_fault_absent);
    for (size_t i = 0; i < PAGES && r.fault == &ls_fault_absent; i++) {
        ls_bytes name;
        if (fits(pages[i].pattern, path, &name)) {
            r = pages[i].render(&w, name, &made);
        }
    }
    html->failed |= arena->failed || p->state->arena->failed;     /* words may be missing */
    r = ls_succeeded(r) || html->failed ? ls_buf_check(html) : r; /* a page that can't be looked for is not absent */
    if (ls_failed(r)) {
        html->len = before;
        return r;
    }
    *title = made;
    return LS_SUCCESS;
}

bool ls_portal_nav(size_t i, const char **path, const char **key)
{
    for (size_t k = 0; k < PAGES; k++) {
        if (pages[k].nav != NULL && i-- == 0) {
            *path = pages[k].pattern;
            *key = pages[k].nav;
            return true;
        }
    }
    return false;
}

bool ls_page_fits(const char *path)
{
    ls_bytes name;
    for (size_t i = 0; i < PAGES; i++) {
        if (fits(pages[i].pattern, path, &name)) {
            return true;
        }
    }
    return false;
}

void ls_page_link(ls_html *w, const char *path, ls_bytes text)
{
    if (ls_page_fits(path)) {
        ls_html_link(w, path, text);
    } else {
        ls_html_text(w, text);
    }
}

bool ls_page_number(ls_bytes name, uint64_t below, uint64_t *out)
{
    return below > 0 && ls_decimal_parse(name, below - 1, out);
}

void ls_page_title(ls_html *w, const char *text, const char **title)
{
    ls_html_element(w, "h1", ls_bytes_str(text), NULL);
    ls_html_newline(w);
    *title = text;
}

void ls_page_title_word(ls_html *w, const char *key, const char **title)
{
    ls_page_title(w, ls_html_word(w, key), title);
}
