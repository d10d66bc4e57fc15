/* calendar: the deadlines as an iCalendar file (RFC 5545), through libical. */
#include "cli/scorecard.h"
#include "cli/talking.h"
#include <libical/ical.h>
#include <stdio.h>
#include <stdlib.h>

#define PRODUCT "-//Lockstep//Lockstep " LOCKSTEP_VERSION "//EN"

static struct icaltimetype utc(ls_time t)
{
    return icaltime_from_timet_with_zone((time_t)t, 0, icaltimezone_get_utc_timezone());
}

/* An event without length, or of a day; by the same uid every time. */
static void add_event_at(cli *c, icalcomponent *calendar, ls_time at, struct icaltimetype begin,
                         struct icaltimetype end, const char *uid, const char *summary, const char *description)
{
    bool exercise = ls_record_charter(c->ws.record)->exercise;
    const char *marked = exercise ? ls_arena_format(&c->arena, "EXERCISE: %s", summary) : summary;
    icalcomponent *event =
        icalcomponent_vanew(ICAL_VEVENT_COMPONENT, icalproperty_new_uid(uid), icalproperty_new_dtstamp(utc(at)),
                            icalproperty_new_dtstart(begin), icalproperty_new_dtend(end),
                            icalproperty_new_summary(marked), icalproperty_new_description(description), NULL);
    icalcomponent_add_component(calendar, event);
}

/* One deadline: an event without length at its last moment. */
static void add(cli *c, icalcomponent *calendar, const cli_card *k, ls_time t, const char *uid, const char *summary,
                const char *description)
{
    ls_record_entry first = ls_record_at(c->ws.record, k->accord->signed_index); /* the same after an amendment */
    const char *id = ls_arena_format(&c->arena, "%s.%s@lockstep", uid, cli_short(c, &first.id));
    add_event_at(c, calendar, k->query.at, utc(t), utc(t), id, summary, description);
}

static void add_measure(cli *c, icalcomponent *calendar, const cli_card *k, size_t i)
{
    const ls_measure *m = &k->accord->roadmap->measures[i];
    const ls_measure_state *s = &k->state.measure[i];
    const char *id = cli_text(c, m->id), *by = ls_why_parties(k->charter, m->by, &c->arena);
    const char *what = ls_arena_format(&c->arena, "%s\n%s, paragraph %s\n%s: %s", cli_text(c, m->what),
                                       cli_text(c, k->accord->roadmap->title), cli_text(c, m->paragraph),
                                       ls_state_name(s->state), ls_why(&k->account, i));
    /* It stays in calendars that have it, and says there that nothing is due any more. */
    bool over = ls_measure_complete(m, s) || s->state == LS_CALLED_OFF || s->state == LS_ENDED;
    const char *done = over ? ls_arena_format(&c->arena, " (%s)", ls_state_name(s->state)) : "";
    if (s->has_deadline) {
        add(c, calendar, k, s->deadline - 1, ls_arena_format(&c->arena, "due.%s", id),
            ls_arena_format(&c->arena, "%s: %s due%s", by, id, done), what);
    }
    if (s->has_begin) {
        add(c, calendar, k, s->begin_by - 1, ls_arena_format(&c->arena, "begin.%s", id),
            ls_arena_format(&c->arena, "%s: %s to begin%s", by, id, done), what);
    }
    if (s->silent_until != LS_TIME_OPEN) {
        add(c, calendar, k, s->silent_until - 1, ls_arena_format(&c->arena, "silence.%s", id),
            ls_arena_format(&c->arena, "%s: last day to answer %s",
                            ls_why_parties(k->charter, m->verifiers & ~s->confirmations, &c->arena), id),
            what);
    }
}

static void add_event(cli *c, icalcomponent *calendar, const cli_card *k, size_t i)
{
    const ls_event *e = &k->accord->roadmap->events[i];
    const ls_event_state *s = &k->state.event[i];
    const char *id = cli_text(c, e->id), *title = cli_text(c, e->title);
    if (s->time != LS_TIME_OPEN) {
        add(c, calendar, k, s->time, ls_arena_format(&c->arena, "event.%s", id), title, title);
    }
    if (s->silent_until != LS_TIME_OPEN && !s->prevented) {
        add(c, calendar, k, s->silent_until - 1, ls_arena_format(&c->arena, "unless.%s", id),
            ls_arena_format(&c->arena, "last day for %s to prevent: %s", cli_text(c, e->unless.text), title), title);
    }
}

