/* Pages, rendered again from the session's record. */
#include "browser/answer.h"
#include "browser/browser.h"
#include "browser/session.h"
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

static int answer(ls_result r, const char *title, const ls_buf *html)
{
    if (ls_failed(r)) {
        return r.fault == &ls_fault_memory ? WEB_MEMORY : WEB_REFUSED;
    }
    json_t *json = json_pack("{s:o, s:o}", "title", ls_show_text_json(title), "html",
                             json_stringn((const char *)html->ptr, html->len));
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
        status = answer(ls_failed(r) ? r : ls_buf_check(&html), title, &html);
    }
    ls_buf_free(&html);
    ls_arena_free(&arena);
    return status;
}
