/*
 * Tests of acts of talks in whatever order: each is accepted where a model written from docs/protocol.md says so and
 * nowhere else, a refusal changes nothing, what was accepted gives the same record again, and whichever allocation
 * fails, the record is as it was.
 */
#include "record_memory.h"
#include "sequences.h"
#include "talk_acts.h"

#define STEPS_ALL 60000 /* LOCKSTEP_SEQUENCES: another number */
#define STEPS 440       /* of one sequence */
enum { ENTRIES = 700, NAMES = 5, PARTIES = 3 };

typedef enum kind {
    LETTER,
    PROPOSE,
    ACCEPT,
    DECLINE,
    MEET,
    APPOINT,
    DEFER,
    CANCEL,
    HOLD,
    MINUTES,
    DEBRIEF,
    GROUP,
    ENLIST,
    QUIT,
    AGENDA,
    GROUP_REPORT,
    PLEDGE,
    DEMAND,
    CLAIM,
    REDEEM,
    TEXT,
    EDIT,
    AGREE,
    DIVERGE,
    SCHEDULE,
    COMMIT,
    SEND,
    REVEAL,
    READOUT,
    WITHDRAW,
    KINDS,
    OTHER = KINDS /* charter, accord, stamps */
} kind;

enum { NO, MAY, MUST };
enum { ANYBODY, ADDRESSEE, INVOLVED, OWNER, TOGETHER };
#define B(k) (UINT32_C(1) << (k))
#define MEETINGS (B(MEET) | B(APPOINT))
#define ANY UINT32_MAX

