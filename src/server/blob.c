/* Shared bytes, and the cache: a hash table with chains, and a list in the order of use. */
#include "server/blob.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

static ls_blob *blob_new(ls_bytes bytes, void (*free_bytes)(ls_blob *b))
{
    ls_blob *b = calloc(1, sizeof *b);
    if (b != NULL) {
        atomic_init(&b->references, 1);
        b->bytes = bytes;
        b->free_bytes = free_bytes;
    }
    return b;
}

static void free_buffer(ls_blob *b)
{
    ls_buf buf = {.ptr = (uint8_t *)(uintptr_t)b->bytes.ptr, .len = b->bytes.len, .cap = b->bytes.len};
    ls_buf_free(&buf);
}

static void free_map(ls_blob *b)
{
    munmap((void *)(uintptr_t)b->bytes.ptr, b->bytes.len);
}

ls_blob *ls_blob_take(ls_buf *buf, atomic_ullong *charged)
{
    ls_blob *b = buf->failed ? NULL : blob_new(ls_buf_bytes(buf), free_buffer);
    if (b == NULL) {
        ls_buf_free(buf);
    } else if (charged != NULL) {
        b->charged = charged;
        atomic_fetch_add(charged, b->bytes.len);
    }
    *buf = (ls_buf){0};
    return b;
}

static bool write_all(int fd, ls_bytes bytes)
{
    while (bytes.len > 0) {
        ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n <= 0) {
            return false;
        }
        bytes = ls_bytes_of(bytes.ptr + n, bytes.len - (size_t)n);
    }
    return true;
}

ls_blob *ls_blob_spool(ls_buf *buf, const char *folder)
{
    ls_blob *b = NULL;
    size_t len = buf->len;
    int fd = buf->failed || len == 0 ? -1 : open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd >= 0 && write_all(fd, ls_buf_bytes(buf))) {
        void *map = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
        b = map == MAP_FAILED ? NULL : ls_blob_map(ls_bytes_of(map, len));
        if (b == NULL && map != MAP_FAILED) {
            munmap(map, len);
        }
    }
    if (fd >= 0) {
        close(fd);
    }
    ls_buf_free(buf);
    *buf = (ls_buf){0};
    return b;
}

ls_blob *ls_blob_map(ls_bytes map)
{
    return blob_new(map, free_map);
}

ls_blob *ls_blob_keep(ls_blob *b)
{
    atomic_fetch_add(&b->references, 1);
    return b;
}

void ls_blob_release(void *blob)
{
    ls_blob *b = blob;
    if (b != NULL && atomic_fetch_sub(&b->references, 1) == 1) {
        if (b->charged != NULL) {
            atomic_fetch_sub(b->charged, b->bytes.len);
        }
        b->free_bytes(b);
        free(b);
    }
}

/* The cache. */

#define BUCKETS 1024

typedef struct item {
    struct item *next;          /* in its bucket */
    struct item *newer, *older; /* by use */
    const void *of;
    ls_route route;
    ls_blob *blob;
} item;

struct ls_cache {
    pthread_mutex_t lock;
    size_t max, used;
    item *newest, *oldest;
    item *bucket[BUCKETS];
};

ls_cache *ls_cache_new(size_t max)
{
    ls_cache *c = calloc(1, sizeof *c);
    if (c != NULL) {
        pthread_mutex_init(&c->lock, NULL);
        c->max = max;
    }
    return c;
}

static size_t cost(const item *i)
{
    return sizeof *i + sizeof *i->blob + i->blob->bytes.len;
}

static item **bucket_of(ls_cache *c, const void *of, const ls_route *r)
{
    uint64_t h = (uintptr_t)of >> 4;
    h = h * 31 + (uint64_t)r->kind;
    h = h * 31 + r->level;
    h = h * 31 + r->width;
    h = (h * 31 + r->index) * UINT64_C(0x9E3779B97F4A7C15);
    return &c->bucket[h >> 54 & (BUCKETS - 1)];
}

static bool same(const item *i, const void *of, const ls_route *r)
{
    return i->of == of && i->route.kind == r->kind && i->route.level == r->level && i->route.index == r->index &&
           i->route.width == r->width;
}

static void unlink_use(ls_cache *c, item *i)
{
    *(i->newer != NULL ? &i->newer->older : &c->newest) = i->older;
    *(i->older != NULL ? &i->older->newer : &c->oldest) = i->newer;
}

static void link_newest(ls_cache *c, item *i)
{
    i->newer = NULL;
    i->older = c->newest;
    *(c->newest != NULL ? &c->newest->newer : &c->oldest) = i;
    c->newest = i;
}

static void drop_oldest(ls_cache *c)
{
    item *i = c->oldest;
    item **at = bucket_of(c, i->of, &i->route);
    while (*at != i) {
        at = &(*at)->next;
    }
    *at = i->next;
    c->oldest = i->newer;
    *(i->newer != NULL ? &i->newer->older : &c->newest) = NULL;
    c->used -= cost(i);
    ls_blob_release(i->blob);
    free(i);
}

void ls_cache_free(ls_cache *c)
{
    while (c != NULL && c->oldest != NULL) {
        drop_oldest(c);
    }
    if (c != NULL) {
        pthread_mutex_destroy(&c->lock);
    }
    free(c);
}

static item *find(ls_cache *c, const void *of, const ls_route *r)
{
    item *i = *bucket_of(c, of, r);
    while (i != NULL && !same(i, of, r)) {
        i = i->next;
    }
    return i;
}

ls_blob *ls_cache_get(ls_cache *c, const void *of, const ls_route *r)
{
    pthread_mutex_lock(&c->lock);
    item *i = find(c, of, r);
    if (i != NULL && i != c->newest) {
        unlink_use(c, i);
        link_newest(c, i);
    }
    ls_blob *b = i == NULL ? NULL : ls_blob_keep(i->blob);
    pthread_mutex_unlock(&c->lock);
    return b;
}

static void insert(ls_cache *c, item *new)
{
    item **at = bucket_of(c, new->of, &new->route);
    new->next = *at;
    *at = new;
    link_newest(c, new);
    c->used += cost(new);
    while (c->used > c->max) {
        drop_oldest(c);
    }
}

void ls_cache_put(ls_cache *c, const void *of, const ls_route *r, ls_blob *b)
{
    item *new = calloc(1, sizeof *new);
    if (new == NULL) {
        return;
    }
    *new = (item){.of = of, .route = *r, .blob = ls_blob_keep(b)};
    new->route.process = (ls_bytes){0}; /* which would view a request's path */
    pthread_mutex_lock(&c->lock);
    if (find(c, of, r) == NULL) {
        insert(c, new);
        new = NULL;
    }
    pthread_mutex_unlock(&c->lock);
    if (new != NULL) {
        ls_blob_release(new->blob);
        free(new);
    }
}
