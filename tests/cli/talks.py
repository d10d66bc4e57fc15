#!/usr/bin/env python3
"""Talks by the real program: letters, proposals, meetings, working groups, pledges and debriefings, said and shown; what
must fail; two delegations that are away from the ledger; and a confidential letter, whose words are looked for, byte by
byte, everywhere but with those who may read it."""
import os
import pty
import resource
import select
import signal
import subprocess
import time

from lockstep import BINARY, INVALID, USAGE, Process, case, check, check_without, environment, every_file, headers, \
    main, note_text, read, read_store, write
from serving import Server
from world import act_of

WORDS = "Dear Mr President, the valley lies fourteen miles north of the river."
REPLY = "Your Excellency, we have read about the valley with interest."


class Talks(Process):
    """An accord is in force; dprk needs two signers."""

    def say(self, party, *args, **options):
        """It is filed; its entry."""
        self.run(party, *args, "--yes", **options)
        return str(self.log(party)[-1]["index"])

    def act(self, entry):
        return headers(read_store(self.ledger)[0][int(entry)])

    def text(self, entry):
        parts = note_text(read_store(self.ledger)[0][int(entry)]).decode().split("\n\n", 1)
        return parts[1].strip() if len(parts) > 1 else ""

    def talks(self, party="usa", *args):
        return self.run(party, "talks", "--json", *args).json()

    def one(self, section, key, value, party="usa", *args):
        found = [x for x in self.talks(party, *args)[section] if x.get(key) == value]
        check(len(found) == 1, section, "has not one with", key, value, found)
        return found[0]

    def proposal(self, entry, *args):
        return self.one("proposals", "entry", int(entry), "usa", *args)

    def meeting(self, name, *args):
        return self.run("usa", "meeting", "show", name, "--json", *args).json()

    def refused(self, party, *args, code=USAGE, hinted=True):
        before = len(self.log("usa"))
        said = self.run(party, *args, "--yes", code=code)
        check("hint" in said.err or not hinted, "no hint:", said)
        check(len(self.log("usa")) == before, "something was filed:", said)
        return said


def talks():
    return Talks().build()


@case
def letters_and_replies(folder):
    p = talks()
    first = p.say("dprk", "letter", "usa,rok", "--text", "A second meeting should be held soon.")
    check(p.act(first)["to"] == ["usa rok"] and p.text(first).startswith("A second"), p.act(first))
    page = write("letter.txt", "As a file.\n")
    reply = p.say("usa", "letter", "dprk", "--file", page, "--reply", first)
    again = p.say("dprk", "letter", "usa", "--text", "Thank you.", "--reply", reply)
    letters = p.talks()["letters"]
    check([x["answers"] for x in letters] == [None, int(first), int(reply)], letters)
    check({x["thread"] for x in letters} == {int(first)}, letters)
    check([x["entry"] for x in p.talks("usa", "--open")["letters"]] == [int(again)], "unanswered letters")
    p.run("rok", "talks").says("Letters", "A second meeting", "(letter.txt)")
    p.run("rok", "show", reply).says("1 reply; the thread began with entry " + first)
    p.run("rok", "log").says("letter " + first + ", to dprk", "to usa, rok")


