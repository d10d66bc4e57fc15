/* What the verbs share: options, and the workspace. */
#include "cli/cli.h"
#include <stdlib.h>
#include <unistd.h>

/* Options. */

const char *cli_value(const cli *c, const char *name)
{
    for (size_t i = c->value_count; i-- > 0;) {
        if (strcmp(c->value[i].name, name) == 0) {
            return c->value[i].value;
        }
    }
    return NULL;
}

bool cli_flag(const cli *c, const char *name)
{
    for (size_t i = 0; i < c->value_count; i++) {
        if (strcmp(c->value[i].name, name) == 0) {
            return true;
        }
    }
    return false;
}

const char *const *cli_values(cli *c, const char *name, size_t *count)
{
    const char **values = ls_arena_array(&c->arena, c->value_count + 1, sizeof *values);
    *count = 0;
    for (size_t i = 0; values != NULL && i < c->value_count; i++) {
        if (strcmp(c->value[i].name, name) == 0) {
            values[(*count)++] = c->value[i].value;
        }
    }
    return values;
}

ls_result cli_number(cli *c, const char *name, uint64_t max, uint64_t *out)
{
    const char *text = cli_value(c, name);
    uint64_t n;
    if (text == NULL) {
        return LS_SUCCESS;
    }
    if (!ls_decimal_parse(ls_bytes_str(text), max, &n)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "--%s takes a whole number of at most %llu, not \"%s\"", name,
                            (unsigned long long)max, text);
    }
    *out = n;
    return LS_SUCCESS;
}

ls_signers cli_signers(cli *c)
{
    ls_signers as = {0};
    as.name = cli_values(c, "as", &as.count);
    return as;
}

/* The workspace. */

const char *cli_workspace_path(const cli *c)
{
    const char *given = cli_value(c, "workspace");
    const char *set = getenv("LOCKSTEP_WORKSPACE");
    return given != NULL ? given : set != NULL && set[0] != '\0' ? set : ".";
}

ls_result cli_absolute(cli *c, const char *path, char **out)
{
    char folder[4096];
    if (path[0] == '/') {
        *out = ls_arena_str(&c->arena, ls_bytes_str(path));
    } else if (getcwd(folder, sizeof folder) == NULL) {
        return ls_fail_with(&ls_fault_file, &c->detail, "the current folder can't be named");
    } else {
        *out = ls_arena_format(&c->arena, "%s/%s", folder, path);
    }
    return *out == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result cli_open(cli *c)
{
    LS_TRY(ls_workspace_open(cli_workspace_path(c), cli_passphrase(c), &c->ws, &c->detail));
    c->open = true;
    return LS_SUCCESS;
}

ls_result cli_sync(cli *c)
{
    unsigned filed;
    LS_TRY(cli_open(c));
    LS_TRY(ls_workspace_sync(&c->ws, &c->detail));
    LS_TRY(ls_workspace_flush(&c->ws, &filed, &c->detail));
    if (filed > 0) {
        fprintf(stderr, "lockstep: %u act%s that waited in the outbox %s filed\n", filed, filed == 1 ? "" : "s",
                filed == 1 ? "is" : "are");
        return ls_workspace_sync(&c->ws, &c->detail);
    }
    return LS_SUCCESS;
}

ls_result cli_confirm(cli *c, const char *question)
{
    if (cli_flag(c, "yes")) {
        return LS_SUCCESS;
    }
    fflush(stdout);
    if (!ls_terminal_confirm(question)) {
        ls_hint(&c->detail, "add --yes to go ahead without being asked");
        return ls_fail_with(&ls_fault_usage, &c->detail, "nothing was signed");
    }
    return LS_SUCCESS;
}

ls_result cli_release_draft(cli *c)
{
    ls_buf checkpoint = {0};
    if (!c->ws.has_process || c->ws.ledger_path[0] == '\0') {
        return LS_SUCCESS;
    }
    if (c->ws.ledger == NULL) {
        LS_TRY(ls_ledger_open(c->ws.ledger_path, &c->ws.ledger, &c->detail));
    }
    LS_TRY(c->ws.ledger->methods->checkpoint(c->ws.ledger, LS_CHECKPOINT_LATEST, &checkpoint, &c->detail));
    char verified[4096];
    LS_TRY(ls_workspace_path(&c->ws, verified, "verified"));
    /* A record that was seen here once does not become a draft again, whatever the ledger shows now. */
    c->ws.has_process = checkpoint.len > 0 || ls_file_exists(verified);
    ls_buf_free(&checkpoint);
    return LS_SUCCESS;
}
