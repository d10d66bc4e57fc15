/* Declarations and openings: the project's vectors, then everything that must hold beyond them. */
#include "escrow/commitment.h"
#include "escrow/hasher.h"
#include "escrow/seal.h"
#include "vectors.h"

static json_t *load(const char *name)
{
    char path[200];
    snprintf(path, sizeof path, "lockstep/%s", name);
    return read_json_file(own_vector(path));
}

static ls_bytes unhex(ls_arena *arena, ls_bytes hex)
{
    uint8_t *out = ls_arena_alloc(arena, hex.len / 2 + 1);
    assert_non_null(out);
    assert_true(ls_hex_decode(hex, out, hex.len / 2));
    return ls_bytes_of(out, hex.len / 2);
}

static ls_bytes hex_of(ls_arena *arena, const json_t *object, const char *key)
{
    return unhex(arena, json_member(object, key));
}

static ls_hash hash_of(const json_t *object, const char *key)
{
    return hash_of_hex(json_object_get(object, key));
}

static uint64_t number_of(const json_t *object, const char *key)
{
    const json_t *n = json_object_get(object, key);
    assert_true(json_is_integer(n));
    return (uint64_t)json_integer_value(n);
}

static void assert_hash(const json_t *object, const char *key, const void *got)
{
    ls_hash want = hash_of(object, key);
    assert_memory_equal(got, want.b, LS_HASH_SIZE);
}

static ls_bytes *strings_of(ls_arena *arena, const json_t *object, const char *key, size_t *count)
{
    const json_t *list = json_object_get(object, key);
    *count = json_array_size(list);
    ls_bytes *out = ls_arena_array(arena, *count, sizeof *out);
    for (size_t i = 0; i < *count; i++) {
        out[i] = json_text(json_array_get(list, i));
    }
    return out;
}

static size_t hashes_of(const json_t *object, const char *key, ls_hash *out, size_t max)
{
    const json_t *list = json_object_get(object, key);
    size_t count = json_array_size(list);
    assert_true(count <= max);
    for (size_t i = 0; i < count; i++) {
        out[i] = hash_of_hex(json_array_get(list, i));
    }
    return count;
}

static ls_schema schema_of(ls_arena *arena, const json_t *doc)
{
    ls_schema s;
    s.fields = strings_of(arena, doc, "fields", &s.field_count);
    s.tranches = strings_of(arena, doc, "tranches", &s.tranche_count);
    return s;
}

/* What a verifier of the document's cases knows; a case may bring its own context or root. */
static ls_declaration declaration_of(const json_t *doc, const json_t *item, uint32_t fields)
{
    ls_declaration d;
    d.context = hash_of(json_object_get(item, "X") ? item : doc, "X");
    d.root = hash_of(json_object_get(item, "root") ? item : doc, "root");
    d.tranches = json_object_get(doc, "tranches") ? (uint32_t)json_array_size(json_object_get(doc, "tranches")) : 1;
    d.fields = fields;
    d.row_bytes = number_of(doc, "row_bytes");
    return d;
}

/* ---- The maker's values ---- */

static void check_schema_and_context(ls_arena *arena, const json_t *doc, ls_hash *context)
{
    ls_schema schema = schema_of(arena, doc);
    ls_buf json = {0};
    ls_hash hash, process = hash_of(doc, "process"), accord = hash_of(doc, "accord");
    assert_success(ls_schema_format(&schema, &json));
    assert_bytes(ls_buf_bytes(&json), json_member(doc, "schema"));
    ls_sha256_hash(ls_buf_bytes(&json), &hash);
    assert_hash(doc, "schema_hash", hash.b);
    ls_buf_free(&json);
    ls_declaration_context(&process, &accord, json_member(doc, "party"), json_member(doc, "name"), &hash,
                           hex_of(arena, doc, "nonce").ptr, context);
    assert_hash(doc, "X", context->b);
}

static void check_rows(ls_arena *arena, const json_t *tranche, const ls_tranche_keys *keys, uint32_t fields)
{
    const json_t *rows = json_object_get(tranche, "rows");
    uint64_t count = json_array_size(rows);
    ls_hasher *hasher = NULL;
    ls_sha256 prefix;
    ls_hash root;
    ls_bytes *values = ls_arena_array(arena, fields, sizeof *values);
    ls_field_prefix(&keys->context, &prefix);
    assert_success(ls_hasher_open(keys, count, fields, NULL, &hasher));
    for (uint64_t i = 0; i < count; i++) {
        for (uint32_t f = 0; f < fields; f++) {
            const json_t *field = json_array_get(json_array_get(rows, i), f);
            uint8_t salt[LS_SALT_SIZE];
            ls_hash commitment;
            values[f] = hex_of(arena, field, "value");
            ls_keystream(keys->salt, LS_SALT_SIZE * (i * fields + f), salt, sizeof salt);
            assert_bytes(ls_bytes_of(salt, sizeof salt), hex_of(arena, field, "salt"));
            ls_field_commit(&prefix, salt, values[f], &commitment);
            assert_hash(field, "commitment", commitment.b);
        }
        assert_success(ls_hasher_row(hasher, values, NULL));
    }
    assert_success(ls_hasher_finish(hasher, &root, NULL));
    assert_hash(tranche, "S_k", root.b);
    ls_hasher_free(hasher);
}

