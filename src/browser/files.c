#include "browser/files.h"
#include <stdlib.h>

/* The first whose hash is not below this one. */
static size_t place_of(const ls_held_files *files, const ls_hash *hash)
{
    size_t low = 0, high = files->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (memcmp(files->file[middle].hash.b, hash->b, LS_HASH_SIZE) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

const ls_held_file *ls_held_find(const ls_held_files *files, const ls_hash *hash)
{
    size_t i = place_of(files, hash);
    return i < files->count && ls_hash_equal(&files->file[i].hash, hash) ? &files->file[i] : NULL;
}

static ls_result grow(ls_held_files *files)
{
    if (files->count < files->room) {
        return LS_SUCCESS;
    }
    size_t room = files->room == 0 ? 64 : 2 * files->room;
    ls_held_file *moved = reallocarray(files->file, room, sizeof *moved);
    if (moved == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    files->file = moved;
    files->room = room;
    return LS_SUCCESS;
}

ls_result ls_held_put(ls_held_files *files, ls_arena *arena, const ls_hash *hash, ls_bytes content)
{
    if (ls_held_find(files, hash) != NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(grow(files));
    const char *kept = ls_arena_str(arena, content);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    size_t i = place_of(files, hash);
    memmove(&files->file[i + 1], &files->file[i], (files->count - i) * sizeof *files->file);
    files->file[i] = (ls_held_file){*hash, ls_bytes_of(kept, content.len)};
    files->count++;
    return LS_SUCCESS;
}

void ls_held_free(ls_held_files *files)
{
    free(files->file);
    *files = (ls_held_files){0};
}
