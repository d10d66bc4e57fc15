/* Acts on their way: composed and signed. */
#include "workspace/workspace.h"
#include <sodium.h>
#include <stdio.h>

#define EXPIRES_DEFAULT (7 * 86400) /* seconds; or the charter's limit, if that is less */

static bool is_named(ls_signers as, ls_bytes signer)
{
    for (size_t i = 0; i < as.count; i++) {
        if (ls_bytes_is(signer, as.name[i])) {
            return true;
        }
    }
    return false;
}

/* The line of this signer among those that the note has, or an empty slice. */
static ls_bytes line_of(const ls_act *act, ls_bytes signer)
{
    for (size_t i = 0; i < act->note.count; i++) {
        ls_bytes name = act->note.signature[i].name;
        size_t tail = name.len;
        while (tail > 0 && name.ptr[tail - 1] != '/') {
            tail--;
        }
        if (ls_bytes_equal(ls_bytes_of(name.ptr + tail, name.len - tail), signer)) {
            return act->note.signature[i].line;
        }
    }
    return (ls_bytes){0};
}

void ls_act_missing_signers(const ls_act *act, char *out, size_t cap)
{
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < act->signers.count; i++) {
        ls_bytes signer = act->signers.name[i];
        if (line_of(act, signer).len == 0 && used + signer.len + 2 < cap) {
            used += (size_t)snprintf(out + used, cap - used, "%s%.*s", used > 0 ? " " : "", (int)signer.len,
                                     (const char *)signer.ptr);
        }
    }
}

/* Signing. */

/* A vault that was left behind when its key was replaced elsewhere signs nothing that anybody accepts. */
static ls_result check_in_force(const ls_workspace *ws, ls_bytes signer, const ls_vkey *key, ls_detail *detail)
{
    const ls_party *p = ls_workspace_party(ws);
    ls_key_slot slot;
    if (p == NULL) {
        return LS_SUCCESS;
    }
    ls_charter *c = (ls_charter *)(uintptr_t)ls_record_charter(ws->record); /* looked at only */
    if (!ls_charter_slot(c, (size_t)(p - c->party), key->name, key->type, &slot) ||
        memcmp(slot.key->key, key->key, sizeof key->key) == 0) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "sign where the new key is, or put its vault here: vaults/%.*s.vault", (int)signer.len,
            (const char *)signer.ptr);
    return ls_fail_with(&ls_fault_workspace, detail,
                        "the key of %.*s that lies here is not the charter's: it was replaced (rekey)", (int)signer.len,
                        (const char *)signer.ptr);
}

static ls_result sign_line(ls_workspace *ws, ls_bytes signer, ls_bytes text, ls_buf *out, ls_detail *detail)
{
    ls_secret *seed = NULL;
    uint8_t public_key[LS_PUBLIC_KEY_SIZE];
    const ls_party *p = ls_workspace_party(ws);
    bool recovery = p != NULL && p->has_recovery && ls_bytes_equal(signer, ls_vkey_last(&p->recovery));
    LS_TRY(ls_workspace_unseal(ws, recovery ? LS_VAULT_RECOVERY : LS_VAULT_SIGNER, signer, &seed, detail));
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    ls_result r = secret_key == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        char name[LS_KEY_NAME_MAX + 1];
        ls_vkey key;
        ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
        snprintf(name, sizeof name, "%.*s/%.*s", (int)ws->domain.len, (const char *)ws->domain.ptr, (int)signer.len,
                 (const char *)signer.ptr);
        ls_vkey_make(ls_bytes_str(name), LS_KEY_ED25519, public_key, &key);
        r = check_in_force(ws, signer, &key, detail);
        if (ls_succeeded(r)) {
            ls_note_sign(out, text, &key, secret_key);
        }
    }
    sodium_free(secret_key);
    ls_secret_free(seed);
    return r;
}

