/*
 * Acceptance of acts about inspections once more, from the words of docs/protocol.md and docs/inspections.md and
 * without a thought for speed: every question is answered by looking through all that was accepted so far. Versions of
 * the accord are known by which of three sets of clauses they have.
 */
#ifndef LS_TESTS_INSPECTED_MODEL_H
#define LS_TESTS_INSPECTED_MODEL_H

#include "inspected_acts.h"

#define STEPS_MAX 600
#define ABSENT UINT64_MAX

typedef enum kind {
    K_DRAW,
    K_COMMIT,
    K_REVEAL,
    K_CHOOSE,
    K_VISIT,
    K_ADMIT,
    K_REFUSE,
    K_POSTPONE,
    K_ENTER,
    K_LEAVE,
    K_CLARIFY,
    K_ANSWER,
    K_CHALLENGE,
    K_DENY,
    K_REPORT,
    K_OPEN,
    K_NOTIFY,
    K_CONTEST,
    K_WITHDRAW,
    K_PERFORM,
    K_USE,
    K_SAID, /* all of these are acts of one party */
    K_DECLARE = K_SAID,
    K_STAMP,
    K_ACCORD,
    K_CHARTER
} kind;

static const char *const kind_names[] = {"draw",     "commit", "reveal", "choose",  "visit",    "admit",     "refuse",
                                         "postpone", "enter",  "leave",  "clarify", "answer",   "challenge", "deny",
                                         "report",   "open",   "notify", "contest", "withdraw", "perform",   "use"};

/* Clauses: inspections by name, or none of that name. */
typedef struct rules {
    bool there;
    size_t by; /* all are of dprk, and of sites */
    uint64_t rows, spare;
    bool postpone, limits, challenges, verifies; /* verifies: all of `measures` that are listed */
    bool uses_visits;                            /* a right for visits */
} rules;

enum { BASELINE_NAMED, SWIFT_NAMED, UNKNOWN_NAMED, INSPECTIONS };
enum { ORIGINAL, USAS, SWIFT_ONLY, VARIANTS };
static const char *const inspection_names[] = {"baseline", "swift", "unheard-of"};
static const rules variants[VARIANTS][INSPECTIONS] = {
    [ORIGINAL] = {[BASELINE_NAMED] = {true, ROK, 3, 2, true, true, true, true, true},
                  [SWIFT_NAMED] = {true, USA, 3, 2, false, false, false, false, false}},
    [USAS] = {[BASELINE_NAMED] = {true, USA, 1, 0, false, false, false, false, false}},
    [SWIFT_ONLY] = {[SWIFT_NAMED] = {true, USA, 3, 2, false, false, false, false, false}},
};
/* Rights that something other than `use` uses. */
static const bool right_taken[VARIANTS][5] = {
    [ORIGINAL] = {[ROUNDS] = true, [VISITS] = true, [CHALLENGES] = true, [SWIFT_ROUNDS] = true},
    [USAS] = {[SWIFT_ROUNDS] = true},
    [SWIFT_ONLY] = {[SWIFT_ROUNDS] = true}};
static const char *const right_names[] = {"idle", "rounds", "visits", "challenges", "swift-rounds"};
static const size_t right_owners[] = {ROK, ROK, ROK, ROK, USA};

static const struct {
    const char *id;
    bool rok, usa, dprk, listed; /* who verifies it; whether the first version lists it */
} measures[] = {{"show", true, true, false, true},        {"tidy", true, false, false, false},
                {"hand-in", true, false, false, true},    {"freeze", true, false, false, true},
                {"open-near", false, true, false, false}, {"pull-back", true, false, true, true}};
static const char *const findings[] = {"consistent", "discrepancy", "inconclusive", "fine"};
static const char *const words_of_change[] = {"moved", "corrected", "lost"};
static const struct {
    const char *text;
    bool real;
} places[] = {{"39.7956 125.755", true}, {"-90 180", true}, {"90.1 0", false}, {"1 -0", false}};
static const uint64_t tranche_rows[] = {7, 4, 3}; /* all; of each */

