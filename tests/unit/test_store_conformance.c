/*
 * The storage contract, held against every backend: SQLite in a folder, and PostgreSQL where LOCKSTEP_POSTGRES names a
 * database (tools/with-postgres starts one). What only one of them promises stands in test_store.c and
 * test_postgres.c.
 */
#include "crypto/sha256.h"
#include "fixture/system.h"
#include "os/os.h"
#include "record/record.h"
#include "store/store.h"
#include <lockstep/merkle.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define B(s) ls_bytes_of(s, sizeof(s) - 1)

/* Where a test's ledger is: a folder, or a name in the database. */
typedef struct place {
    const struct backend *backend;
    char name[256];
} place;

typedef struct backend {
    const char *name;
    void (*make)(char name[static 256]);
    ls_result (*open)(const char *name, bool create, ls_store **out, ls_detail *detail);
    void (*remove)(const char *name);
    bool leases; /* a lead can't be taken from somebody before its time is over */
} backend;

static void make_folder(char name[static 256])
{
    system_folder(name, 256);
}

static void make_name(char name[static 256])
{
    static int number;
    snprintf(name, 256, "test/%d-%d", (int)getpid(), number++);
}

static ls_result open_postgres(const char *name, bool create, ls_store **out, ls_detail *detail)
{
    return ls_store_postgres(getenv("LOCKSTEP_POSTGRES"), name, create, out, detail);
}

static void keep(const char *name)
{
    (void)name; /* the database goes away as a whole */
}

static backend sqlite_backend = {"sqlite", make_folder, ls_store_sqlite, system_remove, false};
static backend postgres_backend = {"postgres", make_name, open_postgres, keep, true};

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    p->backend = *state;
    p->backend->make(p->name);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    p->backend->remove(p->name);
    free(p);
    return 0;
}

/* Short forms of the methods, for a test that does not expect them to fail. */

