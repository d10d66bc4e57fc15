/* Bundles: any bytes may be verified; what parses has one form. */
#include "bundle/verify.h"
#include "crypto/crypto.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
    if (!holds) {
        abort();
    }
}

/* Writes a bundle again from its members. */
static void check_form(const ls_bundle *b, ls_bytes file)
{
    ls_buf again = {0};
    ls_bundle_begin(&again, b->kind);
    for (size_t i = 0; i < b->count; i++) {
        char name[LS_BUNDLE_NAME_MAX + 1] = {0};
        memcpy(name, b->members[i].name.ptr, b->members[i].name.len);
        require(ls_succeeded(ls_bundle_put(&again, name, b->members[i].content)));
        require(ls_bundle_member(b, name) == &b->members[i]);
    }
    ls_bundle_end(&again);
    require(ls_bytes_equal(ls_buf_bytes(&again), file));
    ls_buf_free(&again);
}

static void verify(ls_bytes file)
{
    static const ls_hash charter = {{1}};
    ls_arena arena = {0};
    ls_report report;
    require(ls_succeeded(ls_verify_bundle(&arena, file, &charter, NULL, NULL, &report, NULL)));
    for (size_t i = 0; i < report.count; i++) {
        require(ls_utf8_valid(ls_bytes_str(report.finding[i].text)));
    }
    ls_arena_free(&arena);
}

/*
 * The checksums of headers are beyond a fuzzer's guesses. So a second form of input is tried, too: a kind, then members
 * as u8 length and name, u16 length and content, from which a bundle is made.
 */
static void make(ls_bytes input, ls_buf *out)
{
    ls_reader r = ls_reader_of(input);
    ls_bundle_begin(out, (ls_bundle_kind)(ls_read_u8(&r) % 6));
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
    ls_arena arena = {0};
    ls_bundle b;
    ls_buf made = {0};
    if (ls_failed(ls_crypto_init())) {
        return 0;
    }
    if (ls_succeeded(ls_bundle_parse(&arena, ls_bytes_of(data, size), &b, NULL))) {
        check_form(&b, ls_bytes_of(data, size));
        verify(ls_bytes_of(data, size));
    }
    make(ls_bytes_of(data, size), &made);
    if (ls_succeeded(ls_bundle_parse(&arena, ls_buf_bytes(&made), &b, NULL))) {
        verify(ls_buf_bytes(&made));
    }
    ls_buf_free(&made);
    ls_arena_free(&arena);
    return 0;
}
