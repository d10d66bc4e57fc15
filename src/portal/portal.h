/*
 * The public portal's pages, from a replayed record and what was published with it: the inside of <main> of each page,
 * and its title. Pure: no file is read, no clock, no network. The native program wraps these fragments into documents,
 * and the reader's browser computes them again from the record that it has replayed itself and compares.
 *
 * Whatever is a fact in a page stands in an element with data-s="ID", unique in its page: a statement. What the browser
 * compares is its text and where its links lead.
 *
 * Use: fill in record, source, checkpoint and language; ls_portal_begin; then pages, in any order. For another moment
 * copy the struct, set at and known, and ls_portal_judge. Not for two threads at once, as arenas are shared.
 */
#ifndef LS_PORTAL_PORTAL_H
#define LS_PORTAL_PORTAL_H

#include "portal/strings.h"
#include "record/record.h"

/* What was published. note gives an entry as it was signed; file a file that the site serves, by its hash, or
 * ls_fault_absent. Both in the arena, or the caller's for as long. has: whether the site serves a file, without reading
 * it; NULL: file is asked. */
typedef struct ls_portal_source {
    ls_result (*note)(void *context, uint64_t index, ls_arena *arena, ls_bytes *out);
    ls_result (*file)(void *context, const ls_hash *hash, ls_arena *arena, ls_bytes *out);
    bool (*has)(void *context, const ls_hash *hash);
    void *context;
} ls_portal_source;
/* Whether the site serves this file. */
bool ls_portal_serves(const ls_portal_source *s, const ls_hash *hash, ls_arena *arena);

typedef struct ls_portal_acts ls_portal_acts;   /* what was read of all acts, once (acts.h) */
typedef struct ls_portal_state ls_portal_state; /* accords and talks, judged at one moment (state.h) */

typedef struct ls_portal {
    const ls_record *record; /* up to the final checkpoint, and no further */
    ls_portal_source source;
    ls_bytes checkpoint; /* the final one, a signed note */
    ls_time at, known;   /* what was so then, as the record had it then; 0: the record's last stamp */
    const ls_portal_language *language;
    const ls_portal_acts *acts;   /* ls_portal_begin */
    const ls_portal_state *state; /* ls_portal_begin, ls_portal_judge */
} ls_portal;

/* Reads every note once, and judges. All that it makes lies in the arena. */
ls_result ls_portal_begin(ls_portal *p, ls_arena *arena);
/* Judges at p->at as known at p->known, after these were set. */
ls_result ls_portal_judge(ls_portal *p, ls_arena *arena);

/* Every page, in a fixed order: its path ("scorecard.html", "act/17.html"), without a language's prefix. */
ls_result ls_portal_paths(const ls_portal *p, ls_arena *arena, const char *const **paths, size_t *count);
/* The title, as plain text, and the inside of <main> of one page, which is appended. ls_fault_absent: there is no such
 * page. What it allocates lies in the arena, which may be freed once both were used. */
ls_result ls_portal_page(const ls_portal *p, const char *path, ls_arena *arena, const char **title, ls_buf *html);

/* Pages that a reader goes to from everywhere, in order: the path, and the key of its word. False past the last. */
bool ls_portal_nav(size_t i, const char **path, const char **key);

#endif
