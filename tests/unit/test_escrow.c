/* Declarations and openings: the project's vectors, then everything that must hold beyond them. */
#include "escrow/declare.h"
#include "escrow/hasher.h"
#include "escrow/index.h"
#include "escrow/open.h"
#include "escrow/seal.h"
#include "escrow/single.h"
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

/* ---- The declarer's side ---- */

#define FIELDS 3

static const ls_bytes made_fields[FIELDS] = {
    {(const uint8_t *)"id", 2}, {(const uint8_t *)"kind", 4}, {(const uint8_t *)"note", 4}};
static const ls_bytes made_labels[] = {{(const uint8_t *)"1", 1}, {(const uint8_t *)"2", 1}, {(const uint8_t *)"3", 1}};
#define TRANCHES 3

/* A declaration in memory, with everything that it leaves behind. */
typedef struct made {
    ls_buf csv;
    ls_inventory inv;
    ls_declaration d;
    uint64_t padded[TRANCHES];
    uint8_t key[TRANCHES][32];
    ls_tranche_leaf leaf[TRANCHES];
    ls_buf leaf_data[TRANCHES], sealed[TRANCHES], tree[TRANCHES], index[TRANCHES];
    ls_hash path[TRANCHES][LS_MERKLE_PROOF_MAX];
    size_t path_count[TRANCHES];
} made;

static ls_inventory_form made_form(void)
{
    return (ls_inventory_form){.field_count = FIELDS,
                               .fields = made_fields,
                               .tranche_column = ls_bytes_str("tranche"),
                               .tranche_count = TRANCHES,
                               .labels = made_labels,
                               .id_column = made_fields[0]};
}

static ls_result read_made(made *m)
{
    ls_inventory_form form = made_form();
    return ls_inventory_read(ls_buf_bytes(&m->csv), &form, &m->inv, NULL);
}

static ls_tranche_plan plan_of(made *m, uint32_t k)
{
    return (ls_tranche_plan){.context = m->d.context,
                             .tranche = k,
                             .tranches = TRANCHES,
                             .rows = m->padded[k - 1],
                             .row_bytes = m->d.row_bytes,
                             .key = m->key[k - 1],
                             .sealed = ls_output_buf(&m->sealed[k - 1]),
                             .tree = ls_output_buf(&m->tree[k - 1]),
                             .index = ls_output_buf(&m->index[k - 1])};
}

/* The declaration's root and paths, by the definition: a tree of three leaves is node(node(1, 2), 3). */
static void make_root(made *m)
{
    ls_hash leaf[TRANCHES], pair;
    for (int i = 0; i < TRANCHES; i++) {
        ls_merkle_leaf(ls_buf_bytes(&m->leaf_data[i]), &leaf[i]);
    }
    ls_merkle_node(&leaf[0], &leaf[1], &pair);
    ls_merkle_node(&pair, &leaf[2], &m->d.root);
    m->path[0][0] = leaf[1];
    m->path[1][0] = leaf[0];
    m->path[0][1] = m->path[1][1] = leaf[2];
    m->path[2][0] = pair;
    m->path_count[0] = m->path_count[1] = 2;
    m->path_count[2] = 1;
}

static void declare_made(made *m)
{
    uint8_t seed[32];
    ls_random(seed, sizeof seed);
    ls_random(&m->d.context, sizeof m->d.context);
    m->d.tranches = TRANCHES;
    m->d.fields = FIELDS;
    for (uint32_t k = 1; k <= TRANCHES; k++) {
        ls_tranche_key(seed, k, m->key[k - 1]);
        ls_tranche_plan plan = plan_of(m, k);
        assert_success(ls_declare_tranche(&m->inv, &plan, &m->leaf[k - 1], NULL));
        ls_tranche_leaf_format(&m->leaf[k - 1], &m->leaf_data[k - 1]);
    }
    make_root(m);
}

static ls_own_tranche own_of(const made *m, uint32_t k)
{
    return (ls_own_tranche){.context = m->d.context,
                            .key = m->key[k - 1],
                            .row_bytes = m->d.row_bytes,
                            .leaf = ls_buf_bytes(&m->leaf_data[k - 1]),
                            .path = m->path[k - 1],
                            .path_count = m->path_count[k - 1],
                            .sealed = ls_buf_bytes(&m->sealed[k - 1]),
                            .tree = ls_buf_bytes(&m->tree[k - 1]),
                            .index = ls_buf_bytes(&m->index[k - 1])};
}

static void free_made(made *m)
{
    for (int i = 0; i < TRANCHES; i++) {
        ls_buf_free(&m->leaf_data[i]);
        ls_buf_free(&m->sealed[i]);
        ls_buf_free(&m->tree[i]);
        ls_buf_free(&m->index[i]);
    }
    ls_inventory_free(&m->inv);
    ls_buf_free(&m->csv);
    free(m);
}

/* `real[k]` rows in tranche k, padded to `padded[k]`; row i of tranche k has the id "k-i" and a note of note_size
 * bytes. The tranches' rows stand mixed in the file. */
static made *make(const uint64_t real[TRANCHES], const uint64_t padded[TRANCHES], uint64_t row_bytes, size_t note_size)
{
    made *m = calloc(1, sizeof *m);
    assert_non_null(m);
    memcpy(m->padded, padded, sizeof m->padded);
    m->d.row_bytes = row_bytes;
    ls_buf_put_str(&m->csv, "kind,tranche,id,note\n");
    for (uint64_t i = 0; i < real[0] || i < real[1] || i < real[2]; i++) {
        for (int k = 0; k < TRANCHES; k++) {
            if (i < real[k]) {
                ls_buf_format(&m->csv, "kind %d,%d,%d-%d,\"", (int)i % 7, k + 1, k + 1, (int)i);
                memset(ls_buf_extend(&m->csv, note_size), 'x', note_size);
                ls_buf_put_str(&m->csv, "\"\n");
            }
        }
    }
    assert_success(read_made(m));
    declare_made(m);
    return m;
}

