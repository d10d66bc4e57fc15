/* What claims are about: a table of what can be pointed at. */
#include "readout/parts.h"

/* The key that tells, in a map of its own, and which others go with it. */
static const struct {
    const char *key, *words;
} kinds[LS_ABOUT_KINDS] = {
    [LS_ABOUT_ACT] = {"act", "act"},
    [LS_ABOUT_MEASURE] = {"measure", "measure"},
    [LS_ABOUT_MEETING] = {"meeting", "meeting"},
    [LS_ABOUT_TEXT] = {"text", "text"},
    [LS_ABOUT_GROUP] = {"group", "group"},
    [LS_ABOUT_ITEM] = {"item", "item"},
    [LS_ABOUT_TOPIC] = {"topic", "topic"},
};

#define ABOUT_HINT "one of act, accord and measure, meeting, text, group, item, topic: {meeting: second-summit}"

static int order(ls_bytes a, ls_bytes b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int first = common == 0 ? 0 : memcmp(a.ptr, b.ptr, common);
    return first != 0 ? first : (a.len > b.len) - (a.len < b.len);
}

int ls_about_order(const ls_about *a, const ls_about *b)
{
    int o = (a->kind > b->kind) - (a->kind < b->kind);
    o = o != 0 ? o : memcmp(a->id.b, b->id.b, sizeof a->id.b);
    o = o != 0 ? o : order(a->name, b->name);
    o = o != 0 ? o : order(a->paragraph, b->paragraph);
    return o != 0 ? o : order(a->aspect, b->aspect);
}

#define SHORT 12 /* digits of an id, for people */

const char *ls_about_words(ls_arena *arena, const ls_about *a)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&a->id, hex);
    const char *words = a->kind == LS_ABOUT_ACT
                            ? ls_arena_format(arena, "act %.*s", SHORT, hex)
                            : ls_arena_format(arena, "%s %.*s", kinds[a->kind].words, (int)a->name.len, a->name.ptr);
    if (words != NULL && a->paragraph.len > 0) {
        words = ls_arena_format(arena, "%s, paragraph %.*s", words, (int)a->paragraph.len, a->paragraph.ptr);
    }
    if (words != NULL && a->aspect.len > 0) {
        words = ls_arena_format(arena, "%s, its %.*s", words, (int)a->aspect.len, a->aspect.ptr);
    }
    return words;
}

static bool read_hash(ls_readout_reader *r, const ls_value *map, const char *key, ls_hash *out)
{
    const ls_value *v = ls_value_get(map, key);
    if (v == NULL) {
        return false;
    }
    if (v->type != LS_STRING || !ls_hash_parse(v->string, out)) {
        ls_diagnose(r->d, v->mark, "lockstep log shows the ids of acts", "%s must be the 64 hex digits of an act", key);
        return false;
    }
    return true;
}

/* Which kinds are named; a second one is diagnosed. */
static ls_about_kind find_kind(ls_readout_reader *r, const ls_value *v)
{
    ls_about_kind found = LS_ABOUT_KINDS;
    for (ls_about_kind k = 0; k < LS_ABOUT_KINDS; k++) {
        if (ls_value_get(v, kinds[k].key) == NULL) {
            continue;
        }
        if (found != LS_ABOUT_KINDS) {
            ls_diagnose(r->d, ls_field_mark(v, kinds[k].key), "make two claims of it",
                        "a claim is about one thing, not both %s and %s", kinds[found].words, kinds[k].words);
            return LS_ABOUT_KINDS;
        }
        found = k;
    }
    if (found == LS_ABOUT_KINDS) {
        ls_diagnose(r->d, v->mark, ABOUT_HINT, "what is this about?");
    }
    return found;
}

/* Keys that only go with another. */
static bool check_companion(ls_readout_reader *r, const ls_value *v, const char *key, bool belongs, const char *with)
{
    if (ls_value_get(v, key) == NULL || belongs) {
        return true;
    }
    ls_diagnose(r->d, ls_field_mark(v, key), NULL, "%s goes with %s only", key, with);
    return false;
}

static bool read_named(ls_readout_reader *r, const ls_value *v, ls_about *out)
{
    bool good = ls_field_name(v, kinds[out->kind].key, r->d, &out->name);
    if (out->kind == LS_ABOUT_MEASURE) {
        if (ls_value_get(v, "accord") == NULL) {
            ls_diagnose(r->d, v->mark, "{accord: 64 hex digits of its act, measure: name}",
                        "a measure is one of an accord");
            good = false;
        }
        good = read_hash(r, v, "accord", &out->id) && good;
    }
    if (ls_value_get(v, "paragraph") != NULL) {
        good = ls_field_name(v, "paragraph", r->d, &out->paragraph) && good;
    }
    return good;
}

bool ls_readout_read_about(ls_readout_reader *r, const ls_value *v, ls_about *out)
{
    bool good = ls_value_check_map(v, "about",
                                   LS_KEYS({"act", false}, {"accord", false}, {"measure", false}, {"meeting", false},
                                           {"text", false}, {"paragraph", false}, {"group", false}, {"item", false},
                                           {"topic", false}, {"aspect", false}),
                                   r->d);
    if (v->type != LS_MAP) {
        return false;
    }
    ls_about about = {.kind = find_kind(r, v)};
    if (about.kind == LS_ABOUT_KINDS) {
        return false;
    }
    good = check_companion(r, v, "accord", about.kind == LS_ABOUT_MEASURE, "measure") && good;
    good = check_companion(r, v, "paragraph", about.kind == LS_ABOUT_TEXT, "text") && good;
    good = (about.kind == LS_ABOUT_ACT ? read_hash(r, v, "act", &about.id) : read_named(r, v, &about)) && good;
    if (ls_value_get(v, "aspect") != NULL) {
        good = ls_field_name(v, "aspect", r->d, &about.aspect) && good;
    }
    if (good) {
        *out = about;
    }
    return good;
}
