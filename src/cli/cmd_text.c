/* text open, edit, list. */
#include "cli/texts.h"
#include "process/sealed.h"

/* open */

typedef struct opening {
    cli *c;
    ls_bytes audience;
    const char *prose, *roadmap; /* files of --from and --roadmap, or NULL */
    ls_bytes copy;               /* both as a working copy */
} opening;

static ls_result join(opening *x)
{
    cli *c = x->c;
    ls_bytes prose = {0}, roadmap = {0};
    ls_buf joined = {0};
    if (x->prose == NULL && x->roadmap == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(x->prose == NULL ? LS_SUCCESS : cli_read(c, x->prose, &prose));
    LS_TRY(x->roadmap == NULL ? LS_SUCCESS : cli_read(c, x->roadmap, &roadmap));
    ls_result r = ls_copy_join(prose, roadmap, &joined);
    const char *kept = ls_succeeded(r) ? ls_arena_str(&c->arena, ls_buf_bytes(&joined)) : NULL;
    x->copy = kept == NULL ? (ls_bytes){0} : ls_bytes_of(kept, joined.len);
    ls_buf_free(&joined);
    return ls_succeeded(r) && kept == NULL ? ls_fail(&ls_fault_memory) : r;
}

/* Who negotiates reads. */
static ls_result check_audience(opening *x, const ls_act_draft *act)
{
    cli *c = x->c;
    const ls_charter *charter = ls_record_charter(c->ws.record);
    uint32_t members = ls_audience_members(charter, x->audience);
    ls_reader r = ls_reader_of(ls_buf_bytes(&act->value[LS_H_TO]));
    ls_bytes name = charter->party[cli_own_party(c)].name;
    do {
        const ls_party *p = ls_charter_party(charter, name);
        if (p != NULL && (members >> (p - charter->party) & 1) == 0) {
            ls_hint(&c->detail, "name an audience that all negotiators belong to: lockstep charter show");
            return ls_fail_with(&ls_fault_usage, &c->detail, "%s negotiates, and is not of the audience %s",
                                cli_text(c, name), cli_text(c, x->audience));
        }
    } while (ls_read_until(&r, ' ', &name));
    return LS_SUCCESS;
}

static ls_result read_copy(cli *c, const ls_negotiation *n, const char *path, ls_bytes text, ls_copy_edit *out)
{
    ls_copy_options options = {.text = n->name, .party = cli_negotiator(c, n)};
    ls_diagnostics *d = cli_diagnostics(c, path, text);
    if (d == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(cli_text_language(c, n, 0, &options.language));
    ls_result r = ls_copy_read(&c->arena, &n->state, &options, text, d, out);
    return r.fault == &ls_fault_text_form && d->errors > 0 ? ls_fail(&ls_fault_document) : r;
}

/* Before anything is signed: what is wrong with the opening, or with the first words. */
static ls_result rehearse(opening *x, const ls_act_draft *act)
{
    cli *c = x->c;
    ls_negotiation n = {.name = ls_bytes_str(c->argument[0])};
    ls_copy_edit edit;
    ls_bytes *party = ls_arena_array(&c->arena, LS_PARTIES_MAX + 1, sizeof *party),
             *language = ls_arena_array(&c->arena, LS_ACT_NAMES_MAX, sizeof *language);
    ls_reader to = ls_reader_of(ls_buf_bytes(&act->value[LS_H_TO])),
              in = ls_reader_of(ls_buf_bytes(&act->value[LS_H_LANGUAGES]));
    if (party == NULL || language == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    party[n.opening.party_count++] = c->ws.party;
    while (n.opening.party_count <= LS_PARTIES_MAX && ls_read_until(&to, ' ', &party[n.opening.party_count])) {
        n.opening.party_count++;
    }
    while (n.opening.language_count < LS_ACT_NAMES_MAX &&
           ls_read_until(&in, ' ', &language[n.opening.language_count])) {
        n.opening.language_count++;
    }
    n.opening.party = party;
    n.opening.language = language;
    ls_result r = ls_text_eval(&c->arena, &n.opening, 0, NULL, &n.state);
    if (r.fault == &ls_fault_text_opening) {
        ls_hint(&c->detail, "at most %d other parties and %d languages, each named once", LS_TEXT_PARTIES_MAX - 1,
                LS_TEXT_LANGUAGES_MAX);
    }
    LS_TRY(r);
    return x->copy.len == 0 ? LS_SUCCESS : read_copy(c, &n, x->prose != NULL ? x->prose : x->roadmap, x->copy, &edit);
}

static ls_result fill_open(opening *x, ls_act_draft *act)
{
    cli *c = x->c;
    if (cli_value(c, "to") == NULL || cli_value(c, "languages") == NULL) {
        ls_hint(&c->detail, "--to dprk,rok --languages en,ko");
        return ls_fail_with(&ls_fault_usage, &c->detail, "a text is negotiated with others, in one language or more");
    }
    LS_TRY(cli_talk_headers(c, act));
    ls_act_draft_set(act, LS_H_TEXT, "%s", c->argument[0]);
    if (cli_flag(c, "whole")) {
        ls_act_draft_set(act, LS_H_METHOD, "whole");
    }
    LS_TRY(cli_audience(c, &x->audience));
    LS_TRY(check_audience(x, act));
    LS_TRY(join(x));
    return rehearse(x, act);
}

/* The first words, once the opening is on the record. */
static ls_result propose_first(opening *x)
{
    cli *c = x->c;
    ls_negotiation n;
    ls_copy_edit edit;
    LS_TRY(cli_synchronise(c));
    LS_TRY(cli_negotiation_open(c, c->argument[0], &CLI_UPTO_NOW, &n));
    LS_TRY(read_copy(c, &n, x->prose != NULL ? x->prose : x->roadmap, x->copy, &edit));
    const cli_text_deed deed = {.edit = &edit.edit, .what = "proposal"};
    return cli_text_sign(c, &n, &deed);
}

/* The first file of an opening says for whom the words are. */
static ls_result attach_audience(opening *x, ls_draft *draft, ls_act_draft *act)
{
    static const char says[] = "The words of this text are for the audience of this file.\n";
    return ls_bytes_is(x->audience, "process")
               ? LS_SUCCESS
               : ls_draft_attach(draft, act, cli_text(x->c, x->audience), "text/plain", "audience.txt",
                                 ls_bytes_str(says), NULL, &x->c->detail);
}

static ls_result sign_open(opening *x, ls_draft *draft, ls_act_draft *act)
{
    cli *c = x->c;
    ls_filed filed;
    LS_TRY(fill_open(x, act));
    LS_TRY(attach_audience(x, draft, act));
    LS_TRY(cli_act_complete(c, false, draft, act));
    if (!c->json && !cli_flag(c, "yes")) {
        cli_print("Its words will be read by %s.\n", cli_readers(c, x->audience));
    }
    LS_TRY(cli_confirm(c, "Sign and open this text?"));
    LS_TRY(ls_workspace_act(&c->ws, "text", act, cli_signers(c), draft, &filed, &c->detail));
    cli_mark(c, c->ws.exercise);
    bool goes_on = x->copy.len > 0 && filed.filing == LS_FILED;
    if (!goes_on || !c->json) { /* for programs one answer, about the last act */
        LS_TRY(cli_report_filed(c, ls_arena_format(&c->arena, "text %s", c->argument[0]), &filed));
    }
    if (x->copy.len > 0 && !goes_on && !c->json) {
        cli_print("Its first words can be proposed once it is on the record: lockstep text propose %s FILE\n",
                  c->argument[0]);
    }
    return goes_on ? propose_first(x) : LS_SUCCESS;
}

static ls_result run_open(cli *c)
{
    opening x = {.c = c, .prose = cli_value(c, "from"), .roadmap = cli_value(c, "roadmap")};
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(cli_act_sync(c));
    ls_result r = sign_open(&x, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

const cli_verb cli_verb_text_open = {
    "text open",
    "NAME --to PARTIES --languages NAMES",
    "open a text that several parties write together",
    "Opens a text under negotiation between this party and PARTIES, in one language or several, all equally "
    "authentic.\n"
    "With --whole nothing is agreed until everything is. With --from and --roadmap an accord's draft is cut into\n"
    "paragraphs and proposed as its first words, in a second act. With --audience only its members ever see the "
    "words.\n"
    "docs/texts.md has the rules.",
    "  lockstep -C usa text open first-accord --to dprk,rok --languages en\n"
    "  lockstep -C rok text open declaration --to dprk,usa --languages en,ko --from accord.md --roadmap roadmap.yaml",
    1,
    1,
    {{"to", "PARTIES", "who negotiates it with this party"},
     {"languages", "NAMES", "its languages, with commas: en,ko"},
     {"whole", NULL, "nothing is agreed until everything is agreed"},
     {"from", "FILE", "prose in Markdown to begin with"},
     {"roadmap", "FILE", "a roadmap in YAML to begin with"},
     {"language", "NAME", "the language of this prose (default: the first)"},
     {"audience", "NAME", "who may read the words: public, process (default), or one of the charter's"},
     {"group", "GROUP", "the working group that writes it"},
     {"text", "TEXT", "what to say with it, in the act itself"},
     {0}},
    run_open};

/* edit */

static ls_result write_copy(cli *c, const ls_negotiation *n, size_t language, const char *out)
{
    ls_buf copy = {0};
    const ls_copy_head head = {n->name, n->opening.language[language], ls_record_size(c->ws.record) - 1};
    ls_result r = ls_copy_put(&n->state, &head, cli_negotiator(c, n), &copy);
    if (ls_succeeded(r)) {
        r = ls_file_create(out, ls_buf_bytes(&copy), &c->detail);
    }
    ls_buf_free(&copy);
    return r;
}

static ls_result run_edit(cli *c)
{
    ls_negotiation n;
    size_t language;
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_negotiation_open(c, c->argument[0], &CLI_UPTO_NOW, &n));
    LS_TRY(cli_negotiation_take_part(c, &n));
    LS_TRY(cli_text_language(c, &n, 0, &language));
    const char *name = cli_text(c, n.opening.language[language]);
    const char *out = cli_value(c, "out");
    out = out != NULL ? out : ls_arena_format(&c->arena, "%s.%s.md", c->argument[0], name);
    cli_negotiation_print_missing(c, &n, stderr);
    LS_TRY(write_copy(c, &n, language, out));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:o, s:o, s:I}", "file", ls_show_text_json(out), "language",
                                        cli_json_bytes(n.opening.language[language]), "paragraphs",
                                        (json_int_t)n.state.present));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s is this party's text, in %s. Change it, then:\n  lockstep text propose %s %s\n", out, name,
              c->argument[0], out);
    return LS_SUCCESS;
}

