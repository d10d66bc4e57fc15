/* readout publish: a readout becomes an act, with its media. */
#include "cli/readouts.h"
#include "cli/talking.h"
#include "crypto/sha256.h"

typedef struct publishing {
    cli *c;
    const ls_talk *meeting;
    cli_readout r;
    const char *audience;
    size_t count;
    const char *const *path; /* of --media */
} publishing;

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

/* Whoever publishes means everybody, unless he says otherwise. */
static ls_result find_audience(publishing *x)
{
    ls_bytes audience = ls_bytes_str("public");
    if (cli_value(x->c, "audience") != NULL) {
        LS_TRY(cli_audience(x->c, &audience));
    }
    x->audience = cli_text(x->c, audience);
    return LS_SUCCESS;
}

/* Media. */

static size_t count_given(const publishing *x, ls_bytes name)
{
    size_t count = 0;
    for (size_t i = 0; i < x->count; i++) {
        count += ls_bytes_is(name, name_of(x->path[i]));
    }
    return count;
}

static bool is_named(const publishing *x, const char *name)
{
    for (size_t i = 0; i < x->r.readout.medium_count; i++) {
        if (ls_bytes_is(x->r.readout.medium[i].file, name)) {
            return true;
        }
    }
    return false;
}

/* What the readout names is given, and nothing else is. */
static void check_media(publishing *x)
{
    const ls_readout *r = &x->r.readout;
    ls_diagnostics *d = x->c->diagnostics;
    for (size_t i = 0; i < r->medium_count; i++) {
        ls_bytes name = r->medium[i].file;
        size_t given = name.len == 0 ? 1 : count_given(x, name);
        const char *hint = ls_arena_format(&x->c->arena, "add: --media %.*s", (int)name.len, (const char *)name.ptr);
        if (given != 1) {
            ls_diagnose(d, r->medium[i].mark, given == 0 ? hint : NULL, "%.*s is %s", (int)name.len,
                        (const char *)name.ptr,
                        given == 0 ? "named here, and was not given" : "given twice: which of them is meant?");
        }
    }
    for (size_t i = 0; i < x->count; i++) {
        const char *name = name_of(x->path[i]);
        if (!is_named(x, name)) {
            ls_diagnose(d, (ls_mark){1, 1},
                        ls_arena_format(&x->c->arena, "media: [{file: %s, caption: What it shows}]", name),
                        "--media %s was given, and the readout does not name it", name);
        }
    }
}

static ls_result attach_text(publishing *x, ls_draft *draft, ls_act_draft *act)
{
    cli *c = x->c;
    LS_TRY(ls_draft_attach(draft, act, x->audience, "application/json", LS_READOUT_FILE, x->r.json, NULL, &c->detail));
    return ls_draft_attach(draft, act, x->audience, "application/yaml", LS_READOUT_SOURCE, x->r.yaml, NULL, &c->detail);
}

/* What is signed is what is filed: a file that changes meanwhile is refused by its hash. */
static ls_result attach_medium(publishing *x, const ls_medium *m, ls_draft *draft, ls_act_draft *act)
{
    cli *c = x->c;
    size_t i = 0;
    ls_map map;
    while (!ls_bytes_is(m->file, name_of(x->path[i]))) {
        i++;
    }
    const char *name = name_of(x->path[i]);
    ls_readout_file *f = &x->r.file[x->r.file_count++];
    LS_TRY(ls_file_map(x->path[i], &map, &c->detail));
    *f = (ls_readout_file){
        .name = m->file, .media_type = ls_bytes_str(ls_media_type_guess(name)), .bytes = map.bytes.len};
    ls_sha256_hash(map.bytes, &f->hash);
    ls_result r =
        ls_draft_attach(draft, act, x->audience, ls_media_type_guess(name), name, map.bytes, NULL, &c->detail);
    ls_file_unmap(&map);
    return r;
}

static ls_result attach_all(publishing *x, ls_draft *draft, ls_act_draft *act)
{
    const ls_readout *r = &x->r.readout;
    x->r.file = ls_arena_array(&x->c->arena, r->medium_count + 1, sizeof *x->r.file);
    if (x->r.file == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(attach_text(x, draft, act));
    for (size_t i = 0; i < r->medium_count; i++) {
        LS_TRY(attach_medium(x, &r->medium[i], draft, act));
    }
    return LS_SUCCESS;
}

/* What is published to whom. */

static ls_result preview(publishing *x)
{
    cli *c = x->c;
    const ls_talk *before;
    ls_bytes audience = ls_bytes_str(x->audience);
    if (c->json || cli_flag(c, "yes")) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_readout_latest(c, x->meeting, cli_own_party(c), &before));
    cli_print_diagnostics(c, stdout);
    LS_TRY(cli_print_readout(c, &x->r));
    cli_print("\nThis is published about the meeting %s, to %s.\n", cli_text(c, x->meeting->name),
              cli_readers(c, audience));
    if (before != NULL) {
        ls_record_entry e = ls_record_at(c->ws.record, before->index);
        cli_print("It takes the place of act %s, entry %llu, which stays on the record.\n", cli_short(c, &e.id),
                  (unsigned long long)before->index);
    }
    return LS_SUCCESS;
}

static ls_result sign(publishing *x, ls_draft *draft, ls_act_draft *act)
{
    cli *c = x->c;
    ls_filed filed;
    const char *text = cli_value(c, "text");
    LS_TRY(attach_all(x, draft, act));
    cli_act_ref_entry(c, act, x->meeting->index);
    if (text != NULL) {
        ls_buf_put_str(&act->text, text);
    }
    LS_TRY(preview(x));
    LS_TRY(cli_confirm(c, "Sign and publish this readout?"));
    LS_TRY(ls_workspace_act(&c->ws, "readout", act, cli_signers(c), draft, &filed, &c->detail));
    cli_mark(c, c->ws.exercise);
    return cli_report_filed(c, ls_arena_format(&c->arena, "readout about %s", c->argument[0]), &filed);
}

static ls_result run_publish(cli *c)
{
    publishing x = {.c = c};
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_find_named(c, LS_H_MEETING, c->argument[0], &x.meeting));
    LS_TRY(find_audience(&x));
    x.path = cli_values(c, "media", &x.count);
    LS_TRY(cli_readout_open(c, c->argument[1], &x.r));
    check_media(&x);
    LS_TRY(cli_readout_settle(c, &x.r));
    ls_result r = sign(&x, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_readout_publish = {
    "readout publish",
    "MEETING FILE",
    "publish what happened at a meeting, claim by claim",
    "Checks a readout (docs/readouts.md), shows what is published to whom, asks, and signs and files it as an act "
    "about\n"
    "MEETING, with its media by their hashes. Claims may be about anything, other meetings included. Acts and accords\n"
    "may be named by their entry or the beginning of their id: what is signed has whole ids. The latest readout of a\n"
    "party is the one that is compared; to take it back: lockstep withdraw ACT.",
    "  lockstep -C rok readout publish talks-2018-10-07 readout.yaml --media briefing.jpg",
    2,
    2,
    {{"media", "FILE", "a file that the readout names under media; may be repeated"},
     {"audience", "NAME", "who may read it: public (default), process, or one of the charter's"},
     {"text", "TEXT", "what to say with it, in the act itself"},
     {0}},
    run_publish};
