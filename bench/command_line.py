#!/usr/bin/env python3
"""The declaration of a million rows as a delegation makes it: the whole command, with syncs, backup and record.

The inventory is the one of bench/escrow.sh (OurAirports' runways, 21 times over). Figures are those of whole processes.
"""
import csv
import json
import os
import pathlib
import subprocess
import time

LOCKSTEP = os.environ["LOCKSTEP"]
VERIFY = os.path.join(os.path.dirname(LOCKSTEP), "lockstep-verify")
RUNWAYS = pathlib.Path(os.environ["LOCKSTEP_SHARED"]) / "data/scale/ourairports_runways.csv"
COPIES = 21


def figure(name, value, unit):
    print(json.dumps({"name": name, "value": value, "unit": unit}), flush=True)


def amplify(path):
    lines = RUNWAYS.read_text().splitlines()
    with open(path, "w", encoding="utf-8") as out:
        print("copy," + lines[0], file=out)
        for copy in range(COPIES):
            out.writelines(f"{copy},{line}\n" for line in lines[1:])
    return next(csv.reader([lines[0]])), len(lines) - 1


def run(*arguments):
    """Runs a command; returns wall and processor seconds and the peak of its memory in bytes."""
    begun = time.monotonic()
    job = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(job.pid, 0)
    if status != 0:
        raise SystemExit(f"failed: {' '.join(map(str, arguments))}")
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def process(fields, rows):
    """Two delegations, a charter and an accord that fixes the declaration."""
    for name in ("a", "b"):
        run(LOCKSTEP, "init", name, "--party", name, "--ledger", "ledger", "--exercise", "--no-passphrase")
    run(LOCKSTEP, "-C", "a", "charter", "new", "charter.yaml", "--ledger", "ledger", "--party", "a/party.yaml",
        "--party", "b/party.yaml")
    run(LOCKSTEP, "-C", "a", "charter", "sign", "charter.yaml", "--yes")
    run(LOCKSTEP, "-C", "b", "sign", "charter.lockstep", "--yes")
    tranches = "".join(f'      - {{label: "{copy}", rows: {rows}}}\n' for copy in range(COPIES))
    pathlib.Path("roadmap.yaml").write_text(
        "roadmap: 1\nname: runways\ntitle: Runways\nparties: [a, b]\ntracks:\n  - {id: main, title: Main}\n"
        f"declarations:\n  - name: runways\n    by: a\n    fields: [{', '.join(fields)}]\n    id: id\n"
        f"    tranche: copy\n    row-bytes: 256\n    tranches:\n{tranches}"
        "steps:\n  - id: step\n    title: Step\n    track: main\n    measures:\n      - id: declare-runways\n"
        "        by: a\n        what: declare\n        paragraph: p1\n        after: [in force]\n"
        "        verified-by: [b]\n        declares: runways\n")
    pathlib.Path("text.md").write_text("[p1] Everything is declared.\n")
    run(LOCKSTEP, "-C", "a", "accord", "propose", "roadmap.yaml", "text.md", "--yes")
    run(LOCKSTEP, "-C", "b", "sign", "accord.lockstep", "--yes")


def main():
    if not RUNWAYS.exists():
        print("skipped: the runways are not there")
        return
    fields, rows = amplify("runways.csv")
    process(fields, rows)
    size = os.path.getsize("runways.csv")
    wall, _, memory = run(LOCKSTEP, "-C", "a", "declare", "--inventory", "runways.csv", "--backup", "safe", "--yes")
    figure("declare_command_seconds_with_sync_and_backup", round(wall, 2), "s")
    figure("declare_command_peak_memory_over_input", round(memory / size, 3), "ratio")
    wall, _, _ = run(LOCKSTEP, "-C", "a", "open", "--tranche", "1", "--yes", "--out", "tranche.lockstep")
    figure("open_tranche_command_seconds", round(wall, 3), "s")
    wall, _, _ = run(VERIFY, "tranche.lockstep")
    figure("verify_tranche_command_rows_per_s", round(rows / wall), "rows/s")


if __name__ == "__main__":
    main()
