/* This party's own declarations, with what opens them: secrets, manifests, and the files of each tranche. */
#ifndef LS_WORKSPACE_OWN_H
#define LS_WORKSPACE_OWN_H

#include "bundle/manifest.h"
#include "workspace/declare.h"

/* One declaration. */
typedef struct ls_own {
    const ls_record_declaration *declared;
    char folder[4096];
    ls_manifest manifest;
    ls_hash *leaves; /* leaf hashes, for paths */
    uint8_t *secret; /* M */
} ls_own;

/* One tranche of it with its files mapped. */
typedef struct ls_own_files {
    ls_own_tranche tranche;
    ls_hash path[LS_MERKLE_PROOF_MAX];
    uint8_t *key;
    ls_map sealed, tree, index;
} ls_own_files;

/* All declarations that the request is about, in the arena; at least one. Asks for the delegation vault's passphrase.
 * What is in *out when it fails is closed, too. */
ls_result ls_own_load(ls_workspace *ws, const ls_open_request *q, ls_arena *arena, ls_own **out, size_t *count,
                      ls_detail *detail);
void ls_own_close(ls_own *own, size_t count);

ls_result ls_own_files_open(const ls_own *own, uint32_t tranche, ls_own_files *out, ls_detail *detail);
void ls_own_files_close(ls_own_files *f);

#endif
