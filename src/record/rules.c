/*
 * The rules: one row for each kind of act, with the headers it carries, whether it is acceptable and what it changes.
 * docs/protocol.md repeats this table for people.
 */
#include "record/rules.h"

#define BIT(h) (1ull << (h))
#define ATTACHMENTS BIT(LS_H_ATTACHMENT)

/* The table. Headers of the shape (process, by, seq, …) and unless-acted and date are not repeated in it. */

#define MEASURE (BIT(LS_H_ACCORD) | BIT(LS_H_MEASURE))
#define ANSWER (BIT(LS_H_REF) | ATTACHMENTS)
#define DECLARE                                                                                                        \
    (BIT(LS_H_ACCORD) | BIT(LS_H_NONCE) | BIT(LS_H_DECLARATION) | BIT(LS_H_SCHEMA) | BIT(LS_H_TRANCHES) |              \
     BIT(LS_H_ROW_BYTES) | BIT(LS_H_ROOT) | ATTACHMENTS)
#define OPEN (BIT(LS_H_ACCORD) | BIT(LS_H_DECLARATION) | ATTACHMENTS)

/* An act under an accord: its kind, whether it says why; headers; what it says (said_rule). */
#define SAID(kind, text, required, allowed, ...)                                                                       \
    {                                                                                                                  \
        kind, LS_SHAPE_CHAINED, text, SIGN_KIND, required, allowed, ls_rule_accept_said, ls_rule_apply_said,           \
            {__VA_ARGS__}, {0},                                                                                        \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define FACT(kind) (1u << LS_FACT_##kind)

/* An act about an inspection: the same, and inspected_rule. */
#define INSPECTED(kind, text, required, allowed, ...)                                                                  \
    {                                                                                                                  \
        kind, LS_SHAPE_CHAINED, text, SIGN_KIND, BIT(LS_H_ACCORD) | (required), ATTACHMENTS | (allowed),               \
            ls_rule_accept_inspected, ls_rule_apply_inspected, {0}, {__VA_ARGS__},                                     \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define ABOUT(kind) (1u << LS_INSPECTED_##kind)
#define PLACE (BIT(LS_H_PLACE) | BIT(LS_H_RADIUS))

/* An act of talks: the same, and talk_rule. */
#define TALK(kind, shape, text, required, allowed, ...)                                                                \
    {                                                                                                                  \
        kind, LS_SHAPE_##shape, text, SIGN_KIND, required, allowed, ls_rule_accept_talk, ls_rule_apply_talk, {0}, {0}, \
        {                                                                                                              \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }
#define TALKS(kind) (1u << LS_TALK_##kind)
#define MEETINGS (TALKS(MEET) | TALKS(APPOINT))
#define ITEM (BIT(LS_H_ITEM))
#define SPOKEN (BIT(LS_H_OF) | BIT(LS_H_TO) | BIT(LS_H_REF) | BIT(LS_H_UNTIL) | BIT(LS_H_GROUP) | ATTACHMENTS)

/* Any other: its accept and apply. */
#define OTHER(kind, shape, text, signing, required, allowed, accept, apply)                                            \
    {                                                                                                                  \
        kind, LS_SHAPE_##shape, text, signing, required, allowed, ls_rule_accept_##accept, ls_rule_apply_##apply, {0}, \
            {0},                                                                                                       \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }

static const char *const text_words[] = {NULL, "whole", NULL};
static const char *const agree_words[] = {NULL, "ad-referendum", NULL};
static const char *const agenda_words[] = {"open", "settled", "dropped", NULL};
static const char *const schedule_words[] = {NULL, "earliest", "borda", "least-regret", NULL};

static const act_rule rules[] = {
    OTHER("charter", JOINT, TEXT_OPTIONAL, SIGN_ALL, ATTACHMENTS, 0, charter, charter),
    OTHER("accord", JOINT, TEXT_OPTIONAL, SIGN_KIND, ATTACHMENTS, BIT(LS_H_ACCORD), accord, accord),
    OTHER("stamp", STAMP, TEXT_REQUIRED, SIGN_KIND, 0, 0, stamp, stamp),
    OTHER("declare", CHAINED, TEXT_OPTIONAL, SIGN_KIND, DECLARE, 0, declare, declare),
    OTHER("open", CHAINED, TEXT_OPTIONAL, SIGN_KIND, OPEN,
          BIT(LS_H_REF) | BIT(LS_H_TRANCHE) | BIT(LS_H_ROWS) | BIT(LS_H_BLANK), open, open),
    SAID("perform", TEXT_OPTIONAL, MEASURE, BIT(LS_H_AMOUNT) | BIT(LS_H_METHOD) | BIT(LS_H_FOR) | ATTACHMENTS,
         LS_FACT_PERFORM, NAMED_MEASURE, LS_WHO_PERFORMS, 0, true, ls_rule_check_perform),
    SAID("confirm", TEXT_OPTIONAL, MEASURE, BIT(LS_H_AMOUNT) | ANSWER, LS_FACT_CONFIRM, NAMED_MEASURE, LS_WHO_WITNESSES,
         FACT(PERFORM) | FACT(INCIDENT), true, ls_rule_check_confirm),
    SAID("object", TEXT_REQUIRED, MEASURE, ANSWER, LS_FACT_OBJECT, NAMED_MEASURE, LS_WHO_VERIFIES,
         FACT(PERFORM) | FACT(INCIDENT), true, NULL),
    SAID("missing", TEXT_OPTIONAL, MEASURE, ANSWER, LS_FACT_MISSING, NAMED_MEASURE, LS_WHO_VERIFIES, FACT(PERFORM),
         true, NULL),
    OTHER("withdraw", CHAINED, TEXT_OPTIONAL, SIGN_KIND, BIT(LS_H_REF), 0, withdraw, withdraw),
    SAID("suspend", TEXT_REQUIRED, BIT(LS_H_ACCORD), BIT(LS_H_TRACK) | BIT(LS_H_MEASURE) | ATTACHMENTS, LS_FACT_SUSPEND,
         NAMED_NOTHING, LS_WHO_SIGNED, 0, false, ls_rule_check_suspend),
    SAID("resume", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_REF), 0, LS_FACT_RESUME, NAMED_NOTHING, LS_WHO_ANYBODY, 0,
         false, ls_rule_check_resume),
    SAID("promise", TEXT_OPTIONAL, MEASURE, ATTACHMENTS, LS_FACT_PROMISE, NAMED_MEASURE, LS_WHO_PERFORMS, 0, true,
         NULL),
    SAID("begin", TEXT_OPTIONAL, MEASURE, ATTACHMENTS, LS_FACT_BEGIN, NAMED_MEASURE, LS_WHO_PERFORMS, 0, true, NULL),
    SAID("reverse", TEXT_OPTIONAL, MEASURE, ATTACHMENTS, LS_FACT_REVERSE, NAMED_MEASURE, LS_WHO_PERFORMS, 0, false,
         ls_rule_check_reverse),
    SAID("call-off", TEXT_REQUIRED, MEASURE, BIT(LS_H_DUE) | ATTACHMENTS, LS_FACT_CALL_OFF, NAMED_MEASURE,
         LS_WHO_CALLS_OFF, 0, true, ls_rule_check_call_off),
    SAID("join", TEXT_OPTIONAL, MEASURE, ATTACHMENTS, LS_FACT_JOIN, NAMED_MEASURE, LS_WHO_JOINS, 0, false, NULL),
    SAID("incident", TEXT_REQUIRED, MEASURE, ATTACHMENTS, LS_FACT_INCIDENT, NAMED_MEASURE, LS_WHO_ANYBODY, 0, true,
         ls_rule_check_incident),
    SAID("assess", TEXT_REQUIRED, MEASURE | BIT(LS_H_SCORE), ATTACHMENTS, LS_FACT_ASSESS, NAMED_MEASURE,
         LS_WHO_ASSESSES, 0, false, ls_rule_check_assess),
    SAID("extend", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_DUE),
         BIT(LS_H_MEASURE) | BIT(LS_H_STAGE) | BIT(LS_H_REF) | ATTACHMENTS, LS_FACT_EXTEND, NAMED_MEASURE,
         LS_WHO_EXTENDS, FACT(DISPUTE), true, ls_rule_check_extend),
    SAID("attest", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_EVENT), BIT(LS_H_AMOUNT) | ATTACHMENTS, LS_FACT_ATTEST,
         NAMED_EVENT, LS_WHO_ATTESTS, 0, false, ls_rule_check_attest),
    SAID("use", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_RIGHT), ATTACHMENTS, LS_FACT_USE, NAMED_RIGHT, LS_WHO_HOLDS,
         0, false, ls_rule_check_use),
    SAID("dispute", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_DISPUTE), BIT(LS_H_MEASURE) | ATTACHMENTS,
         LS_FACT_DISPUTE, NAMED_DISPUTE, LS_WHO_COMPLAINS, 0, false, ls_rule_check_dispute),
    SAID("refer", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_REF) | BIT(LS_H_STAGE), ATTACHMENTS, LS_FACT_REFER,
         NAMED_DISPUTE, LS_WHO_DISPUTES, FACT(DISPUTE), false, ls_rule_check_refer),
    SAID("settle", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_REF), ATTACHMENTS, LS_FACT_SETTLE, NAMED_DISPUTE,
         LS_WHO_SETTLES, FACT(DISPUTE), false, NULL),
    SAID("ratify", TEXT_OPTIONAL, BIT(LS_H_ACCORD), ATTACHMENTS, LS_FACT_RATIFY, NAMED_NOTHING, LS_WHO_SIGNED, 0, false,
         NULL),
    SAID("denounce", TEXT_REQUIRED, BIT(LS_H_ACCORD), ATTACHMENTS, LS_FACT_DENOUNCE, NAMED_NOTHING, LS_WHO_SIGNED, 0,
         true, ls_rule_check_denounce),
    SAID("notify", TEXT_OPTIONAL, BIT(LS_H_ACCORD) | BIT(LS_H_DECLARATION) | BIT(LS_H_CHANGE) | ATTACHMENTS, 0,
         LS_FACT_NOTIFY, NAMED_NOTHING, LS_WHO_ANYBODY, 0, false, ls_rule_check_notify),
    SAID("contest", TEXT_REQUIRED, BIT(LS_H_ACCORD) | BIT(LS_H_REF), ATTACHMENTS, LS_FACT_CONTEST, NAMED_NOTHING,
         LS_WHO_ANYBODY, 0, true, ls_rule_check_contest),
    INSPECTED("draw", TEXT_OPTIONAL,
              BIT(LS_H_INSPECTION) | BIT(LS_H_REF) | BIT(LS_H_POPULATION) | BIT(LS_H_ROWS) | BIT(LS_H_SPARE),
              BIT(LS_H_TRANCHE), LS_INSPECTED_DRAW, INSPECTED_BY, 0, false, ls_rule_check_draw),
    INSPECTED("commit", TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_COMMITMENT), 0, LS_INSPECTED_COMMIT, INSPECTED_EITHER,
              ABOUT(DRAW), false, ls_rule_check_commit),
    INSPECTED("reveal", TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_NONCE), 0, LS_INSPECTED_REVEAL, INSPECTED_EITHER,
              ABOUT(DRAW), false, ls_rule_check_reveal),
    INSPECTED("choose", TEXT_REQUIRED, BIT(LS_H_REF) | BIT(LS_H_ROWS), 0, LS_INSPECTED_CHOOSE, INSPECTED_BY,
              ABOUT(DRAW), false, ls_rule_check_choose),
    INSPECTED("visit", TEXT_OPTIONAL, BIT(LS_H_INSPECTION) | BIT(LS_H_REF), BIT(LS_H_TRANCHE) | BIT(LS_H_ROW),
              LS_INSPECTED_VISIT, INSPECTED_BY, ABOUT(DRAW) | ABOUT(CHALLENGE) | ABOUT(VISIT), true,
              ls_rule_check_visit),
    INSPECTED("admit", TEXT_OPTIONAL, BIT(LS_H_REF), BIT(LS_H_LIMITS), LS_INSPECTED_ADMIT, INSPECTED_OF, ABOUT(VISIT),
              false, ls_rule_check_admit),
    INSPECTED("refuse", TEXT_REQUIRED, BIT(LS_H_REF), 0, LS_INSPECTED_REFUSE, INSPECTED_OF, ABOUT(VISIT), true, NULL),
    INSPECTED("postpone", TEXT_REQUIRED, BIT(LS_H_REF) | BIT(LS_H_UNTIL), 0, LS_INSPECTED_POSTPONE, INSPECTED_OF,
              ABOUT(VISIT), true, ls_rule_check_postpone),
    INSPECTED("enter", TEXT_OPTIONAL, BIT(LS_H_REF), 0, LS_INSPECTED_ENTER, INSPECTED_EITHER, ABOUT(VISIT), false,
              NULL),
    INSPECTED("leave", TEXT_OPTIONAL, BIT(LS_H_REF), 0, LS_INSPECTED_LEAVE, INSPECTED_EITHER, ABOUT(VISIT), false,
              NULL),
    INSPECTED("clarify", TEXT_REQUIRED, BIT(LS_H_INSPECTION) | PLACE, 0, LS_INSPECTED_CLARIFY, INSPECTED_BY, 0, true,
              ls_rule_check_place),
    INSPECTED("answer", TEXT_REQUIRED, BIT(LS_H_REF), 0, LS_INSPECTED_ANSWER, INSPECTED_OF, ABOUT(CLARIFY), false,
              NULL),
    INSPECTED("challenge", TEXT_OPTIONAL, BIT(LS_H_INSPECTION) | PLACE, BIT(LS_H_REF), LS_INSPECTED_CHALLENGE,
              INSPECTED_BY, ABOUT(CLARIFY), true, ls_rule_check_place),
    INSPECTED("deny", TEXT_OPTIONAL, BIT(LS_H_REF), 0, LS_INSPECTED_DENY, INSPECTED_OF, ABOUT(CHALLENGE), false, NULL),
    INSPECTED("report", TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_FINDING), BIT(LS_H_MEASURE), LS_INSPECTED_REPORT,
              INSPECTED_EITHER, ABOUT(DRAW) | ABOUT(VISIT) | ABOUT(CHALLENGE), false, ls_rule_check_report),
    OTHER("rekey", CHAINED, TEXT_OPTIONAL, SIGN_KEYS, BIT(LS_H_KEY) | BIT(LS_H_PROOF),
          BIT(LS_H_SINCE) | BIT(LS_H_UNTIL), rekey, rekey),
    OTHER("revoke", CHAINED, TEXT_REQUIRED, SIGN_KEYS, BIT(LS_H_KEY), 0, revoke, change),
    OTHER("delegate", CHAINED, TEXT_OPTIONAL, SIGN_KIND, BIT(LS_H_KEY) | BIT(LS_H_PROOF), BIT(LS_H_UNTIL), delegate,
          change),
    OTHER("annul", JOINT, TEXT_OPTIONAL, SIGN_MOST, BIT(LS_H_REF), 0, annul, annul),
    OTHER("amend", JOINT, TEXT_OPTIONAL, SIGN_MOST, ATTACHMENTS, 0, amend, change),
    OTHER("succeed", JOINT, TEXT_OPTIONAL, SIGN_MOST, BIT(LS_H_KEY) | BIT(LS_H_PROOF) | BIT(LS_H_SINCE), 0, succeed,
          change),
    OTHER("receipts", CHAINED, TEXT_REQUIRED, SIGN_KIND, BIT(LS_H_REF), 0, receipts, receipts),
    TALK("letter", CHAINED, TEXT_OPTIONAL, BIT(LS_H_TO), ANSWER, LS_TALK_LETTER, TALK_ANYBODY, TALKS(LETTER), false,
         false, NULL, NULL),
    TALK("propose", CHAINED, TEXT_REQUIRED, BIT(LS_H_TO) | BIT(LS_H_UNTIL), BIT(LS_H_GROUP) | ANSWER, LS_TALK_PROPOSE,
         TALK_ANYBODY, 0, false, true, NULL, ls_rule_check_propose),
    TALK("accept", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF), ATTACHMENTS, LS_TALK_ACCEPT, TALK_ADDRESSEE,
         TALKS(PROPOSE) | MEETINGS, false, true, NULL, NULL),
    TALK("decline", CHAINED, TEXT_REQUIRED, BIT(LS_H_REF), ATTACHMENTS, LS_TALK_DECLINE, TALK_ADDRESSEE,
         TALKS(PROPOSE) | MEETINGS, false, true, NULL, NULL),
    TALK("meet", CHAINED, TEXT_OPTIONAL, BIT(LS_H_MEETING) | BIT(LS_H_TO),
         BIT(LS_H_DUE) | BIT(LS_H_VENUE) | BIT(LS_H_UNTIL) | BIT(LS_H_GROUP) | ANSWER, LS_TALK_MEET, TALK_ANYBODY, 0,
         true, true, NULL, NULL),
    TALK("appoint", JOINT, TEXT_OPTIONAL, BIT(LS_H_MEETING) | BIT(LS_H_DUE) | BIT(LS_H_VENUE), BIT(LS_H_GROUP) | ANSWER,
         LS_TALK_APPOINT, TALK_ANYBODY, TALKS(SCHEDULE) | TALKS(PROPOSE) | TALKS(MEET), true, false, NULL,
         ls_rule_check_appoint),
    TALK("defer", CHAINED, TEXT_REQUIRED, BIT(LS_H_REF), BIT(LS_H_DUE) | BIT(LS_H_VENUE) | ATTACHMENTS, LS_TALK_DEFER,
         TALK_INVOLVED, MEETINGS, false, true, NULL, NULL),
    TALK("cancel", CHAINED, TEXT_REQUIRED, BIT(LS_H_REF), ATTACHMENTS, LS_TALK_CANCEL, TALK_INVOLVED, MEETINGS, false,
         true, NULL, NULL),
    TALK("hold", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_DATE), ATTACHMENTS, LS_TALK_HOLD, TALK_INVOLVED,
         MEETINGS, false, true, NULL, NULL),
    TALK("minutes", JOINT, TEXT_OPTIONAL, BIT(LS_H_REF), ATTACHMENTS, LS_TALK_MINUTES, TALK_INVOLVED, MEETINGS, false,
         false, NULL, ls_rule_check_minutes),
    TALK("debrief", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_TO),
         BIT(LS_H_OF) | BIT(LS_H_PASS_TO) | ATTACHMENTS, LS_TALK_DEBRIEF, TALK_ANYBODY,
         MEETINGS | TALKS(LETTER) | TALKS(PROPOSE) | TALKS(DEBRIEF), false, true, NULL, NULL),
    TALK("group", CHAINED, TEXT_REQUIRED, BIT(LS_H_GROUP) | BIT(LS_H_TO),
         BIT(LS_H_MEMBERS) | BIT(LS_H_ACCORD) | BIT(LS_H_TRACK) | ATTACHMENTS, LS_TALK_GROUP, TALK_ANYBODY, 0, true,
         false, NULL, NULL),
    TALK("enlist", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_MEMBERS), ATTACHMENTS, LS_TALK_ENLIST,
         TALK_INVOLVED, TALKS(GROUP), false, false, NULL, NULL),
    TALK("quit", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF), ATTACHMENTS, LS_TALK_QUIT, TALK_INVOLVED, TALKS(GROUP), false,
         false, NULL, NULL),
    TALK("agenda", CHAINED, TEXT_REQUIRED, BIT(LS_H_REF) | ITEM, BIT(LS_H_CHANGE) | ATTACHMENTS, LS_TALK_AGENDA,
         TALK_INVOLVED, TALKS(GROUP) | MEETINGS, false, false, agenda_words, NULL),
    TALK("group-report", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_TO), ATTACHMENTS, LS_TALK_GROUP_REPORT,
         TALK_INVOLVED, TALKS(GROUP), false, true, NULL, NULL),
    TALK("pledge", CHAINED, TEXT_REQUIRED, ITEM, SPOKEN, LS_TALK_PLEDGE, TALK_ANYBODY, 0, true, true, NULL, NULL),
    TALK("demand", CHAINED, TEXT_REQUIRED, ITEM, SPOKEN, LS_TALK_DEMAND, TALK_ANYBODY, 0, true, true, NULL, NULL),
    TALK("claim", CHAINED, TEXT_REQUIRED, ITEM, SPOKEN, LS_TALK_CLAIM, TALK_ANYBODY, 0, true, true, NULL, NULL),
    TALK("redeem", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF) | MEASURE, ATTACHMENTS, LS_TALK_REDEEM, TALK_OWNER,
         TALKS(PLEDGE) | TALKS(DEMAND), false, true, NULL, ls_rule_check_redeem),
    TALK("text", CHAINED, TEXT_OPTIONAL, BIT(LS_H_TEXT) | BIT(LS_H_TO) | BIT(LS_H_LANGUAGES),
         BIT(LS_H_METHOD) | BIT(LS_H_ACCORD) | BIT(LS_H_GROUP) | ATTACHMENTS, LS_TALK_TEXT, TALK_ANYBODY, 0, true,
         false, text_words, NULL),
    TALK("edit", CHAINED, TEXT_OPTIONAL, ANSWER, 0, LS_TALK_EDIT, TALK_INVOLVED, TALKS(TEXT), false, false, NULL,
         ls_rule_check_edit),
    TALK("agree", CHAINED, TEXT_OPTIONAL, ANSWER, BIT(LS_H_METHOD), LS_TALK_AGREE, TALK_INVOLVED, TALKS(TEXT), false,
         false, agree_words, ls_rule_check_edit),
    TALK("diverge", CHAINED, TEXT_REQUIRED, BIT(LS_H_REF) | ITEM | BIT(LS_H_LANGUAGES), ATTACHMENTS, LS_TALK_DIVERGE,
         TALK_INVOLVED, TALKS(TEXT), false, true, NULL, ls_rule_check_diverge),
    TALK("schedule", CHAINED, TEXT_OPTIONAL,
         BIT(LS_H_TO) | BIT(LS_H_CAP) | BIT(LS_H_METHOD) | BIT(LS_H_UNTIL) | ATTACHMENTS,
         BIT(LS_H_REF) | BIT(LS_H_GROUP), LS_TALK_SCHEDULE, TALK_INVOLVED, MEETINGS, false, false, schedule_words,
         ls_rule_check_schedule),
    TALK("schedule-commit", CHAINED, TEXT_OPTIONAL, BIT(LS_H_REF) | BIT(LS_H_COMMITMENT), 0, LS_TALK_SCHEDULE_COMMIT,
         TALK_INVOLVED, TALKS(SCHEDULE), false, false, NULL, ls_rule_check_schedule_commit),
    TALK("schedule-send", CHAINED, TEXT_OPTIONAL, ANSWER, 0, LS_TALK_SCHEDULE_SEND, TALK_INVOLVED, TALKS(SCHEDULE),
         false, false, NULL, ls_rule_check_schedule_send),
    TALK("schedule-reveal", CHAINED, TEXT_OPTIONAL, ANSWER, 0, LS_TALK_SCHEDULE_REVEAL, TALK_INVOLVED, TALKS(SCHEDULE),
         false, false, NULL, ls_rule_check_schedule_reveal),
    TALK("readout", CHAINED, TEXT_OPTIONAL, ANSWER, 0, LS_TALK_READOUT, TALK_ANYBODY, MEETINGS, false, true, NULL,
         NULL),
};

#define RULE_COUNT (sizeof rules / sizeof *rules)

const act_rule *ls_rule_of(ls_bytes kind)
{
    for (size_t i = 0; i < RULE_COUNT; i++) {
        if (ls_bytes_is(kind, rules[i].kind)) {
            return &rules[i];
        }
    }
    return NULL;
}

uint8_t ls_rule_number(const act_rule *rule)
{
    return (uint8_t)(rule - rules);
}

const char *ls_rule_kind(uint8_t number)
{
    return rules[number].kind;
}

const char *const *ls_record_kinds(size_t *count)
{
    static const char *names[RULE_COUNT];
    for (size_t i = 0; i < RULE_COUNT; i++) {
        names[i] = rules[i].kind;
    }
    *count = RULE_COUNT;
    return names;
}
