/* Talks: judged at a time, and as people name what they are about. */
#include "cli/talking.h"
#include "accord/time.h"
#include "cli/scorecard.h"
#include "escrow/text.h"
#include "process/sealed.h"
#include "workspace/reading.h"

/* The state. */

ls_result cli_talks_judge(cli *c, ls_time at, ls_time known, cli_talks *out)
{
    out->charter = ls_record_charter(c->ws.record);
    out->facts = ls_record_talks(c->ws.record);
    out->query = (ls_talks_query){at, known, out->charter, &out->facts};
    LS_TRY(ls_schedules_eval(&out->query, &c->arena, &out->search, &out->search_count));
    return ls_talks_eval(&out->query, &c->arena, &out->state);
}

ls_result cli_talks_now(cli *c, cli_talks *out)
{
    ls_time now;
    LS_TRY(cli_judging_time(c, &now));
    return cli_talks_judge(c, now, now, out);
}

/* Names. */

static const struct {
    ls_header header;
    uint32_t kinds;
    const char *what, *make;
} spaces[] = {
    {LS_H_MEETING, CLI_TALK(MEET) | CLI_TALK(APPOINT), "meeting", "meeting plan"},
    {LS_H_GROUP, CLI_TALK(GROUP), "working group", "group create"},
    {LS_H_TEXT, CLI_TALK(TEXT), "text under negotiation", "text open"},
    {LS_H_ITEM, CLI_TALK(PLEDGE) | CLI_TALK(DEMAND) | CLI_TALK(CLAIM), "pledge, demand or claim", "pledge"},
};
#define SPACES (sizeof spaces / sizeof *spaces)

static size_t space_of(ls_header h)
{
    size_t i = 0;
    while (i < SPACES && spaces[i].header != h) {
        i++;
    }
    return i;
}

static const char *nearest(cli *c, uint32_t kinds, const char *name)
{
    ls_talks all = ls_record_talks(c->ws.record);
    size_t count = 0;
    const char **names = ls_arena_array(&c->arena, all.count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < all.count; i++) {
        if ((kinds >> all.fact[i].kind & 1) != 0 && all.fact[i].name.len > 0) {
            names[count++] = cli_text(c, all.fact[i].name);
        }
    }
    return names == NULL ? NULL : ls_nearest(ls_bytes_str(name), names, count);
}

/* Something else bears it: that is what was meant, perhaps, by another verb. */
static const char *elsewhere(cli *c, ls_header space, const char *name)
{
    for (size_t i = 0; i < SPACES; i++) {
        if (spaces[i].header != space &&
            ls_record_talk_named(c->ws.record, spaces[i].header, ls_bytes_str(name)) != NULL) {
            return spaces[i].what;
        }
    }
    return NULL;
}

ls_result cli_find_named(cli *c, ls_header space, const char *name, const ls_talk **out)
{
    const size_t s = space_of(space);
    *out = ls_record_talk_named(c->ws.record, space, ls_bytes_str(name));
    if (*out != NULL) {
        return LS_SUCCESS;
    }
    const char *near = nearest(c, spaces[s].kinds, name), *other = elsewhere(c, space, name);
    if (other != NULL) {
        ls_hint(&c->detail, "it is the name of a %s", other);
    } else if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s? lockstep talks lists what there is", near);
    } else {
        ls_hint(&c->detail, "lockstep %s makes one; lockstep talks lists what there is", spaces[s].make);
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "there is no %s %.80s", spaces[s].what, name);
}

const ls_talk *cli_talk_at(const cli *c, uint64_t index)
{
    ls_talks all = ls_record_talks(c->ws.record);
    return ls_talks_find(&all, index);
}

