/*
 * The sequencer, over any store. The order of steps stands in sequencer.h. What is in memory, the record and the head,
 * is what the store holds; after any failure of the store that is in doubt, and both are forgotten and read again.
 */
#include "ledger/sequencer.h"
#include "crypto/crypto.h"
#include "ledger/attachments.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

struct ls_sequencer {
    ls_store *store;
    const ls_vkey *key; /* its name is the origin */
    uint8_t *secret_key;
    ls_ledger_clock clock;
    bool exercise; /* the origin says so */
    uint64_t epoch;
    ls_record *record;            /* NULL: nothing yet, or in doubt after a failure */
    ls_store_head head;           /* as published, while the record is there */
    const ls_submission *current; /* the one being judged, whose files count as present */
};

/* What is about to be appended. */
typedef struct batch {
    ls_bytes *note;
    ls_hash *root;
    ls_sequencer_item **item; /* NULL: a stamp */
    size_t count;
    ls_buf stamp;
} batch;

static ls_result damaged(ls_detail *detail, const char *what)
{
    ls_hint(detail, "restore the folder from a backup; what a party exported shows what it must hold");
    return ls_fail_with(&ls_fault_store_damaged, detail, "%s", what);
}

/* An ls_fetch for the record: what came along with the act that is judged, then what the store has. */
static ls_result fetch(void *context, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    const ls_sequencer *s = context;
    const struct ls_submitted_file *f = s->current == NULL ? NULL : ls_submission_file(s->current, hash);
    return f != NULL ? ls_submitted_read(f, limit, arena, out)
                     : ls_store_fetch_arena(s->store, hash, limit, arena, out);
}

ls_result ls_sequencer_new(ls_store *store, const ls_vkey *key, const ls_secret *seed, ls_ledger_clock clock,
                           ls_sequencer **out)
{
    uint8_t public_key[LS_PUBLIC_KEY_SIZE];
    ls_sequencer *s = calloc(1, sizeof *s);
    uint8_t *secret_key = sodium_malloc(LS_SECRET_KEY_SIZE);
    if (s == NULL || secret_key == NULL) {
        free(s);
        sodium_free(secret_key);
        return ls_fail(&ls_fault_memory);
    }
    ls_ed25519_keypair(ls_secret_bytes(seed), public_key, secret_key);
    *s = (ls_sequencer){.store = store,
                        .key = key,
                        .secret_key = secret_key,
                        .clock = clock,
                        .exercise = ls_bytes_starts(ls_bytes_str(key->name), "exercise.")};
    *out = s;
    return LS_SUCCESS;
}

static void forget(ls_sequencer *s)
{
    ls_record_free(s->record);
    s->record = NULL;
    ls_store_head_free(&s->head);
}

void ls_sequencer_free(ls_sequencer *s)
{
    if (s == NULL) {
        return;
    }
    forget(s);
    sodium_free(s->secret_key); /* which wipes it */
    free(s);
}

const ls_record *ls_sequencer_record(const ls_sequencer *s)
{
    return s->record;
}

/* Whether checkpoints count as final as soon as they are signed and on disk. */
static bool quorum_none(const ls_sequencer *s)
{
    const ls_charter *c = s->record == NULL ? NULL : ls_record_charter(s->record);
    return c == NULL || c->quorum_none;
}

ls_bytes ls_sequencer_checkpoint(const ls_sequencer *s, ls_which_checkpoint which)
{
    return ls_buf_bytes(which == LS_CHECKPOINT_LATEST || quorum_none(s) ? &s->head.latest : &s->head.final);
}

/* Step 1 */

typedef struct replay {
    ls_sequencer *sequencer;
    uint64_t published; /* entries below are under a signed checkpoint, whose root is compared afterwards */
    ls_detail *detail;
} replay;

static ls_result replay_entry(void *context, uint64_t index, ls_bytes note)
{
    const replay *p = context;
    ls_detail why = {0};
    ls_record_check check = index < p->published ? LS_CHECK_TRUSTED : LS_CHECK_SIGNATURES;
    ls_result r = ls_record_append(p->sequencer->record, note, check, &why);
    if (ls_succeeded(r)) {
        return r;
    }
    char what[sizeof why.text];
    snprintf(what, sizeof what, "entry %" PRIu64 " can't be replayed: %.400s", index,
             why.text[0] != '\0' ? why.text : r.fault->sentence);
    bool elsewhere = r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_absent;
    return elsewhere ? ls_fail_with(r.fault, p->detail, "%s", what) : damaged(p->detail, what);
}

