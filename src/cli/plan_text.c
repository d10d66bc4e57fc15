/* A plan for people. */
#include "cli/plan.h"

static const char *whole(cli *c, uint64_t n)
{
    return ls_arena_format(&c->arena, "%llu", (unsigned long long)n);
}

const char *cli_probability(cli *c, double p)
{
    return p > 0 && p < 0.00005    ? "< 0.0001"
           : p < 1 && p >= 0.99995 ? "> 0.9999"
                                   : ls_arena_format(&c->arena, "%.4f", p);
}

const char *cli_decimal(cli *c, ls_fraction f)
{
    int places = 0;
    for (uint64_t den = f.den; den > 1; den /= 10) {
        places++;
    }
    return f.den == 1 ? whole(c, f.num) : ls_arena_format(&c->arena, "0.%0*llu", places, (unsigned long long)f.num);
}

const char *cli_cost(cli *c, uint64_t cost)
{
    return cost % 1000 == 0 ? whole(c, cost / 1000)
                            : ls_arena_format(&c->arena, "%llu.%03llu", (unsigned long long)cost / 1000,
                                              (unsigned long long)cost % 1000);
}

static const char *words_of(const cli_plan *p, size_t kind)
{
    cli *c = p->c;
    const char *const words[CLI_DESIGNS] = {
        [CLI_LEAST] = p->reached ? ls_arena_format(&c->arena, "least for %s", cli_decimal(c, p->target)) : "every row",
        [CLI_SAMPLE] = ls_arena_format(&c->arena, "sample of %llu", (unsigned long long)p->design[CLI_SAMPLE].all),
        [CLI_BUDGET] = ls_arena_format(&c->arena, "budget of %s", cli_cost(c, p->budget)),
        [CLI_IAEA] = "IAEA formula",
        [CLI_REFINED] = "refined formula",
    };
    return words[kind];
}

static void print_question(const cli_plan *p)
{
    cli *c = p->c;
    cli_paragraph("%llu row%s, %s.", (unsigned long long)p->rows, p->rows == 1 ? "" : "s", p->origin);
    cli_paragraph(
        "%llu violation%s%s. An inspected one is noticed with probability %s. Wanted: at least one noticed with "
        "probability %s.",
        (unsigned long long)p->violations, p->violations == 1 ? "" : "s",
        p->named ? ", all in one stratum, as the other side chooses it (or as many as it has rows)" : "",
        cli_decimal(c, p->sensitivity), cli_decimal(c, p->target));
}

/* Of each stratum what each design inspects, and what that detects. */
static void print_strata(const cli_plan *p)
{
    cli *c = p->c;
    cli_table t = {.columns = 3, .heading = {"stratum", "rows", "violations"}};
    for (size_t k = 0; k < CLI_DESIGNS; k++) {
        if (p->design[k].given) {
            t.heading[t.columns++] = words_of(p, k);
            t.heading[t.columns] = "detects";
            t.columns += k < CLI_IAEA;
        }
    }
    for (size_t i = 0; i < p->count; i++) {
        const char *cells[CLI_COLUMNS_MAX] = {p->name[i], whole(c, p->stratum[i].rows),
                                              whole(c, cli_plan_of_stratum(p, i).violations)};
        for (size_t k = 0, column = 3; k < CLI_DESIGNS; k++) {
            const cli_design *d = &p->design[k];
            if (d->given) {
                cells[column++] = whole(c, d->rows[i]);
                cells[column] = cli_probability(c, d->detection[i]);
                column += k < CLI_IAEA;
            }
        }
        cli_table_row(c, &t, cells);
    }
    putchar('\n');
    cli_table_print(&t);
}

static const char *posterior(const cli_plan *p, double detection)
{
    return cli_probability(p->c, ls_posterior(detection, ls_fraction_value(p->prior)));
}

static void add_plan(const cli_plan *p, cli_table *t, const char *name, const cli_design *d)
{
    cli *c = p->c;
    ls_sampling all = cli_plan_of_all(p);
    const char *cells[CLI_COLUMNS_MAX] = {name, whole(c, d->all), cli_probability(c, d->worst)};
    size_t columns = 3;
    cells[columns++] = p->named ? cli_probability(c, d->combined)
                                : ls_arena_format(&c->arena, "%.2f", ls_sampling_found(&all, d->all));
    cells[columns++] = posterior(p, d->worst);
    cells[columns] = cli_cost(c, d->cost);
    cli_table_row(c, t, cells);
}

