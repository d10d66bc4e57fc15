/* Documents for tests of charters and roadmaps: JSON whose nodes get the places that they have in the text. */
#ifndef TESTS_MARKS_H
#define TESTS_MARKS_H

#include "base/value.h"
#include "vectors.h"

typedef struct place {
    const char *at;
    unsigned line, column;
} place;

static void pass_over(place *p, size_t count)
{
    for (size_t i = 0; i < count; i++, p->at++) {
        p->column = *p->at == '\n' ? 1 : p->column + 1;
        p->line += *p->at == '\n' ? 1 : 0;
    }
}

/* To the next token that is not punctuation; tests write only what is valid, so nothing is checked. */
static ls_mark next_token(place *p)
{
    pass_over(p, strspn(p->at, " \n,:]}"));
    return (ls_mark){p->line, p->column};
}

static void pass_over_string(place *p)
{
    size_t len = 1;
    for (; p->at[len] != '"'; len++) {
        len += p->at[len] == '\\' ? 1 : 0;
    }
    pass_over(p, len + 1);
}

static void mark_value(place *p, ls_value *v)
{
    v->mark = next_token(p);
    switch (v->type) {
    case LS_STRING:
        pass_over_string(p);
        break;
    case LS_LIST:
        pass_over(p, 1);
        for (size_t i = 0; i < v->count; i++) {
            mark_value(p, v->items[i]);
        }
        break;
    case LS_MAP:
        pass_over(p, 1);
        for (size_t i = 0; i < v->count; i++) {
            v->entries[i].mark = next_token(p);
            pass_over_string(p);
            mark_value(p, v->entries[i].value);
        }
        break;
    default:
        pass_over(p, strcspn(p->at, " \n,:]}"));
    }
}

VECTORS_UNUSED static ls_value *marked_json(ls_arena *arena, const char *text)
{
    ls_value *v = NULL;
    ls_detail detail = {0};
    place p = {text, 1, 1};
    if (ls_failed(ls_json_parse(arena, ls_bytes_str(text), &v, &detail))) {
        fail_msg("%u:%u: %s in:\n%s", detail.line, detail.column, detail.text, text);
    }
    mark_value(&p, v);
    return v;
}

/* text with the first occurrence of from replaced, in the arena. */
VECTORS_UNUSED static char *edited(ls_arena *arena, const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (at == NULL) {
        fail_msg("the text has no %s", from);
    }
    return ls_arena_format(arena, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

/* One diagnostic stands at this place and says this; hint may be NULL. */
VECTORS_UNUSED static void assert_diagnosed(const ls_diagnostics *d, unsigned line, unsigned column, const char *says,
                                            const char *hint)
{
    for (size_t i = 0; i < d->count; i++) {
        const ls_diagnostic *x = &d->item[i];
        if (x->mark.line == line && x->mark.column == column && strstr(x->text, says) != NULL &&
            (hint == NULL || strstr(x->hint, hint) != NULL)) {
            return;
        }
    }
    for (size_t i = 0; i < d->count; i++) {
        print_error("%u:%u: %s (%s)\n", d->item[i].mark.line, d->item[i].mark.column, d->item[i].text, d->item[i].hint);
    }
    fail_msg("nothing says at %u:%u: %s (%s)", line, column, says, hint == NULL ? "" : hint);
}

#endif
