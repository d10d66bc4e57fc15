/* Entries and facts of talks, as of a time. */
#include "proving/reading.h"

ls_result ls_reading_act(const ls_reading *r, uint64_t index, ls_arena *arena, ls_act *out)
{
    ls_bytes note;
    LS_TRY(r->note(r->context, index, arena, &note));
    return ls_act_parse(note, false, out, NULL);
}

ls_result ls_reading_file(const ls_reading *r, const ls_attachment *a, ls_arena *arena, ls_sealed_file *out)
{
    ls_bytes file;
    LS_TRY(r->files.fetch(r->files.context, &a->hash, a->size, arena, &file));
    if (ls_audience_restricted(a->audience)) {
        return ls_sealed_read(file, out);
    }
    *out = (ls_sealed_file){a->file_name, a->media_type, file};
    return LS_SUCCESS;
}

const ls_talk *ls_reading_talk(const ls_reading *r, uint64_t index)
{
    ls_talks all = ls_record_talks(r->record);
    return ls_talks_find(&all, index);
}

bool ls_reading_counts(const ls_reading *r, const ls_talk *t)
{
    ls_talks all = ls_record_talks(r->record);
    ls_time at = all.time(all.context, t->index);
    if (at == LS_TIME_NONE) {
        return false;
    }
    at = at == LS_TIME_OPEN ? r->known : at;
    return at <= r->at && at <= r->known;
}

ls_result ls_reading_standing(const ls_reading *r, ls_arena *arena, bool **out)
{
    ls_talks all = ls_record_talks(r->record);
    *out = ls_arena_array(arena, all.count + 1, sizeof **out);
    if (*out == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < all.count; i++) {
        const ls_talk *t = &all.fact[i];
        const ls_talk *back = t->kind == LS_TALK_WITHDRAW ? ls_talks_find(&all, t->ref) : NULL;
        (*out)[i] = ls_reading_counts(r, t);
        if (back != NULL && (*out)[i]) { /* only its author can have said so */
            (*out)[back - all.fact] = false;
        }
    }
    return LS_SUCCESS;
}
