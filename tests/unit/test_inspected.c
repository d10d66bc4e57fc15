/*
 * Tests of acts about inspections: headers of each kind, who may say which, what each can be about, and what they say.
 * Draws have a file of their own, test_inspected_draws.c.
 */
#include "inspected_acts.h"

/* One of everything, in this order, after the declaration and its stamp. */
enum {
    DRAW = 5,
    COMMITTED, /* a draw to which both have committed, and one has revealed */
    DRAW_STAMP,
    COMMIT_DPRK,
    COMMIT_ROK,
    COMMIT_STAMP,
    REVEAL_DPRK,
    REVEAL_STAMP,
    CHOOSE,
    VISIT_DRAWN,
    ADMIT,
    REFUSE,
    POSTPONE,
    ENTER,
    LEAVE,
    CLARIFY,
    ANSWER,
    CHALLENGE,
    DENY,
    REPORT_VISIT,
    REPORT_CHALLENGE,
    REPORT_DRAW,
    VISIT_PLACE,
    VISIT_NEXT,
    OPEN_DRAWN,
    OPEN_CHALLENGED,
    OPEN_TRANCHE,
    NOTIFY,
    CONTEST,
    WITHDRAW,
    PERFORM,
    CONFIRM,
    OBJECT,
    INCIDENT,
    SUSPEND,
    USE,
    DECLARED_STORES,
    SUPPLEMENT, /* not under a stamp yet */
    ENTRIES
};

static ls_bytes declare_stores(fixture *f)
{
    return change(f, fixture_declare(f, fixture_inventory, NULL), LS_H_DECLARATION, "stores");
}

static ls_bytes notify(fixture *f, size_t party, const char *what)
{
    ls_bytes note = said(f, party, "notify", LS_H_DECLARATION, "sites", LS_H_CHANGE, what, END);
    return change(f, note, LS_H_ATTACHMENT, "rows");
}

static void furnish_draws(fixture *f)
{
    take(f, draw(f));
    take(f, draw_of(f, DECLARED, "7", "1", "0"));
    fixture_stamp(f);
    take(f, commit(f, DPRK, COMMITTED, 0));
    take(f, commit(f, ROK, COMMITTED, 0));
    fixture_stamp(f);
    take(f, reveal(f, DPRK, COMMITTED, 0));
    fixture_stamp(f);
    take(f, choose(f, DRAW, "2", "0\n6\n"));
}

static void furnish_visit(fixture *f)
{
    take(f, visit(f, DRAW, "1", "0"));
    take(f, about(f, DPRK, "admit", VISIT_DRAWN));
    take(f, about(f, DPRK, "refuse", VISIT_DRAWN));
    take(f, said(f, DPRK, "postpone", LS_H_REF, entry_id(f, VISIT_DRAWN), LS_H_UNTIL, "2018-10-11T00:00:00Z", END));
    take(f, about(f, ROK, "enter", VISIT_DRAWN));
    take(f, about(f, DPRK, "leave", VISIT_DRAWN));
}

static void furnish_challenge(fixture *f)
{
    take(f, said(f, ROK, "clarify", LS_H_INSPECTION, "baseline", LS_H_PLACE, "39.7956 125.755", LS_H_RADIUS, "1", END));
    take(f, about(f, DPRK, "answer", CLARIFY));
    take(f, challenge(f, "39.7956 125.755", "50000"));
    take(f, about(f, DPRK, "deny", CHALLENGE));
    take(f, report(f, ROK, VISIT_DRAWN, "consistent"));
    take(f, report(f, ROK, CHALLENGE, "discrepancy"));
    take(f, report(f, DPRK, DRAW, "inconclusive"));
    take(f, said(f, ROK, "visit", LS_H_INSPECTION, "baseline", LS_H_REF, entry_id(f, CHALLENGE), END));
    take(f, visit(f, VISIT_DRAWN, "2", "2"));
    take(f, answer_by_rows(f, DRAW, "1"));
    take(f, answer_by_rows(f, CHALLENGE, "1"));
    take(f, fixture_open_act(f, 1, 0, ls_bytes_str("a tranche")));
}

/* And acts that have nothing to do with inspections. */
static void furnish_others(fixture *f)
{
    take(f, notify(f, DPRK, "moved"));
    take(f, about(f, USA, "contest", DECLARED));
    take(f, take_back(f, DPRK, POSTPONE));
    take(f, said(f, DPRK, "perform", LS_H_MEASURE, "show", END));
    take(f, said(f, ROK, "confirm", LS_H_MEASURE, "show", END));
    take(f, said(f, ROK, "object", LS_H_MEASURE, "show", END));
    take(f, said(f, ROK, "incident", LS_H_MEASURE, "freeze", END));
    take(f, said(f, USA, "suspend", END));
    take(f, said(f, ROK, "use", LS_H_RIGHT, "idle", END));
    take(f, declare_stores(f));
    take(f, fixture_declare(f, fixture_inventory, NULL));
}

static int open_furnished(void **state)
{
    open_inspected(state);
    fixture *f = *state;
    /* usa's other inspection would do as well; here its right is not the only one that can be used by hand. */
    furnish_draws(f);
    furnish_visit(f);
    furnish_challenge(f);
    furnish_others(f);
    assert_int_equal(f->entry_count, ENTRIES);
    return 0;
}

/* Kinds: headers, as docs/protocol.md lists them; what their refs name; who says them. */

#define B(h) (1ull << (h))
#define FILES B(LS_H_ATTACHMENT)
#define UNDER B(LS_H_ACCORD)
#define ABOUT (UNDER | B(LS_H_REF))
#define NAMED_INSPECTION (UNDER | B(LS_H_INSPECTION))
#define THERE (B(LS_H_PLACE) | B(LS_H_RADIUS))

