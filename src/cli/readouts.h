/* Readouts on the command line: read from files and from the record, and what the record proves of their claims. */
#ifndef LS_CLI_READOUTS_H
#define LS_CLI_READOUTS_H

#include "cli/cli.h"
#include "proving/prover.h"
#include "proving/published.h"

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

/* A readout on the record, in the form of one from a file. */
void cli_readout_take(const ls_published *p, cli_readout *out);
/* The readouts of a meeting that are on the record; the latest of a party, or NULL. */
ls_result cli_readouts_of(cli *c, const ls_talk *meeting, ls_published_all *out);
ls_result cli_readout_latest(cli *c, const ls_talk *meeting, size_t party, const ls_talk **out);

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
