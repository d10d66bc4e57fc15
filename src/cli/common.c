/* What the verbs share: options, the workspace, passphrases, output. */
#include "cli/cli.h"
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define DOCUMENT_MAX (64u << 20)

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

/* Passphrases: a file, the environment, the terminal. */

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

/* Output. */

/* Control characters in what others wrote must not move the reader's cursor. UTF-8 passes. */
static void make_harmless(char *s)
{
    for (; *s != '\0'; s++) {
        bool c1 = (unsigned char)s[0] == 0xc2 && ((unsigned char)s[1] & 0xe0) == 0x80;
        if (((unsigned char)*s < 0x20 && *s != '\n') || *s == 0x7f || c1) {
            *s = *s == '\t' ? ' ' : '?';
        }
        if (c1) {
            *++s = '?';
        }
    }
}

static void print_harmless(FILE *out, const char *format, va_list args)
{
    char *text = NULL;
    if (vasprintf(&text, format, args) >= 0) {
        make_harmless(text);
        fputs(text, out);
        free(text);
    }
}

void cli_print(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_harmless(stdout, format, args);
    va_end(args);
}

void cli_print_to(FILE *out, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    print_harmless(out, format, args);
    va_end(args);
}

#define LINE_WIDTH 100

/* Columns that a string takes on a terminal: code points, which is right for what stands here. */
static size_t width_of(const char *s, size_t len)
{
    size_t width = 0;
    for (size_t i = 0; i < len; i++) {
        width += ((unsigned char)s[i] & 0xc0) != 0x80;
    }
    return width;
}

void cli_paragraph(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    va_start(args, format);
    int len = vasprintf(&text, format, args);
    va_end(args);
    if (len < 0) {
        return;
    }
    make_harmless(text);
    size_t used = 0;
    for (const char *word = text; *word != '\0';) {
        size_t size = strcspn(word, " \n");
        size_t width = width_of(word, size);
        bool fits = used == 0 || used + 1 + width <= LINE_WIDTH;
        printf("%s%.*s", used == 0 ? "" : fits ? " " : "\n", (int)size, word);
        used = fits ? used + (used > 0) + width : width;
        word += size + strspn(word + size, " \n");
    }
    putchar('\n');
    free(text);
}

const char *cli_text(cli *c, ls_bytes s)
{
    char *copy = ls_arena_str(&c->arena, s);
    if (copy == NULL) {
        return "";
    }
    make_harmless(copy);
    return copy;
}

const char *cli_short(cli *c, const ls_hash *h)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(h, hex);
    return cli_text(c, ls_bytes_of(hex, 12));
}

void cli_mark(cli *c, bool exercise)
{
    if (exercise && !c->banner && !c->json) {
        cli_print("EXERCISE. Nothing signed here can pass as real.\n\n");
    }
    c->banner = true;
}

ls_result cli_print_json(cli *c, bool exercise, json_t *value)
{
    if (value == NULL || json_object_set_new(value, "exercise", json_boolean(exercise)) != 0) {
        json_decref(value);
        return ls_fail_with(&ls_fault_memory, &c->detail, "the JSON could not be made");
    }
    json_dumpf(value, stdout, JSON_INDENT(2));
    putchar('\n');
    json_decref(value);
    return LS_SUCCESS;
}

json_t *cli_json_text(cli *c, const char *s)
{
    json_t *exact = json_string(s);
    char *copy = exact != NULL ? NULL : ls_arena_str(&c->arena, ls_bytes_str(s));
    for (char *p = copy; p != NULL && *p != '\0'; p++) {
        *p = (unsigned char)*p < 0x80 ? *p : '?';
    }
    return exact != NULL ? exact : copy != NULL ? json_string(copy) : NULL;
}

json_t *cli_json_bytes(ls_bytes s)
{
    return json_stringn((const char *)s.ptr, s.len);
}

json_t *cli_json_hash(const ls_hash *h)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(h, hex);
    return json_string(hex);
}

json_t *cli_json_time(ls_time t)
{
    char text[LS_TIME_SIZE];
    if (t == LS_TIME_OPEN) {
        return json_null();
    }
    ls_time_format(t, text);
    return json_string(text);
}

static ls_result report_incomplete(cli *c, const char *what, const ls_filed *f)
{
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:b, s:s, s:o, s:o, s:s}", "filed", 0, "act", what, "id",
                                        cli_json_hash(&f->id), "file", cli_json_text(c, f->path), "missing",
                                        f->missing));
    }
    cli_print("%s %s is signed in part. Still missing: %s\n", what, cli_short(c, &f->id), f->missing);
    cli_print("Hand them this file: %s\nEach adds a signature with: lockstep sign FILE\n", f->path);
    return LS_SUCCESS;
}

