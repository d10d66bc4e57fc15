/*
 * Words to read aloud: each 16 bits are a proquint (D. Wilkerson, arXiv:0901.4016), five letters that can be spoken and
 * spelled. A fingerprint of 32 bytes is 16 words.
 */
#ifndef LS_PROCESS_WORDS_H
#define LS_PROCESS_WORDS_H

#include <lockstep/note.h>

#define LS_WORD_SIZE 6 /* five letters and NUL */
#define LS_HASH_WORDS (LS_HASH_SIZE / 2)

void ls_word_format(uint16_t value, char out[static LS_WORD_SIZE]);
/* Lower-case letters only; false if it is no such word. */
bool ls_word_parse(ls_bytes word, uint16_t *out);
/* The i-th word of a hash, i below LS_HASH_WORDS. */
void ls_hash_word(const ls_hash *h, size_t i, char out[static LS_WORD_SIZE]);

/* SHA-256 of the verifier key as it stands in a charter, without a newline. */
void ls_vkey_fingerprint(const ls_vkey *key, ls_hash *out);

#endif
