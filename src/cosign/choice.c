/* The process of an act that was handed in. */
#include "cosign/choice.h"

#define HEX (LS_HEX_HASH_SIZE - 1)

bool ls_cosign_act_process(ls_bytes body, ls_hash *out)
{
    static const char header[] = "\nprocess: ";
    const size_t len = sizeof header - 1;
    const uint8_t *at = body.len == 0 ? NULL : memmem(body.ptr, body.len, header, len);
    return at != NULL && body.len - (size_t)(at - body.ptr) >= len + HEX &&
           ls_hash_parse(ls_bytes_of(at + len, HEX), out);
}
