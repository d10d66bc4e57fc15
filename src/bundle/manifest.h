/*
 * The manifest of a declaration: the tranche leaves behind the root that a declare act states, and the names behind
 * its schema hash, as RFC 8785 JSON:
 *
 *   {"declaration":"sites","fields":[…],"leaves":["<hex of leaf data>",…],"lockstep":"declaration manifest v1",
 *    "tranches":[labels…]}
 *
 * It travels as the first attachment of the declare act. Nothing in it is believed: all of it follows from the act, the
 * accord and the leaves under the root, and is computed again.
 */
#ifndef LS_BUNDLE_MANIFEST_H
#define LS_BUNDLE_MANIFEST_H

#include "roadmap/roadmap.h"
#include <lockstep/opening.h>

extern const ls_fault ls_fault_manifest_form;  /* invalid: not a manifest */
extern const ls_fault ls_fault_manifest_wrong; /* invalid: not the manifest of this declaration */

typedef struct ls_manifest {
    ls_bytes declaration; /* its name */
    ls_schema schema;
    size_t leaf_count;
    const ls_bytes *leaves; /* leaf data, at most LS_TRANCHE_LEAF_MAX bytes each */
} ls_manifest;

/* What is parsed lives in the arena. The form alone is checked: canonical JSON, names that a schema can have. */
ls_result ls_manifest_parse(ls_arena *arena, ls_bytes text, ls_manifest *out, ls_detail *detail);

/* Appends the JSON. ls_fault_usage if the names can't be a schema's. */
ls_result ls_manifest_format(const ls_manifest *m, ls_buf *out);

/* H(schema) of its names. */
ls_result ls_manifest_schema(const ls_manifest *m, ls_hash *out);

/*
 * Holds a manifest against the act it belongs to (a declare act) and, unless NULL, against what the accord fixes:
 * name, schema hash, numbers of tranches and fields, context, order, padded rows and sealed size of each leaf, at most
 * rows_limit rows in all, root. detail says what is the first thing that doesn't match.
 */
ls_result ls_manifest_check(const ls_manifest *m, const ls_act *declare, uint64_t rows_limit, const ls_declared *accord,
                            ls_detail *detail);

#endif
