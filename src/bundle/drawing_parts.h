/* What the files that compute draws share. */
#ifndef LS_BUNDLE_DRAWING_PARTS_H
#define LS_BUNDLE_DRAWING_PARTS_H

#include "bundle/drawing.h"

typedef struct ls_drawer {
    ls_arena *arena;
    const ls_drawing_source *from;
    ls_report *report;
    const char *subject; /* "draw in act 31" */
    ls_drawing *out;
} ls_drawer;

/* An entry, parsed. */
ls_result ls_drawer_act(const ls_drawer *w, uint32_t index, ls_act *out);
/* A file that an act names, out of its form for an audience if it has one. content.ptr is NULL, with a finding, if it
 * is not here, or is not what the act names; then *absent says which. */
ls_result ls_drawer_file(const ls_drawer *w, const ls_act *act, size_t i, ls_bytes *content, bool *absent);

/* Reads what was opened for it; and, once it is judged, compares it with what was drawn. */
ls_result ls_drawer_openings(ls_drawer *w);
ls_result ls_drawer_compare(const ls_drawer *w);

#endif
