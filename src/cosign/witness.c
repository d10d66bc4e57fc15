/* A C2SP witness: requests and answers as bytes. */
#include "cosign/witness.h"
#include "crypto/crypto.h"
#include <inttypes.h>
#include <stdio.h>

#define PLAIN "text/plain; charset=utf-8"

void ls_cosign_refuse(ls_cosign_answer *answer, unsigned status, const char *code, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    answer->status = status;
    answer->content_type = PLAIN;
    answer->body.len = 0;
    ls_buf_format(&answer->body, "%s\n%s\n", code, text);
}

void ls_cosign_fail(ls_cosign_answer *answer, ls_result r, const ls_detail *detail)
{
    bool ours = r.fault->class == LS_CLASS_BUG;
    ls_cosign_refuse(answer, ours ? 500 : 503, r.fault->code, "%s",
                     detail->text[0] != '\0' ? detail->text : r.fault->sentence);
}

/* How far the witness is: what a log needs to know for its next request. */
static void answer_size(ls_cosign_answer *answer, uint64_t size)
{
    answer->status = 409;
    answer->content_type = LS_TLOG_SIZE_TYPE;
    answer->body.len = 0;
    ls_buf_format(&answer->body, "%" PRIu64 "\n", size);
}

/* The checks of a request, in the order in which the specification has them. Each answers and gives false, or lets the
 * next one go on. */
typedef struct check {
    const ls_witness_options *w;
    const ls_add_checkpoint *request;
    ls_cosigned seen;
    ls_cosign_answer *answer;
} check;

static bool known_and_signed(check *c)
{
    ls_vkey keys[LS_WITNESS_KEYS_MAX];
    ls_note_verdict verdict;
    size_t count = c->w->trusted(c->w->context, c->request->head.origin, keys);
    if (count == 0) {
        ls_cosign_refuse(c->answer, 404, "origin-unknown", "no log of this origin is followed here");
        return false;
    }
    if (ls_failed(ls_note_verify(&c->request->note, keys, count, &verdict))) {
        ls_cosign_refuse(c->answer, 403, "checkpoint-signature",
                         "the checkpoint carries no valid signature of its log");
        return false;
    }
    return true;
}

static bool old_possible(check *c)
{
    if (c->request->old > c->request->head.size) {
        ls_cosign_refuse(c->answer, 400, "old-size", "the old size lies beyond the checkpoint's");
        return false;
    }
    return true;
}

static bool old_recorded(check *c)
{
    ls_detail detail = {0};
    ls_result r = ls_cosign_state_last(c->w->state, c->request->head.origin, &c->seen, NULL, &detail);
    if (ls_failed(r)) {
        ls_cosign_fail(c->answer, r, &detail);
        return false;
    }
    if (c->request->old != c->seen.size) {
        answer_size(c->answer, c->seen.size);
        return false;
    }
    return true;
}

/* From no entries there is nothing to prove; to the same size the roots themselves are compared. */
static bool consistent(check *c)
{
    const ls_add_checkpoint *q = c->request;
    ls_hash empty;
    ls_merkle_empty(&empty);
    bool holds = q->head.size > 0 || ls_hash_equal(&q->head.root, &empty);
    if (q->old == 0 || q->old == q->head.size) {
        holds = holds && q->proof_count == 0 && (q->old == 0 || ls_hash_equal(&q->head.root, &c->seen.root));
    } else {
        holds = ls_succeeded(
            ls_merkle_verify_consistency(q->old, q->head.size, q->proof, q->proof_count, &c->seen.root, &q->head.root));
    }
    if (!holds) {
        ls_cosign_refuse(c->answer, 422, "consistency", "the proof does not lead from what was cosigned to this");
    }
    return holds;
}

static bool permitted(check *c)
{
    if (c->seen.stopped) {
        ls_cosign_refuse(c->answer, 403, ls_fault_cosign_stopped.code, "%s", ls_fault_cosign_stopped.sentence);
        return false;
    }
    return c->w->permit == NULL || c->w->permit(c->w->context, c->request, c->answer);
}

