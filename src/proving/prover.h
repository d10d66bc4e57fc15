/* What a record proves of that which claims are about: a prover (readout/proof.h) over a record as of a time. */
#ifndef LS_PROVING_PROVER_H
#define LS_PROVING_PROVER_H

#include "proving/reading.h"
#include "readout/proof.h"

/* The reading must live as long as the prover, which lives in the arena. */
ls_result ls_prover_make(const ls_reading *r, ls_arena *arena, ls_prover *out);

#endif
