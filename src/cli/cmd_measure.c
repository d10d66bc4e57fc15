/* perform, confirm, object, missing, withdraw, suspend, resume: small acts about an accord's measures. */
#include "cli/cli.h"
#include <stdio.h>

#define OPTIONS_ACT                                                                                                    \
    {"text", "TEXT", "what to say with it"}, {"attach", "FILE", "a file that belongs to it; may be repeated"},         \
    {                                                                                                                  \
        "audience", "NAME", "who may read these files: public, process (default), or one of the charter's"             \
    }

static const struct {
    const char *ending, *type;
} media_types[] = {
    {".pdf", "application/pdf"},   {".txt", "text/plain"}, {".md", "text/markdown"}, {".csv", "text/csv"},
    {".json", "application/json"}, {".jpg", "image/jpeg"}, {".png", "image/png"},    {".lockstep", "application/x-tar"},
};

static const char *media_type(const char *name)
{
    for (size_t i = 0; i < sizeof media_types / sizeof *media_types; i++) {
        size_t len = strlen(name), end = strlen(media_types[i].ending);
        if (len > end && strcmp(name + len - end, media_types[i].ending) == 0) {
            return media_types[i].type;
        }
    }
    return "application/octet-stream";
}

static ls_result attach_files(cli *c, ls_draft *draft, ls_act_draft *act)
{
    size_t count;
    const char *const *path = cli_values(c, "attach", &count);
    ls_bytes audience;
    LS_TRY(cli_audience(c, &audience));
    for (size_t i = 0; i < count; i++) {
        const char *slash = strrchr(path[i], '/');
        const char *name = slash == NULL ? path[i] : slash + 1;
        LS_TRY(ls_draft_attach(draft, act, (const char *)audience.ptr, media_type(name), name, (ls_bytes){0}, path[i],
                               &c->detail));
    }
    return LS_SUCCESS;
}

static ls_result common_headers(cli *c, ls_draft *draft, ls_act_draft *act)
{
    ls_date date;
    const char *text = cli_value(c, "text"), *when = cli_value(c, "date");
    if (when != NULL && !ls_date_parse(ls_bytes_str(when), &date)) {
        ls_hint(&c->detail, "for example: --date 2018-10-08");
        return ls_fail_with(&ls_fault_usage, &c->detail, "\"%s\" is not a date", when);
    }
    if (when != NULL) {
        ls_act_draft_set(act, LS_H_DATE, "%s", when);
    }
    if (text != NULL) {
        ls_buf_put_str(&act->text, text);
        ls_buf_put_str(&act->text, text[0] != '\0' && text[strlen(text) - 1] == '\n' ? "" : "\n");
    }
    return attach_files(c, draft, act);
}

static void set_accord(cli *c, ls_act_draft *act, int accord)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(&ls_record_accord(c->ws.record, (size_t)accord)->id, hex);
    ls_act_draft_set(act, LS_H_ACCORD, "%s", hex);
}

static ls_result set_ref(cli *c, ls_act_draft *act, const char *name)
{
    char hex[LS_HEX_HASH_SIZE];
    uint64_t index;
    ls_hash whole;
    if (ls_hash_parse(ls_bytes_str(name), &whole)) {
        ls_act_draft_set(act, LS_H_REF, "%s", name);
        return LS_SUCCESS;
    }
    LS_TRY(cli_find_act(c, name, &index));
    ls_record_entry entry = ls_record_at(c->ws.record, index);
    ls_hash_format(&entry.id, hex);
    ls_act_draft_set(act, LS_H_REF, "%s", hex);
    return LS_SUCCESS;
}

/* Fills in what each kind of act has of its own. */
typedef ls_result (*fill)(cli *c, ls_act_draft *act);

static ls_result fill_measure(cli *c, ls_act_draft *act)
{
    int accord;
    const char *measure = c->argument[0], *ref = cli_value(c, "act");
    LS_TRY(cli_find_accord(c, measure, &accord));
    set_accord(c, act, accord);
    ls_act_draft_set(act, LS_H_MEASURE, "%s", measure);
    return ref == NULL ? LS_SUCCESS : set_ref(c, act, ref);
}

static ls_result fill_withdraw(cli *c, ls_act_draft *act)
{
    return set_ref(c, act, c->argument[0]);
}

