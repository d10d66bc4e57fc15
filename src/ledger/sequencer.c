/*
 * The sequencer, over any store. The order of steps stands in sequencer.h. What is in memory, the record and the head,
 * is what the store holds; after any failure of the store that is in doubt, and both are forgotten and read again.
 */
#include "crypto/crypto.h"
#include "ledger/attachments.h"
#include "ledger/sequencer_parts.h"
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

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

void ls_sequencer_forget(ls_sequencer *s)
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
    ls_sequencer_forget(s);
    for (size_t i = 0; i < PENDING_MAX; i++) {
        ls_buf_free(&s->pending[i].note);
    }
    sodium_free(s->secret_key); /* which wipes it */
    free(s);
}

const ls_record *ls_sequencer_record(const ls_sequencer *s)
{
    return s->record;
}

bool ls_sequencer_quorum_none(const ls_sequencer *s)
{
    const ls_charter *c = s->record == NULL ? NULL : ls_record_watched(s->record);
    return c == NULL || c->quorum_none;
}

ls_bytes ls_sequencer_checkpoint(const ls_sequencer *s, ls_which_checkpoint which)
{
    return ls_buf_bytes(which == LS_CHECKPOINT_LATEST || ls_sequencer_quorum_none(s) ? &s->head.latest
                                                                                     : &s->head.final);
}

/* Step 1 */

typedef struct replay {
    ls_sequencer *sequencer;
    ls_checkpoint latest, final; /* entries below are under a signed checkpoint, whose root is compared */
    ls_detail *detail;
} replay;

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

ls_result ls_sequencer_leads_to(const ls_sequencer *s, const ls_checkpoint *c, bool *out, ls_detail *detail)
{
    ls_hash root = {0};
    *out = c->size == 0;
    if (c->size == 0 || c->size > ls_record_size(s->record)) {
        return LS_SUCCESS;
    }
    ls_record_root(s->record, c->size, &root);
    if (ls_hash_is_zero(&root)) { /* too old for the record to keep */
        LS_TRY(s->store->methods->root(s->store, c->size, &root, detail));
    }
    *out = ls_hash_equal(&root, &c->root);
    return LS_SUCCESS;
}

/* Compared while the record still has the root, which it computed and nobody told it. */
static ls_result check_passing(const replay *p, const ls_checkpoint *c)
{
    bool leads = true;
    if (c->size == ls_record_size(p->sequencer->record)) {
        LS_TRY(ls_sequencer_leads_to(p->sequencer, c, &leads, p->detail));
    }
    return leads ? LS_SUCCESS : damaged(p->detail, "the entries do not lead to the root that was signed");
}

static ls_result replay_entry(void *context, uint64_t index, ls_bytes note)
{
    const replay *p = context;
    ls_detail why = {0};
    ls_record_check check = index < p->latest.size ? LS_CHECK_TRUSTED : LS_CHECK_SIGNATURES;
    ls_result r = ls_record_append(p->sequencer->record, note, check, &why);
    if (ls_succeeded(r)) {
        LS_TRY(check_passing(p, &p->final));
        return check_passing(p, &p->latest);
    }
    char what[sizeof why.text];
    snprintf(what, sizeof what, "entry %" PRIu64 " can't be replayed: %.400s", index,
             why.text[0] != '\0' ? why.text : r.fault->sentence);
    bool elsewhere = r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_absent;
    return elsewhere ? ls_fail_with(r.fault, p->detail, "%s", what) : damaged(p->detail, what);
}

static ls_result replay_head(ls_sequencer *s, ls_detail *detail)
{
    replay p = {.sequencer = s, .detail = detail};
    uint64_t known = ls_record_size(s->record);
    LS_TRY(read_published(s, ls_buf_bytes(&s->head.latest), &p.latest, detail));
    LS_TRY(read_published(s, ls_buf_bytes(&s->head.final), &p.final, detail));
    if (s->head.size < known || s->head.size < p.latest.size) {
        return damaged(detail, "entries that were there before are gone");
    }
    /* What is there already, before what is new. */
    LS_TRY(check_passing(&p, &p.final));
    LS_TRY(check_passing(&p, &p.latest));
    LS_TRY(s->store->methods->read(s->store, known, s->head.size, replay_entry, &p, detail));
    s->latest_size = p.latest.size;
    return ls_sequencer_read_final(s, detail);
}

static ls_result read_root(void *context, uint64_t size, ls_hash *out, ls_detail *detail)
{
    ls_store *store = context;
    return store->methods->root(store, size, out, detail);
}

static ls_result new_record(ls_sequencer *s)
{
    LS_TRY(ls_record_new((ls_fetch){fetch, s}, &s->record));
    ls_record_roots(s->record, (ls_roots){read_root, s->store});
    return LS_SUCCESS;
}

