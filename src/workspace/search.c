/* A search with its list, and a side's own part in it: made, kept under a key from the seed, and found again. */
#include "workspace/search.h"
#include "base/value.h"
#include "workspace/reading.h"
#include <sodium.h>
#include <stdio.h>

_Static_assert(LS_OPTIONS_MAX == LS_PSI_OPTIONS_MAX, "what may be agreed on can be searched");
_Static_assert(LS_RULE_EARLIEST - 1 == (int)LS_PSI_EARLIEST && LS_RULE_BORDA - 1 == (int)LS_PSI_BORDA &&
                   LS_RULE_LEAST_REGRET - 1 == (int)LS_PSI_LEAST_REGRET,
               "rules in one order");

#define KEPT "searches"
#define KEPT_MAX (1u << 20)

static const char label_choice[] = "lockstep choice v1";

/* The search. */

ls_result ls_search_read(ls_workspace *ws, const ls_schedule_state *state, ls_arena *arena, ls_search *out,
                         ls_detail *detail)
{
    const ls_charter *c = ls_record_charter(ws->record);
    const ls_talk *search = state->search;
    const ls_party *me = ls_workspace_party(ws);
    ls_act *act = ls_arena_alloc(arena, sizeof *act);
    ls_bytes document;
    if (act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    LS_TRY(ls_workspace_read_act(ws, search->index, arena, act, detail));
    LS_TRY(ls_workspace_fetch(ws, &act->attachment[0].hash, LS_VALUE_DOCUMENT_MAX, arena, &document));
    ls_search s = {.state = state, .rule = (ls_psi_rule)(search->word - LS_RULE_EARLIEST), .side = LS_SEARCH_SIDES};
    s.run = (ls_psi_run){.sid = act->id, .cap = search->cap};
    for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
        s.run.party[side] = c->party[ls_schedule_party(search, side)].name;
    }
    s.side = me == NULL ? LS_SEARCH_SIDES : ls_schedule_side(search, (size_t)(me - c->party));
    LS_TRY(ls_psi_options_parse(arena, document, &s.options, detail));
    *out = s;
    return LS_SUCCESS;
}

/* Memory. */

#define ALIGNMENT 16 /* guarded memory ends where a page does */

