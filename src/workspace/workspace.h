/*
 * A workspace: one delegation's folder, with its vaults, its declarations, its own verified copy of the ledger, and
 * what still waits to be filed.
 *
 *   workspace.json     whose it is, which ledger, and the process it belongs to once it has signed a charter
 *   replica/           the copy (ledger/replica.h), from which everything is read
 *   verified           after a restore: size and root of what was verified before, which the ledger must still show
 *   access.note        shows a server that this delegation may read, until it expires
 *   party.yaml         the delegation's public keys, to hand to whoever drafts the charter
 *   vaults/            delegation.vault, sealing.vault, recovery.vault, access.vault, and one vault per signer;
 *                      <name>.next.vault, <name>.next: a new key in its place, and its vkey, until the record has it
 *   declarations/<id>/ manifest.json and, for each tranche, sealed rows, tree and index
 *   outbox/            acts that are signed in part or not filed yet, as draft bundles; <bundle>.refused: what the
 * ledger said against one of them
 *
 * Folders are 0700 and files 0600; a workspace that others can read is refused. One process works on a workspace at a
 * time (a lock).
 */
#ifndef LS_WORKSPACE_WORKSPACE_H
#define LS_WORKSPACE_WORKSPACE_H

#include "bundle/verify.h"
#include "ledger/replica.h"
#include "os/os.h"
#include "record/record.h"
#include "vault/vault.h"

extern const ls_fault ls_fault_workspace; /* usage: not a workspace, or one of another kind */
extern const ls_fault ls_fault_document;  /* usage: a YAML document or text has errors, listed as diagnostics */

/* How a passphrase is come by: fills out (NUL-terminated, cap bytes, in guarded memory). */
typedef struct ls_passphrase {
    ls_result (*ask)(void *context, ls_bytes vault, bool fresh, char *out, size_t cap, ls_detail *detail);
    void *context;
} ls_passphrase;
#define LS_PASSPHRASE_MAX 1024

typedef struct ls_workspace {
    char path[4096];
    ls_arena arena;
    ls_bytes party, domain;
    char *ledger_path; /* a folder, a server's URL, LS_LEDGER_COURIER, or "" if none was given */
    bool exercise;
    bool protected; /* vaults have passphrases */
    bool has_process;
    ls_hash process; /* the charter's fingerprint, once this delegation signed one */
    ls_lock lock;
    ls_ledger *ledger;   /* NULL until connected, and where only couriers come */
    ls_replica *replica; /* NULL until synchronised */
    const ls_record *record;
    bool offline;             /* the ledger could not be reached in this run: */
    bool denied;              /* it answers, and does not let this workspace in: */
    ls_detail why;            /* and this is why */
    double tried;             /* when, on the monotonic clock */
    uint64_t behind;          /* if not 0: the server shows only so many entries, of the more that are here */
    struct ls_outbox *outbox; /* as it was looked at last; NULL: look again */
    const char *authority;    /* PEM file of those trusted for TLS, or NULL: the system's */
    const ls_replica_progress *progress;
    const char
        *expires; /* of the act that this run makes: a duration or a time; NULL: a week, if the charter lets it */
    const char *unless_acted; /* and names of parties, with spaces: refused if one of them has acted since; or NULL */
    ls_passphrase passphrase;
} ls_workspace;

/* Instead of a ledger's place: nothing is reached from here, files are carried (lockstep sync --to, --from). */
#define LS_LEDGER_COURIER "courier"

typedef struct ls_workspace_options {
    const char *path, *party, *title, *domain, *role, *ledger;
    const char *const *signers;
    size_t signer_count;
    unsigned threshold;
    const char *cosigner; /* lines of the card about this party's cosigner (cosigner.yaml); NULL: it has none */
    bool exercise, no_passphrase;
} ls_workspace_options;