ls_result cli_find_talk(cli *c, uint32_t kinds, const char *name, const char *what, const ls_talk **out)
{
    uint64_t index;
    for (size_t i = 0; i < SPACES; i++) {
        *out = (kinds & spaces[i].kinds) == 0
                   ? NULL
                   : ls_record_talk_named(c->ws.record, spaces[i].header, ls_bytes_str(name));
        if (*out != NULL && (kinds >> (*out)->kind & 1) != 0) {
            return LS_SUCCESS;
        }
    }
    LS_TRY(cli_find_act(c, name, &index));
    *out = cli_talk_at(c, index);
    if (*out == NULL || (kinds >> (*out)->kind & 1) == 0) {
        ls_hint(&c->detail, "lockstep talks lists what there is, with the entries that began it");
        return ls_fail_with(&ls_fault_usage, &c->detail, "entry %llu is not %s", (unsigned long long)index, what);
    }
    return LS_SUCCESS;
}

/* Parties. */

static ls_result unknown_party(cli *c, const char *option, ls_bytes name)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    const char *names[LS_PARTIES_MAX];
    for (size_t i = 0; i < charter->party_count; i++) {
        names[i] = cli_text(c, charter->party[i].name);
    }
    const char *near = ls_nearest(name, names, charter->party_count);
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s? lockstep charter show lists the parties", near);
    } else {
        ls_hint(&c->detail, "names of parties, with commas: lockstep charter show lists them");
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s: the charter has no party \"%.*s\"", option,
                        (int)(name.len < 60 ? name.len : 60), (const char *)name.ptr);
}

/* Commas for people, spaces in acts. */
static const char *with_spaces(cli *c, const char *names)
{
    char *text = ls_arena_str(&c->arena, ls_bytes_str(names));
    for (char *p = text; p != NULL && *p != '\0'; p++) {
        *p = *p == ',' ? ' ' : *p;
    }
    return text == NULL ? "" : text;
}

static ls_result parties_of(cli *c, const char *option, const char *names, ls_parties *out, bool *everybody)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    ls_reader r = ls_reader_of(ls_bytes_str(with_spaces(c, names)));
    *out = 0;
    for (ls_bytes name; ls_read_until(&r, ' ', &name);) {
        const ls_party *p = ls_charter_party(charter, name);
        bool all = p == NULL && everybody != NULL && ls_bytes_is(name, "public");
        if (p == NULL && !all && name.len > 0) {
            return unknown_party(c, option, name);
        }
        *out |= p == NULL ? 0 : LS_PARTY_BIT(p - charter->party);
        if (all) {
            *everybody = true;
        }
    }
    return LS_SUCCESS;
}

ls_result cli_parties(cli *c, const char *option, const char *names, ls_parties *out)
{
    LS_TRY(parties_of(c, option, names, out, NULL));
    return *out != 0 ? LS_SUCCESS : ls_fail_with(&ls_fault_usage, &c->detail, "%s names no party", option);
}

void cli_act_parties(cli *c, ls_act_draft *act, ls_header h, ls_parties set)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    ls_buf names = {0};
    for (size_t p = 0; p < charter->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            ls_buf_format(&names, "%s%.*s", names.len > 0 ? " " : "", (int)charter->party[p].name.len,
                          (const char *)charter->party[p].name.ptr);
        }
    }
    ls_act_draft_set(act, h, "%s", ls_buf_cstr(&names));
    ls_buf_free(&names);
}

/* Headers. */

static ls_result put_until(cli *c, ls_act_draft *act, const char *given)
{
    char text[LS_TIME_SIZE];
    ls_time until, now;
    ls_date date;
    if (ls_date_parse(ls_bytes_str(given), &date)) {
        until = ls_time_of_day(ls_record_charter(c->ws.record), (int32_t)ls_date_to_days(date), true);
    } else if (!ls_time_parse(ls_bytes_str(given), &until)) {
        ls_hint(&c->detail, "--until 2018-10-20 (to the end of that day), or --until 2018-10-20T12:00:00Z");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%.60s\" is neither a date nor a time", given);
    }
    LS_TRY(cli_judging_time(c, &now));
    if (until < now) {
        ls_time_format(now, text);
        ls_hint(&c->detail, "it is %s by now", text);
        return ls_fail_with(&ls_fault_usage, &c->detail, "--until: %.60s has passed already", given);
    }
    ls_time_format(until, text);
    ls_act_draft_set(act, LS_H_UNTIL, "%s", text);
    return LS_SUCCESS;
}

