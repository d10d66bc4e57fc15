/*
 * The command line: one table of verbs (cli/verbs.c), one file for each family of them. A verb's row drives parsing,
 * usage and help alike.
 */
#ifndef LS_CLI_CLI_H
#define LS_CLI_CLI_H

#include "audit/source.h"
#include "show/report.h"
#include "tabular/features.h"
#include "workspace/workspace.h"
#include <jansson.h>
#include <stdio.h>

typedef struct cli cli;

typedef struct cli_option {
    const char *name;  /* without the dashes */
    const char *value; /* what it takes, for the help; NULL: nothing */
    const char *help;
} cli_option;

/* Which options of cli_common a verb takes: bit i is the i-th. --help every verb does. */
enum {
    CLI_WORKSPACE = 1,
    CLI_AS = 2,
    CLI_PASSPHRASE = 4,
    CLI_ACCORD = 8,
    CLI_AUTHORITY = 16,
    CLI_JSON = 32,
    CLI_YES = 64,
    CLI_TERMS = 128 | 256, /* --expires, --unless-acted */
    CLI_HELP = 512,
    CLI_OPENS = CLI_WORKSPACE | CLI_PASSPHRASE | CLI_AUTHORITY | CLI_JSON, /* reading over a network may take a key */
    CLI_SIGNS = CLI_OPENS | CLI_AS | CLI_YES,
    CLI_ACTS = CLI_SIGNS | CLI_TERMS /* acts of one party, which are chained */
};

#define CLI_OPTIONS_MAX 16

typedef struct cli_verb {
    const char *name;      /* one or two words */
    const char *arguments; /* for the usage line */
    const char *summary;   /* one line */
    const char *details;   /* paragraphs */
    const char *example;   /* commands that work, a line each */
    int min_arguments, max_arguments;
    cli_option options[CLI_OPTIONS_MAX]; /* ends with a row without name */
    ls_result (*run)(cli *c);
} cli_verb;

typedef struct cli_row {
    const cli_verb *verb;
    unsigned takes;
} cli_row;

#define CLI_VALUES_MAX 256

struct cli {
    const cli_verb *verb;
    unsigned takes;
    int argument_count;
    const char *argument[CLI_VALUES_MAX];
    size_t value_count;
    struct {
        const char *name, *value;
    } value[CLI_VALUES_MAX];
    bool json;
    bool banner; /* the exercise's mark was printed */
    ls_arena arena;
    ls_workspace ws;
    bool open; /* ws is */
    ls_detail detail;
    ls_diagnostics *diagnostics; /* of the last document that was read, with its file's name and text */
    const char *document;
    ls_bytes document_text;
};

/* A verb that has said itself what is not valid returns this: exit 1 without a further message. */
extern const ls_fault cli_fault_said;

extern const cli_row cli_verbs[];     /* ends with a row without verb */
extern const cli_option cli_common[]; /* options that several verbs take */
bool cli_takes(unsigned takes, const cli_option *common);

/* The manual page lockstep(1) in mdoc(7), from the same table as the help. */
void cli_print_manual(FILE *out);

/* Options. */
const char *cli_value(const cli *c, const char *name); /* the last one given, or NULL */
bool cli_flag(const cli *c, const char *name);
/* All values of a repeated option (in the arena). */
const char *const *cli_values(cli *c, const char *name, size_t *count);
ls_result cli_number(cli *c, const char *name, uint64_t max, uint64_t *out); /* untouched if not given */
ls_signers cli_signers(cli *c);                                              /* --as */
const char *cli_authority(const cli *c); /* --authority, or LOCKSTEP_AUTHORITY; NULL: the system's */

