/* What parties may and must do: under the accord's measures, and in inspections, as one list. */
#include "cli/scorecard.h"

static const struct {
    const char *verb, *what;
} tasks[LS_TASKS] = {
    [LS_TASK_COMMIT] = {"draw commit", "commit to a nonce for the draw"},
    [LS_TASK_REVEAL] = {"draw reveal", "reveal the nonce for the draw"},
    [LS_TASK_CHOOSE] = {"draw choose", "choose the rows freely"},
    [LS_TASK_OPEN] = {"open --draw", "open the rows that were drawn"},
    [LS_TASK_CONCLUDE] = {"report --conclude", "conclude what was drawn and inspected"},
    [LS_TASK_ADMIT] = {"admit", "admit the visit, or refuse it"},
    [LS_TASK_RELENT] = {"admit", "admit the visit after all"},
    [LS_TASK_ENTER] = {"enter", "come to the site"},
    [LS_TASK_LEAVE] = {"leave", "say when the inspectors have left"},
    [LS_TASK_REPORT] = {"report", "report on the visit"},
    [LS_TASK_RESPOND] = {"deny", "open the row that covers the place, or deny that there is one"},
    [LS_TASK_VISIT] = {"visit", "give notice of a visit to the place"},
    [LS_TASK_ANSWER] = {"answer", "answer the question"},
};

static ls_duty duty_of(cli *c, const ls_inspection_duty *d)
{
    const char *what = ls_arena_format(&c->arena, "%s (%s)", tasks[d->task].what, cli_text(c, d->about->rule->title));
    return (ls_duty){.party = d->party,
                     .must = d->must,
                     .until = d->until,
                     .what = what,
                     .command = ls_arena_format(&c->arena, "%s %u", tasks[d->task].verb, d->about->index),
                     .otherwise = ls_inspection_else_text(d->otherwise)};
}

ls_result cli_card_duties(cli *c, const cli_card *k, ls_duty **out, size_t *count)
{
    const ls_inspection_query q = {&k->query, &k->state, &k->inspected};
    ls_inspection_duty *inspection;
    ls_duty *duty;
    size_t duties, inspections;
    LS_TRY(ls_duties(&k->account, &duty, &duties));
    LS_TRY(ls_inspection_duties(&q, &k->inspection, &c->arena, &inspection, &inspections));
    ls_duty *all = ls_arena_array(&c->arena, duties + inspections + 1, sizeof *all);
    if (all == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    /* Both are in the order of deadlines. */
    for (size_t i = 0, j = 0; i + j < duties + inspections;) {
        bool first = j == inspections || (i < duties && duty[i].until <= inspection[j].until);
        ls_duty next = first ? duty[i++] : duty_of(c, &inspection[j++]);
        all[i + j - 1] = next;
    }
    *out = all;
    *count = duties + inspections;
    return LS_SUCCESS;
}