static made *make_usual(void)
{
    return make((uint64_t[]){5, 300, 1}, (uint64_t[]){8, 700, 1}, 64, 5);
}

static ls_opening_report open_whole(const made *m, uint32_t k, const ls_declaration *d, ls_row_sink sink, void *context)
{
    ls_buf file = {0};
    ls_arena arena = {0};
    ls_opening_part *parts;
    size_t count;
    ls_opening_report report;
    ls_own_tranche own = own_of(m, k);
    assert_success(ls_open_begin(1, ls_output_buf(&file), NULL));
    assert_success(ls_open_tranche(&own, ls_output_buf(&file), NULL));
    assert_success(ls_opening_parse(&arena, ls_buf_bytes(&file), FIELDS, &parts, &count));
    assert_success(ls_opening_verify(&parts[0], d, sink, context, &report));
    ls_arena_free(&arena);
    ls_buf_free(&file);
    return report;
}

static ls_buf open_some(const made *m, uint32_t k, const uint64_t *rows, size_t count, const bool *fields)
{
    ls_buf file = {0};
    ls_own_tranche own = own_of(m, k);
    assert_success(ls_open_begin(1, ls_output_buf(&file), NULL));
    assert_success(ls_open_rows(&own, rows, count, fields, ls_output_buf(&file), NULL));
    return file;
}

/* Ticks off the rows of an opened tranche: id "k-i" stands once. */
typedef struct ticks {
    uint32_t tranche;
    uint64_t next, blank, real;
    bool seen[1000];
} ticks;

static ls_result tick(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    ticks *t = context;
    assert_int_equal(tranche, t->tranche);
    assert_int_equal(row, t->next++);
    if (fields[0].value.len == 0) {
        t->blank++;
        return LS_SUCCESS;
    }
    char id[32];
    unsigned k, i;
    snprintf(id, sizeof id, "%.*s", (int)fields[0].value.len, fields[0].value.ptr);
    assert_int_equal(sscanf(id, "%u-%u", &k, &i), 2);
    assert_int_equal(k, tranche);
    assert_false(t->seen[i]);
    t->seen[i] = true;
    t->real++;
    return LS_SUCCESS;
}

static void whole_tranches(void **state)
{
    (void)state;
    made *m = make_usual();
    for (uint32_t k = 1; k <= TRANCHES; k++) {
        ticks t = {.tranche = k};
        ls_opening_report report = open_whole(m, k, &m->d, tick, &t);
        assert_int_equal(report.verdict, LS_OPENED);
        assert_int_equal(report.rows, m->padded[k - 1]);
        assert_int_equal(report.blank, t.blank);
        assert_int_equal(t.real, ls_inventory_rows(&m->inv, k));
        assert_int_equal(t.real + t.blank, m->padded[k - 1]);
    }
    free_made(m);
}

/* What one opened row must say. */
typedef struct wanted {
    const char *id;
    const bool *open;
    int rows;
} wanted;

static ls_result match(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    wanted *w = context;
    (void)tranche;
    (void)row;
    for (int f = 0; f < FIELDS; f++) {
        assert_int_equal(fields[f].open, w->open ? w->open[f] : true);
    }
    if (fields[0].open && w->id) {
        assert_bytes(fields[0].value, ls_bytes_str(w->id));
    }
    w->rows++;
    return LS_SUCCESS;
}

static ls_opening_report judge(const ls_buf *file, const ls_declaration *d, ls_row_sink sink, void *context)
{
    ls_arena arena = {0};
    ls_opening_part *parts;
    size_t count;
    ls_opening_report report = {.verdict = LS_NOT_AN_OPENING, .reason = "form"};
    if (ls_succeeded(ls_opening_parse(&arena, ls_buf_bytes(file), FIELDS, &parts, &count))) {
        assert_success(ls_opening_verify(&parts[0], d, sink, context, &report));
    }
    ls_arena_free(&arena);
    return report;
}

/* Of an opening of several rows, each row alone: the very bytes that its declarer would have made for it. */
static void check_singles(const made *m, uint32_t k, const uint64_t *rows, size_t count, const bool *fields)
{
    ls_arena arena = {0};
    ls_opening_part *parts;
    size_t part_count;
    ls_buf many = open_some(m, k, rows, count, fields);
    assert_success(ls_opening_parse(&arena, ls_buf_bytes(&many), FIELDS, &parts, &part_count));
    for (size_t i = 0; i < count; i++) {
        ls_buf one = {0}, own = open_some(m, k, &rows[i], 1, fields);
        assert_success(ls_opening_single(&parts[0], rows[i], &one));
        assert_bytes(ls_buf_bytes(&one), ls_buf_bytes(&own));
        wanted w = {.open = fields};
        assert_int_equal(judge(&one, &m->d, match, &w).verdict, LS_OPENED);
        assert_int_equal(w.rows, 1);
        ls_buf_free(&one);
        ls_buf_free(&own);
    }
    ls_arena_free(&arena);
    ls_buf_free(&many);
}

static void single_rows(void **state)
{
    (void)state;
    static const bool some[FIELDS] = {true};
    made *m = make_usual();
    uint64_t all[700];
    for (uint64_t i = 0; i < 700; i++) {
        all[i] = i;
    }
    check_singles(m, 1, all, 8, NULL);
    check_singles(m, 1, all, 8, some);
    check_singles(m, 2, (uint64_t[]){0, 1, 255, 256, 511, 640, 699}, 7, NULL);
    check_singles(m, 2, (uint64_t[]){637}, 1, some);
    check_singles(m, 2, all, 20, NULL);
    check_singles(m, 3, all, 1, NULL);
    free_made(m);
}

