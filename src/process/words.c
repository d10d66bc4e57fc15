/* Proquints: consonant, vowel, consonant, vowel, consonant, of 4, 2, 4, 2 and 4 bits. */
#include "process/words.h"
#include "crypto/sha256.h"

#define LETTERS 5

static const struct letter {
    const char *alphabet;
    unsigned shift, mask;
} letters[LETTERS] = {
    {"bdfghjklmnprstvz", 12, 15}, {"aiou", 10, 3}, {"bdfghjklmnprstvz", 6, 15}, {"aiou", 4, 3},
    {"bdfghjklmnprstvz", 0, 15},
};

void ls_word_format(uint16_t value, char out[static LS_WORD_SIZE])
{
    for (size_t i = 0; i < LETTERS; i++) {
        out[i] = letters[i].alphabet[value >> letters[i].shift & letters[i].mask];
    }
    out[LETTERS] = '\0';
}

bool ls_word_parse(ls_bytes word, uint16_t *out)
{
    unsigned value = 0;
    if (word.len != LETTERS) {
        return false;
    }
    for (size_t i = 0; i < LETTERS; i++) {
        const char *at = word.ptr[i] == 0 ? NULL : strchr(letters[i].alphabet, word.ptr[i]);
        if (at == NULL) {
            return false;
        }
        value |= (unsigned)(at - letters[i].alphabet) << letters[i].shift;
    }
    *out = (uint16_t)value;
    return true;
}

void ls_hash_word(const ls_hash *h, size_t i, char out[static LS_WORD_SIZE])
{
    ls_word_format((uint16_t)(h->b[2 * i] << 8 | h->b[2 * i + 1]), out);
}

void ls_vkey_fingerprint(const ls_vkey *key, ls_hash *out)
{
    char text[LS_VKEY_SIZE];
    ls_vkey_format(key, text);
    ls_sha256_hash(ls_bytes_str(text), out);
}
