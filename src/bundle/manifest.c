/* Manifests: their JSON, and what is computed again to believe them. */
#include "bundle/manifest.h"
#include "base/value.h"
#include "crypto/sha256.h"
#include "escrow/commitment.h"
#include "escrow/seal.h"
#include "record/record.h"
#include <inttypes.h>

const ls_fault ls_fault_manifest_form = {LS_CLASS_INVALID, "manifest-form", "not a declaration manifest"};
const ls_fault ls_fault_manifest_wrong = {LS_CLASS_INVALID, "manifest-wrong",
                                          "the manifest is not that of this declaration"};

#define MARK "declaration manifest v1"

/* The keys in canonical order. */
enum { KEY_DECLARATION, KEY_FIELDS, KEY_LEAVES, KEY_LOCKSTEP, KEY_TRANCHES, KEY_COUNT };
static const struct {
    const char *name;
    ls_value_type type;
} keys[KEY_COUNT] = {{"declaration", LS_STRING},
                     {"fields", LS_LIST},
                     {"leaves", LS_LIST},
                     {"lockstep", LS_STRING},
                     {"tranches", LS_LIST}};

static ls_result malformed(ls_detail *detail, const char *what)
{
    return ls_fail_with(&ls_fault_manifest_form, detail, "%s", what);
}

/* The entries, which canonical form has put in order. */
static ls_result read_map(const ls_value *v, const ls_value *out[static KEY_COUNT], ls_detail *detail)
{
    if (v->type != LS_MAP || v->count != KEY_COUNT) {
        return malformed(detail, "it has other keys than a manifest");
    }
    for (size_t i = 0; i < KEY_COUNT; i++) {
        if (!ls_bytes_is(v->entries[i].key, keys[i].name) || v->entries[i].value->type != keys[i].type) {
            return ls_fail_with(&ls_fault_manifest_form, detail, "`%s` is missing or of another type", keys[i].name);
        }
        out[i] = v->entries[i].value;
    }
    return LS_SUCCESS;
}

static ls_result read_strings(ls_arena *arena, const ls_value *list, size_t max, const ls_bytes **out,
                              ls_detail *detail)
{
    if (list->count == 0 || list->count > max) {
        return malformed(detail, "a list in it is empty or too long");
    }
    ls_bytes *strings = ls_arena_array(arena, list->count, sizeof *strings);
    if (strings == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < list->count; i++) {
        if (list->items[i]->type != LS_STRING) {
            return malformed(detail, "a list in it holds something else than strings");
        }
        strings[i] = list->items[i]->string;
    }
    *out = strings;
    return LS_SUCCESS;
}

static ls_result read_leaves(ls_arena *arena, const ls_value *list, ls_manifest *m, ls_detail *detail)
{
    const ls_bytes *hex;
    LS_TRY(read_strings(arena, list, LS_TRANCHES_MAX, &hex, detail));
    ls_bytes *leaves = ls_arena_array(arena, list->count, sizeof *leaves);
    if (leaves == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < list->count; i++) {
        size_t len = hex[i].len / 2;
        uint8_t *data = ls_arena_alloc(arena, len);
        if (data == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        if (len > LS_TRANCHE_LEAF_MAX || !ls_hex_decode(hex[i], data, len)) {
            return ls_fail_with(&ls_fault_manifest_form, detail, "leaf %zu is not the hex of a leaf", i);
        }
        leaves[i] = ls_bytes_of(data, len);
    }
    m->leaves = leaves;
    m->leaf_count = list->count;
    return LS_SUCCESS;
}

static ls_result hash_schema(const ls_schema *schema, ls_hash *out)
{
    ls_buf json = {0};
    ls_result r = ls_schema_format(schema, &json);
    if (ls_succeeded(r)) {
        ls_sha256_hash(ls_buf_bytes(&json), out);
    }
    ls_buf_free(&json);
    return r;
}

ls_result ls_manifest_parse(ls_arena *arena, ls_bytes text, ls_manifest *out, ls_detail *detail)
{
    ls_value *v;
    const ls_value *value[KEY_COUNT];
    ls_manifest m = {0};
    ls_detail where = {0};
    ls_result r = ls_json_parse(arena, text, &v, &where);
    r = ls_succeeded(r) ? ls_json_check_canonical(v, text) : r;
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        return malformed(detail, "it is not canonical JSON (RFC 8785)");
    }
    LS_TRY(read_map(v, value, detail));
    if (!ls_bytes_is(value[KEY_LOCKSTEP]->string, MARK)) {
        return malformed(detail, "it is not marked as a " MARK);
    }
    m.declaration = value[KEY_DECLARATION]->string;
    if (!ls_name_valid(m.declaration)) {
        return malformed(detail, "a declaration can't have this name");
    }
    m.schema.field_count = value[KEY_FIELDS]->count;
    m.schema.tranche_count = value[KEY_TRANCHES]->count;
    LS_TRY(read_strings(arena, value[KEY_FIELDS], LS_FIELDS_MAX, &m.schema.fields, detail));
    LS_TRY(read_strings(arena, value[KEY_TRANCHES], LS_TRANCHES_MAX, &m.schema.tranches, detail));
    LS_TRY(read_leaves(arena, value[KEY_LEAVES], &m, detail));
    ls_hash unused;
    if (ls_failed(hash_schema(&m.schema, &unused))) {
        return malformed(detail, "names of fields or tranches are empty or not unique");
    }
    *out = m;
    return LS_SUCCESS;
}

