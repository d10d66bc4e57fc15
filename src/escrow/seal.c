/* Sealed rows in both directions, one chunk at a time. */
#include "escrow/seal.h"
#include "crypto/crypto.h"
#include "escrow/text.h"
#include <sodium.h>
#include <stdlib.h>

_Static_assert(crypto_secretstream_xchacha20poly1305_HEADERBYTES == LS_SEAL_HEADER, "secretstream's header");
_Static_assert(crypto_secretstream_xchacha20poly1305_ABYTES == LS_SEAL_OVERHEAD, "secretstream's overhead");

bool ls_sealed_size(uint64_t rows, uint64_t row_bytes, uint64_t *area, uint64_t *sealed)
{
    uint64_t plain, size;
    if (__builtin_mul_overflow(rows, row_bytes, &plain) || plain == 0) {
        return false;
    }
    uint64_t chunks = (plain - 1) / LS_SEAL_CHUNK + 1;
    if (__builtin_add_overflow(plain, chunks * LS_SEAL_OVERHEAD + LS_SEAL_HEADER, &size)) {
        return false;
    }
    *area = plain;
    *sealed = size;
    return true;
}

struct ls_sealer {
    crypto_secretstream_xchacha20poly1305_state state;
    ls_output output;
    ls_sha256 hash;
    uint64_t size; /* written so far */
    uint64_t area; /* plaintext still to come, what waits in plain included */
    size_t used;   /* of plain */
    uint8_t plain[LS_SEAL_CHUNK];
    uint8_t sealed[LS_SEAL_CHUNK + LS_SEAL_OVERHEAD];
};

static ls_result emit(ls_sealer *s, ls_bytes bytes, ls_detail *detail)
{
    ls_sha256_update(&s->hash, bytes);
    s->size += bytes.len;
    return ls_output_write(s->output, bytes, detail);
}

ls_result ls_sealer_open(const uint8_t key[static 32], const uint8_t *header, uint64_t area, ls_output output,
                         ls_sealer **out, ls_detail *detail)
{
    ls_sealer *s = calloc(1, sizeof *s);
    if (!s) {
        return ls_fail(&ls_fault_memory);
    }
    uint8_t fresh[LS_SEAL_HEADER];
    if (header) {
        /* The states of both directions are equal, which is how a given header can be reproduced. */
        crypto_secretstream_xchacha20poly1305_init_pull(&s->state, header, key);
        memcpy(fresh, header, sizeof fresh);
    } else {
        crypto_secretstream_xchacha20poly1305_init_push(&s->state, fresh, key);
    }
    s->output = output;
    s->area = area;
    ls_sha256_init(&s->hash);
    ls_result r = emit(s, ls_bytes_of(fresh, sizeof fresh), detail);
    if (ls_failed(r)) {
        ls_sealer_free(s);
        return r;
    }
    *out = s;
    return LS_SUCCESS;
}

/* Only the last chunk is FINAL, even if it is full: nothing can be cut off or added unnoticed. */
static ls_result seal_chunk(ls_sealer *s, ls_detail *detail)
{
    bool last = s->area == s->used;
    uint8_t tag = last ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0;
    crypto_secretstream_xchacha20poly1305_push(&s->state, s->sealed, NULL, s->plain, s->used, NULL, 0, tag);
    size_t size = s->used + LS_SEAL_OVERHEAD;
    s->area -= s->used;
    s->used = 0;
    return emit(s, ls_bytes_of(s->sealed, size), detail);
}

ls_result ls_sealer_put(ls_sealer *s, ls_bytes plain, ls_detail *detail)
{
    if (plain.len > s->area - s->used) {
        return ls_fail(&ls_fault_bug);
    }
    while (plain.len > 0) {
        /* A full chunk waits until more comes: only then is it known not to be the last. */
        if (s->used == LS_SEAL_CHUNK) {
            LS_TRY(seal_chunk(s, detail));
        }
        size_t part = LS_SEAL_CHUNK - s->used < plain.len ? LS_SEAL_CHUNK - s->used : plain.len;
        memcpy(s->plain + s->used, plain.ptr, part);
        s->used += part;
        plain = ls_bytes_of(plain.ptr + part, plain.len - part);
    }
    return LS_SUCCESS;
}

ls_result ls_sealer_finish(ls_sealer *s, uint64_t *size, ls_hash *hash, ls_detail *detail)
{
    while (s->area > 0) {
        uint64_t missing = s->area - s->used;
        size_t zeros = missing < LS_SEAL_CHUNK - s->used ? (size_t)missing : LS_SEAL_CHUNK - s->used;
        memset(s->plain + s->used, 0, zeros);
        s->used += zeros;
        LS_TRY(seal_chunk(s, detail));
    }
    *size = s->size;
    ls_sha256_final(&s->hash, hash);
    return LS_SUCCESS;
}

void ls_sealer_free(ls_sealer *s)
{
    if (s) {
        ls_wipe(s, sizeof *s);
        free(s);
    }
}

struct ls_sealed_rows {
    crypto_secretstream_xchacha20poly1305_state state;
    ls_bytes sealed; /* chunks not yet read */
    uint64_t area;   /* plaintext not yet read from chunks */
    uint64_t rows;   /* not yet given */
    uint32_t fields;
    uint8_t *window; /* plaintext read and not yet used: from start to end */
    size_t start, end, capacity;
    ls_bytes *values;
};

