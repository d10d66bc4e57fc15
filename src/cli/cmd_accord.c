/* accord new, check, propose, sign, show. */
#include "base/value.h"
#include "cli/cli.h"
#include <stdio.h>

#define DAY 86400
#define OPEN_DAYS_DEFAULT 30

/* new: two files that `check` accepts as they are, to be changed. */

static void write_text(ls_buf *out)
{
    ls_buf_put_str(out,
                   "# Title of the accord\n\n"
                   "[p1] The parties reaffirm what they declared before, and agree as follows. Each paragraph begins"
                   " with its\nidentifier in brackets; measures in the roadmap point at it.\n\n"
                   "[p2] The first party does what the roadmap says within thirty days of entry into force.\n\n"
                   "[p3] The second party answers within thirty days of confirmation.\n");
}

static void write_roadmap(cli *c, const ls_charter *charter, ls_buf *out)
{
    const char *first = cli_text(c, charter->party[0].name), *second = cli_text(c, charter->party[1].name);
    ls_buf_put_str(out, "# The roadmap: who does what, by when, after what, and who verifies it. docs/roadmap.md\n"
                        "roadmap: 1\nname: accord\ntitle: \"Title of the accord\"\nparties: [");
    ls_buf_format(out, "%s, %s]\n\ntracks:\n  - {id: main, title: \"The only track\"}\n\nsteps:\n", first, second);
    ls_buf_format(
        out,
        "  - id: step-1\n    title: \"First step\"\n    track: main\n    measures:\n"
        "      - id: first-measure\n        by: %s\n        what: \"What %s does\"\n        paragraph: p2\n"
        "        after: [in force]\n        due: 30 days after in force\n        verified-by: [%s]\n"
        "      - id: answer\n        by: %s\n        what: \"What %s does in return\"\n        paragraph: p3\n"
        "        after: [first-measure confirmed]\n        due: 30 days after first-measure confirmed\n"
        "        verified-by: [%s]\n",
        first, first, second, second, second, first);
}

