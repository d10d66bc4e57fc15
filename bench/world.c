#include "world.h"
#include "bench.h"
#include "crypto/sha256.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define DAY 86400
#define THREADS 2

static void set_time(ls_act_draft *d, ls_header h, ls_time t)
{
    char text[LS_TIME_SIZE];
    ls_time_format(t, text);
    ls_act_draft_set(d, h, "%s", text);
}

static void set_hash(ls_act_draft *d, ls_header h, const ls_hash *hash)
{
    char text[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, text);
    ls_act_draft_set(d, h, "%s", text);
}

/* Joint acts: charter and accord. */

/* "p01 p02 …", with something before each and between them. */
static void put_names(ls_buf *out, const char *format, const char *between)
{
    for (unsigned p = 0; p < WORLD_PARTIES; p++) {
        char name[32];
        snprintf(name, sizeof name, "p%02u", p + 1);
        ls_buf_put_str(out, p == 0 ? "" : between);
        for (const char *c = format; *c != '\0'; c++) {
            if (*c == '*') {
                ls_buf_put_str(out, name);
            } else {
                ls_buf_put_u8(out, (uint8_t)*c);
            }
        }
    }
}

static void put_party(const world *w, unsigned p, ls_buf *json)
{
    char text[LS_VKEY_SIZE];
    uint8_t sealing[32];
    memset(sealing, (int)p + 1, sizeof sealing);
    ls_vkey_format(&w->key[p].vkey, text);
    ls_buf_format(json,
                  "%s{\"name\":\"p%02u\",\"title\":\"A delegation\",\"role\":\"party\",\"domain\":\"p%02u.example\","
                  "\"signers\":[{\"name\":\"p%02u-1\",\"title\":\"Envoy\",\"key\":\"%s\"}],\"threshold\":1,"
                  "\"sealing\":\"",
                  p == 0 ? "" : ",", p + 1, p + 1, p + 1, text);
    ls_buf_put_base64(json, ls_bytes_of(sealing, sizeof sealing));
    ls_buf_put_str(json, "\"}");
}

static void put_charter(const world *w, const ls_vkey *ledger, ls_buf *json)
{
    char key[LS_VKEY_SIZE];
    ls_vkey_format(ledger, key);
    ls_buf_format(json,
                  "{\"charter\":1,\"name\":\"" WORLD_NAME "\",\"title\":\"An exercise\",\"exercise\":true,"
                  "\"semantics\":1,\"suite\":1,\"access\":\"public\",\"ledger\":{\"origin\":\"%s\",\"key\":\"%s\"},"
                  "\"time\":{\"zone\":\"Asia/Seoul\",\"offsets\":[{\"from\":\"1970-01-01T00:00:00Z\",\"offset\":"
                  "\"+09:00\"}],\"closing\":\"24:00\"},\"stamp-interval\":\"1 day\",\"grace\":\"24 hours\","
                  "\"expires-limit\":\"30 days\",\"limits\":{\"rows\":1000,\"attachment-bytes\":1000000},"
                  "\"policy\":\"quorum none\\n\",\"parties\":[",
                  ledger->name, key);
    for (unsigned p = 0; p < WORLD_PARTIES; p++) {
        put_party(w, p, json);
    }
    ls_buf_put_str(json, "]}");
}

/* Each party has a measure, which the next one verifies. */
static void put_roadmap(ls_buf *json)
{
    ls_buf_put_str(json, "{\"roadmap\":1,\"name\":\"accord\",\"title\":\"An accord\",\"parties\":[");
    put_names(json, "\"*\"", ",");
    ls_buf_put_str(json, "],\"tracks\":[{\"id\":\"arms\",\"title\":\"Arms\"}],"
                         "\"steps\":[{\"id\":\"first\",\"title\":\"First\",\"track\":\"arms\",\"measures\":[");
    for (unsigned p = 0; p < WORLD_PARTIES; p++) {
        ls_buf_format(json,
                      "%s{\"id\":\"m%02u\",\"by\":\"p%02u\",\"what\":\"suspend\",\"paragraph\":\"p1\","
                      "\"after\":[\"in force\"],\"due\":\"7 days after in force\",\"verified-by\":[\"p%02u\"]}",
                      p == 0 ? "" : ",", p + 1, p + 1, (p + 1) % WORLD_PARTIES + 1);
    }
    ls_buf_put_str(json, "]}]}");
}

static ls_bytes keep(world *w, ls_buf *b)
{
    uint8_t *copy = ls_arena_alloc(&w->arena, b->len);
    bench_must(copy == NULL || b->failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS, NULL);
    memcpy(copy, b->ptr, b->len);
    size_t len = b->len;
    ls_buf_free(b);
    return ls_bytes_of(copy, len);
}