/* The document's tables. */
static const struct {
    const char *name;
    int ref, to, item, group, of;
    bool text;
    int files; /* MUST: at least one */
    bool one;  /* exactly one */
    int who;
    uint32_t refs;
    ls_header space; /* of the name that it begins; or 0 */
    bool withdrawable;
    ls_header word;
    const char *words[4];
} rules[KINDS] = {
    [LETTER] = {"letter", MAY, MUST, NO, NO, NO, false, MAY, false, ANYBODY, B(LETTER), 0, false, 0, {0}},
    [PROPOSE] = {"propose", MAY, MUST, NO, MAY, NO, true, MAY, false, ANYBODY, ANY, 0, true, 0, {0}},
    [ACCEPT] = {"accept", MUST, NO, NO, NO, NO, false, MAY, false, ADDRESSEE, B(PROPOSE) | MEETINGS, 0, true, 0, {0}},
    [DECLINE] = {"decline", MUST, NO, NO, NO, NO, true, MAY, false, ADDRESSEE, B(PROPOSE) | MEETINGS, 0, true, 0, {0}},
    [MEET] = {"meet", MAY, MUST, NO, MAY, NO, false, MAY, false, ANYBODY, ANY, LS_H_MEETING, true, 0, {0}},
    [APPOINT] = {"appoint",
                 MAY,
                 NO,
                 NO,
                 MAY,
                 NO,
                 false,
                 MAY,
                 false,
                 TOGETHER,
                 B(SCHEDULE) | B(PROPOSE) | B(MEET),
                 LS_H_MEETING,
                 false,
                 0,
                 {0}},
    [DEFER] = {"defer", MUST, NO, NO, NO, NO, true, MAY, false, INVOLVED, MEETINGS, 0, true, 0, {0}},
    [CANCEL] = {"cancel", MUST, NO, NO, NO, NO, true, MAY, false, INVOLVED, MEETINGS, 0, true, 0, {0}},
    [HOLD] = {"hold", MUST, NO, NO, NO, NO, false, MAY, false, INVOLVED, MEETINGS, 0, true, 0, {0}},
    [MINUTES] = {"minutes", MUST, NO, NO, NO, NO, false, MAY, false, TOGETHER, MEETINGS, 0, false, 0, {0}},
    [DEBRIEF] = {"debrief",
                 MUST,
                 MUST,
                 NO,
                 NO,
                 MAY,
                 false,
                 MAY,
                 false,
                 ANYBODY,
                 MEETINGS | B(LETTER) | B(PROPOSE) | B(DEBRIEF),
                 0,
                 true,
                 0,
                 {0}},
    [GROUP] = {"group", NO, MUST, NO, NO, NO, true, MAY, false, ANYBODY, 0, LS_H_GROUP, false, 0, {0}},
    [ENLIST] = {"enlist", MUST, NO, NO, NO, NO, false, MAY, false, INVOLVED, B(GROUP), 0, false, 0, {0}},
    [QUIT] = {"quit", MUST, NO, NO, NO, NO, false, MAY, false, INVOLVED, B(GROUP), 0, false, 0, {0}},
    [AGENDA] = {"agenda",
                MUST,
                NO,
                MUST,
                NO,
                NO,
                true,
                MAY,
                false,
                INVOLVED,
                B(GROUP) | MEETINGS,
                0,
                false,
                LS_H_CHANGE,
                {"open", "settled", "dropped"}},
    [GROUP_REPORT] = {"group-report", MUST, MUST, NO, NO, NO, false, MAY, false, INVOLVED, B(GROUP), 0, true, 0, {0}},
    [PLEDGE] = {"pledge", MAY, MAY, NO, MAY, MAY, true, MAY, false, ANYBODY, ANY, LS_H_ITEM, true, 0, {0}},
    [DEMAND] = {"demand", MAY, MAY, NO, MAY, MAY, true, MAY, false, ANYBODY, ANY, LS_H_ITEM, true, 0, {0}},
    [CLAIM] = {"claim", MAY, MAY, NO, MAY, MAY, true, MAY, false, ANYBODY, ANY, LS_H_ITEM, true, 0, {0}},
    [REDEEM] = {"redeem", MUST, NO, NO, NO, NO, false, MAY, false, OWNER, B(PLEDGE) | B(DEMAND), 0, true, 0, {0}},
    [TEXT] = {"text", NO, MUST, NO, MAY, NO, false, MAY, false, ANYBODY, 0, LS_H_TEXT, false, LS_H_METHOD, {"whole"}},
    [EDIT] = {"edit", MUST, NO, NO, NO, NO, false, MUST, true, INVOLVED, B(TEXT), 0, false, 0, {0}},
    [AGREE] =
        {"agree", MUST, NO, NO, NO, NO, false, MUST, true, INVOLVED, B(TEXT), 0, false, LS_H_METHOD, {"ad-referendum"}},
    [DIVERGE] = {"diverge", MUST, NO, MUST, NO, NO, true, MAY, false, INVOLVED, B(TEXT), 0, true, 0, {0}},
    [SCHEDULE] = {"schedule",
                  MAY,
                  MUST,
                  NO,
                  MAY,
                  NO,
                  false,
                  MUST,
                  true,
                  ANYBODY,
                  MEETINGS,
                  0,
                  false,
                  LS_H_METHOD,
                  {"earliest", "borda", "least-regret"}},
    [COMMIT] = {"schedule-commit", MUST, NO, NO, NO, NO, false, NO, false, INVOLVED, B(SCHEDULE), 0, false, 0, {0}},
    [SEND] = {"schedule-send", MUST, NO, NO, NO, NO, false, MUST, true, INVOLVED, B(SCHEDULE), 0, false, 0, {0}},
    [REVEAL] = {"schedule-reveal", MUST, NO, NO, NO, NO, false, MUST, true, INVOLVED, B(SCHEDULE), 0, false, 0, {0}},
    [READOUT] = {"readout", MUST, NO, NO, NO, NO, false, MUST, false, ANYBODY, MEETINGS, 0, true, 0, {0}},
    [WITHDRAW] = {"withdraw", MUST, NO, NO, NO, NO, false, NO, false, ANYBODY, 0, 0, false, 0, {0}},
};

/* Parties and audiences by number; beyond them, one that is none. */
static const char *const party_names[] = {"dprk", "usa", "rok", "eu"};
static const char *const audiences[] = {"dprk", "usa", "rok", "inspectors", "process", "public", "nobody"};
static const uint32_t members[] = {1, 2, 4, 6, 7, 7, 0};
static const char *const names[NAMES] = {"one", "two", "three", "four", "five"};
enum { INSPECTORS = 3, PROCESS, PUBLIC, NO_AUDIENCE, AUDIENCES };

/* An act to try, and one that was accepted. */
typedef struct attempt {
    kind kind;
    unsigned party, by;        /* by: of a joint act, as bits, in place of the party */
    int ref;                   /* entry; -1: none; -2: one that is not there */
    unsigned to;               /* bits; 8: eu */
    int name, group, of, word; /* -1: none; word beyond the list: another */
    unsigned pass_to;          /* bits; 8: eu; 16: public */
    unsigned files, audience, languages;
    bool text, too_many, unknown_measure, brief;
} attempt;

