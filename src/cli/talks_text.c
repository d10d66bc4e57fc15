/* Talks as tables. */
#include "cli/scorecard.h"
#include "cli/talking.h"
#include <stdio.h>

static const char *day(cli *c, const cli_talks *t, ls_time at)
{
    return at == LS_TIME_OPEN ? "-" : ls_why_date(t->charter, at, &c->arena);
}

static const char *parties(cli *c, const cli_talks *t, ls_parties set)
{
    return set == 0 ? "-" : ls_why_parties(t->charter, set, &c->arena);
}

static const char *calendar_day(cli *c, int32_t due)
{
    char text[LS_DATE_SIZE];
    if (due == LS_NO_DAY) {
        return "-";
    }
    ls_date_format(ls_date_from_days(due), text);
    return cli_text(c, ls_bytes_str(text));
}

static void print(cli_table *t, const char *title)
{
    if (t->rows > 0) {
        cli_print("%s\n", title);
        cli_table_print(t);
        putchar('\n');
    }
}

/* "text (by usa; late: rok)": what is not empty. */
static const char *mark(cli *c, const cli_talks *t, const char *text, const char *what, ls_parties who)
{
    return who == 0 ? text : ls_arena_format(&c->arena, "%s, %s %s", text, what, parties(c, t, who));
}

/* "usa until 2018-10-20", or "-". */
static const char *awaited(cli *c, const cli_talks *t, ls_parties who, ls_time deadline)
{
    return who == 0 || deadline == LS_TIME_OPEN ? parties(c, t, who)
                                                : ls_arena_format(&c->arena, "%s until %s", parties(c, t, who),
                                                                  ls_why_deadline(t->charter, deadline, &c->arena));
}

static void print_letters(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    cli_table table = {.columns = 6, .heading = {"entry", "sent", "by", "to", "reply to", "letter"}};
    for (size_t i = 0; i < t->state.letter_count; i++) {
        const ls_letter_state *x = &t->state.letter[i];
        if (!cli_talks_fits(f, x->letter, x->replies == 0)) {
            continue;
        }
        const char *cells[] = {cli_talk_entry(c, x->letter),  day(c, t, x->sent),
                               cli_talk_by(c, x->letter),     parties(c, t, x->letter->to),
                               cli_talk_entry(c, x->answers), cli_talk_words(c, x->letter->index)};
        cli_table_row(c, &table, cells);
    }
    print(&table, "Letters");
}

static const char *proposal_stands(cli *c, const cli_talks *t, const ls_proposal_state *x)
{
    const char *text = ls_proposal_stage_name(x->stage);
    bool open = x->stage == LS_PROPOSAL_OPEN;
    text = mark(c, t, text, "accepted by", open ? x->accepted : 0);
    text = mark(c, t, text, "by", x->stage == LS_PROPOSAL_DECLINED ? x->declined : 0);
    text = mark(c, t, text, "by", x->stage == LS_PROPOSAL_COUNTERED ? x->countered : 0);
    if (x->counter != NULL) {
        text = ls_arena_format(&c->arena, "%s, counter-proposal in entry %u", text, x->counter->index);
    }
    return mark(c, t, text, "too late:", x->late);
}

static void print_proposals(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    cli_table table = {.columns = 7, .heading = {"entry", "by", "to", "stands", "since", "awaited", "proposal"}};
    for (size_t i = 0; i < t->state.proposal_count; i++) {
        const ls_proposal_state *x = &t->state.proposal[i];
        if (!cli_talks_fits(f, x->proposal, x->deadline != LS_TIME_OPEN)) {
            continue;
        }
        const char *cells[] = {cli_talk_entry(c, x->proposal),
                               cli_talk_by(c, x->proposal),
                               parties(c, t, x->proposal->to),
                               proposal_stands(c, t, x),
                               day(c, t, x->since),
                               awaited(c, t, x->awaited, x->deadline),
                               cli_talk_words(c, x->proposal->index)};
        cli_table_row(c, &table, cells);
    }
    print(&table, "Proposals");
}

/* Meetings. */

static bool is_ahead(const ls_meeting_state *m)
{
    return m->stage == LS_MEETING_PLANNED || m->stage == LS_MEETING_CONFIRMED || m->stage == LS_MEETING_DECLINED ||
           m->stage == LS_MEETING_POSTPONED;
}

