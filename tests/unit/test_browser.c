/* What the browser's module exports, called as a page calls it, and in every wrong order; under sanitizers, and with
 * each allocation failing once. */
#include "browser/browser.h"
#include "bundle/verify.h"
#include "failing_memory.h"
#include "fixture/bundles.h"
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

typedef struct process {
    fixture f;
    ls_bytes checkpoint;
    char charter[LS_HEX_HASH_SIZE];
} process;

static void make_process(process *p)
{
    const ls_time times[FIXTURE_COSIGNERS] = {1539075600, 1539075601, 0};
    fixture *f = &p->f;
    fixture_open_watched(f, false);
    fixture_append(f, fixture_charter(f));
    fixture_append(f, fixture_accord(f));
    fixture_stamp(f);
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    fixture_append(f, fixture_measure(f, FIXTURE_USA, "perform", "suspend-exercises"));
    fixture_append(f, fixture_open_tranche(f, 1));
    fixture_stamp(f);
    p->checkpoint = fixture_cosigned(f, times);
    ls_hash_format(ls_record_process(f->record), p->charter);
}

static bool answer_is(const char *text)
{
    return ls_bytes_is(ls_bytes_of(web_result(), web_result_size()), text);
}

static json_t *answer(void)
{
    json_t *json = json_loadb((const char *)web_result(), web_result_size(), 0, NULL);
    assert_non_null(json);
    return json;
}

/* Hands over the file whose hash is the answer. */
static int put_file(process *p)
{
    ls_hash hash;
    ls_bytes content;
    if (!ls_hash_parse(ls_bytes_of(web_result(), web_result_size()), &hash)) {
        return WEB_MISUSED;
    }
    assert_true(ls_succeeded(fixture_fetch(&p->f, &hash, UINT64_MAX, &p->f.arena, &content)));
    return web_file(content.ptr, content.len);
}

static int append(process *p, ls_bytes entry)
{
    int status;
    while ((status = web_append(entry.ptr, entry.len)) == WEB_FILE_NEEDED) {
        status = put_file(p);
        if (status != WEB_OK) {
            return status;
        }
    }
    return status;
}

/* Up to the end, or to what is not WEB_OK. */
static int replay(process *p, const char *charter)
{
    int status = web_begin(charter, strlen(charter));
    for (size_t i = 0; status == WEB_OK && i < p->f.entry_count; i++) {
        status = append(p, p->f.entry[i]);
    }
    return status != WEB_OK ? status : web_finish(p->checkpoint.ptr, p->checkpoint.len);
}

static int page(const char *path, const char *language)
{
    return web_page(path, strlen(path), 0, 0, language, strlen(language));
}

#define HASH "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static int around(const char *path, const char *language, const char *title, const char *verifier)
{
    return web_around(path, strlen(path), language, strlen(language), title, strlen(title), "1.2.3", 5, verifier,
                      strlen(verifier));
}

/* What holds. */

static void check_around(const process *p)
{
    assert_int_equal(around("act/1.html", "en", "<Act> 1", HASH), WEB_OK);
    json_t *json = answer();
    const char *title = json_string_value(json_object_get(json, "title"));
    const char *top = json_string_value(json_object_get(json, "top"));
    const char *foot = json_string_value(json_object_get(json, "foot"));
    assert_string_equal(json_string_value(json_object_get(json, "dir")), "ltr");
    assert_true(strncmp(title, "EXERCISE: <Act> 1", strlen("EXERCISE: <Act> 1")) == 0);
    assert_non_null(strstr(top, "id=\"exercise-mark\""));
    assert_non_null(strstr(top, "href=\"../scorecard.html\""));
    assert_null(strstr(top, "id=\"verdict\""));
    assert_non_null(strstr(foot, p->charter));
    assert_non_null(strstr(foot, HASH));
    assert_non_null(strstr(foot, "1.2.3"));
    json_decref(json);
    assert_int_equal(around("act/1.html", "xx", "", HASH), WEB_MISUSED);
    assert_int_equal(around("act/1.html", "en", "", "0011"), WEB_MISUSED);
}

static void check_finish(const process *p)
{
    json_t *json = answer();
    assert_true(json_is_true(json_object_get(json, "valid")) && json_is_true(json_object_get(json, "final")));
    assert_true(json_is_true(json_object_get(json, "anchored")) && json_is_true(json_object_get(json, "exercise")));
    assert_int_equal(json_integer_value(json_object_get(json, "size")), p->f.entry_count);
    assert_string_equal(json_string_value(json_object_get(json, "charter")), p->charter);
    assert_int_equal(json_array_size(json_object_get(json, "cosigners")), 2);
    assert_int_equal(json_array_size(json_object_get(json, "signers")), 3);
    json_decref(json);
}

