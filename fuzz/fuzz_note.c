/* Signed notes and verifier keys: what parses must be made of views that together are the whole input. */
#include <lockstep/note.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static void check_note(ls_bytes input)
{
    ls_note note;
    if (ls_failed(ls_note_parse(input, &note))) {
        return;
    }
    ls_buf joined = {0};
    ls_buf_put_bytes(&joined, note.text);
    ls_buf_put_u8(&joined, '\n');
    for (size_t i = 0; i < note.count; i++) {
        const ls_note_signature *s = &note.signature[i];
        require(ls_key_name_valid(s->name) && s->line.len > s->name.len + s->base64.len);
        ls_buf_put_bytes(&joined, s->line);
    }
    require(!joined.failed && ls_bytes_equal(ls_buf_bytes(&joined), input));
    require(note.count > 0 && ls_note_text_valid(note.text));
    ls_buf_free(&joined);
    /* No key is known, so nothing can be verified. */
    ls_note_verdict verdict;
    require(ls_note_verify(&note, NULL, 0, &verdict).fault == &ls_fault_note_unsigned);
}

static void check_vkey(ls_bytes input)
{
    ls_vkey key;
    if (ls_succeeded(ls_vkey_parse(input, &key))) {
        char text[LS_VKEY_SIZE];
        ls_vkey_format(&key, text);
        require(ls_bytes_is(input, text));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    check_note(ls_bytes_of(data, size));
    check_vkey(ls_bytes_of(data, size));
    return 0;
}