@case
def proposals_are_answered(folder):
    p = talks()
    first = p.say("dprk", "propose", "usa,rok", "--until", "2018-10-20", "--text", "A second summit.")
    check(p.act(first)["until"] == ["2018-10-20T15:00:00Z"], "a day ends at its closing hour", p.act(first))
    p.run("usa", "next", "--for", "usa").says("Talks", f"lockstep accept {first}", "if not: the proposal lapses",
                                              "2018-10-20")
    p.say("usa", "accept", first)
    check(p.proposal(first)["awaited"] == ["rok"], p.proposal(first))
    p.say("rok", "accept", first)
    check(p.proposal(first)["stage"] == "accepted", p.proposal(first))
    second = p.say("usa", "propose", "dprk", "--until", "2018-10-10T00:00:00Z", "--text", "In Washington.")
    counter = p.say("dprk", "counter", second, "--until", "2018-10-12", "--text", "In Pyongyang.")
    check(p.act(counter)["to"] == ["usa"] and p.act(counter)["act"] == ["propose"], p.act(counter))
    check(p.proposal(second)["stage"] == "countered" and p.proposal(second)["counter"] == int(counter), "countered")
    p.say("usa", "decline", counter, "--text", "It is too far.")
    check(p.proposal(counter)["stage"] == "declined", p.proposal(counter))
    third = p.say("dprk", "propose", "usa", "--until", "2018-10-09", "--text", "Somewhere.")
    p.clock("2018-10-12T00:00:00Z")  # a day of grace has passed
    p.refused("usa", "accept", third).complains("would change nothing", "lapsed")
    third_id = p.run("usa", "show", third, "--json").json()["id"]
    act_of(p, "usa", "accept", f"ref: {third_id}", at="2018-10-12 00")
    late = next(str(i) for i, note in enumerate(read_store(p.ledger)[0]) if headers(note).get("ref") == [third_id])
    check(p.proposal(third)["stage"] == "lapsed" and p.proposal(third)["late"] == ["usa"], p.proposal(third))
    p.run("rok", "show", late).says(f"Entry {third} stands: lapsed, too late: usa")
    then = p.proposal(third, "--at", "2018-10-08", "--as-known", "2018-10-08")
    check(then["stage"] == "open" and then["late"] == [], then)
    fourth = p.say("usa", "propose", "dprk", "--until", "2018-10-20", "--text", "Elsewhere.")
    p.say("usa", "withdraw", fourth)
    check(p.proposal(fourth)["stage"] == "withdrawn", p.proposal(fourth))
    p.refused("usa", "withdraw", fourth).complains("would change nothing", "withdrawn")
    p.refused("dprk", "accept", fourth).complains("would change nothing", "withdrawn")
    p.refused("usa", "propose", "dprk", "--until", "2018-10-01", "--text", "x").complains("has passed")
    open_ = p.talks("usa", "--open")["proposals"]
    check(not [x for x in open_ if x["entry"] in (int(first), int(third), int(fourth))], open_)


