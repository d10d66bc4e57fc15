/* What HTTP threads may know of a process: made by the sequencer's thread after each batch, held by reference. */
#include "os/os.h"
#include "server/hosted.h"
#include <stdlib.h>

void ls_hosted_keys_release(ls_hosted_keys *k)
{
    if (k != NULL && atomic_fetch_sub(&k->references, 1) == 1) {
        ls_arena_free(&k->arena);
        free(k);
    }
}

void ls_view_release(ls_view *v)
{
    if (v != NULL && atomic_fetch_sub(&v->references, 1) == 1) {
        ls_blob_release(v->checkpoint[LS_CHECKPOINT_FINAL]);
        ls_blob_release(v->checkpoint[LS_CHECKPOINT_LATEST]);
        ls_hosted_keys_release(v->keys);
        free(v);
    }
}

ls_view *ls_hosted_view(ls_hosted *h)
{
    pthread_mutex_lock(&h->lock_view);
    ls_view *v = h->view;
    atomic_fetch_add(&v->references, 1);
    pthread_mutex_unlock(&h->lock_view);
    return v;
}

/* NULL: no memory. */
static ls_hosted_keys *copy_keys(const ls_record *record)
{
    ls_hosted_keys *k = calloc(1, sizeof *k);
    if (k == NULL) {
        return NULL;
    }
    atomic_init(&k->references, 1);
    k->charter = ls_charter_copy(&k->arena, ls_record_charter(record));
    k->process = *ls_record_process(record);
    k->version = ls_record_keys_version(record);
    if (k->charter == NULL) {
        ls_hosted_keys_release(k);
        return NULL;
    }
    return k;
}

static ls_hosted_keys *keys_of(const ls_record *record, ls_hosted_keys *old)
{
    if (record == NULL || ls_record_charter(record) == NULL) {
        return NULL;
    }
    if (old != NULL && old->version == ls_record_keys_version(record)) {
        atomic_fetch_add(&old->references, 1);
        return old;
    }
    return copy_keys(record);
}

/* The old blob if it holds the same bytes. */
static ls_blob *checkpoint_blob(ls_bytes note, ls_blob *old)
{
    ls_buf copy = {0};
    if (note.len == 0) {
        return NULL;
    }
    if (old != NULL && ls_bytes_equal(old->bytes, note)) {
        return ls_blob_keep(old);
    }
    ls_buf_put_bytes(&copy, note);
    return ls_blob_take(&copy, NULL);
}

static uint64_t checkpoint_size(ls_bytes note)
{
    ls_note parsed;
    ls_checkpoint c;
    return ls_succeeded(ls_note_parse(note, &parsed)) && ls_succeeded(ls_checkpoint_parse(parsed.text, &c)) ? c.size
                                                                                                            : 0;
}

static void fill(ls_hosted *h, const ls_view *old, ls_view *v)
{
    const ls_record *record = ls_sequencer_record(h->sequencer);
    for (int which = 0; which < 2; which++) {
        ls_bytes note = ls_sequencer_checkpoint(h->sequencer, (ls_which_checkpoint)which);
        v->checkpoint[which] = checkpoint_blob(note, old->checkpoint[which]);
        v->size[which] = v->checkpoint[which] == old->checkpoint[which] ? old->size[which] : checkpoint_size(note);
    }
    v->keys = keys_of(record, old->keys);
    v->stamped = ls_record_time(record);
    v->fresh = ls_clock_monotonic();
    bool same = v->checkpoint[LS_CHECKPOINT_FINAL] == old->checkpoint[LS_CHECKPOINT_FINAL];
    v->final_since = same ? old->final_since : v->fresh;
}

/* After a failure of the store there is no record: what was known stays so, and grows old. */
static void fill_old(const ls_view *old, ls_view *v)
{
    *v = (ls_view){.keys = old->keys, .stamped = old->stamped, .fresh = old->fresh, .final_since = old->final_since};
    for (int which = 0; which < 2; which++) {
        v->checkpoint[which] = old->checkpoint[which] == NULL ? NULL : ls_blob_keep(old->checkpoint[which]);
        v->size[which] = old->size[which];
    }
    if (v->keys != NULL) {
        atomic_fetch_add(&v->keys->references, 1);
    }
}

void ls_hosted_publish(ls_hosted *h, bool leading)
{
    ls_view *old = h->view, *v = calloc(1, sizeof *v);
    if (v == NULL) {
        return;
    }
    if (ls_sequencer_record(h->sequencer) != NULL) {
        fill(h, old, v);
    } else {
        fill_old(old, v);
    }
    v->leading = leading;
    atomic_init(&v->references, 1);
    pthread_mutex_lock(&h->lock_view);
    h->view = v;
    pthread_mutex_unlock(&h->lock_view);
    ls_view_release(old);
}
