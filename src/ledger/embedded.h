/* What the files of the embedded ledger share. */
#ifndef LS_LEDGER_EMBEDDED_H
#define LS_LEDGER_EMBEDDED_H

#include "ledger/ledger.h"
#include "os/os.h"
#include "vault/vault.h"

#define LS_LEDGER_PATH_SIZE 4096
#define LS_LEDGER_LOCK "lock"

typedef struct ls_embedded {
    ls_ledger base;
    char *folder;
    ls_store *store;
    ls_secret *seed; /* of the ledger's key */
    ls_vkey key;     /* its name is the origin */
    bool exercise;   /* the origin says so */
    /* What is committed, replayed, as far as this process has seen; NULL: nothing yet, or in doubt after a failure. */
    ls_record *record;
    ls_buf checkpoint; /* the published one, valid while the lock is held */
} ls_embedded;

/* The path of a file in the folder. */
ls_result ls_embedded_path(const char *folder, const char *name, char out[static LS_LEDGER_PATH_SIZE],
                           ls_detail *detail);

/* attachments.c */
ls_result ls_embedded_fetch(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);
ls_result ls_embedded_attach(ls_ledger *l, const char *path, ls_hash *hash, ls_detail *detail);
ls_result ls_embedded_attach_bytes(ls_ledger *l, ls_bytes content, ls_hash *hash, ls_detail *detail);
/* Refuses an act that names an attachment which is not here, whole. */
ls_result ls_embedded_check_attachments(const ls_embedded *l, const ls_act *act, ls_detail *detail);

/* sequencer.c */
ls_result ls_embedded_submit(ls_ledger *l, ls_bytes note, ls_receipt *out, ls_detail *detail);
ls_result ls_embedded_tick(ls_ledger *l, ls_detail *detail);

/* clock.c */
ls_result ls_embedded_now(ls_ledger *l, ls_time *out, ls_detail *detail);

#endif