/* Every set of rows of a tranche of eight. */
static void single_rows_of_every_set(void **state)
{
    (void)state;
    made *m = make_usual();
    for (unsigned bits = 1; bits < 256; bits++) {
        uint64_t rows[8];
        size_t count = 0;
        for (uint64_t i = 0; i < 8; i++) {
            if ((bits >> i & 1) != 0) {
                rows[count++] = i;
            }
        }
        check_singles(m, 1, rows, count, NULL);
    }
    free_made(m);
}

static void no_single_row(void **state)
{
    (void)state;
    made *m = make_usual();
    ls_arena arena = {0};
    ls_opening_part *parts, cut;
    size_t count;
    ls_buf many = open_some(m, 2, (uint64_t[]){3, 9}, 2, NULL), out = {0}, whole = {0};
    ls_own_tranche own = own_of(m, 1);
    ls_buf_put_str(&out, "before");
    assert_success(ls_opening_parse(&arena, ls_buf_bytes(&many), FIELDS, &parts, &count));
    assert_fault(ls_opening_single(&parts[0], 4, &out), ls_fault_usage);
    cut = parts[0];
    for (cut.body.len = 0; cut.body.len < parts[0].body.len; cut.body.len++) {
        assert_fault(ls_opening_single(&cut, 9, &out), ls_fault_opening_form);
    }
    cut.leaf.len--;
    assert_fault(ls_opening_single(&cut, 9, &out), ls_fault_opening_form);
    assert_success(ls_open_begin(1, ls_output_buf(&whole), NULL));
    assert_success(ls_open_tranche(&own, ls_output_buf(&whole), NULL));
    assert_success(ls_opening_parse(&arena, ls_buf_bytes(&whole), FIELDS, &parts, &count));
    assert_fault(ls_opening_single(&parts[0], 0, &out), ls_fault_usage);
    assert_bytes(ls_buf_bytes(&out), ls_bytes_str("before"));
    ls_arena_free(&arena);
    ls_buf_free(&many);
    ls_buf_free(&whole);
    ls_buf_free(&out);
    free_made(m);
}

static void rows_by_id(void **state)
{
    (void)state;
    made *m = make_usual();
    ls_own_tranche own = own_of(m, 2);
    for (int i = 0; i < 300; i += 13) {
        char id[32];
        bool found;
        uint64_t row;
        snprintf(id, sizeof id, "2-%d", i);
        assert_success(ls_open_find(&own, ls_bytes_str(id), 0, &found, &row, NULL));
        assert_true(found);
        ls_buf file = open_some(m, 2, &row, 1, NULL);
        wanted w = {.id = id};
        ls_opening_report report = judge(&file, &m->d, match, &w);
        assert_int_equal(report.verdict, LS_OPENED);
        assert_int_equal(report.rows, 1);
        assert_int_equal(w.rows, 1);
        ls_buf_free(&file);
        assert_success(ls_open_find(&own, ls_bytes_str(id), 1, &found, &row, NULL));
        assert_false(found);
    }
    bool found;
    uint64_t row;
    assert_success(ls_open_find(&own, ls_bytes_str("1-1"), 0, &found, &row, NULL));
    assert_false(found);
    assert_success(ls_open_find(&own, ls_bytes_str(""), 0, &found, &row, NULL));
    assert_false(found);
    free_made(m);
}

static void some_rows_and_fields(void **state)
{
    (void)state;
    made *m = make_usual();
    static const bool choices[][FIELDS] = {{true, true, true}, {true, false, true}, {false, true, false}, {0}};
    uint64_t random = 1;
    for (int round = 0; round < 40; round++) {
        uint64_t rows[64];
        size_t count = 0;
        for (uint64_t row = 0; row < 700 && count < 64; row++) {
            if (next_random(&random) % 700 < (uint64_t)(1 + round)) {
                rows[count++] = row;
            }
        }
        if (count == 0) {
            continue;
        }
        wanted w = {.open = choices[round % 4]};
        ls_buf file = open_some(m, 2, rows, count, w.open);
        ls_opening_report report = judge(&file, &m->d, match, &w);
        assert_int_equal(report.verdict, LS_OPENED);
        assert_int_equal(w.rows, count);
        ls_buf_free(&file);
    }
    /* All rows, for an audience that is entitled to one field. */
    uint64_t all[8] = {0, 1, 2, 3, 4, 5, 6, 7};
    wanted w = {.open = choices[2]};
    ls_buf file = open_some(m, 1, all, 8, w.open);
    assert_int_equal(judge(&file, &m->d, match, &w).verdict, LS_OPENED);
    ls_buf_free(&file);
    free_made(m);
}