@case
def meetings_and_visits(folder):
    p = talks()
    p.say("usa", "meeting", "plan", "visit", "--to", "dprk", "--due", "2018-10-27", "--venue", "Pyongyang", "--until",
          "2018-10-20", "--text", "The fourth visit.")
    check(p.meeting("visit")["stage"] == "planned" and p.meeting("visit")["awaited"] == ["dprk"], "planned")
    p.run("dprk", "next", "--for", "dprk").says("lockstep meeting confirm visit", "2018-10-20")
    p.run("dprk", "calendar").says("DTSTART;VALUE=DATE:20181027", "visit: meeting of dprk\\, usa (planned)",
                                   "last day for dprk to confirm")
    p.refused("usa", "meeting", "plan", "danang", "--to", "dprk", "--venue", "Đà Nẵng").complains("in ASCII", "Da Nang")
    p.run("usa", "meeting", "plan", "past", "--to", "dprk", "--due", "2017-01-01", "--yes").complains("has passed already")
    p.refused("usa", "meeting", "confirm", "visit").complains("would change nothing", "planned")
    p.say("dprk", "meeting", "confirm", "visit")
    check(p.meeting("visit")["stage"] == "confirmed", "confirmed")
    p.refused("dprk", "meeting", "confirm", "visit").complains("would change nothing", "confirmed")
    off = p.say("usa", "meeting", "cancel", "visit", "--text", "There was no sufficient progress.")
    p.run("rok", "meeting", "show", "visit").says("called off, by usa", "There was no sufficient progress.")
    p.say("usa", "withdraw", off)
    p.refused("usa", "withdraw", off).complains("would change nothing")
    p.say("dprk", "meeting", "postpone", "visit", "--due", "2018-11-08", "--venue", "New York", "--text", "Schedules.")
    later = p.meeting("visit")
    check((later["stage"], later["date"], later["venue"]) == ("postponed", "2018-11-08", "New York"), later)
    check(later["awaited"] == ["usa"], "the other side confirms the new day:", later)
    p.say("usa", "meeting", "decline", "visit", "--text", "Not on that day.")
    check(p.meeting("visit")["stage"] == "declined", "declined")
    p.say("usa", "meeting", "postpone", "visit", "--text", "Until we know more.")
    check(p.meeting("visit")["stage"] == "postponed" and p.meeting("visit")["date"] is None, "without a day")
    p.say("usa", "meeting", "postpone", "visit", "--due", "2018-12-01", "--text", "Now.")
    p.say("dprk", "accept", "visit")
    check(p.meeting("visit")["stage"] == "confirmed", "by its name")
    p.say("dprk", "meeting", "agenda", "visit", "sites", "--text", "Who sees what.")
    p.say("usa", "meeting", "agenda", "visit", "sites", "--text", "Agreed.", "--change", "settled")
    p.clock("2018-12-03T06:00:00Z")
    p.run("dprk", "next", "--for", "dprk").says("lockstep meeting held visit")
    p.say("usa", "meeting", "held", "visit", "--date", "2018-12-01", "--text", "Three and a half hours.")
    shown = p.meeting("visit")
    check(shown["held_by"] == ["usa"] and shown["held"][0]["words"].startswith("Three"), shown)
    check(shown["agenda"][0]["is"] == "settled" and shown["agenda"][0]["by"] == "usa", shown["agenda"])
    p.say("dprk", "meeting", "cancel", "visit", "--text", "It was no meeting.")
    check(p.meeting("visit")["disputed"], "disputed")
    p.run("rok", "meeting", "show", "visit").says("Disputed: dprk called it off", "Agenda", "Minutes")
    p.run("usa", "status").says("A small accord")


@case
def what_all_sign(folder):
    p = talks()
    first = p.say("dprk", "propose", "usa", "--until", "2018-10-20", "--text", "A second summit.")
    p.run("usa", "meeting", "agree", "hanoi", "--due", "2019-02-27", "--venue", "Hanoi", "--from", first, "--out",
          "hanoi.lockstep", "--yes").says("Still missing: dprk-1 dprk-2", "lockstep sign hanoi.lockstep")
    check(len(p.talks()["meetings"]) == 0, "it is not agreed yet")
    p.run("dprk", "sign", "hanoi.lockstep", "--yes").says("meeting: hanoi", "on the record")
    check(p.meeting("hanoi")["stage"] == "confirmed" and p.proposal(first)["stage"] == "accepted", "agreed")
    p.run("usa", "status").says("hanoi", "confirmed")
    minutes = write("minutes.txt", "Both sides agreed to meet again.\n")
    p.run("dprk", "meeting", "minutes", "hanoi", "--attach", minutes, "--out", "m.lockstep", "--yes")
    p.run("usa", "sign", "m.lockstep", "--yes")
    shown = p.meeting("hanoi")
    check(shown["stage"] == "held" and shown["held_by"] == ["dprk", "usa"] and shown["minutes"], shown)
    # A changed file is not what was signed; who has no part in it does not sign; nor one alone.
    p.run("dprk", "meeting", "minutes", "hanoi", "--text", "Another.", "--out", "c.lockstep", "--yes")
    content = read("c.lockstep")
    check(content.count(b"Another.") == 1, "the words are in the file")
    write("c.lockstep", content.replace(b"Another.", b"A nother"))
    p.run("usa", "sign", "c.lockstep", "--yes", code=INVALID)
    p.run("rok", "meeting", "minutes", "hanoi", "--text", "Ours.", "--with", "usa", "--yes", code=INVALID).complains(
        "signed by those who are involved")
    p.run("rok", "meeting", "agree", "seoul", "--due", "2019-02-27", "--venue", "Seoul", "--with", "rok", "--yes",
          code=INVALID).complains("at least two parties")
    check(not os.path.exists("meeting.lockstep"), "nothing was signed")
    # In the place of one that was planned.
    p.say("usa", "meeting", "plan", "work", "--to", "dprk")
    p.run("usa", "meeting", "agree", "stockholm", "--due", "2019-01-19", "--venue", "Stockholm", "--from", "work",
          "--yes")
    p.run("dprk", "sign", "meeting.lockstep", "--yes")
    check(p.meeting("work")["stage"] == "replaced", p.meeting("work"))


