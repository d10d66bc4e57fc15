#!/usr/bin/env python3
"""Packets for the field, from a draw to paper and back: made from a workspace, printed, scanned and verified, by a
program that has no network and no keys; with a code missing, one damaged, and parts that were left out."""
import glob
import json
import os
import re
import shutil
import subprocess

from field import INSPECTIONS, INSPECTORS, MADE, REAL, SHOWN, declared, draw, drawn, twin, verify
from lockstep import INVALID, ROADMAP, USAGE, Skip, case, check, main, read, run, write
from world import bundle, unbundle


def pack(p, about, *more, party="usa", code=0):
    return p.run(party, "packet", str(about), "--out", p.path("packet"), "--json", *more, code=code)


def rebuild(path, change):
    """The packet with its members changed: change(name, content) gives the new content, None leaves it out."""
    changed = [(name, change(name, content)) for name, content in unbundle(read(path)).items() if name != "lockstep-bundle"]
    return write("changed.lockstep", bundle("packet", [(n, content) for n, content in changed if content is not None]))


def scan(pdf, dpi="300"):
    """What zbarimg reads of every page, a code a line."""
    for name in ("pdftoppm", "zbarimg"):
        if shutil.which(name) is None:
            raise Skip(f"{name} is not installed")
    for old in glob.glob("page*.png"):
        os.remove(old)
    subprocess.run(["pdftoppm", "-r", dpi, "-png", pdf, "page"], check=True)
    done = subprocess.run(["zbarimg", "--raw", "-q", *sorted(glob.glob("page*.png"))], capture_output=True, check=False)
    check(done.returncode in (0, 4), done)  # 4: on a page there is no code
    return done.stdout.decode().splitlines()


@case
def a_packet_is_whole(folder):
    """Every drawn row is in it with its proof, every site has its papers, and a stranger verifies all of it."""
    p, place = drawn()
    made = pack(p, place).json()
    check(len(made["sites"]) == len(REAL) and not made["missing"], made)
    names = {"packet.lockstep"} | {f"{kind}-{n}.{ending}" for n in range(1, 6)
                                   for kind, ending in (("site", "html"), ("site", "pdf"), ("report", "yaml"))}
    check(set(os.listdir(p.path("packet"))) == names, os.listdir(p.path("packet")))
    packet = p.path("packet", "packet.lockstep")
    said = verify(packet, "--rows", "--charter", p.fingerprint())
    check(said.count("drawn as number") == 16 and said.count("replacement ") == 8, said)
    check(all(f",{name}," in said for name in REAL), said)
    found = json.loads(verify(packet, "--json", "--charter", p.fingerprint()))
    states = [row["state"] for row in found["packet"]["drawn"]]
    check(sorted(states) == ["blank"] * 19 + ["opened"] * 5, states)
    sites = [f"{row['tranche']}/{row['row']}" for row in found["packet"]["drawn"] if row["state"] == "opened"]
    check(sites == [site["row"] for site in made["sites"]], sites, made)
    run("verify", packet, "--charter", p.fingerprint()).says("valid")
    # The inspected side makes the same file.
    p.run("dprk", "packet", str(place), "--out", p.path("own"))
    check(read(p.path("own", "packet.lockstep")) == read(packet), "the two packets differ")


@case
def nothing_is_written_over(folder):
    p, place = drawn()
    pack(p, place)
    write(p.path("packet", "report-2.yaml"), "filled in\n")
    pack(p, place, code=USAGE).complains("is there already", "--force")
    check(read(p.path("packet", "report-2.yaml")) == b"filled in\n", "the form was written over")
    os.remove(p.path("packet", "packet.lockstep"))
    pack(p, place, code=USAGE)
    check(not os.path.exists(p.path("packet", "packet.lockstep")), "it began to write")
    pack(p, place, "--force")
    check(read(p.path("packet", "report-2.yaml")) != b"filled in\n", "--force did not write")


