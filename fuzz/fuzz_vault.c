/* Vaults: headers are read; those without a passphrase open, and are written again as the same bytes. A passphrase is
 * never tried: its cost would leave time for nothing else. */
#include "vault/vault.h"
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
    (void)argc;
    (void)argv;
    require(ls_succeeded(ls_crypto_init()));
    return 0;
}

static void check_open_vault(ls_bytes file, const ls_vault_header *h)
{
    ls_secret *secret = NULL;
    ls_buf again = {0};
    require(ls_succeeded(ls_vault_unseal(file, h->purpose, h->name, NULL, &secret)));
    require(ls_succeeded(ls_vault_seal(secret, h->purpose, h->name, NULL, h->cost, &again)));
    require(ls_bytes_equal(ls_buf_bytes(&again), file));
    ls_secret_free(secret);
    ls_buf_wipe(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes file = {data, size};
    ls_vault_header h;
    if (ls_failed(ls_vault_peek(file, &h))) {
        return 0;
    }
    if (h.protected) {
        ls_secret *secret = NULL;
        require(h.cost.passes >= 1 && h.cost.passes <= 16 && h.cost.memory <= 1u << 30);
        require(ls_vault_unseal(file, h.purpose, h.name, NULL, &secret).fault == &ls_fault_vault_passphrase);
    } else {
        check_open_vault(file, &h);
    }
    return 0;
}
