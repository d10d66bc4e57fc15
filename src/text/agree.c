/* agree.json: which words of which paragraphs are accepted. */
#include "text/forms_parts.h"

static const char *read_item(const ls_value *v, ls_text_acceptance *out)
{
    static const char *const keys[] = {"paragraph", "language", "content", NULL};
    ls_bytes paragraph = {0}, content = {0};
    const char *wrong = ls_text_form_keys(v, keys);
    wrong = wrong != NULL ? wrong : ls_text_form_string(v, "paragraph", &paragraph);
    wrong = wrong != NULL ? wrong : ls_text_form_paragraph(paragraph, 0, &out->paragraph);
    wrong = wrong != NULL ? wrong : ls_text_form_language(v, &out->language);
    wrong = wrong != NULL ? wrong : ls_text_form_string(v, "content", &content);
    if (wrong != NULL) {
        return wrong;
    }
    out->deletion = ls_bytes_is(content, "delete");
    return out->deletion || ls_hash_parse(content, &out->content) ? NULL : "content is 64 hex digits, or delete";
}

ls_result ls_text_agree_parse(ls_arena *arena, ls_bytes text, ls_text_agree *out, ls_detail *detail)
{
    const ls_value *items;
    LS_TRY(ls_text_form_open(arena, text, LS_TEXT_AGREE_KIND, "accepted", &items, detail));
    ls_text_agree a = {items->count, ls_arena_array(arena, items->count, sizeof *a.item)};
    if (a.item == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < a.count; i++) {
        const char *wrong = read_item(items->items[i], &a.item[i]);
        if (wrong != NULL) {
            return ls_text_form_wrong(i, detail, wrong);
        }
    }
    *out = a;
    return LS_SUCCESS;
}

static ls_value *item_map(ls_arena *arena, const ls_text_acceptance *a)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&a->content, hex);
    const ls_entry entries[] = {
        LS_TEXT_ENTRY("content", ls_text_form_words(arena, a->deletion ? "delete" : hex)),
        LS_TEXT_ENTRY("paragraph", ls_text_form_name(arena, &a->paragraph)),
        LS_TEXT_ENTRY("language", ls_value_string(arena, a->language)),
    };
    return ls_value_map(arena, a->language.len > 0 ? 3 : 2, entries);
}

ls_result ls_text_agree_format(const ls_text_agree *agree, ls_buf *out)
{
    ls_arena arena = {0};
    ls_value **items = ls_arena_array(&arena, agree->count, sizeof *items);
    for (size_t i = 0; items != NULL && i < agree->count; i++) {
        items[i] = item_map(&arena, &agree->item[i]);
    }
    ls_result r = ls_text_form_close(&arena, LS_TEXT_AGREE_KIND, "accepted", agree->count, items, out);
    ls_arena_free(&arena);
    return r;
}
