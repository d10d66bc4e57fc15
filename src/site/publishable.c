/* Which files of acts may be published. */
#include "site/parts.h"
#include <stdlib.h>

static bool is_document(const ls_act *act)
{
    return ls_bytes_is(act->kind, "charter") || ls_bytes_is(act->kind, "amend") || ls_bytes_is(act->kind, "accord");
}

static bool may_publish(const site *x, const ls_act *act, const ls_attachment *a)
{
    bool all = x->o->publish == LS_SITE_ALL || (x->o->publish == LS_SITE_CHARTER && x->charter->public_access);
    return ls_bytes_is(a->audience, "public") || (ls_bytes_is(a->audience, "process") && (all || is_document(act)));
}

static bool reserve_file(site *x)
{
    if (x->file_count < x->file_capacity) {
        return true;
    }
    size_t capacity = x->file_capacity == 0 ? 64 : 2 * x->file_capacity;
    site_file *grown = realloc(x->file, capacity * sizeof *grown);
    if (grown == NULL) {
        return false;
    }
    x->file = grown;
    x->file_capacity = capacity;
    return true;
}

static ls_result take_files(site *x, const ls_act *act)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        const ls_attachment *a = &act->attachment[i];
        if (!may_publish(x, act, a)) {
            x->done.withheld++;
            continue;
        }
        if (!reserve_file(x)) {
            return ls_fail(&ls_fault_memory);
        }
        x->file[x->file_count++] = (site_file){.hash = a->hash, .size = a->size};
    }
    return LS_SUCCESS;
}

static int by_hash(const void *a, const void *b)
{
    return memcmp(((const site_file *)a)->hash.b, ((const site_file *)b)->hash.b, LS_HASH_SIZE);
}

ls_result ls_site_publishable(site *x)
{
    x->has_files = calloc(x->head.size, sizeof *x->has_files);
    if (x->has_files == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint64_t i = 0; i < x->head.size; i++) {
        ls_arena scratch = {0};
        ls_bytes note;
        ls_act *act;
        ls_result r = ls_site_act(x, i, &scratch, &note, &act);
        r = ls_succeeded(r) ? take_files(x, act) : r;
        x->has_files[i] = ls_succeeded(r) && act->attachment_count > 0;
        ls_arena_free(&scratch);
        LS_TRY(r);
    }
    if (x->file_count > 1) {
        qsort(x->file, x->file_count, sizeof *x->file, by_hash);
    }
    size_t kept = 0;
    for (size_t i = 0; i < x->file_count; i++) { /* several acts may name one file */
        if (kept == 0 || !ls_hash_equal(&x->file[kept - 1].hash, &x->file[i].hash)) {
            x->file[kept++] = x->file[i];
        }
    }
    x->file_count = kept;
    return LS_SUCCESS;
}

const site_file *ls_site_file(const site *x, const ls_hash *hash)
{
    const site_file wanted = {.hash = *hash};
    return x->file_count == 0 ? NULL : bsearch(&wanted, x->file, x->file_count, sizeof *x->file, by_hash);
}
