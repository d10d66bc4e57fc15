/* The front end that the program holds, where it was built with one: tools/portal-assets makes the list. */
#ifndef LS_SITE_ASSETS_H
#define LS_SITE_ASSETS_H

#include <lockstep/bytes.h>

typedef struct ls_site_asset {
    const char *name; /* "app.js" */
    const unsigned char *begin, *end;
} ls_site_asset;

extern const ls_site_asset ls_site_embedded[];
extern const size_t ls_site_embedded_count;

#endif