static void same_ids(void **state)
{
    (void)state;
    made *m = calloc(1, sizeof *m);
    assert_non_null(m);
    m->d.row_bytes = 64;
    ls_buf_put_str(&m->csv, "id,kind,note,tranche\ntwin,a,1,1\nlone,b,2,1\ntwin,c,3,1\n,d,4,1\ntwin,e,5,1\n,f,6,1\n");
    memcpy(m->padded, (uint64_t[]){10, 1, 1}, sizeof m->padded);
    assert_success(read_made(m));
    declare_made(m);
    ls_own_tranche own = own_of(m, 1);
    const struct {
        const char *id;
        uint32_t count;
    } cases[] = {{"twin", 3}, {"lone", 1}, {"", 2}, {"none", 0}};
    uint64_t seen = 0;
    for (size_t i = 0; i < 4; i++) {
        for (uint32_t j = 0; j <= cases[i].count; j++) {
            bool found;
            uint64_t row;
            assert_success(ls_open_find(&own, ls_bytes_str(cases[i].id), j, &found, &row, NULL));
            assert_int_equal(found, j < cases[i].count);
            if (found) {
                assert_int_equal(seen >> row & 1, 0);
                seen |= UINT64_C(1) << row;
                wanted w = {.id = cases[i].id};
                ls_buf file = open_some(m, 1, &row, 1, NULL);
                assert_int_equal(judge(&file, &m->d, match, &w).verdict, LS_OPENED);
                ls_buf_free(&file);
            }
        }
    }
    /* Without the key, nothing in the index tells that an id occurs twice. */
    for (uint64_t i = 1; i < 10; i++) {
        assert_true(memcmp(m->index[0].ptr + (i - 1) * LS_INDEX_ENTRY, m->index[0].ptr + i * LS_INDEX_ENTRY, 16) < 0);
    }
    free_made(m);
}

static void count_progress(void *context, uint64_t rows)
{
    *(uint64_t *)context += rows;
}

/* More rows than one stored hash of the tree's second tile level covers: the cache has three levels. */
static void large_tranche(void **state)
{
    (void)state;
    made *m = make((uint64_t[]){1, 65000, 1}, (uint64_t[]){1, 66300, 1}, 40, 3);
    assert_int_equal(m->tree[1].len, (66300 + 258 + 1) * LS_HASH_SIZE);
    assert_int_equal(m->tree[1].len, ls_tree_cache_size(66300));
    const uint64_t rows[] = {0, 255, 256, 65535, 65536, 66047, 66048, 66299};
    for (size_t i = 0; i < 8; i++) {
        ls_buf file = open_some(m, 2, &rows[i], 1, NULL);
        assert_int_equal(judge(&file, &m->d, NULL, NULL).verdict, LS_OPENED);
        assert_true(file.len < 4096);
        ls_buf_free(&file);
    }
    ls_buf file = open_some(m, 2, rows, 8, NULL);
    assert_int_equal(judge(&file, &m->d, NULL, NULL).verdict, LS_OPENED);
    ls_buf_free(&file);
    uint64_t done = 0;
    ls_tranche_leaf leaf;
    ls_tranche_plan plan = plan_of(m, 2);
    plan.sealed = plan.tree = plan.index = ls_output_none();
    plan.progress = count_progress;
    plan.progress_context = &done;
    assert_success(ls_declare_tranche(&m->inv, &plan, &leaf, NULL));
    assert_int_equal(done, 66300);
    free_made(m);
}

/* The vectors, from the inventory on: rows in leaf order, the header given. */
static void make_csv(ls_arena *arena, const json_t *rows, ls_buf *csv, uint32_t *order, uint64_t *real)
{
    uint64_t n = json_array_size(rows), blank = 0;
    *real = 0;
    for (uint64_t i = 0; i < n; i++) {
        const json_t *row = json_array_get(rows, i);
        size_t bytes = 0;
        for (size_t f = 0; f < json_array_size(row); f++) {
            bytes += json_string_length(json_object_get(json_array_get(row, f), "value"));
        }
        order[i] = bytes ? (uint32_t)(*real)++ : UINT32_MAX;
        for (size_t f = 0; bytes && f < json_array_size(row); f++) {
            ls_bytes value = hex_of(arena, json_array_get(row, f), "value");
            ls_buf_put_u8(csv, '"');
            for (size_t b = 0; b < value.len; b++) {
                ls_buf_put(csv, "\"\"", value.ptr[b] == '"' ? 1 : 0);
                ls_buf_put_u8(csv, value.ptr[b]);
            }
            ls_buf_put_str(csv, "\",");
        }
        ls_buf_put_str(csv, bytes ? "t\n" : "");
    }
    for (uint64_t i = 0; i < n; i++) {
        order[i] = order[i] == UINT32_MAX ? (uint32_t)(*real + blank++) : order[i];
    }
}

