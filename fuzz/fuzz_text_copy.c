/* Working copies: whatever is read becomes a file of the form, and its text, written out, is read as unchanged. */
#include "process/field.h"
#include "text/copy.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static bool read_copy(ls_arena *arena, const ls_text_state *s, ls_bytes text, ls_copy_edit *out)
{
    const ls_copy_options options = {.text = ls_bytes_str("x")};
    ls_diagnostics *d = ls_arena_alloc(arena, sizeof *d);
    require(d != NULL);
    d->arena = arena;
    return ls_succeeded(ls_copy_read(arena, s, &options, text, d, out));
}

static void follow(ls_arena *arena, const ls_text_opening *opening, ls_text_act *acts, size_t count,
                   const ls_text_edit *edit)
{
    ls_buf file = {0}, copy = {0};
    ls_text_edit *read = ls_arena_alloc(arena, sizeof *read);
    ls_text_state s;
    ls_copy_edit again;
    require(read != NULL && ls_succeeded(ls_text_edit_format(edit, &file)));
    require(file.len > LS_VALUE_DOCUMENT_MAX ||
            ls_succeeded(ls_text_edit_parse(arena, ls_buf_bytes(&file), read, NULL)));
    acts[count] = (ls_text_act){.party = opening->party[0], .seq = count + 1, .edit = edit};
    require(ls_succeeded(ls_text_eval(arena, opening, count + 1, acts, &s)));
    const ls_copy_head head = {ls_bytes_str("x"), opening->language[0], 1};
    require(ls_succeeded(ls_copy_put(&s, &head, 0, &copy)));
    require(read_copy(arena, &s, ls_buf_bytes(&copy), &again));
    require(again.edit.count == 0 && again.missing == 0);
    ls_buf_free(&file);
    ls_buf_free(&copy);
}

/* Against a text that has two paragraphs and a piece of the roadmap. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char first[] = "A.\n\nB.\n\n```roadmap\nx: 1\n```\n";
    ls_arena arena = {0};
    const ls_bytes party[] = {ls_bytes_str("usa"), ls_bytes_str("dprk")}, language = ls_bytes_str("en");
    const ls_text_opening opening = {2, 1, party, &language, false};
    ls_text_act acts[3];
    ls_text_state s;
    ls_copy_edit begin, edit;
    require(ls_succeeded(ls_text_eval(&arena, &opening, 0, NULL, &s)));
    require(read_copy(&arena, &s, ls_bytes_str(first), &begin));
    acts[0] = (ls_text_act){.party = party[0], .seq = 1, .edit = &begin.edit};
    require(ls_succeeded(ls_text_eval(&arena, &opening, 1, acts, &s)));
    if (read_copy(&arena, &s, ls_bytes_of(data, size), &edit) && edit.edit.count > 0) {
        follow(&arena, &opening, acts, 1, &edit.edit);
    }
    ls_arena_free(&arena);
    return 0;
}
