/* Inside of brackets: words. */
#ifndef LS_TEXT_TOKENS_H
#define LS_TEXT_TOKENS_H

#include "text/forms.h"

typedef enum ls_token_class {
    LS_TOKEN_WORD,  /* letters and digits of a script that has spaces */
    LS_TOKEN_SIGN,  /* one character of a script that has none */
    LS_TOKEN_SPACE, /* spaces and ends of lines as they are */
    LS_TOKEN_BREAK, /* one space, or one end of a line, where the other would do */
    LS_TOKEN_MARK   /* one character of anything else */
} ls_token_class;

typedef struct ls_token {
    ls_bytes text;
    ls_token_class class;
} ls_token;

typedef struct ls_tokens {
    size_t count;
    ls_token *token; /* one after the other, all of the text */
} ls_tokens;

bool ls_tokens_make(ls_arena *arena, ls_text_kind kind, ls_bytes text, ls_tokens *out);
bool ls_token_equal(const ls_token *a, const ls_token *b);
/* How much two that share it have in common. */
unsigned ls_token_weight(const ls_token *t);

/* The longest common subsequence of two (Myers, 1986): pairs of indices, ascending; room for as many as the shorter one
 * has words. False: more than LS_BRACKETS_EDITS_MAX differences, or the budget is used up, or, then memory is set,
 * there is no memory. */
typedef struct ls_match {
    size_t a, b;
} ls_match;
bool ls_tokens_align(const ls_tokens *a, const ls_tokens *b, uint64_t *budget, ls_match *out, size_t *count,
                     bool *memory);

#endif
