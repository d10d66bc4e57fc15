/* Histories: which sources hold the same entries, and what replaying each of them shows. */
#include "audit/internal.h"
#include "ledger/replaying.h"
#include <stdio.h>
#include <stdlib.h>

typedef unsigned long long ull;

/* Comparing. */

static bool begins_with(const view *longer, const view *v)
{
    return v->size <= longer->size && memcmp(longer->leaf, v->leaf, v->size * sizeof *v->leaf) == 0;
}

/* All must begin with one charter's act; what does not is another process. */
static ls_result take_charter(audit *a)
{
    ls_buf note = {0};
    for (size_t i = 0; i < a->view_count && a->charter.len == 0; i++) {
        ls_act act;
        if (a->view[i].size == 0) {
            continue;
        }
        note.len = 0;
        LS_TRY(ls_source_entry(a->view[i].source, 0, &note, a->detail));
        if (ls_failed(ls_act_parse(ls_buf_bytes(&note), false, &act, NULL)) ||
            (a->o->charter != NULL && !ls_hash_equal(&act.id, a->o->charter))) {
            continue;
        }
        char *kept = ls_arena_str(a->arena, ls_buf_bytes(&note));
        if (kept == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        a->charter = ls_bytes_of(kept, note.len);
        a->process = act.id;
    }
    ls_buf_free(&note);
    return a->charter.len > 0 ? LS_SUCCESS
                              : ls_fail_with(&ls_fault_usage, a->detail, "none of these holds the record of %s",
                                             a->o->charter != NULL ? "the process with this fingerprint" : "a process");
}

static void compare(audit *a, view *v)
{
    for (size_t i = 0; i < a->view_count; i++) {
        const view *w = &a->view[i];
        bool longer = w->size > v->size || (w->size == v->size && w < v);
        if (w != v && !w->foreign && longer && begins_with(w, v)) {
            v->same = w;
        }
    }
}

/* How many entries two views have in common. */
static uint64_t common(const view *v, const view *w)
{
    uint64_t size = v->size < w->size ? v->size : w->size, i = 0;
    while (i < size && ls_hash_equal(&v->leaf[i], &w->leaf[i])) {
        i++;
    }
    return i;
}

static void tell_view(audit *a, const view *v)
{
    for (size_t i = 0; v->same == NULL && i < a->view_count; i++) {
        const view *w = &a->view[i];
        if (w > v && w->same == NULL && !w->foreign) {
            ls_report_add(a->report, LS_FINDING_NOTE, v->source->name, "it and %s differ from entry %llu on",
                          w->source->name, (ull)common(v, w));
        }
    }
    ls_report_add(a->report, LS_FINDING_OK, v->source->name, "%llu entries%s%s", (ull)v->size,
                  v->same != NULL ? ", all of which are also in " : "", v->same != NULL ? v->same->source->name : "");
}

ls_result ls_audit_compare(audit *a)
{
    ls_hash first;
    LS_TRY(take_charter(a));
    ls_merkle_leaf(a->charter, &first);
    for (size_t i = 0; i < a->view_count; i++) {
        view *v = &a->view[i];
        v->foreign = v->size > 0 && !ls_hash_equal(&v->leaf[0], &first);
        if (v->foreign) {
            ls_report_add(a->report, LS_FINDING_NOTE, v->source->name, "it is of another process, and left out");
        }
    }
    for (size_t i = 0; i < a->view_count; i++) {
        if (!a->view[i].foreign) {
            compare(a, &a->view[i]);
        }
    }
    for (size_t i = 0; i < a->view_count; i++) {
        if (!a->view[i].foreign) {
            tell_view(a, &a->view[i]);
        }
    }
    return LS_SUCCESS;
}

void ls_audit_root(const view *v, uint64_t size, ls_hash *out)
{
    ls_merkle_frontier tree = {0};
    for (uint64_t i = 0; i < size; i++) {
        ls_merkle_append(&tree, &v->leaf[i]);
    }
    ls_merkle_frontier_root(&tree, out);
}

/* Replaying. */

/* Files come from whichever source has them. */
ls_result ls_audit_fetch(void *audit_, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    audit *a = audit_;
    ls_result r = ls_fail(&ls_fault_absent);
    for (size_t i = 0; i < a->view_count; i++) {
        ls_fetch f = a->view[i].source->fetch;
        ls_result tried = f.fetch(f.context, hash, limit, arena, out);
        if (ls_succeeded(tried) || tried.fault == &ls_fault_memory) {
            return tried;
        }
    }
    return r;
}

typedef struct replay {
    audit *a;
    view *v;
    ls_record *record;
    ls_replaying *quickly; /* signatures are verified on all processors; NULL: one after the other */
    uint64_t keys_version; /* of the record after the last entry */
} replay;

static ls_result fetch_and_note(void *context, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    replay *p = context;
    LS_TRY(ls_audit_fetch(p->a, hash, limit, arena, out));
    const needed_file f = {*hash, ls_record_size(p->record), out->len};
    ls_buf_put(&p->v->files, &f, sizeof f);
    return ls_buf_check(&p->v->files);
}

static bool ledger_known(const audit *a, const ls_charter *c)
{
    for (size_t i = 0; i < a->ledger_count; i++) {
        const ls_vkey *k = &a->ledger[i].charter->ledger;
        if (strcmp(k->name, c->ledger.name) == 0 && memcmp(k->key, c->ledger.key, sizeof k->key) == 0) {
            return true;
        }
    }
    return false;
}

static ls_result note_ledger(const replay *p)
{
    audit *a = p->a;
    const ls_charter *c = ls_record_charter(p->record);
    if (a->ledger_count == LS_AUDIT_LEDGERS_MAX || ledger_known(a, c)) {
        return LS_SUCCESS;
    }
    ls_charter *kept = ls_charter_copy(a->arena, c);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    a->ledger[a->ledger_count++] = (known_ledger){kept, p->v, ls_record_size(p->record)};
    return LS_SUCCESS;
}

static ls_result note_keys(replay *p, uint64_t index)
{
    uint64_t version = ls_record_keys_version(p->record), size = index + 1;
    if (index > 0 && version != p->keys_version) {
        ls_buf_put(&p->v->keys, &size, sizeof size);
    }
    p->keys_version = version;
    return ls_buf_check(&p->v->keys);
}

static ls_result note_chained(const replay *p, const ls_act *act, uint64_t index)
{
    if (act->shape != LS_SHAPE_CHAINED) {
        return LS_SUCCESS;
    }
    const chained x = {index, act->seq, ls_record_at(p->record, index).by, act->id};
    ls_buf_put(&p->v->acts, &x, sizeof x);
    return ls_buf_check(&p->v->acts);
}

/* Only with cosignatures are stamps worth keeping. */
static ls_result note_stamp(const replay *p, const ls_act *act, uint64_t index)
{
    ls_note note;
    ls_checkpoint c;
    if (act->shape != LS_SHAPE_STAMP || ls_record_watched(p->record)->quorum_none) {
        return LS_SUCCESS;
    }
    LS_TRY(ls_note_parse(act->text, &note));
    LS_TRY(ls_checkpoint_parse(note.text, &c));
    char *kept = ls_arena_str(p->a->arena, act->text);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const stamped x = {index, c.size, ls_record_time(p->record), ls_bytes_of(kept, act->text.len)};
    ls_buf_put(&p->v->stamps, &x, sizeof x);
    return ls_buf_check(&p->v->stamps);
}

static ls_result note_receipts(const replay *p, const ls_act *act)
{
    if (!ls_bytes_is(act->kind, "receipts")) {
        return LS_SUCCESS;
    }
    char *kept = ls_arena_str(p->a->arena, act->text);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const filed_receipts x = {act->ref, ls_bytes_of(kept, act->text.len)};
    ls_buf_put(&p->v->receipts, &x, sizeof x);
    return ls_buf_check(&p->v->receipts);
}

static ls_result refuse(const replay *p, ls_result r, const ls_detail *why)
{
    bool memory = r.fault == &ls_fault_memory;
    if (memory || (r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_absent)) {
        return memory ? r : ls_fail_with(r.fault, p->a->detail, "%s", why->text);
    }
    p->v->refused = r.fault->class == LS_CLASS_INVALID || r.fault == &ls_fault_known;
    snprintf(p->v->refusal, sizeof p->v->refusal, "%s", why->text[0] != '\0' ? why->text : r.fault->sentence);
    return LS_SUCCESS;
}

static ls_result append(const replay *p, ls_bytes note, ls_act *act, ls_detail *why)
{
    if (p->quickly != NULL) {
        return ls_replaying_append(p->quickly, note, act, why);
    }
    LS_TRY(ls_act_parse(note, false, act, why));
    return ls_record_append_act(p->record, act, note, LS_CHECK_SIGNATURES, why);
}

static ls_result take_entry(void *context, uint64_t index, ls_bytes note)
{
    replay *p = context;
    ls_detail why = {0};
    ls_act act;
    if (p->v->refusal[0] != '\0') {
        return LS_SUCCESS; /* what follows can't be judged */
    }
    ls_result r = append(p, note, &act, &why);
    if (ls_failed(r)) {
        return p->quickly != NULL ? r : refuse(p, r, &why);
    }
    p->v->accepted = index + 1;
    if (p->a->o->progress != NULL && (index % 4096 == 4095 || index + 1 == p->v->size)) {
        p->a->o->progress(p->a->o->context, p->v->source->name, index + 1, p->v->size);
    }
    LS_TRY(note_ledger(p));
    LS_TRY(note_keys(p, index));
    LS_TRY(note_chained(p, &act, index));
    LS_TRY(note_receipts(p, &act));
    return note_stamp(p, &act, index);
}

static ls_result new_record(replay *p)
{
    LS_TRY(ls_record_new((ls_fetch){fetch_and_note, p}, &p->record));
    p->v->record = p->record;
    return LS_SUCCESS;
}

/* All entries, or those up to the first that is not acceptable. */
static ls_result replay_all(replay *p)
{
    LS_TRY(new_record(p));
    return p->v->source->read(p->v->source, 0, p->v->size, take_entry, p, p->a->detail);
}

static ls_result replay_quickly(replay *p)
{
    LS_TRY(new_record(p));
    LS_TRY(ls_replaying_new(p->record, &p->quickly));
    ls_result r = p->v->source->read(p->v->source, 0, p->v->size, take_entry, p, NULL);
    r = ls_succeeded(r) ? ls_replaying_finish(p->quickly, NULL) : r;
    ls_replaying_free(p->quickly);
    p->quickly = NULL;
    return r;
}

/* Nothing of this view was replayed yet. */
static void forget(view *v)
{
    ls_buf *const lists[] = {&v->acts, &v->files, &v->stamps, &v->receipts, &v->keys};
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
        lists[i]->len = 0;
    }
    ls_record_free(v->record);
    v->record = NULL;
    v->accepted = 0;
}

