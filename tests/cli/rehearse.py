#!/usr/bin/env python3
"""rehearse: accords played through by the real program. Expected days are counted with Python's calendar."""
import csv
import datetime
import os

from lockstep import ENVIRONMENT, ROOT, USAGE, Process, attempt, case, check, main, read, run, write

SIGNED = datetime.date(2018, 10, 8)


def script(rest):
    return "rehearsal: 1\ntitle: A trial\nsigned: \"2018-10-08\"\n" + rest


def days(number, start=SIGNED):
    return (start + datetime.timedelta(days=number)).isoformat()


def rehearse(p, text, *more, **options):
    write("script.yaml", text)
    return run("rehearse", "script.yaml", p.path("roadmap.yaml"), p.path("text.md"), "--charter",
               p.path("charter.yaml"), *more, **options)


def local_day(happening):
    """In Seoul, nine hours ahead."""
    time = datetime.datetime.strptime(happening["time"], "%Y-%m-%dT%H:%M:%SZ")
    return (time + datetime.timedelta(hours=9)).date().isoformat()


def days_of(result, what, about):
    return [local_day(h) for h in result["happenings"] if (h["what"], h["about"]) == (what, about)]


def state(result, measure):
    return next(m["state"] for m in result["measures"] if m["measure"] == measure)


@case
def a_draft_without_a_workspace(folder):
    p = Process("process").draft_charter()
    rules = "rules: [{party: usa, performs: 20 days late}, {party: dprk, performs: on the last day}]\n"
    out = rehearse(p, script(rules), "--json").json()
    check(days_of(out, "perform", "pause") == [days(7 + 20)], out)
    check(days_of(out, "overdue", "pause") == [days(7 + 2)], out)  # its last day, and a day of grace
    check(days_of(out, "declare", "declare-sites") == [days(10)], out)
    check(days_of(out, "open", "open-first") == [days(20)], out)
    check(days_of(out, "perform", "relief") == [days(20 + 30 + 20)], out)
    check(state(out, "relief") == "confirmed", out)
    check(out["exercise"] and out["runs"][0]["ended"] == "still", out)
    check(all(h["by_rule"] for h in out["happenings"] if h["kind"] == "act"), out)
    text = rehearse(p, script(rules))
    text.says("EXERCISE", "A trial", "A rehearsal of small, signed on 2018-10-08. Nobody signed or did any of this.",
              f"{days(27)}  usa   perform: pause", "Nothing can change after")
    # It wrote nothing but the script of this test.
    check(sorted(os.listdir(".")) == ["process", "script.yaml"], os.listdir("."))


@case
def silence_and_what_it_leaves(folder):
    p = Process("process").draft_charter()
    out = rehearse(p, script("until: \"2018-12-24\"\nrules: [{party: usa, silent-after: declare-sites confirmed}]\n"))
    out.says("Nothing can change after 2018-10-08", "open-first     dprk  performed")
    slow = "rules: [{party: dprk, performs: on the last day}]\n"
    rehearse(p, script("until: \"2018-10-16\"\n" + slow)).says("So it stands on 2018-10-16")
    both = rehearse(p, script("rules: [{party: usa, performs: never}, {party: dprk, confirms: objects}]\n"))
    both.says("Overdue: pause (usa), relief (usa).")


@case
def a_record_goes_on(folder):
    p = Process("process").build()
    p.declare()
    before = len(p.log())
    write("script.yaml", "rehearsal: 1\nrules: [{party: usa, confirms: after 5 days}]\n")
    out = p.run("usa", "rehearse", "script.yaml", "--json").json()
    check(days_of(out, "declare", "declare-sites") == [], "it was declared", out)
    check(days_of(out, "confirm", "declare-sites") == [days(5)], out)
    check(days_of(out, "signed", "small") == [], out)
    # A day of signature: anew, as if nothing had been said.
    write("script.yaml", "rehearsal: 1\nsigned: \"2018-10-20\"\n")
    out = p.run("usa", "rehearse", "script.yaml", "--json").json()
    check(days_of(out, "declare", "declare-sites") == ["2018-10-20"], out)
    check(len(p.log()) == before, "something was filed")


