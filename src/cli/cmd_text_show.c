/* text show, history, diff. */
#include "cli/scorecard.h"
#include "cli/texts.h"
#include "pages/pages.h"

/* show */

typedef struct showing {
    cli *c;
    ls_negotiation n;
    ls_view_options options;
    size_t count;
    ls_text_view *view; /* of each language that is asked for */
} showing;

static ls_result open_at(cli *c, const char *option, ls_negotiation *n)
{
    cli_upto upto = CLI_UPTO_NOW;
    const char *given = cli_value(c, option);
    LS_TRY(given == NULL ? LS_SUCCESS : cli_upto_parse(c, ls_arena_format(&c->arena, "--%s", option), given, &upto));
    return cli_negotiation_open(c, c->argument[0], &upto, n);
}

static ls_result read_options(showing *x)
{
    cli *c = x->c;
    const char *as = cli_value(c, "as");
    if (cli_flag(c, "clean") && cli_flag(c, "brackets")) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "either --clean or --brackets");
    }
    x->options.clean = cli_flag(c, "clean") || as != NULL;
    x->options.markless = cli_flag(c, "clean");
    x->options.party = as == NULL ? LS_TEXT_NOWHERE : ls_text_party(&x->n.opening, ls_bytes_str(as));
    if (as == NULL || x->options.party != LS_TEXT_NOWHERE) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "it is negotiated by %s",
            cli_text_parties(c, &x->n, (ls_party_mask)((UINT64_C(1) << x->n.opening.party_count) - 1), 0));
    return ls_fail_with(&ls_fault_usage, &c->detail, "--as: \"%.60s\" does not negotiate %s", as,
                        cli_text(c, x->n.name));
}

static ls_result make_views(showing *x)
{
    cli *c = x->c;
    size_t only;
    LS_TRY(cli_text_language(c, &x->n, LS_TEXT_NOWHERE, &only));
    x->view = ls_arena_array(&c->arena, x->n.opening.language_count, sizeof *x->view);
    if (x->view == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < x->n.opening.language_count; i++) {
        if (only == LS_TEXT_NOWHERE || only == i) {
            x->options.language = i;
            LS_TRY(ls_text_view_make(&c->arena, &x->n.state, &x->options, &x->view[x->count++]));
        }
    }
    return LS_SUCCESS;
}

static const char *status_line(showing *x)
{
    const ls_text_state *s = &x->n.state;
    size_t open = cli_text_open_count(&x->n);
    ls_arena *arena = &x->c->arena;
    if (s->clean) {
        return ls_arena_format(arena, "all %zu paragraphs are agreed", s->present);
    }
    return ls_arena_format(arena, "%zu of %zu paragraphs %s not agreed%s%s", open, s->present, open == 1 ? "is" : "are",
                           s->objected > 0 ? ls_arena_format(arena, "; objections: %zu", s->objected) : "",
                           s->missing > 0 ? ls_arena_format(arena, "; acts whose files are missing: %zu", s->missing)
                                          : "");
}

static void page_of(showing *x, ls_pages *out)
{
    cli *c = x->c;
    const ls_charter *charter = ls_record_charter(c->ws.record);
    char time[LS_TIME_SIZE] = "";
    const char *last =
        x->n.count == 0 ? ls_arena_format(&c->arena, "entry %u", x->n.opened->index)
                        : ls_arena_format(&c->arena, "entry %llu", (unsigned long long)x->n.act[x->n.count - 1].entry);
    if (ls_record_time(c->ws.record) > 0) {
        ls_time_format(ls_record_time(c->ws.record), time);
    }
    *out = (ls_pages){.exercise = charter->exercise,
                      .title = ls_bytes_str(ls_arena_format(&c->arena, "Text %s", cli_text(c, x->n.name))),
                      .process = charter->title.len > 0 ? charter->title : charter->name,
                      .status = ls_bytes_str(ls_arena_format(&c->arena, "As of %s: %s", last, status_line(x))),
                      .foot = ls_bytes_str(ls_arena_format(&c->arena, "%llu entries%s%s",
                                                           (unsigned long long)ls_record_size(c->ws.record),
                                                           time[0] == '\0' ? "" : ", stamped ", time)),
                      .view_count = x->count,
                      .view = x->view};
}

