/* A comparison for a terminal: a table of all topics, then each with its claims. */
#include "readout/show_parts.h"

#define GAP 2
#define INDENT 4

static size_t columns_of(ls_bytes text)
{
    size_t columns = 0;
    for (size_t i = 0; i < text.len;) {
        columns += ls_reading_columns(ls_utf8_next(text, &i));
    }
    return columns;
}

static void put_spaces(ls_buf *out, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        ls_buf_put_str(out, " ");
    }
}

void ls_put_wrapped(ls_buf *out, size_t indent, ls_bytes text)
{
    ls_reader lines = ls_reader_of(text);
    size_t used = indent;
    for (ls_bytes word; ls_read_until(&lines, ' ', &word);) {
        size_t columns = columns_of(word);
        if (used > indent && used + 1 + columns > LS_SHOW_WIDTH) {
            ls_buf_put_str(out, "\n");
            put_spaces(out, indent);
            used = indent;
        }
        ls_buf_put_str(out, used > indent ? " " : "");
        used += (used > indent) + columns;
        ls_buf_put_bytes(out, word);
    }
    ls_buf_put_str(out, "\n");
}

/* The table: cells are written into one buffer first, so that columns can be measured. */
typedef struct table {
    ls_arena *arena;
    size_t columns, rows;
    ls_bytes *cell; /* row by row */
    bool lost;
} table;

/* Takes what was written, and empties the buffer. */
static void put_cell(table *t, size_t row, size_t column, ls_buf *text)
{
    const char *kept = text->failed ? NULL : ls_arena_str(t->arena, ls_buf_bytes(text));
    t->lost |= kept == NULL;
    t->cell[row * t->columns + column] = kept == NULL ? (ls_bytes){0} : ls_bytes_of(kept, text->len);
    text->len = 0;
}

/* The forces of one side, each once. */
static void put_forces(const ls_topic *t, size_t side, ls_buf *out)
{
    bool put[2][LS_FORCES] = {0};
    size_t count = 0;
    for (size_t i = 0; i < t->claim_count; i++) {
        const ls_claim *c = t->claim[i].claim;
        if (t->claim[i].at.side == side && !put[c->denies][c->force]) {
            put[c->denies][c->force] = true;
            ls_buf_put_str(out, count++ > 0 ? ", " : "");
            ls_put_force(c, out);
        }
    }
    ls_buf_put_str(out, count == 0 ? "-" : "");
}

static void put_verdicts(const ls_topic *t, ls_buf *out)
{
    bool put[LS_VERDICTS] = {0};
    size_t count = 0;
    for (size_t i = 0; i < t->claim_count; i++) {
        put[t->claim[i].verdict] |= ls_topic_shows(t, &t->about[t->claim[i].about]);
    }
    for (ls_proof_verdict v = LS_VERDICT_NOTHING; v < LS_VERDICTS; v++) {
        if (put[v]) {
            ls_buf_put_str(out, count++ > 0 ? ", " : "");
            ls_buf_put_str(out, ls_proof_verdict_name(v));
        }
    }
}

static void fill_head(const ls_comparison *c, table *t, ls_buf *text)
{
    put_cell(t, 0, 0, text);
    ls_buf_put_str(text, "topic");
    put_cell(t, 0, 1, text);
    for (size_t s = 0; s < c->side_count; s++) {
        ls_buf_put_bytes(text, c->side[s].name);
        put_cell(t, 0, 2 + s, text);
    }
    ls_buf_put_str(text, "together");
    put_cell(t, 0, 2 + c->side_count, text);
    ls_buf_put_str(text, c->proved ? "the record" : "");
    put_cell(t, 0, 3 + c->side_count, text);
}

static void fill_row(const ls_comparison *c, size_t row, table *t, ls_buf *text)
{
    const ls_topic *topic = &c->topic[row - 1];
    ls_buf_format(text, "%zu", row);
    put_cell(t, row, 0, text);
    ls_buf_put_str(text, topic->title);
    put_cell(t, row, 1, text);
    for (size_t s = 0; s < c->side_count; s++) {
        put_forces(topic, s, text);
        put_cell(t, row, 2 + s, text);
    }
    ls_buf_put_str(text, ls_topic_verdict(c, topic));
    put_cell(t, row, 2 + c->side_count, text);
    put_verdicts(topic, text);
    put_cell(t, row, 3 + c->side_count, text);
}

static size_t width_of(const table *t, size_t column)
{
    size_t width = 0;
    for (size_t row = 0; row < t->rows; row++) {
        size_t own = columns_of(t->cell[row * t->columns + column]);
        width = own > width ? own : width;
    }
    return width;
}

static void put_table(const table *t, const size_t *width, ls_buf *out)
{
    for (size_t row = 0; row < t->rows; row++) {
        size_t due = 0; /* spaces, put only before something */
        for (size_t column = 0; column < t->columns; column++) {
            ls_bytes cell = t->cell[row * t->columns + column];
            if (cell.len > 0) {
                put_spaces(out, due);
                ls_buf_put_bytes(out, cell);
                due = 0;
            }
            due += width[column] - columns_of(cell) + GAP;
        }
        ls_buf_put_str(out, "\n");
    }
}

