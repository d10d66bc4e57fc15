/* Dated acts: the keys that they have, and who may make them. */
#ifndef LS_REHEARSAL_SCRIPT_H
#define LS_REHEARSAL_SCRIPT_H

#include "accord/who.h"
#include "rehearsal/parts.h"

/* What an act can be about stands first. */
typedef enum ls_act_key {
    KEY_MEASURE,
    KEY_EVENT,
    KEY_RIGHT,
    KEY_DISPUTE,
    KEY_TRACK,
    KEY_DECLARATION,
    KEY_STAGE,
    KEY_TRANCHE,
    KEY_AMOUNT,
    KEY_METHOD,
    KEY_FOR,
    KEY_SCORE,
    KEY_DUE,
    KEY_DATE,
    KEY_REF,
    KEY_COUNT,
    KEY_NOTHING = KEY_COUNT
} ls_act_key;

typedef struct ls_act_row {
    const char *name;
    ls_fact_kind fact;
    unsigned required, allowed; /* keys: a bit for each */
    ls_act_key about;           /* the key that names it; KEY_REF: what ref names is about it */
    ls_who who;
    uint32_t refs; /* kinds of facts that ref may name: a bit for each */
} ls_act_row;

/* Takes the values of an act's keys into its fact, and checks who may. subject: -1 if it has none, or it is unknown,
 * which has been said. */
void ls_script_take_keys(ls_script_reader *r, const ls_value *v, const ls_act_row *row, int subject, ls_scripted *s);
/* The act's author, or in whose stead it performs, may do this about the subject, whose name is given. */
void ls_script_check_may(ls_script_reader *r, const ls_value *v, ls_who who, size_t subject, ls_bytes about,
                         const ls_scripted *s);
/* Once it is known which dispute it is about: its stage, and whether this party has a part in it. */
void ls_script_settle_stage(ls_script_reader *r, const ls_value *v, ls_scripted *s);
/* The act is what the measure asks for. */
bool ls_scripted_declares(const ls_scripted *s, const ls_measure *m);

#endif
