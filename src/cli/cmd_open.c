/* open: a tranche or rows of what was declared; a preview of what becomes known to whom, then the act. */
#include "cli/open.h"

static ls_result choose_fields(cli *c, const ls_declared *d, ls_open_request *q)
{
    const char *list = cli_value(c, "fields");
    if (list == NULL) {
        return LS_SUCCESS;
    }
    bool *chosen = ls_arena_array(&c->arena, d->field_count, sizeof *chosen);
    if (chosen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_reader r = ls_reader_of(ls_bytes_str(list));
    for (ls_bytes name; ls_read_until(&r, ',', &name);) {
        size_t i = 0;
        while (i < d->field_count && !ls_bytes_equal(d->fields[i], name)) {
            i++;
        }
        if (i == d->field_count) {
            ls_hint(&c->detail, "fields are separated by commas: --fields id,name");
            return ls_fail_with(&ls_fault_usage, &c->detail, "the declaration has no field \"%.*s\"", (int)name.len,
                                (const char *)name.ptr);
        }
        chosen[i] = true;
    }
    q->fields = chosen;
    return LS_SUCCESS;
}

const char *cli_field_list(cli *c, const ls_declared *d, const bool *fields)
{
    ls_buf list = {0};
    for (size_t i = 0; i < d->field_count; i++) {
        if (fields == NULL || fields[i]) {
            ls_buf_put_str(&list, list.len > 0 ? ", " : "");
            ls_buf_put_bytes(&list, d->fields[i]);
        }
    }
    const char *text = cli_text(c, ls_buf_bytes(&list));
    ls_buf_free(&list);
    return text;
}

static void print_tranche_preview(cli *c, const ls_declared *d, const ls_open_request *q, const ls_opening_files *files)
{
    /* Of a field opening blank rows are not counted: a row may be real and have none of these fields. */
    const ls_opening_file *f = &files->file[0];
    cli_paragraph("Tranche %u (\"%s\") of %s: %llu rows, in %zu declaration%s.", q->tranche,
                  cli_text(c, d->labels[q->tranche - 1]), cli_text(c, d->name), (unsigned long long)f->rows, f->parts,
                  f->parts == 1 ? "" : "s");
    for (size_t i = 0; i < files->count; i++) {
        f = &files->file[i];
        if (f->fields == NULL) {
            cli_paragraph("What becomes known to %s: every value of these rows (%llu are blank), and that"
                          " there are no others in this tranche. Nothing about the other tranches.",
                          cli_readers(c, f->audience), (unsigned long long)f->blank);
        } else {
            cli_paragraph("What becomes known to %s: of each of these rows %s, and that there are no other rows in this"
                          " tranche. Nothing of the other fields, and nothing about the other tranches.",
                          cli_readers(c, f->audience), cli_field_list(c, d, f->fields));
        }
    }
}

static void print_rows_preview(cli *c, const ls_declared *d, const ls_opening_files *files)
{
    const ls_opening_file *f = &files->file[0];
    cli_paragraph("%llu row%s of %s. What becomes known to %s: %s; the tranche, and the position in it. Nothing about"
                  " other rows: not how many are real, not what stands beside them.",
                  (unsigned long long)f->rows, f->rows == 1 ? "" : "s", cli_text(c, d->name),
                  cli_readers(c, f->audience), cli_field_list(c, d, f->fields));
}

/* An opening can't be taken back: who opens before the accord asks for it is told so. */
static ls_result warn_early(cli *c, const ls_open_request *q)
{
    const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)q->accord)->roadmap;
    ls_state_query query;
    ls_accord_state s;
    ls_facts facts;
    ls_time now;
    LS_TRY(ls_workspace_now(&c->ws, &now, &c->detail));
    ls_record_query(c->ws.record, (size_t)q->accord, now, now, &facts, &query);
    LS_TRY(ls_state_eval(&query, &c->arena, &s));
    for (size_t i = 0; i < m->measure_count; i++) {
        if (!ls_bytes_equal(m->measures[i].opens, q->declaration) || m->measures[i].opens_tranche != q->tranche) {
            continue;
        }
        ls_state state = s.measure[i].state;
        if (state == LS_PENDING) {
            cli_print("warning: %s is pending: what it waits for has not happened. Nothing obliges you yet.\n",
                      cli_text(c, m->measures[i].id));
        } else if (state == LS_PERFORMED || state == LS_CONFIRMED) {
            cli_print("warning: %s is %s already; this opens the tranche again.\n", cli_text(c, m->measures[i].id),
                      ls_state_name(state));
        }
    }
    return LS_SUCCESS;
}

/* draw: whose rows are opened, or NULL. */
static ls_result show_preview(cli *c, const ls_declared *d, const ls_open_request *q, const cli_opened_draw *draw,
                              const ls_opening_files *files)
{
    cli_mark(c, c->ws.exercise);
    if (draw != NULL) {
        cli_print_drawn_preview(c, d, draw, q, files);
        return LS_SUCCESS;
    }
    if (q->tranche > 0) {
        print_tranche_preview(c, d, q, files);
        return warn_early(c, q);
    }
    print_rows_preview(c, d, files);
    return LS_SUCCESS;
}

static ls_result write_excerpt(cli *c, const ls_open_request *q, const ls_filed *filed)
{
    const char *out = cli_value(c, "out");
    char standard[LS_NAME_MAX + 64];
    if (q->tranche > 0) {
        snprintf(standard, sizeof standard, "%.*s-tranche-%u.lockstep", (int)q->declaration.len,
                 (const char *)q->declaration.ptr, q->tranche);
    } else {
        snprintf(standard, sizeof standard, "%.*s-rows-%llu.lockstep", (int)q->declaration.len,
                 (const char *)q->declaration.ptr, (unsigned long long)filed->receipt.index);
    }
    out = out != NULL ? out : standard;
    LS_TRY(ls_workspace_excerpt_opening(&c->ws, q, filed->receipt.index, out, &c->detail));
    if (!c->json) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&c->ws.process, hex);
        cli_print("The opening with its proofs is in %s. Anyone checks it with:\n  lockstep-verify %s --charter %s\n",
                  out, out, hex);
    }
    return LS_SUCCESS;
}

