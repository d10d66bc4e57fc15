/* Talks: judged at a time, and as people name what they are about. */
#ifndef LS_CLI_TALKING_H
#define LS_CLI_TALKING_H

#include "accord/why.h"
#include "cli/cli.h"
#include "talks/duties.h"
#include "talks/schedule.h"

typedef struct cli_talks {
    const ls_charter *charter;
    ls_talks facts;
    ls_talks_query query;
    ls_talks_state state;
    ls_schedule_state *search; /* private searches */
    size_t search_count;
} cli_talks;

/* After a sync. out stays where it is: its parts point at each other. */
ls_result cli_talks_judge(cli *c, ls_time at, ls_time known, cli_talks *out);
ls_result cli_talks_now(cli *c, cli_talks *out);

/* What bears this name: of a header's namespace; else the nearest is a hint. ls_record_talk_named. */
ls_result cli_find_named(cli *c, ls_header space, const char *name, const ls_talk **out);
/* The act of talks that this argument names, of these kinds (bits 1 << ls_talk_kind): its place, the beginning of its
 * id, or, of what bears a name, that name. what: "a proposal". */
ls_result cli_find_talk(cli *c, uint32_t kinds, const char *name, const char *what, const ls_talk **out);
#define CLI_TALK(kind) (1u << LS_TALK_##kind)

/* What the act with this index says in talks, or NULL. */
const ls_talk *cli_talk_at(const cli *c, uint64_t index);

/* Parties by their names, with commas or spaces; the nearest is a hint. */
ls_result cli_parties(cli *c, const char *option, const char *names, ls_parties *out);

/* Options that stand in acts of talks as they are given: to, of, pass-to, members, group, until, venue, change. */
ls_result cli_talk_headers(cli *c, ls_act_draft *act);
void cli_act_parties(cli *c, ls_act_draft *act, ls_header h, ls_parties set);

/* Refuses an act that would change nothing in talks, as far as that is known: an answer to what has lapsed, a second
 * confirmation. Kinds that say nothing of talks pass. */
ls_result cli_talk_needed(cli *c, const char *kind, const ls_act_draft *act);

/* Of an act of talks: a header's value, "" if it has none; its first line, or what stands for it; whether its words are
 * sealed. */
const char *cli_talk_header(cli *c, uint32_t index, ls_header h);
const char *cli_talk_words(cli *c, uint32_t index);
/* What an act of talks is about, for a list of acts: "summit-2", "proposal 12"; "" if it is about nothing. */
const char *cli_talk_about(cli *c, const ls_talk *t);
const char *cli_talk_by(cli *c, const ls_talk *t);    /* "usa"; "usa, dprk" of a joint one */
const char *cli_talk_kind(const ls_talk *t);          /* the kind of act: "pledge" */
const char *cli_talk_entry(cli *c, const ls_talk *t); /* its place; "-" for NULL */

/* Everything, as tables and for programs; what a filter leaves (talks_text.c, talks_json.c). */
typedef struct cli_talks_filter {
    bool open;        /* only what is open, stands, or is planned */
    const char *only; /* "letters", …; or NULL */
    ls_parties with;  /* somebody of these is involved; 0: anybody */
    uint32_t group;   /* index of the act that began it, or LS_NO_ENTRY: any or none */
} cli_talks_filter;
extern const char *const cli_talks_sections[]; /* what `only` may be; ends with NULL */
bool cli_talks_shows(const cli_talks_filter *f, const char *section);
bool cli_talks_fits(const cli_talks_filter *f, const ls_talk *t, bool open);
void cli_print_talks(cli *c, const cli_talks *t, const cli_talks_filter *f);
void cli_print_meeting(cli *c, const cli_talks *t, const ls_meeting_state *m);
void cli_print_group(cli *c, const cli_talks *t, const ls_group_state *g);
/* Pledges and demands, apart from measures. */
void cli_print_statements(cli *c, const cli_talks *t, const cli_talks_filter *f);
json_t *cli_talks_json(cli *c, const cli_talks *t, const cli_talks_filter *f);
json_t *cli_meeting_json(cli *c, const cli_talks *t, const ls_meeting_state *m);
json_t *cli_group_json(cli *c, const cli_talks *t, const ls_group_state *g);
json_t *cli_statements_json(cli *c, const cli_talks *t, const cli_talks_filter *f);

/* "lapses on 2018-10-20", "accepted", "confirmed for 2019-02-27 in Hanoi": what became of the thing that this act began
 * or is about, in a line; "" if that is nothing. */
const char *cli_talk_stands(cli *c, const cli_talks *t, const ls_talk *about);

/* The command that does what is awaited: "meeting confirm summit-2". */
const char *cli_talks_command(cli *c, const ls_talks_duty *d);
const char *cli_talks_duty_what(cli *c, const ls_talks_duty *d);
/* The same of private searches (schedules.c): "schedule step 14", "return the other's points, multiplied (search 14)";
 * who is awaited until when; and who is in default: "dprk did not return the other's points in time, after it had
 * learned what is common", or NULL. */
const char *cli_search_command(cli *c, const ls_schedule_duty *d);
const char *cli_search_what(cli *c, const ls_schedule_duty *d);
const char *cli_search_awaited(cli *c, const ls_schedule_state *s);
const char *cli_search_blame(cli *c, const ls_schedule_state *s);

#endif