typedef struct model {
    struct {
        attempt step;
        bool stamped, lapsed;
        int search_step;
    } entry[ENTRIES];
    int count;
} model;

static unsigned involved(const attempt *s)
{
    bool joint = s->kind == APPOINT || s->kind == MINUTES;
    return joint ? s->by : s->to | 1u << s->party;
}

static bool effective(const model *m, int i)
{
    return i >= 0 && !m->entry[i].lapsed;
}

static int bearer(const model *m, ls_header space, int name)
{
    for (int i = m->count - 1; i >= 0; i--) {
        kind k = m->entry[i].step.kind;
        if (k < KINDS && rules[k].space == space && m->entry[i].step.name == name && effective(m, i)) {
            return i;
        }
    }
    return -1;
}

/* Private searches. */

static int last_step(const model *m, int search, unsigned party, int step)
{
    int found = -1;
    for (int i = 0; i < m->count; i++) {
        const attempt *s = &m->entry[i].step;
        bool is = s->kind >= COMMIT && s->kind <= REVEAL && s->ref == search && s->party == party;
        found = is && m->entry[i].search_step == step ? i : found;
    }
    return found;
}

static bool all_took(const model *m, int search, int step)
{
    for (unsigned p = 0; p < PARTIES; p++) {
        int i = last_step(m, search, p, step);
        bool side = (involved(&m->entry[search].step) >> p & 1) != 0;
        if (side && (!effective(m, i) || !m->entry[i].stamped)) {
            return false;
        }
    }
    return true;
}

static bool any_took(const model *m, int search, int step)
{
    bool any = false;
    for (unsigned p = 0; p < PARTIES; p++) {
        any = any || last_step(m, search, p, step) >= 0;
    }
    return any;
}

static bool possible(const model *m, const attempt *s, int step)
{
    for (int before = 0; before < step; before++) {
        if (!all_took(m, s->ref, before)) {
            return false;
        }
    }
    bool earliest = m->entry[s->ref].step.word == 0;
    bool over = (step == LS_SEARCH_LIST && any_took(m, s->ref, LS_SEARCH_POINTS)) ||
                (step == LS_SEARCH_RANKING && (earliest || any_took(m, s->ref, LS_SEARCH_REVEALED)));
    return !over && !effective(m, last_step(m, s->ref, s->party, step));
}

static int search_step(const model *m, const attempt *s)
{
    static const int steps[][2] = {{LS_SEARCH_LIST, LS_SEARCH_RANKING},
                                   {LS_SEARCH_POINTS, LS_SEARCH_RETURNED},
                                   {LS_SEARCH_REVEALED, LS_SEARCH_REVEALED}};
    const int *two = steps[s->kind - COMMIT];
    unsigned others = involved(&m->entry[s->ref].step) & ~(1u << s->party);
    if (s->kind != COMMIT && (s->audience >= PROCESS || (members[s->audience] & ~(1u << s->party)) != others)) {
        return -1;
    }
    return possible(m, s, two[0]) ? two[0] : possible(m, s, two[1]) ? two[1] : -1;
}

/* Acceptance. */

static bool headers_fit(const attempt *s)
{
    bool text = !rules[s->kind].text || s->text;
    bool files = rules[s->kind].files == MUST ? s->files > 0 : rules[s->kind].files == MAY || s->files == 0;
    return text && files && (!rules[s->kind].one || s->files == 1) && (s->files == 0 || s->audience != NO_AUDIENCE) &&
           (s->kind != DIVERGE || s->languages == 2);
}

static bool parties_fit(const attempt *s)
{
    bool joint = s->kind == APPOINT || s->kind == MINUTES;
    return (s->to & 8) == 0 && (s->pass_to & 8) == 0 && s->of != 3 && (joint || (s->to >> s->party & 1) == 0);
}

static bool word_fits(const attempt *s)
{
    return s->word < 0 || (s->word < 3 && rules[s->kind].words[s->word] != NULL);
}

static bool ref_fits(const model *m, const attempt *s)
{
    if (s->ref == -1) {
        return true;
    }
    if (!effective(m, s->ref)) {
        return false;
    }
    kind k = m->entry[s->ref].step.kind;
    return rules[s->kind].refs == ANY || (k < KINDS && (rules[s->kind].refs >> k & 1) != 0);
}

