/* Acts: whatever is accepted is canonical, so a draft made of its parts writes the same bytes again. */
#include <lockstep/act.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_again(const ls_act *act)
{
    ls_act_draft d = {.exercise = act->exercise};
    ls_buf out = {0};
    for (ls_header h = 0; h < LS_H_ATTACHMENT; h++) {
        if (act->has[h]) {
            ls_act_draft_set(&d, h, "%.*s", (int)act->raw[h].len, act->raw[h].ptr);
        }
    }
    for (size_t i = 0; i < act->attachment_count; i++) {
        ls_act_draft_attach(&d, &act->attachment[i]);
    }
    ls_buf_put_bytes(&d.text, act->text);
    if (ls_failed(ls_act_draft_finish(&d, &out, NULL)) || !ls_bytes_equal(ls_buf_bytes(&out), act->note.text)) {
        abort();
    }
    ls_buf_free(&out);
    ls_act_draft_free(&d);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_bytes text = ls_bytes_of(data, size);
    ls_act act, partial;
    ls_detail detail;
    if (ls_succeeded(ls_act_parse_text(text, &act, &detail))) {
        write_again(&act);
    }
    if (ls_succeeded(ls_act_parse(text, false, &act, &detail))) {
        write_again(&act);
        /* A complete act is also one on its way, and the same one. */
        if (ls_failed(ls_act_parse(text, true, &partial, NULL)) || !ls_hash_equal(&act.id, &partial.id)) {
            abort();
        }
    }
    return 0;
}
