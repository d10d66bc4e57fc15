/* What both sides know in the end, and what a mediator is shown. */
#include "psi/parallel.h"
#include "psi/parts.h"
#include <stdlib.h>

static int by_number(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Both lists are under both secrets and known to both sides, and so is which of their points are equal. Of the order,
 * only what stands for these points becomes known. */
ls_result ls_psi_match(ls_arena *arena, const ls_psi_returned *own, const ls_psi_returned *theirs,
                       const uint32_t *order, uint32_t *common, uint32_t *count)
{
    const ls_psi_entry *sorted = ls_psi_sorted(arena, theirs->points, theirs->count);
    uint32_t found = 0;
    if (sorted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint32_t i = 0; i < own->count; i++) {
        if (ls_psi_find(sorted, theirs->count, own->points + (size_t)LS_POINT_SIZE * i) != NULL) {
            common[found] = order[i];
            LS_PSI_PUBLIC(&common[found], sizeof *common);
            found++;
        }
    }
    qsort(common, found, sizeof *common, by_number);
    *count = found;
    return LS_SUCCESS;
}

typedef struct mapping {
    const ls_hash *sid;
    const ls_bytes *options;
    uint8_t *out;
} mapping;

static void map_some(void *context, size_t first, size_t end)
{
    const mapping *m = context;
    for (size_t i = first; i < end; i++) {
        uint8_t hash[LS_SHA512_SIZE];
        ls_psi_hash_option(m->sid, m->options[i], hash);
        ls_point_from_hash(hash, m->out + LS_POINT_SIZE * i);
    }
}

ls_result ls_psi_disclosed(ls_arena *arena, const ls_psi_run *run, const ls_psi_set *set,
                           const uint8_t scalar[static LS_SCALAR_SIZE], const ls_bytes *options, uint32_t count,
                           uint8_t *chosen, uint32_t *order, uint32_t *strange, ls_detail *detail)
{
    uint8_t key[LS_POINT_SIZE];
    if (!ls_scalar_valid(scalar) || !ls_point_multiply_base(scalar, key) || memcmp(key, set->key, sizeof key) != 0) {
        return ls_fail_with(&ls_fault_psi_disclosure, detail, "what %s disclosed does not lead to its public key",
                            ls_psi_name_of(run, set->side).text);
    }
    uint8_t *points = ls_arena_array(arena, 2 * (size_t)count, LS_POINT_SIZE);
    const ls_psi_entry *sorted = ls_psi_sorted(arena, set->points, set->count);
    if (points == NULL || sorted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    mapping m = {&run->sid, options, points};
    uint8_t *blinded = points + (size_t)LS_POINT_SIZE * count;
    ls_psi_parallel(count, LS_PSI_PORTION, map_some, &m);
    if (!ls_psi_multiply_all(scalar, points, count, blinded)) {
        return ls_fail(&ls_fault_bug);
    }
    uint32_t left = set->count;
    if (order != NULL) {
        memset(order, 0xff, set->count * sizeof *order);
    }
    for (uint32_t i = 0; i < count; i++) {
        const ls_psi_entry *found = ls_psi_find(sorted, set->count, blinded + (size_t)LS_POINT_SIZE * i);
        chosen[i] = found != NULL;
        left -= chosen[i];
        if (found != NULL && order != NULL) {
            order[(size_t)(found->point - set->points) / LS_POINT_SIZE] = i;
        }
    }
    *strange = left;
    return LS_SUCCESS;
}
