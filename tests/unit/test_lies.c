/*
 * Openings that are not what was declared, and declarations that are not what they say: each filed as a real act and
 * judged by a third person, who has an excerpt and the charter's fingerprint and nothing else.
 *
 * What is tampered with on the way blames nobody. What the declarer committed to falsely does.
 */
#include "bundle/verify.h"
#include "escrow/hasher.h"
#include "escrow/seal.h"
#include "fixture/bundles.h"
#include <setjmp.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ROWS 4 /* of tranche 1 */
#define AREA (ROWS * FIXTURE_ROW_BYTES)

/* Up to the accord; then declarations as each test wants them. */
static void begin(fixture *f, ls_time later)
{
    fixture_open(f, NULL);
    f->now += later; /* another time, another charter */
    fixture_append(f, fixture_charter(f));
    fixture_append(f, fixture_accord(f));
    fixture_stamp(f);
}

typedef struct judgement {
    ls_arena arena;
    ls_report report;
    unsigned rows; /* shown in the end */
} judgement;

static ls_result count_row(void *rows, ls_bytes declaration, uint32_t tranche, uint64_t row, const ls_bytes *names,
                           const ls_opened_field *values, size_t fields)
{
    (void)declaration;
    (void)tranche;
    (void)row;
    (void)names;
    (void)values;
    (void)fields;
    ++*(unsigned *)rows;
    return LS_SUCCESS;
}

/* Files this note, and judges an excerpt with the charter, the accord, all declarations and it. */
static void judge(fixture *f, ls_bytes opening, const ls_hash *charter, judgement *j)
{
    uint64_t acts[16] = {1};
    size_t count = 1;
    for (uint64_t i = 2; i < f->entry_count; i++) {
        if (ls_bytes_is(ls_record_at(f->record, i).kind, "declare")) {
            acts[count++] = i;
        }
    }
    acts[count++] = fixture_append(f, opening);
    fixture_stamp(f);
    ls_bytes bundle = bundles_excerpt(f, fixture_checkpoint(f), acts, count);
    *j = (judgement){.rows = 0};
    assert_null(ls_verify_bundle(&j->arena, bundle, charter, count_row, &j->rows, &j->report, NULL).fault);
}

static bool said(const judgement *j, ls_finding_level level, const char *text)
{
    for (size_t i = 0; i < j->report.count; i++) {
        if (j->report.finding[i].level == level && strstr(j->report.finding[i].text, text) != NULL) {
            return true;
        }
    }
    return false;
}

static void expect_said(const judgement *j, ls_finding_level level, const char *text)
{
    if (!said(j, level, text)) {
        for (size_t i = 0; i < j->report.count; i++) {
            const ls_finding *x = &j->report.finding[i];
            print_message("  %d %s: %s\n", x->level, x->subject, x->text);
        }
        fail_msg("nothing says \"%s\"", text);
    }
}

/* Refused, for this reason, and nobody is called a liar. */
static void expect_refused(fixture *f, ls_bytes opening, const char *reason)
{
    judgement j;
    judge(f, opening, ls_record_process(f->record), &j);
    expect_said(&j, LS_FINDING_FAILED, reason);
    assert_true(j.report.failed);
    assert_true(j.report.anchored);
    assert_false(j.report.false_declaration);
    assert_false(said(&j, LS_FINDING_FAILED, "FALSE"));
    assert_int_equal(j.rows, 0);
    ls_arena_free(&j.arena);
}

/* Opening files, put together by hand. */

static const fixture_declaration *latest(const fixture *f)
{
    return &f->declaration[f->declaration_count - 1];
}

/* A file with one part that begins as that of tranche k does. */
static void put_head(ls_buf *out, uint8_t kind, const fixture_declaration *d, uint32_t k)
{
    ls_buf_put_str(out, "lockstep opening v1\n");
    ls_buf_put_u32(out, 1);
    ls_buf_put_u8(out, kind);
    ls_buf_put(out, d->declared.context.b, LS_HASH_SIZE);
    ls_buf_put_u32(out, k);
    ls_buf_put_u16(out, (uint16_t)d->leaf[k - 1].len);
    ls_buf_put_bytes(out, d->leaf[k - 1]);
    ls_buf_put_u8(out, 1);
    ls_buf_put(out, d->leaf_hash[2 - k].b, LS_HASH_SIZE);
}

