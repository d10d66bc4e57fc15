#include "portal/write.h"
#include "accord/why.h"
#include "process/shown.h"
#include <stdio.h>

/* Elements. */

static void put_attributes(ls_html *w, va_list pairs)
{
    for (const char *name; (name = va_arg(pairs, const char *)) != NULL;) {
        const char *value = va_arg(pairs, const char *);
        if (value != NULL) {
            ls_buf_put_str(w->out, " ");
            ls_buf_put_str(w->out, name);
            ls_buf_put_str(w->out, "=\"");
            ls_shown_html(w->out, ls_bytes_str(value), false);
            ls_buf_put_str(w->out, "\"");
        }
    }
}

static void open_with(ls_html *w, const char *tag, const char *id, va_list pairs)
{
    ls_buf_put_str(w->out, "<");
    ls_buf_put_str(w->out, tag);
    if (id != NULL) {
        ls_buf_put_str(w->out, " data-s=\"");
        ls_shown_html(w->out, ls_bytes_str(id), false);
        ls_buf_put_str(w->out, "\"");
    }
    put_attributes(w, pairs);
    ls_buf_put_str(w->out, ">");
}

void ls_html_open(ls_html *w, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    open_with(w, tag, NULL, pairs);
    va_end(pairs);
}

void ls_html_empty(ls_html *w, const char *tag, ...)
{
    va_list pairs;
    va_start(pairs, tag);
    open_with(w, tag, NULL, pairs);
    va_end(pairs);
}

void ls_html_element(ls_html *w, const char *tag, ls_bytes text, ...)
{
    va_list pairs;
    va_start(pairs, text);
    open_with(w, tag, NULL, pairs);
    va_end(pairs);
    ls_html_text(w, text);
    ls_html_close(w, tag);
}

void ls_html_statement_open(ls_html *w, const char *tag, const char *id, ...)
{
    va_list pairs;
    va_start(pairs, id);
    open_with(w, tag, id, pairs);
    va_end(pairs);
}

void ls_html_statement(ls_html *w, const char *tag, const char *id, ls_bytes text)
{
    ls_html_statement_open(w, tag, id, NULL);
    ls_html_text(w, text);
    ls_html_close(w, tag);
}

void ls_html_close(ls_html *w, const char *tag)
{
    ls_buf_put_str(w->out, "</");
    ls_buf_put_str(w->out, tag);
    ls_buf_put_str(w->out, ">");
}

void ls_html_text(ls_html *w, ls_bytes text)
{
    ls_shown_html(w->out, text, false);
}

void ls_html_str(ls_html *w, const char *text)
{
    ls_html_text(w, ls_bytes_str(text));
}

void ls_html_lines(ls_html *w, ls_bytes text)
{
    ls_shown_html(w->out, text, true);
}

void ls_html_newline(ls_html *w)
{
    ls_buf_put_u8(w->out, '\n');
}

void ls_html_english(ls_html *w, const char *tag, const char *text)
{
    ls_html_element(w, tag, ls_bytes_str(text), "lang", "en", NULL);
}

/* Text in the arena. */

static const char *kept(ls_html *w, const ls_buf *text)
{
    const char *made = text->failed ? NULL : ls_arena_str(w->arena, ls_buf_bytes(text));
    w->out->failed |= made == NULL;
    return made == NULL ? "" : made;
}

const char *ls_html_format(ls_html *w, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int len = vsnprintf(NULL, 0, format, again);
    va_end(again);
    char *made = len < 0 ? NULL : ls_arena_alloc(w->arena, (size_t)len + 1);
    w->out->failed |= made == NULL;
    if (made != NULL) {
        vsnprintf(made, (size_t)len + 1, format, arguments);
    }
    va_end(arguments);
    return made == NULL ? "" : made;
}

const char *ls_html_cstr(ls_html *w, ls_bytes text)
{
    const char *made = ls_arena_str(w->arena, text);
    w->out->failed |= made == NULL;
    return made == NULL ? "" : made;
}

/* Links. */

