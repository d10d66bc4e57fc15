/*
 * A choice among the common options, by a rule that both agreed on. For all rules but the first each side ranks the
 * common options, commits to that, and shows it when both have committed.
 *
 * A ranking travels as
 *
 *     "lockstep psi ranking v1" ‖ 00 ‖ sid ‖ len‖party ‖ salt[32] ‖ u32 count ‖ u32 option, best first
 *
 * and what is committed to is the hash of that (ls_psi_commitment). Options are numbered as in the list, from 0.
 */
#ifndef LS_PSI_RANKING_H
#define LS_PSI_RANKING_H

#include "psi/psi.h"

#define LS_PSI_SALT_SIZE 32

extern const ls_fault ls_fault_psi_ranking; /* invalid: not an order of the common options */

typedef enum ls_psi_rule {
    LS_PSI_EARLIEST,    /* the first of the list; nobody ranks */
    LS_PSI_BORDA,       /* the smallest sum of both ranks */
    LS_PSI_LEAST_REGRET /* the smallest worse rank of the two; of equal ones, the smallest sum */
} ls_psi_rule;

/* "earliest", "borda", "least-regret". */
bool ls_psi_rule_parse(ls_bytes name, ls_psi_rule *out);
const char *ls_psi_rule_name(ls_psi_rule rule);

/* The salt, from the delegation seed and the ranking: the same again for the same ranking. A secret until it is sent.
 */
void ls_psi_ranking_salt(const uint8_t seed[static LS_SEED_SIZE], const ls_psi_run *run, unsigned side,
                         const uint32_t *ranking, uint32_t count, uint8_t out[static LS_PSI_SALT_SIZE]);

/* Appends side's ranking in its form. */
ls_result ls_psi_ranking_write(const ls_psi_run *run, unsigned side, const uint8_t salt[static LS_PSI_SALT_SIZE],
                               const uint32_t *ranking, uint32_t count, ls_buf *out);

/* Reads side's ranking of the common options, against its commitment if that is not NULL. ranking has room for count,
 * and gets them, best first. Beside the faults of psi.h, ls_fault_psi_ranking unless each common option stands there
 * once and no other does. */
ls_result ls_psi_ranking_parse(const ls_psi_run *run, unsigned side, const uint32_t *common, uint32_t count,
                               ls_bytes message, const ls_hash *commitment, uint32_t *ranking, ls_detail *detail);

/* What a rule chose. Options that are as good by the rule are told apart by the list: the first one wins. */
typedef struct ls_psi_choice {
    uint32_t option;
    uint32_t tied; /* options that are as good by the rule, the chosen one included */
} ls_psi_choice;

/* Chooses one of count common options, which are ascending, at least one. first and second: both sides' rankings of
 * them; not read for LS_PSI_EARLIEST. tied, if not NULL, has room for count and gets those that are as good, ascending.
 * ls_fault_psi_ranking if a ranking is none; ls_fault_memory. */
ls_result ls_psi_choose(ls_psi_rule rule, const uint32_t *common, uint32_t count, const uint32_t *first,
                        const uint32_t *second, ls_psi_choice *out, uint32_t *tied);

#endif
