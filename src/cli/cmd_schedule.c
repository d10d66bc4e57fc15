/* schedule open, choose, step: a private search for a date and a place, each side's part in it. */
#include "cli/schedules.h"
#include "escrow/text.h"
#include "process/sealed.h"

typedef unsigned long long ull;

/* open */

static ls_result choose_other(cli *c, ls_parties *to)
{
    LS_TRY(cli_parties(c, "PARTY", c->argument[0], to));
    if (c->argument_count > 1 || (*to & (*to - 1)) != 0) {
        ls_hint(&c->detail,
                "search with each of them by itself, or propose a date to all: lockstep meeting plan NAME --to %s",
                c->argument_count > 1 ? "PARTY,PARTY" : c->argument[0]);
        return ls_fail_with(
            &ls_fault_usage, &c->detail,
            "a private search is between two parties: of three, every two would learn what they have in "
            "common and the third has not");
    }
    if (*to == LS_PARTY_BIT(cli_own_party(c))) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "a party searches with another one");
    }
    return LS_SUCCESS;
}

static ls_result choose_rule(cli *c, ls_psi_rule *rule)
{
    const char *given = cli_value(c, "rule");
    if (given != NULL && ls_psi_rule_parse(ls_bytes_str(given), rule)) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "--rule earliest: the first of the list; borda: the least sum of both ranks; least-regret: the "
                        "least of the worse ranks");
    return ls_fail_with(&ls_fault_usage, &c->detail, given == NULL ? "by which rule is it chosen?" : "no such rule: %s",
                        given);
}

static ls_result choose_cap(cli *c, uint64_t *cap)
{
    LS_TRY(cli_number(c, "cap", LS_OPTIONS_MAX, cap));
    if (*cap == 0) {
        ls_hint(&c->detail, "--cap 60; who may submit everything learns all that the other chose");
        return ls_fail_with(&ls_fault_usage, &c->detail, "how many options may each side choose, at most?");
    }
    return LS_SUCCESS;
}

static ls_result check_until(cli *c, const ls_act_draft *act)
{
    ls_time until = 0, now;
    LS_TRY(ls_workspace_now(&c->ws, &now, &c->detail));
    if (!ls_time_parse(ls_buf_bytes(&act->value[LS_H_UNTIL]), &until)) {
        ls_hint(&c->detail, "--until 2018-11-12; each later stage takes as long as this one");
        return ls_fail_with(&ls_fault_usage, &c->detail, "until when do both commit to their choices?");
    }
    return until > now ? LS_SUCCESS : ls_fail_with(&ls_fault_usage, &c->detail, "--until has passed already");
}

/* What both sign has the place in a header, which is ASCII. */
static ls_result check_places(cli *c, const char *path, const ls_psi_option *option, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (!ls_text_ascii(option[i].place)) {
            snprintf(c->detail.file, sizeof c->detail.file, "%s", path);
            ls_hint(&c->detail, "write it in letters of ASCII, as in \"Da Nang\"");
            return ls_fail_with(&ls_fault_usage, &c->detail, "the place of option %zu could not be signed as a venue",
                                i + 1);
        }
    }
    return LS_SUCCESS;
}

static ls_result read_list(cli *c, ls_buf *document, size_t *count)
{
    const char *path = cli_value(c, "options");
    ls_psi_option *option;
    if (path == NULL) {
        ls_hint(&c->detail, "--options FILE: YAML with dates: [2019-02-27] and places: [Hanoi], or CSV");
        return ls_fail_with(&ls_fault_usage, &c->detail, "among which dates and places?");
    }
    LS_TRY(cli_options_read(c, path, false, &c->arena, &option, count));
    LS_TRY(check_places(c, path, option, *count));
    ls_result r = ls_psi_options_write(option, *count, document, &c->detail);
    if (r.fault == &ls_fault_psi_options) { /* what somebody made is no finding */
        snprintf(c->detail.file, sizeof c->detail.file, "%s", path);
        return ls_fail(&ls_fault_usage);
    }
    return r;
}

