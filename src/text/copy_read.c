/* Reading working copies: paragraphs under their marks, and what of them is to be proposed. */
#include "process/field.h"
#include "text/brackets.h"
#include "text/copy.h"
#include "text/parts.h"

typedef struct copied {
    bool marked, has_base;
    size_t paragraph; /* of the state, if it is marked */
    uint8_t base[8];  /* the beginning of the hash of what was written there */
    ls_text_kind kind;
    ls_bytes content; /* empty: none */
    unsigned line;
} copied;

typedef struct copy_reader {
    ls_arena *arena;
    const ls_text_state *s;
    const ls_copy_options *options;
    ls_diagnostics *d;
    bool headed;
    ls_text_state base; /* the text as the copy knew it; without a head it knew nothing */
    copied *item;
    size_t count;
    copied mark; /* that stands above what comes next */
    bool has_mark;
    ls_bytes prose; /* a paragraph that goes on; empty: none */
    unsigned prose_line;
    size_t *seen; /* of each paragraph: the line of its mark, or 0 */
    ls_copy_edit out;
    bool failed; /* no memory */
} copy_reader;

/* The head. */

static void check_head(copy_reader *r, const ls_copy_head *head)
{
    const ls_mark at = {1, 1};
    ls_bytes language = r->s->opening->language[r->options->language];
    if (!ls_bytes_equal(head->text, r->options->text)) {
        ls_diagnose(r->d, at, "name the text that it is of", "this is a copy of the text %.*s", (int)head->text.len,
                    (const char *)head->text.ptr);
    } else if (!ls_bytes_equal(head->language, language)) {
        ls_diagnose(r->d, at, "a copy says its language itself", "this is a copy in %.*s, not in %.*s",
                    (int)head->language.len, (const char *)head->language.ptr, (int)language.len,
                    (const char *)language.ptr);
    }
}

/* What the copy knew: the acts up to its entry. */
static ls_result read_head(copy_reader *r, ls_bytes text)
{
    ls_copy_head head;
    size_t known = 0;
    r->headed = ls_copy_head_read(text, &head);
    if (r->headed) {
        check_head(r, &head);
        while (known < r->s->act_count && r->s->act[known].entry <= head.upto) {
            known++;
        }
    } else if (r->options->delete_missing) {
        ls_diagnose(r->d, (ls_mark){1, 1}, "begin with a copy that lockstep text edit writes, and leave its first line",
                    "without the first line of a copy nobody knows what was in it, and what is missing now");
    }
    return ls_text_eval(r->arena, r->s->opening, known, r->s->act, &r->base);
}

/* Lines. */

static void add_item(copy_reader *r, ls_text_kind kind, ls_bytes content, unsigned line)
{
    copied c = r->has_mark ? r->mark : (copied){.line = line};
    c.kind = kind;
    c.content = content;
    r->has_mark = false;
    r->item[r->count++] = c;
}

static void end_prose(copy_reader *r)
{
    if (r->prose.len > 0) {
        add_item(r, LS_TEXT_PROSE, r->prose, r->prose_line);
        r->prose = (ls_bytes){0};
    }
}

/* A mark with nothing under it. */
static void end_mark(copy_reader *r)
{
    if (r->has_mark) {
        add_item(r, r->s->paragraph[r->mark.paragraph].kind, (ls_bytes){0}, r->mark.line);
    }
}

static ls_bytes take_word(ls_reader *r)
{
    ls_bytes word = {0};
    ls_read_until(r, ' ', &word);
    return word;
}

/* "<!-- #usa-5-1 0123456789abcdef agreed -->": what stands behind the digits is for people. */
static bool parse_mark(copy_reader *r, ls_bytes line, copied *out)
{
    if (line.len < 11 || memcmp(line.ptr + line.len - 4, " -->", 4) != 0) {
        return false;
    }
    ls_reader words = ls_reader_of(ls_bytes_of(line.ptr + 6, line.len - 10));
    ls_bytes name = take_word(&words), base = take_word(&words);
    out->marked = true;
    out->paragraph = ls_text_find(r->s, name);
    out->has_base = base.len == 16 && ls_hex_decode(base, out->base, sizeof out->base);
    ls_text_id id;
    return ls_text_id_parse(name, &id);
}

