/*
 * Fields: taking typed values out of the maps of a charter or a roadmap.
 *
 * Each function looks one key up. If the key is absent it says nothing (ls_value_check_map has said what is required)
 * and returns false; if the value is wrong it diagnoses that and returns false. Outputs are then untouched.
 */
#ifndef LS_PROCESS_FIELD_H
#define LS_PROCESS_FIELD_H

#include "base/value.h"
#include <lockstep/time.h>

/* The keys that a map may have, as ls_value_check_map takes them: LS_KEYS({"name", true}, …). */
#define LS_KEYS(...) (const ls_key[]){__VA_ARGS__}, sizeof((const ls_key[]){__VA_ARGS__}) / sizeof(ls_key)

#define LS_LINE_MAX 1000 /* bytes of one line of text in a document: titles and the like */

/* One line of plain text (process/plain.h), not empty. */
bool ls_field_line(const ls_value *map, const char *key, ls_diagnostics *d, ls_bytes *out);
/* The same of a value that was found already, for the items of lists; what names it. */
bool ls_field_read_line(const ls_value *v, const char *what, ls_diagnostics *d, ls_bytes *out);
bool ls_field_name(const ls_value *map, const char *key, ls_diagnostics *d, ls_bytes *out);
bool ls_field_read_name(const ls_value *v, const char *what, ls_diagnostics *d, ls_bytes *out);
/* A whole number from min to max. */
bool ls_field_integer(const ls_value *map, const char *key, int64_t min, int64_t max, ls_diagnostics *d, int64_t *out);
bool ls_field_read_integer(const ls_value *v, const char *what, int64_t min, int64_t max, ls_diagnostics *d,
                           int64_t *out);
bool ls_field_boolean(const ls_value *map, const char *key, ls_diagnostics *d, bool *out);
/* A length of time that has one: hours, days or weeks. */
bool ls_field_seconds(const ls_value *map, const char *key, ls_diagnostics *d, int64_t *out);
/* A list of min to max items, or NULL. */
const ls_value *ls_field_list(const ls_value *map, const char *key, size_t min, size_t max, ls_diagnostics *d);
/* The mark of a key's value, or of the map if the key is absent. */
ls_mark ls_field_mark(const ls_value *map, const char *key);

/* Identifiers that must differ, in the order in which they were met; so an index here is one of the array read. */
typedef struct ls_ids {
    const char *what; /* "measure" */
    size_t count, cap;
    ls_bytes *id;
    ls_mark *mark;
} ls_ids;

/* False, and diagnosed, if there is no memory left. */
bool ls_ids_init(ls_ids *ids, const char *what, size_t cap, ls_arena *arena, ls_diagnostics *d);
/* Takes up an id, a duplicate too, which is diagnosed with the place of the first. */
void ls_ids_add(ls_ids *ids, ls_bytes id, ls_mark mark, ls_diagnostics *d);
/* The index of the first with this id, or -1. */
int ls_ids_find(const ls_ids *ids, ls_bytes id);
/* The same; an unknown id is diagnosed, with the nearest known one as a hint. */
int ls_ids_require(const ls_ids *ids, ls_bytes id, ls_mark mark, ls_diagnostics *d);

/* "did you mean 'x'?", or NULL if nothing is near or the diagnostics are full. */
const char *ls_near_hint(ls_bytes word, const char *const *candidates, size_t count, ls_diagnostics *d);
/* Diagnoses that there is no memory left, and notes it in the arena: it says nothing about the document. Returns false.
 */
bool ls_field_no_memory(ls_diagnostics *d);

#endif
