/*
 * The party's keys: new ones made, proved and put in force; others ended; keys for delegates, who only read.
 *
 * A new key lies beside the old one until the record has it: an act that waits, or is refused, loses neither.
 */
#ifndef LS_WORKSPACE_KEYS_H
#define LS_WORKSPACE_KEYS_H

#include "workspace/workspace.h"

/* The party's key of this name, the last part of its key's name: signer, recovery, delegate, cosigner, receipts. */
ls_result ls_workspace_find_key(const ls_workspace *ws, const char *name, ls_key_slot *out, ls_detail *detail);

typedef struct ls_rekey {
    const ls_vkey *key; /* new; in the place of the one of its name and type */
    const uint8_t *proof;
    uint64_t since;    /* 0: nothing is repudiated */
    const char *until; /* a time, or NULL */
} ls_rekey;
/* Files a rekey for a key that was made elsewhere. */
ls_result ls_workspace_rekey(ls_workspace *ws, const ls_rekey *q, ls_signers as, ls_filed *out, ls_detail *detail);
/* Makes the new key here, in a vault, and files a rekey: of a signer, of a delegate or of the recovery key. key and
 * proof of q are not read. */
ls_result ls_workspace_replace_key(ls_workspace *ws, const char *name, ls_rekey q, ls_signers as, ls_filed *out,
                                   ls_detail *detail);
ls_result ls_workspace_revoke(ls_workspace *ws, const char *name, const char *why, ls_signers as, ls_filed *out,
                              ls_detail *detail);
/* A workspace in `folder`, which must not exist or be empty, that follows the record and signs nothing; its one key is
 * filed as a delegate's. until: a time, or NULL. */
ls_result ls_workspace_delegate(ls_workspace *ws, const char *name, const char *folder, const char *until,
                                ls_signers as, ls_filed *out, ls_detail *detail);

/* Puts new keys that the record has in the old ones' place. Part of every sync. */
ls_result ls_workspace_settle_keys(ls_workspace *ws, ls_detail *detail);

#endif
