/* Tests of note/: our own vectors, a published log, and what each parser must refuse. */
#include "crypto/crypto.h"
#include "vectors.h"
#include <lockstep/note.h>

#define LOG_VKEY "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx"
#define DASH "\xe2\x80\x94 "

static ls_bytes str(const char *s)
{
    return ls_bytes_str(s);
}

static int set_up(void **state)
{
    (void)state;
    return ls_failed(ls_crypto_init()) ? -1 : 0;
}

/* A key pair of its own for each number. */
static ls_vkey make_key(const char *name, uint8_t type, uint8_t number, uint8_t secret[static 64])
{
    uint8_t seed[LS_SEED_SIZE] = {number}, public_key[LS_PUBLIC_KEY_SIZE];
    ls_vkey key;
    ls_ed25519_keypair(seed, public_key, secret);
    ls_vkey_make(str(name), type, public_key, &key);
    return key;
}

static const ls_fault *parse_fault(const char *note)
{
    ls_note parsed;
    return ls_note_parse(str(note), &parsed).fault;
}

/* Vectors */

/* A note is valid if it parses, verifies under its keys, and, where the vectors are checkpoints, is one. */
static bool note_case_valid(const json_t *c, bool checkpoint)
{
    uint8_t note[65536];
    size_t len, i;
    ls_vkey keys[8];
    json_t *vkey;
    assert_true(ls_base64_decode(json_member(c, "note"), note, sizeof note, &len));
    json_array_foreach(json_object_get(c, "vkeys"), i, vkey)
    {
        assert_success(ls_vkey_parse(json_text(vkey), &keys[i]));
    }
    ls_note parsed;
    ls_note_verdict verdict;
    ls_checkpoint ignored;
    if (ls_failed(ls_note_parse(ls_bytes_of(note, len), &parsed)) ||
        ls_failed(ls_note_verify(&parsed, keys, i, &verdict))) {
        return false;
    }
    assert_true(verdict.verified > 0);
    return !checkpoint || ls_succeeded(ls_checkpoint_parse(parsed.text, &ignored));
}

static void check_note_cases(const json_t *file, bool checkpoint, size_t expected_count)
{
    size_t i;
    json_t *c;
    json_array_foreach(json_object_get(file, "cases"), i, c)
    {
        bool expected = json_is_true(json_object_get(c, "valid"));
        if (note_case_valid(c, checkpoint) != expected) {
            fail_msg("%s: expected %d", json_string_value(json_object_get(c, "name")), expected);
        }
    }
    assert_int_equal(i, expected_count);
}

/* Keys follow from their seeds, and their vkeys from the keys. */
static ls_vkey check_vector_key(const json_t *k, uint8_t secret[static 64])
{
    ls_buf bytes = {0};
    uint8_t public_key[32], id[4], type;
    ls_vkey made, parsed;
    char text[LS_VKEY_SIZE];
    ls_bytes seed = hex_member(k, "seed", &bytes);
    ls_ed25519_keypair(seed.ptr, public_key, secret);
    assert_true(ls_hex_decode(json_member(k, "type"), &type, 1));
    assert_true(ls_hex_decode(json_member(k, "key_id"), id, sizeof id));
    ls_vkey_make(json_member(k, "name"), type, public_key, &made);
    assert_memory_equal(made.id, id, sizeof id);
    ls_vkey_format(&made, text);
    assert_bytes(str(text), json_member(k, "vkey"));
    assert_success(ls_vkey_parse(str(text), &parsed));
    assert_memory_equal(&parsed, &made, sizeof made);
    ls_buf_free(&bytes);
    return made;
}