static void cosign(check *c)
{
    ls_detail detail = {0};
    ls_buf line = {0};
    ls_result r = ls_witness_cosign(c->w, c->request->checkpoint, &c->seen, &line, &detail);
    if (ls_succeeded(r)) {
        c->answer->status = 200;
        c->answer->content_type = PLAIN;
        c->answer->body.len = 0;
        ls_buf_put_bytes(&c->answer->body, ls_buf_bytes(&line));
    } else if (r.fault == &ls_fault_cosign_stopped) {
        ls_cosign_refuse(c->answer, 403, r.fault->code, "%s", r.fault->sentence);
    } else if (r.fault != &ls_fault_cosign_moved) {
        ls_cosign_fail(c->answer, r, &detail);
    } else if (old_recorded(c)) {
        /* Another request was faster and left the size as it was: then its root is another. */
        ls_cosign_refuse(c->answer, 422, "consistency", "another checkpoint of this size was cosigned");
    }
    ls_buf_free(&line);
}

void ls_witness_add_checkpoint(const ls_witness_options *w, ls_bytes body, ls_cosign_answer *answer)
{
    static bool (*const checks[])(check *) = {known_and_signed, old_possible, old_recorded, consistent, permitted};
    ls_add_checkpoint request;
    if (ls_failed(ls_add_checkpoint_parse(body, &request))) {
        ls_cosign_refuse(answer, 400, ls_fault_add_checkpoint_form.code, "%s", ls_fault_add_checkpoint_form.sentence);
        return;
    }
    check c = {.w = w, .request = &request, .answer = answer};
    for (size_t i = 0; i < sizeof checks / sizeof checks[0]; i++) {
        if (!checks[i](&c)) {
            return;
        }
    }
    cosign(&c);
}

static void sign_line(const ls_witness_options *w, ls_bytes text, ls_time now, ls_buf *line)
{
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    ls_ed25519_keypair(ls_secret_bytes(w->seed), public_key, secret_key);
    ls_note_cosign(line, text, w->key, (uint64_t)now, secret_key);
    ls_wipe(secret_key, sizeof secret_key);
}

/* What is kept and shown: the checkpoint with its log's signatures and our cosignature; a line of ours that came with
 * it is left out, as one key signs a note once. */
static void put_cosigned(const ls_witness_options *w, const ls_note *note, ls_bytes line, ls_buf *out)
{
    ls_buf_put_bytes(out, note->text);
    ls_buf_put_u8(out, '\n');
    for (size_t i = 0; i < note->count; i++) {
        const ls_note_signature *s = &note->signature[i];
        if (!ls_bytes_is(s->name, w->key->name) || memcmp(s->id, w->key->id, LS_KEY_ID_SIZE) != 0) {
            ls_buf_put_bytes(out, s->line);
        }
    }
    ls_buf_put_bytes(out, line);
}

ls_result ls_witness_cosign(const ls_witness_options *w, ls_bytes note, const ls_cosigned *seen, ls_buf *line,
                            ls_detail *detail)
{
    ls_note parsed;
    ls_checkpoint head;
    LS_TRY(ls_note_parse(note, &parsed));
    LS_TRY(ls_checkpoint_parse(parsed.text, &head));
    ls_buf own = {0}, whole = {0};
    ls_cosigned next = {.size = head.size, .root = head.root, .time = w->now(w->context)};
    sign_line(w, parsed.text, next.time, &own);
    put_cosigned(w, &parsed, ls_buf_bytes(&own), &whole);
    ls_result r = ls_buf_check(&whole);
    if (ls_succeeded(r)) {
        r = ls_cosign_state_advance(w->state, head.origin, seen, &next, ls_buf_bytes(&whole), detail);
    }
    /* Not before it is on disk. */
    if (ls_succeeded(r)) {
        ls_buf_put_bytes(line, ls_buf_bytes(&own));
        r = ls_buf_check(line);
    }
    ls_buf_free(&own);
    ls_buf_free(&whole);
    return r;
}
