/* edit.json: operations, each with the keys that its kind has. */
#include "process/plain.h"
#include "text/forms_parts.h"

static const struct {
    const char *name;
    const char *keys[8];
} kinds[LS_OP_COUNT] = {
    [LS_OP_INSERT] = {"insert", {"op", "kind", "after", "before"}},
    [LS_OP_PROPOSE] = {"propose", {"op", "paragraph", "language", "text", "note", "ad-referendum"}},
    [LS_OP_DELETE] = {"delete", {"op", "paragraph", "language", "note", "ad-referendum"}},
    [LS_OP_NOTE] = {"note", {"op", "paragraph", "language", "text"}},
    [LS_OP_RETRACT] = {"retract", {"op", "paragraph", "language"}},
    [LS_OP_REOPEN] = {"reopen", {"op", "paragraph", "language"}},
};
static const char *const contents[] = {[LS_TEXT_PROSE] = "prose", [LS_TEXT_ROADMAP] = "roadmap"};

static const char *read_note(const ls_value *v, const char *key, bool may_be_empty, ls_bytes *out)
{
    ls_bytes note = {0};
    const char *wrong = ls_text_form_string(v, key, &note);
    if (wrong != NULL || ls_value_get(v, key) == NULL) {
        return wrong;
    }
    if (note.len > LS_TEXT_NOTE_MAX) {
        return "a note is longer than 4096 bytes";
    }
    if (note.len == 0 && !may_be_empty) {
        return "a note is not empty";
    }
    *out = note;
    return ls_plain_valid(note) ? NULL : "a note holds a character that does not show, or one that reorders a line";
}

static const char *read_place(const ls_value *v, size_t inserted, ls_text_op *op)
{
    ls_bytes after = {0}, before = {0};
    const char *wrong = ls_text_form_string(v, "after", &after);
    wrong = wrong != NULL ? wrong : ls_text_form_string(v, "before", &before);
    if (wrong != NULL) {
        return wrong;
    }
    if ((ls_value_get(v, "after") == NULL) == (ls_value_get(v, "before") == NULL)) {
        return "an insert has one of 'after' and 'before'";
    }
    op->before = ls_value_get(v, "before") != NULL;
    op->at_start = !op->before && ls_bytes_is(after, "start");
    return op->at_start ? NULL : ls_text_form_paragraph(op->before ? before : after, inserted, &op->paragraph);
}

static const char *read_insert(const ls_value *v, size_t inserted, ls_text_op *op)
{
    ls_bytes kind = {0};
    const char *wrong = ls_text_form_string(v, "kind", &kind);
    if (wrong != NULL) {
        return wrong;
    }
    if (!ls_bytes_is(kind, contents[LS_TEXT_PROSE]) && !ls_bytes_is(kind, contents[LS_TEXT_ROADMAP])) {
        return "kind is prose or roadmap";
    }
    op->insert = ls_bytes_is(kind, contents[LS_TEXT_PROSE]) ? LS_TEXT_PROSE : LS_TEXT_ROADMAP;
    return inserted == LS_TEXT_NUMBER_MAX ? "it inserts more than 4096 paragraphs" : read_place(v, inserted, op);
}

static const char *read_words(const ls_value *v, ls_text_op *op)
{
    const char *wrong = ls_text_form_string(v, "text", &op->text);
    if (wrong != NULL) {
        return wrong;
    }
    return ls_text_content_wrong(op->language.len > 0 ? LS_TEXT_PROSE : LS_TEXT_ROADMAP, op->text);
}

static const char *read_about(const ls_value *v, size_t inserted, ls_text_op *op)
{
    ls_bytes paragraph = {0};
    const char *wrong = ls_text_form_string(v, "paragraph", &paragraph);
    wrong = wrong != NULL ? wrong : ls_text_form_paragraph(paragraph, inserted, &op->paragraph);
    wrong = wrong != NULL ? wrong : ls_text_form_language(v, &op->language);
    wrong = wrong != NULL ? wrong : ls_text_form_flag(v, "ad-referendum", &op->ad_referendum);
    wrong = wrong != NULL ? wrong : read_note(v, "note", false, &op->note);
    if (wrong != NULL) {
        return wrong;
    }
    if (op->kind == LS_OP_NOTE) {
        return ls_value_get(v, "text") == NULL ? "a note lacks its text" : read_note(v, "text", true, &op->text);
    }
    return op->kind == LS_OP_PROPOSE ? read_words(v, op) : NULL;
}

