/*
 * Tests of acts of talks, one for each sentence of docs/protocol.md: headers of each kind, who may say what of which
 * act, names, parties, words, joint acts, and what is taken back.
 */
#include "process/sealed.h"
#include "talk_acts.h"

/* What there is to speak of: by usa to dprk, and nothing of it is rok's. */
enum { CHARTER, ACCORD, STAMP, LETTER, PROPOSAL, MEETING, GROUP, PLEDGE, TEXT, SEARCH, THERE };

static int open_talks(void **state)
{
    open_accord(state);
    fixture *f = *state;
    fixture_append(f, say(f, USA, "letter", LS_H_TO, "dprk", END));
    fixture_append(f, say(f, USA, "propose", LS_H_TO, "dprk", LS_H_UNTIL, LATER, END));
    fixture_append(f, say(f, USA, "meet", LS_H_MEETING, "first", LS_H_TO, "dprk", END));
    fixture_append(f, say(f, USA, "group", LS_H_GROUP, "arms", LS_H_TO, "dprk", END));
    fixture_append(f, say(f, USA, "pledge", LS_H_ITEM, "fuel", LS_H_OF, "dprk", END));
    fixture_append(f, say(f, USA, "text", LS_H_TEXT, "draft", LS_H_TO, "dprk", LS_H_LANGUAGES, "en ko", END));
    fixture_append(f, search(f, USA, "dprk", "borda"));
    return 0;
}

static const char *id(fixture *f, uint64_t index)
{
    return kept_id(f, index);
}

/* Headers of each kind, as docs/protocol.md lists them. */

#define B(h) (1ull << (h))
#define FILES B(LS_H_ATTACHMENT)
#define REF B(LS_H_REF)
#define SPOKEN (B(LS_H_OF) | B(LS_H_TO) | REF | B(LS_H_UNTIL) | B(LS_H_GROUP) | FILES)

static const struct {
    const char *kind;
    uint64_t needs, may_have;
    bool needs_text, one_file;
} kinds[] = {
    {"letter", B(LS_H_TO), REF | FILES, false, false},
    {"propose", B(LS_H_TO) | B(LS_H_UNTIL), REF | B(LS_H_GROUP) | FILES, true, false},
    {"accept", REF, FILES, false, false},
    {"decline", REF, FILES, true, false},
    {"meet", B(LS_H_MEETING) | B(LS_H_TO), B(LS_H_DUE) | B(LS_H_VENUE) | B(LS_H_UNTIL) | B(LS_H_GROUP) | REF | FILES,
     false, false},
    {"appoint", B(LS_H_MEETING) | B(LS_H_DUE) | B(LS_H_VENUE), B(LS_H_GROUP) | REF | FILES, false, false},
    {"defer", REF, B(LS_H_DUE) | B(LS_H_VENUE) | FILES, true, false},
    {"cancel", REF, FILES, true, false},
    {"hold", REF | B(LS_H_DATE), FILES, false, false},
    {"minutes", REF, FILES, false, false},
    {"debrief", REF | B(LS_H_TO), B(LS_H_OF) | B(LS_H_PASS_TO) | FILES, false, false},
    {"group", B(LS_H_GROUP) | B(LS_H_TO), B(LS_H_MEMBERS) | B(LS_H_ACCORD) | B(LS_H_TRACK) | FILES, true, false},
    {"enlist", REF | B(LS_H_MEMBERS), FILES, false, false},
    {"quit", REF, FILES, false, false},
    {"agenda", REF | B(LS_H_ITEM), B(LS_H_CHANGE) | FILES, true, false},
    {"group-report", REF | B(LS_H_TO), FILES, false, false},
    {"pledge", B(LS_H_ITEM), SPOKEN, true, false},
    {"demand", B(LS_H_ITEM), SPOKEN, true, false},
    {"claim", B(LS_H_ITEM), SPOKEN, true, false},
    {"redeem", REF | B(LS_H_ACCORD) | B(LS_H_MEASURE), FILES, false, false},
    {"text", B(LS_H_TEXT) | B(LS_H_TO) | B(LS_H_LANGUAGES), B(LS_H_METHOD) | B(LS_H_ACCORD) | B(LS_H_GROUP) | FILES,
     false, false},
    {"edit", REF | FILES, 0, false, true},
    {"agree", REF | FILES, B(LS_H_METHOD), false, true},
    {"diverge", REF | B(LS_H_ITEM) | B(LS_H_LANGUAGES), FILES, true, false},
    {"schedule", B(LS_H_TO) | B(LS_H_CAP) | B(LS_H_METHOD) | B(LS_H_UNTIL) | FILES, B(LS_H_REF) | B(LS_H_GROUP), false,
     true},
    {"schedule-commit", REF | B(LS_H_COMMITMENT), 0, false, false},
    {"schedule-send", REF | FILES, 0, false, true},
    {"schedule-reveal", REF | FILES, 0, false, true},
    {"readout", REF | FILES, 0, false, false},
};
#define KINDS (sizeof kinds / sizeof *kinds)

/* The searches that the acts of a search are about: one after its lists were committed to, one after its rankings. */
typedef struct searches {
    uint64_t committed, ranked;
} searches;

static uint64_t search_up_to(fixture *f, ls_search_step last)
{
    uint64_t index = fixture_append(f, search(f, USA, "dprk", "borda"));
    for (ls_search_step s = LS_SEARCH_LIST; s <= last; s++) {
        fixture_append(f, take_step(f, USA, index, s));
        fixture_append(f, take_step(f, DPRK, index, s));
        fixture_stamp(f);
    }
    return index;
}

