/* What stands on pages: each item of each view as leaves of numbered lines. */
#include "pages/model.h"

typedef void putter(ls_leaves *, const ls_text_opening *, const ls_block *, ls_bytes, ls_bytes, ls_bytes);

/* "[USA: ", "[USA: delete" or "[not agreed"; nothing for what all hold. */
static void put_label(const ls_text_opening *o, const ls_block *b, ls_buf *label, ls_buf *end)
{
    if (b->parties == 0 && b->kind == LS_BLOCK_WORDS) {
        return;
    }
    ls_buf_put_str(label, "[");
    if (b->parties != 0) {
        ls_text_put_label(o, b, label);
        label->len -= label->len > 0 && b->kind == LS_BLOCK_WORDS ? 1 : 0;
        ls_buf_put_str(label, b->kind == LS_BLOCK_WORDS ? "\u00a0" : "");
    }
    ls_buf_put_str(label, ls_text_block_says(b));
    ls_buf_put_str(end, "]");
}

static void put_notes(const ls_view_item *item, ls_buf *out)
{
    for (size_t i = 0; i < item->note_count; i++) {
        ls_buf_format(out, "%s%zu", i == 0 ? "" : ", ", item->first_note + i + 1);
    }
}

static void put_block(ls_leaves *l, const ls_text_opening *o, const ls_view_item *item, size_t i)
{
    ls_buf label = {0}, end = {0}, notes = {0};
    const ls_block *b = &item->block[i];
    bool code = item->paragraph->kind == LS_TEXT_ROADMAP;
    put_label(o, b, &label, &end);
    if (i + 1 == item->block_count) {
        put_notes(item, &notes);
    }
    putter *put = code ? ls_leaves_put_code : ls_leaves_put_prose;
    put(l, o, b, ls_buf_bytes(&label), ls_buf_bytes(&end), ls_buf_bytes(&notes));
    l->failed = l->failed || label.failed || end.failed || notes.failed;
    ls_buf_free(&label);
    ls_buf_free(&end);
    ls_buf_free(&notes);
}

static bool make_section(ls_arena *arena, const ls_text_view *v, ls_page_section *out)
{
    const ls_text_opening *o = v->state->opening;
    ls_page_item *item = ls_arena_array(arena, v->item_count, sizeof *item);
    size_t next = 1;
    if (item == NULL) {
        return false;
    }
    for (size_t i = 0; i < v->item_count; i++) {
        ls_leaves l = {.arena = arena, .next_line = next};
        for (size_t k = 0; k < v->item[i].block_count; k++) {
            put_block(&l, o, &v->item[i], k);
        }
        if (l.failed) {
            return false;
        }
        item[i] = (ls_page_item){&v->item[i], ls_text_item_status(v, &v->item[i]), l.count, l.leaf};
        next = l.next_line;
    }
    *out = (ls_page_section){v, o->language[v->options.language], v->item_count, item};
    return true;
}

void ls_note_put_head(const ls_text_view *v, const ls_view_note *n, ls_buf *out)
{
    ls_text_put_parties(v->state->opening, UINT32_C(1) << n->party, 0, out);
    if (n->objection) {
        ls_buf_format(out, " objects that %.*s and %.*s differ", (int)n->language[0].len,
                      (const char *)n->language[0].ptr, (int)n->language[1].len, (const char *)n->language[1].ptr);
    }
    ls_buf_put_str(out, ":");
}

ls_result ls_pages_model_make(ls_arena *arena, const ls_pages *pages, ls_pages_model *out)
{
    ls_page_section *section = ls_arena_array(arena, pages->view_count, sizeof *section);
    bool made = section != NULL;
    for (size_t i = 0; made && i < pages->view_count; i++) {
        made = make_section(arena, &pages->view[i], &section[i]);
    }
    if (!made) {
        return ls_fail(&ls_fault_memory);
    }
    *out = (ls_pages_model){pages, section};
    return LS_SUCCESS;
}
