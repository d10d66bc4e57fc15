/*
 * What the files that list duties share.
 */
#ifndef LS_ACCORD_DUTIES_PARTS_H
#define LS_ACCORD_DUTIES_PARTS_H

#include "accord/why.h"

typedef struct ls_duty_list {
    const ls_account *a;
    const ls_state_query *q;
    const ls_accord_state *s;
    ls_arena *arena;
    ls_duty *duty;
    size_t count, capacity;
    bool no_memory;
} ls_duty_list;

/* One for each of these parties; d.party is left out. */
void ls_duty_add(ls_duty_list *l, ls_parties who, ls_duty d);
/* "perform suspend-exercises" */
const char *ls_duty_command(ls_duty_list *l, const char *verb, ls_bytes id);
/* Joins two sentences, either of which may be missing. */
const char *ls_duty_both(ls_duty_list *l, const char *a, const char *b);

/* Whether this part of a moment is about the subject. */
typedef bool (*ls_duty_part)(const ls_roadmap *r, const ls_moment_op *op, size_t subject);
bool ls_duty_mentions(const ls_roadmap *r, const ls_moment *m, ls_duty_part part, size_t subject);
/* "relief, office held up": measures and events that have not come yet and wait for such a part; or NULL. */
const char *ls_duty_held_up(ls_duty_list *l, ls_duty_part part, size_t subject);

void ls_duties_of_measure(ls_duty_list *l, size_t measure);
void ls_duties_of_event(ls_duty_list *l, size_t event);
void ls_duties_of_dispute(ls_duty_list *l, size_t dispute);
void ls_duties_of_accord(ls_duty_list *l); /* ratification, withdrawal, suspensions, rights */
/* What others have asked for and lacks a party's consent: a later deadline of a measure, or of a dispute's stage. */
void ls_duties_to_extend(ls_duty_list *l);

#endif
