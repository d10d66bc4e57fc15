/* draw: population and rule of a draw, before anybody commits to a nonce. */
#include "cli/draws.h"
#include "process/sealed.h"

typedef unsigned long long ull;

/* The declaration that is drawn from. */

static bool is_inspected(const cli *c, const cli_draw_plan *p, const ls_record_declaration *d)
{
    const ls_record *r = c->ws.record;
    const ls_record_entry e = ls_record_at(r, d->index);
    return ls_record_accord_same(r, d->accord, p->accord) && d->by == p->rule->of && !e.lapsed && !e.annulled &&
           ls_bytes_equal(d->name, p->rule->declared->name);
}

/* The one by this act, or the latest. */
static const ls_record_declaration *find_declaration(const cli *c, const cli_draw_plan *p, uint64_t index)
{
    const ls_record_declaration *found = NULL;
    for (size_t i = 0; i < ls_record_declaration_count(c->ws.record); i++) {
        const ls_record_declaration *d = ls_record_declaration_at(c->ws.record, i);
        if (is_inspected(c, p, d) && (index == LS_NO_ENTRY || d->index == index)) {
            found = d;
        }
    }
    return found;
}

static ls_result choose_declaration(cli *c, uint64_t index, cli_draw_plan *p)
{
    const char *named = cli_value(c, "declaration-act");
    const ls_record *r = c->ws.record;
    if (named != NULL && index == LS_NO_ENTRY) {
        LS_TRY(cli_find_act(c, named, &index));
    }
    const ls_record_declaration *d = find_declaration(c, p, index);
    if (d == NULL) {
        ls_hint(&c->detail, "lockstep log lists what was declared");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s has no declaration with effect on the record%s",
                            cli_party_name(c, p->rule->of), named != NULL ? " there" : " that could be drawn from");
    }
    if (d->index >= ls_record_stamped(r)) {
        ls_hint(&c->detail, "wait for the stamp: lockstep sync");
        return ls_fail_with(&ls_fault_usage, &c->detail, "no stamp covers the declaration yet");
    }
    p->declaration = d;
    p->declared = ls_roadmap_declaration(ls_record_accord(r, (size_t)d->accord)->roadmap, d->name);
    return LS_SUCCESS;
}

/* The inspection, and that this party draws under it. */
static ls_result find_rule(cli *c, cli_draw_plan *p)
{
    int index;
    LS_TRY(cli_find_subject(c, CLI_INSPECTION, c->argument[0], &p->accord, &index));
    p->rule = &ls_record_accord(c->ws.record, (size_t)p->accord)->roadmap->inspections[index];
    if (!p->rule->draws.there) {
        ls_hint(&c->detail, "lockstep accord show says what it has");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the accord lets nothing be drawn under %s", c->argument[0]);
    }
    if (p->rule->by != cli_own_party(c)) {
        ls_hint(&c->detail, "once there is a draw: lockstep draw commit");
        return ls_fail_with(&ls_fault_usage, &c->detail, "under %s it is %s that draws", c->argument[0],
                            cli_party_name(c, p->rule->by));
    }
    return LS_SUCCESS;
}

/* The population, and how many of it. */

/* What is wrong with a file that somebody made is no finding about the record. */
static ls_result take_list(cli *c, cli_draw_plan *p, const char *path)
{
    LS_TRY(cli_read(c, path, &p->list));
    ls_result r = ls_population_parse(&c->arena, p->declared, p->tranche, p->list, &p->population, &c->detail);
    if (r.fault == &ls_fault_population) {
        snprintf(c->detail.file, sizeof c->detail.file, "%s", path);
        return ls_fail(&ls_fault_usage);
    }
    return r;
}

static ls_result choose_tranche(cli *c, cli_draw_plan *p)
{
    LS_TRY(cli_number(c, "tranche", UINT32_MAX, &p->tranche));
    if (cli_flag(c, "tranche") && (p->tranche < 1 || p->tranche > p->declared->tranche_count)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the declaration has tranches 1 to %zu",
                            p->declared->tranche_count);
    }
    return LS_SUCCESS;
}