/* One of each kind that is acceptable, with what it needs and nothing else. */
static ls_bytes act_of_kind(fixture *f, const char *kind, searches s)
{
    const struct {
        const char *kind;
        ls_bytes note;
    } acts[] = {
        {"letter", say(f, ROK, "letter", LS_H_TO, "dprk", END)},
        {"propose", say(f, DPRK, "propose", LS_H_TO, "usa", LS_H_UNTIL, LATER, END)},
        {"accept", say(f, DPRK, "accept", LS_H_REF, id(f, PROPOSAL), END)},
        {"decline", say(f, DPRK, "decline", LS_H_REF, id(f, PROPOSAL), END)},
        {"meet", say(f, ROK, "meet", LS_H_MEETING, "second", LS_H_TO, "usa", END)},
        {"appoint", jointly(f, "dprk usa", "appoint", LS_H_MEETING, "joint", LS_H_DUE, SOME_DAY, LS_H_VENUE,
                            "Geneva, Palais Wilson", END)},
        {"defer", say(f, DPRK, "defer", LS_H_REF, id(f, MEETING), END)},
        {"cancel", say(f, DPRK, "cancel", LS_H_REF, id(f, MEETING), END)},
        {"hold", say(f, DPRK, "hold", LS_H_REF, id(f, MEETING), LS_H_DATE, SOME_DAY, END)},
        {"minutes", jointly(f, "dprk usa", "minutes", LS_H_REF, id(f, MEETING), END)},
        {"debrief", say(f, ROK, "debrief", LS_H_REF, id(f, MEETING), LS_H_TO, "usa", END)},
        {"group", say(f, ROK, "group", LS_H_GROUP, "others", LS_H_TO, "usa", END)},
        {"enlist", say(f, DPRK, "enlist", LS_H_REF, id(f, GROUP), LS_H_MEMBERS, "pak kim", END)},
        {"quit", say(f, DPRK, "quit", LS_H_REF, id(f, GROUP), END)},
        {"agenda", say(f, DPRK, "agenda", LS_H_REF, id(f, GROUP), LS_H_ITEM, "mines", END)},
        {"group-report", say(f, DPRK, "group-report", LS_H_REF, id(f, GROUP), LS_H_TO, "rok", END)},
        {"pledge", say(f, ROK, "pledge", LS_H_ITEM, "rice", END)},
        {"demand", say(f, ROK, "demand", LS_H_ITEM, "rice", END)},
        {"claim", say(f, ROK, "claim", LS_H_ITEM, "rice", END)},
        {"redeem", said(f, DPRK, "redeem", LS_H_REF, id(f, PLEDGE), LS_H_MEASURE, "declare-sites", END)},
        {"text", say(f, ROK, "text", LS_H_TEXT, "other", LS_H_TO, "usa", LS_H_LANGUAGES, "en ko", END)},
        {"edit", with_file(f, say(f, DPRK, "edit", LS_H_REF, id(f, TEXT), END), "process")},
        {"agree", with_file(f, say(f, DPRK, "agree", LS_H_REF, id(f, TEXT), END), "process")},
        {"diverge", say(f, DPRK, "diverge", LS_H_REF, id(f, TEXT), LS_H_ITEM, "p1", LS_H_LANGUAGES, "ko en", END)},
        {"schedule", search(f, USA, "dprk", "least-regret")},
        {"schedule-commit", commit(f, DPRK, SEARCH)},
        {"schedule-send", send_for(f, DPRK, s.committed, "usa")},
        {"schedule-reveal", reveal_for(f, DPRK, s.ranked, "usa")},
        {"readout", with_file(f, say(f, ROK, "readout", LS_H_REF, id(f, MEETING), END), "public")},
    };
    size_t i = 0;
    assert_int_equal(sizeof acts / sizeof *acts, KINDS);
    while (strcmp(acts[i].kind, kind) != 0) {
        i++;
    }
    return acts[i].note;
}

/* A value for every header that does not belong to a shape. */
static const char *value_of(fixture *f, ls_header h, const char *kind)
{
    static char accord[LS_HEX_HASH_SIZE];
    switch (h) {
    case LS_H_ACCORD:
        ls_hash_format(&f->accord, accord);
        return accord;
    case LS_H_REF:
        return id(f, strcmp(kind, "appoint") == 0 ? PROPOSAL : strcmp(kind, "schedule") == 0 ? MEETING : LETTER);
    case LS_H_TO:
        return strcmp(kind, "letter") == 0 ? "usa" : "dprk usa";
    case LS_H_OF:
    case LS_H_FOR:
        return "usa";
    case LS_H_PASS_TO:
        return "rok public";
    case LS_H_MEASURE:
        return "declare-sites";
    case LS_H_GROUP:
        return "arms";
    case LS_H_MEMBERS:
        return "smith jones";
    case LS_H_LANGUAGES:
        return "en ko";
    case LS_H_VENUE:
        return "Geneva";
    case LS_H_FINDING:
        return "consistent";
    case LS_H_CHANGE:
        return "settled";
    case LS_H_LIMITS:
        return "shrouding";
    case LS_H_PLACE:
        return "39.7956 125.755";
    case LS_H_RADIUS:
    case LS_H_SCORE:
    case LS_H_TRANCHES:
    case LS_H_ROW_BYTES:
    case LS_H_TRANCHE:
    case LS_H_ROW:
    case LS_H_POPULATION:
    case LS_H_ROWS:
    case LS_H_SPARE:
    case LS_H_BLANK:
    case LS_H_CAP:
    case LS_H_SINCE:
        return "1";
    case LS_H_METHOD:
        return strcmp(kind, "agree") == 0 ? "ad-referendum" : "whole";
    case LS_H_DUE:
    case LS_H_DATE:
        return SOME_DAY;
    case LS_H_NONCE:
    case LS_H_SCHEMA:
    case LS_H_ROOT:
    case LS_H_COMMITMENT:
        return ONES;
    case LS_H_UNTIL:
        return LATER;
    default:
        return "arms"; /* a name */
    }
}

static ls_bytes with_header(fixture *f, ls_bytes note, ls_header h, const char *kind)
{
    return h == LS_H_ATTACHMENT ? with_file(f, note, "process") : change(f, note, h, value_of(f, h, kind));
}

static void try_header(fixture *f, size_t k, ls_bytes good, ls_header h)
{
    const char *kind = kinds[k].kind;
    uint64_t bit = B(h);
    if ((kinds[k].needs & bit) != 0) {
        refused(f, h == LS_H_ATTACHMENT ? without_files(f, good) : change(f, good, h, NULL), "needs the header");
    } else if ((kinds[k].may_have & bit) == 0) {
        refused(f, with_header(f, good, h, kind), "has no header");
    } else if (h == LS_H_TRACK) {
        refused(f, with_header(f, good, h, kind), "has no track arms"); /* of which accord? */
        acceptable(f, with_header(f, with_header(f, good, LS_H_ACCORD, kind), h, kind));
    } else if (h != LS_H_ATTACHMENT || !kinds[k].one_file) {
        acceptable(f, with_header(f, good, h, kind));
    }
}

