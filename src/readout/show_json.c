/* A comparison for programs: a tree of values, whose canonical form is taken. */
#include "readout/show_parts.h"

typedef struct writer {
    ls_arena *arena;
    const ls_comparison *c;
} writer;

#define ENTRY(name, v)                                                                                                 \
    {                                                                                                                  \
        .key = {(const uint8_t *)(name), sizeof(name) - 1}, .value = (v)                                               \
    }
#define MAP(w, ...)                                                                                                    \
    ls_value_map((w)->arena, sizeof((ls_entry[]){__VA_ARGS__}) / sizeof(ls_entry), (const ls_entry[]){__VA_ARGS__})

static ls_value *text(const writer *w, ls_bytes s)
{
    return ls_value_string(w->arena, s);
}

static ls_value *words(const writer *w, const char *s)
{
    return ls_value_string(w->arena, ls_bytes_str(s));
}

static ls_value *flag(const writer *w, bool b)
{
    return ls_value_boolean(w->arena, b);
}

static ls_value *hex(const writer *w, const ls_hash *h)
{
    char digits[LS_HEX_HASH_SIZE];
    ls_hash_format(h, digits);
    return words(w, digits);
}

/* What was put into a buffer, which is freed. */
static ls_value *kept(const writer *w, ls_buf *b)
{
    ls_value *v = b->failed ? NULL : ls_value_string(w->arena, ls_buf_bytes(b));
    ls_buf_free(b);
    return v;
}

/* A list of what item makes, one by one. */
static ls_value *list(const writer *w, const void *of, size_t count,
                      ls_value *(*item)(const writer *, const void *, size_t))
{
    ls_value **items = ls_arena_array(w->arena, count, sizeof *items);
    for (size_t i = 0; items != NULL && i < count; i++) {
        items[i] = item(w, of, i);
        if (items[i] == NULL) {
            return NULL;
        }
    }
    return items == NULL ? NULL : ls_value_list(w->arena, count, items);
}

static ls_value *side_map(const writer *w, const void *of, size_t i)
{
    const ls_side *s = (const ls_side *)of + i;
    char date[LS_DATE_SIZE];
    ls_date_format(s->readout->date, date);
    return MAP(w, ENTRY("readout", text(w, s->name)), ENTRY("title", text(w, ls_side_title(s))),
               ENTRY("party", text(w, s->party)), ENTRY("date", words(w, date)),
               ENTRY("headline", text(w, s->readout->headline)), ENTRY("language", text(w, s->readout->language)),
               ENTRY("reading_minutes", ls_value_integer(w->arena, ls_reading_minutes(s->readout->body))));
}

/* Claims. */

static ls_value *voice_map(const writer *w, const ls_voice *v)
{
    return v->person.len == 0 ? MAP(w, ENTRY("of", text(w, v->of)))
                              : MAP(w, ENTRY("person", text(w, v->person)), ENTRY("of", text(w, v->of)));
}

static ls_value *word_map(const writer *w, const void *of, size_t i)
{
    return voice_map(w, &((const ls_claim *)of)->word[i]);
}

static ls_value *claim_name(const writer *w, const ls_topic_claim *k)
{
    ls_buf b = {0};
    ls_put_claim_name(w->c, k, &b);
    return kept(w, &b);
}

static ls_value *verdict_map(const writer *w, const ls_topic_claim *k)
{
    return MAP(w, ENTRY("verdict", words(w, ls_proof_verdict_name(k->verdict))),
               ENTRY("words", words(w, k->words == NULL ? "" : k->words)));
}

static ls_value *claim_map(const writer *w, const void *of, size_t i)
{
    const ls_topic *t = of;
    const ls_topic_claim *k = &t->claim[i];
    const ls_claim *c = k->claim;
    return MAP(w, ENTRY("claim", claim_name(w, k)), ENTRY("speaker", voice_map(w, &c->speaker)),
               ENTRY("on_word_of", list(w, c, c->word_count, word_map)),
               ENTRY("force", words(w, ls_force_name(c->force))),
               ENTRY("stance", words(w, c->denies ? "denies" : "affirms")), ENTRY("text", text(w, c->text)),
               ENTRY("value", text(w, c->value)), ENTRY("about", words(w, t->about[k->about].words)),
               ENTRY("record", verdict_map(w, k)));
}