static ls_bytes keep(fixture *f, ls_buf *b)
{
    assert_null(ls_buf_check(b).fault);
    ls_bytes kept = fixture_keep(f, ls_buf_bytes(b));
    ls_buf_free(b);
    return kept;
}

static ls_bytes tranche_file(fixture *f, const fixture_declaration *d, uint32_t k, const uint8_t *key, ls_bytes sealed)
{
    ls_buf file = {0};
    put_head(&file, LS_OPENING_TRANCHE, d, k);
    ls_buf_put(&file, key, 32);
    ls_buf_put_u64(&file, sealed.len);
    ls_buf_put_bytes(&file, sealed);
    return keep(f, &file);
}

/* A row opening taken apart: each row as it stands in the file, and what follows the rows. */
typedef struct taken {
    size_t count;
    ls_bytes row[ROWS + 1], proof;
} taken;

static void take_apart(fixture *f, uint32_t k, const uint64_t *rows, size_t count, taken *t)
{
    ls_opening_part *part;
    size_t parts;
    ls_bytes file = fixture_rows_file(f, k, rows, count, NULL);
    assert_null(ls_opening_parse(&f->arena, file, 2, &part, &parts).fault);
    ls_reader r = ls_reader_of(part->body);
    for (t->count = 0; t->count < count; t->count++) {
        const uint8_t *start = r.ptr;
        (void)ls_read_u64(&r);
        for (int field = 0; field < 2; field++) {
            assert_int_equal(ls_read_u8(&r), 1);
            (void)ls_read_bytes(&r, LS_SALT_SIZE);
            (void)ls_read_bytes(&r, ls_read_u32(&r));
        }
        t->row[t->count] = ls_bytes_of(start, (size_t)(r.ptr - start));
    }
    t->proof = ls_bytes_of(r.ptr, ls_reader_left(&r));
}

static ls_bytes put_together(fixture *f, const fixture_declaration *d, uint32_t k, const taken *t)
{
    ls_buf file = {0};
    put_head(&file, LS_OPENING_ROWS, d, k);
    ls_buf_put_u64(&file, t->count);
    for (size_t i = 0; i < t->count; i++) {
        ls_buf_put_bytes(&file, t->row[i]);
    }
    ls_buf_put_bytes(&file, t->proof);
    return keep(f, &file);
}

/* The same bytes with one of them changed. */
static ls_bytes changed(fixture *f, ls_bytes bytes, size_t at)
{
    ls_bytes copy = fixture_keep(f, bytes);
    uint8_t *p = ls_arena_alloc(&f->arena, copy.len);
    assert_non_null(p);
    memcpy(p, copy.ptr, copy.len);
    p[at] ^= 1;
    return ls_bytes_of(p, copy.len);
}

/* A row with another's number. */
static ls_bytes numbered(fixture *f, ls_bytes row, uint64_t number)
{
    ls_buf b = {0};
    ls_buf_put_u64(&b, number);
    ls_buf_put_bytes(&b, ls_bytes_of(row.ptr + 8, row.len - 8));
    return keep(f, &b);
}

/* Rows that were changed on the way. */

static const uint64_t two_rows[] = {0, 1};
#define NOT_UNDER_ROOT "the rows are not under the tranche's root. This blames nobody"

static void open_forged(fixture *f, uint32_t k, const taken *t, const char *reason)
{
    expect_refused(f, fixture_open_act(f, 0, t->count, put_together(f, latest(f), k, t)), reason);
}

static void rows_as_they_are(void **state)
{
    (void)state;
    fixture f;
    taken t;
    judgement j;
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    take_apart(&f, 1, two_rows, 2, &t);
    judge(&f, fixture_open_act(&f, 0, 2, put_together(&f, latest(&f), 1, &t)), ls_record_process(f.record), &j);
    assert_false(j.report.failed);
    assert_int_equal(j.rows, 2);
    expect_said(&j, LS_FINDING_OK, "2 rows of tranche 1");
    assert_false(said(&j, LS_FINDING_OK, "complete"));
    ls_arena_free(&j.arena);
    fixture_close(&f);
}

static void a_row_dropped(void **state)
{
    (void)state;
    fixture f;
    taken t;
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    take_apart(&f, 1, two_rows, 2, &t);
    t.count = 1;
    open_forged(&f, 1, &t, NOT_UNDER_ROOT);
    t.count = 0;
    expect_refused(&f, fixture_open_act(&f, 0, 2, put_together(&f, latest(&f), 1, &t)), "the opening holds no rows");
    fixture_close(&f);
}