@case
def a_sweep_as_csv(folder):
    p = Process("process").draft_charter()
    sweep = """\
rules:
  - {party: usa, performs: at once}
  - {party: dprk, performs: at once}
sweep:
  - {set: rules.1.performs, values: [at once, on the last day, never]}
  - {set: rules.0.performs, from: 5 days late, to: 65 days late, step: 20 days}
report: [open-first confirmed, relief performed, relief, overdue]
"""
    out = rehearse(p, script(sweep), "--csv", "out.csv")
    out.says("12 lines are written to out.csv", "rules.1.performs")
    raw = open("out.csv", "rb").read()
    check(raw.count(b"\r\n") == raw.count(b"\n") == 13 and raw.endswith(b"\r\n"), raw)
    with open("out.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file, strict=True))
    check(rows[0] == ["rules.1.performs", "rules.0.performs", "open-first confirmed", "relief performed", "relief",
                      "overdue"], rows[0])
    expected = []
    for how in ("at once", "on the last day", "never"):
        for late in (5, 25, 45, 65):
            opened = {"at once": 0, "on the last day": 20, "never": None}[how]
            relief = None if opened is None else opened + 30 + late
            expected.append([how, f"{late} days late", "" if opened is None else days(opened),
                             "" if relief is None else days(relief), "pending" if relief is None else "confirmed",
                             "1" if opened is None else "0"])
    check(rows[1:] == expected, rows[1:], expected)
    runs = rehearse(p, script(sweep), "--json").json()["runs"]
    check([[*r["set"].values(), *(v or "" for v in r["report"].values())] for r in runs] == expected, runs)
    # One line without a sweep; what has a comma or a quotation mark stands in quotation marks.
    rehearse(p, script("report: [overdue]\n"), "--csv", "out.csv").says("1 line is written to out.csv")
    check(open("out.csv", "rb").read() == b"overdue\r\n0\r\n")


@case
def values_with_commas(folder):
    p = Process("process").draft_charter()
    roadmap = read(p.path("roadmap.yaml")).decode().replace(
        'mediate, paragraph: p2, after: [in force], due: "2018-11-30"',
        "mediate, paragraph: p2, amount: 70, units: {visit: 1, letter: 0.5}")
    write(p.path("roadmap.yaml"), roadmap)
    out = rehearse(p, script("""\
acts:
  - {on: "2018-10-09", by: rok, act: perform, measure: mediate, amount: "60 visit"}
sweep:
  - {set: acts.0.amount, values: ["60 visit, 20 letter", "60 visit, 19 letter"]}
report: [mediate]
"""), "--csv", "out.csv")
    out.says("60 visit, 19 letter")
    check(open("out.csv", "rb").read() == b'acts.0.amount,mediate\r\n"60 visit, 20 letter",performed\r\n'
          b'"60 visit, 19 letter",begun\r\n', open("out.csv", "rb").read())


@case
def errors(folder):
    p = Process("process").draft_charter()
    bad = script("rules:\n  - {party: usa, performs: soon}\nacts:\n"
                 "  - {on: \"2018-10-09\", by: usa, act: perform, measure: puase}\n")
    out = rehearse(p, bad, "--csv", "out.csv", code=USAGE)
    out.complains("script.yaml:5:28: error: 'soon' does not say when a party performs",
                  "      - {party: usa, performs: soon}\n" + 31 * " " + "^",
                  "hint: write: on time, at once, on the last day, 20 days late, after 5 days, or never",
                  "script.yaml:7:56: error: there is no measure 'puase'", "hint: did you mean 'pause'?",
                  "script.yaml has 2 errors")
    check(out.out == "" and not os.path.exists("out.csv"), out)
    late = rehearse(p, script("until: \"2018-10-31\"\n"
                              "acts: [{on: \"2018-11-01\", by: usa, act: perform, measure: pause}]\n"))
    late.complains("warning: 2018-11-01 is not reached").says("So it stands on 2018-10-31")
    together = script("""\
acts: [{on: "2018-12-01", by: usa, act: perform, measure: pause}]
sweep:
  - {set: signed, values: ["2018-10-08", "2018-11-15"]}
  - {set: acts.0.on, values: ["2018-11-01", "2018-12-01"]}
""")
    rehearse(p, together, code=USAGE).complains("2018-11-01 lies before the rehearsal begins")


@case
def arguments(folder):
    p = Process("process").draft_charter()
    write("script.yaml", script(""))
    charter, roadmap, text = (p.path(name) for name in ("charter.yaml", "roadmap.yaml", "text.md"))
    run("rehearse", code=USAGE).complains("an argument is missing")
    run("rehearse", "script.yaml", roadmap, "--charter", charter, code=USAGE).complains(
        "an accord is two files, the roadmap and its text")
    run("rehearse", "script.yaml", "--charter", charter, code=USAGE).complains(
        "with a charter's file the accord is two files, too")
    run("rehearse", "absent.yaml", roadmap, text, "--charter", charter, code=ENVIRONMENT).complains("absent.yaml")
    run("rehearse", "script.yaml", roadmap, text, "--charter", roadmap, code=USAGE).complains("roadmap.yaml has")
    run("rehearse", "script.yaml", charter, text, "--charter", charter, code=USAGE).complains("charter.yaml has")
    run("rehearse", "script.yaml", roadmap, roadmap, "--charter", charter, code=USAGE).complains("roadmap.yaml has")
    run("rehearse", "script.yaml", roadmap, text, "--charter", charter, "--csv", "no/such/folder/out.csv",
        code=ENVIRONMENT)
    run("rehearse", "script.yaml", roadmap, text, code=USAGE)  # no workspace, no charter
    result = attempt("-C", p.path("usa"), "rehearse", "script.yaml", roadmap, text)
    check(result.code == USAGE, "nothing is on record, so there is no charter:", result)
    p.sign_charter()
    p.run("usa", "rehearse", "script.yaml", roadmap, text).says("A rehearsal of small")
    p.run("usa", "rehearse", "script.yaml", code=USAGE).complains("no accord is on the record yet")


@case
def the_example(folder):
    p = Process("process").draft_charter()
    example = os.path.join(ROOT, "examples", "pyongyang-2018")
    out = run("rehearse", *(os.path.join(example, name) for name in ("rehearsal.yaml", "roadmap.yaml", "accord.md")),
              "--charter", p.path("charter.yaml"), "--json").json()
    check(state(out, "declare-sites") == "confirmed", out)
    check(state(out, "open-test-sites") == "performed", "nobody answers", out)
    check(state(out, "humanitarian-exemption") == "overdue", out)
    check(state(out, "open-nuclear-complexes") == "pending", out)
    # The second tranche of time: committed on the tenth day, opened on the twentieth after it was confirmed.
    check(days_of(out, "declare", "declare-sites") == [days(10)], out)
    check(days_of(out, "open", "open-test-sites") == [days(30)], out)


@case
def the_clocks_of_a_dispute(folder):
    """As the example says: exhausted when 6 July is over, the thirtieth day of silence is 6 August; and two hours of
    grace on top of each."""
    cards = []
    for party in ("iran", "usa", "eu", "chn", "rus", "iaea", "un"):
        run("init", party, "--party", party, "--title", party.upper(), "--ledger", "ledger", "--exercise",
            "--no-passphrase")
        cards += ["--party", f"{party}/party.yaml"]
    run("-C", "eu", "charter", "new", "charter.yaml", "--name", "plan", "--zone", "UTC", "--ledger", "ledger", *cards)
    write("charter.yaml", read("charter.yaml").decode().replace("grace: 24 hours", "grace: 2 hours"))
    example = os.path.join(ROOT, "examples", "jcpoa-2015")
    out = run("rehearse", *(os.path.join(example, name) for name in ("rehearsal.yaml", "roadmap.yaml", "accord.md")),
              "--charter", "charter.yaml", "--json").json()
    when = {(h["what"], h["about"]): h["time"] for h in out["happenings"]}
    check(when["happens", "adoption-day"] == "2015-10-18T00:00:00Z", out)
    check(when["happens", "implementation-day"] == "2016-01-16T12:00:00Z", out)
    check(when["exhausted", "resolution"] == "2016-07-07T02:00:00Z", out)
    check(when["happens", "sanctions-return"] == "2016-08-07T02:00:00Z", out)
    check(when["reversed", "m-18"] == "2016-08-07T02:00:00Z", out)


if __name__ == "__main__":
    main()
