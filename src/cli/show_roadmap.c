/* A roadmap as people read it before they sign: every value under the key that it has in the document. */
#include "accord/why.h"
#include "cli/listing.h"

static const char *parties_text(cli_listing *l, ls_parties set)
{
    return ls_why_parties(l->charter, set, &l->c->arena);
}

static const char *moment_text(cli_listing *l, const ls_moment *m)
{
    return m->count == 0 ? NULL : cli_text(l->c, m->text);
}

static void put_quantity(ls_buf *out, ls_quantity q)
{
    char text[LS_QUANTITY_SIZE];
    ls_quantity_format(q, text);
    ls_buf_put_str(out, text);
}

static const char *period_name(ls_duration per)
{
    static const char *const names[] = {
        [LS_UNIT_DAYS] = "day", [LS_UNIT_WEEKS] = "week", [LS_UNIT_MONTHS] = "month", [LS_UNIT_YEARS] = "year"};
    return names[per.unit];
}

/* "50000 t", "300", as it stands under amount or at-most. */
static const char *number_text(cli_listing *l, const ls_amount *a)
{
    ls_buf text = {0};
    put_quantity(&text, a->number);
    ls_buf_put_str(&text, a->unit.len > 0 ? " " : "");
    ls_buf_put_bytes(&text, a->unit);
    if (a->kind == LS_AMOUNT_RATE) {
        ls_buf_format(&text, " per %s", period_name(a->per));
    }
    return cli_listing_kept(l, &text);
}

static const char *amount_text(cli_listing *l, const ls_amount *a)
{
    ls_buf text = {0};
    switch (a->kind) {
    case LS_AMOUNT_TOTAL:
    case LS_AMOUNT_RATE:
        return number_text(l, a);
    case LS_AMOUNT_PERCENT:
        put_quantity(&text, a->number);
        ls_buf_put_str(&text, " % of ");
        ls_buf_put_bytes(&text, l->m->events[a->subject].id);
        break;
    case LS_AMOUNT_PARITY:
        ls_buf_put_str(&text, "as much as ");
        ls_buf_put_bytes(&text, l->m->measures[a->subject].id);
        break;
    default:
        return NULL;
    }
    return cli_listing_kept(l, &text);
}

/* Where an amount names its one unit itself, there is nothing to weigh. */
static const char *units_text(cli_listing *l, const ls_amount *a)
{
    ls_buf text = {0};
    for (size_t i = 0; a->unit.len == 0 && i < a->unit_count && a->units[i].unit.len > 0; i++) {
        ls_buf_put_str(&text, i > 0 ? ", " : "");
        ls_buf_put_bytes(&text, a->units[i].unit);
        ls_buf_put_str(&text, ": ");
        put_quantity(&text, a->units[i].weight);
    }
    return cli_listing_kept(l, &text);
}

static const char *shares_text(cli_listing *l, const ls_amount *a)
{
    ls_buf text = {0};
    for (size_t p = 0; a->shares != NULL && p < l->charter->party_count; p++) {
        if (a->shares[p] > 0) {
            ls_buf_put_str(&text, text.len > 0 ? ", " : "");
            ls_buf_put_bytes(&text, l->charter->party[p].name);
            ls_buf_put_str(&text, ": ");
            put_quantity(&text, a->shares[p]);
            ls_buf_put_str(&text, " %");
        }
    }
    return cli_listing_kept(l, &text);
}

static void put_methods(cli_listing *l, const ls_amount *a)
{
    for (size_t i = 0; i < a->method_count; i++) {
        const ls_method *x = &a->methods[i];
        ls_buf text = {0};
        ls_buf_put_bytes(&text, x->id);
        ls_buf_put_str(&text, ": ");
        ls_buf_put_bytes(&text, x->title);
        if (x->at_most != LS_QUANTITY_NONE) {
            ls_buf_put_str(&text, ", at most ");
            put_quantity(&text, x->at_most);
            ls_buf_put_str(&text, " %");
        }
        if (x->until.count > 0) {
            ls_buf_put_str(&text, ", until ");
            ls_buf_put_bytes(&text, x->until.text);
        }
        cli_listing_put(l, i == 0 ? "methods" : "", cli_listing_kept(l, &text));
    }
}

static const char *after_text(cli_listing *l, const ls_measure *x)
{
    ls_buf text = {0};
    for (size_t i = 0; i < x->after_count; i++) {
        ls_buf_put_str(&text, i > 0 ? "; " : "");
        ls_buf_put_bytes(&text, x->after[i].text);
    }
    return cli_listing_kept(l, &text);
}

static const char *silence_text(cli_listing *l, const ls_measure *x)
{
    return x->silence == LS_SILENCE_NONE
               ? NULL
               : ls_arena_format(&l->c->arena, "%s after %s",
                                 x->silence == LS_SILENCE_CONFIRMED ? "confirmed" : "disputed",
                                 cli_listing_duration(l, x->silence_after));
}

static const char *opens_text(cli_listing *l, const ls_measure *x)
{
    return x->opens_tranche == 0 ? NULL
                                 : ls_arena_format(&l->c->arena, "tranche %u of %s", (unsigned)x->opens_tranche,
                                                   cli_text(l->c, x->opens));
}

