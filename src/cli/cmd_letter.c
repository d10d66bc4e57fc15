/* letter, debrief: what one party says to others, for all to read or for them alone. */
#include "cli/talking.h"

static ls_result needs_addressee(cli *c, const ls_act_draft *act, const char *example)
{
    if (act->value[LS_H_TO].len > 0) {
        return LS_SUCCESS;
    }
    ls_hint(&c->detail, "%s", example);
    return ls_fail_with(&ls_fault_usage, &c->detail, "to whom?");
}

/* The addressees are the argument; a file is a letter as well as words are. */
static ls_result fill_letter(cli *c, ls_act_draft *act)
{
    const char *reply = cli_value(c, "reply");
    const ls_talk *letter;
    ls_parties to;
    LS_TRY(cli_parties(c, "TO", c->argument[0], &to));
    LS_TRY(cli_talk_headers(c, act));
    cli_act_parties(c, act, LS_H_TO, to);
    if (reply != NULL) {
        LS_TRY(cli_find_talk(c, CLI_TALK(LETTER), reply, "a letter", &letter));
        cli_act_ref_entry(c, act, letter->index);
    }
    return LS_SUCCESS;
}

/* The letter itself goes as any file that belongs to it. */
static bool has_file(cli *c)
{
    bool any = false;
    for (size_t i = 0; i < c->value_count; i++) {
        bool file = strcmp(c->value[i].name, "file") == 0;
        c->value[i].name = file ? "attach" : c->value[i].name;
        any = any || strcmp(c->value[i].name, "attach") == 0;
    }
    return any;
}

static ls_result run_letter(cli *c)
{
    if (!has_file(c) && cli_value(c, "text") == NULL) {
        ls_hint(&c->detail, "--text \"Dear Mr President, …\", or --file letter.pdf");
        return ls_fail_with(&ls_fault_usage, &c->detail, "a letter has words, or is a file");
    }
    return cli_act_as(c, "letter", cli_flag(c, "confidential"), fill_letter);
}

static ls_result fill_debrief(cli *c, ls_act_draft *act)
{
    const ls_talk *about;
    const uint32_t kinds =
        CLI_TALK(MEET) | CLI_TALK(APPOINT) | CLI_TALK(LETTER) | CLI_TALK(PROPOSE) | CLI_TALK(DEBRIEF);
    LS_TRY(cli_find_talk(c, kinds, c->argument[0], "a meeting, a letter, a proposal or a debriefing", &about));
    LS_TRY(cli_talk_headers(c, act));
    LS_TRY(needs_addressee(c, act, "--to rok"));
    cli_act_ref_entry(c, act, about->index);
    return LS_SUCCESS;
}

static ls_result run_debrief(cli *c)
{
    return cli_act_as(c, "debrief", cli_flag(c, "confidential"), fill_debrief);
}

#define CONFIDENTIAL                                                                                                   \
    {                                                                                                                  \
        "confidential", NULL, "sealed to each addressee alone: the record shows whom, when, and a hash"                \
    }

const cli_verb cli_verb_letter = {
    "letter",
    "TO [--text TEXT] [--file FILE]",
    "write a letter to other parties",
    "Signs a letter to the parties TO (names, with commas). Everybody in the process can read it, unless it is\n"
    "--confidential: then words and files go, sealed, to each addressee alone, and the record shows who wrote to whom "
    "and\n"
    "when, a hash that nobody can guess by trying, and a size that is a power of two. What is given with --text "
    "stands\n"
    "in the shell's history; what is confidential is better a file. Addressees read it with: lockstep inbox --save.",
    "  lockstep -C dprk letter usa --file letter.pdf --confidential\n"
    "  lockstep -C usa letter dprk --reply 12 --text \"A second meeting should be held soon.\"",
    1,
    1,
    {{"file", "FILE", "the letter, as a file"},
     {"reply", "ACT", "the letter that it answers"},
     CONFIDENTIAL,
     CLI_ACT_OPTIONS},
    run_letter};

const cli_verb cli_verb_debrief = {
    "debrief",
    "ACT --to PARTIES",
    "say who was told what about a meeting, a letter or a proposal",
    "Tells PARTIES about what ACT names: a meeting by its name, a letter, a proposal, or another debriefing by its "
    "entry.\n"
    "--of says on whose word it is. --pass-to says who else may be told, or public; without it, nobody else. Whoever "
    "has\n"
    "no part in the matter and passes on more than it was allowed to is shown as having done so.",
    "  lockstep -C usa debrief pyongyang-4 --to rok --of dprk --text \"The chairman agreed to a second summit.\"\n"
    "  lockstep -C usa debrief pyongyang-4 --to rok,jpn --pass-to public --attach notes.pdf --confidential",
    1,
    1,
    {{"to", "PARTIES", "who is told"},
     {"of", "PARTY", "on whose word"},
     {"pass-to", "PARTIES", "who else may be told, or public (default: nobody)"},
     CONFIDENTIAL,
     CLI_ACT_OPTIONS},
    run_debrief};
