/* The report of an analysis, for people. */
#include "cli/analyse.h"

static void heading(const char *text)
{
    cli_print("\n%s\n", text);
}

static const char *party(const cli_analysis *x, size_t p)
{
    return cli_text(x->c, x->charter->party[p].name);
}

/* Standstill, and what is never reached. */

static bool is_stuck(const void *context, size_t measure)
{
    return ((const ls_analysis *)context)->stuck[measure];
}

static bool is_never_due(const void *context, size_t measure)
{
    return ((const ls_analysis *)context)->due[measure] == LS_REACH_NEVER;
}

static bool is_doubtful(const void *context, size_t measure)
{
    return ((const ls_analysis *)context)->due[measure] == LS_REACH_UNKNOWN;
}

/* Events whose content is open: the reason that people can do something about. */
static bool is_to_be_agreed(const ls_roadmap *r, const ls_moment *m, size_t event)
{
    bool names = false;
    for (size_t i = 0; i < m->count; i++) {
        names |= m->op[i].kind == LS_MOMENT_EVENT && m->op[i].subject == event;
    }
    return names && r->events[event].to_be_agreed;
}

static void print_to_be_agreed(const cli_analysis *x)
{
    const ls_roadmap *r = x->roadmap;
    for (size_t i = 0; i < r->measure_count; i++) {
        for (size_t a = 0; is_never_due(&x->a, i) && a < r->measures[i].after_count; a++) {
            for (size_t e = 0; e < r->event_count; e++) {
                if (is_to_be_agreed(r, &r->measures[i].after[a], e)) {
                    cli_paragraph("%s waits for %s, which is still to be agreed.", cli_text(x->c, r->measures[i].id),
                                  cli_text(x->c, r->events[e].id));
                }
            }
        }
    }
}

static void print_reach(const cli_analysis *x)
{
    heading("CAN IT COME TO A STANDSTILL?");
    if (x->a.deadlock) {
        cli_paragraph("Yes. Whatever the parties do, these measures are never completed: %s.",
                      cli_measure_list(x, is_stuck, &x->a));
    } else {
        cli_paragraph("No. As long as everybody acts, every measure can be completed, or is released by what others "
                      "did not do.");
    }
    const char *never = cli_measure_list(x, is_never_due, &x->a);
    const char *doubtful = cli_measure_list(x, is_doubtful, &x->a);
    if (strcmp(never, "-") != 0) {
        cli_paragraph("Never due, in any order of acts: %s.", never);
        print_to_be_agreed(x);
    }
    if (strcmp(doubtful, "-") != 0) {
        cli_paragraph("Not known, as the search stopped at its limit: whether these can become due: %s.", doubtful);
    }
}

/* Exposure. */

static bool is_open(const void *context, size_t measure)
{
    return ((const ls_exposure *)context)->open[measure] > 0;
}

static void print_exposures(const cli_analysis *x)
{
    cli_table t = {.columns = 5, .heading = {"party", "at most", "irreversible", "never answered", "with"}};
    heading("WHAT EACH PARTY CAN HAVE GIVEN BEFORE IT IS ANSWERED");
    for (size_t i = 0; i < x->a.exposure_count; i++) {
        const ls_exposure *e = &x->a.exposure[i];
        const char *most = cli_weight(x, e->most);
        bool exact = e->bound == e->most;
        const char *cells[] = {
            party(x, e->party), exact ? most : ls_arena_format(&x->c->arena, "%s to %s", most, cli_weight(x, e->bound)),
            cli_weight(x, e->irreversible), cli_weight(x, e->gifts), cli_measure_list(x, is_open, e)};
        cli_table_row(x->c, &t, cells);
    }
    cli_table_print(&t);
    cli_paragraph("%s", x->weighted
                            ? "Counted by the weights of the file given; a measure that it does not name counts 1."
                            : "Every measure counts 1. Give your own weights with --weights FILE; they stay private.");
}

/* Rightful silence. */

static bool same_silence(const ls_rightful_silence *a, const ls_rightful_silence *b)
{
    return a->silent == b->silent && a->count == b->count &&
           memcmp(a->withheld, b->withheld, a->count * sizeof *a->withheld) == 0;
}