static void test_headers(void **state)
{
    fixture *f = *state;
    searches s = {search_up_to(f, LS_SEARCH_LIST), search_up_to(f, LS_SEARCH_RANKING)};
    for (size_t k = 0; k < KINDS; k++) {
        ls_bytes good = act_of_kind(f, kinds[k].kind, s);
        bool joint = parsed(good).shape == LS_SHAPE_JOINT;
        acceptable(f, good);
        for (ls_header h = LS_H_REF; h < LS_HEADER_COUNT; h++) {
            if (h != LS_H_KEY && h != LS_H_PROOF) { /* whose form takes a real key: no kind of talks is about one */
                try_header(f, k, good, h);
            }
        }
        try_header(f, k, good, LS_H_ACCORD);
        if (!joint) {
            refused(f, change(f, good, LS_H_NONCE, ONES), "has no header");
        }
        if ((kinds[k].needs & B(LS_H_DATE)) != 0) {
            refused(f, change(f, good, LS_H_DATE, NULL), "needs the header");
        } else {
            acceptable(f, change(f, good, LS_H_DATE, SOME_DAY));
        }
        if (kinds[k].needs_text) {
            refused(f, with_text(f, good, ""), "needs a text");
        } else {
            acceptable(f, with_text(f, good, ""));
        }
    }
}

/* Each has one shape: appoint and minutes are joint, all others chained. */
static void test_shapes(void **state)
{
    fixture *f = *state;
    searches s = {SEARCH, SEARCH};
    for (size_t k = 0; k < KINDS; k++) {
        bool joint = strcmp(kinds[k].kind, "appoint") == 0 || strcmp(kinds[k].kind, "minutes") == 0;
        ls_act act = parsed(act_of_kind(f, kinds[k].kind, s));
        ls_act_draft d;
        ls_bytes text;
        assert_int_equal(act.shape, joint ? LS_SHAPE_JOINT : LS_SHAPE_CHAINED);
        draft_of(&act, &d);
        for (ls_header h = LS_H_SEQ; h <= LS_H_HEAD; h++) {
            ls_buf_free(&d.value[h]);
            d.value[h] = (ls_buf){0};
        }
        ls_act_draft_set(&d, LS_H_ACT, "%s", joint ? "letter" : "minutes");
        assert_false(finish_text(f, &d, &text));
    }
}

/* Each is what the record says of it. */
static void test_facts(void **state)
{
    fixture *f = *state;
    const uint32_t dprk = LS_PARTY_BIT(DPRK), usa = LS_PARTY_BIT(USA), rok = LS_PARTY_BIT(ROK);
    says(f,
         say(f, ROK, "meet", LS_H_MEETING, "second", LS_H_TO, "usa dprk", LS_H_DUE, SOME_DAY, LS_H_UNTIL, LATER,
             LS_H_GROUP, "arms", LS_H_REF, id(f, STAMP), END),
         LS_TALK_MEET, STAMP);
    const ls_talk *t = last_talk(f);
    assert_true(t->to == (dprk | usa) && t->by == ROK && t->of == LS_TALK_JOINT && t->pass_to == 0);
    assert_true(ls_bytes_is(t->name, "second") && t->group == GROUP && t->until == 1543622400 && t->accord == -1);
    assert_int_equal(t->due, 17840); /* date -u -d 2018-11-05 +%s, in days */
    assert_int_equal(t->day, LS_NO_DAY);
    says(f, jointly(f, "dprk usa", "appoint", LS_H_MEETING, "third", LS_H_DUE, SOME_DAY, LS_H_VENUE, "Geneva", END),
         LS_TALK_APPOINT, LS_NO_ENTRY);
    t = last_talk(f);
    assert_true(t->to == (dprk | usa) && t->by == LS_TALK_JOINT && ls_talk_involved(t) == (dprk | usa));
    assert_true(t->until == LS_TIME_OPEN && t->group == LS_NO_ENTRY);
    says(f, say(f, DPRK, "hold", LS_H_REF, id(f, MEETING), LS_H_DATE, SOME_DAY, END), LS_TALK_HOLD, MEETING);
    assert_int_equal(last_talk(f)->day, 17840);
    says(f,
         say(f, ROK, "debrief", LS_H_REF, id(f, MEETING), LS_H_TO, "usa", LS_H_OF, "dprk", LS_H_PASS_TO, "rok public",
             END),
         LS_TALK_DEBRIEF, MEETING);
    t = last_talk(f);
    assert_true(t->of == DPRK && t->pass_to == rok && t->pass_public && t->to == usa);
    says(f, say(f, ROK, "debrief", LS_H_REF, id(f, MEETING), LS_H_TO, "usa", LS_H_PASS_TO, "dprk", END),
         LS_TALK_DEBRIEF, MEETING);
    assert_true(last_talk(f)->pass_to == dprk && !last_talk(f)->pass_public);
    says(f, said(f, DPRK, "redeem", LS_H_REF, id(f, PLEDGE), LS_H_MEASURE, "declare-sites", END), LS_TALK_REDEEM,
         PLEDGE);
    assert_true(ls_bytes_is(last_talk(f)->measure, "declare-sites") && last_talk(f)->accord == 0);
    says(f, search(f, ROK, "usa", "least-regret"), LS_TALK_SCHEDULE, LS_NO_ENTRY);
    assert_true(last_talk(f)->cap == 40 && last_talk(f)->word == LS_RULE_LEAST_REGRET);
    uint64_t index = ls_record_size(f->record) - 1;
    says(f, commit(f, ROK, index), LS_TALK_SCHEDULE_COMMIT, (uint32_t)index);
    assert_int_equal(last_talk(f)->value.b[0], 0x11);
    assert_int_equal(last_talk(f)->word, LS_SEARCH_LIST);
}