/* What is awaited in draws, visits and challenges. */
static ls_result add_inspections(cli *c, icalcomponent *calendar, const cli_card *k)
{
    const ls_inspection_query q = {&k->query, &k->state, &k->inspected};
    ls_inspection_duty *duty;
    size_t count;
    LS_TRY(ls_inspection_duties(&q, &k->inspection, &c->arena, &duty, &count));
    for (size_t i = 0; i < count; i++) {
        const ls_inspection_duty *d = &duty[i];
        if (d->until != LS_TIME_OPEN) {
            const char *text = ls_inspection_duty_text(k->charter, d, &c->arena);
            const char *uid = ls_arena_format(&c->arena, "%s.%u.%s", ls_inspection_task_name(d->task), d->about->index,
                                              cli_text(c, k->charter->party[d->party].name));
            add(c, calendar, k, d->until - 1, uid, text, text);
        }
    }
    return LS_SUCCESS;
}

static void add_accord(cli *c, icalcomponent *calendar, const cli_card *k)
{
    const ls_roadmap *m = k->accord->roadmap;
    for (size_t i = 0; i < m->measure_count; i++) {
        add_measure(c, calendar, k, i);
    }
    for (size_t i = 0; i < m->event_count; i++) {
        add_event(c, calendar, k, i);
    }
    for (size_t i = 0; i < k->state.dispute_count; i++) {
        const ls_dispute_state *d = &k->state.dispute[i];
        const ls_dispute *p = &m->disputes[d->procedure];
        for (size_t j = 0; j < p->stage_count; j++) {
            const ls_stage_state *s = &d->stage[j];
            if (s->ends != LS_TIME_OPEN && s->ends > s->begins) {
                const char *title = cli_text(c, p->stages[j].title);
                add(c, calendar, k, s->ends - 1,
                    ls_arena_format(&c->arena, "stage.%u.%s", d->index, cli_text(c, p->stages[j].id)),
                    ls_arena_format(&c->arena, "%s ends", title), title);
            }
        }
    }
}

/* Talks: the days of meetings, and until when answers are awaited. */

static const char *talk_uid(cli *c, const char *what, const ls_talk *began)
{
    ls_record_entry e = ls_record_at(c->ws.record, began->index);
    return ls_arena_format(&c->arena, "%s.%s@lockstep", what, cli_short(c, &e.id));
}

static struct icaltimetype day_of(int32_t days)
{
    char text[LS_DATE_SIZE];
    ls_date_format(ls_date_from_days(days), text);
    const char compact[] = {text[0], text[1], text[2], text[3], text[5], text[6], text[8], text[9], '\0'};
    return icaltime_from_string(compact);
}

/* One that is off keeps its entry, which says so. */
static void add_meeting(cli *c, icalcomponent *calendar, const cli_talks *t, const ls_meeting_state *m)
{
    const char *name = cli_text(c, m->meeting->name),
               *of = ls_why_parties(t->charter, ls_talk_involved(m->meeting), &c->arena);
    const char *stands = cli_talk_stands(c, t, m->meeting);
    if (m->due != LS_NO_DAY) {
        add_event_at(c, calendar, t->query.at, day_of(m->due), day_of(m->due + 1), talk_uid(c, "meeting", m->meeting),
                     ls_arena_format(&c->arena, "%s: meeting of %s (%s)", name, of, ls_meeting_stage_name(m->stage)),
                     ls_arena_format(&c->arena, "%s\n%s", stands, cli_talk_words(c, m->meeting->index)));
    }
}

