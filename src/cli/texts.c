/* Texts under negotiation: as far as they are looked at, and names of things in them. */
#include "cli/texts.h"
#include "accord/time.h"
#include "cli/readings.h"

/* How far. */

ls_result cli_upto_parse(cli *c, const char *what, const char *given, cli_upto *out)
{
    ls_date date;
    *out = CLI_UPTO_NOW;
    out->any = true;
    if (ls_date_parse(ls_bytes_str(given), &date)) {
        out->time = ls_time_of_day(ls_record_charter(c->ws.record), (int32_t)ls_date_to_days(date), true);
        return LS_SUCCESS;
    }
    if (ls_time_parse(ls_bytes_str(given), &out->time)) {
        return LS_SUCCESS;
    }
    if (!ls_decimal_parse(ls_bytes_str(given), UINT32_MAX, &out->entry)) {
        ls_hint(&c->detail, "an entry of the record (lockstep text history names them), or a date: 2018-10-31");
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s: \"%.60s\" is neither an entry nor a date", what, given);
    }
    if (out->entry >= ls_record_size(c->ws.record)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s: the record has %llu entries, from 0 on", what,
                            (unsigned long long)ls_record_size(c->ws.record));
    }
    return LS_SUCCESS;
}

/* The state. */

size_t cli_negotiator(const cli *c, const ls_negotiation *n)
{
    return ls_text_party(&n->opening, c->ws.party);
}

ls_result cli_negotiation_eval(cli *c, const ls_talk *opened, const cli_upto *upto, ls_negotiation *out)
{
    ls_reading reading;
    LS_TRY(cli_reading(c, &reading));
    reading.at = upto->time;
    ls_result r = ls_negotiation_eval(&reading, opened, upto->entry, &c->arena, out);
    if (r.fault == &ls_fault_text_opening) {
        return ls_fail_with(r.fault, &c->detail, "%s can't be negotiated: %s", cli_text(c, out->name),
                            r.fault->sentence);
    }
    return r;
}

ls_result cli_negotiation_open(cli *c, const char *name, const cli_upto *upto, ls_negotiation *out)
{
    const ls_talk *opened;
    ls_reading reading;
    LS_TRY(cli_find_named(c, LS_H_TEXT, name, &opened));
    cli_open_mail(c);
    LS_TRY(cli_reading(c, &reading));
    reading.at = upto->time;
    if (opened->index > upto->entry || !ls_reading_counts(&reading, opened)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s was not opened by then, but in entry %u", name,
                            opened->index);
    }
    return cli_negotiation_eval(c, opened, upto, out);
}

ls_result cli_negotiation_take_part(cli *c, const ls_negotiation *n)
{
    if (cli_negotiator(c, n) != LS_TEXT_NOWHERE) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "it is negotiated by %s; lockstep text show shows it",
            cli_text_parties(c, n, (ls_party_mask)((UINT64_C(1) << n->opening.party_count) - 1), 0));
    return ls_fail_with(&ls_fault_usage, &c->detail, "this party does not negotiate %s", cli_text(c, n->name));
}

/* Names of things in it. */

const char *cli_text_parties(cli *c, const ls_negotiation *n, ls_party_mask parties, ls_party_mask ad_referendum)
{
    ls_buf out = {0};
    ls_text_put_parties(&n->opening, parties, ad_referendum, &out);
    const char *text = cli_text(c, ls_buf_bytes(&out));
    ls_buf_free(&out);
    return text;
}

ls_result cli_text_language(cli *c, const ls_negotiation *n, size_t otherwise, size_t *out)
{
    const char *given = cli_value(c, "language"), *names[LS_TEXT_LANGUAGES_MAX];
    *out = given == NULL ? otherwise : ls_text_language(&n->opening, ls_bytes_str(given));
    if (given == NULL || *out != LS_TEXT_NOWHERE) {
        return LS_SUCCESS;
    }
    const char *all = "";
    for (size_t i = 0; i < n->opening.language_count; i++) {
        names[i] = cli_text(c, n->opening.language[i]);
        all = ls_arena_format(&c->arena, "%s%s%s", all, i > 0 ? ", " : "", names[i]);
    }
    ls_hint(&c->detail, "it is written in: %s", all);
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s has no language \"%.60s\"", cli_text(c, n->name), given);
}

ls_result cli_text_paragraph(cli *c, const ls_negotiation *n, const char *name, size_t *out)
{
    const ls_text_state *s = &n->state;
    *out = ls_text_find(s, ls_bytes_str(name));
    if (*out != LS_TEXT_NOWHERE) {
        return LS_SUCCESS;
    }
    const char **names = ls_arena_array(&c->arena, s->paragraph_count + 1, sizeof *names);
    for (size_t i = 0; names != NULL && i < s->paragraph_count; i++) {
        names[i] = s->paragraph[i].name;
    }
    const char *near = names == NULL ? NULL : ls_nearest(ls_bytes_str(name), names, s->paragraph_count);
    if (near != NULL) {
        ls_hint(&c->detail, "did you mean %s? lockstep text show %s names them", near, cli_text(c, n->name));
    } else {
        ls_hint(&c->detail, "lockstep text show %s names them", cli_text(c, n->name));
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "%s has no paragraph %.80s", cli_text(c, n->name), name);
}

const char *cli_text_place(cli *c, const ls_negotiation *n, size_t paragraph, size_t cell)
{
    const ls_text_paragraph *p = &n->state.paragraph[paragraph];
    ls_bytes language = ls_text_cell_language(&n->opening, p, cell);
    return ls_arena_format(&c->arena, "%s%s%s", p->name, language.len > 0 ? " " : "", cli_text(c, language));
}

size_t cli_text_open_count(const ls_negotiation *n)
{
    size_t count = 0;
    for (size_t i = 0; i < n->state.paragraph_count; i++) {
        count += !n->state.paragraph[i].settled;
    }
    return count;
}

void cli_negotiation_print_missing(cli *c, const ls_negotiation *n, FILE *out)
{
    bool absent = false;
    for (size_t i = 0; i < n->count; i++) {
        const ls_text_act *a = &n->act[i];
        bool carries = a->kind == LS_TEXT_EDIT || a->kind == LS_TEXT_AGREE;
        if (!carries || a->edit != NULL || a->agree != NULL) {
            continue;
        }
        cli_print_to(out, "warning: entry %llu, by %s, is not in this text: %s\n", (unsigned long long)a->entry,
                     cli_text(c, a->party),
                     a->unreadable != NULL ? cli_text(c, ls_bytes_str(a->unreadable)) : "its file is not here");
        absent = absent || a->unreadable == NULL;
    }
    if (absent) {
        cli_print_to(out, "hint: lockstep inbox opens what came for this party; lockstep sync fetches the rest\n");
    }
}