static void read_mark(copy_reader *r, ls_bytes line, unsigned number)
{
    copied c = {.line = number};
    ls_mark at = {number, 1};
    end_prose(r);
    end_mark(r);
    if (!parse_mark(r, line, &c)) {
        ls_diagnose(r->d, at, "<!-- #PARTY-SEQ-N … -->, as it was written", "this mark of a paragraph can't be read");
    } else if (c.paragraph == LS_TEXT_NOWHERE) {
        ls_diagnose(r->d, at, "leave the mark out for a new paragraph", "the text has no such paragraph");
    } else if (r->seen[c.paragraph] != 0) {
        ls_diagnose(r->d, at, "leave the mark out for a new paragraph", "paragraph %s stands in line %zu already",
                    r->s->paragraph[c.paragraph].name, r->seen[c.paragraph]);
    } else {
        r->seen[c.paragraph] = number;
        r->mark = c;
        r->has_mark = true;
    }
}

/* From the line after "```roadmap" up to one with "```" and nothing else. */
static bool read_block(copy_reader *r, ls_reader *lines, unsigned *number)
{
    unsigned begin = *number;
    const uint8_t *from = lines->ptr;
    ls_bytes line;
    end_prose(r);
    while (ls_read_until(lines, '\n', &line)) {
        ++*number;
        if (ls_bytes_is(line, "```")) {
            size_t len = (size_t)(line.ptr - from);
            add_item(r, LS_TEXT_ROADMAP, ls_bytes_of(from, len == 0 ? 0 : len - 1), begin);
            return true;
        }
    }
    ls_diagnose(r->d, (ls_mark){begin, 1}, "end it with a line ```", "this piece of the roadmap has no end");
    return false;
}

static bool is_blank(ls_bytes line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] != ' ') {
            return false;
        }
    }
    return true;
}

static void read_lines(copy_reader *r, ls_bytes text)
{
    unsigned number = 0;
    ls_reader lines = ls_reader_of(text);
    for (ls_bytes line; ls_read_until(&lines, '\n', &line);) {
        number++;
        if (r->headed && number == 1) {
            continue;
        }
        if (ls_bytes_starts(line, "<!-- #")) {
            read_mark(r, line, number);
        } else if (ls_bytes_is(line, "```roadmap")) {
            if (!read_block(r, &lines, &number)) {
                return;
            }
        } else if (is_blank(line)) {
            end_prose(r);
            end_mark(r);
        } else if (r->prose.len > 0) {
            r->prose.len = (size_t)(line.ptr + line.len - r->prose.ptr);
        } else {
            r->prose = line;
            r->prose_line = number;
        }
    }
    end_prose(r);
    end_mark(r);
}

/* What is wrong with what was read. */

static void check_item(copy_reader *r, const copied *c)
{
    ls_mark at = {c->line, 1};
    const char *wrong = c->marked && c->content.len == 0 ? NULL : ls_text_content_wrong(c->kind, c->content);
    if (wrong != NULL) {
        bool tab = c->content.len > 0 && memchr(c->content.ptr, '\t', c->content.len) != NULL;
        bool cr = c->content.len > 0 && memchr(c->content.ptr, '\r', c->content.len) != NULL;
        ls_diagnose(r->d, at,
                    tab  ? "use spaces instead of tabs"
                    : cr ? "save the file with LF at the ends of lines"
                         : NULL,
                    "%s", wrong);
    }
    if (c->marked && c->kind != r->s->paragraph[c->paragraph].kind) {
        ls_diagnose(r->d, at, NULL, "a paragraph stays prose, and a piece of the roadmap a piece of the roadmap");
    }
}

