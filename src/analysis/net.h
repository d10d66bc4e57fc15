/*
 * The model of docs/analysis.md: a roadmap as bits, gates and moves.
 *
 * Everything that happens is an atom, a bit that moves set and nothing clears. What follows from atoms is a gate: all
 * of its inputs, or any. A move may be made once its guard is set, unless its bar is. A position is the set of atoms.
 */
#ifndef LS_ANALYSIS_NET_H
#define LS_ANALYSIS_NET_H

#include "analysis/analysis.h"

typedef uint32_t ls_bit;
enum { LS_BIT_TRUE, LS_BIT_FALSE };

typedef struct ls_net_gate {
    ls_bit bit;
    bool any;     /* of its inputs; else all */
    bool defined; /* a forward gate may be read before it is */
    size_t first, count;
} ls_net_gate;

typedef struct ls_net_move {
    ls_move_kind kind;
    uint32_t subject, part;
    ls_bit atom, guard, bar;
    uint32_t slot;     /* the atom's place in a position */
    ls_parties actors; /* all of them at once; none: time */
    ls_parties owes;   /* whose silence has a consequence, once this bit is set: */
    ls_bit deadline;
} ls_net_move;

typedef struct ls_net_part {
    ls_quantity upto; /* of the measure; thousandths of all of it where the amount is not known */
    ls_bit performed, confirmed;
} ls_net_part;

typedef struct ls_net_measure {
    ls_bit due, promised, begun, overdue, breached;
    ls_bit deadline;             /* is known */
    ls_bit performed, complete;  /* by itself */
    ls_bit effective, concluded; /* the same, for those who wait for it: in a simultaneous step, all of it */
    ls_bit undone;
    size_t first_part, part_count;
    bool kept; /* a continuing obligation: performed from when it begins to be kept */
    bool verified;
} ls_net_measure;

/* What one party gives with one part of a measure. */
typedef struct ls_stake {
    uint32_t measure, part, party;
    ls_quantity weight;
    ls_bit given, answered, gone; /* gone: answered, or undone */
    bool irreversible;
    bool gift; /* nothing answers it, ever */
} ls_stake;

/* What has to do with a bit: item[first[bit]] … item[first[bit + 1] - 1]. */
typedef struct ls_net_index {
    size_t *first;
    uint32_t *item;
} ls_net_index;

typedef struct ls_net {
    size_t bit_count, atom_count, gate_count, input_count, move_count, stake_count, part_count, measure_count;
    size_t words; /* 64-bit words of a position */
    ls_bit *atom;
    ls_net_gate *gate; /* each after its inputs */
    ls_bit *input;
    ls_net_move *move;
    ls_stake *stake;
    ls_net_part *part;
    ls_net_measure *measure;
    ls_net_index gate_of, setters; /* the gate that a bit is; the moves that set it */
    ls_net_index readers, waiting; /* the gates of which it is an input; the moves of which it is guard or deadline */
    ls_bit *stack;                 /* room for every bit once, for whoever follows bits */
    size_t atom_cap, gate_cap, input_cap, move_cap, stake_cap, part_cap, measure_cap;
} ls_net;

extern const ls_fault ls_fault_circle; /* usage: what waits for what is a circle */

/* weights: of each measure for each party, [measure * LS_PARTIES_MAX + party]; NULL: 1 each. Starts with a zeroed net;
 * ls_net_free also after a failure. */
ls_result ls_net_build(const ls_roadmap *r, const uint32_t *weights, ls_net *net);
void ls_net_free(ls_net *net);

/* Building. Failures are kept in *failed. */
typedef struct ls_net_builder {
    const ls_roadmap *roadmap;
    ls_net *net;
    bool failed;
} ls_net_builder;
bool ls_net_grow(ls_net_builder *b, void **array, size_t *cap, size_t need, size_t size);
ls_bit ls_net_atom(ls_net_builder *b);
ls_bit ls_net_gate_of(ls_net_builder *b, bool any, const ls_bit *inputs, size_t count);
ls_bit ls_net_both(ls_net_builder *b, ls_bit x, ls_bit y);
ls_bit ls_net_either(ls_net_builder *b, ls_bit x, ls_bit y);
/* A gate whose inputs are said later. */
ls_bit ls_net_forward(ls_net_builder *b);
void ls_net_define(ls_net_builder *b, ls_bit bit, bool any, const ls_bit *inputs, size_t count);
ls_net_move *ls_net_add_move(ls_net_builder *b, ls_move_kind kind, size_t subject, ls_bit atom, ls_bit guard);
/* Puts the gates in order. */
ls_result ls_net_finish(ls_net_builder *b);

/* Where a milestone ends on the scale of the measure's parts; where the total is not known, that of percentages, and
 * units count as less than any percentage. */
ls_quantity ls_net_milestone(const ls_measure *m, const ls_moment_op *op);
/* What each party gives, and what answers it. */
void ls_net_add_stakes(ls_net_builder *b, const uint32_t *weights);

/* Who has to do with which bit; the gates are in order. */
ls_result ls_net_make_indices(ls_net *net);
void ls_net_free_indices(ls_net *net);

/* Reading. bits: one byte each, bit_count of them. */
void ls_net_unpack(const ls_net *net, const uint64_t *position, uint8_t *bits); /* atoms, then gates */
void ls_net_settle(const ls_net *net, uint8_t *bits);                           /* gates, from the atoms */
bool ls_net_open(const ls_net *net, const ls_net_gate *g, const uint8_t *bits); /* what a gate's inputs say */
void ls_net_pack(const ls_net *net, const uint8_t *bits, uint64_t *position);

static inline bool ls_net_may(const ls_net_move *m, const uint8_t *bits)
{
    return bits[m->guard] && !bits[m->bar] && !bits[m->atom];
}

/* Adds to set all that its bits depend on: inputs of gates and, with moves, the guards of those that set an atom. */
void ls_net_add_causes(const ls_net *net, bool moves, uint8_t *set);
/* The same, with moves, as far as it has not come in this position. */
void ls_net_add_open_causes(const ls_net *net, const uint8_t *bits, uint8_t *set);
/* Sets what follows from one more bit, which is set: gates, and the moves that are made at once. at_once: of each move,
 * the bit with which it is; no such move is part of a bar. */
void ls_net_spread(const ls_net *net, ls_bit bit, const ls_bit *at_once, uint8_t *bits);
/* The first position, with what is made at once. */
void ls_net_start(const ls_net *net, const ls_bit *at_once, uint8_t *bits);
/* All that can happen if nothing that has been ruled out stays so. may: of each move, LS_BIT_TRUE if it is made. */
void ls_net_closure(const ls_net *net, const ls_bit *may, uint8_t *bits);

#endif
