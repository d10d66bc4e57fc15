/*
 * Comparing readouts: case by case, and at random against a model that looks at every pair of claims and knows them by
 * numbers only.
 */
#include "readouts.h"

/* Contradictions, written down pair by pair. */
static void what_contradicts(void **state)
{
    (void)state;
    static const struct {
        ls_force a;
        bool a_denies;
        const char *a_value;
        ls_force b;
        bool b_denies;
        const char *b_value;
        bool contradicts, of_values;
    } cases[] = {
        {LS_FORCE_AGREED, false, "", LS_FORCE_AGREED, true, "", true, false},
        {LS_FORCE_AGREED, false, "x", LS_FORCE_AGREED, true, "", true, false},
        {LS_FORCE_AGREED, false, "x", LS_FORCE_AGREED, true, "x", true, false},
        {LS_FORCE_AGREED, false, "x", LS_FORCE_AGREED, true, "y", false, false},
        {LS_FORCE_AGREED, false, "", LS_FORCE_AGREED, true, "x", false, false},
        {LS_FORCE_AGREED, false, "", LS_FORCE_DISCUSSED, true, "", true, false},
        {LS_FORCE_AGREED, false, "", LS_FORCE_CHARACTERISED, true, "", true, false},
        {LS_FORCE_AGREED, false, "", LS_FORCE_HOPED, true, "", false, false},
        {LS_FORCE_DISCUSSED, false, "", LS_FORCE_AGREED, true, "", false, false},
        {LS_FORCE_CHARACTERISED, false, "", LS_FORCE_AGREED, true, "", false, false},
        {LS_FORCE_DEMANDED, false, "", LS_FORCE_DEMANDED, true, "", true, false},
        {LS_FORCE_DEMANDED, false, "", LS_FORCE_DISCUSSED, true, "", false, false},
        {LS_FORCE_AGREED, true, "", LS_FORCE_AGREED, true, "", false, false},
        {LS_FORCE_AGREED, true, "x", LS_FORCE_AGREED, true, "y", false, false},
        {LS_FORCE_AGREED, false, "x", LS_FORCE_AGREED, false, "y", true, true},
        {LS_FORCE_AGREED, false, "x", LS_FORCE_CHARACTERISED, false, "y", true, true},
        {LS_FORCE_AGREED, false, "x", LS_FORCE_AGREED, false, "", false, false},
        {LS_FORCE_AGREED, false, "x", LS_FORCE_DISCUSSED, false, "y", false, false},
        {LS_FORCE_HOPED, false, "x", LS_FORCE_HOPED, false, "y", false, false},
        {LS_FORCE_DEMANDED, false, "x", LS_FORCE_DEMANDED, false, "y", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_claim a = {.force = cases[i].a, .denies = cases[i].a_denies, .value = ls_bytes_str(cases[i].a_value)};
        ls_claim b = {.force = cases[i].b, .denies = cases[i].b_denies, .value = ls_bytes_str(cases[i].b_value)};
        for (int turned = 0; turned < 2; turned++) {
            bool of_values;
            bool found = turned ? ls_claims_contradict(&b, &a, &of_values) : ls_claims_contradict(&a, &b, &of_values);
            if (found != cases[i].contradicts || of_values != cases[i].of_values) {
                fail_msg("case %zu, turned %d", i, turned);
            }
        }
    }
}

/* The record. */

#define USA                                                                                                            \
    {                                                                                                                  \
        (const uint8_t *)"usa", 3                                                                                      \
    }
#define DPRK                                                                                                           \
    {                                                                                                                  \
        (const uint8_t *)"dprk", 4                                                                                     \
    }

static const ls_bytes two[] = {DPRK, USA};
static const ls_proof_value on_27[] = {{{(const uint8_t *)"date", 4}, {(const uint8_t *)"2019-02-27", 10}}};
static const ls_proof_deed by_both[] = {{LS_DEED_PROPOSED, DPRK, 1, {{0}}}, {LS_DEED_ACCEPTED, USA, 2, {{0}}}};
static const ls_proof_deed by_one[] = {{LS_DEED_PROPOSED, DPRK, 1, {{0}}}};
static const ls_proof_deed taken_back[] = {
    {LS_DEED_PROPOSED, DPRK, 1, {{0}}}, {LS_DEED_ACCEPTED, USA, 2, {{0}}}, {LS_DEED_WITHDREW, DPRK, 3, {{0}}}};
static const ls_proof_deed refused[] = {
    {LS_DEED_PROPOSED, DPRK, 1, {{0}}}, {LS_DEED_ACCEPTED, USA, 2, {{0}}}, {LS_DEED_DECLINED, USA, 3, {{0}}}};
static const ls_proof_deed ad_referendum[] = {{LS_DEED_AGREED, DPRK, 1, {{0}}}, {LS_DEED_AD_REFERENDUM, USA, 2, {{0}}}};
static const ls_proof_deed demand[] = {{LS_DEED_DEMANDED, USA, 1, {{0}}}};
static const ls_proof whole_proof = {true, "confirmed", 2, two, 2, by_both, 1, on_27, NULL};
static const ls_proof half_proof = {true, "proposed", 2, two, 1, by_one, 1, on_27, NULL};
static const ls_proof back_proof = {true, "proposed", 2, two, 3, taken_back, 0, NULL, NULL};
static const ls_proof refused_proof = {true, "declined", 2, two, 3, refused, 0, NULL, NULL};
static const ls_proof referendum_proof = {true, "open", 2, two, 2, ad_referendum, 0, NULL, NULL};
static const ls_proof demand_proof = {true, "not accepted", 2, two, 1, demand, 0, NULL, NULL};
static const ls_proof alone_proof = {true, "on the record", 0, NULL, 0, NULL, 0, NULL, NULL};
static const ls_proof unread_proof = {true, "open", 2, two, 2, by_both, 1, on_27, "its edits are not here"};
static const ls_proof no_proof = {.state = ""};

static void what_the_record_says(void **state)
{
    (void)state;
    static const struct {
        const ls_proof *proof;
        ls_force force;
        bool denies;
        const char *value;
        ls_proof_verdict verdict;
        const char *words;
    } cases[] = {
        {&no_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_NOTHING, "the record has nothing of it"},
        {&whole_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_SHOWS, "the record shows the agreement of dprk, usa"},
        {&whole_proof, LS_FORCE_AGREED, true, "", LS_VERDICT_AGAINST, "the record shows the agreement of dprk, usa"},
        {&whole_proof, LS_FORCE_AGREED, false, "2019-02-27", LS_VERDICT_SHOWS, "the agreement of dprk, usa"},
        {&whole_proof, LS_FORCE_AGREED, false, "2019-02-28", LS_VERDICT_AGAINST, "the record has the date 2019-02-27"},
        {&whole_proof, LS_FORCE_AGREED, true, "2019-02-28", LS_VERDICT_SHOWS, "the record has the date 2019-02-27"},
        {&half_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_SHOWS_NOT, "the record shows no agreement of usa"},
        {&half_proof, LS_FORCE_AGREED, false, "2019-02-28", LS_VERDICT_SHOWS_NOT, "no agreement of usa"},
        {&half_proof, LS_FORCE_AGREED, true, "", LS_VERDICT_SHOWS, "the record shows no agreement of usa"},
        {&back_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_SHOWS_NOT, "the record shows no agreement of dprk"},
        {&refused_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_AGAINST, "the record shows the refusal of usa"},
        {&refused_proof, LS_FORCE_AGREED, true, "", LS_VERDICT_SHOWS, "the record shows the refusal of usa"},
        {&referendum_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_SHOWS_NOT, "no agreement of usa"},
        {&alone_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_SHOWS_NOT, "the record shows no agreement"},
        {&alone_proof, LS_FORCE_AGREED, true, "", LS_VERDICT_SHOWS, "the record shows no agreement"},
        {&demand_proof, LS_FORCE_DEMANDED, false, "", LS_VERDICT_SHOWS, "the record shows a demand of usa"},
        {&demand_proof, LS_FORCE_DEMANDED, true, "", LS_VERDICT_AGAINST, "the record shows a demand of usa"},
        {&demand_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_SHOWS_NOT, "no agreement of dprk, usa"},
        {&whole_proof, LS_FORCE_DEMANDED, false, "", LS_VERDICT_SHOWS_NOT, "the record shows no demand"},
        {&whole_proof, LS_FORCE_DEMANDED, true, "", LS_VERDICT_SHOWS, "the record shows no demand"},
        {&whole_proof, LS_FORCE_DISCUSSED, false, "", LS_VERDICT_SILENT, "does not show what was discussed"},
        {&unread_proof, LS_FORCE_AGREED, false, "", LS_VERDICT_SILENT, "its edits are not here"},
        {&unread_proof, LS_FORCE_AGREED, true, "", LS_VERDICT_SILENT, "its edits are not here"},
        {&whole_proof, LS_FORCE_HOPED, false, "", LS_VERDICT_SILENT, "no record shows a hope"},
        {&whole_proof, LS_FORCE_CHARACTERISED, false, "", LS_VERDICT_SILENT, "no record shows a judgement"},
        {&whole_proof, LS_FORCE_CHARACTERISED, false, "2019-02-27", LS_VERDICT_SHOWS, "has the date 2019-02-27"},
        {&whole_proof, LS_FORCE_CHARACTERISED, false, "soon", LS_VERDICT_AGAINST, "has the date 2019-02-27"},
        {&whole_proof, LS_FORCE_CHARACTERISED, true, "soon", LS_VERDICT_SHOWS, "has the date 2019-02-27"},
        {&whole_proof, LS_FORCE_CHARACTERISED, true, "2019-02-27", LS_VERDICT_AGAINST, "has the date 2019-02-27"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_arena arena = {0};
        ls_claim c = {.force = cases[i].force,
                      .denies = cases[i].denies,
                      .value = ls_bytes_str(cases[i].value),
                      .about = {.kind = LS_ABOUT_MEETING, .aspect = ls_bytes_str("date")}};
        ls_proof_verdict v;
        const char *words;
        assert_null(ls_proof_judge(&arena, cases[i].proof, &c, &v, &words).fault);
        if (v != cases[i].verdict || strstr(words, cases[i].words) == NULL) {
            fail_msg("case %zu: %s: %s", i, ls_proof_verdict_name(v), words);
        }
        ls_arena_free(&arena);
    }
}

static void never_true(void **state)
{
    (void)state;
    for (ls_proof_verdict v = 0; v < LS_VERDICTS; v++) {
        assert_null(strstr(ls_proof_verdict_name(v), "true"));
    }
}

/* The example. */

static const ls_topic *find_topic(const ls_comparison *c, const char *title)
{
    for (size_t i = 0; i < c->topic_count; i++) {
        if (strcmp(c->topic[i].title, title) == 0) {
            return &c->topic[i];
        }
    }
    fail_msg("there is no topic %s", title);
    return NULL;
}

static void the_seventh_of_october(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_side side[3];
    ls_alignment alignment;
    ls_comparison c;
    const ls_prover prover = {example_prove, NULL};
    example_sides(&arena, side);
    example_alignment(&arena, side, &alignment);
    assert_null(ls_readouts_compare(&arena, side, 3, &alignment, &prover, &c, NULL).fault);
    assert_int_equal(c.topic_count, 7);
    const ls_topic *summit = &c.topic[0];
    assert_string_equal(summit->title, "a second summit as soon as possible");
    assert_string_equal(ls_topic_verdict(&c, summit), "said by all");
    assert_int_equal(summit->about_count, 2);
    assert_int_equal(summit->claim[0].verdict, LS_VERDICT_SHOWS);
    assert_int_equal(summit->claim[1].verdict, LS_VERDICT_NOTHING);
    const ls_topic *group = &c.topic[1];
    assert_string_equal(ls_topic_verdict(&c, group), "said by all");
    assert_string_equal(group->claim[0].words, "the record shows no agreement of usa");
    const ls_topic *place = find_topic(&c, "topic punggye-ri");
    assert_string_equal(ls_topic_verdict(&c, place), "said by one");
    assert_int_equal(place->unsaid_count, 1);
    assert_true(ls_bytes_is(place->unsaid[0].party, "dprk"));
    const ls_topic *date = find_topic(&c, "meeting second-summit, its date");
    assert_string_equal(ls_topic_verdict(&c, date), "differs");
    assert_true(date->forces_differ && !date->values_differ);
    ls_arena_free(&arena);
}

/* Without an alignment the same words meet, and no others. */
static void unaligned(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_side side[3];
    ls_comparison c;
    example_sides(&arena, side);
    assert_null(ls_readouts_compare(&arena, side, 3, NULL, NULL, &c, NULL).fault);
    assert_int_equal(find_topic(&c, "meeting second-summit")->said_by, 2);
    assert_int_equal(find_topic(&c, "topic second-summit")->said_by, 1);
    assert_int_equal(c.topic[0].claim[0].verdict, LS_VERDICT_NONE);
    assert_null(c.topic[0].claim[0].words);
    ls_arena_free(&arena);
}

static void which_sides(void **state)
{
    (void)state;
    ls_arena arena = {0};
    ls_side side[LS_SIDES_MAX + 1];
    ls_comparison c;
    ls_detail detail = {0};
    example_sides(&arena, side);
    for (size_t i = 3; i <= LS_SIDES_MAX; i++) {
        side[i] = side[0];
        side[i].name = ls_bytes_str(ls_arena_format(&arena, "side-%zu", i));
    }
    assert_null(ls_readouts_compare(&arena, side, LS_SIDES_MAX, NULL, NULL, &c, &detail).fault);
    assert_ptr_equal(ls_readouts_compare(&arena, side, LS_SIDES_MAX + 1, NULL, NULL, &c, &detail).fault,
                     &ls_fault_readout_sides);
    assert_ptr_equal(ls_readouts_compare(&arena, side, 0, NULL, NULL, &c, &detail).fault, &ls_fault_readout_sides);
    side[2].name = side[0].name;
    assert_ptr_equal(ls_readouts_compare(&arena, side, 3, NULL, NULL, &c, &detail).fault, &ls_fault_readout_sides);
    assert_non_null(strstr(detail.text, "two readouts have the name usa"));
    side[2].name = ls_bytes_str("\"><script>");
    assert_ptr_equal(ls_readouts_compare(&arena, side, 3, NULL, NULL, &c, &detail).fault, &ls_fault_readout_sides);
    ls_arena_free(&arena);
}

/* Alignments. */

static void what_alignments_refuse(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned line;
        const char *words, *hint;
    } cases[] = {
        {"topics: {a: [usa:teams]}", 1, "alignment lacks the key 'alignment'", ""},
        {"alignment: 2\ntopics: {a: [usa:teams]}", 1, "this program knows only alignment: 1", "write 1"},
        {"alignment: 1", 1, "alignment lacks the key 'topics'", ""},
        {"alignment: 1\ntopics: []", 2, "topics must be a map", "each topic"},
        {"alignment: 1\ntopics: {a: usa:teams}", 2, "a topic must be a list of claims", "[usa:summit-soon"},
        {"alignment: 1\ntopics: {a: []}", 2, "a topic must be a list of claims", ""},
        {"alignment: 1\ntopics:\n  a: [usa]", 3, "this must be READOUT:CLAIM", "without a space"},
        {"alignment: 1\ntopics:\n  a: [1]", 3, "this must be READOUT:CLAIM", ""},
        {"alignment: 1\ntopics:\n  a: [\"usa:\"]", 3, "this must be READOUT:CLAIM", ""},
        {"alignment: 1\ntopics:\n  a: [\"usa:a:b\"]", 3, "this must be READOUT:CLAIM", ""},
        {"alignment: 1\ntopics:\n  a: [uss:teams]", 3, "there is no readout 'uss'", "did you mean 'usa'?"},
        {"alignment: 1\ntopics:\n  a: [usa:team]", 3, "usa has no claim 'team'", "did you mean 'teams'?"},
        {"alignment: 1\ntopics:\n  a: [usa:teams]\n  b:\n    - usa:teams", 5, "usa:teams stands twice, first in line 3",
         "one topic"},
        {"alignment: 1\ntopics:\n  \"a\\u202e\": [usa:teams]", 3, "a topic must be one line", ""},
        {"alignment: 1\ntopics:\n  \"\": [usa:teams]", 3, "a topic must be one line", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        ls_arena arena = {0};
        ls_side side[3];
        ls_alignment a;
        ls_diagnostics d = {.arena = &arena};
        example_sides(&arena, side);
        ls_alignment_read(&arena, parse_yaml(&arena, ls_bytes_str(cases[i].text)), side, 3, &d, &a);
        if (d.errors != 1 || d.item[0].mark.line != cases[i].line || strstr(d.item[0].text, cases[i].words) == NULL ||
            strstr(d.item[0].hint, cases[i].hint) == NULL) {
            fail_msg("case %zu: %zu errors, %u: %s (%s)", i, d.errors, d.count > 0 ? d.item[0].mark.line : 0,
                     d.count > 0 ? d.item[0].text : "", d.count > 0 ? d.item[0].hint : "");
        }
        ls_arena_free(&arena);
    }
}

/* At random, against the model. */

enum { SIDES = 5, CLAIMS = 9, ABOUTS = 5, VALUES = 3, TOPICS = 3, PARTIES = 4, DEEDS = 6, ROUNDS = 4000 };

static uint64_t seed;

static unsigned below(unsigned n)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (unsigned)(seed >> 33) % n;
}

/* A claim by numbers. aligned: index of a topic, or -1. */
typedef struct drawn {
    int side, about, force, value, aligned, speaker, word;
    bool denies;
} drawn;

/* A record by numbers: of each thing whether it is there, and who consents: 1, refuses: -1, neither: 0. */
typedef struct drawn_record {
    bool found[ABOUTS];
    int members[ABOUTS], consent[ABOUTS][PARTIES];
    bool demanded[ABOUTS];
} drawn_record;

typedef struct world {
    int sides, topics, party_of[SIDES];
    drawn claim[SIDES][CLAIMS];
    int claims[SIDES];
    drawn_record record;
    ls_arena arena;
    ls_side side[SIDES];
    ls_alignment alignment;
} world;

static const char *const party_names[PARTIES] = {"usa", "dprk", "rok", "japan"};

static ls_bytes number(world *w, const char *what, int n)
{
    return ls_bytes_str(ls_arena_format(&w->arena, "%s-%d", what, n));
}

/* Numbers as things: 0 is a topic, which is never on the record. */
static ls_about about_of(world *w, int n)
{
    static const ls_about_kind kinds[ABOUTS] = {LS_ABOUT_TOPIC, LS_ABOUT_MEETING, LS_ABOUT_GROUP, LS_ABOUT_ITEM,
                                                LS_ABOUT_ACT};
    ls_about a = {.kind = kinds[n]};
    if (a.kind == LS_ABOUT_ACT) {
        a.id.b[31] = (uint8_t)n;
    } else {
        a.name = number(w, "same", 0);
    }
    return a;
}

static void draw_claim(world *w, int side, int i)
{
    drawn *d = &w->claim[side][i];
    *d = (drawn){.side = side,
                 .about = (int)below(ABOUTS),
                 .force = (int)below(LS_FORCES),
                 .value = (int)below(VALUES),
                 .aligned = below(3) == 0 ? (int)below((unsigned)w->topics) : -1,
                 .speaker = (int)below(PARTIES),
                 .word = (int)below(PARTIES + 2) - 2,
                 .denies = below(4) == 0};
}

static void make_claim(world *w, const drawn *d, int i, ls_claim *c)
{
    *c = (ls_claim){.id = number(w, "c", i),
                    .speaker.of = ls_bytes_str(party_names[d->speaker]),
                    .force = (ls_force)d->force,
                    .about = about_of(w, d->about),
                    .denies = d->denies,
                    .text = ls_bytes_str("said"),
                    .value = d->value == 0 ? (ls_bytes){0} : number(w, "v", d->value)};
    if (d->word >= 0) {
        c->word = ls_arena_alloc(&w->arena, sizeof *c->word);
        c->word[0].of = ls_bytes_str(party_names[d->word]);
        c->word_count = 1;
    }
}

static void make_side(world *w, int side)
{
    ls_readout *r = ls_arena_alloc(&w->arena, sizeof *r);
    r->claim_count = (size_t)w->claims[side];
    r->claim = ls_arena_array(&w->arena, CLAIMS, sizeof *r->claim);
    r->headline = r->body = r->language = ls_bytes_str("en");
    r->date = (ls_date){2018, 10, 7};
    for (int i = 0; i < w->claims[side]; i++) {
        draw_claim(w, side, i);
        make_claim(w, &w->claim[side][i], i, &r->claim[i]);
    }
    w->party_of[side] = (int)below(PARTIES);
    w->side[side] = (ls_side){number(w, "side", side), {0}, ls_bytes_str(party_names[w->party_of[side]]), r};
}

static void make_alignment(world *w)
{
    w->alignment.count = (size_t)w->topics;
    w->alignment.topic = ls_arena_array(&w->arena, TOPICS, sizeof *w->alignment.topic);
    for (int t = 0; t < w->topics; t++) {
        ls_aligned *a = &w->alignment.topic[t];
        a->title = number(w, "topic", t);
        a->claim = ls_arena_array(&w->arena, SIDES * CLAIMS, sizeof *a->claim);
        /* Backwards: the order within an alignment changes nothing. */
        for (int s = w->sides - 1; s >= 0; s--) {
            for (int i = w->claims[s] - 1; i >= 0; i--) {
                if (w->claim[s][i].aligned == t) {
                    a->claim[a->count++] = (ls_claim_at){(uint32_t)s, (uint32_t)i};
                }
            }
        }
    }
}

static void make_world(world *w)
{
    *w = (world){.sides = 1 + (int)below(SIDES), .topics = 1 + (int)below(TOPICS)};
    for (int s = 0; s < w->sides; s++) {
        w->claims[s] = (int)below(CLAIMS + 1);
        make_side(w, s);
    }
    for (int a = 0; a < ABOUTS; a++) {
        w->record.found[a] = a > 0 && below(4) > 0;
        w->record.members[a] = (int)below(PARTIES + 1);
        w->record.demanded[a] = below(2) == 0;
        for (int p = 0; p < PARTIES; p++) {
            w->record.consent[a][p] = (int)below(5) > 0 ? 1 : (int)below(3) - 1;
        }
    }
    make_alignment(w);
}

static int number_of(const ls_about *a)
{
    switch (a->kind) {
    case LS_ABOUT_MEETING:
        return 1;
    case LS_ABOUT_GROUP:
        return 2;
    case LS_ABOUT_ITEM:
        return 3;
    case LS_ABOUT_ACT:
        return 4;
    default:
        fail_msg("the record was asked about a topic");
        return 0;
    }
}

/* A history that ends with each party's stance: whatever comes before is overtaken. */
static ls_result prove_drawn(void *context, ls_arena *arena, const ls_about *about, ls_proof *out)
{
    static const ls_deed yes[] = {LS_DEED_SIGNED,    LS_DEED_PROPOSED, LS_DEED_ACCEPTED,
                                  LS_DEED_CONFIRMED, LS_DEED_AGREED,   LS_DEED_PLEDGED};
    static const ls_deed no[] = {LS_DEED_DECLINED, LS_DEED_OBJECTED};
    static const ls_deed open[] = {LS_DEED_AD_REFERENDUM, LS_DEED_WITHDREW};
    const drawn_record *r = &((const world *)context)->record;
    int n = number_of(about);
    ls_bytes *party = ls_arena_array(arena, PARTIES, sizeof *party);
    ls_proof_deed *deed = ls_arena_array(arena, PARTIES * DEEDS, sizeof *deed);
    size_t deeds = 0;
    for (int p = 0; p < PARTIES; p++) {
        ls_deed last = r->consent[n][p] > 0 ? yes[below(6)] : r->consent[n][p] < 0 ? no[below(2)] : open[below(2)];
        party[p] = ls_bytes_str(party_names[p]);
        for (unsigned before = below(3); before > 0; before--) {
            deed[deeds++] = (ls_proof_deed){.deed = below(2) ? yes[below(6)] : no[below(2)], .party = party[p]};
        }
        deed[deeds++] = (ls_proof_deed){.deed = last, .party = party[p]};
        if (below(2)) {
            deed[deeds++] = (ls_proof_deed){.deed = LS_DEED_STATED, .party = party[p]};
        }
    }
    if (r->demanded[n]) {
        deed[deeds++] = (ls_proof_deed){.deed = LS_DEED_DEMANDED, .party = party[0]};
    }
    *out = (ls_proof){r->found[n], "so", (size_t)r->members[n], party, deeds, deed, 0, NULL, NULL};
    return LS_SUCCESS;
}

/* The model. */

static bool model_meet(const drawn *a, const drawn *b)
{
    return a->aligned == b->aligned && (a->aligned >= 0 || a->about == b->about);
}

static bool model_contradict(const drawn *a, const drawn *b)
{
    if (a->denies && b->denies) {
        return false;
    }
    if (!a->denies && !b->denies) {
        bool facts = (a->force == LS_FORCE_AGREED || a->force == LS_FORCE_CHARACTERISED) &&
                     (b->force == LS_FORCE_AGREED || b->force == LS_FORCE_CHARACTERISED);
        return facts && a->value > 0 && b->value > 0 && a->value != b->value;
    }
    const drawn *yes = a->denies ? b : a, *no = a->denies ? a : b;
    bool follows =
        yes->force == no->force ||
        (yes->force == LS_FORCE_AGREED && (no->force == LS_FORCE_DISCUSSED || no->force == LS_FORCE_CHARACTERISED));
    return follows && (no->value == 0 || no->value == yes->value);
}

static ls_proof_verdict model_verdict(const world *w, const drawn *d)
{
    const drawn_record *r = &w->record;
    if (!r->found[d->about]) {
        return LS_VERDICT_NOTHING;
    }
    if (d->force == LS_FORCE_DEMANDED) {
        return r->demanded[d->about] ? (d->denies ? LS_VERDICT_AGAINST : LS_VERDICT_SHOWS)
                                     : (d->denies ? LS_VERDICT_SHOWS : LS_VERDICT_SHOWS_NOT);
    }
    if (d->force != LS_FORCE_AGREED) {
        return LS_VERDICT_SILENT;
    }
    bool all = r->members[d->about] > 0, refused_by_one = false;
    for (int p = 0; p < r->members[d->about]; p++) {
        all = all && r->consent[d->about][p] > 0;
        refused_by_one = refused_by_one || r->consent[d->about][p] < 0;
    }
    if (all) {
        return d->denies ? LS_VERDICT_AGAINST : LS_VERDICT_SHOWS;
    }
    return d->denies ? LS_VERDICT_SHOWS : refused_by_one ? LS_VERDICT_AGAINST : LS_VERDICT_SHOWS_NOT;
}

/* All claims that meet with this one, in order. */
static size_t model_topic(const world *w, const drawn *of, const drawn **out)
{
    size_t count = 0;
    for (int s = 0; s < w->sides; s++) {
        for (int i = 0; i < w->claims[s]; i++) {
            if (model_meet(of, &w->claim[s][i])) {
                out[count++] = &w->claim[s][i];
            }
        }
    }
    return count;
}

static bool model_uses(const drawn *const *all, size_t count, int side, int force, bool denies)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i]->side == side && all[i]->force == force && all[i]->denies == denies) {
            return true;
        }
    }
    return false;
}

