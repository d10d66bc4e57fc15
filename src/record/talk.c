/* What was said of talks: one list for the process, in the order of the ledger, with threads and names. */
#include "crypto/sha256.h"
#include "record/internal.h"
#include <stdlib.h>

const ls_talk *ls_talk_find(const ls_record *r, uint32_t index)
{
    size_t low = 0, high = r->talk_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (r->talk[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < r->talk_count && r->talk[low].index == index ? &r->talk[low] : NULL;
}

/* What a name is found by: in the namespace of its header. */
static ls_hash name_key(ls_header space, ls_bytes name)
{
    ls_hash out;
    ls_sha256 h;
    ls_sha256_init(&h);
    ls_sha256_update(&h, ls_bytes_str(ls_header_name(space)));
    ls_sha256_update(&h, ls_bytes_of((const uint8_t *)"", 1));
    ls_sha256_update(&h, name);
    ls_sha256_final(&h, &out);
    return out;
}

const ls_talk *ls_talk_named(const ls_record *r, ls_header space, ls_bytes name)
{
    ls_hash key = name_key(space, name);
    uint32_t i;
    for (table_walk w = ls_table_walk(&r->talk_names, key.b); ls_table_next(&w, &i);) {
        if (ls_hash_equal(&r->talk_name[i], &key) && ls_entry_effective(r, r->talk[i].index)) {
            return &r->talk[i];
        }
    }
    return NULL;
}

const ls_talk *ls_talk_step(const ls_record *r, const ls_talk *t, const ls_talk *before)
{
    uint32_t i = before == NULL ? r->thread[t - r->talk].last : r->thread[before - r->talk].before;
    return i == NONE ? NULL : &r->talk[i];
}

static const uint8_t *name_of(const void *record, uint32_t i)
{
    return ((const ls_record *)record)->talk_name[i].b;
}

/* Only those that begin something are in the table, which is as large as if all were. */
bool ls_talk_reserve(ls_record *r)
{
    if (r->talk_count == r->talk_capacity) {
        size_t larger = r->talk_capacity == 0 ? 16 : 2 * r->talk_capacity;
        void *talk = reallocarray(r->talk, larger, sizeof *r->talk);
        r->talk = talk != NULL ? talk : r->talk;
        void *thread = talk == NULL ? NULL : reallocarray(r->thread, larger, sizeof *r->thread);
        r->thread = thread != NULL ? thread : r->thread;
        void *name = thread == NULL ? NULL : reallocarray(r->talk_name, larger, sizeof *r->talk_name);
        r->talk_name = name != NULL ? name : r->talk_name;
        if (name == NULL) {
            return false;
        }
        r->talk_capacity = larger;
    }
    return ls_table_reserve(&r->talk_names, r->talk_count, name_of, r);
}

/* The steps of a private search: only they are asked for again. */
static void tie(ls_record *r, uint32_t i, const ls_talk *said)
{
    bool step = said->kind == LS_TALK_SCHEDULE_COMMIT || said->kind == LS_TALK_SCHEDULE_SEND ||
                said->kind == LS_TALK_SCHEDULE_REVEAL;
    const ls_talk *about = step ? ls_talk_find(r, said->ref) : NULL;
    r->thread[i] = (talk_thread){NONE, NONE};
    if (about != NULL) {
        talk_thread *t = &r->thread[about - r->talk];
        r->thread[i].before = t->last;
        t->last = i;
    }
}

void ls_talk_add(ls_record *r, const ls_talk *said, ls_header space)
{
    uint32_t i = (uint32_t)r->talk_count;
    r->talk[i] = *said;
    r->talk[i].index = (uint32_t)(r->size - 1);
    tie(r, i, said);
    r->talk_count++;
    r->talk_name[i] = (ls_hash){{0}};
    if (space != LS_HEADER_COUNT) {
        r->talk_name[i] = name_key(space, said->name);
        ls_table_add(&r->talk_names, r->talk_name[i].b, i);
    }
}
