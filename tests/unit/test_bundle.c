/* Bundles against tar itself, and manifests against the vectors of an independent reference. */
#include "base/value.h"
#include "bundle/bundle.h"
#include "bundle/manifest.h"
#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#define B(s) ls_bytes_of(s, sizeof(s) - 1)

/* Bundles */

static const char text_a[] = "first\n", text_empty[] = "";

static void make_bundle(ls_buf *out)
{
    static uint8_t block[512], large[1500];
    memset(block, 'b', sizeof block);
    memset(large, 'c', sizeof large);
    ls_bundle_begin(out, LS_BUNDLE_EXCERPT);
    assert_null(ls_bundle_put(out, "act/0.note", ls_bytes_of(text_a, sizeof text_a - 1)).fault);
    assert_null(ls_bundle_put(out, "act/0.tlog-proof", ls_bytes_of(text_empty, 0)).fault);
    assert_null(ls_bundle_put(out, "b_lock", ls_bytes_of(block, sizeof block)).fault);
    assert_null(ls_bundle_put(out, "attachments/x", ls_bytes_of(large, sizeof large)).fault);
    ls_bundle_end(out);
    assert_null(ls_buf_check(out).fault);
}

static ls_result parse(ls_arena *arena, ls_bytes file, ls_bundle *out, ls_detail *detail)
{
    /* A copy of the exact size, so that the sanitizer sees a read beyond it. */
    uint8_t *copy = ls_arena_alloc(arena, file.len);
    assert_non_null(copy);
    if (file.len > 0) {
        memcpy(copy, file.ptr, file.len);
    }
    return ls_bundle_parse(arena, ls_bytes_of(copy, file.len), out, detail);
}

static void round_trip(void **state)
{
    (void)state;
    ls_buf file = {0};
    ls_arena arena = {0};
    ls_bundle b;
    make_bundle(&file);
    assert_int_equal(file.len % 512, 0);
    assert_null(parse(&arena, ls_buf_bytes(&file), &b, NULL).fault);
    assert_int_equal(b.kind, LS_BUNDLE_EXCERPT);
    assert_int_equal(b.count, 4);
    assert_true(ls_bytes_is(b.members[0].name, "act/0.note"));
    assert_true(ls_bytes_is(b.members[0].content, text_a));
    assert_int_equal(b.members[1].content.len, 0);
    assert_int_equal(ls_bundle_member(&b, "b_lock")->content.len, 512);
    assert_int_equal(ls_bundle_member(&b, "attachments/x")->content.len, 1500);
    assert_null(ls_bundle_member(&b, "attachments/y"));
    assert_null(ls_bundle_member(&b, "lockstep-bundle"));
    ls_arena_free(&arena);
    ls_buf_free(&file);
}

static void empty_bundle_of_each_kind(void **state)
{
    (void)state;
    for (int kind = LS_BUNDLE_DRAFT; kind <= LS_BUNDLE_EXCERPT; kind++) {
        ls_buf file = {0};
        ls_arena arena = {0};
        ls_bundle b;
        ls_bundle_begin(&file, (ls_bundle_kind)kind);
        ls_bundle_end(&file);
        assert_null(parse(&arena, ls_buf_bytes(&file), &b, NULL).fault);
        assert_int_equal(b.kind, kind);
        assert_int_equal(b.count, 0);
        assert_null(ls_bundle_member(&b, "x"));
        ls_arena_free(&arena);
        ls_buf_free(&file);
    }
}

