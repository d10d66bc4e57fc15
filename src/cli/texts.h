/* Texts under negotiation on the command line: their state from the record and its files, and acts about them. */
#ifndef LS_CLI_TEXTS_H
#define LS_CLI_TEXTS_H

#include "cli/talking.h"
#include "proving/negotiation.h"
#include "text/copy.h"
#include "text/view.h"

/* How far the record is looked at. */
typedef struct cli_upto {
    uint64_t entry; /* the last one */
    ls_time time;   /* of the latest act that counts */
    bool any;       /* something was given */
} cli_upto;
#define CLI_UPTO_NOW ((cli_upto){UINT64_MAX, LS_TIME_OPEN, false})

/* An entry, a date (its end), or a time; what: the option or argument that it was. */
ls_result cli_upto_parse(cli *c, const char *what, const char *given, cli_upto *out);

/* The state of the text that this act opened. Files that are not here, or can't be read, are named in it and are no
 * failure. After a sync; all in the cli's arena. */
ls_result cli_negotiation_eval(cli *c, const ls_talk *opened, const cli_upto *upto, ls_negotiation *out);
/* The same, after a sync of its own, of the text with this name, which was opened by then. */
ls_result cli_negotiation_open(cli *c, const char *name, const cli_upto *upto, ls_negotiation *out);
/* This party among the negotiators, or LS_TEXT_NOWHERE. */
size_t cli_negotiator(const cli *c, const ls_negotiation *n);
/* Refuses who is no negotiator. */
ls_result cli_negotiation_take_part(cli *c, const ls_negotiation *n);
/* Names acts whose files are missing or unreadable; nothing if there are none. */
void cli_negotiation_print_missing(cli *c, const ls_negotiation *n, FILE *out);

/* --language: an index; without it `otherwise`. */
ls_result cli_text_language(cli *c, const ls_negotiation *n, size_t otherwise, size_t *out);
ls_result cli_text_paragraph(cli *c, const ls_negotiation *n, const char *name, size_t *out);
/* "usa-5-1 en" */
const char *cli_text_place(cli *c, const ls_negotiation *n, size_t paragraph, size_t cell);
/* "USA, ROK ad ref." */
const char *cli_text_parties(cli *c, const ls_negotiation *n, ls_party_mask parties, ls_party_mask ad_referendum);
/* How many paragraphs that somebody wants are not settled. */
size_t cli_text_open_count(const ls_negotiation *n);

/* An act about the text: one of edit and agree. */
typedef struct cli_text_deed {
    const ls_text_edit *edit;
    const ls_text_agree *agree;
    bool ad_referendum; /* of agree */
    const char *what;   /* "proposal" */
} cli_text_deed;
/* Shows what it changes, words against words, letters that look like others, and who can read it; asks, signs, files.
 * What would change nothing is refused. */
ls_result cli_text_sign(cli *c, ls_negotiation *n, const cli_text_deed *deed);
/* Its part: flags letters that look like others, on stderr. place: "usa-5-1 en". */
ls_result cli_text_flag(const char *place, ls_bytes words);

/* For programs: all paragraphs with everybody's positions. */
json_t *cli_negotiation_json(cli *c, const ls_negotiation *n);
json_t *cli_text_events_json(cli *c, const ls_negotiation *n, size_t paragraph);

#endif