const cli_verb cli_verb_text_edit = {
    "text edit",
    "NAME",
    "write a text as a file, to edit it",
    "Writes one language of the text as Markdown, as this party would have it; where it has taken no position, as "
    "most\n"
    "would. Each paragraph stands under its mark, a comment that stays where it is. lockstep text propose reads the "
    "file\n"
    "back. Nothing is signed.",
    "  lockstep -C dprk text edit first-accord --out draft.md",
    1,
    1,
    {{"language", "NAME", "which language (default: the first)"},
     {"out", "FILE", "where to, a new file (default: NAME.LANGUAGE.md)"},
     {0}},
    run_edit};

/* list */

static const char *stage_of(const ls_negotiation *n)
{
    const ls_text_state *s = &n->state;
    return s->clean          ? "clean"
           : s->missing > 0  ? "files are missing"
           : s->objected > 0 ? "an objection stands"
           : s->present == 0 ? "empty"
                             : "open";
}

static json_t *listed_json(const ls_negotiation *n)
{
    return json_pack("{s:o, s:I, s:o, s:b, s:I, s:I, s:I, s:I, s:b}", "text", cli_json_bytes(n->name), "entry",
                     (json_int_t)n->opened->index, "audience", cli_json_bytes(n->audience), "whole", n->opening.whole,
                     "paragraphs", (json_int_t)n->state.present, "open", (json_int_t)cli_text_open_count(n),
                     "objections", (json_int_t)n->state.objected, "missing", (json_int_t)n->state.missing, "clean",
                     n->state.clean);
}