/* An act of each kind that is acceptable where everything is furnished; ref: entry, or 0: it has none. */
typedef struct sample {
    const char *kind;
    size_t party;
    uint64_t ref;
    struct {
        ls_header header;
        const char *value;
    } more[6];
} sample;

#define SAMPLE(k, by, about, ...)                                                                                      \
    {                                                                                                                  \
        .kind = k, .party = by, .ref = about, .more = { __VA_ARGS__ }                                                  \
    }
#define NOTHING                                                                                                        \
    {                                                                                                                  \
        LS_HEADER_COUNT, NULL                                                                                          \
    }
#define TEXT LS_HEADER_COUNT /* in place of a header */
#define BASE                                                                                                           \
    {                                                                                                                  \
        LS_H_INSPECTION, "baseline"                                                                                    \
    }
#define PLACED                                                                                                         \
    {LS_H_PLACE, "39.7956 125.755"},                                                                                   \
    {                                                                                                                  \
        LS_H_RADIUS, "50000"                                                                                           \
    }
#define DRAWN                                                                                                          \
    {LS_H_POPULATION, "7"}, {LS_H_ROWS, "2"},                                                                          \
    {                                                                                                                  \
        LS_H_SPARE, "1"                                                                                                \
    }
#define ROW                                                                                                            \
    {LS_H_TRANCHE, "1"},                                                                                               \
    {                                                                                                                  \
        LS_H_ROW, "0"                                                                                                  \
    }
#define ROKS_NONCE "0300000000000000000000000000000000000000000000000000000000000000"

static const struct {
    sample sample;
    uint64_t needs, may_have;
    bool needs_text;
} kinds[] = {
    {SAMPLE("draw", ROK, DECLARED, BASE, DRAWN),
     NAMED_INSPECTION | B(LS_H_REF) | B(LS_H_POPULATION) | B(LS_H_ROWS) | B(LS_H_SPARE), B(LS_H_TRANCHE) | FILES,
     false},
    {SAMPLE("commit", ROK, DRAW, {LS_H_COMMITMENT, ONES}), ABOUT | B(LS_H_COMMITMENT), FILES, false},
    {SAMPLE("reveal", ROK, COMMITTED, {LS_H_NONCE, ROKS_NONCE}), ABOUT | B(LS_H_NONCE), FILES, false},
    {SAMPLE("choose", ROK, DRAW, {LS_H_ROWS, "2"}, {TEXT, "0\n6\n"}), ABOUT | B(LS_H_ROWS), FILES, true},
    {SAMPLE("visit", ROK, CHALLENGE, BASE), NAMED_INSPECTION | B(LS_H_REF), B(LS_H_TRANCHE) | B(LS_H_ROW) | FILES,
     false},
    {SAMPLE("visit", ROK, DRAW, BASE, ROW), NAMED_INSPECTION | B(LS_H_REF), B(LS_H_TRANCHE) | B(LS_H_ROW) | FILES,
     false},
    {SAMPLE("admit", DPRK, VISIT_DRAWN, NOTHING), ABOUT, B(LS_H_LIMITS) | FILES, false},
    {SAMPLE("refuse", DPRK, VISIT_DRAWN, NOTHING), ABOUT, FILES, true},
    {SAMPLE("postpone", DPRK, VISIT_DRAWN, {LS_H_UNTIL, "2018-10-11T00:00:00Z"}), ABOUT | B(LS_H_UNTIL), FILES, true},
    {SAMPLE("enter", ROK, VISIT_DRAWN, NOTHING), ABOUT, FILES, false},
    {SAMPLE("leave", DPRK, VISIT_DRAWN, NOTHING), ABOUT, FILES, false},
    {SAMPLE("clarify", ROK, 0, BASE, PLACED), NAMED_INSPECTION | THERE, FILES, true},
    {SAMPLE("answer", DPRK, CLARIFY, NOTHING), ABOUT, FILES, true},
    {SAMPLE("challenge", ROK, 0, BASE, PLACED), NAMED_INSPECTION | THERE, B(LS_H_REF) | FILES, false},
    {SAMPLE("deny", DPRK, CHALLENGE, NOTHING), ABOUT, FILES, false},
    {SAMPLE("report", DPRK, VISIT_DRAWN, {LS_H_FINDING, "consistent"}), ABOUT | B(LS_H_FINDING),
     B(LS_H_MEASURE) | FILES, false},
    {SAMPLE("notify", DPRK, 0, {LS_H_DECLARATION, "sites"}, {LS_H_CHANGE, "moved"}, {LS_H_ATTACHMENT, "rows"}),
     UNDER | B(LS_H_DECLARATION) | B(LS_H_CHANGE) | FILES, 0, false},
    {SAMPLE("contest", USA, DECLARED, NOTHING), ABOUT, FILES, true},
};

#define KINDS (sizeof kinds / sizeof *kinds)

/* The sample, but by this party about this entry. */
static ls_bytes made(fixture *f, const sample *s, size_t party, uint64_t ref)
{
    ls_act_draft d;
    under_accord(f, party, s->kind, &d);
    if (ref != 0) {
        ls_act_draft_set(&d, LS_H_REF, "%s", entry_id(f, ref));
    }
    ls_buf_put_str(&d.text,
                   s->more[1].header == TEXT && s->more[1].value != NULL ? s->more[1].value : "It was said.\n");
    for (size_t i = 0; s->more[i].value != NULL; i++) {
        if (s->more[i].header == LS_H_ATTACHMENT) {
            const ls_attachment a = fixture_attach(f, "rows.csv", "text/csv", ls_bytes_str(s->more[i].value));
            ls_act_draft_attach(&d, &a);
        } else if (s->more[i].header != TEXT) {
            ls_act_draft_set(&d, s->more[i].header, "%s", s->more[i].value);
        }
    }
    return fixture_finish(f, &d);
}