static ls_result catch_up(ls_sequencer *s, ls_detail *detail)
{
    if (s->record == NULL) {
        LS_TRY(new_record(s));
    }
    ls_result r = s->store->methods->head(s->store, &s->head, detail);
    if (ls_succeeded(r)) {
        r = replay_head(s, detail);
    }
    if (ls_failed(r)) {
        ls_sequencer_forget(s);
    }
    return r;
}

/* Step 2: signing. */

void ls_sequencer_sign(const ls_sequencer *s, ls_buf *note)
{
    ls_buf signature = {0};
    ls_note_sign(&signature, ls_buf_bytes(note), s->key, s->secret_key);
    ls_buf_put_u8(note, '\n');
    ls_buf_put_bytes(note, ls_buf_bytes(&signature));
    note->failed |= signature.failed;
    ls_buf_free(&signature);
}

/* Nothing is signed for a record that names another ledger: one that was succeeded, or is not a successor yet. */
static ls_result check_in_force(const ls_sequencer *s, ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(s->record);
    if (c == NULL || memcmp(c->ledger.key, s->key->key, sizeof s->key->key) == 0) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "the record goes on at %s", c->ledger.name);
    return ls_fail_with(&ls_fault_refused, detail, "%s is not the ledger of this process%s", s->key->name,
                        ls_record_size(s->record) > s->latest_size && s->latest_size > 0 ? " any more" : "");
}

/* Signs and publishes a checkpoint over everything that is committed. */
static ls_result publish(ls_sequencer *s, ls_detail *detail)
{
    LS_TRY(check_in_force(s, detail));
    ls_checkpoint c = {.origin = ls_bytes_str(s->key->name), .size = ls_record_size(s->record)};
    ls_record_root(s->record, c.size, &c.root);
    s->head.latest.len = 0;
    ls_checkpoint_format(&c, &s->head.latest);
    ls_sequencer_sign(s, &s->head.latest);
    ls_result r = ls_buf_check(&s->head.latest);
    if (ls_succeeded(r)) {
        r = s->store->methods->publish(s->store, s->epoch, c.size, ls_buf_bytes(&s->head.latest), detail);
    }
    if (ls_failed(r)) {
        ls_sequencer_forget(s);
        return r;
    }
    s->latest_size = c.size;
    return LS_SUCCESS;
}

/* Batches. */

static void batch_free(batch *b)
{
    free(b->note);
    free(b->root);
    free(b->with_files);
    ls_buf_free(&b->stamp);
}

/* Room for so many acts and a stamp. */
static ls_result batch_new(size_t acts, batch *out)
{
    batch b = {.note = calloc(acts + 1, sizeof *b.note),
               .root = calloc(acts + 1, sizeof *b.root),
               .with_files = calloc(acts + 1, sizeof *b.with_files)};
    if (b.note == NULL || b.root == NULL || b.with_files == NULL) {
        batch_free(&b);
        return ls_fail(&ls_fault_memory);
    }
    *out = b;
    return LS_SUCCESS;
}

ls_result ls_sequencer_take(ls_sequencer *s, batch *b, ls_bytes note, const ls_act *act, ls_record_check check,
                            ls_detail *detail)
{
    LS_TRY(ls_record_append_act(s->record, act, note, check, detail));
    b->note[b->count] = note;
    ls_record_root(s->record, ls_record_size(s->record), &b->root[b->count]);
    b->count++;
    return LS_SUCCESS;
}

/* The files of what was accepted. */
static ls_result store_files(ls_sequencer *s, const batch *b, ls_detail *detail)
{
    for (size_t i = 0; i < b->with_files_count; i++) {
        ls_act act;
        LS_TRY(ls_act_parse(b->with_files[i]->note, false, &act, detail));
        LS_TRY(ls_attachments_store(s->store, b->with_files[i], &act, detail));
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
        ls_sequencer_forget(s);
        return r;
    }
    s->head.size = ls_record_size(s->record);
    return publish(s, detail);
}

/* Step 3: stamps. */

ls_result ls_sequencer_not_leading(ls_detail *detail)
{
    return ls_fail_with(&ls_fault_store_conflict, detail, "this process does not lead the ledger");
}

ls_result ls_sequencer_tick(ls_sequencer *s, ls_detail *detail)
{
    batch b;
    ls_time now;
    if (s->record == NULL) {
        return ls_sequencer_not_leading(detail);
    }
    LS_TRY(s->clock.now(s->clock.context, &now, detail));
    LS_TRY(batch_new(0, &b));
    ls_result r = ls_sequencer_take_stamp(s, &b, now, detail);
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
    if (s->latest_size < ls_record_size(s->record)) {
        LS_TRY(publish(s, detail));
    }
    return ls_sequencer_tick(s, detail);
}

ls_result ls_sequencer_follow(ls_sequencer *s, ls_detail *detail)
{
    return catch_up(s, detail);
}