/* Everything that waits for the same silence, as "m-10 (eu), m-11 (usa)". */
static const char *waiting(const cli_analysis *x, size_t first)
{
    ls_buf list = {0};
    for (size_t i = first; i < x->a.silence_count; i++) {
        const ls_rightful_silence *s = &x->a.silence[i];
        if (same_silence(s, &x->a.silence[first])) {
            ls_buf_format(&list, "%s%s (%s)", list.len == 0 ? "" : ", ", cli_measure_name(x, s->measure),
                          party(x, s->party));
        }
    }
    const char *text = cli_text(x->c, ls_buf_bytes(&list));
    ls_buf_free(&list);
    return text;
}

static void print_silence(const cli_analysis *x, size_t first)
{
    const ls_rightful_silence *s = &x->a.silence[first];
    ls_buf what = {0}, mend = {0};
    for (size_t i = 0; i < s->count; i++) {
        const ls_withheld *w = &s->withheld[i];
        const char *line = cli_move_mended(x, (ls_move_kind)w->kind, w->subject, s->silent);
        bool again = i > 0 && s->withheld[i - 1].kind == w->kind;
        ls_buf_format(&what, "%s%s%s%s",
                      i == 0  ? ""
                      : again ? ", "
                              : ", nor ",
                      again ? "" : cli_move_word((ls_move_kind)w->kind), again ? "" : " ",
                      cli_move_subject(x, (ls_move_kind)w->kind, w->subject));
        if (line != NULL && mend.len == 0) {
            ls_buf_put_str(&mend, line);
        }
    }
    cli_print("\n");
    cli_paragraph("%s need never %s, and no clock runs against it. Unanswered then: %s.", party(x, s->silent),
                  ls_buf_cstr(&what), waiting(x, first));
    if (mend.len > 0) {
        cli_paragraph("Mended by: %s%s", ls_buf_cstr(&mend), s->count > 1 ? "; and so for the others." : ".");
    }
    ls_buf_free(&what);
    ls_buf_free(&mend);
}

static void print_silences(const cli_analysis *x)
{
    heading("WHO CAN BE MADE TO PERFORM WHILE ANOTHER RIGHTFULLY DOES NOTHING?");
    for (size_t i = 0; i < x->a.silence_count; i++) {
        bool printed = false;
        for (size_t k = 0; k < i; k++) {
            printed = printed || same_silence(&x->a.silence[k], &x->a.silence[i]);
        }
        if (!printed) {
            print_silence(x, i);
        }
    }
    if (x->a.silence_count == 0) {
        cli_paragraph("%s", x->a.silence_cut ? "None was found before the search stopped at its limit."
                                             : "Nobody. Whoever keeps an answer back is late sooner or later.");
    } else if (x->a.silence_cut) {
        cli_paragraph("There may be more: the search stopped at its limit.");
    }
}

/* Absence and breach. */

static bool is_lost(const void *context, size_t measure)
{
    return ((const ls_reach *)context)[measure] == LS_REACH_NEVER;
}

static void print_absences(const cli_analysis *x)
{
    cli_table t = {.columns = 3, .heading = {"without", "lost", "measures that are never completed"}};
    heading("WHOSE ABSENCE STOPS WHAT?");
    for (size_t i = 0; i < x->a.absence_count; i++) {
        const ls_absence *b = &x->a.absence[i];
        const char *cells[] = {
            party(x, b->party), ls_arena_format(&x->c->arena, "%zu of %zu", b->lost, x->roadmap->measure_count),
            b->lost == x->roadmap->measure_count ? "everything" : cli_measure_list(x, is_lost, b->reach)};
        cli_table_row(x->c, &t, cells);
    }
    cli_table_print(&t);
}

static const char *most_of_each(const cli_analysis *x, const ls_breach *b)
{
    ls_buf list = {0};
    for (size_t i = 0; i < x->a.exposure_count; i++) {
        size_t p = x->a.exposure[i].party;
        ls_buf_format(&list, "%s%s %s%s", i == 0 ? "" : ", ", party(x, p), b->exact ? "" : "at least ",
                      cli_weight(x, b->most[p]));
    }
    const char *text = cli_text(x->c, ls_buf_bytes(&list));
    ls_buf_free(&list);
    return text;
}