static ls_store *open_store(const place *p, bool create)
{
    ls_store *s = NULL;
    ls_detail detail = {0};
    ls_result r = p->backend->open(p->name, create, &s, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    return s;
}

static uint64_t size_of(ls_store *s)
{
    ls_store_head head = {0};
    assert_null(s->methods->head(s, &head, NULL).fault);
    uint64_t size = head.size;
    ls_store_head_free(&head);
    return size;
}

static void expect_head(ls_store *s, uint64_t size, const char *latest, const char *final)
{
    ls_store_head head = {.size = 99};
    ls_buf_put_str(&head.latest, "what was there before goes away");
    assert_null(s->methods->head(s, &head, NULL).fault);
    assert_int_equal(head.size, size);
    assert_true(ls_bytes_is(ls_buf_bytes(&head.latest), latest));
    assert_true(ls_bytes_is(ls_buf_bytes(&head.final), final));
    ls_store_head_free(&head);
}

static ls_result try_lead(ls_store *s, const char *holder, unsigned seconds, uint64_t *epoch)
{
    return s->methods->lead(s, ls_bytes_str(holder), seconds, epoch, NULL);
}

static uint64_t lead_as(ls_store *s, const char *holder, unsigned seconds)
{
    uint64_t epoch = 0;
    ls_result r = try_lead(s, holder, seconds, &epoch);
    assert_null(r.fault);
    assert_true(epoch > 0);
    return epoch;
}

static uint64_t lead(ls_store *s)
{
    return lead_as(s, "the test", 60);
}

/* Entry i of the tests: its number in words that take some room. */
static ls_bytes numbered(uint64_t i, char room[static 64])
{
    return ls_bytes_of(room, (size_t)snprintf(room, 64, "entry %llu of the test\n", (unsigned long long)i));
}

static ls_hash root_of(uint64_t i)
{
    char room[64];
    ls_hash root;
    ls_sha256_hash(numbered(i, room), &root);
    return root;
}

static ls_result append_one(ls_store *s, uint64_t epoch, uint64_t size)
{
    char room[64];
    ls_bytes note = numbered(size, room);
    ls_hash root = root_of(size);
    return s->methods->append(s, epoch, size, &note, &root, 1, NULL);
}

static void append_some(ls_store *s, uint64_t epoch, uint64_t from, uint64_t to)
{
    for (uint64_t i = from; i < to; i++) {
        assert_null(append_one(s, epoch, i).fault);
    }
}

static ls_result publish(ls_store *s, uint64_t epoch, uint64_t size, const char *note)
{
    return s->methods->publish(s, epoch, size, ls_bytes_str(note), NULL);
}

static ls_result finalize(ls_store *s, uint64_t epoch, uint64_t size, const char *note)
{
    return s->methods->finalize(s, epoch, size, ls_bytes_str(note), NULL);
}

static ls_result expect_numbered(void *context, uint64_t index, ls_bytes note)
{
    uint64_t *seen = context;
    char room[64];
    ls_bytes wanted = numbered(index, room);
    ++*seen;
    return ls_bytes_equal(note, wanted) ? LS_SUCCESS : ls_fail(&ls_fault_bug);
}

/* Entries and roots from 0 to size are those that append_one writes. */
static void check_all(ls_store *s, uint64_t size)
{
    uint64_t seen = 0;
    assert_null(s->methods->read(s, 0, size, expect_numbered, &seen, NULL).fault);
    assert_int_equal(seen, size);
    for (uint64_t i = 0; i < size; i++) {
        ls_hash root, wanted = root_of(i);
        assert_null(s->methods->root(s, i + 1, &root, NULL).fault);
        assert_true(ls_hash_equal(&root, &wanted));
    }
}

/* Entries. */

static void a_new_ledger_is_empty(void **state)
{
    const place *p = *state;
    ls_store *s = NULL;
    ls_detail detail = {0};
    ls_hash root, wanted;
    uint64_t seen = 0;
    place nowhere = *p;
    strcat(nowhere.name, "-not");
    assert_ptr_equal(p->backend->open(nowhere.name, false, &s, &detail).fault, &ls_fault_missing);
    assert_null(s);
    assert_true(detail.text[0] != 0);
    s = open_store(p, true);
    expect_head(s, 0, "", "");
    assert_null(s->methods->read(s, 0, 0, expect_numbered, &seen, NULL).fault);
    assert_null(s->methods->root(s, 0, &root, NULL).fault);
    ls_sha256_hash(ls_bytes_of(NULL, 0), &wanted); /* RFC 6962: the root over nothing */
    assert_true(ls_hash_equal(&root, &wanted));
    assert_ptr_equal(s->methods->root(s, 1, &root, NULL).fault, &ls_fault_store_damaged);
    assert_true(ls_hash_equal(&root, &wanted));
    s->methods->close(s);
    /* Making it a second time changes nothing. */
    s = open_store(p, true);
    expect_head(s, 0, "", "");
    s->methods->close(s);
}

static void keeps_what_it_is_given(void **state)
{
    const place *p = *state;
    char a[64], b[64], c[64];
    ls_store *s = open_store(p, true);
    uint64_t epoch = lead(s), seen = 0;
    const ls_bytes notes[] = {numbered(0, a), numbered(1, b), numbered(2, c)};
    const ls_hash roots[] = {root_of(0), root_of(1), root_of(2)};
    assert_null(s->methods->append(s, epoch, 0, notes, roots, 2, NULL).fault);
    assert_null(s->methods->append(s, epoch, 2, notes + 2, roots + 2, 1, NULL).fault);
    assert_null(s->methods->append(s, epoch, 3, NULL, NULL, 0, NULL).fault);
    assert_null(publish(s, epoch, 2, "two").fault);
    expect_head(s, 3, "two", "");
    assert_null(publish(s, epoch, 3, "three").fault);
    assert_null(finalize(s, epoch, 2, "two, final").fault);
    check_all(s, 3);
    expect_head(s, 3, "three", "two, final");
    s->methods->close(s);
    s = open_store(p, false);
    check_all(s, 3);
    expect_head(s, 3, "three", "two, final");
    assert_null(s->methods->read(s, 1, 2, expect_numbered, &seen, NULL).fault);
    assert_null(s->methods->read(s, 3, 3, expect_numbered, &seen, NULL).fault);
    assert_int_equal(seen, 1);
    s->methods->close(s);
}

static ls_result expect_big(void *context, uint64_t index, ls_bytes note)
{
    const ls_bytes *notes = context;
    return ls_bytes_equal(note, notes[index]) ? LS_SUCCESS : ls_fail(&ls_fault_bug);
}

/* Every byte, the empty entry, and the longest that the tile format allows. */
static void any_bytes_will_do(void **state)
{
    const place *p = *state;
    ls_store *s = open_store(p, true);
    uint8_t *bytes = malloc(65535);
    for (size_t i = 0; i < 65535; i++) {
        bytes[i] = (uint8_t)(i ^ i >> 8);
    }
    ls_bytes notes[] = {ls_bytes_of(bytes, 65535), {NULL, 0}, ls_bytes_of(bytes, 256), ls_bytes_of(bytes, 1)};
    const ls_hash roots[4] = {{{0}}};
    uint64_t epoch = lead(s);
    assert_null(s->methods->append(s, epoch, 0, notes, roots, 4, NULL).fault);
    assert_null(s->methods->publish(s, epoch, 4, notes[2], NULL).fault);
    assert_null(s->methods->read(s, 0, 4, expect_big, notes, NULL).fault);
    ls_store_head head = {0};
    assert_null(s->methods->head(s, &head, NULL).fault);
    assert_true(ls_bytes_equal(ls_buf_bytes(&head.latest), notes[2]));
    ls_store_head_free(&head);
    s->methods->close(s);
    free(bytes);
}

#define MANY 1500

/* More than a backend reads at once. */
static void a_large_batch_enters_whole(void **state)
{
    const place *p = *state;
    static char room[MANY][64];
    static ls_bytes notes[MANY];
    static ls_hash roots[MANY];
    uint64_t seen = 0;
    for (uint64_t i = 0; i < MANY; i++) {
        notes[i] = numbered(i, room[i]);
        roots[i] = root_of(i);
    }
    ls_store *s = open_store(p, true);
    uint64_t epoch = lead(s);
    assert_ptr_equal(s->methods->append(s, epoch, 1, notes, roots, MANY, NULL).fault, &ls_fault_store_conflict);
    assert_int_equal(size_of(s), 0);
    assert_null(s->methods->append(s, epoch, 0, notes, roots, MANY, NULL).fault);
    check_all(s, MANY);
    assert_null(s->methods->read(s, 255, 1026, expect_numbered, &seen, NULL).fault);
    assert_int_equal(seen, 1026 - 255);
    s->methods->close(s);
}

static void refuses_what_does_not_follow(void **state)
{
    const place *p = *state;
    uint64_t seen = 0;
    ls_store *s = open_store(p, true);
    uint64_t epoch = lead(s);
    assert_ptr_equal(append_one(s, epoch, 1).fault, &ls_fault_store_conflict);
    assert_ptr_equal(s->methods->append(s, epoch, 1, NULL, NULL, 0, NULL).fault, &ls_fault_store_conflict);
    assert_null(append_one(s, epoch, 0).fault);
    assert_ptr_equal(append_one(s, epoch, 0).fault, &ls_fault_store_conflict);
    assert_null(append_one(s, epoch, 1).fault);
    assert_ptr_equal(s->methods->read(s, 1, 3, expect_numbered, &seen, NULL).fault, &ls_fault_store_damaged);
    assert_ptr_equal(s->methods->read(s, 2, 1, expect_numbered, &seen, NULL).fault, &ls_fault_usage);
    check_all(s, 2);
    s->methods->close(s);
}

static void checkpoints_only_grow(void **state)
{
    const place *p = *state;
    ls_store *s = open_store(p, true);
    uint64_t epoch = lead(s);
    append_some(s, epoch, 0, 3);
    assert_ptr_equal(publish(s, epoch, 4, "four").fault, &ls_fault_store_conflict);
    assert_ptr_equal(finalize(s, epoch, 1, "one").fault, &ls_fault_store_conflict);
    assert_null(publish(s, epoch, 2, "two").fault);
    assert_ptr_equal(publish(s, epoch, 1, "one").fault, &ls_fault_store_conflict);
    assert_ptr_equal(finalize(s, epoch, 3, "three").fault, &ls_fault_store_conflict);
    expect_head(s, 3, "two", "");
    assert_null(finalize(s, epoch, 2, "two, final").fault);
    assert_null(publish(s, epoch, 3, "three").fault);
    assert_ptr_equal(finalize(s, epoch, 1, "one, final").fault, &ls_fault_store_conflict);
    expect_head(s, 3, "three", "two, final");
    /* Of one size, the later one stands: more cosignatures came. */
    assert_null(finalize(s, epoch, 2, "two, more final").fault);
    assert_null(finalize(s, epoch, 3, "three, final").fault);
    expect_head(s, 3, "three", "three, final");
    s->methods->close(s);
}

static ls_result stop_at_once(void *context, uint64_t index, ls_bytes note)
{
    (void)context;
    (void)index;
    (void)note;
    return ls_fail(&ls_fault_memory);
}

/* A reader that stops in the middle leaves no transaction open. */
static void a_stopped_read_blocks_nothing(void **state)
{
    const place *p = *state;
    ls_store *s = open_store(p, true), *other = open_store(p, false);
    append_some(s, lead(s), 0, 2);
    assert_null(s->methods->lead(s, B("the test"), 0, &(uint64_t){lead(s)}, NULL).fault);
    assert_ptr_equal(s->methods->read(s, 0, 2, stop_at_once, NULL, NULL).fault, &ls_fault_memory);
    assert_null(append_one(other, lead(other), 2).fault);
    assert_int_equal(size_of(s), 3);
    check_all(s, 3);
    s->methods->close(s);
    other->methods->close(other);
}

/* Ledgers beside each other know nothing of each other. */
static void ledgers_do_not_mix(void **state)
{
    const place *p = *state;
    place second = *p;
    p->backend->make(second.name);
    ls_store *a = open_store(p, true), *b = open_store(&second, true);
    append_some(a, lead(a), 0, 5);
    append_some(b, lead(b), 0, 2);
    assert_null(publish(a, lead(a), 5, "five").fault);
    expect_head(b, 2, "", "");
    check_all(a, 5);
    check_all(b, 2);
    a->methods->close(a);
    b->methods->close(b);
    p->backend->remove(second.name);
}

/* The lead. */

static void expect_fenced(ls_store *s, uint64_t epoch, uint64_t size)
{
    uint64_t renewed = epoch;
    assert_ptr_equal(append_one(s, epoch, size).fault, &ls_fault_store_conflict);
    assert_ptr_equal(s->methods->append(s, epoch, size, NULL, NULL, 0, NULL).fault, &ls_fault_store_conflict);
    assert_ptr_equal(publish(s, epoch, size, "fenced").fault, &ls_fault_store_conflict);
    assert_ptr_equal(finalize(s, epoch, size, "fenced").fault, &ls_fault_store_conflict);
    if (epoch != 0) {
        assert_ptr_equal(try_lead(s, "fenced", 60, &renewed).fault, &ls_fault_store_conflict);
        assert_int_equal(renewed, epoch);
    }
}

static void only_the_leader_writes(void **state)
{
    const place *p = *state;
    ls_store *s = open_store(p, true);
    expect_fenced(s, 0, 0);
    expect_fenced(s, 1, 0);
    uint64_t epoch = lead(s);
    append_some(s, epoch, 0, 2);
    assert_null(publish(s, epoch, 1, "one").fault);
    expect_fenced(s, epoch - 1, 2);
    expect_fenced(s, epoch + 1, 2);
    assert_ptr_equal(append_one(s, 0, 2).fault, &ls_fault_store_conflict);
    assert_null(append_one(s, epoch, 2).fault);
    expect_head(s, 3, "one", "");
    check_all(s, 3);
    s->methods->close(s);
}

static void who_was_replaced_writes_nothing(void **state)
{
    const place *p = *state;
    ls_store *a = open_store(p, true), *b = open_store(p, false);
    uint64_t first = lead_as(a, "a", 60);
    append_some(a, first, 0, 2);
    assert_null(publish(a, first, 2, "two").fault);
    assert_null(try_lead(a, "a", 0, &first).fault); /* gives it up */
    uint64_t second = lead_as(b, "b", 60);
    assert_true(second > first);
    expect_fenced(a, first, 2);
    expect_head(b, 2, "two", "");
    assert_null(append_one(b, second, 2).fault);
    expect_fenced(a, first, 2);
    expect_fenced(a, first, 3);
    expect_fenced(b, first, 3); /* whoever says it */
    check_all(a, 3);
    a->methods->close(a);
    b->methods->close(b);
}

static void a_lease_holds_until_it_runs_out(void **state)
{
    const place *p = *state;
    if (!p->backend->leases) {
        skip();
    }
    ls_store *a = open_store(p, true), *b = open_store(p, false);
    uint64_t first = lead_as(a, "ship", 2), second = 0, renewed = first;
    ls_detail detail = {0};
    assert_ptr_equal(b->methods->lead(b, B("boat"), 2, &second, &detail).fault, &ls_fault_store_led);
    assert_int_equal(second, 0);
    assert_non_null(strstr(detail.text, "ship"));
    sleep(1);
    assert_null(try_lead(a, "ship", 2, &renewed).fault);
    assert_int_equal(renewed, first);
    sleep(1);
    usleep(500000); /* the first lease would be over */
    assert_ptr_equal(try_lead(b, "boat", 2, &second).fault, &ls_fault_store_led);
    assert_null(append_one(a, first, 0).fault);
    sleep(1);
    /* Run out, but nobody wanted it: its holder still leads. */
    assert_null(append_one(a, first, 1).fault);
    assert_null(try_lead(b, "boat", 60, &second).fault);
    assert_true(second > first);
    expect_fenced(a, first, 2);
    assert_ptr_equal(try_lead(a, "ship", 2, &(uint64_t){0}).fault, &ls_fault_store_led);
    assert_null(append_one(b, second, 2).fault);
    check_all(b, 3);
    a->methods->close(a);
    b->methods->close(b);
}

/* Files. */

/* Gives `size` bytes in portions, of which each differs from the others; fails after `failing` bytes if that is not 0.
 */
typedef struct giver {
    uint64_t size, given, failing;
    size_t portion;
} giver;

static uint8_t byte_at(uint64_t i)
{
    return (uint8_t)(i * 31 ^ i >> 13);
}

static ls_result give(void *context, size_t cap, ls_buf *out, ls_detail *detail)
{
    giver *g = context;
    if (g->failing != 0 && g->given >= g->failing) {
        return ls_fail_with(&ls_fault_file, detail, "the source is gone");
    }
    size_t portion = g->portion < cap ? g->portion : cap;
    portion = g->size - g->given < portion ? (size_t)(g->size - g->given) : portion;
    uint8_t *to = portion == 0 ? NULL : ls_buf_extend(out, portion);
    for (size_t i = 0; i < portion && to != NULL; i++) {
        to[i] = byte_at(g->given++);
    }
    return LS_SUCCESS;
}

static void content_of(uint64_t size, ls_buf *out)
{
    giver g = {.size = size, .portion = SIZE_MAX};
    assert_null(give(&g, SIZE_MAX, out, NULL).fault);
}

static ls_hash hash_of(uint64_t size)
{
    ls_buf content = {0};
    ls_hash hash;
    content_of(size, &content);
    ls_sha256_hash(ls_buf_bytes(&content), &hash);
    ls_buf_free(&content);
    return hash;
}

static ls_result attach(ls_store *s, const ls_hash *hash, uint64_t size, giver *g)
{
    return s->methods->attach(s, hash, size, (ls_store_source){give, g}, NULL);
}

static void expect_file(ls_store *s, uint64_t size)
{
    ls_buf content = {0}, wanted = {0};
    ls_hash hash = hash_of(size);
    uint64_t found = 99;
    assert_null(s->methods->attached(s, &hash, &found, NULL).fault);
    assert_int_equal(found, size);
    assert_null(s->methods->fetch(s, &hash, size, &content, NULL).fault);
    assert_int_equal(content.len, size);
    content.len = 0;
    ls_buf_put_str(&content, "before");
    ls_buf_put_str(&wanted, "before");
    content_of(size, &wanted);
    if (size > 0) {
        assert_true(ls_failed(s->methods->fetch(s, &hash, size - 1, &content, NULL)));
        assert_int_equal(content.len, 6);
    }
    assert_null(s->methods->fetch(s, &hash, size, &content, NULL).fault);
    assert_true(ls_bytes_equal(ls_buf_bytes(&content), ls_buf_bytes(&wanted)));
    ls_buf_free(&content);
    ls_buf_free(&wanted);
}

static void expect_absent(ls_store *s, const ls_hash *hash)
{
    uint64_t size = 99;
    ls_buf content = {0};
    assert_ptr_equal(s->methods->attached(s, hash, &size, NULL).fault, &ls_fault_absent);
    assert_int_equal(size, 99);
    assert_ptr_equal(s->methods->fetch(s, hash, 1 << 20, &content, NULL).fault, &ls_fault_absent);
    assert_int_equal(content.len, 0);
    ls_buf_free(&content);
}

#define MIB ((uint64_t)1 << 20)
static const uint64_t sizes[] = {0, 1, 65536, MIB - 1, MIB, MIB + 1, 3 * MIB + 7};
#define SIZES (sizeof sizes / sizeof *sizes)

typedef struct listing {
    ls_hash last;
    size_t count;
    bool ordered;
} listing;

static ls_result list_one(void *context, const ls_hash *hash)
{
    listing *l = context;
    l->ordered = l->ordered && (l->count == 0 || memcmp(l->last.b, hash->b, LS_HASH_SIZE) < 0);
    l->last = *hash;
    l->count++;
    return LS_SUCCESS;
}

static void keeps_files_of_any_size(void **state)
{
    const place *p = *state;
    static const size_t portions[] = {1000003, 4096, SIZE_MAX};
    ls_store *s = open_store(p, true);
    for (size_t i = 0; i < SIZES; i++) {
        giver g = {.size = sizes[i], .portion = portions[i % 3]};
        ls_hash hash = hash_of(sizes[i]);
        expect_absent(s, &hash);
        assert_null(attach(s, &hash, sizes[i], &g).fault);
        expect_file(s, sizes[i]);
    }
    s->methods->close(s);
    s = open_store(p, false);
    for (size_t i = 0; i < SIZES; i++) {
        expect_file(s, sizes[i]);
    }
    listing l = {.ordered = true};
    assert_null(s->methods->attachments(s, list_one, &l, NULL).fault);
    assert_int_equal(l.count, SIZES);
    assert_true(l.ordered);
    s->methods->close(s);
}

static void files_that_are_known_are_left(void **state)
{
    const place *p = *state;
    ls_store *s = open_store(p, true), *other = open_store(p, false);
    giver g = {.size = 5000, .portion = 100}, again = {.size = 5000, .failing = 1, .given = 1};
    ls_hash hash = hash_of(5000);
    assert_null(attach(s, &hash, 5000, &g).fault);
    assert_null(attach(other, &hash, 5000, &again).fault);
    expect_file(other, 5000);
    listing l = {.ordered = true};
    assert_null(s->methods->attachments(s, list_one, &l, NULL).fault);
    assert_int_equal(l.count, 1);
    s->methods->close(s);
    other->methods->close(other);
}

/* Another file, one that is longer or shorter, and one that ends too soon: nothing is left of them, and the right one
 * can be stored afterwards. */
static void other_files_are_refused(void **state)
{
    const place *p = *state;
    ls_store *s = open_store(p, true);
    const uint64_t size = 2 * MIB + 5;
    ls_hash hash = hash_of(size), other = hash_of(size + 1);
    giver wrong = {.size = size, .portion = 70000}, shorter = {.size = size - 1, .portion = 70000},
          longer = {.size = size + 1, .portion = 70000}, broken = {.size = size, .portion = 70000, .failing = MIB + 1},
          right = {.size = size, .portion = 70000};
    assert_ptr_equal(attach(s, &other, size, &wrong).fault, &ls_fault_store);
    assert_ptr_equal(attach(s, &hash, size, &shorter).fault, &ls_fault_store);
    assert_ptr_equal(attach(s, &hash, size, &longer).fault, &ls_fault_store);
    assert_ptr_equal(attach(s, &hash, size, &broken).fault, &ls_fault_file);
    expect_absent(s, &hash);
    expect_absent(s, &other);
    listing l = {.ordered = true};
    assert_null(s->methods->attachments(s, list_one, &l, NULL).fault);
    assert_int_equal(l.count, 0);
    assert_null(attach(s, &hash, size, &right).fault);
    expect_file(s, size);
    append_some(s, lead(s), 0, 1); /* no transaction was left open */
    s->methods->close(s);
}

/* Boxes. */

static void expect_box(ls_store *s, const char *to, const ls_hash *hash, const char *wanted)
{
    ls_buf out = {0};
    ls_buf_put_str(&out, "before ");
    ls_result r = s->methods->box(s, ls_bytes_str(to), hash, 100, &out, NULL);
    if (wanted == NULL) {
        assert_ptr_equal(r.fault, &ls_fault_absent);
        assert_string_equal(ls_buf_cstr(&out), "before ");
    } else {
        assert_null(r.fault);
        assert_string_equal(ls_buf_cstr(&out) + 7, wanted);
    }
    ls_buf_free(&out);
}

static size_t count_boxes(ls_store *s, const char *to)
{
    listing l = {.ordered = true};
    assert_null(s->methods->boxes(s, ls_bytes_str(to), list_one, &l, NULL).fault);
    assert_true(l.ordered);
    return l.count;
}

static void keeps_boxes_until_they_are_dropped(void **state)
{
    const place *p = *state;
    ls_store *s = open_store(p, true);
    ls_hash a = hash_of(1), b = hash_of(2);
    ls_bytes usa = ls_bytes_str("usa");
    ls_buf out = {0};
    assert_int_equal(count_boxes(s, "usa"), 0);
    expect_box(s, "usa", &a, NULL);
    assert_null(s->methods->post(s, usa, &a, ls_bytes_str("first"), NULL).fault);
    assert_null(s->methods->post(s, usa, &a, ls_bytes_str("second"), NULL).fault);
    assert_null(s->methods->post(s, usa, &b, ls_bytes_str("other"), NULL).fault);
    s->methods->close(s);
    s = open_store(p, false);
    expect_box(s, "usa", &a, "second");
    assert_int_equal(count_boxes(s, "usa"), 2);
    assert_int_equal(count_boxes(s, "dprk"), 0);
    expect_box(s, "dprk", &a, NULL);
    assert_true(ls_failed(s->methods->box(s, usa, &a, 5, &out, NULL)));
    assert_int_equal(out.len, 0);
    assert_null(s->methods->drop(s, usa, &a, NULL).fault);
    assert_null(s->methods->drop(s, usa, &a, NULL).fault);
    expect_box(s, "usa", &a, NULL);
    assert_int_equal(count_boxes(s, "usa"), 1);
    s->methods->close(s);
}

/* Whoever may name an addressee must not leave the store with it. */
static void boxes_have_names_for_addressees(void **state)
{
    const place *p = *state;
    static const char *const names[] = {"", "..", "../usa", "usa/..", "USA", ".", "a b"};
    ls_store *s = open_store(p, true);
    ls_hash hash = hash_of(1);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        ls_bytes to = ls_bytes_str(names[i]);
        listing l = {.ordered = true};
        ls_buf out = {0};
        assert_true(ls_failed(s->methods->post(s, to, &hash, ls_bytes_str("x"), NULL)));
        assert_true(ls_failed(s->methods->boxes(s, to, list_one, &l, NULL)));
        assert_true(ls_failed(s->methods->box(s, to, &hash, 100, &out, NULL)));
        assert_true(ls_failed(s->methods->drop(s, to, &hash, NULL)));
    }
    s->methods->close(s);
}