/* What is tried. Numbers that are ABSENT have no header. */
typedef struct step {
    kind kind;
    size_t party;
    int ref;     /* an entry; -1: none; -2: nothing on the record */
    int version; /* that it names */
    unsigned inspection, finding, measure, place, right, word, nonce;
    bool by_measure;
    uint64_t population, rows, spare, tranche, row, blank, radius;
    unsigned limits; /* shrouding, no-photographs, and one that there is not */
    uint64_t position[4];
    size_t positions;
    ls_time expires;
} step;

/* What was accepted. */
typedef struct said_entry {
    step step;
    bool lapsed, stamped;
    const rules *rule; /* of what is inspected, or NULL */
    unsigned inspection;
} said_entry;

typedef struct model {
    said_entry entry[STEPS_MAX];
    int count;
    struct {
        int index, variant, amends; /* amends: a version, or -1 */
    } version[16];
    int versions;
} model;

static inline bool effective(const model *m, int i)
{
    const said_entry *x = &m->entry[i];
    bool under = x->step.kind < K_SAID || x->step.kind == K_DECLARE;
    return !x->lapsed && (!under || !m->entry[m->version[x->step.version].index].lapsed);
}

static inline int in_force(const model *m)
{
    int found = 0;
    for (int v = 0; v < m->versions; v++) {
        found = m->entry[m->version[v].index].lapsed ? found : v;
    }
    return found;
}

static inline bool is(const model *m, int i, kind k)
{
    return i >= 0 && m->entry[i].step.kind == k;
}

/* It is of this kind, and has effect. */
static inline bool names(const model *m, int i, kind k)
{
    return is(m, i, k) && effective(m, i);
}

/* An act with effect by this party about that one, under a stamp if need be; or -1. */
static inline int find_said(const model *m, kind k, size_t party, int about, bool stamped)
{
    for (int i = 0; i < m->count; i++) {
        const said_entry *x = &m->entry[i];
        if (names(m, i, k) && x->step.party == party && x->step.ref == about && (!stamped || x->stamped)) {
            return i;
        }
    }
    return -1;
}

static inline bool declared(const model *m)
{
    for (int i = 0; i < m->count; i++) {
        if (names(m, i, K_DECLARE)) {
            return true;
        }
    }
    return false;
}

static inline bool was_shown(const model *m)
{
    for (int i = 0; i < m->count; i++) {
        if (names(m, i, K_PERFORM)) {
            return true;
        }
    }
    return false;
}

/* The clauses that an act goes by: those of the version, for one that names its inspection; else of what it is about.
 */
static inline const rules *rules_of(const model *m, const step *s)
{
    bool named = s->kind == K_DRAW || s->kind == K_VISIT || s->kind == K_CLARIFY || s->kind == K_CHALLENGE;
    return named         ? &variants[m->version[s->version].variant][s->inspection]
           : s->ref >= 0 ? m->entry[s->ref].rule
                         : NULL;
}

static inline unsigned inspection_of(const model *m, const step *s)
{
    bool named = s->kind == K_DRAW || s->kind == K_VISIT || s->kind == K_CLARIFY || s->kind == K_CHALLENGE;
    return named ? s->inspection : s->ref >= 0 ? m->entry[s->ref].inspection : UNKNOWN_NAMED;
}

/* Who may. */
static inline bool is_side(const rules *rule, const step *s, bool of, bool by)
{
    return rule != NULL && rule->there && ((of && s->party == DPRK) || (by && s->party == rule->by));
}

static inline bool draw_fits(const model *m, const step *s, const rules *rule)
{
    uint64_t tranche = s->tranche == ABSENT ? 0 : s->tranche;
    return is_side(rule, s, false, true) && names(m, s->ref, K_DECLARE) && m->entry[s->ref].stamped && tranche <= 2 &&
           s->population == tranche_rows[tranche] && s->rows <= rule->rows && s->spare <= rule->spare &&
           s->rows + s->spare <= s->population;
}

/* Some nonce of this draw is known: an act that said one lapsed or not. */
static inline bool nonce_known(const model *m, int draw)
{
    for (int i = 0; i < m->count; i++) {
        if (is(m, i, K_REVEAL) && m->entry[i].step.ref == draw) {
            return true;
        }
    }
    return false;
}

static inline bool commit_fits(const model *m, const step *s, const rules *rule)
{
    return is_side(rule, s, true, true) && names(m, s->ref, K_DRAW) && m->entry[s->ref].stamped &&
           find_said(m, K_COMMIT, s->party, s->ref, false) < 0 && !nonce_known(m, s->ref);
}

