/* Rankings of the common options, and the rules that choose by them. */
#include "psi/ranking.h"
#include "psi/parts.h"
#include <stdlib.h>

const ls_fault ls_fault_psi_ranking = {LS_CLASS_INVALID, "psi-ranking", "not an order of the common options"};

static const char label_salt[] = "lockstep psi salt v1";

static const char *const rule_names[] = {
    [LS_PSI_EARLIEST] = "earliest", [LS_PSI_BORDA] = "borda", [LS_PSI_LEAST_REGRET] = "least-regret"};

#define RULES (sizeof rule_names / sizeof *rule_names)

bool ls_psi_rule_parse(ls_bytes name, ls_psi_rule *out)
{
    for (size_t i = 0; i < RULES; i++) {
        if (ls_bytes_is(name, rule_names[i])) {
            *out = (ls_psi_rule)i;
            return true;
        }
    }
    return false;
}

const char *ls_psi_rule_name(ls_psi_rule rule)
{
    return rule_names[rule];
}

void ls_psi_ranking_salt(const uint8_t seed[static LS_SEED_SIZE], const ls_psi_run *run, unsigned side,
                         const uint32_t *ranking, uint32_t count, uint8_t out[static LS_PSI_SALT_SIZE])
{
    uint8_t message[sizeof label_salt + LS_SHA512_SIZE], number[4];
    ls_bytes party = run->party[side];
    uint8_t len = (uint8_t)party.len;
    ls_sha512 s;
    ls_sha512_init(&s);
    ls_sha512_update(&s, ls_bytes_of(run->sid.b, LS_HASH_SIZE));
    ls_sha512_update(&s, ls_bytes_of(&len, 1));
    ls_sha512_update(&s, party);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t n = __builtin_bswap32(ranking[i]);
        memcpy(number, &n, sizeof n);
        ls_sha512_update(&s, ls_bytes_of(number, sizeof number));
    }
    memcpy(message, label_salt, sizeof label_salt);
    ls_sha512_final(&s, message + sizeof label_salt);
    ls_blake2b_keyed(seed, ls_bytes_of(message, sizeof message), out);
    ls_wipe(&s, sizeof s);
    ls_wipe(message, sizeof message);
}

ls_result ls_psi_ranking_write(const ls_psi_run *run, unsigned side, const uint8_t salt[static LS_PSI_SALT_SIZE],
                               const uint32_t *ranking, uint32_t count, ls_buf *out)
{
    ls_psi_write_head(run, side, LS_PSI_LABEL_RANKING, out);
    ls_buf_put(out, salt, LS_PSI_SALT_SIZE);
    ls_buf_put_u32(out, count);
    for (uint32_t i = 0; i < count; i++) {
        ls_buf_put_u32(out, ranking[i]);
    }
    return ls_buf_check(out);
}

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Its place among the common options; count if it is none. */
static uint32_t place_of(const uint32_t *common, uint32_t count, uint32_t option)
{
    const uint32_t *found = bsearch(&option, common, count, sizeof *common, by_number);
    return found == NULL ? count : (uint32_t)(found - common);
}

/* rank[i]: the rank, from 0, of the i-th common option. UINT32_MAX stands where none was given. Returns the first rank
 * that is no common option or one that had a rank already; count, if there is none. */
static uint32_t rank_all(const uint32_t *common, uint32_t count, const uint32_t *ranking, uint32_t *rank)
{
    memset(rank, 0xff, count * sizeof *rank);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t place = place_of(common, count, ranking[i]);
        if (place == count || rank[place] != UINT32_MAX) {
            return i;
        }
        rank[place] = i;
    }
    return count;
}

