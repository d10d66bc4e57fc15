/* What a side sends in a private search: the same bytes whenever it is made. */
#include "workspace/search.h"

static const char label_disclosure[] = LS_SEARCH_DISCLOSURE;

/* The common options in this side's order. */
static ls_result make_ranking(const ls_search *s, const ls_search_own *own, const ls_search_reading *seen, ls_buf *out)
{
    uint8_t salt[LS_PSI_SALT_SIZE];
    ls_buf ranked = {0};
    uint32_t *ranking = (uint32_t *)(void *)ls_buf_extend(&ranked, (own->count + 1) * sizeof *ranking), count = 0;
    if (ranking == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint32_t i = 0; i < own->count; i++) {
        bool common = false;
        for (uint32_t low = 0, high = seen->common_count; low < high && !common;) {
            uint32_t middle = low + (high - low) / 2;
            common = seen->common[middle] == own->preferred[i];
            low = seen->common[middle] < own->preferred[i] ? middle + 1 : low;
            high = seen->common[middle] < own->preferred[i] ? high : middle;
        }
        if (common) {
            ranking[count++] = own->preferred[i];
        }
    }
    ls_psi_ranking_salt(own->seed, &s->run, s->side, ranking, count, salt);
    ls_result r = ls_psi_ranking_write(&s->run, s->side, salt, ranking, count, out);
    ls_wipe(salt, sizeof salt);
    ls_buf_wipe(&ranked);
    return r;
}

static ls_result make_return(const ls_search *s, const ls_search_own *own, const ls_search_reading *seen, ls_buf *out,
                             ls_detail *detail)
{
    ls_arena scratch = {0};
    ls_result r =
        ls_psi_return(&scratch, &s->run, &own->secret, &seen->set[s->side], &seen->set[1 - s->side], out, detail);
    ls_arena_free(&scratch);
    return r;
}

ls_result ls_search_message(const ls_search *s, const ls_search_own *own, const ls_search_reading *seen,
                            ls_search_step step, ls_buf *out, ls_detail *detail)
{
    switch (step) {
    case LS_SEARCH_LIST:
    case LS_SEARCH_POINTS:
        ls_buf_put_bytes(out, ls_buf_bytes(&own->offer));
        return ls_buf_check(out);
    case LS_SEARCH_RETURNED:
        return seen->has_set[0] && seen->has_set[1] ? make_return(s, own, seen, out, detail) : ls_fail(&ls_fault_bug);
    case LS_SEARCH_RANKING:
    case LS_SEARCH_REVEALED:
        return seen->found ? make_ranking(s, own, seen, out) : ls_fail(&ls_fault_bug);
    default:
        return ls_fail(&ls_fault_bug);
    }
}

void ls_search_disclosure(const ls_search *s, const ls_search_own *own, ls_buf *out)
{
    ls_buf_put(out, label_disclosure, sizeof label_disclosure);
    ls_buf_put(out, s->run.sid.b, LS_HASH_SIZE);
    ls_buf_put_u8(out, (uint8_t)s->run.party[s->side].len);
    ls_buf_put_bytes(out, s->run.party[s->side]);
    ls_buf_put(out, own->secret.scalar, LS_SCALAR_SIZE);
}
