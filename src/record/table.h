/*
 * Where something with a 32-byte key stands in an array: a hash table of numbers of elements. The elements themselves,
 * and whether one is the one looked for, are the caller's:
 *
 *     for (table_walk w = ls_table_walk(t, key); ls_table_next(&w, &element);) …
 *
 * Keys are chosen by those who sign acts, so they are mixed with secret factors: nobody can pick keys that collide.
 */
#ifndef LS_RECORD_TABLE_H
#define LS_RECORD_TABLE_H

#include <lockstep/bytes.h>

typedef struct table {
    uint32_t *slot;  /* element + 1; 0: free */
    size_t capacity; /* a power of two, or 0 */
    uint64_t factor[4];
} table;

typedef struct table_walk {
    const table *t;
    uint64_t at;
} table_walk;

/* The key of an element that is in the table. */
typedef const uint8_t *(*table_key)(const void *context, uint32_t element);

/* Room for one more beyond `count` elements; false without memory. */
bool ls_table_reserve(table *t, uint64_t count, table_key key, const void *context);
void ls_table_add(table *t, const uint8_t key[static 32], uint32_t element); /* room was reserved */
void ls_table_free(table *t);

/* Elements that may have this key, each once. */
table_walk ls_table_walk(const table *t, const uint8_t key[static 32]);
bool ls_table_next(table_walk *w, uint32_t *element);

#endif
