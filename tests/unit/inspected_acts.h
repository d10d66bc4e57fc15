/*
 * What tests of acts about inspections share: an accord of dprk and usa, dprk's declaration, and rok, who inspects it
 * and signs nothing; usa has an inspection of its own.
 */
#ifndef LS_TESTS_INSPECTED_ACTS_H
#define LS_TESTS_INSPECTED_ACTS_H

#include "crypto/sha256.h"
#include "record_acts.h"

#define DPRK FIXTURE_DPRK
#define USA FIXTURE_USA
#define ROK FIXTURE_ROK

/* Parts of the roadmap that versions differ in. */
typedef struct clauses {
    const char *measures, *rights, *inspections;
} clauses;

#define MEASURES                                                                                                       \
    "{\"id\":\"declare-sites\",\"by\":\"dprk\",\"what\":\"declare\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"   \
    "\"declares\":\"sites\"},"                                                                                         \
    "{\"id\":\"open-near\",\"by\":\"dprk\",\"what\":\"open\",\"paragraph\":\"p1\",\"verified-by\":[\"usa\"],"          \
    "\"opens\":{\"declaration\":\"sites\",\"tranche\":1}},"                                                            \
    "{\"id\":\"show\",\"by\":\"dprk\",\"what\":\"show\",\"paragraph\":\"p1\",\"verified-by\":[\"rok\",\"usa\"]},"      \
    "{\"id\":\"tidy\",\"by\":\"dprk\",\"what\":\"tidy\",\"paragraph\":\"p1\",\"verified-by\":[\"rok\"]},"              \
    "{\"id\":\"hand-in\",\"by\":\"dprk\",\"what\":\"hand in\",\"paragraph\":\"p2\",\"verified-by\":[\"rok\"],"         \
    "\"amount\":\"10 t\"},"                                                                                            \
    "{\"id\":\"freeze\",\"by\":\"dprk\",\"what\":\"freeze\",\"paragraph\":\"p2\",\"verified-by\":[\"rok\"],"           \
    "\"continuing\":true},"                                                                                            \
    "{\"id\":\"pull-back\",\"by\":\"usa\",\"what\":\"pull "                                                            \
    "back\",\"paragraph\":\"p2\",\"verified-by\":[\"rok\",\"dprk\"]}"
enum { DECLARE_SITES, OPEN_NEAR, SHOW, TIDY, HAND_IN, FREEZE, PULL_BACK };

#define RIGHT(id, of)                                                                                                  \
    "{\"id\":\"" id "\",\"of\":\"" of "\",\"what\":\"inspect\",\"paragraph\":\"p2\",\"quota\":\"2 per year\","         \
    "\"from\":\"in force\"}"
#define RIGHTS                                                                                                         \
    RIGHT("idle", "rok")                                                                                               \
    "," RIGHT("rounds", "rok") "," RIGHT("visits", "rok") "," RIGHT("challenges", "rok") "," RIGHT("swift-rounds",     \
                                                                                                   "usa")
enum { IDLE, ROUNDS, VISITS, CHALLENGES, SWIFT_ROUNDS };

#define DRAWS(right, rows, replacements)                                                                               \
    "\"draws\":{\"right\":\"" right "\",\"rows\":" rows ",\"replacements\":" replacements                              \
    ",\"commit\":\"2 days\",\"reveal\":\"2 days\",\"open\":\"5 days\"}"
#define BASELINE_HEAD                                                                                                  \
    "{\"id\":\"baseline\",\"title\":\"Baseline\",\"paragraph\":\"p1\",\"of\":\"dprk\",\"by\":\"rok\","                 \
    "\"declaration\":\"sites\",\"verifies\":[\"show\",\"hand-in\",\"freeze\",\"pull-back\"],"
#define BASELINE                                                                                                       \
    BASELINE_HEAD DRAWS(                                                                                               \
        "rounds", "3",                                                                                                 \
        "2") ","                                                                                                       \
             "\"visits\":{\"right\":\"visits\",\"notice\":\"24 hours\",\"repeat\":\"2 hours\",\"postpone\":\"72 "      \
             "hours\","                                                                                                \
             "\"lasts\":\"10 days\",\"report\":\"15 days\",\"limits\":[\"shrouding\",\"no-photographs\"]},"            \
             "\"challenges\":{\"right\":\"challenges\",\"radius\":\"50 "                                               \
             "km\",\"areas\":\"touch\",\"without-coordinates\":"                                                       \
             "\"are not covered\",\"clarify\":\"3 days\",\"answer\":\"5 days\",\"on-silence\":\"denied\"}}"
/* Draws, and visits that use no right and can't be put off. */
#define SWIFT                                                                                                          \
    "{\"id\":\"swift\",\"title\":\"Swift\",\"paragraph\":\"p1\",\"of\":\"dprk\",\"by\":\"usa\","                       \
    "\"declaration\":\"sites\"," DRAWS("swift-rounds", "3",                                                            \
                                       "2") ","                                                                        \
                                            "\"visits\":{\"notice\":\"24 hours\",\"repeat\":\"2 "                      \
                                            "hours\",\"lasts\":\"10 days\",\"report\":\"15 days\"}}"