/* The workspace: that of -C, LOCKSTEP_WORKSPACE or the folder one stands in. */
ls_result cli_open(cli *c);
ls_result cli_sync(cli *c);        /* cli_open, then the copy follows the ledger and the outbox is filed */
ls_result cli_synchronise(cli *c); /* the same, of a workspace that is open */
ls_result cli_follow(cli *c);      /* the copy follows the ledger, with progress on a terminal */
void cli_say_stale(cli *c);        /* on stderr: how old what is shown is, where the ledger was not reached */
const char *cli_age(cli *c, ls_time seconds); /* "3 hours" */
/* What --name and --authority say of a ledger to read; in a workspace also its access notes, for its own server. */
ls_result cli_source(cli *c, ls_source_options *out);
/* How far the record is final, and who has not cosigned the rest. */
typedef struct cli_quorum_state {
    uint64_t size, final; /* entries, and those of them under a final checkpoint */
    uint64_t pending;     /* acts beyond it, stamps not counted; 0 without a quorum */
    bool needed;          /* the policy wants a quorum */
    bool stalled; /* and none was had for more than two stamp intervals, as the ledger itself says in this run */
    /* Names of the witnesses whose cosignature the latest checkpoint lacks, with commas; where all is final and the
     * quorum is stalled, those whose cosignature is older than the stamp interval. */
    const char *missing;
} cli_quorum_state;
void cli_quorum(cli *c, cli_quorum_state *out);
void cli_print_quorum(const cli_quorum_state *q); /* nothing if all is final and nothing stalls */
/* A ledger's place as given: a server's URL, LS_LEDGER_COURIER, or a folder, made absolute. */
ls_result cli_ledger_place(cli *c, const char *given, char **out);
/* While nothing is on record, a workspace that signed one draft of a charter may sign another. */
ls_result cli_release_draft(cli *c);
ls_passphrase cli_passphrase(cli *c);
const char *cli_workspace_path(const cli *c);
ls_result cli_absolute(cli *c, const char *path, char **out); /* in the arena */
/* Writes a file of the record into a folder, which is made; one that is there already with this content stays. name:
 * NULL stands for no memory. ls_fault_exists. */
ls_result cli_save(cli *c, const char *folder, const char *name, ls_bytes content);
/* Opens what came in sealed, for a verb that shows what is in it. What keeps it from that is said on stderr, and the
 * verb goes on without. */
void cli_open_mail(cli *c);

/* Asks before something is signed; --yes says yes. A plain "no" is a failure. */
ls_result cli_confirm(cli *c, const char *question);

/* Output. Text goes through cli_print, which makes control characters harmless. */
void cli_mark(cli *c, bool exercise); /* the exercise's mark, once, on text output */
void cli_print(const char *format, ...) __attribute__((format(printf, 1, 2)));
void cli_print_to(FILE *out, const char *format, ...) __attribute__((format(printf, 2, 3)));
size_t cli_width(const char *s, size_t len); /* columns that it takes on a terminal */
void cli_paragraph(const char *format, ...) __attribute__((format(printf, 1, 2))); /* broken into lines */
/* Prints an object for programs, which says whether it is about an exercise. Takes the reference; NULL is a failure. */
ls_result cli_print_json(cli *c, bool exercise, json_t *value);
json_t *cli_json_bytes(ls_bytes s);
json_t *cli_json_hash(const ls_hash *h);
json_t *cli_json_time(ls_time t);
const char *cli_text(cli *c, ls_bytes s);        /* NUL-terminated copy with harmless control characters */
const char *cli_short(cli *c, const ls_hash *h); /* the first twelve digits */
void cli_print_words(const ls_hash *h);          /* a fingerprint as numbered words, four a line */
/* What became of an act: filed, or which signatures are missing and how to add them. */
ls_result cli_report_filed(cli *c, const char *what, const ls_filed *f);
json_t *cli_json_draft(cli *c, const ls_act *act, const char *file); /* of an act that is signed in part */

/* A line of the log of what works by itself, on stderr: begun with time, level and event; given more, as " key=value"
 * or as a text, which is quoted and made harmless; and written as a whole, so that lines of several threads, or of
 * several programs with one stderr, do not mix. cli_log_end frees it. */
void cli_log_begin(ls_buf *line, const char *level, const char *event);
void cli_log_text(ls_buf *line, const char *key, const char *text);
void cli_log_end(ls_buf *line);

/* How far something long has come, in rows if not said otherwise, on a terminal's stderr; nothing in its first second,
 * nor elsewhere. cli_progress_show takes a cli_progress as its context. */
typedef struct cli_progress {
    double begun, shown;
    const char *what, *unit;
    bool any;
} cli_progress;
cli_progress cli_progress_begin(const char *what);
void cli_progress_show(void *progress, uint64_t done, uint64_t all);
void cli_progress_end(const cli_progress *p);

/* A table: columns as wide as their widest cell, the last one cut to the terminal. */
#define CLI_COLUMNS_MAX 12
typedef struct cli_table {
    size_t columns, rows, capacity;
    const char *heading[CLI_COLUMNS_MAX];
    const char **cell;
} cli_table;
void cli_table_row(cli *c, cli_table *t, const char *const *cells);
void cli_table_print(const cli_table *t);

