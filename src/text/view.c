/* A text in one language, as spans of words and brackets. */
#include "text/view.h"

typedef struct maker {
    ls_arena *arena;
    const ls_text_state *s;
    const ls_view_options *options;
    uint64_t budget;
    ls_view_note *note;
    size_t note_count;
    bool failed; /* no memory */
} maker;

/* Who holds what. */

/* Parties with the same stance. */
typedef struct stand {
    ls_text_position position; /* of the first of them */
    ls_party_mask parties, ad_referendum;
} stand;

static size_t gather(const ls_text_position *list, size_t parties, stand *out)
{
    size_t count = 0;
    for (size_t i = 0; i < parties; i++) {
        size_t k = 0;
        while (k < count && !ls_text_same_stance(&out[k].position, &list[i])) {
            k++;
        }
        if (list[i].stance == LS_STANCE_NONE) {
            continue;
        }
        if (k == count) {
            out[count++] = (stand){.position = list[i]};
        }
        out[k].parties |= UINT32_C(1) << i;
        out[k].ad_referendum |= list[i].ad_referendum ? UINT32_C(1) << i : 0;
    }
    return count;
}

static ls_party_mask everybody(const ls_text_state *s)
{
    size_t n = s->opening->party_count;
    return n == 32 ? UINT32_MAX : (UINT32_C(1) << n) - 1;
}

/* Spans. */

typedef struct spans {
    ls_span *span;
    size_t count;
} spans;

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\n';
}

static void put_text(spans *x, ls_bytes text)
{
    if (text.len > 0) {
        x->span[x->count++] = (ls_span){.kind = LS_SPAN_TEXT, .text = text};
    }
}

static bool ends_with_space(const spans *x)
{
    if (x->count == 0) {
        return true;
    }
    const ls_span *last = &x->span[x->count - 1];
    return last->kind == LS_SPAN_TEXT && is_space(last->text.ptr[last->text.len - 1]);
}

static ls_bytes leading(ls_bytes s)
{
    size_t n = 0;
    while (n < s.len && is_space(s.ptr[n])) {
        n++;
    }
    return ls_bytes_of(s.ptr, n);
}

static ls_bytes trailing(ls_bytes s)
{
    size_t n = 0;
    while (n < s.len && is_space(s.ptr[s.len - 1 - n])) {
        n++;
    }
    return ls_bytes_of(s.ptr + s.len - n, n);
}

/* Without the spaces around it; those of one that is nothing else are made visible. */
static ls_bytes shown(maker *m, ls_bytes s)
{
    ls_bytes before = leading(s), after = trailing(s);
    if (before.len < s.len) {
        return ls_bytes_of(s.ptr + before.len, s.len - before.len - after.len);
    }
    ls_buf visible = {0};
    for (size_t i = 0; i < s.len; i++) {
        ls_buf_put_str(&visible, s.ptr[i] == ' ' ? "\xe2\x90\xa3" : "\xe2\x8f\x8e");
    }
    const char *kept = ls_arena_str(m->arena, ls_buf_bytes(&visible));
    ls_bytes out = kept == NULL ? s : ls_bytes_of(kept, visible.len);
    m->failed = m->failed || kept == NULL || visible.failed;
    ls_buf_free(&visible);
    return out;
}

/* The longest spaces that a slice begins or ends with: where one has the end of a line, so has what is shown. */
static ls_bytes longest(const ls_piece *p, size_t variants, ls_bytes (*side)(ls_bytes))
{
    ls_bytes most = {0};
    for (size_t v = 0; v < variants; v++) {
        ls_bytes s = side(p->slice[v]);
        most = s.len > most.len && s.len < p->slice[v].len ? s : most;
    }
    return most;
}

/* Parties whose slices are the same share a bracket. */
static void put_bracket(maker *m, const ls_piece *p, const stand *held, size_t variants, size_t v, bool first, spans *x)
{
    ls_span open = {.kind = LS_SPAN_OPEN};
    for (size_t k = 0; k < variants; k++) {
        if (!ls_bytes_equal(p->slice[k], p->slice[v])) {
            continue;
        }
        if (k < v) {
            return; /* it was put with that one */
        }
        open.parties |= held[k].parties;
        open.ad_referendum |= held[k].ad_referendum;
    }
    if (!first) {
        put_text(x, ls_bytes_str(" "));
    }
    x->span[x->count++] = open;
    put_text(x, shown(m, p->slice[v]));
    x->span[x->count++] = (ls_span){.kind = LS_SPAN_CLOSE};
}