/* A checkpoint that was published; size 0 if there is none. */
static ls_result read_published(const ls_sequencer *s, ls_bytes bytes, ls_checkpoint *out, ls_detail *detail)
{
    ls_note note;
    ls_note_verdict verdict;
    ls_checkpoint c = {0};
    if (bytes.len > 0) {
        if (ls_failed(ls_note_parse(bytes, &note)) || ls_failed(ls_note_verify(&note, s->key, 1, &verdict)) ||
            ls_failed(ls_checkpoint_parse(note.text, &c)) || !ls_bytes_is(c.origin, s->key->name)) {
            return damaged(detail, "the published checkpoint is not signed by this ledger");
        }
    }
    *out = c;
    return LS_SUCCESS;
}

/* Whether the record leads to a checkpoint's root. */
static bool leads_to(const ls_sequencer *s, const ls_checkpoint *c)
{
    ls_hash root;
    if (c->size == 0) {
        return true;
    }
    if (c->size > ls_record_size(s->record)) {
        return false;
    }
    ls_record_root(s->record, c->size, &root);
    return ls_hash_equal(&root, &c->root);
}

static ls_result replay_to(ls_sequencer *s, const ls_store_head *head, ls_detail *detail)
{
    ls_checkpoint latest, final;
    LS_TRY(read_published(s, ls_buf_bytes(&head->latest), &latest, detail));
    LS_TRY(read_published(s, ls_buf_bytes(&head->final), &final, detail));
    uint64_t known = ls_record_size(s->record);
    if (head->size < known || head->size < latest.size) {
        return damaged(detail, "entries that were there before are gone");
    }
    replay p = {s, latest.size, detail};
    LS_TRY(s->store->methods->read(s->store, known, head->size, replay_entry, &p, detail));
    if (!leads_to(s, &latest) || !leads_to(s, &final)) {
        return damaged(detail, "the entries do not lead to the root that was signed");
    }
    return LS_SUCCESS;
}

static ls_result catch_up(ls_sequencer *s, ls_detail *detail)
{
    if (s->record == NULL) {
        LS_TRY(ls_record_new((ls_fetch){fetch, s}, &s->record));
    }
    ls_result r = s->store->methods->head(s->store, &s->head, detail);
    if (ls_succeeded(r)) {
        r = replay_to(s, &s->head, detail);
    }
    if (ls_failed(r)) {
        forget(s);
    }
    return r;
}

/* Step 2: signing. */

static void sign(const ls_sequencer *s, ls_buf *note)
{
    ls_buf signature = {0};
    ls_note_sign(&signature, ls_buf_bytes(note), s->key, s->secret_key);
    ls_buf_put_u8(note, '\n');
    ls_buf_put_bytes(note, ls_buf_bytes(&signature));
    note->failed |= signature.failed;
    ls_buf_free(&signature);
}

/* Signs and publishes a checkpoint over everything that is committed. */
static ls_result publish(ls_sequencer *s, ls_detail *detail)
{
    ls_checkpoint c = {.origin = ls_bytes_str(s->key->name), .size = ls_record_size(s->record)};
    ls_record_root(s->record, c.size, &c.root);
    s->head.latest.len = 0;
    ls_checkpoint_format(&c, &s->head.latest);
    sign(s, &s->head.latest);
    ls_result r = ls_buf_check(&s->head.latest);
    if (ls_succeeded(r)) {
        r = s->store->methods->publish(s->store, s->epoch, c.size, ls_buf_bytes(&s->head.latest), detail);
    }
    if (ls_failed(r)) {
        forget(s);
    }
    return r;
}

static ls_result publish_if_behind(ls_sequencer *s, ls_detail *detail)
{
    ls_checkpoint latest;
    LS_TRY(read_published(s, ls_buf_bytes(&s->head.latest), &latest, detail));
    return latest.size < ls_record_size(s->record) ? publish(s, detail) : LS_SUCCESS;
}

/* Batches. */

static void batch_free(batch *b)
{
    free(b->note);
    free(b->root);
    free(b->item);
    ls_buf_free(&b->stamp);
}

/* Room for so many acts and a stamp. */
static ls_result batch_new(size_t acts, batch *out)
{
    batch b = {.note = calloc(acts + 1, sizeof *b.note),
               .root = calloc(acts + 1, sizeof *b.root),
               .item = calloc(acts + 1, sizeof *b.item)};
    if (b.note == NULL || b.root == NULL || b.item == NULL) {
        batch_free(&b);
        return ls_fail(&ls_fault_memory);
    }
    *out = b;
    return LS_SUCCESS;
}

