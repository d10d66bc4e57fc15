/* readout compare: what each side says of one meeting, claim by claim, and what the record proves. */
#include "cli/readouts.h"
#include "cli/talking.h"
#include "readout/compare.h"
#include "yaml/yaml.h"
#include <stdio.h>

typedef struct comparing {
    cli *c;
    bool recorded;
    ls_published_all found;
    size_t side_count;
    ls_side *side;
    const cli_readout **from; /* of each side */
    ls_alignment alignment;
    ls_comparison comparison;
    ls_buf notes; /* of const char *: what was left out, and why */
} comparing;

static bool exercise_of(const comparing *x)
{
    return x->recorded && ls_record_charter(x->c->ws.record)->exercise;
}

/* Sides. */

static void add_side(comparing *x, ls_bytes name, const cli_readout *r)
{
    const ls_charter *charter = x->recorded ? ls_record_charter(x->c->ws.record) : NULL;
    const ls_party *party = charter == NULL ? NULL : ls_charter_party(charter, name);
    x->side[x->side_count] = (ls_side){name, party == NULL ? (ls_bytes){0} : party->title, name, &r->readout};
    x->from[x->side_count++] = r;
}

/* usa of usa=FILE, and of readout-usa.yaml. */
static ls_bytes side_name(const char *given, const char **path)
{
    const char *equals = strchr(given, '='), *slash = strrchr(given, '/');
    *path = equals == NULL ? given : equals + 1;
    if (equals != NULL) {
        return ls_bytes_of(given, (size_t)(equals - given));
    }
    ls_bytes name = ls_bytes_str(slash == NULL ? given : slash + 1);
    const uint8_t *dot = memchr(name.ptr, '.', name.len);
    name.len = dot == NULL ? name.len : (size_t)(dot - name.ptr);
    const size_t begin = strlen("readout-");
    return ls_bytes_starts(name, "readout-") && name.len > begin ? ls_bytes_of(name.ptr + begin, name.len - begin)
                                                                 : name;
}