static void check_sealing(ls_arena *arena, const json_t *tranche, const ls_tranche_keys *keys, uint64_t row_bytes)
{
    uint64_t area, size, got_size;
    ls_hash hash;
    ls_buf out = {0};
    ls_sealer *sealer = NULL;
    assert_true(ls_sealed_size(number_of(tranche, "n"), row_bytes, &area, &size));
    assert_int_equal(size, number_of(tranche, "sealed_size"));
    assert_success(
        ls_sealer_open(keys->seal, hex_of(arena, tranche, "header").ptr, area, ls_output_buf(&out), &sealer, NULL));
    assert_success(ls_sealer_put(sealer, hex_of(arena, tranche, "plaintext"), NULL));
    assert_success(ls_sealer_finish(sealer, &got_size, &hash, NULL));
    ls_sealer_free(sealer);
    assert_int_equal(got_size, size);
    assert_bytes(ls_buf_bytes(&out), hex_of(arena, tranche, "sealed"));
    assert_hash(tranche, "sealed_hash", hash.b);
    ls_buf_free(&out);
}

static void check_leaf(ls_arena *arena, const json_t *tranche, const ls_hash *context, uint32_t tranches,
                       uint32_t fields)
{
    ls_tranche_leaf leaf = {*context,
                            (uint32_t)number_of(tranche, "k"),
                            tranches,
                            fields,
                            number_of(tranche, "n"),
                            hash_of(tranche, "S_k"),
                            hash_of(tranche, "check_k"),
                            number_of(tranche, "sealed_size"),
                            hash_of(tranche, "sealed_hash")};
    ls_tranche_leaf parsed;
    ls_buf data = {0};
    ls_hash hash;
    ls_tranche_leaf_format(&leaf, &data);
    assert_int_equal(data.len, LS_TRANCHE_LEAF_SIZE);
    assert_bytes(ls_buf_bytes(&data), hex_of(arena, tranche, "leaf_data"));
    assert_true(ls_tranche_leaf_parse(ls_buf_bytes(&data), &parsed));
    assert_int_equal(parsed.rows, leaf.rows);
    ls_merkle_leaf(ls_buf_bytes(&data), &hash);
    assert_hash(tranche, "leaf_hash", hash.b);
    ls_buf_free(&data);
}

static void check_tranche(ls_arena *arena, const json_t *doc, const json_t *tranche, const uint8_t *secret,
                          const ls_hash *context)
{
    uint32_t k = (uint32_t)number_of(tranche, "k");
    uint32_t fields = (uint32_t)json_array_size(json_object_get(doc, "fields"));
    uint8_t key[32];
    ls_tranche_keys keys;
    ls_tranche_key(secret, k, key);
    assert_hash(tranche, "K_k", key);
    ls_tranche_keys_derive(context, k, key, &keys);
    assert_hash(tranche, "X_k", keys.context.b);
    assert_hash(tranche, "salt_key", keys.salt);
    assert_hash(tranche, "seal_key", keys.seal);
    assert_hash(tranche, "check_k", keys.check.b);
    check_rows(arena, tranche, &keys, fields);
    check_sealing(arena, tranche, &keys, number_of(doc, "row_bytes"));
    check_leaf(arena, tranche, context, (uint32_t)json_array_size(json_object_get(doc, "tranches")), fields);
}

static void check_document_values(const char *name)
{
    ls_arena arena = {0};
    json_t *doc = load(name);
    ls_hash context;
    uint8_t secret[32];
    check_schema_and_context(&arena, doc, &context);
    ls_declaration_secret(hex_of(&arena, doc, "delegation_seed").ptr, &context, secret);
    assert_hash(doc, "M", secret);
    const json_t *tranches = json_object_get(doc, "tranche");
    for (size_t i = 0; i < json_array_size(tranches); i++) {
        check_tranche(&arena, doc, json_array_get(tranches, i), secret, &context);
    }
    json_decref(doc);
    ls_arena_free(&arena);
}

static const char *const documents[] = {"declaration-tiny.json", "declaration-values.json", "declaration-single.json"};

static void vectors_values(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        check_document_values(documents[i]);
    }
}

/* ---- The verifier's verdicts ---- */

