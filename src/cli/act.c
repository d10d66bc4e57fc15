/* Acts of one party under an accord: what the command line says becomes headers; shown, signed and filed. */
#include "cli/cli.h"
#include "cli/talking.h"
#include <stdio.h>

static ls_result attach(cli *c, ls_draft *draft, ls_act_draft *act, const char *audience, const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash == NULL ? path : slash + 1;
    return ls_draft_attach(draft, act, audience, ls_media_type_guess(name), name, (ls_bytes){0}, path, &c->detail);
}

static ls_result attach_files(cli *c, ls_draft *draft, ls_act_draft *act)
{
    size_t count;
    const char *const *path = cli_values(c, "attach", &count);
    ls_bytes audience;
    LS_TRY(cli_audience(c, &audience));
    for (size_t i = 0; i < count; i++) {
        LS_TRY(attach(c, draft, act, (const char *)audience.ptr, path[i]));
    }
    return LS_SUCCESS;
}

/* All that is said, as files for one party alone. */
static ls_result confide(cli *c, ls_draft *draft, ls_act_draft *act, const char *party)
{
    size_t count;
    const char *const *path = cli_values(c, "attach", &count);
    const char *text = cli_value(c, "text");
    if (text != NULL) {
        LS_TRY(ls_draft_attach(draft, act, party, "text/plain", "text.txt", ls_bytes_str(text), NULL, &c->detail));
    }
    for (size_t i = 0; i < count; i++) {
        LS_TRY(attach(c, draft, act, party, path[i]));
    }
    return LS_SUCCESS;
}

/* To each addressee a file of its own, under a salt of its own. */
static ls_result confide_to_all(cli *c, ls_draft *draft, ls_act_draft *act)
{
    ls_reader r = ls_reader_of(ls_buf_bytes(&act->value[LS_H_TO]));
    for (ls_bytes name; ls_read_until(&r, ' ', &name);) {
        LS_TRY(confide(c, draft, act, ls_arena_str(&c->arena, name)));
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

static ls_result common_headers(cli *c, bool confidential, ls_draft *draft, ls_act_draft *act)
{
    const char *text = confidential ? NULL : cli_value(c, "text");
    if (confidential && cli_value(c, "audience") != NULL) {
        ls_hint(&c->detail,
                "--confidential seals it to each addressee alone; --audience is for files that more may read");
        return ls_fail_with(&ls_fault_usage, &c->detail, "--confidential and --audience contradict each other");
    }
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
    return confidential ? confide_to_all(c, draft, act) : attach_files(c, draft, act);
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

/* Who will be able to read it: the act, and each file with it. */
static void describe_readers(cli *c, const ls_draft *draft, const ls_act_draft *act)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    ls_reader r = ls_reader_of(ls_buf_bytes(&act->value[LS_H_ATTACHMENT]));
    ls_bytes line, hash, audience = {0};
    for (size_t i = 0; i < draft->count && ls_read_line(&r, &line); i++) {
        ls_reader item = ls_reader_of(line);
        const char *path = draft->attachment[i].path;
        bool named = ls_read_until(&item, ' ', &hash) && ls_read_until(&item, ' ', &audience);
        cli_print("attached: %s, which %s can read\n", path[0] != '\0' ? path : "what is described above",
                  named ? cli_readers(c, audience) : "nobody");
    }
    cli_print("The act itself%s can be read by %s.\n", act->text.len > 0 ? ", with these words," : "",
              charter->public_access ? "everybody" : cli_readers(c, ls_bytes_str("process")));
}

/* What one is about to sign, before one is asked. */
void cli_describe_act(cli *c, const ls_draft *draft, const ls_act_draft *act)
{
    static const ls_header shown[] = {LS_H_BY,      LS_H_DATE,    LS_H_TO,     LS_H_OF,   LS_H_PASS_TO, LS_H_TRACK,
                                      LS_H_STAGE,   LS_H_MEETING, LS_H_GROUP,  LS_H_ITEM, LS_H_MEMBERS, LS_H_LANGUAGES,
                                      LS_H_VENUE,   LS_H_AMOUNT,  LS_H_METHOD, LS_H_FOR,  LS_H_SCORE,   LS_H_DUE,
                                      LS_H_FINDING, LS_H_CHANGE,  LS_H_UNTIL};
    if (c->json) {
        return;
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s%s%s%s\n", c->verb->name, c->argument_count > 0 ? " " : "",
              c->argument_count > 0 ? c->argument[0] : "", cli_subject_words(c, act));
    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        const ls_buf *value = &act->value[shown[i]];
        if (value->len > 0) {
            cli_print("%s %s\n", ls_header_name(shown[i]), cli_text(c, ls_buf_bytes(value)));
        }
    }
    if (act->text.len > 0) {
        cli_print("%s", cli_text(c, ls_buf_bytes(&act->text)));
    }
    describe_readers(c, draft, act);
}

/* The kind of act is the verb, or its last word: "commit" of "draw commit". */
static const char *kind_of(const cli *c)
{
    const char *space = strrchr(c->verb->name, ' ');
    return space == NULL ? c->verb->name : space + 1;
}

ls_result cli_act_complete(cli *c, bool confidential, ls_draft *draft, ls_act_draft *act)
{
    LS_TRY(common_headers(c, confidential, draft, act));
    if (!cli_flag(c, "yes")) {
        cli_describe_act(c, draft, act);
    }
    return LS_SUCCESS;
}

static ls_result sign_as(cli *c, const char *kind, bool confidential, ls_draft *draft, ls_act_draft *act)
{
    ls_filed filed;
    char question[64];
    LS_TRY(cli_act_complete(c, confidential, draft, act));
    snprintf(question, sizeof question, "Sign and file this %s?", kind);
    LS_TRY(cli_confirm(c, question));
    LS_TRY(ls_workspace_act(&c->ws, kind, act, cli_signers(c), draft, &filed, &c->detail));
    cli_mark(c, c->ws.exercise);
    return cli_report_filed(c, c->argument_count > 0 ? ls_arena_format(&c->arena, "%s %s", kind, c->argument[0]) : kind,
                            &filed);
}

ls_result cli_act_sign(cli *c, ls_draft *draft, ls_act_draft *act)
{
    return sign_as(c, kind_of(c), false, draft, act);
}

ls_result cli_act_sign_as(cli *c, const char *kind, ls_draft *draft, ls_act_draft *act)
{
    return sign_as(c, kind, false, draft, act);
}

ls_result cli_act_sync(cli *c)
{
    LS_TRY(cli_sync(c));
    return ls_workspace_party(&c->ws) == NULL ? ls_workspace_no_process(&c->ws, &c->detail) : LS_SUCCESS;
}

ls_result cli_act_as(cli *c, const char *kind, bool confidential, cli_fill fill)
{
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(cli_act_sync(c));
    ls_result r = fill(c, &act);
    r = ls_succeeded(r) ? cli_talk_needed(c, kind, &act) : r;
    r = ls_succeeded(r) ? sign_as(c, kind, confidential, &draft, &act) : r;
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

ls_result cli_act(cli *c, cli_fill fill)
{
    return cli_act_as(c, kind_of(c), false, fill);
}
