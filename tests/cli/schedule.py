#!/usr/bin/env python3
"""Private searches for a date and a place: what both sides send is what an independent program computes from
docs/protocol.md; over a shared folder, a server and by couriers; every way to cheat ends with the cheater's name; and
what either side, the mediator and the ledger hold tells nothing but sizes and what is common."""
import base64
import importlib.util
import json
import os
import shutil
import struct

from lockstep import INVALID, OK, ROOT, USAGE, Process, case, check, check_without, headers, main, \
    note_text, read, read_store, tree_hash, write
from openings import hand_in, keys, sha256
from serving import Server
from world import vault_seed

spec = importlib.util.spec_from_file_location("reference", os.path.join(ROOT, "tests", "vectors", "psi", "make.py"))
psi = importlib.util.module_from_spec(spec)
spec.loader.exec_module(psi)

OPTIONS = [{"date": f"2019-02-{1 + i:02}", "place": place, **({"until": f"2019-02-{2 + i:02}"} if i % 3 == 0 else {})}
           for i in range(6) for place in ("Hanoi", "Da Nang")]
TEXTS = [psi.canonical(option) for option in OPTIONS]
USA, DPRK = [3, 0, 8, 5, 10], [5, 3, 1, 8]  # the best first
COMMON = [3, 5, 8]
UNTIL = "2018-10-18T06:00:00Z"  # ten days, as every later stage
IDENTITY = bytes(32)


def listed(numbers):
    """A list of options, as people write it."""
    return "date,until,place\n" + "".join(f"{OPTIONS[i]['date']},{OPTIONS[i].get('until', '')},{OPTIONS[i]['place']}\n"
                                          for i in numbers)


def sealed(name, content):
    """docs/protocol.md, "Files for an audience"."""
    media = b"application/octet-stream"
    body = os.urandom(32) + bytes([len(name)]) + name.encode() + bytes([len(media)]) + media
    body += struct.pack(">Q", len(content)) + content
    size = 1024
    while size < len(body):
        size *= 2
    return body + bytes(size - len(body))


def unsealed(file):
    at = 33 + file[32]
    at += 1 + file[at]
    return file[at + 8:at + 8 + struct.unpack_from(">Q", file, at)[0]]


class Searching(Process):
    def open(self, *more, rule="borda", cap=6, until=UNTIL, options=None):
        write(self.path("options.yaml"), json.dumps({"options": OPTIONS} if options is None else options))
        self.run("usa", "schedule", "open", "dprk", "--options", self.path("options.yaml"), "--cap", str(cap), "--rule",
                 rule, "--until", until, "--yes", *more)
        self.search = self.log()[-1]["index"]
        return self

    def choose(self, party, numbers, **options):
        mine = write(self.path(f"{party}.csv"), listed(numbers))
        return self.run(party, "schedule", "choose", "--mine", mine, "--yes", **options)

    def step(self, party, **options):
        return self.run(party, "schedule", "step", "--yes", **options)

    def steps(self, count, *parties):
        for _ in range(count):
            for party in parties or ("usa", "dprk"):
                self.step(party)
        return self

    def show(self, party="usa", *more):
        return self.run(party, "schedule", "show", str(self.search), "--json", *more).json()

    def verify(self, party="usa", *more, code=OK):
        return self.run(party, "schedule", "verify", str(self.search), "--json", *more, code=code).json()

    def notes(self):
        return read_store(self.ledger)[0]

    def sid(self):
        return sha256(note_text(self.notes()[self.search]))

    def said(self, kind, party):
        """Acts of a kind about this search, in order."""
        ref = [self.sid().hex()]
        return [note for note in self.notes() if headers(note)["act"] == [kind] and headers(note).get("ref") == ref and
                headers(note)["by"] == [party]]

    def sent(self, kind, party, at):
        """What a party sent, as its own workspace keeps it."""
        line = headers(self.said(kind, party)[at])["attachment"][0]
        file = read(self.path(party, "files", line.split(" ")[0]))
        check(sha256(file).hex() == line.split(" ")[0], "another file")
        return unsealed(file)


def begin(folder=".", **options):
    p = Searching(folder)
    p.draft_charter().sign_charter()
    return p.open(**options)


def side(p, party, chosen):
    return psi.Side(p.sid(), party, vault_seed(p.path(party, "vaults", "delegation.vault")), TEXTS, sorted(chosen))


def numbers(found):
    return None if found is None else [option["option"] for option in found]


def failed(found):
    return [f["text"] for f in found["findings"] if f["level"] == "failed"]


# Honest searches.