@case
def what_others_signed_is_not_overwritten(folder):
    """A file of a joint act stays until that act is on the record; then its name is free again."""
    p = talks()
    out = p.path("meeting.lockstep")
    agree = ("meeting", "agree", "hanoi", "--with", "dprk", "--due", "2019-02-27", "--venue", "Hanoi", "--out", out)
    p.run("usa", *agree, "--yes")
    before = read(out)
    p.refused("usa", *agree).complains("exists already, and is not on the record")
    check(read(out) == before, "it was changed")
    p.run("dprk", "sign", out, "--yes")
    p.run("usa", "meeting", "agree", "da-nang", *agree[3:], "--yes")
    write(p.path("notes.md"), "Notes.")
    p.refused("usa", "meeting", "agree", "hue", *agree[3:-1], p.path("notes.md")).complains("exists already")
    check(read(p.path("notes.md")) == b"Notes.", "it was changed")


@case
def a_value_is_one_line(folder):
    """What is given for one header is no other header, and no free text."""
    p = talks()
    plan = ("meeting", "plan", "vienna", "--to", "dprk", "--venue")
    for value in ("Wien\nuntil: 2020-02-01T00:00:00Z", "Wien\n\nInjected words", "Wien\n"):
        before = len(p.log("usa"))
        said = p.run("usa", *plan, value, "--yes", code=USAGE)
        check("must be one line" in said.err and len(p.log("usa")) == before, said)
    p.refused("usa", "meeting", "agree", "vienna", "--with", "dprk", "--due", "2019-02-27", "--venue", "Wien\nname: x",
              hinted=False).complains("must be one line")


@case
def working_groups(folder):
    p = talks()
    p.say("usa", "group", "create", "denuclearization", "--to", "dprk,rok", "--members", "s-biegun,a-wong", "--track",
          "north", "--text", "The denuclearization process, and the summit.")
    p.run("dprk", "next", "--for", "dprk").says("lockstep group join denuclearization --members NAMES")
    p.say("dprk", "group", "join", "denuclearization", "--members", "kim-hyok-chol,pak-chol")
    p.say("rok", "group", "leave", "denuclearization")
    p.say("dprk", "group", "agenda", "denuclearization", "list", "--text", "Which sites come first.")
    planned = p.say("usa", "group", "meet", "denuclearization", "stockholm", "--due", "2019-01-19", "--venue", "Stockholm")
    check(p.act(planned)["to"] == ["dprk"] and p.act(planned)["group"] == ["denuclearization"], p.act(planned))
    report = p.say("dprk", "group", "report", "denuclearization", "--text", "The list is ready.")
    check(p.act(report)["to"] == ["usa rok"], "all who are involved:", p.act(report))
    p.run("usa", "group", "show", "denuclearization").says("will not take part: rok")
    g = p.run("rok", "group", "show", "denuclearization", "--json").json()
    check(g["refused"] == ["rok"], g)
    check((g["members"], g["left"], g["track"]) == (["dprk", "usa"], ["rok"], "north"), g)
    check(g["seats"][1]["members"] == "kim-hyok-chol pak-chol" and g["agenda"][0]["item"] == "list", g)
    check(g["meetings"][0]["name"] == "stockholm" and g["reports"][0]["words"] == "The list is ready.", g)
    p.run("rok", "group", "show", "denuclearization").says("the head first", "s-biegun a-wong", "track north", "Reports")
    p.say("usa", "group", "create", "relief", "--to", "dprk", "--text", "Any number, without a track.")
    check([x["name"] for x in p.talks("usa", "--group", "relief")["groups"]] == ["relief"], "the filter")
    check(p.talks("usa", "--group", "relief")["meetings"] == [], "the filter")