static void put_head(ls_buf *file, ls_arena *arena, const json_t *item, uint8_t kind, const ls_hash *context)
{
    ls_hash path[LS_MERKLE_PROOF_MAX];
    size_t count = hashes_of(item, "proof", path, LS_MERKLE_PROOF_MAX);
    ls_bytes leaf = hex_of(arena, item, "leaf_data");
    ls_buf_put_str(file, "lockstep opening v1\n");
    ls_buf_put_u32(file, 1);
    ls_buf_put_u8(file, kind);
    ls_buf_put(file, context->b, LS_HASH_SIZE);
    ls_buf_put_u32(file, (uint32_t)number_of(item, "k"));
    ls_buf_put_u16(file, (uint16_t)leaf.len);
    ls_buf_put_bytes(file, leaf);
    ls_buf_put_u8(file, (uint8_t)count);
    ls_buf_put(file, path, count * sizeof *path);
}

static ls_opening_report verify_file(ls_arena *arena, const ls_buf *file, const ls_declaration *d)
{
    ls_opening_part *parts;
    size_t count;
    ls_opening_report report = {0};
    ls_result r = ls_opening_parse(arena, ls_buf_bytes(file), d->fields, &parts, &count);
    if (ls_failed(r)) {
        report.verdict = LS_NOT_AN_OPENING;
        return report;
    }
    assert_int_equal(count, 1);
    assert_success(ls_opening_verify(&parts[0], d, NULL, NULL, &report));
    return report;
}

static ls_verdict verdict_of(const json_t *item)
{
    static const char *const names[] = {"opened", "not an opening", "false declaration", "not this declaration"};
    for (size_t i = 0; i < 4; i++) {
        if (ls_bytes_is(json_member(item, "verdict"), names[i])) {
            return (ls_verdict)i;
        }
    }
    fail_msg("unknown verdict");
    return LS_OPENED;
}

static void check_tranche_opening(ls_arena *arena, const json_t *item, const ls_declaration *d)
{
    ls_buf file = {0};
    ls_bytes sealed = hex_of(arena, item, "sealed");
    put_head(&file, arena, item, LS_OPENING_TRANCHE, &d->context);
    ls_buf_put_bytes(&file, hex_of(arena, item, "key"));
    ls_buf_put_u64(&file, sealed.len);
    ls_buf_put_bytes(&file, sealed);
    ls_opening_report report = verify_file(arena, &file, d);
    if (report.verdict != verdict_of(item)) {
        fail_msg("%s: got verdict %d, %s", json_member(item, "name").ptr, report.verdict, report.reason);
    }
    assert_int_equal(report.reason[0] == 0, report.verdict == LS_OPENED);
    ls_buf_free(&file);
}

static void check_tranche_openings(ls_arena *arena, const json_t *doc, uint32_t fields)
{
    const json_t *items = json_object_get(doc, "tranche_openings");
    assert_true(json_array_size(items) > 0);
    for (size_t i = 0; i < json_array_size(items); i++) {
        const json_t *item = json_array_get(items, i);
        /* The number of fields of a false declaration is what its leaf says. */
        ls_tranche_leaf leaf;
        uint32_t f = fields;
        if (f == 0) {
            assert_true(ls_tranche_leaf_parse(hex_of(arena, item, "leaf_data"), &leaf));
            f = leaf.fields;
        }
        ls_declaration d = declaration_of(doc, item, f);
        check_tranche_opening(arena, item, &d);
    }
}

static void vectors_tranche_openings(void **state)
{
    (void)state;
    ls_arena arena = {0};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        json_t *doc = load(documents[i]);
        check_tranche_openings(&arena, doc, (uint32_t)json_array_size(json_object_get(doc, "fields")));
        json_decref(doc);
    }
    json_t *doc = load("declaration-false.json");
    check_tranche_openings(&arena, doc, 0);
    json_decref(doc);
    ls_arena_free(&arena);
}

/* An inclusion proof's hashes (leaf upwards) in the order of our multiproof: a walk from the root, left before right,
 * first meets the left subtrees from the top down, then the right ones from the bottom up. */
static void put_multiproof(ls_buf *file, const ls_hash *proof, size_t count, uint64_t row, uint64_t size)
{
    bool left[LS_MERKLE_PROOF_MAX] = {0};
    size_t used = 0;
    for (uint64_t i = row, last = size ? size - 1 : 0; last > 0 && used < count; i /= 2, last /= 2) {
        if (i % 2 == 1 || i < last) {
            left[used++] = i % 2 == 1;
        }
    }
    ls_buf_put_u32(file, (uint32_t)count);
    for (size_t i = count; i-- > 0;) {
        if (left[i]) {
            ls_buf_put(file, proof[i].b, LS_HASH_SIZE);
        }
    }
    for (size_t i = 0; i < count; i++) {
        if (!left[i]) {
            ls_buf_put(file, proof[i].b, LS_HASH_SIZE);
        }
    }
}

