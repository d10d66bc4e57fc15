/* Pages, rendered again from the session's record. */
#include "browser/answer.h"
#include "browser/browser.h"
#include "browser/session.h"
#include "portal/document.h"
#include "show/report.h"

/* What the pages are made of. */

static ls_result note_of(void *session, uint64_t index, ls_arena *arena, ls_bytes *out)
{
    (void)arena; /* what is held lives longer */
    return ls_session_entry(session, index, out);
}

static ls_result file_of(void *session, const ls_hash *hash, ls_arena *arena, ls_bytes *out)
{
    return ls_session_fetch(session, hash, UINT64_MAX, arena, out);
}

/* Once for a record: every act is read. */
static ls_result begin(ls_session *s)
{
    ls_session_pages *p = &s->pages;
    if (p->begun) {
        return LS_SUCCESS;
    }
    p->portal = (ls_portal){.record = s->record,
                            .source = {.note = note_of, .file = file_of, .context = s},
                            .checkpoint = s->checkpoint,
                            .language = &ls_portal_languages[0]};
    LS_TRY(ls_portal_begin(&p->portal, &s->arena));
    p->begun = true;
    return LS_SUCCESS;
}

/* As of another time: the last one that was asked for is kept. */
static ls_result judge(ls_session_pages *p, ls_time at, ls_time known)
{
    bool now = at == 0 && known == 0;
    if (now || (p->judged && p->then_at == at && p->then_known == known)) {
        return LS_SUCCESS;
    }
    ls_arena_free(&p->arena);
    p->judged = false;
    p->then = p->portal;
    p->then.at = at != 0 ? at : p->portal.at;
    p->then.known = known != 0 ? known : p->portal.known;
    LS_TRY(ls_portal_judge(&p->then, &p->arena));
    p->then_at = at;
    p->then_known = known;
    p->judged = true;
    return LS_SUCCESS;
}

static ls_result render(ls_session *s, const char *path, ls_time at, ls_time known, const ls_portal_language *language,
                        ls_arena *arena, ls_buf *html, const char **title)
{
    LS_TRY(begin(s));
    LS_TRY(judge(&s->pages, at, known));
    ls_portal portal = at == 0 && known == 0 ? s->pages.portal : s->pages.then;
    portal.language = language;
    return ls_portal_page(&portal, path, arena, title, html);
}

/* Answers. */

static json_t *markup(const ls_buf *html)
{
    return json_stringn((const char *)html->ptr, html->len);
}

/* json: of a success; taken over. */
static int answer(ls_result r, json_t *json)
{
    if (ls_failed(r)) {
        json_decref(json);
        return r.fault == &ls_fault_memory ? WEB_MEMORY : WEB_REFUSED;
    }
    return ls_answer_json(json) ? WEB_OK : WEB_MEMORY;
}

int web_page(const char *path, size_t path_len, int64_t at, int64_t known, const char *language, size_t language_len)
{
    ls_session *s = ls_session_now();
    ls_arena arena = {0};
    ls_buf html = {0};
    const char *title = "";
    ls_answer_nothing();
    const ls_portal_language *spoken = ls_portal_language_of(ls_bytes_of(language, language_len));
    const char *name = ls_arena_str(&arena, ls_bytes_of(path, path_len));
    int status = WEB_MISUSED;
    if (s->holds && spoken != NULL) {
        ls_result r =
            name == NULL ? ls_fail(&ls_fault_memory) : render(s, name, at, known, spoken, &arena, &html, &title);
        r = ls_failed(r) ? r : ls_buf_check(&html);
        status = answer(
            r, ls_failed(r) ? NULL : json_pack("{s:o, s:o}", "title", ls_show_text_json(title), "html", markup(&html)));
    }
    ls_buf_free(&html);
    ls_arena_free(&arena);
    return status;
}

static ls_result render_around(ls_session *s, const char *path, const ls_portal_language *language, const char *title,
                               const ls_portal_site *site, ls_arena *arena, json_t **out)
{
    ls_buf top = {0}, foot = {0};
    const char *shown = "";
    LS_TRY(begin(s));
    ls_portal portal = s->pages.portal;
    portal.language = language;
    ls_result r = ls_portal_around(&portal, site, path, title, arena, &shown, &top, &foot);
    if (ls_succeeded(r)) {
        *out = json_pack("{s:o, s:s, s:o, s:o}", "title", ls_show_text_json(shown), "dir",
                         ls_portal_say(language, "language.dir"), "top", markup(&top), "foot", markup(&foot));
    }
    ls_buf_free(&top);
    ls_buf_free(&foot);
    return r;
}

int web_around(const char *path, size_t path_len, const char *language, size_t language_len, const char *title,
               size_t title_len, const char *version, size_t version_len, const char *verifier, size_t verifier_len)
{
    ls_session *s = ls_session_now();
    ls_arena arena = {0};
    ls_hash hash;
    json_t *json = NULL;
    ls_answer_nothing();
    const ls_portal_language *spoken = ls_portal_language_of(ls_bytes_of(language, language_len));
    const char *name = ls_arena_str(&arena, ls_bytes_of(path, path_len));
    const char *own = ls_arena_str(&arena, ls_bytes_of(title, title_len));
    const ls_portal_site site = {.version = ls_arena_str(&arena, ls_bytes_of(version, version_len)), .verifier = &hash};
    int status = WEB_MISUSED;
    if (s->holds && spoken != NULL && ls_hash_parse(ls_bytes_of(verifier, verifier_len), &hash)) {
        ls_result r =
            arena.failed ? ls_fail(&ls_fault_memory) : render_around(s, name, spoken, own, &site, &arena, &json);
        status = answer(r, json);
    }
    ls_arena_free(&arena);
    return status;
}
