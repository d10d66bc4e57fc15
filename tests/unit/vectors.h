/* Test vectors: where they lie, and how tests read them. */
#ifndef TESTS_VECTORS_H
#define TESTS_VECTORS_H

#include <lockstep/bytes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>
#include <jansson.h>

#define VECTORS_UNUSED __attribute__((unused))

#define assert_success(expr) assert_null((expr).fault)
#define assert_fault(expr, expected) assert_ptr_equal((expr).fault, &(expected))
#define assert_bytes(actual, expected)                                                                                 \
    do {                                                                                                               \
        ls_bytes actual_ = (actual), expected_ = (expected);                                                           \
        assert_int_equal(actual_.len, expected_.len);                                                                  \
        if (expected_.len > 0) {                                                                                       \
            assert_memory_equal(actual_.ptr, expected_.ptr, expected_.len);                                            \
        }                                                                                                              \
    } while (0)

/* The path of one of the project's own vectors. */
VECTORS_UNUSED static const char *own_vector(const char *name)
{
    static char path[1024];
    const char *root = getenv("LOCKSTEP_VECTORS");
    snprintf(path, sizeof path, "%s/%s", root == NULL ? "tests/vectors" : root, name);
    return path;
}

/* The path of a published vector; skips the test if they are not on this machine. */
VECTORS_UNUSED static const char *shared_vector(const char *name)
{
    static char path[1024];
    const char *root = getenv("LOCKSTEP_SHARED");
    snprintf(path, sizeof path, "%s/vectors/%s", root == NULL ? "../shared" : root, name);
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        print_message("%s is not on this machine: test skipped\n", path);
        skip();
    }
    fclose(f);
    return path;
}

/* Appends a whole file; the test fails if it can't be read. */
VECTORS_UNUSED static void read_whole_file(const char *path, ls_buf *out)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL) {
        fail_msg("%s can't be opened", path);
    }
    uint8_t block[65536];
    for (size_t n; (n = fread(block, 1, sizeof block, f)) > 0;) {
        ls_buf_put(out, block, n);
    }
    assert_false(ferror(f));
    fclose(f);
    assert_success(ls_buf_check(out));
}

/* A JSON file as jansson reads it; the caller gives it back with json_decref. */
VECTORS_UNUSED static json_t *read_json_file(const char *path)
{
    json_error_t error;
    json_t *json = json_load_file(path, JSON_ALLOW_NUL, &error);
    if (json == NULL) {
        fail_msg("%s: %s (line %d)", path, error.text, error.line);
    }
    return json;
}

VECTORS_UNUSED static ls_bytes json_text(const json_t *json)
{
    assert_true(json_is_string(json));
    return ls_bytes_of(json_string_value(json), json_string_length(json));
}

VECTORS_UNUSED static ls_bytes json_member(const json_t *object, const char *key)
{
    return json_text(json_object_get(object, key));
}

/* The bytes that a member gives in hex, appended to out; returns a view of what was appended. */
VECTORS_UNUSED static ls_bytes hex_member(const json_t *object, const char *key, ls_buf *out)
{
    ls_bytes hex = json_member(object, key);
    uint8_t *room = ls_buf_extend(out, hex.len / 2);
    assert_non_null(room);
    assert_true(ls_hex_decode(hex, room, hex.len / 2));
    return ls_bytes_of(room, hex.len / 2);
}

VECTORS_UNUSED static ls_hash hash_of_hex(const json_t *hex)
{
    ls_hash hash;
    assert_true(ls_hash_parse(json_text(hex), &hash));
    return hash;
}

/* Random numbers that are the same in every run (splitmix64). */
VECTORS_UNUSED static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

#endif
