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

/* The index in its groups of three digits, whatever stands before and between them. */
static bool read_index(ls_bytes text, uint64_t *out)
{
    char digits[24] = "";
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] >= '0' && text.ptr[i] <= '9') {
            digits[len++] = (char)text.ptr[i];
        }
        if (len > 21) {
            return false;
        }
    }
    size_t zeros = strspn(digits, "0");
    zeros -= zeros == len && len > 0;
    return ls_decimal_parse(ls_bytes_of(digits + zeros, len - zeros), UINT64_MAX, out);
}

/* Read loosely, then held against the one path that there is for it. */
bool ls_tile_path_parse(ls_bytes path, int *level, uint64_t *index, unsigned *width)
{
    char canonical[LS_TILE_PATH_SIZE];
    ls_reader r = ls_reader_of(path);
    ls_bytes tile, which;
    uint64_t number = 0, at, wide = LS_TILE_WIDTH;
    if (path.len >= LS_TILE_PATH_SIZE || !ls_read_until(&r, '/', &tile) || !ls_read_until(&r, '/', &which)) {
        return false;
    }
    bool entries = ls_bytes_is(which, "entries");
    ls_bytes rest = ls_bytes_of(r.ptr, ls_reader_left(&r));
    const uint8_t *dot = rest.len == 0 ? NULL : memchr(rest.ptr, '.', rest.len);
    size_t len = dot == NULL ? rest.len : (size_t)(dot - rest.ptr);
    ls_bytes partial = ls_bytes_of(rest.ptr + len, rest.len - len);
    if ((!entries && !ls_decimal_parse(which, LS_TILE_LEVEL_MAX, &number)) ||
        !read_index(ls_bytes_of(rest.ptr, len), &at) ||
        (dot != NULL &&
         (partial.len < 4 ||
          !ls_decimal_parse(ls_bytes_of(partial.ptr + 3, partial.len - 3), LS_TILE_WIDTH - 1, &wide) || wide == 0))) {
        return false;
    }
    ls_tile_path(entries ? LS_TILE_ENTRIES : (int)number, at, (unsigned)wide, canonical);
    if (!ls_bytes_is(path, canonical)) {
        return false;
    }
    *level = entries ? LS_TILE_ENTRIES : (int)number;
    *index = at;
    *width = (unsigned)wide;
    return true;
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