static ls_result fill_suspend(cli *c, ls_act_draft *act)
{
    int accord;
    const char *track = cli_value(c, "track");
    if (cli_value(c, "text") == NULL) {
        ls_hint(&c->detail, "--text \"Citing lack of progress.\"");
        return ls_fail_with(&ls_fault_usage, &c->detail, "a suspension states its cause");
    }
    LS_TRY(cli_find_accord(c, NULL, &accord));
    set_accord(c, act, accord);
    if (track != NULL) {
        ls_act_draft_set(act, LS_H_TRACK, "%s", track);
    }
    return LS_SUCCESS;
}

static bool stands(const ls_facts *facts, const ls_fact *f)
{
    return facts->time(facts->context, f->index) != LS_TIME_NONE;
}

/* The party's suspension that began last and still lasts, as its entry; or LS_NO_ENTRY. */
static uint32_t lasting_suspension(const ls_facts *facts, size_t by)
{
    for (size_t i = facts->count; i-- > 0;) {
        const ls_fact *f = &facts->fact[i];
        bool ended = f->kind != LS_FACT_SUSPEND || f->by != by || !stands(facts, f);
        for (size_t j = i + 1; j < facts->count && !ended; j++) {
            const ls_fact *later = &facts->fact[j];
            ended = later->kind == LS_FACT_RESUME && later->ref == f->index && stands(facts, later);
        }
        if (!ended) {
            return f->index;
        }
    }
    return LS_NO_ENTRY;
}

static ls_result fill_resume(cli *c, ls_act_draft *act)
{
    int accord;
    char hex[LS_HEX_HASH_SIZE];
    LS_TRY(cli_find_accord(c, NULL, &accord));
    set_accord(c, act, accord);
    if (c->argument_count > 0) {
        return set_ref(c, act, c->argument[0]);
    }
    const ls_party *me = ls_workspace_party(&c->ws);
    ls_facts facts = ls_record_facts(c->ws.record, (size_t)accord);
    uint32_t suspended = lasting_suspension(&facts, (size_t)(me - ls_record_charter(c->ws.record)->party));
    if (suspended == LS_NO_ENTRY) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "no suspension of yours lasts");
    }
    ls_record_entry entry = ls_record_at(c->ws.record, suspended);
    ls_hash_format(&entry.id, hex);
    ls_act_draft_set(act, LS_H_REF, "%s", hex);
    return LS_SUCCESS;
}

/* What one is about to sign, before one is asked. */
static void describe(cli *c, const char *kind, const ls_draft *draft, const ls_act_draft *act)
{
    const ls_buf *measure = &act->value[LS_H_MEASURE];
    int accord;
    if (c->json) {
        return;
    }
    cli_mark(c, c->ws.exercise);
    cli_print("%s", kind);
    if (measure->len > 0 && ls_succeeded(cli_find_accord(c, c->argument[0], &accord))) {
        const ls_roadmap *m = ls_record_accord(c->ws.record, (size_t)accord)->roadmap;
        int i = ls_roadmap_measure(m, ls_buf_bytes(measure));
        cli_print(" %s: %s", c->argument[0], i < 0 ? "" : cli_text(c, m->measures[i].what));
    }
    cli_print("\n");
    if (act->value[LS_H_DATE].len > 0) {
        cli_print("date %s\n", cli_text(c, ls_buf_bytes(&act->value[LS_H_DATE])));
    }
    if (act->text.len > 0) {
        cli_print("%s", cli_text(c, ls_buf_bytes(&act->text)));
    }
    for (size_t i = 0; i < draft->count; i++) {
        cli_print("attached: %s\n", draft->attachment[i].path);
    }
}

static ls_result file_act(cli *c, const char *kind, fill fill_in, ls_draft *draft, ls_act_draft *act)
{
    ls_filed filed;
    char question[64];
    LS_TRY(fill_in(c, act));
    LS_TRY(common_headers(c, draft, act));
    if (!cli_flag(c, "yes")) {
        describe(c, kind, draft, act);
    }
    snprintf(question, sizeof question, "Sign and file this %s?", kind);
    LS_TRY(cli_confirm(c, question));
    LS_TRY(ls_workspace_act(&c->ws, kind, act, cli_signers(c), draft, &filed, &c->detail));
    cli_mark(c, c->ws.exercise);
    return cli_report_filed(c, c->argument_count > 0 ? ls_arena_format(&c->arena, "%s %s", kind, c->argument[0]) : kind,
                            &filed);
}

