#!/usr/bin/env python3
"""The main job as people type it: what each command says and how it ends, and what it answers to mistakes."""
import calendar
import os
import pty
import re
import select
import shutil
import subprocess
import time

from lockstep import (BINARY, ENVIRONMENT, INVALID, MARK, OK, ROADMAP, TEXT, USAGE, Process, Result, attempt, case,
                      check, check_ledger, check_sound, check_unchanged, environment, headers, main, read, run,
                      snapshot, write)


def verbs():
    """All verbs, as `lockstep help` lists them."""
    return re.findall(r"^  ([a-z]+(?: [a-z]+)?) {2,}\S", run("help").out, re.M)


def options_of(verb):
    """Names of the options that the help of a verb lists."""
    text = run(*verb.split(), "--help").out
    return re.findall(r"^  --([a-z-]+)", text.split("\noptions:\n")[1].split("\nexample:\n")[0], re.M)


# Help and mistakes in what is typed.

@case
def every_verb_has_help_with_an_example(folder):
    listed = verbs()
    check(len(listed) >= 28, "verbs:", listed)
    for verb in listed:
        text = run(*verb.split(), "--help").out
        check(f"usage: lockstep {verb}" in text, "no usage:", text)
        examples = text.split("\nexample:\n")[1].rstrip("\n").split("\n")
        check(examples[0].startswith("  lockstep "), f"{verb} has no example")
        check(f" {verb}" in examples[0], f"{verb}: the example shows another verb:", examples)
        options = re.findall(r"^  --([a-z-]+)", text.split("\noptions:\n")[1], re.M)
        ours = [line[line.index("lockstep "):] for line in examples if "lockstep " in line]  # not what is piped into it
        for option in re.findall(r" --([a-z-]+)", "\n".join(ours)):
            check(option in options, f"{verb}: the example has --{option}, which the help does not list")


@case
def help_of_all_and_version(folder):
    check(run("help").out == run("--help").out, "help and --help differ")
    run(code=USAGE).complains("usage: lockstep", "VERB --help")
    check(re.fullmatch(r"lockstep \d+\.\d+\.\d+\S*\n", run("version").out), "version:", run("version").out)


@case
def help_on_one_verb_and_version_for_programs(folder):
    for verb in verbs():
        check(run("help", *verb.split()).out == run(*verb.split(), "--help").out, "another help:", verb)
    run("help", "statsu", code=USAGE).complains("did you mean: lockstep status")
    run("help", "charter", code=USAGE).complains("which one?")
    said = run("version", "--json").json()
    check(said == {"program": "lockstep", "version": run("version").out.split()[1]}, said)


COMMON = {"workspace": "x", "as": "x", "passphrase-file": "x", "accord": "x", "json": None, "yes": None,
          "expires": "x", "unless-acted": "x"}
# Of some verbs, what they can make use of: who signs, who asks, where accords are told apart.
TAKEN = {
    "perform": {"expires", "unless-acted", "workspace", "as", "passphrase-file", "accord", "json", "yes"},
    "withdraw": {"expires", "unless-acted", "workspace", "as", "passphrase-file", "json", "yes"},
    "sign": {"workspace", "as", "passphrase-file", "json", "yes"},
    "status": {"workspace", "passphrase-file", "accord", "json"},
    "log": {"workspace", "passphrase-file", "json"},
    "charter check": {"json"},
    "vault restore": {"json"},
    "cosign": {"passphrase-file"},
    "cosign stop": {"json", "yes"},
    "serve": set(),
}


@case
def help_lists_what_a_verb_takes(folder):
    """And no other option is taken; each line's help begins in the same column."""
    for verb in verbs():
        listed = set(options_of(verb))
        check("help" in listed, verb)
        if verb in TAKEN:
            check(listed & set(COMMON) == TAKEN[verb], verb, listed)
        for option, value in COMMON.items():
            if option not in listed:
                run(*verb.split(), f"--{option}", *([value] if value else []), code=USAGE).complains(
                    f"unknown option --{option}", f"lockstep {verb} --help")
        text = run(*verb.split(), "--help").out.split("\noptions:\n")[1].split("\nexample:\n")[0]
        short = [line for line in text.splitlines() if line.startswith("  --") and line[28] == " "]
        check(short and all(line[29] != " " for line in short), "not in columns:", text)


@case
def what_is_out_of_reach_has_a_hint(folder):
    p = Process("process").build()
    for verb in ("show", "prove"):
        p.run("usa", verb, "999", code=USAGE).complains("counted from 0", "hint: lockstep log")
        p.run("usa", verb, "abc", code=USAGE).complains("at least six digits", "hint: lockstep log")
    run("init", p.path("real"), "--party", "real", "--ledger", p.ledger, env={"LOCKSTEP_PASSPHRASE": "one for all"})
    run("-C", p.path("real"), "exercise", "clock", "2018-10-09T00:00:00Z", code=USAGE).complains(
        "only an exercise's clock can be set", "hint: a real ledger's time")


@case
def the_workspace_is_named_before_the_verb_or_after(folder):
    p = Process("process").build()
    before = p.run("usa", "log").out
    for args in (["log", "-C", p.path("usa")], ["log", "--workspace", p.path("usa")]):
        check(run(*args).out == before, args)
    run("log", "-C", code=USAGE).complains("needs a value")
    run("charter", "check", "-C", p.path("usa"), p.path("charter.yaml"), code=USAGE).complains("unknown option -C")


@case
def mistakes_get_hints(folder):
    for args, complaint, hint in [
            (["statsu"], "no such verb", "did you mean: lockstep status"),
            (["confrim", "x"], "no such verb", "did you mean: lockstep confirm"),
            (["frobnicate-everything"], "no such verb", "lockstep help"),
            (["charter"], "which one?", "lockstep charter sign"),
            (["charter", "sgin"], "which one?", "lockstep charter sign"),
            (["status", "--jsno"], "unknown option --jsno", "did you mean --json?"),
            (["status", "--xyzzy"], "unknown option --xyzzy", "lockstep status --help"),
            (["status", "-x"], "unknown option -x", "lockstep status --help"),
            (["status", "twice"], "too many arguments", "usage: lockstep status"),
            (["sign"], "an argument is missing", "usage: lockstep sign FILE"),
            (["open", "--tranche"], "--tranche needs a value", "--tranche K"),
            (["open", "--tranche", "two"], "whole number", "two"),
            (["open"], "open a tranche as a whole, or rows by their ids", "--tranche 1"),
            (["status", "--json=yes"], "takes no value", "--json"),
            (["declare", "--backup", "x"], "which inventory?", "--inventory"),
            (["declare", "--inventory", "x"], "backup", "--backup"),
            (["init", "x"], "--party", "--party usa"),
            (["init", "x", "--party", "USA"], "can't be the name of a party", "lower-case"),
            (["init", "x", "--party", "usa", "--signer", "sealing"], "signer", "--signer usa-1"),
            (["init", "x", "--party", "usa", "--threshold", "2"], "threshold", "--threshold 2"),
            (["init", "x", "--party", "usa", "--no-passphrase"], "only an exercise", "--exercise"),
            (["exercise", "clock", "tomorrow"], "is not a time", "2018-10-09T08:00:00Z"),
            (["verify", "x", "--charter", "abc"], "64 hexadecimal digits", "lockstep charter show"),
            (["status"], "not a workspace", "lockstep init"),
            (["-C", "nowhere", "status"], "nowhere is not a workspace", "lockstep init nowhere")]:
        result = run(*args, code=USAGE).complains(complaint, hint)
        check(result.err.startswith("lockstep: error: "), "no error line:", result)
        check(not result.out, "speaks on stdout, too:", result)
    check(not os.listdir(folder), "something was made")


