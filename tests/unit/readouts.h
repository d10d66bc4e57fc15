/* What the tests of readouts share: reading YAML, and the three readouts of the example. */
#ifndef TESTS_UNIT_READOUTS_H
#define TESTS_UNIT_READOUTS_H

#include "readout/show.h"
#include "yaml/yaml.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* The whole of a file of examples/talks-2018. */
static inline ls_bytes read_example(ls_arena *arena, const char *name)
{
    const char *folder = getenv("LOCKSTEP_TALKS");
    char *text = ls_arena_alloc(arena, 65536);
    FILE *f = fopen(ls_arena_format(arena, "%s/%s", folder == NULL ? "examples/talks-2018" : folder, name), "rb");
    if (f == NULL || text == NULL) {
        fail_msg("%s can't be read", name);
        return (ls_bytes){0};
    }
    size_t len = fread(text, 1, 65535, f);
    fclose(f);
    return ls_bytes_of(text, len);
}

static inline const ls_value *parse_yaml(ls_arena *arena, ls_bytes text)
{
    ls_value *v = NULL;
    ls_diagnostics d = {.arena = arena};
    assert_null(ls_yaml_parse(arena, text, &d, &v).fault);
    if (v == NULL) {
        fail_msg("%u: %s", d.item[0].mark.line, d.item[0].text);
    }
    return v;
}

static inline ls_readout *read_readout(ls_arena *arena, ls_bytes text)
{
    ls_diagnostics d = {.arena = arena};
    ls_readout *r = ls_arena_alloc(arena, sizeof *r);
    ls_readout_read(arena, parse_yaml(arena, text), NULL, &d, r);
    if (d.errors > 0) {
        fail_msg("%u: %s", d.item[0].mark.line, d.item[0].text);
    }
    return r;
}

static inline ls_side example_side(ls_arena *arena, const char *party, const char *title)
{
    const char *file = ls_arena_format(arena, "readout-%s.yaml", party);
    return (ls_side){ls_bytes_str(party), ls_bytes_str(title), ls_bytes_str(party),
                     read_readout(arena, read_example(arena, file))};
}

static inline void example_sides(ls_arena *arena, ls_side side[static 3])
{
    side[0] = example_side(arena, "usa", "Washington");
    side[1] = example_side(arena, "dprk", "Pyongyang");
    side[2] = example_side(arena, "rok", "Seoul");
}

static inline void example_alignment(ls_arena *arena, const ls_side *side, ls_alignment *out)
{
    ls_diagnostics d = {.arena = arena};
    ls_alignment_read(arena, parse_yaml(arena, read_example(arena, "alignment.yaml")), side, 3, &d, out);
    if (d.errors > 0) {
        fail_msg("%u: %s", d.item[0].mark.line, d.item[0].text);
    }
}

/* A record in which the summit is planned and the working group is agreed by two. */
static inline ls_result example_prove(void *context, ls_arena *arena, const ls_about *about, ls_proof *out)
{
    static const ls_bytes both[] = {{(const uint8_t *)"dprk", 4}, {(const uint8_t *)"usa", 3}};
    static const ls_proof_value values[] = {{{(const uint8_t *)"date", 4}, {(const uint8_t *)"to be decided", 13}}};
    static const ls_proof_deed deeds[] = {{LS_DEED_PROPOSED, {(const uint8_t *)"dprk", 4}, 1536537600, {{1, 2}}},
                                          {LS_DEED_ACCEPTED, {(const uint8_t *)"usa", 3}, 1538913600, {{3, 4}}}};
    (void)context;
    (void)arena;
    if (about->kind == LS_ABOUT_MEETING) {
        *out = (ls_proof){true, "confirmed", 2, both, 2, deeds, 1, values, NULL};
    } else if (about->kind == LS_ABOUT_GROUP) {
        *out = (ls_proof){true, "proposed", 2, both, 1, deeds, 0, NULL, NULL};
    }
    return LS_SUCCESS;
}

#endif
