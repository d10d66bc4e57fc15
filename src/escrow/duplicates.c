/* An open-addressed table whose slots hold no value: on equal hash bits the row is read again. */
#include "escrow/duplicates.h"
#include "crypto/crypto.h"
#include <sodium.h>
#include <stdlib.h>

#define FIRST_SLOTS 4096u

struct ls_duplicates {
    uint64_t *slots; /* high half: hash bits; low half: row + 1; 0: free. A power of two, at most half full. */
    size_t slot_count, used;
    uint8_t key[crypto_shorthash_KEYBYTES]; /* random: no file can be made to collide */
    ls_duplicates_value value;
    void *context;
    ls_csv cursor;
};

ls_result ls_duplicates_open(ls_bytes text, char separator, ls_duplicates_value value, void *context,
                             ls_duplicates **out)
{
    ls_duplicates *d = calloc(1, sizeof *d);
    uint64_t *slots = calloc(FIRST_SLOTS, sizeof *slots);
    if (!d || !slots) {
        free(d);
        free(slots);
        return ls_fail(&ls_fault_memory);
    }
    d->slots = slots;
    d->slot_count = FIRST_SLOTS;
    d->value = value;
    d->context = context;
    ls_random(d->key, sizeof d->key);
    ls_csv_open(&d->cursor, text, separator);
    *out = d;
    return LS_SUCCESS;
}

/* The hash bits of a slot also choose where it stands, so that growing needs no value again. */
static size_t home(const ls_duplicates *d, uint64_t slot)
{
    return (size_t)(slot >> 32) & (d->slot_count - 1);
}

static ls_result grow(ls_duplicates *d)
{
    size_t old_count = d->slot_count;
    uint64_t *old = d->slots, *slots = calloc(2 * old_count, sizeof *slots);
    if (!slots) {
        return ls_fail(&ls_fault_memory);
    }
    d->slots = slots;
    d->slot_count = 2 * old_count;
    for (size_t i = 0; i < old_count; i++) {
        if (old[i]) {
            size_t at = home(d, old[i]);
            while (slots[at]) {
                at = (at + 1) & (d->slot_count - 1);
            }
            slots[at] = old[i];
        }
    }
    free(old);
    return LS_SUCCESS;
}

ls_result ls_duplicates_add(ls_duplicates *d, uint64_t row, ls_bytes value, uint64_t *earlier)
{
    uint8_t hash[crypto_shorthash_BYTES];
    uint64_t bits;
    crypto_shorthash(hash, value.ptr, value.len, d->key);
    memcpy(&bits, hash, sizeof bits);
    uint64_t slot = (bits & UINT64_C(0xffffffff00000000)) | (row + 1);
    if (2 * (d->used + 1) > d->slot_count) {
        LS_TRY(grow(d));
    }
    size_t at = home(d, slot);
    for (; d->slots[at]; at = (at + 1) & (d->slot_count - 1)) {
        if (d->slots[at] >> 32 == slot >> 32) {
            ls_bytes other;
            uint64_t other_row = (d->slots[at] & UINT32_MAX) - 1;
            LS_TRY(d->value(d->context, other_row, &d->cursor, &other));
            if (ls_bytes_equal(value, other)) {
                *earlier = other_row;
                return LS_SUCCESS;
            }
        }
    }
    d->slots[at] = slot;
    d->used++;
    *earlier = LS_DUPLICATES_NEW;
    return LS_SUCCESS;
}

void ls_duplicates_free(ls_duplicates *d)
{
    if (d) {
        ls_csv_close(&d->cursor);
        free(d->slots);
        free(d);
    }
}
