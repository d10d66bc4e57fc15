/* What acts say of talks. */
#include "talks/talks.h"

ls_parties ls_talk_involved(const ls_talk *t)
{
    return t->to | (t->by == LS_TALK_JOINT ? 0 : LS_PARTY_BIT(t->by));
}