static void check_declared(ls_arena *arena, const json_t *doc, const json_t *tranche)
{
    static const ls_bytes column[] = {
        {(const uint8_t *)"c0", 2}, {(const uint8_t *)"c1", 2}, {(const uint8_t *)"c2", 2}};
    uint32_t fields = (uint32_t)json_array_size(json_object_get(doc, "fields"));
    uint64_t n = number_of(tranche, "n"), real;
    ls_bytes labels[4] = {ls_bytes_str("0"), ls_bytes_str("1"), ls_bytes_str("2"), ls_bytes_str("3")};
    uint32_t k = (uint32_t)number_of(tranche, "k"), order[16];
    ls_inventory_form form = {.field_count = fields,
                              .fields = column,
                              .tranche_column = ls_bytes_str("tranche"),
                              .tranche_count = json_array_size(json_object_get(doc, "tranches")),
                              .labels = labels,
                              .id_column = column[0]};
    ls_buf csv = {0}, sealed = {0}, tree = {0}, index = {0}, leaf_data = {0};
    ls_inventory inv;
    ls_tranche_leaf leaf;
    labels[k - 1] = ls_bytes_str("t");
    for (uint32_t f = 0; f < fields; f++) {
        ls_buf_format(&csv, "c%u,", f);
    }
    ls_buf_put_str(&csv, "tranche\n");
    make_csv(arena, json_object_get(tranche, "rows"), &csv, order, &real);
    ls_bytes key = hex_of(arena, tranche, "K_k"), header = hex_of(arena, tranche, "header");
    ls_result read = ls_inventory_read(ls_buf_bytes(&csv), &form, &inv, NULL);
    if (memchr(csv.ptr, 0, csv.len)) {
        /* A value may hold NUL; a CSV may not. */
        assert_fault(read, ls_fault_csv);
        ls_buf_free(&csv);
        return;
    }
    assert_success(read);
    assert_int_equal(ls_inventory_rows(&inv, k), real);
    ls_tranche_plan plan = {.context = hash_of(doc, "X"),
                            .tranche = k,
                            .tranches = (uint32_t)form.tranche_count,
                            .rows = n,
                            .row_bytes = number_of(doc, "row_bytes"),
                            .key = key.ptr,
                            .order = order,
                            .seal_header = header.ptr,
                            .sealed = ls_output_buf(&sealed),
                            .tree = ls_output_buf(&tree),
                            .index = ls_output_buf(&index)};
    assert_success(ls_declare_tranche(&inv, &plan, &leaf, NULL));
    ls_tranche_leaf_format(&leaf, &leaf_data);
    assert_bytes(ls_buf_bytes(&leaf_data), hex_of(arena, tranche, "leaf_data"));
    assert_bytes(ls_buf_bytes(&sealed), hex_of(arena, tranche, "sealed"));
    ls_hash leaves[16];
    assert_int_equal(hashes_of(tranche, "row_leaf_hashes", leaves, 16), n);
    assert_bytes(ls_buf_bytes(&tree), ls_bytes_of(leaves, n * LS_HASH_SIZE));
    assert_int_equal(index.len, n * LS_INDEX_ENTRY);
    ls_inventory_free(&inv);
    ls_buf_free(&csv);
    ls_buf_free(&sealed);
    ls_buf_free(&tree);
    ls_buf_free(&index);
    ls_buf_free(&leaf_data);
}

static void vectors_declared(void **state)
{
    (void)state;
    ls_arena arena = {0};
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        json_t *doc = load(documents[i]);
        const json_t *tranches = json_object_get(doc, "tranche");
        for (size_t t = 0; t < json_array_size(tranches); t++) {
            check_declared(&arena, doc, json_array_get(tranches, t));
        }
        json_decref(doc);
    }
    ls_arena_free(&arena);
}

/* ---- Nothing about closed rows shows ---- */

static void assert_same_shape(const ls_buf *a, const ls_buf *b)
{
    assert_int_equal(a->len, b->len);
    assert_true(a->len == 0 || memcmp(a->ptr, b->ptr, a->len) != 0);
}

static void assert_leaf_alike(const ls_tranche_leaf *a, const ls_tranche_leaf *b)
{
    assert_int_equal(a->tranche, b->tranche);
    assert_int_equal(a->tranches, b->tranches);
    assert_int_equal(a->fields, b->fields);
    assert_int_equal(a->rows, b->rows);
    assert_int_equal(a->sealed_size, b->sealed_size);
}

/* One real row of short text, against all rows real and texts a thousand times longer: what is published, what lies on
 * the declarer's disk, and the opening of a row with its fields closed have the same sizes and structure. */
static void nothing_shows(void **state)
{
    (void)state;
    made *few = make((uint64_t[]){1, 1, 1}, (uint64_t[]){20, 300, 3}, 4096, 3);
    made *many = make((uint64_t[]){20, 300, 3}, (uint64_t[]){20, 300, 3}, 4096, 3000);
    static const bool closed[FIELDS] = {false};
    for (uint32_t k = 1; k <= TRANCHES; k++) {
        assert_same_shape(&few->leaf_data[k - 1], &many->leaf_data[k - 1]);
        assert_leaf_alike(&few->leaf[k - 1], &many->leaf[k - 1]);
        assert_same_shape(&few->sealed[k - 1], &many->sealed[k - 1]);
        assert_same_shape(&few->tree[k - 1], &many->tree[k - 1]);
        assert_same_shape(&few->index[k - 1], &many->index[k - 1]);
        for (uint64_t row = 0; row < few->padded[k - 1]; row += 7) {
            ls_buf a = open_some(few, k, &row, 1, closed), b = open_some(many, k, &row, 1, closed);
            assert_same_shape(&a, &b);
            assert_int_equal(judge(&a, &few->d, NULL, NULL).verdict, LS_OPENED);
            assert_int_equal(judge(&b, &many->d, NULL, NULL).verdict, LS_OPENED);
            ls_buf_free(&a);
            ls_buf_free(&b);
        }
    }
    free_made(few);
    free_made(many);
}

/* The same inventory declared twice shares nothing but sizes: order, salts and seals are fresh. */
static void nothing_repeats(void **state)
{
    (void)state;
    made *a = make_usual(), *b = make_usual();
    for (uint64_t i = 0; i < a->padded[1]; i++) {
        for (uint64_t j = 0; j < b->padded[1]; j++) {
            assert_true(memcmp(a->tree[1].ptr + i * LS_HASH_SIZE, b->tree[1].ptr + j * LS_HASH_SIZE, LS_HASH_SIZE) !=
                        0);
        }
    }
    free_made(a);
    free_made(b);
}

/* Each of n rows is as likely to stand at each of n positions; over 2,000 declarations of three rows each of the six
 * orders comes about 333 times (all within six standard deviations). */
