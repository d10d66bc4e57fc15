/* What acts say of talks. */
#include "talks/talks.h"

ls_parties ls_talk_involved(const ls_talk *t)
{
    return t->to | (t->by == LS_TALK_JOINT ? 0 : LS_PARTY_BIT(t->by));
}

const ls_talk *ls_talks_find(const ls_talks *all, uint64_t index)
{
    size_t low = 0, high = all->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (all->fact[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < all->count && all->fact[low].index == index ? &all->fact[low] : NULL;
}