@case
def a_search_is_what_the_reference_says(folder):
    """Commitments, points, returns, rankings and the choice, from the seeds, by the document alone."""
    p = begin()
    p.choose("usa", USA).says("a choice of 5 of 12 options", "What dprk learns by this", "a hash that tells nothing")
    p.choose("dprk", DPRK)
    s = {"usa": side(p, "usa", USA), "dprk": side(p, "dprk", DPRK)}
    for party in s:
        check(headers(p.said("schedule-commit", party)[0])["commitment"] == [sha256(s[party].set).hex()], party)
    p.step("usa").says("that this party chose 5 of the 12 options, and not which")
    p.step("dprk")
    p.step("usa").says("which of its 4 options this party chose, too", "It learns that first")
    check(numbers(p.show("dprk")["common"]) == COMMON, "whoever gets its points back knows what is common")
    check(p.show("usa")["common"] is None, "and nobody else")
    p.step("dprk").says("This party knows it already: 3 options.")
    back = {"usa": s["usa"].give_back(s["dprk"]), "dprk": s["dprk"].give_back(s["usa"])}
    for party in s:
        check(p.sent("schedule-send", party, 0) == s[party].set, party, "sent other points")
        check(p.sent("schedule-send", party, 1) == back[party], party, "returned others")
    found = p.show("usa")
    check(numbers(found["common"]) == COMMON and found["stage"] == "found" and found["learned-first"] == "dprk", found)
    p.steps(2)
    order = {"usa": [i for i in USA if i in COMMON], "dprk": [i for i in DPRK if i in COMMON]}
    for party in s:
        ranking = s[party].rank(vault_seed(p.path(party, "vaults", "delegation.vault")), order[party])
        check(headers(p.said("schedule-commit", party)[1])["commitment"] == [sha256(ranking).hex()], party)
        check(p.sent("schedule-reveal", party, 0) == ranking, party, "revealed another ranking")
    expected = psi.choose("borda", COMMON, order["usa"], order["dprk"])["option"]
    for party in s:
        found = p.verify(party)
        check(found["chosen"]["option"] == expected and found["stage"] == "chosen" and found["valid"], found)
        check(all(f["level"] == "ok" for f in found["findings"]) and len(found["findings"]) == 6, found)
    stranger = p.verify("rok")
    check(stranger["common"] is None and stranger["chosen"] is None, stranger)
    check({f["level"] for f in stranger["findings"]} == {"note"}, stranger)
    p.step("usa", code=USAGE).complains("sign the date and the place")
    p.step("rok", code=USAGE).complains("between usa and dprk")


@case
def both_sign_what_was_chosen(folder):
    p = begin()
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.run("usa", "schedule", "agree", "--meeting", "hanoi", "--yes", code=USAGE).complains("nothing is chosen yet")
    p.steps(4)
    chosen = OPTIONS[p.show()["chosen"]["option"]]
    p.run("usa", "schedule", "agree", "--yes", code=USAGE).complains("what is the meeting called")
    p.run("usa", "schedule", "agree", "--meeting", "hanoi", "--out", "m.lockstep", "--yes").says("Still missing: dprk-1")
    check(not [f for f in p.verify("dprk", "--meeting", "m.lockstep")["findings"] if f["level"] != "ok"], "it fits")
    other = next(o for o in OPTIONS if o != chosen)
    p.run("usa", "meeting", "agree", "other", "--from", str(p.search), "--due", other["date"], "--venue", other["place"],
          "--out", "x.lockstep", "--yes")
    found = p.verify("dprk", "--meeting", "x.lockstep", code=INVALID)
    check("signed another date or place than was chosen" in failed(found)[0], found)
    p.run("dprk", "sign", "m.lockstep", "--yes")
    found = p.show("rok")
    check(found["stage"] == "appointed" and found["meeting"] == p.log()[-1]["index"], found)
    meeting = p.run("rok", "meeting", "show", "hanoi", "--json").json()
    check(meeting["stage"] == "confirmed" and meeting["date"] == chosen["date"], meeting)
    check(p.verify("usa")["valid"], "it holds")
    p.run("usa", "schedule", "agree", "--meeting", "again", "--yes", code=USAGE).complains("both have signed it")


@case
def each_rule_chooses(folder):
    """As the reference does; and by `earliest` nobody ranks."""
    first, second = [0, 1, 2, 3, 4], [4, 3, 0, 2, 6]
    common = [0, 2, 3, 4]
    for rule in ("earliest", "borda", "least-regret"):
        p = begin(rule, rule=rule)
        p.choose("usa", first)
        p.choose("dprk", second)
        p.steps(2 if rule == "earliest" else 4)
        expected = psi.choose(rule, common, [i for i in first if i in common], [i for i in second if i in common])
        for party in ("usa", "dprk"):
            found = p.show(party)
            check(found["chosen"]["option"] == expected["option"] and numbers(found["common"]) == common, rule, found)
        p.step("usa", code=USAGE).complains("sign the date and the place")


