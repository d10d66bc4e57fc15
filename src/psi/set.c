/* Messages: their heads, and lists of points as they come from the other side. */
#include "crypto/sha256.h"
#include "psi/parallel.h"
#include "psi/parts.h"
#include <stdatomic.h>
#include <stdlib.h>

const ls_fault ls_fault_psi_form = {LS_CLASS_INVALID, "psi-form", "not a message of a private intersection"};
const ls_fault ls_fault_psi_run = {LS_CLASS_INVALID, "psi-other-run", "a message of another private intersection"};
const ls_fault ls_fault_psi_party = {LS_CLASS_INVALID, "psi-other-party", "a message of another party"};
const ls_fault ls_fault_psi_none = {LS_CLASS_INVALID, "psi-none", "a list without options"};
const ls_fault ls_fault_psi_cap = {LS_CLASS_INVALID, "psi-cap", "more options than a side may submit"};
const ls_fault ls_fault_psi_commitment = {LS_CLASS_INVALID, "psi-commitment", "not what was committed to"};
const ls_fault ls_fault_psi_key = {LS_CLASS_INVALID, "psi-key", "a public key that is none"};
const ls_fault ls_fault_psi_reflection = {LS_CLASS_INVALID, "psi-reflection", "both sides have one public key"};
const ls_fault ls_fault_psi_identity = {LS_CLASS_INVALID, "psi-identity", "a point is the identity"};
const ls_fault ls_fault_psi_point = {LS_CLASS_INVALID, "psi-point", "a point that is none"};
const ls_fault ls_fault_psi_duplicate = {LS_CLASS_INVALID, "psi-duplicate", "a point that stands there twice"};
const ls_fault ls_fault_psi_length = {LS_CLASS_INVALID, "psi-length", "not as many points returned as were sent"};
const ls_fault ls_fault_psi_proof = {LS_CLASS_INVALID, "psi-proof",
                                     "the points returned are not those that were sent, multiplied"};
const ls_fault ls_fault_psi_disclosure = {LS_CLASS_INVALID, "psi-disclosure", "not the secret behind the public key"};

#define DECODED_AT_ONCE 64 /* some 200 microseconds */

ls_psi_name ls_psi_name_of(const ls_psi_run *run, unsigned side)
{
    ls_psi_name name = {{0}};
    ls_bytes party = run->party[side];
    memcpy(name.text, party.ptr, party.len < sizeof name.text ? party.len : sizeof name.text - 1);
    return name;
}

void ls_psi_write_head(const ls_psi_run *run, unsigned side, const char *label, ls_buf *out)
{
    ls_buf_put(out, label, strlen(label) + 1);
    ls_buf_put(out, run->sid.b, LS_HASH_SIZE);
    ls_buf_put_u8(out, (uint8_t)run->party[side].len);
    ls_buf_put_bytes(out, run->party[side]);
}

ls_result ls_psi_read_head(const ls_psi_run *run, unsigned side, const char *label, ls_reader *r, ls_detail *detail)
{
    ls_hash sid;
    ls_psi_name name = ls_psi_name_of(run, side);
    ls_bytes found = ls_read_bytes(r, strlen(label) + 1);
    ls_read_hash(r, &sid);
    ls_bytes party = ls_read_bytes(r, ls_read_u8(r));
    if (r->failed || !ls_bytes_equal(found, ls_bytes_of(label, strlen(label) + 1))) {
        return ls_fail_with(&ls_fault_psi_form, detail, "what %s sent does not begin with \"%s\"", name.text, label);
    }
    if (!ls_hash_equal(&sid, &run->sid)) {
        return ls_fail_with(&ls_fault_psi_run, detail, "what %s sent belongs to another run", name.text);
    }
    if (!ls_bytes_equal(party, run->party[side])) {
        return ls_fail_with(&ls_fault_psi_party, detail, "what should come from %s speaks for another party",
                            name.text);
    }
    return LS_SUCCESS;
}

void ls_psi_commitment(ls_bytes message, ls_hash *out)
{
    ls_sha256_hash(message, out);
}

static ls_psi_entry entry_of(const uint8_t *point)
{
    ls_psi_entry entry = {.point = point};
    memcpy(&entry.first, point, sizeof entry.first);
    return entry;
}

static int by_point(const void *a, const void *b)
{
    const ls_psi_entry *x = a, *y = b;
    return x->first != y->first ? (x->first > y->first) - (x->first < y->first)
                                : memcmp(x->point, y->point, LS_POINT_SIZE);
}

const ls_psi_entry *ls_psi_sorted(ls_arena *arena, const uint8_t *points, uint32_t count)
{
    ls_psi_entry *sorted = ls_arena_array(arena, count, sizeof *sorted);
    if (sorted == NULL) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        sorted[i] = entry_of(points + (size_t)LS_POINT_SIZE * i);
    }
    qsort(sorted, count, sizeof *sorted, by_point);
    return sorted;
}

const ls_psi_entry *ls_psi_find(const ls_psi_entry *sorted, uint32_t count, const uint8_t *point)
{
    ls_psi_entry wanted = entry_of(point);
    return bsearch(&wanted, sorted, count, sizeof *sorted, by_point);
}

/* Which of points this is, from 1. */
static size_t number_of(const uint8_t *points, const uint8_t *point)
{
    return (size_t)(point - points) / LS_POINT_SIZE + 1;
}