/* Words. */
static void test_words(void **state)
{
    fixture *f = *state;
    const struct {
        const char *value;
        uint8_t word;
    } changes[] = {{"open", LS_AGENDA_OPEN}, {"settled", LS_AGENDA_SETTLED}, {"dropped", LS_AGENDA_DROPPED}},
      rules[] = {{"earliest", LS_RULE_EARLIEST}, {"borda", LS_RULE_BORDA}, {"least-regret", LS_RULE_LEAST_REGRET}};
    ls_bytes agenda = say(f, USA, "agenda", LS_H_REF, id(f, GROUP), LS_H_ITEM, "mines", END);
    says(f, agenda, LS_TALK_AGENDA, GROUP);
    assert_int_equal(last_talk(f)->word, LS_AGENDA_OPEN);
    for (size_t i = 0; i < 3; i++) {
        agenda = say(f, USA, "agenda", LS_H_REF, id(f, GROUP), LS_H_ITEM, "mines", LS_H_CHANGE, changes[i].value, END);
        says(f, agenda, LS_TALK_AGENDA, GROUP);
        assert_int_equal(last_talk(f)->word, changes[i].word);
        assert_true(ls_bytes_is(last_talk(f)->name, "mines"));
        says(f, search(f, USA, "rok", rules[i].value), LS_TALK_SCHEDULE, LS_NO_ENTRY);
        assert_int_equal(last_talk(f)->word, rules[i].word);
    }
    agenda = say(f, USA, "agenda", LS_H_REF, id(f, GROUP), LS_H_ITEM, "mines", LS_H_CHANGE, "moved", END);
    refused(f, agenda, "agenda has no change moved"); /* a word of `notify` */
    static const char *const wrong[] = {"whole", "ad-referendum", "random", "borda-2"};
    for (size_t i = 0; i < 4; i++) {
        refused(f, search(f, USA, "rok", wrong[i]), "schedule has no method");
    }
    ls_bytes text = say(f, USA, "text", LS_H_TEXT, "two", LS_H_TO, "rok", LS_H_LANGUAGES, "en", END);
    refused(f, change(f, text, LS_H_METHOD, "ad-referendum"), "text has no method");
    says(f, change(f, text, LS_H_METHOD, "whole"), LS_TALK_TEXT, LS_NO_ENTRY);
    assert_int_equal(last_talk(f)->word, LS_TEXT_WHOLE);
    ls_bytes agree = with_file(f, say(f, DPRK, "agree", LS_H_REF, id(f, TEXT), END), "process");
    refused(f, change(f, agree, LS_H_METHOD, "whole"), "agree has no method");
    says(f, change(f, agree, LS_H_METHOD, "ad-referendum"), LS_TALK_AGREE, TEXT);
    assert_int_equal(last_talk(f)->word, LS_AGREE_REFERENDUM);
}

/* Who may: of an act by usa to dprk; rok is neither. */
static void test_authors(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *kind;
        int ref;
        ls_header header;
        const char *value;
        bool author, addressee, other, file;
    } who[] = {
        {"letter", LETTER, LS_H_TO, "", true, true, true, false},
        {"accept", PROPOSAL, END, "", false, true, false, false},
        {"accept", MEETING, END, "", true, true, false, false},
        {"decline", PROPOSAL, END, "", false, true, false, false},
        {"decline", MEETING, END, "", true, true, false, false},
        {"defer", MEETING, END, "", true, true, false, false},
        {"cancel", MEETING, END, "", true, true, false, false},
        {"hold", MEETING, LS_H_DATE, SOME_DAY, true, true, false, false},
        {"debrief", MEETING, LS_H_TO, "", true, true, true, false},
        {"enlist", GROUP, LS_H_MEMBERS, "kim", true, true, false, false},
        {"quit", GROUP, END, "", true, true, false, false},
        {"group-report", GROUP, LS_H_TO, "", true, true, false, false},
        {"agenda", GROUP, LS_H_ITEM, "x", true, true, false, false},
        {"agenda", MEETING, LS_H_ITEM, "x", true, true, false, false},
        {"edit", TEXT, END, "", true, true, false, true},
        {"agree", TEXT, END, "", true, true, false, true},
        {"readout", MEETING, END, "", true, true, true, true},
    };
    for (size_t i = 0; i < sizeof who / sizeof *who; i++) {
        const struct {
            size_t party;
            bool may;
        } by[] = {{USA, who[i].author}, {DPRK, who[i].addressee}, {ROK, who[i].other}};
        for (size_t p = 0; p < 3; p++) {
            const char *value = who[i].header == LS_H_TO ? (by[p].party == ROK ? "usa" : "rok") : who[i].value;
            ls_bytes note = who[i].header == END
                                ? say(f, by[p].party, who[i].kind, LS_H_REF, id(f, (uint64_t)who[i].ref), END)
                                : say(f, by[p].party, who[i].kind, LS_H_REF, id(f, (uint64_t)who[i].ref), who[i].header,
                                      value, END);
            note = who[i].file ? with_file(f, note, "process") : note;
            if (by[p].may) {
                acceptable(f, note);
            } else {
                refused(f, note, "is not one that may say");
            }
        }
    }
    for (size_t p = 0; p < 3; p++) {
        ls_bytes diverge = say(f, p, "diverge", LS_H_REF, id(f, TEXT), LS_H_ITEM, "p1", LS_H_LANGUAGES, "en ko", END);
        ls_bytes counter =
            say(f, p, "propose", LS_H_TO, p == ROK ? "usa" : "rok", LS_H_UNTIL, LATER, LS_H_REF, id(f, PROPOSAL), END);
        (p != ROK ? acceptable(f, diverge) : refused(f, diverge, "is not one that may say"));
        (p == DPRK ? acceptable(f, counter) : refused(f, counter, "only whom a proposal was made to can counter it"));
    }
    /* The pledge is by usa and of dprk. */
    acceptable(f, said(f, USA, "redeem", LS_H_REF, id(f, PLEDGE), LS_H_MEASURE, "declare-sites", END));
    refused(f, said(f, ROK, "redeem", LS_H_REF, id(f, PLEDGE), LS_H_MEASURE, "declare-sites", END),
            "is not one that may say");
    uint64_t own = fixture_append(f, say(f, USA, "demand", LS_H_ITEM, "own", LS_H_TO, "dprk", END));
    acceptable(f, said(f, USA, "redeem", LS_H_REF, id(f, own), LS_H_MEASURE, "declare-sites", END));
    refused(f, said(f, DPRK, "redeem", LS_H_REF, id(f, own), LS_H_MEASURE, "declare-sites", END),
            "is not one that may say");
    refused(f, said(f, USA, "redeem", LS_H_REF, id(f, own), LS_H_MEASURE, "others", END), "no measure others");
    uint64_t claim = fixture_append(f, say(f, USA, "claim", LS_H_ITEM, "hills", END));
    refused(f, said(f, USA, "redeem", LS_H_REF, id(f, claim), LS_H_MEASURE, "declare-sites", END),
            "ref does not name what a redeem can be about");
}