@case
def pledges_demands_and_claims(folder):
    p = talks()
    letter = p.say("dprk", "letter", "usa", "--text", "As we said in June.")
    p.say("rok", "pledge", "yongbyon", "--of", "dprk", "--source", letter, "--until", "2018-12-01", "--text",
          "To close Yongbyon, if the other side acts, too.")
    p.say("usa", "demand", "list", "--of", "dprk", "--text", "A complete list first.")
    p.say("dprk", "claim", "site", "--text", "The test site was dismantled.")
    shown = p.one("pledges", "name", "yongbyon")
    check((shown["of"], shown["source"], shown["stage"]) == ("dprk", int(letter), "stands"), shown)
    status = p.run("usa", "status")
    status.says("Pledges (no date, no test; never overdue)", "Pledges on the record", "Demands on the record", "good-faith")
    check(len(p.run("usa", "status", "--json").json()["talks"]["pledges"]) == 3, "for programs")
    p.run("usa", "next", "--for", "dprk").says("lockstep redeem yongbyon MEASURE", "if not: it lapses")
    p.refused("usa", "redeem", "yongbyon", "visit", code=INVALID)
    p.say("dprk", "redeem", "yongbyon", "visit")
    check(p.one("pledges", "name", "yongbyon")["measure"] == "visit", "it became a measure")
    p.say("usa", "withdraw", p.one("pledges", "name", "list")["act"])
    check(p.one("pledges", "name", "list")["stage"] == "withdrawn", "withdrawn")
    open_ = {x["name"] for x in p.talks("usa", "--open", "--only", "pledges")["pledges"]}
    check(open_ == {"site"}, open_)


@case
def debriefings(folder):
    p = talks()
    p.say("usa", "meeting", "plan", "pyongyang-4", "--to", "dprk")
    first = p.say("usa", "debrief", "pyongyang-4", "--to", "rok", "--of", "dprk", "--text", "They agreed.")
    told = p.say("rok", "debrief", first, "--to", "dprk", "--pass-to", "public", "--text", "We were told.")
    d = p.one("debriefings", "entry", int(told))
    check(d["public_beyond"] and d["against"] == int(first) and not d["untold"], d)
    p.run("rok", "talks", "--only", "debriefings").says("AGAINST what it was told under (entry " + first + ")", "nobody")
    letter = p.say("dprk", "letter", "usa", "--text", "Between us.")
    unknown = p.say("rok", "debrief", letter, "--to", "dprk", "--text", "As we hear.")
    check(p.one("debriefings", "entry", int(unknown))["untold"], "nobody told it")


