/* Inside of pages: what stands on them, for both ways of putting it on paper. */
#ifndef LS_PAGES_MODEL_H
#define LS_PAGES_MODEL_H

#include "pages/pages.h"

#define LS_PAGES_COLUMNS 76   /* of a line; wide characters take two */
#define LS_PAGES_INDENT_MAX 8 /* steps */
#define LS_PAGES_INDENT 3     /* columns of a step */

typedef enum ls_style {
    LS_STYLE_BOLD = 1,
    LS_STYLE_ITALIC = 2,
    LS_STYLE_CODE = 4,
    LS_STYLE_BRACKET = 8, /* the program's own */
    LS_STYLE_NOTE = 16    /* a reference to a note */
} ls_style;

/* A stretch in one style. Text that is shown as it is: nothing in it is invisible. */
typedef struct ls_run {
    ls_bytes text;
    unsigned style;
} ls_run;

typedef struct ls_page_line {
    size_t run_count;
    const ls_run *run;
} ls_page_line;

/* Lines that belong together: a heading, a paragraph, an item of a list. */
typedef struct ls_leaf {
    unsigned heading; /* 1 to 6; 0: none */
    unsigned indent;  /* steps */
    bool code;
    size_t line_count, first_line; /* number of the first, from 1 */
    const ls_page_line *line;
} ls_leaf;

typedef struct ls_page_item {
    const ls_view_item *item;
    const char *status;
    size_t leaf_count;
    const ls_leaf *leaf;
} ls_page_item;

typedef struct ls_page_section {
    const ls_text_view *view;
    ls_bytes language;
    size_t item_count;
    const ls_page_item *item;
} ls_page_section;

typedef struct ls_pages_model {
    const ls_pages *pages;
    const ls_page_section *section; /* of each view */
} ls_pages_model;

ls_result ls_pages_model_make(ls_arena *arena, const ls_pages *pages, ls_pages_model *out);

/* "USA:", "USA objects that en and ko differ:". */
void ls_note_put_head(const ls_text_view *v, const ls_view_note *n, ls_buf *out);

/* Text that grows, in styles. */
typedef struct ls_ink {
    ls_buf text; /* as it is shown; ends of lines that have to be */
    size_t mark_count, mark_room;
    struct {
        size_t begin;
        unsigned style;
    } * mark; /* the style from there on */
    unsigned heading, indent;
    bool code, failed;
} ls_ink;

void ls_ink_put(ls_ink *ink, ls_bytes text, unsigned style, bool lines);
void ls_ink_put_str(ls_ink *ink, const char *s, unsigned style);
void ls_ink_free(ls_ink *ink);

/* Where leaves are made, one after the other. */
typedef struct ls_leaves {
    ls_arena *arena;
    size_t count, room, next_line; /* next_line: of the section, from 1 */
    ls_leaf *leaf;
    bool failed; /* no memory */
} ls_leaves;

/* Breaks ink into lines; ink is free afterwards. */
void ls_leaves_add(ls_leaves *l, ls_ink *ink);

/* A block of Markdown with brackets in it, or of YAML: label before its first word, end behind its last. */
void ls_leaves_put_prose(ls_leaves *l, const ls_text_opening *o, const ls_block *b, ls_bytes label, ls_bytes end,
                         ls_bytes notes);
void ls_leaves_put_code(ls_leaves *l, const ls_text_opening *o, const ls_block *b, ls_bytes label, ls_bytes end,
                        ls_bytes notes);
/* "[USA: ", of a bracket within words. */
void ls_bracket_put(const ls_text_opening *o, const ls_span *s, ls_buf *out);

#endif