static void put_difference(maker *m, const ls_piece *p, const stand *held, size_t variants, spans *x)
{
    if (!ends_with_space(x)) {
        put_text(x, longest(p, variants, leading));
    }
    size_t before = x->count;
    for (size_t v = 0; v < variants; v++) {
        if (p->slice[v].len > 0) {
            put_bracket(m, p, held, variants, v, x->count == before, x);
        }
    }
    put_text(x, longest(p, variants, trailing));
}

static ls_span *room_for(maker *m, const ls_brackets *b)
{
    size_t room = 0;
    for (size_t i = 0; i < b->piece_count; i++) {
        room += b->piece[i].common ? 1 : 4 * b->variant_count + 2;
    }
    ls_span *span = ls_arena_array(m->arena, room, sizeof *span);
    m->failed = m->failed || span == NULL;
    return span;
}

/* Blocks. */

typedef struct blocks {
    ls_block *block;
    size_t count;
} blocks;

static void put_words(maker *m, ls_bytes words, ls_block block, blocks *out)
{
    ls_span *span = ls_arena_alloc(m->arena, sizeof *span);
    if (span == NULL) {
        m->failed = true;
        return;
    }
    *span = (ls_span){.kind = LS_SPAN_TEXT, .text = words};
    block.kind = LS_BLOCK_WORDS;
    block.span = span;
    block.span_count = 1;
    out->block[out->count++] = block;
}

static void put_aligned(maker *m, const ls_brackets *b, const stand *held, ls_block block, blocks *out)
{
    spans x = {.span = room_for(m, b)};
    for (size_t i = 0; x.span != NULL && i < b->piece_count; i++) {
        if (b->piece[i].common) {
            put_text(&x, b->piece[i].slice[0]);
        } else {
            put_difference(m, &b->piece[i], held, b->variant_count, &x);
        }
    }
    block.span = x.span;
    block.span_count = x.count;
    out->block[out->count++] = block;
}

/* The variants that are held, in one if that can be read: with a bracket around it unless everybody holds one of them.
 */
static void put_variants(maker *m, ls_text_kind kind, const ls_text_cell *c, const stand *held, size_t count,
                         blocks *out)
{
    ls_bytes words[LS_TEXT_PARTIES_MAX];
    ls_block around = {.kind = LS_BLOCK_WORDS};
    ls_brackets b;
    for (size_t i = 0; i < count; i++) {
        words[i] = ls_text_words(c, &held[i].position);
        around.parties |= held[i].parties;
        around.ad_referendum |= held[i].ad_referendum;
    }
    ls_bytes *kept = ls_arena_array(m->arena, count, sizeof *kept);
    if (kept == NULL) {
        m->failed = true;
        return;
    }
    memcpy(kept, words, count * sizeof *kept);
    if (ls_failed(ls_brackets_align(m->arena, kind, count, kept, &m->budget, &b))) {
        m->failed = true;
        return;
    }
    if (b.whole) {
        for (size_t i = 0; i < count; i++) {
            put_words(m, words[i], (ls_block){.parties = held[i].parties, .ad_referendum = held[i].ad_referendum}, out);
        }
        return;
    }
    if (around.parties == everybody(m->s) && (count > 1 || around.ad_referendum == 0)) {
        around.parties = around.ad_referendum = 0;
    }
    put_aligned(m, &b, held, around, out);
}

static void put_positions(maker *m, ls_text_kind kind, const ls_text_cell *c, blocks *out)
{
    stand all[LS_TEXT_PARTIES_MAX], held[LS_TEXT_PARTIES_MAX];
    size_t count = gather(c->position, m->s->opening->party_count, all), variants = 0;
    for (size_t i = 0; i < count; i++) {
        if (all[i].position.stance == LS_STANCE_VARIANT) {
            held[variants++] = all[i];
        }
    }
    if (variants > 0) {
        put_variants(m, kind, c, held, variants, out);
    }
    for (size_t i = 0; i < count; i++) {
        if (all[i].position.stance == LS_STANCE_DELETE) {
            out->block[out->count++] =
                (ls_block){.kind = LS_BLOCK_DELETE, .parties = all[i].parties, .ad_referendum = all[i].ad_referendum};
        }
    }
}

static void put_reopenings(maker *m, const ls_text_cell *c, blocks *out)
{
    stand all[LS_TEXT_PARTIES_MAX];
    size_t count = gather(c->reopening, m->s->opening->party_count, all);
    for (size_t i = 0; i < count; i++) {
        ls_block b = {.reopening = true, .parties = all[i].parties, .ad_referendum = all[i].ad_referendum};
        if (ls_text_same_stance(&all[i].position, &c->position[0])) {
            b.kind = LS_BLOCK_REOPEN;
            out->block[out->count++] = b;
        } else if (all[i].position.stance == LS_STANCE_DELETE) {
            b.kind = LS_BLOCK_DELETE;
            out->block[out->count++] = b;
        } else {
            put_words(m, ls_text_words(c, &all[i].position), b, out);
        }
    }
}

