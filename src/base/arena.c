/* Arenas: memory in chunks, given back all at once. */
#include <lockstep/bytes.h>
#include <sodium.h>
#include <stdalign.h>
#include <stdio.h>
#include <stdlib.h>

/* Enough for a typical act or charter section; larger objects get chunks of their own. */
#define CHUNK_SIZE ((size_t)16 << 10)

struct ls_arena_chunk {
    struct ls_arena_chunk *next;
    size_t used, size;
    alignas(max_align_t) uint8_t memory[];
};

/* Only the first chunk of the list is filled further. */
static struct ls_arena_chunk *add_chunk(ls_arena *a, size_t size)
{
    struct ls_arena_chunk *chunk = calloc(1, sizeof *chunk + size);
    if (chunk == NULL) {
        return NULL;
    }
    chunk->size = size;
    /* A chunk made for one large object is full at once: it goes behind the one that still has room. */
    struct ls_arena_chunk **place = size > CHUNK_SIZE && a->chunks != NULL ? &a->chunks->next : &a->chunks;
    chunk->next = *place;
    *place = chunk;
    return chunk;
}

void *ls_arena_alloc(ls_arena *a, size_t size)
{
    const size_t align = alignof(max_align_t);
    /* Half of the range leaves room for rounding up and for the chunk's head. */
    if (size > SIZE_MAX / 2) {
        a->failed = true;
        return NULL;
    }
    size = size == 0 ? align : (size + align - 1) / align * align;
    struct ls_arena_chunk *chunk = a->chunks;
    if (chunk == NULL || size > chunk->size - chunk->used) {
        chunk = add_chunk(a, size > CHUNK_SIZE ? size : CHUNK_SIZE);
        if (chunk == NULL) {
            a->failed = true;
            return NULL;
        }
    }
    void *room = chunk->memory + chunk->used;
    chunk->used += size;
    return room;
}

/* calloc's rule: a product that overflows is no allocation, never a short one. */
void *ls_arena_array(ls_arena *a, size_t count, size_t size)
{
    size_t total;
    return ls_arena_alloc(a, __builtin_mul_overflow(count, size, &total) ? SIZE_MAX : total);
}

char *ls_arena_str(ls_arena *a, ls_bytes bytes)
{
    /* The arena's memory is zeroed: the final NUL is there already. */
    char *s = bytes.len == SIZE_MAX ? NULL : ls_arena_alloc(a, bytes.len + 1);
    if (s != NULL && bytes.len > 0) {
        memcpy(s, bytes.ptr, bytes.len);
    }
    return s;
}

char *ls_arena_format(ls_arena *a, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    char *s = len < 0 ? NULL : ls_arena_alloc(a, (size_t)len + 1);
    if (s != NULL) {
        va_start(args, format);
        vsnprintf(s, (size_t)len + 1, format, args);
        va_end(args);
    }
    return s;
}

void ls_arena_free(ls_arena *a)
{
    while (a->chunks != NULL) {
        struct ls_arena_chunk *next = a->chunks->next;
        free(a->chunks);
        a->chunks = next;
    }
    a->failed = false;
}

void ls_arena_wipe(ls_arena *a)
{
    for (struct ls_arena_chunk *chunk = a->chunks; chunk != NULL; chunk = chunk->next) {
        sodium_memzero(chunk->memory, chunk->used);
    }
    ls_arena_free(a);
}

void ls_arena_absorb(ls_arena *a, ls_arena *from)
{
    struct ls_arena_chunk **end = &a->chunks;
    if (from->chunks == NULL) {
        return;
    }
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = from->chunks;
    from->chunks = NULL;
}
