#!/usr/bin/env python3
"""The example of a round of inspections, played as its script shows it; then what the record says of it."""
import csv
import json
import os
import re
import subprocess

from lockstep import BINARY, ROOT, SHARED, USAGE, Skip, attempt, case, check, main, read, run

VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
EXAMPLE = os.path.join(ROOT, "examples", "inspections-2018")
PLAYED = {}


def played(folder):
    """The folder in which it was played, once for all cases, and what it printed."""
    if not PLAYED:
        place = os.path.join(os.path.dirname(folder), "round")
        env = dict(os.environ, LOCKSTEP=BINARY, LOCKSTEP_VERIFY=VERIFIER)
        job = subprocess.run([os.path.join(EXAMPLE, "demo.sh"), place], env=env, capture_output=True, text=True,
                             timeout=600, check=False)
        check(job.returncode == 0, "it failed:", job.stdout[-2000:], job.stderr[-2000:])
        PLAYED.update(place=place, output=job.stdout)
    return PLAYED["place"], PLAYED["output"]


def inspections(folder, party="usa"):
    place, _ = played(folder)
    return run("-C", os.path.join(place, party), "inspections", "--json").json()["accords"][0]["inspections"]


@case
def the_lot(folder):
    """All sides compute the same rows, and it was concluded."""
    place, _ = played(folder)
    draw, = inspections(folder)["draws"]
    check(draw["stage"] == "concluded" and draw["population"] == 112 and draw["rows"] == 8, draw)
    check(draw["opened"] == min(16, 8 + draw["blank"]) and draw["late"] == [], draw)
    drawn = [run("-C", os.path.join(place, party), "draw", "verify", str(draw["entry"]), "--json").json()
             for party in ("dprk", "usa", "iaea")]
    check(drawn[0] == drawn[1] == drawn[2], drawn)


@case
def visits_that_were_not_late(folder):
    """The dates that both sides state count, not those on which the team was back; the flood put off one visit."""
    visits = inspections(folder)["visits"]
    check(all(v["stage"] == "reported" for v in visits), visits)
    first, second, last = visits[0], visits[1], visits[-1]
    # Till the day's end in Seoul.
    check(first["entered"] == first["left"] == "2018-10-17T15:00:00Z", first)
    check(second["postponed"] == 1 and second["from"] == "2018-10-18T02:00:00Z", second)
    check(first["limits"] == ["shrouding"] and last["limits"] == ["no-photographs"], first, last)
    check(last["row"] is None and not any(v["by_silence"] or v["entered_early"] for v in visits), visits)


@case
def only_drawn_rows_are_visited(folder):
    place, _ = played(folder)
    draw, = inspections(folder)["draws"]
    verified = run("-C", os.path.join(place, "iaea"), "draw", "verify", str(draw["entry"]), "--json").json()
    drawn = {(row["tranche"], row["row"]) for row in verified["drawn"]}
    other = next((2, row) for row in range(16) if (2, row) not in drawn)
    refused = attempt("-C", os.path.join(place, "iaea"), "visit", str(draw["entry"]), "--row", f"{other[0]}/{other[1]}", "--yes")
    check(refused.code == USAGE and "did not come out of draw" in refused.err, refused)


@case
def two_challenges(folder):
    """One is answered by a row of a part that is closed; the other is denied, and a finding refutes that."""
    first, second = inspections(folder)["challenges"]
    check(first["stage"] == "opened" and first["covered_by"]["id"] == "site-yongbyon", first)
    check(first["covered_by"]["tranche"] == 2 and not first["false_denial"] and not first["unasked"], first)
    check(second["stage"] == "refuted" and second["refuted_by"] is not None and second["covered_by"] is None, second)
    check("more than the accord's largest, 50000" in played(folder)[1], "a radius of 300 km was not refused")


@case
def what_it_was_for(folder):
    """The conclusion confirms the measure; the quota shows what was used."""
    place, _ = played(folder)
    accord = run("-C", os.path.join(place, "dprk"), "status", "--json").json()["accords"][0]
    states = {m["measure"]: m for m in accord["measures"]}
    check(states["baseline-access"]["state"] == "confirmed", states["baseline-access"])
    check(states["baseline-access"]["confirmed_by"] == ["iaea"], states["baseline-access"])
    used = {r["right"]: r["used"] for r in accord["rights"]}
    check(used == {"rounds": 1, "challenges": 2}, used)
    findings = [r["finding"] for r in inspections(folder)["reports"]]
    check(findings.count("discrepancy") == 1 and findings.count("inconclusive") == 0, findings)


@case
def the_packet_is_checked_by_a_stranger(folder):
    place, output = played(folder)
    charter = re.search(r"packet.lockstep --charter ([0-9a-f]{64})", output)[1]
    job = subprocess.run([VERIFIER, os.path.join(place, "field", "packet.lockstep"), "--charter", charter, "--json"],
                         capture_output=True, check=True)
    check(json.loads(job.stdout)["valid"], job.stdout)


@case
def what_was_not_declared(folder):
    """None of the eleven bases is in the list."""
    del folder
    source = os.path.join(SHARED or "", "data", "dprk", "csis_undeclared_bases.csv")
    if not SHARED or not os.path.exists(source):
        raise Skip("the list of bases is not here")
    with open(source, newline="", encoding="utf-8") as file:
        bases = [row["id"] for row in csv.DictReader(file)]
    declared = read(os.path.join(ROOT, "examples", "pyongyang-2018", "facilities.csv")).decode().lower()
    check(len(bases) == 11, bases)
    for base in bases:
        check(base not in declared and base.replace("-", "") not in declared, base)


if __name__ == "__main__":
    main()