static void test_note_vectors(void **state)
{
    (void)state;
    json_t *file = read_json_file(own_vector("lockstep/notes.json")), *item;
    check_note_cases(file, false, 16);
    ls_buf note = {0};
    ls_buf_put_bytes(&note, json_member(file, "text"));
    ls_buf_put_str(&note, "\n");
    size_t i;
    json_array_foreach(json_object_get(file, "keys"), i, item)
    {
        uint8_t secret[64];
        ls_vkey key = check_vector_key(item, secret);
        ls_note_sign(&note, json_member(file, "text"), &key, secret);
    }
    /* What we sign is, byte for byte, what the reference signed. */
    uint8_t expected[4096];
    size_t len;
    json_t *both = json_array_get(json_object_get(file, "cases"), 1);
    assert_string_equal(json_string_value(json_object_get(both, "name")), "two signatures");
    assert_true(ls_base64_decode(json_member(both, "note"), expected, sizeof expected, &len));
    assert_bytes(ls_buf_bytes(&note), ls_bytes_of(expected, len));
    json_array_foreach(json_object_get(file, "vkeys"), i, item)
    {
        ls_vkey key;
        assert_int_equal(ls_succeeded(ls_vkey_parse(json_member(item, "vkey"), &key)),
                         json_is_true(json_object_get(item, "valid")));
    }
    assert_int_equal(i, 3);
    ls_buf_free(&note);
    json_decref(file);
}

static void test_cosignature_vectors(void **state)
{
    (void)state;
    json_t *file = read_json_file(own_vector("lockstep/cosignatures.json")), *item;
    check_note_cases(file, true, 8);
    uint8_t secret[64];
    size_t i;
    check_vector_key(json_array_get(json_object_get(file, "keys"), 0), secret);
    ls_vkey cosigner = check_vector_key(json_array_get(json_object_get(file, "keys"), 1), secret);
    ls_buf line = {0};
    uint64_t time = (uint64_t)json_integer_value(json_object_get(file, "time"));
    ls_note_cosign(&line, json_member(file, "checkpoint"), &cosigner, time, secret);
    assert_bytes(ls_buf_bytes(&line), json_member(file, "line"));
    ls_buf_free(&line);
    json_array_foreach(json_object_get(file, "checkpoints"), i, item)
    {
        ls_checkpoint c;
        ls_bytes text = json_member(item, "text");
        bool valid = ls_succeeded(ls_checkpoint_parse(text, &c));
        assert_int_equal(valid, json_is_true(json_object_get(item, "valid")));
        if (valid) {
            ls_checkpoint_format(&c, &line);
            assert_bytes(ls_buf_bytes(&line), text);
            ls_buf_free(&line);
        }
    }
    assert_int_equal(i, 6);
    json_decref(file);
}

/* The published log: checkpoints of all sizes, tiles, entry bundles. */

static void read_log_file(const char *name, ls_buf *out)
{
    char path[256];
    snprintf(path, sizeof path, "tlog/testdata/log/%s", name);
    read_whole_file(shared_vector(path), out);
}

static void check_log_size(unsigned size, const ls_vkey *key)
{
    char name[LS_TILE_PATH_SIZE];
    ls_buf note_bytes = {0}, tile = {0}, bundle = {0};
    ls_note note;
    ls_note_verdict verdict;
    ls_checkpoint checkpoint;
    ls_hash hashes[16], root;
    snprintf(name, sizeof name, "checkpoint.%u", size);
    read_log_file(name, &note_bytes);
    assert_success(ls_note_parse(ls_buf_bytes(&note_bytes), &note));
    assert_success(ls_note_verify(&note, key, 1, &verdict));
    assert_success(ls_checkpoint_parse(note.text, &checkpoint));
    assert_true(checkpoint.size == size);
    assert_bytes(checkpoint.origin, str("example.com/log/testdata"));
    if (size > 0) {
        ls_tile_path(0, 0, size, name);
        read_log_file(name, &tile);
        ls_tile_path(LS_TILE_ENTRIES, 0, size, name);
        read_log_file(name, &bundle);
    }
    ls_reader r = ls_reader_of(ls_buf_bytes(&bundle));
    for (unsigned i = 0; i < size; i++) {
        ls_merkle_leaf(ls_read_bytes(&r, ls_read_u16(&r)), &hashes[i]);
    }
    assert_true(ls_reader_done(&r));
    assert_bytes(ls_bytes_of(hashes, size * sizeof *hashes), ls_buf_bytes(&tile));
    ls_merkle_root(hashes, size, &root);
    assert_true(ls_hash_equal(&root, &checkpoint.root));

    ls_buf_cstr(&note_bytes);
    note_bytes.ptr[0] ^= 1; /* another origin under the same signature */
    assert_success(ls_note_parse(ls_buf_bytes(&note_bytes), &note));
    assert_fault(ls_note_verify(&note, key, 1, &verdict), ls_fault_note_signature);
    ls_buf_free(&note_bytes);
    ls_buf_free(&tile);
    ls_buf_free(&bundle);
}

