/* Building and searching the index of ids. */
#include "escrow/index.h"
#include <stdlib.h>

#define TAG_SIZE 16

/* While the index is built, mask and position stand apart; blank rows have random ones. */
typedef struct slot {
    uint8_t tag[TAG_SIZE];
    uint64_t mask, position;
} slot;

struct ls_index_builder {
    uint8_t key[32];
    uint64_t rows, used;
    slot *slots;
    ls_buf message;
};

static void store_u64(uint8_t *out, uint64_t v)
{
    for (int i = 7; i >= 0; i--, v >>= 8) {
        out[i] = (uint8_t)v;
    }
}

static uint64_t load_u64(const uint8_t *in)
{
    uint64_t v = 0;
    for (int i = 0; i < 8; i++) {
        v = v << 8 | in[i];
    }
    return v;
}

/* Keyed hash of the j-th row with an id: tag and mask. */
static ls_result tag_of(const uint8_t key[static 32], ls_bytes id, uint32_t j, ls_buf *message, uint8_t *tag,
                        uint64_t *mask)
{
    uint8_t hash[32];
    message->len = 0;
    ls_buf_put_u32(message, j);
    ls_buf_put_bytes(message, id);
    LS_TRY(ls_buf_check(message));
    ls_blake2b_keyed(key, ls_buf_bytes(message), hash);
    memcpy(tag, hash, TAG_SIZE);
    *mask = load_u64(hash + TAG_SIZE);
    ls_wipe(hash, sizeof hash);
    return LS_SUCCESS;
}

ls_result ls_index_builder_open(const ls_tranche_keys *keys, uint64_t rows, ls_index_builder **out)
{
    ls_index_builder *b = calloc(1, sizeof *b);
    slot *slots = calloc(rows, sizeof *slots);
    if (!b || !slots) {
        free(b);
        free(slots);
        return ls_fail(&ls_fault_memory);
    }
    memcpy(b->key, keys->index, sizeof b->key);
    b->rows = rows;
    b->slots = slots;
    *out = b;
    return LS_SUCCESS;
}

ls_result ls_index_builder_row(ls_index_builder *b, ls_bytes id)
{
    slot *s = &b->slots[b->used];
    LS_TRY(tag_of(b->key, id, 0, &b->message, s->tag, &s->mask));
    s->position = b->used++;
    return LS_SUCCESS;
}

void ls_index_builder_blank(ls_index_builder *b)
{
    slot *s = &b->slots[b->used];
    ls_random(s->tag, sizeof s->tag);
    ls_random(&s->mask, sizeof s->mask);
    s->position = b->used++;
}

static int compare_tags(const void *a, const void *b)
{
    return memcmp(a, b, TAG_SIZE);
}

static int compare_slots(const void *a, const void *b)
{
    const slot *x = a, *y = b;
    int order = compare_tags(x->tag, y->tag);
    return order ? order : (x->position > y->position) - (x->position < y->position);
}

/* Which of the buckets a tag belongs to: there are 2^bits, and tags are as good as random. */
static size_t bucket_of(const slot *s, unsigned bits)
{
    uint32_t first = (uint32_t)s->tag[0] << 24 | (uint32_t)s->tag[1] << 16 | (uint32_t)s->tag[2] << 8 | s->tag[3];
    return bits ? first >> (32 - bits) : 0;
}

/* Brings each slot into its bucket, in place: whatever stands in a bucket's next free place is sent where it belongs,
 * until it is one of the bucket's own. next[i] is the next place of
 * bucket i, end[i] where it ends. */
static void distribute(slot *slots, unsigned bits, uint64_t *next, const uint64_t *end)
{
    for (size_t bucket = 0; bucket < (size_t)1 << bits; bucket++) {
        while (next[bucket] < end[bucket]) {
            slot moving = slots[next[bucket]];
            size_t to;
            while ((to = bucket_of(&moving, bits)) != bucket) {
                slot met = slots[next[to]];
                slots[next[to]++] = moving;
                moving = met;
            }
            slots[next[bucket]++] = moving;
        }
    }
}