ls_result ls_sequencer_succeed(ls_sequencer *s, uint64_t epoch, ls_bytes act, ls_detail *detail)
{
    ls_sequencer_item item = {.submission = {.note = act}}, *items[] = {&item};
    s->epoch = epoch;
    LS_TRY(catch_up(s, detail));
    LS_TRY(ls_sequencer_submit(s, items, 1, detail));
    if (ls_failed(item.outcome.result) && detail != NULL) {
        *detail = item.outcome.detail;
    }
    return item.outcome.result;
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
static ls_result refuse_lapsed(const ls_record *r, const ls_act *act, ls_time now, ls_detail *detail)
{
    if (now <= (act->shape == LS_SHAPE_JOINT ? act->open_until : act->expires) || ls_record_received(r, act)) {
        return LS_SUCCESS;
    }
    ls_hint(detail, "make it again");
    return ls_fail_with(&ls_fault_refused, detail, "it came too late: by the ledger's clock it has lapsed");
}

/* The first entry decides whose ledger this is. It is in memory only, so it is undone by starting again. */
static ls_result take_charter(ls_sequencer *s, batch *b, ls_bytes note, const ls_act *act, ls_record_check check,
                              ls_detail *detail)
{
    LS_TRY(ls_sequencer_take(s, b, note, act, check, detail));
    ls_result r = check_charter(s, detail);
    if (ls_failed(r)) {
        ls_record_free(s->record);
        s->record = NULL;
        b->count = 0;
        LS_TRY(new_record(s));
    }
    return r;
}

static ls_result accept(ls_sequencer *s, batch *b, ls_sequencer_item *item, const ls_act *act, ls_time now)
{
    ls_detail *detail = &item->outcome.detail;
    bool verified = item->verified && item->keys_version == ls_record_keys_version(s->record);
    ls_record_check check = verified ? LS_CHECK_CARRIED : LS_CHECK_SIGNATURES;
    if (act->shape == LS_SHAPE_STAMP) {
        return ls_fail_with(&ls_fault_refused, detail, "stamps are the ledger's own");
    }
    if (ls_bytes_is(act->kind, "succeed") && memcmp(act->key.key, s->key->key, sizeof act->key.key) != 0) {
        ls_hint(detail, "hand it to the new host and to the cosigners");
        return ls_fail_with(&ls_fault_refused, detail,
                            "a succession stands on the new ledger, not on the one that it ends");
    }
    LS_TRY(refuse_lapsed(s->record, act, now, detail));
    if (act->attachment_count > 0) {
        /* What is not acceptable anyway is said first; and nothing is told of files to who signed for none. */
        LS_TRY(ls_record_accept(s->record, act, check, detail));
        LS_TRY(ls_attachments_check(s->store, &item->submission, act, detail));
        check = LS_CHECK_TRUSTED;
    }
    ls_bytes note = item->submission.note;
    LS_TRY(ls_record_size(s->record) == 0 ? take_charter(s, b, note, act, check, detail)
                                          : ls_sequencer_take(s, b, note, act, check, detail));
    if (item->submission.attachment_count > 0) {
        b->with_files[b->with_files_count++] = &item->submission;
    }
    return LS_SUCCESS;
}

static ls_result take_act(ls_sequencer *s, batch *b, ls_sequencer_item *item, const ls_act *act, ls_time now)
{
    uint64_t index;
    if (ls_record_find(s->record, &act->id, &index)) {
        item->outcome.receipt = (ls_receipt){index, true};
        return LS_SUCCESS;
    }
    s->current = &item->submission;
    ls_result r = accept(s, b, item, act, now);
    s->current = NULL;
    if (ls_succeeded(r)) {
        item->outcome.receipt = (ls_receipt){ls_record_size(s->record) - 1, false};
    }
    return r;
}

static ls_result take_item(ls_sequencer *s, batch *b, ls_sequencer_item *item, ls_time now)
{
    ls_act act;
    if (item->act != NULL) {
        return take_act(s, b, item, item->act, now);
    }
    LS_TRY(ls_act_parse(item->submission.note, false, &act, &item->outcome.detail));
    return take_act(s, b, item, &act, now);
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
        return ls_sequencer_not_leading(detail);
    }
    LS_TRY(s->clock.now(s->clock.context, &now, detail));
    LS_TRY(batch_new(count, &b));
    /* The stamp over what came before goes with these: their syncs are shared. One that could only repeat the time of
     * the last waits for a tick: whoever reads the record verifies every stamp, and there are many batches a second. */
    bool repeats = ls_sequencer_quorum_none(s) && now <= ls_record_time(s->record);
    ls_result r = repeats ? LS_SUCCESS : ls_sequencer_take_stamp(s, &b, now, detail);
    for (size_t i = 0; ls_succeeded(r) && i < count; i++) {
        items[i]->outcome = (ls_sequenced){0};
        items[i]->outcome.result = take_item(s, &b, items[i], now);
        r = s->record == NULL ? items[i]->outcome.result : r; /* not even memory for an empty one */
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