static const char *yes(bool flag)
{
    return flag ? "yes" : NULL;
}

static void put_amount(cli_listing *l, const ls_measure *x)
{
    cli_listing_put(l, "amount", amount_text(l, &x->amount));
    cli_listing_put(l, "at-most", x->amount.kind == LS_AMOUNT_CEILING ? number_text(l, &x->amount) : NULL);
    cli_listing_put(l, "units", units_text(l, &x->amount));
    cli_listing_put(l, "shares", shares_text(l, &x->amount));
    put_methods(l, &x->amount);
    cli_listing_put(l, "substitutes", yes(x->substitutes));
}

static void put_measure(cli_listing *l, const ls_measure *x)
{
    l->name = cli_text(l->c, x->id);
    cli_listing_put(l, "by", parties_text(l, x->by));
    cli_listing_put(l, "what", cli_text(l->c, x->what));
    cli_listing_put(l, "paragraph", cli_text(l->c, x->paragraph));
    cli_listing_put(l, "after", after_text(l, x));
    cli_listing_put(l, "begin", moment_text(l, &x->begin));
    cli_listing_put(l, "due", moment_text(l, &x->due));
    cli_listing_put(l, "until", moment_text(l, &x->until));
    put_amount(l, x);
    cli_listing_put(l, "verified-by", parties_text(l, x->verifiers));
    cli_listing_put(l, "on-silence", silence_text(l, x));
    cli_listing_put(l, "in-presence-of", parties_text(l, x->witnesses));
    cli_listing_put(l, "may-join", parties_text(l, x->may_join));
    cli_listing_put(l, "may-call-off", parties_text(l, x->may_call_off));
    cli_listing_put(l, "undone-by", moment_text(l, &x->undone_by));
    cli_listing_put(l, "declares", cli_text(l->c, x->declares));
    cli_listing_put(l, "opens", opens_text(l, x));
    cli_listing_put(l, "continuing", yes(x->continuing));
    cli_listing_put(l, "irreversible", yes(x->irreversible));
    cli_listing_put(l, "provisional", yes(x->provisional));
}

static void print_steps(cli_listing *l)
{
    for (size_t s = 0, i = 0; s < l->m->step_count; s++) {
        const ls_step *step = &l->m->steps[s];
        cli_print("\nStep %s: %s, on track %s%s", cli_text(l->c, step->id), cli_text(l->c, step->title),
                  cli_text(l->c, l->m->tracks[step->track].title),
                  step->simultaneous ? "; its measures take effect together\n" : "\n");
        cli_listing_begin(l, "measure");
        for (; i < l->m->measure_count && l->m->measures[i].step == s; i++) {
            put_measure(l, &l->m->measures[i]);
        }
        cli_table_print(&l->table);
    }
}

static void print_events(cli_listing *l)
{
    cli_listing_begin(l, "event");
    for (size_t i = 0; i < l->m->event_count; i++) {
        const ls_event *e = &l->m->events[i];
        l->name = cli_text(l->c, e->id);
        cli_listing_put(l, "title", cli_text(l->c, e->title));
        cli_listing_put(l, "attested-by", parties_text(l, e->attested_by));
        cli_listing_put(l, "when", moment_text(l, &e->when));
        cli_listing_put(l, "unless", moment_text(l, &e->unless));
        cli_listing_put(l, "to-be-agreed", yes(e->to_be_agreed));
    }
    cli_listing_end(l);
}

static void print_rights(cli_listing *l)
{
    cli_listing_begin(l, "right");
    for (size_t i = 0; i < l->m->right_count; i++) {
        const ls_right *x = &l->m->rights[i];
        l->name = cli_text(l->c, x->id);
        cli_listing_put(l, "of", cli_listing_party(l, x->of));
        cli_listing_put(l, "what", cli_text(l->c, x->what));
        cli_listing_put(l, "paragraph", cli_text(l->c, x->paragraph));
        cli_listing_put(l, "quota",
                        ls_arena_format(&l->c->arena, "%u per %s", (unsigned)x->quota, period_name(x->per)));
        cli_listing_put(l, "from", moment_text(l, &x->from));
    }
    cli_listing_end(l);
}

static void put_stage(cli_listing *l, const ls_dispute *x, const ls_stage *s)
{
    ls_buf text = {0};
    ls_buf_put_bytes(&text, s->title);
    ls_buf_format(&text, ", lasts %s", cli_listing_duration(l, s->lasts));
    for (size_t a = 0; a < s->after_count; a++) {
        ls_buf_put_str(&text, a == 0 ? ", after " : " and ");
        ls_buf_put_bytes(&text, x->stages[s->after[a]].id);
    }
    ls_buf_put_str(&text, s->optional ? ", optional" : "");
    ls_buf_put_str(&text, s->extendable ? ", extendable" : "");
    cli_listing_put(l, ls_arena_format(&l->c->arena, "stage %s", cli_text(l->c, s->id)), cli_listing_kept(l, &text));
}

