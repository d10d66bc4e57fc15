/*
 * A cosigner's folder (0700):
 *   vaults/cosigner.vault   the seed of its key (type 04), whose name stands in the vault
 *   vaults/receipts.vault   the seed of its receipts key (type 01), named like the other with "-receipts"
 *   cosigner.yaml           both public keys, for whoever drafts the charter
 *   cosigner.sqlite         what it must never forget (cosign/state.h)
 *   processes/<id>/         a process that it follows: `source`, the host's URL, and its replica
 *   lock                    held while it works
 *
 * The keys lie on a machine that answers by itself, so they sign nothing but cosignatures and receipts.
 */
#ifndef LS_COSIGN_FOLDER_H
#define LS_COSIGN_FOLDER_H

#include "cosign/state.h"
#include "os/os.h"
#include "vault/vault.h"
#include <lockstep/note.h>

#define LS_COSIGN_PATH_SIZE 4096

extern const ls_fault ls_fault_cosigner; /* environment: no cosigner's folder, or one that can't be used */

typedef struct ls_cosign_folder {
    char path[LS_COSIGN_PATH_SIZE];
    ls_vkey key, receipts;
    ls_secret *key_seed, *receipts_seed;
    bool protected; /* the keys have a passphrase */
    ls_cosign_state *state;
    ls_lock lock;
} ls_cosign_folder;

/* Makes it, with fresh keys. name: "rok.example/rok-watch", whose last part is the cosigner's name in the charter.
 * passphrase: of both vaults; NULL: none, as in an exercise. */
ls_result ls_cosign_folder_create(const char *path, const char *name, const char *passphrase, ls_detail *detail);
/* Whether opening it takes a passphrase. */
ls_result ls_cosign_folder_protected(const char *path, bool *out, ls_detail *detail);
/* Takes the lock; ls_fault_cosigner if another process has it. */
ls_result ls_cosign_folder_open(const char *path, const char *passphrase, ls_cosign_folder *out, ls_detail *detail);
/* The lock alone, for what takes neither keys nor state. */
ls_result ls_cosign_folder_lock(const char *path, ls_cosign_folder *out, ls_detail *detail);
void ls_cosign_folder_close(ls_cosign_folder *f);

/* The process's folder, which is made, for this host; remembers the URL. Several hosts of one process have a folder
 * each: a successor's ledger is another one. */
ls_result ls_cosign_folder_follow(const ls_cosign_folder *f, const ls_hash *process, const char *url,
                                  ls_detail *detail);

/* What is followed: one for each folder under processes/, in order of names; in the arena. */
typedef struct ls_cosign_source {
    const char *folder; /* the replica's */
    const char *url;
    ls_hash process;
} ls_cosign_source;
ls_result ls_cosign_folder_sources(const ls_cosign_folder *f, ls_arena *arena, ls_cosign_source **out, size_t *count,
                                   ls_detail *detail);
/* This host is followed no more. Its copy and its evidence stay where they are; who follows it again goes on there. */
ls_result ls_cosign_folder_forget(const ls_cosign_source *source, ls_detail *detail);

#endif
