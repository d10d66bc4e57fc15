/* next: what each party may and must do now, by when, and what follows if it does not. */
#include "cli/scorecard.h"
#include "cli/talking.h"
#include <stdio.h>

static ls_result chosen_party(cli *c, size_t *out)
{
    const char *name = cli_value(c, "for");
    const ls_charter *charter = ls_record_charter(c->ws.record);
    *out = LS_NOBODY;
    if (name == NULL) {
        return LS_SUCCESS;
    }
    const ls_party *p = ls_charter_party(charter, ls_bytes_str(name));
    if (p == NULL) {
        ls_hint(&c->detail, "lockstep charter show lists the parties");
        return ls_fail_with(&ls_fault_usage, &c->detail, "the charter has no party %s", name);
    }
    *out = (size_t)(p - charter->party);
    return LS_SUCCESS;
}

static const char *urgency(cli *c, const cli_card *k, const ls_duty *d)
{
    if (d->until == LS_TIME_OPEN) {
        return "";
    }
    const char *day = ls_why_deadline(k->charter, d->until, &c->arena);
    return ls_arena_format(&c->arena, "%s%s", day, d->until < k->query.at ? " (past)" : "");
}

/* Three lines, which no terminal is too narrow for. */
static void print_duty(cli *c, const cli_card *k, const ls_duty *d, int width)
{
    cli_print("  %-4s  %-*s  %s\n", d->must ? "must" : "may", width, urgency(c, k, d),
              cli_text(c, ls_bytes_str(d->what)));
    cli_print("%*slockstep %s\n", width + 10, "", d->command);
    if (d->otherwise[0] != '\0') {
        cli_print("%*sif not: %s\n", width + 10, "", d->otherwise);
    }
}

static void print_party(cli *c, const cli_card *k, const ls_duty *duty, size_t count, size_t party)
{
    size_t shown = 0;
    int width = 10; /* a date */
    for (size_t i = 0; i < count; i++) {
        int w = duty[i].party == party ? (int)strlen(urgency(c, k, &duty[i])) : 0;
        width = w > width ? w : width;
    }
    cli_print("%s\n", cli_text(c, k->charter->party[party].title));
    for (size_t i = 0; i < count; i++) {
        if (duty[i].party == party) {
            print_duty(c, k, &duty[i], width);
            shown++;
        }
    }
    cli_print("%s\n", shown == 0 ? "  nothing now\n" : "");
}

static json_t *duties_json(cli *c, const cli_card *k, const ls_duty *duty, size_t count, size_t party)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        const ls_duty *d = &duty[i];
        if (party == LS_NOBODY || d->party == party) {
            json_array_append_new(list, json_pack("{s:s, s:b, s:o, s:s, s:s, s:s}", "party",
                                                  cli_text(c, k->charter->party[d->party].name), "must", d->must,
                                                  "until", cli_json_time(d->until), "what", d->what, "command",
                                                  d->command, "otherwise", d->otherwise));
        }
    }
    return list;
}

/* A party with nothing to do is said to have nothing only where it was asked for, or has a part in the accord. */
static bool is_shown(const cli_card *k, const ls_duty *duty, size_t count, size_t party)
{
    bool shown = (k->accord->roadmap->signed_by & LS_PARTY_BIT(party)) != 0;
    for (size_t i = 0; i < count; i++) {
        shown |= duty[i].party == party;
    }
    return shown;
}

static ls_result print_accord(cli *c, const cli_card *k, size_t party, json_t *accords)
{
    ls_duty *duty;
    size_t count;
    LS_TRY(ls_card_duties(k, &c->arena, &duty, &count));
    if (c->json) {
        json_array_append_new(accords, json_pack("{s:o, s:o}", "accord", cli_json_hash(&k->accord->id), "next",
                                                 duties_json(c, k, duty, count, party)));
        return LS_SUCCESS;
    }
    cli_print("%s\nas of %s (%s)\n\n", cli_text(c, k->accord->roadmap->title),
              ls_why_date(k->charter, k->query.at, &c->arena), k->charter->zone.name);
    for (size_t p = 0; p < k->charter->party_count; p++) {
        if (p == party || (party == LS_NOBODY && is_shown(k, duty, count, p))) {
            print_party(c, k, duty, count, p);
        }
    }
    return LS_SUCCESS;
}

