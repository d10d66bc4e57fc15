/* The parts of the rules' table, by domain: each kind's acceptance and what it changes. */
#ifndef LS_RECORD_RULES_H
#define LS_RECORD_RULES_H

#include "record/internal.h"

#define LS_ACCEPT(kind)                                                                                                \
    ls_result ls_rule_accept_##kind(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
#define LS_APPLY(kind) void ls_rule_apply_##kind(ls_record *r, const ls_act *act, const effect *e)

/* rules_documents.c */
LS_ACCEPT(charter);
LS_APPLY(charter);
LS_ACCEPT(accord);
LS_APPLY(accord);

/* rules_stamp.c */
LS_ACCEPT(stamp);
LS_APPLY(stamp);

/* rules_said.c: all acts under an accord but those about declarations */
LS_ACCEPT(said);
LS_APPLY(said);
/* The act's accord has effect. */
ls_result ls_rule_require_accord(const ls_record *r, const effect *e, ls_detail *detail);
const ls_roadmap *ls_rule_roadmap(const ls_record *r, const effect *e);

/* rules_said_checks.c: what their rows call */
#define LS_CHECK(kind)                                                                                                 \
    ls_result ls_rule_check_##kind(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail)
LS_CHECK(perform);
LS_CHECK(confirm);
LS_CHECK(reverse);
LS_CHECK(call_off);
LS_CHECK(incident);
LS_CHECK(assess);
LS_CHECK(extend);
LS_CHECK(attest);
LS_CHECK(use);
LS_CHECK(dispute);
LS_CHECK(refer);
LS_CHECK(denounce);
LS_CHECK(suspend);
LS_CHECK(resume);
LS_CHECK(notify);  /* rules_declarations.c, */
LS_CHECK(contest); /* and this */

/* rules_inspected.c: all acts about inspections; and rules_inspected_checks.c: what their rows call */
LS_ACCEPT(inspected);
LS_APPLY(inspected);
LS_CHECK(draw);
LS_CHECK(commit);
LS_CHECK(reveal);
LS_CHECK(choose);
LS_CHECK(visit);
LS_CHECK(admit);
LS_CHECK(postpone);
LS_CHECK(place);
LS_CHECK(report);
/* An opening that answers a draw or a challenge. */
ls_result ls_rule_check_answering(const ls_record *r, const ls_act *act, effect *e, ls_detail *detail);

/* rules_talk.c: all acts of talks; and rules_talk_checks.c: what their rows call */
LS_ACCEPT(talk);
LS_APPLY(talk);
LS_CHECK(appoint);
LS_CHECK(minutes);
LS_CHECK(propose);
LS_CHECK(redeem);
LS_CHECK(diverge);
LS_CHECK(edit);
LS_CHECK(schedule);
LS_CHECK(schedule_commit);
LS_CHECK(schedule_send);
LS_CHECK(schedule_reveal);

/* rules_withdraw.c */
LS_ACCEPT(withdraw);
LS_APPLY(withdraw);

/* rules_declarations.c */
LS_ACCEPT(declare);
LS_APPLY(declare);
LS_ACCEPT(open);
LS_APPLY(open);

/* rules_keys.c */
LS_ACCEPT(rekey);
LS_APPLY(rekey);
LS_ACCEPT(revoke);
LS_ACCEPT(delegate);
LS_APPLY(change); /* of revoke, delegate, amend and succeed */
LS_ACCEPT(annul);
LS_APPLY(annul);

/* rules_amend.c */
LS_ACCEPT(amend);
LS_ACCEPT(succeed);

/* rules_receipts.c */
LS_ACCEPT(receipts);
LS_APPLY(receipts);

#endif
