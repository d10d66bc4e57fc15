/* UTF-8, strictly as in RFC 3629. */
#include <lockstep/bytes.h>

/* What a lead byte announces: how many bytes follow, its own bits, and the least value that needs this length. */
typedef struct lead {
    size_t more;
    uint32_t bits, least;
} lead;

static bool read_lead(uint8_t c, lead *out)
{
    if (c < 0x80) {
        *out = (lead){0, c, 0};
    } else if (c >= 0xc0 && c < 0xe0) {
        *out = (lead){1, c & 0x1fu, 0x80};
    } else if (c >= 0xe0 && c < 0xf0) {
        *out = (lead){2, c & 0x0fu, 0x800};
    } else if (c >= 0xf0 && c < 0xf8) {
        *out = (lead){3, c & 0x07u, 0x10000};
    } else {
        return false;
    }
    return true;
}

/* Advances only over a whole, valid character. The three conditions at the end are those that a bare decoder lets
 * through: forms longer than needed, values beyond Unicode, halves of UTF-16 pairs. */
static bool decode(ls_bytes text, size_t *offset, uint32_t *code_point)
{
    lead l;
    if (!read_lead(text.ptr[*offset], &l) || l.more >= text.len - *offset) {
        return false;
    }
    uint32_t value = l.bits;
    for (size_t i = 1; i <= l.more; i++) {
        uint8_t c = text.ptr[*offset + i];
        if ((c & 0xc0) != 0x80) {
            return false;
        }
        value = value << 6 | (c & 0x3fu);
    }
    if (value < l.least || value > 0x10ffff || (value >= 0xd800 && value < 0xe000)) {
        return false;
    }
    *offset += l.more + 1;
    *code_point = value;
    return true;
}

/* Nearly all text here is ASCII: eight bytes at a time. */
static size_t skip_ascii(ls_bytes text, size_t i)
{
    uint64_t word;
    for (; i + sizeof word <= text.len; i += sizeof word) {
        memcpy(&word, text.ptr + i, sizeof word);
        if ((word & 0x8080808080808080) != 0) {
            break;
        }
    }
    return i;
}

bool ls_utf8_valid(ls_bytes text)
{
    uint32_t ignored;
    for (size_t i = skip_ascii(text, 0); i < text.len; i = text.ptr[i - 1] < 0x80 ? i : skip_ascii(text, i)) {
        if (!decode(text, &i, &ignored)) {
            return false;
        }
    }
    return true;
}

uint32_t ls_utf8_next(ls_bytes text, size_t *offset)
{
    uint32_t code_point = 0xfffd;
    if (*offset < text.len && !decode(text, offset, &code_point)) {
        /* The caller broke the contract: go on all the same, so that no loop hangs. */
        (*offset)++;
    }
    return code_point;
}
