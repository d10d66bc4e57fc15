/* Readouts on the record: those of a meeting, and what stands around each. */
#include "proving/published.h"
#include "crypto/sha256.h"

typedef struct taking {
    const ls_reading *reading;
    ls_arena *arena;
    ls_published *out;
    bool found; /* the readout itself */
} taking;

/* One of them. */

/* A file beside the readout. Of one for an audience the act shows the hash of what carries it. */
static void put_file(const taking *t, const ls_attachment *a, const ls_sealed_file *inner)
{
    ls_readout_file *f = &t->out->file[t->out->file_count];
    if (ls_bytes_is(inner->name, LS_READOUT_SOURCE)) {
        return;
    }
    t->out->file_count++;
    *f = (ls_readout_file){inner->name, inner->media_type, a->size, a->hash};
    if (ls_audience_restricted(a->audience)) {
        f->bytes = inner->content.len;
        ls_sha256_hash(inner->content, &f->hash);
    }
}

static const char *absent_words(const taking *t, const ls_attachment *a)
{
    return ls_audience_restricted(a->audience)
               ? ls_arena_format(t->arena, "its %s is not here: it is for the audience %.*s", LS_READOUT_FILE,
                                 (int)a->audience.len, (const char *)a->audience.ptr)
               : ls_arena_format(t->arena, "its %s is not here", LS_READOUT_FILE);
}

static ls_result parse(const taking *t, ls_bytes content)
{
    ls_published *p = t->out;
    ls_detail why = {0};
    ls_result r = ls_readout_parse(t->arena, content, &p->readout, &why);
    p->unread = NULL;
    if (r.fault == &ls_fault_readout_form) {
        p->unread = ls_arena_format(t->arena, "its %s is not a readout: %s", LS_READOUT_FILE,
                                    why.text[0] != '\0' ? why.text : r.fault->sentence);
        p->malformed = true;
        return p->unread == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    }
    p->json = content;
    p->malformed = false;
    return r;
}

static ls_result miss(const taking *t, const ls_attachment *a, ls_result r)
{
    ls_published *p = t->out;
    bool here = r.fault != &ls_fault_absent;
    p->absent++;
    if (!t->found) {
        p->unread = here ? ls_arena_format(t->arena, "its %s can't be read: %s", LS_READOUT_FILE, r.fault->sentence)
                         : absent_words(t, a);
        p->malformed = here && r.fault->class == LS_CLASS_INVALID;
    }
    return p->unread == NULL && !t->found ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result take_file(taking *t, const ls_attachment *a)
{
    ls_sealed_file inner = {a->file_name, a->media_type, {0}};
    bool sealed = ls_audience_restricted(a->audience);
    if (!sealed && (t->found || !ls_bytes_is(inner.name, LS_READOUT_FILE))) {
        put_file(t, a, &inner);
        return LS_SUCCESS;
    }
    ls_result r = ls_reading_file(t->reading, a, t->arena, &inner);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        return miss(t, a, r);
    }
    if (ls_bytes_is(inner.name, LS_READOUT_FILE) && !t->found) {
        t->found = true;
        return parse(t, inner.content);
    }
    put_file(t, a, &inner);
    return LS_SUCCESS;
}

ls_result ls_published_read(const ls_reading *r, uint64_t index, bool files, ls_arena *arena, ls_published *out)
{
    taking t = {.reading = r, .arena = arena, .out = out};
    *out = (ls_published){.index = index, .unread = "it has no " LS_READOUT_FILE, .malformed = true};
    LS_TRY(ls_reading_act(r, index, arena, &out->act));
    out->file = ls_arena_array(arena, out->act.attachment_count + 1, sizeof *out->file);
    if (out->file == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    const ls_talk *said = ls_reading_talk(r, index);
    out->meeting = said == NULL ? NULL : ls_reading_talk(r, said->ref);
    for (size_t i = 0; i < out->act.attachment_count && (files || !t.found); i++) {
        LS_TRY(take_file(&t, &out->act.attachment[i]));
    }
    return LS_SUCCESS;
}

/* All of a meeting. */

const ls_talk *ls_published_latest(const ls_reading *r, const bool *standing, const ls_talk *meeting, size_t party)
{
    const ls_talks all = ls_record_talks(r->record);
    const ls_talk *facts = all.fact; /* the record's */
    size_t i = all.count;
    while (i > 0 && (facts[i - 1].kind != LS_TALK_READOUT || facts[i - 1].ref != meeting->index ||
                     facts[i - 1].by != party || !standing[i - 1])) {
        i--;
    }
    return i == 0 ? NULL : facts + i - 1;
}

static void leave_out(const ls_talk *t, const char *why, bool malformed, ls_published_all *out)
{
    out->left[out->left_count++] = (ls_left_out){t->index, t->by, why, malformed};
}

static ls_result take_latest(const ls_reading *r, const ls_talk *t, ls_arena *arena, ls_published_all *out)
{
    ls_published *p = ls_arena_alloc(arena, sizeof *p);
    if (p == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_published_read(r, t->index, false, arena, p));
    if (p->unread != NULL) {
        leave_out(t, p->unread, p->malformed, out);
    } else {
        out->readout[out->count++] = p;
    }
    return LS_SUCCESS;
}

/* What has not come by then is not left out: it is not there. */
static bool is_there(const ls_reading *r, const ls_talk *t)
{
    ls_talks all = ls_record_talks(r->record);
    return ls_reading_counts(r, t) || all.time(all.context, t->index) == LS_TIME_NONE;
}

static const char *replaced(const ls_reading *r, const ls_talk *by, ls_arena *arena)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_record_entry e = ls_record_at(r->record, by->index);
    ls_hash_format(&e.id, hex);
    return ls_arena_format(arena, "act %.12s took its place", hex);
}

static ls_result take_others(const ls_reading *r, const ls_talk *meeting, const bool *standing,
                             const ls_talk *const *latest, ls_arena *arena, ls_published_all *out)
{
    ls_talks all = ls_record_talks(r->record);
    for (size_t i = 0; i < all.count; i++) {
        const ls_talk *t = &all.fact[i];
        if (t->kind != LS_TALK_READOUT || t->ref != meeting->index || t == latest[t->by] || !is_there(r, t)) {
            continue;
        }
        bool later = latest[t->by] != NULL && latest[t->by]->index > t->index;
        if (!ls_reading_counts(r, t)) {
            leave_out(t, "it has no effect: it came too late, or was annulled", false, out);
        } else if (later && standing[i]) {
            leave_out(t, replaced(r, latest[t->by], arena), false, out);
        } else {
            leave_out(t, "it was withdrawn", false, out);
        }
    }
    return arena->failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result ls_published_of(const ls_reading *r, const ls_talk *meeting, const bool *standing, ls_arena *arena,
                          ls_published_all *out)
{
    ls_talks all = ls_record_talks(r->record);
    size_t parties = ls_record_charter(r->record)->party_count;
    const ls_talk *latest[LS_PARTIES_MAX] = {NULL};
    *out = (ls_published_all){0};
    out->readout = ls_arena_array(arena, parties, sizeof(ls_published *));
    out->left = ls_arena_array(arena, all.count + 1, sizeof *out->left);
    if (out->readout == NULL || out->left == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t p = 0; p < parties; p++) {
        latest[p] = ls_published_latest(r, standing, meeting, p);
        if (latest[p] != NULL) {
            LS_TRY(take_latest(r, latest[p], arena, out));
        }
    }
    return take_others(r, meeting, standing, latest, arena, out);
}
