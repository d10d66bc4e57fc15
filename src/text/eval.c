/* The state of a text: act by act, operation by operation. */
#include "text/parts.h"
#include <inttypes.h>
#include <stdio.h>

const ls_fault ls_fault_text_opening = {LS_CLASS_USAGE, "text-opening", "no text can be opened with these"};

typedef struct evaluation {
    ls_arena *arena;
    ls_text_state *s;
    size_t paragraph_room, event_room, objection_room;
    size_t *slot; /* paragraphs by name: index + 1, or 0; twice as many as there is room for, a power of two */
    size_t act;   /* that is being followed, and its party */
    size_t party;
    uint32_t inserted;              /* by it */
    size_t by[LS_TEXT_PARTIES_MAX]; /* paragraphs that each inserted */
    bool failed;                    /* no memory */
} evaluation;

/* Growing lists. */

static void *larger(evaluation *e, const void *old, size_t count, size_t size, size_t *room)
{
    if (count < *room) {
        return (void *)(uintptr_t)old;
    }
    size_t wanted = *room == 0 ? 32 : 2 * *room;
    void *list = ls_arena_array(e->arena, wanted, size);
    if (list == NULL) {
        e->failed = true;
        return NULL;
    }
    if (count > 0) {
        memcpy(list, old, count * size);
    }
    *room = wanted;
    return list;
}

static void note_event(evaluation *e, ls_text_event event)
{
    ls_text_state *s = e->s;
    ls_text_event *list = larger(e, s->event, s->event_count, sizeof *list, &e->event_room);
    if (list != NULL) {
        s->event = list;
        event.act = e->act;
        s->event[s->event_count++] = event;
    }
}

static void note_void(evaluation *e, size_t paragraph, size_t cell, const char *why)
{
    note_event(e, (ls_text_event){.effect = LS_EFFECT_VOID, .paragraph = paragraph, .cell = cell, .why = why});
}

/* Paragraphs by their names. */

static size_t hash_of(size_t party, uint64_t seq, uint32_t number)
{
    uint64_t h = (seq * 31 + party) * UINT64_C(0x9e3779b97f4a7c15) + number;
    h *= UINT64_C(0xff51afd7ed558ccd);
    return (size_t)(h ^ h >> 29);
}

/* Where it is, or the free place where it would be. There is room: half of the slots are free. */
static size_t *slot_for(const evaluation *e, size_t party, uint64_t seq, uint32_t number)
{
    size_t mask = 2 * e->paragraph_room - 1;
    for (size_t i = hash_of(party, seq, number) & mask;; i = (i + 1) & mask) {
        const ls_text_paragraph *p = e->slot[i] == 0 ? NULL : &e->s->paragraph[e->slot[i] - 1];
        if (p == NULL || (p->party == party && p->id.seq == seq && p->id.number == number)) {
            return &e->slot[i];
        }
    }
}

/* Room for one more, and slots for it. */
static bool make_room(evaluation *e)
{
    ls_text_state *s = e->s;
    size_t before = e->paragraph_room;
    ls_text_paragraph *list = larger(e, s->paragraph, s->paragraph_count, sizeof *list, &e->paragraph_room);
    if (list == NULL) {
        return false;
    }
    s->paragraph = list;
    if (e->paragraph_room == before) {
        return true;
    }
    e->slot = ls_arena_array(e->arena, 2 * e->paragraph_room, sizeof *e->slot);
    if (e->slot == NULL) {
        e->failed = true;
        return false;
    }
    for (size_t i = 0; i < s->paragraph_count; i++) {
        *slot_for(e, list[i].party, list[i].id.seq, list[i].id.number) = i + 1;
    }
    return true;
}

static size_t find(const evaluation *e, const ls_text_id *id)
{
    bool own = id->party.len == 0;
    size_t party = own ? e->party : ls_text_party(e->s->opening, id->party);
    if (party == LS_TEXT_NOWHERE || e->paragraph_room == 0) {
        return LS_TEXT_NOWHERE;
    }
    size_t found = *slot_for(e, party, own ? e->s->act[e->act].seq : id->seq, id->number);
    return found == 0 ? LS_TEXT_NOWHERE : found - 1;
}

/* Inserting. */

static const char *name_of(evaluation *e, const ls_text_id *id)
{
    return ls_arena_format(e->arena, "%.*s-%" PRIu64 "-%" PRIu32, (int)id->party.len, (const char *)id->party.ptr,
                           id->seq, id->number);
}