static ls_result make_table(const ls_comparison *c, ls_arena *arena, ls_buf *out)
{
    table t = {.arena = arena, .columns = c->side_count + 4, .rows = c->topic_count + 1};
    ls_buf text = {0};
    t.cell = ls_arena_array(arena, t.columns * t.rows, sizeof *t.cell);
    size_t *width = ls_arena_array(arena, t.columns, sizeof *width);
    if (t.cell == NULL || width == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    fill_head(c, &t, &text);
    for (size_t row = 1; row < t.rows; row++) {
        fill_row(c, row, &t, &text);
    }
    ls_buf_free(&text);
    if (t.lost) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t column = 0; column < t.columns; column++) {
        width[column] = width_of(&t, column);
    }
    put_table(&t, width, out);
    return LS_SUCCESS;
}

/* A topic. */

typedef struct lines {
    ls_buf *out;
    ls_buf text; /* of the line that is being written */
    size_t indent;
} lines;

/* The line written, behind what names it. */
static void end_line(lines *l, ls_bytes name)
{
    put_spaces(l->out, INDENT);
    ls_buf_put_bytes(l->out, name);
    put_spaces(l->out, l->indent - INDENT - columns_of(name));
    ls_put_wrapped(l->out, l->indent, ls_buf_bytes(&l->text));
    l->out->failed |= l->text.failed;
    l->text.len = 0;
}

static void put_text_line(const ls_claim *c, ls_buf *out)
{
    ls_put_force(c, out);
    ls_buf_put_str(out, ": ");
    for (size_t i = 0; i < c->text.len; i++) {
        ls_buf_put_u8(out, c->text.ptr[i] == '\n' ? ' ' : c->text.ptr[i]);
    }
    if (c->value.len > 0) {
        ls_buf_put_str(out, " [");
        ls_buf_put_bytes(out, c->value);
        ls_buf_put_str(out, "]");
    }
}

static void put_claim(const ls_comparison *c, const ls_topic_claim *k, ls_bytes name, lines *l)
{
    put_text_line(k->claim, &l->text);
    end_line(l, name);
    if (!ls_side_speaks(&c->side[k->at.side], k->claim)) {
        ls_put_voices(k->claim, &l->text);
        end_line(l, (ls_bytes){0});
    }
    if (k->words != NULL && k->claim->about.kind != LS_ABOUT_TOPIC) {
        ls_buf_put_str(&l->text, k->words);
        end_line(l, (ls_bytes){0});
    }
}

static void put_sides(const ls_comparison *c, const ls_topic *t, lines *l)
{
    size_t i = 0;
    for (size_t s = 0; s < c->side_count; s++) {
        ls_bytes name = c->side[s].name;
        if (!t->says[s]) {
            ls_buf_put_str(&l->text, "-");
            end_line(l, name);
        }
        for (; i < t->claim_count && t->claim[i].at.side == s; i++) {
            put_claim(c, &t->claim[i], name, l);
            name = (ls_bytes){0};
        }
    }
}

static void put_record(const ls_topic_about *a, lines *l)
{
    ls_buf_format(&l->text, "%s: ", a->words);
    ls_put_state(a, &l->text);
    for (size_t i = 0; i < a->proof.value_count; i++) {
        ls_buf_put_str(&l->text, "; ");
        ls_buf_put_bytes(&l->text, a->proof.value[i].aspect);
        ls_buf_put_str(&l->text, " ");
        ls_buf_put_bytes(&l->text, a->proof.value[i].value);
    }
    for (size_t i = 0; i < a->proof.deed_count; i++) {
        ls_buf_put_str(&l->text, "; ");
        ls_put_deed(&a->proof.deed[i], &l->text);
    }
    end_line(l, ls_bytes_str("record"));
}

static void put_topic(const ls_comparison *c, size_t n, lines *l)
{
    const ls_topic *t = &c->topic[n];
    ls_buf_format(l->out, "\n%-3zu %s: ", n + 1, t->title);
    ls_put_together(c, t, l->out);
    ls_buf_put_str(l->out, "\n");
    put_sides(c, t, l);
    for (size_t i = 0; i < t->contradiction_count; i++) {
        ls_put_contradiction(c, t, &t->contradiction[i], &l->text);
        end_line(l, ls_bytes_str("!"));
    }
    for (size_t i = 0; i < t->unsaid_count; i++) {
        ls_put_unsaid(c, t, &t->unsaid[i], &l->text);
        end_line(l, ls_bytes_str("!"));
    }
    for (size_t i = 0; c->proved && i < t->about_count; i++) {
        if (ls_topic_shows(t, &t->about[i])) {
            put_record(&t->about[i], l);
        }
    }
}

static size_t indent_of(const ls_comparison *c)
{
    size_t widest = strlen("record");
    for (size_t s = 0; s < c->side_count; s++) {
        widest = c->side[s].name.len > widest ? c->side[s].name.len : widest;
    }
    return INDENT + widest + GAP;
}

ls_result ls_comparison_text(const ls_comparison *c, ls_buf *out)
{
    ls_arena arena = {0};
    ls_buf page = {0};
    lines l = {.out = &page, .indent = indent_of(c)};
    ls_result r = make_table(c, &arena, &page);
    for (size_t i = 0; ls_succeeded(r) && i < c->topic_count; i++) {
        put_topic(c, i, &l);
    }
    ls_buf_free(&l.text);
    ls_arena_free(&arena);
    return ls_page_finish(r, &page, out);
}
