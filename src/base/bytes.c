/* Slices, growing buffers and readers. */
#include <lockstep/bytes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>

bool ls_bytes_equal(ls_bytes a, ls_bytes b)
{
    /* memcmp may not be given the NULL of an empty slice. */
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool ls_bytes_is(ls_bytes a, const char *s)
{
    return ls_bytes_equal(a, ls_bytes_str(s));
}

size_t ls_bytes_find(const ls_bytes *list, size_t count, ls_bytes wanted)
{
    size_t i = 0;
    while (i < count && !ls_bytes_equal(list[i], wanted)) {
        i++;
    }
    return i;
}

bool ls_bytes_starts(ls_bytes a, const char *prefix)
{
    size_t len = strlen(prefix);
    return a.len >= len && ls_bytes_equal(ls_bytes_of(a.ptr, len), ls_bytes_of(prefix, len));
}

bool ls_hash_equal(const ls_hash *a, const ls_hash *b)
{
    return memcmp(a->b, b->b, LS_HASH_SIZE) == 0;
}

bool ls_hash_is_zero(const ls_hash *h)
{
    return sodium_is_zero(h->b, LS_HASH_SIZE) == 1;
}

/* Doubling from here keeps the number of copies small for messages of any size. */
#define FIRST_CAPACITY 256

/* Moves the content by hand instead of with realloc, which would leave a copy that ls_buf_wipe can't reach. */
static void move_to(ls_buf *b, size_t cap)
{
    uint8_t *ptr = malloc(cap);
    if (ptr == NULL) {
        b->failed = true;
        return;
    }
    if (b->ptr != NULL) {
        memcpy(ptr, b->ptr, b->len);
        sodium_memzero(b->ptr, b->len);
        free(b->ptr);
    }
    b->ptr = ptr;
    b->cap = cap;
}

/* Makes room for `more` bytes beyond len; false after a failure, now or before. */
static bool reserve(ls_buf *b, size_t more)
{
    if (b->failed) {
        return false;
    }
    if (more > b->cap - b->len) {
        /* Far below where a sum or a doubled capacity could overflow. */
        if (more > SIZE_MAX / 4 || b->len > SIZE_MAX / 4) {
            b->failed = true;
            return false;
        }
        size_t cap = b->cap < FIRST_CAPACITY ? FIRST_CAPACITY : 2 * b->cap;
        move_to(b, cap < b->len + more ? b->len + more : cap);
    }
    return !b->failed;
}

uint8_t *ls_buf_extend(ls_buf *b, size_t len)
{
    /* At least one byte is reserved, so that success never returns NULL. */
    if (!reserve(b, len == 0 ? 1 : len)) {
        return NULL;
    }
    uint8_t *room = b->ptr + b->len;
    b->len += len;
    return room;
}

void ls_buf_put(ls_buf *b, const void *ptr, size_t len)
{
    uint8_t *room = len == 0 ? NULL : ls_buf_extend(b, len);
    if (room != NULL) {
        memcpy(room, ptr, len);
    }
}

void ls_buf_put_bytes(ls_buf *b, ls_bytes bytes)
{
    ls_buf_put(b, bytes.ptr, bytes.len);
}

void ls_buf_put_str(ls_buf *b, const char *s)
{
    ls_buf_put(b, s, strlen(s));
}

static void put_big_endian(ls_buf *b, uint64_t v, size_t size)
{
    uint8_t bytes[sizeof v];
    for (size_t i = 0; i < size; i++) {
        bytes[size - 1 - i] = (uint8_t)(v >> (8 * i));
    }
    ls_buf_put(b, bytes, size);
}

void ls_buf_put_u8(ls_buf *b, uint8_t v)
{
    put_big_endian(b, v, 1);
}

void ls_buf_put_u16(ls_buf *b, uint16_t v)
{
    put_big_endian(b, v, 2);
}

void ls_buf_put_u32(ls_buf *b, uint32_t v)
{
    put_big_endian(b, v, 4);
}

void ls_buf_put_u64(ls_buf *b, uint64_t v)
{
    put_big_endian(b, v, 8);
}

/* libsodium writes a final NUL, which gets room and is then given back. The limit keeps the sizes from overflowing. */
void ls_buf_put_hex(ls_buf *b, ls_bytes bytes)
{
    if (bytes.len > SIZE_MAX / 8) {
        b->failed = true;
        return;
    }
    uint8_t *room = ls_buf_extend(b, 2 * bytes.len + 1);
    if (room != NULL) {
        ls_hex_encode(bytes, (char *)room);
        b->len--;
    }
}

void ls_buf_put_base64(ls_buf *b, ls_bytes bytes)
{
    if (bytes.len > SIZE_MAX / 8) {
        b->failed = true;
        return;
    }
    size_t len = LS_BASE64_SIZE(bytes.len) + 1;
    uint8_t *room = ls_buf_extend(b, len);
    if (room != NULL) {
        sodium_bin2base64((char *)room, len, bytes.ptr, bytes.len, sodium_base64_VARIANT_ORIGINAL);
        b->len--;
    }
}

/* Once to measure, once to write. */
void ls_buf_format(ls_buf *b, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    int len = vsnprintf(NULL, 0, format, args);
    va_end(args);
    uint8_t *room = len < 0 ? NULL : ls_buf_extend(b, (size_t)len + 1);
    if (room == NULL) {
        b->failed = true;
        return;
    }
    va_start(args, format);
    vsnprintf((char *)room, (size_t)len + 1, format, args);
    va_end(args);
    b->len--;
}

ls_bytes ls_buf_bytes(const ls_buf *b)
{
    return ls_bytes_of(b->ptr, b->len);
}

const char *ls_buf_cstr(ls_buf *b)
{
    if (!reserve(b, 1)) {
        return "";
    }
    b->ptr[b->len] = 0;
    return (const char *)b->ptr;
}

ls_result ls_buf_check(const ls_buf *b)
{
    return b->failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

void ls_buf_free(ls_buf *b)
{
    free(b->ptr);
    *b = (ls_buf){0};
}

void ls_buf_wipe(ls_buf *b)
{
    if (b->ptr != NULL) {
        /* All of the capacity: what was cut off again by a smaller len counts, too. */
        sodium_memzero(b->ptr, b->cap);
    }
    ls_buf_free(b);
}

ls_reader ls_reader_of(ls_bytes bytes)
{
    /* An empty slice may have no pointer; a reader always has one, so that its arithmetic is defined. */
    static const uint8_t nothing[1];
    const uint8_t *ptr = bytes.len == 0 ? nothing : bytes.ptr;
    return (ls_reader){ptr, ptr + bytes.len, false};
}

size_t ls_reader_left(const ls_reader *r)
{
    return (size_t)(r->end - r->ptr);
}

bool ls_reader_done(const ls_reader *r)
{
    return !r->failed && r->ptr == r->end;
}

ls_bytes ls_read_bytes(ls_reader *r, uint64_t len)
{
    if (r->failed || len > ls_reader_left(r)) {
        r->failed = true;
        return ls_bytes_of(NULL, 0);
    }
    ls_bytes taken = ls_bytes_of(r->ptr, (size_t)len);
    r->ptr += len;
    return taken;
}

/* After a failed read there are no bytes, and the value is 0 as promised. */
static uint64_t read_big_endian(ls_reader *r, size_t size)
{
    ls_bytes bytes = ls_read_bytes(r, size);
    uint64_t v = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        v = v << 8 | bytes.ptr[i];
    }
    return v;
}

uint8_t ls_read_u8(ls_reader *r)
{
    return (uint8_t)read_big_endian(r, 1);
}

uint16_t ls_read_u16(ls_reader *r)
{
    return (uint16_t)read_big_endian(r, 2);
}

uint32_t ls_read_u32(ls_reader *r)
{
    return (uint32_t)read_big_endian(r, 4);
}

uint64_t ls_read_u64(ls_reader *r)
{
    return read_big_endian(r, 8);
}

void ls_read_hash(ls_reader *r, ls_hash *out)
{
    ls_bytes bytes = ls_read_bytes(r, LS_HASH_SIZE);
    *out = (ls_hash){0};
    if (bytes.len == LS_HASH_SIZE) {
        memcpy(out->b, bytes.ptr, LS_HASH_SIZE);
    }
}

/* Unlike ls_read_until, insists on the separator: a last line without its end is malformed in every format here. */
bool ls_read_line(ls_reader *r, ls_bytes *line)
{
    if (r->failed || memchr(r->ptr, '\n', ls_reader_left(r)) == NULL) {
        return false;
    }
    return ls_read_until(r, '\n', line);
}

bool ls_read_until(ls_reader *r, uint8_t separator, ls_bytes *part)
{
    if (r->failed || r->ptr == r->end) {
        return false;
    }
    const uint8_t *found = memchr(r->ptr, separator, ls_reader_left(r));
    const uint8_t *stop = found == NULL ? r->end : found;
    *part = ls_bytes_of(r->ptr, (size_t)(stop - r->ptr));
    r->ptr = found == NULL ? stop : stop + 1;
    return true;
}