static ls_result add_searches(cli *c, icalcomponent *calendar, const cli_talks *t)
{
    ls_schedule_duty *duty;
    size_t count;
    LS_TRY(ls_schedule_duties(t->search, t->search_count, &c->arena, &duty, &count));
    for (size_t i = 0; i < count; i++) {
        const ls_schedule_duty *d = &duty[i];
        const char *party = cli_party_name(c, d->party);
        const char *text = ls_arena_format(&c->arena, "last day for %s to %s", party, cli_search_what(c, d));
        add_event_at(c, calendar, t->query.at, utc(d->until - 1), utc(d->until - 1),
                     talk_uid(c, ls_arena_format(&c->arena, "%s.%s", ls_schedule_task_name(d->task), party), d->about),
                     text, ls_arena_format(&c->arena, "%s\nelse %s", text, ls_schedule_else_words(d)));
    }
    return LS_SUCCESS;
}

static ls_result add_talks(cli *c, icalcomponent *calendar, ls_time at, ls_time known)
{
    ls_talks_duty *duty;
    size_t count;
    cli_talks t;
    LS_TRY(cli_talks_judge(c, at, known, &t));
    LS_TRY(ls_talks_duties(&t.query, &t.state, &c->arena, &duty, &count));
    for (size_t i = 0; i < t.state.meeting_count; i++) {
        add_meeting(c, calendar, &t, &t.state.meeting[i]);
    }
    for (size_t i = 0; i < count; i++) {
        const ls_talks_duty *d = &duty[i];
        if (d->until != LS_TIME_OPEN) {
            const char *party = cli_party_name(c, d->party);
            const char *text = ls_arena_format(&c->arena, "last day for %s to %s", party, cli_talks_duty_what(c, d));
            add_event_at(c, calendar, at, utc(d->until - 1), utc(d->until - 1),
                         talk_uid(c, ls_arena_format(&c->arena, "%s.%s", ls_talks_task_name(d->task), party), d->about),
                         text, ls_arena_format(&c->arena, "%s\nelse %s", text, ls_talks_else_words(d->task)));
        }
    }
    return add_searches(c, calendar, &t);
}

static ls_result build(cli *c, icalcomponent *calendar)
{
    ls_time at, known;
    size_t *accords, count;
    LS_TRY(cli_card_begin(c, &at, &known));
    LS_TRY(cli_card_accords(c, at, known, &accords, &count));
    icalcomponent_add_property(calendar, icalproperty_new_version("2.0"));
    icalcomponent_add_property(calendar, icalproperty_new_prodid(PRODUCT));
    for (size_t i = 0; i < count; i++) {
        cli_card k;
        LS_TRY(cli_card_judge(c, accords[i], at, known, &k));
        add_accord(c, calendar, &k);
        LS_TRY(add_inspections(c, calendar, &k));
    }
    return add_talks(c, calendar, at, known);
}

static ls_result write_out(cli *c, const char *text, int entries)
{
    const char *path = cli_value(c, "out");
    if (path == NULL) {
        fputs(text, stdout);
        return LS_SUCCESS;
    }
    LS_TRY(ls_file_write(path, ls_bytes_str(text), &c->detail));
    cli_mark(c, c->ws.exercise);
    cli_print("%d entr%s in %s\n", entries, entries == 1 ? "y is" : "ies are", path);
    return LS_SUCCESS;
}

static ls_result run_calendar(cli *c)
{
    icalcomponent *calendar = icalcomponent_new(ICAL_VCALENDAR_COMPONENT);
    if (calendar == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = build(c, calendar);
    char *text = ls_succeeded(r) ? icalcomponent_as_ical_string_r(calendar) : NULL;
    if (ls_succeeded(r)) {
        r = text == NULL ? ls_fail(&ls_fault_memory)
                         : write_out(c, text, icalcomponent_count_components(calendar, ICAL_VEVENT_COMPONENT));
    }
    free(text);
    icalcomponent_free(calendar);
    return r;
}

const cli_verb cli_verb_calendar = {
    "calendar",
    "",
    "deadlines as an iCalendar file",
    "Writes every deadline that is known (to begin, to complete, to answer, stages of disputes, events ahead, draws "
    "and visits), the days of meetings, and until when answers to proposals are awaited, as an\n"
    "iCalendar file, which calendars import. An entry keeps its identity, so that importing again moves what has "
    "moved.",
    "  lockstep -C usa calendar --out deadlines.ics",
    0,
    0,
    {{"out", "FILE", "write to this file (default: standard output)"}, CLI_OPTIONS_TIMES, {0}},
    run_calendar};
