/* Verifier keys (C2SP signed-note). */
#include "crypto/crypto.h"
#include "crypto/sha256.h"
#include <lockstep/note.h>
#include <sodium.h>
#include <stdio.h>

const ls_fault ls_fault_vkey_form = {LS_CLASS_INVALID, "vkey-form", "not a verifier key (name+key id+key)"};

/* Unicode's White_Space property: first and last code points of its ranges. */
static const uint16_t white_space[][2] = {
    {0x09, 0x0d},     {0x20, 0x20},     {0x85, 0x85},     {0xa0, 0xa0},     {0x1680, 0x1680},
    {0x2000, 0x200a}, {0x2028, 0x2029}, {0x202f, 0x202f}, {0x205f, 0x205f}, {0x3000, 0x3000},
};

static bool is_white_space(uint32_t c)
{
    for (size_t i = 0; i < sizeof white_space / sizeof *white_space; i++) {
        if (c >= white_space[i][0] && c <= white_space[i][1]) {
            return true;
        }
    }
    return false;
}

bool ls_key_name_valid(ls_bytes name)
{
    if (name.len == 0 || name.len > LS_KEY_NAME_MAX || !ls_utf8_valid(name)) {
        return false;
    }
    for (size_t i = 0; i < name.len;) {
        uint32_t c = ls_utf8_next(name, &i);
        /* NUL would cut the name short in ls_vkey; the note format refuses control characters anyway. */
        if (c < 0x20 || c == '+' || is_white_space(c)) {
            return false;
        }
    }
    return true;
}

/* The id covers name, type and key, so it can't be kept while one of them is changed. */
void ls_vkey_make(ls_bytes name, uint8_t type, const uint8_t key[static 32], ls_vkey *out)
{
    const uint8_t head[] = {'\n', type};
    ls_sha256 s;
    ls_hash hash;
    ls_sha256_init(&s);
    ls_sha256_update(&s, name);
    ls_sha256_update(&s, ls_bytes_of(head, sizeof head));
    ls_sha256_update(&s, ls_bytes_of(key, 32));
    ls_sha256_final(&s, &hash);

    ls_vkey made = {.type = type};
    memcpy(made.name, name.ptr, name.len < LS_KEY_NAME_MAX ? name.len : LS_KEY_NAME_MAX);
    memcpy(made.id, hash.b, LS_KEY_ID_SIZE);
    memcpy(made.key, key, 32);
    *out = made;
}

/* Cut at the first two plus signs only: base64 may hold more of them. */
ls_result ls_vkey_parse(ls_bytes text, ls_vkey *out)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes name, id_hex;
    uint8_t id[LS_KEY_ID_SIZE], key[33];
    size_t len;
    if (!ls_read_until(&r, '+', &name) || !ls_read_until(&r, '+', &id_hex) || !ls_key_name_valid(name) ||
        !ls_hex_decode(id_hex, id, sizeof id) ||
        !ls_base64_decode(ls_read_bytes(&r, ls_reader_left(&r)), key, sizeof key, &len) || len != sizeof key) {
        return ls_fail(&ls_fault_vkey_form);
    }
    ls_vkey made;
    ls_vkey_make(name, key[0], key + 1, &made);
    bool type_known = made.type == LS_KEY_ED25519 || made.type == LS_KEY_COSIGNATURE;
    if (!type_known || memcmp(made.id, id, sizeof id) != 0 || !ls_ed25519_key_valid(made.key)) {
        return ls_fail(&ls_fault_vkey_form);
    }
    *out = made;
    return LS_SUCCESS;
}

void ls_vkey_format(const ls_vkey *k, char out[static LS_VKEY_SIZE])
{
    char id[2 * LS_KEY_ID_SIZE + 1], base64[LS_BASE64_SIZE(33) + 1];
    uint8_t key[33] = {k->type};
    memcpy(key + 1, k->key, 32);
    ls_hex_encode(ls_bytes_of(k->id, LS_KEY_ID_SIZE), id);
    sodium_bin2base64(base64, sizeof base64, key, sizeof key, sodium_base64_VARIANT_ORIGINAL);
    snprintf(out, LS_VKEY_SIZE, "%s+%s+%s", k->name, id, base64);
}