static ls_result put_names(cli *c, ls_act_draft *act, ls_header h, const char *option, const char *given)
{
    const char *names = with_spaces(c, given);
    ls_reader r = ls_reader_of(ls_bytes_str(names));
    for (ls_bytes name; ls_read_until(&r, ' ', &name);) {
        if (!ls_name_valid(name)) {
            ls_hint(&c->detail, "small letters, digits and hyphens, with commas between names: --%s kim-yong,choe-son",
                    option);
            return ls_fail_with(&ls_fault_usage, &c->detail, "--%s: \"%.*s\" is no name", option,
                                (int)(name.len < 60 ? name.len : 60), (const char *)name.ptr);
        }
    }
    ls_act_draft_set(act, h, "%s", names);
    return LS_SUCCESS;
}

static ls_result put_party_lists(cli *c, ls_act_draft *act)
{
    const char *to = cli_value(c, "to"), *of = cli_value(c, "of"), *pass = cli_value(c, "pass-to");
    ls_parties set;
    if (to != NULL) {
        LS_TRY(cli_parties(c, "--to", to, &set));
        cli_act_parties(c, act, LS_H_TO, set);
    }
    if (of != NULL) {
        LS_TRY(cli_parties(c, "--of", of, &set));
        cli_act_parties(c, act, LS_H_OF, set);
    }
    if (pass != NULL) {
        bool everybody = false;
        LS_TRY(parties_of(c, "--pass-to", pass, &set, &everybody));
        ls_act_draft_set(act, LS_H_PASS_TO, "%s", "");
        if (set != 0) {
            cli_act_parties(c, act, LS_H_PASS_TO, set);
        }
        if (everybody) {
            const char *named = cli_text(c, ls_buf_bytes(&act->value[LS_H_PASS_TO]));
            ls_act_draft_set(act, LS_H_PASS_TO, "%s%spublic", named, named[0] == '\0' ? "" : " ");
        }
    }
    return LS_SUCCESS;
}

static ls_result put_venue(cli *c, ls_act_draft *act, const char *venue)
{
    if (!ls_text_ascii(ls_bytes_str(venue))) {
        ls_hint(&c->detail, "write it in letters of ASCII, as in \"Da Nang\"; --text may say it in any script");
        return ls_fail_with(&ls_fault_usage, &c->detail, "--venue: a place is signed in ASCII");
    }
    ls_act_draft_set(act, LS_H_VENUE, "%s", venue);
    return LS_SUCCESS;
}

/* A meeting may be put on the record after it was held; more often somebody mistyped the year. */
static ls_result warn_of_past(cli *c, const char *due)
{
    ls_date date;
    ls_time now;
    if (!ls_date_parse(ls_bytes_str(due), &date)) {
        return LS_SUCCESS; /* and is refused with the other headers */
    }
    LS_TRY(cli_judging_time(c, &now));
    if (ls_time_of_day(ls_record_charter(c->ws.record), (int32_t)ls_date_to_days(date), true) < now) {
        cli_print_to(stderr, "lockstep: warning: --due %s has passed already\n", due);
    }
    return LS_SUCCESS;
}