/* The independent source: GNU tar makes the same bytes from the same files, and reads ours back. */
static void same_bytes_as_tar(void **state)
{
    (void)state;
    if (system("tar --version >/dev/null 2>&1") != 0) {
        print_message("tar is not installed: not compared\n");
        skip();
    }
    char folder[] = "/tmp/lockstep-bundle-XXXXXX", command[1024];
    assert_non_null(mkdtemp(folder));
    ls_buf file = {0}, theirs = {0};
    make_bundle(&file);
    snprintf(command, sizeof command, "%s/ours.tar", folder);
    FILE *f = fopen(command, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(file.ptr, 1, file.len, f), file.len);
    assert_int_equal(fclose(f), 0);
    snprintf(command, sizeof command,
             "cd %s && mkdir x && tar -xf ours.tar -C x && "
             "tar --format=ustar --blocking-factor=1 --mode=0644 --owner=0 --group=0 --numeric-owner --mtime=@0 "
             "-C x -cf theirs.tar lockstep-bundle act/0.note act/0.tlog-proof b_lock attachments/x",
             folder);
    assert_int_equal(system(command), 0);
    snprintf(command, sizeof command, "%s/theirs.tar", folder);
    f = fopen(command, "rb");
    assert_non_null(f);
    uint8_t *room = ls_buf_extend(&theirs, file.len + 1);
    theirs.len = fread(room, 1, file.len + 1, f);
    fclose(f);
    assert_int_equal(theirs.len, file.len);
    assert_memory_equal(theirs.ptr, file.ptr, file.len);
    snprintf(command, sizeof command, "rm -r %s", folder);
    assert_int_equal(system(command), 0);
    ls_buf_free(&theirs);
    ls_buf_free(&file);
}

/* One canonical form: whatever changes outside of contents is refused, and a changed content shows as such. */
static void every_flip_is_refused_or_changes_content(void **state)
{
    (void)state;
    ls_buf file = {0}, again = {0};
    make_bundle(&file);
    size_t accepted = 0;
    for (size_t i = 0; i < 8 * file.len; i++) {
        ls_arena arena = {0};
        ls_bundle b;
        ls_detail detail = {0};
        file.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
        ls_result r = parse(&arena, ls_buf_bytes(&file), &b, &detail);
        if (ls_succeeded(r)) {
            accepted++;
            again.len = 0;
            ls_bundle_begin(&again, b.kind);
            for (size_t m = 0; m < b.count; m++) {
                char name[LS_BUNDLE_NAME_MAX + 1] = {0};
                memcpy(name, b.members[m].name.ptr, b.members[m].name.len);
                assert_null(ls_bundle_put(&again, name, b.members[m].content).fault);
            }
            ls_bundle_end(&again);
            assert_true(ls_bytes_equal(ls_buf_bytes(&again), ls_buf_bytes(&file)));
        } else {
            assert_ptr_equal(r.fault, &ls_fault_bundle_form);
            assert_true(detail.text[0] != 0);
        }
        file.ptr[i / 8] ^= (uint8_t)(1u << (i % 8));
        ls_arena_free(&arena);
    }
    /* Exactly the bits of the contents but the first member's. */
    assert_int_equal(accepted, 8 * (sizeof text_a - 1 + 512 + 1500));
    ls_buf_free(&again);
    ls_buf_free(&file);
}

static void every_cut_and_addition_is_refused(void **state)
{
    (void)state;
    ls_buf file = {0};
    make_bundle(&file);
    for (size_t len = 0; len < file.len; len++) {
        ls_arena arena = {0};
        ls_bundle b;
        assert_ptr_equal(parse(&arena, ls_bytes_of(file.ptr, len), &b, NULL).fault, &ls_fault_bundle_form);
        ls_arena_free(&arena);
    }
    for (size_t more = 1; more <= 1024; more += 511) {
        ls_arena arena = {0};
        ls_bundle b;
        memset(ls_buf_extend(&file, more), 0, more);
        assert_ptr_equal(parse(&arena, ls_buf_bytes(&file), &b, NULL).fault, &ls_fault_bundle_form);
        file.len -= more;
        ls_arena_free(&arena);
    }
    ls_buf_free(&file);
}