ls_result cli_report_filed(cli *c, const char *what, const ls_filed *f)
{
    if (f->filing == LS_INCOMPLETE) {
        return report_incomplete(c, what, f);
    }
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:b, s:s, s:o, s:I}", "filed", 1, "act", what, "id", cli_json_hash(&f->id),
                                        "index", (json_int_t)f->receipt.index));
    }
    cli_print("%s is on the record as entry %llu (%s)%s\n", what, (unsigned long long)f->receipt.index,
              cli_short(c, &f->id), f->receipt.already ? ", where it was already" : "");
    return LS_SUCCESS;
}

json_t *cli_json_draft(cli *c, const ls_act *act, const char *file)
{
    char missing[1024];
    ls_act_missing_signers(act, missing, sizeof missing);
    return json_pack("{s:b, s:s, s:o, s:o, s:s}", "filed", 0, "act", cli_text(c, act->kind), "id",
                     cli_json_hash(&act->id), "file", cli_json_text(c, file), "missing", missing);
}

/* Tables. */

static int terminal_width(void)
{
    struct winsize w;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_col > 0 ? w.ws_col : 0;
}

void cli_table_row(cli *c, cli_table *t, const char *const *cells)
{
    if (t->rows == t->capacity) {
        size_t larger = t->capacity == 0 ? 32 : 2 * t->capacity;
        const char **cell = ls_arena_array(&c->arena, larger * t->columns, sizeof *cell);
        if (cell == NULL) {
            return;
        }
        if (t->rows > 0) {
            memcpy(cell, t->cell, t->rows * t->columns * sizeof *cell);
        }
        t->cell = cell;
        t->capacity = larger;
    }
    memcpy(t->cell + t->rows++ * t->columns, cells, t->columns * sizeof *cells);
}

static void print_row(const cli_table *t, const char *const *cells, const size_t *width, int limit)
{
    size_t used = 0;
    for (size_t i = 0; i < t->columns; i++) {
        size_t room = limit > 0 && (size_t)limit > used ? (size_t)limit - used : SIZE_MAX, shown = 0;
        const char *s = cells[i];
        bool last = i + 1 == t->columns;
        for (; *s != '\0' && (!last || shown < room || ((unsigned char)*s & 0xc0) == 0x80); s++) {
            shown += ((unsigned char)*s & 0xc0) != 0x80;
            putchar(*s == '\n' ? ' ' : *s);
        }
        used += width[i] + 2;
        for (size_t pad = shown; !last && pad < width[i] + 2; pad++) {
            putchar(' ');
        }
    }
    putchar('\n');
}

void cli_table_print(const cli_table *t)
{
    size_t width[CLI_COLUMNS_MAX] = {0};
    for (size_t i = 0; i < t->columns; i++) {
        width[i] = width_of(t->heading[i], strlen(t->heading[i]));
        for (size_t r = 0; r < t->rows; r++) {
            size_t w = width_of(t->cell[r * t->columns + i], strlen(t->cell[r * t->columns + i]));
            width[i] = w > width[i] ? w : width[i];
        }
    }
    int limit = terminal_width();
    print_row(t, t->heading, width, limit);
    for (size_t r = 0; r < t->rows; r++) {
        print_row(t, t->cell + r * t->columns, width, limit);
    }
}

/* Documents. */

ls_result cli_read(cli *c, const char *path, ls_bytes *out)
{
    ls_buf file = {0};
    ls_result r = ls_file_read(path, DOCUMENT_MAX, &file, &c->detail);
    if (ls_succeeded(r)) {
        char *copy = ls_arena_str(&c->arena, ls_buf_bytes(&file));
        r = copy == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
        *out = ls_bytes_of(copy, file.len);
    }
    ls_buf_free(&file);
    return r;
}

ls_diagnostics *cli_diagnostics(cli *c, const char *document, ls_bytes text)
{
    ls_diagnostics *d = ls_arena_alloc(&c->arena, sizeof *d);
    if (d != NULL) {
        d->arena = &c->arena;
    }
    c->diagnostics = d;
    c->document = document;
    c->document_text = text;
    return d;
}

#define QUOTED_MAX 160

static ls_bytes line_at(ls_bytes text, unsigned line)
{
    ls_reader r = ls_reader_of(text);
    ls_bytes part = {0};
    for (unsigned i = 0; i < line; i++) {
        if (!ls_read_until(&r, '\n', &part)) {
            return (ls_bytes){0};
        }
    }
    return part;
}

/* file:line:column: what, the line, a caret under the place, a hint. */
static void print_diagnostic(const cli *c, const ls_diagnostic *d, FILE *out)
{
    cli_print_to(out, "%s:%u:%u: %s: %s\n", c->document, d->mark.line, d->mark.column, d->warning ? "warning" : "error",
                 d->text);
    ls_bytes line = d->mark.line > 0 ? line_at(c->document_text, d->mark.line) : (ls_bytes){0};
    if (line.len > 0) {
        size_t cut = line.len < QUOTED_MAX ? line.len : QUOTED_MAX;
        while (cut < line.len && cut > 0 && (line.ptr[cut] & 0xc0) == 0x80) {
            cut--; /* not within a character */
        }
        cli_print_to(out, "    %.*s\n    %*s^\n", (int)cut, (const char *)line.ptr,
                     d->mark.column > 0 && d->mark.column <= cut + 1 ? (int)d->mark.column - 1 : 0, "");
    }
    if (d->hint != NULL && d->hint[0] != '\0') {
        cli_print_to(out, "    hint: %s\n", d->hint);
    }
}