static void shuffle_is_fair(void **state)
{
    (void)state;
    unsigned orders[64] = {0};
    for (int round = 0; round < 2000; round++) {
        made *m = calloc(1, sizeof *m);
        assert_non_null(m);
        m->d.row_bytes = 64;
        ls_buf_put_str(&m->csv, "id,kind,note,tranche\na,,,1\nb,,,1\n");
        memcpy(m->padded, (uint64_t[]){3, 1, 1}, sizeof m->padded);
        assert_success(read_made(m));
        declare_made(m);
        ls_own_tranche own = own_of(m, 1);
        uint64_t a = 9, b = 9;
        bool found;
        assert_success(ls_open_find(&own, ls_bytes_str("a"), 0, &found, &a, NULL));
        assert_success(ls_open_find(&own, ls_bytes_str("b"), 0, &found, &b, NULL));
        assert_true(a < 3 && b < 3 && a != b);
        orders[a * 3 + b]++;
        free_made(m);
    }
    for (int i = 0; i < 9; i++) {
        if (i % 4 == 0) {
            assert_int_equal(orders[i], 0);
        } else {
            assert_in_range(orders[i], 233, 433);
        }
    }
}

/* ---- What must be refused ---- */

static ls_result write_never(void *context, ls_bytes bytes, ls_detail *detail)
{
    (void)context;
    (void)bytes;
    (void)detail;
    fail_msg("something was written");
    return LS_SUCCESS;
}

static void sizes_refused(void **state)
{
    (void)state;
    made *m = make_usual();
    ls_detail detail = {0};
    ls_tranche_leaf leaf;
    ls_tranche_plan plan = plan_of(m, 2);
    plan.sealed = plan.tree = plan.index = (ls_output){write_never, NULL};
    plan.rows = 299;
    assert_fault(ls_declare_tranche(&m->inv, &plan, &leaf, &detail), ls_fault_declare_size);
    assert_non_null(strstr(detail.hint, "300"));
    /* 300 rows of "2-i", "kind j" and five bytes: 12 + 3 to 5 + 6 + 5 bytes each; 400 blank ones of 12 bytes. */
    uint64_t bytes = 10 * (12 + 3 + 11) + 90 * (12 + 4 + 11) + 200 * (12 + 5 + 11) + 400 * 12;
    plan.rows = 700;
    plan.row_bytes = (bytes - 1) / 700;
    assert_fault(ls_declare_tranche(&m->inv, &plan, &leaf, &detail), ls_fault_declare_size);
    char expected[32];
    snprintf(expected, sizeof expected, "at least %u ", (unsigned)((bytes - 1) / 700 + 1));
    assert_non_null(strstr(detail.hint, expected));
    assert_success(ls_declare_check(&m->inv, 2, 700, (bytes - 1) / 700 + 1, &detail));
    assert_fault(ls_declare_check(&m->inv, 2, 0, 64, &detail), ls_fault_declare_size);
    assert_fault(ls_declare_check(&m->inv, 2, 700, 0, &detail), ls_fault_declare_size);
    assert_fault(ls_declare_check(&m->inv, 2, LS_TRANCHE_VALUES_MAX / FIELDS + 1, 64, &detail), ls_fault_declare_size);
    assert_fault(ls_declare_check(&m->inv, 2, 700, UINT64_MAX / 2, &detail), ls_fault_declare_size);
    free_made(m);
}

/* Every byte of a row opening, flipped: refused, and nobody is called a liar for it. */
static void flipped_rows(void **state)
{
    (void)state;
    made *m = make_usual();
    static const bool some[FIELDS] = {true, false, true};
    ls_buf file = open_some(m, 2, (uint64_t[]){3, 4, 500}, 3, some);
    assert_int_equal(judge(&file, &m->d, NULL, NULL).verdict, LS_OPENED);
    for (size_t i = 0; i < file.len; i++) {
        file.ptr[i] ^= 1;
        ls_verdict verdict = judge(&file, &m->d, NULL, NULL).verdict;
        if (verdict != LS_NOT_AN_OPENING && verdict != LS_NOT_THIS_DECLARATION) {
            fail_msg("byte %zu: verdict %d", i, verdict);
        }
        file.ptr[i] ^= 1;
    }
    for (size_t len = 0; len < file.len; len++) {
        ls_buf cut = {.ptr = file.ptr, .len = len};
        assert_string_equal(judge(&cut, &m->d, NULL, NULL).reason, "form");
    }
    ls_buf_put_u8(&file, 0);
    assert_string_equal(judge(&file, &m->d, NULL, NULL).reason, "form");
    ls_buf_free(&file);
    free_made(m);
}

static void flipped_tranche(void **state)
{
    (void)state;
    made *m = make_usual();
    ls_buf file = {0};
    ls_own_tranche own = own_of(m, 1);
    assert_success(ls_open_begin(1, ls_output_buf(&file), NULL));
    assert_success(ls_open_tranche(&own, ls_output_buf(&file), NULL));
    for (size_t i = 0; i < file.len; i++) {
        file.ptr[i] ^= 0x80;
        ls_verdict verdict = judge(&file, &m->d, NULL, NULL).verdict;
        if (verdict != LS_NOT_AN_OPENING && verdict != LS_NOT_THIS_DECLARATION) {
            fail_msg("byte %zu: verdict %d", i, verdict);
        }
        file.ptr[i] ^= 0x80;
    }
    ls_buf_free(&file);
    free_made(m);
}

