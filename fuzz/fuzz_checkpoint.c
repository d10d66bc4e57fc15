/* Checkpoints and tlog-proof files: what parses is written again as the same bytes. */
#include <lockstep/note.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_checkpoint(ls_bytes input)
{
    ls_checkpoint c;
    if (ls_succeeded(ls_checkpoint_parse(input, &c))) {
        ls_buf written = {0};
        ls_checkpoint_format(&c, &written);
        /* Extension lines, which are not kept, may follow. */
        require(!written.failed && written.len <= input.len &&
                ls_bytes_equal(ls_buf_bytes(&written), ls_bytes_of(input.ptr, written.len)));
        ls_buf_free(&written);
    }
}

static void check_proof(ls_bytes input)
{
    ls_tlog_proof p;
    if (ls_succeeded(ls_tlog_proof_parse(input, &p))) {
        ls_buf written = {0};
        ls_tlog_proof_format(&p, &written);
        require(!written.failed && ls_bytes_equal(ls_buf_bytes(&written), input));
        ls_buf_free(&written);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_checkpoint(ls_bytes_of(data, size));
    check_proof(ls_bytes_of(data, size));
    return 0;
}
