/*
 * What the record proves of a text under negotiation: who opened it, and who has agreed to what. That stands in the
 * files of its edits and acceptances; where one of them is not here, nothing is said, neither agreement nor the lack of
 * one.
 */
#include "proving/negotiation.h"
#include "proving/parts.h"

static ls_parties charter_bit(const ls_record_prover *p, ls_bytes name)
{
    const ls_charter *charter = ls_record_charter(p->reading->record);
    const ls_party *party = ls_charter_party(charter, name);
    return party == NULL ? 0 : LS_PARTY_BIT(party - charter->party);
}

/* How many hold the same as this one. */
static size_t friends(const ls_negotiation *n, const ls_text_cell *cell, size_t party)
{
    size_t count = 0;
    for (size_t p = 0; p < n->opening.party_count; p++) {
        count += ls_text_same_stance(&cell->position[p], &cell->position[party]);
    }
    return cell->position[party].stance == LS_STANCE_NONE ? 0 : count;
}

/* It holds what more than half hold: what is proposed by one alone nobody has agreed to. */
static bool agrees(const ls_negotiation *n, const ls_text_cell *cell, size_t party)
{
    size_t count = friends(n, cell, party);
    return count > 1 && 2 * count > n->opening.party_count;
}

static void prove_party(ls_proving *x, const ls_negotiation *n, const ls_text_paragraph *p, size_t party)
{
    ls_deed deed = LS_DEED_AGREED;
    size_t act = 0, said = 0;
    bool all = true;
    for (size_t i = 0; i < p->cell_count; i++) {
        const ls_text_cell *cell = &p->cell[i];
        const ls_text_position *at = &cell->position[party];
        if (cell->status == LS_CELL_VACANT) {
            continue;
        }
        all = all && agrees(n, cell, party);
        deed = at->ad_referendum ? LS_DEED_AD_REFERENDUM : deed;
        said += at->stance != LS_STANCE_NONE;
        act = at->stance != LS_STANCE_NONE && at->act > act ? at->act : act;
    }
    if (said > 0) {
        ls_prove_deed(x, all ? deed : LS_DEED_STATED, charter_bit(x->p, n->opening.party[party]),
                      (uint32_t)n->act[act].entry);
    }
}

static bool is_agreed(const ls_text_paragraph *p)
{
    bool agreed = !p->gone;
    for (size_t i = 0; i < p->cell_count; i++) {
        agreed = agreed && p->cell[i].status == LS_CELL_AGREED;
    }
    return agreed;
}

static bool is_locked(const ls_text_paragraph *p)
{
    bool locked = true;
    for (size_t i = 0; i < p->cell_count; i++) {
        locked = locked && p->cell[i].locked;
    }
    return locked;
}

static void prove_paragraph(ls_proving *x, const ls_negotiation *n, size_t index)
{
    const ls_text_paragraph *p = &n->state.paragraph[index];
    bool agreed = is_agreed(p);
    ls_prove_state(x, agreed && is_locked(p) ? "agreed"
                      : agreed               ? "provisionally agreed"
                      : p->gone              ? "no longer in the text"
                                             : "open");
    for (size_t i = 0; i < n->opening.party_count; i++) {
        prove_party(x, n, p, i);
    }
}

/* Of a clean text each has agreed to all, by its last act at the latest. */
static void prove_whole(ls_proving *x, const ls_negotiation *n)
{
    for (size_t p = 0; n->state.clean && p < n->opening.party_count; p++) {
        uint64_t last = n->opened->index;
        for (size_t i = 0; i < n->count; i++) {
            last = ls_bytes_equal(n->act[i].party, n->opening.party[p]) ? n->act[i].entry : last;
        }
        ls_prove_deed(x, LS_DEED_AGREED, charter_bit(x->p, n->opening.party[p]), (uint32_t)last);
    }
    if (!n->state.clean) {
        ls_prove_deed(x, LS_DEED_STATED, LS_PARTY_BIT(n->opened->by), n->opened->index);
    }
}

ls_result ls_prove_text(ls_proving *x, const ls_talk *t)
{
    ls_negotiation *n = ls_arena_alloc(x->arena, sizeof *n);
    if (n == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = ls_negotiation_eval(x->p->reading, t, UINT64_MAX, x->arena, n);
    if (r.fault == &ls_fault_text_opening) {
        ls_prove_found(x, "opened, and can't be negotiated");
        ls_prove_parties(x, ls_talk_involved(t));
        return LS_SUCCESS;
    }
    LS_TRY(r);
    size_t paragraph = ls_text_find(&n->state, x->about->paragraph);
    if (n->state.missing == 0 && x->about->paragraph.len > 0 && paragraph == LS_TEXT_NOWHERE) {
        return LS_SUCCESS;
    }
    ls_prove_parties(x, ls_talk_involved(t));
    if (n->state.missing > 0) {
        ls_prove_found(x, "under negotiation");
        ls_prove_deed(x, LS_DEED_STATED, LS_PARTY_BIT(t->by), t->index);
        x->out->unread = "it is under negotiation, and not all of its files are here";
    } else if (paragraph != LS_TEXT_NOWHERE && x->about->paragraph.len > 0) {
        prove_paragraph(x, n, paragraph);
    } else {
        ls_prove_found(x, n->state.clean          ? "all is agreed"
                          : n->state.present == 0 ? "opened, and empty"
                                                  : "under negotiation");
        prove_whole(x, n);
    }
    return LS_SUCCESS;
}