static void test_published_log(void **state)
{
    (void)state;
    shared_vector("tlog/testdata/log/checkpoint");
    ls_vkey key;
    assert_success(ls_vkey_parse(str(LOG_VKEY), &key));
    for (unsigned size = 0; size <= 15; size++) {
        check_log_size(size, &key);
    }
}

/* Keys */

static void test_key_names(void **state)
{
    (void)state;
    char longest[LS_KEY_NAME_MAX + 1];
    memset(longest, 'n', sizeof longest);
    assert_true(ls_key_name_valid(ls_bytes_of(longest, LS_KEY_NAME_MAX)));
    assert_false(ls_key_name_valid(ls_bytes_of(longest, LS_KEY_NAME_MAX + 1)));
    assert_true(ls_key_name_valid(str("usa.example/usa-1")));
    assert_true(ls_key_name_valid(str("\xec\x98\x81\xeb\xb3\x80")));
    assert_true(ls_key_name_valid(str("zero\xe2\x80\x8bwidth"))); /* U+200B is no white space */
    static const char *const bad[] = {"",
                                      "a b",
                                      "a+b",
                                      "a\tb",
                                      "a\nb",
                                      "a\x01",
                                      "a\xff",
                                      "a\xc2\x85",
                                      "a\xc2\xa0",
                                      "\xe1\x9a\x80",
                                      "\xe2\x80\x80",
                                      "\xe2\x80\x8a",
                                      "\xe2\x80\xa8",
                                      "\xe2\x80\xa9",
                                      "\xe2\x80\xaf",
                                      "\xe2\x81\x9f",
                                      "\xe3\x80\x80"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(ls_key_name_valid(str(bad[i])));
    }
    assert_false(ls_key_name_valid(ls_bytes_of("a\0b", 3)));
}

static void test_vkeys_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "example.com/log/testdata",
        "example.com/log/testdata+33d7b496",
        "example.com/log/testdata+33d7b496+",
        "+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
        "example.com/log testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
        "example.com/log/testdata+33D7B496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
        "example.com/log/testdata+33d7b497+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
        "example.com/log/testdata+033d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
        "example.com/log/testdatb+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSy",
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkk==",
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSxAAAA",
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI-oO5xCFkkSx",
        "example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\n",
        " example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx",
    };
    ls_vkey key = {.type = 0x55};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_fault(ls_vkey_parse(str(bad[i]), &key), ls_fault_vkey_form);
    }
    assert_int_equal(key.type, 0x55);
}

/* With the right key id, but a type that we don't know, or a point that is no key. */
static void test_vkey_types_and_points(void **state)
{
    (void)state;
    uint8_t secret[64], small[32] = {1};
    char text[LS_VKEY_SIZE];
    ls_vkey key, parsed;
    for (unsigned type = 0; type < 256; type++) {
        key = make_key("a.example/k", (uint8_t)type, 1, secret);
        ls_vkey_format(&key, text);
        bool known = type == LS_KEY_ED25519 || type == LS_KEY_COSIGNATURE;
        assert_int_equal(ls_succeeded(ls_vkey_parse(str(text), &parsed)), known);
    }
    ls_vkey_make(str("a.example/k"), LS_KEY_ED25519, small, &key);
    ls_vkey_format(&key, text);
    assert_fault(ls_vkey_parse(str(text), &parsed), ls_fault_vkey_form);

    char longest[LS_KEY_NAME_MAX + 1] = {0};
    memset(longest, 'n', LS_KEY_NAME_MAX);
    key = make_key(longest, LS_KEY_ED25519, 2, secret);
    ls_vkey_format(&key, text);
    assert_success(ls_vkey_parse(str(text), &parsed));
    assert_string_equal(parsed.name, longest);
}

