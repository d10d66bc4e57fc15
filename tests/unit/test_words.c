/* Tests of words to read aloud: the examples of the proposal for proquints, every word there and back, fingerprints. */
#include "process/words.h"
#include "vectors.h"

/* arXiv:0901.4016, "Examples": IPv4 addresses, two words each. */
static void examples_of_the_proposal(void **state)
{
    (void)state;
    static const struct {
        uint8_t address[4];
        const char *words;
    } examples[] = {
        {{127, 0, 0, 1}, "lusab-babad"},      {{63, 84, 220, 193}, "gutih-tugad"},
        {{63, 118, 7, 35}, "gutuk-bisog"},    {{140, 98, 193, 141}, "mudof-sakat"},
        {{64, 255, 6, 200}, "haguz-biram"},   {{128, 30, 52, 45}, "mabiv-gibot"},
        {{147, 67, 119, 2}, "natag-lisaf"},   {{212, 58, 253, 68}, "tibup-zujah"},
        {{216, 35, 68, 215}, "tobog-higil"},  {{216, 68, 232, 21}, "todah-vobij"},
        {{198, 81, 129, 136}, "sinid-makam"}, {{12, 110, 110, 204}, "budov-kuras"},
    };
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        char words[2][LS_WORD_SIZE], both[2 * LS_WORD_SIZE];
        const uint8_t *a = examples[i].address;
        ls_word_format((uint16_t)(a[0] << 8 | a[1]), words[0]);
        ls_word_format((uint16_t)(a[2] << 8 | a[3]), words[1]);
        snprintf(both, sizeof both, "%s-%s", words[0], words[1]);
        assert_string_equal(both, examples[i].words);
    }
}

static void there_and_back(void **state)
{
    (void)state;
    char word[LS_WORD_SIZE], before[LS_WORD_SIZE] = "";
    for (unsigned v = 0; v < 65536; v++) {
        uint16_t back;
        ls_word_format((uint16_t)v, word);
        assert_true(ls_word_parse(ls_bytes_str(word), &back));
        assert_int_equal(back, v);
        assert_true(strcmp(before, word) < 0); /* the alphabets are sorted, so the words are */
        memcpy(before, word, sizeof before);
    }
}

static void no_words(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "lusa", "lusabb", "lusax", "Lusab", "lusab-", "ausab", "lesab", "lu ab"};
    uint16_t untouched = 7;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(ls_word_parse(ls_bytes_str(wrong[i]), &untouched));
    }
    assert_false(ls_word_parse(ls_bytes_of("lu\0ab", 5), &untouched));
    assert_int_equal(untouched, 7);
}

/* printf '%s' <vkey> | sha256sum */
static void fingerprint_of_a_key(void **state)
{
    (void)state;
    ls_vkey key;
    ls_hash h;
    char hex[LS_HEX_HASH_SIZE], word[LS_WORD_SIZE];
    assert_success(
        ls_vkey_parse(ls_bytes_str("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"), &key));
    ls_vkey_fingerprint(&key, &h);
    ls_hash_format(&h, hex);
    assert_string_equal(hex, "a82f24c48c9ee106dd11952a8026e14f3760ae4686748dd80e6cae8dd4e98a04");
    ls_hash_word(&h, 0, word);
    assert_string_equal(word, "poboz");
    ls_hash_word(&h, LS_HASH_WORDS - 1, word);
    assert_string_equal(word, "momah");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(examples_of_the_proposal),
        cmocka_unit_test(there_and_back),
        cmocka_unit_test(no_words),
        cmocka_unit_test(fingerprint_of_a_key),
    };
    return cmocka_run_group_tests_name("words", tests, NULL, NULL);
}
