/*
 * Measures the analysis of an accord and prints one JSON object a line: {"name", "value", "unit"}.
 *
 *   bench_analysis ROADMAP TEXT PARTY…
 *
 * All answers, as accord analyse works them out; the suggestions; and, as the rate of the search, how many positions it
 * sees a second when it makes every move in every order, up to the limit.
 */
#include "analysis/analysis.h"
#include "analysis/search.h"
#include "bench.h"
#include "os/os.h"
#include "yaml/yaml.h"
#include <stdio.h>
#include <stdlib.h>

static void look(void *context, const uint8_t *bits)
{
    (void)context;
    (void)bits;
}

static void measure_answers(const ls_analysis_query *q, ls_arena *arena)
{
    ls_analysis a;
    ls_suggestion best[LS_SUGGESTIONS_MAX];
    size_t count, tried;
    double begun = bench_busy();
    bench_must(ls_analysis_run(q, arena, &a), NULL);
    bench_figure("analysis_jcpoa_seconds", bench_busy() - begun, "s");
    bench_figure("analysis_jcpoa_positions", (double)a.positions, "positions");
    begun = bench_busy();
    bench_must(ls_analysis_suggest(q, &a, best, &count, &tried), NULL);
    bench_figure("analysis_jcpoa_suggestions_seconds", bench_busy() - begun, "s");
}

static void measure_search(const ls_analysis_query *q, ls_arena *arena)
{
    ls_net net = {0};
    uint64_t positions = 0;
    bool cut = false;
    bench_must(ls_net_build(q->roadmap, NULL, &net), NULL);
    uint8_t *choice = ls_arena_alloc(arena, net.move_count);
    ls_bit *at_once = ls_arena_array(arena, net.move_count, sizeof *at_once);
    if (choice == NULL || at_once == NULL) {
        exit(1);
    }
    for (size_t i = 0; i < net.move_count; i++) {
        choice[i] = 1;
        at_once[i] = LS_BIT_FALSE;
    }
    ls_search s = {&net, choice, at_once, q->limit, look, NULL, NULL};
    double begun = bench_busy();
    bench_must(ls_search_run(&s, &positions, &cut), NULL);
    bench_figure("analysis_search_positions_per_s", (double)positions / (bench_busy() - begun), "positions/s");
    ls_net_free(&net);
}

static void load(const char *yaml, const char *text, ls_arena *arena, const ls_charter *charter, ls_roadmap *out)
{
    static ls_buf file[2];
    static ls_diagnostics d;
    ls_detail detail = {0};
    ls_value *v = NULL;
    d.arena = arena;
    bench_must(ls_file_read(yaml, LS_VALUE_DOCUMENT_MAX, &file[0], &detail), &detail);
    bench_must(ls_file_read(text, LS_TEXT_MAX, &file[1], &detail), &detail);
    bench_must(ls_yaml_parse(arena, ls_buf_bytes(&file[0]), &d, &v), NULL);
    if (v != NULL) {
        ls_roadmap_read(arena, v, charter, ls_buf_bytes(&file[1]), &d, out);
    }
    if (d.errors > 0) {
        fprintf(stderr, "%s:%u: %s\n", yaml, d.item[0].mark.line, d.item[0].text);
        exit(1);
    }
}

int main(int argc, char **argv)
{
    static ls_charter charter;
    static ls_roadmap roadmap;
    ls_arena arena = {0};
    for (int i = 3; i < argc && charter.party_count < LS_PARTIES_MAX; i++) {
        charter.party[charter.party_count++].name = ls_bytes_str(argv[i]);
    }
    if (argc < 4) {
        fprintf(stderr, "usage: bench_analysis ROADMAP TEXT PARTY...\n");
        return 2;
    }
    load(argv[1], argv[2], &arena, &charter, &roadmap);
    ls_analysis_query q = {.roadmap = &roadmap, .limit = LS_ANALYSIS_LIMIT_DEFAULT};
    measure_answers(&q, &arena);
    measure_search(&q, &arena);
    ls_arena_free(&arena);
    return 0;
}
