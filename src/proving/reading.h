/*
 * A record as it is read by whoever says what it proves: its entries, and those of its files that are here, as of a
 * time. A workspace, a public site and a browser each fill this in. Pure otherwise: no clock, no file.
 */
#ifndef LS_PROVING_READING_H
#define LS_PROVING_READING_H

#include "process/sealed.h"
#include "record/record.h"

typedef struct ls_reading {
    const ls_record *record;
    /* An entry; it lives as long as the arena. */
    ls_result (*note)(void *context, uint64_t index, ls_arena *arena, ls_bytes *out);
    void *context;
    ls_fetch files;    /* ls_fault_absent: it is not here */
    ls_time at, known; /* what was so then, as the record had it then; known is the time of what no stamp covers yet */
} ls_reading;

ls_result ls_reading_act(const ls_reading *r, uint64_t index, ls_arena *arena, ls_act *out);
/* An act's file, as its author named it; also one for an audience, where it is here. */
ls_result ls_reading_file(const ls_reading *r, const ls_attachment *a, ls_arena *arena, ls_sealed_file *out);

/* What the act with this index says in talks, or NULL; valid until the next append. */
const ls_talk *ls_reading_talk(const ls_reading *r, uint64_t index);
/* It has effect, and had come by then. */
bool ls_reading_counts(const ls_reading *r, const ls_talk *t);
/* Of each fact of ls_record_talks, in the arena: it counts, and was not taken back. */
ls_result ls_reading_standing(const ls_reading *r, ls_arena *arena, bool **out);

#endif
