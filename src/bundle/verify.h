/*
 * Verification of what someone hands over, with nothing but the charter's fingerprint: no network, no workspace, no
 * keys. lockstep verify, lockstep-verify and, later, the browser call this and nothing else.
 */
#ifndef LS_BUNDLE_VERIFY_H
#define LS_BUNDLE_VERIFY_H

#include "bundle/bundle.h"
#include "bundle/drawn.h"
#include "bundle/packet.h"

typedef enum ls_finding_level {
    LS_FINDING_OK,    /* checked, and it holds */
    LS_FINDING_NOTE,  /* worth knowing; changes no verdict: an ignored line, an attachment not included */
    LS_FINDING_FAILED /* does not hold */
} ls_finding_level;

/* Texts are plain: valid UTF-8 on one line, without control characters. */
typedef struct ls_finding {
    ls_finding_level level;
    const char *subject; /* "act 4 (declare by dprk)" */
    const char *text;
} ls_finding;

/* What a packet is about, and, of a draw that could be computed again, its rows in the order of their tickets. */
typedef struct ls_packet_report {
    ls_packet packet;
    size_t count;
    const ls_drawn_row *rows;
} ls_packet_report;

typedef struct ls_report {
    ls_arena *arena;
    size_t count, capacity;
    ls_finding *finding;
    bool failed;   /* some finding failed */
    bool lost;     /* a finding was lost for lack of memory */
    bool anchored; /* the charter is the one whose fingerprint was given */
    bool exercise;
    ls_hash charter;           /* fingerprint of the charter found; zero if none */
    const ls_charter *process; /* in the arena; NULL if none could be read */
    bool false_declaration;    /* an opening proved one; the findings say whose */
    const char *holds;         /* the word for a file in which nothing failed; NULL: valid */
    size_t proven;             /* of evidence: how much of what it claims is proven */
    ls_packet_report *packet;  /* of a packet that says what it is about, or NULL */
} ls_report;

/* Called for each row that is opened, once everything in the file has been verified and nothing failed; names has
 * `fields` elements. */
typedef ls_result (*ls_verified_row)(void *context, ls_bytes declaration, uint32_t tranche, uint64_t row,
                                     const ls_bytes *names, const ls_opened_field *values, size_t fields);

/*
 * Verifies one bundle of any kind and adds findings. charter: the fingerprint that the reader trusts, or NULL: then
 * the bundle is only consistent with itself, and anchored stays false. A result fails only for lack of memory, a
 * file that is no bundle at all (ls_fault_bundle_form), or by the sink; everything else is a finding.
 */
ls_result ls_verify_bundle(ls_arena *arena, ls_bytes file, const ls_hash *charter, ls_verified_row sink, void *context,
                           ls_report *report, ls_detail *detail);

/* What the reader of a tlog-proof brings along. */
typedef struct ls_trust {
    const ls_hash *charter;  /* the fingerprint, or NULL */
    ls_bytes policy;         /* a tlog-policy, or a bundle that holds the charter; or empty: */
    const ls_record *record; /* his own record, replayed */
} ls_trust;

bool ls_verify_is_proof(ls_bytes file);
/*
 * Verifies a tlog-proof whose extra data is the act (base64 of its note). Fails for lack of memory, for a file that is
 * no tlog-proof (ls_fault_tlog_proof_form), and if nothing was brought to check it with (ls_fault_usage); everything
 * else is a finding. A checkpoint without its quorum is a failed one. The report's process lives as long as the record.
 */
ls_result ls_verify_proof(ls_arena *arena, ls_bytes file, const ls_trust *trust, ls_report *report, ls_detail *detail);

/*
 * Also used for a ledger that is read directly: checks the attachments of every accepted act, and all openings among
 * them, against a record already replayed. read gives an entry's bytes, which live as long as the arena. report is the
 * caller's, with its arena set.
 */
typedef ls_result (*ls_entry_reader)(void *context, uint64_t index, ls_bytes *note);
ls_result ls_verify_attachments(ls_arena *arena, const ls_record *record, ls_entry_reader read, void *read_context,
                                ls_fetch fetch, ls_verified_row sink, void *context, ls_report *report);

/*
 * A record that was replayed with all its signatures, entry by entry, as a browser does it that gets them one after the
 * other; judged as ls_verify_bundle judges a record bundle, and with the same findings. root: over the entries' own
 * bytes. The record's checkpoint covers all of them, or that is a finding. charter: as above, or NULL.
 */
typedef struct ls_replayed {
    const ls_record *record;
    ls_entry_reader read; /* gives bytes that live as long as the arena */
    void *context;
    ls_fetch fetch;
    ls_hash root;
    ls_bytes checkpoint; /* a signed note */
} ls_replayed;
ls_result ls_verify_replayed(ls_arena *arena, const ls_replayed *replayed, const ls_hash *charter, ls_report *report);

void ls_report_add(ls_report *r, ls_finding_level level, const char *subject, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

#endif
