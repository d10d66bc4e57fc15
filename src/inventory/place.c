/* Where items stand, and the words for what becomes of them. */
#include "inventory/notification.h"

static const char *const names[LS_CHANGES] = {"moved", "converted", "eliminated", "changed", "new", "corrected"};

const char *ls_change_name(ls_change c)
{
    return names[c];
}

bool ls_change_parse(ls_bytes text, ls_change *out)
{
    for (size_t i = 0; i < LS_CHANGES; i++) {
        if (ls_bytes_is(text, names[i])) {
            *out = (ls_change)i;
            return true;
        }
    }
    return false;
}

int ls_item_place_compare(const ls_item_place *a, const ls_item_place *b)
{
    if ((a->tranche == 0) != (b->tranche == 0)) {
        return a->tranche == 0 ? 1 : -1;
    }
    int order = memcmp(a->declared.b, b->declared.b, sizeof a->declared.b);
    if (order != 0) {
        return order;
    }
    return a->tranche != b->tranche ? (a->tranche > b->tranche) - (a->tranche < b->tranche)
                                    : (a->row > b->row) - (a->row < b->row);
}
