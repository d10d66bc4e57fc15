/*
 * A sequencer over a store that fails, or that dies with its process, at every call: once before the call took effect
 * and once after. Whatever happens, nothing that was acknowledged is lost, and all checkpoints that were ever signed
 * are prefixes of one history. Beside it what holds of whole batches, and of a leader that lost the lead.
 */
#include "fixture/fixture.h"
#include "fixture/system.h"
#include "ledger/sequencer.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define ORIGIN "exercise.rok.example/fixture"
#define SIGNED_MAX 64

/* What becomes of the call whose turn it is. */
typedef enum mishap {
    FAILS_BEFORE, /* nothing happened, and it says so */
    FAILS_AFTER,  /* it happened, and it says that it did not */
    DIES_BEFORE,  /* the process is gone: from here on nothing does anything */
    DIES_AFTER,
    LIES, /* nothing happened, and it says that it did: no store may, and these tests must notice */
    MISHAPS
} mishap;

/* A store in front of a store. */
typedef struct faulty {
    ls_store base;
    ls_store *real;
    int turn; /* calls until the mishap; below 0: none */
    mishap mishap;
    bool dead;
    unsigned appends, publishes;
    /* Every checkpoint that came here signed, whatever became of it. */
    size_t signed_count;
    ls_checkpoint signed_head[SIGNED_MAX];
} faulty;

static void remember_signed(faulty *f, ls_bytes checkpoint)
{
    ls_note note;
    ls_checkpoint c;
    assert_null(ls_note_parse(checkpoint, &note).fault);
    assert_null(ls_checkpoint_parse(note.text, &c).fault);
    assert_true(f->signed_count < SIGNED_MAX);
    c.origin = (ls_bytes){0}; /* a view that does not last */
    f->signed_head[f->signed_count++] = c;
}

/* Whether the call is to be made, and what it is to say if it succeeds. */
static bool goes_through(faulty *f, ls_result *say)
{
    bool now = !f->dead && f->turn-- == 0;
    bool was_dead = f->dead;
    f->dead = f->dead || (now && (f->mishap == DIES_BEFORE || f->mishap == DIES_AFTER));
    bool fails = was_dead || (now && f->mishap != LIES);
    *say = fails ? ls_fail(&ls_fault_store) : LS_SUCCESS;
    return !was_dead && (!now || f->mishap == FAILS_AFTER || f->mishap == DIES_AFTER);
}

/* Passes a call on, or not. */
#define PASS(store, call)                                                                                              \
    faulty *f = (faulty *)(store);                                                                                     \
    ls_result say, done = LS_SUCCESS;                                                                                  \
    if (goes_through(f, &say)) {                                                                                       \
        done = f->real->methods->call;                                                                                 \
    }                                                                                                                  \
    return ls_failed(say) ? say : done

static ls_result faulty_head(ls_store *s, ls_store_head *h, ls_detail *detail)
{
    PASS(s, head(f->real, h, detail));
}

static ls_result faulty_read(ls_store *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                             ls_detail *detail)
{
    PASS(s, read(f->real, from, to, sink, context, detail));
}

static ls_result faulty_root(ls_store *s, uint64_t size, ls_hash *out, ls_detail *detail)
{
    PASS(s, root(f->real, size, out, detail));
}

static ls_result faulty_lead(ls_store *s, ls_bytes holder, unsigned seconds, uint64_t *epoch, ls_detail *detail)
{
    PASS(s, lead(f->real, holder, seconds, epoch, detail));
}

static ls_result faulty_append(ls_store *s, uint64_t epoch, uint64_t size, const ls_bytes *notes, const ls_hash *roots,
                               size_t count, ls_detail *detail)
{
    ((faulty *)s)->appends++;
    PASS(s, append(f->real, epoch, size, notes, roots, count, detail));
}

static ls_result faulty_publish(ls_store *s, uint64_t epoch, uint64_t size, ls_bytes checkpoint, ls_detail *detail)
{
    ((faulty *)s)->publishes++;
    remember_signed((faulty *)s, checkpoint);
    PASS(s, publish(f->real, epoch, size, checkpoint, detail));
}

static ls_result faulty_attach(ls_store *s, const ls_hash *hash, uint64_t size, ls_store_source source,
                               ls_detail *detail)
{
    PASS(s, attach(f->real, hash, size, source, detail));
}

static ls_result faulty_attached(ls_store *s, const ls_hash *hash, uint64_t *size, ls_detail *detail)
{
    PASS(s, attached(f->real, hash, size, detail));
}