@case
def the_workspace_is_named_or_stood_in(folder):
    p = Process().build()
    expected = p.run("usa", "log", "--json").out
    check(run("log", "--json", "--workspace", p.path("usa")).out == expected, "--workspace")
    check(run("log", "--json", env={"LOCKSTEP_WORKSPACE": p.path("usa")}).out == expected, "LOCKSTEP_WORKSPACE")
    os.chdir(p.path("usa"))
    check(run("log", "--json").out == expected, "the current folder")


@case
def relative_paths_need_no_shell(folder):
    """A program that starts ours may have another idea of PWD, or none."""
    p = Process()
    for party in p.PARTIES:
        run("init", party, "--party", party, "--ledger", "ledger", "--exercise", "--no-passphrase", env={"PWD": None})
    for number, pwd in enumerate((None, "/nowhere")):
        run("-C", "rok", "charter", "new", f"charter-{number}.yaml", "--ledger", f"ledger-{number}", "--party",
            "usa/party.yaml", "--party", "rok/party.yaml", env={"PWD": pwd})
        check(os.path.exists(p.path(f"ledger-{number}", "key.vault")), "the ledger is not where it was wanted")


# The main job.

def check_measure(p, measure, state, party="usa", **more):
    found = p.states(party)[measure]
    wanted = dict(more, state=state)
    check({key: found[key] for key in wanted} == wanted, f"{measure} should be {wanted}:", found)


@case
def the_main_job(folder):
    p = Process()
    p.draft_charter()
    run("charter", "check", p.path("charter.yaml")).says(MARK, "a charter of 3 parties", "2 of 2", "quorum none")
    p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes").says("Still missing: dprk-1 dprk-2 usa-1 usa-2")
    p.run("dprk", "sign", p.path("charter.lockstep"), "--yes").says("2 signatures added", "Still missing: usa-1 usa-2")
    p.run("usa", "sign", p.path("charter.lockstep"), "--yes").says("charter is on the record as entry 0")
    shown = p.run("usa", "charter", "show", "--json").json()
    check(shown["charter"]["name"] == "small" and shown["exercise"] is True, "charter:", shown)
    check(all(p.run(party, "charter", "show", "--json").json() == shown for party in p.PARTIES), "charters differ")

    p.run("dprk", "accord", "check", p.path("roadmap.yaml"), p.path("text.md")).says("6 measures", "ready to propose")
    p.run("rok", "accord", "propose", p.path("roadmap.yaml"), p.path("text.md"), "--out", p.path("accord.lockstep"),
          "--yes").says("Still missing: dprk-1 dprk-2 usa-1")
    p.run("dprk", "accord", "sign", p.path("accord.lockstep"), "--yes").says("Still missing: usa-1")
    p.run("usa", "sign", p.path("accord.lockstep"), "--yes").says("accord is on the record as entry 2")
    p.run("usa", "accord", "show").says("A small accord", "[p1] The north declares", "declare-sites")

    p.declare().says("3", "13", "16", "declare sites is on the record")
    check_measure(p, "declare-sites", "performed", deadline="2018-10-18T15:00:00Z")
    p.run("usa", "confirm", "declare-sites", "--yes")
    check_measure(p, "declare-sites", "confirmed")
    check_measure(p, "open-first", "due")

    p.clock("2018-10-09T06:00:00Z")
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("first.lockstep")).says(
        "8 rows, in 1 declaration", "(6 are", "first.lockstep", p.fingerprint())
    p.run("usa", "verify", p.path("first.lockstep"), "--charter", p.fingerprint())
    p.run("usa", "confirm", "open-first", "--yes")
    check_measure(p, "open-first", "confirmed")

    p.run("usa", "perform", "pause", "--date", "2018-10-08", "--text", "Orders were given.", "--yes")
    check_measure(p, "pause", "performed")
    p.run("dprk", "object", "pause", "--text", "One exercise goes on.", "--yes")
    check_measure(p, "pause", "disputed")
    objection = p.log()[-1]["id"]
    p.run("dprk", "withdraw", objection[:12], "--yes")
    check_measure(p, "pause", "performed")
    p.run("dprk", "confirm", "pause", "--date", "2018-10-08", "--yes")
    check_measure(p, "pause", "confirmed", early=False, late=False)

    p.run("dprk", "missing", "relief", "--text", "No ship came.", "--yes")
    check_measure(p, "relief", "disputed")
    p.run("usa", "suspend", "--track", "north", "--text", "Citing lack of progress.", "--yes")
    check_measure(p, "visit", "due", suspended=True)
    check_measure(p, "relief", "disputed", suspended=False)
    p.run("rok", "status").says("has suspended What the north does since 2018-10-09")
    p.run("usa", "resume", "--yes")
    check_measure(p, "visit", "due", suspended=False)
    check(all(p.states(party) == p.states() for party in p.PARTIES), "parties see different states")

    kinds = [entry["kind"] for entry in p.log("rok")]
    check(kinds == ["charter", "accord", "declare", "confirm", "open", "confirm", "perform", "object", "withdraw",
                    "confirm", "missing", "suspend", "resume"], "log:", kinds)
    p.run("rok", "log").says("usa", "perform", "pause")
    shown = p.run("dprk", "show", objection[:12], "--json").json()
    check(shown["id"] == objection and "One exercise goes on." in shown["note"], "show:", shown)
    check(shown["tlog_proof"].startswith("c2sp.org/tlog-proof@v1\n"), "proof:", shown)
    p.run("dprk", "show", str(shown["index"])).says("One exercise goes on.", objection)
    p.run("rok", "export", p.path("record.lockstep")).says(p.fingerprint())
    run("verify", p.path("record.lockstep"), "--charter", p.fingerprint())
    check(len(check_ledger(p.ledger)) == len(p.log(stamps=True)), "the log does not show every entry")


