/* What the page has handed over so far, and what became of it. */
#ifndef LS_BROWSER_SESSION_H
#define LS_BROWSER_SESSION_H

#include "browser/files.h"
#include "portal/portal.h"
#include <lockstep/merkle.h>

/* What pages are rendered from, once the record was found to hold. */
typedef struct ls_session_pages {
    bool begun;
    ls_portal portal; /* as of the record's last stamp */
    ls_arena arena;   /* of another time: */
    bool judged;
    ls_time then_at, then_known; /* as they were asked for */
    ls_portal then;
} ls_session_pages;

typedef struct ls_session {
    ls_arena arena; /* of entries and files, until the next session */
    bool pinned;    /* the reader has a fingerprint of the charter: */
    ls_hash charter;
    ls_held_files files;
    ls_record *record;
    bool stopped; /* an entry was refused: the record ends there */
    bool holds;   /* the checkpoint and all that it covers were found to hold; the record is not changed any more */
    ls_bytes checkpoint;
    ls_hash needed; /* the file that was asked for last and is not here */
    ls_buf entries; /* of ls_bytes, as many as the record has */
    ls_buf leaves;  /* of ls_hash */
    ls_merkle_frontier tree;
    ls_session_pages pages;
} ls_session;

/* The one there is; its record is NULL before the first web_begin. */
ls_session *ls_session_now(void);

/* An ls_entry_reader over a session. */
ls_result ls_session_entry(void *session, uint64_t index, ls_bytes *note);
/* Its fetch, for an ls_fetch. */
ls_result ls_session_fetch(void *session, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);

#endif
