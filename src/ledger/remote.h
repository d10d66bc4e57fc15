/*
 * A ledger that a server keeps, reached over HTTP. The server is not trusted: what it answers is verified by the
 * replica that reads from here; an attachment is held against its hash at once.
 *
 * Submitting is safe to repeat, as an act sent twice is answered with its place; so a request that got no answer, or
 * that a busy server turned away, is tried again for a few seconds.
 */
#ifndef LS_LEDGER_REMOTE_H
#define LS_LEDGER_REMOTE_H

#include "ledger/ledger.h"

extern const ls_fault ls_fault_unreachable; /* environment: no answer, or a server that is busy */
extern const ls_fault ls_fault_denied;      /* environment: the server wants an access note, or a better one */

/* Where an access note comes from, when the server asks for one. Appends the note to out; fresh: the one given before
 * was not accepted. */
typedef struct ls_remote_access {
    ls_result (*note)(void *context, bool fresh, ls_buf *out, ls_detail *detail);
    void *context;
} ls_remote_access;

/* Puts the value of an Authorization header into `header`: a note that is asked for, another one than before if there
 * is a value already. */
ls_result ls_remote_authorize(const ls_remote_access *access, ls_buf *header, ls_detail *detail);

typedef struct ls_remote_options {
    const char *url;            /* http, https, or http+unix:PATH; without the last slash */
    const char *authority_file; /* PEM of those trusted for TLS, or NULL: the system's */
    const char *scratch;        /* a private folder for bodies too large for memory */
    ls_remote_access access;    /* note NULL: none can be made */
} ls_remote_options;

bool ls_remote_is_url(const char *ledger);
/* No connection is made yet. All strings are copied. */
ls_result ls_remote_open(const ls_remote_options *o, ls_ledger **out, ls_detail *detail);
/* From now on requests but those for files fail as if the server could not be reached, once so many seconds have
 * passed; 0: none do. Whoever follows a ledger goes on next time where it stood. */
void ls_remote_allow(ls_ledger *l, unsigned seconds);

#endif