/* A value for every header that an act of one party can have beyond those of its shape. */
static const struct {
    ls_header header;
    const char *value;
} values[] = {
    {LS_H_ACCORD, ONES},
    {LS_H_NONCE, ONES},
    {LS_H_REF, ONES},
    {LS_H_TRACK, "arms"},
    {LS_H_MEASURE, "show"},
    {LS_H_EVENT, "show"},
    {LS_H_RIGHT, "rounds"},
    {LS_H_DISPUTE, "show"},
    {LS_H_STAGE, "show"},
    {LS_H_INSPECTION, "baseline"},
    {LS_H_FINDING, "consistent"},
    {LS_H_CHANGE, "moved"},
    {LS_H_LIMITS, "shrouding"},
    {LS_H_PLACE, "39.7956 125.755"},
    {LS_H_RADIUS, "1"},
    {LS_H_AMOUNT, "10"},
    {LS_H_METHOD, "show"},
    {LS_H_FOR, "usa"},
    {LS_H_SCORE, "2"},
    {LS_H_DUE, "2018-12-01"},
    {LS_H_DECLARATION, "sites"},
    {LS_H_SCHEMA, ONES},
    {LS_H_TRANCHES, "1"},
    {LS_H_ROW_BYTES, "1"},
    {LS_H_ROOT, ONES},
    {LS_H_TRANCHE, "1"},
    {LS_H_ROW, "0"},
    {LS_H_POPULATION, "7"},
    {LS_H_ROWS, "1"},
    {LS_H_SPARE, "0"},
    {LS_H_BLANK, "0"},
    {LS_H_COMMITMENT, ONES},
    {LS_H_KEY, NULL}, /* the ledger's */
    {LS_H_PROOF, "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=="},
    {LS_H_SINCE, "1"},
    {LS_H_UNTIL, "2019-10-09T08:00:00Z"},
    {LS_H_ATTACHMENT, "more"},
};

static void test_headers(void **state)
{
    fixture *f = *state;
    char key[LS_VKEY_SIZE];
    ls_vkey_format(&f->ledger.vkey, key);
    for (size_t k = 0; k < KINDS; k++) {
        ls_bytes good = made(f, &kinds[k].sample, kinds[k].sample.party, kinds[k].sample.ref);
        acceptable(f, good);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
            uint64_t bit = B(values[i].header);
            const char *value = values[i].header == LS_H_KEY ? key : values[i].value;
            if ((kinds[k].needs & bit) != 0) {
                refused(f, change(f, good, values[i].header, NULL), "needs the header");
            } else if ((kinds[k].may_have & bit) == 0 && values[i].header != LS_H_ATTACHMENT) {
                refused(f, change(f, good, values[i].header, value), "has no header");
            }
        }
        acceptable(f, change(f, good, LS_H_ATTACHMENT, "more"));
        acceptable(f, change(f, good, LS_H_DATE, "2018-10-08"));
        acceptable(f, change(f, good, LS_H_UNLESS_ACTED, "usa rok dprk"));
        if (kinds[k].needs_text) {
            refused(f, with_text(f, good, ""), "needs a text");
        } else {
            acceptable(f, with_text(f, good, ""));
        }
    }
}

/* Headers that may stand, where they say something. */
static void test_headers_that_may_stand(void **state)
{
    fixture *f = *state;
    ls_bytes v = about(f, DPRK, "admit", VISIT_DRAWN);
    acceptable(f, change(f, v, LS_H_LIMITS, "shrouding"));
    ls_bytes d = draw_of(f, DECLARED, "3", "2", "1");
    acceptable(f, change(f, d, LS_H_TRANCHE, "2"));
    acceptable(f, change(f, challenge(f, "0 0", "1"), LS_H_REF, entry_id(f, CLARIFY)));
    acceptable(f, change(f, report(f, ROK, VISIT_DRAWN, "consistent"), LS_H_MEASURE, "show"));
}

/* Who says what. */

enum { OF = 1, BY = 2, ANYBODY = 4 };

static void test_authors(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *kind;
        unsigned who;
    } says[] = {
        {"draw", BY},    {"commit", OF | BY},  {"reveal", OF | BY}, {"choose", BY},     {"visit", BY},
        {"admit", OF},   {"refuse", OF},       {"postpone", OF},    {"enter", OF | BY}, {"leave", OF | BY},
        {"clarify", BY}, {"answer", OF},       {"challenge", BY},   {"deny", OF},       {"report", OF | BY},
        {"notify", OF},  {"contest", ANYBODY},
    };
    static const size_t parties[] = {DPRK, ROK, USA};
    for (size_t k = 0; k < KINDS; k++) {
        const sample *s = &kinds[k].sample;
        size_t i = 0;
        while (strcmp(says[i].kind, s->kind) != 0) {
            i++;
        }
        for (size_t p = 0; p < 3; p++) {
            bool may = (says[i].who >> p & 1) != 0 || (says[i].who == ANYBODY && parties[p] != DPRK);
            ls_bytes note = made(f, s, parties[p], s->ref);
            bool reveals = strcmp(s->kind, "reveal") == 0; /* each its own nonce, and once */
            if (!may) {
                refused(f, note, parties[p] == DPRK && says[i].who == ANYBODY ? "another party's" : "not ");
            } else if (!reveals || parties[p] == ROK) {
                acceptable(f, note);
            }
        }
    }
}

