/* The values of docs/protocol.md, "Draws", in their order. */
#include "draw/draw.h"
#include "crypto/sha256.h"
#include <inttypes.h>

/* Every label is hashed with its final NUL, which separates it from what follows. */
static const char label_nonce[] = "lockstep draw nonce v1";
static const char label_commitment[] = "lockstep draw v1";
static const char label_seed[] = "lockstep seed v1";

static void absorb(ls_sha256 *s, const void *ptr, size_t len)
{
    ls_sha256_update(s, ls_bytes_of(ptr, len));
}

void ls_draw_nonce(const uint8_t seed[static LS_SEED_SIZE], const ls_hash *draw, uint8_t out[static LS_DRAW_NONCE_SIZE])
{
    uint8_t message[sizeof label_nonce + LS_HASH_SIZE];
    memcpy(message, label_nonce, sizeof label_nonce);
    memcpy(message + sizeof label_nonce, draw->b, LS_HASH_SIZE);
    ls_blake2b_keyed(seed, ls_bytes_of(message, sizeof message), out);
}

void ls_draw_commitment(const ls_hash *draw, ls_bytes party, const uint8_t nonce[static LS_DRAW_NONCE_SIZE],
                        ls_hash *out)
{
    uint8_t len = (uint8_t)party.len;
    ls_sha256 s;
    ls_sha256_init(&s);
    absorb(&s, label_commitment, sizeof label_commitment);
    absorb(&s, draw->b, LS_HASH_SIZE);
    absorb(&s, &len, 1);
    ls_sha256_update(&s, party);
    absorb(&s, nonce, LS_DRAW_NONCE_SIZE);
    ls_sha256_final(&s, out);
    ls_wipe(&s, sizeof s);
}

bool ls_draw_reveal_fits(const ls_hash *commitment, const ls_hash *draw, ls_bytes party,
                         const uint8_t nonce[static LS_DRAW_NONCE_SIZE])
{
    ls_hash own;
    ls_draw_commitment(draw, party, nonce, &own);
    return ls_hash_equal(&own, commitment);
}

void ls_draw_seed(const ls_hash *draw, const uint8_t inspected[static LS_DRAW_NONCE_SIZE],
                  const uint8_t inspecting[static LS_DRAW_NONCE_SIZE], ls_hash *out)
{
    ls_sha256 s;
    ls_sha256_init(&s);
    absorb(&s, label_seed, sizeof label_seed);
    absorb(&s, draw->b, LS_HASH_SIZE);
    absorb(&s, inspected, LS_DRAW_NONCE_SIZE);
    absorb(&s, inspecting, LS_DRAW_NONCE_SIZE);
    ls_sha256_final(&s, out);
}

ls_result ls_draw_size_check(const ls_draw_size *size, uint64_t *rows, ls_detail *detail)
{
    uint64_t most = size->population < LS_DRAW_ROWS_MAX ? size->population : LS_DRAW_ROWS_MAX;
    if (size->chosen == 0) {
        return ls_fail_with(&ls_fault_usage, detail, "a draw chooses at least one row");
    }
    /* Not their sum, which may be beyond 64 bits. */
    if (size->chosen > most || size->replacements > most - size->chosen) {
        ls_hint(detail, "ask for fewer rows, or for fewer replacements");
        return ls_fail_with(&ls_fault_usage, detail,
                            "%" PRIu64 " rows and %" PRIu64 " replacements can't be drawn from %" PRIu64
                            ": at most %" PRIu64 " together",
                            size->chosen, size->replacements, size->population, most);
    }
    *rows = size->chosen + size->replacements;
    return LS_SUCCESS;
}
