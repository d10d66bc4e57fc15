/* Tiles: their paths, how full they are, and the nodes between the levels that are stored. */
#include <inttypes.h>
#include <lockstep/merkle.h>
#include <stdio.h>

/* "x001/x234/067": groups of three digits, all but the last after an x. */
static void append_index(uint64_t index, char *out, size_t size)
{
    char digits[24];
    /* Zeros in front fill the first group. */
    int len = snprintf(digits, sizeof digits, "%021" PRIu64, index);
    int first = 0;
    while (first + 3 < len && memcmp(digits + first, "000", 3) == 0) {
        first += 3;
    }
    size_t used = strlen(out);
    for (int i = first; i < len; i += 3) {
        bool last = i + 3 == len;
        used += (size_t)snprintf(out + used, size - used, "%s%.3s%s", last ? "" : "x", digits + i, last ? "" : "/");
    }
}

void ls_tile_path(int level, uint64_t index, unsigned width, char out[static LS_TILE_PATH_SIZE])
{
    if (level == LS_TILE_ENTRIES) {
        snprintf(out, LS_TILE_PATH_SIZE, "tile/entries/");
    } else {
        snprintf(out, LS_TILE_PATH_SIZE, "tile/%d/", level);
    }
    append_index(index, out, LS_TILE_PATH_SIZE);
    if (width < LS_TILE_WIDTH) {
        size_t used = strlen(out);
        snprintf(out + used, LS_TILE_PATH_SIZE - used, ".p/%u", width);
    }
}

/* Level 8 would hold 2^64 leaves a hash; the shift would be undefined, too. */
uint64_t ls_tile_level_count(uint64_t size, unsigned level)
{
    return level < 64 / LS_TILE_HEIGHT ? size >> (level * LS_TILE_HEIGHT) : 0;
}

/* Below a stored level a node is computed from the 2^k stored hashes under it: at most half a tile, all of one tile. */
ls_result ls_tile_node(void *tile_source, unsigned level, uint64_t index, ls_hash *out)
{
    const ls_tile_source *source = tile_source;
    if (level >= LS_MERKLE_DEPTH_MAX || index > UINT64_MAX >> level) {
        return ls_fail(&ls_fault_merkle_form);
    }
    unsigned above = level % LS_TILE_HEIGHT;
    ls_hash stored[LS_TILE_WIDTH / 2];
    size_t count = (size_t)1 << above;
    LS_TRY(source->read(source->context, level / LS_TILE_HEIGHT, index << above, count, stored));
    ls_merkle_root(stored, count, out);
    return LS_SUCCESS;
}