@case
def acts_out_of_turn_are_refused(folder):
    p = Process().build().settle()
    before = snapshot(p.folder)
    for args, code, complaint in [
            (["dprk", "perform", "pause"], INVALID, "pause"),
            (["dprk", "perform", "declare-sites"], INVALID, ""),
            (["rok", "confirm", "pause"], INVALID, ""),
            (["dprk", "confirm", "pause"], INVALID, ""),
            (["usa", "perform", "puase"], USAGE, "did you mean pause?"),
            (["usa", "perform", "pause", "--accord", "other"], USAGE, ""),
            (["usa", "perform", "pause", "--as", "usa-9"], USAGE, "usa-9 is not a signer"),
            (["usa", "perform", "pause", "--date", "2018-13-01"], USAGE, "is not a date"),
            (["usa", "perform", "pause", "--attach", "nowhere.pdf"], ENVIRONMENT, "nowhere.pdf"),
            (["usa", "object", "visit"], USAGE, "reason"),
            (["usa", "suspend"], USAGE, "cause"),
            (["usa", "suspend", "--track", "west", "--text", "Why not."], INVALID, ""),
            (["usa", "resume"], USAGE, "no suspension"),
            (["usa", "withdraw", "77"], USAGE, "entries"),
            (["usa", "withdraw", "0"], INVALID, ""),
            (["dprk", "open", "--tranche", "1"], USAGE, "declare"),
            (["dprk", "open", "--tranche", "3"], USAGE, "tranches 1 to 2"),
            (["dprk", "open", "--row", "alpha", "--fields", "id,nmae"], USAGE, "nmae"),
            (["dprk", "open", "--row", "alpha", "--tranche", "1"], USAGE, "as a whole"),
            (["usa", "show", "ffffff"], USAGE, "no act"),
            (["usa", "show", "999"], USAGE, "entries")]:
        asked = [] if args[1] == "show" else ["--yes"]
        result = p.run(*args, *asked, code=code).complains("lockstep: error: ", complaint)
        check_unchanged(before, p.folder, why=result)


@case
def nothing_is_signed_unasked(folder):
    """Without --yes, and without a terminal to ask on."""
    p = Process().draft_charter()
    before = snapshot(p.folder)
    p.run("rok", "charter", "sign", p.path("charter.yaml"), code=USAGE).complains("nothing was signed", "--yes")
    check_unchanged(before, p.folder)
    p.sign_charter().sign_accord().settle()
    before = snapshot(p.folder)
    for args in (["declare", "--inventory", p.path("sites.csv"), "--backup", p.path("safe")],
                 ["accord", "propose", p.path("roadmap.yaml"), p.path("text.md")]):
        p.run("dprk", *args, code=USAGE).complains("nothing was signed", "--yes")
    p.run("usa", "perform", "pause", code=USAGE).complains("nothing was signed", "--yes")
    p.run("dprk", "declare", "--inventory", p.path("sites.csv"), "--preview").says("blank rows")
    check_unchanged(before, p.folder)


@case
def a_declaration_is_supplemented_and_opened_by_rows(folder):
    p = Process().build()
    p.declare()
    write(p.path("more.csv"), "\ufeff\"id\";name;lat;lon;tranche\r\nzeta;A sixth;39,6;125.6;2\r\n")
    p.run("dprk", "declare", "--inventory", p.path("more.csv"), "--backup", p.path("safe"), "--yes").says(
        "semicolons", "supplements", "decimal degrees")
    p.run("dprk", "open", "--row", "alpha", "--row", "zeta", "--fields", "id,name", "--yes", "--out",
          p.path("rows.lockstep")).says("2 rows", "id, name")
    rows = run("verify", p.path("rows.lockstep"), "--charter", p.fingerprint(), "--rows").out
    check("First place" in rows and "A sixth" in rows and "125.1" not in rows, "rows:", rows)
    p.run("dprk", "open", "--row", "omega", "--yes", code=USAGE).complains('"omega"', "byte for byte")
    p.run("dprk", "open", "--tranche", "2", "--yes", "--out", p.path("second.lockstep")).says("in 2 declarations")
    check(not os.listdir(p.path("dprk", "outbox")), "the outbox is not empty")


# Signers and thresholds.

def split_signers(p):
    """dprk's second signer moves to a laptop of her own: a second workspace with her vault alone."""
    shutil.copytree(p.path("dprk"), p.path("laptop"))
    os.remove(p.path("laptop", "vaults", "dprk-1.vault"))
    os.remove(p.path("dprk", "vaults", "dprk-2.vault"))


@case
def an_act_waits_for_its_second_signer(folder):
    p = Process().build()
    split_signers(p)
    size = len(p.log(stamps=True))
    said = p.run("dprk", "perform", "visit", "--text", "Come in.", "--yes", "--json").json()
    check(said["filed"] is False and said["missing"] == "dprk-2", "said:", said)
    check(len(p.log(stamps=True)) == size, "an act with one of two signatures is on the record")
    p.run("dprk", "status")  # what is incomplete stays in the outbox and disturbs nobody
    p.run("laptop", "sign", said["file"], "--yes").says("Come in.", "perform is on the record")
    check_measure(p, "visit", "performed")
    check(p.log()[-1]["id"] == said["id"], "another act was filed")
    p.run("dprk", "log")
    check(not os.listdir(p.path("dprk", "outbox")), "the act is filed and still in the outbox")
    said = p.run("dprk", "perform", "visit", "--yes").says("signed in part", "dprk-2", "lockstep sign FILE")
    check_ledger(p.ledger)


@case
def an_incomplete_act_goes_stale(folder):
    p = Process().build()
    split_signers(p)
    first = p.run("dprk", "perform", "visit", "--yes", "--json").json()["file"]
    p.run("laptop", "sign", first, "--yes")
    second = p.run("dprk", "perform", "visit", "--text", "Second", "--yes", "--json").json()["file"]
    third = p.run("dprk", "perform", "visit", "--text", "Third", "--yes", "--json").json()["file"]
    p.run("laptop", "sign", third, "--yes")
    size = len(p.log(stamps=True))
    p.run("laptop", "sign", second, "--yes", code=INVALID)  # its number is taken
    check(len(p.log(stamps=True)) == size, "two acts with one number")
    for party in ("dprk", "laptop"):
        p.run(party, "status")
    check_ledger(p.ledger)


