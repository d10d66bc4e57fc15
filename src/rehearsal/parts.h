/* What the files that read a rehearsal's script, and those that play it, share. */
#ifndef LS_REHEARSAL_PARTS_H
#define LS_REHEARSAL_PARTS_H

#include "rehearsal/rehearsal.h"
#include "roadmap/parts.h"

/* Reading. */

typedef struct ls_script_reader {
    ls_roadmap_reader known; /* the arena, the diagnostics, and what the roadmap contains */
    ls_rehearsal *out;
    ls_ids acts; /* names of acts */
} ls_script_reader;

static inline int ls_shown(ls_bytes text)
{
    return (int)(text.len < LS_NAME_MAX ? text.len : LS_NAME_MAX);
}

/* "after 5 days", "20 days late", "never", …; false, and nothing said, if it is none. */
bool ls_manner_parse(ls_bytes text, ls_manner *out);
/* The acts, with room for those of rules. */
void ls_script_read_acts(ls_script_reader *r, const ls_value *v);
/* That of a rule with the keys attests and on. */
void ls_script_read_attestation(ls_script_reader *r, const ls_value *v, size_t party);
/* Refs, order, and whose rules are displaced, when all acts have been read. */
void ls_script_settle_acts(ls_script_reader *r, const ls_value *v);
/* All of a script but its sweeps. */
void ls_script_read(ls_script_reader *r, const ls_value *v);
void ls_script_read_sweeps(ls_script_reader *r, const ls_value *v);

/* Time: a day's acts are made at noon, or at the closing hour if that is earlier. */
ls_time ls_acting_hour(const ls_charter *c, ls_date day);
/* So many days, weeks, months or years after a day, as people count, however the charter counts deadlines. */
ls_date ls_date_later(ls_date from, ls_duration d, unsigned times);

/* Playing. */

/* An answer that a verifier will give by its rule. */
typedef struct ls_due_answer {
    ls_time at;
    size_t fact; /* the performance */
    uint8_t party;
    bool objects;
} ls_due_answer;

typedef struct ls_rehearsing {
    const ls_rehearsal *r;
    const ls_roadmap *m;
    const ls_charter *c;
    ls_rehearsed *out;
    ls_arena *arena;
    ls_arena scratch[2]; /* of the states before and now */
    ls_accord_state before, state;
    ls_time before_at, now;
    ls_fact *fact; /* those of the record, then those made here */
    size_t fact_count, fact_cap;
    ls_time *made; /* of acts made here: when */
    size_t made_count, made_cap;
    size_t next_act;     /* of the script, in order */
    uint32_t *act_index; /* of each act of the script that was made, or LS_NO_ENTRY */
    unsigned *done;      /* by rule, of measure m by party p: done[m * party_count + p]: performances, or periods */
    bool *begun;
    ls_due_answer *answer;
    size_t answer_count, answer_cap;
    size_t happening_cap;
    bool no_memory;
} ls_rehearsing;

/* Makes an act: its facts get the same index, which is returned. */
uint32_t ls_rehearsing_act(ls_rehearsing *x, const ls_fact *facts, size_t count);
bool ls_rehearsing_silent(const ls_rehearsing *x, size_t party);
/* Grows an array in the arena; the same pointer, or NULL, and noted. */
void *ls_rehearsing_grow(ls_rehearsing *x, void *array, size_t size, size_t count, size_t *cap);

/* rehearsal_behave.c: what parties do by their rules. */
void ls_behave_answers(ls_rehearsing *x, size_t fact); /* a performance was made: who will answer it, and when */
void ls_behave_begin(ls_rehearsing *x);                /* takes up what the record has already */
bool ls_behave(ls_rehearsing *x);                      /* all that is to be done now; false: nothing */
ls_time ls_behave_next(const ls_rehearsing *x);        /* when something will be, as things stand */

/* rehearsal_said.c: dated acts. */
void ls_rehearsing_said(ls_rehearsing *x, size_t act);

/* rehearsal_log.c */
void ls_log_act(ls_rehearsing *x, size_t party, bool by_rule, const char *what, ls_bytes about, const char *more);
void ls_log_changes(ls_rehearsing *x);
void ls_log_finish(ls_rehearsing *x);

#endif
