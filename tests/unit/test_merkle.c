/*
 * Tests of merkle/: against RFC 6962's own recursive definitions written out here, two sets of vectors, and, for
 * multiproofs, every subset of the leaves of every small tree.
 */
#include "crypto/sha256.h"
#include "vectors.h"
#include <dirent.h>
#include <lockstep/merkle.h>

/* The reference: definitions of RFC 6962, section 2.1, recursive and slow. */

static ls_hash reference_node(ls_hash left, ls_hash right)
{
    uint8_t message[65] = {1};
    ls_hash hash;
    memcpy(message + 1, left.b, 32);
    memcpy(message + 33, right.b, 32);
    ls_sha256_hash(ls_bytes_of(message, sizeof message), &hash);
    return hash;
}

static uint64_t reference_cut(uint64_t size)
{
    uint64_t k = 1;
    while (k < size - k) {
        k *= 2;
    }
    return k;
}

static ls_hash reference_root(const ls_hash *leaves, size_t size)
{
    if (size == 1) {
        return leaves[0];
    }
    size_t k = reference_cut(size);
    return reference_node(reference_root(leaves, k), reference_root(leaves + k, size - k));
}

/* PATH(m, D[n]) */
static void reference_path(uint64_t m, const ls_hash *leaves, size_t size, ls_hash *out, size_t *count)
{
    if (size == 1) {
        return;
    }
    size_t k = reference_cut(size);
    if (m < k) {
        reference_path(m, leaves, k, out, count);
        out[(*count)++] = reference_root(leaves + k, size - k);
    } else {
        reference_path(m - k, leaves + k, size - k, out, count);
        out[(*count)++] = reference_root(leaves, k);
    }
}

/* SUBPROOF(m, D[n], b) */
static void reference_subproof(uint64_t m, const ls_hash *leaves, size_t size, bool whole, ls_hash *out, size_t *count)
{
    if (m == size) {
        if (!whole) {
            out[(*count)++] = reference_root(leaves, size);
        }
        return;
    }
    size_t k = reference_cut(size);
    if (m <= k) {
        reference_subproof(m, leaves, k, whole, out, count);
        out[(*count)++] = reference_root(leaves + k, size - k);
    } else {
        reference_subproof(m - k, leaves + k, size - k, false, out, count);
        out[(*count)++] = reference_root(leaves, k);
    }
}

/* The root that a path leads to in a tree too large to build. */
static ls_hash reference_climb(ls_hash leaf, uint64_t m, uint64_t size, const ls_hash *proof, size_t count)
{
    if (size == 1) {
        return leaf;
    }
    uint64_t k = reference_cut(size);
    if (m < k) {
        return reference_node(reference_climb(leaf, m, k, proof, count - 1), proof[count - 1]);
    }
    return reference_node(proof[count - 1], reference_climb(leaf, m - k, size - k, proof, count - 1));
}

static size_t reference_length(uint64_t m, uint64_t size)
{
    if (size == 1) {
        return 0;
    }
    uint64_t k = reference_cut(size);
    return 1 + (m < k ? reference_length(m, k) : reference_length(m - k, size - k));
}

/* A proof of inclusion in the order in which a walk from the root, left before right, meets the siblings. */
static void reference_walk(uint64_t m, uint64_t size, const ls_hash *proof, size_t count, ls_hash *out, size_t *n)
{
    if (size == 1) {
        return;
    }
    uint64_t k = reference_cut(size);
    if (m < k) {
        reference_walk(m, k, proof, count - 1, out, n);
        out[(*n)++] = proof[count - 1];
    } else {
        out[(*n)++] = proof[count - 1];
        reference_walk(m - k, size - k, proof, count - 1, out, n);
    }
}

/* A tree of leaves in memory, which gives nodes (for provers) and tiles (for ls_tile_node). */

#define LEAVES 70000

static ls_hash leaves[LEAVES];
static ls_hash scratch[LEAVES];

static ls_hash root_of(size_t first, size_t count)
{
    ls_hash root;
    memcpy(scratch, leaves + first, count * sizeof *leaves);
    ls_merkle_root(scratch, count, &root);
    return root;
}

static const ls_fault fault_reader = {LS_CLASS_ENVIRONMENT, "test", "the reader of this test fails"};

/* Reads of complete subtrees of a tree of `size` leaves; fails at read number `fail_at`. */
typedef struct tree {
    size_t size, reads, fail_at;
} tree;

