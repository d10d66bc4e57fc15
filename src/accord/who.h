/* Who may say what under an accord: one table, which acceptance, rehearsals and the state share. */
#ifndef LS_ACCORD_WHO_H
#define LS_ACCORD_WHO_H

#include "roadmap/roadmap.h"

typedef enum ls_who {
    LS_WHO_PERFORMS, /* or may join */
    LS_WHO_JOINS,
    LS_WHO_VERIFIES,
    LS_WHO_WITNESSES, /* or verifies */
    LS_WHO_CALLS_OFF,
    LS_WHO_ATTESTS,
    LS_WHO_HOLDS,
    LS_WHO_COMPLAINS,
    LS_WHO_DISPUTES, /* complains or settles */
    LS_WHO_SETTLES,
    LS_WHO_ASSESSES,
    LS_WHO_EXTENDS,
    LS_WHO_DECLARES,
    LS_WHO_SIGNED,
    LS_WHO_ANYBODY
} ls_who;

/* The parties that are so of subject: an index of a measure, an event, a right, a dispute procedure or a declaration,
 * as fits; of the last ones but LS_WHO_DECLARES, which concern the accord, it is ignored. */
ls_parties ls_who_may(const ls_roadmap *r, ls_who who, size_t subject);
/* What is said of another party, between its name and the subject's: "does not perform". */
const char *ls_who_does_not(ls_who who);

#endif