/* Notes */

static void test_note_views(void **state)
{
    (void)state;
    const char *text = "one\n\n\ntwo\n\n" DASH "a AAAAAAA=\n" DASH "b\xc3\xa9 AQIDBAUG\n";
    ls_note note;
    assert_success(ls_note_parse(str(text), &note));
    assert_bytes(note.text, str("one\n\n\ntwo\n"));
    assert_int_equal(note.count, 2);
    assert_bytes(note.signature[0].line, str(DASH "a AAAAAAA=\n"));
    assert_bytes(note.signature[1].name, str("b\xc3\xa9"));
    assert_bytes(note.signature[1].base64, str("AQIDBAUG"));
    assert_memory_equal(note.signature[1].id, "\1\2\3\4", 4);
    assert_ptr_equal(note.text.ptr, text);
    /* The text may end with an empty line of its own, or be nothing but one. */
    assert_success(ls_note_parse(str("one\n\n\n" DASH "a AAAAAAA=\n"), &note));
    assert_bytes(note.text, str("one\n\n"));
    assert_success(ls_note_parse(str("\n\n" DASH "a AAAAAAA=\n"), &note));
    assert_bytes(note.text, str("\n"));
}

static void test_notes_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        "\n",
        "\n\n",
        "text\n",
        "text\n\n",
        "\n" DASH "a AAAAAAA=\n",
        "text\n" DASH "a AAAAAAA=\n",
        "text\n\n" DASH "a AAAAAAA=",
        "text\n\n" DASH "a AAAAAAA=\n\n",
        "text\n\n" DASH "a AAAAAAA=\ntext\n",
        "text\n\n" DASH "a AAAAAAA=\n" DASH "b\n",
        "text\n\n" DASH "a\n",
        "text\n\n" DASH "a \n",
        "text\n\n" DASH "\n",
        "text\n\n" DASH " AAAAAAA=\n",
        "text\n\n" DASH " a AAAAAAA=\n",
        "text\n\n" DASH "a  AAAAAAA=\n",
        "text\n\n" DASH "a AAAAAAA= \n",
        "text\n\n" DASH "a AAAAAAA=\r\n",
        "text\n\n" DASH "a+b AAAAAAA=\n",
        "text\n\n" DASH "a\xc2\xa0"
        "b AAAAAAA=\n",
        "text\n\n" DASH "a AAAAAA==\n", /* four bytes: a key id and no signature */
        "text\n\n" DASH "a AAAA\n",
        "text\n\n" DASH "a AAAAAAB=\n",
        "text\n\n" DASH "a AAAAAAA\n",
        "text\n\n" DASH "a AAAAAAA-\n",
        "text\n\n- a AAAAAAA=\n",
        "text\n\n\xe2\x80\x93 a AAAAAAA=\n",
        "text\n\n\xe2\x80\x94"
        "a AAAAAAA=\n",
        " text\n\n " DASH "a AAAAAAA=\n",
        "te\txt\n\n" DASH "a AAAAAAA=\n",
        "te\x1fxt\n\n" DASH "a AAAAAAA=\n",
        "te\xc0\x80xt\n\n" DASH "a AAAAAAA=\n",
        "te\xed\xa0\x80xt\n\n" DASH "a AAAAAAA=\n",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (parse_fault(bad[i]) != &ls_fault_note_form) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
    ls_note note = {.count = 99};
    static const char with_nul[] = "te\0xt\n\n" DASH "a AAAAAAA=\n";
    assert_fault(ls_note_parse(ls_bytes_of(with_nul, sizeof with_nul - 1), &note), ls_fault_note_form);
    assert_int_equal(note.count, 99);
}

