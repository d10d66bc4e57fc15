#!/usr/bin/env python3
"""Several processes at once: on one ledger, on one workspace, on one draft."""
import os
import pty
import select

from lockstep import (BINARY, OK, SOAK, Process, case, check, check_ledger, check_sound, environment, finish, headers,
                      main, run, sanitized, start)

ROUNDS = 100 if SOAK else 10


def together(*commands):
    """Starts them all, and wants them all to succeed."""
    jobs = [start(*command) for command in commands]
    results = [check_sound(finish(job)) for job in jobs]
    for result in results:
        check(result.code == OK, "one of several at once failed:", result)
    return results


def acts_of(entries, party):
    return [note for note in entries if headers(note).get("by") == [party]]


@case
def delegations_act_at_once(folder):
    p = Process().build()
    for number in range(ROUNDS):
        together(p.as_("usa", "perform", "pause", "--text", f"Round {number}.", "--yes"),
                 p.as_("dprk", "perform", "visit", "--yes"),
                 p.as_("rok", "perform", "mediate", "--yes"))
    entries = check_ledger(p.ledger)
    for party in p.PARTIES:
        check(len(acts_of(entries, party)) == ROUNDS, party, "has acted", len(acts_of(entries, party)), "times")
    check(len({str(p.log(party, stamps=True)) for party in p.PARTIES}) == 1, "they see different records")


@case
def processes_share_a_workspace(folder):
    """One waits for the other, and takes the next number."""
    p = Process().build()
    for _ in range(ROUNDS):
        together(*[p.as_("usa", "perform", "pause", "--yes")] * 2)
    entries = check_ledger(p.ledger)
    check(len(acts_of(entries, "usa")) == 2 * ROUNDS, "acts:", len(acts_of(entries, "usa")))
    check(not os.listdir(p.path("usa", "outbox")), "the outbox is not empty")


@case
def declaring_and_opening_beside_others(folder):
    p = Process().build()
    p.declare()
    declare = p.as_("dprk", "declare", "--inventory", p.path("sites.csv"), "--backup", p.path("safe"), "--yes")
    for number in range(3):
        together(declare, declare, p.as_("usa", "confirm", "declare-sites", "--yes"),
                 p.as_("dprk", "open", "--tranche", "1", "--out", p.path(f"{number}.lockstep"), "--yes"),
                 p.as_("usa", "perform", "pause", "--attach", p.path("text.md"), "--yes"))
        run("verify", p.path(f"{number}.lockstep"), "--charter", p.fingerprint())
    check(len(acts_of(check_ledger(p.ledger), "dprk")) == 10, "acts are missing")


@case
def readers_are_not_disturbed(folder):
    p = Process().build()
    readers = [p.as_("rok", "status"), p.as_("rok", "log"), p.as_("dprk", "charter", "show"), ("verify", p.ledger)]
    seen = 0
    for _ in range(ROUNDS):
        together(*readers, p.as_("usa", "perform", "pause", "--yes"), p.as_("usa", "perform", "pause", "--yes"))
        size = len(p.log("rok"))
        check(size > seen, "the record does not grow")
        seen = size
    check_ledger(p.ledger)


@case
def clocks_and_acts_at_once(folder):
    """Stamps and acts are written by whoever comes first."""
    p = Process().build()
    for day in range(9, 9 + min(ROUNDS, 20)):
        together(p.as_("rok", "exercise", "clock", f"2018-10-{day:02}T06:00:00Z"),
                 p.as_("usa", "perform", "pause", "--yes"), p.as_("dprk", "perform", "visit", "--yes"))
    times = [entry["time"] for entry in p.log(stamps=True) if entry["time"]]
    check(times == sorted(times), "ledger times go back:", times)
    check_ledger(p.ledger)


@case
def a_question_holds_nobody_else_up(folder):
    """While one delegation thinks about a question, the others act."""
    p = Process().build()
    pid, terminal = pty.fork()
    if pid == 0:
        os.execve(BINARY, [BINARY, *p.as_("usa", "perform", "pause")], environment())
    shown = b""
    while b"?" not in shown and select.select([terminal], [], [], 60)[0]:
        shown += os.read(terminal, 4096)
    check(b"?" in shown, "it does not ask:", shown)
    for party, measure in (("dprk", "visit"), ("rok", "mediate")):
        p.run(party, "perform", measure, "--yes", timeout=30)
    os.write(terminal, b"yes\n")
    try:
        while select.select([terminal], [], [], 60)[0] and (piece := os.read(terminal, 4096)):
            shown += piece
    except OSError:
        pass  # the program's end
    os.close(terminal)
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    check(code == OK and b"on the record" in shown, "what was asked first can't be filed:", code, shown)
    acts = [headers(note)["by"] for note in check_ledger(p.ledger) if "seq" in headers(note)]
    check(acts == [["dprk"], ["rok"], ["usa"]], "acts:", acts)


@case
def two_sign_one_draft_at_once(folder):
    """A signature may be lost when two write one file; then it is asked for again, and nothing else happens."""
    for number in range(ROUNDS if not sanitized() else 2):
        p = Process(str(number)).draft_charter()
        draft = p.path("charter.lockstep")
        p.run("rok", "charter", "sign", p.path("charter.yaml"), "--yes")
        jobs = [start(*p.as_(party, "sign", draft, "--yes")) for party in ("dprk", "usa")]
        said = [check_sound(finish(job)) for job in jobs]
        for _ in range(2):
            if any("on the record" in result.out for result in said):
                break
            said = [p.attempt(party, "sign", draft, "--yes") for party in ("dprk", "usa")]
        check(any("on the record" in result.out for result in said), "not filed:", *said)
        for party in p.PARTIES:
            check(p.log(party)[0]["kind"] == "charter", "no charter in", party)
        check_ledger(p.ledger)


@case
def one_ledger_is_made_once(folder):
    """Two drafts of charters for one folder, at once: one ledger, and one key in both, or one of them fails."""
    p = Process()
    for party in p.PARTIES:
        p.init(party)
    for number in range(ROUNDS):
        ledger = p.path(f"ledger-{number}")
        jobs = [start(*p.as_(party, "charter", "new", p.path(f"{party}-{number}.yaml"), "--ledger", ledger, "--party",
                             p.path("usa", "party.yaml"), "--party", p.path("dprk", "party.yaml")))
                for party in ("usa", "dprk")]
        codes = [check_sound(finish(job)).code for job in jobs]
        keys = set()
        for party, code in zip(("usa", "dprk"), codes):
            if code == OK:
                with open(p.path(f"{party}-{number}.yaml"), encoding="utf-8") as draft:
                    keys |= {line for line in draft if line.startswith("  key:")}
        check(len(keys) == 1, "keys of one ledger:", keys, codes)
        run("-C", p.path("rok"), "charter", "new", p.path(f"rok-{number}.yaml"), "--ledger", ledger, "--party",
            p.path("usa", "party.yaml"), "--party", p.path("dprk", "party.yaml"))
        with open(p.path(f"rok-{number}.yaml"), encoding="utf-8") as draft:
            check(keys == {line for line in draft if line.startswith("  key:")}, "the ledger has another key now")


if __name__ == "__main__":
    main()