/* What each kind may be about: entries LETTER to SEARCH, a letter that lapsed, the accord, and a meeting of all. */
static void test_refs(void **state)
{
    fixture *f = *state;
    enum { L = 1, P = 2, M = 4, G = 8, I = 16, T = 32, S = 64, ALL = 127 };
    static const struct {
        const char *kind;
        int may;     /* bit i: entry LETTER + i */
        bool others; /* and what is nothing of talks */
    } about[] = {
        {"letter", L, false},
        {"propose", ALL, true},
        {"accept", P | M, false},
        {"decline", P | M, false},
        {"meet", ALL, true},
        {"appoint", S | P | M, false},
        {"defer", M, false},
        {"cancel", M, false},
        {"hold", M, false},
        {"minutes", M, false},
        {"debrief", L | P | M, false},
        {"enlist", G, false},
        {"quit", G, false},
        {"agenda", G | M, false},
        {"group-report", G, false},
        {"pledge", ALL, true},
        {"demand", ALL, true},
        {"claim", ALL, true},
        {"redeem", I, false},
        {"edit", T, false},
        {"agree", T, false},
        {"diverge", T, false},
        {"schedule-commit", S, false},
        {"schedule-send", 0, false},
        {"schedule-reveal", 0, false},
        {"readout", M, false},
    };
    uint64_t late = lapses(f, say(f, USA, "letter", LS_H_TO, "dprk", END));
    searches s = {SEARCH, SEARCH};
    for (size_t i = 0; i < sizeof about / sizeof *about; i++) {
        const char *kind = about[i].kind;
        ls_bytes note = act_of_kind(f, kind, s);
        note = strcmp(kind, "letter") == 0 ? say(f, DPRK, "letter", LS_H_TO, "rok", END) : note;
        for (int k = 0; k < THERE - LETTER; k++) {
            ls_bytes changed = change(f, note, LS_H_REF, id(f, (uint64_t)(LETTER + k)));
            if ((about[i].may >> k & 1) != 0) {
                acceptable(f, changed);
            } else {
                refused(f, changed,
                        strncmp(kind, "schedule-", 9) == 0 && LETTER + k == SEARCH ? "both must have committed"
                                                                                   : "ref does not name what a");
            }
        }
        for (uint64_t k = CHARTER; k <= STAMP; k++) {
            ls_bytes changed = change(f, note, LS_H_REF, id(f, k));
            (about[i].others ? acceptable(f, changed) : refused(f, changed, "ref does not name what a"));
        }
        refused(f, change(f, note, LS_H_REF, ONES), "ref names no act on the record that has effect");
        refused(f, change(f, note, LS_H_REF, id(f, late)), "ref names no act on the record that has effect");
    }
}

/* A withdrawn act is still one: what follows is said where the state is told. */
static void test_refs_to_what_was_withdrawn(void **state)
{
    fixture *f = *state;
    fixture_append(f, take_back(f, USA, PROPOSAL));
    fixture_append(f, take_back(f, USA, MEETING));
    acceptable(f, say(f, DPRK, "accept", LS_H_REF, id(f, PROPOSAL), END));
    acceptable(f, say(f, DPRK, "cancel", LS_H_REF, id(f, MEETING), END));
}

/* What has lapsed before its answer comes can't be answered, nor taken back. */
static void test_what_lapsed(void **state)
{
    fixture *f = *state;
    uint64_t proposal = lapses(f, say(f, USA, "propose", LS_H_TO, "dprk", LS_H_UNTIL, LATER, END));
    uint64_t meeting = lapses(
        f, jointly(f, "dprk usa", "appoint", LS_H_MEETING, "late", LS_H_DUE, SOME_DAY, LS_H_VENUE, "Geneva", END));
    refused(f, say(f, DPRK, "accept", LS_H_REF, id(f, proposal), END), "that has effect");
    refused(f, take_back(f, USA, proposal), "it has no effect");
    refused(f, say(f, DPRK, "hold", LS_H_REF, id(f, meeting), LS_H_DATE, SOME_DAY, END), "that has effect");
    refused(f, jointly(f, "dprk usa", "minutes", LS_H_REF, id(f, meeting), END), "that has effect");
}

/* Names. */

static ls_bytes begin(fixture *f, size_t party, ls_header space, const char *kind, const char *name)
{
    if (space == LS_H_TEXT) {
        return say(f, party, kind, space, name, LS_H_TO, party == DPRK ? "usa" : "dprk", LS_H_LANGUAGES, "en", END);
    }
    return strcmp(kind, "appoint") == 0
               ? jointly(f, "dprk usa", kind, space, name, LS_H_DUE, SOME_DAY, LS_H_VENUE, "Geneva", END)
           : space == LS_H_ITEM ? say(f, party, kind, space, name, END)
                                : say(f, party, kind, space, name, LS_H_TO, party == DPRK ? "usa" : "dprk", END);
}

static const struct {
    const char *kind;
    ls_header space;
} begins[] = {{"meet", LS_H_MEETING}, {"appoint", LS_H_MEETING}, {"group", LS_H_GROUP}, {"text", LS_H_TEXT},
              {"pledge", LS_H_ITEM},  {"demand", LS_H_ITEM},     {"claim", LS_H_ITEM}};
#define BEGINS (sizeof begins / sizeof *begins)

