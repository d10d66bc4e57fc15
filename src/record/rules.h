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

/* rules_measures.c */
LS_ACCEPT(perform);
LS_APPLY(perform);
LS_ACCEPT(answer); /* object, missing */
LS_ACCEPT(confirm);
LS_APPLY(confirm);
LS_APPLY(object);
LS_APPLY(missing);
LS_ACCEPT(withdraw);
LS_APPLY(withdraw);
LS_ACCEPT(suspend);
LS_APPLY(suspend);
LS_ACCEPT(resume);
LS_APPLY(resume);

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

/* The act's accord has effect. */
ls_result ls_rule_require_accord(const ls_record *r, const effect *e, ls_detail *detail);

#endif