static ls_result choose_population(cli *c, cli_draw_plan *p)
{
    const char *list = cli_value(c, "population");
    return list != NULL ? take_list(c, p, list)
                        : ls_population_whole(&c->arena, p->declared, p->tranche, &p->population, &c->detail);
}

static ls_result choose_rows(cli *c, cli_draw_plan *p)
{
    const ls_draw_rule *rule = &p->rule->draws;
    LS_TRY(cli_number(c, "rows", UINT64_MAX, &p->rows));
    if (p->rows < 1 || p->rows > rule->rows) {
        ls_hint(&c->detail, "--rows N; what a number is worth: lockstep plan");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the accord lets 1 to %llu rows be drawn at once",
                            (ull)rule->rows);
    }
    return LS_SUCCESS;
}

/* As many as the accord lets there be, if nothing else is said. */
static ls_result choose_spare(cli *c, cli_draw_plan *p)
{
    const ls_draw_rule *rule = &p->rule->draws;
    uint64_t left = p->population.count - p->rows;
    if (p->rows > p->population.count) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the population has %llu rows", (ull)p->population.count);
    }
    p->spare = rule->replacements < left ? rule->replacements : left;
    LS_TRY(cli_number(c, "replacements", UINT64_MAX, &p->spare));
    if (p->spare > rule->replacements || p->spare > left) {
        ls_hint(&c->detail, "they take the place of blank rows; leave the option out for as many as can be");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%llu replacements are more than there can be: %llu",
                            (ull)p->spare, (ull)(rule->replacements < left ? rule->replacements : left));
    }
    return LS_SUCCESS;
}

/* What is said before it is signed. */

static const char *population_words(cli *c, const cli_draw_plan *p)
{
    const char *name = cli_text(c, p->declared->name);
    const char *tranche = p->tranche > 0 ? ls_arena_format(&c->arena, "tranche %llu of ", (ull)p->tranche) : "";
    if (p->list.len > 0) {
        return ls_arena_format(&c->arena, "the %llu rows of %s%s that population.csv lists", (ull)p->population.count,
                               tranche, name);
    }
    return ls_arena_format(&c->arena, "the %llu rows of %s%s (blank ones included%s)", (ull)p->population.count,
                           tranche, name, p->tranche > 0 ? "" : "; of all tranches, closed ones too");
}

static ls_result show_right(cli *c, const cli_draw_plan *p)
{
    cli_card j;
    const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)p->accord)->roadmap;
    LS_TRY(cli_card_now(c, p->accord, &j));
    const ls_right_state *right = &j.state.right[p->rule->draws.right];
    const char *name = cli_text(c, m->rights[p->rule->draws.right].id);
    if (right->left == 0) {
        cli_print("warning: nothing is left of %s in this period: this draw will have no effect\n", name);
    } else {
        cli_print("It uses %s once: %u %s left in this period, %u after it.\n", name, right->left,
                  right->left == 1 ? "is" : "are", right->left - 1);
    }
    return LS_SUCCESS;
}

static ls_result show_plan(cli *c, const cli_draw_plan *p)
{
    if (c->json) {
        return LS_SUCCESS;
    }
    cli_mark(c, c->ws.exercise);
    if (p->stratum != NULL) {
        cli_print("\n%s:\n", p->stratum);
    }
    const char *spare = ls_arena_format(&c->arena, ", and %llu more that stand by for blank ones", (ull)p->spare);
    cli_paragraph("Drawn %s %llu of %s%s.", p->rows == 1 ? "is" : "are", (ull)p->rows, population_words(c, p),
                  p->spare > 0 ? spare : "");
    cli_paragraph("What it will reveal, to those whom the accord shows them: each row that is drawn; and of blank ones"
                  " that they are blank, so that the share of blank rows, and with it the number of real rows, can be"
                  " estimated. Nothing else: not which of the other rows are real, nor anything by the order of rows,"
                  " which the shuffle has made meaningless.");
    return show_right(c, p);
}

/* The act. */

