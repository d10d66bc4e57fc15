/*
 * The rules: one row for each kind of act, with the headers it carries, whether it is acceptable and what it changes.
 * docs/protocol.md repeats this table for people.
 */
#include "record/rules.h"

#define BIT(h) (1ull << (h))
#define ATTACHMENTS BIT(LS_H_ATTACHMENT)

/* The table. Headers of the shape (process, by, seq, …) and unless-acted and date are not repeated in it. */

#define ABOUT_MEASURE (BIT(LS_H_ACCORD) | BIT(LS_H_MEASURE))
#define DECLARE                                                                                                        \
    (BIT(LS_H_ACCORD) | BIT(LS_H_NONCE) | BIT(LS_H_DECLARATION) | BIT(LS_H_SCHEMA) | BIT(LS_H_TRANCHES) |              \
     BIT(LS_H_ROW_BYTES) | BIT(LS_H_ROOT) | ATTACHMENTS)
#define OPEN (BIT(LS_H_ACCORD) | BIT(LS_H_DECLARATION) | ATTACHMENTS)

static const act_rule rules[] = {
    {"charter", LS_SHAPE_JOINT, TEXT_OPTIONAL, SIGN_ALL, ATTACHMENTS, 0, ls_rule_accept_charter, ls_rule_apply_charter},
    {"accord", LS_SHAPE_JOINT, TEXT_OPTIONAL, SIGN_KIND, ATTACHMENTS, 0, ls_rule_accept_accord, ls_rule_apply_accord},
    {"stamp", LS_SHAPE_STAMP, TEXT_REQUIRED, SIGN_KIND, 0, 0, ls_rule_accept_stamp, ls_rule_apply_stamp},
    {"declare", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, DECLARE, 0, ls_rule_accept_declare, ls_rule_apply_declare},
    {"open", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, OPEN, BIT(LS_H_TRANCHE) | BIT(LS_H_ROWS), ls_rule_accept_open,
     ls_rule_apply_open},
    {"perform", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, ABOUT_MEASURE, ATTACHMENTS, ls_rule_accept_perform,
     ls_rule_apply_perform},
    {"confirm", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, ABOUT_MEASURE, BIT(LS_H_REF) | ATTACHMENTS,
     ls_rule_accept_confirm, ls_rule_apply_confirm},
    {"object", LS_SHAPE_CHAINED, TEXT_REQUIRED, SIGN_KIND, ABOUT_MEASURE, BIT(LS_H_REF) | ATTACHMENTS,
     ls_rule_accept_answer, ls_rule_apply_object},
    {"missing", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, ABOUT_MEASURE, BIT(LS_H_REF) | ATTACHMENTS,
     ls_rule_accept_answer, ls_rule_apply_missing},
    {"withdraw", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, BIT(LS_H_REF), 0, ls_rule_accept_withdraw,
     ls_rule_apply_withdraw},
    {"suspend", LS_SHAPE_CHAINED, TEXT_REQUIRED, SIGN_KIND, BIT(LS_H_ACCORD), BIT(LS_H_TRACK) | ATTACHMENTS,
     ls_rule_accept_suspend, ls_rule_apply_suspend},
    {"resume", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, BIT(LS_H_ACCORD) | BIT(LS_H_REF), 0, ls_rule_accept_resume,
     ls_rule_apply_resume},
    {"rekey", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KEYS, BIT(LS_H_KEY) | BIT(LS_H_PROOF),
     BIT(LS_H_SINCE) | BIT(LS_H_UNTIL), ls_rule_accept_rekey, ls_rule_apply_rekey},
    {"revoke", LS_SHAPE_CHAINED, TEXT_REQUIRED, SIGN_KEYS, BIT(LS_H_KEY), 0, ls_rule_accept_revoke,
     ls_rule_apply_change},
    {"delegate", LS_SHAPE_CHAINED, TEXT_OPTIONAL, SIGN_KIND, BIT(LS_H_KEY) | BIT(LS_H_PROOF), BIT(LS_H_UNTIL),
     ls_rule_accept_delegate, ls_rule_apply_change},
    {"annul", LS_SHAPE_JOINT, TEXT_OPTIONAL, SIGN_MOST, BIT(LS_H_REF), 0, ls_rule_accept_annul, ls_rule_apply_annul},
    {"amend", LS_SHAPE_JOINT, TEXT_OPTIONAL, SIGN_MOST, ATTACHMENTS, 0, ls_rule_accept_amend, ls_rule_apply_change},
    {"succeed", LS_SHAPE_JOINT, TEXT_OPTIONAL, SIGN_MOST, BIT(LS_H_KEY) | BIT(LS_H_PROOF) | BIT(LS_H_SINCE), 0,
     ls_rule_accept_succeed, ls_rule_apply_change},
    {"receipts", LS_SHAPE_CHAINED, TEXT_REQUIRED, SIGN_KIND, BIT(LS_H_REF), 0, ls_rule_accept_receipts,
     ls_rule_apply_receipts},
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