static void a_row_added(void **state)
{
    (void)state;
    fixture f;
    taken t;
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    take_apart(&f, 1, two_rows, 2, &t);
    t.count = 3;
    t.row[2] = numbered(&f, t.row[0], 3);
    open_forged(&f, 1, &t, NOT_UNDER_ROOT);
    t.row[2] = numbered(&f, t.row[0], ROWS);
    open_forged(&f, 1, &t, "the rows' numbers are out of order or beyond the tranche");
    t.row[2] = t.row[1];
    open_forged(&f, 1, &t, "the rows' numbers are out of order or beyond the tranche");
    fixture_close(&f);
}

/* Every byte of a row's salt, length and value counts. */
static void a_row_changed(void **state)
{
    (void)state;
    fixture f;
    taken t;
    judgement j;
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    const ls_declaration *d = &latest(&f)->declared;
    take_apart(&f, 1, two_rows, 2, &t);
    const ls_bytes row = t.row[1];
    for (size_t at = 0; at < row.len; at++) {
        ls_opening_part *part;
        ls_opening_report report = {.verdict = LS_NOT_AN_OPENING};
        size_t parts;
        t.row[1] = changed(&f, row, at);
        ls_bytes file = put_together(&f, latest(&f), 1, &t);
        if (ls_succeeded(ls_opening_parse(&f.arena, file, 2, &part, &parts))) {
            assert_null(ls_opening_verify(part, d, NULL, NULL, &report).fault);
        }
        assert_int_equal(report.verdict, LS_NOT_AN_OPENING);
    }
    t.row[1] = changed(&f, row, row.len - 1);
    open_forged(&f, 1, &t, NOT_UNDER_ROOT);
    /* Two rows that have changed places. */
    t.row[1] = numbered(&f, t.row[0], 1);
    t.row[0] = numbered(&f, row, 0);
    open_forged(&f, 1, &t, NOT_UNDER_ROOT);
    /* And back again. */
    t.row[0] = numbered(&f, t.row[1], 0);
    t.row[1] = row;
    judge(&f, fixture_open_act(&f, 0, 2, put_together(&f, latest(&f), 1, &t)), ls_record_process(f.record), &j);
    assert_false(j.report.failed);
    ls_arena_free(&j.arena);
    fixture_close(&f);
}

static void a_row_moved_to_another_tranche(void **state)
{
    (void)state;
    static const uint64_t one[] = {1};
    fixture f;
    taken t, other;
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    take_apart(&f, 1, one, 1, &t);
    take_apart(&f, 2, one, 1, &other);
    open_forged(&f, 2, &t, NOT_UNDER_ROOT);
    t.proof = other.proof;
    open_forged(&f, 2, &t, NOT_UNDER_ROOT);
    fixture_close(&f);
}

/* Of a process that differs in a date only; and of another declaration of the same name. */
static void a_row_of_another_declaration(void **state)
{
    (void)state;
    static const uint64_t one[] = {1};
    fixture f, g;
    taken t, foreign;
    begin(&f, 0);
    begin(&g, 60);
    assert_false(ls_hash_equal(ls_record_process(f.record), ls_record_process(g.record)));
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    fixture_append(&g, fixture_declare(&g, fixture_inventory, NULL));
    take_apart(&f, 1, one, 1, &t);
    take_apart(&g, 1, one, 1, &foreign);
    assert_false(ls_bytes_equal(t.row[0], foreign.row[0]));
    open_forged(&f, 1, &foreign, NOT_UNDER_ROOT);
    expect_refused(&f, fixture_open_act(&f, 0, 1, put_together(&f, latest(&g), 1, &foreign)),
                   "opens a declaration that is none of those that the act opens");
    /* A row of the first declaration under the second's leaf. */
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    open_forged(&f, 1, &t, NOT_UNDER_ROOT);
    fixture_close(&f);
    fixture_close(&g);
}