static ls_result read_node(void *context, unsigned level, uint64_t index, ls_hash *out)
{
    tree *t = context;
    if (t->fail_at == ++t->reads) {
        return ls_fail(&fault_reader);
    }
    uint64_t width = (uint64_t)1 << level;
    assert_true((index + 1) * width <= t->size); /* only complete ones are asked for */
    *out = root_of((size_t)(index * width), (size_t)width);
    return LS_SUCCESS;
}

static ls_result read_tiles(void *context, unsigned level, uint64_t index, size_t count, ls_hash *out)
{
    tree *t = context;
    t->reads++;
    assert_true(index + count <= ls_tile_level_count(t->size, level));
    assert_true(index / LS_TILE_WIDTH == (index + count - 1) / LS_TILE_WIDTH); /* never more than one tile */
    size_t width = (size_t)1 << (8 * level);
    for (size_t i = 0; i < count; i++) {
        out[i] = root_of((size_t)(index + i) * width, width);
    }
    return LS_SUCCESS;
}

static int set_up(void **state)
{
    (void)state;
    for (uint32_t i = 0; i < LEAVES; i++) {
        ls_merkle_leaf(ls_bytes_of(&i, sizeof i), &leaves[i]);
    }
    return 0;
}

/* Trees */

static void test_own_vectors(void **state)
{
    (void)state;
    json_t *file = read_json_file(own_vector("lockstep/merkle.json")), *item, *hash;
    const json_t *roots = json_object_get(file, "roots");
    ls_hash hashes[17], proof[LS_MERKLE_PROOF_MAX];
    ls_merkle_frontier frontier = {0};
    size_t i, j;
    json_array_foreach(json_object_get(file, "leaves"), i, item)
    {
        uint8_t data[17];
        size_t len = json_string_length(item) / 2;
        assert_true(ls_hex_decode(json_text(item), data, len));
        ls_merkle_leaf(ls_bytes_of(data, len), &hashes[i]);
        ls_hash expected = hash_of_hex(json_array_get(json_object_get(file, "leaf_hashes"), i));
        assert_true(ls_hash_equal(&hashes[i], &expected));
    }
    assert_int_equal(i, 17);
    json_array_foreach(roots, i, item)
    {
        ls_hash copy[17], root, expected = hash_of_hex(item);
        memcpy(copy, hashes, sizeof copy);
        ls_merkle_root(copy, i, &root);
        assert_true(ls_hash_equal(&root, &expected));
        ls_merkle_frontier_root(&frontier, &root);
        assert_true(ls_hash_equal(&root, &expected));
        if (i < 17) {
            ls_merkle_append(&frontier, &hashes[i]);
        }
    }
    assert_int_equal(i, 18);
    json_array_foreach(json_object_get(file, "inclusion"), i, item)
    {
        uint64_t index = (uint64_t)json_integer_value(json_object_get(item, "index"));
        uint64_t size = (uint64_t)json_integer_value(json_object_get(item, "size"));
        ls_hash root = hash_of_hex(json_array_get(roots, (size_t)size));
        json_array_foreach(json_object_get(item, "proof"), j, hash)
        {
            proof[j] = hash_of_hex(hash);
        }
        assert_success(ls_merkle_verify_inclusion(&hashes[index], index, size, proof, j, &root));
    }
    assert_int_equal(i, 38);
    json_array_foreach(json_object_get(file, "consistency"), i, item)
    {
        uint64_t old_size = (uint64_t)json_integer_value(json_object_get(item, "old"));
        uint64_t new_size = (uint64_t)json_integer_value(json_object_get(item, "new"));
        ls_hash old_root = hash_of_hex(json_array_get(roots, (size_t)old_size));
        ls_hash new_root = hash_of_hex(json_array_get(roots, (size_t)new_size));
        json_array_foreach(json_object_get(item, "proof"), j, hash)
        {
            proof[j] = hash_of_hex(hash);
        }
        assert_success(ls_merkle_verify_consistency(old_size, new_size, proof, j, &old_root, &new_root));
    }
    assert_int_equal(i, 38);
    json_decref(file);
}

static void test_roots(void **state)
{
    (void)state;
    ls_merkle_frontier f = {0};
    ls_hash root, expected;
    ls_merkle_empty(&expected);
    ls_merkle_frontier_root(&f, &root);
    assert_true(ls_hash_equal(&root, &expected));
    root = root_of(0, 0);
    assert_true(ls_hash_equal(&root, &expected));
    for (size_t n = 1; n <= 600; n++) {
        ls_merkle_append(&f, &leaves[n - 1]);
        assert_true(f.size == n);
        expected = reference_root(leaves, n);
        ls_merkle_frontier_root(&f, &root);
        assert_true(ls_hash_equal(&root, &expected));
        root = root_of(0, n);
        assert_true(ls_hash_equal(&root, &expected));
    }
}

