/*
 * What became of talks: facts are sorted by the act that began what they are about, and then each thing is worked out
 * by itself, in the order of the ledger.
 */
#include "talks/state.h"
#include "talks/parts.h"
#include <stddef.h>
#include <stdlib.h>

/* Kinds. */

typedef enum thing {
    THING_NONE, /* it begins nothing */
    THING_LETTER,
    THING_PROPOSAL,
    THING_MEETING,
    THING_DEBRIEFING,
    THING_GROUP,
    THING_STATEMENT,
    THING_TEXT,
    THING_SCHEDULE,
    THINGS
} thing;

static thing begins(const ls_talk *t)
{
    static const thing things[LS_TALK_KINDS] = {
        [LS_TALK_LETTER] = THING_LETTER,    [LS_TALK_PROPOSE] = THING_PROPOSAL,   [LS_TALK_MEET] = THING_MEETING,
        [LS_TALK_APPOINT] = THING_MEETING,  [LS_TALK_DEBRIEF] = THING_DEBRIEFING, [LS_TALK_GROUP] = THING_GROUP,
        [LS_TALK_PLEDGE] = THING_STATEMENT, [LS_TALK_DEMAND] = THING_STATEMENT,   [LS_TALK_CLAIM] = THING_STATEMENT,
        [LS_TALK_TEXT] = THING_TEXT,        [LS_TALK_SCHEDULE] = THING_SCHEDULE};
    return things[t->kind];
}

/* Positions. */

/* Of a fact that stands before position `before`. */
static size_t position_of(const ls_talking *s, uint32_t index, size_t before)
{
    const ls_talk *found = ls_talks_find(&(ls_talks){.fact = s->fact, .count = before}, index);
    return found == NULL ? LS_NO_POSITION : (size_t)(found - s->fact);
}

size_t ls_talking_referred(const ls_talking *s, size_t fact)
{
    return position_of(s, s->fact[fact].ref, fact);
}

/* What one that begins something is about besides: what it counters, what came of it, what was told of it; of a search
 * for the date of a meeting, and what it found, that meeting. */
static size_t second_of(const ls_talking *s, size_t fact, size_t referred)
{
    if (referred == LS_NO_POSITION) {
        return referred;
    }
    thing to = begins(&s->fact[referred]);
    switch ((ls_talk_kind)s->fact[fact].kind) {
    case LS_TALK_PROPOSE:
        return to == THING_PROPOSAL ? referred : LS_NO_POSITION;
    case LS_TALK_SCHEDULE:
        return to == THING_MEETING ? referred : LS_NO_POSITION;
    case LS_TALK_APPOINT:
        return to == THING_SCHEDULE                          ? s->second[referred]
               : to == THING_PROPOSAL || to == THING_MEETING ? referred
                                                             : LS_NO_POSITION;
    case LS_TALK_DEBRIEF:
        return to == THING_DEBRIEFING                                              ? s->second[referred]
               : to == THING_LETTER || to == THING_PROPOSAL || to == THING_MEETING ? referred
                                                                                   : LS_NO_POSITION;
    default:
        return LS_NO_POSITION;
    }
}

/* Nothing counts without what it follows, or before it, although receipts may show it earlier than the stamp that
 * covers that. What begins something stands by itself, but counts for what else it is about in the same way. */
static void find_roots(ls_talking *s)
{
    for (size_t i = 0; i < s->count; i++) {
        size_t said = ls_talking_referred(s, i);
        bool any = said != LS_NO_POSITION;
        bool alone = any && begins(&s->fact[said]) != THING_NONE && s->fact[said].kind != LS_TALK_DEBRIEF;
        s->comes[i] = !any ? s->time[i] : ls_later(s->time[i], alone ? s->time[said] : s->comes[said]);
        if (begins(&s->fact[i]) != THING_NONE) {
            s->root[i] = i;
            s->second[i] = second_of(s, i, said);
            continue;
        }
        s->root[i] = any ? s->root[said] : LS_NO_POSITION;
        s->second[i] = LS_NO_POSITION;
        s->time[i] = s->comes[i];
    }
}

static size_t about(const void *talking, size_t fact, unsigned k)
{
    const ls_talking *s = talking;
    return k == 0 ? s->root[fact] : s->second[fact];
}

/* What happened about one thing. */

/* What one author says later happens later, although receipts may show it earlier than the stamp of what came before.
 */
static ls_time in_its_turn(const ls_talking *s, size_t fact, ls_time said[LS_PARTIES_MAX])
{
    const ls_talk *f = &s->fact[fact];
    if (f->by >= LS_PARTIES_MAX) {
        return s->comes[fact];
    }
    ls_time t = ls_later(s->comes[fact], said[f->by]);
    said[f->by] = t <= s->q->at ? t : said[f->by];
    return t;
}

size_t ls_talking_events(ls_talking *s, size_t root)
{
    ls_time said[LS_PARTIES_MAX] = {0};
    size_t count = 0;
    for (size_t i = s->first[root]; i < s->first[root + 1]; i++) {
        size_t fact = s->about[i];
        if (fact == root || s->comes[fact] > s->q->known || s->comes[fact] > s->q->at) {
            continue;
        }
        s->event[count++] = (ls_happening){in_its_turn(s, fact, said), fact};
    }
    ls_happenings_sort(s->event, count);
    return count;
}

