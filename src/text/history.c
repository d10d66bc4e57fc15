/* The history of a text: what each act changed, and what it wanted to. */
#include "text/changes.h"
#include <inttypes.h>

static void put_head(ls_changes *x, size_t act)
{
    const ls_text_act *a = &x->state->act[act];
    static const char *const kinds[] = {"edit", "agree", "diverge", "withdraw"};
    ls_buf_format(x->out, "entry %" PRIu64 "  %.*s %" PRIu64 "  %s%s\n", a->entry, (int)a->party.len,
                  (const char *)a->party.ptr, a->seq, kinds[a->kind], a->ad_referendum ? ", ad referendum" : "");
}

static void put_inserted(ls_changes *x, const ls_text_paragraph *p)
{
    const char *anchor = p->anchor == LS_TEXT_NOWHERE ? "the start" : x->state->paragraph[p->anchor].name;
    ls_buf_format(x->out, "new %s, %s %s", p->kind == LS_TEXT_PROSE ? "paragraph" : "piece of the roadmap",
                  p->before ? "before" : "after", anchor);
}

/* What the event belongs to stands where it was before; for words the cell's variants are asked. */
static bool put_effect(ls_changes *x, const ls_text_event *e)
{
    const ls_text_paragraph *p = e->paragraph == LS_TEXT_NOWHERE ? NULL : &x->state->paragraph[e->paragraph];
    switch (e->effect) {
    case LS_EFFECT_VOID:
        ls_buf_format(x->out, "void: %s", e->why);
        return true;
    case LS_EFFECT_INSERTED:
        put_inserted(x, p);
        return true;
    case LS_EFFECT_NOTE:
        ls_buf_put_str(x->out, e->after.note.len == 0 ? "takes its note back" : "notes: ");
        ls_changes_put_words(x, e->after.note);
        return true;
    case LS_EFFECT_POSITION:
    case LS_EFFECT_REOPENING:
        return ls_changes_put_position(x, p, e->cell, &e->before, &e->after, e->effect == LS_EFFECT_REOPENING);
    case LS_EFFECT_OBJECTION:
        ls_buf_put_str(x->out, "objects that the languages differ: ");
        ls_changes_put_words(x, x->state->act[e->act].text);
        return true;
    case LS_EFFECT_OBJECTION_WITHDRAWN:
        ls_buf_put_str(x->out, "withdraws its objection");
        return true;
    }
    return true;
}

static bool put_event(ls_changes *x, const ls_text_event *e)
{
    ls_buf_put_str(x->out, "    ");
    if (e->paragraph != LS_TEXT_NOWHERE) {
        const ls_text_paragraph *p = &x->state->paragraph[e->paragraph];
        if (e->effect == LS_EFFECT_INSERTED) {
            ls_buf_put_str(x->out, p->name);
        } else {
            ls_changes_put_place(x, p, e->cell);
        }
        ls_buf_put_str(x->out, ": ");
    }
    bool put = put_effect(x, e);
    ls_buf_put_str(x->out, e->reopened ? " -> reopened" : "");
    ls_buf_put_str(x->out, e->agreed ? " -> agreed" : "");
    ls_buf_put_str(x->out, "\n");
    return put;
}

ls_result ls_text_history_put(const ls_text_state *s, uint64_t from, size_t paragraph, ls_buf *out)
{
    ls_arena arena = {0};
    ls_changes x = {s, &arena, LS_BRACKETS_BUDGET, out};
    size_t shown = LS_TEXT_NOWHERE; /* the act whose head stands */
    bool put = true;
    for (size_t i = 0; put && i < s->event_count; i++) {
        const ls_text_event *e = &s->event[i];
        if (s->act[e->act].entry < from || (paragraph != LS_TEXT_NOWHERE && e->paragraph != paragraph)) {
            continue;
        }
        if (shown != e->act) {
            put_head(&x, e->act);
            shown = e->act;
        }
        put = put_event(&x, e);
    }
    ls_arena_free(&arena);
    return put ? ls_buf_check(out) : ls_fail(&ls_fault_memory);
}