/* All of a roadmap, every value under its key. */
void cli_print_roadmap(cli *c, const ls_roadmap *m, const ls_charter *charter);

/* Documents. */
ls_result cli_read(cli *c, const char *path, ls_bytes *out); /* into the arena; for documents, not for secrets */
ls_diagnostics *cli_diagnostics(cli *c, const char *document, ls_bytes text);
void cli_print_diagnostics(const cli *c, FILE *out);
/* An accord's two documents, as they are given; whose errors are shown is decided by which has some. */
typedef struct cli_accord {
    const char *text_path;
    ls_bytes yaml, text;
    ls_diagnostics *yaml_d, *text_d;
} cli_accord;
ls_result cli_accord_open(cli *c, const char *yaml, const char *text, cli_accord *out);
ls_result cli_accord_settle(cli *c, const cli_accord *a, ls_result r); /* passes the result on */
/* Both, and the roadmap read from them. */
ls_result cli_accord_read(cli *c, const char *yaml, const char *text, const ls_charter *charter, cli_accord *a,
                          const ls_roadmap **out);
/* Signs it first, and writes the file of --out that the others sign; --open-days, --amends. */
ls_result cli_accord_propose(cli *c, const cli_accord *accord, const ls_further *further, size_t count);
bool cli_fingerprint(cli *c, ls_hash *out, ls_result *r); /* --charter; false if not given */

/* Inventories: CSV or GeoJSON, by what the file holds. What may be secret is wiped when it is freed. */
typedef struct cli_inventory {
    const char *path;
    ls_buf file;
    bool geojson;
    ls_tabular table;
} cli_inventory;
bool cli_is_geojson(ls_bytes text);
/* roles: what columns are called that GeoJSON has no names for; NULL: what is usual. "-" is standard input. */
ls_result cli_inventory_read(cli *c, const char *path, const ls_tabular_roles *roles, cli_inventory *out);
/* The CSV that a declaration of this form is made of, from the file that the form names; CSV is left as it is. The
 * caller wipes it, after a failure too. GeoJSON changes the name for messages, as its lines are others then. */
ls_result cli_inventory_csv(cli *c, ls_inventory_form *form, ls_buf *out);
void cli_inventory_blame(cli *c, const cli_inventory *i); /* the detail is about this file */
void cli_inventory_free(cli_inventory *i);
/* To the file of --out (0600, which must be new), or to standard output: as it is, unless that is a terminal. */
ls_result cli_write_out(cli *c, const ls_buf *text);
/* What was diagnosed about GeoJSON: warnings are printed, and errors will be. Passes the result on. */
ls_result cli_settle_geojson(cli *c, ls_result r);

/* --audience, which the charter must know; process if it was not given. NUL-terminated. */
ls_result cli_audience(cli *c, ls_bytes *out);

/* charter show --yaml */
ls_result cli_print_charter_yaml(cli *c);
/* keys --prove */
ls_result cli_prove_keys(cli *c, const char *folder);

/* Acts and measures as people name them. */
ls_result cli_find_act(cli *c, const char *name, uint64_t *index); /* a place, or the beginning of an id */
/* --accord, or the only one; of several versions the one in force. */
ls_result cli_find_accord(cli *c, int *accord);
/* What an act can name of an accord: found in the only accord that has it, of those that --accord leaves. A failure
 * guesses what was meant. */
typedef enum cli_subject { CLI_MEASURE, CLI_EVENT, CLI_RIGHT, CLI_DISPUTE, CLI_INSPECTION, CLI_SUBJECTS } cli_subject;
ls_result cli_find_subject(cli *c, cli_subject kind, const char *name, int *accord, int *index);
/* One of these has a name that may have been meant. */
bool cli_subject_resembles(cli *c, cli_subject kind, const char *name);
ls_header cli_subject_header(cli_subject kind);
/* ": " and what that is, in the accord's words; empty if the act names nothing. */
const char *cli_subject_words(cli *c, const ls_act_draft *act);
const char *cli_readers(cli *c, ls_bytes audience); /* who can read a file for it, by their titles */
/* The accord's declaration that this party makes: the only one, or that of --declaration. Needs a sync. */
ls_result cli_find_declared(cli *c, int *accord, const ls_declared **out);
size_t cli_own_party(const cli *c);               /* this party, as an index of the charter */
const char *cli_party_name(cli *c, size_t party); /* by its short name; "ledger" or "all" for LS_NOBODY */

