/* charter show --yaml: the charter in force as people wrote it, to write an amendment from. */
#include "cli/cli.h"
#include "ledger/ledger.h"
#include "workspace/declare.h"

/* The YAML that was signed last, by the charter itself or by an amendment. */
static ls_result signed_yaml(cli *c, ls_bytes *out)
{
    const ls_record *r = c->ws.record;
    ls_ledger *copy = ls_replica_ledger(c->ws.replica);
    uint64_t index = 0;
    ls_buf note = {0}, proof = {0};
    ls_act act;
    for (size_t i = 0; i < ls_record_change_count(r); i++) {
        uint64_t at = ls_record_change_at(r, i);
        index = ls_bytes_is(ls_record_at(r, at).kind, "amend") ? at : index;
    }
    ls_result result = ls_workspace_prove(&c->ws, index, &note, &proof, &c->detail);
    if (ls_succeeded(result)) {
        result = ls_act_parse(ls_buf_bytes(&note), false, &act, &c->detail);
    }
    *out = (ls_bytes){0};
    for (size_t i = 0; ls_succeeded(result) && i < act.attachment_count; i++) {
        if (ls_bytes_is(act.attachment[i].file_name, "charter.yaml")) {
            result = ls_ledger_fetch_arena(copy, &act.attachment[i].hash, act.attachment[i].size, &c->arena, out);
        }
    }
    ls_buf_free(&note);
    ls_buf_free(&proof);
    if (ls_succeeded(result) && out->len == 0) {
        result = ls_fail_with(&ls_fault_absent, &c->detail, "the charter was signed without YAML: see --json");
    }
    return result;
}

static void replace(ls_buf *text, const char *old, const char *new)
{
    const char *from = ls_buf_cstr(text), *found;
    ls_buf out = {0};
    while (from != NULL && (found = strstr(from, old)) != NULL) {
        ls_buf_put(&out, from, (size_t)(found - from));
        ls_buf_put_str(&out, new);
        from = found + strlen(old);
    }
    ls_buf_put_str(&out, from == NULL ? "" : from);
    ls_buf_free(text);
    *text = out;
}

/* Every key as it is in force, in the place of the one that was signed; a key's text stands nowhere else. */
static void put_keys(ls_charter *now, const ls_charter *signed_one, ls_buf *text)
{
    ls_key_entry k;
    for (size_t i = 0; ls_charter_key(signed_one, i, &k); i++) {
        char old[LS_VKEY_SIZE], new[LS_VKEY_SIZE];
        ls_key_slot slot;
        if (k.party != LS_NO_PARTY && ls_charter_slot(now, k.party, k.key->name, k.key->type, &slot)) {
            ls_vkey_format(k.key, old);
            ls_vkey_format(slot.key, new);
            replace(text, old, new);
        }
    }
    if (strcmp(now->ledger.name, signed_one->ledger.name) != 0) {
        char old[LS_VKEY_SIZE], new[LS_VKEY_SIZE];
        ls_vkey_format(&signed_one->ledger, old);
        ls_vkey_format(&now->ledger, new);
        replace(text, old, new);
        replace(text, signed_one->ledger.name, now->ledger.name);
    }
}

/* A delegate that an amended charter does not list ends: whoever writes one is told of those that came since. */
static void put_delegates(const ls_charter *now, ls_buf *text)
{
    ls_key_entry k;
    for (size_t i = 0; ls_charter_key(now, i, &k); i++) {
        char vkey[LS_VKEY_SIZE];
        ls_vkey_format(k.key, vkey);
        if (k.purpose == LS_KEY_OF_DELEGATE && k.until != LS_TIME_ENDED && strstr(ls_buf_cstr(text), vkey) == NULL) {
            ls_buf_format(text, "# Came since, and ends unless it stands under access of %.*s: \"%s\"\n",
                          (int)k.owner.len, (const char *)k.owner.ptr, vkey);
        }
    }
}

ls_result cli_print_charter_yaml(cli *c)
{
    ls_bytes yaml;
    ls_value *v;
    ls_buf text = {0};
    ls_diagnostics *d = ls_arena_alloc(&c->arena, sizeof *d);
    ls_charter *was = ls_arena_alloc(&c->arena, sizeof *was);
    ls_charter *now = ls_charter_copy(&c->arena, ls_record_charter(c->ws.record));
    if (d == NULL || was == NULL || now == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    d->arena = &c->arena;
    LS_TRY(signed_yaml(c, &yaml));
    LS_TRY(ls_json_parse(&c->arena, ls_record_charter_json(c->ws.record), &v, &c->detail));
    ls_charter_read(&c->arena, v, d, was);
    ls_buf_put_bytes(&text, yaml);
    put_keys(now, was, &text);
    put_delegates(now, &text);
    ls_result r = ls_buf_check(&text);
    if (ls_succeeded(r)) {
        fwrite(text.ptr, 1, text.len, stdout);
    }
    ls_buf_free(&text);
    return r;
}