size_t ls_talking_fall_back(const ls_talking *s, size_t from)
{
    while (from != LS_NO_POSITION && !s->standing[from].counts) {
        from = s->standing[from].before;
    }
    return from;
}

/* What is only listed, and reports of groups. */

static void list(ls_listed *into, size_t *count, const ls_talk *said)
{
    into[(*count)++] = (ls_listed){.said = said};
}

/* Whether one that begins nothing has a place in a list: a report of a group, a readout of a meeting. */
static bool is_listed(const ls_talking *s, size_t fact, ls_talk_kind kind)
{
    thing to = begins(&s->fact[s->root[fact]]);
    return s->fact[fact].kind == kind && to == (kind == LS_TALK_READOUT ? THING_MEETING : THING_GROUP);
}

/* Taken back by now: in ledger order a withdrawal comes later, so each is marked where it was listed. */
static void mark_withdrawn(ls_talking *s, size_t fact)
{
    size_t said = ls_talking_referred(s, fact);
    if (said == LS_NO_POSITION || s->fact[said].by != s->fact[fact].by || !ls_talking_counts(s, said)) {
        return;
    }
    if (is_listed(s, said, LS_TALK_READOUT)) {
        s->out->readout[s->number[said]].withdrawn = true;
    } else if (is_listed(s, said, LS_TALK_GROUP_REPORT)) {
        s->out->group_report[s->number[said]].withdrawn = true;
    }
}

static void list_about(ls_talking *s, size_t fact)
{
    ls_talks_state *out = s->out;
    const ls_talk *f = &s->fact[fact];
    if (is_listed(s, fact, LS_TALK_READOUT)) {
        list(out->readout, &out->readout_count, f);
    } else if (is_listed(s, fact, LS_TALK_GROUP_REPORT)) {
        out->group_report[out->group_report_count++] = (ls_group_report_state){f, s->number[s->root[fact]], false};
    } else if (f->kind == LS_TALK_WITHDRAW) {
        mark_withdrawn(s, fact);
    }
}

/* The whole. */

/* As of `known`, while no stamp covers it. */
static void read_times(ls_talking *s)
{
    for (size_t i = 0; i < s->count; i++) {
        ls_time t = s->q->facts->time(s->q->facts->context, s->fact[i].index);
        s->time[i] = t == LS_TIME_OPEN ? s->q->known : t;
    }
}

/* Numbers what counts by now, kind by kind. */
static void number(ls_talking *s, size_t things[THINGS], size_t *readouts, size_t *reports)
{
    for (size_t i = 0; i < s->count; i++) {
        const ls_talk *f = &s->fact[i];
        if (s->root[i] == LS_NO_POSITION || !ls_talking_counts(s, s->root[i]) || !ls_talking_counts(s, i)) {
            continue;
        }
        if (begins(f) != THING_NONE) {
            s->number[i] = things[begins(f)]++;
        } else if (is_listed(s, i, LS_TALK_READOUT)) {
            s->number[i] = (*readouts)++;
        } else if (is_listed(s, i, LS_TALK_GROUP_REPORT)) {
            s->number[i] = (*reports)++;
        }
    }
}

static bool make_room(ls_talking *s, const size_t things[THINGS], size_t readouts, size_t reports)
{
    ls_talks_state *out = s->out;
    ls_arena *a = s->arena;
    *out = (ls_talks_state){.letter_count = things[THING_LETTER],
                            .proposal_count = things[THING_PROPOSAL],
                            .meeting_count = things[THING_MEETING],
                            .group_count = things[THING_GROUP],
                            .statement_count = things[THING_STATEMENT],
                            .debriefing_count = things[THING_DEBRIEFING]};
    out->letter = ls_arena_array(a, out->letter_count + 1, sizeof *out->letter);
    out->proposal = ls_arena_array(a, out->proposal_count + 1, sizeof *out->proposal);
    out->meeting = ls_arena_array(a, out->meeting_count + 1, sizeof *out->meeting);
    out->group = ls_arena_array(a, out->group_count + 1, sizeof *out->group);
    out->statement = ls_arena_array(a, out->statement_count + 1, sizeof *out->statement);
    out->debriefing = ls_arena_array(a, out->debriefing_count + 1, sizeof *out->debriefing);
    out->text = ls_arena_array(a, things[THING_TEXT] + 1, sizeof *out->text);
    out->schedule = ls_arena_array(a, things[THING_SCHEDULE] + 1, sizeof *out->schedule);
    out->readout = ls_arena_array(a, readouts + 1, sizeof *out->readout);
    out->group_report = ls_arena_array(a, reports + 1, sizeof *out->group_report);
    return out->letter && out->proposal && out->meeting && out->group && out->statement && out->debriefing &&
           out->text && out->schedule && out->readout && out->group_report;
}