/* Moving. */

/* A note that reads as a checkpoint; who signed it is not the store's business. */
static const char *checkpoint_of(uint64_t size, char out[static 300])
{
    char root[45] = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    char signature[93];
    memset(signature, 'A', 92);
    memcpy(signature + 90, "A=", 3); /* 68 bytes: a key's id, and an Ed25519 signature */
    snprintf(out, 300, "a.example/x\n%llu\n%s\n\n\u2014 a.example/x %s\n", (unsigned long long)size, root, signature);
    return out;
}

static void fill_folder(const char *folder, uint64_t size)
{
    char room[300];
    ls_store *s = NULL;
    giver g = {.size = 70000, .portion = 4096};
    ls_hash hash = hash_of(70000);
    assert_null(ls_store_sqlite(folder, true, &s, NULL).fault);
    uint64_t epoch = lead(s);
    append_some(s, epoch, 0, size);
    assert_null(publish(s, epoch, size, checkpoint_of(size, room)).fault);
    assert_null(finalize(s, epoch, size - 1, checkpoint_of(size - 1, room)).fault);
    assert_null(attach(s, &hash, 70000, &g).fault);
    assert_null(s->methods->post(s, B("usa"), &hash, B("sealed"), NULL).fault);
    s->methods->close(s);
}

