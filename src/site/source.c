/* What pages are made of: entries of the source, read a window at a time, and the files that may be published. */
#include "site/parts.h"
#include <stdlib.h>

#define PROGRESS_STEP 1024

ls_result ls_site_tell(const site *x, const char *what, uint64_t done, uint64_t total)
{
    bool tells = x->o->progress != NULL && (done % PROGRESS_STEP == 0 || done == total);
    return tells && !x->o->progress(x->o->context, what, done, total) ? ls_fail(&ls_fault_ended) : LS_SUCCESS;
}

/* Entries, a window at a time. */

static ls_result keep_note(void *context, uint64_t index, ls_bytes note)
{
    site_window *w = context;
    (void)index;
    ls_buf_put_bytes(&w->notes, note);
    w->end[w->count++] = w->notes.len;
    return ls_buf_check(&w->notes);
}

static ls_result fill(site *x, site_window *w, uint64_t first)
{
    uint64_t to = first + LS_TILE_WIDTH < x->head.size ? first + LS_TILE_WIDTH : x->head.size;
    w->count = 0;
    w->notes.len = 0;
    w->first = first;
    ls_result r = x->s->read(x->s, first, to, keep_note, w, x->detail);
    if (ls_succeeded(r) && w->count != to - first) {
        r = ls_fail_with(&ls_fault_site, x->detail, "the ledger has fewer entries than its checkpoint says");
    }
    w->count = ls_failed(r) ? 0 : w->count;
    return r;
}

ls_result ls_site_note(void *context, uint64_t index, ls_arena *arena, ls_bytes *out)
{
    site *x = context;
    uint64_t tile = index / LS_TILE_WIDTH, first = tile * LS_TILE_WIDTH;
    site_window *w = &x->window[tile % SITE_WINDOWS];
    if (index >= x->head.size) {
        return ls_fail(&ls_fault_absent);
    }
    if (w->count == 0 || w->first != first) {
        LS_TRY(fill(x, w, first));
    }
    size_t at = (size_t)(index - first), begin = at == 0 ? 0 : w->end[at - 1];
    char *kept = ls_arena_str(arena, ls_bytes_of(w->notes.ptr + begin, w->end[at] - begin));
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *out = ls_bytes_of(kept, w->end[at] - begin);
    return LS_SUCCESS;
}

ls_result ls_site_act(site *x, uint64_t index, ls_arena *arena, ls_bytes *note, ls_act **act)
{
    ls_act *read = ls_arena_alloc(arena, sizeof *read);
    if (read == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_site_note(x, index, arena, note));
    LS_TRY(ls_act_parse(*note, false, read, x->detail));
    *act = read;
    return LS_SUCCESS;
}

/* Files. */

static bool has_file(void *context, const ls_hash *hash)
{
    const site_file *f = ls_site_file(context, hash);
    return f != NULL && f->here;
}

static ls_result file_of(void *context, const ls_hash *hash, ls_arena *arena, ls_bytes *out)
{
    const site *x = context;
    const site_file *f = ls_site_file(x, hash);
    return f == NULL || !f->here ? ls_fail(&ls_fault_absent)
                                 : ls_source_file(x->s, hash, f->size, arena, out, x->detail);
}

/* All of it. */

static ls_result read_head(site *x)
{
    ls_note note;
    if (x->s->final.len == 0 || ls_failed(ls_note_parse(ls_buf_bytes(&x->s->final), &note)) ||
        ls_failed(ls_checkpoint_parse(note.text, &x->head)) || x->head.size > x->s->size || x->head.size == 0) {
        ls_hint(x->detail, "lockstep sync brings a workspace's copy up to date; lockstep status says who has not "
                           "cosigned");
        return ls_fail_with(&ls_fault_site, x->detail, "there is no final checkpoint yet");
    }
    x->done.entries = x->head.size;
    return LS_SUCCESS;
}

static ls_result check_access(const site *x)
{
    if (x->o->publish != LS_SITE_CHARTER || x->charter->public_access) {
        return LS_SUCCESS;
    }
    ls_hint(x->detail, "where all of them have agreed to publish it, add --publish record; or amend the charter with "
                       "access: public");
    return ls_fail_with(&ls_fault_closed, x->detail, "only those in the charter may read this record");
}

ls_result ls_site_read(site *x)
{
    LS_TRY(read_head(x));
    LS_TRY(ls_site_replay(x));
    LS_TRY(check_access(x));
    LS_TRY(ls_site_publishable(x));
    x->portal = (ls_portal){.record = x->record,
                            .source = {ls_site_note, file_of, has_file, x},
                            .checkpoint = ls_buf_bytes(&x->s->final),
                            .language = &ls_portal_languages[0]};
    return LS_SUCCESS;
}

void ls_site_close(site *x)
{
    for (size_t i = 0; i < SITE_WINDOWS; i++) {
        ls_buf_free(&x->window[i].notes);
    }
    ls_record_free(x->record);
    ls_arena_free(&x->arena);
    ls_publish_end(&x->out);
    free(x->file);
    free(x->has_files);
    free(x->kept);
    free(x->same);
}

const char *ls_site_author(const site *x, uint64_t index, const ls_act *act, ls_arena *arena)
{
    ls_record_entry e = ls_record_at(x->record, index);
    const char *text = act->shape == LS_SHAPE_JOINT     ? ls_arena_str(arena, act->raw[LS_H_BY])
                       : e.by < x->charter->party_count ? ls_arena_str(arena, x->charter->party[e.by].name)
                                                        : "ledger";
    return text == NULL ? "" : text;
}

const char *ls_site_subject(const site *x, uint64_t index, ls_arena *arena)
{
    ls_record_entry e = ls_record_at(x->record, index);
    if (e.accord < 0) {
        return "";
    }
    const ls_roadmap *r = ls_record_accord(x->record, (size_t)e.accord)->roadmap;
    const char *text = ls_arena_str(arena, e.measure >= 0 ? r->measures[e.measure].id : r->name);
    return text == NULL ? "" : text;
}
