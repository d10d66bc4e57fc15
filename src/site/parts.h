/* What the files of the site share. */
#ifndef LS_SITE_PARTS_H
#define LS_SITE_PARTS_H

#include "audit/publish.h"
#include "portal/document.h"
#include "site/site.h"

/* A file of acts that may be published. */
typedef struct site_file {
    ls_hash hash;
    uint64_t size;
    bool here; /* it lies in the folder */
} site_file;

#define SITE_WINDOWS 4

/* Entries that were read together. */
typedef struct site_window {
    uint64_t first, count; /* count 0: none */
    ls_buf notes;
    size_t end[LS_TILE_WIDTH]; /* of each note */
} site_window;

typedef struct site {
    ls_source *s;
    const ls_site_options *o;
    ls_detail *detail;
    ls_publisher out;
    ls_arena arena;
    ls_checkpoint head; /* the final one */
    ls_record *record;
    const ls_charter *charter;
    ls_portal portal;
    ls_portal_site site;
    site_window window[SITE_WINDOWS];
    site_file *file; /* in the order of their hashes */
    size_t file_count, file_capacity;
    bool *has_files;  /* of each entry */
    bool keeps;       /* what pages are made from is remembered: */
    ls_hash *kept;    /* of the page of each entry; */
    bool *same;       /* and whether it was the same when the site was built last, */
    bool nothing_new; /* which is so of all */
    ls_site_built done;
    bool land; /* the front end has its outlines */
} site;

/* Progress, at the end of something and now and then; ls_fault_ended if that is wished. */
ls_result ls_site_tell(const site *x, const char *what, uint64_t done, uint64_t total);

/* source.c: what the pages are made of. Replays the record; says which files may be published; sets up the portal. */
ls_result ls_site_read(site *x);
void ls_site_close(site *x);
ls_result ls_site_note(void *site, uint64_t index, ls_arena *arena, ls_bytes *out); /* as of ls_portal_source */
ls_result ls_site_replay(site *x);                                                  /* replay.c */
ls_result ls_site_publishable(site *x);                                             /* publishable.c */
const site_file *ls_site_file(const site *x, const ls_hash *hash);                  /* or NULL */

/* files.c: the files of acts, and their list. */
ls_result ls_site_files(site *x);

/* pages.c */
ls_result ls_site_pages(site *x);

/* kept.c: which pages of acts need not be made again. */
ls_result ls_site_kept_read(site *x);
bool ls_site_kept(const site *x, const ls_portal_language *language, const char *path);
ls_result ls_site_kept_write(site *x);

/* one_file.c: after all that it holds. */
ls_result ls_site_one_file(site *x);

/* data.c, feed.c, cite.c, preview.c: exports. */
ls_result ls_site_data(site *x);
ls_result ls_site_feed(site *x);
ls_result ls_site_cite(site *x);
ls_result ls_site_preview(site *x);

/* assets.c: the front end. Sets script, style and verifier of the site. */
ls_result ls_site_assets(site *x);

/* An entry, parsed; *act lies in the arena. */
ls_result ls_site_act(site *x, uint64_t index, ls_arena *arena, ls_bytes *note, ls_act **act);
/* Who acts: "usa", "dprk, usa", "ledger". In the arena. */
const char *ls_site_author(const site *x, uint64_t index, const ls_act *act, ls_arena *arena);
/* The measure that an act is about, its accord, or nothing. */
const char *ls_site_subject(const site *x, uint64_t index, ls_arena *arena);

#endif
