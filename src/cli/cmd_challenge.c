/* clarify, answer, challenge, deny: that there is something which was not declared. */
#include "cli/cli.h"
#include "geo/place.h"

/* "50 km", "0.5 km" or "500 m": kilometres if nothing else is said. */
static bool parse_radius(cli *c, const char *text, uint64_t *metres)
{
    bool number = text[strspn(text, "0123456789.")] == '\0';
    const char *whole = number ? ls_arena_format(&c->arena, "%s km", text) : text;
    return ls_radius_parse(ls_bytes_str(whole), metres);
}

static ls_result put_place(cli *c, ls_act_draft *act)
{
    const char *at = cli_value(c, "at"), *radius = cli_value(c, "radius");
    ls_place_reading place;
    uint64_t metres;
    if (at == NULL) {
        ls_hint(&c->detail, "--at 39.7956,125.755, or: --at \"39 47 44 N 125 45 18 E\"");
        return ls_fail_with(&ls_fault_usage, &c->detail, "say where");
    }
    LS_TRY(ls_place_read(ls_bytes_str(at), &place, &c->detail));
    if (radius == NULL || !parse_radius(c, radius, &metres)) {
        ls_hint(&c->detail, "--radius 5 (kilometres), or: --radius \"500 m\"");
        return ls_fail_with(&ls_fault_usage, &c->detail, "say within which radius");
    }
    ls_act_draft_set(act, LS_H_PLACE, "%s", place.text);
    ls_act_draft_set(act, LS_H_RADIUS, "%llu", (unsigned long long)metres);
    if (!c->json) {
        cli_print("within %llu m of %s\n", (unsigned long long)metres, place.understood);
    }
    return LS_SUCCESS;
}

static ls_result fill_clarify(cli *c, ls_act_draft *act)
{
    LS_TRY(cli_act_subject(c, act, CLI_INSPECTION));
    return put_place(c, act);
}

static ls_result fill_challenge(cli *c, ls_act_draft *act)
{
    const char *after = cli_value(c, "after");
    const ls_inspected *question;
    int accord;
    LS_TRY(fill_clarify(c, act));
    if (after != NULL) {
        LS_TRY(cli_find_inspected(c, CLI_ABOUT(CLARIFY), after, &accord, &question));
        cli_act_ref_entry(c, act, question->index);
    }
    return LS_SUCCESS;
}

static ls_result fill_answer(cli *c, ls_act_draft *act)
{
    const ls_inspected *question;
    return cli_act_inspected(c, act, CLI_ABOUT(CLARIFY), c->argument_count > 0 ? c->argument[0] : NULL, &question);
}

static ls_result fill_deny(cli *c, ls_act_draft *act)
{
    const ls_inspected *challenge;
    return cli_act_inspected(c, act, CLI_ABOUT(CHALLENGE), c->argument_count > 0 ? c->argument[0] : NULL, &challenge);
}

static ls_result run_clarify(cli *c)
{
    LS_TRY(cli_needs_text(c, "a question says what is asked", "What are the buildings put up there since 2016?"));
    return cli_act(c, fill_clarify);
}

static ls_result run_answer(cli *c)
{
    LS_TRY(cli_needs_text(c, "an answer says something", "It is a farm."));
    return cli_act(c, fill_answer);
}

static ls_result run_challenge(cli *c)
{
    return cli_act(c, fill_challenge);
}

static ls_result run_deny(cli *c)
{
    return cli_act(c, fill_deny);
}

#define OPTIONS_PLACE                                                                                                  \
    {"at", "LAT,LON", "the place: decimal degrees, or degrees, minutes and seconds with letters"},                     \
    {                                                                                                                  \
        "radius", "KM", "how far around it, in kilometres, or \"500 m\""                                               \
    }

const cli_verb cli_verb_clarify = {
    "clarify",
    "INSPECTION --at LAT,LON --radius KM --text QUESTION",
    "ask about a place, before a challenge",
    "Asks the other side what there is. It uses nothing up. The accord may want a question so long before a challenge.",
    "  lockstep -C iaea clarify baseline --at 40.316252,125.276505 --radius 2 --text \"What are the buildings there?\"",
    1,
    1,
    {OPTIONS_PLACE, CLI_ACT_OPTIONS},
    run_clarify};

const cli_verb cli_verb_answer = {"answer",
                                  "[QUESTION] --text ANSWER",
                                  "answer a question about a place",
                                  "Answers what clarify asked (default: the last question).",
                                  "  lockstep -C dprk answer 40 --text \"A farm, and the school of the village.\"",
                                  0,
                                  1,
                                  {CLI_ACT_OPTIONS},
                                  run_answer};

const cli_verb cli_verb_challenge = {
    "challenge",
    "INSPECTION --at LAT,LON --radius KM",
    "say that there is something which was not declared",
    "Challenges the declaration at a place. The other side opens the row that covers it (lockstep open --challenge) "
    "or\n"
    "denies that there is one (lockstep deny); what its silence means, the accord says. It uses one of the quota; a\n"
    "radius above the accord's largest is refused.",
    "  lockstep -C iaea challenge baseline --at 40.316252,125.276505 --radius 2 --after 40",
    1,
    1,
    {OPTIONS_PLACE, {"after", "QUESTION", "the question that came first"}, CLI_ACT_OPTIONS},
    run_challenge};

const cli_verb cli_verb_deny = {"deny",
                                "[CHALLENGE]",
                                "deny that there is anything at a challenged place",
                                "Says that no declared row covers the place, and that nothing there should have been "
                                "declared. It stands for good:\n"
                                "each later opening and finding is compared with it.",
                                "  lockstep -C dprk deny 42",
                                0,
                                1,
                                {CLI_ACT_OPTIONS},
                                run_deny};
