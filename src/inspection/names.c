/* The words of docs/inspections.md for stages and findings. */
#include "inspection/inspection.h"

const char *ls_draw_stage_name(ls_draw_stage s)
{
    static const char *const names[LS_DRAW_STAGES] = {
        [LS_DRAW_COMMITTING] = "committing", [LS_DRAW_REVEALING] = "revealing", [LS_DRAW_DRAWN] = "drawn",
        [LS_DRAW_OPENED] = "opened",         [LS_DRAW_FREE] = "free",           [LS_DRAW_FORFEITED] = "forfeited",
        [LS_DRAW_UNOPENED] = "unopened",     [LS_DRAW_CONCLUDED] = "concluded", [LS_DRAW_BEYOND] = "beyond"};
    return names[s];
}

const char *ls_visit_stage_name(ls_visit_stage s)
{
    static const char *const names[LS_VISIT_STAGES] = {
        [LS_VISIT_NOTICED] = "noticed",       [LS_VISIT_ADMITTED] = "admitted",   [LS_VISIT_REFUSED] = "refused",
        [LS_VISIT_ENTERED] = "entered",       [LS_VISIT_LEFT] = "left",           [LS_VISIT_REPORTED] = "reported",
        [LS_VISIT_UNREPORTED] = "unreported", [LS_VISIT_FORFEITED] = "forfeited", [LS_VISIT_BEYOND] = "beyond",
        [LS_VISIT_WITHDRAWN] = "withdrawn"};
    return names[s];
}

const char *ls_challenge_stage_name(ls_challenge_stage s)
{
    static const char *const names[LS_CHALLENGE_STAGES] = {
        [LS_CHALLENGE_OPEN] = "open",           [LS_CHALLENGE_OPENED] = "opened",   [LS_CHALLENGE_DENIED] = "denied",
        [LS_CHALLENGE_VISIT_DUE] = "visit due", [LS_CHALLENGE_REFUTED] = "refuted", [LS_CHALLENGE_BEYOND] = "beyond",
        [LS_CHALLENGE_WITHDRAWN] = "withdrawn",
    };
    return names[s];
}

const char *ls_conclusion_name(ls_conclusion f)
{
    static const char *const names[] = {[LS_CONCLUSION_CONSISTENT] = "consistent",
                                        [LS_CONCLUSION_DISCREPANCY] = "discrepancy",
                                        [LS_CONCLUSION_INCONCLUSIVE] = "inconclusive"};
    return names[f];
}
