/* Receipts, one and several: whatever parses has one form; no text of an act makes the judge read beyond it. */
#include "crypto/crypto.h"
#include "process/receipt.h"
#include <inttypes.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const ls_receipt_note *r, ls_bytes text)
{
    char process[LS_HEX_HASH_SIZE], act[LS_HEX_HASH_SIZE];
    ls_buf again = {0};
    ls_hash_format(&r->process, process);
    ls_hash_format(&r->act, act);
    ls_buf_format(&again, "lockstep receipt v1\n%s\n%s\n%" PRId64 "\n", process, act, r->time);
    if (!ls_bytes_equal(ls_buf_bytes(&again), text)) {
        abort();
    }
    ls_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ls_charter charter;
    ls_bytes text = ls_bytes_of(data, size);
    ls_hash zero = {{0}};
    ls_receipt_note r;
    ls_note note;
    ls_receipts all;
    ls_detail detail;
    /* Of signatures nothing is asked here, so that the input gets further. */
    ls_judging trust = {.how = LS_SIGNATURES_TRUST};
    if (ls_failed(ls_crypto_init())) {
        abort();
    }
    if (charter.cosigner_count == 0) {
        uint8_t seed[LS_SEED_SIZE] = {1}, public_key[LS_PUBLIC_KEY_SIZE], secret[LS_SECRET_KEY_SIZE];
        ls_ed25519_keypair(seed, public_key, secret);
        charter.cosigner_count = 1;
        ls_vkey_make(ls_bytes_str("r"), LS_KEY_ED25519, public_key, &charter.cosigner[0].receipts);
    }
    if (ls_succeeded(ls_receipt_parse(text, &r, &note, &detail))) {
        write_again(&r, note.text);
    }
    if (ls_succeeded(ls_receipts_judge(&charter, &zero, &zero, text, &trust, &all, &detail)) && all.met) {
        abort(); /* there is no quorum here */
    }
    return 0;
}