static bool begin(ls_talking *s, ls_arena *scratch)
{
    size_t n = s->count, things[THINGS] = {0}, readouts = 0, reports = 0;
    s->time = ls_arena_array(scratch, n + 1, sizeof *s->time);
    s->comes = ls_arena_array(scratch, n + 1, sizeof *s->comes);
    s->root = ls_arena_array(scratch, n + 1, sizeof *s->root);
    s->second = ls_arena_array(scratch, n + 1, sizeof *s->second);
    s->number = ls_arena_array(scratch, n + 1, sizeof *s->number);
    s->first = ls_arena_array(scratch, n + 3, sizeof *s->first);
    s->about = ls_arena_array(scratch, 2 * n + 1, sizeof *s->about);
    s->event = ls_arena_array(scratch, n + 1, sizeof *s->event);
    s->standing = ls_arena_array(scratch, n + 1, sizeof *s->standing);
    if (!s->time || !s->comes || !s->root || !s->second || !s->number || !s->first || !s->about || !s->event ||
        !s->standing) {
        return false;
    }
    read_times(s);
    find_roots(s);
    ls_facts_group(s->count, about, s, s->first, s->about);
    number(s, things, &readouts, &reports);
    return make_room(s, things, readouts, reports);
}

static bool work_out(ls_talking *s, size_t root)
{
    size_t n = s->number[root];
    ls_talks_state *out = s->out;
    switch (begins(&s->fact[root])) {
    case THING_LETTER:
        return ls_talking_letter(s, root, &out->letter[n]);
    case THING_PROPOSAL:
        return ls_talking_proposal(s, root, &out->proposal[n]);
    case THING_MEETING:
        return ls_talking_meeting(s, root, &out->meeting[n]);
    case THING_DEBRIEFING:
        return ls_talking_debriefing(s, root, &out->debriefing[n]);
    case THING_GROUP:
        return ls_talking_group(s, root, &out->group[n]);
    case THING_STATEMENT:
        return ls_talking_statement(s, root, &out->statement[n]);
    case THING_TEXT:
        list(out->text, &out->text_count, &s->fact[root]);
        return true;
    default:
        list(out->schedule, &out->schedule_count, &s->fact[root]);
        return true;
    }
}

/* The group in which a meeting is held, where that counts. */
static void place_meetings(ls_talking *s)
{
    for (size_t i = 0; i < s->out->meeting_count; i++) {
        ls_meeting_state *m = &s->out->meeting[i];
        size_t at = position_of(s, m->meeting->group, s->count);
        bool there = at != LS_NO_POSITION && s->fact[at].kind == LS_TALK_GROUP && ls_talking_counts(s, at);
        m->group = there ? s->number[at] : LS_NO_GROUP;
        if (there) {
            s->out->group[m->group].meetings++;
        }
    }
}

static bool work_all_out(ls_talking *s)
{
    bool ready = true;
    for (size_t i = 0; i < s->count && ready; i++) {
        size_t root = s->root[i];
        if (root == i && ls_talking_counts(s, i)) {
            ready = work_out(s, i);
        } else if (root != LS_NO_POSITION && root != i && ls_talking_counts(s, root) && ls_talking_counts(s, i)) {
            list_about(s, i);
        }
    }
    for (size_t i = 0; i < s->count && ready; i++) {
        thing t = begins(&s->fact[i]);
        if ((t == THING_LETTER || t == THING_PROPOSAL || t == THING_MEETING) && ls_talking_counts(s, i)) {
            ls_talking_told(s, i);
        }
    }
    if (ready) {
        place_meetings(s);
    }
    return ready;
}

ls_result ls_talks_eval(const ls_talks_query *q, ls_arena *arena, ls_talks_state *out)
{
    ls_talks_state state;
    ls_arena scratch = {0};
    ls_talking s = {
        .q = q, .c = q->charter, .fact = q->facts->fact, .count = q->facts->count, .out = &state, .arena = arena};
    bool ready = begin(&s, &scratch) && work_all_out(&s);
    ls_arena_free(&scratch);
    if (!ready) {
        return ls_fail(&ls_fault_memory);
    }
    *out = state;
    return LS_SUCCESS;
}

/* By the act that began it. */

/* Each state begins with the act that began the thing. */
static int by_index(const void *a, const void *b)
{
    const uint32_t *index = a;
    const ls_talk *const *began = b;
    return *index < (*began)->index ? -1 : *index > (*began)->index;
}

const ls_proposal_state *ls_talks_proposal(const ls_talks_state *s, uint32_t index)
{
    return bsearch(&index, s->proposal, s->proposal_count, sizeof *s->proposal, by_index);
}

const ls_meeting_state *ls_talks_meeting(const ls_talks_state *s, uint32_t index)
{
    return bsearch(&index, s->meeting, s->meeting_count, sizeof *s->meeting, by_index);
}

const ls_group_state *ls_talks_group(const ls_talks_state *s, uint32_t index)
{
    return bsearch(&index, s->group, s->group_count, sizeof *s->group, by_index);
}

_Static_assert(offsetof(ls_proposal_state, proposal) == 0 && offsetof(ls_meeting_state, meeting) == 0 &&
                   offsetof(ls_group_state, group) == 0,
               "a state begins with the act that began the thing");
