/* Following a process: its replica, and by which rules its checkpoints are cosigned. */
#include "cosign/follow_parts.h"
#include "os/os.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

ls_time ls_follow_now(const ls_follow *f)
{
    return f->o.now(f->o.context);
}

bool ls_follow_meant(const ls_attachment *a)
{
    return ls_bytes_is(a->audience, "public") || ls_bytes_is(a->audience, "process");
}

const ls_replica *ls_follow_replica(const ls_follow *f)
{
    return f->replica;
}

const ls_hash *ls_follow_process(const ls_follow *f)
{
    return &f->o.process;
}

void ls_follow_close(ls_follow *f)
{
    if (f->replica != NULL) {
        ls_replica_close(f->replica);
    }
    free(f);
}

/* Successions. */

/* The origin that the charter named first: it stands in the attachment of entry 0. */
static ls_result take_origin(void *context, uint64_t index, ls_bytes note)
{
    ls_follow *f = context;
    ls_act act;
    ls_arena arena = {0};
    (void)index;
    ls_result r = ls_act_parse(note, false, &act, NULL);
    for (size_t i = 0; ls_succeeded(r) && i < act.attachment_count && f->origin[0] == '\0'; i++) {
        ls_bytes json;
        ls_value *v;
        const ls_value *ledger;
        if (ls_bytes_is(act.attachment[i].file_name, "charter.json") &&
            ls_succeeded(ls_replica_fetch(f->replica, &act.attachment[i].hash, LS_VALUE_DOCUMENT_MAX, &arena, &json)) &&
            ls_succeeded(ls_json_parse(&arena, json, &v, NULL)) && (ledger = ls_value_get(v, "ledger")) != NULL &&
            ls_value_get(ledger, "origin") != NULL) {
            ls_bytes origin = ls_value_get(ledger, "origin")->string;
            snprintf(f->origin, sizeof f->origin, "%.*s", (int)origin.len, (const char *)origin.ptr);
        }
    }
    ls_arena_free(&arena);
    return r;
}

static ls_result root_at(const ls_follow *f, uint64_t size, ls_hash *root, ls_detail *detail)
{
    ls_store *store = ls_replica_store(f->replica);
    if (size == 0) {
        ls_merkle_empty(root);
        return LS_SUCCESS;
    }
    return store->methods->root(store, size, root, detail);
}

/* Nothing that was cosigned under the origin before may be dropped or changed. */
static ls_result covers_cosigned(const ls_follow *f, const ls_cosigned *last, uint64_t since, ls_detail *detail)
{
    ls_hash root;
    if (last->size > since) {
        return ls_fail_with(&ls_fault_refused, detail,
                            "the successor keeps %" PRIu64 " entries, and %" PRIu64 " were cosigned here", since,
                            last->size);
    }
    if (last->size > ls_replica_size(f->replica)) {
        return LS_SUCCESS;
    }
    LS_TRY(root_at(f, last->size, &root, detail));
    return ls_hash_equal(&root, &last->root)
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_refused, detail, "the successor's entries are not those that were cosigned");
}

ls_result ls_follow_succeed(ls_follow *f, const ls_act *act, const char *origin, ls_detail *detail)
{
    char id[LS_HEX_HASH_SIZE], why[512];
    ls_cosigned last;
    ls_cosign_state *state = f->o.owner->state;
    if (origin[0] == '\0') {
        return ls_fail_with(&ls_fault_absent, detail, "the record was not read here yet");
    }
    ls_hash_format(&act->id, id);
    snprintf(why, sizeof why, "act %s names %s as its successor", id, act->key.name);
    /* Another thread may be cosigning for the old origin: what is stopped is what was looked at. */
    ls_result r = ls_fail(&ls_fault_cosign_moved);
    while (r.fault == &ls_fault_cosign_moved) {
        LS_TRY(ls_cosign_state_last(state, ls_bytes_str(origin), &last, NULL, detail));
        LS_TRY(covers_cosigned(f, &last, act->since, detail));
        r = last.stopped ? LS_SUCCESS : ls_cosign_state_stop(state, ls_bytes_str(origin), &last, why, detail);
    }
    return r;
}

static ls_result scan_entry(void *context, uint64_t index, ls_bytes note)
{
    ls_follow *f = context;
    ls_act act;
    if (!ls_bytes_is(ls_record_at(ls_replica_record(f->replica), index).kind, "succeed")) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_act_parse(note, false, &act, NULL));
    LS_TRY(ls_follow_succeed(f, &act, f->origin, NULL));
    snprintf(f->origin, sizeof f->origin, "%s", act.key.name);
    return LS_SUCCESS;
}

