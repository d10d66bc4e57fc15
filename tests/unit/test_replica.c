/* Replicas: what they take in, what they refuse and keep as evidence, and that an interrupted run goes on. */
#include "bundle/courier.h"
#include "crypto/sha256.h"
#include "fixture/fixture.h"
#include "fixture/system.h"
#include "ledger/replica.h"
#include "os/os.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ENTRIES_MAX 256

/* A ledger in memory that can be made to lie. */
typedef struct source {
    ls_ledger base;
    fixture *f; /* whose attachments it has */
    size_t count;
    ls_bytes entry[ENTRIES_MAX], checkpoint;
    uint64_t break_at; /* reading fails at this entry; UINT64_MAX: nowhere */
    bool hides;        /* gives no attachment that acceptance does not need */
    uint64_t read;     /* entries that were asked for */
} source;

static const ls_fault fault_broken = {LS_CLASS_ENVIRONMENT, "broken", "the connection broke"};

static ls_result source_checkpoint(ls_ledger *l, ls_which_checkpoint which, ls_buf *note, ls_detail *detail)
{
    (void)which;
    (void)detail;
    ls_buf_put_bytes(note, ((source *)l)->checkpoint);
    return LS_SUCCESS;
}

static ls_result source_read(ls_ledger *l, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                             ls_detail *detail)
{
    source *s = (source *)l;
    (void)detail;
    for (uint64_t i = from; i < to; i++) {
        if (i == s->break_at || i >= s->count) {
            return ls_fail(&fault_broken);
        }
        s->read++;
        LS_TRY(sink(context, i, s->entry[i]));
    }
    return LS_SUCCESS;
}

static ls_result source_fetch(ls_ledger *l, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    const source *s = (source *)l;
    ls_bytes content;
    (void)detail;
    LS_TRY(fixture_fetch(s->f, hash, limit, NULL, &content));
    if (s->hides && ls_bytes_starts(content, "hidden")) {
        return ls_fail(&ls_fault_absent);
    }
    ls_buf_put_bytes(out, content);
    return LS_SUCCESS;
}

static const ls_ledger_methods methods = {.checkpoint = source_checkpoint, .read = source_read, .fetch = source_fetch};

/* Shows what a fixture has on its record. */
static void show(source *s, fixture *f)
{
    *s = (source){.base.methods = &methods, .f = f, .count = f->entry_count, .break_at = UINT64_MAX};
    memcpy(s->entry, f->entry, f->entry_count * sizeof *f->entry);
    s->checkpoint = fixture_checkpoint(f);
}

/* A process up to an accord, and some acts of two parties after it. */
static void begin(fixture *f)
{
    fixture_open(f, NULL);
    fixture_append(f, fixture_charter(f));
    fixture_stamp(f);
    fixture_append(f, fixture_accord(f));
    fixture_stamp(f);
}

static void act(fixture *f, size_t times)
{
    for (size_t i = 0; i < times; i++) {
        fixture_append(f, fixture_measure(f, FIXTURE_USA, "perform", "suspend-exercises"));
        fixture_append(f, fixture_measure(f, FIXTURE_DPRK, "confirm", "suspend-exercises"));
        fixture_stamp(f);
    }
}

typedef struct place {
    char parent[256], folder[300];
    fixture f;
    source s;
    ls_replica *r;
} place;