@case
def what_must_fail(folder):
    """Each with a cause and a hint, and nothing is filed."""
    p = talks()
    proposal = p.say("dprk", "propose", "usa", "--until", "2018-10-20", "--text", "A summit.")
    p.say("usa", "meeting", "plan", "visit", "--to", "dprk")
    p.say("usa", "group", "create", "work", "--to", "dprk", "--text", "Terms.")
    p.say("usa", "pledge", "calm", "--text", "No exercises.")
    p.say("usa", "claim", "fact", "--text", "It is so.")
    for party, args, says in (
            ("usa", ("letter", "dprkk", "--text", "x"), "did you mean dprk"),
            ("usa", ("letter", "usa", "--text", "x"), None),
            ("usa", ("letter", "dprk"), "--file"),
            ("usa", ("letter", "dprk", "--reply", proposal, "--text", "x"), "is not a letter"),
            ("usa", ("propose", "dprk", "--text", "x"), "--until"),
            ("usa", ("letter", "dprk", "--text", "x", "--confidential", "--audience", "public"), "contradict each other"),
            ("usa", ("propose", "dprk", "--until", "soon", "--text", "x"), "neither a date nor a time"),
            ("usa", ("propose", "dprk", "--until", "2018-10-20"), "--text"),
            ("usa", ("decline", proposal), "--text"),
            ("usa", ("accept", "2"), "is not a proposal or a meeting"),
            ("usa", ("meeting", "confirm", "visitt"), "did you mean visit"),
            ("usa", ("meeting", "confirm", "work"), "it is the name of a working group"),
            ("usa", ("meeting", "plan", "other"), "--to"),
            ("usa", ("meeting", "postpone", "visit"), "--text"),
            ("usa", ("meeting", "cancel", "visit"), "--text"),
            ("usa", ("meeting", "held", "visit"), "--date"),
            ("usa", ("meeting", "held", "visit", "--date", "yesterday"), "--date 2018-10-08"),
            ("usa", ("meeting", "minutes", "visit"), "--attach"),
            ("usa", ("meeting", "agree", "x", "--due", "2019-01-01"), "--venue"),
            ("usa", ("meeting", "agree", "x", "--due", "2019-01-01", "--venue", "y"), "--with"),
            ("usa", ("group", "create", "g", "--text", "x"), "--to"),
            ("usa", ("group", "create", "g", "--to", "dprk"), "--text"),
            ("usa", ("group", "create", "g", "--to", "dprk", "--track", "nort", "--text", "x"), "did you mean north"),
            ("dprk", ("group", "join", "work"), "--members"),
            ("dprk", ("group", "join", "work", "--members", "Kim Yong"), "is no name"),
            ("usa", ("redeem", "fact", "visit"), "only a pledge or a demand"),
            ("usa", ("redeem", "calm", "visitt"), "did you mean visit"),
            ("usa", ("redeem", "calmm", "visit"), "did you mean calm"),
            ("usa", ("debrief", "visit", "--text", "x"), "--to"),
            ("usa", ("talks", "--only", "meeting"), "did you mean meetings"),
            ("usa", ("letter", "dprk", "--audience", "spies", "--attach", "x", "--text", "x"), "spies")):
        code = INVALID if says is None else USAGE
        before = len(p.log())
        said = p.run(party, *args, *(() if args[0] == "talks" else ("--yes",)), code=code)
        check(says is None or says in said.err, "wanted", says, ":", said)
        check(len(p.log()) == before, "something was filed:", said)
    # What the record refuses, whatever the program lets through.
    for party, args in (("rok", ("accept", proposal)), ("dprk", ("accept", proposal)),
                        ("rok", ("meeting", "confirm", "visit")), ("rok", ("meeting", "held", "visit", "--date", "2018-10-08")),
                        ("usa", ("meeting", "plan", "visit", "--to", "dprk")), ("rok", ("group", "join", "work", "--members", "a")),
                        ("usa", ("pledge", "fact", "--text", "x")),
                        ("rok", ("counter", proposal, "--to", "dprk", "--until", "2018-10-20", "--text", "x")),
                        ("usa", ("meeting", "agenda", "visit", "a", "--text", "x", "--change", "moved"))):
        before = len(p.log())
        p.run(party, *args, "--yes", code=INVALID)
        check(len(p.log()) == before, "something was filed:", args)