/* Nothing but challenges, and of another declaration. */
#define DEPOTS                                                                                                         \
    "{\"id\":\"depots\",\"title\":\"Depots\",\"paragraph\":\"p1\",\"of\":\"dprk\",\"by\":\"rok\","                     \
    "\"declaration\":\"stores\",\"challenges\":{\"right\":\"idle\",\"radius\":\"500 m\",\"areas\":\"touch\","          \
    "\"without-coordinates\":\"are not covered\",\"answer\":\"5 days\",\"on-silence\":\"denied\"}}"

static const clauses original = {MEASURES, RIGHTS, BASELINE "," SWIFT};

static inline const char *roadmap_of(fixture *f, clauses c)
{
    static const char declared[] = "\"by\":\"dprk\",\"fields\":[\"id\",\"name\"],\"id\":\"id\",\"tranche\":\"tranche\","
                                   "\"row-bytes\":32,\"tranches\":[{\"label\":\"near\",\"rows\":4},"
                                   "{\"label\":\"far\",\"rows\":3}]}";
    return ls_arena_format(
        &f->arena,
        "{\"roadmap\":1,\"name\":\"inspected\",\"title\":\"Inspected\",\"parties\":[\"dprk\",\"usa\"]"
        ",\"tracks\":[{\"id\":\"arms\",\"title\":\"Arms\"}],\"suspension\":{},\"rights\":[%s],"
        "\"declarations\":[{\"name\":\"sites\",%s,{\"name\":\"stores\",%s],\"inspections\":[%s],"
        "\"steps\":[{\"id\":\"first\",\"title\":\"First\",\"track\":\"arms\",\"measures\":[%s]}]}",
        c.rights, declared, declared, c.inspections, c.measures);
}

static inline ls_bytes accord_with(fixture *f, clauses c, const char *amends)
{
    return accord_of(f, roadmap_of(f, c), "dprk usa", "dprk-1 usa-1 usa-2", amends);
}

static inline void amend(fixture *f, clauses c)
{
    fixture_append(f, accord_with(f, c, ls_arena_str(&f->arena, ls_bytes_str(hex(&f->accord)))));
}

/* Charter, accord, stamp; the declaration is entry 3, and a stamp over it. */
enum { DECLARED = 3 };

static inline void begin_inspections(fixture *f)
{
    fixture_append(f, accord_with(f, original, NULL));
    fixture_stamp(f);
    fixture_append(f, fixture_declare(f, fixture_inventory, NULL));
    fixture_stamp(f);
}

static inline int open_inspected(void **state)
{
    open_charter(state);
    begin_inspections(*state);
    return 0;
}

/* The same with cosigners, who give receipts. */
static inline int open_watched(void **state)
{
    fixture *f = calloc(1, sizeof *f);
    fixture_open_watched(f, false);
    *state = f;
    fixture_append(f, fixture_charter(f));
    begin_inspections(f);
    return 0;
}

static inline void pass(fixture *f, ls_time seconds)
{
    f->now += seconds;
    fixture_stamp(f);
}

/* The same act, but it expires in a second; and without effect, as it is stamped a minute later. */
static inline ls_bytes brief(fixture *f, ls_bytes note)
{
    char text[LS_TIME_SIZE];
    ls_time_format(f->now + 1, text);
    return change(f, note, LS_H_EXPIRES, text);
}

static inline uint64_t lapses(fixture *f, ls_bytes note)
{
    uint64_t index = fixture_append(f, brief(f, note));
    pass(f, 60);
    assert_true(ls_record_at(f->record, index).lapsed);
    return index;
}

/* Accepted; its index. */
static inline uint64_t take(fixture *f, ls_bytes note)
{
    return fixture_append(f, note);
}

static inline size_t count_inspected(const fixture *f)
{
    return ls_record_inspecteds(f->record, 0).count;
}

/* It is accepted, and says this of an inspection. */
static inline const ls_inspected *says(fixture *f, ls_bytes note, ls_inspected_kind kind, uint32_t ref)
{
    size_t before = count_inspected(f);
    ls_act act = parsed(note);
    uint64_t index = take(f, note);
    ls_inspecteds all = ls_record_inspecteds(f->record, 0);
    assert_int_equal(all.count, before + 1);
    const ls_inspected *x = all.fact + before;
    assert_int_equal(x->kind, kind);
    assert_int_equal(x->ref, ref);
    assert_int_equal(x->index, index);
    assert_true(ls_bytes_equal(ls_record_charter(f->record)->party[x->by].name, act.by.name[0]));
    assert_int_equal(all.time(all.context, x->index), LS_TIME_OPEN);
    return x;
}