static ls_result scan(ls_follow *f, ls_detail *detail)
{
    ls_store *store = ls_replica_store(f->replica);
    uint64_t size = ls_replica_size(f->replica);
    if (size > 0 && f->origin[0] == '\0') {
        LS_TRY(store->methods->read(store, 0, 1, take_origin, f, detail));
        if (f->origin[0] == '\0') {
            return ls_fail_with(&ls_fault_absent, detail, "the charter's own file is not here");
        }
    }
    if (f->scanned < size) {
        LS_TRY(store->methods->read(store, f->scanned, size, scan_entry, f, detail));
        f->scanned = size;
    }
    return LS_SUCCESS;
}

ls_result ls_follow_open(const ls_follow_options *o, ls_follow **out, ls_detail *detail)
{
    ls_follow *f = calloc(1, sizeof *f);
    if (f == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    f->o = *o;
    int len = snprintf(f->folder, sizeof f->folder, "%s", o->folder);
    ls_result r = len < 0 || (size_t)len >= sizeof f->folder
                      ? ls_fail(&ls_fault_usage)
                      : ls_replica_open(f->folder, &f->o.process, o->source, &f->replica, detail);
    /* Which origin is in force is known at once, also while the host can't be reached. */
    if (ls_succeeded(r)) {
        r = scan(f, detail);
    }
    if (ls_failed(r)) {
        ls_follow_close(f);
        return r;
    }
    *out = f;
    return LS_SUCCESS;
}

ls_result ls_follow_sync(ls_follow *f, ls_detail *detail)
{
    f->looked = ls_clock_monotonic();
    LS_TRY(ls_replica_sync(f->replica, LS_CHECKPOINT_LATEST, NULL, detail));
    return scan(f, detail);
}

bool ls_follow_trusts(const ls_follow *f, ls_bytes origin, ls_vkey *key)
{
    const ls_record *record = ls_replica_record(f->replica);
    const ls_charter *c = record == NULL ? NULL : ls_record_charter(record);
    if (c == NULL || !ls_bytes_equal(c->origin, origin)) {
        return false;
    }
    *key = c->ledger;
    return true;
}

/* The rules. Each lets the next one go on, or says why not. */

typedef struct judged {
    ls_follow *f;
    const ls_checkpoint *head;
    ls_bytes note;
    const ls_record *record;
    ls_refusal *why;
} judged;

__attribute__((format(printf, 4, 5))) static bool refuse(ls_refusal *why, const char *rule, unsigned status,
                                                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    why->rule = rule;
    why->status = status;
    vsnprintf(why->text, sizeof why->text, format, args);
    va_end(args);
    return false;
}

static bool refuse_failure(ls_refusal *why, const char *rule, unsigned status, ls_result r, const ls_detail *detail)
{
    return refuse(why, rule, status, "%s", detail->text[0] != '\0' ? detail->text : r.fault->sentence);
}

static bool replayed(judged *j)
{
    ls_detail detail = {0};
    if (j->head->size > ls_replica_size(j->f->replica)) {
        ls_result r = ls_follow_sync(j->f, &detail);
        if (ls_failed(r)) {
            return refuse_failure(j->why, "replay", r.fault == &ls_fault_rewritten ? 422 : 503, r, &detail);
        }
    }
    j->record = ls_replica_record(j->f->replica);
    if (j->record == NULL || j->head->size > ls_replica_size(j->f->replica)) {
        return refuse(j->why, "replay", 503, "the host does not show the %" PRIu64 " entries that it wants cosigned",
                      j->head->size);
    }
    return true;
}

static bool leads_to_root(judged *j)
{
    ls_detail detail = {0};
    ls_hash root;
    ls_result r = root_at(j->f, j->head->size, &root, &detail);
    if (ls_failed(r)) {
        return refuse_failure(j->why, "replay", 503, r, &detail);
    }
    if (!ls_hash_equal(&root, &j->head->root)) {
        /* What can't be kept is refused all the same. */
        (void)ls_failed(ls_replica_keep(j->f->replica, j->note, NULL));
        return refuse(j->why, "replay", 422,
                      "the ledger's key has signed another history of %" PRIu64
                      " entries than the one that was replayed",
                      j->head->size);
    }
    return true;
}

/* As everywhere, keys without a passphrase serve in exercises only. */
static bool keys_protected(judged *j)
{
    if (!j->f->o.owner->protected && !ls_record_charter(j->record)->exercise) {
        return refuse(j->why, "keys", 403,
                      "the cosigner's keys have no passphrase, which only an exercise goes without");
    }
    return true;
}

static bool in_time(judged *j)
{
    char stamped[LS_TIME_SIZE];
    const ls_charter *c = ls_record_charter(j->record);
    if (c == NULL || c->exercise || ls_record_time(j->record) <= ls_follow_now(j->f) + LS_TIME_AHEAD) {
        return true;
    }
    ls_time_format(ls_record_time(j->record), stamped);
    return refuse(j->why, "time", 503, "the stamp of %s is more than ten minutes ahead of the clock here", stamped);
}

/* Acts whose receipts were given long enough ago. */
typedef struct held {
    judged *j;
    bool refused;
} held;

/* Is a record that ends here one that leaves the act out, although it could have it? What can't be told is no reason to
 * cosign. What was acceptable at the end of an older checkpoint can't be told any more: so while an act is held, only
 * the newest one is cosigned. */
static bool leaves_out(const judged *j, const ls_pending *p)
{
    ls_act act;
    uint64_t index;
    if (ls_record_find(j->record, &p->act, &index)) {
        return index >= j->head->size;
    }
    if (j->head->size < ls_record_size(j->record) || ls_failed(ls_act_parse(p->note, false, &act, NULL))) {
        return true;
    }
    ls_result r = ls_record_accept(j->record, &act, LS_CHECK_SIGNATURES, NULL);
    return ls_succeeded(r) || r.fault->class != LS_CLASS_INVALID;
}

static ls_result check_held(void *context, const ls_pending *p)
{
    held *h = context;
    char id[LS_HEX_HASH_SIZE], since[LS_TIME_SIZE];
    if (!h->refused && p->time + LS_COSIGN_RECEIPT_HOLDS <= ls_follow_now(h->j->f) && leaves_out(h->j, p)) {
        ls_hash_format(&p->act, id);
        ls_time_format(p->time, since);
        h->refused = true;
        refuse(h->j->why, "receipts", 503, "act %s has a receipt since %s and is not on the record", id, since);
    }
    return LS_SUCCESS;
}

static bool nothing_held_back(judged *j)
{
    held h = {j, false};
    ls_detail detail = {0};
    ls_result r = ls_cosign_state_pending(j->f->o.owner->state, &j->f->o.process, check_held, &h, &detail);
    if (ls_failed(r)) {
        return refuse_failure(j->why, "receipts", 503, r, &detail);
    }
    return !h.refused;
}

/* Fetches what is missing; false in the refusal if it can't be had. */
static ls_result hold_files(void *context, uint64_t index, ls_bytes note)
{
    static const char header[] = "\nattachment: ";
    judged *j = context;
    ls_store *store = ls_replica_store(j->f->replica);
    ls_act act;
    uint64_t size;
    (void)index;
    if (memmem(note.ptr, note.len, header, sizeof header - 1) == NULL || j->why->rule != NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_act_parse(note, false, &act, NULL));
    for (size_t i = 0; i < act.attachment_count; i++) {
        const ls_attachment *a = &act.attachment[i];
        ls_arena arena = {0};
        ls_bytes content;
        if (ls_follow_meant(a) && ls_failed(store->methods->attached(store, &a->hash, &size, NULL)) &&
            ls_failed(ls_replica_fetch(j->f->replica, &a->hash, a->size, &arena, &content))) {
            char id[LS_HEX_HASH_SIZE];
            ls_hash_format(&act.id, id);
            refuse(j->why, "files", 503, "act %s names the file %.*s, which the host does not give", id,
                   (int)a->file_name.len, (const char *)a->file_name.ptr);
        }
        ls_arena_free(&arena);
    }
    return LS_SUCCESS;
}

/* Of what was cosigned before, the files were held then. */
static bool files_held(judged *j)
{
    ls_detail detail = {0};
    ls_cosigned last;
    ls_store *store = ls_replica_store(j->f->replica);
    ls_result r = ls_cosign_state_last(j->f->o.owner->state, j->head->origin, &last, NULL, &detail);
    if (ls_succeeded(r) && last.size < j->head->size) {
        r = store->methods->read(store, last.size, j->head->size, hold_files, j, &detail);
    }
    return ls_failed(r) ? refuse_failure(j->why, "files", 503, r, &detail) : j->why->rule == NULL;
}

static bool origin_in_force(judged *j)
{
    ls_vkey key;
    if (!ls_follow_trusts(j->f, j->head->origin, &key)) {
        return refuse(j->why, "succession", 403, "the ledger of this process has another origin now");
    }
    return true;
}

bool ls_follow_permits(ls_follow *f, const ls_checkpoint *head, ls_bytes note, ls_refusal *why)
{
    static bool (*const rules[])(judged *) = {replayed, leads_to_root,     origin_in_force, keys_protected,
                                              in_time,  nothing_held_back, files_held};
    judged j = {.f = f, .head = head, .note = note, .why = why};
    bool permitted = true;
    *why = (ls_refusal){0};
    for (size_t i = 0; permitted && i < sizeof rules / sizeof rules[0]; i++) {
        permitted = rules[i](&j);
    }
    /* For people; whether it can be remembered decides nothing. */
    (void)ls_failed(ls_cosign_state_refuse(f->o.owner->state, head->origin, permitted ? "" : why->rule,
                                           permitted ? "" : why->text, ls_follow_now(f), NULL));
    return permitted;
}

/* Pulling. */

/* A new checkpoint; or the one that was cosigned, when the stamp interval has passed since the last stamp and since our
 * cosignature: without younger ones a silent ledger's time would stand still. */
static bool wants_cosigning(const ls_follow *f, const ls_checkpoint *head, const ls_cosigned *last)
{
    const ls_record *record = ls_replica_record(f->replica);
    int64_t interval = ls_record_charter(record)->stamp_interval;
    ls_time due = ls_record_time(record) + interval;
    return head->size > last->size || (head->size == last->size && ls_follow_now(f) >= due && last->time < due);
}

/* What was cosigned before must be a part of what was replayed. */
static ls_result check_grows(const ls_follow *f, const ls_cosigned *last, ls_detail *detail)
{
    ls_hash root;
    if (last->size > ls_replica_size(f->replica)) {
        return ls_fail_with(&ls_fault_rewritten, detail, "the ledger shows fewer entries than were cosigned");
    }
    LS_TRY(root_at(f, last->size, &root, detail));
    return ls_hash_equal(&root, &last->root)
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_rewritten, detail, "the ledger shows other entries than were cosigned");
}

