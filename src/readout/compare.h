/*
 * Readouts of one meeting beside each other, claim by claim (docs/readouts.md, "Comparing").
 *
 * Claims meet in a topic if they are about the same, or if an alignment puts them there. Of each topic the comparison
 * says who speaks of it, whether force or value differ, which claims contradict each other, who is quoted without
 * saying so, and what the record proves. It judges nobody's truth.
 */
#ifndef LS_READOUT_COMPARE_H
#define LS_READOUT_COMPARE_H

#include "readout/proof.h"

#define LS_SIDES_MAX LS_PARTIES_MAX
#define LS_ALIGNED_MAX 256       /* topics of an alignment */
#define LS_ALIGNED_TITLE_MAX 200 /* bytes */

extern const ls_fault ls_fault_readout_sides; /* usage: these can't be compared */

/* One readout of those compared. */
typedef struct ls_side {
    ls_bytes name;  /* a name, of this readout alone; in alignments and tables */
    ls_bytes title; /* for people; empty: the name */
    ls_bytes party; /* who published it */
    const ls_readout *readout;
} ls_side;

typedef struct ls_claim_at {
    uint32_t side, claim;
} ls_claim_at;

/* Which claims belong together, as whoever compares sees it. */
typedef struct ls_aligned {
    ls_bytes title;
    size_t count;
    ls_claim_at *claim;
} ls_aligned;

typedef struct ls_alignment {
    size_t count;
    ls_aligned *topic;
} ls_alignment;

/* Reads an alignment, from YAML or JSON, and diagnoses everything wrong with it at once. */
void ls_alignment_read(ls_arena *arena, const ls_value *v, const ls_side *side, size_t side_count, ls_diagnostics *d,
                       ls_alignment *out);

typedef struct ls_topic_claim {
    ls_claim_at at;
    const ls_claim *claim;
    size_t about; /* index into the topic's */
    ls_proof_verdict verdict;
    const char *words; /* why, or NULL with LS_VERDICT_NONE */
} ls_topic_claim;

typedef struct ls_topic_about {
    const ls_about *about;
    const char *words;
    bool proved; /* the record was asked */
    ls_proof proof;
} ls_topic_about;

/* Two claims that can't both be so: a denial and what it denies, or two values. a precedes b. */
typedef struct ls_contradiction {
    size_t a, b; /* indices into the topic's claims */
    bool of_values;
} ls_contradiction;

/* Somebody's word is claimed, and no claim of his own readouts here. */
typedef struct ls_unsaid {
    size_t claim;   /* index into the topic's */
    ls_bytes party; /* whose word it is said to be */
} ls_unsaid;

typedef struct ls_topic {
    const char *title;
    bool aligned;
    size_t claim_count;
    ls_topic_claim *claim; /* in the order of sides, and of their claims */
    size_t about_count;
    ls_topic_about *about; /* in the order in which claims name them */
    size_t said_by;        /* how many sides */
    bool says[LS_SIDES_MAX];
    bool forces_differ; /* two sides speak of it with different forces, or one denies what the other doesn't */
    bool values_differ; /* two sides name values, and not the same */
    size_t contradiction_count;
    ls_contradiction *contradiction; /* of each two sides, and within one, the first */
    size_t unsaid_count;
    ls_unsaid *unsaid;
} ls_topic;

typedef struct ls_comparison {
    size_t side_count;
    const ls_side *side;
    bool proved; /* a record was asked */
    size_t topic_count;
    ls_topic *topic; /* those of the alignment first, in its order; then as claims name them */
} ls_comparison;

/* Sides: 1 to LS_SIDES_MAX, with names that differ. alignment and prover may be NULL. All in the arena, or the
 * caller's. */
ls_result ls_readouts_compare(ls_arena *arena, const ls_side *side, size_t side_count, const ls_alignment *alignment,
                              const ls_prover *prover, ls_comparison *out, ls_detail *detail);

/* True if both can't be so. Pure logic on force, stance and value; whether they are about the same is not asked. */
bool ls_claims_contradict(const ls_claim *a, const ls_claim *b, bool *of_values);

/* What of a topic is said first: "contradicted", "differs", "said by all", "said by some", "said by one". */
const char *ls_topic_verdict(const ls_comparison *c, const ls_topic *t);

/* For who shows it: a title, or the name where there is none. */
ls_bytes ls_side_title(const ls_side *s);
/* A party speaks for itself, and it is the one that published this. */
bool ls_side_speaks(const ls_side *s, const ls_claim *c);
/* Not a topic without a record beside something that has one. */
bool ls_topic_shows(const ls_topic *t, const ls_topic_about *a);

#endif
