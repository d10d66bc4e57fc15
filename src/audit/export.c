#include "audit/export.h"
#include "os/os.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

const ls_fault ls_fault_export = {LS_CLASS_USAGE, "export", "the tree can't be written there"};

#define LEVELS (64 / LS_TILE_HEIGHT)
#define PATH_SIZE 4096

/* A level of the tree: the hashes of its last tile, which is not full yet. */
typedef struct level {
    ls_hash hash[LS_TILE_WIDTH];
    unsigned count;
    uint64_t tiles; /* full ones before it */
} level;

typedef struct exporting {
    ls_source *s;
    const char *folder;
    ls_checkpoint head;
    level level[LEVELS];
    ls_merkle_frontier tree;
    ls_buf entries;       /* of the tile being filled */
    char made[PATH_SIZE]; /* the folder that was made last */
    ls_exported done;
    ls_detail *detail;
} exporting;

/* Everybody may read what is exported; the web server runs as somebody else. */
static ls_result make_folders(exporting *x, char *path)
{
    char *last = strrchr(path, '/');
    *last = '\0';
    ls_result r = LS_SUCCESS;
    if (strcmp(x->made, path) != 0) {
        for (char *at = path + strlen(x->folder); ls_succeeded(r) && at != NULL; at = strchr(at + 1, '/')) {
            char *cut = strchr(at + 1, '/');
            if (cut != NULL) {
                *cut = '\0';
            }
            r = ls_file_exists(path) ? LS_SUCCESS : ls_folder_make(path, x->detail);
            if (ls_succeeded(r) && chmod(path, 0755) != 0) {
                r = ls_fail_with(&ls_fault_file, x->detail, "%s can't be made readable", path);
            }
            if (cut != NULL) {
                *cut = '/';
            }
        }
        snprintf(x->made, sizeof x->made, "%s", path);
    }
    *last = '/';
    return r;
}

static ls_result path_of(const exporting *x, const char *relative, char out[static PATH_SIZE])
{
    int len = snprintf(out, PATH_SIZE, "%s/%s", x->folder, relative);
    return len > 0 && len < PATH_SIZE ? LS_SUCCESS
                                      : ls_fail_with(&ls_fault_export, x->detail, "the folder's path is too long");
}

static ls_result write_public(exporting *x, const char *relative, ls_bytes content)
{
    char path[PATH_SIZE];
    LS_TRY(path_of(x, relative, path));
    LS_TRY(make_folders(x, path));
    LS_TRY(ls_file_write(path, content, x->detail));
    x->done.written++;
    return chmod(path, 0644) == 0 ? LS_SUCCESS
                                  : ls_fail_with(&ls_fault_file, x->detail, "%s can't be made readable", path);
}

static bool is_there(const exporting *x, const char *relative)
{
    char path[PATH_SIZE];
    return ls_succeeded(path_of(x, relative, path)) && ls_file_exists(path);
}

/* Tiles. */

static ls_result write_tile(exporting *x, unsigned number)
{
    level *l = &x->level[number];
    char path[LS_TILE_PATH_SIZE];
    ls_tile_path((int)number, l->tiles, l->count, path);
    return is_there(x, path) ? LS_SUCCESS
                             : write_public(x, path, ls_bytes_of(l->hash[0].b, l->count * sizeof l->hash[0]));
}

/* Adds a hash to a level; a tile that is full is written, and its root goes to the level above. */
static ls_result add_hash(exporting *x, const ls_hash *hash)
{
    ls_hash carried = *hash;
    for (unsigned number = 0; number < LEVELS; number++) {
        level *l = &x->level[number];
        l->hash[l->count++] = carried;
        if (l->count < LS_TILE_WIDTH) {
            break;
        }
        LS_TRY(write_tile(x, number));
        ls_merkle_root(l->hash, LS_TILE_WIDTH, &carried);
        l->count = 0;
        l->tiles++;
    }
    return LS_SUCCESS;
}

static ls_result write_entries(exporting *x, uint64_t tile, unsigned width)
{
    char path[LS_TILE_PATH_SIZE];
    ls_tile_path(LS_TILE_ENTRIES, tile, width, path);
    ls_result r = ls_buf_check(&x->entries);
    if (ls_succeeded(r) && !is_there(x, path)) {
        r = write_public(x, path, ls_buf_bytes(&x->entries));
    }
    x->entries.len = 0;
    return r;
}

/* Files. */

static ls_result write_file(exporting *x, const ls_attachment *a)
{
    char path[sizeof "attachment/" + LS_HEX_HASH_SIZE] = "attachment/";
    ls_arena arena = {0};
    ls_bytes content;
    ls_hash_format(&a->hash, path + strlen(path));
    if (is_there(x, path)) {
        return LS_SUCCESS;
    }
    ls_result r = x->s->fetch.fetch(x->s->fetch.context, &a->hash, a->size, &arena, &content);
    if (ls_succeeded(r)) {
        r = write_public(x, path, content);
    } else if (r.fault == &ls_fault_absent) {
        r = ls_fail_with(r.fault, x->detail, "the file %s is not here", path + strlen("attachment/"));
    }
    ls_arena_free(&arena);
    return r;
}

static ls_result write_files(exporting *x, ls_bytes note)
{
    ls_act act;
    LS_TRY(ls_act_parse(note, false, &act, x->detail));
    for (size_t i = 0; i < act.attachment_count; i++) {
        const ls_attachment *a = &act.attachment[i];
        if (ls_bytes_is(a->audience, "public") || ls_bytes_is(a->audience, "process")) {
            LS_TRY(write_file(x, a));
        }
    }
    return LS_SUCCESS;
}

