/*
 * The host's side of cosigning: asks the witnesses of the policy that have a URL for their cosignatures (C2SP
 * tlog-witness), each in a thread of its own, so that a slow or dead one holds up nobody. Cosigners without a URL come
 * by themselves.
 *
 * A checkpoint that is not final yet is asked for at once; a witness that is still busy gets the newest when it is
 * free. One that is final is asked for again when the stamp interval has passed: younger cosignatures are what moves
 * time on while nobody acts.
 */
#ifndef LS_SERVER_GATHER_H
#define LS_SERVER_GATHER_H

#include "process/policy.h"
#include <lockstep/merkle.h>

#define LS_GATHER_GAP 100     /* milliseconds between two requests to one witness */
#define LS_GATHER_AGAIN 1000  /* milliseconds before the first repetition; doubled before each further one */
#define LS_GATHER_PATIENCE 60 /* seconds between repetitions at most */

typedef struct ls_gather ls_gather;

/* What became of one request. */
typedef struct ls_gather_event {
    const char *witness; /* its name in the policy */
    enum { LS_GATHER_COSIGNED, LS_GATHER_REFUSED, LS_GATHER_FAILED } what;
    uint64_t size;       /* of the checkpoint */
    unsigned status;     /* of the answer; 0: there was none */
    const char *text;    /* what it said, or why it could not be asked */
    double milliseconds; /* that it took */
} ls_gather_event;

typedef struct ls_gather_options {
    /* The consistency proof between two sizes, both of published checkpoints. From any thread of the gathering. */
    ls_result (*prove)(void *context, uint64_t old, uint64_t size, ls_hash proof[static LS_MERKLE_PROOF_MAX],
                       size_t *count, ls_detail *detail);
    /* The checkpoint with one cosignature more, which is good. From any thread of the gathering. */
    void (*cosigned)(void *context, ls_bytes note);
    void (*event)(void *context, const ls_gather_event *e); /* from any thread; NULL: nobody listens */
    void *context;
    const char *authority_file; /* as in http/http.h; must outlive it */
} ls_gather_options;

ls_result ls_gather_new(const ls_gather_options *o, ls_gather **out);
/* Nobody is asked any more. Waits for requests that are under way, some seconds at most. */
void ls_gather_stop(ls_gather *g);
/* Stops it first. NULL is fine. */
void ls_gather_free(ls_gather *g);

/* Whom to ask from now on. Those that were asked before keep what is known of them. A failure concerns single ones: the
 * others are asked. */
ls_result ls_gather_policy(ls_gather *g, const ls_policy *p, ls_detail *detail);
/* Asks all for this checkpoint note, instead of any earlier one. Nothing happens if it is the one asked for last,
 * unless `again` is set: then also those are asked that have cosigned it. */
void ls_gather_ask(ls_gather *g, ls_bytes checkpoint, bool again);

/* How each witness stands. */
typedef struct ls_gathered {
    char name[LS_KEY_NAME_MAX + 1];
    uint64_t cosigned, refused, failed; /* how often */
    uint64_t size;                      /* of the last checkpoint that it cosigned for us */
    double since;                       /* seconds since then; < 0: never */
    char problem[256];                  /* of the last request; "": none */
} ls_gathered;
/* At most LS_POLICY_WITNESSES_MAX; how many. */
size_t ls_gather_status(ls_gather *g, ls_gathered *out);

#endif
