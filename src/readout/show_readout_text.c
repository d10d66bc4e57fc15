/* A readout for a terminal. */
#include "readout/show_parts.h"
#include <inttypes.h>

#define INDENT 2

/* Lines run on: a paragraph, or what somebody said. */
static void put_run_on(ls_buf *out, size_t indent, ls_bytes text)
{
    ls_buf line = {0};
    for (size_t i = 0; i < text.len; i++) {
        ls_buf_put_u8(&line, text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
    }
    for (size_t i = 0; i < indent; i++) {
        ls_buf_put_str(out, " ");
    }
    ls_put_wrapped(out, indent, ls_buf_bytes(&line));
    out->failed |= line.failed;
    ls_buf_free(&line);
}

/* Paragraphs are what empty lines divide. */
static void put_body(ls_bytes body, ls_buf *out)
{
    for (size_t i = 0, begin = 0; i <= body.len; i++) {
        bool ends = i == body.len || (body.ptr[i] == '\n' && (i + 1 == body.len || body.ptr[i + 1] == '\n'));
        if (!ends) {
            continue;
        }
        if (i > begin) {
            ls_buf_put_str(out, "\n");
            put_run_on(out, 0, ls_bytes_of(body.ptr + begin, i - begin));
        }
        while (i < body.len && body.ptr[i] == '\n') {
            i++;
        }
        begin = i;
    }
}

static const ls_readout_file *find_file(const ls_readout_page *page, ls_bytes name)
{
    for (size_t i = 0; i < page->file_count; i++) {
        if (ls_bytes_equal(page->file[i].name, name)) {
            return &page->file[i];
        }
    }
    return NULL;
}

static void put_media(const ls_readout *r, const ls_readout_page *page, ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_buf_put_str(out, r->medium_count > 0 ? "\nMedia\n" : "");
    for (size_t i = 0; i < r->medium_count; i++) {
        const ls_readout_file *f = find_file(page, r->medium[i].file);
        ls_buf_put_str(out, "  ");
        ls_buf_put_bytes(out, r->medium[i].file);
        if (f == NULL) {
            ls_buf_put_str(out, ", not attached\n");
        } else {
            ls_hash_format(&f->hash, hex);
            ls_buf_put_str(out, ", ");
            ls_buf_put_bytes(out, f->media_type);
            ls_buf_format(out, ", %" PRIu64 " bytes, SHA-256 %s\n", f->bytes, hex);
        }
        put_run_on(out, 2 * INDENT, r->medium[i].caption);
    }
}

static ls_result put_claim(const ls_claim *c, ls_arena *arena, ls_buf *out)
{
    const char *about = ls_about_words(arena, &c->about);
    if (about == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_buf_put_str(out, "  ");
    ls_buf_put_bytes(out, c->id);
    ls_buf_put_str(out, ": ");
    ls_put_force(c, out);
    ls_buf_format(out, ", %s", about);
    if (c->value.len > 0) {
        ls_buf_put_str(out, " [");
        ls_buf_put_bytes(out, c->value);
        ls_buf_put_str(out, "]");
    }
    ls_buf_put_str(out, "\n");
    ls_buf voices = {0};
    ls_put_voices(c, &voices);
    put_run_on(out, 2 * INDENT, ls_buf_bytes(&voices));
    out->failed |= voices.failed;
    ls_buf_free(&voices);
    put_run_on(out, 2 * INDENT, c->text);
    return LS_SUCCESS;
}

ls_result ls_readout_text(const ls_readout *r, const ls_readout_page *page, ls_buf *out)
{
    char date[LS_DATE_SIZE];
    ls_arena arena = {0};
    ls_buf text = {0};
    ls_result result = LS_SUCCESS;
    ls_date_format(r->date, date);
    ls_put_wrapped(&text, 0, r->headline);
    ls_buf_format(&text, "%s, in %.*s, %u min read\n", date, (int)r->language.len, (const char *)r->language.ptr,
                  ls_reading_minutes(r->body));
    put_body(r->body, &text);
    put_media(r, page, &text);
    ls_buf_put_str(&text, "\nClaims\n");
    for (size_t i = 0; ls_succeeded(result) && i < r->claim_count; i++) {
        result = put_claim(&r->claim[i], &arena, &text);
    }
    ls_arena_free(&arena);
    return ls_page_finish(result, &text, out);
}