static void add_paragraph(evaluation *e, const ls_text_op *op, size_t anchor)
{
    const ls_text_opening *o = e->s->opening;
    ls_text_paragraph p = {.id = {o->party[e->party], e->s->act[e->act].seq, e->inserted},
                           .party = e->party,
                           .kind = op->insert,
                           .act = e->act,
                           .anchor = anchor,
                           .before = op->before,
                           .settled = true,
                           .gone = true};
    p.cell_count = p.kind == LS_TEXT_PROSE ? o->language_count : 1;
    p.cell = ls_arena_array(e->arena, p.cell_count, sizeof *p.cell);
    p.name = name_of(e, &p.id);
    if (p.cell == NULL || p.name == NULL || !make_room(e)) {
        e->failed = true;
        return;
    }
    e->s->paragraph[e->s->paragraph_count++] = p;
    e->by[e->party]++;
    *slot_for(e, p.party, p.id.seq, p.id.number) = e->s->paragraph_count;
    note_event(e, (ls_text_event){.effect = LS_EFFECT_INSERTED, .paragraph = e->s->paragraph_count - 1});
}

static void insert(evaluation *e, const ls_text_op *op)
{
    const ls_text_id own = {.number = ++e->inserted};
    size_t anchor = op->at_start ? LS_TEXT_NOWHERE : find(e, &op->paragraph);
    ls_bytes party = e->s->opening->party[e->party];
    char digits[48];
    int length = snprintf(digits, sizeof digits, "-%" PRIu64 "-%" PRIu32, e->s->act[e->act].seq, own.number);
    if (!op->at_start && anchor == LS_TEXT_NOWHERE) {
        note_void(e, LS_TEXT_NOWHERE, 0, "there is no such paragraph next to which it could stand");
    } else if (find(e, &own) != LS_TEXT_NOWHERE) {
        note_void(e, LS_TEXT_NOWHERE, 0, "a paragraph has this name already");
    } else if (party.len + (size_t)length > LS_NAME_MAX) {
        note_void(e, LS_TEXT_NOWHERE, 0, "the paragraph's name would be too long");
    } else if (e->by[e->party] >= LS_TEXT_PARAGRAPHS_MAX) {
        note_void(e, LS_TEXT_NOWHERE, 0, "one party inserts 4096 paragraphs and no more");
    } else {
        add_paragraph(e, op, anchor);
    }
}

/* Positions. */

/* What follows for the paragraph, and the text. */
static void settle(evaluation *e, ls_text_paragraph *p)
{
    size_t agreed = 0, vacant = 0;
    e->s->unsettled -= !p->settled;
    e->s->present -= !p->gone;
    for (size_t i = 0; i < p->cell_count; i++) {
        agreed += p->cell[i].status == LS_CELL_AGREED;
        vacant += p->cell[i].status == LS_CELL_VACANT;
    }
    p->gone = vacant == p->cell_count;
    p->settled = p->gone || agreed == p->cell_count;
    e->s->unsettled += !p->settled;
    e->s->present += !p->gone;
}

/* The cell that an operation is about; otherwise why there is none. */
static const char *locate(evaluation *e, const ls_text_id *id, ls_bytes language, size_t *paragraph, size_t *cell)
{
    *cell = 0;
    *paragraph = find(e, id);
    if (*paragraph == LS_TEXT_NOWHERE) {
        return "there is no such paragraph";
    }
    ls_text_paragraph *p = &e->s->paragraph[*paragraph];
    if ((p->kind == LS_TEXT_ROADMAP) != (language.len == 0)) {
        return p->kind == LS_TEXT_ROADMAP ? "a piece of the roadmap has no language" : "a paragraph has a language";
    }
    size_t found = language.len == 0 ? 0 : ls_text_language(e->s->opening, language);
    if (found == LS_TEXT_NOWHERE) {
        return "it is not a language of this text";
    }
    *cell = found;
    if (!ls_cell_ready(e->arena, &p->cell[found], e->s->opening->party_count)) {
        e->failed = true;
        return "no memory";
    }
    return NULL;
}

static size_t brought_by(const evaluation *e, const ls_text_cell *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->variant_count; i++) {
        count += ls_bytes_equal(e->s->act[c->variant[i].act].party, e->s->act[e->act].party);
    }
    return count;
}