ls_result cli_talk_headers(cli *c, ls_act_draft *act)
{
    const char *members = cli_value(c, "members"), *group = cli_value(c, "group"), *until = cli_value(c, "until"),
               *venue = cli_value(c, "venue"), *change = cli_value(c, "change"), *languages = cli_value(c, "languages"),
               *due = cli_value(c, "due");
    const ls_talk *found;
    LS_TRY(put_party_lists(c, act));
    LS_TRY(members == NULL ? LS_SUCCESS : put_names(c, act, LS_H_MEMBERS, "members", members));
    LS_TRY(languages == NULL ? LS_SUCCESS : put_names(c, act, LS_H_LANGUAGES, "languages", languages));
    LS_TRY(until == NULL ? LS_SUCCESS : put_until(c, act, until));
    if (group != NULL) {
        LS_TRY(cli_find_named(c, LS_H_GROUP, group, &found));
        ls_act_draft_set(act, LS_H_GROUP, "%s", group);
    }
    LS_TRY(venue == NULL ? LS_SUCCESS : put_venue(c, act, venue));
    LS_TRY(due == NULL ? LS_SUCCESS : warn_of_past(c, due));
    if (change != NULL) {
        ls_act_draft_set(act, LS_H_CHANGE, "%s", change);
    }
    return LS_SUCCESS;
}

/* Texts. */

static bool read_act(cli *c, uint32_t index, ls_arena *arena, ls_act *act)
{
    return act != NULL && ls_succeeded(ls_workspace_read_act(&c->ws, index, arena, act, NULL));
}

const char *cli_talk_header(cli *c, uint32_t index, ls_header h)
{
    ls_arena scratch = {0};
    ls_act *act = ls_arena_alloc(&scratch, sizeof *act);
    const char *text = read_act(c, index, &scratch, act) && act->has[h] ? cli_text(c, act->raw[h]) : "";
    ls_arena_free(&scratch);
    return text;
}

#define WORDS_MAX 160

/* The first line, cut where it is long, between two characters. */
static const char *first_line(cli *c, ls_bytes text)
{
    const uint8_t *end = text.len == 0 ? NULL : memchr(text.ptr, '\n', text.len);
    size_t len = end == NULL ? text.len : (size_t)(end - text.ptr);
    bool more = end != NULL && (size_t)(end - text.ptr) + 1 < text.len;
    if (len > WORDS_MAX) {
        len = WORDS_MAX;
        while (len > 0 && (text.ptr[len] & 0xc0) == 0x80) {
            len--;
        }
        more = true;
    }
    const char *line = cli_text(c, ls_bytes_of(text.ptr, len));
    return more ? ls_arena_format(&c->arena, "%s …", line) : line;
}

static const char *file_words(cli *c, const ls_act *act)
{
    size_t sealed = 0;
    for (size_t i = 0; i < act->attachment_count; i++) {
        sealed += ls_audience_restricted(act->attachment[i].audience);
    }
    return act->attachment_count == 0 ? ""
           : sealed == act->attachment_count
               ? "(sealed; lockstep inbox)"
               : ls_arena_format(&c->arena, "(%s)", cli_text(c, act->attachment[0].file_name));
}

const char *cli_talk_words(cli *c, uint32_t index)
{
    ls_arena scratch = {0};
    ls_act *act = ls_arena_alloc(&scratch, sizeof *act);
    const char *text = "";
    if (read_act(c, index, &scratch, act)) {
        text = act->text.len > 0 ? first_line(c, act->text) : file_words(c, act);
    }
    ls_arena_free(&scratch);
    return text;
}

const char *cli_talk_kind(const ls_talk *t)
{
    static const char *const kinds[LS_TALK_KINDS] = {
        [LS_TALK_LETTER] = "letter",      [LS_TALK_PROPOSE] = "proposal",
        [LS_TALK_ACCEPT] = "acceptance",  [LS_TALK_DECLINE] = "refusal",
        [LS_TALK_MEET] = "meeting",       [LS_TALK_APPOINT] = "meeting",
        [LS_TALK_DEFER] = "postponement", [LS_TALK_CANCEL] = "calling off",
        [LS_TALK_HOLD] = "own word",      [LS_TALK_MINUTES] = "agreed minutes",
        [LS_TALK_DEBRIEF] = "debriefing", [LS_TALK_GROUP] = "group",
        [LS_TALK_ENLIST] = "joining",     [LS_TALK_QUIT] = "leaving",
        [LS_TALK_AGENDA] = "item",        [LS_TALK_GROUP_REPORT] = "report",
        [LS_TALK_PLEDGE] = "pledge",      [LS_TALK_DEMAND] = "demand",
        [LS_TALK_CLAIM] = "claim",        [LS_TALK_REDEEM] = "redeeming",
        [LS_TALK_TEXT] = "text",          [LS_TALK_EDIT] = "edit",
        [LS_TALK_AGREE] = "agreement",    [LS_TALK_DIVERGE] = "objection",
        [LS_TALK_SCHEDULE] = "search",    [LS_TALK_SCHEDULE_COMMIT] = "step",
        [LS_TALK_SCHEDULE_SEND] = "step", [LS_TALK_SCHEDULE_REVEAL] = "step",
        [LS_TALK_READOUT] = "readout",    [LS_TALK_WITHDRAW] = "withdrawal",
    };
    return kinds[t->kind];
}

