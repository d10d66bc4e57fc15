/* Files by their hash. */
#ifndef LS_BROWSER_FILES_H
#define LS_BROWSER_FILES_H

#include <lockstep/bytes.h>

typedef struct ls_held_file {
    ls_hash hash;
    ls_bytes content;
} ls_held_file;

/* Sorted by hash. */
typedef struct ls_held_files {
    size_t count, room;
    ls_held_file *file;
} ls_held_files;

/* Its content lives as long as the arena. ls_fault_memory. */
ls_result ls_held_put(ls_held_files *files, ls_arena *arena, const ls_hash *hash, ls_bytes content);
/* NULL if there is none. */
const ls_held_file *ls_held_find(const ls_held_files *files, const ls_hash *hash);
void ls_held_free(ls_held_files *files);

#endif
