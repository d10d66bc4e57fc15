/* What every backend of the storage contract shares. */
#include "store/store.h"

const ls_fault ls_fault_store = {LS_CLASS_ENVIRONMENT, "store", "the ledger's store can't be read or written"};
const ls_fault ls_fault_store_damaged = {LS_CLASS_INVALID, "store-damaged", "the ledger's store is damaged"};
const ls_fault ls_fault_store_conflict = {LS_CLASS_ENVIRONMENT, "store-conflict",
                                          "another process has appended or taken the lead in the meantime"};
const ls_fault ls_fault_store_led = {LS_CLASS_ENVIRONMENT, "store-led", "another process leads this ledger"};

void ls_store_head_free(ls_store_head *h)
{
    ls_buf_free(&h->latest);
    ls_buf_free(&h->final);
    *h = (ls_store_head){0};
}
