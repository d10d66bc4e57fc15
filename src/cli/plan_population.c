/* What a plan is made for: a number, strata with theirs, a file, or a declaration on the record. */
#include "cli/plan.h"

ls_result cli_plan_make_strata(cli_plan *p, size_t count)
{
    if (count > LS_STRATA_MAX) {
        ls_hint(&p->c->detail, "take a column with few different values, as a province, a kind or a tranche");
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "more than %d strata", LS_STRATA_MAX);
    }
    p->count = count;
    p->name = ls_arena_array(&p->c->arena, count, sizeof *p->name);
    p->stratum = ls_arena_array(&p->c->arena, count, sizeof *p->stratum);
    return p->name == NULL || p->stratum == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result fail_number(cli_plan *p, const char *given)
{
    ls_hint(&p->c->detail,
            "a whole number without separators, as in --population 141; or a=100,b=41, a CSV file, or the "
            "name of a declaration");
    return ls_fail_with(&ls_fault_usage, &p->c->detail, "a population has 1 to %d rows, not \"%s\"", LS_POPULATION_MAX,
                        given);
}

static ls_result take_number(cli_plan *p, const char *given)
{
    uint64_t rows;
    if (!ls_decimal_parse(ls_bytes_str(given), LS_POPULATION_MAX, &rows) || rows == 0) {
        return fail_number(p, given);
    }
    LS_TRY(cli_plan_make_strata(p, 1));
    p->name[0] = "all";
    p->stratum[0].rows = rows;
    p->origin = "as given";
    return LS_SUCCESS;
}

/* NAME=ROWS */
static ls_result take_item(cli_plan *p, ls_bytes item, size_t i)
{
    ls_reader r = ls_reader_of(item);
    ls_bytes name = {0};
    uint64_t rows = 0;
    ls_read_until(&r, '=', &name);
    const char *given = cli_text(p->c, item);
    if (name.len == 0 || !ls_decimal_parse(ls_read_bytes(&r, ls_reader_left(&r)), LS_POPULATION_MAX, &rows) ||
        rows == 0) {
        return fail_number(p, given);
    }
    p->name[i] = cli_text(p->c, name);
    p->stratum[i].rows = rows;
    for (size_t k = 0; k < i; k++) {
        if (strcmp(p->name[k], p->name[i]) == 0) {
            return ls_fail_with(&ls_fault_usage, &p->c->detail, "the stratum %s stands twice in --population",
                                p->name[i]);
        }
    }
    return LS_SUCCESS;
}

static ls_result take_list(cli_plan *p, const char *given)
{
    ls_reader r = ls_reader_of(ls_bytes_str(given));
    ls_bytes item;
    size_t count = 1, i = 0;
    for (const char *s = given; *s != '\0'; s++) {
        count += *s == ',';
    }
    LS_TRY(cli_plan_make_strata(p, count));
    while (ls_read_until(&r, ',', &item)) {
        LS_TRY(take_item(p, item, i++));
    }
    if (i < count) {
        return fail_number(p, "");
    }
    p->named = true;
    p->origin = "as given";
    return LS_SUCCESS;
}

/* A declaration on the record. */

static ls_result unknown_declaration(cli_plan *p, const ls_roadmap *m, const char *given)
{
    const char **names = ls_arena_array(&p->c->arena, m->declaration_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < m->declaration_count; i++) {
        names[i] = cli_text(p->c, m->declarations[i].name);
    }
    const char *near = names == NULL ? NULL : ls_nearest(ls_bytes_str(given), names, m->declaration_count);
    if (near != NULL) {
        ls_hint(&p->c->detail, "did you mean %s? A file is named as ./%s", near, given);
    } else {
        ls_hint(&p->c->detail, "lockstep accord show lists its declarations; a file is named as ./%s", given);
    }
    return ls_fail_with(&ls_fault_usage, &p->c->detail, "the accord has no declaration %s", given);
}

/* Each declare act of that name has all of the padded rows. */
static uint64_t declared_times(const cli_plan *p, int accord, const ls_declared *d)
{
    const ls_record *r = p->c->ws.record;
    uint64_t times = 0;
    for (size_t i = 0; i < ls_record_declaration_count(r); i++) {
        const ls_record_declaration *x = ls_record_declaration_at(r, i);
        times += ls_record_accord_same(r, x->accord, accord) && ls_bytes_equal(x->name, d->name);
    }
    return times;
}

static void say_origin(cli_plan *p, const ls_declared *d, uint64_t times)
{
    const ls_party *by = &ls_record_charter(p->c->ws.record)->party[d->by];
    const char *what =
        ls_arena_format(&p->c->arena, "padded: blank rows included, as the accord fixes them for %s of %s",
                        cli_text(p->c, d->name), cli_text(p->c, by->name));
    p->origin = times == 0 ? ls_arena_format(&p->c->arena, "%s, which is not declared yet", what)
                : times == 1
                    ? what
                    : ls_arena_format(&p->c->arena, "%s, declared %llu times", what, (unsigned long long)times);
}