static ls_bytes canonical(world *w, ls_buf *json)
{
    ls_value *v;
    ls_detail detail = {0};
    ls_buf out = {0};
    bench_must(ls_json_parse(&w->arena, ls_buf_bytes(json), &v, &detail), &detail);
    ls_json_canonical(v, &out);
    ls_buf_free(json);
    return keep(w, &out);
}

static void attach(ls_act_draft *d, struct ls_submitted_file *file, const char *name, const char *type, ls_bytes bytes)
{
    *file = (struct ls_submitted_file){.content = bytes};
    ls_sha256_hash(bytes, &file->hash);
    ls_act_draft_attach(d, &(ls_attachment){.hash = file->hash,
                                            .audience = ls_bytes_str("process"),
                                            .size = bytes.len,
                                            .media_type = ls_bytes_str(type),
                                            .file_name = ls_bytes_str(name)});
}

static void draft_joint(const world *w, const char *kind, ls_act_draft *d)
{
    ls_buf by = {0}, signers = {0};
    put_names(&by, "*", " ");
    put_names(&signers, "*-1", " ");
    *d = (ls_act_draft){.exercise = true};
    ls_act_draft_set(d, LS_H_ACT, "%s", kind);
    ls_act_draft_set(d, LS_H_BY, "%s", ls_buf_cstr(&by));
    ls_act_draft_set(d, LS_H_SIGNERS, "%s", ls_buf_cstr(&signers));
    ls_act_draft_set(d, LS_H_NONCE, "%064x", kind[0]);
    set_time(d, LS_H_OPEN_UNTIL, w->now + 30 * DAY);
    set_time(d, LS_H_AT, w->now);
    ls_buf_free(&by);
    ls_buf_free(&signers);
}

/* Finishes the act, signed by the parties from..to; its id. */
static void sign(const world *w, ls_act_draft *d, size_t from, size_t to, ls_buf *note, ls_hash *id)
{
    ls_buf signatures = {0};
    ls_detail detail = {0};
    bench_must(ls_act_draft_finish(d, note, &detail), &detail);
    ls_act_draft_free(d);
    ls_sha256_hash(ls_buf_bytes(note), id);
    for (size_t p = from; p < to; p++) {
        ls_note_sign(&signatures, ls_buf_bytes(note), &w->key[p].vkey, w->key[p].secret);
    }
    ls_buf_put_u8(note, '\n');
    ls_buf_put_bytes(note, ls_buf_bytes(&signatures));
    ls_buf_free(&signatures);
}

static void submit(world *w, ls_ledger *l, ls_act_draft *d, struct ls_submitted_file *file, size_t files, ls_hash *id)
{
    ls_buf note = {0};
    ls_receipt receipt;
    ls_detail detail = {0};
    sign(w, d, 0, WORLD_PARTIES, &note, id);
    ls_submission s = {ls_buf_bytes(&note), files, file};
    bench_must(l->methods->submit(l, &s, &receipt, &detail), &detail);
    ls_buf_free(&note);
}

static void submit_charter(world *w, ls_ledger *l, const ls_vkey *ledger)
{
    ls_buf json = {0};
    struct ls_submitted_file file;
    ls_act_draft d;
    put_charter(w, ledger, &json);
    draft_joint(w, "charter", &d);
    attach(&d, &file, "charter.json", "application/json", canonical(w, &json));
    submit(w, l, &d, &file, 1, &w->process);
}

static void submit_accord(world *w, ls_ledger *l)
{
    ls_buf json = {0};
    struct ls_submitted_file file[3];
    ls_act_draft d;
    put_roadmap(&json);
    draft_joint(w, "accord", &d);
    set_hash(&d, LS_H_PROCESS, &w->process);
    attach(&d, &file[0], "roadmap.json", "application/json", canonical(w, &json));
    attach(&d, &file[1], "text.md", "text/markdown", ls_bytes_str("# Accord\n\n[p1] All suspend.\n"));
    attach(&d, &file[2], "roadmap.yaml", "application/yaml", ls_bytes_str("# Nobody reads it here.\n"));
    submit(w, l, &d, file, 3, &w->accord);
}

/* The root over the charter alone, which every act names as its head. */
static ls_result take_head(void *context, uint64_t index, ls_bytes note)
{
    world *w = context;
    ls_hash root;
    ls_buf base64 = {0};
    (void)index;
    ls_merkle_leaf(note, &root);
    ls_buf_put_base64(&base64, ls_bytes_of(root.b, sizeof root.b));
    snprintf(w->head, sizeof w->head, "1 %s", ls_buf_cstr(&base64));
    ls_buf_free(&base64);
    return LS_SUCCESS;
}

