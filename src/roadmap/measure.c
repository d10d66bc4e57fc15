/*
 * Measures.
 *
 *   - id: fuel-oil
 *     by: [usa, chn]
 *     what: deliver heavy fuel oil
 *     paragraph: p8
 *     [after: [shutdown confirmed]]
 *     [begin: 60 days after in force]  [due: "2007-12-31"]  [until: …]  [undone-by: …]
 *     [verified-by: [dprk]]  [in-presence-of: [iaea]]  [on-silence: confirmed after 30 days]
 *     [amount: …]  [at-most: …]  [units: …]  [shares: …]  [methods: …]        roadmap_amount.c
 *     [may-join: [jpn]]  [may-call-off: [usa]]
 *     [irreversible: true]  [continuing: true]  [provisional: true]  [substitutes: true]
 *     [declares: sites]  [opens: {declaration: sites, tranche: 1}]
 */
#include "roadmap/parts.h"

/* A key is there, and, if it is one of those that are true or false, true. */
static bool has(const ls_value *v, const char *key)
{
    const ls_value *value = ls_value_get(v, key);
    return value != NULL && (value->type != LS_BOOLEAN || value->boolean);
}

/* Two keys that say what can't be so together. The first is the one that the error points at. */
static const struct {
    const char *key, *other, *hint;
} excludes[] = {
    {"at-most", "amount", "make two measures of them"},
    {"opens", "declares", "make two measures of them, one of which either declares or opens"},
    {"undone-by", "irreversible", "what can be undone is not irreversible: take one of them out"},
    {"begin", "continuing", "it holds from when its conditions do: say under after from when"},
    {"due", "continuing", "it ends with the moment under until"},
    {"amount", "continuing", "a rate lasts by itself: an amount per year, with until"},
    {"at-most", "continuing", "a ceiling goes on by itself from its deadline on"},
    {"irreversible", "continuing", "what goes on has not been done once for all"},
    {"declares", "continuing", "a declaration is made once"},
    {"opens", "continuing", "a tranche is opened once"},
    {"may-call-off", "continuing", "what goes on ends with the moment under until"},
    {"declares", "amount", "a declaration is made once, and not in parts"},
    {"opens", "amount", "a tranche is opened once, and not in parts"},
};

static void check_excludes(ls_roadmap_reader *r, const ls_value *v)
{
    for (size_t i = 0; i < sizeof excludes / sizeof *excludes; i++) {
        if (has(v, excludes[i].key) && has(v, excludes[i].other)) {
            ls_diagnose(r->d, ls_field_mark(v, excludes[i].key), excludes[i].hint, "%s and %s exclude each other",
                        excludes[i].key, excludes[i].other);
        }
    }
}

/* A key that means something only with another: either of two. */
static const struct {
    const char *key, *others[2], *hint;
} needs[] = {
    {"on-silence", {"verified-by"}, "say who verifies it"},
    {"units", {"amount", "at-most"}, "say how much of these units"},
    {"shares", {"amount"}, "say of what they are shares"},
    {"substitutes", {"amount"}, "only of what is delivered can one party deliver for another"},
};

static void check_needs(ls_roadmap_reader *r, const ls_value *v)
{
    for (size_t i = 0; i < sizeof needs / sizeof *needs; i++) {
        const char *second = needs[i].others[1];
        bool met = has(v, needs[i].others[0]) || (second != NULL && has(v, second));
        if (has(v, needs[i].key) && !met) {
            ls_diagnose(r->d, ls_field_mark(v, needs[i].key), needs[i].hint, "%s needs %s%s%s", needs[i].key,
                        needs[i].others[0], second == NULL ? "" : " or ", second == NULL ? "" : second);
        }
    }
}

static void check_continuing(ls_roadmap_reader *r, const ls_value *v, const ls_measure *m)
{
    if (m->continuing && r->roadmap->steps[m->step].simultaneous) {
        ls_diagnose(r->d, ls_field_mark(v, "continuing"), "put it into a step of its own",
                    "a continuing obligation is never done, so a simultaneous step would never take effect");
    }
}

