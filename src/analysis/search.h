/* The search through positions, breadth first, in an order that is always the same. */
#ifndef LS_ANALYSIS_SEARCH_H
#define LS_ANALYSIS_SEARCH_H

#include "analysis/net.h"

typedef struct ls_search {
    const ls_net *net;
    /* Of each move: it may be made or not; and it is made at once, wherever it may be, when this bit is set. A move
     * with neither is never made. */
    const uint8_t *choice;
    const ls_bit *at_once;
    uint64_t limit; /* positions */
    void (*visit)(void *context, const uint8_t *bits);
    void (*tick)(void *context, uint64_t positions); /* now and then; or NULL */
    void *context;
} ls_search;

/* Adds to *positions; *cut is set if the limit was reached before everything was seen, and else left. */
ls_result ls_search_run(const ls_search *s, uint64_t *positions, bool *cut);

#endif
