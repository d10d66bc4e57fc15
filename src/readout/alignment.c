/* Alignments: which claims of different readouts belong together. */
#include "process/field.h"
#include "process/plain.h"
#include "readout/compare.h"

typedef struct aligning {
    ls_arena *arena;
    const ls_side *side;
    size_t side_count;
    ls_diagnostics *d;
    bool used[LS_SIDES_MAX][LS_READOUT_CLAIMS_MAX];
    ls_mark mark[LS_SIDES_MAX][LS_READOUT_CLAIMS_MAX]; /* where it was named first */
} aligning;

static const char *near_side(const aligning *a, ls_bytes name)
{
    const char *known[LS_SIDES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < a->side_count; i++) {
        known[count] = ls_arena_str(a->arena, a->side[i].name);
        count += known[count] != NULL;
    }
    return ls_near_hint(name, known, count, a->d);
}

static const char *near_claim(const aligning *a, const ls_readout *r, ls_bytes id)
{
    const char *known[LS_READOUT_CLAIMS_MAX];
    size_t count = 0;
    for (size_t i = 0; i < r->claim_count; i++) {
        known[count] = ls_arena_str(a->arena, r->claim[i].id);
        count += known[count] != NULL;
    }
    return ls_near_hint(id, known, count, a->d);
}

static int shown(ls_bytes word)
{
    return (int)(word.len < LS_NAME_MAX ? word.len : LS_NAME_MAX);
}

static bool find_side(const aligning *a, ls_bytes name, ls_mark mark, uint32_t *out)
{
    for (size_t i = 0; i < a->side_count; i++) {
        if (ls_bytes_equal(a->side[i].name, name)) {
            *out = (uint32_t)i;
            return true;
        }
    }
    ls_diagnose(a->d, mark, near_side(a, name), "there is no readout '%.*s'", shown(name), name.ptr);
    return false;
}

static bool find_claim(const aligning *a, const ls_side *side, ls_bytes id, ls_mark mark, uint32_t *out)
{
    for (size_t i = 0; i < side->readout->claim_count; i++) {
        if (ls_bytes_equal(side->readout->claim[i].id, id)) {
            *out = (uint32_t)i;
            return true;
        }
    }
    ls_diagnose(a->d, mark, near_claim(a, side->readout, id), "the readout %.*s has no claim '%.*s'",
                (int)side->name.len, side->name.ptr, shown(id), id.ptr);
    return false;
}

/* A claim stands in one topic, once. */
static bool use_claim(aligning *a, ls_claim_at at, ls_bytes text, ls_mark mark)
{
    if (a->used[at.side][at.claim]) {
        ls_mark first = a->mark[at.side][at.claim];
        ls_diagnose(a->d, mark, "a claim belongs to one topic", "%.*s stands twice, first in line %u, column %u",
                    (int)text.len, text.ptr, first.line, first.column);
        return false;
    }
    a->used[at.side][at.claim] = true;
    a->mark[at.side][at.claim] = mark;
    return true;
}

/* readout:claim, both names. */
static bool read_pair(aligning *a, const ls_value *v, ls_claim_at *out)
{
    ls_bytes text = v->string;
    const uint8_t *colon = v->type == LS_STRING && text.len > 0 ? memchr(text.ptr, ':', text.len) : NULL;
    size_t at = colon == NULL ? 0 : (size_t)(colon - text.ptr);
    ls_bytes name = colon == NULL ? (ls_bytes){0} : ls_bytes_of(text.ptr, at);
    ls_bytes id = colon == NULL ? (ls_bytes){0} : ls_bytes_of(colon + 1, text.len - at - 1);
    if (!ls_name_valid(name) || !ls_name_valid(id)) {
        ls_diagnose(a->d, v->mark, "without a space: usa:summit-soon", "this must be READOUT:CLAIM");
        return false;
    }
    ls_claim_at found = {0};
    if (!find_side(a, name, v->mark, &found.side) || !find_claim(a, &a->side[found.side], id, v->mark, &found.claim) ||
        !use_claim(a, found, text, v->mark)) {
        return false;
    }
    *out = found;
    return true;
}

static void read_topic(aligning *a, const ls_entry *e, ls_aligned *out)
{
    const ls_value *list = e->value;
    if (e->key.len == 0 || e->key.len > LS_ALIGNED_TITLE_MAX || !ls_plain_valid(e->key) ||
        memchr(e->key.ptr, '\n', e->key.len) != NULL) {
        ls_diagnose(a->d, e->mark, NULL, "a topic must be one line of at most %d bytes, of characters that show",
                    LS_ALIGNED_TITLE_MAX);
    }
    out->title = e->key;
    if (list->type != LS_LIST || list->count == 0 || list->count > LS_SIDES_MAX * LS_READOUT_CLAIMS_MAX) {
        ls_diagnose(a->d, list->mark, "[usa:summit-soon, dprk:second-summit]", "a topic must be a list of claims");
        return;
    }
    out->claim = ls_arena_array(a->arena, list->count, sizeof *out->claim);
    if (out->claim == NULL) {
        ls_field_no_memory(a->d);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        out->count += read_pair(a, list->items[i], &out->claim[out->count]);
    }
}

static void read_topics(aligning *a, const ls_value *topics, ls_alignment *out)
{
    if (topics->type != LS_MAP || topics->count == 0 || topics->count > LS_ALIGNED_MAX) {
        ls_diagnose(a->d, topics->mark, "each topic on a line of its own: a second summit: [usa:summit, rok:summit]",
                    "topics must be a map of 1 to %d topics", LS_ALIGNED_MAX);
        return;
    }
    out->topic = ls_arena_array(a->arena, topics->count, sizeof *out->topic);
    if (out->topic == NULL) {
        ls_field_no_memory(a->d);
        return;
    }
    for (size_t i = 0; i < topics->count; i++) {
        read_topic(a, &topics->entries[i], &out->topic[out->count++]);
    }
}

void ls_alignment_read(ls_arena *arena, const ls_value *v, const ls_side *side, size_t side_count, ls_diagnostics *d,
                       ls_alignment *out)
{
    *out = (ls_alignment){0};
    aligning *a = ls_arena_alloc(arena, sizeof *a);
    if (a == NULL) {
        ls_field_no_memory(d);
        return;
    }
    a->arena = arena;
    a->side = side;
    a->side_count = side_count;
    a->d = d;
    ls_value_check_map(v, "alignment", LS_KEYS({"alignment", true}, {"topics", true}), d);
    const ls_value *version = ls_value_get(v, "alignment"), *topics = ls_value_get(v, "topics");
    if (version != NULL && (version->type != LS_INTEGER || version->integer != 1)) {
        ls_diagnose(d, version->mark, "write 1; a newer program may know others",
                    "this program knows only alignment: 1");
    }
    if (topics != NULL) {
        read_topics(a, topics, out);
    }
}