static void preview_open(cli *c, ls_parties to, size_t options, uint64_t cap)
{
    if (c->json) {
        return;
    }
    cli_mark(c, c->ws.exercise);
    cli_paragraph("A private search with %s among %zu options, of which each side may choose at most %llu.",
                  ls_why_parties(ls_record_charter(c->ws.record), to, &c->arena), options, (ull)cap);
    cli_paragraph("What becomes known by this: the list of options, the cap and the rule, to all who read the record. "
                  "Nothing of what this party would choose.");
    if (cap >= options) {
        cli_print("warning: with this cap a side may choose all options, and so learn everything that the other "
                  "chose\n");
    } else if (cap > options / 3) {
        cli_print(
            "warning: with a cap of more than a third of the list, a side that does not keep to options may learn "
            "more of what the other chose than is common\n");
    }
}

/* The planned meeting that it is for. */
static ls_result put_about(cli *c, ls_act_draft *act)
{
    const char *about = cli_value(c, "about");
    const ls_talk *meeting;
    if (about == NULL) {
        return LS_SUCCESS;
    }
    LS_TRY(cli_find_named(c, LS_H_MEETING, about, &meeting));
    cli_act_ref_entry(c, act, meeting->index);
    return LS_SUCCESS;
}

static ls_result fill_open(cli *c, ls_draft *draft, ls_act_draft *act)
{
    ls_parties to;
    ls_psi_rule rule;
    uint64_t cap = 0;
    size_t options;
    ls_buf document = {0};
    LS_TRY(choose_other(c, &to));
    LS_TRY(choose_cap(c, &cap));
    LS_TRY(choose_rule(c, &rule));
    LS_TRY(cli_talk_headers(c, act));
    LS_TRY(check_until(c, act));
    LS_TRY(put_about(c, act));
    cli_act_parties(c, act, LS_H_TO, to);
    ls_act_draft_set(act, LS_H_CAP, "%llu", (ull)cap);
    ls_act_draft_set(act, LS_H_METHOD, "%s", ls_psi_rule_name(rule));
    ls_result r = read_list(c, &document, &options);
    if (ls_succeeded(r)) {
        r = ls_draft_attach(draft, act, "process", "application/json", "options.json", ls_buf_bytes(&document), NULL,
                            &c->detail);
        preview_open(c, to, options, cap);
    }
    ls_buf_free(&document);
    return r;
}

static ls_result run_open(cli *c)
{
    ls_draft draft = {0};
    ls_act_draft act = {0};
    LS_TRY(cli_act_sync(c));
    ls_result r = fill_open(c, &draft, &act);
    r = ls_succeeded(r) ? cli_act_sign_as(c, "schedule", &draft, &act) : r;
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    return r;
}

/* What all steps share. */

static ls_result check_side(cli *c, const cli_search *x)
{
    return x->search.side < LS_SEARCH_SIDES
               ? LS_SUCCESS
               : ls_fail_with(&ls_fault_usage, &c->detail, "this search is between %s and %s", cli_side_name(c, x, 0),
                              cli_side_name(c, x, 1));
}

/* Nobody can be shown another history of what is under a stamp. */
static ls_result check_stamped(cli *c, const cli_search *x, ls_search_step step)
{
    uint64_t stamped = ls_record_stamped(c->ws.record);
    bool settled = x->state->search->index < stamped;
    for (ls_search_step before = 0; settled && before < step; before++) {
        for (unsigned side = 0; side < LS_SEARCH_SIDES; side++) {
            const ls_talk *said = x->state->step[side][before];
            settled = settled && (said == NULL || said->index < stamped);
        }
    }
    if (settled) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "wait for it: lockstep sync");
    return ls_fail_with(&ls_fault_usage, &c->detail, "no stamp covers yet what both have said so far");
}

/* It is not for this party to do something now. */
static ls_result not_now(cli *c, const cli_search *x)
{
    const ls_schedule_state *s = x->state;
    const char *blame = cli_search_blame(c, s);
    ls_hint(&c->detail,
            s->awaited != 0 ? "lockstep schedule show %u"
                            : "lockstep schedule show %u; another search: "
                              "lockstep schedule open",
            s->search->index);
    if (s->awaited != 0) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "the search is %s, and awaits %s",
                            ls_schedule_stage_name(s->stage), cli_search_awaited(c, s));
    }
    return ls_fail_with(&ls_fault_usage, &c->detail, "the search is over (%s)%s%s", ls_schedule_stage_name(s->stage),
                        blame != NULL ? ": " : "", blame != NULL ? blame : "");
}

