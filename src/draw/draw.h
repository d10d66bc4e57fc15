/*
 * Draws: which rows of a written population are inspected, by chance that neither side can steer (docs/protocol.md,
 * "Draws"). Each side commits to a nonce before either is known, so as long as one of the two is random, every choice
 * of rows is equally likely, whatever the other side does.
 *
 * Pure: no clock, no files, no random numbers, and no allocation but what qsort needs. Who may commit and reveal when,
 * and what a default means, is not decided here. ls_crypto_init must have succeeded before.
 */
#ifndef LS_DRAW_DRAW_H
#define LS_DRAW_DRAW_H

#include "crypto/crypto.h"

#define LS_DRAW_NONCE_SIZE 32
/* Rows of one draw, replacements included: what is drawn is held in memory and sent for. */
#define LS_DRAW_ROWS_MAX (UINT64_C(1) << 24)

/* A side's nonce, from its delegation seed: the same again for the same draw, so that a workspace that was restored
 * reveals what it committed to and can't choose anew. It is a secret until it is revealed; the caller wipes it. */
void ls_draw_nonce(const uint8_t seed[static LS_SEED_SIZE], const ls_hash *draw,
                   uint8_t out[static LS_DRAW_NONCE_SIZE]);

/* What a side publishes before either nonce is known. party has 1 to 255 bytes. It is hashed, too, so that the other
 * side's commitment can't be opened under one's own name. */
void ls_draw_commitment(const ls_hash *draw, ls_bytes party, const uint8_t nonce[static LS_DRAW_NONCE_SIZE],
                        ls_hash *out);
/* Whether a revealed nonce is the one that this party committed to for this draw. */
bool ls_draw_reveal_fits(const ls_hash *commitment, const ls_hash *draw, ls_bytes party,
                         const uint8_t nonce[static LS_DRAW_NONCE_SIZE]);

/* The draw's seed, from both nonces: the inspected side's first. */
void ls_draw_seed(const ls_hash *draw, const uint8_t inspected[static LS_DRAW_NONCE_SIZE],
                  const uint8_t inspecting[static LS_DRAW_NONCE_SIZE], ls_hash *out);
/* The ticket of a position of the population, which counts from 0. The smallest tickets are drawn. */
void ls_draw_ticket(const ls_hash *seed, uint64_t position, ls_hash *out);

/* A row that was drawn. */
typedef struct ls_drawn {
    ls_hash ticket;
    uint64_t position; /* in the written population, from 0 */
} ls_drawn;

/* Below, at or above 0: by ticket as bytes, equal ones by position. */
int ls_drawn_compare(const ls_drawn *a, const ls_drawn *b);

typedef struct ls_draw_size {
    uint64_t population;   /* N */
    uint64_t chosen;       /* n, at least 1 */
    uint64_t replacements; /* for blank rows: what follows the n in ticket order */
} ls_draw_size;

/* How many rows are drawn, replacements included. ls_fault_usage, and the detail says why, if none are chosen, if they
 * are more than the population, or more than LS_DRAW_ROWS_MAX. */
ls_result ls_draw_size_check(const ls_draw_size *size, uint64_t *rows, ls_detail *detail);

/* Tells how far a long draw has come: positions done, of all. Called by the caller's thread, now and then and at the
 * end. */
typedef struct ls_draw_progress {
    void (*report)(void *context, uint64_t done, uint64_t all); /* or NULL */
    void *context;
} ls_draw_progress;

/* The rows with the smallest tickets in ticket order: first the n, then the replacements. out has room for as many as
 * ls_draw_size_check says, and fails as that does. Hashes every position once, large populations on all processors;
 * memory is out's and some kilobytes for each processor, whatever the population. */
ls_result ls_draw_select(const ls_hash *seed, const ls_draw_size *size, ls_draw_progress progress, ls_drawn *out,
                         ls_detail *detail);

#endif