@case
def from_paper_and_back(folder):
    """A sheet is printed, every page scanned, and what was scanned verifies: in any order, with lines of other codes."""
    p, place = drawn()
    sites = pack(p, place).json()["sites"]
    lines = scan(p.path("packet", "site-3.pdf"))
    check(len(lines) == sites[2]["codes"] and all(line.startswith("LS1:") for line in lines), lines, sites)
    tranche, row = sites[2]["row"].split("/")
    text = "\n".join(reversed(lines)) + "\n"
    said = verify("--codes", "-", "--rows", "--charter", p.fingerprint(), stdin=text.encode())
    check(f"row {tranche}/{row}" in said and f"sites,{tranche},{row}," in said, said)
    check(f"all {len(lines)} codes of sheet" in said, said)
    # As zbarimg prints without --raw, with another sheet's first code and something else between.
    other = scan(p.path("packet", "site-1.pdf"))
    mixed = [f"QR-Code:{line}" for line in lines] + [other[0], "EAN-13:4006381333931", lines[0]]
    write("scanned.txt", "\r\n".join(mixed))
    said = run("verify", "--codes", "scanned.txt", "--charter", p.fingerprint()).out
    check("codes of other sheets" in said and "no codes of a sheet" in said and "valid" in said, said)
    # Each missing code is named; with one damaged, that one.
    for number in (1, len(lines)):
        some = [line for line in lines if f":{number}:{len(lines)}:" not in line]
        said = verify("--codes", "-", stdin="\n".join(some).encode(), code=INVALID)
        check(f"code {number} of {len(lines)} is missing" in said, said)
    damaged = list(lines)
    damaged[1] = damaged[1][:400] + ("A" if damaged[1][400] != "A" else "B") + damaged[1][401:]
    number = damaged[1].split(":")[2]
    said = verify("--codes", "-", stdin="\n".join(damaged).encode(), code=INVALID)
    check(f"code {number} of {len(lines)}" in said and "damaged" in said, said)
    # Two whole sheets are not read as one.
    verify("--codes", "-", stdin="\n".join(lines + other).encode(), code=INVALID)
    verify("--codes", "-", stdin=b"nothing\n", code=INVALID)


@case
def a_sheet_for_each_site(folder):
    """HTML needs nothing from elsewhere, and names the row that its codes prove; the form has its values."""
    p, place = drawn()
    sites = pack(p, place).json()["sites"]
    found = set()
    for n, site in enumerate(sites, 1):
        page, form = (read(p.path("packet", name)).decode() for name in (f"site-{n}.html", f"report-{n}.yaml"))
        check("<script" not in page and "http://" not in page and "https://" not in page, page[:2000])
        check(f"row: {site['row']}\n" in form and 'visit: "?"' in form, form)
        name = re.search(r'name: "id"\n    declared: "(.*)"', form).group(1)
        check(name in page, name)
        found.add(name)
    check(found == REAL, found)


@case
def what_is_left_out_is_named(folder):
    p, place = drawn()
    pack(p, place)
    packet, charter = p.path("packet", "packet.lockstep"), ("--charter", p.fingerprint())

    def without(*endings):
        return rebuild(packet, lambda name, content: None if name.endswith(endings) else content)

    def act(kind, by):
        for name, text in unbundle(read(packet)).items():
            if name.endswith(".note") and f"\nact: {kind}\n".encode() in text and f"\nby: {by}\n".encode() in text:
                return name.split(".")[0]
        raise AssertionError(f"no {kind} by {by}")

    check("valid" in verify(without("nothing"), *charter), "a bundle made again")
    for kind, by, words in (("commit", "dprk", "the commitment of dprk is not in this file"),
                            ("reveal", "usa", "the nonce of usa is not in this file"),
                            ("declare", "dprk", "the declaration that it draws from is not in this file"),
                            ("draw", "usa", "the draw that it is about is not in this file")):
        name = act(kind, by)
        check(words in verify(without(name + ".note", name + ".tlog-proof"), *charter, code=INVALID), words)
    name = act("open", "dprk")
    said = verify(without(name + ".note", name + ".tlog-proof"), *charter, code=INVALID)
    check(said.count("not opened in this file") == 16, said)
    check("its proof of inclusion is missing" in verify(without(act("draw", "usa") + ".tlog-proof"), *charter, code=INVALID),
          "a proof")
    check("nothing says what this packet is about" in verify(without("packet"), *charter, code=INVALID), "about")
    other = rebuild(packet, lambda name, content: content.replace(b"draw: ", b"challenge: ") if name == "packet" else content)
    check("the challenge that it is about is not in this file" in verify(other, *charter, code=INVALID), "another kind")
    verify(packet, "--charter", "0" * 64, code=INVALID)
    check("consistent with itself, and no more" in verify(packet), "without an anchor")