static const char *read_op(const ls_value *v, size_t inserted, ls_text_op *op)
{
    ls_bytes name = {0};
    const char *wrong = v->type != LS_MAP ? "it is not an object" : ls_text_form_string(v, "op", &name);
    if (wrong != NULL) {
        return wrong;
    }
    size_t kind = 0;
    while (kind < LS_OP_COUNT && !ls_bytes_is(name, kinds[kind].name)) {
        kind++;
    }
    if (kind == LS_OP_COUNT) {
        return "there is no such operation";
    }
    op->kind = (ls_text_op_kind)kind;
    wrong = ls_text_form_keys(v, kinds[kind].keys);
    return wrong != NULL              ? wrong
           : op->kind == LS_OP_INSERT ? read_insert(v, inserted, op)
                                      : read_about(v, inserted, op);
}

ls_result ls_text_edit_parse(ls_arena *arena, ls_bytes text, ls_text_edit *out, ls_detail *detail)
{
    const ls_value *items;
    LS_TRY(ls_text_form_open(arena, text, LS_TEXT_EDIT_KIND, "operations", &items, detail));
    ls_text_edit e = {items->count, ls_arena_array(arena, items->count, sizeof *e.op)};
    if (e.op == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0, inserted = 0; i < e.count; i++) {
        const char *wrong = read_op(items->items[i], inserted, &e.op[i]);
        if (wrong != NULL) {
            return ls_text_form_wrong(i, detail, wrong);
        }
        inserted += e.op[i].kind == LS_OP_INSERT;
    }
    *out = e;
    return LS_SUCCESS;
}

/* Writing. */

static ls_value *insert_map(ls_arena *arena, const ls_text_op *op)
{
    ls_value *place = op->at_start ? ls_text_form_words(arena, "start") : ls_text_form_name(arena, &op->paragraph);
    const ls_entry entries[] = {
        LS_TEXT_ENTRY("op", ls_text_form_words(arena, kinds[LS_OP_INSERT].name)),
        LS_TEXT_ENTRY("kind", ls_text_form_words(arena, contents[op->insert])),
        {.key = ls_bytes_str(op->before && !op->at_start ? "before" : "after"), .value = place},
    };
    return ls_value_map(arena, 3, entries);
}

static ls_value *op_map(ls_arena *arena, const ls_text_op *op)
{
    ls_entry entries[6];
    size_t count = 0;
    if (op->kind == LS_OP_INSERT) {
        return insert_map(arena, op);
    }
    entries[count++] = LS_TEXT_ENTRY("op", ls_text_form_words(arena, kinds[op->kind].name));
    entries[count++] = LS_TEXT_ENTRY("paragraph", ls_text_form_name(arena, &op->paragraph));
    if (op->language.len > 0) {
        entries[count++] = LS_TEXT_ENTRY("language", ls_value_string(arena, op->language));
    }
    if (op->kind == LS_OP_PROPOSE || op->kind == LS_OP_NOTE) {
        entries[count++] = LS_TEXT_ENTRY("text", ls_value_string(arena, op->text));
    }
    if (op->note.len > 0) {
        entries[count++] = LS_TEXT_ENTRY("note", ls_value_string(arena, op->note));
    }
    if (op->ad_referendum) {
        entries[count++] = LS_TEXT_ENTRY("ad-referendum", ls_value_boolean(arena, true));
    }
    return ls_value_map(arena, count, entries);
}

ls_result ls_text_edit_format(const ls_text_edit *edit, ls_buf *out)
{
    ls_arena arena = {0};
    ls_value **items = ls_arena_array(&arena, edit->count, sizeof *items);
    for (size_t i = 0; items != NULL && i < edit->count; i++) {
        items[i] = op_map(&arena, &edit->op[i]);
    }
    ls_result r = ls_text_form_close(&arena, LS_TEXT_EDIT_KIND, "operations", edit->count, items, out);
    ls_arena_free(&arena);
    return r;
}