/* Acts under an accord: the verb's name is the act's kind. fill sets what the verb has of its own; options that are
 * headers, text and attachments come by themselves. The act is shown, asked about, signed and filed. */
typedef ls_result (*cli_fill)(cli *c, ls_act_draft *act);
ls_result cli_act(cli *c, cli_fill fill);
/* The same of another kind than the verb's name says. confidential: no words go on the record: text and files go,
 * sealed, to each party in `to` alone. */
ls_result cli_act_as(cli *c, const char *kind, bool confidential, cli_fill fill);
/* Its parts, for acts that bring files of their own: a sync, for a party of the process; and, once all that the verb
 * has of its own is set, the rest. The caller frees both drafts. */
ls_result cli_act_sync(cli *c);
ls_result cli_act_sign(cli *c, ls_draft *draft, ls_act_draft *act);
ls_result cli_act_sign_as(cli *c, const char *kind, ls_draft *draft, ls_act_draft *act); /* of another kind */
/* What options say becomes headers, text and attachments; shown, unless --yes says that it need not be. */
ls_result cli_act_complete(cli *c, bool confidential, ls_draft *draft, ls_act_draft *act);
void cli_describe_act(cli *c, const ls_draft *draft, const ls_act_draft *act);
void cli_act_accord(cli *c, ls_act_draft *act, int accord);
void cli_act_ref_entry(cli *c, ls_act_draft *act, uint64_t index);
ls_result cli_act_ref(cli *c, ls_act_draft *act, const char *name);     /* a whole id, or as cli_find_act has it */
ls_result cli_act_subject(cli *c, ls_act_draft *act, cli_subject kind); /* the first argument, and its accord */
ls_result cli_act_whole(cli *c, ls_act_draft *act);                     /* the accord alone */
/* The dispute that --act names, or the last one under the procedure that is the first argument (cmd_dispute.c). */
ls_result cli_act_dispute(cli *c, ls_act_draft *act);
/* The draw, visit, question or challenge (kinds: bits 1 << ls_inspected_kind) that an argument names, or without one
 * the last; and what an act says that is about it: accord, ref (inspected.c). */
ls_result cli_find_inspected(cli *c, uint32_t kinds, const char *name, int *accord, const ls_inspected **out);
ls_result cli_act_inspected(cli *c, ls_act_draft *act, uint32_t kinds, const char *name, const ls_inspected **out);
#define CLI_ABOUT(kind) (1u << LS_INSPECTED_##kind)
ls_result cli_needs_text(cli *c, const char *what, const char *example);
#define CLI_ACT_OPTIONS                                                                                                \
    {"text", "TEXT", "what to say with it"}, {"attach", "FILE", "a file that belongs to it; may be repeated"},         \
        {"audience", "NAME", "who may read these files: public, process (default), or one of the charter's"},          \
    {                                                                                                                  \
        0                                                                                                              \
    }

/* Joint acts (joint.c): a sync, for who is in the process; with it until when one stays open, by --open-days; and the
 * first signature, with the file that the others sign. */
ls_result cli_joint_sync(cli *c);
ls_result cli_joint_until(cli *c, ls_time *open_until); /* without the sync */
ls_result cli_joint_begin(cli *c, ls_time *open_until);
ls_result cli_joint_sign(cli *c, const char *question, const char *out, ls_draft *draft);
#define CLI_JOINT_OPTIONS(file)                                                                                        \
    {"out", "FILE", "the file for the others (default: " file ")"},                                                    \
    {                                                                                                                  \
        "open-days", "N", "how many days it may take to sign (default: 30)"                                            \
    }

/* Verbs, by file. */
extern const cli_verb cli_verb_init, cli_verb_vault_backup, cli_verb_vault_restore, cli_verb_exercise_clock;
extern const cli_verb cli_verb_charter_new, cli_verb_charter_check, cli_verb_charter_sign, cli_verb_charter_show,
    cli_verb_charter_amend;