static void test_hint_names_who_may(void **state)
{
    fixture *f = *state;
    const struct {
        ls_bytes note;
        const char *reason, *hint;
    } wrong[] = {
        {about(f, USA, "enter", VISIT_DRAWN), "usa does not enter under baseline", "that is for: dprk rok"},
        {about(f, ROK, "admit", VISIT_DRAWN), "rok does not admit under baseline", "that is for: dprk"},
        {choose(f, DRAW, "1", "1\n"), NULL, NULL},
        {change(f, change(f, choose(f, DRAW, "1", "1\n"), LS_H_BY, "rok"), LS_H_ROWS, "1"), NULL, NULL},
        {about(f, USA, "admit", VISIT_DRAWN), "usa does not admit under baseline", "that is for: dprk"},
        {said(f, DPRK, "clarify", LS_H_INSPECTION, "baseline", LS_H_PLACE, "0 0", LS_H_RADIUS, "1", END),
         "dprk does not clarify under baseline", "that is for: rok"},
        {said(f, ROK, "visit", LS_H_INSPECTION, "swift", LS_H_REF, ONES, END), "ref does not name", "lockstep"},
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        ls_detail detail = {0};
        ls_act act = parsed(wrong[i].note);
        bool ok = ls_succeeded(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &detail));
        assert_int_equal(ok, wrong[i].reason == NULL);
        if (!ok) {
            assert_non_null(strstr(detail.text, wrong[i].reason));
            assert_non_null(strstr(detail.hint, wrong[i].hint));
        }
    }
}

/* What each can be about: of every pair, whether it is accepted. */

#define E(entry) (1ull << (entry))
#define DRAWS_THERE (E(DRAW) | E(COMMITTED))
#define VISITS_THERE (E(VISIT_DRAWN) | E(VISIT_PLACE) | E(VISIT_NEXT))
#define OPENINGS_THERE (E(OPEN_DRAWN) | E(OPEN_CHALLENGED) | E(OPEN_TRANCHE))
#define AUTHOR SIZE_MAX      /* whose entry it is */
#define OTHER (SIZE_MAX - 1) /* another */

static const struct {
    sample sample;
    uint64_t accepted;
} pairs[] = {
    {SAMPLE("draw", ROK, 0, BASE, DRAWN), E(DECLARED)},
    {SAMPLE("commit", DPRK, 0, {LS_H_COMMITMENT, ONES}), E(DRAW)},
    {SAMPLE("commit", ROK, 0, {LS_H_COMMITMENT, ONES}), E(DRAW)},
    {SAMPLE("reveal", ROK, 0, {LS_H_NONCE, ROKS_NONCE}), E(COMMITTED)},
    {SAMPLE("choose", ROK, 0, {LS_H_ROWS, "1"}, {TEXT, "6\n"}), DRAWS_THERE},
    {SAMPLE("visit", ROK, 0, BASE, ROW), DRAWS_THERE | VISITS_THERE | E(CHALLENGE)},
    {SAMPLE("visit", ROK, 0, BASE), E(CHALLENGE)},
    {SAMPLE("admit", DPRK, 0, NOTHING), VISITS_THERE},
    {SAMPLE("refuse", DPRK, 0, NOTHING), VISITS_THERE},
    {SAMPLE("postpone", DPRK, 0, {LS_H_UNTIL, "2018-10-11T00:00:00Z"}), VISITS_THERE},
    {SAMPLE("enter", DPRK, 0, NOTHING), VISITS_THERE},
    {SAMPLE("leave", ROK, 0, NOTHING), VISITS_THERE},
    {SAMPLE("answer", DPRK, 0, NOTHING), E(CLARIFY)},
    {SAMPLE("challenge", ROK, 0, BASE, PLACED), E(CLARIFY)},
    {SAMPLE("deny", DPRK, 0, NOTHING), E(CHALLENGE)},
    {SAMPLE("report", ROK, 0, {LS_H_FINDING, "consistent"}), DRAWS_THERE | VISITS_THERE | E(CHALLENGE)},
    {SAMPLE("report", DPRK, 0, {LS_H_FINDING, "consistent"}), DRAWS_THERE | VISITS_THERE | E(CHALLENGE)},
    {SAMPLE("report", ROK, 0, {LS_H_FINDING, "consistent"}, {LS_H_MEASURE, "show"}),
     DRAWS_THERE | VISITS_THERE | E(CHALLENGE)},
    {SAMPLE("open", DPRK, 0, {LS_H_DECLARATION, "sites"}, {LS_H_ROWS, "2"}, {LS_H_ATTACHMENT, "opening"}),
     DRAWS_THERE | E(CHALLENGE)},
    {SAMPLE("open", DPRK, 0, {LS_H_DECLARATION, "sites"}, {LS_H_ROWS, "2"}, {LS_H_BLANK, "1"}, {LS_H_ATTACHMENT, "x"}),
     DRAWS_THERE},
    {SAMPLE("open", DPRK, 0, {LS_H_DECLARATION, "sites"}, {LS_H_TRANCHE, "2"}, {LS_H_ATTACHMENT, "opening"}),
     E(CHALLENGE)},
    {SAMPLE("open", DPRK, 0, {LS_H_DECLARATION, "stores"}, {LS_H_ROWS, "2"}, {LS_H_ATTACHMENT, "opening"}), 0},
    {SAMPLE("contest", OTHER, 0, NOTHING),
     E(DECLARED) | E(DECLARED_STORES) | E(SUPPLEMENT) | OPENINGS_THERE | E(NOTIFY)},
    {SAMPLE("contest", AUTHOR, 0, NOTHING), 0},
    {SAMPLE("withdraw", AUTHOR, 0, NOTHING), VISITS_THERE | E(REFUSE) | E(POSTPONE) | E(CLARIFY) | E(CHALLENGE) |
                                                 E(CONTEST) | E(PERFORM) | E(CONFIRM) | E(OBJECT) | E(INCIDENT)},
    {SAMPLE("withdraw", OTHER, 0, NOTHING), 0},
    /* And nothing else is about any of these. */
    {SAMPLE("confirm", ROK, 0, {LS_H_MEASURE, "show"}), E(PERFORM)},
    {SAMPLE("object", ROK, 0, {LS_H_MEASURE, "show"}), E(PERFORM)},
    {SAMPLE("missing", ROK, 0, {LS_H_MEASURE, "show"}), E(PERFORM)},
    {SAMPLE("object", ROK, 0, {LS_H_MEASURE, "freeze"}), E(INCIDENT)},
    {SAMPLE("resume", USA, 0, NOTHING), E(SUSPEND)},
};

