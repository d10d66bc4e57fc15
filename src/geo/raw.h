/*
 * JSON as it stands in the file: numbers as their text, strings as views where nothing is escaped, each value with its
 * place. For what carries numbers that must stay what they are; signed documents are read by base/value.h.
 *
 * What is JSON (RFC 8259) is decided by jansson, strictly: no duplicate keys, no NUL, no half surrogates, nothing after
 * the end.
 */
#ifndef LS_GEO_RAW_H
#define LS_GEO_RAW_H

#include "base/value.h"

#define LS_RAW_DEPTH_MAX 32

typedef enum ls_raw_type {
    LS_RAW_NULL,
    LS_RAW_BOOLEAN,
    LS_RAW_NUMBER,
    LS_RAW_STRING,
    LS_RAW_LIST,
    LS_RAW_MAP,
    LS_RAW_TYPES
} ls_raw_type;

typedef struct ls_raw ls_raw;
struct ls_raw {
    ls_raw_type type;
    ls_mark mark;
    ls_bytes key;                         /* in a map */
    ls_bytes text;                        /* of a string what it means; of everything else as it stands in the file */
    size_t count;                         /* children */
    ls_raw *parent, *first, *last, *next; /* NULL: none */
};

/* A place in a text, with its line and column (in characters) from 1. */
typedef struct ls_raw_cursor {
    ls_bytes text;
    size_t at;
    unsigned line, column;
    bool again; /* the same text was read before, to its end: that it is JSON is not asked again */
} ls_raw_cursor;

ls_raw_cursor ls_raw_begin(ls_bytes text);
/* What stands behind white space, without taking it; 0 at the end. */
uint8_t ls_raw_peek(ls_raw_cursor *c);
/* Takes one byte behind white space if it is this one. */
bool ls_raw_take(ls_raw_cursor *c, uint8_t byte);
/* Takes one value, of a text without NUL (ls_json_refuse_nul). Nodes are in the arena, their texts in it or in the
 * cursor's text. ls_fault_json with its place and ls_fault_memory. */
ls_result ls_raw_value(ls_arena *arena, ls_raw_cursor *c, ls_raw **out, ls_detail *detail);
/* A whole text: one value and nothing after it. */
ls_result ls_raw_parse(ls_arena *arena, ls_bytes text, ls_raw **out, ls_detail *detail);

/* Makes a node the last child of a list or map. */
void ls_raw_attach(ls_raw *parent, ls_raw *node);
/* The value of a key, or NULL; also of what is no map. */
const ls_raw *ls_raw_get(const ls_raw *map, const char *key);
/* "a string", "a list" …, for messages. */
const char *ls_raw_type_name(ls_raw_type type);

#endif