static bool several(unsigned bits)
{
    return (bits & (bits - 1)) != 0;
}

static bool who_fits(const model *m, const attempt *s)
{
    const attempt *about = s->ref < 0 ? NULL : &m->entry[s->ref].step;
    unsigned own = 1u << s->party;
    if (s->kind == PROPOSE && about != NULL && about->kind == PROPOSE) {
        return (about->to & own) != 0;
    }
    if (s->kind == SCHEDULE) {
        return about == NULL || involved(about) == involved(s);
    }
    bool meeting = about != NULL && (about->kind == MEET || about->kind == APPOINT);
    if (rules[s->kind].who == ADDRESSEE && meeting) {
        return (involved(about) & own) != 0;
    }
    if (rules[s->kind].who == TOGETHER) {
        unsigned may = about == NULL ? 7 : involved(about);
        bool all = about != NULL && about->kind == SCHEDULE;
        return several(s->by) && (s->by & ~may) == 0 && (!all || s->by == may);
    }
    return rules[s->kind].who == ANYBODY || (rules[s->kind].who == ADDRESSEE && (about->to & own) != 0) ||
           (rules[s->kind].who == INVOLVED && (involved(about) & own) != 0) ||
           (rules[s->kind].who == OWNER && (about->party == s->party || about->of == (int)s->party));
}

static bool schedule_fits(const attempt *s)
{
    return s->kind != SCHEDULE || (!several(s->to) && s->audience >= PROCESS && !s->too_many);
}

static bool withdraw_fits(const model *m, const attempt *s)
{
    if (s->ref < 0) {
        return true; /* in advance */
    }
    const attempt *about = &m->entry[s->ref].step;
    return about->kind < KINDS && rules[about->kind].withdrawable && about->party == s->party && effective(m, s->ref);
}

static bool model_accepts(const model *m, const attempt *s, int *step)
{
    *step = -1;
    if (s->kind == WITHDRAW) {
        return headers_fit(s) && withdraw_fits(m, s);
    }
    ls_header space = rules[s->kind].space;
    bool fits = headers_fit(s) && parties_fit(s) && word_fits(s) && ref_fits(m, s) && who_fits(m, s) &&
                schedule_fits(s) && !s->unknown_measure && (space == 0 || bearer(m, space, s->name) < 0) &&
                (s->group < 0 || bearer(m, LS_H_GROUP, s->group) >= 0);
    if (!fits || s->kind < COMMIT || s->kind > REVEAL) {
        return fits;
    }
    *step = search_step(m, s);
    return *step >= 0;
}

static void model_apply(model *m, const attempt *s, int step)
{
    assert_true(m->count < ENTRIES);
    m->entry[m->count].step = *s;
    m->entry[m->count++].search_step = step;
}

static void model_stamp(model *m)
{
    for (int i = 0; i < m->count; i++) {
        m->entry[i].lapsed = m->entry[i].lapsed || (!m->entry[i].stamped && m->entry[i].step.brief);
        m->entry[i].stamped = true;
    }
    const attempt s = {.kind = OTHER, .ref = -1};
    model_apply(m, &s, -1);
}

/* A record and its model. */

typedef struct world {
    fixture f;
    model m;
    ls_bytes note[ENTRIES];
    uint64_t seed, random;
    size_t accepted[KINDS], refused[KINDS], steps[LS_SEARCH_STEPS];
} world;

static uint64_t below(world *w, uint64_t n)
{
    uint64_t z = w->random += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % n;
}

static bool one_in(world *w, uint64_t n)
{
    return below(w, n) == 0;
}

static void put(world *w, ls_bytes note)
{
    ls_detail detail = {0};
    if (ls_failed(ls_record_append(w->f.record, note, LS_CHECK_TRUSTED, &detail))) {
        fail_msg("refused: %s", detail.text);
    }
    w->note[ls_record_size(w->f.record) - 1] = note;
}

static void stamp_late(world *w)
{
    w->f.now += 60;
    put(w, fixture_stamp_over(&w->f, fixture_checkpoint(&w->f), w->f.now));
    model_stamp(&w->m);
}

/* A search comes to its end only if all keep to one for a while. */
static int current_search(const model *m)
{
    for (int i = m->count / 150 * 150; i < m->count; i++) {
        if (m->entry[i].step.kind == SCHEDULE && effective(m, i) && !m->entry[i].step.brief) {
            return i;
        }
    }
    return -2;
}

