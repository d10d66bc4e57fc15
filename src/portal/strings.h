/*
 * The portal's words in each language: one file of web/strings for each, flat JSON from key to text. What a language
 * lacks stands in English. English comes first, and has no prefix.
 */
#ifndef LS_PORTAL_STRINGS_H
#define LS_PORTAL_STRINGS_H

#include <lockstep/bytes.h>

typedef struct ls_portal_language {
    const char *code;        /* "ko", for lang; and the folder of its pages */
    const char *prefix;      /* of its pages' paths: "ko/"; "" for English */
    const char *const *text; /* of each key; NULL: as in English */
} ls_portal_language;

extern const ls_portal_language ls_portal_languages[];
extern const size_t ls_portal_language_count;

/* By its code, or NULL. */
const ls_portal_language *ls_portal_language_of(ls_bytes code);
/* The text of a key, which may hold {0} … {9}; of an unknown key the key itself. */
const char *ls_portal_say(const ls_portal_language *language, const char *key);
/* Whether there is such a key, in any language. */
bool ls_portal_knows(const char *key);
size_t ls_portal_key_total(void); /* how many there are */

#endif