static void test_many_nodes(void **state)
{
    (void)state;
    enum { COUNT = 333 };
    ls_hash apart[COUNT], in_place[2 * COUNT];
    memcpy(in_place, leaves, sizeof in_place);
    ls_merkle_nodes(leaves, COUNT, apart);
    ls_merkle_nodes(in_place, COUNT, in_place);
    for (size_t i = 0; i < COUNT; i++) {
        ls_hash expected = reference_node(leaves[2 * i], leaves[2 * i + 1]);
        assert_true(ls_hash_equal(&apart[i], &expected));
        assert_true(ls_hash_equal(&in_place[i], &expected));
        ls_merkle_node(&leaves[2 * i], &leaves[2 * i + 1], &apart[i]);
        assert_true(ls_hash_equal(&apart[i], &expected));
    }
}

/* Proofs */

static void test_inclusion(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 66; size++) {
        ls_hash root = reference_root(leaves, size);
        for (size_t index = 0; index < size; index++) {
            tree t = {.size = size};
            ls_hash proof[LS_MERKLE_PROOF_MAX], expected[LS_MERKLE_PROOF_MAX];
            size_t count, expected_count = 0;
            assert_success(ls_merkle_prove_inclusion(index, size, read_node, &t, proof, &count));
            reference_path(index, leaves, size, expected, &expected_count);
            assert_int_equal(count, expected_count);
            assert_memory_equal(proof, expected, count * sizeof *proof);
            assert_success(ls_merkle_verify_inclusion(&leaves[index], index, size, proof, count, &root));
        }
    }
}

static void assert_no_inclusion(const ls_hash *leaf, uint64_t index, uint64_t size, const ls_hash *proof, size_t count,
                                const ls_hash *root)
{
    ls_result r = ls_merkle_verify_inclusion(leaf, index, size, proof, count, root);
    assert_true(r.fault == &ls_fault_merkle_form || r.fault == &ls_fault_merkle_proof);
}

static void test_inclusion_refused(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 20; size++) {
        ls_hash root = reference_root(leaves, size), wrong = root;
        wrong.b[0] ^= 1;
        for (size_t index = 0; index < size; index++) {
            ls_hash proof[LS_MERKLE_PROOF_MAX + 1] = {0};
            size_t count = 0;
            reference_path(index, leaves, size, proof, &count);
            assert_no_inclusion(&leaves[size], index, size, proof, count, &root);
            assert_fault(ls_merkle_verify_inclusion(&leaves[index], index, size, proof, count, &wrong),
                         ls_fault_merkle_proof);
            assert_fault(ls_merkle_verify_inclusion(&leaves[index], index, size, proof, count + 1, &root),
                         ls_fault_merkle_form);
            if (count > 0) {
                assert_no_inclusion(&leaves[index], index, size, proof, count - 1, &root);
                assert_no_inclusion(&leaves[index], index, size, proof + 1, count - 1, &root);
            }
            for (size_t other = 0; other < size; other++) {
                if (other != index) {
                    assert_no_inclusion(&leaves[index], other, size, proof, count, &root);
                }
            }
            for (size_t i = 0; i < count; i++) {
                proof[i].b[31] ^= 0x80;
                assert_fault(ls_merkle_verify_inclusion(&leaves[index], index, size, proof, count, &root),
                             ls_fault_merkle_proof);
                proof[i].b[31] ^= 0x80;
            }
            assert_fault(ls_merkle_verify_inclusion(&leaves[index], size, size, proof, count, &root),
                         ls_fault_merkle_form);
            assert_fault(ls_merkle_verify_inclusion(&leaves[index], UINT64_MAX, size, proof, count, &root),
                         ls_fault_merkle_form);
        }
    }
    assert_fault(ls_merkle_verify_inclusion(&leaves[0], 0, 0, NULL, 0, &leaves[0]), ls_fault_merkle_form);
}

