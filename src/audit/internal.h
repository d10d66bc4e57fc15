/* What the files of an audit share. */
#ifndef LS_AUDIT_INTERNAL_H
#define LS_AUDIT_INTERNAL_H

#include "audit/audit.h"
#include "bundle/evidence.h"
#include "process/receipt.h"

#define LS_AUDIT_SOURCES_MAX 64
#define LS_AUDIT_THINGS_MAX 4096 /* checkpoints, acts and receipts that are not entries */
#define LS_AUDIT_LEDGERS_MAX 16

/* A party's act on a history. */
typedef struct chained {
    uint64_t index, seq;
    size_t by; /* index of the party */
    ls_hash id;
} chained;

/* A file that acceptance asked for when the record had so many entries. */
typedef struct needed_file {
    ls_hash hash;
    uint64_t at, size;
} needed_file;

/* A cosigned checkpoint inside a stamp. */
typedef struct stamped {
    uint64_t index, size;
    ls_time time;  /* of the stamp */
    ls_bytes note; /* the checkpoint's */
} stamped;

/* What a receipts act says. */
typedef struct filed_receipts {
    ls_hash act;
    ls_bytes text;
} filed_receipts;

/* What one source holds: a sequence of entries. */
typedef struct view {
    ls_source *source;
    uint64_t size;
    ls_hash *leaf;
    const struct view *same; /* another that holds all this one does; NULL: it is a history of its own */
    bool foreign;            /* of another process: left out */
    /* Of a history, once replayed: */
    uint64_t accepted; /* entries that are acceptable */
    char refusal[512]; /* why the next one is not; "" if all are */
    bool refused;      /* it proves something: not just a file that is not here */
    ls_buf acts;       /* of chained */
    ls_buf files;      /* of needed_file */
    ls_buf stamps;     /* of stamped, where cosigners are asked for */
    ls_buf receipts;   /* of filed_receipts */
    ls_buf keys;       /* of uint64_t: sizes from which on checkpoints are judged by other keys or another policy */
    ls_record *record;
    const ls_charter *charter; /* in force at the end; NULL: not even a charter was acceptable */
    uint64_t bundled;          /* entries of it that claims need; 0: none */
    size_t number;             /* in the bundle */
} view;

/* A checkpoint that somebody holds. */
typedef struct head {
    const char *from;
    ls_bytes note;
    ls_checkpoint checkpoint;
    const view *home; /* the history that leads to it, or NULL */
    int ledger;       /* that signed it; -1: none of this process */
    uint64_t old;     /* of its nodes; 0: there are none */
    size_t node_count;
    ls_hash *node;
} head;

typedef struct loose_act {
    const char *from;
    ls_bytes note;
    ls_act *act;
} loose_act;

typedef struct loose_receipt {
    const char *from;
    ls_bytes note;
    ls_receipt_note receipt;
} loose_receipt;

/* A ledger of the process, and since when it has been the one in force. */
typedef struct known_ledger {
    const ls_charter *charter;
    const view *history;
    uint64_t since; /* entries of that history after which it was */
} known_ledger;

/* A claim with its parts: members of the bundle, numbered when it is packed. */
#define LS_AUDIT_PARTS_MAX 8
typedef struct drafted_claim {
    ls_claim claim;
    const view *history;
    size_t part_count;
    struct {
        const char *name;
        ls_bytes content;
    } part[LS_AUDIT_PARTS_MAX];
} drafted_claim;

typedef struct audit {
    const ls_audit_options *o;
    ls_report *report;
    ls_arena *arena;
    ls_detail *detail;
    size_t view_count, head_count, act_count, receipt_count, ledger_count;
    view view[LS_AUDIT_SOURCES_MAX];
    head head[LS_AUDIT_THINGS_MAX];
    loose_act act[LS_AUDIT_THINGS_MAX];
    loose_receipt receipt[LS_AUDIT_THINGS_MAX];
    known_ledger ledger[LS_AUDIT_LEDGERS_MAX];
    ls_hash process;
    ls_bytes charter; /* the act */
    size_t claim_count;
    drafted_claim claim[LS_CLAIMS_MAX];
} audit;

/* load.c */
ls_result ls_audit_load(audit *a, const char *path);
/* history.c */
ls_result ls_audit_compare(audit *a); /* which views are histories of their own */
ls_result ls_audit_replay(audit *a, view *v);
ls_result ls_audit_place_heads(audit *a); /* signatures and homes of all heads */
void ls_audit_root(const view *v, uint64_t size, ls_hash *out);
ls_result ls_audit_fetch(void *audit, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out);
/* find.c */
ls_result ls_audit_claim(audit *a);
/* omission.c */
ls_result ls_audit_omissions(audit *a);
/* pack.c */
/* history: which one the claim is about, or NULL. */
ls_result ls_audit_begin_claim(audit *a, const ls_claim *claim, const view *history);
ls_result ls_audit_put(audit *a, const char *part, ls_bytes content); /* a copy, into the claim begun last */
/* Takes away the claim with this number (from 1). */
void ls_audit_drop_claim(audit *a, size_t number);
ls_result ls_audit_pack(audit *a, ls_buf *out);

#endif
