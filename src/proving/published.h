/* Readouts on the record: those of a meeting, and what stands around each. */
#ifndef LS_PROVING_PUBLISHED_H
#define LS_PROVING_PUBLISHED_H

#include "proving/reading.h"
#include "readout/show.h"

/* One of them. */
typedef struct ls_published {
    const char *unread; /* why it can't be read, without period, and then there is no readout; or NULL */
    bool malformed;     /* not because it is not here */
    ls_readout readout;
    ls_bytes json; /* as it is signed */
    uint64_t index;
    ls_act act;
    const ls_talk *meeting; /* that it is about; valid until the next append */
    size_t file_count;      /* of the act: those that can be read here, but for the readout itself */
    ls_readout_file *file;
    size_t absent; /* files that are not here */
} ls_published;

/* files: also the others of its act. All in the arena. */
ls_result ls_published_read(const ls_reading *r, uint64_t index, bool files, ls_arena *arena, ls_published *out);

/* What is on the record about a meeting: of each party the latest that was not withdrawn, in the order of parties; and
 * all others, with a reason. */
typedef struct ls_left_out {
    uint64_t index;
    size_t by; /* index of the party */
    const char *why;
    bool malformed;
} ls_left_out;

typedef struct ls_published_all {
    size_t count, left_count;
    ls_published **readout; /* that can be read */
    ls_left_out *left;
} ls_published_all;

/* standing: as of ls_reading_standing. */
ls_result ls_published_of(const ls_reading *r, const ls_talk *meeting, const bool *standing, ls_arena *arena,
                          ls_published_all *out);
/* The latest of this party about a meeting that was not withdrawn, or NULL. */
const ls_talk *ls_published_latest(const ls_reading *r, const bool *standing, const ls_talk *meeting, size_t party);

#endif