ls_result ls_sealed_rows_open(const uint8_t key[static 32], ls_bytes sealed, uint64_t rows, uint64_t row_bytes,
                              uint32_t fields, ls_sealed_rows **out, const char **wrong)
{
    uint64_t area, size;
    *wrong = NULL;
    *out = NULL;
    if (!ls_sealed_size(rows, row_bytes, &area, &size) || size != sealed.len) {
        *wrong = "the sealed rows do not have the size that rows and row-bytes give";
        return LS_SUCCESS;
    }
    ls_sealed_rows *s = calloc(1, sizeof *s);
    if (!s) {
        return ls_fail(&ls_fault_memory);
    }
    s->capacity = 2 * LS_SEAL_CHUNK;
    s->window = malloc(s->capacity);
    s->values = calloc(fields ? fields : 1, sizeof *s->values);
    if (!s->window || !s->values) {
        ls_sealed_rows_free(s);
        return ls_fail(&ls_fault_memory);
    }
    s->sealed = ls_bytes_of(sealed.ptr + LS_SEAL_HEADER, sealed.len - LS_SEAL_HEADER);
    s->area = area;
    s->rows = rows;
    s->fields = fields;
    crypto_secretstream_xchacha20poly1305_init_pull(&s->state, sealed.ptr, key);
    *out = s;
    return LS_SUCCESS;
}

/* Makes room for one more chunk behind what is not yet used; old plaintext is wiped, not abandoned. */
static ls_result make_room(ls_sealed_rows *s)
{
    size_t kept = s->end - s->start;
    if (s->capacity - s->end >= LS_SEAL_CHUNK) {
        return LS_SUCCESS;
    }
    /* Moving little and doubling otherwise keeps the work linear, however long a row is. */
    if (kept <= s->capacity / 4) {
        memmove(s->window, s->window + s->start, kept);
    } else {
        size_t capacity = 2 * s->capacity;
        uint8_t *window = malloc(capacity);
        if (!window) {
            return ls_fail(&ls_fault_memory);
        }
        memcpy(window, s->window + s->start, kept);
        ls_wipe(s->window, s->capacity);
        free(s->window);
        s->window = window;
        s->capacity = capacity;
    }
    s->start = 0;
    s->end = kept;
    return LS_SUCCESS;
}

/* Decrypts the next chunk behind what is left of the one before. */
static ls_result read_chunk(ls_sealed_rows *s, const char **wrong)
{
    LS_TRY(make_room(s));
    size_t plain = s->area < LS_SEAL_CHUNK ? (size_t)s->area : LS_SEAL_CHUNK;
    size_t size = plain + LS_SEAL_OVERHEAD;
    uint8_t tag = 0;
    if (crypto_secretstream_xchacha20poly1305_pull(&s->state, s->window + s->end, NULL, &tag, s->sealed.ptr, size, NULL,
                                                   0) != 0) {
        *wrong = "a chunk of the sealed rows does not decrypt";
        return LS_SUCCESS;
    }
    s->sealed = ls_bytes_of(s->sealed.ptr + size, s->sealed.len - size);
    s->area -= plain;
    s->end += plain;
    if (tag != (s->area == 0 ? crypto_secretstream_xchacha20poly1305_TAG_FINAL : 0)) {
        *wrong = "a chunk of the sealed rows has the wrong tag";
    }
    return LS_SUCCESS;
}

typedef enum parse { COMPLETE, INCOMPLETE, BROKEN } parse;

/* Takes a row apart if the window holds all of it; values are not looked into. */
static parse parse_row(ls_sealed_rows *s)
{
    size_t at = s->start;
    for (uint32_t f = 0; f < s->fields; f++) {
        size_t left = s->end - at;
        if (left < 4) {
            return left + s->area < 4 ? BROKEN : INCOMPLETE;
        }
        const uint8_t *p = s->window + at;
        uint32_t len = (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
        if (len > left - 4) {
            return len > left - 4 + s->area ? BROKEN : INCOMPLETE;
        }
        s->values[f] = ls_bytes_of(p + 4, len);
        at += 4 + (size_t)len;
    }
    s->start = at;
    return COMPLETE;
}

static ls_result read_row(ls_sealed_rows *s, const char **wrong)
{
    parse p;
    while ((p = parse_row(s)) == INCOMPLETE) {
        LS_TRY(read_chunk(s, wrong));
        if (*wrong) {
            return LS_SUCCESS;
        }
    }
    if (p == BROKEN) {
        *wrong = "the sealed rows are cut short";
        return LS_SUCCESS;
    }
    for (uint32_t f = 0; f < s->fields; f++) {
        if (!ls_text_valid(s->values[f])) {
            *wrong = "a value is not UTF-8";
        }
    }
    return LS_SUCCESS;
}

/* The rest of the area must be zeros: it is no place to hide anything, and there is one way to seal given rows. */
static ls_result check_padding(ls_sealed_rows *s, const char **wrong)
{
    for (;;) {
        if (!sodium_is_zero(s->window + s->start, s->end - s->start)) {
            *wrong = "what follows the sealed rows is not zero";
            return LS_SUCCESS;
        }
        s->start = s->end;
        if (s->area == 0) {
            return LS_SUCCESS;
        }
        LS_TRY(read_chunk(s, wrong));
        if (*wrong) {
            return LS_SUCCESS;
        }
    }
}

ls_result ls_sealed_rows_next(ls_sealed_rows *s, const ls_bytes **values, const char **wrong)
{
    *wrong = NULL;
    *values = NULL;
    if (s->rows == 0) {
        return check_padding(s, wrong);
    }
    LS_TRY(read_row(s, wrong));
    if (!*wrong) {
        s->rows--;
        *values = s->values;
    }
    return LS_SUCCESS;
}

void ls_sealed_rows_free(ls_sealed_rows *s)
{
    if (s) {
        if (s->window) {
            ls_wipe(s->window, s->capacity);
        }
        free(s->window);
        free(s->values);
        ls_wipe(s, sizeof *s);
        free(s);
    }
}
