/*
 * Drives a PostgreSQL store from a script, for the tests that kill, stop and cut what is beneath it.
 *
 *   store_driver CONNINFO NAME HOLDER contend SECONDS   leads whenever it can, and appends for ever
 *   store_driver CONNINFO NAME HOLDER obey              carries out commands, a line each
 *   store_driver CONNINFO NAME HOLDER dump              prints what is there
 *   store_driver CONNINFO NAME HOLDER move FOLDER       moves what a ledger's folder holds into the database
 *   store_driver CONNINFO NAME HOLDER measure BATCHES   appends batches of 100 entries of 1 KiB, and prints how fast
 *
 * Every line that it prints says one thing that has happened: `led EPOCH`, `ack INDEX TEXT`, `published SIZE`, `ok`, or
 * `failed CODE: DETAIL`.
 */
#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include "os/os.h"
#include "store/store.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct driver {
    ls_store *store;
    const char *holder;
    uint64_t epoch, size;
    unsigned long count; /* of entries that it made */
} driver;

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    putchar('\n');
    fflush(stdout);
}

static bool report(ls_result r, const ls_detail *detail)
{
    if (ls_failed(r)) {
        say("failed %s: %s", r.fault->code, detail->text);
    }
    return ls_succeeded(r);
}

static bool lead(driver *d, unsigned seconds)
{
    ls_detail detail = {0};
    ls_result r = d->store->methods->lead(d->store, ls_bytes_str(d->holder), seconds, &d->epoch, &detail);
    return report(r, &detail);
}

static bool look(driver *d)
{
    ls_detail detail = {0};
    ls_store_head head = {0};
    bool ok = report(d->store->methods->head(d->store, &head, &detail), &detail);
    d->size = ok ? head.size : d->size;
    ls_store_head_free(&head);
    return ok;
}

#define BATCH_MAX 100

/* Appends entries of which no two are alike, and acknowledges each. */
static bool append(driver *d, size_t count)
{
    char text[BATCH_MAX][100];
    ls_bytes notes[BATCH_MAX] = {0};
    ls_hash roots[BATCH_MAX] = {0};
    ls_detail detail = {0};
    for (size_t i = 0; i < count; i++) {
        snprintf(text[i], sizeof text[i], "%s in epoch %" PRIu64 " wrote %lu", d->holder, d->epoch, d->count++);
        notes[i] = ls_bytes_str(text[i]);
        ls_sha256_hash(notes[i], &roots[i]);
    }
    ls_result r = d->store->methods->append(d->store, d->epoch, d->size, notes, roots, count, &detail);
    if (!report(r, &detail)) {
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        say("ack %" PRIu64 " %s", d->size + i, text[i]);
    }
    d->size += count;
    return true;
}

static bool publish(driver *d, bool final)
{
    char note[64];
    ls_detail detail = {0};
    const ls_store_methods *m = d->store->methods;
    snprintf(note, sizeof note, "%s of %" PRIu64, final ? "final" : "checkpoint", d->size);
    bool ok =
        report((final ? m->finalize : m->publish)(d->store, d->epoch, d->size, ls_bytes_str(note), &detail), &detail);
    if (ok) {
        say("published %" PRIu64, d->size);
    }
    return ok;
}

/* Contending. */

/* Until the lead is lost, or the store fails. */
static void write_while_leading(driver *d, unsigned seconds)
{
    double renewed = ls_clock_monotonic();
    while (append(d, 1 + d->count % 5) && publish(d, false)) {
        if (ls_clock_monotonic() - renewed > seconds / 3.0) {
            renewed = ls_clock_monotonic();
            if (!lead(d, seconds)) {
                return;
            }
        }
        usleep(2000);
    }
}

_Noreturn static void contend(driver *d, const char *seconds)
{
    unsigned lease = (unsigned)atoi(seconds);
    for (;; usleep(200000)) {
        d->epoch = 0;
        if (lead(d, lease) && look(d)) {
            say("led %" PRIu64, d->epoch);
            write_while_leading(d, lease);
        }
    }
}

/* Obeying. */

static ls_result give(void *context, size_t cap, ls_buf *out, ls_detail *detail)
{
    uint64_t *left = context;
    size_t portion = *left < cap ? (size_t)*left : cap;
    uint8_t *to = ls_buf_extend(out, portion);
    (void)detail;
    for (size_t i = 0; i < portion && to != NULL; i++) {
        to[i] = (uint8_t)((*left)-- * 31 >> 3);
    }
    return LS_SUCCESS;
}

static void make_content(uint64_t size, ls_buf *content, ls_hash *hash)
{
    uint64_t left = size;
    ls_result r = give(&left, (size_t)size, content, NULL);
    if (ls_failed(r) || content->failed) {
        abort();
    }
    ls_sha256_hash(ls_buf_bytes(content), hash);
}

static bool attach(driver *d, uint64_t size)
{
    ls_buf content = {0};
    ls_hash hash;
    ls_detail detail = {0};
    uint64_t left = size;
    make_content(size, &content, &hash);
    ls_buf_free(&content);
    ls_result r = d->store->methods->attach(d->store, &hash, size, (ls_store_source){give, &left}, &detail);
    return report(r, &detail);
}

/* A box of this size for the holder: put there, and taken away. */
static bool post(driver *d, uint64_t size, bool drop)
{
    ls_buf content = {0};
    ls_hash hash;
    ls_detail detail = {0};
    ls_bytes to = ls_bytes_str(d->holder);
    const ls_store_methods *m = d->store->methods;
    make_content(size, &content, &hash);
    ls_result r =
        drop ? m->drop(d->store, to, &hash, &detail) : m->post(d->store, to, &hash, ls_buf_bytes(&content), &detail);
    ls_buf_free(&content);
    return report(r, &detail);
}

