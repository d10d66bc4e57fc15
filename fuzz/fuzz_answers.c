/* What a server answers its clients: acknowledgements, lists of boxes, and refusals in a server's words. */
#include "ledger/answers.h"
#include <inttypes.h>
#include <lockstep/limits.h>
#include <lockstep/note.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* A place, and a checkpoint that covers it: nothing else stands in an acknowledgement. */
static void acknowledgement(ls_bytes body)
{
    static ls_note note;
    ls_checkpoint c;
    ls_buf again = {0};
    uint64_t index = UINT64_MAX;
    if (!ls_acknowledgement_parse(body, &index)) {
        require(index == UINT64_MAX);
        return;
    }
    ls_buf_format(&again, "%" PRIu64 "\n\n", index);
    require(body.len > again.len && memcmp(again.ptr, body.ptr, again.len) == 0);
    ls_bytes rest = ls_bytes_of(body.ptr + again.len, body.len - again.len);
    require(ls_succeeded(ls_note_parse(rest, &note)) && note.count > 0);
    require(ls_succeeded(ls_checkpoint_parse(note.text, &c)) && index < c.size);
    ls_buf_free(&again);
}

/* A list that is valid is that of the hashes in it. */
static void boxes(ls_bytes list)
{
    ls_buf again = {0};
    ls_reader r = ls_reader_of(list);
    ls_hash hash;
    while (ls_box_list_next(&r, &hash)) {
        ls_buf_put_hex(&again, ls_bytes_of(hash.b, LS_HASH_SIZE));
        ls_buf_put_u8(&again, '\n');
    }
    require(ls_box_list_valid(list) == ls_bytes_equal(ls_buf_bytes(&again), list));
    ls_buf_free(&again);
}

static void shows_as_one_line(ls_bytes words)
{
    for (size_t i = 0; i < words.len; i++) {
        require(words.ptr[i] >= 0x20 && words.ptr[i] != 0x7f);
    }
    require(ls_utf8_valid(words));
}

static void rejection(ls_bytes body)
{
    ls_rejection words;
    if (ls_rejection_parse(body, &words)) {
        require(body.len <= LS_REMOTE_ERROR_MAX && ls_name_valid(words.code) && words.code.ptr == body.ptr);
        require(words.hint.len == 0 || words.hint.ptr == words.sentence.ptr + words.sentence.len + 1);
        shows_as_one_line(words.sentence);
        shows_as_one_line(words.hint);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    acknowledgement(ls_bytes_of(data, size));
    boxes(ls_bytes_of(data, size));
    rejection(ls_bytes_of(data, size));
    return 0;
}
