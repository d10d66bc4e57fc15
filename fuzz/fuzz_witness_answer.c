/* What witnesses answer a host: of a note, no more than good lines of their own get between those that were there; a
 * size has one form; words fit into a line. */
#include "crypto/crypto.h"
#include "server/witness_answer.h"
#include <inttypes.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Of the vectors (cosignatures.json): the checkpoint that the host asks for, and the witness. */
#define TEXT "exercise.ledger.example/k1\n12\nNIXh5XzGGsCvL1NUq9J34mQIUyQ/fkrRjs0xnzJX4Gw=\n"
#define LOG_LINE                                                                                                       \
    "\u2014 exercise.ledger.example/k1 "                                                                               \
    "eybGACz7W0KvMikDi5vRwxtSgxYbtn6PteWfuYRd0rqBer/Cs1NzLejOX7KbhK5UoZ/qnBCi3Wh9gZXTdOni/hqkhQ0=\n"
#define OLD_LINE "\u2014 cosigner.example/seoul uVmg6QAAAABbub0A\n" /* no signature, and yet by this name */
#define KEY "cosigner.example/seoul+b959a0e9+BGb1CYa0RPt4GhCTlMkHjVvjnVcm0AZgjiQXAWVO3jJ+"

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* The text as it was, the log's line first, then those of the answer, and a good one of the witness among them. */
static void check_joined(ls_bytes joined, ls_bytes answer, const ls_vkey *key)
{
    static ls_note note;
    ls_note_verdict verdict;
    ls_buf wanted = {0};
    ls_buf_put_str(&wanted, TEXT "\n" LOG_LINE);
    ls_buf_put_bytes(&wanted, answer);
    require(ls_bytes_equal(ls_buf_bytes(&wanted), joined));
    require(ls_succeeded(ls_note_parse(joined, &note)) && ls_bytes_is(note.text, TEXT));
    require(ls_succeeded(ls_note_verify(&note, key, 1, &verdict)) && verdict.verified == 1);
    ls_buf_free(&wanted);
}

static bool joins(const char *checkpoint, ls_bytes answer, const ls_vkey *key)
{
    ls_buf note = {0};
    bool joined = ls_witness_answer_join(ls_bytes_str(checkpoint), key, answer, &note);
    if (joined) {
        check_joined(ls_buf_bytes(&note), answer, key);
    }
    ls_buf_free(&note);
    return joined;
}

static void check_size(ls_bytes answer)
{
    uint64_t size = UINT64_MAX;
    ls_buf again = {0};
    if (ls_witness_answer_size(answer, &size)) {
        ls_buf_format(&again, "%" PRIu64 "\n", size);
        require(size <= INT64_MAX && ls_bytes_equal(ls_buf_bytes(&again), answer));
    }
    ls_buf_free(&again);
}

static void check_text(ls_bytes answer, size_t room)
{
    char *text = malloc(room);
    if (text != NULL) {
        ls_witness_answer_text(answer, text, room);
        require(strlen(text) == (answer.len < room - 1 ? answer.len : room - 1));
        for (const char *c = text; *c != '\0'; c++) {
            require(*c >= ' ' && *c < 0x7f);
        }
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes answer = ls_bytes_of(data, size);
    ls_vkey key;
    require(ls_succeeded(ls_crypto_init()) && ls_succeeded(ls_vkey_parse(ls_bytes_str(KEY), &key)));
    /* What the key has signed before makes no difference. */
    require(joins(TEXT "\n" LOG_LINE, answer, &key) == joins(TEXT "\n" LOG_LINE OLD_LINE, answer, &key));
    check_size(answer);
    check_text(answer, 1);
    check_text(answer, 256);
    return 0;
}