/* Accepts a note into the record in memory and the batch. */
static ls_result take(ls_sequencer *s, batch *b, ls_bytes note, ls_sequencer_item *item, ls_record_check check,
                      ls_detail *detail)
{
    LS_TRY(ls_record_append(s->record, note, check, detail));
    b->note[b->count] = note;
    b->item[b->count] = item;
    ls_record_root(s->record, ls_record_size(s->record), &b->root[b->count]);
    b->count++;
    return LS_SUCCESS;
}

/* The files of what was accepted. */
static ls_result store_files(ls_sequencer *s, const batch *b, ls_detail *detail)
{
    for (size_t i = 0; i < b->count; i++) {
        const ls_submission *submission = b->item[i] == NULL ? NULL : &b->item[i]->submission;
        ls_act act;
        if (submission == NULL || submission->attachment_count == 0) {
            continue;
        }
        LS_TRY(ls_act_parse(submission->note, false, &act, detail));
        LS_TRY(ls_attachments_store(s->store, submission, &act, detail));
    }
    return LS_SUCCESS;
}

/* Stores the files, commits, and only then signs and publishes. */
static ls_result commit(ls_sequencer *s, const batch *b, ls_detail *detail)
{
    if (b->count == 0) {
        return LS_SUCCESS;
    }
    ls_result r = store_files(s, b, detail);
    if (ls_succeeded(r)) {
        r = s->store->methods->append(s->store, s->epoch, ls_record_size(s->record) - b->count, b->note, b->root,
                                      b->count, detail);
    }
    if (ls_failed(r)) {
        forget(s);
        return r;
    }
    s->head.size = ls_record_size(s->record);
    return publish(s, detail);
}

/* Step 3: stamps. */

static ls_result make_stamp(const ls_sequencer *s, ls_time time, ls_buf *out, ls_detail *detail)
{
    char process[LS_HEX_HASH_SIZE], text[LS_TIME_SIZE];
    ls_act_draft draft = {.exercise = s->exercise};
    ls_hash_format(ls_record_process(s->record), process);
    ls_time_format(time, text);
    ls_act_draft_set(&draft, LS_H_ACT, "stamp");
    ls_act_draft_set(&draft, LS_H_PROCESS, "%s", process);
    ls_act_draft_set(&draft, LS_H_TIME, "%s", text);
    ls_buf_put_bytes(&draft.text, ls_buf_bytes(&s->head.latest));
    ls_result r = ls_act_draft_finish(&draft, out, detail);
    ls_act_draft_free(&draft);
    if (ls_succeeded(r)) {
        sign(s, out);
        r = ls_buf_check(out);
    }
    return r;
}

/* Puts the stamp that is due over the latest checkpoint into an empty batch. */
static ls_result take_stamp(ls_sequencer *s, batch *b, ls_time now, ls_detail *detail)
{
    if (!ls_record_stamp_due(s->record, now)) {
        return LS_SUCCESS;
    }
    /* Time on the record never goes back, whatever the clock does. */
    ls_time last = ls_record_time(s->record);
    LS_TRY(make_stamp(s, now > last ? now : last, &b->stamp, detail));
    return take(s, b, ls_buf_bytes(&b->stamp), NULL, LS_CHECK_SIGNATURES, detail);
}

static ls_result not_leading(ls_detail *detail)
{
    return ls_fail_with(&ls_fault_store_conflict, detail, "this process does not lead the ledger");
}

ls_result ls_sequencer_tick(ls_sequencer *s, ls_detail *detail)
{
    batch b;
    ls_time now;
    if (s->record == NULL) {
        return not_leading(detail);
    }
    LS_TRY(s->clock.now(s->clock.context, &now, detail));
    LS_TRY(batch_new(0, &b));
    ls_result r = take_stamp(s, &b, now, detail);
    if (ls_succeeded(r)) {
        r = commit(s, &b, detail);
    }
    batch_free(&b);
    return r;
}

ls_result ls_sequencer_bring_up(ls_sequencer *s, uint64_t epoch, ls_detail *detail)
{
    s->epoch = epoch;
    LS_TRY(catch_up(s, detail));
    LS_TRY(publish_if_behind(s, detail));
    return ls_sequencer_tick(s, detail);
}

