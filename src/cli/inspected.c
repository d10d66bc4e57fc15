/* Draws, visits, questions and challenges as people name them: by the act that began each. */
#include "cli/cli.h"

static const char *const words[LS_INSPECTED_KINDS] = {
    [LS_INSPECTED_DRAW] = "draw",
    [LS_INSPECTED_VISIT] = "visit",
    [LS_INSPECTED_CLARIFY] = "question",
    [LS_INSPECTED_CHALLENGE] = "challenge",
};

/* "a draw, visit or challenge" */
static const char *kinds_words(cli *c, uint32_t kinds)
{
    const char *text = "";
    for (unsigned k = 0; k < LS_INSPECTED_KINDS; k++) {
        if ((kinds >> k & 1) != 0 && words[k] != NULL) {
            bool last = kinds >> (k + 1) == 0;
            text = ls_arena_format(&c->arena, "%s%s%s", text, text[0] == '\0' ? "" : last ? " or " : ", ", words[k]);
        }
    }
    return text;
}

/* In the order of the ledger; index LS_NO_ENTRY: the last. */
static const ls_inspected *find(const ls_record *r, int accord, uint32_t kinds, uint64_t index)
{
    ls_inspecteds all = ls_record_inspecteds(r, (size_t)accord);
    for (size_t i = all.count; i-- > 0;) {
        const ls_inspected *x = all.fact + i;
        bool counts = all.time(all.context, x->index) != LS_TIME_NONE;
        if ((kinds >> x->kind & 1) != 0 && counts && (index == LS_NO_ENTRY || x->index == index)) {
            return x;
        }
    }
    return NULL;
}

ls_result cli_find_inspected(cli *c, uint32_t kinds, const char *name, int *accord, const ls_inspected **out)
{
    const ls_record *r = c->ws.record;
    uint64_t index = LS_NO_ENTRY;
    if (name == NULL) {
        LS_TRY(cli_find_accord(c, accord));
    } else {
        LS_TRY(cli_find_act(c, name, &index));
        int version = ls_record_at(r, index).accord;
        *accord = version < 0 ? -1 : ls_record_accord_in_force(r, version);
    }
    const ls_inspected *x = *accord < 0 ? NULL : find(r, *accord, kinds, index);
    if (x == NULL) {
        ls_hint(&c->detail, "lockstep inspections lists draws, visits and challenges with the entries that began them");
        return name == NULL ? ls_fail_with(&ls_fault_usage, &c->detail, "there is no %s yet", kinds_words(c, kinds))
                            : ls_fail_with(&ls_fault_usage, &c->detail, "%s is no %s", name, kinds_words(c, kinds));
    }
    *out = x;
    return LS_SUCCESS;
}

ls_result cli_act_inspected(cli *c, ls_act_draft *act, uint32_t kinds, const char *name, const ls_inspected **out)
{
    int accord;
    LS_TRY(cli_find_inspected(c, kinds, name, &accord, out));
    cli_act_accord(c, act, accord);
    cli_act_ref_entry(c, act, (*out)->index);
    return LS_SUCCESS;
}

size_t cli_own_party(const cli *c)
{
    return (size_t)(ls_workspace_party(&c->ws) - ls_record_charter(c->ws.record)->party);
}