static inline bool reveal_fits(const model *m, const step *s, const rules *rule)
{
    if (!is_side(rule, s, true, true) || !names(m, s->ref, K_DRAW)) {
        return false;
    }
    int own = find_said(m, K_COMMIT, s->party, s->ref, true);
    bool both = find_said(m, K_COMMIT, DPRK, s->ref, true) >= 0 && find_said(m, K_COMMIT, rule->by, s->ref, true) >= 0;
    bool turn = s->party == DPRK || find_said(m, K_REVEAL, DPRK, s->ref, true) >= 0;
    return both && turn && find_said(m, K_REVEAL, s->party, s->ref, false) < 0 && m->entry[own].step.nonce == s->nonce;
}

static inline bool choose_fits(const model *m, const step *s, const rules *rule)
{
    if (!is_side(rule, s, false, true) || !names(m, s->ref, K_DRAW)) {
        return false;
    }
    const step *draw = &m->entry[s->ref].step;
    bool fits = s->positions == s->rows && s->rows <= draw->rows;
    for (size_t i = 0; i < s->positions; i++) {
        fits = fits && s->position[i] < draw->population && (i == 0 || s->position[i] > s->position[i - 1]);
    }
    return fits;
}

static inline bool visit_fits(const model *m, const step *s, const rules *rule)
{
    bool challenge = names(m, s->ref, K_CHALLENGE);
    bool ref = challenge || names(m, s->ref, K_DRAW) || names(m, s->ref, K_VISIT);
    bool none = s->tranche == ABSENT && s->row == ABSENT, both = s->tranche != ABSENT && s->row != ABSENT;
    bool there = both && s->tranche <= 2 && s->row < tranche_rows[s->tranche];
    return is_side(rule, s, false, true) && ref && m->entry[s->ref].inspection == s->inspection &&
           (there || (none && challenge));
}

static inline bool place_fits(const model *m, const step *s, const rules *rule)
{
    bool ref = s->ref == -1 ||
               (s->kind == K_CHALLENGE && names(m, s->ref, K_CLARIFY) && m->entry[s->ref].inspection == s->inspection);
    return is_side(rule, s, false, true) && rule->challenges && places[s->place].real && s->radius <= 50000 && ref;
}

static inline bool about_visit_fits(const model *m, const step *s, const rules *rule)
{
    bool either = s->kind == K_ENTER || s->kind == K_LEAVE;
    if (!is_side(rule, s, true, either) || !names(m, s->ref, K_VISIT)) {
        return false;
    }
    bool limits = s->kind != K_ADMIT || s->limits == 0 || (rule->limits && s->limits < 4);
    return limits && (s->kind != K_POSTPONE || rule->postpone);
}

static inline bool report_fits(const model *m, const step *s, const rules *rule)
{
    bool ref = names(m, s->ref, K_DRAW) || names(m, s->ref, K_VISIT) || names(m, s->ref, K_CHALLENGE);
    if (!is_side(rule, s, true, true) || !ref || s->finding > 2) {
        return false;
    }
    if (!s->by_measure) {
        return true;
    }
    const bool verifies[] = {
        [DPRK] = measures[s->measure].dprk, [USA] = measures[s->measure].usa, [ROK] = measures[s->measure].rok};
    bool confirmable = s->finding != 0 || (strcmp(measures[s->measure].id, "show") == 0 && was_shown(m));
    return s->party == rule->by && verifies[s->party] && rule->verifies && measures[s->measure].listed && confirmable;
}

static inline bool open_fits(const model *m, const step *s)
{
    bool rows = s->rows != ABSENT, draw = names(m, s->ref, K_DRAW) && rows;
    bool ref = s->ref == -1 ? s->blank == ABSENT : draw || names(m, s->ref, K_CHALLENGE);
    bool blank = s->blank == ABSENT || (draw && s->blank <= s->rows);
    return s->party == DPRK && declared(m) && rows != (s->tranche != ABSENT) && (rows || s->tranche <= 2) && ref &&
           blank;
}

static inline bool contest_fits(const model *m, const step *s)
{
    bool ref = is(m, s->ref, K_DECLARE) || is(m, s->ref, K_OPEN) || is(m, s->ref, K_NOTIFY);
    return ref && m->entry[s->ref].step.party != s->party;
}

