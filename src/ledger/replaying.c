#include "ledger/replaying.h"
#include "ledger/piece.h"
#include "ledger/verifying.h"
#include <stdlib.h>

struct ls_replaying {
    ls_record *record;
    ls_verifying *verifying;
    ls_piece *filling, *verified; /* the latter is on its way to be */
    ls_piece piece[2];
};

ls_result ls_replaying_new(ls_record *record, ls_replaying **out)
{
    ls_replaying *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    p->record = record;
    p->filling = &p->piece[0];
    p->verified = &p->piece[1];
    ls_result r = ls_verifying_new(&p->verifying);
    if (ls_failed(r)) {
        free(p);
        return r;
    }
    ls_record_defer(record, (ls_deferred){ls_piece_defer, p->filling});
    *out = p;
    return LS_SUCCESS;
}

void ls_replaying_free(ls_replaying *p)
{
    if (p == NULL) {
        return;
    }
    (void)ls_verifying_finish(p->verifying); /* its list goes now */
    ls_verifying_free(p->verifying);
    ls_piece_free(&p->piece[0]);
    ls_piece_free(&p->piece[1]);
    free(p);
}

static ls_result await(ls_replaying *p, ls_detail *detail)
{
    return ls_verifying_finish(p->verifying) == p->verified->pending_count
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_note_signature, detail, "a signature of an entry does not verify");
}

/* The piece that was filled is given to be verified, in place of the one before. */
static ls_result turn(ls_replaying *p, ls_detail *detail)
{
    LS_TRY(await(p, detail));
    ls_piece *good = p->verified;
    p->verified = p->filling;
    p->filling = good;
    ls_verifying_start(p->verifying, p->verified->pending, p->verified->pending_count);
    ls_piece_empty(good);
    ls_record_defer(p->record, (ls_deferred){ls_piece_defer, good});
    return LS_SUCCESS;
}

ls_result ls_replaying_append(ls_replaying *p, ls_bytes note, ls_act *act, ls_detail *detail)
{
    static const ls_hash none = {0}; /* roots go with entries into a store; these go nowhere */
    if (ls_piece_full(p->filling)) {
        LS_TRY(turn(p, detail));
    }
    const uint8_t *kept = ls_piece_keep(p->filling, note);
    if (kept == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    note = ls_bytes_of(kept, note.len);
    LS_TRY(ls_act_parse(note, false, act, detail));
    LS_TRY(ls_record_append_act(p->record, act, note, LS_CHECK_DEFERRED, detail));
    ls_piece_add(p->filling, note, &none);
    return LS_SUCCESS;
}

ls_result ls_replaying_finish(ls_replaying *p, ls_detail *detail)
{
    LS_TRY(turn(p, detail));
    return await(p, detail);
}