static void test_inclusion_in_huge_trees(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int i = 0; i < 3000; i++) {
        uint64_t size = next_random(&random) >> (next_random(&random) % 64);
        size += size == 0 ? 1 : 0;
        uint64_t index = next_random(&random) % size;
        index = i % 3 == 0 ? size - 1 : index;
        if (i == 0) {
            size = UINT64_MAX, index = UINT64_MAX - 1;
        }
        size_t count = reference_length(index, size);
        assert_true(count <= LS_MERKLE_PROOF_MAX);
        ls_hash root = reference_climb(leaves[5000], index, size, leaves, count);
        assert_success(ls_merkle_verify_inclusion(&leaves[5000], index, size, leaves, count, &root));
        assert_fault(ls_merkle_verify_inclusion(&leaves[5001], index, size, leaves, count, &root),
                     ls_fault_merkle_proof);
        assert_fault(ls_merkle_verify_inclusion(&leaves[5000], index, size, leaves, count + 1, &root),
                     ls_fault_merkle_form);
        /* A multiproof of one leaf: the same hashes in the order of the walk. */
        ls_hash walk[LS_MERKLE_PROOF_MAX];
        size_t walked = 0;
        reference_walk(index, size, leaves, count, walk, &walked);
        assert_int_equal(walked, count);
        assert_success(ls_merkle_verify_multi(&index, &leaves[5000], 1, size, walk, count, &root));
        assert_fault(ls_merkle_verify_multi(&index, &leaves[5001], 1, size, walk, count, &root), ls_fault_merkle_proof);
    }
}

static void test_consistency(void **state)
{
    (void)state;
    for (size_t new_size = 1; new_size <= 66; new_size++) {
        ls_hash new_root = reference_root(leaves, new_size);
        for (size_t old_size = 1; old_size <= new_size; old_size++) {
            tree t = {.size = new_size};
            ls_hash proof[LS_MERKLE_PROOF_MAX], expected[LS_MERKLE_PROOF_MAX];
            ls_hash old_root = reference_root(leaves, old_size);
            size_t count, expected_count = 0;
            assert_success(ls_merkle_prove_consistency(old_size, new_size, read_node, &t, proof, &count));
            reference_subproof(old_size, leaves, new_size, true, expected, &expected_count);
            assert_int_equal(count, expected_count);
            assert_memory_equal(proof, expected, count * sizeof *proof);
            assert_success(ls_merkle_verify_consistency(old_size, new_size, proof, count, &old_root, &new_root));
        }
    }
}

static void assert_inconsistent(uint64_t old_size, uint64_t new_size, const ls_hash *proof, size_t count,
                                const ls_hash *old_root, const ls_hash *new_root)
{
    ls_result r = ls_merkle_verify_consistency(old_size, new_size, proof, count, old_root, new_root);
    assert_true(r.fault == &ls_fault_merkle_form || r.fault == &ls_fault_merkle_proof);
}

static void test_consistency_refused(void **state)
{
    (void)state;
    for (size_t new_size = 1; new_size <= 20; new_size++) {
        ls_hash new_root = reference_root(leaves, new_size), other_new = reference_root(leaves + 1, new_size);
        for (size_t old_size = 1; old_size <= new_size; old_size++) {
            ls_hash proof[LS_MERKLE_PROOF_MAX + 1] = {0};
            ls_hash old_root = reference_root(leaves, old_size), other_old = reference_root(leaves + 1, old_size);
            size_t count = 0;
            reference_subproof(old_size, leaves, new_size, true, proof, &count);
            assert_inconsistent(old_size, new_size, proof, count, &other_old, &new_root);
            assert_inconsistent(old_size, new_size, proof, count, &old_root, &other_new);
            assert_inconsistent(old_size, new_size, proof, count + 1, &old_root, &new_root);
            assert_inconsistent(0, new_size, proof, count, &old_root, &new_root);
            assert_inconsistent(new_size + 1, new_size, proof, count, &old_root, &new_root);
            if (count > 0) {
                assert_inconsistent(old_size, new_size, proof, count - 1, &old_root, &new_root);
                assert_inconsistent(old_size, new_size, proof + 1, count - 1, &old_root, &new_root);
            }
            for (size_t i = 0; i < count; i++) {
                proof[i].b[7] ^= 1;
                assert_inconsistent(old_size, new_size, proof, count, &old_root, &new_root);
                proof[i].b[7] ^= 1;
            }
        }
    }
    assert_fault(ls_merkle_verify_consistency(0, 0, NULL, 0, &leaves[0], &leaves[0]), ls_fault_merkle_form);
}

/* The nodes alone give both roots; nodes of another tree give other roots, and never a mixture that fits one history.
 */
