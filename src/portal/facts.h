/* Inside of the portal: what pages about talks and files share: lists of facts, and readings. */
#ifndef LS_PORTAL_FACTS_H
#define LS_PORTAL_FACTS_H

#include "portal/put.h"
#include "proving/reading.h"

/* What was published, as it is read by whoever says what it proves. */
void ls_html_reading(ls_html *w, ls_reading *out);

/* A list of facts, each a statement: a word from a key, and what stands beside it. */
void ls_html_facts_open(ls_html *w);
void ls_html_fact_open(ls_html *w, const char *key);
void ls_html_fact_close(ls_html *w);
void ls_html_facts_close(ls_html *w);
/* One in a sentence out of strings. */
void ls_html_fact(ls_html *w, const char *key, const char *sentence, const ls_say *with, size_t count);
void ls_html_fact_text(ls_html *w, const char *key, ls_bytes text);

/* The word for what the program calls `name`, of stages, forces and the like: key "meeting.called-off"; or the name. */
const char *ls_html_named(const ls_html *w, const char *space, const char *name);

/* An act in the page's arena. */
const ls_act *ls_html_act(ls_html *w, uint64_t index, ls_result *r);
/* "tlog/attachment/<hex>" */
const char *ls_html_file_path(ls_html *w, const ls_hash *hash);

/* By the moment that is looked at. */
bool ls_html_knows(const ls_html *w, uint64_t index);

#endif