static bool model_values(const drawn *const *all, size_t count, int side, int value)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i]->side == side && (value < 0 ? all[i]->value > 0 : all[i]->value == value)) {
            return true;
        }
    }
    return false;
}

static bool model_speaks(const drawn *const *all, size_t count, int side)
{
    for (size_t i = 0; i < count; i++) {
        if (all[i]->side == side) {
            return true;
        }
    }
    return false;
}

static void check_differences(const world *w, const ls_topic *t, const drawn *const *all, size_t count)
{
    bool forces = false, values = false;
    size_t said_by = 0;
    for (int a = 0; a < w->sides; a++) {
        bool speaks = model_speaks(all, count, a);
        assert_int_equal(t->says[a], speaks);
        said_by += speaks;
        for (int b = 0; b < w->sides; b++) {
            for (int f = 0; speaks && model_speaks(all, count, b) && f < LS_FORCES; f++) {
                forces |= model_uses(all, count, a, f, true) != model_uses(all, count, b, f, true) ||
                          model_uses(all, count, a, f, false) != model_uses(all, count, b, f, false);
            }
            for (int v = 1; model_values(all, count, a, -1) && model_values(all, count, b, -1) && v < VALUES; v++) {
                values |= model_values(all, count, a, v) != model_values(all, count, b, v);
            }
        }
    }
    assert_int_equal(t->said_by, said_by);
    assert_int_equal(t->forces_differ, forces);
    assert_int_equal(t->values_differ, values);
}