static size_t author_of(const fixture *f, uint64_t index, size_t party)
{
    size_t by = ls_record_at(f->record, index).by, author = by == LS_NOBODY ? DPRK : by;
    return party == AUTHOR ? author : party == OTHER ? (author == USA ? ROK : USA) : party;
}

/* withdraw has no accord. */
static ls_bytes pair(fixture *f, const sample *s, uint64_t index)
{
    size_t party = author_of(f, index, s->party);
    return strcmp(s->kind, "withdraw") == 0 ? take_back(f, party, index) : made(f, s, party, index);
}

static void test_pairs(void **state)
{
    fixture *f = *state;
    for (size_t k = 0; k < sizeof pairs / sizeof *pairs; k++) {
        for (uint64_t i = 0; i < ENTRIES; i++) {
            ls_detail detail = {0};
            ls_bytes note = pair(f, &pairs[k].sample, i == 0 ? ENTRIES - 1 : i);
            ls_act act;
            if (i == 0) { /* no ref names the charter by its place; this one names nothing */
                note = change(f, note, LS_H_REF, ONES);
            }
            act = parsed(note);
            bool wanted = i != 0 && (pairs[k].accepted >> i & 1) != 0;
            bool in_advance = i == 0 && strcmp(pairs[k].sample.kind, "withdraw") == 0;
            ls_result r = ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, &detail);
            if (ls_succeeded(r) != (wanted || in_advance) || (ls_failed(r) && r.fault != &ls_fault_refused)) {
                fail_msg("%s about entry %llu (%.*s): %s", pairs[k].sample.kind, (unsigned long long)i,
                         (int)ls_record_at(f->record, i).kind.len, ls_record_at(f->record, i).kind.ptr,
                         ls_failed(r) ? detail.text : "accepted");
            }
        }
    }
}

/* The inspection of what it is about, and no other. */
static void test_of_another_inspection(void **state)
{
    fixture *f = *state;
    refused(f, change(f, visit(f, DRAW, "1", "0"), LS_H_INSPECTION, "swift"), "ref is of the inspection baseline");
    refused(f,
            said(f, USA, "visit", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, DRAW), LS_H_TRANCHE, "1", LS_H_ROW,
                 "0", END),
            "ref is of the inspection baseline");
    refused(f, change(f, visit(f, DRAW, "1", "0"), LS_H_INSPECTION, "sites"), "no inspection sites");
    refused(f, change(f, draw(f), LS_H_INSPECTION, "swift"), "rok does not draw under swift");
    refused(f, change(f, challenge(f, "0 0", "1"), LS_H_INSPECTION, "swift"), "rok does not challenge under swift");
    ls_bytes own = said(f, USA, "challenge", LS_H_INSPECTION, "swift", LS_H_PLACE, "0 0", LS_H_RADIUS, "1", END);
    refused(f, own, "the inspection swift has no challenges");
    own = said(f, USA, "clarify", LS_H_INSPECTION, "swift", LS_H_PLACE, "0 0", LS_H_RADIUS, "1", END);
    refused(f, own, "the inspection swift has no challenges");
}

static void test_of_an_inspection_without(void **state)
{
    fixture *f = *state;
    ls_hash kept = f->accord;
    take(f, accord_with(f, (clauses){MEASURES, RIGHTS, DEPOTS}, NULL));
    ls_bytes bare = said(f, ROK, "challenge", LS_H_INSPECTION, "depots", LS_H_PLACE, "0 0", LS_H_RADIUS, "500", END);
    uint64_t there = take(f, bare);
    refused(f, said(f, ROK, "visit", LS_H_INSPECTION, "depots", LS_H_REF, entry_id(f, there), END),
            "the inspection depots has no visits");
    refused(f, change(f, draw(f), LS_H_INSPECTION, "depots"), "the inspection depots has no draws");
    /* What stands under one accord is nothing to another. */
    f->accord = kept;
    refused(f, about(f, DPRK, "deny", there), "ref does not name what a deny can be about");
    refused(f, report(f, ROK, there, "consistent"), "ref does not name what a report can be about");
    refused(f, answer_by_rows(f, there, "1"), "ref names neither a draw");
}

/* What they say. */

static void test_visits(void **state)
{
    fixture *f = *state;
    const ls_inspected *x = says(f, visit(f, DRAW, "2", "2"), LS_INSPECTED_VISIT, DRAW);
    assert_int_equal(x->tranche, 2);
    assert_int_equal(x->spare, 2);
    assert_int_equal(x->day, LS_NO_DAY);
    assert_true(ls_bytes_is(x->rule->id, "baseline"));
    told(f, LS_FACT_USE, VISITS);
    uint64_t first = x->index;
    /* Rows count from 0 and tranches from 1: there are four and three. */
    refused(f, visit(f, DRAW, "1", "4"), "no such row");
    refused(f, visit(f, DRAW, "2", "3"), "no such row");
    refused(f, visit(f, DRAW, "3", "0"), "no such row");
    refused(f, visit(f, DRAW, "4294967297", "0"), "no such row");
    refused(f, visit(f, DRAW, "1", "9223372036854775807"), "no such row");
    acceptable(f, visit(f, DRAW, "1", "3"));
    /* The row and the tranche come together, and nothing but a place can do without. */
    refused(f, change(f, visit(f, CHALLENGE, "1", "0"), LS_H_ROW, NULL), "names the row");
    refused(f, change(f, visit(f, CHALLENGE, "1", "0"), LS_H_TRANCHE, NULL), "names the row");
    ls_bytes nowhere = change(f, change(f, visit(f, DRAW, "1", "0"), LS_H_TRANCHE, NULL), LS_H_ROW, NULL);
    refused(f, nowhere, "names the row");
    refused(f, change(f, nowhere, LS_H_REF, entry_id(f, VISIT_PLACE)), "names the row");
    x = says(f, change(f, nowhere, LS_H_REF, entry_id(f, CHALLENGE)), LS_INSPECTED_VISIT, CHALLENGE);
    assert_int_equal(x->tranche, 0);
    /* The next site, and the one after that. */
    x = says(f, visit(f, first, "1", "1"), LS_INSPECTED_VISIT, (uint32_t)first);
    says(f, visit(f, x->index, "1", "2"), LS_INSPECTED_VISIT, (uint32_t)first + 2);
    told(f, LS_FACT_USE, VISITS);
}