static const char *meeting_stands(cli *c, const cli_talks *t, const ls_meeting_state *m)
{
    const char *text = ls_meeting_stage_name(m->stage);
    text = mark(c, t, text, "by the word of", m->stage == LS_MEETING_HELD ? m->held_by : 0);
    text = mark(c, t, text, "called off by", m->stage == LS_MEETING_HELD ? m->cancelled_by : 0);
    text = mark(c, t, text, "by", m->stage == LS_MEETING_CALLED_OFF ? m->cancelled_by : 0);
    text = mark(c, t, text, "by", m->stage == LS_MEETING_DECLINED ? m->declined : 0);
    if (m->stage == LS_MEETING_HELD && m->minutes != NULL) {
        text = ls_arena_format(&c->arena, "%s, minutes agreed by %s", text, cli_talk_by(c, m->minutes));
    }
    if (m->stage == LS_MEETING_REPLACED) {
        text = ls_arena_format(&c->arena, "%s by %s", text, cli_text(c, m->replaced_by->name));
    }
    text = mark(c, t, text, "unaware of this date:", m->unaware);
    return mark(c, t, text, "too late:", m->late);
}

static const char *venue_of(cli *c, const ls_meeting_state *m)
{
    const char *venue = cli_talk_header(c, m->dated_by->index, LS_H_VENUE);
    return venue[0] != '\0' ? venue : cli_talk_header(c, m->meeting->index, LS_H_VENUE);
}

static void print_meetings(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    cli_table table = {.columns = 8,
                       .heading = {"meeting", "entry", "of", "date", "place", "stands", "since", "awaited"}};
    for (size_t i = 0; i < t->state.meeting_count; i++) {
        const ls_meeting_state *m = &t->state.meeting[i];
        if (!cli_talks_fits(f, m->meeting, is_ahead(m))) {
            continue;
        }
        const char *cells[] = {cli_text(c, m->meeting->name),
                               cli_talk_entry(c, m->meeting),
                               parties(c, t, ls_talk_involved(m->meeting)),
                               calendar_day(c, m->due),
                               venue_of(c, m),
                               meeting_stands(c, t, m),
                               day(c, t, m->since),
                               awaited(c, t, m->awaited, m->deadline)};
        cli_table_row(c, &table, cells);
    }
    print(&table, "Meetings");
}

static void print_agenda(cli *c, const cli_talks *t, const ls_agenda *a)
{
    cli_table table = {.columns = 6, .heading = {"item", "is", "since", "by", "entry", "what"}};
    for (size_t i = 0; i < a->count; i++) {
        const ls_agenda_item *x = &a->item[i];
        const char *cells[] = {cli_text(c, x->latest->name), ls_agenda_word_name(x->latest->word),
                               day(c, t, x->since),          cli_talk_by(c, x->latest),
                               cli_talk_entry(c, x->latest), cli_talk_words(c, x->latest->index)};
        cli_table_row(c, &table, cells);
    }
    print(&table, "Agenda");
}

static void print_minutes(cli *c, const cli_talks *t, const ls_meeting_state *m)
{
    cli_table table = {.columns = 4, .heading = {"by the word of", "held on", "entry", "minutes"}};
    for (size_t i = 0; i < m->held_count; i++) {
        const ls_talk *h = m->held[i];
        const char *cells[] = {cli_talk_by(c, h), calendar_day(c, h->day), cli_talk_entry(c, h),
                               cli_talk_words(c, h->index)};
        cli_table_row(c, &table, cells);
    }
    if (m->minutes != NULL) {
        const char *cells[] = {cli_talk_by(c, m->minutes), "agreed", cli_talk_entry(c, m->minutes),
                               cli_talk_words(c, m->minutes->index)};
        cli_table_row(c, &table, cells);
    }
    (void)t;
    print(&table, "Minutes");
}

static void print_cause(cli *c, const char *what, const ls_talk *said)
{
    if (said != NULL) {
        cli_print("%s by %s, entry %u: %s\n", what, cli_talk_by(c, said), said->index, cli_talk_words(c, said->index));
    }
}