/* Sorts: into buckets of about eight first, which takes one pass and no memory to speak of. */
static ls_result sort_slots(ls_index_builder *b)
{
    unsigned bits = 0;
    while (bits < 24 && b->rows >> bits > 8) {
        bits++;
    }
    size_t count = (size_t)1 << bits;
    uint64_t *next = calloc(2 * count, sizeof *next);
    if (!next) {
        return ls_fail(&ls_fault_memory);
    }
    uint64_t *end = next + count;
    for (uint64_t i = 0; i < b->rows; i++) {
        end[bucket_of(&b->slots[i], bits)]++;
    }
    for (size_t i = 1; i < count; i++) {
        end[i] += end[i - 1];
        next[i] = end[i - 1];
    }
    distribute(b->slots, bits, next, end);
    for (size_t i = 0; i < count; i++) {
        uint64_t first = i ? end[i - 1] : 0;
        qsort(b->slots + first, end[i] - first, sizeof *b->slots, compare_slots);
    }
    free(next);
    return LS_SUCCESS;
}

/* Rows that share an id have one tag so far, and would be seen to: all but the first get one of their own. */
static ls_result part_twins(ls_index_builder *b, ls_index_id ids, void *context, bool *moved)
{
    uint32_t j = 0;
    uint8_t shared[TAG_SIZE];
    *moved = false;
    for (uint64_t i = 0; i < b->rows; i++) {
        slot *s = &b->slots[i];
        if (i == 0 || memcmp(s->tag, shared, TAG_SIZE) != 0) {
            memcpy(shared, s->tag, TAG_SIZE);
            j = 0;
            continue;
        }
        ls_bytes id;
        LS_TRY(ids(context, s->position, &id));
        LS_TRY(tag_of(b->key, id, ++j, &b->message, s->tag, &s->mask));
        *moved = true;
    }
    return LS_SUCCESS;
}

ls_result ls_index_builder_finish(ls_index_builder *b, ls_index_id ids, void *context, ls_bytes *entries)
{
    bool moved;
    if (b->used != b->rows) {
        return ls_fail(&ls_fault_bug);
    }
    LS_TRY(sort_slots(b));
    LS_TRY(part_twins(b, ids, context, &moved));
    if (moved) {
        LS_TRY(sort_slots(b));
    }
    /* In place: an entry is shorter than its slot. */
    uint8_t *out = (uint8_t *)b->slots;
    for (uint64_t i = 0; i < b->rows; i++) {
        slot s = b->slots[i];
        memcpy(out + i * LS_INDEX_ENTRY, s.tag, TAG_SIZE);
        store_u64(out + i * LS_INDEX_ENTRY + TAG_SIZE, s.position ^ s.mask);
    }
    *entries = ls_bytes_of(out, b->rows * LS_INDEX_ENTRY);
    return LS_SUCCESS;
}

void ls_index_builder_free(ls_index_builder *b)
{
    if (b) {
        ls_buf_wipe(&b->message);
        ls_wipe(b->slots, b->rows * sizeof *b->slots);
        free(b->slots);
        ls_wipe(b, sizeof *b);
        free(b);
    }
}

ls_result ls_index_find(ls_bytes entries, const ls_tranche_keys *keys, ls_bytes id, uint32_t j, bool *found,
                        uint64_t *position)
{
    ls_buf message = {0};
    uint8_t tag[TAG_SIZE];
    uint64_t mask = 0;
    ls_result r = tag_of(keys->index, id, j, &message, tag, &mask);
    ls_buf_wipe(&message);
    LS_TRY(r);
    const uint8_t *entry = bsearch(tag, entries.ptr, entries.len / LS_INDEX_ENTRY, LS_INDEX_ENTRY, compare_tags);
    *found = entry != NULL;
    if (entry) {
        *position = load_u64(entry + TAG_SIZE) ^ mask;
    }
    return LS_SUCCESS;
}