void world_open(world *w, const char *folder)
{
    ls_ledger *l;
    ls_vkey key;
    ls_detail detail = {0};
    *w = (world){0};
    for (unsigned p = 0; p < WORLD_PARTIES; p++) {
        char name[64];
        snprintf(name, sizeof name, "p%02u.example/p%02u-1", p + 1, p + 1);
        fixture_key_make(name, &w->key[p]);
    }
    ls_time_parse(ls_bytes_str("2018-10-09T08:00:00Z"), &w->now);
    bench_must(ls_ledger_create(folder, WORLD_ORIGIN, &detail), &detail);
    bench_must(ls_ledger_key(folder, &key, &detail), &detail);
    bench_must(ls_ledger_set_clock(folder, w->now, &detail), &detail);
    bench_must(ls_ledger_open(folder, &l, &detail), &detail);
    submit_charter(w, l, &key);
    submit_accord(w, l);
    bench_must(l->methods->read(l, 0, 1, take_head, w, &detail), &detail);
    l->methods->close(l);
}

/* Acts. */

static void make_act(const world *w, size_t party, size_t i, ls_buf *note, ls_hash *last)
{
    /* It reports its own measure, then doubts what the one before it has reported. */
    bool doubts = i % 2 == 1;
    size_t measure = doubts ? (party + WORLD_PARTIES - 1) % WORLD_PARTIES : party;
    ls_act_draft d = {.exercise = true};
    ls_act_draft_set(&d, LS_H_ACT, "%s", doubts ? "object" : "perform");
    set_hash(&d, LS_H_PROCESS, &w->process);
    set_hash(&d, LS_H_ACCORD, &w->accord);
    ls_act_draft_set(&d, LS_H_BY, "p%02zu", party + 1);
    ls_act_draft_set(&d, LS_H_SIGNERS, "p%02zu-1", party + 1);
    ls_act_draft_set(&d, LS_H_SEQ, "%zu", i + 1);
    set_hash(&d, LS_H_PREV, last);
    ls_act_draft_set(&d, LS_H_HEAD, "%s", w->head);
    set_time(&d, LS_H_AT, w->now);
    set_time(&d, LS_H_EXPIRES, w->now + 7 * DAY);
    ls_act_draft_set(&d, LS_H_MEASURE, "m%02zu", measure + 1);
    ls_buf_put_str(&d.text, "As reported by the responsible authority.\n");
    sign(w, &d, party, party + 1, note, last);
}

typedef struct work {
    world *w;
    size_t first; /* of the parties; then every THREADS-th */
    const char *before;
    pthread_t thread;
} work;

static void make_chain(world *w, size_t party, const char *before)
{
    world_chain *c = &w->chain[party];
    ls_buf note = {0};
    for (size_t i = 0; i < c->count; i++) {
        note.len = 0;
        make_act(w, party, i, &note, &c->last);
        c->start[i] = c->bytes.len;
        if (before != NULL) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
            ls_buf_format(&c->bytes, before, note.len);
#pragma GCC diagnostic pop
        }
        ls_buf_put_bytes(&c->bytes, ls_buf_bytes(&note));
    }
    c->start[c->count] = c->bytes.len;
    bench_must(ls_buf_check(&c->bytes), NULL);
    ls_buf_free(&note);
}

static void *make_chains(void *context)
{
    const work *job = context;
    for (size_t p = job->first; p < WORLD_PARTIES; p += THREADS) {
        make_chain(job->w, p, job->before);
    }
    return NULL;
}

void world_make_acts(world *w, size_t count, const char *before)
{
    work job[THREADS];
    for (size_t p = 0; p < WORLD_PARTIES; p++) {
        world_chain *c = &w->chain[p];
        c->count = count / WORLD_PARTIES + (p < count % WORLD_PARTIES);
        c->start = calloc(c->count + 1, sizeof *c->start);
        bench_must(c->start == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS, NULL);
    }
    for (size_t i = 0; i < THREADS; i++) {
        job[i] = (work){.w = w, .first = i, .before = before};
        bench_must(pthread_create(&job[i].thread, NULL, make_chains, &job[i]) == 0 ? LS_SUCCESS
                                                                                   : ls_fail(&ls_fault_memory),
                   NULL);
    }
    for (size_t i = 0; i < THREADS; i++) {
        pthread_join(job[i].thread, NULL);
    }
}

ls_bytes world_act(const world *w, size_t party, size_t i)
{
    const world_chain *c = &w->chain[party];
    return ls_bytes_of(c->bytes.ptr + c->start[i], c->start[i + 1] - c->start[i]);
}

void world_close(world *w)
{
    for (size_t p = 0; p < WORLD_PARTIES; p++) {
        ls_buf_free(&w->chain[p].bytes);
        free(w->chain[p].start);
    }
    ls_arena_free(&w->arena);
}