ls_result ls_audit_replay(audit *a, view *v)
{
    replay p = {.a = a, .v = v};
    size_t ledgers = a->ledger_count;
    ls_result r = replay_quickly(&p);
    if (ls_failed(r)) {
        /* Something is wrong: once more, with each signature in its place, to say what and where. */
        forget(v);
        a->ledger_count = ledgers;
        r = replay_all(&p);
    }
    if (v->record == NULL) {
        return r;
    }
    v->charter = ls_record_watched(v->record);
    a->report->exercise = a->report->exercise || (v->charter != NULL && v->charter->exercise);
    return r;
}

/* Heads. */

static int signer_of(const audit *a, const head *h)
{
    for (size_t i = 0; i < a->ledger_count; i++) {
        ls_finality f;
        if (ls_succeeded(ls_checkpoint_judge(a->ledger[i].charter, h->note, NULL, &f, NULL))) {
            return (int)i;
        }
    }
    return -1;
}

ls_result ls_audit_place_heads(audit *a)
{
    for (size_t i = 0; i < a->head_count; i++) {
        head *h = &a->head[i];
        h->ledger = signer_of(a, h);
        if (h->ledger < 0) {
            ls_report_add(a->report, LS_FINDING_NOTE, h->from,
                          "its checkpoint is not signed by the ledger of this process, and left out");
        }
        for (size_t j = 0; h->ledger >= 0 && h->home == NULL && j < a->view_count; j++) {
            const view *v = &a->view[j];
            ls_hash root;
            if (v->foreign || v->same != NULL || v->size < h->checkpoint.size) {
                continue;
            }
            ls_audit_root(v, h->checkpoint.size, &root);
            h->home = ls_hash_equal(&root, &h->checkpoint.root) ? v : NULL;
        }
    }
    return LS_SUCCESS;
}
