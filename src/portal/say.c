/* Sentences out of strings. */
#include "portal/write.h"

ls_say ls_say_text(ls_bytes text)
{
    return (ls_say){.kind = LS_SAY_TEXT, .text = text};
}

ls_say ls_say_str(const char *text)
{
    return ls_say_text(ls_bytes_str(text));
}

ls_say ls_say_number(uint64_t number)
{
    return (ls_say){.kind = LS_SAY_NUMBER, .number = number};
}

ls_say ls_say_word(const char *key)
{
    return (ls_say){.kind = LS_SAY_WORD, .path = key};
}

ls_say ls_say_time(ls_time t)
{
    return (ls_say){.kind = LS_SAY_TIME, .time = t};
}

ls_say ls_say_date(ls_time t)
{
    return (ls_say){.kind = LS_SAY_DATE, .time = t};
}

ls_say ls_say_deadline(ls_time t)
{
    return (ls_say){.kind = LS_SAY_DEADLINE, .time = t};
}

ls_say ls_say_last_day(ls_time t)
{
    return (ls_say){.kind = LS_SAY_LAST_DAY, .time = t};
}

ls_say ls_say_day(int32_t day)
{
    return (ls_say){.kind = LS_SAY_DAY, .time = day};
}

ls_say ls_say_parties(ls_parties set)
{
    return (ls_say){.kind = LS_SAY_PARTIES, .number = set};
}

ls_say ls_say_entry(uint64_t index)
{
    return (ls_say){.kind = LS_SAY_ENTRY, .number = index};
}

ls_say ls_say_link(const char *path, ls_bytes text)
{
    return (ls_say){.kind = LS_SAY_LINK, .path = path, .text = text};
}

ls_say ls_say_english(const char *text)
{
    return (ls_say){.kind = LS_SAY_ENGLISH, .path = text};
}

static void put(ls_html *w, const ls_say *s)
{
    switch (s->kind) {
    case LS_SAY_TEXT:
        ls_html_text(w, s->text);
        break;
    case LS_SAY_NUMBER:
        ls_html_str(w, ls_html_format(w, "%llu", (unsigned long long)s->number));
        break;
    case LS_SAY_WORD:
        ls_html_str(w, ls_html_word(w, s->path));
        break;
    case LS_SAY_TIME:
        ls_html_time(w, s->time);
        break;
    case LS_SAY_DATE:
        ls_html_date(w, s->time);
        break;
    case LS_SAY_DEADLINE:
        ls_html_deadline(w, s->time);
        break;
    case LS_SAY_LAST_DAY:
        ls_html_last_day(w, s->time);
        break;
    case LS_SAY_DAY:
        ls_html_day(w, (int32_t)s->time);
        break;
    case LS_SAY_PARTIES:
        ls_html_parties(w, (ls_parties)s->number);
        break;
    case LS_SAY_ENTRY:
        ls_html_entry(w, s->number);
        break;
    case LS_SAY_LINK:
        ls_html_link(w, s->path, s->text);
        break;
    case LS_SAY_ENGLISH:
        ls_html_english(w, "span", s->path);
        break;
    }
}

const char *ls_html_word(const ls_html *w, const char *key)
{
    return ls_portal_say(w->portal->language, key);
}

/* What stands for a placeholder that the text has and the caller has not: the placeholder, so that it is seen. */
void ls_html_say(ls_html *w, const char *key, const ls_say *with, size_t count)
{
    const char *text = ls_html_word(w, key);
    for (const char *open; (open = strchr(text, '{')) != NULL; text = open + 3) {
        if (open[1] < '0' || open[1] > '9' || open[2] != '}' || (size_t)(open[1] - '0') >= count) {
            break;
        }
        ls_html_text(w, ls_bytes_of(text, (size_t)(open - text)));
        put(w, &with[open[1] - '0']);
    }
    ls_html_str(w, text);
}

void ls_html_say_in(ls_html *w, const char *tag, const char *key, const ls_say *with, size_t count)
{
    ls_html_open(w, tag, NULL);
    ls_html_say(w, key, with, count);
    ls_html_close(w, tag);
}

void ls_html_state(ls_html *w, const char *tag, const char *id, const char *key, const ls_say *with, size_t count)
{
    ls_html_statement_open(w, tag, id, NULL);
    ls_html_say(w, key, with, count);
    ls_html_close(w, tag);
}

void ls_html_word_in(ls_html *w, const char *tag, const char *key)
{
    ls_html_element(w, tag, ls_bytes_str(ls_html_word(w, key)), NULL);
}