static void test_note_limits(void **state)
{
    (void)state;
    ls_buf b = {0};
    ls_note note;
    ls_buf_put_str(&b, "text\n\n");
    for (int i = 0; i < LS_NOTE_SIGNATURES_MAX; i++) {
        ls_buf_put_str(&b, DASH "a AAAAAAA=\n");
    }
    assert_success(ls_note_parse(ls_buf_bytes(&b), &note));
    assert_int_equal(note.count, LS_NOTE_SIGNATURES_MAX);
    ls_buf_put_str(&b, DASH "a AAAAAAA=\n");
    assert_fault(ls_note_parse(ls_buf_bytes(&b), &note), ls_fault_note_form);
    ls_buf_free(&b);

    /* A signature may be long (types that we don't know), a note may not be longer than the limit. */
    for (size_t over = 0; over < 2; over++) {
        ls_bytes end = str("\n\n" DASH "a AAAAAAA=\n");
        uint8_t *text = ls_buf_extend(&b, LS_NOTE_MAX - end.len + over);
        memset(text, 'x', LS_NOTE_MAX - end.len + over);
        ls_buf_put_bytes(&b, end);
        assert_int_equal(ls_succeeded(ls_note_parse(ls_buf_bytes(&b), &note)), over == 0);
        ls_buf_free(&b);
    }
    static uint8_t signature[50000];
    ls_buf_put_str(&b, "text\n\n" DASH "a ");
    ls_buf_put_base64(&b, ls_bytes_of(signature, sizeof signature));
    ls_buf_put_str(&b, "\n");
    assert_success(ls_note_parse(ls_buf_bytes(&b), &note));
    ls_buf_free(&b);
}

static void test_signing_into_the_same_buffer(void **state)
{
    (void)state;
    uint8_t secret[64], cosigner_secret[64];
    ls_vkey key = make_key("a.example/k", LS_KEY_ED25519, 1, secret);
    ls_vkey cosigner = make_key("b.example/c", LS_KEY_COSIGNATURE, 2, cosigner_secret);
    /* Of every length, so that somewhere the buffer has to move while a line is written. */
    for (size_t len = 1; len < 600; len++) {
        ls_buf b = {0};
        memset(ls_buf_extend(&b, len), 'x', len);
        b.ptr[len - 1] = '\n';
        ls_buf_put_str(&b, "\n");
        ls_note_sign(&b, ls_bytes_of(b.ptr, len), &key, secret);
        ls_note_cosign(&b, ls_bytes_of(b.ptr, len), &cosigner, INT64_MAX, cosigner_secret);
        assert_success(ls_buf_check(&b));
        const ls_vkey keys[] = {cosigner, key};
        ls_note note;
        ls_note_verdict verdict;
        assert_success(ls_note_parse(ls_buf_bytes(&b), &note));
        assert_int_equal(note.text.len, len);
        assert_success(ls_note_verify(&note, keys, 2, &verdict));
        assert_int_equal(verdict.verified, 2);
        assert_int_equal(verdict.key[0], 1);
        assert_int_equal(verdict.key[1], 0);
        assert_true(verdict.time[0] == 0 && verdict.time[1] == INT64_MAX);
        ls_buf_free(&b);
    }
}

/* A note over `text` with one signature line for each letter: a and b sign; c cosigns; x is a's line spoiled. */
static void build_note(const char *lines, ls_buf *out, ls_vkey keys[static 3])
{
    static const char text[] = "text\n";
    uint8_t secret[3][64];
    keys[0] = make_key("a.example/k", LS_KEY_ED25519, 1, secret[0]);
    keys[1] = make_key("b.example/k", LS_KEY_ED25519, 2, secret[1]);
    keys[2] = make_key("c.example/k", LS_KEY_COSIGNATURE, 3, secret[2]);
    ls_buf_put_str(out, "text\n\n");
    for (; *lines != 0; lines++) {
        if (*lines == 'c') {
            ls_note_cosign(out, str(text), &keys[2], 1538899200, secret[2]);
        } else {
            size_t k = *lines == 'b' ? 1 : 0;
            ls_note_sign(out, str(*lines == 'x' ? "other\n" : text), &keys[k], secret[k]);
        }
    }
}