@case
def nothing_in_common_blames_nobody(folder):
    for rule in ("earliest", "borda"):
        p = begin(rule, rule=rule)
        p.choose("usa", [0, 1])
        p.choose("dprk", [2, 3, 4])
        p.steps(2)
        p.run("usa", "schedule", "show").says("Nothing is common.")
        if rule == "borda":
            p.step("usa", code=USAGE).complains("nothing is common")
        p.run("usa", "schedule", "agree", "--meeting", "x", "--yes", code=USAGE).complains("nothing is common")
        p.clock("2018-10-30T00:00:00Z")
        found = p.show("rok")
        check(found["stage"] == "lapsed" and found["silent"] == [] and found["default"] is None, found)
        check(p.verify("rok")["valid"], "nobody did anything wrong")


@case
def nobody_is_named_for_a_ranking_of_nothing(folder):
    """Whoever commits to a ranking although nothing is common gets an empty one for an answer."""
    p = begin()
    p.choose("usa", [0, 1])
    cheater = Cheater(p, [2, 3])
    cheater.commit(cheater.side.set)
    p.step("usa")
    cheater.send(cheater.side.set)
    p.step("usa")
    cheater.send(cheater.returned(p.sent("schedule-send", "usa", 0)))
    cheater.commit(cheater.side.rank(cheater.seed, [2]))
    p.step("usa").says("common (nothing)")
    p.step("usa")
    cheater.reveal(cheater.side.rank(cheater.seed, [2]))
    found = p.verify("usa", code=INVALID)
    check(failed(found) == ["dprk ranked 1 options, and 0 are common"], found)


@case
def lists_are_read_as_they_are_written(folder):
    p = Searching()
    p.draft_charter().sign_charter()
    p.open(options={"dates": ["2019-02-27", {"from": "2019-03-01", "to": "2019-03-03"}], "places": ["Hanoi", "Hue"],
                    "days": 2})
    found = p.show("dprk", "--options")["list"]
    check(len(found) == 8 and found[0] == {"option": 0, "date": "2019-02-27", "until": "2019-02-28", "place": "Hanoi"},
          found)
    check(found[7] == {"option": 7, "date": "2019-03-03", "until": "2019-03-04", "place": "Hue"}, found)
    mine = write("mine.yaml", "dates: {from: 2019-03-02, to: 2019-03-03}\nplaces: [Hue]\ndays: 2\n")
    p.run("usa", "schedule", "choose", "--mine", mine, "--yes").says("a choice of 2 of 8 options")
    bad = {"nothing: 1\n": "no key 'nothing'", "dates: [2019-02-27]\n": "neither options, nor dates and places",
           "dates: [27.2.2019]\nplaces: [Hanoi]\n": "not a date", "dates: [2019-02-27]\nplaces: []\n": "places are a list",
           "dates: {from: 2019-02-27, to: 2019-02-01}\nplaces: [a]\n": "before they begin",
           "dates: {from: 1970-01-01, to: 2600-01-01}\nplaces: [a]\n": "too many days",
           "options: [{date: 2019-02-27, place: Hanoi}, {date: 2019-02-27, place: Hanoi}]\n": "is the same as option 1",
           "options: [{date: 2019-02-27, place: 5}]\n": "a place is a text",
           "options: [{date: 2019-02-27, place: Đà Nẵng}]\n": "the place of option 1 could not be signed as a venue", "options: []\n": "0 options",
           "dates: [2019-02-27]\nplaces: [a]\ndays: 0\n": "from 1 to 366"}
    for text, says in bad.items():
        write("bad.yaml", text)
        p.run("usa", "schedule", "open", "dprk", "--options", "bad.yaml", "--cap", "2", "--rule", "borda", "--until",
              "2018-10-20", "--yes", code=USAGE).complains(says)
    for text, says in {"": "empty", "day,place\n": "no columns", "date,place\n2019-02-27\n": "1 values",
                       "date,place\n2019-02-27,\"Hanoi\n": "never closed", "date,place\n2019-02-30,x\n": "no date"}.items():
        write("bad.csv", text)
        p.run("usa", "schedule", "open", "dprk", "--options", "bad.csv", "--cap", "2", "--rule", "borda", "--until",
              "2018-10-20", "--yes", code=USAGE).complains(says)


