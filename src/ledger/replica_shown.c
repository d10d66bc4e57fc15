/*
 * Checkpoints that the ledger signed, and whose entries it did not show to their end. Each is kept until the copy is as
 * large: then it is one of this history, or evidence of another one. So a host can't show somebody a history for a
 * moment, and take it back.
 */
#include "crypto/sha256.h"
#include "ledger/replica_parts.h"
#include "os/os.h"
#include <lockstep/act.h>
#include <lockstep/limits.h>
#include <stdio.h>

#define SHOWN "shown"

static ls_result path_of(const ls_replica *r, const char *name, char out[static LS_REPLICA_PATH_SIZE])
{
    char below[sizeof SHOWN + 1 + LS_HEX_HASH_SIZE];
    int len = snprintf(below, sizeof below, SHOWN "/%s", name);
    return len < 0 || (size_t)len >= sizeof below ? ls_fail(&ls_fault_usage) : ls_replica_path(r, below, out, NULL);
}

static ls_result list(const ls_replica *r, ls_arena *arena, char ***names, size_t *count)
{
    char folder[LS_REPLICA_PATH_SIZE];
    *count = 0;
    LS_TRY(ls_replica_path(r, SHOWN, folder, NULL));
    return ls_file_exists(folder) ? ls_folder_list(arena, folder, names, count, NULL) : LS_SUCCESS;
}

void ls_replica_remember_shown(const ls_replica *r, ls_bytes note)
{
    char path[LS_REPLICA_PATH_SIZE], hex[LS_HEX_HASH_SIZE];
    ls_arena arena = {0};
    char **names;
    size_t count;
    ls_hash hash;
    ls_sha256_hash(note, &hash);
    ls_hash_format(&hash, hex);
    bool room = ls_succeeded(list(r, &arena, &names, &count)) && count < LS_REPLICA_SHOWN_MAX;
    /* Nothing here depends on it but what could be proved later. */
    if (room && ls_succeeded(ls_replica_path(r, SHOWN, path, NULL)) && ls_succeeded(ls_folder_make(path, NULL)) &&
        ls_succeeded(path_of(r, hex, path)) && !ls_file_exists(path)) {
        (void)ls_failed(ls_file_write(path, note, NULL));
    }
    ls_arena_free(&arena);
}

typedef struct claim {
    ls_bytes origin;
    bool right;
} claim;

static ls_result compare_origin(void *context, uint64_t index, ls_bytes note)
{
    claim *c = context;
    ls_act act;
    (void)index;
    LS_TRY(ls_act_parse(note, false, &act, NULL));
    c->right = ls_bytes_equal(c->origin, ls_bytes_str(act.key.name));
    return LS_SUCCESS;
}

/* Whether checkpoints of this size are of this origin. Where a host was lost, what it signed beyond the succession says
 * nothing of the successor's entries. */
static ls_result was_in_force(const ls_replica *r, const ls_checkpoint *c, bool *out)
{
    claim claimed = {c->origin, true};
    size_t i = ls_record_change_count(r->record);
    while (i > 0) {
        uint64_t at = ls_record_change_at(r->record, --i);
        if (at < c->size && ls_bytes_is(ls_record_at(r->record, at).kind, "succeed")) {
            LS_TRY(r->store->methods->read(r->store, at, at + 1, compare_origin, &claimed, NULL));
            break;
        }
    }
    *out = claimed.right; /* before all successions: only what was of the origin in force is ever kept */
    return LS_SUCCESS;
}

/* What one that was shown says of a history that has `size` entries: it is of this one, of another, or of a larger. */
typedef enum verdict { AGREES, CONTRADICTS, LARGER } verdict;

static ls_result judge(const ls_replica *r, ls_bytes text, uint64_t size, verdict *out)
{
    ls_note note;
    ls_checkpoint c;
    ls_hash root;
    *out = AGREES; /* what can't be read any more proves nothing */
    if (ls_failed(ls_note_parse(text, &note)) || ls_failed(ls_checkpoint_parse(note.text, &c)) || c.size == 0) {
        return LS_SUCCESS;
    }
    if (c.size > size) {
        *out = LARGER;
        return LS_SUCCESS;
    }
    bool comparable;
    LS_TRY(was_in_force(r, &c, &comparable));
    if (!comparable) {
        return LS_SUCCESS;
    }
    LS_TRY(r->store->methods->root(r->store, c.size, &root, NULL));
    *out = ls_hash_equal(&root, &c.root) ? AGREES : CONTRADICTS;
    return LS_SUCCESS;
}

static ls_result check_one(const ls_replica *r, const char *name, uint64_t size, bool *contradicts)
{
    char path[LS_REPLICA_PATH_SIZE];
    ls_buf text = {0};
    verdict v = LARGER;
    LS_TRY(path_of(r, name, path));
    ls_result result = ls_file_read(path, LS_NOTE_MAX, &text, NULL);
    if (ls_succeeded(result)) {
        result = judge(r, ls_buf_bytes(&text), size, &v);
    }
    if (ls_succeeded(result) && v == CONTRADICTS) {
        *contradicts = true;
        result = ls_replica_keep(r, ls_buf_bytes(&text), NULL);
    }
    ls_buf_free(&text);
    return ls_succeeded(result) && v != LARGER ? ls_file_remove(path, NULL) : result;
}

ls_result ls_replica_check_shown(const ls_replica *r, uint64_t size, ls_detail *detail)
{
    ls_arena arena = {0};
    char **names;
    size_t count;
    bool contradicts = false;
    ls_result result = list(r, &arena, &names, &count);
    for (size_t i = 0; ls_succeeded(result) && i < count; i++) {
        result = check_one(r, names[i], size, &contradicts);
    }
    ls_arena_free(&arena);
    if (ls_failed(result) || !contradicts) {
        return result;
    }
    ls_hint(detail, "lockstep audit makes a file of what lies in %s/evidence, which anybody can check", r->folder);
    return ls_fail_with(&ls_fault_rewritten, detail,
                        "the ledger shows another history than the one under a checkpoint that it signed before, and "
                        "whose entries it did not show to their end");
}