static void test_verdicts(void **state)
{
    (void)state;
    static const struct {
        const char *lines;
        size_t known; /* the first keys of a, b, c are known */
        const ls_fault *fault;
        size_t verified;
    } cases[] = {
        {"a", 1, NULL, 1},
        {"ab", 1, NULL, 1},
        {"ba", 1, NULL, 1},
        {"abc", 3, NULL, 3},
        {"cab", 3, NULL, 3},
        {"bbc", 1, &ls_fault_note_unsigned, 0},
        {"a", 0, &ls_fault_note_unsigned, 0},
        {"x", 1, &ls_fault_note_signature, 0},
        {"bx", 2, &ls_fault_note_signature, 0},
        {"xb", 2, &ls_fault_note_signature, 0},
        {"ax", 1, &ls_fault_note_signature, 0},
        {"aa", 1, &ls_fault_note_signature, 0}, /* twice, though each is good */
        {"acc", 3, &ls_fault_note_signature, 0},
        {"abb", 1, NULL, 1}, /* twice, but of an unknown key */
        {"ac", 2, NULL, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_buf b = {0};
        ls_vkey keys[3];
        ls_note note;
        ls_note_verdict verdict = {.verified = 55};
        build_note(cases[i].lines, &b, keys);
        assert_success(ls_note_parse(ls_buf_bytes(&b), &note));
        assert_ptr_equal(ls_note_verify(&note, keys, cases[i].known, &verdict).fault, cases[i].fault);
        assert_int_equal(verdict.verified, cases[i].fault == NULL ? cases[i].verified : 55);
        for (size_t j = 0; cases[i].fault == NULL && j < note.count; j++) {
            size_t key = (size_t)(cases[i].lines[j] - 'a');
            assert_int_equal(verdict.key[j], key < cases[i].known ? (int)key : LS_NOTE_UNKNOWN);
        }
        ls_buf_free(&b);
    }
}

static void test_signatures_of_wrong_size_or_time(void **state)
{
    (void)state;
    uint8_t secret[64];
    ls_vkey signer = make_key("a.example/k", LS_KEY_ED25519, 1, secret);
    ls_vkey cosigner = make_key("a.example/k", LS_KEY_COSIGNATURE, 1, secret);
    const ls_vkey *const keys[] = {&signer, &cosigner};
    ls_note note;
    ls_note_verdict verdict;
    for (size_t k = 0; k < 2; k++) {
        for (size_t len = LS_KEY_ID_SIZE + 1; len < 100; len++) {
            uint8_t blob[100] = {0};
            ls_buf b = {0};
            memcpy(blob, keys[k]->id, LS_KEY_ID_SIZE);
            ls_buf_put_str(&b, "text\n\n" DASH "a.example/k ");
            ls_buf_put_base64(&b, ls_bytes_of(blob, len));
            ls_buf_put_str(&b, "\n");
            assert_success(ls_note_parse(ls_buf_bytes(&b), &note));
            assert_fault(ls_note_verify(&note, keys[k], 1, &verdict), ls_fault_note_signature);
            ls_buf_free(&b);
        }
    }
    /* A time of 2^63 is refused though the signature is right. */
    for (uint64_t beyond = 0; beyond < 2; beyond++) {
        ls_buf b = {0};
        ls_buf_put_str(&b, "text\n\n");
        ls_note_cosign(&b, str("text\n"), &cosigner, (uint64_t)INT64_MAX + beyond, secret);
        assert_success(ls_note_parse(ls_buf_bytes(&b), &note));
        assert_int_equal(ls_succeeded(ls_note_verify(&note, &cosigner, 1, &verdict)), beyond == 0);
        ls_buf_free(&b);
    }
}

static void test_every_bit_counts(void **state)
{
    (void)state;
    ls_buf b = {0};
    ls_vkey keys[3];
    build_note("ac", &b, keys);
    for (size_t bit = 0; bit < 8 * b.len; bit++) {
        ls_note note;
        ls_note_verdict verdict;
        b.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
        if (ls_succeeded(ls_note_parse(ls_buf_bytes(&b), &note)) &&
            ls_succeeded(ls_note_verify(&note, keys, 3, &verdict))) {
            /* One line's name or key id became unknown; the other line still vouches for the same text. */
            assert_int_equal(verdict.verified, 1);
            assert_bytes(note.text, str("text\n"));
        }
        b.ptr[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ls_buf_free(&b);
}

/* Checkpoints */

#define ROOT "NIXh5XzGGsCvL1NUq9J34mQIUyQ/fkrRjs0xnzJX4Gw="

static void test_checkpoints(void **state)
{
    (void)state;
    ls_checkpoint c;
    assert_success(
        ls_checkpoint_parse(str("origin with spaces\n9223372036854775807\n" ROOT "\nextension\nanother\n"), &c));
    assert_bytes(c.origin, str("origin with spaces"));
    assert_true(c.size == INT64_MAX);
    static const char *const bad[] = {
        "",
        "\n",
        "o\n1\n",
        "o\n1\n" ROOT,
        "\n1\n" ROOT "\n",
        "o\n\n" ROOT "\n",
        "o\n-1\n" ROOT "\n",
        "o\n+1\n" ROOT "\n",
        "o\n01\n" ROOT "\n",
        "o\n1 \n" ROOT "\n",
        "o\n9223372036854775808\n" ROOT "\n",
        "o\n18446744073709551617\n" ROOT "\n",
        "o\n0\n" ROOT "\n",
        "o\n1\n\n",
        "o\n1\nNIXh5XzGGsCvL1NUq9J34mQIUyQ/fkrRjs0xnzJX4Gx=\n",
        "o\n1\nNIXh5XzGGsCvL1NUq9J34mQIUyQ_fkrRjs0xnzJX4Gw=\n",
        "o\n1\nNIXh5XzGGsCvL1NUq9J34mQIUyQ/fkrRjs0xnzJX4Gw\n",
        "o\n1\nNIXh5XzGGsCvL1NUq9J34mQIUyQ/fkrRjs0xnzJX4A==\n",
        "o\n1\nNIXh5XzGGsCvL1NUq9J34mQIUyQ/fkrRjs0xnzJX4GwA\n",
        "o\n1\n" ROOT " \n",
        "o\n1\n" ROOT "\n\n",
        "o\n1\n" ROOT "\nextension\n\n",
        "o\n1\n" ROOT "\n\nextension\n",
        "o\n1\n" ROOT "\nextension",
        "o\r\n1\n" ROOT "\n",
        "o\xff\n1\n" ROOT "\n",
    };
    c.size = 55;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (ls_checkpoint_parse(str(bad[i]), &c).fault != &ls_fault_checkpoint_form) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
    assert_true(c.size == 55);
}

/* Proofs to take away */

#define PROOF_HEAD "c2sp.org/tlog-proof@v1\n"
#define NOTE "o\n3\n" ROOT "\n\n" DASH "a AAAAAAA=\n"

static void test_tlog_proofs(void **state)
{
    (void)state;
    static const char *const good[] = {
        PROOF_HEAD "index 0\n\n" NOTE,
        PROOF_HEAD "index 2\n" ROOT "\n" ROOT "\n\n" NOTE,
        PROOF_HEAD "extra AAAA\nindex 1\n" ROOT "\n\n" NOTE,
    };
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        ls_tlog_proof p;
        ls_buf b = {0};
        assert_success(ls_tlog_proof_parse(str(good[i]), &p));
        assert_bytes(p.checkpoint, str(NOTE));
        assert_bytes(p.extra, str(i == 2 ? "AAAA" : ""));
        assert_true(p.index == (i == 0 ? 0 : 3 - i));
        assert_int_equal(p.count, i == 1 ? 2 : i == 2 ? 1 : 0);
        ls_tlog_proof_format(&p, &b);
        assert_bytes(ls_buf_bytes(&b), str(good[i]));
        ls_buf_free(&b);
    }
}

static void test_tlog_proofs_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "",
        PROOF_HEAD,
        "c2sp.org/tlog-proof@v2\nindex 0\n\n" NOTE,
        "index 0\n\n" NOTE,
        PROOF_HEAD "\n" NOTE,
        PROOF_HEAD "index 0\n" NOTE,
        PROOF_HEAD "index 0\n\n",
        PROOF_HEAD "index 0\n\n\n" NOTE,
        PROOF_HEAD "index 3\n\n" NOTE, /* not below the size */
        PROOF_HEAD "index 00\n\n" NOTE,
        PROOF_HEAD "index -1\n\n" NOTE,
        PROOF_HEAD "index\n\n" NOTE,
        PROOF_HEAD "index 0 \n\n" NOTE,
        PROOF_HEAD "Index 0\n\n" NOTE,
        PROOF_HEAD "extra \nindex 0\n\n" NOTE,
        PROOF_HEAD "extra AAA\nindex 0\n\n" NOTE,
        PROOF_HEAD "extra AAAA\nextra AAAA\nindex 0\n\n" NOTE,
        PROOF_HEAD "index 0\nextra AAAA\n\n" NOTE,
        PROOF_HEAD "index 0\nAAAA\n\n" NOTE,
        PROOF_HEAD "index 0\n" ROOT " \n\n" NOTE,
        PROOF_HEAD "index 0\n" ROOT "AAAA\n\n" NOTE,
        PROOF_HEAD "index 0\n\n" NOTE "\n",
        PROOF_HEAD "index 0\n\n" NOTE "x",
        PROOF_HEAD "index 0\n\no\n3\n" ROOT "\n",
        PROOF_HEAD "index 0\n\no\n03\n" ROOT "\n\n" DASH "a AAAAAAA=\n",
    };
    ls_tlog_proof p = {.count = 55};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        if (ls_tlog_proof_parse(str(bad[i]), &p).fault != &ls_fault_tlog_proof_form) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
    assert_int_equal(p.count, 55);
    for (size_t hashes = LS_MERKLE_PROOF_MAX; hashes <= LS_MERKLE_PROOF_MAX + 1; hashes++) {
        ls_buf b = {0};
        ls_buf_put_str(&b, PROOF_HEAD "index 0\n");
        for (size_t i = 0; i < hashes; i++) {
            ls_buf_put_str(&b, ROOT "\n");
        }
        ls_buf_put_str(&b, "\n" NOTE);
        assert_int_equal(ls_succeeded(ls_tlog_proof_parse(ls_buf_bytes(&b), &p)), hashes == LS_MERKLE_PROOF_MAX);
        ls_buf_free(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_note_vectors),     cmocka_unit_test(test_cosignature_vectors),
        cmocka_unit_test(test_published_log),    cmocka_unit_test(test_key_names),
        cmocka_unit_test(test_vkeys_refused),    cmocka_unit_test(test_vkey_types_and_points),
        cmocka_unit_test(test_note_views),       cmocka_unit_test(test_notes_refused),
        cmocka_unit_test(test_note_limits),      cmocka_unit_test(test_signing_into_the_same_buffer),
        cmocka_unit_test(test_verdicts),         cmocka_unit_test(test_signatures_of_wrong_size_or_time),
        cmocka_unit_test(test_every_bit_counts), cmocka_unit_test(test_checkpoints),
        cmocka_unit_test(test_tlog_proofs),      cmocka_unit_test(test_tlog_proofs_refused),
    };
    return cmocka_run_group_tests_name("note", tests, set_up, NULL);
}
