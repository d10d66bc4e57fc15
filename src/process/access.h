/*
 * Access notes: how a reader shows a server, over the network, that he belongs to a process that is not public.
 *
 *   lockstep access v1
 *   <process, 64 hex>
 *   <name of a party or of a cosigner>
 *   <expires, a time>
 *
 * signed by a signer or a delegate of the party, or by the receipts key of a cosigner. Whoever holds a note can read
 * until it expires, so it lives a day at most and travels inside TLS only. It names no host, as who reads for the first
 * time knows only an address.
 */
#ifndef LS_PROCESS_ACCESS_H
#define LS_PROCESS_ACCESS_H

#include "process/charter.h"

#define LS_ACCESS_AHEAD (24 * 3600) /* seconds that an access note may live */
#define LS_ACCESS_TOLERANCE 300     /* seconds that two clocks may differ */
#define LS_ACCESS_MAX 1024          /* bytes of a note */

#define LS_ACCESS_OWN "access" /* name of the delegate's key that is the delegation's own; others only read */

extern const ls_fault ls_fault_access; /* invalid: no access note, or not one that lets its holder in */

/* Who reads. */
typedef struct ls_access {
    size_t party;    /* index, also of the party of a cosigner; LS_NO_PARTY: an outsider */
    size_t cosigner; /* index, or LS_NO_PARTY: it is not a cosigner's */
    bool boxes;      /* it posts and collects sealed files: by a signer, or the delegation's own key for access */
    ls_bytes name;   /* as in the charter */
    ls_time expires;
} ls_access;

/* The value of the Authorization header with a note. */
#define LS_ACCESS_SCHEME "Lockstep "
void ls_access_put_header(ls_bytes note, ls_buf *out);
/* Its note, into LS_ACCESS_MAX bytes; false if it is not of this form. */
bool ls_access_read_header(ls_bytes value, uint8_t note[static LS_ACCESS_MAX], size_t *len);

/* Appends a note. */
void ls_access_make(const ls_hash *process, ls_bytes name, ls_time expires, const ls_vkey *key,
                    const uint8_t secret_key[static 64], ls_buf *out);
/* now: the clock of whoever checks; stamped: the latest stamp's time, by which keys end. */
ls_result ls_access_check(const ls_charter *c, const ls_hash *process, ls_bytes note, ls_time now, ls_time stamped,
                          ls_access *out, ls_detail *detail);

#endif
