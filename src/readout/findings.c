/* What two readouts differ in, and where they contradict each other. */
#include "readout/compare_parts.h"

/* Who affirms the one can't stand beside who denies the other: what is agreed was discussed, and is so. */
static const bool refutes[LS_FORCES][LS_FORCES] = {
    [LS_FORCE_AGREED] = {[LS_FORCE_AGREED] = true, [LS_FORCE_DISCUSSED] = true, [LS_FORCE_CHARACTERISED] = true},
    [LS_FORCE_DISCUSSED] = {[LS_FORCE_DISCUSSED] = true},
    [LS_FORCE_DEMANDED] = {[LS_FORCE_DEMANDED] = true},
    [LS_FORCE_HOPED] = {[LS_FORCE_HOPED] = true},
    [LS_FORCE_CHARACTERISED] = {[LS_FORCE_CHARACTERISED] = true},
};

/* Says what is so. Two dates may both be discussed, demanded and hoped for. */
static bool states(const ls_claim *c)
{
    return c->force == LS_FORCE_AGREED || c->force == LS_FORCE_CHARACTERISED;
}

/* A denial without a value denies it whatever its value. */
static bool denied(const ls_claim *affirms, const ls_claim *denies)
{
    return refutes[affirms->force][denies->force] &&
           (denies->value.len == 0 || ls_bytes_equal(affirms->value, denies->value));
}

bool ls_claims_contradict(const ls_claim *a, const ls_claim *b, bool *of_values)
{
    *of_values = false;
    if (a->denies != b->denies) {
        return a->denies ? denied(b, a) : denied(a, b);
    }
    *of_values = !a->denies && states(a) && states(b) && a->value.len > 0 && b->value.len > 0 &&
                 !ls_bytes_equal(a->value, b->value);
    return *of_values;
}

/* Claims of one side stand together: from begin up to the index returned. */
static size_t end_of_side(const ls_topic *t, size_t begin)
{
    size_t end = begin;
    while (end < t->claim_count && t->claim[end].at.side == t->claim[begin].at.side) {
        end++;
    }
    return end;
}

/* One bit for each force and stance that a side uses. */
static unsigned forces_of(const ls_topic *t, size_t begin, size_t end)
{
    unsigned bits = 0;
    for (size_t i = begin; i < end; i++) {
        const ls_claim *c = t->claim[i].claim;
        bits |= 1u << ((unsigned)c->force + (c->denies ? (unsigned)LS_FORCES : 0));
    }
    return bits;
}

static bool has_value(const ls_topic *t, size_t begin, size_t end, ls_bytes value)
{
    for (size_t i = begin; i < end; i++) {
        if (ls_bytes_equal(t->claim[i].claim->value, value)) {
            return true;
        }
    }
    return false;
}

/* Each value that the first side names is one of the second's. */
static bool values_within(const ls_topic *t, size_t begin, size_t end, size_t other, size_t other_end)
{
    for (size_t i = begin; i < end; i++) {
        ls_bytes value = t->claim[i].claim->value;
        if (value.len > 0 && !has_value(t, other, other_end, value)) {
            return false;
        }
    }
    return true;
}

static bool names_value(const ls_topic *t, size_t begin, size_t end)
{
    for (size_t i = begin; i < end; i++) {
        if (t->claim[i].claim->value.len > 0) {
            return true;
        }
    }
    return false;
}

/* Sets are compared with those of the first side, and of the first that names values: equality is transitive. */
static void find_differences(ls_topic *t)
{
    size_t first_end = end_of_side(t, 0), valued = SIZE_MAX, valued_end = 0;
    for (size_t begin = 0, end; begin < t->claim_count; begin = end) {
        end = end_of_side(t, begin);
        t->says[t->claim[begin].at.side] = true;
        t->said_by++;
        t->forces_differ |= forces_of(t, begin, end) != forces_of(t, 0, first_end);
        if (!names_value(t, begin, end)) {
            continue;
        }
        if (valued == SIZE_MAX) {
            valued = begin;
            valued_end = end;
        }
        t->values_differ |=
            !values_within(t, begin, end, valued, valued_end) || !values_within(t, valued, valued_end, begin, end);
    }
}

/* Adds the first contradiction between these two sides, which may be the same. */
static void find_between(ls_topic *t, size_t begin, size_t end, size_t other, size_t other_end)
{
    for (size_t i = begin; i < end; i++) {
        for (size_t k = other > i ? other : i + 1; k < other_end; k++) {
            bool of_values;
            if (ls_claims_contradict(t->claim[i].claim, t->claim[k].claim, &of_values)) {
                t->contradiction[t->contradiction_count++] = (ls_contradiction){i, k, of_values};
                return;
            }
        }
    }
}

static ls_result find_contradictions(const ls_comparing *c, ls_topic *t)
{
    t->contradiction = ls_arena_array(c->arena, t->said_by * (t->said_by + 1) / 2, sizeof *t->contradiction);
    if (t->contradiction == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t begin = 0, end; begin < t->claim_count; begin = end) {
        end = end_of_side(t, begin);
        for (size_t other = begin, other_end; other < t->claim_count; other = other_end) {
            other_end = end_of_side(t, other);
            find_between(t, begin, end, other, other_end);
        }
    }
    return LS_SUCCESS;
}

/* The party has published here, and nothing of this topic. */
static bool leaves_unsaid(const ls_comparing *c, const ls_topic *t, ls_bytes party)
{
    bool published = false;
    for (size_t s = 0; s < c->out.side_count; s++) {
        bool own = ls_bytes_equal(c->out.side[s].party, party);
        published |= own;
        if (own && t->says[s]) {
            return false;
        }
    }
    return published;
}

static bool is_listed(const ls_topic *t, size_t from, ls_bytes party)
{
    for (size_t i = from; i < t->unsaid_count; i++) {
        if (ls_bytes_equal(t->unsaid[i].party, party)) {
            return true;
        }
    }
    return false;
}

static ls_result find_unsaid(const ls_comparing *c, ls_topic *t)
{
    size_t most = 0;
    for (size_t i = 0; i < t->claim_count; i++) {
        most += 1 + t->claim[i].claim->word_count;
    }
    t->unsaid = ls_arena_array(c->arena, most, sizeof *t->unsaid);
    if (t->unsaid == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < t->claim_count; i++) {
        const ls_claim *claim = t->claim[i].claim;
        size_t from = t->unsaid_count;
        for (size_t k = 0; k <= claim->word_count; k++) {
            ls_bytes party = k == 0 ? claim->speaker.of : claim->word[k - 1].of;
            if (!is_listed(t, from, party) && leaves_unsaid(c, t, party)) {
                t->unsaid[t->unsaid_count++] = (ls_unsaid){i, party};
            }
        }
    }
    return LS_SUCCESS;
}

ls_result ls_topic_find(const ls_comparing *c, ls_topic *t)
{
    find_differences(t);
    LS_TRY(find_contradictions(c, t));
    return find_unsaid(c, t);
}

const char *ls_topic_verdict(const ls_comparison *c, const ls_topic *t)
{
    if (t->contradiction_count > 0) {
        return "contradicted";
    }
    if (t->forces_differ || t->values_differ) {
        return "differs";
    }
    return t->said_by == c->side_count ? "said by all" : t->said_by == 1 ? "said by one" : "said by some";
}