static ls_result pull_once(ls_follow *f, const ls_witness_options *w, ls_buf *note, ls_refusal *why, ls_detail *detail)
{
    ls_note parsed;
    ls_checkpoint head;
    ls_cosigned last;
    ls_buf line = {0};
    *why = (ls_refusal){0};
    LS_TRY(ls_follow_sync(f, detail));
    ls_bytes latest = ls_replica_checkpoint(f->replica, LS_CHECKPOINT_LATEST);
    if (latest.len == 0) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_note_parse(latest, &parsed));
    LS_TRY(ls_checkpoint_parse(parsed.text, &head));
    LS_TRY(ls_cosign_state_last(w->state, head.origin, &last, NULL, detail));
    LS_TRY(check_grows(f, &last, detail));
    if (last.stopped || !wants_cosigning(f, &head, &last)) {
        /* All that there is was cosigned: nothing is held back. */
        return ls_cosign_state_refuse(w->state, head.origin, "", "", ls_follow_now(f), detail);
    }
    if (!ls_follow_permits(f, &head, latest, why)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_witness_cosign(w, latest, &last, &line, detail);
    if (ls_succeeded(r)) {
        r = ls_cosign_state_last(w->state, head.origin, &last, note, detail);
    }
    ls_buf_free(&line);
    return r;
}

ls_result ls_follow_pull(ls_follow *f, const ls_witness_options *w, ls_buf *note, ls_refusal *why, ls_detail *detail)
{
    ls_result r;
    do { /* whom a request, or the look at the origin's other address, forestalls looks again: each time one got ahead
          */
        r = pull_once(f, w, note, why, detail);
    } while (r.fault == &ls_fault_cosign_moved);
    return r;
}

ls_result ls_follow_cosigned(const ls_follow *f, ls_buf *note, ls_detail *detail)
{
    const ls_record *record = ls_replica_record(f->replica);
    const ls_charter *c = record == NULL ? NULL : ls_record_charter(record);
    ls_cosigned last;
    return c == NULL ? LS_SUCCESS : ls_cosign_state_last(f->o.owner->state, c->origin, &last, note, detail);
}
