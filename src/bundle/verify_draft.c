/* Drafts: an act on its way, with the signatures it has so far. Nothing here says that it is on any record. */
#include "bundle/verifier.h"

/* The key of one of the act's signers; false if the charter has no such signer of the acting parties. */
static bool find_key(const ls_charter *c, const ls_act *act, ls_bytes signer, ls_vkey *out)
{
    for (size_t p = 0; p < act->by.count; p++) {
        const ls_party *party = ls_charter_party(c, act->by.name[p]);
        const ls_signer *found = party == NULL ? NULL : ls_party_signer(party, signer);
        if (found != NULL) {
            *out = found->key;
            return true;
        }
    }
    return false;
}

/* The part of a key's name after its last '/': the signer. */
static ls_bytes signer_of(const ls_note_signature *s)
{
    size_t start = s->name.len;
    while (start > 0 && s->name.ptr[start - 1] != '/') {
        start--;
    }
    return ls_bytes_of(s->name.ptr + start, s->name.len - start);
}

static const ls_note_signature *find_signature(const ls_act *act, ls_bytes signer)
{
    for (size_t i = 0; i < act->note.count; i++) {
        if (ls_bytes_equal(signer_of(&act->note.signature[i]), signer)) {
            return &act->note.signature[i];
        }
    }
    return NULL;
}

/* One signature by itself, so that each is told apart. */
static bool signature_holds(const ls_act *act, const ls_note_signature *s, const ls_vkey *key)
{
    ls_note one = {.text = act->note.text, .count = 1};
    ls_note_verdict verdict;
    one.signature[0] = *s;
    return ls_succeeded(ls_note_verify(&one, key, 1, &verdict));
}

static void check_signer(ls_verifier *v, const char *subject, const ls_act *act, ls_bytes signer)
{
    const ls_note_signature *s = find_signature(act, signer);
    ls_vkey key;
    ls_finding_level level = LS_FINDING_NOTE;
    const char *text = "has not signed yet";
    if (v->charter != NULL && !find_key(v->charter, act, signer, &key)) {
        level = LS_FINDING_FAILED;
        text = "is not a signer of the parties that act";
    } else if (s != NULL && v->charter == NULL) {
        text = "has signed; the signature can't be checked, as the charter is not in this file";
    } else if (s != NULL) {
        bool holds = signature_holds(act, s, &key);
        level = holds ? LS_FINDING_OK : LS_FINDING_FAILED;
        text = holds ? "has signed" : "has a signature line that does not verify";
    }
    ls_report_add(v->report, level, subject, "%.*s %s", (int)signer.len, signer.ptr, text);
}

/* A draft of a charter brings the charter along; for any other act, only its process is known. */
static ls_result take_charter(ls_verifier *v, const ls_act *act)
{
    if (!ls_bytes_is(act->kind, "charter")) {
        v->report->charter = act->process;
        v->report->anchored = v->anchor != NULL && ls_hash_equal(v->anchor, &act->process);
        if (v->anchor != NULL && !v->report->anchored) {
            ls_report_add(v->report, LS_FINDING_FAILED, "charter", "the act belongs to another process");
        }
        return LS_SUCCESS;
    }
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        ls_bytes json;
        const ls_charter *c = NULL;
        if (ls_bytes_is(a->file_name, "charter.json") &&
            ls_succeeded(v->fetch.fetch(v->fetch.context, &a->hash, a->size, v->arena, &json))) {
            LS_TRY(ls_verify_read_charter(v->arena, json, &c));
        }
        if (c != NULL) {
            return ls_verify_charter(v, &act->id, json);
        }
    }
    ls_report_add(v->report, LS_FINDING_FAILED, "charter", "charter.json is missing, or not a charter");
    return LS_SUCCESS;
}

static ls_result check_attachments(ls_verifier *v, const char *subject, const ls_act *act)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        ls_bytes content;
        ls_result r = v->fetch.fetch(v->fetch.context, &a->hash, UINT64_MAX, v->arena, &content);
        bool whole = ls_succeeded(r) && content.len == a->size;
        ls_finding_level level =
            whole ? LS_FINDING_OK : (r.fault == &ls_fault_absent ? LS_FINDING_NOTE : LS_FINDING_FAILED);
        ls_report_add(v->report, level, subject, "the attachment %.*s %s", (int)a->file_name.len, a->file_name.ptr,
                      whole ? "is here and whole"
                            : (r.fault == &ls_fault_absent ? "is not here" : "is not the one that the act names"));
    }
    return LS_SUCCESS;
}

ls_result ls_verify_draft(ls_verifier *v)
{
    const ls_member *m = ls_verify_take(v, "act.note");
    ls_act act;
    ls_detail detail = {0};
    if (m == NULL || ls_failed(ls_act_parse(m->content, true, &act, &detail))) {
        ls_report_add(v->report, LS_FINDING_FAILED, "act.note", "%s",
                      m == NULL ? "it is missing" : (detail.text[0] != 0 ? detail.text : "it is not an act"));
        return LS_SUCCESS;
    }
    const char *subject = ls_arena_format(v->arena, "draft (%.*s by %.*s)", (int)act.kind.len, act.kind.ptr,
                                          (int)act.raw[LS_H_BY].len, act.raw[LS_H_BY].ptr);
    subject = subject == NULL ? "draft" : subject;
    v->report->exercise = act.exercise;
    LS_TRY(take_charter(v, &act));
    v->report->exercise = act.exercise;
    for (size_t i = 0; i < act.signers.count; i++) {
        check_signer(v, subject, &act, act.signers.name[i]);
    }
    LS_TRY(check_attachments(v, subject, &act));
    ls_report_add(v->report, LS_FINDING_NOTE, subject, "this says nothing about whether it is on any record");
    return LS_SUCCESS;
}