/* An audience of the other side alone, this party left out of account. */
static ls_result other_alone(cli *c, const cli_search *x, const char **out)
{
    const ls_charter *charter = ls_record_charter(c->ws.record);
    size_t me = cli_own_party(c), other = ls_schedule_party(x->state->search, 1 - x->search.side);
    ls_bytes name = charter->party[other].name;
    bool found = (ls_audience_members(charter, name) & ~LS_PARTY_BIT(me)) == LS_PARTY_BIT(other);
    for (size_t i = 0; i < charter->audience_count && !found; i++) {
        found = (charter->audience[i].parties & ~LS_PARTY_BIT(me)) == LS_PARTY_BIT(other);
        name = found ? charter->audience[i].name : name;
    }
    *out = ls_arena_str(&c->arena, name);
    return found ? LS_SUCCESS
                 : ls_fail_with(&ls_fault_usage, &c->detail, "the charter has no audience that is %s alone",
                                cli_party_name(c, other));
}

static void put_hash(ls_act_draft *act, const ls_hash *value)
{
    char hex[LS_HEX_HASH_SIZE];
    ls_hash_format(value, hex);
    ls_act_draft_set(act, LS_H_COMMITMENT, "%s", hex);
}

/* What the other side learns by what is signed now; for people alone. */
static void preview(cli *c, const cli_search *x, const char *does, const char *learns)
{
    if (c->json) {
        return;
    }
    cli_mark(c, c->ws.exercise);
    cli_print("search %u between %s and %s: %s\n", x->state->search->index, cli_side_name(c, x, 0),
              cli_side_name(c, x, 1), does);
    cli_paragraph("What %s learns by this: %s", cli_side_name(c, x, 1 - x->search.side), learns);
}

/* choose */

static ls_result read_mine(cli *c, cli_search *x, uint32_t **preferred, size_t *count)
{
    const char *path = cli_value(c, "mine");
    ls_psi_option *option;
    if (path == NULL) {
        ls_hint(&c->detail, "--mine FILE: the options that would do, the best first, in the form of --options");
        return ls_fail_with(&ls_fault_usage, &c->detail, "which of the options would do?");
    }
    LS_TRY(cli_options_read(c, path, true, &x->secret, &option, count));
    LS_TRY(cli_options_find(c, path, &x->search.options, option, *count, &x->secret, preferred));
    if (*count < 1 || *count > x->search.run.cap) {
        return ls_fail_with(&ls_fault_usage, &c->detail, "%zu options; each side chooses 1 to %u in this search",
                            *count, x->search.run.cap);
    }
    return LS_SUCCESS;
}

/* It stands on the record already: the same choice is put back, and another one is none. */
static ls_result put_back(cli *c, const cli_search *x, const ls_talk *committed, const ls_search_own *own,
                          const ls_hash *commitment)
{
    if (!ls_hash_equal(&committed->value, commitment)) {
        ls_hint(&c->detail, "lockstep schedule show %u says what is next", x->state->search->index);
        return ls_fail_with(&ls_fault_usage, &c->detail, "this party has committed to another choice, in act %u",
                            committed->index);
    }
    bool there = ls_search_kept(&c->ws, commitment);
    LS_TRY(ls_search_keep(&c->ws, &x->search, own, commitment, &c->detail));
    if (c->json) {
        return cli_print_json(c, c->ws.exercise,
                              json_pack("{s:i, s:b}", "committed", (int)committed->index, "restored", !there));
    }
    cli_mark(c, c->ws.exercise);
    cli_print("This is the choice that act %u commits to. It is %s here.\n", committed->index,
              there ? "kept" : "again");
    return LS_SUCCESS;
}

static ls_result commit(cli *c, const cli_search *x, const ls_search_own *own, const ls_hash *commitment,
                        ls_draft *draft, ls_act_draft *act)
{
    if (x->state->stage != LS_SCHEDULE_COMMITTING || (x->state->awaited & LS_PARTY_BIT(cli_own_party(c))) == 0) {
        return not_now(c, x);
    }
    LS_TRY(check_stamped(c, x, LS_SEARCH_LIST));
    preview(
        c, x, ls_arena_format(&c->arena, "commit to a choice of %u of %u options", own->count, x->search.options.count),
        "that this party takes part, and a hash that tells nothing of the choice. Once it is signed the choice can't "
        "be changed. Later it learns how many options these are, and which of them it chose, too.");
    LS_TRY(ls_search_keep(&c->ws, &x->search, own, commitment, &c->detail));
    cli_act_ref_entry(c, act, x->state->search->index);
    put_hash(act, commitment);
    return cli_act_sign_as(c, "schedule-commit", draft, act);
}

