/*
 * Policies (C2SP tlog-policy): who must have cosigned a checkpoint for it to be final.
 *
 *   log <vkey> [<url>]
 *   witness <name> <vkey> [<url>]
 *   group <name> all|any|<k> <names…>
 *   quorum <name>|none
 */
#ifndef LS_PROCESS_POLICY_H
#define LS_PROCESS_POLICY_H

#include "base/value.h"
#include <lockstep/note.h>

#define LS_POLICY_WITNESSES_MAX 32
#define LS_POLICY_GROUPS_MAX 32
#define LS_POLICY_MAX 65536 /* bytes */

/* A set of witnesses: bit i is the i-th of the policy. */
typedef uint32_t ls_witnesses;

typedef struct ls_witness {
    ls_bytes name, url; /* url may be empty */
    ls_vkey key;        /* type 04 */
    ls_time until;      /* INT64_MAX; or -1: it was revoked, and what it signs counts for nothing */
} ls_witness;

typedef struct ls_group {
    ls_bytes name;
    unsigned needed; /* of its members */
    ls_witnesses witnesses;
    uint32_t groups; /* bit i: the i-th group, which stands above */
} ls_group;

typedef enum ls_quorum { LS_QUORUM_NONE, LS_QUORUM_WITNESS, LS_QUORUM_GROUP } ls_quorum;

typedef struct ls_policy {
    bool has_log;
    ls_vkey log;
    ls_bytes log_url; /* may be empty */
    size_t witness_count;
    ls_witness witness[LS_POLICY_WITNESSES_MAX];
    size_t group_count;
    ls_group group[LS_POLICY_GROUPS_MAX];
    ls_quorum quorum;
    size_t quorum_index; /* of the witness or the group */
} ls_policy;

/* Reads a policy; every line at fault is diagnosed at mark. Slices view text. Nothing of it comes out if there was an
 * error. */
void ls_policy_read(ls_arena *arena, ls_bytes text, ls_mark mark, ls_diagnostics *d, ls_policy *out);

/* Appends a policy that reads as this one does, which must name its log. */
void ls_policy_format(const ls_policy *p, ls_buf *out);

/* Whether these witnesses are a quorum. With quorum none: always. */
bool ls_policy_met(const ls_policy *p, ls_witnesses who);

#endif