/* "summit-2", or by its place: "proposal 12". */
static const char *named(cli *c, const ls_talk *t)
{
    bool item = t->kind == LS_TALK_AGENDA || t->kind == LS_TALK_DIVERGE;
    return t->name.len > 0 && !item ? cli_text(c, t->name)
                                    : ls_arena_format(&c->arena, "%s %u", cli_talk_kind(t), t->index);
}

const char *cli_talk_about(cli *c, const ls_talk *t)
{
    const ls_talk *about = t->ref == LS_NO_ENTRY ? NULL : cli_talk_at(c, t->ref);
    const char *whom =
        t->to == 0 || t->by == LS_TALK_JOINT
            ? ""
            : ls_arena_format(&c->arena, "to %s", ls_why_parties(ls_record_charter(c->ws.record), t->to, &c->arena));
    const char *name = t->kind == LS_TALK_WITHDRAW || t->name.len == 0 ? "" : cli_text(c, t->name);
    const char *of = about != NULL           ? named(c, about)
                     : t->ref != LS_NO_ENTRY ? ls_arena_format(&c->arena, "entry %u", t->ref)
                                             : "";
    const char *parts[] = {of, name, t->kind == LS_TALK_WITHDRAW ? "" : whom};
    const char *text = "";
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        text = parts[i][0] == '\0' ? text
                                   : ls_arena_format(&c->arena, "%s%s%s", text, text[0] == '\0' ? "" : ", ", parts[i]);
    }
    return text;
}

const char *cli_talk_by(cli *c, const ls_talk *t)
{
    return t->by == LS_TALK_JOINT ? ls_why_parties(ls_record_charter(c->ws.record), t->to, &c->arena)
                                  : cli_party_name(c, t->by);
}

const char *cli_talk_entry(cli *c, const ls_talk *t)
{
    return t == NULL ? "-" : cli_card_entry(c, t->index);
}

/* What is awaited. */

const char *cli_talks_command(cli *c, const ls_talks_duty *d)
{
    static const struct {
        const char *verb, *more;
    } commands[LS_TALKS_TASKS] = {
        [LS_TALKS_ANSWER] = {"accept", ""},
        [LS_TALKS_CONFIRM] = {"meeting confirm", ""},
        [LS_TALKS_DATE] = {"meeting postpone", " --due DATE --text WHY"},
        [LS_TALKS_HELD] = {"meeting held", " --date DATE"},
        [LS_TALKS_JOIN] = {"group join", " --members NAMES"},
        [LS_TALKS_REDEEM] = {"redeem", " MEASURE"},
    };
    const char *what = d->about->name.len > 0 ? cli_text(c, d->about->name) : cli_talk_entry(c, d->about);
    return ls_arena_format(&c->arena, "%s %s%s", commands[d->task].verb, what, commands[d->task].more);
}

const char *cli_talks_duty_what(cli *c, const ls_talks_duty *d)
{
    return ls_arena_format(
        &c->arena, "%s (%s%s)", ls_talks_task_words(d->task), named(c, d->about),
        d->about->kind == LS_TALK_PROPOSE ? ls_arena_format(&c->arena, ", by %s", cli_talk_by(c, d->about)) : "");
}
