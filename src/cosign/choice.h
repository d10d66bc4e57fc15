/* For which of the processes that are followed here a request is, before it is parsed by whoever follows it. */
#ifndef LS_COSIGN_CHOICE_H
#define LS_COSIGN_CHOICE_H

#include <lockstep/bytes.h>

/* The process in the first header of that name: an act's, also in a bundle, where the act comes first. False if there
 * is none. Whoever writes a bundle otherwise may be sent to another process, which refuses his act. */
bool ls_cosign_act_process(ls_bytes body, ls_hash *out);

#endif
