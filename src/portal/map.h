/* Inside of the portal: the map. What is on it, and the picture. */
#ifndef LS_PORTAL_MAP_H
#define LS_PORTAL_MAP_H

#include "geo/shape.h"
#include "portal/write.h"

typedef enum ls_spot_kind {
    LS_SPOT_SITE,
    LS_SPOT_VISIT,
    LS_SPOT_CHALLENGE,
    LS_SPOT_FINDING,
    LS_SPOT_KINDS
} ls_spot_kind;

extern const char *const ls_spot_names[LS_SPOT_KINDS];

typedef struct ls_spot {
    ls_spot_kind kind;
    bool placed; /* where it is, is known to everybody */
    ls_place at;
    const ls_shape *shape; /* the area that `at` is the middle of, or NULL */
    uint64_t radius;       /* metres around it; 0: none */
    uint64_t entry;
    size_t by;
    const char *id;
    ls_bytes words;
    const char *stands, *paint, *path;
} ls_spot;

/* Land near by, in pieces of 30 by 30 degrees: names of files among the front end's, of column and row. */
#define LS_MAP_PIECE "near-%u-%u.svg"
#define LS_MAP_COLUMNS 12
#define LS_MAP_ROWS 6

/* The day from which the record has it. */
const char *ls_spot_date(ls_html *w, uint64_t entry);
/* Land is a picture of the site's own, or pieces of one, in the same box of 360 by 180 degrees. Fails only for lack of
 * memory. */
ls_result ls_map_draw(ls_html *w, const ls_spot *spots, size_t count);

#endif
