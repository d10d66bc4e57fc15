/* Weights: how much each party thinks that a measure is worth. Private; no act says them. */
#include "analysis/analysis.h"

#define HINT "measure-id: 3, or measure-id: {usa: 3, dprk: 1}"

static bool read_weight(const ls_value *v, ls_diagnostics *d, uint32_t *out)
{
    if (v->type != LS_INTEGER || v->integer < 0 || v->integer > LS_WEIGHT_MAX) {
        ls_diagnose(d, v->mark, HINT, "a weight is a whole number from 0 to %d", LS_WEIGHT_MAX);
        return false;
    }
    *out = (uint32_t)v->integer;
    return true;
}

static void read_parties(const ls_value *v, const ls_charter *c, ls_diagnostics *d, uint32_t *weights)
{
    for (size_t i = 0; i < v->count; i++) {
        const ls_entry *e = &v->entries[i];
        const ls_party *p = ls_charter_party(c, e->key);
        if (p == NULL) {
            ls_diagnose(d, e->mark, HINT, "the charter has no party \"%.*s\"", (int)e->key.len, e->key.ptr);
        } else {
            (void)read_weight(e->value, d, &weights[p - c->party]);
        }
    }
}

uint32_t *ls_weights_read(ls_arena *arena, const ls_value *v, const ls_roadmap *r, const ls_charter *c,
                          ls_diagnostics *d)
{
    size_t count = r->measure_count * LS_PARTIES_MAX;
    uint32_t *weights = ls_arena_array(arena, count + 1, sizeof *weights);
    if (v->type != LS_MAP) {
        ls_diagnose(d, v->mark, HINT, "weights are a map from measures to numbers");
        return weights;
    }
    for (size_t i = 0; weights != NULL && i < count; i++) {
        weights[i] = 1;
    }
    for (size_t i = 0; weights != NULL && i < v->count; i++) {
        const ls_entry *e = &v->entries[i];
        int m = ls_roadmap_measure(r, e->key);
        uint32_t all;
        if (m < 0) {
            ls_diagnose(d, e->mark, HINT, "the roadmap has no measure \"%.*s\"", (int)e->key.len, e->key.ptr);
        } else if (e->value->type == LS_MAP) {
            read_parties(e->value, c, d, weights + (size_t)m * LS_PARTIES_MAX);
        } else if (read_weight(e->value, d, &all)) {
            for (size_t p = 0; p < LS_PARTIES_MAX; p++) {
                weights[(size_t)m * LS_PARTIES_MAX + p] = all;
            }
        }
    }
    return weights;
}
