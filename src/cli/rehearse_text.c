/* A rehearsal for people, and as CSV. */
#include "cli/rehearse.h"

#define RUNS_SHOWN 100

static const char *date_of(cli_rehearsal *x, ls_time t)
{
    char text[LS_DATE_SIZE] = "-";
    if (t >= 0 && t <= LS_TIME_MAX) {
        ls_date_format(ls_zone_date(&x->charter->zone, t), text);
    }
    return cli_text(x->c, ls_bytes_str(text));
}

static const char *party_of(cli_rehearsal *x, int party)
{
    return party < 0 ? "" : cli_text(x->c, x->charter->party[party].name);
}

/* What happened. */

static bool same_line(const ls_happening *a, const ls_happening *b)
{
    return a->time == b->time && a->kind == b->kind && a->party == b->party && strcmp(a->what, b->what) == 0 &&
           a->more[0] == '\0' && b->more[0] == '\0';
}

/* One line for what is the same of several: "due: m-20, m-21". */
static size_t add_line(cli_rehearsal *x, cli_table *t, size_t i)
{
    cli *c = x->c;
    const ls_happening *h = &x->played.happenings[i];
    const char *about = cli_text(c, ls_bytes_str(h->about));
    size_t next = i + 1;
    for (; next < x->played.count && same_line(h, &x->played.happenings[next]); next++) {
        about =
            ls_arena_format(&c->arena, "%s, %s", about, cli_text(c, ls_bytes_str(x->played.happenings[next].about)));
    }
    const char *what = ls_arena_format(&c->arena, "%s%s%s%s%s%s", h->what, about[0] != '\0' ? ": " : "", about,
                                       h->more[0] != '\0' ? " (" : "", h->more, h->more[0] != '\0' ? ")" : "");
    const char *cells[] = {date_of(x, h->time), party_of(x, h->party), what};
    cli_table_row(c, t, cells);
    return next;
}

static void print_happenings(cli_rehearsal *x)
{
    cli_table t = {.columns = 3, .heading = {"date", "who", "what happens"}};
    for (size_t i = 0; i < x->played.count;) {
        i = add_line(x, &t, i);
    }
    cli_table_print(&t);
}

/* Where it ends. */

static const char *performers(cli_rehearsal *x, ls_parties set)
{
    const char *names = "";
    for (size_t p = 0; p < x->charter->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            names = ls_arena_format(&x->c->arena, "%s%s%s", names, names[0] != '\0' ? ", " : "", party_of(x, (int)p));
        }
    }
    return names;
}

static const char *state_text(cli_rehearsal *x, const ls_measure_state *s)
{
    bool done = s->state == LS_PERFORMED || s->state == LS_CONFIRMED;
    return ls_arena_format(&x->c->arena, "%s%s%s", ls_state_name(s->state),
                           done && s->early  ? ", early"
                           : done && s->late ? ", late"
                                             : "",
                           s->held ? ", held" : "");
}

/* A deadline at midnight is the end of the day before. */
static const char *deadline_of(cli_rehearsal *x, const ls_measure_state *s)
{
    return s->has_deadline ? date_of(x, s->deadline - 1) : "-";
}

static void print_scorecard(cli_rehearsal *x)
{
    cli *c = x->c;
    const ls_roadmap *m = x->of.roadmap;
    cli_table t = {.columns = 6, .heading = {"measure", "by", "state", "since", "deadline", "0-3"}};
    for (size_t i = 0; i < m->measure_count; i++) {
        const ls_measure_state *s = &x->played.state.measure[i];
        const char *cells[] = {cli_text(c, m->measures[i].id),
                               performers(x, s->performers),
                               state_text(x, s),
                               date_of(x, s->since),
                               deadline_of(x, s),
                               ls_arena_format(&c->arena, "%u", s->score)};
        cli_table_row(c, &t, cells);
    }
    cli_table_print(&t);
}

/* "Overdue: a (usa), b (dprk)" */
static bool print_all_that_are(cli_rehearsal *x, ls_state state, const char *heading, bool first)
{
    cli *c = x->c;
    const char *list = "";
    for (size_t i = 0; i < x->of.roadmap->measure_count; i++) {
        const ls_measure_state *s = &x->played.state.measure[i];
        if (s->state == state) {
            list = ls_arena_format(&c->arena, "%s%s%s (%s)", list, list[0] != '\0' ? ", " : "",
                                   cli_text(c, x->of.roadmap->measures[i].id), performers(x, s->performers));
        }
    }
    if (list[0] != '\0') {
        cli_print("%s", first ? "\n" : "");
        cli_paragraph("%s: %s.", heading, list);
    }
    return first && list[0] == '\0';
}