static void duplicates_are_refused(void **state)
{
    (void)state;
    static const char *const twice[] = {"act.note", "lockstep-bundle"};
    for (size_t i = 0; i < 2; i++) {
        ls_buf file = {0};
        ls_arena arena = {0};
        ls_bundle b;
        ls_detail detail = {0};
        ls_bundle_begin(&file, LS_BUNDLE_DRAFT);
        assert_null(ls_bundle_put(&file, "act.note", B("x")).fault);
        assert_null(ls_bundle_put(&file, "between", B("x")).fault);
        assert_null(ls_bundle_put(&file, twice[i], B("x")).fault);
        ls_bundle_end(&file);
        assert_ptr_equal(parse(&arena, ls_buf_bytes(&file), &b, &detail).fault, &ls_fault_bundle_form);
        assert_non_null(strstr(detail.text, twice[i]));
        ls_arena_free(&arena);
        ls_buf_free(&file);
    }
}

static void names_and_sizes(void **state)
{
    (void)state;
    static const char *const bad[] = {"",  "/x",  "x/",    "a//b", "..",   "../x", "a/..", "a/../b",
                                      ".", "./a", "a/./b", "a b",  "a\\b", "é",    "a\nb", "a:b"};
    static const char *const good[] = {"a", "a/b", "..a", "a..", "a/b.c/d", "-x", "A_1.p", "tile/entries/000.p/3"};
    char name[102] = {0};
    ls_buf out = {0};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_ptr_equal(ls_bundle_put(&out, bad[i], B("x")).fault, &ls_fault_usage);
    }
    assert_int_equal(out.len, 0);
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_null(ls_bundle_put(&out, good[i], B("x")).fault);
    }
    memset(name, 'n', 100);
    assert_ptr_equal(ls_bundle_put(&out, name, B("x")).fault, &ls_fault_usage);
    name[99] = 0;
    assert_null(ls_bundle_put(&out, name, B("x")).fault);
    assert_null(ls_bundle_header(&out, "x", (UINT64_C(1) << 33) - 1).fault);
    assert_ptr_equal(ls_bundle_header(&out, "x", UINT64_C(1) << 33).fault, &ls_fault_usage);
    assert_int_equal(ls_bundle_padding(0), 0);
    assert_int_equal(ls_bundle_padding(1), 511);
    assert_int_equal(ls_bundle_padding(512), 0);
    ls_buf_free(&out);
}

/* A header may promise more than there is, up to eight GiB: nothing is allocated for it. */
static void promised_sizes_are_not_believed(void **state)
{
    (void)state;
    ls_buf file = {0};
    ls_arena arena = {0};
    ls_bundle b;
    ls_detail detail = {0};
    ls_bundle_begin(&file, LS_BUNDLE_DRAFT);
    assert_null(ls_bundle_header(&file, "act.note", (UINT64_C(1) << 33) - 1).fault);
    ls_bundle_end(&file);
    assert_ptr_equal(parse(&arena, ls_buf_bytes(&file), &b, &detail).fault, &ls_fault_bundle_form);
    assert_string_equal(detail.text, "it ends within act.note");
    ls_arena_free(&arena);
    ls_buf_free(&file);
}

static void fetch_checks_the_hash(void **state)
{
    (void)state;
    ls_buf file = {0};
    ls_arena arena = {0};
    ls_bundle b;
    ls_hash right, wrong, absent = {{9}}, found;
    ls_bytes content;
    char name[LS_BUNDLE_ATTACHMENT_NAME_SIZE];
    ls_sha256_hash(B("bytes"), &right);
    ls_sha256_hash(B("other"), &wrong);
    ls_bundle_begin(&file, LS_BUNDLE_RECORD);
    ls_bundle_attachment_format(&right, name);
    assert_null(ls_bundle_put(&file, name, B("bytes")).fault);
    ls_bundle_attachment_format(&wrong, name);
    assert_null(ls_bundle_put(&file, name, B("bytes")).fault);
    ls_bundle_end(&file);
    assert_null(parse(&arena, ls_buf_bytes(&file), &b, NULL).fault);
    assert_null(ls_bundle_fetch(&b, &right, 5, &arena, &content).fault);
    assert_true(ls_bytes_is(content, "bytes"));
    assert_ptr_equal(ls_bundle_fetch(&b, &right, 4, &arena, &content).fault, &ls_fault_bundle_attachment);
    assert_ptr_equal(ls_bundle_fetch(&b, &wrong, 5, &arena, &content).fault, &ls_fault_bundle_attachment);
    assert_ptr_equal(ls_bundle_fetch(&b, &absent, 5, &arena, &content).fault, &ls_fault_absent);
    assert_true(ls_bundle_attachment_name(&b.members[0], &found));
    assert_memory_equal(found.b, right.b, 32);
    assert_false(ls_bundle_attachment_name(&(ls_member){.name = B("attachments/00")}, &found));
    ls_arena_free(&arena);
    ls_buf_free(&file);
}