static void list_row(cli *c, const ls_negotiation *n, cli_table *t)
{
    const char *cells[] = {
        cli_text(c, n->name),
        ls_arena_format(&c->arena, "%u", n->opened->index),
        cli_text_parties(c, n, (ls_party_mask)((UINT64_C(1) << n->opening.party_count) - 1), 0),
        ls_arena_format(&c->arena, "%zu", n->state.present),
        ls_arena_format(&c->arena, "%zu", cli_text_open_count(n)),
        stage_of(n),
    };
    cli_table_row(c, t, cells);
}

static ls_result list_all(cli *c, json_t *list, cli_table *t)
{
    ls_talks all = ls_record_talks(c->ws.record);
    for (size_t i = 0; i < all.count; i++) {
        ls_negotiation n;
        const ls_talk *opened = &all.fact[i];
        if (opened->kind != LS_TALK_TEXT || all.time(all.context, opened->index) == LS_TIME_NONE) {
            continue;
        }
        ls_result r = cli_negotiation_eval(c, opened, &CLI_UPTO_NOW, &n);
        if (r.fault == &ls_fault_text_opening) {
            continue;
        }
        LS_TRY(r);
        json_array_append_new(list, listed_json(&n));
        list_row(c, &n, t);
    }
    return LS_SUCCESS;
}

static ls_result run_list(cli *c)
{
    cli_table t = {.columns = 6, .heading = {"text", "entry", "between", "paragraphs", "open", "it is"}};
    LS_TRY(cli_act_sync(c));
    cli_open_mail(c);
    json_t *list = json_array();
    ls_result r = list_all(c, list, &t);
    if (ls_succeeded(r) && c->json) {
        return cli_print_json(c, c->ws.exercise, json_pack("{s:o}", "texts", list));
    }
    json_decref(list);
    LS_TRY(r);
    cli_mark(c, c->ws.exercise);
    if (t.rows == 0) {
        cli_print("No text is under negotiation. lockstep text open opens one.\n");
        return LS_SUCCESS;
    }
    cli_table_print(&t);
    return LS_SUCCESS;
}

const cli_verb cli_verb_text_list = {"text list",
                                     "",
                                     "all texts under negotiation, and how much of each is open",
                                     "Lists the texts of this process: between whom, how many paragraphs each has, and "
                                     "how many are not settled.",
                                     "  lockstep -C rok text list",
                                     0,
                                     0,
                                     {{0}},
                                     run_list};
