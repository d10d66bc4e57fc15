#include "portal/strings.h"
#include "portal/strings_data.h"

/* Keys are sorted by the generator. */
static size_t find(const char *key)
{
    size_t low = 0, high = ls_portal_key_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(ls_portal_keys[middle], key);
        if (order == 0) {
            return middle;
        }
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return SIZE_MAX;
}

const ls_portal_language *ls_portal_language_of(ls_bytes code)
{
    for (size_t i = 0; i < ls_portal_language_count; i++) {
        if (ls_bytes_is(code, ls_portal_languages[i].code)) {
            return &ls_portal_languages[i];
        }
    }
    return NULL;
}

const char *ls_portal_say(const ls_portal_language *language, const char *key)
{
    size_t i = find(key);
    if (i == SIZE_MAX) {
        return key;
    }
    const char *text = language->text[i] != NULL ? language->text[i] : ls_portal_languages[0].text[i];
    return text != NULL ? text : key;
}

bool ls_portal_knows(const char *key)
{
    return find(key) != SIZE_MAX;
}

size_t ls_portal_key_total(void)
{
    return ls_portal_key_count;
}