static ls_result open_rows(cli *c, const ls_declared *d, const ls_open_request *q, const cli_opened_draw *draw)
{
    ls_opening_files files;
    ls_filed filed = {0};
    LS_TRY(ls_workspace_make_openings(&c->ws, q, &files, &c->detail));
    ls_result r = c->json ? LS_SUCCESS : show_preview(c, d, q, draw, &files);
    r = ls_succeeded(r) ? cli_confirm(c, "Sign and file this opening?") : r;
    if (ls_succeeded(r)) {
        r = ls_workspace_open_act(&c->ws, q, &files, cli_signers(c), &filed, &c->detail);
    }
    ls_opening_files_discard(&files);
    LS_TRY(r);
    LS_TRY(cli_report_filed(c, ls_arena_format(&c->arena, "open %.*s", (int)d->name.len, (const char *)d->name.ptr),
                            &filed));
    return filed.filing == LS_FILED ? write_excerpt(c, q, &filed) : LS_SUCCESS;
}

/* The challenge that it answers: opened is what had been declared before. */
static ls_result take_challenge(cli *c, ls_open_request *q, ls_hash *id)
{
    const char *name = cli_value(c, "challenge");
    const ls_inspected *challenge;
    if (name == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_find_inspected(c, CLI_ABOUT(CHALLENGE), name, &q->accord, &challenge));
    if (challenge->rule->of != cli_own_party(c)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "this challenge is %s's to answer",
                            cli_party_name(c, challenge->rule->of));
    }
    *id = ls_record_at(c->ws.record, challenge->index).id;
    q->ref = id;
    q->before = challenge->index;
    return LS_SUCCESS;
}

static ls_result run_drawn(cli *c)
{
    static const char *const others[] = {"tranche", "row", "fields", "audience", "challenge", "declaration"};
    cli_opened_draw draw;
    ls_open_request q;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (cli_flag(c, others[i])) {
            ls_hint(&c->detail, "lockstep open --draw DRAW, and nothing else");
            return ls_fail_with(&ls_fault_usage, &c->detail,
                                "what is opened for a draw, and to whom, follows from draw and accord: no --%s",
                                others[i]);
        }
    }
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_open_draw(c, cli_value(c, "draw"), &draw, &q));
    return open_rows(c, draw.drawing.declared, &q, &draw);
}

static ls_result run_open(cli *c)
{
    ls_open_request q = {0};
    const ls_declared *declared;
    uint64_t tranche = 0;
    ls_hash challenge;
    if (cli_flag(c, "draw")) {
        return run_drawn(c);
    }
    LS_TRY(cli_number(c, "tranche", UINT32_MAX, &tranche));
    q.tranche = (uint32_t)tranche;
    q.ids = cli_values(c, "row", &q.id_count);
    if ((q.tranche == 0) == (q.id_count == 0) || (q.tranche > 0 && cli_flag(c, "fields"))) {
        ls_hint(&c->detail, "lockstep open --tranche 1, or: lockstep open --row ID --row ID --fields name,status");
        return ls_fail_with(&ls_fault_usage, &c->detail, "open a tranche as a whole, or rows by their ids");
    }
    LS_TRY(cli_sync(c));
    LS_TRY(cli_find_declared(c, &q.accord, &declared));
    q.declaration = declared->name;
    if (q.tranche > declared->tranche_count) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the declaration has tranches 1 to %zu",
                            declared->tranche_count);
    }
    LS_TRY(take_challenge(c, &q, &challenge));
    LS_TRY(choose_fields(c, declared, &q));
    LS_TRY(cli_audience(c, &q.audience));
    return open_rows(c, declared, &q, NULL);
}

const cli_verb cli_verb_open = {
    "open",
    "--tranche K | --row ID | --draw DRAW",
    "open a tranche, or rows, of what was declared",
    "Makes the opening, checks it as a stranger would, shows exactly what becomes known to whom, asks, and files it.\n"
    "A tranche's opening proves that nothing is left out of it; a row's opening says nothing about other rows. To an\n"
    "audience that the accord does not show every field, only its own fields are opened, of every row. For a draw the\n"
    "rows are opened that it chose, blank ones as blank, and a replacement for each of these. Beside the act it "
    "writes\n"
    "one file with all proofs that everyone in the process may see, which anyone checks offline.",
    "  lockstep -C dprk open --tranche 1\n"
    "  lockstep -C dprk open --row site-yongbyon --fields id,name\n"
    "  lockstep -C dprk open --draw 31\n"
    "  lockstep -C dprk open --challenge 42 --row farm-7",
    0,
    0,
    {{"tranche", "K", "the whole tranche with this number, to the audiences that the accord names"},
     {"row", "ID", "the row with this id; may be repeated"},
     {"fields", "LIST", "only these fields, separated by commas"},
     {"audience", "NAME", "who sees the rows: public, process (default), or one of the charter's audiences"},
     {"draw", "DRAW", "the rows that this draw chose, to the audiences that the accord names"},
     {"challenge", "ACT", "with --row: in answer to this challenge"},
     {"declaration", "NAME", "which declaration of the accord, where there are several"},
     {"out", "FILE", "the file with the proofs (default: named after the declaration, in this folder)"},
     {0}},
    run_open};
