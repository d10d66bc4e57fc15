/* The embedded ledger: what it appends, what it refuses, and that nothing acknowledged is lost. */
#include "fixture/fixture.h"
#include "fixture/system.h"
#include "ledger/ledger.h"
#include "os/os.h"
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define ORIGIN "exercise.rok.example/fixture"

typedef struct place {
    char parent[256], folder[300];
    fixture f;
    ls_ledger *ledger;
} place;

static ls_result follow_entry(void *context, uint64_t index, ls_bytes note)
{
    assert_int_equal(fixture_append(context, note), index);
    return LS_SUCCESS;
}

/* Verifies the checkpoint as any reader does, and brings the fixture's record up to it; its size. */
static uint64_t follow(place *p)
{
    ls_buf bytes = {0};
    ls_note note;
    ls_note_verdict verdict;
    ls_checkpoint c;
    ls_hash root;
    assert_null(p->ledger->methods->checkpoint(p->ledger, LS_CHECKPOINT_LATEST, &bytes, NULL).fault);
    assert_null(ls_note_parse(ls_buf_bytes(&bytes), &note).fault);
    assert_null(ls_note_verify(&note, &p->f.ledger.vkey, 1, &verdict).fault);
    assert_null(ls_checkpoint_parse(note.text, &c).fault);
    uint64_t size = ls_record_size(p->f.record);
    assert_null(p->ledger->methods->read(p->ledger, size, c.size, follow_entry, &p->f, NULL).fault);
    ls_record_root(p->f.record, c.size, &root);
    assert_memory_equal(root.b, c.root.b, sizeof root.b);
    size = c.size;
    ls_buf_free(&bytes);
    return size;
}

