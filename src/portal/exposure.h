/* Inside of the portal: what each side has given under an accord by then, before it was answered. */
#ifndef LS_PORTAL_EXPOSURE_H
#define LS_PORTAL_EXPOSURE_H

#include "portal/facts.h"

/* A picture over time, and its table. Measures count one each. */
ls_result ls_html_exposure(ls_html *w, const ls_card *k);

#endif
