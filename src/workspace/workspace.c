/* A workspace's folder: made, opened, refused. */
#include "workspace/workspace.h"
#include "base/value.h"
#include "crypto/crypto.h"
#include "ledger/remote.h"
#include <sodium.h>
#include <stdio.h>

const ls_fault ls_fault_workspace = {LS_CLASS_USAGE, "not-a-workspace", "not a workspace that can be used"};
const ls_fault ls_fault_document = {LS_CLASS_USAGE, "document-errors", "the document has errors"};

#define CONFIG_MAX (64u << 10)

ls_result ls_workspace_path(const ls_workspace *ws, char out[static 4096], const char *format, ...)
{
    char relative[1024];
    va_list args;
    va_start(args, format);
    int wanted = vsnprintf(relative, sizeof relative, format, args);
    va_end(args);
    bool fits = wanted >= 0 && (size_t)wanted < sizeof relative && strlen(ws->path) + 1 + (size_t)wanted < 4096;
    if (!fits) {
        return ls_fail(&ls_fault_usage);
    }
    snprintf(out, 4096, "%.3000s/%s", ws->path, relative);
    return LS_SUCCESS;
}

/* workspace.json */

static ls_value *config_value(ls_arena *a, const ls_workspace *ws)
{
    char process[LS_HEX_HASH_SIZE] = "";
    if (ws->has_process) {
        ls_hash_format(&ws->process, process);
    }
    const ls_entry entries[] = {
        {.key = ls_bytes_str("domain"), .value = ls_value_string(a, ws->domain)},
        {.key = ls_bytes_str("exercise"), .value = ls_value_integer(a, ws->exercise)},
        {.key = ls_bytes_str("ledger"), .value = ls_value_string(a, ls_bytes_str(ws->ledger_path))},
        {.key = ls_bytes_str("lockstep"), .value = ls_value_string(a, ls_bytes_str("workspace v1"))},
        {.key = ls_bytes_str("party"), .value = ls_value_string(a, ws->party)},
        {.key = ls_bytes_str("process"), .value = ls_value_string(a, ls_bytes_str(process))},
        {.key = ls_bytes_str("protected"), .value = ls_value_integer(a, ws->protected)},
    };
    return ls_value_map(a, sizeof entries / sizeof *entries, entries);
}

ls_result ls_workspace_save(const ls_workspace *ws, ls_detail *detail)
{
    char path[4096];
    ls_arena arena = {0};
    ls_buf json = {0};
    if (!ls_utf8_valid(ls_bytes_str(ws->ledger_path))) {
        ls_hint(detail, "name the ledger's folder otherwise; a workspace's own folder may have any name");
        return ls_fail_with(&ls_fault_usage, detail, "the ledger's path is not UTF-8");
    }
    ls_value *v = config_value(&arena, ws);
    ls_result r = v == NULL ? ls_fail(&ls_fault_memory) : ls_workspace_path(ws, path, "workspace.json");
    if (ls_succeeded(r)) {
        ls_json_canonical(v, &json);
        ls_buf_put_str(&json, "\n");
        r = ls_buf_check(&json);
    }
    if (ls_succeeded(r)) {
        r = ls_file_write(path, ls_buf_bytes(&json), detail);
    }
    ls_buf_free(&json);
    ls_arena_free(&arena);
    return r;
}

static bool config_string(const ls_value *v, const char *key, ls_bytes *out)
{
    const ls_value *s = ls_value_get(v, key);
    if (s == NULL || s->type != LS_STRING) {
        return false;
    }
    *out = s->string;
    return true;
}

static bool config_flag(const ls_value *v, const char *key, bool *out)
{
    const ls_value *n = ls_value_get(v, key);
    if (n == NULL || n->type != LS_INTEGER || n->integer < 0 || n->integer > 1) {
        return false;
    }
    *out = n->integer == 1;
    return true;
}

static bool read_config(ls_workspace *ws, const ls_value *v)
{
    ls_bytes version, ledger, process;
    bool ok = config_string(v, "lockstep", &version) && ls_bytes_is(version, "workspace v1") &&
              config_string(v, "party", &ws->party) && ls_name_valid(ws->party) &&
              config_string(v, "domain", &ws->domain) && config_string(v, "ledger", &ledger) &&
              config_string(v, "process", &process) && config_flag(v, "exercise", &ws->exercise) &&
              config_flag(v, "protected", &ws->protected);
    if (!ok) {
        return false;
    }
    ws->has_process = process.len > 0;
    if (ws->has_process && !ls_hash_parse(process, &ws->process)) {
        return false;
    }
    ws->ledger_path = ls_arena_str(&ws->arena, ledger);
    return ws->ledger_path != NULL;
}

