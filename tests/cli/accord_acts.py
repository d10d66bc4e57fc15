#!/usr/bin/env python3
"""What is said under an accord, by the real program: each verb files the act that it says, wrong ones are refused with
the likely mistake, and amended accords go on where the earlier version stood."""
import os

from lockstep import INVALID, OK, USAGE, Process, case, check, headers, main, note_text, read_store, run, write

ROADMAP = """\
roadmap: 1
name: pact
title: A pact
parties: [dprk, usa]
suspension: {scope: [accord, track, measure], clocks: stop}
extension: {at-most: 15 days, times: 2}
withdrawal: {notice: 90 days, then: ends}
assessors: [rok]
tracks:
  - {id: north, title: What the north does}
  - {id: oil, title: Oil}
events:
  - {id: registered, title: Weapons are registered, attested-by: [rok]}
  - {id: in-return, title: What comes in return, to-be-agreed: true}
rights:
  - {id: visits, of: usa, what: visit, paragraph: p1, quota: 2 per year, from: in force}
disputes:
  - id: resolution
    title: Resolution
    open-to: [usa]
    settled-by: [dprk]
    stages:
      - {id: commission, title: Commission, lasts: 15 days, extendable: true}
      - {id: board, title: Board, after: [commission], lasts: 15 days, optional: true}
      - {id: opinion, title: Opinion, after: [board], lasts: 5 days}
declarations:
  - name: sites
    by: dprk
    fields: [id, name, lat, lon]
    id: id
    tranche: tranche
    latitude: lat
    longitude: lon
    row-bytes: 128
    tranches:
      - {label: "1", rows: 8}
      - {label: "2", rows: 16}
steps:
  - id: first
    title: First
    track: north
    measures:
      - {id: declare-sites, by: dprk, what: declare, paragraph: p1, verified-by: [usa], declares: sites}
      - {id: open-first, by: dprk, what: open the first, paragraph: p1, verified-by: [usa],
         opens: {declaration: sites, tranche: 1}}
      - {id: freeze, by: dprk, what: freeze, paragraph: p1, verified-by: [usa], continuing: true}
      - {id: visit, by: usa, what: come and see, paragraph: p1, due: 30 days after in force, may-call-off: [usa]}
      - {id: rifles, by: dprk, what: hand in rifles, paragraph: p1, verified-by: [usa], amount: 30 % of registered}
  - id: second
    title: Second
    track: oil
    measures:
      - id: fuel-oil
        by: usa
        what: deliver fuel oil
        paragraph: p2
        verified-by: [dprk]
        amount: 1000 t
        may-join: [rok]
        substitutes: true
        methods: [{id: ship, title: by ship}, {id: rail, title: by rail}]
"""


class Pact(Process):
    def __init__(self):
        super().__init__()
        write(self.path("roadmap.yaml"), ROADMAP)

    def sign_accord(self, name="accord.lockstep", *more):
        self.run("dprk", "accord", "propose", self.path("roadmap.yaml"), self.path("text.md"), "--out",
                 self.path(name), "--yes", *more)
        self.run("usa", "accord", "sign", self.path(name), "--yes")
        return self

    def accord(self):
        return self.run("usa", "accord", "show", "--json").json()

    def says(self, party, *args):
        """It is filed; the headers of its own, and its text."""
        text = self.run(party, *args, "--yes").out
        check(text.count("EXERCISE") == 1, "without the mark, or with two:", text)
        note = [n for n in read_store(self.ledger)[0] if not n.startswith(b"lockstep exercise act v1\nact: stamp")][-1]
        own = {name: values[0] for name, values in headers(note).items() if name not in
               ("process", "by", "signers", "seq", "prev", "head", "at", "expires", "accord", "attachment")}
        parts = note_text(note).decode().split("\n\n", 1)
        return own, parts[1].strip() if len(parts) > 1 else ""

    def refused(self, party, *args, code=USAGE):
        return self.run(party, *args, "--yes", code=code)


def pact():
    return Pact().build()


def last(p):
    """The id of the act that was filed last."""
    return p.log()[-1]["id"]


