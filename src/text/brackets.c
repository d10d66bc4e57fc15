/* What several variants have in common, and where they differ. */
#include "text/brackets.h"
#include "text/tokens.h"

/* Words that all variants have: column j holds the index of the j-th in each. */
typedef struct common {
    size_t variants, count;
    size_t *index; /* variants columns, one after the other for each word */
} common;

static size_t *column(const common *c, size_t j)
{
    return c->index + j * c->variants;
}

static bool begin_with(ls_arena *arena, size_t variants, const ls_tokens *first, common *out)
{
    common c = {variants, first->count, ls_arena_array(arena, first->count * variants, sizeof *c.index)};
    for (size_t j = 0; c.index != NULL && j < c.count; j++) {
        column(&c, j)[0] = j;
    }
    *out = c;
    return c.index != NULL;
}

/* Keeps of the common words those that the next variant has, too. */
static bool narrow(ls_arena *arena, common *c, const ls_tokens *tokens, size_t v, uint64_t *budget, bool *memory)
{
    ls_tokens left = {c->count, ls_arena_array(arena, c->count, sizeof *left.token)};
    ls_match *match = ls_arena_array(arena, c->count, sizeof *match);
    size_t count;
    *memory = left.token == NULL || match == NULL;
    if (*memory) {
        return false;
    }
    for (size_t j = 0; j < c->count; j++) {
        left.token[j] = tokens[0].token[column(c, j)[0]];
    }
    if (!ls_tokens_align(&left, &tokens[v], budget, match, &count, memory)) {
        return false;
    }
    for (size_t j = 0; j < count; j++) { /* never to the right: what is read has not been written over */
        memmove(column(c, j), column(c, match[j].a), v * sizeof *c->index);
        column(c, j)[v] = match[j].b;
    }
    c->count = count;
    return true;
}

/* A run: common words that follow each other in every variant. */
typedef struct run {
    size_t first, count;
} run;

static bool goes_on(const common *c, size_t j)
{
    for (size_t v = 0; v < c->variants; v++) {
        if (column(c, j)[v] != column(c, j - 1)[v] + 1) {
            return false;
        }
    }
    return true;
}

static unsigned weight_of(const common *c, const ls_tokens *first, run r)
{
    unsigned weight = 0;
    for (size_t j = r.first; j < r.first + r.count; j++) {
        weight += ls_token_weight(&first->token[column(c, j)[0]]);
    }
    return weight;
}

static bool touches_end(const common *c, const ls_tokens *tokens, run r)
{
    bool begin = true, end = true;
    for (size_t v = 0; v < c->variants; v++) {
        begin = begin && column(c, r.first)[v] == 0;
        end = end && column(c, r.first + r.count - 1)[v] + 1 == tokens[v].count;
    }
    return begin || end;
}

/* Between two differences a lone space or comma would tear them apart: it belongs to them. */
static size_t find_runs(const common *c, const ls_tokens *tokens, run *out, unsigned *weight)
{
    size_t count = 0;
    *weight = 0;
    for (size_t j = 0; j < c->count;) {
        run r = {j, 1};
        while (r.first + r.count < c->count && goes_on(c, r.first + r.count)) {
            r.count++;
        }
        j += r.count;
        unsigned w = weight_of(c, &tokens[0], r);
        if (w >= 2 || touches_end(c, tokens, r)) {
            out[count++] = r;
            *weight += w;
        }
    }
    return count;
}

/* The pieces. */

/* From one word up to another, of one variant. */
static ls_bytes slice_of(const ls_tokens *t, size_t from, size_t to)
{
    const uint8_t *begin = t->count == 0 ? NULL : t->token[0].text.ptr;
    size_t a = from == 0 ? 0 : (size_t)(t->token[from - 1].text.ptr - begin) + t->token[from - 1].text.len;
    size_t b = to == 0 ? 0 : (size_t)(t->token[to - 1].text.ptr - begin) + t->token[to - 1].text.len;
    return ls_bytes_of(begin + a, b - a);
}

typedef struct writer {
    ls_arena *arena;
    const common *c;
    const ls_tokens *tokens;
    size_t *at; /* how far each variant is cut */
    ls_piece *piece;
    size_t count;
} writer;

/* Everything up to these words; nothing if no variant has anything there. */
static bool put_piece(writer *w, bool is_common, const size_t *to)
{
    bool empty = true;
    ls_bytes *slice = ls_arena_array(w->arena, w->c->variants, sizeof *slice);
    for (size_t v = 0; slice != NULL && v < w->c->variants; v++) {
        slice[v] = slice_of(&w->tokens[v], w->at[v], to[v]);
        empty = empty && slice[v].len == 0;
        w->at[v] = to[v];
    }
    if (!empty) {
        w->piece[w->count++] = (ls_piece){is_common, slice};
    }
    return slice != NULL;
}

