/* A packet's draw, computed again from the acts that it brings along. */
#include "bundle/verify_draw.h"

typedef unsigned long long ull;

static void failed(const ls_packet_draw *d, const char *what)
{
    ls_report_add(d->v->report, LS_FINDING_FAILED, d->subject, "%s", what);
}

/* Which of a draw's acts this is, or LS_DRAW_SLOTS. */
static unsigned slot_of(const ls_packet_draw *d, const ls_act *act)
{
    bool of = ls_bytes_equal(act->raw[LS_H_BY], d->declared->by);
    bool by = ls_bytes_equal(act->raw[LS_H_BY], d->act->raw[LS_H_BY]);
    if (!act->has[LS_H_REF] || !ls_hash_equal(&act->ref, &d->act->id) || of == by) {
        return LS_DRAW_SLOTS;
    }
    return ls_bytes_is(act->kind, "commit")         ? (of ? LS_DRAW_COMMIT_OF : LS_DRAW_COMMIT_BY)
           : ls_bytes_is(act->kind, "reveal")       ? (of ? LS_DRAW_REVEAL_OF : LS_DRAW_REVEAL_BY)
           : ls_bytes_is(act->kind, "choose") && by ? LS_DRAW_CHOICE
                                                    : LS_DRAW_SLOTS;
}

/* The record takes another one of a kind and side only where the one before it has no effect: so the last counts. */
static ls_result take_slots(ls_packet_draw *d)
{
    for (const ls_known_act *a = d->v->acts; a != NULL; a = a->next) {
        ls_act act;
        LS_TRY(ls_act_parse(a->note, false, &act, NULL));
        unsigned slot = slot_of(d, &act);
        if (slot < LS_DRAW_SLOTS) {
            LS_TRY(ls_verify_find_act(d->v, &act.id, &d->at[slot], &d->slot[slot]));
        }
    }
    return LS_SUCCESS;
}

/* The declaration whose act the draw names; false, with a finding, if it can't be drawn from here. */
static ls_result take_declaration(ls_packet_draw *d, bool *there)
{
    uint64_t index = 0;
    const ls_act *declare;
    LS_TRY(ls_verify_find_act(d->v, &d->act->ref, &index, &declare));
    for (const ls_known_declaration *x = d->v->declarations; declare != NULL && x != NULL; x = x->next) {
        d->declared = x->index == index ? x : d->declared;
    }
    *there = d->declared != NULL && d->declared->agreed != NULL;
    if (d->declared == NULL) {
        failed(d, "the declaration that it draws from is not in this file");
    } else if (!*there) {
        failed(d, "the accord's roadmap is not in this file: without it nobody can tell which row stands where");
    }
    return LS_SUCCESS;
}

/* Rows in their written order: all of the declaration, a tranche's, or those of the list that the draw brings along. */
static ls_result take_population(ls_packet_draw *d, bool *there)
{
    ls_verifier *v = d->v;
    ls_bytes list = {0}, name;
    ls_detail detail = {0};
    *there = false;
    if (d->act->attachment_count > 0) {
        const ls_attachment *a = &d->act->attachment[0];
        ls_result r = v->fetch.fetch(v->fetch.context, &a->hash, a->size, v->arena, &list);
        if (ls_failed(r)) {
            failed(d, "the list of rows that it draws from is not in this file");
            return r.fault == &ls_fault_memory ? r : LS_SUCCESS;
        }
        LS_TRY(ls_verify_unseal(v, d->subject, a, &list, &name));
    }
    ls_result r = ls_population_of_draw(v->arena, d->act, d->declared->agreed, list, &d->population, &detail);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    *there = ls_succeeded(r);
    if (!*there) {
        ls_report_add(v->report, LS_FINDING_FAILED, d->subject, "its population does not hold: %s", detail.text);
    }
    return LS_SUCCESS;
}

/* Nonces. */

/* Names each of the four acts that is not here. */
static bool slots_there(const ls_packet_draw *d)
{
    static const char *const what[] = {[LS_DRAW_COMMIT_OF] = "commitment",
                                       [LS_DRAW_COMMIT_BY] = "commitment",
                                       [LS_DRAW_REVEAL_OF] = "nonce",
                                       [LS_DRAW_REVEAL_BY] = "nonce"};
    bool all = true;
    for (unsigned i = LS_DRAW_COMMIT_OF; i <= LS_DRAW_REVEAL_BY; i++) {
        ls_bytes by = i == LS_DRAW_COMMIT_OF || i == LS_DRAW_REVEAL_OF ? d->declared->by : d->act->raw[LS_H_BY];
        if (d->slot[i] == NULL) {
            all = false;
            ls_report_add(d->v->report, LS_FINDING_FAILED, d->subject, "the %s of %.*s is not in this file", what[i],
                          (int)by.len, by.ptr);
        }
    }
    return all;
}

/* Both commit to the draw before either reveals, and the inspected side reveals first: places on the record show that
 * much without their times. */
