/* Letters that look like others, word by word. */
#include "lookalike/lookalike.h"
#include <stdlib.h>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>
#include <unicode/uscript.h>
#include <unicode/uspoof.h>

const ls_fault ls_fault_lookalike = {LS_CLASS_ENVIRONMENT, "lookalike", "ICU can't say which letters look like others"};

#define WORD_MAX 256 /* bytes of a word that is looked at as one; the rest is the next */

typedef struct finder {
    ls_bytes text;
    USpoofChecker *mixed; /* scripts and digits */
    const UNormalizer2 *nfc;
    bool latin; /* most letters are */
    size_t max, count;
    ls_lookalike *out;
    bool failed;
} finder;

static void add(finder *f, ls_lookalike_kind kind, ls_bytes word, ls_mark mark)
{
    if (f->count < f->max) {
        f->out[f->count++] = (ls_lookalike){kind, word, mark};
    }
}

/* Part of a word: letters, marks, digits, and what can't be seen between them. */
static bool in_word(UChar32 c)
{
    return u_isalnum(c) || (U_GET_GC_MASK(c) & U_GC_M_MASK) != 0 ||
           u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
}

static bool is_script(UChar32 c, UScriptCode wanted)
{
    UErrorCode e = U_ZERO_ERROR;
    return uscript_getScript(c, &e) == wanted && U_SUCCESS(e);
}

/* A word without a Latin letter whose skeleton is nothing but Latin letters. */
static bool passes_for_latin(finder *f, ls_bytes word)
{
    char skeleton[4 * WORD_MAX];
    UErrorCode e = U_ZERO_ERROR;
    bool letters = false;
    for (size_t i = 0; i < word.len;) {
        UChar32 c = (UChar32)ls_utf8_next(word, &i);
        letters = letters || u_isalpha(c);
        if (is_script(c, USCRIPT_LATIN)) {
            return false;
        }
    }
    int32_t len = uspoof_getSkeletonUTF8(f->mixed, 0, (const char *)word.ptr, (int32_t)word.len, skeleton,
                                         (int32_t)sizeof skeleton, &e);
    if (!letters || U_FAILURE(e) || len > (int32_t)sizeof skeleton) {
        return false;
    }
    for (int32_t i = 0; i < len; i++) {
        bool ascii = (skeleton[i] >= 'a' && skeleton[i] <= 'z') || (skeleton[i] >= 'A' && skeleton[i] <= 'Z');
        if (!ascii) {
            return false;
        }
    }
    return len > 0;
}

static bool is_composed(finder *f, ls_bytes word)
{
    UChar wide[WORD_MAX + 1];
    int32_t len = 0;
    UErrorCode e = U_ZERO_ERROR;
    for (size_t i = 0; i < word.len;) {
        UChar32 c = (UChar32)ls_utf8_next(word, &i);
        U16_APPEND_UNSAFE(wide, len, c);
    }
    UBool composed = unorm2_isNormalized(f->nfc, wide, len, &e);
    f->failed = f->failed || U_FAILURE(e);
    return composed;
}

static void check_word(finder *f, ls_bytes word, ls_mark mark)
{
    UErrorCode e = U_ZERO_ERROR;
    bool invisible = false, ascii = true;
    for (size_t i = 0; i < word.len;) {
        UChar32 c = (UChar32)ls_utf8_next(word, &i);
        ascii = ascii && c < 0x80;
        invisible = invisible || u_hasBinaryProperty(c, UCHAR_DEFAULT_IGNORABLE_CODE_POINT);
    }
    if (ascii) {
        return;
    }
    int32_t found = uspoof_checkUTF8(f->mixed, (const char *)word.ptr, (int32_t)word.len, NULL, &e);
    f->failed = f->failed || U_FAILURE(e);
    if (invisible) {
        add(f, LS_LOOKALIKE_INVISIBLE, word, mark);
    } else if ((found & USPOOF_RESTRICTION_LEVEL) != 0) {
        add(f, LS_LOOKALIKE_MIXED, word, mark);
    } else if ((found & USPOOF_MIXED_NUMBERS) != 0) {
        add(f, LS_LOOKALIKE_DIGITS, word, mark);
    } else if (f->latin && passes_for_latin(f, word)) {
        add(f, LS_LOOKALIKE_WHOLE, word, mark);
    } else if (!is_composed(f, word)) {
        add(f, LS_LOOKALIKE_COMPOSED, word, mark);
    }
}

static void find_words(finder *f)
{
    ls_mark at = {1, 1};
    for (size_t i = 0; i < f->text.len && !f->failed;) {
        size_t begin = i, end = i;
        ls_mark mark = at;
        while (i < f->text.len && i - begin < WORD_MAX - 4) {
            UChar32 c = (UChar32)ls_utf8_next(f->text, &i);
            if (!in_word(c)) {
                at = c == '\n' ? (ls_mark){at.line + 1, 1} : (ls_mark){at.line, at.column + 1};
                break;
            }
            at.column++;
            end = i;
        }
        if (end > begin) {
            check_word(f, ls_bytes_of(f->text.ptr + begin, end - begin), mark);
        }
    }
}

static bool mostly_latin(ls_bytes text)
{
    size_t latin = 0, letters = 0;
    for (size_t i = 0; i < text.len;) {
        UChar32 c = (UChar32)ls_utf8_next(text, &i);
        letters += u_isalpha(c);
        latin += is_script(c, USCRIPT_LATIN);
    }
    return 2 * latin > letters;
}

ls_result ls_lookalike_find(ls_bytes text, size_t max, ls_lookalike *out, size_t *count)
{
    UErrorCode e = U_ZERO_ERROR;
    finder f = {.text = text, .max = max, .out = out, .latin = mostly_latin(text)};
    f.nfc = unorm2_getNFCInstance(&e);
    f.mixed = U_FAILURE(e) ? NULL : uspoof_open(&e);
    if (U_FAILURE(e)) {
        return ls_fail(e == U_MEMORY_ALLOCATION_ERROR ? &ls_fault_memory : &ls_fault_lookalike);
    }
    uspoof_setChecks(f.mixed, USPOOF_RESTRICTION_LEVEL | USPOOF_MIXED_NUMBERS, &e);
    uspoof_setRestrictionLevel(f.mixed, USPOOF_HIGHLY_RESTRICTIVE);
    f.failed = U_FAILURE(e);
    find_words(&f);
    uspoof_close(f.mixed);
    if (f.failed) {
        return ls_fail(&ls_fault_lookalike);
    }
    *count = f.count;
    return LS_SUCCESS;
}

const char *ls_lookalike_says(ls_lookalike_kind kind)
{
    static const char *const sentences[] = {
        [LS_LOOKALIKE_MIXED] = "mixes letters of different scripts",
        [LS_LOOKALIKE_WHOLE] = "is written in letters that only look Latin",
        [LS_LOOKALIKE_INVISIBLE] = "holds something that does not show",
        [LS_LOOKALIKE_DIGITS] = "mixes digits of different systems",
        [LS_LOOKALIKE_COMPOSED] = "is not in Unicode's composed form (NFC)",
    };
    return sentences[kind];
}