@case
def what_can_not_be_searched_is_refused(folder):
    p = begin()
    opened = ["--options", p.path("options.yaml"), "--cap", "6", "--rule", "borda", "--until", UNTIL, "--yes"]
    for parties in (["dprk", "rok"], ["dprk,rok"]):
        p.run("usa", "schedule", "open", *parties, *opened, code=USAGE).complains(
            "a private search is between two parties", "the third has not", "lockstep meeting plan")
    p.run("usa", "schedule", "open", "usa", *opened, code=USAGE).complains("with another one")
    p.run("usa", "schedule", "open", "dprk", *opened[:-2], "2018-10-01", "--yes", code=USAGE).complains("passed already")
    p.run("usa", "schedule", "open", "dprk", *opened[:4], "--rule", "best", *opened[6:], code=USAGE).complains("no such rule")
    p.run("usa", "schedule", "open", "dprk", *opened[2:], code=USAGE).complains("among which dates and places?")
    p.run("usa", "schedule", "open", "dprk", "--options", p.path("options.yaml"), "--cap", "12", *opened[4:]).says(
        "learn everything that the other")
    secret = write("secret.yaml", "options: [{date: 2031-07-09, place: Xanadu}]\n")
    told = p.run("usa", "schedule", "choose", str(p.search), "--mine", secret, "--yes", code=USAGE)
    told.complains("option 1 of", "is not on the list of this search")
    check("Xanadu" not in told.err + told.out and "2031" not in told.err + told.out, "it repeats a secret", told)
    broken = write("broken.yaml", "options: [{date: 2031-07-09, place: Xanadu}\n")
    told = p.run("usa", "schedule", "choose", str(p.search), "--mine", broken, "--yes", code=USAGE)
    check("Xanadu" not in told.err + told.out and "2031" not in told.err + told.out, "it quotes a secret", told)
    p.choose("usa", [0, 0], code=USAGE).complains("stands there twice")
    p.search = None
    p.run("usa", "schedule", "choose", "2", "--mine", write("many.csv", listed(range(7))), "--yes",
          code=USAGE).complains("each side chooses 1 to 6")


@case
def others_tell_of_it(folder):
    """next, calendar, talks, status and show; and a search for the date of a planned meeting."""
    p = Searching()
    p.draft_charter().sign_charter()
    p.run("usa", "meeting", "plan", "summit", "--to", "dprk", "--yes")
    p.open("--about", "summit")
    p.run("dprk", "next", "--for", "dprk").says(f"lockstep schedule choose {p.search} --mine FILE", "the search lapses")
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.steps(1)
    p.step("usa")
    must = p.run("rok", "next", "--json").json()["talks"]
    must = [d for d in must if d["must"]]
    check([(d["party"], d["command"], d["otherwise"]) for d in must] ==
          [("dprk", f"schedule step {p.search}", "it is in default")], must)
    p.run("rok", "calendar").says("last day for dprk to return the other")
    found = p.run("rok", "talks", "--json").json()["searches"]
    check(len(found) == 1 and found[0]["stage"] == "returning" and found[0]["awaited"] == ["dprk"], found)
    p.run("rok", "talks").says("Private searches for a date", "returning", "dprk until")
    p.run("rok", "show", str(p.search)).says("returning; awaited: dprk until")
    p.step("dprk")
    p.steps(2)
    p.run("usa", "schedule", "agree", "--meeting", "hanoi", "--out", "m.lockstep", "--yes")
    p.run("dprk", "sign", "m.lockstep", "--yes")
    check(p.run("rok", "meeting", "show", "summit", "--json").json()["stage"] == "replaced", "it stands in its place")
    check(not p.run("rok", "talks", "--json", "--open").json()["searches"], "it is over")


# Other ways.

@case
def a_search_by_couriers(folder):
    """Both delegations are reached by files alone; rok hosts."""
    p = begin()
    for party in ("usa", "dprk"):
        p.run(party, "sync")
        p.run(party, "ledger", "set", "courier")

    def carry(party):
        p.run(party, "sync", "--to", p.path("acts.lockstep"))
        p.run("rok", "sync", "--from", p.path("acts.lockstep"))
        for other in ("usa", "dprk"):
            p.run("rok", "sync", "--to", p.path("record.lockstep"), "--for", other, "--since", "0")
            p.run(other, "sync", "--from", p.path("record.lockstep"))

    for party, chosen in (("usa", USA), ("dprk", DPRK)):
        p.choose(party, chosen)
        carry(party)
    for _ in range(4):
        for party in ("usa", "dprk"):
            p.step(party)
            carry(party)
    for party in ("usa", "dprk"):
        found = p.verify(party)
        check(numbers(found["common"]) == COMMON and found["stage"] == "chosen" and found["valid"], found)
    check(p.show("rok")["stage"] == "chosen", "the host sees how far it is")
    check_without([side(p, "dprk", DPRK).public, side(p, "usa", USA).points[0]], p.ledger, p.path("rok"))


@case
def a_search_over_a_server(folder):
    p = begin()
    with_server = Server(p.ledger)
    try:
        for party in ("usa", "dprk"):
            p.run(party, "ledger", "set", f"http://127.0.0.1:{with_server.port}/small")
        p.choose("usa", USA)
        p.choose("dprk", DPRK)
        wait_steps(p, 4)
        found = p.verify("dprk")
        check(numbers(found["common"]) == COMMON and found["stage"] == "chosen" and found["valid"], found)
    finally:
        with_server.stop()


def wait_steps(p, count):
    """A server stamps when it is due, and tells it at the next sync."""
    for _ in range(count):
        for party in ("usa", "dprk"):
            for _ in range(200):
                done = p.attempt(party, "schedule", "step", "--yes")
                if done.code == OK:
                    break
                check("no stamp covers" in done.err or "awaits" in done.err or "not here" in done.err, done)
            check(done.code == OK, done)


# What is kept, and what is lost.