static void a_folder_moves(void **state)
{
    const place *p = *state;
    char folder[256], latest[300], final[300];
    ls_store *s = open_store(p, true), *old = NULL;
    ls_detail detail = {0};
    ls_hash hash = hash_of(70000);
    ls_buf box = {0};
    system_folder(folder, sizeof folder);
    fill_folder(folder, 1203);
    assert_false(ls_store_moved(folder));
    /* Interrupted earlier: a part of it is there. */
    append_some(s, lead_as(s, "mover", 0), 0, 5);
    assert_null(ls_store_move(folder, B("mover"), s, &detail).fault);
    check_all(s, 1203);
    expect_head(s, 1203, checkpoint_of(1203, latest), checkpoint_of(1202, final));
    expect_file(s, 70000);
    assert_null(s->methods->box(s, B("usa"), &hash, 100, &box, NULL).fault);
    assert_true(ls_bytes_is(ls_buf_bytes(&box), "sealed"));
    ls_buf_free(&box);
    /* Nobody goes on with the folder. */
    assert_true(ls_store_moved(folder));
    assert_ptr_equal(ls_store_sqlite(folder, false, &old, &detail).fault, &ls_fault_store);
    assert_null(ls_store_move(folder, B("mover"), s, NULL).fault);
    assert_null(append_one(s, lead(s), 1203).fault);
    s->methods->close(s);
    system_remove(folder);
}