static void check_contradictions(const world *w, const ls_topic *t, const drawn *const *all, size_t count)
{
    size_t expected = 0;
    for (int a = 0; a < w->sides; a++) {
        for (int b = a; b < w->sides; b++) {
            bool found = false;
            for (size_t i = 0; i < count; i++) {
                for (size_t k = i + 1; k < count; k++) {
                    found |= all[i]->side == a && all[k]->side == b && model_contradict(all[i], all[k]);
                }
            }
            expected += found;
        }
    }
    assert_int_equal(t->contradiction_count, expected);
    for (size_t i = 0; i < t->contradiction_count; i++) {
        const ls_contradiction *x = &t->contradiction[i];
        assert_true(x->a < x->b && model_contradict(all[x->a], all[x->b]));
        assert_int_equal(x->of_values, !all[x->a]->denies && !all[x->b]->denies);
    }
}

static bool model_unsaid(const world *w, const drawn *const *all, size_t count, int party)
{
    bool published = false;
    for (int s = 0; s < w->sides; s++) {
        if (w->party_of[s] == party) {
            published = true;
            if (model_speaks(all, count, s)) {
                return false;
            }
        }
    }
    return published;
}

static void check_unsaid(const world *w, const ls_topic *t, const drawn *const *all, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        int quoted[2] = {all[i]->speaker, all[i]->word};
        for (int k = 0; k < (all[i]->word < 0 || all[i]->word == all[i]->speaker ? 1 : 2); k++) {
            if (model_unsaid(w, all, count, quoted[k])) {
                assert_true(n < t->unsaid_count && t->unsaid[n].claim == i);
                assert_true(ls_bytes_is(t->unsaid[n].party, party_names[quoted[k]]));
                n++;
            }
        }
    }
    assert_int_equal(t->unsaid_count, n);
}

