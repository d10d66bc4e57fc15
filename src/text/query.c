/* Questions to a state. */
#include "text/text.h"

size_t ls_text_find(const ls_text_state *s, ls_bytes name)
{
    for (size_t i = 0; i < s->paragraph_count; i++) {
        if (ls_bytes_is(name, s->paragraph[i].name)) {
            return i;
        }
    }
    return LS_TEXT_NOWHERE;
}

static size_t index_of(const ls_bytes *list, size_t count, ls_bytes wanted)
{
    size_t i = ls_bytes_find(list, count, wanted);
    return i == count ? LS_TEXT_NOWHERE : i;
}

size_t ls_text_language(const ls_text_opening *o, ls_bytes language)
{
    return index_of(o->language, o->language_count, language);
}

size_t ls_text_party(const ls_text_opening *o, ls_bytes party)
{
    return index_of(o->party, o->party_count, party);
}

const ls_text_cell *ls_text_cell_of(const ls_text_paragraph *p, size_t language)
{
    return &p->cell[p->kind == LS_TEXT_ROADMAP ? 0 : language];
}

ls_bytes ls_text_cell_language(const ls_text_opening *o, const ls_text_paragraph *p, size_t cell)
{
    return p->kind == LS_TEXT_ROADMAP ? (ls_bytes){0} : o->language[cell];
}

bool ls_text_same_stance(const ls_text_position *a, const ls_text_position *b)
{
    return a->stance == b->stance && (a->stance != LS_STANCE_VARIANT || a->variant == b->variant);
}

ls_bytes ls_text_words(const ls_text_cell *c, const ls_text_position *p)
{
    return p->stance == LS_STANCE_VARIANT ? c->variant[p->variant].content : (ls_bytes){0};
}

bool ls_text_agreed_words(const ls_text_cell *c, ls_bytes *out)
{
    if (c->status != LS_CELL_AGREED) {
        return false;
    }
    *out = ls_text_words(c, &c->position[0]);
    return true;
}

static size_t holders(const ls_text_cell *c, size_t parties, size_t variant)
{
    size_t count = 0;
    for (size_t i = 0; i < parties; i++) {
        count += c->position[i].stance == LS_STANCE_VARIANT && c->position[i].variant == variant;
    }
    return count;
}

bool ls_text_preferred(const ls_text_state *s, const ls_text_cell *c, size_t party, size_t *variant)
{
    size_t parties = s->opening->party_count, most = 0;
    if (c->position == NULL || (party != LS_TEXT_NOWHERE && c->position[party].stance == LS_STANCE_DELETE)) {
        return false;
    }
    if (party != LS_TEXT_NOWHERE && c->position[party].stance == LS_STANCE_VARIANT) {
        *variant = c->position[party].variant;
        return true;
    }
    for (size_t i = 0; i < parties; i++) {
        if (c->position[i].stance == LS_STANCE_VARIANT && holders(c, parties, c->position[i].variant) > most) {
            most = holders(c, parties, c->position[i].variant);
            *variant = c->position[i].variant;
        }
    }
    return most > 0;
}
