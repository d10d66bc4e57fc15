/* What the verbs share: options, and the workspace. */
#include "cli/cli.h"
#include "workspace/access.h"
#include "workspace/mail.h"
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

const char *cli_authority(const cli *c)
{
    const char *given = cli_value(c, "authority"), *set = getenv("LOCKSTEP_AUTHORITY");
    return given != NULL ? given : set != NULL && set[0] != '\0' ? set : NULL;
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

ls_result cli_ledger_place(cli *c, const char *given, char **out)
{
    if (!ls_remote_is_url(given) && strcmp(given, LS_LEDGER_COURIER) != 0) {
        return cli_absolute(c, given, out);
    }
    size_t len = strlen(given);
    while (len > 0 && given[len - 1] == '/') {
        len--; /* paths below it begin with one */
    }
    *out = ls_arena_str(&c->arena, ls_bytes_of(given, len));
    return *out == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result cli_open(cli *c)
{
    LS_TRY(ls_workspace_open(cli_workspace_path(c), cli_passphrase(c), &c->ws, &c->detail));
    c->ws.authority = cli_authority(c);
    c->ws.expires = cli_value(c, "expires");
    c->ws.unless_acted = cli_value(c, "unless-acted");
    c->open = true;
    return LS_SUCCESS;
}

static bool in_workspace(cli *c)
{
    const char *file = ls_arena_format(&c->arena, "%s/workspace.json", cli_workspace_path(c));
    return c->open || (file != NULL && ls_file_exists(file));
}

static bool names_server(const cli *c)
{
    const char *from = cli_value(c, "from");
    bool any = from != NULL && ls_remote_is_url(from);
    for (int i = 0; i < c->argument_count; i++) {
        any = any || ls_remote_is_url(c->argument[i]);
    }
    return any;
}

ls_result cli_source(cli *c, ls_source_options *out)
{
    *out = (ls_source_options){.store_name = cli_value(c, "name"), .authority_file = cli_authority(c)};
    if (!c->open && !(names_server(c) && in_workspace(c))) {
        return LS_SUCCESS;
    }
    LS_TRY(c->open ? LS_SUCCESS : cli_open(c));
    out->own = c->ws.ledger_path;
    out->access = (ls_remote_access){ls_workspace_access_note, &c->ws};
    return LS_SUCCESS;
}

/* How far the copy has come, on a terminal, once it takes longer than a second. */
typedef struct following {
    double begun, shown; /* 0: never */
} following;

static void show_progress(void *context, uint64_t done, uint64_t total)
{
    following *f = context;
    double now = ls_clock_monotonic();
    if (now - f->begun > 1 && now - f->shown > 0.2) {
        f->shown = now;
        fprintf(stderr, "\rverifying the record: %llu of %llu entries", (unsigned long long)done,
                (unsigned long long)total);
    }
}

ls_result cli_follow(cli *c)
{
    following f = {.begun = ls_clock_monotonic()};
    ls_replica_progress progress = {show_progress, &f};
    c->ws.progress = isatty(STDERR_FILENO) == 1 && !c->json ? &progress : NULL;
    ls_result r = ls_workspace_sync(&c->ws, &c->detail);
    c->ws.progress = NULL;
    if (f.shown > 0) {
        fputs("\r\033[K", stderr);
    }
    return r;
}

const char *cli_age(cli *c, ls_time seconds)
{
    static const struct {
        ls_time seconds;
        const char *name;
    } units[] = {{86400, "day"}, {3600, "hour"}, {60, "minute"}, {1, "second"}};
    size_t i = 0;
    while (i < 3 && seconds < units[i].seconds) {
        i++;
    }
    long long n = seconds < 0 ? 0 : seconds / units[i].seconds;
    return ls_arena_format(&c->arena, "%lld %s%s", n, units[i].name, n == 1 ? "" : "s");
}

/* What is shown is as old as the record's latest stamp. An exercise's time has no age. */
static const char *as_of(cli *c)
{
    char text[LS_TIME_SIZE];
    ls_time stamped = ls_record_time(c->ws.record), now = ls_clock_now();
    if (stamped == 0) {
        return "nothing is known of the record yet";
    }
    ls_time_format(stamped, text);
    return c->ws.exercise ? ls_arena_format(&c->arena, "as of %s", text)
                          : ls_arena_format(&c->arena, "as of %s, %s ago", text, cli_age(c, now - stamped));
}

void cli_say_stale(cli *c)
{
    const ls_workspace *ws = &c->ws;
    if (ws->ledger == NULL) {
        cli_print_to(stderr, "lockstep: %s; couriers carry what is new\n", as_of(c));
    } else if (ws->offline) {
        cli_print_to(stderr, "lockstep: %s; the server %s: %s\n", as_of(c),
                     ws->denied ? "does not let this workspace in" : "could not be reached",
                     ws->why.text[0] != '\0' ? ws->why.text : "it does not answer");
        if (ws->why.hint[0] != '\0') {
            cli_print_to(stderr, "lockstep: hint: %s\n", ws->why.hint);
        }
    } else if (ws->behind > 0) {
        cli_print_to(stderr,
                     "lockstep: warning: the server shows only %llu of the %llu entries that were verified here\n",
                     (unsigned long long)ws->behind, (unsigned long long)ls_replica_size(ws->replica));
    }
}

/* Sealed files, both ways. What can't be delivered now is tried again by the next run, and holds nothing up. */
static void deliver(cli *c)
{
    unsigned sent, received = 0;
    ls_detail why = {0};
    if (c->ws.offline) {
        return;
    }
    ls_result r = ls_mail_send(&c->ws, &sent, &why);
    r = ls_succeeded(r) ? ls_mail_collect(&c->ws, &received, &why) : r;
    if (received > 0) {
        fprintf(stderr, "lockstep: %u sealed file%s came in; read with: lockstep inbox\n", received,
                received == 1 ? "" : "s");
    }
    if (ls_failed(r)) {
        cli_print_to(stderr, "lockstep: warning: sealed files could not be delivered: %s\n",
                     why.text[0] != '\0' ? why.text : r.fault->sentence);
    }
}

/* True if the file is there and holds this. */
static bool holds(const char *path, ls_bytes content)
{
    ls_buf there = {0};
    bool same = ls_succeeded(ls_file_read(path, content.len + 1, &there, NULL)) &&
                ls_bytes_equal(ls_buf_bytes(&there), content);
    ls_buf_wipe(&there);
    return same;
}

ls_result cli_save(cli *c, const char *folder, const char *name, ls_bytes content)
{
    char *place;
    LS_TRY(cli_absolute(c, folder, &place));
    LS_TRY(ls_folder_make(place, &c->detail));
    const char *path = name == NULL ? NULL : ls_arena_format(&c->arena, "%s/%s", place, name);
    if (path == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_detail why = {0};
    ls_result r = ls_file_create(path, content, &why);
    if (r.fault == &ls_fault_exists && holds(path, content)) {
        return LS_SUCCESS;
    }
    c->detail = ls_failed(r) ? why : c->detail;
    return r;
}

void cli_open_mail(cli *c)
{
    unsigned opened, bad = 0;
    ls_detail why = {0};
    ls_result r = ls_mail_open(&c->ws, &opened, &bad, &why);
    if (ls_failed(r)) {
        cli_print_to(stderr, "lockstep: warning: sealed files that came in were not opened: %s\n",
                     why.text[0] != '\0' ? why.text : r.fault->sentence);
    } else if (bad > 0) {
        cli_print_to(stderr, "lockstep: warning: %u sealed file%s not hold what %s act names; which: lockstep inbox\n",
                     bad, bad == 1 ? " does" : "s do", bad == 1 ? "its" : "their");
    }
}

ls_result cli_synchronise(cli *c)
{
    unsigned filed, stuck;
    LS_TRY(cli_follow(c));
    LS_TRY(ls_workspace_flush(&c->ws, &filed, &stuck, &c->detail));
    if (filed > 0) {
        fprintf(stderr, "lockstep: %u act%s that waited in the outbox %s filed\n", filed, filed == 1 ? "" : "s",
                filed == 1 ? "is" : "are");
        LS_TRY(cli_follow(c));
    }
    deliver(c);
    if (stuck > 0) {
        fprintf(stderr, "lockstep: warning: %u act%s in the outbox can't be filed; why: lockstep outbox\n", stuck,
                stuck == 1 ? "" : "s");
    }
    return LS_SUCCESS;
}

ls_result cli_sync(cli *c)
{
    LS_TRY(cli_open(c));
    LS_TRY(cli_synchronise(c));
    cli_say_stale(c);
    bool terms = c->ws.expires != NULL || c->ws.unless_acted != NULL;
    return terms && ls_record_charter(c->ws.record) != NULL ? ls_workspace_check_terms(&c->ws, &c->detail) : LS_SUCCESS;
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
    bool new;
    if (!c->ws.has_process || c->ws.ledger_path[0] == '\0') {
        return LS_SUCCESS;
    }
    /* A record that was seen here once does not become a draft again, whatever the ledger shows now. */
    LS_TRY(ls_workspace_is_new(&c->ws, &new, &c->detail));
    c->ws.has_process = !new;
    return LS_SUCCESS;
}