static void check_until(ls_roadmap_reader *r, const ls_value *v, const ls_measure *m)
{
    bool until = ls_value_get(v, "until") != NULL;
    if (m->amount.kind == LS_AMOUNT_RATE && !until) {
        ls_diagnose(r->d, ls_field_mark(v, "amount"), "say with until how long", "a rate needs until");
    }
    if (m->amount.kind == LS_AMOUNT_RATE && m->may_call_off != 0) {
        ls_diagnose(r->d, ls_field_mark(v, "may-call-off"), "what goes on ends with the moment under until",
                    "a rate can't be called off");
    }
    if (until && m->amount.kind != LS_AMOUNT_RATE && m->amount.kind != LS_AMOUNT_CEILING && !m->continuing) {
        ls_diagnose(r->d, ls_field_mark(v, "until"), "by when it must be done stands under due",
                    "only a continuing obligation, a rate or a ceiling has an end");
    }
}

static void read_by(ls_roadmap_reader *r, const ls_value *v, ls_parties *out)
{
    const ls_value *by = ls_value_get(v, "by");
    size_t party;
    if (by != NULL && by->type == LS_LIST) {
        ls_roadmap_read_party_list(r, v, "by", LS_OF_ACCORD, out);
    } else if (by != NULL && ls_roadmap_read_party(r, by, LS_OF_ACCORD, &party)) {
        *out = LS_PARTY_BIT(party);
    }
}

/* A list of parties none of which performs the measure, nor may come to. */
static void read_others(ls_roadmap_reader *r, const ls_value *v, const char *key, ls_parties performing,
                        const char *why, ls_parties *out)
{
    if (!ls_roadmap_read_party_list(r, v, key, LS_OF_CHARTER, out)) {
        return;
    }
    const ls_value *list = ls_value_get(v, key);
    for (size_t i = 0; i < list->count; i++) {
        int party = ls_ids_find(&r->parties, list->items[i]->string);
        if ((performing & LS_PARTY_BIT(party)) != 0) {
            ls_diagnose(r->d, list->items[i]->mark, "take it out here, or where it performs", "%s", why);
        }
    }
}

/* "confirmed after 30 days" */
static void read_silence(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    static const struct {
        const char *word;
        ls_silence silence;
    } words[] = {{"confirmed after ", LS_SILENCE_CONFIRMED}, {"disputed after ", LS_SILENCE_DISPUTED}};
    ls_bytes text;
    if (!ls_field_line(v, "on-silence", r->d, &text)) {
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        size_t len = strlen(words[i].word);
        if (ls_bytes_starts(text, words[i].word) &&
            ls_duration_parse(ls_bytes_of(text.ptr + len, text.len - len), &m->silence_after) &&
            ls_roadmap_duration_fits(m->silence_after)) {
            m->silence = words[i].silence;
            return;
        }
    }
    ls_diagnose(r->d, ls_field_mark(v, "on-silence"),
                "write it like: confirmed after 30 days, or: disputed after 30 days",
                "on-silence says what silence means, and after how long");
}

static void read_parties(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    read_by(r, v, &m->by);
    read_others(r, v, "may-join", m->by, "who performs already can't join", &m->may_join);
    read_others(r, v, "verified-by", m->by | m->may_join, "nobody verifies a measure of his own", &m->verifiers);
    read_others(r, v, "in-presence-of", m->by | m->may_join, "nobody is a witness of his own measure", &m->witnesses);
    ls_roadmap_read_party_list(r, v, "may-call-off", LS_OF_CHARTER, &m->may_call_off);
    read_silence(r, v, m);
}

