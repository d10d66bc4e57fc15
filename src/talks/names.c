/* The words of docs/talks.md for stages. */
#include "talks/state.h"

const char *ls_proposal_stage_name(ls_proposal_stage s)
{
    static const char *const names[LS_PROPOSAL_STAGES] = {
        [LS_PROPOSAL_OPEN] = "open",           [LS_PROPOSAL_ACCEPTED] = "accepted",
        [LS_PROPOSAL_DECLINED] = "declined",   [LS_PROPOSAL_COUNTERED] = "countered",
        [LS_PROPOSAL_WITHDRAWN] = "withdrawn", [LS_PROPOSAL_LAPSED] = "lapsed"};
    return names[s];
}

const char *ls_meeting_stage_name(ls_meeting_stage s)
{
    static const char *const names[LS_MEETING_STAGES] = {
        [LS_MEETING_PLANNED] = "planned",       [LS_MEETING_CONFIRMED] = "confirmed",
        [LS_MEETING_DECLINED] = "declined",     [LS_MEETING_POSTPONED] = "postponed",
        [LS_MEETING_CALLED_OFF] = "called off", [LS_MEETING_HELD] = "held",
        [LS_MEETING_WITHDRAWN] = "withdrawn",   [LS_MEETING_LAPSED] = "lapsed",
        [LS_MEETING_REPLACED] = "replaced"};
    return names[s];
}

const char *ls_statement_stage_name(ls_statement_stage s)
{
    static const char *const names[LS_STATEMENT_STAGES] = {[LS_STATEMENT_STANDING] = "stands",
                                                           [LS_STATEMENT_REDEEMED] = "became a measure",
                                                           [LS_STATEMENT_WITHDRAWN] = "withdrawn",
                                                           [LS_STATEMENT_LAPSED] = "lapsed"};
    return names[s];
}

const char *ls_agenda_word_name(unsigned word)
{
    static const char *const names[] = {
        [LS_AGENDA_OPEN] = "open", [LS_AGENDA_SETTLED] = "settled", [LS_AGENDA_DROPPED] = "dropped"};
    return names[word];
}