static void check_tiles(const process *p)
{
    ls_hash leaf[16];
    size_t count = p->f.entry_count;
    const uint8_t *bytes = leaf[0].b;
    assert_true(count < 16);
    ls_merkle_leaves(p->f.entry, count, leaf);
    assert_int_equal(web_tile(0, 0, (unsigned)count, bytes, count * LS_HASH_SIZE), WEB_OK);
    assert_int_equal(web_tile(0, 0, (unsigned)count - 1, bytes, (count - 1) * LS_HASH_SIZE), WEB_OK);
    assert_int_equal(web_tile(0, 0, (unsigned)count, bytes, (count - 1) * LS_HASH_SIZE), WEB_REFUSED);
    assert_int_equal(web_tile(0, 0, (unsigned)count + 1, bytes, (count + 1) * LS_HASH_SIZE), WEB_REFUSED);
    assert_int_equal(web_tile(0, 0, 0, bytes, 0), WEB_REFUSED);
    assert_int_equal(web_tile(0, UINT64_MAX / LS_TILE_WIDTH + 1, 1, bytes, LS_HASH_SIZE), WEB_REFUSED);
    assert_int_equal(web_tile(0, UINT64_MAX, 1, bytes, LS_HASH_SIZE), WEB_REFUSED);
    assert_int_equal(web_tile(1, 0, 1, bytes, LS_HASH_SIZE), WEB_REFUSED);
    assert_int_equal(web_tile(200, 0, 1, bytes, LS_HASH_SIZE), WEB_REFUSED);
    leaf[3].b[0] ^= 1;
    assert_int_equal(web_tile(0, 0, (unsigned)count, bytes, count * LS_HASH_SIZE), WEB_REFUSED);
}

static void test_holds(void **state)
{
    process p;
    (void)state;
    make_process(&p);
    assert_int_equal(replay(&p, p.charter), WEB_OK);
    check_finish(&p);
    check_tiles(&p);
    assert_int_equal(page("index.html", "en"), WEB_OK);
    json_t *json = answer();
    assert_true(json_string_length(json_object_get(json, "html")) > 0);
    json_decref(json);
    assert_int_equal(web_page("index.html", 10, p.f.now - 3600, p.f.now - 3600, "ko", 2), WEB_OK);
    assert_int_equal(page("act/999.html", "en"), WEB_REFUSED);
    assert_int_equal(page("index.html", "xx"), WEB_MISUSED);
    check_around(&p);
    fixture_close(&p.f);
}

/* What does not. */

static void test_order(void **state)
{
    process p;
    (void)state;
    make_process(&p);
    ls_bytes first = p.f.entry[0];
    assert_int_equal(web_begin("5c0e", 4), WEB_MISUSED);
    assert_int_equal(web_append(first.ptr, first.len), WEB_MISUSED);
    assert_int_equal(web_file(first.ptr, first.len), WEB_MISUSED);
    assert_int_equal(web_finish(p.checkpoint.ptr, p.checkpoint.len), WEB_MISUSED);
    assert_int_equal(page("index.html", "en"), WEB_MISUSED);
    assert_int_equal(around("index.html", "en", "", HASH), WEB_MISUSED);
    assert_int_equal(web_tile(0, 0, 1, first.ptr, LS_HASH_SIZE), WEB_REFUSED);
    assert_int_equal(web_begin(NULL, 0), WEB_OK);
    assert_int_equal(web_finish(p.checkpoint.ptr, p.checkpoint.len), WEB_REFUSED);
    assert_int_equal(page("index.html", "en"), WEB_MISUSED);
    /* A file that nobody asked for does no harm; the one that is needed is asked for again and again. */
    assert_int_equal(web_file((const uint8_t *)"other", 5), WEB_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(web_append(first.ptr, first.len), WEB_FILE_NEEDED);
        assert_int_equal(web_result_size(), LS_HEX_HASH_SIZE - 1);
    }
    assert_int_equal(replay(&p, p.charter), WEB_OK);
    assert_int_equal(web_append(first.ptr, first.len), WEB_MISUSED);
    assert_int_equal(web_finish(p.checkpoint.ptr, p.checkpoint.len), WEB_MISUSED);
    assert_true(answer_is(""));
    fixture_close(&p.f);
}