static void test_consistency_roots(void **state)
{
    (void)state;
    for (size_t new_size = 2; new_size <= 66; new_size++) {
        for (size_t old_size = 1; old_size < new_size; old_size++) {
            tree t = {.size = new_size};
            ls_hash nodes[LS_MERKLE_PROOF_MAX], old_root, new_root;
            ls_hash wanted_old = reference_root(leaves, old_size), wanted_new = reference_root(leaves, new_size);
            size_t count;
            assert_success(ls_merkle_consistency_nodes(old_size, new_size, read_node, &t, nodes, &count));
            assert_success(ls_merkle_consistency_roots(old_size, new_size, nodes, count, &old_root, &new_root));
            assert_memory_equal(&old_root, &wanted_old, sizeof old_root);
            assert_memory_equal(&new_root, &wanted_new, sizeof new_root);
            for (size_t i = 0; i < count; i++) {
                nodes[i].b[3] ^= 4;
                assert_success(ls_merkle_consistency_roots(old_size, new_size, nodes, count, &old_root, &new_root));
                assert_memory_not_equal(&new_root, &wanted_new, sizeof new_root);
                nodes[i].b[3] ^= 4;
            }
            assert_fault(ls_merkle_consistency_roots(old_size, new_size, nodes, count - 1, &old_root, &new_root),
                         ls_fault_merkle_form);
            assert_fault(ls_merkle_consistency_roots(old_size, old_size, nodes, count, &old_root, &new_root),
                         ls_fault_merkle_form);
            assert_fault(ls_merkle_consistency_roots(0, new_size, nodes, count, &old_root, &new_root),
                         ls_fault_merkle_form);
        }
    }
}

static void test_provers_refuse(void **state)
{
    (void)state;
    tree t = {.size = 8};
    ls_hash proof[LS_MERKLE_PROOF_MAX] = {{.b = {0x55}}};
    size_t count = 77;
    assert_fault(ls_merkle_prove_inclusion(8, 8, read_node, &t, proof, &count), ls_fault_merkle_form);
    assert_fault(ls_merkle_prove_inclusion(0, 0, read_node, &t, proof, &count), ls_fault_merkle_form);
    assert_fault(ls_merkle_prove_consistency(0, 8, read_node, &t, proof, &count), ls_fault_merkle_form);
    assert_fault(ls_merkle_prove_consistency(9, 8, read_node, &t, proof, &count), ls_fault_merkle_form);
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        t = (tree){.size = 8, .fail_at = fail_at};
        assert_fault(ls_merkle_prove_inclusion(5, 8, read_node, &t, proof, &count), fault_reader);
        t = (tree){.size = 8, .fail_at = fail_at};
        assert_fault(ls_merkle_prove_consistency(7, 8, read_node, &t, proof, &count), fault_reader);
    }
    assert_int_equal(count, 77);
    assert_int_equal(proof[0].b[0], 0x55);
}

/* Published vectors (transparency-dev) */

/* False if it is not 32 bytes, which our interface can't even be given. */
static bool read_hash(const json_t *base64, ls_hash *out)
{
    size_t len;
    return json_is_string(base64) && ls_base64_decode(json_text(base64), out->b, LS_HASH_SIZE, &len) &&
           len == LS_HASH_SIZE;
}

static bool read_proof(const json_t *test, ls_hash *proof, size_t *count)
{
    const json_t *list = json_object_get(test, "proof");
    *count = json_array_size(list);
    assert_true(*count <= LS_MERKLE_PROOF_MAX);
    for (size_t i = 0; i < *count; i++) {
        if (!read_hash(json_array_get(list, i), &proof[i])) {
            return false;
        }
    }
    return true;
}

/* Some sizes are beyond what jansson holds in an integer: they are read as doubles, exact where it matters. */
static uint64_t number(const json_t *test, const char *key)
{
    double n = json_real_value(json_object_get(test, key));
    return n >= 0x1p64 ? UINT64_MAX : (uint64_t)n;
}

static bool published_inclusion(const json_t *test)
{
    ls_hash proof[LS_MERKLE_PROOF_MAX], root, leaf;
    size_t count;
    return read_proof(test, proof, &count) && read_hash(json_object_get(test, "root"), &root) &&
           read_hash(json_object_get(test, "leafHash"), &leaf) &&
           ls_succeeded(ls_merkle_verify_inclusion(&leaf, number(test, "leafIdx"), number(test, "treeSize"), proof,
                                                   count, &root));
}

static bool published_consistency(const json_t *test)
{
    ls_hash proof[LS_MERKLE_PROOF_MAX], old_root, new_root;
    size_t count;
    return read_proof(test, proof, &count) && read_hash(json_object_get(test, "root1"), &old_root) &&
           read_hash(json_object_get(test, "root2"), &new_root) &&
           ls_succeeded(ls_merkle_verify_consistency(number(test, "size1"), number(test, "size2"), proof, count,
                                                     &old_root, &new_root));
}

