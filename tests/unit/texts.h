/* Texts in tests: acts made in memory, and a state written down so that two can be compared. */
#ifndef TESTS_TEXTS_H
#define TESTS_TEXTS_H

#include "crypto/sha256.h"
#include "text/text.h"
#include "vectors.h"

#define TEXTS_UNUSED __attribute__((unused))
#define TEXTS_ACTS_MAX 512

typedef struct texts {
    ls_arena arena;
    ls_text_opening opening;
    ls_bytes party[LS_TEXT_PARTIES_MAX], language[LS_TEXT_LANGUAGES_MAX];
    uint64_t seq[LS_TEXT_PARTIES_MAX];
    size_t count;
    ls_text_act act[TEXTS_ACTS_MAX];
    ls_text_state state;
} texts;

TEXTS_UNUSED static ls_bytes str(const char *s)
{
    return ls_bytes_str(s);
}

/* Parties and languages as words with a space between them. */
TEXTS_UNUSED static size_t split_words(ls_arena *arena, const char *words, ls_bytes *out)
{
    size_t count = 0;
    ls_bytes kept = ls_bytes_of(ls_arena_str(arena, str(words)), strlen(words));
    ls_reader r = ls_reader_of(kept);
    while (ls_read_until(&r, ' ', &out[count])) {
        count++;
    }
    return count;
}

TEXTS_UNUSED static void texts_open(texts *t, const char *parties, const char *languages, bool whole)
{
    *t = (texts){0};
    t->opening = (ls_text_opening){split_words(&t->arena, parties, t->party),
                                   split_words(&t->arena, languages, t->language), t->party, t->language, whole};
}

TEXTS_UNUSED static void texts_free(texts *t)
{
    ls_arena_free(&t->arena);
}

TEXTS_UNUSED static const ls_text_state *texts_eval(texts *t)
{
    assert_success(ls_text_eval(&t->arena, &t->opening, t->count, t->act, &t->state));
    return &t->state;
}

/* An act of a party, whose number follows from those before. */
TEXTS_UNUSED static ls_text_act *texts_act(texts *t, ls_text_act_kind kind, size_t party)
{
    ls_text_act *a = &t->act[t->count];
    *a = (ls_text_act){.kind = kind, .party = t->party[party], .seq = ++t->seq[party], .entry = 100 + t->count};
    a->id.b[0] = (uint8_t)(t->count + 1);
    a->id.b[1] = (uint8_t)((t->count + 1) >> 8);
    t->count++;
    return a;
}

/* Its file, through its form. */
TEXTS_UNUSED static ls_text_act *texts_edit(texts *t, size_t party, size_t count, const ls_text_op *ops)
{
    ls_text_edit edit = {count, (ls_text_op *)(uintptr_t)ops}, *read = ls_arena_alloc(&t->arena, sizeof *read);
    ls_buf file = {0};
    ls_detail detail = {0};
    assert_success(ls_text_edit_format(&edit, &file));
    const char *kept = ls_arena_str(&t->arena, ls_buf_bytes(&file));
    if (ls_failed(ls_text_edit_parse(&t->arena, ls_bytes_of(kept, file.len), read, &detail))) {
        fail_msg("%s in %s", detail.text, kept);
    }
    ls_buf_free(&file);
    ls_text_act *a = texts_act(t, LS_TEXT_EDIT, party);
    a->edit = read;
    return a;
}

TEXTS_UNUSED static ls_text_id id_of(const char *name)
{
    ls_text_id id = {0};
    if (name[0] == '+') {
        id.number = (uint32_t)atoi(name + 1);
    } else {
        assert_true(ls_text_id_parse(str(name), &id));
    }
    return id;
}

TEXTS_UNUSED static ls_text_op op_insert(ls_text_kind kind, const char *after)
{
    ls_text_op op = {.kind = LS_OP_INSERT, .insert = kind};
    op.at_start = strcmp(after, "start") == 0;
    op.paragraph = op.at_start ? op.paragraph : id_of(after);
    return op;
}

TEXTS_UNUSED static ls_text_op op_of(ls_text_op_kind kind, const char *paragraph, const char *language,
                                     const char *text)
{
    return (ls_text_op){.kind = kind, .paragraph = id_of(paragraph), .language = str(language), .text = str(text)};
}

TEXTS_UNUSED static void texts_op(texts *t, size_t party, ls_text_op op)
{
    texts_edit(t, party, 1, &op);
}

TEXTS_UNUSED static void texts_propose(texts *t, size_t party, const char *paragraph, const char *language,
                                       const char *text)
{
    texts_op(t, party, op_of(LS_OP_PROPOSE, paragraph, language, text));
}

