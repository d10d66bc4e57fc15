/* What differs between two states of one text. The later one holds all paragraphs and variants of the earlier one, in
 * the same places. */
#include "text/changes.h"

static bool same(const ls_text_position *a, const ls_text_position *b)
{
    return ls_text_same_stance(a, b) && a->ad_referendum == b->ad_referendum && ls_bytes_equal(a->note, b->note);
}

static bool put_line(ls_changes *x, const ls_text_paragraph *p, size_t cell, size_t party, const ls_text_position *was,
                     const ls_text_position *now, bool reopening)
{
    if (same(was, now)) {
        return true;
    }
    ls_changes_put_place(x, p, cell);
    ls_buf_put_str(x->out, ": ");
    ls_text_put_parties(x->state->opening, UINT32_C(1) << party, 0, x->out);
    ls_buf_put_str(x->out, " ");
    bool put = ls_changes_put_position(x, p, cell, was, now, reopening);
    ls_buf_put_str(x->out, "\n");
    return put;
}

static bool put_cell(ls_changes *x, const ls_text_paragraph *p, size_t cell, const ls_text_cell *before)
{
    static const ls_text_position none = {0};
    const ls_text_cell *c = &p->cell[cell];
    bool had = before != NULL && before->position != NULL;
    for (size_t i = 0; c->position != NULL && i < x->state->opening->party_count; i++) {
        if (!put_line(x, p, cell, i, had ? &before->position[i] : &none, &c->position[i], false) ||
            !put_line(x, p, cell, i, had ? &before->reopening[i] : &none, &c->reopening[i], true)) {
            return false;
        }
    }
    bool was = before != NULL && before->status == LS_CELL_AGREED;
    if (was != (c->status == LS_CELL_AGREED)) {
        ls_changes_put_place(x, p, cell);
        ls_buf_put_str(x->out, was ? ": no longer agreed\n" : ": agreed\n");
    }
    return true;
}

static bool put_paragraph(ls_changes *x, const ls_text_paragraph *p, const ls_text_paragraph *before)
{
    if (before == NULL) {
        ls_buf_format(x->out, "%s: new\n", p->name);
    }
    for (size_t k = 0; k < p->cell_count; k++) {
        if (!put_cell(x, p, k, before == NULL ? NULL : &before->cell[k])) {
            return false;
        }
    }
    return true;
}

static void put_objections(ls_changes *x, const ls_text_state *before)
{
    for (size_t i = 0; i < x->state->objection_count; i++) {
        const ls_text_objection *o = &x->state->objection[i];
        bool is_new = i >= before->objection_count;
        if (is_new || o->withdrawn != before->objection[i].withdrawn) {
            ls_changes_put_place(x, &x->state->paragraph[o->paragraph], o->cell[0]);
            ls_buf_put_str(x->out, ": ");
            ls_text_put_parties(x->state->opening, UINT32_C(1) << o->party, 0, x->out);
            ls_buf_put_str(x->out, o->withdrawn ? " withdraws its objection: " : " objects: ");
            ls_changes_put_words(x, x->state->act[o->act].text);
            ls_buf_put_str(x->out, "\n");
        }
    }
}

ls_result ls_text_diff_put(const ls_text_state *before, const ls_text_state *after, ls_buf *out)
{
    ls_arena arena = {0};
    ls_changes x = {after, &arena, LS_BRACKETS_BUDGET, out};
    bool put = true;
    for (size_t i = 0; put && i < after->paragraph_count; i++) {
        size_t n = after->order[i];
        put = put_paragraph(&x, &after->paragraph[n], n < before->paragraph_count ? &before->paragraph[n] : NULL);
    }
    put_objections(&x, before);
    ls_arena_free(&arena);
    return put ? ls_buf_check(out) : ls_fail(&ls_fault_memory);
}
