/* Inside of proofs: what the files share that ask the record about one thing. */
#ifndef LS_PROVING_PARTS_H
#define LS_PROVING_PARTS_H

#include "proving/prover.h"
#include "talks/state.h"

typedef struct ls_proved_accord {
    ls_facts facts;
    ls_state_query query;
    ls_accord_state state;
} ls_proved_accord;

/* The record as it stands then, judged once for all claims. */
typedef struct ls_record_prover {
    const ls_reading *reading;
    ls_arena *arena;
    ls_talks facts;
    ls_talks_query query;
    ls_talks_state state;
    bool *standing;            /* of each of the facts */
    ls_proved_accord **accord; /* of each, once it was asked for */
} ls_record_prover;

typedef struct ls_proving {
    ls_record_prover *p;
    ls_arena *arena;
    const ls_about *about;
    ls_proof *out;
    ls_buf parties, deeds, values; /* of ls_bytes, ls_proof_deed, ls_proof_value */
} ls_proving;

/* It is on the record; state lives as long as the arena. */
void ls_prove_found(ls_proving *x, const char *state);
/* Whose consent it takes. */
void ls_prove_parties(ls_proving *x, ls_parties set);
/* What each of them did, in the act with this index. */
void ls_prove_deed(ls_proving *x, ls_deed deed, ls_parties who, uint32_t index);
void ls_prove_value(ls_proving *x, const char *aspect, const char *value);
/* On the record, in this state; which is also a value for whoever asks about that. */
void ls_prove_state(ls_proving *x, const char *state);
void ls_prove_date(ls_proving *x, const char *aspect, ls_date date);
/* The state of a measure, by an accord's index and the name that this version has for it; performance: of that alone.
 */
ls_result ls_prove_measure(ls_proving *x, int accord, ls_bytes name, bool performance);

/* Each is asked about what the act t began, which is on the record. */
ls_result ls_prove_meeting(ls_proving *x, const ls_talk *t);
ls_result ls_prove_group(ls_proving *x, const ls_talk *t);
ls_result ls_prove_item(ls_proving *x, const ls_talk *t);
ls_result ls_prove_proposal(ls_proving *x, const ls_talk *t);
ls_result ls_prove_text(ls_proving *x, const ls_talk *t);

/* The act has effect, and its author has not taken it back. */
bool ls_prover_stands(const ls_record_prover *p, const ls_talk *t);

#endif