static void test_refused(void **state)
{
    process p;
    (void)state;
    make_process(&p);
    ls_bytes entry = fixture_keep(&p.f, p.f.entry[1]);
    ((uint8_t *)(uintptr_t)entry.ptr)[entry.len - 20] ^= 1;
    assert_int_equal(web_begin(p.charter, strlen(p.charter)), WEB_OK);
    assert_int_equal(append(&p, p.f.entry[0]), WEB_OK);
    assert_int_equal(append(&p, entry), WEB_REFUSED);
    json_t *json = answer();
    assert_int_equal(json_integer_value(json_object_get(json, "entry")), 1);
    assert_non_null(strstr(json_string_value(json_object_get(json, "why")), "signature"));
    json_decref(json);
    assert_int_equal(append(&p, p.f.entry[1]), WEB_MISUSED);
    assert_int_equal(web_finish(p.checkpoint.ptr, p.checkpoint.len), WEB_REFUSED);
    json = answer();
    assert_true(json_is_false(json_object_get(json, "valid")));
    json_decref(json);
    assert_int_equal(page("index.html", "en"), WEB_MISUSED);
    fixture_close(&p.f);
}

/* Without its quorum a checkpoint is that of no site. */
static void test_not_final(void **state)
{
    process p;
    (void)state;
    make_process(&p);
    const ls_time times[FIXTURE_COSIGNERS] = {0, 1539075601, 0};
    p.checkpoint = fixture_cosigned(&p.f, times);
    assert_int_equal(replay(&p, p.charter), WEB_REFUSED);
    json_t *json = answer();
    assert_true(json_is_false(json_object_get(json, "valid")) && json_is_false(json_object_get(json, "final")));
    json_decref(json);
    const char none[] = "no checkpoint\n";
    assert_int_equal(web_finish((const uint8_t *)none, sizeof none - 1), WEB_REFUSED);
    fixture_close(&p.f);
}

static void test_verdicts(void **state)
{
    process p;
    (void)state;
    make_process(&p);
    ls_bytes record = bundles_record(&p.f, p.checkpoint);
    size_t len = strlen(p.charter);
    assert_int_equal(web_verify(record.ptr, record.len, p.charter, len), 0);
    assert_int_equal(web_verify(record.ptr, record.len, NULL, 0), 0);
    assert_int_equal(web_verify(record.ptr, record.len - 512, p.charter, len), LS_CLASS_INVALID);
    json_t *json = answer();
    assert_true(json_string_length(json_object_get(json, "error")) > 0);
    json_decref(json);
    assert_int_equal(web_verify(record.ptr, record.len, p.charter, 63), LS_CLASS_USAGE);
    assert_int_equal(web_verify(NULL, 0, NULL, 0), LS_CLASS_INVALID);
    const char proof[] = "c2sp.org/tlog-proof@v1\n";
    assert_int_equal(web_verify((const uint8_t *)proof, sizeof proof - 1, NULL, 0), LS_CLASS_INVALID);
    fixture_close(&p.f);
}

static int run_all(process *p)
{
    int status = replay(p, p->charter);
    status = status != WEB_OK ? status : page("scorecard.html", "en");
    return status != WEB_OK ? status : around("scorecard.html", "ko", "Title", HASH);
}

static void test_every_allocation_fails_once(void **state)
{
    process p;
    size_t n = 0;
    (void)state;
    make_process(&p);
    for (;; n++) {
        failed = false;
        next_fails = n;
        int status = run_all(&p);
        next_fails = SIZE_MAX;
        if (!failed) {
            assert_int_equal(status, WEB_OK);
            break;
        }
        if (status != WEB_MEMORY) {
            fail_msg("allocation %zu failed, and the status was %d: %.*s", n, status, (int)web_result_size(),
                     (const char *)web_result());
        }
    }
    assert_true(n > 100);
    web_begin(NULL, 0);
    fixture_close(&p.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_holds),    cmocka_unit_test(test_order),
        cmocka_unit_test(test_refused),  cmocka_unit_test(test_not_final),
        cmocka_unit_test(test_verdicts), cmocka_unit_test(test_every_allocation_fails_once),
    };
    return ls_failed(ls_crypto_init()) ? 1 : cmocka_run_group_tests(tests, NULL, NULL);
}
