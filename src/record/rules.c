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
            {__VA_ARGS__},                                                                                             \
        {                                                                                                              \
            0                                                                                                          \
        }                                                                                                              \
    }
#define FACT(kind) (1u << LS_FACT_##kind)

/* An act about an inspection: the same, and inspected_rule. */
#define INSPECTED(kind, text, required, allowed, ...)                                                                  \
    {                                                                                                                  \
        kind, LS_SHAPE_CHAINED, text, SIGN_KIND, BIT(LS_H_ACCORD) | (required), ATTACHMENTS | (allowed),               \
            ls_rule_accept_inspected, ls_rule_apply_inspected, {0},                                                    \
        {                                                                                                              \
            __VA_ARGS__                                                                                                \
        }                                                                                                              \
    }
#define ABOUT(kind) (1u << LS_INSPECTED_##kind)
#define PLACE (BIT(LS_H_PLACE) | BIT(LS_H_RADIUS))

static const act_rule rules[] = {
    {"charter",
     LS_SHAPE_JOINT,
     TEXT_OPTIONAL,
     SIGN_ALL,
     ATTACHMENTS,
     0,
     ls_rule_accept_charter,
     ls_rule_apply_charter,
     {0},
     {0}},
    {"accord",
     LS_SHAPE_JOINT,
     TEXT_OPTIONAL,
     SIGN_KIND,
     ATTACHMENTS,
     BIT(LS_H_ACCORD),
     ls_rule_accept_accord,
     ls_rule_apply_accord,
     {0},
     {0}},
    {"stamp", LS_SHAPE_STAMP, TEXT_REQUIRED, SIGN_KIND, 0, 0, ls_rule_accept_stamp, ls_rule_apply_stamp, {0}, {0}},
    {"declare",
     LS_SHAPE_CHAINED,
     TEXT_OPTIONAL,
     SIGN_KIND,
     DECLARE,
     0,
     ls_rule_accept_declare,
     ls_rule_apply_declare,
     {0},
     {0}},
    {"open",
     LS_SHAPE_CHAINED,
     TEXT_OPTIONAL,
     SIGN_KIND,
     OPEN,
     BIT(LS_H_REF) | BIT(LS_H_TRANCHE) | BIT(LS_H_ROWS) | BIT(LS_H_BLANK),
     ls_rule_accept_open,
     ls_rule_apply_open,
     {0},
     {0}},
    SAID("perform", TEXT_OPTIONAL, MEASURE, BIT(LS_H_AMOUNT) | BIT(LS_H_METHOD) | BIT(LS_H_FOR) | ATTACHMENTS,
         LS_FACT_PERFORM, NAMED_MEASURE, LS_WHO_PERFORMS, 0, true, ls_rule_check_perform),
    SAID("confirm", TEXT_OPTIONAL, MEASURE, BIT(LS_H_AMOUNT) | ANSWER, LS_FACT_CONFIRM, NAMED_MEASURE, LS_WHO_WITNESSES,
         FACT(PERFORM) | FACT(INCIDENT), true, ls_rule_check_confirm),
    SAID("object", TEXT_REQUIRED, MEASURE, ANSWER, LS_FACT_OBJECT, NAMED_MEASURE, LS_WHO_VERIFIES,
         FACT(PERFORM) | FACT(INCIDENT), true, NULL),
    SAID("missing", TEXT_OPTIONAL, MEASURE, ANSWER, LS_FACT_MISSING, NAMED_MEASURE, LS_WHO_VERIFIES, FACT(PERFORM),
         true, NULL),
    {"withdraw",
     LS_SHAPE_CHAINED,
     TEXT_OPTIONAL,
     SIGN_KIND,
     BIT(LS_H_REF),
     0,
     ls_rule_accept_withdraw,
     ls_rule_apply_withdraw,
     {0},
     {0}},
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
    {"rekey",
     LS_SHAPE_CHAINED,
     TEXT_OPTIONAL,
     SIGN_KEYS,
     BIT(LS_H_KEY) | BIT(LS_H_PROOF),
     BIT(LS_H_SINCE) | BIT(LS_H_UNTIL),
     ls_rule_accept_rekey,
     ls_rule_apply_rekey,
     {0},
     {0}},
    {"revoke",
     LS_SHAPE_CHAINED,
     TEXT_REQUIRED,
     SIGN_KEYS,
     BIT(LS_H_KEY),
     0,
     ls_rule_accept_revoke,
     ls_rule_apply_change,
     {0},
     {0}},
    {"delegate",
     LS_SHAPE_CHAINED,
     TEXT_OPTIONAL,
     SIGN_KIND,
     BIT(LS_H_KEY) | BIT(LS_H_PROOF),
     BIT(LS_H_UNTIL),
     ls_rule_accept_delegate,
     ls_rule_apply_change,
     {0},
     {0}},
    {"annul",
     LS_SHAPE_JOINT,
     TEXT_OPTIONAL,
     SIGN_MOST,
     BIT(LS_H_REF),
     0,
     ls_rule_accept_annul,
     ls_rule_apply_annul,
     {0},
     {0}},
    {"amend",
     LS_SHAPE_JOINT,
     TEXT_OPTIONAL,
     SIGN_MOST,
     ATTACHMENTS,
     0,
     ls_rule_accept_amend,
     ls_rule_apply_change,
     {0},
     {0}},
    {"succeed",
     LS_SHAPE_JOINT,
     TEXT_OPTIONAL,
     SIGN_MOST,
     BIT(LS_H_KEY) | BIT(LS_H_PROOF) | BIT(LS_H_SINCE),
     0,
     ls_rule_accept_succeed,
     ls_rule_apply_change,
     {0},
     {0}},
    {"receipts",
     LS_SHAPE_CHAINED,
     TEXT_REQUIRED,
     SIGN_KIND,
     BIT(LS_H_REF),
     0,
     ls_rule_accept_receipts,
     ls_rule_apply_receipts,
     {0},
     {0}},
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
