/* Texts under negotiation for programs. */
#include "cli/texts.h"

static json_t *position_json(const ls_negotiation *n, const ls_text_cell *cell, size_t party, const ls_text_position *p)
{
    static const char *const stances[] = {"none", "words", "delete"};
    json_t *o = json_pack("{s:o, s:s, s:b}", "party", cli_json_bytes(n->opening.party[party]), "wants",
                          stances[p->stance], "ad_referendum", p->ad_referendum);
    if (p->stance == LS_STANCE_VARIANT) {
        json_object_set_new(o, "text", cli_json_bytes(ls_text_words(cell, p)));
        json_object_set_new(o, "content", cli_json_hash(&cell->variant[p->variant].hash));
    }
    if (p->note.len > 0) {
        json_object_set_new(o, "note", cli_json_bytes(p->note));
    }
    return o;
}

static json_t *positions_json(const ls_negotiation *n, const ls_text_cell *cell, const ls_text_position *all)
{
    json_t *list = json_array();
    for (size_t p = 0; all != NULL && p < n->opening.party_count; p++) {
        if (all[p].stance != LS_STANCE_NONE || all[p].note.len > 0) {
            json_array_append_new(list, position_json(n, cell, p, &all[p]));
        }
    }
    return list;
}

static json_t *cell_json(const ls_negotiation *n, const ls_text_paragraph *p, size_t index)
{
    static const char *const statuses[] = {"vacant", "open", "agreed"};
    const ls_text_cell *cell = &p->cell[index];
    ls_bytes language = ls_text_cell_language(&n->opening, p, index);
    return json_pack("{s:o, s:s, s:b, s:I, s:o, s:o}", "language",
                     language.len == 0 ? json_null() : cli_json_bytes(language), "status", statuses[cell->status],
                     "locked", cell->locked, "variants", (json_int_t)cell->variant_count, "positions",
                     positions_json(n, cell, cell->position), "reopening",
                     positions_json(n, cell, cell->locked ? cell->reopening : NULL));
}

static json_t *paragraph_json(const ls_negotiation *n, const ls_text_paragraph *p)
{
    json_t *cells = json_array();
    for (size_t i = 0; i < p->cell_count; i++) {
        json_array_append_new(cells, cell_json(n, p, i));
    }
    return json_pack("{s:s, s:s, s:b, s:b, s:o}", "paragraph", p->name, "kind",
                     p->kind == LS_TEXT_PROSE ? "prose" : "roadmap", "settled", p->settled, "gone", p->gone, "cells",
                     cells);
}

static json_t *names_json(const ls_bytes *name, size_t count)
{
    json_t *list = json_array();
    for (size_t i = 0; i < count; i++) {
        json_array_append_new(list, cli_json_bytes(name[i]));
    }
    return list;
}

static json_t *objections_json(const ls_negotiation *n)
{
    json_t *list = json_array();
    const ls_text_state *s = &n->state;
    for (size_t i = 0; i < s->objection_count; i++) {
        const ls_text_objection *o = &s->objection[i];
        const ls_text_paragraph *p = &s->paragraph[o->paragraph];
        json_array_append_new(list,
                              json_pack("{s:I, s:o, s:s, s:[o,o], s:o, s:b}", "entry", (json_int_t)s->act[o->act].entry,
                                        "party", cli_json_bytes(n->opening.party[o->party]), "paragraph", p->name,
                                        "languages", cli_json_bytes(ls_text_cell_language(&n->opening, p, o->cell[0])),
                                        cli_json_bytes(ls_text_cell_language(&n->opening, p, o->cell[1])), "text",
                                        cli_json_bytes(s->act[o->act].text), "withdrawn", o->withdrawn));
    }
    return list;
}