static ls_result faulty_fetch(ls_store *s, const ls_hash *hash, uint64_t limit, ls_buf *out, ls_detail *detail)
{
    PASS(s, fetch(f->real, hash, limit, out, detail));
}

static const ls_store_methods faulty_methods = {.head = faulty_head,
                                                .read = faulty_read,
                                                .root = faulty_root,
                                                .lead = faulty_lead,
                                                .append = faulty_append,
                                                .publish = faulty_publish,
                                                .attach = faulty_attach,
                                                .attached = faulty_attached,
                                                .fetch = faulty_fetch};

typedef struct place {
    char folder[256];
    fixture f; /* who makes the acts, after charter and accord */
    ls_secret *seed;
    ls_vkey key;
    ls_store *real;
    faulty store;
    ls_sequencer *sequencer;
    ls_bytes act[5]; /* three of usa, of which the last has a file; two of rok */
    ls_bytes charter, accord;
} place;

static ls_result fixture_clock(void *context, ls_time *out, ls_detail *detail)
{
    (void)detail;
    *out = ((const fixture *)context)->now;
    return LS_SUCCESS;
}

/* A process: a sequencer of its own over the store. */
static void start(place *p)
{
    p->store.base.methods = &faulty_methods;
    p->store.real = p->real;
    p->store.turn = -1;
    p->store.dead = false;
    assert_null(
        ls_sequencer_new(&p->store.base, &p->key, p->seed, (ls_ledger_clock){fixture_clock, &p->f}, &p->sequencer)
            .fault);
}

static ls_result bring_up(place *p)
{
    uint64_t epoch = 0;
    LS_TRY(p->store.base.methods->lead(&p->store.base, ls_bytes_str("test"), 10, &epoch, NULL));
    return ls_sequencer_bring_up(p->sequencer, epoch, NULL);
}

static void open_store(place *p)
{
    system_folder(p->folder, sizeof p->folder);
    assert_null(ls_store_sqlite(p->folder, true, &p->real, NULL).fault);
    start(p);
}

static void close_store(place *p)
{
    ls_sequencer_free(p->sequencer);
    p->real->methods->close(p->real);
    system_remove(p->folder);
    p->store.signed_count = 0;
}

/* An act that follows the ones before in its party's chain, and names a head that never changes. */
static ls_bytes make_act(place *p, size_t party, unsigned number, bool file)
{
    static uint64_t seq[FIXTURE_PARTIES];
    static ls_hash last[FIXTURE_PARTIES];
    char text[LS_HEX_HASH_SIZE];
    ls_hash root;
    ls_buf head = {0};
    ls_act_draft d;
    ls_act act;
    if (number == 1) {
        seq[party] = 0;
        last[party] = (ls_hash){0};
    }
    fixture_draft(&p->f, party, party == FIXTURE_USA ? "perform" : "suspend", &d);
    ls_hash_format(&p->f.accord, text);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", text);
    ls_act_draft_set(&d, LS_H_SEQ, "%llu", (unsigned long long)++seq[party]);
    ls_hash_format(&last[party], text);
    ls_act_draft_set(&d, LS_H_PREV, "%s", text);
    ls_record_root(p->f.record, 1, &root);
    ls_buf_put_str(&head, "1 ");
    ls_buf_put_base64(&head, ls_bytes_of(root.b, sizeof root.b));
    ls_act_draft_set(&d, LS_H_HEAD, "%s", ls_buf_cstr(&head));
    ls_buf_free(&head);
    if (party == FIXTURE_USA) {
        ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    }
    ls_buf_format(&d.text, "Number %u.\n", number);
    if (file) {
        ls_attachment a = fixture_attach(&p->f, "report.txt", "text/plain", ls_bytes_str("as it happened\n"));
        ls_act_draft_attach(&d, &a);
    }
    ls_bytes note = fixture_finish(&p->f, &d);
    assert_null(ls_act_parse(note, false, &act, NULL).fault);
    last[party] = act.id;
    return note;
}

static int set_up(void **state)
{
    static const uint8_t seed[LS_SEED_SIZE] = {9};
    uint8_t public_key[LS_PUBLIC_KEY_SIZE], secret_key[LS_SECRET_KEY_SIZE];
    place *p = calloc(1, sizeof *p);
    if (ls_failed(ls_crypto_init())) {
        return 1;
    }
    p->seed = ls_secret_from(seed);
    ls_ed25519_keypair(seed, public_key, secret_key);
    ls_vkey_make(ls_bytes_str(ORIGIN), LS_KEY_ED25519, public_key, &p->key);
    fixture_open(&p->f, &p->key);
    memcpy(p->f.ledger.secret, secret_key, sizeof secret_key);
    p->charter = fixture_charter(&p->f);
    fixture_append(&p->f, p->charter);
    p->accord = fixture_accord(&p->f);
    fixture_append(&p->f, p->accord);
    for (unsigned i = 0; i < 3; i++) {
        p->act[i] = make_act(p, FIXTURE_USA, i + 1, i == 2);
    }
    for (unsigned i = 0; i < 2; i++) {
        p->act[3 + i] = make_act(p, FIXTURE_ROK, i + 1, false);
    }
    open_store(p);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    close_store(p);
    ls_secret_free(p->seed);
    fixture_close(&p->f);
    free(p);
    return 0;
}

