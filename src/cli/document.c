/* Documents, and everything that is wrong with them. */
#include "cli/cli.h"

#define DOCUMENT_MAX (64u << 20)

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

ls_result cli_accord_open(cli *c, const char *yaml, const char *text, cli_accord *out)
{
    *out = (cli_accord){.text_path = text};
    LS_TRY(cli_read(c, yaml, &out->yaml));
    LS_TRY(cli_read(c, text, &out->text));
    out->text_d = cli_diagnostics(c, text, out->text);
    out->yaml_d = cli_diagnostics(c, yaml, out->yaml);
    return out->text_d == NULL || out->yaml_d == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

ls_result cli_accord_settle(cli *c, const cli_accord *a, ls_result r)
{
    if (r.fault == &ls_fault_document && a->text_d->errors > 0) {
        c->diagnostics = a->text_d;
        c->document = a->text_path;
        c->document_text = a->text;
    }
    return r;
}

ls_result cli_accord_read(cli *c, const char *yaml, const char *text, const ls_charter *charter, cli_accord *a,
                          const ls_roadmap **out)
{
    ls_buf json = {0};
    LS_TRY(cli_accord_open(c, yaml, text, a));
    ls_roadmap *m = ls_arena_alloc(&c->arena, sizeof *m);
    if (m == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = ls_roadmap_load(&c->arena, a->yaml, a->text, charter, a->yaml_d, a->text_d, m, &json);
    ls_buf_free(&json);
    *out = m;
    return cli_accord_settle(c, a, r);
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
