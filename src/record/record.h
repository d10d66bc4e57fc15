/*
 * The record: what a ledger's entries mean, replayed one after the other. (docs/protocol.md, "Acceptance".)
 *
 * Acceptance is one pure function of the charter, the accords, the acts accepted so far and this act; its only clock
 * is the latest stamp. The ledger asks it before it appends; everyone who reads asks it again. One table
 * (record/rules.c) says for each kind of act which headers it carries, whether it is acceptable, and what it changes.
 */
#ifndef LS_RECORD_RECORD_H
#define LS_RECORD_RECORD_H

#include "inspection/inspection.h"
#include "process/charter.h"
#include "talks/talks.h"
#include <lockstep/act.h>
#include <lockstep/opening.h>

extern const ls_fault ls_fault_refused; /* invalid: the act may not enter the record; detail says why */
extern const ls_fault ls_fault_known;   /* usage: the act is on the record already */
extern const ls_fault ls_fault_absent;  /* environment: an attachment that acceptance needs is not there */

/* Gives the bytes with this hash. The record checks the hash itself. The bytes must live as long as the arena. */
typedef struct ls_fetch {
    ls_result (*fetch)(void *context, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);
    void *context;
} ls_fetch;

#define LS_NOBODY SIZE_MAX

/* What is remembered of each entry. */
typedef struct ls_record_entry {
    ls_hash id;      /* of the act */
    ls_bytes kind;   /* a name of the rules' table */
    size_t by;       /* index of the party; LS_NOBODY: the ledger, or a joint act */
    ls_time time;    /* ledger time; LS_TIME_OPEN until a stamp covers it */
    bool lapsed;     /* its ledger time turned out later than expires or open-until: without effect */
    bool repudiated; /* its party says that it was signed with a lost key; it keeps its effect */
    bool annulled;   /* all others consented to that: without effect */
    bool receipted;  /* cosigners' receipts for it are on the record: its time may be theirs */
    int accord;      /* index, or -1 */
    int measure;     /* index, or -1 */
} ls_record_entry;

/* An accord on the record: one version of it, if it was amended. */
typedef struct ls_accord {
    ls_hash id;
    uint64_t index;        /* in the ledger */
    uint64_t signed_index; /* of the first version that has effect: its ledger time is when the accord was signed */
    int amends;            /* the version in whose place it came, or -1 */
    int amended_by;        /* the next version that has effect, or -1 */
    const ls_roadmap *roadmap;
    ls_bytes text, roadmap_json;
} ls_accord;

/* A declaration on the record; several may have one name (supplements). */
typedef struct ls_record_declaration {
    ls_hash act;
    uint64_t index;
    int accord;
    size_t by;
    ls_bytes name;
    uint8_t nonce[32];
    ls_hash manifest; /* attachment; zero if there is none */
    ls_declaration declared;
} ls_record_declaration;

typedef struct ls_record ls_record;

ls_result ls_record_new(ls_fetch fetch, ls_record **out);
void ls_record_free(ls_record *r);

/* Where the root over the first `size` entries can be read again, so that the record need not keep all of them: a
 * ledger's store keeps them. Without it every root stays in memory. */
typedef struct ls_roots {
    ls_result (*root)(void *context, uint64_t size, ls_hash *out, ls_detail *detail);
    void *context;
} ls_roots;
void ls_record_roots(ls_record *r, ls_roots roots);

typedef enum ls_record_check {
    LS_CHECK_SIGNATURES, /* verify every signature, also those that an act carries: checkpoints, receipts, proofs */
    LS_CHECK_CARRIED,    /* only those that it carries: its own were verified, under the keys in force now */
    LS_CHECK_TRUSTED,    /* signatures were verified before (a root over these very bytes was remembered) */
    LS_CHECK_DEFERRED    /* everything but the signatures, each of which goes where ls_record_defer says */
} ls_record_check;

/* Where signatures go under LS_CHECK_DEFERRED, so that many can be verified at once, on all processors. Whoever takes
 * them believes nothing that was appended since until they are verified; where one is bad, the record is of no use.
 * Their texts are views into the notes that were appended, which must live as long. */
typedef struct ls_deferred {
    ls_result (*put)(void *context, const ls_pending_signature *p);
    void *context;
} ls_deferred;
void ls_record_defer(ls_record *r, ls_deferred to);

/* Is this act acceptable now? Signatures included. The record is not changed. */
ls_result ls_record_accept(const ls_record *r, const ls_act *act, ls_record_check check, ls_detail *detail);
/* The same for a `succeed` act, wherever it is to stand: this record may be of fewer entries than it follows, or of
 * more.
 */
ls_result ls_record_accept_succession(const ls_record *r, const ls_act *act, ls_record_check check, ls_detail *detail);
/* Parses, accepts and applies an entry, in ledger order. After a failure the record is as before. */
ls_result ls_record_append(ls_record *r, ls_bytes note, ls_record_check check, ls_detail *detail);
/* The same for an act that ls_act_parse has read from this note already. */
ls_result ls_record_append_act(ls_record *r, const ls_act *act, ls_bytes note, ls_record_check check,
                               ls_detail *detail);

/* By receipts on the record cosigners had this chained act before it expired, and the grace has not passed yet. */
bool ls_record_received(const ls_record *r, const ls_act *act);
/* It has ended by the record's clock, and the grace in which receipts may still carry it has, too: no later entry makes
 * this act acceptable. */
bool ls_record_over(const ls_record *r, const ls_act *act);

