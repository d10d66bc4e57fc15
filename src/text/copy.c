/* Writing working copies, and the files of an accord. */
#include "text/copy.h"
#include "text/parts.h"
#include "text/view.h"

#define HEAD "<!-- lockstep text "
#define HEAD_END " -->"

bool ls_copy_shows(const ls_text_state *s, const ls_text_cell *c, size_t party, size_t *variant)
{
    if (c->position != NULL && c->reopening[party].stance == LS_STANCE_VARIANT) {
        *variant = c->reopening[party].variant;
        return true;
    }
    return ls_text_preferred(s, c, party, variant);
}

static ls_party_mask holders(const ls_text_state *s, const ls_text_cell *c, size_t variant)
{
    ls_party_mask mask = 0;
    for (size_t i = 0; i < s->opening->party_count; i++) {
        const ls_text_position *p = &c->position[i];
        mask |= p->stance == LS_STANCE_VARIANT && p->variant == variant ? UINT32_C(1) << i : 0;
    }
    return mask;
}

static void put_mark(const ls_text_state *s, const ls_text_paragraph *p, const ls_text_cell *c, size_t party,
                     size_t variant, ls_buf *out)
{
    ls_buf_format(out, "<!-- #%s ", p->name);
    ls_buf_put_hex(out, ls_bytes_of(c->variant[variant].hash.b, 8));
    if (c->status == LS_CELL_AGREED) {
        ls_buf_put_str(out, " agreed");
    } else if ((holders(s, c, variant) >> party & 1) == 0) {
        ls_buf_put_str(out, " proposed by ");
        ls_text_put_parties(s->opening, holders(s, c, variant), 0, out);
    }
    ls_buf_put_str(out, " -->\n");
}

static void put_content(ls_text_kind kind, ls_bytes content, ls_buf *out)
{
    ls_buf_put_str(out, kind == LS_TEXT_ROADMAP ? "```roadmap\n" : "");
    ls_buf_put_bytes(out, content);
    ls_buf_put_str(out, kind == LS_TEXT_ROADMAP ? "\n```\n" : "\n");
}

ls_result ls_copy_put(const ls_text_state *s, const ls_copy_head *head, size_t party, ls_buf *out)
{
    const size_t language = ls_text_language(s->opening, head->language);
    ls_buf_put_str(out, HEAD);
    ls_buf_put_bytes(out, head->text);
    ls_buf_put_str(out, " ");
    ls_buf_put_bytes(out, head->language);
    ls_buf_format(out, " %llu" HEAD_END "\n", (unsigned long long)head->upto);
    for (size_t i = 0; i < s->paragraph_count; i++) {
        const ls_text_paragraph *p = &s->paragraph[s->order[i]];
        const ls_text_cell *c = ls_text_cell_of(p, language);
        size_t variant;
        bool shown = ls_copy_shows(s, c, party, &variant);
        bool deletes = c->position != NULL && c->position[party].stance == LS_STANCE_DELETE;
        if (!shown && (p->gone || deletes)) {
            continue;
        }
        ls_buf_put_str(out, "\n");
        if (shown) {
            put_mark(s, p, c, party, variant, out);
            put_content(p->kind, c->variant[variant].content, out);
        } else {
            ls_buf_format(out, "<!-- #%s -->\n", p->name);
        }
    }
    return ls_buf_check(out);
}

bool ls_copy_head_read(ls_bytes copy, ls_copy_head *out)
{
    ls_reader lines = ls_reader_of(copy);
    ls_bytes line, entry;
    const size_t frame = sizeof HEAD - 1 + sizeof HEAD_END - 1;
    if (!ls_read_until(&lines, '\n', &line) || !ls_bytes_starts(line, HEAD) || line.len < frame ||
        memcmp(line.ptr + line.len - (sizeof HEAD_END - 1), HEAD_END, sizeof HEAD_END - 1) != 0) {
        return false;
    }
    ls_reader words = ls_reader_of(ls_bytes_of(line.ptr + sizeof HEAD - 1, line.len - frame));
    return ls_read_until(&words, ' ', &out->text) && ls_read_until(&words, ' ', &out->language) &&
           ls_read_until(&words, ' ', &entry) && words.ptr == words.end &&
           ls_decimal_parse(entry, UINT64_MAX, &out->upto);
}

/* The accord's files. */

static bool agreed_at(const ls_text_state *s, size_t place, ls_text_kind kind, size_t language, ls_bytes *words)
{
    const ls_text_paragraph *p = &s->paragraph[s->order[place]];
    return p->kind == kind && ls_text_agreed_words(ls_text_cell_of(p, language), words);
}

ls_result ls_text_put_prose(const ls_text_state *s, size_t language, ls_buf *out)
{
    bool first = true;
    ls_bytes words;
    for (size_t i = 0; i < s->paragraph_count; i++) {
        if (agreed_at(s, i, LS_TEXT_PROSE, language, &words)) {
            ls_buf_put_str(out, first ? "" : "\n");
            ls_buf_put_bytes(out, words);
            ls_buf_put_str(out, "\n");
            first = false;
        }
    }
    return ls_buf_check(out);
}

ls_result ls_text_put_roadmap(const ls_text_state *s, ls_buf *out)
{
    ls_bytes words;
    for (size_t i = 0; i < s->paragraph_count; i++) {
        if (agreed_at(s, i, LS_TEXT_ROADMAP, 0, &words)) {
            ls_buf_put_bytes(out, words);
            ls_buf_put_str(out, "\n");
        }
    }
    return ls_buf_check(out);
}
