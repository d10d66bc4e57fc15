/* verify: what someone hands over, or the whole record, checked from nothing. */
#include "cli/cli.h"

static ls_result run_verify(cli *c)
{
    return ls_fail_with(&ls_fault_bug, &c->detail, "being built");
}

const cli_verb cli_verb_verify = {"verify", "[FILE…]", "check", "x", "x", 0, 64, {{0}}, run_verify};