static bool vault_here(const ls_workspace *ws, ls_bytes signer)
{
    char path[4096];
    return ls_succeeded(ls_workspace_path(ws, path, "vaults/%.*s.vault", (int)signer.len, (const char *)signer.ptr)) &&
           ls_file_exists(path);
}

static ls_result sign_all(ls_workspace *ws, const ls_act *act, ls_signers as, ls_buf *lines, unsigned *added,
                          ls_detail *detail)
{
    for (size_t i = 0; i < act->signers.count; i++) {
        ls_bytes signer = act->signers.name[i];
        ls_bytes line = line_of(act, signer);
        if (line.len > 0) {
            ls_buf_put_bytes(lines, line);
        } else if ((as.count == 0 || is_named(as, signer)) && vault_here(ws, signer)) {
            LS_TRY(sign_line(ws, signer, act->note.text, lines, detail));
            ++*added;
        }
    }
    return ls_buf_check(lines);
}

ls_result ls_workspace_sign(ls_workspace *ws, ls_buf *note, ls_signers as, unsigned *added, ls_detail *detail)
{
    ls_act act;
    ls_buf lines = {0}, whole = {0};
    *added = 0;
    LS_TRY(ls_act_parse(ls_buf_bytes(note), true, &act, detail));
    if (!act.exercise && ws->exercise) {
        ls_hint(detail, "make a workspace for the real process: lockstep init without --exercise");
        return ls_fail_with(&ls_fault_vault_open, detail, "this workspace signs only in exercises");
    }
    ls_result r = sign_all(ws, &act, as, &lines, added, detail);
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(&whole, act.note.text);
        if (lines.len > 0) {
            ls_buf_put_str(&whole, "\n");
            ls_buf_put_bytes(&whole, ls_buf_bytes(&lines));
        }
        r = ls_buf_check(&whole);
    }
    ls_buf_free(&lines);
    if (ls_failed(r)) {
        ls_buf_free(&whole);
        return r;
    }
    ls_buf_free(note);
    *note = whole;
    return LS_SUCCESS;
}

/* Composing a chained act. */

static ls_result check_named(const ls_party *p, ls_signers as, ls_detail *detail)
{
    for (size_t i = 0; i < as.count; i++) {
        if (ls_party_signer(p, ls_bytes_str(as.name[i])) == NULL) {
            ls_hint(detail, "lockstep charter show lists the signers");
            return ls_fail_with(&ls_fault_usage, detail, "%.60s is not a signer of %.*s", as.name[i], (int)p->name.len,
                                (const char *)p->name.ptr);
        }
    }
    return LS_SUCCESS;
}

/* A delegate's workspace has one key, which signs nothing; a delegation's, whose signers are all elsewhere, its seed.
 */
static ls_result check_signs(const ls_workspace *ws, const ls_party *p, ls_detail *detail)
{
    bool signs = vault_here(ws, ls_bytes_str("delegation")) || vault_here(ws, ls_bytes_str("recovery"));
    for (size_t i = 0; i < p->signer_count; i++) {
        signs = signs || vault_here(ws, p->signer[i].name);
    }
    if (signs) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "acts are made in the delegation's own workspace");
    return ls_fail_with(&ls_fault_workspace, detail, "this workspace only reads: no key of a signer of %.*s is here",
                        (int)p->name.len, (const char *)p->name.ptr);
}

/* For changes of keys one key may sign alone (record/signatures.c): the recovery key, or the one that ends itself. */
static bool signs_alone(const ls_party *p, const char *kind, ls_signers as, const ls_act_draft *act)
{
    ls_vkey ends;
    bool ending = strcmp(kind, "revoke") == 0;
    if (as.count != 1 || (!ending && strcmp(kind, "rekey") != 0)) {
        return false;
    }
    return (p->has_recovery && ls_bytes_is(ls_vkey_last(&p->recovery), as.name[0])) ||
           (ending && ls_succeeded(ls_vkey_parse(ls_buf_bytes(&act->value[LS_H_KEY]), &ends)) &&
            ls_bytes_is(ls_vkey_last(&ends), as.name[0]));
}