/* Makes a new workspace with fresh vaults; the folder must not exist or be empty. */
ls_result ls_workspace_create(const ls_workspace_options *o, ls_passphrase passphrase, ls_detail *detail);
ls_result ls_workspace_open(const char *path, ls_passphrase passphrase, ls_workspace *ws, ls_detail *detail);
void ls_workspace_close(ls_workspace *ws);
/* Writes workspace.json again: after ledger_path or process changed. */
ls_result ls_workspace_save(const ls_workspace *ws, ls_detail *detail);
/* <workspace>/<relative> */
ls_result ls_workspace_path(const ls_workspace *ws, char out[static 4096], const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Opens the ledger, where there is one to open. No server is asked yet. */
ls_result ls_workspace_connect(ls_workspace *ws, ls_detail *detail);
bool ls_workspace_embedded(const ls_workspace *ws); /* the ledger is a folder */
/* Brings the workspace's own copy up to date and takes the record from it: every signature, hash and rule of what is
 * new. An embedded ledger also writes the stamps that are due. A server that can't be reached is no failure: then
 * `offline` is set, and the record is as it was seen last. Refuses a ledger whose history is not the one verified
 * before, or of another process. */
ls_result ls_workspace_sync(ls_workspace *ws, ls_detail *detail);
/* What a request to the ledger says of reaching it: whether it was not reached, or did not let this workspace in. Then
 * `offline` is set, with the reason. */
bool ls_workspace_went_offline(ls_workspace *ws, ls_result r, const ls_detail *why);
/* Lets other processes work on the workspace for a while; and goes on after them. */
void ls_workspace_pause(ls_workspace *ws);
ls_result ls_workspace_resume(ls_workspace *ws, ls_detail *detail);
/* Only what is here already: nothing is asked, written or stamped. */
ls_result ls_workspace_load(ls_workspace *ws, ls_detail *detail);
/* The time by which states are judged: the ledger's clock, or one's own; never before the latest stamp. Away from the
 * ledger, an exercise's clock is its latest stamp. */
ls_result ls_workspace_now(ls_workspace *ws, ls_time *out, ls_detail *detail);
/* True if nothing is known of any record: none is here, and the ledger shows none. */
ls_result ls_workspace_is_new(ls_workspace *ws, bool *out, ls_detail *detail);
/* Refuses while a restored workspace has not seen again what it had verified: it could sign two acts with one number.
 */
ls_result ls_workspace_check_restored(const ls_workspace *ws, ls_detail *detail);
/* The same question when a courier brought something: what was verified before may be seen now, or not yet. */
ls_result ls_workspace_see_restored(ls_workspace *ws, ls_detail *detail);
/* Writes what a restored workspace must find again to a file: size and root of the copy. Nothing if it is empty. */
ls_result ls_workspace_write_verified(ls_workspace *ws, const char *path, ls_detail *detail);
const ls_party *ls_workspace_party(const ls_workspace *ws); /* after a sync */

/* A fresh Ed25519 key <domain>/<name> in vaults/<file_name>.vault. secret_key: LS_SECRET_KEY_SIZE bytes of guarded
 * memory, which the caller wipes. */
ls_result ls_workspace_make_key(ls_workspace *ws, ls_vault_purpose purpose, const char *name, const char *file_name,
                                ls_vkey *key, uint8_t *secret_key, ls_detail *detail);
ls_result ls_workspace_make_folders(const ls_workspace *ws, ls_detail *detail);

/* The failure of whoever needs a charter where the record has none yet, with what comes first; where a server was asked
 * and there was no answer, that. */
ls_result ls_workspace_no_process(const ls_workspace *ws, ls_detail *detail);

ls_result ls_workspace_unseal(const ls_workspace *ws, ls_vault_purpose purpose, ls_bytes name, ls_secret **out,
                              ls_detail *detail);

/* What an act is made of before it is filed: its note with the signatures so far, and its attachments. */
typedef struct ls_draft {
    ls_buf note;
    size_t count;
    struct {
        ls_buf content; /* or, if path is not empty, the file */
        char path[4096];
        bool sealed; /* a file for an audience, in the form of process/sealed.h */
    } attachment[LS_ACT_ATTACHMENTS_MAX];
} ls_draft;
void ls_draft_free(ls_draft *d);

/* Adds an attachment to an act's draft: the header and the bytes. With path, content is empty and the file is used. For
 * an audience other than public and process it goes in as a file of process/sealed.h. */
ls_result ls_draft_attach(ls_draft *d, ls_act_draft *act, const char *audience, const char *media_type,
                          const char *file_name, ls_bytes content, const char *path, ls_detail *detail);

/* By the ending of a file's name. */
const char *ls_media_type_guess(const char *name);

typedef struct ls_signers {
    const char *const *name; /* none: as many as the threshold asks for, in the charter's order */
    size_t count;
} ls_signers;

typedef enum ls_filing {
    LS_FILED,      /* on the record */
    LS_INCOMPLETE, /* further signatures are missing; the draft is kept at path */
    LS_WAITING     /* the ledger could not be reached; it waits at path and is filed by the next run that reaches it */
} ls_filing;

typedef struct ls_filed {
    ls_filing filing;
    ls_receipt receipt;
    ls_hash id;
    char path[4096];    /* LS_INCOMPLETE, LS_WAITING: the draft bundle */
    char missing[1024]; /* LS_INCOMPLETE: names of signers who have not signed, with spaces */
} ls_filed;

/* ls_act_draft_finish, of an act that is made here: what does not fit is a mistake of usage, and no finding. */
ls_result ls_workspace_write_act(const ls_act_draft *act, ls_buf *out, ls_detail *detail);

/* Fills in a chained act's process, by, signers, seq, prev, head, at and expires, signs with the vaults that are here,
 * and files it, or keeps it as a draft if signers are missing. draft->note is filled. Needs a sync before. */
ls_result ls_workspace_act(ls_workspace *ws, const char *kind, ls_act_draft *act, ls_signers as, ls_draft *draft,
                           ls_filed *out, ls_detail *detail);
/* Whether an act can be made on the terms of `expires` and `unless_acted`, before anything else is done for it. Needs a
 * charter. */
ls_result ls_workspace_check_terms(ls_workspace *ws, ls_detail *detail);
/* Signs a joint act's or incomplete act's note with the vaults that are here: all of this party's signers that have
 * not signed yet, or those named. added counts new signatures. */
ls_result ls_workspace_sign(ls_workspace *ws, ls_buf *note, ls_signers as, unsigned *added, ls_detail *detail);
/* Files a fully signed act: into the outbox, to the ledger, out of the outbox. */
ls_result ls_workspace_file(ls_workspace *ws, ls_draft *draft, ls_filed *out, ls_detail *detail);

/* The outbox. */

typedef enum ls_waits {
    LS_WAITS_SIGNATURES, /* of the signers named in missing */
    LS_WAITS_LEDGER,     /* complete; the ledger was not reached yet */
    LS_WAITS_REFUSED     /* it can't be filed as things stand; why says so */
} ls_waits;

typedef struct ls_waiting {
    char file[256]; /* in the outbox */
    ls_bytes note;
    ls_hash id;
    char kind[LS_NAME_MAX + 1];
    uint64_t seq;         /* 0: a joint act */
    ls_time since, until; /* when it was signed; when it lapses */
    char missing[1024];
    ls_waits waits;
    bool acceptable; /* signed in full, and nothing in the record that is here speaks against it, whatever others say */
    ls_detail why;
} ls_waiting;

typedef struct ls_outbox {
    size_t count;
    ls_waiting *waiting; /* in the order in which they are filed: joint acts, then by seq */
    ls_record *ahead;    /* the record as it will be with what waits; NULL: nothing of one's own chain waits */
    ls_arena arena;
} ls_outbox;

/* What waits and why; the workspace's, until the next change. Needs a record. */
ls_result ls_workspace_outbox(ls_workspace *ws, const ls_outbox **out, ls_detail *detail);
void ls_workspace_forget_outbox(ls_workspace *ws);
/* Files what waits fully signed, in order. filed: how many; stuck: how many can't be filed as things stand. */
ls_result ls_workspace_flush(ls_workspace *ws, unsigned *filed, unsigned *stuck, ls_detail *detail);
/* Gives up an act that is not filed yet, by the beginning of its id. */
ls_result ls_workspace_drop(ls_workspace *ws, const char *id, ls_waiting *dropped, ls_detail *detail);
/* Names of signers who have not signed, with spaces; empty if complete. */
void ls_act_missing_signers(const ls_act *act, char *out, size_t cap);

/* Couriers. */

/* Writes the acts that wait, with their files, to hand to the host; cosigned: a checkpoint note that the delegation's
 * cosigner has cosigned, or empty. */
ls_result ls_workspace_carry_acts(ls_workspace *ws, const char *path, ls_bytes cosigned, size_t *acts,
                                  ls_detail *detail);
/* Writes the record from a size on, with its files, for a party; and the receipts of a file taken in before. */
typedef struct ls_taken ls_taken;
ls_result ls_workspace_carry_record(ls_workspace *ws, const char *path, ls_bytes party, uint64_t since,
                                    const ls_taken *receipts, ls_detail *detail);
/* What became of a file that was carried here. */
struct ls_taken {
    bool acts; /* acts for the ledger, else the record for this workspace */
    char party[LS_NAME_MAX + 1];
    uint64_t size; /* acts: entries that the party has */
    enum { LS_COSIGNED_NONE, LS_COSIGNED_TAKEN, LS_COSIGNED_FINAL, LS_COSIGNED_REFUSED } cosigned;
    char cosigned_reason[512];
    size_t count;
    struct {
        ls_hash id;
        char kind[LS_NAME_MAX + 1];
        bool filed, already;
        uint64_t index;
        char reason[512];
    } * act;
};
/* Acts are filed with the ledger, each for itself; a record is verified and taken into the copy. */
ls_result ls_workspace_take(ls_workspace *ws, const char *path, ls_taken *out, ls_detail *detail);
void ls_taken_free(ls_taken *t);

/* Draft bundles. */
ls_result ls_draft_write(const ls_draft *d, const char *path, ls_detail *detail);
ls_result ls_draft_read(ls_arena *arena, const char *path, ls_draft *d, ls_detail *detail);

/* Proposals of charters and accords: checks the documents, derives the JSON, and makes the unsigned joint act with
 * its attachments. errors are in diagnostics (then ls_fault_document). */
ls_result ls_charter_load(ls_arena *arena, ls_bytes yaml, ls_diagnostics *d, ls_charter *out, ls_buf *json);
ls_result ls_workspace_propose_charter(ls_workspace *ws, ls_bytes yaml, ls_time at, ls_time open_until,
                                       ls_diagnostics *d, ls_draft *out, ls_detail *detail);
ls_result ls_roadmap_load(ls_arena *arena, ls_bytes yaml, ls_bytes text, const ls_charter *c, ls_diagnostics *yaml_d,
                          ls_diagnostics *text_d, ls_roadmap *out, ls_buf *json);
/* An accord's files beside its text and roadmap: in other languages, say. */
typedef struct ls_further {
    const char *name;
    ls_bytes content; /* Markdown */
} ls_further;
/* amends: the version of an accord in whose place it comes, which is in force; or -1. */
typedef struct ls_accord_proposal {
    ls_bytes yaml, text;
    const ls_further *further;
    size_t further_count;
    int amends;
    ls_time open_until;
} ls_accord_proposal;
ls_result ls_workspace_propose_accord(ls_workspace *ws, const ls_accord_proposal *p, ls_diagnostics *yaml_d,
                                      ls_diagnostics *text_d, ls_draft *out, ls_detail *detail);
/* A joint act by these parties of the charter in force: all that is not its own. The caller sets the rest, and finishes
 * it with ls_workspace_write_act. */
ls_result ls_workspace_begin_joint(ls_workspace *ws, const char *kind, ls_parties by, ls_time open_until,
                                   ls_act_draft *act, ls_detail *detail);
/* An amended charter; without: the one party that lost every key, or LS_NO_PARTY. */
ls_result ls_workspace_propose_amendment(ls_workspace *ws, ls_bytes yaml, size_t without, ls_time open_until,
                                         ls_diagnostics *d, ls_draft *out, ls_detail *detail);
/* Of what this party's rekey repudiates. */
ls_result ls_workspace_propose_annulment(ls_workspace *ws, const ls_hash *rekey, size_t party, ls_time open_until,
                                         ls_draft *out, ls_detail *detail);
/* Of another ledger, which goes on behind all that this workspace has. */
ls_result ls_workspace_propose_succession(ls_workspace *ws, const ls_vkey *key,
                                          const uint8_t proof[static LS_ACT_PROOF_SIZE], ls_time open_until,
                                          ls_draft *out, ls_detail *detail);
/* That the YAML beside the JSON in a proposal says the same: `check` derives it again. */
ls_result ls_draft_check_derivation(const ls_draft *d, ls_detail *detail);
/* That every signature which it has so far is by a key that the charter lists: the one in it, or that of the record. */
ls_result ls_draft_check_signatures(const ls_workspace *ws, const ls_draft *d, ls_detail *detail);

#endif
