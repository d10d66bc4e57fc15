/* Files that the reader brings: judged as lockstep-verify judges them, and told in its words. */
#include "browser/answer.h"
#include "browser/browser.h"
#include "browser/session.h"
#include "show/report.h"

/* What lockstep-verify says of a file that it can't judge at all. */
static int cannot_judge(ls_result r, const ls_detail *detail)
{
    char text[sizeof detail->text + 256];
    snprintf(text, sizeof text, "%s%s%s", r.fault->sentence, detail->text[0] == 0 ? "" : ": ", detail->text);
    json_t *json = json_pack("{s:o, s:o}", "error", ls_show_text_json(text), "hint", ls_show_text_json(detail->hint));
    return ls_answer_json(json) ? (int)r.fault->class : WEB_MEMORY;
}

static ls_result verify(ls_arena *arena, ls_bytes file, const ls_hash *charter, ls_report *report, ls_detail *detail)
{
    const ls_session *s = ls_session_now();
    if (ls_verify_is_proof(file)) {
        const ls_trust trust = {.charter = charter, .record = s->holds ? s->record : NULL};
        return ls_verify_proof(arena, file, &trust, report, detail);
    }
    return ls_verify_bundle(arena, file, charter, NULL, NULL, report, detail);
}

/* The name "-": as of a file on standard input. */
static int judge(ls_arena *arena, ls_bytes file, const ls_hash *charter)
{
    ls_report report = {0};
    ls_detail detail = {0};
    ls_result r = verify(arena, file, charter, &report, &detail);
    if (ls_failed(r)) {
        return cannot_judge(r, &detail);
    }
    if (!ls_answer_json(ls_show_report_json("-", &report))) {
        return WEB_MEMORY;
    }
    return report.failed ? LS_CLASS_INVALID : WEB_OK;
}

int web_verify(const uint8_t *ptr, size_t len, const char *charter, size_t charter_len)
{
    ls_arena arena = {0};
    ls_hash fingerprint;
    ls_answer_nothing();
    if (charter_len > 0 && !ls_hash_parse(ls_bytes_of(charter, charter_len), &fingerprint)) {
        return LS_CLASS_USAGE;
    }
    int status = judge(&arena, ls_bytes_of(ptr, len), charter_len > 0 ? &fingerprint : NULL);
    ls_arena_free(&arena);
    return status;
}