/* Checks every file in a folder and in those below; returns how many. */
static size_t check_folder(const char *folder, bool (*verify)(const json_t *), size_t *valid)
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;) {
        char path[1400];
        snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
        if (e->d_name[0] == '.') {
            continue;
        }
        if (e->d_type == DT_DIR) {
            count += check_folder(path, verify, valid);
            continue;
        }
        json_t *test = json_load_file(path, JSON_DECODE_INT_AS_REAL, NULL);
        assert_non_null(test);
        /* Its two roots are not hashes but a word of 12 bytes: an interface with fixed sizes refuses that. */
        bool unfit = strstr(path, "/consistency/additional/sizes-are-equal-one-and-proof-is-empty.json") != NULL;
        bool expected = json_is_false(json_object_get(test, "wantErr")) && !unfit;
        if (verify(test) != expected) {
            fail_msg("%s: expected %d", path, expected);
        }
        *valid += expected ? 1 : 0;
        count++;
        json_decref(test);
    }
    closedir(dir);
    return count;
}

static void test_published_vectors(void **state)
{
    (void)state;
    size_t valid = 0;
    assert_int_equal(check_folder(shared_vector("merkle/testdata/inclusion"), published_inclusion, &valid), 98);
    assert_int_equal(check_folder(shared_vector("merkle/testdata/consistency"), published_consistency, &valid), 98);
    assert_int_equal(valid, 11);
}

/* Multiproofs */

/* Some leaves of a small tree, as a set of bits. */
typedef struct subset {
    size_t size, count, proof_count;
    uint64_t indices[10];
    ls_hash leaf[10], root, proof[LS_MERKLE_PROOF_MAX];
} subset;

/* The definition: the maximal subtrees without any of the leaves, from left to right. */
static void reference_multi(subset *s, size_t first, size_t size, unsigned bits)
{
    unsigned mask = ((1u << size) - 1) << first;
    if ((bits & mask) == 0) {
        s->proof[s->proof_count++] = reference_root(leaves + first, size);
    } else if (size > 1) {
        size_t k = reference_cut(size);
        reference_multi(s, first, k, bits);
        reference_multi(s, first + k, size - k, bits);
    }
}

static subset make_subset(size_t size, unsigned bits)
{
    subset s = {.size = size, .root = reference_root(leaves, size)};
    for (size_t i = 0; i < size; i++) {
        if (bits >> i & 1) {
            s.indices[s.count] = i;
            s.leaf[s.count++] = leaves[i];
        }
    }
    reference_multi(&s, 0, size, bits);
    return s;
}

static const ls_fault *multi_fault(const subset *s)
{
    return ls_merkle_verify_multi(s->indices, s->leaf, s->count, s->size, s->proof, s->proof_count, &s->root).fault;
}

static void assert_multi_refused(const subset *s)
{
    const ls_fault *fault = multi_fault(s);
    assert_true(fault == &ls_fault_merkle_form || fault == &ls_fault_merkle_proof);
}

static void check_multi_hashes(const subset *good)
{
    for (size_t i = 0; i < good->proof_count; i++) {
        subset s = *good;
        s.proof[i].b[i % 32] ^= 4;
        assert_ptr_equal(multi_fault(&s), &ls_fault_merkle_proof);
        s = *good;
        memmove(&s.proof[i], &s.proof[i + 1], (s.proof_count - i - 1) * sizeof *s.proof);
        s.proof_count--;
        assert_multi_refused(&s);
        for (size_t j = 0; j < i; j++) {
            s = *good;
            s.proof[i] = good->proof[j];
            s.proof[j] = good->proof[i];
            assert_multi_refused(&s);
        }
    }
    for (size_t i = 0; i <= good->proof_count; i++) {
        subset s = *good;
        memmove(&s.proof[i + 1], &s.proof[i], (s.proof_count - i) * sizeof *s.proof);
        s.proof[i] = leaves[i];
        s.proof_count++;
        assert_multi_refused(&s);
    }
}

