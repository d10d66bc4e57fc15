/* Texts under negotiation: found on the record, with the files of acts about them, and evaluated. */
#include "cli/texts.h"
#include "accord/time.h"
#include "cli/scorecard.h"
#include "process/sealed.h"
#include "workspace/reading.h"
#include "workspace/seen.h"

#define FILE_MAX (8u << 20) /* a file's 4 MiB, in the form in which files for audiences travel */

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

static bool counts(const ls_talks *all, const ls_talk *t, const cli_upto *upto, ls_time now)
{
    ls_time at = all->time(all->context, t->index);
    if (at == LS_TIME_NONE || t->index > upto->entry) {
        return false;
    }
    return (at == LS_TIME_OPEN ? now : at) <= upto->time;
}

/* Opening. */

static ls_bytes kept(cli *c, ls_bytes s)
{
    const char *copy = ls_arena_str(&c->arena, s);
    return copy == NULL ? (ls_bytes){0} : ls_bytes_of(copy, s.len);
}

static const ls_bytes *keep_names(cli *c, const ls_bytes *first, const ls_names *names)
{
    size_t extra = first != NULL;
    ls_bytes *out = ls_arena_array(&c->arena, names->count + extra + 1, sizeof *out);
    if (out == NULL) {
        return NULL;
    }
    if (first != NULL) {
        out[0] = kept(c, *first);
    }
    for (size_t i = 0; i < names->count; i++) {
        out[i + extra] = kept(c, names->name[i]);
    }
    return out;
}

