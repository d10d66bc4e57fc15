/* Acts about a text under negotiation: shown with what they change, flagged, signed and filed. */
#include "cli/texts.h"
#include "lookalike/lookalike.h"
#include "process/sealed.h"

#define FLAGS_MAX 8 /* of one paragraph */

ls_result cli_text_flag(const char *place, ls_bytes words)
{
    ls_lookalike found[FLAGS_MAX];
    size_t count = 0;
    LS_TRY(ls_lookalike_find(words, FLAGS_MAX, found, &count));
    for (size_t i = 0; i < count && i < FLAGS_MAX; i++) {
        const ls_lookalike *l = &found[i];
        int len = (int)(l->word.len < 80 ? l->word.len : 80);
        cli_print_to(stderr, "warning: %s, line %u, column %u: \"%.*s\" %s\n", place, l->mark.line, l->mark.column, len,
                     (const char *)l->word.ptr, ls_lookalike_says(l->kind));
    }
    return LS_SUCCESS;
}

/* The state as it is with this act, which would be next. */
static ls_result look_ahead(cli *c, ls_negotiation *n, const cli_text_deed *deed, ls_text_state *out)
{
    ls_hash prev;
    const ls_outbox *outbox;
    ls_text_act *next = &n->act[n->count];
    *next = (ls_text_act){.kind = deed->edit != NULL ? LS_TEXT_EDIT : LS_TEXT_AGREE,
                          .party = n->opening.party[cli_negotiator(c, n)],
                          .entry = ls_record_size(c->ws.record),
                          .ad_referendum = deed->ad_referendum,
                          .edit = deed->edit,
                          .agree = deed->agree};
    LS_TRY(ls_workspace_outbox(&c->ws, &outbox, &c->detail));
    ls_record_next(outbox->ahead != NULL ? outbox->ahead : c->ws.record, cli_own_party(c), &next->seq, &prev);
    return ls_text_eval(&c->arena, &n->opening, n->count + 1, n->act, out);
}

/* What of it counts; and of the rest, why not. */
static ls_result check_effect(cli *c, const ls_negotiation *n, const ls_text_state *after)
{
    const char *why = NULL;
    for (size_t i = 0; i < after->event_count; i++) {
        const ls_text_event *e = &after->event[i];
        if (e->act == n->count && e->effect != LS_EFFECT_VOID) {
            return LS_SUCCESS;
        }
        why = e->act == n->count && why == NULL ? e->why : why;
    }
    ls_hint(&c->detail, "lockstep text show %s shows where it stands", cli_text(c, n->name));
    return ls_fail_with(&ls_fault_usage, &c->detail, "nothing would change%s%s", why == NULL ? "" : ": ",
                        why == NULL ? "" : why);
}

/* Words that anybody is about to put his name to. */
static ls_result flag_all(cli *c, const ls_negotiation *n, const ls_text_state *after)
{
    for (size_t i = 0; i < after->event_count; i++) {
        const ls_text_event *e = &after->event[i];
        if (e->act != n->count || e->paragraph == LS_TEXT_NOWHERE ||
            (e->effect != LS_EFFECT_POSITION && e->effect != LS_EFFECT_REOPENING && e->effect != LS_EFFECT_NOTE)) {
            continue;
        }
        const ls_text_paragraph *p = &after->paragraph[e->paragraph];
        ls_bytes language = ls_text_cell_language(&n->opening, p, e->cell);
        const char *place =
            ls_arena_format(&c->arena, "%s%s%s", p->name, language.len > 0 ? " " : "", cli_text(c, language));
        if (place == NULL) {
            return ls_fail(&ls_fault_memory);
        }
        LS_TRY(cli_text_flag(place, ls_text_words(&p->cell[e->cell], &e->after)));
        LS_TRY(cli_text_flag(ls_arena_format(&c->arena, "%s, note", place), e->after.note));
    }
    return LS_SUCCESS;
}