void cli_print_meeting(cli *c, const cli_talks *t, const ls_meeting_state *m)
{
    const char *venue = venue_of(c, m), *words = cli_talk_words(c, m->meeting->index);
    cli_print("%s, of %s\n%s\nsince  %s (%s)\n", cli_text(c, m->meeting->name),
              parties(c, t, ls_talk_involved(m->meeting)), meeting_stands(c, t, m), day(c, t, m->since),
              t->charter->zone.name);
    cli_print("date   %s%s%s\n", calendar_day(c, m->due), venue[0] == '\0' ? "" : "\nplace  ", venue);
    if (words[0] != '\0') {
        cli_print("about  %s\n", words);
    }
    if (m->group != LS_NO_GROUP) {
        cli_print("group  %s\n", cli_text(c, t->state.group[m->group].group->name));
    }
    if (m->awaited != 0) {
        cli_print("awaited: %s\n", awaited(c, t, m->awaited, m->deadline));
    }
    if (m->disputed) {
        cli_print("Disputed: %s called it off and has not said that it was held.\n",
                  parties(c, t, m->cancelled_by & ~m->held_by));
    }
    print_cause(c, "Postponed", m->postponed);
    print_cause(c, "Called off", m->cancelled);
    putchar('\n');
    print_agenda(c, t, &m->agenda);
    print_minutes(c, t, m);
    if (m->readouts > 0) {
        cli_print("%u readout%s on the record.\n", m->readouts, m->readouts == 1 ? " is" : "s are");
    }
}

/* Groups. */

static void print_groups(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    cli_table table = {.columns = 9,
                       .heading = {"group", "entry", "members", "left", "invited", "items", "meetings", "reports",
                                   "terms of reference"}};
    for (size_t i = 0; i < t->state.group_count; i++) {
        const ls_group_state *g = &t->state.group[i];
        if (!cli_talks_fits(f, g->group, g->members != 0)) {
            continue;
        }
        const char *cells[] = {cli_text(c, g->group->name),
                               cli_talk_entry(c, g->group),
                               parties(c, t, g->members),
                               parties(c, t, g->left),
                               parties(c, t, g->invited),
                               ls_arena_format(&c->arena, "%zu", g->agenda.count),
                               ls_arena_format(&c->arena, "%u", g->meetings),
                               ls_arena_format(&c->arena, "%u", g->reports),
                               cli_talk_words(c, g->group->index)};
        cli_table_row(c, &table, cells);
    }
    print(&table, "Working groups");
}

static void print_seats(cli *c, const cli_talks *t, const ls_group_state *g)
{
    cli_table table = {.columns = 4, .heading = {"party", "is", "since", "members, the head first"}};
    for (size_t i = 0; i < g->seat_count; i++) {
        const ls_seat *s = &g->seat[i];
        const char *cells[] = {cli_party_name(c, s->party), s->left ? "left" : "in", day(c, t, s->since),
                               cli_talk_header(c, s->named_by->index, LS_H_MEMBERS)};
        cli_table_row(c, &table, cells);
    }
    print(&table, "Members");
}

static void print_reports(cli *c, const cli_talks *t, const ls_group_state *g)
{
    cli_table table = {.columns = 4, .heading = {"entry", "by", "to", "report"}};
    for (size_t i = 0; i < t->state.group_report_count; i++) {
        const ls_group_report_state *x = &t->state.group_report[i];
        if (&t->state.group[x->group] == g) {
            const char *words = cli_talk_words(c, x->report->index);
            const char *cells[] = {cli_talk_entry(c, x->report), cli_talk_by(c, x->report),
                                   parties(c, t, x->report->to),
                                   x->withdrawn ? ls_arena_format(&c->arena, "(withdrawn) %s", words) : words};
            cli_table_row(c, &table, cells);
        }
    }
    print(&table, "Reports");
}

void cli_print_group(cli *c, const cli_talks *t, const ls_group_state *g)
{
    const char *track = cli_talk_header(c, g->group->index, LS_H_TRACK);
    const cli_talks_filter its = {.group = g->group->index};
    cli_print("%s, set up by %s on %s (%s)\n%s\n", cli_text(c, g->group->name), cli_talk_by(c, g->group),
              day(c, t, g->since), t->charter->zone.name, cli_talk_words(c, g->group->index));
    if (track[0] != '\0') {
        cli_print("track %s\n", track);
    }
    if (g->invited != 0) {
        cli_print("invited: %s\n", parties(c, t, g->invited));
    }
    if (ls_group_refused(g) != 0) {
        cli_print("will not take part: %s\n", parties(c, t, ls_group_refused(g)));
    }
    putchar('\n');
    print_seats(c, t, g);
    print_agenda(c, t, &g->agenda);
    print_meetings(c, t, &its);
    print_reports(c, t, g);
}

/* Pledges, demands, claims. */

static const char *statement_stands(cli *c, const cli_talks *t, const ls_statement_state *x)
{
    const char *text = ls_statement_stage_name(x->stage);
    if (x->stage == LS_STATEMENT_REDEEMED) {
        text = ls_arena_format(&c->arena, "%s: %s", text, cli_text(c, x->redeemed_by->measure));
    }
    if (x->deadline != LS_TIME_OPEN) {
        text = ls_arena_format(&c->arena, "%s until %s", text, ls_why_deadline(t->charter, x->deadline, &c->arena));
    }
    return x->late ? ls_arena_format(&c->arena, "%s, redeemed too late", text) : text;
}

