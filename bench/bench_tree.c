/*
 * Writes the static tree of a long process, as `lockstep ledger export` would, for whoever measures readers of it:
 *
 *   bench_tree FOLDER ENTRIES [EVERY]
 *
 * FOLDER is made; the charter's fingerprint stands in FOLDER/charter. ENTRIES: those of acts and stamps together; a
 * stamp follows every EVERY acts (default 1), and holds the signatures of two cosigners. Prints how many signatures
 * there are in all.
 */
#include "bench.h"
#include "bundle/entries.h"
#include "crypto/crypto.h"
#include "history.h"
#include "os/os.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void put(const char *folder, const char *name, ls_bytes content)
{
    char path[4096];
    ls_detail detail = {0};
    snprintf(path, sizeof path, "%s/%s", folder, name);
    for (char *at = strchr(path + strlen(folder) + 1, '/'); at != NULL; at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(path, 0755);
        *at = '/';
    }
    bench_must(ls_file_write(path, content, &detail), &detail);
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static void put_entries(const char *folder, const history *h)
{
    ls_buf tile = {0};
    char name[LS_TILE_PATH_SIZE];
    for (size_t first = 0; first < h->count; first += LS_TILE_WIDTH) {
        size_t width = least(h->count - first, LS_TILE_WIDTH);
        for (size_t i = 0; i < width; i++) {
            ls_entries_put(&tile, h->entry[first + i]);
        }
        bench_must(ls_buf_check(&tile), NULL);
        ls_tile_path(LS_TILE_ENTRIES, first / LS_TILE_WIDTH, (unsigned)width, name);
        put(folder, name, ls_buf_bytes(&tile));
        tile.len = 0;
    }
    ls_buf_free(&tile);
}

static void put_hashes(const char *folder, const history *h)
{
    ls_hash *hash = calloc(h->count, sizeof *hash);
    char name[LS_TILE_PATH_SIZE];
    if (hash == NULL) {
        bench_must(ls_fail(&ls_fault_memory), NULL);
    }
    ls_merkle_leaves(h->entry, h->count, hash);
    for (size_t count = h->count, level = 0; count > 0; count /= LS_TILE_WIDTH, level++) {
        for (size_t first = 0; first < count; first += LS_TILE_WIDTH) {
            size_t width = least(count - first, LS_TILE_WIDTH);
            ls_tile_path((int)level, first / LS_TILE_WIDTH, (unsigned)width, name);
            put(folder, name, ls_bytes_of(hash + first, width * sizeof *hash));
        }
        for (size_t i = 0; i < count / LS_TILE_WIDTH; i++) {
            ls_hash root;
            ls_merkle_root(hash + i * LS_TILE_WIDTH, LS_TILE_WIDTH, &root);
            hash[i] = root;
        }
    }
    free(hash);
}

int main(int argc, char **argv)
{
    static history h;
    size_t entries = argc > 2 ? strtoul(argv[2], NULL, 10) : 0, every = argc > 3 ? strtoul(argv[3], NULL, 10) : 1;
    if (argc < 3 || argc > 4 || entries < 100 || every == 0) {
        fprintf(stderr, "usage: bench_tree FOLDER ENTRIES [EVERY]   ENTRIES at least 100\n");
        return LS_CLASS_USAGE;
    }
    bench_must(ls_crypto_init(), NULL);
    history_make(&h, entries, true, every);
    mkdir(argv[1], 0755);
    put_entries(argv[1], &h);
    put_hashes(argv[1], &h);
    for (size_t i = 0; i < h.f.attachment_count; i++) {
        char name[sizeof "attachment/" + LS_HEX_HASH_SIZE] = "attachment/";
        ls_hash_format(&h.f.attachment[i].hash, name + strlen(name));
        put(argv[1], name, h.f.attachment[i].content);
    }
    const ls_time times[FIXTURE_COSIGNERS] = {h.f.now, h.f.now, 0};
    put(argv[1], "checkpoint", fixture_cosigned(&h.f, times));
    char charter[LS_HEX_HASH_SIZE];
    ls_hash_format(ls_record_process(h.f.record), charter);
    put(argv[1], "charter", ls_bytes_str(charter));
    printf("%zu signatures in %zu entries\n", h.signatures, h.count);
    history_free(&h);
    return 0;
}
