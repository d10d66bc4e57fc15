/* Claims, lists of nodes, and tlog-proofs with the policy they are held against: any bytes may be judged; what parses
 * is written the same. */
#include "bundle/evidence.h"
#include "bundle/verify.h"
#include "crypto/crypto.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_claim(ls_bytes text)
{
    ls_claim claim;
    ls_buf again = {0};
    if (ls_succeeded(ls_claim_parse(text, &claim))) {
        ls_claim_format(&claim, &again);
        require(ls_bytes_equal(ls_buf_bytes(&again), text));
    }
    ls_buf_free(&again);
}

static void check_nodes(ls_bytes text)
{
    ls_hash node[LS_MERKLE_PROOF_MAX];
    size_t count;
    ls_buf again = {0};
    if (ls_succeeded(ls_nodes_parse(text, node, &count))) {
        ls_nodes_format(node, count, &again);
        require(ls_bytes_equal(ls_buf_bytes(&again), text));
    }
    ls_buf_free(&again);
}

/* The policy, or a bundle with the charter, comes first. */
static void check_proof(ls_bytes input)
{
    static const ls_hash charter = {{1}};
    ls_arena arena = {0};
    ls_report report = {0};
    ls_reader r = ls_reader_of(input);
    ls_trust trust = {.charter = &charter};
    trust.policy = ls_read_bytes(&r, ls_read_u16(&r));
    ls_bytes file = ls_read_bytes(&r, ls_reader_left(&r));
    ls_result result = ls_verify_proof(&arena, file, &trust, &report, NULL);
    require(ls_succeeded(result) || result.fault->class == LS_CLASS_INVALID || result.fault->class == LS_CLASS_USAGE ||
            result.fault == &ls_fault_memory);
    for (size_t i = 0; i < report.count; i++) {
        require(ls_utf8_valid(ls_bytes_str(report.finding[i].text)));
    }
    ls_arena_free(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes input = ls_bytes_of(data, size);
    if (ls_failed(ls_crypto_init())) {
        return 0;
    }
    check_claim(input);
    check_nodes(input);
    check_proof(input);
    return 0;
}
