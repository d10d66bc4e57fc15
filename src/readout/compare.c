/* Readouts of one meeting: which claims belong together, and in which order. */
#include "readout/compare_parts.h"
#include <stdlib.h>

const ls_fault ls_fault_readout_sides = {LS_CLASS_USAGE, "readout-sides", "these readouts can't be compared"};

/* A claim on its way to its topic. */
typedef struct placed {
    ls_claim_at at;
    const ls_claim *claim;
    size_t aligned; /* index of the alignment's topic, or SIZE_MAX */
} placed;

typedef struct group {
    size_t begin, count;
} group;

static int order_at(ls_claim_at a, ls_claim_at b)
{
    return a.side != b.side ? (a.side > b.side) - (a.side < b.side) : (a.claim > b.claim) - (a.claim < b.claim);
}

/* 0: they meet in one topic. */
static int order_topic(const placed *a, const placed *b)
{
    if (a->aligned != b->aligned) {
        return (a->aligned > b->aligned) - (a->aligned < b->aligned);
    }
    return a->aligned != SIZE_MAX ? 0 : ls_about_order(&a->claim->about, &b->claim->about);
}

static int order_placed(const void *x, const void *y)
{
    const placed *a = x, *b = y;
    int topic = order_topic(a, b);
    return topic != 0 ? topic : order_at(a->at, b->at);
}

/* Those of the alignment in its order, then by the first claim. */
static int order_group(const void *x, const void *y, void *claims)
{
    const placed *all = claims;
    const placed *a = &all[((const group *)x)->begin], *b = &all[((const group *)y)->begin];
    if (a->aligned != b->aligned) {
        return (a->aligned > b->aligned) - (a->aligned < b->aligned);
    }
    return order_at(a->at, b->at);
}

static ls_result check_sides(const ls_side *side, size_t count, ls_detail *detail)
{
    if (count == 0 || count > LS_SIDES_MAX) {
        return ls_fail_with(&ls_fault_readout_sides, detail, "from 1 to %d readouts can be compared, not %zu",
                            LS_SIDES_MAX, count);
    }
    for (size_t i = 0; i < count; i++) {
        if (!ls_name_valid(side[i].name)) {
            return ls_fail_with(&ls_fault_readout_sides, detail, "a readout must have a name");
        }
        for (size_t k = 0; k < i; k++) {
            if (ls_bytes_equal(side[i].name, side[k].name)) {
                return ls_fail_with(&ls_fault_readout_sides, detail, "two readouts have the name %.*s",
                                    (int)side[i].name.len, (const char *)side[i].name.ptr);
            }
        }
    }
    return LS_SUCCESS;
}

static ls_result place_claims(ls_comparing *c, const ls_alignment *alignment, placed **out, size_t *count)
{
    size_t first[LS_SIDES_MAX], total = 0;
    for (size_t s = 0; s < c->out.side_count; s++) {
        first[s] = total;
        total += c->out.side[s].readout->claim_count;
    }
    placed *all = ls_arena_array(c->arena, total, sizeof *all);
    if (all == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t s = 0; s < c->out.side_count; s++) {
        const ls_readout *r = c->out.side[s].readout;
        for (size_t i = 0; i < r->claim_count; i++) {
            all[first[s] + i] = (placed){{(uint32_t)s, (uint32_t)i}, &r->claim[i], SIZE_MAX};
        }
    }
    for (size_t t = 0; alignment != NULL && t < alignment->count; t++) {
        for (size_t i = 0; i < alignment->topic[t].count; i++) {
            ls_claim_at at = alignment->topic[t].claim[i];
            all[first[at.side] + at.claim].aligned = t;
        }
    }
    *out = all;
    *count = total;
    return LS_SUCCESS;
}

static size_t find_groups(const placed *all, size_t count, group *out)
{
    size_t groups = 0;
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || order_topic(&all[i - 1], &all[i]) != 0) {
            out[groups++] = (group){i, 0};
        }
        out[groups - 1].count++;
    }
    return groups;
}

static ls_result make_topic(ls_comparing *c, const ls_alignment *alignment, const placed *first, size_t count,
                            ls_topic *t)
{
    t->claim = ls_arena_array(c->arena, count, sizeof *t->claim);
    if (t->claim == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < count; i++) {
        t->claim[i] = (ls_topic_claim){.at = first[i].at, .claim = first[i].claim};
    }
    t->claim_count = count;
    t->aligned = first->aligned != SIZE_MAX;
    t->title = t->aligned ? ls_arena_str(c->arena, alignment->topic[first->aligned].title)
                          : ls_about_words(c->arena, &first->claim->about);
    if (t->title == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_topic_find(c, t));
    return ls_topic_prove(c, t);
}

ls_result ls_readouts_compare(ls_arena *arena, const ls_side *side, size_t side_count, const ls_alignment *alignment,
                              const ls_prover *prover, ls_comparison *out, ls_detail *detail)
{
    ls_comparing c = {arena, prover, {.side_count = side_count, .side = side, .proved = prover != NULL}};
    placed *all;
    size_t count;
    LS_TRY(check_sides(side, side_count, detail));
    LS_TRY(place_claims(&c, alignment, &all, &count));
    group *groups = ls_arena_array(arena, count, sizeof *groups);
    if (groups == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    qsort(all, count, sizeof *all, order_placed);
    c.out.topic_count = find_groups(all, count, groups);
    qsort_r(groups, c.out.topic_count, sizeof *groups, order_group, all);
    c.out.topic = ls_arena_array(arena, c.out.topic_count, sizeof *c.out.topic);
    if (c.out.topic == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < c.out.topic_count; i++) {
        LS_TRY(make_topic(&c, alignment, &all[groups[i].begin], groups[i].count, &c.out.topic[i]));
    }
    *out = c.out;
    return LS_SUCCESS;
}

ls_bytes ls_side_title(const ls_side *s)
{
    return s->title.len > 0 ? s->title : s->name;
}

bool ls_side_speaks(const ls_side *s, const ls_claim *c)
{
    return c->word_count == 0 && c->speaker.person.len == 0 && ls_bytes_equal(c->speaker.of, s->party);
}

bool ls_topic_shows(const ls_topic *t, const ls_topic_about *a)
{
    return t->about_count == 1 || a->about->kind != LS_ABOUT_TOPIC;
}
