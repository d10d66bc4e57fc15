/*
 * Pages: a text under negotiation on paper, as negotiators know it. Every line has a number, the same in HTML and PDF,
 * so that people can speak of "line 34"; brackets say who wants what stands in them; notes stand below; at the edge
 * stands each paragraph's name and whether it is agreed. One view (text/view.h) for each language.
 *
 * Words are Markdown (CommonMark, by libcmark) and come from the other side. Nothing in them is HTML, loads or links
 * anything: HTML and entities are shown as they were written, links as their text with the address behind it, pictures
 * too. What can't be seen is shown as its number. Nothing in them can look like a bracket of the program's, which are
 * bold.
 *
 * Both are functions of what stands here, as sheets are (sheet/sheet.h).
 */
#ifndef LS_PAGES_PAGES_H
#define LS_PAGES_PAGES_H

#include "text/view.h"

typedef struct ls_pages {
    bool exercise;    /* marked on every page, large */
    ls_bytes title;   /* "Text on the cessation of exercises" */
    ls_bytes process; /* the process's title */
    ls_bytes status;  /* below it: as of which entry, what is open */
    ls_bytes foot;    /* of each page: of which record and when */
    size_t view_count;
    const ls_text_view *view;
} ls_pages;

/* One HTML5 file without scripts and without anything from elsewhere; appended to out. ls_fault_memory;
 * without memory for what libcmark or glib ask, these end the process. */
ls_result ls_pages_html(const ls_pages *pages, ls_buf *out);
/* A PDF of A4 pages; appended to out. Faults of sheets; memory as above. */
ls_result ls_pages_pdf(const ls_pages *pages, ls_buf *out, ls_detail *detail);

#endif