@case
def signing_twice_or_for_others_adds_nothing(folder):
    p = Process().draft_charter()
    p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes")
    file = p.path("charter.lockstep")
    before = read(file)
    p.run("rok", "sign", file, "--yes", code=USAGE).complains("no signer of this workspace")
    check(read(file) == before, "the file was changed")
    p.run("usa", "sign", file, "--yes", "--as", "usa-2").says("1 signature added", "usa-1")
    p.run("usa", "sign", file, "--yes", "--as", "dprk-1", code=USAGE)
    p.run("dprk", "sign", file, "--yes")
    p.run("usa", "sign", file, "--yes").says("on the record as entry 0")
    p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes", code=USAGE).complains("belongs to a process")


@case
def a_forged_signature_binds_nobody(folder):
    """A draft whose signature by others is of another text is refused by whoever is asked to sign it."""
    p = Process().draft_charter()
    p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes")
    draft = read(p.path("charter.lockstep"))
    nonce = re.search(rb"nonce: ([0-9a-f]{64})", draft).group(1)
    forged = write(p.path("forged.lockstep"), draft.replace(nonce, nonce[::-1]))
    before = snapshot(p.folder)
    p.run("usa", "sign", forged, "--yes", code=INVALID).complains("rok-1")
    check_unchanged(before, p.folder)


# Passphrases.

PASSPHRASE = "correct horse battery staple"


@case
def passphrases_from_a_file_or_the_environment(folder):
    p = Process()
    file = write(p.path("secret"), PASSPHRASE + "\n")
    p.init("usa", "--passphrase-file", file)
    p.init("rok", "--no-passphrase")
    p.init("dprk", "--signer", "dprk-3", env={"LOCKSTEP_PASSPHRASE": PASSPHRASE})
    p.run("rok", "charter", "new", p.path("charter.yaml"), "--party", p.path("dprk", "party.yaml"), "--party",
          p.path("usa", "party.yaml"), "--mediator", p.path("rok", "party.yaml"))
    p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes")
    charter = p.path("charter.lockstep")
    before = snapshot(*p.folders())
    p.run("usa", "sign", charter, "--yes", code=ENVIRONMENT).complains("--passphrase-file", "LOCKSTEP_PASSPHRASE")
    wrong = p.run("usa", "sign", charter, "--yes", code=USAGE, env={"LOCKSTEP_PASSPHRASE": "Correct horse"})
    check("passphrase" in wrong.err and "horse" not in wrong.err, "said:", wrong)
    p.run("usa", "sign", charter, "--yes", "--passphrase-file", "nowhere", code=ENVIRONMENT).complains("nowhere")
    p.run("usa", "sign", charter, "--yes", "--passphrase-file", write("empty", ""), code=USAGE).complains("passphrase")
    p.run("usa", "sign", charter, "--yes", "--passphrase-file", write("long", "x" * 2000), code=USAGE)
    check_unchanged(before, *p.folders())
    p.run("usa", "sign", charter, "--yes", "--passphrase-file", file)
    p.run("dprk", "sign", charter, "--yes", env={"LOCKSTEP_PASSPHRASE": PASSPHRASE}).says("on the record")
    for place, (_, content) in snapshot(*(p.path(party) for party in p.PARTIES), p.ledger).items():
        check(content is None or PASSPHRASE.encode() not in content, "the passphrase is in", place)


def talk(args, answers):
    """Runs the program on a terminal and answers its questions in turn. Returns the result and what the terminal
    showed, echo included."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(BINARY, [BINARY, *args], environment())
    shown, answers = b"", list(answers)
    try:
        while select.select([terminal], [], [], 120)[0]:
            try:
                piece = os.read(terminal, 4096)
            except OSError:
                break  # the program's end
            if not piece:
                break
            shown += piece
            if answers and shown.rstrip(b" ").endswith(answers[0][0].encode()):
                time.sleep(0.05)  # as a person who types after having read: echo must be off by then
                os.write(terminal, answers.pop(0)[1].encode() + b"\n")
    finally:
        os.close(terminal)
        code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check(not answers, "it never asked", answers, "but:", shown)
    return check_sound(Result([BINARY, *args], code, shown, b"(terminal)"))


@case
def passphrases_and_questions_on_the_terminal(folder):
    init = ["init", "usa", "--party", "usa", "--exercise"]
    once = [(":", PASSPHRASE), ("The same again:", PASSPHRASE)]
    result = talk(init, once * 5)
    check(result.code == OK, "init:", result)
    check(result.out.count("New passphrase for") == 5, "prompts:", result)
    check(PASSPHRASE not in result.out, "the passphrase was echoed:", result)
    result = talk(["init", "rok", "--party", "rok", "--exercise"], [(":", PASSPHRASE), ("again:", "something else")])
    check(result.code == USAGE and "differ" in result.out, "two passphrases:", result)

    p = Process("p").build().settle()
    ask = [*p.as_("usa", "perform", "pause")]
    before = snapshot(p.folder)
    result = talk(ask, [("?", "no")])
    check(result.code == USAGE and "nothing was signed" in result.out, "no:", result)
    check_unchanged(before, p.folder)
    result = talk(ask, [("?", "yes")])
    check(result.code == OK and "on the record" in result.out, "yes:", result)


# Exercises and real processes.

REAL = {"LOCKSTEP_PASSPHRASE": PASSPHRASE}


def real_init(party, *more):
    run("init", party, "--party", party, "--ledger", "ledger", *more, env=REAL)


@case
def a_workspace_without_passphrases_refuses_real_charters(folder):
    real_init("usa")
    run("init", "dprk", "--party", "dprk", "--ledger", "ledger", "--exercise", "--no-passphrase")
    run("-C", "usa", "charter", "new", "charter.yaml", "--party", "usa/party.yaml", "--party", "dprk/party.yaml")
    signed = run("-C", "usa", "charter", "sign", "charter.yaml", "--yes", env=REAL)
    check("EXERCISE" not in signed.out and b"exercise act" not in read("charter.lockstep"), "a real charter:", signed)
    before = snapshot(folder)
    run("-C", "dprk", "sign", "charter.lockstep", "--yes", code=USAGE).complains("exercise", "lockstep init")
    check_unchanged(before, folder)
    # Nor does it help to call the workspace a real one.
    config = read("dprk/workspace.json")
    for old, new in ((b'"exercise":1', b'"exercise":0'), (b'"protected":0', b'"protected":1')):
        check(old in config, "workspace.json has changed its form: mend this test")
        config = config.replace(old, new)
        write("dprk/workspace.json", config)
        before = snapshot(folder)
        refused = attempt("-C", "dprk", "sign", "charter.lockstep", "--yes")
        check(refused.code != OK, "a vault without passphrase signed a real charter:", refused)
        check_unchanged(before, folder)


@case
def a_real_process_has_no_mark_and_no_clock(folder):
    for party in ("usa", "dprk"):
        real_init(party)
    run("-C", "usa", "charter", "new", "charter.yaml", "--party", "usa/party.yaml", "--party", "dprk/party.yaml")
    for result in (run("charter", "check", "charter.yaml"),
                   run("-C", "usa", "charter", "sign", "charter.yaml", "--yes", env=REAL),
                   run("-C", "dprk", "sign", "charter.lockstep", "--yes", env=REAL),
                   run("-C", "usa", "log"), run("-C", "usa", "charter", "show")):
        check("exercise" not in result.out.lower(), "a real process is called an exercise:", result)
    check(run("-C", "usa", "charter", "show", "--json").json()["exercise"] is False, "JSON")
    run("-C", "usa", "exercise", "clock", "2030-01-01T00:00:00Z", code=USAGE).complains("only an exercise")
    check_ledger("ledger")


# Every verb, as text and as JSON, in a process that is an exercise.

REHEARSAL = """\
rehearsal: 1
signed: "2018-10-08"
until: "2018-12-31"
acts:
  - {on: "2018-10-12", by: usa, act: perform, measure: pause}