static ls_result choose(cli *c, cli_search *x, ls_draft *draft, ls_act_draft *act)
{
    uint32_t *preferred;
    size_t count;
    ls_hash commitment;
    LS_TRY(cli_search_begin(c, x));
    LS_TRY(check_side(c, x));
    LS_TRY(read_mine(c, x, &preferred, &count));
    LS_TRY(ls_search_choose(&c->ws, &x->search, preferred, (uint32_t)count, &x->own, &commitment, &c->detail));
    const ls_talk *committed = x->state->step[x->search.side][LS_SEARCH_LIST];
    return committed != NULL ? put_back(c, x, committed, x->own, &commitment)
                             : commit(c, x, x->own, &commitment, draft, act);
}

/* Runs one of them with what all need. */
static ls_result with_search(cli *c, ls_result (*run)(cli *, cli_search *, ls_draft *, ls_act_draft *))
{
    cli_search x = {0};
    ls_draft draft = {0};
    ls_act_draft act = {0};
    ls_result r = run(c, &x, &draft, &act);
    ls_act_draft_free(&act);
    ls_draft_free(&draft);
    cli_search_end(&x);
    return r;
}

static ls_result run_choose(cli *c)
{
    return with_search(c, choose);
}

/* step */

/* What does not hold of what the other sent ends it here: nothing more is shown to who cheats. */
static ls_result check_other(cli *c, const cli_search *x)
{
    unsigned other = 1 - x->search.side;
    for (size_t i = 0; i < x->report.count && x->seen.failed[other]; i++) {
        if (x->report.finding[i].level == LS_FINDING_FAILED) {
            ls_hint(&c->detail,
                    "lockstep schedule verify %u; for a third party: lockstep schedule disclose %u --out "
                    "FOLDER",
                    x->state->search->index, x->state->search->index);
            return ls_fail_with(&ls_fault_search, &c->detail, "%s", x->report.finding[i].text);
        }
    }
    return LS_SUCCESS;
}

/* What the other says it sent has not come. */
static ls_result awaits_file(cli *c, const cli_search *x, const char *what)
{
    const char *other = cli_side_name(c, x, 1 - x->search.side);
    ls_hint(&c->detail, "lockstep sync, once %s's workspace has sent it; by couriers it comes with the record", other);
    return ls_fail_with(&ls_fault_absent, &c->detail,
                        x->closed > 0 ? "the %s of %s is not here, and a box that came does not hold what its act names"
                                      : "the %s of %s is not here",
                        what, other);
}

static const char *common_words(cli *c, const cli_search *x)
{
    uint32_t n = x->seen.common_count;
    return n == 0 ? "nothing" : n == 1 ? "one option" : ls_arena_format(&c->arena, "%u options", n);
}

/* The step that is this party's now. */
typedef struct stepping {
    ls_search_step step;
    const char *kind, *file, *does, *learns;
} stepping;

static ls_result prepare_send(cli *c, const cli_search *x, stepping *out)
{
    *out = (stepping){LS_SEARCH_POINTS, "schedule-send", "points", "send the points",
                      ls_arena_format(&c->arena,
                                      "that this party chose %u of the %u options, and not which. Who reads the record "
                                      "sees the size of a sealed file, which is a power of two.",
                                      x->own->count, x->search.options.count)};
    return LS_SUCCESS;
}

static ls_result prepare_return(cli *c, const cli_search *x, stepping *out)
{
    unsigned other = 1 - x->search.side;
    if (!x->seen.has_set[other]) {
        return awaits_file(c, x, "list of points");
    }
    const char *known = x->seen.found
                            ? ls_arena_format(&c->arena, "This party knows it already: %s.", common_words(c, x))
                            : "It learns that first; then its own return is due, and silence is a default.";
    *out = (stepping){LS_SEARCH_RETURNED, "schedule-send", "returned", "return the other's points, multiplied",
                      ls_arena_format(&c->arena,
                                      "which of its %u options this party chose, too, and nothing of all "
                                      "others. %s",
                                      x->seen.set[other].count, known)};
    return LS_SUCCESS;
}

