#include "audit/export.h"
#include "audit/publish.h"
#include <stdlib.h>

const ls_fault ls_fault_export = {LS_CLASS_USAGE, "export", "the tree can't be written there"};

#define LEVELS (64 / LS_TILE_HEIGHT)

/* A level of the tree: the hashes of its last tile, which is not full yet. */
typedef struct level {
    ls_hash hash[LS_TILE_WIDTH];
    unsigned count;
    uint64_t tiles; /* full ones before it */
} level;

typedef struct exporting {
    ls_source *s;
    const ls_export_options *o;
    ls_publisher out;
    ls_checkpoint head;
    level level[LEVELS];
    ls_merkle_frontier tree;
    ls_buf entries; /* of the tile being filled */
    ls_detail *detail;
} exporting;

/* Tiles. */

static ls_result write_tile(exporting *x, unsigned number)
{
    level *l = &x->level[number];
    char path[LS_TILE_PATH_SIZE];
    ls_tile_path((int)number, l->tiles, l->count, path);
    return ls_publish_has(&x->out, path)
               ? LS_SUCCESS
               : ls_publish_file(&x->out, path, ls_bytes_of(l->hash[0].b, l->count * sizeof l->hash[0]));
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
    if (ls_succeeded(r) && !ls_publish_has(&x->out, path)) {
        r = ls_publish_file(&x->out, path, ls_buf_bytes(&x->entries));
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
    if (ls_publish_has(&x->out, path)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_source_file(x->s, &a->hash, a->size, &arena, &content, x->detail);
    if (ls_succeeded(r)) {
        r = ls_publish_file(&x->out, path, content);
    } else if (r.fault == &ls_fault_absent) {
        r = ls_fail_with(r.fault, x->detail, "the file %s is not here", path + strlen("attachment/"));
    }
    ls_arena_free(&arena);
    return r;
}

static ls_result write_files(exporting *x, ls_bytes note)
{
    ls_act act;
    if (x->o->no_files) {
        return LS_SUCCESS;
    }
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
    char path[LS_TILE_PATH_SIZE], full[LS_PUBLISH_PATH_SIZE];
    *from = 0;
    while (x->head.size - *from >= LS_TILE_WIDTH) {
        ls_buf tile = {0};
        ls_tile_path(LS_TILE_ENTRIES, *from / LS_TILE_WIDTH, LS_TILE_WIDTH, path);
        bool there = ls_publish_has(&x->out, path);
        ls_tile_path(0, *from / LS_TILE_WIDTH, LS_TILE_WIDTH, path);
        if (!there || !ls_publish_has(&x->out, path)) {
            return LS_SUCCESS;
        }
        LS_TRY(ls_publish_path(&x->out, path, full));
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
    char path[LS_PUBLISH_PATH_SIZE];
    ls_buf there = {0};
    ls_note note;
    ls_checkpoint c;
    *same = false;
    LS_TRY(ls_publish_path(&x->out, "checkpoint", path));
    if (!ls_file_exists(path)) {
        return LS_SUCCESS;
    }
    ls_result r = ls_file_read(path, LS_NOTE_MAX, &there, x->detail);
    if (ls_succeeded(r) &&
        (ls_failed(ls_note_parse(ls_buf_bytes(&there), &note)) || ls_failed(ls_checkpoint_parse(note.text, &c)) ||
         !ls_bytes_equal(c.origin, x->head.origin) || c.size > x->head.size)) {
        r = ls_fail_with(&ls_fault_export, x->detail, "%s holds the tree of another ledger, or a later one",
                         x->out.folder);
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
    LS_TRY(ls_publish_begin(&x->out));
    LS_TRY(check_folder(x, &same));
    LS_TRY(reuse_tiles(x, &from));
    LS_TRY(x->s->read(x->s, from, x->head.size, export_entry, x, x->detail));
    LS_TRY(write_rest(x));
    ls_merkle_frontier_root(&x->tree, &root);
    if (!ls_hash_equal(&root, &x->head.root)) {
        ls_hint(x->detail, "lockstep ledger check names what is wrong; an empty folder gets a whole new tree");
        return ls_fail_with(&ls_fault_export, x->detail, "the tiles in %s are not those of this ledger", x->out.folder);
    }
    return same || x->o->no_checkpoint ? LS_SUCCESS
                                       : ls_publish_file(&x->out, "checkpoint", ls_buf_bytes(&x->s->final));
}

ls_result ls_export_tree(ls_source *s, const char *folder, const ls_export_options *o, ls_exported *out,
                         ls_detail *detail)
{
    static const ls_export_options all = {0};
    exporting *x = calloc(1, sizeof *x);
    ls_note note;
    if (x == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *x = (exporting){.s = s, .o = o == NULL ? &all : o, .out = {.folder = folder, .detail = detail}, .detail = detail};
    ls_result r = LS_SUCCESS;
    if (s->final.len == 0 || ls_failed(ls_note_parse(ls_buf_bytes(&s->final), &note)) ||
        ls_failed(ls_checkpoint_parse(note.text, &x->head)) || x->head.size > s->size) {
        r = ls_fail_with(&ls_fault_export, detail, "there is no final checkpoint yet");
    }
    if (ls_succeeded(r)) {
        r = export_all(x);
    }
    if (ls_succeeded(r)) {
        *out = (ls_exported){x->head.size, x->out.written};
    }
    ls_publish_end(&x->out);
    ls_buf_free(&x->entries);
    free(x);
    return r;
}
