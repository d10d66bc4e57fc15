/* Couriers' files and bundles of entries: any bytes may be parsed; what parses can be read from end to end. */
#include "bundle/courier.h"
#include "crypto/crypto.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

static ls_result take(void *context, uint64_t index, ls_bytes note)
{
    uint64_t *next = context;
    require(index == (*next)++ && note.len <= UINT16_MAX);
    return LS_SUCCESS;
}

/* The header that was read is written the same; receipts, too; entries come in order. */
static void check(const ls_courier *c)
{
    ls_buf header = {0}, receipts = {0};
    ls_result r;
    uint64_t next = c->size;
    ls_courier_put_header(c, &header);
    require(ls_bytes_equal(ls_buf_bytes(&header), ls_bundle_member(&c->bundle, "courier")->content));
    for (size_t i = 0; i < c->receipt_count; i++) {
        ls_courier_put_receipt(&c->receipt[i], &receipts);
    }
    const ls_member *m = ls_bundle_member(&c->bundle, "receipts");
    require(m == NULL || ls_bytes_equal(ls_buf_bytes(&receipts), m->content));
    if (c->carries == LS_COURIER_RECORD && ls_courier_read(c, c->size, c->size + 600, take, &next, &r)) {
        require(ls_succeeded(r) && next == c->size + 600);
    }
    ls_buf_free(&header);
    ls_buf_free(&receipts);
}

static void parse(ls_bytes file)
{
    ls_arena arena = {0};
    ls_courier *c = malloc(sizeof *c);
    if (c != NULL && ls_succeeded(ls_courier_parse(&arena, file, c, NULL))) {
        check(c);
    }
    free(c);
    ls_arena_free(&arena);
}

static void parse_entries(ls_bytes bytes)
{
    ls_buf again = {0};
    ls_entries *e = malloc(sizeof *e);
    if (e != NULL && ls_entries_parse(bytes, e)) {
        for (size_t i = 0; i < e->count; i++) {
            ls_entries_put(&again, e->entry[i]);
        }
        require(ls_bytes_equal(ls_buf_bytes(&again), bytes));
    }
    free(e);
    ls_buf_free(&again);
}

/* Checksums are beyond a fuzzer's guesses: members as u8 length and name, u16 length and content, from which a file is
 * made. */
static void make(ls_bytes input, ls_buf *out)
{
    ls_reader r = ls_reader_of(input);
    ls_bundle_begin(out, LS_BUNDLE_COURIER);
    while (ls_reader_left(&r) > 0 && !r.failed) {
        char name[256] = {0};
        ls_bytes given = ls_read_bytes(&r, ls_read_u8(&r));
        ls_bytes content = ls_read_bytes(&r, ls_read_u16(&r));
        if (!r.failed && given.len > 0) {
            memcpy(name, given.ptr, given.len);
            ls_result refused = ls_bundle_put(out, name, content);
            (void)refused;
        }
    }
    ls_bundle_end(out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_buf made = {0};
    if (ls_failed(ls_crypto_init())) {
        return 0;
    }
    parse(ls_bytes_of(data, size));
    parse_entries(ls_bytes_of(data, size));
    make(ls_bytes_of(data, size), &made);
    parse(ls_buf_bytes(&made));
    ls_buf_free(&made);
    return 0;
}
