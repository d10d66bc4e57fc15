/*
 * The sequencer: the one place that appends. Whoever holds the lock does, in this order:
 *
 *   1. replays what others have appended since,
 *   2. signs and publishes a checkpoint over entries that a killed process left without one,
 *   3. writes the stamps that are due,
 *   4. and for an act: finds that it is on record already, or checks it, commits it, and only then signs and publishes
 *      a checkpoint that covers it. Now it may be acknowledged. A stamp over it follows.
 *
 * An entry is committed before a root that covers it is signed: killed in between, a process leaves an entry that is
 * not acknowledged and that step 2 takes up, never two signed roots that contradict each other.
 */
#include "crypto/crypto.h"
#include "ledger/embedded.h"
#include <inttypes.h>
#include <stdio.h>

static ls_result damaged(ls_detail *detail, const char *what)
{
    ls_hint(detail, "restore the folder from a backup; what a party exported shows what it must hold");
    return ls_fail_with(&ls_fault_store_damaged, detail, "%s", what);
}

/* After a failure the record in memory may be ahead of what is on disk: it is made again when it is needed. */
static void forget(ls_embedded *l)
{
    ls_record_free(l->record);
    l->record = NULL;
}

/* Step 1 */

typedef struct replay {
    ls_embedded *ledger;
    uint64_t published; /* entries below are under a signed checkpoint, whose root is compared afterwards */
    ls_detail *detail;
} replay;

static ls_result replay_entry(void *context, uint64_t index, ls_bytes note)
{
    const replay *p = context;
    ls_detail why = {0};
    ls_record_check check = index < p->published ? LS_CHECK_TRUSTED : LS_CHECK_SIGNATURES;
    ls_result r = ls_record_append(p->ledger->record, note, check, &why);
    if (ls_succeeded(r)) {
        return r;
    }
    char what[sizeof why.text];
    snprintf(what, sizeof what, "entry %" PRIu64 " can't be replayed: %.400s", index,
             why.text[0] != '\0' ? why.text : r.fault->sentence);
    bool elsewhere = r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_absent;
    return elsewhere ? ls_fail_with(r.fault, p->detail, "%s", what) : damaged(p->detail, what);
}

/* The checkpoint that is published; size 0 if there is none. */
static ls_result read_published(const ls_embedded *l, ls_checkpoint *out, ls_detail *detail)
{
    ls_note note;
    ls_note_verdict verdict;
    ls_checkpoint c = {0};
    if (l->checkpoint.len > 0) {
        if (ls_failed(ls_note_parse(ls_buf_bytes(&l->checkpoint), &note)) ||
            ls_failed(ls_note_verify(&note, &l->key, 1, &verdict)) || ls_failed(ls_checkpoint_parse(note.text, &c)) ||
            !ls_bytes_is(c.origin, l->key.name)) {
            return damaged(detail, "the published checkpoint is not signed by this ledger");
        }
    }
    *out = c;
    return LS_SUCCESS;
}

static ls_result replay_to(ls_embedded *l, uint64_t size, const ls_checkpoint *published, ls_detail *detail)
{
    ls_hash root;
    replay p = {l, published->size, detail};
    if (size < ls_record_size(l->record) || size < published->size) {
        return damaged(detail, "entries that were there before are gone");
    }
    LS_TRY(l->store->methods->read(l->store, ls_record_size(l->record), size, replay_entry, &p, detail));
    ls_record_root(l->record, published->size, &root);
    if (published->size > 0 && !ls_hash_equal(&root, &published->root)) {
        return damaged(detail, "the entries do not lead to the root that was signed");
    }
    return LS_SUCCESS;
}

static ls_result catch_up(ls_embedded *l, ls_checkpoint *published, ls_detail *detail)
{
    uint64_t size;
    if (l->record == NULL) {
        LS_TRY(ls_record_new((ls_fetch){ls_ledger_fetch_arena, l}, &l->record));
    }
    l->checkpoint.len = 0;
    LS_TRY(l->store->methods->head(l->store, &size, &l->checkpoint, detail));
    LS_TRY(read_published(l, published, detail));
    ls_result r = replay_to(l, size, published, detail);
    if (ls_failed(r)) {
        forget(l);
    }
    return r;
}

/* Signing. */

static void sign(const ls_embedded *l, ls_buf *note)
{
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    ls_bytes text = ls_buf_bytes(note);
    ls_buf signature = {0};
    ls_ed25519_keypair(ls_secret_bytes(l->seed), public_key, secret_key);
    ls_note_sign(&signature, text, &l->key, secret_key);
    ls_wipe(secret_key, sizeof secret_key);
    ls_buf_put_u8(note, '\n');
    ls_buf_put_bytes(note, ls_buf_bytes(&signature));
    note->failed |= signature.failed;
    ls_buf_free(&signature);
}

/* Signs and publishes a checkpoint over everything that is committed. */
static ls_result publish(ls_embedded *l, ls_detail *detail)
{
    ls_checkpoint c = {.origin = ls_bytes_str(l->key.name), .size = ls_record_size(l->record)};
    ls_record_root(l->record, c.size, &c.root);
    l->checkpoint.len = 0;
    ls_checkpoint_format(&c, &l->checkpoint);
    sign(l, &l->checkpoint);
    LS_TRY(ls_buf_check(&l->checkpoint));
    return l->store->methods->publish(l->store, c.size, ls_buf_bytes(&l->checkpoint), detail);
}

