/* What a path asks for. */
#ifndef LS_SERVER_ROUTE_H
#define LS_SERVER_ROUTE_H

#include <lockstep/bytes.h>

#define LS_SITE_PATH_MAX 200 /* bytes of the path of a file of the public site */

typedef enum ls_route_kind {
    LS_ROUTE_NONE,
    LS_ROUTE_HEALTH,
    LS_ROUTE_METRICS,
    LS_ROUTE_CHECKPOINT,
    LS_ROUTE_CHECKPOINT_LATEST,
    LS_ROUTE_TILE,
    LS_ROUTE_ENTRIES,
    LS_ROUTE_ATTACHMENT,
    LS_ROUTE_ACT,
    LS_ROUTE_COSIGNATURE,
    LS_ROUTE_BOXES,
    LS_ROUTE_BOX,
    LS_ROUTE_SITE,
    LS_ROUTE_COUNT
} ls_route_kind;

typedef struct ls_route {
    ls_route_kind kind;
    ls_bytes process; /* the path's first part; empty for those of the server */
    unsigned level;   /* of a tile */
    uint64_t index;   /* of a tile or of a bundle of entries */
    unsigned width;   /* 1 to 256 */
    ls_hash hash;     /* of an attachment, or of what is in a box */
    ls_bytes to;      /* addressee of boxes */
    ls_bytes file;    /* of the public site; empty: its first page */
} ls_route;

/* The path from its first '/'. LS_ROUTE_NONE if it is none of ours; each thing has one path. */
void ls_route_parse(ls_bytes path, ls_route *out);
const char *ls_route_name(ls_route_kind kind);
/* The methods that it takes: "GET, HEAD", "POST", or those of a box. */
const char *ls_route_methods(ls_route_kind kind);
bool ls_route_takes(ls_route_kind kind, const char *method);

#endif