static void print_end(cli_rehearsal *x)
{
    static const struct {
        ls_state state;
        const char *heading;
    } wrong[] = {
        {LS_OVERDUE, "Overdue"}, {LS_DISPUTED, "Disputed"}, {LS_BREACHED, "Breached"}, {LS_REVERSED, "Reversed"}};
    const char *date = date_of(x, x->played.end);
    if (x->played.why == LS_ENDED_BOUND) {
        cli_print("\nStopped on %s after %d steps: there was more to come. So it stands then:\n\n", date,
                  LS_REHEARSAL_ROUNDS_MAX);
    } else if (x->played.why == LS_ENDED_STILL) {
        cli_print("\nNothing can change after %s unless somebody acts otherwise. So it stands then:\n\n", date);
    } else {
        cli_print("\nSo it stands on %s:\n\n", date);
    }
    print_scorecard(x);
    bool first = true;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        first = print_all_that_are(x, wrong[i].state, wrong[i].heading, first);
    }
    if (x->played.state.in_force > x->played.end) {
        cli_print("\nThe accord has not entered into force.\n");
    }
}

/* Sweeps. */

const char *cli_setting_text(cli *c, const ls_value *v)
{
    return v->type == LS_INTEGER   ? ls_arena_format(&c->arena, "%lld", (long long)v->integer)
           : v->type == LS_BOOLEAN ? (v->boolean ? "true" : "false")
                                   : cli_text(c, v->string);
}

/* The cells of one run, what was set first; as many as fit into a table, or all. */
static size_t cells_of(cli_rehearsal *x, size_t run, size_t limit, const char **cells)
{
    size_t count = 0;
    for (size_t i = 0; i < x->script.sweep_count && count < limit; i++) {
        cells[count++] = cli_setting_text(x->c, ls_rehearsal_setting(&x->script, run, i));
    }
    for (size_t i = 0; i < x->script.column_count && count < limit; i++) {
        cells[count++] = x->run[run].columns[i];
    }
    return count;
}

static size_t headings_of(cli_rehearsal *x, size_t limit, const char **cells)
{
    size_t count = 0;
    for (size_t i = 0; i < x->script.sweep_count && count < limit; i++) {
        cells[count++] = cli_text(x->c, x->script.sweeps[i].path);
    }
    for (size_t i = 0; i < x->script.column_count && count < limit; i++) {
        cells[count++] = cli_text(x->c, x->script.columns[i].name);
    }
    return count;
}

static void print_runs(cli_rehearsal *x)
{
    const char *cells[CLI_COLUMNS_MAX];
    cli_table t = {0};
    size_t bound = 0, all = x->script.sweep_count + x->script.column_count;
    t.columns = headings_of(x, CLI_COLUMNS_MAX, t.heading);
    for (size_t i = 0; i < x->script.run_count; i++) {
        bound += x->run[i].why == LS_ENDED_BOUND ? 1 : 0;
        if (i < RUNS_SHOWN) {
            cells_of(x, i, CLI_COLUMNS_MAX, cells);
            for (size_t k = 0; k < t.columns; k++) {
                cells[k] = cells[k][0] == '\0' ? "-" : cells[k];
            }
            cli_table_row(x->c, &t, cells);
        }
    }
    cli_table_print(&t);
    if (x->script.run_count > RUNS_SHOWN || all > t.columns) {
        cli_print("%zu runs with %zu columns; all of them: --csv FILE\n", x->script.run_count, all);
    }
    if (bound > 0) {
        cli_print("%zu of %zu runs were stopped after %d steps: there was more to come in them.\n", bound,
                  x->script.run_count, LS_REHEARSAL_ROUNDS_MAX);
    }
}

void cli_rehearsal_print(cli_rehearsal *x)
{
    if (x->script.title.len > 0) {
        cli_print("%s\n", cli_text(x->c, x->script.title));
    }
    cli_print("A rehearsal of %s, signed on %s. Nobody signed or did any of this.\n\n",
              cli_text(x->c, x->of.roadmap->name), date_of(x, x->script.signed_at));
    if (x->script.sweep_count > 0) {
        print_runs(x);
        return;
    }
    print_happenings(x);
    print_end(x);
}

/* CSV. */

static void put_cell(ls_buf *out, const char *text, bool first)
{
    ls_buf_put_str(out, first ? "" : ",");
    if (strpbrk(text, ",\"\r\n") == NULL) {
        ls_buf_put_str(out, text);
        return;
    }
    ls_buf_put_str(out, "\"");
    for (const char *s = text; *s != '\0'; s++) {
        ls_buf_put_str(out, *s == '"' ? "\"" : "");
        ls_buf_put(out, s, 1);
    }
    ls_buf_put_str(out, "\"");
}

static void put_line(ls_buf *out, const char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        put_cell(out, cells[i], i == 0);
    }
    ls_buf_put_str(out, "\r\n");
}

ls_result cli_rehearsal_write_csv(cli_rehearsal *x, const char *path)
{
    const char *cells[LS_REHEARSAL_SWEEPS_MAX + LS_REHEARSAL_COLUMNS_MAX];
    size_t all = sizeof cells / sizeof *cells;
    ls_buf out = {0};
    put_line(&out, cells, headings_of(x, all, cells));
    for (size_t i = 0; i < x->script.run_count; i++) {
        put_line(&out, cells, cells_of(x, i, all, cells));
    }
    ls_result r = ls_buf_check(&out);
    r = ls_succeeded(r) ? ls_file_write(path, ls_buf_bytes(&out), &x->c->detail) : r;
    ls_buf_free(&out);
    return r;
}