/* A context and a leaf under false names: the leaf carries its own, and the root fixes the leaf. */
static void a_part_under_another_name(void **state)
{
    (void)state;
    static const uint64_t one[] = {1};
    fixture f, g;
    taken t;
    begin(&f, 0);
    begin(&g, 60);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    fixture_append(&g, fixture_declare(&g, fixture_inventory, NULL));
    take_apart(&g, 1, one, 1, &t);
    fixture_declaration mixed = *latest(&g);
    mixed.declared.context = latest(&f)->declared.context;
    expect_refused(&f, fixture_open_act(&f, 0, 1, put_together(&f, &mixed, 1, &t)),
                   "the tranche's leaf belongs to another declaration");
    ls_tranche_leaf leaf;
    ls_buf data = {0};
    assert_true(ls_tranche_leaf_parse(mixed.leaf[0], &leaf));
    leaf.context = mixed.declared.context;
    ls_tranche_leaf_format(&leaf, &data);
    mixed.leaf[0] = keep(&f, &data);
    expect_refused(&f, fixture_open_act(&f, 0, 1, put_together(&f, &mixed, 1, &t)),
                   "the tranche's leaf is not under the declaration's root");
    fixture_close(&f);
    fixture_close(&g);
}

/* Tranches. */

static void key_of(const fixture_declaration *d, uint32_t k, uint8_t out[static 32])
{
    ls_tranche_key(d->secret, k, out);
}

/* Seals an area as its owner could. */
static ls_bytes seal(fixture *f, const fixture_declaration *d, uint32_t k, const uint8_t *area, size_t size,
                     uint8_t tag)
{
    uint8_t key[32], out[LS_SEAL_HEADER + AREA + 64 + LS_SEAL_OVERHEAD];
    ls_tranche_keys keys;
    crypto_secretstream_xchacha20poly1305_state state;
    unsigned long long len;
    assert_in_range(size, 1, AREA + 64);
    key_of(d, k, key);
    ls_tranche_keys_derive(&d->declared.context, k, key, &keys);
    crypto_secretstream_xchacha20poly1305_init_push(&state, out, keys.seal);
    crypto_secretstream_xchacha20poly1305_push(&state, out + LS_SEAL_HEADER, &len, area, size, NULL, 0, tag);
    return fixture_keep(f, ls_bytes_of(out, LS_SEAL_HEADER + len));
}

/* The rows of tranche 1 in the clear, as they were sealed. */
static void unseal(const fixture_declaration *d, uint8_t area[static AREA])
{
    uint8_t key[32], tag;
    ls_tranche_keys keys;
    crypto_secretstream_xchacha20poly1305_state state;
    const ls_bytes sealed = d->sealed[0];
    key_of(d, 1, key);
    ls_tranche_keys_derive(&d->declared.context, 1, key, &keys);
    assert_int_equal(sealed.len, LS_SEAL_HEADER + AREA + LS_SEAL_OVERHEAD);
    crypto_secretstream_xchacha20poly1305_init_pull(&state, sealed.ptr, keys.seal);
    assert_int_equal(crypto_secretstream_xchacha20poly1305_pull(&state, area, NULL, &tag, sealed.ptr + LS_SEAL_HEADER,
                                                                sealed.len - LS_SEAL_HEADER, NULL, 0),
                     0);
    assert_int_equal(tag, crypto_secretstream_xchacha20poly1305_TAG_FINAL);
}

static void a_complete_tranche_says_so(void **state)
{
    (void)state;
    fixture f;
    judgement j;
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    judge(&f, fixture_open_tranche(&f, 1), ls_record_process(f.record), &j);
    assert_false(j.report.failed);
    assert_int_equal(j.rows, ROWS);
    expect_said(&j, LS_FINDING_OK, "complete: all 4 rows of tranche 1 (near) opened, 1 of them blank");
    ls_arena_free(&j.arena);
    /* With a supplement, it is complete only with both. */
    fixture_append(&f, fixture_declare(&f, "id,name,tranche\na-9,Annex,near\n", NULL));
    fixture_declaration kept = *latest(&f);
    f.declaration_count--;
    ls_bytes without = fixture_tranche_file(&f, 1);
    f.declaration[f.declaration_count++] = kept;
    expect_refused(&f, fixture_open_act(&f, 1, 0, without), "incomplete: tranche 1 of the declaration in act");
    judge(&f, fixture_open_tranche(&f, 1), ls_record_process(f.record), &j);
    assert_false(j.report.failed);
    assert_int_equal(j.rows, 2 * ROWS);
    ls_arena_free(&j.arena);
    fixture_close(&f);
}