/* Hands notes over as one batch, with all files there are; true for each that was acknowledged. */
static ls_result submit(place *p, const ls_bytes *note, size_t count, bool *acknowledged, ls_sequencer_item *item)
{
    struct ls_submitted_file file[8];
    ls_sequencer_item *items[8];
    for (size_t i = 0; i < p->f.attachment_count; i++) {
        file[i] = (struct ls_submitted_file){.hash = p->f.attachment[i].hash, .content = p->f.attachment[i].content};
    }
    for (size_t i = 0; i < count; i++) {
        item[i] = (ls_sequencer_item){.submission = {note[i], p->f.attachment_count, file}};
        items[i] = &item[i];
    }
    ls_result r = ls_sequencer_submit(p->sequencer, items, count, NULL);
    for (size_t i = 0; i < count; i++) {
        acknowledged[i] = ls_succeeded(r) && ls_succeeded(item[i].outcome.result);
    }
    return r;
}

static void submit_well(place *p, const ls_bytes *note, size_t count)
{
    ls_sequencer_item item[8];
    bool acknowledged[8];
    assert_null(submit(p, note, count, acknowledged, item).fault);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(item[i].outcome.detail.text, "");
        assert_true(acknowledged[i]);
    }
}

/* Batches */

static void a_batch_is_one_append_and_one_checkpoint(void **state)
{
    place *p = *state;
    assert_null(bring_up(p).fault);
    submit_well(p, &p->charter, 1);
    submit_well(p, &p->accord, 1);
    unsigned appends = p->store.appends, publishes = p->store.publishes;
    submit_well(p, p->act, 5);
    assert_int_equal(p->store.appends, appends + 1);
    assert_int_equal(p->store.publishes, publishes + 1);
    /* charter, its stamp, accord, five acts: the accord's own stamp would say the same time once more, and waits */
    assert_int_equal(ls_record_size(ls_sequencer_record(p->sequencer)), 8);
    assert_null(ls_sequencer_tick(p->sequencer, NULL).fault);
    assert_int_equal(ls_record_stamped(ls_sequencer_record(p->sequencer)), 8);
}

static void one_refused_stops_none_of_the_others(void **state)
{
    place *p = *state;
    ls_sequencer_item item[8];
    bool acknowledged[8];
    assert_null(bring_up(p).fault);
    submit_well(p, &p->charter, 1);
    submit_well(p, &p->accord, 1);
    p->f.now++; /* so that the accord's stamp goes with them */
    /* The second follows nobody, until the first comes after it. */
    const ls_bytes notes[] = {p->act[1], p->act[0], ls_bytes_str("no act"), p->act[1], p->act[3]};
    assert_null(submit(p, notes, 5, acknowledged, item).fault);
    assert_true(!acknowledged[0] && acknowledged[1] && !acknowledged[2] && acknowledged[3] && acknowledged[4]);
    assert_ptr_equal(item[0].outcome.result.fault, &ls_fault_refused);
    assert_true(item[0].outcome.detail.text[0] != '\0');
    assert_int_equal(item[1].outcome.receipt.index, 4);
    assert_int_equal(item[3].outcome.receipt.index, 5);
    assert_int_equal(item[4].outcome.receipt.index, 6);
}

static void what_comes_twice_has_one_place(void **state)
{
    place *p = *state;
    ls_sequencer_item item[8];
    bool acknowledged[8];
    assert_null(bring_up(p).fault);
    submit_well(p, &p->charter, 1);
    submit_well(p, &p->accord, 1);
    const ls_bytes twice[] = {p->act[0], p->act[0], p->charter};
    assert_null(submit(p, twice, 3, acknowledged, item).fault);
    assert_true(acknowledged[0] && acknowledged[1] && acknowledged[2]);
    assert_true(!item[0].outcome.receipt.already && item[1].outcome.receipt.already && item[2].outcome.receipt.already);
    assert_int_equal(item[0].outcome.receipt.index, item[1].outcome.receipt.index);
    assert_int_equal(item[2].outcome.receipt.index, 0);
    unsigned appends = p->store.appends;
    assert_null(ls_sequencer_tick(p->sequencer, NULL).fault);
    assert_null(submit(p, twice, 3, acknowledged, item).fault);
    assert_true(item[0].outcome.receipt.already);
    assert_int_equal(p->store.appends, appends + 1); /* the stamp's */
}