/* Manifests, from the vectors' declarations. */

typedef struct vector {
    ls_arena arena;
    json_t *json;
    ls_act act; /* what a declare act would state */
    ls_manifest manifest;
} vector;

static const char *vector_string(const vector *v, const char *key)
{
    const char *s = json_string_value(json_object_get(v->json, key));
    assert_non_null(s);
    return s;
}

static ls_bytes from_hex(vector *v, const char *hex)
{
    size_t len = strlen(hex) / 2;
    uint8_t *out = ls_arena_alloc(&v->arena, len);
    assert_true(ls_hex_decode(ls_bytes_str(hex), out, len));
    return ls_bytes_of(out, len);
}

static void hash_of(const vector *v, const char *key, ls_hash *out)
{
    assert_true(ls_hash_parse(ls_bytes_str(vector_string(v, key)), out));
}

static const ls_bytes *strings_of(vector *v, const char *key, size_t *count)
{
    json_t *list = json_object_get(v->json, key);
    *count = json_array_size(list);
    ls_bytes *out = ls_arena_array(&v->arena, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        out[i] = ls_bytes_str(json_string_value(json_array_get(list, i)));
    }
    return out;
}

static void load(vector *v, const char *name)
{
    char path[1024];
    const char *folder = getenv("LOCKSTEP_VECTORS");
    snprintf(path, sizeof path, "%s/lockstep/%s", folder == NULL ? "tests/vectors" : folder, name);
    *v = (vector){.json = json_load_file(path, 0, NULL)};
    assert_non_null(v->json);
    hash_of(v, "process", &v->act.process);
    hash_of(v, "accord", &v->act.accord);
    hash_of(v, "schema_hash", &v->act.schema);
    hash_of(v, "nonce", &v->act.nonce);
    hash_of(v, "root", &v->act.root);
    v->act.by = (ls_names){1, {ls_bytes_str(vector_string(v, "party"))}};
    v->act.raw[LS_H_DECLARATION] = ls_bytes_str(vector_string(v, "name"));
    v->act.row_bytes = (uint64_t)json_integer_value(json_object_get(v->json, "row_bytes"));
    v->manifest.declaration = v->act.raw[LS_H_DECLARATION];
    v->manifest.schema.fields = strings_of(v, "fields", &v->manifest.schema.field_count);
    v->manifest.schema.tranches = strings_of(v, "tranches", &v->manifest.schema.tranche_count);
    json_t *tranches = json_object_get(v->json, "tranche");
    v->act.tranches = v->manifest.leaf_count = json_array_size(tranches);
    ls_bytes *leaves = ls_arena_array(&v->arena, v->manifest.leaf_count, sizeof *leaves);
    for (size_t i = 0; i < v->manifest.leaf_count; i++) {
        const json_t *leaf = json_object_get(json_array_get(tranches, i), "leaf_data");
        leaves[i] = from_hex(v, json_string_value(leaf));
    }
    v->manifest.leaves = leaves;
}

static void unload(vector *v)
{
    json_decref(v->json);
    ls_arena_free(&v->arena);
}

static const char *const declarations[] = {"declaration-tiny.json", "declaration-values.json",
                                           "declaration-single.json"};

