/*
 * Whole documents around pages: head with a strict policy for content, the exercise's mark, navigation, languages, the
 * place where a browser says what it verified, and a foot with what a reader compares.
 */
#ifndef LS_PORTAL_DOCUMENT_H
#define LS_PORTAL_DOCUMENT_H

#include "portal/portal.h"

/* Of a document that holds all that it takes: script and style as they are, and blocks with data, which are HTML. */
typedef struct ls_portal_inline {
    ls_bytes script, style, blocks;
} ls_portal_inline;

typedef struct ls_portal_site {
    const char *version;        /* of Lockstep */
    const char *url;            /* where the site will stand, with '/' at its end; NULL: not said */
    const char *script, *style; /* paths in the site ("assets/app.js"); NULL: there is none */
    const char *script_hash,
        *style_hash;                /* of them, as of subresource integrity ("sha256-…"): a browser takes no other */
    const char *preview;            /* a picture; NULL: none */
    const ls_portal_inline *within; /* instead of what script and style name; NULL: they are files of the site */
    const ls_hash *verifier;        /* of the module for browsers; NULL: there is none */
} ls_portal_site;

/* Appends the document of a page, whose title and fragment were made by ls_portal_page. */
ls_result ls_portal_document(const ls_portal *p, const ls_portal_site *site, const char *path, const char *title,
                             ls_bytes fragment, ls_arena *arena, ls_buf *out);

/* What stands around a page, for whoever compares it: the title that a browser shows, what comes before the place of
 * the verdict, and what comes after the page. Of the site its version and verifier matter, which stand in the foot.
 * Text is appended to top and foot; the title lies in the arena. */
ls_result ls_portal_around(const ls_portal *p, const ls_portal_site *site, const char *path, const char *title,
                           ls_arena *arena, const char **shown, ls_buf *top, ls_buf *foot);

#endif