static ls_result read_opening(cli *c, const ls_act *act, cli_negotiation *out)
{
    ls_text_opening *o = &out->opening;
    out->name = kept(c, act->raw[LS_H_TEXT]);
    out->audience = act->attachment_count > 0 ? kept(c, act->attachment[0].audience) : ls_bytes_str("process");
    o->party = keep_names(c, &act->by.name[0], &act->to);
    o->party_count = act->to.count + 1;
    o->language = keep_names(c, NULL, &act->languages);
    o->language_count = act->languages.count;
    o->whole = out->opened->word == LS_TEXT_WHOLE;
    return c->arena.failed || o->party == NULL || o->language == NULL ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

/* Acts about it. */

static ls_result parse_file(cli *c, ls_bytes content, ls_text_act *out)
{
    ls_detail why = {0};
    ls_text_edit *edit = ls_arena_alloc(&c->arena, sizeof *edit);
    ls_text_agree *agree = ls_arena_alloc(&c->arena, sizeof *agree);
    if (edit == NULL || agree == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    ls_result r = out->kind == LS_TEXT_EDIT ? ls_text_edit_parse(&c->arena, content, edit, &why)
                                            : ls_text_agree_parse(&c->arena, content, agree, &why);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        out->unreadable =
            ls_arena_format(&c->arena, "its file is refused: %s",
                            why.text[0] != '\0' ? cli_text(c, ls_bytes_str(why.text)) : r.fault->sentence);
        return LS_SUCCESS;
    }
    out->edit = out->kind == LS_TEXT_EDIT ? edit : NULL;
    out->agree = out->kind == LS_TEXT_AGREE ? agree : NULL;
    return LS_SUCCESS;
}

static ls_result read_file(cli *c, const ls_act *act, ls_text_act *out)
{
    ls_bytes content, name;
    if (act->attachment_count != 1 || act->attachment[0].size > FILE_MAX) {
        out->unreadable = "its file is larger than any such file";
        return LS_SUCCESS;
    }
    ls_result r = ls_workspace_read_attachment(&c->ws, &c->arena, &act->attachment[0], &content, &name);
    if (r.fault == &ls_fault_memory) {
        return r;
    }
    if (ls_failed(r)) {
        out->unreadable = r.fault == &ls_fault_absent ? NULL : r.fault->sentence;
        return LS_SUCCESS;
    }
    return parse_file(c, content, out);
}

static ls_result read_act(cli *c, const ls_talk *t, const ls_act *act, ls_text_act *out)
{
    static const ls_text_act_kind kinds[LS_TALK_KINDS] = {[LS_TALK_EDIT] = LS_TEXT_EDIT,
                                                          [LS_TALK_AGREE] = LS_TEXT_AGREE,
                                                          [LS_TALK_DIVERGE] = LS_TEXT_DIVERGE,
                                                          [LS_TALK_WITHDRAW] = LS_TEXT_WITHDRAW};
    *out = (ls_text_act){.kind = kinds[t->kind],
                         .party = kept(c, act->by.name[0]),
                         .seq = act->seq,
                         .entry = t->index,
                         .id = act->id,
                         .ref = act->ref};
    if (t->kind == LS_TALK_EDIT || t->kind == LS_TALK_AGREE) {
        out->ad_referendum = t->kind == LS_TALK_AGREE && t->word == LS_AGREE_REFERENDUM;
        return read_file(c, act, out);
    }
    if (t->kind == LS_TALK_DIVERGE) {
        out->paragraph = kept(c, act->raw[LS_H_ITEM]);
        out->text = kept(c, act->text);
        for (size_t i = 0; i < 2 && i < act->languages.count; i++) {
            out->language[i] = kept(c, act->languages.name[i]);
        }
    }
    return LS_SUCCESS;
}

/* With a note of its own, so that only what is needed of it is kept. */
static ls_result take_act(cli *c, const ls_talk *t, ls_text_act *out)
{
    ls_arena scratch = {0};
    ls_act *act = ls_arena_alloc(&scratch, sizeof *act);
    ls_result r =
        act == NULL ? ls_fail(&ls_fault_memory) : ls_workspace_read_act(&c->ws, t->index, &scratch, act, &c->detail);
    r = ls_succeeded(r) ? read_act(c, t, act, out) : r;
    ls_arena_free(&scratch);
    return r;
}

static bool is_about(const cli *c, const ls_talk *t, const ls_talk *opened)
{
    if (t->kind == LS_TALK_WITHDRAW) {
        const ls_talk *back = t->ref == LS_NO_ENTRY ? NULL : cli_talk_at(c, t->ref);
        return back != NULL && back->kind == LS_TALK_DIVERGE && back->ref == opened->index;
    }
    return (t->kind == LS_TALK_EDIT || t->kind == LS_TALK_AGREE || t->kind == LS_TALK_DIVERGE) &&
           t->ref == opened->index;
}

static ls_result take_acts(cli *c, const cli_upto *upto, cli_negotiation *out)
{
    ls_talks all = ls_record_talks(c->ws.record);
    ls_time now;
    size_t room = 0;
    LS_TRY(cli_judging_time(c, &now));
    for (size_t i = 0; i < all.count; i++) {
        room += is_about(c, &all.fact[i], out->opened);
    }
    out->act = ls_arena_array(&c->arena, room + 2, sizeof *out->act);
    if (out->act == NULL) {
        return ls_fail(&ls_fault_memory);
    }
    for (size_t i = 0; i < all.count; i++) {
        if (is_about(c, &all.fact[i], out->opened) && counts(&all, &all.fact[i], upto, now)) {
            LS_TRY(take_act(c, &all.fact[i], &out->act[out->count++]));
        }
    }
    return c->arena.failed ? ls_fail(&ls_fault_memory) : LS_SUCCESS;
}

static ls_result take_opening(cli *c, cli_negotiation *out)
{
    ls_arena scratch = {0};
    ls_act *act = ls_arena_alloc(&scratch, sizeof *act);
    ls_result r = act == NULL ? ls_fail(&ls_fault_memory)
                              : ls_workspace_read_act(&c->ws, out->opened->index, &scratch, act, &c->detail);
    r = ls_succeeded(r) ? read_opening(c, act, out) : r;
    ls_arena_free(&scratch);
    return r;
}

ls_result cli_negotiation_eval(cli *c, const ls_talk *opened, const cli_upto *upto, cli_negotiation *out)
{
    *out = (cli_negotiation){.opened = opened};
    LS_TRY(take_opening(c, out));
    LS_TRY(take_acts(c, upto, out));
    out->own = ls_text_party(&out->opening, c->ws.party);
    ls_result r = ls_text_eval(&c->arena, &out->opening, out->count, out->act, &out->state);
    if (r.fault == &ls_fault_text_opening) {
        return ls_fail_with(r.fault, &c->detail, "%s can't be negotiated: %s", cli_text(c, out->name),
                            r.fault->sentence);
    }
    return r;
}

ls_result cli_negotiation_open(cli *c, const char *name, const cli_upto *upto, cli_negotiation *out)
{
    const ls_talk *opened;
    LS_TRY(cli_find_named(c, LS_H_TEXT, name, &opened));
    cli_open_mail(c);
    ls_talks all = ls_record_talks(c->ws.record);
    ls_time now;
    LS_TRY(cli_judging_time(c, &now));
    if (!counts(&all, opened, upto, now)) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "%s was not opened by then, but in entry %u", name,
                            opened->index);
    }
    return cli_negotiation_eval(c, opened, upto, out);
}

