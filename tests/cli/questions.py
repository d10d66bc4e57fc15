#!/usr/bin/env python3
"""What people ask of an accord: status, next, explain, calendar. What each says in each state, as text and as JSON;
that both say the same in every zone and language of the machine; and what it answers to mistakes. Dates are worked out
here, from docs/roadmap.md."""
import datetime
import re
import sys

sys.path.append("/usr/lib/python3/dist-packages")  # Debian's, also for another Python that comes first in the PATH

import icalendar

from lockstep import MARK, OK, USAGE, Process, case, check, main, read, write

ROADMAP = """\
roadmap: 1
name: pact
title: A pact
parties: [dprk, usa, rok]
entry-into-force: {latest: [dprk ratified, usa ratified]}
suspension: {scope: [accord, track, measure], clocks: stop, at-most: 60 days}
extension: {by: [dprk, usa], at-most: 15 days, times: 2}
withdrawal: {notice: 90 days, then: continues}
assessors: [rok]
tracks:
  - {id: north, title: What the north does}
  - {id: oil, title: Oil}
events:
  - {id: registered, title: Weapons are registered, attested-by: [rok]}
  - {id: in-return, title: What comes in return, to-be-agreed: true}
  - {id: notified, title: An issue is notified, attested-by: [rok]}
  - {id: continuation, title: The parties go on, attested-by: [dprk, usa]}
  - {id: sanctions-return, title: Sanctions return, when: 30 days after notified, unless: continuation}
  - {id: plant, title: The plant is finished, attested-by: [rok]}
rights:
  - {id: visits, of: usa, what: visit a place, paragraph: p1, quota: 2 per year, from: in force}
disputes:
  - id: resolution
    title: Resolution
    open-to: [usa]
    settled-by: [dprk, usa]
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
      - {id: open-first, by: dprk, what: open the first, paragraph: p1, after: [declare-sites confirmed],
         verified-by: [usa], opens: {declaration: sites, tranche: 1}}
      - {id: freeze, by: dprk, what: freeze, paragraph: p1, verified-by: [usa], continuing: true}
      - {id: visit, by: usa, what: come and see, paragraph: p1, due: 30 days after in force, may-call-off: [usa]}
      - {id: rifles, by: dprk, what: hand in rifles, paragraph: p1, verified-by: [usa], amount: 30 % of registered}
      - {id: stored, by: usa, what: store as many, paragraph: p2, verified-by: [dprk], amount: as much as rifles}
      - {id: stock, by: dprk, what: keep the stock low, paragraph: p1, verified-by: [usa], at-most: 300 kg,
         due: 20 days after in force}
      - {id: tunnel, by: dprk, what: blow up the tunnel, paragraph: p1, verified-by: [usa], in-presence-of: [rok],
         irreversible: true, due: 40 days after in force}
      - {id: relief, by: usa, what: send relief, paragraph: p2, after: [registered],
         due: 14 days after registered, verified-by: [dprk, rok], on-silence: confirmed after 10 days}
      - {id: office, by: [dprk, usa], what: open a liaison office, paragraph: p2, verified-by: [rok],
         after: [later promised], due: 24 hours after later promised}
      - {id: later, by: usa, what: end the war, paragraph: p2, after: [tunnel confirmed]}
      - {id: answer, by: usa, what: answer in kind, paragraph: p2, after: [in-return]}
  - id: together
    title: Together
    track: north
    simultaneous: true
    measures:
      - {id: lift, by: usa, what: lift sanctions, paragraph: p2, undone-by: sanctions-return}
      - {id: seal, by: dprk, what: seal the reactor, paragraph: p1, verified-by: [rok]}
  - id: second
    title: Second
    track: oil
    measures:
      - id: fuel-oil
        by: [usa, rok]
        what: deliver fuel oil
        paragraph: p2
        begin: 10 days after in force
        due: 60 days after in force
        verified-by: [dprk]
        amount: 1000 t
        shares: {usa: 60 %, rok: 40 %}
        substitutes: true
        methods: [{id: ship, title: by ship}, {id: rail, title: by rail, at-most: 20 %}]
      - {id: food, by: usa, what: deliver food, paragraph: p2, verified-by: [dprk], amount: 100 t per month,
         until: plant}
"""

SEOUL = datetime.timezone(datetime.timedelta(hours=9))
GRACE = datetime.timedelta(hours=24)
IN_FORCE = datetime.date(2018, 10, 9)


def day(date, days=0):
    """So many days later, as text."""
    return str(date + datetime.timedelta(days=days))


