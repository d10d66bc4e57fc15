/*
 * Measures how the public portal is built and prints one JSON object a line: {"name", "value", "unit"}.
 *
 *   bench_portal [ACTS [FOLDER]]
 *
 * A process of ACTS acts (each followed by its stamp) in memory, whose site is built in a folder (default: one that is
 * removed afterwards): anew, then again with ten acts more, then once more with none.
 */
#include "bench.h"
#include "crypto/crypto.h"
#include "fixture/system.h"
#include "history.h"
#include "os/os.h"
#include "site/site.h"
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define MORE 10

typedef struct memory_source {
    ls_source base;
    history *h;
} memory_source;

static ls_result read_entries(ls_source *s, uint64_t from, uint64_t to, ls_entry_sink sink, void *context,
                              ls_detail *detail)
{
    const history *h = ((memory_source *)s)->h;
    (void)detail;
    for (uint64_t i = from; i < to; i++) {
        LS_TRY(sink(context, i, h->entry[i]));
    }
    return LS_SUCCESS;
}

static void open_memory(memory_source *s, history *h)
{
    ls_buf final = {0};
    ls_buf_put_bytes(&final, fixture_checkpoint(&h->f));
    *s = (memory_source){.base = {.name = "memory",
                                  .place = "",
                                  .size = h->count,
                                  .final = final,
                                  .read = read_entries,
                                  .fetch = {fixture_fetch, &h->f}},
                         .h = h};
}

static double build(history *h, const char *folder, ls_site_built *built)
{
    memory_source s;
    ls_detail detail = {0};
    const ls_site_options o = {.publish = LS_SITE_ALL, .version = "bench", .trusted = true};
    open_memory(&s, h);
    double start = ls_clock_monotonic();
    bench_must(ls_site_build(&s.base, folder, &o, built, &detail), &detail);
    double seconds = ls_clock_monotonic() - start;
    ls_buf_free(&s.base.final);
    return seconds;
}

static double megabytes(void)
{
    struct rusage r;
    getrusage(RUSAGE_SELF, &r);
    return (double)r.ru_maxrss / 1024;
}

static void measure(history *h, const char *folder)
{
    ls_site_built built;
    double before = megabytes();
    bench_figure("portal_build_s", build(h, folder, &built), "s");
    bench_figure("portal_pages", (double)built.pages, "pages");
    bench_figure("portal_memory_mb", megabytes() - before, "MB");
    history_grow(h, MORE);
    bench_figure("portal_rebuild_s", build(h, folder, &built), "s");
    bench_figure("portal_rebuild_rendered", (double)built.rendered, "pages");
    bench_figure("portal_rebuild_written", (double)built.written, "files");
    bench_figure("portal_again_s", build(h, folder, &built), "s");
    bench_figure("portal_again_written", (double)built.written, "files");
}

int main(int argc, char **argv)
{
    static history h;
    char parent[256], folder[300];
    size_t acts = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000;
    if (argc > 3 || acts == 0) {
        fprintf(stderr, "usage: bench_portal [ACTS [FOLDER]]\n");
        return LS_CLASS_USAGE;
    }
    bench_must(ls_crypto_init(), NULL);
    history_make(&h, 2 * acts, false, 1);
    if (argc > 2) {
        measure(&h, argv[2]);
    } else {
        system_folder(parent, sizeof parent);
        snprintf(folder, sizeof folder, "%s/site", parent);
        measure(&h, folder);
        system_remove(parent);
    }
    history_free(&h);
    return 0;
}