/* Those who are named, and as many others, in the charter's order, as the threshold still asks for: these add their
 * signatures later. */
static ls_result choose_signers(const ls_workspace *ws, const char *kind, ls_signers as, ls_act_draft *act,
                                ls_detail *detail)
{
    const ls_party *p = ls_workspace_party(ws);
    ls_time stamped = ls_record_time(ws->record);
    size_t wanted = ls_act_threshold(p, ls_bytes_str(kind)), named = 0, others = 0;
    ls_buf names = {0};
    if (signs_alone(p, kind, as, act)) {
        ls_act_draft_set(act, LS_H_SIGNERS, "%s", as.name[0]);
        return LS_SUCCESS;
    }
    LS_TRY(check_signs(ws, p, detail));
    LS_TRY(check_named(p, as, detail));
    for (size_t i = 0; i < p->signer_count; i++) {
        named += is_named(as, p->signer[i].name);
    }
    for (size_t i = 0; i < p->signer_count; i++) {
        bool mine = is_named(as, p->signer[i].name);
        if (!mine && (named + others >= wanted || p->signer[i].until < stamped)) {
            continue;
        }
        others += !mine;
        ls_buf_put_str(&names, names.len > 0 ? " " : "");
        ls_buf_put_bytes(&names, p->signer[i].name);
    }
    ls_result r = ls_buf_check(&names);
    if (ls_succeeded(r)) {
        ls_act_draft_set(act, LS_H_SIGNERS, "%s", ls_buf_cstr(&names));
    }
    ls_buf_free(&names);
    return r;
}

/* When an act that is made now ends: as told, or after a week, within the charter's limit. */
static ls_result choose_end(const ls_workspace *ws, ls_time now, ls_time *out, ls_detail *detail)
{
    int64_t limit = ls_record_charter(ws->record)->expires_limit;
    ls_duration d;
    if (ws->expires == NULL) {
        *out = now + (limit < EXPIRES_DEFAULT ? limit : EXPIRES_DEFAULT);
        return LS_SUCCESS;
    }
    if (ls_duration_parse(ls_bytes_str(ws->expires), &d) && ls_duration_seconds(d) > 0) {
        *out = now + ls_duration_seconds(d);
    } else if (!ls_time_parse(ls_bytes_str(ws->expires), out)) {
        ls_hint(detail, "hours, days or weeks, or a time: --expires \"36 hours\", --expires 2018-10-09T08:00:00Z");
        return ls_fail_with(&ls_fault_usage, detail, "\"%.60s\" says not how long an act may be filed", ws->expires);
    }
    if (*out > now && *out - now <= limit) {
        return LS_SUCCESS;
    }
    bool days = limit % 86400 == 0;
    ls_hint(detail, "the charter lets an act be filed for %lld %s at most (expires-limit)",
            (long long)(limit / (days ? 86400 : 3600)), days ? "days" : "hours");
    return *out > now ? ls_fail_with(&ls_fault_usage, detail, "an act may not live for so long")
                      : ls_fail_with(&ls_fault_usage, detail,
                                     "an act that expires at %.60s could not be filed any more", ws->expires);
}

ls_result ls_workspace_check_terms(ls_workspace *ws, ls_detail *detail)
{
    ls_time now, end;
    ls_bytes name = {0};
    LS_TRY(ls_workspace_now(ws, &now, detail));
    LS_TRY(choose_end(ws, now, &end, detail));
    if (ws->unless_acted == NULL) {
        return LS_SUCCESS;
    }
    ls_reader r = ls_reader_of(ls_bytes_str(ws->unless_acted));
    do {
        (void)ls_read_until(&r, ' ', &name); /* of an empty text nothing, which is no name either */
        if (ls_charter_party(ls_record_charter(ws->record), name) == NULL) {
            ls_hint(detail, "names of parties, with spaces between them; lockstep charter show lists them");
            return ls_fail_with(&ls_fault_usage, detail, "--unless-acted: \"%.*s\" is no party",
                                (int)(name.len < 60 ? name.len : 60), (const char *)name.ptr);
        }
    } while (!ls_reader_done(&r));
    return LS_SUCCESS;
}

