#include "audit/tiles.h"
#include "os/os.h"
#include "record/record.h"
#include <stdio.h>

#define TILE_MAX (LS_TILE_WIDTH * (2u + 65535u))

static ls_result get_file(const void *folder, const char *path, ls_buf *out, ls_detail *detail)
{
    char full[4096];
    int len = snprintf(full, sizeof full, "%s/%s", (const char *)folder, path);
    if (len < 0 || (size_t)len >= sizeof full || !ls_file_exists(full)) {
        return ls_fail_with(&ls_fault_absent, detail, "%s is missing", path);
    }
    return ls_file_read(full, TILE_MAX, out, detail);
}

ls_tiles ls_tiles_of_folder(const char *folder)
{
    return (ls_tiles){get_file, folder};
}

static ls_result get_member(const void *bundle, const char *path, ls_buf *out, ls_detail *detail)
{
    const ls_member *m = ls_bundle_member(bundle, path);
    if (m == NULL) {
        return ls_fail_with(&ls_fault_absent, detail, "%s is missing", path);
    }
    ls_buf_put_bytes(out, m->content);
    return ls_buf_check(out);
}

ls_tiles ls_tiles_of_bundle(const ls_bundle *b)
{
    return (ls_tiles){get_member, b};
}

/* How many hashes or entries a tile holds in a tree of this size. */
static unsigned width_of(int level, uint64_t index, uint64_t size)
{
    uint64_t count = level == LS_TILE_ENTRIES ? size : ls_tile_level_count(size, (unsigned)level);
    uint64_t left = count - index * LS_TILE_WIDTH;
    return left < LS_TILE_WIDTH ? (unsigned)left : LS_TILE_WIDTH;
}

ls_result ls_tiles_get(const ls_tiles *t, int level, uint64_t index, uint64_t size, ls_buf *out,
                       char path[static LS_TILE_PATH_SIZE], ls_detail *detail)
{
    unsigned width = width_of(level, index, size);
    ls_tile_path(level, index, width, path);
    ls_result r = t->get(t->context, path, out, detail);
    if (r.fault == &ls_fault_absent && width < LS_TILE_WIDTH) {
        /* The part may be gone once the whole tile is there. */
        char whole[LS_TILE_PATH_SIZE];
        ls_tile_path(level, index, LS_TILE_WIDTH, whole);
        ls_result full = t->get(t->context, whole, out, NULL);
        if (ls_succeeded(full)) {
            memcpy(path, whole, sizeof whole);
            r = full;
        }
    }
    return r;
}

static ls_result give_entries(const ls_entries *entries, uint64_t first, uint64_t from, uint64_t to, ls_entry_sink sink,
                              void *context)
{
    for (uint64_t i = first; i < first + entries->count && i < to; i++) {
        if (i >= from) {
            LS_TRY(sink(context, i, entries->entry[i - first]));
        }
    }
    return LS_SUCCESS;
}

ls_result ls_tiles_read_entries(const ls_tiles *t, uint64_t size, uint64_t from, uint64_t to, ls_entry_sink sink,
                                void *context, ls_detail *detail)
{
    ls_result r = LS_SUCCESS;
    for (uint64_t tile = from / LS_TILE_WIDTH; ls_succeeded(r) && tile * LS_TILE_WIDTH < to; tile++) {
        char path[LS_TILE_PATH_SIZE];
        ls_buf bytes = {0};
        ls_entries entries;
        unsigned width = width_of(LS_TILE_ENTRIES, tile, size);
        r = ls_tiles_get(t, LS_TILE_ENTRIES, tile, size, &bytes, path, detail);
        if (ls_succeeded(r) && (!ls_entries_parse(ls_buf_bytes(&bytes), &entries) || entries.count < width)) {
            r = ls_fail_with(&ls_fault_store_damaged, detail, "%s does not hold %u entries", path, width);
        }
        if (ls_succeeded(r)) {
            r = give_entries(&entries, tile * LS_TILE_WIDTH, from, to, sink, context);
        }
        ls_buf_free(&bytes);
    }
    return r;
}