static void print_kind(cli *c, const cli_talks *t, const cli_talks_filter *f, ls_talk_kind kind, const char *title)
{
    cli_table table = {
        .columns = 7,
        .heading = {cli_talk_kind(&(ls_talk){.kind = (uint8_t)kind}), "by", "of", "stands", "since", "source", "what"}};
    for (size_t i = 0; i < t->state.statement_count; i++) {
        const ls_statement_state *x = &t->state.statement[i];
        if (x->said->kind != kind || !cli_talks_fits(f, x->said, x->stage == LS_STATEMENT_STANDING)) {
            continue;
        }
        const char *cells[] = {cli_text(c, x->said->name),
                               cli_talk_by(c, x->said),
                               x->said->of < LS_PARTIES_MAX ? cli_party_name(c, x->said->of) : "-",
                               statement_stands(c, t, x),
                               day(c, t, x->since),
                               cli_card_entry(c, x->said->ref),
                               cli_talk_words(c, x->said->index)};
        cli_table_row(c, &table, cells);
    }
    print(&table, title);
}

void cli_print_statements(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    print_kind(c, t, f, LS_TALK_PLEDGE, "Pledges on the record (no date, no test; never overdue)");
    print_kind(c, t, f, LS_TALK_DEMAND, "Demands on the record (not accepted; never overdue)");
    print_kind(c, t, f, LS_TALK_CLAIM, "Claims");
}

/* Debriefings, and what is only listed. */

static const char *debriefing_marks(cli *c, const cli_talks *t, const ls_debriefing_state *x)
{
    const char *text = x->withdrawn ? "withdrawn" : "";
    const char *against = x->against == NULL ? "" : ls_arena_format(&c->arena, " (entry %u)", x->against->index);
    if (x->untold) {
        text = ls_arena_format(&c->arena, "%s%snobody told it on the record", text, text[0] == '\0' ? "" : ", ");
    }
    if ((x->beyond | x->pass_beyond) != 0 || x->public_beyond) {
        text = ls_arena_format(&c->arena, "%s%sAGAINST what it was told under%s:", text, text[0] == '\0' ? "" : ", ",
                               against);
        text = x->beyond == 0 ? text : ls_arena_format(&c->arena, "%s told %s", text, parties(c, t, x->beyond));
        text = x->pass_beyond == 0
                   ? text
                   : ls_arena_format(&c->arena, "%s lets %s be told", text, parties(c, t, x->pass_beyond));
        text = x->public_beyond ? ls_arena_format(&c->arena, "%s lets all be told", text) : text;
    }
    return text;
}

static const char *pass_to(cli *c, const cli_talks *t, const ls_talk *d)
{
    return d->pass_to == 0
               ? (d->pass_public ? "public" : "nobody")
               : ls_arena_format(&c->arena, "%s%s", parties(c, t, d->pass_to), d->pass_public ? ", public" : "");
}

static void print_debriefings(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    cli_table table = {.columns = 9,
                       .heading = {"entry", "told", "by", "of", "to", "about", "may pass on to", "marks", "what"}};
    for (size_t i = 0; i < t->state.debriefing_count; i++) {
        const ls_debriefing_state *x = &t->state.debriefing[i];
        const ls_talk *d = x->debriefing;
        if (!cli_talks_fits(f, d, !x->withdrawn)) {
            continue;
        }
        const char *about = x->subject == NULL ? "-"
                            : x->subject->name.len > 0
                                ? cli_text(c, x->subject->name)
                                : ls_arena_format(&c->arena, "%s %u", cli_talk_kind(x->subject), x->subject->index);
        const char *cells[] = {cli_talk_entry(c, d),       day(c, t, x->told),
                               cli_talk_by(c, d),          d->of < LS_PARTIES_MAX ? cli_party_name(c, d->of) : "-",
                               parties(c, t, d->to),       about,
                               pass_to(c, t, d),           debriefing_marks(c, t, x),
                               cli_talk_words(c, d->index)};
        cli_table_row(c, &table, cells);
    }
    print(&table, "Debriefings");
}