static void put_missing(ls_block_kind kind, blocks *out)
{
    out->block[out->count++] = (ls_block){.kind = kind};
}

static void put_bracketed(maker *m, const ls_text_paragraph *p, const ls_text_cell *c, blocks *out)
{
    if (c->status != LS_CELL_VACANT) {
        put_positions(m, p->kind, c, out);
    } else if (!p->gone) {
        put_missing(LS_BLOCK_MISSING, out);
    }
    if (c->position != NULL) {
        put_reopenings(m, c, out);
    }
}

static void put_clean(maker *m, const ls_text_paragraph *p, const ls_text_cell *c, blocks *out)
{
    size_t party = m->options->party, variant;
    ls_bytes words;
    if (party == LS_TEXT_NOWHERE) {
        if (ls_text_agreed_words(c, &words)) {
            put_words(m, words, (ls_block){0}, out);
        } else if (!p->gone) {
            put_missing(c->status == LS_CELL_VACANT ? LS_BLOCK_MISSING : LS_BLOCK_OPEN, out);
        }
    } else if (ls_text_preferred(m->s, c, party, &variant)) {
        put_words(m, c->variant[variant].content, (ls_block){0}, out);
    }
}

/* Notes. */

static bool concerns(const ls_text_objection *o, const maker *m, size_t paragraph)
{
    size_t language = m->options->language;
    return !o->withdrawn && o->paragraph == paragraph && (o->cell[0] == language || o->cell[1] == language);
}

static size_t count_notes(const ls_text_state *s)
{
    size_t count = s->objection_count;
    for (size_t i = 0; i < s->paragraph_count; i++) {
        for (size_t k = 0; k < s->paragraph[i].cell_count; k++) {
            count += s->paragraph[i].cell[k].position == NULL ? 0 : 2 * s->opening->party_count;
        }
    }
    return count;
}

static void add_note(maker *m, size_t party, ls_bytes text)
{
    if (text.len > 0) {
        m->note[m->note_count++] = (ls_view_note){.party = party, .text = text};
    }
}

static void add_notes(maker *m, size_t paragraph, const ls_text_cell *c)
{
    const ls_text_opening *o = m->s->opening;
    for (size_t i = 0; c->position != NULL && i < o->party_count; i++) {
        add_note(m, i, c->position[i].note);
        add_note(m, i, c->reopening[i].note);
    }
    for (size_t i = 0; i < m->s->objection_count; i++) {
        const ls_text_objection *x = &m->s->objection[i];
        if (concerns(x, m, paragraph)) {
            m->note[m->note_count++] = (ls_view_note){.party = x->party,
                                                      .text = m->s->act[x->act].text,
                                                      .objection = true,
                                                      .language = {o->language[x->cell[0]], o->language[x->cell[1]]}};
        }
    }
}

/* The view. */

static bool make_item(maker *m, size_t paragraph, ls_view_item *out)
{
    const ls_text_paragraph *p = &m->s->paragraph[paragraph];
    ls_view_item item = {.paragraph = p, .cell = ls_text_cell_of(p, m->options->language), .first_note = m->note_count};
    blocks b = {ls_arena_array(m->arena, 2 * m->s->opening->party_count + 2, sizeof *b.block), 0};
    if (b.block == NULL) {
        m->failed = true;
        return false;
    }
    (m->options->clean ? put_clean : put_bracketed)(m, p, item.cell, &b);
    if (b.count > 0 && !m->options->clean) {
        add_notes(m, paragraph, item.cell);
    }
    item.block = b.block;
    item.block_count = b.count;
    item.note_count = m->note_count - item.first_note;
    *out = item;
    return b.count > 0;
}

ls_result ls_text_view_make(ls_arena *arena, const ls_text_state *s, const ls_view_options *options, ls_text_view *out)
{
    maker m = {.arena = arena, .s = s, .options = options, .budget = LS_BRACKETS_BUDGET};
    ls_view_item *item = ls_arena_array(arena, s->paragraph_count, sizeof *item);
    size_t count = 0;
    m.note = ls_arena_array(arena, count_notes(s), sizeof *m.note);
    if (item == NULL || m.note == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < s->paragraph_count && !m.failed; i++) {
        count += make_item(&m, s->order[i], &item[count]);
    }
    if (m.failed) {
        return ls_fail(&ls_fault_memory);
    }
    *out = (ls_text_view){s, *options, count, m.note_count, item, m.note};
    return LS_SUCCESS;
}