@case
def two_who_are_away(folder):
    """Both speak of one meeting without the ledger; what they said meets there, and both see the same."""
    p = talks()
    p.say("usa", "meeting", "plan", "visit", "--to", "dprk", "--due", "2018-10-27", "--until", "2018-10-20")
    for party in ("usa", "dprk"):
        p.run(party, "sync")
        p.run(party, "ledger", "set", "courier")
    p.run("dprk", "meeting", "confirm", "visit", "--yes").says("waits in the outbox")
    p.run("dprk", "letter", "usa", "--text", "We are coming.", "--yes").says("waits in the outbox")
    p.run("usa", "meeting", "postpone", "visit", "--due", "2018-11-01", "--text", "A storm.", "--yes").says("waits")
    p.run("usa", "meeting", "agree", "seoul", "--due", "2018-11-05", "--venue", "Seoul", "--with", "dprk", "--yes")
    p.run("dprk", "sign", "meeting.lockstep", "--yes")
    p.clock("2018-10-09T06:00:00Z")
    for party in ("usa", "dprk"):
        p.run(party, "sync", "--to", p.path(f"{party}.acts"))
        p.run("rok", "sync", "--from", p.path(f"{party}.acts"))
    for party in ("usa", "dprk"):
        p.run("rok", "sync", "--to", p.path(f"{party}.record"), "--for", party, "--since", "0")
        p.run(party, "sync", "--from", p.path(f"{party}.record"))
        p.run(party, "outbox").says("Nothing waits")
    seen = [{k: v for k, v in p.talks(party).items() if k != "as_of"} for party in p.PARTIES]
    check(seen[0] == seen[1] == seen[2], "they see different talks:", seen)
    visit = next(m for m in seen[0]["meetings"] if m["name"] == "visit")
    # Whichever came first: dprk had heard of no other day than the first.
    check(visit["stage"] == "postponed" and visit["awaited"] == ["dprk"], "its word was about the first date:", visit)
    check(visit["unaware"] == ["dprk"], visit)
    check({m["name"] for m in seen[0]["meetings"]} == {"visit", "seoul"}, seen[0]["meetings"])
    check(len(seen[0]["letters"]) == 1, seen[0]["letters"])


# A confidential letter.

def boxes_of(p, party):
    folder = os.path.join(p.ledger, "boxes", party)
    return {name: read(os.path.join(folder, name)) for name in os.listdir(folder)} if os.path.isdir(folder) else {}


def check_letter(p, entry, parties):
    """What the record shows of it: one file for each addressee, of a size that tells little, and no words."""
    act = p.act(entry)
    check(p.text(entry) == "", "words on the record:", p.text(entry))
    files = [line.split() for line in act["attachment"]]
    check([f[1] for f in files] == list(parties) and all(f[2] == "1024" for f in files), files)
    check(len({f[0] for f in files}) == len(files), "two addressees share a salt")
    check([f[4] for f in files] == ["sealed", "sealed-2"][:len(files)], files)


def write_letters(p):
    """From dprk to two, as a file; and the reply; with the boxes as they lay with the host."""
    page = write(os.path.join(p.folder, "page.txt"), WORDS + "\n")
    first = p.say("dprk", "letter", "usa,rok", "--file", page, "--confidential")
    os.remove(page)
    check_letter(p, first, ("usa", "rok"))
    boxes = {**boxes_of(p, "usa"), **boxes_of(p, "rok")}
    p.run("usa", "inbox").says("page.txt", "received", "letter")
    reply = p.say("usa", "letter", "dprk", "--confidential", "--reply", first, "--text", REPLY)
    check_letter(p, reply, ("dprk",))
    boxes.update(boxes_of(p, "dprk"))
    p.run("usa", "inbox", "--save", p.folder)
    saved = os.path.join(p.folder, f"{first}-page.txt")
    check(read(saved).decode() == WORDS + "\n", "another letter came")
    os.remove(saved)
    return first, reply, boxes