static void put_field(ls_buf *file, ls_arena *arena, const json_t *field)
{
    if (json_object_get(field, "value")) {
        ls_bytes value = hex_of(arena, field, "value");
        ls_buf_put_u8(file, 1);
        ls_buf_put_bytes(file, hex_of(arena, field, "salt"));
        ls_buf_put_u32(file, (uint32_t)value.len);
        ls_buf_put_bytes(file, value);
    } else {
        ls_buf_put_u8(file, 0);
        ls_buf_put_bytes(file, hex_of(arena, field, "commitment"));
    }
}

static void check_row_opening(ls_arena *arena, const json_t *item, const ls_declaration *d)
{
    ls_buf file = {0};
    ls_hash proof[LS_MERKLE_PROOF_MAX];
    ls_tranche_leaf leaf = {0};
    size_t count = hashes_of(item, "row_proof", proof, LS_MERKLE_PROOF_MAX);
    const json_t *fields = json_object_get(item, "fields");
    ls_tranche_leaf_parse(hex_of(arena, item, "leaf_data"), &leaf);
    put_head(&file, arena, item, LS_OPENING_ROWS, &d->context);
    ls_buf_put_u64(&file, 1);
    ls_buf_put_u64(&file, number_of(item, "row"));
    for (size_t i = 0; i < json_array_size(fields); i++) {
        put_field(&file, arena, json_array_get(fields, i));
    }
    put_multiproof(&file, proof, count, number_of(item, "row"), leaf.rows);
    ls_opening_report report = verify_file(arena, &file, d);
    if ((report.verdict == LS_OPENED) != json_is_true(json_object_get(item, "valid"))) {
        fail_msg("%s: got verdict %d, %s", json_member(item, "name").ptr, report.verdict, report.reason);
    }
    assert_true(report.verdict != LS_FALSE_DECLARATION);
    ls_buf_free(&file);
}

static void vectors_row_openings(void **state)
{
    (void)state;
    ls_arena arena = {0};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        json_t *doc = load(documents[i]);
        const json_t *items = json_object_get(doc, "row_openings");
        uint32_t fields = (uint32_t)json_array_size(json_object_get(doc, "fields"));
        for (size_t j = 0; j < json_array_size(items); j++) {
            ls_declaration d = declaration_of(doc, json_array_get(items, j), fields);
            check_row_opening(&arena, json_array_get(items, j), &d);
        }
        json_decref(doc);
    }
    ls_arena_free(&arena);
}

static void vectors_sealing(void **state)
{
    (void)state;
    ls_arena arena = {0};
    json_t *doc = load("sealing.json");
    const json_t *cases = json_object_get(doc, "cases");
    for (size_t i = 0; i < json_array_size(cases); i++) {
        const json_t *item = json_array_get(cases, i);
        uint64_t size = number_of(item, "plaintext_size"), area, want, got;
        uint8_t *plain = ls_arena_alloc(&arena, size);
        for (uint64_t b = 0; b < size; b++) {
            plain[b] = (uint8_t)(b % 251);
        }
        ls_buf out = {0};
        ls_sealer *sealer = NULL;
        ls_hash hash;
        assert_true(ls_sealed_size(1, size, &area, &want));
        assert_success(ls_sealer_open(hex_of(&arena, doc, "seal_key").ptr, hex_of(&arena, doc, "header").ptr, area,
                                      ls_output_buf(&out), &sealer, NULL));
        /* Pieces of odd sizes: where they end must not matter. */
        for (uint64_t at = 0; at < size; at += 40009) {
            uint64_t part = size - at < 40009 ? size - at : 40009;
            assert_success(ls_sealer_put(sealer, ls_bytes_of(plain + at, part), NULL));
        }
        assert_fault(ls_sealer_put(sealer, ls_bytes_of("x", 1), NULL), ls_fault_bug);
        assert_success(ls_sealer_finish(sealer, &got, &hash, NULL));
        ls_sealer_free(sealer);
        assert_int_equal(want, number_of(item, "sealed_size"));
        assert_int_equal(got, want);
        assert_int_equal(out.len, want);
        assert_hash(item, "sealed_hash", hash.b);
        ls_bytes first = hex_of(&arena, item, "sealed_first_64"), last = hex_of(&arena, item, "sealed_last_64");
        assert_memory_equal(out.ptr, first.ptr, first.len);
        assert_memory_equal(out.ptr + out.len - last.len, last.ptr, last.len);
        ls_buf_free(&out);
    }
    json_decref(doc);
    ls_arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_values),
        cmocka_unit_test(vectors_tranche_openings),
        cmocka_unit_test(vectors_row_openings),
        cmocka_unit_test(vectors_sealing),
    };
    if (ls_failed(ls_crypto_init())) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
