/* A hash table of numbers: open addressing, at most three quarters full. */
#include "record/table.h"
#include "crypto/crypto.h"
#include <stdlib.h>

static uint64_t slot_of(const table *t, const uint8_t key[static 32])
{
    uint64_t word[4], sum = 0;
    memcpy(word, key, sizeof word);
    for (size_t i = 0; i < 4; i++) {
        sum += word[i] * t->factor[i];
    }
    return (sum >> 32) & (t->capacity - 1);
}

void ls_table_add(table *t, const uint8_t key[static 32], uint32_t element)
{
    uint64_t i = slot_of(t, key);
    while (t->slot[i] != 0) {
        i = (i + 1) & (t->capacity - 1);
    }
    t->slot[i] = element + 1;
}

bool ls_table_reserve(table *t, uint64_t count, table_key key, const void *context)
{
    if (4 * (count + 1) <= 3 * t->capacity) {
        return true;
    }
    table larger = {.capacity = t->capacity == 0 ? 64 : 2 * t->capacity};
    larger.slot = calloc(larger.capacity, sizeof *larger.slot);
    if (larger.slot == NULL) {
        return false;
    }
    ls_random(larger.factor, sizeof larger.factor);
    for (uint64_t i = 0; i < t->capacity; i++) {
        if (t->slot[i] != 0) {
            ls_table_add(&larger, key(context, t->slot[i] - 1), t->slot[i] - 1);
        }
    }
    free(t->slot);
    *t = larger;
    return true;
}

void ls_table_free(table *t)
{
    free(t->slot);
    *t = (table){0};
}

table_walk ls_table_walk(const table *t, const uint8_t key[static 32])
{
    return (table_walk){t, t->capacity == 0 ? 0 : slot_of(t, key)};
}

bool ls_table_next(table_walk *w, uint32_t *element)
{
    if (w->t->capacity == 0 || w->t->slot[w->at] == 0) {
        return false;
    }
    *element = w->t->slot[w->at] - 1;
    w->at = (w->at + 1) & (w->t->capacity - 1);
    return true;
}
