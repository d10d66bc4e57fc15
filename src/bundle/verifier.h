/* What the files that verify bundles share. */
#ifndef LS_BUNDLE_VERIFIER_H
#define LS_BUNDLE_VERIFIER_H

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

/* A part of an opening that holds. */
typedef struct ls_known_opening {
    struct ls_known_opening *next;
    const ls_opening_part *part;
    const ls_known_declaration *declaration;
} ls_known_opening;

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
ls_result ls_verify_draft(ls_verifier *v);
ls_result ls_verify_evidence(ls_verifier *v);

/* content.c: what acts carry. */
ls_result ls_verify_act_content(ls_verifier *v, uint64_t index, const ls_act *act);
void ls_verify_attachments_summary(ls_verifier *v);
/* Gives the rows of all openings that hold to the sink, unless something failed. */
ls_result ls_verify_give_rows(const ls_verifier *v, ls_verified_row sink, void *context);

#endif