static bool put_run(writer *w, run r)
{
    size_t *after = ls_arena_array(w->arena, w->c->variants, sizeof *after);
    for (size_t v = 0; after != NULL && v < w->c->variants; v++) {
        after[v] = column(w->c, r.first + r.count - 1)[v] + 1;
    }
    return after != NULL && put_piece(w, false, column(w->c, r.first)) && put_piece(w, true, after);
}

static bool put_pieces(ls_arena *arena, const common *c, const ls_tokens *tokens, size_t runs, const run *r,
                       ls_brackets *out)
{
    writer w = {.arena = arena, .c = c, .tokens = tokens};
    size_t *ends = ls_arena_array(arena, c->variants, sizeof *ends);
    w.at = ls_arena_array(arena, c->variants, sizeof *w.at);
    w.piece = ls_arena_array(arena, 2 * runs + 1, sizeof *w.piece);
    if (ends == NULL || w.at == NULL || w.piece == NULL) {
        return false;
    }
    for (size_t i = 0; i < runs; i++) {
        if (!put_run(&w, r[i])) {
            return false;
        }
    }
    for (size_t v = 0; v < c->variants; v++) {
        ends[v] = tokens[v].count;
    }
    bool put = put_piece(&w, false, ends);
    out->piece = w.piece;
    out->piece_count = w.count;
    return put;
}

static bool differs(const ls_brackets *b)
{
    for (size_t i = 0; i < b->piece_count; i++) {
        if (!b->piece[i].common) {
            return true;
        }
    }
    return false;
}

static unsigned least_weight(const ls_tokens *tokens, size_t variants)
{
    unsigned least = UINT32_MAX;
    for (size_t v = 0; v < variants; v++) {
        unsigned weight = 0;
        for (size_t i = 0; i < tokens[v].count; i++) {
            weight += ls_token_weight(&tokens[v].token[i]);
        }
        least = weight < least ? weight : least;
    }
    return least;
}

static ls_result put_whole(ls_arena *arena, ls_brackets *out)
{
    ls_piece *piece = ls_arena_alloc(arena, sizeof *piece);
    if (piece == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    *piece = (ls_piece){out->variant_count == 1, out->variant};
    out->piece = piece;
    out->piece_count = 1;
    out->whole = out->variant_count > 1;
    return LS_SUCCESS;
}

/* Variants with less than a third of the shortest in common are easier to read one after the other; and those that
 * differ in nothing but lines would look agreed. */
static ls_result cut(ls_arena *arena, const common *c, const ls_tokens *tokens, ls_brackets *out)
{
    unsigned weight;
    run *runs = ls_arena_array(arena, c->count, sizeof *runs);
    if (runs == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    size_t count = find_runs(c, tokens, runs, &weight);
    if (3 * weight < least_weight(tokens, c->variants)) {
        return put_whole(arena, out);
    }
    if (!put_pieces(arena, c, tokens, count, runs, out)) {
        return ls_fail(&ls_fault_memory);
    }
    return differs(out) ? LS_SUCCESS : put_whole(arena, out);
}

/* Cutting them into words takes its time, too. */
static bool may_cut(size_t count, const ls_bytes *variants, uint64_t *budget)
{
    uint64_t used = 0;
    for (size_t v = 0; v < count; v++) {
        used += count * variants[v].len;
    }
    bool may = used <= *budget;
    *budget -= may ? used : *budget;
    return may;
}

ls_result ls_brackets_align(ls_arena *arena, ls_text_kind kind, size_t count, const ls_bytes *variants,
                            uint64_t *budget, ls_brackets *out)
{
    common c;
    ls_brackets b = {.variant_count = count, .variant = variants};
    ls_tokens *tokens = ls_arena_array(arena, count, sizeof *tokens);
    bool compare = count > 1 && may_cut(count, variants, budget), made = tokens != NULL && compare;
    for (size_t v = 0; made && v < count; v++) {
        made = ls_tokens_make(arena, kind, variants[v], &tokens[v]);
    }
    made = made && begin_with(arena, count, &tokens[0], &c);
    if (!made && (compare || tokens == NULL)) {
        return ls_fail(&ls_fault_memory);
    }
    bool aligned = made, memory = false;
    for (size_t v = 1; aligned && v < count; v++) {
        aligned = narrow(arena, &c, tokens, v, budget, &memory);
    }
    if (memory) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(aligned ? cut(arena, &c, tokens, &b) : put_whole(arena, &b));
    *out = b;
    return LS_SUCCESS;
}

ls_result ls_brackets_same(ls_arena *arena, ls_text_kind kind, ls_bytes a, ls_bytes b, bool *out)
{
    ls_tokens x, y;
    if (!ls_tokens_make(arena, kind, a, &x) || !ls_tokens_make(arena, kind, b, &y)) {
        return ls_fail(&ls_fault_memory);
    }
    bool same = x.count == y.count;
    for (size_t i = 0; same && i < x.count; i++) {
        same = ls_token_equal(&x.token[i], &y.token[i]);
    }
    *out = same;
    return LS_SUCCESS;
}