@case
def not_opened_yet(folder):
    """Before rows are drawn there is no packet; of what was not opened it says so."""
    if "undrawn" not in MADE:
        MADE["undrawn"] = declared()
    p = twin(MADE["undrawn"], ".")
    p.run("usa", "draw", "baseline", "--rows", "4", "--replacements", "2", "--yes")
    place = p.log()[-1]["index"]
    pack(p, place, code=USAGE).complains("no rows are known to be drawn: the draw is committing", "draw verify")
    place = draw(p, 4, 2, open_rows=False)
    made = pack(p, place).json()
    check(len(made["missing"]) == 4 and not made["sites"], made)
    said = verify(p.path("packet", "packet.lockstep"), "--charter", p.fingerprint(), code=INVALID)
    check(said.count("and not opened in this file") == 4, said)
    p.run("usa", "packet", str(place), code=USAGE).complains("--out FOLDER")


@case
def for_inspectors_only(folder):
    """Fields that were opened to an audience are in its packet, and in nobody else's."""
    p = declared((ROADMAP + INSPECTIONS).replace("    tranches:\n", SHOWN, 1), INSPECTORS)
    place = draw(p)
    p.run("usa", "inbox")
    made = pack(p, place).json()
    check(len(made["sites"]) == len(REAL), made)
    packet = p.path("packet", "packet.lockstep")
    said = verify(packet, "--rows", "--charter", p.fingerprint())
    check("holds a file for inspectors only" in said and "First place" in said, said)
    page = read(p.path("packet", "site-1.html")).decode()
    check("This was opened for inspectors alone." in page, page[:3000])
    p.run("rok", "packet", str(place), "--out", p.path("other"))
    everything = b"".join(read(path) for path in glob.glob(p.path("other", "*")))
    check(b"alpha" in everything and b"First place" not in everything, "the mediator has more than ids")
    said = verify(p.path("other", "packet.lockstep"), "--charter", p.fingerprint())
    check("whether it is blank does not show" in said, said)


@case
def without_the_ledger(folder):
    """Made from the workspace's copy where the ledger is out of reach."""
    p, place = drawn()
    p.settle()
    charter = p.fingerprint()
    p.run("usa", "ledger", "set", "http://127.0.0.1:1/small")
    made = pack(p, place)
    check(len(made.json()["sites"]) == len(REAL), made)
    made.complains("could not be reached")
    verify(p.path("packet", "packet.lockstep"), "--charter", charter)


@case
def challenges(folder):
    """A packet about a place: with the row that was opened in answer, or with the place alone."""
    if "undrawn" not in MADE:
        MADE["undrawn"] = declared()
    p = twin(MADE["undrawn"], ".")
    p.run("usa", "challenge", "baseline", "--at", "39.1,125.1", "--radius", "5", "--yes")
    place = p.log()[-1]["index"]
    made = pack(p, place).json()
    check([site["row"] for site in made["sites"]] == [None], made)
    page = read(p.path("packet", "site-1.html")).decode()
    check("39.1 125.1" in page and "5000 m" in page, page[:3000])
    check("row:" not in read(p.path("packet", "report-1.yaml")).decode(), "a form with a row")
    said = verify(p.path("packet", "packet.lockstep"), "--charter", p.fingerprint())
    check("this file holds no answer to it" in said, said)
    p.run("dprk", "open", "--challenge", str(place), "--row", "alpha", "--yes", "--out", p.path("answer.lockstep"))
    made = pack(p, place, "--force").json()
    check(made["sites"][0]["row"] is not None and made["sites"][0]["codes"] > 0, made)
    said = verify(p.path("packet", "packet.lockstep"), "--rows", "--charter", p.fingerprint())
    check("it opens rows in answer" in said and ",alpha," in said, said)
    lines = scan(p.path("packet", "site-1.pdf"))
    said = verify("--codes", "-", "--rows", "--charter", p.fingerprint(), stdin="\n".join(lines).encode())
    check(",alpha," in said and "valid" in said, said)


if __name__ == "__main__":
    main()