/* Right key, other rows: sealed anew by the declarer, or changed by anyone. */
static void other_sealed_rows_are_no_opening(void **state)
{
    (void)state;
    fixture f;
    uint8_t key[32], area[AREA];
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    const fixture_declaration *d = latest(&f);
    key_of(d, 1, key);
    unseal(d, area);
    const uint8_t final = crypto_secretstream_xchacha20poly1305_TAG_FINAL;
    const ls_bytes same = seal(&f, d, 1, area, AREA, final);
    area[8] ^= 1;
    const ls_bytes others[] = {same,
                               seal(&f, d, 1, area, AREA, final),
                               changed(&f, d->sealed[0], 0),
                               changed(&f, d->sealed[0], d->sealed[0].len - 1),
                               ls_bytes_of(d->sealed[0].ptr, d->sealed[0].len - 1),
                               d->sealed[1]};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        expect_refused(&f, fixture_open_act(&f, 1, 0, tranche_file(&f, d, 1, key, others[i])),
                       "the sealed rows are not the tranche's. This blames nobody");
    }
    fixture_close(&f);
}

static void a_wrong_key_is_no_opening(void **state)
{
    (void)state;
    fixture f;
    uint8_t key[32];
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    const fixture_declaration *d = latest(&f);
    key_of(d, 2, key); /* another tranche's */
    expect_refused(&f, fixture_open_act(&f, 1, 0, tranche_file(&f, d, 1, key, d->sealed[0])),
                   "the key is not the tranche's. This blames nobody");
    expect_refused(&f, fixture_open_act(&f, 1, 0, tranche_file(&f, d, 2, key, d->sealed[1])),
                   "opens another tranche than the act");
    key_of(d, 1, key);
    key[31] ^= 0x80;
    expect_refused(&f, fixture_open_act(&f, 1, 0, tranche_file(&f, d, 1, key, d->sealed[0])),
                   "the key is not the tranche's. This blames nobody");
    fixture_close(&f);
}

static void a_tranche_of_another_process(void **state)
{
    (void)state;
    fixture f, g;
    begin(&f, 0);
    begin(&g, 60);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    fixture_append(&g, fixture_declare(&g, fixture_inventory, NULL));
    expect_refused(&f, fixture_open_act(&f, 1, 0, fixture_tranche_file(&g, 1)),
                   "opens a declaration that is none of those that the act opens");
    fixture_close(&f);
    fixture_close(&g);
}

/* Lies: what the declarer committed to. Each takes the honest leaf of tranche 1 and its sealed rows, and changes them.
 */

typedef struct lie {
    const char *name, *reason;
    void (*tell)(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed);
} lie;

static fixture *lying; /* the fixture in which a lie is told; a fixture_lie has no context */
static const lie *told;

static void reseal(const fixture_declaration *d, const uint8_t *area, size_t size, uint8_t tag, ls_bytes *sealed)
{
    *sealed = seal(lying, d, 1, area, size, tag);
}

static void of_other_rows(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    (void)d;
    (void)sealed;
    leaf->root.b[0] ^= 1;
}

/* One row less than committed to; what was a row is read as a blank one. */
static void of_a_row_less(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    uint8_t area[AREA];
    (void)leaf;
    unseal(d, area);
    /* In the fixture's order the first row is a-3. */
    size_t first = 4 + 3 + 4 + sizeof "Hall, north" - 1;
    memmove(area, area + first, AREA - first);
    memset(area + AREA - first, 0, first);
    reseal(d, area, AREA, crypto_secretstream_xchacha20poly1305_TAG_FINAL, sealed);
}

static void with_something_hidden_behind(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    uint8_t area[AREA];
    (void)leaf;
    unseal(d, area);
    area[AREA - 1] = 1;
    reseal(d, area, AREA, crypto_secretstream_xchacha20poly1305_TAG_FINAL, sealed);
}

static void that_nobody_can_read(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    (void)leaf;
    *sealed = changed(lying, d->sealed[0], d->sealed[0].len - 1);
}

static void without_an_end(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    uint8_t area[AREA];
    (void)leaf;
    unseal(d, area);
    reseal(d, area, AREA, 0, sealed);
}

static void cut_short(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    static const uint8_t area[AREA] = {0, 0, 0, AREA};
    (void)leaf;
    reseal(d, area, AREA, crypto_secretstream_xchacha20poly1305_TAG_FINAL, sealed);
}