static void test_words_about_a_visit(void **state)
{
    fixture *f = *state;
    const ls_inspected *x;
    x = says(f, change(f, about(f, DPRK, "admit", VISIT_NEXT), LS_H_LIMITS, "no-photographs"), LS_INSPECTED_ADMIT,
             VISIT_NEXT);
    assert_int_equal(x->limits, 2);
    x = says(f, change(f, about(f, DPRK, "admit", VISIT_NEXT), LS_H_LIMITS, "no-photographs shrouding"),
             LS_INSPECTED_ADMIT, VISIT_NEXT);
    assert_int_equal(x->limits, 3);
    assert_int_equal(says(f, about(f, DPRK, "admit", VISIT_NEXT), LS_INSPECTED_ADMIT, VISIT_NEXT)->limits, 0);
    refused(f, change(f, about(f, DPRK, "admit", VISIT_NEXT), LS_H_LIMITS, "shrouding blindfolds"),
            "no limit blindfolds");
    says(f, about(f, DPRK, "refuse", VISIT_NEXT), LS_INSPECTED_REFUSE, VISIT_NEXT);
    x = says(f, said(f, DPRK, "postpone", LS_H_REF, entry_id(f, VISIT_NEXT), LS_H_UNTIL, "1970-01-01T00:00:01Z", END),
             LS_INSPECTED_POSTPONE, VISIT_NEXT);
    assert_int_equal(x->until, 1); /* how far it may be put off, the state says */
    x = says(f, change(f, about(f, ROK, "enter", VISIT_NEXT), LS_H_DATE, "2018-10-08"), LS_INSPECTED_ENTER, VISIT_NEXT);
    assert_int_equal(x->day, 17812); /* date -u -d 2018-10-08 +%s, in days */
    x = says(f, about(f, DPRK, "enter", VISIT_NEXT), LS_INSPECTED_ENTER, VISIT_NEXT);
    assert_int_equal(x->day, LS_NO_DAY);
    says(f, about(f, ROK, "leave", VISIT_NEXT), LS_INSPECTED_LEAVE, VISIT_NEXT);
    says(f, about(f, ROK, "leave", VISIT_NEXT), LS_INSPECTED_LEAVE, VISIT_NEXT); /* twice is harmless */
}

/* Where the accord has neither postponements, nor limits, nor a right for visits. */
static void test_plain_visits(void **state)
{
    fixture *f = *state;
    uint64_t drawn = take(f, said(f, USA, "draw", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, DECLARED),
                                  LS_H_POPULATION, "7", LS_H_ROWS, "1", LS_H_SPARE, "0", END));
    told(f, LS_FACT_USE, SWIFT_ROUNDS);
    size_t before = count_facts(f);
    uint64_t there = take(f, said(f, USA, "visit", LS_H_INSPECTION, "swift", LS_H_REF, entry_id(f, drawn), LS_H_TRANCHE,
                                  "1", LS_H_ROW, "0", END));
    assert_int_equal(count_facts(f), before);
    refused(f, said(f, DPRK, "postpone", LS_H_REF, entry_id(f, there), LS_H_UNTIL, "2018-10-11T00:00:00Z", END),
            "the inspection swift has no postponement of visits");
    refused(f, change(f, about(f, DPRK, "admit", there), LS_H_LIMITS, "shrouding"), "no limit shrouding");
    acceptable(f, about(f, DPRK, "admit", there));
    refused(f, about(f, ROK, "enter", there), "rok does not enter under swift");
    acceptable(f, about(f, USA, "enter", there));
}

static void test_places(void **state)
{
    fixture *f = *state;
    static const char *const places[] = {"90 180", "-90 -180", "0 0", "39.123456789 -125.5", "0.10 1.0", "-0.5 0"};
    static const char *const wrong[] = {"91 0",
                                        "0 181",
                                        "90.000000001 0",
                                        "0 -180.000000001",
                                        "1.1234567890 0",
                                        "-0 0",
                                        "0 -0.0",
                                        "01 0",
                                        "+1 0",
                                        "1e1 0",
                                        "1 2 3",
                                        "1.  2",
                                        ".5 1",
                                        "1 2.",
                                        "a b",
                                        "1  2",
                                        "10,5 20",
                                        "1 x"};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        acceptable(f, challenge(f, places[i], "50000"));
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        refused(f, challenge(f, wrong[i], "1"), "the place is none");
        refused(f, change(f, f->entry[CLARIFY], LS_H_PLACE, wrong[i]), "");
    }
    refused(f, challenge(f, "0 0", "50001"), "a radius of 50001 metres is more than the accord's largest, 50000");
    refused(f, challenge(f, "0 0", "9223372036854775807"), "is more than the accord's largest");
    refused(f, said(f, ROK, "clarify", LS_H_INSPECTION, "baseline", LS_H_PLACE, "0 0", LS_H_RADIUS, "50001", END),
            "is more than the accord's largest");
    ls_bytes zero;
    assert_false(try_change(f, challenge(f, "0 0", "1"), LS_H_RADIUS, "0", &zero));
}