/* A copy of the folder on another machine is marked, too, once it is known to be the same; another history is not. */
static void a_second_folder_must_be_the_same(void **state)
{
    const place *p = *state;
    char same[256], other[256], room[300];
    ls_store *s = open_store(p, true), *o = NULL;
    ls_bytes note = B("something else");
    ls_hash root = {{9}};
    system_folder(same, sizeof same);
    system_folder(other, sizeof other);
    fill_folder(same, 10);
    assert_null(ls_store_sqlite(other, true, &o, NULL).fault);
    assert_null(o->methods->append(o, lead(o), 0, &note, &root, 1, NULL).fault);
    o->methods->close(o);
    append_some(s, lead_as(s, "it went on", 60), 0, 12);
    assert_null(publish(s, lead_as(s, "it went on", 60), 12, checkpoint_of(12, room)).fault);
    assert_null(ls_store_move(same, B("mover"), s, NULL).fault);
    assert_true(ls_store_moved(same));
    assert_ptr_equal(ls_store_move(other, B("mover"), s, NULL).fault, &ls_fault_store_damaged);
    assert_false(ls_store_moved(other));
    check_all(s, 12);
    s->methods->close(s);
    system_remove(same);
    system_remove(other);
}

/* Several processes. */

#define PROCESSES 4
#define EACH 25