static void stamps_are_the_ledgers_own(void **state)
{
    place *p = *state;
    ls_sequencer_item item[8];
    bool acknowledged[8];
    assert_null(bring_up(p).fault);
    submit_well(p, &p->charter, 1);
    p->f.now += 60;
    fixture_stamp(&p->f); /* with the ledger's key, even */
    assert_null(submit(p, &p->f.entry[p->f.entry_count - 1], 1, acknowledged, item).fault);
    assert_false(acknowledged[0]);
}

/* Signatures that count as verified do so under the keys by which they were. */
static void keys_that_changed_are_asked_again(void **state)
{
    place *p = *state;
    assert_null(bring_up(p).fault);
    submit_well(p, &p->charter, 1);
    submit_well(p, &p->accord, 1);
    ls_buf bad = {0};
    ls_buf_put_bytes(&bad, p->act[0]);
    bad.ptr[bad.len - 20] = bad.ptr[bad.len - 20] == 'A' ? 'B' : 'A';
    uint64_t version = ls_record_keys_version(ls_sequencer_record(p->sequencer));
    ls_sequencer_item item = {.submission = {.note = ls_buf_bytes(&bad)},
                              .verified = true,
                              .keys_version = version + 1},
                      *items[] = {&item};
    assert_null(ls_sequencer_submit(p->sequencer, items, 1, NULL).fault);
    assert_true(ls_failed(item.outcome.result));
    ls_buf_free(&bad);
}

/* The lead */

static void take_the_lead(place *p, const char *holder)
{
    uint64_t epoch = 0;
    assert_null(p->real->methods->lead(p->real, ls_bytes_str(holder), 10, &epoch, NULL).fault);
}

static void who_lost_the_lead_appends_nothing(void **state)
{
    place *p = *state;
    ls_sequencer_item item[8];
    bool acknowledged[8];
    ls_store_head head = {0};
    assert_null(bring_up(p).fault);
    submit_well(p, &p->charter, 1);
    take_the_lead(p, "another");
    assert_ptr_equal(submit(p, &p->accord, 1, acknowledged, item).fault, &ls_fault_store_conflict);
    assert_ptr_equal(item[0].outcome.result.fault, &ls_fault_store_conflict);
    assert_null(ls_sequencer_record(p->sequencer));
    assert_ptr_equal(submit(p, &p->accord, 1, acknowledged, item).fault, &ls_fault_store_conflict);
    assert_ptr_equal(ls_sequencer_tick(p->sequencer, NULL).fault, &ls_fault_store_conflict);
    assert_null(p->real->methods->head(p->real, &head, NULL).fault);
    assert_int_equal(head.size, 1);
    ls_store_head_free(&head);
    /* Leading again, it goes on. */
    assert_null(bring_up(p).fault);
    submit_well(p, &p->accord, 1);
}

/* Somebody else takes the lead right after an append: what was appended is not acknowledged, and his. */
static ls_result append_and_be_robbed(ls_store *s, uint64_t epoch, uint64_t size, const ls_bytes *notes,
                                      const ls_hash *roots, size_t count, ls_detail *detail)
{
    const faulty *f = (const faulty *)s;
    uint64_t his = 0;
    LS_TRY(f->real->methods->append(f->real, epoch, size, notes, roots, count, detail));
    return f->real->methods->lead(f->real, ls_bytes_str("thief"), 10, &his, NULL);
}

static void who_loses_the_lead_after_appending_publishes_nothing(void **state)
{
    place *p = *state;
    ls_sequencer_item item[8];
    bool acknowledged[8];
    ls_store_head head = {0};
    ls_store_methods robbed = faulty_methods;
    assert_null(bring_up(p).fault);
    submit_well(p, &p->charter, 1);
    robbed.append = append_and_be_robbed;
    p->store.base.methods = &robbed;
    assert_ptr_equal(submit(p, &p->accord, 1, acknowledged, item).fault, &ls_fault_store_conflict);
    assert_false(acknowledged[0]);
    assert_null(p->real->methods->head(p->real, &head, NULL).fault);
    assert_int_equal(head.size, 3); /* with the charter's stamp */
    ls_store_head_free(&head);
    p->store.base.methods = &faulty_methods;
    assert_null(bring_up(p).fault);
    assert_null(submit(p, &p->accord, 1, acknowledged, item).fault);
    assert_true(acknowledged[0] && item[0].outcome.receipt.already);
}

