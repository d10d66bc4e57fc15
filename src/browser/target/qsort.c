/*
 * qsort as this machine's C library has it: stable. That of the browser's C library is not, and elements that compare
 * as equal must come out in one order everywhere, or two verifiers would tell the same story differently. It has no
 * qsort_r either.
 */
#include <stdlib.h>
#include <string.h>

typedef int compare_with(const void *a, const void *b, void *context);

typedef struct sorting {
    size_t size;
    compare_with *compare;
    void *context;
} sorting;

/* Straight insertion: for a few elements, and where there is no memory for anything better. */
static void insert(const sorting *s, char *base, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (char *at = base + i * s->size; at > base && s->compare(at - s->size, at, s->context) > 0; at -= s->size) {
            for (size_t b = 0; b < s->size; b++) {
                char c = at[b];
                at[b] = at[b - s->size];
                at[b - s->size] = c;
            }
        }
    }
}

/* Merges two runs side by side; room takes the first of them. */
static void merge(const sorting *s, char *base, size_t first, size_t second, char *room)
{
    char *a = room, *a_end = room + first * s->size;
    char *b = base + first * s->size, *b_end = b + second * s->size;
    memcpy(room, base, first * s->size);
    for (char *out = base; a < a_end; out += s->size) {
        char **from = b < b_end && s->compare(a, b, s->context) > 0 ? &b : &a;
        memcpy(out, *from, s->size);
        *from += s->size;
    }
}

static void sort(const sorting *s, char *base, size_t count, char *room)
{
    if (count < 8) {
        insert(s, base, count);
        return;
    }
    size_t half = count / 2;
    sort(s, base, half, room);
    sort(s, base + half * s->size, count - half, room);
    merge(s, base, half, count - half, room);
}

void qsort_r(void *base, size_t count, size_t size, compare_with *compare, void *context)
{
    const sorting s = {size, compare, context};
    char *room = count < 8 ? NULL : malloc(count / 2 * size);
    if (room == NULL) {
        insert(&s, base, count);
        return;
    }
    sort(&s, base, count, room);
    free(room);
}

static int without_context(const void *a, const void *b, void *compare)
{
    int (*const *f)(const void *, const void *) = compare;
    return (*f)(a, b);
}

void qsort(void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    qsort_r(base, count, size, without_context, &compare);
}
