/*
 * Readouts and their comparison as output: text for terminals, JSON, and pages of one file each, without scripts.
 *
 * The same input gives the same bytes: no clock is read. In pages everything that others wrote is text and never markup
 * (process/shown.h). In the text it is as it was read: of characters that show.
 */
#ifndef LS_READOUT_SHOW_H
#define LS_READOUT_SHOW_H

#include "readout/compare.h"

/* An attachment of the act that publishes a readout. */
typedef struct ls_readout_file {
    ls_bytes name, media_type;
    uint64_t bytes;
    ls_hash hash;
} ls_readout_file;

/* What stands around a readout on its page. What is empty or NULL is left out. */
typedef struct ls_readout_page {
    bool exercise;      /* marked on the page, large */
    ls_bytes process;   /* its title */
    ls_bytes party;     /* who publishes it, for people */
    ls_bytes meeting;   /* about which it is */
    const ls_hash *act; /* by which it was published; NULL: marked as a draft */
    size_t file_count;
    const ls_readout_file *file;
} ls_readout_page;

/* Appends the page, or nothing. */
ls_result ls_readout_html(const ls_readout *r, const ls_readout_page *page, ls_buf *out);

/* The same for a terminal: headline, date, text, media and claims, of any of which nothing else is known. */
ls_result ls_readout_text(const ls_readout *r, const ls_readout_page *page, ls_buf *out);

typedef struct ls_comparison_page {
    bool exercise;
    ls_bytes process, meeting;
    ls_bytes record; /* as of when the record was asked: "checkpoint 41, 2018-10-09T08:00:00Z" */
    size_t note_count;
    const char *const *note; /* what else is to be said: a readout that was left out, and why */
} ls_comparison_page;

/* Each appends all of it, or nothing. */
ls_result ls_comparison_html(const ls_comparison *c, const ls_comparison_page *page, ls_buf *out);
ls_result ls_comparison_text(const ls_comparison *c, ls_buf *out);
ls_result ls_comparison_json(const ls_comparison *c, ls_buf *out); /* canonical JSON */

#endif
