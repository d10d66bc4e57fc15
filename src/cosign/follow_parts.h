/* What the files of follow share. */
#ifndef LS_COSIGN_FOLLOW_PARTS_H
#define LS_COSIGN_FOLLOW_PARTS_H

#include "cosign/follow.h"

struct ls_follow {
    ls_follow_options o;
    char folder[LS_COSIGN_PATH_SIZE];
    ls_replica *replica;
    double looked;                    /* at the host, by the monotonic clock; 0: never */
    uint64_t scanned;                 /* entries looked through for successions */
    char origin[LS_KEY_NAME_MAX + 1]; /* of the ledger, after them; empty while the record is */
};

ls_time ls_follow_now(const ls_follow *f);
/* An act that names a successor to `origin`: from now on nothing is cosigned for that one. Refused if the successor
 * would drop entries that were cosigned here. */
ls_result ls_follow_succeed(ls_follow *f, const ls_act *act, const char *origin, ls_detail *detail);
/* Whether an attachment is for everybody who reads the ledger; others travel sealed, past the cosigner. */
bool ls_follow_meant(const ls_attachment *a);

#endif
