/* Which moves a search has to try. */
#include "analysis/roles.h"

/* Bits that hold some move back, and the atoms that they follow from. */
static void mark_bars(const ls_net *n, uint8_t *set)
{
    for (size_t i = 0; i < n->move_count; i++) {
        set[n->move[i].bar] = 1;
    }
}

ls_result ls_roles_make(const ls_net *n, ls_arena *arena, ls_roles *out)
{
    ls_roles r = {.net = n};
    r.free = ls_arena_alloc(arena, n->move_count + 1);
    r.choice = ls_arena_alloc(arena, n->move_count + 1);
    r.left_out = ls_arena_alloc(arena, n->move_count + 1);
    r.at_once = ls_arena_array(arena, n->move_count + 1, sizeof *r.at_once);
    r.cone = ls_arena_alloc(arena, n->bit_count);
    r.costly = ls_arena_alloc(arena, n->bit_count);
    if (r.free == NULL || r.choice == NULL || r.left_out == NULL || r.at_once == NULL || r.cone == NULL ||
        r.costly == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    mark_bars(n, r.costly);
    ls_net_add_causes(n, false, r.costly);
    for (size_t i = 0; i < n->move_count; i++) {
        r.free[i] = n->move[i].bar == LS_BIT_FALSE && !r.costly[n->move[i].atom];
    }
    *out = r;
    return LS_SUCCESS;
}

static void set_role(ls_roles *r, size_t move, bool choice, ls_bit at_once)
{
    r->choice[move] = choice && !r->left_out[move];
    r->at_once[move] = r->left_out[move] ? LS_BIT_FALSE : at_once;
}

void ls_roles_for_closure(ls_roles *r)
{
    for (size_t i = 0; i < r->net->move_count; i++) {
        set_role(r, i, false, LS_BIT_TRUE);
    }
}

/* A free move takes nothing away, so that it may as well be made. */
void ls_roles_for_reach(ls_roles *r)
{
    for (size_t i = 0; i < r->net->move_count; i++) {
        set_role(r, i, !r->free[i], r->free[i] ? LS_BIT_TRUE : LS_BIT_FALSE);
    }
}

/* Moves that lead to nothing which the party gives are left; free ones that answer nothing are made. */
void ls_roles_for_exposure(ls_roles *r, size_t party)
{
    const ls_net *n = r->net;
    memset(r->cone, 0, n->bit_count);
    memset(r->costly, 0, n->bit_count);
    for (size_t i = 0; i < n->stake_count; i++) {
        if (n->stake[i].party == party) {
            r->cone[n->stake[i].given] = 1;
            r->costly[n->stake[i].gone] = 1;
        }
    }
    ls_net_add_causes(n, true, r->cone);
    ls_net_add_causes(n, false, r->costly);
    for (size_t i = 0; i < n->move_count; i++) {
        bool useful = r->cone[n->move[i].atom], neutral = r->free[i] && !r->costly[n->move[i].atom];
        set_role(r, i, useful && !neutral, useful && neutral ? LS_BIT_TRUE : LS_BIT_FALSE);
    }
}

static void silence_role(ls_roles *r, size_t move, size_t silent)
{
    const ls_net_move *m = &r->net->move[move];
    bool useful = !r->free[move] || r->cone[m->atom];
    if (m->kind == LS_MOVE_BREACH) {
        set_role(r, move, useful || r->costly[m->atom], LS_BIT_FALSE);
    } else if (!(m->actors & LS_PARTY_BIT(silent))) {
        set_role(r, move, !r->free[move], r->free[move] ? LS_BIT_TRUE : LS_BIT_FALSE);
    } else {
        bool owed = r->free[move] && (m->owes & LS_PARTY_BIT(silent));
        set_role(r, move, useful, owed ? m->deadline : LS_BIT_FALSE);
    }
}

/* Everybody else does all they can, and the silent party all that it owes. A breach may be what an answer waits for. */
void ls_roles_for_silence(ls_roles *r, size_t silent)
{
    const ls_net *n = r->net;
    memset(r->cone, 0, n->bit_count);
    memset(r->costly, 0, n->bit_count);
    mark_bars(n, r->cone);
    for (size_t i = 0; i < n->stake_count; i++) {
        if (n->stake[i].party != silent && !n->stake[i].gift) {
            r->cone[n->stake[i].given] = 1;
            r->costly[n->stake[i].answered] = 1;
        }
    }
    ls_net_add_causes(n, true, r->cone);
    ls_net_add_causes(n, true, r->costly);
    for (size_t i = 0; i < n->move_count; i++) {
        silence_role(r, i, silent);
    }
}