/* What an act of this kind can be about, as a rule of the latest; or anything; or nothing. */
static int some_ref(world *w, kind k)
{
    const model *m = &w->m;
    if (k >= COMMIT && k <= REVEAL && !one_in(w, 6)) {
        return current_search(m);
    }
    int need = rules[k].ref;
    if (need == NO || (need == MAY && one_in(w, 2))) {
        return -1;
    }
    if (one_in(w, 30)) {
        return -2;
    }
    uint32_t refs = k == WITHDRAW ? ANY : rules[k].refs;
    for (int tries = 0; tries < 60; tries++) {
        int back = one_in(w, 3) || m->count < 50 ? m->count : 50;
        int i = m->count - 1 - (int)below(w, (uint64_t)back);
        kind about = m->entry[i].step.kind;
        bool fits = about < KINDS && (refs >> about & 1) != 0 && (effective(m, i) || one_in(w, 6));
        if (fits && (k != WITHDRAW || rules[about].withdrawable || one_in(w, 4))) {
            return i;
        }
    }
    return (int)below(w, (uint64_t)m->count);
}

static unsigned some_party(world *w, const attempt *s)
{
    if (s->ref < 0 || one_in(w, 5) || w->m.entry[s->ref].step.kind >= KINDS) {
        return (unsigned)below(w, PARTIES);
    }
    const attempt *about = &w->m.entry[s->ref].step;
    unsigned may = s->kind == WITHDRAW               ? 1u << about->party
                   : rules[s->kind].who == ADDRESSEE ? about->to & 7
                                                     : involved(about);
    for (int tries = 0; tries < 12; tries++) {
        unsigned p = (unsigned)below(w, PARTIES);
        if ((may >> p & 1) != 0) {
            return p;
        }
    }
    return 0;
}

/* At least one of the others. */
static unsigned some_others(world *w, unsigned party)
{
    unsigned first = (party + 1 + (unsigned)below(w, 2)) % PARTIES;
    unsigned to = 1u << first;
    to |= one_in(w, 4) ? 7u & ~(1u << party) : 0;
    to |= one_in(w, 25) ? 1u << below(w, 4) : 0;
    return to;
}

static void some_names(world *w, attempt *s)
{
    bool named = rules[s->kind].space != 0 || rules[s->kind].item == MUST;
    s->name = named ? (int)below(w, NAMES) : -1;
    s->group = rules[s->kind].group == MAY && one_in(w, 3) ? (int)below(w, NAMES) : -1;
    s->of = rules[s->kind].of == MAY && one_in(w, 2) ? (int)below(w, one_in(w, 10) ? 4 : 3) : -1;
    s->pass_to = s->kind == DEBRIEF && one_in(w, 2) ? 1 + (unsigned)below(w, one_in(w, 10) ? 31 : 7) : 0;
    s->word = rules[s->kind].word == 0 || (s->kind != SCHEDULE && one_in(w, 2))
                  ? -1
                  : (int)below(w, one_in(w, 10) || s->kind == AGENDA || s->kind == SCHEDULE ? 4 : 1);
    s->word = s->word == 3 && !one_in(w, 8) ? 0 : s->word;
}

static void some_files(world *w, attempt *s)
{
    int need = rules[s->kind].files;
    s->files = need == MUST  ? (one_in(w, 12) ? (unsigned)below(w, 3) : 1)
               : need == MAY ? (unsigned)below(w, 3)
                             : one_in(w, 20);
    s->audience = one_in(w, 25) ? NO_AUDIENCE : (unsigned)below(w, NO_AUDIENCE);
    if (s->kind == SCHEDULE && !one_in(w, 8)) {
        s->audience = PROCESS + (unsigned)below(w, 2);
    }
    if ((s->kind == SEND || s->kind == REVEAL) && s->ref >= 0 && !one_in(w, 8)) {
        unsigned others = involved(&w->m.entry[s->ref].step) & 7 & ~(1u << s->party);
        s->audience = others == 1 ? 0 : others == 2 ? 1 : 2;
    }
}