static void manifests_of_the_vectors_hold(void **state)
{
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        vector v;
        ls_buf json = {0};
        ls_manifest read;
        ls_detail detail = {0};
        load(&v, declarations[i]);
        /* The vectors' names may be wider than those of acts, which manifests must have. */
        ls_manifest named = v.manifest;
        named.declaration = B("sites");
        assert_null(ls_manifest_format(&named, &json).fault);
        ls_result parsed = ls_manifest_parse(&v.arena, ls_buf_bytes(&json), &read, &detail);
        assert_string_equal(detail.text, "");
        assert_null(parsed.fault);
        read.declaration = v.manifest.declaration;
        assert_int_equal(read.leaf_count, v.manifest.leaf_count);
        assert_int_equal(read.schema.field_count, v.manifest.schema.field_count);
        ls_result r = ls_manifest_check(&read, &v.act, 1000, NULL, &detail);
        assert_string_equal(detail.text, "");
        assert_null(r.fault);
        ls_buf_free(&json);
        unload(&v);
    }
}

/* Each change, what the message must name. */
typedef struct wrong_case {
    const char *name, *message;
    void (*change)(vector *v);
} wrong_case;

static void change_name(vector *v)
{
    v->act.raw[LS_H_DECLARATION] = B("places");
}
static void change_schema(vector *v)
{
    v->act.schema.b[0] ^= 1;
}
static void change_tranches(vector *v)
{
    v->act.tranches++;
}
static void change_process(vector *v)
{
    v->act.process.b[31] ^= 1;
}
static void change_nonce(vector *v)
{
    v->act.nonce.b[0] ^= 1;
}
static void change_root(vector *v)
{
    v->act.root.b[5] ^= 1;
}
static void change_row_bytes(vector *v)
{
    v->act.row_bytes++;
}
static void swap_leaves(vector *v)
{
    ls_bytes *leaves = ls_arena_array(&v->arena, 2, sizeof *leaves);
    leaves[0] = v->manifest.leaves[1];
    leaves[1] = v->manifest.leaves[0];
    v->manifest.leaves = leaves;
}
static void change_leaf_byte(vector *v, size_t at)
{
    ls_bytes *leaves = ls_arena_array(&v->arena, 2, sizeof *leaves);
    uint8_t *data = ls_arena_alloc(&v->arena, v->manifest.leaves[0].len);
    memcpy(data, v->manifest.leaves[0].ptr, v->manifest.leaves[0].len);
    data[at] ^= 1;
    leaves[0] = ls_bytes_of(data, v->manifest.leaves[0].len);
    leaves[1] = v->manifest.leaves[1];
    v->manifest.leaves = leaves;
}
static void change_leaf_label(vector *v)
{
    change_leaf_byte(v, 0);
}
static void change_leaf_rows(vector *v)
{
    change_leaf_byte(v, 24 + 32 + 4 + 4 + 4 + 7);
}
static void change_leaf_check(vector *v)
{
    change_leaf_byte(v, 24 + 32 + 12 + 8 + 32 + 3);
}
static void change_leaf_fields(vector *v)
{
    change_leaf_byte(v, 24 + 32 + 4 + 4 + 3);
}
static void change_leaf_count(vector *v)
{
    change_leaf_byte(v, 24 + 32 + 4 + 3);
}

static void wrong_manifests_are_named(void **state)
{
    (void)state;
    static const wrong_case cases[] = {
        {"name", "another declaration", change_name},
        {"schema", "hash that the act states", change_schema},
        {"tranches", "2 leaves", change_tranches},
        {"process", "tranche 1 belongs to another declaration", change_process},
        {"nonce", "tranche 1 belongs to another declaration", change_nonce},
        {"root", "declaration's root", change_root},
        {"row-bytes", "size of the sealed rows", change_row_bytes},
        {"swapped", "tranche 1 stands in the place of another", swap_leaves},
        {"label", "is not a tranche's leaf", change_leaf_label},
        {"rows", "size of the sealed rows", change_leaf_rows},
        {"check", "declaration's root", change_leaf_check},
        {"fields", "number of fields", change_leaf_fields},
        {"count", "number of tranches", change_leaf_count},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        vector v;
        ls_detail detail = {0};
        load(&v, "declaration-tiny.json");
        cases[i].change(&v);
        ls_result r = ls_manifest_check(&v.manifest, &v.act, 1000, NULL, &detail);
        assert_ptr_equal(r.fault, &ls_fault_manifest_wrong);
        if (strstr(detail.text, cases[i].message) == NULL) {
            fail_msg("%s: %s", cases[i].name, detail.text);
        }
        unload(&v);
    }
}

