/* The claims of a readout: who says what, on whose word, with what force. */
#include "readout/parts.h"

static const char *const forces[LS_FORCES] = {[LS_FORCE_AGREED] = "agreed",
                                              [LS_FORCE_DISCUSSED] = "discussed",
                                              [LS_FORCE_DEMANDED] = "demanded",
                                              [LS_FORCE_HOPED] = "hoped",
                                              [LS_FORCE_CHARACTERISED] = "characterised"};

static const char *const stances[] = {"affirms", "denies"};

const char *ls_force_name(ls_force f)
{
    return forces[f];
}

/* The index of a word of ours, or count, diagnosed. */
static size_t read_word(ls_readout_reader *r, const ls_value *map, const char *key, const char *const *words,
                        size_t count, const char *list)
{
    ls_bytes word;
    if (!ls_field_line(map, key, r->d, &word)) {
        return count;
    }
    for (size_t i = 0; i < count; i++) {
        if (ls_bytes_is(word, words[i])) {
            return i;
        }
    }
    ls_diagnose(r->d, ls_field_mark(map, key), ls_near_hint(word, words, count, r->d), "%s must be %s", key, list);
    return count;
}

/* Voices. */

static const char *near_party(const ls_readout_reader *r, ls_bytes name)
{
    const char *known[LS_PARTIES_MAX];
    size_t count = 0;
    for (size_t i = 0; i < r->charter->party_count; i++) {
        known[count] = ls_arena_str(r->arena, r->charter->party[i].name);
        count += known[count] != NULL;
    }
    return ls_near_hint(name, known, count, r->d);
}

/* A party that speaks is one of the charter. Of a person it may be a country outside: that is only pointed out. */
static void check_party(ls_readout_reader *r, const ls_voice *voice, ls_mark mark)
{
    if (r->charter == NULL || ls_charter_party(r->charter, voice->of) != NULL) {
        return;
    }
    if (voice->person.len > 0) {
        ls_diagnose_warning(r->d, mark, near_party(r, voice->of), "'%.*s' is no party of this process",
                            (int)voice->of.len, voice->of.ptr);
        return;
    }
    ls_diagnose(r->d, mark, near_party(r, voice->of), "there is no party '%.*s'", (int)voice->of.len, voice->of.ptr);
}

static bool read_voice(ls_readout_reader *r, const ls_value *v, const char *what, ls_voice *out)
{
    ls_voice voice = {0};
    if (v->type != LS_MAP && v->type != LS_STRING) {
        ls_diagnose(r->d, v->mark, "usa, or {person: \"A. Name\", of: usa}", "%s must be a party or a person", what);
        return false;
    }
    if (v->type == LS_STRING) {
        if (!ls_field_read_name(v, what, r->d, &voice.of)) {
            return false;
        }
    } else {
        bool good = ls_value_check_map(v, what, LS_KEYS({"person", true}, {"of", true}), r->d);
        good = ls_readout_read_text(r, v, "person", LS_READOUT_PERSON_MAX, false, &voice.person) && good;
        if (!ls_field_name(v, "of", r->d, &voice.of) || !good) {
            return false;
        }
    }
    check_party(r, &voice, v->type == LS_MAP ? ls_field_mark(v, "of") : v->mark);
    *out = voice;
    return true;
}

static bool same_voice(const ls_voice *a, const ls_voice *b)
{
    return ls_bytes_equal(a->of, b->of) && ls_bytes_equal(a->person, b->person);
}

/* Nobody has something from himself. */
static void check_chain(ls_readout_reader *r, const ls_value *list, const ls_claim *c)
{
    for (size_t i = 0; i < c->word_count; i++) {
        const ls_voice *before = i == 0 ? &c->speaker : &c->word[i - 1];
        if (before->of.len > 0 && same_voice(before, &c->word[i])) {
            ls_diagnose(r->d, list->items[i]->mark, "leave it out where somebody speaks for himself",
                        "this is on the word of who says it");
        }
    }
}

static void read_words(ls_readout_reader *r, const ls_value *map, ls_claim *c)
{
    const ls_value *list = ls_field_list(map, "on-word-of", 1, LS_READOUT_WORDS_MAX, r->d);
    bool good = true;
    if (list == NULL) {
        return;
    }
    c->word = ls_arena_array(r->arena, list->count, sizeof *c->word);
    if (c->word == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        good = read_voice(r, list->items[i], "on-word-of", &c->word[i]) && good;
    }
    c->word_count = list->count;
    if (good) {
        check_chain(r, list, c);
    }
}

/* Claims. */

static void read_id(ls_readout_reader *r, const ls_value *v, ls_claim *c)
{
    if (ls_field_name(v, "id", r->d, &c->id)) {
        ls_ids_add(&r->claims, c->id, ls_field_mark(v, "id"), r->d);
    }
}

static void read_claim(ls_readout_reader *r, const ls_value *v, ls_claim *c)
{
    c->mark = v->mark;
    ls_value_check_map(v, "claim",
                       LS_KEYS({"id", true}, {"speaker", true}, {"on-word-of", false}, {"force", true}, {"about", true},
                               {"stance", false}, {"text", true}, {"value", false}),
                       r->d);
    if (v->type != LS_MAP) {
        return;
    }
    read_id(r, v, c);
    const ls_value *speaker = ls_value_get(v, "speaker"), *about = ls_value_get(v, "about");
    if (speaker != NULL) {
        read_voice(r, speaker, "speaker", &c->speaker);
    }
    read_words(r, v, c);
    size_t force = read_word(r, v, "force", forces, LS_FORCES, "agreed, discussed, demanded, hoped or characterised");
    c->force = force < LS_FORCES ? (ls_force)force : LS_FORCE_CHARACTERISED;
    if (about != NULL) {
        ls_readout_read_about(r, about, &c->about);
    }
    c->denies = read_word(r, v, "stance", stances, 2, "affirms or denies") == 1;
    ls_readout_read_text(r, v, "text", LS_READOUT_CLAIM_MAX, true, &c->text);
    ls_readout_read_text(r, v, "value", LS_READOUT_VALUE_MAX, false, &c->value);
}

void ls_readout_read_claims(ls_readout_reader *r, const ls_value *v, ls_readout *out)
{
    const ls_value *list = ls_field_list(v, "claims", 1, LS_READOUT_CLAIMS_MAX, r->d);
    if (list == NULL || !ls_ids_init(&r->claims, "claim", list->count, r->arena, r->d)) {
        return;
    }
    out->claim = ls_arena_array(r->arena, list->count, sizeof *out->claim);
    if (out->claim == NULL) {
        ls_field_no_memory(r->d);
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        read_claim(r, list->items[i], &out->claim[out->claim_count++]);
    }
}