static ls_value *contradiction_map(const writer *w, const void *of, size_t i)
{
    const ls_topic *t = of;
    const ls_contradiction *x = &t->contradiction[i];
    return MAP(w, ENTRY("a", claim_name(w, &t->claim[x->a])), ENTRY("b", claim_name(w, &t->claim[x->b])),
               ENTRY("in", words(w, x->of_values ? "value" : "stance")));
}

static ls_value *unsaid_map(const writer *w, const void *of, size_t i)
{
    const ls_topic *t = of;
    return MAP(w, ENTRY("claim", claim_name(w, &t->claim[t->unsaid[i].claim])),
               ENTRY("party", text(w, t->unsaid[i].party)));
}

/* The record. */

static ls_value *party_text(const writer *w, const void *of, size_t i)
{
    return text(w, ((const ls_bytes *)of)[i]);
}

static ls_value *deed_map(const writer *w, const void *of, size_t i)
{
    const ls_proof_deed *d = (const ls_proof_deed *)of + i;
    char time[LS_TIME_SIZE] = "";
    if (d->at != LS_PROOF_UNSTAMPED) {
        ls_time_format(d->at, time);
    }
    return MAP(w, ENTRY("deed", words(w, ls_deed_name(d->deed))), ENTRY("party", text(w, d->party)),
               ENTRY("time", words(w, time)), ENTRY("act", hex(w, &d->act)));
}

static ls_value *value_map(const writer *w, const void *of, size_t i)
{
    const ls_proof_value *v = (const ls_proof_value *)of + i;
    return MAP(w, ENTRY("aspect", text(w, v->aspect)), ENTRY("value", text(w, v->value)));
}

static ls_value *about_map(const writer *w, const void *of, size_t i)
{
    const ls_topic_about *a = &((const ls_topic *)of)->about[i];
    const ls_proof *p = &a->proof;
    ls_buf state = {0};
    ls_put_state(a, &state);
    return MAP(w, ENTRY("about", words(w, a->words)), ENTRY("asked", flag(w, a->proved)),
               ENTRY("found", flag(w, p->found)), ENTRY("state", kept(w, &state)),
               ENTRY("consent_of", list(w, p->party, p->party_count, party_text)),
               ENTRY("deeds", list(w, p->deed, p->deed_count, deed_map)),
               ENTRY("values", list(w, p->value, p->value_count, value_map)));
}

/* Topics. */

static ls_value *said_by(const writer *w, const ls_topic *t)
{
    ls_value *name[LS_SIDES_MAX];
    size_t count = 0;
    for (size_t s = 0; s < w->c->side_count; s++) {
        if (t->says[s]) {
            name[count++] = text(w, w->c->side[s].name);
        }
    }
    return ls_value_list(w->arena, count, name);
}

static ls_value *topic_map(const writer *w, const void *of, size_t i)
{
    const ls_topic *t = (const ls_topic *)of + i;
    return MAP(w, ENTRY("topic", words(w, t->title)), ENTRY("aligned", flag(w, t->aligned)),
               ENTRY("verdict", words(w, ls_topic_verdict(w->c, t))), ENTRY("said_by", said_by(w, t)),
               ENTRY("forces_differ", flag(w, t->forces_differ)), ENTRY("values_differ", flag(w, t->values_differ)),
               ENTRY("claims", list(w, t, t->claim_count, claim_map)),
               ENTRY("contradictions", list(w, t, t->contradiction_count, contradiction_map)),
               ENTRY("unsaid", list(w, t, t->unsaid_count, unsaid_map)),
               ENTRY("record", list(w, t, t->about_count, about_map)));
}

ls_result ls_comparison_json(const ls_comparison *c, ls_buf *out)
{
    ls_arena arena = {0};
    ls_buf page = {0};
    writer w = {&arena, c};
    const ls_value *v = MAP(&w, ENTRY("readouts", list(&w, c->side, c->side_count, side_map)),
                            ENTRY("topics", list(&w, c->topic, c->topic_count, topic_map)));
    ls_result r = v == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
    if (v != NULL) {
        ls_json_canonical(v, &page);
    }
    ls_arena_free(&arena);
    return ls_page_finish(r, &page, out);
}