SAID = [
    (("dprk", "begin", "rifles", "--date", "2018-10-07"), {"act": "begin", "measure": "rifles", "date": "2018-10-07"}),
    (("usa", "promise", "visit"), {"act": "promise", "measure": "visit"}),
    (("usa", "perform", "fuel-oil", "--amount", "6200 t", "--method", "ship"),
     {"act": "perform", "measure": "fuel-oil", "amount": "6200 t", "method": "ship"}),
    (("dprk", "perform", "fuel-oil", "--amount", "5", "--method", "rail", "--for", "usa"),
     {"act": "perform", "measure": "fuel-oil", "amount": "5", "method": "rail", "for": "usa"}),
    (("rok", "join", "fuel-oil"), {"act": "join", "measure": "fuel-oil"}),
    (("dprk", "confirm", "fuel-oil", "--amount", "6100 t"),
     {"act": "confirm", "measure": "fuel-oil", "amount": "6100 t"}),
    (("usa", "reverse", "fuel-oil"), {"act": "reverse", "measure": "fuel-oil"}),
    (("usa", "call-off", "visit", "--due", "2018-12-15", "--text", "No progress."),
     {"act": "call-off", "measure": "visit", "due": "2018-12-15"}),
    (("rok", "incident", "freeze", "--text", "Smoke was seen."), {"act": "incident", "measure": "freeze"}),
    (("rok", "assess", "fuel-oil", "--score", "2", "--text", "More than half."),
     {"act": "assess", "measure": "fuel-oil", "score": "2"}),
    (("usa", "extend", "visit", "--due", "2018-11-15"), {"act": "extend", "measure": "visit", "due": "2018-11-15"}),
    (("rok", "attest", "registered", "--amount", "1500"),
     {"act": "attest", "event": "registered", "amount": "1500"}),
    (("usa", "use", "visits"), {"act": "use", "right": "visits"}),
    (("usa", "ratify"), {"act": "ratify"}),
    (("usa", "suspend", "--measure", "visit", "--text", "For now."), {"act": "suspend", "measure": "visit"}),
    (("dprk", "denounce", "--text", "Supreme interests."), {"act": "denounce"}),
]


@case
def verbs_file_their_acts(folder):
    p = pact()
    for (party, *args), wanted in SAID:
        found, text = p.says(party, *args)
        check(found == wanted, found, "and not", wanted)
        check(text == (args[args.index("--text") + 1] if "--text" in args else ""), text, args)
    taken, _ = p.says("dprk", "withdraw", last(p))
    check(taken["act"] == "withdraw", taken)


@case
def verbs_say_for_programs_what_they_filed(folder):
    p = pact()
    for (party, *args), _ in SAID:
        filed = p.run(party, *args, "--yes", "--json").json()
        check(filed["exercise"] is True and filed["filed"] is True and filed["id"] == last(p), filed)
    for party, *args in (("usa", "dispute", "resolution"), ("usa", "refer", "resolution", "--stage", "board"),
                         ("dprk", "settle", "resolution")):
        check(p.run(party, *args, "--yes", "--json").json()["exercise"] is True, args)


@case
def an_incident_is_answered(folder):
    p = pact()
    p.says("rok", "incident", "freeze", "--text", "Smoke was seen.")
    incident = last(p)
    found, _ = p.says("usa", "object", "freeze", "--act", incident[:12], "--text", "So it was.")
    check(found == {"act": "object", "measure": "freeze", "ref": incident}, found)
    found, _ = p.says("usa", "confirm", "freeze", "--act", incident)
    check(found == {"act": "confirm", "measure": "freeze", "ref": incident}, found)


@case
def disputes(folder):
    p = pact()
    p.refused("dprk", "settle", "resolution").complains("no dispute was opened under resolution",
                                                        "lockstep dispute resolution")
    found, _ = p.says("usa", "dispute", "resolution", "--measure", "freeze", "--text", "It runs.")
    check(found == {"act": "dispute", "dispute": "resolution", "measure": "freeze"}, found)
    first = last(p)
    p.says("usa", "dispute", "resolution")
    second = last(p)
    found, _ = p.says("usa", "refer", "resolution", "--stage", "board")
    check(found == {"act": "refer", "stage": "board", "ref": second}, found)
    found, _ = p.says("dprk", "extend", "resolution", "--stage", "commission", "--due", "2018-11-01", "--act", first)
    check(found == {"act": "extend", "stage": "commission", "due": "2018-11-01", "ref": first}, found)
    found, _ = p.says("dprk", "settle", "resolution", "--act", first[:10])
    check(found == {"act": "settle", "ref": first}, found)
    p.refused("usa", "settle", "resolution", code=INVALID).complains("usa does not settle disputes under resolution",
                                                                     "that is for: dprk")


@case
def likely_mistakes(folder):
    p = pact()
    before = p.log()
    p.refused("rok", "attest", "freeze").complains("freeze is a measure", "lockstep attest takes an event",
                                                   "perform, confirm")
    p.refused("usa", "perform", "registered").complains("registered is an event", "attest")
    p.refused("usa", "use", "fuel-oil").complains("fuel-oil is a measure", "lockstep use takes a right")
    p.refused("usa", "dispute", "visits").complains("visits is a right", "use")
    p.refused("usa", "extend", "resolution", "--due", "2018-11-01").complains("resolution is a dispute procedure")
    p.refused("usa", "perform", "fuel-oli", "--amount", "5 t").complains("no accord has the measure fuel-oli",
                                                                        "did you mean fuel-oil?")
    p.refused("rok", "attest", "registred").complains("did you mean registered?")
    p.refused("usa", "call-off", "visit").complains("with a stated cause", "--text")
    p.refused("usa", "denounce").complains("states its cause")
    p.refused("usa", "suspend").complains("states its cause")
    p.refused("rok", "incident", "freeze").complains("says what happened")
    p.refused("rok", "assess", "freeze", "--text", "So.").complains("states its score")
    p.refused("rok", "assess", "freeze", "--score", "4", "--text", "So.").complains("is not a score")
    p.refused("usa", "extend", "visit").complains("says until when")
    p.refused("usa", "extend", "visit", "--due", "soon").complains("\"soon\" is not a date")
    p.refused("usa", "refer", "resolution").complains("which stage")
    p.refused("usa", "suspend", "--track", "oil", "--measure", "visit", "--text", "So.").complains("give one")
    p.refused("usa", "perform", "fuel-oil", "--accord", "treaty").complains("no accord has the measure fuel-oil")
    check(p.log() == before, "something was filed")


