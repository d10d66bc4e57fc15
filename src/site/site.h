/*
 * The public portal as a folder of files that any web server hands out: pages in every language, the record as a static
 * tree, exports, a feed, a picture, and what a browser needs to check all of it.
 *
 * Only what everybody may read gets there. It can be served while it is brought up to date: each file is there whole or
 * not at all, the record's checkpoint comes last, and what has not changed is not written again.
 */
#ifndef LS_SITE_SITE_H
#define LS_SITE_SITE_H

#include "audit/source.h"

extern const ls_fault ls_fault_site;    /* usage: the folder holds something else, or there is nothing to show yet */
extern const ls_fault ls_fault_private; /* of os/os.h */
extern const ls_fault ls_fault_closed;  /* usage: the charter lets only its parties read the record */
extern const ls_fault ls_fault_ended;   /* environment: `progress` ended it */

#define LS_SITE_ONE_FILE "portal.html" /* all of it in one file, for browsers without a network */

/* What of a record may be published. */
typedef enum ls_site_publish {
    LS_SITE_CHARTER, /* as the charter says: all where `access: public`, else nothing (ls_fault_closed) */
    LS_SITE_RECORD,  /* the acts, the documents of charters and accords, and the files that are for `public` */
    LS_SITE_ALL      /* also the files that everybody in the charter may read */
} ls_site_publish;

typedef struct ls_site_options {
    ls_site_publish publish;
    const char *version;    /* of Lockstep */
    const char *url;        /* where it will stand, with '/' at its end; NULL: not said */
    const char *assets;     /* a folder with the front end; NULL: that which the program holds, if it holds one */
    bool trusted;           /* the source was verified before: no signature is verified again */
    const ls_hash *charter; /* the fingerprint that the record must have; NULL: any */
    /* False ends it: what was written stays, the checkpoint is still the old one, and the next run goes on. Or NULL. */
    bool (*progress)(void *context, const char *what, uint64_t done, uint64_t total);
    void *context;
} ls_site_options;

typedef struct ls_site_built {
    ls_hash process;
    bool exercise;
    uint64_t entries;  /* under the final checkpoint */
    uint64_t pages;    /* in all languages */
    uint64_t rendered; /* of them, those that may have changed */
    uint64_t files;    /* of acts, that the site serves */
    uint64_t missing;  /* that it would serve if they were here */
    uint64_t withheld; /* that not everybody may read */
    uint64_t written;  /* of all files, those that were new or changed */
    bool front_end;    /* it checks itself in a browser */
    ls_hash verifier;  /* if so */
    uint64_t one_file; /* bytes of the edition in one file; 0: it was left out, as there is no front end, or too much */
} ls_site_built;

/* Up to the source's final checkpoint. The folder is made if it is missing; its parent must exist. */
ls_result ls_site_build(ls_source *s, const char *folder, const ls_site_options *o, ls_site_built *out,
                        ls_detail *detail);

#endif