static attempt some_step(world *w)
{
    attempt s = {.kind = (kind)below(w, KINDS)};
    s.kind = one_in(w, 2) ? (kind)(SCHEDULE + (one_in(w, 8) ? 0 : 1 + below(w, 3))) : s.kind;
    s.ref = some_ref(w, s.kind);
    s.party = some_party(w, &s);
    s.by = 1 + (unsigned)below(w, 7);
    if (one_in(w, 2) && s.ref >= 0 && w->m.entry[s.ref].step.kind < KINDS) {
        s.by = involved(&w->m.entry[s.ref].step) & 7;
    }
    bool addressed = rules[s.kind].to == MUST || (rules[s.kind].to == MAY && one_in(w, 2));
    s.to = addressed ? some_others(w, s.party) : 0;
    some_names(w, &s);
    some_files(w, &s);
    s.languages = one_in(w, 8) ? 1 + (unsigned)below(w, 3) : 2;
    s.text = !one_in(w, 12);
    s.too_many = s.kind == SCHEDULE && one_in(w, 12);
    s.unknown_measure = s.kind == REDEEM && one_in(w, 8);
    s.brief = one_in(w, rules[s.kind].space != 0 ? 2 : 8);
    return s;
}

/* As a note. */

static void set_parties(ls_act_draft *d, ls_header h, unsigned bits, const char *signer)
{
    char text[64] = "";
    static const char *const all[] = {"dprk", "usa", "rok", "eu", "public"};
    for (size_t i = 0; i < 5; i++) {
        if ((bits >> i & 1) != 0) {
            snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s%s", text[0] == 0 ? "" : " ", all[i],
                     signer);
        }
    }
    if (text[0] != 0) {
        ls_act_draft_set(d, h, "%s", text);
    }
}

static void draft_joint(fixture *f, const attempt *s, ls_act_draft *d)
{
    char text[LS_TIME_SIZE];
    *d = (ls_act_draft){.exercise = true};
    ls_act_draft_set(d, LS_H_ACT, "%s", rules[s->kind].name);
    ls_act_draft_set(d, LS_H_PROCESS, "%s", hex(ls_record_process(f->record)));
    set_parties(d, LS_H_BY, s->by, "");
    set_parties(d, LS_H_SIGNERS, s->by, "-1");
    ls_act_draft_set(d, LS_H_NONCE, "%064llx", (unsigned long long)ls_record_size(f->record));
    ls_time_format(f->now + (s->brief ? 1 : 7 * DAY), text);
    ls_act_draft_set(d, LS_H_OPEN_UNTIL, "%s", text);
    ls_time_format(f->now, text);
    ls_act_draft_set(d, LS_H_AT, "%s", text);
}

static void draft_of_step(fixture *f, const attempt *s, ls_act_draft *d)
{
    char text[LS_TIME_SIZE];
    if (s->kind == APPOINT || s->kind == MINUTES) {
        draft_joint(f, s, d);
        return;
    }
    fixture_draft(f, s->party, rules[s->kind].name, d);
    ls_time_format(f->now + (s->brief ? 1 : 7 * DAY), text);
    ls_act_draft_set(d, LS_H_EXPIRES, "%s", text);
}

static void set_fixed(fixture *f, const attempt *s, ls_act_draft *d)
{
    static const char *const languages[] = {"en", "en ko", "en ko fr"};
    if (s->kind == REDEEM) {
        ls_act_draft_set(d, LS_H_ACCORD, "%s", hex(&f->accord));
        ls_act_draft_set(d, LS_H_MEASURE, "%s", s->unknown_measure ? "nothing" : "declare-sites");
    }
    if (s->kind == PROPOSE || s->kind == SCHEDULE) {
        ls_act_draft_set(d, LS_H_UNTIL, LATER);
    }
    if (s->kind == SCHEDULE) {
        ls_act_draft_set(d, LS_H_CAP, s->too_many ? "20001" : "20000");
    }
    if (s->kind == APPOINT) {
        ls_act_draft_set(d, LS_H_VENUE, "Geneva");
        ls_act_draft_set(d, LS_H_DUE, SOME_DAY);
    }
    if (s->kind == HOLD) {
        ls_act_draft_set(d, LS_H_DATE, SOME_DAY);
    }
    if (s->kind == ENLIST) {
        ls_act_draft_set(d, LS_H_MEMBERS, "kim pak");
    }
    if (s->kind == TEXT || s->kind == DIVERGE) {
        ls_act_draft_set(d, LS_H_LANGUAGES, "%s", languages[s->languages - 1]);
    }
    if (s->kind == COMMIT) {
        ls_act_draft_set(d, LS_H_COMMITMENT, ONES);
    }
}

