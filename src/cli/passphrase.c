/* Passphrases: from a file, the environment, or the terminal. */
#include "cli/cli.h"
#include <sodium.h>
#include <stdlib.h>

static ls_result copy_secret(const char *from, size_t len, char *out, size_t cap, ls_detail *detail)
{
    if (len == 0 || len >= cap) {
        return ls_fail_with(&ls_fault_usage, detail, "a passphrase has 1 to %zu bytes", cap - 1);
    }
    memcpy(out, from, len);
    out[len] = '\0';
    return LS_SUCCESS;
}

static ls_result passphrase_from_file(const char *path, char *out, size_t cap, ls_detail *detail)
{
    ls_buf file = {0};
    ls_result r = ls_file_read(path, LS_PASSPHRASE_MAX, &file, detail);
    if (ls_succeeded(r)) {
        const uint8_t *end = file.len > 0 ? memchr(file.ptr, '\n', file.len) : NULL;
        r = copy_secret((const char *)file.ptr, end != NULL ? (size_t)(end - file.ptr) : file.len, out, cap, detail);
    }
    ls_buf_wipe(&file);
    return r;
}

static ls_result passphrase_from_terminal(ls_bytes vault, bool fresh, char *out, size_t cap, ls_detail *detail)
{
    char prompt[128];
    snprintf(prompt, sizeof prompt, fresh ? "New passphrase for %.*s: " : "Passphrase for %.*s: ", (int)vault.len,
             (const char *)vault.ptr);
    ls_result r = ls_terminal_secret(prompt, out, cap, detail);
    if (ls_failed(r) && r.fault == &ls_fault_missing) {
        ls_hint(detail, "give it with --passphrase-file FILE or LOCKSTEP_PASSPHRASE%s",
                fresh ? "; an exercise may do without: --exercise --no-passphrase" : "");
    }
    if (ls_failed(r) || !fresh) {
        return r;
    }
    char *again = sodium_malloc(cap);
    if (again == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    r = ls_terminal_secret("The same again: ", again, cap, detail);
    if (ls_succeeded(r) && strcmp(out, again) != 0) {
        r = ls_fail_with(&ls_fault_usage, detail, "the two passphrases differ");
    }
    if (ls_succeeded(r) && out[0] == '\0') {
        r = ls_fail_with(&ls_fault_usage, detail, "an empty passphrase protects nothing");
    }
    sodium_free(again);
    return r;
}

static ls_result ask_passphrase(void *context, ls_bytes vault, bool fresh, char *out, size_t cap, ls_detail *detail)
{
    const cli *c = context;
    const char *path = cli_value(c, "passphrase-file");
    const char *set = getenv("LOCKSTEP_PASSPHRASE");
    if (path != NULL) {
        return passphrase_from_file(path, out, cap, detail);
    }
    if (set != NULL) {
        return copy_secret(set, strlen(set), out, cap, detail);
    }
    return passphrase_from_terminal(vault, fresh, out, cap, detail);
}

ls_passphrase cli_passphrase(cli *c)
{
    return (ls_passphrase){ask_passphrase, c};
}
