/* What the files of the embedded ledger share. */
#ifndef LS_LEDGER_EMBEDDED_H
#define LS_LEDGER_EMBEDDED_H

#include "ledger/sequencer.h"
#include "os/os.h"

#define LS_LEDGER_PATH_SIZE 4096
#define LS_LEDGER_LOCK "lock"

typedef struct ls_embedded {
    ls_ledger base;
    char *folder;
    ls_store *store;
    ls_secret *seed; /* of the ledger's key */
    ls_vkey key;     /* its name is the origin */
    bool exercise;   /* the origin says so */
    ls_sequencer *sequencer;
} ls_embedded;

/* The path of a file in the folder. */
ls_result ls_embedded_path(const char *folder, const char *name, char out[static LS_LEDGER_PATH_SIZE],
                           ls_detail *detail);

/* The ledger's key and its seed, which the caller frees. */
ls_result ls_embedded_key(const char *folder, ls_secret **seed, ls_vkey *key, ls_detail *detail);

/* clock.c */
ls_result ls_embedded_now(ls_ledger *l, ls_time *out, ls_detail *detail);

#endif