static void check_topic(const world *w, const ls_topic *t)
{
    const drawn *all[SIDES * CLAIMS];
    const drawn *first = &w->claim[t->claim[0].at.side][t->claim[0].at.claim];
    size_t count = model_topic(w, first, all);
    assert_int_equal(t->claim_count, count);
    assert_int_equal(t->aligned, first->aligned >= 0);
    for (size_t i = 0; i < count; i++) {
        const ls_topic_claim *k = &t->claim[i];
        assert_ptr_equal(&w->claim[k->at.side][k->at.claim], all[i]);
        assert_ptr_equal(k->claim, &w->side[k->at.side].readout->claim[k->at.claim]);
        assert_int_equal(ls_about_order(t->about[k->about].about, &k->claim->about), 0);
        assert_int_equal(k->verdict, model_verdict(w, all[i]));
    }
    check_differences(w, t, all, count);
    check_contradictions(w, t, all, count);
    check_unsaid(w, t, all, count);
}

static int rank_of(const world *w, const ls_topic *t)
{
    const drawn *first = &w->claim[t->claim[0].at.side][t->claim[0].at.claim];
    return first->aligned >= 0 ? first->aligned : TOPICS + first->side * CLAIMS + (int)t->claim[0].at.claim;
}

static void check_world(world *w)
{
    const ls_prover prover = {prove_drawn, w};
    ls_comparison c;
    ls_buf out = {0};
    size_t claims = 0, all = 0;
    assert_null(ls_readouts_compare(&w->arena, w->side, (size_t)w->sides, &w->alignment, &prover, &c, NULL).fault);
    for (size_t i = 0; i < c.topic_count; i++) {
        check_topic(w, &c.topic[i]);
        claims += c.topic[i].claim_count;
        assert_true(i == 0 || rank_of(w, &c.topic[i - 1]) < rank_of(w, &c.topic[i]));
    }
    for (int s = 0; s < w->sides; s++) {
        all += (size_t)w->claims[s];
    }
    assert_int_equal(claims, all);
    const ls_comparison_page page = {0};
    assert_null(ls_comparison_text(&c, &out).fault);
    assert_null(ls_comparison_json(&c, &out).fault);
    assert_null(ls_comparison_html(&c, &page, &out).fault);
    ls_buf_free(&out);
}

static void at_random(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        world w;
        seed = round;
        make_world(&w);
        check_world(&w);
        ls_arena_free(&w.arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_contradicts),
        cmocka_unit_test(what_the_record_says),
        cmocka_unit_test(never_true),
        cmocka_unit_test(the_seventh_of_october),
        cmocka_unit_test(unaligned),
        cmocka_unit_test(which_sides),
        cmocka_unit_test(what_alignments_refuse),
        cmocka_unit_test(at_random),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