/* Appends EACH entries, whatever the others do: a conflict is no failure, but a reason to read again. */
static int append_each(void *context)
{
    const place *p = context;
    ls_store *s;
    char holder[32];
    if (ls_failed(p->backend->open(p->name, false, &s, NULL))) {
        return 1;
    }
    snprintf(holder, sizeof holder, "process %d", (int)getpid());
    for (int done = 0; done < EACH;) {
        uint64_t epoch = 0;
        /* A lease of no length: whoever asks next takes it. */
        ls_result r = try_lead(s, holder, 0, &epoch);
        r = ls_succeeded(r) ? append_one(s, epoch, size_of(s)) : r;
        if (ls_failed(r) && r.fault != &ls_fault_store_conflict && r.fault != &ls_fault_store_led) {
            return 2;
        }
        done += ls_succeeded(r);
    }
    s->methods->close(s);
    return 0;
}

static void processes_append_at_once(void **state)
{
    place *p = *state;
    ls_store *s = open_store(p, true);
    pid_t child[PROCESSES];
    for (int i = 0; i < PROCESSES; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            _exit(append_each(p));
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
    }
    assert_int_equal(size_of(s), PROCESSES * EACH);
    check_all(s, PROCESSES * EACH);
    s->methods->close(s);
}

/* Several processes make the same ledger at once, of which only one can. */
static int make_ledger(void *context)
{
    const place *p = context;
    ls_store *s;
    if (ls_failed(p->backend->open(p->name, true, &s, NULL))) {
        return 1;
    }
    bool empty = size_of(s) == 0;
    s->methods->close(s);
    return empty ? 0 : 2;
}

