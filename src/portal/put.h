/* Inside of the portal: what several pages put in the same way. */
#ifndef LS_PORTAL_PUT_H
#define LS_PORTAL_PUT_H

#include "card/card.h"
#include "portal/page.h"
#include "portal/state.h"

/* Accords. */

/* "overdue, late, suspended": a measure's state, with what else is to be said of it, as the element of that id. */
void ls_portal_put_state(ls_html *w, const ls_card *k, size_t measure, const char *tag, const char *id);
/* A word of a state, for headings and classes. */
const char *ls_state_key(ls_state s);  /* "state.overdue" */
const char *ls_state_code(ls_state s); /* "overdue", "called-off" */
/* A deadline, or that there is none, or that its clock stands. */
void ls_portal_put_deadline(ls_html *w, const ls_card *k, size_t measure);
/* 0 to 3, with who assessed it. */
void ls_portal_put_score(ls_html *w, const ls_card *k, size_t measure);
/* The acts that are the evidence for a measure's state: performed, answered, and what else made it. */
void ls_portal_put_evidence(ls_html *w, const ls_card *k, size_t measure);
/* Where an accord stands: signed, in force, ended. */
void ls_portal_put_standing(ls_html *w, const ls_card *k, const char *tag, const char *id);
/* Paragraphs: who has suspended what, and who has given notice. */
void ls_portal_put_suspensions(ls_html *w, const ls_card *k, const char *prefix);

const char *ls_meeting_key(ls_meeting_stage stage); /* "meeting.held" */

/* Acts. */

/* "confirm", in words. */
const char *ls_act_key(ls_html *w, ls_bytes kind);
/* Who acts: a party, several, or the ledger. */
void ls_portal_put_author(ls_html *w, uint64_t index, const ls_act *act);
/* What an act is about: a measure, a meeting, another act; to whom. Nothing if it is about nothing. */
void ls_portal_put_about(ls_html *w, uint64_t index, const ls_act *act);
/* "lapsed", "annulled", "repudiated", "contested", each in an element; nothing if all is well. */
void ls_portal_put_marks(ls_html *w, uint64_t index);
/* The first words of what it says, on one line, cut where it is long; "" if it says nothing in the open. */
const char *ls_portal_put_excerpt(ls_html *w, const ls_act *act);
/* Reads an entry as it was signed into the page's arena. */
ls_result ls_portal_put_read(ls_html *w, uint64_t index, ls_bytes *note, ls_act **act);
/* A row of a table of acts: entry, time, who, what, about. It is a statement. */
ls_result ls_portal_put_act_row(ls_html *w, uint64_t index);
extern const char *const ls_portal_put_act_columns[];

#endif
