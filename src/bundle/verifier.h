/* What the files that verify bundles share. */
#ifndef LS_BUNDLE_VERIFIER_H
#define LS_BUNDLE_VERIFIER_H

#include "bundle/drawn.h"
#include "bundle/packet.h"
#include "bundle/reports.h"
#include "bundle/verify.h"

/* An accord that the file holds, or the record knows. */
typedef struct ls_known_accord {
    struct ls_known_accord *next;
    ls_hash id, amends; /* amends: zero if it is a first version */
    const ls_roadmap *roadmap;
} ls_known_accord;

/* A declare act, as far as it was seen. */
typedef struct ls_known_declaration {
    struct ls_known_declaration *next;
    uint64_t index; /* of the act */
    ls_hash accord;
    ls_bytes by, name;
    bool effective;            /* it did not lapse */
    const ls_declared *agreed; /* what the accord fixes; NULL: the accord is not known here */
    ls_schema schema;          /* no fields: the names are not known here */
    ls_declaration declared;
} ls_known_declaration;

#define LS_NO_ACT UINT64_MAX

/* A part of an opening that holds. */
typedef struct ls_known_opening {
    struct ls_known_opening *next;
    uint64_t act; /* that opens it; LS_NO_ACT: it stands alone */
    ls_hash ref;  /* what that act is an answer to, or zero */
    const ls_opening_part *part;
    const ls_known_declaration *declaration;
} ls_known_opening;

/* An act of an excerpt that stands where it says, signed by those it names. */
typedef struct ls_known_act {
    struct ls_known_act *next;
    uint64_t index;
    ls_bytes note;
    ls_hash id;
} ls_known_act;

/* What of an act's files is here, as their author named them. */
typedef struct ls_carried {
    size_t count, absent;
    ls_hash hash[LS_ACT_ATTACHMENTS_MAX]; /* count of them: of each file's own bytes */
    ls_bytes report;                      /* that called report.json, or no pointer */
} ls_carried;

/* A report about a site whose report.json is here. */
typedef struct ls_known_report {
    struct ls_known_report *next;
    size_t number; /* in the order of the acts */
    const char *subject;
    ls_bytes by;
    ls_site_report report;
} ls_known_report;

/* One verification under way. */
typedef struct ls_verifier {
    ls_arena *arena;
    ls_report *report;
    const ls_hash *anchor; /* the fingerprint that the reader trusts, or NULL */
    ls_fetch fetch;
    const ls_record *record;   /* replayed; NULL for an excerpt */
    ls_record *owned;          /* lives as long as what was learnt from it */
    const ls_charter *charter; /* of the process */
    ls_known_accord *accords;
    ls_known_declaration *declarations, **last_declaration;
    ls_known_opening *openings, **last_opening;
    ls_known_act *acts, **last_act; /* in order; of an excerpt only */
    ls_known_report *reports, **last_report;
    size_t report_count;
    uint64_t attachments, present; /* that acts name; and of those, that are here */
    /* Of a bundle only: each member is accounted for, each attachment hashed once. */
    const ls_bundle *bundle;
    bool *used, *sound;
} ls_verifier;

void ls_verifier_start(ls_verifier *v, ls_arena *arena, ls_report *report);

/* "act 4 (declare by dprk)". */
const char *ls_verify_subject(ls_verifier *v, uint64_t index, const ls_act *act);

/* verify.c: what record and excerpt bundles have in common. */
const ls_member *ls_verify_take(ls_verifier *v, const char *name); /* marks it as used; NULL if there is none */
/* Fills in the report's charter and finds it to be the anchor, or not. */
ls_result ls_verify_charter(ls_verifier *v, const ls_hash *fingerprint, ls_bytes json);
/* Reads a charter into the arena; NULL in *out if it is none. */
ls_result ls_verify_read_charter(ls_arena *arena, ls_bytes json, const ls_charter **out);
/* The checkpoint's signature and origin; false if it is none of this ledger. */
bool ls_verify_checkpoint(ls_verifier *v, ls_bytes note, ls_checkpoint *out);

/* Whether the accord `later` is the accord `earlier`, or an amended version of it as far as accords are known here. */
bool ls_verify_same_accord(const ls_verifier *v, const ls_hash *earlier, const ls_hash *later);

/* The kinds of bundle. */
ls_result ls_verify_record(ls_verifier *v);
ls_result ls_verify_excerpt(ls_verifier *v);
ls_result ls_verify_packet(ls_verifier *v);
ls_result ls_verify_draft(ls_verifier *v);
ls_result ls_verify_evidence(ls_verifier *v);

/* All acts of an excerpt; *whole tells whether there is a charter, by which anything could be judged. */
ls_result ls_verify_excerpt_acts(ls_verifier *v, bool *whole);
/* Of those the act with this id, in the arena, or NULL. */
ls_result ls_verify_find_act(ls_verifier *v, const ls_hash *id, uint64_t *index, const ls_act **out);

/* content.c: what acts carry. */
ls_result ls_verify_act_content(ls_verifier *v, uint64_t index, const ls_act *act);
void ls_verify_attachments_summary(ls_verifier *v);
/* A file for an audience, which its holder added: content becomes what is in it, or has no pointer if it is in no such
 * form. name: what it is called by its author. */
ls_result ls_verify_unseal(ls_verifier *v, const char *subject, const ls_attachment *a, ls_bytes *content,
                           ls_bytes *name);

/* openings.c: what is opened. content: the file of an open act for one audience, or without a pointer if it is not
 * here; of a member that no act names. */
ls_result ls_verify_opening(ls_verifier *v, uint64_t index, const ls_act *act, ls_bytes audience, ls_bytes content);
ls_result ls_verify_single_opening(ls_verifier *v, const char *member, ls_bytes content);
/* A tranche is opened to every audience that the accord shows any of it. */
void ls_verify_opening_audiences(ls_verifier *v, const ls_act *act, const char *subject);
/* verify_notified.c: a file of a notify act, for one audience; and what, in a whole record, contradicts what was said
 * before. */
ls_result ls_verify_notification(ls_verifier *v, const char *subject, const ls_act *act, ls_bytes audience,
                                 ls_bytes content);
ls_result ls_verify_histories(ls_verifier *v, const ls_record *record, ls_entry_reader read, void *context);
/* verify_reports.c: what a report act says, and that its files are those that it names. */
ls_result ls_verify_report(ls_verifier *v, uint64_t index, const ls_act *act, const ls_carried *carried);
/* Names reports about the same that say different things. */
ls_result ls_verify_contradictions(ls_verifier *v);
/* Gives the rows of all openings that hold to the sink, unless something failed. */
ls_result ls_verify_give_rows(const ls_verifier *v, ls_verified_row sink, void *context);

#endif