/* An opening proves nothing about another declaration, nor a row about another tranche. */
static void moved(void **state)
{
    (void)state;
    made *m = make_usual(), *other = make_usual();
    assert_int_equal(open_whole(m, 1, &other->d, NULL, NULL).verdict, LS_NOT_THIS_DECLARATION);
    ls_buf file = open_some(m, 2, (uint64_t[]){7}, 1, NULL);
    assert_int_equal(judge(&file, &other->d, NULL, NULL).verdict, LS_NOT_THIS_DECLARATION);
    /* The same with the other's context written in, as a forger would. */
    ls_declaration d = m->d;
    d.context = other->d.context;
    memcpy(file.ptr + 20 + 4 + 1, d.context.b, LS_HASH_SIZE);
    assert_int_equal(judge(&file, &d, NULL, NULL).verdict, LS_NOT_THIS_DECLARATION);
    ls_buf_free(&file);
    for (int change = 0; change < 3; change++) {
        d = m->d;
        d.tranches += change == 0;
        d.fields += change == 1;
        d.root.b[9] ^= change == 2;
        assert_int_equal(open_whole(m, 1, &d, NULL, NULL).verdict, LS_NOT_THIS_DECLARATION);
    }
    /* Another row-bytes: bytes and key are the declarer's own, and yet do not fit what was agreed. */
    d = m->d;
    d.row_bytes--;
    assert_int_equal(open_whole(m, 1, &d, NULL, NULL).verdict, LS_FALSE_DECLARATION);
    free_made(m);
    free_made(other);
}

/* Offsets in a row opening whose rows have all fields closed: 8 bytes of number, then F times 33. */
#define CLOSED_ROW (8 + FIELDS * 33)

static void rows_added_or_dropped(void **state)
{
    (void)state;
    made *m = make_usual();
    static const bool closed[FIELDS] = {false};
    ls_buf file = open_some(m, 2, (uint64_t[]){10, 20, 30}, 3, closed);
    size_t count_at = 20 + 4 + 1 + 32 + 4 + 2 + LS_TRANCHE_LEAF_SIZE + 1 + 2 * 32, rows_at = count_at + 8;
    size_t end = file.len;
    assert_int_equal(file.ptr[count_at + 7], 3);
    /* Dropped: the last row taken out. */
    ls_buf dropped = {0};
    ls_buf_put(&dropped, file.ptr, rows_at + 2 * CLOSED_ROW);
    ls_buf_put(&dropped, file.ptr + rows_at + 3 * CLOSED_ROW, end - rows_at - 3 * CLOSED_ROW);
    dropped.ptr[count_at + 7] = 2;
    assert_int_equal(judge(&dropped, &m->d, NULL, NULL).verdict, LS_NOT_AN_OPENING);
    /* Added: one row twice, and under another number. */
    for (int number = 30; number <= 31; number++) {
        ls_buf added = {0};
        ls_buf_put(&added, file.ptr, rows_at + 3 * CLOSED_ROW);
        ls_buf_put(&added, file.ptr + rows_at + 2 * CLOSED_ROW, CLOSED_ROW);
        ls_buf_put(&added, file.ptr + rows_at + 3 * CLOSED_ROW, end - rows_at - 3 * CLOSED_ROW);
        added.ptr[count_at + 7] = 4;
        added.ptr[rows_at + 3 * CLOSED_ROW + 7] = (uint8_t)number;
        assert_int_equal(judge(&added, &m->d, NULL, NULL).verdict, LS_NOT_AN_OPENING);
        ls_buf_free(&added);
    }
    /* Swapped: two rows under each other's numbers. */
    uint8_t row[CLOSED_ROW];
    memcpy(row, file.ptr + rows_at, CLOSED_ROW);
    memcpy(file.ptr + rows_at + 8, file.ptr + rows_at + CLOSED_ROW + 8, CLOSED_ROW - 8);
    memcpy(file.ptr + rows_at + CLOSED_ROW + 8, row + 8, CLOSED_ROW - 8);
    assert_int_equal(judge(&file, &m->d, NULL, NULL).verdict, LS_NOT_AN_OPENING);
    ls_buf_free(&dropped);
    ls_buf_free(&file);
    free_made(m);
}

static void own_files_damaged(void **state)
{
    (void)state;
    made *m = make_usual();
    ls_buf out = {0};
    uint64_t row = 600;
    bool found;
    ls_own_tranche own = own_of(m, 2);
    m->sealed[1].ptr[100] ^= 1;
    assert_fault(ls_open_tranche(&own, ls_output_buf(&out), NULL), ls_fault_declaration_files);
    assert_fault(ls_open_rows(&own, &row, 1, NULL, ls_output_buf(&out), NULL), ls_fault_declaration_files);
    m->sealed[1].ptr[100] ^= 1;
    m->tree[1].ptr[row * LS_HASH_SIZE] ^= 1;
    assert_fault(ls_open_rows(&own, &row, 1, NULL, ls_output_buf(&out), NULL), ls_fault_declaration_files);
    m->tree[1].ptr[row * LS_HASH_SIZE] ^= 1;
    own.tree.len--;
    assert_fault(ls_open_rows(&own, &row, 1, NULL, ls_output_buf(&out), NULL), ls_fault_declaration_files);
    own = own_of(m, 2);
    own.index.len--;
    assert_fault(ls_open_find(&own, ls_bytes_str("2-1"), 0, &found, &row, NULL), ls_fault_declaration_files);
    own = own_of(m, 2);
    own.key = m->key[0];
    assert_fault(ls_open_tranche(&own, ls_output_buf(&out), NULL), ls_fault_declaration_files);
    own = own_of(m, 2);
    assert_fault(ls_open_rows(&own, (uint64_t[]){3, 3}, 2, NULL, ls_output_buf(&out), NULL), ls_fault_usage);
    assert_fault(ls_open_rows(&own, (uint64_t[]){700}, 1, NULL, ls_output_buf(&out), NULL), ls_fault_usage);
    assert_fault(ls_open_rows(&own, &row, 0, NULL, ls_output_buf(&out), NULL), ls_fault_usage);
    assert_int_equal(out.len, 0);
    ls_buf_free(&out);
    free_made(m);
}

