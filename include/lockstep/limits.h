/*
 * What servers take from strangers, and clients from servers. docs/limits.md says what happens beyond each of these.
 */
#ifndef LOCKSTEP_LIMITS_H
#define LOCKSTEP_LIMITS_H

#include <stdint.h>

/* Every server over HTTP. */
#define LS_HTTP_CONNECTIONS_MAX 2048          /* at once; further ones wait in the system's queue */
#define LS_HTTP_CONNECTIONS_PER_HOST 256      /* at once from one address (IPv6: /64); others are closed */
#define LS_HTTP_CONNECTIONS_CROWDED 1536      /* at once: from here on, hosts and deadlines are held shorter */
#define LS_HTTP_PER_HOST_CROWDED 32           /* at once from one address while it is crowded, for new ones */
#define LS_HTTP_HEADER_MAX 8192               /* bytes of request line and headers */
#define LS_HTTP_PATH_MAX 1024                 /* bytes */
#define LS_HTTP_TIMEOUT 30                    /* seconds without a byte, and for the whole head of a request */
#define LS_HTTP_TIMEOUT_CROWDED 5             /* for the head, and instead of the next, while it is crowded */
#define LS_HTTP_BODY_SECONDS 30               /* for a body, and for taking an answer; and one second more for each: */
#define LS_HTTP_RATE 16384                    /* bytes that have come in, or that the answer has */
#define LS_HTTP_RATE_CROWDED 262144           /* the same while it is crowded */
#define LS_HTTP_MEMORY_MAX (32u << 20)        /* bytes of bodies in memory, of all connections; then they go to disk */
#define LS_HTTP_SPOOL_MAX (UINT64_C(4) << 30) /* bytes of bodies on disk, of all connections; then 503 */
#define LS_HTTP_DRAIN_MAX (1u << 20)          /* bytes of a refused body that are swallowed to keep the connection */

/* lockstep serve. */
#define LS_SERVER_PROCESSES_MAX 64        /* of one server */
#define LS_SERVER_QUEUE_MAX 4096          /* acts and cosignatures that wait, of one process: then 503 */
#define LS_SERVER_BATCH_MAX 512           /* of them in one commit */
#define LS_SERVER_READS_MAX 1024          /* reads that wait for the store, of one process: then 503 */
#define LS_SERVER_CACHE_MAX (16u << 20)   /* bytes of tiles in memory, of all processes */
#define LS_SERVER_CACHED_MAX (512u << 10) /* bytes of one tile that is kept in memory */
#define LS_SERVER_ANSWERS_MAX (64u << 20) /* bytes of answers in memory that are still to be taken: then 503 */
#define LS_SERVER_ANSWER_MAX (1u << 20)   /* bytes of a file that goes out from memory; larger ones are mapped */
#define LS_SERVER_MEMORY_MAX (64u << 10)  /* bytes of a body that stays in memory */
#define LS_SERVER_ANONYMOUS_MAX (UINT64_C(8) << 20)  /* bytes of a submission without an access note: then 401 */
#define LS_SERVER_SUBMISSION_MAX (UINT64_C(2) << 30) /* bytes of a submission with one */
#define LS_SERVER_COSIGNATURE_MAX 65536              /* bytes of a checkpoint note with cosignatures */
#define LS_SERVER_HELD_MS 200                        /* that an act waits for the one before it in its chain */
#define LS_SERVER_LEASE 6                            /* seconds of a lead in PostgreSQL, renewed each second */
#define LS_SERVER_LOG_MAX 100                        /* lines about refused requests in one second */

/* lockstep cosign. */
#define LS_ADD_CHECKPOINT_PROOF_MAX 63 /* hashes of a consistency proof */
#define LS_ADD_CHECKPOINT_MAX 65536    /* bytes of a request to cosign */
#define LS_COSIGN_ACT_MAX (64u << 20)  /* bytes of an act with its files that is handed in for a receipt */
#define LS_COSIGN_PENDING_MAX 1024     /* acts with receipts that wait, of one process */
#define LS_COSIGN_PENDING_OF_ONE 32    /* of them of one party, so that none takes the place of others */
#define LS_COSIGN_QUEUE_MAX 64         /* requests that wait for one thread; then 503 */
#define LS_COSIGN_LOGS_MAX 64          /* other logs that are witnessed */
#define LS_COSIGN_LOOK_SECONDS 20      /* that a look at a host takes, but for files; then others have their turn */
#define LS_COSIGN_ASK_SECONDS 10       /* the same before a request is answered */

/* Whoever follows a ledger. */
#define LS_REPLICA_EVIDENCE_MAX 64 /* checkpoints that contradict a copy and are kept: each proves as much */
#define LS_REPLICA_SHOWN_MAX 16    /* checkpoints not shown to their end */

/* Clients, of what they are given. */
#define LS_REMOTE_URL_MAX 899          /* bytes of a server's address */
#define LS_REMOTE_ERROR_MAX 4096       /* bytes of an answer that is no success */
#define LS_REMOTE_BOXES_MAX (1u << 20) /* bytes of a list of boxes */
#define LS_REMOTE_RECEIPT_MAX 65536    /* bytes of a cosigner's receipt */
#define LS_GATHER_ANSWER_MAX 16384     /* bytes of a witness's answer to its host */

#endif
