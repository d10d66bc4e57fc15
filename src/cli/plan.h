/* What the files of `plan` share: the population, what is asked of it, and what was worked out. */
#ifndef LS_CLI_PLAN_H
#define LS_CLI_PLAN_H

#include "cli/cli.h"
#include "sampling/sampling.h"

/* Ways to say how many rows are inspected. */
typedef enum cli_design_kind {
    CLI_LEAST,  /* the least that reach the target, in each stratum */
    CLI_SAMPLE, /* --sample, in proportion */
    CLI_BUDGET, /* what --budget pays for, in proportion */
    CLI_IAEA,   /* the two approximations, in each stratum */
    CLI_REFINED,
    CLI_DESIGNS
} cli_design_kind;

typedef struct cli_design {
    bool given;
    uint64_t *rows;    /* of each stratum */
    double *detection; /* of the violations that may be in it */
    uint64_t all, cost;
    double worst;    /* the least detection of a stratum */
    double combined; /* of any, if each stratum has its violations */
} cli_design;

/* Examples of how many of the drawn rows may be blank: none, a quarter of them, half, three quarters. */
#define CLI_BLANKS 4

/* A population of one kind is one stratum. */
typedef struct cli_plan {
    cli *c;
    const char *origin; /* "as given", "in FILE", "declared by … as …" */
    bool padded;        /* rows are those of a declaration, blank ones included */
    bool named;         /* strata have names */
    size_t count;
    const char **name;
    ls_stratum *stratum;
    uint64_t rows;       /* of all strata */
    uint64_t violations; /* at most, wherever they are */
    ls_fraction sensitivity, target, prior;
    bool priced, flat; /* --cost is given; as one number for every row */
    uint64_t budget;
    cli_design design[CLI_DESIGNS];
    bool reached;        /* the target, in every stratum */
    bool drawn_over_all; /* with strata: n without them, if the target can be reached so */
    uint64_t over_all;
} cli_plan;

/* --population, --strata, --cost: where rows come from, and what one of them costs to inspect. */
ls_result cli_plan_population(cli_plan *p);
/* The same of a CSV file: column names, or NULL. */
ls_result cli_plan_read_csv(cli_plan *p, const char *path, const char *strata, const char *cost);
/* Room for so many strata; fails if they are too many. */
ls_result cli_plan_make_strata(cli_plan *p, size_t count);

/* Violations that can be in a stratum, or in all of the population. */
ls_sampling cli_plan_of_stratum(const cli_plan *p, size_t i);
ls_sampling cli_plan_of_all(const cli_plan *p);
/* The design that is to be carried out: --sample, or else the least. */
const cli_design *cli_plan_chosen(const cli_plan *p);
extern const char *const cli_design_names[CLI_DESIGNS];

void cli_plan_print(const cli_plan *p);
ls_result cli_plan_print_json(const cli_plan *p);
/* Detection over the number of rows, as SVG. One stratum. */
void cli_draw_detection(const cli_plan *p, ls_buf *out);

const char *cli_probability(cli *c, double p); /* four digits; never 0 or 1 unless it is */
const char *cli_decimal(cli *c, ls_fraction f);
const char *cli_cost(cli *c, uint64_t cost);

#endif
