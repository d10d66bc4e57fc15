/* Inside of texts: what the files that work out a state share. */
#ifndef LS_TEXT_PARTS_H
#define LS_TEXT_PARTS_H

#include "text/text.h"

/* A cell in which nobody has said anything. False: no memory. */
bool ls_cell_ready(ls_arena *arena, ls_text_cell *c, size_t parties);
/* The variant of this content, or LS_TEXT_NOWHERE. */
size_t ls_cell_find(const ls_text_cell *c, const ls_hash *hash);
/* The same; a new one is taken up. LS_TEXT_NOWHERE without memory. */
size_t ls_cell_add(ls_arena *arena, ls_text_cell *c, ls_bytes content, size_t act);
/* A party takes a position, or wishes it where the cell is locked; e says what that changed. */
void ls_cell_hold(ls_text_cell *c, size_t parties, size_t party, const ls_text_position *wanted, ls_text_event *e);
/* A party would reopen a locked cell, and has no other words for it. */
void ls_cell_reopen(ls_text_cell *c, size_t parties, size_t party, size_t act, ls_text_event *e);
void ls_cell_note(ls_text_cell *c, size_t party, ls_bytes note, ls_text_event *e);
/* Locks what all agree on. False: there is nothing to lock. */
bool ls_cell_lock(ls_text_cell *c, size_t parties);

/* What a party's working copy shows of a cell: its own words, also those for which it would reopen what is agreed; or
 * others'. False: no words. */
bool ls_copy_shows(const ls_text_state *s, const ls_text_cell *c, size_t party, size_t *variant);

/* Fills in order: every paragraph at its place. */
ls_result ls_text_order(ls_arena *arena, ls_text_state *s);

#endif
