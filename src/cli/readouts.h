/* Readouts on the command line: read from files and from the record, and what the record proves of their claims. */
#ifndef LS_CLI_READOUTS_H
#define LS_CLI_READOUTS_H

#include "accord/state.h"
#include "cli/cli.h"
#include "readout/show.h"

/* A readout with what stands around it. */
typedef struct cli_readout {
    ls_readout readout;
    ls_bytes yaml, json; /* of a file: as people wrote it, with whole ids; and canonical, as it is signed */
    bool published;      /* by an act: */
    uint64_t index;
    ls_act act;
    const ls_talk *meeting; /* that it is about; valid until the next append */
    size_t file_count;      /* of the act: those that can be read here, but for the readout itself */
    ls_readout_file *file;
    size_t absent; /* files that are not here */
} cli_readout;

/* The record is asked: a workspace was named, or one stands in it. Else only files are read. */
bool cli_readout_has_workspace(cli *c);

/*
 * A readout as people wrote it, YAML or JSON: everything wrong with it is diagnosed at once, and then it is
 * ls_fault_document. With a record, acts and accords may be named by their entry or the beginning of their id: in json
 * and yaml stand whole ids. What the record has nothing of is pointed out.
 */
ls_result cli_readout_load(cli *c, const char *path, cli_readout *out);
/* Its parts: errors may have been diagnosed, and more may follow, before cli_readout_settle. */
ls_result cli_readout_open(cli *c, const char *path, cli_readout *out);
ls_result cli_readout_settle(cli *c, cli_readout *r);

/* A readout on the record. files: also the others of its act. *why: NULL, or why it can't be read; malformed: not
 * because it is not here. */
typedef struct cli_unread {
    const char *why;
    bool malformed;
} cli_unread;
ls_result cli_readout_read(cli *c, uint64_t index, bool files, cli_readout *out, cli_unread *unread);

/* What is on the record about a meeting: of each party the latest that was not withdrawn, in the order of parties; and
 * all others, with a reason. */
typedef struct cli_left_out {
    uint64_t index;
    const char *party, *why;
    bool malformed;
} cli_left_out;
typedef struct cli_readouts {
    size_t count, left_count;
    cli_readout **readout;
    cli_left_out *left;
    bool *standing; /* as of cli_talks_standing */
} cli_readouts;
ls_result cli_readouts_of(cli *c, const ls_talk *meeting, cli_readouts *out);
/* The latest of this party about a meeting that was not withdrawn, or NULL. */
ls_result cli_readout_latest(cli *c, const ls_talk *meeting, size_t party, const ls_talk **out);
/* Of each fact of ls_record_talks, in the arena: it has effect, and was not taken back. */
ls_result cli_talks_standing(cli *c, bool **out);

/* "41 entries, stamped 2018-10-09T08:00:00Z": as of when the record is asked. */
const char *cli_readout_as_of(cli *c);

/* What stands on a page about a readout, in the cli's arena. */
void cli_readout_page(cli *c, const cli_readout *r, ls_readout_page *out);
ls_result cli_print_readout(cli *c, const cli_readout *r);
/* Without its claims' text, for programs: the readout as it is signed, and what stands around it. */
json_t *cli_readout_json(cli *c, const cli_readout *r);
/* To the file of --html, if that was given. */
ls_result cli_readout_write(cli *c, ls_result made, ls_buf *html);

/* What the record proves: a prover over the record as it stands now. */
ls_result cli_prover_make(cli *c, ls_prover *out);

#endif