def files_of(folder):
    """Sizes of files by folder: names are hashes."""
    found = {}
    for place, _, names in os.walk(folder):
        found[os.path.relpath(place, folder)] = sorted(os.path.getsize(os.path.join(place, name)) for name in names)
    return found


def shapes(p, party):
    """Everything that a party and the ledger hold of a search, but for hashes, keys and signatures."""
    kept = {place: sizes for place, sizes in files_of(p.path(party)).items() if place in ("files", "inbox", "sending")}
    acts = [{name: [len(value) for value in values] for name, values in headers(note).items()} for note in p.notes()]
    boxes = {place: sizes for place, sizes in files_of(p.ledger).items() if place.startswith(("boxes", "attachments"))}
    messages = [len(p.sent("schedule-send", other, at)) for other in ("usa", "dprk") for at in (0, 1)]
    return kept, acts, boxes, messages


@case
def a_view_is_sizes_and_the_common_set(folder):
    """Two runs in which dprk chose differently, but as much, and has the same in common: what usa, rok and the ledger
    hold has the same shape, and what usa is shown is the same, to the byte."""
    views = []
    for folder_name, chosen in (("one", [5, 3, 1, 8]), ("two", [5, 3, 11, 8])):
        p = begin(folder_name)
        p.choose("usa", USA)
        p.choose("dprk", chosen)
        p.steps(4)
        found = {party: p.show(party) for party in ("usa", "rok")}
        views.append((shapes(p, "usa"), shapes(p, "rok"), found))
        # Nothing from which dprk's choice follows lies open, not with dprk either.
        own = side(p, "dprk", chosen)
        ranked = b"".join(struct.pack(">I", i) for i in chosen)
        check_without([psi.scalar(own.secret), own.nonce_key, ranked], p.ledger, *map(p.path, p.PARTIES),
                      but=[p.path("dprk", "vaults")])
        check_without([own.public, own.points[0]], p.ledger, p.path("rok"))
    check(views[0] == views[1], "views differ:", views[0], views[1])


@case
def a_lost_choice_is_told_and_can_be_put_back(folder):
    p = begin()
    p.choose("usa", USA)
    p.choose("usa", USA).says("This is the choice that act", "kept here")
    p.choose("usa", list(reversed(USA))).says("kept here")
    p.choose("usa", USA)
    p.choose("usa", USA[1:], code=USAGE).complains("has committed to another choice")
    p.choose("dprk", DPRK)
    shutil.rmtree(p.path("usa", "searches"))
    p.step("usa", code=USAGE).complains("is not in this workspace", "else open the search anew")
    p.run("usa", "schedule", "show").says("awaited")
    p.choose("usa", USA[1:] + [11], code=USAGE).complains("has committed to another choice")
    p.choose("usa", USA).says("again here")
    p.steps(4)
    kept = p.path("usa", "searches", os.listdir(p.path("usa", "searches"))[0])
    content = read(kept)
    check(p.show("usa")["chosen"] is not None, "it is chosen")
    write(kept, content[:-1] + bytes([content[-1] ^ 1]))
    p.run("usa", "schedule", "verify", code=USAGE).complains("does not open with the seed")


@case
def the_same_is_sent_after_a_crash(folder):
    """A run that ended before its act was filed leaves the choice; the next makes the same messages."""
    p = begin()
    mine = write(p.path("usa.csv"), listed(USA))
    p.run("usa", "schedule", "choose", "--mine", mine, code=USAGE)  # nobody says yes
    check(len(os.listdir(p.path("usa", "searches"))) == 1, "the choice is kept before anything is signed")
    p.choose("usa", USA)
    check(len(os.listdir(p.path("usa", "searches"))) == 1, "the same choice is one")
    p.choose("dprk", DPRK)
    for _ in range(4):
        p.step("dprk")
        before = p.path("before")
        shutil.copytree(p.path("usa"), before)
        shutil.copytree(p.ledger, p.path("ledger-before"))
        p.step("usa")
        first = last_sent(p)
        shutil.rmtree(p.path("usa"))
        shutil.rmtree(p.ledger)
        os.rename(before, p.path("usa"))
        os.rename(p.path("ledger-before"), p.ledger)
        p.step("usa")
        check(last_sent(p) == first, "something else was sent")


def last_sent(p):
    note = [note for note in p.notes() if headers(note)["act"][0].startswith("schedule")][-1]
    found = headers(note)
    return found["commitment"] if "commitment" in found else unsealed(
        read(p.path("usa", "files", found["attachment"][0].split(" ")[0])))


# Cheats, by a program of dprk's own.