static void set_some(fixture *f, const attempt *s, ls_act_draft *d)
{
    if (s->ref != -1) {
        ls_act_draft_set(d, LS_H_REF, "%s", s->ref < 0 ? ONES : entry_id(f, (uint64_t)s->ref));
    }
    set_parties(d, LS_H_TO, s->to, "");
    set_parties(d, LS_H_PASS_TO, s->pass_to, "");
    if (s->name >= 0) {
        ls_act_draft_set(d, rules[s->kind].space != 0 ? rules[s->kind].space : LS_H_ITEM, "%s", names[s->name]);
    }
    if (s->group >= 0) {
        ls_act_draft_set(d, LS_H_GROUP, "%s", names[s->group]);
    }
    if (s->of >= 0) {
        ls_act_draft_set(d, LS_H_OF, "%s", party_names[s->of]);
    }
    if (s->word >= 0) {
        bool known = s->word < 3 && rules[s->kind].words[s->word] != NULL;
        ls_act_draft_set(d, rules[s->kind].word, "%s",
                         known               ? rules[s->kind].words[s->word]
                         : s->kind == AGENDA ? "moved"
                                             : "otherwise");
    }
    for (unsigned i = 0; i < s->files; i++) {
        attach_for(d, i, audiences[s->audience]);
    }
    ls_buf_put_str(&d->text, s->text ? "So it was said.\n" : "");
}

/* Signatures are trusted here. */
static ls_bytes note_of(world *w, const attempt *s)
{
    static const uint8_t signature[4 + LS_SIGNATURE_SIZE];
    fixture *f = &w->f;
    ls_act_draft d;
    ls_buf note = {0};
    ls_detail detail = {0};
    draft_of_step(f, s, &d);
    set_fixed(f, s, &d);
    set_some(f, s, &d);
    if (ls_failed(ls_act_draft_finish(&d, &note, &detail))) {
        fail_msg("%s: %s", rules[s->kind].name, detail.text);
    }
    ls_act_draft_free(&d);
    ls_buf_put_u8(&note, '\n');
    bool joint = s->kind == APPOINT || s->kind == MINUTES;
    for (unsigned p = 0; p < PARTIES; p++) {
        if (((joint ? s->by : 1u << s->party) >> p & 1) != 0) {
            ls_buf_format(&note, "\xe2\x80\x94 %s.example/%s-1 ", name_of(p), name_of(p));
            ls_buf_put_base64(&note, ls_bytes_of(signature, sizeof signature));
            ls_buf_put_u8(&note, '\n');
        }
    }
    ls_bytes kept = fixture_keep(f, ls_buf_bytes(&note));
    ls_buf_free(&note);
    return kept;
}

static void take_some_step(world *w)
{
    attempt s = some_step(w);
    int step;
    bool fits = model_accepts(&w->m, &s, &step);
    ls_detail detail = {0};
    ls_bytes note = note_of(w, &s);
    bool all = !fits && one_in(w, 16);
    size_t before = ls_record_talks(w->f.record).count;
    ls_buf seen = all ? snapshot(w->f.record) : (ls_buf){0};
    ls_result r = ls_record_append(w->f.record, note, LS_CHECK_TRUSTED, &detail);
    if (ls_succeeded(r) != fits || (!fits && r.fault != &ls_fault_refused)) {
        fail_msg("sequence %llu: %s by %u about %d at %d was %s; %s", (unsigned long long)w->seed, rules[s.kind].name,
                 s.party, s.ref, w->m.count, fits ? "refused" : "not refused", detail.text);
    }
    if (all) {
        ls_buf now = snapshot(w->f.record);
        same(&seen, &now);
    }
    bool adds = fits && (s.kind != WITHDRAW || s.ref >= 0);
    assert_int_equal(ls_record_talks(w->f.record).count, before + adds);
    (fits ? w->accepted : w->refused)[s.kind]++;
    if (fits) {
        w->note[ls_record_size(w->f.record) - 1] = note;
        model_apply(&w->m, &s, step);
    }
    if (step >= 0) {
        w->steps[step]++;
        assert_int_equal(last_talk(&w->f)->word, step);
    }
}

