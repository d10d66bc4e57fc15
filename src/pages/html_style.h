/* Inside of pages: how the HTML looks. */
#ifndef LS_PAGES_HTML_STYLE_H
#define LS_PAGES_HTML_STYLE_H

extern const char ls_pages_style[];

#endif