ls_result cli_negotiation_take_part(cli *c, const cli_negotiation *n)
{
    if (n->own != LS_TEXT_NOWHERE) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "it is negotiated by %s; lockstep text show shows it",
            cli_text_parties(c, n, (ls_party_mask)((UINT64_C(1) << n->opening.party_count) - 1), 0));
    return ls_fail_with(&ls_fault_usage, &c->detail, "this party does not negotiate %s", cli_text(c, n->name));
}

/* Names of things in it. */

const char *cli_text_parties(cli *c, const cli_negotiation *n, ls_party_mask parties, ls_party_mask ad_referendum)
{
    ls_buf out = {0};
    ls_text_put_parties(&n->opening, parties, ad_referendum, &out);
    const char *text = cli_text(c, ls_buf_bytes(&out));
    ls_buf_free(&out);
    return text;
}

ls_result cli_text_language(cli *c, const cli_negotiation *n, size_t otherwise, size_t *out)
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

ls_result cli_text_paragraph(cli *c, const cli_negotiation *n, const char *name, size_t *out)
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

const char *cli_text_place(cli *c, const cli_negotiation *n, size_t paragraph, size_t cell)
{
    const ls_text_paragraph *p = &n->state.paragraph[paragraph];
    ls_bytes language = ls_text_cell_language(&n->opening, p, cell);
    return ls_arena_format(&c->arena, "%s%s%s", p->name, language.len > 0 ? " " : "", cli_text(c, language));
}

size_t cli_text_open_count(const cli_negotiation *n)
{
    size_t count = 0;
    for (size_t i = 0; i < n->state.paragraph_count; i++) {
        count += !n->state.paragraph[i].settled;
    }
    return count;
}

void cli_negotiation_print_missing(cli *c, const cli_negotiation *n, FILE *out)
{
    bool absent = false;
    for (size_t i = 0; i < n->count; i++) {
        const ls_text_act *a = &n->act[i];
        bool carries = a->kind == LS_TEXT_EDIT || a->kind == LS_TEXT_AGREE;
        if (!carries || a->edit != NULL || a->agree != NULL) {
            continue;
        }
        cli_print_to(out, "warning: entry %llu, by %s, is not in this text: %s\n", (unsigned long long)a->entry,
                     cli_text(c, a->party), a->unreadable != NULL ? a->unreadable : "its file is not here");
        absent = absent || a->unreadable == NULL;
    }
    if (absent) {
        cli_print_to(out, "hint: lockstep inbox opens what came for this party; lockstep sync fetches the rest\n");
    }
}
