/* A new ledger in the place of one whose host is lost, or not trusted any more. */
#include "ledger/embedded.h"
#include <sodium.h>

#define HOLDER "succession"

ls_result ls_ledger_prove_key(const char *folder, const ls_hash *process, uint8_t proof[static LS_ACT_PROOF_SIZE],
                              ls_detail *detail)
{
    ls_secret *seed;
    ls_vkey key;
    uint8_t public_key[LS_PUBLIC_KEY_SIZE];
    LS_TRY(ls_embedded_key(folder, &seed, &key, detail));
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    ls_result r = secret_key == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
        r = ls_charter_prove_claim(process, ls_bytes_str("ledger"), &key, secret_key, proof);
    }
    sodium_free(secret_key);
    ls_secret_free(seed);
    return r;
}

static ls_result succeed(ls_embedded *e, ls_store *from, uint64_t size, ls_bytes act, ls_detail *detail)
{
    uint64_t epoch = 0;
    LS_TRY(e->store->methods->lead(e->store, ls_bytes_str(HOLDER), 0, &epoch, detail));
    ls_store_head head = {0};
    ls_result r = e->store->methods->head(e->store, &head, detail);
    uint64_t there = head.size;
    ls_store_head_free(&head);
    LS_TRY(r);
    if (there < size) {
        LS_TRY(ls_store_copy(from, size, e->store, epoch, detail));
    }
    return ls_sequencer_succeed(e->sequencer, epoch, act, detail);
}

ls_result ls_ledger_succeed(const char *folder, ls_store *from, uint64_t size, ls_bytes act, ls_time time,
                            ls_detail *detail)
{
    ls_ledger *l;
    ls_lock lock;
    char path[LS_LEDGER_PATH_SIZE];
    LS_TRY(ls_ledger_open(folder, &l, detail));
    ls_embedded *e = (ls_embedded *)l;
    ls_result r = e->exercise ? ls_ledger_set_clock(folder, time, detail) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        r = ls_embedded_path(folder, LS_LEDGER_LOCK, path, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_lock_take(path, &lock, detail);
    }
    if (ls_succeeded(r)) {
        r = succeed(e, from, size, act, detail);
        ls_unlock(&lock);
    }
    l->methods->close(l);
    return r;
}