static ls_result export_entry(void *context, uint64_t index, ls_bytes note)
{
    exporting *x = context;
    ls_hash leaf;
    ls_merkle_leaf(note, &leaf);
    ls_merkle_append(&x->tree, &leaf);
    ls_entries_put(&x->entries, note);
    LS_TRY(write_files(x, note));
    if ((index + 1) % LS_TILE_WIDTH == 0) {
        LS_TRY(write_entries(x, index / LS_TILE_WIDTH, LS_TILE_WIDTH));
    }
    return add_hash(x, &leaf);
}

/* Full tiles that an earlier run wrote stand for their entries; the root tells in the end whether they are right. */
static ls_result reuse_tiles(exporting *x, uint64_t *from)
{
    char path[LS_TILE_PATH_SIZE], full[PATH_SIZE];
    *from = 0;
    while (x->head.size - *from >= LS_TILE_WIDTH) {
        ls_buf tile = {0};
        ls_tile_path(LS_TILE_ENTRIES, *from / LS_TILE_WIDTH, LS_TILE_WIDTH, path);
        bool there = is_there(x, path);
        ls_tile_path(0, *from / LS_TILE_WIDTH, LS_TILE_WIDTH, path);
        if (!there || !is_there(x, path)) {
            return LS_SUCCESS;
        }
        LS_TRY(path_of(x, path, full));
        ls_result r = ls_file_read(full, LS_TILE_WIDTH * LS_HASH_SIZE, &tile, x->detail);
        for (unsigned i = 0; ls_succeeded(r) && i < LS_TILE_WIDTH && tile.len == LS_TILE_WIDTH * LS_HASH_SIZE; i++) {
            ls_hash leaf;
            memcpy(leaf.b, tile.ptr + i * sizeof leaf, sizeof leaf);
            ls_merkle_append(&x->tree, &leaf);
            r = add_hash(x, &leaf);
        }
        ls_buf_free(&tile);
        LS_TRY(r);
        *from += LS_TILE_WIDTH;
    }
    return LS_SUCCESS;
}

static ls_result write_rest(exporting *x)
{
    if (x->entries.len > 0) {
        LS_TRY(write_entries(x, x->head.size / LS_TILE_WIDTH, (unsigned)(x->head.size % LS_TILE_WIDTH)));
    }
    for (unsigned number = 0; number < LEVELS; number++) {
        if (x->level[number].count > 0) {
            LS_TRY(write_tile(x, number));
        }
    }
    return LS_SUCCESS;
}

/* The tree in the folder must be one of this very ledger, and an older one. same: its checkpoint is the one that comes.
 */
static ls_result check_folder(exporting *x, bool *same)
{
    char path[PATH_SIZE];
    ls_buf there = {0};
    ls_note note;
    ls_checkpoint c;
    *same = false;
    LS_TRY(path_of(x, "checkpoint", path));
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_file_read(path, LS_NOTE_MAX, &there, x->detail);
    if (ls_succeeded(r) &&
        (ls_failed(ls_note_parse(ls_buf_bytes(&there), &note)) || ls_failed(ls_checkpoint_parse(note.text, &c)) ||
         !ls_bytes_equal(c.origin, x->head.origin) || c.size > x->head.size)) {
        r = ls_fail_with(&ls_fault_export, x->detail, "%s holds the tree of another ledger, or a later one", x->folder);
    }
    *same = ls_bytes_equal(ls_buf_bytes(&there), ls_buf_bytes(&x->s->final));
    ls_buf_free(&there);
    return r;
}

static ls_result export_all(exporting *x)
{
    uint64_t from;
    ls_hash root;
    bool same;
    LS_TRY(ls_folder_make(x->folder, x->detail));
    if (chmod(x->folder, 0755) != 0) {
        return ls_fail_with(&ls_fault_file, x->detail, "%s can't be made readable", x->folder);
    }
    LS_TRY(check_folder(x, &same));
    LS_TRY(reuse_tiles(x, &from));
    LS_TRY(x->s->read(x->s, from, x->head.size, export_entry, x, x->detail));
    LS_TRY(write_rest(x));
    ls_merkle_frontier_root(&x->tree, &root);
    if (!ls_hash_equal(&root, &x->head.root)) {
        ls_hint(x->detail, "lockstep ledger check names what is wrong; an empty folder gets a whole new tree");
        return ls_fail_with(&ls_fault_export, x->detail, "the tiles in %s are not those of this ledger", x->folder);
    }
    return same ? LS_SUCCESS : write_public(x, "checkpoint", ls_buf_bytes(&x->s->final));
}

ls_result ls_export_tree(ls_source *s, const char *folder, ls_exported *out, ls_detail *detail)
{
    exporting *x = calloc(1, sizeof *x);
    ls_note note;
    if (x == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *x = (exporting){.s = s, .folder = folder, .detail = detail};
    ls_result r = LS_SUCCESS;
    if (s->final.len == 0 || ls_failed(ls_note_parse(ls_buf_bytes(&s->final), &note)) ||
        ls_failed(ls_checkpoint_parse(note.text, &x->head)) || x->head.size > s->size) {
        r = ls_fail_with(&ls_fault_export, detail, "there is no final checkpoint yet");
    }
    if (ls_succeeded(r)) {
        r = export_all(x);
    }
    if (ls_succeeded(r)) {
        x->done.size = x->head.size;
        *out = x->done;
    }
    ls_buf_free(&x->entries);
    free(x);
    return r;
}
