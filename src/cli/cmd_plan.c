/* plan: how many rows to inspect, and what that is worth. */
#include "cli/plan.h"
#include <stdio.h>

const char *const cli_design_names[CLI_DESIGNS] = {"least", "sample", "budget", "iaea", "refined"};

/* Options. */

static ls_result fail_probability(cli *c, const char *name, const char *given, const char *range)
{
    if (strchr(given, ',') != NULL) {
        ls_hint(&c->detail, "decimals have a point: --%s 0.9", name);
    } else if (strspn(given, "0123456789.% ") == strlen(given)) {
        ls_hint(&c->detail, "for 90 percent write --%s 0.9", name);
    } else {
        ls_hint(&c->detail, "as in --%s 0.9", name);
    }
    return ls_fail_with(&ls_fault_usage, &c->detail,
                        "--%s takes a probability %s, with at most %d decimals, not \"%s\"", name, range,
                        LS_PROBABILITY_DECIMALS, given);
}

/* Between 0 and 1; 1 itself where that makes sense. Untouched if not given. */
static ls_result take_probability(cli *c, const char *name, bool certain, ls_fraction *out)
{
    const char *given = cli_value(c, name);
    ls_fraction f;
    if (given == NULL) {
        return LS_SUCCESS;
    }
    if (!ls_fraction_parse(ls_bytes_str(given), &f) || f.num == 0 || (f.num == f.den && !certain)) {
        return fail_probability(c, name, given, certain ? "above 0, at most 1" : "between 0 and 1");
    }
    *out = f;
    return LS_SUCCESS;
}

/* The IAEA's levels, by their names. */
static ls_result take_target(cli_plan *p)
{
    static const struct {
        const char *name;
        ls_fraction target;
    } levels[] = {{"high", {9, 10}}, {"medium", {5, 10}}, {"low", {2, 10}}};
    const char *given = cli_value(p->c, "detect");
    p->target = levels[0].target;
    for (size_t i = 0; given != NULL && i < sizeof levels / sizeof *levels; i++) {
        if (strcmp(given, levels[i].name) == 0) {
            p->target = levels[i].target;
            return LS_SUCCESS;
        }
    }
    if (given != NULL && given[0] >= 'a' && given[0] <= 'z') {
        ls_hint(&p->c->detail, "or a probability, as in --detect 0.95");
        return ls_fail_with(&ls_fault_usage, &p->c->detail,
                            "the levels are high (0.9), medium (0.5) and low (0.2), not \"%s\"", given);
    }
    return take_probability(p->c, "detect", false, &p->target);
}

static ls_result take_count(cli *c, const char *name, uint64_t least, uint64_t most, const char *what, uint64_t *out)
{
    const char *given = cli_value(c, name);
    uint64_t n;
    if (given == NULL) {
        return LS_SUCCESS;
    }
    if (!ls_decimal_parse(ls_bytes_str(given), UINT64_MAX, &n) || n < least || n > most) {
        ls_hint(&c->detail, "as in --%s %llu", name, (unsigned long long)(most < 5 ? most : 5));
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s, %llu to %llu, not \"%s\"", what,
                            (unsigned long long)least, (unsigned long long)most, given);
    }
    *out = n;
    return LS_SUCCESS;
}

static ls_result take_budget(cli_plan *p)
{
    const char *given = cli_value(p->c, "budget");
    if (given == NULL) {
        return LS_SUCCESS;
    }
    if (!p->priced) {
        ls_hint(&p->c->detail, "--cost 3.5 --budget %s", given);
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "a budget pays for nothing without --cost");
    }
    if (!ls_fixed_parse(ls_bytes_str(given), LS_COST_DECIMALS, (uint64_t)LS_COST_MAX * LS_POPULATION_MAX, &p->budget)) {
        ls_hint(&p->c->detail, "as in --budget 1000, or 99.5, with at most %d decimals", LS_COST_DECIMALS);
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "\"%s\" is no budget", given);
    }
    return LS_SUCCESS;
}

static ls_result take_options(cli_plan *p)
{
    p->sensitivity = (ls_fraction){1, 1};
    p->prior = (ls_fraction){5, 10};
    LS_TRY(take_target(p));
    LS_TRY(take_probability(p->c, "sensitivity", true, &p->sensitivity));
    LS_TRY(take_probability(p->c, "prior", false, &p->prior));
    LS_TRY(cli_plan_population(p));
    LS_TRY(take_count(p->c, "violations", 1, p->rows, "at most as many violations as there are rows", &p->violations));
    if (p->violations == 0) {
        ls_hint(&p->c->detail, "--violations 1 asks for the most rows; the more there are, the sooner one is found");
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "how many violations, at least, shall not stay unnoticed?");
    }
    return take_budget(p);
}

/* Working it out. */