"""


def talks_commands(form, file):
    visit, group, item = (f"{form}-{name}" for name in ("visit", "group", "item"))
    propose = ["propose", "usa", "--until", "2018-12-01", "--text", "A summit."]
    return [
        ("usa", ["letter", "dprk", "--text", "As we said."]),
        ("dprk", ["debrief", "--to", "rok", "--text", "We had a letter.", None]),
        ("dprk", propose),
        ("usa", ["accept", None]),
        ("dprk", propose),
        ("usa", ["counter", "--until", "2018-12-01", "--text", "Another.", None]),
        ("dprk", ["decline", "--text", "No.", None]),
        ("usa", ["meeting", "plan", visit, "--to", "dprk", "--due", "2018-11-01"]),
        ("dprk", ["meeting", "decline", visit, "--text", "Not then."]),
        ("dprk", ["meeting", "postpone", visit, "--due", "2018-11-08", "--text", "A storm."]),
        ("usa", ["meeting", "confirm", visit]),
        ("usa", ["meeting", "agenda", visit, "sites", "--text", "Which ones."]),
        ("usa", ["meeting", "cancel", visit, "--text", "No progress."]),
        ("usa", ["meeting", "held", visit, "--date", "2018-10-08"]),
        ("usa", ["meeting", "minutes", visit, "--text", "Agreed.", "--out", file("minutes.lockstep")]),
        ("usa", ["meeting", "agree", f"{form}-summit", "--with", "dprk", "--due", "2019-02-27", "--venue", "Hanoi", "--out",
                 file("meeting.lockstep")]),
        ("usa", ["meeting", "show", visit]),
        ("usa", ["group", "create", group, "--to", "dprk", "--text", "Terms."]),
        ("dprk", ["group", "join", group, "--members", "a,b"]),
        ("usa", ["group", "agenda", group, "list", "--text", "What first."]),
        ("usa", ["group", "meet", group, f"{form}-stockholm"]),
        ("dprk", ["group", "report", group, "--text", "Done."]),
        ("dprk", ["group", "leave", group]),
        ("usa", ["group", "show", group]),
        ("usa", ["pledge", item, "--text", "No exercises."]),
        ("usa", ["demand", f"{item}-2", "--of", "dprk", "--text", "A list."]),
        ("usa", ["claim", f"{item}-3", "--text", "It is so."]),
        ("usa", ["redeem", item, "pause"]),
        ("usa", ["talks"]),
    ]


def exercise_commands(p, form):
    """Each verb once, in an order in which all succeed. form distinguishes the files of the two rounds."""
    write(p.path("rehearsal.yaml"), REHEARSAL)
    file = lambda name: p.path(f"{form}-{name}")
    write(file("change.csv"), f"id,name\ngamma,Place in {form}\n")
    return [
        ("rok", ["charter", "check", p.path("charter.yaml")]),
        ("usa", ["charter", "show"]),
        ("rok", ["accord", "new", file("roadmap.yaml"), file("text.md")]),
        ("rok", ["accord", "check", file("roadmap.yaml"), file("text.md")]),
        ("rok", ["accord", "propose", p.path("roadmap.yaml"), p.path("text.md"), "--out", file("accord.lockstep")]),
        ("usa", ["accord", "sign", file("accord.lockstep")]),
        ("usa", ["accord", "show"]),
        ("dprk", ["declare", "--inventory", p.path("sites.csv"), "--preview"]),
        ("dprk", ["declare", "--inventory", p.path("sites.csv"), "--backup", p.path("safe")]),
        ("dprk", ["open", "--tranche", "1", "--out", file("first.lockstep")]),
        ("dprk", ["open", "--row", "gamma", "--out", file("rows.lockstep")]),
        ("dprk", ["notify", file("change.csv"), "--change", "changed"]),
        ("usa", ["contest", "--text", "It has another name.", None]),
        ("usa", ["inventory"]),
        ("usa", ["perform", "pause"]),
        ("dprk", ["object", "pause", "--text", "No."]),
        ("dprk", ["confirm", "pause"]),
        ("usa", ["missing", "visit"]),
        ("usa", ["withdraw", None]),
        ("usa", ["rekey", {"text": "usa-2", "json": "usa-1"}[form], "--since", "1"]),
        ("dprk", ["annul", "--out", file("annulment.lockstep"), None]),
        ("usa", ["delegate", f"press-{form}", "--to", file("press")]),
        ("usa", ["revoke", f"press-{form}", "--text", "Published."]),
        ("rok", ["charter", "amend", p.path("charter.yaml"), "--out", file("amendment.lockstep")]),
        ("rok", ["ledger", "succeed", file("ledger"), "--origin", f"exercise.rok.example/small-{form}", "--out",
                 file("succession.lockstep")]),
        ("usa", ["suspend", "--text", "Citing lack of progress."]),
        ("usa", ["resume"]),
        *talks_commands(form, file),
        ("usa", ["status"]),
        ("usa", ["next"]),
        ("usa", ["explain", "pause"]),
        ("rok", ["accord", "analyse", p.path("roadmap.yaml"), p.path("text.md")]),
        ("rok", ["rehearse", p.path("rehearsal.yaml"), p.path("roadmap.yaml"), p.path("text.md")]),
        ("usa", ["plan", "--population", "sites", "--violations", "2"]),
        ("usa", ["log"]),
        ("usa", ["show", "0"]),
        ("rok", ["exercise", "clock", CLOCKS[form]]),
        ("usa", ["export", file("record.lockstep")]),
        ("usa", ["verify", file("record.lockstep"), "--charter", p.fingerprint()]),
        ("usa", ["verify", file("rows.lockstep"), "--charter", p.fingerprint()]),
        ("usa", ["verify"]),
        ("usa", ["sync"]),
        ("usa", ["sync", "--to", file("usa.courier")]),
        ("rok", ["sync", "--from", file("usa.courier"), "--to", file("answer.courier")]),
        ("usa", ["sync", "--from", file("answer.courier")]),
        ("usa", ["outbox"]),
        ("usa", ["inbox"]),
        ("usa", ["keys"]),
        ("usa", ["prove", "0", "--out", file("charter.tlog-proof")]),
        ("usa", ["verify", file("charter.tlog-proof")]),
        ("usa", ["ledger", "check"]),
        ("usa", ["ledger", "export", file("tree")]),
        ("usa", ["ledger", "set", p.ledger]),
        ("usa", ["vault", "backup", file("backup")]),
        ("usa", ["vault", "restore", file("backup"), file("restored")]),
    ]


CLOCKS = {"text": "2018-10-09T00:00:00Z", "json": "2018-10-10T00:00:00Z"}


def marked_in_json(result):
    """`"exercise": true` at the top, or in each of a list."""
    value = result.json()
    return all(item.get("exercise") is True for item in (value if isinstance(value, list) else [value]))


def run_all(p, form):
    """Runs them all; returns the commands whose output has no mark."""
    bare = []
    for party, args in exercise_commands(p, form):
        if args[-1] is None:
            args[-1] = p.log()[-1]["id"][:16]
        asks = "yes" in options_of(" ".join(args[:2]) if " ".join(args[:2]) in verbs() else args[0])
        result = p.run(party, *args, *(["--yes"] if asks else []), *(["--json"] if form == "json" else []))
        marked = marked_in_json(result) if form == "json" else result.out.count("EXERCISE") == 1
        bare += [] if marked else [" ".join(args[:2])]
    return bare


@case
def every_text_bears_the_exercise_mark_once(folder):
    p = Process().build()
    bare = run_all(p, "text")
    check(not bare, "without the mark, or with two:", bare)


@case
def every_json_says_that_it_is_an_exercise(folder):
    p = Process()
    said = run("init", "x", "--party", "x", "--exercise", "--no-passphrase", "--json")
    bare = [] if marked_in_json(said) else ["init"]
    p.draft_charter()
    said = [p.run("rok", "charter", "new", p.path("other.yaml"), "--party", p.path("usa", "party.yaml"), "--party",
                  p.path("dprk", "party.yaml"), "--json"),
            p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes", "--json"),
            p.run("usa", "sign", p.path("charter.lockstep"), "--yes", "--json"),
            p.run("dprk", "sign", p.path("charter.lockstep"), "--yes", "--json")]
    bare += [str(result.args) for result in said if not marked_in_json(result)]
    p.sign_accord()
    bare += run_all(p, "json")
    check(not bare, "without the mark:", bare)


@case
def every_verb_was_tried(folder):
    p = Process().build()
    commands = [args for _, args in exercise_commands(p, "text")]
    tried = {f"{args[0]} {args[-1] if len(args) == 1 else args[1]}" for args in commands} | {a[0] for a in commands}
    tried |= {"init", "charter new", "charter sign", "sign", "outbox drop"}  # the last one in ways.py
    # What needs servers, cosigners or cheats is tried in cosign.py, cheats.py and network_of_five.py.
    tried |= {"serve", "cosign", "cosign carry", "cosign status", "cosign stop", "cosign forget",
              "cosign hand", "receipts", "audit"}
    # And what small accords have nothing for, in accord_acts.py; calendars, which are neither text nor JSON, in questions.py.
    tried |= {"promise", "begin", "reverse", "join", "call-off", "incident", "assess", "extend", "attest", "use",
              "dispute", "refer", "settle", "ratify", "denounce", "calendar"}
    # Draws have a script of their own, draws.py.
    tried |= {"draw", "draw commit", "draw reveal", "draw choose", "draw verify"}
    # And so has what follows on them: round.py, packets.py, reports.py.
    tried |= {"visit", "admit", "refuse", "postpone", "enter", "leave", "clarify", "answer", "challenge", "deny",
              "inspections", "packet", "report"}
    # Notifications have theirs, too: living.py.
    tried |= {"notify", "contest", "inventory"}
    # And so have readouts: readouts.py.
    tried |= {"readout publish", "readout check", "readout compare", "readout show"}
    # And so have private searches and texts: schedule.py, texts.py.
    tried |= {"schedule " + verb for verb in ("open", "choose", "step", "agree", "show", "verify", "disclose")}
    tried |= {"text " + verb for verb in ("open", "edit", "propose", "accept", "retract", "reopen", "note", "diverge",
                                          "show", "history", "diff", "list", "accord")}
    # And so have tables and the portal: inventory.py, portal.py.
    tried |= {"portal build", "inventory convert", "inventory compare", "inventory totals"}
    check(set(verbs()) <= tried, "not among the commands above:", set(verbs()) - tried)


# Private means private.

@case
def a_workspace_that_others_can_read_is_refused(folder):
    p = Process("it's mine").build()
    places = ["usa", "usa/workspace.json", "usa/vaults", "usa/declarations", "usa/outbox", "usa/vaults/usa-1.vault",
              "ledger", "ledger/key.vault"]
    for place in places:
        for mode in (0o040, 0o004, 0o020):
            path = p.path(place)
            os.chmod(path, os.stat(path).st_mode | mode)
            result = p.run("usa", "perform", "pause", "--yes", code=ENVIRONMENT).complains(place.split("/")[-1])
            hint = re.search(r"^lockstep: hint: (chmod .*)$", result.err, re.M)
            check(hint, "no command that mends it:", result)
            subprocess.run(["sh", "-c", hint.group(1)], check=True)
            check(os.stat(path).st_mode & 0o077 == 0, "the command mended nothing:", hint.group(1))
    p.run("usa", "perform", "pause", "--yes")


@case
def all_files_are_private(folder):
    """Whatever the umask is."""
    os.umask(0)
    try:
        p = Process().build()
        p.declare()
        p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("first.lockstep"))
        p.run("usa", "vault", "backup", p.path("vaults-copy"))
        p.run("usa", "export", p.path("record.lockstep"))
    finally:
        os.umask(0o022)
    for top in (*p.PARTIES, "ledger", "safe", "vaults-copy", "first.lockstep", "record.lockstep"):
        for place in [p.path(top), *snapshot(p.path(top))]:
            mode = os.stat(place).st_mode
            check(mode & 0o077 == 0, place, "has the mode", oct(mode))


@case
def vaults_are_backed_up_and_restored(folder):
    p = Process().build()
    p.declare()
    p.run("dprk", "vault", "backup", p.path("copy")).says("vaults are copied")
    p.run("dprk", "vault", "backup", p.path("copy"), code=USAGE)  # nothing is overwritten
    shutil.move(p.path("dprk"), p.path("lost"))
    p.run("dprk", "log", code=USAGE).complains("is not a workspace")
    run("vault", "restore", p.path("copy"), p.path("dprk"))
    p.run("dprk", "perform", "visit", "--yes").says("on the record")
    entries = check_ledger(p.ledger)
    check(b"seq: 2\n" in entries[-2], "the restored vault did not continue the chain")
    # Sealed rows have a backup of their own, and the refusal says where to put it.
    refused = p.run("dprk", "open", "--tranche", "1", "--yes", code=ENVIRONMENT).complains("sealed rows", "copy")
    target = re.search(r"to (\S+/declarations/[0-9a-f]{32})", refused.err).group(1)
    backup, = os.listdir(p.path("safe"))
    shutil.copytree(p.path("safe", backup), target)
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("first.lockstep")).says("(6 are")
    before = snapshot(p.folder)
    run("vault", "restore", p.path("copy"), p.path("usa"), code=USAGE)
    run("vault", "restore", p.path("safe"), p.path("new"), code=USAGE).complains("not a backup")
    check_unchanged(before, p.folder)


# Documents with errors.

DIAGNOSTIC = re.compile(r"^(.+?):(\d+):(\d+): (error|warning): (.+)$")


def diagnostics(result, path):
    """All of them, each checked for the line it quotes and for its caret."""
    lines, found = result.err.split("\n"), []
    source = read(path).decode("utf-8", "replace").split("\n")
    for i, line in enumerate(lines):
        match = DIAGNOSTIC.match(line)
        if not match:
            continue
        file, row, column, kind, text = match.group(1), int(match.group(2)), int(match.group(3)), *match.group(4, 5)
        check(file == path, "names another file:", line)
        check(1 <= row <= len(source), "no such line:", line)
        if source[row - 1].strip():
            check(lines[i + 1] == "    " + source[row - 1], "quotes another line:", lines[i:i + 2])
            check(lines[i + 2] == "    " + " " * (column - 1) + "^", "the caret is elsewhere:", lines[i:i + 3])
        hinted = len(lines) > i + 3 and lines[i + 3].startswith("    hint: ")
        found.append((row, column, kind, text, hinted))
    return found


def place_of(path, text):
    """Line and column, from 1, of a text that stands once in a file."""
    content = read(path).decode()
    check(content.count(text) == 1, f"{text!r} stands {content.count(text)} times")
    before = content[:content.index(text)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


# What is put in place of what, and what the error must stand at and speak of.
CHARTER_ERRORS = [
    ("grace: 24 hours", "graec: 24 hours", "graec", "graec"),
    ("semantics: 1", "semantics: 7", "7", "semantics"),
    ("exercise: true", "exercise: maybe", "maybe", "exercise"),
    ("expires-limit: 30 days", "expires-limit: 30 moons", "30 moons", "expires-limit"),
    ("threshold: 2", "threshold: 3", "3\n", "threshold"),
    ("role: mediator", "role: referee", "referee", "role"),
    ("domain: usa.example", "domain: dprk.example", "", "domain"),
]


@case
def errors_in_charters_say_where(folder):
    p = Process().draft_charter()
    path, good = p.path("charter.yaml"), read(p.path("charter.yaml")).decode()
    for old, new, at, word in CHARTER_ERRORS:
        check(good.count(old) == 1, f"the draft has no single {old!r}")
        write(path, good.replace(old, new))
        found = diagnostics(run("charter", "check", path, code=USAGE), path)
        row = place_of(path, new)[0] if at else None
        check(any((row is None or row == d[0]) and word in d[3] for d in found), f"{new}: not said:", found)
    # All at once, in the order of the document.
    text = good
    for old, new, _, _ in CHARTER_ERRORS:
        text = text.replace(old, new)
    write(path, text)
    result = run("charter", "check", path, code=USAGE)
    found = diagnostics(result, path)
    check([d[:2] for d in found] == sorted(d[:2] for d in found), "not in order:", found)
    for _, new, _, word in CHARTER_ERRORS:
        check(any(word in d[3] for d in found), f"{new}: not said with the others:", found)
    check(f"{path} has {len(found)} errors" in result.err, "counted otherwise:", result)
    # An exercise's ledger in a real charter, and a charter that is no YAML.
    write(path, good.replace("exercise: true", "exercise: false"))
    check(diagnostics(run("charter", "check", path, code=USAGE), path), "a real charter with an exercise's ledger")
    write(path, "charter: 1\nname: [a, b\nparties: }\n")
    check(diagnostics(run("charter", "check", path, code=USAGE), path), "no place in broken YAML")
    write(path, good)
    run("charter", "check", path)


ROADMAP_ERRORS = [
    ("title: A small accord", "titel: A small accord", "titel", "titel"),
    ("{id: good-faith, by: usa,", "{id: good-faith, by: usb,", "usb", "usb"),
    ("- {id: mediate, by: rok,", "- {id: relief, by: rok,", "relief, by: rok", "relief"),
    ('due: "2018-11-30"}', 'due: "2018-11-31"}', '"2018-11-31"', "2018-11-31"),
    ("what: act in good faith, paragraph: p3", "what: act in good faith, paragraph: p9", "p9", "p9"),
    ("after: [declare-sites confirmed]", "after: [declare-sties confirmed]", "declare-sties", "declare-sties"),
    ("opens: {declaration: sites, tranche: 1}", "opens: {declaration: sites, tranche: 3}", "3}", "tranche"),
]
CYCLE = ("id: pause, by: usa, what: pause exercises, paragraph: p2, after: [in force]",
         "id: pause, by: usa, what: pause exercises, paragraph: p2, after: [relief performed]")


@case
def errors_in_roadmaps_say_where(folder):
    p = Process().build().settle()
    path = p.path("roadmap.yaml")
    check_args = ("accord", "check", path, p.path("text.md"))
    before = snapshot(*(p.path(party) for party in p.PARTIES), p.ledger)
    for old, new, at, word in ROADMAP_ERRORS:
        check(ROADMAP.count(old) == 1, f"the roadmap has no single {old!r}")
        write(path, ROADMAP.replace(old, new))
        found = diagnostics(p.run("usa", *check_args, code=USAGE), path)
        row, column = place_of(path, new)
        column += new.index(at)
        check(any(d[0] == row and word in d[3] for d in found), f"{new}: not said:", found)
        # What is said with "must" says by itself what would be right.
        check(any(d[1] == column and (d[4] or " must " in d[3]) for d in found), f"{new}: column {column}:", found)
        p.run("usa", "accord", "propose", *check_args[2:], "--yes", "--out", p.path("never"), code=USAGE)
    text = ROADMAP
    for old, new, _, _ in ROADMAP_ERRORS:
        text = text.replace(old, new)
    write(path, text)
    found = diagnostics(p.run("usa", *check_args, code=USAGE), path)
    check(len(found) >= len(ROADMAP_ERRORS) - 1, "not all at once:", found)
    # A circle: pause waits for relief, relief for open-first, and so on back.
    write(path, ROADMAP.replace(*CYCLE).replace("after: [open-first confirmed]", "after: [pause confirmed]"))
    found = diagnostics(p.run("usa", *check_args, code=USAGE), path)
    check(any("pause" in d[3] and "relief" in d[3] for d in found), "the circle is not named:", found)
    write(path, ROADMAP)
    write(p.path("text.md"), TEXT.replace("[p2]", "[p1]"))
    found = diagnostics(p.run("usa", *check_args, code=USAGE), p.path("text.md"))
    check(any(d[0] == 5 and "p1" in d[3] for d in found), "a paragraph twice:", found)
    check(not os.path.exists(p.path("never")), "a proposal with errors was written")
    check_unchanged(before, *(p.path(party) for party in p.PARTIES), p.ledger)


@case
def drafts_overwrite_nothing(folder):
    p = Process().build().settle()
    for args in (["accord", "new", p.path("new.yaml"), p.path("text.md")],
                 ["accord", "new", p.path("roadmap.yaml"), p.path("new.md")],
                 ["charter", "new", p.path("charter.yaml"), "--party", p.path("usa", "party.yaml"), "--party",
                  p.path("rok", "party.yaml")]):
        before = snapshot(p.folder)
        p.run("rok", *args, code=USAGE).complains("xists")
        check_unchanged(before, p.folder, why=args)
    p.init("usa", code=USAGE).complains("not empty")


# Time.

@case
def overdue_begins_after_the_grace(folder):
    """pause is due within 7 days of 8 October, Seoul time; the grace is 24 hours."""
    p = Process().build()
    for clock, state in [("2018-10-15T14:59:59Z", "due"), ("2018-10-15T15:00:00Z", "due"),
                         ("2018-10-16T15:00:00Z", "due"), ("2018-10-16T15:00:01Z", "overdue")]:
        p.clock(clock)
        check_measure(p, "pause", state)
    p.run("dprk", "status").says("overdue", "2018-10-15")
    p.run("usa", "perform", "pause", "--yes")
    check_measure(p, "pause", "performed", late=True)
    check_measure(p, "visit", "due")  # no deadline: never overdue
    p.run("rok", "exercise", "clock", "2018-10-10T00:00:00Z", code=USAGE)  # time never goes back
    check_measure(p, "pause", "performed", late=True)


@case
def an_act_needs_its_author_only_if_nobody_else_acted(folder):
    """--unless-acted: an act that crosses another's is refused."""
    p = Process().build()
    split_signers(p)
    waiting = p.run("dprk", "perform", "visit", "--unless-acted", "usa", "--yes", "--json").json()["file"]
    p.run("usa", "perform", "pause", "--yes")
    p.run("laptop", "sign", waiting, "--yes", code=INVALID)
    check_measure(p, "visit", "due")


