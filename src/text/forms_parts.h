/* Inside of texts: what edit.json and agree.json share. */
#ifndef LS_TEXT_FORMS_PARTS_H
#define LS_TEXT_FORMS_PARTS_H

#include "text/forms.h"

#define LS_TEXT_ENTRY(name, v)                                                                                         \
    (ls_entry)                                                                                                         \
    {                                                                                                                  \
        .key = {(const uint8_t *)(name), sizeof(name) - 1}, .value = (v)                                               \
    }

/* A document of this kind: canonical, with its list under this key. Otherwise ls_fault_text_form. */
ls_result ls_text_form_open(ls_arena *arena, ls_bytes text, const char *kind, const char *list, const ls_value **items,
                            ls_detail *detail);
/* One item of it that is not of the form; place counts from 0. */
ls_result ls_text_form_wrong(size_t place, ls_detail *detail, const char *what);

/* The readers below give NULL, or what is wrong. Keys that are absent leave the output as it is. */

/* No key but these, which end with NULL. */
const char *ls_text_form_keys(const ls_value *map, const char *const *keys);
const char *ls_text_form_string(const ls_value *map, const char *key, ls_bytes *out);
const char *ls_text_form_language(const ls_value *map, ls_bytes *out);
/* A name in full, or +n up to inserted. */
const char *ls_text_form_paragraph(ls_bytes name, size_t inserted, ls_text_id *out);
/* A flag is there and true, or not there. */
const char *ls_text_form_flag(const ls_value *map, const char *key, bool *out);

/* Writing: NULL if there is no memory. */
ls_value *ls_text_form_words(ls_arena *arena, const char *s);
ls_value *ls_text_form_name(ls_arena *arena, const ls_text_id *id);
ls_result ls_text_form_close(ls_arena *arena, const char *kind, const char *list, size_t count, ls_value **items,
                             ls_buf *out);

#endif