static void open_replica(place *p)
{
    ls_detail detail = {0};
    ls_result r = ls_replica_open(p->folder, ls_record_process(p->f.record), &p->s.base, &p->r, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
}

static void reopen(place *p)
{
    ls_replica_close(p->r);
    open_replica(p);
}

static ls_result sync(place *p, ls_detail *detail)
{
    *detail = (ls_detail){0};
    return ls_replica_sync(p->r, LS_CHECKPOINT_LATEST, NULL, detail);
}

static void sync_well(place *p)
{
    ls_detail detail;
    ls_result r = sync(p, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    assert_int_equal(ls_replica_size(p->r), p->s.count);
    assert_int_equal(ls_record_size(ls_replica_record(p->r)), p->s.count);
}

static void start(place *p)
{
    system_folder(p->parent, sizeof p->parent);
    snprintf(p->folder, sizeof p->folder, "%s/replica", p->parent);
    begin(&p->f);
    act(&p->f, 3);
    show(&p->s, &p->f);
    open_replica(p);
}

static void end(place *p)
{
    ls_replica_close(p->r);
    fixture_close(&p->f);
    system_remove(p->parent);
}

static size_t evidence(const place *p, char ***names, ls_arena *arena)
{
    char path[400];
    size_t count;
    snprintf(path, sizeof path, "%s/evidence", p->folder);
    assert_null(ls_folder_list(arena, path, names, &count, NULL).fault);
    return count;
}

static void it_follows_and_is_reopened(void **state)
{
    (void)state;
    place p;
    start(&p);
    sync_well(&p);
    assert_int_equal(ls_replica_missing(p.r), 0);
    assert_true(ls_bytes_equal(ls_replica_checkpoint(p.r, LS_CHECKPOINT_LATEST), p.s.checkpoint));
    assert_true(ls_bytes_equal(ls_replica_checkpoint(p.r, LS_CHECKPOINT_FINAL), p.s.checkpoint)); /* quorum none */
    reopen(&p);
    assert_int_equal(ls_replica_size(p.r), p.s.count);
    p.s.read = 0;
    sync_well(&p);
    assert_int_equal(p.s.read, 0); /* nothing is fetched twice */
    act(&p.f, 1);
    show(&p.s, &p.f);
    sync_well(&p);
    assert_int_equal(p.s.read, 3);
    end(&p);
}

static void attachments_are_its_own(void **state)
{
    (void)state;
    place p;
    start(&p);
    sync_well(&p);
    ls_replica_set_source(p.r, NULL);
    ls_arena arena = {0};
    for (size_t i = 0; i < p.f.attachment_count; i++) {
        ls_bytes found;
        assert_null(ls_replica_fetch(p.r, &p.f.attachment[i].hash, UINT64_MAX, &arena, &found).fault);
        assert_true(ls_bytes_equal(found, p.f.attachment[i].content));
    }
    ls_arena_free(&arena);
    end(&p);
}

/* Entries never wait for files: one that is withheld is missing, and comes when it is given. */
static void withheld_files_come_later(void **state)
{
    (void)state;
    place p;
    ls_act_draft d = {0};
    char accord[LS_HEX_HASH_SIZE];
    start(&p);
    fixture_draft(&p.f, FIXTURE_USA, "perform", &d);
    ls_hash_format(&p.f.accord, accord);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_attachment a = fixture_attach(&p.f, "orders.txt", "text/plain", ls_bytes_str("hidden for now\n"));
    ls_act_draft_attach(&d, &a);
    fixture_append(&p.f, fixture_finish(&p.f, &d));
    show(&p.s, &p.f);
    p.s.hides = true;
    sync_well(&p);
    assert_int_equal(ls_replica_missing(p.r), 1);
    reopen(&p);
    assert_int_equal(ls_replica_missing(p.r), 1);
    p.s.hides = false;
    sync_well(&p);
    assert_int_equal(ls_replica_missing(p.r), 0);
    /* With a limit, large ones stay where they are, and are given on asking. */
    end(&p);
    start(&p);
    ls_replica_set_copied(p.r, 10);
    sync_well(&p);
    assert_true(ls_replica_missing(p.r) > 0);
    ls_arena arena = {0};
    ls_bytes found;
    assert_null(ls_replica_fetch(p.r, &p.f.attachment[0].hash, UINT64_MAX, &arena, &found).fault);
    ls_arena_free(&arena);
    end(&p);
}

static void an_interrupted_run_goes_on(void **state)
{
    (void)state;
    ls_detail detail;
    for (uint64_t at = 0; at < 13; at++) {
        place p;
        start(&p);
        p.s.break_at = at;
        assert_ptr_equal(sync(&p, &detail).fault, &fault_broken);
        assert_int_equal(ls_replica_size(p.r), 0);
        assert_int_equal(ls_record_size(ls_replica_record(p.r)), at);
        reopen(&p);
        assert_int_equal(ls_record_size(ls_replica_record(p.r)), at);
        p.s.break_at = UINT64_MAX;
        p.s.read = 0;
        sync_well(&p);
        assert_int_equal(p.s.read, p.s.count - at);
        end(&p);
    }
}

/* Whatever byte of an answer is changed on its way: nothing of it stays, and the next right answer is taken. */
static void changed_bytes_are_never_taken(void **state)
{
    (void)state;
    ls_detail detail;
    for (size_t i = 0; i < 40; i++) {
        place p;
        start(&p);
        size_t entry = i * 7 % p.s.count;
        ls_bytes good = p.s.entry[entry];
        uint8_t *bad = malloc(good.len);
        memcpy(bad, good.ptr, good.len);
        bad[i * 131 % good.len] ^= (uint8_t)(1 << i % 8);
        p.s.entry[entry] = ls_bytes_of(bad, good.len);
        assert_non_null(sync(&p, &detail).fault);
        assert_int_equal(ls_replica_size(p.r), 0);
        p.s.entry[entry] = good;
        sync_well(&p);
        free(bad);
        end(&p);
    }
}

static void changed_checkpoints_are_never_taken(void **state)
{
    (void)state;
    ls_detail detail;
    place p;
    start(&p);
    ls_bytes good = p.s.checkpoint;
    uint8_t *bad = malloc(good.len);
    for (size_t i = 0; i < good.len; i++) {
        memcpy(bad, good.ptr, good.len);
        bad[i] ^= 1;
        p.s.checkpoint = ls_bytes_of(bad, good.len);
        assert_non_null(sync(&p, &detail).fault);
        assert_int_equal(ls_replica_size(p.r), 0);
    }
    ls_arena arena = {0};
    char **names;
    assert_int_equal(evidence(&p, &names, &arena), 0); /* an unsigned note accuses nobody */
    p.s.checkpoint = good;
    sync_well(&p);
    free(bad);
    ls_arena_free(&arena);
    end(&p);
}

/* Acts in an order that is acceptable, too, and not the ledger's: each is right, and together they are not. */
static void another_order_is_taken_back(void **state)
{
    (void)state;
    ls_detail detail;
    place p;
    start(&p);
    fixture_append(&p.f, fixture_measure(&p.f, FIXTURE_USA, "perform", "suspend-exercises"));
    uint64_t last = fixture_append(&p.f, fixture_measure(&p.f, FIXTURE_DPRK, "confirm", "suspend-exercises"));
    show(&p.s, &p.f);
    (void)last;
    ls_bytes swapped = p.s.entry[p.s.count - 1];
    p.s.entry[p.s.count - 1] = p.s.entry[p.s.count - 2];
    p.s.entry[p.s.count - 2] = swapped;
    assert_ptr_equal(sync(&p, &detail).fault, &ls_fault_refused);
    assert_int_equal(ls_replica_size(p.r), 0);
    show(&p.s, &p.f);
    sync_well(&p);
    end(&p);
}

/* The same, cut short: what was taken in shows to be wrong only by what follows it. */
static void a_wrong_tail_is_taken_back(void **state)
{
    (void)state;
    ls_detail detail;
    place p;
    start(&p);
    sync_well(&p);
    fixture_append(&p.f, fixture_measure(&p.f, FIXTURE_USA, "perform", "suspend-exercises"));
    act(&p.f, 1);
    show(&p.s, &p.f);
    /* Another history from the size that is here: of dprk's next act, which the true one has later. */
    fixture other;
    begin(&other);
    act(&other, 3);
    fixture_append(&other, fixture_measure(&other, FIXTURE_DPRK, "confirm", "suspend-exercises"));
    p.s.entry[other.entry_count - 1] = other.entry[other.entry_count - 1];
    p.s.break_at = other.entry_count;
    assert_ptr_equal(sync(&p, &detail).fault, &fault_broken);
    assert_int_equal(ls_record_size(ls_replica_record(p.r)), other.entry_count);
    show(&p.s, &p.f);
    sync_well(&p);
    reopen(&p);
    assert_int_equal(ls_replica_size(p.r), p.s.count);
    fixture_close(&other);
    end(&p);
}

/* Two histories that the ledger's key signed. The other one is longer, as long, or shorter than what is here. */
static void a_rewritten_ledger_is_evidence(void **state)
{
    (void)state;
    for (size_t more = 0; more < 3; more++) {
        place p;
        fixture other;
        ls_detail detail;
        ls_arena arena = {0};
        char **names;
        start(&p);
        fixture_append(&p.f, fixture_measure(&p.f, FIXTURE_DPRK, "confirm", "suspend-exercises"));
        act(&p.f, 1);
        show(&p.s, &p.f);
        sync_well(&p);
        ls_bytes ours = fixture_keep(&p.f, ls_replica_checkpoint(p.r, LS_CHECKPOINT_LATEST));
        begin(&other);
        act(&other, 4 + more);
        show(&p.s, &other);
        assert_ptr_equal(sync(&p, &detail).fault, &ls_fault_rewritten);
        size_t count = evidence(&p, &names, &arena);
        assert_int_equal(count, p.s.count > p.f.entry_count ? 2 : 1);
        assert_non_null(strstr(names[0], ".checkpoint"));
        assert_true(ls_bytes_equal(ls_replica_checkpoint(p.r, LS_CHECKPOINT_LATEST), ours));
        /* It stays so, and asking again adds nothing. */
        reopen(&p);
        assert_ptr_equal(sync(&p, &detail).fault, &ls_fault_rewritten);
        assert_int_equal(evidence(&p, &names, &arena), count);
        show(&p.s, &p.f);
        sync_well(&p);
        ls_arena_free(&arena);
        fixture_close(&other);
        end(&p);
    }
}

/* A signature that does not verify shows only once the entry was taken up. */
static void a_bad_signature_is_refused(void **state)
{
    (void)state;
    place p;
    ls_detail detail;
    ls_arena arena = {0};
    char **names;
    start(&p);
    sync_well(&p);
    act(&p.f, 2);
    show(&p.s, &p.f);
    ls_bytes bad = fixture_keep(&p.f, p.s.entry[p.s.count - 2]);
    ((uint8_t *)(uintptr_t)bad.ptr)[bad.len - 10] ^= 1;
    p.s.entry[p.s.count - 2] = bad;
    assert_ptr_equal(sync(&p, &detail).fault, &ls_fault_refused);
    assert_int_equal(evidence(&p, &names, &arena), 0);
    show(&p.s, &p.f);
    sync_well(&p);
    ls_arena_free(&arena);
    end(&p);
}

/* Whoever stands between a copy and its ledger can make up what he likes, but no evidence against the ledger. */
static void nobody_else_makes_evidence(void **state)
{
    (void)state;
    place p;
    ls_detail detail;
    ls_arena arena = {0};
    char **names;
    ls_buf note = {0};
    ls_merkle_frontier tree = {0};
    ls_checkpoint c = {.origin = ls_bytes_str("exercise.elsewhere.example/fixture")};
    start(&p);
    sync_well(&p);
    c.size = p.s.count + 1;
    for (size_t i = 0; i <= p.s.count; i++) {
        ls_hash leaf;
        p.s.entry[i] = ls_bytes_str("made up\n");
        ls_merkle_leaf(p.s.entry[i], &leaf);
        ls_merkle_append(&tree, &leaf);
    }
    p.s.count++;
    ls_merkle_frontier_root(&tree, &c.root);
    ls_checkpoint_format(&c, &note);
    ls_buf_put_str(&note, "\n\xe2\x80\x94 exercise.elsewhere.example/fixture AAAAAAAA\n");
    p.s.checkpoint = ls_buf_bytes(&note);
    assert_ptr_equal(sync(&p, &detail).fault, &ls_fault_refused);
    assert_int_equal(evidence(&p, &names, &arena), 0);
    show(&p.s, &p.f);
    sync_well(&p);
    ls_buf_free(&note);
    ls_arena_free(&arena);
    end(&p);
}

/* An older checkpoint that agrees: a cache, or a backup that was restored. Nobody is accused. */
static void an_older_checkpoint_changes_nothing(void **state)
{
    (void)state;
    place p;
    ls_detail detail;
    ls_arena arena = {0};
    char **names;
    start(&p);
    ls_bytes older = p.s.checkpoint;
    uint64_t size = p.s.count;
    act(&p.f, 1);
    show(&p.s, &p.f);
    sync_well(&p);
    p.s.checkpoint = older;
    assert_null(sync(&p, &detail).fault);
    assert_int_equal(ls_replica_size(p.r), p.s.count);
    assert_int_equal(ls_replica_shown(p.r), size);
    p.s.checkpoint = (ls_bytes){0};
    assert_null(sync(&p, &detail).fault);
    assert_int_equal(ls_replica_shown(p.r), 0);
    assert_int_equal(evidence(&p, &names, &arena), 0);
    ls_arena_free(&arena);
    end(&p);
}

static void another_process_is_refused(void **state)
{
    (void)state;
    place p;
    ls_detail detail;
    ls_hash process = {{1}};
    start(&p);
    ls_replica_close(p.r);
    assert_null(ls_replica_open(p.folder, &process, &p.s.base, &p.r, NULL).fault);
    assert_ptr_equal(sync(&p, &detail).fault, &ls_fault_process);
    ls_replica_close(p.r);
    assert_null(ls_replica_open(p.folder, NULL, &p.s.base, &p.r, NULL).fault);
    assert_ptr_equal(sync(&p, &detail).fault, &ls_fault_process);
    reopen(&p);
    sync_well(&p);
    ls_replica_close(p.r);
    assert_ptr_equal(ls_replica_open(p.folder, &process, &p.s.base, &p.r, NULL).fault, &ls_fault_process);
    p.r = NULL;
    end(&p);
}

/* Two processes of one owner in turn. */
static void what_another_process_did_is_taken_up(void **state)
{
    (void)state;
    place p;
    ls_replica *other;
    start(&p);
    assert_null(ls_replica_open(p.folder, ls_record_process(p.f.record), &p.s.base, &other, NULL).fault);
    sync_well(&p);
    assert_null(ls_replica_reread(other, NULL).fault);
    assert_int_equal(ls_replica_size(other), p.s.count);
    assert_int_equal(ls_record_size(ls_replica_record(other)), p.s.count);
    act(&p.f, 2);
    show(&p.s, &p.f);
    assert_null(ls_replica_sync(other, LS_CHECKPOINT_LATEST, NULL, NULL).fault);
    assert_null(ls_replica_reread(p.r, NULL).fault);
    assert_int_equal(ls_replica_size(p.r), p.s.count);
    act(&p.f, 1);
    show(&p.s, &p.f);
    sync_well(&p);
    ls_replica_close(other);
    end(&p);
}

/* The form of what couriers carry. */

static ls_result parse_courier(ls_arena *arena, const ls_courier *header, const char *name, const char *content,
                               ls_courier *out)
{
    ls_buf text = {0}, *file = calloc(1, sizeof *file);
    ls_courier_put_header(header, &text);
    ls_bundle_begin(file, LS_BUNDLE_COURIER);
    assert_null(ls_bundle_put(file, "courier", ls_buf_bytes(&text)).fault);
    if (name != NULL) {
        assert_null(ls_bundle_put(file, name, ls_bytes_str(content)).fault);
    }
    if (header->carries == LS_COURIER_RECORD) {
        assert_null(ls_bundle_put(file, "checkpoint", ls_bytes_str("a checkpoint")).fault);
    }
    ls_bundle_end(file);
    ls_buf_free(&text);
    uint8_t *copy = ls_arena_alloc(arena, file->len);
    memcpy(copy, file->ptr, file->len);
    ls_bytes bytes = ls_bytes_of(copy, file->len);
    ls_buf_free(file);
    free(file);
    return ls_courier_parse(arena, bytes, out, NULL);
}

static void couriers_have_one_form(void **state)
{
    (void)state;
    static ls_courier out;
    ls_arena arena = {0};
    ls_courier acts = {.carries = LS_COURIER_ACTS, .party = ls_bytes_str("usa"), .size = 7};
    ls_courier record = {.carries = LS_COURIER_RECORD, .party = ls_bytes_str("usa"), .size = 7};
    static const char receipt[] = "0100000000000000000000000000000000000000000000000000000000000000 12\n"
                                  "0200000000000000000000000000000000000000000000000000000000000000 refused: why\n";
    assert_null(parse_courier(&arena, &acts, NULL, NULL, &out).fault);
    assert_int_equal(out.size, 7);
    assert_null(parse_courier(&arena, &acts, "act/1.note", "x", &out).fault);
    assert_int_equal(out.act_count, 1);
    assert_null(parse_courier(&arena, &record, "receipts", receipt, &out).fault);
    assert_int_equal(out.receipt_count, 2);
    assert_int_equal(out.receipt[0].index, 12);
    assert_true(ls_bytes_is(out.receipt[1].reason, "why"));
    const struct {
        const ls_courier *header;
        const char *name, *content;
    } bad[] = {
        {&acts, "act/2.note", "x"},         {&acts, "act/01.note", "x"},
        {&acts, "receipts", receipt},       {&acts, "tile/entries/000.p/1", "x"},
        {&record, "act/1.note", "x"},       {&record, "more", "x"},
        {&record, "receipts", ""},          {&record, "receipts", "x 12\n"},
        {&record, "receipts", receipt + 1}, {&record, "attachments/xyz", "x"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_ptr_equal(parse_courier(&arena, bad[i].header, bad[i].name, bad[i].content, &out).fault,
                         &ls_fault_bundle_form);
    }
    ls_arena_free(&arena);
}

static void bundles_of_entries_are_strict(void **state)
{
    (void)state;
    static ls_entries e;
    static const uint8_t two[] = {0, 1, 'a', 0, 2, 'b', 'c'};
    ls_buf many = {0};
    assert_true(ls_entries_parse(ls_bytes_of(two, sizeof two), &e));
    assert_int_equal(e.count, 2);
    assert_true(ls_bytes_is(e.entry[1], "bc"));
    assert_false(ls_entries_parse(ls_bytes_of(two, 0), &e));
    for (size_t cut = 1; cut < sizeof two; cut++) {
        assert_int_equal(ls_entries_parse(ls_bytes_of(two, cut), &e), cut == 3);
    }
    for (size_t i = 0; i < 257; i++) {
        assert_int_equal(i > 0 && ls_entries_parse(ls_buf_bytes(&many), &e), i > 0);
        ls_entries_put(&many, ls_bytes_str("x"));
    }
    assert_false(ls_entries_parse(ls_buf_bytes(&many), &e));
    ls_buf_free(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_follows_and_is_reopened),     cmocka_unit_test(attachments_are_its_own),
        cmocka_unit_test(withheld_files_come_later),      cmocka_unit_test(an_interrupted_run_goes_on),
        cmocka_unit_test(changed_bytes_are_never_taken),  cmocka_unit_test(changed_checkpoints_are_never_taken),
        cmocka_unit_test(another_order_is_taken_back),    cmocka_unit_test(a_wrong_tail_is_taken_back),
        cmocka_unit_test(a_bad_signature_is_refused),     cmocka_unit_test(nobody_else_makes_evidence),
        cmocka_unit_test(a_rewritten_ledger_is_evidence), cmocka_unit_test(an_older_checkpoint_changes_nothing),
        cmocka_unit_test(another_process_is_refused),     cmocka_unit_test(what_another_process_did_is_taken_up),
        cmocka_unit_test(couriers_have_one_form),         cmocka_unit_test(bundles_of_entries_are_strict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