extern const cli_verb cli_verb_annul, cli_verb_ledger_succeed;
extern const cli_verb cli_verb_keys, cli_verb_rekey, cli_verb_revoke, cli_verb_delegate;
extern const cli_verb cli_verb_accord_new, cli_verb_accord_check, cli_verb_accord_analyse, cli_verb_accord_propose,
    cli_verb_accord_sign, cli_verb_accord_show;
extern const cli_verb cli_verb_sign;
extern const cli_verb cli_verb_inbox;
extern const cli_verb cli_verb_sync, cli_verb_outbox, cli_verb_outbox_drop, cli_verb_ledger_set;
extern const cli_verb cli_verb_declare, cli_verb_open;
extern const cli_verb cli_verb_notify, cli_verb_contest, cli_verb_inventory;
extern const cli_verb cli_verb_inventory_convert, cli_verb_inventory_compare, cli_verb_inventory_totals;
extern const cli_verb cli_verb_promise, cli_verb_begin, cli_verb_perform, cli_verb_reverse, cli_verb_join,
    cli_verb_call_off;
extern const cli_verb cli_verb_confirm, cli_verb_object, cli_verb_missing, cli_verb_incident, cli_verb_assess,
    cli_verb_withdraw;
extern const cli_verb cli_verb_attest, cli_verb_use, cli_verb_extend, cli_verb_ratify, cli_verb_suspend,
    cli_verb_resume, cli_verb_denounce;
extern const cli_verb cli_verb_dispute, cli_verb_refer, cli_verb_settle;
extern const cli_verb cli_verb_draw, cli_verb_draw_commit, cli_verb_draw_reveal, cli_verb_draw_choose,
    cli_verb_draw_verify;
extern const cli_verb cli_verb_visit, cli_verb_admit, cli_verb_refuse, cli_verb_postpone, cli_verb_enter,
    cli_verb_leave;
extern const cli_verb cli_verb_inspections;
extern const cli_verb cli_verb_clarify, cli_verb_answer, cli_verb_challenge, cli_verb_deny;
extern const cli_verb cli_verb_packet, cli_verb_report;
extern const cli_verb cli_verb_letter, cli_verb_debrief;
extern const cli_verb cli_verb_propose, cli_verb_accept, cli_verb_decline, cli_verb_counter;
extern const cli_verb cli_verb_meeting_plan, cli_verb_meeting_confirm, cli_verb_meeting_decline,
    cli_verb_meeting_postpone, cli_verb_meeting_cancel, cli_verb_meeting_held, cli_verb_meeting_minutes,
    cli_verb_meeting_agree, cli_verb_meeting_agenda, cli_verb_meeting_show;
extern const cli_verb cli_verb_group_create, cli_verb_group_join, cli_verb_group_leave, cli_verb_group_agenda,
    cli_verb_group_meet, cli_verb_group_report, cli_verb_group_show;
extern const cli_verb cli_verb_pledge, cli_verb_demand, cli_verb_claim, cli_verb_redeem;
extern const cli_verb cli_verb_talks;
extern const cli_verb cli_verb_text_open, cli_verb_text_edit, cli_verb_text_propose, cli_verb_text_accept,
    cli_verb_text_retract, cli_verb_text_reopen, cli_verb_text_note, cli_verb_text_diverge, cli_verb_text_show,
    cli_verb_text_history, cli_verb_text_diff, cli_verb_text_list, cli_verb_text_accord;
extern const cli_verb cli_verb_readout_check, cli_verb_readout_publish, cli_verb_readout_show, cli_verb_readout_compare;
extern const cli_verb cli_verb_schedule_open, cli_verb_schedule_choose, cli_verb_schedule_step, cli_verb_schedule_agree,
    cli_verb_schedule_show, cli_verb_schedule_verify, cli_verb_schedule_disclose;
extern const cli_verb cli_verb_status, cli_verb_next, cli_verb_explain, cli_verb_calendar, cli_verb_log, cli_verb_show,
    cli_verb_export, cli_verb_verify, cli_verb_prove;
extern const cli_verb cli_verb_ledger_export, cli_verb_ledger_check, cli_verb_audit;
extern const cli_verb cli_verb_cosign, cli_verb_cosign_status, cli_verb_cosign_stop, cli_verb_cosign_forget,
    cli_verb_cosign_hand, cli_verb_cosign_carry, cli_verb_receipts;
extern const cli_verb cli_verb_rehearse, cli_verb_plan;
extern const cli_verb cli_verb_serve, cli_verb_portal_build;

#endif