/* Taken in its own space, by whatever begins something there; free in all others. */
static void test_names_are_taken(void **state)
{
    fixture *f = *state;
    char name[16];
    for (size_t i = 0; i < BEGINS; i++) {
        snprintf(name, sizeof name, "name-%zu", i);
        uint64_t index = fixture_append(f, begin(f, USA, begins[i].space, begins[i].kind, name));
        for (size_t k = 0; k < BEGINS; k++) {
            ls_bytes again = begin(f, DPRK, begins[k].space, begins[k].kind, name);
            if (begins[k].space == begins[i].space) {
                refused(f, again, "already");
            } else {
                acceptable(f, again);
                assert_null(named(f, begins[k].space, name));
            }
        }
        assert_int_equal(named(f, begins[i].space, name)->index, index);
    }
    /* Withdrawn, it keeps its name; so nobody is misled by another. */
    fixture_append(f, take_back(f, USA, MEETING));
    refused(f, begin(f, DPRK, LS_H_MEETING, "meet", "first"), "there is a meeting first already");
    /* An item of an agenda and a paragraph are no names of this kind. */
    for (int i = 0; i < 2; i++) {
        fixture_append(f, say(f, USA, "agenda", LS_H_REF, id(f, GROUP), LS_H_ITEM, "fuel", END));
        fixture_append(f, say(f, USA, "diverge", LS_H_REF, id(f, TEXT), LS_H_ITEM, "p1", LS_H_LANGUAGES, "en ko", END));
    }
    acceptable(f, begin(f, DPRK, LS_H_ITEM, "claim", "p1"));
}

static void test_names_that_lapsed(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < BEGINS; i++) {
        uint64_t first = fixture_append(f, brief(f, begin(f, USA, begins[i].space, begins[i].kind, "late")));
        refused(f, begin(f, DPRK, begins[i].space, begins[i].kind, "late"), "already"); /* until a stamp says so */
        assert_int_equal(named(f, begins[i].space, "late")->index, first);
        pass(f, 60);
        assert_null(named(f, begins[i].space, "late"));
        /* Only the act that lapsed went; its name is free as often as that happens. */
        lapses(f, begin(f, DPRK, begins[i].space, begins[i].kind, "late"));
        uint64_t second = fixture_append(f, brief(f, begin(f, DPRK, begins[i].space, begins[i].kind, "late")));
        assert_int_equal(named(f, begins[i].space, "late")->index, second);
        pass(f, 60);
    }
    uint64_t last = fixture_append(f, begin(f, ROK, LS_H_ITEM, "claim", "late"));
    assert_int_equal(named(f, LS_H_ITEM, "late")->index, last);
    refused(f, begin(f, USA, LS_H_ITEM, "pledge", "late"), "already");
}

/* Under an accord that lapses it lapses, too. */
static void test_names_under_an_accord_that_lapsed(void **state)
{
    fixture *f = *state;
    static const char roadmap[] =
        "{\"roadmap\":1,\"name\":\"short\",\"title\":\"Short\",\"parties\":[\"dprk\",\"usa\"],"
        "\"tracks\":[{\"id\":\"arms\",\"title\":\"Arms\"}],\"steps\":[{\"id\":\"first\",\"title\":\"First\","
        "\"track\":\"arms\",\"measures\":[{\"id\":\"plain\",\"by\":\"dprk\",\"what\":\"do it\",\"paragraph\":\"p1\","
        "\"verified-by\":[\"usa\"]}]}]}";
    uint64_t accord = fixture_append(f, brief(f, accord_of(f, roadmap, "dprk usa", "dprk-1 usa-1 usa-2", NULL)));
    ls_bytes group =
        say(f, USA, "group", LS_H_GROUP, "short", LS_H_TO, "dprk", LS_H_ACCORD, id(f, accord), LS_H_TRACK, "arms", END);
    uint64_t index = fixture_append(f, group);
    acceptable(f, say(f, DPRK, "quit", LS_H_REF, id(f, index), END));
    pass(f, 60);
    assert_true(ls_record_at(f->record, accord).lapsed);
    refused(f, say(f, DPRK, "quit", LS_H_REF, id(f, index), END), "that has effect");
    acceptable(f, say(f, ROK, "group", LS_H_GROUP, "short", LS_H_TO, "dprk", END));
    refused(f,
            say(f, USA, "text", LS_H_TEXT, "x", LS_H_TO, "dprk", LS_H_LANGUAGES, "en", LS_H_ACCORD, id(f, accord), END),
            "it came too late");
}

/* Parties and groups. */

static void refused_form(fixture *f, ls_bytes good, ls_header h, const char *value)
{
    ls_bytes out;
    assert_false(try_change(f, good, h, value, &out));
}

static void test_parties(void **state)
{
    fixture *f = *state;
    searches s = {SEARCH, SEARCH};
    static const char *const open[] = {"letter", "propose", "meet",  "debrief", "group",
                                       "pledge", "demand",  "claim", "text"};
    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        ls_bytes good = act_of_kind(f, open[i], s);
        ls_act act = parsed(good);
        char both[64];
        refused(f, change(f, good, LS_H_TO, "usa eu"), "eu is not a party of the charter");
        refused(f, change(f, good, LS_H_TO, "public"), "public is not a party of the charter");
        refused(f, change(f, good, LS_H_TO, "iaea"), "iaea is not a party of the charter");
        refused(f, change(f, good, LS_H_TO, "inspectors"), "inspectors is not a party of the charter");
        snprintf(both, sizeof both, "%.*s", (int)act.by.name[0].len, act.by.name[0].ptr);
        refused(f, change(f, good, LS_H_TO, both), "it is addressed to its author");
        refused(f, change(f, good, LS_H_TO, "rok dprk usa"), "it is addressed to its author");
        refused_form(f, good, LS_H_TO, "usa usa");
    }
    ls_bytes report = say(f, DPRK, "group-report", LS_H_REF, id(f, GROUP), LS_H_TO, "dprk", END);
    refused(f, report, "it is addressed to its author");
    ls_bytes debrief = act_of_kind(f, "debrief", s);
    refused(f, change(f, debrief, LS_H_PASS_TO, "eu"), "eu is not a party");
    refused(f, change(f, debrief, LS_H_PASS_TO, "process"), "process is not a party");
    refused(f, change(f, debrief, LS_H_PASS_TO, "public eu"), "eu is not a party");
    refused_form(f, debrief, LS_H_PASS_TO, "public public");
    acceptable(f, change(f, debrief, LS_H_PASS_TO, "dprk usa rok public"));
    refused(f, change(f, debrief, LS_H_OF, "eu"), "eu is not a party");
    refused(f, change(f, debrief, LS_H_OF, "public"), "public is not a party");
    refused_form(f, debrief, LS_H_OF, "usa dprk");
    ls_bytes pledge = act_of_kind(f, "pledge", s);
    refused(f, change(f, pledge, LS_H_OF, "eu"), "eu is not a party");
    acceptable(f, change(f, pledge, LS_H_OF, "rok"));
}

