/* Plain text: the characters that signed text may not hold, as one table. */
#include "process/plain.h"

/* First and last code points, ascending. Newline, the one control that is welcome, lies between the first two. */
static const uint16_t refused[][2] = {
    {0x0000, 0x0009}, {0x000b, 0x001f}, {0x007f, 0x009f}, {0x061c, 0x061c},
    {0x200e, 0x200f}, {0x2028, 0x202e}, {0x2066, 0x2069},
};

bool ls_plain_char(uint32_t code_point)
{
    for (size_t i = 0; i < sizeof refused / sizeof *refused && code_point >= refused[i][0]; i++) {
        if (code_point <= refused[i][1]) {
            return false;
        }
    }
    return true;
}

bool ls_plain_valid(ls_bytes text)
{
    if (!ls_utf8_valid(text)) {
        return false;
    }
    for (size_t i = 0; i < text.len;) {
        if (text.ptr[i] >= 0x20 && text.ptr[i] < 0x7f) {
            i++;
        } else if (!ls_plain_char(ls_utf8_next(text, &i))) {
            return false;
        }
    }
    return true;
}
