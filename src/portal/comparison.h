/* Inside of the portal: what was published about a meeting, side by side, with what the record proves. */
#ifndef LS_PORTAL_COMPARISON_H
#define LS_PORTAL_COMPARISON_H

#include "portal/write.h"
#include "readout/compare.h"

/* A section of a page, or nothing where nobody has published anything. */
ls_result ls_html_comparison(ls_html *w, const ls_talk *meeting);
/* A claim's force, what it says, and on whose word; speaks: the party that publishes it speaks for itself. */
void ls_html_claim(ls_html *w, const ls_claim *c, bool speaks);
/* What the record says to a claim. */
void ls_html_verdict(ls_html *w, ls_proof_verdict v, const char *words);

#endif