static ls_result fill(cli *c, const cli_draw_plan *p, ls_draft *draft, ls_act_draft *act)
{
    cli_act_accord(c, act, p->accord);
    ls_act_draft_set(act, LS_H_INSPECTION, "%.*s", (int)p->rule->id.len, (const char *)p->rule->id.ptr);
    cli_act_ref_entry(c, act, p->declaration->index);
    ls_act_draft_set(act, LS_H_POPULATION, "%llu", (ull)p->population.count);
    ls_act_draft_set(act, LS_H_ROWS, "%llu", (ull)p->rows);
    ls_act_draft_set(act, LS_H_SPARE, "%llu", (ull)p->spare);
    if (p->tranche > 0) {
        ls_act_draft_set(act, LS_H_TRANCHE, "%llu", (ull)p->tranche);
    }
    if (p->list.len == 0) {
        return LS_SUCCESS;
    }
    return ls_draft_attach(draft, act, (const char *)p->audience.ptr, "text/csv", "population.csv", p->list, NULL,
                           &c->detail);
}

ls_result cli_draw_sign(cli *c, const cli_draw_plan *p)
{
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(show_plan(c, p));
    ls_result r = fill(c, p, &draft, &act);
    r = ls_succeeded(r) ? cli_act_sign(c, &draft, &act) : r;
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

/* Everybody who has to know which rows were drawn must know from which. */
static ls_result choose_audience(cli *c, cli_draw_plan *p)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    LS_TRY(cli_audience(c, &p->audience));
    if ((ls_audience_members(charter, p->audience) >> p->rule->of & 1) != 0) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "an audience to which %s belongs: lockstep charter show", cli_party_name(c, p->rule->of));
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s could not read which rows are drawn from",
                        cli_party_name(c, p->rule->of));
}

ls_result cli_draw_prepare(cli *c, uint64_t pinned, cli_draw_plan *out)
{
    *out = (cli_draw_plan){0};
    LS_TRY(find_rule(c, out));
    LS_TRY(choose_declaration(c, pinned, out));
    LS_TRY(choose_tranche(c, out));
    return choose_audience(c, out);
}

static ls_result run_draw(cli *c)
{
    cli_draw_plan p;
    const char *column = cli_value(c, "strata");
    LS_TRY(cli_act_sync(c));
    if (column != NULL) {
        return cli_draw_strata(c, column);
    }
    LS_TRY(cli_draw_prepare(c, LS_NO_ENTRY, &p));
    LS_TRY(choose_rows(c, &p));
    LS_TRY(choose_population(c, &p));
    LS_TRY(choose_spare(c, &p));
    return cli_draw_sign(c, &p);
}

const cli_verb cli_verb_draw = {
    "draw",
    "INSPECTION --rows N",
    "draw by lot which rows are inspected",
    "Begins a draw: says from which rows how many are drawn. Then both sides commit to a number that they can't "
    "choose\n"
    "afterwards, the inspected side reveals its own, then the inspecting side, and from both follows, for everybody,\n"
    "which rows were drawn. The population is the whole declaration, closed tranches included; or one tranche; or a\n"
    "list of opened rows. Each draw uses the accord's right once. The latest declaration is drawn from, unless an act\n"
    "is named.",
    "  lockstep -C iaea draw baseline --rows 8\n"
    "  lockstep -C iaea draw baseline --rows 4 --population enriched.csv --audience inspectors",
    1,
    1,
    {{"rows", "N", "how many rows, at most as many as the accord lets be drawn at once"},
     {"replacements", "R", "how many more stand by for blank rows (default: as many as the accord has)"},
     {"tranche", "K", "draw from this tranche only"},
     {"declaration-act", "ACT", "draw from the declaration by this act (default: the latest)"},
     {"population", "FILE", "draw from the rows that this CSV lists: a line tranche,row and then one row a line"},
     {"strata", "COLUMN", "a draw for each value of this column over opened rows; N is shared among them"},
     {"audience", "NAME", "who may read that list: public, process (default), or one of the charter's audiences"},
     {"text", "TEXT", "what to say with it"},
     {0}},
    run_draw};