static void check_multi_leaves(const subset *good)
{
    for (size_t i = 0; i < good->count; i++) {
        subset s = *good;
        s.leaf[i].b[31] ^= 1;
        assert_ptr_equal(multi_fault(&s), &ls_fault_merkle_proof);
        for (uint64_t other = 0; other <= good->size; other++) {
            s = *good;
            s.indices[i] = other;
            if (other != good->indices[i]) {
                assert_multi_refused(&s);
            }
        }
        s = *good;
        memmove(&s.indices[i], &s.indices[i + 1], (s.count - i - 1) * sizeof *s.indices);
        memmove(&s.leaf[i], &s.leaf[i + 1], (s.count - i - 1) * sizeof *s.leaf);
        s.count--;
        assert_multi_refused(&s);
        if (i > 0) {
            s = *good; /* the right pairs in the wrong order */
            s.indices[i] = good->indices[i - 1], s.indices[i - 1] = good->indices[i];
            s.leaf[i] = good->leaf[i - 1], s.leaf[i - 1] = good->leaf[i];
            assert_ptr_equal(multi_fault(&s), &ls_fault_merkle_form);
            s = *good;
            s.leaf[i] = good->leaf[i - 1], s.leaf[i - 1] = good->leaf[i];
            assert_ptr_equal(multi_fault(&s), &ls_fault_merkle_proof);
        }
    }
}

/* Each leaf's own proof, out of that of all: the hashes that the definition gives for it alone. */
static void check_narrowed(const subset *all)
{
    for (size_t i = 0; i < all->count; i++) {
        subset one = make_subset(all->size, 1u << all->indices[i]);
        ls_buf proof = {0};
        assert_success(ls_merkle_narrow_multi(all->indices, all->leaf, all->count, all->size, all->proof,
                                              all->proof_count, i, &proof));
        assert_bytes(ls_buf_bytes(&proof), ls_bytes_of(one.proof, one.proof_count * sizeof *one.proof));
        assert_fault(ls_merkle_narrow_multi(all->indices, all->leaf, all->count, all->size, all->proof,
                                            all->proof_count + 1, i, &proof),
                     ls_fault_merkle_form);
        assert_int_equal(proof.len, one.proof_count * sizeof *one.proof);
        if (all->proof_count > 0) {
            assert_fault(ls_merkle_narrow_multi(all->indices, all->leaf, all->count, all->size, all->proof,
                                                all->proof_count - 1, i, &proof),
                         ls_fault_merkle_form);
        }
        ls_buf_free(&proof);
    }
    ls_buf none = {0};
    assert_fault(ls_merkle_narrow_multi(all->indices, all->leaf, all->count, all->size, all->proof, all->proof_count,
                                        all->count, &none),
                 ls_fault_merkle_form);
}

static void test_every_multiproof(void **state)
{
    (void)state;
    for (size_t size = 1; size <= 10; size++) {
        for (unsigned bits = 1; bits < 1u << size; bits++) {
            subset s = make_subset(size, bits);
            tree t = {.size = size};
            ls_buf proof = {0};
            assert_success(ls_merkle_prove_multi(s.indices, s.count, size, read_node, &t, &proof));
            assert_bytes(ls_buf_bytes(&proof), ls_bytes_of(s.proof, s.proof_count * sizeof *s.proof));
            ls_buf_free(&proof);
            assert_null(multi_fault(&s));
            check_multi_hashes(&s);
            check_multi_leaves(&s);
            check_narrowed(&s);
            s.root.b[0] ^= 1;
            assert_ptr_equal(multi_fault(&s), &ls_fault_merkle_proof);
        }
    }
}

static void test_multiproof_refused(void **state)
{
    (void)state;
    subset s = make_subset(5, 3);
    s.count = 0;
    assert_ptr_equal(multi_fault(&s), &ls_fault_merkle_form);
    s = make_subset(5, 3);
    s.size = 0;
    assert_ptr_equal(multi_fault(&s), &ls_fault_merkle_form);
    uint64_t twice[] = {1, 1}, beyond[] = {1, 5};
    tree t = {.size = 5};
    ls_buf out = {0};
    ls_buf_put_str(&out, "before");
    assert_fault(ls_merkle_prove_multi(twice, 2, 5, read_node, &t, &out), ls_fault_merkle_form);
    assert_fault(ls_merkle_prove_multi(beyond, 2, 5, read_node, &t, &out), ls_fault_merkle_form);
    assert_fault(ls_merkle_prove_multi(beyond, 0, 5, read_node, &t, &out), ls_fault_merkle_form);
    for (size_t fail_at = 1; fail_at <= 3; fail_at++) {
        t = (tree){.size = 5, .fail_at = fail_at};
        assert_fault(ls_merkle_prove_multi(beyond, 1, 5, read_node, &t, &out), fault_reader);
    }
    assert_string_equal(ls_buf_cstr(&out), "before");
    ls_buf_free(&out);
}

