/* Diagnostics: collecting what is wrong with a document, and guessing what was meant. */
#include "base/value.h"
#include <stdio.h>

static void add(ls_diagnostics *d, ls_mark mark, bool warning, const char *hint, const char *format, va_list args)
    __attribute__((format(printf, 5, 0)));

static void add(ls_diagnostics *d, ls_mark mark, bool warning, const char *hint, const char *format, va_list args)
{
    /* Counted even if there is no room to keep it: whether a document is valid must not depend on the limit. */
    d->errors += warning ? 0 : 1;
    if (d->count == LS_DIAGNOSTICS_MAX) {
        return;
    }
    char text[512];
    vsnprintf(text, sizeof text, format, args);
    const char *kept_text = ls_arena_str(d->arena, ls_bytes_str(text));
    const char *kept_hint = hint == NULL ? "" : ls_arena_str(d->arena, ls_bytes_str(hint));
    d->item[d->count++] = (ls_diagnostic){.mark = mark,
                                          .warning = warning,
                                          .text = kept_text == NULL ? "no memory left to say what is wrong" : kept_text,
                                          .hint = kept_hint == NULL ? "" : kept_hint};
}

void ls_diagnose(ls_diagnostics *d, ls_mark mark, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(d, mark, false, hint, format, args);
    va_end(args);
}

void ls_diagnose_warning(ls_diagnostics *d, ls_mark mark, const char *hint, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    add(d, mark, true, hint, format, args);
    va_end(args);
}

static bool is_before(ls_mark a, ls_mark b)
{
    return a.line != b.line ? a.line < b.line : a.column < b.column;
}

/* By insertion: what has one place stays in the order in which it was found. */
void ls_diagnostics_sort(ls_diagnostics *d)
{
    for (size_t i = 1; i < d->count; i++) {
        ls_diagnostic moving = d->item[i];
        size_t j = i;
        for (; j > 0 && is_before(moving.mark, d->item[j - 1].mark); j--) {
            d->item[j] = d->item[j - 1];
        }
        d->item[j] = moving;
    }
}

/* Longer words get no hint: nobody mistypes a name of this length into another. */
#define WORD_MAX 64

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Levenshtein's distance in bytes, one row of the table at a time. a is at most WORD_MAX long. */
static size_t edit_distance(ls_bytes a, ls_bytes b)
{
    size_t row[WORD_MAX + 1];
    for (size_t i = 0; i <= a.len; i++) {
        row[i] = i;
    }
    for (size_t j = 0; j < b.len; j++) {
        size_t diagonal = row[0];
        row[0] = j + 1;
        for (size_t i = 0; i < a.len; i++) {
            size_t replaced = diagonal + (a.ptr[i] == b.ptr[j] ? 0 : 1);
            diagonal = row[i + 1];
            row[i + 1] = least(replaced, least(row[i], row[i + 1]) + 1);
        }
    }
    return row[a.len];
}

const char *ls_nearest(ls_bytes word, const char *const *candidates, size_t count)
{
    if (word.len == 0 || word.len > WORD_MAX) {
        return NULL;
    }
    const char *best = NULL;
    /* One typing error in three characters is near; more is another word. */
    size_t best_distance = (word.len + 2) / 3 + 1;
    for (size_t i = 0; i < count; i++) {
        size_t distance = edit_distance(word, ls_bytes_str(candidates[i]));
        if (distance < best_distance && distance < strlen(candidates[i])) {
            best = candidates[i];
            best_distance = distance;
        }
    }
    return best;
}