static const char *take_variant(evaluation *e, ls_text_cell *c, ls_bytes content, size_t *variant)
{
    if (brought_by(e, c) >= LS_TEXT_VARIANTS_MAX) {
        return "one party brings 256 variants of a paragraph and no more";
    }
    *variant = ls_cell_add(e->arena, c, content, e->act);
    e->failed = e->failed || *variant == LS_TEXT_NOWHERE;
    return *variant == LS_TEXT_NOWHERE ? "no memory" : NULL;
}

static const char *wanted_by(evaluation *e, ls_text_cell *c, const ls_text_op *op, ls_text_position *out)
{
    *out = (ls_text_position){.act = e->act, .ad_referendum = op->ad_referendum, .note = op->note};
    switch (op->kind) {
    case LS_OP_PROPOSE:
        out->stance = LS_STANCE_VARIANT;
        return take_variant(e, c, op->text, &out->variant);
    case LS_OP_DELETE:
        out->stance = LS_STANCE_DELETE;
        return NULL;
    case LS_OP_REOPEN:
        return c->locked ? NULL : "it is open";
    default:
        return NULL;
    }
}

static void change(evaluation *e, const ls_text_op *op)
{
    ls_text_event event = {0};
    ls_text_position wanted;
    size_t parties = e->s->opening->party_count;
    const char *why = locate(e, &op->paragraph, op->language, &event.paragraph, &event.cell);
    ls_text_cell *c = why != NULL ? NULL : &e->s->paragraph[event.paragraph].cell[event.cell];
    why = why != NULL ? why : wanted_by(e, c, op, &wanted);
    if (why != NULL) {
        note_void(e, event.paragraph, event.cell, why);
        return;
    }
    if (op->kind == LS_OP_NOTE) {
        ls_cell_note(c, e->party, op->text, &event);
    } else if (op->kind == LS_OP_REOPEN) {
        ls_cell_reopen(c, parties, e->party, e->act, &event);
    } else {
        ls_cell_hold(c, parties, e->party, &wanted, &event);
    }
    event.locked = !e->s->opening->whole && ls_cell_lock(c, parties);
    settle(e, &e->s->paragraph[event.paragraph]);
    note_event(e, event);
}

static void accept(evaluation *e, const ls_text_acceptance *a)
{
    ls_text_event event = {0};
    ls_text_position wanted = {.act = e->act,
                               .stance = a->deletion ? LS_STANCE_DELETE : LS_STANCE_VARIANT,
                               .ad_referendum = e->s->act[e->act].ad_referendum};
    size_t parties = e->s->opening->party_count;
    const char *why = locate(e, &a->paragraph, a->language, &event.paragraph, &event.cell);
    ls_text_cell *c = why != NULL ? NULL : &e->s->paragraph[event.paragraph].cell[event.cell];
    if (why == NULL && !a->deletion) {
        wanted.variant = ls_cell_find(c, &a->content);
        why = wanted.variant == LS_TEXT_NOWHERE ? "nobody has proposed these words here" : NULL;
    }
    if (why != NULL) {
        note_void(e, event.paragraph, event.cell, why);
        return;
    }
    ls_cell_hold(c, parties, e->party, &wanted, &event);
    event.locked = !e->s->opening->whole && ls_cell_lock(c, parties);
    settle(e, &e->s->paragraph[event.paragraph]);
    note_event(e, event);
}

/* Objections. */

static const char *object_to(evaluation *e, const ls_text_act *a, ls_text_objection *out)
{
    ls_text_id id;
    const ls_text_opening *o = e->s->opening;
    if (!ls_text_id_parse(a->paragraph, &id) || (out->paragraph = find(e, &id)) == LS_TEXT_NOWHERE) {
        return "there is no such paragraph";
    }
    if (e->s->paragraph[out->paragraph].kind == LS_TEXT_ROADMAP) {
        return "a piece of the roadmap has no language";
    }
    for (size_t i = 0; i < 2; i++) {
        out->cell[i] = ls_text_language(o, a->language[i]);
        if (out->cell[i] == LS_TEXT_NOWHERE) {
            return "it is not a language of this text";
        }
    }
    return out->cell[0] == out->cell[1] ? "a language does not differ from itself" : NULL;
}