static void print_plans(const cli_plan *p)
{
    cli *c = p->c;
    const char *clean = ls_arena_format(&c->arena, "clean: %s becomes", cli_decimal(c, p->prior));
    cli_table t = {.columns = p->priced ? 6 : 5,
                   .heading = {"plan", "rows", p->named ? "worst stratum" : "detects",
                               p->named ? "if in all" : "found on average", clean, "cost"}};
    for (size_t k = 0; k < CLI_DESIGNS; k++) {
        if (p->design[k].given) {
            add_plan(p, &t, words_of(p, k), &p->design[k]);
        }
    }
    putchar('\n');
    cli_table_print(&t);
}

static void explain_strata(const cli_plan *p)
{
    if (!p->named) {
        return;
    }
    cli_paragraph(
        "Worst stratum: what holds whichever stratum the other side chooses. If in all: at least one noticed, if "
        "every stratum has its violations, as independent draws.");
    if (p->drawn_over_all) {
        cli_paragraph(
            "Drawn over all rows without strata, %llu row%s would be the least for %llu violation%s anywhere.",
            (unsigned long long)p->over_all, p->over_all == 1 ? "" : "s", (unsigned long long)p->violations,
            p->violations == 1 ? "" : "s");
    }
    if (p->design[CLI_SAMPLE].given || p->design[CLI_BUDGET].given) {
        cli_paragraph("Rows in proportion: one after the other to the stratum where (2 given + 1) / rows is least.");
    }
}

static void explain(const cli_plan *p)
{
    cli *c = p->c;
    putchar('\n');
    if (!p->reached) {
        cli_paragraph(
            "No sample reaches %s: inspecting every row notices at least one with probability %s only, because "
            "an inspection can overlook what it sees.",
            cli_decimal(c, p->target), cli_probability(c, p->design[CLI_LEAST].worst));
    }
    explain_strata(p);
    if (p->padded) {
        cli_paragraph(
            "The number of real rows is not known, so blank rows are counted as if they could hide something. The "
            "plan holds even if no blank row that is drawn is replaced; each replacement makes detection likelier "
            "than it says.");
    }
    if (p->sensitivity.num < p->sensitivity.den) {
        cli_paragraph("The formulas take every inspected violation as noticed.");
    }
    cli_paragraph(
        "Clean: how likely so many violations%s are, %s before an inspection that notices none, and after it. "
        "Fewer violations are noticed less often.",
        p->named ? " in the worst stratum" : "", cli_decimal(c, p->prior));
}

/* What blank rows tell. */

static void add_estimates(const cli_plan *p, cli_table *t, size_t i, uint64_t drawn)
{
    cli *c = p->c;
    for (uint64_t part = 0; part < CLI_BLANKS && drawn > 0; part++) {
        uint64_t blank = drawn * part / CLI_BLANKS;
        ls_estimate e;
        if (part > 0 && blank == drawn * (part - 1) / CLI_BLANKS) {
            continue;
        }
        ls_estimate_real(p->stratum[i].rows, drawn, blank, &e);
        const char *cells[] = {
            p->name[i],
            whole(c, p->stratum[i].rows),
            whole(c, drawn),
            whole(c, blank),
            whole(c, e.real),
            ls_arena_format(&c->arena, "%llu, %llu", (unsigned long long)e.low, (unsigned long long)e.high),
            whole(c, e.high - e.low)};
        cli_table_row(c, t, cells);
    }
}

static void print_estimates(const cli_plan *p)
{
    cli_table t = {.columns = 7,
                   .heading = {"tranche", "padded", "drawn", "blank", "real, about", "from, to", "width"}};
    const cli_design *d = cli_plan_chosen(p);
    for (size_t i = 0; i < p->count; i++) {
        add_estimates(p, &t, i, d->rows[i]);
    }
    cli_print("\nWHAT THE DRAW TELLS OF THE NUMBER OF REAL ROWS\n");
    cli_paragraph(
        "To be announced to the declaring side before anything is drawn. A blank row that is drawn is opened as "
        "blank, and replaced: so each one seen tells of the share of blank rows. If so many of the drawn rows "
        "are blank, the real rows of the declaration are about as many as here, and with a confidence of at "
        "least 0.95 not outside this interval, which is so wide:");
    putchar('\n');
    cli_table_print(&t);
    putchar('\n');
    cli_paragraph("Replacements are drawn rows, too, and narrow it further.");
}

void cli_plan_print(const cli_plan *p)
{
    cli_mark(p->c, p->c->open && p->c->ws.exercise);
    print_question(p);
    if (p->named) {
        print_strata(p);
    }
    print_plans(p);
    explain(p);
    if (p->padded) {
        print_estimates(p);
    }
}
