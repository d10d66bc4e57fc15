/* A small process as a portal shows it, for the tests of its pages. */
#ifndef LS_TESTS_PORTAL_WORLD_H
#define LS_TESTS_PORTAL_WORLD_H

#include "fixture/fixture.h"
#include "portal/acts.h"
#include "portal/document.h"
#include "portal/page.h"
#include "portal/state.h"

/* What nobody should see as markup. An act may say it; the second holds what none may say, and others show. */
#define HOSTILE_SAID "<script>alert(1)</script>\"'><img src=x onerror=alert(1)> &amp; ]]>"
#define HOSTILE HOSTILE_SAID " \xe2\x80\xae \xe2\x80\x8b"

typedef struct portal_world {
    fixture f;
    ls_arena arena;
    ls_portal portal;
} portal_world;

static inline ls_result world_note(void *context, uint64_t index, ls_arena *arena, ls_bytes *out)
{
    const portal_world *w = context;
    (void)arena;
    *out = w->f.entry[index];
    return LS_SUCCESS;
}

static inline ls_result world_file(void *context, const ls_hash *hash, ls_arena *arena, ls_bytes *out)
{
    portal_world *w = context;
    return fixture_fetch(&w->f, hash, UINT64_MAX, arena, out);
}

static inline void world_say(portal_world *w, size_t party, const char *kind, const char *measure, const char *text)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_act_draft d;
    fixture_draft(&w->f, party, kind, &d);
    ls_hash_format(&w->f.accord, hex);
    ls_act_draft_set(&d, LS_H_ACCORD, "%s", hex);
    ls_act_draft_set(&d, LS_H_MEASURE, "%s", measure);
    ls_buf_put_str(&d.text, text);
    ls_buf_put_str(&d.text, text[0] == '\0' ? "" : "\n");
    fixture_append(&w->f, fixture_finish(&w->f, &d));
}

/* Charter, accord, a performance in hostile words, an objection; all but the last two acts under a stamp. */
static inline void world_open(portal_world *w)
{
    *w = (portal_world){0};
    fixture_open(&w->f, NULL);
    fixture_append(&w->f, fixture_charter(&w->f));
    fixture_stamp(&w->f);
    fixture_append(&w->f, fixture_accord(&w->f));
    fixture_stamp(&w->f);
    world_say(w, FIXTURE_USA, "perform", "suspend-exercises", HOSTILE_SAID);
    w->f.now += 3600;
    fixture_stamp(&w->f);
    world_say(w, FIXTURE_DPRK, "object", "suspend-exercises", "They went on.");
    w->portal = (ls_portal){.record = w->f.record,
                            .source = {world_note, world_file, NULL, w},
                            .checkpoint = fixture_checkpoint(&w->f),
                            .language = &ls_portal_languages[0]};
}

static inline void world_close(portal_world *w)
{
    ls_arena_free(&w->arena);
    fixture_close(&w->f);
}

#endif
