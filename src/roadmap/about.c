/* A reader of other documents about a roadmap: what the roadmap contains is known to it from the beginning. */
#include "roadmap/parts.h"

/* Everything that has an id begins with it (roadmap_find.c). */
_Static_assert(offsetof(ls_step, id) == 0 && offsetof(ls_party, name) == 0, "an id stands first");

static bool list_ids(ls_roadmap_reader *r, ls_ids *ids, const char *what, const void *array, size_t count, size_t size)
{
    const uint8_t *at = array;
    if (!ls_ids_init(ids, what, count, r->arena, r->d)) {
        return false;
    }
    for (size_t i = 0; i < count; i++, at += size) {
        ids->id[ids->count++] = *(const ls_bytes *)(const void *)at;
    }
    return true;
}

bool ls_roadmap_reader_about(ls_arena *arena, const ls_roadmap *roadmap, const ls_charter *charter, ls_diagnostics *d,
                             ls_roadmap_reader *out)
{
    ls_roadmap *m = ls_arena_alloc(arena, sizeof *m);
    ls_roadmap_reader r = {.arena = arena, .d = d, .charter = charter, .roadmap = m};
    r.awaited = ls_arena_array(arena, roadmap->event_count + 1, sizeof *r.awaited);
    if (m == NULL || r.awaited == NULL) {
        return ls_field_no_memory(d);
    }
    *m = *roadmap;
    bool listed =
        list_ids(&r, &r.parties, "party", charter->party, charter->party_count, sizeof *charter->party) &&
        list_ids(&r, &r.tracks, "track", m->tracks, m->track_count, sizeof *m->tracks) &&
        list_ids(&r, &r.steps, "step", m->steps, m->step_count, sizeof *m->steps) &&
        list_ids(&r, &r.measures, "measure", m->measures, m->measure_count, sizeof *m->measures) &&
        list_ids(&r, &r.events, "event", m->events, m->event_count, sizeof *m->events) &&
        list_ids(&r, &r.rights, "right", m->rights, m->right_count, sizeof *m->rights) &&
        list_ids(&r, &r.disputes, "dispute procedure", m->disputes, m->dispute_count, sizeof *m->disputes) &&
        list_ids(&r, &r.declarations, "declaration", m->declarations, m->declaration_count, sizeof *m->declarations);
    if (listed) {
        *out = r;
    }
    return listed;
}