static void test_challenges(void **state)
{
    fixture *f = *state;
    size_t before = count_facts(f);
    ls_bytes asked = said(f, ROK, "clarify", LS_H_INSPECTION, "baseline", LS_H_PLACE, "1 2", LS_H_RADIUS, "77", END);
    const ls_inspected *x = says(f, asked, LS_INSPECTED_CLARIFY, LS_NO_ENTRY);
    assert_int_equal(x->spare, 77);
    assert_int_equal(count_facts(f), before); /* a question uses nothing up */
    uint32_t question = x->index;
    says(f, about(f, DPRK, "answer", question), LS_INSPECTED_ANSWER, question);
    x = says(f, change(f, challenge(f, "1 2", "78"), LS_H_REF, entry_id(f, question)), LS_INSPECTED_CHALLENGE,
             question);
    assert_int_equal(x->spare, 78);
    told(f, LS_FACT_USE, CHALLENGES);
    says(f, challenge(f, "1 2", "1"), LS_INSPECTED_CHALLENGE, LS_NO_ENTRY);
    uint32_t there = (uint32_t)f->entry_count - 1;
    says(f, about(f, DPRK, "deny", there), LS_INSPECTED_DENY, there);
    x = says(f, answer_by_rows(f, there, "1"), LS_INSPECTED_OPEN, there);
    assert_int_equal(x->rows, 1);
    assert_int_equal(x->tranche, 0);
    x = says(f, change(f, fixture_open_act(f, 2, 0, ls_bytes_str("far")), LS_H_REF, entry_id(f, there)),
             LS_INSPECTED_OPEN, there);
    assert_int_equal(x->tranche, 2);
    assert_int_equal(x->rows, 0);
}

/* Rows of a draw that are opened. */
static void test_openings(void **state)
{
    fixture *f = *state;
    const ls_inspected *x = says(f, answer_by_rows(f, DRAW, "3"), LS_INSPECTED_OPEN, DRAW);
    assert_int_equal(x->rows, 3);
    assert_int_equal(x->spare, 0);
    x = says(f, change(f, answer_by_rows(f, DRAW, "3"), LS_H_BLANK, "3"), LS_INSPECTED_OPEN, DRAW);
    assert_int_equal(x->rows, 3);
    assert_int_equal(x->spare, 3);
    refused(f, change(f, answer_by_rows(f, DRAW, "3"), LS_H_BLANK, "4"), "how many of the rows");
    refused(f, change(f, answer_by_rows(f, CHALLENGE, "3"), LS_H_BLANK, "0"), "how many of the rows");
    ls_bytes alone = change(f, answer_by_rows(f, DRAW, "3"), LS_H_REF, NULL);
    acceptable(f, alone);
    refused(f, change(f, alone, LS_H_BLANK, "1"), "ref names neither");
    size_t before = count_inspected(f);
    take(f, alone); /* about nothing */
    assert_int_equal(count_inspected(f), before);
}

/* Reports. */

static void test_findings(void **state)
{
    fixture *f = *state;
    size_t before = count_facts(f);
    static const char *const names[] = {"consistent", "discrepancy", "inconclusive"};
    for (uint8_t i = 0; i < 3; i++) {
        assert_int_equal(says(f, report(f, ROK, VISIT_DRAWN, names[i]), LS_INSPECTED_REPORT, VISIT_DRAWN)->finding, i);
        assert_int_equal(says(f, report(f, DPRK, CHALLENGE, names[i]), LS_INSPECTED_REPORT, CHALLENGE)->finding, i);
        says(f, report(f, DPRK, DRAW, names[i]), LS_INSPECTED_REPORT, DRAW);
    }
    refused(f, report(f, ROK, VISIT_DRAWN, "fine"), "there is no finding fine");
    assert_int_equal(count_facts(f), before);
}

static ls_bytes answer_for(fixture *f, size_t party, const char *measure, const char *finding)
{
    return change(f, report(f, party, VISIT_DRAWN, finding), LS_H_MEASURE, measure);
}

static void test_answers(void **state)
{
    fixture *f = *state;
    size_t before = count_facts(f);
    says(f, answer_for(f, ROK, "show", "inconclusive"), LS_INSPECTED_REPORT, VISIT_DRAWN);
    assert_int_equal(count_facts(f), before);
    assert_int_equal(ls_record_at(f->record, f->entry_count - 1).measure, SHOW);
    says(f, answer_for(f, ROK, "show", "consistent"), LS_INSPECTED_REPORT, VISIT_DRAWN);
    const ls_fact *x = told(f, LS_FACT_CONFIRM, SHOW);
    assert_int_equal(x->by, ROK);
    assert_int_equal(x->party, ROK);
    assert_int_equal(x->ref, LS_NO_ENTRY);
    assert_int_equal(x->amount, LS_QUANTITY_NONE);
    assert_int_equal(x->day, LS_NO_DAY);
    says(f, change(f, answer_for(f, ROK, "show", "discrepancy"), LS_H_DATE, "2018-10-08"), LS_INSPECTED_REPORT,
         VISIT_DRAWN);
    x = told(f, LS_FACT_OBJECT, SHOW);
    assert_int_equal(x->ref, LS_NO_ENTRY);
    assert_int_equal(x->day, 17812);
    /* The inspected side says what it found, and answers nothing. */
    refused(f, answer_for(f, DPRK, "show", "consistent"), "do not answer for show");
    refused(f, answer_for(f, DPRK, "show", "inconclusive"), "do not answer for show");
    refused(f, answer_for(f, DPRK, "pull-back", "discrepancy"),
            "do not answer for pull-back"); /* nor where it verifies */
    acceptable(f, said(f, DPRK, "object", LS_H_MEASURE, "pull-back", END));
    acceptable(f, answer_for(f, ROK, "pull-back", "discrepancy"));
    /* A measure that it verifies, but not by its reports; and one that it does not verify. */
    refused(f, answer_for(f, ROK, "tidy", "consistent"), "do not answer for tidy");
    refused(f, answer_for(f, ROK, "open-near", "discrepancy"), "do not answer for open-near");
    refused(f, answer_for(f, ROK, "nothing", "consistent"), "no measure nothing");
}