static void processes_make_it_at_once(void **state)
{
    place *p = *state;
    pid_t child[PROCESSES];
    if (!p->backend->leases) {
        skip(); /* a folder is made under its lock */
    }
    for (int i = 0; i < PROCESSES; i++) {
        child[i] = fork();
        if (child[i] == 0) {
            _exit(make_ledger(p));
        }
    }
    for (int i = 0; i < PROCESSES; i++) {
        int status;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
}

/* Appends for ever, and writes one byte to the pipe for each entry that is acknowledged. */
static void append_until_killed(const place *p, int acknowledge)
{
    ls_store *s;
    uint64_t epoch = 0;
    if (ls_failed(p->backend->open(p->name, true, &s, NULL)) || ls_failed(try_lead(s, "mortal", 0, &epoch))) {
        _exit(1);
    }
    for (;;) {
        if (ls_failed(append_one(s, epoch, size_of(s))) || write(acknowledge, "", 1) != 1) {
            _exit(1);
        }
    }
}

static void nothing_acknowledged_is_lost_when_killed(void **state)
{
    const place *p = *state;
    uint64_t before = 0;
    for (int round = 0; round < 20; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            append_until_killed(p, ends[1]);
        }
        close(ends[1]);
        usleep((useconds_t)(rand() % 40000)); /* at any moment, the making of it included */
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        uint64_t acknowledged = before;
        char byte;
        while (read(ends[0], &byte, 1) == 1) {
            acknowledged++;
        }
        close(ends[0]);
        /* What was on its way to a server when its client was killed may enter a moment later, but before whoever
         * leads next has the lead. */
        ls_store *s = open_store(p, true);
        lead_as(s, "the heir", 0);
        uint64_t size = size_of(s);
        assert_true(size == acknowledged || size == acknowledged + 1);
        check_all(s, size);
        s->methods->close(s);
        before = size;
    }
}

