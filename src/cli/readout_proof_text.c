/*
 * What the record proves of a text under negotiation. Who opened it, and for whom, its acts say. Who has agreed to what
 * stands in the files of its edits and acceptances, which only the state of the text tells: as long as it is not asked
 * here, nothing is said about them, neither agreement nor the lack of one.
 */
#include "cli/readout_proof.h"

static bool was_edited(const cli_prover *p, const ls_talk *text)
{
    for (size_t i = 0; i < p->judged.facts.count; i++) {
        const ls_talk *t = &p->judged.facts.fact[i];
        if ((t->kind == LS_TALK_EDIT || t->kind == LS_TALK_AGREE) && t->ref == text->index &&
            p->judged.facts.time(p->judged.facts.context, t->index) != LS_TIME_NONE) {
            return true;
        }
    }
    return false;
}

ls_result cli_prove_text(cli_proving *x, const ls_talk *t)
{
    bool edited = was_edited(x->p, t);
    if (!edited && x->about->paragraph.len > 0) {
        return LS_SUCCESS;
    }
    cli_prove_found(x, edited ? "under negotiation" : "opened, and empty");
    cli_prove_parties(x, ls_talk_involved(t));
    cli_prove_deed(x, LS_DEED_STATED, LS_PARTY_BIT(t->by), t->index);
    x->out->unread = edited ? "it is under negotiation; lockstep text show says who has agreed to what" : NULL;
    return LS_SUCCESS;
}
