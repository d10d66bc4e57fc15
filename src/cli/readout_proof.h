/* Inside of proofs: what the files share that ask the record about one thing. */
#ifndef LS_CLI_READOUT_PROOF_H
#define LS_CLI_READOUT_PROOF_H

#include "cli/readouts.h"
#include "cli/talking.h"

/* The record as it stands now, judged once for all claims. */
typedef struct cli_prover {
    cli *c;
    ls_time now;
    cli_talks judged;
    bool *standing;                    /* of each of its facts */
    struct cli_proved_accord **accord; /* of each, once it was asked for */
} cli_prover;

typedef struct cli_proved_accord {
    ls_facts facts;
    ls_state_query query;
    ls_accord_state state;
} cli_proved_accord;

typedef struct cli_proving {
    cli_prover *p;
    ls_arena *arena;
    const ls_about *about;
    ls_proof *out;
    ls_buf parties, deeds, values; /* of ls_bytes, ls_proof_deed, ls_proof_value */
} cli_proving;

/* It is on the record; state lives as long as the arena. */
void cli_prove_found(cli_proving *x, const char *state);
/* Whose consent it takes. */
void cli_prove_parties(cli_proving *x, ls_parties set);
/* What each of them did, in the act with this index. */
void cli_prove_deed(cli_proving *x, ls_deed deed, ls_parties who, uint32_t index);
void cli_prove_value(cli_proving *x, const char *aspect, const char *value);
/* On the record, in this state; which is also a value for whoever asks about that. */
void cli_prove_state(cli_proving *x, const char *state);
void cli_prove_date(cli_proving *x, const char *aspect, ls_date date);
/* An accord judged now, or NULL if there is no memory. */
const cli_proved_accord *cli_proved_accord_at(cli_prover *p, size_t accord);
/* The state of a measure, by an accord's index and the name that this version has for it; performance: of that alone.
 */
ls_result cli_prove_measure(cli_proving *x, int accord, ls_bytes name, bool performance);

/* Each is asked about what the act t began, which is on the record. */
ls_result cli_prove_meeting(cli_proving *x, const ls_talk *t);
ls_result cli_prove_group(cli_proving *x, const ls_talk *t);
ls_result cli_prove_item(cli_proving *x, const ls_talk *t);
ls_result cli_prove_proposal(cli_proving *x, const ls_talk *t);
ls_result cli_prove_text(cli_proving *x, const ls_talk *t);

/* The act has effect, and its author has not taken it back. */
bool cli_prover_stands(const cli_prover *p, const ls_talk *t);

#endif