static ls_result run_new(cli *c)
{
    ls_buf roadmap = {0}, text = {0};
    LS_TRY(cli_sync(c));
    const ls_charter *charter = ls_record_charter(c->ws.record);
    if (charter == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    write_roadmap(c, charter, &roadmap);
    write_text(&text);
    ls_result r = ls_file_create(c->argument[0], ls_buf_bytes(&roadmap), &c->detail);
    if (ls_succeeded(r)) {
        r = ls_file_create(c->argument[1], ls_buf_bytes(&text), &c->detail);
        if (ls_failed(r)) { /* both or none */
            (void)ls_failed(ls_file_remove(c->argument[0], NULL));
        }
    }
    ls_buf_free(&roadmap);
    ls_buf_free(&text);
    LS_TRY(r);
    if (c->json) {
        return cli_print_json(c, charter->exercise,
                              json_pack("{s:o, s:o}", "roadmap", ls_show_text_json(c->argument[0]), "text",
                                        ls_show_text_json(c->argument[1])));
    }
    cli_mark(c, charter->exercise);
    cli_print("%s and %s are drafts that pass the check as they are. Change them, then:\n"
              "  lockstep accord check %s %s\n",
              c->argument[0], c->argument[1], c->argument[0], c->argument[1]);
    return LS_SUCCESS;
}

const cli_verb cli_verb_accord_new = {
    "accord new",
    "ROADMAP TEXT",
    "draft an accord: a roadmap in YAML and its text",
    "Writes two small files, the roadmap and the prose that its measures point at, for the parties of this process.",
    "  lockstep -C rok accord new roadmap.yaml accord.md",
    2,
    2,
    {{0}},
    run_new};

/* check */

static ls_result need_charter(cli *c)
{
    if (ls_record_charter(c->ws.record) != NULL) {
        return LS_SUCCESS;
    }
    return ls_workspace_no_process(&c->ws, &c->detail);
}

static ls_result run_check(cli *c)
{
    cli_accord accord;
    const ls_roadmap *m;
    LS_TRY(cli_sync(c));
    LS_TRY(need_charter(c));
    const ls_charter *charter = ls_record_charter(c->ws.record);
    LS_TRY(cli_accord_read(c, c->argument[0], c->argument[1], charter, &accord, &m));
    if (c->json) {
        return cli_print_json(c, charter->exercise,
                              json_pack("{s:b, s:i, s:i}", "valid", 1, "measures", (int)m->measure_count, "warnings",
                                        (int)accord.yaml_d->count));
    }
    cli_print_diagnostics(c, stdout);
    cli_mark(c, charter->exercise);
    cli_print("%s: %zu measures in %zu steps on %zu tracks, ready to propose.\n", c->argument[0], m->measure_count,
              m->step_count, m->track_count);
    cli_print_roadmap(c, m, charter);
    return LS_SUCCESS;
}

const cli_verb cli_verb_accord_check = {
    "accord check",
    "ROADMAP TEXT",
    "check an accord before anyone signs it",
    "Reads the roadmap and the text it points at, and says everything that is wrong at once, with file, line and\n"
    "column. Changes nothing.",
    "  lockstep -C rok accord check roadmap.yaml accord.md",
    2,
    2,
    {{0}},
    run_check};

/* propose */

static ls_result propose(cli *c, const cli_accord *accord, const ls_further *further, size_t count, ls_draft *draft)
{
    uint64_t days = OPEN_DAYS_DEFAULT;
    ls_time now;
    unsigned added;
    int amends = -1;
    LS_TRY(cli_number(c, "open-days", 3650, &days));
    LS_TRY(cli_flag(c, "amends") ? cli_find_accord(c, &amends) : LS_SUCCESS);
    LS_TRY(ls_workspace_now(&c->ws, &now, &c->detail));
    const ls_accord_proposal proposal = {.yaml = accord->yaml,
                                         .text = accord->text,
                                         .further = further,
                                         .further_count = count,
                                         .amends = amends,
                                         .open_until = now + (ls_time)days * DAY};
    ls_result r = ls_workspace_propose_accord(&c->ws, &proposal, accord->yaml_d, accord->text_d, draft, &c->detail);
    LS_TRY(cli_accord_settle(c, accord, r));
    LS_TRY(cli_confirm(c, "Sign this accord?"));
    return ls_workspace_sign(&c->ws, &draft->note, cli_signers(c), &added, &c->detail);
}

static ls_result write_proposal(cli *c, const char *out, ls_draft *draft)
{
    ls_act act;
    char missing[1024];
    LS_TRY(ls_act_parse(ls_buf_bytes(&draft->note), true, &act, &c->detail));
    LS_TRY(ls_draft_write(draft, out, &c->detail));
    if (c->json) {
        return cli_print_json(c, act.exercise, cli_json_draft(c, &act, out));
    }
    ls_act_missing_signers(&act, missing, sizeof missing);
    cli_mark(c, act.exercise);
    cli_print(
        "The accord's id is %s\nStill missing: %s\nHand %s to them; each adds a signature with: lockstep sign %s\n",
        cli_short(c, &act.id), missing, out, out);
    return LS_SUCCESS;
}

ls_result cli_accord_propose(cli *c, const cli_accord *accord, const ls_further *further, size_t count)
{
    ls_draft draft = {0};
    const char *out = cli_value(c, "out");
    ls_result r = propose(c, accord, further, count, &draft);
    r = ls_succeeded(r) ? write_proposal(c, out != NULL ? out : "accord.lockstep", &draft) : r;
    ls_draft_free(&draft);
    return r;
}

static ls_result run_propose(cli *c)
{
    cli_accord accord;
    LS_TRY(cli_sync(c));
    LS_TRY(need_charter(c));
    LS_TRY(cli_accord_open(c, c->argument[0], c->argument[1], &accord));
    return cli_accord_propose(c, &accord, NULL, 0);
}

const cli_verb cli_verb_accord_propose = {
    "accord propose",
    "ROADMAP TEXT",
    "sign an accord first, and make the file that the others sign",
    "Makes the accord's act from the roadmap and the text, signs it with this workspace's signers where this party is\n"
    "one of the accord's, and writes a file that the others sign in any order. It is in force when the last required\n"
    "party has signed the same bytes. With --amends it comes in the place of an accord on the record: the same "
    "parties\n"
    "sign it, measures of the same name go on with all that was said about them, and acts name the new version.",
    "  lockstep -C rok accord propose roadmap.yaml accord.md --out accord.lockstep\n"
    "  lockstep -C rok accord propose roadmap-2.yaml accord-2.md --amends",
    2,
    2,
    {{"out", "FILE", "the file for the others (default: accord.lockstep)"},
     {"open-days", "N", "how many days it may take to sign (default: 30)"},
     {"amends", NULL, "a new version of the accord that --accord names, or of the only one"},
     {0}},
    run_propose};

/* sign: the same as `lockstep sign`, under the name that one looks for. */

static ls_result run_sign(cli *c)
{
    return cli_verb_sign.run(c);
}

const cli_verb cli_verb_accord_sign = {
    "accord sign",
    "FILE",
    "sign an accord that another party proposed",
    "The same as `lockstep sign FILE`: shows the accord, checks that roadmap and signed form say the same, asks, and\n"
    "signs. The last signature files it.",
    "  lockstep -C usa accord sign accord.lockstep",
    1,
    1,
    {{0}},
    run_sign};

/* show */

static ls_result run_show(cli *c)
{
    int index;
    char hex[LS_HEX_HASH_SIZE];
    LS_TRY(cli_sync(c));
    LS_TRY(need_charter(c));
    LS_TRY(cli_find_accord(c, &index));
    const ls_accord *a = ls_record_accord(c->ws.record, (size_t)index);
    ls_hash_format(&a->id, hex);
    if (c->json) {
        json_t *roadmap = json_loadb((const char *)a->roadmap_json.ptr, a->roadmap_json.len, 0, NULL);
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:s, s:I, s:o, s:o, s:o}", "id", hex, "index", (json_int_t)a->index, "text",
                                        cli_json_bytes(a->text), "in_force",
                                        cli_json_time(ls_record_at(c->ws.record, a->index).time), "roadmap", roadmap));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s\naccord %s, entry %llu of the record\n\n%s\n", cli_text(c, a->roadmap->title), hex,
              (unsigned long long)a->index, cli_text(c, a->text));
    cli_print_roadmap(c, a->roadmap, ls_record_charter(c->ws.record));
    return LS_SUCCESS;
}

const cli_verb cli_verb_accord_show = {"accord show",
                                       "",
                                       "show an accord: its text and its measures",
                                       "Shows the text and the roadmap as they were signed.",
                                       "  lockstep -C usa accord show",
                                       0,
                                       0,
                                       {{0}},
                                       run_show};