static ls_result needs_common(cli *c, const cli_search *x)
{
    return x->seen.found ? LS_SUCCESS : awaits_file(c, x, "return");
}

static ls_result prepare_ranking(cli *c, const cli_search *x, stepping *out)
{
    LS_TRY(needs_common(c, x));
    if (x->seen.common_count == 0 && x->state->stage == LS_SCHEDULE_FOUND) {
        ls_hint(&c->detail,
                "the search ends here, and nobody is in default; with other options: lockstep schedule open");
        return ls_fail_with(&ls_fault_usage, &c->detail, "nothing is common");
    }
    *out = (stepping){LS_SEARCH_RANKING, "schedule-commit", NULL, "commit to a ranking of what is common",
                      ls_arena_format(&c->arena,
                                      "a hash that tells nothing of the order in which this party prefers what "
                                      "is common (%s). It is the order of schedule choose.",
                                      common_words(c, x))};
    return LS_SUCCESS;
}

static ls_result prepare_reveal(cli *c, const cli_search *x, stepping *out)
{
    LS_TRY(needs_common(c, x));
    *out = (stepping){LS_SEARCH_REVEALED, "schedule-reveal", "ranking", "reveal the ranking",
                      ls_arena_format(&c->arena,
                                      "in which order this party prefers what is common (%s); nothing of "
                                      "others.",
                                      common_words(c, x))};
    return LS_SUCCESS;
}

static ls_result prepare(cli *c, const cli_search *x, stepping *out)
{
    switch (x->state->stage) {
    case LS_SCHEDULE_SENDING:
        return prepare_send(c, x, out);
    case LS_SCHEDULE_RETURNING:
        return prepare_return(c, x, out);
    case LS_SCHEDULE_FOUND:
    case LS_SCHEDULE_RANKING:
        return prepare_ranking(c, x, out);
    case LS_SCHEDULE_REVEALING:
        return prepare_reveal(c, x, out);
    default:
        return not_now(c, x);
    }
}

/* What must be done by another verb, or by nobody. */
static ls_result check_turn(cli *c, const cli_search *x)
{
    LS_TRY(check_side(c, x));
    if ((x->state->awaited & LS_PARTY_BIT(cli_own_party(c))) == 0) {
        return not_now(c, x);
    }
    unsigned index = x->state->search->index;
    if (x->state->stage == LS_SCHEDULE_COMMITTING) {
        ls_hint(&c->detail, "lockstep schedule choose %u --mine FILE", index);
        return ls_fail_with(&ls_fault_usage, &c->detail, "this party has not chosen yet");
    }
    if (x->state->stage == LS_SCHEDULE_CHOSEN || x->state->stage == LS_SCHEDULE_SIGNING) {
        ls_hint(&c->detail,
                "lockstep schedule agree %u --meeting NAME, or sign what the other has signed: lockstep sign "
                "FILE",
                index);
        return ls_fail_with(&ls_fault_usage, &c->detail, "what is left is to sign the date and the place");
    }
    return LS_SUCCESS;
}

/* The ranking that is revealed is the one that was committed to, or it is not sent. */
static ls_result check_own_ranking(cli *c, const cli_search *x, ls_search_step step, ls_bytes message)
{
    ls_hash actual;
    ls_psi_commitment(message, &actual);
    if (step != LS_SEARCH_REVEALED ||
        ls_hash_equal(&actual, &x->state->step[x->search.side][LS_SEARCH_RANKING]->value)) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "lockstep schedule choose %u --mine FILE, with the options in the order of then",
            x->state->search->index);
    return ls_fail_with(&ls_fault_workspace, &c->detail,
                        "the order of preference that is kept here is not the one that this party committed to");
}

