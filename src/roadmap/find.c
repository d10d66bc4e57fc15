/* Finding things of a roadmap by their names. */
#include "roadmap/roadmap.h"

/* Everything that has an id begins with it. */
static int find(const void *array, size_t count, size_t size, ls_bytes id)
{
    const uint8_t *at = array;
    for (size_t i = 0; i < count; i++, at += size) {
        if (ls_bytes_equal(*(const ls_bytes *)(const void *)at, id)) {
            return (int)i;
        }
    }
    return -1;
}

_Static_assert(offsetof(ls_measure, id) == 0 && offsetof(ls_event, id) == 0 && offsetof(ls_track, id) == 0 &&
                   offsetof(ls_right, id) == 0 && offsetof(ls_dispute, id) == 0 && offsetof(ls_stage, id) == 0 &&
                   offsetof(ls_method, id) == 0 && offsetof(ls_inspection, id) == 0 &&
                   offsetof(ls_declared, name) == 0 && offsetof(ls_declared_audience, name) == 0,
               "an id stands first");

int ls_roadmap_measure(const ls_roadmap *r, ls_bytes id)
{
    return find(r->measures, r->measure_count, sizeof *r->measures, id);
}

int ls_roadmap_event(const ls_roadmap *r, ls_bytes id)
{
    return find(r->events, r->event_count, sizeof *r->events, id);
}

int ls_roadmap_track(const ls_roadmap *r, ls_bytes id)
{
    return find(r->tracks, r->track_count, sizeof *r->tracks, id);
}

int ls_roadmap_right(const ls_roadmap *r, ls_bytes id)
{
    return find(r->rights, r->right_count, sizeof *r->rights, id);
}

int ls_roadmap_dispute(const ls_roadmap *r, ls_bytes id)
{
    return find(r->disputes, r->dispute_count, sizeof *r->disputes, id);
}

int ls_roadmap_inspection(const ls_roadmap *r, ls_bytes id)
{
    return find(r->inspections, r->inspection_count, sizeof *r->inspections, id);
}

int ls_dispute_stage(const ls_dispute *d, ls_bytes id)
{
    return find(d->stages, d->stage_count, sizeof *d->stages, id);
}

int ls_amount_method(const ls_amount *a, ls_bytes id)
{
    return find(a->methods, a->method_count, sizeof *a->methods, id);
}

const ls_declared *ls_roadmap_declaration(const ls_roadmap *r, ls_bytes name)
{
    int i = find(r->declarations, r->declaration_count, sizeof *r->declarations, name);
    return i < 0 ? NULL : &r->declarations[i];
}

const ls_declared_audience *ls_declared_for(const ls_declared *d, ls_bytes audience)
{
    int i = find(d->audiences, d->audience_count, sizeof *d->audiences, audience);
    return i < 0 ? NULL : &d->audiences[i];
}

const ls_inspection *ls_roadmap_right_of(const ls_roadmap *r, size_t right, const char **kind)
{
    for (size_t i = 0; i < r->inspection_count; i++) {
        const ls_inspection *x = &r->inspections[i];
        const struct {
            bool uses;
            const char *kind;
        } uses[] = {{x->draws.there && x->draws.right == right, "draw"},
                    {x->visits.there && x->visits.right == (int)right, "visit"},
                    {x->challenges.there && x->challenges.right == right, "challenge"}};
        for (size_t k = 0; k < sizeof uses / sizeof *uses; k++) {
            if (uses[k].uses) {
                *kind = uses[k].kind;
                return x;
            }
        }
    }
    return NULL;
}