static ls_result add_file(comparing *x, const char *given)
{
    cli *c = x->c;
    const char *path;
    ls_bytes name = side_name(given, &path);
    cli_readout *r = ls_arena_alloc(&c->arena, sizeof *r);
    if (r == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (!ls_name_valid(name)) {
        ls_hint(&c->detail, "say whose it is: usa=%s", path);
        return ls_fail_with(&ls_fault_usage, &c->detail, "a readout can't have the name %s", cli_text(c, name));
    }
    for (size_t i = 0; i < x->side_count; i++) {
        if (ls_bytes_equal(x->side[i].name, name)) {
            ls_hint(&c->detail, "give this one another name: %s-2=%s", cli_text(c, name), path);
            return ls_fail_with(&ls_fault_usage, &c->detail, "there is a readout %s already%s", cli_text(c, name),
                                x->from[i]->published ? ", on the record" : "");
        }
    }
    LS_TRY(cli_readout_load(c, path, r));
    if (!c->json) {
        cli_print_diagnostics(c, stderr);
    }
    add_side(x, name, r);
    return LS_SUCCESS;
}

static bool has_malformed(const comparing *x)
{
    for (size_t i = 0; i < x->found.left_count; i++) {
        if (x->found.left[i].malformed) {
            return true;
        }
    }
    return false;
}

static void note_left(comparing *x)
{
    for (size_t i = 0; i < x->found.left_count; i++) {
        const ls_left_out *l = &x->found.left[i];
        ls_record_entry e = ls_record_at(x->c->ws.record, l->index);
        const char *note = ls_arena_format(&x->c->arena, "Left out: the readout of %s in act %s, entry %llu: %s.",
                                           cli_party_name(x->c, l->by), cli_short(x->c, &e.id),
                                           (unsigned long long)l->index, cli_text(x->c, ls_bytes_str(l->why)));
        ls_buf_put(&x->notes, &note, sizeof note);
    }
}

static ls_result collect(comparing *x)
{
    cli *c = x->c;
    if (x->recorded) {
        const ls_talk *meeting;
        LS_TRY(cli_find_named(c, LS_H_MEETING, c->argument[0], &meeting));
        LS_TRY(cli_readouts_of(c, meeting, &x->found));
        note_left(x);
    }
    size_t room = x->found.count + (size_t)c->argument_count;
    x->side = ls_arena_array(&c->arena, room, sizeof *x->side);
    x->from = ls_arena_array(&c->arena, room, sizeof *x->from);
    if (x->side == NULL || x->from == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < x->found.count; i++) {
        cli_readout *r = ls_arena_alloc(&c->arena, sizeof *r);
        if (r == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        cli_readout_take(x->found.readout[i], r);
        add_side(x, r->act.by.name[0], r);
    }
    for (int i = 1; i < c->argument_count; i++) {
        LS_TRY(add_file(x, c->argument[i]));
    }
    return LS_SUCCESS;
}

static ls_result align(comparing *x)
{
    cli *c = x->c;
    const char *path = cli_value(c, "alignment");
    ls_bytes text;
    ls_value *v = NULL;
    if (path == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_read(c, path, &text));
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_yaml_parse(&c->arena, text, d, &v));
    if (v != NULL) {
        ls_alignment_read(&c->arena, v, x->side, x->side_count, d, &x->alignment);
    }
    ls_diagnostics_sort(d);
    return d->errors == 0 ? LS_SUCCESS : c->arena.failed ? ls_fail(&ls_fault_memory) : ls_fail(&ls_fault_document);
}

/* Results. */

static void print_notes(const comparing *x)
{
    const char *const *note = (const char *const *)(const void *)x->notes.ptr;
    for (size_t i = 0; i < x->notes.len / sizeof *note; i++) {
        cli_print("%s\n", note[i]);
    }
    cli_print("%s", x->notes.len > 0 ? "\n" : "");
}

static ls_result write_page(comparing *x)
{
    cli *c = x->c;
    ls_buf html = {0};
    if (cli_value(c, "html") == NULL) {
        return LS_SUCCESS;
    }
    ls_comparison_page page = {.meeting = ls_bytes_str(c->argument[0]),
                               .note_count = x->notes.len / sizeof(const char *),
                               .note = (const char *const *)(const void *)x->notes.ptr};
    if (x->recorded) {
        const ls_charter *charter = ls_record_charter(c->ws.record);
        page.exercise = charter->exercise;
        page.process = charter->title.len > 0 ? charter->title : charter->name;
        page.record = ls_bytes_str(cli_readout_as_of(c));
    }
    return cli_readout_write(c, ls_comparison_html(&x->comparison, &page, &html), &html);
}

static void print_sides(comparing *x)
{
    cli *c = x->c;
    cli_table t = {.columns = 4, .heading = {"readout", "act", "signed by", "headline"}};
    for (size_t i = 0; i < x->side_count; i++) {
        const cli_readout *r = x->from[i];
        const char *const cells[] = {cli_text(c, x->side[i].name), r->published ? cli_short(c, &r->act.id) : "a file",
                                     r->published ? cli_text(c, r->act.raw[LS_H_SIGNERS]) : "nobody",
                                     cli_text(c, r->readout.headline)};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
    putchar('\n');
}

static ls_result print_text(comparing *x)
{
    cli *c = x->c;
    ls_buf text = {0};
    ls_result r = ls_comparison_text(&x->comparison, &text);
    if (ls_succeeded(r)) {
        cli_mark(c, exercise_of(x));
        print_sides(x);
        print_notes(x);
        if (x->recorded) {
            cli_print("The record: %s\n\n", cli_readout_as_of(c));
        }
        cli_print("%s", cli_text(c, ls_buf_bytes(&text)));
    }
    ls_buf_free(&text);
    return r;
}

static json_t *left_json(const comparing *x)
{
    json_t *list = json_array();
    for (size_t i = 0; i < x->found.left_count; i++) {
        const ls_left_out *l = &x->found.left[i];
        ls_record_entry e = ls_record_at(x->c->ws.record, l->index);
        json_array_append_new(list, json_pack("{s:s, s:o, s:I, s:s, s:b}", "party", cli_party_name(x->c, l->by), "act",
                                              cli_json_hash(&e.id), "entry", (json_int_t)l->index, "why",
                                              cli_text(x->c, ls_bytes_str(l->why)), "malformed", l->malformed));
    }
    return list;
}

static json_t *acts_json(const comparing *x)
{
    json_t *o = json_object();
    for (size_t i = 0; i < x->side_count; i++) {
        const cli_readout *r = x->from[i];
        json_object_set_new(o, cli_text(x->c, x->side[i].name), r->published ? cli_json_hash(&r->act.id) : json_null());
    }
    return o;
}

static ls_result comparison_json(const comparing *x, json_t **out)
{
    ls_buf text = {0};
    if (x->side_count == 0) {
        *out = json_pack("{s:[], s:[]}", "readouts", "topics");
        return LS_SUCCESS;
    }
    LS_TRY(ls_comparison_json(&x->comparison, &text));
    *out = json_loadb((const char *)text.ptr, text.len, 0, NULL);
    ls_buf_free(&text);
    return LS_SUCCESS;
}

static ls_result print_json(comparing *x)
{
    cli *c = x->c;
    json_t *o;
    LS_TRY(comparison_json(x, &o));
    if (o != NULL) {
        json_object_set_new(o, "meeting", ls_show_text_json(c->argument[0]));
        json_object_set_new(o, "record", x->recorded ? json_string(cli_readout_as_of(c)) : json_null());
        json_object_set_new(o, "acts", acts_json(x));
        json_object_set_new(o, "left_out", left_json(x));
    }
    return cli_print_json(c, exercise_of(x), o);
}

/* Nothing that can be compared; what there is was said. */
static ls_result say_nothing(comparing *x)
{
    cli *c = x->c;
    if (x->found.left_count == 0) {
        ls_hint(&c->detail, "lockstep readout publish %s FILE", c->argument[0]);
        return ls_fail_with(&ls_fault_usage, &c->detail, "nobody has published a readout about %s", c->argument[0]);
    }
    if (c->json) {
        LS_TRY(print_json(x));
    } else {
        cli_mark(c, exercise_of(x));
        print_notes(x);
    }
    return ls_fail_with(has_malformed(x) ? &ls_fault_readout_form : &ls_fault_usage, &c->detail,
                        "no readout about %s can be compared", c->argument[0]);
}

static ls_result work_out(comparing *x)
{
    cli *c = x->c;
    ls_prover prover;
    LS_TRY(align(x));
    if (x->recorded) {
        LS_TRY(cli_prover_make(c, &prover));
    }
    return ls_readouts_compare(&c->arena, x->side, x->side_count, &x->alignment, x->recorded ? &prover : NULL,
                               &x->comparison, &c->detail);
}

static ls_result compare(comparing *x)
{
    LS_TRY(collect(x));
    LS_TRY(ls_buf_check(&x->notes));
    if (x->side_count == 0) {
        return say_nothing(x);
    }
    LS_TRY(work_out(x));
    LS_TRY(write_page(x));
    LS_TRY(x->c->json ? print_json(x) : print_text(x));
    return has_malformed(x) ? ls_fail(&cli_fault_said) : LS_SUCCESS;
}

static ls_result run_compare(cli *c)
{
    comparing x = {.c = c, .recorded = cli_readout_has_workspace(c)};
    if (x.recorded) {
        LS_TRY(cli_sync(c));
        if (ls_record_charter(c->ws.record) == NULL) {
            return ls_workspace_no_process(&c->ws, &c->detail);
        }
        cli_open_mail(c);
    } else if (c->argument_count == 1) {
        ls_hint(&c->detail, "in a workspace, or with -C FOLDER, those on the record are compared");
        return ls_fail_with(&ls_fault_usage, &c->detail, "there is no workspace here, and no file to compare");
    }
    ls_result r = compare(&x);
    ls_buf_free(&x.notes);
    return r;
}

const cli_verb cli_verb_readout_compare = {
    "readout compare",
    "MEETING [FILE ...]",
    "lay readouts of a meeting side by side, and what the record proves",
    "Compares what each side has published about MEETING, claim by claim: said by all or by one, differing in force "
    "or\n"
    "in value, contradicted, quoted and silent; and beside each claim, what the record has with signatures. Of each "
    "party\n"
    "the latest readout counts; what is left out is named, with the reason. Files are compared with them: usa=FILE, or "
    "a\n"
    "file called usa.yaml or readout-usa.yaml. Without a workspace only files are compared, and no record is asked.\n"
    "--alignment says which claims belong together. Exit 1 if an act holds no readout that can be read.",
    "  lockstep -C rok readout compare talks-2018-10-07 --alignment alignment.yaml --html comparison.html\n"
    "  lockstep readout compare talks usa=readout-usa.yaml dprk=readout-dprk.yaml",
    1,
    CLI_VALUES_MAX - 1,
    {{"alignment", "FILE", "which claims belong together (YAML)"}, {"html", "FILE", "write it there as a page"}, {0}},
    run_compare};