/* It is a confirm: of what was not performed there is none. */
static void test_nothing_to_confirm(void **state)
{
    fixture *f = *state;
    refused(f, said(f, ROK, "confirm", LS_H_MEASURE, "hand-in", END), "nothing to confirm");
    refused(f, answer_for(f, ROK, "hand-in", "consistent"), "nothing to confirm");
    refused(f, answer_for(f, ROK, "freeze", "consistent"), "nothing to confirm");
    acceptable(f, answer_for(f, ROK, "hand-in", "discrepancy")); /* as object is */
    acceptable(f, answer_for(f, ROK, "hand-in", "inconclusive"));
    acceptable(f, answer_for(f, ROK, "freeze", "discrepancy"));
    take(f, said(f, DPRK, "perform", LS_H_MEASURE, "hand-in", LS_H_AMOUNT, "4 t", END));
    take(f, answer_for(f, ROK, "hand-in", "consistent"));
    assert_int_equal(told(f, LS_FACT_CONFIRM, HAND_IN)->amount, LS_QUANTITY_NONE); /* all of it */
}

/* Rights. */
static void test_rights(void **state)
{
    fixture *f = *state;
    take(f, draw(f));
    const ls_fact *x = told(f, LS_FACT_USE, ROUNDS);
    assert_int_equal(x->by, ROK);
    assert_int_equal(x->ref, LS_NO_ENTRY);
    take(f, draw(f));
    take(f, draw(f)); /* beyond its quota: that is for the state to say */
    told(f, LS_FACT_USE, ROUNDS);
    refused(f, said(f, ROK, "use", LS_H_RIGHT, "rounds", END), "rounds is used by inspections");
    refused(f, said(f, ROK, "use", LS_H_RIGHT, "visits", END), "visits is used by inspections");
    refused(f, said(f, ROK, "use", LS_H_RIGHT, "challenges", END), "challenges is used by inspections");
    refused(f, said(f, USA, "use", LS_H_RIGHT, "swift-rounds", END), "swift-rounds is used by inspections");
    take(f, said(f, ROK, "use", LS_H_RIGHT, "idle", END));
    told(f, LS_FACT_USE, IDLE);
}

/* What is taken back, and what is not. */

static void test_withdrawals(void **state)
{
    fixture *f = *state;
    static const struct {
        size_t party;
        uint64_t index;
    } own[] = {{ROK, VISIT_DRAWN}, {ROK, VISIT_PLACE}, {DPRK, REFUSE},
               {DPRK, POSTPONE},   {ROK, CLARIFY},     {ROK, CHALLENGE}};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        size_t before = count_facts(f);
        const ls_inspected *x =
            says(f, take_back(f, own[i].party, own[i].index), LS_INSPECTED_WITHDRAW, (uint32_t)own[i].index);
        assert_int_equal(count_facts(f), before); /* what was used up stays so */
        assert_true(ls_bytes_is(x->rule->id, "baseline"));
        refused(f, take_back(f, own[i].party == ROK ? DPRK : ROK, own[i].index), "only its own acts");
    }
    static const uint64_t stay[] = {
        DRAW,         COMMIT_DPRK, REVEAL_DPRK, CHOOSE,           ADMIT,  ENTER,      ANSWER, DENY, OPEN_DRAWN,
        REPORT_VISIT, LEAVE,       COMMIT_ROK,  REPORT_CHALLENGE, NOTIFY, REPORT_DRAW};
    for (size_t i = 0; i < sizeof stay / sizeof *stay; i++) {
        refused(f, take_back(f, ls_record_at(f->record, stay[i]).by, stay[i]), "can't be withdrawn");
    }
}

/* Without a place for the reason, nothing is different. */
static void test_without_a_detail(void **state)
{
    fixture *f = *state;
    ls_bytes notes[] = {
        change(f, draw_of(f, DECLARED, "3", "3", "1"), LS_H_TRANCHE, "2"), /* more than there are */
        draw_of(f, DECLARED, "7", "4", "0"),
        draw_of(f, DECLARED, "8", "1", "0"),
        draw_of(f, DRAW, "7", "1", "0"),
        commit(f, DPRK, COMMITTED, 0),
        reveal(f, DPRK, COMMITTED, 0),
        choose(f, DRAW, "2", "1\n1\n"),
        visit(f, DRAW, "9", "0"),
        about(f, USA, "enter", VISIT_DRAWN),
        challenge(f, "91 0", "1"),
        answer_for(f, ROK, "tidy", "consistent"),
        report(f, ROK, ADMIT, "consistent"),
        answer_by_rows(f, VISIT_DRAWN, "1"),
        said(f, ROK, "use", LS_H_RIGHT, "rounds", END),
        about(f, DPRK, "contest", DECLARED),
    };
    for (size_t i = 0; i < sizeof notes / sizeof *notes; i++) {
        ls_act act = parsed(notes[i]);
        assert_ptr_equal(ls_record_accept(f->record, &act, LS_CHECK_SIGNATURES, NULL).fault, &ls_fault_refused);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(furnished, test_headers),
        ON(furnished, test_headers_that_may_stand),
        ON(furnished, test_authors),
        ON(furnished, test_hint_names_who_may),
        ON(furnished, test_pairs),
        ON(furnished, test_of_another_inspection),
        ON(furnished, test_of_an_inspection_without),
        ON(furnished, test_visits),
        ON(furnished, test_words_about_a_visit),
        ON(furnished, test_plain_visits),
        ON(furnished, test_places),
        ON(furnished, test_challenges),
        ON(furnished, test_openings),
        ON(furnished, test_findings),
        ON(furnished, test_answers),
        ON(furnished, test_nothing_to_confirm),
        ON(furnished, test_rights),
        ON(furnished, test_withdrawals),
        ON(furnished, test_without_a_detail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
