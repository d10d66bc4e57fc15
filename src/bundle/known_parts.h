/* What the files share that collect what is known of a declaration. */
#ifndef LS_BUNDLE_KNOWN_PARTS_H
#define LS_BUNDLE_KNOWN_PARTS_H

#include "bundle/known.h"

/* The ledger time of an act; of one that no stamp covers yet, now. */
ls_time ls_known_time(const ls_knower *k, uint64_t index);

#endif
