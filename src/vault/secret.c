#include "vault/vault.h"
#include <sodium.h>

struct ls_secret {
    uint8_t seed[LS_SEED_SIZE];
};

/* Guarded: never swapped out or dumped, with unmapped pages around it, and read-only once it is filled. */
static ls_secret *make(void)
{
    return sodium_malloc(sizeof(ls_secret));
}

ls_secret *ls_secret_random(void)
{
    ls_secret *s = make();
    if (s != NULL) {
        ls_random(s->seed, sizeof s->seed);
        sodium_mprotect_readonly(s);
    }
    return s;
}

ls_secret *ls_secret_from(const uint8_t seed[static LS_SEED_SIZE])
{
    ls_secret *s = make();
    if (s != NULL) {
        memcpy(s->seed, seed, sizeof s->seed);
        sodium_mprotect_readonly(s);
    }
    return s;
}

const uint8_t *ls_secret_bytes(const ls_secret *s)
{
    return s->seed;
}

void ls_secret_free(ls_secret *s)
{
    sodium_free(s); /* wipes first */
}