static ls_result check_ranking(const ls_psi_name *name, const uint32_t *common, uint32_t count, const uint32_t *ranking,
                               ls_detail *detail)
{
    uint32_t *rank = calloc(count + 1, sizeof *rank);
    if (rank == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    uint32_t bad = rank_all(common, count, ranking, rank);
    free(rank);
    if (bad < count) {
        return ls_fail_with(&ls_fault_psi_ranking, detail, "%s ranked option %u, which %s", name->text, ranking[bad],
                            place_of(common, count, ranking[bad]) == count ? "is not common" : "it had ranked already");
    }
    return LS_SUCCESS;
}

/* What follows the head: all but the order of the options is checked. */
static ls_result read_options(const ls_psi_name *name, uint32_t count, ls_reader *r, uint32_t *ranking,
                              ls_detail *detail)
{
    (void)ls_read_bytes(r, LS_PSI_SALT_SIZE);
    uint32_t ranked = ls_read_u32(r);
    if (!r->failed && ranked != count) {
        return ls_fail_with(&ls_fault_psi_ranking, detail, "%s ranked %u options, and %u are common", name->text,
                            ranked, count);
    }
    for (uint32_t i = 0; i < count && !r->failed; i++) {
        ranking[i] = ls_read_u32(r);
    }
    if (!ls_reader_done(r)) {
        return ls_fail_with(&ls_fault_psi_form, detail, "the ranking that %s sent is %s", name->text,
                            r->failed ? "cut short" : "longer than it says");
    }
    return LS_SUCCESS;
}

/* As ls_psi_ranking_parse, into memory that may be left half filled. */
static ls_result parse_into(const ls_psi_run *run, unsigned side, const uint32_t *common, uint32_t count,
                            ls_bytes message, const ls_hash *commitment, uint32_t *ranking, ls_detail *detail)
{
    ls_reader r = ls_reader_of(message);
    ls_psi_name name = ls_psi_name_of(run, side);
    LS_TRY(ls_psi_read_head(run, side, LS_PSI_LABEL_RANKING, &r, detail));
    LS_TRY(ls_psi_check_commitment(run, side, message, commitment, detail));
    LS_TRY(read_options(&name, count, &r, ranking, detail));
    return check_ranking(&name, common, count, ranking, detail);
}

ls_result ls_psi_ranking_parse(const ls_psi_run *run, unsigned side, const uint32_t *common, uint32_t count,
                               ls_bytes message, const ls_hash *commitment, uint32_t *ranking, ls_detail *detail)
{
    uint32_t *read = calloc(count + 1, sizeof *read);
    if (read == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = parse_into(run, side, common, count, message, commitment, read, detail);
    if (ls_succeeded(r)) {
        memcpy(ranking, read, count * sizeof *read);
    }
    free(read);
    return r;
}

/* How little a rule likes an option: ranks are below 2³¹, so both parts fit. */
static uint64_t cost(ls_psi_rule rule, uint32_t first, uint32_t second)
{
    uint64_t sum = (uint64_t)first + second, worse = first > second ? first : second;
    switch (rule) {
    case LS_PSI_BORDA:
        return sum;
    case LS_PSI_LEAST_REGRET:
        return worse << 32 | sum;
    case LS_PSI_EARLIEST:
        break;
    }
    return 0;
}

static void choose_cheapest(ls_psi_rule rule, const uint32_t *common, uint32_t count, const uint32_t *first,
                            const uint32_t *second, ls_psi_choice *out, uint32_t *tied)
{
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t own = cost(rule, first[i], second[i]);
        if (own < least) {
            least = own;
            *out = (ls_psi_choice){.option = common[i]};
        }
        if (own == least && tied != NULL) {
            tied[out->tied] = common[i];
        }
        out->tied += own == least;
    }
}

ls_result ls_psi_choose(ls_psi_rule rule, const uint32_t *common, uint32_t count, const uint32_t *first,
                        const uint32_t *second, ls_psi_choice *out, uint32_t *tied)
{
    if (count == 0) {
        return ls_fail(&ls_fault_psi_none);
    }
    if (rule == LS_PSI_EARLIEST) {
        *out = (ls_psi_choice){common[0], 1};
        if (tied != NULL) {
            tied[0] = common[0];
        }
        return LS_SUCCESS;
    }
    uint32_t *rank = calloc(2 * (size_t)count, sizeof *rank);
    if (rank == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    bool good = rank_all(common, count, first, rank) == count && rank_all(common, count, second, rank + count) == count;
    if (good) {
        choose_cheapest(rule, common, count, rank, rank + count, out, tied);
    }
    free(rank);
    return good ? LS_SUCCESS : ls_fail(&ls_fault_psi_ranking);
}