/* Mishaps */

/* The scenario: a ledger from nothing to a stamp, in batches. What is acknowledged is noted; a failure is followed by
 * another look and the same batch again, as a server does. */
static void play(place *p, bool acknowledged[static 7])
{
    const struct {
        const ls_bytes *note;
        size_t count, at; /* at: where they are noted */
    } batches[] = {{&p->charter, 1, 0}, {&p->accord, 1, 1}, {p->act, 2, 2}, {p->act + 2, 3, 4}};
    for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++) {
        for (int tries = 0; tries < 2; tries++) {
            ls_sequencer_item item[8];
            bool now[8] = {0};
            bool up = ls_sequencer_record(p->sequencer) != NULL || ls_succeeded(bring_up(p));
            ls_result r = up ? submit(p, batches[i].note, batches[i].count, now, item) : ls_fail(&ls_fault_store);
            for (size_t k = 0; k < batches[i].count; k++) {
                acknowledged[batches[i].at + k] |= now[k];
            }
            if (ls_succeeded(r)) {
                break;
            }
        }
    }
    if (ls_sequencer_record(p->sequencer) != NULL) {
        ls_result stamped = ls_sequencer_tick(p->sequencer, NULL);
        (void)stamped;
    }
}

static ls_bytes note_at(const place *p, size_t i)
{
    return i == 0 ? p->charter : i == 1 ? p->accord : p->act[i - 2];
}

/* Another process over the same store: it finds what was acknowledged, and a history under which all signed checkpoints
 * fit. False if something is missing. */
static bool holds(place *p, const bool acknowledged[static 7])
{
    bool all = true;
    ls_sequencer_free(p->sequencer);
    start(p);
    if (ls_failed(bring_up(p))) {
        return false;
    }
    const ls_record *r = ls_sequencer_record(p->sequencer);
    for (size_t i = 0; i < 7; i++) {
        ls_act act;
        uint64_t index;
        assert_null(ls_act_parse(note_at(p, i), false, &act, NULL).fault);
        all = all && (!acknowledged[i] || ls_record_find(r, &act.id, &index));
    }
    for (size_t i = 0; i < p->store.signed_count; i++) {
        const ls_checkpoint *c = &p->store.signed_head[i];
        ls_hash root;
        if (c->size > ls_record_size(r)) {
            return false;
        }
        ls_record_root(r, c->size, &root);
        all = all && ls_hash_equal(&root, &c->root);
    }
    return all;
}

/* Plays with this mishap at every call in turn, until there are no more calls; how many did not hold. */
static unsigned play_with(place *p, mishap what)
{
    unsigned lost = 0;
    for (int turn = 0;; turn++) {
        bool acknowledged[7] = {0};
        close_store(p);
        open_store(p);
        p->store.turn = turn;
        p->store.mishap = what;
        play(p, acknowledged);
        bool over = p->store.turn >= 0;
        bool held = holds(p, acknowledged);
        lost += !held;
        if (held) { /* and it goes on: everything can be filed, once */
            bool again[7] = {0};
            play(p, again);
            for (size_t i = 0; i < 7; i++) {
                assert_true(again[i]);
            }
            assert_true(holds(p, again));
        }
        if (over) {
            assert_true(turn > 12); /* that calls were disturbed at all */
            return lost;
        }
    }
}

static void nothing_is_lost_when_calls_fail(void **state)
{
    assert_int_equal(play_with(*state, FAILS_BEFORE), 0);
    assert_int_equal(play_with(*state, FAILS_AFTER), 0);
}

static void nothing_is_lost_when_the_process_dies(void **state)
{
    assert_int_equal(play_with(*state, DIES_BEFORE), 0);
    assert_int_equal(play_with(*state, DIES_AFTER), 0);
}

/* The control: what these tests look for is there to be found. */
static void a_store_that_lies_is_noticed(void **state)
{
    assert_true(play_with(*state, LIES) > 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_batch_is_one_append_and_one_checkpoint),
        TEST(one_refused_stops_none_of_the_others),
        TEST(what_comes_twice_has_one_place),
        TEST(stamps_are_the_ledgers_own),
        TEST(keys_that_changed_are_asked_again),
        TEST(who_lost_the_lead_appends_nothing),
        TEST(who_loses_the_lead_after_appending_publishes_nothing),
        TEST(nothing_is_lost_when_calls_fail),
        TEST(nothing_is_lost_when_the_process_dies),
        TEST(a_store_that_lies_is_noticed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