static json_t *missing_json(const ls_negotiation *n)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n->count; i++) {
        const ls_text_act *a = &n->act[i];
        bool carries = a->kind == LS_TEXT_EDIT || a->kind == LS_TEXT_AGREE;
        if (carries && a->edit == NULL && a->agree == NULL) {
            json_array_append_new(
                list, json_pack("{s:I, s:o, s:b, s:o}", "entry", (json_int_t)a->entry, "party",
                                cli_json_bytes(a->party), "here", a->unreadable != NULL, "why",
                                ls_show_text_json(a->unreadable != NULL ? a->unreadable : "its file is not here")));
        }
    }
    return list;
}

json_t *cli_negotiation_json(cli *c, const ls_negotiation *n)
{
    const ls_text_state *s = &n->state;
    json_t *paragraphs = json_array();
    (void)c;
    for (size_t i = 0; i < s->paragraph_count; i++) {
        json_array_append_new(paragraphs, paragraph_json(n, &s->paragraph[s->order[i]]));
    }
    return json_pack("{s:o, s:I, s:o, s:o, s:o, s:b, s:b, s:I, s:I, s:o, s:o, s:o}", "text", cli_json_bytes(n->name),
                     "entry", (json_int_t)n->opened->index, "negotiators",
                     names_json(n->opening.party, n->opening.party_count), "languages",
                     names_json(n->opening.language, n->opening.language_count), "audience",
                     cli_json_bytes(n->audience), "whole", n->opening.whole, "clean", s->clean, "present",
                     (json_int_t)s->present, "open", (json_int_t)cli_text_open_count(n), "paragraphs", paragraphs,
                     "objections", objections_json(n), "missing", missing_json(n));
}

static const char *words_of(ls_text_effect effect)
{
    static const char *const words[] = {[LS_EFFECT_VOID] = "void",
                                        [LS_EFFECT_INSERTED] = "inserted",
                                        [LS_EFFECT_POSITION] = "position",
                                        [LS_EFFECT_NOTE] = "note",
                                        [LS_EFFECT_REOPENING] = "reopening",
                                        [LS_EFFECT_OBJECTION] = "objection",
                                        [LS_EFFECT_OBJECTION_WITHDRAWN] = "objection withdrawn"};
    return words[effect];
}

static json_t *event_json(const ls_negotiation *n, const ls_text_event *e)
{
    const ls_text_state *s = &n->state;
    const ls_text_act *act = &s->act[e->act];
    json_t *o =
        json_pack("{s:I, s:o, s:s, s:b, s:b}", "entry", (json_int_t)act->entry, "party", cli_json_bytes(act->party),
                  "effect", words_of(e->effect), "agreed", e->agreed, "reopened", e->reopened);
    if (e->paragraph != LS_TEXT_NOWHERE) {
        const ls_text_paragraph *p = &s->paragraph[e->paragraph];
        json_object_set_new(o, "paragraph", json_string(p->name));
        if (e->effect == LS_EFFECT_POSITION || e->effect == LS_EFFECT_REOPENING) {
            ls_bytes language = ls_text_cell_language(&n->opening, p, e->cell);
            size_t party = ls_text_party(&n->opening, act->party);
            json_object_set_new(o, "language", language.len == 0 ? json_null() : cli_json_bytes(language));
            json_object_set_new(o, "before", position_json(n, &p->cell[e->cell], party, &e->before));
            json_object_set_new(o, "after", position_json(n, &p->cell[e->cell], party, &e->after));
        }
    }
    if (e->effect == LS_EFFECT_VOID && e->why != NULL) {
        json_object_set_new(o, "why", json_string(e->why));
    }
    return o;
}

json_t *cli_text_events_json(cli *c, const ls_negotiation *n, size_t paragraph)
{
    json_t *list = json_array();
    (void)c;
    for (size_t i = 0; i < n->state.event_count; i++) {
        const ls_text_event *e = &n->state.event[i];
        if (paragraph == LS_TEXT_NOWHERE || e->paragraph == paragraph) {
            json_array_append_new(list, event_json(n, e));
        }
    }
    return list;
}
