/* A readout as a page that a press office publishes as it is. */
#include "process/shown.h"
#include "readout/show_parts.h"
#include <inttypes.h>

static void put_meta(const ls_readout *r, const ls_readout_page *page, ls_buf *out)
{
    char date[LS_DATE_SIZE];
    ls_date_format(r->date, date);
    ls_buf_put_str(out, "<p class=meta>");
    if (page->party.len > 0) {
        ls_shown_element(out, "bdi", page->party, false);
        ls_buf_put_str(out, " · ");
    }
    ls_buf_format(out, "<time>%s</time> · %u min read", date, ls_reading_minutes(r->body));
    if (page->meeting.len > 0) {
        ls_buf_put_str(out, " · about: ");
        ls_shown_element(out, "bdi", page->meeting, false);
    }
    ls_buf_put_str(out, "</p>\n");
}

/* Paragraphs are what empty lines divide; within one, lines run on. */
static void put_body(ls_bytes body, ls_buf *out)
{
    for (size_t i = 0; i < body.len;) {
        size_t begin = i;
        while (i < body.len && !(body.ptr[i] == '\n' && i + 1 < body.len && body.ptr[i + 1] == '\n')) {
            i++;
        }
        size_t end = i;
        while (end > begin && body.ptr[end - 1] == '\n') {
            end--;
        }
        if (end > begin) {
            ls_shown_element(out, "p dir=auto", ls_bytes_of(body.ptr + begin, end - begin), false);
            ls_buf_put_str(out, "\n");
        }
        while (i < body.len && body.ptr[i] == '\n') {
            i++;
        }
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

/* A file's name has no character with a meaning in HTML or in an address. */
static void put_medium(const ls_medium *m, const ls_readout_page *page, ls_buf *out)
{
    const ls_readout_file *f = find_file(page, m->file);
    ls_buf_put_str(out, "<li>");
    ls_shown_element(out, "h3 dir=auto", m->caption, false);
    ls_buf_put_str(out, "<p class=small>");
    if (f == NULL) {
        ls_shown_element(out, "code", m->file, false);
        ls_buf_put_str(out, " is not attached</p></li>\n");
        return;
    }
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&f->hash, hex);
    ls_buf_format(out, "<a href=\"./%.*s\">", (int)m->file.len, m->file.ptr);
    ls_shown_html(out, m->file, false);
    ls_buf_put_str(out, "</a>, ");
    ls_shown_html(out, f->media_type, false);
    ls_buf_format(out, ", %" PRIu64 " bytes<br>SHA-256 <code>%s</code></p></li>\n", f->bytes, hex);
}

static void put_media(const ls_readout *r, const ls_readout_page *page, ls_buf *out)
{
    if (r->medium_count == 0) {
        return;
    }
    ls_buf_put_str(out, "<h2>Media</h2>\n<ul class=media>\n");
    for (size_t i = 0; i < r->medium_count; i++) {
        put_medium(&r->medium[i], page, out);
    }
    ls_buf_put_str(out, "</ul>\n");
}

static ls_result put_claim(const ls_claim *c, ls_arena *arena, ls_buf *words, ls_buf *out)
{
    const char *about = ls_about_words(arena, &c->about);
    if (about == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_buf_put_str(out, "<li>");
    ls_put_force(c, words);
    ls_put_words(c->denies ? "span class=\"force denies\"" : "span class=force", words, out);
    if (c->value.len > 0) {
        ls_buf_put_str(out, " ");
        ls_shown_element(out, "span class=\"force value\" dir=auto", c->value, false);
    }
    ls_buf_put_str(out, "\n");
    ls_shown_element(out, "p dir=auto", c->text, false);
    ls_put_voices(c, words);
    ls_buf_format(words, " · %s", about);
    ls_put_words("p class=small dir=auto", words, out);
    ls_buf_put_str(out, "</li>\n");
    return LS_SUCCESS;
}

static ls_result put_claims(const ls_readout *r, ls_buf *out)
{
    ls_arena arena = {0};
    ls_buf words = {0};
    ls_result result = LS_SUCCESS;
    ls_buf_put_str(out, "<h2>Claim by claim</h2>\n<ul class=claims>\n");
    for (size_t i = 0; ls_succeeded(result) && i < r->claim_count; i++) {
        result = put_claim(&r->claim[i], &arena, &words, out);
    }
    ls_buf_put_str(out, "</ul>\n");
    ls_buf_free(&words);
    ls_arena_free(&arena);
    return result;
}

static void put_foot(const ls_readout_page *page, ls_buf *out)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_buf_put_str(out, "<p class=small>");
    if (page->process.len > 0) {
        ls_shown_element(out, "bdi", page->process, false);
        ls_buf_put_str(out, ". ");
    }
    if (page->act == NULL) {
        ls_buf_put_str(out, "A draft: nobody has signed it.</p>\n");
        return;
    }
    ls_hash_format(page->act, hex);
    ls_buf_format(out,
                  "Published by act <code>%s</code>. Who signed it, and when, <code>lockstep show %.12s</code> tells "
                  "from the record.</p>\n",
                  hex, hex);
}

ls_result ls_readout_html(const ls_readout *r, const ls_readout_page *page, ls_buf *out)
{
    ls_buf html = {0};
    ls_put_page_head("text", r->headline, page->exercise, &html);
    ls_buf_put_str(&html, page->act == NULL ? "<p class=mark><b>DRAFT</b> Nobody has signed this.</p>\n" : "");
    ls_buf_format(&html, "<article lang=\"%.*s\">\n", (int)r->language.len, (const char *)r->language.ptr);
    ls_shown_element(&html, "h1 dir=auto", r->headline, false);
    put_meta(r, page, &html);
    ls_buf_put_str(&html, "<div class=body>\n");
    put_body(r->body, &html);
    ls_buf_put_str(&html, "</div>\n");
    put_media(r, page, &html);
    ls_result result = put_claims(r, &html);
    ls_buf_put_str(&html, "</article>\n");
    put_foot(page, &html);
    ls_put_page_foot(&html);
    return ls_page_finish(result, &html, out);
}