/* Right commitments of values that are no text. */
static void of_no_text(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    static const uint8_t area[AREA] = {0, 0, 0, 1, 0xff};
    const ls_bytes rows[ROWS][2] = {{ls_bytes_of(area + 4, 1), {0}}};
    uint8_t key[32];
    ls_tranche_keys keys;
    ls_hasher *hasher;
    key_of(d, 1, key);
    ls_tranche_keys_derive(&d->declared.context, 1, key, &keys);
    assert_null(ls_hasher_open(&keys, ROWS, 2, NULL, &hasher).fault);
    for (size_t i = 0; i < ROWS; i++) {
        assert_null(ls_hasher_row(hasher, rows[i], NULL).fault);
    }
    assert_null(ls_hasher_finish(hasher, &leaf->root, NULL).fault);
    ls_hasher_free(hasher);
    reseal(d, area, AREA, crypto_secretstream_xchacha20poly1305_TAG_FINAL, sealed);
}

static void of_another_size_than_it_says(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    (void)d;
    (void)sealed;
    leaf->sealed_size++;
}

/* Leaf and file agree, and yet rows and row-bytes give another size. */
static void of_another_size_than_fixed(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    uint8_t area[AREA + 1] = {0};
    unseal(d, area);
    reseal(d, area, AREA + 1, crypto_secretstream_xchacha20poly1305_TAG_FINAL, sealed);
    leaf->sealed_size++;
}

static void of_more_rows_than_can_be(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    (void)d;
    (void)sealed;
    leaf->rows = UINT64_MAX;
}

static const lie lies[] = {
    {"other rows", "the rows are not those that were committed to", of_other_rows},
    {"a row less", "the rows are not those that were committed to", of_a_row_less},
    {"something hidden", "what follows the sealed rows is not zero", with_something_hidden_behind},
    {"unreadable", "a chunk of the sealed rows does not decrypt", that_nobody_can_read},
    {"no end", "a chunk of the sealed rows has the wrong tag", without_an_end},
    {"cut short", "the sealed rows are cut short", cut_short},
    {"no text", "a value is not UTF-8", of_no_text},
    {"size in the leaf", "the leaf gives another size of the sealed rows", of_another_size_than_it_says},
    {"size of the file", "the sealed rows do not have the size that rows and row-bytes give",
     of_another_size_than_fixed},
    {"rows in the leaf", "the leaf gives more rows than there are salts for", of_more_rows_than_can_be},
};
#define LIES (sizeof lies / sizeof *lies)

static void tell(uint32_t tranche, ls_bytes *leaf, ls_arena *arena)
{
    (void)arena;
    if (tranche != 1) {
        return;
    }
    fixture_declaration *d = &lying->declaration[lying->declaration_count - 1];
    ls_tranche_leaf parsed;
    ls_buf data = {0};
    assert_true(ls_tranche_leaf_parse(*leaf, &parsed));
    told->tell(d, &parsed, &d->sealed[0]);
    ls_sha256_hash(d->sealed[0], &parsed.sealed_hash);
    ls_tranche_leaf_format(&parsed, &data);
    *leaf = keep(lying, &data);
}

/* A process with one false declaration; its tranche 1 opened with the right key and the bytes committed to. */
static void lie_and_open(fixture *f, const lie *l, judgement *j)
{
    uint8_t key[32];
    begin(f, 0);
    lying = f;
    told = l;
    assert_int_equal(fixture_append(f, fixture_declare(f, fixture_inventory, tell)), 3);
    const fixture_declaration *d = latest(f);
    key_of(d, 1, key);
    judge(f, fixture_open_act(f, 1, 0, tranche_file(f, d, 1, key, d->sealed[0])), ls_record_process(f->record), j);
}

static void a_false_declaration_is_proved(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIES; i++) {
        fixture f;
        judgement j;
        char words[256];
        lie_and_open(&f, &lies[i], &j);
        print_message("  %s\n", lies[i].name);
        assert_true(j.report.failed);
        assert_true(j.report.false_declaration);
        assert_true(j.report.anchored);
        assert_int_equal(j.rows, 0);
        snprintf(words, sizeof words, "those that dprk committed to in act 3 for tranche 1 of sites, and yet %s",
                 lies[i].reason);
        expect_said(&j, LS_FINDING_FAILED, words);
        expect_said(&j, LS_FINDING_FAILED, "this proves that dprk declared falsely");
        assert_false(said(&j, LS_FINDING_OK, "complete"));
        ls_arena_free(&j.arena);
        fixture_close(&f);
    }
}

/* The same false declaration, handed over with a wrong key, or with bytes that were not committed to, proves nothing.
 */