/* The same tests for each backend. */

typedef struct contract_test {
    const char *name;
    CMUnitTestFunction test;
} contract_test;
#define CONTRACT(f)                                                                                                    \
    {                                                                                                                  \
#f, f                                                                                                          \
    }

static const contract_test contract[] = {
    CONTRACT(a_new_ledger_is_empty),
    CONTRACT(keeps_what_it_is_given),
    CONTRACT(any_bytes_will_do),
    CONTRACT(a_large_batch_enters_whole),
    CONTRACT(refuses_what_does_not_follow),
    CONTRACT(checkpoints_only_grow),
    CONTRACT(a_stopped_read_blocks_nothing),
    CONTRACT(ledgers_do_not_mix),
    CONTRACT(only_the_leader_writes),
    CONTRACT(who_was_replaced_writes_nothing),
    CONTRACT(a_lease_holds_until_it_runs_out),
    CONTRACT(keeps_files_of_any_size),
    CONTRACT(files_that_are_known_are_left),
    CONTRACT(other_files_are_refused),
    CONTRACT(keeps_boxes_until_they_are_dropped),
    CONTRACT(boxes_have_names_for_addressees),
    CONTRACT(a_folder_moves),
    CONTRACT(a_second_folder_must_be_the_same),
    CONTRACT(processes_make_it_at_once),
    CONTRACT(processes_append_at_once),
    CONTRACT(nothing_acknowledged_is_lost_when_killed),
};
#define TESTS (sizeof contract / sizeof *contract)

static int run_contract(backend *b)
{
    static char names[TESTS][100];
    struct CMUnitTest tests[TESTS];
    for (size_t i = 0; i < TESTS; i++) {
        snprintf(names[i], sizeof names[i], "%s: %s", b->name, contract[i].name);
        tests[i] = (struct CMUnitTest){names[i], contract[i].test, set_up, tear_down, b};
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}

static void postgres_is_absent(void **state)
{
    const char *why = getenv("LOCKSTEP_POSTGRES_ABSENT");
    (void)state;
    print_message("the contract is not held against PostgreSQL: %s\n",
                  why == NULL ? "run this through tools/with-postgres" : why);
    skip();
}

int main(void)
{
    const struct CMUnitTest absent[] = {cmocka_unit_test(postgres_is_absent)};
    int failed = run_contract(&sqlite_backend);
    return failed + (getenv("LOCKSTEP_POSTGRES") == NULL ? cmocka_run_group_tests(absent, NULL, NULL)
                                                         : run_contract(&postgres_backend));
}