@case
def refusals_of_the_record(folder):
    p = pact()
    for party, args, texts in (
            ("usa", ("perform", "fuel-oil", "--amount", "5 kg", "--method", "ship"),
             ("\"5 kg\" is not an amount of fuel-oil", "--amount \"6200 t\"")),
            ("usa", ("perform", "fuel-oil", "--method", "ship"), ("none is stated", "--amount")),
            ("usa", ("perform", "fuel-oil", "--amount", "5 t"), ("none is named", "--method")),
            ("rok", ("attest", "in-return"), ("has still to be agreed", "--amends")),
            ("rok", ("perform", "visit"), ("rok does not perform visit", "that is for: usa"))):
        p.refused(party, *args, code=INVALID).complains(*texts)


@case
def one_sees_what_one_signs(folder):
    p = pact()
    p.run("usa", "perform", "fuel-oil", "--amount", "6200 t", "--method", "ship", "--text", "The first.",
          code=USAGE).says("perform fuel-oil: deliver fuel oil", "amount 6200 t", "method ship", "The first.")
    p.run("rok", "attest", "registered", "--amount", "1500", code=USAGE).says("attest registered: Weapons are registered",
                                                                            "amount 1500")


AMENDED = ROADMAP.replace("due: 30 days after in force", "due: 60 days after in force").replace(
    "  - {id: in-return, title: What comes in return, to-be-agreed: true}\n",
    "  - {id: in-return, title: What comes in return, attested-by: [usa]}\n")


@case
def an_accord_is_amended(folder):
    p = pact()
    p.declare()
    p.says("usa", "perform", "fuel-oil", "--amount", "5 t", "--method", "ship")
    old = p.accord()["id"]
    write(p.path("roadmap.yaml"), AMENDED.replace("1000 t", "1000 kg"))
    p.refused("dprk", "accord", "propose", p.path("roadmap.yaml"), p.path("text.md"), "--amends", "--out", "no.lockstep",
              code=INVALID).complains("the unit of its amount can't be changed")
    check(not os.path.exists("no.lockstep"), "a proposal was written that can't be accepted")
    write(p.path("roadmap.yaml"), AMENDED)
    p.run("dprk", "accord", "propose", p.path("roadmap.yaml"), p.path("text.md"), "--out", p.path("second.lockstep"),
          "--amends", "--yes")
    p.run("usa", "accord", "sign", p.path("second.lockstep"), code=USAGE).says("It amends pact")
    p.run("usa", "accord", "sign", p.path("second.lockstep"), "--yes")
    new = p.accord()["id"]
    check(new != old, "the version in force is not the new one")
    # Acts name the new version by themselves; the old one is closed.
    p.says("usa", "attest", "in-return")
    check(headers(read_store(p.ledger)[0][p.log()[-1]["index"]])["accord"] == [new], "another accord")
    p.refused("usa", "perform", "fuel-oil", "--amount", "5 t", "--method", "ship", "--accord", old[:12],
              code=INVALID).complains("the accord was amended", "sign again under " + new)
    # What was done goes on: declared under the old version, opened and confirmed under the new one.
    p.run("dprk", "open", "--tranche", "1", "--yes", "--out", p.path("first.lockstep"))
    check(run("verify", p.path("first.lockstep"), "--charter", p.fingerprint()).code == OK, "the opening does not hold")
    p.says("usa", "confirm", "open-first")
    p.says("dprk", "confirm", "fuel-oil")
    p.run("usa", "export", p.path("record.lockstep"))
    run("verify", p.path("record.lockstep"), "--charter", p.fingerprint())


@case
def what_was_done_can_not_be_amended_away(folder):
    """Also where it happened after the others had signed."""
    p = pact()
    write(p.path("roadmap.yaml"), AMENDED.replace("by: usa\n        what: deliver", "by: dprk\n        what: deliver")
          .replace("verified-by: [dprk]\n        amount", "verified-by: [usa]\n        amount"))
    p.run("dprk", "accord", "propose", p.path("roadmap.yaml"), p.path("text.md"), "--out", p.path("second.lockstep"),
          "--amends", "--yes")
    p.says("usa", "perform", "fuel-oil", "--amount", "5 t", "--method", "ship")
    p.run("usa", "accord", "sign", p.path("second.lockstep"), "--yes", code=INVALID).complains(
        "who performs it can't be changed")


if __name__ == "__main__":
    main()
