/* Roadmaps for tests: the files in roadmap/, and the charter whose parties they name. */
#ifndef TESTS_ROADMAPS_H
#define TESTS_ROADMAPS_H

#include "roadmap/roadmap.h"
#include "vectors.h"

enum { DPRK, USA, ROK, IAEA, CHN, JPN };

VECTORS_UNUSED static void load_roadmap_file(const char *name, ls_buf *out)
{
    char path[1024], buf[4096];
    const char *root = getenv("LOCKSTEP_ROADMAPS");
    snprintf(path, sizeof path, "%s/%s", root == NULL ? "tests/unit/roadmap" : root, name);
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    for (size_t got; (got = fread(buf, 1, sizeof buf, f)) > 0;) {
        ls_buf_put(out, buf, got);
    }
    fclose(f);
}

VECTORS_UNUSED static void set_roadmap_charter(ls_charter *c)
{
    static const char *const names[] = {"dprk", "usa", "rok", "iaea", "chn", "jpn"};
    *c = (ls_charter){.party_count = 6, .audience_count = 1, .rows_limit = 1000, .attachment_limit = 100000};
    for (size_t i = 0; i < c->party_count; i++) {
        c->party[i].name = ls_bytes_str(names[i]);
    }
    c->audience[0] = (ls_audience){ls_bytes_str("inspectors"), LS_PARTY_BIT(IAEA)};
}

#endif
