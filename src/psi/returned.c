/* The other's points multiplied by one's own secret: made, and taken in. */
#include "psi/parallel.h"
#include "psi/parts.h"
#include <stdatomic.h>

typedef struct multiplying {
    const uint8_t *scalar, *points;
    uint8_t *out;
    atomic_bool failed;
} multiplying;

static void multiply_some(void *context, size_t first, size_t end)
{
    multiplying *m = context;
    for (size_t i = first; i < end; i++) {
        if (!ls_psi_multiply(m->scalar, m->points + LS_POINT_SIZE * i, m->out + LS_POINT_SIZE * i)) {
            atomic_store(&m->failed, true);
        }
    }
}

bool ls_psi_multiply_all(const uint8_t scalar[static LS_SCALAR_SIZE], const uint8_t *points, uint32_t count,
                         uint8_t *out)
{
    multiplying m = {.scalar = scalar, .points = points};
    m.out = out;
    ls_psi_parallel(count, LS_PSI_PORTION, multiply_some, &m);
    return !atomic_load(&m.failed);
}

static ls_result write_return(ls_arena *arena, ls_psi_statement *s, const ls_psi_secret *secret, ls_buf *message)
{
    uint8_t proof[LS_PSI_PROOF_SIZE];
    ls_psi_write_head(s->run, s->prover, LS_PSI_LABEL_RETURN, message);
    ls_buf_put_u32(message, s->count);
    uint8_t *output = ls_buf_extend(message, (size_t)LS_POINT_SIZE * s->count);
    if (output == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    if (!ls_psi_multiply_all(secret->scalar, s->input, s->count, output)) {
        return ls_fail(&ls_fault_bug);
    }
    LS_PSI_PUBLIC(output, (size_t)LS_POINT_SIZE * s->count);
    s->output = output;
    LS_TRY(ls_psi_prove(arena, s, secret, proof));
    ls_buf_put(message, proof, sizeof proof);
    return ls_buf_check(message);
}

ls_result ls_psi_return(ls_arena *arena, const ls_psi_run *run, const ls_psi_secret *secret, const ls_psi_set *own,
                        const ls_psi_set *theirs, ls_buf *message, ls_detail *detail)
{
    LS_TRY(ls_psi_check_reflection(run, own, theirs, detail));
    ls_psi_statement s = {.run = run,
                          .prover = own->side,
                          .prover_key = own->key,
                          .other_key = theirs->key,
                          .count = theirs->count,
                          .input = theirs->points,
                          .input_addends = theirs->addends};
    size_t before = message->len;
    ls_result r = write_return(arena, &s, secret, message);
    if (ls_failed(r)) {
        message->len = before;
    }
    return r;
}

/* Reads the points and the proof. */
static ls_result read_return(ls_arena *arena, ls_psi_statement *s, ls_bytes message, const uint8_t **proof,
                             ls_detail *detail)
{
    ls_reader r = ls_reader_of(message);
    ls_psi_name name = ls_psi_name_of(s->run, s->prover);
    LS_TRY(ls_psi_read_head(s->run, s->prover, LS_PSI_LABEL_RETURN, &r, detail));
    uint32_t count = ls_read_u32(&r);
    if (!r.failed && count != s->count) {
        return ls_fail_with(&ls_fault_psi_length, detail, "%s was sent %u points and returned %u", name.text, s->count,
                            count);
    }
    s->output = ls_read_bytes(&r, (uint64_t)LS_POINT_SIZE * count).ptr;
    *proof = ls_read_bytes(&r, LS_PSI_PROOF_SIZE).ptr;
    if (!ls_reader_done(&r)) {
        return ls_fail_with(&ls_fault_psi_form, detail, "what %s returned is %s", name.text,
                            r.failed ? "cut short" : "longer than it says");
    }
    return ls_psi_read_points(arena, s->run, s->prover, s->output, s->count, &s->output_addends, detail);
}

ls_result ls_psi_returned_parse(ls_arena *arena, const ls_psi_run *run, const ls_psi_set *prover,
                                const ls_psi_set *sent, ls_bytes message, ls_psi_returned *out, ls_detail *detail)
{
    const uint8_t *proof = NULL;
    bool holds = false;
    LS_TRY(ls_psi_check_reflection(run, sent, prover, detail));
    ls_psi_statement s = {.run = run,
                          .prover = prover->side,
                          .prover_key = prover->key,
                          .other_key = sent->key,
                          .count = sent->count,
                          .input = sent->points,
                          .input_addends = sent->addends};
    LS_TRY(read_return(arena, &s, message, &proof, detail));
    LS_TRY(ls_psi_verify(arena, &s, proof, &holds));
    if (!holds) {
        return ls_fail_with(&ls_fault_psi_proof, detail, "%s returned points that it did not make as it had to",
                            ls_psi_name_of(run, prover->side).text);
    }
    *out = (ls_psi_returned){.count = s.count, .points = s.output};
    return LS_SUCCESS;
}