/* A ledger serves one process: the one whose charter names it. */
static ls_result check_charter(const ls_embedded *l, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(l->record);
    if (ls_bytes_is(c->origin, l->key.name) && memcmp(c->ledger.key, l->key.key, sizeof l->key.key) == 0 &&
        strcmp(c->ledger.name, l->key.name) == 0 && c->exercise == l->exercise) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "draw the charter up with this ledger's origin and key");
    return ls_fail_with(&ls_fault_refused, detail, "the charter names another ledger than %s", l->key.name);
}

/* Accepts an entry, commits it, and publishes a checkpoint over it. */
static ls_result append(ls_embedded *l, ls_bytes note, ls_record_check check, ls_detail *detail)
{
    uint64_t size = ls_record_size(l->record);
    LS_TRY(ls_record_append(l->record, note, check, detail));
    ls_result r = size == 0 ? check_charter(l, detail) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        r = l->store->methods->append(l->store, size, &note, 1, detail);
    }
    if (ls_failed(r)) {
        forget(l);
        return r;
    }
    return publish(l, detail);
}

/* Step 3 */

static ls_result make_stamp(const ls_embedded *l, ls_time time, ls_buf *out, ls_detail *detail)
{
    char process[LS_HEX_HASH_SIZE], text[LS_TIME_SIZE];
    ls_act_draft draft = {.exercise = ls_record_charter(l->record)->exercise};
    ls_hash_format(ls_record_process(l->record), process);
    ls_time_format(time, text);
    ls_act_draft_set(&draft, LS_H_ACT, "stamp");
    ls_act_draft_set(&draft, LS_H_PROCESS, "%s", process);
    ls_act_draft_set(&draft, LS_H_TIME, "%s", text);
    ls_buf_put_bytes(&draft.text, ls_buf_bytes(&l->checkpoint));
    ls_result r = ls_act_draft_finish(&draft, out, detail);
    ls_act_draft_free(&draft);
    if (ls_succeeded(r)) {
        sign(l, out);
        r = ls_buf_check(out);
    }
    return r;
}

static ls_result stamp_if_due(ls_embedded *l, ls_detail *detail)
{
    ls_time now;
    ls_buf stamp = {0};
    LS_TRY(ls_embedded_now(&l->base, &now, detail));
    if (!ls_record_stamp_due(l->record, now)) {
        return LS_SUCCESS;
    }
    /* Time on the record never goes back, whatever the clock does. */
    ls_time last = ls_record_time(l->record);
    ls_result r = make_stamp(l, now > last ? now : last, &stamp, detail);
    if (ls_succeeded(r)) {
        r = append(l, ls_buf_bytes(&stamp), LS_CHECK_SIGNATURES, detail);
    }
    ls_buf_free(&stamp);
    return r;
}

/* Steps 1 to 3, which come before anything else. */
static ls_result bring_up(ls_embedded *l, ls_detail *detail)
{
    ls_checkpoint published;
    LS_TRY(catch_up(l, &published, detail));
    if (published.size < ls_record_size(l->record)) {
        LS_TRY(publish(l, detail));
    }
    return stamp_if_due(l, detail);
}

/* Step 4 */

/* An act whose stamp would find it lapsed must not be acknowledged as if it had an effect. */
static ls_result refuse_lapsed(ls_embedded *l, const ls_act *act, ls_detail *detail)
{
    ls_time now;
    LS_TRY(ls_embedded_now(&l->base, &now, detail));
    if (now <= (act->shape == LS_SHAPE_JOINT ? act->open_until : act->expires)) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "make it again");
    return ls_fail_with(&ls_fault_refused, detail, "it came too late: by the ledger's clock it has lapsed");
}

static ls_result submit_locked(ls_embedded *l, ls_bytes note, const ls_act *act, ls_receipt *out, ls_detail *detail)
{
    uint64_t index;
    LS_TRY(bring_up(l, detail));
    if (ls_record_find(l->record, &act->id, &index)) {
        *out = (ls_receipt){index, true};
        return LS_SUCCESS;
    }
    LS_TRY(ls_record_accept(l->record, act, LS_CHECK_SIGNATURES, detail));
    LS_TRY(refuse_lapsed(l, act, detail));
    LS_TRY(ls_embedded_check_attachments(l, act, detail));
    index = ls_record_size(l->record);
    LS_TRY(append(l, note, LS_CHECK_TRUSTED, detail)); /* its signatures were verified just now */
    *out = (ls_receipt){index, false};
    /* The act is on record whatever happens to its stamp: whoever comes next writes one that is missing. */
    ls_result stamped = stamp_if_due(l, NULL);
    (void)stamped;
    return LS_SUCCESS;
}

static ls_result take_lock(const ls_embedded *l, ls_lock *lock, ls_detail *detail)
{
    char path[LS_LEDGER_PATH_SIZE];
    LS_TRY(ls_embedded_path(l->folder, LS_LEDGER_LOCK, path, detail));
    return ls_lock_take(path, lock, detail);
}

ls_result ls_embedded_submit(ls_ledger *ledger, ls_bytes note, ls_receipt *out, ls_detail *detail)
{
    ls_embedded *l = (ls_embedded *)ledger;
    ls_lock lock;
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, detail));
    LS_TRY(take_lock(l, &lock, detail));
    ls_result r = submit_locked(l, note, &act, out, detail);
    ls_unlock(&lock);
    return r;
}

ls_result ls_embedded_tick(ls_ledger *ledger, ls_detail *detail)
{
    ls_embedded *l = (ls_embedded *)ledger;
    ls_lock lock;
    LS_TRY(take_lock(l, &lock, detail));
    ls_result r = bring_up(l, detail);
    ls_unlock(&lock);
    return r;
}