static void accord_and_charter_bind_the_rows(void **state)
{
    (void)state;
    vector v;
    uint64_t padded[] = {4, 4};
    ls_declared accord = {.tranche_count = 2, .padded = padded};
    load(&v, "declaration-tiny.json");
    json_t *tranches = json_object_get(v.json, "tranche");
    for (size_t i = 0; i < 2; i++) {
        padded[i] = (uint64_t)json_integer_value(json_object_get(json_array_get(tranches, i), "n"));
    }
    uint64_t all = padded[0] + padded[1];
    assert_null(ls_manifest_check(&v.manifest, &v.act, all, &accord, NULL).fault);
    assert_ptr_equal(ls_manifest_check(&v.manifest, &v.act, all - 1, &accord, NULL).fault, &ls_fault_manifest_wrong);
    padded[1]++;
    assert_ptr_equal(ls_manifest_check(&v.manifest, &v.act, all + 1, &accord, NULL).fault, &ls_fault_manifest_wrong);
    padded[1]--;
    accord.tranche_count = 1;
    assert_ptr_equal(ls_manifest_check(&v.manifest, &v.act, all, &accord, NULL).fault, &ls_fault_manifest_wrong);
    unload(&v);
}

static void malformed_manifests_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "[]",
        "{}",
        "{\"declaration\":\"a\",\"fields\":[\"f\"],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v2\","
        "\"tranches\":[\"t\"]}",
        "{\"declaration\":\"a\",\"fields\":[\"f\"],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"],\"x\":1}",
        "{\"declaration\":\"a\",\"fields\":[\"f\"],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\"}",
        "{\"declaration\":\"A\",\"fields\":[\"f\"],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        "{\"declaration\":\"a\",\"fields\":[],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        "{\"declaration\":\"a\",\"fields\":[\"f\",\"f\"],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        "{\"declaration\":\"a\",\"fields\":[1],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        "{\"declaration\":\"a\",\"fields\":[\"f\"],\"leaves\":[\"0\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        "{\"declaration\":\"a\",\"fields\":[\"f\"],\"leaves\":[\"0A\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        "{\"declaration\":\"a\",\"fields\":\"f\",\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        " {\"declaration\":\"a\",\"fields\":[\"f\"],\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
        "{\"fields\":[\"f\"],\"declaration\":\"a\",\"leaves\":[\"00\"],\"lockstep\":\"declaration manifest v1\","
        "\"tranches\":[\"t\"]}",
    };
    static const char good[] = "{\"declaration\":\"a\",\"fields\":[\"f\"],\"leaves\":[\"00\"],\"lockstep\":"
                               "\"declaration manifest v1\",\"tranches\":[\"t\"]}";
    ls_arena arena = {0};
    ls_manifest m;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ls_detail detail = {0};
        assert_ptr_equal(ls_manifest_parse(&arena, ls_bytes_str(bad[i]), &m, &detail).fault, &ls_fault_manifest_form);
        assert_true(detail.text[0] != 0);
    }
    assert_null(ls_manifest_parse(&arena, B(good), &m, NULL).fault);
    ls_arena_free(&arena);
}

static int set_up(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init());
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(empty_bundle_of_each_kind),
        cmocka_unit_test(same_bytes_as_tar),
        cmocka_unit_test(every_flip_is_refused_or_changes_content),
        cmocka_unit_test(every_cut_and_addition_is_refused),
        cmocka_unit_test(duplicates_are_refused),
        cmocka_unit_test(names_and_sizes),
        cmocka_unit_test(promised_sizes_are_not_believed),
        cmocka_unit_test(fetch_checks_the_hash),
        cmocka_unit_test(manifests_of_the_vectors_hold),
        cmocka_unit_test(wrong_manifests_are_named),
        cmocka_unit_test(accord_and_charter_bind_the_rows),
        cmocka_unit_test(malformed_manifests_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, NULL);
}
