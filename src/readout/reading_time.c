/* How long a text takes to read, also where no spaces stand between words. */
#include "readout/readout.h"

typedef enum letter { BETWEEN, SIGN, LETTER, UNSPACED, ONE_BY_ONE } letter;

/* First and last code points, ascending; what stands in no row is a letter of a spaced script. */
static const struct {
    uint32_t first, last;
    letter is;
} ranges[] = {
    {0x0000, 0x0020, BETWEEN},    {0x0021, 0x002f, SIGN},       {0x003a, 0x0040, SIGN},
    {0x005b, 0x0060, SIGN},       {0x007b, 0x007f, SIGN},       {0x0080, 0x00a0, BETWEEN},
    {0x00a1, 0x00a9, SIGN},       {0x00ab, 0x00b4, SIGN},       {0x00b6, 0x00b9, SIGN},
    {0x00bb, 0x00bf, SIGN},       {0x0e00, 0x0eff, UNSPACED},   {0x1000, 0x109f, UNSPACED},
    {0x1100, 0x11ff, ONE_BY_ONE}, {0x1780, 0x17ff, UNSPACED},   {0x2000, 0x200b, BETWEEN},
    {0x200c, 0x2027, SIGN},       {0x2028, 0x202f, BETWEEN},    {0x2030, 0x206f, SIGN},
    {0x2190, 0x2bff, SIGN},       {0x2e80, 0x2fdf, ONE_BY_ONE}, {0x3000, 0x3000, BETWEEN},
    {0x3001, 0x3004, SIGN},       {0x3005, 0x3007, ONE_BY_ONE}, {0x3008, 0x3030, SIGN},
    {0x3031, 0x9fff, ONE_BY_ONE}, {0xa960, 0xa97f, ONE_BY_ONE}, {0xac00, 0xd7ff, ONE_BY_ONE},
    {0xf900, 0xfaff, ONE_BY_ONE}, {0xfe10, 0xfe6f, SIGN},       {0xff00, 0xff0f, SIGN},
    {0xff1a, 0xff20, SIGN},       {0xff66, 0xff9f, ONE_BY_ONE}, {0x20000, 0x3ffff, ONE_BY_ONE},
};

static letter what_is(uint32_t c)
{
    size_t low = 0, high = sizeof ranges / sizeof *ranges;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > ranges[middle].last) {
            low = middle + 1;
        } else if (c < ranges[middle].first) {
            high = middle;
        } else {
            return ranges[middle].is;
        }
    }
    return LETTER;
}

unsigned ls_reading_columns(uint32_t code_point)
{
    /* Full-width signs and spaces stand in the same columns as the characters between which they stand. */
    bool wide = what_is(code_point) == ONE_BY_ONE || (code_point >= 0x3000 && code_point <= 0x3030) ||
                (code_point >= 0xff00 && code_point <= 0xff60);
    return wide && !(code_point >= 0x1160 && code_point <= 0x11ff) && !(code_point >= 0xff61 && code_point <= 0xff9f)
               ? 2
               : 1;
}

unsigned ls_reading_minutes(ls_bytes text)
{
    /* In parts of a word: whole numbers only, so that the same text takes the same time everywhere. */
    uint64_t parts = 0, characters = 0;
    bool inside = false;
    for (size_t i = 0; i < text.len;) {
        letter is = what_is(ls_utf8_next(text, &i));
        parts += is == LETTER && !inside ? LS_LETTERS_A_WORD : is == UNSPACED ? 1 : 0;
        characters += is == ONE_BY_ONE;
        /* A sign divides no word: don't, sub-committee. */
        inside = is == LETTER || (is == SIGN && inside);
    }
    uint64_t a_minute = UINT64_C(1) * LS_WORDS_A_MINUTE * LS_LETTERS_A_WORD * LS_CHARACTERS_A_MINUTE;
    uint64_t read = parts * LS_CHARACTERS_A_MINUTE + characters * LS_WORDS_A_MINUTE * LS_LETTERS_A_WORD;
    uint64_t minutes = (read + a_minute - 1) / a_minute;
    return minutes == 0 ? 1 : minutes > UINT32_MAX ? UINT32_MAX : (unsigned)minutes;
}
