/* How many random histories a property test plays, and from which seed. By hand an environment's variable says it. */
#ifndef LOCKSTEP_TESTS_SEQUENCES_H
#define LOCKSTEP_TESTS_SEQUENCES_H

#include <stdlib.h>

/* A whole number in the environment, or `otherwise`. */
static inline unsigned long number_from(const char *name, unsigned long otherwise)
{
    const char *given = getenv(name);
    return given == NULL ? otherwise : strtoul(given, NULL, 10);
}

/*
 * LOCKSTEP_SEQUENCES, if it is set; else `whole`, or one in LOCKSTEP_ONE_IN of it, which the builds set in which all
 * takes longer.
 */
static inline unsigned long sequences_of(unsigned long whole)
{
    unsigned long part = whole / number_from("LOCKSTEP_ONE_IN", 1);
    return number_from("LOCKSTEP_SEQUENCES", part == 0 ? 1 : part);
}

#endif
