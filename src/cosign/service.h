/*
 * A cosigner at work: answers HTTP, looks at its hosts, and hands on what its authors gave it. Each process that it
 * follows has a thread, and one thread has all the rest, so that a slow host holds up nothing but its own process.
 *
 *   POST /add-checkpoint                     C2SP tlog-witness. For a process that is followed also: 503 where a rule
 *                                            (cosign/follow.h) holds the cosignature back for now, or the cosigner is
 *                                            busy or starting; 403 once the origin has a successor. Both say why.
 *   POST /receipt                            an act as text, or a draft bundle as application/x-tar: a receipt note
 *   GET /<hex SHA-256 of origin>/checkpoint  the last checkpoint that was cosigned
 *   GET /healthz, GET /metrics               how it stands: JSON; Prometheus text
 *
 * A host that can reach it pushes. Otherwise it pulls: it looks at the host's latest checkpoint at each interval and
 * brings its cosignature there.
 */
#ifndef LS_COSIGN_SERVICE_H
#define LS_COSIGN_SERVICE_H

#include "cosign/folder.h"
#include <jansson.h>
#include <lockstep/limits.h>

typedef struct ls_cosign_service ls_cosign_service;

/* One line of the log; nothing in it is secret. */
typedef struct ls_cosign_event {
    enum { LS_COSIGN_INFO, LS_COSIGN_WARNING } level;
    const char *event;  /* "cosigned", "refused", "receipt", "host", "delivered" */
    const char *origin; /* or the host's URL, or "" */
    const char *text;
    uint64_t size; /* of the checkpoint; 0: none */
} ls_cosign_event;

typedef struct ls_cosign_options {
    const ls_cosign_folder *folder;
    const char *listen;            /* as in http/http.h; NULL: nobody reaches it */
    const char *certificate, *key; /* as in http/http.h */
    const char *authority_file;    /* for hosts: as in http/http.h */
    unsigned interval;             /* seconds between looks at a host */
    const ls_vkey *log;            /* other logs: consistency proofs alone */
    size_t log_count;
    void (*event)(void *context, const ls_cosign_event *e); /* from several threads, one at a time */
    void *context;
} ls_cosign_options;

/* Follows everything that the folder names. */
ls_result ls_cosign_start(const ls_cosign_options *o, ls_cosign_service **out, ls_detail *detail);
unsigned ls_cosign_port(const ls_cosign_service *s);
void ls_cosign_stop(ls_cosign_service *s);

/* How each origin stands, as JSON: for /healthz, and for a cosigner that is not at work. */
json_t *ls_cosign_standing_json(const ls_cosign_standing *s);
/* whole: with key and origins, which may be nobody's business but the parties'. */
ls_result ls_cosign_put_health(ls_cosign_state *state, const ls_vkey *key, bool whole, ls_buf *out);

#endif
