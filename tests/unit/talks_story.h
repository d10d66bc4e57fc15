/* Talks for tests: one line for each act, times in days, and the state that they lead to. */
#ifndef LS_TESTS_TALKS_STORY_H
#define LS_TESTS_TALKS_STORY_H

#include "talks/duties.h"
#include "vectors.h"
#include <string.h>

enum { DPRK, USA, ROK, JPN, TALKING_PARTIES };
#define DAY 86400
#define NEVER (-1) /* instead of a day: without effect */
#define OPEN (-2)  /* no stamp covers it yet */
#define ACTS_MAX 64

typedef struct talking {
    ls_charter charter;
    ls_talk fact[ACTS_MAX];
    ls_time time[ACTS_MAX + 1]; /* by number of the act, from 1, which is its index */
    char name[ACTS_MAX][64];
    size_t count;
    ls_talks facts;
    ls_talks_query query;
    ls_arena arena;
    ls_talks_state state;
} talking;

static const char *const party_names[TALKING_PARTIES] = {"dprk", "usa", "rok", "jpn"};
static const ls_zone_span utc_span[] = {{0, 0}};

static inline ls_time talking_time(const void *context, uint32_t index)
{
    return ((const talking *)context)->time[index];
}

/* Grace: one day. */
static inline void talking_charter(ls_charter *c)
{
    memset(c, 0, sizeof *c);
    c->zone = (ls_zone){"UTC", utc_span, 1};
    c->closing = DAY;
    c->grace = DAY;
    c->party_count = TALKING_PARTIES;
    for (size_t p = 0; p < TALKING_PARTIES; p++) {
        c->party[p].name = ls_bytes_str(party_names[p]);
    }
}

static inline talking *talking_begin(void)
{
    talking *x = calloc(1, sizeof *x);
    assert_non_null(x);
    talking_charter(&x->charter);
    x->facts = (ls_talks){x->fact, 0, talking_time, x};
    return x;
}

static inline void talking_end(talking *x)
{
    ls_arena_free(&x->arena);
    free(x);
}

static inline uint8_t party_of(const char *name, size_t len)
{
    for (uint8_t p = 0; p < TALKING_PARTIES; p++) {
        if (strlen(party_names[p]) == len && memcmp(party_names[p], name, len) == 0) {
            return p;
        }
    }
    fail_msg("no party: %s", name);
    return 0;
}

/* "dprk,usa" or "dprk+usa"; "public" sets *everybody. */
static inline ls_parties set_of(const char *names, bool *everybody)
{
    ls_parties set = 0;
    while (*names != '\0') {
        size_t len = strcspn(names, ",+");
        if (everybody != NULL && len == 6 && memcmp(names, "public", 6) == 0) {
            *everybody = true;
        } else {
            set |= LS_PARTY_BIT(party_of(names, len));
        }
        names += len + (names[len] != '\0');
    }
    return set;
}

static const char *const kind_words[LS_TALK_KINDS] = {
    [LS_TALK_LETTER] = "letter",   [LS_TALK_PROPOSE] = "propose",     [LS_TALK_ACCEPT] = "accept",
    [LS_TALK_DECLINE] = "decline", [LS_TALK_MEET] = "meet",           [LS_TALK_APPOINT] = "appoint",
    [LS_TALK_DEFER] = "defer",     [LS_TALK_CANCEL] = "cancel",       [LS_TALK_HOLD] = "hold",
    [LS_TALK_MINUTES] = "minutes", [LS_TALK_DEBRIEF] = "debrief",     [LS_TALK_GROUP] = "group",
    [LS_TALK_ENLIST] = "enlist",   [LS_TALK_QUIT] = "quit",           [LS_TALK_AGENDA] = "agenda",
    [LS_TALK_PLEDGE] = "pledge",   [LS_TALK_GROUP_REPORT] = "report", [LS_TALK_DEMAND] = "demand",
    [LS_TALK_CLAIM] = "claim",     [LS_TALK_REDEEM] = "redeem",       [LS_TALK_TEXT] = "text",
    [LS_TALK_READOUT] = "readout", [LS_TALK_SCHEDULE] = "schedule",   [LS_TALK_WITHDRAW] = "withdraw"};

static inline ls_talk_kind kind_of(const char *word)
{
    for (ls_talk_kind k = 0; k < LS_TALK_KINDS; k++) {
        if (kind_words[k] != NULL && strcmp(kind_words[k], word) == 0) {
            return k;
        }
    }
    fail_msg("no kind of act: %s", word);
    return LS_TALK_KINDS;
}

static inline ls_talk talking_blank(void)
{
    return (ls_talk){.ref = LS_NO_ENTRY,
                     .group = LS_NO_ENTRY,
                     .until = LS_TIME_OPEN,
                     .day = LS_NO_DAY,
                     .due = LS_NO_DAY,
                     .accord = -1,
                     .of = LS_TALK_JOINT};
}