/* Tiles */

static void test_proofs_from_tiles(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 255, 256, 257, 1000, 65535, 65536, 65537, LEAVES};
    uint64_t random = 9;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        tree t = {.size = sizes[i]};
        ls_tile_source source = {read_tiles, &t};
        ls_hash root = root_of(0, sizes[i]), proof[LS_MERKLE_PROOF_MAX];
        for (int j = 0; j < 4; j++) {
            size_t count, index = (size_t)(next_random(&random) % sizes[i]), old_size = index + 1;
            assert_success(ls_merkle_prove_inclusion(index, sizes[i], ls_tile_node, &source, proof, &count));
            assert_success(ls_merkle_verify_inclusion(&leaves[index], index, sizes[i], proof, count, &root));
            ls_hash old_root = root_of(0, old_size);
            assert_success(ls_merkle_prove_consistency(old_size, sizes[i], ls_tile_node, &source, proof, &count));
            assert_success(ls_merkle_verify_consistency(old_size, sizes[i], proof, count, &old_root, &root));
        }
    }
}

static void test_tile_nodes(void **state)
{
    (void)state;
    tree t = {.size = LEAVES};
    ls_tile_source source = {read_tiles, &t};
    for (unsigned level = 0; level <= 16; level++) {
        for (uint64_t index = 0; index < (uint64_t)LEAVES >> level; index += 1 + (LEAVES >> level) / 5) {
            ls_hash node, expected = root_of((size_t)(index << level), (size_t)1 << level);
            assert_success(ls_tile_node(&source, level, index, &node));
            assert_true(ls_hash_equal(&node, &expected));
        }
    }
    t.reads = 0;
    ls_hash untouched = {.b = {0x55}};
    assert_fault(ls_tile_node(&source, 64, 0, &untouched), ls_fault_merkle_form);
    assert_fault(ls_tile_node(&source, 1, (uint64_t)1 << 63, &untouched), ls_fault_merkle_form);
    assert_int_equal(t.reads, 0);
    assert_int_equal(untouched.b[0], 0x55);
}

static void test_tile_paths(void **state)
{
    (void)state;
    static const struct {
        int level;
        uint64_t index;
        unsigned width;
        const char *path;
    } paths[] = {
        {0, 1234067, 256, "tile/0/x001/x234/067"},
        {0, 0, 256, "tile/0/000"},
        {1, 0, 1, "tile/1/000.p/1"},
        {0, 999, 255, "tile/0/999.p/255"},
        {2, 1000, 256, "tile/2/x001/000"},
        {LS_TILE_ENTRIES, 1000000, 17, "tile/entries/x001/x000/000.p/17"},
        {63, UINT64_MAX, 255, "tile/63/x018/x446/x744/x073/x709/x551/615.p/255"},
        {LS_TILE_ENTRIES, UINT64_MAX, 255, "tile/entries/x018/x446/x744/x073/x709/x551/615.p/255"},
    };
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        char path[LS_TILE_PATH_SIZE];
        ls_tile_path(paths[i].level, paths[i].index, paths[i].width, path);
        assert_string_equal(path, paths[i].path);
    }
}

static void test_tile_counts(void **state)
{
    (void)state;
    static const uint64_t sizes[] = {0, 1, 255, 256, 257, 65535, 65536, 1234567890123, UINT64_MAX};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        uint64_t expected = sizes[i];
        for (unsigned level = 0; level < 70; level++) {
            assert_true(ls_tile_level_count(sizes[i], level) == expected);
            expected /= 256;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_own_vectors),       cmocka_unit_test(test_roots),
        cmocka_unit_test(test_many_nodes),        cmocka_unit_test(test_inclusion),
        cmocka_unit_test(test_inclusion_refused), cmocka_unit_test(test_inclusion_in_huge_trees),
        cmocka_unit_test(test_consistency),       cmocka_unit_test(test_consistency_refused),
        cmocka_unit_test(test_provers_refuse),    cmocka_unit_test(test_published_vectors),
        cmocka_unit_test(test_every_multiproof),  cmocka_unit_test(test_multiproof_refused),
        cmocka_unit_test(test_proofs_from_tiles), cmocka_unit_test(test_tile_nodes),
        cmocka_unit_test(test_tile_paths),        cmocka_unit_test(test_tile_counts),
        cmocka_unit_test(test_consistency_roots),
    };
    return cmocka_run_group_tests_name("merkle", tests, set_up, NULL);
}
