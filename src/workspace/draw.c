/* Nonces of draws, from the delegation's seed. */
#include "workspace/draw.h"

ls_result ls_workspace_draw_nonce(const ls_workspace *ws, const ls_hash *draw, uint8_t out[static LS_DRAW_NONCE_SIZE],
                                  ls_detail *detail)
{
    ls_secret *seed = NULL;
    LS_TRY(ls_workspace_unseal(ws, LS_VAULT_DELEGATION, ls_bytes_str("delegation"), &seed, detail));
    ls_draw_nonce(ls_secret_bytes(seed), draw, out);
    ls_secret_free(seed);
    return LS_SUCCESS;
}
