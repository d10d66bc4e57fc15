/* A cell: the variants of one paragraph in one language, who holds which, and when it is locked. */
#include "crypto/sha256.h"
#include "text/parts.h"

bool ls_cell_ready(ls_arena *arena, ls_text_cell *c, size_t parties)
{
    if (c->position == NULL) {
        ls_text_position *both = ls_arena_array(arena, 2 * parties, sizeof *both);
        c->position = both;
        c->reopening = both == NULL ? NULL : both + parties;
    }
    return c->position != NULL;
}

size_t ls_cell_find(const ls_text_cell *c, const ls_hash *hash)
{
    for (size_t i = 0; i < c->variant_count; i++) {
        if (ls_hash_equal(&c->variant[i].hash, hash)) {
            return i;
        }
    }
    return LS_TEXT_NOWHERE;
}

static bool grow(ls_arena *arena, ls_text_cell *c)
{
    size_t room = c->variant_room == 0 ? 4 : 2 * c->variant_room;
    ls_text_variant *larger = ls_arena_array(arena, room, sizeof *larger);
    if (larger == NULL) {
        return false;
    }
    if (c->variant_count > 0) {
        memcpy(larger, c->variant, c->variant_count * sizeof *larger);
    }
    c->variant = larger;
    c->variant_room = room;
    return true;
}

size_t ls_cell_add(ls_arena *arena, ls_text_cell *c, ls_bytes content, size_t act)
{
    ls_text_variant v = {.content = content, .act = act};
    ls_sha256_hash(content, &v.hash);
    size_t known = ls_cell_find(c, &v.hash);
    if (known != LS_TEXT_NOWHERE) {
        return known;
    }
    if (c->variant_count == c->variant_room && !grow(arena, c)) {
        return LS_TEXT_NOWHERE;
    }
    c->variant[c->variant_count] = v;
    return c->variant_count++;
}

/* True if all hold what the first one holds, and none of them ad referendum. */
static bool all_same(const ls_text_cell *c, size_t parties)
{
    for (size_t i = 0; i < parties; i++) {
        if (c->position[i].ad_referendum || !ls_text_same_stance(&c->position[0], &c->position[i])) {
            return false;
        }
    }
    return c->position[0].stance != LS_STANCE_NONE;
}

static ls_cell_status status_of(const ls_text_cell *c, size_t parties)
{
    if (all_same(c, parties)) {
        return c->position[0].stance == LS_STANCE_VARIANT ? LS_CELL_AGREED : LS_CELL_VACANT;
    }
    for (size_t i = 0; i < parties; i++) {
        const ls_text_position *p = &c->position[i];
        if (p->stance == LS_STANCE_VARIANT || (p->stance == LS_STANCE_DELETE && p->ad_referendum)) {
            return LS_CELL_OPEN;
        }
    }
    return LS_CELL_VACANT;
}

bool ls_cell_lock(ls_text_cell *c, size_t parties)
{
    bool lock = c->position != NULL && !c->locked && all_same(c, parties);
    c->locked = c->locked || lock;
    return lock;
}

/* When all want it reopened, what each wished is what it holds. */
static bool reopen_if_all(ls_text_cell *c, size_t parties)
{
    for (size_t i = 0; i < parties; i++) {
        if (c->reopening[i].stance == LS_STANCE_NONE || c->reopening[i].ad_referendum) {
            return false;
        }
    }
    memcpy(c->position, c->reopening, parties * sizeof *c->position);
    memset(c->reopening, 0, parties * sizeof *c->reopening);
    c->locked = false;
    return true;
}

static void wish(ls_text_cell *c, size_t parties, size_t party, const ls_text_position *wanted, ls_text_event *e)
{
    e->effect = LS_EFFECT_REOPENING;
    e->before = c->reopening[party];
    c->reopening[party] = *wanted;
    e->after = *wanted;
    e->reopened = reopen_if_all(c, parties);
}

void ls_cell_hold(ls_text_cell *c, size_t parties, size_t party, const ls_text_position *wanted, ls_text_event *e)
{
    if (c->locked) {
        const ls_text_position none = {.act = wanted->act};
        wish(c, parties, party, ls_text_same_stance(wanted, &c->position[party]) ? &none : wanted, e);
    } else {
        e->effect = LS_EFFECT_POSITION;
        e->before = c->position[party];
        e->after = c->position[party] = *wanted;
    }
    bool was = !e->reopened && c->status == LS_CELL_AGREED;
    c->status = status_of(c, parties);
    e->agreed = !was && !c->locked && all_same(c, parties);
}

void ls_cell_reopen(ls_text_cell *c, size_t parties, size_t party, size_t act, ls_text_event *e)
{
    ls_text_position same = c->position[party];
    same.act = act;
    wish(c, parties, party, &same, e);
    c->status = status_of(c, parties);
    e->agreed = e->reopened && all_same(c, parties);
}

/* It belongs to what the party wants now. */
void ls_cell_note(ls_text_cell *c, size_t party, ls_bytes note, ls_text_event *e)
{
    ls_text_position *p = c->reopening[party].stance != LS_STANCE_NONE ? &c->reopening[party] : &c->position[party];
    e->effect = LS_EFFECT_NOTE;
    e->before = *p;
    p->note = note;
    e->after = *p;
}