static ls_result write_file(cli *c, const char *path, ls_result made, ls_buf *content)
{
    if (ls_succeeded(made)) {
        made = ls_file_write(path, ls_buf_bytes(content), &c->detail);
    }
    ls_buf_free(content);
    return made;
}

static ls_result write_pages(showing *x)
{
    cli *c = x->c;
    ls_pages pages;
    ls_buf out = {0};
    const char *html = cli_value(c, "html"), *pdf = cli_value(c, "pdf");
    if (html == NULL && pdf == NULL) {
        return LS_SUCCESS;
    }
    page_of(x, &pages);
    if (c->arena.failed) {
        return ls_fail(&ls_fault_memory);
    }
    if (html != NULL) {
        LS_TRY(write_file(c, html, ls_pages_html(&pages, &out), &out));
        out = (ls_buf){0};
    }
    return pdf == NULL ? LS_SUCCESS : write_file(c, pdf, ls_pages_pdf(&pages, &out, &c->detail), &out);
}

static ls_result print_views(showing *x)
{
    cli *c = x->c;
    cli_mark(c, c->ws.exercise);
    cli_print("%s, between %s%s: %s.\n", cli_text(c, x->n.name),
              cli_text_parties(c, &x->n, (ls_party_mask)((UINT64_C(1) << x->n.opening.party_count) - 1), 0),
              x->n.opening.whole ? ", nothing agreed until everything is" : "", status_line(x));
    cli_negotiation_print_missing(c, &x->n, stdout);
    for (size_t i = 0; i < x->count; i++) {
        ls_buf text = {0};
        ls_result r = ls_text_view_put(&x->view[i], &text);
        if (ls_succeeded(r)) {
            ls_bytes language = x->n.opening.language[x->view[i].options.language];
            cli_print("\n%s%s%s%s", x->n.opening.language_count > 1 ? "— " : "",
                      x->n.opening.language_count > 1 ? cli_text(c, language) : "",
                      x->n.opening.language_count > 1 ? " —\n\n" : "", cli_text(c, ls_buf_bytes(&text)));
        }
        ls_buf_free(&text);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

static json_t *views_json(showing *x)
{
    json_t *o = json_object();
    for (size_t i = 0; i < x->count; i++) {
        ls_buf text = {0};
        if (ls_succeeded(ls_text_view_put(&x->view[i], &text))) {
            json_object_set_new(o, cli_text(x->c, x->n.opening.language[x->view[i].options.language]),
                                cli_json_bytes(ls_buf_bytes(&text)));
        }
        ls_buf_free(&text);
    }
    return o;
}

static ls_result run_show(cli *c)
{
    showing *x = ls_arena_alloc(&c->arena, sizeof *x);
    if (x == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *x = (showing){.c = c};
    LS_TRY(cli_act_sync(c));
    LS_TRY(open_at(c, "at", &x->n));
    LS_TRY(read_options(x));
    LS_TRY(make_views(x));
    LS_TRY(write_pages(x));
    if (c->json) {
        json_t *o = cli_negotiation_json(c, &x->n);
        json_object_set_new(o, "views", views_json(x));
        return cli_print_json(c, c->ws.exercise, o);
    }
    return print_views(x);
}

const cli_verb cli_verb_text_show = {
    "text show",
    "NAME",
    "a text under negotiation, with brackets or clean",
    "Shows the text as all together have it: what is agreed as it is, and in brackets who wants what of the rest.\n"
    "--clean shows only what is agreed, --as the text as one party would have it. --html and --pdf write it for the\n"
    "table, with numbered lines, brackets and footnotes; nothing in it runs or loads anything.",
    "  lockstep -C rok text show first-accord --pdf first-accord.pdf\n"
    "  lockstep -C usa text show first-accord --as dprk\n  lockstep -C usa text show first-accord --clean --at 12",
    1,
    1,
    {{"brackets", NULL, "who wants what (default)"},
     {"clean", NULL, "what is agreed, without the rest"},
     {"as", "PARTY", "as this party would have it"},
     {"language", "NAME", "in this language only (default: each in turn)"},
     {"at", "ENTRY", "as it was after this entry of the record, or at the end of this day"},
     {"html", "FILE", "write it there as a page"},
     {"pdf", "FILE", "write it there on A4 pages"},
     {0}},
    run_show};

/* history */

static ls_result run_history(cli *c)
{
    ls_negotiation n;
    size_t paragraph = LS_TEXT_NOWHERE;
    ls_buf text = {0};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_negotiation_open(c, c->argument[0], &CLI_UPTO_NOW, &n));
    if (c->argument_count > 1) {
        LS_TRY(cli_text_paragraph(c, &n, c->argument[1], &paragraph));
    }
    if (c->json) {
        return cli_print_json(
            c, c->ws.exercise,
            json_pack("{s:o, s:o}", "text", cli_json_bytes(n.name), "history", cli_text_events_json(c, &n, paragraph)));
    }
    ls_result r = ls_text_history_put(&n.state, 0, paragraph, &text);
    if (ls_succeeded(r)) {
        cli_mark(c, c->ws.exercise);
        cli_print("%s, opened in entry %u\n%s", cli_text(c, n.name), n.opened->index, cli_text(c, ls_buf_bytes(&text)));
        cli_negotiation_print_missing(c, &n, stdout);
    }
    ls_buf_free(&text);
    return r;
}

const cli_verb cli_verb_text_history = {
    "text history",
    "NAME [PARAGRAPH]",
    "who proposed and agreed what in a text, act by act",
    "Lists what every act about the text did, in the order of the record, words against words: what was proposed, "
    "agreed,\n"
    "reopened, or had no effect and why. Nothing that was ever proposed is lost. With PARAGRAPH only that one's.",
    "  lockstep -C rok text history first-accord\n  lockstep -C rok text history first-accord usa-2-5",
    1,
    2,
    {{0}},
    run_history};

/* diff */

static ls_result run_diff(cli *c)
{
    ls_negotiation before, after;
    cli_upto from, to;
    ls_buf text = {0};
    LS_TRY(cli_act_sync(c));
    LS_TRY(cli_upto_parse(c, "FROM", c->argument[1], &from));
    to = CLI_UPTO_NOW;
    LS_TRY(c->argument_count > 2 ? cli_upto_parse(c, "TO", c->argument[2], &to) : LS_SUCCESS);
    LS_TRY(cli_negotiation_open(c, c->argument[0], &from, &before));
    LS_TRY(cli_negotiation_open(c, c->argument[0], &to, &after));
    if (before.count > after.count) {
        ls_hint(&c->detail, "lockstep text diff %s %s %s", c->argument[0], c->argument_count > 2 ? c->argument[2] : "",
                c->argument[1]);
        return ls_fail_with(&ls_fault_usage, &c->detail, "FROM is later than TO");
    }
    ls_result r = ls_text_diff_put(&before.state, &after.state, &text);
    if (ls_succeeded(r) && c->json) {
        r = cli_print_json(c, c->ws.exercise,
                           json_pack("{s:o, s:I, s:I, s:o}", "text", cli_json_bytes(after.name), "acts_before",
                                     (json_int_t)before.count, "acts_after", (json_int_t)after.count, "difference",
                                     cli_json_bytes(ls_buf_bytes(&text))));
    } else if (ls_succeeded(r)) {
        cli_mark(c, c->ws.exercise);
        cli_print("%s", text.len == 0 ? "Nothing differs.\n" : cli_text(c, ls_buf_bytes(&text)));
    }
    ls_buf_free(&text);
    return r;
}

const cli_verb cli_verb_text_diff = {
    "text diff",
    "NAME FROM [TO]",
    "what changed in a text between two entries or days",
    "Shows, position by position, who wanted what after FROM and what after TO (or now), words against words. Each is "
    "an\n"
    "entry of the record or a day.",
    "  lockstep -C rok text diff first-accord 9 14\n  lockstep -C rok text diff first-accord 2018-10-31",
    2,
    3,
    {{0}},
    run_diff};