static ls_result set_chain(ls_workspace *ws, ls_act_draft *act, ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE], time[LS_TIME_SIZE];
    const ls_record *r = ws->record;
    const ls_charter *c = ls_record_charter(r);
    const ls_outbox *outbox;
    uint64_t seq;
    ls_hash prev, root;
    ls_time now, end;
    LS_TRY(ls_workspace_now(ws, &now, detail));
    LS_TRY(choose_end(ws, now, &end, detail));
    /* The chain goes on from what waits in the outbox; the head is what was verified. */
    LS_TRY(ls_workspace_outbox(ws, &outbox, detail));
    ls_record_next(outbox->ahead != NULL ? outbox->ahead : r, (size_t)(ls_workspace_party(ws) - c->party), &seq, &prev);
    ls_act_draft_set(act, LS_H_SEQ, "%llu", (unsigned long long)seq);
    ls_hash_format(&prev, hex);
    ls_act_draft_set(act, LS_H_PREV, "%s", hex);

    ls_buf head = {0};
    uint64_t verified = ls_replica_size(ws->replica); /* under a checkpoint: the record may go on for a bit */
    ls_record_root(r, verified, &root);
    ls_buf_format(&head, "%llu ", (unsigned long long)verified);
    ls_buf_put_base64(&head, ls_bytes_of(root.b, sizeof root.b));
    ls_act_draft_set(act, LS_H_HEAD, "%s", ls_buf_cstr(&head));
    ls_buf_free(&head);

    ls_time_format(now, time);
    ls_act_draft_set(act, LS_H_AT, "%s", time);
    ls_time_format(end, time);
    ls_act_draft_set(act, LS_H_EXPIRES, "%s", time);
    if (ws->unless_acted != NULL) {
        ls_act_draft_set(act, LS_H_UNLESS_ACTED, "%s", ws->unless_acted);
    }
    return LS_SUCCESS;
}

static ls_result compose(ls_workspace *ws, const char *kind, ls_act_draft *act, ls_signers as, ls_buf *text,
                         ls_detail *detail)
{
    char hex[LS_HEX_HASH_SIZE];
    if (ls_workspace_party(ws) == NULL) {
        return ls_workspace_no_process(ws, detail);
    }
    LS_TRY(ls_workspace_check_restored(ws, detail));
    act->exercise = ls_record_charter(ws->record)->exercise;
    ls_act_draft_set(act, LS_H_ACT, "%s", kind);
    ls_hash_format(&ws->process, hex);
    ls_act_draft_set(act, LS_H_PROCESS, "%s", hex);
    ls_act_draft_set(act, LS_H_BY, "%.*s", (int)ws->party.len, (const char *)ws->party.ptr);
    LS_TRY(choose_signers(ws, kind, as, act, detail));
    LS_TRY(set_chain(ws, act, detail));
    return ls_workspace_write_act(act, text, detail);
}

ls_result ls_workspace_write_act(const ls_act_draft *act, ls_buf *out, ls_detail *detail)
{
    ls_result r = ls_act_draft_finish(act, out, detail);
    return r.fault == &ls_fault_act_form ? ls_fail(&ls_fault_usage) : r;
}

ls_result ls_workspace_act(ls_workspace *ws, const char *kind, ls_act_draft *act, ls_signers as, ls_draft *draft,
                           ls_filed *out, ls_detail *detail)
{
    unsigned added;
    LS_TRY(compose(ws, kind, act, as, &draft->note, detail));
    LS_TRY(ls_workspace_sign(ws, &draft->note, as, &added, detail));
    return ls_workspace_file(ws, draft, out, detail);
}
