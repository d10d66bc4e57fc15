/* schedule verify, schedule disclose: everything that was sent in a private search, checked again; by a third party,
 * too, to whom a side hands what it has. */
#include "cli/schedules.h"
#include "show/report.h"
#include "workspace/reading.h"
#include <stdio.h>

#define FILE_MAX (8u << 20)

/* What the acts and the clock say. */

/* Whether who is in default by the clock alone had something to go on with: not where only the other failed. */
static bool was_stopped(const cli_search *x)
{
    bool stopped = false;
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        bool silent = (x->state->silent & LS_PARTY_BIT(ls_schedule_party(x->state->search, side))) != 0;
        stopped = stopped || (silent && x->seen.failed[1 - side] && !x->seen.failed[side]);
    }
    return stopped;
}

static ls_result check_default(cli *c, cli_search *x)
{
    const char *blame = cli_search_blame(c, x->state);
    bool stopped = was_stopped(x), failed = x->state->stage == LS_SCHEDULE_DEFAULTED && !stopped;
    if (blame != NULL) {
        ls_report_add(&x->report, failed ? LS_FINDING_FAILED : LS_FINDING_NOTE,
                      ls_arena_format(&c->arena, "search %u", x->state->search->index), "by the clock, %s%s", blame,
                      stopped ? "; but what the other had sent does not hold" : "");
    }
    return LS_SUCCESS;
}

/* That a date and a place are those that the search gave; false: they are not. */
static bool hold_against(cli *c, cli_search *x, const char *subject, const char *who, const ls_act *act)
{
    if (!x->seen.chosen) {
        ls_report_add(&x->report, LS_FINDING_NOTE, subject, "which option was chosen is not known here");
        return true;
    }
    const ls_psi_option *o = &x->search.options.option[x->seen.choice.option];
    bool fits = (ls_bytes_is(act->kind, "appoint") || ls_bytes_is(act->kind, "meet")) &&
                ls_bytes_equal(act->raw[LS_H_DUE], o->date) && ls_bytes_equal(act->raw[LS_H_VENUE], o->place) &&
                act->has[LS_H_REF] && ls_hash_equal(&act->ref, &x->search.run.sid);
    if (fits) {
        ls_report_add(&x->report, LS_FINDING_OK, subject, "the option that was chosen: %s", cli_option_words(c, o));
    } else {
        ls_report_add(&x->report, LS_FINDING_FAILED, subject, "%s signed another date or place than was chosen: %s",
                      who, cli_option_words(c, o));
    }
    return fits;
}

static ls_result check_said(cli *c, cli_search *x, const ls_talk *said, const char *who, bool *fits)
{
    ls_act *act = ls_arena_alloc(&c->arena, sizeof *act);
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_read_act(&c->ws, said->index, &c->arena, act, &c->detail));
    *fits = hold_against(c, x, ls_arena_format(&c->arena, "meeting (act %u)", said->index), who, act);
    return LS_SUCCESS;
}

/* Who plans another meeting than was chosen has nothing to wait for. */
static ls_result check_meetings(cli *c, cli_search *x)
{
    const ls_schedule_state *s = x->state;
    bool fits;
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        if (s->stands[side] != NULL && s->stands[side]->kind == LS_TALK_MEET) {
            LS_TRY(check_said(c, x, s->stands[side], cli_side_name(c, x, side), &fits));
            x->seen.failed[side] = x->seen.failed[side] || !fits;
        }
    }
    bool joint = s->meeting != NULL && s->meeting->kind == LS_TALK_APPOINT;
    return joint ? check_said(c, x, s->meeting, "both", &fits) : LS_SUCCESS;
}

/* --meeting: what is still to be signed. */
static ls_result check_draft(cli *c, cli_search *x)
{
    const char *path = cli_value(c, "meeting");
    ls_draft draft;
    ls_act *act = ls_arena_alloc(&c->arena, sizeof *act);
    if (path == NULL) {
        return LS_SUCCESS;
    }
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_draft_read(&c->arena, path, &draft, &c->detail));
    ls_result r = ls_act_parse(ls_buf_bytes(&draft.note), true, act, &c->detail);
    if (ls_succeeded(r)) {
        (void)hold_against(c, x, path, "whoever made it", act);
    }
    ls_draft_free(&draft);
    return r;
}

/* --files. */

