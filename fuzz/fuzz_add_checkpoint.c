/* Requests to a witness: what parses is written again as the same bytes, and is answered without a fault of ours. */
#include "cosign/witness.h"
#include "crypto/crypto.h"
#include "os/os.h"
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static char folder[] = "/tmp/lockstep-fuzz-XXXXXX";

static void clean_up(void)
{
    ls_folder_discard(folder);
}

/* A witness of the first log of the vectors, which holds what one input after the other has brought. */
static ls_witness_options *options(void)
{
    static ls_witness_options w;
    static ls_vkey key;
    if (w.state == NULL) {
        char path[64];
        uint8_t seed[LS_SEED_SIZE] = {1}, public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
        require(ls_succeeded(ls_crypto_init()) && mkdtemp(folder) != NULL);
        atexit(clean_up);
        snprintf(path, sizeof path, "%s/state", folder);
        require(ls_succeeded(ls_cosign_state_open(path, true, &w.state, NULL)));
        ls_ed25519_keypair(seed, public_key, secret_key);
        ls_vkey_make(ls_bytes_str("witness.example/w"), LS_KEY_COSIGNATURE, public_key, &key);
        w.key = &key;
        w.seed = ls_secret_from(seed);
    }
    return &w;
}

static size_t trusted(void *context, ls_bytes origin, ls_vkey *keys)
{
    static const char log[] = "log.example/one+1182d0f1+AZdDtniNM4TUXjjccGiSSXSKGBfD1hZrJfqsN9rYRbts";
    (void)context;
    ls_vkey key;
    require(ls_succeeded(ls_vkey_parse(ls_bytes_str(log), &key)));
    keys[0] = key;
    return ls_bytes_is(origin, key.name);
}

static ls_time now_of(void *context)
{
    (void)context;
    return 1538899200;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static ls_add_checkpoint request;
    ls_bytes input = ls_bytes_of(data, size);
    if (ls_succeeded(ls_add_checkpoint_parse(input, &request))) {
        ls_buf again = {0};
        ls_add_checkpoint_format(request.old, request.proof, request.proof_count, request.checkpoint, &again);
        require(!again.failed && ls_bytes_equal(ls_buf_bytes(&again), input));
        ls_buf_free(&again);
    }
    ls_cosign_answer answer = {0};
    ls_witness_options *w = options();
    w->trusted = trusted;
    w->now = now_of;
    ls_witness_add_checkpoint(w, input, &answer);
    static const unsigned statuses[] = {200, 400, 403, 404, 409, 422};
    bool known = false;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        known = known || answer.status == statuses[i];
    }
    require(known && !answer.body.failed && answer.body.len > 0);
    ls_buf_free(&answer.body);
    return 0;
}
