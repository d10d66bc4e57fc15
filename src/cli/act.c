/* Acts of one party under an accord: what the command line says becomes headers; shown, signed and filed. */
#include "cli/cli.h"
#include <stdio.h>

static ls_result attach_files(cli *c, ls_draft *draft, ls_act_draft *act)
{
    size_t count;
    const char *const *path = cli_values(c, "attach", &count);
    ls_bytes audience;
    LS_TRY(cli_audience(c, &audience));
    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(path[i], '/');
        const char *name = slash == NULL ? path[i] : slash + 1;
        LS_TRY(ls_draft_attach(draft, act, (const char *)audience.ptr, ls_media_type_guess(name), name, (ls_bytes){0},
                               path[i], &c->detail));
    }
    return LS_SUCCESS;
}

/* Options that are a header as they stand. */
static const struct {
    const char *option;
    ls_header header;
} headers[] = {
    {"date", LS_H_DATE},     {"track", LS_H_TRACK},   {"stage", LS_H_STAGE},
    {"amount", LS_H_AMOUNT}, {"method", LS_H_METHOD}, {"for", LS_H_FOR},
    {"score", LS_H_SCORE},   {"due", LS_H_DUE},       {"finding", LS_H_FINDING},
};

static ls_result check_value(cli *c, ls_header h, const char *option, const char *value)
{
    ls_date date;
    uint64_t score;
    if ((h == LS_H_DATE || h == LS_H_DUE) && !ls_date_parse(ls_bytes_str(value), &date)) {
        ls_hint(&c->detail, "for example: --%s 2018-10-08", option);
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is not a date", value);
    }
    if (h == LS_H_SCORE && !ls_decimal_parse(ls_bytes_str(value), 3, &score)) {
        ls_hint(&c->detail, "0 not initiated, 1 minimal, 2 intermediate, 3 full");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is not a score: 0, 1, 2 or 3", value);
    }
    return LS_SUCCESS;
}

static ls_result common_headers(cli *c, ls_draft *draft, ls_act_draft *act)
{
    const char *text = cli_value(c, "text");
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const char *value = cli_value(c, headers[i].option);
        if (value != NULL) {
            LS_TRY(check_value(c, headers[i].header, headers[i].option, value));
            ls_act_draft_set(act, headers[i].header, "%s", value);
        }
    }
    if (text != NULL) {
        ls_buf_put_str(&act->text, text);
        ls_buf_put_str(&act->text, text[0] != '\0' && text[strlen(text) - 1] == '\n' ? "" : "\n");
    }
    return attach_files(c, draft, act);
}

/* What fills of verbs set. */

void cli_act_accord(cli *c, ls_act_draft *act, int accord)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&ls_record_accord(c->ws.record, (size_t)accord)->id, hex);
    ls_act_draft_set(act, LS_H_ACCORD, "%s", hex);
}

void cli_act_ref_entry(cli *c, ls_act_draft *act, uint64_t index)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_record_entry entry = ls_record_at(c->ws.record, index);
    ls_hash_format(&entry.id, hex);
    ls_act_draft_set(act, LS_H_REF, "%s", hex);
}

ls_result cli_act_ref(cli *c, ls_act_draft *act, const char *name)
{
    uint64_t index;
    ls_hash whole;
    if (ls_hash_parse(ls_bytes_str(name), &whole)) {
        ls_act_draft_set(act, LS_H_REF, "%s", name);
        return LS_SUCCESS;
    }
    LS_TRY(cli_find_act(c, name, &index));
    cli_act_ref_entry(c, act, index);
    return LS_SUCCESS;
}

ls_result cli_act_subject(cli *c, ls_act_draft *act, cli_subject kind)
{
    int accord, index;
    LS_TRY(cli_find_subject(c, kind, c->argument[0], &accord, &index));
    cli_act_accord(c, act, accord);
    ls_act_draft_set(act, cli_subject_header(kind), "%s", c->argument[0]);
    return LS_SUCCESS;
}

ls_result cli_act_whole(cli *c, ls_act_draft *act)
{
    int accord;
    LS_TRY(cli_find_accord(c, &accord));
    cli_act_accord(c, act, accord);
    return LS_SUCCESS;
}

ls_result cli_needs_text(cli *c, const char *what, const char *example)
{
    if (cli_value(c, "text") != NULL) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "--text \"%s\"", example);
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s", what);
}

/* What one is about to sign, before one is asked. */
static void describe(cli *c, const ls_draft *draft, const ls_act_draft *act)
{
    if (c->json) {
        return;
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s%s%s%s\n", c->verb->name, c->argument_count > 0 ? " " : "",
              c->argument_count > 0 ? c->argument[0] : "", cli_subject_words(c, act));
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        const ls_buf *value = &act->value[headers[i].header];
        if (value->len > 0) {
            cli_print("%s %s\n", headers[i].option, cli_text(c, ls_buf_bytes(value)));
        }
    }
    if (act->text.len > 0) {
        cli_print("%s", cli_text(c, ls_buf_bytes(&act->text)));
    }
    for (size_t i = 0; i < draft->count; i++) {
        const char *path = draft->attachment[i].path;
        cli_print("attached: %s\n", path[0] != '\0' ? path : "what is described above");
    }
}

/* The kind of act is the verb, or its last word: "commit" of "draw commit". */
static const char *kind_of(const cli *c)
{
    const char *space = strrchr(c->verb->name, ' ');
    return space == NULL ? c->verb->name : space + 1;
}

ls_result cli_act_sign(cli *c, ls_draft *draft, ls_act_draft *act)
{
    const char *kind = kind_of(c);
    ls_filed filed;
    char question[64];
    LS_TRY(common_headers(c, draft, act));
    if (!cli_flag(c, "yes")) {
        describe(c, draft, act);
    }
    snprintf(question, sizeof question, "Sign and file this %s?", kind);
    LS_TRY(cli_confirm(c, question));
    LS_TRY(ls_workspace_act(&c->ws, kind, act, cli_signers(c), draft, &filed, &c->detail));
    cli_mark(c, c->ws.exercise);
    return cli_report_filed(c, c->argument_count > 0 ? ls_arena_format(&c->arena, "%s %s", kind, c->argument[0]) : kind,
                            &filed);
}

ls_result cli_act_sync(cli *c)
{
    LS_TRY(cli_sync(c));
    return ls_workspace_party(&c->ws) == NULL ? ls_workspace_no_process(&c->ws, &c->detail) : LS_SUCCESS;
}

ls_result cli_act(cli *c, cli_fill fill)
{
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(cli_act_sync(c));
    ls_result r = fill(c, &act);
    r = ls_succeeded(r) ? cli_act_sign(c, &draft, &act) : r;
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}
