#include "card/card.h"

bool ls_card_signed(const ls_record *r, size_t accord, ls_time at, ls_time known)
{
    ls_facts facts;
    ls_state_query q;
    ls_record_query(r, accord, at, known, &facts, &q);
    return q.signed_at == LS_TIME_OPEN || (q.signed_at <= at && q.signed_at <= known);
}

ls_result ls_card_accords(const ls_record *r, int chosen, ls_time at, ls_time known, ls_arena *arena, size_t **indices,
                          size_t *count)
{
    size_t all = ls_record_accord_count(r), found = 0;
    size_t *list = ls_arena_array(arena, all + 1, sizeof *list);
    if (list == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < all; i++) {
        bool first = ls_record_accord(r, i)->amends < 0 && ls_card_signed(r, i, at, known);
        if (first && (chosen < 0 || ls_record_accord_same(r, (int)i, chosen))) {
            list[found++] = (size_t)ls_record_accord_at(r, (int)i, at, known);
        }
    }
    *indices = list;
    *count = found;
    return LS_SUCCESS;
}

ls_result ls_card_judge(const ls_record *r, size_t accord, ls_time at, ls_time known, ls_arena *arena, ls_card *out)
{
    *out = (ls_card){.version = (int)accord, .accord = ls_record_accord(r, accord), .charter = ls_record_charter(r)};
    ls_record_query(r, accord, at, known, &out->facts, &out->query);
    LS_TRY(ls_state_eval(&out->query, arena, &out->state));
    LS_TRY(ls_account_read(&out->query, &out->state, arena, &out->account));
    out->inspected = ls_record_inspecteds(r, accord);
    const ls_inspection_query q = {&out->query, &out->state, &out->inspected};
    return ls_inspection_eval(&q, arena, &out->inspection);
}

const ls_draw_state *ls_card_draw(const ls_card *k, uint32_t draw)
{
    for (size_t i = 0; i < k->inspection.draw_count; i++) {
        if (k->inspection.draw[i].draw->index == draw) {
            return &k->inspection.draw[i];
        }
    }
    return NULL;
}

/* Duties: under the accord's measures, and in inspections, as one list. */

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

static ls_duty duty_of(const ls_inspection_duty *d, ls_arena *arena)
{
    ls_bytes title = d->about->rule->title;
    return (ls_duty){
        .kind = LS_DUTY_INSPECTION,
        .party = d->party,
        .must = d->must,
        .until = d->until,
        .what = ls_arena_format(arena, "%s (%.*s)", tasks[d->task].what, (int)title.len, (const char *)title.ptr),
        .command = ls_arena_format(arena, "%s %u", tasks[d->task].verb, d->about->index),
        .otherwise = ls_inspection_else_text(d->otherwise)};
}

ls_result ls_card_duties(const ls_card *k, ls_arena *arena, ls_duty **out, size_t *count)
{
    const ls_inspection_query q = {&k->query, &k->state, &k->inspected};
    ls_inspection_duty *inspection;
    ls_duty *duty;
    size_t duties, inspections;
    LS_TRY(ls_duties(&k->account, &duty, &duties));
    LS_TRY(ls_inspection_duties(&q, &k->inspection, arena, &inspection, &inspections));
    ls_duty *all = ls_arena_array(arena, duties + inspections + 1, sizeof *all);
    if (all == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    /* Both are in the order of deadlines. */
    for (size_t i = 0, j = 0; i + j < duties + inspections;) {
        bool first = j == inspections || (i < duties && duty[i].until <= inspection[j].until);
        ls_duty next = first ? duty[i++] : duty_of(&inspection[j++], arena);
        all[i + j - 1] = next;
    }
    *out = all;
    *count = duties + inspections;
    return arena->failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}