uint64_t ls_record_size(const ls_record *r);
/* size at most ls_record_size. Where older roots are read from elsewhere: one of the latest 4096, or zeros. */
void ls_record_root(const ls_record *r, uint64_t size, ls_hash *out);
/* The charter in force, with the keys that sign the next act. NULL while empty. It changes in place with the entries.
 */
const ls_charter *ls_record_charter(const ls_record *r);
/* The charter as changed by the acts that a stamp covers: under it checkpoints are judged, so that no change of keys or
 * policy helps to make itself final. The ledger's key and origin are those in force. */
const ls_charter *ls_record_watched(const ls_record *r);
const ls_hash *ls_record_process(const ls_record *r); /* NULL while empty */
/* Another number whenever a key or the policy changes, or a stamp ends a signer's key: signatures verified under one
 * version are good under that version. */
uint64_t ls_record_keys_version(const ls_record *r);
/* The acts that changed the charter: their indices, in order. */
size_t ls_record_change_count(const ls_record *r);
uint64_t ls_record_change_at(const ls_record *r, size_t i);
/* Entries up to and with the party's last act, joint acts included; what `unless-acted` is held against. */
uint64_t ls_record_acted(const ls_record *r, size_t party);
ls_bytes ls_record_charter_json(const ls_record *r);
ls_record_entry ls_record_at(const ls_record *r, uint64_t index);
/* True, and its index, if an act with this id is on the record. */
bool ls_record_find(const ls_record *r, const ls_hash *id, uint64_t *index);
ls_time ls_record_time(const ls_record *r);     /* of the latest stamp; 0 if there is none */
uint64_t ls_record_stamped(const ls_record *r); /* entries that a stamp covers */
/* Whether a checkpoint over so many entries covers an act that no stamp covers yet. */
bool ls_record_has_unstamped(const ls_record *r, uint64_t size);
bool ls_record_stamp_due(const ls_record *r, ls_time now); /* unstamped acts, or the interval has passed */
/* What the party's next chained act must carry: seq and prev. */
void ls_record_next(const ls_record *r, size_t party, uint64_t *seq, ls_hash *prev);

size_t ls_record_accord_count(const ls_record *r);
const ls_accord *ls_record_accord(const ls_record *r, size_t i); /* valid until the next append */
/* What the record says about an accord, for ls_state_eval; valid until the next append. Those of an amended version end
 * where the next one came, which has them all. */
ls_facts ls_record_facts(const ls_record *r, size_t accord);
/* What it says of inspections under any version of an accord, for ls_inspection_eval; valid until the next append. */
ls_inspecteds ls_record_inspecteds(const ls_record *r, size_t accord);
/* What it says of talks, in the whole process; valid until the next append. */
ls_talks ls_record_talks(const ls_record *r);
/* The act that began what bears this name in the namespace of a header (LS_H_MEETING, LS_H_GROUP, LS_H_TEXT, LS_H_ITEM)
 * and has effect, or NULL; valid until the next append. */
const ls_talk *ls_record_talk_named(const ls_record *r, ls_header space, ls_bytes name);
/* What ls_state_eval is asked about this version of an accord: what was so at a time, as the record had it at another.
 * facts are those that the query points at. */
void ls_record_query(const ls_record *r, size_t accord, ls_time at, ls_time known, ls_facts *facts,
                     ls_state_query *out);
int ls_record_find_accord(const ls_record *r, const ls_hash *id);
/* Versions of one accord, each an index. That which holds: the last one that has effect. */
int ls_record_accord_in_force(const ls_record *r, int accord);
/* That which held at a time, as the record had it at another (which is also the time of what no stamp covers yet): the
 * last that had come by then; the first one if none had. */
int ls_record_accord_at(const ls_record *r, int accord, ls_time at, ls_time known);
/* Two versions of one accord, or one version twice. */
bool ls_record_accord_same(const ls_record *r, int a, int b);
/* Whether a roadmap may take the place of this version, which is in force: what others rely on already stays. */
ls_result ls_record_check_amendment(const ls_record *r, int version, const ls_roadmap *after, ls_detail *detail);
size_t ls_record_declaration_count(const ls_record *r);
const ls_record_declaration *ls_record_declaration_at(const ls_record *r, size_t i);

/* The context and limits that a declare act states, for verifiers that have only the act. */
void ls_declaration_of_act(const ls_act *act, uint32_t fields, ls_declaration *out);

/* Verifies an act's signatures against a charter: the right signers, thresholds, and every signature, by keys that have
 * not ended by this stamp. Also used on acts that stand alone in a bundle. Of an amendment by new parties only the
 * record can tell. */
ls_result ls_act_check_signatures(const ls_act *act, const ls_charter *c, ls_time stamped, ls_detail *detail);

/* Whether at least one of the signers that it lists is one of the charter's and signed it: of an amendment by new
 * parties that much can be told before its charter is read. */
bool ls_act_signed_by_any(const ls_act *act, const ls_charter *c, ls_time stamped);

/* What an act that is on the record changed of the charter, for verifiers that have not all of it: its keys, or, for an
 * amendment, all of it. Nothing is judged but the form of an amended charter. */
ls_result ls_charter_follow(ls_charter **c, const ls_act *act, const ls_fetch *fetch, ls_arena *arena,
                            ls_detail *detail);

/* How many of the party's signers an act of this kind takes. */
unsigned ls_act_threshold(const ls_party *p, ls_bytes kind);
/* Names of the kinds of act, for help and completion. */
const char *const *ls_record_kinds(size_t *count);

#endif
