#include "audit/check.h"
#include "ledger/replaying.h"
#include "process/finality.h"
#include <stdio.h>
#include <stdlib.h>

typedef unsigned long long ull;

#define PROGRESS_STEP 4096 /* entries */

/* The end of a check that has found something wrong; never leaves this file. */
static const ls_fault stopped = {LS_CLASS_INVALID, "check-stopped", "something is wrong"};

typedef struct checking {
    ls_source *s;
    const ls_check_options *o;
    ls_report *report;
    ls_record *record;     /* NULL for another program's log */
    ls_replaying *quickly; /* signatures are verified on all processors; NULL: one after the other */
    ls_hash *leaf;
    ls_merkle_frontier tree;
    uint64_t files, files_missing;
    ls_checkpoint head; /* of another program's log */
    ls_detail *detail;
} checking;

__attribute__((format(printf, 3, 4))) static ls_result wrong(checking *c, const char *where, const char *format, ...)
{
    char text[600];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ls_report_add(c->report, LS_FINDING_FAILED, where, "%s", text);
    return ls_fail(&stopped);
}

/* What is wrong with the ledger is a finding; what can't be read just now is a failure. */
static ls_result judge_failure(checking *c, const char *where, ls_result r, const ls_detail *why)
{
    const char *text = why->text[0] != '\0' ? why->text : r.fault->sentence;
    if (r.fault == &ls_fault_memory || (r.fault->class == LS_CLASS_ENVIRONMENT && r.fault != &ls_fault_absent)) {
        return ls_fail_with(r.fault, c->detail, "%s: %s", where, text);
    }
    return wrong(c, where, "%s", text);
}

static const char *entry_name(checking *c, uint64_t index)
{
    const char *name = ls_arena_format(c->report->arena, "entry %llu", (ull)index);
    return name == NULL ? "entry" : name;
}

static void tell_progress(checking *c, const char *what, uint64_t done, uint64_t total)
{
    if (c->o->progress != NULL && (done % PROGRESS_STEP == 0 || done == total)) {
        c->o->progress(c->o->context, what, done, total);
    }
}

/* Files. */

static bool everybodys(const ls_attachment *a)
{
    return ls_bytes_is(a->audience, "public") || ls_bytes_is(a->audience, "process");
}

/* A tree that everybody can fetch has what is for everybody; a replica may have left out what is large. */
static ls_result check_file(checking *c, const char *where, const ls_attachment *a)
{
    ls_arena arena = {0};
    ls_bytes content;
    char hex[LS_HEX_HASH_SIZE];
    ls_result r = ls_source_file(c->s, &a->hash, a->size, &arena, &content, NULL);
    if (r.fault == &ls_fault_absent) {
        c->files_missing++;
        r = LS_SUCCESS;
    } else if (ls_failed(r) && r.fault->class != LS_CLASS_ENVIRONMENT) {
        ls_hash_format(&a->hash, hex);
        r = wrong(c, where, "the file %s has other bytes than the act says", hex);
    }
    c->files++;
    ls_arena_free(&arena);
    return r;
}

static ls_result check_files(checking *c, uint64_t index, const ls_act *act)
{
    for (size_t i = 0; i < act->attachment_count; i++) {
        if (everybodys(&act->attachment[i])) {
            LS_TRY(check_file(c, entry_name(c, index), &act->attachment[i]));
        }
    }
    return LS_SUCCESS;
}

/* Entries. */

static ls_result append(checking *c, ls_bytes note, ls_act *act, ls_detail *why)
{
    if (c->quickly != NULL) {
        return ls_replaying_append(c->quickly, note, act, why);
    }
    LS_TRY(ls_act_parse(note, false, act, why));
    return ls_record_append_act(c->record, act, note, LS_CHECK_SIGNATURES, why);
}

static ls_result check_stored_root(checking *c, uint64_t index)
{
    ls_detail why = {0};
    ls_hash root, stored;
    ls_record_root(c->record, index + 1, &root);
    ls_result r = c->s->store->methods->root(c->s->store, index + 1, &stored, &why);
    if (ls_failed(r)) {
        return judge_failure(c, entry_name(c, index), r, &why);
    }
    return ls_hash_equal(&root, &stored)
               ? LS_SUCCESS
               : wrong(c, entry_name(c, index), "the root that is stored with it is not that of the entries");
}

