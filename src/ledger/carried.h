/* A ledger as a courier brings it: the record in a bundle of kind `courier`, to read from. Whoever reads verifies. */
#ifndef LS_LEDGER_CARRIED_H
#define LS_LEDGER_CARRIED_H

#include "bundle/courier.h"
#include "ledger/ledger.h"

typedef struct ls_carried {
    ls_ledger base; /* checkpoint, read and fetch; the others are missing */
    const ls_courier *courier;
} ls_carried;

/* The courier must outlive it; nothing is to be closed. */
void ls_carried_init(ls_carried *c, const ls_courier *courier);

#endif