static ls_value *strings_value(ls_arena *arena, const ls_bytes *strings, size_t count)
{
    ls_value **items = ls_arena_array(arena, count, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++) {
        items[i] = ls_value_string(arena, strings[i]);
    }
    return items == NULL ? NULL : ls_value_list(arena, count, items);
}

static ls_value *leaves_value(ls_arena *arena, const ls_manifest *m)
{
    ls_bytes *hex = ls_arena_array(arena, m->leaf_count, sizeof *hex);
    for (size_t i = 0; hex != NULL && i < m->leaf_count; i++) {
        char *text = ls_arena_alloc(arena, 2 * m->leaves[i].len + 1);
        if (text == NULL) {
            return NULL;
        }
        ls_hex_encode(m->leaves[i], text);
        hex[i] = ls_bytes_str(text);
    }
    return hex == NULL ? NULL : strings_value(arena, hex, m->leaf_count);
}

ls_result ls_manifest_format(const ls_manifest *m, ls_buf *out)
{
    ls_hash unused;
    LS_TRY(hash_schema(&m->schema, &unused));
    ls_arena arena = {0};
    ls_value *const values[KEY_COUNT] = {
        ls_value_string(&arena, m->declaration),
        strings_value(&arena, m->schema.fields, m->schema.field_count),
        leaves_value(&arena, m),
        ls_value_string(&arena, ls_bytes_str(MARK)),
        strings_value(&arena, m->schema.tranches, m->schema.tranche_count),
    };
    ls_entry entries[KEY_COUNT];
    for (size_t i = 0; i < KEY_COUNT; i++) {
        entries[i] = (ls_entry){.key = ls_bytes_str(keys[i].name), .value = values[i]};
    }
    const ls_value *v = ls_value_map(&arena, KEY_COUNT, entries);
    if (v != NULL) {
        ls_json_canonical(v, out);
    }
    ls_arena_free(&arena);
    return v == NULL ? ls_fail(&ls_fault_memory) : ls_buf_check(out);
}

/* What every leaf of one declaration must agree with. */
typedef struct expected {
    ls_declaration declaration;
    const ls_declared *accord; /* or NULL */
    uint64_t rows_left;        /* within the charter's limit */
} expected;

/* What is wrong with leaf i, or NULL. */
static const char *leaf_wrong(const ls_tranche_leaf *leaf, size_t i, expected *e)
{
    uint64_t area, sealed;
    if (!ls_hash_equal(&leaf->context, &e->declaration.context)) {
        return "belongs to another declaration";
    }
    if (leaf->tranche != i + 1) {
        return "stands in the place of another tranche";
    }
    if (leaf->tranches != e->declaration.tranches) {
        return "gives another number of tranches";
    }
    if (leaf->fields != e->declaration.fields) {
        return "gives another number of fields";
    }
    if (e->accord != NULL && leaf->rows != e->accord->padded[i]) {
        return "has another number of rows than the accord fixes";
    }
    if (leaf->rows > e->rows_left) {
        return "takes the rows beyond the charter's limit";
    }
    if (!ls_sealed_size(leaf->rows, e->declaration.row_bytes, &area, &sealed) || sealed != leaf->sealed_size) {
        return "gives a size of the sealed rows that does not follow from its rows";
    }
    e->rows_left -= leaf->rows;
    return NULL;
}

static ls_result check_leaves(const ls_manifest *m, expected *e, ls_detail *detail)
{
    ls_merkle_frontier tree = {0};
    ls_hash root;
    for (size_t i = 0; i < m->leaf_count; i++) {
        ls_tranche_leaf leaf;
        const char *wrong =
            ls_tranche_leaf_parse(m->leaves[i], &leaf) ? leaf_wrong(&leaf, i, e) : "is not a tranche's leaf";
        if (wrong != NULL) {
            return ls_fail_with(&ls_fault_manifest_wrong, detail, "the leaf of tranche %zu %s", i + 1, wrong);
        }
        ls_hash hash;
        ls_merkle_leaf(m->leaves[i], &hash);
        ls_merkle_append(&tree, &hash);
    }
    ls_merkle_frontier_root(&tree, &root);
    if (!ls_hash_equal(&root, &e->declaration.root)) {
        return ls_fail_with(&ls_fault_manifest_wrong, detail, "its leaves do not lead to the declaration's root");
    }
    return LS_SUCCESS;
}

ls_result ls_manifest_schema(const ls_manifest *m, ls_hash *out)
{
    return hash_schema(&m->schema, out);
}

ls_result ls_manifest_check(const ls_manifest *m, const ls_act *declare, uint64_t rows_limit, const ls_declared *accord,
                            ls_detail *detail)
{
    ls_hash schema;
    if (!ls_bytes_equal(m->declaration, declare->raw[LS_H_DECLARATION])) {
        return ls_fail_with(&ls_fault_manifest_wrong, detail, "it names another declaration");
    }
    LS_TRY(hash_schema(&m->schema, &schema));
    if (!ls_hash_equal(&schema, &declare->schema)) {
        return ls_fail_with(&ls_fault_manifest_wrong, detail,
                            "its names of fields and tranches do not have the hash that the act states");
    }
    if (m->leaf_count != declare->tranches || m->schema.tranche_count != declare->tranches ||
        (accord != NULL && accord->tranche_count != m->leaf_count)) {
        return ls_fail_with(&ls_fault_manifest_wrong, detail,
                            "it has %zu leaves and %zu labels for the act's %" PRIu64 " tranches", m->leaf_count,
                            m->schema.tranche_count, declare->tranches);
    }
    expected e = {.accord = accord, .rows_left = rows_limit};
    ls_declaration_of_act(declare, (uint32_t)m->schema.field_count, &e.declaration);
    return check_leaves(m, &e, detail);
}