static void print_listed(cli *c, const cli_talks *t, const cli_talks_filter *f, const ls_listed *list, size_t count,
                         const char *title)
{
    cli_table table = {.columns = 5, .heading = {"entry", "by", "to", "about", "what"}};
    for (size_t i = 0; i < count; i++) {
        const ls_talk *x = list[i].said;
        if (cli_talks_fits(f, x, !list[i].withdrawn)) {
            const char *cells[] = {cli_talk_entry(c, x), cli_talk_by(c, x), parties(c, t, x->to),
                                   x->name.len > 0 ? cli_text(c, x->name) : cli_talk_about(c, x),
                                   list[i].withdrawn ? "withdrawn" : cli_talk_words(c, x->index)};
            cli_table_row(c, &table, cells);
        }
    }
    print(&table, title);
}

static void print_statements(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    cli_print_statements(c, t, f);
}

static void print_texts(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    print_listed(c, t, f, t->state.text, t->state.text_count, "Texts under negotiation");
}

static void print_searches(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    cli_table table = {.columns = 5, .heading = {"entry", "by", "with", "stage", "awaited"}};
    for (size_t i = 0; i < t->search_count; i++) {
        const ls_schedule_state *x = &t->search[i];
        if (cli_talks_fits(f, x->search, x->deadline != LS_TIME_OPEN)) {
            const char *cells[] = {cli_talk_entry(c, x->search), cli_talk_by(c, x->search),
                                   parties(c, t, x->search->to), ls_schedule_stage_name(x->stage),
                                   cli_search_awaited(c, x)};
            cli_table_row(c, &table, cells);
        }
    }
    print(&table, "Private searches for a date");
}

static void print_readouts(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    print_listed(c, t, f, t->state.readout, t->state.readout_count, "Readouts");
}

void cli_print_talks(cli *c, const cli_talks *t, const cli_talks_filter *f)
{
    static void (*const prints[])(cli *, const cli_talks *, const cli_talks_filter *) = {
        print_letters,     print_proposals, print_meetings, print_groups,  print_statements,
        print_debriefings, print_texts,     print_searches, print_readouts};
    for (size_t i = 0; cli_talks_sections[i] != NULL; i++) {
        if (cli_talks_shows(f, cli_talks_sections[i])) {
            prints[i](c, t, f);
        }
    }
}

/* One line, of whatever an act began or is about. */

static const char *of_statement(cli *c, const cli_talks *t, const ls_talk *about)
{
    for (size_t i = 0; i < t->state.statement_count; i++) {
        if (t->state.statement[i].said == about) {
            return statement_stands(c, t, &t->state.statement[i]);
        }
    }
    return "";
}

static const char *of_letter(cli *c, const cli_talks *t, const ls_talk *about)
{
    for (size_t i = 0; i < t->state.letter_count; i++) {
        const ls_letter_state *x = &t->state.letter[i];
        if (x->letter == about) {
            return ls_arena_format(&c->arena, "%u repl%s; the thread began with entry %u", x->replies,
                                   x->replies == 1 ? "y" : "ies", x->thread->index);
        }
    }
    return "";
}

static const char *of_debriefing(cli *c, const cli_talks *t, const ls_talk *about)
{
    for (size_t i = 0; i < t->state.debriefing_count; i++) {
        if (t->state.debriefing[i].debriefing == about) {
            return debriefing_marks(c, t, &t->state.debriefing[i]);
        }
    }
    return "";
}

static const char *search_stands(cli *c, const ls_schedule_state *s)
{
    const char *blame = cli_search_blame(c, s), *stage = ls_schedule_stage_name(s->stage);
    return blame != NULL     ? ls_arena_format(&c->arena, "%s: %s", stage, blame)
           : s->awaited != 0 ? ls_arena_format(&c->arena, "%s; awaited: %s", stage, cli_search_awaited(c, s))
                             : stage;
}

const char *cli_talk_stands(cli *c, const cli_talks *t, const ls_talk *about)
{
    const ls_schedule_state *s = ls_schedule_of(t->search, t->search_count, about->index);
    const ls_proposal_state *p = ls_talks_proposal(&t->state, about->index);
    const ls_meeting_state *m = ls_talks_meeting(&t->state, about->index);
    const ls_group_state *g = ls_talks_group(&t->state, about->index);
    if (p != NULL) {
        return proposal_stands(c, t, p);
    }
    if (m != NULL) {
        return meeting_stands(c, t, m);
    }
    if (s != NULL) {
        return search_stands(c, s);
    }
    if (g != NULL) {
        return ls_arena_format(&c->arena, "members %s; invited %s", parties(c, t, g->members),
                               parties(c, t, g->invited));
    }
    return about->kind == LS_TALK_LETTER    ? of_letter(c, t, about)
           : about->kind == LS_TALK_DEBRIEF ? of_debriefing(c, t, about)
                                            : of_statement(c, t, about);
}