ls_sampling cli_plan_of_stratum(const cli_plan *p, size_t i)
{
    uint64_t rows = p->stratum[i].rows;
    return (ls_sampling){rows, p->violations < rows ? p->violations : rows, p->sensitivity};
}

ls_sampling cli_plan_of_all(const cli_plan *p)
{
    return (ls_sampling){p->rows, p->violations, p->sensitivity};
}

const cli_design *cli_plan_chosen(const cli_plan *p)
{
    return &p->design[p->design[CLI_SAMPLE].given ? CLI_SAMPLE : CLI_LEAST];
}

static ls_result make_room(cli_plan *p, cli_design_kind kind)
{
    cli_design *d = &p->design[kind];
    d->given = true;
    d->rows = ls_arena_array(&p->c->arena, p->count, sizeof *d->rows);
    d->detection = ls_arena_array(&p->c->arena, p->count, sizeof *d->detection);
    return d->rows == NULL || d->detection == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* What the rows that it has are worth. */
static void judge(const cli_plan *p, cli_design *d)
{
    double missed = 1;
    d->worst = 1;
    for (size_t i = 0; i < p->count; i++) {
        ls_sampling s = cli_plan_of_stratum(p, i);
        d->detection[i] = ls_sampling_detection(&s, d->rows[i]);
        d->worst = d->detection[i] < d->worst ? d->detection[i] : d->worst;
        missed *= 1 - d->detection[i];
        d->all += d->rows[i];
    }
    d->combined = p->count == 1 ? d->worst : 1 - missed;
    d->cost = ls_strata_cost(p->stratum, p->count, d->rows);
}

/* All rows where no sample reaches the target. */
static ls_result by_strata(cli_plan *p)
{
    LS_TRY(make_room(p, CLI_LEAST));
    LS_TRY(make_room(p, CLI_IAEA));
    LS_TRY(make_room(p, CLI_REFINED));
    p->reached = true;
    for (size_t i = 0; i < p->count; i++) {
        ls_sampling s = cli_plan_of_stratum(p, i);
        uint64_t *least = &p->design[CLI_LEAST].rows[i];
        *least = s.rows;
        p->reached = ls_sampling_least(&s, p->target, least) && p->reached;
        p->design[CLI_IAEA].rows[i] = ls_sampling_iaea(&s, p->target);
        p->design[CLI_REFINED].rows[i] = ls_sampling_refined(&s, p->target);
    }
    ls_sampling all = cli_plan_of_all(p);
    p->drawn_over_all = p->named && ls_sampling_least(&all, p->target, &p->over_all);
    return LS_SUCCESS;
}

static ls_result in_proportion(cli_plan *p)
{
    uint64_t n = 0;
    LS_TRY(take_count(p->c, "sample", 1, p->rows, "a sample has as many rows as there are, or fewer", &n));
    if (n > 0) {
        LS_TRY(make_room(p, CLI_SAMPLE));
        ls_strata_share(p->stratum, p->count, n, p->design[CLI_SAMPLE].rows);
    }
    if (cli_value(p->c, "budget") != NULL) {
        LS_TRY(make_room(p, CLI_BUDGET));
        n = ls_strata_afford(p->stratum, p->count, p->budget);
        ls_strata_share(p->stratum, p->count, n, p->design[CLI_BUDGET].rows);
    }
    return LS_SUCCESS;
}

static ls_result draw(const cli_plan *p)
{
    const char *path = cli_value(p->c, "svg");
    ls_buf svg = {0};
    if (path == NULL) {
        return LS_SUCCESS;
    }
    if (p->named) {
        ls_hint(&p->c->detail, "lockstep plan --population %llu --svg %s draws it for all rows together",
                (unsigned long long)p->rows, path);
        return ls_fail_with(&ls_fault_usage, &p->c->detail, "a picture shows one population, without strata");
    }
    cli_draw_detection(p, &svg);
    ls_result r = ls_buf_check(&svg);
    r = ls_succeeded(r) ? ls_file_write(path, ls_buf_bytes(&svg), &p->c->detail) : r;
    ls_buf_free(&svg);
    return r;
}

static ls_result plan_sample(cli *c)
{
    cli_plan p = {.c = c};
    LS_TRY(take_options(&p));
    LS_TRY(in_proportion(&p));
    LS_TRY(by_strata(&p));
    for (size_t k = 0; k < CLI_DESIGNS; k++) {
        if (p.design[k].given) {
            judge(&p, &p.design[k]);
        }
    }
    LS_TRY(draw(&p));
    if (c->json) {
        LS_TRY(cli_plan_print_json(&p));
    } else {
        cli_plan_print(&p);
    }
    return p.reached || p.design[CLI_SAMPLE].given ? LS_SUCCESS : ls_fail(&cli_fault_said);
}

/* Sequential inspections. */

static void print_game(cli *c, uint64_t periods, uint64_t inspections, const ls_game *g)
{
    const char *whole = ls_arena_format(&c->arena, "%s/%s", g->num, g->den);
    cli_paragraph(
        "%llu periods, %llu inspections at times that the inspectors choose. The other side violates in one of "
        "the periods, or in none, and sees each inspection. To it a violation that is not noticed is worth 1, "
        "one that is -1, none 0.",
        (unsigned long long)periods, (unsigned long long)inspections);
    cli_print("\nvalue of the game to it  %.6f%s%s\n", g->value, strlen(whole) <= 40 ? " = " : "",
              strlen(whole) <= 40 ? whole : "");
    cli_print("C(n-1, m) / sum of C(n, i) for i = 0 ... m, with n = %llu, m = %llu (Dresher 1962)\n\n",
              (unsigned long long)periods, (unsigned long long)inspections);
    cli_paragraph(
        "Inspect in the first period with probability %s; then ask again, with a period less, and an inspection "
        "less if there was one.",
        cli_probability(c, g->inspect));
}

static ls_result plan_game(cli *c)
{
    uint64_t periods = 0, inspections = 0;
    ls_game g;
    LS_TRY(take_count(c, "periods", 1, LS_PERIODS_MAX, "a number of periods", &periods));
    if (periods == 0 || cli_value(c, "inspections") == NULL || cli_value(c, "population") != NULL) {
        ls_hint(&c->detail, "lockstep plan --periods 12 --inspections 4");
        return ls_fail_with(&ls_fault_usage, &c->detail,
                            "sequential inspections take --periods and --inspections, and no "
                            "population");
    }
    LS_TRY(take_count(c, "inspections", 0, periods, "at most an inspection a period", &inspections));
    LS_TRY(ls_game_solve(periods, inspections, &c->arena, &g));
    if (!c->json) {
        print_game(c, periods, inspections, &g);
        return LS_SUCCESS;
    }
    return cli_print_json(c, false,
                          json_pack("{s:I, s:I, s:f, s:s, s:s, s:f}", "periods", (json_int_t)periods, "inspections",
                                    (json_int_t)inspections, "value", g.value, "numerator", g.num, "denominator", g.den,
                                    "inspect_now", g.inspect));
}

static ls_result run_plan(cli *c)
{
    bool game = cli_value(c, "periods") != NULL || cli_value(c, "inspections") != NULL;
    return game ? plan_game(c) : plan_sample(c);
}

const cli_verb cli_verb_plan = {
    "plan",
    "--population N|FILE|DECLARATION --violations D",
    "how many rows to inspect, and what that is worth",
    "Works out the least number of rows that must be drawn so that at least one of D violations is noticed with the\n"
    "probability wanted, exactly, whatever the population; what the formulas used by hand would say; what a given "
    "sample,\n"
    "or a budget, is worth; how little a clean inspection proves; and what the blank rows drawn of a declaration tell "
    "of the\n"
    "number of real ones. Strata are planned each for itself, as the other side chooses where to hide. With "
    "--periods:\n"
    "when to inspect, if the other side sees each inspection. Ends with 1 if no sample reaches the probability.\n"
    "docs/plan.md has the formulas and their sources. Changes nothing and tells nobody.",
    "  lockstep plan --population 141 --violations 5 --detect high --sensitivity 0.8\n"
    "  lockstep plan --population facilities.csv --strata province --violations 2 --cost 3 --budget 60\n"
    "  lockstep -C usa plan --population sites --violations 3 --svg detection.svg\n"
    "  lockstep plan --periods 12 --inspections 4",
    0,
    0,
    {{"population", "N|FILE|DECLARATION", "how many rows; or a=100,b=41; a CSV file; or a declaration of the accord"},
     {"violations", "D", "at least so many shall not stay unnoticed"},
     {"detect", "P", "the probability wanted: high (0.9, the default), medium (0.5), low (0.2), or a number"},
     {"sensitivity", "Q", "probability that an inspected violation is noticed (default: 1)"},
     {"sample", "N", "what this many rows are worth, in proportion to the strata"},
     {"strata", "COLUMN", "the column of the file, or the tranche column of the declaration, that makes strata"},
     {"prior", "P", "probability of violations before the inspection (default: 0.5)"},
     {"cost", "C|COLUMN",
      "what inspecting a row costs: a number, or a column of the file, of which each stratum's mean counts"},
     {"budget", "B", "how many rows this pays for, in proportion to the strata"},
     {"periods", "N", "sequential inspections: so many periods"},
     {"inspections", "M", "and so many inspections in them"},
     {"svg", "FILE", "write a picture of detection over the number of rows"},
     {0}},
    run_plan};
