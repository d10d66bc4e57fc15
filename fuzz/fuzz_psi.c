/*
 * Messages of private intersection: any bytes may be read as a list, as what was returned for one, and as a ranking.
 * What is accepted is used to the last byte; what is not names who sent it. The first byte says which of them follows.
 */
#include "psi/ranking.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static const ls_psi_run run = {
    .sid = {{7}}, .party = {{(const uint8_t *)"usa", 3}, {(const uint8_t *)"dprk", 4}}, .cap = 40};

static void judge(ls_result r, const ls_detail *detail)
{
    require(ls_succeeded(r) || (r.fault->class == LS_CLASS_INVALID && strstr(detail->text, "dprk") != NULL));
}

/* A list of three, as side sends it. */
static void make_set(ls_arena *arena, unsigned side, ls_buf *message, ls_psi_secret *secret, ls_psi_set *set)
{
    static const uint8_t chosen[] = {1, 1, 1};
    const uint8_t seed[LS_SEED_SIZE] = {(uint8_t)side};
    const ls_bytes options[] = {ls_bytes_str("a"), ls_bytes_str("b"), ls_bytes_str("c")};
    uint32_t order[3];
    ls_psi_secret_derive(seed, &run, side, chosen, 3, secret);
    require(ls_succeeded(ls_psi_offer(&run, side, options, chosen, 3, secret, message, order, NULL)));
    require(ls_succeeded(ls_psi_set_parse(arena, &run, side, ls_buf_bytes(message), NULL, set, NULL)));
}

static void read_list(ls_arena *arena, ls_bytes message)
{
    ls_detail detail = {0};
    ls_psi_set set;
    ls_result r = ls_psi_set_parse(arena, &run, 1, message, NULL, &set, &detail);
    judge(r, &detail);
    if (ls_succeeded(r)) {
        require(set.count > 0 && set.count <= run.cap);
        require(set.points + (size_t)LS_POINT_SIZE * set.count == message.ptr + message.len);
        for (uint32_t i = 0; i < set.count; i++) {
            require(ls_point_valid(set.points + (size_t)LS_POINT_SIZE * i));
        }
    }
}

static void read_return(ls_arena *arena, ls_bytes message)
{
    static ls_buf offers[2];
    ls_detail detail = {0};
    ls_psi_secret secret;
    ls_psi_set sets[2];
    ls_psi_returned out;
    for (unsigned side = 0; side < 2; side++) {
        offers[side].len = 0;
        make_set(arena, side, &offers[side], &secret, &sets[side]);
    }
    ls_result r = ls_psi_returned_parse(arena, &run, &sets[1], &sets[0], message, &out, &detail);
    judge(r, &detail);
    require(ls_failed(r) || out.count == 3);
}

static void read_ranking(ls_bytes message)
{
    static const uint32_t common[] = {0, 1, 2, 5};
    uint32_t ranking[4];
    ls_detail detail = {0};
    ls_buf again = {0};
    ls_result r = ls_psi_ranking_parse(&run, 1, common, 4, message, NULL, ranking, &detail);
    judge(r, &detail);
    if (ls_succeeded(r)) {
        const uint8_t *salt = message.ptr + message.len - 5 * 4 - LS_PSI_SALT_SIZE;
        require(ls_succeeded(ls_psi_ranking_write(&run, 1, salt, ranking, 4, &again)));
        require(ls_bytes_equal(ls_buf_bytes(&again), message));
    }
    ls_buf_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0 || ls_failed(ls_crypto_init())) {
        return 0;
    }
    ls_arena arena = {0};
    ls_bytes message = ls_bytes_of(data + 1, size - 1);
    switch (data[0] % 3) {
    case 0:
        read_list(&arena, message);
        break;
    case 1:
        read_return(&arena, message);
        break;
    default:
        read_ranking(message);
    }
    ls_arena_free(&arena);
    return 0;
}
