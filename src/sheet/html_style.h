/* Inside of sheets: how the HTML looks. */
#ifndef LS_SHEET_HTML_STYLE_H
#define LS_SHEET_HTML_STYLE_H

extern const char ls_sheet_style[];

#endif