@case
def declarations_and_openings_are_held_back_too(folder):
    p = Process().build()
    split_signers(p)
    for args in (["declare", "--inventory", p.path("sites.csv"), "--backup", p.path("safe")],
                 ["open", "--tranche", "1", "--out", p.path("first.lockstep")]):
        held = p.run("dprk", *args, "--unless-acted", "usa rok", "--yes", "--json").json()
        p.run("usa", "perform", "pause", "--yes")
        p.run("laptop", "sign", held["file"], "--yes", code=INVALID).complains("usa has acted since")
        p.run("dprk", "outbox", "drop", held["id"])
        shutil.rmtree(p.path("safe"), ignore_errors=True)
        freely = p.run("dprk", *args, "--unless-acted", "usa rok", "--yes", "--json").json()
        p.run("laptop", "sign", freely["file"], "--yes")
    check([e["kind"] for e in p.log() if e["by"] == "dprk"][-2:] == ["declare", "open"], p.log())


def lifetime(p, *args):
    """Of the act that this makes: seconds between its `at` and its `expires`."""
    index = p.run("usa", *args, "--yes", "--json").json()["index"]
    found = headers(p.run("usa", "show", str(index), "--json").json()["note"].encode())
    at, expires = (calendar.timegm(time.strptime(found[name][0], "%Y-%m-%dT%H:%M:%SZ")) for name in ("at", "expires"))
    return expires - at