/* Whoever has no words there yet is shown what he changes in those that most hold: as if he held them before. */
static ls_result hold_before(cli *c, const ls_negotiation *n, const ls_text_edit *edit, ls_text_agree *out)
{
    *out = (ls_text_agree){.item = ls_arena_array(&c->arena, edit->count + 1, sizeof *out->item)};
    for (size_t i = 0; out->item != NULL && i < edit->count; i++) {
        const ls_text_op *op = &edit->op[i];
        for (size_t p = 0; op->kind == LS_OP_PROPOSE && op->paragraph.party.len > 0 && p < n->state.paragraph_count;
             p++) {
            const ls_text_paragraph *at = &n->state.paragraph[p];
            size_t language = op->language.len == 0 ? 0 : ls_text_language(&n->opening, op->language), variant;
            bool same = at->id.seq == op->paragraph.seq && at->id.number == op->paragraph.number &&
                        ls_bytes_equal(at->id.party, op->paragraph.party) && language != LS_TEXT_NOWHERE;
            const ls_text_cell *cell = same ? ls_text_cell_of(at, language) : NULL;
            if (same && !cell->locked && cell->position[cli_negotiator(c, n)].stance == LS_STANCE_NONE &&
                ls_text_preferred(&n->state, cell, cli_negotiator(c, n), &variant)) {
                out->item[out->count++] = (ls_text_acceptance){
                    .paragraph = at->id, .language = op->language, .content = cell->variant[variant].hash};
            }
        }
    }
    return out->item == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result compare(cli *c, const ls_negotiation *n, const cli_text_deed *deed, ls_text_state *out)
{
    ls_text_agree held;
    LS_TRY(hold_before(c, n, deed->edit, &held));
    n->act[n->count + 1] = n->act[n->count];
    n->act[n->count] = (ls_text_act){.kind = LS_TEXT_AGREE,
                                     .party = n->opening.party[cli_negotiator(c, n)],
                                     .seq = n->act[n->count + 1].seq,
                                     .entry = n->opened->index,
                                     .ad_referendum = true,
                                     .agree = &held};
    return ls_text_eval(&c->arena, &n->opening, n->count + 2, n->act, out);
}

static ls_result preview(cli *c, const ls_negotiation *n, const cli_text_deed *deed, const ls_text_state *after)
{
    ls_buf text = {0};
    ls_text_state compared;
    if (c->json || cli_flag(c, "yes")) {
        return LS_SUCCESS;
    }
    LS_TRY(deed->edit == NULL ? LS_SUCCESS : compare(c, n, deed, &compared));
    ls_result r = ls_text_history_put(deed->edit == NULL ? after : &compared, ls_record_size(c->ws.record),
                                      LS_TEXT_NOWHERE, &text);
    if (ls_succeeded(r)) {
        cli_mark(c, c->ws.exercise);
        cli_print("%s\nThese words can be read by %s.\n", cli_text(c, ls_buf_bytes(&text)),
                  cli_readers(c, n->audience));
        if (ls_audience_restricted(n->audience)) {
            cli_print("The record shows a hash in their place, and who said something when.\n");
        }
    }
    ls_buf_free(&text);
    return r;
}

static ls_result attach(cli *c, const ls_negotiation *n, const cli_text_deed *deed, ls_draft *draft, ls_act_draft *act)
{
    ls_buf json = {0};
    ls_result r =
        deed->edit != NULL ? ls_text_edit_format(deed->edit, &json) : ls_text_agree_format(deed->agree, &json);
    if (ls_succeeded(r)) {
        r = ls_draft_attach(draft, act, cli_text(c, n->audience), "application/json",
                            deed->edit != NULL ? "edit.json" : "agree.json", ls_buf_bytes(&json), NULL, &c->detail);
    }
    ls_buf_free(&json);
    return r;
}

/* What is about to be signed is read as everybody else will read it. */
static ls_result check_form(cli *c, const cli_text_deed *deed)
{
    ls_buf json = {0};
    ls_text_edit edit;
    ls_text_agree agree;
    ls_result r =
        deed->edit != NULL ? ls_text_edit_format(deed->edit, &json) : ls_text_agree_format(deed->agree, &json);
    const char *copy = ls_succeeded(r) ? ls_arena_str(&c->arena, ls_buf_bytes(&json)) : NULL;
    if (ls_succeeded(r) && copy == NULL) {
        r = ls_fail(&ls_fault_memory);
    }
    if (ls_succeeded(r)) {
        ls_bytes text = ls_bytes_of(copy, json.len);
        r = deed->edit != NULL ? ls_text_edit_parse(&c->arena, text, &edit, &c->detail)
                               : ls_text_agree_parse(&c->arena, text, &agree, &c->detail);
    }
    ls_buf_free(&json);
    return r;
}

static ls_result sign(cli *c, const ls_negotiation *n, const cli_text_deed *deed, ls_draft *draft, ls_act_draft *act)
{
    ls_filed filed;
    const char *kind = deed->edit != NULL ? "edit" : "agree";
    cli_act_ref_entry(c, act, n->opened->index);
    if (deed->ad_referendum) {
        ls_act_draft_set(act, LS_H_METHOD, "ad-referendum");
    }
    LS_TRY(attach(c, n, deed, draft, act));
    LS_TRY(cli_confirm(c, ls_arena_format(&c->arena, "Sign and file this %s?", deed->what)));
    LS_TRY(ls_workspace_act(&c->ws, kind, act, cli_signers(c), draft, &filed, &c->detail));
    cli_mark(c, c->ws.exercise);
    return cli_report_filed(c, ls_arena_format(&c->arena, "%s in %s", deed->what, cli_text(c, n->name)), &filed);
}

ls_result cli_text_sign(cli *c, ls_negotiation *n, const cli_text_deed *deed)
{
    ls_text_state after;
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(check_form(c, deed));
    LS_TRY(look_ahead(c, n, deed, &after));
    LS_TRY(check_effect(c, n, &after));
    LS_TRY(flag_all(c, n, &after));
    LS_TRY(preview(c, n, deed, &after));
    ls_result r = sign(c, n, deed, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}