static ls_duty of_talks(cli *c, const ls_talks_duty *d)
{
    return (ls_duty){.party = d->party,
                     .until = d->until,
                     .what = cli_talks_duty_what(c, d),
                     .command = cli_talks_command(c, d),
                     .otherwise = d->until == LS_TIME_OPEN ? "" : ls_talks_else_words(d->task)};
}

static ls_duty of_search(cli *c, const ls_schedule_duty *d)
{
    return (ls_duty){.party = d->party,
                     .must = d->must,
                     .until = d->until,
                     .what = cli_search_what(c, d),
                     .command = cli_search_command(c, d),
                     .otherwise = ls_schedule_else_words(d)};
}

/* What is awaited in talks, as duties under an accord are: both lists are in the order of deadlines. */
static ls_result talk_duties(cli *c, const cli_talks *t, ls_duty **out, size_t *count)
{
    ls_talks_duty *awaited;
    ls_schedule_duty *searched;
    size_t talks, searches, i = 0, k = 0;
    LS_TRY(ls_talks_duties(&t->query, &t->state, &c->arena, &awaited, &talks));
    LS_TRY(ls_schedule_duties(t->search, t->search_count, &c->arena, &searched, &searches));
    *count = talks + searches;
    *out = ls_arena_array(&c->arena, *count + 1, sizeof **out);
    if (*out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    while (i + k < *count) {
        bool search = i == talks || (k < searches && searched[k].until < awaited[i].until);
        ls_duty d = search ? of_search(c, &searched[k]) : of_talks(c, &awaited[i]);
        (*out)[i + k] = d;
        i += !search;
        k += search;
    }
    return LS_SUCCESS;
}

/* Of the process, beside its accords. */
static ls_result print_talks(cli *c, ls_time at, ls_time known, size_t party, json_t **list)
{
    cli_talks t;
    ls_duty *duty;
    size_t count;
    LS_TRY(cli_talks_judge(c, at, known, &t));
    LS_TRY(talk_duties(c, &t, &duty, &count));
    const cli_card k = {.charter = t.charter, .query = {.at = at}};
    if (c->json) {
        *list = duties_json(c, &k, duty, count, party);
        return LS_SUCCESS;
    }
    bool titled = false;
    for (size_t p = 0; p < k.charter->party_count; p++) {
        bool any = false;
        for (size_t i = 0; i < count; i++) {
            any |= duty[i].party == p && (party == LS_NOBODY || p == party);
        }
        if (any) {
            cli_print("%s", titled ? "" : "Talks\n\n");
            titled = true;
            print_party(c, &k, duty, count, p);
        }
    }
    return LS_SUCCESS;
}

static ls_result run_next(cli *c)
{
    ls_time at, known;
    size_t *accords, count, party;
    json_t *talks = NULL;
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(chosen_party(c, &party));
    LS_TRY(cli_card_accords(c, at, known, &accords, &count));
    json_t *list = json_array();
    cli_mark(c, !c->json && ls_record_charter(c->ws.record)->exercise);
    for (size_t i = 0; i < count; i++) {
        cli_card k;
        LS_TRY(cli_card_judge(c, accords[i], at, known, &k));
        LS_TRY(print_accord(c, &k, party, list));
    }
    if (count == 0 && !c->json) {
        cli_print(ls_record_accord_count(c->ws.record) == 0 ? "No accord is on the record yet.\n"
                                                            : "No accord was signed by then.\n");
    }
    LS_TRY(print_talks(c, at, known, party, &talks));
    if (c->json) {
        return cli_print_json(
            c, c->ws.exercise,
            json_pack("{s:o, s:o, s:o}", "as_of", cli_json_time(at), "accords", list, "talks", talks));
    }
    json_decref(list);
    return LS_SUCCESS;
}

const cli_verb cli_verb_next = {
    "next",
    "",
    "what may and must be done now, by whom and by when",
    "For each party: what it must do and what it may do, until when, the command, and what follows if it does not.\n"
    "Deadlines first; what has none comes last. Then, of the whole process, what is awaited in talks.",
    "  lockstep -C usa next\n  lockstep -C usa next --for dprk --at 2018-11-30",
    0,
    0,
    {{"for", "PARTY", "only this party"}, CLI_OPTIONS_TIMES, {0}},
    run_next};