static void test_groups_named(void **state)
{
    fixture *f = *state;
    searches s = {SEARCH, SEARCH};
    uint64_t late = lapses(f, say(f, USA, "group", LS_H_GROUP, "late", LS_H_TO, "dprk", END));
    static const char *const in[] = {"propose", "meet", "appoint", "pledge", "demand", "claim", "text", "schedule"};
    for (size_t i = 0; i < sizeof in / sizeof *in; i++) {
        ls_bytes good = act_of_kind(f, in[i], s);
        acceptable(f, change(f, good, LS_H_GROUP, "arms"));
        refused(f, change(f, good, LS_H_GROUP, "others"), "there is no working group others");
        refused(f, change(f, good, LS_H_GROUP, "first"), "there is no working group first"); /* a meeting */
        refused(f, change(f, good, LS_H_GROUP, "late"), "there is no working group late");
    }
    assert_true(ls_record_at(f->record, late).lapsed);
}

/* Joint acts. */

static ls_bytes appoint(fixture *f, const char *by, uint64_t ref)
{
    return jointly(f, by, "appoint", LS_H_MEETING, "joint", LS_H_DUE, SOME_DAY, LS_H_VENUE, "Geneva", LS_H_REF,
                   id(f, ref), END);
}

static void test_joint_acts(void **state)
{
    fixture *f = *state;
    const uint64_t about[] = {SEARCH, PROPOSAL, MEETING};
    for (size_t i = 0; i < 3; i++) {
        acceptable(f, appoint(f, "dprk usa", about[i]));
        acceptable(f, appoint(f, "usa dprk", about[i]));
        refused(f, appoint(f, "usa", about[i]), "are those of at least two parties");
        refused(f, appoint(f, "dprk rok", about[i]), "are signed by those who are involved");
        refused(f, appoint(f, "dprk usa rok", about[i]), "are signed by those who are involved");
    }
    ls_bytes alone = jointly(f, "usa", "appoint", LS_H_MEETING, "joint", LS_H_DUE, SOME_DAY, LS_H_VENUE, "x", END);
    refused(f, alone, "are those of at least two parties");
    acceptable(f,
               jointly(f, "dprk usa rok", "appoint", LS_H_MEETING, "joint", LS_H_DUE, SOME_DAY, LS_H_VENUE, "x", END));
    uint64_t all = fixture_append(f, say(f, USA, "propose", LS_H_TO, "dprk rok", LS_H_UNTIL, LATER, END));
    acceptable(f, appoint(f, "dprk rok", all));
    acceptable(f, appoint(f, "dprk usa rok", all));
    acceptable(f, jointly(f, "dprk usa", "minutes", LS_H_REF, id(f, MEETING), END));
    refused(f, jointly(f, "dprk", "minutes", LS_H_REF, id(f, MEETING), END), "are those of at least two parties");
    refused(f, jointly(f, "dprk rok", "minutes", LS_H_REF, id(f, MEETING), END), "are signed by those who are");
    /* Of an appointed meeting those who signed it are involved. */
    uint64_t joint = fixture_append(f, appoint(f, "dprk usa", SEARCH));
    acceptable(f, say(f, DPRK, "defer", LS_H_REF, id(f, joint), END));
    refused(f, say(f, ROK, "defer", LS_H_REF, id(f, joint), END), "rok is not one that may say defer of it");
    refused(f, jointly(f, "usa rok", "minutes", LS_H_REF, id(f, joint), END), "are signed by those who are");
    acceptable(f, say(f, DPRK, "accept", LS_H_REF, id(f, joint), END));
    refused(f, say(f, ROK, "accept", LS_H_REF, id(f, joint), END), "rok is not one that may say accept of it");
    /* Both sign it: nobody's name is put under it. */
    ls_bytes forged = jointly(f, "dprk usa", "minutes", LS_H_REF, id(f, MEETING), END);
    refused_with(f, change(f, forged, LS_H_SIGNERS, "usa-1 usa-2"), &ls_fault_refused, "");
}

/* A party takes a joint act back before it comes, and not afterwards. */
static void test_joint_acts_withdrawn(void **state)
{
    fixture *f = *state;
    ls_bytes note = appoint(f, "dprk usa", SEARCH);
    const char *joint = ls_arena_str(&f->arena, ls_bytes_str(id_of(note)));
    fixture_append(f, say(f, DPRK, "withdraw", LS_H_REF, joint, END));
    refused(f, note, "dprk withdrew it");
    uint64_t index = fixture_append(f, change(f, note, LS_H_VENUE, "Vienna"));
    refused(f, take_back(f, DPRK, index), "a party withdraws only its own acts");
}

/* Files. */
static void test_files(void **state)
{
    fixture *f = *state;
    static const char *const one[] = {"edit", "agree"};
    for (size_t i = 0; i < 2; i++) {
        ls_bytes bare = say(f, DPRK, one[i], LS_H_REF, id(f, TEXT), END);
        acceptable(f, with_file(f, bare, "usa"));
        refused(f, with_file(f, with_file(f, bare, "process"), "process"), "has exactly one file");
    }
    ls_bytes readout = say(f, DPRK, "readout", LS_H_REF, id(f, MEETING), END);
    acceptable(f, with_file(f, with_file(f, readout, "public"), "process"));
    ls_bytes diverge = say(f, DPRK, "diverge", LS_H_REF, id(f, TEXT), LS_H_ITEM, "p1", LS_H_LANGUAGES, "en ko", END);
    refused(f, change(f, diverge, LS_H_LANGUAGES, "en"), "names two languages");
    refused(f, change(f, diverge, LS_H_LANGUAGES, "en ko fr"), "names two languages");
    refused_form(f, diverge, LS_H_LANGUAGES, "en en");
}

