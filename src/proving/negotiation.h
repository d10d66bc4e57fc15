/* Texts under negotiation, as the record and its files make them. */
#ifndef LS_PROVING_NEGOTIATION_H
#define LS_PROVING_NEGOTIATION_H

#include "proving/reading.h"
#include "text/text.h"

/* It stays where it is: its parts point at each other. */
typedef struct ls_negotiation {
    const ls_talk *opened; /* valid until the next append */
    ls_bytes name;
    ls_bytes audience; /* who reads its words: that of the opening's file, or process */
    ls_text_opening opening;
    size_t count;
    ls_text_act *act; /* with room for two more */
    ls_text_state state;
} ls_negotiation;

/* The state of the text that this act opened, of the acts that count up to and with entry `last`. Files that are not
 * here, or can't be read, are named in it and are no failure. All in the arena. */
ls_result ls_negotiation_eval(const ls_reading *r, const ls_talk *opened, uint64_t last, ls_arena *arena,
                              ls_negotiation *out);

#endif