static inline void take_word(talking *x, ls_talk *t, const char *key, const char *value)
{
    static const char *const words[] = {"open", "settled", "dropped"};
    if (strcmp(key, "to") == 0) {
        t->to = set_of(value, NULL);
    } else if (strcmp(key, "until") == 0) {
        t->until = (ls_time)atoi(value) * DAY;
    } else if (strcmp(key, "about") == 0) {
        t->ref = (uint32_t)atoi(value);
    } else if (strcmp(key, "in") == 0) {
        t->group = (uint32_t)atoi(value);
    } else if (strcmp(key, "due") == 0) {
        t->due = atoi(value);
    } else if (strcmp(key, "on") == 0) {
        t->day = atoi(value);
    } else if (strcmp(key, "of") == 0) {
        t->of = party_of(value, strlen(value));
    } else if (strcmp(key, "pass") == 0) {
        t->pass_to = set_of(value, &t->pass_public);
    } else if (strcmp(key, "name") == 0) {
        snprintf(x->name[x->count], sizeof x->name[0], "%s", value);
        t->name = ls_bytes_str(x->name[x->count]);
    } else if (strcmp(key, "seen") == 0) {
        t->seen = (uint32_t)atoi(value);
    } else if (strcmp(key, "is") == 0) {
        while (strcmp(words[t->word], value) != 0) {
            t->word++;
        }
    } else {
        fail_msg("no such word: %s", key);
    }
}

/* "usa propose to dprk until 20"; by several: "usa+dprk minutes about 3". Keys: to, until, about (an act's number), in
 * (a group's), due, on, of, pass, name, is, seen (so many
 * acts, not all before it). Gives the act's number. */
static inline uint32_t says(talking *x, int day, const char *act)
{
    char text[256];
    ls_talk t = talking_blank();
    snprintf(text, sizeof text, "%s", act);
    char *rest = NULL, *who = strtok_r(text, " ", &rest), *verb = strtok_r(NULL, " ", &rest);
    bool joint = strchr(who, '+') != NULL;
    t.kind = (uint8_t)kind_of(verb);
    t.by = joint ? LS_TALK_JOINT : party_of(who, strlen(who));
    t.to = joint ? set_of(who, NULL) : 0;
    t.seen = (uint32_t)x->count + 1; /* of the ledger, whose first entry is no act of talks */
    for (char *key = strtok_r(NULL, " ", &rest); key != NULL; key = strtok_r(NULL, " ", &rest)) {
        take_word(x, &t, key, strtok_r(NULL, " ", &rest));
    }
    t.index = (uint32_t)x->count + 1;
    x->time[t.index] = day == NEVER ? LS_TIME_NONE : day == OPEN ? LS_TIME_OPEN : (ls_time)day * DAY;
    x->fact[x->count++] = t;
    return t.index;
}

static inline const ls_talks_state *as_known(talking *x, ls_time at, ls_time known)
{
    ls_arena_free(&x->arena);
    x->facts.count = x->count;
    x->query = (ls_talks_query){at, known, &x->charter, &x->facts};
    assert_success(ls_talks_eval(&x->query, &x->arena, &x->state));
    return &x->state;
}

/* At noon of that day, as known then. */
static inline const ls_talks_state *at_day(talking *x, int day)
{
    return as_known(x, (ls_time)day * DAY + DAY / 2, (ls_time)day * DAY + DAY / 2);
}

static inline const ls_proposal_state *proposal(talking *x, int day, uint32_t n)
{
    const ls_proposal_state *p = ls_talks_proposal(at_day(x, day), n);
    assert_non_null(p);
    return p;
}

static inline const ls_meeting_state *meeting(talking *x, int day, uint32_t n)
{
    const ls_meeting_state *m = ls_talks_meeting(at_day(x, day), n);
    assert_non_null(m);
    return m;
}

static inline const ls_group_state *group(talking *x, int day, uint32_t n)
{
    const ls_group_state *g = ls_talks_group(at_day(x, day), n);
    assert_non_null(g);
    return g;
}

static inline const ls_statement_state *statement(talking *x, int day, uint32_t n)
{
    const ls_talks_state *s = at_day(x, day);
    for (size_t i = 0; i < s->statement_count; i++) {
        if (s->statement[i].said->index == n) {
            return &s->statement[i];
        }
    }
    fail_msg("no statement %u", n);
    return NULL;
}

static inline const ls_debriefing_state *debriefing(talking *x, int day, uint32_t n)
{
    const ls_talks_state *s = at_day(x, day);
    for (size_t i = 0; i < s->debriefing_count; i++) {
        if (s->debriefing[i].debriefing->index == n) {
            return &s->debriefing[i];
        }
    }
    fail_msg("no debriefing %u", n);
    return NULL;
}

#endif
