/*
 * What a cosigner must never forget: for each origin the last checkpoint that it cosigned; the acts for which it gave
 * receipts; and what it last refused, for people. One file in SQLite, synced at every commit.
 *
 * Whoever restores this file from a backup can be made to contradict himself: a cosigner whose state is lost gets a new
 * key. All functions may be called from several threads.
 */
#ifndef LS_COSIGN_STATE_H
#define LS_COSIGN_STATE_H

#include <lockstep/bytes.h>
#include <lockstep/limits.h>
#include <lockstep/time.h>

extern const ls_fault ls_fault_cosign_state;   /* environment: the cosigner's state can't be read or written */
extern const ls_fault ls_fault_cosign_moved;   /* environment: another checkpoint was cosigned meanwhile */
extern const ls_fault ls_fault_cosign_stopped; /* invalid: nothing more is cosigned for this origin */
extern const ls_fault ls_fault_cosign_full;    /* environment: too many acts wait */

typedef struct ls_cosign_state ls_cosign_state;

/* With create set the file is made, and must not exist. */
ls_result ls_cosign_state_open(const char *path, bool create, ls_cosign_state **out, ls_detail *detail);
void ls_cosign_state_close(ls_cosign_state *s);

/* The last checkpoint of an origin that was cosigned: size 0 and the empty tree's root if none was. */
typedef struct ls_cosigned {
    uint64_t size;
    ls_hash root;
    ls_time time; /* of the cosignature */
    bool stopped;
} ls_cosigned;

/* note: appends the checkpoint with our cosignature; may be NULL. */
ls_result ls_cosign_state_last(ls_cosign_state *s, ls_bytes origin, ls_cosigned *out, ls_buf *note, ls_detail *detail);
/* Compare and swap, durable: replaces what was seen by what is about to be cosigned. ls_fault_cosign_moved if the size
 * or root is not what was seen, or if `next` is smaller; ls_fault_cosign_stopped. */
ls_result ls_cosign_state_advance(ls_cosign_state *s, ls_bytes origin, const ls_cosigned *seen, const ls_cosigned *next,
                                  ls_bytes note, ls_detail *detail);
/* From now on nothing is cosigned for this origin, for this reason. Can't be undone. ls_fault_cosign_moved if what was
 * cosigned last is not what was seen (NULL: whatever it is). */
ls_result ls_cosign_state_stop(ls_cosign_state *s, ls_bytes origin, const ls_cosigned *seen, const char *why,
                               ls_detail *detail);

/* An act for which a receipt was given. Slices are valid in the sink only. */
typedef struct ls_pending {
    ls_hash process, act;
    ls_bytes party;   /* who acts; of several the first */
    ls_time time;     /* of the receipt */
    ls_bytes note;    /* the act's */
    ls_bytes receipt; /* the receipt note */
} ls_pending;
typedef ls_result (*ls_pending_sink)(void *context, const ls_pending *p);

/* Durable. An act that is there already stays as it is; ls_fault_cosign_full. */
ls_result ls_cosign_state_put(ls_cosign_state *s, const ls_pending *p, ls_detail *detail);
/* Appends the receipt that was given; nothing if none was. */
ls_result ls_cosign_state_receipt(ls_cosign_state *s, const ls_hash *process, const ls_hash *act, ls_buf *receipt,
                                  ls_detail *detail);
/* All of a process, the oldest first. The sink may call the functions of this state. */
ls_result ls_cosign_state_pending(ls_cosign_state *s, const ls_hash *process, ls_pending_sink sink, void *context,
                                  ls_detail *detail);
ls_result ls_cosign_state_drop(ls_cosign_state *s, const ls_hash *process, const ls_hash *act, ls_detail *detail);

/* How an origin stands, for people: what was last refused and why; no rule where nothing is. */
typedef struct ls_cosign_standing {
    ls_bytes origin;
    ls_cosigned last;
    ls_bytes stopped;    /* why; empty */
    ls_bytes rule, text; /* of the refusal; empty */
    ls_time since;       /* of the refusal */
} ls_cosign_standing;
typedef ls_result (*ls_standing_sink)(void *context, const ls_cosign_standing *standing);

/* Remembers a refusal; rule "": none any more. The time stays that of the first with this rule. */
ls_result ls_cosign_state_refuse(ls_cosign_state *s, ls_bytes origin, const char *rule, const char *text, ls_time now,
                                 ls_detail *detail);
/* All origins that are known, in order of their names. The sink may call the functions of this state. */
ls_result ls_cosign_state_standing(ls_cosign_state *s, ls_standing_sink sink, void *context, ls_detail *detail);

#endif