/* Paragraphs keep their order. */
static void check_order(copy_reader *r)
{
    size_t *place = ls_arena_array(r->arena, r->s->paragraph_count, sizeof *place), last = 0;
    const char *before = NULL;
    r->failed = r->failed || place == NULL;
    for (size_t i = 0; !r->failed && i < r->s->paragraph_count; i++) {
        place[r->s->order[i]] = i;
    }
    for (size_t i = 0; !r->failed && i < r->count; i++) {
        const copied *c = &r->item[i];
        if (c->marked && before != NULL && place[c->paragraph] < last) {
            ls_diagnose(r->d, (ls_mark){c->line, 1}, "delete it here, and write it anew there, without its mark",
                        "paragraph %s stood before %s", r->s->paragraph[c->paragraph].name, before);
            return;
        }
        if (c->marked) {
            last = place[c->paragraph];
            before = r->s->paragraph[c->paragraph].name;
        }
    }
}

/* Operations. */

static ls_text_op *add_op(copy_reader *r, ls_text_op_kind kind, ls_text_id paragraph, ls_text_kind of)
{
    ls_text_op *op = &r->out.edit.op[r->out.edit.count++];
    *op = (ls_text_op){.kind = kind, .paragraph = paragraph};
    if (kind != LS_OP_INSERT && of == LS_TEXT_PROSE) {
        op->language = r->s->opening->language[r->options->language];
    }
    op->ad_referendum = r->options->ad_referendum && (kind == LS_OP_PROPOSE || kind == LS_OP_DELETE);
    return op;
}

static bool says_same(copy_reader *r, ls_text_kind kind, ls_bytes a, ls_bytes b)
{
    bool same = false;
    r->failed = r->failed || ls_failed(ls_brackets_same(r->arena, kind, a, b, &same));
    return same;
}

/* The words to propose: those of a variant that says the same, if there is one. False: nothing was changed. */
static bool is_change(copy_reader *r, const copied *c, const ls_text_cell *cell, ls_bytes *words)
{
    size_t party = r->options->party;
    *words = c->content;
    for (size_t i = 0; i < cell->variant_count; i++) {
        const ls_text_variant *v = &cell->variant[i];
        bool base = c->has_base && memcmp(v->hash.b, c->base, sizeof c->base) == 0;
        bool mine = ls_bytes_equal(ls_text_words(cell, &cell->position[party]), v->content) ||
                    ls_bytes_equal(ls_text_words(cell, &cell->reopening[party]), v->content);
        if (says_same(r, c->kind, c->content, v->content)) {
            *words = v->content;
            if (base || mine) {
                return false;
            }
        }
    }
    return true;
}

/* One that this party has brought in since the copy was written: of the same words, and not in the copy yet. */
static void recognise_own(copy_reader *r, copied *c)
{
    for (size_t i = r->base.paragraph_count; !c->marked && i < r->s->paragraph_count; i++) {
        const ls_text_paragraph *p = &r->s->paragraph[i];
        const ls_text_cell *cell = ls_text_cell_of(p, r->options->language);
        if (r->seen[i] == 0 && p->party == r->options->party && p->kind == c->kind && cell->variant_count > 0 &&
            ls_bytes_equal(cell->variant[0].content, c->content)) {
            r->seen[i] = c->line;
            c->marked = c->has_base = true;
            c->paragraph = i;
            memcpy(c->base, cell->variant[0].hash.b, sizeof c->base);
        }
    }
}

static void change_paragraph(copy_reader *r, const copied *c)
{
    const ls_text_paragraph *p = &r->s->paragraph[c->paragraph];
    const ls_text_cell *cell = ls_text_cell_of(p, r->options->language);
    ls_bytes words;
    if (c->content.len > 0 && is_change(r, c, cell, &words)) {
        add_op(r, LS_OP_PROPOSE, p->id, p->kind)->text = words;
        r->out.proposed++;
        r->out.reopening += cell->locked;
    }
}

/* After the paragraph that it follows here, whether that is new itself or not. */
static void insert_paragraph(copy_reader *r, const copied *c, const copied *before)
{
    const ls_text_id follows = {.number = (uint32_t)r->out.inserted}, own = {.number = (uint32_t)r->out.inserted + 1};
    ls_text_op *op = add_op(r, LS_OP_INSERT, follows, c->kind);
    if (before == NULL || before->marked) {
        ls_text_place(r->s, before == NULL ? LS_TEXT_NOWHERE : before->paragraph, op);
    }
    op->insert = c->kind;
    add_op(r, LS_OP_PROPOSE, own, c->kind)->text = c->content;
    r->out.inserted++;
}