static ls_result take_tranches(cli_plan *p, const ls_declared *d, uint64_t times)
{
    const char *strata = cli_value(p->c, "strata");
    if (strata != NULL && !ls_bytes_is(d->tranche_column, strata)) {
        ls_hint(&p->c->detail,
                "--strata %s makes each tranche a stratum; other columns are in the declarer's own CSV file",
                cli_text(p->c, d->tranche_column));
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "of closed rows only their tranche is known, not \"%s\"",
                            strata);
    }
    p->named = strata != NULL;
    LS_TRY(cli_plan_make_strata(p, p->named ? d->tranche_count : 1));
    p->name[0] = "all";
    for (size_t k = 0; k < d->tranche_count; k++) {
        size_t i = p->named ? k : 0;
        p->name[i] = p->named ? cli_text(p->c, d->labels[k]) : "all";
        p->stratum[i].rows += d->padded[k] * (times == 0 ? 1 : times);
    }
    return LS_SUCCESS;
}

static ls_result take_declaration(cli_plan *p, const char *given)
{
    int accord;
    LS_TRY(cli_sync(p->c));
    if (ls_record_charter(p->c->ws.record) == NULL) {
        return ls_workspace_no_process(&p->c->ws, &p->c->detail);
    }
    LS_TRY(cli_find_accord(p->c, &accord));
    const ls_roadmap *m = ls_record_accord(p->c->ws.record, (size_t)accord)->roadmap;
    const ls_declared *d = ls_roadmap_declaration(m, ls_bytes_str(given));
    if (d == NULL) {
        return unknown_declaration(p, m, given);
    }
    uint64_t times = declared_times(p, accord, d);
    LS_TRY(take_tranches(p, d, times));
    say_origin(p, d, times);
    p->padded = true;
    return LS_SUCCESS;
}

static ls_result take_file(cli_plan *p, const char *given)
{
    return cli_plan_read_csv(p, given, cli_value(p->c, "strata"), p->flat ? NULL : cli_value(p->c, "cost"));
}

/* Which of them it is. */

typedef enum source { NUMBER, LIST, DECLARATION, CSV, NO_NUMBER } source;

static const struct {
    ls_result (*take)(cli_plan *p, const char *given);
    bool strata, cost; /* has columns to make strata by, or with what a row costs */
} sources[] = {
    [NUMBER] = {take_number, false, false},          [LIST] = {take_list, false, false},
    [DECLARATION] = {take_declaration, true, false}, [CSV] = {take_file, true, true},
    [NO_NUMBER] = {fail_number, true, true},
};

/* What has nothing but the characters of numbers was meant as one. */
static source source_of(const char *given)
{
    static const struct {
        source source;
        const char *characters;
    } numbers[] = {{NUMBER, "0123456789"}, {NO_NUMBER, "0123456789.,eE+-_'"}};
    if (given[0] == '\0') {
        return NO_NUMBER;
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        if (strspn(given, numbers[i].characters) == strlen(given)) {
            return numbers[i].source;
        }
    }
    bool list = strchr(given, '=') != NULL && strchr(given, '/') == NULL;
    return list ? LIST : ls_name_valid(ls_bytes_str(given)) ? DECLARATION : CSV;
}

static ls_result check_columns(const cli_plan *p, source from)
{
    ls_detail *detail = &p->c->detail;
    const char *strata = cli_value(p->c, "strata"), *cost = cli_value(p->c, "cost");
    if (strata != NULL && !sources[from].strata) {
        ls_hint(detail, "--population sites.csv --strata %s; or the numbers: --population a=100,b=41", strata);
        return ls_fail_with(&ls_fault_usage, detail,
                            "--strata names a column, and there is no file that could have it");
    }
    if (cost != NULL && !p->flat && !sources[from].cost) {
        ls_hint(detail, "--cost 3.5, with a point and at most %d decimals; or --population sites.csv --cost COLUMN",
                LS_COST_DECIMALS);
        return ls_fail_with(&ls_fault_usage, detail, "a row costs 0 to %d, not \"%s\"", LS_COST_MAX, cost);
    }
    return LS_SUCCESS;
}

static ls_result add_up(cli_plan *p, uint64_t cost)
{
    for (size_t i = 0; i < p->count; i++) {
        p->rows += p->stratum[i].rows;
    }
    if (p->rows > LS_POPULATION_MAX) {
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "a population has at most %d rows, these are %llu",
                            LS_POPULATION_MAX, (unsigned long long)p->rows);
    }
    for (size_t i = 0; p->flat && i < p->count; i++) {
        p->stratum[i].cost = cost * p->stratum[i].rows;
    }
    return LS_SUCCESS;
}

ls_result cli_plan_population(cli_plan *p)
{
    const char *given = cli_value(p->c, "population"), *price = cli_value(p->c, "cost");
    uint64_t cost = 0;
    if (given == NULL) {
        ls_hint(&p->c->detail, "lockstep plan --population 141 --violations 5");
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "a plan for how many rows?");
    }
    p->priced = price != NULL;
    p->flat = p->priced && ls_fixed_parse(ls_bytes_str(price), LS_COST_DECIMALS, LS_COST_MAX, &cost);
    source from = source_of(given);
    LS_TRY(check_columns(p, from));
    LS_TRY(sources[from].take(p, given));
    return add_up(p, cost);
}