static void object(evaluation *e, const ls_text_act *a)
{
    ls_text_state *s = e->s;
    ls_text_objection objection = {.act = e->act, .party = e->party, .paragraph = LS_TEXT_NOWHERE};
    const char *why = object_to(e, a, &objection);
    if (why != NULL) {
        note_void(e, objection.paragraph, 0, why);
        return;
    }
    ls_text_objection *list = larger(e, s->objection, s->objection_count, sizeof *list, &e->objection_room);
    if (list == NULL) {
        return;
    }
    s->objection = list;
    s->objection[s->objection_count++] = objection;
    s->objected++;
    note_event(
        e, (ls_text_event){.effect = LS_EFFECT_OBJECTION, .paragraph = objection.paragraph, .cell = objection.cell[0]});
}

static void withdraw(evaluation *e, const ls_text_act *a)
{
    for (size_t i = 0; i < e->s->objection_count; i++) {
        ls_text_objection *o = &e->s->objection[i];
        if (o->party == e->party && !o->withdrawn && ls_hash_equal(&e->s->act[o->act].id, &a->ref)) {
            o->withdrawn = true;
            e->s->objected--;
            note_event(e, (ls_text_event){
                              .effect = LS_EFFECT_OBJECTION_WITHDRAWN, .paragraph = o->paragraph, .cell = o->cell[0]});
            return;
        }
    }
    note_void(e, LS_TEXT_NOWHERE, 0, "it takes back no objection of this party that stands");
}

/* Acts. */

static void follow_file(evaluation *e, const ls_text_act *a)
{
    bool here = a->kind == LS_TEXT_EDIT ? a->edit != NULL : a->agree != NULL;
    if (!here) {
        e->s->missing += a->unreadable == NULL;
        note_void(e, LS_TEXT_NOWHERE, 0, a->unreadable == NULL ? "its file is not here" : a->unreadable);
        return;
    }
    for (size_t i = 0; a->kind == LS_TEXT_EDIT && i < a->edit->count && !e->failed; i++) {
        const ls_text_op *op = &a->edit->op[i];
        (op->kind == LS_OP_INSERT ? insert : change)(e, op);
    }
    for (size_t i = 0; a->kind == LS_TEXT_AGREE && i < a->agree->count && !e->failed; i++) {
        accept(e, &a->agree->item[i]);
    }
}

static void follow(evaluation *e, size_t act)
{
    const ls_text_act *a = &e->s->act[act];
    e->act = act;
    e->inserted = 0;
    e->party = ls_text_party(e->s->opening, a->party);
    if (e->party == LS_TEXT_NOWHERE) {
        note_void(e, LS_TEXT_NOWHERE, 0, "its author does not negotiate this text");
    } else if (a->kind == LS_TEXT_DIVERGE) {
        object(e, a);
    } else if (a->kind == LS_TEXT_WITHDRAW) {
        withdraw(e, a);
    } else {
        follow_file(e, a);
    }
}

/* Where nothing is agreed until everything is, everything is locked at once. */
static void conclude(evaluation *e)
{
    ls_text_state *s = e->s;
    s->clean = s->present > 0 && s->unsettled == 0 && s->objected == 0 && s->missing == 0;
    if (!s->opening->whole || !s->clean) {
        return;
    }
    for (size_t i = 0; i < s->paragraph_count; i++) {
        for (size_t k = 0; k < s->paragraph[i].cell_count; k++) {
            ls_cell_lock(&s->paragraph[i].cell[k], s->opening->party_count);
        }
    }
}

static bool distinct(const ls_bytes *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!ls_name_valid(list[i]) || ls_bytes_find(list, i, list[i]) < i) {
            return false;
        }
    }
    return true;
}

static bool opening_valid(const ls_text_opening *o)
{
    return o->party_count > 0 && o->party_count <= LS_TEXT_PARTIES_MAX && o->language_count > 0 &&
           o->language_count <= LS_TEXT_LANGUAGES_MAX && distinct(o->party, o->party_count) &&
           distinct(o->language, o->language_count);
}

ls_result ls_text_eval(ls_arena *arena, const ls_text_opening *opening, size_t count, const ls_text_act *acts,
                       ls_text_state *out)
{
    ls_text_state s = {.opening = opening, .act_count = count, .act = acts};
    evaluation e = {.arena = arena, .s = &s};
    if (!opening_valid(opening)) {
        return ls_fail(&ls_fault_text_opening);
    }
    for (size_t i = 0; i < count && !e.failed; i++) {
        follow(&e, i);
        conclude(&e);
    }
    if (e.failed) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_text_order(arena, &s));
    *out = s;
    return LS_SUCCESS;
}