static ls_result check_distinct(ls_arena *arena, const char *name, const uint8_t *points, uint32_t count,
                                ls_detail *detail)
{
    const ls_psi_entry *sorted = ls_psi_sorted(arena, points, count);
    if (sorted == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (uint32_t i = 1; i < count; i++) {
        if (by_point(&sorted[i - 1], &sorted[i]) == 0) {
            size_t a = number_of(points, sorted[i - 1].point), b = number_of(points, sorted[i].point);
            return ls_fail_with(&ls_fault_psi_duplicate, detail, "%s sent one point as number %zu and number %zu", name,
                                a < b ? a : b, a < b ? b : a);
        }
    }
    return LS_SUCCESS;
}

typedef struct decoding {
    const uint8_t *points;
    ls_addend *out;
    atomic_size_t bad; /* the first known that is no point */
} decoding;

static void decode_some(void *context, size_t first, size_t end)
{
    decoding *d = context;
    size_t at = first + ls_addends_decode(d->points + LS_POINT_SIZE * first, end - first, d->out + first);
    if (at < end) {
        size_t known = atomic_load(&d->bad);
        while (at < known && !atomic_compare_exchange_weak(&d->bad, &known, at)) {
        }
    }
}

ls_result ls_psi_read_points(ls_arena *arena, const ls_psi_run *run, unsigned side, const uint8_t *points,
                             uint32_t count, const ls_addend **out, ls_detail *detail)
{
    ls_psi_name name = ls_psi_name_of(run, side);
    for (uint32_t i = 0; i < count; i++) {
        if (ls_point_is_identity(points + (size_t)LS_POINT_SIZE * i)) {
            return ls_fail_with(&ls_fault_psi_identity, detail, "point %u that %s sent is the identity", i + 1,
                                name.text);
        }
    }
    LS_TRY(check_distinct(arena, name.text, points, count, detail));
    ls_addend *addends = ls_arena_array(arena, count, sizeof *addends);
    if (addends == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    decoding d = {.points = points, .out = addends, .bad = count};
    ls_psi_parallel(count, DECODED_AT_ONCE, decode_some, &d);
    if (d.bad < count) {
        return ls_fail_with(&ls_fault_psi_point, detail, "number %zu of what %s sent is no point", (size_t)d.bad + 1,
                            name.text);
    }
    *out = addends;
    return LS_SUCCESS;
}

static ls_result check_count(const ls_psi_run *run, unsigned side, uint32_t count, ls_detail *detail)
{
    ls_psi_name name = ls_psi_name_of(run, side);
    if (count == 0) {
        return ls_fail_with(&ls_fault_psi_none, detail, "%s sent no point", name.text);
    }
    if (count > run->cap || count > LS_PSI_OPTIONS_MAX) {
        return ls_fail_with(&ls_fault_psi_cap, detail, "%s sent %u points, and %u are allowed", name.text, count,
                            run->cap < LS_PSI_OPTIONS_MAX ? run->cap : LS_PSI_OPTIONS_MAX);
    }
    return LS_SUCCESS;
}

static ls_result check_key(const ls_psi_run *run, unsigned side, const uint8_t *key, ls_detail *detail)
{
    if (ls_point_is_identity(key) || !ls_point_valid(key)) {
        return ls_fail_with(&ls_fault_psi_key, detail, "the public key that %s sent is none",
                            ls_psi_name_of(run, side).text);
    }
    return LS_SUCCESS;
}

ls_result ls_psi_check_commitment(const ls_psi_run *run, unsigned side, ls_bytes message, const ls_hash *commitment,
                                  ls_detail *detail)
{
    ls_hash own;
    if (commitment == NULL) {
        return LS_SUCCESS;
    }
    ls_psi_commitment(message, &own);
    if (!ls_hash_equal(&own, commitment)) {
        return ls_fail_with(&ls_fault_psi_commitment, detail, "what %s sent is not what it committed to",
                            ls_psi_name_of(run, side).text);
    }
    return LS_SUCCESS;
}

ls_result ls_psi_set_parse(ls_arena *arena, const ls_psi_run *run, unsigned side, ls_bytes message,
                           const ls_hash *commitment, ls_psi_set *out, ls_detail *detail)
{
    ls_reader r = ls_reader_of(message);
    ls_psi_set set = {.side = side};
    LS_TRY(ls_psi_read_head(run, side, LS_PSI_LABEL_SET, &r, detail));
    LS_TRY(ls_psi_check_commitment(run, side, message, commitment, detail));
    set.key = ls_read_bytes(&r, LS_POINT_SIZE).ptr;
    set.count = ls_read_u32(&r);
    if (!r.failed) {
        LS_TRY(check_count(run, side, set.count, detail));
    }
    set.points = ls_read_bytes(&r, (uint64_t)LS_POINT_SIZE * set.count).ptr;
    if (!ls_reader_done(&r)) {
        return ls_fail_with(&ls_fault_psi_form, detail, "the list that %s sent is %s", ls_psi_name_of(run, side).text,
                            r.failed ? "cut short" : "longer than it says");
    }
    LS_TRY(check_key(run, side, set.key, detail));
    LS_TRY(ls_psi_read_points(arena, run, side, set.points, set.count, &set.addends, detail));
    *out = set;
    return LS_SUCCESS;
}

ls_result ls_psi_check_reflection(const ls_psi_run *run, const ls_psi_set *own, const ls_psi_set *theirs,
                                  ls_detail *detail)
{
    if (memcmp(own->key, theirs->key, LS_POINT_SIZE) == 0) {
        return ls_fail_with(&ls_fault_psi_reflection, detail, "%s sent the public key of %s as its own",
                            ls_psi_name_of(run, theirs->side).text, ls_psi_name_of(run, own->side).text);
    }
    return LS_SUCCESS;
}
