/* receipts: what an author does when the host does not take an act. */
#include "cli/cli.h"
#include "workspace/receipts.h"

static bool named(const ls_hash *id, const char *beginning)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(id, hex);
    return beginning == NULL || strncmp(hex, beginning, strlen(beginning)) == 0;
}

static json_t *asked_json(cli *c, const ls_asked *a)
{
    json_t *list = json_array();
    for (size_t i = 0; i < a->count; i++) {
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:s}", "cosigner", a->witness[i].name, "given", a->witness[i].given,
                                        "why", cli_text(c, ls_bytes_str(a->witness[i].why))));
    }
    return list;
}

static void print_asked(cli *c, const ls_waiting *w, const ls_asked *a, const ls_held_receipts *held)
{
    cli_print("%s %s: %zu receipt%s, %s\n", w->kind, cli_short(c, &w->id), held->count, held->count == 1 ? "" : "s",
              held->met ? "a quorum" : "not a quorum yet");
    for (size_t i = 0; i < a->count; i++) {
        cli_print("  %-20s %s\n", a->witness[i].name,
                  a->witness[i].given ? "has given one" : cli_text(c, ls_bytes_str(a->witness[i].why)));
    }
}

/* An act that waits: its cosigners are asked. */
static ls_result ask_for(cli *c, const ls_waiting *w, json_t *list)
{
    ls_asked asked;
    ls_held_receipts held;
    LS_TRY(ls_workspace_ask_receipts(&c->ws, w, &asked, &c->detail));
    LS_TRY(ls_workspace_receipts(&c->ws, &c->arena, &w->id, &held, &c->detail));
    if (c->json) {
        json_array_append_new(list, json_pack("{s:o, s:s, s:I, s:b, s:o}", "act", cli_json_hash(&w->id), "state",
                                              "waits", "receipts", (json_int_t)held.count, "quorum", held.met,
                                              "cosigners", asked_json(c, &asked)));
    } else {
        print_asked(c, w, &asked, &held);
    }
    return LS_SUCCESS;
}

/* They prove nothing by themselves, and no more can be had now that the act is on the record. */
static ls_result tell_too_few(cli *c, const ls_hash *act, const ls_held_receipts *held, json_t *list)
{
    if (c->json) {
        json_array_append_new(list, json_pack("{s:o, s:s, s:I}", "act", cli_json_hash(act), "state", "too-few",
                                              "receipts", (json_int_t)held->count));
    } else {
        cli_print("%s is on the record; its %zu receipt%s no quorum and are not filed.\n", cli_short(c, act),
                  held->count, held->count == 1 ? " is" : "s are");
    }
    return LS_SUCCESS;
}

/* An act that came onto the record after all: its receipts follow it. */
static ls_result follow_up(cli *c, const ls_hash *act, json_t *list)
{
    ls_filed filed;
    ls_held_receipts held;
    LS_TRY(ls_workspace_receipts(&c->ws, &c->arena, act, &held, &c->detail));
    if (!held.met) {
        return tell_too_few(c, act, &held, list);
    }
    LS_TRY(cli_confirm(c, ls_arena_format(&c->arena, "Sign and file the receipts for %s?", cli_short(c, act))));
    LS_TRY(ls_workspace_file_receipts(&c->ws, act, cli_signers(c), &filed, &c->detail));
    if (c->json) {
        json_array_append_new(list, json_pack("{s:o, s:s, s:o}", "act", cli_json_hash(act), "state",
                                              filed.filing == LS_INCOMPLETE ? "signatures" : "filed", "receipts-act",
                                              cli_json_hash(&filed.id)));
        return LS_SUCCESS;
    }
    return cli_report_filed(c, ls_arena_format(&c->arena, "receipts for %s", cli_short(c, act)), &filed);
}

/* No cosigner gives a receipt for what its own author's record does not let in. */
static void tell_refused(cli *c, const ls_waiting *w, json_t *list)
{
    const char *why = cli_text(c, ls_bytes_str(w->why.text));
    if (c->json) {
        json_array_append_new(
            list, json_pack("{s:o, s:s, s:s}", "act", cli_json_hash(&w->id), "state", "refused", "why", why));
    } else {
        cli_print("%s %s is not handed on, as it can't be filed: %s; lockstep outbox drop gives it up.\n", w->kind,
                  cli_short(c, &w->id), why);
    }
}

static ls_result ask_waiting(cli *c, const char *id, json_t *list, size_t *count)
{
    const ls_outbox *o;
    LS_TRY(ls_workspace_outbox(&c->ws, &o, &c->detail));
    for (size_t i = 0; i < o->count; i++) {
        const ls_waiting *w = &o->waiting[i];
        if (w->waits == LS_WAITS_SIGNATURES || !named(&w->id, id)) {
            continue;
        }
        ++*count;
        if (!w->acceptable) {
            tell_refused(c, w, list);
            continue;
        }
        LS_TRY(ls_workspace_can_ask(&c->ws, &c->detail));
        LS_TRY(ask_for(c, w, list));
    }
    return LS_SUCCESS;
}

static ls_result follow_up_all(cli *c, const char *id, json_t *list, size_t *count)
{
    ls_hash *acts;
    size_t found;
    uint64_t index;
    LS_TRY(ls_workspace_receipted(&c->ws, &c->arena, &acts, &found, &c->detail));
    for (size_t i = 0; i < found; i++) {
        if (named(&acts[i], id) && ls_record_find(c->ws.record, &acts[i], &index)) {
            LS_TRY(follow_up(c, &acts[i], list));
            ++*count;
        }
    }
    return LS_SUCCESS;
}

static ls_result run_receipts(cli *c)
{
    const char *id = c->argument_count > 0 ? c->argument[0] : NULL;
    size_t count = 0;
    LS_TRY(cli_sync(c));
    if (ls_record_charter(c->ws.record) == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    cli_mark(c, c->ws.exercise);
    json_t *list = json_array();
    ls_result r = follow_up_all(c, id, list, &count);
    if (ls_succeeded(r)) {
        r = ask_waiting(c, id, list, &count);
    }
    if (ls_succeeded(r) && count == 0 && id != NULL) {
        ls_hint(&c->detail, "lockstep outbox lists what waits");
        r = ls_fail_with(&ls_fault_usage, &c->detail, "no act that waits, or has receipts, begins with %.64s", id);
    }
    if (ls_succeeded(r) && c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o}", "acts", list));
    }
    json_decref(list);
    if (ls_succeeded(r) && count == 0) {
        cli_print("No act waits for the host, and no receipts wait for an act.\n");
    }
    return r;
}

const cli_verb cli_verb_receipts = {
    "receipts",
    "[ACT]",
    "hand acts that the host does not take to the cosigners, for receipts",
    "Files each act that waits in the outbox with every cosigner whose URL stands in the policy. Each gives a "
    "receipt,\n"
    "hands the act on to the host, and, an hour later, cosigns no checkpoint that leaves it out. Once such an act is\n"
    "on the record, the same command files a `receipts` act: the act's time is then that at which a quorum had it, if\n"
    "the host was not slower than the charter's grace. ACT is the beginning of an id (default: all). An act that the\n"
    "record which is here does not let in is not handed on. Cosigners are asked over a connection: without one see\n"
    "docs/operating.md, \"When the host does not take an act\".",
    "  lockstep -C usa receipts\n  lockstep -C usa receipts 1ceb2390",
    0,
    1,
    {{0}},
    run_receipts};
