/* UTF-8 with a fast way for what is nearly always ASCII. */
#ifndef LS_ESCROW_TEXT_H
#define LS_ESCROW_TEXT_H

#include <lockstep/bytes.h>

static inline bool ls_text_ascii(ls_bytes text)
{
    uint64_t high = 0;
    size_t i = 0;
    for (; i + 8 <= text.len; i += 8) {
        uint64_t word;
        memcpy(&word, text.ptr + i, sizeof word);
        high |= word;
    }
    for (; i < text.len; i++) {
        high |= text.ptr[i];
    }
    return (high & UINT64_C(0x8080808080808080)) == 0;
}

/* By bytes, the shorter of two that begin alike first; for qsort and bsearch over ls_bytes. */
static inline int ls_text_compare(const void *a, const void *b)
{
    const ls_bytes *x = (const ls_bytes *)a, *y = (const ls_bytes *)b;
    size_t common = x->len < y->len ? x->len : y->len;
    int order = common ? memcmp(x->ptr, y->ptr, common) : 0;
    return order ? order : (x->len > y->len) - (x->len < y->len);
}

static inline bool ls_text_valid(ls_bytes text)
{
    return ls_text_ascii(text) || ls_utf8_valid(text);
}

#endif
