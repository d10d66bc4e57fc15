/*
 * A C2SP witness (tlog-witness): takes add-checkpoint requests as bytes and answers them as bytes, to the letter of the
 * specification. HTTP stands above.
 *
 * Check and record are one transaction, recorded durably before a cosignature leaves: at no instant can two
 * cosignatures of one key contradict each other.
 */
#ifndef LS_COSIGN_WITNESS_H
#define LS_COSIGN_WITNESS_H

#include "cosign/add_checkpoint.h"
#include "cosign/state.h"
#include "vault/vault.h"

typedef struct ls_cosign_answer {
    unsigned status;
    const char *content_type;
    ls_buf body;
} ls_cosign_answer;

/* Fills in a refusal: "<code>\n<text>\n" as text/plain. */
void ls_cosign_refuse(ls_cosign_answer *answer, unsigned status, const char *code, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The same for a failure that is none of the caller's: 500 or 503. */
void ls_cosign_fail(ls_cosign_answer *answer, ls_result r, const ls_detail *detail);

#define LS_WITNESS_KEYS_MAX 8 /* trusted for one origin */

typedef struct ls_witness_options {
    ls_cosign_state *state;
    const ls_vkey *key; /* type 04 */
    const ls_secret *seed;
    /* The keys trusted for an origin, at most LS_WITNESS_KEYS_MAX; 0: it is unknown. */
    size_t (*trusted)(void *context, ls_bytes origin, ls_vkey *keys);
    /* What more must hold before this checkpoint is cosigned; asked when everything that the specification wants does.
     * False: answer says why not. */
    bool (*permit)(void *context, const ls_add_checkpoint *request, ls_cosign_answer *answer);
    ls_time (*now)(void *context);
    void *context;
} ls_witness_options;

/* Answers one request. May be called from several threads, if the callbacks may. */
void ls_witness_add_checkpoint(const ls_witness_options *w, ls_bytes body, ls_cosign_answer *answer);

/* Cosigns a checkpoint that was found consistent with `seen`, what was cosigned before, and appends the cosignature's
 * line, once it is on record. text: the checkpoint's, without signatures; note: the whole note. */
ls_result ls_witness_cosign(const ls_witness_options *w, ls_bytes note, const ls_cosigned *seen, ls_buf *line,
                            ls_detail *detail);

#endif
