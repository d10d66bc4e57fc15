/*
 * The smallest tickets of a population. Workers take portions of it and hash them; what is below the largest ticket
 * that is held comes into a heap, which all share: the caller's array. Which worker hashed what does not show, since no
 * two rows compare as equal.
 */
#include "crypto/sha256.h"
#include "draw/draw.h"
#include "draw/together.h"
#include <stdlib.h>

#define PORTION 512u                 /* tickets hashed at once: some ten microseconds */
#define LONG (128u * PORTION)        /* a population that takes long enough for a thread to be worth its start */
#define REPORTED (UINT64_C(1) << 20) /* positions from one report of progress to the next */

typedef struct selection {
    ls_sha256 prefix; /* after the seed */
    uint64_t population;
    size_t rows;
    const ls_draw_progress *progress; /* or NULL */
    /* What follows, under the lock alone. */
    uint64_t taken, done; /* positions: the first that no worker took, how many were looked at */
    size_t held;
    ls_drawn *heap; /* once full, none that is held is above its first */
} selection;

typedef struct portion {
    uint64_t first;
    size_t count;
    uint64_t bound; /* a ticket that begins with more than this is not among the smallest */
    size_t kept;
    uint16_t index[PORTION]; /* of those that may be */
    ls_hash ticket[PORTION];
} portion;

static void put_position(uint64_t position, uint8_t out[static 8])
{
    position = __builtin_bswap64(position);
    memcpy(out, &position, sizeof position);
}

static uint64_t first_word(const ls_hash *ticket)
{
    uint64_t word;
    memcpy(&word, ticket->b, sizeof word);
    return __builtin_bswap64(word);
}

static void ticket_prefix(const ls_hash *seed, ls_sha256 *out)
{
    ls_sha256_init(out);
    ls_sha256_update(out, ls_bytes_of(seed->b, LS_HASH_SIZE));
}

void ls_draw_ticket(const ls_hash *seed, uint64_t position, ls_hash *out)
{
    ls_sha256 s;
    uint8_t text[8];
    put_position(position, text);
    ticket_prefix(seed, &s);
    ls_sha256_update(&s, ls_bytes_of(text, sizeof text));
    ls_sha256_final(&s, out);
}

int ls_drawn_compare(const ls_drawn *a, const ls_drawn *b)
{
    int order = memcmp(a->ticket.b, b->ticket.b, LS_HASH_SIZE);
    return order != 0 ? order : (a->position > b->position) - (a->position < b->position);
}

static int by_ticket(const void *a, const void *b)
{
    return ls_drawn_compare(a, b);
}

/* Puts d where heap[i] was, and moves up what is above it. */
static void sift_down(ls_drawn *heap, size_t count, size_t i, ls_drawn d)
{
    for (size_t child; (child = 2 * i + 1) < count; i = child) {
        if (child + 1 < count && ls_drawn_compare(&heap[child + 1], &heap[child]) > 0) {
            child++;
        }
        if (ls_drawn_compare(&heap[child], &d) < 0) {
            break;
        }
        heap[i] = heap[child];
    }
    heap[i] = d;
}

static void hold(selection *s, const ls_drawn *d)
{
    if (s->held == s->rows) {
        if (ls_drawn_compare(d, &s->heap[0]) < 0) {
            sift_down(s->heap, s->rows, 0, *d);
        }
        return;
    }
    s->heap[s->held++] = *d;
    for (size_t i = s->held == s->rows ? s->rows / 2 : 0; i > 0; i--) {
        sift_down(s->heap, s->rows, i - 1, s->heap[i - 1]);
    }
}

/* Under the lock. False if nothing was left to take. */
static bool take_portion(selection *s, portion *p)
{
    uint64_t left = s->population - s->taken;
    p->first = s->taken;
    p->count = left < PORTION ? (size_t)left : PORTION;
    p->bound = s->held == s->rows ? first_word(&s->heap[0].ticket) : UINT64_MAX;
    s->taken += p->count;
    return p->count > 0;
}

static void hash_portion(const selection *s, portion *p)
{
    uint8_t text[PORTION][8];
    ls_bytes messages[PORTION];
    for (size_t i = 0; i < p->count; i++) {
        put_position(p->first + i, text[i]);
        messages[i] = ls_bytes_of(text[i], sizeof text[i]);
    }
    ls_sha256_many(&s->prefix, messages, p->count, p->ticket);
    p->kept = 0;
    for (size_t i = 0; i < p->count; i++) {
        if (first_word(&p->ticket[i]) <= p->bound) {
            p->index[p->kept++] = (uint16_t)i;
        }
    }
}

/* Under the lock. */
static void hold_portion(selection *s, const portion *p)
{
    for (size_t i = 0; i < p->kept; i++) {
        size_t at = p->index[i];
        hold(s, &(ls_drawn){p->ticket[at], p->first + at});
    }
    s->done += p->count;
}

/* What every worker does; the caller's own tells how far all have come. */
static void work(void *context, ls_draw_lock *lock, bool callers)
{
    selection *s = context;
    portion p;
    uint64_t next = REPORTED;
    ls_draw_lock_take(lock);
    while (take_portion(s, &p)) {
        uint64_t done = s->done;
        ls_draw_lock_leave(lock);
        if (callers && s->progress != NULL && done >= next) {
            s->progress->report(s->progress->context, done, s->population);
            next = done + REPORTED;
        }
        hash_portion(s, &p);
        ls_draw_lock_take(lock);
        hold_portion(s, &p);
    }
    ls_draw_lock_leave(lock);
}

ls_result ls_draw_select(const ls_hash *seed, const ls_draw_size *size, ls_draw_progress progress, ls_drawn *out,
                         ls_detail *detail)
{
    uint64_t rows;
    LS_TRY(ls_draw_size_check(size, &rows, detail));
    selection s = {.population = size->population, .rows = (size_t)rows, .heap = out};
    s.progress = progress.report != NULL ? &progress : NULL;
    ticket_prefix(seed, &s.prefix);
    ls_draw_together(work, &s, s.population >= LONG);
    if (progress.report != NULL) {
        progress.report(progress.context, s.done, s.population);
    }
    qsort(out, s.rows, sizeof *out, by_ticket);
    return LS_SUCCESS;
}