class Cheater:
    """dprk signs and sends what it likes."""

    def __init__(self, p, chosen=DPRK):
        self.p = p
        self.seed = vault_seed(p.path("dprk", "vaults", "delegation.vault"))
        self.side = side(p, "dprk", chosen)

    def say(self, kind, file=None, **given):
        p = self.p
        entries = p.notes()
        seq, prev = 0, "0" * 64
        for note in entries:
            found = headers(note)
            if found.get("by") == ["dprk"] and "seq" in found:
                seq, prev = int(found["seq"][0]), sha256(note_text(note)).hex()
        signers = keys(p, "dprk")
        lines = ["lockstep exercise act v1", f"act: {kind}", f"process: {sha256(note_text(entries[0])).hex()}", "by: dprk",
                 "signers: " + " ".join(signers), f"seq: {seq + 1}", f"prev: {prev}",
                 f"head: {len(entries)} {base64.b64encode(tree_hash(entries)).decode()}", "at: 2018-10-08T06:00:00Z",
                 "expires: 2018-10-20T00:00:00Z", f"ref: {p.sid().hex()}"]
        lines += [f"{name}: {value}" for name, value in given.items()]
        if file is not None:
            lines.append(f"attachment: {sha256(file).hex()} usa {len(file)} application/octet-stream sealed")
        text = ("\n".join(lines) + "\n").encode()
        note = text + b"\n" + b"".join(key.line(text) for key in signers.values())
        at = hand_in(p, note)[0]
        check(isinstance(at, int), "not filed:", at)
        if file is not None:
            for folder, name, content in (("files", sha256(file).hex(), file), ("sending", sha256(text).hex(), note)):
                os.makedirs(p.path("dprk", folder), mode=0o700, exist_ok=True)
                write(p.path("dprk", folder, name), content)
            p.run("dprk", "sync")
        return at

    def commit(self, message):
        return self.say("schedule-commit", commitment=sha256(message).hex())

    def send(self, message):
        return self.say("schedule-send", file=sealed("points", message))

    def reveal(self, message):
        return self.say("schedule-reveal", file=sealed("ranking", message))

    def returned(self, points):
        """What an honest side returns for the points that came."""
        other = type("Other", (), {})()
        head = len(b"lockstep psi set v1\0") + 32 + 4
        other.public, count = points[head:head + 32], struct.unpack_from(">I", points, head + 32)[0]
        other.points = [points[head + 36 + 32 * i:head + 68 + 32 * i] for i in range(count)]
        return self.side.give_back(other)


def with_points(s, points):
    """A list of these points, as if they were its own."""
    return b"lockstep psi set v1\0" + s.head + s.public + struct.pack(">I", len(points)) + b"".join(points)


def caught(p, text, choice=False):
    """usa goes no further, and says who did what; so does rok, with what usa gives it."""
    p.step("usa", code=INVALID).complains(text)
    told(p, text, choice)


def told(p, text, choice=False):
    found = p.verify("usa", code=INVALID)
    check(any(text in f for f in failed(found)), text, found)
    p.run("usa", "schedule", "show").says(text)
    shutil.rmtree(p.path("evidence"), ignore_errors=True)
    p.run("usa", "schedule", "disclose", "--out", p.path("evidence"), "--yes", *(["--choice"] if choice else []))
    found = p.verify("rok", "--files", p.path("evidence"), code=INVALID)
    check(any(text in f for f in failed(found)), text, found)


def up_to_points(folder, cap=6):
    p = begin(folder, cap=cap)
    p.choose("usa", USA)
    return p, Cheater(p)


@case
def points_that_can_not_be_are_caught(folder):
    """Committed to or not: another list, a list too long, the identity, a point twice, bytes that are none."""
    p, c = up_to_points("commitment")
    other = Cheater(p, [0, 1, 2])
    c.commit(c.side.set)
    p.step("usa")
    c.send(other.side.set)
    caught(p, "what dprk sent is not what it committed to")
    for name, make, cap, text in (
            ("cap", lambda s: s.points, 3, "dprk sent 4 points, and 3 are allowed"),
            ("identity", lambda s: [*s.points[:3], IDENTITY], 6, "point 4 that dprk sent is the identity"),
            ("duplicate", lambda s: [*s.points[:3], s.points[1]], 6, "dprk sent one point as number 2 and number 4"),
            ("encoding", lambda s: [s.points[0], s.points[1][:31] + bytes([s.points[1][31] | 128])], 6,
             "number 2 of what dprk sent is no point"),
            ("none", lambda s: [], 6, "dprk sent no point")):
        p = begin(name, cap=cap)
        p.choose("usa", USA[:3])
        c = Cheater(p)
        message = with_points(c.side, make(c.side))
        c.commit(message)
        p.step("usa")
        c.send(message)
        caught(p, text)


@case
def an_old_run_is_caught(folder):
    """What was sent in an earlier search, signed anew; and what usa itself sent, given back as one's own."""
    p, c = up_to_points("old")
    old = c.side.set
    p.open()
    p.choose("usa", USA)
    c = Cheater(p)
    c.commit(old)
    p.step("usa")
    c.send(old)
    caught(p, "what dprk sent belongs to another run")
    p, c = up_to_points("other")
    message = Cheater(p).side.set.replace(b"\x04dprk", b"\x04usaa")
    c.commit(message)
    p.step("usa")
    c.send(message)
    caught(p, "speaks for another party")
    p, c = up_to_points("form")
    c.commit(b"something else")
    p.step("usa")
    c.send(b"something else")
    caught(p, "what dprk sent does not begin with")