/* What was said under a version is known to those that came in its place; not where it lapsed before. */
static inline bool taken_over(const model *m, int version)
{
    int v = in_force(m);
    while (v >= 0 && v != version) {
        v = m->version[v].amends;
    }
    return v == version;
}

/* In advance, of a joint act that is not there; else one's own. */
static inline bool withdraw_fits(const model *m, const step *s)
{
    static const bool inspected[K_CHARTER + 1] = {
        [K_VISIT] = true, [K_REFUSE] = true, [K_POSTPONE] = true, [K_CLARIFY] = true, [K_CHALLENGE] = true};
    if (s->ref < 0) {
        return true;
    }
    kind k = m->entry[s->ref].step.kind;
    bool own = k <= K_DECLARE && m->entry[s->ref].step.party == s->party;
    return own && (k == K_PERFORM || k == K_CONTEST ? taken_over(m, m->entry[s->ref].step.version)
                                                    : inspected[k] && effective(m, s->ref));
}

static inline bool model_accepts(const model *m, const step *s)
{
    const rules *rule = rules_of(m, s);
    if (s->kind == K_WITHDRAW) {
        return withdraw_fits(m, s);
    }
    if (s->version != in_force(m)) {
        return false;
    }
    switch (s->kind) {
    case K_DRAW:
        return draw_fits(m, s, rule);
    case K_COMMIT:
        return commit_fits(m, s, rule);
    case K_REVEAL:
        return reveal_fits(m, s, rule);
    case K_CHOOSE:
        return choose_fits(m, s, rule);
    case K_VISIT:
        return visit_fits(m, s, rule);
    case K_CLARIFY:
    case K_CHALLENGE:
        return place_fits(m, s, rule);
    case K_ANSWER:
        return is_side(rule, s, true, false) && names(m, s->ref, K_CLARIFY);
    case K_DENY:
        return is_side(rule, s, true, false) && names(m, s->ref, K_CHALLENGE);
    case K_REPORT:
        return report_fits(m, s, rule);
    case K_OPEN:
        return open_fits(m, s);
    case K_NOTIFY:
        return s->party == DPRK && declared(m) && s->word < 2;
    case K_CONTEST:
        return contest_fits(m, s);
    case K_PERFORM:
        return s->party == DPRK;
    case K_USE:
        return s->party == right_owners[s->right] && !right_taken[m->version[s->version].variant][s->right];
    default:
        return about_visit_fits(m, s, rule);
    }
}

/* How many words about inspections, and how many facts, come with it. */
static inline size_t words_added(const model *m, const step *s)
{
    bool about = s->kind <= K_REPORT || (s->kind == K_OPEN && s->ref >= 0);
    bool takes_back = s->kind == K_WITHDRAW && s->ref >= 0 && m->entry[s->ref].step.kind < K_OPEN;
    return about || takes_back ? 1 : 0;
}

static inline size_t facts_added(const model *m, const step *s)
{
    switch (s->kind) {
    case K_DRAW:
    case K_CHALLENGE:
    case K_NOTIFY:
    case K_CONTEST:
    case K_PERFORM:
    case K_USE:
        return 1;
    case K_VISIT:
        return rules_of(m, s)->uses_visits ? 1 : 0;
    case K_REPORT:
        return s->by_measure && s->finding < 2 ? 1 : 0;
    case K_OPEN:
        return s->tranche == 1 ? 1 : 0;
    case K_WITHDRAW:
        return s->ref >= 0 && words_added(m, s) == 0 ? 1 : 0;
    default:
        return 0;
    }
}

static inline void model_apply(model *m, const step *s)
{
    said_entry *x = &m->entry[m->count++];
    *x = (said_entry){.step = *s, .rule = rules_of(m, s), .inspection = inspection_of(m, s)};
}

/* A stamp over all that came before it. */
static inline void model_stamp(model *m, ls_time time)
{
    for (int i = 0; i < m->count; i++) {
        said_entry *x = &m->entry[i];
        x->lapsed = x->lapsed || (!x->stamped && x->step.kind != K_STAMP && time > x->step.expires);
        x->stamped = true;
    }
    m->entry[m->count++] = (said_entry){.step = {.kind = K_STAMP, .ref = -1}};
}

#endif