static bool carry_out(driver *d, const char *word, uint64_t number)
{
    if (strcmp(word, "take") == 0) {
        d->epoch = 0;
        return lead(d, (unsigned)number) && look(d);
    }
    return strcmp(word, "renew") == 0      ? lead(d, (unsigned)number)
           : strcmp(word, "look") == 0     ? look(d)
           : strcmp(word, "append") == 0   ? append(d, (size_t)number)
           : strcmp(word, "publish") == 0  ? publish(d, false)
           : strcmp(word, "finalize") == 0 ? publish(d, true)
           : strcmp(word, "attach") == 0   ? attach(d, number)
           : strcmp(word, "post") == 0     ? post(d, number, false)
           : strcmp(word, "drop") == 0     ? post(d, number, true)
                                           : false;
}

static int obey(driver *d)
{
    char word[32];
    uint64_t number;
    while (scanf("%31s %" SCNu64, word, &number) == 2) {
        if (carry_out(d, word, number)) {
            say("ok");
        }
    }
    return 0;
}

/* Dumping. */

typedef struct dumping {
    ls_store *store;
    ls_detail detail;
} dumping;

static ls_result print_entry(void *context, uint64_t index, ls_bytes note)
{
    dumping *d = context;
    ls_hash wanted, root;
    ls_sha256_hash(note, &wanted);
    LS_TRY(d->store->methods->root(d->store, index + 1, &root, &d->detail));
    say("%" PRIu64 " %.*s%s", index, (int)note.len, (const char *)note.ptr,
        ls_hash_equal(&root, &wanted) ? "" : ", with another's root");
    return LS_SUCCESS;
}

/* Fetched, so that the bytes are checked. */
static ls_result print_file(void *context, const ls_hash *hash)
{
    dumping *d = context;
    char hex[LS_HEX_HASH_SIZE];
    ls_buf content = {0};
    ls_result r = d->store->methods->fetch(d->store, hash, UINT64_MAX, &content, &d->detail);
    ls_hash_format(hash, hex);
    if (ls_succeeded(r)) {
        say("file %s of %zu", hex, content.len);
    }
    ls_buf_free(&content);
    return r;
}

static ls_result print_box(void *context, const ls_hash *hash)
{
    char hex[LS_HEX_HASH_SIZE];
    (void)context;
    ls_hash_format(hash, hex);
    say("box %s", hex);
    return LS_SUCCESS;
}

static int dump(ls_store *s, const char *holder)
{
    dumping d = {.store = s};
    ls_store_head head = {0};
    ls_result r = s->methods->head(s, &head, &d.detail);
    if (ls_succeeded(r)) {
        say("head %" PRIu64 ", %s, %s", head.size, ls_buf_cstr(&head.latest), ls_buf_cstr(&head.final));
        r = s->methods->read(s, 0, head.size, print_entry, &d, &d.detail);
    }
    if (ls_succeeded(r)) {
        r = s->methods->attachments(s, print_file, &d, &d.detail);
    }
    if (ls_succeeded(r)) {
        r = s->methods->boxes(s, ls_bytes_str(holder), print_box, &d, &d.detail);
    }
    ls_store_head_free(&head);
    return report(r, &d.detail) ? 0 : 1;
}

/* Measuring. */

static int measure(driver *d, const char *batches)
{
    static uint8_t text[BATCH_MAX][1024];
    ls_bytes notes[BATCH_MAX];
    ls_hash roots[BATCH_MAX] = {0};
    ls_detail detail = {0};
    for (size_t i = 0; i < BATCH_MAX; i++) {
        notes[i] = ls_bytes_of(text[i], sizeof text[i]);
        ls_random(text[i], sizeof text[i]);
    }
    if (!lead(d, 600) || !look(d)) {
        return 1;
    }
    double began = ls_clock_monotonic();
    int count = atoi(batches);
    for (int i = 0; i < count; i++, d->size += BATCH_MAX) {
        ls_result r = d->store->methods->append(d->store, d->epoch, d->size, notes, roots, BATCH_MAX, &detail);
        if (!report(r, &detail)) {
            return 1;
        }
    }
    double seconds = ls_clock_monotonic() - began;
    say("%.0f commits/s, %.0f rows/s", count / seconds, count * BATCH_MAX / seconds);
    return 0;
}

static int move(driver *d, const char *folder)
{
    ls_detail detail = {0};
    return report(ls_store_move(folder, ls_bytes_str(d->holder), d->store, &detail), &detail) ? 0 : 1;
}

int main(int count, char **argument)
{
    driver d = {.holder = count > 3 ? argument[3] : ""};
    ls_detail detail = {0};
    const char *mode = count > 4 ? argument[4] : "", *number = count > 5 ? argument[5] : "0";
    if (count < 5) {
        fputs("usage: store_driver CONNINFO NAME HOLDER contend|obey|dump|measure|move [ARGUMENT]\n", stderr);
        return 2;
    }
    bool reads = strcmp(mode, "dump") == 0;
    if (!report(ls_store_postgres(argument[1], argument[2], !reads, &d.store, &detail), &detail)) {
        return 1;
    }
    if (strcmp(mode, "contend") == 0) {
        contend(&d, number);
    }
    int status = reads                          ? dump(d.store, d.holder)
                 : strcmp(mode, "obey") == 0    ? obey(&d)
                 : strcmp(mode, "measure") == 0 ? measure(&d, number)
                 : strcmp(mode, "move") == 0    ? move(&d, number)
                                                : 2;
    d.store->methods->close(d.store);
    return status;
}