@case
def garbage_returned_is_caught(folder):
    """One point of five, a point left out, other secrets, an order of one's own, a proof of something else."""
    def other_secret(c, points):
        twin = Cheater(c.p, [0, 1])
        return twin.returned(points).replace(twin.side.public, c.side.public)

    def changed(at):
        def change(c, points):
            message = c.returned(points)
            head = len(b"lockstep psi return v1\0") + 32 + 5 + 4
            garbage = psi.encode(psi.multiply(12345, psi.G))
            return message[:head + 32 * at] + garbage + message[head + 32 * at + 32:]
        return change

    def swapped(c, points):
        message = c.returned(points)
        head = len(b"lockstep psi return v1\0") + 32 + 5 + 4
        return message[:head] + message[head + 32:head + 64] + message[head:head + 32] + message[head + 64:]

    def shorter(c, points):
        message = c.returned(points)
        head = len(b"lockstep psi return v1\0") + 32 + 5
        return message[:head] + struct.pack(">I", 4) + message[head + 4:head + 4 + 32 * 4] + message[-64:]

    def proof(c, points):
        message = c.returned(points)
        return message[:-32] + bytes([message[-32] ^ 1]) + message[-31:]

    for number, (make, text) in enumerate((
            (changed(0), "returned points that it did not make as it had to"),
            (changed(4), "returned points that it did not make as it had to"),
            (swapped, "returned points that it did not make as it had to"),
            (shorter, "dprk was sent 5 points and returned 4"),
            (other_secret, "returned points that it did not make as it had to"),
            (proof, "returned points that it did not make as it had to"))):
        p, c = up_to_points(f"garbage-{number}")
        c.commit(c.side.set)
        p.step("usa")
        c.send(c.side.set)
        c.send(make(c, p.sent("schedule-send", "usa", 0)))
        caught(p, text)
        check(not p.said("schedule-send", "usa")[1:], "usa returned something to who cheats")
        # The clock names who could not go on; who has the evidence does not.
        p.clock("2018-10-31T00:00:00Z")
        found = p.verify("usa", code=INVALID)
        check(found["silent"] == ["usa"] and all("dprk" in text for text in failed(found)), found)
        notes = [f["text"] for f in found["findings"] if f["level"] == "note"]
        check(any(n.startswith("by the clock, usa") and "does not hold" in n for n in notes), found)


def up_to_rankings(folder, ranked):
    p, c = up_to_points(folder)
    c.commit(c.side.set)
    p.step("usa")
    c.send(c.side.set)
    p.step("usa")
    c.send(c.returned(p.sent("schedule-send", "usa", 0)))
    message = c.side.rank(c.seed, ranked)
    c.commit(message)
    p.steps(1, "usa")
    return p, c, message


@case
def a_ranking_that_is_none_is_caught(folder):
    for number, (ranked, text) in enumerate((
            ([3, 5], "dprk ranked 2 options, and 3 are common"), ([3, 5, 1], "dprk ranked option 1, which is not common"),
            ([3, 5, 3], "dprk ranked option 3, which it had ranked already"), ([3, 5, 8, 1], "dprk ranked 4 options"))):
        p, c, message = up_to_rankings(f"ranking-{number}", ranked)
        c.reveal(message)
        p.step("usa", code=INVALID).complains(text)
        told(p, text, choice=True)
    p, c, message = up_to_rankings("changed", [3, 5, 8])
    p.step("usa")  # dprk sees this one's, and would like another of its own
    c.reveal(c.side.rank(c.seed, [8, 5, 3]))
    told(p, "what dprk sent is not what it committed to")


@case
def who_stops_is_named_by_the_clock(folder):
    """At each stage: until the grace has passed nothing is decided, and then everybody sees who it was."""
    p = begin("first")
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.steps(1)
    p.step("usa")  # dprk learns first, and is silent
    p.run("dprk", "schedule", "show").says("Common options")
    p.clock("2018-10-19T05:00:00Z")
    check(p.show()["stage"] == "returning" and p.show()["awaited"] == ["dprk"], p.show())
    p.clock("2018-10-19T06:00:01Z")
    text = "dprk did not return the other's points in time, after it had been sent its own"
    for party in p.PARTIES:
        found = p.verify(party, code=INVALID)
        check(found["stage"] == "defaulted" and found["silent"] == ["dprk"] and "by the clock, " + text in failed(found), found)
        check(found["learned"] == ["dprk"] and found["learned-first"] == "dprk" and found["default"] == text, found)
    p.step("dprk", code=USAGE).complains("the search is over (defaulted)", text)

    p = begin("silent")
    p.choose("usa", USA)
    p.clock("2018-10-20T00:00:00Z")
    found = p.verify("rok")
    check(found["stage"] == "lapsed" and found["silent"] == ["dprk"], found)
    p.choose("dprk", DPRK, code=USAGE).complains("the search is over (lapsed)")

    p = begin("send")
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.step("dprk")
    p.clock("2018-10-20T00:00:00Z")
    check(p.show()["default"] == "usa did not send its points in time", p.show())

    p = begin("reveal")
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.steps(3)
    p.step("usa")
    p.clock("2018-10-20T00:00:00Z")
    check(p.show("rok")["default"] == "dprk did not reveal its ranking in time", p.show("rok"))

    p = begin("rank")
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.steps(2)
    p.step("usa")
    p.clock("2018-10-20T00:00:00Z")
    check(p.show("rok")["default"] == "dprk did not commit to a ranking in time", p.show("rok"))


