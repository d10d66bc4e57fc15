/*
 * YAML as people write it, read with libyaml into an ls_value.
 *
 * Refused, each with line and column: invalid UTF-8, control characters, directives, more than one document, aliases
 * and anchors, tags, duplicate keys, empty values, depth beyond LS_VALUE_DEPTH_MAX, documents beyond
 * LS_VALUE_DOCUMENT_MAX.
 *
 * Types: a plain scalar of digits without leading zeros (with or without '-') is an integer, plain true and false are
 * booleans; everything else, and everything quoted, is a string.
 */
#ifndef LS_YAML_YAML_H
#define LS_YAML_YAML_H

#include "base/value.h"

/* Diagnoses all that is wrong; after a fault of syntax nothing more can be known. *out is NULL if anything was
 * diagnosed. A fault only for lack of memory. */
ls_result ls_yaml_parse(ls_arena *arena, ls_bytes text, ls_diagnostics *d, ls_value **out);

#endif