static ls_result run_act(cli *c, const char *kind, fill fill_in)
{
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(cli_sync(c));
    if (ls_workspace_party(&c->ws) == NULL) {
        return ls_workspace_no_process(&c->ws, &c->detail);
    }
    ls_result r = file_act(c, kind, fill_in, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

static ls_result run_perform(cli *c)
{
    return run_act(c, "perform", fill_measure);
}

static ls_result run_confirm(cli *c)
{
    return run_act(c, "confirm", fill_measure);
}

static ls_result run_object(cli *c)
{
    if (cli_value(c, "text") == NULL) {
        ls_hint(&c->detail, "--text \"Two of the five halls were not entered.\"");
        return ls_fail_with(&ls_fault_usage, &c->detail, "an objection states its reason");
    }
    return run_act(c, "object", fill_measure);
}

static ls_result run_missing(cli *c)
{
    return run_act(c, "missing", fill_measure);
}

static ls_result run_withdraw(cli *c)
{
    return run_act(c, "withdraw", fill_withdraw);
}

static ls_result run_suspend(cli *c)
{
    return run_act(c, "suspend", fill_suspend);
}

static ls_result run_resume(cli *c)
{
    return run_act(c, "resume", fill_resume);
}

#define OPTION_ACT                                                                                                     \
    {                                                                                                                  \
        "act", "ACT", "the performance that is meant: its place, or the beginning of its id (default: the last)"       \
    }

const cli_verb cli_verb_perform = {
    "perform",
    "MEASURE",
    "say that a measure of yours is done",
    "Puts on the record that this party has performed a measure. Declarations and openings say so themselves. A date\n"
    "in the past counts for the deadline only if the verifier confirms it.",
    "  lockstep -C usa perform suspend-exercises --date 2018-10-08 --attach order.pdf",
    1,
    1,
    {{"date", "DATE", "when it happened, if not now"}, OPTIONS_ACT, {0}},
    run_perform};

const cli_verb cli_verb_confirm = {
    "confirm",
    "MEASURE",
    "confirm the other side's performance",
    "Says that this party, a verifier of the measure, has checked its performance and finds it done. With --date it\n"
    "also confirms the date that the performer claims.",
    "  lockstep -C dprk confirm suspend-exercises --date 2018-10-08",
    1,
    1,
    {{"date", "DATE", "the claimed date, if you confirm it"}, OPTION_ACT, OPTIONS_ACT, {0}},
    run_confirm};

const cli_verb cli_verb_object = {
    "object",
    "MEASURE --text REASON",
    "dispute the other side's performance",
    "Says that what was performed does not fulfil the measure, and why. A proof of a false declaration is attached\n"
    "with --attach.",
    "  lockstep -C usa object open-1 --text \"The rows do not match the declaration.\" --attach opening.lockstep",
    1,
    1,
    {OPTION_ACT, OPTIONS_ACT, {0}},
    run_object};

const cli_verb cli_verb_missing = {
    "missing",
    "MEASURE",
    "say that something due did not arrive",
    "Says that this party, a verifier of the measure, has received nothing, or not the bytes that were announced.",
    "  lockstep -C usa missing open-2",
    1,
    1,
    {OPTION_ACT, OPTIONS_ACT, {0}},
    run_missing};

const cli_verb cli_verb_withdraw = {
    "withdraw",
    "ACT",
    "take back an act of yours",
    "Takes back this party's own performance (while no verifier has relied on it), confirmation or objection; or, "
    "given\n"
    "the id of a joint act that is not on the record yet, prevents it. Both stay visible.",
    "  lockstep -C usa withdraw 17",
    1,
    1,
    {OPTIONS_ACT, {0}},
    run_withdraw};

const cli_verb cli_verb_suspend = {
    "suspend",
    "--text CAUSE",
    "suspend an accord, stating the cause",
    "Puts a suspension and its cause on the record, for the whole accord or one track. It changes no deadline: what\n"
    "falls due meanwhile is shown as overdue, and as suspended by whom.",
    "  lockstep -C usa suspend --text \"Citing lack of progress.\"",
    0,
    0,
    {{"track", "TRACK", "only this track"}, OPTIONS_ACT, {0}},
    run_suspend};

const cli_verb cli_verb_resume = {"resume",
                                  "[ACT]",
                                  "end a suspension of yours",
                                  "Ends this party's latest suspension that still lasts, or the one given.",
                                  "  lockstep -C usa resume",
                                  0,
                                  1,
                                  {OPTIONS_ACT, {0}},
                                  run_resume};