static void open_ledger(place *p)
{
    ls_detail detail = {0};
    ls_result r = ls_ledger_open(p->folder, &p->ledger, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
}

static void reopen(place *p)
{
    p->ledger->methods->close(p->ledger);
    open_ledger(p);
}

/* Without files. */
static ls_result submit(place *p, ls_bytes note, ls_receipt *receipt, ls_detail *detail)
{
    ls_submission s = {.note = note};
    return p->ledger->methods->submit(p->ledger, &s, receipt, detail);
}

/* With all that a fixture has attached so far. */
static ls_result submit_from(place *p, const fixture *f, ls_bytes note, ls_receipt *receipt, ls_detail *detail)
{
    struct ls_submitted_file file[sizeof f->attachment / sizeof f->attachment[0]];
    for (size_t i = 0; i < f->attachment_count; i++) {
        file[i] = (struct ls_submitted_file){.hash = f->attachment[i].hash, .content = f->attachment[i].content};
    }
    ls_submission s = {note, f->attachment_count, file};
    return p->ledger->methods->submit(p->ledger, &s, receipt, detail);
}

static ls_receipt submit_well(place *p, ls_bytes note)
{
    ls_receipt receipt;
    ls_detail detail = {0};
    ls_result r = submit_from(p, &p->f, note, &receipt, &detail);
    assert_string_equal(detail.text, "");
    assert_null(r.fault);
    return receipt;
}

/* A new ledger, and a fixture whose charter names its key; nothing is on it yet. */
static int set_up_empty(void **state)
{
    place *p = calloc(1, sizeof *p);
    ls_vkey key;
    ls_detail detail = {0};
    if (ls_failed(ls_crypto_init())) {
        return 1;
    }
    system_folder(p->parent, sizeof p->parent);
    snprintf(p->folder, sizeof p->folder, "%s/ledger", p->parent);
    if (ls_failed(ls_ledger_create(p->folder, ORIGIN, &detail)) || ls_failed(ls_ledger_key(p->folder, &key, &detail))) {
        print_message("%s\n", detail.text);
        return 1;
    }
    fixture_open(&p->f, &key);
    if (ls_failed(ls_ledger_set_clock(p->folder, p->f.now, &detail))) {
        return 1;
    }
    open_ledger(p);
    *state = p;
    return 0;
}

/* With charter and accord. */
static int set_up(void **state)
{
    if (set_up_empty(state) != 0) {
        return 1;
    }
    place *p = *state;
    submit_well(p, fixture_charter(&p->f));
    follow(p);
    submit_well(p, fixture_accord(&p->f));
    follow(p);
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    if (p->ledger != NULL) {
        p->ledger->methods->close(p->ledger);
    }
    fixture_close(&p->f);
    system_remove(p->parent);
    free(p);
    return 0;
}

/* Making and opening */

static mode_t mode_of(const place *p, const char *name)
{
    char path[400];
    struct stat st;
    snprintf(path, sizeof path, "%s/%s", p->folder, name);
    assert_int_equal(stat(path, &st), 0);
    return st.st_mode & 0777;
}

static void a_new_ledger_is_private_and_empty(void **state)
{
    place *p = *state;
    ls_buf checkpoint = {0};
    assert_int_equal(mode_of(p, "."), 0700);
    assert_int_equal(mode_of(p, "attachments"), 0700);
    assert_int_equal(mode_of(p, "key.vault"), 0600);
    assert_int_equal(mode_of(p, "record.sqlite"), 0600);
    assert_int_equal(mode_of(p, "origin"), 0600);
    assert_string_equal(p->f.ledger.vkey.name, ORIGIN);
    assert_null(p->ledger->methods->checkpoint(p->ledger, LS_CHECKPOINT_LATEST, &checkpoint, NULL).fault);
    assert_int_equal(checkpoint.len, 0);
    assert_null(p->ledger->methods->tick(p->ledger, NULL).fault);
    assert_null(p->ledger->methods->checkpoint(p->ledger, LS_CHECKPOINT_LATEST, &checkpoint, NULL).fault);
    assert_int_equal(checkpoint.len, 0);
    ls_buf_free(&checkpoint);
}

static void folders_that_are_no_ledgers_are_refused(void **state)
{
    place *p = *state;
    char path[400];
    ls_ledger *l;
    ls_detail detail = {0};
    snprintf(path, sizeof path, "%s/none", p->parent);
    assert_ptr_equal(ls_ledger_open(path, &l, &detail).fault, &ls_fault_ledger);
    assert_true(detail.hint[0] != 0);
    assert_int_equal(mkdir(path, 0700), 0);
    assert_ptr_equal(ls_ledger_open(path, &l, &detail).fault, &ls_fault_ledger);
    assert_ptr_equal(ls_ledger_create(p->folder, ORIGIN, &detail).fault, &ls_fault_exists);
    assert_ptr_equal(ls_ledger_create(path, "two words", &detail).fault, &ls_fault_usage);
    assert_null(ls_ledger_create(path, "a.example/x", &detail).fault);
    assert_ptr_equal(ls_ledger_set_clock(path, 1, &detail).fault, &ls_fault_usage);
}

static void what_others_can_read_is_refused(void **state)
{
    place *p = *state;
    static const char *const names[] = {".", "key.vault"};
    for (size_t i = 0; i < 2; i++) {
        char path[400];
        ls_ledger *l;
        ls_detail detail = {0};
        mode_t before = mode_of(p, names[i]);
        snprintf(path, sizeof path, "%s/%s", p->folder, names[i]);
        assert_int_equal(chmod(path, before | 040), 0);
        assert_ptr_equal(ls_ledger_open(p->folder, &l, &detail).fault, &ls_fault_private);
        assert_non_null(strstr(detail.hint, "chmod"));
        assert_int_equal(chmod(path, before), 0);
    }
}

/* Appending */

static void acts_are_appended_stamped_and_covered(void **state)
{
    place *p = *state;
    assert_int_equal(follow(p), 4); /* charter, stamp, accord, stamp */
    ls_receipt receipt = submit_well(p, fixture_declare(&p->f, fixture_inventory, NULL));
    assert_int_equal(receipt.index, 4);
    assert_false(receipt.already);
    assert_int_equal(follow(p), 6);
    assert_int_equal(ls_record_stamped(p->f.record), 5);
    assert_int_equal(ls_record_time(p->f.record), p->f.now);
    assert_true(ls_bytes_is(ls_record_at(p->f.record, 5).kind, "stamp"));
    reopen(p);
    submit_well(p, fixture_open_tranche(&p->f, 1));
    assert_int_equal(follow(p), 8);
}

static void the_same_act_twice_is_there_already(void **state)
{
    place *p = *state;
    ls_bytes note = fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises");
    ls_receipt first = submit_well(p, note), again;
    again = submit_well(p, note);
    assert_true(again.already);
    assert_int_equal(again.index, first.index);
    reopen(p);
    again = submit_well(p, note);
    assert_true(again.already && again.index == first.index);
    assert_true(submit_well(p, p->f.entry[0]).already);
    assert_int_equal(follow(p), 6);
}

static void what_the_record_refuses_is_not_appended(void **state)
{
    place *p = *state;
    ls_detail detail = {0};
    ls_receipt receipt;
    ls_bytes note = fixture_measure(&p->f, FIXTURE_DPRK, "perform", "suspend-exercises");
    assert_ptr_equal(submit(p, note, &receipt, &detail).fault, &ls_fault_refused);
    assert_true(detail.text[0] != 0);
    assert_true(ls_failed(submit(p, ls_bytes_str("no act"), &receipt, &detail)));
    /* Another's signature under the right text. */
    ls_bytes good = fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises");
    ls_buf bad = {0};
    ls_buf_put_bytes(&bad, good);
    bad.ptr[bad.len - 20] = bad.ptr[bad.len - 20] == 'A' ? 'B' : 'A';
    assert_true(ls_failed(submit(p, ls_buf_bytes(&bad), &receipt, &detail)));
    ls_buf_free(&bad);
    assert_int_equal(follow(p), 4);
    submit_well(p, good);
    assert_int_equal(follow(p), 6);
}

static void attachments_come_along(void **state)
{
    place *p = *state;
    ls_detail detail = {0};
    ls_receipt receipt;
    ls_bytes note = fixture_declare(&p->f, fixture_inventory, NULL);
    assert_ptr_equal(submit(p, note, &receipt, &detail).fault, &ls_fault_refused);
    assert_non_null(strstr(detail.text, "manifest.json"));
    assert_true(detail.hint[0] != 0);
    assert_int_equal(follow(p), 4);
    submit_well(p, note);
    assert_int_equal(follow(p), 6);
}

static void the_charter_must_name_this_ledger(void **state)
{
    place *p = *state;
    fixture other;
    ls_detail detail = {0};
    ls_receipt receipt;
    fixture_open(&other, NULL);
    ls_bytes charter = fixture_charter(&other);
    assert_ptr_equal(submit_from(p, &other, charter, &receipt, &detail).fault, &ls_fault_refused);
    assert_non_null(strstr(detail.text, "another ledger"));
    fixture_close(&other);
    /* The ledger is still free for its own. */
    submit_well(p, fixture_charter(&p->f));
    assert_int_equal(follow(p), 2);
}

static void nothing_precedes_the_charter(void **state)
{
    place *p = *state;
    fixture other;
    ls_receipt receipt;
    fixture_open(&other, NULL);
    fixture_append(&other, fixture_charter(&other));
    ls_act_draft d;
    fixture_draft(&other, FIXTURE_USA, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%064d", 1);
    assert_true(ls_failed(submit(p, fixture_finish(&other, &d), &receipt, NULL)));
    fixture_close(&other);
}

/* The clock */

static void the_clock_stands_where_it_was_set(void **state)
{
    place *p = *state;
    ls_time now;
    ls_detail detail = {0};
    assert_null(p->ledger->methods->now(p->ledger, &now, NULL).fault);
    assert_int_equal(now, p->f.now);
    assert_ptr_equal(ls_ledger_set_clock(p->folder, p->f.now - 1, &detail).fault, &ls_fault_usage);
    assert_non_null(strstr(detail.text, "2018-10-09T08:00:00Z"));
    assert_null(ls_ledger_set_clock(p->folder, p->f.now, NULL).fault);
    assert_null(ls_ledger_set_clock(p->folder, p->f.now + 3600, NULL).fault);
    assert_null(p->ledger->methods->now(p->ledger, &now, NULL).fault);
    assert_int_equal(now, p->f.now + 3600);
}

static void silence_is_stamped_too(void **state)
{
    place *p = *state;
    assert_null(p->ledger->methods->tick(p->ledger, NULL).fault);
    assert_int_equal(follow(p), 4);
    assert_null(ls_ledger_set_clock(p->folder, p->f.now + 86399, NULL).fault);
    assert_null(p->ledger->methods->tick(p->ledger, NULL).fault);
    assert_int_equal(follow(p), 4);
    assert_null(ls_ledger_set_clock(p->folder, p->f.now + 86400, NULL).fault);
    assert_null(p->ledger->methods->tick(p->ledger, NULL).fault);
    assert_int_equal(follow(p), 5);
    assert_int_equal(ls_record_time(p->f.record), p->f.now + 86400);
}

/* A clock that was set back by hand does not set back the record. */
static void time_on_the_record_never_goes_back(void **state)
{
    place *p = *state;
    char path[400];
    snprintf(path, sizeof path, "%s/clock", p->folder);
    assert_null(ls_file_write(path, ls_bytes_str("2018-10-01T00:00:00Z\n"), NULL).fault);
    submit_well(p, fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises"));
    follow(p);
    assert_int_equal(ls_record_time(p->f.record), p->f.now);
}

/* Attachments */

/* An act with one attachment, whose bytes are content; from a file, or from memory. */
static ls_result submit_file(place *p, ls_bytes content, const char *path, ls_hash *hash, ls_detail *detail)
{
    ls_receipt receipt;
    ls_act_draft d;
    char accord[LS_HEX_HASH_SIZE];
    fixture_draft(&p->f, FIXTURE_USA, "perform", &d);
    ls_hash_format(&p->f.accord, accord);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
    ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
    ls_attachment a = fixture_attach(&p->f, "report.txt", "text/plain", content);
    ls_act_draft_attach(&d, &a);
    *hash = a.hash;
    struct ls_submitted_file file = {a.hash, path, path == NULL ? content : (ls_bytes){0}};
    ls_submission s = {fixture_finish(&p->f, &d), 1, &file};
    return p->ledger->methods->submit(p->ledger, &s, &receipt, detail);
}

static void attachments_are_kept_under_their_hash(void **state)
{
    place *p = *state;
    char path[400];
    ls_hash hash, again;
    ls_buf out = {0};
    ls_arena arena = {0};
    ls_bytes view;
    snprintf(path, sizeof path, "%s/source", p->parent);
    ls_buf large = {0};
    for (int i = 0; i < 100000; i++) {
        ls_buf_format(&large, "%d,", i);
    }
    assert_null(ls_file_write(path, ls_buf_bytes(&large), NULL).fault);
    assert_null(submit_file(p, ls_buf_bytes(&large), path, &hash, NULL).fault);
    follow(p);
    assert_null(submit_file(p, ls_buf_bytes(&large), NULL, &again, NULL).fault);
    assert_memory_equal(hash.b, again.b, sizeof hash.b);
    assert_null(p->ledger->methods->fetch(p->ledger, &hash, large.len, &out, NULL).fault);
    assert_true(ls_bytes_equal(ls_buf_bytes(&out), ls_buf_bytes(&large)));
    assert_null(ls_ledger_fetch_arena(p->ledger, &hash, large.len, &arena, &view).fault);
    assert_true(ls_bytes_equal(view, ls_buf_bytes(&large)));
    out.len = 0;
    assert_ptr_equal(p->ledger->methods->fetch(p->ledger, &hash, large.len - 1, &out, NULL).fault, &ls_fault_large);
    hash.b[0] ^= 1;
    assert_ptr_equal(p->ledger->methods->fetch(p->ledger, &hash, 1, &out, NULL).fault, &ls_fault_absent);
    assert_ptr_equal(ls_ledger_fetch_arena(p->ledger, &hash, 1, &arena, &view).fault, &ls_fault_absent);
    ls_buf_free(&large);
    ls_buf_free(&out);
    ls_arena_free(&arena);
}

/* A file that is missing, is no file, or has other bytes than were signed: the act is not appended. */
static void files_that_are_not_what_was_signed_are_refused(void **state)
{
    place *p = *state;
    char path[400];
    ls_hash hash;
    ls_buf out = {0};
    uint64_t before = follow(p);
    snprintf(path, sizeof path, "%s/source", p->parent);
    assert_ptr_equal(submit_file(p, ls_bytes_str("right"), path, &hash, NULL).fault, &ls_fault_missing);
    assert_true(ls_failed(submit_file(p, ls_bytes_str("right"), "/dev/null", &hash, NULL)));
    assert_null(ls_file_write(path, ls_bytes_str("wrong"), NULL).fault);
    assert_ptr_equal(submit_file(p, ls_bytes_str("right"), path, &hash, NULL).fault, &ls_fault_refused);
    assert_ptr_equal(p->ledger->methods->fetch(p->ledger, &hash, 10, &out, NULL).fault, &ls_fault_absent);
    assert_int_equal(follow(p), before);
    ls_buf_free(&out);
}

/* What a refused act brought along is not kept: the key in an opening that came too late stays unpublished. */
static void files_of_a_refused_act_are_not_kept(void **state)
{
    place *p = *state;
    ls_hash hash;
    ls_buf out = {0};
    ls_receipt receipt;
    ls_bytes other = fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises");
    assert_null(submit(p, other, &receipt, NULL).fault);
    /* The fixture has not followed: the same seq again. */
    assert_ptr_equal(submit_file(p, ls_bytes_str("secret"), NULL, &hash, NULL).fault, &ls_fault_refused);
    assert_ptr_equal(p->ledger->methods->fetch(p->ledger, &hash, 10, &out, NULL).fault, &ls_fault_absent);
    ls_buf_free(&out);
}

static void a_damaged_attachment_is_noticed_and_mended(void **state)
{
    place *p = *state;
    char path[500], hex[LS_HEX_HASH_SIZE];
    ls_hash hash;
    ls_buf out = {0};
    assert_null(submit_file(p, ls_bytes_str("right"), NULL, &hash, NULL).fault);
    follow(p);
    ls_hash_format(&hash, hex);
    snprintf(path, sizeof path, "%s/attachments/%s", p->folder, hex);
    assert_null(ls_file_write(path, ls_bytes_str("wrong"), NULL).fault);
    assert_ptr_equal(p->ledger->methods->fetch(p->ledger, &hash, 10, &out, NULL).fault, &ls_fault_store_damaged);
    assert_int_equal(out.len, 0);
    assert_null(submit_file(p, ls_bytes_str("right"), NULL, &hash, NULL).fault);
    assert_null(p->ledger->methods->fetch(p->ledger, &hash, 10, &out, NULL).fault);
    assert_true(ls_bytes_is(ls_buf_bytes(&out), "right"));
    ls_buf_free(&out);
}

/* Several at once */

/* Performs, as one party; the other process's act may come between, then it is made again. */
static int act_in_a_process(place *p, size_t party)
{
    const char *kind = party == FIXTURE_USA ? "perform" : "suspend";
    open_ledger(p);
    for (int done = 0, tries = 0; done < 5; tries++) {
        ls_receipt receipt;
        ls_detail detail = {0};
        ls_act_draft d;
        char accord[LS_HEX_HASH_SIZE];
        follow(p);
        fixture_draft(&p->f, party, kind, &d);
        ls_hash_format(&p->f.accord, accord);
        ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
        if (party == FIXTURE_USA) {
            ls_act_draft_set(&d, LS_H_MEASURE, "suspend-exercises");
        }
        ls_buf_format(&d.text, "Number %d.\n", done);
        ls_result r = submit(p, fixture_finish(&p->f, &d), &receipt, &detail);
        if (ls_failed(r) || tries > 100) {
            print_message("%s\n", detail.text);
            return 1;
        }
        done++;
    }
    return 0;
}

static void two_processes_append_at_once(void **state)
{
    place *p = *state;
    static const size_t parties[] = {FIXTURE_USA, FIXTURE_ROK};
    pid_t child[2];
    for (size_t i = 0; i < 2; i++) {
        fflush(NULL);
        child[i] = fork();
        if (child[i] == 0) {
            _exit(act_in_a_process(p, parties[i]));
        }
    }
    for (size_t i = 0; i < 2; i++) {
        int status;
        assert_int_equal(waitpid(child[i], &status, 0), child[i]);
        assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    assert_int_equal(follow(p), 4 + 2 * 10);
}

/* Killed */

/* Submits act after act, and writes the index of each that is acknowledged to the pipe. */
static void submit_until_killed(place *p, int acknowledge)
{
    open_ledger(p);
    for (int i = 0;; i++) {
        ls_receipt receipt;
        ls_act_draft d;
        char accord[LS_HEX_HASH_SIZE];
        follow(p);
        fixture_draft(&p->f, FIXTURE_USA, "suspend", &d);
        ls_hash_format(&p->f.accord, accord);
        ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
        ls_buf_format(&d.text, "Number %d of %d.\n", i, (int)getpid());
        ls_bytes note = fixture_finish(&p->f, &d);
        ls_act act;
        if (ls_failed(ls_act_parse(note, false, &act, NULL)) || ls_failed(submit(p, note, &receipt, NULL)) ||
            write(acknowledge, act.id.b, sizeof act.id.b) != sizeof act.id.b) {
            _exit(1);
        }
    }
}

static void check_acknowledged(const place *p, int pipe_end, size_t *count)
{
    ls_hash id;
    uint64_t index;
    while (read(pipe_end, id.b, sizeof id.b) == sizeof id.b) {
        assert_true(ls_record_find(p->f.record, &id, &index));
        ++*count;
    }
}

static void nothing_acknowledged_is_lost_when_killed(void **state)
{
    place *p = *state;
    const char *wanted = getenv("LOCKSTEP_KILLS");
    size_t acknowledged = 0;
    int kills = wanted == NULL ? 20 : atoi(wanted);
    for (int round = 0; round < kills; round++) {
        int ends[2];
        assert_int_equal(pipe(ends), 0);
        fflush(NULL);
        pid_t child = fork();
        if (child == 0) {
            close(ends[0]);
            submit_until_killed(p, ends[1]);
        }
        close(ends[1]);
        usleep((useconds_t)(rand() % 60000));
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
        reopen(p);
        /* Whatever the state, it is a state: the next process brings it up, and readers verify it. */
        assert_null(p->ledger->methods->tick(p->ledger, NULL).fault);
        uint64_t size = follow(p);
        check_acknowledged(p, ends[0], &acknowledged);
        assert_int_equal(ls_record_stamped(p->f.record) + 1, size);
        close(ends[0]);
        if (size > 150) {
            break; /* what the fixture holds */
        }
    }
    assert_true(acknowledged > 0);
}

/* Commits an entry that never comes under a checkpoint: as if killed between the two. */
static void append_behind(const place *p, uint64_t size, ls_bytes note)
{
    ls_store *store;
    ls_hash root = {0};
    uint64_t epoch = 0;
    assert_null(ls_store_sqlite(p->folder, false, &store, NULL).fault);
    assert_null(store->methods->lead(store, ls_bytes_str("another"), 0, &epoch, NULL).fault);
    assert_null(store->methods->append(store, epoch, size, &note, &root, 1, NULL).fault);
    store->methods->close(store);
}

static void an_entry_without_checkpoint_is_taken_up(void **state)
{
    place *p = *state;
    ls_receipt receipt;
    ls_bytes note = fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises");
    append_behind(p, 4, note);
    receipt = submit_well(p, note);
    assert_true(receipt.already);
    assert_int_equal(receipt.index, 4);
    assert_int_equal(follow(p), 6);
}

static void an_entry_that_is_no_act_is_refused(void **state)
{
    place *p = *state;
    ls_detail detail = {0};
    ls_bytes note = ls_bytes_str("no act at all\n");
    append_behind(p, 4, note);
    assert_ptr_equal(p->ledger->methods->tick(p->ledger, &detail).fault, &ls_fault_store_damaged);
    assert_non_null(strstr(detail.text, "entry 4"));
}

/* Damage: each byte of the database, one at a time (a sample in quick runs). */
static void a_damaged_database_is_refused_or_says_the_same(void **state)
{
    place *p = *state;
    char path[400];
    ls_buf file = {0};
    size_t refused = 0, same = 0;
    const char *all = getenv("LOCKSTEP_SOAK");
    p->ledger->methods->close(p->ledger);
    snprintf(path, sizeof path, "%s/record.sqlite", p->folder);
    assert_null(ls_file_read(path, 1 << 22, &file, NULL).fault);
    for (size_t at = 0; at < file.len; at += all != NULL || at < 110 ? 1 : 37) {
        file.ptr[at] ^= (uint8_t)(1u << (at % 8));
        int fd = open(path, O_WRONLY);
        assert_true(fd >= 0 && pwrite(fd, file.ptr + at, 1, (off_t)at) == 1);
        file.ptr[at] ^= (uint8_t)(1u << (at % 8));
        ls_result r = ls_ledger_open(p->folder, &p->ledger, NULL);
        if (ls_succeeded(r)) {
            r = p->ledger->methods->tick(p->ledger, NULL);
            if (ls_succeeded(r)) {
                assert_int_equal(follow(p), 4);
                same++;
            }
            p->ledger->methods->close(p->ledger);
        }
        refused += ls_failed(r);
        assert_true(ls_succeeded(r) || r.fault == &ls_fault_store_damaged || r.fault == &ls_fault_store);
        assert_int_equal(pwrite(fd, file.ptr, file.len, 0), (ssize_t)file.len);
        assert_int_equal(ftruncate(fd, (off_t)file.len), 0);
        assert_int_equal(close(fd), 0);
    }
    assert_true(refused > 0 && same > 0);
    ls_buf_free(&file);
    open_ledger(p);
}

static void a_lost_record_is_noticed(void **state)
{
    place *p = *state;
    char command[500];
    ls_detail detail = {0};
    if (system("sqlite3 --version >/dev/null 2>&1") != 0) {
        print_message("the sqlite3 shell is not installed\n");
        skip();
    }
    snprintf(command, sizeof command, "sqlite3 '%s/record.sqlite' 'DELETE FROM entries WHERE idx=3'", p->folder);
    assert_int_equal(system(command), 0);
    assert_ptr_equal(p->ledger->methods->tick(p->ledger, &detail).fault, &ls_fault_store_damaged);
    snprintf(command, sizeof command, "sqlite3 '%s/record.sqlite' 'DELETE FROM entries; DELETE FROM checkpoint'",
             p->folder);
    assert_int_equal(system(command), 0);
    reopen(p);
    /* Nothing is left: to the ledger it looks new, and only readers who remember know better. */
    assert_null(p->ledger->methods->tick(p->ledger, &detail).fault);
}

/* Mounts */

static int use_read_only(void *context)
{
    place *p = context;
    ls_receipt receipt;
    ls_bytes note = fixture_measure(&p->f, FIXTURE_USA, "perform", "suspend-exercises");
    if (!system_own_mounts() || !system_mount_read_only(p->folder)) {
        return SYSTEM_SKIP;
    }
    open_ledger(p);
    if (follow(p) != 4) {
        return 1;
    }
    ls_result r = submit(p, note, &receipt, NULL);
    return ls_failed(r) && r.fault->class == LS_CLASS_ENVIRONMENT ? 0 : 2;
}

static void expect_child(int (*body)(void *), place *p)
{
    int status = system_fork(body, p);
    if (status == SYSTEM_SKIP) {
        print_message("mounts of one's own are not allowed here\n");
        skip();
    }
    assert_int_equal(status, 0);
}

static void a_read_only_folder_can_be_read(void **state)
{
    place *p = *state;
    p->ledger->methods->close(p->ledger);
    p->ledger = NULL; /* for the case that the test is skipped now */
    expect_child(use_read_only, p);
    open_ledger(p);
}

static int fill_disk(void *context)
{
    place *p = context;
    ls_vkey key;
    if (!system_own_mounts() || !system_mount_small(p->parent, "4m")) {
        return SYSTEM_SKIP;
    }
    assert_null(ls_ledger_create(p->folder, ORIGIN, NULL).fault);
    assert_null(ls_ledger_key(p->folder, &key, NULL).fault);
    fixture_close(&p->f);
    fixture_open(&p->f, &key);
    assert_null(ls_ledger_set_clock(p->folder, p->f.now, NULL).fault);
    open_ledger(p);
    submit_well(p, fixture_charter(&p->f));
    follow(p);
    submit_well(p, fixture_accord(&p->f));
    follow(p);
    char filler[400];
    snprintf(filler, sizeof filler, "%s/filler", p->parent);
    FILE *file = fopen(filler, "wb");
    setvbuf(file, NULL, _IONBF, 0);
    while (putc('x', file) != EOF) {
    }
    fclose(file);
    struct stat st;
    assert_int_equal(stat(filler, &st), 0);
    assert_int_equal(truncate(filler, st.st_size - 200 * 1024), 0);
    uint64_t acknowledged = 4;
    ls_result r = LS_SUCCESS;
    ls_bytes note = {0};
    while (ls_succeeded(r) && acknowledged < 100) {
        ls_receipt receipt;
        ls_act_draft d;
        char accord[LS_HEX_HASH_SIZE];
        follow(p);
        fixture_draft(&p->f, FIXTURE_USA, "suspend", &d);
        ls_hash_format(&p->f.accord, accord);
        ls_act_draft_set(&d, LS_H_ACCORD, "%s", accord);
        for (int i = 0; i < 400; i++) {
            ls_buf_format(&d.text, "A long reason that fills the disk, line %d.\n", i);
        }
        note = fixture_finish(&p->f, &d);
        r = submit(p, note, &receipt, NULL);
        acknowledged = ls_succeeded(r) ? receipt.index + 1 : acknowledged;
    }
    if (r.fault != &ls_fault_store || follow(p) < acknowledged) {
        return 1;
    }
    unlink(filler);
    reopen(p);
    submit_well(p, note);
    return follow(p) > acknowledged ? 0 : 2;
}

static void a_full_disk_loses_nothing(void **state)
{
    expect_child(fill_disk, *state);
}

#define EMPTY(f) cmocka_unit_test_setup_teardown(f, set_up_empty, tear_down)
#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        EMPTY(a_new_ledger_is_private_and_empty),
        EMPTY(folders_that_are_no_ledgers_are_refused),
        EMPTY(what_others_can_read_is_refused),
        TEST(acts_are_appended_stamped_and_covered),
        TEST(the_same_act_twice_is_there_already),
        TEST(what_the_record_refuses_is_not_appended),
        TEST(attachments_come_along),
        EMPTY(the_charter_must_name_this_ledger),
        EMPTY(nothing_precedes_the_charter),
        EMPTY(the_clock_stands_where_it_was_set),
        TEST(silence_is_stamped_too),
        TEST(time_on_the_record_never_goes_back),
        TEST(attachments_are_kept_under_their_hash),
        TEST(files_that_are_not_what_was_signed_are_refused),
        TEST(files_of_a_refused_act_are_not_kept),
        TEST(a_damaged_attachment_is_noticed_and_mended),
        TEST(two_processes_append_at_once),
        TEST(nothing_acknowledged_is_lost_when_killed),
        TEST(an_entry_without_checkpoint_is_taken_up),
        TEST(an_entry_that_is_no_act_is_refused),
        TEST(a_damaged_database_is_refused_or_says_the_same),
        TEST(a_lost_record_is_noticed),
        TEST(a_read_only_folder_can_be_read),
        EMPTY(a_full_disk_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