static ls_result check_accepted(checking *c, uint64_t index, ls_bytes note)
{
    ls_detail why = {0};
    ls_act act;
    ls_result r = append(c, note, &act, &why);
    if (ls_failed(r)) {
        return judge_failure(c, entry_name(c, index), r, &why);
    }
    LS_TRY(c->s->store != NULL ? check_stored_root(c, index) : LS_SUCCESS);
    return check_files(c, index, &act);
}

static ls_result check_entry(void *context, uint64_t index, ls_bytes note)
{
    checking *c = context;
    ls_merkle_leaf(note, &c->leaf[index]);
    ls_merkle_append(&c->tree, &c->leaf[index]);
    tell_progress(c, "entries", index + 1, c->s->size);
    return c->record == NULL ? LS_SUCCESS : check_accepted(c, index, note);
}

static ls_result read_entries(checking *c)
{
    ls_detail why = {0};
    ls_result r = c->s->read(c->s, 0, c->s->size, check_entry, c, &why);
    if (ls_succeeded(r) && c->quickly != NULL) {
        r = ls_replaying_finish(c->quickly, &why);
    }
    return ls_failed(r) && r.fault != &stopped ? judge_failure(c, "entries", r, &why) : r;
}

/* Makes room for the hashes. A checkpoint may claim any size: without entries behind it, memory must not follow. */
static ls_result make_room(checking *c)
{
    ls_detail why = {0};
    ls_buf last = {0};
    if (c->s->size >= SIZE_MAX / sizeof *c->leaf) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = c->s->size == 0 ? LS_SUCCESS : ls_source_entry(c->s, c->s->size - 1, &last, &why);
    ls_buf_free(&last);
    if (ls_failed(r)) {
        return judge_failure(c, "entries", r, &why);
    }
    c->leaf = calloc(c->s->size + 1, sizeof *c->leaf);
    return c->leaf == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result check_quickly(checking *c)
{
    LS_TRY(ls_replaying_new(c->record, &c->quickly));
    ls_result r = read_entries(c);
    ls_replaying_free(c->quickly);
    c->quickly = NULL;
    return r;
}

static ls_result check_entries(checking *c)
{
    const ls_report before = *c->report;
    LS_TRY(make_room(c));
    if (c->record == NULL || ls_succeeded(check_quickly(c))) {
        return c->record == NULL ? read_entries(c) : LS_SUCCESS;
    }
    /* Something is wrong: once more, with each signature in its place, to say what and where. */
    *c->report = before;
    c->tree = (ls_merkle_frontier){0};
    c->files = c->files_missing = 0;
    ls_record_free(c->record);
    c->record = NULL;
    LS_TRY(ls_record_new(c->s->fetch, &c->record));
    return read_entries(c);
}

/* Checkpoints. */

static ls_result check_root(checking *c, const char *which, const ls_checkpoint *head)
{
    ls_hash root;
    if (head->size > c->s->size) {
        return wrong(c, which, "it covers %llu entries, and there are %llu", (ull)head->size, (ull)c->s->size);
    }
    if (c->record != NULL) {
        ls_record_root(c->record, head->size, &root);
    } else {
        ls_merkle_frontier_root(&c->tree, &root);
    }
    return ls_hash_equal(&root, &head->root)
               ? LS_SUCCESS
               : wrong(c, which, "its root is not that of the %llu entries that it covers", (ull)head->size);
}

static ls_result check_own(checking *c, const char *which, ls_bytes note, bool final)
{
    const ls_charter *charter = ls_record_watched(c->record);
    ls_finality f;
    ls_detail why = {0};
    if (note.len == 0) {
        return final && c->s->latest.len > 0 ? LS_SUCCESS : wrong(c, which, "there is none over the entries");
    }
    ls_result r = ls_checkpoint_judge(charter, note, NULL, &f, &why);
    if (ls_failed(r)) {
        return judge_failure(c, which, r, &why);
    }
    LS_TRY(check_root(c, which, &f.checkpoint));
    if (final && !f.final) {
        return wrong(c, which, "its cosignatures are no quorum of the charter's policy");
    }
    ls_report_add(c->report, LS_FINDING_OK, which, "signed by %s, over the first %llu of %llu entries%s",
                  charter->ledger.name, (ull)f.checkpoint.size, (ull)c->s->size,
                  charter->quorum_none ? ""
                  : f.final            ? "; cosigned by a quorum"
                                       : "; not final yet");
    return LS_SUCCESS;
}

static ls_result check_foreign(checking *c)
{
    ls_note note;
    ls_note_verdict verdict;
    ls_bytes bytes = ls_buf_bytes(&c->s->final);
    if (ls_failed(ls_note_parse(bytes, &note)) || ls_failed(ls_checkpoint_parse(note.text, &c->head)) ||
        ls_failed(ls_note_verify(&note, c->o->log, 1, &verdict))) {
        return wrong(c, "checkpoint", "it is not signed by %s", c->o->log->name);
    }
    LS_TRY(check_root(c, "checkpoint", &c->head));
    c->report->anchored = true;
    ls_report_add(c->report, LS_FINDING_OK, "checkpoint", "signed by %s, over all %llu entries", c->o->log->name,
                  (ull)c->head.size);
    return LS_SUCCESS;
}

/* Tiles of hashes. */

/* One tile, of which `width` hashes are due at least. */
static ls_result check_tile(checking *c, const char *path, const ls_buf *tile, const ls_hash *hashes, uint64_t width)
{
    if (tile->len % LS_HASH_SIZE != 0 || tile->len < width * LS_HASH_SIZE || tile->len > LS_TILE_WIDTH * LS_HASH_SIZE) {
        return wrong(c, path, "it has %zu bytes, and %llu hashes are due", tile->len, (ull)width);
    }
    for (uint64_t i = 0; i < width; i++) {
        if (memcmp(tile->ptr + i * LS_HASH_SIZE, hashes[i].b, LS_HASH_SIZE) != 0) {
            return wrong(c, path, "hash %llu is not that of the entries", (ull)i);
        }
    }
    return LS_SUCCESS;
}

/* What earlier, smaller trees left: parts of this tile, which may stay or go. */
static ls_result check_parts(checking *c, unsigned level, uint64_t index, const ls_hash *hashes, uint64_t width)
{
    for (unsigned w = 1; w < width && c->s->place[0] != '\0'; w++) {
        char path[LS_TILE_PATH_SIZE];
        ls_buf tile = {0};
        ls_tile_path((int)level, index, w, path);
        ls_result r = c->s->tiles->get(c->s->tiles->context, path, &tile, NULL);
        r = ls_succeeded(r) ? check_tile(c, path, &tile, hashes, w) : r.fault == &ls_fault_absent ? LS_SUCCESS : r;
        ls_buf_free(&tile);
        LS_TRY(r);
    }
    return LS_SUCCESS;
}

static ls_result check_level(checking *c, unsigned level, const ls_hash *hashes, uint64_t count)
{
    for (uint64_t index = 0; index * LS_TILE_WIDTH < count; index++) {
        char path[LS_TILE_PATH_SIZE];
        ls_buf tile = {0};
        ls_detail why = {0};
        uint64_t left = count - index * LS_TILE_WIDTH, width = left < LS_TILE_WIDTH ? left : LS_TILE_WIDTH;
        ls_result r = ls_tiles_get(c->s->tiles, (int)level, index, c->s->size, &tile, path, &why);
        r = ls_failed(r) ? judge_failure(c, path, r, &why)
                         : check_tile(c, path, &tile, hashes + index * LS_TILE_WIDTH, width);
        ls_buf_free(&tile);
        LS_TRY(r);
        LS_TRY(check_parts(c, level, index, hashes + index * LS_TILE_WIDTH, width));
        tell_progress(c, "tiles", (index + 1) * LS_TILE_WIDTH, count);
    }
    return LS_SUCCESS;
}

/* The leaf hashes become those of each level in turn. */
static ls_result check_tiles(checking *c)
{
    uint64_t count = c->s->size, tiles = 0;
    for (unsigned level = 0; count > 0; level++) {
        LS_TRY(check_level(c, level, c->leaf, count));
        tiles += (count + LS_TILE_WIDTH - 1) / LS_TILE_WIDTH;
        count /= LS_TILE_WIDTH;
        for (uint64_t i = 0; i < count; i++) {
            ls_merkle_root(c->leaf + i * LS_TILE_WIDTH, LS_TILE_WIDTH, &c->leaf[i]);
        }
    }
    ls_report_add(c->report, LS_FINDING_OK, "tiles", "%llu tiles of hashes, right to the last one", (ull)tiles);
    return LS_SUCCESS;
}

/* What only a record can tell. */

static ls_result check_process(checking *c)
{
    const ls_charter *charter = ls_record_charter(c->record);
    ls_report *report = c->report;
    if (charter == NULL) {
        return wrong(c, "entries", "there are none, not even a charter");
    }
    report->charter = *ls_record_process(c->record);
    report->exercise = charter->exercise;
    report->anchored = c->o->charter != NULL && ls_hash_equal(c->o->charter, &report->charter);
    if (c->o->charter != NULL && !report->anchored) {
        return wrong(c, "charter", "its fingerprint is not the one that was given");
    }
    ls_report_add(report, LS_FINDING_OK, "entries", "all %llu are acceptable where they stand, and signed",
                  (ull)c->s->size);
    ls_bytes latest = ls_buf_bytes(&c->s->latest), final = ls_buf_bytes(&c->s->final);
    if (ls_bytes_equal(latest, final)) {
        return check_own(c, "checkpoint", final, true);
    }
    LS_TRY(check_own(c, "latest checkpoint", latest, false));
    return check_own(c, "final checkpoint", final, true);
}

static ls_result tell_files(checking *c)
{
    ls_finding_level level = c->files_missing > 0 && c->s->hashes ? LS_FINDING_FAILED
                             : c->files_missing > 0               ? LS_FINDING_NOTE
                                                                  : LS_FINDING_OK;
    ls_report_add(c->report, level, "files", "%llu of the %llu that everybody may read are there and right",
                  (ull)(c->files - c->files_missing), (ull)c->files);
    return level == LS_FINDING_FAILED ? ls_fail(&stopped) : LS_SUCCESS;
}

static ls_result check_stored_file(void *context, const ls_hash *hash)
{
    checking *c = context;
    char hex[LS_HEX_HASH_SIZE];
    ls_detail why = {0};
    ls_buf content = {0};
    ls_hash_format(hash, hex);
    ls_result r = c->s->store->methods->fetch(c->s->store, hash, UINT64_MAX, &content, &why);
    ls_buf_free(&content);
    return ls_failed(r) ? judge_failure(c, hex, r, &why) : LS_SUCCESS;
}

static ls_result check_all(checking *c)
{
    LS_TRY(check_entries(c));
    LS_TRY(c->record != NULL ? check_process(c) : check_foreign(c));
    if (c->record != NULL) {
        LS_TRY(tell_files(c));
    }
    if (c->s->store != NULL) {
        LS_TRY(c->s->store->methods->attachments(c->s->store, check_stored_file, c, c->detail));
    }
    return c->s->hashes ? check_tiles(c) : LS_SUCCESS;
}

ls_result ls_check_source(ls_source *s, const ls_check_options *o, ls_report *report, ls_detail *detail)
{
    checking c = {.s = s, .o = o, .report = report, .detail = detail};
    ls_result r = o->log == NULL ? ls_record_new(s->fetch, &c.record) : LS_SUCCESS;
    if (ls_succeeded(r)) {
        r = check_all(&c);
    }
    if (ls_succeeded(r) || r.fault == &stopped) {
        r = report->lost ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    }
    ls_record_free(c.record);
    free(c.leaf);
    return r;
}