/* What the latest version of the accord has been told last: by the entry that came last. */
static inline const ls_fact *told(const fixture *f, ls_fact_kind kind, size_t subject)
{
    ls_facts facts = ls_record_facts(f->record, ls_record_accord_count(f->record) - 1);
    const ls_fact *x = facts.fact + facts.count - 1;
    assert_int_equal(x->index, f->entry_count - 1);
    assert_int_equal(x->kind, kind);
    assert_int_equal(x->subject, subject);
    return x;
}

static inline size_t count_facts(const fixture *f)
{
    return ls_record_facts(f->record, ls_record_accord_count(f->record) - 1).count;
}

/* Acts. */

/* A draw of this many of the population, from the declare act of this entry. */
static inline ls_bytes draw_of(fixture *f, uint64_t declared, const char *population, const char *rows,
                               const char *spare)
{
    return said(f, ROK, "draw", LS_H_INSPECTION, "baseline", LS_H_REF, entry_id(f, declared), LS_H_POPULATION,
                population, LS_H_ROWS, rows, LS_H_SPARE, spare, END);
}

static inline ls_bytes draw(fixture *f)
{
    return draw_of(f, DECLARED, "7", "2", "1");
}

/* About an earlier entry, without anything else. */
static inline ls_bytes about(fixture *f, size_t party, const char *kind, uint64_t index)
{
    return said(f, party, kind, LS_H_REF, entry_id(f, index), END);
}

/* The n-th of a party's nonces; and H("lockstep draw v1" ‖ 00 ‖ draw id ‖ len‖party ‖ nonce[32]). */
static inline ls_hash nonce_of(size_t party, unsigned n)
{
    ls_hash nonce = {{(uint8_t)(party + 1), (uint8_t)n}};
    return nonce;
}

static inline ls_hash commitment_to(fixture *f, uint64_t draw, const char *party, ls_hash nonce)
{
    ls_buf text = {0};
    ls_hash out;
    ls_record_entry e = ls_record_at(f->record, draw);
    ls_buf_put_str(&text, "lockstep draw v1");
    ls_buf_put_u8(&text, 0);
    put_hash(&text, &e.id);
    ls_buf_put_u8(&text, (uint8_t)strlen(party));
    ls_buf_put_str(&text, party);
    put_hash(&text, &nonce);
    ls_sha256_hash(ls_buf_bytes(&text), &out);
    ls_buf_free(&text);
    return out;
}

static inline const char *name_of(size_t party)
{
    static const char *const names[] = {[DPRK] = "dprk", [USA] = "usa", [ROK] = "rok"};
    return names[party];
}

static inline ls_bytes commit(fixture *f, size_t party, uint64_t draw, unsigned n)
{
    ls_hash commitment = commitment_to(f, draw, name_of(party), nonce_of(party, n));
    return said(f, party, "commit", LS_H_REF, entry_id(f, draw), LS_H_COMMITMENT, hex(&commitment), END);
}

static inline ls_bytes reveal(fixture *f, size_t party, uint64_t draw, unsigned n)
{
    ls_hash nonce = nonce_of(party, n);
    return said(f, party, "reveal", LS_H_REF, entry_id(f, draw), LS_H_NONCE, hex(&nonce), END);
}

static inline ls_bytes choose(fixture *f, uint64_t draw, const char *rows, const char *positions)
{
    ls_bytes note = said(f, ROK, "choose", LS_H_REF, entry_id(f, draw), LS_H_ROWS, rows, END);
    return with_text(f, note, positions);
}

static inline ls_bytes visit(fixture *f, uint64_t index, const char *tranche, const char *row)
{
    return said(f, ROK, "visit", LS_H_INSPECTION, "baseline", LS_H_REF, entry_id(f, index), LS_H_TRANCHE, tranche,
                LS_H_ROW, row, END);
}

static inline ls_bytes challenge(fixture *f, const char *place, const char *radius)
{
    return said(f, ROK, "challenge", LS_H_INSPECTION, "baseline", LS_H_PLACE, place, LS_H_RADIUS, radius, END);
}

static inline ls_bytes report(fixture *f, size_t party, uint64_t index, const char *finding)
{
    return said(f, party, "report", LS_H_REF, entry_id(f, index), LS_H_FINDING, finding, END);
}

/* Rows opened in answer to a draw or a challenge. */
static inline ls_bytes answer_by_rows(fixture *f, uint64_t index, const char *rows)
{
    ls_bytes note = fixture_open_act(f, 0, 1, ls_bytes_str("an opening, which acceptance does not read"));
    return change(f, change(f, note, LS_H_ROWS, rows), LS_H_REF, entry_id(f, index));
}

static inline ls_bytes take_back(fixture *f, size_t party, uint64_t index)
{
    ls_act_draft d;
    fixture_draft(f, party, "withdraw", &d);
    ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, index));
    return fixture_finish(f, &d);
}

#endif
