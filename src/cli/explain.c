/* Where moments came from, and who can change what follows from them. */
#include "cli/explain.h"

const char *cli_explain_came(cli *c, const cli_card *k, ls_time t)
{
    const char *day = ls_why_date(k->charter, t, &c->arena);
    return t == LS_TIME_OPEN ? "not yet" : t > k->query.at ? ls_arena_format(&c->arena, "%s (ahead)", day) : day;
}

const char *cli_explain_through(cli *c, const cli_card *k, const ls_moment *m, bool partly)
{
    const uint32_t *entry;
    size_t count;
    ls_buf text = {0};
    if (ls_failed(ls_card_through(k, m, partly, &c->arena, &entry, &count))) {
        return "-";
    }
    for (size_t i = 0; i < count; i++) {
        ls_buf_format(&text, "%s%u", i == 0 ? "" : ", ", entry[i]);
    }
    const char *list = count == 0 ? "-" : cli_text(c, ls_buf_bytes(&text));
    ls_buf_free(&text);
    return list;
}

/* What would change it. */

static bool concerns(const cli_card *k, const ls_duty *d, cli_subject kind, size_t index)
{
    return kind == CLI_EVENT ? ls_card_duty_of_event(k, d, index) : ls_card_duty_of_measure(k, d, index);
}

ls_result cli_explain_changes(cli *c, const cli_card *k, cli_subject kind, size_t index, bool *any)
{
    ls_duty *duty;
    size_t count;
    cli_table t = {.columns = 4, .heading = {"what would change it", "by", "until", "if not"}};
    LS_TRY(ls_duties(&k->account, &duty, &count));
    for (size_t i = 0; i < count; i++) {
        const char *cells[] = {ls_arena_format(&c->arena, "lockstep %s", duty[i].command),
                               cli_text(c, k->charter->party[duty[i].party].name),
                               ls_why_deadline(k->charter, duty[i].until, &c->arena),
                               duty[i].otherwise[0] == '\0' ? "-" : duty[i].otherwise};
        if (concerns(k, &duty[i], kind, index)) {
            cli_table_row(c, &t, cells);
        }
    }
    if (t.rows > 0) {
        cli_table_print(&t);
    }
    *any = t.rows > 0;
    return LS_SUCCESS;
}

json_t *cli_explain_changes_json(cli *c, const cli_card *k, cli_subject kind, size_t index)
{
    ls_duty *duty;
    size_t count;
    json_t *list = json_array();
    if (ls_failed(ls_duties(&k->account, &duty, &count))) {
        json_decref(list);
        return NULL;
    }
    for (size_t i = 0; i < count; i++) {
        if (concerns(k, &duty[i], kind, index)) {
            json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:s}", "command", duty[i].command, "by",
                                                  cli_text(c, k->charter->party[duty[i].party].name), "until",
                                                  cli_json_time(duty[i].until), "otherwise", duty[i].otherwise));
        }
    }
    return list;
}