static ls_result load_config(ls_workspace *ws, ls_detail *detail)
{
    char path[4096];
    ls_buf text = {0};
    ls_value *v;
    LS_TRY(ls_workspace_path(ws, path, "workspace.json"));
    if (!ls_file_exists(path)) {
        ls_hint(detail, "make one with: lockstep init %s --party NAME, or name another with -C FOLDER", ws->path);
        return ls_fail_with(&ls_fault_workspace, detail, "%s is not a workspace", ws->path);
    }
    ls_result r = ls_file_read(path, CONFIG_MAX, &text, detail);
    if (ls_succeeded(r)) {
        char *kept = ls_arena_str(&ws->arena, ls_buf_bytes(&text));
        r = kept == NULL ? ls_fail(&ls_fault_memory)
                         : ls_json_parse(&ws->arena, ls_bytes_of(kept, text.len), &v, detail);
    }
    ls_buf_free(&text);
    if (ls_succeeded(r) && !read_config(ws, v)) {
        r = ls_fail_with(&ls_fault_workspace, detail, "%s is damaged, or of another version", path);
    }
    return r;
}

/* Others must not read any of it: every folder that holds something private is looked at. */
static ls_result check_private(const ls_workspace *ws, ls_detail *detail)
{
    static const char *const places[] = {"workspace.json", "vaults", "declarations", "outbox"};
    LS_TRY(ls_private_check(ws->path, detail));
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        char path[4096];
        LS_TRY(ls_workspace_path(ws, path, "%s", places[i]));
        LS_TRY(ls_private_check(path, detail));
    }
    return LS_SUCCESS;
}

ls_result ls_workspace_open(const char *path, ls_passphrase passphrase, ls_workspace *ws, ls_detail *detail)
{
    char lock[4096];
    *ws = (ls_workspace){.passphrase = passphrase, .lock = {-1}};
    if (strlen(path) >= 3000) {
        return ls_fail_with(&ls_fault_usage, detail, "the path is too long");
    }
    memcpy(ws->path, path, strlen(path) + 1);
    ls_result r = load_config(ws, detail);
    if (ls_succeeded(r)) {
        r = check_private(ws, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_workspace_path(ws, lock, "lock");
    }
    if (ls_succeeded(r)) {
        r = ls_lock_take(lock, &ws->lock, detail);
    }
    if (ls_failed(r)) {
        ls_workspace_close(ws);
    }
    return r;
}

void ls_workspace_close(ls_workspace *ws)
{
    ls_workspace_forget_outbox(ws);
    ls_replica_close(ws->replica);
    if (ws->ledger != NULL) {
        ws->ledger->methods->close(ws->ledger);
    }
    if (ws->lock.fd >= 0) {
        ls_unlock(&ws->lock);
    }
    ls_arena_free(&ws->arena);
    *ws = (ls_workspace){.lock = {-1}};
}

const ls_party *ls_workspace_party(const ls_workspace *ws)
{
    const ls_charter *c = ws->record == NULL ? NULL : ls_record_charter(ws->record);
    return c == NULL ? NULL : ls_charter_party(c, ws->party);
}

ls_result ls_workspace_no_process(const ls_workspace *ws, ls_detail *detail)
{
    if (ws->has_process && ws->ledger != NULL && ws->offline) {
        /* The process may well be on the record: there was nobody to ask. */
        ls_hint(detail, "lockstep sync brings the record, once the server answers");
        return ls_fail_with(ws->denied ? &ls_fault_denied : &ls_fault_unreachable, detail,
                            "nothing of the record is here yet, and the server %s",
                            ws->denied ? "does not let this workspace in" : "could not be reached");
    }
    if (!ws->has_process) {
        ls_hint(detail, "the charter comes first: lockstep charter new");
    } else if (strcmp(ws->ledger_path, LS_LEDGER_COURIER) == 0) {
        ls_hint(detail, "a courier brings the record: lockstep sync --from FILE");
    } else {
        ls_hint(detail, "lockstep sync brings the record, once all have signed the charter");
    }
    return ls_fail_with(&ls_fault_process, detail, "there is no process on the record yet");
}

/* Vaults. */

ls_result ls_workspace_unseal(const ls_workspace *ws, ls_vault_purpose purpose, ls_bytes name, ls_secret **out,
                              ls_detail *detail)
{
    char path[4096];
    ls_buf file = {0};
    LS_TRY(ls_workspace_path(ws, path, "vaults/%.*s.vault", (int)name.len, name.ptr));
    LS_TRY(ls_private_check(path, detail));
    ls_result r = ls_file_read(path, CONFIG_MAX, &file, detail);
    ls_vault_header header;
    if (ls_succeeded(r)) {
        r = ls_vault_peek(ls_buf_bytes(&file), &header);
    }
    if (ls_succeeded(r) && !header.protected && !ws->exercise) {
        r = ls_fail_with(&ls_fault_vault_open, detail, "%s has no passphrase, and this is no exercise", path);
    }
    char *passphrase = NULL;
    if (ls_succeeded(r) && header.protected) {
        passphrase = sodium_malloc(LS_PASSPHRASE_MAX);
        r = passphrase == NULL
                ? ls_fail(&ls_fault_memory)
                : ws->passphrase.ask(ws->passphrase.context, name, false, passphrase, LS_PASSPHRASE_MAX, detail);
    }
    if (ls_succeeded(r)) {
        r = ls_vault_unseal(ls_buf_bytes(&file), purpose, name, passphrase, out);
        if (ls_failed(r)) {
            r = ls_fail_with(r.fault, detail, "%s does not open: %s", path, r.fault->sentence);
        }
    }
    sodium_free(passphrase);
    ls_buf_wipe(&file);
    return r;
}