/* A declaration by the party that performs the measure, and by it alone. */
static const ls_declared *read_declaration(ls_roadmap_reader *r, const ls_value *map, const char *key,
                                           const ls_measure *m, ls_bytes *name)
{
    if (!ls_field_name(map, key, r->d, name)) {
        return NULL;
    }
    ls_mark mark = ls_field_mark(map, key);
    int found = ls_ids_require(&r->declarations, *name, mark, r->d);
    if (found < 0) {
        return NULL;
    }
    const ls_declared *declared = &r->roadmap->declarations[found];
    if ((m->by & (m->by - 1)) != 0 || m->may_join != 0) {
        ls_diagnose(r->d, mark, "make a measure for each party", "a declaration is made and opened by one party alone");
    } else if (m->by != 0 && m->by != LS_PARTY_BIT(declared->by)) {
        ls_diagnose(r->d, mark, NULL, "the declaration '%.*s' is another party's", (int)name->len, name->ptr);
    }
    return declared;
}

static void read_opens(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    const ls_value *opens = ls_value_get(v, "opens");
    int64_t tranche;
    if (opens == NULL) {
        return;
    }
    ls_value_check_map(opens, "opens", LS_KEYS({"declaration", true}, {"tranche", true}), r->d);
    const ls_declared *declared = read_declaration(r, opens, "declaration", m, &m->opens);
    if (declared != NULL && declared->tranche_count > 0 &&
        ls_field_integer(opens, "tranche", 1, (int64_t)declared->tranche_count, r->d, &tranche)) {
        m->opens_tranche = (uint32_t)tranche;
    }
}

static void read_flags(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    ls_field_boolean(v, "irreversible", r->d, &m->irreversible);
    /* Where it is misspelled it was meant, and what follows is read so. */
    m->continuing = has(v, "continuing");
    ls_field_boolean(v, "continuing", r->d, &m->continuing);
    ls_field_boolean(v, "provisional", r->d, &m->provisional);
    ls_field_boolean(v, "substitutes", r->d, &m->substitutes);
}

/* All but the id, for which others may look, and moments. */
static void read_measure(ls_roadmap_reader *r, const ls_value *v, ls_measure *m)
{
    ls_value_check_map(v, "measure",
                       LS_KEYS({"id", true}, {"by", true}, {"what", true}, {"paragraph", true}, {"after", false},
                               {"begin", false}, {"due", false}, {"until", false}, {"undone-by", false},
                               {"verified-by", false}, {"in-presence-of", false}, {"on-silence", false},
                               {"amount", false}, {"at-most", false}, {"units", false}, {"shares", false},
                               {"methods", false}, {"may-join", false}, {"may-call-off", false},
                               {"irreversible", false}, {"continuing", false}, {"provisional", false},
                               {"substitutes", false}, {"declares", false}, {"opens", false}),
                       r->d);
    read_parties(r, v, m);
    ls_roadmap_read_words(r, v, &m->what, &m->paragraph);
    read_flags(r, v, m);
    ls_roadmap_read_amount(r, v, m);
    read_declaration(r, v, "declares", m, &m->declares);
    read_opens(r, v, m);
    check_excludes(r, v);
    check_needs(r, v);
    check_continuing(r, v, m);
    check_until(r, v, m);
}

void ls_roadmap_read_measures(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        read_measure(r, r->source[i], &r->roadmap->measures[i]);
    }
}

void ls_roadmap_read_measure_moments(ls_roadmap_reader *r)
{
    for (size_t i = 0; i < r->roadmap->measure_count; i++) {
        ls_measure *m = &r->roadmap->measures[i];
        const ls_value *v = r->source[i];
        ls_roadmap_read_moments(r, v, "after", &m->after, &m->after_count);
        ls_roadmap_read_moment(r, v, "begin", &m->begin);
        ls_roadmap_read_moment(r, v, "due", &m->due);
        ls_roadmap_read_moment(r, v, "until", &m->until);
        ls_roadmap_read_moment(r, v, "undone-by", &m->undone_by);
        ls_roadmap_read_method_moments(r, v, m);
    }
}