static const char *climb(ls_html *w, const char *path, bool language)
{
    ls_buf up = {0};
    for (const char *slash = strchr(w->path, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
        ls_buf_put_str(&up, "../");
    }
    ls_buf_put_str(&up, language ? "../" : "");
    ls_buf_put_str(&up, path);
    const char *made = kept(w, &up);
    ls_buf_free(&up);
    return made;
}

const char *ls_html_href(ls_html *w, const char *path)
{
    return climb(w, path, false);
}

const char *ls_html_site_href(ls_html *w, const char *path)
{
    return climb(w, path, w->portal->language->prefix[0] != '\0');
}

void ls_html_link(ls_html *w, const char *path, ls_bytes text)
{
    ls_html_element(w, "a", text, "href", ls_html_href(w, path), NULL);
}

void ls_html_site_link(ls_html *w, const char *path, ls_bytes text)
{
    ls_html_element(w, "a", text, "href", ls_html_site_href(w, path), NULL);
}

void ls_html_entry(ls_html *w, uint64_t index)
{
    if (index == LS_NO_ENTRY || index >= ls_record_size(w->portal->record)) {
        ls_html_str(w, "-");
        return;
    }
    const char *number = ls_html_format(w, "%llu", (unsigned long long)index);
    ls_html_element(w, "a", ls_bytes_str(number), "class", "entry", "href",
                    ls_html_href(w, ls_html_format(w, "act/%s.html", number)), NULL);
}

const char *ls_html_accord_code(ls_html *w, size_t accord)
{
    char hex[LS_HEX_HASH_SIZE];
    const ls_accord *a = ls_record_accord(w->portal->record, accord);
    while (a->amends >= 0) {
        a = ls_record_accord(w->portal->record, (size_t)a->amends);
    }
    ls_hash_format(&a->id, hex);
    return ls_html_format(w, "%.8s", hex);
}

const char *ls_html_measure_path(ls_html *w, size_t accord, size_t measure)
{
    ls_bytes id = ls_record_accord(w->portal->record, accord)->roadmap->measures[measure].id;
    return ls_html_format(w, "measure/%s-%.*s.html", ls_html_accord_code(w, accord), (int)id.len, (const char *)id.ptr);
}

/* Times. */

static void put_time(ls_html *w, const char *machine, const char *shown)
{
    ls_html_element(w, "time", ls_bytes_str(shown), "datetime", machine, NULL);
}

/* What is not a time that can be written: never, or not known. */
static bool no_time(ls_html *w, ls_time t)
{
    bool none = t < 0 || t > LS_TIME_MAX;
    if (none) {
        ls_html_str(w, "-");
    }
    return none;
}

void ls_html_time(ls_html *w, ls_time t)
{
    char machine[LS_TIME_SIZE], local[LS_TIME_SIZE];
    const ls_charter *c = ls_record_charter(w->portal->record);
    if (no_time(w, t)) {
        return;
    }
    ls_time_format(t, machine);
    ls_time shifted = t + ls_zone_offset(&c->zone, t);
    ls_time_format(shifted < 0 || shifted > LS_TIME_MAX ? t : shifted, local);
    put_time(w, machine, ls_html_format(w, "%.10s %.5s", local, local + 11));
}

static void put_moment(ls_html *w, ls_time t, const char *shown)
{
    char machine[LS_TIME_SIZE];
    ls_time_format(t, machine);
    put_time(w, machine, shown);
}

void ls_html_date(ls_html *w, ls_time t)
{
    if (!no_time(w, t)) {
        put_moment(w, t, ls_why_date(ls_record_charter(w->portal->record), t, w->arena));
    }
}

void ls_html_deadline(ls_html *w, ls_time t)
{
    if (!no_time(w, t)) {
        put_moment(w, t, ls_why_deadline(ls_record_charter(w->portal->record), t, w->arena));
    }
}

void ls_html_last_day(ls_html *w, ls_time t)
{
    if (!no_time(w, t)) {
        put_moment(w, t, ls_why_last_day(ls_record_charter(w->portal->record), t, w->arena));
    }
}

void ls_html_day(ls_html *w, int32_t day)
{
    char text[LS_DATE_SIZE];
    if (day == LS_NO_DAY) {
        ls_html_str(w, "-");
        return;
    }
    ls_date_format(ls_date_from_days(day), text);
    put_time(w, text, text);
}

/* Parties. */

void ls_html_party(ls_html *w, size_t party)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    if (party >= c->party_count) {
        ls_html_word_in(w, "span", party == LS_NOBODY ? "party.ledger" : "party.unknown");
        return;
    }
    const char *name = ls_html_cstr(w, c->party[party].name);
    ls_html_element(w, "abbr", c->party[party].name, "class", ls_html_format(w, "party p%zu", party), "data-party",
                    name, "title", ls_html_cstr(w, c->party[party].title), NULL);
}

void ls_html_parties(ls_html *w, ls_parties set)
{
    const ls_charter *c = ls_record_charter(w->portal->record);
    bool first = true;
    for (size_t p = 0; p < c->party_count; p++) {
        if ((set & LS_PARTY_BIT(p)) != 0) {
            ls_html_str(w, first ? "" : ", ");
            ls_html_party(w, p);
            first = false;
        }
    }
    if (first) {
        ls_html_str(w, "-");
    }
}

void ls_html_hash(ls_html *w, const ls_hash *hash)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    ls_html_element(w, "code", ls_bytes_str(hex), "class", "hash", NULL);
}

/* Blocks. */

void ls_html_heading(ls_html *w, unsigned level, const char *anchor, const char *key)
{
    const char *tag = ls_html_format(w, "h%u", level);
    ls_html_element(w, tag, ls_bytes_str(ls_html_word(w, key)), "id", anchor, NULL);
    ls_html_newline(w);
}

void ls_html_table_open(ls_html *w, const char *class, const char *caption, const char *const *columns)
{
    ls_html_open(w, "div", "class", "scroll", "role", "region", "aria-label", ls_html_word(w, caption), "tabindex", "0",
                 NULL);
    ls_html_open(w, "table", "class", class, NULL);
    ls_html_word_in(w, "caption", caption);
    ls_html_open(w, "thead", NULL);
    ls_html_open(w, "tr", NULL);
    for (; *columns != NULL; columns++) {
        bool number = **columns == '#';
        ls_html_element(w, "th", ls_bytes_str(ls_html_word(w, *columns + number)), "scope", "col", "class",
                        number ? "number" : NULL, NULL);
    }
    ls_html_close(w, "tr");
    ls_html_close(w, "thead");
    ls_html_newline(w);
    ls_html_open(w, "tbody", NULL);
    ls_html_newline(w);
}

void ls_html_table_close(ls_html *w)
{
    ls_html_close(w, "tbody");
    ls_html_close(w, "table");
    ls_html_close(w, "div");
    ls_html_newline(w);
}
