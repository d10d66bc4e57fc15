/* A plan for programs. */
#include "cli/plan.h"

static json_t *cost_json(const cli_plan *p, uint64_t cost)
{
    return p->priced ? json_string(cli_cost(p->c, cost)) : json_null();
}

static json_t *strata_json(const cli_plan *p)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->count; i++) {
        json_array_append_new(list, json_pack("{s:s, s:I, s:I, s:o}", "stratum", p->name[i], "rows",
                                              (json_int_t)p->stratum[i].rows, "violations",
                                              (json_int_t)cli_plan_of_stratum(p, i).violations, "cost",
                                              cost_json(p, p->stratum[i].cost)));
    }
    return list;
}

static json_t *shares_json(const cli_plan *p, const cli_design *d)
{
    json_t *list = json_array();
    for (size_t i = 0; i < p->count; i++) {
        json_array_append_new(list, json_pack("{s:s, s:I, s:f}", "stratum", p->name[i], "rows", (json_int_t)d->rows[i],
                                              "detection", d->detection[i]));
    }
    return list;
}

static json_t *plans_json(const cli_plan *p)
{
    json_t *map = json_object();
    ls_sampling all = cli_plan_of_all(p);
    for (size_t k = 0; k < CLI_DESIGNS; k++) {
        const cli_design *d = &p->design[k];
        if (d->given) {
            json_object_set_new(map, cli_design_names[k],
                                json_pack("{s:I, s:f, s:f, s:o, s:f, s:o, s:o}", "rows", (json_int_t)d->all,
                                          "detection", d->worst, "if_in_all", d->combined, "found_on_average",
                                          p->named ? json_null() : json_real(ls_sampling_found(&all, d->all)),
                                          "posterior", ls_posterior(d->worst, ls_fraction_value(p->prior)), "cost",
                                          cost_json(p, d->cost), "strata", shares_json(p, d)));
        }
    }
    return map;
}

static json_t *estimates_json(const cli_plan *p)
{
    json_t *list = json_array();
    const cli_design *d = cli_plan_chosen(p);
    for (size_t i = 0; p->padded && i < p->count; i++) {
        for (uint64_t part = 0; part < CLI_BLANKS && d->rows[i] > 0; part++) {
            ls_estimate e;
            uint64_t drawn = d->rows[i], blank = drawn * part / CLI_BLANKS;
            ls_estimate_real(p->stratum[i].rows, drawn, blank, &e);
            json_array_append_new(list,
                                  json_pack("{s:s, s:I, s:I, s:I, s:I, s:I}", "stratum", p->name[i], "drawn",
                                            (json_int_t)drawn, "blank", (json_int_t)blank, "real", (json_int_t)e.real,
                                            "low", (json_int_t)e.low, "high", (json_int_t)e.high));
        }
    }
    return list;
}

ls_result cli_plan_print_json(const cli_plan *p)
{
    json_t *value = json_pack(
        "{s:I, s:s, s:b, s:I, s:f, s:f, s:f, s:b, s:o, s:o, s:o, s:o}", "rows", (json_int_t)p->rows, "population",
        p->origin, "padded", p->padded, "violations", (json_int_t)p->violations, "sensitivity",
        ls_fraction_value(p->sensitivity), "target", ls_fraction_value(p->target), "prior", ls_fraction_value(p->prior),
        "reached", p->reached, "strata", strata_json(p), "plans", plans_json(p), "least_over_all",
        p->drawn_over_all ? json_integer((json_int_t)p->over_all) : json_null(), "estimates", estimates_json(p));
    return cli_print_json(p->c, p->c->open && p->c->ws.exercise, value);
}