@case
def an_acts_lifetime_is_chosen(folder):
    p = Process().build()  # an exercise of 2018-10-08T06:00:00Z, whose charter lets an act live for 30 days
    for given, seconds in (([], 7 * 86400), (["--expires", "36 hours"], 36 * 3600), (["--expires", "1 day"], 86400),
                           (["--expires", "30 days"], 30 * 86400), (["--expires", "2018-10-08T07:00:00Z"], 3600)):
        found = lifetime(p, "perform", "pause", *given)
        check(found == seconds, given, found)
    check(lifetime(p, "rekey", "usa-2", "--expires", "1 hour") == 3600, "rekey")
    before = p.log()
    for given, complaint in (("31 days", "may not live for so long"), ("2018-11-08T06:00:00Z", "not live for so long"),
                             ("2018-10-08T06:00:00Z", "could not be filed any more"), ("2 months", "says not how long"),
                             ("soon", "says not how long"), ("", "says not how long")):
        p.run("usa", "perform", "pause", "--expires", given, "--yes", code=USAGE).complains(complaint, "hint")
    p.run("usa", "perform", "pause", "--expires", "31 days", "--yes", code=USAGE).complains("30 days at most")
    for names in ("nobody", "dprk nobody", "dprk  rok", ""):
        said = p.run("usa", "perform", "pause", "--unless-acted", names, "--yes", code=USAGE)
        said.complains("is no party", "charter show")
    check(p.log() == before, "something was filed")


if __name__ == "__main__":
    main()