/* Step 4: acts. */

/* A ledger serves one process: the one whose charter names it. */
static ls_result check_charter(const ls_sequencer *s, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(s->record);
    if (ls_bytes_is(c->origin, s->key->name) && memcmp(c->ledger.key, s->key->key, sizeof s->key->key) == 0 &&
        strcmp(c->ledger.name, s->key->name) == 0 && c->exercise == s->exercise) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "draw the charter up with this ledger's origin and key");
    return ls_fail_with(&ls_fault_refused, detail, "the charter names another ledger than %s", s->key->name);
}

/* An act whose stamp would find it lapsed must not be acknowledged as if it had an effect. */
static ls_result refuse_lapsed(const ls_act *act, ls_time now, ls_detail *detail)
{
    if (now <= (act->shape == LS_SHAPE_JOINT ? act->open_until : act->expires)) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "make it again");
    return ls_fail_with(&ls_fault_refused, detail, "it came too late: by the ledger's clock it has lapsed");
}

/* The first entry decides whose ledger this is. It is in memory only, so it is undone by starting again. */
static ls_result take_charter(ls_sequencer *s, batch *b, ls_sequencer_item *item, ls_record_check check)
{
    ls_detail *detail = &item->outcome.detail;
    LS_TRY(take(s, b, item->submission.note, item, check, detail));
    ls_result r = check_charter(s, detail);
    if (ls_failed(r)) {
        ls_record *empty;
        LS_TRY(ls_record_new((ls_fetch){fetch, s}, &empty));
        ls_record_free(s->record);
        s->record = empty;
        b->count = 0;
    }
    return r;
}

static ls_result accept(ls_sequencer *s, batch *b, ls_sequencer_item *item, const ls_act *act, ls_time now)
{
    ls_detail *detail = &item->outcome.detail;
    ls_record_check check = LS_CHECK_SIGNATURES;
    if (act->shape == LS_SHAPE_STAMP) {
        return ls_fail_with(&ls_fault_refused, detail, "stamps are the ledger's own");
    }
    LS_TRY(refuse_lapsed(act, now, detail));
    if (act->attachment_count > 0) {
        /* What is not acceptable anyway is said first; and nothing is known here of files that were not signed for. */
        LS_TRY(ls_record_accept(s->record, act, check, detail));
        LS_TRY(ls_attachments_check(s->store, &item->submission, act, detail));
        check = LS_CHECK_TRUSTED;
    }
    return ls_record_size(s->record) == 0 ? take_charter(s, b, item, check)
                                          : take(s, b, item->submission.note, item, check, detail);
}

static ls_result take_item(ls_sequencer *s, batch *b, ls_sequencer_item *item, ls_time now)
{
    ls_act act;
    uint64_t index;
    LS_TRY(ls_act_parse(item->submission.note, false, &act, &item->outcome.detail));
    if (ls_record_find(s->record, &act.id, &index)) {
        item->outcome.receipt = (ls_receipt){index, true};
        return LS_SUCCESS;
    }
    s->current = &item->submission;
    ls_result r = accept(s, b, item, &act, now);
    s->current = NULL;
    if (ls_succeeded(r)) {
        item->outcome.receipt = (ls_receipt){ls_record_size(s->record) - 1, false};
    }
    return r;
}

/* Whatever was found of them one by one, without the store nothing is acknowledged. */
static void fail_all(ls_sequencer_item **items, size_t count, ls_result r)
{
    for (size_t i = 0; i < count; i++) {
        items[i]->outcome.result = ls_failed(items[i]->outcome.result) ? items[i]->outcome.result : r;
    }
}

ls_result ls_sequencer_submit(ls_sequencer *s, ls_sequencer_item **items, size_t count, ls_detail *detail)
{
    batch b;
    ls_time now;
    if (s->record == NULL) {
        return not_leading(detail);
    }
    LS_TRY(s->clock.now(s->clock.context, &now, detail));
    LS_TRY(batch_new(count, &b));
    /* The stamp over what came before goes with these: their syncs are shared. */
    ls_result r = take_stamp(s, &b, now, detail);
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        items[i]->outcome = (ls_sequenced){0};
        items[i]->outcome.result = take_item(s, &b, items[i], now);
    }
    if (ls_succeeded(r)) {
        r = commit(s, &b, detail);
    }
    if (ls_failed(r)) {
        fail_all(items, count, r);
    }
    batch_free(&b);
    return r;
}
