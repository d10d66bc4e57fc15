/* rehearse: what would become of an accord, without anybody signing anything. */
#include "cli/rehearse.h"
#include "workspace/workspace.h"
#include "yaml/yaml.h"

/* The charter: that of a file, or the workspace's record. */

static ls_result load_charter(cli_rehearsal *x, const char *path)
{
    cli *c = x->c;
    ls_bytes text;
    ls_buf json = {0};
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    ls_charter *charter = ls_arena_alloc(&c->arena, sizeof *charter);
    if (d == NULL || charter == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = ls_charter_load(&c->arena, text, d, charter, &json);
    ls_buf_free(&json);
    x->charter = charter;
    x->of.today = ls_clock_now();
    return r;
}

static ls_result find_charter(cli_rehearsal *x)
{
    const char *path = cli_value(x->c, "charter");
    if (path != NULL) {
        return load_charter(x, path);
    }
    LS_TRY(cli_sync(x->c));
    x->charter = ls_record_charter(x->c->ws.record);
    if (x->charter == NULL) {
        return ls_workspace_no_process(&x->c->ws, &x->c->detail);
    }
    return ls_workspace_now(&x->c->ws, &x->of.today, &x->c->detail);
}

/* The accord: two files, or on the record. */

static ls_result load_files(cli_rehearsal *x)
{
    cli_accord accord;
    return cli_accord_read(x->c, x->c->argument[1], x->c->argument[2], x->charter, &accord, &x->of.roadmap);
}

static ls_result find_recorded(cli_rehearsal *x, ls_facts *facts)
{
    cli *c = x->c;
    int index;
    if (!c->open) {
        ls_hint(&c->detail, "lockstep rehearse SCRIPT ROADMAP TEXT --charter FILE");
        return ls_fail_with(&ls_fault_usage, &c->detail, "with a charter's file the accord is two files, too");
    }
    LS_TRY(cli_find_accord(c, &index));
    index = ls_record_accord_in_force(c->ws.record, index);
    const ls_accord *a = ls_record_accord(c->ws.record, (size_t)index);
    *facts = ls_record_facts(c->ws.record, (size_t)index);
    x->of.roadmap = a->roadmap;
    x->of.facts = facts;
    x->of.signed_at = ls_record_at(c->ws.record, a->signed_index).time;
    x->of.next = (uint32_t)ls_record_size(c->ws.record);
    if (x->of.signed_at == LS_TIME_OPEN) {
        x->of.signed_at = x->of.today;
    }
    return LS_SUCCESS;
}

/* The script. */

static ls_result read_script(cli_rehearsal *x)
{
    cli *c = x->c;
    ls_bytes text;
    ls_value *v = NULL;
    LS_TRY(cli_read(c, c->argument[0], &text));
    ls_diagnostics *d = cli_diagnostics(c, c->argument[0], text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_yaml_parse(&c->arena, text, d, &v));
    x->of.charter = x->charter;
    if (v != NULL) {
        ls_rehearsal_read(&c->arena, v, &x->of, d, &x->script);
    }
    ls_diagnostics_sort(d);
    return d->errors > 0 ? ls_fail(&ls_fault_document) : LS_SUCCESS;
}

/* Playing. */

static ls_result keep_columns(cli_rehearsal *x, const ls_rehearsed *played, cli_run *out)
{
    cli *c = x->c;
    out->why = played->why;
    out->columns = ls_arena_array(&c->arena, x->script.column_count + 1, sizeof *out->columns);
    for (size_t i = 0; out->columns != NULL && i < x->script.column_count; i++) {
        out->columns[i] = ls_arena_str(&c->arena, ls_bytes_str(played->columns[i]));
        if (out->columns[i] == NULL) {
            return ls_fail(&ls_fault_memory);
        }
    }
    return out->columns == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* In an arena of its own. What was right for each value alone may be wrong for some together. */
static ls_result run_one(cli_rehearsal *x, size_t run, ls_arena *arena)
{
    ls_rehearsal one;
    ls_rehearsed played;
    ls_diagnostics *d = ls_arena_alloc(arena, sizeof *d);
    const ls_value *script = ls_rehearsal_variant(arena, &x->script, run);
    if (d == NULL || script == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = arena;
    ls_rehearsal_read(arena, script, &x->of, d, &one);
    if (d->errors > 0) {
        x->c->diagnostics = d;
        ls_diagnostics_sort(d);
        return ls_fail(&ls_fault_document);
    }
    LS_TRY(ls_rehearsal_run(&one, arena, &played));
    return keep_columns(x, &played, &x->run[run]);
}

static ls_result run_all(cli_rehearsal *x)
{
    ls_result r = LS_SUCCESS;
    x->run = ls_arena_array(&x->c->arena, x->script.run_count, sizeof *x->run);
    if (x->run == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < x->script.run_count && ls_succeeded(r); i++) {
        ls_arena arena = {0};
        r = run_one(x, i, &arena);
        if (r.fault == &ls_fault_document) { /* its diagnostics are still to be shown */
            ls_arena_absorb(&x->c->arena, &arena);
        }
        ls_arena_free(&arena);
    }
    return r;
}

static ls_result play(cli_rehearsal *x)
{
    if (x->script.sweep_count > 0) {
        return run_all(x);
    }
    LS_TRY(ls_rehearsal_run(&x->script, &x->c->arena, &x->played));
    x->run = ls_arena_alloc(&x->c->arena, sizeof *x->run);
    return x->run == NULL ? ls_fail(&ls_fault_memory) : keep_columns(x, &x->played, x->run);
}

static ls_result run_rehearse(cli *c)
{
    cli_rehearsal x = {.c = c};
    ls_facts facts;
    const char *csv = cli_value(c, "csv");
    if (c->argument_count == 2) {
        ls_hint(&c->detail, "lockstep rehearse SCRIPT ROADMAP TEXT");
        return ls_fail_with(&ls_fault_usage, &c->detail, "an accord is two files, the roadmap and its text");
    }
    LS_TRY(find_charter(&x));
    LS_TRY(c->argument_count == 1 ? find_recorded(&x, &facts) : load_files(&x));
    LS_TRY(read_script(&x));
    cli_print_diagnostics(c, stderr);
    LS_TRY(play(&x));
    LS_TRY(csv == NULL ? LS_SUCCESS : cli_rehearsal_write_csv(&x, csv));
    if (c->json) {
        return cli_rehearsal_print_json(&x);
    }
    cli_mark(c, x.charter->exercise);
    cli_rehearsal_print(&x);
    if (csv != NULL) {
        cli_print("%zu line%s written to %s\n", x.script.run_count, x.script.run_count == 1 ? " is" : "s are", csv);
    }
    return LS_SUCCESS;
}

const cli_verb cli_verb_rehearse = {
    "rehearse",
    "SCRIPT [ROADMAP TEXT]",
    "play an accord through: what if somebody is late, silent, or objects",
    "Plays an accord day by day as a script says that its parties behave, and shows what happens when and where it\n"
    "ends. Of two files that nobody has signed, or, without them, of an accord on the record, from today on. With\n"
    "a sweep in the script it is played with every value, and told in a line for each. Signs nothing, changes "
    "nothing,\n"
    "tells nobody; with --charter it needs no workspace. docs/rehearsal.md describes scripts.",
    "  lockstep -C rok rehearse rehearsal.yaml roadmap.yaml accord.md",
    1,
    3,
    {{"charter", "FILE", "the parties and the rules of time, instead of a workspace's (charter.yaml)"},
     {"csv", "FILE", "write the report's columns, a line for each run"},
     {0}},
    run_rehearse};
