/* Contests that stand, beside what they contest. */
#include "cli/contests.h"
#include "cli/scorecard.h"
#include "workspace/reading.h"

static bool had_effect(const ls_facts *all, uint32_t index, ls_time known, ls_time now)
{
    ls_time t = all->time(all->context, index);
    return t != LS_TIME_NONE && (t == LS_TIME_OPEN ? now : t) <= known;
}

static bool withdrawn(const ls_facts *all, uint32_t contest, ls_time known, ls_time now)
{
    for (size_t i = 0; i < all->count; i++) {
        const ls_fact *f = &all->fact[i];
        if (f->kind == LS_FACT_WITHDRAW && f->ref == contest && had_effect(all, f->index, known, now)) {
            return true;
        }
    }
    return false;
}

static void collect(const ls_facts *all, ls_time known, ls_time now, ls_buf *list)
{
    for (size_t i = 0; i < all->count; i++) {
        const ls_fact *f = &all->fact[i];
        if (f->kind == LS_FACT_CONTEST && had_effect(all, f->index, known, now) &&
            !withdrawn(all, f->index, known, now)) {
            const cli_contest x = {f->index, f->ref, f->by};
            ls_buf_put(list, &x, sizeof x);
        }
    }
}

ls_result cli_contests_read(cli *c, ls_time known, cli_contests *out)
{
    const ls_record *r = c->ws.record;
    ls_buf list = {0};
    ls_time now;
    *out = (cli_contests){0};
    if (ls_record_accord_count(r) == 0) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_judging_time(c, &now));
    for (size_t i = 0; i < ls_record_accord_count(r); i++) {
        if (ls_record_accord_in_force(r, (int)i) == (int)i) {
            ls_facts all = ls_record_facts(r, i);
            collect(&all, known, now, &list);
        }
    }
    cli_contest *kept = ls_buf_check(&list).fault == NULL ? ls_arena_alloc(&c->arena, list.len + 1) : NULL;
    if (kept != NULL && list.len > 0) {
        memcpy(kept, list.ptr, list.len);
    }
    *out = kept == NULL ? *out : (cli_contests){list.len / sizeof *kept, kept};
    ls_buf_free(&list);
    return kept == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

bool cli_contested(const cli_contests *all, uint64_t act)
{
    for (size_t i = 0; i < all->count; i++) {
        if (all->contest[i].ref == act) {
            return true;
        }
    }
    return false;
}

static ls_result read_text(cli *c, uint64_t act, const char **out)
{
    ls_act contest;
    LS_TRY(ls_workspace_read_act(&c->ws, act, &c->arena, &contest, &c->detail));
    *out = cli_text(c, contest.text);
    return LS_SUCCESS;
}

ls_result cli_contests_print(cli *c, const cli_contests *all, uint64_t act)
{
    for (size_t i = 0; i < all->count; i++) {
        const cli_contest *x = &all->contest[i];
        const char *text;
        if (x->ref == act) {
            LS_TRY(read_text(c, x->act, &text));
            cli_print("contested by %s in act %llu: %s%s", cli_party_name(c, x->by), (unsigned long long)x->act, text,
                      text[0] != '\0' && text[strlen(text) - 1] == '\n' ? "" : "\n");
        }
    }
    return LS_SUCCESS;
}

ls_result cli_contests_json(cli *c, const cli_contests *all, uint64_t act, json_t *list)
{
    for (size_t i = 0; i < all->count; i++) {
        const cli_contest *x = &all->contest[i];
        const char *text;
        if (x->ref == act) {
            LS_TRY(read_text(c, x->act, &text));
            json_array_append_new(list, json_pack("{s:I, s:I, s:s, s:o}", "act", (json_int_t)x->act, "contests",
                                                  (json_int_t)act, "by", cli_party_name(c, x->by), "text",
                                                  ls_show_text_json(text)));
        }
    }
    return LS_SUCCESS;
}
