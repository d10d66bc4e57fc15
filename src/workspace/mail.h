/*
 * Files for audiences (process/sealed.h), on their way between workspaces:
 *
 *   files/<hash>     such a file, whole: its author's, or one that was received and opened
 *   sending/<act>    the note of an own act whose files still have to be sent
 *   inbox/<hash>     a box as it came, before it is opened with the sealing key
 */
#ifndef LS_WORKSPACE_MAIL_H
#define LS_WORKSPACE_MAIL_H

#include "process/sealed.h"
#include "workspace/workspace.h"

/* Before an act is submitted: keeps its files for audiences durably, and a mark that they have to be sent. */
ls_result ls_mail_keep(ls_workspace *ws, const ls_draft *draft, const ls_act *act, ls_detail *detail);
/* Seals and sends the files of own acts that are on the record by now. count: boxes sent. */
ls_result ls_mail_send(ls_workspace *ws, unsigned *count, ls_detail *detail);
/* Takes what waits for this party with the ledger into the inbox; then it no longer waits there. */
ls_result ls_mail_collect(ls_workspace *ws, unsigned *count, ls_detail *detail);

/* A file for an audience that this party belongs to, as the record names it. */
typedef enum ls_mail_state {
    LS_MAIL_SENT,     /* this party's own */
    LS_MAIL_EXPECTED, /* has not come yet */
    LS_MAIL_CLOSED,   /* in the inbox */
    LS_MAIL_OPEN      /* in files/ */
} ls_mail_state;

/* Called for each, in ledger order; file is set for those that are here and open. */
typedef ls_result (*ls_mail_sink)(void *context, uint64_t index, const ls_act *act, const ls_attachment *a,
                                  ls_mail_state state, const ls_sealed_file *file);
ls_result ls_mail_list(ls_workspace *ws, ls_mail_sink sink, void *context, ls_detail *detail);
/* Opens all that is in the inbox: asks for the sealing vault's passphrase. A box that does not hold what its act named
 * is left, and *bad counts it. */
ls_result ls_mail_open(ls_workspace *ws, unsigned *opened, unsigned *bad, ls_detail *detail);

/* What a courier takes along for an act that waits, in place of files for audiences: their boxes. */
typedef ls_result (*ls_box_sink)(void *context, const ls_hash *hash, size_t party, ls_bytes box, ls_detail *detail);
ls_result ls_mail_seal(const ls_workspace *ws, const ls_attachment *a, ls_bytes file, ls_box_sink sink, void *context,
                       ls_detail *detail);
/* Puts a box that a courier brought into the inbox, unless the file is here already. */
ls_result ls_mail_take(ls_workspace *ws, const ls_hash *hash, ls_bytes box, ls_detail *detail);

/* Appends files/<hash>; ls_fault_absent. */
ls_result ls_mail_fetch(const ls_workspace *ws, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail);

#endif
