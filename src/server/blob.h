/* Bytes that several threads hold at once, freed with the last of them; and a cache of those that are asked for most.
 */
#ifndef LS_SERVER_BLOB_H
#define LS_SERVER_BLOB_H

#include "server/route.h"
#include <stdatomic.h>

typedef struct ls_blob {
    atomic_uint references;
    ls_bytes bytes;
    void (*free_bytes)(struct ls_blob *b);
    atomic_ullong *charged; /* its bytes are counted here while it lives; or NULL */
} ls_blob;

/* Takes the buffer's memory. NULL if there is none left; the buffer is freed in any case. charged: a sum of bytes that
 * this blob's are part of while it lives, or NULL. */
ls_blob *ls_blob_take(ls_buf *b, atomic_ullong *charged);
/* The same by way of a file without a name in a folder: no memory of ours for as long as somebody takes. */
ls_blob *ls_blob_spool(ls_buf *b, const char *folder);
/* A mapping of a file, and its size: no memory of ours. NULL: no memory left; map stays the caller's then. */
ls_blob *ls_blob_map(ls_bytes map);
ls_blob *ls_blob_keep(ls_blob *b);
void ls_blob_release(void *blob); /* NULL is fine */

/* Least recently used blobs go first. All functions may be called from several threads. */
typedef struct ls_cache ls_cache;
ls_cache *ls_cache_new(size_t max); /* bytes; NULL: no memory */
void ls_cache_free(ls_cache *c);
/* A reference of the caller's own, or NULL. `of` tells processes apart. */
ls_blob *ls_cache_get(ls_cache *c, const void *of, const ls_route *r);
/* Keeps a reference of its own, if it fits. */
void ls_cache_put(ls_cache *c, const void *of, const ls_route *r, ls_blob *b);

#endif