static ls_search_own *new_own(uint32_t options)
{
    size_t head = (sizeof(ls_search_own) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    size_t size = head + (size_t)options * (2 * sizeof(uint32_t) + 1);
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    uint8_t *memory = sodium_malloc(size);
    if (memory == NULL) {
        return NULL;
    }
    memset(memory, 0, size);
    ls_search_own *own = (ls_search_own *)(void *)memory;
    own->preferred = (uint32_t *)(void *)(memory + head);
    own->order = own->preferred + options;
    own->chosen = (uint8_t *)(own->order + options);
    return own;
}

void ls_search_own_free(ls_search_own *own)
{
    if (own != NULL) {
        ls_buf_wipe(&own->offer);
        sodium_free(own);
    }
}

static ls_result read_seed(ls_workspace *ws, ls_search_own *own, ls_detail *detail)
{
    ls_secret *seed = NULL;
    LS_TRY(ls_workspace_unseal(ws, LS_VAULT_DELEGATION, ls_bytes_str("delegation"), &seed, detail));
    memcpy(own->seed, ls_secret_bytes(seed), LS_SEED_SIZE);
    ls_secret_free(seed);
    return LS_SUCCESS;
}

/* Making. */

static ls_result make_offer(const ls_search *s, ls_search_own *own, ls_hash *commitment, ls_detail *detail)
{
    for (uint32_t i = 0; i < own->count; i++) {
        own->chosen[own->preferred[i]] = 1;
    }
    ls_psi_secret_derive(own->seed, &s->run, s->side, own->chosen, s->options.count, &own->secret);
    LS_TRY(ls_psi_offer(&s->run, s->side, s->options.text, own->chosen, s->options.count, &own->secret, &own->offer,
                        own->order, detail));
    ls_psi_commitment(ls_buf_bytes(&own->offer), commitment);
    return LS_SUCCESS;
}

ls_result ls_search_choose(ls_workspace *ws, const ls_search *s, const uint32_t *preferred, uint32_t count,
                           ls_search_own **out, ls_hash *commitment, ls_detail *detail)
{
    ls_search_own *own = new_own(s->options.count);
    if (own == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    own->count = count;
    memcpy(own->preferred, preferred, count * sizeof *preferred);
    ls_result r = read_seed(ws, own, detail);
    r = ls_succeeded(r) ? make_offer(s, own, commitment, detail) : r;
    if (ls_failed(r)) {
        ls_search_own_free(own);
        return r;
    }
    *out = own;
    return LS_SUCCESS;
}

/*
 * Keeping: "lockstep choice v1" ‖ 00 ‖ nonce[24] ‖ sealed(u32 chosen options ‖ as many numbers as the list has options,
 * each a u32: those chosen, the best first, then ffffffff), with what stands before and the commitment as additional
 * data.
 */

static void choice_key(const ls_search *s, const ls_search_own *own, uint8_t key[static 32])
{
    ls_buf message = {0};
    ls_buf_put(&message, label_choice, sizeof label_choice);
    ls_buf_put(&message, s->run.sid.b, LS_HASH_SIZE);
    ls_buf_put_u8(&message, (uint8_t)s->run.party[s->side].len);
    ls_buf_put_bytes(&message, s->run.party[s->side]);
    ls_blake2b_keyed(own->seed, ls_buf_bytes(&message), key);
    ls_buf_free(&message);
}

static void put_additional(const ls_hash *commitment, ls_buf *out)
{
    ls_buf_put(out, label_choice, sizeof label_choice);
    ls_buf_put(out, commitment->b, LS_HASH_SIZE);
}

static size_t plain_size(const ls_search *s)
{
    return sizeof(uint32_t) * (1 + (size_t)s->options.count);
}

static ls_result seal_choice(const ls_search *s, const ls_search_own *own, const ls_hash *commitment, ls_buf *file)
{
    uint8_t key[32], nonce[LS_AEAD_NONCE_SIZE];
    ls_buf plain = {0}, additional = {0};
    ls_buf_put_u32(&plain, own->count);
    for (uint32_t i = 0; i < s->options.count; i++) {
        ls_buf_put_u32(&plain, i < own->count ? own->preferred[i] : UINT32_MAX);
    }
    put_additional(commitment, &additional);
    ls_random(nonce, sizeof nonce);
    ls_buf_put(file, label_choice, sizeof label_choice);
    ls_buf_put(file, nonce, sizeof nonce);
    uint8_t *sealed = ls_buf_extend(file, plain_size(s) + LS_AEAD_TAG_SIZE);
    bool ready = sealed != NULL && !plain.failed && !additional.failed;
    if (ready) {
        choice_key(s, own, key);
        ls_aead_seal(key, nonce, ls_buf_bytes(&plain), ls_buf_bytes(&additional), sealed);
        ls_wipe(key, sizeof key);
    }
    ls_buf_wipe(&plain);
    ls_buf_free(&additional);
    return ready ? LS_SUCCESS : ls_fail(&ls_fault_memory);
}

static ls_result path_of(const ls_workspace *ws, const ls_hash *commitment, char out[static 4096])
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(commitment, hex);
    return ls_workspace_path(ws, out, KEPT "/%s", hex);
}

bool ls_search_kept(const ls_workspace *ws, const ls_hash *commitment)
{
    char path[4096];
    return ls_succeeded(path_of(ws, commitment, path)) && ls_file_exists(path);
}

ls_result ls_search_keep(const ls_workspace *ws, const ls_search *s, const ls_search_own *own,
                         const ls_hash *commitment, ls_detail *detail)
{
    char path[4096];
    ls_buf file = {0};
    LS_TRY(ls_workspace_path(ws, path, KEPT));
    LS_TRY(ls_folder_make(path, detail));
    LS_TRY(path_of(ws, commitment, path));
    ls_result r = seal_choice(s, own, commitment, &file);
    r = ls_succeeded(r) ? ls_file_write(path, ls_buf_bytes(&file), detail) : r;
    ls_buf_free(&file);
    return r;
}

/* Finding again. */

static bool take_choice(const ls_search *s, ls_bytes plain, ls_search_own *own)
{
    ls_reader r = ls_reader_of(plain);
    own->count = ls_read_u32(&r);
    bool good = own->count <= s->options.count;
    for (uint32_t i = 0; good && i < own->count; i++) {
        own->preferred[i] = ls_read_u32(&r);
        good = own->preferred[i] < s->options.count;
    }
    return good && !r.failed;
}

static bool unseal_choice(const ls_search *s, const ls_hash *commitment, ls_bytes file, ls_search_own *own)
{
    uint8_t key[32];
    ls_buf additional = {0};
    const size_t head = sizeof label_choice + LS_AEAD_NONCE_SIZE, size = plain_size(s);
    if (file.len != head + size + LS_AEAD_TAG_SIZE || memcmp(file.ptr, label_choice, sizeof label_choice) != 0) {
        return false;
    }
    uint8_t *plain = sodium_malloc(size);
    put_additional(commitment, &additional);
    bool good = plain != NULL && !additional.failed;
    if (good) {
        choice_key(s, own, key);
        good = ls_aead_open(key, file.ptr + sizeof label_choice, ls_bytes_of(file.ptr + head, size + LS_AEAD_TAG_SIZE),
                            ls_buf_bytes(&additional), plain) &&
               take_choice(s, ls_bytes_of(plain, size), own);
        ls_wipe(key, sizeof key);
    }
    sodium_free(plain);
    ls_buf_free(&additional);
    return good;
}

static ls_result lost(const ls_search *s, uint32_t act, ls_detail *detail)
{
    ls_hint(detail,
            "lockstep schedule choose %u --mine FILE, with the same options, puts it back; else open the search anew",
            s->state->search->index);
    return ls_fail_with(&ls_fault_workspace, detail,
                        "the choice that this party committed to in act %u is not in this workspace", act);
}

static ls_result open_own(ls_workspace *ws, const ls_search *s, const ls_talk *committed, ls_search_own *own,
                          ls_detail *detail)
{
    char path[4096];
    ls_buf file = {0};
    ls_hash commitment;
    LS_TRY(path_of(ws, &committed->value, path));
    LS_TRY(read_seed(ws, own, detail));
    LS_TRY(ls_file_read(path, KEPT_MAX, &file, detail));
    bool good = unseal_choice(s, &committed->value, ls_buf_bytes(&file), own);
    ls_buf_free(&file);
    if (!good) {
        ls_hint(detail,
                "it was kept under the seed that was here when this party committed; else open the search anew");
        return ls_fail_with(&ls_fault_workspace, detail, "%s does not open with the seed that is here", path);
    }
    LS_TRY(make_offer(s, own, &commitment, detail));
    return ls_hash_equal(&commitment, &committed->value) ? LS_SUCCESS : lost(s, committed->index, detail);
}

ls_result ls_search_own_open(ls_workspace *ws, const ls_search *s, ls_search_own **out, ls_detail *detail)
{
    const ls_talk *committed = s->side < LS_SEARCH_SIDES ? s->state->step[s->side][LS_SEARCH_LIST] : NULL;
    if (committed == NULL) {
        return ls_fail_with(&ls_fault_usage, detail, "this party has not committed to a choice in this search");
    }
    if (!ls_search_kept(ws, &committed->value)) {
        return lost(s, committed->index, detail);
    }
    ls_search_own *own = new_own(s->options.count);
    ls_result r = own == NULL ? ls_fail(&ls_fault_memory) : open_own(ws, s, committed, own, detail);
    if (ls_failed(r)) {
        ls_search_own_free(own);
        return r;
    }
    *out = own;
    return LS_SUCCESS;
}