/* What the record says of the last entries, and of every name. */
static void compare(const world *w)
{
    static const ls_header spaces[] = {LS_H_MEETING, LS_H_GROUP, LS_H_TEXT, LS_H_ITEM};
    for (int i = 0; i < w->m.count; i++) {
        assert_int_equal(ls_record_at(w->f.record, (uint64_t)i).lapsed, w->m.entry[i].lapsed);
    }
    for (size_t i = 0; i < 4; i++) {
        for (int n = 0; n < NAMES; n++) {
            const ls_talk *t = named(&w->f, spaces[i], names[n]);
            assert_int_equal(t == NULL ? -1 : (int)t->index, bearer(&w->m, spaces[i], n));
        }
    }
    ls_talks all = ls_record_talks(w->f.record);
    for (size_t i = 0; i < all.count; i++) {
        const attempt *s = &w->m.entry[all.fact[i].index].step;
        bool group = s->group >= 0 && all.fact[i].kind != LS_TALK_WITHDRAW;
        assert_int_equal(all.fact[i].ref, s->ref < 0 ? LS_NO_ENTRY : (uint32_t)s->ref);
        assert_true(!group || all.fact[i].group != LS_NO_ENTRY);
    }
}

static void begin(world *w, uint64_t seed)
{
    const attempt other = {.kind = OTHER, .ref = -1};
    w->seed = w->random = seed;
    fixture_open(&w->f, NULL);
    put(w, fixture_charter(&w->f));
    model_apply(&w->m, &other, -1);
    put(w, fixture_accord(&w->f));
    model_apply(&w->m, &other, -1);
    stamp_late(w);
}

/* Names would all be taken soon, if not for what lapses: further ones begin in another record. */
static void run(world *w, uint64_t seed, size_t steps)
{
    begin(w, seed);
    for (size_t i = 0; i < steps; i++) {
        if (one_in(w, 6)) {
            stamp_late(w);
        } else {
            take_some_step(w);
        }
    }
    compare(w);
}

static world *make_world(void)
{
    world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    return w;
}

static void end_world(world *w)
{
    fixture_close(&w->f);
    free(w);
}

/* Everything that was accepted, once more; with every allocation failing once, if so. */
static size_t replay(world *w, bool failing)
{
    ls_record *again;
    size_t failures = 0;
    assert_null(ls_record_new((ls_fetch){fixture_fetch, &w->f}, &again).fault);
    for (uint64_t i = 0; i < ls_record_size(w->f.record); i++) {
        if (failing) {
            failures += append_at_last(again, w->note[i]);
        } else {
            assert_null(ls_record_append(again, w->note[i], LS_CHECK_TRUSTED, NULL).fault);
        }
    }
    ls_buf first = snapshot(w->f.record), second = snapshot(again);
    same(&first, &second);
    ls_record_free(again);
    return failures;
}

static void test_whatever_comes(void **state)
{
    size_t accepted[KINDS] = {0}, refused[KINDS] = {0}, steps[LS_SEARCH_STEPS] = {0};
    uint64_t sequences = sequences_of(STEPS_ALL) / STEPS;
    (void)state;
    for (uint64_t seed = 0; seed < sequences; seed++) {
        world *w = make_world();
        run(w, seed, STEPS);
        replay(w, false);
        for (size_t k = 0; k < KINDS; k++) {
            accepted[k] += w->accepted[k];
            refused[k] += w->refused[k];
        }
        for (size_t k = 0; k < LS_SEARCH_STEPS; k++) {
            steps[k] += w->steps[k];
        }
        end_world(w);
    }
    /* Sequences that try too little of something show nothing about it. */
    for (size_t k = 0; k < KINDS; k++) {
        print_message("%s: %zu accepted, %zu refused\n", rules[k].name, accepted[k], refused[k]);
        assert_true(accepted[k] >= sequences / 4 && refused[k] >= sequences / 4);
    }
    print_message("steps of searches: %zu %zu %zu %zu %zu\n", steps[0], steps[1], steps[2], steps[3], steps[4]);
}

static void test_every_allocation_fails_once(void **state)
{
    size_t failures = 0;
    (void)state;
    for (uint64_t seed = 5000; seed < 5003; seed++) {
        world *w = make_world();
        run(w, seed, 250);
        failures += replay(w, true);
        end_world(w);
    }
    print_message("%zu allocations failed\n", failures);
    assert_true(failures > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whatever_comes),
        cmocka_unit_test(test_every_allocation_fails_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