def check_confidential(p, boxes, outputs):
    """In clear only with those who wrote and who got it; sealed nowhere, once it was collected."""
    for party in p.PARTIES:
        p.run(party, "inbox")
    p.run("rok", "export", p.path("record.lockstep"))
    p.run("rok", "ledger", "export", p.path("tree"))
    everywhere = [p.ledger, p.path("record.lockstep"), p.path("tree"), p.path("out")]
    write(p.path("out"), "".join(outputs))
    check_without([WORDS, REPLY] + list(boxes.values()), *everywhere)
    check_without([REPLY], p.path("rok"))
    for party in p.PARTIES:
        kept = p.path(party, "files")
        check_without([WORDS, REPLY], p.path(party), but=(kept,))
        check(not os.listdir(p.path(party, "outbox")), "the outbox still holds something")
        check(not boxes_of(p, party), "a box that was collected is still there")
    check(boxes and all(len(box) > 1024 for box in boxes.values()), "no boxes were seen")
    # The search finds what is there.
    check(any(WORDS.encode() in read(path) for path in every_file(p.path("rok"))), "rok was written to")


def outputs_of(p):
    commands = (["log"], ["log", "--json"], ["talks"], ["talks", "--json"], ["status"], ["inbox"], ["verify"], ["next"])
    return [said for party in p.PARTIES for command in commands
            for said in (lambda r: (r.out, r.err))(p.run(party, *command))]


@case
def a_confidential_letter(folder):
    p = talks()
    first, reply, boxes = write_letters(p)
    p.run("rok", "talks").says("(sealed; lockstep inbox)")
    check_confidential(p, boxes, outputs_of(p) + [p.run("rok", "show", entry).out for entry in (first, reply)])


@case
def a_confidential_letter_over_a_server(folder):
    p = talks()
    server = Server(p.ledger).ready()
    for party in p.PARTIES:
        p.run(party, "ledger", "set", f"http://127.0.0.1:{server.port}/small")
    first, _, boxes = write_letters(p)
    outputs = outputs_of(p) + ["".join(server.lines)]
    for party in p.PARTIES:
        p.run(party, "sync")
    server.stop()
    for party in p.PARTIES:
        p.run(party, "ledger", "set", p.ledger)
    check(first, "a letter was written")
    check_confidential(p, boxes, outputs + ["".join(server.lines)])


def on_a_terminal(p, party, *args):
    """Started on a terminal of its own, up to the question whether to sign; its process, and what it said."""
    master, slave = pty.openpty()
    resource.setrlimit(resource.RLIMIT_CORE, (resource.getrlimit(resource.RLIMIT_CORE)[1],) * 2)
    job = subprocess.Popen([BINARY, *p.as_(party, *args)], env=environment(), stdin=slave, stdout=slave, stderr=slave,
                           cwd=p.folder, start_new_session=True,
                           preexec_fn=lambda: __import__("fcntl").ioctl(0, __import__("termios").TIOCSCTTY, 0))
    os.close(slave)
    said, until = b"", time.monotonic() + 60
    while b"file this" not in said and time.monotonic() < until:
        if select.select([master], [], [], 0.2)[0]:
            said += os.read(master, 65536)
    return job, said.decode(errors="replace"), master


@case
def who_will_read_it_is_said_before(folder):
    """And whoever dies while it asks leaves no core file."""
    p = talks()
    page = write(p.path("page.txt"), WORDS + "\n")
    job, said, master = on_a_terminal(p, "usa", "letter", "dprk", "--file", page, "--confidential")
    check("to dprk" in said and "which The North can read" in said, said)
    check("The act itself can be read by The North, United States and The South" in said, said)
    limits = read(f"/proc/{job.pid}/limits").decode()
    core = next(line for line in limits.splitlines() if line.startswith("Max core file size")).split()
    check(core[4] in ("0", "1"), "it could leave a core file:", core)
    os.kill(job.pid, signal.SIGABRT)
    job.wait(30)
    os.close(master)
    os.remove(page)
    check(job.returncode == -signal.SIGABRT, "it did not die of it:", job.returncode)
    check_without([WORDS], p.folder)
    # Who reads the words is told as well.
    job, said, master = on_a_terminal(p, "usa", "letter", "dprk", "--text", "In the open.")
    check("The act itself, with these words, can be read by" in said, said)
    os.kill(job.pid, signal.SIGKILL)
    job.wait(30)
    os.close(master)


if __name__ == "__main__":
    main()