static void schemas_refused(void **state)
{
    (void)state;
    ls_bytes one[] = {ls_bytes_str("a")}, twice[] = {ls_bytes_str("a"), ls_bytes_str("b"), ls_bytes_str("a")};
    ls_bytes bad[] = {ls_bytes_str("\xff")}, empty[] = {ls_bytes_str("")};
    const ls_schema cases[] = {{0, one, 1, one}, {1, one, 0, one}, {3, twice, 1, one}, {1, one, 3, twice},
                               {1, bad, 1, one}, {1, one, 1, bad}, {1, empty, 1, one}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_buf out = {0};
        assert_fault(ls_schema_format(&cases[i], &out), ls_fault_usage);
        assert_int_equal(out.len, 0);
    }
}

/* Random inventories: values of all lengths, many rows, tiles and chunks crossed; everything comes back. */
typedef struct expected {
    uint64_t sum; /* over all rows, of a hash of their values, so that order does not matter */
} expected;

static uint64_t row_sum(const ls_bytes values[FIELDS])
{
    ls_sha256 s;
    ls_hash h;
    uint64_t sum;
    ls_sha256_init(&s);
    for (int f = 0; f < FIELDS; f++) {
        ls_sha256_update(&s, values[f]);
        ls_sha256_update(&s, ls_bytes_of("\0", 1));
    }
    ls_sha256_final(&s, &h);
    memcpy(&sum, h.b, sizeof sum);
    return sum;
}

static ls_result add_up(void *context, uint32_t tranche, uint64_t row, const ls_opened_field *fields)
{
    expected *e = context;
    const ls_bytes values[FIELDS] = {fields[0].value, fields[1].value, fields[2].value};
    (void)tranche;
    (void)row;
    if (values[0].len) {
        e->sum += row_sum(values);
    }
    return LS_SUCCESS;
}

static void random_inventory(uint64_t *random, uint64_t rows, size_t longest)
{
    made *m = calloc(1, sizeof *m);
    assert_non_null(m);
    uint64_t sums[TRANCHES] = {0}, real[TRANCHES] = {0}, largest = 0;
    uint8_t *text = malloc(longest + 64);
    assert_non_null(text);
    ls_buf_put_str(&m->csv, "id,kind,note,tranche\n");
    for (uint64_t i = 0; i < rows; i++) {
        size_t len = next_random(random) % (next_random(random) % 20 ? 60 : longest + 1);
        for (size_t b = 0; b < len; b++) {
            text[b] = "ab ,\n;\t\r"[next_random(random) % 8];
        }
        uint32_t k = (uint32_t)(next_random(random) % TRANCHES);
        char id[32];
        snprintf(id, sizeof id, "%u", (unsigned)i);
        sums[k] += row_sum((ls_bytes[]){ls_bytes_str(id), ls_bytes_str(""), ls_bytes_of(text, len)});
        real[k]++;
        largest += len + 32;
        ls_buf_format(&m->csv, "%s,,\"%.*s\",%u\r\n", id, (int)len, text, k + 1);
    }
    for (int k = 0; k < TRANCHES; k++) {
        m->padded[k] = real[k] + 1 + next_random(random) % 100;
    }
    m->d.row_bytes =
        largest / (m->padded[0] < m->padded[1] ? m->padded[0] : m->padded[1]) + 1 + next_random(random) % 64;
    assert_success(read_made(m));
    for (int k = 0; k < TRANCHES; k++) {
        m->d.row_bytes += m->inv.bytes[k] / m->padded[k] + 12;
    }
    declare_made(m);
    for (uint32_t k = 1; k <= TRANCHES; k++) {
        expected e = {0};
        ls_opening_report report = open_whole(m, k, &m->d, add_up, &e);
        assert_int_equal(report.verdict, LS_OPENED);
        assert_int_equal(report.blank, m->padded[k - 1] - real[k - 1]);
        assert_true(e.sum == sums[k - 1]);
        for (uint64_t row = 0; row < m->padded[k - 1]; row += 1 + m->padded[k - 1] / 5) {
            ls_buf file = open_some(m, k, &row, 1, NULL);
            assert_int_equal(judge(&file, &m->d, NULL, NULL).verdict, LS_OPENED);
            ls_buf_free(&file);
        }
    }
    free(text);
    free_made(m);
}

static void round_trips(void **state)
{
    (void)state;
    uint64_t random = 42;
    random_inventory(&random, 0, 10);
    random_inventory(&random, 1, 10);
    random_inventory(&random, 767, 100);
    random_inventory(&random, 3000, 3000);
    random_inventory(&random, 12, 400000);
    random_inventory(&random, 70000, 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_values),
        cmocka_unit_test(vectors_tranche_openings),
        cmocka_unit_test(vectors_row_openings),
        cmocka_unit_test(vectors_sealing),
        cmocka_unit_test(vectors_declared),
        cmocka_unit_test(whole_tranches),
        cmocka_unit_test(rows_by_id),
        cmocka_unit_test(single_rows),
        cmocka_unit_test(single_rows_of_every_set),
        cmocka_unit_test(no_single_row),
        cmocka_unit_test(some_rows_and_fields),
        cmocka_unit_test(same_ids),
        cmocka_unit_test(large_tranche),
        cmocka_unit_test(nothing_shows),
        cmocka_unit_test(nothing_repeats),
        cmocka_unit_test(shuffle_is_fair),
        cmocka_unit_test(sizes_refused),
        cmocka_unit_test(flipped_rows),
        cmocka_unit_test(flipped_tranche),
        cmocka_unit_test(moved),
        cmocka_unit_test(rows_added_or_dropped),
        cmocka_unit_test(own_files_damaged),
        cmocka_unit_test(schemas_refused),
        cmocka_unit_test(round_trips),
    };
    if (ls_failed(ls_crypto_init())) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
