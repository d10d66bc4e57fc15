/* What was said of talks: one list for the process, in the order of the ledger, with names and private searches. */
#include "crypto/sha256.h"
#include "record/internal.h"

const ls_talk *ls_talk_find(const ls_record *r, uint32_t index)
{
    return ls_talks_find(&(ls_talks){.fact = r->talk, .count = r->talk_count}, index);
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

/* The number of a name, or NONE. */
static uint32_t find_name(const ls_record *r, const ls_hash *key)
{
    uint32_t i;
    for (table_walk w = ls_table_walk(&r->talk_names, key->b); ls_table_next(&w, &i);) {
        if (ls_hash_equal(&r->talk_name[i].key, key)) {
            return i;
        }
    }
    return NONE;
}

/* Receipts can give one that had lapsed its effect again, after another was given its name: then that one keeps it. */
const ls_talk *ls_talk_named(const ls_record *r, ls_header space, ls_bytes name)
{
    ls_hash key = name_key(space, name);
    uint32_t number = find_name(r, &key), i = number == NONE ? NONE : r->talk_name[number].last;
    while (i != NONE && !ls_entry_effective(r, r->talk[i].index)) {
        i = r->talk_link[i].before;
    }
    return i == NONE ? NULL : &r->talk[i];
}

const ls_talk *ls_talk_searched(const ls_record *r, const ls_talk *search, unsigned side, ls_search_step step)
{
    uint32_t i = r->search[r->talk_link[search - r->talk].search].last[side][step];
    return i == NONE ? NULL : &r->talk[i];
}

/* It lapsed so long ago that no receipts can give it its effect back. */
static bool is_over(const ls_record *r, uint32_t i)
{
    const entry *x = &r->entry[r->talk[i].index];
    return (x->flags & ENTRY_LAPSED) != 0 && r->time > ls_entry_time(r, r->talk[i].index) + r->charter->grace;
}

/* Whoever lets a name lapse again and again makes nobody go through all of that. */
static void forget_over(ls_record *r, talk_name *n)
{
    while (n->first != n->last && is_over(r, n->first)) {
        n->first = r->talk_link[n->first].after;
        r->talk_link[n->first].before = NONE;
    }
}

static void add_name(ls_record *r, uint32_t i, ls_header space)
{
    ls_hash key = name_key(space, r->talk[i].name);
    uint32_t number = find_name(r, &key);
    if (number == NONE) {
        number = (uint32_t)r->talk_name_count++;
        r->talk_name[number] = (talk_name){key, i, i};
        ls_table_add(&r->talk_names, key.b, number);
        return;
    }
    talk_name *n = &r->talk_name[number];
    forget_over(r, n);
    r->talk_link[i].before = n->last;
    r->talk_link[n->last].after = i;
    n->last = i;
}

static void add_search(ls_record *r, uint32_t i)
{
    uint32_t number = (uint32_t)r->search_count++;
    memset(&r->search[number], 0xff, sizeof r->search[number]); /* NONE */
    r->talk_link[i].search = number;
}

static void add_step(ls_record *r, uint32_t i)
{
    const ls_talk *step = &r->talk[i], *search = ls_talk_find(r, step->ref);
    uint32_t number = r->talk_link[search - r->talk].search;
    r->search[number].last[step->by == search->by ? 0 : 1][step->word] = i;
}

void ls_talk_add(ls_record *r, const ls_talk *said, ls_header space)
{
    uint32_t i = (uint32_t)r->talk_count++;
    r->talk[i] = *said;
    r->talk[i].index = (uint32_t)(r->size - 1);
    r->talk_link[i] = (talk_link){NONE, NONE, NONE};
    if (space != LS_HEADER_COUNT) {
        add_name(r, i, space);
    }
    if (said->kind == LS_TALK_SCHEDULE) {
        add_search(r, i);
    } else if (said->kind == LS_TALK_SCHEDULE_COMMIT || said->kind == LS_TALK_SCHEDULE_SEND ||
               said->kind == LS_TALK_SCHEDULE_REVEAL) {
        add_step(r, i);
    }
}
