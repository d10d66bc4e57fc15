/* Inside of comparisons: what the files that find things out about one topic share. */
#ifndef LS_READOUT_COMPARE_PARTS_H
#define LS_READOUT_COMPARE_PARTS_H

#include "readout/compare.h"

typedef struct ls_comparing {
    ls_arena *arena;
    const ls_prover *prover; /* or NULL */
    ls_comparison out;
} ls_comparing;

/* Of a topic whose claims are there: who speaks, what differs, what contradicts, who is quoted. */
ls_result ls_topic_find(const ls_comparing *c, ls_topic *t);
/* What it is about, and what the record says to each claim. */
ls_result ls_topic_prove(const ls_comparing *c, ls_topic *t);

#endif
