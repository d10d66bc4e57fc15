/* Inside of output: the words that text, JSON and pages share. */
#ifndef LS_READOUT_SHOW_PARTS_H
#define LS_READOUT_SHOW_PARTS_H

#include "readout/show.h"

/* Each appends. "said by usa, rok; differing in force" */
void ls_put_together(const ls_comparison *c, const ls_topic *t, ls_buf *out);
/* "agreed", "denies agreed" */
void ls_put_force(const ls_claim *c, ls_buf *out);
/* "A. Name (rok), on the word of usa, on the word of dprk" */
void ls_put_voices(const ls_claim *c, ls_buf *out);
/* "usa:summit" */
void ls_put_claim_name(const ls_comparison *c, const ls_topic_claim *k, ls_buf *out);
/* "usa:summit contradicts dprk:summit, in value" */
void ls_put_contradiction(const ls_comparison *c, const ls_topic *t, const ls_contradiction *x, ls_buf *out);
/* "rok:summit has it from dprk, which says nothing of it" */
void ls_put_unsaid(const ls_comparison *c, const ls_topic *t, const ls_unsaid *u, ls_buf *out);
/* "confirmed", or that the record has nothing */
void ls_put_state(const ls_topic_about *a, ls_buf *out);
/* "signed by usa, 2018-10-09T08:00:00Z, act 0ab42ad8540c" */
void ls_put_deed(const ls_proof_deed *d, ls_buf *out);

/* Words in lines of so many columns, and a newline; the first goes on at a column, further ones begin at it. */
#define LS_SHOW_WIDTH 100
void ls_put_wrapped(ls_buf *out, size_t indent, ls_bytes text);

/* Pages. */
/* kind: "text" or "wide". */
void ls_put_page_head(const char *kind, ls_bytes title, bool exercise, ls_buf *out);
void ls_put_page_foot(ls_buf *out);
/* What was put into words, as an element; words is emptied. tag as of ls_shown_element. */
void ls_put_words(const char *tag, ls_buf *words, ls_buf *out);
extern const char ls_page_style[];
/* Appends page to out if all went well, and frees it. */
ls_result ls_page_finish(ls_result r, ls_buf *page, ls_buf *out);

#endif