static void print_disputes(cli_listing *l)
{
    cli_listing_begin(l, "dispute");
    for (size_t i = 0; i < l->m->dispute_count; i++) {
        const ls_dispute *x = &l->m->disputes[i];
        l->name = cli_text(l->c, x->id);
        cli_listing_put(l, "title", cli_text(l->c, x->title));
        cli_listing_put(l, "open-to", parties_text(l, x->open_to));
        cli_listing_put(l, "settled-by", parties_text(l, x->settled_by));
        for (size_t s = 0; s < x->stage_count; s++) {
            put_stage(l, x, &x->stages[s]);
        }
    }
    cli_listing_end(l);
}

static void put_suspension(cli_listing *l)
{
    static const char *const scopes[] = {"accord", "track", "measure"};
    const ls_suspension_rule *s = &l->m->suspension;
    ls_buf text = {0};
    for (size_t i = 0; i < 3; i++) {
        if ((s->scope & 1u << i) != 0) {
            ls_buf_format(&text, "%s%s", text.len > 0 ? ", " : "", scopes[i]);
        }
    }
    l->name = "suspension";
    cli_listing_put(l, "scope", cli_listing_kept(l, &text));
    cli_listing_put(l, "clocks", s->stops_own ? "stop" : "run");
    cli_listing_put(l, "counterpart", s->counterpart_may_withhold ? "may withhold" : "goes on");
    cli_listing_put(l, "at-most", cli_listing_duration(l, s->at_most));
    cli_listing_put(l, "until", moment_text(l, &s->until));
}

/* What holds of the accord as a whole. */
static void print_rules(cli_listing *l)
{
    const ls_roadmap *m = l->m;
    cli_listing_begin(l, "rule");
    l->name = "entry-into-force";
    cli_listing_put(l, "", m->entry.count == 0 ? "when it is signed" : moment_text(l, &m->entry));
    l->name = "provisional-application";
    cli_listing_put(l, "", moment_text(l, &m->provisional));
    put_suspension(l);
    l->name = "extension";
    if (m->extension.by != 0) {
        cli_listing_put(l, "by", parties_text(l, m->extension.by));
        cli_listing_put(l, "at-most", ls_arena_format(&l->c->arena, "%u days", m->extension.days));
        cli_listing_put(l, "times", ls_arena_format(&l->c->arena, "%u", m->extension.times));
    }
    l->name = "withdrawal";
    if (m->withdrawal.notice.count != 0) {
        cli_listing_put(l, "notice", cli_listing_duration(l, m->withdrawal.notice));
        cli_listing_put(l, "then", m->withdrawal.continues ? "it continues for the others" : "it ends for all");
    }
    l->name = "assessors";
    cli_listing_put(l, "", parties_text(l, m->assessors));
    cli_listing_end(l);
}

static void print_declarations(cli_listing *l)
{
    for (size_t i = 0; i < l->m->declaration_count; i++) {
        const ls_declared *d = &l->m->declarations[i];
        cli_table t = {.columns = 3, .heading = {"tranche", "rows, blank ones included", "label"}};
        cli_print("\nDeclaration %s by %s, %llu bytes a row. Fields:", cli_text(l->c, d->name),
                  cli_listing_party(l, d->by), (unsigned long long)d->row_bytes);
        for (size_t f = 0; f < d->field_count; f++) {
            cli_print("%s %s", f > 0 ? "," : "", cli_text(l->c, d->fields[f]));
        }
        cli_print("\n");
        for (size_t k = 0; k < d->tranche_count; k++) {
            const char *cells[] = {ls_arena_format(&l->c->arena, "%zu", k + 1),
                                   ls_arena_format(&l->c->arena, "%llu", (unsigned long long)d->padded[k]),
                                   cli_text(l->c, d->labels[k])};
            cli_table_row(l->c, &t, cells);
        }
        cli_table_print(&t);
    }
}

static void print_intentions(cli_listing *l)
{
    cli_listing_begin(l, "pledge");
    for (size_t i = 0; i < l->m->pledge_count; i++) {
        l->name = cli_text(l->c, l->m->pledges[i].id);
        cli_listing_put(l, cli_listing_party(l, l->m->pledges[i].by), cli_text(l->c, l->m->pledges[i].what));
    }
    cli_listing_end(l);
    cli_listing_begin(l, "demand");
    for (size_t i = 0; i < l->m->demand_count; i++) {
        const ls_demand *x = &l->m->demands[i];
        l->name = cli_text(l->c, x->id);
        cli_listing_put(
            l, ls_arena_format(&l->c->arena, "%s of %s", cli_listing_party(l, x->by), cli_listing_party(l, x->of)),
            cli_text(l->c, x->what));
    }
    cli_listing_end(l);
}

void cli_print_roadmap(cli *c, const ls_roadmap *m, const ls_charter *charter)
{
    cli_listing l = {.c = c, .m = m, .charter = charter};
    print_rules(&l);
    print_events(&l);
    print_steps(&l);
    print_rights(&l);
    print_disputes(&l);
    print_declarations(&l);
    cli_print_inspections(&l);
    print_intentions(&l);
}