static void print_breaches(const cli_analysis *x)
{
    cli_table t = {.columns = 4, .heading = {"never performed", "by", "blocks", "then given unanswered, at most"}};
    heading("WHAT DOES A BREACH COST?");
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        const ls_breach *b = &x->a.breach[i];
        ls_buf by = {0};
        for (size_t p = 0; p < x->charter->party_count; p++) {
            if (x->roadmap->measures[i].by & LS_PARTY_BIT(p)) {
                ls_buf_format(&by, "%s%s", by.len == 0 ? "" : " ", party(x, p));
            }
        }
        const char *cells[] = {cli_measure_name(x, i), cli_text(x->c, ls_buf_bytes(&by)),
                               ls_arena_format(&x->c->arena, "%zu", b->blocked), most_of_each(x, b)};
        cli_table_row(x->c, &t, cells);
        ls_buf_free(&by);
    }
    cli_table_print(&t);
}

/* Dates. */

static void print_dates(const cli_analysis *x)
{
    char from[LS_DATE_SIZE];
    cli_table t = {.columns = 5, .heading = {"measure", "earliest", "as planned", "at the latest", "confirmed by"}};
    cli_table steps = {.columns = 4, .heading = {"step complete", "earliest", "as planned", "at the latest"}};
    ls_date_format(x->from, from);
    heading(ls_arena_format(&x->c->arena, "WHEN, IF IT IS SIGNED ON %s?", from));
    for (size_t i = 0; i < x->roadmap->measure_count; i++) {
        const char *cells[] = {cli_measure_name(x, i), cli_performed_day(x, i, LS_PACE_EARLIEST),
                               cli_performed_day(x, i, LS_PACE_PLANNED), cli_performed_day(x, i, LS_PACE_LATEST),
                               cli_complete_day(x, i, LS_PACE_LATEST)};
        cli_table_row(x->c, &t, cells);
    }
    for (size_t s = 0; s < x->roadmap->step_count; s++) {
        const char *cells[] = {cli_text(x->c, x->roadmap->steps[s].id), cli_step_day(x, s, LS_PACE_EARLIEST),
                               cli_step_day(x, s, LS_PACE_PLANNED), cli_step_day(x, s, LS_PACE_LATEST)};
        cli_table_row(x->c, &steps, cells);
    }
    cli_table_print(&t);
    cli_print("\n");
    cli_table_print(&steps);
    cli_paragraph("Earliest: all is done as soon as it may be. As planned: measures on their last day, all else at "
                  "once. At the latest: nobody does anything before they must; \"open\" is what no deadline brings.");
}

/* Suggestions. */

static void print_suggestions(const cli_analysis *x)
{
    ls_quantity largest = 0;
    heading("WHAT WOULD LOWER THE LARGEST EXPOSURE?");
    for (size_t i = 0; i < x->a.exposure_count; i++) {
        largest = x->a.exposure[i].most > largest ? x->a.exposure[i].most : largest;
    }
    for (size_t i = 0; i < x->suggestion_count; i++) {
        const ls_suggestion *s = &x->suggestion[i];
        cli_paragraph(s->split ? "%zu. Split %s and %s in halves and do them in turn: from %s to %s."
                               : "%zu. Let %s wait for %s: from %s to %s.",
                      i + 1, cli_measure_name(x, s->measure), cli_measure_name(x, s->other), cli_weight(x, largest),
                      cli_weight(x, s->largest));
    }
    if (x->suggestion_count == 0) {
        cli_paragraph("No single change that was tried (%zu): one measure waiting for one more, or two measures in "
                      "halves, without a new standstill or a new rightful silence.",
                      x->tried);
    }
}

void cli_analysis_print(cli_analysis *x)
{
    cli_mark(x->c, x->charter->exercise);
    cli_print("%s\n", cli_text(x->c, x->roadmap->title));
    cli_paragraph("%zu measures. %s (%llu positions.)", x->roadmap->measure_count,
                  x->a.cut ? "The search stopped at its limit (--limit): what follows is what was seen until then, and "
                             "says where it is not certain."
                           : "Every order in which the parties can act, keep silent or breach was taken into account.",
                  (unsigned long long)x->a.positions);
    print_reach(x);
    print_exposures(x);
    print_silences(x);
    print_absences(x);
    print_breaches(x);
    print_dates(x);
    print_suggestions(x);
}
