/* accord analyse: what an accord lets happen, before anybody signs it or while it lasts. */
#include "cli/analyse.h"
#include "yaml/yaml.h"
#include <unistd.h>

typedef struct progress_line {
    double begun, shown;
} progress_line;

static void show_progress(void *context, const char *what, uint64_t count)
{
    progress_line *p = context;
    double now = ls_clock_monotonic();
    if (now - p->begun >= 1 && now - p->shown >= 0.2) {
        p->shown = now;
        fprintf(stderr, "\r%s: %llu \033[K", what, (unsigned long long)count);
    }
}

static void end_progress(const progress_line *p)
{
    if (p->shown > 0) {
        fputs("\r\033[K", stderr);
    }
}

/* What to analyse: two files, or an accord on the record. */

static ls_result load_recorded(cli_analysis *x)
{
    int index;
    LS_TRY(cli_find_accord(x->c, &index));
    const ls_accord *a = ls_record_accord(x->c->ws.record, (size_t)index);
    ls_time at = ls_record_at(x->c->ws.record, a->signed_index).time;
    x->roadmap = a->roadmap;
    x->signed_at = at == LS_TIME_OPEN ? 0 : at;
    return LS_SUCCESS;
}

static ls_result load(cli_analysis *x)
{
    cli *c = x->c;
    if (c->argument_count == 1) {
        ls_hint(&c->detail, "lockstep accord analyse roadmap.yaml accord.md");
        return ls_fail_with(&ls_fault_usage, &c->detail, "an accord is two files, the roadmap and its text");
    }
    if (c->argument_count == 0) {
        return load_recorded(x);
    }
    cli_accord accord;
    return cli_accord_read(c, c->argument[0], c->argument[1], x->charter, &accord, &x->roadmap);
}

/* Options. */

static ls_result read_weights(cli_analysis *x, const uint32_t **out)
{
    cli *c = x->c;
    const char *path = cli_value(c, "weights");
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
        *out = ls_weights_read(&c->arena, v, x->roadmap, x->charter, d);
    }
    x->weighted = true;
    return d->errors > 0 ? ls_fail(&ls_fault_document) : *out == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result read_from(cli_analysis *x)
{
    const char *text = cli_value(x->c, "from");
    ls_time now;
    if (text != NULL && !ls_date_parse(ls_bytes_str(text), &x->from)) {
        return ls_fail_with(&ls_fault_usage, &x->c->detail, "--from takes a date as in 2018-10-09, not \"%s\"", text);
    }
    if (text == NULL) {
        LS_TRY(ls_workspace_now(&x->c->ws, &now, &x->c->detail));
        x->from = ls_zone_date(&x->charter->zone, x->signed_at != 0 ? x->signed_at : now);
    }
    return LS_SUCCESS;
}

/* Work. */

static ls_result work_out(cli_analysis *x, const ls_analysis_query *q)
{
    LS_TRY(ls_analysis_run(q, &x->c->arena, &x->a));
    for (size_t p = 0; p < LS_PACES; p++) {
        LS_TRY(ls_schedule_make(x->roadmap, x->charter, x->from, (ls_pace)p, &x->c->arena, &x->schedule[p]));
        LS_TRY(ls_schedule_curves(q, &x->schedule[p], &x->c->arena, &x->curve[p], &x->curve_count));
    }
    return ls_analysis_suggest(q, &x->a, x->suggestion, &x->suggestion_count, &x->tried);
}

static ls_result analyse(cli_analysis *x)
{
    progress_line line = {.begun = ls_clock_monotonic()};
    bool shown = isatty(STDERR_FILENO) == 1 && !x->c->json;
    ls_analysis_query q = {.roadmap = x->roadmap,
                           .limit = LS_ANALYSIS_LIMIT_DEFAULT,
                           .progress = shown ? show_progress : NULL,
                           .context = &line};
    LS_TRY(cli_number(x->c, "limit", LS_ANALYSIS_LIMIT_MAX, &q.limit));
    LS_TRY(read_weights(x, &q.weights));
    LS_TRY(read_from(x));
    ls_result r = work_out(x, &q);
    end_progress(&line);
    return r;
}

/* Results. */

static ls_result draw(cli_analysis *x, const char *option, void (*picture)(cli_analysis *x, ls_buf *out))
{
    const char *path = cli_value(x->c, option);
    ls_buf svg = {0};
    if (path == NULL) {
        return LS_SUCCESS;
    }
    picture(x, &svg);
    ls_result r = ls_buf_check(&svg);
    if (ls_succeeded(r)) {
        r = ls_file_write(path, ls_buf_bytes(&svg), &x->c->detail);
    }
    ls_buf_free(&svg);
    return r;
}

static ls_result run_analyse(cli *c)
{
    cli_analysis x = {.c = c};
    LS_TRY(cli_sync(c));
    x.charter = ls_record_charter(c->ws.record);
    if (x.charter == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    LS_TRY(load(&x));
    LS_TRY(analyse(&x));
    LS_TRY(draw(&x, "svg-gantt", cli_draw_gantt));
    LS_TRY(draw(&x, "svg-exposure", cli_draw_exposure));
    if (c->json) {
        return cli_analysis_print_json(&x);
    }
    cli_analysis_print(&x);
    return LS_SUCCESS;
}

const cli_verb cli_verb_accord_analyse = {
    "accord analyse",
    "[ROADMAP TEXT]",
    "show what an accord lets happen, whoever acts, keeps silent or breaches",
    "Looks at every order in which the parties can act, and says whether it can come to a standstill, what each party\n"
    "can have given before it is answered, who can keep silent rightfully while another performs, whose absence stops\n"
    "what, what a breach costs, the dates, and which change would lower the largest exposure. Of two files that "
    "nobody\n"
    "has signed, or, without them, of an accord on the record. Changes nothing and tells nobody. docs/analysis.md "
    "says\n"
    "how every figure is defined.",
    "  lockstep -C rok accord analyse roadmap.yaml accord.md --from 2018-10-09 --svg-gantt gantt.svg",
    0,
    2,
    {{"weights", "FILE", "what measures are worth to whom (YAML or JSON); default: 1 each"},
     {"from", "DATE", "the day of signature to reckon from (default: the accord's, or today)"},
     {"limit", "N", "positions that one search may see (default: 2000000)"},
     {"svg-gantt", "FILE", "write a picture of the dates"},
     {"svg-exposure", "FILE", "write a picture of what each party has given unanswered"},
     {0}},
    run_analyse};
