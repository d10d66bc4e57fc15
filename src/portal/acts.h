/*
 * Inside of the portal: what pages need of all acts, read once: leaf hashes, for proofs; and which acts are about
 * which.
 */
#ifndef LS_PORTAL_ACTS_H
#define LS_PORTAL_ACTS_H

#include "portal/portal.h"

struct ls_portal_acts {
    uint64_t size;
    ls_hash *node[64]; /* of each level: the roots of its complete subtrees; 0: the leaves */
    uint32_t *about;   /* of each act: the act that its ref names, or LS_NO_ENTRY */
    uint32_t *next;    /* of each act: the next one about the same; and */
    uint32_t *first;   /* of each act: the first that is about it; or LS_NO_ENTRY */
    uint32_t *stamp;   /* of each act: the first stamp that covers it, or LS_NO_ENTRY */
    uint32_t *listed;  /* those that are no stamps, in order: what lists of acts show */
    size_t listed_count;
};

ls_result ls_portal_acts_read(const ls_portal *p, ls_arena *arena, const ls_portal_acts **out);

/* Whether a party's contest of this act stands, as it was known at the moment that is looked at. */
bool ls_portal_acts_contested(const ls_portal *p, uint64_t index);

/* Appends the C2SP tlog-proof that an act stands in the record: under the checkpoint that gave it its time, so that it
 * stays the same for ever; under the final one where no stamp covers it yet. whole: with the act itself, to take
 * away. */
ls_result ls_portal_acts_prove(const ls_portal *p, uint64_t index, bool whole, ls_arena *arena, ls_buf *out);

#endif