/* One that the copy showed, and shows no more. */
static void miss_paragraph(copy_reader *r, size_t paragraph)
{
    const ls_text_paragraph *p = &r->s->paragraph[paragraph];
    const ls_text_cell *cell = ls_text_cell_of(p, r->options->language);
    size_t variant;
    if (!ls_copy_shows(&r->base, ls_text_cell_of(&r->base.paragraph[paragraph], r->options->language),
                       r->options->party, &variant)) {
        return;
    }
    if (p->gone || !ls_text_preferred(r->s, cell, r->options->party, &variant)) {
        return;
    }
    if (!r->options->delete_missing) {
        r->out.missing++;
        return;
    }
    add_op(r, LS_OP_DELETE, p->id, p->kind);
    r->out.deleted++;
    r->out.reopening += cell->locked;
}

static void make_operations(copy_reader *r)
{
    size_t room = 2 * r->count + r->s->paragraph_count;
    r->out.edit.op = ls_arena_array(r->arena, room, sizeof *r->out.edit.op);
    r->failed = r->failed || r->out.edit.op == NULL;
    for (size_t i = 0; !r->failed && i < r->count; i++) {
        recognise_own(r, &r->item[i]);
        if (r->item[i].marked) {
            change_paragraph(r, &r->item[i]);
        } else {
            insert_paragraph(r, &r->item[i], i == 0 ? NULL : &r->item[i - 1]);
        }
    }
    for (size_t i = 0; !r->failed && i < r->base.paragraph_count; i++) {
        if (r->seen[i] == 0) {
            miss_paragraph(r, i);
        }
    }
    size_t own = 0;
    for (size_t i = 0; i < r->s->paragraph_count; i++) {
        own += r->s->paragraph[i].party == r->options->party;
    }
    if (own + r->out.inserted > LS_TEXT_PARAGRAPHS_MAX) {
        ls_diagnose(r->d, (ls_mark){1, 1}, NULL, "one party inserts %d paragraphs into a text and no more",
                    LS_TEXT_PARAGRAPHS_MAX);
    }
    if (r->out.inserted > LS_TEXT_NUMBER_MAX || r->out.edit.count > LS_TEXT_OPERATIONS_MAX) {
        ls_diagnose(r->d, (ls_mark){1, 1}, "bring it in several steps", "more changes than one act can hold");
    }
}

static size_t count_lines(ls_bytes text)
{
    size_t count = 1;
    for (size_t i = 0; i < text.len; i++) {
        count += text.ptr[i] == '\n';
    }
    return count;
}

ls_result ls_copy_read(ls_arena *arena, const ls_text_state *s, const ls_copy_options *options, ls_bytes text,
                       ls_diagnostics *d, ls_copy_edit *out)
{
    copy_reader r = {.arena = arena, .s = s, .options = options, .d = d};
    size_t before = d->errors;
    if (text.len > LS_COPY_MAX) {
        ls_diagnose(d, (ls_mark){1, 1}, NULL, "the copy is longer than %u bytes", LS_COPY_MAX);
        return ls_fail(&ls_fault_text_form);
    }
    r.item = ls_arena_array(arena, count_lines(text), sizeof *r.item);
    r.seen = ls_arena_array(arena, s->paragraph_count, sizeof *r.seen);
    if (r.item == NULL || r.seen == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(read_head(&r, text));
    read_lines(&r, text);
    for (size_t i = 0; i < r.count; i++) {
        check_item(&r, &r.item[i]);
    }
    check_order(&r);
    if (d->errors == before) {
        make_operations(&r);
    }
    if (r.failed) {
        return ls_fail(&ls_fault_memory);
    }
    if (d->errors > before) {
        return ls_fail(&ls_fault_text_form);
    }
    *out = r.out;
    return LS_SUCCESS;
}