static ls_result read_files(cli *c, cli_search *x)
{
    const char *folder = cli_value(c, "files");
    char *path, **names;
    size_t count;
    if (folder == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_absolute(c, folder, &path));
    if (!ls_file_exists(path)) {
        ls_hint(&c->detail, "--files is the folder that lockstep schedule disclose --out has written");
        return ls_fail_with(&ls_fault_usage, &c->detail, "there is no folder %s", folder);
    }
    LS_TRY(ls_folder_list(&c->arena, path, &names, &count, &c->detail));
    ls_bytes *file = ls_arena_array(&x->secret, count + 1, sizeof *file);
    if (file == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        ls_buf content = {0};
        const char *name = ls_arena_format(&c->arena, "%s/%s", path, names[i]);
        ls_result r = name == NULL ? ls_fail(&ls_fault_memory) : ls_file_read(name, FILE_MAX, &content, &c->detail);
        uint8_t *kept = ls_succeeded(r) ? ls_arena_alloc(&x->secret, content.len + 1) : NULL;
        if (kept != NULL) {
            memcpy(kept, content.ptr == NULL ? (const uint8_t *)"" : content.ptr, content.len);
            file[i] = ls_bytes_of(kept, content.len);
        }
        ls_buf_wipe(&content);
        LS_TRY(r);
        LS_TRY(kept == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS);
    }
    x->files = (ls_search_files){count, file};
    return LS_SUCCESS;
}

/* verify */

static void print_disclosed(cli *c, const cli_search *x)
{
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        if (x->seen.disclosed[side] == NULL) {
            continue;
        }
        cli_print("%s had chosen:\n", cli_side_name(c, x, side));
        for (uint32_t i = 0; i < x->search.options.count; i++) {
            if (x->seen.disclosed[side][i]) {
                cli_print("%5u  %s\n", i, cli_option_words(c, &x->search.options.option[i]));
            }
        }
    }
}

static json_t *disclosed_json(const cli_search *x, unsigned side)
{
    if (x->seen.disclosed[side] == NULL) {
        return json_null();
    }
    json_t *list = json_array();
    for (uint32_t i = 0; i < x->search.options.count; i++) {
        if (x->seen.disclosed[side][i]) {
            json_array_append_new(list, json_integer((json_int_t)i));
        }
    }
    return list;
}

static ls_result print_verified(cli *c, const cli_search *x)
{
    if (!c->json) {
        cli_mark(c, c->ws.exercise);
        ls_show_findings(stdout, &x->report);
        print_disclosed(c, x);
        cli_print("%s\n", x->report.failed ? "Something does not hold." : "All that is here fits.");
        return LS_SUCCESS;
    }
    json_t *o = cli_search_json(c, x);
    if (o != NULL) {
        json_object_set_new(o, "valid", json_boolean(!x->report.failed));
        json_object_set_new(o, "findings", ls_show_findings_json(&x->report));
        json_object_set_new(o, "disclosed", json_pack("[o, o]", disclosed_json(x, 0), disclosed_json(x, 1)));
    }
    return cli_print_json(c, c->ws.exercise, o);
}

static ls_result verify(cli *c, cli_search *x)
{
    LS_TRY(cli_search_begin(c, x));
    LS_TRY(read_files(c, x));
    LS_TRY(cli_search_examine(c, x, false));
    if (x->closed > 0) {
        ls_report_add(&x->report, LS_FINDING_NOTE, "inbox", "%u boxes do not hold what their acts name", x->closed);
    }
    LS_TRY(check_meetings(c, x));
    LS_TRY(check_draft(c, x));
    LS_TRY(check_default(c, x));
    LS_TRY(print_verified(c, x));
    return x->report.failed ? ls_fail(&cli_fault_said) : LS_SUCCESS;
}

static ls_result run_verify(cli *c)
{
    cli_search x = {0};
    ls_result r = verify(c, &x);
    cli_search_end(&x);
    return r;
}

/* disclose */

static ls_result write_file(cli *c, const char *folder, const char *name, ls_bytes content)
{
    const char *path = ls_arena_format(&c->arena, "%s/%s", folder, name);
    return path == NULL ? ls_fail(&ls_fault_memory) : ls_file_create(path, content, &c->detail);
}

