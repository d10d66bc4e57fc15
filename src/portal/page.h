/*
 * Inside of the portal: pages as rows of one table (page.c). To add one: a file page_<name>.c with its functions, their
 * declarations here, a row there, and its words in web/strings.
 */
#ifndef LS_PORTAL_PAGE_H
#define LS_PORTAL_PAGE_H

#include "portal/state.h"
#include "portal/write.h"

/* The paths of all pages, as they are gathered. */
typedef struct ls_page_paths {
    ls_arena *arena;
    const char **path;
    size_t count, capacity;
    bool failed; /* no memory */
} ls_page_paths;

void ls_page_paths_add(ls_page_paths *list, const char *format, ...) __attribute__((format(printf, 2, 3)));

typedef struct ls_page {
    const char *pattern; /* "act/" "*" ".html": one star at most stands for a name */
    const char *nav;     /* the key of its word, if readers go there from everywhere; else NULL */
    /* Adds the paths of the pages that there are; NULL: the pattern is the only one, and is always there. */
    void (*paths)(const ls_portal *p, ls_page_paths *list);
    /* name: what stands in the star's place, or nothing. ls_fault_absent if there is no such page. Sets the title,
     * plain text in the page's arena. What of memory fails in w->out need not be told. */
    ls_result (*render)(ls_html *w, ls_bytes name, const char **title);
} ls_page;

/* Each in its file. */
ls_result ls_page_overview(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_scorecard(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_timeline(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_map(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_declarations(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_roadmap(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_texts(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_readouts(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_record(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_verify(ls_html *w, ls_bytes name, const char **title);
ls_result ls_page_about(ls_html *w, ls_bytes name, const char **title);
/* Acts on one page of the record, which lists stamps on none. */
#define LS_PAGE_ACTS 200
void ls_page_record_paths(const ls_portal *p, ls_page_paths *list);
ls_result ls_page_record_part(ls_html *w, ls_bytes name, const char **title);
void ls_page_measure_paths(const ls_portal *p, ls_page_paths *list);
ls_result ls_page_measure(ls_html *w, ls_bytes name, const char **title);
void ls_page_act_paths(const ls_portal *p, ls_page_paths *list);
ls_result ls_page_act(ls_html *w, ls_bytes name, const char **title);
void ls_page_declaration_paths(const ls_portal *p, ls_page_paths *list);
ls_result ls_page_declaration(ls_html *w, ls_bytes name, const char **title);
void ls_page_meeting_paths(const ls_portal *p, ls_page_paths *list);
ls_result ls_page_meeting(ls_html *w, ls_bytes name, const char **title);
void ls_page_text_paths(const ls_portal *p, ls_page_paths *list);
ls_result ls_page_text(ls_html *w, ls_bytes name, const char **title);
void ls_page_readout_paths(const ls_portal *p, ls_page_paths *list);
ls_result ls_page_readout(ls_html *w, ls_bytes name, const char **title);

/* Whether such a path has a page of some kind; that very page need not be there. */
bool ls_page_fits(const char *path);
/* A link to a page if there are pages of that kind; else the text alone. */
void ls_page_link(ls_html *w, const char *path, ls_bytes text);

/* A number without leading zeros below the limit: of an entry, of a page. */
bool ls_page_number(ls_bytes name, uint64_t below, uint64_t *out);

/* "h1" and the title: of what the page is about. */
void ls_page_title(ls_html *w, const char *text, const char **title);
void ls_page_title_word(ls_html *w, const char *key, const char **title);

#endif
