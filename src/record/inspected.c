/* What was said of inspections: one list for all versions of an accord, in the order of the ledger. */
#include "record/internal.h"

static const accord *holder(const ls_record *r, int version)
{
    return &r->accord[r->accord[version].first];
}

size_t ls_inspected_position(const ls_record *r, int version, uint32_t index)
{
    const accord *a = holder(r, version);
    size_t low = 0, high = a->inspected_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (a->inspected[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const ls_inspected *ls_inspected_find(const ls_record *r, int version, uint32_t index)
{
    const accord *a = holder(r, version);
    size_t i = ls_inspected_position(r, version, index);
    return i < a->inspected_count && a->inspected[i].index == index ? &a->inspected[i] : NULL;
}

draw_sides *ls_inspected_sides(const ls_record *r, int version, uint32_t draw)
{
    return &holder(r, version)->sides[ls_inspected_position(r, version, draw)];
}

static void note_side(ls_record *r, int version, const ls_inspected *x, uint32_t position)
{
    bool commit = x->kind == LS_INSPECTED_COMMIT;
    if (commit || x->kind == LS_INSPECTED_REVEAL) {
        draw_sides *s = ls_inspected_sides(r, version, x->ref);
        unsigned side = x->by == x->rule->of ? LS_SIDE_OF : LS_SIDE_BY;
        *(commit ? &s->commit[side] : &s->reveal[side]) = position;
    }
}

void ls_inspected_add(ls_record *r, int version, const ls_inspected *said)
{
    accord *a = &r->accord[r->accord[version].first];
    size_t i = a->inspected_count++;
    a->inspected[i] = *said;
    a->inspected[i].index = (uint32_t)(r->size - 1);
    a->sides[i] = (draw_sides){{NONE, NONE}, {NONE, NONE}};
    note_side(r, version, &a->inspected[i], (uint32_t)i);
}

ls_inspecteds ls_record_inspecteds(const ls_record *r, size_t version)
{
    const accord *a = holder(r, (int)version);
    return (ls_inspecteds){a->inspected, a->inspected_count, ls_record_facts(r, version).time, r};
}