static void test_searches_begun(void **state)
{
    fixture *f = *state;
    ls_bytes good = search(f, USA, "dprk", "borda"), bare = without_files(f, good);
    refused(f, change(f, good, LS_H_TO, "dprk rok"), "a private search is between two parties");
    refused(f, change(f, good, LS_H_TO, "usa"), "it is addressed to its author");
    acceptable(f, change(f, good, LS_H_REF, id(f, MEETING)));
    refused(f, change(f, good, LS_H_REF, id(f, PROPOSAL)), "ref does not name");
    refused(f, change(f, search(f, USA, "rok", "borda"), LS_H_REF, id(f, MEETING)), "is not one of these two parties");
    refused(f, change(f, search(f, ROK, "usa", "borda"), LS_H_REF, id(f, MEETING)), "rok is not one that may say");
    acceptable(f, with_file(f, bare, "public"));
    refused(f, with_file(f, bare, "dprk"), "in one file that both can read");
    refused(f, with_file(f, bare, "inspectors"), "in one file that both can read");
    refused(f, with_file(f, with_file(f, bare, "process"), "public"), "in one file that both can read");
    acceptable(f, change(f, good, LS_H_CAP, "20000"));
    acceptable(f, change(f, good, LS_H_CAP, "1"));
    refused(f, change(f, good, LS_H_CAP, "20001"), "each side may have at most 20000");
    refused(f, change(f, good, LS_H_CAP, "4294967297"), "each side may have at most 20000");
    refused_form(f, good, LS_H_CAP, "0");
    refused_form(f, good, LS_H_CAP, "-1");
}

/* A party's own name is that of an audience of it alone. */
static void test_a_party_as_an_audience(void **state)
{
    fixture *f = *state;
    const ls_charter *c = ls_record_charter(f->record);
    assert_int_equal(ls_audience_members(c, ls_bytes_str("dprk")), LS_PARTY_BIT(DPRK));
    assert_int_equal(ls_audience_members(c, ls_bytes_str("rok")), LS_PARTY_BIT(ROK));
    assert_int_equal(ls_audience_members(c, ls_bytes_str("inspectors")), LS_PARTY_BIT(USA) | LS_PARTY_BIT(ROK));
    assert_int_equal(ls_audience_members(c, ls_bytes_str("iaea")), 0);
    assert_int_equal(ls_audience_members(c, ls_bytes_str("dpr")), 0);
    ls_bytes letter = say(f, USA, "letter", LS_H_TO, "dprk", END);
    acceptable(f, with_file(f, letter, "dprk"));
    acceptable(f, with_file(f, letter, "usa")); /* for its author's own colleagues */
    refused(f, with_file(f, letter, "iaea"), "unknown audience iaea");
    const ls_attachment forms[] = {
        {.size = 1024, .file_name = ls_bytes_str("plan.md"), .media_type = ls_bytes_str("application/octet-stream")},
        {.size = 1024, .file_name = ls_bytes_str("sealed"), .media_type = ls_bytes_str("text/markdown")},
        {.size = 1000, .file_name = ls_bytes_str("sealed"), .media_type = ls_bytes_str("application/octet-stream")},
        {.size = 512, .file_name = ls_bytes_str("sealed"), .media_type = ls_bytes_str("application/octet-stream")},
    };
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        ls_act act = parsed(letter);
        ls_act_draft d;
        ls_bytes text;
        ls_attachment a = forms[i];
        a.audience = ls_bytes_str("dprk");
        draft_of(&act, &d);
        ls_act_draft_attach(&d, &a);
        assert_true(finish_text(f, &d, &text));
        refused(f, sign_text(f, text, NULL), "a file for dprk must be listed in its sealed form");
    }
}

/* What is taken back, by whom. */

static void test_withdrawals(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *kind;
        bool withdrawable;
    } of[] = {{"letter", false},
              {"propose", true},
              {"accept", true},
              {"decline", true},
              {"meet", true},
              {"defer", true},
              {"cancel", true},
              {"hold", true},
              {"debrief", true},
              {"group", false},
              {"enlist", false},
              {"quit", false},
              {"agenda", false},
              {"pledge", true},
              {"group-report", true},
              {"redeem", true},
              {"text", false},
              {"edit", false},
              {"agree", false},
              {"diverge", true},
              {"schedule", false},
              {"readout", true},
              {"schedule-commit", false},
              {"schedule-send", false},
              {"schedule-reveal", false}};
    searches s = {search_up_to(f, LS_SEARCH_LIST), search_up_to(f, LS_SEARCH_RANKING)};
    for (size_t i = 0; i < sizeof of / sizeof *of; i++) {
        ls_bytes note = act_of_kind(f, of[i].kind, s);
        uint64_t index = fixture_append(f, note);
        size_t by = last_talk(f)->by;
        if (of[i].withdrawable) {
            refused(f, take_back(f, by == USA ? DPRK : USA, index), "a party withdraws only its own acts");
            says(f, take_back(f, by, index), LS_TALK_WITHDRAW, (uint32_t)index);
            acceptable(f, take_back(f, by, index)); /* twice is harmless */
        } else {
            refused(f, take_back(f, by, index), "can't be withdrawn");
        }
    }
    static const char *const spoken[] = {"demand", "claim"};
    for (size_t i = 0; i < 2; i++) {
        uint64_t index = fixture_append(f, say(f, ROK, spoken[i], LS_H_ITEM, spoken[i], END));
        says(f, take_back(f, ROK, index), LS_TALK_WITHDRAW, (uint32_t)index);
        refused(f, take_back(f, ROK, ls_record_size(f->record) - 1), "withdraw can't be withdrawn");
    }
    static const char *const joint[] = {"appoint", "minutes"};
    for (size_t i = 0; i < 2; i++) {
        uint64_t index = fixture_append(f, act_of_kind(f, joint[i], s));
        refused(f, take_back(f, USA, index), "a party withdraws only its own acts");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON(talks, test_headers),
        ON(talks, test_shapes),
        ON(talks, test_facts),
        ON(talks, test_words),
        ON(talks, test_authors),
        ON(talks, test_refs),
        ON(talks, test_refs_to_what_was_withdrawn),
        ON(talks, test_what_lapsed),
        ON(talks, test_names_are_taken),
        ON(talks, test_names_that_lapsed),
        ON(talks, test_names_under_an_accord_that_lapsed),
        ON(talks, test_parties),
        ON(talks, test_groups_named),
        ON(talks, test_joint_acts),
        ON(talks, test_joint_acts_withdrawn),
        ON(talks, test_files),
        ON(talks, test_searches_begun),
        ON(talks, test_a_party_as_an_audience),
        ON(talks, test_withdrawals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