static ls_result fill_step(cli *c, const cli_search *x, const stepping *t, ls_draft *draft, ls_act_draft *act)
{
    const char *audience;
    ls_buf message = {0};
    ls_hash commitment;
    LS_TRY(other_alone(c, x, &audience));
    ls_result r = ls_search_message(&x->search, x->own, &x->seen, t->step, &message, &c->detail);
    r = ls_succeeded(r) ? check_own_ranking(c, x, t->step, ls_buf_bytes(&message)) : r;
    if (ls_succeeded(r) && t->file == NULL) {
        ls_psi_commitment(ls_buf_bytes(&message), &commitment);
        put_hash(act, &commitment);
    } else if (ls_succeeded(r)) {
        r = ls_draft_attach(draft, act, audience, "application/octet-stream", t->file, ls_buf_bytes(&message), NULL,
                            &c->detail);
    }
    ls_buf_wipe(&message);
    cli_act_ref_entry(c, act, x->state->search->index);
    return r;
}

static ls_result step(cli *c, cli_search *x, ls_draft *draft, ls_act_draft *act)
{
    stepping t = {0};
    LS_TRY(cli_search_begin(c, x));
    LS_TRY(check_turn(c, x));
    LS_TRY(cli_search_examine(c, x, true));
    LS_TRY(check_other(c, x));
    LS_TRY(prepare(c, x, &t));
    LS_TRY(check_stamped(c, x, t.step));
    preview(c, x, t.does, t.learns);
    LS_TRY(fill_step(c, x, &t, draft, act));
    return cli_act_sign_as(c, t.kind, draft, act);
}

static ls_result run_step(cli *c)
{
    return with_search(c, step);
}

const cli_verb cli_verb_schedule_open = {
    "schedule open",
    "PARTY --options FILE --cap N --rule RULE --until DATE",
    "open a private search for a date and a place",
    "Opens a search with PARTY among the options of FILE, from which both find those that both would accept, and "
    "learn\n"
    "nothing of each other's other ones. FILE is YAML or CSV: options one by one (date, place, and until for several\n"
    "days), or dates and places, of which all combinations are meant. Each side chooses at most N. RULE says which of\n"
    "the common ones it is: earliest, the first of the list; borda, the least sum of both ranks; least-regret, the\n"
    "least of the worse ranks. Both commit until DATE; each later stage takes as long as that one.",
    "  lockstep -C usa schedule open dprk --options summit.yaml --cap 40 --rule borda --until 2018-11-12",
    1,
    LS_PARTIES_MAX,
    {{"options", "FILE", "the dates and places, in the order in which `earliest` takes them"},
     {"cap", "N", "how many of them each side may choose, at most"},
     {"rule", "RULE", "earliest, borda or least-regret"},
     {"until", "DATE", "the last day, or time, to commit to a choice"},
     {"about", "MEETING", "the planned meeting of these two that it is for, and in whose place comes what it finds"},
     {"group", "GROUP", "the working group in which it is done"},
     {"text", "TEXT", "what to say with it"},
     {0}},
    run_open};

const cli_verb cli_verb_schedule_choose = {
    "schedule choose",
    "[SEARCH] --mine FILE",
    "choose what this party would accept, and commit to it",
    "Reads the options that this party would accept, the best first, in the form of schedule open, and commits to "
    "them.\n"
    "They are kept in the workspace, under a key from the delegation's seed; on the record stands a hash. Where the\n"
    "workspace has lost them, the same options put them back. SEARCH is its place or the beginning of its id; without\n"
    "it, the only search that awaits this party, or the last.",
    "  lockstep -C usa schedule choose --mine mine.yaml\n  lockstep -C dprk schedule choose 31 --mine mine.csv",
    0,
    1,
    {{"mine", "FILE", "the options that would do, in the order of preference"},
     {"text", "TEXT", "what to say with it"},
     {0}},
    run_choose};

const cli_verb cli_verb_schedule_step = {
    "schedule step",
    "[SEARCH]",
    "do what is next in a private search",
    "Once both have committed: sends this side's points; then returns the other's, multiplied by this side's secret,\n"
    "with the proof; then, unless the rule is earliest, commits to a ranking of what is common, in the order of "
    "schedule\n"
    "choose, and reveals it. Everything that the other sent is checked before: exit 1, and who did what, if it does "
    "not\n"
    "hold. Says before it signs what the other side learns by it.",
    "  lockstep -C usa schedule step\n  lockstep -C dprk schedule step 31",
    0,
    1,
    {{"text", "TEXT", "what to say with it"}, {0}},
    run_step};