static void a_lie_is_proved_by_its_own_bytes_only(void **state)
{
    (void)state;
    for (size_t i = 0; i < LIES; i++) {
        fixture f;
        judgement j;
        uint8_t key[32];
        lie_and_open(&f, &lies[i], &j);
        ls_arena_free(&j.arena);
        const fixture_declaration *d = latest(&f);
        key_of(d, 1, key);
        expect_refused(&f, fixture_open_act(&f, 1, 0, tranche_file(&f, d, 1, key, changed(&f, d->sealed[0], 40))),
                       "the sealed rows are not the tranche's. This blames nobody");
        key[0] ^= 1;
        expect_refused(&f, fixture_open_act(&f, 1, 0, tranche_file(&f, d, 1, key, d->sealed[0])),
                       "the key is not the tranche's. This blames nobody");
        fixture_close(&f);
    }
}

/* Three rows where the accord fixes four, and all that is committed to fits them. */
static void of_fewer_rows_than_agreed(const fixture_declaration *d, ls_tranche_leaf *leaf, ls_bytes *sealed)
{
    uint8_t area[AREA], key[32];
    ls_tranche_keys keys;
    ls_hasher *hasher;
    unseal(d, area);
    key_of(d, 1, key);
    ls_tranche_keys_derive(&d->declared.context, 1, key, &keys);
    ls_reader r = ls_reader_of(ls_bytes_of(area, sizeof area));
    leaf->rows = ROWS - 1;
    leaf->sealed_size -= FIXTURE_ROW_BYTES;
    assert_null(ls_hasher_open(&keys, leaf->rows, 2, NULL, &hasher).fault);
    for (size_t i = 0; i < leaf->rows; i++) {
        ls_bytes row[2];
        row[0] = ls_read_bytes(&r, ls_read_u32(&r));
        row[1] = ls_read_bytes(&r, ls_read_u32(&r));
        assert_null(ls_hasher_row(hasher, row, NULL).fault);
    }
    assert_null(ls_hasher_finish(hasher, &leaf->root, NULL).fault);
    ls_hasher_free(hasher);
    const size_t size = AREA - FIXTURE_ROW_BYTES;
    memset(area + (r.ptr - area), 0, size - (size_t)(r.ptr - area));
    reseal(d, area, size, crypto_secretstream_xchacha20poly1305_TAG_FINAL, sealed);
}

/* Takes the first attachment of an act out of the fixture, as if nobody had handed it over. */
static void lose_attachment(fixture *f, uint64_t index)
{
    ls_act act;
    assert_null(ls_act_parse(f->entry[index], false, &act, NULL).fault);
    for (size_t i = 0; i < f->attachment_count; i++) {
        if (ls_hash_equal(&f->attachment[i].hash, &act.attachment[0].hash)) {
            f->attachment[i] = f->attachment[--f->attachment_count];
        }
    }
}

/* What the accord fixes holds also where the manifest, which would show it, is left out. */
static void fewer_rows_than_agreed_show_without_the_manifest(void **state)
{
    (void)state;
    static const lie fewer = {"fewer rows", "", of_fewer_rows_than_agreed};
    for (int honest = 0; honest < 2; honest++) {
        fixture f;
        judgement j;
        begin(&f, 0);
        lying = &f;
        told = &fewer;
        uint64_t index = fixture_append(&f, fixture_declare(&f, fixture_inventory, honest ? NULL : tell));
        lose_attachment(&f, index);
        judge(&f, fixture_open_tranche(&f, 1), ls_record_process(f.record), &j);
        expect_said(&j, LS_FINDING_NOTE, "the attachment manifest.json");
        assert_int_equal(j.report.failed, !honest);
        assert_false(j.report.false_declaration);
        if (!honest) {
            expect_said(&j, LS_FINDING_FAILED, "tranche 1 was declared with 3 rows, and the accord fixes 4");
        }
        ls_arena_free(&j.arena);
        fixture_close(&f);
    }
}