/* What the acts name, as it was sealed: its hash is on the record. */
static ls_result write_sent(cli *c, const cli_search *x, const char *folder, unsigned *count)
{
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        for (size_t step = 0; step < LS_SEARCH_STEPS; step++) {
            ls_bytes sealed = x->seen.sealed[side][step];
            if (sealed.len > 0) {
                LS_TRY(write_file(c, folder, ls_arena_format(&c->arena, "%u.sealed", x->state->step[side][step]->index),
                                  sealed));
                ++*count;
            }
        }
    }
    return LS_SUCCESS;
}

static ls_result write_secret(cli *c, const cli_search *x, const char *folder)
{
    ls_buf secret = {0};
    ls_search_disclosure(&x->search, x->own, &secret);
    ls_result r = ls_buf_check(&secret);
    r = ls_succeeded(r)
            ? write_file(c, folder, ls_arena_format(&c->arena, "%s.disclosure", cli_side_name(c, x, x->search.side)),
                         ls_buf_bytes(&secret))
            : r;
    ls_buf_wipe(&secret);
    return r;
}

static ls_result ask(cli *c, bool secret)
{
    if (!secret) {
        return LS_SUCCESS;
    }
    if (!c->json) {
        cli_mark(c, c->ws.exercise);
        cli_paragraph(
            "With these files whoever has them reads everything that this party chose in this search, for good. "
            "They are for a mediator alone, sealed: lockstep letter.");
    }
    return cli_confirm(c, "Write them?");
}

static ls_result disclose(cli *c, cli_search *x)
{
    const char *out = cli_value(c, "out");
    bool secret = cli_flag(c, "choice");
    unsigned count = 0;
    char *folder;
    if (out == NULL) {
        ls_hint(&c->detail, "--out FOLDER");
        return ls_fail_with(&ls_fault_usage, &c->detail, "where to?");
    }
    LS_TRY(cli_search_begin(c, x));
    if (x->search.side == LS_SEARCH_SIDES) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "this party has no part in this search");
    }
    LS_TRY(cli_search_examine(c, x, secret));
    LS_TRY(ask(c, secret));
    LS_TRY(cli_absolute(c, out, &folder));
    LS_TRY(ls_folder_make(folder, &c->detail));
    LS_TRY(write_sent(c, x, folder, &count));
    LS_TRY(secret ? write_secret(c, x, folder) : LS_SUCCESS);
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:i, s:b, s:s}", "files", (int)count, "choice", secret, "out", folder));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%u file%s that acts name%s: %s\nA party of the process checks them with: lockstep schedule verify %u "
              "--files FOLDER\n",
              count, count == 1 ? "" : "s", secret ? ", and what opens this party's choice" : "", folder,
              x->state->search->index);
    return LS_SUCCESS;
}

static ls_result run_disclose(cli *c)
{
    cli_search x = {0};
    ls_result r = disclose(c, &x);
    cli_search_end(&x);
    return r;
}

const cli_verb cli_verb_schedule_verify = {
    "schedule verify",
    "[SEARCH]",
    "check again everything that was sent in a private search",
    "Holds the points of each side against its commitment, what each returned against the proof, each ranking against\n"
    "its commitment and what is common, and what was signed against what was chosen. Exit 1, and who did what, if\n"
    "something does not hold, or a side is in default. A third party checks what a side gave it with schedule "
    "disclose.",
    "  lockstep -C usa schedule verify\n  lockstep -C rok schedule verify 31 --files handed-over",
    0,
    1,
    {{"files", "FOLDER", "what a side disclosed: files that acts name, and what opens its choice"},
     {"meeting", "FILE", "also a date and a place that are still to be signed"},
     {0}},
    run_verify};

const cli_verb cli_verb_schedule_disclose = {
    "schedule disclose",
    "[SEARCH] --out FOLDER",
    "write what shows a third party what was sent in a private search",
    "Writes the files that the acts of both sides name, as this party has them: who reads the record can check them, "
    "and\n"
    "sees numbers of options and who did what, but not which were chosen, unless rankings are among them. With "
    "--choice\n"
    "also this side's secret of this search: whoever has that sees all that this side chose. For a mediator alone.",
    "  lockstep -C usa schedule disclose 31 --out for-rok\n  lockstep -C usa schedule disclose 31 --choice --out "
    "for-rok",
    0,
    1,
    {{"out", "FOLDER", "where to; its parent must exist"}, {"choice", NULL, "and what opens this side's choice"}, {0}},
    run_disclose};
