#!/usr/bin/env python3
"""The historical examples, replayed on their dates: on each day of an example's expected.csv, which was written from
public sources, `status` has to say what stood where. At the end it says the same of every day once more."""
import csv
import datetime
import os
import re
import shlex
import shutil
import sys
import zoneinfo

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from lockstep import ROOT, USAGE, case, check, main, read, run, write

EXAMPLES = os.path.join(ROOT, "examples")
FLAGS = {"early": ("early",), "late": ("late", "begun_late"), "held": ("held",), "suspended": ("suspended",),
         "in dispute": ("in_dispute",)}


def at_hour(day, hour):
    """The local time that a date in a table or among acts stands for, if it does not give an hour itself."""
    return day if "T" in day else f"{day}T{hour}"


class Replay:
    """An example's acts.txt, and the process that it is played in."""

    def __init__(self, name, folder):
        self.folder = folder
        shutil.copytree(os.path.join(EXAMPLES, name), folder, dirs_exist_ok=True)
        self.parties, self.acts = {}, []
        with open(os.path.join(folder, "acts.txt"), encoding="utf-8") as file:
            for line in file:
                self.read_line(line.strip())

    def read_line(self, line):
        if line.startswith("process "):
            self.name, zone, self.host, self.grace = re.fullmatch(
                r"process (\S+) +zone (\S+) +host (\S+) +grace (\d+ hours)", line).groups()
            self.zone_name, self.zone = zone, zoneinfo.ZoneInfo(zone)
        elif line.startswith("party "):
            _, name, role, title = line.split(None, 3)
            self.parties[name] = (role, title)
        elif line.startswith("signed-by "):
            self.signers = line.split()[1:]
        elif line and not line.startswith("#"):
            day, party, command = line.split(None, 2)
            self.acts.append((at_hour(day, "12:00"), party, shlex.split(command)))

    def as_(self, party, *args, **options):
        return run("-C", party, *args, **options)

    def utc(self, local):
        moment = datetime.datetime.fromisoformat(local).replace(tzinfo=self.zone)
        return moment.astimezone(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

    def clock(self, local):
        self.as_(self.host, "exercise", "clock", self.utc(local))

    def found(self):
        """Workspaces, and a charter that all have signed."""
        cards = []
        for party, (role, title) in self.parties.items():
            run("init", party, "--party", party, "--title", title, "--role", role, "--ledger", "ledger", "--exercise",
                "--no-passphrase")
            cards += ["--party", f"{party}/party.yaml"]
        self.as_(self.host, "charter", "new", "charter.yaml", "--name", self.name, "--zone", self.zone_name, "--ledger",
                 "ledger", *cards)
        draft = read("charter.yaml").decode()
        write("charter.yaml", re.sub(r"(?m)^grace: \d+ hours", f"grace: {self.grace}", draft))
        self.clock(self.acts[0][0][:10] + "T09:00")
        self.as_(self.host, "charter", "sign", "charter.yaml", "--yes")
        for party in self.parties:
            if party != self.host:
                self.as_(party, "sign", "charter.lockstep", "--yes")
        return self

    def act(self, party, command):
        if command[0] != "accord":
            self.as_(party, *command, "--yes")
            return
        self.as_(party, "accord", "propose", *command[1:], "--yes")
        for signer in self.signers:
            if signer != party:
                self.as_(signer, "accord", "sign", "accord.lockstep", "--yes")

    def play(self, until):
        """All acts that are left up to that time, and then the clock."""
        while self.acts and self.acts[0][0] <= until:
            local, party, command = self.acts.pop(0)
            self.clock(local)
            self.act(party, command)
        self.clock(until)

    def status(self, *options):
        """Of the only accord, as the version shows it that holds, or held."""
        answer = self.as_(self.host, "status", *options, "--json").json()
        accord, = answer["accords"]
        return {**accord, "as_of": answer["as_of"]}


# What `status --json` says, in the words of the table. All that depends on its form is here.

def flags_of(measure):
    """What began after its time is late, too."""
    return {flag for flag, fields in FLAGS.items() if any(measure.get(field) for field in fields)}


def find(accord, kind, subject):
    """The one of that name; of disputes under one procedure the first."""
    return next((x for x in accord[kind + "s"] if x[kind] == subject), None)


def measure_says(accord, subject):
    measure = find(accord, "measure", subject)
    if measure is None:
        return "not listed", set(), {}
    return measure["state"], flags_of(measure), measure.get("amount") or {}


def event_says(accord, subject):
    event = find(accord, "event", subject) or {}
    words = [word for word in ("prevented", "happened") if event.get(word)]
    return (*words, "not yet" if event else "not listed")[0], set(), {}


def dispute_says(accord, subject):
    dispute = find(accord, "dispute", subject) or {}
    words = [word for word in ("settled", "exhausted") if dispute.get(word)]
    return (*words, "opened" if dispute else "not listed")[0], set(), {}


def accord_says(accord, _):
    states = (("in_force", "in force"), ("provisional", "provisional"), ("signed", "signed"))
    reached = [state for field, state in states if accord[field] is not None and accord[field] <= accord["as_of"]]
    return (*reached, "not signed")[0], set(), {}


SAYS = {"measure": measure_says, "event": event_says, "dispute": dispute_says, "accord": accord_says}


def difference(row, accord):
    """None, or how the row differs from what the status says."""
    state, flags, amounts = SAYS[row["kind"]](accord, row["subject"])
    wanted = {flag.strip() for flag in row["flags"].split(";")} - {""}
    said = [state, *sorted(flags)]
    same = state == row["status"] and flags == wanted
    if row["amount"]:
        which, number = row["amount"].split()
        said.append(f"{which} {amounts.get(which)}")
        same = same and str(amounts.get(which)) == number
    return None if same else (f"{row['date']} {row['subject']}: wanted {row['status']} {row['flags']} {row['amount']}, "
                              f"got {' '.join(said)}")


def table(name):
    """The rows of an example by the local time at which they hold: an evening, or the hour that they give."""
    rows = {}
    with open(os.path.join(EXAMPLES, name, "expected.csv"), newline="", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            rows.setdefault(at_hour(row["date"], "23:00"), []).append(row)
    check(list(rows) == sorted(rows), "not in the order of dates:", name)
    return rows


def replay(name, folder):
    """Day by day, and then every day again as it was known then."""
    tables = table(name)
    process = Replay(name, folder).found()
    wrong = []
    for local, rows in tables.items():
        process.play(local)
        accord = process.status()
        wrong += filter(None, (difference(row, accord) for row in rows))
    check(not process.acts, "acts after the last day of the table:", process.acts)
    check(not wrong, "on the day:", *("\n  " + line for line in wrong))
    for local, rows in tables.items():
        accord = process.status("--at", process.utc(local), "--as-known", process.utc(local))
        wrong += filter(None, (difference(row, accord) for row in rows))
    check(not wrong, "looking back:", *("\n  " + line for line in wrong))
    return process


@case
def pyongyang_2018(folder):
    replay("pyongyang-2018", folder)


@case
def six_party_2007(folder):
    replay("six-party-2007", folder)


@case
def jcpoa_2015(folder):
    process = replay("jcpoa-2015", folder)
    # Thirty days of silence, to the hour: nothing before they and the grace have passed.
    for moment, wanted in (("2025-09-27T23:59:59Z", "not yet"), ("2025-09-28T01:59:59Z", "not yet"),
                           ("2025-09-28T02:00:01Z", "happened")):
        accord = process.status("--at", moment, "--as-known", moment)
        check(event_says(accord, "sanctions-return")[0] == wanted, moment, "wanted", wanted)


def disputed(folder, *more):
    """The JCPOA up to the first day after Implementation Day, and then not history: a dispute on 1 June 2016."""
    process = Replay("jcpoa-2015", folder).found()
    process.acts = [act for act in process.acts if act[0] < "2016-01-17"]
    process.acts += [("2016-06-01T12:00", "usa", ["dispute", "resolution", "--measure", "m-15-1"]), *more]
    return process


NOTICE = ("2016-07-07T12:00", "un", ["attest", "notice-received"])


def check_clock(process, *expected):
    """Each of expected: a local time, what is asked, and what the status says then, on that day and looking back."""
    for local, kind, subject, wanted in expected:
        process.play(local)
        accord = process.status()
        check(SAYS[kind](accord, subject)[0] == wanted, local, subject, "is not", wanted)
    for local, kind, subject, wanted in expected:
        accord = process.status("--at", process.utc(local), "--as-known", process.utc(local))
        check(SAYS[kind](accord, subject)[0] == wanted, "looking back:", local, subject, "is not", wanted)


@case
def nobody_settles(folder):
    """15, 15 and 5 days from 1 June last until 6 July is over, and two hours of grace; 30 days from 7 July, until 6
    August is over, and the grace."""
    check_clock(disputed(folder, NOTICE),
                ("2016-06-01T13:00", "dispute", "resolution", "opened"),
                ("2016-07-06T23:59", "dispute", "resolution", "opened"),
                ("2016-07-07T02:01", "dispute", "resolution", "exhausted"),
                ("2016-07-07T11:59", "event", "issue-notified", "not yet"),
                ("2016-07-07T12:01", "event", "issue-notified", "happened"),
                ("2016-08-05T23:00", "event", "sanctions-return", "not yet"),
                ("2016-08-06T23:59", "event", "sanctions-return", "not yet"),
                ("2016-08-07T01:59", "event", "sanctions-return", "not yet"),
                ("2016-08-07T01:59", "measure", "m-18", "performed"),
                ("2016-08-07T02:01", "event", "sanctions-return", "happened"),
                ("2016-08-07T02:01", "measure", "m-18", "reversed"),
                ("2016-08-07T02:01", "measure", "m-16", "performed"))


@case
def the_council_goes_on(folder):
    """It resolves on the thirtieth day: nothing returns, then or later, and the resolution ends after ten years."""
    resolves = ("2016-08-06T20:00", "un", ["attest", "continuation-adopted"])
    check_clock(disputed(folder, NOTICE, resolves),
                ("2016-08-06T23:00", "event", "continuation-adopted", "happened"),
                ("2016-08-07T02:01", "event", "sanctions-return", "prevented"),
                ("2016-12-31T23:00", "measure", "m-18", "performed"),
                ("2025-10-18T23:00", "event", "termination-day", "not yet"),
                ("2025-10-19T03:00", "event", "termination-day", "happened"))


@case
def the_council_comes_too_late(folder):
    resolves = ("2016-08-08T12:00", "un", ["attest", "continuation-adopted"])
    check_clock(disputed(folder, NOTICE, resolves),
                ("2016-08-07T02:01", "event", "sanctions-return", "happened"),
                ("2016-08-08T13:00", "event", "sanctions-return", "happened"),
                ("2016-08-08T13:00", "measure", "m-18", "reversed"))


@case
def all_settle(folder):
    """On the last day of the ministers: a notice then starts nothing."""
    settled = [("2016-07-01T12:00", party, ["settle", "resolution"]) for party in ("iran", "usa", "eu", "chn", "rus")]
    check_clock(disputed(folder, *settled, NOTICE),
                ("2016-07-01T11:00", "dispute", "resolution", "opened"),
                ("2016-07-01T13:00", "dispute", "resolution", "settled"),
                ("2016-07-08T12:00", "event", "issue-notified", "not yet"),
                ("2016-12-31T23:00", "event", "sanctions-return", "not yet"))


@case
def the_board_is_asked(folder):
    """Beside the ministers, as long as they: it takes no day more. Asked for too late, it is passed over."""
    asked = ("2016-06-16T20:00", "iran", ["refer", "resolution", "--stage", "advisory-board"])
    late = ("2016-06-20T20:00", "iran", ["refer", "resolution", "--stage", "advisory-board"])
    for name, act in (("asked", asked), ("late", late)):
        place = os.path.join(folder, name)
        os.mkdir(place)
        os.chdir(place)
        check_clock(disputed(place, act),
                    ("2016-07-06T23:59", "dispute", "resolution", "opened"),
                    ("2016-07-07T02:01", "dispute", "resolution", "exhausted"))


@case
def a_wrong_table_fails(folder):
    """The comparison itself: each of its columns can make a row differ."""
    accord = {"measures": [{"measure": "a", "state": "due", "late": True, "amount": {"confirmed": "5"}}]}
    row = {"date": "d", "kind": "measure", "subject": "a", "status": "due", "flags": "late", "amount": "confirmed 5"}
    check(difference(row, accord) is None, difference(row, accord))
    for change in ({"status": "overdue"}, {"flags": ""}, {"flags": "late;held"}, {"amount": "confirmed 6"}):
        check(difference({**row, **change}, accord), "not noticed:", change)


if __name__ == "__main__":
    main()
