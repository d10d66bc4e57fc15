#include "portal/facts.h"
#include <stdio.h>

/* Readings. */

static ls_result fetch(void *context, const ls_hash *hash, uint64_t limit, ls_arena *arena, ls_bytes *out)
{
    const ls_html *w = context;
    ls_bytes file;
    LS_TRY(w->portal->source.file(w->portal->source.context, hash, arena, &file));
    if (file.len > limit) {
        return ls_fail(&ls_fault_absent);
    }
    *out = file;
    return LS_SUCCESS;
}

void ls_html_reading(ls_html *w, ls_reading *out)
{
    const ls_portal *p = w->portal;
    *out = (ls_reading){.record = p->record,
                        .note = p->source.note,
                        .context = p->source.context,
                        .files = {fetch, w},
                        .at = p->at,
                        .known = p->known};
}

bool ls_html_knows(const ls_html *w, uint64_t index)
{
    ls_time t = ls_record_at(w->portal->record, index).time;
    t = t == LS_TIME_OPEN || t == LS_TIME_NONE ? w->portal->known : t;
    return t <= w->portal->at && t <= w->portal->known;
}

/* Facts. */

void ls_html_facts_open(ls_html *w)
{
    ls_html_open(w, "dl", "class", "facts", NULL);
    ls_html_newline(w);
}

void ls_html_fact_open(ls_html *w, const char *key)
{
    ls_html_statement_open(w, "div", key, NULL);
    ls_html_word_in(w, "dt", key);
    ls_html_open(w, "dd", NULL);
}

void ls_html_fact_close(ls_html *w)
{
    ls_html_close(w, "dd");
    ls_html_close(w, "div");
    ls_html_newline(w);
}

void ls_html_facts_close(ls_html *w)
{
    ls_html_close(w, "dl");
    ls_html_newline(w);
}

void ls_html_fact(ls_html *w, const char *key, const char *sentence, const ls_say *with, size_t count)
{
    ls_html_fact_open(w, key);
    ls_html_say(w, sentence, with, count);
    ls_html_fact_close(w);
}

void ls_html_fact_text(ls_html *w, const char *key, ls_bytes text)
{
    ls_html_fact_open(w, key);
    ls_html_element(w, "span", text, "dir", "auto", NULL);
    ls_html_fact_close(w);
}

const char *ls_html_named(const ls_html *w, const char *space, const char *name)
{
    char key[64];
    snprintf(key, sizeof key, "%s.%s", space, name);
    for (char *c = key; *c != '\0'; c++) {
        *c = *c == ' ' ? '-' : *c;
    }
    return ls_portal_knows(key) ? ls_html_word(w, key) : name;
}

/* Acts and files. */

const ls_act *ls_html_act(ls_html *w, uint64_t index, ls_result *r)
{
    ls_bytes note;
    ls_act *act = NULL;
    *r = ls_portal_put_read(w, index, &note, &act);
    return act;
}

const char *ls_html_file_path(ls_html *w, const ls_hash *hash)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(hash, hex);
    return ls_html_format(w, "tlog/attachment/%s", hex);
}
