/*
 * Which moves a search has to try, for the question that it answers. Why leaving out the rest changes no answer is said
 * in docs/analysis.md.
 */
#ifndef LS_ANALYSIS_ROLES_H
#define LS_ANALYSIS_ROLES_H

#include "analysis/search.h"

typedef struct ls_roles {
    const ls_net *net;
    uint8_t *free;   /* of each move: it hinders no other, and none hinders it */
    uint8_t *choice; /* as in ls_search */
    ls_bit *at_once;
    uint8_t *left_out; /* of each move: it is never made, whatever the question */
    uint8_t *cone, *costly;
} ls_roles;

ls_result ls_roles_make(const ls_net *net, ls_arena *arena, ls_roles *out);

void ls_roles_for_closure(ls_roles *r); /* at_once: whatever is not left out */
void ls_roles_for_reach(ls_roles *r);
void ls_roles_for_exposure(ls_roles *r, size_t party);
void ls_roles_for_silence(ls_roles *r, size_t silent);

#endif
