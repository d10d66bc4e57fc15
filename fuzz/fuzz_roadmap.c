/* Roadmaps, as JSON or YAML, and their state: what was read without errors can be evaluated, whatever was said. */
#include "accord/state.h"
#include "yaml/yaml.h"
#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const ls_zone_span spans[] = {{0, 30600}, {1525446000, 32400}};
static const char *const names[] = {"dprk", "usa", "rok"};
static ls_charter charter = {.zone = {"Asia/Pyongyang", spans, 2},
                             .closing = 86400,
                             .grace = 86400,
                             .rows_limit = 1000000,
                             .attachment_limit = 1 << 30,
                             .party_count = 3};

/* The prose: what stands behind the input's first NUL, or a text with the paragraphs that examples refer to. */
static ls_bytes split_text(ls_arena *arena, ls_bytes *document)
{
    const uint8_t *nul = document->len == 0 ? NULL : memchr(document->ptr, 0, document->len);
    if (nul != NULL) {
        ls_bytes text = ls_bytes_of(nul + 1, (size_t)(document->ptr + document->len - nul) - 1);
        document->len = (size_t)(nul - document->ptr);
        return text;
    }
    static char text[512];
    int len = 0;
    for (int i = 1; i <= 21; i++) {
        len += snprintf(text + len, sizeof text - (size_t)len, "[p%d] Words.\n\n", i);
    }
    const char *kept = ls_arena_str(arena, ls_bytes_str(text));
    return kept == NULL ? (ls_bytes){0} : ls_bytes_str(kept);
}

static ls_value *parse(ls_arena *arena, ls_bytes document)
{
    ls_value *v = NULL;
    ls_diagnostics d = {.arena = arena};
    if (ls_succeeded(ls_json_parse(arena, document, &v, NULL))) {
        return v;
    }
    v = NULL;
    return ls_succeeded(ls_yaml_parse(arena, document, &d, &v)) ? v : NULL;
}

#define FACTS_MAX 64

static ls_time time_of(const void *context, uint32_t index)
{
    return ((const ls_time *)context)[index];
}

/* Facts made of the input's bytes: four for each. */
static ls_facts facts_of(ls_arena *arena, const ls_roadmap *r, ls_bytes bytes)
{
    ls_fact *fact = ls_arena_array(arena, FACTS_MAX, sizeof *fact);
    ls_time *time = ls_arena_array(arena, FACTS_MAX, sizeof *time);
    size_t count = fact == NULL || time == NULL ? 0 : bytes.len / 4 < FACTS_MAX ? bytes.len / 4 : FACTS_MAX;
    for (size_t i = 0; i < count; i++) {
        const uint8_t *b = bytes.ptr + 4 * i;
        fact[i] = (ls_fact){.index = (uint32_t)i,
                            .kind = b[0] % 7 & 7,
                            .by = b[0] / 7 % 3 & 31,
                            .ref = b[2] == 255 ? LS_NO_ENTRY : b[2],
                            .day = b[3] % 2 == 0 ? LS_NO_DAY : 17000 + b[3],
                            .measure = (int16_t)(b[1] % (r->measure_count + 1)) - 1,
                            .track = (int8_t)(b[1] / 16 % (r->track_count + 1)) - 1};
        time[i] = b[3] == 255 ? LS_TIME_OPEN : b[3] == 254 ? LS_TIME_NONE : 1525000000 + (ls_time)b[3] * 100000;
    }
    return (ls_facts){fact, count, time_of, time};
}

static void evaluate(ls_arena *arena, const ls_roadmap *r, ls_bytes bytes)
{
    ls_facts facts = facts_of(arena, r, bytes);
    ls_measure_state *states = ls_arena_array(arena, r->measure_count, sizeof *states);
    if (states == NULL || ls_failed(ls_state_eval(r, &charter, 1525000000, &facts, 1540000000, states))) {
        return;
    }
    for (size_t i = 0; i < r->measure_count; i++) {
        ls_state_name(states[i].state);
    }
    ls_suspension suspensions[8];
    ls_state_suspensions(&facts, 1540000000, suspensions, 8);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    ls_arena arena = {0};
    ls_diagnostics d = {.arena = &arena};
    ls_roadmap roadmap = {0};
    ls_bytes document = ls_bytes_of(data, size), text = split_text(&arena, &document);
    for (size_t i = 0; i < charter.party_count; i++) {
        charter.party[i].name = ls_bytes_str(names[i]);
    }
    const ls_value *v = parse(&arena, document);
    if (v != NULL) {
        ls_roadmap_read(&arena, v, &charter, text, &d, &roadmap);
        ls_diagnostics_sort(&d);
        if (d.errors == 0) {
            evaluate(&arena, &roadmap, ls_bytes_of(data, size));
        }
    }
    ls_arena_free(&arena);
    return 0;
}
