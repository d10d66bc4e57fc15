/* text propose: a working copy becomes an edit. */
#include "cli/texts.h"

typedef struct proposing {
    cli *c;
    ls_negotiation n;
    ls_bytes text;
    ls_copy_edit edit;
} proposing;

/* With --roadmap the file is plain prose, and both are joined. */
static ls_result read_text(proposing *x)
{
    cli *c = x->c;
    ls_bytes roadmap;
    ls_buf joined = {0};
    LS_TRY(cli_read(c, c->argument[1], &x->text));
    if (cli_value(c, "roadmap") == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_read(c, cli_value(c, "roadmap"), &roadmap));
    ls_result r = ls_copy_join(x->text, roadmap, &joined);
    const char *kept = ls_succeeded(r) ? ls_arena_str(&c->arena, ls_buf_bytes(&joined)) : NULL;
    x->text = kept == NULL ? (ls_bytes){0} : ls_bytes_of(kept, joined.len);
    ls_buf_free(&joined);
    return ls_succeeded(r) && kept == NULL ? ls_fail(&ls_fault_memory) : r;
}

/* A copy says its language; other prose is in the first. */
static size_t language_of_copy(const proposing *x)
{
    ls_copy_head head;
    size_t language =
        ls_copy_head_read(x->text, &head) ? ls_text_language(&x->n.opening, head.language) : LS_TEXT_NOWHERE;
    return language == LS_TEXT_NOWHERE ? 0 : language;
}

static ls_result read_copy(proposing *x)
{
    cli *c = x->c;
    ls_copy_options options = {.text = x->n.name,
                               .party = cli_negotiator(x->c, &x->n),
                               .delete_missing = cli_flag(c, "delete-missing"),
                               .ad_referendum = cli_flag(c, "ad-referendum")};
    LS_TRY(read_text(x));
    LS_TRY(cli_text_language(c, &x->n, language_of_copy(x), &options.language));
    ls_diagnostics *d = cli_diagnostics(c, c->argument[1], x->text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = ls_copy_read(&c->arena, &x->n.state, &options, x->text, d, &x->edit);
    return r.fault == &ls_fault_text_form && d->errors > 0 ? ls_fail(&ls_fault_document) : r;
}

/* One note to all positions that it takes. */
static void put_note(proposing *x)
{
    const char *note = cli_value(x->c, "note");
    for (size_t i = 0; note != NULL && i < x->edit.edit.count; i++) {
        ls_text_op *op = &x->edit.edit.op[i];
        if (op->kind == LS_OP_PROPOSE || op->kind == LS_OP_DELETE) {
            op->note = ls_bytes_str(note);
        }
    }
}

static ls_result check_any(proposing *x)
{
    cli *c = x->c;
    if (x->edit.edit.count > 0) {
        return LS_SUCCESS;
    }
    if (x->edit.missing > 0) {
        ls_hint(&c->detail, "%zu paragraph%s taken out of it: to propose that they be deleted, add --delete-missing",
                x->edit.missing, x->edit.missing == 1 ? " was" : "s were");
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s says what this party's text says already: nothing is proposed",
                        c->argument[1]);
}

static void print_counts(proposing *x)
{
    const ls_copy_edit *e = &x->edit;
    if (x->c->json || cli_flag(x->c, "yes")) {
        return;
    }
    cli_mark(x->c, x->c->ws.exercise);
    cli_print("%zu new, %zu changed, %zu to be deleted; %zu of them would reopen what is agreed.\n", e->inserted,
              e->proposed, e->deleted, e->reopening);
    if (e->missing > 0) {
        cli_print("%zu that %s taken out of the file %s left alone (--delete-missing would delete).\n", e->missing,
                  e->missing == 1 ? "was" : "were", e->missing == 1 ? "is" : "are");
    }
    cli_print("\n");
}

static ls_result run_propose(cli *c)
{
    proposing *x = ls_arena_alloc(&c->arena, sizeof *x);
    if (x == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *x = (proposing){.c = c};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_negotiation_open(c, c->argument[0], &CLI_UPTO_NOW, &x->n));
    LS_TRY(cli_negotiation_take_part(c, &x->n));
    LS_TRY(read_copy(x));
    LS_TRY(check_any(x));
    put_note(x);
    cli_negotiation_print_missing(c, &x->n, stderr);
    print_counts(x);
    const cli_text_deed deed = {.edit = &x->edit.edit, .what = "proposal"};
    return cli_text_sign(c, &x->n, &deed);
}

const cli_verb cli_verb_text_propose = {
    "text propose",
    "NAME FILE",
    "propose what was changed in a file of text edit",
    "Reads a working copy back, shows what it changes, words against words, and who will read it, asks, and signs "
    "that\n"
    "as this party's position. What is not changed is not proposed, also where the text has moved on since the copy "
    "was\n"
    "written. A paragraph without a mark is new. Changes of what is agreed are wishes to reopen it. Letters that look\n"
    "like others are pointed out. To go on afterwards, write a new copy: in this one what is new has no marks.",
    "  lockstep -C dprk text propose first-accord draft.md\n"
    "  lockstep -C rok text propose first-accord draft.ko.md --ad-referendum",
    2,
    2,
    {{"language", "NAME", "the language of a file that text edit did not write (default: the first)"},
     {"delete-missing", NULL, "propose to delete the paragraphs that were taken out of the file"},
     {"ad-referendum", NULL, "subject to word from the capital"},
     {"note", "TEXT", "a footnote to each of these positions, for the same readers"},
     {"roadmap", "FILE", "a whole roadmap in YAML; then FILE is prose without marks, and both are new"},
     {0}},
    run_propose};
