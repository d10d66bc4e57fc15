/*
 * Bytes: slices, hashes, growing buffers, readers, and the encodings that every format here uses.
 *
 * A slice never owns what it points to. All functions are pure; none takes a lock; different threads may use
 * different objects at once.
 */
#ifndef LOCKSTEP_BYTES_H
#define LOCKSTEP_BYTES_H

#include <lockstep/result.h>
#include <stdarg.h>
#include <string.h>

/* A view of len bytes. ptr may be NULL only if len is 0. */
typedef struct ls_bytes {
    const uint8_t *ptr;
    size_t len;
} ls_bytes;

#define LS_HASH_SIZE 32
#define LS_HEX_HASH_SIZE (2 * LS_HASH_SIZE + 1) /* with the final NUL */

/* A SHA-256 value, and every 32-byte identifier made of one. */
typedef struct ls_hash {
    uint8_t b[LS_HASH_SIZE];
} ls_hash;

static inline ls_bytes ls_bytes_of(const void *ptr, size_t len)
{
    return (ls_bytes){ptr, len};
}

static inline ls_bytes ls_bytes_str(const char *s)
{
    return (ls_bytes){(const uint8_t *)s, strlen(s)};
}

bool ls_bytes_equal(ls_bytes a, ls_bytes b);
bool ls_bytes_is(ls_bytes a, const char *s);
bool ls_bytes_starts(ls_bytes a, const char *prefix);
/* Its first place in a list; count: it is not there. */
size_t ls_bytes_find(const ls_bytes *list, size_t count, ls_bytes wanted);
bool ls_hash_equal(const ls_hash *a, const ls_hash *b);
bool ls_hash_is_zero(const ls_hash *h);

/*
 * A growing buffer. Failure is sticky: after a failed allocation every put is ignored, and ls_buf_check tells. So
 * callers write a whole message and check once. Starts zeroed ({0}); ls_buf_free wipes nothing, ls_buf_wipe does.
 */
typedef struct ls_buf {
    uint8_t *ptr;
    size_t len, cap;
    bool failed;
} ls_buf;

void ls_buf_put(ls_buf *b, const void *ptr, size_t len);
void ls_buf_put_bytes(ls_buf *b, ls_bytes bytes);
void ls_buf_put_str(ls_buf *b, const char *s);
void ls_buf_put_u8(ls_buf *b, uint8_t v);
void ls_buf_put_u16(ls_buf *b, uint16_t v); /* big-endian, as all integers here */
void ls_buf_put_u32(ls_buf *b, uint32_t v);
void ls_buf_put_u64(ls_buf *b, uint64_t v);
void ls_buf_put_hex(ls_buf *b, ls_bytes bytes);    /* lower-case */
void ls_buf_put_base64(ls_buf *b, ls_bytes bytes); /* standard alphabet, padded */
void ls_buf_format(ls_buf *b, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Appends len uninitialised bytes and returns them, or NULL after a failure. */
uint8_t *ls_buf_extend(ls_buf *b, size_t len);
ls_bytes ls_buf_bytes(const ls_buf *b);
/* A NUL-terminated view of the content (the NUL is not counted), valid until the next put; "" after a failure. */
const char *ls_buf_cstr(ls_buf *b);
ls_result ls_buf_check(const ls_buf *b); /* ls_fault_memory if any put failed */
void ls_buf_free(ls_buf *b);
void ls_buf_wipe(ls_buf *b); /* zeroes the content, then frees it */

/* Reads from a slice. Failure is sticky: a read past the end gives zeros and sets failed. */
typedef struct ls_reader {
    const uint8_t *ptr, *end;
    bool failed;
} ls_reader;

ls_reader ls_reader_of(ls_bytes bytes);
uint8_t ls_read_u8(ls_reader *r);
uint16_t ls_read_u16(ls_reader *r);
uint32_t ls_read_u32(ls_reader *r);
uint64_t ls_read_u64(ls_reader *r);
ls_bytes ls_read_bytes(ls_reader *r, uint64_t len);
void ls_read_hash(ls_reader *r, ls_hash *out);
size_t ls_reader_left(const ls_reader *r);
/* True if nothing failed and nothing is left. */
bool ls_reader_done(const ls_reader *r);
/* Takes the next line, without its '\n'; false (and nothing taken) if there is no '\n' left. */
bool ls_read_line(ls_reader *r, ls_bytes *line);
/* Takes what stands before the next separator byte and the separator; at the end, what is left. False at the end. A
 * separator that is the last byte does not show: where it is not allowed, look for it first. */
bool ls_read_until(ls_reader *r, uint8_t separator, ls_bytes *part);

/* Memory for one parsed document or request, freed at once. Starts zeroed ({0}). Never for keys;
 * for rows that are closed to others only where ls_arena_wipe frees it. */
typedef struct ls_arena {
    struct ls_arena_chunk *chunks;
    bool failed; /* there was no memory for something: what was read into it may lack parts */
} ls_arena;

/* Zeroed, aligned for any type; NULL if there is no memory left. */
void *ls_arena_alloc(ls_arena *a, size_t size);
/* count * size, refusing overflow. */
void *ls_arena_array(ls_arena *a, size_t count, size_t size);
/* A NUL-terminated copy. */
char *ls_arena_str(ls_arena *a, ls_bytes bytes);
char *ls_arena_format(ls_arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
void ls_arena_free(ls_arena *a);
void ls_arena_wipe(ls_arena *a); /* zeroes all of it, then frees it: for rows that are closed to others */
/* Moves everything in from to a; from is empty afterwards. Pointers stay valid. */
void ls_arena_absorb(ls_arena *a, ls_arena *from);

/* Hex: lower-case only, exact length. */
bool ls_hex_decode(ls_bytes hex, uint8_t *out, size_t out_len);
void ls_hex_encode(ls_bytes bytes, char *out); /* writes 2 * len + 1 characters, the final NUL included */
bool ls_hash_parse(ls_bytes hex, ls_hash *out);
void ls_hash_format(const ls_hash *h, char out[static LS_HEX_HASH_SIZE]);

/* Base64: standard alphabet, padded, zero spare bits, nothing else. False if malformed or longer than cap. */
bool ls_base64_decode(ls_bytes text, uint8_t *out, size_t cap, size_t *len);
bool ls_base64_valid(ls_bytes text);              /* the same, of any length */
#define LS_BASE64_SIZE(len) (((len) + 2) / 3 * 4) /* characters for len bytes, no NUL */

/* A decimal number without sign or leading zeros, at most max. */
bool ls_decimal_parse(ls_bytes text, uint64_t max, uint64_t *out);

/* Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF. */
bool ls_utf8_valid(ls_bytes text);
/* The next code point of valid UTF-8; advances *offset. */
uint32_t ls_utf8_next(ls_bytes text, size_t *offset);

/* A name in acts: [a-z0-9][a-z0-9-]{0,62}. */
bool ls_name_valid(ls_bytes name);
#define LS_NAME_MAX 63

#endif
