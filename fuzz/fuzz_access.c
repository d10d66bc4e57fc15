/* Access notes, before anything is known of who wrote them: only the charter's own key opens. */
#include "crypto/crypto.h"
#include "process/access.h"
#include <stdlib.h>

#define NOW 1539072000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static ls_charter charter;
static uint8_t secret[LS_SECRET_KEY_SIZE];

static void make_charter(void)
{
    uint8_t seed[LS_SEED_SIZE] = {1}, public_key[LS_PUBLIC_KEY_SIZE];
    if (ls_failed(ls_crypto_init())) {
        abort();
    }
    ls_ed25519_keypair(seed, public_key, secret);
    charter.party_count = 1;
    charter.party[0].name = ls_bytes_str("usa");
    charter.party[0].signer_count = 1;
    charter.party[0].signer[0].until = LS_TIME_OPEN;
    ls_vkey_make(ls_bytes_str("usa.example/usa-1"), LS_KEY_ED25519, public_key, &charter.party[0].signer[0].key);
}

/* Whatever gets in is the note that its fields make: there is one form. */
static void write_again(const ls_access *a, ls_bytes note)
{
    ls_hash process = {{0}};
    ls_buf again = {0};
    ls_access_make(&process, a->name, a->expires, &charter.party[0].signer[0].key, secret, &again);
    if (!ls_bytes_equal(ls_buf_bytes(&again), note)) {
        abort();
    }
    ls_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_hash process = {{0}};
    ls_access a;
    ls_detail detail;
    if (charter.party_count == 0) {
        make_charter();
    }
    if (ls_succeeded(ls_access_check(&charter, &process, ls_bytes_of(data, size), NOW, NOW, &a, &detail))) {
        write_again(&a, ls_bytes_of(data, size));
    }
    return 0;
}
