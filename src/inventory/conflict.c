/* Contradictions in words. */
#include "inventory/history.h"

typedef unsigned long long ull;

static const char *const names[LS_CONFLICTS] = {
    [LS_CONFLICT_BEFORE] = "old value",           [LS_CONFLICT_AFTER] = "later change",
    [LS_CONFLICT_AUDIENCES] = "audiences",        [LS_CONFLICT_UNKNOWN] = "unknown item",
    [LS_CONFLICT_IDENTIFIER] = "identifier",      [LS_CONFLICT_REUSED] = "identifier used before",
    [LS_CONFLICT_ENDED] = "after elimination",    [LS_CONFLICT_OUTLIVED] = "elimination before a change",
    [LS_CONFLICT_EARLY] = "before its beginning", [LS_CONFLICT_KIND] = "kind of change",
    [LS_CONFLICT_REF] = "nothing to correct",
};

const char *ls_conflict_name(ls_conflict_kind k)
{
    return names[k];
}

/* Text between the parts of a sentence: F the field, S what is said, K what is known, A the act that knows it. */
static const char *const sentences[LS_CONFLICTS] = {
    [LS_CONFLICT_BEFORE] = "says that F was \"S\", and A has \"K\"",
    [LS_CONFLICT_AFTER] = "makes F \"S\", and by A it was \"K\" before its later change",
    [LS_CONFLICT_AUDIENCES] = "says to one audience that F is \"S\", and to another \"K\"",
    [LS_CONFLICT_UNKNOWN] = "is about an item of which nothing else is known here",
    [LS_CONFLICT_IDENTIFIER] = "calls it \"S\", and A has \"K\"",
    [LS_CONFLICT_REUSED] = "calls it new, and its identifier was used before, by A",
    [LS_CONFLICT_ENDED] = "came after the item was eliminated by A, and does not count",
    [LS_CONFLICT_OUTLIVED] = "ends it at a date after which, by A, something happened to it",
    [LS_CONFLICT_EARLY] = "is of a date at which the item was not there yet, by A",
    [LS_CONFLICT_KIND] = "changes F, which is no part of such a change",
    [LS_CONFLICT_REF] = "corrects what was not said by A",
};

static void put_part(const ls_history_form *form, const ls_conflict *x, char part, ls_buf *out)
{
    if (part == 'F' && x->field != SIZE_MAX) {
        ls_buf_put_bytes(out, form->fields[x->field]);
    } else if (part == 'S' || part == 'K') {
        ls_buf_put_bytes(out, part == 'S' ? x->said : x->known);
    } else if (part == 'A' && x->source == LS_NO_SOURCE) {
        ls_buf_put_str(out, "any act");
    } else if (part == 'A') {
        ls_buf_format(out, "act %llu", (ull)x->source);
    }
}

void ls_conflict_format(const ls_history_form *form, const ls_conflict *x, ls_buf *out)
{
    for (const char *at = sentences[x->kind]; *at != '\0'; at++) {
        if (strchr("FSKA", *at) != NULL) {
            put_part(form, x, *at, out);
        } else {
            ls_buf_put(out, at, 1);
        }
    }
}