/* A row that is no text, under the root: opening it alone proves the lie, too. */
static void a_row_that_is_no_text_is_proved(void **state)
{
    (void)state;
    static const lie no_text = {"no text", "a value is not UTF-8", of_no_text};
    fixture f;
    judgement j;
    uint8_t key[32], salts[ROWS * 2 * LS_SALT_SIZE];
    ls_tranche_keys keys;
    ls_sha256 prefix;
    ls_hash leaf[ROWS], commitment[2];
    ls_buf file = {0};
    begin(&f, 0);
    lying = &f;
    told = &no_text;
    fixture_append(&f, fixture_declare(&f, fixture_inventory, tell));
    const fixture_declaration *d = latest(&f);
    key_of(d, 1, key);
    ls_tranche_keys_derive(&d->declared.context, 1, key, &keys);
    ls_field_prefix(&keys.context, &prefix);
    ls_keystream(keys.salt, 0, salts, sizeof salts);
    for (size_t i = 0; i < ROWS; i++) {
        for (size_t field = 0; field < 2; field++) {
            ls_bytes value = i == 0 && field == 0 ? ls_bytes_of("\xff", 1) : ls_bytes_of("", 0);
            ls_field_commit(&prefix, salts + (2 * i + field) * LS_SALT_SIZE, value, &commitment[field]);
        }
        ls_merkle_leaf(ls_bytes_of(commitment, sizeof commitment), &leaf[i]);
    }
    put_head(&file, LS_OPENING_ROWS, d, 1);
    ls_buf_put_u64(&file, 1);
    ls_buf_put_u64(&file, 0);
    ls_buf_put_u8(&file, 1);
    ls_buf_put(&file, salts, LS_SALT_SIZE);
    ls_buf_put_u32(&file, 1);
    ls_buf_put_u8(&file, 0xff);
    ls_buf_put_u8(&file, 1);
    ls_buf_put(&file, salts + LS_SALT_SIZE, LS_SALT_SIZE);
    ls_buf_put_u32(&file, 0);
    /* From the root down, left before right: row 1, then the pair of rows 2 and 3. */
    ls_hash pair;
    ls_merkle_node(&leaf[2], &leaf[3], &pair);
    ls_buf_put_u32(&file, 2);
    ls_buf_put(&file, leaf[1].b, LS_HASH_SIZE);
    ls_buf_put(&file, pair.b, LS_HASH_SIZE);
    judge(&f, fixture_open_act(&f, 0, 1, keep(&f, &file)), ls_record_process(f.record), &j);
    assert_true(j.report.false_declaration);
    expect_said(&j, LS_FINDING_FAILED, "for tranche 1 of sites, and yet a value is not UTF-8");
    expect_said(&j, LS_FINDING_FAILED, "this proves that dprk declared falsely");
    ls_arena_free(&j.arena);
    fixture_close(&f);
}

/* The anchor. */

static void the_fingerprint_decides(void **state)
{
    (void)state;
    fixture f;
    judgement j;
    begin(&f, 0);
    fixture_append(&f, fixture_declare(&f, fixture_inventory, NULL));
    ls_hash other = *ls_record_process(f.record);
    other.b[31] ^= 1;
    judge(&f, fixture_open_tranche(&f, 1), &other, &j);
    assert_true(j.report.failed);
    assert_false(j.report.anchored);
    assert_int_equal(j.rows, 0);
    expect_said(&j, LS_FINDING_FAILED, "its fingerprint is ");
    ls_arena_free(&j.arena);
    judge(&f, fixture_open_tranche(&f, 1), NULL, &j);
    assert_false(j.report.failed);
    assert_false(j.report.anchored);
    expect_said(&j, LS_FINDING_NOTE, "only consistent with itself");
    ls_arena_free(&j.arena);
    fixture_close(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_as_they_are),
        cmocka_unit_test(a_row_dropped),
        cmocka_unit_test(a_row_added),
        cmocka_unit_test(a_row_changed),
        cmocka_unit_test(a_row_moved_to_another_tranche),
        cmocka_unit_test(a_row_of_another_declaration),
        cmocka_unit_test(a_part_under_another_name),
        cmocka_unit_test(a_complete_tranche_says_so),
        cmocka_unit_test(other_sealed_rows_are_no_opening),
        cmocka_unit_test(a_wrong_key_is_no_opening),
        cmocka_unit_test(a_tranche_of_another_process),
        cmocka_unit_test(a_false_declaration_is_proved),
        cmocka_unit_test(a_lie_is_proved_by_its_own_bytes_only),
        cmocka_unit_test(fewer_rows_than_agreed_show_without_the_manifest),
        cmocka_unit_test(a_row_that_is_no_text_is_proved),
        cmocka_unit_test(the_fingerprint_decides),
    };
    return cmocka_run_group_tests_name("lies", tests, NULL, NULL);
}