/* A new paragraph of prose with words in one language. */
TEXTS_UNUSED static void texts_insert(texts *t, size_t party, const char *after, const char *language, const char *text)
{
    const ls_text_op ops[] = {op_insert(language[0] == '\0' ? LS_TEXT_ROADMAP : LS_TEXT_PROSE, after),
                              op_of(LS_OP_PROPOSE, "+1", language, text)};
    texts_edit(t, party, 2, ops);
}

/* Text NULL: the deletion. */
TEXTS_UNUSED static ls_text_act *texts_agree(texts *t, size_t party, const char *paragraph, const char *language,
                                             const char *text)
{
    ls_text_acceptance item = {id_of(paragraph), str(language), text == NULL, {{0}}};
    ls_text_agree agree = {1, &item}, *read = ls_arena_alloc(&t->arena, sizeof *read);
    ls_buf file = {0};
    ls_detail detail = {0};
    if (text != NULL) {
        ls_sha256_hash(str(text), &item.content);
    }
    assert_success(ls_text_agree_format(&agree, &file));
    const char *kept = ls_arena_str(&t->arena, ls_buf_bytes(&file));
    assert_success(ls_text_agree_parse(&t->arena, ls_bytes_of(kept, file.len), read, &detail));
    ls_buf_free(&file);
    ls_text_act *a = texts_act(t, LS_TEXT_AGREE, party);
    a->agree = read;
    return a;
}

TEXTS_UNUSED static const ls_text_paragraph *paragraph_of(const ls_text_state *s, const char *name)
{
    size_t i = ls_text_find(s, str(name));
    assert_true(i != LS_TEXT_NOWHERE);
    return &s->paragraph[i];
}

TEXTS_UNUSED static const ls_text_cell *cell_of(texts *t, const char *name, const char *language)
{
    const ls_text_state *s = texts_eval(t);
    return ls_text_cell_of(paragraph_of(s, name), ls_text_language(&t->opening, str(language)));
}

/* The names in the order of the text, with a space between them. */
TEXTS_UNUSED static const char *order_of(texts *t)
{
    static char names[8192];
    const ls_text_state *s = texts_eval(t);
    names[0] = '\0';
    for (size_t i = 0; i < s->paragraph_count; i++) {
        strcat(strcat(names, i == 0 ? "" : " "), s->paragraph[s->order[i]].name);
    }
    return names;
}

/* Writing a state down. */

TEXTS_UNUSED static void put_position(const ls_text_cell *c, const ls_text_position *p, ls_buf *out)
{
    static const char *const stances[] = {"-", "variant", "delete"};
    ls_bytes words = ls_text_words(c, p);
    ls_buf_format(out, " (%s%s '%.*s' note '%.*s')", stances[p->stance], p->ad_referendum ? " ad referendum" : "",
                  (int)words.len, (const char *)words.ptr, (int)p->note.len, (const char *)p->note.ptr);
}

static int compare_hashes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(ls_hash));
}

/* All words that ever were, in no order of their coming. */
TEXTS_UNUSED static void put_variants(const ls_text_cell *c, ls_buf *out)
{
    ls_hash *hashes = calloc(c->variant_count + 1, sizeof *hashes);
    for (size_t i = 0; i < c->variant_count; i++) {
        hashes[i] = c->variant[i].hash;
    }
    qsort(hashes, c->variant_count, sizeof *hashes, compare_hashes);
    ls_buf_put_str(out, " variants:");
    for (size_t i = 0; i < c->variant_count; i++) {
        ls_buf_put_str(out, " ");
        ls_buf_put_hex(out, ls_bytes_of(hashes[i].b, 4));
    }
    free(hashes);
}

TEXTS_UNUSED static void put_cell(const ls_text_cell *c, size_t parties, ls_buf *out)
{
    static const char *const statuses[] = {"vacant", "open", "agreed"};
    ls_buf_format(out, "  %s%s", statuses[c->status], c->locked ? " locked" : "");
    for (size_t i = 0; c->position != NULL && i < parties; i++) {
        put_position(c, &c->position[i], out);
        put_position(c, &c->reopening[i], out);
    }
    put_variants(c, out);
    ls_buf_put_str(out, "\n");
}

TEXTS_UNUSED static void put_state(const ls_text_state *s, ls_buf *out)
{
    ls_buf_format(out, "%s, %zu unsettled, %zu present, %zu objected\n", s->clean ? "clean" : "not clean", s->unsettled,
                  s->present, s->objected);
    for (size_t i = 0; i < s->paragraph_count; i++) {
        const ls_text_paragraph *p = &s->paragraph[s->order[i]];
        ls_buf_format(out, "%s %s%s%s\n", p->name, p->kind == LS_TEXT_PROSE ? "prose" : "roadmap",
                      p->settled ? " settled" : "", p->gone ? " gone" : "");
        for (size_t k = 0; k < p->cell_count; k++) {
            put_cell(&p->cell[k], s->opening->party_count, out);
        }
    }
}

#endif
