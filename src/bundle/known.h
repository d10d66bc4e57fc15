/*
 * What a record and its files show of a declaration: rows that were opened, and what was notified of them. Each file is
 * judged as a stranger would judge it: an opening that proves nothing shows nothing, and so does a notification that is
 * none, or is not what its act says. What follows from it all is for inventory/history.h.
 */
#ifndef LS_BUNDLE_KNOWN_H
#define LS_BUNDLE_KNOWN_H

#include "bundle/verify.h"
#include "inventory/history.h"

/* Where the record's entries and files are read. What read and fetch give lives as long as the arena. */
typedef struct ls_known_source {
    const ls_record *record;
    ls_entry_reader read;
    void *context;
    ls_fetch fetch;
    ls_time now; /* the time of what no stamp covers yet */
} ls_known_source;

typedef struct ls_known {
    int accord;                  /* the version in force */
    const ls_declared *declared; /* as it has it */
    ls_history_form form;
    size_t row_count, change_count;
    const ls_known_row *rows;
    const ls_known_change *changes;
    size_t absent; /* files that are not here */
} ls_known;

/* Collects it. Zeroed by ls_knower_begin; ls_knower_free, whatever happened. */
typedef struct ls_knower {
    ls_arena *arena;
    const ls_known_source *from;
    ls_report *report;
    ls_known known;
    ls_buf rows, changes; /* of ls_known_row, ls_known_change */
} ls_knower;

/* declared is one of the roadmap's of the version in force. Findings go to the report, about files that do not hold. */
ls_result ls_knower_begin(ls_knower *k, ls_arena *arena, const ls_known_source *from, int accord,
                          const ls_declared *declared, ls_report *report);
/* The rows of a part of an opening of this declaration, shown by act `opened` to the audience; or, with LS_NO_SOURCE,
 * of one's own. Nothing, and false in *holds, if it does not open it. */
ls_result ls_knower_part(ls_knower *k, const ls_opening_part *part, const ls_record_declaration *declaration,
                         uint64_t opened, ls_bytes audience, bool *holds);
/* All openings and notifications by its party that have effect. */
ls_result ls_knower_acts(ls_knower *k);
/* Everything so far, in the arena. */
ls_result ls_knower_end(ls_knower *k, ls_known *out);
void ls_knower_free(ls_knower *k);

/* Whether a file of a notify act, by the name that its author gave it, is a notification: "change.json", or
 * "change-<audience>.json". */
bool ls_notification_named(ls_bytes file_name);
/* What in a notification is not as its act or its declaration have it; NULL: nothing. fields: names of the declaration;
 * id: which of them is the identifier. */
const char *ls_notification_wrong(const ls_notification *n, const ls_act *act, size_t field_count,
                                  const ls_bytes *fields, size_t id);

/* A day by the charter's zone. */
int32_t ls_known_day(const ls_charter *c, ls_time t);

#endif
