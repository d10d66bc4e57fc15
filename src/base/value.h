/*
 * Values: the one tree that YAML and JSON documents are read into, with the place in the source that each node came
 * from, and the canonical JSON (RFC 8785) that is signed.
 *
 * Only what signed documents need exists: strings, integers (|n| < 2^53), booleans, lists, maps with unique keys. No
 * null, no fractions. All nodes live in the caller's arena.
 */
#ifndef LS_BASE_VALUE_H
#define LS_BASE_VALUE_H

#include <lockstep/bytes.h>

typedef enum ls_value_type { LS_STRING, LS_INTEGER, LS_BOOLEAN, LS_LIST, LS_MAP } ls_value_type;

typedef struct ls_mark {
    unsigned line, column; /* from 1; 0: not known */
} ls_mark;

typedef struct ls_value ls_value;

typedef struct ls_entry {
    ls_bytes key;
    ls_mark mark; /* of the key */
    ls_value *value;
} ls_entry;

struct ls_value {
    ls_value_type type;
    ls_mark mark;
    ls_bytes string; /* LS_STRING: UTF-8, no NUL, NUL-terminated beyond its length */
    int64_t integer;
    bool boolean;
    size_t count;
    ls_value **items;  /* LS_LIST */
    ls_entry *entries; /* LS_MAP, in the order of the source */
};

#define LS_VALUE_DEPTH_MAX 64
#define LS_VALUE_DOCUMENT_MAX (4u << 20) /* bytes of one document */

extern const ls_fault ls_fault_json; /* invalid: not the JSON that Lockstep accepts */

/* The value of a key, or NULL. */
const ls_value *ls_value_get(const ls_value *map, const char *key);

/* Strict JSON: one document, no duplicate keys, no NUL, integers only, depth and size limited, an array or an object
 * on top. detail gives line and column. */
ls_result ls_json_parse(ls_arena *arena, ls_bytes text, ls_value **out, ls_detail *detail);

/* For who reads with jansson: ls_fault_json at the first NUL byte. No text of JSON has one, and jansson lets some pass.
 */
ls_result ls_json_refuse_nul(ls_bytes text, ls_detail *detail);

/* RFC 8785: keys sorted (by UTF-16 code units), no spaces, minimal escapes. */
void ls_json_canonical(const ls_value *v, ls_buf *out);
/* Fails with ls_fault_json unless text is exactly the canonical form of v; or for lack of memory. */
ls_result ls_json_check_canonical(const ls_value *v, ls_bytes text);

/* Constructors, for documents that the program writes. NULL if there is no memory left (or an argument was NULL). */
ls_value *ls_value_string(ls_arena *arena, ls_bytes s); /* copies */
ls_value *ls_value_integer(ls_arena *arena, int64_t n);
ls_value *ls_value_boolean(ls_arena *arena, bool b);
ls_value *ls_value_list(ls_arena *arena, size_t count, ls_value **items);       /* copies the array of pointers */
ls_value *ls_value_map(ls_arena *arena, size_t count, const ls_entry *entries); /* copies the array; keys are kept */

/*
 * Diagnostics: everything that is wrong with a document, all at once, each with its place, a sentence and a hint.
 */
typedef struct ls_diagnostic {
    ls_mark mark;
    bool warning;
    const char *text; /* in the arena */
    const char *hint; /* in the arena, or "" */
} ls_diagnostic;

#define LS_DIAGNOSTICS_MAX 100

typedef struct ls_diagnostics {
    ls_arena *arena;
    size_t count;  /* of those kept */
    size_t errors; /* of those that are not warnings, kept or not */
    ls_diagnostic item[LS_DIAGNOSTICS_MAX];
} ls_diagnostics;

/* Adds an error. The hint is given first so that the format may follow; NULL: none. Beyond the maximum only counts. */
void ls_diagnose(ls_diagnostics *d, ls_mark mark, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void ls_diagnose_warning(ls_diagnostics *d, ls_mark mark, const char *hint, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Sorts by line and column. */
void ls_diagnostics_sort(ls_diagnostics *d);

/*
 * Reading maps by a list of known keys: diagnoses what is not a map, unknown keys (with the nearest known one as a
 * hint) and missing required ones.
 */
typedef struct ls_key {
    const char *name;
    bool required;
} ls_key;

bool ls_value_check_map(const ls_value *v, const char *what, const ls_key *keys, size_t count, ls_diagnostics *d);

/* The candidate nearest to word by edit distance, or NULL if none is near. For hints. */
const char *ls_nearest(ls_bytes word, const char *const *candidates, size_t count);

#endif