@case
def who_does_not_sign_is_named(folder):
    p = begin()
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.steps(4)
    p.clock("2018-10-12T00:00:00Z")
    p.run("usa", "schedule", "agree", "--meeting", "hanoi", "--on-record", "--yes").says("on the record as entry")
    found = p.show("dprk")
    check(found["stage"] == "signing" and found["awaited"] == ["dprk"], found)
    check(found["deadline"] == "2018-10-22T00:00:00Z", found)
    p.run("dprk", "meeting", "confirm", "hanoi", "--yes")
    found = p.show("rok")
    check(found["stage"] == "appointed" and p.verify("usa")["valid"], found)
    other = begin("other")
    other.choose("usa", USA)
    other.choose("dprk", DPRK)
    other.steps(4)
    other.run("usa", "schedule", "agree", "--meeting", "hanoi", "--on-record", "--yes")
    other.clock("2018-10-20T00:00:00Z")
    found = other.verify("rok", code=INVALID)
    check(failed(found) == ["by the clock, dprk did not confirm the meeting that the other side planned in time"], found)
    # Another date than the one that was chosen.
    wrong = begin("wrong")
    wrong.choose("usa", USA)
    wrong.choose("dprk", DPRK)
    wrong.steps(4)
    wrong.run("dprk", "meeting", "plan", "seoul", "--to", "usa", "--due", "2019-02-20", "--venue", "Seoul", "--about",
              str(wrong.search), "--yes")
    found = wrong.verify("usa", code=INVALID)
    check("dprk signed another date or place than was chosen" in failed(found)[0], found)
    # For not confirming that nobody is blamed, by who knows.
    wrong.clock("2018-10-20T00:00:00Z")
    found = wrong.verify("usa", code=INVALID)
    check(len(failed(found)) == 1 and "dprk signed another" in failed(found)[0], found)


@case
def a_mediator_sees_what_was_chosen(folder):
    """And nobody else: with --choice, what a side submitted, and points that stand for nothing."""
    p = begin()
    p.choose("usa", USA)
    p.choose("dprk", DPRK)
    p.steps(4)
    p.run("usa", "schedule", "disclose", "--out", "plain").says("6 files")
    found = p.verify("rok", "--files", "plain")
    check(found["disclosed"] == [None, None] and found["common"] is None, found)
    check(len([f for f in found["findings"] if f["level"] == "ok"]) == 6, found)
    p.run("usa", "schedule", "disclose", "--out", "open", "--choice", code=USAGE)  # nobody says yes
    p.run("usa", "schedule", "disclose", "--out", "open", "--choice", "--yes").says("mediator alone", "what opens this party's choice")
    found = p.verify("rok", "--files", "open")
    check(found["disclosed"] == [sorted(USA), None] and numbers(found["common"]) == COMMON, found)
    check(found["chosen"] == p.show("dprk")["chosen"], found)
    p.run("rok", "schedule", "disclose", "--out", "x", code=USAGE).complains("has no part")
    # Points that stand for nothing, so that nothing seems common.
    p, c = up_to_points("strange")
    strange = psi.encode(psi.multiply(777, psi.G))
    message = with_points(c.side, [*c.side.points[:2], strange])
    c.commit(message)
    p.step("usa")
    c.send(message)
    p.step("usa")
    shutil.rmtree("open")
    p.run("usa", "schedule", "disclose", "--out", "open", "--yes")
    label = b"lockstep psi disclosure v1\0"
    write("open/dprk.disclosure", label + c.side.head + psi.scalar(c.side.secret))
    found = p.verify("rok", "--files", "open", code=INVALID)
    check("disclosed: 2 points stand for options of the list, 1 for none" in failed(found), found)
    write("open/dprk.disclosure", label + c.side.head + psi.scalar(c.side.secret + 1))
    found = p.verify("rok", "--files", "open")  # which anybody could have written: it speaks against nobody
    notes = [f["text"] for f in found["findings"] if f["level"] == "note"]
    check(any("what dprk disclosed does not lead to its public key" in text for text in notes), found)
    p.run("rok", "schedule", "verify", str(p.search), "--files", "nowhere", code=USAGE).complains("there is no folder")


if __name__ == "__main__":
    main()
