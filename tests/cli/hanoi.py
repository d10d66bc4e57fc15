#!/usr/bin/env python3
"""The example of the talks of 2018, played as its script shows it; then what the record says of it, on its days."""
import json
import os
import subprocess

from lockstep import BINARY, ROOT, case, check, every_file, main, run

VERIFIER = os.environ.get("LOCKSTEP_VERIFY") or os.path.join(os.path.dirname(BINARY), "lockstep-verify")
EXAMPLE = os.path.join(ROOT, "examples", "talks-2018")
PLAYED = {}


def played(folder):
    """The folder in which it was played, once for all cases, and what it printed."""
    if not PLAYED:
        place = os.path.join(os.path.dirname(folder), "talks")
        env = dict(os.environ, LOCKSTEP=BINARY, LOCKSTEP_VERIFY=VERIFIER)
        job = subprocess.run([os.path.join(EXAMPLE, "demo.sh"), place], env=env, capture_output=True, text=True,
                             timeout=600, check=False)
        check(job.returncode == 0 and ": error:" not in job.stdout, "it failed:", job.stdout[-3000:], job.stderr[-2000:])
        PLAYED.update(place=place, output=job.stdout)
    return PLAYED["place"], PLAYED["output"]


def talks(folder, *options, party="rok"):
    place, _ = played(folder)
    return run("-C", os.path.join(place, party), "talks", "--json", *options).json()


def meetings(folder, day):
    return {m["name"]: m["stage"] for m in talks(folder, "--at", day)["meetings"]}


@case
def what_the_world_saw_on_each_day(folder):
    """Meetings at the end of the days on which something was reported."""
    days = {
        "2018-06-12": {"singapore": "held"},
        "2018-08-24": {"singapore": "held", "pyongyang-august": "planned"},
        "2018-08-25": {"singapore": "held", "pyongyang-august": "called off"},
    }
    for day, stages in days.items():
        found = meetings(folder, day)
        check(found == stages, day, found)
    october = meetings(folder, "2018-10-07")
    check(october["pyongyang-october"] == "held" and october["second-summit"] == "planned", october)
    november = meetings(folder, "2018-11-07")
    check(november["new-york"] == "postponed", november)
    end = meetings(folder, "2019-02-28")
    check(end["hanoi"] == "held" and end["second-summit"] == "replaced", end)


@case
def pledges_and_demands_stand_apart(folder):
    """Two pledges became measures of the accord; the others stand, without a date, and nothing of them is overdue."""
    stands = {p["name"]: p["stage"] for p in talks(folder)["pledges"]}
    check(stands["tongchang-ri"] == stands["corresponding-measures"] == "became a measure", stands)
    rest = {name: stage for name, stage in stands.items() if name not in ("tongchang-ri", "corresponding-measures")}
    check(len(rest) == 5 and set(rest.values()) == {"stands"}, stands)


@case
def brackets_until_both_agree(folder):
    """In Hanoi three paragraphs are open, in text and roadmap; in March none is, and what was agreed is the accord."""
    place, output = played(folder)
    check("within [USA: thirty] [DPRK: sixty] days" in output and "due: [USA: 30] [DPRK: 60] days" in output, output)
    check("3 of 17 paragraphs are open" in output, "it was agreed in Hanoi")
    with open(os.path.join(EXAMPLE, "accord.md"), encoding="utf-8") as file:
        draft = file.read()
    shown = run("-C", os.path.join(place, "dprk"), "accord", "show").out
    check("forty-five days" in shown and "thirty days" in draft, shown)
    status = run("-C", os.path.join(place, "usa"), "status", "--json").json()
    deadlines = {m["measure"]: m["deadline"] for m in status["accords"][0]["measures"]}
    check(deadlines["dismantle-tongchang-ri"].startswith("2019-04-2"), deadlines)


@case
def all_see_the_same(folder):
    found = []
    for party in ("usa", "dprk", "rok"):
        seen = talks(folder, party=party)
        seen.pop("awaited", None)
        found.append(json.dumps(seen, sort_keys=True))
    check(found[0] == found[1] == found[2], "delegations differ")


@case
def what_is_confidential_stays_so(folder):
    """The letter and the notes are in their authors' and their addressees' workspaces, and nowhere else; so are the lists
    of days and places: what only one side would have accepted is nowhere outside its own workspace."""
    place, _ = played(folder)
    words = {b"My confidence in you": {"dprk", "usa", "received"}, b"speaks of inspectors at Punggye-ri": {"usa", "rok"}}
    for text, homes in words.items():
        for path in every_file(place):
            with open(path, "rb") as file:
                if text in file.read():
                    home = os.path.relpath(path, place).split(os.sep)[0]
                    check(home in homes or path.endswith((".md", ".log")), text, "stands in", path)


@case
def the_search_was_fair(folder):
    """Hanoi is the best of what both would accept by the rule, worked out from the two private lists."""
    place, output = played(folder)
    lists = []
    for side in ("usa", "dprk"):
        with open(os.path.join(place, f"summit-{side}.yaml"), encoding="utf-8") as file:
            lists.append([line.strip(" -\n") for line in file if line.strip().startswith("- {")])
    common = [option for option in lists[0] if option in lists[1]]
    ranks = [sorted(common, key=side.index) for side in lists]
    best = min(common, key=lambda option: sum(rank.index(option) for rank in ranks))
    check("2019-02-27, place: Hanoi" in best and "2019-02-27, Hanoi" in output, best)
    for option in set(lists[0]) ^ set(lists[1]):
        day, town = (part.split(": ")[1].strip("}") for part in option.strip("{").split(", "))
        shown = output[output.index("Common options"):]
        check(f"{day}, {town}" not in shown, "shown:", option)


if __name__ == "__main__":
    main()
