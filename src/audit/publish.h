/*
 * Writing a folder that a web server hands out while it is brought up to date: everybody may read it, and each file is
 * there whole or not at all. A file that is there already with the same content is not written again.
 */
#ifndef LS_AUDIT_PUBLISH_H
#define LS_AUDIT_PUBLISH_H

#include "os/os.h"

extern const ls_fault ls_fault_publish; /* usage: a folder whose path is too long */

#define LS_PUBLISH_PATH_SIZE 4096

/* Starts with folder and detail set. */
typedef struct ls_publisher {
    const char *folder;
    ls_detail *detail;
    char made[LS_PUBLISH_PATH_SIZE]; /* the folder that was made last */
    uint64_t written;                /* files that were new, or had another content */
    ls_buf before;                   /* what a file held */
} ls_publisher;

/* Makes the folder if it is missing; its parent must exist. */
ls_result ls_publish_begin(ls_publisher *p);
void ls_publish_end(ls_publisher *p);
/* relative: with '/' between folders, which are made. Durable when it returns. */
ls_result ls_publish_file(ls_publisher *p, const char *relative, ls_bytes content);
/* The same where the content differs; not on disk before ls_publish_settle. */
ls_result ls_publish_changed(ls_publisher *p, const char *relative, ls_bytes content);
ls_result ls_publish_settle(ls_publisher *p);
/* One that is too large to be made in memory: begun, filled with ls_file_append, and put in its place, durably.
 * ls_file_abort after any failure. */
ls_result ls_publish_stream(ls_publisher *p, const char *relative, ls_file_writer *w);
ls_result ls_publish_commit(ls_publisher *p, ls_file_writer *w);
bool ls_publish_has(const ls_publisher *p, const char *relative);
/* The whole path. */
ls_result ls_publish_path(const ls_publisher *p, const char *relative, char out[static LS_PUBLISH_PATH_SIZE]);

#endif