static bool in_order(const ls_packet_draw *d)
{
    const uint64_t *at = d->at;
    uint64_t committed = at[LS_DRAW_COMMIT_OF] > at[LS_DRAW_COMMIT_BY] ? at[LS_DRAW_COMMIT_OF] : at[LS_DRAW_COMMIT_BY];
    bool good = at[LS_DRAW_COMMIT_OF] > d->index && at[LS_DRAW_COMMIT_BY] > d->index &&
                at[LS_DRAW_REVEAL_OF] > committed && at[LS_DRAW_REVEAL_BY] > at[LS_DRAW_REVEAL_OF];
    if (!good) {
        failed(d, "its commitments and nonces stand on the record in another order than the rules allow");
    }
    return good;
}

static bool fits(const ls_packet_draw *d, unsigned commit, unsigned reveal)
{
    const ls_act *r = d->slot[reveal];
    ls_bytes by = r->raw[LS_H_BY];
    bool good = ls_draw_reveal_fits(&d->slot[commit]->commitment, &d->act->id, by, r->nonce.b);
    if (!good) {
        ls_report_add(d->v->report, LS_FINDING_FAILED, d->subject, "the nonce of %.*s is not the one it committed to",
                      (int)by.len, by.ptr);
    }
    return good;
}

static ls_result make_room(ls_packet_draw *d, uint64_t chosen, uint64_t count)
{
    d->chosen = (size_t)chosen;
    d->count = (size_t)count;
    d->drawn = ls_arena_array(d->v->arena, d->count, sizeof *d->drawn);
    return d->drawn == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* The rows with the smallest tickets. */
static ls_result draw(ls_packet_draw *d, bool *drawn)
{
    const ls_draw_size size = {d->act->population, d->act->rows, d->act->spare};
    ls_detail detail = {0};
    ls_hash seed;
    uint64_t count;
    *drawn = false;
    if (!slots_there(d)) {
        return LS_SUCCESS;
    }
    bool good = in_order(d);
    good = fits(d, LS_DRAW_COMMIT_OF, LS_DRAW_REVEAL_OF) && good;
    good = fits(d, LS_DRAW_COMMIT_BY, LS_DRAW_REVEAL_BY) && good;
    if (!good) {
        return LS_SUCCESS;
    }
    if (ls_failed(ls_draw_size_check(&size, &count, &detail))) {
        failed(d, detail.text);
        return LS_SUCCESS;
    }
    LS_TRY(make_room(d, size.chosen, count));
    ls_draw_seed(&d->act->id, d->slot[LS_DRAW_REVEAL_OF]->nonce.b, d->slot[LS_DRAW_REVEAL_BY]->nonce.b, &seed);
    LS_TRY(ls_draw_select(&seed, &size, (ls_draw_progress){0}, d->drawn, &detail));
    *drawn = true;
    ls_report_add(d->v->report, LS_FINDING_OK, d->subject,
                  "both nonces are those committed to; of %llu rows %llu were drawn, and %llu stand by for blank ones",
                  (ull)size.population, (ull)size.chosen, (ull)size.replacements);
    return LS_SUCCESS;
}

/* Where the inspected side defaulted, the other one chooses: the positions stand in its act. */
static ls_result take_choice(ls_packet_draw *d, bool *drawn)
{
    const ls_act *choice = d->slot[LS_DRAW_CHOICE];
    ls_reader lines = ls_reader_of(choice->text);
    *drawn = choice->rows > 0 && choice->rows <= choice->text.len && d->at[LS_DRAW_CHOICE] > d->index;
    if (*drawn) {
        LS_TRY(make_room(d, choice->rows, choice->rows));
    }
    for (size_t i = 0; *drawn && i < d->count; i++) {
        ls_bytes line;
        *drawn = ls_read_line(&lines, &line) &&
                 ls_decimal_parse(line, d->population.count - 1, &d->drawn[i].position) &&
                 (i == 0 || d->drawn[i].position > d->drawn[i - 1].position);
    }
    if (!*drawn || !ls_reader_done(&lines)) {
        *drawn = false;
        failed(d, "the choice does not list positions of its population");
        return LS_SUCCESS;
    }
    ls_report_add(d->v->report, LS_FINDING_NOTE, d->subject,
                  "%.*s chose these %llu rows, without a draw; that %.*s had defaulted, only the whole record shows",
                  (int)choice->raw[LS_H_BY].len, choice->raw[LS_H_BY].ptr, (ull)d->count, (int)d->declared->by.len,
                  d->declared->by.ptr);
    return LS_SUCCESS;
}

/* Another charter than the one trusted proves nothing, and could keep the reader busy for long with what it says. */
ls_result ls_verify_draw(ls_packet_draw *d)
{
    bool going = false;
    LS_TRY(take_declaration(d, &going));
    if (going) {
        LS_TRY(take_population(d, &going));
    }
    if (!going || (d->v->anchor != NULL && !d->v->report->anchored)) {
        return LS_SUCCESS;
    }
    LS_TRY(take_slots(d));
    LS_TRY(d->slot[LS_DRAW_CHOICE] != NULL ? take_choice(d, &going) : draw(d, &going));
    return going ? ls_verify_drawn(d) : LS_SUCCESS;
}
