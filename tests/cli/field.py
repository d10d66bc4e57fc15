"""A small process with an inspection in it, for the scripts about packets and reports: a declaration of 24 rows, 5 of
them real, a draw of all that matters of it, and the rows opened."""
import itertools
import os
import shutil
import subprocess

from lockstep import BINARY, ROADMAP, Process, check, read, write

INSPECTIONS = """\
rights:
  - {id: rounds, of: usa, what: draw rows to inspect, paragraph: p1, quota: 4 per year, from: in force}
  - {id: visits, of: usa, what: visit sites, paragraph: p1, quota: 40 per year, from: in force}
  - {id: challenges, of: usa, what: challenge, paragraph: p1, quota: 4 per year, from: in force}
inspections:
  - id: baseline
    title: Baseline inspections
    paragraph: p1
    of: dprk
    by: usa
    declaration: sites
    verifies: [visit]
    draws: {right: rounds, rows: 16, replacements: 8, commit: 2 days, reveal: 2 days, open: 5 days}
    visits: {right: visits, notice: 24 hours, repeat: 2 hours, postpone: 72 hours, lasts: 10 days, report: 15 days,
             limits: [shrouding, no-photographs]}
    challenges: {right: challenges, radius: 50 km, areas: touch, without-coordinates: are not covered, answer: 5 days,
                 on-silence: denied}
"""
# To inspectors all fields are shown, to the others one.
SHOWN = """    audiences:
      - {name: process, fields: [id]}
      - {name: inspectors, fields: all}
    tranches:
"""
INSPECTORS = "audiences:\n  inspectors: [usa]\n"
VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
REAL = {"alpha", "beta", "gamma", "delta", "epsilon"}

NUMBERS = itertools.count()
MADE = {}  # processes that several cases begin with, made once


def declared(roadmap=ROADMAP + INSPECTIONS, charter="", reporters=1):
    """Declared and under a stamp. charter: what the charter has more; reporters: of the United States sign a report."""
    p = Process(os.path.join("..", f"made-{next(NUMBERS)}"))
    p.draft_charter()
    written = read(p.path("charter.yaml")).decode()
    if reporters > 1:
        written = written.replace("    threshold: 1\n", f"    threshold: 1\n    thresholds: {{report: {reporters}}}\n", 1)
    write(p.path("charter.yaml"), written + charter)
    write(p.path("roadmap.yaml"), roadmap)
    p.sign_charter().sign_accord().declare()
    return p


def draw(p, rows=16, spare=8, open_rows=True):
    """A whole draw; its place."""
    p.run("usa", "draw", "baseline", "--rows", str(rows), "--replacements", str(spare), "--yes")
    place = p.log()[-1]["index"]
    for party, step in (("usa", "commit"), ("dprk", "commit"), ("dprk", "reveal"), ("usa", "reveal")):
        p.run(party, "draw", step, str(place), "--yes")
    if open_rows:
        p.run("dprk", "open", "--draw", str(place), "--yes", "--out", p.path("rows.lockstep"))
    return place


def twin(p, folder):
    """The same process in another folder, where what is done changes nothing here."""
    other = Process.__new__(Process)
    other.folder = os.path.abspath(folder)
    shutil.copytree(p.folder, other.folder, dirs_exist_ok=True)
    other.ledger = other.path("ledger")
    for party in other.PARTIES:
        settings = read(other.path(party, "workspace.json"))
        write(other.path(party, "workspace.json"), settings.replace(p.folder.encode(), other.folder.encode()))
    return other


def drawn(folder="."):
    """All 24 rows drawn (16, and 8 replacements) and opened, so that all 5 sites are known; and the draw."""
    if "drawn" not in MADE:
        p = declared()
        MADE["drawn"] = (p, draw(p))
    p, place = MADE["drawn"]
    return twin(p, folder), place


def verify(*args, code=0, stdin=None):
    """lockstep-verify: what it says."""
    done = subprocess.run([VERIFIER, *args], input=stdin, capture_output=True, check=False)
    text = (done.stdout + done.stderr).decode()
    check(done.returncode == code, args, done.returncode, text)
    return text