def end_of(date, days=0):
    """The end of that local day, in UTC."""
    local = datetime.datetime.combine(date + datetime.timedelta(days=days + 1), datetime.time(), SEOUL)
    return local.astimezone(datetime.timezone.utc)


def stamp(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


class Pact(Process):
    def __init__(self):
        super().__init__()
        write(self.path("roadmap.yaml"), ROADMAP)

    def at(self, date, hour=12):
        """The exercise's clock, in local time."""
        year, month, number = map(int, date.split("-"))
        local = datetime.datetime(year, month, number, hour, tzinfo=SEOUL)
        self.clock(stamp(local.astimezone(datetime.timezone.utc)))
        return self

    def says(self, party, *args):
        """Files an act; its entry."""
        return self.run(party, *args, "--yes", "--json").json()["index"]

    def explain(self, name, *more):
        return self.run("usa", "explain", name, *more)

    def explained(self, name, *more):
        return self.run("usa", "explain", name, "--json", *more).json()

    def why(self, measure, state, *texts):
        """The measure is in that state and explain says so, in text and JSON."""
        text, value = self.explain(measure), self.explained(measure)
        check(value["state"] == state, f"{measure} is not {state}:", text)
        check(f"\n{state} since " in text.out, f"{measure} is not said to be {state}:", text)
        check(value["why"] in text.out, "text and JSON differ:", value["why"], text)
        text.says(*texts)
        return text

    def next(self, party, *more):
        """What that party may and must do: commands, with all that is said of them."""
        duties = self.run("usa", "next", "--for", party, "--json", *more).json()["accords"][0]["next"]
        text = self.run("usa", "next", "--for", party, *more).out
        for duty in duties:
            check(duty["party"] == party, "of another party:", duty)
            check(f"lockstep {duty['command']}\n" in text, "only in the JSON:", duty, text)
        return {duty["command"]: duty for duty in duties}


def pact():
    """In force on 9 October 2018, 12:00 in Seoul."""
    p = Pact().build()
    p.at("2018-10-09")
    p.ratified = sorted([p.says("usa", "ratify"), p.says("dprk", "ratify")])
    return p


def check_duty(duties, command, must=False, until=None, otherwise=""):
    check(command in duties, f"nothing of {command}:", *duties)
    found = duties[command]
    check(found["must"] is must, f"must should be {must}:", found)
    check(found["until"] == (None if until is None else stamp(until)), f"until should be {until}:", found)
    check(otherwise in found["otherwise"], f"{otherwise!r} does not follow:", found)


# Before it is in force, and before it is there.

@case
def before_the_accord(folder):
    p = Pact().draft_charter()
    p.sign_charter()
    for verb in ("status", "next"):
        p.run("usa", verb).says("No accord is on the record yet.")
        check(p.run("usa", verb, "--json").json()["accords"] == [], verb)
    p.run("usa", "explain", "visit", code=USAGE).complains("no accord is on the record yet", "accord propose")
    p.sign_accord()
    for when in (["--at", "2018-10-07"], ["--as-known", "2018-10-07"]):
        for verb in ("status", "next"):
            p.run("usa", verb, *when).says("No accord was signed by then.")
            check(p.run("usa", verb, "--json", *when).json()["accords"] == [], verb, when)
        p.run("usa", "explain", "visit", *when, code=USAGE).complains("was not signed by then", "lockstep log")
        check(not read_calendar(p, *when), "deadlines of an accord that was not there")
    p.run("usa", "status", "--at", "2018-10-08").says("A pact", "signed on 2018-10-08, not in force yet")


@case
def entry_into_force(folder):
    p = Pact().build()
    p.run("usa", "status").says("not in force yet")
    p.why("visit", "pending", "waits for entry into force", "due 30 days after in force: not known yet")
    for party in ("dprk", "usa"):
        check_duty(p.next(party), "ratify", otherwise="entry into force waits for it")
    check("ratify" not in p.next("rok"), "rok has nothing to ratify")
    p.at("2018-10-09")
    first = p.says("usa", "ratify")
    check("ratify" not in p.next("usa"), "it has ratified")
    p.why("visit", "pending", "lockstep ratify")
    second = p.says("dprk", "ratify")
    p.run("usa", "status").says("in force since 2018-10-09")
    p.why("visit", "due", f"in force      2018-10-09  2, {first}, {second}", "due by " + day(IN_FORCE, 30),
          f"due 30 days after in force (by entries 2, {first}, {second}): {day(IN_FORCE, 30)}; with the grace until "
          f"{day(IN_FORCE, 31)}")
    check_duty(p.next("usa"), "perform visit", True, end_of(IN_FORCE, 30), "overdue from " + day(IN_FORCE, 32))


# Each state, with its acts and rules.

@case
def performed_and_answered(folder):
    p = pact()
    p.why("relief", "pending", "waits for registered", "lockstep attest registered", "performed early")
    early = p.says("usa", "perform", "relief")
    p.why("relief", "performed", "early", "it counts once what it waits for has come: registered")
    registered = p.says("rok", "attest", "registered", "--amount", "1500")
    text = p.why("relief", "performed", "not confirmed yet by dprk, rok", f"registered    2018-10-09  {registered}",
                 "silence counts as confirmed after 10 days", f"in time until {day(IN_FORCE, 10)}")
    check(re.search(rf"^{early} +\S+ +usa +perform ", text.out, re.M), "the performance is not in the chain:", text)
    for party in ("dprk", "rok"):
        check_duty(p.next(party), "confirm relief", until=end_of(IN_FORCE, 10),
                   otherwise="silence counts as confirmed from " + day(IN_FORCE, 12))
    objection = p.says("dprk", "object", "relief", "--text", "Half of it.")
    p.why("relief", "disputed", "objected to by dprk")
    check_duty(p.next("usa"), "perform relief", True, end_of(IN_FORCE, 14), "it stays disputed")
    check("dispute resolution --measure relief" in p.next("usa"), "no dispute can be opened")
    p.says("dprk", "withdraw", str(objection))
    p.says("dprk", "confirm", "relief")
    p.why("relief", "performed", "not confirmed yet by rok")
    check("confirm relief" not in p.next("dprk"), "dprk has answered")
    p.at("2018-10-22")
    p.why("relief", "confirmed", "by silence", "the silence of rok counts so", "confirmed, by silence")


@case
def missing_and_overdue(folder):
    p = pact()
    p.says("usa", "begin", "fuel-oil")
    p.says("rok", "attest", "registered", "--amount", "1500")
    p.says("dprk", "missing", "relief", "--text", "No ship came.")
    p.why("relief", "disputed", "said to be missing by dprk")
    p.at("2018-11-09")
    p.why("visit", "due", f"due by {day(IN_FORCE, 30)}, and with the grace by {day(IN_FORCE, 31)}")
    p.at("2018-11-10", 0)
    p.clock(stamp(end_of(IN_FORCE, 31) + datetime.timedelta(seconds=1)))
    p.why("visit", "overdue", f"not done by {day(IN_FORCE, 30)}, and the grace has passed")
    check_duty(p.next("usa"), "perform visit", True, end_of(IN_FORCE, 30), "overdue since " + day(IN_FORCE, 32))
    p.says("usa", "call-off", "visit", "--text", "No progress.")
    p.why("visit", "called off", "called off by usa", "may be called off by usa", "it was")
    check_duty(p.next("usa"), "perform visit", False, end_of(IN_FORCE, 30), "it stays called off")


@case
def several_perform_in_presence(folder):
    p = pact()
    p.says("dprk", "perform", "tunnel")
    p.says("usa", "confirm", "tunnel")
    p.why("tunnel", "performed", "rok has to confirm that it was there", "in presence of rok", "irreversible")
    check_duty(p.next("rok"), "confirm tunnel", otherwise="it counts for nobody; later held up")
    witness = p.says("rok", "confirm", "tunnel")
    p.why("tunnel", "confirmed", "by usa", "confirmed so far by rok", "It is irreversible, and confirmed")
    p.why("later", "due", f"tunnel confirmed  2018-10-09  {witness}")
    p.why("office", "pending", "waits for later promised", "lockstep promise later")
    check_duty(p.next("usa"), "promise later", otherwise="office held up")
    promise = p.says("usa", "promise", "later")
    p.why("office", "due", f"later promised  2018-10-09  {promise}", "due by 2018-10-10 12:00")
    p.says("dprk", "perform", "office")
    p.why("office", "begun", "performed by dprk, and not yet by usa")
    check("perform office" not in p.next("dprk"), "dprk has performed")
    check_duty(p.next("usa"), "perform office", True,
               datetime.datetime(2018, 10, 10, 12, tzinfo=SEOUL).astimezone(datetime.timezone.utc), "overdue from")
    p.at("2018-10-12")
    p.why("office", "overdue", "not done by 2018-10-10 12:00, and the grace has passed; still to come from: usa")


@case
def amounts(folder):
    p = pact()
    p.why("rifles", "due", "goal not known yet", "30 % of registered")
    registered = p.says("rok", "attest", "registered", "--amount", "1500")
    p.why("rifles", "due", "(0 of 450, 0 confirmed)", f"30 % of registered  {registered}")
    p.why("stored", "due", "as much as rifles", "goal not known yet")
    p.says("dprk", "perform", "rifles", "--amount", "450")
    p.says("usa", "confirm", "rifles")
    p.why("stored", "due", "(0 of 450, 0 confirmed)", "450")
    check_duty(p.next("usa"), "begin fuel-oil", True, end_of(IN_FORCE, 10), "overdue from " + day(IN_FORCE, 12))
    p.says("usa", "perform", "fuel-oil", "--amount", "300", "--method", "ship")
    p.says("rok", "perform", "fuel-oil", "--amount", "300 t", "--method", "rail")
    p.says("dprk", "confirm", "fuel-oil")
    # By rail at most 20 % of 1000 t; of the shares, 600 t and 400 t.
    p.why("fuel-oil", "begun", "500 of 1000 t, 500 confirmed", "300 of 600", "200 of 400", "rail at most 20 %",
          "due by " + day(IN_FORCE, 60))
    check_duty(p.next("rok"), "perform fuel-oil --amount AMOUNT --method METHOD", True, end_of(IN_FORCE, 60))
    p.at("2018-12-11")
    p.why("fuel-oil", "overdue", f"not done by {day(IN_FORCE, 60)}", "still to come from: usa, rok")


@case
def rates_and_ceilings(folder):
    p = pact()
    p.why("food", "kept", "0 t, 0 due so far", "100 t per month", "due by 2018-11-09")
    p.says("dprk", "perform", "stock", "--amount", "350")
    p.why("stock", "begun", "350, at most 300 kg", "due by " + day(IN_FORCE, 20))
    p.at("2018-11-12")
    p.why("food", "overdue", "not done by 2018-11-09, and the grace has passed", "100 due so far")
    check_duty(p.next("usa"), "perform food --amount AMOUNT", True, end_of(datetime.date(2018, 11, 9)),
               "overdue since 2018-11-11")
    p.why("stock", "breached", "350, at most 300 kg", "The level that was stated last counts.")
    check_duty(p.next("dprk"), "perform stock --amount LEVEL", True, otherwise="it stays breached")
    p.says("dprk", "perform", "stock", "--amount", "300")
    p.why("stock", "kept", "300, at most 300 kg")
    p.says("usa", "perform", "food", "--amount", "150")
    p.why("food", "kept", "150 t, 100 due so far", "due by 2018-12-09")


@case
def obligations(folder):
    p = pact()
    p.why("freeze", "kept", "nothing is established against it", "A verifier can establish a breach")
    incident = p.says("rok", "incident", "freeze", "--text", "Smoke was seen.")
    p.why("freeze", "kept", "1 reported and not answered", "an incident was reported")
    check_duty(p.next("usa"), f"object freeze --act {incident}", otherwise="it stays unsubstantiated")
    p.says("usa", "object", "freeze", "--act", str(incident), "--text", "So it was.")
    p.why("freeze", "breached", "a breach was established by usa")
    check(f"object freeze --act {incident}" not in p.next("usa"), "it was answered")
    check_duty(p.next("dprk"), "perform freeze", True, otherwise="it stays breached")
    p.says("dprk", "perform", "freeze")
    p.why("freeze", "performed", "said to be cured; not confirmed yet by usa")
    check_duty(p.next("usa"), "confirm freeze")
    p.says("usa", "confirm", "freeze")
    p.why("freeze", "kept", "the breach was cured")


@case
def simultaneous_and_undone(folder):
    p = pact()
    p.says("usa", "perform", "lift")
    p.why("lift", "performed", "held", "done, and held until the others of its step are: seal (dprk)",
          "waits for seal (dprk)")
    check_duty(p.next("dprk"), "perform seal", True, otherwise="nothing of its step takes effect")
    p.says("dprk", "perform", "seal")
    p.why("lift", "performed", "held")
    p.says("rok", "confirm", "seal")
    p.why("lift", "performed", "nobody verifies it", "they did on 2018-10-09", "undone by sanctions-return")
    p.explain("sanctions-return").says("not yet; accord in entry 2", "unless this comes by the deadline: continuation",
                                       "lockstep attest notified")
    notified = p.says("rok", "attest", "notified")
    p.explain("sanctions-return").says(f"{day(IN_FORCE, 32)} (ahead)", f"by entry {notified}",
                                       f"{day(IN_FORCE, 30)}, with the grace until {day(IN_FORCE, 31)}",
                                       "lockstep attest continuation")
    for party in ("dprk", "usa"):
        check_duty(p.next(party), "attest continuation", until=end_of(IN_FORCE, 30),
                   otherwise=f"sanctions-return happens on {day(IN_FORCE, 32)}")
    p.at("2018-11-12")
    p.why("lift", "reversed", "it was done, and undone by sanctions-return", f"came on {day(IN_FORCE, 32)}")
    check("reversed, held" not in p.run("usa", "status").out, "what was undone is not held")
    value = p.explained("sanctions-return")
    check(value["happened"] and value["time"] == stamp(end_of(IN_FORCE, 31)), value)


@case
def reversed_openly(folder):
    p = pact()
    p.says("usa", "perform", "lift")
    entry = p.says("usa", "reverse", "lift", "--text", "No.")
    p.why("lift", "reversed", "it was done, and usa reversed it")
    p.run("usa", "status").says(f"{entry} ")
    check_duty(p.next("usa"), "perform lift", False, otherwise="it stays reversed")


@case
def what_came_has_its_entry(folder):
    """Also where it was undone since, and where others had to act, too."""
    p = pact()
    p.says("dprk", "perform", "tunnel")
    p.says("usa", "confirm", "tunnel")
    there = p.says("rok", "confirm", "tunnel")
    p.says("dprk", "begin", "seal")
    again = p.says("dprk", "begin", "seal")
    check(re.search(rf"^{again} +\S+ +dprk +begin +- +changed nothing$", p.explain("seal").out, re.M), "said twice")
    p.why("later", "due", f"tunnel confirmed  2018-10-09  {there}\n")
    found = p.explained("later")
    check([(w["moment"], w["came"], w["entries"]) for w in found["waits_for"]] ==
          [("tunnel confirmed", True, str(there))], found["waits_for"])
    check([s["kind"] for s in p.explained("tunnel")["said"]] == ["perform", "confirm", "confirm"], "the chain")
    rules = {rule["rule"]: rule for rule in p.explained("tunnel")["rules"]}
    check(rules["in presence of rok"]["stands"] == "confirmed so far by rok", rules)
    check(all(rule["paragraph"] == "p1" for rule in rules.values()), rules)


@case
def to_be_agreed(folder):
    p = pact()
    p.why("answer", "pending", "waits for in-return (still to be agreed)", "accord propose ROADMAP TEXT --amends")
    p.run("usa", "status").says("to be agreed")
    p.explain("in-return").says("only an amendment of the accord lets it happen")
    for party in p.PARTIES:
        check_duty(p.next(party), "accord propose ROADMAP TEXT --amends", otherwise="answer held up")
    check(p.explained("in-return")["to_be_agreed"] is True, "JSON")


# What is said about more than a measure.

@case
def a_suspension(folder):
    """Of the north's measures, by the north: its own clocks stand, the other's go on. It ends after 60 days."""
    p = pact()
    p.at("2018-10-14")
    entry = p.says("dprk", "suspend", "--track", "north", "--text", "No progress.")
    last = day(datetime.date(2018, 10, 14), 60)
    p.run("usa", "status").says(
        f"The North has suspended What the north does since 2018-10-14, until {last}; its own clocks stand.")
    p.why("tunnel", "due", "suspended", "its clock stands while it is suspended",
          f"{entry}      from 2018-10-14 to {last}; its clock stands")
    p.why("visit", "due", "suspended", "its deadline goes on", "due by " + day(IN_FORCE, 30))
    check_duty(p.next("dprk"), f"resume {entry}", until=end_of(datetime.date(2018, 10, 14), 60),
               otherwise="it ends by itself")
    p.at("2018-10-19")
    p.says("dprk", *f"resume {entry}".split())
    # Five days: the deadline moves from 18 to 23 November.
    p.why("tunnel", "due", f"{day(IN_FORCE, 40)}, moved to {day(IN_FORCE, 45)}", "from 2018-10-14 to 2018-10-19",
          "its clock stood")
    p.run("usa", "status").says("suspended What the north does from 2018-10-14 to 2018-10-19.")
    check(f"resume {entry}" not in p.next("dprk"), "it was resumed")


@case
def an_extension(folder):
    p = pact()
    first = p.says("usa", "extend", "visit", "--due", "2018-11-15")
    p.why("visit", "due", "due by " + day(IN_FORCE, 30), "agreed to the deadline 2018-11-15")
    check_duty(p.next("dprk"), "extend visit --due 2018-11-15", until=end_of(IN_FORCE, 30),
               otherwise="the deadline stays")
    check("extend visit --due 2018-11-15" not in p.next("usa"), "usa has said so")
    second = p.says("dprk", "extend", "visit", "--due", "2018-11-15")
    text = p.why("visit", "due", f"{day(IN_FORCE, 30)}, moved to 2018-11-15", "due by 2018-11-15")
    for entry, party in ((first, "usa"), (second, "dprk")):
        check(re.search(rf"^{entry} +\S+ +{party} +extend +2018-11-15 ", text.out, re.M), "not in the chain:", text)
    check("extend visit --due 2018-11-15" not in p.next("dprk"), "it was agreed")


@case
def a_dispute(folder):
    p = pact()
    entry = p.says("usa", "dispute", "resolution", "--measure", "freeze", "--text", "It runs.")
    p.run("usa", "status").says("Disputes", f"Commission until {day(IN_FORCE, 15)}")
    p.why("freeze", "kept", "in dispute", f"dispute under resolution  {entry} ")
    check_duty(p.next("usa"), f"refer resolution --stage board --act {entry}", until=end_of(IN_FORCE, 15),
               otherwise="it is passed over")
    for party in ("dprk", "usa"):
        check_duty(p.next(party), f"settle resolution --act {entry}", until=end_of(IN_FORCE, 20),
                   otherwise="it is exhausted when its last stage has ended")
    p.says("usa", "extend", "resolution", "--stage", "commission", "--due", "2018-10-30")
    check_duty(p.next("dprk"), f"extend resolution --stage commission --act {entry} --due 2018-10-30",
               until=end_of(IN_FORCE, 15))
    # What it proposes can be typed as it stands.
    p.says("dprk", *f"extend resolution --stage commission --act {entry} --due 2018-10-30".split())
    p.run("usa", "status").says("Commission until 2018-10-30")
    p.says("usa", *f"refer resolution --stage board --act {entry}".split())
    check(f"refer resolution --stage board --act {entry}" not in p.next("usa"), "it was asked for")
    p.says("dprk", *f"settle resolution --act {entry}".split())
    check(f"settle resolution --act {entry}" not in p.next("dprk"), "dprk has settled it")
    p.says("usa", "settle", "resolution")
    p.run("usa", "status").says("settled on 2018-10-09")
    p.explain("freeze").says("settled on 2018-10-09")


@case
def a_party_leaves(folder):
    p = pact()
    p.why("lift", "due")
    notice = p.says("usa", "denounce", "--text", "Supreme interests.")
    last = day(IN_FORCE, 90)
    p.run("usa", "status").says(f"United States has given notice of withdrawal, which runs out on {last}.")
    p.why("lift", "due", f"notice of withdrawal by usa                 {notice}      runs out on {last}")
    check_duty(p.next("usa"), f"withdraw {notice}", until=end_of(IN_FORCE, 90), otherwise="it leaves the accord")
    p.says("usa", *f"withdraw {notice}".split())
    check("withdrawal" not in p.run("usa", "status").out + p.explain("lift").out, "it was taken back")
    p.says("usa", "denounce", "--text", "Supreme interests.")
    p.at("2019-01-10")
    p.run("usa", "status").says(f"United States has left the accord: its notice ran out on {last}.")
    p.why("lift", "ended", "usa has left the accord", f"ran out on {last}", "nothing changes it any more")
    check(not p.next("usa"), "usa has nothing to do any more")
    p.run("usa", "next", "--for", "usa").says("nothing now")


@case
def rights(folder):
    p = pact()
    p.run("usa", "status").says("2 until 2019-10-09")
    check_duty(p.next("usa"), "use visits", until=end_of(datetime.date(2019, 10, 9)), otherwise="forfeited")
    p.says("usa", "use", "visits")
    p.run("usa", "status").says("1 until 2019-10-09")


# Times.

@case
def two_times(folder):
    """A performance claims 9 October, is filed on the 12th and confirmed on the 13th, with the same date."""
    p = pact()
    p.at("2018-10-12")
    p.says("dprk", "perform", "seal", "--date", "2018-10-10")
    p.at("2018-10-13")
    p.says("rok", "confirm", "seal", "--date", "2018-10-10")
    for at, known, state in (("2018-10-11", None, "performed"), ("2018-10-11", "2018-10-11", "due"),
                             ("2018-10-12", "2018-10-12", "performed"), ("2018-10-13", "2018-10-12", "performed"),
                             ("2018-10-13", None, "confirmed")):
        asked = ["--at", at] + (["--as-known", known] if known else [])
        check(p.explained("seal", *asked)["state"] == state, at, known, "is not", state)
        card = p.run("usa", "status", "--json", *asked).json()
        found = [m["state"] for m in card["accords"][0]["measures"] if m["measure"] == "seal"]
        check(found == [state], at, known, found)
    p.run("usa", "status", "--at", "2018-10-11").says("as of 2018-10-11", "as the record had it on 2018-10-13")


@case
def a_look_ahead(folder):
    """Nobody does anything until then."""
    p = pact()
    p.run("usa", "status", "--at", "2018-11-30").says("as of 2018-11-30", "as the record had it on 2018-10-09")
    value = p.explained("visit", "--at", "2018-11-30")
    check(value["state"] == "overdue" and value["since"] == stamp(end_of(IN_FORCE, 31)), value)
    check(p.explained("visit", "--at", stamp(end_of(IN_FORCE, 31)))["state"] == "due", "the last second of the grace")
    check(p.explained("visit", "--at", stamp(end_of(IN_FORCE, 31) + datetime.timedelta(seconds=1)))["state"] ==
          "overdue", "the first after it")


# Mistakes.

@case
def mistakes_get_hints(folder):
    p = pact()
    for args, complaint, hint in (
            (["explain", "visti"], "no accord has the measure visti", "did you mean visit?"),
            (["explain", "registred"], "no accord has the event registred", "did you mean registered?"),
            (["explain", "xyzzy"], "no accord has the measure xyzzy", "lockstep status lists them"),
            (["explain", "visits"], "visits is a right", "use"),
            (["explain", "resolution"], "resolution is a dispute procedure", "settle"),
            (["explain"], "an argument is missing", "lockstep explain MEASURE|EVENT"),
            (["next", "--for", "fra"], "the charter has no party fra", "charter show"),
            (["status", "--accord", "treaty"], "no accord has that name", "lockstep status"),
            (["explain", "visit", "--accord", "treaty"], "no accord has the measure visit", "")):
        p.run("usa", *args, code=USAGE).complains(complaint, hint)
    for verb in (["status"], ["next"], ["explain", "visit"], ["calendar"]):
        for option in ("--at", "--as-known"):
            for date in ("soon", "2018-02-30", "2018-10-09T25:00:00Z", ""):
                p.run("usa", *verb, option, date, code=USAGE).complains("is neither a date nor a time",
                                                                        f"{option} 2018-10-31")


# Calendars.

def read_calendar(p, *more):
    """By another implementation: entries by their identities."""
    raw = p.run("usa", "calendar", *more).raw_out
    check(all(len(line) <= 75 for line in raw.split(b"\r\n")), "RFC 5545 folds lines after 75 octets")
    parsed = icalendar.Calendar.from_ical(raw)
    check(str(parsed["VERSION"]) == "2.0" and "PRODID" in parsed, parsed)
    events = parsed.walk("VEVENT")
    found = {str(event["UID"]): event for event in events}
    check(len(found) == len(events), "an identity twice")
    for event in events:
        check(event["DTSTAMP"].dt.tzinfo is not None and event["DTSTART"].dt <= event["DTEND"].dt, event)
        check(str(event["SUMMARY"]).startswith("EXERCISE: "), "without the mark:", event)
    return found


def starting(calendar, beginning):
    """The only entry whose identity begins so."""
    found = [event for uid, event in calendar.items() if uid.startswith(beginning + ".")]
    check(len(found) == 1, f"{len(found)} entries of {beginning}:", *calendar)
    return found[0]


@case
def calendars(folder):
    p = pact()
    p.says("rok", "attest", "registered", "--amount", "1500")
    p.says("usa", "perform", "relief")
    p.says("rok", "attest", "notified")
    p.says("usa", "dispute", "resolution")
    second = datetime.timedelta(seconds=1)
    found = read_calendar(p)
    for beginning, days, text in (
            ("due.visit", 30, "usa: visit due"), ("begin.fuel-oil", 10, "usa, rok: fuel-oil to begin"),
            ("due.fuel-oil", 60, "fuel-oil due"), ("silence.relief", 10, "last day to answer relief"),
            ("unless.sanctions-return", 30, "continuation"), ("due.tunnel", 40, "tunnel due")):
        event = starting(found, beginning)
        check(event["DTSTART"].dt == end_of(IN_FORCE, days) - second, beginning, event["DTSTART"].dt)
        check(text in str(event["SUMMARY"]), event)
    check(starting(found, "event.sanctions-return")["DTSTART"].dt == end_of(IN_FORCE, 31), "with the grace")
    stages = [event for uid, event in found.items() if uid.startswith("stage.")]
    check([event["DTSTART"].dt for event in stages] == [end_of(IN_FORCE, 15) - second, end_of(IN_FORCE, 20) - second],
          "stages:", stages)
    check("come and see" in str(starting(found, "due.visit")["DESCRIPTION"]), "its words")


@case
def calendars_keep_identities(folder):
    """Importing again moves what has moved, also after an amendment."""
    p = pact()
    before = read_calendar(p)
    check(before.keys() == read_calendar(p).keys(), "asked twice")
    p.at("2018-10-14")
    p.says("dprk", "suspend", "--track", "north", "--text", "So.")
    p.at("2018-10-19")
    p.says("dprk", "resume")
    after = read_calendar(p)
    check(before.keys() == after.keys(), "identities differ:", before.keys() ^ after.keys())
    moved = {uid for uid in after if after[uid]["DTSTART"].dt != before[uid]["DTSTART"].dt}
    check({uid.rsplit(".", 1)[0] for uid in moved} == {"due.tunnel", "due.stock"}, moved)
    check(all(after[uid]["DTSTAMP"].dt > before[uid]["DTSTAMP"].dt for uid in after), "an older one would win")
    write(p.path("roadmap.yaml"), ROADMAP.replace("due: 30 days after in force, may-call",
                                                  "due: 60 days after in force, may-call"))
    p.run("rok", "accord", "propose", p.path("roadmap.yaml"), p.path("text.md"), "--amends", "--out",
          p.path("second.lockstep"), "--yes")
    for party in ("dprk", "usa"):
        p.run(party, "accord", "sign", p.path("second.lockstep"), "--yes")
    amended = read_calendar(p)
    check(amended.keys() == before.keys(), "identities differ:", before.keys() ^ amended.keys())
    check(starting(amended, "due.visit")["DTSTART"].dt == end_of(IN_FORCE, 60) - datetime.timedelta(seconds=1),
          "the amended deadline")
    p.says("usa", "perform", "visit")
    check(str(starting(read_calendar(p), "due.visit")["SUMMARY"]).endswith("visit due (performed)"), "it is over")


@case
def calendars_go_into_files(folder):
    p = pact()
    count = len(read_calendar(p))
    said = p.run("usa", "calendar", "--out", p.path("deadlines.ics"))
    said.says(MARK, f"{count} entries are in {p.path('deadlines.ics')}")
    check(read(p.path("deadlines.ics")) == p.run("usa", "calendar").raw_out, "another calendar")
    p.run("usa", "calendar", "--out", p.path("nowhere", "x.ics"), code=3).complains("nowhere")


# The same for everyone.

@case
def the_same_everywhere(folder):
    """Whatever the machine's zone and language are, and whoever asks."""
    p = pact()
    p.says("dprk", "perform", "rifles", "--amount", "12.5")
    p.says("usa", "extend", "visit", "--due", "2018-11-15")
    p.says("usa", "dispute", "resolution")
    asked = (["status"], ["status", "--json"], ["next"], ["next", "--json"], ["explain", "visit"],
             ["explain", "rifles", "--json"], ["explain", "sanctions-return"], ["calendar"])
    for args in asked:
        expected = p.run("usa", *args, env={"TZ": "UTC", "LC_ALL": "C"}).raw_out
        for env in ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C"}, {"TZ": "America/New_York", "LC_ALL": "C.UTF-8"},
                    {"TZ": "UTC", "LC_ALL": "de_DE.UTF-8", "LANG": "de_DE.UTF-8", "LANGUAGE": "de"},
                    {"TZ": ":/nowhere", "LC_ALL": "tr_TR.UTF-8"}):
            check(p.run("usa", *args, env=env).raw_out == expected, args, env, "says something else")
        for party in ("dprk", "rok"):
            check(p.run(party, *args).raw_out == expected, args, party, "is told something else")


@case
def all_of_it_is_marked(folder):
    p = pact()
    for args in (["status"], ["next"], ["next", "--for", "rok"], ["explain", "visit"], ["explain", "registered"]):
        check(p.run("usa", *args).out.count("EXERCISE") == 1, "not marked once:", args)
        check(p.run("usa", *args, "--json").json()["exercise"] is True, "not marked:", args)


if __name__ == "__main__":
    main()
