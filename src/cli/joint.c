/* Joint acts: what one signs first, and hands to the others. */
#include "cli/cli.h"

#define OPEN_DAYS_DEFAULT 30
#define DAY 86400

ls_result cli_joint_sync(cli *c)
{
    LS_TRY(cli_sync(c));
    if (ls_record_charter(c->ws.record) == NULL) {
        return ls_fail_with(&ls_fault_process, &c->detail, "there is no charter on the record yet");
    }
    return LS_SUCCESS;
}

ls_result cli_joint_until(cli *c, ls_time *open_until)
{
    uint64_t days = OPEN_DAYS_DEFAULT;
    ls_time now;
    LS_TRY(cli_number(c, "open-days", 3650, &days));
    LS_TRY(ls_workspace_now(&c->ws, &now, &c->detail));
    *open_until = now + (ls_time)days * DAY;
    return LS_SUCCESS;
}

ls_result cli_joint_begin(cli *c, ls_time *open_until)
{
    LS_TRY(cli_joint_sync(c));
    return cli_joint_until(c, open_until);
}

/* A file with others' signatures is not overwritten before they are on the record. */
static ls_result check_place(cli *c, const char *out)
{
    ls_draft there = {0};
    ls_act act;
    ls_detail why;
    uint64_t index;
    if (!ls_file_exists(out)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_draft_read(&c->arena, out, &there, &why);
    r = ls_succeeded(r) ? ls_act_parse(ls_buf_bytes(&there.note), true, &act, &why) : r;
    bool filed = ls_succeeded(r) && ls_record_find(c->ws.record, &act.id, &index);
    ls_draft_free(&there);
    if (filed) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "--out FILE names another; what is there may hold signatures that would be lost");
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s exists already, and is not on the record", out);
}

/* Signs it with the vaults that are here, and writes the file that the others sign. */
ls_result cli_joint_sign(cli *c, const char *question, const char *out, ls_draft *draft)
{
    ls_act act;
    unsigned added;
    char missing[1024];
    LS_TRY(check_place(c, out));
    LS_TRY(cli_confirm(c, question));
    LS_TRY(ls_workspace_sign(&c->ws, &draft->note, cli_signers(c), &added, &c->detail));
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, &c->detail));
    LS_TRY(ls_draft_check_signatures(&c->ws, draft, &c->detail));
    LS_TRY(ls_draft_write(draft, out, &c->detail));
    if (c->json) {
        return cli_print_json(c, act.exercise, cli_json_draft(c, &act, out));
    }
    ls_act_missing_signers(&act, missing, sizeof missing);
    cli_mark(c, act.exercise);
    cli_print("%s, %u signature%s added. Still missing: %s\nHand %s to them; each adds a signature with: lockstep sign "
              "%s\n",
              cli_text(c, act.kind), added, added == 1 ? "" : "s", missing, out, out);
    return LS_SUCCESS;
}