void cli_print_diagnostics(const cli *c, FILE *out)
{
    size_t shown = c->diagnostics->count < LS_DIAGNOSTICS_MAX ? c->diagnostics->count : LS_DIAGNOSTICS_MAX;
    for (size_t i = 0; i < shown; i++) {
        print_diagnostic(c, &c->diagnostics->item[i], out);
    }
    if (c->diagnostics->count > shown) {
        fprintf(out, "%s: and %zu more\n", c->document, c->diagnostics->count - shown);
    }
}

bool cli_fingerprint(cli *c, ls_hash *out, ls_result *r)
{
    const char *text = cli_value(c, "charter");
    *r = LS_SUCCESS;
    if (text == NULL) {
        return false;
    }
    if (!ls_hash_parse(ls_bytes_str(text), out)) {
        ls_hint(&c->detail, "it is printed by: lockstep charter show");
        *r = ls_fail_with(&ls_fault_usage, &c->detail, "a charter's fingerprint has 64 hexadecimal digits");
        return false;
    }
    return true;
}

/* Names. */

static ls_result find_by_prefix(cli *c, const char *name, uint64_t *index)
{
    size_t len = strlen(name), found = 0;
    for (uint64_t i = 0; i < ls_record_size(c->ws.record); i++) {
        char hex[LS_HEX_HASH_SIZE];
        ls_hash_format(&ls_record_at(c->ws.record, i)->id, hex);
        if (strncmp(hex, name, len) == 0) {
            *index = i;
            found++;
        }
    }
    if (found == 1) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "lockstep log lists the acts with their places and ids");
    return ls_fail_with(&ls_fault_usage, &c->detail, found == 0 ? "there is no act %s" : "several acts begin with %s",
                        name);
}

ls_result cli_find_act(cli *c, const char *name, uint64_t *index)
{
    uint64_t n;
    if (strlen(name) < 8 && ls_decimal_parse(ls_bytes_str(name), UINT64_MAX, &n)) {
        if (n >= ls_record_size(c->ws.record)) {
            return ls_fail_with(&ls_fault_usage, &c->detail, "the record has %llu entries, counted from 0",
                                (unsigned long long)ls_record_size(c->ws.record));
        }
        *index = n;
        return LS_SUCCESS;
    }
    if (strlen(name) < 6) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "give an entry's number, or at least six digits of its id");
    }
    return find_by_prefix(c, name, index);
}

static bool accord_fits(const ls_accord *a, const char *wanted, const char *measure)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&a->id, hex);
    if (wanted != NULL && !ls_bytes_is(a->roadmap->name, wanted) && strncmp(hex, wanted, strlen(wanted)) != 0) {
        return false;
    }
    return measure == NULL || ls_roadmap_measure(a->roadmap, ls_bytes_str(measure)) >= 0;
}

static ls_result no_accord(cli *c, const char *measure)
{
    const ls_record *r = c->ws.record;
    if (ls_record_accord_count(r) == 0) {
        ls_hint(&c->detail, "lockstep accord propose ROADMAP TEXT makes one");
        return ls_fail_with(&ls_fault_usage, &c->detail, "no accord is on the record yet");
    }
    const ls_roadmap *m = ls_record_accord(r, ls_record_accord_count(r) - 1)->roadmap;
    const char **names = ls_arena_array(&c->arena, m->measure_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < m->measure_count; i++) {
        names[i] = cli_text(c, m->measures[i].id);
    }
    const char *near =
        measure == NULL || names == NULL ? NULL : ls_nearest(ls_bytes_str(measure), names, m->measure_count);
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s? lockstep status lists the measures", near);
    } else {
        ls_hint(&c->detail, "lockstep status lists the measures of each accord");
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "no accord has %s%s",
                        measure != NULL ? "the measure " : "that name", measure != NULL ? measure : "");
}

ls_result cli_find_accord(cli *c, const char *measure, int *accord)
{
    const char *wanted = cli_value(c, "accord");
    size_t found = 0;
    for (size_t i = 0; i < ls_record_accord_count(c->ws.record); i++) {
        if (accord_fits(ls_record_accord(c->ws.record, i), wanted, measure)) {
            *accord = (int)i;
            found++;
        }
    }
    if (found == 0) {
        return no_accord(c, measure);
    }
    if (found > 1) {
        ls_hint(&c->detail, "say which: --accord NAME, or the beginning of its id");
        return ls_fail_with(&ls_fault_usage, &c->detail, "several accords fit");
    }
    return LS_SUCCESS;
}

const char *cli_party_name(cli *c, size_t party)
{
    return party == LS_NOBODY ? "" : cli_text(c, ls_record_charter(c->ws.record)->party[party].name);
}
