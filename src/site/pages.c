/* The pages, in every language, and the proof of each act to take away. */
#include "portal/acts.h"
#include "site/parts.h"
#include <stdio.h>

static ls_result write_page(site *x, const ls_portal *p, const char *path, ls_buf *fragment, ls_buf *document)
{
    ls_arena arena = {0};
    const char *title;
    fragment->len = document->len = 0;
    ls_result r = ls_portal_page(p, path, &arena, &title, fragment);
    r = ls_succeeded(r) ? ls_portal_document(p, &x->site, path, title, ls_buf_bytes(fragment), &arena, document) : r;
    const char *relative = ls_arena_format(&arena, "%s%s", p->language->prefix, path);
    if (ls_succeeded(r)) {
        r = relative == NULL ? ls_fail(&ls_fault_memory)
                             : ls_publish_changed(&x->out, relative, ls_buf_bytes(document));
    }
    ls_arena_free(&arena);
    return r;
}

static ls_result write_language(site *x, const ls_portal_language *language, const char *const *paths, size_t count)
{
    ls_portal p = x->portal;
    ls_buf fragment = {0}, document = {0};
    ls_result r = LS_SUCCESS;
    p.language = language;
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        if (!ls_site_kept(x, language, paths[i])) {
            r = write_page(x, &p, paths[i], &fragment, &document);
            x->done.rendered++;
        }
        x->done.pages++;
        r = ls_succeeded(r) ? ls_site_tell(x, "pages", x->done.pages, count * ls_portal_language_count) : r;
    }
    ls_buf_free(&fragment);
    ls_buf_free(&document);
    return r;
}

/* A proof under a stamp's checkpoint never changes: what was there with the same stamp stays. */
static ls_result write_proof(site *x, uint64_t index)
{
    char path[64];
    ls_arena arena = {0};
    ls_buf proof = {0};
    snprintf(path, sizeof path, "act/%llu.tlog-proof", (unsigned long long)index);
    if (x->same[index] && ls_publish_has(&x->out, path)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_portal_acts_prove(&x->portal, index, true, &arena, &proof);
    r = ls_succeeded(r) ? ls_publish_changed(&x->out, path, ls_buf_bytes(&proof)) : r;
    ls_buf_free(&proof);
    ls_arena_free(&arena);
    return r;
}

ls_result ls_site_pages(site *x)
{
    const char *const *paths;
    size_t count;
    LS_TRY(ls_site_kept_read(x));
    LS_TRY(ls_portal_paths(&x->portal, &x->arena, &paths, &count));
    for (size_t i = 0; i < ls_portal_language_count; i++) {
        LS_TRY(write_language(x, &ls_portal_languages[i], paths, count));
    }
    for (uint64_t i = 0; i < x->head.size; i++) {
        LS_TRY(write_proof(x, i));
        LS_TRY(ls_site_tell(x, "proofs", i + 1, x->head.size));
    }
    return ls_site_kept_write(x);
}
